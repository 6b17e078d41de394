"""Files for others: names, csv and workbook."""

import datetime
import re
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measured import measured
from monitors import shipped
from python_calamine import CalamineWorkbook

import wmo_analysis as wmo
from wmo_analysis import export, tables

PARTS = [
    {"code": "P1", "label": "R&D <5 jaar", "part": "part", "projects": 2, "committed": 123456, "share": 33.25},
    {"code": "", "label": "=1+1", "part": "total", "projects": 1200, "committed": -500, "share": None},
]


def budget(rows=PARTS, **about):
    return measured("budget", rows, by="theme", **about)


# ---------------------------------------------------------------- names


def test_a_file_is_named_after_measure_selection_and_date():
    about = budget(selection_text="regio Utrecht-West, thema R&D / <5 jaar").attrs["wmo"]
    assert export.file_name(about, ".csv") == "wmo_budget-per-thema_regio-utrecht-west-thema-r-d-5-jaar_2007-10-09.csv"
    assert export.file_name(about.replaced(language="en", by="", selection_text=""), ".png") == (
        "wmo_budget_2007-10-09.png"
    )


def test_a_name_carries_what_was_known_where_that_was_chosen():
    about = budget(selection_text="regio Eemland", known_on="2006-11-30").attrs["wmo"]
    name = "wmo_budget-per-thema_regio-eemland_2007-10-09"
    assert export.file_name(about, ".csv") == f"{name}_bekend-2006-11-30.csv"
    assert export.file_name(about.replaced(language="en"), ".csv").endswith("_2007-10-09_known-2006-11-30.csv")
    then = shipped().within(region="EEM").as_of("2006-12-01").known_on("2006-11-30")
    assert export.selection_name(then, "memo", ".docx") == "wmo_memo_regio-eemland_2006-12-01_bekend-2006-11-30.docx"


@given(st.text(max_size=300), st.sampled_from(["", "2006-11-30"]))
def test_whatever_the_selection_says_the_name_is_safe(text, known):
    name = export.file_name(budget(selection_text=text, known_on=known).attrs["wmo"], ".csv")
    safe = r"wmo_[a-z0-9-]+(_[a-z0-9-]+)?_2007-10-09(_bekend-2006-11-30)?\.csv"
    assert re.fullmatch(safe, name) and len(name) <= 120


def test_two_long_selections_do_not_share_a_name():
    names = {export.file_name(budget(selection_text="x" * 80 + end).attrs["wmo"], "") for end in "ab"}
    assert len(names) == 2


def test_a_file_that_stands_there_is_never_replaced(tmp_path):
    table, path = budget(), tmp_path / "map" / "a.csv"
    assert export.csv(table, path) == path
    first = path.read_bytes()
    assert export.csv(budget(examples=0), path) == tmp_path / "map" / "a (2).csv"
    assert export.csv(table, path) == tmp_path / "map" / "a (3).csv"
    assert path.read_bytes() == first
    assert sorted(p.name for p in path.parent.iterdir()) == ["a (2).csv", "a (3).csv", "a.csv"]


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(wmo.WmoError, match="kan niet worden gemaakt; kies een andere map"):
        export.free(tmp_path / "file" / "a.csv")


# ---------------------------------------------------------------- tables


def test_typed_has_the_headings_of_the_shown_table_and_figures_as_figures():
    table = budget([dict(row, date="2007-10-09", approximate=True) for row in PARTS])
    made = export.typed(table)
    assert list(made.columns) == list(tables.table(table).columns)
    assert made.to_dict("list") == {
        "code": ["P1", ""],
        "naam": ["R&D <5 jaar", "=1+1"],
        "soort": ["deel", "Samen"],
        "projecten": [2, 1200],
        "vastgelegd": [1234.56, -5.0],
        "aandeel %": [33.25, None],
        "datum": [datetime.date(2007, 10, 9)] * 2,
        "bij benadering": [True, True],
    }
    assert list(map(str, made.dtypes)) == "str str str Int64 Float64 Float64 object boolean".split()


def test_names_do_not_push_out_the_number_with_the_same_heading():
    table = wmo.measure.coverage(shipped())
    made = export.typed(table)
    assert made["projecten"].tolist() == table["number"].tolist()
    assert made["projecten: welke"].tolist() == table["projects"].tolist()


def test_every_measure_has_its_headings_and_words_in_both_languages():
    for language in ("nl", "en"):
        for table in tables_of_all_measures(shipped().in_language(language)):
            about = table.attrs["wmo"]
            assert export.file_name(about, ".csv").startswith("wmo_")
            assert [name for name in export.typed(table, language).columns if "_" in name] == []


def tables_of_all_measures(monitor):
    views = {
        wmo.measure.coverage: ("matrix", "theme", "region", "source", "municipality", "white"),
        wmo.measure.budget: ("", "theme", "region", "source", "municipality", "time", "listed"),
        wmo.measure.rounds: ("round", "time"),
        wmo.measure.quality: ("source", "finding"),
    }
    made = [measure(monitor, by=by) for measure, names in views.items() for by in names]
    made += [wmo.measure.changes(monitor, since="2006-11-30", by=by) for by in ("rows", "theme", "region", "source")]
    names = ("hours", "timeline", "claims", "assumptions", "good_examples")
    return [*made, *(getattr(wmo.measure, name)(monitor) for name in names), wmo.measure.profile(monitor, "Soest")]


# ---------------------------------------------------------------- csv


