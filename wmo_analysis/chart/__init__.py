"""Charts: each turns the table of the measure of the same name into a plotly Figure, without arithmetic."""

from wmo_analysis.chart._budget import budget
from wmo_analysis.chart._changes import changes
from wmo_analysis.chart._compare import compare
from wmo_analysis.chart._coverage import coverage
from wmo_analysis.chart._hours import hours
from wmo_analysis.chart._profile import profile
from wmo_analysis.chart._quality import quality
from wmo_analysis.chart._rounds import rounds
from wmo_analysis.chart._tilemap import tilemap
from wmo_analysis.chart._timeline import timeline
