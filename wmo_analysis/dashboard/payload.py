"""What the page gets: pure functions of a Screen, that is of all that one click shows. No traits, no widget.

The page (board.js) only draws: every text, figure and order is settled here, in the notation of the language.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import plotly.io

from wmo_analysis import measure, style, tables, words
from wmo_analysis.dashboard import sift
from wmo_analysis.dashboard.sift import Rows
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import OF_PLACES, cited
from wmo_analysis.selection import TRAITS, Selection
from wmo_analysis.views import TABS, View

SIDES = ("one", "other")  # settings of a comparison
MOST = 200  # rows behind a number that are sent; the page says how many there are
PAGE = 25  # rows of a table on one page; the pager says how many there are
RING = 3  # px, the line around the mark that was clicked
# columns that nobody reads, and codes that give way to the label beside them
CODES = "gm_code region_id theme theme_short project source_id derived example verdict via digest fact_id".split()
CODES += ["invented", "partly"]
TWINS = (("code", "label"), ("code", "text"), ("item", "label"), ("round", "label"))
PLACES = {
    "municipality": "gm_code",
    "source": "source_id",
}  # filter -> column with its code, where that has another name


@dataclass(frozen=True)
class Setting:
    """A choice above the chart: what there is to choose (code -> label), and the code that holds."""

    name: str
    options: Mapping[str, str]
    value: str


@dataclass(frozen=True)
class Asked:
    """A number that was clicked: `where` it stands (tile, chart, row), the codes of its row and its column."""

    where: str
    row: tuple[str, ...]
    column: str


@dataclass(frozen=True)
class Behind:
    """What is behind a number: its text, the rows (see Monitor.trace), and of an empty cell why it is empty."""

    title: str
    rows: pd.DataFrame
    money: bool = False  # whether its rows are worth cents
    why: pd.DataFrame | None = None


@dataclass(frozen=True)
class Screen:
    """All that one click shows, before it is put into words for the page."""

    selection: Selection
    newest: str  # the date of the newest list
    dated: Monitor  # language and date alone
    around: Monitor  # narrowed to the whole selection: behind tiles, options and projects
    shown: Monitor  # the same, but for what was clicked in the chart itself: behind that chart
    free: Monitor  # basis, language and date alone: behind the trace
    tab: str
    view: View
    settings: tuple[Setting, ...]
    kind: str  # of the rows: measure or projects
    rows: Rows
    project: str  # that is traced, '' for none
    measured: pd.DataFrame | None  # None where no municipality is left to tell of
    figure: go.Figure | None  # None for a view without a chart
    under: pd.DataFrame  # the rows under the chart, all of them
    options: list[tuple]  # rows of measure.options
    summary: pd.DataFrame  # measure.summary
    behind: Behind | None  # of the number that was opened

    @property
    def chosen(self) -> dict[str, str]:
        """Name and value of every setting."""
        return {setting.name: setting.value for setting in self.settings}

    @property
    def language(self) -> str:
        return self.selection.language

    def say(self, key: str, /, **values: str | int) -> str:
        return words.say(f"board.{key}", self.language, **values)


# ---------------------------------------------------------------- settings


def open_view(views: Mapping[str, View], wanted: Mapping[str, str], shown: Monitor) -> tuple[View, tuple[Setting, ...]]:
    """The view that is open in a tab with these views, and its settings as they hold.

    Where nothing is wanted, or what is wanted is not there any more, the first code holds; '' where there is none.
    """
    by = wanted.get("by") if wanted.get("by") in views else next(iter(views))
    view, offered = views[by], {}
    for name, codes in view.settings.items():
        offered[name] = _sides(view.by, shown) if name in SIDES else _labels(name, codes, shown)
    if len(views) > 1:
        offered["by"] = _labels("by", views, shown)
    for name, codes in view.looks.items():
        if name != "drawing" or shown.areas:  # boundaries are there where the analyst added them
            offered[name] = _labels(name, codes, shown)
    settings = []
    for name, options in offered.items():
        value = wanted.get(name)
        settings.append(Setting(name, options, value if value in options else _usual(name, options)))
    return view, tuple(settings)


def _usual(name: str, options: Mapping[str, str]) -> str:
    """The code that holds where nothing is wanted: the first, of the other side of a comparison the second; '' for none."""
    codes = [*options, ""]
    return codes[1] if name == SIDES[1] and len(options) > 1 else codes[0]


def _sides(by: str, shown: Monitor) -> dict[str, str]:
    """What can stand on a side of a comparison, with its label: municipalities or regions left, or days."""
    if by == "date":
        days = sorted({shown.date, *shown.deliveries["date"]}, reverse=True)
        return {day: words.date(day, shown.language) for day in days}
    codes = shown.municipalities if by == "municipality" else shown.places_of("region")
    return {code: shown.label(by, code) for code in codes}


def _labels(name: str, codes: tuple | Mapping, shown: Monitor) -> dict[str, str]:
    """The codes of a setting with their labels; municipalities and days come from the data."""
    language = shown.language
    if name == "municipality":
        return {code: shown.codebook.label(name, code) for code in shown.municipalities}
    if name == "since":
        before = sorted({day for day in shown.deliveries["date"] if day < shown.date})
        return {day: words.date(day, language) for day in before or [shown.date]}
    return {code: words.say(f"board.{name}.{code or 'whole'}", language) for code in codes}


# ---------------------------------------------------------------- texts and what stands around the chart


def texts(language: str) -> dict[str, object]:
    """What changes with the language only: labels, the glossary, the colours of the dark theme."""
    said = {key.removeprefix("page."): words.say(key, language) for key in words.keys("page.")}
    glossary = [words.say(key, language).split(": ", 1) for key in words.keys("glossary.")]
    return {"say": said, "glossary": glossary, "dark": style.DARK, "language": language}


def shell(screen: Screen, days: list[str], saved: list[str], message: dict[str, object]) -> dict[str, object]:
    """All but figure, table and trace: filters, tiles, tabs, settings, sentences."""
    selection, language = screen.selection, screen.language
    about = told_of(screen).attrs["wmo"]
    meta = screen.figure.layout.meta if screen.figure else {}
    date = selection.as_of or screen.newest
    dates = {day: words.date(day, language) for day in sorted({*days, date})}
    return {
        "banner": style.example_line(about) or screen.say("no_examples"),
        "example": bool(style.example_line(about)),
        "clocks": _clocks(screen),
        "basis": _options(screen, "basis", [selection.basis]),
        "dates": _coded(dates),
        "date": date,
        "filters": _filters(screen),
        "apart": _apart(screen),
        "active": screen.say(("no_filters", "active_one", "active")[min(selection.active, 2)], count=selection.active),
        "any": screen.rows.sifts or selection.snapshot() != Selection(language=language).snapshot(),
        "undo": selection.can_undo,
        "redo": selection.can_redo,
        "tiles": _tiles(screen),
        "views": _coded({tab: screen.say(f"view.{tab}") for tab in TABS}),
        "view": screen.tab,
        "settings": _settings(screen),
        "alt": meta.get("alt", ""),
        "sentence": sentence(screen),
        "opens": _opened(screen, meta.get("sentence", "")),
        "beside": screen.say("beside.budget") if _divides_money(screen) else "",
        "citation": style.citation(about),
        "picked": _picked(screen),
        "saved": saved,
        "message": message,
    }


def _apart(screen: Screen) -> list[str]:
    """The filters that the bar leaves out: where a setting chooses a municipality, one selector is enough.

    One that narrows stays, else nobody could lift it.
    """
    by_place = screen.view.by == "municipality" and SIDES[0] in screen.chosen
    chooses = "municipality" in screen.chosen or by_place
    return ["municipalities"] if chooses and not screen.selection.municipalities else []


def _divides_money(screen: Screen) -> bool:
    """Whether the chart divides money over parts, while the tiles above it count whole projects."""
    return screen.view.measure is measure.budget and screen.view.by in OF_PLACES


def told_of(screen: Screen) -> pd.DataFrame:
    """The table that banner, sentence and citation tell of: that of the chart, but after a click what was clicked."""
    return screen.under if screen.measured is None or screen.selection.picked else screen.measured


NUMBER = re.compile(r"(?:€\s)?\d[\d.]*(?:\s%)?")


def _opened(screen: Screen, sentence: str) -> list[dict]:
    """The sentence of the chart in pieces: texts, and numbers with the row and the column that they open."""
    if screen.measured is None or screen.selection.picked or not sentence:
        return []
    said, pieces = iter(filter(None, screen.view.said.split(";"))), []
    stand, colon, rest = sentence.partition(": ")  # the date before it is no figure
    end = 0
    for found, address in zip(NUMBER.finditer(rest), said, strict=False):
        *codes, column = address.split(" ")
        row = _row_of(screen, codes, sentence)
        if row is None or _text_of(screen, row, column) != found[0]:
            break
        pieces.append({"text": rest[end : found.start()]})
        pieces.append({"text": found[0], "row": list(row), "column": column})
        end = found.end()
    return [{"text": f"{stand}{colon}"}, *pieces, {"text": rest[end:]}]


def _row_of(screen: Screen, codes: list[str], sentence: str) -> tuple[str, ...] | None:
    """The codes of the row that a number of the sentence stands in; () is the citation, None a row that is not there."""
    table = screen.measured
    if codes == ["."]:
        return ()
    if codes == ["_"]:
        return ("",)
    if codes != ["*"]:
        return tuple(codes)
    named = [
        code
        for code, label in zip(table["code"], table["label"], strict=True)
        if label.casefold() in sentence.casefold()
    ]
    return (named[0],) if named else None


def _text_of(screen: Screen, row: tuple[str, ...], column: str) -> str:
    """A number as the sentence says it, '' where it is not known."""
    table, about = screen.measured, screen.measured.attrs["wmo"]
    value = about.get(column)
    if row:
        here = _rows_named(table, row)[column]
        value = here.iloc[0] if len(here) else None
    if value is None or pd.isna(value):
        return ""
    unit = measure.shape_of(about).columns.get(column, "")
    if unit == "%":
        return words.say("chart.rows.percent", screen.language, share=words.number(value, 0))
    return words.euro(value) if unit == "EUR cent" else words.number(value)


def _rows_named(table: pd.DataFrame, codes: tuple[str, ...]) -> pd.DataFrame:
    """The row of a measure's table that these codes name, none where it is not there."""
    keys = table[list(measure.shape_of(table.attrs["wmo"]).keys)].astype(str)
    return table[(keys == list(codes)).all(axis=1)]


