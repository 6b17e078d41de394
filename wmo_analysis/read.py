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
DUTCH = ("Windows-1252", "ISO-8859-1", "ISO-8859-15", "cp850", "cp437", "MacRoman", "UTF-16")  # what offices here send
TEXTS = (  # every column name of ours, as rows have them
    "key title source municipality weights theme status start end hours round talk quotation approval_1 approval_2 "
    "approval_3 second_contact asked granted settled amount_date kind amount merges_with good_example target target_unit "
    "target_at_least fact_id as_of statement stated unit measure"
).split()
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
    if not wrong:
        wrong += [f"rows: {kind}" for kind in card["rows"] if kind not in MUST_HAVE]
        must = {name for kind in card["rows"] for name in MUST_HAVE.get(kind, [])}
        wrong += sorted(f"columns: {name}" for name in must - set(card["columns"]) - set(card.get("constants", {})))
    if card["basis"] not in BASES:
        wrong.append(f"basis: {card['basis']}")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(card["date"])):
        wrong.append(f"date: {card['date']}")
    return wrong + ["same_as" for link in card.get("same_as", []) if not {"row", "project"} <= set(link)]


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
        kind = ".csv"
    suffix = path.suffix.lower()
    if suffix != kind and not (kind == ".csv" and suffix in (".txt", ".tsv")):
        if kind == ".csv" and suffix in (".xlsx", ".xls", ".ods", ".docx") and b"\0" in path.read_bytes():
            raise ListUnreadable("R01", DAMAGED)
        notes.append(["R06", kind])
    sheets = {".csv": _text_file, ".docx": _word}.get(kind, _workbook)(path, notes)
    return {"sheets": sheets, "notes": notes}


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
    """The delimiter under which most of the first records have one and the same number of fields, two at least."""

    def score(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:50_000], newline=""), delimiter=delimiter)
        widths = Counter(len(record) for record, _ in zip(reader, range(50), strict=False) if len(record) > 1)
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        return count, width

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


def _fold(text: str) -> str:
    return re.sub(r"[\s*:]+", " ", text).strip().casefold()


def _asked(card: dict) -> list[tuple[str, str]]:
    """(ours, header) of every mapped column; `approval` stands for several."""
    pairs = []
    for ours, headers in card["columns"].items():
        several = headers if isinstance(headers, list) else [headers]
        pairs += [(ours if len(several) == 1 else f"{ours}_{i}", header) for i, header in enumerate(several, 1)]
    return pairs


def _header(sheet: dict, card: dict) -> dict:
    """Where the header is, which column holds what of ours, and which must-have headers are missing."""
    height = card.get("header_rows", 1)
    filled = {(r, c): (top, left) for r, c, top, left in sheet["merged"]}
    asked = _asked(card)
    must = {name for kind in card["rows"] for name in MUST_HAVE[kind]} - set(card.get("constants", {}))
    best: tuple[int, int, dict] = (-1, 0, {})
    for at in range(min(len(sheet["rows"]) - height + 1, 60)):
        texts: dict[str, list[int]] = {}
        for column in range(max(len(row) for row in sheet["rows"][at : at + height])):
            parts = []
            for r in range(at, at + height):
                top, left = filled.get((r, column), (r, column))
                text = sheet["rows"][top][left].strip() if left < len(sheet["rows"][top]) else ""
                if text and text not in parts:
                    parts.append(text)
            if parts:
                texts.setdefault(_fold(" ".join(parts)), []).append(column)
        hits = sum(_fold(header) in texts for _, header in asked)
        if hits > best[0]:
            best = (hits, at, texts)
    _, at, texts = best
    places = {ours: texts[_fold(header)][0] for ours, header in asked if _fold(header) in texts}
    missing = [header for ours, header in asked if ours in must and ours not in places]
    return {"at": at, "height": height, "texts": texts, "places": places, "missing": missing, "asked": asked}


def _rows(sheet: dict, card: dict, header: dict, findings: list, contacts: set) -> list[dict]:
    name, places, first = sheet["name"], header["places"], header["at"] + header["height"]
    where = {"sheet": name, "row": header["at"] + 1}
    for ours, text in header["asked"]:
        if ours not in places:
            findings.append({"code": "R08", **where, "column": ours, "listed": text})
    known = {_fold(text) for _, text in header["asked"]} | {_fold(text) for text in card.get("ignored", [])}
    private = {_fold(text) for text in card.get("contact", [])}
    for text, columns in header["texts"].items():
        if text in private:
            findings.append({"code": "R15", **where, "listed": text})
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
    rows = []
    for r in range(first, len(grid_rows)):
        cells = grid_rows[r]
        filled = own[r]
        if not filled:
            continue
        ours = {column: cells[at] if at < len(cells) else "" for column, at in places.items()}
        opening = _fold(cells[filled[0]])
        if len(filled) == 1 and width > 2 and r not in continued:
            kind = "note"
        elif all(_fold(cells[c]) == heads.get(c) for c in filled):
            kind = "header"
        elif TOTAL.match(opening) and sum(bool(ours[t].strip()) for t in texts) <= 1:
            kind = "total"
        elif name == "" and len(cells) != fields:
            kind = "odd"
        else:
            kind = "row"
            contacts.update(cells[c].strip() for c in contact_columns if c < len(cells))
        rows.append({"sheet": name, "row": r + 1, "kind_of_row": kind, "opening": opening, **ours})
        if kind != "row":
            code = {"note": "R12", "header": "R13", "total": "R11", "odd": "R10"}[kind]
            findings.append({"code": code, "sheet": name, "row": r + 1})
    return rows


if __name__ == "__main__":
    _child()
