"""Every kind of finding is provoked by a tiny list; bad files never end a build; contact data never come through."""

import csv
import io
import shutil
import time
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from conftest import as_csv, as_docx, as_ods, as_xlsx, as_zip, built, make_list
from layouts import as_xls

from wmo_analysis import pipeline, schema
from wmo_analysis.codebook import PACKAGED, Codebook
from wmo_analysis.errors import NotBuilt
from wmo_analysis.monitor import open_monitor


def one(title, **cells):
    """A list of one project in Baarn, theme P1."""
    cells = {"key": "", "title": title, "municipality": "Baarn", "theme": "P1"} | cells
    return [list(cells), list(cells.values())]


def bomb(size):
    """A small xlsx that unpacks to `size` bytes."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member,
    ):
        block = bytes(1 << 20)
        for _ in range(size >> 20):
            member.write(block)
    return buffer.getvalue()


def hidden_row(rows):
    """An xlsx of which the second row is hidden."""
    archive = zipfile.ZipFile(io.BytesIO(as_xlsx(rows)))
    members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    return as_zip(members | {"xl/worksheets/sheet1.xml": sheet.replace(b'<row r="2"', b'<row r="2" hidden="1"')})


def with_macros(rows):
    """An xlsx with a macro and a link to another workbook."""
    archive = zipfile.ZipFile(io.BytesIO(as_xlsx(rows)))
    members = {name: archive.read(name) for name in archive.namelist()}
    return as_zip(members | {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"})


def thousands(rows):
    """An xlsx of which the format of the key shows thousands."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    sheet.write_number(1, 0, 5000, book.add_format({"num_format": "#,##0,"}))
    book.close()
    return buffer.getvalue()


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
BASIC = {"title": "title", "municipality": "municipality", "theme": "theme"}
TALK = {"rows": ["conversations"]}
FACT, STATED = ["fact_id", "as_of", "stated", "measure"], {"rows": ["claims"], "basis": "letter"}
PROVOKED = {  # code: (lists in a folder of their own, the other codes that come with it)
    "R01": ([("a.xlsx", as_xlsx(one("R01"))[:-300], {"columns": BASIC})], ""),
    "R02": ([("a.xlsx", LOCKED, {"columns": BASIC})], ""),
    "R03": ([("a.xlsx", bomb(601_000_000), {"columns": BASIC})], ""),
    "R04": ([("a.csv", one("R04"), {"columns": BASIC | {"title": "naam van het project"}})], ""),
    "R05": ([("a.csv", one("R05")[:1], None)], ""),
    "R06": ([("a.ods", as_xlsx(one("R06")), {"columns": BASIC})], "R09"),
    "R27": ([("06-12345678.csv", one("R27"), {"columns": BASIC | {"key": "key"}})], ""),
    "R20": ([("a.csv", as_csv(one("R20 Ã©Ã©n")), {"columns": BASIC | {"key": "key"}})], ""),
    "R07": ([("a.csv", as_csv(one("R07 één"), encoding="cp1252"), {"columns": BASIC | {"key": "key"}})], ""),
    "R08": ([("a.csv", one("R08"), {"columns": BASIC | {"key": "key", "granted": "bedrag"}})], ""),
    "R09": ([("a.csv", one("R09", toelichting="x"), None)], ""),
    "R10": ([("a.csv", [*one("R10"), ["", "te", "veel", "velden", "hier"]], None)], ""),
    "R11": ([("a.csv", [*one("R11", granted="€ 5,-"), ["Totaal", "", "", "", "€ 5,-"]], None)], ""),
    "R12": ([("a.csv", [*one("R12"), ["Bron: eigen opgave", "", "", ""]], None)], ""),
    "R13": ([("a.csv", [*one("R13"), one("")[0]], None)], ""),
    "R14": ([("a.csv", [*one("R14", granted="€ 5,-"), ["Totaal", "", "", "", "€ 6,-"]], None)], "R11"),
    "R15": ([("a.csv", one("R15", Contactpersoon="A. Voorbeeld"), {"contact": ["Contactpersoon"]})], ""),
    "R16": ([("a.csv", [[*row, row[1]] for row in one("R16")], None)], ""),
    "R17": ([("a.csv", one("R17"), {"sha256": "0" * 64})], ""),
    "R18": ([("a.csv", one("R18"), {"basis": None})], "R18"),
    "R21": ([("a.csv", one("R21"), {"basis": "letter", "complete": True})], ""),
    "R22": ([("a.csv", one("R22", good_example="#REF!"), None)], ""),
    "R23": ([("a.csv", one("R23", good_example="=SOM(A1:A2)"), None)], ""),
    "R24": ([("a.xlsx", hidden_row(one("R24")), {"columns": BASIC | {"key": "key"}})], ""),
    "R25": ([("a.csv", one("Totaal R25"), None)], ""),
    "R31": ([("a.xlsx", thousands(one("R31", key=5000)), {"columns": BASIC | {"key": "key"}})], ""),
    "R26": ([("a.csv", as_csv(one("R26")).replace(b"R26", b'"R26'), {"columns": BASIC | {"key": "key"}})], ""),
    "R19": ([("a.xlsx", as_xlsx(one("R19"), more_sheets=[("oud", [])], hidden=["oud"]), {"columns": BASIC})], "R09"),
    "R29": ([("a.xls", as_xls("Blad1", one("R29")), {"columns": BASIC})], "R09"),
    "R30": ([("a.xlsx", with_macros(one("R30")), {"columns": BASIC})], "R09"),
    "R33": ([("a.csv", b"%PDF-1.4", {"columns": BASIC})], ""),
    "R34": ([("a.csv", [*one("R34"), [""] * 4, ["", "soort", "aantal", ""], ["", "groot", "3", ""]], None)], ""),
    "R35": ([("a.csv", one("R35 " + "lang " * 7_000), None)], ""),
    "C01": ([("a.csv", one("C01", granted="12.5"), None)], ""),
    "C02": ([("a.csv", one("C02", granted="PM"), None)], ""),
    "C03": ([("a.csv", one("C03", start="31-02-2007"), None)], ""),
    "C04": ([("a.csv", one("C04", hours="veel"), None)], ""),
    "C05": ([("a.csv", one("C05", status="lopendig"), None)], ""),
    "C06": ([("a.csv", one("C06", start="1-2-2007", end="31-1-2007"), None)], ""),
    "C07": ([("a.csv", [*one("C07"), ["", "", "Soest", "P1"]], None)], ""),
    "C08": ([("a.csv", one("", round="9", talk="1-2-2007"), TALK)], "C07"),
    "C09": ([("a.csv", one("C09", kind="beloofd", amount="5"), None)], ""),
    "C10": ([("a.csv", one("C10", target="veel"), None)], ""),
    "C11": ([("a.csv", one("C11", hours="151"), {"source": "S2"})], ""),
    "C13": ([("a.csv", one("C13", granted="5", settled="6"), None)], ""),
    "C14": ([("a.csv", one("C14", round="3", talk="2-2-2007", quotation="1-2-2007"), TALK)], ""),
    "C15": ([("a.csv", one("C15 bel 06-12345678"), None)], ""),
    "C16": ([("a.csv", one("C16", settled="(5)"), None)], ""),
    "C17": (
        [
            (
                "a.csv",
                [["municipality", "round", "talk"], ["Baarn", "1", "1-12-2006"], ["Soest", "1", "30-11-2006"]],
                TALK,
            )
        ],
        "",
    ),
    "C20": ([("a.xlsx", one("C20", granted=1.234), None)], ""),
    "C18": ([("a.csv", one("C18", granted="$ 5"), None)], ""),
    "C19": ([("a.csv", one("C19", granted="5", unit="schepels"), None)], ""),
    "J01": ([("a.csv", one("J01", municipality="Nergenshuizen"), None)], ""),
    "J02": ([("a.csv", one("J02", municipality="Bilthoven"), None)], ""),
    "J03": ([("a.csv", one("J03", municipality="Baarn en Ede"), None)], ""),
    "J04": ([("a.csv", one("J04", theme="Iets heel anders"), None)], ""),
    "J05": ([("a.csv", one("J05", theme="Samenhang jeugdbeleid - jeugdzorg"), None)], ""),
    "J06": ([("a.csv", one("J06", merges_with="S4-bestaat-niet"), None)], ""),
    "J07": (
        [
            ("a.csv", one("J07", key="J07", start="2006"), None),
            ("b.csv", one("J07", merges_with="S1-J07", start="2007"), {"source": "S3"}),
        ],
        "",
    ),
    "J08": ([("a.csv", [*one("J08", key="J08-1"), one("J08", key="J08-2")[1]], None)], ""),
    "J09": ([("a.csv", one("J09", municipality="Baarn; Soest", weights="0,5; 0,6"), None)], ""),
    "J10": ([("a.csv", one("J10", source="Een ander programma"), None)], ""),
    "J11": ([("a.csv", one("J11", theme="ALIAS"), None)], ""),
    "J12": ([("a.csv", one("J12"), {"same_as": [{"row": "J12", "project": "S7-niet", "reason": "proef"}]})], ""),
    "J13": ([("a.csv", [*one("J13", key="1", granted="5"), one("J13", key="1", granted="6")[1]], None)], ""),
    "J14": ([("a.csv", [*one("J14", key="1", granted="5"), one("J14", key="1", granted="5")[1]], None)], ""),
    "J15": ([("a.csv", one("J15", municipality="Stichtse Vecht"), None)], "J01"),
    "J16": ([("a.csv", one("J16", municipality="Harmelen en Doorn"), None)], "J02"),
    "J17": ([("a.csv", one("J17", municipality="Groot Vecht"), None)], ""),
    "J18": (
        [("a.csv", [FACT, ["J18", "1-7-2006", "3", "rounds.count"], ["J18", "1-7-2006", "4", "rounds.count"]], STATED)],
        "",
    ),
    "K01": ([("a.csv", one("K01", start="1-1-2070"), None)], ""),
}