def _clocks(screen: Screen) -> list[dict]:
    """The switch between what we know now and what was known on the date."""
    date, then = words.date(screen.dated.date, screen.language), bool(screen.selection.known_on)
    labels = {"now": screen.say("clock.now"), "then": screen.say("clock.then")}
    hints = {"now": screen.say("clock.now_hint", date=date), "then": screen.say("clock.then_hint", date=date)}
    return [
        {"code": code, "label": labels[code], "hint": hints[code], "on": then == (code == "then")} for code in labels
    ]


def _coded(labels: Mapping[str, str]) -> list[dict]:
    return [{"code": code, "label": label} for code, label in labels.items()]


def _settings(screen: Screen) -> list[dict]:
    told = []
    for setting in screen.settings:
        label = screen.say(f"setting.{setting.name}")
        options = _coded(setting.options)
        told.append({"name": setting.name, "label": label, "value": setting.value, "options": options})
    return told


def _filters(screen: Screen) -> list[dict]:
    told = []
    for name, trait in TRAITS.items():
        options = _options(screen, name, getattr(screen.selection, trait))
        if not options:  # no list names a scheme
            continue
        label = words.say(f"filter.{name}", screen.language).capitalize()
        told.append({"name": trait, "label": label, "options": options, "summary": _summarised(screen, options)})
    return told


