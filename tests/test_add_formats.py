"""What a list may be written in besides a workbook: json records, web pages, and text damaged by a wrong encoding."""

import json
from html import escape

import pytest
from conftest import as_csv, text_of
from test_read import ROWS, codes, tables_of


def as_json(rows):
    return json.dumps([dict(zip(rows[0], map(plain_of, row))) for row in rows[1:]], ensure_ascii=False).encode()


def plain_of(value):
    return value if isinstance(value, (int, float)) else text_of(value)


def as_html(rows, before=""):
    cells = ["".join(f"<td>{escape(text_of(v)).replace(chr(10), '<br>')}</td>" for v in row) for row in rows]
    return f"<html><body>{before}<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></body></html>".encode()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return tables_of(tmp_path_factory.mktemp("plain"), "plain.csv", as_csv(ROWS))


FORMATS = {
    "records.json": as_json(ROWS),
    "inner.json": b'{"result": {"records": ' + as_json(ROWS) + b"}}",
    "page.html": as_html(ROWS),
    "called.xls": as_html(ROWS),
    "laid_out.htm": b"<table><tr><td>" + as_html(ROWS) + b"</td></tr></table>",
    "list.tsv": as_csv(ROWS, delimiter="\t"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_list_as_records_or_web_page_gives_the_same_tables(name, plain, tmp_path):
    assert tables_of(tmp_path, name, FORMATS[name]) == plain


def test_a_record_within_a_record_and_a_list_of_values_become_columns(workspace):
    records = [
        {"project": {"naam": "Samen", "nr": 7}, "gemeenten": ["Baarn", "Soest"], "bedrag": 12.5},
        {"bedrag": None},
    ]
    columns = {"title": "project naam", "key": "project nr", "municipality": "gemeenten", "granted": "bedrag"}
    tables = workspace({"a.json": (json.dumps(records).encode(), {"columns": columns})})
    assert tables["projects"][["project_id", "title", "placement"]].values.tolist() == [["S1-7", "Samen", "several"]]
    assert tables["amounts"]["cents"].tolist() == [1250]


def test_cells_spanning_rows_of_a_web_page_hold_for_all_of_them(workspace):
    page = (
        "<table><tr><th>title</th><th>municipality</th><th>granted</th></tr>"
        "<tr><td rowspan=2>Samen</td><td>Baarn</td><td rowspan=2>€ 100</td></tr><tr><td>Soest</td></tr></table>"
    )
    columns = {"title": "title", "municipality": "municipality", "granted": "granted"}
    tables = workspace({"a.html": (page.encode("cp1252"), {"columns": columns})})
    assert tables["projects"]["title"].tolist() == ["Samen", "Samen"]
    assert tables["amounts"]["cents"].tolist() == [10_000]


def test_letters_damaged_by_a_wrong_encoding_are_restored_and_said(workspace):
    good = ["Coördinatie", "Tull en ’t Waal", "één café"]
    damaged = [text.encode().decode("cp1252", errors="strict") for text in good]
    good.append("Á la carte")
    damaged.append("Ã\x81 la carte")  # a byte that Windows-1252 does not have
    rows = [["title", "municipality"], *[[text, "Houten"] for text in damaged], ["Â‰Ã kapot é", "Houten"]]
    tables = workspace({"a.csv": rows})
    assert sorted(tables["projects"]["title"]) == sorted([*good, "Â‰Ã kapot é"])
    assert tables["findings"].query("code == 'R20'")["listed"].tolist() == ["4"]


def test_the_first_filled_of_several_columns_counts(workspace):
    rows = [["project", "aanvrager", "plaats"], ["Samen", "Stichting A", "Baarn"], ["", "Stichting B", "Soest"]]
    card = {"columns": {"title": ["project", "aanvrager"], "municipality": "plaats"}}
    tables = workspace({"a.csv": (rows, card)})
    assert sorted(tables["projects"]["title"]) == ["Samen", "Stichting B"] and codes(tables) == []


def test_a_column_without_header_and_the_second_of_two_can_be_named(workspace):
    rows = [["title", "", "bedrag", "bedrag"], ["Samen", "Baarn", "€ 1", "€ 2"], ["Ook", "Soest", "", "€ 3"]]
    card = {"columns": {"title": "title", "municipality": "(kolom B)", "asked": "bedrag [1]", "granted": "bedrag [2]"}}
    tables = workspace({"a.csv": (rows, card)})
    assert tables["amounts"].groupby("kind")["cents"].sum().to_dict() == {"asked": 100, "granted": 500}
    assert sorted(tables["placements"]["gm_code"]) == ["GM0308", "GM0342"] and codes(tables) == []


def test_a_section_row_holds_for_the_rows_below_it(workspace):
    rows = [["title", "theme", "granted"], ["Gemeente: Baarn", "", ""], ["Samen", "P1", "€ 1"], ["Soest", "", ""],
            ["Ook", "P1", "€ 2"], ["Verder", "P4", "€ 3"]]  # fmt: skip
    tables = workspace({"a.csv": (rows, {"sections": "municipality"})})
    placed = tables["placements"].merge(tables["projects"][["project_id", "title"]], on="project_id")
    assert placed.set_index("title")["gm_code"].to_dict() == {"Samen": "GM0308", "Ook": "GM0342", "Verder": "GM0342"}
    assert codes(tables) == ["R12", "R12"]
