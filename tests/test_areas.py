"""The map with boundaries: a GeoJSON file of the analyst, made here, read, doubted and drawn."""

import json

import numpy as np
import pandas as pd
import pytest
from conftest import make_list
from measured import trace
from monitors import shipped
from test_chart_rounds import cited

import wmo_analysis as wmo
from wmo_analysis import chart
from wmo_analysis.areas import Areas, area, spot
from wmo_analysis.codebook import PACKAGED
from wmo_analysis.dashboard import payload
from wmo_analysis.views import TABS

NAMES = {"GM1": "Baarn", "GM2": "Soest"}
BAARN = [[150_000, 470_000], [154_000, 470_000], [154_000, 474_000], [150_000, 474_000], [150_000, 470_000]]
SOEST = [[154_000, 470_000], [158_000, 470_000], [158_000, 473_000], [154_000, 474_000], [154_000, 470_000]]


def feature(code, name, *rings, year="2007"):
    about = {"statcode": code, "statnaam": name, "jrstatcode": f"{year}{code}"}
    return {"type": "Feature", "properties": about, "geometry": {"type": "Polygon", "coordinates": list(rings)}}


def written(folder, *features):
    path = folder / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def doubts(areas):
    return [(doubt.code, doubt.listed, doubt.kept) for doubt in areas.doubts]


def test_an_area_is_found_by_its_code_or_by_its_name(tmp_path):
    elsewhere = feature("GM9", "Ede", BAARN)
    areas = Areas.open(written(tmp_path, feature("GM1", "Baarn", BAARN), feature("", "SOEST", SOEST), elsewhere), NAMES)
    assert {code: [ring.tolist() for ring in rings] for code, rings in areas.rings.items()} == {
        "GM1": [BAARN],
        "GM2": [SOEST],
    }
    assert (areas.year, doubts(areas)) == ("2007", [])


def test_a_municipality_missing_from_the_boundaries_or_named_otherwise_is_told(tmp_path):
    areas = Areas.open(written(tmp_path, feature("GM1", "Bunschoten", BAARN)), NAMES)
    assert doubts(areas) == [("G02", "GM1 Bunschoten", "Baarn"), ("G01", "Soest", "")]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"features": []}', '{"features": [1]}', '{"features": [{"geometry": null}]}', "[" * 99_999],
)
def test_a_file_that_holds_no_boundaries_gives_one_doubt_and_no_area(tmp_path, text):
    path = tmp_path / "areas.geojson"
    path.write_text(text, encoding="utf-8")
    areas = Areas.open(path, NAMES)
    assert (dict(areas.rings), doubts(areas)) == ({}, [("G03", "areas.geojson", "")])


def test_without_a_file_there_are_no_areas(tmp_path):
    assert Areas.open(tmp_path / "areas.geojson", NAMES) is None


def test_degrees_become_metres(tmp_path):
    degrees = [[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.1], [5.0, 52.0]]
    areas = Areas.open(written(tmp_path, feature("GM1", "Baarn", degrees)), NAMES)
    wide, high = np.ptp(areas.rings["GM1"][0], axis=0)
    assert (round(wide, -2), round(high, -2)) == (6_800, 11_100)  # a tenth of a degree, at 52 degrees north


def test_a_text_stands_in_the_widest_part_of_an_area():
    tall = np.array([[0, 0], [2, 0], [2, 9], [12, 9], [12, 14], [0, 14], [0, 0]], dtype=float)  # as an L upside down
    x, y, wide = spot(tall)
    assert (x, wide, 9 < y < 14) == (6, 12, True)


def table(areas):
    made = pd.DataFrame({"code": list(NAMES), "label": list(NAMES.values()), "projects": [2, 0]})
    tiles = {"GM1": [0, 0, "Baarn", "Eemland"], "GM2": [0, 1, "Soest", "Eemland"]}
    made["projects"] = made["projects"].astype("Int64")
    return cited(made, "coverage", by="municipality", tiles=tiles, areas=areas)


