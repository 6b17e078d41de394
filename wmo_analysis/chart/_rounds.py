"""The conversation rounds: stacked bars per round, and the agreements through time as a line of steps."""

import pandas as pd

from wmo_analysis import words
from wmo_analysis.chart._steps import NARROWS, steps
from wmo_analysis.style import (
    BAR,
    LIGHT,
    NOTEBOOK,
    checked,
    escape,
    example_line,
    frame,
    hatch,
    mark,
    measure,
    selection,
    sizes,
    texts,
)

HALO = ", ".join([f"0 0 2px {LIGHT.paper}"] * 5)  # keeps a number legible on a pattern
_PALE, _MIDDLE, _DARK = LIGHT.ramp
LOOK = {  # state: fill, outline, pattern and its colour, text; in the order of the bar
    "completed": (_DARK, _DARK, None, LIGHT.on_blue),
    "running": (_MIDDLE, _MIDDLE, None, LIGHT.on_mid),
    "agreed": (_PALE, _MIDDLE, None, LIGHT.ink),
    "quotation": (LIGHT.paper, LIGHT.blue, ("/", LIGHT.hatch), LIGHT.ink),
    "talk": (LIGHT.paper, LIGHT.blue, (".", LIGHT.hatch), LIGHT.ink),
    "planned": (LIGHT.paper, LIGHT.axis, None, LIGHT.ink),
    "second_contact": (LIGHT.paper, LIGHT.orange, ("/", LIGHT.orange), LIGHT.ink),
    "not_stated": (LIGHT.paper, LIGHT.axis, None, LIGHT.muted),
}


