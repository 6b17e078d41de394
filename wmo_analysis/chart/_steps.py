"""The agreements through time: steps where rows tell them, rings where a letter does, a word where nothing does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import days, words
from wmo_analysis.chart._marks import Span, invented
from wmo_analysis.chart._rows import records
from wmo_analysis.chart._sheet import END_GAP, MEMO, Sheet, days_axis, strong
from wmo_analysis.schema import PLACE_FILTERS
from wmo_analysis.style import LIGHT, checked, escape, measure

SINCE, UNTIL = "2006-06-01", "2008-02-01"  # the axis, wider where the table or a deadline is
HIGH = 22  # heights of a text
LINE = 1.3  # heights of a text
TIER = 2.7  # heights of a text; a deadline close to the one before stands a tier higher
AFTER_DEADLINE = 20  # days of the axis
TICK_GAP = 10  # px between the numbers of the axis and the plot
AROUND = 16  # px that a word in the plot needs beside it
BESIDE = 26  # px that a block needs beside the line
APART = 12  # px between the names of two deadlines on one tier
RISE = 4  # px from the plot to the name of a deadline
UPRIGHT = 6  # px from the axis to an upright word
THICK, THIN = 2.5, 1.75  # px, the line and the rings, and the line in a memo
EVERY = 10  # municipalities between two ticks, when there are more than MANY
MANY = 12


class Block(NamedTuple):
    """What stands beside a ring or the end of the line, raw; the first line begins with the figure."""

    date: str
    value: int
    lines: list[str]
    column: str  # of the table: agreed or stated


@dataclass(frozen=True)
class Known:
    """What letters state (`said`, of which the chart shows `letters`), and what rows tell, as `spans`."""

    said: list[tuple[str, int]]
    letters: list[tuple[str, int]]
    spans: list[Span]
    first: str
    final: int | None  # level at the as-of date


@dataclass(frozen=True)
class Plot:
    """The axes: days from `low` to `high`, municipalities up to `top`."""

    low: str
    high: str
    per_day: float  # px
    width: float
    top: int

    def at(self, date: str) -> float:
        """px from the left."""
        return days.between(self.low, date) * self.per_day


def steps(table: pd.DataFrame, width: float) -> go.Figure:
    """Figure of measure.rounds(by="time"): municipalities that reached an agreement, day by day up to the as-of date."""
    sheet = Sheet("rounds.time", checked(table, "rounds(by='time')"), width)
    text, of, known = sheet.text, int(sheet.about["of"]), _known(table, sheet.about)
    blocks = _blocks(known, sheet)
    plot = _plot(sheet, known, blocks)
    gaps = _gaps(known.spans, plot.low, sheet.about["as_of"])

    for gap in gaps:
        _gap(sheet, plot, *gap)
    _after(sheet, plot, aloft=bool(blocks) and blocks[-1].value < plot.top / 2)
    tiers = _deadlines(sheet, plot)
    sheet.line(0, 1, of, of, LIGHT.ink, 1.5, xref="paper", layer="below")
    place = dict(xref="paper", xshift=-sheet.left, yanchor="bottom", yshift=0.7 * text, name="unit")
    sheet.put(escape(sheet.say("axis")), 0, plot.top, 0, LIGHT.muted, **place)
    _labels(sheet, blocks, HIGH * text / plot.top)
    _line(sheet, known.spans)
    _rings(sheet, known.letters)
    _tell(sheet, known, gaps)
    sheet.above, sheet.below = 2.9 * text * tiers + 0.4 * text, 3 * text
    return sheet.figure(HIGH * text, days_axis(sheet, plot.low, plot.high, plot.per_day), _upward(plot.top, of))


def _known(table: pd.DataFrame, about: Mapping[str, Any]) -> Known:
    day, said, levels = about["as_of"], [], []
    for row in records(table):
        if row["stated"] is not None:
            said.append((row["date"], row["stated"]))
        if row["kind"] == "step" or row["agreed"] is not None:
            levels.append((row["date"], row["agreed"], invented(row)))
    dates = [date for date, *_ in levels]
    ends = [*dates[1:], max([day, *dates])]
    spans = [Span(start, end, *told) for (start, *told), end in zip(levels, ends) if told[0] is not None]
    letters = [] if _narrowed(about) else said  # the letters count all municipalities
    first = min([SINCE, *dates, *(date for date, _ in letters)])
    final = next((span.level for span in spans[-1:] if span.end == day), None)
    return Known(said, letters, spans, first, final)


def _narrowed(about: Mapping[str, Any]) -> bool:
    return any(name in PLACE_FILTERS for name, _ in about["selection"])


def _plot(sheet: Sheet, known: Known, blocks: list[Block]) -> Plot:
    """The axes, with room right of the as-of date for the figure at the end of the line."""
    day, text, low = sheet.about["as_of"], sheet.text, known.first
    top = max([int(sheet.about["of"]), 1, *(value for _, value in known.letters)])
    sheet.left = measure(words.number(top), text) + TICK_GAP
    plot = sheet.room - sheet.left
    room = measure(sheet.say("after"), sheet.px.footer) + AROUND
    if blocks and blocks[-1].date == day:
        wide = [measure(line, text, not n) for block in blocks for n, line in enumerate(block.lines)]
        room = max(room, max(wide) + BESIDE)
    deadlines = [days.later(date, AFTER_DEADLINE) for date, _ in sheet.about["deadlines"]]
    beside = days.later(day, days.between(low, day) * room / (plot - room))
    high = max([UNTIL, beside, *deadlines])
    return Plot(low, high, plot / days.between(low, high), plot, top)


# ---------------------------------------------------------------- what stands in the plot


def _gaps(spans: list[Span], low: str, day: str) -> list[tuple[str, str]]:
    """The periods before the as-of date of which no row tells anything."""
    edge, gaps = low, []
    for start, end, *_ in spans:
        if start > edge:
            gaps.append((edge, start))
        edge = max(edge, end)
    return [*gaps, (edge, day)] if day > edge else gaps


def _gap(sheet: Sheet, plot: Plot, start: str, end: str) -> None:
    """The word in a gap, upright where it is narrow."""
    word, size = sheet.say("unknown"), sheet.px.footer
    upright = plot.at(end) - plot.at(start) < measure(word, size) + TICK_GAP
    place = dict(textangle=-90, yanchor="bottom", yshift=UPRIGHT) if upright else dict(yshift=sheet.text)
    middle = days.later(start, days.between(start, end) / 2)
    sheet.put(escape(word), middle, 0, size, LIGHT.muted, xanchor="center", name="gap", **place)


def _after(sheet: Sheet, plot: Plot, aloft: bool) -> None:
    """The shade after the as-of date, and its word: clear of the figure beside the line."""
    day, text = sheet.about["as_of"], sheet.text
    sheet.box(day, plot.high, 0, plot.top)
    place = dict(xshift=END_GAP, yshift=HIGH * text - text if aloft else text, bgcolor=LIGHT.track, name="after")
    sheet.put(escape(sheet.say("after")), day, 0, sheet.px.footer, LIGHT.muted, **place)


def _deadlines(sheet: Sheet, plot: Plot) -> int:
    """A line for each deadline and its name above it; gives how many tiers of names there are."""
    tier, taken, tiers, text = 0, 0.0, 1, sheet.text
    place = dict(xref="paper", yref="paper", xanchor="center", yanchor="bottom", align="center", name="deadline")
    for date, label in sorted(sheet.about["deadlines"]):
        lines = [sheet.say("deadline", label=label), sheet.date(date)]
        half = max(measure(line, text) for line in lines) / 2
        x = min(max(plot.at(date), half - sheet.left), plot.width - half)
        tier = 1 - tier if x - half < taken + APART else 0
        taken, tiers = x + half, max(tiers, tier + 1)
        sheet.line(date, date, 0, plot.top, LIGHT.orange, 1.5, "dash")
        sheet.put(
            strong(lines, bold=False), 0, 1, 0, LIGHT.orange_text, xshift=x, yshift=RISE + tier * TIER * text, **place
        )
    return tiers


def _blocks(known: Known, sheet: Sheet) -> list[Block]:
    """What stands beside the rings and the end of the line, by date; one block where both agree."""
    say, day, final, blocks = sheet.say, sheet.about["as_of"], known.final, []
    for date, value in known.letters:
        if (date, value) != (day, final):
            blocks.append(Block(date, value, [words.number(value) + say("letter"), sheet.date(date)], "stated"))
    if final is not None:
        agreed = [say("counted_letter")] if (day, final) in known.letters else []
        blocks.append(Block(day, final, [words.number(final) + say("counted"), *agreed, sheet.date()], "agreed"))
    return sorted(blocks, key=lambda block: (block.date, -block.value))


def _labels(sheet: Sheet, blocks: list[Block], unit: float) -> None:
    """Writes the blocks: right of the as-of date, else left of their ring; within the plot, and apart."""
    text, height = sheet.text, HIGH * sheet.text
    lowest = height + 1
    for block in blocks:
        high, right = LINE * text * len(block.lines), block.date == sheet.about["as_of"]
        y = block.value * unit + (0 if right else 0.5 * high + 0.4 * text)
        y = min(max(y, 0.5 * high + 2), height - 0.5 * high - 2)
        place = dict(xanchor="right", xshift=-0.6 * text, align="right", bgcolor=LIGHT.paper)
        if right:
            y = min(y, lowest - 0.5 * high - 4)
            lowest = y - 0.5 * high
            place = dict(xanchor="left", xshift=0.9 * text, align="left", bgcolor=LIGHT.track)
        number, rest = block.lines[0].split(" ", 1)
        shown = "<br>".join([f"<b>{number}</b> {escape(rest)}", *map(escape, block.lines[1:])])
        opens = (block.date, block.column)
        sheet.put(shown, block.date, 0, opens=opens, yshift=y, name="block", **place)


def _line(sheet: Sheet, spans: list[Span]) -> None:
    """The steps, broken where nothing is known."""
    line = dict(color=LIGHT.blue, width=THICK if sheet.width > MEMO else THIN)
    sheet.steps("agreed", spans, line, lambda *point: _told(sheet, "hover", *point), mode="lines", connectgaps=False)


def _rings(sheet: Sheet, letters: list[tuple[str, int]]) -> None:
    ring = dict(size=0.8 * sheet.text, color=LIGHT.paper, line=dict(width=THICK, color=LIGHT.blue))
    told = [_told(sheet, "hover.letter", *letter) for letter in letters]
    look = dict(mode="markers", marker=ring, hovertext=told, hoverinfo="text", cliponaxis=False)
    sheet.path("letters", letters, customdata=[date for date, _ in letters], **look)


def _told(sheet: Sheet, hover: str, date: str, value: int) -> str:
    return escape(sheet.say(hover, date=sheet.date(date), count=words.number(value)))


# ---------------------------------------------------------------- axes and texts


def _upward(top: int, of: int) -> dict[str, Any]:
    """The axis of municipalities: tens, but none so close below their number that both cannot be read."""
    every = EVERY if of > MANY else max(of, 1)
    ticks = [n for n in range(0, of, every) if of - n > 0.1 * of or n == 0]
    ticks += [of, top] if top > 1.1 * of else [of]
    shown = [f"{words.number(n)}\u00a0" for n in ticks]
    look = dict(tickfont=dict(color=LIGHT.muted), linecolor=LIGHT.axis, showline=False, showgrid=True)
    return dict(range=[0, top], tickvals=ticks, ticktext=shown, **look)


def _tell(sheet: Sheet, known: Known, gaps: list[tuple[str, str]]) -> None:
    say, rules, counts = sheet.say, ["rule"], ""
    if known.letters:
        rules.append("rule.rings")
    if known.said and not known.letters:
        whole = [f"{words.number(value)} ({sheet.date(date)})" for date, value in known.said]
        rules.append("rule.all")
        counts = words.listing(whole, sheet.language)
    told = [say("alt.letter", date=sheet.date(date), count=words.number(value)) for date, value in known.letters]
    told += [say("alt.deadline", label=label, date=sheet.date(date)) for date, label in sheet.about["deadlines"]]
    told += [say("alt.gap", start=sheet.date(start), end=sheet.date(end)) for start, end in gaps]
    sheet.tell(_finding(known, sheet), rules, told, counts=counts)


def _finding(known: Known, sheet: Sheet) -> str:
    """The finding with its figure in at most 12 words."""
    say, letters, of = sheet.say, known.letters, words.number(int(sheet.about["of"]))
    if known.final is None and not letters:
        return say("nothing")
    end = letters[-1][1] if known.final is None else known.final
    begin = letters[0] if letters and letters[0][0] < sheet.about["as_of"] else None
    if known.final is None and begin in (None, letters[-1]):
        return say("stated", end=words.number(end), date=sheet.date(letters[-1][0]))
    if begin and begin[1] != end:
        begun = dict(begin=words.number(begin[1]), date=sheet.date(begin[0]))
        return say("grown", end=words.number(end), of=of, **begun)
    return say("level", end=words.number(end), of=of, date=sheet.date())
