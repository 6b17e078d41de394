"""Changes: what is new, gone, moved or changed between two moments, and whether it happened, was learned or corrected."""

import functools
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
import pandas as pd

from wmo_analysis.errors import must_be_one
from wmo_analysis.measure._budget import committed_of
from wmo_analysis.measure._shape import shape
from wmo_analysis.measure._texts import place_texts, status_texts
from wmo_analysis.measure.parts import LEANS_ON, footing
from wmo_analysis.monitor import Monitor
from wmo_analysis.words import date as written
from wmo_analysis.words import day as written_short
from wmo_analysis.words import euro, say

COUNTS = ("new", "gone", "changed", "learned", "corrected")
COUNTED = shape("code", f"code, label, part, {', '.join(f'{name} [projects]' for name in COUNTS)}, invented, partly")
SHAPES = {
    "changes.rows": shape(
        "how change project field", "how, change, project, title, source, field, before, after, invented"
    ),
    **dict.fromkeys(("changes.theme", "changes.region", "changes.source"), COUNTED),
}
VIEWS = ("rows", "theme", "region", "source")
FIELDS = {"moved": ["placement"], "changed": ["status", "committed", "start", "end"]}  # change -> what differs


def changes(monitor: Monitor, since: str, by: str = "rows", since_known: str | None = None) -> pd.DataFrame:
    """What is otherwise than at an earlier moment: what happened since, what we learned, and what was corrected.

    A moment is a day with what was known. `since_known` is the day up to which lists took part then, `since` itself unless
    said otherwise; '' = every list, and then there is nothing to learn or correct. happened: the newest knowledge has
    it otherwise on the two days. learned: of the earlier day, told only by a later list. corrected: of the earlier day,
    told otherwise by a later list, or by a correction.

    Projects that count now and did not then are new, the reverse gone; of the others the place (moved) or the status,
    amount or dates (changed) differ. A project keeps its id between two deliveries through the key that its list states.

    Returns
    -------
    by="rows": how (happened, learned, corrected), change (new, gone, moved, changed), project, title, source, field, before,
    after (texts of the language), invented (bool: the project is made up).
    by="theme" | "region" | "source": code, label, part (part, undivided, total), new, gone, changed [projects to which it
    happened, moved or changed once], learned, corrected [projects], invented (bool: all of them are made up), partly (bool:
    some are); the parts foot. A project that is gone stands where it stood.

    Raises
    ------
    WmoError for another `by`, or a `since` that is no date.

    Source: docs/rules.md, As of a date.
    """
    must_be_one("by", by, VIEWS)
    if since_known is None:
        since_known = since
    then = monitor.as_of(since)
    before = then.known_on(since_known)
    rows = between(monitor, then.date, before.known)
    table = _listed(rows) if by == "rows" else _divided(monitor, rows, by)
    more = {"since": before.date, "since_known": before.known, "since_text": _moment(before), "by": by}
    return monitor.cite(table, "changes", **more, **_made(monitor, then, before, by))


HAPPENED, LEARNED, CORRECTED = "happened", "learned", "corrected"


def _moment(monitor: Monitor) -> str:
    """'30 november 2006', and what was known where that is not all."""
    told = written(monitor.date, monitor.language)
    if not monitor.known:
        return told
    return f"{told} ({say('note.known', monitor.language, date=written(monitor.known, monitor.language))})"


