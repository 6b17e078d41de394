"""Municipalities of a later day: stated mergers are followed, nothing is split, money foots."""

import pytest
from monitors import monitor, shipped

import wmo_analysis as wmo
from wmo_analysis import measure
from wmo_analysis.errors import WmoError

HEAD = ["key", "title", "municipality", "weights", "granted"]
ROWS = [
    ["1", "Een", "Breukelen", "", "100"],
    ["2", "Vecht", "Breukelen, Loenen en Maarssen", "", "20"],
    ["3", "Meer", "Breukelen en Zeist", "", "3"],
    ["4", "Naast", "Maarssen en Ede", "", "5"],
    ["5", "Deel", "Abcoude; De Ronde Venen; Baarn", "0,2; 0,3; 0,5", "10"],
    ["6", "Vianen", "Vianen", "", "7"],
]


def little():
    return monitor({"2007-01-01_a/a.csv": ([HEAD, *ROWS], {"source": "S4", "credit": "FPK2006", "date": "2007-01-01"})})


def placed(made, project):
    rows = made.tables["placements"].query("project_id == @project")
    names = [made.codebook.label("municipality", code) for code in rows["gm_code"]]
    kind = made.tables["projects"].set_index("project_id").at[project, "placement"]
    return kind, sorted(zip(names, rows["weight"], strict=True))


@pytest.mark.parametrize("project, expected", [
    ("S4-1", ("one", [("Stichtse Vecht", "")])),
    ("S4-2", ("one", [("Stichtse Vecht", "")])),
    ("S4-3", ("several", [("Stichtse Vecht", ""), ("Zeist", "")])),
    ("S4-4", ("several", [("Stichtse Vecht", "")])),
    ("S4-5", ("several", [("Baarn", "0.5"), ("De Ronde Venen", "0.5")])),
    ("S4-6", ("one", [("Vianen", "")])),
])  # fmt: skip
def test_a_project_stands_in_the_successor_of_its_municipalities(project, expected):
    assert placed(wmo.carried(little(), "2011-01-01"), project) == expected


@pytest.mark.parametrize("day, count", [("2006-11-30", 29), ("2011-01-01", 26), ("2019-01-01", 26)])
def test_the_denominator_is_that_of_the_day(day, count):
    made = wmo.carried(little(), day)
    assert len(made.municipalities) == count == len(measure.coverage(made, by="municipality").query("code != ''"))


def test_cents_of_a_later_day_foot_to_the_same_total():
    before = measure.budget(little(), by="municipality").set_index("label")["committed"]
    after = measure.budget(wmo.carried(little(), "2011-01-01"), by="municipality").set_index("label")["committed"]
    assert (before["Breukelen"], after["Stichtse Vecht"]) == (10000, 12000)
    assert (before["De Ronde Venen"], before["Abcoude"], after["De Ronde Venen"]) == (300, 200, 500)
    assert before.iloc[-1] == after.iloc[-1] == after.iloc[:-1].sum() == 14500


@pytest.mark.parametrize("by", ["municipality", "region", "theme", "source"])
def test_the_shipped_money_is_the_same_in_every_division(by):
    before, after = (measure.budget(made, by=by).iloc[-1] for made in (shipped(), wmo.carried(shipped(), "2011-01-01")))
    assert (before["committed"], before["projects"]) == (after["committed"], after["projects"])


def test_a_figure_of_a_later_day_says_so():
    assert "gemeenten zoals op 1 januari 2011" in wmo.carried(little(), "2011-01-01").notes


def test_a_day_before_the_codebook_is_refused_as_it_would_split():
    with pytest.raises(WmoError, match="niemand zegt hoe een gemeente toen was verdeeld"):
        wmo.carried(little(), "2005-12-31")
