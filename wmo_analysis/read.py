"""First stage: a list as somebody sent it -> rows of text under our column names, each with its sheet and row.

Files are opened in a child process with a memory limit (`python -m wmo_analysis.read FILE ...`), so that a damaged or
hostile file can end the child but never the build. Every cell comes out as text in Dutch notation (12500.5 -> '12500,5',
a date -> '30-11-2006'), so that one strict grammar serves every format and the same list in another format gives the
same table. Nothing is repaired here: odd rows are set aside, each with a finding.
"""

import csv
import datetime
import hashlib
import io
import itertools
import json
import re
import subprocess
import sys
import tomllib
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
TEXTS = (  # every column name of ours, as rows have them
    "key title source municipality weights theme status start end hours round talk quotation approval_1 approval_2 "
    "approval_3 second_contact asked granted settled amount_date kind amount merges_with good_example target target_unit "
    "target_at_least fact_id as_of statement stated unit measure"
).split()
UNITS = (1, 1000, 1_000_000)  # what an amount of 1 stands for [EUR]
AMOUNTS = ("asked", "granted", "settled", "amount")
TOTAL = re.compile(r"((sub|eind|tussen|generaal|algemeen)?[ -]?totaal|totalen)\b")
MUST_HAVE = {
    "projects": ["title"],
    "conversations": ["municipality", "round"],
    "claims": ["fact_id", "as_of", "stated", "measure"],
}


# ---------------------------------------------------------------- cards


def cards(raw: Path) -> tuple[list[dict], list[dict]]:
    """Cards of every list below data/raw, in order of file name, and findings on lists without a usable card.

    A card is its toml plus `path` and `list` (the file relative to data/raw). Findings: R18 (no card, or one that
    cannot be used), R17 (the file is not the one that the card describes).
    """
    found, findings = [], []
    for path in sorted(p for p in raw.rglob("*") if p.is_file() and not p.name.startswith((".", "~$"))):
        name = path.relative_to(raw).as_posix()
        if path.name.endswith(".card.toml"):
            try:
                card = tomllib.loads(path.read_text(encoding="utf-8"))
                lacking = _wrong_with(card)
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                findings.append({"code": "R18", "file": name, "listed": str(error)})
                continue
            if not lacking and not (path.parent / card["file"]).is_file():
                lacking = [card["file"]]
            if lacking:
                findings.append({"code": "R18", "file": name, "listed": ", ".join(lacking)})
                continue
            card = card | {"path": path.parent / card["file"], "date": str(card["date"])}
            card["list"] = card["path"].relative_to(raw).as_posix()
            if hashlib.sha256(card["path"].read_bytes()).hexdigest() != card["sha256"]:
                findings.append({"code": "R17", "file": card["list"]})
            else:
                found.append(card)
        elif not any(path.name == c.name.removesuffix(".card.toml") + path.suffix for c in _cards_beside(path)):
            findings.append({"code": "R18", "file": name, "listed": "card.toml"})
    return found, findings


def _wrong_with(card: dict) -> list[str]:
    """The lines of a card that are missing or cannot be used."""
    from wmo_analysis.codebook import BASES  # not at the top: the child never needs it, and pandas with it

    lacking = [name for name in ("file", "sha256", "rows", "basis", "date", "columns") if name not in card]
    if lacking:
        return lacking
    ours = {*TEXTS, "approval"} - {"approval_1", "approval_2", "approval_3"}
    named = {"columns": card["columns"], "constants": card.get("constants", {})}
    wrong = [f"{part}: {name}" for part, names in named.items() for name in names if name not in ours]
    wrong += [f"{name}: {card[name]}" for name in ("rows", "sheets") if not isinstance(card.get(name, []), list)]
    wrong += ["rows: []"] if card["rows"] == [] else []
    units = card.get("unit", 1)
    by_column = units if isinstance(units, dict) else dict.fromkeys(AMOUNTS, units)
    wrong += [f"unit: {name} = {unit}" for name, unit in by_column.items() if name not in AMOUNTS or unit not in UNITS]
    wrong += [f"decimal: {card['decimal']}"] if card.get("decimal", ",") not in (",", ".") else []
    wrong += [f"sections: {card['sections']}"] if card.get("sections", "theme") not in ours else []
    if not wrong:
        wrong += [f"rows: {kind}" for kind in card["rows"] if kind not in MUST_HAVE]
        must = {name for kind in card["rows"] for name in MUST_HAVE.get(kind, [])}
        stated = {*card["columns"], *card.get("constants", {}), card.get("sections", "")}
        wrong += sorted(f"columns: {name}" for name in must - stated)
    if card["basis"] not in BASES:
        wrong.append(f"basis: {card['basis']}")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(card["date"])):
        wrong.append(f"date: {card['date']}")
    links = [(name, link) for name in ("same_as", "continues") for link in card.get(name, [])]
    return wrong + [name for name, link in links if not {"row", "project"} <= set(link)]


