"""Projects: the list behind every figure."""

import numpy as np
import pandas as pd

from wmo_analysis.errors import WmoError
from wmo_analysis.measure._budget import committed_of
from wmo_analysis.measure._shape import shape
from wmo_analysis.measure._texts import place_texts, source_texts, status_texts, theme_texts
from wmo_analysis.measure.parts import footing, shares
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import VIA, WAYS
from wmo_analysis.words import say

TEXTS = "project, title, source, place, theme_labels, via_label, status"
PARTS = shape("code", "code, label, part, projects [projects], share [%], invented")
SHAPES = {
    "projects": shape("project", f"{TEXTS}, counts, start, end, committed [EUR cent], basis, invented"),
    **dict.fromkeys(("projects.theme", "projects.region", "projects.municipality", "projects.source"), PARTS),
}
VIEWS = ("", "theme", "region", "municipality", "source")
LEANS_ON = {"theme": ("themes",), "region": ("members",), "municipality": ("members",), "source": ()}


def projects(monitor: Monitor, by: str = "") -> pd.DataFrame:
    """The projects of the selection, those that count first: what a figure of coverage, or a cell, is made of; or those that
    count divided over themes, regions, municipalities or sources, so that the parts foot to the whole.

    Returns
    -------
    by="": project, title, source, place, theme_labels, via_label (own, partnership or province-wide as seen from the
    municipalities left; '' without a municipality), status (label, on the date), counts (bool), start, end (ISO day,
    period or ''), committed [EUR cent of the whole project; missing without an amount], basis, invented (bool: all
    of it is made up); sorted by counts, via, title. attrs: reached [counting projects with an own placement or through a
    partnership], which is the number of a matrix cell.
    by="theme" | "region" | "municipality" | "source": code, label, part (part, undivided, total), projects [projects that
    count], share [% of the total], invented; parts and undivided rows foot to the total. A project with stated shares
    counts once, in the row `shared`.

    Raises
    ------
    WmoError for another `by`.

    Source: docs/rules.md, Coverage, and the third law.
    """
    if by not in VIEWS:
        raise WmoError(f"Onbekende waarde voor by: {by}. Mogelijk zijn: {', '.join(VIEWS[1:])}.")
    if by:
        return _divided(monitor, by)
    pool, way = monitor.pool, ways(monitor, monitor.municipalities)
    at = np.flatnonzero(monitor.keep)
    at = at[np.lexsort((pool.title_rank[at], way[at], ~monitor.counting[at]))]
    labels = [say(f"via.{via}", monitor.language) if via else "" for via in WAYS]
    table = pd.DataFrame(
        {
            "project": pool.column("group", at),
            "title": pool.column("title", at),
            "source": source_texts(monitor, at),
            "place": place_texts(monitor, at),
            "theme_labels": theme_texts(monitor, at),
            "via_label": pd.array(labels, dtype="str").take(way[at]),
            "status": status_texts(monitor, at),
            "counts": monitor.counting[at],
            "start": pool.column("start_from", at),
            "end": pool.column("end_to", at),
            "committed": committed_of(monitor, at),
            "basis": pool.column("basis", at),
            "invented": pool.invented[at],
        }
    )
    reached = int((monitor.counting & (way < VIA.index("province")) & ~pool.outside).sum())
    return monitor.cite(table, "projects", reached=reached)


def _divided(monitor: Monitor, by: str) -> pd.DataFrame:
    at = np.flatnonzero(monitor.counting)
    counts = pd.DataFrame({"count": np.ones(len(at), dtype=np.int64), "real": ~monitor.pool.invented[at]}).astype(
        "int64"
    )
    table = footing(monitor, at, counts, by, "count")
    table["share"] = shares(table["projects"].to_numpy(dtype=np.int64))  # also of those whose count stands in `shared`
    table["invented"] = ((table["projects"] > 0) & (table["real"] == 0)).astype(bool)
    made = monitor.made_of_projects(monitor.counting, leans=LEANS_ON[by])
    return monitor.cite(table[list(PARTS.columns)], "projects", by=by, **made)


def ways(monitor: Monitor, gm_codes: list[str]) -> np.ndarray:
    """How each project of the pool is placed in these municipalities, the nearest way of several, as its place in WAYS."""
    facts = monitor.facts
    # argmax finds the first way that is there, and VIA stands the nearest first
    here = facts.vias[:, facts.numbers(gm_codes)].any(axis=1)  # [combination of placements, VIA]
    nearest = np.where(here.any(axis=1), here.argmax(axis=1), WAYS.index(""))
    return nearest[monitor.pool.place]
