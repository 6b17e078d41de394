"""The shape of a measure's table: which columns tell its rows apart, and in what each column is counted."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

NUMBERS = {"%": "Float64", "h": "Float64"}  # unit -> its dtype; of all others it is whole


@dataclass(frozen=True)
class Shape:
    """`keys` tell one row from another; `columns` are name -> unit, '' for what is no number."""

    keys: tuple[str, ...]
    columns: dict[str, str]

    def table(self, rows: list[tuple]) -> pd.DataFrame:
        """Rows in the order of the columns as a table: whole numbers Int64, shares and hours Float64; None is missing."""
        values = list(zip(*rows, strict=True)) or [()] * len(self.columns)
        table = {}
        for (name, unit), column in zip(self.columns.items(), values, strict=True):
            table[name] = list(column) or pd.Series(dtype=object)  # an empty list would be taken for numbers
            if unit:
                table[name] = pd.array(column, dtype=NUMBERS.get(unit, "Int64"))
        return pd.DataFrame(table)


def flags(real: int, made_up: int) -> tuple[bool, bool]:
    """invented and partly of a row: whether all that it counts is made up, and whether only some is."""
    return made_up > 0 and not real, made_up > 0 and real > 0


def flags_of(example: np.ndarray) -> tuple[bool, bool]:
    """The same of a mask over what a row counts: whether each is made up."""
    return flags(int((~example).sum()), int(example.sum()))


def shape(keys: str, columns: str) -> Shape:
    """As docstrings say it: shape("item", "item, label, cents [EUR cent]")."""
    parts = re.findall(r"(\w+)(?: \[([^\]]+)\])?", columns)
    return Shape(tuple(keys.split()), dict(parts))
