"""Zero, none known, unknown, not applicable and did not exist then are five, in every place."""

import csv
import hashlib
import html
import itertools
import re
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from monitors import monitor
from python_calamine import CalamineWorkbook

import wmo_analysis as wmo
from wmo_analysis import chart, export, measure

KINDS = ("zero", "none known", "unknown", "not applicable", "did not exist then")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "kinds_of_nothing.md"
SAID = {"(an empty box)": "", "(does not occur)": None}  # what the page says where no text can be read
HEAD = ["key", "title", "municipality", "theme", "hours"]
AGENDA = [  # a source without a maximum of hours, and a complete list
    ["1", "Eigen", "Baarn", "P3b", "40"],
    ["2", "Samen", "Eemland", "P3b", ""],
    ["3", "Half", "Zeist", "P3", ""],  # may be of P3b: nobody says so
]
BETREKKEN = [  # a source with a maximum
    ["4", "Binnen", "Baarn", "P3b", "100"],
    ["5", "Zonder opgave", "Baarn", "P3b", ""],
]
ABCOUDE, DE_BILT, SOEST, ZEIST = "GM0305", "GM0310", "GM0342", "GM0355"


@pytest.fixture(scope="module")
def mixed():
    """All five kinds in one selection: Baarn has a project of its own, Soest through Eemland, De Bilt none, Zeist perhaps,
    and Abcoude was no municipality any more."""
    lists = {
        "2007-10-01_a/agenda.csv": ([HEAD, *AGENDA], {"source": "S4", "complete": True}),
        "2007-10-01_b/betrekken.csv": ([HEAD, *BETREKKEN], {"source": "S2"}),
    }
    return monitor(lists).within(theme="P3b").as_of("2012-06-01")


# ---------------------------------------------------------------- reading each place


def kinds(zero, none, unknown, not_applicable, absent):
    return dict(zip(KINDS, (zero, none, unknown, not_applicable, absent), strict=True))


def of_rows(hours, places):
    """The kinds in the rows of hours and of municipalities, as {name of the row: {heading: text}}."""
    over, unknown, limit = (
        hours["Binnen"]["boven het maximum"],
        hours["Zonder opgave"]["uren"],
        hours["Eigen"]["maximum"],
    )
    return kinds(over, places["De Bilt"]["stand"], unknown, limit, places["Abcoude"]["stand"])


def named(heads, rows, name):
    """{text in the column `name`: {heading: text}}, headings in small letters."""
    told = [dict(zip((head.lower() for head in heads), row, strict=True)) for row in rows]
    return {row[name]: row for row in told}


def tables_of(mixed):
    return measure.hours(mixed), measure.coverage(mixed, by="municipality")


def cells_of(mixed, field):
    """The kinds in the cells of the matrix: `field` of the trace."""
    figure = chart.coverage(measure.coverage(mixed))
    found = {}
    for trace in figure.data:
        if trace.type == "bar":
            found |= {tuple(code): trace[field][at] for at, code in enumerate(trace.customdata)}
    return kinds(found["", "P3"], found[DE_BILT, "P3"], found[ZEIST, "P3"], None, found[ABCOUDE, "P3"])


def in_matrix(mixed, folder):
    return cells_of(mixed, "text")


def in_hover(mixed, folder):
    return {kind: told and told.split("<br>")[1] for kind, told in cells_of(mixed, "hovertext").items()}


def on_map(mixed, folder):
    table = measure.coverage(mixed, by="municipality")
    (numbers,) = [trace for trace in chart.tilemap(table, "own").data if trace.name == "numbers"]
    shown = dict(zip(table.attrs["wmo"]["tiles"], (re.sub("<.*?>", "", text) for text in numbers.text), strict=True))
    return kinds(shown[SOEST], shown[DE_BILT], shown[ZEIST], None, shown[ABCOUDE])


