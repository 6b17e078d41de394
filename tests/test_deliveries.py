"""Deliveries: what replaces, what adds, and what is a part; labels of rows; rows of one key."""

import pytest
from conftest import as_csv, built, make_list
from monitors import monitor, tables
from typer.testing import CliRunner

from wmo_analysis import add, measure
from wmo_analysis.cli import app
from wmo_analysis.errors import WmoError

HEAD = ["key", "title", "municipality", "granted"]
SAMEN, OOK, WEER = ["1", "Samen", "Baarn", "100"], ["2", "Ook", "Soest", "20"], ["3", "Weer", "Zeist", "3"]


def deliveries(*given):
    """A Monitor of deliveries (rows, day, part, complete), in that order."""
    lists = {}
    for number, (rows, day, part, complete) in enumerate(given):
        card = {"source": "S4", "basis": "received", "date": day, "part": part or None, "complete": complete}
        lists[f"{day}_{number}/lijst.csv"] = ([HEAD, *rows], card)
    return monitor(lists)


def running(made, day):
    table = made.as_of(day).projects
    return sorted(table.index[table["counts"]])


def granted(made):
    return measure.budget(made, by="listed")["granted"].tolist()


# ---------------------------------------------------------------- parts


def test_parts_of_one_source_never_replace_each_other():
    made = deliveries(([SAMEN], "2007-01-01", "2006", True), ([OOK], "2007-06-01", "2007", True))
    assert running(made, "2007-06-01") == ["S4-1", "S4-2"]


def test_a_complete_part_ends_what_its_own_part_no_longer_lists():
    made = deliveries(
        ([SAMEN, OOK], "2007-01-01", "zorg", True),
        ([WEER], "2007-01-01", "wonen", True),
        ([SAMEN], "2007-06-01", "zorg", True),
    )
    assert [running(made, day) for day in ("2007-05-31", "2007-06-01")] == [["S4-1", "S4-2", "S4-3"], ["S4-1", "S4-3"]]


def test_amounts_of_one_project_in_two_parts_are_summed():
    other = ["1", "Samen", "Baarn", "50"]
    made = deliveries(([SAMEN], "2007-01-01", "2006", True), ([other], "2007-06-01", "2007", True))
    assert granted(made) == [15000] and len(made.projects) == 1


def test_a_newer_delivery_of_one_part_replaces_its_amount():
    other = ["1", "Samen", "Baarn", "50"]
    made = deliveries(([SAMEN], "2007-01-01", "2006", True), ([other], "2007-06-01", "2006", False))
    assert granted(made) == [5000]


def test_a_project_of_two_parts_ends_when_neither_lists_it():
    made = deliveries(
        ([SAMEN], "2007-01-01", "a", True),
        ([SAMEN], "2007-01-02", "b", True),
        ([OOK], "2007-02-01", "a", True),
        ([WEER], "2007-03-01", "b", True),
    )
    assert [running(made, day) for day in ("2007-02-28", "2007-03-01")] == [["S4-1", "S4-2"], ["S4-2", "S4-3"]]


@pytest.mark.parametrize("days, cents", [(("2007-01-01", "2007-06-01"), 5000), (("2007-06-01", "2007-01-01"), 10000)])
def test_between_a_whole_list_and_a_part_the_newest_tells_a_project(days, cents):
    other = ["1", "Samen", "Baarn", "50"]
    made = deliveries(([SAMEN], days[0], "2006", True), ([other], days[1], "", True))
    assert granted(made) == [cents]


def test_a_whole_complete_list_ends_what_parts_listed():
    made = deliveries(([SAMEN], "2007-01-01", "2006", True), ([OOK], "2007-06-01", "", True))
    assert running(made, "2007-06-01") == ["S4-2"]


def test_a_complete_part_makes_no_empty_cell_a_known_nothing():
    made = [deliveries(([SAMEN], "2007-01-01", part, True)) for part in ("2006", "")]
    assert [each.known_complete for each in made] == [False, True]


