"""Budget, hours, changes, quality and profile: whole answers on a few rows, and footing under any selection."""

import dataclasses
import itertools
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitors import monitor, shipped

from wmo_analysis import measure
from wmo_analysis.errors import WmoError
from wmo_analysis.measure import _budget as budget
from wmo_analysis.measure.parts import largest_remainder

HEAD = ["key", "title", "municipality", "theme", "status", "asked", "granted", "settled", "amount_date", "weights"]
CREDIT = {"credit": "FPK2006"}


def credit(*rows, **card):
    return monitor({"2007-10-01_a/lijst.csv": ([HEAD, *rows], CREDIT | card)})


def items(table):
    return dict(zip(table["item"], table["cents"] // 100, strict=True))


def by_label(table, column):
    return {label: int(value) // 100 for label, value in zip(table["label"], table[column], strict=True) if value}


def test_committed_is_settled_if_settled_else_granted_and_asked_stands_apart():
    one = ["A", "Een", "Baarn", "Mantelzorg", "", "9000", "5000", "4000", "1-2-2007", ""]
    two = ["B", "Twee", "Soest", "Mantelzorg", "", "7000", "6000", "", "1-2-2007", ""]
    nil = ["C", "Drie", "Zeist", "Mantelzorg", "", "3000", "3000", "0", "1-2-2007", ""]
    answer = items(measure.budget(credit(one, two, nil)))
    assert answer == {
        "asked": 19_000, "granted": 6_000, "settled": 4_000, "committed": 10_000,
        "free": 323_000, "over": 0, "allocation": 333_000,
    }  # fmt: skip


def test_a_rejected_project_commits_only_what_is_settled():
    rejected = ["A", "Een", "Baarn", "", "afgewezen", "9000", "9000", "", "1-2-2007", ""]
    settled = ["B", "Twee", "Soest", "", "ingetrokken", "9000", "9000", "250", "1-2-2007", ""]
    answer = items(measure.budget(credit(rejected, settled)))
    assert (answer["asked"], answer["committed"]) == (18_000, 250)


def test_more_than_the_credit_makes_free_negative_on_its_day_and_in_time():
    made = credit(["A", "Een", "Baarn", "", "", "", "345.400", "", "1-2-2007", ""])
    table = measure.budget(made)
    answer = items(table)
    assert (answer["committed"], answer["free"], answer["over"]) == (345_400, -12_400, 12_400)
    assert measure.budget(made, by="time")["free"].tolist() == [-1_240_000]
    behind = [made.trace(measure.figure(table, item, "cents"))["value"].sum() for item in ("free", "over")]
    assert behind == [-1_240_000, 1_240_000]


def test_an_amount_counts_from_its_first_day_and_undated_from_its_delivery():
    dated = ["A", "Een", "Baarn", "", "", "", "1000", "", "april 2007", ""]
    undated = ["B", "Twee", "Soest", "", "", "", "500", "", "", ""]
    m = credit(dated, undated)
    committed = {
        day: items(measure.budget(m.as_of(day)))["committed"] for day in ("2007-03-31", "2007-04-01", "2007-10-01")
    }
    assert committed == {"2007-03-31": 0, "2007-04-01": 1000, "2007-10-01": 1500}
    assert list(measure.budget(m.as_of("2007-10-01"), by="time")["committed"]) == [100_000, 150_000]


def test_free_is_of_all_projects_also_when_a_filter_narrows_what_is_committed():
    rows = (
        ["A", "Een", "Baarn", "", "", "", "1000", "", "", ""],
        ["B", "Twee", "Zeist", "", "", "", "500", "", "", ""],
    )
    answer = items(measure.budget(credit(*rows).within(municipality="Zeist")))
    assert (answer["committed"], answer["free"]) == (500, 331_500)
    in_time = measure.budget(credit(*rows).within(municipality="Zeist"), by="time")
    assert in_time[["committed", "free"]].to_numpy().tolist() == [[50_000, 33_150_000]]


def test_where_no_list_of_the_basis_states_an_amount_the_credit_is_unknown_and_not_zero():
    silent = ([HEAD[:5], ["A", "Een", "Baarn", "", ""]], {"basis": "published"})
    lists = {"2007-10-01_a/lijst.csv": silent}
    lists["2007-10-01_b/lijst.csv"] = (
        [HEAD, ["B", "Twee", "Soest", "", "", "", "500", "", "", ""]],
        CREDIT | {"source": "S3"},
    )
    m = monitor(lists)
    whole, published = m, m.within(basis="published")
    assert measure.budget(published)["cents"].fillna(-1).tolist() == [-1, -1, -1, -1, -1, -1, 33_300_000]
    by_theme = measure.budget(published, by="theme")
    assert by_theme[["asked", "granted", "settled", "committed"]].isna().all(axis=None)
    committed = {
        name: measure.summary(m).set_index("name").at["committed", "value"]
        for name, m in {"whole": whole, "other": whole.within(municipality="Baarn"), "published": published}.items()
    }
    assert committed == {"whole": 50_000, "other": 0, "published": pd.NA}


def test_a_project_of_one_municipality_stands_in_its_row_and_the_rest_is_not_divided():
    rows = [
        ["A", "Een", "Baarn", "", "", "", "1000", "", "", ""],
        ["B", "Twee", "Baarn, Soest", "", "", "", "600", "", "", ""],
        ["C", "Drie", "Utrecht-West", "", "", "", "80", "", "", ""],
        ["D", "Vier", "alle gemeenten", "", "", "", "7", "", "", ""],
        ["E", "Vijf", "nog niet toegewezen", "", "", "", "40", "", "", ""],
        ["F", "Zes", "Nergenshuizen", "", "", "", "3", "", "", ""],
    ]
    table = measure.budget(credit(*rows), by="municipality")
    assert by_label(table, "committed") == {
        "Baarn": 1000, "regionaal, niet verdeeld": 687, "nog niet toegewezen": 40, "onbekend": 3, "Samen": 1730,
    }  # fmt: skip
    assert len(table) == 29 + 3 + 1


def test_stated_shares_are_split_and_what_lies_outside_the_selection_is_a_row():
    row = ["A", "Een", "Baarn, Zeist", "", "", "", "100", "", "", "0,333; 0,667"]
    m = credit(row)
    assert by_label(measure.budget(m, by="municipality"), "committed") == {"Baarn": 33, "Zeist": 66, "Samen": 100}
    narrowed = measure.budget(m.within(municipality="Zeist"), by="municipality")
    assert by_label(narrowed, "committed") == {"Zeist": 66, "buiten de selectie": 33, "Samen": 100}


@pytest.mark.parametrize(
    "weights", ["sNaN; 1", "Infinity; -Infinity", "NaN; 1", "1e999999999999; 1", "-1; 2", "½; ½", ";", "1"]
)
def test_shares_that_are_no_plain_numbers_divide_nothing_and_stop_nothing(weights):
    m = credit(["A", "Een", "Baarn, Zeist", "", "", "", "100", "", "", weights])
    divided = by_label(measure.budget(m, by="municipality"), "committed")
    assert divided == {"regionaal, niet verdeeld": 100, "Samen": 100}
    assert m.tables["findings"]["code"].tolist() == ["J09"]


def test_a_project_of_several_themes_is_not_divided_and_the_excluded_theme_stands_outside():
    rows = [
        ["A", "Een", "Baarn", "Mantelzorg", "", "", "1000", "", "", ""],
        ["B", "Twee", "Baarn", "Mantelzorg; Vrijwilligers(zorg)", "", "", "200", "", "", ""],
        ["C", "Drie", "Baarn", "Mantelzorg; Sociale cohesie", "", "", "30", "", "", ""],
        ["D", "Vier", "Baarn", "Samenhang jeugdbeleid - jeugdzorg", "", "", "4", "", "", ""],
        ["E", "Vijf", "Baarn", "", "", "", "5", "", "", ""],
    ]
    assert by_label(measure.budget(credit(*rows), by="theme"), "committed") == {
        "Vrijwilligers, mantelzorg": 1200, "meer thema's, niet verdeeld": 30, "onbekend thema": 5,
        "buiten de monitor": 4, "Samen": 1239,
    }  # fmt: skip


def test_amounts_off_the_credit_never_stand_against_it():
    m = credit(["A", "Een", "Baarn", "", "", "", "1000", "", "", ""], credit=None)
    assert items(measure.budget(m))["committed"] is pd.NA
    assert measure.budget(m, by="listed")[["label", "projects", "granted"]].to_numpy().tolist() == [
        ["Lokaal Centraal", 1, 100_000]
    ]


def test_off_the_credit_rejected_and_withdrawn_amounts_stand_apart():
    rows = [
        ["A", "Een", "Baarn", "", "loopt", "9000", "5000", "", "", ""],
        ["B", "Twee", "Soest", "", "abgelehnt", "700", "", "", "", ""],
        ["C", "Drie", "Zeist", "", "Ingetrokken na verlening", "80", "60", "", "", ""],
        ["D", "Vier", "Zeist", "", "voorgeselecteerd", "3", "", "", "", ""],
    ]
    made = credit(*rows, credit=None)
    table = measure.budget(made, by="listed")
    columns = ["projects", "asked", "granted", "settled", "asked_void", "granted_void"]
    assert table[columns].astype(object).values.tolist() == [[4, 900_300, 500_000, pd.NA, 78_000, 6_000]]
    behind = [made.trace(measure.figure(table, "S1", name))["value"].sum() for name in ("asked", "granted_void")]
    assert behind == [900_300, 6_000]


@pytest.mark.parametrize("status, words", [
    ("rejected", "afgewezen|niet toegekend|rejected|refused|abgelehnt|refusé|rejetée|non retenu"),
    ("withdrawn", "Ingetrokken na verlening|ingetrokken|withdrawn|cancelled|zurückgezogen|widerrufen|annulé|retirée"),
])  # fmt: skip
def test_the_usual_words_for_rejected_and_withdrawn_are_known(status, words):
    rows = [[str(n), word, "Baarn", "", word, "", "", "", "", ""] for n, word in enumerate(words.split("|"))]
    assert set(credit(*rows).tables["projects"]["status"]) == {status}


def test_of_a_project_in_two_lists_all_kinds_come_from_the_strongest_with_an_amount():
    head = ["key", "title", "municipality", "merges_with", "asked", "granted"]
    strong = ([head, ["A", "Een", "Baarn", "", "", "1000"]], CREDIT | {"source": "S1"})
    weak = ([head, ["B", "Een", "Baarn", "S1-A", "700", "900"]], CREDIT | {"source": "S4"})
    m = monitor({"2007-10-01_a/een.csv": strong, "2007-10-01_a/twee.csv": weak})
    answer = items(measure.budget(m))
    assert (answer["asked"], answer["committed"]) == (0, 1000)


def test_an_unknown_view_lists_the_views_there_are():
    for wrong in (measure.budget, measure.changes, measure.quality):
        with pytest.raises(WmoError, match="Mogelijk zijn: "):
            wrong(shipped(), **({"since": "2006-11-30"} if wrong is measure.changes else {}), by="leeftijd")


def test_hours_above_the_maximum_per_project_are_shown_and_unknown_hours_are_missing():
    head = ["key", "title", "municipality", "hours"]
    rows = [["A", "Een", "Baarn", "162"], ["B", "Twee", "Soest", ""], ["C", "Drie", "Zeist", "150"]]
    table = measure.hours(monitor({"2007-10-01_a/lijst.csv": ([head, *rows], {"source": "S2"})}))
    assert table[["title", "hours", "limit", "over"]].astype(object).where(table.notna(), None).to_numpy().tolist() == [
        ["Een", 162, 150, 12],
        ["Drie", 150, 150, 0],
        ["Twee", None, 150, None],
    ]


def test_new_gone_moved_and_changed_between_two_deliveries_keep_the_id_of_the_key():
    head = ["key", "title", "municipality", "start", "end", "status"]
    old = [
        ["A", "Blijft", "Baarn", "2006", "", "loopt"],
        ["B", "Stopt", "Soest", "2006", "31-12-2006", ""],
        ["C", "Verhuist", "Zeist", "2006", "", ""],
    ]
    new = [
        ["A", "Blijft", "Baarn", "2006", "2008", "loopt"],
        ["B", "Stopt", "Soest", "2006", "31-12-2006", ""],
        ["C", "Verhuist", "Bunnik", "2006", "", ""],
        ["D", "Begint", "Rhenen", "1-5-2007", "", ""],
    ]
    lists = {
        "2006-11-01_a/lijst.csv": ([head, *old], {"date": "2006-11-01"}),
        "2007-10-01_a/lijst.csv": ([head, *new], {"date": "2007-10-01"}),
    }
    m = monitor(lists)
    table = measure.changes(m, "2006-11-30")
    assert table[["how", "change", "title", "field", "before", "after"]].to_numpy().tolist() == [
        ["happened", "new", "Begint", "", "", ""],
        ["happened", "gone", "Stopt", "", "", ""],
        ["corrected", "moved", "Verhuist", "placement", "Zeist", "Bunnik"],
        ["learned", "changed", "Blijft", "end", "onbekend", "1-1-2008 t/m 31-12-2008"],
    ]
    counts = measure.changes(m, "2006-11-30", by="source")
    assert counts[["label", "new", "gone", "changed", "learned", "corrected"]].to_numpy().tolist() == [
        ["Lokaal Centraal", 1, 1, 0, 1, 1],
        ["Samen", 1, 1, 0, 1, 1],
    ]


def test_with_all_knowledge_at_both_moments_nothing_is_learned_or_corrected():
    table = measure.changes(shipped(), "2006-11-30", since_known="")
    assert set(table["how"]) == {"happened"}


def test_a_correction_decided_between_two_moments_is_told_as_a_correction():
    table = measure.changes(shipped(), "2007-10-01").query("how == 'corrected' and field == 'start'")
    assert table[["project", "before", "after"]].to_numpy().tolist() == [["S3-WT-04", "01-03-2070", "01-03-2007"]]


def test_quality_counts_what_the_lists_state_per_source():
    head = ["title", "municipality", "theme", "start", "granted"]
    rows = [["Een", "Baarn", "Mantelzorg", "2006", "1000"], ["Twee", "Nergenshuizen", "", "", "PM"]]
    table = measure.quality(monitor({"2007-10-01_a/lijst.csv": [head, *rows]}))
    assert table.drop(columns=["source_id", "source"]).to_numpy().tolist() == [[2, 1, 1, 1, 1, *[50] * 4, True, False]]


def test_the_profile_of_soest_tells_each_project_and_its_way():
    table = measure.profile(shipped().as_of("2007-10-09"), "Soest")
    assert table[["project", "via"]].to_numpy().tolist() == [
        ["S3-WT-03", "own"], ["S6-AL-04", "own"], ["S2-BB-11", "own"], ["S3-R3", "partnership"],
        ["S7-L1-068", "partnership"], ["S4-SA-05", "province"],
    ]  # fmt: skip
    about = table.attrs["wmo"]
    assert (about["own"], about["partnership"], about["province"], about["region"]) == (3, 2, 1, "Eemland")


def test_a_project_outside_the_monitor_is_listed_and_in_no_number_and_the_unknown_theme_is_no_theme():
    rows = [
        ["A", "Een", "Baarn", "Samenhang jeugdbeleid - jeugdzorg", ""],
        ["B", "Twee", "Baarn", "Mantelzorg", ""],
        ["C", "Drie", "Baarn", "", ""],
    ]
    m = monitor({"2007-10-01_a/lijst.csv": ([HEAD[:5], *rows], CREDIT)})
    table = measure.profile(m, "Baarn")
    assert table[["title", "via"]].to_numpy().tolist() == [["Drie", "own"], ["Twee", "own"], ["Een", "outside"]]
    about = table.attrs["wmo"]
    assert [about[name] for name in ("own", "partnership", "province", "themes_covered", "themes")] == [2, 0, 0, 1, 7]


def test_the_figures_without_an_assumption_stand_beside_those_with_it():
    table = measure.assumptions(shipped().as_of("2007-10-09"))
    assert table[["code", "with_it", "without_it"]].to_numpy().tolist() == [
        ["EEM", 26, 26], ["P3", 10, 9], ["P4", 10, 6], ["P5", 19, 19],
    ]  # fmt: skip


# ---------------------------------------------------------------- any selection

PICKS = {
    "theme": ["P0", "P3", "P5", "P8"],
    "region": ["SUW", "EEM", "BRU", "OVG"],
    "municipality": ["GM0342", "GM0308", "GM0344"],
    "source": ["S2", "S3", "S4", "X2"],
    "basis": ["all", "published", "example"],
    "status": ["running", "planned", "completed"],
}
selections = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(codes), min_size=1, max_size=2) for name, codes in PICKS.items()}
)
days = st.sampled_from(["2006-06-30", "2006-11-30", "2007-04-02", "2007-10-09"])


