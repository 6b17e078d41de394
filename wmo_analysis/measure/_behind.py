"""What every number of every measure is made of: one function per measure, from a row and a column to rows of the lists."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from wmo_analysis.days import day
from wmo_analysis.measure import _budget, _changes, _claims, _compare, _coverage, _logbook, _quality, _rounds
from wmo_analysis.measure._budget import COMMITTED, Account
from wmo_analysis.measure._figure import (
    Figure,
    kinds_of,
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
from wmo_analysis.schema import COMPLETENESS, STATES, VIA

ASKED = ("since", "since_known", "theme_set", "gm_code", "one", "other")  # of a citation: what the measure was asked
PROVINCE = VIA.index("province")


def figure(
    table: pd.DataFrame, row: tuple[str, ...] | str, column: str, settings: dict[str, str] | None = None
) -> Figure:
    """The figure in a row and a column of a measure's table: `row` are the codes that name the row in the order of the
    keys of the table, '' among them is the total; () is a number of the citation (`covered` of coverage).

    `monitor.trace(figure)` tells what it is made of. `settings` is what else the measure was asked (since, theme_set).
    Raises WmoError for a table whose figures no list is behind.
    """
    about = table.attrs["wmo"]
    codes = (row,) if isinstance(row, str) else tuple(str(code) for code in row)
    asked = {name: str(about[name]) for name in ASKED if name in about}
    name, by = about["measure"], about.get("by") or ""
    shape = shape_of(about)
    unit = shape.columns.get(column, "") if shape else ""
    if name == "budget":  # what is in no column is money too: the allocation
        unit = unit or "EUR cent"
    made = Figure(name, codes, column, by, unit, asked | (settings or {}), traced)
    if name not in BEHIND:
        raise unknown(made)
    return made


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
    """Behind what the map tells of a region, by its name: a municipality stands in the first that it lies in."""
    code, lies_in = monitor.codebook.find("region", region), _coverage.first_region(monitor)
    here = [gm_code for gm_code in monitor.municipalities if lies_in.get(gm_code) == code]
    return _covering(monitor, _coverage.touching(monitor, "provincial")[""], here, column)


def _cell(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    """Behind a cell of the matrix, a row of the white spots, or a figure of the citation of either."""
    touch = _coverage.touching(monitor, wanted.settings.get("theme_set", "provincial"))
    if not wanted.row:
        if wanted.column in ("counting", "projects"):
            return of_projects(
                monitor, np.flatnonzero(monitor.counting if wanted.column == "counting" else monitor.keep)
            )
        if wanted.column == "examples":
            return of_projects(monitor, np.flatnonzero(monitor.keep & monitor.pool.example))
        return _covering(monitor, touch[""], monitor.municipalities, wanted.column)
    gm_code, theme = (*wanted.row, "")[:2]
    projects, facts, place = touch[theme], monitor.facts, monitor.pool.place
    if wanted.column == "missing":
        return _missing(monitor, gm_code, wanted)
    if not gm_code:
        wide = projects[facts.province[place[projects]] > 0]
        return of_projects(monitor, wide if wanted.column == "number" else wide[:0])
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
    return of_codebook(monitor, "themes", things, [1] * len(things))


# ---------------------------------------------------------------- projects, hours


def _projects_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    if not wanted.row:
        mask = monitor.keep
        if wanted.column == "reached":
            reach = ways(monitor, monitor.municipalities) < PROVINCE
            mask = monitor.counting & reach & ~monitor.pool.outside
        elif wanted.column == "counting":
            mask = monitor.counting
        return of_projects(monitor, np.flatnonzero(mask))
    if wanted.by:
        at = np.flatnonzero(monitor.counting)
        here, _ = members(monitor, at, np.zeros(len(at), dtype=np.int64), wanted.by, wanted.row[0])
        return of_projects(monitor, here)
    project = _place_of(monitor, wanted.row[0])
    if wanted.column == "hours":
        return of_projects(monitor, project, monitor.pool.column("hours", project))
    if wanted.column != "committed":
        return of_projects(monitor, project)
    account = _budget.account(monitor, monitor.codebook.credits["credit_id"].iloc[0])
    return of_amounts(monitor, account.money.take(_committed(account) & np.isin(account.money.project, project)))


def _profile_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    """Behind a row of the profile, its projects by way, or the mean of its region."""
    if wanted.row:
        return _projects_of(monitor, wanted)
    gm_code = wanted.settings["gm_code"]
    if wanted.column != "region_mean":
        way = ways(monitor, [gm_code])
        here = monitor.counting & (way == VIA.index(wanted.column))
        return of_projects(monitor, np.flatnonzero(here & ~monitor.pool.outside))
    regions = [codes for codes in monitor.codebook.regions_on(monitor.date).values() if gm_code in codes]
    peers = [code for code in next(iter(regions), [gm_code]) if code in monitor.municipalities]
    rows = of_places(monitor, _coverage.touching(monitor, "provincial")[""], peers, monitor.facts.reach)
    rows["thing"] = rows["gm_code"] + " " + rows["title"]  # a project counts in each municipality that it reaches
    return once(rows, 1 / max(len(peers), 1))


def _place_of(monitor: Monitor, project: str) -> np.ndarray:
    """The place of a project in the pool; raises KeyError."""
    at = monitor.pool.frame.index.get_indexer([project])
    if at[0] < 0 or not monitor.keep[at[0]]:
        raise KeyError(project)
    return at


def _hours_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    project = _place_of(monitor, wanted.row[0])
    hours = of_projects(monitor, project, monitor.pool.column("hours", project))
    source = monitor.codebook.sources.iloc[monitor.pool.source[project[0]]]
    limits = [(source["source_id"], source["name"], source["evidence"])]
    if wanted.column == "hours":
        return hours
    limit = of_codebook(monitor, "sources", limits, [float(source["max_hours"])])
    if wanted.column == "limit":
        return limit
    if float(hours["value"].sum()) <= float(source["max_hours"]):  # nothing is over
        return hours.iloc[:0]
    return pd.concat([hours, limit.assign(value=-limit["value"])])


# ---------------------------------------------------------------- the credit


def _committed(account: Account) -> np.ndarray:
    """Whether each amount is part of what is committed."""
    return kinds_of(account.money, "granted", "settled") & ~_budget.void(account)


def _of_kind(account: Account, kind: str) -> np.ndarray:
    """Whether each amount is part of a column of money."""
    if kind == COMMITTED:
        return _committed(account)
    return kinds_of(account.money, kind) & ~_budget.void(account)


def _budget_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    credit = monitor.codebook.credits["credit_id"].iloc[0]
    account = _budget.account(monitor, "" if wanted.by == "listed" else credit)
    (code,) = wanted.row
    if wanted.by == "time":
        return _at_day(monitor, account, code, wanted.column)
    if wanted.by == "listed":
        mine = monitor.pool.source[account.money.project] == monitor.codebook.source_ids.index(code)
        if wanted.column == "projects":
            return of_projects(monitor, np.unique(account.money.project[mine]))
        return of_amounts(monitor, account.money.take(mine & _budget.listed(account, wanted.column)))
    if wanted.by:
        return _share(monitor, account, code, wanted)
    if code in ("free", "over", "allocation"):
        return _left(monitor, code)
    return of_amounts(monitor, account.money.take(_of_kind(account, code)))


def _share(monitor: Monitor, account: Account, code: str, wanted: Figure) -> pd.DataFrame:
    """Behind one row of a division: whole bookings, or the shares of projects that state shares."""
    column = COMMITTED if wanted.column == "share" else wanted.column
    projects, sums = _budget.commitments(account)
    if column == "projects":
        here, _ = members(monitor, projects, np.zeros(len(projects), dtype=np.int64), wanted.by, code)
        return of_projects(monitor, here)
    values = sums[:, _budget.MONEY.index(column)]
    here, shares = members(monitor, projects, values, wanted.by, code)
    whole = np.isin(projects, here[shares == values[np.searchsorted(projects, here)]])
    mine = _of_kind(account, column) & np.isin(account.money.project, projects[whole])
    part = ~np.isin(here, projects[whole])
    return pd.concat([of_amounts(monitor, account.money.take(mine)), of_projects(monitor, here[part], shares[part])])


def _left(monitor: Monitor, code: str) -> pd.DataFrame:
    """Behind what is free or over: the allocation less every commitment that the basis filter leaves."""
    credit = monitor.codebook.credits.iloc[0]
    things = [(credit["credit_id"], credit["name"], credit["evidence"])]
    allocation = of_codebook(monitor, "credits", things, [int(credit["allocation_cents"])])
    if code == "allocation":
        return allocation
    account = _budget.of_basis(monitor, credit["credit_id"])
    spent = of_amounts(monitor, account.money.take(_committed(account)))
    sign = 1 if code == "free" else -1
    rows = pd.concat([allocation.assign(value=sign * allocation["value"]), spent.assign(value=-sign * spent["value"])])
    return rows if code == "free" or rows["value"].sum() > 0 else rows.iloc[:0]  # nothing is behind an `over` of 0


def _at_day(monitor: Monitor, account: Account, date: str, column: str) -> pd.DataFrame:
    """Behind a day of the credit in time."""
    if column == "allocation":
        return _left(monitor, column)
    if column == "free":
        credit = monitor.codebook.credits.iloc[0]["credit_id"]
        spent = _at_day(monitor, _budget.of_basis(monitor, credit), date, COMMITTED)
        return pd.concat([_left(monitor, "allocation"), spent.assign(value=-spent["value"])])
    counts, ends = _budget.spans(account)
    there = counts & (account.money.day <= day(date)) & (ends > day(date))
    kinds = ("granted", "settled") if column == COMMITTED else (column,)
    return of_amounts(monitor, account.money.take(there & kinds_of(account.money, *kinds)))


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
    return of_talks(monitor, monitor.named, [monitor.codebook.gm_codes[at] for at in np.flatnonzero(chosen)])


def _letter_of(monitor: Monitor, number: int, state: str) -> pd.DataFrame:
    """The sentence that states it; what a letter leaves open is the size less the groups that it states."""
    said = {code: each for (n, code), each in _rounds.stated(monitor).items() if n == number}
    if state != "not_stated":
        return of_letter(monitor, [said[state].fact_id] if state in said else [])
    if not said:
        return of_letter(monitor, [])
    groups = of_letter(monitor, [each.fact_id for each in said.values()])
    groups["value"] = -groups["value"].astype(float)
    return pd.concat([_size(monitor, number), groups])


def _size(monitor: Monitor, number: int) -> pd.DataFrame:
    """The municipalities of a round, as the codebook takes them from the letter; 0 is all of them."""
    book = monitor.codebook
    if not number:
        return municipalities(monitor, book.gm_codes)
    row = book.rounds[book.rounds["round"] == str(number)].iloc[0]
    things = [(str(number), _rounds.label_of(monitor, number), row["evidence"])]
    return of_codebook(monitor, "rounds", things, [int(row["size"])])


def _day_of_rounds(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    (date,), codes = wanted.row, monitor.codebook.gm_codes
    if wanted.column == "stated":
        said = monitor.letters.get(date, {})
        facts = [each.fact_id for (_, state), each in said.items() if (state, each.way) == ("agreed", "reached")]
        return of_letter(monitor, facts[-1:])
    chosen = _rounds.steps_of(monitor).reached(wanted.column, date)
    talks = _rounds.told(monitor)
    talks = talks.take(talks.planned | (talks.day <= day(date)))
    return of_talks(monitor, talks, [codes[at] for at in np.flatnonzero(chosen)])


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
    return of_talks(then, then.named, [then.codebook.gm_codes[at] for at in np.flatnonzero(found.at)])


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
        at = where.pool.frame.index.get_indexer(names)
        if wanted.by != "rows":
            at, _ = members(where, at, np.zeros(len(at), dtype=np.int64), wanted.by, wanted.row[0])
        found.append(of_projects(where, at))
    return pd.concat(found) if found else of_projects(monitor, np.zeros(0, dtype=np.int64))


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
        return of_projects(monitor, np.flatnonzero(monitor.counting if column == "value" else monitor.keep))
    if name == "committed":
        code = "allocation" if column == "of" else COMMITTED
        return _budget_of(monitor, Figure("budget", (code,), "cents"))
    if column == "of":
        return municipalities(monitor, monitor.municipalities)
    if name == "covered":
        return _cell(monitor, Figure("coverage", (), "covered"))
    if column == "stated":
        return of_letter(monitor, [each.fact_id for each in _rounds.counted_as_agreed(monitor).values()])
    if column == "stated_of":
        return pd.concat([_size(monitor, number) for number in _rounds.counted_as_agreed(monitor)])
    agreed = monitor.stood.reached >= STATES.index("agreed")
    return of_talks(monitor, monitor.named, [monitor.codebook.gm_codes[at] for at in np.flatnonzero(agreed)])


def _compare_of(monitor: Monitor, wanted: Figure) -> pd.DataFrame:
    """Behind a column of a comparison: what is behind the same number of that side alone."""
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
