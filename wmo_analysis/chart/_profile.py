"""One municipality on one page: its projects, through which placement, beside its region and its round."""

import pandas as pd
import plotly.graph_objects as go

from .. import words
from ..style import BAR, LIGHT, NOTEBOOK, checked, escape, fit, frame, hatch, mark, measure, sizes, texts
from ._rows import lines, note, short, strong, told

VIA = ("own", "partnership", "province")
COLUMNS = {
    "title": 0.36,
    "theme_labels": 0.2,
    "source": 0.16,
    "status": 0.1,
    "hours": 0.07,
    "committed": 0.11,
}  # of the width
RIGHT = ("hours", "committed")


def profile(table, width=NOTEBOOK):
    """Figure of measure.profile: the number of projects beside the mean of the region, and below it every project.

    Own, through a partnership and province-wide differ in fill, hatch and outline; '–' is what no list states.
    """
    about = checked(table, "profile")
    say, px = texts("profile", about), sizes(width)
    text, room = px.label, width - 2 * px.pad
    looks = {
        "own": dict(fill=LIGHT.blue, line=LIGHT.blue, hatch=None),
        "partnership": dict(fill=LIGHT.paper, line=LIGHT.blue, hatch=LIGHT.hatch),
        "province": dict(fill=LIGHT.paper, line=LIGHT.grey, hatch=None),
        "mean": dict(fill=LIGHT.track, line=LIGHT.axis, hatch=None),
    }
    counts = {via: int(about[via]) for via in VIA}
    unknown = not about["projects"] or pd.isna(about["region_mean"])
    mean = None if unknown else float(about["region_mean"])
    marks = {name: [] for name in looks}  # (start, length, y, height, text, code)
    notes, shapes, y = [], [], 0

    bars = [
        (
            "here",
            about["municipality"],
            [("own", 0, counts["own"]), ("partnership", counts["own"], counts["partnership"])],
        )
    ]
    bars += [("province", say("province"), [("province", 0, counts["province"])])]
    heads = {"here": about["municipality"], "mean": say("mean", region=about["region"]), "province": say("province")}
    heads = {name: lines(head, text, 0.36 * room) for name, head in heads.items()}
    left = max(measure(line, text, name == "here") for name, head in heads.items() for line in head) + 12
    most = max(counts["own"] + counts["partnership"], counts["province"], mean or 0, 5)
    unit = (room - left - 6 * text) / most
    for name, _, parts in [bars[0], ("mean", "", []), bars[1]]:
        high = max(2.1, 1.3 * len(heads[name]) + 0.45) * text
        middle, end = y + high / 2, 0
        place = dict(xanchor="right", align="right", name="label")
        notes.append(mark(strong(heads[name], name == "here"), left - 12, middle, text, **place))
        for via, start, count in parts:
            if count:
                marks[via].append((left + start * unit, count * unit, middle, 1.3 * text, words.number(count), name))
                end = start + count
        if name == "mean":
            shown = say("unknown") if mean is None else words.number(mean, 1)
            end = mean or 0
            if mean:
                marks["mean"].append((left, end * unit, middle, 1.3 * text, "", name))
            notes.append(mark(strong([shown]), left + end * unit, middle, text, xshift=8, name="end"))
        elif not end:
            notes.append(mark(strong([say("none")]), left, middle, text, LIGHT.muted, xshift=8, name="end"))
        y += high
    facts = [
        say("themes_unknown")
        if unknown
        else say("themes", covered=words.number(about["themes_covered"]), of=words.number(about["themes"]))
    ]
    facts.append(
        say("round", round=words.number(about["round"]), state=about["state_label"])
        if about["state_label"]
        else say("no_round")
    )
    for fact in facts:
        y += 1.5 * text
        notes.append(mark(escape(fit(fact, text, room)), 0, y, text, name="fact"))
    y += 1.6 * text

    swatch = 1.9 * text
    edges, x = {}, swatch
    for name, part in COLUMNS.items():
        edges[name] = x, part * (room - swatch)
        x += part * (room - swatch)
    rows = table.to_dict("records")
    if rows:
        for name, (x, wide) in edges.items():
            side = dict(xanchor="right", xshift=wide - 4) if name in RIGHT else {}
            notes.append(
                mark(
                    escape(fit(say(f"head.{name}"), px.footer, wide)),
                    x,
                    y + 0.4 * text,
                    px.footer,
                    LIGHT.muted,
                    name="head",
                    **side,
                )
            )
        y += 1.3 * text
    for row in rows:
        shown = {name: row[name] for name in COLUMNS}
        shown["hours"] = words.number(None if pd.isna(row["hours"]) else row["hours"]) or "–"
        shown["committed"] = words.euro(None if pd.isna(row["committed"]) else int(row["committed"])) or "–"
        cells = {name: lines(value, text, edges[name][1] - 8, 3) for name, value in shown.items()}
        if row["good_example"]:
            cells["title"] = [*cells["title"], fit(say("good", why=row["good_example"]), text, edges["title"][1] - 8)]
        high = (1.3 * max(map(len, cells.values())) + 0.7) * text
        shapes.append(dict(type="line", x0=0, x1=room, y0=y, y1=y, line=dict(color=LIGHT.grid, width=px.hairline)))
        for name, found in cells.items():
            side = dict(xanchor="right", xshift=edges[name][1] - 4) if name in RIGHT else {}
            notes.append(
                mark(strong(found, False), edges[name][0], y + 0.35 * text, text, yanchor="top", name=name, **side)
            )
        marks[row["via"]].append((0, 1.1 * text, y + 1.0 * text, 0.9 * text, "", row["project"]))
        y += high
    if not rows:
        found, high = note(say("nothing"), room, text)
        notes += [n | dict(y=y + high / 2) for n in found]
        y += high

    figure = go.Figure([_trace(via, marks[via], looks[via], text, say) for via in looks])
    axes = dict(xaxis=dict(range=[0, room], visible=False), yaxis=dict(range=[y, 0], visible=False))
    figure.layout = axes | dict(annotations=notes, shapes=shapes)
    key = [dict(text=say(f"key.{via}"), **looks[via]) for via in VIA if counts[via]]
    finding = _finding(about, counts, say)
    alt = [*facts, "; ".join(f"{row['title']} ({row['via_label']}, {row['status']})" for row in rows)]
    around = told(about, say, finding, say("rule"), alt, municipality=about["municipality"])
    return frame(figure, about, width=width, height=y, key=key, above=0.3 * text, **around)


