"""Looks: how each state is drawn, so that its bars, its key and its ink agree."""

from dataclasses import dataclass
from typing import Any

from wmo_analysis.style import LIGHT

EDGE = 1.25  # px, the outline of a bar
WIDE, HIGH = 1.2, 0.9  # a swatch, in heights of a text
DOTS = 4, 2  # of a swatch, across and down
RIM, DASH = 1.75, "2px,2px"  # the outline of what is made up
STROKE = "5px,4px"  # the dashes of a line that is made up ...
HALF_STROKE = "7px,3px,2px,3px"  # ... and of one that is in part
PIXELS = dict(xref="paper", yref="paper", xanchor=0, yanchor=1, xsizemode="pixel", ysizemode="pixel")


@dataclass(frozen=True)
class Look:
    """How a state is drawn: told apart by fill, edge, pattern and glyph, never by colour alone."""

    fill: str = LIGHT.paper
    edge: str | list[str] = ""  # colour of the outline; without it the fill
    pattern: str = ""  # "/", "\\", "." or "x" ...
    lines: str = ""  # ... in this colour
    ink: str = LIGHT.ink  # of a text in it
    glyph: str = ""  # stands in its key
    dashed: bool = False  # with the outline of what is made up

    def marker(self, text: float, edge: float | list[float] = EDGE) -> dict[str, Any]:
        """The marker of its bars, beside texts of `text` px: the pattern is finer where the text is small."""
        line = dict(width=edge, color=self.fill if self.edge == "" else self.edge)
        if not self.pattern:
            return dict(color=self.fill, line=line)
        pattern = dict(shape=self.pattern, fillmode="replace", fgcolor=self.lines, bgcolor=LIGHT.paper, solidity=0.3)
        return dict(color=self.fill, line=line, pattern=pattern | dict(size=6 if text > 11 else 4.5))

    def swatch(self, x: float, y: float, text: float) -> list[dict[str, Any]]:
        """Shapes of its key, beside a text of `text` px: from x, its middle at y, dotted or hatched as its bars."""
        wide, high = WIDE * text, HIGH * text
        box = dict(PIXELS, type="rect", x0=x, x1=x + wide, y0=y - high / 2, y1=y + high / 2)
        parts = [dict(box, fillcolor=self.fill, line=dict(width=0))]
        if self.pattern == ".":
            for n in range(DOTS[0] * DOTS[1]):
                a, b = x + wide * (n // 2 + 0.5) / DOTS[0], y + high * (n % 2 - 0.5) / DOTS[1]
                dot = dict(PIXELS, type="circle", x0=a - 1, x1=a + 1, y0=b - 1, y1=b + 1)
                parts.append(dot | dict(fillcolor=self.lines, line=dict(width=0)))
        elif self.pattern:
            low, path = y - high / 2, []
            for cut in (-wide / 3, 0, wide / 3, wide * 2 / 3):
                start, end = f"{x + max(0, cut):.1f},{low + max(0, -cut):.1f}", x + min(wide, cut + high)
                path.append(f"M{start}L{end:.1f},{low + min(high, wide - cut):.1f}")
            parts.append(dict(PIXELS, type="path", path=" ".join(path), line=dict(color=self.lines, width=1.5)))
        if self.dashed:
            return [*parts, *rims(box)]
        return [*parts, dict(box, line=dict(color=self.edge or self.fill, width=EDGE))]


@dataclass(frozen=True)
class Stroke(Look):
    """How a line is drawn where it is made up, or a part of it, in the colour `fill`."""

    dash: str = STROKE

    def swatch(self, x: float, y: float, text: float) -> list[dict[str, Any]]:
        """The shape of its key, as that of a Look."""
        line = dict(color=self.fill, width=RIM, dash=self.dash)
        return [dict(PIXELS, type="line", x0=x, x1=x + WIDE * text, y0=y, y1=y, line=line)]


def rims(outline: dict[str, Any]) -> list[dict[str, Any]]:
    """The outline of what is made up, twice: dashes on a line of paper show on paper and on the darkest fill."""
    lines = dict(color=LIGHT.paper, width=RIM), dict(color=LIGHT.muted, width=RIM, dash=DASH)
    return [outline | dict(line=line) for line in lines]


@dataclass(frozen=True)
class Half(Look):
    """How a mark is drawn of which a part is made up: with dashes along its upper edge alone."""

    def swatch(self, x: float, y: float, text: float) -> list[dict[str, Any]]:
        """The shapes of its key, as those of a Look."""
        wide, top = WIDE * text, y + HIGH * text / 2
        box = dict(PIXELS, type="rect", x0=x, x1=x + wide, y0=top - HIGH * text, y1=top, fillcolor=self.fill)
        edge = dict(PIXELS, type="line", x0=x, x1=x + wide, y0=top, y1=top)
        return [box | dict(line=dict(width=0)), *rims(edge)]


INVENTED = Look(dashed=True)
PARTLY = Half(LIGHT.grid)


CELLS = {  # of the states of a cell, in the order of schema.CELL_STATES
    "own": Look(LIGHT.blue, ink=LIGHT.on_blue, glyph="2"),
    "partnership": Look(edge=LIGHT.blue, pattern="/", lines=LIGHT.hatch, ink=LIGHT.blue, glyph="1"),
    "none": Look(edge=LIGHT.grid, ink=LIGHT.muted),
    "unknown": Look(edge=LIGHT.grid, ink=LIGHT.muted, glyph="?"),
    "absent": Look(LIGHT.track, ink=LIGHT.muted, glyph="×"),
    "province": Look(edge=LIGHT.grey),
}
