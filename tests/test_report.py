"""The memo: its structure, its bound figures, both its clocks, and what the check finds when data or text have changed."""

import contextlib
import csv
import inspect
import json
import re
import shutil
import subprocess
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from monitors import monitor, shipped

import wmo_analysis as wmo
from wmo_analysis import report
from wmo_analysis.report._blocks import Grid
from wmo_analysis.report._bound import Book, Figure, Moment, question
from wmo_analysis.report._word import fitted
from wmo_analysis.style import measure
from wmo_analysis.views import VIEWS, cited

HEAD = ["key", "title", "municipality", "theme", "granted", "amount_date"]
DAY = "2006-11-30"
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


def part(path, heading):
    """The lines below a heading, up to the next one."""
    found, there = [], False
    for paragraph, text in zip(docx.Document(str(path)).paragraphs, lines(path), strict=True):
        if paragraph.style.name.startswith("Heading"):
            there = paragraph.text == heading
        elif there and text:
            found.append(text)
    return found


def rows(path, head):
    """The rows of the table with that first heading, or with all of those."""
    heads = [head] if isinstance(head, str) else head
    for table in docx.Document(str(path)).tables:
        here = [_cell(cell) for cell in table.rows[0].cells]
        if here[: len(heads)] == heads:
            return [[_cell(cell) for cell in row.cells] for row in table.rows[1:]]


def _cell(cell):
    return "".join(t.text for t in cell._tc.iter(qn("w:t")))


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
    return wmo.memo(shipped(), tmp_path_factory.mktemp("memo") / "memo.docx")


@pytest.fixture(scope="module")
def then(tmp_path_factory):
    """The memo of the first letter's day, as it could be made that day."""
    return _then(tmp_path_factory, DAY)


@pytest.fixture(scope="module")
def hindsight(tmp_path_factory):
    """The memo of that day, of all that we know now."""
    return _then(tmp_path_factory, "")


def _then(tmp_path_factory, known):
    folder = tmp_path_factory.mktemp("memo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWSER_PATH", str(folder / "none"))
        return wmo.memo(shipped().as_of(DAY).known_on(known), folder / "memo.docx")


def test_the_memo_has_the_parts_of_the_first_letter_and_eight_charts(whole):
    document = docx.Document(str(whole))
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings == [
        ("Title", "Monitor Stand van zaken invoering WMO"),
        ("Heading 1", "Inleiding"),
        ("Heading 1", "Ondersteuning per gemeente en thema"),
        ("Heading 1", "Gesprekken met gemeenten in rondes"),
        ("Heading 1", "Het krediet"),
        ("Heading 1", "Bedragen in de lijsten"),
        ("Heading 1", "Adviesuren"),
        ("Heading 1", "Het schema"),
        ("Heading 1", "Overige projecten"),
        ("Heading 1", "Wat sinds 30 november 2006 is veranderd"),
        ("Heading 1", "Bijlage: bronnen, telregels, aannamen, kwaliteit en bevindingen"),
        ("Heading 2", "Bronnen"),
        ("Heading 2", "Telregels"),
        ("Heading 2", "Aannamen"),
        ("Heading 2", "Kwaliteit van de lijsten"),
        ("Heading 2", "Bevindingen"),
        ("Heading 2", "Waarom een gemeente leeg is"),
        ("Heading 2", "Kloppen de aantallen uit de brieven?"),
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


def test_no_word_of_a_table_is_broken_and_no_day_either():
    rows = [
        [["Burgers Betrekken"], [Figure("€ 1.234", "", "", "")]],
        [["cliëntvertegenwoordigers"], ["9\xa0oktober\xa02007"]],
    ]
    grid = Grid("", ["Bron", "Was"], rows, [1, 9], {1})
    needs = [measure("cliëntvertegenwoordigers", 170) + 130, measure("9 oktober 2007", 170) + 130]
    assert fitted(grid, 5000) == pytest.approx([needs[0], 5000 - needs[0]])
    assert fitted(grid, sum(needs) / 2) == pytest.approx([need / 2 for need in needs])


def test_no_page_holds_only_the_note_of_the_schema(whole):
    body = docx.Document(str(whole)).element.body
    after = body.findall(qn("w:tbl"))[3].getnext()
    assert "".join(after.itertext()) == ""
    assert after.find(f"{qn('w:pPr')}/{qn('w:spacing')}").get(qn("w:line")) == "20"


def test_a_short_table_stays_on_one_page_and_a_long_one_runs_on(whole):
    tables = docx.Document(str(whole)).tables
    kept = {len(table.rows) - 1: len(table._tbl.findall(f".//{qn('w:keepNext')}")) > 0 for table in tables}
    assert kept == {rows: rows <= 12 for rows in kept}


def test_the_line_about_examples_stands_on_every_page(whole):
    for section in docx.Document(str(whole)).sections:
        text = "".join(part.text for part in section.header._element.iter(qn("w:t")))
        assert text == "Bevat voorbeeldgegevens: 42 van 57 projecten (1 daarvan is ook zonder voorbeeld bekend)"


def test_a_memo_has_a_title_and_a_language_and_no_author(whole):
    document = docx.Document(str(whole))
    about = document.core_properties
    assert (about.author, about.last_modified_by, about.language) == ("", "", "nl-NL")
    assert about.title == "Monitor Stand van zaken invoering WMO, alle bronnen, 9 oktober 2007"
    assert {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))} == {"nl-NL"}


