"""Bars of covered municipalities by theme, region or source, and of projects by municipality."""

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import schema, words
from wmo_analysis.chart._look import CELLS
from wmo_analysis.chart._marks import Bar, invented
from wmo_analysis.chart._rows import numbers, records
from wmo_analysis.chart._sheet import END_GAP, LABEL_GAP, MANY, Say, Sheet, heading, in_one, short, strong, why
from wmo_analysis.style import LIGHT, checked, escape, measure, wrap

VIEWS = ("theme", "region", "source", "municipality")
APART = ("P9", "X0")  # the unknown theme and the source not stated: below the others, and never the finding
KINDS = schema.VIA[:2]  # province-wide covers no municipality
THICK = 0.58  # of the pitch: bar and track
LEAST = 5  # on the axis, so that one municipality of one does not fill the width


def of_set(about: dict[str, object]) -> str:
    """What keys of texts about the themes of the municipalities end in, else ''."""
    return "_municipal" if about.get("theme_set") == "municipal" else ""


def bars(table: pd.DataFrame, width: float) -> go.Figure:
    """Figure of measure.coverage(by=...): per row own and partnership-only against a track to all municipalities.

    By municipality the bar is its number of projects, own or only through a partnership; where there is none, a word says
    why. Unknown is a word, never 0.
    """
    by = table.attrs["wmo"]["by"]
    sheet = Sheet("bars", checked(table, f"coverage(by={by!r})"), width)
    value = "projects" if by == "municipality" else "covered"
    rows = _rows(table, value)
    pitch = (1.75 if len(rows) > MANY else 2.9) * sheet.text
    high = _lay(rows, pitch, sheet)
    _margins(rows, value, sheet)
    most = max([*(row["track"] for row in rows), LEAST])
    unit = (sheet.room - sheet.left - sheet.right) / most
    for row in rows:
        if value == "projects":
            row["track"] = most
        _write(row, pitch, unit, sheet)
    if rows:
        place = dict(name="unit", xref="paper", xshift=LABEL_GAP, yshift=0.6 * sheet.text)
        sheet.put(escape(sheet.say(f"unit.{value}")), 1, 0, color=LIGHT.muted, **place)
    else:
        sheet.put(escape(sheet.say("nothing")), 0, 1.2 * sheet.text, color=LIGHT.muted)
        high = 2.4 * sheet.text
    for kind in KINDS:
        _draw(kind, rows, value, pitch, unit, sheet)
    _tell(rows, by, value, sheet)
    sheet.above = 1.3 * sheet.text
    return sheet.figure(high, [0, most])


def _rows(table: pd.DataFrame, value: str) -> list[dict]:
    """The rows from most to least, with their value (None: unknown), what their track reaches to, and in place of a figure
    the state of a municipality without a project, or unknown."""
    rows = records(table)
    for row in rows:
        state = row.get("state", "unknown" if row["covered"] is None else "")
        row |= dict(value=row[value], empty=state if state in schema.EMPTY_STATES else "")
        if row["empty"] == "unknown":
            row["value"] = None
        row["track"] = row["of"] if value == "covered" else row["value"] or 0
    if not any(row["of"] for row in rows):  # no municipality is left: nothing to measure
        return []
    rows.sort(key=lambda row: (row["code"] in APART, row["value"] is None, -(row["value"] or 0)))
    return rows


def _lay(rows: list[dict], pitch: float, sheet: Sheet) -> float:
    """Gives each row its lines and y; returns the height of all."""
    y = 0.0
    for row in rows:
        if row["code"] in APART and row is not rows[0]:
            y += 0.8 * sheet.text
        row["lines"] = wrap(row["label"], sheet.text, 0.36 * sheet.room)[:2]
        row["y"] = y + pitch / 2
        y += pitch
    return y


def _margins(rows: list[dict], value: str, sheet: Sheet) -> None:
    """Room for the names at the left and for the figures at the right; gives each row its figure and what follows it."""
    for row in rows:
        if row["empty"]:
            row |= dict(figure="", rest=sheet.say(f"key.{row['empty']}"))
        else:
            of = sheet.say("of", of=words.number(row["of"])) if value == "covered" else ""
            row |= dict(figure=words.number(row["value"]), rest=of)
        row |= dict(counted=value, of_all=value == "covered" and not row["empty"])
    sheet.left = sheet.widest(line for row in rows for line in row["lines"]) + LABEL_GAP
    ends = sheet.widest((row["figure"] + row["rest"] for row in rows), bold=True)
    sheet.right = max(ends, measure(sheet.say(f"unit.{value}"), sheet.text)) + LABEL_GAP