# ---------------------------------------------------------------- what a delivery does, said before and after


def said(*arguments, answers=None):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=answers).output


@pytest.fixture
def three(tmp_path):
    """A workspace with three projects of source S4, built."""
    card = {"source": "S4", "basis": "received", "date": "2007-01-01", "complete": True}
    make_list(tmp_path, "2007-01-01_a", "a.csv", [HEAD, SAMEN, OOK, WEER], card)
    built(tmp_path)
    return tmp_path


def arriving(root, *rows):
    """The next list, as it came."""
    path = root / "b.csv"
    path.write_bytes(as_csv([["Zaaknummer", "Projectnaam", "Gemeente", "Toegekend"], *rows]))
    return path


@pytest.mark.parametrize("stated, expected", [
    ({"complete": True}, add.Arrival(new=1, again=1, ended=2)),
    ({"complete": True, "part": "2007"}, add.Arrival(new=2, again=0, ended=0)),
    ({}, add.Arrival(new=1, again=1, ended=0)),
])  # fmt: skip
def test_before_it_is_written_a_delivery_says_what_it_adds_and_ends(three, stated, expected):
    path = arriving(three, SAMEN, ["4", "Nieuw", "Baarn", "5"])
    assert add.arrival(path, add.look(path), three, "2007-06-01", source="S4", **stated) == expected
    assert [folder.name for folder in (three / "data" / "raw").iterdir()] == ["2007-01-01_a"]


def test_a_complete_list_that_ends_projects_is_asked_for_its_part(three):
    path = arriving(three, SAMEN, ["4", "Nieuw", "Baarn", "5"])
    told = said("add", path, "--workspace", three, "--source", "S4", "--date", "2007-06-01", "--complete",
                answers="2007\ny\n")  # fmt: skip
    assert "Zij vervangt vanaf 1 juni 2007 2 projecten; of is dit een deel?" in told
    assert 'part = "2007"' in next(three.glob("data/raw/2007-06-01*/*.toml")).read_text(encoding="utf-8")


def test_the_delivery_after_a_part_is_not_taken_for_the_same_part(three):
    path = arriving(three, SAMEN)
    add.write(path, add.look(path), three, "2007-06-01", "2007-06-01", source="S4", part="2007", complete=True)
    assert add.carried(add.previous(three, add.look(path), "S4")) == {"source": "S4", "basis": "received"}


def test_a_build_says_how_many_projects_are_in_force_beside_those_read(three):
    card = {"source": "S4", "basis": "received", "date": "2007-06-01", "complete": True}
    make_list(three, "2007-06-01_a", "a.csv", [HEAD, SAMEN], card)
    told = "Projecten gelezen: 3. Daarvan gelden op 1 juni 2007: 1. In geen geldende lijst meer: 2."
    assert told in " ".join(said("build", three).split())


def test_where_each_source_has_one_list_all_that_was_read_is_in_force(tmp_path, monkeypatch):
    make_list(tmp_path, "2007-06-01_a", "a.csv", [HEAD, SAMEN], {"source": "S4", "date": "2007-06-01"})
    make_list(tmp_path, "2007-06-01_b", "b.csv", [HEAD, SAMEN], {"source": "S3", "date": "2007-05-01"})
    monkeypatch.setattr("wmo_analysis.monitor.open_monitor", lambda workspace: pytest.fail("read back"))
    told = "Projecten gelezen: 2. Daarvan gelden op 1 juni 2007: 2. In geen geldende lijst meer: 0."
    assert told in " ".join(said("build", tmp_path).split())


# ---------------------------------------------------------------- schemes: a label of the row, never its source


def schemes():
    head = ["key", "title", "municipality", "scheme", "granted"]
    rows = [["1", "Samen", "Baarn", "Fonds A", "100"], ["2", "Ook", "Soest", "fonds-a", "20"],
            ["3", "Weer", "Zeist", "B", "3"], ["3", "Weer", "Zeist", "Fonds A", "4"],
            ["4", "Los", "Baarn", "", "5"]]  # fmt: skip
    return monitor({"2007-01-01_a/a.csv": ([head, *rows], {"source": "S4", "date": "2007-01-01"})})