def _cards_beside(path: Path):
    return path.parent.glob("*.card.toml")


# ---------------------------------------------------------------- the child: file -> grid of text


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
        command = [sys.executable, "-m", "wmo_analysis.read", *map(str, left)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
            for line in child.stdout:
                answer = json.loads(line)
                left.pop(0)
                yield ListUnreadable(*answer["error"]) if "error" in answer else answer
        if child.returncode:
            left.pop(0)
            yield ListUnreadable("R03", "te groot of beschadigd: het lezen is afgebroken")


# ---------------------------------------------------------------- grid -> rows under our names


def table(sheets: dict, card: dict) -> tuple[list[dict], list[dict], set[str]]:
    """Rows under our column names, findings, and the contents of the contact columns.

    Each row is a dict: `sheet`, `row` (as a spreadsheet shows it), `kind_of_row` (row, total, note, header, odd),
    `opening` (its first filled cell, folded) and our columns, as text; an amount in a merged cell stands once, other
    merged cells are filled.
    Raises ListUnreadable (R04 a must-have column is missing, R05 no rows).
    """
    findings = [{"code": code, "listed": text} for code, text in sheets["notes"]]
    wanted = card.get("sheets")
    rows: list[dict] = []
    contacts: set[str] = set()
    lacking: dict[str, list[str]] = {}
    if not any(cell.strip() for sheet in sheets["sheets"] for row in sheet["rows"] for cell in row):
        raise ListUnreadable("R05", "het bestand is leeg")
    for sheet in sheets["sheets"]:
        if wanted and sheet["name"] not in wanted:
            continue
        header = _header(sheet, card)
        if header["missing"]:
            lacking[sheet["name"]] = header["missing"]
            continue
        rows += _rows(sheet, card, header, findings, contacts)
    if lacking and (wanted or not rows):
        missing = next(iter(lacking.values()))
        raise ListUnreadable("R04", f"kolom ontbreekt: {', '.join(missing)}", ", ".join(missing))
    if not rows:
        raise ListUnreadable("R05", "geen rijen gevonden onder de kop")
    return rows, findings, contacts


def fold(text: str) -> str:
    """A header as it is compared: spaces, case, stars and colons do not matter."""
    return re.sub(r"[\s*:]+", " ", text).strip().casefold()


def _asked(card: dict) -> list[tuple[str, str]]:
    """(ours, header) of every mapped column; `approval` stands for several, of another one the first filled counts."""
    pairs = []
    for ours, headers in card["columns"].items():
        several = headers if isinstance(headers, list) else [headers]
        numbered = ours == "approval" and len(several) > 1
        pairs += [(f"{ours}_{i}" if numbered else ours, header) for i, header in enumerate(several, 1)]
    return pairs


def header_texts(sheet: dict, at: int, height: int) -> dict[int, str]:
    """column -> the text of its header: that of the rows from `at`, joined, a merged cell for all that it covers.

    A column without a header within the table is "(kolom C)".
    """
    filled = {(r, c): (top, left) for r, c, top, left in sheet["merged"] if at <= r < at + height}
    groups = _groups(sheet["rows"][at : at + height], at, filled)
    texts = {}
    for column in range(max(len(row) for row in sheet["rows"][at : at + height])):
        parts = []
        for r in range(at, at + height):
            top, left = filled.get((r, column), (r, groups.get((r, column), column)))
            text = sheet["rows"][top][left].strip() if left < len(sheet["rows"][top]) else ""
            if text and text not in parts:
                parts.append(text)
        if parts:
            texts[column] = " ".join(parts)
    below = range(min(len(sheet["rows"][at + height - 1]), max(texts, default=-1) + 20))
    bare = [c for c in below if c not in texts]
    for column in bare:
        if any(column < len(row) and row[column].strip() for row in sheet["rows"][at + height : at + height + 60]):
            texts[column] = f"(kolom {letter(column)})"
    return texts


def _groups(rows: list[list[str]], at: int, filled: dict) -> dict[tuple[int, int], int]:
    """(row, column) of a blank cell above a name -> the column of its group, where cells are not merged."""
    groups = {}
    for r, (upper, lower) in enumerate(itertools.pairwise(rows), at):
        group = None
        for column, cell in enumerate(lower):
            above = column < len(upper) and upper[column].strip()
            if (r, column) in filled or not cell.strip():
                group = None
            elif above:
                group = column
            elif group is not None:
                groups[r, column] = group
    return groups


def letter(column: int) -> str:
    """The name of a column as a spreadsheet shows it: 0 -> A, 26 -> AA."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def _header(sheet: dict, card: dict) -> dict:
    """Where the header is, which column holds what of ours, and which must-have headers are missing."""
    height = card.get("header_rows", 1)
    asked = _asked(card)
    must = {name for kind in card["rows"] for name in MUST_HAVE[kind]} - {
        *card.get("constants", {}),
        card.get("sections", ""),
    }
    best: tuple[int, int, dict] = (-1, 0, {})
    for at in range(min(len(sheet["rows"]) - height + 1, 60)):
        texts: dict[str, list[int]] = {}
        for column, text in header_texts(sheet, at, height).items():
            texts.setdefault(fold(text), []).append(column)
        for text, columns in [item for item in texts.items() if len(item[1]) > 1]:
            texts |= {f"{text} [{i}]": [column] for i, column in enumerate(columns, 1)}
        hits = sum(fold(header) in texts for _, header in asked)
        if hits > best[0]:
            best = (hits, at, texts)
    _, at, texts = best
    places: dict[str, int] = {}
    others: dict[str, list[int]] = {}  # where to look when the first one is empty
    for ours, header in asked:
        if fold(header) in texts:
            column = texts[fold(header)][0]
            others.setdefault(ours, []).append(column) if ours in places else places.update({ours: column})
    missing = [header for ours, header in asked if ours in must and ours not in places]
    return {"at": at, "height": height, "texts": texts, "places": places, "others": others, "missing": missing,
            "asked": asked}  # fmt: skip


def _rows(sheet: dict, card: dict, header: dict, findings: list, contacts: set) -> list[dict]:
    name, places, first = sheet["name"], header["places"], header["at"] + header["height"]
    where = {"sheet": name, "row": header["at"] + 1}
    for ours, text in header["asked"]:
        if fold(text) not in header["texts"]:
            findings.append({"code": "R08", **where, "column": ours, "listed": text})
    known = {fold(text) for _, text in header["asked"]} | {fold(text) for text in card.get("ignored", [])}
    private = {fold(text) for text in card.get("contact", [])}
    numbered = {text for text in known | private if re.search(r" \[\d+\]$", text)}
    for text, columns in header["texts"].items():
        if text in private:
            findings.append({"code": "R15", **where, "listed": text})
        elif re.search(r" \[\d+\]$", text) or any(f"{text} [" in name for name in numbered):
            continue
        elif text not in known:
            findings.append({"code": "R09", **where, "listed": text})
        elif len(columns) > 1:
            findings.append({"code": "R16", **where, "listed": text})
    grid_rows = sheet["rows"]
    amounts = {column for ours, column in places.items() if ours in AMOUNTS}
    own = [[c for c, cell in enumerate(cells) if cell.strip()] for cells in grid_rows]  # before merged cells are filled
    continued = set()  # rows that a filled cell of a row above reaches into: one cell of their own is enough
    for r, c, top, left in sheet["merged"]:
        if r >= first and top >= first and c not in amounts and c < len(grid_rows[r]):
            grid_rows[r][c] = grid_rows[top][left]
            if r > top and grid_rows[r][c].strip():
                continued.add(r)
    width = max(max(columns) for columns in header["texts"].values()) + 1
    fields = len(grid_rows[header["at"]])
    heads = {column: text for text, columns in header["texts"].items() for column in columns}
    contact_columns = [c for text in private for c in header["texts"].get(text, [])]
    texts = [ours for ours in places if ours not in AMOUNTS]
    section, rows = "", []
    for r in range(first, len(grid_rows)):
        cells = grid_rows[r]
        filled = own[r]
        if not filled:
            continue
        ours = {column: cells[at] if at < len(cells) else "" for column, at in places.items()}
        for column, more in header["others"].items():
            texts_there = (cells[at] for at in more if at < len(cells) and cells[at].strip())
            ours[column] = ours[column] if ours[column].strip() else next(texts_there, "")
        opening = fold(cells[filled[0]])
        if len(filled) == 1 and width > 2 and r not in continued:
            kind = "note"
            section = re.sub(r"^[^\W\d]+\s*:\s*", "", cells[filled[0]].strip())  # "Gemeente: Baarn"
        elif opening == heads.get(filled[0]) and all(fold(cells[c]) == heads.get(c) for c in filled):
            kind = "header"
        elif TOTAL.match(opening) and sum(bool(ours[t].strip()) for t in texts) <= 1:
            kind = "total"
        elif name == "" and len(cells) != fields:
            kind = "odd"
        else:
            kind = "row"
            contacts.update(cells[c].strip() for c in contact_columns if c < len(cells))
            if "sections" in card and not ours.get(card["sections"], "").strip():
                ours[card["sections"]] = section
        rows.append({"sheet": name, "row": r + 1, "kind_of_row": kind, "opening": opening, **ours})
        if kind != "row":
            code = {"note": "R12", "header": "R13", "total": "R11", "odd": "R10"}[kind]
            findings.append({"code": code, "sheet": name, "row": r + 1})
    return rows


if __name__ == "__main__":
    _child()
