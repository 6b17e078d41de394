"""Tables as an analyst reads them: headings and codes in words, numbers, money and days in Dutch notation."""

import re
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from wmo_analysis import schema, words
from wmo_analysis.style import escape

NO_MATHS = "mathjax_ignore tex2jax_ignore"  # classes: in what has them no notebook sets "$x$" as mathematics
SHORT = len("31-12-2007")  # characters of a cell that never breaks: a day in two lines is two numbers
WHOLE = " nowrap"  # the old attribute: a style in each cell would make half of a notebook
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDED = {  # column of codes -> what their words begin with
    **{name: name for name in "basis severity verdict computed_from kind how change side stated_as part via".split()},
    "item": "budget",
    "state": "cell",
}
_MONEY = (*schema.KINDS, *schema.VOID_MONEY, "committed", "free")
_KINDS = {"b": "truth", "i": "number", "u": "number", "f": "number"}  # of a column by its dtype; others are text


class Missing(str):
    """A word in place of a value that is missing: nobody knows it, or it does not apply."""


class Table(pd.DataFrame):
    """A table to read, as `table` makes it: text to the left, numbers to the right, nothing cut, and never markup."""

    _metadata: ClassVar = ["numeric"]

    @property
    def _constructor(self) -> type["Table"]:
        return Table

    def _repr_html_(self) -> str:
        sides = [self._side(at) for at in range(self.shape[1])]
        named = not isinstance(self.index, pd.RangeIndex)

        def line(cells: Any, tag: str, label: Any) -> str:
            first = f'<th style="text-align:left">{escape(label)}</th>' if named else ""
            rest = [f"<{tag} {side}>{escape(cell)}</{tag}>" for cell, side in zip(cells, sides, strict=True)]
            return f"<tr>{first}{''.join(rest)}</tr>"

        head = line(self.columns, "th", "")
        body = [line(row, "td", label) for label, row in zip(self.index, self.itertuples(index=False), strict=True)]
        return f'<table class="{NO_MATHS}"><thead>{head}</thead><tbody>\n{chr(10).join(body)}\n</tbody></table>'

    def _side(self, at: int) -> str:
        """How the cells of a column stand: numbers to the right, and none broken where all are short."""
        side = "right" if self.columns[at] in getattr(self, "numeric", ()) else "left"
        cells = self.iloc[:, at].astype(str).str
        breaks = cells.len().max() <= SHORT and cells.contains("[ -]").any()
        return f'style="text-align:{side}"{WHOLE * bool(breaks)}'

    def __repr__(self) -> str:
        return words.plain(pd.DataFrame(self).to_string())


def readable(frame: pd.DataFrame, language: str = "nl") -> dict[str, tuple[str, list]]:
    """heading -> (kind, values) of each column as an analyst reads it: headings and codes in the language.

    kind is money [EUR cent], number, truth, day (ISO) or text; in place of a value that is missing stands its `Missing`
    word, while a text that is missing is empty. A code gives way to its label: `via` to `via_label`; a number stays beside
    it. Of two texts with one heading the last one stays; names beside their number get a heading of their own.
    """
    found = {}
    for column in frame.columns:
        if f"{column}_label" in frame.columns and frame[column].dtype.kind not in _KINDS:
            continue
        kind, values = _read(frame, column, language)
        name = heading(frame, str(column), language)
        if name in found and found[name][0] != kind:
            name = f"{name}: {words.heading('names', language)}"
        found[name] = kind, values
    return found


def heading(frame: pd.DataFrame, column: str, language: str = "nl") -> str:
    """The heading of a column: what counts municipalities in one table of coverage counts projects in another."""
    about, own = frame.attrs.get("wmo", {}), words.heading(f"{column}.places", language)
    side = column.removeprefix("cents_")
    if side in about.get("heads", {}):  # of a comparison
        money = f", {words.heading('committed', language)}" * (side != column)
        return about["heads"][side] + money
    counts_places = about.get("measure") == "coverage" and about.get("by") in schema.OF_PLACES
    if counts_places and own != f"{column}.places":  # a heading that words.csv lacks is the name itself
        return own
    return words.heading(column, language)


