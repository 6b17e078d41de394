"""Changes: what is new, gone, moved or changed between two dates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wmo_analysis.errors import WmoError
from wmo_analysis.measure._budget import committed_of
from wmo_analysis.measure._shape import shape
from wmo_analysis.measure._texts import place_texts, status_texts
from wmo_analysis.measure.parts import footing
from wmo_analysis.monitor import Monitor
from wmo_analysis.words import date as written
from wmo_analysis.words import day as written_short
from wmo_analysis.words import euro

COUNTED = shape("code", "code, label, part, new [projects], gone [projects], changed [projects]")
SHAPES = {
    "changes.rows": shape("change project field", "change, project, title, source, field, before, after"),
    **dict.fromkeys(("changes.theme", "changes.region", "changes.source"), COUNTED),
}
VIEWS = ("rows", "theme", "region", "source")
FIELDS = {"placement": "moved", "status": "changed", "committed": "changed", "start": "changed", "end": "changed"}
COUNTS = ("new", "gone", "changed")


def changes(monitor: Monitor, since: str, by: str = "rows") -> pd.DataFrame:
    """Projects that count now and did not on `since` (new), the reverse (gone), and of the others those whose place
    (moved) or status, amount or dates (changed) differ.

    A project keeps its id between two deliveries through the key that its list states. A project that is moved and changed
    stands in both; it is one in `changed` of the counts.

    Returns
    -------
    by="rows": change (new, gone, moved, changed), project, title, source, field, before, after (texts of the language).
    by="theme" | "region" | "source": code, label, part (part, undivided, total), new, gone, changed [projects]; the parts
    foot. A project that is gone stands where it stood.

    Raises
    ------
    WmoError for another `by`, or a `since` that is no date.

    Source: docs/rules.md, As of a date.
    """
    if by not in VIEWS:
        raise WmoError(f"Onbekende waarde voor by: {by}. Mogelijk zijn: {', '.join(VIEWS)}.")
    before = monitor.as_of(since)
    rows = _rows(monitor, before)
    table = _listed(rows) if by == "rows" else _divided(monitor, before, rows, by)
    more = {"since": before.date, "since_text": written(before.date, monitor.language), "by": by}
    return monitor.cite(table, "changes", **more)


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise: `where` is the Monitor that has the project, as it is now or as it stood."""

    where: Monitor
    change: str  # new, gone, moved, changed
    project: str
    field: str = ""
    before: str = ""
    after: str = ""


def _rows(monitor: Monitor, before: Monitor) -> list[Change]:
    now, then = _told(monitor), _told(before)
    counts_now, counts_then = set(now.index[now["counts"]]), set(then.index[then["counts"]])
    rows = [Change(monitor, "new", project) for project in sorted(counts_now - counts_then)]
    rows += [Change(before, "gone", project) for project in sorted(counts_then - counts_now)]
    # a project that is there at both dates and counts at one of them is new or gone, and not changed besides
    both = sorted(set(now.index) & set(then.index) - (counts_now ^ counts_then))
    for change in ("moved", "changed"):
        fields = [field for field, kind in FIELDS.items() if kind == change]
        old, new = then.loc[both, fields].to_numpy(), now.loc[both, fields].to_numpy()
        for at, field in np.argwhere(old != new).tolist():
            rows.append(Change(monitor, change, both[at], fields[field], old[at, field], new[at, field]))
    return rows


def _listed(rows: list[Change]) -> pd.DataFrame:
    listed = []
    for row in rows:
        about = row.where.projects.loc[row.project]
        source = row.where.label("source", about["source_id"])
        listed.append((row.change, row.project, about["title"], source, row.field, row.before, row.after))
    return SHAPES["changes.rows"].table(listed).astype("str")


def _divided(monitor: Monitor, before: Monitor, rows: list[Change], by: str) -> pd.DataFrame:
    """What is new and changed stands where it is now; a project that is gone stands where it stood."""
    table, old = _footing(monitor, rows, by), _footing(before, rows, by)
    # a source that has no project now may have had one: its row comes from the table of then
    extra = [code for code in old.index if code not in table.index]
    table = pd.concat([table, old.loc[extra].assign(new=0, gone=0, changed=0)])
    table["gone"] = table["gone"] + old["gone"].reindex(table.index).fillna(0).astype("Int64")
    table = table.reset_index()[list(COUNTED.columns)]
    return table.sort_values("part", key=lambda part: part.eq("total"), kind="stable", ignore_index=True)


def _footing(monitor: Monitor, rows: list[Change], by: str) -> pd.DataFrame:
    """Those of the changes that one Monitor has, per part; index = code. What is moved counts as changed, and once."""
    rows = [row for row in rows if row.where is monitor]
    touched = sorted({row.project for row in rows})
    counts = pd.DataFrame(0, index=touched, columns=list(COUNTS))
    for row in rows:
        counts.at[row.project, "changed" if row.change == "moved" else row.change] = 1
    return footing(monitor, monitor.pool.frame.index.get_indexer(touched), counts, by, "new").set_index("code")


def _told(monitor: Monitor) -> pd.DataFrame:
    """What is compared, as text, and `counts` per project."""
    at, here = np.flatnonzero(monitor.keep), monitor.projects
    told = pd.DataFrame({"counts": here["counts"], "placement": place_texts(monitor, at)}, index=here.index)
    told["status"] = status_texts(monitor, at)
    told["committed"] = [euro(cents) for cents in committed_of(monitor, at).to_numpy(na_value=None, dtype=object)]
    for edge in ("start", "end"):
        told[edge] = list(map(period_text, here[f"{edge}_from"], here[f"{edge}_to"]))
    return told


def period_text(first: str, last: str) -> str:
    """'2007-01-01', '2007-03-31' -> '1-1-2007 t/m 31-3-2007'; one day alone; '' when unknown."""
    return " t/m ".join(written_short(day) for day in dict.fromkeys([first, last]) if day)
