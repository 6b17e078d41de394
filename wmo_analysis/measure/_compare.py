"""Compare: two municipalities, regions or days side by side, and what the one has more than the other."""

import numpy as np
import pandas as pd

from wmo_analysis.errors import WmoError
from wmo_analysis.measure._budget import budget
from wmo_analysis.measure._figure import Figure
from wmo_analysis.measure._projects import projects
from wmo_analysis.measure._shape import shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.words import date as written

SIDES = ("one", "other")
COLUMNS = (
    "code, label, part, one [projects], other [projects], difference, "
    "cents_one [EUR cent], cents_other [EUR cent], cents_difference, invented"
)
VIEWS = ("municipality", "region", "date")
SHAPES = dict.fromkeys((f"compare.{by}" for by in VIEWS), shape("code", COLUMNS))
FIGURES = {"one": ("projects", "projects"), "cents_one": ("budget", "committed")}  # column -> measure and its column


def compare(monitor: Monitor, one: str, other: str, by: str = "municipality") -> pd.DataFrame:
    """Projects that count and what is committed, by theme, of two municipalities, regions or days of the selection.

    Returns
    -------
    code, label, part (part, undivided, total), one, other [projects], difference [projects, one less other], cents_one,
    cents_other [EUR cent committed of the credit], cents_difference [EUR cent], invented (bool: all of it is made up).
    The parts foot, on each side. A project of both sides counts on both. attrs: heads, the name of each side.

    Raises
    ------
    WmoError for another `by`, or a municipality, region or day that is not there.

    Source: docs/rules.md, the third law.
    """
    if by not in VIEWS:
        raise WmoError(f"Onbekende waarde voor by: {by}. Mogelijk zijn: {', '.join(VIEWS)}.")
    table, counted, made_up = None, np.zeros(len(monitor.pool), dtype=bool), True
    for name, code in zip(SIDES, (one, other), strict=True):
        here = side(monitor, by, code)
        parts, money = projects(here, by="theme"), budget(here, by="theme")
        table = parts[["code", "label", "part"]] if table is None else table
        table = table.assign(**{name: parts["projects"], f"cents_{name}": money["committed"]})
        made_up &= (parts["invented"] | (parts["projects"] == 0)).to_numpy()
        at = monitor.pool.frame.index.get_indexer(here.projects.index[here.projects["counts"]])
        counted[at[at >= 0]] = True
    for more in ("", "cents_"):
        difference = table[f"{more}one"] - table[f"{more}other"]
        table[f"{more}difference"] = difference.astype("Int64")
    found = (table["one"] > 0) | (table["other"] > 0)
    table["invented"] = (made_up & found).astype(bool)
    heads = {name: _named(monitor, by, code) for name, code in zip(SIDES, (one, other), strict=True)}
    if heads["one"] == heads["other"]:  # two columns of one name would be one
        heads["other"] += " (2)"
    about = {"one": one, "other": other, "heads": heads, "by": by} | monitor.made_of_projects(counted)
    return monitor.cite(table[list(SHAPES[f"compare.{by}"].columns)], "compare", **about)


def side(monitor: Monitor, by: str, code: str) -> Monitor:
    """The Monitor of one side."""
    return monitor.as_of(code) if by == "date" else monitor.within(**{by: code})


def _named(monitor: Monitor, by: str, code: str) -> str:
    if by == "date":
        return written(code, monitor.language)
    return monitor.label(by, monitor.codebook.find(by, code))


def figure_of(wanted: Figure) -> tuple[str, Figure]:
    """The code of the side that a figure stands on, and the figure of that side that it is."""
    column = wanted.column.replace("other", "one")
    measure, counted = FIGURES[column]
    code = wanted.settings["other" if "other" in wanted.column else "one"]
    return code, Figure(measure, wanted.row, counted, "theme", wanted.unit)
