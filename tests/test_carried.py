"""Municipalities of a later day: stated mergers are followed, nothing is split, money foots."""

import shutil

import pytest
from conftest import built, make_list
from monitors import monitor, shipped
from typer.testing import CliRunner

import wmo_analysis as wmo
from wmo_analysis import add, measure
from wmo_analysis.cli import app
from wmo_analysis.codebook import PACKAGED, SPLITS, Codebook
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import open_monitor

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


# ---------------------------------------------------------------- a division that somebody stated

SHARES = {"GM0311": "0.2", "GM0329": "0.3", "GM0333": "0.5"}


def reference(root, shares, name="Stichtse Vecht"):
    """The workspace with a reference/ of its own that divides a municipality."""
    shutil.copytree(PACKAGED, root / "reference", dirs_exist_ok=True)
    lines = [f"{name},{code},{share},2026-11-25,beleid,inwoners" for code, share in shares.items()]
    (root / "reference" / "splits.csv").write_text("\n".join([",".join(SPLITS), *lines]) + "\n", encoding="utf-8")
    return root


def test_a_stated_division_splits_a_later_municipality_to_the_cent(tmp_path):
    reference(tmp_path, SHARES)
    rows = [
        HEAD,
        ["1", "Een", "gemeente Stichtse Vecht", "", "0,11"],
        ["2", "Twee", "Stichtse Vecht en Zeist", "", "7"],
    ]
    make_list(tmp_path, "2015-01-01_a", "a.csv", rows, {"source": "S4", "credit": "FPK2006", "date": "2015-01-01"})
    tables = built(tmp_path)
    made = open_monitor(tmp_path)
    names = ("Breukelen", "Loenen", "Maarssen")
    assert placed(made, "S4-1") == ("several", list(zip(names, SHARES.values(), strict=True)))
    assert placed(made, "S4-2") == ("several", [(name, "") for name in (*names, "Zeist")])
    assert sorted(tables["findings"]["code"]) == ["J17", "J17"]
    money = measure.budget(made, by="municipality").set_index("label")["committed"]
    assert [money[name] for name in names] == [2, 3, 6]
    assert money.iloc[-1] == money.iloc[:-1].sum() == 711


@pytest.mark.parametrize("shares, name, sentence", [
    ({"GM0311": "0.2", "GM0333": "0.7"}, "Stichtse Vecht", r"aandelen van Stichtse Vecht \(0\.2 \+ 0\.7\) zijn samen geen 1"),
    ({"GM0311": "-1", "GM0333": "2"}, "Stichtse Vecht", "zijn samen geen 1"),
    ({"GM0311": "0.5", "GM9999": "0.5"}, "Stichtse Vecht", "GM9999 bij Stichtse Vecht is geen gemeente"),
    ({"GM0311": "1"}, "Zeist", "Zeist is zelf een gemeente van het codeboek"),
])  # fmt: skip
def test_a_division_that_is_none_is_refused_with_its_name(shares, name, sentence, tmp_path):
    with pytest.raises(WmoError, match=sentence):
        Codebook.open(reference(tmp_path, shares, name) / "reference")


# ---------------------------------------------------------------- the year whose municipalities a list speaks of


@pytest.mark.parametrize("names, found", [
    (["Doorn", "Maarn", "gemeente Harmelen", "Zeist"], [["J16", "Harmelen, Doorn, Maarn", "2001-01-01"]]),
    (["Doorn", "Maarn", "Utrechtse Heuvelrug"], []),  # its villages
    (["Doorn", "Zeist"], []),  # a village, more likely
    (["Benschop"], []),  # gone before any list
    (["Harmelen", "Doorn", "Stichtse Vecht"],
     [["J15", "Stichtse Vecht", "2011-01-01"], ["J16", "Harmelen, Doorn", "2001-01-01"]]),
])  # fmt: skip
def test_the_year_whose_municipalities_a_list_names_is_told_also_before_ours(names, found, tmp_path):
    rows = [HEAD, *([str(at), f"P{at}", name, "", "1"] for at, name in enumerate(names))]
    path = make_list(tmp_path, "2007-01-01_a", "a.csv", rows)
    told = built(tmp_path)["findings"].query("code in ('J15', 'J16')")
    assert told[["code", "listed", "kept"]].values.tolist() == found
    said = add.consequences(add.look(path))
    assert [" ".join(names) in " ".join(said) for _, *names, _ in found] == [True] * len(found)


def test_the_exports_of_the_command_line_take_the_municipalities_of_a_day(tmp_path, monkeypatch):
    make_list(tmp_path, "2007-01-01_a", "a.csv", [HEAD, *ROWS], {"source": "S4", "date": "2007-01-01"})
    built(tmp_path)
    monkeypatch.chdir(tmp_path)
    chosen = ["--municipalities-of", "2011-01-01", "--municipality", "Stichtse Vecht"]
    done = CliRunner().invoke(app, ["html", *chosen, "-o", "p.html"])
    assert done.exit_code == 0, done.output
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "gemeenten zoals op 1 januari 2011" in page