def foots(table, columns):
    total = table[table["part"] == "total"]
    parts = table[table["part"] != "total"]
    if table[columns].isna().all(axis=None):
        return len(total) == 1  # no list states an amount: no row has one
    return len(total) == 1 and all(parts[c].sum() == total[c].iloc[0] for c in columns)


@settings(max_examples=25, deadline=None)
@given(chosen=selections, day=days)
def test_every_footing_table_foots_and_keeps_its_rows(chosen, day):
    m = shipped().within(**chosen).as_of(day)
    committed = measure.budget(m).set_index("item").at["committed", "cents"]
    for by in ("theme", "region", "source", "municipality"):
        table = measure.budget(m, by=by)
        assert foots(table, ["asked", "granted", "settled", "committed"])
        assert table["committed"].iloc[-1] is committed or table["committed"].iloc[-1] == committed
    assert list(measure.budget(m, by="municipality")["code"][: len(m.municipalities)]) == m.municipalities
    for by in ("theme", "region", "source"):
        assert foots(measure.changes(m, "2006-11-30", by=by), ["new", "gone", "changed"])
    white = measure.coverage(m, by="white")
    assert sorted(white["gm_code"]) == sorted(m.municipalities)


@settings(max_examples=10, deadline=None)
@given(chosen=selections, day=days, seed=st.integers(0, 99))
def test_any_order_of_rows_gives_the_same_tables(chosen, day, seed):
    shuffled = {name: table.sample(frac=1, random_state=seed) for name, table in shipped().tables.items()}
    for m, other in [
        (
            shipped().within(**chosen).as_of(day),
            dataclasses.replace(shipped(), tables=shuffled).within(**chosen).as_of(day),
        )
    ]:
        for name, make in MEASURES.items():
            pd.testing.assert_frame_equal(make(m), make(other), obj=name)


