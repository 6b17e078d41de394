"""The charts of money and hours draw the figures of their table, and nothing else."""

import re

import pytest
from measured import blots, drawn, measured, notes, trace

from wmo_analysis import chart
from wmo_analysis.errors import WmoError

WIDTHS = [605, 800, 1022, 1280, 1920]
HOSTILE = "<b>Bouwen</b> & $x$ aan een buitengewoon lange naam voor een project in de Utrechtse Heuvelrug en omstreken"
CREDIT = "Flexibel projectenkrediet"


def credit(settled=6800000, granted=14650000, free=11850000, asked=24600000, **about):
    committed = None if settled is None else settled + granted
    amounts = dict(asked=asked, granted=granted, settled=settled, committed=committed)
    over = None if free is None else max(-free, 0)
    amounts |= dict(free=free, over=over, allocation=33300000)
    rows = [dict(item=i, label=i, cents=c, approximate=i in ("free", "over", "allocation")) for i, c in amounts.items()]
    return measured("budget", rows, by="", credit=CREDIT, **about)


def footing(parts, undivided=(), by="theme", **about):
    rows = [(label, "part", cents, share) for label, cents, share in parts]
    rows += [(label, "undivided", cents, share) for label, cents, share in undivided]
    whole = sum(cents for _, _, cents, _ in rows) if rows[0][2] is not None else None
    rows.append(("Samen", "total", whole, 100.0 if whole else None))
    names = ("code", "label", "part", "projects", "asked", "granted", "settled", "committed", "share")
    rows = [dict(zip(names, (label, label, part, 1, 7, 8, 9, cents, share))) for label, part, cents, share in rows]
    return measured("budget", rows, by=by, credit=CREDIT, **about)


def through_time(*rows, **about):
    names = ["date", "asked", "granted", "settled", "committed", "free"]
    rows = [dict(zip(names, (date, asked, cents, 0, cents, 33300000 - cents))) for date, asked, cents in rows]
    return measured("budget", rows, names, by="time", credit=CREDIT, allocation=33300000, **about)


def listed(*rows, **about):
    names = ["source_id", "label", "projects", "asked", "granted", "settled"]
    return measured("budget", [dict(zip(names, row)) for row in rows], names, by="listed", credit=CREDIT, **about)


def hours(*rows, **about):
    names = ["project", "title", "source_id", "source", "place", "hours", "limit", "over"]
    rows = [(f"S2-{n}", title, "S2", "Burgers Betrekken", place, *rest) for n, (place, title, *rest) in enumerate(rows)]
    return measured("hours", [dict(zip(names, row)) for row in rows], names, **about)


PARTS = [("Sociale cohesie", 4300000, 20.0), ("Jeugd", 0, 0.0), ("Mantelzorg", 9550000, 44.5), ("Wonen", 0, 0.0)]
REST = [("meer thema’s, niet verdeeld", 7600000, 35.5), ("onbekend thema", 0, 0.0)]
HOURS = [("Utrecht", "Zorg", 162, 150, 12), ("Zeist", "Loket", 150, 150, 0), ("Alleato", "Sport", 40, None, None)]
SILENT = ("Soest", "Plan", None, 150, None)


def test_committed_is_settled_and_then_granted_and_free_ends_at_the_credit():
    figure = chart.budget(credit())
    spans = {t.name: [*zip(t.base or (), t.x)] for t in figure.data}
    assert spans == {
        "asked": [(0, 24600000)],
        "settled": [(0, 6800000)],
        "granted": [(6800000, 14650000)],
        "others": [],
        "over": [],
        "free": [(21450000, 11850000)],
    }
    assert figure.layout.meta["title"] == "Van het krediet is €\u00a0214.500 vastgelegd, ca. €\u00a0118.500 vrij"
    assert figure.layout.xaxis.range[0] == 0 and notes(figure, "apart") == ["telt niet mee"]


def test_what_goes_beyond_the_credit_is_hatched_and_takes_the_place_of_free():
    figure = chart.budget(credit(granted=28350000, free=-1850000))
    over = trace(figure, "over")
    assert list(over.x) == [1850000, 1850000] and list(over.base) == [33300000, 33300000]
    assert over.marker.pattern.shape == "/" and not trace(figure, "free").x
    assert figure.layout.meta["title"] == "Krediet overschreden: €\u00a0351.500 vastgelegd, ca. €\u00a018.500 te veel"
    assert "Tekort ca. €\u00a018.500" in re.sub(r"\s*  ", " ", " ".join(notes(figure, "label")))