def test_the_schema_names_every_municipality_in_alphabetical_order_with_algemeen_first(then):
    table = next(t for t in docx.Document(str(then)).tables if t.cell(0, 0).text == "Gemeente")
    assert table.cell(0, 1).text == "Algemeen: ondersteuning invoering WMO"
    book = shipped().codebook
    names = [book.label("municipality", code) for code in book.gm_codes]
    assert [row.cells[0].text for row in table.rows[1:]] == [*names, "provinciebreed"]
    abcoude = table.rows[1].cells
    assert abcoude[1].text == "Ondersteuningsproject Utrecht-West (Burgers Betrekken)"
    sides = [section.orientation for section in docx.Document(str(then)).sections]
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
    assert "Gedekte gemeenten per thema" in " ".join(captions)


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


# ---------------------------------------------------------------- both clocks


def test_a_memo_known_on_its_day_tells_nothing_of_later(then):
    assert [line for line in lines(then) if "2007" in line] == [
        "Ronde 2: de ondersteuning moet uiterlijk op 31 maart 2007 zijn geregeld.",
        "Ronde 3: de ondersteuning moet uiterlijk op 30 juni 2007 zijn geregeld.",
    ]
    cells = [_cell(cell) for table in docx.Document(str(then)).tables for row in table.rows for cell in row.cells]
    assert [cell for cell in cells if "2007" in cell] == []
    assert [row[0] for row in rows(then, "Lijst")] == [
        "2006-11-01_example/burgers_betrekken.xlsx",
        "2006-11-30_letters/claims.csv",
        "2006-11-30_letters/projecten.csv",
    ]


def test_what_was_known_stands_in_title_subtitle_and_on_every_page(then):
    told, document = "30 november 2006, zoals bekend op 30 november 2006", docx.Document(str(then))
    assert document.core_properties.title == f"Monitor Stand van zaken invoering WMO, alle bronnen, {told}"
    assert f"Provincie Utrecht, alle bronnen, stand per {told}" in lines(then)
    foot = "".join(t.text for t in document.sections[0].footer._element.iter(qn("w:t")))
    assert f"stand per {told}, kenmerk" in foot


def test_whose_list_was_not_there_yet_is_said_in_one_sentence(then, hindsight):
    names = (
        "Lokaal Centraal, Wel Thuis!, Sociale Agenda, Nieuw Wonen (Agenda 2010), Alleato en Flexibel projectenkrediet"
    )
    begin = f"Op 30 november 2006 was er nog geen lijst van {names}."
    assert [line for line in lines(then) if "nog geen lijst" in line] == [
        f"{begin} Wat zij ondersteunen, staat niet in dit stuk."
    ]
    assert "De tabel noemt de lijsten die op 30 november 2006 bekend waren." in lines(then)
    assert [line for line in lines(hindsight) if "nog geen lijst" in line] == []


def test_lists_of_after_the_date_are_said_to_tell_what_we_know_now(hindsight, whole):
    assert [line for line in lines(hindsight) if "van na 30 november 2006" in line] == [
        "Ook lijsten van na 30 november 2006 tellen mee: dit stuk vertelt wat wij nu van die dag weten.",
        "De tabel noemt alle lijsten, ook die van na 30 november 2006: zij vertellen wat wij nu van die dag weten.",
    ]
    assert [line for line in lines(whole) if "van na" in line] == []


