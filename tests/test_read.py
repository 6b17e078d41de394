"""Lists in any format and mess: the same list gives the same tables, and every row that is not used is named."""

import datetime
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import as_csv, as_docx, as_ods, as_xlsx, built, make_list, text_of

DAY = datetime.date(2007, 3, 1)
HEADER = ["key", "title", "municipality", "theme", "status", "start", "end", "granted", "hours"]
ROWS = [
    HEADER,
    ["A-1", "Eén loket", "Baarn", "P1", "loopt", DAY, "eind 2007", 12500.5, 150],
    ["A-2", "Zorg; \"dichtbij\", hè", "De Bilt en Zeist", "Mantelzorg; P4", "", "Q2 2007", "", "€ 1.250,-", "62,5 uur"],
    ["A-3", "Twee\nregels", "Utrecht-West", "", "afgerond", "medio 2006", "2007", "12.5", ""],
    ["A-4", "Ruimte voor ideeën", "provincie Utrecht", "Iets anders", "?", "31-02-2007", DAY, "PM", "veel"],
]  # fmt: skip
TABLES = ("projects", "placements", "project_themes", "amounts", "listed", "findings", "ledger")


def tables_of(root, name, data):
    """The clean tables of this one list, without what names the file: its name, its sheet, how it was read."""
    make_list(root, "2007-10-01_a", name, data, {"columns": {text: text for text in HEADER}})
    tables = built(root)
    findings = tables["findings"]
    tables["findings"] = findings[~findings["code"].isin(["R06", "R07"])]
    drop = ["file", "sheet", "finding_id"]
    return {n: tables[n].drop(columns=drop, errors="ignore").to_csv(index=False) for n in TABLES}