def _trace(via, marks, look, text, say):
    pattern = hatch("/", look["hatch"], text) if look["hatch"] else None
    ink = LIGHT.on_blue if via == "own" else LIGHT.blue if via == "partnership" else LIGHT.ink
    return go.Bar(
        name=via,
        base=[start for start, *_ in marks],
        x=[length for _, length, *_ in marks],
        y=[y for _, _, y, *_ in marks],
        width=[high for *_, high, _, _ in marks],
        text=[shown for *_, shown, _ in marks],
        textfont=dict(color=ink, weight=700),
        marker=dict(color=look["fill"], line=dict(color=look["line"], width=1.25), pattern=pattern),
        customdata=[code for *_, code in marks],
        hovertext=[escape(say(f"key.{via}"))] * len(marks),
        **BAR,
    )


def _finding(about, counts, say):
    """The finding with its figure in at most 12 words."""
    name = about["municipality"]
    values = {via: words.number(count) for via, count in counts.items()}
    values |= dict(covered=words.number(about["themes_covered"]), of=words.number(about["themes"]))
    if not any(counts.values()):
        forms = ["nothing_here"]
    else:
        forms = ["finding", "finding_short"] if counts["own"] or counts["partnership"] else ["only_province"]
    return short([say(form, name=given, **values) for given in (name, say("this")) for form in forms])
