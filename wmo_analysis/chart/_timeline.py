"""The projects in time: a bar from start to end by source, and a word where a date is not known."""

import itertools

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import days, words
from wmo_analysis.chart._look import Look
from wmo_analysis.chart._marks import DAY, Bar, invented
from wmo_analysis.chart._sheet import HOVER, LABEL_GAP, Say, Sheet, heading, strong
from wmo_analysis.schema import NEVER_COUNTS
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, fit, measure, wrap

LOOK = {
    "running": Look(LIGHT.blue, ink=LIGHT.on_blue),
    "completed": Look(LIGHT.ramp[1], ink=LIGHT.on_mid),
    "planned": Look(edge=LIGHT.blue),
    "outside": Look(edge=LIGHT.grey, pattern="/", lines=LIGHT.axis),
}
KIND = {  # derived status -> look; of an unknown status no date is known either
    "running": "running",
    "completed": "completed",
    "planned": "planned",
    **dict.fromkeys(NEVER_COUNTS, "outside"),
}
MOST = 80  # bars; beyond it a bar stands for the projects of a source in one status
REACH = 913, 548  # days before and after the as-of date that the axis shows at most; what is beyond is cut and marked
HALF_YEAR = 183  # days before and after it that the axis shows at least
PITCH = 1.32  # heights of a small text, from line to line
THICK = 0.62  # of the pitch
NAMES = 0.4  # of the room
FINE = 10  # px; the pattern of texts of this size
NAME_GAP = 8  # px between the name of a project and the plot
BESIDE, CUT = 5, 2  # px from a bar to its word, and from the edge of the plot to the pointer of a cut bar


def timeline(table: pd.DataFrame, width: float = NOTEBOOK) -> go.Figure:
    """Figure of measure.timeline: a bar per project from its first to its last day, by source.

    Beyond 80 projects a bar per source and status, from the first start to the last end that is known, and the chart says
    so. The status is told by fill, outline and pattern. A dotted line runs on from a project of which no end is known; where
    no start is known there is a word and no bar. A bar cut by the axis has a pointer.

    Parameters
    ----------
    table : DataFrame of measure.timeline, unchanged; else WmoError
    width : int, px, see chart.coverage
    """
    sheet = Sheet("timeline", checked(table, "timeline"), width)
    rows = table.to_dict("records") if len(table) <= MOST else _grouped(table, sheet.say)
    low, high = _range(rows, sheet.about["as_of"])
    bottom = _lay(sheet, rows)
    per_day = (sheet.room - sheet.left) / days.between(low, high)
    for row in rows:
        _read(row, sheet.about["as_of"], low, high)
        _source(sheet, row)
        _project(sheet, row, low, high, per_day)
    if rows:
        _years(sheet, low, high, bottom)
        _as_of(sheet, low, bottom, per_day)
        sheet.above = 2.9 * sheet.text
    else:
        sheet.put(escape(sheet.say("nothing")), 0, 1.2 * sheet.text, 0, LIGHT.muted, xref="paper")
    derived = table["derived"].tolist()
    for kind in LOOK:
        _bars(sheet, kind, rows, derived)
    _open_ends(sheet, rows, high)
    _tell(sheet, table, derived, any(row["dotted"] for row in rows))
    return sheet.figure(bottom, dict(type="date", range=[low, high], visible=False))


def _lay(sheet: Sheet, rows: list[dict]) -> float:
    """Gives each row its `lines`, its middle `y` and, where a source begins, the `top` of that; returns the height."""
    size, source, y = sheet.px.footer, None, 0.0
    pitch, wide = PITCH * size, []
    for row in rows:
        row["lines"], row["top"] = wrap(row["title"], size, NAMES * sheet.room), None
        wide += [measure(line, size) for line in row["lines"]]
        if row["source_id"] != source:
            y += 0.5 * pitch if source is not None else 0
            wide.append(measure(row["source"], size, True))
            source, row["top"] = row["source_id"], y
            y += 1.15 * pitch
        high = pitch * len(row["lines"]) * 0.95 + 0.05 * pitch
        row["y"] = y + high / 2
        y += high
    sheet.left = max(wide) + LABEL_GAP if rows else 0
    return (y if rows else 2.4 * sheet.text) + 0.4 * pitch


