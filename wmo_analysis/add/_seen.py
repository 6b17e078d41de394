"""What was seen in a list that nobody described: its table, and for each column what it is proposed to be."""

import dataclasses
import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """What the cells of a column amount to, over all rows; totals are left out."""

    filled: int
    different: int
    amounts: int  # cells from which an amount is read
    cents: int  # their sum [EUR 0.01], before the unit
    days: int  # cells from which a date is read
    places: int | None = None  # cells that name a place of the codebook; None where nobody looked


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
    counted: Counted = Counted(0, 0, 0, 0, 0)
    rank: int | None = None  # which comes first of several columns that are one thing; None is first


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
    unit: int  # 1, 1000 or 1000000 [EUR]
    units: dict[str, int]  # of amounts that have another one
    decimal: str  # "," or "."
    sections: str  # what the section rows between the data name, or ""
    kinds: list[str]  # kinds of rows on the card
    sheets: list[str]  # those with the same header
    notes: list[list[str]]  # code and text of what was odd in the file
    columns: tuple[Proposed, ...]
    rows: int  # data rows
    set_aside: int  # totals, notes, repeated headers
    first: list[dict[str, str]]
    tables: tuple[Other, ...]

    def as_dict(self) -> dict:
        """The same as JSON holds it: what `wmo add --json` prints."""
        seen = json.loads(json.dumps(dataclasses.asdict(self)))
        for column in seen["columns"]:
            if column["rank"] is None:
                del column["rank"]
        return seen
