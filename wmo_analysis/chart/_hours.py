"""Adviser hours per project against the maximum of its source."""

import pandas as pd

from wmo_analysis import words
from wmo_analysis.chart._rows import bars, heading, lay, names, note, short, strong, told
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, frame, hatch, mark, measure, sizes, texts


def hours(table, width=NOTEBOOK):
    """Figure of measure.hours: a bar per project in hours, most first; above the maximum hatched, with words.

    A project without a statement of hours stands below, as a word and never as 0.
    """
    about = checked(table, "hours")
    say, px = texts("hours", about), sizes(width)
    text, room = px.label, width - 2 * px.pad
    rows = []
    for row in table.to_dict("records"):
        numbers = {name: None if pd.isna(row[name]) else float(row[name]) for name in ("hours", "limit", "over")}
        rows.append(row | numbers | dict(code=row["project"], label=say("row", place=row["place"], title=row["title"])))
    known = [row for row in rows if row["hours"] is not None]
    silent = [row | dict(ink=LIGHT.muted) for row in rows if row["hours"] is None]
    if known and silent:
        silent[0]["gap"] = 0.7
    rows = [*known, *silent]
    left, high = lay(rows, text, room, 0.4, pitch=1.9 * text)
    limits = sorted({row["limit"] for row in rows if row["limit"] is not None})
    top = max([row["hours"] for row in known] + limits + [1])
    for row in rows:
        number = say("silent") if row["hours"] is None else words.number(row["hours"])
        row["end"] = number, say("over", over=words.number(row["over"])) if row["over"] else ""
    right = max([measure("".join(row["end"]), text, True) for row in rows if row["over"]], default=0) + 20
    unit = (room - left - right) / top
    notes, shapes = names(rows, text), []
    for row in rows:
        number, excess = row["end"]
        wide = measure(number, text, True) + 16
        if row["hours"] is None:
            notes.append(mark(escape(number), 0, row["y"], px.footer, LIGHT.muted, xshift=8, name="end"))
        elif excess:
            label = f"{strong([number])} {escape(excess)}"
            notes.append(mark(label, row["hours"], row["y"], text, LIGHT.orange_text, xshift=8, name="end"))
        else:
            inside = row["hours"] * unit > wide
            place = dict(xanchor="right", xshift=-8) if inside else dict(xshift=8)
            ink = LIGHT.on_blue if inside else LIGHT.ink
            notes.append(mark(strong([number]), row["hours"], row["y"], text, ink, name="end", **place))
        if row["limit"] is not None and row["hours"] is not None:
            line = dict(type="line", x0=row["limit"], x1=row["limit"], line=dict(color=LIGHT.ink, width=1.5))
            shapes.append(line | dict(y0=row["y"] - row["high"] / 2, y1=row["y"] + row["high"] / 2))
    if not rows:
        notes, high = note(say("nothing"), room, text)
    if len(limits) == 1 and known:
        head = say("limit", limit=words.number(limits[0]))
        x, half = limits[0] * unit, measure(head, text) / 2
        x = max(min(x, room - left - half), half - left)
        notes.append(mark(escape(head), 0, 0, text, xanchor="center", xshift=x, yshift=1.0 * text, name="limit"))
    elif limits and known:
        notes.append(mark(escape(say("limits")), 0, 0, text, yshift=1.0 * text, name="limit"))

    def hover(row):
        limit = say("hover.limit", limit=words.number(row["limit"])) if row["limit"] is not None else ""
        told_ = say("hover", hours=row["end"][0], limit=limit)
        return "<br>".join([heading(row), escape(told_), escape(row["source"])])

    past = [row for row in known if row["over"]]
    traces = [bars("hours", known, [row["hours"] for row in known], hover, fill=LIGHT.blue)]
    look = dict(fill=LIGHT.paper, line=LIGHT.orange, pattern=hatch("/", LIGHT.orange, text))
    traces.append(bars("over", past, [row["over"] for row in past], hover, [row["limit"] for row in past], **look))
    axes = dict(xaxis=dict(range=[0, top + 1.5 / unit], visible=False), yaxis=dict(range=[high, 0], visible=False))
    layout = axes | dict(annotations=notes, shapes=shapes)
    finding = _finding(known, silent, past, limits, say)
    alt = ["; ".join(f"{row['label']}: {''.join(row['end'])}" for row in rows)]
    around = told(about, say, finding, say("rule"), alt)
    above = (2.4 if limits and known else 0.9) * text
    return frame(
        traces, layout, about, width=width, height=high, left=left if rows else 0, right=right, above=above, **around
    )


def _finding(known, silent, past, limits, say):
    if not known:
        return say("unknown", count=words.number(len(silent))) if silent else say("empty")
    first, count = known[0], words.number(len(past))
    values = dict(place=first["place"], most=words.number(first["hours"]), count=count)
    values["limit"] = words.number(limits[0]) if len(limits) == 1 else ""
    values["max"] = say("max", **values) if len(limits) == 1 else say("max_none")
    if not limits:
        return short([say("most", **values), say("most_only", **values)])
    if not past:
        return say("within", **values)
    values["most"] = words.number(past[0]["hours"])
    values["place"] = past[0]["place"]
    return short([say("one", **values), say("one_short", **values)]) if len(past) == 1 else say("several", **values)
