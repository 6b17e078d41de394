"""The one door from here to the reading of files: sheets as rows of text, and rows of a table under our names."""

from dataclasses import dataclass
from pathlib import Path

from wmo_analysis.errors import ListUnreadable
from wmo_analysis.pipeline import formats, header

fold = header.fold  # a header as it is compared
letter = header.letter  # the name of a column as a spreadsheet shows it


@dataclass
class Sheet:
    """A sheet, or a table of a document, as text. `merged` lists [row, column, row, column] of a cell and its origin."""

    name: str
    rows: list[list[str]]
    merged: list[list[int]]


def opened(path: Path) -> tuple[list[Sheet], list[list[str]]]:
    """The sheets of a file, and code and text of what was odd in it. Raises ListUnreadable."""
    (answer,) = formats.grids([path])
    if isinstance(answer, ListUnreadable):
        raise answer
    return [Sheet(sheet["name"], sheet["rows"], sheet["merged"]) for sheet in answer["sheets"]], answer["notes"]


def header_texts(sheet: Sheet, at: int, height: int) -> dict[int, str]:
    """column -> text of its header, when the header is the `height` rows from `at`."""
    return header.header_texts(vars(sheet), at, height)


def read_rows(sheet: Sheet, card: dict) -> list[dict]:
    """The rows of the table as a build would read them with these lines of a card.

    A merged cell is filled in the sheet itself: ask this last.
    """
    return header.table({"sheets": [vars(sheet)], "notes": []}, card)[0]


def opens_total(cell: str) -> bool:
    """Whether a row that begins with this cell is a total."""
    return bool(header.TOTAL.match(cell.strip().casefold()))
