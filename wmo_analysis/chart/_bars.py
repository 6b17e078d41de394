"""Bars of covered municipalities by theme, region or source, and of projects by municipality."""

import pandas as pd

from wmo_analysis import words
from wmo_analysis.style import (
    BAR,
    LIGHT,
    checked,
    escape,
    example_line,
    fit,
    frame,
    hatch,
    mark,
    measure,
    selection,
    sizes,
    texts,
    wrap,
)

VIEWS = ("theme", "region", "source", "municipality")
APART = ("P9", "X0")  # the unknown theme and the source not stated: below the others, and never the finding
KINDS = ("own", "partnership")


def of_set(about):
    """What keys of texts about the themes of the municipalities end in, else ''."""
    return "_municipal" if about.get("theme_set") == "municipal" else ""


def bars(table, width):
    """Figure of measure.coverage(by=...): per row own and partnership-only against a track to all municipalities.

    By municipality the bar is its number of projects, own or only through a partnership. Unknown is a word, never 0.
    """
    by = table.attrs["wmo"]["by"]
    about = checked(table, f"coverage(by={by!r})")
    say, px = texts("bars", about), sizes(width)
    text, room, place = px.label, width - 2 * px.pad, by == "municipality"
    value = "projects" if place else "covered"
    rows = [row | dict(value=None if pd.isna(row["covered"]) else int(row[value])) for row in table.to_dict("records")]
    rows = rows if any(row["of"] for row in rows) else []  # no municipality is left: nothing to measure
    rows.sort(key=lambda row: (row["code"] in APART, row["value"] is None, -(row["value"] or 0)))

    names = [wrap(row["label"], text, 0.36 * room)[:2] for row in rows]
    left = max([measure(line, text) for lines in names for line in lines], default=0) + 12
    ends = [_end(row, place, say) for row in rows]
    unit = say(f"unit.{value}")
    right = max([measure(bold + rest, text, True) for bold, rest in ends] + [measure(unit, text)]) + 12
    scale = max([row["value"] or 0 for row in rows] + ([] if place else [int(row["of"]) for row in rows]) + [5])
    unit_px = (room - left - right) / scale
    pitch, notes, shapes, y = (1.75 if len(rows) > 12 else 2.9) * text, [], [], 0
    for row, lines, (bold, rest) in zip(rows, names, ends, strict=True):
        y += 0.8 * text if row["code"] in APART and row is not rows[0] else 0
        row["y"] = y + pitch / 2
        label = "<br>".join(escape(line) for line in lines)
        notes.append(mark(label, 0, row["y"], text, xref="paper", xanchor="right", xshift=-12, align="right"))
        color = LIGHT.muted if row["value"] is None else LIGHT.orange_text if row["value"] == 0 else LIGHT.ink
        end = (f"<b>{escape(bold)}</b>" if bold else "") + escape(rest)
        notes.append(mark(end, 1, row["y"], text, color, xref="paper", xshift=12))
        high = pitch * 0.29
        track = dict(type="rect", layer="below", x0=0, x1=scale if place else int(row["of"]), line=dict(width=0))
        shapes.append(track | dict(y0=row["y"] - high, y1=row["y"] + high, fillcolor=LIGHT.track))
        if row["value"] is None and measure(say("unknown"), px.footer) + 16 < track["x1"] * unit_px:
            notes.append(mark(escape(say("unknown")), 0, row["y"], px.footer, LIGHT.muted, xshift=8))
        y += pitch
    if not rows:
        notes.append(mark(escape(say("nothing")), 0, 1.2 * text, text, LIGHT.muted))
        y = 2.4 * text
    else:
        notes.append(
            mark(escape(unit), 1, 0, text, LIGHT.muted, name="unit", xref="paper", xshift=12, yshift=0.6 * text)
        )

    traces = [_bar(kind, rows, place, pitch, unit_px, px, say) for kind in KINDS]
    layout = dict(
        xaxis=dict(range=[0, scale], visible=False),
        yaxis=dict(range=[y, 0], visible=False),
        annotations=notes,
        shapes=shapes,
    )
    date = words.date(about["as_of"], about["language"])
    municipal = of_set(about)
    subtitle = say(
        "subtitle", unit=say(f"what.{value}{municipal}"), by=say(f"by.{by}"), selection=selection(about), date=date
    )
    finding = _finding(rows, by, say)
    rule = " ".join([say(f"rule.{value}"), *([say("rule.overlap")] if not place else []), say("rule.province")])
    told = dict(
        title=finding,
        subtitle="; ".join([subtitle, *about["subtitle_notes"]]),
        rule=rule,
        sentence=say("sentence", date=date, finding=finding),
        alt=_alt(about, rows, by, finding, date, say),
    )
    here = [kind for kind in KINDS if any(row["value"] and row[kind] for row in rows)]
    key = [
        dict(text=say(f"key.{kind}"), line=LIGHT.blue, fill=LIGHT.blue if kind == "own" else LIGHT.paper)
        | (dict(hatch=LIGHT.hatch) if kind == "partnership" else {})
        for kind in here
    ]
    return frame(
        traces, layout, about, width=width, height=y, key=key, left=left, right=right, above=1.3 * text, **told
    )


