"""Contact data that stand anywhere in a list come out nowhere, and what only looks like them stays."""

import html
import io
import json
import re
import shutil
import sys
import zipfile
import zlib
from pathlib import Path

import monitors
import pandas as pd
import pytest
import xlsxwriter
from conftest import built, make_list
from planted import HARMLESS, Detail, details

import wmo_analysis as wmo
from wmo_analysis import cli, dashboard, export, measure, pictures, report
from wmo_analysis.codebook import PACKAGED
from wmo_analysis.monitor import open_monitor
from wmo_analysis.pipeline import private

SEED, FEW, MANY = 20070, 60, 300
COLUMNS = ["title", "good_example", "theme", "status", "municipality"]
SHAPES = ["{}", "Samen doen ({})", "{}: samen doen", "Meld u aan bij {}.", "Samen, {} en verder", "Koken\n{}"]
SUFFIXES = [".csv", ".xlsx", ".ods", ".docx"]
DECLARED = {".csv": True, ".xlsx": True, ".ods": False, ".docx": False}  # whether the card knows the column of contacts
CONTACT = {".csv": "Contactpersoon", ".xlsx": "Naam", ".ods": "Behandelaar", ".docx": "Aanspreekpunt"}

KEYS = ["0344123410", "612345678", "123456782", "2008WMC10", "30-1234567", "0344-123410", "2007/0612345678"]


# ---------------------------------------------------------------- lists with details, and all that is made of them


def rows_of(planted: list[Detail], suffix: str) -> list[list[str]]:
    """A row for each detail, in a column and a shape of its own; the contact of a name stands a row further down."""
    rows = [["key", "municipality", "title", "theme", "status", "good_example", "granted", CONTACT[suffix]]]
    for number, detail in enumerate(planted):
        cells = {
            "title": f"Plan {number}",
            "municipality": "Baarn",
            "theme": "P1",
            "status": "loopt",
            "good_example": "",
        }
        cells[COLUMNS[number % len(COLUMNS)] if number % 2 else "title"] = SHAPES[number % len(SHAPES)].format(
            detail.text
        )
        contact = planted[number - 1].contact or "onbekend"
        texts = [cells[name] for name in rows[0][1:-2]]
        rows.append([f"{suffix[1:]}-{number:03}", *texts, "1.250,00", contact])
    return rows


def harmless_rows() -> list[list[str]]:
    """A row for each look-alike; the contacts are names of places and words of our own."""
    rows = [["key", "municipality", "title", "granted", "contactpersoon"]]
    people = ["Baarn", "A. Baarn", "J. de Bilt", "onbekend", "Mantelzorg", "Stichting De Brug", "612345678"]
    for number, text in enumerate(HARMLESS):
        key = ["0344123410", "612345678", "123456782", "2008WMC10", "30-1234567"][number % 5] + (
            "" if number < 5 else f"-{number}"
        )
        rows.append(
            [key, "Baarn", text, ["123.456.782,00", "612345678", "1.250"][number % 3], people[number % len(people)]]
        )
    return rows


def plant(root: Path, planted: list[Detail]) -> None:
    """Four lists of every format with these details in cells, names of sheets, headers and cards; and a harmless one."""
    for at, suffix in enumerate(SUFFIXES):
        mine, also = planted[at :: len(SUFFIXES)], planted[at]
        rows = rows_of(mine, suffix)
        rows[0] = [*rows[0], f"Vraag na bij {also.text}"]
        rows[1:] = [[*row, "x"] for row in rows[1:]]
        ours = {name: name for name in rows[0][:-2]}
        card = {"columns": ours, "owner": f"Gemeente, {also.text}", "licence": f"via {also.text}"}
        card |= {"contact": [CONTACT[suffix]]} if DECLARED[suffix] else {}
        make_list(root, f"2007-10-01_{suffix[1:]}", f"lijst{suffix}", rows, card)
    make_list(root, "2007-10-01_goed", "goed.csv", harmless_rows(), {"contact": ["contactpersoon"]})


