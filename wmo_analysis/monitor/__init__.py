"""The Monitor: clean tables, codebook and a selection, on an engine of arrays that all selections share."""

from wmo_analysis.monitor.carried import carried
from wmo_analysis.monitor.monitor import Monitor
from wmo_analysis.monitor.open import open_monitor

__all__ = ["Monitor", "carried", "open_monitor"]
