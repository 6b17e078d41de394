"""What a workbook hides is told: errors, formulas without an outcome, hidden rows and columns, repeated rows."""

import io
import zipfile

import pytest
import xlsxwriter
from conftest import as_ods, as_zip, built, make_list
from layouts import as_xls

from wmo_analysis.office import letter
from wmo_analysis.pipeline import formats
from wmo_analysis.readers import limits, workbook

HEAD = ["title", "municipality", "granted"]
CARD = {"columns": {text: text for text in HEAD}}
ROWS = [HEAD, *[[f"Project {row}", "Baarn", row] for row in range(2, 9)]]
NUMBER = '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0}</text:p></table:table-cell>'


def xlsx():
    """ROWS with an error in C3, a formula without outcome in C4, one with outcome in C5, one that is empty text in C6."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Blad1")
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    sheet.write_formula(3, 2, "=SUM(A1:A2)", None, "")
    sheet.write_formula(4, 2, "=2+3", None, 5)
    sheet.set_row(6, None, None, {"hidden": True})
    sheet.set_row(7, None, None, {"hidden": True})
    sheet.set_row(90, None, None, {"hidden": True})
    sheet.set_column(1, 1, None, None, {"hidden": True})
    sheet.set_column(7, 16_383, None, None, {"hidden": True})
    book.close()
    return buffer.getvalue()


def ods(*changes):
    """ROWS as ods, with texts of its content replaced."""
    archive = zipfile.ZipFile(io.BytesIO(as_ods(ROWS)))
    members = {name: archive.read(name).decode() for name in archive.namelist()}
    for was, now in changes:
        assert was in members["content.xml"]
        members["content.xml"] = members["content.xml"].replace(was, now, 1)
    return as_zip(members)


def row_of(title):
    return f'<table:table-row><table:table-cell office:value-type="string"><text:p>{title}<'


LIKE_XLSX = ods(
    (
        NUMBER.format(3),
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>',
    ),
    (NUMBER.format(4), '<table:table-cell table:formula="of:=SUM(A1:A2)"/>'),
    (row_of("Project 7"), row_of("Project 7").replace("row>", 'row table:visibility="collapse">', 1)),
    (row_of("Project 8"), row_of("Project 8").replace("row>", 'row table:visibility="filter">', 1)),
    ("<table:table-row>", '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-row>'),
)


@pytest.mark.parametrize("name, data", [("a.xlsx", xlsx()), ("a.ods", LIKE_XLSX)])
def test_what_was_not_counted_and_what_is_hidden_is_told_with_its_address(name, data, tmp_path):
    make_list(tmp_path, "a", name, data, CARD)
    tables = built(tmp_path)
    told = tables["findings"][["code", "row", "column", "listed", "kept"]].fillna(0)
    assert sorted(map(tuple, told.values.tolist())) == [
        ("C01", 3, "granted", "#DIV/0!", ""),
        ("C01", 4, "granted", "=SUM(A1:A2)", ""),
        ("R22", 3, "granted", "#DIV/0!", "cel C3"),
        ("R23", 4, "granted", "=SUM(A1:A2)", "cel C4"),
        ("R24", 0, "", "Blad1: rijen 7-8 (2), kolommen B (1)", ""),
    ]
    account = tables["ledger"].iloc[0]
    assert account[["rows_in", "rows_used", "cents_used", "cells_unread"]].tolist() == [7, 7, 2800, 2]


def test_a_formula_that_counted_is_no_finding(tmp_path):
    archive = zipfile.ZipFile(io.BytesIO(xlsx()))
    members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    sheet = sheet.replace(b"<f>SUM(A1:A2)</f><v></v>", b"<f>SUM(A1:A2)</f><v>7</v>").replace(b' hidden="1"', b"")
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b't="e"><f>1/0</f><v>#DIV/0!</v>', b"><f>1/0</f><v>3</v>")
    make_list(tmp_path, "a", "a.xlsx", as_zip(members), CARD)
    tables = built(tmp_path)
    assert tables["findings"].empty and tables["amounts"]["cents"].sum() == 3800


@pytest.mark.parametrize("what, was", [("rows", "table-row"), ("columns", "table-cell")])
def test_a_row_or_cell_that_stands_for_a_million_is_refused_unless_it_is_empty(what, was, tmp_path):
    at = row_of("Project 3") if what == "rows" else row_of("Project 3").partition("row>")[2]
    many = at.replace(f"<table:{was}", f'<table:{was} table:number-{what}-repeated="1000000"', 1)
    blank = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
    (tmp_path / "many.ods").write_bytes(ods((at, many)))
    (tmp_path / "blank.ods").write_bytes(ods(("</table:table>", f"{blank}</table:table>")))
    many, blank = formats.opened_all([tmp_path / "many.ods", tmp_path / "blank.ods"])
    assert (many.code, many.text) == ("R03", limits.TOO_OFTEN)
    assert len(blank.grids[0]) == len(ROWS)


def test_an_error_or_a_formula_in_a_text_file_is_told_and_a_sentence_is_not(workspace):
    cells = ["#VERW!", "Err:502", "=SOM(C1:C2)", "=C9+1", "= samen 3", "#1"]
    tables = workspace({"a.csv": [HEAD, *[[f"P{number}", "Baarn", cell] for number, cell in enumerate(cells)]]})
    told = tables["findings"].query("code != 'C01'").sort_values("row")
    assert told[["code", "listed"]].values.tolist() == [
        ["R22", "#VERW!"], ["R22", "Err:502"], ["R23", "=SOM(C1:C2)"], ["R23", "=C9+1"]]  # fmt: skip


def test_columns_have_the_letters_of_a_spreadsheet():
    assert [letter(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_of_an_old_workbook_it_is_told_that_nobody_can_see_what_it_hides(tmp_path):
    make_list(tmp_path, "a", "a.xls", as_xls("Blad1", ROWS), CARD)
    tables = built(tmp_path)
    assert tables["findings"][["code", "file", "listed"]].to_numpy().tolist() == [["R29", "a/a.xls", ".xls"]]
    assert tables["ledger"]["rows_used"].tolist() == [7]


def test_of_a_binary_workbook_too():
    """No library writes one; whether the format tells is seen by the name of its workbook, as in every xlsb."""
    told = {}
    for name in ("xl/workbook.bin", "xl/workbook.xml"):
        archive = io.BytesIO(as_zip({name: ""}))
        told[name] = workbook._asides(archive)
    assert told == {"xl/workbook.bin": None, "xl/workbook.xml": {}}
