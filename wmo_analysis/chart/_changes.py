"""What is new, gone and changed between two dates, by theme, region or source."""

import itertools

from wmo_analysis import words
from wmo_analysis.chart._rows import bars, capital, heading, lay, names, note, rule_at, strong, told, zero
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, frame, hatch, mark, measure, sizes, texts

VIEWS = ("theme", "region", "source")
KINDS = ("new", "gone", "changed")


def changes(table, width=NOTEBOOK):
    """Figure of measure.changes(since, by="theme" | "region" | "source"): gone to the left, new to the right of zero.

    Gone is hatched; how many changed is a column. Most new first; rows that are not divided stand below; all foot.
    """
    by = table.attrs.get("wmo", {}).get("by", "")
    by = by if by in VIEWS else VIEWS[0]
    about = checked(table, f"changes(by={by!r})")
    say, px = texts("changes", about), sizes(width)
    text, room = px.label, width - 2 * px.pad
    rows = [row | {kind: int(row[kind]) for kind in KINDS} for row in table.to_dict("records")]
    total = next(row | dict(bold=True, gap=0.8) for row in rows if row["part"] == "total")
    body = [row | dict(gap=0) for row in rows if row["part"] != "total"]
    body.sort(key=lambda row: (row["part"] != "part", not any(row[kind] for kind in KINDS), -row["new"], -row["gone"]))
    for before, row in itertools.pairwise(body):
        row["gap"] = 0.9 if before["part"] == "part" != row["part"] else 0
    seen = about["projects"] or any(total[kind] for kind in KINDS)
    every = [row | dict(label=capital(row["label"])) for row in (*body, total) if seen]
    body, total = every[:-1], every[-1] if seen else total
    left, high = lay(every, text, room, 0.34)
    column = measure(say("changed"), text) + 12
    plot = room - left - column - 12
    unit, before_zero = _scale(body, total, plot, text, say)

    notes, shapes = names(every, text), []
    sides = (("gone", -1, LIGHT.pink), ("new", 1, LIGHT.blue))
    for row in every:
        for kind, side, color in sides:
            if row[kind] or row is total:
                x = 0 if row is total else side * row[kind]
                label = strong([_end(kind, row, say)])
                place = dict(xanchor="right" if side < 0 else "left", xshift=8 * side, name="end")
                notes.append(mark(label, x, row["y"], text, color, **place))
        if not any(row[kind] for kind in KINDS) and row is not total:
            notes.append(mark(escape(say("same")), 0, row["y"], px.footer, LIGHT.muted, xshift=8, name="end"))
        shown = words.number(row["changed"]) if row["changed"] or row is total else "–"
        place = dict(xref="paper", xanchor="center", xshift=12 + column / 2, name="changed")
        notes.append(mark(strong([shown], row is total), 1, row["y"], text, **place))
    if every:
        for kind, side, color in sides:
            place = dict(xanchor="right" if side < 0 else "left", xshift=8 * side, yshift=0.7 * text, name="head")
            notes.append(mark(escape(say(kind)), 0, 0, text, color, **place))
        place = dict(xref="paper", xanchor="center", xshift=12 + column / 2, yshift=0.7 * text, name="head")
        notes.append(mark(escape(say("changed")), 1, 0, text, **place))
        y = (body[-1]["y"] + total["y"]) / 2 if body else 0
        shapes = [rule_at(y, left, column + 12, room, px), zero(y, px)]
    else:
        notes, high = note(say("nothing"), room, text)

    def counts(row):
        return say("hover", **{kind: words.number(row[kind]) for kind in KINDS})

    def hover(row):
        return f"{heading(row)}<br>{escape(counts(row))}"

    look = dict(fill=LIGHT.paper, line=LIGHT.pink, pattern=hatch("\\", LIGHT.pink, text))
    traces = [bars("gone", body, [-row["gone"] for row in body], hover, **look)]
    traces.append(bars("new", body, [row["new"] for row in body], hover, fill=LIGHT.blue))
    layout = dict(
        xaxis=dict(range=[-before_zero / unit, (plot - before_zero) / unit], visible=False),
        yaxis=dict(range=[high, 0], visible=False),
        annotations=notes,
        shapes=shapes,
    )
    finding = say("finding" if every else "empty", **{kind: words.number(total[kind]) for kind in KINDS})
    alt = ["; ".join(f"{row['label']}: {counts(row)}" for row in every)]
    around = told(about, say, finding, say("rule"), alt, since=about["since_text"], by=say(f"by.{by}"))
    room_beside = dict(left=left, right=column + 12) if every else {}
    return frame(traces, layout, about, width=width, height=high, above=2 * text, **room_beside, **around)


def _scale(body, total, plot, text, say):
    """px per project, and px left of zero: for the longest bar with its figure, or for the head above it."""
    down, up = (max([row[kind] for row in body], default=0) for kind in ("gone", "new"))
    first, last = (measure(_end(kind, total, say), text, True) + 16 for kind in ("gone", "new"))
    head, last = measure(say("gone"), text) + 16, max(last, measure(say("new"), text) + 16)
    unit = (plot - first - last) / max(down + up, 1)
    if down * unit + first < head:
        unit = (plot - head - last) / max(up, 1)
    return unit, max(head, down * unit + first)


def _end(kind, row, say):
    """'+3' or '−3', and 0 without a sign."""
    return say(f"end.{kind}", count=words.number(row[kind])) if row[kind] else words.number(0)