def _write(row: dict, pitch: float, unit: float, sheet: Sheet) -> None:
    """The name of a row, its track and its figure."""
    y, high, ink = row["y"], THICK * pitch / 2, LIGHT.ink
    sheet.label(strong(row["lines"], bold=False), y)
    figure = row["figure"] and f"<b>{row['figure']}</b>"
    if row["empty"] in ("unknown", "absent"):
        ink = LIGHT.muted
    elif row["value"] == 0:
        ink = LIGHT.orange_text
    place = dict(color=ink, xref="paper")
    if row["of_all"]:  # the number and what it is out of open their own municipalities
        shift = LABEL_GAP + measure(row["figure"], sheet.text, True)
        sheet.put(escape(row["rest"]), 1, y, opens=(row["code"], "of"), xshift=shift, **place)
    shown = figure if row["of_all"] else figure + escape(row["rest"])
    sheet.put(shown, 1, y, opens=(row["code"], row["counted"]) if figure else (), xshift=LABEL_GAP, **place)
    sheet.box(0, row["track"], y - high, y + high)
    unknown = sheet.say(why("unknown", sheet.about))
    if row["value"] is None and measure(unknown, sheet.px.footer) + 2 * END_GAP < row["track"] * unit:
        sheet.put(escape(unknown), 0, y, sheet.px.footer, LIGHT.muted, xshift=END_GAP)


def _draw(kind: str, rows: list[dict], value: str, pitch: float, unit: float, sheet: Sheet) -> None:
    """The trace of one kind: own from zero, partnership from where own ends; the number inside where it fits."""
    drawn, look = [], CELLS[kind]
    for row in rows:
        if not row["value"]:
            continue
        start, length, shown = 0, row[kind], ""
        if value == "projects":  # either all through a partnership or not
            length = row["value"] * bool(length)
        elif kind == "partnership":
            start = row["own"]
        if value == "covered" and length * unit > 1.2 * sheet.text:
            shown = words.number(length)
        hover = f"{heading(row['label'])}<br>{escape(sheet.say(f'hover.{value}', **_counts(row)))}"
        drawn.append(Bar(start, length, row["y"], THICK * pitch, row["code"], hover, shown, invented(row)))
    sheet.draw(kind, drawn, look, None, dict(color=look.ink, size=0.93 * sheet.text))
    if any(row["value"] and row[kind] for row in rows):
        sheet.key(sheet.say(f"key.{kind}"), replace(look, glyph=""))


def _counts(row: dict) -> dict[str, str]:
    return numbers(row, ("covered", "of", "own", "partnership", "projects", "province"))


def _tell(rows: list[dict], by: str, value: str, sheet: Sheet) -> None:
    say = sheet.say
    told = [row for row in rows if not row["empty"]]
    if by == "municipality":  # many rows: the first and the last
        told = told[:1] + told[1:][-1:]
    each = [say(f"alt.{value}", name=row["label"], **_counts(row)) for row in told]
    extra = [in_one(each)]
    for state in schema.EMPTY_STATES:
        names = [row["label"] for row in rows if row["empty"] == state]
        if names:
            extra.append(say(f"alt.{state}", names=words.listing(names, sheet.language)))
    rules = [f"rule.{value}", "rule.overlap", "rule.province"]
    if by == "municipality":  # each project stands in one bar: nothing overlaps
        rules.remove("rule.overlap")
    unit = say(f"what.{value}{of_set(sheet.about)}")
    sheet.tell(_finding(rows, by, say), rules, extra, unit=unit, by=say(f"by.{by}"))


def _finding(rows: list[dict], by: str, say: Say) -> str:
    """The finding with its figure in at most 12 words: the widest reach and the narrowest, among what is known."""
    known = [row for row in rows if row["value"] is not None and row["code"] not in APART]
    if not rows:
        return say(f"empty.{by}")
    if not known:
        return say("all_unknown", of=words.number(max(row["of"] for row in rows)))
    first = known[0]
    most = words.number(first["value"])
    if by == "municipality" and len(known) == 1:
        return short([say("one_place", name=name, count=most) for name in (first["label"], say("this"))])
    covered = sum(bool(row["covered"]) for row in known)
    if by == "municipality":  # those of which nothing is known are part of the denominator
        return say("places", covered=words.number(covered), of=words.number(len(rows)), most=most)
    counts = dict(covered=words.number(covered), of=words.number(len(known)))
    if max(row["of"] for row in known) == 1:
        return say(f"one.{by}", **counts)
    return _reach(first, known[-1], by, say)


def _reach(first: dict, last: dict, by: str, say: Say) -> str:
    """The widest reach, and the narrowest where there is room and it is another row."""
    counts = _counts(first)
    reach = say(f"reach.{by}", name=first["label"], **counts)
    forms = [reach, say(f"reach.{by}", name=say(f"this_row.{by}"), **counts)]
    if last is not first:
        lowest = words.number(last["value"])
        if last["of"] != first["of"]:
            lowest += say("of", of=words.number(last["of"]))
        than = "less" if last["value"] else "least"
        forms.insert(0, say(f"{than}.{by}", reach=reach, name=last["label"], lowest=lowest))
    return short(forms)