@pytest.fixture(scope="module")
def provoked(tmp_path_factory):
    """One build over all lists above, with a codebook of its own that has a correction; the tables."""
    root = tmp_path_factory.mktemp("provoked")
    shutil.copytree(PACKAGED, root / "reference")
    lines = {
        "corrections": ["K01/a.csv", "K01", "start", "1-1-2070", "1-1-2007", "proef", "2007-10-02", "proef"],
        "aliases": ["theme", "ALIAS", "P4", "yes", "2007-10-02", "proef", "proef"],
    }
    for name, line in lines.items():
        with open(root / "reference" / f"{name}.csv", "a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(line)
    splits = "name,gm_code,share,decided_on,decided_by,reason\nGroot Vecht,GM0311,0.4,,,\nGroot Vecht,GM0333,0.6,,,\n"
    (root / "reference" / "splits.csv").write_text(splits, encoding="utf-8")
    for code, (lists, _) in PROVOKED.items():
        for name, rows, card in lists:
            make_list(root, code, name, rows, card)
    return built(root)


def test_every_code_of_the_catalogue_is_provoked_here_and_no_other(provoked):
    catalogue = set(Codebook.open().findings["code"]) - {"R28"}  # no list provokes it: test_build.py puts in a fault
    catalogue = {code for code in catalogue if not code.startswith("G")}  # of the map: tests/test_areas.py
    assert set(PROVOKED) == catalogue
    assert set(provoked["findings"]["code"]) == catalogue


@pytest.mark.parametrize("code", PROVOKED)
def test_the_fault_becomes_this_finding_and_nothing_else(code, provoked):
    findings = provoked["findings"]
    here = findings[findings["file"].str.startswith(f"{code}/")]
    assert set(here["code"]) == {code, *PROVOKED[code][1].split()}
    severity = Codebook.open().findings.set_index("code")["severity"]
    assert (here["severity"] == here["code"].map(severity)).all()
    assert here["finding_id"].is_unique


@pytest.mark.parametrize(
    "code, row, column, listed",
    [
        ("R08", 1, "granted", "bedrag"),
        ("R10", 3, "", ""),
        ("R14", 3, "granted", "€ 6,-"),
        ("C01", 2, "granted", "12.5"),
        ("C03", 2, "start", "31-02-2007"),
        ("C05", 2, "status", "lopendig"),
        ("J01", 2, "municipality", "Nergenshuizen"),
        ("J03", 2, "municipality", "Ede"),
        ("J04", 2, "theme", "Iets heel anders"),
        ("J07", 2, "start", "2007"),
        ("J09", 2, "weights", "0,5; 0,6"),
        ("K01", 2, "start", "1-1-2070"),
    ],
)
def test_a_finding_names_the_row_the_column_and_the_text_as_listed(code, row, column, listed, provoked):
    found = provoked["findings"].query("code == @code and file.str.startswith(@code)").iloc[0]
    assert (found["row"], found["column"], found["listed"]) == (row, column, listed)


def test_every_row_and_every_cent_is_accounted_for(provoked):
    account = provoked["ledger"].set_index("file")
    assert (account["rows_in"] == account[["rows_used", "rows_merged", "rows_set_aside"]].sum(axis=1)).all()
    assert (account["cents_in"] == account[["cents_used", "cents_merged", "cents_set_aside"]].sum(axis=1)).all()
    named = [f"{code}/{name}" for code, (lists, _) in PROVOKED.items() for name, _, _ in lists if code != "R18"]
    assert sorted(account.index) == sorted(name.replace("06-12345678", "[weggelaten]") for name in named)
    aside = provoked["findings"][provoked["findings"]["code"].isin(["R10", "R11", "R12", "R13", "R34", "C07", "J18"])]
    assert account["rows_set_aside"].sum() == len(aside)
    assert account.loc["C09/a.csv", "cents_set_aside"] == 500
    assert account.loc["J07/b.csv", ["rows_used", "rows_merged"]].tolist() == [0, 1]


def test_every_finding_has_a_text_a_reason_and_an_advice_in_the_catalogue():
    catalogue = Codebook.open().findings
    assert catalogue["code"].is_unique and set(catalogue["severity"]) == {"error", "warning", "note"}
    assert (catalogue[["nl", "en", "why", "what_to_do"]] != "").all(axis=None)


# ---------------------------------------------------------------- files that cannot be read


def far_cell(column):
    cell = f'<row r="1048576"><c r="{column}1048576"><v>1</v></c></row>'
    good = zipfile.ZipFile(io.BytesIO(as_xlsx(one("ver"))))
    members = {name: good.read(name) for name in good.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", cell.encode() + b"</sheetData>")
    return as_zip(members | {"xl/worksheets/sheet1.xml": sheet})


def billion_laughs(data, member):
    """The same office file with an entity bomb in one of its parts."""
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>'
    good = zipfile.ZipFile(io.BytesIO(data))
    members = {name: good.read(name) for name in good.namelist()}
    head, mark, rest = members[member].partition(b"?>")
    members[member] = head + mark + doctype.encode() + rest.replace(b"Samen", b"&l9;")
    return as_zip(members)


def broken(data, member):
    """The zip with the compressed bytes of one member overwritten."""
    info = zipfile.ZipFile(io.BytesIO(data)).getinfo(member)
    at = info.header_offset + 30 + len(member)
    return data[: at + 20] + bytes(40) + data[at + 60 :]


XLSX, ODS, DOCX = as_xlsx(one("Samen")), as_ods(one("Samen")), as_docx(one("Samen"))
BAD = {
    "truncated.xlsx": (XLSX[: len(XLSX) // 2], "R01"),
    "truncated.ods": (ODS[:-30], "R01"),
    "truncated.docx": (DOCX[:5000], "R01"),
    "damaged.xlsx": (broken(XLSX, "xl/worksheets/sheet1.xml"), "R01"),
    "damaged.docx": (broken(DOCX, "word/document.xml"), "R01"),
    "noise.xlsx": (bytes(range(256)) * 40, "R01"),
    "only_pk.xlsx": (b"PK\x03\x04", "R01"),
    "other.zip.xlsx": (as_zip({"readme.txt": "hallo"}), "R33"),
    "old.doc.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "R01"),
    "half.csv": ("title;municipality\r\nSamen;Baarn\r\n".encode("utf-16")[:-1], "R01"),
    "locked.xlsx": (LOCKED, "R02"),
    "far.xlsx": (far_cell("XFD"), "R03"),
    "less_far.xlsx": (far_cell("AZ"), "R03"),  # fits in the memory of the machine, not in that of the child
    "empty.csv": (b"", "R05"),
    "empty.xlsx": (b"", "R05"),
    "no_sheet_data.xlsx": (as_xlsx([]), "R05"),
    "blank.csv": (b"\r\n;;\r\n \r\n", "R05"),
    "header.csv": (as_csv(one("")[:1]), "R05"),
    "header.docx": (as_docx(one("")[:1]), "R05"),
    "laughs.docx": (billion_laughs(DOCX, "word/document.xml"), None),
    "laughs.xlsx": (billion_laughs(XLSX, "xl/sharedStrings.xml"), None),
    "other.csv": (b"dit is geen lijst\r\nmaar een brief\r\n", "R04"),
    "page.xls": (b"<html><body><table><tr><td>title</td></tr></table></body></html>", "R05"),
    "no_table.html": (b"<html><title>Lijst</title><p>title</p></html>", "R05"),
    "broken.json": (b'[{"title": "Samen"}, {"tit', "R01"),
}


@pytest.fixture(scope="module")
def with_bad_files(tmp_path_factory):
    root = tmp_path_factory.mktemp("bad")
    for number, (name, (data, _)) in enumerate(BAD.items()):
        make_list(root, f"{number:02}", name, data, {"columns": BASIC})
    make_list(root, "98", "nul.csv", as_csv(one("Nul")).replace(b"Nul", b"N\0ul"), {"columns": BASIC | {"key": "key"}})
    make_list(root, "99", "good.csv", one("Goed"))
    return built(root)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_a_finding_and_stays_in_the_ledger(name, with_bad_files):
    findings, account = with_bad_files["findings"], with_bad_files["ledger"]
    errors = findings[(findings["severity"] == "error") & findings["file"].str.endswith(f"/{name}")]
    if BAD[name][1]:
        assert errors["code"].tolist() == [BAD[name][1]]
        assert errors["kept"].tolist() != [""]
        assert not errors["listed"].str.contains("Traceback|/tmp|/home").any()
        assert account.loc[account["file"].str.endswith(f"/{name}"), "rows_in"].tolist() == [0]
    else:
        assert account["file"].str.endswith(f"/{name}").any()


def test_the_other_lists_still_build(with_bad_files):
    titles = set(with_bad_files["projects"]["title"])
    assert {"Goed", "Nul"} <= titles
    assert with_bad_files["findings"].query("file == '98/nul.csv'")["code"].tolist() == ["R07"]


def test_a_bomb_of_an_archive_is_refused_by_its_size_without_unpacking(tmp_path):
    data = bomb(601_000_000)
    assert len(data) < 5_000_000
    make_list(tmp_path, "a", "bomb.xlsx", data, {"columns": BASIC})
    make_list(tmp_path, "b", "good.csv", one("Goed"))
    tracemalloc.start()
    tables = built(tmp_path)
    assert tracemalloc.get_traced_memory()[1] < 200_000_000
    tracemalloc.stop()
    assert tables["findings"][["code", "kept"]].values.tolist() == [["R03", "te groot: uitgepakt 600 MB"]]
    assert tables["projects"]["title"].tolist() == ["Goed"]


def test_when_nothing_can_be_read_the_last_good_tables_stay(tmp_path):
    path = make_list(tmp_path, "a", "a.csv", one("Goed"))
    built(tmp_path)
    before = {p.name: p.read_bytes() for p in (tmp_path / "data" / "clean").iterdir()}
    make_list(tmp_path, "a", "a.csv", b"", {"columns": BASIC})
    with pytest.raises(NotBuilt, match="Er is niets gewijzigd"):
        pipeline.build(tmp_path)
    path.with_name("a.card.toml").unlink()
    with pytest.raises(NotBuilt, match="Er is niets gewijzigd"):
        pipeline.build(tmp_path)
    assert {p.name: p.read_bytes() for p in (tmp_path / "data" / "clean").iterdir()} == before


# ---------------------------------------------------------------- cards that cannot be used


WRONG = [  # lines of a card, and what the finding says of them
    ({"columns": None}, "columns: ontbreekt"),
    ({"file": None}, "file: ontbreekt"),
    ({"file": "weg.csv"}, "file: weg.csv"),
    ({"basis": "rumour"}, "basis: rumour"),
    ({"rows": ["project"]}, "rows: project"),
    ({"rows": "projects"}, "rows: projects"),
    ({"rows": []}, "rows: []"),
    ({"date": "oktober 2007"}, "date: oktober 2007"),
    ({"columns": {"municipality": "municipality"}}, "columns: title"),
    ({"columns": BASIC | {"naam": "title"}}, "columns: naam"),
    ({"constants": {"thema": "P1"}}, "constants: thema"),
    ({"sheets": "Blad1"}, "sheets: Blad1"),
    ({"same_as": [{"row": "x"}]}, "same_as: ?"),
]


def test_a_card_that_cannot_be_used_is_a_finding_that_names_the_line(tmp_path):
    make_list(tmp_path, "99", "a.csv", one("Goed"))
    for number, (wrong, _) in enumerate(WRONG):
        make_list(tmp_path, f"{number:02}", "a.csv", one("Kaart"), wrong)
    tables = built(tmp_path)
    findings = tables["findings"][tables["findings"]["file"].str.endswith("card.toml")].sort_values("file")
    assert set(findings["code"]) == {"R18"}
    assert findings["listed"].str.replace(r" \(moet zijn: .*", "", regex=True).tolist() == [
        listed for _, listed in WRONG
    ]
    assert tables["projects"]["title"].tolist() == ["Goed"]


def test_a_card_that_is_no_toml_and_a_list_without_a_card_are_findings(tmp_path):
    make_list(tmp_path, "a", "a.csv", one("Goed"))
    make_list(tmp_path, "b", "b.csv", one("Kaart")).with_name("b.card.toml").write_text("file = b.csv")
    make_list(tmp_path, "c", "c.csv", one("Kaart")).with_name("c.card.toml").unlink()
    tables = built(tmp_path)
    told = tables["findings"].sort_values("file")[["code", "file", "listed"]].values.tolist()
    where = "de kaart is geen geldige toml: kijk naar regel 1, teken 8"
    assert told == [["R18", "b/b.card.toml", where], ["R18", "c/c.csv", "card.toml"]]
    assert tables["projects"]["title"].tolist() == ["Goed"]


# ---------------------------------------------------------------- contact data

PRIVATE = [
    "Pietersen",
    "pietersen@example.org",
    "06-12345678",
    "06 12345678",
    "030 123 45 67",
    "NL91ABNA0417164300",
    "123456782",
]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.docx"])
def test_contact_data_reach_no_file_of_data_clean_whatever_the_cell(name, tmp_path):
    person, mail, phone = "K. Pietersen", "k.pietersen@example.org", "(030) 123 45 67"
    ours = [
        column
        for column in schema.TEXTS
        if column not in ("fact_id", "as_of", "statement", "stated", "unit", "measure")
    ]
    rows = [["Wie", "Bereikbaar", "Navraag bij " + mail, *ours]]
    for text in (mail, "bel " + phone, f"via {person}", "06 12345678", "IBAN NL91ABNA0417164300", "bsn 123456782"):
        rows.append([person, "06-12345678", "?", *(f"{text} {column}" for column in ours)])
    rows.append([person, "06-12345678", "?", "sleutel", "Overleg met k.  pietersen", "Baarn", *[""] * (len(ours) - 3)])
    make_list(
        tmp_path, "2007-10-01_a", name, rows, {"contact": ["Wie", "Bereikbaar"], "rows": ["projects", "conversations"]}
    )
    tables = built(tmp_path)
    assert (tables["findings"]["code"] == "C15").sum() > len(ours)
    for path in (tmp_path / "data" / "clean").iterdir():
        text = path.read_text(encoding="utf-8")
        for word in PRIVATE:
            assert word.casefold() not in text.casefold(), f"{word} in {path.name}"
    assert any(title.startswith("Overleg met [weggelaten]") for title in tables["projects"]["title"])


def test_a_column_that_the_card_does_not_name_reaches_no_file(tmp_path):
    rows = [[*row, extra] for row, extra in zip(one("Samen"), ["Privé", "zeer vertrouwelijk"], strict=True)]
    make_list(tmp_path, "2007-10-01_a", "a.csv", rows)
    built(tmp_path)
    written = [p.read_text(encoding="utf-8") for p in (tmp_path / "data" / "clean").iterdir()]
    assert not any("vertrouwelijk" in text for text in written)
    assert open_monitor(tmp_path).projects["title"].tolist() == ["Samen"]


def test_a_municipality_in_a_contact_column_does_not_make_the_municipality_vanish(workspace):
    rows = [["title", "municipality", "Contact"], ["Samen", "Baarn", "Baarn"], ["Thuis", "Soest", "A. Voorbeeld"]]
    tables = workspace({"lijst.csv": (rows, {"contact": ["Contact"]})})
    assert sorted(tables["placements"]["gm_code"]) == ["GM0308", "GM0342"]


def test_a_list_without_a_card_and_one_with_another_hash_stand_in_the_ledger_with_nothing_in(tmp_path):
    make_list(tmp_path, "2007-10-01_a", "goed.csv", [["title", "municipality"], ["Samen", "Baarn"]])
    other = make_list(tmp_path, "2007-10-01_a", "anders.csv", [["title", "municipality"], ["Thuis", "Soest"]])
    other.write_text("title,municipality\nAnders,Zeist\n", encoding="utf-8")
    (other.parent / "los.csv").write_text("title\nLos\n", encoding="utf-8")
    ledger = built(tmp_path)["ledger"].set_index("file")["rows_in"]
    assert ledger.to_dict() == {
        f"2007-10-01_a/{name}.csv": rows for name, rows in (("anders", 0), ("goed", 1), ("los", 0))
    }


# ---------------------------------------------------------------- many findings


def test_thousands_of_odd_rows_and_wrong_totals_cost_little(tmp_path):
    rows = one("Samen", granted="€ 1,-")
    odd = [["", f"P{number}", "Baarn", "P1", "€ 1,-", "te veel"] for number in range(8000)]
    wrong = [["Totaal", "", "", "", f"€ {number},-"] for number in range(100, 8100)]
    same = [["", "Gelijk", "Soest", "P1", "€ 1,-"]] * 8000
    make_list(tmp_path, "a", "a.csv", [*rows, *odd, *wrong])
    make_list(tmp_path, "a", "b.csv", [*rows, *same])
    begun = time.process_time()
    tables = built(tmp_path)
    assert time.process_time() - begun < 8
    counts = tables["findings"]["code"].value_counts().to_dict()
    assert counts == {"R10": 8000, "R11": 8000, "R14": 7999, "J08": 1}
    assert tables["findings"]["listed"].str.len().max() < 1000


def test_a_group_of_equal_projects_is_one_finding_with_count_and_examples(tmp_path):
    rows = [[f"K{number}", "Gelijk", "Soest"] for number in range(7)]
    make_list(tmp_path, "a", "a.csv", [["key", "title", "municipality"], *rows, ["L", "Ook", "Soest"]])
    told = built(tmp_path)["findings"][["code", "row", "listed", "kept"]].values.tolist()
    assert told == [["J08", 2, "Gelijk", "7 projecten: S1-K0 | S1-K1 | S1-K2 | S1-K3 | S1-K4 | ..."]]


NO_LISTS = {
    "a.pdf": (b"%PDF-1.4\n%", "een pdf"),
    "a.xlsx": (b"%PDF-1.4\n%", "een pdf"),
    "b.csv": (b"\x89PNG\r\n\x1a\n" + bytes(300), "een afbeelding (png)"),
    "a.lnk": (b"L\0\0\0\x01\x14\x02\0" + bytes(60), "een snelkoppeling"),
    "a.url": (b"[InternetShortcut]\r\nURL=https://example.org/lijst.csv\r\n", "een snelkoppeling"),
    "a.zip": (as_zip({"lijst.csv": "title;municipality"}), "een ingepakt bestand (zip)"),
}


@pytest.mark.parametrize("name", NO_LISTS)
def test_what_is_no_list_is_told_for_what_it_is(name, tmp_path):
    data, what = NO_LISTS[name]
    make_list(tmp_path, "a", name, data, {"columns": BASIC})
    make_list(tmp_path, "b", "goed.csv", one("Samen"))
    told = built(tmp_path)["findings"][["code", "file", "listed"]].values.tolist()
    assert told == [["R33", f"a/{name}", what]]
