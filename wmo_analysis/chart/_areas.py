"""The map with boundaries: the area of each municipality, as the file of the analyst has it, in the place of its tile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from wmo_analysis.areas import Areas, Ring, area, spot
from wmo_analysis.chart._look import Look
from wmo_analysis.chart._marks import SOME
from wmo_analysis.chart._rows import turned
from wmo_analysis.chart._sheet import Sheet
from wmo_analysis.style import LIGHT, escape, measure

HIGHEST = 700  # px of the map; with that a screen holds it whole
GRAIN = 2  # points per px: finer than that nobody sees, and neighbours keep the same edge
EDGE = 1  # px, between two areas
NAMED = 0.95  # of the width of an area, that a text in it may take
SMALLEST = 8.5  # px of the letters of a name; where they would be smaller, pointing at the area tells it


@dataclass(frozen=True)
class Shape:
    """One municipality on the map: its rings [px], escaped hover, what stands in it, and how it is drawn."""

    gm_code: str
    name: str
    rings: tuple[Ring, ...]
    look: Look
    shown: str
    hover: str
    invented: str  # see Bar


def placed(areas: Areas, codes: Iterable[str], top: float, room: float) -> dict[str, tuple[Ring, ...]]:
    """gm_code -> its rings in px of the sheet, as large as the room is wide, below `top`; without those of no area."""
    rings = {code: areas.rings[code] for code in codes if code in areas.rings}
    points = np.concatenate([ring for parts in rings.values() for ring in parts])
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    scale = min(room / (right - left), HIGHEST / (high - low))
    made = {}
    for code, parts in rings.items():
        drawn = (_on_grid((ring - (left, high)) * (scale, -scale) + (0, top)) for ring in parts)
        made[code] = tuple(ring for ring in drawn if len(ring) > 3)
    return made


def _on_grid(ring: Ring) -> Ring:
    """The ring at whole parts of a px, without the points that are the one before."""
    fine = np.round(ring * GRAIN) / GRAIN
    return fine[np.r_[True, (fine[1:] != fine[:-1]).any(axis=1)]]


def draw(shapes: list[Shape], sheet: Sheet) -> None:
    """A trace per area, filled and pointed at as a whole; what is made up has its edge."""
    for shape in shapes:
        x, y = [], []
        for ring in shape.rings:
            x += [*ring[:, 0].tolist(), None]
            y += [*ring[:, 1].tolist(), None]
        line = dict(color=LIGHT.paper if shape.look.fill != LIGHT.paper else LIGHT.axis, width=EDGE)
        told = f"{shape.hover}<br>{escape(sheet.made_up(shape.invented))}" if shape.invented else shape.hover
        look = dict(mode="lines", fill="toself", fillcolor=shape.look.fill, line=line, hoveron="fills")
        spot = dict(customdata=[shape.gm_code] * len(x), text=told, hoverinfo="text", cliponaxis=False)
        sheet.traces.append(dict(type="scatter", name=f"area {shape.gm_code}", x=x, y=y, **look, **spot))
        if shape.invented:
            sheet.outlines[shape.invented] += "".join(_path(ring, shape.invented) for ring in shape.rings)


def _path(ring: Ring, how: str) -> str:
    """The edge of a ring as a path on the axes of its chart, of what is made up in part its upper edge alone."""
    points = _upper(ring) if how == SOME else ring
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) + "Z" * (how != SOME)


def _upper(ring: Ring) -> Ring:
    """The edge from the leftmost point to the rightmost that runs above the other."""
    points = np.roll(ring[:-1], -int(ring[:-1, 0].argmin()), axis=0)
    right = int(points[:, 0].argmax())
    there, back = points[: right + 1], np.concatenate([points[right:], points[:1]])[::-1]
    return min(there, back, key=lambda edge: edge[:, 1].min())


def write(shapes: list[Shape], sheet: Sheet) -> None:
    """The name of each area where it fits best, and below it its figure; both smaller in a narrow one."""
    text, names, figures = sheet.text, [], []
    for shape in shapes:
        x, y, wide = spot(max(shape.rings, key=area))
        ink, size = shape.look.ink, _fitting(shape.name, sheet.px.footer, wide)
        named = size >= SMALLEST
        if named:
            names.append((x, y - 0.55 * text, escape(shape.name), ink, size))
        if shape.shown:
            shown = f"<b>{escape(shape.shown)}</b>"
            figures.append((x, y + 0.6 * text * named, shown, ink, _fitting(shape.shown, text, wide)))
    for name, marks in (("names", names), ("numbers", figures)):
        x, y, shown, inks, sizes = turned(marks, 5)
        sheet.written(name, list(zip(x, y, shown, inks, strict=True)), "middle center", sizes)


def _fitting(text: str, size: float, wide: float) -> float:
    """px of letters in which the text is no wider than an area."""
    return min(size, size * NAMED * wide / measure(text, size, True))


def lowest(rings: Mapping[str, tuple[Ring, ...]]) -> float:
    """px at which the lowest area ends."""
    return max(float(ring[:, 1].max()) for parts in rings.values() for ring in parts)
