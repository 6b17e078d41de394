"""First stage: a file as somebody sent it -> a grid of text.

Files are opened in a child process with a memory limit (`python -m wmo_analysis.pipeline.formats FILE ...`), so that a
damaged or hostile file can end the child but never the build. Every cell comes out as text in Dutch notation (12500.5 ->
'12500,5', a date -> '30-11-2006'), so that one strict grammar serves every format and the same list in another format
gives the same table.
"""

import csv
import datetime
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from decimal import Decimal
from pathlib import Path

from wmo_analysis.errors import ListUnreadable

MEMORY = 1_500_000_000  # bytes for the child; the largest honest list (1M rows as xlsx) needs about half of it
UNPACKED = 600_000_000  # bytes that an office file may unpack to
DAMAGED = "beschadigd of niet volledig gedownload"
SAME_KIND = {".csv": (".txt", ".tsv", ".tab"), ".html": (".htm", ".xhtml"), ".json": (".geojson",)}
DUTCH = ("Windows-1252", "ISO-8859-1", "ISO-8859-15", "cp850", "cp437", "MacRoman", "UTF-16")  # what offices here send


def grid(path: Path) -> dict:
    """Sheets of a file as text: {"sheets": [{"name", "first", "rows", "merged"}], "notes": [[code, text]]}.

    `first` is the number of the first row, `merged` lists [row, column, row, column] of a cell and the one it takes its
    text from. The format is found by content. Raises ListUnreadable (R01 damaged, R02 password, R03 too large).
    """
    with open(path, "rb") as file:
        start = file.read(8)
    notes = []
    if start.startswith(b"PK"):
        kind = _zip_kind(path)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        kind = ".xls"
        if path.suffix.lower() != ".xls" and b"E\0n\0c\0r\0y\0p\0t\0e\0d" in path.read_bytes():
            raise ListUnreadable("R02", "met een wachtwoord beveiligd")
    else:
        kind = _text_kind(path)
    suffix = path.suffix.lower()
    if suffix != kind and suffix not in SAME_KIND.get(kind, ()):
        if kind == ".csv" and suffix in (".xlsx", ".xls", ".ods", ".docx") and b"\0" in path.read_bytes():
            raise ListUnreadable("R01", DAMAGED)
        notes.append(["R06", kind])
    readers = {".csv": _text_file, ".docx": _word, ".json": _records, ".html": _web_page}
    sheets = readers.get(kind, _workbook)(path, notes)
    _mend(sheets, notes)
    return {"sheets": sheets, "notes": notes}


def _text_kind(path: Path) -> str:
    """What a text file holds: json records, a web page with a table (also when a program calls it .xls), or csv."""
    with open(path, "rb") as file:
        start = file.read(200_000).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start[:1] in (b"[", b"{") and re.match(rb'[\[{]\s*["{\[\]}]', start):
        return ".json"
    return ".html" if start[:1] == b"<" and b"<t" in start.lower() else ".csv"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
            names = set(archive.namelist())
            encrypted = any(info.flag_bits & 1 for info in archive.infolist())
            manifest = (
                archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names and size < UNPACKED else b""
            )
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise ListUnreadable("R01", DAMAGED, str(error)) from error
    if size > UNPACKED:
        raise ListUnreadable("R03", f"te groot: uitgepakt {size // 1_000_000} MB")
    if encrypted or b"encryption-data" in manifest:
        raise ListUnreadable("R02", "met een wachtwoord beveiligd")
    if "word/document.xml" in names:
        return ".docx"
    return ".ods" if "content.xml" in names else ".xlsx"


def _workbook(path: Path, notes: list) -> list[dict]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))  # from_path trusts the extension
        sheets = []
        for about in book.sheets_metadata:
            if about.visible != calamine.SheetVisibleEnum.Visible:
                notes.append(["R19", about.name])
                continue
            sheet = book.get_sheet_by_name(about.name)
            rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            merged = [
                [r, c, top, left]
                for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])
                for r in range(top, min(bottom, len(rows) - 1) + 1)
                for c in range(left, right + 1)
                if (r, c) != (top, left)
            ]
            sheets.append({"name": about.name, "rows": rows, "merged": merged})
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise ListUnreadable("R01", DAMAGED, str(error)) from error
    return sheets


