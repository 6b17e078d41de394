"""What is made of examples alone looks made up in every chart, and says so in its key."""

import json
import re
import xml.etree.ElementTree as ElementTree

import plotly.graph_objects as go
import pytest
from invented import SETTINGS, key, marked, outlines
from monitors import SIDES, monitor, shipped
from test_chart_budget import credit, hours
from test_chart_coverage import coverage
from test_chart_lint import contrast
from test_chart_rounds import ABOUT, NOW, SAID, STATES, notes, rounds, trace
from test_chart_tilemap import table as tiles
from test_chart_timeline import KNOWN, OPEN, timeline

from wmo_analysis import chart, measure, pictures, schema, style
from wmo_analysis.chart._look import DASH, HALF_STROKE, STROKE
from wmo_analysis.chart._marks import ALL, Span, corners
from wmo_analysis.views import VIEWS

MADE_UP = "verzonnen (voorbeeld)"
CHARTS = [view for view in VIEWS.values() if view.chart]
LINES = ("time", "budget_time")  # charts of lines: a line is dashed
every = pytest.mark.parametrize("view", CHARTS, ids=lambda view: view.name)


def measured(view):
    """The table of a view of the shipped lists, without what a measure says of made up rows."""
    given = SETTINGS | SIDES.get(view.name, {})
    settings = {name: given[name] for name, codes in view.settings.items() if not codes}
    table = view.table(shipped(), **settings)
    about = table.attrs["wmo"]
    return schema.cited(table.drop(columns=["invented", "partly"], errors="ignore"), about)


@every
def test_a_chart_of_what_is_made_up_has_dashes_and_a_key(view):
    figure = view.figure(marked(measured(view), True), style.NOTEBOOK)
    assert go.Figure(figure.to_dict()) == figure  # plotly knows all of it
    assert key(figure)[-1] == MADE_UP and key(figure).count(MADE_UP) == 1
    if view.name in LINES:
        dashed = [t for t in figure.data if t.name.endswith(" all")]
        assert dashed and {t.line.dash for t in dashed} == {STROKE}
        assert all(MADE_UP in text for t in dashed for text in t.hovertext if text)
    else:
        drawn = sum(bool(length) for t in figure.data if t.type == "bar" for length in t.x)
        assert 0 < len(outlines(figure)) <= drawn


@every
def test_all_outlines_are_one_path_however_many_marks(view):
    figure = view.figure(marked(measured(view), True), style.NOTEBOOK)
    strokes = [shape for shape in figure.layout.shapes if shape.type == "path" and shape.xref == "x"]
    dashes = [(shape.line.color, shape.line.dash, shape.layer) for shape in strokes]
    two = [(style.LIGHT.paper, None, "above"), (style.LIGHT.muted, DASH, "above")]
    assert dashes == ([] if view.name in LINES else two)


@every
def test_a_table_that_names_nothing_made_up_draws_as_one_without_the_column(view):
    table = measured(view)
    plain, none = (view.figure(made, style.NOTEBOOK) for made in (table, marked(table, False)))
    assert json.loads(plain.to_json()) == json.loads(none.to_json())
    assert MADE_UP not in key(plain)


def test_the_dashes_show_on_every_fill_in_both_themes_and_in_grey():
    fills = [value for value in vars(style.LIGHT).values() if isinstance(value, str)]
    for fill in {*fills, *style.LIGHT.ramp, *style.LIGHT.classes}:
        for theme in (lambda colour: colour, style.DARK.get):
            dash, paper = (contrast(theme(colour), theme(fill)) for colour in (style.LIGHT.muted, style.LIGHT.paper))
            assert max(dash, paper) >= 2.9, fill  # contrast is of light alone, so it holds in grey
    assert contrast(style.LIGHT.muted, style.LIGHT.paper) >= 4.5


