"""One municipality on one page: its projects, through which placement, beside its region and its round."""

import operator
import re
import string
from dataclasses import replace
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import schema, words
from wmo_analysis.chart._look import CELLS, Look
from wmo_analysis.chart._marks import Bar, invented
from wmo_analysis.chart._rows import numbers, records
from wmo_analysis.chart._sheet import END_GAP, LABEL_GAP, Opens, Say, Sheet, in_one, lines, short, strong, why
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, fit, measure

LOOKS = {via: CELLS[via] for via in schema.VIA} | {
    "outside": Look(LIGHT.track, LIGHT.axis, ink=LIGHT.muted),
    "mean": Look(LIGHT.track, LIGHT.axis),
}
LEAST = 5  # projects on the axis, so that one project does not fill the width
WRAPPED = {"title": 0.5, "theme_labels": 0.28, "source": 0.22}  # of what the columns below leave
MEASURED = ("status", "hours", "committed")
RIGHT = ("hours", "committed")
SWATCH = 1.9  # text heights before the first column: the look of a project

Bars = dict[str, list[Bar]]  # by look
Fact = list[tuple[str, Opens]]  # the pieces of a line, and what each opens


class Column(NamedTuple):
    """Of the list of projects [px]; `edge` is where its texts begin, or end when they stand right."""

    edge: float
    wide: float
    side: str


def profile(table: pd.DataFrame, width: int = NOTEBOOK) -> go.Figure:
    """Figure of measure.profile: the number of projects beside the mean of the region, and below it every project.

    Own, through a partnership and province-wide differ in fill, hatch and outline; what no list states is a word.
    """
    about = checked(table, "profile")
    sheet, name, rows = Sheet("profile", about, width), about["municipality"], records(table)
    counts = {via: int(about[via]) for via in schema.VIA}
    unknown = not about["projects"] or pd.isna(about["region_mean"])
    counted = dict(covered=words.number(about["themes_covered"]), of=words.number(about["themes"]))
    facts = [[(sheet.say("themes_unknown"), ())] if unknown else _themes(counted, sheet)]
    facts += [[(_round(about, sheet.say), ())], *_logbook(about, sheet)]

    bars = {look: [] for look in LOOKS}
    mean = None if unknown else float(about["region_mean"])
    y = _compare(counts, mean, _made_up(rows), bars, sheet)
    y = _list(rows, _write_facts(facts, y, sheet) + 1.6 * sheet.text, bars, sheet)
    for look, drawn in bars.items():
        sheet.draw(look, drawn, LOOKS[look], font=dict(color=LOOKS[look].ink, weight=700))
        if drawn and look != "mean":
            sheet.key(sheet.say(f"key.{look}"), replace(LOOKS[look], glyph=""))
    extra = [_told(fact) for fact in facts]
    extra.append(in_one(f"{row['title']} ({row['via_label']}, {row['status']})" for row in rows))
    sheet.tell(_finding(about, counts, counted, sheet.say), ["rule"], extra, municipality=name)
    sheet.above = 0.3 * sheet.text
    return sheet.figure(y, [0, sheet.room])


def _round(about: dict, say: Say) -> str:
    if not about["state_label"]:
        return say("no_round")
    return say("round", round=words.number(about["round"]), state=about["state_label"])


def _write_facts(facts: list[Fact], y: float, sheet: Sheet) -> float:
    """Writes each fact on a line of its own below `y`; returns where they end."""
    for fact in facts:
        x, y = 0.0, y + 1.5 * sheet.text
        for told, opens in fact:
            sheet.put(escape(fit(told, sheet.text, sheet.room)), x, y, opens=opens, name="fact")
            x += measure(told, sheet.text)
    return y


def _told(fact: Fact) -> str:
    return "".join(told for told, _ in fact) + "."