def _options(screen: Screen, name: str, on: list | tuple) -> list[dict]:
    """The options of a filter with the number of projects that each would leave."""
    above, told = screen.around.codebook.column_of, []
    for option in screen.options:
        of_set = option.theme_set in ("", screen.selection.theme_set)
        if option.filter == name and (of_set or option.code in on):
            count, below = words.number(option.projects), above.get(option.code, option.code) != option.code
            is_on = option.code in on
            told.append({"code": option.code, "label": option.label, "count": count, "on": is_on, "below": below})
    return told


def _summarised(screen: Screen, options: list[dict]) -> str:
    chosen = [option["label"] for option in options if option["on"]]
    if not chosen:
        return screen.say("all")
    return chosen[0] if len(chosen) == 1 else screen.say("some", count=len(chosen), of=len(options))


def _tiles(screen: Screen) -> list[dict]:
    """The four figures that matter, each with its denominator."""
    return [_tile(screen, row._asdict()) for row in screen.summary.itertuples(index=False)]


def _tile(screen: Screen, row: dict) -> dict:
    """A figure with its denominator: `parts` are texts, and the column that each of them opens ('' = none)."""
    name, known = row["name"], {column: None if pd.isna(cell) else cell for column, cell in row.items()}
    first, second = ("of", "value") if name == "projects" else ("value", "of")  # all projects, and how many count
    told = {"name": name, "label": screen.say(f"tile.{name}"), "example": ""}
    if known["made_up"]:
        told["example"] = screen.say(
            "tile.example", of=words.number(known["made"]), count=words.number(known["made_up"])
        )
    if known["of"] == 0 and name != "projects":  # no municipality is left: '0 van 0' would say that none is covered
        return told | {"value": screen.say("tile.no_place"), "column": "", "parts": []}
    value, column = words.say("status.unknown", screen.language), ""
    if known[first] is not None:
        value, column = _shown(name, known[first]), first
    return told | {"value": value, "column": column, "parts": _beside(screen, name, known, second)}