def test_a_scheme_filters_projects_and_keeps_them_whole():
    made = schemes()
    assert made.facts.schemes == ["B", "Fonds A"]
    kept = {name: sorted(made.within(scheme=name).projects.index) for name in ("FONDS A", "b")}
    assert kept == {"FONDS A": ["S4-1", "S4-2", "S4-3"], "b": ["S4-3"]}
    assert granted(made.within(scheme="B")) == [700]
    assert len(made.within(scheme="B").municipalities) == 29
    options = measure.options(made).query("filter == 'scheme'")[["code", "projects"]]
    assert options.values.tolist() == [["B", 1], ["Fonds A", 3]]
    assert made.within(scheme="B").told() == "regeling B"


def test_a_scheme_that_no_list_names_is_refused_with_those_there_are():
    with pytest.raises(WmoError, match=r"Geen lijst noemt de regeling Fonds C\. Mogelijk zijn: B, Fonds A\."):
        schemes().within(scheme="Fonds C")


@pytest.mark.parametrize("header", ["Regeling", "Fonds", "Programma", "Subsidieregeling"])
def test_a_column_of_schemes_is_never_proposed_as_the_source(header, tmp_path):
    path = tmp_path / "lijst.csv"
    rows = [["Samen", "Baarn", "Zorg"], ["Ook", "Soest", "Wonen"]] * 5
    path.write_bytes(as_csv([["Projectnaam", "Gemeente", header], *rows]))
    assert [column.proposed for column in add.look(path).columns] == ["title", "municipality", "scheme"]


# ---------------------------------------------------------------- rows of one key


def one_key(*rows, head=("key", "title", "municipality", "granted")):
    """The tables of a list of which all rows have key 1 and title Samen."""
    return tables({"2007-01-01_a/a.csv": ([list(head), *(["1", "Samen", *row] for row in rows)], {"source": "S4"})})


def told_of(made):
    return made["findings"][["code", "listed"]].values.tolist()


def test_rows_of_one_key_are_one_project_with_all_their_municipalities():
    made = one_key(["Utrecht-West", "100"], ["Baarn", ""], ["Soest", ""], ["Bilthoven", ""])
    own = made["placements"].query("via == 'own'")["gm_code"].tolist()
    assert own == ["GM0308", "GM0310", "GM0342"]
    assert made["projects"][["project_id", "placement"]].values.tolist() == [["S4-1", "several"]]
    assert len(made["placements"].query("via == 'partnership'")) == 8
    assert told_of(made) == [["J02", "Bilthoven"]]


def test_shares_on_rows_of_one_key_go_with_their_municipality():
    head = ["key", "title", "municipality", "weights", "granted"]
    made = one_key(["Soest", "0,7", "100"], ["Baarn", "0,3", ""], head=head)
    assert made["placements"][["gm_code", "weight"]].values.tolist() == [["GM0308", "0.3"], ["GM0342", "0.7"]]
    assert told_of(made) == []


@pytest.mark.parametrize("amounts, told", [
    (["100", "200"], [["J13", "S4-1"]]),
    (["100", "100"], [["J14", "S4-1"]]),
    (["100", ""], []),
])  # fmt: skip
def test_several_amounts_of_one_key_are_added_up_and_told(amounts, told):
    made = one_key(*(["Baarn", amount] for amount in amounts))
    assert (told_of(made), made["ledger"]["cents_used"].sum()) == (told, 100 * sum(map(int, filter(None, amounts))))


def test_bookings_with_days_of_their_own_need_no_telling():
    head = ["key", "title", "municipality", "granted", "amount_date"]
    assert told_of(one_key(["Baarn", "1", "01-01-2006"], ["Baarn", "2", "01-02-2006"], head=head)) == []


