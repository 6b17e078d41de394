"""How far the lists can answer: shares per source, or findings by code."""

import pandas as pd

from wmo_analysis import words
from wmo_analysis.chart._rows import bars, capital, heading, lay, names, note, percent, short, strong, told
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, fit, frame, hatch, mark, measure, sizes, texts

ASKED = ("theme", "municipality", "dates", "amount")
SEVERITIES = {"error": None, "warning": "/", "note": "."}


def quality(table, width=NOTEBOOK):
    """Figure of measure.quality: per source the share of projects with theme, municipality, date and amount, 0 to 100 %.

    by="finding": how often each kind of finding occurs, most severe first; hatched by severity.
    """
    by = table.attrs.get("wmo", {}).get("by", "")
    about = checked(table, f"quality(by={'finding' if by == 'finding' else 'source'!r})")
    return (_findings if by == "finding" else _shares)(table, about, width)


def _shares(table, about, width):
    say, px, language = texts("quality", about), sizes(width), about["language"]
    text, room = px.label, width - 2 * px.pad
    rows = [row | dict(code=row["source_id"], label=capital(row["source"])) for row in table.to_dict("records")]
    left, high = lay(rows, text, room, 0.28)
    count = measure(say("projects"), text) + 12
    step = (room - left - count) / len(ASKED)
    end = max(measure(percent(100, language), text, True), measure(say("unknown"), px.footer)) + 8
    full = step - end - 14  # px of 100 %
    notes, shapes, traces = names(rows, text), [], []
    for row in rows:
        shown = words.number(row["projects"])
        notes.append(
            mark(escape(shown), 0, row["y"], text, LIGHT.muted, xanchor="right", xshift=count - 14, name="projects")
        )
    for number, what in enumerate(ASKED):
        at = count + number * step
        known = [row for row in rows if not pd.isna(row[f"share_{what}"])]

        def hover(row, what=what):
            values = dict(what=say(what), count=words.number(row[f"with_{what}"]), of=words.number(row["projects"]))
            return f"{heading(row)}<br>{escape(say('hover', **values))}"

        lengths = [float(row[f"share_{what}"]) / 100 * full for row in known]
        traces.append(bars(what, known, lengths, hover, [at] * len(known), fill=LIGHT.blue))
        for row in rows:
            share = row[f"share_{what}"]
            track = dict(type="rect", layer="below", x0=at, x1=at + full, line=dict(width=0), fillcolor=LIGHT.track)
            shapes.append(track | dict(y0=row["y"] - row["bar"] / 2, y1=row["y"] + row["bar"] / 2))
            gap = pd.isna(share)
            color = LIGHT.muted if gap else LIGHT.orange_text if share == 0 else LIGHT.ink
            label = escape(say("unknown")) if gap else strong([percent(share, language)], share == 0)
            notes.append(mark(label, at + full, row["y"], px.footer if gap else text, color, xshift=6, name="end"))
        if rows:
            notes.append(mark(strong([fit(say(what), text, step, True)]), at, 0, text, yshift=0.8 * text, name="head"))
    if rows:
        place = dict(xanchor="right", xshift=count - 14, yshift=0.8 * text, name="head")
        notes.append(mark(escape(say("projects")), 0, 0, text, LIGHT.muted, **place))
    else:
        notes, high = note(say("nothing"), room, text)
    plot = room - left if rows else room
    axes = dict(xaxis=dict(range=[0, plot], visible=False), yaxis=dict(range=[high, 0], visible=False))
    layout = axes | dict(annotations=notes, shapes=shapes)
    finding = _finding(rows, say, language)
    parts = [f"{row['label']}: " + ", ".join(_share(row, what, say, language) for what in ASKED) for row in rows]
    around = told(about, say, finding, say("rule"), ["; ".join(parts)], what=say("what.source"))
    return frame(traces, layout, about, width=width, height=high, left=left if rows else 0, above=2.2 * text, **around)


