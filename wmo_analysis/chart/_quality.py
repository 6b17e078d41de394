"""How far the lists can answer: shares per source, or findings by code."""

from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import words
from wmo_analysis.chart._look import Look
from wmo_analysis.chart._rows import known, records, where
from wmo_analysis.chart._sheet import END_GAP, Sheet, capital, heading, in_one, percent, short, strong
from wmo_analysis.schema import COMPLETENESS
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, fit, measure

SEVERITIES = {  # most severe first
    "error": Look(LIGHT.pink),
    "warning": Look(edge=LIGHT.orange, pattern="/", lines=LIGHT.orange),
    "note": Look(edge=LIGHT.grey, pattern=".", lines=LIGHT.grey),
}
NUMBER_GAP = 12  # px around the numbers of projects
SHIFT = 6  # px between a track and its share
APART = 14  # px between a column and the next
RIGHT = 28  # px around the count and the side of a finding
PITCH = 1.9  # text heights of a row of findings, and of the name of a severity above it


class Columns(NamedTuple):
    """Beside the names [px]: the number of projects, then a track for each of what is asked."""

    count: float
    step: float
    full: float  # 100 %


def quality(table: pd.DataFrame, width: int = NOTEBOOK) -> go.Figure:
    """Figure of measure.quality: per source the share of projects with theme, municipality, date and amount, 0 to 100 %.

    by="finding": how often each kind of finding occurs, most severe first; hatched by severity.
    """
    if table.attrs.get("wmo", {}).get("by", "") == "finding":
        return _findings(table, Sheet("quality", checked(table, "quality(by='finding')"), width))
    return _shares(table, Sheet("quality", checked(table, "quality(by='source')"), width))


def _shares(table: pd.DataFrame, sheet: Sheet) -> go.Figure:
    say, text, rows = sheet.say, sheet.text, records(table)
    for row in rows:
        row |= dict(code=row["source_id"], label=capital(row["source"]))
    high = sheet.lay(rows, 0.28)
    columns = _columns(sheet)
    number = dict(xanchor="right", xshift=columns.count - APART)
    sheet.labels(rows)
    for row in rows:
        opens = (row["code"], "projects")
        shown = escape(words.number(row["projects"]))
        sheet.put(shown, 0, row["y"], color=LIGHT.muted, opens=opens, name="projects", **number)
    for position, what in enumerate(COMPLETENESS):
        _asked(what, columns.count + position * columns.step, rows, columns, sheet)
    sheet.put(escape(say("projects")), 0, 0, color=LIGHT.muted, yshift=0.8 * text, name="head", **number)
    if not rows:
        high = sheet.nothing(say("nothing"))
    told = in_one(_told(row, sheet) for row in rows)
    sheet.tell(_finding(rows, sheet), ["rule"], [told], what=say("what.source"))
    sheet.above = 2.2 * text
    return sheet.figure(high, [0, sheet.room - sheet.left])


def _columns(sheet: Sheet) -> Columns:
    count = measure(sheet.say("projects"), sheet.text) + NUMBER_GAP
    step = (sheet.room - sheet.left - count) / len(COMPLETENESS)
    whole, unknown = percent(100, sheet.language), sheet.say("unknown")
    end = max(measure(whole, sheet.text, True), measure(unknown, sheet.px.footer)) + END_GAP
    return Columns(count, step, step - end - APART)


def _asked(what: str, at: float, rows: list[dict], columns: Columns, sheet: Sheet) -> None:
    """One column: the share of each source on its track; a share that cannot be said is a word."""
    full, drawn = at + columns.full, []
    for row in known(rows, f"share_{what}"):
        drawn.append(row | dict(start=at, length=row[f"share_{what}"] / 100 * columns.full))

    def hover(row: dict) -> str:
        numbers = dict(count=words.number(row[f"with_{what}"]), of=words.number(row["projects"]))
        return f"{heading(row['label'])}<br>{escape(sheet.say('hover', what=sheet.say(what), **numbers))}"

    sheet.bars(what, drawn, "length", hover, Look(LIGHT.blue), base="start")
    for row in rows:
        share = row[f"share_{what}"]
        sheet.box(at, full, row["y"] - row["bar"] / 2, row["y"] + row["bar"] / 2)
        if share is None:
            sheet.end(escape(sheet.say("unknown")), full, row["y"], LIGHT.muted, sheet.px.footer, SHIFT)
        else:
            ink = LIGHT.ink if share else LIGHT.orange_text
            opens = (row["code"], f"with_{what}")
            shown = strong([percent(share, sheet.language)], share == 0)
            sheet.end(shown, full, row["y"], ink, shift=SHIFT, opens=opens)
    head = fit(sheet.say(what), sheet.text, columns.step, True)
    sheet.put(strong([head]), at, 0, yshift=0.8 * sheet.text, name="head")