def _word(path: Path, notes: list) -> list[dict]:
    import docx

    try:
        document = docx.Document(str(path))
    except (KeyError, ValueError, zipfile.BadZipFile, zlib.error, SyntaxError) as error:  # lxml raises a SyntaxError
        raise ListUnreadable("R01", DAMAGED, str(error)) from error
    sheets = []
    for number, table in enumerate(document.tables, 1):
        origin, rows, merged = {}, [], []
        for r, row in enumerate(table.rows):
            texts = []
            for c, cell in enumerate(row.cells):
                at = origin.setdefault(cell._tc, (r, c))  # a merged cell is one and the same _tc
                texts.append(cell.text if at == (r, c) else "")
                if at != (r, c):
                    merged.append([r, c, *at])
            rows.append(texts)
        sheets.append({"name": f"tabel {number}", "rows": rows, "merged": merged})
    return sheets


def _text_file(path: Path, notes: list) -> list[dict]:
    csv.field_size_limit(100_000_000)  # a quote that is never closed swallows the rest of the file: one odd row
    text = _decode(path.read_bytes(), notes)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    return [{"name": "", "rows": rows, "merged": []}]


def _records(path: Path, notes: list) -> list[dict]:
    """Every list of records in a json file as a sheet, named by the names that lead to it; a record within a record
    becomes columns "outer inner"."""
    try:
        content = json.loads(_decode(path.read_bytes(), notes))
    except (json.JSONDecodeError, RecursionError) as error:
        raise ListUnreadable("R01", DAMAGED, str(error)) from error
    sheets = []
    for name, records in _record_lists(content, []):
        flat = [_flat(record) for record in records]
        names = list(dict.fromkeys(name for record in flat for name in record))
        rows = [names, *([record.get(name, "") for name in names] for record in flat)]
        sheets.append({"name": name, "rows": rows, "merged": []})
    return sheets


def _record_lists(content, names: list[str]):
    if isinstance(content, list) and content and all(isinstance(item, dict) for item in content):
        yield " ".join(names), content
    elif isinstance(content, dict):
        for name, inner in content.items():
            yield from _record_lists(inner, [*names, name])


def _flat(record: dict, outer: str = "") -> dict[str, str]:
    cells = {}
    for name, value in record.items():
        if isinstance(value, dict):
            cells |= _flat(value, f"{outer}{name} ")
        elif isinstance(value, list):
            cells[outer + name] = "; ".join(_text(item) for item in value)
        else:
            cells[outer + name] = _text(value)
    return cells


def _web_page(path: Path, notes: list) -> list[dict]:
    """Every table of a web page; a table that only lays out other tables is left out."""
    import lxml.etree
    import lxml.html

    try:
        page = lxml.html.document_fromstring(_decode_page(path.read_bytes(), notes))
    except lxml.etree.ParserError as error:
        raise ListUnreadable("R01", DAMAGED, str(error)) from error
    tables = [table for table in page.iter("table") if not list(table.iterdescendants("table"))]
    sheets = []
    for number, table in enumerate(tables, 1):
        cells, merged = {}, []
        rows = list(table.iter("tr"))
        for r, row in enumerate(rows):
            c = 0
            for cell in row.iter("td", "th"):
                while (r, c) in cells:
                    c += 1
                cells[r, c] = _cell_text(cell)
                down, across = (
                    min(int(re.sub(r"\D", "", cell.get(f"{way}span", "")) or 1), 1000) for way in ("row", "col")
                )
                for inside in (
                    (i, j) for i in range(r, min(r + max(down, 1), len(rows))) for j in range(c, c + max(across, 1))
                ):
                    if inside != (r, c):
                        cells[inside] = ""
                        merged.append([*inside, r, c])
                c += max(across, 1)
        width = max((c + 1 for _, c in cells), default=0)
        texts = [[cells.get((r, c), "") for c in range(width)] for r in range(len(rows))]
        sheets.append({"name": f"tabel {number}", "rows": texts, "merged": merged})
    return sheets


