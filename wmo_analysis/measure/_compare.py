"""Compare: two municipalities, regions or days side by side, and what the one has more than the other."""

import numpy as np
import pandas as pd

from wmo_analysis.errors import must_be_one
from wmo_analysis.measure._budget import budget
from wmo_analysis.measure._figure import Figure
from wmo_analysis.measure._projects import projects
from wmo_analysis.measure._shape import shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.words import date as written

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
    must_be_one("by", by, VIEWS)
    sides, heads, columns, made_up = {"one": one, "other": other}, {}, {}, True
    counted = np.zeros(len(monitor.pool), dtype=bool)
    for name, code in sides.items():
        here = side(monitor, by, code)
        parts = projects(here, by="theme")  # its rows are the same on every side
        columns |= {name: parts["projects"], f"cents_{name}": budget(here, by="theme")["committed"]}
        made_up &= (parts["invented"] | (parts["projects"] == 0)).to_numpy()
        at = monitor.pool.numbers(here.projects.index[here.projects["counts"]])
        counted[at[at >= 0]] = True  # on another day other lists may tell
        heads[name] = _named(monitor, by, code)
    table = parts[["code", "label", "part"]].assign(**columns)
    for more in ("", "cents_"):
        table[f"{more}difference"] = (table[f"{more}one"] - table[f"{more}other"]).astype("Int64")
    table["invented"] = (made_up & ((table["one"] > 0) | (table["other"] > 0))).astype(bool)
    if heads["one"] == heads["other"]:  # two columns of one name would be one
        heads["other"] += " (2)"
    about = sides | {"heads": heads, "by": by} | monitor.made_of_projects(counted)
    return monitor.cite(table[list(SHAPES[f"compare.{by}"].columns)], "compare", **about)


def side(monitor: Monitor, by: str, code: str) -> Monitor:
    """The Monitor of one side."""
    if by == "date":
        return monitor.as_of(code)
    return monitor.within(**{by: code})


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
