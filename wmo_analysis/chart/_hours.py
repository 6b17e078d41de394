"""Adviser hours per project against the maximum of its source."""

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import words
from wmo_analysis.chart._look import Look
from wmo_analysis.chart._rows import known, records
from wmo_analysis.chart._sheet import END_GAP, Say, Sheet, heading, in_one, short, strong
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, measure

WITHIN = Look(LIGHT.blue, ink=LIGHT.on_blue)
OVER = Look(edge=LIGHT.orange, pattern="/", lines=LIGHT.orange)
PITCH = 1.9  # heights of a text
APART = 0.7  # heights of a text, above the projects without a statement
LIMIT = 1.5  # px, the line of a maximum, which may stand at the very edge
RIGHT = 20  # px beside what stands at the end of a bar


def hours(table: pd.DataFrame, width: float = NOTEBOOK) -> go.Figure:
    """Figure of measure.hours: a bar per project in hours, most first; above the maximum hatched, with words.

    A project without a statement of hours stands below, as a word and never as 0.
    """
    sheet = Sheet("hours", checked(table, "hours"), width)
    say, text = sheet.say, sheet.text
    rows = _rows(table, say)
    told, limited = known(rows, "hours"), known(rows, "limit")
    past = [row for row in told if row["over"]]
    limits = sorted({row["limit"] for row in limited})

    high = sheet.lay(rows, 0.4, pitch=PITCH * text)
    sheet.right = sheet.widest(("".join(row["end"]) for row in past), True) + RIGHT
    top = max([1, *limits, *(row["hours"] for row in told)])
    unit = (sheet.room - sheet.left - sheet.right) / top
    sheet.labels(rows)
    for row in rows:
        _end(sheet, row, unit)
    sheet.above = 0.9 * text
    if limits and told:
        sheet.above = 2.4 * text
        _head(sheet, limits, limited[0]["project"], unit)
    if not rows:
        high = sheet.nothing(say("nothing"))

    def hover(row: dict) -> str:
        return _hover(row, say)

    sheet.bars("hours", told, "hours", hover, WITHIN)
    past = [row | dict(invented=False) for row in past]  # the outline around all its hours is enough
    sheet.bars("over", past, "over", hover, OVER, base="limit")
    each = in_one(f"{row['label']}: {''.join(row['end'])}" for row in rows)
    sheet.tell(_finding(told, len(rows) - len(told), past, limits, say), ["rule"], [each])
    return sheet.figure(high, [0, top + LIMIT / unit])


def _rows(table: pd.DataFrame, say: Say) -> list[dict]:
    """The projects with hours in the order of the table, then those without; `end` is the raw figure and its words."""
    known, silent = [], []
    for row in records(table):
        row |= dict(code=row["project"], label=say("row", place=row["place"], title=row["title"]))
        over = say("over", over=words.number(row["over"])) if row["over"] else ""
        if row["hours"] is None:
            silent.append(row | dict(ink=LIGHT.muted, end=(say("silent"), over)))
        else:
            known.append(row | dict(end=(words.number(row["hours"]), over)))
    if known and silent:
        silent[0]["gap"] = APART
    return [*known, *silent]


def _end(sheet: Sheet, row: dict, unit: float) -> None:
    """The maximum of a row, and its figure: beside its bar with what is too much, else inside the bar where it fits."""
    (number, excess), opens = row["end"], (row["project"], "hours")
    if row["hours"] is None:
        sheet.end(escape(number), 0, row["y"], LIGHT.muted, sheet.px.footer)
        return
    if row["limit"] is not None:
        half = row["high"] / 2
        sheet.line(row["limit"], row["limit"], row["y"] - half, row["y"] + half, LIGHT.ink, LIMIT)
    if excess:
        told = f"{strong([number])} {escape(excess)}"
        sheet.end(told, row["hours"], row["y"], LIGHT.orange_text, opens=opens)
    elif row["hours"] * unit > measure(number, sheet.text, True) + 2 * END_GAP:
        place = dict(xanchor="right", xshift=-END_GAP, name="end")
        sheet.put(strong([number]), row["hours"], row["y"], color=WITHIN.ink, opens=opens, **place)
    else:
        sheet.end(strong([number]), row["hours"], row["y"], opens=opens)


def _head(sheet: Sheet, limits: list[float], project: str, unit: float) -> None:
    """What the lines are: the maximum above its line, which is that of the project, or that there are several."""
    place = dict(yshift=1.0 * sheet.text, name="limit")
    if len(limits) > 1:
        sheet.put(escape(sheet.say("limits")), 0, 0, **place)
        return
    head = sheet.say("limit", limit=words.number(limits[0]))
    half = measure(head, sheet.text) / 2
    x = max(min(limits[0] * unit, sheet.room - sheet.left - half), half - sheet.left)
    sheet.put(escape(head), 0, 0, opens=(project, "limit"), xanchor="center", xshift=x, **place)


def _hover(row: dict, say: Say) -> str:
    limit = "" if row["limit"] is None else say("hover.limit", limit=words.number(row["limit"]))
    told = say("hover", hours=row["end"][0], limit=limit)
    return "<br>".join([heading(row["label"]), escape(told), escape(row["source"])])


def _finding(told: list[dict], silent: int, past: list[dict], limits: list[float], say: Say) -> str:
    """The projects above the maximum, else the most hours, in at most 12 words."""
    if not told:
        return say("unknown", count=words.number(silent)) if silent else say("empty")
    first = (past or told)[0]
    values = dict(place=first["place"], most=words.number(first["hours"]), count=words.number(len(past)))
    if len(limits) == 1:
        values["max"] = say("max", limit=words.number(limits[0]))
    else:
        values["max"] = say("max_none")
    if not limits:
        return short([say("most", **values), say("most_only", **values)])
    if not past:
        return say("within", **values)
    if len(past) > 1:
        return say("several", **values)
    return short([say("one", **values), say("one_short", **values)])