def texts_in(path: Path) -> str:
    """All text of a file: every part of a zip as it is and without its tags, and what a png says beside its points."""
    data = path.read_bytes()
    if zipfile.is_zipfile(path):
        archive = zipfile.ZipFile(path)
        parts = [name + archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        return "\n".join(parts + [re.sub("<[^>]+>", "", part) for part in parts])
    if path.suffix == ".png":
        return "".join(map(_said, re.findall(rb"(?:tEXt|iTXt|zTXt|eXIf)[^\0]*\0.{0,4000}", data, re.DOTALL)))
    return data.decode("utf-8", "replace")


def _said(chunk: bytes) -> str:
    try:
        return zlib.decompressobj().decompress(chunk.partition(b"\0")[2][1:]).decode("utf-8", "replace")
    except zlib.error:
        return chunk.decode("latin-1")


def outputs(root: Path) -> dict[str, str]:
    """Everything that comes out of a workspace, as text: tables, memo, workbook, page, csv, chart, widget, views, log."""
    monitor, out = open_monitor(root), root / "outputs"
    report.memo(monitor, out / "memo.docx")
    report.workbook(monitor, out / "werkboek.xlsx")
    report.page(monitor, out / "pagina.html")
    for name in ("projects", "quality"):
        export.csv(getattr(measure, name)(monitor), out / f"{name}.csv")
    pictures.save([wmo.chart.coverage(measure.coverage(monitor))], [out / "dekking.png"])
    found = {"widget": in_widget(dashboard.explore(monitor, out), monitor.tables["projects"]["project_id"][::5])}
    for path in [*out.rglob("*"), *(root / "data" / "clean").rglob("*")]:
        if path.is_file():
            found[path.name] = texts_in(path)
    return found


def in_widget(board: dashboard.Dashboard, projects: list[str]) -> str:
    """What the page gets for some views and projects; a view is saved, and an error of the program logged."""
    asked = [("view", {"view": name}) for name in ("projects", "quality", "matrix")]
    asked += [("project", {"project": name}) for name in projects]
    said = []
    for what, content in [("open", {"width": 1000}), *asked, ("save", {"name": "Test"}), ("nonsense", {})]:
        board.hear(None, {"do": what, **content}, [])
        said += [board.texts, board.shell, board.figure, board.table, board.trace]
    return json.dumps(said, ensure_ascii=False)


def leaks(planted: list[Detail], said: dict[str, str]) -> list[tuple[str, str, str]]:
    """(kind, text, where) of every detail of which a part came out."""
    folded = {where: html.unescape(text).casefold() for where, text in said.items()}
    found = []
    for detail in planted:
        parts = {part.casefold() for part in detail.secrets if len(part) > 4}
        found += [
            (detail.kind, detail.text, where) for where, text in folded.items() if any(map(text.__contains__, parts))
        ]
    return found


@pytest.fixture(scope="module", params=[FEW, pytest.param(MANY, marks=pytest.mark.fuzz)])
def planted(request):
    return details(SEED, request.param)


@pytest.fixture(scope="module")
def workspace(planted, tmp_path_factory):
    """A workspace with lists that hold all these details, built."""
    root = tmp_path_factory.mktemp("privacy")
    plant(root, planted)
    built(root)
    return root


@pytest.fixture(scope="module")
def said(workspace):
    return outputs(workspace)


def test_no_detail_of_a_list_comes_out_anywhere(planted, said):
    assert {".csv", ".json", ".docx", ".xlsx", ".html", ".png"} <= {Path(name).suffix for name in said}
    assert leaks(planted, said) == []


def test_an_address_as_the_title_of_a_project_is_masked_and_the_project_stays(tmp_path):
    listed = {
        "Molenlaan 12, 3511 AB Utrecht": "* Utrecht", "Oude Gracht 15-bis, 3511 AB": "Oude *", "Neplaan 3": "*",
        "Brink 4, 3741 AB Baarn": "* Baarn", "'t Zand 4 3544NB": "'t *", "nepweg 12, 3511AB": "*", "Neplaan 5": "*",
        "Laan van Nieuw Nepland 14": "*", "Postbus 8, 3508 TH Utrecht": "* Utrecht", "3511 AB 12": "*",
        "Fase 2, 2007 EN 2008": "Fase 2, 2007 EN 2008", "Wijk 3, 3511 AB": "*",
        "Deel 2, 3500 deelnemers": "Deel 2, 3500 deelnemers",
    }  # fmt: skip
    make_list(tmp_path, "2007-10-01_a", "a.csv", [HEAD, *(["", "Baarn", title, "1"] for title in listed)])
    tables = built(tmp_path)
    assert tables["listed"]["title"].tolist() == [text.replace("*", private.MASK) for text in listed.values()]
    assert tables["projects"]["title"].value_counts().to_dict() == tables["listed"]["title"].value_counts().to_dict()
    assert tables["amounts"]["cents"].tolist() == [100] * len(listed)
    assert len(tables["findings"].query("code == 'C15'")) == len(listed) - 2


def test_what_only_looks_like_a_detail_stays_as_it_is(workspace):
    listed = pd.read_csv(workspace / "data/clean/listed.csv", **wmo.schema.read_options("listed"))
    mine = listed[listed["file"] == "2007-10-01_goed/goed.csv"]
    rows = [row[:4] for row in harmless_rows()[1:]]
    assert mine[["key", "municipality", "title", "granted"]].to_numpy().tolist() == rows


# ---------------------------------------------------------------- names of files, sheets, columns; corrections; the log

HEAD = ["key", "municipality", "title", "granted"]
ROW = ["1", "Baarn", "Samen doen", "1.250,00"]
MAIL = "fictia.nep@example.org"


def all_bytes(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (root / "data" / "clean").iterdir())


@pytest.mark.parametrize("name", [f"van {MAIL}.csv", "F. Nepstra.csv", "2007_06-12345678.csv", "Fictia_Nepstra.csv"])
def test_a_list_whose_file_name_holds_a_detail_is_left_out_and_told(name, tmp_path):
    card = {"contact": ["contact"]}
    make_list(tmp_path, "2007-10-01_a", name, [[*HEAD, "contact"], [*ROW, "Fictia Nepstra"]], card)
    make_list(tmp_path, "2007-10-01_b", "goed.csv", [HEAD, ROW])
    tables = built(tmp_path)
    told = tables["findings"][tables["findings"]["code"] == "R27"]
    assert len(told) == 1 and private.MASK in told["file"].iloc[0]
    assert tables["ledger"]["file"].tolist() == sorted([told["file"].iloc[0], "2007-10-01_b/goed.csv"])
    assert tables["projects"]["file"].tolist() == ["2007-10-01_b/goed.csv"]
    assert not any(part in all_bytes(tmp_path) for part in (b"fictia", b"Nepstra", b"12345678"))
    assert len(open_monitor(tmp_path).tables["projects"]) == 1


def test_a_changed_list_is_noticed_though_its_name_is_not_told(tmp_path):
    path = make_list(tmp_path, "2007-10-01_a", f"{MAIL}.csv", [HEAD, ROW])
    make_list(tmp_path, "2007-10-01_b", "goed.csv", [HEAD, ROW])
    built(tmp_path)
    path.write_text("anders")
    with pytest.raises(wmo.errors.WmoError, match="Sinds de laatste bouw"):
        open_monitor(tmp_path)


def test_sheets_named_after_persons_keep_their_rows_apart(tmp_path):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name in ("06-12345678", "06-87654321", "Baarn"):
            sheet = book.add_worksheet(name)
            for at, row in enumerate([HEAD, ["", *ROW[1:]]]):
                sheet.write_row(at, 0, row)
    make_list(tmp_path, "2007-10-01_a", "a.xlsx", buffer.getvalue(), {"columns": {name: name for name in HEAD}})
    listed = built(tmp_path)["listed"]
    assert sorted(listed["sheet"]) == ["Baarn", private.MASK, f"{private.MASK} (2)"]
    assert b"12345678" not in all_bytes(tmp_path)


PERSONS = ["Behandelaar", "Naam", "E-mailadres", "Tel.", "Projectleider", "Aanspreekpunt", "BSN", "Adres", "06_nummer"]


@pytest.mark.parametrize("header", PERSONS)
def test_a_column_about_persons_that_no_card_knows_is_dropped_and_told(header, tmp_path):
    rows = [
        [*HEAD, header],
        [*ROW[:2], "Met mw. Nepstra", "1", "Fictia Nepstra"],
        [*ROW[:2], "Samen", "2", "zie Samen"],
    ]
    make_list(tmp_path, "2007-10-01_a", "a.csv", rows)
    tables = built(tmp_path)
    told = tables["findings"].query("code in ['R09', 'R15']")[["code", "listed", "did_you_mean"]].to_numpy().tolist()
    assert told == [["R15", header.casefold(), "contact"]]
    assert tables["listed"]["title"].tolist() == [f"Met {private.MASK}", "Samen"]
    assert b"Nepstra" not in all_bytes(tmp_path)


@pytest.mark.parametrize("header", ["Toelichting", "Projectnaam", "Naam organisatie", "Tweede contact", "Plaatsnaam"])
def test_a_column_about_something_else_is_only_not_used(header, tmp_path):
    make_list(tmp_path, "2007-10-01_a", "a.csv", [[*HEAD, header], [*ROW, "Samen doen"]])
    tables = built(tmp_path)
    assert tables["findings"]["code"].tolist() == ["R09"]
    assert tables["listed"]["title"].tolist() == ["Samen doen"]


def test_a_correction_is_told_without_the_detail_that_it_takes_out(tmp_path):
    file = "2007-10-01_a/a.csv"
    make_list(tmp_path, "2007-10-01_a", "a.csv", [HEAD, [*ROW[:2], f"Bel {MAIL}", "1"]])
    shutil.copytree(PACKAGED, tmp_path / "reference")
    line = f"{file},1,title,Bel {MAIL},Bel ons,reden,2007-10-01,beheer\n"
    with open(tmp_path / "reference" / "corrections.csv", "a", encoding="utf-8") as corrections:
        corrections.write(line)
    tables = built(tmp_path)
    told = tables["findings"].query("code == 'K01'")[["listed", "kept"]].to_numpy().tolist()
    assert told == [[f"Bel {private.MASK}", "Bel ons"]]
    assert MAIL.encode() not in all_bytes(tmp_path)


def test_the_log_says_where_it_went_wrong_and_not_what_a_cell_held(tmp_path):
    board = dashboard.explore(monitors.shipped(), tmp_path)
    cell = f"Fictia Nepstra {MAIL}"
    board._on_fall = lambda content, buffers: int(cell)
    board.hear(None, {"do": "fall", "title": cell}, [])
    log = (tmp_path / "wmo.log").read_text(encoding="utf-8")
    assert "ValueError\n" in log and "test_privacy.py" in log
    assert "Nepstra" not in log and MAIL not in log
    assert " dashboard fall do title\n" in log


def test_the_log_says_which_command_and_options_and_not_what_was_typed_there(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["wmo", "add", f"{MAIL}.csv", "--owner=Fictia Nepstra", "--source", "Nepstra"])
    monkeypatch.setattr(cli, "app", lambda: 1 / 0)
    with pytest.raises(SystemExit):
        cli.main()
    log = (tmp_path / "outputs" / "wmo.log").read_text(encoding="utf-8")
    assert " wmo add --owner --source\n" in log
    assert "Nepstra" not in log and MAIL not in log


# ---------------------------------------------------------------- names

VRIES = [
    "Anna de Vries",
    "P. Nepstra-Bakker",
    "Fopma, Karel (projectleider)",
    "Baarn",
    "J. de Bilt",
    "Stichting De Brug",
]


@pytest.mark.parametrize(
    "text, masked",
    [
        ("bel Anna de Vries", "bel *"),
        ("A. DE VRIES belt", "* belt"),
        ("Vries, Anna de, belt", "*, belt"),
        ("mw. drs. De Vries", "*"),
        ("Anna-Maria de Vries-Jansen", "*"),
        ("het vries niet", "het vries niet"),
        ("Piet de Vries", "Piet *"),
        ("Annà\u00a0de  Vriès", "*"),
        ("P. Nepstra Bakker en K. Fopma", "* en *"),
        ("Baarn, De Bilt en Soest", "Baarn, De Bilt en Soest"),
        ("buurthuis de Brug", "buurthuis de Brug"),
        ("Stichting De Brug", "*"),
    ],
)
def test_a_contact_is_found_as_others_write_it(text, masked):
    contacts = private.Contacts(VRIES, {"baarn", "de bilt"})
    assert contacts.masked(text) == masked.replace("*", private.MASK)


@pytest.mark.parametrize(
    "text", ["Jansen belt terug", "Graag bel Jansen", "overlegd met Jansen", "Bellen naar JANSEN, ma"]
)
def test_a_last_name_alone_is_masked_where_only_a_person_can_stand(text):
    masked = private.Contacts(["P. Jansen"]).masked(text)
    assert masked == re.sub("(?i)jansen", private.MASK, text)


@pytest.mark.parametrize(
    "text", ["Jansen", "Huis Jansen Soest", "Bakker aan huis", "Met Bakker bakken", "de bakker belt"]
)
def test_a_last_name_alone_that_may_be_a_word_of_a_title_stays(text):
    assert private.Contacts(["P. Jansen", "A. Bakker"]).masked(text) == text


@pytest.mark.parametrize("text", ["Andere Proef", "Alle Proef samen", "Actieve proef"])
def test_an_initial_does_not_take_a_common_word_out_of_a_title(text):
    assert private.Contacts(["A. Proef"]).masked(text) == text


def test_an_initial_takes_any_other_word_in_capitals_for_a_first_name():
    assert private.Contacts(["A. Proef"]).masked("Met Anna Proef") == f"Met {private.MASK}"