def _themes(counted: dict[str, str], sheet: Sheet) -> Fact:
    """'Thema's gedekt: 2 van 8' in pieces, each number with what it opens."""
    pieces = []
    for text, name, _, _ in string.Formatter().parse(words.text("chart.profile.themes", sheet.language)):
        pieces += [(text, ()), (counted.get(name, ""), (f"themes_{name}",))]
    return list(filter(operator.itemgetter(0), pieces))  # a text may begin or end with a number


def _logbook(about: dict, sheet: Sheet) -> list[Fact]:
    """The steps of its conversation with their days in lines, and how late it was; [] when no list names it."""
    steps = "; ".join(f"{label}: {day}" for label, day in about.get("logbook", ()))
    if not steps:
        return []
    told = [[(line, ())] for line in lines(sheet.say("logbook", steps=steps), sheet.text, sheet.room, 3)]
    late = about["late_label"]
    opens = ("late",) if re.search(r"\d", late) else ()
    return [*told, *([[(late, opens)]] if late else [])]


def _made_up(rows: list[dict]) -> dict[str, str]:
    """The looks of which every project is an example, or some are."""
    found = {}
    for look in {row["via"] for row in rows}:
        flags = [bool(invented(row)) for row in rows if row["via"] == look]
        found[look] = invented(dict(invented=all(flags), partly=any(flags)))
    return found


def _compare(counts: dict[str, int], mean: float | None, made_up: dict[str, str], bars: Bars, sheet: Sheet) -> float:
    """The municipality, the mean of its region and the province-wide projects as bars; returns their height."""
    own, partnership, province = counts.items()
    names = [sheet.about["municipality"], sheet.say("mean", region=sheet.about["region"]), sheet.say("province")]
    heads = [lines(name, sheet.text, 0.36 * sheet.room, bold=number == 0) for number, name in enumerate(names)]
    left = max(sheet.widest(heads[0], bold=True), sheet.widest(heads[1] + heads[2])) + LABEL_GAP
    most = max(counts["own"] + counts["partnership"], counts["province"], mean or 0, LEAST)
    unit, y = (sheet.room - left - 6 * sheet.text) / most, 0
    for head, spans in zip(heads, ([own, partnership], [("mean", mean or 0)], [province]), strict=True):
        high = max(2.1, 1.3 * len(head) + 0.45) * sheet.text
        middle, head = y + high / 2, strong(head, head is heads[0])
        sheet.put(head, left - LABEL_GAP, middle, xanchor="right", align="right", name="label")
        reached = _put_spans(spans, made_up, left, unit, middle, bars, sheet)
        _write_end(spans[0][0], reached, mean, left + reached * unit, middle, sheet)
        y += high
    return y


def _write_end(look: str, reached: float, mean: float | None, x: float, y: float, sheet: Sheet) -> None:
    """Beside its bar stands a mean; a number of projects stands in it, or a word where there is none."""
    shown, ink, opens = sheet.say(sheet.about.get("empty", "none")), LIGHT.muted, ()
    if look == "mean" and mean is None:
        shown = sheet.say("unknown")
    elif look == "mean":
        shown, ink, opens = words.number(mean, 1), LIGHT.ink, ("region_mean",)
    elif reached:
        return
    elif look == "province":
        shown = sheet.say("none" if sheet.about.get("complete", True) else "unknown")
    sheet.put(strong([shown]), x, y, color=ink, opens=opens, xshift=END_GAP, name="end")


def _put_spans(
    spans: list[tuple[str, float]],
    made_up: dict[str, str],
    left: float,
    unit: float,
    y: float,
    bars: Bars,
    sheet: Sheet,
) -> float:
    """The spans of one bar, (look, number), one after the other; returns the number that they reach."""
    reached = 0
    for look, count in spans:
        if count:
            shown = words.number(count) if look != "mean" else ""
            place = left + reached * unit, count * unit, y, 1.3 * sheet.text
            bars[look].append(Bar(*place, look, _hover(look, sheet), shown, made_up.get(look, "")))
        reached += count
    return reached


def _hover(look: str, sheet: Sheet) -> str:
    return escape(sheet.say(f"key.{look}"))


