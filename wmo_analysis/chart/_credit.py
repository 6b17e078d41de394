"""The one credit: what is asked, committed and free or over, against the approximate allocation."""

import plotly.graph_objects as go

from .. import words
from ..style import LIGHT, escape, frame, hatch, mark, measure, sizes, texts
from ._rows import bars, strong, ticks, told


def credit(table, about, width):
    """Figure of measure.budget(): three rows against the line of the allocation."""
    say, px = texts("budget", about), sizes(width)
    text, room = px.label, width - 2 * px.pad
    rows = {row["item"]: row | dict(cents=int(row["cents"])) for row in table.to_dict("records")}
    cents, none = {item: row["cents"] for item, row in rows.items()}, not about["projects"]
    limit, over = cents["allocation"], cents["over"]
    total = limit + over - cents["free"]  # where the commitments of all projects end, those outside the selection too
    shown = {
        item: say("about", euro=words.euro(c)) if rows[item]["approximate"] else words.euro(c)
        for item, c in cents.items()
    }
    last = "over" if over else "free"
    heads = {"asked": 0, "committed": 1, last: 2}
    amounts = [say("no_amount") if none and item != last else shown[item] for item in heads]
    widths = [max(measure(say(f"row.{i}"), text, True), measure(a, text, True)) for i, a in zip(heads, amounts)]
    left, pitch, top = max(widths) + 12, 5.4 * text, max(limit, total, cents["asked"])
    right = measure(words.number(top / 100, 0), px.footer) / 2 + 4
    unit = (room - left - right) / top
    notes, shapes, key = [], [], []
    for (item, at), amount in zip(heads.items(), amounts):
        color = LIGHT.orange_text if item == "over" else LIGHT.muted if item == "asked" else LIGHT.ink
        label = f"{strong([say(f'row.{item}')], item != 'asked')}<br>{strong([amount], item != 'asked')}"
        place = dict(xref="paper", xanchor="right", xshift=-12, align="right", name="label")
        notes.append(mark(label, 0, (at + 0.5) * pitch, text, color, **place))
        rows[item] |= dict(y=(at + 0.5) * pitch)
    row = {"asked": "asked", "settled": "committed", "granted": "committed", "others": "committed", last: last}
    spans = {  # start, length
        "asked": (0, cents["asked"]),
        "settled": (0, cents["settled"]),
        "granted": (cents["settled"], cents["granted"]),
        "others": (cents["committed"], total - cents["committed"]),
        "over": (limit, over),
        "free": (limit - cents["free"], cents["free"]),
    }
    looks = {
        "asked": dict(fill=LIGHT.paper, line=LIGHT.grey),
        "settled": dict(fill=LIGHT.blue, line=LIGHT.paper),
        "granted": dict(fill=LIGHT.teal, line=LIGHT.paper),
        "others": dict(fill=LIGHT.track, line=LIGHT.axis),
        "over": dict(fill=LIGHT.paper, line=LIGHT.orange, pattern=hatch("/", LIGHT.orange, text)),
        "free": dict(fill=LIGHT.paper, line=LIGHT.blue),
    }
    figure = go.Figure()
    for item, look in looks.items():
        start, size = spans[item]
        here = [rows[row[item]]] if item in row else []
        here = [rows["committed"], rows["over"]] if item == "over" and over else here
        bar = [dict(y=r["y"], bar=(1.9 if item == "asked" else 3.4) * text, code=item) for r in here]
        told_ = f"{say(f'row.{item}')}: {shown[item]}" if item in shown else say("row.others")
        figure.add_trace(bars(item, bar, [size] * len(bar), lambda _: escape(told_), [start] * len(bar), **look))
        if item in ("settled", "granted") and size:
            ink, name = (LIGHT.on_blue if item == "settled" else LIGHT.ink), say(f"row.{item}")
            free = (min(size, max(limit - start, 0)) if over else size) * unit - 20
            one, two = (
                measure(f"{shown[item]} ", text, True) + measure(name, text),
                max(measure(shown[item], text, True), measure(name, text)),
            )
            if two <= free:
                gap = " " if one <= free else "<br>"
                label = f"{strong([shown[item]])}{gap}{escape(name)}"
                notes.append(mark(label, start, rows["committed"]["y"], text, ink, xshift=10, name="segment"))
            else:
                key.append(dict(text=f"{name}: {shown[item]}", fill=look["fill"], line=look["fill"]))
        if item in ("others", "over") and size:
            key.append(
                dict(
                    text=say(f"key.{item}"),
                    fill=look["fill"],
                    line=look["line"],
                    hatch=LIGHT.orange if item == "over" else None,
                )
            )
    if measure(say("apart"), px.footer) + 20 < cents["asked"] * unit:
        notes.append(mark(escape(say("apart")), 0, rows["asked"]["y"], px.footer, LIGHT.muted, xshift=8, name="apart"))
    head = f"{shown['allocation']} {say('available')}"
    side = "right" if measure(head, text, True) < left + limit * unit else "left"
    label = f"{strong([shown['allocation']])} {escape(say('available'))}"
    notes.append(mark(label, limit, 0, text, xanchor=side, yshift=0.9 * text, name="limit"))
    high = 3 * pitch
    shapes.append(dict(type="line", x0=limit, x1=limit, y0=0, y1=high, line=dict(color=LIGHT.ink, width=2)))
    if not over and cents["free"]:
        line = dict(color=LIGHT.axis, width=1, dash="dot")
        shapes.append(dict(type="line", x0=total, x1=total, y0=1.5 * pitch, y1=2.5 * pitch, line=line, layer="below"))
    marks = [100 * n for n in ticks(top / 100, 6 if width > 700 else 4)]
    amounts = [words.euro(n) if n == 0 else words.number(n / 100, 0) for n in marks]
    axis = dict(
        range=[0, top],
        tickvals=marks,
        ticktext=amounts,
        showgrid=True,
        tickfont=dict(size=px.footer, color=LIGHT.muted),
    )
    figure.layout = dict(xaxis=axis, yaxis=dict(range=[high, 0], visible=False), annotations=notes, shapes=shapes)
    finding = _credit_finding(cents, shown, total, about, say)
    rule = [say("rule"), *([say("rule.free")] if total != cents["committed"] else [])]
    parts = [f"{say(f'row.{i}')}: {shown[i]}" for i in ("asked", "committed", "settled", "granted", last, "allocation")]
    around = told(about, say, finding, " ".join(rule), ["; ".join(parts)], credit=about["credit"])
    return frame(
        figure,
        about,
        width=width,
        height=high,
        left=left,
        right=right,
        above=2.2 * text,
        below=2 * text,
        key=key,
        **around,
    )


def _credit_finding(cents, shown, total, about, say):
    if not about["projects"]:
        return say("empty", free=words.euro(cents["free"]))
    if cents["over"] and total == cents["committed"]:
        return say("over", committed=shown["committed"], over=words.euro(cents["over"]))
    name = "whole" if total == cents["committed"] else "part_over" if cents["over"] else "part"
    return say(name, committed=shown["committed"], free=words.euro(cents["free"]), over=words.euro(cents["over"]))