def test_free_is_that_of_all_projects_and_the_chart_says_so():
    figure = chart.budget(credit(settled=0, granted=4800000, selection_text="gemeente Soest"))
    assert [*zip(trace(figure, "others").base, trace(figure, "others").x)] == [(4800000, 16650000)]
    assert list(trace(figure, "free").base) == [21450000]
    assert "vastgelegd buiten deze selectie" in notes(figure, "key")
    assert "Vrij telt alle projecten" in " ".join(notes(figure, "footer"))


def test_a_segment_too_narrow_for_its_amount_is_named_in_the_key():
    figure = chart.budget(credit(settled=10000, granted=50000, free=33240000))
    assert {"afgerekend: €\u00a0100", "toegekend: €\u00a0500"} <= set(notes(figure, "key"))


def test_an_unknown_credit_has_no_bar_and_no_zero_but_the_line_of_the_allocation():
    unknown = credit(None, None, None, None)
    figure = chart.budget(unknown)
    assert not any(t.x for t in figure.data)
    assert [(s.x0, s.x1) for s in figure.layout.shapes] == [(33300000, 33300000)]
    title = "Vastgelegd en vrij onbekend: geen lijst noemt bedragen op het krediet"
    assert figure.layout.meta["title"] == title and figure.layout.meta["sentence"].endswith(f"{title}.")
    assert [re.sub(r"\s+", " ", text) for text in notes(figure, "label")] == [
        "Gevraagd onbekend", "Vastgelegd onbekend", "Vrij onbekend"
    ]  # fmt: skip
    assert "€\u00a00" not in figure.layout.meta["alt"]
    parts = chart.budget(footing([("Jeugd", None, None)]))
    assert parts.layout.meta["title"] == title and not any(t.x for t in parts.data)


def test_parts_descend_zeros_are_one_row_and_undivided_is_dotted():
    figure = chart.budget(footing(PARTS, REST))
    part, undivided = trace(figure, "part"), trace(figure, "undivided")
    assert list(part.x) == [9550000, 4300000, 0]
    assert list(part.customdata) == ["Mantelzorg", "Sociale cohesie", ""]
    assert list(undivided.x) == [7600000, 0] and undivided.marker.pattern.shape == "."
    labels = [
        "Mantelzorg",
        "Sociale cohesie",
        "2 thema’s zonder bedrag",
        "Meer thema’s, niet verdeeld",
        "Onbekend thema",
    ]
    assert notes(figure, "label") == [*labels, "Samen"]
    ends = " ".join(notes(figure, "end")).split("€\u00a0")[1:]
    assert [re.split(r"\s", end)[0] for end in ends] == ["95.500", "43.000", "0", "76.000", "0", "214.500"]
    assert figure.layout.meta["title"] == "Mantelzorg krijgt €\u00a095.500, 44\u00a0% van het bedrag in deze selectie"


def test_a_total_of_zero_has_no_percentage():
    figure = chart.budget(footing([("Jeugd", 0, None)]))
    assert figure.layout.meta["title"] == "In deze selectie is €\u00a00 vastgelegd"
    assert "%" not in " ".join(notes(figure, "end"))


def test_the_line_of_the_credit_stands_above_what_is_committed_day_by_day():
    figure = chart.budget(through_time(("2007-03-20", 24600000, 9850000), ("2007-04-03", 24600000, 21450000)))
    committed = trace(figure, "committed")
    assert list(committed.x) == ["2007-03-20", "2007-04-03", "2007-10-09"]
    assert list(committed.y) == [9850000, 21450000, 21450000] and committed.line.shape == "hv"
    assert any(shape.y0 == shape.y1 == 33300000 for shape in figure.layout.shapes)
    assert figure.layout.yaxis.range[0] == 0 and notes(figure, "unit") == ["euro, opgeteld"]
    title = "Vastgelegd bedrag: van €\u00a098.500 op 20 maart 2007 naar €\u00a0214.500"
    assert figure.layout.meta["title"] == title


def test_labels_at_the_end_of_the_lines_stand_apart_and_not_below_the_axis():
    assert chart._spending._apart([300, 246, 214], 40) == [300, 246, 206]
    assert chart._spending._apart([300, 4, 2], 40) == [300, 40, 0]
    assert chart._spending._apart([], 40) == []


def test_one_booking_is_a_dot_and_none_is_a_sentence():
    assert trace(chart.budget(through_time(("2007-10-09", 5, 2))), "committed").mode == "lines+markers"
    assert notes(chart.budget(through_time()), "nothing") == ["Geen bedragen op het krediet in deze selectie."]


def test_an_amount_that_no_list_states_is_a_word_and_not_zero():
    figure = chart.budget(listed(("S3", "Wel Thuis!", 7, 6125000, 7700000, None), ("S6", "Alleato", 2, None, 0, None)))
    assert [list(trace(figure, kind).x) for kind in ("asked", "granted", "settled")] == [[6125000], [7700000, 0], []]
    shown = ["€\u00a061.250", "€\u00a077.000", "onbekend", "onbekend", "€\u00a00", "onbekend"]
    assert notes(figure, "end") == shown
    title = "Hoogste bedrag toegekend buiten het krediet: €\u00a077.000, Wel Thuis!"
    assert figure.layout.meta["title"] == title
    assert "333.000" not in " ".join(drawn(figure))


