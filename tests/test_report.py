"""The memo: its structure, its bound figures, and what the check finds when data or text have changed."""

import contextlib
import csv
import inspect
import shutil
import subprocess
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from monitors import monitor, shipped

import wmo_analysis as wmo
from wmo_analysis import report
from wmo_analysis.views import VIEWS, cited

HEAD = ["key", "title", "municipality", "theme", "granted", "amount_date"]
EVIL = "=1+1 {{ 7*7 }} R&D <5 jaar"
CARD = {"credit": "FPK2006", "complete": True}


def small(granted="5000"):
    first = ["A", EVIL, "Baarn", "Mantelzorg", granted, "1-2-2007"]
    second = ["B", "Twee 2008", "Soest", "Sociale cohesie", "15000", "1-2-2007"]
    return monitor({"2007-10-01_a/lijst.csv": ([HEAD, first, second], CARD)})


@pytest.fixture
def no_chrome(monkeypatch, tmp_path):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))


def lines(path):
    """The text of every paragraph outside tables, with what stands in controls and fields."""
    return ["".join(t.text for t in p._p.iter(qn("w:t"))) for p in docx.Document(str(path)).paragraphs]


def controls(document):
    return {control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")): control for control in _all(document)}


def _all(document):
    return document.element.body.iter(qn("w:sdt"))


@contextlib.contextmanager
def edited(path):
    document = docx.Document(str(path))
    yield document
    document.save(str(path))


def found(table, *verdicts):
    rows = table[table["verdict"].isin(verdicts)]
    return sorted(zip(rows["citation"], rows["text"], rows["now"], strict=True))


# ---------------------------------------------------------------- the document


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("memo") / "memo.docx"
    return wmo.memo(shipped().as_of("2006-11-30"), path)


def test_the_memo_has_the_parts_of_the_first_letter_and_eight_charts(whole):
    document = docx.Document(str(whole))
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings == [
        ("Title", "Monitor Stand van zaken invoering WMO"),
        ("Heading 1", "Inleiding"),
        ("Heading 1", "Ondersteuning per gemeente en thema"),
        ("Heading 1", "Gesprekken met gemeenten in rondes"),
        ("Heading 1", "Het krediet"),
        ("Heading 1", "Adviesuren"),
        ("Heading 1", "Het schema"),
        ("Heading 1", "Overige projecten"),
        ("Heading 1", "Wat sinds de vorige monitor is veranderd"),
        ("Heading 1", "Bijlage: bronnen, telregels, aannamen, kwaliteit en bevindingen"),
        ("Heading 2", "Bronnen"),
        ("Heading 2", "Telregels"),
        ("Heading 2", "Aannamen"),
        ("Heading 2", "Kwaliteit van de lijsten"),
        ("Heading 2", "Bevindingen"),
        ("Heading 2", "Wat de brieven zeggen en wat de rijen geven"),
    ]
    figures = [line for line in lines(whole) if line.startswith("Figuur ")]
    assert len(document.inline_shapes) == len(figures) == 8
    assert "Figuur 8. Veranderingen per thema" in figures


def test_every_picture_fills_the_page_and_has_alt_text(whole):
    document = docx.Document(str(whole))
    room = document.sections[0].page_width - document.sections[0].left_margin - document.sections[0].right_margin
    for shape in document.inline_shapes:
        assert shape.width == room
        assert len(shape._inline.docPr.get("descr")) > 40


def test_every_table_has_a_header_row_and_a_caption(whole):
    for table in docx.Document(str(whole)).tables:
        assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_the_line_about_examples_stands_on_every_page(whole):
    for section in docx.Document(str(whole)).sections:
        text = "".join(part.text for part in section.header._element.iter(qn("w:t")))
        assert text == "Bevat voorbeeldgegevens: 28 van 43 projecten"


def test_a_memo_has_a_title_and_a_language_and_no_author(whole):
    document = docx.Document(str(whole))
    about = document.core_properties
    assert (about.author, about.last_modified_by, about.language) == ("", "", "nl-NL")
    assert about.title == "Monitor Stand van zaken invoering WMO, alle bronnen, 30 november 2006"
    assert {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))} == {"nl-NL"}


