"""The matrix of municipalities against themes, drawn in pixels so that every text can be measured."""

import math
import re
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import words
from wmo_analysis.chart._bars import VIEWS, bars, of_set
from wmo_analysis.chart._look import CELLS
from wmo_analysis.chart._marks import Bar, invented
from wmo_analysis.chart._rows import numbers, records
from wmo_analysis.chart._sheet import HOVER, Say, Sheet, capital, why
from wmo_analysis.schema import EMPTY_STATES
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, fit, measure

SLANT = 50  # degrees of the heads that do not fit flat
UPRIGHT = 90
SINE, COSINE = math.sin(math.radians(SLANT)), math.cos(math.radians(SLANT))
SCREEN = 1100  # px: from this width on the texts have more air, in text heights:
ROOMY, TIGHT = (3.9, 0.9, 0.8, 1.72), (1.8, 0.6, 0.5, 1.3)  # between panels, after names, before totals, of a row
TITLES, NAMES = 12, 8  # at most, in a hover and in a finding
DROP = 0.09  # of the text: a scatter text stands a little higher than the number in a bar beside it

Cells = dict[str, dict]  # theme -> cell of one municipality; "" is its total
Marks = dict[
    str, list
]  # by state (x, y, cell); of labels (x, y, escaped text, colour), of totals with codes too; of regions (x, y, text, opens)
Section = tuple[str, str, list[Cells]]  # region, what stands beside its name, rows


class Columns(NamedTuple):
    """Of the themes [px]."""

    most: float  # what a column may take
    cell: float  # what it takes where its head slants
    angle: int  # of the heads: flat, SLANT or UPRIGHT
    head: float  # height of the heads


@dataclass(frozen=True)
class Grid:
    """Where columns, totals and heads stand [px]."""

    text: float
    step: float  # from one panel to the next
    label: float  # of the names
    total: float  # of the totals
    right: float  # edge of the totals
    row: float
    heads: list[str]
    columns: Columns

    @property
    def gap(self) -> float:
        return 0.2 * self.text


def coverage(table: pd.DataFrame, by: str = "region", width: int = NOTEBOOK) -> go.Figure:
    """Figure of measure.coverage: a row per municipality, a column per theme, five cell states; of a view, bars.

    An own project, one only through a partnership, none known (empty), unknown ("?") and did not exist then ("×") differ
    in fill, hatch, outline and glyph. The province-wide row stands apart below, its zero is a 0; totals count each project
    once.

    Parameters
    ----------
    table : DataFrame of measure.coverage, unchanged; else WmoError
    by : "region" or "alphabet" (the order of the table); bars have their own order, by number
    width : int, px; 800 fits a notebook, 605 a memo, 1022 and 1188 the dashboard, 1280 and 1920 a screen
    """
    if table.attrs.get("wmo", {}).get("by") in VIEWS:
        return bars(table, width)
    about = checked(table, "coverage")
    if by not in ("region", "alphabet"):
        raise ValueError(f"by is 'region' or 'alphabet', not {by!r}")
    sheet, cells = Sheet("coverage", about, width), records(table)
    for cell in cells:
        cell["nothing"] = _nothing(cell, about)
        cell["why"] = why(cell["nothing"], about)
    themes = {cell["theme"]: cell for cell in cells if cell["theme"]}
    province, sections = _sections(cells, by == "region", sheet.say)
    panels = _panels(sections, sheet.say("continued") if by == "region" else "")
    grid = _grid(cells, themes, len(panels), sheet)
    if len(panels) > 1 and grid.columns.cell < 1.2 * sheet.text:  # a number would not fit: one panel below the other
        panels = [sections]
        grid = _grid(cells, themes, 1, sheet)

    marks = {name: [] for name in (*CELLS, "labels", "totals", "regions")}
    bottom = max(_put_panel(panel, themes, n * grid.step, grid, marks, sheet.say) for n, panel in enumerate(panels))
    noted = not province
    if province:
        bottom += 0.3 * grid.row
        noted = _put_province(province, themes, bottom, len(panels), grid, marks, sheet)
        bottom += 1.3 * grid.row
    for state in CELLS:
        _draw_state(state, marks[state], grid, sheet)
    _write(marks, DROP * grid.text, sheet)
    _write_heads(themes, len(panels), grid, sheet)
    _tell(cells, themes, [region for region, _, _ in sections if region], noted, sheet)
    return sheet.figure(bottom, [0, sheet.room])


