"""Charts: each turns the table of the measure of the same name into a plotly Figure, without arithmetic."""

from ._coverage import coverage
from ._rounds import rounds
from ._tilemap import tilemap
from ._timeline import timeline
