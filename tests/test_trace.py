"""Every number opens: the rows behind a figure add up to it, and an empty cell tells why."""

import random

import pandas as pd
import pytest
from clicks import selection as chosen
from monitors import SIDES, monitor, shipped

from wmo_analysis import measure, style
from wmo_analysis.errors import WmoError
from wmo_analysis.measure import SHAPES
from wmo_analysis.views import VIEWS

TRACED = [
    view for view in VIEWS.values() if not view.measure.__module__.endswith("lists") and view.name != "assumptions"
]
SETTINGS = {"since": "2006-11-30", "municipality": "Soest"}
NO_SUM = ("%",)  # a share opens the rows of what it is a share of


def table_of(view, here):
    given = SETTINGS | SIDES.get(view.name, {})
    return view.table(here, **{name: given[name] for name in view.settings if name in given})


def figures(table):
    """(row, column, value) of every number of a table that is known and adds up."""
    shape = measure.shape_of(table.attrs["wmo"])
    for row in table.to_dict("records"):
        key = tuple(str(row[name]) for name in shape.keys)
        for column, unit in shape.columns.items():
            if unit and unit not in (*NO_SUM, "round", "rows") and pd.notna(row[column]):
                yield key, column, row[column]


def wrong(here, view, some=0, chance=None):
    """The figures of a view whose rows do not add up to them, of `some` of them (0 = all)."""
    table = table_of(view, here)
    found = list(figures(table))
    if table.attrs["wmo"]["measure"] == "claims":
        found = [each for each in found if each[1] != "computed"]
    if some:
        found = chance.sample(found, min(len(found), some))
    missed = []
    for row, column, value in found:
        total = here.trace(measure.figure(table, row, column))["value"].sum()
        if abs(float(total) - float(value)) > 1e-9:
            missed.append((view.name, row, column, value, total))
    return missed


@pytest.mark.parametrize("view", TRACED, ids=lambda view: view.name)
def test_the_rows_behind_every_number_add_up_to_it(view):
    chance = random.Random(view.name)
    assert wrong(shipped(), view, 25, chance) == []


SHORT, LONG = range(8), range(100, 300)


@pytest.mark.parametrize("seed", [*SHORT, *(pytest.param(seed, marks=pytest.mark.fuzz) for seed in LONG)])
def test_the_rows_add_up_under_random_selections_and_both_clocks(seed):
    chance, here = random.Random(seed), shipped()
    values = chosen(chance, here)
    filters = {"themes": "theme", "regions": "region", "municipalities": "municipality", "sources": "source"}
    filters |= {"rounds": "round", "statuses": "status"}
    day = values["as_of"] or here.date
    here = here.within(**{filters[name]: codes for name, codes in values.items() if name in filters})
    here = here.within(basis=values["basis"]).as_of(day).known_on(day if values["clock"] == "then" else "")
    missed = []
    for view in chance.sample(TRACED, 8):
        missed += wrong(here, view, 4, chance)
    assert missed == []


def test_22_of_29_opens_the_conversations_and_the_letters_22_its_sentence():
    table = measure.summary(shipped())
    named = shipped().trace(measure.figure(table, "agreed", "value"))
    assert (named["thing"].nunique(), set(named["file"])) == (22, {"2007-10-01_example/burgers_betrekken.xlsx"})
    assert (named["row"] > 0).all()
    stated = shipped().trace(measure.figure(table, "agreed", "stated"))
    assert stated[["thing", "label", "value", "file", "row"]].to_numpy().tolist() == [
        ["L2-016", "Plannen van Aanpak overeengekomen met 22 gemeenten", 22.0, "2007-10-09_letters/claims.csv", 2]
    ]
    assert list(stated["what"]) == ["brief van 9-10-2007, paragraaf Resultaat: 22 gemeenten (L2-016)"]
    said = "(aantallen zonder namen: brief van 9-10-2007, paragraaf Resultaat), kenmerk"
    assert said in style.citation(table.attrs["wmo"])


def test_a_claims_list_without_sections_names_its_letter_alone():
    head = ["fact_id", "as_of", "statement", "stated", "unit", "measure"]
    claim = ["F1", "2007-10-01", "Akkoord met 9 gemeenten", "9", "gemeenten", "rounds.reached::agreed"]
    card = {"source": "S2", "rows": ["claims"], "basis": "letter"}
    here = monitor({"2007-10-01_a/brief.csv": ([head, claim], card)})
    assert list(measure.claims(here)["found_in"]) == ["brief van 1-10-2007"]


def test_what_is_committed_opens_its_bookings_and_what_is_free_the_allocation_too():
    table = measure.budget(shipped())
    committed = shipped().trace(measure.figure(table, "committed", "cents"))
    assert (committed["value"].sum(), committed["thing"].is_unique) == (21_450_000, True)
    free = shipped().trace(measure.figure(table, "free", "cents"))
    assert free["value"].max() == 33_300_000
    assert free.loc[free["value"].idxmax(), "file"] == "reference/credits.csv"