def _beside(screen: Screen, name: str, known: dict, second: str) -> list[dict]:
    """What stands beside the value of a tile: the denominator, and what a letter states."""
    parts = []
    if known[second] is not None:
        key = "of_about" if known["approximate"] else "of"
        key = "counting" if name == "projects" else key
        parts.append({"text": screen.say(f"tile.{key}", of=_shown(name, known[second])), "column": second})
    if known["stated"] is not None:
        count, of = _shown(name, known["stated"]), _shown(name, known["stated_of"])
        date = words.day(max(screen.around.letters))
        parts.append({"text": screen.say("tile.stated", date=date, count=count, of=of), "column": "stated"})
    return parts


def _shown(name: str, value: int) -> str:
    return words.euro(value) if name == "committed" else words.number(value)


def _picked(screen: Screen) -> str:
    """The labels of what was clicked: 'Soest, Vrijwilligers en mantelzorg', or 'ronde 2'; '' for nothing."""
    told, language = [], screen.language
    for name, code in screen.selection.picked.get("where", {}).items():
        if name == "round":  # it has no name but its number
            told.append(f"{words.say('filter.round', language)} {code}")
        elif name == "status":
            told.append(words.say(f"status.{code}", language))
        else:
            told.append(screen.around.codebook.label(name, code, language))
    return ", ".join(told)


def sentence(screen: Screen) -> str:
    """The answer in one sentence: that of the chart, or of the table; else what the selection is, as after a click."""
    figure = None if screen.selection.picked else screen.figure
    if said := answer(told_of(screen), figure):
        return said
    if screen.view.chart and screen.measured is None:
        return screen.say("nothing")
    return counted(screen.around, screen.dated)


def answer(table: pd.DataFrame, figure: go.Figure | None) -> str:
    """What a figure, or the table itself, says in one sentence; '' where neither does."""
    meta = figure.layout.meta if figure else {}
    return meta.get("sentence") or table.attrs["wmo"].get("sentence") or ""


def counted(monitor: Monitor, whole: Monitor) -> str:
    """The selection in one sentence, with its projects of those of the whole monitor."""
    return told(monitor, int(monitor.keep.sum()), int(whole.keep.sum())) + "."


def told(monitor: Monitor, projects: int, of: int) -> str:
    """'Thema Mantelzorg, regio Utrecht-West, stand 9 oktober 2007: 12 van 57 projecten'; the counts are passed in."""
    language = monitor.language
    stand = words.say("selection.as_of", language, date=words.date(monitor.date, language))
    text = ", ".join(filter(None, [monitor.told(), stand]))
    counts = words.say("selection.counts", language, projects=words.number(projects), of=words.number(of))
    return f"{text[:1].upper()}{text[1:]}: {counts}"


# ---------------------------------------------------------------- the figure