def _write(marks: Marks, drop: float, sheet: Sheet) -> None:
    """The names and totals beside the cells, and above them the regions, whose numbers open."""
    codes = [code for *_, code in marks["totals"]]
    sheet.written("labels", [(x, y + drop, *rest) for x, y, *rest in marks["labels"]], "middle right")
    sheet.written("totals", [(x, y + drop, *rest) for x, y, *rest, _ in marks["totals"]], "middle left", codes=codes)
    for x, y, shown, opens in marks["regions"]:
        sheet.put(shown, x, y, color=LIGHT.muted, opens=opens, name="region")


def _sections(cells: list[dict], by_region: bool, say: Say) -> tuple[Cells, list[Section]]:
    """The row of the province, and the rows of each region."""
    province, regions = {}, {}
    for cell in cells:
        if cell["state"] == "province":
            province[cell["theme"]] = cell
            continue
        region = (cell["region_id"], cell["region"]) if by_region else ("", "")
        rows = regions.setdefault(region, {})
        rows.setdefault(cell["gm_code"], {})[cell["theme"]] = cell
    sections = []
    for (_, region), rows in regions.items():
        sections.append((region, _count(len(rows), say) if by_region else "", list(rows.values())))
    return province, sections


def _panels(sections: list[Section], continued: str) -> list[list[Section]]:
    """The sections in one or two panels of about equal length; a region is cut only to save many rows."""
    owner = [number for number, (_, _, rows) in enumerate(sections) for _ in rows]
    if len(owner) <= 12:
        return [sections]

    def cost(cut: int) -> tuple[float, int]:  # that a cut region weighs a fifth of the rows is judged by eye
        inside = len(sections) > 1 and owner[cut - 1] == owner[cut]
        return max(cut, len(owner) - cut) + inside * len(owner) / 5, -cut

    cut, left, right = min(range(1, len(owner)), key=cost), [], []
    for number, (region, count, rows) in enumerate(sections):
        here = max(cut - owner.index(number), 0)  # rows of this section that stand in the left panel
        if here:
            left.append((region, count, rows[:here]))
        if rows[here:]:
            right.append((region, continued if here else count, rows[here:]))
    return [left, right]


def _grid(cells: list[dict], themes: Cells, panels: int, sheet: Sheet) -> Grid:
    """The grid of that many panels, from the measured texts."""
    text, say = sheet.text, sheet.say
    gutter, after, before, row = ROOMY if sheet.width >= SCREEN else TIGHT
    panel = (sheet.room - gutter * text * (panels - 1)) / panels
    names = [measure(capital(cell["municipality"]), text, cell["state"] == "province") for cell in cells]
    label = min(max(names, default=0) + after * text, 0.42 * panel)
    total = sheet.widest((words.number(cell["number"]) for cell in cells if not cell["theme"]), bold=True)
    total = max(total, measure(say("total"), text)) + before * text
    heads = [fit(theme["theme_short"], text, 18 * text) for theme in themes.values()]
    columns = _columns([measure(head, text) for head in heads], panel - label, total, text)
    named = sheet.widest((f"{c['region']}  {_count(99, say)}" for c in cells if c["region"]), bold=True)
    right = max(label + columns.most * len(themes) + total, named + 1.5 * total)
    return Grid(text, panel + gutter * text, label, total, min(panel, right), row * text, heads, columns)


def _columns(wide: list[float], beside: float, total: float, text: float) -> Columns:
    """Columns beside the names for heads as wide as `wide`: flat when they fit, else slanted, else upright."""
    widest = max(wide, default=0)
    space, flat = (beside - total) / max(len(wide), 1), widest + 0.6 * text
    if flat <= space:
        most = min(space, max(6 * text, flat))
        return Columns(most, most, 0, 1.7 * text * bool(wide))
    most = cell = min(space, 6 * text)
    for number, head in enumerate(wide):  # a slanted head ends right of its column, the last one within the panel
        cell = min(cell, (beside - (head * COSINE + 0.5 * text)) / (number + 0.5))
    if cell < 1.45 * text:
        return Columns(most, most, UPRIGHT, widest + text)
    return Columns(most, cell, SLANT, widest * SINE + text)