def test_the_outline_lies_around_its_bar_on_an_axis_of_days_too():
    for figure in (
        chart.timeline(marked(timeline(KNOWN), True)),
        chart.hours(marked(hours(("a", "A", 40, 150, 0)), True)),
    ):
        (svg,) = pictures.drawn([figure], ["svg"], scale=1)
        parts = list(ElementTree.fromstring(svg).iter())
        (bar,) = [part.get("d") for point in parts if point.get("class") == "point" for part in point]
        dashed = [part.get("d") for part in parts if "2px" in part.get("style", "") and part.get("class") is None]
        left, top = figure.layout.margin.l, figure.layout.margin.t  # a bar counts from the corner of the plot
        wanted = pytest.approx([at + shift for at, shift in zip(extent(bar), (left, top) * 2, strict=True)], abs=0.6)
        assert any(extent(path) == wanted for path in dashed), (bar, dashed)


def extent(path):
    """Left, top, right and bottom of a path of an svg [px]."""
    x, y = [], []
    for letter, numbers in re.findall(r"([MHV])([-\d.,]+)", path):
        first, *second = map(float, numbers.split(","))
        x += [first] * (letter != "V")
        y += second or [first] * (letter == "V")
    return [min(x), min(y), max(x), max(y)]


# ---------------------------------------------------------------- which marks


def test_a_cell_of_the_matrix_is_outlined_where_something_stands_in_it():
    table = coverage()
    baarn = (table["municipality"] == "Baarn") & (table["theme"] != "")
    figure = chart.coverage(marked(table, baarn))
    own = trace(figure, "own")
    assert [code[1] for code in own.customdata] == ["P5"]
    left, _, right, _ = map(float, outlines(figure)[0])
    assert len(outlines(figure)) == 1
    assert (left, right) == pytest.approx((own.base[0], own.base[0] + own.x[0]), abs=0.01)
    assert own.hovertext[0].endswith(MADE_UP)


def test_what_a_letter_states_is_never_made_up():
    figure = chart.rounds(marked(rounds(NOW, SAID), True))
    named = [t for t in figure.data if t.name in STATES]
    assert any(len(t.x) for t in figure.data if t.name.startswith("stated"))
    assert len(outlines(figure)) == sum(len(t.x) for t in named) > 0


def test_a_tile_of_zero_or_of_an_unknown_figure_is_not_outlined():
    figure = chart.tilemap(
        marked(tiles({"GM1": 0, "GM2": 2, "GM3": None, "GM4": 1}), [True, True, True, False]), "projects"
    )
    (hover,) = trace(figure, "class 2").hovertext
    assert len(outlines(figure)) == 1 and hover.endswith(MADE_UP)


def test_hours_beyond_the_maximum_have_the_one_outline_of_all_hours():
    table = hours(("a", "A", 162, 150, 12), ("b", "B", 40, 150, 0))
    ((left, _, right, _),) = outlines(chart.hours(marked(table, [True, False])))
    assert (left, float(right)) == ("0", 162)


def test_an_item_of_the_credit_is_outlined_and_what_goes_beyond_it_once():
    table = credit(granted=34000000, free=-700000)
    only = table["item"].isin(["granted", "over"])
    shown = [(left, right) for left, _, right, _ in outlines(chart.budget(marked(table, only)))]
    over = ("33300000", "34000000")
    assert shown[-1] == over and shown.count(over) == 1 and len(shown) == 2


def test_a_bar_of_many_projects_is_made_up_when_all_of_them_are():
    many = [(f"p{n}", *KNOWN[1:]) for n in range(81)]
    table = timeline(*many)
    one_real = [False, *[True] * 80]
    assert len(outlines(chart.timeline(marked(table, True)))) == 1
    assert outlines(chart.timeline(marked(table, one_real))) == []
    assert len(outlines(chart.timeline(marked(timeline(*many[:3]), [False, True, True])))) == 2


def test_an_outline_runs_to_the_day_after_the_last():
    ((left, _, right, _),) = outlines(chart.timeline(marked(timeline(KNOWN, OPEN), [True, False])))
    assert (left, right) == ("2007-01-01", "2008-01-01")


def test_the_bar_of_a_way_is_made_up_when_each_of_its_projects_is():
    view = VIEWS["profile"]
    table = measured(view)
    own = table["via"] == "own"
    assert own.sum() > 1
    first = own & (own.cumsum() == 1)
    assert len(outlines(view.figure(marked(table, own), 800))) == own.sum() + 1
    assert len(outlines(view.figure(marked(table, first), 800))) == 1


