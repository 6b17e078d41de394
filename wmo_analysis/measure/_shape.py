"""The shape of a measure's table: which columns tell its rows apart, and in what each column is counted."""

import re
from dataclasses import dataclass

import pandas as pd

FLOATS = ("%", "h")  # units of what is no whole number


@dataclass(frozen=True)
class Shape:
    """`keys` tell one row from another; `columns` are name -> unit, '' for what is no number."""

    keys: tuple[str, ...]
    columns: dict[str, str]

    def table(self, rows: list[tuple]) -> pd.DataFrame:
        """Rows in the order of the columns as a table: whole numbers Int64, shares and hours Float64; None is missing."""
        values = zip(*rows, strict=True) if rows else [()] * len(self.columns)
        table = {}
        for (name, unit), column in zip(self.columns.items(), values, strict=True):
            dtype = "Float64" if unit in FLOATS else "Int64"
            texts = list(column) or pd.Series(dtype=object)  # an empty list would be taken for numbers
            table[name] = pd.array(column, dtype=dtype) if unit else texts
        return pd.DataFrame(table)


def flags(real: int, made_up: int) -> tuple[bool, bool]:
    """invented and partly of a row: whether all that it counts is made up, and whether only some is."""
    return made_up > 0 and not real, made_up > 0 and real > 0


def shape(keys: str, columns: str) -> Shape:
    """As docstrings say it: shape("item", "item, label, cents [EUR cent]")."""
    parts = re.findall(r"(\w+)(?: \[([^\]]+)\])?", columns)
    return Shape(tuple(keys.split()), dict(parts))