def _list(rows: list[dict], y: float, bars: Bars, sheet: Sheet) -> float:
    """The projects from `y` down, each with the swatch of its look; returns where they end."""
    text, room = sheet.text, sheet.room
    if not rows:
        empty = why(sheet.about.get("empty", "none"), sheet.about)
        nothing = strong(lines(sheet.say(f"nothing.{empty}"), text, room, 3), bold=False)
        sheet.put(nothing, 0, y + 3 * text / 2, color=LIGHT.muted, xref="paper", name="nothing")
        return y + 3 * text
    shown = [_cells(row, sheet.say("unknown")) for row in rows]
    heads = {name: sheet.say(f"head.{name}") for name in (*WRAPPED, *MEASURED)}
    columns = _columns(shown, heads, sheet)
    for name, head in heads.items():
        place = dict(xanchor=columns[name].side, name="head")
        sheet.put(escape(head), columns[name].edge, y + 0.4 * text, sheet.px.footer, LIGHT.muted, **place)
    y += 1.3 * text
    for row, cells in zip(rows, shown, strict=True):
        sheet.line(0, room, y, y, LIGHT.grid)
        place = 0, 1.1 * text, y + text, 0.9 * text
        bars[row["via"]].append(Bar(*place, row["project"], _hover(row["via"], sheet), invented=invented(row)))
        y += _project(row, cells, columns, y, sheet)
    return y


def _cells(row: dict, unknown: str) -> dict[str, str]:
    """The texts of a project by column."""
    cells = {name: row[name] or unknown for name in (*WRAPPED, "status")}
    cells |= dict.fromkeys(RIGHT, unknown)
    if row["hours"] is not None:
        cells["hours"] = words.number(row["hours"])
    if row["committed"] is not None:
        cells["committed"] = words.euro(row["committed"])
    return cells


def _columns(shown: list[dict[str, str]], heads: dict[str, str], sheet: Sheet) -> dict[str, Column]:
    """What is never cut takes its width, the rest is divided."""
    text, px = sheet.text, {}
    for name in MEASURED:
        texts = [measure(cells[name], text) for cells in shown]
        px[name] = max(measure(heads[name], sheet.px.footer), *texts) + 1.2 * text
    rest, x = sheet.room - SWATCH * text - sum(px.values()), SWATCH * text
    columns = {}
    for name in heads:
        wide = px.get(name) or WRAPPED[name] * rest
        columns[name] = Column(x, wide, "left")
        if name in RIGHT:
            edge = min(x + wide, sheet.room)  # a hair outside the plot, and the text vanishes
            columns[name] = Column(edge, wide, "right")
        x += wide
    return columns


def _project(row: dict, cells: dict[str, str], columns: dict[str, Column], y: float, sheet: Sheet) -> float:
    """Writes one project, with below its title why it is a good example; returns its height."""
    text, most = sheet.text, 0
    for name, (edge, wide, side) in columns.items():
        room = wide - 0.8 * text
        found = lines(cells[name], text, room, 4)
        if name == "title" and row["good_example"]:
            found += lines(sheet.say("good", why=row["good_example"]), text, room, 4)
        place = dict(xanchor=side, yanchor="top", name="project" if name == "title" else name)
        opens = (row["project"], name) if name in RIGHT and row[name] is not None else ()
        sheet.put(strong(found, bold=False), edge, y + 0.35 * text, opens=opens, **place)
        most = max(most, len(found))
    return (1.3 * most + 0.7) * text


def _finding(about: dict, counts: dict[str, int], counted: dict[str, str], say: Say) -> str:
    """The finding with its figure in at most 12 words."""
    forms = ["finding", "finding_short"]
    if not any(counts.values()):
        forms = [f"nothing_here.{about.get('empty', 'none')}"]
    elif not counts["own"] and not counts["partnership"]:
        forms = ["only_province"]
    values = numbers(counts, counts) | counted
    return short([say(form, name=given, **values) for given in (about["municipality"], say("this")) for form in forms])