def test_a_csv_is_dutch_and_carries_its_example_line_and_citation(tmp_path):
    path = export.csv(budget(), tmp_path / "a.csv")
    assert path.read_bytes().decode("utf-8") == "\r\n".join(
        [
            "\ufeffcode;naam;soort;projecten;vastgelegd;aandeel %",
            "P1;R&D <5 jaar;deel;2;1234,56;33,25",
            ";'=1+1;Samen;1200;-5,00;n.v.t.",
            "",
            "Bevat voorbeeldgegevens: 4 van 9 projecten",
            "Bron: Wel Thuis!.",
            "WMO-monitor, budget, alle bronnen, stand per 9 oktober 2007, kenmerk 0123456789ab",
            "",
        ]
    )


def test_a_csv_says_what_was_known_and_whose_list_was_not_there(tmp_path):
    then = shipped().as_of("2006-11-30").known_on("2006-11-30")
    path = export.csv(wmo.measure.budget(then), tmp_path / "a.csv")
    assert path.read_text("utf-8-sig").splitlines()[-4:] == [
        "Bron: geen lijst in deze selectie.",
        "zoals bekend op 30 november 2006",
        "nog geen lijst van: Lokaal Centraal, Wel Thuis!, Sociale Agenda, Nieuw Wonen (Agenda 2010), Alleato, Flexibel "
        "projectenkrediet",
        "WMO-monitor, budget, alle bronnen, stand per 30 november 2006, zoals bekend op 30 november 2006, kenmerk "
        + shipped().build,
    ]


@given(st.sampled_from("=+-@\t\r＝＋－＠"), st.text(max_size=8), st.sampled_from(["", " ", "\x00", "\t"]))
def test_no_text_in_a_csv_starts_a_formula(sign, rest, before):
    guarded = export._guarded(before + sign + rest)
    assert guarded[:1] == "'" or guarded.lstrip()[:1] not in tuple("=+-@＝＋－＠")
    assert not re.search("[\x00-\x1f]", guarded)


@pytest.mark.parametrize("write", [export.csv, lambda table, path: export.workbook({"a": table}, path)])
def test_a_table_that_was_changed_or_that_no_measure_made_is_refused(tmp_path, write):
    for table in (pd.DataFrame({"projects": [1]}), budget().assign(projects=3)):
        with pytest.raises(wmo.WmoError, match=r"komt niet \(meer\) uit een meting"):
            write(table, tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- workbook


def test_a_workbook_holds_typed_columns_below_its_citation_and_nothing_live(tmp_path):
    table = budget([dict(row, date="2007-10-09") for row in PARTS])
    path = export.workbook(
        {"Budget: per thema / [jaar]": table, "BUDGET  per thema    jaar ": table}, tmp_path / "a.xlsx"
    )
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Budget  per thema    jaar", "BUDGET  per thema    jaar (2)"]
    assert book.get_sheet_by_index(0).to_python(skip_empty_area=False) == [
        ["Budget: per thema / [jaar]", *[""] * 6],
        ["WMO-monitor, budget, alle bronnen, stand per 9 oktober 2007, kenmerk 0123456789ab", *[""] * 6],
        ["Bevat voorbeeldgegevens: 4 van 9 projecten", *[""] * 6],
        [""] * 7,
        ["code", "naam", "soort", "projecten", "vastgelegd", "aandeel %", "datum"],
        ["P1", "R&D <5 jaar", "deel", 2.0, 1234.56, 33.25, datetime.date(2007, 10, 9)],
        ["", "=1+1", "Samen", 1200.0, -5.0, "n.v.t.", datetime.date(2007, 10, 9)],
    ]
    with zipfile.ZipFile(path) as inside:
        sheet = inside.read("xl/worksheets/sheet1.xml").decode()
        formats = inside.read("xl/styles.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert '<pane xSplit="1" ySplit="5"' in sheet and '<autoFilter ref="A5:G7"/>' in sheet
    assert "[$-413]d mmmm yyyy" in formats and "€" in formats


def test_a_sheet_tells_its_notes_above_the_headings(tmp_path):
    about = {
        "known_on": "2006-11-30",
        "subtitle_notes": ["zoals bekend op 30 november 2006", "nog geen lijst van: A, B"],
    }
    path = export.workbook({"a": budget(**about)}, tmp_path / "a.xlsx")
    above = [row[0] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:4]]
    assert above == [
        "WMO-monitor, budget, alle bronnen, stand per 9 oktober 2007, zoals bekend op 30 november 2006, kenmerk 0123456789ab",
        "Bevat voorbeeldgegevens: 4 van 9 projecten",
        "zoals bekend op 30 november 2006; nog geen lijst van: A, B",
    ]


def test_a_text_too_long_for_excel_says_so(tmp_path):
    path = export.workbook({"a": budget([dict(PARTS[0], label="x" * 40_000)])}, tmp_path / "a.xlsx")
    text = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[5][1]
    assert len(text) == 32_767 and text.endswith("de hele tekst staat in het csv-bestand)")


@pytest.mark.parametrize(
    "name", [name for name, shape in wmo.measure.SHAPES.items() if "EUR cent" in shape.columns.values()]
)
def test_every_column_of_money_of_a_measure_is_read_as_money(name):
    money = [column for column, unit in wmo.measure.SHAPES[name].columns.items() if unit == "EUR cent"]
    found = tables.readable(pd.DataFrame({column: [123_456] for column in money}))
    assert [kind for kind, _ in found.values()] == ["money"] * len(money)