def in_html(text):
    """The tables of a page: a list of rows of texts each, the headings first."""
    for table in re.findall(r"<table.*?</table>", text, re.S):
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.S)
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in rows]
        yield [[html.unescape(re.sub("<.*?>", "", cell)) for cell in row] for row in cells]


def in_table(mixed, folder):
    hours, places = (next(in_html(wmo.table(table)._repr_html_())) for table in tables_of(mixed))
    return of_rows(named(hours[0], hours[1:], "project"), named(places[0], places[1:], "naam"))


def in_csv(mixed, folder):
    read = []
    for number, table in enumerate(tables_of(mixed)):
        path = export.csv(table, folder / f"{number}.csv")
        lines = list(csv.reader(path.read_bytes().decode("utf-8-sig").splitlines(), delimiter=";"))
        read.append(lines[: lines.index([])])
    (hours, *more), (places, *others) = read
    return of_rows(named(hours, more, "project"), named(places, others, "naam"))


def in_xlsx(mixed, folder):
    path = export.workbook(dict(zip("ab", tables_of(mixed), strict=True)), folder / "a.xlsx")
    read = []
    for name in "ab":
        lines = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)[4:]
        read.append([[f"{cell:g}" if isinstance(cell, float) else cell for cell in line] for line in lines])
    (hours, *more), (places, *others) = read
    return of_rows(named(hours, more, "project"), named(places, others, "naam"))


def grids_of(document):
    """The tables of a memo as texts, with what stands in controls."""
    for table in document.element.body.iter(qn("w:tbl")):
        rows = [row.findall(qn("w:tc")) for row in table.iter(qn("w:tr"))]
        yield [["".join(t.text for t in cell.iter(qn("w:t"))) for cell in row] for row in rows]


def in_memo(mixed, folder):
    grids = list(grids_of(docx.Document(str(wmo.memo(mixed, folder / "memo.docx")))))
    hours, places = of_grids(grids)
    (schema,) = [grid for grid in grids if grid[0][0] == "Gemeente" and grid[0][-1] == "Totaal"]
    cells = {row[0]: row[1] for row in schema[1:]}
    found = of_rows(hours, places)
    assert [cells[name] for name in ("De Bilt", "Zeist", "Abcoude")] == [
        found[kind] for kind in ("none known", "unknown", "did not exist then")
    ]
    return found


def of_grids(grids):
    (hours,) = [grid for grid in grids if "Maximum" in grid[0]]
    places = next(grid for grid in grids if "Stand" in grid[0] and "Provinciebreed" in grid[0])
    return named(hours[0], hours[1:], "project"), named(places[0], places[1:], "naam")


def in_page(mixed, folder):
    text = wmo.report.page(mixed, folder / "page.html").read_text(encoding="utf-8")
    return of_rows(*of_grids(list(in_html(text))))


def by_ear(mixed, folder):
    table = measure.coverage(mixed, by="municipality")
    alt = chart.tilemap(table, "own").layout.meta["alt"]
    heard = [re.search(rf"{name} (.*?)[;.]", alt)[1] for name in ("Soest", "De Bilt", "Zeist", "Abcoude")]
    return kinds(*heard[:3], in_table(mixed, folder)["not applicable"], heard[3])


PLACES = {
    "matrix, cell": in_matrix,
    "matrix, pointed at": in_hover,
    "map, tile": on_map,
    "table": in_table,
    "csv": in_csv,
    "xlsx": in_xlsx,
    "memo": in_memo,
    "page": in_page,
    "screen reader": by_ear,
}


@pytest.fixture
def no_chrome(monkeypatch, tmp_path):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))


