"""Workbooks: xlsx, xlsb, xls and ods."""

import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from wmo_analysis.errors import ListUnreadable
from wmo_analysis.office import Aside, letter, of_ods, of_xlsx, repeats
from wmo_analysis.readers.cells import Notes, Parts, as_text, sheet_parts
from wmo_analysis.readers.limits import DAMAGED, MOST_COVERED, MOST_REPEATED, TOO_MERGED, TOO_OFTEN, fits


def book_file(path: Path, notes: Notes) -> Parts:
    import python_calamine as calamine

    asides = _asides(path)
    if asides is None:
        notes.append(("R29", path.suffix.lower()))
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))  # from_path trusts the extension
        for number, about in enumerate(book.sheets_metadata):
            if about.visible != calamine.SheetVisibleEnum.Visible:
                notes.append(("R19", about.name))
                continue
            sheet = book.get_sheet_by_name(about.name)
            rows = sheet.to_python(skip_empty_area=False)
            aside = (asides or {}).get(about.name) or (asides or {}).get(number) or Aside()
            _put_back(rows, aside.cells)
            _put_beside(rows, aside.beside)
            if aside.scaled:
                notes.append(("R31", f"{about.name}: {', '.join(map(letter, sorted(aside.scaled)))}"))
            if hidden := aside.hidden(rows):
                notes.append(("R24", f"{about.name}: {hidden}"))
            width = len(rows[0]) if rows else 0
            fits(1, width)
            merged = []
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
                merged += covered(top, left, min(bottom + 1, len(rows)), min(right + 1, width), len(merged))
            yield from sheet_parts(about.name, list(zip(*rows, strict=True)), merged)
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise ListUnreadable("R01", DAMAGED) from error


def _asides(path: Path) -> dict[str | int, Aside] | None:
    """What the cells of the sheets do not show, by name or number of the sheet; None where the format does not tell (xls,
    xlsb). Raises ListUnreadable for an ods of which a row stands for more rows than a list has."""
    if not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "xl/workbook.bin" in names:
                return None
            if "content.xml" not in names:
                return dict(enumerate(of_xlsx(archive)))
            content = archive.read("content.xml")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise ListUnreadable("R01", DAMAGED) from error
    if repeats(content, MOST_REPEATED):
        raise ListUnreadable("R03", TOO_OFTEN)
    return of_ods(content)


def _put_back(rows: list[list], cells: list[tuple[int, int, str]]) -> None:
    """Puts texts into the cells that came out empty: what was not counted must be seen."""
    width = len(rows[0]) if rows else 0
    for row, column, text in cells:
        if row < len(rows) and column < width and rows[row][column] == "":
            rows[row][column] = text


def _put_beside(rows: list[list], shown: list[tuple[int, int, str, str]]) -> None:
    """Makes a text of a number that is shown with a currency or unit, as if it were typed so."""
    width = len(rows[0]) if rows else 0
    for row, column, before, behind in shown:
        if row < len(rows) and column < width and type(rows[row][column]) in (int, float):
            rows[row][column] = f"{before}{as_text(rows[row][column])}{behind}"


def covered(top: int, left: int, below: int, beyond: int, count: int = 0) -> Iterator[tuple[int, int, int, int]]:
    """row, column of each cell that takes its text from (top, left): up to, not with, row `below` and column `beyond`.

    Raises ListUnreadable where there are more than a list can have, with the `count` of those that there are already.
    """
    if count + (below - top) * (beyond - left) > MOST_COVERED:
        raise ListUnreadable("R03", TOO_MERGED)
    for cell in itertools.product(range(top, below), range(left, beyond)):
        if cell != (top, left):
            yield *cell, top, left