def _put_panel(panel: list[Section], themes: Cells, left: float, grid: Grid, marks: Marks, say: Say) -> float:
    """Puts the sections of one panel below its heads; returns where it ends."""
    y = grid.columns.head
    marks["totals"].append((left + grid.right, y + grid.row / 2, escape(say("total")), LIGHT.muted, None))
    for position, (region, beside, rows) in enumerate(panel):
        if position:
            y += grid.row * 0.65
        if beside:
            room = grid.right - measure(f"\u00a0 {beside}", grid.text) - grid.total
            name = escape(fit(region, grid.text, room, True))
            opens = (next(iter(rows[0].values()))["region_id"], "", "of") if re.search(r"\d", beside) else ()
            marks["regions"].append((left, y + grid.row / 2, f"<b>{name}</b>\u00a0 {escape(beside)}", opens))
        y += grid.row
        for row in rows:
            _put_row(row, themes, left, y + grid.row / 2, grid, marks)
            y += grid.row
    return y


def _put_row(row: Cells, themes: Cells, x: float, y: float, grid: Grid, marks: Marks) -> None:
    """Puts the name, the cells and the total of one municipality, or of the province, at height `y`."""
    total = row.get("") or next(iter(row.values()))
    province = total["state"] == "province"
    name = escape(fit(capital(total["municipality"]), grid.text, grid.label - 0.4 * grid.text, province))
    marks["labels"].append((x, y, f"<b>{name}</b>" if province else name, LIGHT.ink))
    for number, theme in enumerate(themes):
        if theme in row:
            marks[row[theme]["state"]].append((x + grid.label + number * grid.columns.cell, y, row[theme]))
    shown, color = _shown(total), LIGHT.ink
    if total["nothing"] == "none":
        shown, color = f"<b>{words.number(0)}</b>", LIGHT.orange_text
    elif total["nothing"]:
        color = LIGHT.muted
    marks["totals"].append((x + grid.right, y, shown, color, [total["gm_code"], ""]))


def _put_province(row: Cells, themes: Cells, top: float, panels: int, grid: Grid, marks: Marks, sheet: Sheet) -> bool:
    """Puts the row of the province below a line and beside it what it is not; False when there is no room for that."""
    y, note = top + 0.8 * grid.row, sheet.say("province_note")
    sheet.line(0, sheet.room if panels > 1 else grid.right, top, top, LIGHT.axis)
    _put_row(row, themes, 0, y, grid, marks)
    if panels == 1 or measure(note, sheet.text) >= sheet.room - grid.step:
        return False
    marks["labels"].append((grid.step, y, escape(note), LIGHT.muted))
    return True


def _draw_state(state: str, marks: list[tuple], grid: Grid, sheet: Sheet) -> None:
    """One trace per state: a bar per cell with its number, hatch and hover."""
    look = CELLS[state]
    bars, edges = [], []
    for x, y, cell in marks:
        edge = look.edge or look.fill if cell["number"] or state in EMPTY_STATES else LIGHT.grid
        code, hover = [cell["gm_code"], cell["theme"]], _hover(cell, sheet.say)
        place = x + grid.gap / 2, grid.columns.cell - grid.gap, y, grid.row - grid.gap
        bars.append(Bar(*place, code, hover, _shown(cell), invented(cell) if cell["number"] else ""))
        edges.append(edge)
    size = min(0.93 * grid.text, grid.columns.cell * 0.7)
    font = dict(color=look.ink, size=size, weight=700 if state == "own" else 400)
    sheet.draw(state, bars, replace(look, edge=edges), 1 if state in EMPTY_STATES else 1.25, font)


def _nothing(cell: dict, about: dict) -> str:
    """Why a cell is empty, '' where a number stands in it; the province has a 0 where a list is complete."""
    if cell["state"] in EMPTY_STATES:
        return cell["state"]
    return "" if cell["number"] or about.get("complete", True) else "unknown"


def _shown(cell: dict) -> str:
    """What stands in a cell: the sign of why it is empty, or its number."""
    return CELLS[cell["nothing"]].glyph if cell["nothing"] else words.number(cell["number"])


def _hover(cell: dict, say: Say) -> str:
    titles = [title for title in cell["projects"].split("; ") if title]
    counts = numbers(cell, ("number", "own", "partnership"))
    # one text tells both numbers, own and through a partnership
    state = cell["why"] or cell["state"].replace("partnership", "own")
    place = f"<b>{escape(capital(cell['municipality']))}</b>, {escape(cell['theme_label'])}"
    lines = [place, say(f"hover.{state}", **counts)]
    lines += [f"– {escape(fit(title, *HOVER))}" for title in titles[:TITLES]]
    if len(titles) > TITLES:
        lines.append(say("hover.more", count=words.number(len(titles) - TITLES)))
    return "<br>".join(lines)


