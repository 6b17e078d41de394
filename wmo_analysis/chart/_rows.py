"""Rows of the table of a measure, as charts walk over them: which of them, their numbers in words, and their columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from wmo_analysis import words


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, with None for what is unknown."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def known(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The rows of which the column is known."""
    return [row for row in rows if row[name] is not None]


def where(rows: list[dict[str, Any]], name: str, value: str) -> list[dict[str, Any]]:
    """The rows that hold a value in the column."""
    return [row for row in rows if row[name] == value]


def numbers(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Columns of a row as numbers in a text."""
    return {name: words.number(row[name]) for name in names}


def turned(marks: Sequence[Sequence], columns: int) -> list[list]:
    """Marks as plotly takes them, in columns; that many empty ones without marks."""
    return list(map(list, zip(*marks, strict=True))) or [[]] * columns