MEASURES = {
    "budget": measure.budget,
    "budget by theme": lambda m: measure.budget(m, by="theme"),
    "budget in time": lambda m: measure.budget(m, by="time"),
    "hours": measure.hours,
    "rounds": measure.rounds,
    "rounds in time": lambda m: measure.rounds(m, by="time"),
    "changes": lambda m: measure.changes(m, "2006-11-30"),
    "quality": measure.quality,
    "findings": lambda m: measure.quality(m, by="finding"),
    "profile": lambda m: measure.profile(m, "Soest"),
    "timeline": measure.timeline,
    "white": lambda m: measure.coverage(m, by="white"),
}


@given(whole=st.integers(-10_000_000, 10_000_000), cuts=st.lists(st.integers(1, 999), max_size=5, unique=True))
def test_largest_remainder_splits_to_the_cent(whole, cuts):
    edges = [0, *sorted(cuts), 1000]
    shares = [Decimal(b - a) / 1000 for a, b in itertools.pairwise(edges)]
    parts = largest_remainder(whole, shares)
    assert sum(parts) == whole
    assert all(abs(part - whole * share) < 1 for part, share in zip(parts, shares, strict=True))


def test_the_figures_of_the_letters_come_out_of_the_measures_at_both_dates():
    toen, nu = (
        measure.rounds(shipped().as_of(day)).set_index(["round", "state"]) for day in ("2006-11-30", "2007-10-09")
    )
    assert [int(toen.loc[cell, "municipalities"]) for cell in ((1, "quotation"), (2, "talk"), (3, "planned"))] == [
        2,
        7,
        10,
    ]
    assert (toen.loc[(1, "agreed"), "reached"], toen.loc[(1, "not_stated"), "stated"]) == (8, 2)
    assert (nu.loc[(0, "agreed"), "reached"], nu.loc[(0, "second_contact"), "municipalities"]) == (22, 3)
    assert nu.loc[(0, "not_stated"), "stated"] == 4


