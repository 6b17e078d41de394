"""The WMO monitor of the Province of Utrecht: project lists in, figures that can be traced out.

    import wmo_analysis as wmo

    monitor = wmo.open()                                              # the workspace's clean tables and codebook
    west = monitor.within(region="Utrecht-West", theme="P3").as_of("2007-10-09")
    wmo.chart.coverage(wmo.measure.coverage(west))                    # one measure = one chart = one name
    monitor.trace(gm_code="GM0342", theme="P3")                       # where a figure comes from
    wmo.memo(west, "outputs/utrecht-west.docx")                       # the memo to the committee

`wmo build` reads data/raw and writes data/clean in four stages: read, clean, join, check. The rules
of counting stand in docs/rules.md. Names are loaded when first used.
"""

import importlib

_ROOMS = {name: f"wmo_analysis.{name}" for name in ("measure", "chart", "add")}
_NAMES = {
    "open": ("wmo_analysis.monitor", "open_monitor"),
    "Monitor": ("wmo_analysis.monitor", "Monitor"),
    "table": ("wmo_analysis.tables", "table"),
    "carried": ("wmo_analysis.monitor", "carried"),
    "memo": ("wmo_analysis.report", "memo"),
    "check_memo": ("wmo_analysis.report", "check_memo"),
    "Codebook": ("wmo_analysis.codebook", "Codebook"),
    "build": ("wmo_analysis.pipeline.bulkhead", "build"),
    "places": ("wmo_analysis.pipeline.places", "places"),
    "show": ("wmo_analysis.dashboard", "show"),
    "explore": ("wmo_analysis.dashboard", "explore"),
    "WmoError": ("wmo_analysis.errors", "WmoError"),
}
__all__ = [*_ROOMS, *_NAMES]


def __getattr__(name: str):
    if name in _ROOMS:
        return importlib.import_module(_ROOMS[name])
    if name in _NAMES:
        module, attribute = _NAMES[name]
        return getattr(importlib.import_module(module), attribute)
    raise AttributeError(f"module 'wmo_analysis' has no attribute {name!r}")