@pytest.mark.parametrize("name", ["then", "hindsight"])
def test_without_a_letter_before_there_is_no_monitor_to_compare_with(name, request):
    path = request.getfixturevalue(name)
    assert part(path, "Wat sinds de vorige monitor is veranderd") == [
        "Er is geen eerdere monitor om mee te vergelijken."
    ]


@pytest.mark.parametrize("name, sentence", [
    ("then", "Wat van het {} is vastgelegd en wat vrij is, is onbekend: geen lijst in deze selectie noemt bedragen op het "
             "krediet."),
    ("hindsight", "Van het {} is in deze selectie niets gevraagd, toegekend of afgerekend. Vrij is ca. € 333.000."),
])  # fmt: skip
def test_a_credit_of_which_nothing_is_spent_is_one_sentence(name, sentence, request):
    credit = "Flexibel projectenkrediet Sociale Agenda 2006, thema WMO (eenmalig ca. € 333.000)"
    said = [line.replace("\u00a0", " ") for line in part(request.getfixturevalue(name), "Het krediet")]
    assert said == [sentence.format(credit)]


def test_a_letter_of_after_the_date_states_no_claim_yet(then, no_chrome, tmp_path):
    assert {row[0] for row in rows(then, "Vindplaats")} == {
        "brief van 30-11-2006, paragraaf over de rondes",
        "brief van 30-11-2006, paragraaf Leeswijzer, onder a",
        "brief van 30-11-2006, paragraaf Overige projecten",
    }
    before = wmo.memo(shipped().as_of("2006-11-29"), tmp_path / "memo.docx")
    assert part(before, "Kloppen de aantallen uit de brieven?")[0] == (
        "Op 29 november 2006 had nog geen brief een aantal genoemd."
    )


def kept(path):
    """The selection and the questions that a memo keeps."""
    with zipfile.ZipFile(path) as inside:
        text = inside.read("docProps/custom.xml").decode()
    found = re.findall(r'name="(wmo[^"]*)"><vt:lpwstr>([^<]*)<', text)
    return {name: json.loads(value) for name, value in found}


def forget(path, *names):
    """The memo as it was made before it kept these."""
    with zipfile.ZipFile(path) as inside:
        members = {name: inside.read(name) for name in inside.namelist()}
    text = members["docProps/custom.xml"].decode()
    for name in names:
        text = re.sub(f'"{name}": "[^"]*", ', "", text)
    members["docProps/custom.xml"] = text.encode()
    with zipfile.ZipFile(path, "w") as inside:
        for name, data in members.items():
            inside.writestr(name, data)
    return path


def test_a_memo_keeps_both_clocks_and_is_checked_with_them(then):
    assert kept(then)["wmo"] == {
        "selection": [],
        "as_of": DAY,
        "known_on": DAY,
        "newest_list": "2007-10-09",
        "language": "nl",
        "build": shipped().build,
    }
    table = wmo.check_memo(then, shipped())
    assert set(table["verdict"]) == {"right"} and len(table) > 150


def test_a_memo_that_kept_one_clock_is_still_checked(hindsight, tmp_path):
    old = forget(shutil.copy(hindsight, tmp_path / "old.docx"), "known_on", "newest_list")
    assert "known_on" not in kept(old)["wmo"]
    assert set(wmo.check_memo(old, shipped())["verdict"]) == {"right"}


# ---------------------------------------------------------------- what has changed

STARTS = ["key", "title", "municipality", "theme", "start"]
EARLY = {"2006-11-01_a/l.csv": ([
    STARTS,
    ["A", "Blijft", "Baarn", "P2", "01-01-2006"],
    ["C", "Verhuist", "Soest", "P2", "01-01-2006"],
], {"date": "2006-11-01"})}  # fmt: skip
LATE = {"2007-10-01_a/l.csv": ([
    STARTS,
    ["A", "Blijft", "Baarn", "P2", "01-01-2006"],
    ["B", "Was er al", "Baarn", "P2", "01-06-2006"],
    ["C", "Verhuist", "Zeist", "P2", "01-01-2006"],
    ["D", "Begon", "Baarn", "P2", "01-03-2007"],
], {"date": "2007-10-01"})}  # fmt: skip
APART = [
    "Gebeurd: 1 project kwam erbij, 0 tellen niet meer mee en 0 zijn gewijzigd.",
    "Later vernomen: 1 project.",
    "Verbeterd: 1 project.",
]


