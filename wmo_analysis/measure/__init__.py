"""Measures: a Monitor in, a table out, with its citation in `attrs["wmo"]`. One measure = one chart = one name."""

from wmo_analysis.measure._claims import claims
from wmo_analysis.measure._coverage import coverage
from wmo_analysis.measure._rounds import rounds

__all__ = ["claims", "coverage", "rounds"]
