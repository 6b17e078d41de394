"""Tables as an analyst reads them: headings and codes in words, numbers, money and days in Dutch notation."""

import re
from typing import Any, ClassVar

import pandas as pd

from wmo_analysis import schema, words
from wmo_analysis.style import escape

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDED = {  # column of codes -> what their words begin with
    **{name: name for name in "basis severity verdict computed_from kind how change side stated_as part via".split()},
    "item": "budget",
    "state": "cell",
}
_MONEY = (*schema.KINDS, "committed", "free")
_KINDS = {"b": "truth", "i": "number", "u": "number", "f": "number"}  # of a column by its dtype; others are text


class Table(pd.DataFrame):
    """A table to read, as `table` makes it: text to the left, numbers to the right, nothing cut, and never markup."""

    _metadata: ClassVar = ["numeric"]

    @property
    def _constructor(self) -> type["Table"]:
        return Table

    def _repr_html_(self) -> str:
        numeric = getattr(self, "numeric", ())
        sides = [f'style="text-align: {"right" if name in numeric else "left"}"' for name in self.columns]
        named = not isinstance(self.index, pd.RangeIndex)

        def line(cells: Any, tag: str, label: Any) -> str:
            first = f'<th style="text-align: left">{escape(label)}</th>' if named else ""
            rest = [f"<{tag} {side}>{escape(cell)}</{tag}>" for cell, side in zip(cells, sides, strict=True)]
            return f"<tr>{first}{''.join(rest)}</tr>"

        head = line(self.columns, "th", "")
        body = [line(row, "td", label) for label, row in zip(self.index, self.itertuples(index=False), strict=True)]
        return f"<table><thead>{head}</thead><tbody>\n{chr(10).join(body)}\n</tbody></table>"

    def __repr__(self) -> str:
        return pd.DataFrame(self).to_string()


def readable(frame: pd.DataFrame, language: str = "nl") -> dict[str, tuple[str, list]]:
    """heading -> (kind, values) of each column as an analyst reads it: headings and codes in the language.

    kind is money [EUR cent], number, truth, day (ISO) or text; an unknown value is None. A code gives way to its label:
    `via` to `via_label`; a number stays beside it. Of two texts with one heading the last one stays; names beside their
    number get a heading of their own.
    """
    found = {}
    for column in frame.columns:
        if f"{column}_label" in frame.columns and frame[column].dtype.kind not in _KINDS:
            continue
        values = frame[column]
        if values.isna().any():
            values = values.astype(object).where(values.notna(), None)
        kind = _kind(column, values, frame[column].dtype.kind)
        if column in _WORDED and kind != "money":
            values = [words.say(f"{_WORDED[column]}.{value}", language) if value else "" for value in values]
        elif column in ("column", "field"):
            values = [words.heading(value, language) for value in values]
        name = words.heading(str(column), language)
        if name in found and found[name][0] != kind:
            name = f"{name}: {words.heading('names', language)}"
        found[name] = kind, list(values)
    return found


def _kind(column: str, values: pd.Series, dtype: str) -> str:
    """What a column holds; `dtype` is that of the column with its unknown values."""
    if str(column).startswith("cents") or column in _MONEY:
        return "money"
    if column in _WORDED or column in ("column", "field"):
        return "text"
    if dtype in _KINDS:
        return _KINDS[dtype]
    return "day" if column in schema.DAYS and all(map(_is_day, values)) else "text"


def _is_day(value: str) -> bool:
    return not value or bool(ISO_DAY.fullmatch(value))


def table(frame: pd.DataFrame, language: str = "nl") -> Table:
    """The table as an analyst reads it: headings and codes in the language, Dutch numbers and money, '' for unknown.

    Takes any DataFrame of the library; columns of money [EUR cent] come out in euro, the index as it is. Gives text
    only: figures to compute with stand in the measure's own table.
    """
    found = readable(frame, language)
    shown = {name: _shown(kind, values, language) for name, (kind, values) in found.items()}
    made = Table(shown, index=frame.index)
    made.numeric = [name for name, (kind, _) in found.items() if kind in ("money", "number")]
    return made


def _shown(kind: str, values: list, language: str) -> list[str]:
    """Texts of the values of one column of `readable`."""
    if kind == "money":
        return [words.euro(value) for value in values]
    if kind == "number":
        whole = all(value is None or value % 1 == 0 for value in values)
        return [words.number(value, 0 if whole else 1) for value in values]
    if kind == "day":
        return [words.day(value) for value in values]
    if kind == "truth":
        return [words.say(f"truth.{bool(value)}".lower(), language) for value in values]
    return values
