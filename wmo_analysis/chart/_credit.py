"""The one credit: what is asked, committed and free or over, against the approximate allocation."""

import pandas as pd

from wmo_analysis import words
from wmo_analysis.chart._rows import bars, strong, ticks, told
from wmo_analysis.style import LIGHT, escape, frame, hatch, mark, measure, sizes, texts

ROW = {"asked": 0, "settled": 1, "granted": 1, "others": 1, "over": 2, "free": 2}  # item: row from above
CLEAR = "rgba(0,0,0,0)"


def credit(table, about, width):
    """Figure of measure.budget(): three rows against the line of the allocation."""
    say, px = texts("budget", about), sizes(width)
    text, room, pitch = px.label, width - 2 * px.pad, 5.4 * px.label
    items = {row["item"]: row for row in table.to_dict("records")}
    unknown = pd.isna(items["committed"]["cents"])  # then nothing but the allocation is known
    cents = {item: 0 if pd.isna(row["cents"]) else int(row["cents"]) for item, row in items.items()}
    shown = {item: words.euro(c) for item, c in cents.items()}
    shown |= {item: say("about", euro=shown[item]) for item, row in items.items() if row["approximate"]}
    shown = {item: say("unknown") if unknown and item != "allocation" else text for item, text in shown.items()}
    limit, over = cents["allocation"], cents["over"]
    total = (
        0 if unknown else limit + over - cents["free"]
    )  # where the commitments of all projects end, those outside the selection too
    last = "over" if over else "free"

    heads = [[say(f"row.{item}"), shown[item]] for item in ("asked", "committed", last)]
    if not about["projects"] and not unknown:
        heads[0][1] = heads[1][1] = say("no_amount")
    left = max(measure(line, text, True) for head in heads for line in head) + 12
    top = max(limit, total, cents["asked"])
    right = measure(words.number(top / 100, 0), px.footer) / 2 + 4
    unit = (room - left - right) / top
    notes, shapes = [], [_line(limit, 0, 3 * pitch, LIGHT.ink, 2)]
    for at, (head, color) in enumerate(zip(heads, (LIGHT.muted, LIGHT.ink, LIGHT.orange_text if over else LIGHT.ink))):
        place = dict(xref="paper", xanchor="right", xshift=-12, align="right", name="label")
        notes.append(mark(strong(head, at > 0), 0, (at + 0.5) * pitch, text, color, **place))
    if measure(say("apart"), px.footer) + 20 < cents["asked"] * unit:
        notes.append(mark(escape(say("apart")), 0, 0.5 * pitch, px.footer, LIGHT.muted, xshift=8, name="apart"))
    wide = measure(f"{shown['allocation']} {say('available')}", text, True)
    side = "right" if wide < left + limit * unit else "left"
    label = f"{strong([shown['allocation']])} {escape(say('available'))}"
    notes.append(mark(label, limit, 0, text, xanchor=side, yshift=0.9 * text, name="limit"))
    if cents["free"] and total:
        shapes.append(_line(total, 1.5 * pitch, 2.5 * pitch, LIGHT.axis, 1) | dict(layer="below"))

    spans = {  # start, length
        "asked": (0, cents["asked"]),
        "settled": (0, cents["settled"]),
        "granted": (cents["settled"], cents["granted"]),
        "others": (cents["committed"], total - cents["committed"]),
        "over": (limit, over),
        "free": (limit - cents["free"], cents["free"]),
    }
    beyond = hatch("/", [LIGHT.paper, LIGHT.orange], text) | dict(bgcolor=[CLEAR, LIGHT.paper])  # settled, granted show
    looks = {
        "asked": dict(fill=LIGHT.paper, line=LIGHT.grey),
        "settled": dict(fill=LIGHT.blue),
        "granted": dict(fill=LIGHT.teal),
        "others": dict(fill=LIGHT.track, line=LIGHT.axis),
        "over": dict(fill=LIGHT.paper, line=LIGHT.orange, pattern=beyond),
        "free": dict(fill=LIGHT.paper, line=LIGHT.blue),
    }
    traces, key = [], []
    for item, look in looks.items():
        start, size = spans[item]
        at = [1, 2] if item == "over" else [ROW[item]]
        row = [dict(y=(n + 0.5) * pitch, bar=(1.9 if item == "asked" else 3.4) * text, code=item) for n in at if size]
        hover = escape(f"{say(f'row.{item}')}: {shown[item]}" if item in shown else say("key.others"))
        bar = bars(item, row, [size] * len(row), lambda _, hover=hover: hover, [start] * len(row), **look)
        traces.append(bar)
        if item in ("settled", "granted") and size:
            free = (min(size, max(limit - start, 0)) if over else size) * unit - 20
            ink = LIGHT.on_blue if item == "settled" else LIGHT.on_mid
            label = _label([shown[item], say(f"row.{item}")], free, text)
            if label:
                notes.append(mark(label, start, 1.5 * pitch, text, ink, xshift=10, name="segment"))
            else:
                key.append(dict(text=f"{say(f'row.{item}')}: {shown[item]}", fill=look["fill"], line=look["fill"]))
        if item in ("others", "over") and size:
            hatched = LIGHT.orange if item == "over" else None
            key.append(dict(text=say(f"key.{item}"), fill=look["fill"], line=look["line"], hatch=hatched))
    if min(cents["settled"], cents["granted"]) * unit > 4:
        shapes.append(_line(cents["settled"], 1.5 * pitch - 1.7 * text, 1.5 * pitch + 1.7 * text, LIGHT.paper, 1.6))
    marks = [100 * n for n in ticks(top / 100, 6 if width > 700 else 4)]
    amounts = [words.euro(n) if n == 0 else words.number(n / 100, 0) for n in marks]
    axis = dict(range=[0, top + 1.5 / unit], tickvals=marks, ticktext=amounts, showgrid=True)
    layout = dict(
        xaxis=axis | dict(tickfont=dict(size=px.footer, color=LIGHT.muted)),
        yaxis=dict(range=[3 * pitch, 0], visible=False),
        annotations=notes,
        shapes=shapes,
    )

    whole = total == cents["committed"]
    rule = [say("rule"), *([say("rule.about")] if items["free"]["approximate"] else [])]
    rule += [] if whole else [say("rule.free")]
    finding = (
        "unknown_all"
        if unknown
        else "empty"
        if not about["projects"]
        else ("whole" if whole else "part") + ("_over" if over else "")
    )
    parts = [f"{say(f'row.{i}')}: {shown[i]}" for i in ("asked", "committed", "settled", "granted", last, "allocation")]
    around = told(about, say, say(finding, **shown), " ".join(rule), ["; ".join(parts)], credit=about["credit"])
    size = dict(width=width, height=3 * pitch, left=left, right=right, above=2.2 * text, below=2 * text)
    return frame(traces, layout, about, **size, key=key, **around)


def _line(x, top, bottom, color, wide):
    dash = "solid" if wide > 1 else "dot"
    return dict(type="line", x0=x, x1=x, y0=top, y1=bottom, line=dict(color=color, width=wide, dash=dash))


def _label(parts, room, text):
    """Amount and name on one line or two, or '' where neither fits into `room` px."""
    wide = [measure(part, text, number == 0) for number, part in enumerate(parts)]
    if max(wide) > room:
        return ""
    gap = " " if sum(wide) + measure(" ", text) <= room else "<br>"
    return f"{strong(parts[:1])}{gap}{escape(parts[1])}"
