"""What is committed of the credit through time."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import words
from wmo_analysis.chart._marks import Span, invented
from wmo_analysis.chart._sheet import Sheet, days_axis, in_one, money, short, strong
from wmo_analysis.style import LIGHT, escape, measure

LINES = {"asked": dict(color=LIGHT.grey, width=1.5, dash="dot"), "committed": dict(color=LIGHT.blue, width=2.5)}
INKS = {"allocation": LIGHT.ink, "asked": LIGHT.muted, "committed": LIGHT.blue}  # of the figures at the right
HIGH = 20  # heights of a text
APART = 2.8  # heights of a text between two figures at the right
RIGHT, BESIDE = 18, 12  # px of room for them, and from the plot to them
TICK_GAP = 10  # px between the amounts of the axis and the plot
DOT = 6  # px


def spending(table: pd.DataFrame, about: Mapping[str, Any], width: float) -> go.Figure:
    """Figure of measure.budget(by="time"): asked and committed as steps, day by day, under the line of the credit."""
    sheet = Sheet("budget", about, width)
    text, limit = sheet.text, int(about["allocation"])
    rows = table.astype(dict.fromkeys(LINES, "int64")).to_dict("records")
    ends = {"allocation": limit, **{kind: rows[-1][kind] for kind in LINES}} if rows else {}
    top = max([limit, *table["asked"], *table["committed"]])
    marks, amounts = money(top, 5)
    sheet.left = max(measure(amount, sheet.px.footer) for amount in amounts) + TICK_GAP

    sheet.line(0, 1, limit, limit, LIGHT.ink, 2, xref="paper")
    place = dict(xref="paper", yref="paper", xshift=-sheet.left, yshift=1.3 * text, name="unit")
    sheet.put(escape(sheet.say("axis")), 0, 1, 0, LIGHT.muted, **place)
    _ends(sheet, ends, top, rows[-1]["date"] if rows else "")
    if not rows:
        _nothing(sheet)
    for kind in LINES:
        _steps(sheet, kind, rows)
    _tell(sheet, rows)
    sheet.above, sheet.below = 2.4 * text, 3 * text
    upward = dict(range=[0, top], tickvals=marks, ticktext=[f"{a}\u00a0" for a in amounts], showgrid=True)
    return sheet.figure(HIGH * text, _along(sheet, rows) | _axis(sheet), upward | _axis(sheet))


def _axis(sheet: Sheet) -> dict[str, Any]:
    return dict(tickfont=dict(size=sheet.px.footer, color=LIGHT.muted), linecolor=LIGHT.axis)


def _along(sheet: Sheet, rows: list[dict]) -> dict[str, Any]:
    """The axis of days, from the first day of a quarter, which has a tick."""
    day = sheet.about["as_of"]
    low = min([*(row["date"] for row in rows), day])
    low = f"{low[:4]}-{(int(low[5:7]) - 1) // 3 * 3 + 1:02}-01"
    span = (int(day[:4]) - int(low[:4])) * 365 + (int(day[5:7]) - int(low[5:7])) * 30 + 30  # days, about
    per_day = (sheet.room - sheet.left - sheet.right) / max(span, 1)
    return days_axis(sheet, low, day, per_day)


def _ends(sheet: Sheet, ends: dict[str, int], top: int, last: str) -> None:
    """The last figure of each line, of the day `last`, at its height, highest first, and room for them at the right."""
    shown = {}
    for kind, cents in sorted(ends.items(), key=lambda end: -end[1]):
        amount = sheet.say("about", euro=words.euro(cents)) if kind == "allocation" else words.euro(cents)
        shown[kind] = amount, sheet.say(f"end.{kind}")
    wide = [max(measure(amount, sheet.text, True), measure(name, sheet.text)) for amount, name in shown.values()]
    sheet.right, high = max(wide, default=0) + RIGHT, HIGH * sheet.text
    heights = _apart([ends[kind] / top * high for kind in shown], APART * sheet.text)
    for (kind, (amount, name)), y in zip(shown.items(), heights, strict=True):
        place = dict(xref="paper", xshift=BESIDE, yshift=y, name="end")
        sheet.put(f"{strong([amount])}<br>{escape(name)}", 1, 0, 0, INKS[kind], (last, kind), **place)


def _nothing(sheet: Sheet) -> None:
    """The note in the middle of a plot without a booking; the line of the credit stays."""
    empty = Sheet("budget", sheet.about, sheet.width)
    empty.room -= sheet.left
    empty.nothing(sheet.say("nothing_booked"))
    sheet.notes += [note | dict(x=0.5, y=0.5, yref="paper", xanchor="center") for note in empty.notes]


def _steps(sheet: Sheet, kind: str, rows: list[dict]) -> None:
    """The line of one kind, which runs on to the as-of date."""
    line, ends = LINES[kind], [*(row["date"] for row in rows), sheet.about["as_of"]][1:]
    spans = [Span(row["date"], end, row[kind], invented(row)) for row, end in zip(rows, ends, strict=True)]

    def hover(date: str, value: int) -> str:
        told = dict(date=sheet.date(date), kind=sheet.say(f"end.{kind}"), euro=words.euro(value))
        return escape(sheet.say("hover.time", **told))

    mode = "lines+markers" if len(rows) == 1 else "lines"  # a line of one day is no line
    dot = dict(size=DOT, color=line["color"], line=dict(width=0))
    sheet.steps(kind, spans, line, hover, mode=mode, marker=dot)


def _apart(wanted: list[float], gap: float) -> list[float]:
    """Heights from above, at least `gap` apart and none below zero, as near to the wanted ones as that allows."""
    found, above = [], math.inf
    for y in wanted:
        found.append(min(y, above - gap))
        above = found[-1]
    floor = 0
    for number in reversed(range(len(found))):
        found[number] = max(found[number], floor)
        floor = found[number] + gap
    return found


def _tell(sheet: Sheet, rows: list[dict]) -> None:
    say, about = sheet.say, sheet.about
    narrowed = any(name != "basis" for name, _ in about["selection"])  # the credit is of all projects
    rules = ["rule", "rule.about", "rule.time", *["rule.narrowed"] * narrowed]
    told = in_one(f"{sheet.date(row['date'])}: {words.euro(row['committed'])}" for row in rows)
    what = f"{say('by.time')}, {about['credit']}"
    sheet.tell(_finding(rows, narrowed, sheet), rules, [told], credit=what)


def _finding(rows: list[dict], narrowed: bool, sheet: Sheet) -> str:
    """From the first commitment to the last, in at most 12 words."""
    say, known = sheet.say, [row for row in rows if row["committed"]]
    if not rows:
        return say("empty_booked")
    if not known:
        return say("time_zero", asked=words.euro(rows[-1]["asked"]))
    begin, end = words.euro(known[0]["committed"]), words.euro(rows[-1]["committed"])
    free, date = int(rows[-1]["free"]), sheet.date(known[0]["date"])
    if free < 0 and not narrowed:
        return say("whole_over", committed=end, over=say("about", euro=words.euro(-free)))
    level = say("time_level", end=end, date=date)
    return level if begin == end else short([say("time", begin=begin, end=end, date=date), level])
