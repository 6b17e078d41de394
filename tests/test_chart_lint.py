"""The chart linter: what every figure keeps to, in both languages, for the whole, an empty and a small selection."""

import dataclasses
import functools
import itertools
import re

import plotly.graph_objects as go
import pytest
from monitors import SIDES, shipped

from wmo_analysis import style, words
from wmo_analysis.views import TABS, VIEWS, cited

TOKENS = [[value] if isinstance(value, str) else value for value in vars(style.LIGHT).values()]
COLOURS = {value.upper() for values in TOKENS for value in values if value.startswith("#")}
SELECTIONS = {
    "whole": lambda m: m,
    "empty": lambda m: m.within(basis="received"),
    "one municipality": lambda m: m.within(municipality="Soest"),
}
DATA = {"since": "2006-11-30", "municipality": "Soest"}  # for the settings whose codes come from the data


def ways(view):
    """Every combination of the settings and looks of a view."""
    given = DATA | SIDES.get(view.name, {})
    choices = {name: codes or (given[name],) for name, codes in {**view.settings, **view.looks}.items()}
    return [dict(zip(choices, codes, strict=True)) for codes in itertools.product(*choices.values())]


def told(view, chosen):
    """'matrix, municipal, region': the name of a chart in the report of a test."""
    asked = {*DATA, *SIDES["compare"]}
    return ", ".join([view.name, *(code for name, code in chosen.items() if name not in asked)])


CHARTS = {told(view, chosen): (view, chosen) for view in VIEWS.values() if view.chart for chosen in ways(view)}
MUNICIPAL = "matrix, municipal, region"


def drawn(chart, monitor):
    view, chosen = CHARTS[chart]
    return view.figure(view.table(monitor, **chosen), style.NOTEBOOK, **chosen)


@functools.cache
def figure(chart, selection, language):
    return drawn(chart, SELECTIONS[selection](shipped()).in_language(language))


every = [
    pytest.param(chart, selection, language, id=f"{chart}, {selection}, {language}")
    for chart in CHARTS
    for selection in SELECTIONS
    for language in ("nl", "en")
]


def notes(fig, name):
    return [a.text for a in fig.layout.annotations if a.name == name]


def plain(text):
    return re.sub(r"<[^>]+>", " ", text)


@pytest.mark.parametrize(("chart", "selection", "language"), every)
def test_title_source_rule_alt_text_and_sentence(chart, selection, language):
    fig = figure(chart, selection, language)
    title = plain(" ".join(notes(fig, "title")))
    assert 1 <= len(title.split()) <= 12, title
    footer = plain(" ".join(notes(fig, "footer")))
    assert words.say("chart.source", language, sources="").split(":")[0] + ":" in footer
    for said in ("alt", "sentence", "citation"):
        assert len(fig.layout.meta[said]) > 20, said
    assert fig.layout.meta["citation"].endswith(shipped().build)


@pytest.mark.parametrize(("chart", "selection", "language"), every)
def test_plotly_knows_every_property_of_the_figure(chart, selection, language):
    fig = figure(chart, selection, language)  # made unchecked, for speed
    assert go.Figure(fig.to_dict()) == fig


@pytest.mark.parametrize(("chart", "selection", "language"), every)
def test_no_pie_no_second_axis_bars_from_zero_dutch_separators(chart, selection, language):
    fig = figure(chart, selection, language)
    assert {trace.type for trace in fig.data} <= {"bar", "scatter"}
    assert not any(axis.overlaying for axis in [*fig.select_xaxes(), *fig.select_yaxes()])
    assert (fig.layout.separators or fig.layout.template.layout.separators) == ",."
    for trace in fig.data:
        if trace.type == "bar" and trace.base is None and trace.orientation == "h":
            low = (fig.layout[f"xaxis{(trace.xaxis or 'x')[1:]}"].range or [0])[0]
            assert low <= 0
    removed = fig.layout.modebar.remove or fig.layout.template.layout.modebar.remove
    assert "sendChartToCloud" in removed


@pytest.mark.parametrize(("chart", "selection", "language"), every)
def test_every_colour_is_one_of_the_template(chart, selection, language):
    used = set(re.findall(r"#[0-9A-Fa-f]{6}\b", figure(chart, selection, language).to_json().split('"template"')[0]))
    assert {colour.upper() for colour in used} <= COLOURS


@pytest.mark.parametrize(("chart", "selection", "language"), every)
def test_the_example_line_stands_first_in_the_footer_exactly_when_examples_take_part(chart, selection, language):
    view, chosen = CHARTS[chart]
    about = view.table(SELECTIONS[selection](shipped()).in_language(language), **chosen).attrs["wmo"]
    line = notes(figure(chart, selection, language), "example")
    assert plain(" ".join(line)).split() == style.example_line(about).split()
    assert bool(line) == bool(about["made_up"] if about.get("made_of") else about["examples"]), line


