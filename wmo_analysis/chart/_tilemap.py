"""The tile map: a tile per municipality at its place in the province, with the figure of one column of a measure."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import schema, words
from wmo_analysis.chart._look import Look
from wmo_analysis.chart._sheet import Bar, Sheet, in_one, short
from wmo_analysis.style import LIGHT, NOTEBOOK, escape, measure, wrap

SCREEN = 1100  # px: from this width on the regions stand beside the map
SWATCH = 2.9  # text heights, in the legend
GAP, INSET, EDGE = 3, 7, 10  # px between tiles, from a left edge to the name, from the figure to a right edge
MONEY = (*schema.KINDS, "committed", "cents")
WORDED = ("projects", "number", "own", "partnership", "covered", "missing", *MONEY)  # columns with words of their own
RAMP = LIGHT.classes  # nothing, then up to four classes from its dark end
INK = (LIGHT.ink, LIGHT.ink, LIGHT.ink, LIGHT.on_mid, LIGHT.on_blue)
BLANK = Look(LIGHT.paper, LIGHT.grid, ink=LIGHT.muted)  # unknown, or outside the selection


@dataclass(frozen=True)
class Figures:
    """gm_code -> figure (None: unknown) in the order of the tiles, and the classes that they fall into."""

    of: dict[str, float | None]
    bounds: list[float]  # upper bounds of the classes above zero
    money: bool

    def known(self) -> dict[str, float]:
        return {gm: figure for gm, figure in self.of.items() if figure is not None}

    def shown(self, figure: float | None) -> str:
        if figure is None:
            return "?"
        return words.euro(figure, 0) if self.money else words.number(figure)

    def kind(self, gm: str) -> int | str:
        """The number of its class, 0 for nothing; else unknown or outside."""
        if gm not in self.of:
            return "outside"
        figure = self.of[gm]
        if figure is None:
            return "unknown"
        return 0 if figure <= 0 else next(n for n, bound in enumerate(self.bounds, 1) if figure <= bound)

    def look(self, kind: int | str) -> Look:
        if isinstance(kind, str):
            return BLANK
        if kind == 0:
            return Look(RAMP[0], LIGHT.axis, ink=INK[0])
        shade = len(RAMP) - 1 - len(self.bounds) + kind  # few classes take the dark end
        return Look(RAMP[shade], RAMP[shade], ink=INK[shade])


@dataclass(frozen=True)
class Tile:
    """One municipality on the map, with its left top in px."""

    gm_code: str
    name: str
    shown: str
    kind: int | str
    x: float
    y: float


@dataclass(frozen=True)
class Grid:
    """Where the tiles stand [px]."""

    pitch: float
    high: float
    top: float  # below the legend where that does not fit beside the first row
    bottom: float


def tilemap(table: pd.DataFrame, value: str, title: str | None = None, width: int = NOTEBOOK) -> go.Figure:
    """Figure of any measure by municipality: a tile for each, paler to darker by class, its figure always inside.

    Unknown is "?", never 0. A municipality outside the selection is a pale outline without a figure. On a screen the
    municipalities above zero stand beside it by region.

    Parameters
    ----------
    table : DataFrame of a measure by municipality, unchanged (else WmoError), with `code` or `gm_code` and attrs `tiles`
    value : str, the column to show; cents for the columns of the budget
    title : str, the finding with its figure in at most 12 words; without it the chart says how many are at zero
    width : int, px, see chart.coverage
    """
    about = schema.checked(table)
    sheet, places = Sheet("tilemap", about, width), about["tiles"]
    figures, rest = _figures(table, value, places)
    legend = _legend(figures, sheet)
    regions = _regions(figures, places) if width >= SCREEN else {}
    beside = sheet.widest(regions) + 9 * sheet.text if regions else 0
    grid = _grid(places, sum(wide for *_, wide in legend), beside, sheet)
    tiles = [_tile(gm, place, figures, grid) for gm, place in places.items()]

    what = _label(value, about, sheet.say)
    sheet.put(escape(what), 0, 0.5 * sheet.text, color=LIGHT.muted, name="unit")
    _draw_legend(legend, sheet)
    if regions:
        _draw_regions(regions, figures, beside, sheet)
    for kind in (*range(len(figures.bounds) + 1), "unknown", "outside"):
        _draw_class(kind, tiles, figures, grid, sheet)
    _write(tiles, figures, grid, sheet)
    rules = [sheet.say("rule")]
    if rest:
        rules.append(sheet.say("rule.rest"))
    if len(figures.of) < len(places):
        rules.append(sheet.say("rule.outside"))
    told = in_one(sheet.say("alt.figure", name=places[gm][2], figure=figures.shown(n)) for gm, n in figures.of.items())
    sheet.tell(title or _finding(figures, what, places, sheet.say), rules, [told], what=what)
    sheet.above = 0.4 * sheet.text
    return sheet.figure(grid.bottom, [0, sheet.room])


def _figures(table: pd.DataFrame, value: str, places: dict) -> tuple[Figures, bool]:
    """The figures on the map, and whether the table has one that stands on no tile."""
    code = "gm_code" if "gm_code" in table else "code"
    found, rest = {}, False
    for row in table.to_dict("records"):
        gm, figure = row[code], row[value]
        stated = not pd.isna(figure)
        if gm in places:
            found[gm] = figure if stated and not pd.isna(row.get("covered", 0)) else None
        elif gm and stated and figure:
            rest = True
    of = {gm: found[gm] for gm in places if gm in found}
    money = value in MONEY
    most = max((figure for figure in of.values() if figure is not None), default=0)
    return Figures(of, _bounds(most, money), money), rest


def _bounds(most: float, money: bool) -> list[float]:
    """Upper bounds of the classes above zero, at most four: each number its own class up to 4, else round steps."""
    if most <= 0:
        return []
    if not money and most <= 8 and float(most).is_integer():
        return [1, 2, 3, math.inf] if most > 4 else list(range(1, int(most) + 1))
    power = 10 ** math.floor(math.log10(most / 4))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n * 4 >= most)
    step = round(step, 6)  # a power below zero is no exact number
    return [step * n for n in range(1, math.ceil(most / step) + 1)]


def _regions(figures: Figures, places: dict) -> dict[str, list[str]]:
    """region -> its municipalities in the selection; in the order of the tiles, without the empty ones."""
    found = {region: [] for *_, region in places.values()}
    for gm in figures.of:
        found[places[gm][3]].append(gm)
    return {region: codes for region, codes in found.items() if codes}


def _legend(figures: Figures, sheet: Sheet) -> list[tuple[str, Look, float]]:
    """(label, look, px) of each class on the map, raw."""
    labels, known = {}, figures.known()
    if known and min(known.values()) <= 0:
        labels[0] = sheet.say("none")
    each_its_own = figures.bounds[:3] == [1, 2, 3][: len(figures.bounds)]
    for n, bound in enumerate(figures.bounds, 1):
        if bound == math.inf:
            labels[n] = sheet.say("or_more", bound=words.number(n))
        elif each_its_own:
            labels[n] = words.number(bound)
        else:
            labels[n] = sheet.say("up_to", bound=words.euro(bound) if figures.money else words.number(bound))
    if len(known) < len(figures.of):
        labels["unknown"] = f"? {sheet.say('unknown')}"
    legend = []
    for kind, label in labels.items():
        wide = max(measure(label, sheet.px.footer), SWATCH * sheet.text) + 0.5 * sheet.text
        legend.append((label, figures.look(kind), wide))
    return legend


def _draw_legend(legend: list[tuple[str, Look, float]], sheet: Sheet) -> None:
    text = sheet.text
    for n, (label, look, _) in enumerate(legend):
        left = sum(wide for *_, wide in legend[:n])
        box = dict(type="rect", x0=left, x1=left + SWATCH * text, y0=1.4 * text, y1=2.3 * text)
        sheet.shapes.append(box | dict(fillcolor=look.fill, line=dict(color=look.edge, width=1)))
        sheet.put(escape(label), left, 2.95 * text, sheet.px.footer, name="class")


def _grid(places: dict, legend: float, beside: float, sheet: Sheet) -> Grid:
    """The tiles as wide as the room beside the regions allows; the legend stands in the empty corner if it fits."""
    text = sheet.text
    rows, columns, *_ = zip(*places.values(), strict=True)
    if beside:
        beside += 2 * text
    pitch = min((sheet.room - beside) / (max(columns) + 1), 11 * text)
    corner = min((column for row, column in zip(rows, columns, strict=True) if row == 0), default=0)
    high, top = 0.73 * pitch, 0 if corner * pitch > legend else 3.4 * text
    return Grid(pitch, high, top, top + (max(rows) + 1) * high)


def _tile(gm: str, place: list, figures: Figures, grid: Grid) -> Tile:
    row, column, name, _ = place
    kind = figures.kind(gm)
    shown = figures.shown(figures.of[gm]) if kind != "outside" else ""
    return Tile(gm, name, shown, kind, column * grid.pitch, grid.top + row * grid.high)


def _draw_class(kind: int | str, tiles: list[Tile], figures: Figures, grid: Grid, sheet: Sheet) -> None:
    """The trace of one class: a bar as wide as a tile."""
    name, bars = f"class {kind}", []
    blank = ""
    if isinstance(kind, str):
        name, blank = kind, sheet.say(kind)
    for tile in tiles:
        if tile.kind == kind:
            hover = f"<b>{escape(tile.name)}</b><br>{escape(blank or tile.shown)}"
            y = tile.y + grid.high / 2
            bars.append(Bar(tile.x + GAP / 2, grid.pitch - GAP, y, grid.high - GAP, tile.gm_code, hover))
    sheet.draw(name, bars, figures.look(kind), edge=1.25 if kind == 0 else 1)


def _write(tiles: list[Tile], figures: Figures, grid: Grid, sheet: Sheet) -> None:
    """Names left above in the tiles and figures right below, smaller where a tile is too narrow."""
    names, numbers, sizes, text = [], [], [], sheet.text
    large, room = 1.35 * text, grid.pitch - EDGE - 2 * GAP
    for tile in tiles:
        ink = figures.look(tile.kind).ink
        for n, line in enumerate(wrap(tile.name, text, grid.pitch - 2 * INSET)[:3]):
            names.append((tile.x + INSET, tile.y + (0.95 + 1.2 * n) * text, escape(line), ink))
        if tile.shown:
            right, bottom = tile.x + grid.pitch - EDGE, tile.y + grid.high - 1.15 * text
            numbers.append((right, bottom, f"<b>{escape(tile.shown)}</b>", ink))
            sizes.append(large * min(1, room / max(measure(tile.shown, large, True), 1)))
    sheet.written("names", names, "middle right")
    sheet.written("numbers", numbers, "middle left", sizes)


def _draw_regions(regions: dict[str, list[str]], figures: Figures, beside: float, sheet: Sheet) -> None:
    """The list beside the map: municipalities above zero in each region, of those in the selection."""
    say, left, right, row = sheet.say, sheet.room - beside, sheet.room, 2.2 * sheet.text
    sheet.put(escape(say("region")), left, 0.6 * sheet.text, color=LIGHT.muted)
    sheet.put(escape(say("above")), right, 0.6 * sheet.text, color=LIGHT.muted, xanchor="right")
    known = figures.known()
    for n, (region, codes) in enumerate(regions.items()):
        y = (n + 1.15) * row
        sheet.line(left, right, y - row / 2, y - row / 2, LIGHT.grid)
        sheet.put(escape(region), left, y)
        here = [known[gm] for gm in codes if gm in known]
        if not here:
            sheet.put(escape(say("unknown")), right, y, color=LIGHT.muted, xanchor="right")
            continue
        above, of = words.number(sum(figure > 0 for figure in here)), say("of", of=words.number(len(codes)))
        sheet.put(f"<b>{above}</b>{escape(of)}", right, y, xanchor="right")


def _label(value: str, about: dict, say: Callable) -> str:
    """What the figures are, as a heading: 'Aantal projecten', 'Vastgelegd bedrag'."""
    if value in WORDED:
        return say(f"value.{value}")
    return words.heading(value, about["language"]).capitalize()


def _finding(figures: Figures, what: str, places: dict, say: Callable) -> str:
    """The finding with its figure in at most 12 words: how many are at zero, and the highest."""
    known, of = figures.known(), len(figures.of)
    if not known:
        return say("all_unknown" if of else "empty", of=words.number(of))
    most = max(known.values())
    top = [places[gm][2] for gm in known if known[gm] == most]
    figure = figures.shown(most)
    if of == 1:
        return short([say("one", name=top[0], what=what.lower(), figure=figure), f"{what}: {figure}"])
    above = sum(figure > 0 for figure in known.values())
    counts = dict(of=words.number(of), figure=figure, what=what, above=words.number(above))
    if len(known) < of:
        return say("some_unknown", **counts, unknown=words.number(of - len(known)))
    if most == 1:
        return say("of_one", **counts)
    named = [say("highest_name", **counts, name=top[0])] if len(top) == 1 and most > 0 else []
    return short([*named, say("highest", **counts)])
