"""The chart of changes draws new, gone and changed as its table counts them."""

import pytest
from measured import blots, drawn, measured, notes, trace

from wmo_analysis import chart
from wmo_analysis.errors import WmoError

HOSTILE = "<b>Bouwen</b> & $x$ aan een buitengewoon lange naam voor een thema in de Utrechtse Heuvelrug en omstreken"
ROWS = [
    ("Jeugd", "part", 0, 0, 0),
    ("Wonen", "part", 1, 2, 3),
    ("Zorg", "part", 9, 0, 0),
    ("meer", "undivided", 0, 1, 0),
]


def changes(rows=ROWS, by="theme", **about):
    total = [sum(row[n] for row in rows) for n in (2, 3, 4)]
    names = ("label", "part", "new", "gone", "changed")
    table = [
        dict(code=label, **dict(zip(names, (label, *rest)))) for label, *rest in [*rows, ("Samen", "total", *total)]
    ]
    return measured("changes", table, by=by, since="2006-11-30", since_text="30 november 2006", **about)


def test_gone_goes_left_and_new_right_of_zero_most_new_first():
    figure = chart.changes(changes())
    assert list(trace(figure, "new").customdata) == ["Zorg", "Wonen", "Jeugd", "meer"]
    assert list(trace(figure, "new").x) == [9, 1, 0, 0]
    assert list(trace(figure, "gone").x) == [0, -2, 0, -1]
    assert trace(figure, "gone").marker.pattern.shape == "\\"
    assert figure.layout.xaxis.range[0] < 0 < figure.layout.xaxis.range[1]


def test_the_total_stands_below_and_a_row_without_difference_says_so():
    figure = chart.changes(changes())
    assert notes(figure, "end") == ["+9", "−2", "+1", "geen verschil", "−1", "−3", "+10"]
    assert notes(figure, "changed") == ["0", "3", "0", "0", "3"]
    assert figure.layout.meta["title"] == "10 projecten kwamen erbij, 3 tellen niet meer mee, 3 zijn gewijzigd"
    assert "tussen 30 november 2006 en 9 oktober 2007" in " ".join(notes(figure, "subtitle"))


def test_zero_has_no_sign():
    assert notes(chart.changes(changes([("Zorg", "part", 0, 5, 0)])), "end") == ["−5", "−5", "0"]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("rows", [ROWS, [(HOSTILE, "part", 900, 1200, 12)], [("Zorg", "part", 0, 5, 0)]])
def test_no_text_is_cut_or_lies_upon_another_at_any_width(rows, language):
    for width in (605, 800, 1022, 1280, 1920):
        figure = chart.changes(changes(rows, by="source", language=language), width)
        assert blots(figure) == []
        assert len(figure.layout.meta["title"].split()) <= 12
        assert not any("$" in text or "<b>Bouwen" in text for text in drawn(figure))


def test_an_empty_selection_says_so():
    figure = chart.changes(changes([("Jeugd", "part", 0, 0, 0)], projects=0, examples=0))
    assert "(0 gevonden)" in figure.layout.meta["title"] and not notes(figure, "label", "end")


def test_the_rows_of_changes_and_other_measures_are_refused():
    for table in (changes(by="rows"), measured("budget", [dict(a=1)])):
        with pytest.raises(WmoError):
            chart.changes(table)