def _share(row, what, say, language):
    share = row[f"share_{what}"]
    return f"{say(what)} {say('unknown') if pd.isna(share) else percent(share, language)}"


def _finding(rows, say, language):
    """What is missing altogether at most sources, else the lowest share, in at most 12 words."""
    known = [
        (float(row[f"share_{what}"]), row["label"], what)
        for what in ASKED
        for row in rows
        if not pd.isna(row[f"share_{what}"])
    ]
    if not known:
        return say("unknown_all", count=words.number(len(rows))) if rows else say("empty")
    absent = {what: sum(share == 0 for share, _, other in known if other == what) for what in ASKED}
    worst = max(ASKED, key=absent.get)
    if absent[worst] and len(rows) > 1:
        return say("absent", what=say(f"Of.{worst}"), count=words.number(absent[worst]), of=words.number(len(rows)))
    share, name, what = min(known, key=lambda item: item[0])
    values = dict(share=percent(share, language), name=name, what=say(f"Of.{what}"))
    return short([say("lowest", **values), say("lowest_only", **values)])


def _findings(table, about, width):
    say, px = texts("quality", about), sizes(width)
    text, room, language = px.label, width - 2 * px.pad, about["language"]
    rows = [
        row | dict(count=int(row["count"]), label=f"{row['text']} ({row['code']})") for row in table.to_dict("records")
    ]
    for row, before in zip(rows, [None, *rows]):
        row["first"] = before is None or before["severity"] != row["severity"]
        row["gap"] = 1.9 if row["first"] else 0
    left, high = lay(rows, text, room, 0.46, 3, pitch=1.9 * text)
    ends = [(words.number(row["count"]), say(f"side.{row['side']}")) for row in rows]
    right = max([measure(count, text, True) + measure(side, px.footer) for count, side in ends], default=0) + 28
    notes = names(rows, text)
    for row, (count, side) in zip(rows, ends):
        notes.append(mark(strong([count]), row["count"], row["y"], text, xshift=8, name="end"))
        notes.append(
            mark(
                escape(side),
                1,
                row["y"],
                px.footer,
                LIGHT.muted,
                xref="paper",
                xanchor="right",
                xshift=right,
                name="side",
            )
        )
        if row["first"]:
            head = strong([capital(words.say(f"severity.{row['severity']}", language))])
            y = row["y"] - max(1.9, 1.3 * len(row["lines"]) + 0.45) * text / 2 - 0.75 * text
            notes.append(mark(head, 0, y, text, LIGHT.muted, xref="paper", xshift=-left, name="severity"))
    if not rows:
        notes, high = note(say("nothing_found"), room, text)

    def hover(row):
        return "<br>".join([heading(row), escape(row["why"]), escape(row["what_to_do"])])

    traces = []
    for severity, shape in SEVERITIES.items():
        here = [row for row in rows if row["severity"] == severity]
        color = dict(error=LIGHT.pink, warning=LIGHT.orange, note=LIGHT.grey)[severity]
        look = dict(fill=LIGHT.paper, line=color, pattern=hatch(shape, color, text)) if shape else dict(fill=color)
        traces.append(bars(severity, here, [row["count"] for row in here], hover, **look))
    axis = dict(range=[0, max([row["count"] for row in rows], default=1)], visible=False)
    layout = dict(xaxis=axis, yaxis=dict(range=[high, 0], visible=False), annotations=notes)
    kinds = {s: words.number(sum(row["severity"] == s for row in rows)) for s in SEVERITIES}
    finding = say("kinds", **kinds) if rows else say("kinds_none")
    alt = ["; ".join(f"{row['label']}: {words.number(row['count'])}" for row in rows)]
    around = told(about, say, finding, say("rule.finding"), alt, what=say("what.finding"))
    return frame(
        traces,
        layout,
        about,
        width=width,
        height=high,
        left=left if rows else 0,
        right=right,
        above=0.2 * text,
        **around,
    )