def told():
    """What the page says: {place: {kind: text}}."""
    rows = [line.strip("|\n").split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    heads, _, *rows = ([cell.strip() for cell in row] for row in rows)
    assert heads[1:] == list(KINDS)
    return {place: {kind: SAID.get(cell, cell) for kind, cell in zip(KINDS, cells)} for place, *cells in rows}


# ---------------------------------------------------------------- the claims


def test_the_page_tells_of_every_place():
    assert list(told()) == list(PLACES)


@pytest.mark.parametrize("place", PLACES)
def test_every_kind_of_nothing_stands_as_the_page_says_and_alone(place, mixed, no_chrome, tmp_path):
    read = PLACES[place](mixed, tmp_path)
    assert read == told()[place]
    shown = [text for text in read.values() if text is not None]
    assert [pair for pair in itertools.combinations(shown, 2) if pair[0] == pair[1]] == []


def test_the_matrix_names_the_kinds_in_its_alt_text_and_its_key(mixed):
    figure = chart.coverage(measure.coverage(mixed))
    key = [note.text for note in figure.layout.annotations if note.name == "key"]
    assert {"geen bekend", "onbekend", "bestond toen niet", "?", "×"} <= set(key)
    alt = figure.layout.meta["alt"]
    assert "Zeist onbekend" in alt and "Abcoude, Breukelen, Loenen en Maarssen toen niet bestaand" in alt


def test_a_municipality_that_did_not_exist_keeps_its_row_and_its_place_in_the_denominator(mixed):
    white = measure.coverage(mixed, by="white").set_index("gm_code")
    assert white.loc[[ABCOUDE, DE_BILT, ZEIST], "state"].to_list() == ["absent", "none", "unknown"]
    matrix = measure.coverage(mixed)
    assert len(set(matrix["gm_code"])) == 30 and matrix.attrs["wmo"]["of"] == 29  # and what is province-wide
    before = measure.coverage(mixed.as_of("2010-12-31"))
    assert "absent" not in set(before["state"])


def test_a_municipality_that_is_gone_with_a_project_is_no_empty_cell():
    made = monitor({"2007-10-01_a/l.csv": ([HEAD, ["1", "Nog daar", "Abcoude", "P3b", ""]], {"complete": True})})
    table = measure.coverage(made.as_of("2012-06-01"), by="municipality").set_index("code")
    assert (table.at[ABCOUDE, "state"], table.at[ABCOUDE, "projects"]) == ("own", 1)


def test_a_province_wide_zero_is_a_zero_only_where_a_list_is_complete(mixed):
    made = monitor({"2007-10-01_a/l.csv": [HEAD, ["1", "Een", "Baarn", "P3b", ""]]})
    figure = chart.coverage(measure.coverage(made))
    (province,) = [trace for trace in figure.data if trace.name == "province"]
    assert set(province.text) == {"?"} and set(cells_of(mixed, "text").values()) >= {"0"}


def test_the_figures_of_a_column_add_up_beside_its_words(mixed, tmp_path):
    path = export.workbook({"a": measure.hours(mixed)}, tmp_path / "a.xlsx")
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("a").to_python()[4:]
    hours = [row[head.index("uren")] for row in rows]
    assert hours == [100.0, 40.0, "onbekend"] and sum(cell for cell in hours if isinstance(cell, float)) == 140


def test_a_memo_that_wrote_a_dash_for_a_missing_figure_is_still_right(mixed, no_chrome, tmp_path):
    path = wmo.memo(mixed, tmp_path / "memo.docx")
    document, dashes = docx.Document(str(path)), 0
    for control in document.element.body.iter(qn("w:sdt")):
        (text,) = control.iter(qn("w:t"))
        if text.text in ("onbekend", "n.v.t."):
            text.text, dashes = "–", dashes + 1
            for name in ("w:tag", "w:alias"):
                tag = control.find(f"{qn('w:sdtPr')}/{qn(name)}")
                digest = hashlib.sha256("–".encode()).hexdigest()[:6]
                tag.set(qn("w:val"), tag.get(qn("w:val")).rsplit("|", 1)[0] + f"|{digest}")
    document.save(str(path))
    table = wmo.check_memo(path, mixed)
    assert dashes > 3 and list(table.loc[table["text"] == "–", "verdict"]) == ["right"] * dashes
    assert set(table["verdict"]) == {"right"}
