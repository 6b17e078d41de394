"""What every chart shares around its marks: the measures of the drawing, the marks themselves and the texts around them.

A chart reads as steps: make a :class:`Sheet`, lay the rows, put bars, texts and lines on it, tell what it says, and
ask for the figure. A :class:`Look` says how one state is drawn, so that its bars, its key and its ink agree.
"""

import bisect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import plotly.graph_objects as go

from wmo_analysis import words
from wmo_analysis.chart._frame import framed, strong
from wmo_analysis.chart._look import EDGE, HALF_STROKE, INVENTED, PARTLY, STROKE, Look, Stroke, rims
from wmo_analysis.chart._marks import ALL, SOME, Bar, Span, corners, invented, outline
from wmo_analysis.chart._rows import turned
from wmo_analysis.style import LIGHT, escape, example_line, fit, measure, selection, sizes, wrap

# fmt: off
BAR = dict(type="bar", orientation="h", textposition="inside", insidetextanchor="middle", textangle=0, constraintext="none",
           cliponaxis=False, hoverinfo="text")
TEXT = dict(type="scatter", mode="text", cliponaxis=False, hoverinfo="skip")
# fmt: on
DASHES = {"": "", ALL: STROKE, SOME: HALF_STROKE}  # of a line, by how much of it is made up
MEMO = 700  # px; charts in a memo are narrower
WORDS = 12  # a title has no more
MONTH = 3.4  # heights of a text that a tick of the axis of days needs
LABEL_GAP = 12  # px between a label and the plot
END_GAP = 8  # px between a bar and the text at its end
MANY = 12  # rows; with more of them they stand closer
HOVER = 12, 480  # px of the letters and of the width at which a name in a hover is cut
Say = Callable[..., str]  # say(key, **values), a text of the chart in the language of its table
Opens = tuple[Any, ...]  # the codes of a row of the table and last a column, () for what is no number of it