def _write_heads(themes: Cells, panels: int, grid: Grid, sheet: Sheet) -> None:
    """The theme heads above each panel."""
    _, cell, angle, base = grid.columns
    size, lean, side = grid.text, 0, "center"
    if angle == UPRIGHT:
        size = min(grid.text, cell / 1.25)
    if angle == SLANT:
        lean, side = grid.text * 0.575 * SINE, "left"
    look = dict(name="head", xref="x", yref="y", xanchor=side, yanchor="bottom", showarrow=False)
    look |= dict(y=base - 0.1 * grid.text * bool(angle), textangle=-angle, font=dict(size=size))
    for panel in range(panels):
        for number, (head, theme) in enumerate(zip(grid.heads, themes.values(), strict=True)):
            x = panel * grid.step + grid.label + (number + 0.5) * cell - lean
            sheet.notes.append(look | dict(x=x, text=escape(head), hovertext=escape(theme["theme_label"])))


def _tell(cells: list[dict], themes: Cells, regions: list[str], noted: bool, sheet: Sheet) -> None:
    """The key and the texts around the matrix; `noted`: the province-wide row says itself that it covers nothing."""
    about, say = sheet.about, sheet.say
    present = {cell["state"] for cell in cells}
    for state, look in CELLS.items():
        if state in present and state != "province":
            edge = LIGHT.axis if look.edge == LIGHT.grid else look.edge  # a pale outline is lost in a small swatch
            sheet.key(say(f"key.{state}"), replace(look, edge=edge))
    rules = {"rule": True, "province_rule": not noted}
    rules |= {f"rule_{why(state, about)}": state in present for state in EMPTY_STATES}
    totals = [cell for cell in cells if not cell["theme"] and cell["gm_code"]]
    sheet.tell(
        _finding(about, totals, 12, say),
        filter(rules.get, rules),
        _extra(cells, themes, sheet),
        long=_finding(about, totals, 99, say),
        subtitle="subtitle" + of_set(about),
        of=_count(about["of"], say),
        themes=say("theme" if len(themes) == 1 else "themes", count=words.number(len(themes))),
        order=say("alt.region" if regions else "alt.alphabet", regions=words.listing(regions, sheet.language)),
    )


def _extra(cells: list[dict], themes: Cells, sheet: Sheet) -> list[str]:
    """Of the alt text: themes without anything known, and the province-wide projects."""
    known = {cell["theme"] for cell in cells if cell["gm_code"] and cell["state"] != "unknown"}
    unknown = [theme["theme_short"] for code, theme in themes.items() if code not in known]
    extra = []
    if unknown:
        extra.append(sheet.say("alt.unknown", themes=words.listing(unknown, sheet.language)))
    for cell in cells:
        if cell["state"] == "province" and not cell["theme"]:
            extra.append(sheet.say("alt.province", count=words.number(cell["number"])))
    return extra


def _finding(about: dict, totals: list[dict], limit: int, say: Say) -> str:
    """The finding with its figure, in at most `limit` words: names where they fit, else their number."""
    if len(totals) == 1:
        return _finding_of_one(about, totals[0], limit, say)
    if not about["of"]:
        return say("empty")
    municipal = of_set(about)
    form = "covered_all" if about["covered"] == about["of"] else "covered"
    first = say(form + municipal, covered=words.number(about["covered"]), of=words.number(about["of"]))
    long, short = [first], [first]
    # without a project on a municipal theme is not without any project
    for state in EMPTY_STATES[1:] if municipal else EMPTY_STATES:
        names = [cell["municipality"] for cell in totals if cell["state"] == state]
        if len(names) == about["of"]:
            return f"{first}; {say(state + '_all')}"
        if names:
            short.append(say(state, names=_count(len(names), say)))
            long.append(say(state, names=words.listing(names, about["language"])))
            if len(names) > NAMES:
                long[-1] = short[-1]
    if len(" ".join(long).split()) > limit:
        long = short
    while len(" ".join(long).split()) > limit:
        long.pop()
    return "; ".join(long)


def _finding_of_one(about: dict, total: dict, limit: int, say: Say) -> str:
    name, state = total["municipality"], total["state"]
    if len(name.split()) > 5 and limit < 99:
        name = say("this")
    text = f"one_{state}" if state in EMPTY_STATES else "one_covered"
    if of_set(about) and state not in EMPTY_STATES[1:]:
        text = "one_municipal"
    return say(text, name=name, count=words.number(total["number"]))


def _count(number: int, say: Say) -> str:
    return say("municipality" if number == 1 else "municipalities", count=words.number(number))