def test_the_schema_names_every_municipality_in_alphabetical_order_with_algemeen_first(whole):
    table = next(t for t in docx.Document(str(whole)).tables if t.cell(0, 0).text == "Gemeente")
    assert table.cell(0, 1).text == "Algemeen: ondersteuning invoering WMO"
    book = shipped().codebook
    names = [book.label("municipality", code) for code in book.gm_codes]
    assert [row.cells[0].text for row in table.rows[1:]] == [*names, "provinciebreed"]
    abcoude = table.rows[1].cells
    assert abcoude[1].text == "Ondersteuningsproject Utrecht-West (Burgers Betrekken)"
    sides = [section.orientation for section in docx.Document(str(whole)).sections]
    assert [int(side) for side in sides] == [0, 1, 0]


def test_projects_without_a_municipality_stand_with_their_targets(whole):
    assert {
        "Dubbel genieten: 1.200 eenzame ouderen, 1.200 vrijwilligers en jongeren",
        "Nieuwe sporen: minimaal 3 gemeenten",
        "Verenigingsondersteuner: sport en jongeren: 100 sportverenigingen",
    } <= set(lines(whole))


def test_text_of_data_stays_text_and_the_file_names_nobody(no_chrome, tmp_path):
    path = wmo.memo(small(), tmp_path / "memo.docx")
    cells = {cell.text for table in docx.Document(str(path)).tables for row in table.rows for cell in row.cells}
    assert EVIL in cells
    with zipfile.ZipFile(path) as inside:
        about = inside.read("docProps/core.xml").decode() + inside.read("docProps/app.xml").decode()
    assert "<dc:creator></dc:creator>" in about or "<dc:creator/>" in about


def test_without_chrome_the_charts_are_tables_and_one_sentence_says_why(no_chrome, tmp_path):
    path = wmo.memo(small(), tmp_path / "memo.docx")
    document = docx.Document(str(path))
    said = [text for text in lines(path) if text.startswith("De grafieken staan in dit stuk als tabel: Chrome")]
    assert len(said) == 1 and len(document.inline_shapes) == 0
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert "Adviesuren per project" in " ".join(captions)


def test_an_empty_selection_makes_a_memo_that_says_so(no_chrome, tmp_path):
    nothing = small().within(municipality="Zeist")
    assert (
        "In deze selectie staat op 1 oktober 2007 geen enkel project, voor geen van de 1 gemeenten. "
        "De tabellen en grafieken hieronder zijn daarom leeg."
    ) in lines(wmo.memo(nothing, tmp_path / "memo.docx"))
    nowhere = small().within(municipality="Zeist").within(municipality="Baarn")
    assert "Deze selectie bevat geen gemeente." in lines(wmo.memo(nowhere, tmp_path / "b.docx"))


def test_the_interim_report_tells_plans_second_contacts_and_what_follows(no_chrome, tmp_path):
    path = wmo.memo(shipped(), tmp_path / "memo.docx", programme="burgers-betrekken")
    said = lines(path)
    assert said[0] == "Tussenrapportage Burgers Betrekken"
    plan = "Op 9 oktober 2007 is met 22 van de 29 gemeenten (75,9 %) een plan van aanpak overeengekomen."
    second = "Met 3 gemeenten wordt nog een tweede contact gelegd, dat alsnog tot een plan van aanpak kan leiden: "
    assert plan.replace(" %", "\u00a0%") in said
    assert second + "Bunnik, Rhenen en Wijk bij Duurstede." in said
    assert "Ronde 3: de termijn was 30 juni 2007; zonder akkoord na die dag: 5." in said
    overview = next(t for t in docx.Document(str(path)).tables if t.cell(0, 0).text == "Gemeente")
    assert len(overview.rows) == 30


def test_an_unknown_programme_lists_the_sources_there_are(tmp_path):
    with pytest.raises(wmo.WmoError, match=r"Onbekende waarde voor bron: hobby\. Mogelijk zijn: Lokaal Centraal,"):
        wmo.memo(shipped(), tmp_path / "memo.docx", programme="hobby")


# ---------------------------------------------------------------- the check


def test_the_check_finds_every_figure_right_as_long_as_nothing_changed(whole):
    table = wmo.check_memo(whole, shipped())
    assert set(table["verdict"]) == {"right"} and len(table) > 250
    assert max(map(len, controls(docx.Document(str(whole))))) <= 64  # more signs Word refuses


