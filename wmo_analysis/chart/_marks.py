"""Marks before they are drawn: bars and steps, and where the edge of what is made up runs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from wmo_analysis import days

ALL, SOME = "all", "some"  # how much of a mark is made up
DAY = 86_400_000  # ms, in which plotly counts the length of a bar on an axis of days


class Bar(NamedTuple):
    """One horizontal bar, with its middle at `y`."""

    start: Any
    length: float
    y: float
    high: float
    code: Any
    hover: str  # escaped
    text: str = ""  # escaped, inside the bar
    invented: str = ""  # ALL, SOME or nothing of it is made up


class Span(NamedTuple):
    """A step of a line: a level that holds from one day to another."""

    start: str
    end: str
    level: int
    invented: str = ""  # ALL, SOME or nothing of it is made up


def invented(row: Mapping[str, Any]) -> str:
    """Whether a row of a table holds nothing but examples (ALL), some, or none (''); a table that does not say so: none."""
    if row.get("invented"):
        return ALL
    return SOME if row.get("partly") else ""


def outline(bar: Bar) -> str:
    """The edge of a bar as a path on the axes of its chart, whose x-axis may be one of days."""
    if isinstance(bar.start, str):
        start, end = bar.start, days.later(bar.start, bar.length / DAY)
    else:
        start, end = round(bar.start, 3), round(bar.start + bar.length, 3)
    low, high = round(bar.y - bar.high / 2, 3), round(bar.y + bar.high / 2, 3)
    if bar.invented == SOME:
        return f"M{start},{low}H{end}"  # its upper edge alone
    return f"M{start},{low}H{end}V{high}H{start}Z"


def corners(spans: list[Span], made_up: str) -> list[tuple]:
    """The points of the steps that are made up so far (ALL, SOME, ''); the rise to a step belongs to it, None breaks the
    line."""
    points, last = [], (None, None)
    for span in spans:
        joined = last[0] == span.start
        if span.invented == made_up:
            if joined and points and points[-1] == last:
                points.pop()  # the step before rises to this one by itself
            else:
                points += [(None, None)] * bool(points) + [last] * joined
            points += [(span.start, span.level), (span.end, span.level)]
        last = span.end, span.level
    return points
