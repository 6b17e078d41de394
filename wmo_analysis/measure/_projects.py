"""Projects: the list behind every figure."""

import numpy as np
import pandas as pd

from wmo_analysis.errors import must_be_one
from wmo_analysis.measure._budget import committed_of
from wmo_analysis.measure._shape import shape
from wmo_analysis.measure._texts import listed
from wmo_analysis.measure.parts import LEANS_ON, footing, shares
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import VIA, WAYS
from wmo_analysis.words import say_each

TEXTS = "project, title, source, place, theme_labels, via_label, status"
PARTS = shape("code", "code, label, part, projects [projects], share [%], invented")
SHAPES = {
    "projects": shape("project", f"{TEXTS}, counts, start, end, committed [EUR cent], basis, invented"),
    **dict.fromkeys(("projects.theme", "projects.region", "projects.municipality", "projects.source"), PARTS),
}
VIEWS = ("", "theme", "region", "municipality", "source")


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
    must_be_one("by", by, VIEWS)
    if by:
        return _divided(monitor, by)
    pool, way = monitor.pool, ways(monitor, monitor.municipalities)
    at = np.flatnonzero(monitor.keep)
    # lexsort takes its last key first: what counts, then the nearest way, then the title
    at = at[np.lexsort((pool.title_rank[at], way[at], ~monitor.counting[at]))]
    labels = [*say_each("via", VIA, monitor.language), ""]  # in the order of WAYS
    ways_of = pd.array(labels, dtype="str").take(way[at])
    more = {"via_label": ways_of, "counts": monitor.counting[at], "committed": committed_of(monitor, at)}
    table = listed(monitor, at, SHAPES["projects"], **more)
    reached = int((monitor.counting & (way < VIA.index("province")) & ~pool.outside).sum())
    return monitor.cite(table, "projects", reached=reached)


def _divided(monitor: Monitor, by: str) -> pd.DataFrame:
    at = np.flatnonzero(monitor.counting)
    counts = pd.DataFrame({"count": 1, "real": ~monitor.pool.invented[at]}, index=at).astype("int64")
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
