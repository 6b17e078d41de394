"""Measures: a Monitor in, a table out, with its citation in `attrs["wmo"]`. One measure = one chart = one name."""

from wmo_analysis.measure._behind import BEHIND, figure
from wmo_analysis.measure._budget import budget, hours
from wmo_analysis.measure._changes import changes
from wmo_analysis.measure._claims import claims
from wmo_analysis.measure._compare import compare
from wmo_analysis.measure._coverage import coverage
from wmo_analysis.measure._logbook import logbook
from wmo_analysis.measure._options import options, summary
from wmo_analysis.measure._profile import good_examples, profile, timeline
from wmo_analysis.measure._projects import projects
from wmo_analysis.measure._quality import assumptions, quality
from wmo_analysis.measure._rounds import rounds
from wmo_analysis.measure._shapes import SHAPES
from wmo_analysis.measure._shapes import shape_of as shape_of  # no measure, but asked of every table

__all__ = """
BEHIND SHAPES assumptions budget changes claims compare coverage figure good_examples hours logbook options profile projects
quality rounds summary timeline
""".split()