def test_late_in_time_begins_the_day_after_the_deadline_and_ends_with_the_agreement():
    head = ["municipality", "round", "talk", "approval_1", "approval_2", "approval_3"]
    rows = [["Baarn", "2", "1-3-2007", *["20-4-2007"] * 3], ["Soest", "2", "1-3-2007", "", "", ""]]
    m = monitor({"2007-10-01_a/lijst.csv": ([head, *rows], {"source": "S2", "rows": ["conversations"]})})
    table = measure.rounds(m, by="time")
    assert table[["date", "agreed", "late"]].to_numpy().tolist() == [
        ["2007-03-01", 0, 0],
        ["2007-04-01", 0, 2],
        ["2007-04-20", 1, 1],
    ]


# ---------------------------------------------------------------- the whole answer of the credit

ONE = ["A", "Een", "Baarn", "Mantelzorg", "", "9000", "1000", "", "1-2-2007", ""]
OTHER = ["B", "Twee", "Soest", "Mantelzorg", "", "", "600", "400", "1-2-2007", ""]
REAL = {"basis": "received"}


def test_each_part_of_the_credit_is_made_up_where_all_its_amounts_are():
    table = measure.budget(credit(ONE))
    assert table[["item", "cents", "approximate", "invented", "partly"]].to_numpy().tolist() == [
        ["asked", 900_000, False, True, False],
        ["granted", 100_000, False, True, False],
        ["settled", 0, False, False, False],
        ["committed", 100_000, False, True, False],
        ["free", 33_200_000, True, True, False],
        ["over", 0, True, False, False],
        ["allocation", 33_300_000, True, False, False],
    ]
    assert not measure.budget(credit(ONE, **REAL))["invented"].any()