def _bar(kind, rows, place, pitch, unit_px, px, say):
    """The trace of one kind: own from zero, partnership from where own ends; the number inside where it fits."""
    here = [row for row in rows if row["value"]]
    sizes_ = [(row["value"] if row[kind] else 0) if place else int(row[kind]) for row in here]
    shown = [words.number(n) if not place and n * unit_px > 1.2 * px.label else "" for n in sizes_]
    own = kind == "own"
    return dict(
        name=kind,
        base=[0 if own or place else int(row["own"]) for row in here],
        x=sizes_,
        y=[row["y"] for row in here],
        width=[0.58 * pitch] * len(here),
        text=shown,
        textfont=dict(color=LIGHT.on_blue if own else LIGHT.blue, size=0.93 * px.label),
        marker=dict(
            color=LIGHT.blue if own else LIGHT.paper,
            line=dict(width=[1.25 * bool(size) for size in sizes_], color=LIGHT.blue),
            pattern=None if own else hatch("/", LIGHT.hatch, px.label),
        ),
        customdata=[row["code"] for row in here],
        hovertext=[_hover(row, place, say) for row in here],
        **BAR,
    )


def _counts(row):
    return {name: words.number(row[name]) for name in ("covered", "of", "own", "partnership", "projects", "province")}


def _hover(row, place, say):
    told = say("hover.projects" if place else "hover.covered", **_counts(row))
    return f"<b>{escape(fit(row['label'], 12, 480))}</b><br>{escape(told)}"


def _end(row, place, say):
    """What stands at the end of the track, raw: the bold figure and the rest."""
    if row["value"] is None:
        return "", say("key.unknown")
    return words.number(row["value"]), "" if place else say("of", of=words.number(row["of"]))


def _finding(rows, by, say):
    """The finding with its figure in at most 12 words: the widest reach and the narrowest, among what is known."""
    known = [row for row in rows if row["value"] is not None and row["code"] not in APART]
    if not rows:
        return say(f"empty.{by}")
    if not known:
        return say("all_unknown", of=words.number(max(row["of"] for row in rows)))
    first, last = known[0], known[-1]
    counts = dict(covered=words.number(len([row for row in known if row["covered"]])), of=words.number(len(known)))
    if by == "municipality" and len(known) == 1:
        forms = [say("one_place", name=first["label"], count=words.number(first["value"]))]
        forms.append(say("one_place", name=say("this"), count=words.number(first["value"])))
    elif by == "municipality":
        forms = [say("places", **counts, most=words.number(first["value"]))]
    elif max(row["of"] for row in known) == 1:
        forms = [say(f"one.{by}", **counts)]
    else:
        reach = {"name": first["label"], **_counts(first)}
        low = dict(last=last["label"], lowest=words.number(last["value"]))
        low["lowest"] += "" if last["of"] == first["of"] else say("of", of=words.number(last["of"]))
        forms = [say("most_least", **reach, **low), say("most", **reach, lowest=low["lowest"])] if last != first else []
        forms += [say("alone", **reach), say("alone", **{**reach, "name": say("this_row")})]
    return next((form for form in forms if len(form.split()) <= 12), forms[-1])


def _alt(about, rows, by, finding, date, say):
    told = [row for row in rows if row["value"] is not None]
    told = told if by != "municipality" or len(told) < 3 else [told[0], told[-1]]
    kind = "projects" if by == "municipality" else "covered"
    parts = [say(f"alt.{kind}", name=row["label"], **_counts(row)) for row in told]
    unknown = [row["label"] for row in rows if row["value"] is None]
    parts = ["; ".join(parts) + "."] if parts else []
    parts += [say("alt.unknown", names=words.listing(unknown, about["language"]))] if unknown else []
    parts += [f"{example_line(about)}."] if about["examples"] else []
    return say("alt", by=say(f"by.{by}"), date=date, finding=finding, extra=" ".join(parts)).strip()
