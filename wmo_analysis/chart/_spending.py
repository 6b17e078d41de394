"""What is committed of the credit through time."""

from wmo_analysis import words
from wmo_analysis.chart._rows import note, short, strong, ticks, told
from wmo_analysis.chart._steps import _month, _months
from wmo_analysis.style import LIGHT, escape, frame, mark, measure, sizes, texts

LOOK = {"asked": dict(color=LIGHT.grey, width=1.5, dash="dot"), "committed": dict(color=LIGHT.blue, width=2.5)}


def spending(table, about, width):
    """Figure of measure.budget(by="time"): asked and committed as steps, day by day, under the line of the credit."""
    say, px, language = texts("budget", about), sizes(width), about["language"]
    text, room, day, limit = px.label, width - 2 * px.pad, about["as_of"], int(about["allocation"])
    rows, high = table.to_dict("records"), 20 * px.label
    dates = [row["date"] for row in rows]
    low = min([*dates, day])
    low = f"{low[:4]}-{(int(low[5:7]) - 1) // 3 * 3 + 1:02}-01"  # a quarter has a tick
    ends = [("allocation", limit, say("about", euro=words.euro(limit)), LIGHT.ink)] if rows else []
    for kind, color in (("asked", LIGHT.muted), ("committed", LIGHT.blue)):
        ends += [(kind, int(rows[-1][kind]), words.euro(int(rows[-1][kind])), color)] if rows else []
    top = max([limit, *(int(row[kind]) for row in rows for kind in LOOK)])
    marks = [100 * n for n in ticks(top / 100, 5)]
    amounts = [words.euro(n) if n == 0 else words.number(n / 100, 0) for n in marks]
    left = max(measure(amount, px.footer) for amount in amounts) + 10
    right = max([max(measure(a, text, True), measure(say(f"end.{k}"), text)) for k, _, a, _ in ends], default=0) + 18
    shapes = [dict(type="line", xref="paper", x0=0, x1=1, y0=limit, y1=limit, line=dict(color=LIGHT.ink, width=2))]
    notes = [
        mark(
            escape(say("axis")),
            0,
            1,
            text,
            LIGHT.muted,
            xref="paper",
            yref="paper",
            xshift=-left,
            yshift=1.3 * text,
            name="unit",
        )
    ]
    ends.sort(key=lambda end: -end[1])
    for (kind, _, amount, color), y in zip(ends, _apart([end[1] / top * high for end in ends], 2.8 * text)):
        label = f"{strong([amount])}<br>{escape(say(f'end.{kind}'))}"
        notes.append(mark(label, 1, 0, text, color, xref="paper", xshift=12, yshift=y, name="end"))
    if not rows:
        place = dict(xref="paper", yref="paper", xanchor="center")
        notes += [n | dict(x=0.5, y=0.5) | place for n in note(say("nothing_booked"), room - left, text)[0]]

    traces = []
    for kind, line in LOOK.items():
        values = [int(row[kind]) for row in rows]
        hover = [
            escape(say("hover.time", date=words.date(d, language), kind=say(f"end.{kind}"), euro=words.euro(v)))
            for d, v in zip(dates, values)
        ]
        x, y = [*dates, *([day] if dates else [])], [*values, *values[-1:]]
        dot = dict(size=6, color=line["color"], line=dict(width=0))
        look = dict(
            line=line | dict(shape="hv"),
            marker=dot,
            mode="lines+markers" if len(rows) == 1 else "lines",
            hoverinfo="text",
            cliponaxis=False,
        )
        traces.append(dict(type="scatter", name=kind, x=x, y=y, hovertext=[*hover, *hover[-1:]], **look))
    days = (room - left - right) / max(
        (int(day[:4]) - int(low[:4])) * 365 + (int(day[5:7]) - int(low[5:7])) * 30 + 30, 1
    )
    months = _months(low, day, 3.4 * text / days)
    axis = dict(tickfont=dict(size=px.footer, color=LIGHT.muted), linecolor=LIGHT.axis)
    layout = dict(
        xaxis=axis
        | dict(type="date", range=[low, day], tickvals=months, showline=True, ticks="outside", ticklen=4)
        | dict(ticktext=[_month(date, n == 0, language) for n, date in enumerate(months)], tickcolor=LIGHT.axis),
        yaxis=axis | dict(range=[0, top], tickvals=marks, ticktext=[a + "\u00a0" for a in amounts], showgrid=True),
        annotations=notes,
        shapes=shapes,
    )
    narrowed = any(name != "basis" for name, _ in about["selection"])  # the credit is of all projects
    rules = ["rule", "rule.about", "rule.time", *(["rule.narrowed"] if narrowed else [])]
    finding = _finding(rows, narrowed, language, say)
    alt = ["; ".join(f"{words.date(row['date'], language)}: {words.euro(int(row['committed']))}" for row in rows)]
    around = told(
        about,
        say,
        finding,
        " ".join(say(rule) for rule in rules),
        alt,
        credit=f"{say('by.time')}, {about['credit']}",
    )
    return frame(
        traces,
        layout,
        about,
        width=width,
        height=high,
        left=left,
        right=right,
        above=2.4 * text,
        below=3 * text,
        **around,
    )


def _apart(wanted, gap):
    """Heights from above, at least `gap` apart and none below zero, as near to the wanted ones as that allows."""
    found = []
    for y in wanted:
        found.append(min([y, *(above - gap for above in found[-1:])]))
    for number in reversed(range(len(found))):
        found[number] = max([found[number], 0, *(below + gap for below in found[number + 1 : number + 2])])
    return found


def _finding(rows, narrowed, language, say):
    """From the first commitment to the last, in at most 12 words."""
    known = [row for row in rows if int(row["committed"])]
    if not rows:
        return say("empty_booked")
    if not known:
        return say("time_zero", asked=words.euro(int(rows[-1]["asked"])))
    begin, end = words.euro(int(known[0]["committed"])), words.euro(int(rows[-1]["committed"]))
    date = words.date(known[0]["date"], language)
    if int(rows[-1]["free"]) < 0 and not narrowed:
        return say("whole_over", committed=end, over=say("about", euro=words.euro(-int(rows[-1]["free"]))))
    forms = [say("time", begin=begin, end=end, date=date)] if begin != end else []
    return short([*forms, say("time_level", end=end, date=date)])