FORMATS = {
    "list.xlsx": as_xlsx(ROWS),
    "text.xlsx": as_xlsx([[text_of(value) for value in row] for row in ROWS]),
    "list.ods": as_ods(ROWS),
    "list.docx": as_docx(ROWS),
    "bom.csv": as_csv(ROWS, encoding="utf-8-sig"),
    "semicolon.csv": as_csv(ROWS, encoding="cp1252", delimiter=";"),
    "utf16.csv": as_csv(ROWS, encoding="utf-16", delimiter=";"),
    "tab.txt": as_csv(ROWS, delimiter="\t"),
    "pipe.csv": as_csv(ROWS, delimiter="|"),
    "list.csv": as_csv(ROWS).replace(b"\r\n", b"\n"),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return tables_of(tmp_path_factory.mktemp("plain"), "plain.csv", as_csv(ROWS))


def test_the_list_is_read_as_it_stands(tmp_path):
    make_list(tmp_path, "2007-10-01_a", "list.xlsx", ROWS)
    tables = built(tmp_path)
    projects = tables["projects"].set_index("project_id")
    assert projects["title"].tolist() == [row[1] for row in ROWS[1:]]
    assert projects["row"].tolist() == [2, 3, 4, 5]
    assert projects["start_from"].tolist() == ["2007-03-01", "2007-04-01", "2006-05-01", ""]
    assert projects["end_to"].tolist() == ["2007-12-31", "", "2007-12-31", "2007-03-01"]
    assert projects["hours"].fillna(-1).tolist() == [150, 62.5, -1, -1]
    assert projects["placement"].tolist() == ["one", "several", "partnership", "province"]
    assert tables["amounts"]["cents"].tolist() == [1_250_050, 125_000]
    assert tables["placements"].groupby("project_id").size().tolist() == [1, 2, 8, 29]
    account = tables["ledger"].drop(columns=["file", "basis"]).iloc[0]
    assert account.tolist() == [4, 4, 0, 0, 1_375_050, 1_375_050, 0, 0, 2]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_list_in_another_format_gives_the_same_tables(name, plain, tmp_path):
    assert tables_of(tmp_path, name, FORMATS[name]) == plain


@pytest.mark.parametrize("name, data", [("a.csv", "list.xlsx"), ("a.xlsx", "list.ods"), ("a.ods", "list.docx"),
                                        ("a.xls", "list.xlsx"), ("a.xlsx", "bom.csv"), ("a.xls", "tab.txt")])  # fmt: skip
def test_a_wrong_extension_is_read_by_content(name, data, plain, tmp_path):
    assert tables_of(tmp_path, name, FORMATS[data]) == plain


# ---------------------------------------------------------------- headers


def codes(tables):
    return sorted(tables["findings"]["code"])


def test_title_rows_above_the_header_are_skipped(workspace):
    rows = [["Overzicht projecten"], ["stand oktober 2007", "", "concept"], [""], *ROWS]
    columns = {"columns": {text: text for text in HEADER}}
    tables = workspace({"a.xlsx": (rows, columns), "b.csv": (as_csv(rows), columns)})
    assert tables["projects"]["row"].tolist() == [5, 5, 6, 6, 7, 7, 8, 8]
    assert tables["ledger"]["rows_in"].tolist() == [4, 4]


TWO = [
    ["Project", "", "Akkoord", "", "", "Bijdrage"],
    ["Naam", "Gemeente", "Provincie", "Gemeente", "Alleato", ""],
    ["Samen", "Baarn", "1-2-2007", "2-2-2007", "3-2-2007", "€ 100,-"],
    ["", "", "", "", "", ""],
    ["Ook", "Soest", DAY, DAY, DAY, "€ 200,-"],
]
TWO_CARD = {
    "header_rows": 2,
    "rows": ["projects"],
    "columns": {
        "title": "Project Naam",
        "municipality": "Project Gemeente",
        "approval": ["Akkoord Provincie", "Akkoord Gemeente", "Akkoord Alleato"],
        "granted": "Bijdrage",
    },
}


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx"])
def test_a_header_of_two_rows_with_merged_cells(name, tmp_path):
    merged = [(0, 0, 0, 1), (0, 2, 0, 4), (0, 5, 1, 5)]
    make_list(tmp_path, "2007-10-01_a", name, TWO, TWO_CARD, merged)
    tables = built(tmp_path)
    assert tables["projects"].set_index("title")["row"].to_dict() == {"Samen": 3, "Ook": 5}
    assert sorted(tables["amounts"]["cents"]) == [10_000, 20_000]
    approvals = tables["listed"].query("row == 3")[["approval_1", "approval_2", "approval_3"]].iloc[0]
    assert approvals.to_dict() == {
        "approval_1": "1-2-2007",
        "approval_2": "2-2-2007",
        "approval_3": "3-2-2007",
    }
    assert codes(tables) == []


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx"])
def test_an_amount_in_a_merged_cell_counts_once_and_a_title_holds_for_all_its_rows(name, tmp_path):
    rows = [
        ["title", "municipality", "granted"],
        ["Samen", "Baarn", "€ 100,-"],
        ["", "Soest", ""],
        ["", "Eemnes", ""],
        ["Ander", "Zeist", "€ 5,-"],
    ]
    make_list(tmp_path, "2007-10-01_a", name, rows, None, [(1, 0, 3, 0), (1, 2, 3, 2)])
    tables = built(tmp_path)
    assert sorted(tables["projects"]["title"]) == ["Ander", "Samen", "Samen", "Samen"]
    assert sorted(tables["placements"]["gm_code"]) == ["GM0308", "GM0317", "GM0342", "GM0355"]
    assert tables["amounts"]["cents"].sum() == 10_500
    assert tables["ledger"]["rows_used"].tolist() == [4]


def test_a_note_merged_over_the_whole_width_stays_a_note(tmp_path):
    rows = [["title", "municipality", "granted"], ["Samen", "Baarn", "€ 1,-"], ["Nog niet volledig", "", ""]]
    make_list(tmp_path, "2007-10-01_a", "a.xlsx", rows, None, [(2, 0, 2, 2)])
    tables = built(tmp_path)
    assert codes(tables) == ["R12"] and len(tables["projects"]) == 1


def test_a_header_that_occurs_twice_uses_the_first_column(workspace):
    rows = [["title", "municipality", "granted", "granted"], ["Samen", "Baarn", "€ 1,-", "€ 2,-"]]
    tables = workspace({"a.csv": rows})
    assert tables["amounts"]["cents"].tolist() == [100] and codes(tables) == ["R16"]


def test_columns_in_another_order_and_spelling_of_the_header_are_found(workspace):
    rows = [[" GRANTED *", "extra", "Title:", "municipality\n"], ["€ 1,-", "x", "Samen", "Baarn"]]
    columns = {"title": "title", "municipality": "municipality", "granted": "granted"}
    tables = workspace({"a.xlsx": (rows, {"columns": columns})})
    assert tables["amounts"]["cents"].tolist() == [100] and codes(tables) == ["R09"]


# ---------------------------------------------------------------- rows that are no projects


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.ods", "a.docx"])
def test_repeated_headers_totals_and_notes_are_set_aside_and_named(name, tmp_path):
    rows = [
        ["title", "municipality", "granted"],
        ["Samen", "Baarn", "€ 100,-"],
        ["Subtotaal", "", "€ 100,00"],
        ["title", "municipality", "granted"],
        ["Ook", "Soest", "€ 50,-"],
        ["Nog te doen:", "", ""],
        ["Totaal wonen", "Zeist", "€ 7,-"],
        ["Sub-totaal", "", "€ 57,-"],
        ["", "", ""],
        ["Totaal generaal", "", "€ 157,-"],
        ["Bron: eigen opgave", "", ""],
    ]
    make_list(tmp_path, "2007-10-01_a", name, rows)
    tables = built(tmp_path)
    named = tables["findings"].sort_values("row")[["row", "code"]].values.tolist()
    assert named == [[3, "R11"], [4, "R13"], [6, "R12"], [7, "R25"], [8, "R11"], [10, "R11"], [11, "R12"]]
    assert sorted(tables["projects"]["title"]) == ["Ook", "Samen", "Totaal wonen"]
    account = tables["ledger"].iloc[0]
    assert (account["rows_in"], account["rows_used"], account["rows_set_aside"]) == (9, 3, 6)
    assert (account["cents_in"], account["cents_used"]) == (15_700, 15_700)


TOTALS = (
    "TOTAAL,Som,som:,Saldo 2007,Totale kosten,Alle projecten samen,Grand total,Tot.,Σ,∑,Summe,Gesamt,Total général,"
    "- Totaal -,(totaal),Tussentotaal,Sous-total,Alles bij elkaar"
).split(",")
NO_TOTALS = (
    "Samen,Somalische vrouwen,Totaalplan,Tot en met 2007,Totale renovatie,Som der delen,Deelname,Alles kan".split(",")
)


@pytest.mark.parametrize("where", range(4))
def test_a_total_is_set_aside_whatever_it_is_called_and_wherever_it_stands(where, workspace):
    """Also beside hours, a theme and a remark: the sum of each column, and what the total is of."""
    head = ["soort", "title", "municipality", "opmerking", "theme", "hours", "granted"]
    rows = [head, *[["", f"Project {n}", "Baarn", "", "P1", "10", "€ 100,-"] for n in range(2)]]
    for word in TOTALS:
        total = ["", "", "", "", "P1", "20", "€ 200,-"]
        total[where] = word
        rows.append(total)
    tables = workspace({"a.csv": (rows, {"ignored": ["soort", "opmerking"]})})
    account = tables["ledger"].iloc[0]
    assert account[["rows_in", "rows_used", "cents_used", "cents_in"]].tolist() == [2 + len(TOTALS), 2, 20_000, 20_000]
    assert tables["findings"]["code"].value_counts().to_dict() == {
        "R11": len(TOTALS),
        "R14": 2,
    }  # the two subtotals have no rows above them


def test_a_name_that_only_resembles_a_total_is_a_project(workspace):
    rows = [["title", "theme", "opmerking", "granted"], *[[name, "P1", "", "€ 1,-"] for name in NO_TOTALS],
            ["Buurthuis", "P1", "Totaal voor drie jaar", "€ 1,-"]]  # fmt: skip
    tables = workspace({"a.csv": (rows, {"ignored": ["opmerking"]})})
    assert codes(tables) == []
    assert len(tables["projects"]) == len(NO_TOTALS) + 1


@pytest.mark.parametrize("own", [("key", "W-1"), ("municipality", "Zeist"), ("start", "2007")])
def test_a_total_with_a_key_place_or_date_of_its_own_counts_and_is_told(own, workspace):
    head = ["key", "title", "municipality", "start", "granted"]
    row = {"key": "", "title": "Totaal wonen", "municipality": "", "start": "", "granted": "€ 7,-"} | dict([own])
    tables = workspace({"a.csv": [head, ["1", "Samen", "Baarn", "2006", "€ 5,-"], list(row.values())]})
    assert tables["findings"].query("code == 'R25'")["row"].tolist() == [3]
    assert tables["ledger"][["rows_used", "cents_used"]].values.tolist() == [[2, 1200]]


def test_a_total_that_does_not_add_up_is_told_with_the_sum(workspace):
    rows = [["title", "municipality", "granted"], ["Samen", "Baarn", "€ 5,-"], ["", "", "Som", "€ 6,-"]]
    rows = [["soort", *row] if len(row) == 3 else row for row in rows]
    tables = workspace({"a.csv": ([[*row][:4] for row in rows], {"ignored": ["soort"]})})
    told = tables["findings"].query("code == 'R14'")[["row", "column", "listed", "kept"]].values.tolist()
    assert told == [[3, "granted", "€ 6,-", "€\u00a05"]]


# ---------------------------------------------------------------- text files


def test_a_ragged_csv_row_is_set_aside_with_its_number_and_its_cents(workspace):
    data = "title;municipality;granted\r\nSamen;Baarn;100\r\nOok;Soest\r\nMet;puntkomma;Zeist;50\r\nEn;Eemnes;25\r\n"
    columns = {"columns": {"title": "title", "municipality": "municipality", "granted": "granted"}}
    tables = workspace({"a.csv": (data.encode(), columns)})
    assert tables["findings"][["code", "row"]].values.tolist() == [["R10", 3], ["R10", 4]]
    assert sorted(tables["projects"]["title"]) == ["En", "Samen"]
    account = tables["ledger"].iloc[0]
    assert (account["rows_in"], account["rows_used"], account["rows_set_aside"]) == (4, 2, 2)
    assert account["cents_used"] == 12_500


def test_a_delimiter_at_the_end_of_every_line_is_no_ragged_row(workspace):
    data = b"title;municipality;granted;;\r\nSamen;Baarn;100;;\r\nOok;Soest;;;\r\n"
    columns = {"columns": {"title": "title", "municipality": "municipality", "granted": "granted"}}
    tables = workspace({"a.csv": (data, columns)})
    assert len(tables["projects"]) == 2 and codes(tables) == []


def test_the_row_number_of_a_csv_counts_records_not_lines(workspace):
    rows = [["title", "municipality", "granted"], ["Twee\nregels\nof drie", "Baarn", "12.5"], ["Ook", "Soest", "1.5"]]
    tables = workspace({"a.csv": rows, "b.xlsx": rows})
    assert tables["projects"].sort_values(["file", "row"])["row"].tolist() == [2, 3, 2, 3]
    assert sorted(tables["findings"].query("code == 'C01'")["row"]) == [2, 2, 3, 3]
    assert "Twee\nregels\nof drie" in tables["projects"]["title"].tolist()


def test_several_sheets_are_read_and_a_hidden_one_is_named(workspace):
    first = [["title", "municipality"], ["Samen", "Baarn"]]
    more = [("Blad2", [["municipality", "title"], ["Soest", "Ook"]]), ("Oud", first), ("Uitleg", [["Lees mij"]])]
    card = {"columns": {"title": "title", "municipality": "municipality"}}
    tables = workspace({"a.xlsx": (as_xlsx(first, more_sheets=more, hidden=["Oud"]), card)})
    assert tables["projects"].set_index("sheet")["title"].to_dict() == {"Blad1": "Samen", "Blad2": "Ook"}
    assert codes(tables) == ["R19"] and tables["findings"]["listed"].tolist() == ["Oud"]


# ---------------------------------------------------------------- the list as a whole


def test_the_same_rows_in_any_order_give_the_same_projects(tmp_path, plain):
    rows = ROWS[1:]
    random.Random(7).shuffle(rows)
    make_list(tmp_path, "2007-10-01_a", "plain.csv", [HEADER, *rows])
    projects = built(tmp_path)["projects"].drop(columns=["file", "sheet", "row"])
    assert projects.to_csv(index=False).count("\n") == 6
    lines = [line.rsplit(",", 1)[0] for line in plain["projects"].replace("Twee\nregels", "Twee regels").splitlines()]
    assert projects.to_csv(index=False).replace("Twee\nregels", "Twee regels").splitlines() == lines


def test_the_child_keeps_no_file_open_and_the_build_writes_nothing_in_raw(tmp_path):
    path = make_list(tmp_path, "2007-10-01_a", "a.xlsx", ROWS)
    before = {p: p.read_bytes() for p in path.parent.iterdir()}
    built(tmp_path)
    assert {p: p.read_bytes() for p in path.parent.iterdir()} == before
    os.rename(path, path.with_name("b.xlsx"))


COLUMNS = {"columns": {"title": "title", "municipality": "municipality", "granted": "granted"}}


@pytest.mark.parametrize(
    "delimiter, row",
    [(";", "Project {0};Baarn;{0},50"), (",", "Project {0},Baarn; Soest; Zeist,{0}"), ("\t", "a\tb\t1,5")],
)
def test_two_rows_with_a_field_too_many_change_no_delimiter(delimiter, row, workspace):
    lines = [row.format(number) for number in range(1, 21)]
    lines[3] += f"{delimiter}x"
    lines[7] += f"{delimiter}y{delimiter}z"
    text = "\n".join([delimiter.join(["title", "municipality", "granted"]), *lines])
    tables = workspace({"a.csv": (text.encode(), COLUMNS)})
    assert tables["findings"].query("code == 'R10'")["row"].tolist() == [5, 9]
    assert tables["ledger"][["rows_in", "rows_used"]].values.tolist() == [[20, 18]]


@pytest.mark.parametrize("at", [[0], [2], [2, 9], [3, 4], [2, 6, 12], [19]])
@pytest.mark.parametrize("count", [20, 200])
def test_a_stray_quote_takes_no_row_with_it(at, count, workspace):
    lines = [f"{number};Project {number};Baarn;{number},50" for number in range(count)]
    for number in at:
        lines[number] = f'{number};"t Project {number};Baarn;{number},50'
    text = "\n".join(["nr;title;municipality;granted", *lines])
    tables = workspace({"a.csv": (text.encode(), COLUMNS | {"ignored": ["nr"]})})
    cents = sum(100 * number + 50 for number in range(count))
    assert tables["ledger"][["rows_in", "rows_used", "cents_used"]].values.tolist() == [[count, count, cents]]
    assert tables["findings"][["code", "listed"]].values.tolist() == [["R26", str(len(at))]]
    assert {f'"t Project {number}' for number in at} <= set(tables["projects"]["title"])


def test_a_cell_of_several_lines_stays_one_cell(workspace):
    text = 'Samen; met Baarn\nen Soest; "dichtbij"\nen; verder'
    rows = [["nr", "title", "municipality", "granted"], ["1", text, "Baarn", "5"], ["2", "Ook", "Soest", "6"]]
    tables = workspace({"a.csv": (as_csv(rows, delimiter=";"), COLUMNS | {"ignored": ["nr"]})})
    assert text in set(tables["projects"]["title"]) and codes(tables) == []


@pytest.mark.parametrize("name", ["a.csv", "a.html"])
def test_the_euro_sign_of_iso_8859_15_is_read(name, workspace):
    rows = [["title", "municipality", "granted"], ["Eén café", "Baarn", "€ 12.500,00"], ["Crèche", "Soest", "1.000 €"]]
    data = as_csv(rows, encoding="iso-8859-15", delimiter=";")
    if name == "a.html":
        cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
        data = f"<table><tr>{'</tr><tr>'.join(cells)}</tr></table>".encode("iso-8859-15")
    tables = workspace({name: (data, COLUMNS)})
    assert sorted(tables["amounts"]["cents"]) == [100_000, 1_250_000]
    assert tables["findings"][["code", "listed"]].values.tolist() == [["R07", "ISO-8859-15"]]


HOLDS = """
import pathlib, sys
from wmo_analysis.pipeline import formats

def memory(name):
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))

before = memory("VmRSS")
(kept,) = formats.opened_all([pathlib.Path(sys.argv[1])])
print(memory("VmHWM") - before, memory("VmRSS") - before, len(kept.grids[0]))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells")
def test_the_build_never_holds_more_than_half_again_of_what_it_keeps(tmp_path):
    rows = [f"Project {number} met een naam die nergens anders staat,Baarn,{number}" for number in range(200_000)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["title,municipality,granted", *rows]), encoding="utf-8")
    said = subprocess.run([sys.executable, "-c", HOLDS, str(path)], capture_output=True, text=True, check=True).stdout
    most, kept, records = map(int, said.split())
    assert records == 200_001 and most <= 1.5 * kept
