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

from wmo_analysis import measure, tables, words
from wmo_analysis.monitor import Monitor
from wmo_analysis.report import _lists

KEYS = {  # columns that name a row; the others have `code`
    ("coverage", "matrix"): ["gm_code", "theme"],
    ("coverage", "white"): ["gm_code"],
    ("budget", ""): ["item"],
    ("budget", "time"): ["date"],
    ("budget", "listed"): ["source_id"],
    ("rounds", "round"): ["round", "state"],
    ("rounds", "time"): ["date"],
    ("hours", ""): ["project"],
    ("changes", "rows"): ["change", "project", "field"],
    ("quality", "source"): ["source_id"],
    ("claims", ""): ["fact_id"],
    ("timeline", ""): ["project"],
    **{(name, ""): keys for name, (_, keys) in _lists.LISTS.items()},
}
UNKNOWN = "–"  # what a figure says when nobody knows it
DEFAULT = {"coverage": "matrix", "rounds": "round", "quality": "source", "changes": "rows"}


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


@dataclass
class Book:
    """Asks measures of one Monitor and binds what it tells; each distinct question is a citation c1, c2, ..."""

    monitor: Monitor
    asked: dict[tuple, str] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    _cache: dict = field(default_factory=dict)

    def table(self, name: str, **given) -> pd.DataFrame:
        """The table of measure or list `name`; every question is asked once."""
        return self.tables[self.citation(name, **given)]

    def citation(self, name: str, **given) -> str:
        """The number of that question, 'c3'."""
        key = (name, tuple(sorted(given.items())))
        if key not in self.asked:
            self.asked[key] = f"c{len(self.asked) + 1}"
            listed = _lists.LISTS.get(name)
            table = listed[0](self.monitor) if listed else getattr(measure, name)(self.monitor, **given)
            self.tables[self.asked[key]] = table
        return self.asked[key]

    def figure(self, name: str, row: str, column: str, **given) -> Figure:
        """The bound figure; see `text` for rows and columns."""
        citation = self.citation(name, **given)
        return Figure(self.text(citation, row, column) or UNKNOWN, citation, row, column)

    def rows(self, name: str, **given) -> list[str]:
        """The row ids of that table, in order."""
        return list(self._index(self.citation(name, **given)))

    def text(self, citation: str, row: str, column: str) -> str:
        """What the figure says today, '' when it is unknown.

        `row` is a row id; '' takes `column` from the table's attrs, 'sum' adds the column, 'some' counts its values above
        zero, 'count' its rows, and 'round=2' adds the column over those rows. 'a/b' is a as a percentage of b.
        Raises KeyError where the row or the column is no longer there.
        """
        table, language = self.tables[citation], self.monitor.language
        if not row:
            return words.number(table.attrs["wmo"][column])
        if row == "count":
            return words.number(len(table))
        if row in ("sum", "some") or "=" in row:
            name, _, value = row.partition("=")
            here = table[table[name].astype(str) == value] if value else table
            values = (here[column] > 0) if row == "some" else here[column]
            total = None if values.isna().all() and len(values) else values.sum()
            return words.number(None if total is None else float(total) if float(total) % 1 else int(total))
        at = self._index(citation)[row]
        if "/" in column:
            part, whole = (table[name].iloc[at] for name in column.split("/"))
            share = None if pd.isna(part) or pd.isna(whole) or not whole else 100 * part / whole
            return words.say("chart.rows.percent", language, share=words.number(share, 1)) if share is not None else ""
        return self._shown(citation, column)[at]

    def _index(self, citation: str) -> dict[str, int]:
        if ("index", citation) not in self._cache:
            table = self.tables[citation]
            name, by = table.attrs["wmo"]["measure"], table.attrs["wmo"].get("by", "")
            keys = KEYS.get((name, by or DEFAULT.get(name, "")), ["code"])
            ids = [row_id(".".join(map(str, key))) for key in table[keys].itertuples(index=False)]
            self._cache["index", citation] = {key: at for at, key in enumerate(ids)}
        return self._cache["index", citation]

    def _shown(self, citation: str, column: str) -> list[str]:
        if (citation, column) not in self._cache:
            table = self.tables[citation]
            shown = list(tables.table(table[[column]], self.monitor.language).iloc[:, 0])
            if column == "computed":  # each row has a unit, and so decimals, of its own
                shown = [re.sub(",0$", "", text) for text in shown]
            self._cache[citation, column] = shown
        return self._cache[citation, column]

    # ------------------------------------------------------------ what the document keeps

    def properties(self) -> dict[str, str]:
        """The selection and every citation as texts, to write in a document; `reopened` reads them."""
        monitor = self.monitor
        about = {
            "selection": [[name, sorted(values)] for name, values in monitor.filters],
            "as_of": monitor.date,
            "language": monitor.language,
            "build": monitor.build,
        }
        asked = {f"wmo.{cited}": {"measure": name, **dict(given)} for (name, given), cited in self.asked.items()}
        return {name: json.dumps(value, ensure_ascii=False) for name, value in {"wmo": about, **asked}.items()}


def reopened(monitor: Monitor, properties: dict[str, str]) -> Book:
    """A Book that asks the questions of a document again, of the data of today."""
    about = json.loads(properties["wmo"])
    for name, values in about["selection"]:
        monitor = monitor.within(**{name: values})
    book = Book(monitor.as_of(about["as_of"]).in_language(about["language"]))
    cited = {name: json.loads(text) for name, text in properties.items() if re.fullmatch(r"wmo\.c\d+", name)}
    for name in sorted(cited, key=lambda name: int(name[5:])):
        given = dict(cited[name])
        book.citation(given.pop("measure"), **given)
    return book


def row_id(key: str) -> str:
    """The key of a row, or a digest of it where it is long or holds other signs than a tag may."""
    return key if re.fullmatch(r"[\w.\-]{1,28}", key, re.ASCII) else "~" + _short(key, 12)


def _short(text: str, length: int = 6) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def same(tag: str, text: str) -> bool:
    """Whether the text is still the one that was written with that tag."""
    return tag.rsplit("|", 1)[1] == _short(text)


def sentence(key: str, language: str, /, **values) -> list:
    """The text of `key` as parts: str of ours, and the Figures and Data that fill its {names}."""
    parts = []
    for text, name, _, _ in string.Formatter().parse(words.text(key, language)):
        value = values[name] if name else ""
        parts += [text, *(value if isinstance(value, list) else [value])]
    return [part for part in parts if part != ""]
