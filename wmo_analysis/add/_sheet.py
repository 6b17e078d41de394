"""The one door from here to the reading of files: sheets as rows of text, and rows of a table under our names."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from wmo_analysis.errors import ListUnreadable
from wmo_analysis.pipeline import formats, header, money
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.stage import ROW
from wmo_analysis.readers.cells import NUMBER
from wmo_analysis.readers.limits import CLOSED, NO_FILE
from wmo_analysis.schema import AMOUNTS, CURRENCIES, TEXTS

FIRST = 5  # rows that are shown as they would come out

fold = header.fold  # a header as it is compared
ABSENT = (NO_FILE, CLOSED)  # there is nothing to read


@dataclass
class Sheet:
    """A sheet, or a table of a document, as text. `merged` lists row, column, row, column of a cell and its origin."""

    grid: formats.Grid

    @property
    def name(self) -> str:
        return self.grid.name

    @property
    def merged(self) -> tuple[tuple[int, int, int, int], ...]:
        return self.grid.merged

    def numbers(self, column: int) -> frozenset[str]:
        """The texts of the cells of a column that are numbers of the file."""
        types = self.grid.types.get(column)
        if types is None:
            return frozenset()
        texts = self.grid.columns[column].filter(pa.array(types == NUMBER))
        return frozenset(texts.unique().to_pylist())

    @cached_property
    def rows(self) -> list[list[str]]:
        return self.grid.rows(0, len(self.grid))


@dataclass(frozen=True)
class Sum:
    """What a build would read of a column of amounts: how many cells are filled and count as euros, their sum [EUR cent], and
    (currency, cells, sum) of those that are in another one."""

    name: str
    filled: int
    read: int
    cents: int
    others: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Rows:
    """What a build would read of a table: how many rows, how many it would set aside, the first as they come out, and the
    sums of its amounts."""

    count: int
    set_aside: int
    first: list[dict[str, str]]
    sums: list[Sum]


def opened(path: Path) -> tuple[list[Sheet], list[list[str]]]:
    """The sheets of a file, and code and text of what was odd in it. Raises ListUnreadable."""
    (answer,) = formats.opened_all([path])
    if isinstance(answer, ListUnreadable):
        raise answer
    return list(map(Sheet, answer.grids)), list(map(list, answer.notes))


def header_texts(sheet: Sheet, at: int, height: int) -> dict[int, str]:
    """column -> text of its header, when the header is the `height` rows from `at`."""
    return header.header_texts(sheet.rows, sheet.merged, at, height)


def read_rows(sheet: Sheet, card: Card) -> Rows:
    """The rows of the table as a build would read them with this card."""
    grid = replace(sheet.grid, columns=list(sheet.grid.columns))  # reading takes the columns over
    rows = header.read(formats.Opened([grid], []), card, 0).rows
    sums = [_sum_of(money.amounts(rows, [card], name), name, rows) for name in AMOUNTS if name in card.columns]
    real = rows.take((rows.kind == ROW).nonzero()[0])
    first = real.take(slice(0, FIRST))
    texts = {name: first.texts[name].texts().to_pylist() for name in TEXTS if name in first.texts}
    shown = [dict(zip(texts, each, strict=True)) for each in zip(*texts.values(), strict=True)]
    return Rows(len(real), len(rows) - len(real), shown, sums)


def _sum_of(read: money.Amounts, name: str, rows: header.Rows) -> Sum:
    filled = rows.text(name).filled & (rows.kind == ROW)
    euros = filled & read.read
    others = []
    for code in np.unique(read.currency[filled & (read.reasons == money.REASONS.index("currency"))]).tolist():
        here = filled & (read.currency == code)
        others.append((CURRENCIES[code], int(here.sum()), int(read.cents[here].sum())))
    return Sum(name, int(filled.sum()), int(euros.sum()), int(read.cents[euros].sum()), tuple(others))


def opens_total(cell: str) -> bool:
    """Whether a row that begins with this cell is a total."""
    return bool(header.TOTAL_WORD.match(fold(cell)))