def _cell_text(cell) -> str:
    """The text of a cell of a web page: a line break stays one, other white space is one space."""
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "").lstrip()
    lines = [re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in cell.text_content().strip().split("\n")]
    return "\n".join(lines).replace("\xa0", " ").strip()


def _decode_page(data: bytes, notes: list) -> str:
    stated = re.search(rb"charset=[\"']?([\w-]+)", data[:5000])
    name = stated[1].decode("ascii").lower() if stated else ""
    text = data.decode("cp1252", errors="replace") if name in ("iso-8859-1", "windows-1252") else _decode(data, notes)
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # lxml takes no text that states an encoding of its own


DOUBLE = re.compile(r"[ÂÃÄÅâ][^\x00-\x7f]")  # what the utf-8 of a letter with an accent looks like in Windows-1252


def _mend(sheets: list[dict], notes: list) -> None:
    """Undoes a wrong encoding, 'coÃ¶rdinatie' -> 'coördinatie', where that can be undone exactly; says in how many cells."""
    mended = 0
    for sheet in sheets:
        for row in sheet["rows"]:
            for at, cell in enumerate(row):
                if not cell.isascii() and DOUBLE.search(cell):
                    row[at] = _undoubled(cell)
                    mended += row[at] != cell
    if mended:
        notes.append(["R20", str(mended)])


def _undoubled(cell: str) -> str:
    """The text as it was before its utf-8 bytes were taken for Windows-1252; as it stands when they were not."""
    try:
        return b"".join(bytes([ord(c)]) if 0x80 <= ord(c) < 0xA0 else c.encode("cp1252") for c in cell).decode("utf-8")
    except UnicodeError:
        return cell


def _decode(data: bytes, notes: list) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError as error:
                raise ListUnreadable("R01", DAMAGED, name) from error
    if b"\0" in data:
        name = (
            "utf-16-le"
            if data[1::2].count(0) > len(data) / 4
            else "utf-16-be"
            if data[::2].count(0) > len(data) / 4
            else ""
        )
        notes.append(["R07", name or "NUL"])
        if name:
            return data.decode(name, errors="replace")
        data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        import chardet

        name = chardet.detect(data)["encoding"]
        name = name if name in DUTCH else "Windows-1252"
        notes.append(["R07", name])
        return data.decode(name, errors="replace")


def _delimiter(text: str) -> str:
    """The delimiter under which the largest share of the first records has one and the same number of fields, two at
    least; of equals the one that gives most fields."""

    def score(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(text[:50_000], newline=""), delimiter=delimiter)
        widths = Counter(len(record) for record, _ in zip(reader, range(50), strict=False))
        shares = [(count / widths.total(), width) for width, count in widths.items() if width > 1]
        return max(shares, default=(0, 0))

    return max((";", ",", "\t", "|"), key=score)


def _text(cell) -> str:
    """One cell as text in Dutch notation; numbers never get a thousands separator."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, (int, float)):
        exact = str(cell) if isinstance(cell, int) else f"{cell:.15g}"  # 15 digits, as a spreadsheet shows them
        return f"{Decimal(exact).normalize():f}".replace(".", ",")
    if isinstance(cell, (datetime.datetime, datetime.date)):
        return f"{cell.day:02}-{cell.month:02}-{cell.year}"
    return str(cell)


def _child() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name in sys.argv[1:]:
        try:
            answer = grid(Path(name))
        except ListUnreadable as error:
            answer = {"error": [error.code, error.text, error.listed]}
        except MemoryError:
            answer = {"error": ["R03", "te groot om te lezen", ""]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def grids(paths: list[Path]):
    """For each path in turn its grid, or the ListUnreadable that reading it ended with; the child may die over one."""
    left = list(paths)
    while left:
        command = [sys.executable, "-m", "wmo_analysis.pipeline.formats", *map(str, left)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
            for line in child.stdout:
                answer = json.loads(line)
                left.pop(0)
                yield ListUnreadable(*answer["error"]) if "error" in answer else answer
        if child.returncode:
            left.pop(0)
            yield ListUnreadable("R03", "te groot of beschadigd: het lezen is afgebroken")


if __name__ == "__main__":
    _child()
