"""Small lists in any format, and the tables that a build makes of them: `make_list` and `built`.

    make_list(tmp_path, "2007-10-01_a", "lijst.csv", [["title", "municipality"], ["Samen", "Baarn"]])
    built(tmp_path)["projects"]

A list whose headers are our own column names needs no card; `card` overrides what the card says.
"""

import csv
import datetime
import hashlib
import io
import json
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pandas as pd
import pytest
import xlsxwriter
from leave_pictures import pytest_collection_modifyitems  # noqa: F401

from wmo_analysis import pipeline, schema

CARD = {"source": "S1", "rows": ["projects"], "basis": "example", "date": "2007-10-01", "complete": False}


def make_list(root, folder, name, rows, card=None, merged=()):
    """Writes data/raw/FOLDER/NAME with its card below `root`; returns the path of the list.

    `rows` are lists of text, numbers and dates, the first one the header, or the bytes of the whole file. `merged` holds
    [row, column, last row, last column] from 0 (not in csv). A None in `card` leaves that line out.
    """
    path = Path(root) / "data" / "raw" / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    ours = {} if isinstance(rows, bytes) else {text: text for text in rows[0] if text in schema.TEXTS}
    if "approval_1" in ours:
        ours["approval"] = [ours.pop(f"approval_{i}") for i in (1, 2, 3)]
    path.write_bytes(rows if isinstance(rows, bytes) else WRITERS[path.suffix](rows, merged))
    about = CARD | {"file": name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "columns": ours}
    lines = [f"{key} = {_toml(value)}\n" for key, value in (about | (card or {})).items() if value is not None]
    path.with_name(f"{path.stem}.card.toml").write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


def built(root):
    """The clean tables that a build of `root` writes, read back from data/clean."""
    pipeline.build(root)
    clean = Path(root) / "data" / "clean"
    return {name: pd.read_csv(clean / f"{name}.csv", **schema.read_options(name)) for name in schema.TABLES}


@pytest.fixture
def workspace(tmp_path):
    """Builds lists given as {"name.ext": rows} or {"name.ext": (rows, card)} in an empty workspace; returns the tables."""

    def tables(lists):
        for name, given in lists.items():
            rows, card = given if isinstance(given, tuple) else (given, None)
            make_list(tmp_path, "2007-10-01_lists", name, rows, card)
        return built(tmp_path)

    return tables


# ---------------------------------------------------------------- writers: rows -> bytes


def text_of(value):
    """A cell as somebody would type it: 12500.5 -> '12500,5', a date -> '30-11-2006'."""
    if isinstance(value, datetime.date):
        return f"{value:%d-%m-%Y}"
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def as_csv(rows, merged=(), encoding="utf-8", delimiter=","):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows([[text_of(value) for value in row] for row in rows])
    return buffer.getvalue().encode(encoding)


def as_xlsx(rows, merged=(), more_sheets=(), hidden=()):
    """One sheet 'Blad1'; `more_sheets` are (name, rows), `hidden` names of sheets."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "dd-mm-yyyy"})
    for name, cells in (("Blad1", rows), *more_sheets):
        sheet = book.add_worksheet(name)
        for r, c, value in _cells(cells):
            write = {str: sheet.write_string, datetime.date: sheet.write_datetime}.get(type(value), sheet.write_number)
            write(r, c, value)
        if name in hidden:
            sheet.hide()
    for r, c, last_r, last_c in merged:
        book.worksheets()[0].merge_range(r, c, last_r, last_c, rows[r][c])
    book.close()
    return buffer.getvalue()


def as_ods(rows, merged=(), name="Blad1"):
    inside = {(i, j): (r, c) for r, c, to_r, to_c in merged for i in range(r, to_r + 1) for j in range(c, to_c + 1)}
    spans = {(r, c): (to_r - r + 1, to_c - c + 1) for r, c, to_r, to_c in merged}
    lines = []
    for r, row in enumerate(rows):
        cells = []
        for c, value in enumerate(row):
            tag = "table-cell" if inside.get((r, c), (r, c)) == (r, c) else "covered-table-cell"
            about = 'office:value-type="string"' if value != "" else ""
            if isinstance(value, datetime.date):
                about = f'office:value-type="date" office:date-value="{value}"'
            elif not isinstance(value, str):
                about = f'office:value-type="float" office:value="{value}"'
            if (r, c) in spans:
                down, across = spans[r, c]
                about += f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
            text = "".join(f"<text:p>{escape(line)}</text:p>" for line in text_of(value).split("\n"))
            cells.append(f"<table:{tag} {about}>{text}</table:{tag}>")
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    spaces = "".join(f' xmlns:{s}="urn:oasis:names:tc:opendocument:xmlns:{s}:1.0"' for s in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{name}">{"".join(lines)}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind, of = "application/vnd.oasis.opendocument.spreadsheet", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    manifest = f'<manifest:manifest xmlns:manifest="{of}">{entry}</manifest:manifest>'
    return as_zip({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def as_docx(rows, merged=()):
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for r, c, value in _cells(rows):
        table.cell(r, c).text = text_of(value)
    for r, c, to_r, to_c in merged:
        text = table.cell(r, c).text
        table.cell(r, c).merge(table.cell(to_r, to_c)).text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_zip(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


WRITERS = {".csv": as_csv, ".xlsx": as_xlsx, ".ods": as_ods, ".docx": as_docx}


def _cells(rows):
    return [(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value != ""]


def _toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
