"""What the memo and the page say: headings, sentences, tables and charts, before anyone asks in which format.

Every sentence is made from the data; its figures are bound (see _bound). One content, two writers.
"""

from dataclasses import dataclass

import plotly.graph_objects as go

from wmo_analysis import chart, style, words
from wmo_analysis.monitor import Monitor
from wmo_analysis.report._bound import UNKNOWN, Book, Data, sentence

MOST_NAMES = 12  # municipalities named in a sentence; more are a number


@dataclass
class Heading:
    text: str
    level: int = 1


@dataclass
class Text:
    """A paragraph of parts; look: text, bullet, note or head."""

    parts: list
    look: str = "text"


@dataclass
class Grid:
    """A table with a caption; cells are lists of parts, `widths` its share of the page, `right` the columns of figures."""

    caption: str
    head: list[str]
    rows: list[list[list]]
    widths: list[float]
    right: set[int]
    look: str = "cell"


@dataclass
class Chart:
    """A chart with its caption, and the table that stands in its place where no picture can be made."""

    caption: str
    figure: go.Figure
    grid: Grid


@dataclass
class Turn:
    """From here on the pages lie on their side, or stand again."""

    landscape: bool


def figures(book: Book, names: list[str], since: str, width: int) -> dict[str, go.Figure]:
    """The charts of those names, `width` px wide."""
    return {name: _figure(book, name, since, width) for name in names if since or name != "changes"}


def memo(book: Book, since: str, charts: dict[str, go.Figure]) -> list:
    """The monitor in the structure of the first letter; `since` is the day to compare with, '' for none."""
    say = _say(book)
    return [
        *_head(book, say("title"), say("subject")),
        Heading(say("intro")),
        *_state(book),
        _credit(book)[0],
        *_examples(book),
        Heading(say("coverage")),
        *_covered(book),
        _grid(
            book,
            "coverage",
            ["label", "covered", "of", "own", "partnership", "projects"],
            [5, 2, 2, 2, 3, 2],
            by="region",
        ),
        *(_chart(book, name, charts) for name in ("theme", "matrix", "map")),
        Heading(say("rounds")),
        *_rounds(book),
        _chart(book, "rounds", charts),
        Heading(say("credit")),
        *_credit(book),
        _chart(book, "credit", charts),
        _chart(book, "budget", charts),
        _grid(
            book, "budget", ["label", "projects", "asked", "committed", "share"], [5.6, 2, 2.8, 2.8, 2.3], by="theme"
        ),
        Heading(say("hours")),
        *_hours(book),
        _chart(book, "hours", charts),
        Turn(True),
        Heading(say("schema")),
        *_schema(book),
        Turn(False),
        Heading(say("others")),
        *_others(book),
        Heading(say("changes")),
        *_changes(book, since, charts),
        *_annex(book),
    ]


def interim(book: Book, since: str, charts: dict[str, go.Figure]) -> list:
    """The interim report of one programme, in the structure of the second letter."""
    say = _say(book)
    sources = [value for values in book.monitor.chosen("source") for value in sorted(values)]
    name = words.listing([book.monitor.codebook.label("source", code, book.monitor.language) for code in sources])
    return [
        *_head(book, say("interim.title", name=name), say("interim.subject")),
        Heading(say("intro")),
        *_plans(book),
        *_examples(book),
        Heading(say("rounds")),
        *_rounds(book),
        _chart(book, "rounds", charts),
        _chart(book, "time", charts),
        Heading(say("hours")),
        *_hours(book),
        _chart(book, "hours", charts),
        Heading(say("overview")),
        _overview(book),
        Heading(say("next")),
        *_next(book),
        *_annex(book),
    ]


# ---------------------------------------------------------------- parts of sentences


def _say(book: Book):
    return lambda key, **values: words.say(f"memo.{key}", book.monitor.language, **values)


def _text(book: Book, key: str, look: str = "text", /, **values) -> Text:
    return Text(sentence(f"memo.{key}", book.monitor.language, **values), look)


