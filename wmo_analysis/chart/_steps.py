"""The agreements through time: steps where rows tell them, rings where a letter does, a word where nothing does."""

import datetime

import pandas as pd

from wmo_analysis import words
from wmo_analysis.style import LIGHT, checked, escape, example_line, frame, mark, measure, selection, sizes, texts

NARROWS = ("municipality", "region", "round")
SINCE, UNTIL = "2006-06-01", "2008-02-01"  # the axis, wider where the table or a deadline is


def steps(table, width):
    """Figure of measure.rounds(by="time"): municipalities that reached an agreement, day by day up to the as-of date."""
    about = checked(table, "rounds(by='time')")
    say, px = texts("rounds.time", about), sizes(width)
    text, day, language, of = px.label, about["as_of"], about["language"], int(about["of"])
    rows = table.to_dict("records")
    said = [(row["date"], int(row["stated"])) for row in rows if not pd.isna(row["stated"])]
    narrowed = any(name in NARROWS for name, _ in about["selection"])
    letters = [] if narrowed else said  # the letters count all municipalities
    levels = [(row["date"], None if pd.isna(row["agreed"]) else int(row["agreed"])) for row in rows]
    levels = [level for level, row in zip(levels, rows, strict=True) if row["kind"] == "step" or level[1] is not None]
    ends = [date for date, _ in levels[1:]] + [max(day, levels[-1][0] if levels else day)]
    spans = [(start, end, level) for (start, level), end in zip(levels, ends)]
    known = [span for span in spans if span[2] is not None]
    final = known[-1][2] if known and known[-1][1] == day else None
    deadlines = list(about["deadlines"])

    blocks = _blocks(letters, final, day, language, say)
    wide = max([measure(line, text, n == 0) for _, _, lines in blocks for n, line in enumerate(lines)], default=0) + 26
    top = max([of, 1, *(value for _, value in letters)])
    left = measure(words.number(top), text) + 10
    plot = width - 2 * px.pad - left
    after = measure(say("after"), px.footer) + 16
    low = min([SINCE, *(date for date, _ in letters + levels)])
    high = max([UNTIL, *(_later(date, 20) for date, _ in deadlines)])
    room = max(wide if blocks and blocks[-1][0] == day else 0, after)
    high = max(high, _later(day, _days(low, day) * room / (plot - room)))
    per_day, height = plot / _days(low, high), 22 * text

    def at(date):
        return _days(low, date) * per_day

    shapes, notes = [], []
    gaps = _gaps(known, low, day)
    for start, end in gaps:
        upright = at(end) - at(start) < measure(say("unknown"), px.footer) + 10
        middle = _later(start, _days(start, end) / 2)
        place = dict(textangle=-90, yanchor="bottom", yshift=6) if upright else dict(yshift=text)
        notes.append(
            mark(escape(say("unknown")), middle, 0, px.footer, LIGHT.muted, xanchor="center", name="gap") | place
        )
    shade = dict(type="rect", layer="below", x0=day, x1=high, y0=0, y1=top, fillcolor=LIGHT.track, line=dict(width=0))
    shapes.append(shade)
    aloft = blocks and blocks[-1][1] < top / 2  # clear of the figure beside the line
    note = dict(xshift=8, yshift=height - text if aloft else text, name="after", bgcolor=LIGHT.track)
    notes.append(mark(escape(say("after")), day, 0, px.footer, LIGHT.muted) | note)
    tier, taken = 0, 0.0
    for date, label in sorted(deadlines):
        lines = [say("deadline", label=label), words.date(date, language)]
        half = max(measure(line, text) for line in lines) / 2
        x = min(max(at(date), half - left), plot - half)
        tier = 1 - tier if x - half < taken + 12 else 0
        taken = x + half
        line = dict(color=LIGHT.orange, width=1.5, dash="dash")
        shapes.append(dict(type="line", x0=date, x1=date, y0=0, y1=top, line=line))
        shown = "<br>".join(escape(line) for line in lines)
        place = dict(
            xref="paper", yref="paper", xanchor="center", yanchor="bottom", align="center", xshift=x, name="deadline"
        )
        notes.append(mark(shown, 0, 1, text, LIGHT.orange_text, **place, yshift=4 + tier * 2.7 * text))
    over = 2.9 * text * (1 + any(note["yshift"] > 2.7 * text for note in notes if note["name"] == "deadline"))
    shapes.append(
        dict(type="line", xref="paper", x0=0, x1=1, y0=of, y1=of, layer="below", line=dict(color=LIGHT.ink, width=1.5))
    )
    unit = dict(xref="paper", xshift=-left, yanchor="bottom", yshift=0.7 * text, name="unit")
    notes.append(mark(escape(say("axis")), 0, top, text, LIGHT.muted, **unit))
    notes += _labels(blocks, day, height / top, height, text)

    x, y = [], []
    for number, (start, _, level) in enumerate(known):
        if number and known[number - 1][1] != start:
            x, y = [*x, known[number - 1][1], None], [*y, known[number - 1][2], None]
        x, y = [*x, start], [*y, level]
    x, y = ([*x, known[-1][1]], [*y, known[-1][2]]) if known else (x, y)
    shown = [escape(say("hover", date=words.date(d or "", language), count=words.number(n))) for d, n in zip(x, y)]
    rings = [escape(say("hover.letter", date=words.date(d, language), count=words.number(n))) for d, n in letters]
    look = dict(mode="lines", line=dict(shape="hv", color=LIGHT.blue, width=2.5 if width > 700 else 1.75))
    ring = dict(size=0.8 * text, color=LIGHT.paper, line=dict(width=2.5, color=LIGHT.blue))
    dates, values = [date for date, _ in letters], [value for _, value in letters]
    more = dict(hoverinfo="text", cliponaxis=False)
    traces = []
    traces.append(dict(type="scatter", name="agreed", x=x, y=y, hovertext=shown, connectgaps=False, **look, **more))
    traces.append(
        dict(type="scatter", name="letters", x=dates, y=values, hovertext=rings, mode="markers", marker=ring, **more)
    )
    ticks = [n for n in range(0, of, 10 if of > 12 else max(of, 1)) if of - n > 0.1 * of or n == 0] + [of]
    ticks += [top] if top > 1.1 * of else []
    months = _months(low, high, 3.4 * text / per_day)
    axis = dict(tickfont=dict(color=LIGHT.muted), linecolor=LIGHT.axis, showline=True)
    upward = dict(range=[0, top], tickvals=ticks, ticktext=[words.number(n) + "\u00a0" for n in ticks], showgrid=True)
    along = dict(type="date", range=[low, high], tickvals=months, ticks="outside", ticklen=4, tickcolor=LIGHT.axis)
    along["ticktext"] = [_month(date, n == 0, language) for n, date in enumerate(months)]
    layout = dict(xaxis=along | axis, yaxis=upward | axis | dict(showline=False), annotations=notes, shapes=shapes)

    date = words.date(day, language)
    finding = _finding(letters, final, of, about, say)
    alt = [say("alt.letter", date=words.date(d, language), count=words.number(n)) for d, n in letters]
    alt += [say("alt.deadline", label=label, date=words.date(d, language)) for d, label in deadlines]
    alt += [say("alt.gap", start=words.date(a, language), end=words.date(b, language)) for a, b in gaps]
    alt += [f"{example_line(about)}."] if about["examples"] else []
    whole = [f"{words.number(n)} ({words.date(d, language)})" for d, n in said] if narrowed else []
    told = dict(
        title=finding,
        subtitle="; ".join([say("subtitle", selection=selection(about), date=date), *about["subtitle_notes"]]),
        rule=" ".join(
            [
                say("rule"),
                *([say("rule.rings")] if letters else []),
                *([say("rule.all", counts=words.listing(whole, language))] if whole else []),
            ]
        ),
        sentence=words.say("chart.rounds.sentence", language, date=date, finding=finding),
        alt=say("alt", date=date, finding=finding, extra=" ".join(alt)).strip(),
    )
    return frame(
        traces, layout, about, width=width, height=height, left=left, above=over + 0.4 * text, below=3 * text, **told
    )


