"""The profile of a municipality shows each of its projects once, and its numbers beside those of the region."""

import pytest
from measured import blots, drawn, measured, notes, trace

from wmo_analysis import chart
from wmo_analysis.errors import WmoError

HOSTILE = "<b>Bouwen</b> & $x$ aan een buitengewoon lange naam voor een project in de Utrechtse Heuvelrug en omstreken"
ROWS = [  # title, via, themes, status, hours, committed, good example
    ("Loket", "own", "Wonen", "loopt", 95.5, 4800000, ""),
    ("Buurt", "own", "", "voorgeselecteerd", None, None, "Werkt"),
    ("Pilot", "partnership", "Zorg", "onbekend", None, 0, ""),
]
NAMES = "project title theme_labels source via via_label derived status hours committed good_example".split()


def profile(rows=ROWS, **about):
    counts = {via: sum(row[1] == via for row in rows) for via in ("own", "partnership", "province")}
    table = [
        dict(zip(NAMES, (f"p{n}", title, themes, "Alleato", via, via, "running", status, hours, cents, good)))
        for n, (title, via, themes, status, hours, cents, good) in enumerate(rows)
    ]
    said = dict(municipality="Soest", gm_code="GM0342", region="Eemland", round=2, state_label="in uitvoering")
    said |= dict(region_mean=2.5, themes_covered=2, themes=8)
    return measured("profile", table, NAMES, **(counts | said | about))


def test_the_bars_count_the_projects_beside_the_mean_of_the_region():
    figure = chart.profile(profile())
    own, partnership, mean = (trace(figure, name) for name in ("own", "partnership", "mean"))
    assert own.text[0] == "2" and partnership.text[0] == "1"
    assert own.x[0] == pytest.approx(2 * partnership.x[0]) and mean.x[0] == pytest.approx(2.5 * partnership.x[0])
    assert own.base[0] == mean.base[0] and partnership.base[0] == own.base[0] + own.x[0]
    assert partnership.marker.pattern.shape == "/" and notes(figure, "end") == ["2,5", "geen bekend"]


def test_each_project_stands_once_with_the_swatch_of_its_placement():
    figure = chart.profile(profile())
    assert list(trace(figure, "own").customdata) == ["own", "p0", "p1"]
    assert list(trace(figure, "partnership").customdata) == ["partnership", "p2"]
    assert notes(figure, "title")[1:] == []  # the title of the chart is not one of the projects
    assert notes(figure, "project") == ["Loket", "Buurt Goed voorbeeld: Werkt", "Pilot"]


def test_a_project_outside_the_monitor_stands_in_the_list_and_in_no_bar():
    figure = chart.profile(profile([*ROWS, ("Jeugd", "outside", "Jeugdzorg", "loopt", None, None, "")]))
    assert list(trace(figure, "outside").customdata) == ["p3"] and trace(figure, "own").text[0] == "2"
    assert "buiten de monitor, telt niet mee" in notes(figure, "key")


def test_what_no_list_states_is_a_word_and_never_zero():
    figure = chart.profile(profile())
    assert notes(figure, "hours") == ["95,5", "onbekend", "onbekend"]
    assert notes(figure, "committed") == ["€\u00a048.000", "onbekend", "€\u00a00"]
    assert notes(figure, "theme_labels") == ["Wonen", "onbekend", "Zorg"]


def test_title_and_facts():
    figure = chart.profile(profile())
    assert figure.layout.meta["title"] == "Soest: 2 eigen, 1 via samenwerking; 2 van 8 thema’s"
    pieces = ["Thema’s gedekt: ", "2", " van ", "8", "Burgers Betrekken: ronde 2, in uitvoering"]
    assert [text.strip() for text in notes(figure, "fact")] == [text.strip() for text in pieces]
    nowhere = chart.profile(profile(round=0, state_label=""))
    assert notes(nowhere, "fact")[-1] == "Burgers Betrekken: plaats in de rondes onbekend"


def test_without_any_project_in_the_selection_the_mean_is_unknown_and_not_zero():
    figure = chart.profile(profile([], projects=0, examples=0, region_mean=0.0))
    assert figure.layout.meta["title"] == "Soest: 0 projecten bekend"
    assert notes(figure, "end") == ["geen bekend", "onbekend", "geen bekend"]
    assert "onbekend" in notes(figure, "fact")[0] and not any(t.x for t in figure.data)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_text_is_cut_or_lies_upon_another_at_any_width(language):
    long = (HOSTILE, "province", HOSTILE, "loopt", 150.5, 123456789, f"Werkt {HOSTILE}")
    for rows in ([*ROWS, long], [long], []):
        for width in (605, 800, 1022, 1280, 1920):
            figure = chart.profile(profile(rows, language=language, municipality="Wijk bij Duurstede"), width)
            assert blots(figure) == []
            assert len(figure.layout.meta["title"].split()) <= 12
            assert not any("$" in text or "<b>Bouwen" in text for text in drawn(figure))


def test_another_measure_is_refused():
    with pytest.raises(WmoError):
        chart.profile(measured("budget", [dict(a=1)]))