def _date(book: Book, day: str = "") -> Data:
    return Data(words.date(day or book.monitor.date, book.monitor.language))


def _names(book: Book, gm_codes) -> Data:
    labels = [book.monitor.codebook.label("municipality", code) for code in gm_codes]
    return Data(words.listing(labels, book.monitor.language))


def _label(text: str) -> Data:
    return Data(text[:1].upper() + text[1:])


def _head(book: Book, title: str, subject: str) -> list:
    about = book.table("coverage").attrs["wmo"]
    values = dict(selection=Data(style.selection(about)), date=_date(book))
    return [
        Heading(title, 0),
        _text(book, "subtitle", "subtitle", **values),
        _text(book, "head.to", "head"),
        _text(book, "head.from", "head"),
        _text(book, "head.date", "head", date=_date(book)),
        Text([*sentence("memo.head.subject", book.monitor.language), Data(subject)], "head"),
    ]


def example_parts(book: Book) -> list:
    """The line about example data as parts with bound figures, [] when no example takes part."""
    if not book.table("coverage").attrs["wmo"]["examples"]:
        return []
    counts = {name: book.figure("coverage", "", name) for name in ("examples", "projects")}
    return sentence("chart.example", book.monitor.language, **counts)


def _examples(book: Book) -> list:
    parts = example_parts(book)
    return [Text([*parts, *sentence("memo.examples", book.monitor.language)], "note")] if parts else []


def _state(book: Book) -> list:
    about = book.table("coverage").attrs["wmo"]
    counts = {name: book.figure("coverage", "", name) for name in ("covered", "of", "projects", "counting")}
    if not about["of"]:
        return [_text(book, "state.no_place")]
    if not about["projects"]:
        return [_text(book, "state.empty", date=_date(book), of=counts["of"])]
    province = book.figure("coverage", ".", "number")
    return [_text(book, "state.projects", date=_date(book), province=province, **counts), _covered_line(book)]


def _covered_line(book: Book) -> Text:
    covered = book.figure("coverage", "", "covered")
    return _text(book, "state.covered", date=_date(book), covered=covered, of=book.figure("coverage", "", "of"))


def _covered(book: Book) -> list:
    matrix = book.table("coverage")
    totals = matrix[(matrix["theme"] == "") & (matrix["gm_code"] != "")]
    lines = []
    for state in ("none", "unknown"):
        here = list(totals.loc[totals["state"] == state, "gm_code"])
        if here and len(here) <= MOST_NAMES:
            lines.append(_text(book, f"covered.{state}", names=_names(book, here)))
        elif here:
            lines.append(_text(book, f"covered.{state}_{'all' if len(here) == len(totals) else 'many'}"))
    return [*lines, _text(book, "covered.means")]


def _rounds(book: Book) -> list:
    table, made = book.table("rounds"), []
    for number, here in table.groupby("round"):
        if not number:
            continue

        def figure(state, column, number=number):
            return book.figure("rounds", f"{number}.{state}", column)

        values = dict(label=_label(here["label"].iloc[0]), size=figure("agreed", "size"))
        if figure("agreed", "reached").text == UNKNOWN:
            made.append(_text(book, "rounds.unknown", "bullet", **values))
        else:
            values |= dict(agreed=figure("agreed", "reached"), late=book.figure("rounds", f"round={number}", "late"))
            made.append(_text(book, "rounds.known", "bullet", **values))
    deadlines = table[table["deadline"] != ""].drop_duplicates("round")
    for row in deadlines.to_dict("records"):
        made.append(
            _text(book, "rounds.deadline", "bullet", label=_label(row["label"]), date=_date(book, row["deadline"]))
        )
    return [_text(book, "rounds.intro"), *made, *_stated(book, table)]


def _stated(book: Book, table) -> list:
    """What the newest letter states, beside what is counted."""
    said = table[table["stated"].notna() & (table["state"] != "not_stated")]
    lines = [
        [
            Data(f"{_label(row['label'])}, {row['state_label']}: "),
            book.figure("rounds", f"{row['round']}.{row['state']}", "stated"),
        ]
        for row in said.to_dict("records")
    ]
    return [_text(book, "rounds.stated"), *(Text(parts, "bullet") for parts in lines)] if lines else []


