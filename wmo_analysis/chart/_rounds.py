"""The conversation rounds: stacked bars per round, and the agreements through time as a line of steps."""

from dataclasses import dataclass, field, replace

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import words
from wmo_analysis.chart._look import Look
from wmo_analysis.chart._marks import Bar, invented
from wmo_analysis.chart._rows import records, turned
from wmo_analysis.chart._sheet import END_GAP, LABEL_GAP, Say, Sheet, capital, short
from wmo_analysis.chart._steps import steps
from wmo_analysis.schema import PLACE_FILTERS
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, measure

_PALE, _MIDDLE, _DARK = LIGHT.ramp
LOOK = {  # in the order of the bar
    "completed": Look(_DARK, ink=LIGHT.on_blue),
    "running": Look(_MIDDLE, ink=LIGHT.on_mid),
    "agreed": Look(_PALE, _MIDDLE),
    "quotation": Look(edge=LIGHT.blue, pattern="/", lines=LIGHT.hatch),
    "talk": Look(edge=LIGHT.blue, pattern=".", lines=LIGHT.hatch),
    "planned": Look(edge=LIGHT.axis),
    "second_contact": Look(edge=LIGHT.orange, pattern="/", lines=LIGHT.orange),
    "not_stated": Look(edge=LIGHT.axis, ink=LIGHT.muted, glyph="?"),
}
LATE = Look(LIGHT.orange)
HALO = ", ".join([f"0 0 2px {LIGHT.paper}"] * 5)
HIGH, LETTER, MARK = 3.2, 1.7, 0.32  # heights of a text: a bar, the bar of the letter, the line of those who are late
LINE = 1.3  # heights of a text


@dataclass
class Round:
    """One round, or all of them as number 0: its rows by state, unknown as None, and where it stands [px]."""

    number: int
    rows: dict[str, dict] = field(default_factory=dict)
    top: float = 0  # of its bar
    letter: float = 0  # of the bar of what the letter states, 0 where no letter does

    @property
    def whole(self) -> dict:
        """The row that holds size, label, deadline and how many municipalities are named."""
        return self.rows["planned"]

    def starts(self, what: str) -> dict[str, int]:
        """Where the bar of each state starts, of the states that hold any `what`: municipalities or stated."""
        found, end = {}, 0
        for state in LOOK:
            if self.rows[state][what]:
                found[state] = end
                end += self.rows[state][what]
        return found

    def end(self) -> int:
        """Where the bar of the round ends."""
        return sum(row["municipalities"] or 0 for row in self.rows.values())


def rounds(table: pd.DataFrame, width: float = NOTEBOOK) -> go.Figure:
    """Figure of measure.rounds: per round the municipalities by state, and below it what the letter states.

    A unit is a municipality in every bar, the track is the size of the round; an orange line marks those after their
    deadline. Of a table by="time": the agreements as steps, the letters' figures as rings, the deadlines as marks, and
    a gap with a word wherever nothing is known.

    Parameters
    ----------
    table : DataFrame of measure.rounds, with or without by="time", unchanged; else WmoError
    width : int, px, see chart.coverage
    """
    if table.attrs.get("wmo", {}).get("by") == "time":
        return steps(table, width)
    sheet = Sheet("rounds", checked(table, "rounds(by='round')"), width)
    found = _rounds(table)
    scale = max([item.whole["size"] for item in found], default=1)
    unit = _margins(sheet, found) / scale
    bottom = _lay(sheet, found)
    for item in found:
        _names(sheet, item)
        _end(sheet, item, scale, unit)
        _letter(sheet, item)
    for state in LOOK:
        if state != "not_stated":
            _bars(sheet, state, found, unit)
    for state in LOOK:
        _stated(sheet, state, found, unit)
    _late(sheet, found)
    _keys(sheet, found)
    _tell(sheet, found)
    sheet.above = 0.9 * sheet.text
    return sheet.figure(bottom, [0, scale])


def _rounds(table: pd.DataFrame) -> list[Round]:
    """The rounds in order, then all of them together."""
    found = {}
    for row in records(table):
        item = found.setdefault(row["round"], Round(row["round"]))
        item.rows[row["state"]] = row
    return sorted(found.values(), key=lambda item: (item.number == 0, item.number))


def _margins(sheet: Sheet, found: list[Round]) -> float:
    """Sets the room beside the plot for the names and for what stands at the end of the last bar; gives the plot's width."""
    wide = [measure(sheet.say("letter"), sheet.px.footer)]
    for item in found:
        first, second = _named(item, sheet.say)
        wide += [measure(first, sheet.text, True), measure(second, sheet.text)]
    ends = [line for item in found if item.number == 0 for line, _ in _ends(item, sheet)]
    sheet.left = max(wide) + LABEL_GAP
    sheet.right = sheet.widest(ends, True) + LABEL_GAP
    return sheet.room - sheet.left - sheet.right


