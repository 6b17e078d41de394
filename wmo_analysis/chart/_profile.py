"""One municipality on one page: its projects, through which placement, beside its region and its round."""

import pandas as pd

from wmo_analysis import words
from wmo_analysis.chart._rows import lines, note, short, strong, told
from wmo_analysis.style import BAR, LIGHT, NOTEBOOK, checked, escape, fit, frame, hatch, mark, measure, sizes, texts

LOOK = {  # fill, outline, hatch, text
    "own": (LIGHT.blue, LIGHT.blue, None, LIGHT.on_blue),
    "partnership": (LIGHT.paper, LIGHT.blue, LIGHT.hatch, LIGHT.blue),
    "province": (LIGHT.paper, LIGHT.grey, None, LIGHT.ink),
    "outside": (LIGHT.track, LIGHT.axis, None, LIGHT.muted),
    "mean": (LIGHT.track, LIGHT.axis, None, LIGHT.ink),
}
WRAPPED = {"title": 0.5, "theme_labels": 0.28, "source": 0.22}  # of what the columns below leave
MEASURED = ("status", "hours", "committed")
RIGHT = ("hours", "committed")


def profile(table, width=NOTEBOOK):
    """Figure of measure.profile: the number of projects beside the mean of the region, and below it every project.

    Own, through a partnership and province-wide differ in fill, hatch and outline; '–' is what no list states.
    """
    about = checked(table, "profile")
    say, px = texts("profile", about), sizes(width)
    text, room, name = px.label, width - 2 * px.pad, about["municipality"]
    counts = {via: int(about[via]) for via in ("own", "partnership", "province")}
    unknown = not about["projects"] or pd.isna(about["region_mean"])
    mean = None if unknown else float(about["region_mean"])
    marks, notes, y = {name: [] for name in LOOK}, [], 0  # marks: start, length, y, height, text, code

    heads = [name, say("mean", region=about["region"]), say("province")]
    heads = [lines(head, text, 0.36 * room, bold=number == 0) for number, head in enumerate(heads)]
    left = max(measure(line, text, number == 0) for number, head in enumerate(heads) for line in head) + 12
    unit = (room - left - 6 * text) / max(counts["own"] + counts["partnership"], counts["province"], mean or 0, 5)
    parts = [
        [("own", 0, counts["own"]), ("partnership", counts["own"], counts["partnership"])],
        [("mean", 0, mean or 0)],
        [("province", 0, counts["province"])],
    ]
    for number, (head, spans) in enumerate(zip(heads, parts)):
        high = max(2.1, 1.3 * len(head) + 0.45) * text
        place = dict(xanchor="right", align="right", name="label")
        notes.append(mark(strong(head, number == 0), left - 12, y + high / 2, text, **place))
        for kind, start, count in spans:
            if count:
                shown = words.number(count) if kind != "mean" else ""
                marks[kind].append((left + start * unit, count * unit, y + high / 2, 1.3 * text, shown, kind))
        ends = (mean or 0) * unit if number == 1 else 0
        end = (say("unknown") if mean is None else words.number(mean, 1)) if number == 1 else say("none")
        if number == 1 or not any(count for *_, count in spans):
            color = LIGHT.muted if number != 1 or mean is None else LIGHT.ink
            notes.append(mark(strong([end]), left + ends, y + high / 2, text, color, xshift=8, name="end"))
        y += high
    counted = dict(covered=words.number(about["themes_covered"]), of=words.number(about["themes"]))
    placed = dict(round=words.number(about["round"]), state=about["state_label"])
    facts = [say("themes_unknown") if unknown else say("themes", **counted)]
    facts.append(say("round", **placed) if about["state_label"] else say("no_round"))
    for fact in facts:
        y += 1.5 * text
        notes.append(mark(escape(fit(fact, text, room)), 0, y, text, name="fact"))
    rows = table.to_dict("records")
    more, shapes, y = _list(rows, marks, y + 1.6 * text, room, px, say)
    notes += more

    traces = [_trace(kind, marks[kind], text, say) for kind in LOOK]
    axes = dict(xaxis=dict(range=[0, room], visible=False), yaxis=dict(range=[y, 0], visible=False))
    layout = axes | dict(annotations=notes, shapes=shapes)
    looks = {via: dict(zip(("fill", "line", "hatch"), LOOK[via])) for via in LOOK if via != "mean" and marks[via]}
    key = [dict(text=say(f"key.{via}"), **look) for via, look in looks.items()]
    alt = [*facts, "; ".join(f"{row['title']} ({row['via_label']}, {row['status']})" for row in rows)]
    around = told(about, say, _finding(name, counts, counted, say), say("rule"), alt, municipality=name)
    return frame(traces, layout, about, width=width, height=y, key=key, above=0.3 * text, **around)


