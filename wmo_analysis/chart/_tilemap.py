"""The tile map: a tile per municipality at its place in the province, with the figure of one column of a measure."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import schema, words
from wmo_analysis.areas import Areas
from wmo_analysis.chart._areas import Shape, draw, lowest, placed, write
from wmo_analysis.chart._look import CELLS, Look
from wmo_analysis.chart._marks import Bar, invented
from wmo_analysis.chart._rows import records
from wmo_analysis.chart._sheet import Say, Sheet, in_one, short, strong
from wmo_analysis.style import LIGHT, NOTEBOOK, escape, measure, wrap

SCREEN = 1100  # px: from this width on the regions stand beside the map
FLAT = 0.73  # height of a tile to its width: a name needs the width, the map would fill the screen as squares
SWATCH = 2.9  # text heights, in the legend
GAP, INSET, EDGE = 3, 7, 10  # px between tiles, from a left edge to the name, from the figure to a right edge
MONEY = (*schema.KINDS, "committed", "cents")
WORDED = ("projects", "number", "own", "partnership", "covered", "missing", *MONEY)  # columns with words of their own
RAMP = LIGHT.classes  # nothing, then up to four classes from its dark end
INK = (LIGHT.ink, LIGHT.ink, LIGHT.ink, LIGHT.on_mid, LIGHT.on_blue)
BLANK = Look(LIGHT.paper, LIGHT.grid, ink=LIGHT.muted)
IN_WORDS = {  # kinds without a figure
    "none": Look(LIGHT.paper, LIGHT.axis, ink=LIGHT.muted),
    "unknown": BLANK,
    "absent": CELLS["absent"],
    "outside": BLANK,
}

Kind = int | str  # the number of a class, 0 for a zero; or one of schema.EMPTY_STATES, or outside the selection


@dataclass(frozen=True)
class Tile:
    """One municipality on the map; without a figure where that is unknown, did not exist then, or lies outside."""

    gm_code: str
    name: str
    region: str
    row: int
    column: int
    kind: Kind
    figure: float | None
    shown: str
    invented: str  # see Bar


@dataclass(frozen=True)
class Grid:
    """Where the tiles stand [px]."""

    pitch: float
    high: float
    top: float  # below the legend where that does not fit beside the first row
    bottom: float

    def left_top(self, tile: Tile) -> tuple[float, float]:
        return tile.column * self.pitch, self.top + tile.row * self.high


def tilemap(
    table: pd.DataFrame, value: str, title: str | None = None, width: int = NOTEBOOK, drawing: str = "tiles"
) -> go.Figure:
    """Figure of any measure by municipality: a tile for each, paler to darker by class, its figure always inside.

    With drawing="areas" the boundaries that the analyst added stand in place of the tiles, where there are any. A zero is
    0, none known a word, unknown "?" and did not exist then "×". A municipality outside the selection is a pale outline
    without any of these. On a screen the municipalities above zero stand beside it by region.

    Parameters
    ----------
    table : DataFrame of a measure by municipality, unchanged (else WmoError), with `code` or `gm_code` and attrs `tiles`
    value : str, the column to show; cents for the columns of the budget
    title : str, the finding with its figure in at most 12 words; without it the chart says how many are at zero
    width : int, px, see chart.coverage
    drawing : "tiles" or "areas"
    """
    about = schema.checked(table)
    table = table.rename(columns={"code": "gm_code"})
    sheet, areas = Sheet("tilemap", about, width), about.get("areas") if drawing == "areas" else None
    tiles, bounds = _tiles(table, value, about["tiles"], sheet)
    inside = [tile for tile in tiles if tile.kind != "outside"]
    regions = _regions(tiles) if width >= SCREEN else {}
    beside = (sheet.widest(regions) + 9 * sheet.text) * bool(regions)
    legend, looks = _legend({tile.kind for tile in tiles}, bounds, value in MONEY, sheet), _looks(bounds)

    what = _label(value, sheet)
    sheet.put(escape(what), 0, 0.5 * sheet.text, color=LIGHT.muted, name="unit")
    _draw_legend(legend, looks, sheet)
    if regions:
        _write_regions(regions, beside, value == "projects", sheet)
    rules = _rules(table, value, tiles)
    if areas and areas.rings:
        bottom = _areas(tiles, areas, looks, beside, sheet)
        rules[0] = "rule.areas"
    else:
        bottom = _tiled(tiles, looks, legend, beside, sheet)
    told = in_one(sheet.say("alt.figure", name=tile.name, figure=_said(tile, sheet.say)) for tile in inside)
    sheet.tell(
        title or _finding(inside, what, sheet.say),
        rules,
        [told],
        what=what,
        year=(areas and areas.year) or sheet.say("unknown"),
    )
    sheet.above = 0.4 * sheet.text
    return sheet.figure(bottom, [0, sheet.room])


def _tiles(table: pd.DataFrame, value: str, places: dict[str, list], sheet: Sheet) -> tuple[list[Tile], list[float]]:
    """Every municipality of the map, and the upper bounds of the classes above zero."""
    rows = {row["gm_code"]: row for row in records(table)}
    figures = {gm: _figure(rows[gm], value) for gm in places if gm in rows}
    bounds, tiles = _bounds(max((figure for figure in figures.values() if figure), default=0), value in MONEY), []
    for gm, (row, column, name, region) in places.items():
        figure, kind = figures.get(gm), "outside"
        if gm in rows:
            kind = _kind(rows[gm].get("state", ""), figure, bounds)
        made_up = invented(rows[gm]) if figure else ""  # 0 is nothing that anybody can have made up
        shown = _shown(kind, figure, value in MONEY, sheet.say)
        tiles.append(Tile(gm, name, region, row, column, kind, figure, shown, made_up))
    return tiles, bounds


def _figure(row: dict[str, Any], value: str) -> float | None:
    """The figure of a municipality; None where that is unknown, or where there was no municipality."""
    # a number of a municipality of which nothing is known is no zero
    known = row.get("state") not in ("unknown", "absent") and row.get("covered", 0) is not None
    return row[value] if known else None


def _kind(state: str, figure: float | None, bounds: list[float]) -> Kind:
    if figure:
        return _class(figure, bounds)
    if state in schema.EMPTY_STATES:
        return state
    return "unknown" if figure is None else 0


def _shown(kind: Kind, figure: float | None, money: bool, say: Say) -> str:
    """What stands in a tile."""
    if kind == "none":
        return say(kind)
    if kind in IN_WORDS:
        return CELLS[kind].glyph if kind in CELLS else ""
    return words.euro(figure, 0) if money else words.number(figure)


def _said(tile: Tile, say: Say) -> str:
    """The figure of a tile, or the word for what stands in its place."""
    return say(tile.kind) if tile.kind in IN_WORDS else tile.shown


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


def _class(figure: float, bounds: list[float]) -> int:
    if figure <= 0:
        return 0
    return next(n for n, bound in enumerate(bounds, 1) if figure <= bound)


def _looks(bounds: list[float]) -> dict[Kind, Look]:
    """Of every kind, paler to darker; few classes take the dark end."""
    looks, palest = {0: Look(RAMP[0], LIGHT.axis, ink=INK[0])}, len(RAMP) - len(bounds)
    for n, (fill, ink) in enumerate(zip(RAMP[palest:], INK[palest:], strict=True), 1):
        looks[n] = Look(fill, fill, ink=ink)
    return looks | IN_WORDS


def _regions(tiles: list[Tile]) -> dict[str, list[Tile]]:
    """The tiles in the selection by region, in the order of the map."""
    found = {}
    for tile in tiles:
        here = found.setdefault(tile.region, [])
        if tile.kind != "outside":
            here.append(tile)
    return {region: here for region, here in found.items() if here}


def _rules(table: pd.DataFrame, value: str, tiles: list[Tile]) -> list[str]:
    present = {tile.kind for tile in tiles}
    places = [tile.gm_code for tile in tiles]
    rules = ["rule", *(f"rule.{kind}" for kind in ("none", "absent") if kind in present)]
    elsewhere = table[~table["gm_code"].isin([*places, ""])]
    if elsewhere[value].fillna(0).any():
        rules.append("rule.rest")
    if "outside" in present:
        rules.append("rule.outside")
    return rules


def _legend(present: set[Kind], bounds: list[float], money: bool, sheet: Sheet) -> list[tuple[Kind, str, float]]:
    """(kind, label, px) of each class, raw, and of zero and what has a glyph where they are on the map."""
    labels = {}
    if 0 in present:
        labels[0] = words.number(0)
    each_its_own = bounds[:3] == [1, 2, 3][: len(bounds)]
    for n, bound in enumerate(bounds, 1):
        if bound == math.inf:
            labels[n] = sheet.say("or_more", bound=words.number(n))
        elif each_its_own:
            labels[n] = words.number(bound)
        else:
            labels[n] = sheet.say("up_to", bound=words.euro(bound) if money else words.number(bound))
    for kind in ("unknown", "absent"):
        if kind in present:
            labels[kind] = f"{CELLS[kind].glyph} {sheet.say(kind)}"
    legend = []
    for kind, label in labels.items():
        wide = max(measure(label, sheet.px.footer), SWATCH * sheet.text) + 0.5 * sheet.text
        legend.append((kind, label, wide))
    return legend


def _draw_legend(legend: list[tuple[Kind, str, float]], looks: dict[Kind, Look], sheet: Sheet) -> None:
    text = sheet.text
    for n, (kind, label, _) in enumerate(legend):
        fill, edge = looks[kind].fill, looks[kind].edge or looks[kind].fill
        left = sum(wide for *_, wide in legend[:n])
        box = dict(type="rect", x0=left, x1=left + SWATCH * text, y0=1.4 * text, y1=2.3 * text)
        sheet.shapes.append(box | dict(fillcolor=fill, line=dict(color=edge, width=1)))
        sheet.put(escape(label), left, 2.95 * text, sheet.px.footer, name="class")


def _grid(tiles: list[Tile], legend: float, beside: float, sheet: Sheet) -> Grid:
    """The tiles as wide as the room beside the regions allows; the legend stands in the empty corner if it fits."""
    text, rows = sheet.text, max(tile.row for tile in tiles) + 1
    columns = max(tile.column for tile in tiles) + 1
    if beside:
        beside += 2 * text
    pitch = min((sheet.room - beside) / columns, 11 * text)
    corner = min((tile.column for tile in tiles if tile.row == 0), default=0)
    high, top = FLAT * pitch, 3.4 * text * (corner * pitch <= legend)
    return Grid(pitch, high, top, top + rows * high)


def _tiled(tiles: list[Tile], looks: dict[Kind, Look], legend: list, beside: float, sheet: Sheet) -> float:
    """Draws the tiles below or beside the legend; returns where they end."""
    grid = _grid(tiles, sum(wide for *_, wide in legend), beside, sheet)
    _draw(tiles, looks, grid, sheet)
    _write(tiles, looks, grid, sheet)
    return grid.bottom


def _draw(tiles: list[Tile], looks: dict[Kind, Look], grid: Grid, sheet: Sheet) -> None:
    """A trace per kind: a bar as wide as a tile."""
    bars = {kind: [] for kind in looks}
    for tile in tiles:
        hover = f"<b>{escape(tile.name)}</b><br>{escape(_said(tile, sheet.say))}"
        x, y = grid.left_top(tile)
        place = x + GAP / 2, grid.pitch - GAP, y + grid.high / 2, grid.high - GAP
        bars[tile.kind].append(Bar(*place, tile.gm_code, hover, invented=tile.invented))
    for kind, look in looks.items():
        name = kind if kind in IN_WORDS else f"class {kind}"
        sheet.draw(name, bars[kind], look, edge=1 if kind else 1.25)


def _write(tiles: list[Tile], looks: dict[Kind, Look], grid: Grid, sheet: Sheet) -> None:
    """Names left above in the tiles and figures right below, smaller where a tile is too narrow."""
    names, numbers, sizes, text = [], [], [], sheet.text
    large, room = 1.35 * text, grid.pitch - EDGE - 2 * GAP
    for tile in tiles:
        (x, y), ink = grid.left_top(tile), looks[tile.kind].ink
        for n, line in enumerate(wrap(tile.name, text, grid.pitch - 2 * INSET)[:3]):
            names.append((x + INSET, y + (0.95 + 1.2 * n) * text, escape(line), ink))
        if tile.shown:
            size = text if tile.kind == "none" else large
            place = x + grid.pitch - EDGE, y + grid.high - 1.15 * text
            numbers.append((*place, strong([tile.shown], size == large), ink))
            sizes.append(size * min(1, room / max(measure(tile.shown, size, size == large), 1)))
    sheet.written("names", names, "middle right")
    sheet.written("numbers", numbers, "middle left", sizes)


def _areas(tiles: list[Tile], areas: Areas, looks: dict[Kind, Look], beside: float, sheet: Sheet) -> float:
    """Draws the areas of the tiles below the legend and beside the regions; returns where they end."""
    room = sheet.room - beside - 2 * sheet.text * bool(beside)
    rings = placed(areas, [tile.gm_code for tile in tiles], 3.8 * sheet.text, room)
    shapes = []
    for tile in tiles:
        if tile.gm_code in rings:
            hover = f"<b>{escape(tile.name)}</b><br>{escape(_said(tile, sheet.say))}"
            made = (tile.gm_code, tile.name, rings[tile.gm_code], looks[tile.kind], tile.shown, hover, tile.invented)
            shapes.append(Shape(*made))
    draw(shapes, sheet)
    write(shapes, sheet)
    return lowest(rings)


def _write_regions(regions: dict[str, list[Tile]], beside: float, covered: bool, sheet: Sheet) -> None:
    """The list beside the map: municipalities above zero in each region, of those in the selection; who is above zero
    of projects is covered, and opens."""
    say, left, right, row = sheet.say, sheet.room - beside, sheet.room, 2.2 * sheet.text
    head = dict(color=LIGHT.muted, name="head")
    sheet.put(escape(say("region")), left, 0.6 * sheet.text, **head)
    sheet.put(escape(say("above")), right, 0.6 * sheet.text, xanchor="right", **head)
    for n, (region, tiles) in enumerate(regions.items()):
        y = (n + 1.15) * row
        sheet.line(left, right, y - row / 2, y - row / 2, LIGHT.grid)
        sheet.put(escape(region), left, y, name="label")
        known = [tile.figure for tile in tiles if tile.figure is not None]
        shown, ink, opens, of = escape(say("unknown")), LIGHT.muted, (), ""
        if known:
            of, opens = say("of", of=words.number(len(tiles))), (region, "covered") if covered else ()
            shown, ink = f"<b>{words.number(sum(figure > 0 for figure in known))}</b>", LIGHT.ink
            sheet.put(escape(of), right, y, opens=opens and (region, "of"), xanchor="right")
        sheet.put(shown, right - measure(of, sheet.text), y, color=ink, opens=opens, xanchor="right")


def _label(value: str, sheet: Sheet) -> str:
    """What the figures are, as a heading: 'Aantal projecten', 'Vastgelegd bedrag'."""
    if value in WORDED:
        return sheet.say(f"value.{value}")
    return words.heading(value, sheet.language).capitalize()


def _finding(inside: list[Tile], what: str, say: Say) -> str:
    """The finding with its figure in at most 12 words: how many are above zero, and the highest."""
    known, of = [tile for tile in inside if tile.figure is not None], words.number(len(inside))
    unknown = sum(tile.kind == "unknown" for tile in inside)
    if not inside:
        return say("empty")
    if not known:
        return say("all_unknown" if unknown else "all_absent", of=of)
    most = max(known, key=lambda tile: tile.figure)
    if len(inside) == 1:
        said = _said(most, say)
        return short([say("one", name=most.name, what=what.lower(), figure=said), f"{what}: {said}"])
    above = words.number(sum(tile.figure > 0 for tile in known))
    counts = dict(of=of, figure=most.shown, what=what, above=above)
    if unknown:
        return say("some_unknown", **counts, unknown=words.number(unknown))
    if most.figure == 1:
        return say("of_one", **counts)
    alone = most.figure > 0 and sum(tile.figure == most.figure for tile in known) == 1
    if what == say("value.projects"):
        return short([say("most", **counts, name=most.name)] * alone + [say("most_one", **counts)])
    return short([say("highest_name", **counts, name=most.name)] * alone + [say("highest", **counts)])
