"""The one credit: what is asked, committed and free or over, against the approximate allocation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import words
from wmo_analysis.chart._look import Look
from wmo_analysis.chart._marks import ALL, SOME, invented
from wmo_analysis.chart._rows import records
from wmo_analysis.chart._sheet import END_GAP, LABEL_GAP, MEMO, Sheet, in_one, money, strong
from wmo_analysis.style import LIGHT, escape, measure

LOOK = {  # in the order in which the bars lie over each other
    "asked": Look(edge=LIGHT.grey),
    "settled": Look(LIGHT.blue, ink=LIGHT.on_blue),
    "granted": Look(LIGHT.teal, ink=LIGHT.on_mid),
    "others": Look(LIGHT.track, LIGHT.axis),
    "over": Look(edge=LIGHT.orange, pattern="/", lines=LIGHT.orange),
    "free": Look(edge=LIGHT.blue),
}
ROWS = {"asked": [0], "settled": [1], "granted": [1], "others": [1], "over": [1, 2], "free": [2]}  # from above
OVER_BOTH = dict(fgcolor=[LIGHT.paper, LIGHT.orange], bgcolor=["rgba(0,0,0,0)", LIGHT.paper])  # settled, granted show
PITCH, THICK, THIN = 5.4, 3.4, 1.9  # heights of a text: a row, its bar, and the bar of what is only asked
TICK_GAP = 4  # px right of the last amount of the axis
LIMIT = 2  # px, the line of the allocation
INSIDE = 10  # px between the edge of a bar and the text in it
DIVIDER = 4  # px; a segment that is thinner has no line beside it


@dataclass(frozen=True)
class Credit:
    """The items in cents, an unknown one as 0, and as they are written; `total` is where all commitments end."""

    cents: dict[str, int]
    shown: dict[str, str]
    known: bool
    invented: dict[str, str]  # see Bar
    total: int  # projects outside the selection too

    @property
    def last(self) -> str:
        """What the third row shows."""
        return "over" if self.cents["over"] else "free"


def credit(table: pd.DataFrame, about: Mapping[str, Any], width: float) -> go.Figure:
    """Figure of measure.budget(): three rows against the line of the allocation."""
    sheet = Sheet("budget", about, width)
    say, text, pitch = sheet.say, sheet.text, PITCH * sheet.px.label
    found = _found(table, sheet)
    heads = [[say(f"row.{item}"), found.shown[item]] for item in ("asked", "committed", found.last)]
    if not about["projects"] and found.known:
        heads[0][1] = heads[1][1] = say("no_amount")
    top = max(found.cents["allocation"], found.total, found.cents["asked"])
    sheet.left = sheet.widest((line for head in heads for line in head), True) + LABEL_GAP
    sheet.right = measure(words.number(top / 100, 0), sheet.px.footer) / 2 + TICK_GAP
    unit = (sheet.room - sheet.left - sheet.right) / top

    _lines(sheet, found, pitch, unit)
    items = ("asked", "committed", found.last) if found.known else ("", "", "")
    _heads(sheet, list(zip(items, heads, strict=True)), pitch, LIGHT.orange_text if found.cents["over"] else LIGHT.ink)
    _notes(sheet, found, pitch, unit)
    for item in LOOK:
        _bars(sheet, item, found, pitch, unit)
    sheet.above, sheet.below = 2.2 * text, 2 * text
    _tell(sheet, found, approximate=bool(table.set_index("item")["approximate"]["free"]))
    return sheet.figure(3 * pitch, _axis(sheet, top, unit))


def _found(table: pd.DataFrame, sheet: Sheet) -> Credit:
    say, cents, shown = sheet.say, {}, {}
    items = {row["item"]: row for row in records(table)}
    known = items["committed"]["cents"] is not None  # else nothing but the allocation is known
    for item, row in items.items():
        cents[item] = row["cents"] or 0
        shown[item] = words.euro(cents[item])
        if not known and item != "allocation":
            shown[item] = say("unknown")
        elif row["approximate"]:
            shown[item] = say("about", euro=shown[item])
    total = cents["allocation"] - cents["free"] if known else 0
    cents["free"] = max(cents["free"], 0)  # what is negative has the bar of `over`
    return Credit(cents, shown, known, {item: invented(row) for item, row in items.items()}, total)


def _spans(found: Credit) -> dict[str, tuple[int, int]]:
    """Start and length of each bar [EUR cent]."""
    cents = found.cents
    return {
        "asked": (0, cents["asked"]),
        "settled": (0, cents["settled"]),
        "granted": (cents["settled"], cents["granted"]),
        "others": (cents["committed"], found.total - cents["committed"]),
        "over": (cents["allocation"], cents["over"]),
        "free": (cents["allocation"] - cents["free"], cents["free"]),
    }


def _lines(sheet: Sheet, found: Credit, pitch: float, unit: float) -> None:
    """The lines of the allocation, of where the commitments end, and between settled and granted."""
    cents = found.cents
    sheet.line(cents["allocation"], cents["allocation"], 0, 3 * pitch, LIGHT.ink, LIMIT, "solid")
    if cents["free"] and found.total:
        sheet.line(found.total, found.total, 1.5 * pitch, 2.5 * pitch, LIGHT.axis, 1, "dot", layer="below")
    if min(cents["settled"], cents["granted"]) * unit > DIVIDER:
        half = THICK * sheet.text / 2
        x, middle = cents["settled"], 1.5 * pitch
        sheet.line(x, x, middle - half, middle + half, LIGHT.paper, 1.6, "solid")


def _heads(sheet: Sheet, heads: list[tuple[str, list[str]]], pitch: float, last: str) -> None:
    """Name and amount of each row, by its item; what is asked counts for nothing yet."""
    for at, ((item, head), color) in enumerate(zip(heads, (LIGHT.muted, LIGHT.ink, last), strict=True)):
        sheet.label(strong(head, at > 0), (at + 0.5) * pitch, color, (item, "cents") if item else ())


def _notes(sheet: Sheet, found: Credit, pitch: float, unit: float) -> None:
    """That asked stands apart, where it fits, and the amount of the allocation above its line."""
    say, text, limit = sheet.say, sheet.text, found.cents["allocation"]
    if measure(say("apart"), sheet.px.footer) + 2 * INSIDE < found.cents["asked"] * unit:
        place = dict(xshift=END_GAP, name="apart")
        sheet.put(escape(say("apart")), 0, 0.5 * pitch, sheet.px.footer, LIGHT.muted, **place)
    wide = measure(f"{found.shown['allocation']} {say('available')}", text, True)
    side = "right" if wide < sheet.left + limit * unit else "left"
    label = f"{strong([found.shown['allocation']])} {escape(say('available'))}"
    opens = ("allocation", "cents")
    sheet.put(label, limit, 0, opens=opens, xanchor=side, yshift=0.9 * text, name="limit")


def _bars(sheet: Sheet, item: str, found: Credit, pitch: float, unit: float) -> None:
    """The bars of one item, what stands in them, and their key where nothing does."""
    say, look, (start, size) = sheet.say, LOOK[item], _spans(found)[item]
    high, rows = (THIN if item == "asked" else THICK) * sheet.text, []
    for n in ROWS[item] if size else []:
        # what lies over a bar leaves it its own outline
        made_up = found.invented.get(item) if n == ROWS[item][-1] else ""
        flags = dict(invented=made_up == ALL, partly=made_up == SOME)
        rows.append(dict(y=(n + 0.5) * pitch, bar=high, code=item, start=start, size=size, **flags))
    told = say("key.others") if item == "others" else f"{say(f'row.{item}')}: {found.shown[item]}"
    sheet.bars(item, rows, "size", lambda row: escape(told), look, base="start")
    if item == "over":
        sheet.traces[-1]["marker"]["pattern"] |= OVER_BOTH
    if item in ("settled", "granted") and size:
        within = min(size, max(found.cents["allocation"] - start, 0)) if found.cents["over"] else size
        label = _label([found.shown[item], say(f"row.{item}")], within * unit - 2 * INSIDE, sheet.text)
        if label:
            place = dict(color=look.ink, xshift=INSIDE, name="segment")
            sheet.put(label, start, 1.5 * pitch, opens=(item, "cents"), **place)
        else:
            sheet.key(told, look)
    if item in ("others", "over") and size:
        sheet.key(say(f"key.{item}"), look)


def _label(parts: list[str], room: float, text: float) -> str:
    """Amount and name on one line or two, or '' where neither fits into `room` px."""
    wide = [measure(part, text, number == 0) for number, part in enumerate(parts)]
    if max(wide) > room:
        return ""
    gap = " " if sum(wide) + measure(" ", text) <= room else "<br>"
    return f"{strong(parts[:1])}{gap}{escape(parts[1])}"


def _axis(sheet: Sheet, top: int, unit: float) -> dict[str, Any]:
    marks, amounts = money(top, 6 if sheet.width > MEMO else 4)
    axis = dict(range=[0, top + 1.5 / unit], tickvals=marks, ticktext=amounts, showgrid=True)
    return axis | dict(tickfont=dict(size=sheet.px.footer, color=LIGHT.muted))


def _tell(sheet: Sheet, found: Credit, approximate: bool) -> None:
    say, whole = sheet.say, found.total == found.cents["committed"]
    rules = ["rule", *["rule.about"] * approximate, *["rule.free"] * (not whole)]
    finding = ("whole" if whole else "part") + ("_over" if found.cents["over"] else "")
    if not found.known:
        finding = "unknown_all"
    elif not sheet.about["projects"]:
        finding = "empty"
    items = ("asked", "committed", "settled", "granted", found.last, "allocation")
    told = in_one(f"{say(f'row.{item}')}: {found.shown[item]}" for item in items)
    sheet.tell(say(finding, **found.shown), rules, [told], credit=sheet.about["credit"])