def _blocks(letters, final, day, language, say):
    """(date, value, lines) of what stands beside a ring or the end of the line; one block where both agree."""
    blocks = [(d, n, [words.number(n) + say("letter"), words.date(d, language)]) for d, n in letters]
    if final is not None and (day, final) in letters:
        shown = [words.number(final) + say("counted"), say("counted_letter"), words.date(day, language)]
        blocks = [block for block in blocks if block[:2] != (day, final)] + [(day, final, shown)]
    elif final is not None:
        blocks.append((day, final, [words.number(final) + say("counted"), words.date(day, language)]))
    return sorted(blocks, key=lambda block: (block[0], -block[1]))


def _labels(blocks, day, per_unit, height, text):
    """Annotations of the blocks: right of the as-of date, else left of their ring; within the plot, and apart."""
    notes, lowest = [], height + 1
    for date, value, lines in blocks:
        high, right = 1.3 * text * len(lines), date == day
        y = value * per_unit + (0 if right else 0.5 * high + 0.4 * text)
        y = min(max(y, 0.5 * high + 2), height - 0.5 * high - 2)
        if right:
            y = min(y, lowest - 0.5 * high - 4)
            lowest = y - 0.5 * high
        number, rest = lines[0].split(" ", 1)
        shown = "<br>".join([f"<b>{number}</b> {escape(rest)}", *(escape(line) for line in lines[1:])])
        side = dict(xanchor="left", xshift=0.9 * text, align="left")
        side = side if right else dict(xanchor="right", xshift=-0.6 * text, align="right")
        side["bgcolor"] = LIGHT.track if right else LIGHT.paper
        notes.append(mark(shown, date, 0, text, name="block", yshift=y, **side))
    return notes