@pytest.mark.parametrize(("chart", "selection", "language"), every)
def test_every_note_lies_within_the_figure(chart, selection, language):
    fig = figure(chart, selection, language)
    for note in fig.layout.annotations:
        if note.name in ("title", "subtitle", "example", "footer"):
            size = note.font.size or 14
            widest = max(style.measure(plain(line), size, "<b>" in line) for line in note.text.split("<br>"))
            assert widest <= fig.layout.width + 1, note.text


@pytest.mark.parametrize("chart", CHARTS)
def test_nothing_from_the_data_is_markup(chart):
    """A title, a municipality and a source that look like markup come out as text in every figure."""
    monitor = shipped()
    projects = monitor.tables["projects"].assign(title=lambda t: "<img src=x> $x^2$ R&D <5 jaar " + t["title"])
    book = dataclasses.replace(
        monitor.codebook,
        municipalities=monitor.codebook.municipalities.assign(name=lambda t: "<i>" + t["name"]),
        sources=monitor.codebook.sources.assign(name=lambda t: "<u>$" + t["name"]),
    )
    hostile = dataclasses.replace(monitor, tables=monitor.tables | {"projects": projects}, codebook=book)
    view, chosen = CHARTS[chart]
    chosen = chosen | ({"municipality": "GM0342"} if chart == "profile" else {})  # Soest has another name here
    fig = view.figure(view.table(hostile, **chosen), style.NOTEBOOK, **chosen)
    drawn = {name: part for name, part in fig.to_plotly_json().items() if name == "data"}
    texts = [a.text for a in fig.layout.annotations] + re.findall(r"<[^>]{1,20}>", str(drawn))
    for text in texts:
        assert not re.search(r"<(img|i|u)\b", text) and "$" not in text, text


def test_the_map_says_unknown_and_not_0_where_no_list_is_complete():
    fig = figure("map, tiles", "empty", "nl")
    assert {text for trace in fig.data for text in trace.text or () if text} & {"0", "<b>0</b>"} == set()


@pytest.mark.parametrize("chosen", [{}, {"region": "Eemland"}, {"municipality": "Soest"}])
def test_a_matrix_of_municipal_themes_says_that_it_is_about_those_and_not_that_there_is_no_project(chosen):
    meta = drawn(MUNICIPAL, shipped().within(**chosen)).layout.meta
    assert "gemeentelijk thema" in meta["title"] and "zonder bekend project" not in meta["alt"]
    fig = drawn(MUNICIPAL, shipped().within(**chosen))
    assert "gemeente en gemeentelijk thema" in plain(" ".join(notes(fig, "subtitle")))


def settled(view):
    """The settings that a view cannot do without."""
    given = DATA | SIDES.get(view.name, {})
    return {name: given[name] for name, codes in view.settings.items() if not codes}


@pytest.mark.parametrize("view", VIEWS.values(), ids=lambda view: view.name)
@pytest.mark.parametrize("selection", SELECTIONS)
def test_the_keys_of_a_view_name_each_row_once(view, selection):
    table = view.table(SELECTIONS[selection](shipped()), **settled(view))
    assert not table.duplicated(list(view.keys)).any()


@pytest.mark.parametrize("view", VIEWS.values(), ids=lambda view: view.name)
def test_what_a_view_names_is_there(view):
    table = VIEWS[view.printed or view.name].table(shipped(), **settled(view))
    assert {*view.columns} <= {*table.columns}
    assert view.rows in {"", *VIEWS} and (not view.tab or TABS[view.tab][view.choice or view.by or ""] is view)
    texts = [f"sheet.name.{view.name}", f"sheet.{view.name}"] if view.sheet else []
    texts += [f"memo.chart.{view.name}"] if view.columns else []
    texts += [f"board.view.{view.tab}"] if view.tab else []
    assert all(words.say(text, language) for text in texts for language in ("nl", "en"))


def test_a_citation_leads_to_the_view_that_it_names():
    for view in VIEWS.values():
        about = view.table(shipped(), **settled(view)).attrs["wmo"]
        found = cited(about["measure"], about.get("by", ""))
        assert (found.measure, found.by) == (view.measure, view.by) or view.name == "project_list", view.name


def contrast(one, other):
    def light(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("chart", CHARTS)
def test_text_in_a_bar_is_legible_in_the_dark_theme_too(chart):
    for trace in figure(chart, "whole", "nl").data:
        ink, fill = trace.textfont.color, trace.type == "bar" and trace.marker.color
        if isinstance(ink, str) and isinstance(fill, str) and any(trace.text or ()) and not trace.marker.pattern.shape:
            enough = 3 if trace.textfont.weight == 700 and (trace.textfont.size or 14) >= 14 else 4.5
            assert contrast(style.DARK[ink], style.DARK[fill]) >= enough, (trace.name, ink, fill)


def test_text_on_teal_and_on_the_middle_blue_is_legible_in_both_themes():
    for fill in (style.LIGHT.teal, style.LIGHT.ramp[1]):
        assert contrast(style.LIGHT.on_mid, fill) >= 4.5
        assert contrast(style.DARK[style.LIGHT.on_mid], style.DARK[fill]) >= 4.5