def test_a_mean_of_no_project_opens_no_row():
    here = shipped().within(municipality="GM0355", basis="published")
    table = measure.profile(here, "GM0355")
    assert len(here.trace(measure.figure(table, (), "region_mean"))) == 0


def test_a_finding_opens_its_cell():
    table = measure.quality(shipped(), by="finding")
    rows = shipped().trace(measure.figure(table, "C03", "count"))
    expected = shipped().tables["findings"].query("code == 'C03'")
    assert rows[["file", "sheet", "row"]].to_numpy().tolist() == expected[["file", "sheet", "row"]].to_numpy().tolist()


def test_a_figure_of_the_citation_opens_too():
    table = measure.coverage(shipped())
    assert shipped().trace(measure.figure(table, (), "covered"))["value"].sum() == 26


@pytest.mark.parametrize("row, column", [("P99", "covered"), ("P3", "beoordeling"), (("P3", "P4"), "covered")])
def test_a_figure_that_is_in_no_table_says_so_in_one_sentence(row, column):
    table = measure.coverage(shipped(), by="theme")
    with pytest.raises(WmoError, match="Achter dit getal staat geen rij"):
        shipped().trace(measure.figure(table, row, column))


def test_every_measure_of_the_views_has_its_rows():
    assert {view.measure.__name__ for view in TRACED} <= set(measure.BEHIND)
    assert {name.partition(".")[0] for name in SHAPES} - set(measure.BEHIND) == {"options", "assumptions"}


# ---------------------------------------------------------------- why a cell is empty

HEAD = ["key", "title", "municipality", "theme", "status", "start", "end"]
NEAR = [
    ["1", "Geëindigd", "Baarn", "P3", "", "2005", "31-12-2006"],
    ["2", "Komt nog", "Baarn", "P3", "", "1-1-2008", ""],
    ["3", "Ingetrokken", "Baarn", "P3", "ingetrokken", "2006", ""],
    ["4", "Zonder thema", "Baarn", "", "", "2006", ""],
    ["5", "Overal", "provinciebreed", "P3", "", "2006", ""],
    ["6", "Ander thema", "Baarn", "P2", "", "2006", ""],
    ["7", "Andere gemeente", "Soest", "P3", "", "2006", ""],
]


def near(complete=True):
    return monitor({"2007-10-01_a/lijst.csv": ([HEAD, *NEAR], {"complete": complete})})


def test_an_empty_cell_tells_what_was_searched_and_what_comes_near():
    table = near().why("Baarn", "P3")
    assert table[["kind", "reason", "label", "what"]].to_numpy().tolist() == [
        ["searched", "complete", "Lokaal Centraal", "1-10-2007"],
        ["nearest", "completed", "Geëindigd", "geëindigd op 31-12-2006"],
        ["nearest", "planned", "Komt nog", "begint op 1-1-2008"],
        ["nearest", "withdrawn", "Ingetrokken", "ingetrokken"],
        ["nearest", "unknown_theme", "Zonder thema", "de lijst noemt geen bekend thema"],
        ["nearest", "province", "Overal", "geldt voor de hele provincie, en dekt geen gemeente"],
    ]
    assert table.attrs["wmo"]["sentence"] == (
        "Baarn, Vrijwilligers- en mantelzorg: geen door de provincie ondersteund project bekend. Doorzocht: 1 volledige "
        "lijst, alle verzonnen (Lokaal Centraal). Projecten die er dicht bij komen: 5."
    )


def test_without_a_complete_list_there_was_nothing_to_search():
    table = near(complete=False).why("Baarn", "P3")
    assert table["reason"].iloc[0] == "nothing"
    assert "onbekend, want er is geen volledige lijst" in table.attrs["wmo"]["sentence"]


def test_a_project_that_the_filters_leave_out_is_told():
    table = near().within(status="completed").why("Soest", "P3")
    assert table.query("kind == 'nearest'")[["reason", "label"]].to_numpy().tolist() == [
        ["filtered", "Andere gemeente"],
        ["province", "Overal"],
    ]


def test_a_municipality_that_did_not_exist_then_says_so():
    table = near().as_of("2012-01-01").why("Abcoude")
    assert table.iloc[0][["kind", "label", "what", "date"]].tolist() == [
        "absent",
        "Abcoude",
        "De Ronde Venen",
        "2011-01-01",
    ]


def test_a_cell_with_a_project_is_not_called_empty():
    table = near().why("Soest", "P3")
    assert (
        table.attrs["wmo"]["sentence"] == "Soest, Vrijwilligers- en mantelzorg: niet leeg. Hier staat: Andere gemeente."
    )


def test_a_cell_of_a_lower_theme_is_unknown_where_only_the_theme_above_is_stated():
    table = near().within(theme="P3b").why("Soest", "P3b")
    assert table.attrs["wmo"]["sentence"].startswith(
        "Soest, Mantelzorg: onbekend, want een lijst noemt alleen het bovenliggende"
    )
