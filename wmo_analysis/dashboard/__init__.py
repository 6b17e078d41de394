"""The dashboard: a Selection, what it shows, and the page that draws it."""

from wmo_analysis.dashboard.board import Dashboard, explore
from wmo_analysis.selection import Selection

__all__ = ["Dashboard", "Selection", "explore"]