def drawn(screen: Screen) -> str:
    """The figure as plotly JSON, with a ring around the mark that was clicked in it; '' for none."""
    if screen.figure is None:
        return ""
    figure, picked = screen.figure.to_plotly_json(), screen.selection.picked
    if picked and picked["view"] == screen.tab:
        codes = [picked["where"].get(name, "") for name in screen.view.picks]
        marks = figure["data"] if any(codes) else []
        rings = list(itertools.chain.from_iterable(_rings(trace, codes) for trace in marks))
        figure["layout"]["shapes"] = [*figure["layout"].get("shapes", ()), *rings]
    return plotly.io.json.to_json_plotly(figure)


def _rings(trace: Mapping, codes: list[str]) -> Iterator[dict]:
    """A rectangle around each bar of a trace whose customdata begins with these codes; the edge of an area."""
    line = {"color": style.LIGHT.orange, "width": RING}
    if trace.get("fill") == "toself" and trace["customdata"][:1] == codes:
        corners = "L".join(f"{x},{y}" if x is not None else "" for x, y in zip(trace["x"], trace["y"], strict=True))
        path = "Z".join(f"M{part}" for part in corners.rstrip("L").split("LL")) + "Z"
        yield {"type": "path", "name": "ring", "line": line, "path": path}
    if trace["type"] != "bar":
        return
    for n, code in enumerate(trace.get("customdata") or ()):
        mark = [code] if isinstance(code, str) else list(code)
        if [str(part) for part in mark[: len(codes)]] != codes:
            continue
        left = trace["base"][n] if trace.get("base") is not None else 0
        middle, half = trace["y"][n], trace["width"][n] / 2
        box = {"x0": left, "x1": left + trace["x"][n], "y0": middle - half, "y1": middle + half}
        yield {"type": "rect", "name": "ring", "line": line} | box


# ---------------------------------------------------------------- the table


def for_reader(table: pd.DataFrame) -> pd.DataFrame:
    """The columns that a reader reads: no codes beside their labels."""
    beside = [code for code, label in TWINS if label in table]
    return table.drop(columns=[*CODES, *beside], errors="ignore")


def sifted(screen: Screen) -> pd.DataFrame:
    """The rows under the chart, searched, filtered and sorted; what is unknown comes last."""
    table, rows = screen.under, screen.rows
    if rows.sifts:
        table = table[sift.kept(for_reader(table), rows, screen.language)]
    if rows.sort in table.columns:
        known = screen.dated.codebook.municipalities
        places = dict(zip(known["name"], known["sort_key_nl"], strict=True))
        table = table.iloc[sift.sorted_by(table[rows.sort], rows.descending, screen.language, places)]
    return table


def listed(screen: Screen) -> pd.DataFrame:
    """What csv and xlsx hold: all that the table on the screen pages through, with its citation.

    Its columns are all of them, as what is missing in one is told by another: the file leaves out `hidden_heads`.
    """
    table, about = for_reader(sifted(screen)).reset_index(drop=True), screen.under.attrs["wmo"]
    selected, notes = about["selection_text"], about["subtitle_notes"]
    if screen.rows.sifts:
        told = sift.asked(for_reader(screen.under), screen.rows, screen.language)
        told = screen.say("searched", asked=told, found=len(table), of=len(screen.under))
        selected = ", ".join(filter(None, [selected, told]))
    if heads := hidden_heads(screen):
        notes = [*notes, screen.say("left_out", columns=", ".join(heads))]
    return cited(table, about.replaced(selection_text=selected, subtitle_notes=notes))


def hidden_heads(screen: Screen) -> list[str]:
    """The headings of the columns that are not shown."""
    table = for_reader(screen.under)
    return [tables.heading(table, name, screen.language) for name in sift.left_out(table, screen.rows)]


def copied(screen: Screen) -> dict[str, str]:
    """The answer, the rows and their citation as `html` and as `text` with tabs."""
    table = listed(screen)
    about, shown = table.attrs["wmo"], tables.table(table, screen.language)
    shown = shown.drop(columns=hidden_heads(screen))
    lines = list(filter(None, [sentence(screen), style.example_line(about), style.citation(about)]))
    paragraphs = [f"<p>{style.escape(line)}</p>" for line in lines]
    text = [lines[0], "\t".join(shown), *map("\t".join, shown.astype("str").itertuples(index=False)), *lines[1:]]
    return {
        "html": "".join([paragraphs[0], shown._repr_html_(), *paragraphs[1:]]),
        "text": "\n".join(text),
    }


