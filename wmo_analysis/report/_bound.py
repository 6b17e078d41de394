"""Bound figures: a number in a text that knows the measure, row and column it came from, so that it can be asked again.

A binding is a short tag, `c2|P3|covered|9f86d0`: citation, row, column and a digest of the text as written. Word keeps no
more than 64 characters; the whole citation stands once per document, in its properties.
"""

import hashlib
import json
import re
import string
from dataclasses import dataclass, field

import pandas as pd

from wmo_analysis import tables, words
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import Citation
from wmo_analysis.views import View, cited

EARLIER = "–"  # what memos wrote in place of a missing figure, before they had a word for why it is missing


class Data(str):
    """Text that stands in the data, or a name: it may hold digits, and is no figure of ours."""


@dataclass(frozen=True)
class Figure:
    """The text of a figure and where it comes from: a citation of the document, a row and a column."""

    text: str
    citation: str
    row: str
    column: str

    @property
    def tag(self) -> str:
        return f"{self.citation}|{self.row}|{self.column}|{_short(self.text)}"


Part = str | Data | Figure  # of a sentence


@dataclass(frozen=True)
class Moment:
    """A day and the day up to which lists took part then, '' = every list; without a `day` there is none."""

    day: str = ""
    known: str = ""

    def settings(self) -> dict[str, str]:
        """What a measure that compares is called with."""
        return {"since": self.day, "since_known": self.known}


@dataclass(frozen=True)
class Question:
    """What a Monitor is asked: a measure or list, by what it divides ('' = its own way), the moment to compare with."""

    measure: str
    by: str = ""
    since: str = ""
    since_known: str | None = None  # memos of before do not say it

    def given(self) -> dict[str, str]:
        """What the measure is called with; a document keeps these under these names."""
        given = {"by": self.by or None, "since": self.since or None, "since_known": self.since_known}
        return {name: value for name, value in given.items() if value is not None}

    def table(self, monitor: Monitor) -> pd.DataFrame:
        return cited(self.measure).measure(monitor, **self.given())


def question(view: View, since: Moment) -> Question:
    """What the table of a view answers; `since` goes only to a view that compares."""
    name, by = view.measure.__name__, view.by or ""
    if cited(name) is view:  # the first view of a measure is its own way: that goes without saying
        by = ""
    return Question(name, by, **settings(view, since))


def settings(view: View, since: Moment) -> dict[str, str]:
    """What the measure of a view is called with besides: the moment, where it compares."""
    if not compares(view):
        return {}
    return since.settings()


def compares(view: View) -> bool:
    """Whether a view needs a moment to compare with."""
    return "since" in view.settings