def test_the_memo_tells_happened_learned_and_corrected_apart(no_chrome, tmp_path):
    path = wmo.memo(monitor(EARLY | LATE), tmp_path / "memo.docx", since=DAY)
    told, *bullets = part(path, "Wat sinds 30 november 2006 is veranderd")[:4]
    assert told.startswith("De stand van 1 oktober 2007 is vergeleken met die van 30 november 2006, zoals toen bekend.")
    assert bullets == APART
    assert rows(path, "Hoe") == [
        ["gebeurd", "nieuw", "Begon", "Lokaal Centraal", "", "", ""],
        ["later vernomen", "nieuw", "Was er al", "Lokaal Centraal", "", "", ""],
        ["verbeterd", "verplaatst", "Verhuist", "Lokaal Centraal", "plaats", "Soest", "Zeist"],
    ]
    total = rows(path, ["Naam", "Nieuw"])[-1]
    assert total == ["Samen", "1", "0", "0", "1", "1"]


@pytest.mark.parametrize("known, forgotten, said", [
    ("2006-11-15", [], "zoals bekend op 15 november 2006"),
    ("", [], "zoals bekend op 1 november 2006"),  # its newest list
    ("", ["known_on", "newest_list"], "zoals toen bekend"),
])  # fmt: skip
def test_changes_since_a_memo_compare_with_both_its_dates(known, forgotten, said, no_chrome, tmp_path):
    published = wmo.memo(monitor(EARLY).as_of(DAY).known_on(known), tmp_path / "a.docx")
    later = wmo.memo(monitor(EARLY | LATE), tmp_path / "b.docx", since=forget(published, *forgotten))
    told, *bullets = part(later, "Wat sinds 30 november 2006 is veranderd")[:4]
    assert f"vergeleken met die van 30 november 2006, {said}." in told
    assert bullets == APART
    asked = [each for each in kept(later).values() if each.get("measure") == "changes"]
    since_known = known or {(): "2006-11-01"}.get(tuple(forgotten), DAY)
    assert asked == [
        {"measure": "changes", "by": "theme", "since": DAY, "since_known": since_known},
        {"measure": "changes", "since": DAY, "since_known": since_known},
    ]
    assert set(wmo.check_memo(later, monitor(EARLY | LATE))["verdict"]) == {"right"}


def test_a_memo_that_knew_every_list_leaves_nothing_to_learn(no_chrome, tmp_path):
    published = wmo.memo(monitor(EARLY | LATE).as_of(DAY), tmp_path / "a.docx")
    later = wmo.memo(monitor(EARLY | LATE), tmp_path / "b.docx", since=published)
    told, *bullets = part(later, "Wat sinds 30 november 2006 is veranderd")[:4]
    assert "vergeleken met die van 30 november 2006. Drie" in told
    assert bullets == [APART[0], "Later vernomen: 0 projecten.", "Verbeterd: 0 projecten."]


def test_a_memo_of_before_names_what_happened_without_how():
    book = Book(shipped(), Moment(DAY, DAY))
    asked = question(VIEWS["changes_rows"], book.since)
    old = [row.removeprefix("happened.") for row in book.rows(asked) if row.startswith("happened.")]
    cited = book.citation(asked)
    assert len(old) > 20 and all(
        book.text(cited, row, "title") == book.text(cited, f"happened.{row}", "title") for row in old
    )


# ---------------------------------------------------------------- what a figure is made of


