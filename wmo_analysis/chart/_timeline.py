"""The projects in time: a bar from start to end by source, and a word where a date is not known."""

import datetime

from wmo_analysis import words
from wmo_analysis.style import (
    BAR,
    LIGHT,
    NOTEBOOK,
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

LOOK = {  # kind: derived statuses, fill, outline, pattern and its colour
    "running": (("running",), LIGHT.blue, LIGHT.blue, None),
    "completed": (("completed",), LIGHT.ramp[1], LIGHT.ramp[1], None),
    "planned": (("planned",), LIGHT.paper, LIGHT.blue, None),
    "outside": (("rejected", "withdrawn", "preselected"), LIGHT.paper, LIGHT.grey, ("/", LIGHT.axis)),
}
MOST = 80  # bars; beyond it a bar stands for the projects of a source in one status
REACH = 913, 548  # days before and after the as-of date that the axis shows at most; what is beyond is cut and marked


def timeline(table, width=NOTEBOOK):
    """Figure of measure.timeline: a bar per project from its first to its last day, by source.

    Beyond 80 projects a bar per source and status, from the first start to the last end that is known, and the chart says
    so. The status is told by fill, outline and pattern. A dotted line runs on from a project of which no end is known; where
    no start is known there is a word and no bar. A bar cut by the axis has a pointer.

    Parameters
    ----------
    table : DataFrame of measure.timeline, unchanged; else WmoError
    width : int, px, see chart.coverage
    """
    about = checked(table, "timeline")
    say, px = texts("timeline", about), sizes(width)
    day, language, size = about["as_of"], about["language"], px.footer
    derived, room = table["derived"].tolist(), width - 2 * px.pad
    rows = table.to_dict("records") if len(table) <= MOST else _grouped(table, say)
    kind_of = {status: kind for kind, (statuses, *_) in LOOK.items() for status in statuses}
    names = [wrap(row["title"], size, 0.4 * room) for row in rows]
    heads = [measure(row["source"], size, True) for row in rows]
    left = max([measure(line, size) for lines in names for line in lines] + heads, default=0) + 12
    low, high = _range(rows, day)
    per_day = (room - left) / _days(low, high)

    parts = {kind: [] for kind in LOOK}
    notes, shapes, dots, y, source, pitch = [], [], [], 0.0, None, 1.32 * size
    for row, lines in zip(rows, names, strict=True):
        if row["source_id"] != source:
            y += 0.5 * pitch if source is not None else 0
            line = dict(color=LIGHT.grid, width=px.hairline)
            shapes.append(dict(type="line", xref="paper", x0=0, x1=1, y0=y, y1=y, line=line, layer="below"))
            source, head = row["source_id"], f"<b>{escape(fit(row['source'], size, left - 12, True))}</b>"
            notes.append(mark(head, 0, y + 0.6 * pitch, size, xref="paper", xshift=-left, name="source"))
            y += 1.15 * pitch
        high_row = pitch * len(lines) * 0.95 + 0.05 * pitch
        middle, label = y + high_row / 2, "<br>".join(escape(line) for line in lines)
        place = dict(xref="paper", xanchor="right", xshift=-8, align="right", name="project")
        notes.append(mark(label, 0, middle, size, **place))
        kind = kind_of.get(row["derived"], "")  # no status: nothing is known of its dates either
        bar, word, dotted = _extent(row, kind, day, high)
        start, end = (max(bar[0], low), min(bar[1], high)) if bar else (low, low)
        if bar and end > start:
            parts[kind].append((start, end, middle, row))
            inks = {"running": LIGHT.on_blue, "completed": LIGHT.on_mid}
            ink, place = inks.get(kind, LIGHT.ink), dict(name="cut")
            if bar[0] < low:
                notes.append(mark("◂", low, middle, size, ink, xshift=2, **place))
            if bar[1] > high:
                notes.append(mark("▸", high, middle, size, ink, xshift=-2, xanchor="right", **place))
        if dotted:
            dots.append((max(dotted, low), high, middle))
        if word:
            told = say(word) if bar or not kind else f"{row['status']}; {say(word)}"
            before = word == "no_start" and _days(low, start) * per_day > measure(told, size) + 8
            at, side = (start, "right") if before else (end, "left")
            look = dict(xanchor=side, xshift=-5 if before else 5, name="word", bgcolor=LIGHT.paper)
            notes.append(mark(escape(told), at, middle, size, LIGHT.muted, **look))
        y += high_row
    if not rows:
        y = 2.4 * px.label
        notes.append(mark(escape(say("nothing")), 0, 1.2 * px.label, px.label, LIGHT.muted, xref="paper"))
    y += 0.4 * pitch

    for year in range(int(low[:4]), int(high[:4]) + 1):
        first = f"{year}-01-01"
        if rows and low <= first < high:
            line = dict(color=LIGHT.grid, width=px.hairline)
            shapes.append(dict(type="line", x0=first, x1=first, y0=0, y1=y, line=line, layer="below"))
            notes.append(mark(str(year), first, 0, px.label, LIGHT.muted, yshift=0.75 * px.label, name="year"))
    if rows:
        shapes.append(dict(type="line", x0=day, x1=day, y0=0, y1=y, line=dict(color=LIGHT.orange, width=1.5)))
        half, x = measure(words.date(day, language), px.label) / 2, _days(low, day) * per_day
        at = min(max(x, half), room - left - half)
        place = dict(xref="paper", xanchor="center", xshift=at, yshift=2.0 * px.label, name="as_of")
        notes.append(mark(escape(words.date(day, language)), 0, 0, px.label, LIGHT.orange_text, **place))
    traces = [_bars(kind, parts[kind], 0.62 * pitch, px, about, say) for kind in LOOK]
    x = [value for start, end, _ in dots for value in (start, end, None)]
    look = dict(color=LIGHT.blue, width=1.5, dash="dot")
    line = dict(mode="lines", line=look, hoverinfo="skip", connectgaps=False)
    traces.append(dict(type="scatter", name="open", x=x, y=[value for *_, m in dots for value in (m, m, None)], **line))
    layout = dict(
        xaxis=dict(type="date", range=[low, high], visible=False),
        yaxis=dict(range=[y, 0], visible=False),
        annotations=notes,
        shapes=shapes,
    )
    date, finding = words.date(day, language), _finding(derived, table, about, say)
    extra = [
        say("alt.status", status=words.say(f"status.{status}", language), count=words.number(derived.count(status)))
        for status in [*kind_of, "unknown"]
        if status in derived
    ]
    extra += [f"{example_line(about)}."] if about["examples"] else []
    grouped = [say("rule.grouped", most=words.number(MOST))] if len(table) > MOST else []
    told = dict(
        title=finding,
        subtitle="; ".join([say("subtitle", selection=selection(about), date=date), *about["subtitle_notes"]]),
        rule=" ".join([say("rule"), *([say("rule.open")] if dots else []), *grouped]),
        sentence=say("sentence", date=date, finding=finding),
        alt=say("alt", date=date, finding=finding, extra=" ".join(extra)).strip(),
    )
    key = [_key(kind, derived, language) for kind in LOOK if parts[kind]]
    above = 2.9 * px.label if rows else 0
    return frame(traces, layout, about, width=width, height=y, key=key, left=left if rows else 0, above=above, **told)


def _extent(row, kind, day, high):
    """What is drawn of a project: its bar, the word for what is not known, and where a dotted line starts."""
    start, end = row["start_from"], row["end_to"]
    if start and end:
        return (start, _later(end, 1)), "", ""
    if start and kind in ("running", "planned"):
        known = max(day, _later(row["start_to"], 1)) if start <= day else _later(row["start_to"], 1)
        return (start, known), "", known
    if start:
        return (start, _later(row["start_to"], 1)), "no_end", ""
    if end:
        return (row["end_from"], _later(end, 1)), "no_start", ""
    return None, "no_dates", ""


def _bars(kind, parts, high, px, about, say):
    _, fill, line, pattern = LOOK[kind]
    milliseconds = 86400000
    return dict(
        name=kind,
        base=[start for start, *_ in parts],
        x=[_days(start, end) * milliseconds for start, end, *_ in parts],
        y=[middle for *_, middle, _ in parts],
        width=[high] * len(parts),
        marker=dict(color=fill, line=dict(width=1, color=line), pattern=pattern and hatch(*pattern, 10)),
        customdata=[row["project"] for *_, row in parts],
        hovertext=[_hover(row, about["language"], say) for *_, row in parts],
        **BAR,
    )


def _hover(row, language, say):
    periods = []
    for first, last in ((row["start_from"], row["start_to"]), (row["end_from"], row["end_to"])):
        days = dict.fromkeys(words.date(d, language) for d in (first, last) if d)
        periods.append(" – ".join(days) or words.say("status.unknown", language))
    told = say("hover", status=row["status"], source=row["source"], start=periods[0], end=periods[1])
    lines = [f"<b>{escape(fit(row['title'], 12, 480))}</b>", escape(fit(row["place"], 12, 480)), escape(told)]
    return "<br>".join(line for line in lines if line)


def _key(kind, derived, language):
    """The key of a kind with the number of projects in each status, also of those without a date."""
    statuses, fill, line, pattern = LOOK[kind]
    shown = [
        f"{words.say(f'status.{s}', language)} ({words.number(derived.count(s))})" for s in statuses if s in derived
    ]
    return dict(text=", ".join(shown), fill=fill, line=line, hatch=pattern and pattern[1])


def _grouped(table, say):
    """A row per source and status, from the first start to the last end that is known."""
    rows = []
    for _, here in table.groupby(["source_id", "derived"], sort=False):
        first, count = here.iloc[0].to_dict(), words.number(len(here))
        starts, ends = here[here["start_from"] != ""], here[here["end_to"] != ""]
        about = dict(project="", place="", title=say("group", status=first["status"], count=count))
        about |= {name: starts[name].min() if len(starts) else "" for name in ("start_from", "start_to")}
        rows.append(first | about | {name: ends[name].max() if len(ends) else "" for name in ("end_from", "end_to")})
    order = dict.fromkeys(table["source_id"])
    return [row for source in order for row in rows if row["source_id"] == source]


def _finding(derived, table, about, say):
    """The finding with its figure in at most 12 words."""
    date = words.date(about["as_of"], about["language"])
    if not derived:
        return say("empty")
    if len(derived) == 1:
        return say("one", status=table["status"].iloc[0], date=date)
    running, unknown = derived.count("running"), derived.count("unknown")
    counts = dict(
        running=words.number(running), of=words.number(len(derived)), date=date, unknown=words.number(unknown)
    )
    return say(("single" if running == 1 else "several") + ("_unknown" if unknown else ""), **counts)


def _range(rows, day):
    """First and last day of the axis: what the projects take within reach of the as-of date, in whole half years."""
    first, last = _later(day, -REACH[0]), _later(day, REACH[1])
    starts = [row["start_from"] or row["end_from"] for row in rows]
    ends = [row["end_to"] or row["start_to"] for row in rows]
    low = min([date for date in starts if date >= first] + [_later(day, -183)])
    high = max([date for date in ends if date <= last] + [_later(day, 183)])
    low = low[:4] + ("-01-01" if low[5:7] <= "06" else "-07-01")
    return low, (f"{high[:4]}-07-01" if high[5:7] <= "06" else f"{int(high[:4]) + 1}-01-01")


def _days(start, end):
    return (datetime.date.fromisoformat(end) - datetime.date.fromisoformat(start)).days


def _later(date, days):
    return (datetime.date.fromisoformat(date) + datetime.timedelta(days=round(days))).isoformat()