class Sheet:
    """A drawing in the making: what is measured and said once, and the marks so far.

    `text` is the size of the labels and `room` the width between the pads [px]. A chart sets left, right, above and below
    to what its labels need outside the plot; `say` gives the texts of chart.`name` in the language of the table.
    """

    def __init__(self, name: str, about: Mapping[str, Any], width: float) -> None:
        self.about, self.width, self.language = about, width, about["language"]
        self.name, self.px = name, sizes(width)
        self.text, self.room = self.px.label, width - 2 * self.px.pad
        self.left = self.right = self.above = self.below = 0
        self.traces: list[dict] = []
        self.notes: list[dict] = []
        self.shapes: list[dict] = []
        self.keys: list[tuple[str, Look, Opens]] = []
        self.outlines: dict[str, str] = {ALL: "", SOME: ""}  # of the bars that are made up, altogether or in part
        self.strokes: dict[str, Stroke] = {}  # of the lines that are made up, altogether or in part
        self.told: dict[str, str] = {}
        self.opens: dict[int, tuple[str, ...]] = {}  # note -> the codes of the row and the column of its number

    def widest(self, texts: Iterable[str], bold: bool = False) -> float:
        """px of the widest of the raw labels, 0 without any."""
        return max((measure(text, self.text, bold) for text in texts), default=0)

    def say(self, key: str, /, **values: Any) -> str:
        """The text chart.`name`.`key` in the language of the table."""
        return words.say(f"chart.{self.name}.{key}", self.language, **values)

    def made_up(self, how: str = ALL) -> str:
        """What the key and the hover call a mark in which nothing but examples stands, or some."""
        return words.say(f"chart.invented.{how}", self.language)

    # ---------------------------------------------------------------- marks

    def put(
        self, text: str, x: Any, y: Any, size: float = 0, color: str = LIGHT.ink, opens: Opens = (), **place: Any
    ) -> None:
        """Writes an escaped text with its left middle at x, y; `place` as plotly names it: (x)anchor, shift, ref, name.

        A number says what a click on it `opens`: the codes of its row in the table, and its column.
        """
        if opens:
            self.opens[len(self.notes)] = tuple(map(str, opens))
            place["captureevents"] = True
        base = dict(xref="x", yref="y", x=x, y=y, xanchor="left", yanchor="middle", showarrow=False, text=text)
        self.notes.append(base | dict(font=dict(size=size or self.text, color=color)) | place)

    def line(
        self, x0: Any, x1: Any, y0: Any, y1: Any, color: str, wide: float = 0, dash: str = "", **place: Any
    ) -> None:
        """A straight line, a hairline unless `wide` says more."""
        look = dict(color=color, width=wide or self.px.hairline)
        if dash:
            look["dash"] = dash
        self.shapes.append(dict(type="line", x0=x0, x1=x1, y0=y0, y1=y1, line=look, **place))

    def box(self, x0: Any, x1: Any, y0: Any, y1: Any, fill: str = LIGHT.track, **place: Any) -> None:
        """A rectangle below the bars, without an outline: the track of a bar unless `fill` says otherwise."""
        base = dict(type="rect", layer="below", x0=x0, x1=x1, y0=y0, y1=y1, fillcolor=fill, line=dict(width=0))
        self.shapes.append(base | place)

    def draw(
        self,
        name: str,
        bars: list[Bar],
        look: Look,
        edge: float | list[float] | None = EDGE,
        font: dict | None = None,
        text: float = 0,
    ) -> None:
        """One trace of bars in one look; with a `font` their texts stand inside; `text` px sets how fine the pattern is.

        Bars that are made up say so when pointed at, and get an outline of their own in `figure`. Without an `edge` each
        has the usual one, and a bar of nothing has none.
        """
        if edge is None:  # plotly would draw it as a line, and 0 would look like a little
            edge = [EDGE * bool(bar.length) for bar in bars]
        told = {how: f"<br>{escape(self.made_up(how))}" for how in self.outlines} | {"": ""}
        bars = [bar._replace(hover=bar.hover + told[bar.invented or ""]) for bar in bars]
        start, length, y, high, code, hover, inside, _ = turned(bars, len(Bar._fields))
        trace = dict(name=name, base=start, x=length, y=y, width=high, customdata=code, hovertext=hover, **BAR)
        if font is not None:
            trace |= dict(text=inside, textfont=font)
        self.traces.append(trace | dict(marker=look.marker(text or self.text, edge)))
        for bar in bars:
            if bar.invented and bar.length:
                self.outlines[bar.invented] += outline(bar)

    def written(
        self, name: str, marks: list[tuple], side: str, sizes: list[float] | None = None, codes: list | None = None
    ) -> None:
        """One trace of many texts, which plotly draws faster than notes: marks are x, y, escaped text and colour.

        With `codes` a click on a text chooses its row, as a click on a bar does; None among them is no number.
        """
        x, y, text, color = turned(marks, 4)
        trace = TEXT | dict(name=name, x=x, y=y, text=text, textposition=side)
        trace["textfont"] = dict(color=color, size=sizes or None)
        if codes is not None:
            trace |= dict(customdata=codes, hoverinfo="none")  # a skipped one is never clicked
        self.traces.append(trace)

    def path(self, name: str, points: list[tuple], **look: Any) -> None:
        """One trace of points (x, y), joined or not as `look` says; a point of None breaks the line."""
        x, y = turned(points, 2)
        self.traces.append(dict(type="scatter", name=name, x=x, y=y, **look))

    def steps(self, name: str, spans: list[Span], line: dict, hover: Callable[[str, int], str], **look: Any) -> None:
        """One trace of steps, and one in dashes of those that are made up, and of those that are in part."""
        look |= dict(hoverinfo="text", cliponaxis=False)
        starts = [span.start for span in spans]
        for how, dash in DASHES.items():
            points = corners(spans, how)
            if how and not points:
                continue
            told = [date and hover(date, level) for date, level in points]
            drawn = line | dict(shape="hv")
            if how:
                told = [text and f"{text}<br>{escape(self.made_up(how))}" for text in told]
                drawn["dash"], self.strokes[how] = dash, Stroke(line["color"], dash=dash)
            more = dict(hovertext=told, customdata=_began(points, starts))
            self.path(" ".join(filter(None, [name, how])), points, line=drawn, **more, **look)

    def key(self, text: str, look: Look, opens: Opens = ()) -> None:
        """An entry of the key: a raw text beside a swatch; a number in it `opens` what put says."""
        self.keys.append((text, look, opens))

    # ---------------------------------------------------------------- rows of a table: a label, a bar, a figure at its end

    def lay(self, rows: list[dict], share: float = 0.36, most: int = 2, pitch: float = 0) -> float:
        """Gives each row its `lines`, `y`, `high` and `bar` [px] and the sheet its room at the left; returns their height.

        A row has a label, and optionally gap (above it, in text heights) and bold. Labels take at most `share` of the room.
        """
        text, y, wide = self.text, 0.0, 0.0
        pitch = pitch or (1.75 if len(rows) > MANY else 2.5) * text
        for row in rows:
            bold = row.get("bold", False)
            row["lines"] = lines(row["label"], text, share * self.room, most, bold)
            wide = max([wide, *(measure(line, text, bold) for line in row["lines"])])
            high = max(pitch, (1.3 * len(row["lines"]) + 0.45) * text)
            y += row.get("gap", 0) * text + high
            row |= dict(y=y - high / 2, high=high, bar=0.6 * pitch)
        self.left = wide + LABEL_GAP
        return y

    def labels(self, rows: list[dict]) -> None:
        """Writes the labels of laid rows, right-aligned at the left of the plot; a row may say what its label opens."""
        for row in rows:
            shown = strong(row["lines"], row.get("bold", False))
            self.label(shown, row["y"], row.get("ink", LIGHT.ink), row.get("opens", ()))

    def label(self, text: str, y: float, color: str = LIGHT.ink, opens: Opens = ()) -> None:
        """Writes an escaped text at the left of the plot."""
        place = dict(xref="paper", xanchor="right", xshift=-LABEL_GAP, align="right", name="label")
        self.put(text, 0, y, 0, color, opens, **place)

    def end(
        self,
        text: str,
        x: Any,
        y: float,
        color: str = LIGHT.ink,
        size: float = 0,
        shift: float = END_GAP,
        opens: Opens = (),
    ) -> None:
        """Writes an escaped text at the end of a bar."""
        self.put(text, x, y, size, color, opens, xshift=shift, name="end")

    def bars(
        self,
        name: str,
        rows: list[dict],
        value: str,
        hover: Callable[[dict], str],
        look: Look,
        base: str = "",
    ) -> None:
        """One trace: a bar of the column `value` in each of the laid rows, from zero or from the column `base`."""
        drawn = []
        for row in rows:
            place = row.get(base, 0), row[value], row["y"], row["bar"]
            drawn.append(Bar(*place, row["code"], hover(row), invented=invented(row)))
        self.draw(name, drawn, look, edge=None)
        if not base:
            self.traces[-1]["base"] = None  # plotly starts at zero by itself

    def foot(self, rows: list[dict]) -> None:
        """The line of the whole width above the total, the last of the laid rows, and the line of zero down to there."""
        plot, y = self.room - self.left - self.right, 0
        if len(rows) > 1:
            y = (rows[-2]["y"] + rows[-1]["y"]) / 2
        self.line(-self.left / plot, 1 + self.right / plot, y, y, LIGHT.axis, xref="paper")
        self.zero(y)

    def zero(self, high: float) -> None:
        """The line from which the bars start."""
        self.line(0, 0, 0, high, LIGHT.axis)

    def nothing(self, text: str) -> float:
        """A sheet without rows: forgets texts, lines and labels so far and writes the raw text; returns its height."""
        self.notes, self.shapes, self.left = [], [], 0  # a float would give -0.0
        self.opens = {}
        shown = strong(lines(text, self.text, self.room, 3), bold=False)
        self.put(shown, 0, 1.5 * self.text, 0, LIGHT.muted, xref="paper", name="nothing")
        return 3 * self.text

    # ---------------------------------------------------------------- the whole

    def date(self, day: str = "") -> str:
        """A day in words, the as-of date unless said otherwise."""
        return words.date(day or self.about["as_of"], self.language)

    def tell(
        self,
        finding: str,
        rules: Iterable[str],
        extra: Iterable[str] = (),
        long: str = "",
        subtitle: str = "subtitle",
        **values: str,
    ) -> None:
        """What stands around the plot and in its alt text, raw.

        `rules`: the keys of the texts that say how to read it; `extra`: sentences of the alt text; `long`: the finding for
        where there is room; `values`: for rules, subtitle and alt text.
        """
        say, date, example = self.say, self.date(), example_line(self.about)
        values |= dict(date=date, selection=selection(self.about))
        more = [*extra, f"{example}." * bool(example)]
        self.told = dict(
            title=finding,
            subtitle="; ".join([say(subtitle, **values), *self.about["subtitle_notes"]]),
            rule=" ".join(say(rule, **values) for rule in rules),
            sentence=words.say("chart.sentence", self.language, date=date, finding=long or finding),
            alt=say("alt", finding=long or finding, extra=" ".join(filter(None, more)), **values).strip(),
        )

    def figure(self, high: float, across: list | dict, upward: dict | None = None) -> go.Figure:
        """The figure of all this, around a plot of `high` px.

        `across` is the range of an x-axis that is not shown, or a whole axis; without `upward` y counts px from above.
        """
        along = across if isinstance(across, dict) else dict(range=across, visible=False)
        # one shape of all, as hundreds would take the page longer than the bars; lines lie over it
        for how, look in ((ALL, INVENTED), (SOME, PARTLY)):
            if self.outlines[how]:
                path = dict(type="path", path=self.outlines[how], xref="x", yref="y", layer="above")
                self.shapes[:0] = rims(path)
                self.key(self.made_up(how), look)
        for how, look in self.strokes.items():
            self.key(self.made_up(how), look)
        return framed(self, high, dict(xaxis=along, yaxis=upward or dict(range=[high, 0], visible=False)))


