"""Tables as a measure returns them, written out by hand: `measured("budget", rows, by="theme")`."""

import html
import re

import pandas as pd

from wmo_analysis import schema, style

COUNTS = """cents asked granted settled committed free projects new gone changed count with_theme with_municipality with_dates
with_amount""".split()
SHARES = "share share_theme share_municipality share_dates share_amount hours limit over".split()


def measured(measure, rows, names=None, **about):
    """`rows` are dicts; `names` the columns of an empty table; `about` replaces what the table says of itself."""
    table = pd.DataFrame(rows, columns=names or (list(rows[0]) if rows else []))
    kinds = dict.fromkeys(COUNTS, "Int64") | dict.fromkeys(SHARES, "Float64")
    table = table.astype({name: kinds[name] for name in table if name in kinds})
    about = {"projects": 9, "examples": 4} | about
    made = {"made": about["projects"], "made_up": about["examples"]}  # of projects, unless `about` says otherwise
    cited = schema.Citation(measure, as_of="2007-10-09", source_names=["Wel Thuis!"], build="0123456789ab")
    return schema.cited(table, cited.replaced(**(made | about)))


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


def notes(figure, *names):
    """Texts of the annotations with these names, without markup."""
    return [re.sub("<[^>]+>", " ", a.text).strip() for a in figure.layout.annotations if a.name in names]


def drawn(figure):
    """Every text that plotly draws."""
    texts = [a.text for a in figure.layout.annotations]
    for t in figure.data:
        texts += [*(t.text or ()), *(t.hovertext or ())]
    return texts


def blots(figure):
    """What a reader would not see whole: texts that meet, that leave the figure or that plotly drops out of its axis."""
    width, height, margin = figure.layout.width, figure.layout.height, figure.layout.margin
    plot = width - margin.l - margin.r, height - margin.t - margin.b
    (low, high), (bottom, top) = figure.layout.xaxis.range, figure.layout.yaxis.range
    boxes, found = [], []
    for note in figure.layout.annotations:
        lines = [html.unescape(re.sub("<[^>]+>", "", line)) for line in note.text.split("<br>")]
        size = note.font.size or figure.layout.font.size
        wide = max(style.measure(line, size, "<b>" in note.text) for line in lines)
        x = note.x if note.xref == "paper" else (note.x - low) / (high - low)
        y = note.y if note.yref == "paper" else (note.y - bottom) / (top - bottom)
        if not (0 <= x <= 1 and 0 <= y <= 1):
            found.append((note.text, "outside its axis"))
        x, y = margin.l + x * plot[0] + (note.xshift or 0), margin.b + y * plot[1] + (note.yshift or 0)
        x -= {"left": 0, "center": wide / 2, "right": wide}[note.xanchor]
        tall = 1.15 * size * len(lines)
        y -= {"bottom": 0, "middle": tall / 2, "top": tall}[note.yanchor]
        if x < -2 or y < -2 or x + wide > width + 2 or y + tall > height + 2:
            found.append((note.text, "cut by the edge"))
        boxes.append((note.text, x + 1, x + wide - 1, y + 1, y + tall - 1))
    for number, (text, left, right, low, high) in enumerate(boxes):
        for other, l, r, b, t in boxes[:number]:  # noqa: E741
            if left < r and l < right and low < t and b < high:
                found.append((text, other))
    return found