def made_up_and_real():
    """Een in Baarn is made up, Twee in Soest is not."""
    real = ([HEAD, OTHER], CREDIT | REAL | {"source": "S3"})
    return monitor({"2007-10-01_a/a.csv": ([HEAD, ONE], CREDIT), "2007-10-01_b/b.csv": real})


def test_what_is_free_is_partly_made_up_where_another_source_is_real():
    table = measure.budget(made_up_and_real().within(source="S1"))
    assert table[["item", "invented", "partly"]].to_numpy().tolist() == [
        ["asked", True, False],
        ["granted", True, False],
        ["settled", False, False],
        ["committed", True, False],
        ["free", False, True],
        ["over", False, False],
        ["allocation", False, False],
    ]


def test_off_the_credit_each_source_has_its_own_projects_and_tells_what_is_made_up():
    real = ([HEAD, OTHER, [*ONE[:1], "Een ook", *ONE[2:]]], REAL | {"source": "S3"})
    table = measure.budget(monitor({"2007-10-01_a/a.csv": ([HEAD, ONE], {}), "2007-10-01_b/b.csv": real}), by="listed")
    assert table[["source_id", "projects", "granted", "invented", "partly"]].to_numpy().tolist() == [
        ["S1", 1, 100_000, True, False],
        ["S3", 2, 160_000, False, False],
    ]


