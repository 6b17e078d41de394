"""Tables of a Word document or a web page, and the lists of records of a json file."""

import itertools
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from wmo_analysis.errors import ListUnreadable
from wmo_analysis.office import widest
from wmo_analysis.readers.cells import Notes, Parts, as_text, sheet_parts
from wmo_analysis.readers.delimited import decode
from wmo_analysis.readers.limits import DAMAGED, MOST_COVERED, MOST_NUMBER, MOST_SPAN, TOO_MERGED, TOO_WIDE, fits
from wmo_analysis.readers.workbook import covered


def word_file(path: Path, notes: Notes) -> Parts:
    import docx

    try:
        with zipfile.ZipFile(path) as archive:
            if widest(archive.read("word/document.xml")) > MOST_SPAN:
                raise ListUnreadable("R03", TOO_WIDE)
        document = docx.Document(str(path))
    except (KeyError, ValueError, zipfile.BadZipFile, zlib.error, SyntaxError) as error:  # lxml raises a SyntaxError
        raise ListUnreadable("R01", DAMAGED) from error
    for number, table in enumerate(document.tables, 1):
        origin, rows, merged = {}, [], []
        for r, row in enumerate(table.rows):
            texts = []
            for c, cell in enumerate(row.cells):
                at = origin.setdefault(cell._tc, (r, c))  # a merged cell is one and the same _tc
                texts.append(cell.text if at == (r, c) else "")
                if at != (r, c):
                    merged.append((r, c, *at))
            rows.append(texts)
            if len(merged) > MOST_COVERED:
                raise ListUnreadable("R03", TOO_MERGED)
        yield from sheet_parts(f"tabel {number}", list(itertools.zip_longest(*rows, fillvalue="")), merged)


def json_file(path: Path, notes: Notes) -> Parts:
    """Every list of records in a json file as a sheet, named by the names that lead to it; a record within a record
    becomes columns "outer inner"."""
    try:
        content = json.loads(decode(path.read_bytes(), notes), parse_int=_whole_number)
    except json.JSONDecodeError as error:
        raise ListUnreadable("R01", DAMAGED) from error
    for name, records in _record_lists(content, []):
        flat = [_flat(record) for record in records]
        names = dict.fromkeys(itertools.chain.from_iterable(flat))
        fits(len(flat) + 1, len(names))
        columns = []
        for column in names:
            columns.append([column, *(record.get(column, "") for record in flat)])
        yield from sheet_parts(name, columns, [])


def _whole_number(digits: str) -> int | str:
    """A whole number of json; one that is longer than any amount stays as it is written."""
    return int(digits) if len(digits) <= MOST_NUMBER else digits


def _record_lists(content: object, names: list[str]) -> Iterator[tuple[str, list[dict]]]:
    if isinstance(content, list) and content and all(isinstance(item, dict) for item in content):
        yield " ".join(names), content
    elif isinstance(content, dict):
        for name, inner in content.items():
            yield from _record_lists(inner, [*names, name])


def _flat(record: dict, outer: str = "") -> dict[str, object]:
    cells = {}
    for name, value in record.items():
        if isinstance(value, dict):
            cells |= _flat(value, f"{outer}{name} ")
        elif isinstance(value, list):
            cells[outer + name] = "; ".join(map(as_text, value))
        else:
            cells[outer + name] = value
    return cells


def web_page(path: Path, notes: Notes) -> Parts:
    """Every table of a web page; a table that only lays out other tables is left out."""
    import lxml.etree
    import lxml.html

    try:
        page = lxml.html.document_fromstring(_decode_page(path.read_bytes(), notes))
    except lxml.etree.ParserError as error:
        raise ListUnreadable("R01", DAMAGED) from error
    tables = [table for table in page.iter("table") if not list(table.iterdescendants("table"))]
    for number, table in enumerate(tables, 1):
        rows = list(table.iter("tr"))
        cells, merged = _page_cells(rows)
        width = max((c + 1 for _, c in cells), default=0)
        fits(len(rows), width)
        columns = []
        for c in range(width):
            columns.append([cells.get((r, c), "") for r in range(len(rows))])
        yield from sheet_parts(f"tabel {number}", columns, merged)


def _page_cells(rows: list) -> tuple[dict[tuple[int, int], str], list[tuple[int, int, int, int]]]:
    """The texts of a table by (row, column), and its merged cells."""
    cells, merged = {}, []
    for r, row in enumerate(rows):
        c = 0
        for cell in row.iter("td", "th"):
            while (r, c) in cells:
                c += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            for place in covered(r, c, min(r + down, len(rows)), c + across, len(merged)):
                cells[place[:2]] = ""
                merged.append(place)
            cells[r, c] = _cell_text(cell)
            c += across
    return cells, merged


def _span(cell: object, name: str) -> int:
    """How many rows or columns a cell of a web page takes, at most 1000."""
    digits = re.sub(r"\D", "", cell.get(name, ""))
    return max(min(int(digits or 1), 1000), 1)


def _cell_text(cell: object) -> str:
    """The text of a cell of a web page: a line break stays one, other white space is one space."""
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "").lstrip()
    lines = [re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in cell.text_content().strip().split("\n")]
    return "\n".join(lines).replace("\xa0", " ").strip()


def _decode_page(data: bytes, notes: Notes) -> str:
    stated = re.search(rb"charset=[\"']?([\w-]+)", data[:5000])
    name = stated[1].decode("ascii").lower() if stated else ""
    latin = {"iso-8859-1": "cp1252", "windows-1252": "cp1252", "iso-8859-15": "iso-8859-15"}
    text = data.decode(latin[name], errors="replace") if name in latin else decode(data, notes)
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # lxml takes no text that states an encoding of its own
