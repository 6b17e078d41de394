"""What the format of a number in a workbook says: another currency is no euro, and thousands on the screen are told."""

import io
import zipfile

import pytest
import xlsxwriter
from conftest import as_ods, as_zip, built, make_list

from wmo_analysis import add, office

FORMATS = {
    "[$€-413] #,##0.00": ("", ""),
    '_ "€"\\ * #,##0.00_': ("", ""),
    "0%": ("", ""),
    '"$"#,##0.00': ("$ ", ""),
    "[$$-409]#,##0.00;[Red]-[$$-409]#,##0": ("$ ", ""),
    "[$SEK] #,##0": ("SEK ", ""),
    '#,##0.00 "CHF"': ("CHF ", ""),
    '0.0" mln"': ("", " mln"),
    "#,##0,": None,
    '0.0,," mln"': None,
}


@pytest.mark.parametrize("code", FORMATS)
def test_a_number_format_tells_its_currency_unit_or_thousands(code):
    assert office._beside(code) == FORMATS[code]


def workbook(header, cells):
    """An xlsx with a row for each (value, number format)."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Blad1")
    sheet.write_row(0, 0, ["title", "municipality", header])
    for at, (value, code) in enumerate(cells, 1):
        sheet.write_row(at, 0, [f"P{at}", "Baarn"])
        sheet.write_number(at, 2, value, book.add_format({"num_format": code}))
    book.close()
    return buffer.getvalue()


def test_a_number_shown_in_another_currency_or_unit_is_read_as_shown(tmp_path):
    cells = [(1000, '"$"#,##0'), (2000, "[$€-413] #,##0"), (1.5, '0.0" mln"'), (12_000, "#,##0,")]
    card = {"columns": {name: name for name in ("title", "municipality", "granted")}}
    make_list(tmp_path, "2007-10-01_a", "a.xlsx", workbook("granted", cells), card)
    tables = built(tmp_path)
    assert sorted(tables["amounts"]["cents"]) == [200_000, 1_200_000, 150_000_000]
    told = tables["findings"][tables["findings"]["code"].isin(["C18", "R28"])]
    assert told[["code", "listed"]].values.tolist() == [["C18", "USD 1.000,00, aantal: 1"], ["R28", "Blad1: C"]]


def test_thousands_on_the_screen_below_a_header_of_thousands_are_asked(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook("Toegekend (x € 1.000)", [(12_000, "#,##0,"), (7_000, "#,##0,")]))
    about = add.look(path)
    assert [(column.asked, column.money.unclear) for column in about.columns[2:]] == [(True, ("unit_shown",))]


def test_an_ods_says_the_currency_of_a_cell(tmp_path):
    rows = [["title", "municipality", "granted"], ["P1", "Baarn", 1000.0], ["P2", "Soest", 5.0]]
    plain = as_ods(rows)
    make_list(tmp_path, "2007-10-01_a", "a.ods", dollars(plain), {"columns": {name: name for name in rows[0]}})
    tables = built(tmp_path)
    assert tables["amounts"]["cents"].tolist() == [500]
    assert tables["findings"].loc[tables["findings"]["code"] == "C18", "listed"].tolist() == ["USD 1.000,00, aantal: 1"]


def dollars(data):
    """The ods with its first number in dollars."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    float_of = 'office:value-type="float" office:value="1000.0"'
    told = 'office:value-type="currency" office:currency="USD" office:value="1000.0"'
    assert float_of in members["content.xml"]
    members["content.xml"] = members["content.xml"].replace(float_of, told)
    return as_zip(members)