def _read(row: dict, day: str, low: str, high: str) -> None:
    """What is drawn of a project: its `bar` and what the axis leaves of it, a `word` for what is not known, a dotted line."""
    row["kind"] = KIND.get(row["derived"], "")
    row["bar"], row["word"], row["dotted"] = _extent(row, day)
    start, end = row["bar"] or (low, low)
    row["from"], row["to"] = max(start, low), min(end, high)
    row["dotted"] = row["dotted"] and max(row["dotted"], low)


def _extent(row: dict, day: str) -> tuple[tuple[str, str] | None, str, str]:
    """The first day of a project and the day after its last, the word for what is not known, where a dotted line starts."""
    start, end = row["start_from"], row["end_to"]
    if start and end:
        return (start, days.later(end)), "", ""
    if start and row["kind"] in ("running", "planned"):
        known = days.later(row["start_to"])
        known = max(day, known) if start <= day else known
        return (start, known), "", known
    if start:
        return (start, days.later(row["start_to"])), "no_end", ""
    if end:
        return (row["end_from"], days.later(end)), "no_start", ""
    return None, "no_dates", ""


def _source(sheet: Sheet, row: dict) -> None:
    """The name of a source and the line above it, at its first project."""
    if row["top"] is None:
        return
    size = sheet.px.footer
    sheet.line(0, 1, row["top"], row["top"], LIGHT.grid, xref="paper", layer="below")
    head = f"<b>{escape(fit(row['source'], size, sheet.left - LABEL_GAP, True))}</b>"
    sheet.put(head, 0, row["top"] + 0.6 * PITCH * size, size, xref="paper", xshift=-sheet.left, name="source")


def _project(sheet: Sheet, row: dict, low: str, high: str, per_day: float) -> None:
    """The name of a project, a pointer where its bar is cut, and the word for what is not known, beside the bar."""
    size, y, say = sheet.px.footer, row["y"], sheet.say
    sheet.put(
        strong(row["lines"], bold=False),
        0,
        y,
        size,
        xref="paper",
        xanchor="right",
        xshift=-NAME_GAP,
        align="right",
        name="project",
    )
    if row["from"] < row["to"]:
        ink = LOOK[row["kind"]].ink
        if row["bar"][0] < low:
            sheet.put("◂", low, y, size, ink, xshift=CUT, name="cut")
        if row["bar"][1] > high:
            sheet.put("▸", high, y, size, ink, xshift=-CUT, xanchor="right", name="cut")
    if not row["word"]:
        return
    start, end = row["from"], row["to"]
    told = say(row["word"]) if row["bar"] or not row["kind"] else f"{row['status']}; {say(row['word'])}"
    place = dict(xanchor="left", xshift=BESIDE)
    if row["word"] == "no_start" and days.between(low, start) * per_day > measure(told, size) + NAME_GAP:
        end, place = start, dict(xanchor="right", xshift=-BESIDE)
    sheet.put(escape(told), end, y, size, LIGHT.muted, name="word", bgcolor=LIGHT.paper, **place)


def _years(sheet: Sheet, low: str, high: str, bottom: float) -> None:
    for year in range(int(low[:4]), int(high[:4]) + 1):
        first = f"{year}-01-01"
        if low <= first < high:
            sheet.line(first, first, 0, bottom, LIGHT.grid, layer="below")
            sheet.put(str(year), first, 0, 0, LIGHT.muted, yshift=0.75 * sheet.text, name="year")


def _as_of(sheet: Sheet, low: str, bottom: float, per_day: float) -> None:
    """The as-of date: a line, and its date above it, within the plot."""
    day = sheet.about["as_of"]
    sheet.line(day, day, 0, bottom, LIGHT.orange, 1.5)
    half = measure(sheet.date(), sheet.text) / 2
    x = min(max(days.between(low, day) * per_day, half), sheet.room - sheet.left - half)
    place = dict(xref="paper", xanchor="center", xshift=x, yshift=2.0 * sheet.text, name="as_of")
    sheet.put(escape(sheet.date()), 0, 0, 0, LIGHT.orange_text, **place)