def test_below_each_caption_stands_what_it_is_made_of(then):
    said = lines(then)
    captions = [line for line in said if re.match(r"(Tabel|Figuur) \d", line)]
    below = {line.split(". ")[1]: said[said.index(line) + 1] for line in captions}
    projects = "Bevat voorbeeldgegevens: 1 van 10 projecten (1 daarvan is ook zonder voorbeeld bekend)"
    talks = "De gesprekken van alle 29 gemeenten zijn voorbeelden"
    assumed = f"{projects}. Leden Eemland: aanname."
    assert below == {
        "Gedekte gemeenten per regio": assumed,
        "Gedekte gemeenten per thema": assumed,
        "Projecten per gemeente": assumed,
        "Projecten per gemeente en thema": assumed,
        "Gemeenten per ronde en stand": talks,
        "Adviesuren per project": "Bevat voorbeeldgegevens maar is ook zonder voorbeeld bekend",
        "Lijsten en hun rijen": "Bevat voorbeeldgegevens: 1 van 3 lijsten",
        "Getallen die op een aanname rusten": assumed,
        "Volledigheid per bron": projects,
        "Bevindingen per soort": "Alle 4 meldingen gaan over voorbeelden",
        "Uitspraken uit de brieven": "Leunt op voorbeelden: 8 van 10 aantallen uit de brieven",
    }


def test_below_a_picture_stands_what_it_is_made_of(whole):
    said = lines(whole)
    below = {line: said[said.index(line) + 1] for line in said if line.startswith("Figuur ")}
    assert below["Figuur 5. Het krediet"] == "Alle 7 projecten met een bedrag zijn voorbeelden"
    assert below["Figuur 4. Gemeenten per ronde en stand"] == "De gesprekken van alle 29 gemeenten zijn voorbeelden"


def test_the_numbers_in_the_lines_about_examples_are_bound(then):
    tags = [tag.split("|") for tag in controls(docx.Document(str(then)))]
    assert {column for _, row, column, _ in tags if not row} >= {"made", "made_up", "known_too"}


def test_a_document_without_made_up_projects_still_tells_of_made_up_conversations(no_chrome, tmp_path):
    path = wmo.memo(shipped().as_of(DAY).known_on("2006-11-15"), tmp_path / "memo.docx", programme="Burgers Betrekken")
    assert "De gesprekken van alle 29 gemeenten zijn voorbeelden. Voorbeelden zijn door ons bedacht; " in " ".join(
        lines(path)
    )
    head = docx.Document(str(path)).sections[0].header._element
    assert "".join(t.text for t in head.iter(qn("w:t"))) == "De gesprekken van alle 29 gemeenten zijn voorbeelden"


def test_a_made_up_project_in_a_list_of_titles_says_so(hindsight):
    titles = part(hindsight, "Overige projecten")
    assert (
        "Woonservicezone: verkenning (voorbeeld)" in titles
        and "Taskforce MBO: 10 lokale netwerken, 1.000 matches" in titles
    )


def test_a_verdict_that_leans_on_examples_is_no_evidence(then):
    said = part(then, "Kloppen de aantallen uit de brieven?")[0]
    assert said.endswith("Waar de uitkomst op voorbeelden leunt, staat dat erbij: zij is dan geen bewijs.")
    verdicts = [row[-1] for row in rows(then, "Vindplaats")]
    assert verdicts == ["klopt, met voorbeelden die daarop zijn gemaakt"] * 8 + ["klopt"] * 2


# ---------------------------------------------------------------- why a municipality is empty


def test_the_annex_tells_why_a_municipality_is_empty_and_what_comes_near(whole):
    lists = (
        "Doorzocht: 7 volledige lijsten, alle verzonnen (Lokaal Centraal, Burgers Betrekken, Wel Thuis!, Sociale Agenda, "
        "Nieuw Wonen (Agenda 2010), Alleato en Flexibel projectenkrediet)."
    )
    wide = "Waardering voor vrijwilligers: geldt voor de hele provincie, en dekt geen gemeente"
    none = "geen door de provincie ondersteund project bekend"
    assert part(whole, "Waarom een gemeente leeg is")[:-1] == [
        f"Renswoude: {none}. {lists} Projecten die er dicht bij komen: 1.",
        wide,
        f"Vianen: {none}. {lists} Projecten die er dicht bij komen: 1.",
        wide,
        f"Wijk bij Duurstede: {none}. {lists} Projecten die er dicht bij komen: 2.",
        "Wmo-platform: opstart: geëindigd op 30-6-2007",
        wide,
    ]
    tags = controls(docx.Document(str(whole)))
    bound = ["|".join(tag.split("|")[1:3]) for tag in tags if tag.split("|")[2] == "sentence"]
    assert bound == ["GM0339|sentence", "GM0620|sentence", "GM0352|sentence"]