def _credit(book: Book) -> list:
    money = {item: book.figure("budget", item, "cents") for item in book.table("budget")["item"]}
    over = book.table("budget").set_index("item").at["over", "cents"] > 0
    values = money | dict(credit=Data(book.table("budget").attrs["wmo"]["credit"]))
    narrowed = any(name != "basis" for name, _ in book.monitor.filters)
    more = [_text(book, "credit.narrowed")] if narrowed else []
    return [_text(book, "credit.over" if over else "credit.free", **values), _text(book, "credit.rule"), *more]


def _hours(book: Book) -> list:
    if not len(book.table("hours")):
        return [_text(book, "hours.none")]
    figures = {name: book.figure("hours", name, "hours") for name in ("sum", "some", "count")}
    over = book.figure("hours", "some", "over")
    return [_text(book, "hours.all", **figures, over=over), _text(book, "hours.rule")]


def _schema(book: Book) -> list:
    table, language = book.table("schema"), book.monitor.language
    if len(table) < 2:
        return [_text(book, "state.no_place")]
    themes = [name for name in table.columns if name not in ("gm_code", "municipality", "number")]
    rows = []
    for key, row in zip(book.rows("schema"), table.to_dict("records"), strict=True):
        cells = [[Data("\n".join(_each(row[theme])))] for theme in themes]
        rows.append([[Data(row["municipality"])], *cells, [book.figure("schema", key, "number")]])
    heads = [words.heading("municipality", language), *themes, words.heading("total", language)]
    widths = [2.2, *[round(23.4 / max(len(themes), 1), 2)] * len(themes), 1.1]
    caption = _say(book)("schema.caption")
    grid = Grid(caption, [head[:1].upper() + head[1:] for head in heads], rows, widths, {len(heads) - 1}, "small")
    return [_text(book, "schema.intro"), _text(book, "schema.note", "note"), grid]


def _each(titles: str) -> list[str]:
    """The titles of a cell, each with a sign before it when there are several."""
    found = titles.split("; ")
    return [f"· {title}" for title in found] if len(found) > 1 else found


def _others(book: Book) -> list:
    here = book.monitor.projects
    here = here[here["counts"] & here["placement"].isin(["unassigned", "unknown"])].sort_values("title")
    if here.empty:
        return [_text(book, "others.none")]
    targets = book.table("targets")
    ids = dict(zip(targets.index, book.rows("targets"), strict=True))
    lines = []
    for project, row in here.iterrows():
        parts = [Data(row["title"])]
        for number, at in enumerate(targets.index[targets["project_key"] == project]):
            least = "others.least" if targets.at[at, "at_least"] else "others.target"
            value = book.figure("targets", ids[at], "value")
            unit = Data(targets.at[at, "unit"])
            parts += [
                ", " if number else ": ",
                *sentence(f"memo.{least}", book.monitor.language, value=value, unit=unit),
            ]
        lines.append(Text(parts, "bullet"))
    return [_text(book, "others.intro"), *lines, _text(book, "others.note")]


def _changes(book: Book, since: str, charts: dict) -> list:
    if not since:
        return [_text(book, "changes.first")]
    rows = book.rows("changes", since=since, by="theme")
    total = {n: book.figure("changes", rows[-1], n, since=since, by="theme") for n in ("new", "gone", "changed")}
    lines = [_text(book, "changes.line", since=_date(book, since), date=_date(book), **total)]
    if not len(book.table("changes", since=since)):
        return [*lines, _chart(book, "changes", charts, since=since)]
    names = ["change", "title", "source", "field", "before", "after"]
    grid = _grid(book, "changes", names, [2, 4.6, 2.6, 1.8, 2.5, 2.5], bound={"before", "after"}, since=since)
    return [*lines, _chart(book, "changes", charts, since=since), grid]