def _read(frame: pd.DataFrame, column: str, language: str) -> tuple[str, list]:
    """Kind and values of one column of `readable`."""
    values = frame[column]
    if values.isna().any():  # what pandas writes for a missing value is no word of ours
        values = values.astype(object).where(values.notna(), None)
    kind = _kind(column, values, frame[column].dtype.kind)
    if kind == "day" and column in schema.STEP_DAYS and schema.LOGBOOK in frame:
        return kind, list(values)
    if kind != "text":
        return kind, _filled(frame, column, language)
    told = ["" if value is None else value for value in values]
    if column in _WORDED:
        told = [value and words.say(f"{_WORDED[column]}.{value}", language) for value in told]
    elif column in ("column", "field"):
        told = [words.heading(value, language) for value in told]
    return kind, told


def _filled(frame: pd.DataFrame, column: str, language: str) -> list:
    """The values of a column, with a word in place of each that is missing."""
    values, missing = list(frame[column]), _holds(frame[column], "")
    if not missing.any():
        return values
    void = np.zeros(len(frame), dtype=bool)
    for other, code in schema.NOT_APPLICABLE.get(column, {}).items():
        if other in frame:
            void |= _holds(frame[other], code)
    unknown, not_applicable = map(Missing, words.say_each("missing", schema.MISSING, language))
    for at in np.flatnonzero(missing):
        values[at] = not_applicable if void[at] else unknown
    return values


def _holds(values: pd.Series, code: str) -> np.ndarray:
    """Whether each value is that code; '' is one that is missing."""
    return values.astype(object).where(values.notna(), "").eq(code).to_numpy(dtype=bool)


def _kind(column: str, values: pd.Series, dtype: str) -> str:
    """What a column holds; `dtype` is that of the column with its unknown values."""
    if str(column).startswith("cents") or column in _MONEY:
        return "money"
    if column in _WORDED or column in ("column", "field"):
        return "text"
    if dtype in _KINDS:
        return _KINDS[dtype]
    if column in schema.DAYS and all(map(_is_day, values)):
        return "day"
    return "text"


def _is_day(value: str) -> bool:
    return not value or bool(ISO_DAY.fullmatch(value))


def table(frame: pd.DataFrame, language: str = "nl") -> Table:
    """The table as an analyst reads it: headings and codes in the language, Dutch numbers and money.

    Takes any DataFrame of the library; columns of money [EUR cent] come out in euro, the index as it is. What is missing is
    "onbekend", or "n.v.t." where schema.NOT_APPLICABLE says so; an empty cell is a text that is empty. Gives text only:
    figures to compute with stand in the measure's own table.
    """
    found = readable(frame, language)
    shown = {name: _shown(kind, values, language) for name, (kind, values) in found.items()}
    made = Table(shown, index=frame.index)
    made.numeric = [name for name, (kind, _) in found.items() if kind in ("money", "number")]
    return made


def column(frame: pd.DataFrame, name: str, language: str = "nl") -> list[str]:
    """The texts of one column as `table` shows them: it takes the whole table to tell whether a missing value applies."""
    return _shown(*_read(frame, name, language), language)


def _shown(kind: str, values: list, language: str) -> list[str]:
    """Texts of the values of one column of `readable`."""
    if kind == "text":
        return values
    known = [value for value in values if not isinstance(value, Missing)]
    write = {"money": words.euro, "day": words.day}.get(kind)
    if kind == "number":
        whole = all(value % 1 == 0 for value in known)  # one notation for a column, or 5 and 4,5 would not line up
        write = partial(words.number, decimals=0 if whole else 1)
    elif kind == "truth":
        write = partial(_truth, language=language)
    return [value if isinstance(value, Missing) else write(value) for value in values]


def _truth(value: bool, language: str) -> str:
    return words.say(f"truth.{bool(value)}".lower(), language)
