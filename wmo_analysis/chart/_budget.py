"""The budget: the credit, the committed amounts divided, and the amounts off the credit."""

import pandas as pd

from wmo_analysis import words
from wmo_analysis.chart._credit import credit
from wmo_analysis.chart._rows import (
    bars,
    capital,
    heading,
    lay,
    lines,
    names,
    note,
    percent,
    rule_at,
    short,
    strong,
    told,
    zero,
)
from wmo_analysis.chart._spending import spending
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, frame, hatch, mark, measure, sizes, texts

LISTED = {"asked": (LIGHT.paper, LIGHT.grey), "granted": (LIGHT.teal, LIGHT.teal), "settled": (LIGHT.blue, LIGHT.blue)}


def budget(table, width=NOTEBOOK):
    """Figure of measure.budget: the credit, or what its `by` divides; amounts in euro, kinds never added.

    by="": asked, committed (settled, then granted) and free against the approximate credit; what goes beyond is hatched.
    by="theme", "region", "source" or "municipality": committed, descending; undivided rows dotted; they foot to the total.
    by="time": committed and asked through time under the line of the credit. by="listed": per source what its lists state
    off the credit, never against it; a kind that no list states is a word, not 0.
    """
    by = table.attrs.get("wmo", {}).get("by", "")
    about = checked(table, f"budget(by={by!r})")
    draw = {"": credit, "time": spending, "listed": _listed}.get(by, _footing)
    return draw(table, about, width)


def _footing(table, about, width):
    say, px, by = texts("budget", about), sizes(width), about["by"]
    text, room = px.label, width - 2 * px.pad
    unknown = len(table) > 0 and table["committed"].isna().all()
    known = table[table["committed"].notna()].to_dict("records")
    rows = [row | dict(committed=int(row["committed"]), gap=0) for row in known]
    parts = sorted((r for r in rows if r["part"] == "part" and r["committed"]), key=lambda r: -r["committed"])
    zeros = [row for row in rows if row["part"] == "part" and not row["committed"]]
    if len(zeros) > 1:
        zeros = [zeros[0] | dict(code="", label=say(f"zeros.{by}", count=words.number(len(zeros))))]
    rest = [row for row in rows if row["part"] in ("undivided", "outside")]
    total = [row | dict(bold=True, gap=0.8) for row in rows if row["part"] == "total"]
    for row in rest[:1]:
        row["gap"] = 0.9
    parts, zeros, rest, total = (part if about["projects"] else [] for part in (parts, zeros, rest, total))
    every = [*parts, *zeros, *rest, *total]
    for row in every:
        row |= dict(label=capital(row["label"]), ink=LIGHT.ink if row["committed"] else LIGHT.muted)
        unshared = pd.isna(row["share"]) or not row["committed"]
        row["share_text"] = "" if unshared else percent(row["share"], about["language"])
    left, high = lay(every, text, room)
    ends = [measure(words.euro(row["committed"]), text, True) + measure(row["share_text"], text) for row in every]
    right = max(ends, default=0) + 2 * text
    notes, shapes = names(every, text), []
    for row in every:
        end = strong([words.euro(row["committed"])], row["committed"]) + f"\u00a0 {row['share_text']}"
        x = 0 if row["part"] == "total" else max(row["committed"], 0)
        notes.append(mark(end, x, row["y"], text, row["ink"], xshift=8, name="end"))
    if every:
        y = (every[-2]["y"] + every[-1]["y"]) / 2 if len(every) > 1 else 0
        shapes = [rule_at(y, left, right, room, px), zero(y, px)]
    else:
        notes, high, left = *note(say("unknown_all" if unknown else "nothing"), room, text), 0

    def hover(row):
        kinds = {kind: words.euro(row[kind]) for kind in LISTED}
        return f"{heading(row)}<br>{escape(say('hover', projects=words.number(row['projects']), **kinds))}"

    apart = dict(fill=LIGHT.paper, line=LIGHT.grey, pattern=hatch(".", LIGHT.grey, text))
    part, undivided = [*parts, *zeros], rest
    traces = [bars("part", part, [row["committed"] for row in part], hover, fill=LIGHT.blue)]
    traces.append(bars("undivided", undivided, [row["committed"] for row in undivided], hover, **apart))
    amounts = [row["committed"] for row in (*part, *undivided)]
    axis = dict(range=[min([0, *amounts]), max([1, *amounts])], visible=False)
    layout = dict(xaxis=axis, yaxis=dict(range=[high, 0], visible=False), annotations=notes, shapes=shapes)

    finding = say("unknown_all") if unknown else _finding(parts, rest, total, say)
    alt = ["; ".join(f"{row['label']}: {words.euro(row['committed'])}" for row in every)]
    what = f"{say(f'by.{by}')}, {about['credit']}"
    around = told(about, say, finding, f"{say('rule')} {say('rule.foot')}", alt, credit=what)
    size = dict(width=width, height=high, left=left, right=right, above=0.9 * text, below=0.3 * text)
    return frame(traces, layout, about, **size, **around)


