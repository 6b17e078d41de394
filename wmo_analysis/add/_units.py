"""What holds for a whole list: the unit and the decimal sign of its amounts, and what its section rows name."""

import itertools
import re

from wmo_analysis.add._columns import READABLE, Column
from wmo_analysis.add._shape import Table, filled
from wmo_analysis.add._vocabulary import UNIT, pointed
from wmo_analysis.codebook import key
from wmo_analysis.schema import AMOUNTS

LABEL = re.compile(r"^(?:[^\W\d]+\s*:|(?:[A-Z]|\d{1,2}|[IVX]+)[.)])\s*")  # before a name: "Thema: ", "A. "


def units_of(table: Table, columns: list[Column]) -> tuple[int, dict[str, int]]:
    """The unit of all amounts, and of those that have another one. One that only some headers state is asked."""
    above = itertools.chain.from_iterable(table.sheet.rows[: table.at])
    general = _stated(" ".join([*above, table.sheet.name]))
    money = _money(columns)
    own = {column.name: _stated(column.header) for column in money}
    stated = set(own.values())
    if not general and len(stated) == 1 and 0 not in stated:
        return stated.pop(), {}
    units = {name: unit for name, unit in own.items() if unit not in (0, general)}
    for column in money:
        if units:  # all amounts, also those without a unit: which of the two is the exception cannot be known
            column.ask("add.unit_differs")
    return general or 1, units


def _money(columns: list[Column]) -> list[Column]:
    return [column for column in columns if column.name in AMOUNTS]


def _stated(text: str) -> int:
    """The unit that a text states, 0 when it states none."""
    match = UNIT.search(text)
    if not match:
        return 0
    word = re.sub(r"[. ]", "", next(filter(None, match.groups()))).casefold()
    return 1_000_000 if word.startswith(("mln", "miljoen", "1000000")) else 1000


def decimal_of(columns: list[Column]) -> str:
    """'.' when amounts have a decimal point and none a comma; a list that has both is asked."""
    money = _money(columns)
    points = [column for column in money if any(map(pointed, column.counts))]
    commas = any(re.search(r"\d,\d\d?(?!\d)", text) for column in money for text in column.counts)
    if points and not commas:
        return "."
    for column in points:
        column.ask("add.decimal_differs")
    return ","


def sections_of(table: Table, columns: list[Column]) -> str:
    """What the rows of one cell between the data name: municipality or theme, when no column does, else ''."""
    if len(table.header) < 3:
        return ""
    texts = []
    for row, (own, below) in zip(table.below, itertools.pairwise(table.filled), strict=False):
        if own == 1 and below > 1:  # a note at the end has no data below it
            texts.append(LABEL.sub("", row[filled(row)[0]].strip()))
    if len(texts) < 2:
        return ""
    taken = {column.name for column in columns if column.filled}
    section = Column(-1, "", texts, columns[0].codebook)
    if "municipality" not in taken and section.placed >= READABLE:
        return "municipality"
    known = section.codebook.names("theme")
    return "theme" if "theme" not in taken and section.share(lambda text: key(text) in known) >= READABLE else ""