def _made(monitor: Monitor, then: Monitor, before: Monitor, by: str) -> dict[str, object]:
    """What a comparison is made of: every project that it compares."""
    compared = monitor.keep.copy()
    for other in {then, before}:
        at = monitor.pool.numbers(other.projects.index)
        compared[at[at >= 0]] = True  # what only an earlier list told is in no pool of now
    return monitor.made_of_projects(compared, leans=LEANS_ON.get(by, ("members",)))


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise: `where` is the Monitor that has the project, as it is now or as it stood."""

    where: Monitor
    how: str  # happened, learned, corrected
    change: str  # new, gone, moved, changed
    project: str
    field: str = ""
    before: str = ""
    after: str = ""


# the chart counts what the table beside it lists
@functools.lru_cache(maxsize=2)
def between(monitor: Monitor, since: str, since_known: str) -> tuple[Change, ...]:
    """All that is otherwise now than on a day as it was known then."""
    then = monitor.as_of(since)
    before = then.known_on(since_known)
    rows = _rows(monitor, then, HAPPENED)
    if before.known != monitor.known:  # else there was nothing left to learn
        rows += [*_rows(then, before, ""), *_corrections(then, before)]
    return tuple(rows)


def counted(row: Change) -> str:
    """The column of the counts that a change stands in; what is moved counts as changed."""
    if row.how != HAPPENED:
        return row.how
    return "changed" if row.change == "moved" else row.change


def _rows(monitor: Monitor, before: Monitor, how: str) -> list[Change]:
    """What two Monitors have otherwise; without a `how` it depends on whether the earlier one told anything at all."""
    now, then = _told(monitor), _told(before)
    counts_now, counts_then = set(now.index[now["counts"]]), set(then.index[then["counts"]])
    rows = []
    for project in sorted(counts_now - counts_then):
        rows.append(Change(monitor, how or (CORRECTED if project in then.index else LEARNED), "new", project))
    for project in sorted(counts_then - counts_now):
        rows.append(Change(before, how or CORRECTED, "gone", project))
    # a project that is there at both dates and counts at one of them is new or gone, and not changed besides
    both = sorted(set(now.index) & set(then.index) - (counts_now ^ counts_then))
    untold = {say(key, monitor.language) for key in ("placement.unknown", "status.unknown", "missing.unknown")}
    for change, fields in FIELDS.items():
        old, new = then.loc[both, fields].to_numpy(), now.loc[both, fields].to_numpy()
        for at, field in np.argwhere(old != new).tolist():
            told = LEARNED if old[at, field] in untold else CORRECTED
            rows.append(Change(monitor, how or told, change, both[at], fields[field], old[at, field], new[at, field]))
    return rows


def _corrections(then: Monitor, before: Monitor) -> list[Change]:
    """The corrections that were decided between what was known at the two moments."""
    book, found = then.codebook.corrections, then.tables["findings"]
    here = book[book["decided_on"] > before.known]
    here = here[here["decided_on"] <= then.known] if then.known else here
    told = found[found["code"] == "K01"].merge(here, on=["file", "column"])
    told = told[(told["listed"] == told["was"]) & (told["kept"] == told["now"])]
    sources = then.tables["project_sources"].merge(told, on=["file", "sheet", "row"])
    groups = then.rows.drop_duplicates("project_id").set_index("project_id")["group"]
    rows = []
    for each in sources.drop_duplicates(["project_id", "column"]).to_dict("records"):
        group = groups.get(each["project_id"])
        if group in then.projects.index:
            rows.append(Change(then, CORRECTED, "changed", group, each["column"], each["was"], each["now"]))
    return rows


def _listed(rows: tuple[Change, ...]) -> pd.DataFrame:
    listed = []
    for row in rows:
        title, source_id = (row.where.projects.at[row.project, name] for name in ("title", "source_id"))
        source, invented = row.where.label("source", source_id), _invented(row.where, [row.project])
        texts = (row.field, row.before, row.after)
        listed.append((row.how, row.change, row.project, title, source, *texts, invented))
    kinds = dict.fromkeys(SHAPES["changes.rows"].columns, "str") | {"invented": "bool"}
    return SHAPES["changes.rows"].table(listed).astype(kinds)


def _invented(monitor: Monitor, projects: list[str]) -> bool:
    """Whether all of these projects are made up."""
    return bool(monitor.pool.invented[monitor.pool.numbers(projects)].all())


def _divided(monitor: Monitor, rows: tuple[Change, ...], by: str) -> pd.DataFrame:
    """What is new and changed stands where it is now; a project that is gone stands where it stood."""
    monitors = dict.fromkeys([monitor, *map(attrgetter("where"), rows)])
    # a source that has no project now may have had one: its row comes from the table of then
    whole = pd.concat([_footing(where, rows, by) for where in monitors])
    table = whole[~whole.index.duplicated()][["label", "part"]]
    sums = whole[[*COUNTS, "real", "made_up"]].groupby(level=0).sum()
    table = table.join(sums)
    table["invented"] = (table[list(COUNTS)].sum(axis=1) > 0) & (table["real"] == 0)
    table["partly"] = (table["real"] > 0) & (table["made_up"] > 0)
    table = table.reset_index()[list(COUNTED.columns)]
    return table.sort_values("part", key=lambda part: part.eq("total"), kind="stable", ignore_index=True)


def _footing(monitor: Monitor, rows: tuple[Change, ...], by: str) -> pd.DataFrame:
    """Those of the changes that one Monitor has, per part, and how many of their projects are `real`; index = code. What
    is moved counts as changed, and once."""
    rows = [row for row in rows if row.where is monitor]
    touched = sorted({row.project for row in rows})
    counts = pd.DataFrame(0, index=touched, columns=[*COUNTS, "real", "made_up"])
    for row in rows:
        counts.at[row.project, counted(row)] = 1  # and not += 1: it changed, in however many fields
    at = monitor.pool.numbers(touched)
    counts["made_up"] = monitor.pool.invented[at].astype(int)
    counts["real"] = 1 - counts["made_up"]
    return footing(monitor, at, counts, by, "new").set_index("code")


def _told(monitor: Monitor) -> pd.DataFrame:
    """What is compared, as text, and `counts` per project."""
    at, here = np.flatnonzero(monitor.keep), monitor.projects
    told = pd.DataFrame({"counts": here["counts"], "placement": place_texts(monitor, at)}, index=here.index)
    told["status"] = status_texts(monitor, at)
    told["committed"] = list(map(euro, committed_of(monitor, at).to_numpy(na_value=None, dtype=object)))
    for edge in ("start", "end"):
        told[edge] = list(map(period_text, here[f"{edge}_from"], here[f"{edge}_to"]))
    return told.replace("", say("missing.unknown", monitor.language))


def period_text(first: str, last: str) -> str:
    """'2007-01-01', '2007-03-31' -> '1-1-2007 t/m 31-3-2007'; one day alone; '' when unknown."""
    return " t/m ".join(map(written_short, filter(None, dict.fromkeys([first, last]))))