def _plans(book: Book) -> list:
    """How many municipalities have an agreed plan, second contacts, and what is not known."""
    figures = {
        "agreed": book.figure("rounds", "0.agreed", "reached"),
        "share": book.figure("rounds", "0.agreed", "reached/size"),
        "of": book.figure("rounds", "0.agreed", "size"),
        "second": book.figure("rounds", "0.second_contact", "municipalities"),
    }
    table = book.table("overview")
    silent = list(table.loc[table["round"].isna(), "gm_code"])
    if figures["agreed"].text == UNKNOWN:
        return [_text(book, "plans.unknown", date=_date(book)), *_stated(book, book.table("rounds"))]
    second = book.table("rounds").query("round == 0 and state == 'second_contact'")["names"].iloc[0]
    lines = [
        _text(book, "plans.agreed", date=_date(book), **{k: figures[k] for k in ("agreed", "of", "share")}),
        _text(book, "plans.second" if second else "plans.no_second", second=figures["second"], names=Data(second)),
    ]
    lines.append(_text(book, "plans.silent" if silent else "plans.all_named", names=_names(book, silent)))
    return lines


def _overview(book: Book) -> Grid:
    names = ["municipality", "round", "status", "projects"]
    return _grid(book, "overview", names, [3.2, 1.6, 3.6, 7.6])


def _next(book: Book) -> list:
    table = book.table("rounds")
    lines = []
    for row in table[table["deadline"] != ""].drop_duplicates("round").to_dict("records"):
        late = book.figure("rounds", f"round={row['round']}", "late")
        passed = row["deadline"] < book.monitor.date
        key = "next.passed" if passed and late.text != UNKNOWN else "next.silent" if passed else "next.coming"
        values = dict(label=_label(row["label"]), date=_date(book, row["deadline"]))
        lines.append(_text(book, key, "bullet", **values, **({"late": late} if key == "next.passed" else {})))
    return [_text(book, "next.intro"), *lines, _text(book, "next.close")]


# ---------------------------------------------------------------- the annex


def _annex(book: Book) -> list:
    say, about = _say(book), book.table("coverage").attrs["wmo"]
    later = book.monitor.later_deliveries
    names = [book.monitor.codebook.label("source", code, book.monitor.language) for code in later]
    rules = "coverage cells province credit rounds basis dates".split()
    blocks = [
        Heading(say("annex")),
        Heading(say("annex.sources"), 2),
        _text(book, "annex.sources.text", names=Data(words.listing(about["source_names"], book.monitor.language) or UNKNOWN)),
        *([_text(book, "annex.later", names=Data(words.listing(names, book.monitor.language)))] if later else []),
        _grid(book, "lists", ["file", "source", "basis", "as_of", "rows_in", "rows_used", "rows_merged", "rows_set_aside"],
              [3.7, 2.5, 2.1, 1.9, 1.1, 1.5, 2.2, 1], look="small"),
        Heading(say("annex.rules"), 2),
        *(_text(book, f"rule.{key}", "bullet") for key in rules),
        Heading(say("annex.assumptions"), 2),
    ]  # fmt: skip
    if len(book.table("assumptions")):
        columns = ["label", "figure", "with_it", "without_it", "evidence"]
        blocks.append(_grid(book, "assumptions", columns, [3.8, 3.8, 1.9, 1.9, 4.6]))
    else:
        blocks.append(_text(book, "annex.no_assumptions"))
    columns = ["source", "projects", "share_theme", "share_municipality", "share_dates", "share_amount"]
    blocks += [Heading(say("annex.quality"), 2), _text(book, "annex.quality.text")]
    if len(book.table("quality")):
        blocks.append(_grid(book, "quality", columns, [5, 2.2, 2.2, 2.2, 2.2, 2.2]))
    blocks += [
        Heading(say("annex.findings"), 2),
        _text(book, "annex.findings.text"),
        _grid(book, "quality", ["severity", "text", "count", "what_to_do"], [2, 6, 1.6, 6.4], by="finding"),
        Heading(say("annex.claims"), 2),
        _text(book, "annex.claims.text"),
        _grid(book, "claims", ["as_of", "statement", "stated", "unit", "computed", "verdict"],
              [2.2, 5.6, 2, 2, 1.8, 2.4], bound={"stated"}),
    ]  # fmt: skip
    return [*blocks, Text([Data(style.citation(about))], "note")]