def _bars(sheet: Sheet, kind: str, rows: list[dict], derived: list[str]) -> None:
    """The bars of one look, and their key: the number of projects in each status, also of those without a date."""
    thick, drawn = THICK * (PITCH * sheet.px.footer), []
    for row in rows:
        if row["kind"] == kind and row["from"] < row["to"]:
            length = days.between(row["from"], row["to"]) * DAY
            place = length, row["y"], thick
            drawn.append(Bar(row["from"], *place, row["project"], _hover(row, sheet), invented=invented(row)))
    sheet.draw(kind, drawn, LOOK[kind], 1, text=FINE)
    for status in KIND if drawn else ():
        if KIND[status] == kind and status in derived:
            count = words.number(derived.count(status))
            sheet.key(f"{words.say(f'status.{status}', sheet.language)} ({count})", LOOK[kind], (status,))


def _open_ends(sheet: Sheet, rows: list[dict], high: str) -> None:
    """The dotted lines of projects of which no end is known."""
    points = []
    for row in rows:
        if row["dotted"]:
            points += [(row["dotted"], row["y"]), (high, row["y"]), (None, None)]
    line = dict(color=LIGHT.blue, width=1.5, dash="dot")
    sheet.path("open", points, mode="lines", line=line, hoverinfo="skip", connectgaps=False)


def _hover(row: dict, sheet: Sheet) -> str:
    periods = []
    for first, last in ((row["start_from"], row["start_to"]), (row["end_from"], row["end_to"])):
        found = dict.fromkeys(sheet.date(day) for day in (first, last) if day)
        periods.append(" – ".join(found) or words.say("status.unknown", sheet.language))
    told = sheet.say("hover", status=row["status"], source=row["source"], start=periods[0], end=periods[1])
    lines = [heading(row["title"]), escape(fit(row["place"], *HOVER)), escape(told)]
    return "<br>".join(filter(None, lines))


def _grouped(table: pd.DataFrame, say: Say) -> list[dict]:
    """A row per source and status, from the first start to the last end that is known."""
    rows = {source: [] for source in table["source_id"]}
    for (source, _), here in table.groupby(["source_id", "derived"], sort=False):
        row = here.iloc[0].to_dict()
        row |= dict(project="", place="", title=say("group", status=row["status"], count=words.number(len(here))))
        if "invented" in row:
            row |= dict(invented=bool(here["invented"].all()), partly=bool(here["invented"].any()))
        for name in ("start_from", "start_to"):
            row[name] = min(here.loc[here["start_from"] != "", name], default="")
        for name in ("end_from", "end_to"):
            row[name] = max(here.loc[here["end_to"] != "", name], default="")
        rows[source].append(row)
    return list(itertools.chain.from_iterable(rows.values()))


def _tell(sheet: Sheet, table: pd.DataFrame, derived: list[str], open_ends: bool) -> None:
    say, language = sheet.say, sheet.language
    counts = []
    for status in [*KIND, "unknown"]:
        if status in derived:
            count = words.number(derived.count(status))
            counts.append(say("alt.status", status=words.say(f"status.{status}", language), count=count))
    rules = ["rule", *["rule.open"] * open_ends, *["rule.grouped"] * (len(table) > MOST)]
    sheet.tell(_finding(derived, table, sheet), rules, counts, most=words.number(MOST))


def _finding(derived: list[str], table: pd.DataFrame, sheet: Sheet) -> str:
    """The finding with its figure in at most 12 words."""
    say, date = sheet.say, sheet.date()
    if not derived:
        return say("empty")
    if len(derived) == 1:
        return say("one", status=table["status"].iloc[0], date=date)
    running, unknown = derived.count("running"), derived.count("unknown")
    form = ("single" if running == 1 else "several") + ("_unknown" if unknown else "")
    counts = dict(running=words.number(running), of=words.number(len(derived)), unknown=words.number(unknown))
    return say(form, date=date, **counts)


def _range(rows: list[dict], day: str) -> tuple[str, str]:
    """First and last day of the axis: what the projects take within reach of the as-of date, in whole half years."""
    first, last = days.later(day, -REACH[0]), days.later(day, REACH[1])
    starts = [row["start_from"] or row["end_from"] for row in rows]
    ends = [row["end_to"] or row["start_to"] for row in rows]
    low = min([*(date for date in starts if date >= first), days.later(day, -HALF_YEAR)])
    high = max([*(date for date in ends if date <= last), days.later(day, HALF_YEAR)])
    low = low[:4] + ("-01-01" if low[5:7] <= "06" else "-07-01")
    return low, f"{high[:4]}-07-01" if high[5:7] <= "06" else f"{int(high[:4]) + 1}-01-01"
