"""Every number that a chart writes as a text opens the rows that it is made of."""

import re

import pytest
from invented import SETTINGS
from monitors import SIDES, shipped

from wmo_analysis import measure, style
from wmo_analysis.views import VIEWS

CHARTS = [view for view in VIEWS.values() if view.chart]
NUMBER = re.compile(r"[-−+]?\d[\d.]*(?:,\d+)?")
# what is around a plot, and names, days and the lines of an axis: no number of the table
AROUND = [
    "title",
    "subtitle",
    "footer",
    "example",
    "key",
    "head",
    "year",
    "as_of",
    "deadline",
    "label",
    "project",
    "name",
]
AROUND += [
    "class",
    "fact",
    "unit",
    "cut",
    "gap",
    "after",
    "apart",
    "word",
    "source",
    "severity",
    "side",
    "nothing",
    "zeros",
    "difference",  # between two sides, each of which opens
]
WIDTHS = (style.NOTEBOOK, 1188)


def drawn(view, width, here=None):
    given = {name: code for name, code in SETTINGS.items() if name in view.settings}
    table = view.table(here or shipped(), **given, **SIDES.get(view.name, {}))
    return table, view.figure(table, width)


def plain(text):
    return re.sub("<[^>]*>", " ", text).replace("\u00a0", " ")


def said(text):
    """The first number of a text: '€ 95.500  45 %' says 95500, '−3' says 3."""
    found = (NUMBER.search(plain(text)) or ["0"])[0].replace(".", "").replace(",", ".")
    return abs(float(found.replace("−", "-")))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("view", CHARTS, ids=lambda view: view.name)
def test_the_rows_behind_a_written_number_add_up_to_it(view, width):
    table, figure = drawn(view, width)
    missed = []
    for note in figure.layout.meta["opens"]:
        here = measure.figure(table, tuple(note["row"]), note["column"])
        total = abs(float(shipped().trace(here)["value"].sum())) / (100 if here.worth == "EUR cent" else 1)
        text = figure.layout.annotations[note["note"]].text
        if "%" in text and here.worth != "EUR cent":  # a share opens what it is a share of
            continue
        if abs(round(total, 1) - said(text)) > 0.51:
            missed.append((text, note, total))
    assert missed == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("view", CHARTS, ids=lambda view: view.name)
def test_no_written_number_stays_shut(view, width):
    _, figure = drawn(view, width)
    opens = {note["note"] for note in figure.layout.meta["opens"]}
    shut = []
    for number, note in enumerate(figure.layout.annotations):
        if number not in opens and note.name not in AROUND and said(note.text):  # nothing is behind several zeros
            shut.append((note.name, note.text))
    assert shut == []
    assert [number for number, note in enumerate(figure.layout.annotations) if note.captureevents] == sorted(opens)


def test_a_total_of_the_matrix_opens_its_municipality():
    table, figure = drawn(VIEWS["matrix"], style.NOTEBOOK)
    (totals,) = [trace for trace in figure.data if trace.name == "totals"]
    shown = {code[0]: plain(text).strip() for code, text in zip(totals.customdata, totals.text, strict=True) if code}
    counted = table[table["theme"] == ""].set_index("gm_code")["number"]
    assert {code: int(text) for code, text in shown.items() if text.isdigit()} == {
        code: number for code, number in counted.items() if shown[code].isdigit()
    }
    assert set(shown) == set(counted.index) and totals.hoverinfo == "none"