def test_a_grant_falls_away_in_time_on_the_day_that_its_project_is_settled():
    asked = ["A", "Een", "Baarn", "", "", "100", "", "", "1-1-2007", ""]
    granted = ["A", "Een", "Baarn", "", "", "", "80", "", "1-2-2007", ""]
    settled = ["A", "Een", "Baarn", "", "", "", "", "50", "1-3-2007", ""]
    table = measure.budget(credit(asked, granted, settled), by="time")
    assert table.to_numpy().tolist() == [
        ["2007-01-01", 10_000, 0, 0, 0, 33_300_000, True, False],
        ["2007-02-01", 10_000, 8_000, 0, 8_000, 33_292_000, True, False],
        ["2007-03-01", 10_000, 0, 5_000, 5_000, 33_295_000, True, False],
    ]


def test_in_time_a_day_is_made_up_until_the_first_real_amount():
    later = [*OTHER[:8], "1-4-2007", ""]
    made = monitor(
        {
            "2007-10-01_a/a.csv": ([HEAD, ONE], CREDIT),
            "2007-10-01_b/b.csv": ([HEAD, later], CREDIT | REAL | {"source": "S3"}),
        }
    )
    table = measure.budget(made, by="time")
    assert table[["date", "invented"]].to_numpy().tolist() == [["2007-02-01", True], ["2007-04-01", False]]


def test_a_municipality_is_made_up_where_all_its_amounts_are_and_not_where_it_has_none():
    table = measure.budget(made_up_and_real(), by="municipality").set_index("label")
    columns = ["projects", "committed", "invented", "partly"]
    assert table.loc[["Baarn", "Soest", "Zeist", "Samen"], columns].to_numpy().tolist() == [
        [1, 100_000, True, False],
        [1, 40_000, False, False],
        [0, 0, False, False],
        [2, 140_000, False, True],
    ]


def test_what_projects_commit_is_missing_for_one_without_an_amount():
    bare = ["C", "Drie", "Zeist", "", "", "", "", "", "", ""]
    made = credit(ONE, OTHER, bare)
    committed = budget.committed_of(made, np.arange(len(made.pool)))
    titles = made.pool.column("title")
    assert dict(zip(titles, committed, strict=True)) == {"Een": 100_000, "Twee": 40_000, "Drie": pd.NA}