def page(screen: Screen) -> dict[str, object]:
    """The page of the table that is open, as text; beyond the last page, the last."""
    table, rows = sifted(screen), screen.rows
    picks = ("project",) if screen.kind == "projects" or screen.view.rows else screen.view.picks
    counts = picks != ("project",)  # a table of projects lists them, and folds none
    zeros = sift.zeros(table, rows) & counts
    entries = sift.folded(zeros, rows)
    pages = max(1, -(-len(entries) // PAGE))
    turned = min(rows.page, pages - 1)
    wanted = entries[turned * PAGE : (turned + 1) * PAGE]
    here = table.iloc[[at for at in wanted if at is not None]]
    every, lines = _printed(screen, here, picks)
    columns = [column for column in every if column["on"]]
    if None in wanted:
        lines.insert(wanted.index(None), _fold(screen, int(zeros.sum())))
    first = turned * PAGE - entries[: turned * PAGE].count(None)
    count = {"first": first + bool(len(here)), "last": first + len(here), "found": len(table)}
    return {
        "kind": screen.kind,
        "does": "pick" if counts else "project",
        "heading": _heading(screen),
        "columns": columns,
        "rows": lines,
        "link": _link(columns),
        "count": screen.say("count_found" if rows.sifts else "count", of=len(screen.under), **count),
        "wrong": sift.wrong(for_reader(screen.under), rows, screen.language),
        "chooser": every[1:],
        "page": turned,
        "pages": pages,
        "project": screen.project,
        "query": rows.query,
        "sort": rows.sort,
        "descending": rows.descending,
        "filtered": len(rows.filters),
    }


def _fold(screen: Screen, count: int) -> dict[str, object]:
    """The line that stands for the rows of only zeros."""
    picks = screen.view.picks  # a row of the matrix is no municipality and no theme
    thing = screen.say(f"fold.{picks[0] if len(picks) == 1 and picks[0] in OF_PLACES else 'row'}")
    return {"fold": screen.say("fold", count=words.number(count), things=thing), "open": screen.rows.zeros}


def _columns(screen: Screen, table: pd.DataFrame) -> list[dict]:
    """Every column of a table as read: its heading, its kind, its filter, and whether it is shown."""
    filters, hidden = dict(screen.rows.filters), sift.left_out(table, screen.rows)
    names = [name for name in table.columns if name != "state" or "state_label" not in table]
    columns = []
    for name, (label, (kind, _)) in zip(names, tables.readable(table, screen.language).items(), strict=True):
        told = {"name": name, "label": label, "number": kind in ("number", "money"), "day": kind == "day"}
        columns.append(told | {"filter": filters.get(name, ""), "on": name not in hidden})
    return columns


def _link(columns: list[dict]) -> int:
    """The column that a click on a row is made on: the project, else the first."""
    names = [column["name"] for column in columns]
    return names.index("title") if "title" in names else 0


def _printed(screen: Screen, here: pd.DataFrame, picks: tuple[str, ...]) -> tuple[list[dict], list[dict]]:
    """The columns and the rows of a page, as text, with what a click on them sends."""
    whole = for_reader(here)
    text = tables.table(whole, screen.language)  # a state tells what does not apply, and gives way to its label
    readable = whole.drop(columns="state") if "state_label" in whole else whole
    columns, lines = _columns(screen, whole), []
    shown = [column["on"] for column in columns]
    clicks = zip(_codes(here, picks), _opens(here, readable), strict=True)
    for cells, (codes, opens) in zip(text.itertuples(index=False), clicks, strict=True):
        lines.append({"cells": list(itertools.compress(cells, shown)), "codes": codes, **opens})
    return columns, lines


def _opens(table: pd.DataFrame, readable: pd.DataFrame) -> list[dict]:
    """Per row `key`, the codes that name it, and `opens`, the columns whose number has rows behind it."""
    shape = measure.shape_of(table.attrs["wmo"])
    if shape is None or not {*shape.keys} <= {*table.columns}:
        return [{"key": [], "opens": []}] * len(table)
    numbers = [name for name in readable.columns if shape.columns.get(name)]
    # column by column: a frame of them costs more than all the rest of a page
    keys = zip(*[map(str, table[name].tolist()) for name in shape.keys], strict=True)
    known = [table[name].notna().tolist() for name in numbers]
    opens = []
    for number, key in enumerate(keys):
        there = [column[number] for column in known]
        opens.append({"key": list(key), "opens": list(itertools.compress(numbers, there))})
    return opens


def mark(view: View, codes: tuple[str, ...], name: str | None) -> Asked:
    """The number that a mark of a chart stands for: its trace may be named after the column."""
    shape = measure.shape_of({"measure": view.measure.__name__, "by": view.by})
    first, where = (name or "").split(" ")[0], codes[: len(shape.keys)]
    if view.name == "matrix":  # its number counts both ways
        first = ""
    if view.name == "profile":  # its marks are ways, or the mean of the region
        return Asked("chart", (), "region_mean" if codes[:1] == ("mean",) else codes[0])
    column = first if first in shape.columns else view.number
    if view.name == "quality" and first:
        column = f"with_{first}"
    return Asked("chart", where, column)


def behind(table: pd.DataFrame, asked: Asked, monitor: Monitor) -> Behind:
    """What is behind a number of a table of that monitor; raises WmoError where it is not there."""
    figure = measure.figure(table, asked.row, asked.column)
    rows = monitor.trace(figure)
    money = "EUR cent" in figure.worth or (asked.where == "tile" and asked.row == ("committed",))
    return Behind(_title(table, asked, monitor), rows, money, _why(table, asked, monitor, rows))


def _why(table: pd.DataFrame, asked: Asked, monitor: Monitor, rows: pd.DataFrame) -> pd.DataFrame | None:
    """Why a cell of the matrix, or a municipality, is empty; None for what is not, or is no such cell."""
    about = table.attrs["wmo"]
    of_cell = (
        about["measure"] == "coverage" and about.get("by") in (None, "municipality") and asked.row and asked.row[0]
    )
    if not of_cell or len(rows):
        return None
    why = monitor.why(*asked.row)
    return None if (why["kind"] == "there").any() else why


def _title(table: pd.DataFrame, asked: Asked, monitor: Monitor) -> str:
    """'gemeenten gedekt: Utrecht-West', the number in words."""
    about, heading = table.attrs["wmo"], tables.heading(table, asked.column, monitor.language)
    if about["measure"] == "summary":
        label = words.say(f"board.tile.{asked.row[0]}", monitor.language)
        return words.say(f"board.opens.{asked.column}", monitor.language, label=label)
    names = [
        name for name in ("label", "municipality", "title", "text", "statement", "source", "date") if name in table
    ]
    if not asked.row or not names:
        return heading
    here = _rows_named(table, asked.row)
    more = [name for name in ("theme_label", "state_label") if name in table]
    told = [str(here[name].iloc[0]) for name in (names[0], *more) if len(here) and here[name].iloc[0]]
    return f"{', '.join(told)}: {heading}" if told else heading


def _codes(table: pd.DataFrame, picks: tuple[str, ...]) -> list[list[str]]:
    """Per row its codes for the filters `picks`; [] where the table has none."""
    columns = []
    for name in picks:
        column = PLACES.get(name, name)
        columns.append(column if column in table else "code")
    if not picks or not {*columns} <= {*table.columns}:
        return [[] for _ in range(len(table))]
    values = table[columns].astype(object)
    return [[*map(str, codes)] for codes in values.itertuples(index=False)]


def _heading(screen: Screen) -> str:
    if screen.kind == "measure":
        return screen.say("table_of", view=screen.say(f"view.{screen.tab}"))
    table, where = screen.under, _picked(screen)
    reached, rest = table.attrs["wmo"]["reached"], len(table) - table.attrs["wmo"]["reached"]
    if not where:
        return screen.say("projects_of", count=len(table), counting=int(table["counts"].sum()))
    heading = screen.say("projects_in_one" if reached == 1 else "projects_in", where=where, count=reached)
    if rest:
        heading += screen.say("besides_one" if rest == 1 else "besides", count=rest)
    return heading


# ---------------------------------------------------------------- where a project comes from


def trace(screen: Screen) -> dict[str, object]:
    """What is behind the number that was opened, else where a project comes from."""
    return _rows_behind(screen) if screen.behind else _project(screen)


def _rows_behind(screen: Screen) -> dict[str, object]:
    """The rows behind a number, by the thing that is counted, and of an empty cell why it is empty."""
    found, opened = screen.behind, []
    listed = found.rows.head(MOST)
    for _, here in listed.groupby("thing", sort=False):
        opened.append(_thing(screen, here))
    count = found.rows["thing"].nunique()
    total = float(found.rows["value"].sum())
    number = words.number(total, int(total % 1 != 0))
    if found.money:
        number = words.euro(round(total))
    rows = words.number(len(found.rows.drop_duplicates(["file", "sheet", "row"])))
    told = screen.say("behind_one" if count == 1 else "behind", number=number, things=words.number(count), rows=rows)
    if len(found.rows) > MOST:
        told += screen.say("behind_more", shown=words.number(MOST))
    if found.why is not None:
        told = found.why.attrs["wmo"]["sentence"]
        opened = [_reason(screen, row) for row in found.why.to_dict("records")]
    return {"title": found.title, "told": told, "things": opened, "project": ""}


def _thing(screen: Screen, rows: pd.DataFrame) -> dict[str, object]:
    """One thing that is counted, with the rows of the lists that tell of it."""
    told: dict[str, list[str]] = {}  # what one row of a list tells stands in one line
    for row in rows.to_dict("records"):
        where = row["file"]
        if row["row"] >= 0:
            where += ", " + screen.say("row" if row["sheet"] else "record", sheet=row["sheet"], row=row["row"])
        told.setdefault(where, []).append(row["what"])
    lines = [{"what": "; ".join(texts), "where": where} for where, texts in told.items()]
    first = rows.iloc[0]
    if screen.behind.money:
        lines[0]["what"] = f"{words.euro(round(float(rows['value'].sum())))}; {lines[0]['what']}"
    project = screen.free.pool.group_of(first["project_id"]) if first["project_id"] else ""
    return {"label": first["label"], "example": bool(rows["example"].all()), "lines": lines, "project": project}


def _reason(screen: Screen, row: dict) -> dict[str, object]:
    """A list that was searched, or a project that comes near."""
    lines = [{"what": row["what"], "where": row["file"]}]
    return {"label": row["label"], "example": row["example"], "lines": lines, "project": row["project"]}


def _project(screen: Screen) -> dict[str, object]:
    """Where a project comes from: per source row its list, the texts as they stood, and the findings on it."""
    free = screen.free
    if screen.project not in free.projects.index:
        return {}
    about = free.deliveries.drop_duplicates("file").set_index("file")
    sources = []
    for place, cells in free.trace(project_id=screen.project).groupby(["file", "sheet", "row"], sort=False):
        file, sheet, row = place
        heads = [words.heading(column, screen.language) for column in cells["column"]]
        sources.append(
            {
                "list": file,
                "where": screen.say("row" if sheet else "record", sheet=sheet, row=row),  # a file of text has no sheet
                "delivered": words.date(about.at[file, "date"], screen.language),
                "basis": words.say(f"basis.{about.at[file, 'basis']}", screen.language),
                "cells": list(map(list, zip(heads, cells["listed"], strict=True))),
                "findings": _findings(screen, place),
            }
        )
    return {"title": free.projects.at[screen.project, "title"], "project": screen.project, "sources": sources}


def _findings(screen: Screen, place: tuple) -> list[dict]:
    """The findings on one row of a list."""
    findings = screen.free.tables["findings"]
    for column, value in zip(("file", "sheet", "row"), place, strict=True):
        findings = findings[findings[column] == value]
    told = screen.free.codebook.findings.set_index("code")[screen.language]
    found = []
    for finding in findings.to_dict("records"):
        column = words.heading(finding["column"], screen.language) if finding["column"] else ""
        code = finding["code"]
        found.append({"code": code, "text": told[code], "column": column, "kept": finding["kept"]})
    return found
