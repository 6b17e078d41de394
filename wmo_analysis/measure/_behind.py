"""What every number of every measure is made of: one function per measure, from a row and a column to rows of the lists."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from wmo_analysis import words
from wmo_analysis.days import day
from wmo_analysis.measure import _budget, _changes, _claims, _compare, _coverage, _logbook, _quality, _rounds
from wmo_analysis.measure._budget import Account
from wmo_analysis.measure._figure import (
    COMMITTED,
    Figure,
    kinds_of,
    less,
    municipalities,
    of_amounts,
    of_codebook,
    of_findings,
    of_letter,
    of_places,
    of_projects,
    of_talks,
    once,
    told,
    unknown,
)
from wmo_analysis.measure._projects import ways
from wmo_analysis.measure._shapes import shape_of
from wmo_analysis.measure.parts import members
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import COMPLETENESS, STATES, STATUSES, VIA

ASKED = ("since", "since_known", "theme_set", "gm_code", "one", "other")  # of a citation: what the measure was asked
PROVINCE = VIA.index("province")
ZEROS = "zeros"  # in place of a code: all parts for which nothing is committed
BOOKS = {"theme": "themes", "region": "regions", "source": "sources", "municipality": "municipalities"}


def figure(
    table: pd.DataFrame, row: tuple[str, ...] | str, column: str, settings: dict[str, str] | None = None
) -> Figure:
    """The figure in a row and a column of a measure's table: `row` are the codes that name the row in the order of the
    keys of the table, '' among them is the total; () is a number of the citation (`covered` of coverage).

    `monitor.trace(figure)` tells what it is made of. `settings` is what else the measure was asked (since, theme_set).
    Raises WmoError for a table whose figures no list is behind.
    """
    about = table.attrs["wmo"]
    codes = tuple(map(str, [row] if isinstance(row, str) else row))
    asked = {name: str(about[name]) for name in ASKED if name in about}
    name, by = about["measure"], about.get("by") or ""
    if name not in BEHIND:
        raise unknown(Figure(name, codes, column))
    unit = shape_of(about).columns.get(column, "")
    if name == "budget" and column == "allocation":  # it stands in no column
        unit = "EUR cent"
    return Figure(name, codes, column, by, unit, asked | (settings or {}), traced)


def traced(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    """The rows behind a figure; raises WmoError where the table has no such row or column."""
    try:
        rows = BEHIND[wanted.measure](monitor, wanted)
    except (KeyError, ValueError, IndexError) as error:
        raise unknown(wanted) from error
    return told(monitor, rows)


# ---------------------------------------------------------------- coverage


def _coverage_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    if wanted.by in ("", "matrix", "white") or not wanted.row:
        return _cell(monitor, wanted)
    (code,) = wanted.row
    if wanted.by == "municipality" and code not in monitor.codebook.gm_codes:
        return _of_region(monitor, code, wanted.column)
    narrowed = _coverage.narrowed(monitor, wanted.by, wanted.settings.get("theme_set", "provincial"))
    projects, gm_codes, _ = narrowed[code]
    return _covering(monitor, projects, gm_codes, wanted.column)


def _covering(monitor: Monitor, projects: np.ndarray, gm_codes: list[str], column: str) -> pd.DataFrame:
    """Behind a column of coverage: municipalities, or the projects that reach one of them."""
    facts, pool = monitor.facts, monitor.pool
    own, reach = facts.own, facts.reach
    if column == "of":
        return municipalities(monitor, gm_codes)
    if column == "province":
        return of_projects(monitor, projects[facts.province[pool.place[projects]] > 0])
    if column == "projects":
        touched = reach[:, facts.numbers(gm_codes)].any(axis=1)
        return of_projects(monitor, projects[touched[pool.place[projects]]])
    places = _coverage.places_of(monitor, projects)
    named = [code for code in gm_codes if (places @ own[:, facts.numbers([code])]).any()]
    if column == "own":
        return of_places(monitor, projects, named, own)
    if column == "partnership":
        return of_places(monitor, projects, [code for code in gm_codes if code not in named], reach)
    if column == "covered":
        return of_places(monitor, projects, gm_codes, reach)
    raise KeyError(column)


def _of_region(monitor: Monitor, region: str, column: str) -> pd.DataFrame:
    """Behind what map and matrix tell of a region: a municipality stands in the first that it lies in."""
    code, lies_in = monitor.codebook.find("region", region), _coverage.first_region(monitor)
    here = [gm_code for gm_code in monitor.municipalities if lies_in.get(gm_code) == code]
    return _covering(monitor, _coverage.touching(monitor, "provincial")[""], here, column)


def _cell(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    """Behind a cell of the matrix, a row of the white spots, or a figure of the citation of either."""
    touch = _coverage.touching(monitor, wanted.settings.get("theme_set", "provincial"))
    if not wanted.row:
        keep = monitor.keep
        cited = {"counting": monitor.counting, "projects": keep, "examples": keep & monitor.pool.example}
        if wanted.column in cited:
            return of_projects(monitor, np.flatnonzero(cited[wanted.column]))
        return _covering(monitor, touch[""], monitor.municipalities, wanted.column)
    gm_code, theme = (*wanted.row, "")[:2]  # a white spot is named by its municipality alone
    if gm_code in monitor.codebook.regions["region_id"].unique():
        return _of_region(monitor, gm_code, wanted.column)
    projects, facts, place = touch[theme], monitor.facts, monitor.pool.place
    if wanted.column == "missing":
        return _missing(monitor, gm_code, wanted)
    if not gm_code:  # what is province-wide is a number, and is nowhere own or through a partnership
        wide = (facts.province[place[projects]] > 0) & (wanted.column == "number")
        return of_projects(monitor, projects[wide])
    (number,) = facts.numbers([gm_code])
    here = projects[facts.reach[place[projects], number] > 0]
    own = facts.own[place[here], number] > 0
    chosen = {"number": here, "own": here[own], "partnership": here[~own]}
    return of_projects(monitor, chosen[wanted.column])


def _missing(monitor: Monitor, gm_code: str, wanted: Figure) -> pd.DataFrame:
    """The themes without a project of a municipality."""
    cells = _coverage.coverage(monitor, theme_set=wanted.settings.get("theme_set", "provincial"))
    empty = cells[(cells["gm_code"] == gm_code) & (cells["number"] == 0) & (cells["theme"] != "")]
    empty = empty[empty["theme"] != monitor.codebook.theme_with("unknown")]
    things = list(empty[["theme", "theme_label", "state"]].itertuples(index=False, name=None))
    return of_codebook("themes", things, [1] * len(things))


# ---------------------------------------------------------------- projects, hours


def _projects_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    if not wanted.row:
        reach = ways(monitor, monitor.municipalities) < PROVINCE
        cited = {"reached": monitor.counting & reach & ~monitor.pool.outside, "counting": monitor.counting}
        if wanted.column in STATUSES:
            cited[wanted.column] = monitor.keep & (monitor.derived == STATUSES.index(wanted.column))
        return of_projects(monitor, np.flatnonzero(cited.get(wanted.column, monitor.keep)))
    if wanted.by:
        at = np.flatnonzero(monitor.counting)
        here, _ = members(monitor, at, np.zeros(len(at), dtype=np.int64), wanted.by, wanted.row[0])
        return of_projects(monitor, here)
    project = _place_of(monitor, wanted.row[0])
    if wanted.column == "hours":
        return of_projects(monitor, project, monitor.pool.column("hours", project))
    if wanted.column != "committed":
        return of_projects(monitor, project)
    account = _budget.account(monitor, monitor.codebook.credit["credit_id"])
    mine = np.isin(account.money.project, project)
    return of_amounts(monitor, account.money.take(mine & _of_column(account, COMMITTED)))


def _profile_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    """Behind a row of the profile, its projects by way, its themes, how late it was, or the mean of its region."""
    if wanted.row:
        return _projects_of(monitor, wanted)
    gm_code = wanted.settings["gm_code"]
    if wanted.column.startswith("themes"):
        return _themes_of(monitor.within(municipality=gm_code), covered=wanted.column == "themes_covered")
    if wanted.column == "late":
        return _logbook_of(monitor, Figure("logbook", (gm_code,), "late"))
    if wanted.column != "region_mean":
        way = ways(monitor, [gm_code])
        here = monitor.counting & (way == VIA.index(wanted.column))
        return of_projects(monitor, np.flatnonzero(here & ~monitor.pool.outside))
    peers = [code for code in _coverage.peers(monitor, gm_code) if code in monitor.municipalities]
    rows = of_places(monitor, _coverage.touching(monitor, "provincial")[""], peers, monitor.facts.reach)
    rows["thing"] = (
        rows["gm_code"].astype("str") + " " + rows["title"].astype("str")
    )  # a project counts in each municipality that it reaches
    return once(rows, 1 / max(len(peers), 1))


def _themes_of(monitor: Monitor, covered: bool) -> pd.DataFrame:
    """The themes of the codebook, each with the projects that reach a municipality, or those with one: each is 1."""
    found, narrowed = [], _coverage.narrowed(monitor, "theme", "provincial")
    for code, (projects, gm_codes, _) in narrowed.items():
        label = monitor.label("theme", code)
        rows = _covering(monitor, projects, gm_codes, "projects")
        if not covered and not len(rows):
            rows = of_codebook("themes", [(code, label, "")], [1])
        if code != monitor.codebook.theme_with("unknown"):
            found.append(rows.assign(thing=code, what=rows["label"], label=label))
    return once(pd.concat(found))


def _place_of(monitor: Monitor, project: str) -> np.ndarray:
    """The place of a project in the pool; raises KeyError."""
    (at,) = monitor.pool.numbers([project])
    if at < 0 or not monitor.keep[at]:
        raise KeyError(project)
    return np.array([at])


def _hours_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    project = _place_of(monitor, wanted.row[0])
    hours = of_projects(monitor, project, monitor.pool.column("hours", project))
    source = monitor.codebook.sources.iloc[monitor.pool.source[project[0]]]
    limits = [(source["source_id"], source["name"], source["evidence"])]
    if wanted.column == "hours":
        return hours
    limit = of_codebook("sources", limits, [float(source["max_hours"])])
    if wanted.column == "limit":
        return limit
    if float(hours["value"].sum()) <= float(source["max_hours"]):  # nothing is over
        return hours.iloc[:0]
    return less(hours, limit)


# ---------------------------------------------------------------- the credit


def _of_column(account: Account, column: str) -> np.ndarray:
    """Whether each amount is part of a column of money."""
    return kinds_of(account.money, column) & ~_budget.void(account)


def _budget_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    (code,) = wanted.row
    if wanted.by == "listed":
        return _listed_of(monitor, code, wanted.column)
    account = _budget.account(monitor, monitor.codebook.credit["credit_id"])
    if wanted.by == "time":
        return _at_day(monitor, account, code, wanted.column)
    if wanted.by:
        return _share(monitor, account, code, wanted)
    if code in _budget.CA:
        return _left(monitor, code)
    return of_amounts(monitor, account.money.take(_of_column(account, code)))


def _listed_of(monitor: Monitor, source: str, column: str) -> pd.DataFrame:
    """Behind a row of the amounts off the credit."""
    account = _budget.account(monitor, "")
    mine = monitor.pool.source[account.money.project] == monitor.codebook.source_ids.index(source)
    if column == "projects":
        return of_projects(monitor, np.unique(account.money.project[mine]))
    return of_amounts(monitor, account.money.take(mine & _budget.listed(account, column)))


def _share(monitor: Monitor, account: Account, code: str, wanted: Figure) -> pd.DataFrame:
    """Behind one row of a division: whole bookings, or the shares of projects that state shares."""
    if code == ZEROS:
        return _without(monitor, wanted)
    column = {"share": COMMITTED}.get(wanted.column, wanted.column)
    projects, sums = _budget.commitments(account)
    if column == "projects":
        here, _ = members(monitor, projects, np.zeros(len(projects), dtype=np.int64), wanted.by, code)
        return of_projects(monitor, here)
    values = sums[:, _budget.MONEY.index(column)]
    here, shares = members(monitor, projects, values, wanted.by, code)
    whole = np.isin(projects, here[shares == values[np.searchsorted(projects, here)]])
    mine = _of_column(account, column) & np.isin(account.money.project, projects[whole])
    part = ~np.isin(here, projects[whole])
    return pd.concat([of_amounts(monitor, account.money.take(mine)), of_projects(monitor, here[part], shares[part])])


def _without(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    """The parts for which nothing is committed: each is 1 where they are counted, and 0 as money."""
    table = _budget.budget(monitor, by=wanted.by)
    table = table[(table["part"] == "part") & (table["committed"] == 0)]
    counts = [words.count("projects", count, monitor.language) for count in table["projects"]]
    things = list(zip(table["code"], table["label"], counts, strict=True))
    return of_codebook(BOOKS[wanted.by], things, [int(wanted.column == "count")] * len(things))


def _left(monitor: Monitor, code: str) -> pd.DataFrame:
    """Behind what is free or over: the allocation less every commitment that the basis filter leaves."""
    credit = monitor.codebook.credit
    things = [(credit["credit_id"], credit["name"], credit["evidence"])]
    allocation = of_codebook("credits", things, [int(credit["allocation_cents"])])
    if code == "allocation":
        return allocation
    account = _budget.of_basis(monitor, credit["credit_id"])
    spent = of_amounts(monitor, account.money.take(_of_column(account, COMMITTED)))
    free = less(allocation, spent)
    if code == "free":
        return free
    if free["value"].sum() >= 0:  # nothing is behind an `over` of 0
        return free.iloc[:0]
    return free.assign(value=-free["value"])


def _at_day(monitor: Monitor, account: Account, date: str, column: str) -> pd.DataFrame:
    """Behind a day of the credit in time."""
    if column == "allocation":
        return _left(monitor, column)
    if column == "free":
        whole = _budget.of_basis(monitor, monitor.codebook.credit["credit_id"])
        return less(_left(monitor, "allocation"), _at_day(monitor, whole, date, COMMITTED))
    counts, ends = _budget.spans(account)
    there = counts & (account.money.day <= day(date)) & (ends > day(date))
    return of_amounts(monitor, account.money.take(there & kinds_of(account.money, column)))


# ---------------------------------------------------------------- rounds, letters


def _rounds_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    if wanted.by == "time":
        return _day_of_rounds(monitor, wanted)
    number, state = int(wanted.row[0]), wanted.row[1]
    if wanted.column == "stated":
        return _letter_of(monitor, number, state)
    if wanted.column == "size":
        return _size(monitor, number)
    now, reached, late = _rounds.standings(monitor, number, state)
    chosen = {"municipalities": now, "reached": reached, "late": late}[wanted.column]
    return of_talks(monitor, monitor.named, monitor.codebook.marked(chosen))


def _letter_of(monitor: Monitor, number: int, state: str) -> pd.DataFrame:
    """The sentence that states it; what a letter leaves open is the size less the groups that it states."""
    said = _rounds.groups(monitor, number)
    stating = of_letter(monitor, [each.fact_id for code, each in said.items() if state in (code, "not_stated")])
    if state != "not_stated" or not said:
        return stating
    return less(_size(monitor, number), stating)


def _size(monitor: Monitor, number: int) -> pd.DataFrame:
    """The municipalities of a round, as the codebook takes them from the letter; 0 is all of them."""
    book = monitor.codebook
    if not number:
        return municipalities(monitor, book.gm_codes)
    row = book.rounds[book.rounds["round"] == str(number)].iloc[0]
    things = [(str(number), _rounds.label_of(monitor, number), row["evidence"])]
    return of_codebook("rounds", things, [int(row["size"])])


def _day_of_rounds(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    (date,) = wanted.row
    if wanted.column == "stated":
        return of_letter(monitor, [_rounds.agreements_stated(monitor).get(date, _rounds.NOTHING).fact_id])
    chosen = _rounds.steps_of(monitor).reached(wanted.column, date)
    talks = _rounds.told(monitor)
    return of_talks(monitor, talks.take(talks.begun(day(date))), monitor.codebook.marked(chosen))


def _logbook_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    """The steps of one municipality, worth its number."""
    (gm_code,) = wanted.row
    value = _logbook.logbook(monitor).set_index("gm_code").at[gm_code, wanted.column]
    return once(of_talks(monitor, monitor.named, [gm_code]), float(value))


def _claims_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    fact_id = wanted.row[0]
    if wanted.column == "stated":
        return of_letter(monitor, [fact_id])
    claim = monitor.claims.set_index("fact_id").loc[fact_id]
    then = monitor.as_of(claim["as_of"])
    found = _claims.computed(then, claim["measure"])
    if found.computed_from == "projects":
        return of_projects(then, np.flatnonzero(found.at))
    return of_talks(then, then.named, then.codebook.marked(found.at))


# ---------------------------------------------------------------- changes, quality


def _changes_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    since, known = wanted.settings["since"], wanted.settings["since_known"]
    rows = _changes.between(monitor, since, known)
    if wanted.by == "rows":
        rows = [row for row in rows if (row.how, row.change, row.project, row.field) == wanted.row]
    else:
        rows = [row for row in rows if _changes.counted(row) == wanted.column]
    found = []
    for where in dict.fromkeys(row.where for row in rows):
        names = sorted({row.project for row in rows if row.where is where})
        at = where.pool.numbers(names)
        if wanted.by != "rows":
            at, _ = members(where, at, np.zeros(len(at), dtype=np.int64), wanted.by, wanted.row[0])
        found.append(of_projects(where, at))
    nothing = of_projects(monitor, np.zeros(0, dtype=np.int64))  # keeps the columns where nothing changed
    return pd.concat([nothing, *found])


def _quality_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    (code,), found = wanted.row, monitor.told_then("findings")
    if wanted.by == "finding":
        return of_findings(monitor, found[found["code"] == code])
    facts, rows = monitor.facts, monitor.kept_rows
    rows = rows[facts.source[rows] == monitor.codebook.source_ids.index(code)]
    what = wanted.column.removeprefix("with_").removeprefix("share_")
    if what in COMPLETENESS:
        rows = rows[_quality.filled(monitor, rows)[what]]
    return of_projects(monitor, np.unique(monitor.pool.home[rows]))


# ---------------------------------------------------------------- the tiles, and what a filter would leave


def _summary_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    name, column = wanted.row[0], wanted.column
    if name == "projects":
        return of_projects(monitor, np.flatnonzero({"value": monitor.counting}.get(column, monitor.keep)))
    if name == "committed":
        return _budget_of(monitor, Figure("budget", ({"of": "allocation"}.get(column, COMMITTED),), "cents"))
    if column == "of":
        return municipalities(monitor, monitor.municipalities)
    if name == "covered":
        return _cell(monitor, Figure("coverage", (), "covered"))
    if column == "stated":
        return of_letter(monitor, [each.fact_id for each in _rounds.counted_as_agreed(monitor).values()])
    if column == "stated_of":
        return pd.concat([_size(monitor, number) for number in _rounds.counted_as_agreed(monitor)])
    agreed = monitor.codebook.marked(monitor.stood.reached >= STATES.index("agreed"))
    return of_talks(monitor, monitor.named, agreed)


def _compare_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    """Behind a column of a comparison: what is behind the same number of that side alone, of a difference behind both."""
    if wanted.column.endswith("difference"):
        money = wanted.column.removesuffix("difference")
        one, other = (_compare_of(monitor, replace(wanted, column=money + name)) for name in ("one", "other"))
        return pd.concat([one, other.assign(value=-other["value"])])
    code, figure = _compare.figure_of(wanted)
    return BEHIND[figure.measure](_compare.side(monitor, wanted.by, code), figure)


BEHIND: dict[str, Callable[[Monitor, Figure], pd.DataFrame]] = {
    "coverage": _coverage_of,
    "projects": _projects_of,
    "profile": _profile_of,
    "timeline": _projects_of,
    "good_examples": _projects_of,
    "hours": _hours_of,
    "budget": _budget_of,
    "rounds": _rounds_of,
    "logbook": _logbook_of,
    "claims": _claims_of,
    "compare": _compare_of,
    "changes": _changes_of,
    "quality": _quality_of,
    "summary": _summary_of,
}
