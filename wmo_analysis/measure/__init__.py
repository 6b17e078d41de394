"""Measures: a Monitor in, a table out, with its citation in `attrs["wmo"]`. One measure = one chart = one name."""

from wmo_analysis.measure import (
    _budget,
    _changes,
    _claims,
    _coverage,
    _logbook,
    _options,
    _profile,
    _projects,
    _quality,
    _rounds,
)
from wmo_analysis.measure._behind import BEHIND, figure
from wmo_analysis.measure._budget import budget, hours
from wmo_analysis.measure._changes import changes
from wmo_analysis.measure._claims import claims
from wmo_analysis.measure._coverage import coverage
from wmo_analysis.measure._logbook import logbook
from wmo_analysis.measure._options import options, summary
from wmo_analysis.measure._profile import good_examples, profile, timeline
from wmo_analysis.measure._projects import projects
from wmo_analysis.measure._quality import assumptions, quality
from wmo_analysis.measure._rounds import rounds
from wmo_analysis.measure._shape import Shape
from wmo_analysis.schema import Citation

__all__ = """
BEHIND SHAPES assumptions budget changes claims coverage figure good_examples hours logbook options profile projects quality
rounds summary timeline
""".split()


def shape_of(about: Citation) -> Shape | None:
    """The shape of the table that says this of itself; None for a list beside the measures."""
    return SHAPES.get(f"{about['measure']}.{about.get('by') or ''}") or SHAPES.get(about["measure"])


FILES = (_budget, _changes, _claims, _coverage, _logbook, _options, _profile, _projects, _quality, _rounds)
SHAPES = {name: shape for file in FILES for name, shape in file.SHAPES.items()}  # "budget", "budget.theme" -> Shape
