"""The tile map: a tile per municipality at its place in the province, with the figure of one column of a measure."""

import math

import pandas as pd

from wmo_analysis import schema, words
from wmo_analysis.style import (
    BAR,
    LIGHT,
    NOTEBOOK,
    TEXT,
    escape,
    example_line,
    frame,
    mark,
    measure,
    selection,
    sizes,
    texts,
    wrap,
)

MONEY = ("asked", "granted", "settled", "committed", "cents")
RAMP = LIGHT.classes  # none, then up to four classes from its dark end
INK = (LIGHT.ink, LIGHT.ink, LIGHT.ink, LIGHT.on_mid, LIGHT.on_blue)


def tilemap(table, value, title=None, width=NOTEBOOK):
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
    say, px, tiles = texts("tilemap", about), sizes(width), about["tiles"]
    text, room = px.label, width - 2 * px.pad
    money, code = value in MONEY, "gm_code" if "gm_code" in table else "code"
    rows = {row[code]: row for row in table.to_dict("records")}
    unknown = {gm for gm, row in rows.items() if pd.isna(row[value]) or pd.isna(row.get("covered", 0))}
    figures = {gm: None if gm in unknown else rows[gm][value] for gm in tiles if gm in rows}
    rest = any(not pd.isna(row[value]) and row[value] for key, row in rows.items() if key not in tiles and key)
    known = {gm: figure for gm, figure in figures.items() if figure is not None}
    bounds = _bounds(max(known.values(), default=0), money)

    def shown(figure):
        return "?" if figure is None else words.euro(figure, 0) if money else words.number(figure)

    regions = list(dict.fromkeys(region for *_, region in tiles.values())) if width >= 1100 else []
    found = {region: [gm for gm in figures if tiles[gm][3] == region] for region in regions}
    regions = [region for region in regions if found[region]]
    beside = max([measure(region, text) for region in regions], default=0) + 9 * text if regions else 0
    across, down = (max(tile[n] for tile in tiles.values()) + 1 for n in (1, 0))
    pitch = min((room - beside - (2 * text if regions else 0)) / across, 11 * text)
    high, legend = 0.73 * pitch, 3.4 * text
    free = min([tile[1] for tile in tiles.values() if tile[0] == 0], default=0) * pitch
    labels = _legend(bounds, money, None in figures.values(), len(known) and min(known.values()) <= 0, say)
    wide = [max(measure(label, px.footer), 2.9 * text) + 0.5 * text for label, *_ in labels]
    lower = 0 if free > sum(wide) else legend

    notes, names, numbers, shapes = [], [], [], []
    parts = {n: [] for n in range(len(bounds) + 1)} | {"unknown": [], "outside": []}
    for gm, (row, column, name, _) in tiles.items():
        x, y = column * pitch, lower + row * high
        kind = "outside" if gm not in figures else "unknown" if figures[gm] is None else _class(figures[gm], bounds)
        parts[kind].append((x, y + high / 2, gm, name))
        ink = LIGHT.muted if kind in ("outside", "unknown") else INK[_shade(kind, bounds)]
        for n, line in enumerate(wrap(name, text, pitch - 14)[:3]):
            names.append((x + 7, y + (0.95 + 1.2 * n) * text, escape(line), ink))
        if kind != "outside":
            size = 1.35 * text * min(1, (pitch - 16) / max(measure(shown(figures[gm]), 1.35 * text, True), 1))
            numbers.append((x + pitch - 10, y + high - 1.15 * text, f"<b>{escape(shown(figures[gm]))}</b>", ink, size))
    traces = [_tiles(kind, parts[kind], bounds, pitch, high, figures, shown, say) for kind in parts]
    for name, marks, side in (("names", names, "middle right"), ("numbers", numbers, "middle left")):
        x, y, shown_, ink, *size = zip(*marks, strict=True) if marks else ((), (), (), (), ())
        font = dict(color=ink) | (dict(size=size[0]) if size and marks else {})
        traces.append(dict(name=name, x=x, y=y, text=shown_, textposition=side, textfont=font, **TEXT))
    notes.append(mark(escape(_label(value, about, say)), 0, 0.5 * text, text, LIGHT.muted, name="unit"))
    for n, (label, fill, line) in enumerate(labels):
        left = sum(wide[:n])
        box = dict(type="rect", x0=left, x1=left + 2.9 * text, y0=1.4 * text, y1=2.3 * text)
        shapes.append(box | dict(fillcolor=fill, line=dict(color=line, width=1)))
        notes.append(mark(escape(label), left, 2.95 * text, px.footer, LIGHT.ink, name="class"))
    if regions:
        _regions(regions, found, figures, room, beside, text, px, notes, shapes, say)
    bottom = lower + down * high
    layout = dict(
        xaxis=dict(range=[0, room], visible=False),
        yaxis=dict(range=[bottom, 0], visible=False),
        annotations=notes,
        shapes=shapes,
    )
    date = words.date(about["as_of"], about["language"])
    finding = title or _finding(figures, value, tiles, shown, about, say)
    rule = [say("rule")] + ([say("rule.rest")] if rest else [])
    rule += [say("rule.outside")] if parts["outside"] else []
    extra = [say("alt.figure", name=tiles[gm][2], figure=shown(figure)) for gm, figure in figures.items()]
    extra = ["; ".join(extra) + "."] if extra else []
    extra += [f"{example_line(about)}."] if about["examples"] else []
    what = _label(value, about, say)
    told = dict(
        title=finding,
        subtitle="; ".join(
            [say("subtitle", what=what, selection=selection(about), date=date), *about["subtitle_notes"]]
        ),
        rule=" ".join(rule),
        sentence=say("sentence", date=date, finding=finding),
        alt=say("alt", what=what, date=date, finding=finding, extra=" ".join(extra)).strip(),
    )
    return frame(traces, layout, about, width=width, height=bottom, above=0.4 * text, **told)