def _list(rows, marks, y, room, px, say):
    """(annotations, shapes, end) of the projects from `y` down; adds the swatch of each to `marks`."""
    text, notes, shapes = px.label, [], []
    if not rows:
        found, high = note(say("nothing"), room, text)
        return [n | dict(y=y + high / 2) for n in found], [], y + high
    shown = [{name: row[name] or "–" for name in (*WRAPPED, "status")} for row in rows]
    for row, cells in zip(rows, shown):
        cells["hours"] = "–" if pd.isna(row["hours"]) else words.number(row["hours"])
        cells["committed"] = "–" if pd.isna(row["committed"]) else words.euro(int(row["committed"]))
    heads = {name: say(f"head.{name}") for name in (*WRAPPED, *MEASURED)}
    wide = {
        name: max(measure(heads[name], px.footer), *(measure(cells[name], text) for cells in shown)) + 1.2 * text
        for name in MEASURED
    }
    rest = room - 1.9 * text - sum(wide.values())
    wide = {name: part * rest for name, part in WRAPPED.items()} | wide
    edges, x = {}, 1.9 * text
    for name in wide:
        edges[name], x = (
            (min(x + wide[name], room) if name in RIGHT else x),
            x + wide[name],
        )  # a hair outside, and it vanishes
    sides = {name: dict(xanchor="right" if name in RIGHT else "left") for name in wide}
    for name, head in heads.items():
        notes.append(
            mark(escape(head), edges[name], y + 0.4 * text, px.footer, LIGHT.muted, name="head", **sides[name])
        )
    y += 1.3 * text
    for row, cells in zip(rows, shown):
        found = {name: lines(cell, text, wide[name] - 0.8 * text, 4) for name, cell in cells.items()}
        if row["good_example"]:
            found["title"] += lines(say("good", why=row["good_example"]), text, wide["title"] - 0.8 * text, 4)
        shapes.append(dict(type="line", x0=0, x1=room, y0=y, y1=y, line=dict(color=LIGHT.grid, width=px.hairline)))
        for name, cell in found.items():
            place = dict(yanchor="top", name="project" if name == "title" else name) | sides[name]
            notes.append(mark(strong(cell, False), edges[name], y + 0.35 * text, text, **place))
        marks[row["via"]].append((0, 1.1 * text, y + text, 0.9 * text, "", row["project"]))
        y += (1.3 * max(map(len, found.values())) + 0.7) * text
    return notes, shapes, y


def _trace(kind, marks, text, say):
    fill, line, lined, ink = LOOK[kind]
    start, length, y, high, shown, code = ([entry[n] for entry in marks] for n in range(6))
    return dict(
        name=kind,
        base=start,
        x=length,
        y=y,
        width=high,
        text=shown,
        textfont=dict(color=ink, weight=700),
        marker=dict(color=fill, line=dict(color=line, width=1.25), pattern=hatch("/", lined, text) if lined else None),
        customdata=code,
        hovertext=[escape(say(f"key.{kind}"))] * len(marks),
        **BAR,
    )


def _finding(name, counts, counted, say):
    """The finding with its figure in at most 12 words."""
    values = {via: words.number(count) for via, count in counts.items()} | counted
    forms = ["finding", "finding_short"] if counts["own"] or counts["partnership"] else ["only_province"]
    forms = forms if any(counts.values()) else ["nothing_here"]
    return short([say(form, name=given, **values) for given in (name, say("this")) for form in forms])