def _began(points: list[tuple], starts: list[str]) -> list[str | None]:
    """The day on which the step of each point began: what a click on it opens."""
    # a click beside a point lands on the step below the pointer: the last one that began on or before its day
    return [date and starts[bisect.bisect_right(starts, date) - 1] for date, _ in points]


# ---------------------------------------------------------------- texts


def short(forms: list[str]) -> str:
    """The first of the forms that has at most twelve words, else the last."""
    return next((form for form in forms if len(form.split()) <= WORDS), forms[-1])


def why(state: str, about: Mapping[str, object]) -> str:
    """What keys of texts say of an empty cell: its state, but half_told where it is unknown though a list is complete."""
    return "half_told" if state == "unknown" and about.get("complete") else state


def lines(text: str, px: float, room: float, most: int = 2, bold: bool = False) -> list[str]:
    """At most `most` lines no wider than `room` px; what is cut ends in an ellipsis."""
    found = wrap(text, px, room, bold)
    return found if len(found) <= most else [*found[: most - 1], fit(" ".join(found[most - 1 :]), px, room, bold)]


def in_one(parts: Iterable[str]) -> str:
    """The parts as one sentence, or '' without parts."""
    told = "; ".join(parts)
    return told and f"{told}."


def heading(label: str) -> str:
    """Bold name of a row, for its hover."""
    return f"<b>{escape(fit(label, *HOVER))}</b>"