def test_the_steps_of_a_line_change_to_dashes_and_back():
    spans = [Span("a", "b", 1), Span("b", "c", 2), Span("c", "d", 3, ALL), Span("d", "e", 4), Span("x", "y", 9)]
    real = [("a", 1), ("b", 2), ("c", 2), (None, None), ("d", 3), ("d", 4), ("e", 4), (None, None), ("x", 9), ("y", 9)]
    assert corners(spans, "") == real
    assert corners(spans, ALL) == [("c", 2), ("c", 3), ("d", 3)]


# ---------------------------------------------------------------- the example line


def line(language="nl", **about):
    return style.example_line({**ABOUT, "language": language, **about})


@pytest.mark.parametrize(
    "about, said",
    [
        (dict(), "Bevat voorbeeldgegevens: 4 van 9 projecten"),
        (dict(examples=0), ""),
        (dict(made_of=""), "Bevat voorbeeldgegevens: 4 van 9 projecten"),
        (dict(made_of="projects", made=57, made_up=42), "Bevat voorbeeldgegevens: 42 van 57 projecten"),
        (dict(made_of="amounts", made=7, made_up=0), ""),
        (dict(made_of="amounts", made=7, made_up=3), "Bevat voorbeeldgegevens: 3 van 7 projecten met een bedrag"),
        (dict(made_of="amounts", made=7, made_up=7), "Alle 7 projecten met een bedrag zijn voorbeelden"),
        (dict(made_of="amounts", made=1, made_up=1), "Het enige project met een bedrag is een voorbeeld"),
        (dict(made_of="hours", made=3, made_up=3), "Alle 3 projecten met uren zijn voorbeelden"),
        (
            dict(made_of="conversations", made=9, made_up=2),
            "Bevat voorbeeldgegevens: 2 van 9 gemeenten met een gesprek",
        ),
        (dict(made_of="conversations", made=9, made_up=9), "De gesprekken van alle 9 gemeenten zijn voorbeelden"),
        (dict(made_of="claims", made=9, made_up=2), "Leunt op voorbeelden: 2 van 9 aantallen uit de brieven"),
        (dict(made_of="findings", made=9, made_up=2), "Bevat voorbeeldgegevens: 2 van 9 meldingen"),
        (dict(made_of="lists", made=9, made_up=9), "Alle 9 lijsten zijn voorbeelden"),
        (
            dict(made_of="projects", made=57, made_up=42, known_too=1),
            "Bevat voorbeeldgegevens: 42 van 57 projecten (1 daarvan is ook zonder voorbeeld bekend)",
        ),
        (
            dict(made_of="projects", made=5, made_up=5, known_too=2),
            "Bevat voorbeeldgegevens: 5 van 5 projecten (2 daarvan zijn ook zonder voorbeeld bekend)",
        ),
        (
            dict(made_of="projects", made=1, made_up=1, known_too=1),
            "Bevat voorbeeldgegevens maar is ook zonder voorbeeld bekend",
        ),
    ],
)
def test_the_example_line_counts_what_the_figure_is_made_of(about, said):
    assert line(**{"known_too": 0, **about}) == said


@pytest.mark.parametrize("kind", "projects amounts conversations hours claims findings lists".split())
@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_kind_has_its_words_for_some_all_and_one(kind, language):
    counts = [dict(made=made, made_up=up, known_too=0) for made, up in ((3, 1), (3, 3), (1, 1))]
    assert len({line(language, made_of=kind, **each) for each in counts}) == 3


def test_the_line_stands_in_bold_below_the_chart_by_what_it_is_made_of():
    table = coverage(made_of="amounts", made=7, made_up=7, known_too=0)
    assert notes(chart.coverage(table), "example") == ["<b>Alle 7 projecten met een bedrag zijn voorbeelden</b>"]
    assert notes(chart.coverage(coverage(made_of="amounts", made=7, made_up=0, known_too=0)), "example") == []


# ---------------------------------------------------------------- marks of which a part is made up