def test_of_many_projects_with_bookings_a_list_has_one_finding():
    rows = [[str(key), f"Plan {key}", "Baarn", amount] for key in range(5) for amount in ("1", "2")]
    made = tables({"2007-01-01_a/a.csv": ([HEAD, *rows], {"source": "S4"})})
    assert told_of(made) == [["J13", "S4-0, S4-1, S4-2 (+ 2)"]]


# ---------------------------------------------------------------- two deliveries, on every column


def test_two_deliveries_are_compared_by_key_on_columns_that_nobody_chose(tmp_path):
    columns = {"key": "Zaak", "title": "Project", "municipality": "Plaats"}
    head = ["Zaak", "Project", "Plaats", "Adviseur van bureau", "Fase", "Contactpersoon"]
    first = [["1", "Samen", "Baarn", "bel 06-12345678", "start", "A. Proef"], ["2", "Ook", "Soest", "", "", "B. Proef"],
             ["4", "Zelfde", "Zeist", "x", "y", "C. Proef"]]  # fmt: skip
    later = [["1", "Samen", "Soest", "mail a@b.nl", "eind", "D. Ander"], ["3", "Weer", "Zeist", "", "", ""],
             ["4", "Zelfde", "Zeist", "x", "y", "E. Ander"]]  # fmt: skip
    moved = [[row[at] for at in (5, 4, 3, 2, 1, 0)] for row in [[*head[:2], "Plaats ", *head[3:]], *later]]
    card = {"columns": columns, "contact": ["Contactpersoon"]}
    make_list(tmp_path, "2007-01-01_a", "a.csv", [head, *first], card)
    make_list(tmp_path, "2007-06-01_a", "a.csv", moved, card)
    told = add.compared(tmp_path, "2007-01-01_a/a.csv", "2007-06-01_a/a.csv")
    assert told.values.tolist() == [
        ["1", "municipality", "changed", "Baarn", "Soest"],
        ["1", "adviseur van bureau", "changed", "bel [weggelaten]", "mail [weggelaten]"],
        ["1", "fase", "changed", "start", "eind"],
        ["2", "", "gone", "", ""],
        ["3", "", "new", "", ""],
    ]
    lists = [f"{day}_a/a.csv" for day in ("2007-01-01", "2007-06-01")]
    assert "nieuw: 1; verdwenen: 1; gewijzigd: 3" in said("compare", *lists, "--workspace", tmp_path)


def test_rows_of_one_key_are_compared_together_in_any_order(tmp_path):
    rows = [["1", "Samen", "Baarn", "100"], ["1", "Samen", "Soest", "50"]]
    make_list(tmp_path, "2007-01-01_a", "a.csv", [HEAD, *rows])
    make_list(tmp_path, "2007-06-01_a", "a.csv", [HEAD, *rows[::-1]])
    assert add.compared(tmp_path, "2007-01-01_a/a.csv", "2007-06-01_a/a.csv").empty
    with pytest.raises(WmoError, match=r"Er is geen lijst b\.csv met een kaart"):
        add.compared(tmp_path, "2007-01-01_a/a.csv", "b.csv")


# ---------------------------------------------------------------- the year whose municipalities a list speaks of


def test_a_list_of_later_municipalities_is_told_once_with_their_day_and_splits_nothing():
    rows = [["1", "A", "gemeente Stichtse Vecht", "100"], ["2", "B", "Baarn en Stichtse Vecht", "20"],
            ["3", "C", "Vijfheerenlanden", "3"], ["4", "D", "De Ronde Venen", "4"]]  # fmt: skip
    made = tables({"2007-01-01_a/a.csv": ([HEAD, *rows], {"source": "S4"})})
    found = made["findings"].query("code == 'J15'")
    assert found[["listed", "kept"]].values.tolist() == [["Stichtse Vecht, Vijfheerenlanden", "2019-01-01"]]
    assert made["placements"][["project_id", "gm_code"]].values.tolist() == [["S4-2", "GM0308"], ["S4-4", "GM0736"]]
    assert made["ledger"]["cents_used"].tolist() == [12700]