def capital(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def percent(share: float, language: str) -> str:
    """'45 %' (no-break space)."""
    return words.say("chart.rows.percent", language, share=words.number(share, 0))


# ---------------------------------------------------------------- axes


def days_axis(sheet: Sheet, low: str, high: str, per_day: float) -> dict[str, Any]:
    """An axis of days with the months at which quarters, half years or years begin, of `per_day` px."""
    found = _months(low, high, MONTH * sheet.text / per_day)
    shown = [_month(day, day == found[0], sheet.language) for day in found]
    look = dict(tickcolor=LIGHT.axis, linecolor=LIGHT.axis, showline=True, ticks="outside", ticklen=4)
    return dict(
        type="date", range=[low, high], tickvals=found, ticktext=shown, tickfont=dict(color=LIGHT.muted), **look
    )


def ticks(top: float, most: int) -> list[int]:
    """Round numbers from 0 to `top`, at most `most` steps apart by 1, 2 or 5 times a power of ten."""
    whole = max(int(top), 1)
    steps = [unit * 10**power for power in range(len(str(whole)) + 1) for unit in (1, 2, 5)]
    step = next((step for step in steps if whole <= most * step), steps[-1])
    return list(range(0, whole + 1, step))


def money(top: float, most: int) -> tuple[list[int], list[str]]:
    """Ticks from 0 to `top` [EUR cent], and how they are written: the first with its euro sign, the others without."""
    marks = [100 * n for n in ticks(top / 100, most)]
    return marks, [words.euro(0), *(words.number(cents / 100, 0) for cents in marks[1:])]


def _months(low: str, high: str, room: float) -> list[str]:
    """First days of quarters, half years or years on an axis: the finest that leaves `room` days each."""
    step = next((n for n in (3, 6) if n * 30 > room), 12)
    found = []
    for year in range(int(low[:4]), int(high[:4]) + 1):
        for month in range(1, 13, step):
            day = f"{year}-{month:02}-01"
            if low <= day <= high:
                found.append(day)
    return found


def _month(day: str, first: bool, language: str) -> str:
    """'jan', with its year below it at the first tick and in January."""
    name = words.MONTHS[language][int(day[5:7]) - 1][:3]
    return f"{name}<br>{day[:4]}" if first or day[5:7] == "01" else name
