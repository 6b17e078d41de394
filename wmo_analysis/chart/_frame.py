"""The frame around a plot: title, subtitle, key and footer, and the margins that their measured texts need."""

from typing import TYPE_CHECKING, Any, NamedTuple

import plotly.graph_objects as go

from wmo_analysis.style import LIGHT, TEMPLATE, citation, escape, example_line, footer, measure, wrap

if TYPE_CHECKING:
    from wmo_analysis.chart._sheet import Sheet

LEADING = 1.3  # heights of a text, from line to line
SQUEEZE = 1.06  # a title that is so much too long is written smaller
SCREEN = 1100  # px; in narrower charts the key stands beside the subtitle where both fit
STEP, ROW = 1.3, 1.5  # heights of a text between two entries of the key, and between its rows
SPACE = 12  # px between subtitle and key
PAPER = dict(xref="paper", yref="paper")


class Line(NamedTuple):
    """Title or subtitle: its escaped text and where it begins, px from above."""

    name: str
    text: str
    size: float
    color: str
    at: float


def framed(sheet: "Sheet", high: float, axes: dict[str, Any]) -> go.Figure:
    """The figure of a sheet around a plot of `high` px; what is drawn is escaped, `layout.meta` stays raw."""
    px, pad = sheet.px, sheet.px.pad
    head, bottom = _head(sheet)
    spots = _spots(sheet, head[1].at, bottom)
    top = max([bottom, *(line + 0.9 * px.label for _, _, line in spots)]) + sheet.above
    for entry in head:
        place = dict(name=entry.name, xshift=-sheet.left, yshift=top - entry.at, yanchor="top", **PAPER)
        sheet.put(entry.text, 0, 1, entry.size, entry.color, **place)
    for number, x, line in spots:
        _key(sheet, number, x - sheet.left, top - line)
    whole = round(top + high - _footer(sheet) + pad)
    margin = dict(l=pad + sheet.left, r=pad + sheet.right, t=top, b=whole - top - high, pad=0)
    layout = axes | dict(annotations=sheet.notes, shapes=sheet.shapes or None, width=sheet.width, height=whole)
    layout |= dict(margin=margin, meta=_meta(sheet), template=TEMPLATE, font=dict(size=px.label))
    # unchecked in a tenth of the time; the tests check every chart
    return go.Figure([_given(trace) for trace in sheet.traces], _given(layout), _validate=False)


def _meta(sheet: "Sheet") -> dict[str, Any]:
    """What the figure says of itself to those who read it elsewhere: raw texts, and which of its notes open what."""
    told = {name: sheet.told[name] for name in ("title", "alt", "sentence")}
    opens = [dict(note=note, row=list(codes), column=column) for note, (*codes, column) in sheet.opens.items()]
    return told | dict(citation=citation(sheet.about), language=sheet.language, opens=opens)


def _head(sheet: "Sheet") -> tuple[list[Line], float]:
    """Title and subtitle, and where they end."""
    px, room, y, found = sheet.px, sheet.room, sheet.px.pad, []
    for name, size, color in (("title", px.title, LIGHT.ink), ("subtitle", px.subtitle, LIGHT.muted)):
        bold, text = name == "title", sheet.told[name]
        wide = measure(text, size, bold)
        if room < wide < SQUEEZE * room:
            size *= room / wide
        lines = wrap(text, size, room + 0.1, bold)
        found.append(Line(name, strong(lines, bold), size, color, y))
        y += LEADING * size * len(lines) + 0.1 * size
    return found, y


def _spots(sheet: "Sheet", subtitle: float, bottom: float) -> list[tuple[int, float, float]]:
    """(number, px from the left, px from above) of each entry of the key: beside the subtitle, or below it in rows."""
    px, room, text = sheet.px, sheet.room, sheet.px.label
    widths = [2 * text + measure(name, text) + STEP * text for name, *_ in sheet.keys]
    line, start, spots = bottom + 1.2 * text, 0.0, []
    if sheet.width < SCREEN and measure(sheet.told["subtitle"], px.subtitle) + sum(widths) + SPACE < room:
        line, start = subtitle + 0.6 * px.subtitle, room - sum(widths) + STEP * text
    for number, wide in enumerate(widths):
        if start and start + wide - STEP * text > room + 1:
            line, start = line + ROW * text, 0
        spots.append((number, start, line))
        start += wide
    return spots


def _key(sheet: "Sheet", number: int, x: float, y: float) -> None:
    """One entry of the key, px right of and above the left top of the plot."""
    (name, look, opens), text = sheet.keys[number], sheet.px.label
    sheet.shapes += look.swatch(x, y, text)
    sheet.put(escape(name), 0, 1, opens=opens, xshift=x + 1.65 * text, yshift=y, name="key", **PAPER)
    if look.glyph:
        glyph = strong([look.glyph], look.ink == LIGHT.on_blue)
        place = dict(xshift=x + 0.6 * text, yshift=y, xanchor="center", name="key", **PAPER)
        sheet.put(glyph, 0, 1, 0.8 * text, look.ink, **place)


def _footer(sheet: "Sheet") -> float:
    """Writes the lines below the plot; gives where they end, px above the bottom of the plot."""
    size, y = sheet.px.footer, -sheet.below - 1.2 * sheet.px.label
    for number, text in enumerate(footer(sheet.about, sheet.told["rule"])):
        example = number == 0 and text == example_line(sheet.about)
        lines = wrap(text, size, sheet.room, example)
        place = dict(name="example" if example else "footer", xshift=-sheet.left, yshift=y, yanchor="top", **PAPER)
        sheet.put(strong(lines, example), 0, 0, size, LIGHT.muted, **place)
        y -= 1.32 * size * len(lines)
    return y


def strong(texts: list[str], bold: bool = True) -> str:
    """Escaped lines, bold or not."""
    return "<br>".join(f"<b>{escape(line)}</b>" if bold else escape(line) for line in texts)


def _given(value: Any) -> Any:
    """A dict without what is None, at any depth."""
    if not isinstance(value, dict):
        return value
    return {name: _given(item) for name, item in value.items() if item is not None}