def _bounds(most, money):
    """Upper bounds of the classes above zero, at most four: each number its own class up to 4, else round steps."""
    if not money and most <= 8 and float(most).is_integer():
        return list(range(1, min(int(most), 4) + 1))[:3] + ([math.inf] if most > 4 else [4] if most == 4 else [])
    step = 10 ** math.floor(math.log10(most / 4)) if most > 0 else 1
    step = next(step * n for n in (1, 2, 2.5, 5, 10) if step * n * 4 >= most) if most > 0 else 1
    step = step if money or step >= 1 else round(step, 6)
    count = math.ceil(most / step) if most > 0 else 0
    return [step * (n + 1) for n in range(count)]


def _class(figure, bounds):
    """0 for nothing, else the number of the class that holds the figure."""
    return 0 if figure <= 0 else next(n for n, bound in enumerate(bounds, 1) if figure <= bound)


def _shade(kind, bounds):
    return 0 if kind == 0 else len(RAMP) - 1 - len(bounds) + kind


def _legend(bounds, money, unknown, zero, say):
    """(label, fill, outline) of each class, raw."""
    entries = [(say("none"), RAMP[0], LIGHT.axis)] if zero else []
    single = bounds[:3] == [1, 2, 3][: len(bounds)]
    for n, bound in enumerate(bounds, 1):
        if bound == math.inf:
            label = say("or_more", bound=words.number(n))
        elif single:
            label = words.number(bound)
        else:
            label = say("up_to", bound=words.euro(bound) if money else words.number(bound))
        fill = RAMP[_shade(n, bounds)]
        entries.append((label, fill, fill))
    return entries + ([(f"? {say('unknown')}", LIGHT.paper, LIGHT.grid)] if unknown else [])


def _tiles(kind, parts, bounds, pitch, high, figures, shown, say):
    """The trace of one class: a bar as wide as a tile."""
    fill = RAMP[_shade(kind, bounds)] if isinstance(kind, int) else LIGHT.paper
    line = LIGHT.axis if kind == 0 else fill if isinstance(kind, int) else LIGHT.grid
    told = [shown(figures[gm]) if gm in figures else say("outside") for _, _, gm, _ in parts]
    told = [say("unknown") if text == "?" else text for text in told]
    return dict(
        name=f"class {kind}" if isinstance(kind, int) else kind,
        base=[x + 1.5 for x, *_ in parts],
        x=[pitch - 3] * len(parts),
        y=[y for _, y, *_ in parts],
        width=[high - 3] * len(parts),
        marker=dict(color=fill, line=dict(width=1.25 if kind == 0 else 1, color=line)),
        customdata=[gm for _, _, gm, _ in parts],
        hovertext=[f"<b>{escape(name)}</b><br>{escape(text)}" for (*_, name), text in zip(parts, told, strict=True)],
        **BAR,
    )


def _regions(regions, found, figures, room, beside, text, px, notes, shapes, say):
    """The list beside the map: municipalities above zero in each region, of those in the selection."""
    left, row = room - beside, 2.2 * text
    notes.append(mark(escape(say("region")), left, 0.6 * text, text, LIGHT.muted))
    notes.append(mark(escape(say("above")), room, 0.6 * text, text, LIGHT.muted, xanchor="right"))
    for n, region in enumerate(regions):
        y = (n + 1.15) * row
        line = dict(color=LIGHT.grid, width=px.hairline)
        shapes.append(dict(type="line", x0=left, x1=room, y0=y - row / 2, y1=y - row / 2, line=line))
        known = [gm for gm in found[region] if figures[gm] is not None]
        above = words.number(len([gm for gm in known if figures[gm] > 0]))
        told = escape(say("of", of=words.number(len(found[region]))))
        shown = f"<b>{above}</b>{told}" if known else escape(say("unknown"))
        notes.append(mark(escape(region), left, y, text))
        notes.append(mark(shown, room, y, text, LIGHT.ink if known else LIGHT.muted, xanchor="right"))


def _label(value, about, say):
    """What the figures are, as a heading: 'aantal projecten', 'vastgelegd bedrag'."""
    known = ("projects", "number", "own", "partnership", "covered", "missing", *MONEY)
    return say(f"value.{value}") if value in known else words.heading(value, about["language"]).capitalize()


def _finding(figures, value, tiles, shown, about, say):
    """The finding with its figure in at most 12 words: how many are at zero, and the highest."""
    known = {gm: figure for gm, figure in figures.items() if figure is not None}
    of, what = words.number(len(figures)), _label(value, about, say)
    if not known:
        return say("all_unknown" if figures else "empty", of=of)
    most = max(known.values())
    top = [tiles[gm][2] for gm in known if known[gm] == most]
    if len(figures) == 1:
        forms = [say("one", name=top[0], what=what.lower(), figure=shown(most)), f"{what}: {shown(most)}"]
    else:
        zero = len([gm for gm in known if known[gm] <= 0])
        counts = dict(of=of, figure=shown(most), what=what, above=words.number(len(known) - zero))
        if len(known) < len(figures):
            return say("some_unknown", **counts, unknown=words.number(len(figures) - len(known)))
        if most == 1:
            return say("of_one", **counts)
        forms = [say("highest_name", **counts, name=top[0])] if len(top) == 1 and most > 0 else []
        forms.append(say("highest", **counts))
    return next((form for form in forms if len(form.split()) <= 12), forms[-1])