def _lay(sheet: Sheet, found: list[Round]) -> float:
    """Draws the tracks from above, gives each round its place and returns the height of all."""
    text, y = sheet.text, 0
    for item in found:
        if item.number == 0 and len(found) > 1:
            sheet.line(0, 1, y, y, LIGHT.axis, xref="paper")
            y += 1.1 * text
        item.top = y
        sheet.box(0, item.whole["size"], y, y + HIGH * text)
        y += HIGH * text
        if any(row["stated"] is not None for row in item.rows.values()):
            item.letter = y + 0.5 * text
            y = item.letter + LETTER * text
        y += 1.4 * text
    return y


def _names(sheet: Sheet, item: Round) -> None:
    """Left of a bar the round, and how many municipalities it holds."""
    first, second = map(escape, _named(item, sheet.say))
    size = item.number, "planned", "size" if item.whole["reached"] in (None, item.whole["size"]) else "reached"
    for n, (line, opens) in enumerate(((f"<b>{first}</b>", ()), (second, size))):
        place = dict(xref="paper", xanchor="right", xshift=-LABEL_GAP, name="end" if opens else "label")
        sheet.put(line, 0, _at(sheet, item, n, 2), opens=opens, **place)


def _named(item: Round, say: Say) -> tuple[str, str]:
    size, named = item.whole["size"], item.whole["reached"]
    if named is None or named == size:
        return capital(item.whole["label"]), say("size.one" if size == 1 else "size", size=words.number(size))
    return capital(item.whole["label"]), say("part", named=words.number(named), size=words.number(size))


def _at(sheet: Sheet, item: Round, number: int, of: int) -> float:
    """The middle of one of some lines beside a bar."""
    return item.top + 0.5 * HIGH * sheet.text + (number - (of - 1) / 2) * LINE * sheet.text


def _end(sheet: Sheet, item: Round, scale: float, unit: float) -> None:
    """What stands right of a bar; a word where no row names a municipality."""
    end, middle = item.end(), item.top + 0.5 * HIGH * sheet.text
    if item.whole["reached"] is None:
        word = sheet.say("no_place" if sheet.about["named"] else "no_rows")
        sheet.put(escape(word), 0, middle, sheet.px.footer, LIGHT.muted, xshift=END_GAP)
        end = (measure(word, sheet.px.footer) + END_GAP) / unit
    lines = _ends(item, sheet)
    far = max(end, item.whole["size"]) if item.number else scale
    agreed = item.number, "agreed", "reached"
    for n, (line, color) in enumerate(lines):
        opens = agreed if n == 0 and item.whole["reached"] else ()  # a deadline is no number
        place = dict(xshift=LABEL_GAP, name="end" if opens else "deadline")
        sheet.put(line, far, _at(sheet, item, n, len(lines)), 0, color, opens, **place)


def _ends(item: Round, sheet: Sheet) -> list[tuple[str, str]]:
    """Lines right of a bar, escaped, and their colours: how many agreed, and the deadline."""
    named, deadline, lines = item.whole["reached"], item.whole["deadline"], []
    if named:
        told = escape(sheet.say("agreed", named=words.number(named)))
        lines.append((f"<b>{words.number(item.rows['agreed']['reached'])}</b>{told}", LIGHT.ink))
    if deadline:
        late = any(row["late"] for row in item.rows.values())
        told = escape(sheet.say("deadline", date=sheet.date(deadline)))
        lines.append((told, LIGHT.orange_text if late else LIGHT.muted))
    return lines


def _letter(sheet: Sheet, item: Round) -> None:
    """The name of the bar of the letter, where there is one."""
    if item.letter:
        place = dict(xref="paper", xanchor="right", xshift=-LABEL_GAP)
        y = item.letter + 0.5 * LETTER * sheet.text
        sheet.put(escape(sheet.say("letter")), 0, y, sheet.px.footer, LIGHT.muted, **place)


def _bars(sheet: Sheet, state: str, found: list[Round], unit: float) -> None:
    """The municipalities named in one state: a bar where the one before ends, its number inside."""
    look, text, bars = LOOK[state], sheet.text, []
    for item in found:
        start, row = item.starts("municipalities").get(state), item.rows[state]
        if start is not None:
            label, count = row["state_label"], row["municipalities"]
            hover = f"<b>{escape(row['label'])}</b>, {escape(label)}: {words.number(count)}<br>{escape(row['names'])}"
            place = item.top + 0.5 * HIGH * text, HIGH * text
            code = [row["round"], row["state"]]
            bars.append(Bar(start, count, *place, code, hover, _inside(count, label, unit, text), invented(row)))
    sheet.draw(state, bars, look, font=_font(look, text) | dict(weight=700))


def _stated(sheet: Sheet, state: str, found: list[Round], unit: float) -> None:
    """What the letter states, outlined below the bar: '22 akkoord of verder', '4 uitkomst niet vermeld'."""
    size, bars = sheet.px.footer, []
    for item in found:
        start, row = item.starts("stated").get(state), item.rows[state]
        if start is not None:
            label, count = _label(row, sheet.say), row["stated"]
            told = dict(
                label=label,
                count=words.number(count),
                fact=sheet.about.get("letter", {}).get(row["fact_id"]) or sheet.say("no_fact"),
            )
            place = item.letter + 0.5 * LETTER * sheet.text, LETTER * sheet.text
            code, hover = [row["round"], row["state"], row["fact_id"]], escape(sheet.say("hover.stated", **told))
            bars.append(Bar(start, count, *place, code, hover, _inside(count, label, unit, size)))
    look = _outlined(LOOK[state])
    sheet.draw(f"stated {state}", bars, look, font=_font(look, size), text=size)