def rounds(table, width=NOTEBOOK):
    """Figure of measure.rounds: per round the municipalities by state, and below it what the letter states.

    A unit is a municipality in every bar, the track is the size of the round; an orange line marks those after their
    deadline. Of a table by="time": the agreements as steps, the letters' figures as rings, the deadlines as marks, and
    a gap with a word wherever nothing is known.

    Parameters
    ----------
    table : DataFrame of measure.rounds, with or without by="time", unchanged; else WmoError
    width : int, px, see chart.coverage
    """
    if table.attrs.get("wmo", {}).get("by") == "time":
        return steps(table, width)
    about = checked(table, "rounds(by='round')")
    say, px = texts("rounds", about), sizes(width)
    text, room = px.label, width - 2 * px.pad
    groups = {}
    for row in table.to_dict("records"):
        groups.setdefault(row["round"], {})[row["state"]] = {k: None if pd.isna(v) else v for k, v in row.items()}
    groups = dict(sorted(groups.items(), key=lambda item: (item[0] == 0, item[0])))
    names = {number: _names(group, about, say) for number, group in groups.items()}
    heads = [(line, not n) for lines in names.values() for n, line in enumerate(lines)]
    left = max([measure(line, text, bold) for line, bold in heads] + [measure(say("letter"), px.footer)]) + 12
    ends = {number: _ends(group, about, say) for number, group in groups.items()}
    scale = max([group["planned"]["size"] for group in groups.values()], default=1)
    right = max([measure(line, text, True) for line, _ in ends.get(0, [])], default=0) + 12
    unit = (room - left - right) / scale

    parts, stated, late, notes, shapes, y = [], [], [], [], [], 0
    for number, group in groups.items():
        size, told = group["planned"]["size"], any(row["stated"] is not None for row in group.values())
        if number == 0 and len(groups) > 1:
            line = dict(color=LIGHT.axis, width=px.hairline)
            shapes.append(dict(type="line", xref="paper", x0=0, x1=1, y0=y, y1=y, line=line))
            y += 1.1 * text
        middle = y + 1.6 * text
        track = dict(type="rect", layer="below", x0=0, x1=size, fillcolor=LIGHT.track, line=dict(width=0))
        shapes.append(track | dict(y0=y, y1=y + 3.2 * text))
        for n, line in enumerate(names[number]):
            at = middle + (n - (len(names[number]) - 1) / 2) * 1.3 * text
            line = f"<b>{escape(line)}</b>" if n == 0 else escape(line)
            notes.append(mark(line, 0, at, text, xref="paper", xanchor="right", xshift=-12))
        base = 0
        for state in LOOK:
            row = group[state]
            if row["municipalities"]:
                parts.append((state, base, row["municipalities"], middle, row))
                if row["late"]:
                    late.append((base, row["late"], y + 3.2 * text, row))
                base += row["municipalities"]
        if group["planned"]["reached"] is None:
            word = say("no_place" if about["named"] else "no_rows")
            notes.append(mark(escape(word), 0, middle, px.footer, LIGHT.muted, xshift=8))
            base = (measure(word, px.footer) + 8) / unit
        for n, (line, color) in enumerate(ends[number]):
            at, far = middle + (n - (len(ends[number]) - 1) / 2) * 1.3 * text, max(base, size) if number else scale
            notes.append(mark(line, far, at, text, color, xshift=12))
        y += 3.2 * text
        if told:
            y, base = y + 0.5 * text, 0
            notes.append(
                mark(escape(say("letter")), 0, y + 0.85 * text, px.footer, LIGHT.muted, xref="paper", xanchor="right")
                | dict(xshift=-12)
            )
            for state in LOOK:
                row = group[state]
                if row["stated"]:
                    stated.append((state, base, row["stated"], y + 0.85 * text, row))
                    base += row["stated"]
            y += 1.7 * text
        y += 1.4 * text

    traces = [_bars(state, parts, 3.2 * text, unit, px, say) for state in LOOK if state != "not_stated"]
    for state in LOOK:
        traces.append(_stated(state, stated, 1.7 * text, unit, px, say))
    base, x, at, rows = zip(*late, strict=True) if late else ((), (), (), ())
    hover = [
        escape(say("hover.late", count=words.number(n), round=row["label"])) for n, row in zip(x, rows, strict=True)
    ]
    spots = dict(base=base, x=x, y=[y + 0.16 * text for y in at], width=[0.32 * text] * len(x))
    look = dict(type="bar", orientation="h", marker=dict(color=LIGHT.orange, line=dict(width=0)), hoverinfo="text")
    traces.append(dict(name="late", hovertext=hover, **spots, **look))
    layout = dict(
        xaxis=dict(range=[0, scale], visible=False),
        yaxis=dict(range=[y, 0], visible=False),
        annotations=notes,
        shapes=shapes,
    )
    date = words.date(about["as_of"], about["language"])
    finding = _finding(groups, date, say)
    rule = [say("rule"), *([say("rule.letter")] if stated else [])]
    rule += [say("rule.all")] if stated and any(name in NARROWS for name, _ in about["selection"]) else []
    subtitle = say("subtitle", selection=selection(about), date=date)
    alt = say("alt", date=date, finding=finding, extra=" ".join(_alt(about, groups, say))).strip()
    told = dict(title=finding, sentence=say("sentence", date=date, finding=finding), alt=alt, rule=" ".join(rule))
    told["subtitle"] = "; ".join([subtitle, *about["subtitle_notes"]])
    shown = {state for state, *_ in parts} | {state for state, *_ in stated if state != "agreed"}
    labels = {state: group["state_label"] for state, group in groups.get(0, {}).items()}
    key = [_key(state, labels[state]) for state in LOOK if state in shown]
    key += [dict(text=say("key.late"), fill=LIGHT.orange, line=LIGHT.orange)] if late else []
    return frame(
        traces, layout, about, width=width, height=y, key=key, left=left, right=right, above=0.9 * text, **told
    )


def _bars(state, parts, high, unit, px, say):
    """The municipalities named in one state: a bar where the one before ends, its number inside."""
    fill, line, pattern, ink = LOOK[state]
    here = [part for part in parts if part[0] == state]
    shown = [_inside(count, row["state_label"], unit, px.label) for _, _, count, _, row in here]
    return dict(
        name=state,
        base=[base for _, base, *_ in here],
        x=[count for _, _, count, *_ in here],
        y=[y for *_, y, _ in here],
        width=[high] * len(here),
        text=shown,
        textfont=dict(color=ink, size=px.label, weight=700, shadow=HALO if pattern else None),
        marker=dict(color=fill, line=dict(width=1.25, color=line), pattern=pattern and hatch(*pattern, px.label)),
        customdata=[[row["round"], row["state"]] for *_, row in here],
        hovertext=[
            f"<b>{escape(row['label'])}</b>, {escape(row['state_label'])}: {words.number(row['municipalities'])}"
            f"<br>{escape(row['names'])}"
            for *_, row in here
        ],
        **BAR,
    )


