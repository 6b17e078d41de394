"""A tile shows the figure of its municipality, and unknown is never zero."""

import re

import pandas as pd
import pytest
from monitors import shipped
from test_chart_rounds import cited, notes, trace

from wmo_analysis import chart, measure, style
from wmo_analysis.errors import WmoError

TILES = {
    "GM1": [0, 4, "Eemnes", "Eemland"],
    "GM2": [1, 0, "Wijk bij <b>Duurstede</b> $x$", "Overige"],
    "GM3": [1, 1, "Zeist", "BRU"],
    "GM4": [2, 1, "Baarn", "Eemland"],
}


def table(figures, value="projects", tiles=TILES, **about):
    made = pd.DataFrame({"code": list(figures), "label": list(figures), value: list(figures.values())})
    made[value] = made[value].astype("Int64")
    return cited(made, "coverage", by="municipality", tiles=tiles, **about)


def tiles(figure):
    """{class: municipalities} of the bars."""
    return {t.name: list(t.customdata) for t in figure.data if t.type == "bar" and len(t.customdata)}


def test_each_number_up_to_4_is_a_class_and_more_is_one():
    figure = chart.tilemap(table({"GM1": 0, "GM2": 1, "GM3": 4, "GM4": 6}), "projects")
    assert tiles(figure) == {"class 0": ["GM1"], "class 1": ["GM2"], "class 4": ["GM3", "GM4"]}
    assert list(trace(figure, "numbers").text) == ["<b>0</b>", "<b>1</b>", "<b>4</b>", "<b>6</b>"]
    assert notes(figure, "class") == ["0", "1", "2", "3", "4 of meer"]
    assert trace(figure, "class 4").marker.color == style.LIGHT.classes[-1]


def test_few_classes_take_the_dark_end_of_the_ramp():
    figure = chart.tilemap(table({"GM1": 1, "GM2": 2}), "projects")
    assert [trace(figure, f"class {n}").marker.color for n in (1, 2)] == list(style.LIGHT.classes[-2:])


def test_unknown_is_a_question_mark_and_never_zero():
    figure = chart.tilemap(table({"GM1": None, "GM2": 2}), "projects")
    assert tiles(figure) == {"class 2": ["GM2"], "unknown": ["GM1"], "outside": ["GM3", "GM4"]}
    assert list(trace(figure, "numbers").text) == ["<b>?</b>", "<b>2</b>"]
    assert figure.layout.meta["title"] == "Aantal projecten: 1 van 2 gemeenten boven 0; 1 onbekend"
    every = chart.tilemap(table({"GM1": None, "GM2": None}), "projects").layout.meta["title"]
    assert every == "Onbekend voor alle gemeenten in deze selectie (2)"


def test_money_is_in_euro_with_round_classes_and_says_what_is_not_on_the_map():
    figures = {"GM1": 1000000, "GM2": 3900000, "GM3": 0, "undivided": 5400000}
    figure = chart.tilemap(table(figures, "committed"), "committed")
    assert list(trace(figure, "numbers").text) == ["<b>€\u00a010.000</b>", "<b>€\u00a039.000</b>", "<b>€\u00a00</b>"]
    assert notes(figure, "class")[1:] == [f"tot en met €\u00a0{n}0.000" for n in (1, 2, 3, 4)]
    assert "Wat niet over gemeenten is verdeeld staat niet op de kaart." in " ".join(notes(figure, "footer")).replace(
        "<br>", " "
    )


def test_the_title_of_the_map_names_who_has_the_most_projects():
    one = chart.tilemap(table({"GM1": 1, "GM2": 0, "GM3": 5}), "projects")
    two = chart.tilemap(table({"GM1": 5, "GM2": 0, "GM3": 5}), "projects")
    assert one.layout.meta["title"] == "Projecten in 2 van 3 gemeenten; de meeste in Zeist (5)"
    assert two.layout.meta["title"] == "Projecten in 2 van de 3 gemeenten; hoogstens 5 per gemeente"


def test_one_municipality_and_none_are_drawn():
    one = chart.tilemap(table({"GM3": 5}), "projects")
    assert one.layout.meta["title"] == "Zeist, aantal projecten: 5"
    assert tiles(one)["outside"] == ["GM1", "GM2", "GM4"]
    none = chart.tilemap(table({}), "projects")
    assert none.layout.meta["title"] == "Geen gemeente in deze selectie (0 gevonden)"
    assert chart.tilemap(table({"GM3": 5}), "projects", title="Vijf (5)").layout.meta["title"] == "Vijf (5)"


def test_regions_beside_the_map_count_what_is_above_zero():
    shown = notes(chart.tilemap(table({"GM1": 0, "GM3": 2, "GM4": 1}), "projects", width=1280))
    at = shown.index("Eemland")
    assert [text.strip() for text in shown[at + 1 : at + 3]] == ["van 2", "<b>1</b>"]
    assert "Overige" not in shown
    assert "Eemland" not in notes(chart.tilemap(table({"GM1": 0}), "projects", width=800))


def test_names_are_escaped_and_lie_within_their_tile():
    for width in (605, 800, 1022, 1280, 1920):
        figure, px = chart.tilemap(table({"GM2": 5, "GM1": 1}), "projects", width=width), style.sizes(width)
        names, tile = trace(figure, "names"), trace(figure, "class 1").x[0]
        assert not any("$" in text or "<b>D" in text for text in names.text)
        for text in names.text:
            raw = re.sub("&lt;", "<", text).replace("&gt;", ">").replace("&#36;", "$")
            assert style.measure(raw, px.label) <= tile - 10
        assert notes(figure, "example") == ["<b>Bevat voorbeeldgegevens: 4 van 9 projecten</b>"]


def test_a_changed_table_is_refused():
    with pytest.raises(WmoError):
        chart.tilemap(table({"GM1": 1, "GM2": 2}).iloc[1:], "projects")


def test_white_spots_and_the_budget_by_municipality_have_the_tiles_of_the_map():
    for table, value in (
        (measure.coverage(shipped(), by="white"), "missing"),
        (measure.budget(shipped(), by="municipality"), "committed"),
    ):
        assert len(notes(chart.tilemap(table, value), "title")) == 1
        assert len(table.attrs["wmo"]["tiles"]) == 29