def _font(look: Look, size: float) -> dict:
    """Of a number in a bar; a halo keeps it legible on a pattern."""
    return dict(color=look.ink, size=size, shadow=HALO if look.pattern else None)


def _outlined(look: Look) -> Look:
    """The look of what a letter states: without the fill of the named, so with an ink for paper."""
    edge = look.edge or look.fill
    ink = LIGHT.muted if look.ink == LIGHT.muted else LIGHT.ink
    return replace(look, fill=LIGHT.paper, edge={_DARK: _MIDDLE}.get(edge, edge), ink=ink)


def _label(row: dict, say: Say) -> str:
    """A letter may count those who came further too."""
    further = row["stated_as"] == "reached" and row["state"] != "completed"
    return say("further", state=row["state_label"]) if further else row["state_label"]


def _inside(count: int, label: str, unit: float, size: float) -> str:
    """The number, with its label where both fit."""
    long = f"{words.number(count)} {label}"
    return escape(long if measure(long, size, True) + size < count * unit else words.number(count))


def _late(sheet: Sheet, found: list[Round]) -> None:
    """A line under the part of each bar that is after the deadline of its round."""
    text, marks = sheet.text, []
    for item in found:
        y = item.top + HIGH * text + 0.5 * MARK * text
        for state, start in item.starts("municipalities").items():
            if count := item.rows[state]["late"]:
                told = sheet.say("hover.late", count=words.number(count), round=item.whole["label"])
                marks.append((start, count, y, MARK * text, escape(told), [item.number, state]))
    spots = dict(zip(("base", "x", "y", "width", "hovertext", "customdata"), turned(marks, 6), strict=True))
    look = dict(marker=dict(color=LATE.fill, line=dict(width=0)), hoverinfo="text")
    sheet.traces.append(dict(type="bar", orientation="h", name="late", **spots, **look))


def _keys(sheet: Sheet, found: list[Round]) -> None:
    """A key for each state that is drawn; what a letter says was agreed stands in its bar."""
    shown, late = set(), False
    for item in found:
        shown |= item.starts("municipalities").keys()
        shown |= item.starts("stated").keys() - {"agreed"}
        late = late or any(row["late"] for row in item.rows.values())
    for state, look in LOOK.items():
        if state in shown:
            sheet.key(found[-1].rows[state]["state_label"], look)
    if late:
        sheet.key(sheet.say("key.late"), LATE)


def _tell(sheet: Sheet, found: list[Round]) -> None:
    say, rules = sheet.say, ["rule"]
    if any(item.starts("stated") for item in found):
        rules.append("rule.letter")
        if any(name in PLACE_FILTERS for name, _ in sheet.about["selection"]):
            rules.append("rule.all")
    if any(item.whole["reached"] and "" != item.whole["deadline"] < sheet.about["as_of"] for item in found):
        rules.append("rule.late")
    counts = []
    for item in found:
        label, named, said = item.whole["label"], _counts(item, "municipalities"), _counts(item, "stated")
        if named:
            counts.append(f"{label}: {named}.".capitalize())
        if said:
            counts.append(say("alt.letter", label=label, told=said))
    sheet.tell(_finding(found, sheet), rules, counts)


def _counts(item: Round, what: str) -> str:
    """'akkoord 3, gepland 2'."""
    rows = [row for row in item.rows.values() if row[what]]
    return ", ".join(f"{row['state_label']} {words.number(row[what])}" for row in rows)


def _finding(found: list[Round], sheet: Sheet) -> str:
    """The finding with its figure in at most 12 words."""
    say = sheet.say
    if not found or found[-1].number:
        return say("empty")
    everything, parts = found[-1], found[:-1]
    size, named = words.number(everything.whole["size"]), everything.whole["reached"]
    if named is None:
        agreed = everything.rows["agreed"]["stated"]
        return say("nothing") if agreed is None else say("stated", agreed=words.number(agreed), size=size)
    rows = [row for item in parts for row in item.rows.values() if row["municipalities"]]
    if named == 1 and rows:
        told = dict(state=rows[0]["state_label"], round=rows[0]["round"])
        return short([say("one", name=name, **told) for name in (rows[0]["names"], say("this"))])
    counts = dict(agreed=words.number(everything.rows["agreed"]["reached"]), named=words.number(named))
    reached = [item for item in parts if item.whole["reached"]]
    if len(reached) < 2:
        return say("whole", **counts)
    last = reached[-1]
    done, of = (words.number(last.rows[state]["reached"]) for state in ("agreed", "planned"))
    return say("whole_last", **counts, label=last.whole["label"], done=done, of=of)
