"""The dashboard: a Selection, what it shows, and the page that draws it."""

from wmo_analysis.dashboard.board import Dashboard, explore
from wmo_analysis.dashboard.show import Instrument, Still, show
from wmo_analysis.selection import Selection

__all__ = ["Dashboard", "Instrument", "Selection", "Still", "explore", "show"]