@dataclass
class Book:
    """Asks measures of one Monitor and binds what it tells; each distinct question is a citation c1, c2, ..."""

    monitor: Monitor
    since: Moment = Moment()  # what changes compare with
    asked: dict[Question, str] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    _places: dict[str, dict[str, int]] = field(default_factory=dict)  # citation -> row id -> place of the row
    _texts: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # citation and column -> texts as shown

    def citation(self, asked: Question) -> str:
        """The number of that question, 'c3'; every question is asked once."""
        if asked not in self.asked:
            self.asked[asked] = f"c{len(self.asked) + 1}"
            self.tables[self.asked[asked]] = asked.table(self.monitor)
        return self.asked[asked]

    def table(self, asked: Question) -> pd.DataFrame:
        return self.tables[self.citation(asked)]

    def about(self, asked: Question) -> Citation:
        """What the answer says of itself."""
        return self.table(asked).attrs["wmo"]

    def figure(self, asked: Question, row: str, column: str) -> Figure:
        """The bound figure; see `text` for rows and columns."""
        citation = self.citation(asked)
        return Figure(self.text(citation, row, column), citation, row, column)

    @property
    def unknown(self) -> str:
        """What a figure says that nobody knows."""
        return words.say("missing.unknown", self.monitor.language)

    def rows(self, asked: Question) -> list[str]:
        """The row ids of that table, in order."""
        places, table = self._places_of(self.citation(asked)), self.table(asked)
        return list(places)[: len(table)]

    def say(self, key: str, **values: str) -> str:
        """A text of the memo in the language of the book."""
        return self.template(key).format(**values)

    def template(self, key: str) -> str:
        """The same with its `{names}` still open; the codebook may have words of its own for it."""
        return self.monitor.codebook.text(f"memo.{key}", self.monitor.language)

    def text(self, citation: str, row: str, column: str) -> str:
        """What the figure says today, `unknown` when nobody knows it, 'n.v.t.' where it does not apply.

        `row` is a row id; '' takes `column` from the table's citation, 'sum' adds the column, 'some' counts its values
        above zero, 'count' its rows, and 'round=2' adds the column over those rows. 'a/b' is a as a percentage of b.
        Raises KeyError where the row or the column is no longer there.
        """
        table = self.tables[citation]
        if not row:
            return words.number(table.attrs["wmo"][column]) or self.unknown
        if row == "count":
            return words.number(len(table))
        if row in ("sum", "some") or "=" in row:
            return _added(table, row, column) or self.unknown
        at = self._places_of(citation)[row]
        if "/" in column:
            return _share(table.iloc[at], column, self.monitor.language) or self.unknown
        return self._shown(citation, column)[at]

    def _places_of(self, citation: str) -> dict[str, int]:
        if citation not in self._places:
            table = self.tables[citation]
            about = table.attrs["wmo"]
            keys = cited(about["measure"], about.get("by", "")).keys
            rows = [tuple(map(str, row)) for row in table[list(keys)].itertuples(index=False)]
            self._places[citation] = {row_id(".".join(row)): at for at, row in enumerate(rows)}
            for at, (how, *row) in enumerate(rows if keys[0] == "how" else []):
                if how == "happened":  # as memos named it that knew of nothing else
                    self._places[citation].setdefault(row_id(".".join(row)), at)
        return self._places[citation]

    def _shown(self, citation: str, column: str) -> list[str]:
        if (citation, column) not in self._texts:
            self._texts[citation, column] = tables.column(self.tables[citation], column, self.monitor.language)
        return self._texts[citation, column]

    # ------------------------------------------------------------ what the document keeps

    def properties(self) -> dict[str, str]:
        """The selection and every citation as texts, to write in a document; `reopened` reads them."""
        monitor = self.monitor
        kept = {
            "wmo": {  # published memos hold these names: they can be added to, never changed
                "selection": [[name, sorted(values)] for name, values in monitor.filters],
                "as_of": monitor.date,
                "known_on": monitor.known,
                "newest_list": max(monitor.deliveries["date"]),
                "language": monitor.language,
                "build": monitor.build,
            }
        }
        for asked, citation in self.asked.items():
            kept[f"wmo.{citation}"] = {"measure": asked.measure, **asked.given()}
        return {name: json.dumps(value, ensure_ascii=False) for name, value in kept.items()}


def _added(table: pd.DataFrame, row: str, column: str) -> str:
    """The column added up, or its values above zero counted; '' when rows are there and none is known."""
    name, _, value = row.partition("=")
    if value:
        table = table[table[name].astype(str) == value]
    values = table[column]
    if row == "some":
        values = values > 0
    if len(values) and values.isna().all():
        return ""
    return words.number(float(values.sum()))


def _share(row: pd.Series, column: str, language: str) -> str:
    part, whole = column.split("/")
    if pd.isna(row[part]) or pd.isna(row[whole]) or not row[whole]:
        return ""
    return words.say("chart.rows.percent", language, share=words.number(100 * row[part] / row[whole], 1))


def reopened(monitor: Monitor, properties: dict[str, str]) -> Book:
    """A Book that asks the questions of a document again, of the data of today."""
    about = json.loads(properties["wmo"])
    for name, values in about["selection"]:
        monitor = monitor.within(**{name: values})
    monitor = monitor.as_of(about["as_of"]).known_on(about.get("known_on", ""))
    book = Book(monitor.in_language(about["language"]))
    names = [name for name in properties if re.fullmatch(r"wmo\.c\d+", name)]
    for name in sorted(names, key=lambda name: int(name[5:])):
        book.citation(Question(**json.loads(properties[name])))
    return book


def row_id(key: str) -> str:
    """The key of a row, or a digest of it where it is long or holds other signs than a tag may."""
    return key if re.fullmatch(r"[\w.\-]{1,28}", key, re.ASCII) else "~" + _short(key, 12)


def _short(text: str, length: int = 6) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def same(tag: str, text: str) -> bool:
    """Whether the text is still the one that was written with that tag."""
    return tag.rsplit("|", 1)[1] == _short(text)


def sentence(key: str, language: str, /, **values: str | Figure | list) -> list[Part]:
    """The text of `key` as parts, see `filled`."""
    return filled(words.text(key, language), values)


def filled(template: str, values: dict[str, str | Figure | list]) -> list[Part]:
    """A text as parts: str of ours, and the Figures and Data that fill its {names}."""
    parts: list[Part] = []
    for text, name, _, _ in string.Formatter().parse(template):
        value = values[name] if name else ""
        parts += [text, *(value if isinstance(value, list) else [value])]
    return [part for part in parts if part != ""]
