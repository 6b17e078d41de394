"""Blocks of a report, before anyone asks in which format: headings, paragraphs, tables and charts, with bound figures."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import style, tables, words
from wmo_analysis.report._bound import Book, Data, Figure, Part, Question, compares, filled, question, sentence
from wmo_analysis.views import VIEWS


@dataclass
class Heading:
    text: str
    level: int = 1


@dataclass
class Text:
    """A paragraph of parts; look: text, bullet, note or head."""

    parts: list[Part]
    look: str = "text"


@dataclass
class Grid:
    """A table with a caption; cells are lists of parts, `widths` its share of the page, `right` the columns of figures,
    `note` what is said above its rows (below a picture) of its examples and assumptions."""

    caption: str
    head: list[str]
    rows: list[list[list[Part]]]
    widths: list[float]
    right: set[int]
    look: str = "cell"
    note: list[Part] = field(default_factory=list)


@dataclass
class Chart:
    """A chart with its caption, and the table that stands in its place where no picture can be made."""

    name: str  # of its view
    caption: str
    figure: go.Figure
    grid: Grid


@dataclass
class Turn:
    """From here on the pages lie on their side, or stand again."""

    landscape: bool


Block = Heading | Text | Grid | Chart | Turn


# ---------------------------------------------------------------- words


def text_of(book: Book, key: str, look: str = "text", /, **values: str | Figure | list) -> Text:
    """The sentence of that key as a paragraph, its {names} filled with Figures and Data."""
    return Text(filled(book.template(key), values), look)


def count_of(book: Book, name: str, count: Figure) -> list[Part]:
    """'3 projecten', '1 project': the words for one where it is one."""
    return sentence(words.count_key(name, count.text == "1"), book.monitor.language, count=count)


def day_of(book: Book, day: str = "") -> Data:
    """'30 november 2006': that day, or the as-of date."""
    return Data(words.date(day or book.monitor.date, book.monitor.language))


def names_of(book: Book, kind: str, codes: Iterable[str]) -> Data:
    """'Baarn, Soest en Zeist': the labels of codes of that kind."""
    labels = [book.monitor.codebook.label(kind, code, book.monitor.language) for code in codes]
    return Data(words.listing(labels, book.monitor.language))


def capital(text: str) -> Data:
    """A label at the beginning of a sentence."""
    return Data(text[:1].upper() + text[1:])


# ---------------------------------------------------------------- what a figure is made of


def example_parts(book: Book, asked: Question) -> list[Part]:
    """The line about the examples in what was asked, with bound figures, [] when no example takes part in it."""
    figures = {name: book.figure(asked, "", cited) for name, cited in style.EXAMPLES.items()}
    parts: list[Part] = []
    for key in style.example_keys(book.about(asked)):
        parts += [" ", *sentence(key, book.monitor.language, **figures)]
    return parts[1:]


def note_of(book: Book, asked: Question) -> list[Part]:
    """What is said below a table or chart: the line about examples, and the assumptions that it leans on."""
    parts, assumed = example_parts(book, asked), "; ".join(book.about(asked)["assumptions"])
    if not assumed:
        return parts
    if parts:
        parts.append(". ")
    return [*parts, Data(f"{capital(assumed)}.")]


# ---------------------------------------------------------------- tables and charts

NO_BREAK = "\xa0"
LABEL, ROOM = 5.2, 16  # cm of the first column of a table below a chart, and of all its columns
PICTURES = {name: view for name, view in VIEWS.items() if view.columns}  # the views that a document draws


def grid_of(
    book: Book,
    asked: Question,
    columns: Sequence[str],
    widths: Sequence[float],
    bound: Sequence[str] = (),
    look: str = "cell",
) -> Grid:
    """The columns of a measure's table: figures bound, other text as it stands; `bound` are texts that hold figures."""
    table, language = book.table(asked), book.monitor.language
    right = {number for number, column in enumerate(columns) if _is_number(table[[column]])}
    cells = [_cells(book, asked, column, number in right, column in bound) for number, column in enumerate(columns)]
    rows = [list(row) for row in zip(*cells, strict=True)]
    heads = [capital(tables.heading(table, column, language)) for column in columns]
    caption = book.say(".".join(filter(None, ["table", asked.measure, asked.by])))
    return Grid(caption, heads, rows, list(widths), right, look, note_of(book, asked))


def _is_number(column: pd.DataFrame) -> bool:
    [(kind, _)] = tables.readable(column).values()
    return kind in ("money", "number")


def _cells(book: Book, asked: Question, column: str, number: bool, bound: bool) -> list[list[Part]]:
    """The cells of one column: numbers bound, and of a `bound` column of texts those with a digit."""
    table, language = book.table(asked), book.monitor.language
    if column in ("as_of", "date"):  # in a document a day has the name of its month, and stays on one line
        texts = [words.date(day, language).replace(" ", NO_BREAK) for day in table[column]]
    else:
        texts = tables.column(table, column, language)
    cells: list[list[Part]] = []
    for row, text in zip(book.rows(asked), texts, strict=True):
        figure = number or (bound and re.search(r"\d", text))
        cells.append([book.figure(asked, row, column) if figure else Data(text)])
    return cells


def chart_of(book: Book, name: str, figures: Mapping[str, go.Figure]) -> Chart:
    """The picture of that view with its caption and its table."""
    view = PICTURES[name]
    asked = question(PICTURES["map"] if name == "matrix" else view, book.since)  # a matrix is too wide for a table
    others = len(view.columns) - 1
    widths = [LABEL, *[round((ROOM - LABEL) / others, 2)] * others]
    return Chart(name, book.say(f"chart.{name}"), figures[name], grid_of(book, asked, view.columns, widths))


def figures_of(book: Book, names: Iterable[str], width: int) -> dict[str, go.Figure]:
    """The pictures of those views, `width` px wide; without a moment to compare with nothing changed."""
    made = {}
    for view in map(PICTURES.get, names):
        if book.since.day or not compares(view):
            made[view.name] = view.figure(book.table(question(view, book.since)), width)
    return made