PARTLY = "deels verzonnen"
IN_BARS = [view for view in CHARTS if view.name not in (*LINES, "hours", "timeline", "profile")]


def half(figure):
    """The upper edges of what is made up in part, without the line of paper below each."""
    paths = {shape.path for shape in figure.layout.shapes if shape.type == "path" and shape.xref == "x"}
    return [path for path in paths if not path.endswith("Z")]


@pytest.mark.parametrize("view", IN_BARS, ids=lambda view: view.name)
def test_a_mark_of_real_and_made_up_has_a_dashed_upper_edge_and_a_key(view):
    table = measured(view)
    about = table.attrs["wmo"]
    figure = view.figure(schema.cited(table.assign(invented=False, partly=True), about), style.NOTEBOOK)
    assert len(half(figure)) == 1 and outlines(figure) == []
    assert key(figure).count(PARTLY) == 1 and MADE_UP not in key(figure)
    hovers = [text for trace in figure.data for text in trace.hovertext or ()]
    assert any(text.endswith(PARTLY) for text in hovers)


@pytest.mark.parametrize("view", [view for view in CHARTS if view.name in LINES], ids=lambda view: view.name)
def test_a_line_of_real_and_made_up_has_dashes_of_its_own_and_a_key(view):
    table = measured(view)
    figure = view.figure(schema.cited(table.assign(invented=False, partly=True), table.attrs["wmo"]), style.NOTEBOOK)
    dashed = [trace for trace in figure.data if trace.name.endswith(" some")]
    assert {trace.line.dash for trace in dashed} == {HALF_STROKE}  # a pattern of its own, so also in grey
    assert all(text.endswith(PARTLY) for trace in dashed for text in trace.hovertext if text)
    assert key(figure).count(PARTLY) == 1 and MADE_UP not in key(figure)


def test_a_line_is_made_up_in_part_from_the_first_real_amount_on():
    head = ["key", "title", "municipality", "granted", "amount_date"]
    card = {"basis": "letter", "date": "2007-10-01", "credit": "FPK2006"}
    made = monitor(
        {
            "2007-10-01_a/echt.csv": ([head, ["1", "Echt", "Baarn", "100", "1-6-2007"]], card),
            "2007-10-01_b/nep.csv": ([head, ["2", "Nep", "Soest", "50", "1-3-2007"]], card | {"basis": "example"}),
        }
    )
    table = measure.budget(made, by="time")
    assert table[["date", "committed", "invented", "partly"]].to_numpy().tolist() == [
        ["2007-03-01", 5000, True, False],
        ["2007-06-01", 15000, False, True],
    ]


def test_agreements_are_made_up_in_part_from_the_first_real_one_on():
    head = ["municipality", "round", "approval_1", "approval_2", "approval_3"]
    card = {"source": "S2", "rows": ["conversations"], "basis": "documented", "date": "2007-10-01"}
    early, late = ["1-3-2007"] * 3, ["1-6-2007"] * 3
    made = monitor(
        {
            "2007-10-01_a/echt.csv": ([head, ["Baarn", "1", *late]], card),
            "2007-10-01_b/nep.csv": ([head, ["Soest", "1", *early]], card | {"basis": "example"}),
        }
    )
    table = measure.rounds(made, by="time")
    assert table[["date", "agreed", "invented", "partly"]].to_numpy().tolist()[:2] == [
        ["2007-03-01", 1, True, False],
        ["2007-06-01", 2, False, True],
    ]


def test_the_shipped_lists_have_marks_of_all_three_kinds():
    figure = VIEWS["theme"].figure(VIEWS["theme"].table(shipped()), style.NOTEBOOK)
    table = VIEWS["theme"].table(shipped()).set_index("code")
    assert table["partly"].any() and not (table["partly"] & table["invented"]).any()
    assert PARTLY in key(figure) and len(half(figure)) == 1


def test_a_way_of_the_profile_with_one_example_is_made_up_in_part():
    view = VIEWS["profile"]
    table = measured(view)
    own = table["via"] == "own"
    first = own & (own.cumsum() == 1)
    assert len(half(view.figure(marked(table, first), 800))) == 1
    assert half(view.figure(marked(table, own), 800)) == []