def test_hours_above_the_maximum_are_hatched_and_told_in_words():
    figure = chart.hours(hours(*HOURS, SILENT))
    assert list(trace(figure, "hours").x) == [162, 150, 40]
    over = trace(figure, "over")
    assert list(over.x) == [12] and list(over.base) == [150] and over.marker.pattern.shape == "/"
    shown = ["162  uur (12 te veel)", "150", "40", "onbekend: geen opgave van uren"]
    assert notes(figure, "end") == shown
    assert [shape.x0 for shape in figure.layout.shapes] == [150, 150]  # no line through the project without a maximum
    assert figure.layout.meta["title"] == "Eén project boven het maximum van 150 uur: Utrecht met 162"


@pytest.mark.parametrize(
    "rows, title",
    [
        ([HOURS[0], ("Soest", "b", 155, 150, 5)], "2 projecten boven het maximum van 150 uur; hoogste 162"),
        ([HOURS[1]], "Geen project boven het maximum van 150 uur; hoogste 150"),
        ([HOURS[2]], "Meeste adviesuren: Alleato met 40"),
        ([SILENT], "Uren onbekend; aantal projecten zonder opgave: 1"),
        ([], "Geen project met adviesuren in deze selectie (0 gevonden)"),
    ],
)
def test_the_title_of_hours_states_the_finding(rows, title):
    assert chart.hours(hours(*rows)).layout.meta["title"] == title


TABLES = {
    "credit": credit,
    "over": lambda **a: credit(granted=28350000, free=-1850000, **a),
    "nearly none": lambda **a: credit(10000, 50000, 33240000, **a),
    "parts": lambda **a: footing([*PARTS, (HOSTILE, 100, 0.1)], REST, **a),
    "one part": lambda **a: footing([(HOSTILE, 100, 100.0)], by="source", **a),
    "time": lambda **a: through_time(("2006-03-20", 24600000, 100), ("2007-04-03", 33000000, 32900000), **a),
    "listed": lambda **a: listed(("S3", HOSTILE, 7, 6125000, 7700000, None), **a),
    "hours": lambda **a: hours((HOSTILE, HOSTILE, 162, 150, 12), *HOURS, SILENT, **a),
}


def draw(table, width):
    return (chart.hours if table.attrs["wmo"]["measure"] == "hours" else chart.budget)(table, width)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_text_is_cut_or_lies_upon_another_at_any_width(name, language):
    for width in WIDTHS:
        figure = draw(TABLES[name](language=language), width)
        if name != "time":
            assert blots(figure) == []
        assert len(figure.layout.meta["title"].split()) <= 12
        assert notes(figure, "example")


@pytest.mark.parametrize("name", TABLES)
def test_a_name_from_the_data_is_never_markup(name):
    texts = drawn(draw(TABLES[name](), 800))
    assert not any("$" in text or "<b>Bouwen" in text for text in texts)


@pytest.mark.parametrize("by", ["", "theme", "time", "listed", "hours"])
def test_an_empty_selection_says_so(by):
    about = dict(projects=0, examples=0, source_names=[])
    empty = {
        "": credit(0, 0, 33300000, asked=0, **about),
        "theme": footing([("Jeugd", 0, None)], **about),
        "time": through_time(**about),
        "listed": listed(**about),
        "hours": hours(**about),
    }[by]
    figure = draw(empty, 800)
    assert "(0 gevonden)" in figure.layout.meta["title"]
    assert not any(sum(t.x or [0]) for t in figure.data if t.name not in ("free", "asked") and by != "time")
    assert not notes(figure, "example")


def test_a_changed_table_and_another_measure_are_refused():
    changed = credit()
    changed.loc[0, "cents"] = 1
    for draw_it, table in ((chart.budget, changed), (chart.budget, hours()), (chart.hours, credit())):
        with pytest.raises(WmoError):
            draw_it(table)


def test_alt_text_and_sentence_carry_the_amounts():
    meta = chart.budget(credit()).layout.meta
    assert meta["sentence"] == f"Stand per 9 oktober 2007: {meta['title']}."
    assert "afgerekend: €\u00a068.000" in meta["alt"] and meta["alt"].endswith("4 van 9 projecten.")
    english = (
        " ".join(drawn(chart.budget(credit(language="en")))) + chart.budget(credit(language="en")).layout.meta["alt"]
    )
    assert "committed" in english.lower() and not re.search("vastgelegd|krediet is|vrij", english)