def _stated(state, parts, high, unit, px, say):
    """What the letter states, outlined below the bar: '22 akkoord of verder', '4 uitkomst niet vermeld'."""
    _, line, pattern, _ = LOOK[state]
    here = [part for part in parts if part[0] == state]
    labels = []
    for _, _, _, _, row in here:
        further = row["stated_as"] == "reached" and state != "completed"
        labels.append(say("further", state=row["state_label"]) if further else row["state_label"])
    return dict(
        name=f"stated {state}",
        base=[base for _, base, *_ in here],
        x=[count for _, _, count, *_ in here],
        y=[y for *_, y, _ in here],
        width=[high] * len(here),
        text=[_inside(part[2], label, unit, px.footer) for part, label in zip(here, labels, strict=True)],
        textfont=dict(color=_ink(state), size=px.footer, shadow=HALO if pattern else None),
        marker=dict(
            color=LIGHT.paper,
            line=dict(width=1.25, color=_MIDDLE if line in LIGHT.ramp else line),
            pattern=pattern and hatch(*pattern, px.footer),
        ),
        customdata=[[row["round"], row["state"], row["fact_id"]] for *_, row in here],
        hovertext=[
            escape(say("hover.stated", label=label, count=words.number(row["stated"]), fact=row["fact_id"] or "–"))
            for (*_, row), label in zip(here, labels, strict=True)
        ],
        **BAR,
    )


def _ink(state):
    return LIGHT.muted if state == "not_stated" else LIGHT.ink


def _inside(count, label, unit, size):
    """The number, with its label where both fit."""
    long = f"{words.number(count)} {label}"
    return escape(long if measure(long, size, True) + size < count * unit else words.number(count))


def _names(group, about, say):
    """Lines left of a round, raw: its name and how many municipalities it holds."""
    size, named = words.number(group["planned"]["size"]), group["planned"]["reached"]
    whole = named is None or named == group["planned"]["size"]
    second = say("size", size=size) if whole else say("part", named=words.number(named), size=size)
    label = group["planned"]["label"]
    return [label[:1].upper() + label[1:], second]


def _ends(group, about, say):
    """Lines right of a bar, escaped, and their colours: how many agreed, and the deadline."""
    named, agreed = group["planned"]["reached"], group["agreed"]["reached"]
    lines = []
    if named:
        told = escape(say("agreed", named=words.number(named)))
        lines.append((f"<b>{words.number(agreed)}</b>{told}", LIGHT.ink))
    if group["planned"]["deadline"]:
        date = words.date(group["planned"]["deadline"], about["language"])
        late = any(row["late"] for row in group.values())
        lines.append((escape(say("deadline", date=date)), LIGHT.orange_text if late else LIGHT.muted))
    return lines


def _finding(groups, date, say):
    """The finding with its figure in at most 12 words."""
    whole = groups.get(0, {})
    if not whole:
        return say("empty")
    size, named = words.number(whole["planned"]["size"]), whole["planned"]["reached"]
    if named is None:
        agreed = whole["agreed"]["stated"]
        return say("nothing") if agreed is None else say("stated", agreed=words.number(agreed), size=size)
    if named == 1:
        for number, group in groups.items():
            for row in group.values():
                if number and row["municipalities"]:
                    forms = [say("one", name=row["names"], state=row["state_label"], round=number)]
                    forms.append(say("one", name=say("this"), state=row["state_label"], round=number))
                    return next((form for form in forms if len(form.split()) <= 12), forms[-1])
    counts = dict(agreed=words.number(whole["agreed"]["reached"]), named=words.number(named))
    last = [number for number, group in groups.items() if number and group["planned"]["reached"]]
    if len(last) < 2:
        return say("whole", **counts)
    row = groups[last[-1]]
    done, of = (words.number(row[state]["reached"]) for state in ("agreed", "planned"))
    return say("whole_last", **counts, label=row["planned"]["label"], done=done, of=of)


def _alt(about, groups, say):
    parts = []
    for group in groups.values():
        counts = [(row["state_label"], row["municipalities"]) for row in group.values() if row["municipalities"]]
        if counts:
            told = ", ".join(f"{label} {words.number(count)}" for label, count in counts)
            parts.append(f"{group['planned']['label']}: {told}.".capitalize())
        said = [(row["state_label"], row["stated"]) for row in group.values() if row["stated"]]
        if said:
            told = ", ".join(f"{label} {words.number(count)}" for label, count in said)
            parts.append(say("alt.letter", label=group["planned"]["label"], told=told))
    return parts + ([f"{example_line(about)}."] if about["examples"] else [])


def _key(state, label):
    fill, line, pattern, _ = LOOK[state]
    glyph = dict(glyph="?", ink=LIGHT.muted) if state == "not_stated" else {}
    drawn = {"dots" if pattern[0] == "." else "hatch": pattern[1]} if pattern else {}
    return dict(text=label, fill=fill, line=line, **drawn, **glyph)
