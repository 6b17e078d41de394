"""Blocks of a report, before anyone asks in which format: headings, paragraphs, tables and charts, with bound figures."""

from dataclasses import dataclass

import plotly.graph_objects as go

from wmo_analysis import chart, tables, words
from wmo_analysis.report._bound import Book, Data, sentence


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


# ---------------------------------------------------------------- words


def saying(book: Book):
    """The function say(key, **values) for texts of the memo in the language of the book."""
    return lambda key, **values: words.say(f"memo.{key}", book.monitor.language, **values)


def text_of(book: Book, key: str, look: str = "text", /, **values) -> Text:
    """The sentence of that key as a paragraph, its {names} filled with Figures and Data."""
    return Text(sentence(f"memo.{key}", book.monitor.language, **values), look)


def day_of(book: Book, day: str = "") -> Data:
    """'30 november 2006': that day, or the as-of date."""
    return Data(words.date(day or book.monitor.date, book.monitor.language))


def names_of(book: Book, gm_codes) -> Data:
    """'Baarn, Soest en Zeist'."""
    labels = [book.monitor.codebook.label("municipality", code) for code in gm_codes]
    return Data(words.listing(labels, book.monitor.language))


def capital(text: str) -> Data:
    """A label at the beginning of a sentence."""
    return Data(text[:1].upper() + text[1:])


# ---------------------------------------------------------------- tables and charts


def grid_of(
    book: Book, name: str, columns: list[str], widths: list[float], bound=frozenset(), look="cell", **given
) -> Grid:
    """The columns of a measure's table: figures bound, other text as it stands; `bound` are texts that hold figures."""
    table = book.table(name, **given)
    kinds = {column: next(iter(tables.readable(table[[column]]).values()))[0] for column in columns}
    numeric = {column for column in columns if kinds[column] in ("money", "number")}
    shown = {c: list(tables.table(table[[c]], book.monitor.language).iloc[:, 0]) for c in columns}
    shown |= {c: [words.date(day, book.monitor.language) for day in table[c]] for c in {"as_of", "date"} & set(columns)}

    def cell(column, at, key):
        text = shown[column][at]
        counted = column in numeric or (column in bound and any(map(str.isdigit, text)))
        return [book.figure(name, key, column, **given) if counted else Data(text)]

    rows = [[cell(column, at, key) for column in columns] for at, key in enumerate(book.rows(name, **given))]
    heads = [words.heading(column, book.monitor.language) for column in columns]
    heads = [capital(head) for head in heads]
    by = given.get("by", "")
    caption = saying(book)(f"table.{name}{'.' if by else ''}{by}")
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


def chart_of(book: Book, name: str, charts: dict, **more) -> Chart:
    """The chart of that name with its caption and its table."""
    measure, given, columns = CHARTS[name]
    widths = [5.2, *[round(10.8 / (len(columns) - 1), 2)] * (len(columns) - 1)]
    return Chart(saying(book)(f"chart.{name}"), charts[name], grid_of(book, measure, columns, widths, **given, **more))


def figures(book: Book, names: list[str], since: str, width: int) -> dict[str, go.Figure]:
    """The charts of those names, `width` px wide."""
    return {name: _figure(book, name, since, width) for name in names if since or name != "changes"}
