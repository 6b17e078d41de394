"""What was seen in a list that nobody described: its table, and for each column what it is proposed to be."""

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wmo_analysis.schema import AMOUNTS

if TYPE_CHECKING:
    from wmo_analysis.add._shape import Table


@dataclass(frozen=True)
class Money:
    """How the amounts of a column are written, as its header, the titles, its cells and a person say."""

    unit: int = 1  # 1, 1000 or 1000000
    decimal: str = ","
    currency: str = "EUR"
    said: bool = False  # whether the list says the unit
    unclear: tuple[str, ...] = ()  # what a person must say before they count: UNCLEAR

    @property
    def unsettled(self) -> list[str]:
        """The parts (unit, decimal, currency) that a person must say before the amounts count."""
        return [UNCLEAR[why] for why in self.unclear]


UNCLEAR = {  # what is not clear -> the part of Money that settles it
    "unit_unknown": "unit",
    "unit_differs": "unit",
    "unit_changed": "unit",
    "unit_shown": "unit",
    "unit_cents": "unit",
    "decimal_differs": "decimal",
    "decimal_unknown": "decimal",
}


@dataclass(frozen=True)
class Counted:
    """What the cells of a column amount to, over all rows; totals are left out."""

    filled: int
    different: int
    days: int  # cells from which a date is read
    places: int | None = None  # cells that name a place of the codebook; None where nobody looked
    # (names, ISO day) of municipalities that were formed after, and merged before, the day of the codebook
    vintage: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True)
class Proposed:
    """A column of a list, and what it could be."""

    column: int  # position, from 0
    header: str
    named: str  # its header on the card: the second of two alike is "Bedrag [2]"
    proposed: str  # one of schema.CHOICES: "contact" is dropped, "remarks" and "" are not used
    asked: bool  # a person must choose
    reason: str  # Dutch
    samples: tuple[str, ...]  # three, without contact data
    counted: Counted = Counted(0, 0, 0)
    rank: int | None = None  # which comes first of several columns that are one thing; None is first
    money: Money = Money()  # were it chosen as an amount


@dataclass(frozen=True)
class Other:
    """A table of the file that was not taken."""

    sheet: str
    header_row: int
    rows: int


@dataclass(frozen=True)
class Seen:
    """The best table of a list and a proposal for every column. `first` holds the first rows as they would come out."""

    file: str
    sheet: str
    header_row: int  # as a spreadsheet numbers it
    header_rows: int  # their number
    century: int  # a year of two digits is one of the hundred from this one; 0: there are none
    sections: str  # what the section rows between the data name, or ""
    kinds: list[str]  # kinds of rows on the card
    sheets: list[str]  # those with the same header
    notes: list[list[str]]  # code and text of what was odd in the file
    columns: tuple[Proposed, ...]
    rows: int  # data rows
    set_aside: int  # totals, notes, repeated headers
    first: list[dict[str, str]]
    tables: tuple[Other, ...]
    table: "Table" = dataclasses.field(repr=False, compare=False)  # that it was seen in

    @property
    def amounts(self) -> list[Proposed]:
        """The columns that are amounts."""
        return [column for column in self.columns if column.proposed in AMOUNTS]

    @property
    def asked(self) -> list[Proposed]:
        """The columns that a person must choose."""
        return [column for column in self.columns if column.asked]

    def written(self, part: str) -> dict[str, int | str]:
        """`unit`, `decimal` or `currency` of each column that is an amount: asked, granted, settled, amount."""
        return {column.proposed: getattr(column.money, part) for column in self.amounts}

    def as_dict(self) -> dict:
        """The same as JSON holds it: what `wmo add --json` prints."""
        seen = json.loads(json.dumps(dataclasses.asdict(dataclasses.replace(self, table=None))))
        del seen["table"]
        for column in seen["columns"]:
            if column["rank"] is None:
                del column["rank"]
            if column["proposed"] not in AMOUNTS:
                del column["money"]
        return seen