def _gaps(known, low, day):
    """The periods before the as-of date of which no row tells anything."""
    edges, gaps = low, []
    for start, end, _ in known:
        gaps += [(edges, start)] if start > edges else []
        edges = max(edges, end)
    return gaps + ([(edges, day)] if day > edges else [])


def _finding(letters, final, of, about, say):
    """The finding with its figure in at most 12 words."""
    language, day = about["language"], words.date(about["as_of"], about["language"])
    begin = letters[0] if letters and letters[0][0] < about["as_of"] else None
    if final is None and not letters:
        return say("nothing")
    if final is None and begin in (None, letters[-1]):
        return say("stated", end=words.number(letters[-1][1]), date=words.date(letters[-1][0], language))
    end = words.number(letters[-1][1] if final is None else final)
    if begin and begin[1] != (letters[-1][1] if final is None else final):
        begun = dict(begin=words.number(begin[1]), date=words.date(begin[0], language))
        return say("grown", end=end, of=words.number(of), **begun)
    return say("level", end=end, of=words.number(of), date=day)


def _days(start, end):
    return (datetime.date.fromisoformat(end) - datetime.date.fromisoformat(start)).days


def _later(date, days):
    return (datetime.date.fromisoformat(date) + datetime.timedelta(days=round(days))).isoformat()


def _months(low, high, room):
    """First days of quarters, half years or years on the axis: the finest that leaves `room` days each."""
    step = next((n for n in (3, 6) if n * 30 > room), 12)
    years = range(int(low[:4]), int(high[:4]) + 1)
    return [d for year in years for month in range(1, 13, step) if low <= (d := f"{year}-{month:02}-01") <= high]


def _month(date, first, language):
    year, month = date[:4], int(date[5:7])
    return words.MONTHS[language][month - 1][:3] + (f"<br>{year}" if first or month == 1 else "")