def _told(row: dict, sheet: Sheet) -> str:
    """'Alleato: thema 100 %, gemeente onbekend'."""
    told = []
    for what in COMPLETENESS:
        share = row[f"share_{what}"]
        shown = sheet.say("unknown") if share is None else percent(share, sheet.language)
        told.append(f"{sheet.say(what)} {shown}")
    return f"{row['label']}: {', '.join(told)}"


def _finding(rows: list[dict], sheet: Sheet) -> str:
    """What is missing altogether at most sources, else the lowest share, in at most 12 words."""
    say, shares = sheet.say, []
    absent = dict.fromkeys(COMPLETENESS, 0)
    for what in COMPLETENESS:
        for row in known(rows, f"share_{what}"):
            share = row[f"share_{what}"]
            shares.append((share, row["label"], what))
            absent[what] += share == 0
    if not shares:
        return say("unknown_all", count=words.number(len(rows))) if rows else say("empty")
    worst = max(COMPLETENESS, key=absent.get)
    if absent[worst] and len(rows) > 1:
        return say("absent", what=say(f"Of.{worst}"), count=words.number(absent[worst]), of=words.number(len(rows)))
    share, name, what = min(shares, key=lambda found: found[0])
    values = dict(share=percent(share, sheet.language), name=name, what=say(f"Of.{what}"))
    return short([say("lowest", **values), say("lowest_only", **values)])


def _findings(table: pd.DataFrame, sheet: Sheet) -> go.Figure:
    say, rows, before, wide = sheet.say, records(table), None, 0
    for row in rows:
        row |= dict(label=f"{row['text']} ({row['code']})", beside=say(f"side.{row['side']}"))
        row["first"] = row["severity"] != before
        row["gap"] = PITCH * row["first"]
        before, count = row["severity"], words.number(row["count"])
        wide = max(wide, measure(count, sheet.text, True) + measure(row["beside"], sheet.px.footer))
    high = sheet.lay(rows, 0.46, 3, pitch=PITCH * sheet.text)
    sheet.right = wide + RIGHT
    sheet.labels(rows)
    for row in rows:
        _write(row, sheet)
    if not rows:
        high = sheet.nothing(say("nothing_found"))
    kinds = {}
    for severity, look in SEVERITIES.items():
        here = where(rows, "severity", severity)
        kinds[severity] = words.count(severity, len(here), sheet.language)
        sheet.bars(severity, here, "count", _hover, look)
    finding = say("kinds" if rows else "kinds_none", **kinds)
    told = in_one(f"{row['label']}: {words.number(row['count'])}" for row in rows)
    sheet.tell(finding, ["rule.finding"], [told], what=say("what.finding"))
    sheet.above = 0.2 * sheet.text
    return sheet.figure(high, [0, max([row["count"] for row in rows], default=1)])


def _write(row: dict, sheet: Sheet) -> None:
    """The count and the side of one kind of finding, and above the first of a severity its name."""
    y = row["y"]
    sheet.end(strong([words.number(row["count"])]), row["count"], y, opens=(row["code"], "count"))
    place = dict(xref="paper", xanchor="right", xshift=sheet.right, name="side")
    sheet.put(escape(row["beside"]), 1, y, sheet.px.footer, LIGHT.muted, **place)
    if row["first"]:
        name = capital(words.say(f"severity.{row['severity']}", sheet.language))
        y = y - row["high"] / 2 - 0.75 * sheet.text
        sheet.put(strong([name]), 0, y, color=LIGHT.muted, xref="paper", xshift=-sheet.left, name="severity")


def _hover(row: dict) -> str:
    return "<br>".join([heading(row["label"]), escape(row["why"]), escape(row["what_to_do"])])