def _finding(parts, rest, total, say):
    """The largest part with its amount and share, in at most 12 words."""
    if not total:
        return say("empty_parts")
    if not parts:
        return say(
            "undivided" if any(row["committed"] for row in rest) else "zero", euro=words.euro(total[0]["committed"])
        )
    values = dict(name=parts[0]["label"], euro=words.euro(parts[0]["committed"]), share=parts[0]["share_text"])
    return short([say(form, **values) for form in ("most", "most_short", "most_only")])


def _listed(table, about, width):
    say, px = texts("budget", about), sizes(width)
    text, room, rows = px.label, width - 2 * px.pad, []
    for source in table.to_dict("records"):
        for kind in LISTED:
            value = None if pd.isna(source[kind]) else int(source[kind])
            row = dict(code=source["source_id"], kind=kind, label=say(f"kind.{kind}"), source=source, value=value)
            row["end"] = say("not_stated") if value is None else words.euro(value)
            rows.append(row | dict(gap=0.9 if kind == "asked" and rows else 0))
    kinds, high = lay(rows, text, room, pitch=1.75 * text)
    heads = {row["code"]: lines(row["source"]["label"], text, 0.26 * room, bold=True) for row in rows}
    counts = {row["code"]: say("projects", count=words.number(row["source"]["projects"])) for row in rows}
    first = [measure(line, text, True) for head in heads.values() for line in head]
    left = kinds + max([*first, *(measure(count, text) for count in counts.values())], default=0) + 1.2 * text
    right = max([measure(row["end"], text, True) for row in rows], default=0) + 16
    notes = names(rows, text)
    for row in rows:
        known = row["value"] is not None
        ink = LIGHT.ink if known else LIGHT.muted
        notes.append(mark(strong([row["end"]], known), row["value"] or 0, row["y"], text, ink, xshift=8, name="end"))
        if row["kind"] == "asked":
            label = f"{strong(heads[row['code']])}<br>{escape(counts[row['code']])}"
            place = dict(xref="paper", xshift=-left, yanchor="top", yshift=0.65 * text, name="source")
            notes.append(mark(label, 0, row["y"], text, **place))
    if not rows:
        notes, high, left = *note(say("nothing_listed"), room, text), 0

    def told_of(row):
        return f"{row['source']['label']}, {row['label']}: {row['end']}"

    traces, known = [], [row for row in rows if row["value"] is not None]
    for kind, (fill, line) in LISTED.items():
        here = [row for row in known if row["kind"] == kind]
        values = [row["value"] for row in here]
        traces.append(bars(kind, here, values, lambda row: escape(told_of(row)), fill=fill, line=line))
    amounts = [row["value"] for row in known]
    layout = dict(
        xaxis=dict(range=[min([0, *amounts]), max([1, *amounts])], visible=False),
        yaxis=dict(range=[high, 0], visible=False),
        annotations=notes,
        shapes=[zero(high, px)] if rows else [],
    )
    order = ("granted", "settled", "asked")  # the strongest commitment that any list states
    best = min(known, key=lambda row: (order.index(row["kind"]), -row["value"]), default=None)
    values = dict(name=best["source"]["label"], euro=best["end"], kind=best["label"]) if best else {}
    finding = short([say(form, **values) for form in (("listed", "listed_only") if best else ("empty_listed",))])
    around = told(about, say, finding, say("rule.listed"), ["; ".join(map(told_of, rows))], credit=say("by.listed"))
    size = dict(width=width, height=high, left=left, right=right, above=0.9 * text)
    return frame(traces, layout, about, **size, **around)