def test_the_check_names_what_changed_was_retyped_and_nobody_bound(no_chrome, tmp_path):
    path = wmo.memo(small(), tmp_path / "memo.docx")
    with edited(path) as document:
        control = next(c for tag, c in controls(document).items() if "||covered|" in tag)
        next(control.iter(qn("w:t"))).text = "3"
        document.paragraphs[-1].insert_paragraph_before("Dat zijn er 12, in 2007 en op 1 mei 2008.", "WMO tekst")
        document.paragraphs[-1].insert_paragraph_before("Mijn eigen 34 opmerkingen.", "Normal")
    table = wmo.check_memo(path, small(granted="10000"))
    one = {"€ 5.000": "€ 10.000", "€ 20.000": "€ 25.000", "€ 313.000": "€ 308.000", "25": "40", "75": "60"}
    changed = found(table, "changed")
    assert {(text.replace("\u00a0", " "), now.replace("\u00a0", " ")) for _, text, now in changed} == set(one.items())
    assert {citation for citation, _, _ in changed} == {
        *("budget P3 committed", "budget P3 share", "budget P4 share", "budget ~e3b0c44298fc committed"),
        *("budget committed cents", "budget free cents", "budget granted cents"),
    }
    assert found(table, "retyped") == [("coverage covered", "3", "2")]
    assert found(table, "unbound") == [("", "12", "")]


def test_a_figure_of_a_project_that_left_is_gone(no_chrome, tmp_path):
    rows = ["title", "municipality", "hours"]
    two = monitor({"2007-10-01_a/l.csv": [rows, ["Een", "Baarn", "10"], ["Twee", "Soest", "20"]]})
    one = monitor({"2007-10-01_a/l.csv": [rows, ["Een", "Baarn", "10"]]})
    table = wmo.check_memo(wmo.memo(two, tmp_path / "memo.docx"), one)
    gone = table[table["now"] == "niet meer in de gegevens"]
    assert list(gone["text"]) == ["20", "n.v.t.", "n.v.t."] and set(gone["verdict"]) == {"changed"}


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is an optional package")
def test_the_bindings_survive_libreoffice(whole, tmp_path):
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/user", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "docx", "--outdir", tmp_path / "lo", whole], check=True, capture_output=True
    )
    before, after = (wmo.check_memo(path, shipped()) for path in (whole, tmp_path / "lo" / whole.name))
    assert after.to_dict("list") == before.to_dict("list")


@pytest.mark.parametrize("write", [lambda p: p.write_text("geen Word"), lambda p: docx.Document().save(str(p))])
def test_a_file_that_is_no_memo_is_said_so(tmp_path, write):
    write(tmp_path / "a.docx")
    with pytest.raises(wmo.WmoError, match=r"a\.docx is (niet te lezen als Word-document|geen memo)"):
        wmo.check_memo(tmp_path / "a.docx", shipped())


def test_the_first_view_of_a_measure_is_what_it_makes_unasked():
    for name in {view.measure.__name__ for view in VIEWS.values()}:
        view = cited(name)
        by = inspect.signature(view.measure).parameters.get("by")
        assert view.by == (by.default if by else None), name


# ---------------------------------------------------------------- what we published


def test_each_memo_is_noted_and_the_index_tells_which_a_correction_touches(no_chrome, tmp_path):
    path = tmp_path / "outputs" / "memo.docx"
    first = wmo.memo(small().within(municipality="Baarn"), path)
    second = wmo.memo(small().within(municipality="Soest"), path)
    assert [first.name, second.name] == ["memo.docx", "memo (2).docx"]
    with open(tmp_path / "outputs" / "index.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    build = small().build
    assert rows == [
        dict(zip(report.INDEX, (name, "monitor", "2007-10-01", f'[["municipality", ["{gm}"]]]', "nl", build)))
        for name, gm in (("memo.docx", "GM0308"), ("memo (2).docx", "GM0342"))
    ]  # fmt: skip
    renamed = monitor(
        {"2007-10-01_a/lijst.csv": ([HEAD, ["A", EVIL, "Baarn", "Mantelzorg", "5000", "1-2-2007"]], CARD)}
    )
    table = report.check_all(tmp_path / "outputs" / "index.csv", renamed)
    assert list(table["file"]) == ["memo.docx", "memo (2).docx"]
    assert (table["changed"] > 0).tolist() == [True, True]
    first.unlink()
    assert report.check_all(tmp_path / "outputs" / "index.csv", renamed)["right"].isna().tolist() == [True, False]


def test_changes_can_be_told_since_a_published_memo(no_chrome, tmp_path):
    published = wmo.memo(shipped().as_of("2006-12-15"), tmp_path / "a.docx")
    later = wmo.memo(shipped(), tmp_path / "b.docx", since=published)
    begin = "Tussen 15 december 2006 en 9 oktober 2007: projecten nieuw "
    assert any(line.startswith(begin) for line in lines(later))