# ---------------------------------------------------------------- tables and charts


def _grid(
    book: Book, name: str, columns: list[str], widths: list[float], bound=frozenset(), look="cell", **given
) -> Grid:
    """The columns of a measure's table: figures bound, other text as it stands; `bound` are texts that hold figures."""
    table = book.table(name, **given)
    kinds = {column: next(iter(style.readable(table[[column]]).values()))[0] for column in columns}
    numeric = {column for column in columns if kinds[column] in ("money", "number")}
    shown = {c: list(style.table(table[[c]], book.monitor.language).iloc[:, 0]) for c in columns}
    shown |= {c: [words.date(day, book.monitor.language) for day in table[c]] for c in {"as_of", "date"} & set(columns)}

    def cell(column, at, key):
        text = shown[column][at]
        counted = column in numeric or (column in bound and any(map(str.isdigit, text)))
        return [book.figure(name, key, column, **given) if counted else Data(text)]

    rows = [[cell(column, at, key) for column in columns] for at, key in enumerate(book.rows(name, **given))]
    heads = [words.heading(column, book.monitor.language) for column in columns]
    heads = [head[:1].upper() + head[1:] for head in heads]
    by = given.get("by", "")
    caption = _say(book)(f"table.{name}{'.' if by else ''}{by}")
    return Grid(caption, heads, rows, widths, {columns.index(column) for column in numeric}, look)


PLACES = ["label", "own", "partnership", "projects", "province"]
PARTS = ["label", "own", "partnership", "covered", "of", "projects", "province"]
MEMO = "theme matrix map rounds credit budget hours changes".split()
INTERIM = "rounds time hours".split()
CHARTS = {  # name -> measure and its arguments, chart, columns of its table
    "matrix": ("coverage", {"by": "municipality"}, PLACES),
    "map": ("coverage", {"by": "municipality"}, PLACES),
    "theme": ("coverage", {"by": "theme"}, PARTS),
    "rounds": ("rounds", {}, ["label", "state_label", "municipalities", "reached", "late", "stated"]),
    "time": ("rounds", {"by": "time"}, ["date", "talk", "quotation", "agreed", "running", "completed", "stated"]),
    "credit": ("budget", {}, ["label", "cents"]),
    "budget": ("budget", {"by": "theme"}, ["label", "projects", "asked", "committed", "share"]),
    "hours": ("hours", {}, ["title", "place", "hours", "limit", "over"]),
    "changes": ("changes", {"by": "theme"}, ["label", "new", "gone", "changed"]),
}


def _figure(book: Book, name: str, since: str, width: int) -> go.Figure:
    measure, given, _ = CHARTS[name]
    given = given | ({"since": since} if name == "changes" else {})
    if name == "map":
        return chart.tilemap(book.table(measure, **given), "projects", width=width)
    return getattr(chart, measure)(book.table(measure, **({} if name == "matrix" else given)), width=width)


def _chart(book: Book, name: str, charts: dict, **more) -> Chart:
    measure, given, columns = CHARTS[name]
    widths = [5.2, *[round(10.8 / (len(columns) - 1), 2)] * (len(columns) - 1)]
    return Chart(_say(book)(f"chart.{name}"), charts[name], _grid(book, measure, columns, widths, **given, **more))


def previous(monitor: Monitor) -> str:
    """The day to compare with: the newest letter before the date, else the oldest list before it, else ''."""
    letters = [day for day in monitor.tables["claims"]["as_of"] if day and day < monitor.date]
    older = [day for day in monitor.deliveries["date"] if day < monitor.date]
    return max(letters, default=min(older, default=""))
