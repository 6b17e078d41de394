"""Changes: what is new, gone, moved or changed between two dates."""

import numpy as np
import pandas as pd

from wmo_analysis.errors import WmoError
from wmo_analysis.measure._budget import committed_of, place_texts
from wmo_analysis.measure._parts import footing
from wmo_analysis.monitor import Monitor
from wmo_analysis.words import date as written
from wmo_analysis.words import euro, say

VIEWS = ("rows", "theme", "region", "source")


def changes(monitor: Monitor, since: str, by: str = "rows") -> pd.DataFrame:
    """Projects that count now and did not on `since` (new), the reverse (gone), and of the others those whose place
    (moved) or status, amount or dates (changed) differ.

    A project keeps its id between two deliveries through the key that its list states. A project that is moved and changed
    stands in both; it is one in `changed` of the counts.

    Returns
    -------
    by="rows": change (new, gone, moved, changed), project, title, source, field, before, after (texts of the language).
    by="theme" | "region" | "source": code, label, part (part, undivided, total), new, gone, changed [projects], share [% of
    new]; the parts foot. A project that is gone stands where it stood.

    Raises
    ------
    WmoError for another `by`, or a `since` that is no date.

    Source: docs/rules.md, As of a date.
    """
    if by not in VIEWS:
        raise WmoError(f"Onbekende waarde voor by: {by}. Mogelijk zijn: {', '.join(VIEWS)}.")
    before = monitor.as_of(since)
    now, then = monitor.projects, before.projects
    counts_now, counts_then = set(now.index[now["counts"]]), set(then.index[then["counts"]])
    rows = []
    for project in sorted(counts_now - counts_then):
        rows.append((monitor, "new", project, "", "", ""))
    for project in sorted(counts_then - counts_now):
        rows.append((before, "gone", project, "", "", ""))
    facts_then, facts_now = _facts(before), _facts(monitor)
    both = sorted(set(now.index) & set(then.index) - (counts_now ^ counts_then))
    for change, fields in (("moved", ["placement"]), ("changed", ["status", "committed", "start", "end"])):
        old, new = facts_then.loc[both, fields].to_numpy(), facts_now.loc[both, fields].to_numpy()
        for at, field in np.argwhere(old != new).tolist():
            rows.append((monitor, change, both[at], fields[field], old[at, field], new[at, field]))
    more = {"since": before.date, "since_text": written(before.date, monitor.language), "by": by}
    if by == "rows":
        table = pd.DataFrame(
            [
                (change, project, m.projects.at[project, "title"], _source(m, project), field, old, new)
                for m, change, project, field, old, new in rows
            ],
            columns=["change", "project", "title", "source", "field", "before", "after"],
            dtype="str",
        )
        return monitor.cite(table, "changes", **more)
    parts = []
    for m in (monitor, before):
        mine = {
            change: {p for x, c, p, *_ in rows if x is m and c == change}
            for change in ("new", "gone", "moved", "changed")
        }
        mine["changed"] |= mine.pop("moved")
        touched = sorted(set().union(*mine.values()))
        values = pd.DataFrame({c: [int(p in mine[c]) for p in touched] for c in mine})
        places = m.pool.frame.index.get_indexer(touched)
        parts.append(footing(m, places, values, by, "new").set_index("code"))
    table, old = parts
    extra = [code for code in old.index if code not in table.index]
    table = pd.concat([table, old.loc[extra].assign(new=0, gone=0, changed=0)])
    table["gone"] = table["gone"] + old["gone"].reindex(table.index).fillna(0).astype("Int64")
    table = table.reset_index()[["code", "label", "part", "new", "gone", "changed"]]
    return monitor.cite(
        table.sort_values("part", key=lambda s: s.eq("total"), kind="stable", ignore_index=True), "changes", **more
    )


def _source(monitor: Monitor, project: str) -> str:
    return monitor.codebook.label("source", monitor.projects.at[project, "source_id"], monitor.language)


def _facts(monitor: Monitor) -> pd.DataFrame:
    """What is compared, as text, per project."""
    here, language = monitor.projects, monitor.language
    committed = committed_of(monitor)
    return pd.DataFrame(
        {
            "placement": place_texts(monitor, np.flatnonzero(monitor.keep)),
            "status": [say(f"status.{status}", language) for status in here["derived"]],
            "committed": [euro(None if pd.isna(cents) else int(cents)) for cents in committed],
            "start": [period_text(*row) for row in zip(here["start_from"], here["start_to"], strict=True)],
            "end": [period_text(*row) for row in zip(here["end_from"], here["end_to"], strict=True)],
        },
        index=here.index,
        dtype="object",
    )


def period_text(first: str, last: str) -> str:
    """'2007-01-01', '2007-03-31' -> '1-1-2007 t/m 31-3-2007'; one day alone; '' when unknown."""
    days = [
        "-".join(str(int(part)) for part in reversed(day.split("-"))) for day in dict.fromkeys([first, last]) if day
    ]
    return " t/m ".join(days)
