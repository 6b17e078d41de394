"""Tables as a measure returns them, written out by hand: `measured("budget", rows, by="theme")`."""

import html
import re

import pandas as pd

from wmo_analysis import columns

COUNTS = """cents asked granted settled committed free projects new gone changed count with_theme with_municipality with_dates
with_amount""".split()
SHARES = "share share_theme share_municipality share_dates share_amount hours limit over".split()


def measured(measure, rows, names=None, **about):
    """`rows` are dicts; `names` the columns of an empty table; `about` replaces what the table says of itself."""
    table = pd.DataFrame(rows, columns=names or (list(rows[0]) if rows else []))
    kinds = {name: "Int64" for name in COUNTS} | {name: "Float64" for name in SHARES}
    table = table.astype({name: kinds[name] for name in table if name in kinds})
    table.attrs["wmo"] = {
        "measure": measure,
        "selection": [],
        "selection_text": "",
        "as_of": "2007-10-09",
        "source_names": ["Wel Thuis!"],
        "projects": 9,
        "examples": 4,
        "language": "nl",
        "build": "0123456789ab",
        "assumptions": [],
        "subtitle_notes": [],
        **about,
    }
    table.attrs["wmo"]["digest"] = columns.digest(table)
    return table


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


def overlaps(figure, measure):
    """Pairs of annotations in data coordinates or beside them whose boxes meet: what a reader sees as one blot."""
    width, height, margin = figure.layout.width, figure.layout.height, figure.layout.margin
    plot = width - margin.l - margin.r, height - margin.t - margin.b
    (low, high), (bottom, top) = figure.layout.xaxis.range, figure.layout.yaxis.range
    boxes = []
    for note in figure.layout.annotations:
        if note.textangle:
            continue
        lines = [html.unescape(re.sub("<[^>]+>", "", line)) for line in note.text.split("<br>")]
        size = note.font.size or figure.layout.font.size
        wide, tall = max(measure(line, size, "<b>" in note.text) for line in lines), 1.15 * size * len(lines)
        x = note.x if note.xref == "paper" else (note.x - low) / (high - low)
        y = note.y if note.yref == "paper" else (note.y - bottom) / (top - bottom)
        x, y = margin.l + x * plot[0] + (note.xshift or 0), margin.b + y * plot[1] + (note.yshift or 0)
        x -= {"left": 0, "center": wide / 2, "right": wide}[note.xanchor]
        y -= {"bottom": 0, "middle": tall / 2, "top": tall}[note.yanchor]
        boxes.append((note.text, x, x + wide, y, y + tall))
    out = [box[0] for box in boxes if box[1] < -2 or box[2] > width + 2 or box[3] < -2 or box[4] > height + 2]
    met = [
        (one[0], two[0])
        for number, one in enumerate(boxes)
        for two in boxes[:number]
        if one[1] < two[2] - 1 and two[1] < one[2] - 1 and one[3] < two[4] - 1 and two[3] < one[4] - 1
    ]
    return met + [(text, "edge") for text in out]
