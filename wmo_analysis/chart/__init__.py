"""Charts: each turns the table of the measure of the same name into a plotly Figure, without arithmetic."""

from ._budget import budget
from ._changes import changes
from ._coverage import coverage
from ._hours import hours
from ._profile import profile
from ._quality import quality
from ._rounds import rounds
from ._tilemap import tilemap
from ._timeline import timeline