def test_of_an_empty_municipality_three_projects_that_come_near_are_named(no_chrome, tmp_path):
    path = wmo.memo(shipped().within(municipality="Zeist", theme="P6"), tmp_path / "memo.docx")
    sentence, *near = part(path, "Waarom een gemeente leeg is")
    assert sentence.endswith("Projecten die er dicht bij komen: 5.")
    assert near == [
        "Maatschappelijke stage op maat: geëindigd op 30-6-2007",
        "Nieuw Wonen, voorgeselecteerde wijk Zeist-West: alleen voorgeselecteerd",
        "Vrijwilligers vinden en binden: valt buiten de gekozen filters",
        "Alle 2 projecten zijn voorbeelden",
    ]


@pytest.mark.parametrize("chosen, said", [
    ({"theme": "P6"}, "Zonder project dat meetelt: 29 gemeenten, te veel om hier te noemen. De werkmap (wmo export) legt van "
                      "elk uit waarom, in het blad Waarom leeg."),
    ({"municipality": "Soest"}, "In elke gemeente van deze selectie is een project bekend dat meetelt."),
])  # fmt: skip
def test_many_or_no_empty_municipalities_are_one_sentence(chosen, said, no_chrome, tmp_path):
    path = wmo.memo(shipped().within(**chosen), tmp_path / "memo.docx")
    assert part(path, "Waarom een gemeente leeg is") == [said]
    assert set(wmo.check_memo(path, shipped())["verdict"]) == {"right"}


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
        dict(zip(report.INDEX, (name, "monitor", "2007-10-01", f'[["municipality", ["{gm}"]]]', "nl", build, "")))
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


OLD = """file,form,as_of,selection,language,build
a.docx,monitor,2006-11-30,"[[""region"", [""EEM""]]]",nl,0123456789ab
"""


@pytest.mark.parametrize("old", [OLD, OLD.rstrip("\n"), "\ufeff" + OLD])
def test_an_index_of_before_gets_the_new_column_and_keeps_its_lines(old, no_chrome, tmp_path):
    index, made = tmp_path / "index.csv", small().as_of("2007-10-05").known_on("2007-10-02")
    index.write_text(old, encoding="utf-8", newline="")
    wmo.memo(made, tmp_path / "b.docx")
    head, first, *others = index.read_text(encoding="utf-8").splitlines()
    assert (head, first) == ("file,form,as_of,selection,language,build,known_on", OLD.splitlines()[1])
    assert others == [f"b.docx,monitor,2007-10-05,[],nl,{made.build},2007-10-02"]
    table = report.check_all(index, made)
    assert table[["file", "as_of", "known_on"]].to_numpy().tolist() == [
        ["a.docx", "2006-11-30", ""],
        ["b.docx", "2007-10-05", "2007-10-02"],
    ]


def test_an_index_of_before_can_be_checked_as_it_is(tmp_path):
    (tmp_path / "index.csv").write_text(OLD)
    table = report.check_all(tmp_path / "index.csv", small())
    assert table[["file", "form", "as_of", "known_on"]].to_numpy().tolist() == [["a.docx", "monitor", "2006-11-30", ""]]
    assert (tmp_path / "index.csv").read_text() == OLD


def test_the_columns_that_an_analyst_added_to_the_index_stay(no_chrome, tmp_path):
    (tmp_path / "index.csv").write_text("file,remark,form,as_of,selection,language,build,known_on\na.docx,mine,,,,,,\n")
    wmo.memo(small(), tmp_path / "b.docx")
    assert (tmp_path / "index.csv").read_text().splitlines()[1:] == [
        "a.docx,mine,,,,,,",
        f"b.docx,,monitor,2007-10-01,[],nl,{small().build},",
    ]


def test_a_day_to_compare_with_may_be_typed_without_hyphens(no_chrome, tmp_path):
    path = wmo.memo(monitor(EARLY | LATE), tmp_path / "memo.docx", since="20061130")
    assert part(path, "Wat sinds 30 november 2006 is veranderd")[1:4] == APART


@pytest.mark.parametrize("since", ["gisteren", "2007-02-31"])
def test_a_day_to_compare_with_that_is_none_is_said_in_one_sentence(since, tmp_path):
    with pytest.raises(wmo.WmoError, match=f"'{since}' is geen datum; schrijf die als 2007-10-09"):
        wmo.memo(small(), tmp_path / "memo.docx", since=since)