def test_areas_on_the_map_are_as_large_to_each_other_as_in_the_file(tmp_path):
    areas = Areas.open(written(tmp_path, feature("GM1", "Baarn", BAARN), feature("GM2", "Soest", SOEST)), NAMES)
    figure = chart.tilemap(table(areas), "projects", drawing="areas")
    drawn = {}
    for code in NAMES:
        mark = trace(figure, f"area {code}")
        assert set(mark.customdata) == {code}
        drawn[code] = area(np.array([p for p in zip(mark.x, mark.y, strict=True) if p[0] is not None]))
    listed = area(np.array(BAARN)) / area(np.array(SOEST))
    assert drawn["GM1"] / drawn["GM2"] == pytest.approx(listed, rel=0.01)
    assert list(trace(figure, "numbers").text) == ["<b>2</b>", "<b>0</b>"]
    assert list(trace(figure, "names").text) == ["Baarn", "Soest"]
    footer = " ".join(note.text for note in figure.layout.annotations).replace("<br>", " ")
    assert "Grenzen van 2007" in footer and "plaats van de tegels" not in footer


def test_without_boundaries_the_map_stays_that_with_tiles():
    for areas in (None, Areas({})):
        figure = chart.tilemap(table(areas), "projects", drawing="areas")
        assert figure == chart.tilemap(table(areas), "projects")


@pytest.fixture
def workspace(tmp_path):
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", [["title", "municipality"], ["Samen", "Baarn"]])
    (tmp_path / "reference").mkdir()
    written(tmp_path / "reference", feature("GM0308", "Baarn", BAARN))
    return tmp_path


def test_the_build_tells_each_doubt_and_the_monitor_has_the_other_areas(workspace):
    bad = [feature("GM0342", "Zeist", SOEST), feature("GM0355", "Zeist", [[0, 0], ["x", 1], [1, 1], [0, 0]])]
    written(workspace / "reference", feature("GM0308", "Baarn", BAARN), *bad)
    found = wmo.build(workspace).findings.query("file == 'reference/areas.geojson'")
    assert found["code"].value_counts().to_dict() == {"G01": 27, "G02": 1, "G03": 1}
    assert set(found["code"]) == {code for code in wmo.Codebook.open().findings["code"] if code.startswith("G")}
    monitor = wmo.open(workspace)
    assert list(monitor.within(region="Eemland").areas.rings) == ["GM0308", "GM0342"]
    written(workspace / "reference", feature("GM0308", "Baarn", SOEST))
    with pytest.raises(wmo.WmoError, match=r"\(areas\)"):
        wmo.open(workspace)


def test_the_first_decision_in_a_workspace_with_boundaries_keeps_them(workspace):
    wmo.build(workspace)
    before = (workspace / "reference" / "areas.geojson").read_bytes()
    wmo.add.decide(workspace, "municipality", "Nergenshuizen", "Soest", "beleidsmedewerker", "2007-10-02", "kern")
    there = {path.name for path in (workspace / "reference").iterdir()}
    assert there == {"areas.geojson", *(path.name for path in PACKAGED.glob("*.csv"))}
    assert (workspace / "reference" / "areas.geojson").read_bytes() == before
    assert wmo.Codebook.open(workspace / "reference").aliases["text"].iloc[-1] == "Nergenshuizen"


def test_the_drawing_is_a_choice_only_where_there_are_boundaries(workspace):
    wmo.build(workspace)
    offered = [payload.open_view(TABS["map"], {}, monitor)[1] for monitor in (wmo.open(workspace), shipped())]
    assert [[(each.name, list(each.options)) for each in settings] for settings in offered] == [
        [("drawing", ["tiles", "areas"])],
        [],
    ]


def test_a_codebook_of_before_a_kind_of_finding_gets_its_line(tmp_path):
    for path in PACKAGED.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    lines = (tmp_path / "findings.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line.replace("R01,error", "R01,note") for line in lines if not line.startswith("G0")]
    (tmp_path / "findings.csv").write_text("".join(kept), encoding="utf-8")
    severity = wmo.Codebook.open(tmp_path).findings.set_index("code")["severity"]
    assert severity.loc[["R01", "G01", "G03"]].tolist() == ["note", "warning", "error"]
