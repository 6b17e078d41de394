"""The measures: coverage, rounds and the claims of the letters."""

import dataclasses
import hashlib
import itertools

import pandas as pd
import pytest
from monitors import BOOK, SIDES, monitor, shipped

import wmo_analysis as wmo
from wmo_analysis import measure, schema

HEAD = ["key", "title", "municipality", "theme"]
START = {"date": "2007-10-01", "constants": {"start": "01-01-2007"}}
WEST = ["Abcoude", "Breukelen", "Loenen", "Lopik", "Montfoort", "Oudewater", "De Ronde Venen", "Woerden"]


def few(*rows, head=HEAD, **card):
    return monitor({"2007-10-01_a/een.csv": ([head, *rows], START | card)})


def cells(table):
    """{(municipality, theme): (state, number, own, partnership, titles)} of the cells that are not empty."""
    filled = table[table["number"] > 0]
    return {
        (row.municipality, row.theme): (row.state, row.number, row.own, row.partnership, row.projects)
        for row in filled.itertuples()
    }


def covered(table):
    about = table.attrs["wmo"]
    return about["covered"], about["of"]


# ---------------------------------------------------------------- coverage: the cells


def test_the_whole_matrix_of_three_projects():
    made = few(["1", "Een", "Bilthoven", "P2"], ["2", "Twee", "Utrecht-West; Woerden", "P2; P4"], complete=True)
    table = measure.coverage(made)
    assert list(table.columns) == (
        "gm_code municipality region_id region theme theme_label theme_short state number own partnership projects "
        "invented partly".split()
    )
    shown = BOOK.columns()[:-1]
    assert list(zip(table["gm_code"], table["theme"], strict=True)) == [
        (code, theme) for code in [*BOOK.gm_codes, ""] for theme in [*shown, ""]
    ]
    expected = {("De Bilt", theme): ("own", 1, 1, 0, "Een") for theme in ("P2", "")}
    for name in WEST:
        cell = ("own", 1, 1, 0, "Twee") if name == "Woerden" else ("partnership", 1, 0, 1, "Twee")
        expected |= {(name, theme): cell for theme in ("P2", "P4", "")}
    assert cells(table) == expected
    empty = table[(table["number"] == 0) & (table["gm_code"] != "")]
    assert set(empty["state"]) == {"none"}
    below = table[table["gm_code"] == ""]
    assert set(below["municipality"]) == {"provinciebreed"}
    assert set(below["state"]) == {"province"}
    assert set(below["number"]) == {0}
    assert covered(table) == (9, 29)
    first = table.iloc[0][["municipality", "region_id", "region", "theme_label", "theme_short"]]
    assert list(first) == [
        "Abcoude",
        "SUW",
        "Utrecht-West",
        "Algemeen: ondersteuning invoering WMO",
        "Invoering WMO",
    ]


def test_an_own_project_hides_the_partnership_and_the_number_is_their_sum():
    made = few(["1", "Eigen", "Woerden", "P2"], ["2", "Samen", "Utrecht-West", "P2"], ["3", "Ook", "Woerden", "P2"])
    shown = cells(measure.coverage(made.within(municipality=["Woerden", "Lopik"])))
    assert shown == {
        ("Lopik", "P2"): ("partnership", 1, 0, 1, "Samen"),
        ("Lopik", ""): ("partnership", 1, 0, 1, "Samen"),
        ("Woerden", "P2"): ("own", 3, 2, 1, "Eigen; Ook; Samen"),
        ("Woerden", ""): ("own", 3, 2, 1, "Eigen; Ook; Samen"),
    }


def test_a_project_over_eight_municipalities_counts_once_in_the_total():
    made = few(["1", "Samen", "Utrecht-West", "P0"])
    table = measure.coverage(made)
    assert covered(table) == (8, 29)
    assert table.attrs["wmo"]["projects"] == 1
    by_theme = measure.coverage(made, by="theme").set_index("code").loc["P0"]
    assert list(by_theme[["own", "partnership", "covered", "of", "projects", "province"]]) == [0, 8, 8, 29, 1, 0]
    pilot = measure.coverage(few(["1", "Proeftuin", "gewest Eemland", "P4"], complete=True), by="region").set_index(
        "code"
    )
    assert list(pilot["covered"]) == [0, 7, 0, 0]
    assert list(pilot["projects"]) == [0, 1, 0, 0]


def test_a_province_wide_project_covers_nothing_and_changes_no_cell():
    own = ["1", "Eigen", "Baarn", "P3"]
    without, with_it = few(own, complete=True), few(own, ["2", "Overal", "alle gemeenten", "P3; P6"], complete=True)
    one, other = measure.coverage(without), measure.coverage(with_it)
    pd.testing.assert_frame_equal(one[one["gm_code"] != ""], other[other["gm_code"] != ""])
    assert covered(one) == covered(other) == (1, 29)
    below = other[(other["gm_code"] == "") & (other["number"] > 0)]
    assert below[["theme", "state", "number", "projects"]].values.tolist() == [
        ["P3", "province", 1, "Overal"],
        ["P6", "province", 1, "Overal"],
        ["", "province", 1, "Overal"],
    ]


def test_an_empty_cell_is_none_known_only_with_a_complete_list_in_the_selection():
    made = monitor(
        {
            "2007-10-01_a/half.csv": ([HEAD, ["1", "Een", "Baarn", "P2"]], START | {"source": "S4"}),
            "2007-10-01_a/heel.csv": ([HEAD, ["2", "Twee", "Soest", "P4"]], START | {"source": "S6", "complete": True}),
        }
    )

    def state(chosen):
        table = measure.coverage(chosen)
        return set(table.loc[(table["number"] == 0) & (table["gm_code"] != ""), "state"])

    assert state(made) == state(made.within(source="S6")) == {"none"}
    assert state(made.within(source="S4")) == {"unknown"}
    assert state(made.within(theme="P2")) == state(made.within(region="BRU")) == {"none"}
    assert state(made.within(status="completed")) == {"none"}
    assert state(made.within(basis="published")) == {"unknown"}
    assert state(made.as_of("2000-01-01")) == {"none"}


def test_shipped_letters_and_documented_sources_leave_empty_cells_unknown():
    table = measure.coverage(shipped().within(basis="published"))
    assert set(table.loc[(table["number"] == 0) & (table["gm_code"] != ""), "state"]) == {"unknown"}


def test_the_unknown_theme_is_a_column_when_used_and_never_beside_another():
    rows = [
        ["1", "Sport", "Baarn", "Sport"],
        ["2", "Loket", "Soest", "M2"],
        ["3", "Meer", "Zeist", "P2; Sport; M2; P8"],
    ]
    shown = cells(measure.coverage(few(*rows)))
    assert dict(cell for cell in shown if cell[1]) == {
        "Baarn": "P9",
        "Soest": "P9",
        "Zeist": "P2",
    }
    assert "P9" not in set(measure.coverage(few(rows[2]))["theme"])


def test_an_excluded_theme_touches_no_cell_and_covers_nothing_but_is_in_the_total():
    made = few(["1", "Jeugd", "Baarn", "P8"], ["2", "Zorg", "Soest", "P2; P8"])
    table = measure.coverage(made)
    assert set(cells(table)) == {("Soest", "P2"), ("Soest", "")}
    assert "P8" not in set(table["theme"])
    assert covered(table) == (1, 29)
    assert (table.attrs["wmo"]["projects"], table.attrs["wmo"]["counting"]) == (2, 2)


def test_an_excluded_theme_beside_a_municipal_one_touches_no_cell_of_either_set():
    made = few(["1", "Jeugd en loket", "Houten", "P8; M2"], ["2", "Loket", "Baarn", "M2"])
    for theme_set, column in (("provincial", "P9"), ("municipal", "M2")):
        table = measure.coverage(made, theme_set=theme_set).query("number > 0")
        assert table[["municipality", "theme"]].to_numpy().tolist() == [["Baarn", column], ["Baarn", ""]]


def test_a_column_that_a_filter_narrows_goes_by_the_themes_that_are_left():
    made = few(["1", "Beide", "Baarn", "P3a; P3b"])
    below, both, above = (made.within(theme=codes) for codes in (["P3b"], ["P3b", "P3a"], ["P3b", "P3"]))
    named = [measure.coverage(each, by="theme")["label"].tolist() for each in (below, both, above, made)]
    assert named[:3] == [["Mantelzorg"], ["Vrijwilligers(zorg) en Mantelzorg"], ["Vrijwilligers- en mantelzorg"]]
    assert "Vrijwilligers- en mantelzorg" in named[3]
    assert measure.budget(below, by="theme").set_index("code").loc["P3", "label"] == "Mantelzorg"


def test_second_levels_roll_up_and_count_a_project_once():
    made = few(["1", "Beide", "Baarn", "P3a; P3b"], ["2", "Mantelzorg", "Baarn", "P3b"])
    assert cells(measure.coverage(made)) == {
        ("Baarn", "P3"): ("own", 2, 2, 0, "Beide; Mantelzorg"),
        ("Baarn", ""): ("own", 2, 2, 0, "Beide; Mantelzorg"),
    }


def test_a_theme_filter_shows_the_chosen_columns_only_and_keeps_projects_whole():
    made = few(["1", "Beide", "Baarn", "P2; P4"], ["2", "Vier", "Soest", "P4"])
    table = measure.coverage(made.within(theme="P2"))
    assert set(table["theme"]) == {"P2", ""}
    assert set(cells(table)) == {("Baarn", "P2"), ("Baarn", "")}
    assert list(made.within(theme="P2").themes.query("group == 'S1-1'")["theme"]) == ["P2", "P4"]


def test_a_project_without_a_place_or_outside_the_province_touches_no_cell():
    made = few(["1", "Vrij", "nog niet toegewezen", "P2"], ["2", "Weg", "Ede", "P2"], ["3", "Wat", "Foobar", "P2"])
    table = measure.coverage(made)
    assert cells(table) == {}
    assert covered(table) == (0, 29)
    assert table.attrs["wmo"]["projects"] == 3


def test_a_project_that_does_not_count_covers_nothing():
    head = [*HEAD, "status", "end"]
    made = monitor(
        {
            "2007-10-01_a/een.csv": [
                head,
                ["1", "Afgewezen", "Baarn", "P2", "afgewezen", ""],
                ["2", "Afgelopen", "Soest", "P2", "", "2006"],
                ["3", "Gepland", "Zeist", "P2", "gepland", ""],
            ]
        }
    )
    assert covered(measure.coverage(made)) == (0, 29)


def test_region_and_municipality_keep_a_project_that_touches_them_and_count_only_those_left():
    made = few(["1", "Samen", "Utrecht-West", "P2"], ["2", "Drie", "Baarn, Zeist en Lopik", "P2"])
    shown = measure.coverage(made.within(region="Utrecht-West", municipality=["Lopik", "Baarn", "Woerden"]))
    assert cells(shown) == {
        ("Lopik", "P2"): ("own", 2, 1, 1, "Drie; Samen"),
        ("Lopik", ""): ("own", 2, 1, 1, "Drie; Samen"),
        ("Woerden", "P2"): ("partnership", 1, 0, 1, "Samen"),
        ("Woerden", ""): ("partnership", 1, 0, 1, "Samen"),
    }
    assert covered(shown) == (2, 2)


def test_the_table_speaks_english():
    table = measure.coverage(few(["1", "Een", "Baarn", "P2"]).in_language("en"))
    assert table.attrs["wmo"]["language"] == "en"
    assert set(table.loc[table["gm_code"] == "", "municipality"]) == {"province-wide"}
    assert "Self-reliance of citizens" in set(table["theme_label"])


def test_an_unknown_view_lists_the_views_there_are():
    with pytest.raises(wmo.WmoError) as refused:
        measure.coverage(shipped(), by="thema")
    views = ", ".join(["matrix", "theme", "region", "source", "municipality"])
    assert str(refused.value).startswith(f"Onbekende waarde voor by: thema. Mogelijk zijn: {views}")


# ---------------------------------------------------------------- coverage: rows equal the narrowed selection

AWKWARD = {
    "2007-10-01_a/een.csv": (
        [
            HEAD,
            ["1", "Onbekend ernaast", "Baarn", "P2; Sport"],
            ["2", "Gemeentelijk", "Soest", "M2"],
            ["3", "Jeugd", "Zeist", "P8"],
            ["4", "Overal", "alle gemeenten", "P3a"],
            ["5", "Samen", "Utrecht-West en Zeist", "P3b; P4"],
        ],
        START | {"source": "S4"},
    ),
    "2007-10-01_a/twee.csv": (
        [
            ["municipality", "round", "talk", "title", "key", "theme"],
            ["Baarn", "1", "01-09-2006", "Gesprek", "1", "P2"],
            ["Zeist", "2", "", "", "", ""],
        ],
        {"source": "S2", "rows": ["conversations", "projects"]},
    ),
}


@pytest.fixture(scope="module")
def awkward():
    return monitor(AWKWARD)


def row_of(selection):
    """own, partnership, covered, of, projects, province of a selection, taken from its matrix.

    Where nothing is found and no list is complete, it is not known how many are covered.
    """
    table = measure.coverage(selection)
    totals = table[(table["theme"] == "") & (table["gm_code"] != "")]
    titles = {title for cell in totals["projects"] for title in cell.split("; ") if title}
    (province,) = table.loc[(table["theme"] == "") & (table["gm_code"] == ""), "number"]
    own, reached = int((totals["own"] > 0).sum()), int((totals["number"] > 0).sum())
    found = [own, reached - own, reached] if reached or selection.known_complete else [None] * 3
    return [*found, len(totals), len(titles), int(province)]


@pytest.mark.parametrize("by", ["theme", "region", "source", "municipality"])
@pytest.mark.parametrize(
    "which, day, filters",
    [
        ("shipped", "2007-10-09", {}),
        ("shipped", "2006-11-30", {"basis": "published"}),
        ("shipped", "2007-10-09", {"round": 1, "status": "running"}),
        ("awkward", "2007-10-09", {}),
        ("awkward", "2010-12-01", {"theme": ["P3b", "P9"]}),
        ("awkward", "2007-10-09", {"region": "BRU", "status": "running"}),
        ("awkward", "2007-10-09", {"round": 1}),
        ("awkward", "2007-10-09", {"source": ["S2", "S4", "X2"]}),
    ],
    ids=str,
)
def test_every_row_equals_the_coverage_of_the_selection_narrowed_by_it(awkward, by, which, day, filters):
    selection = {"shipped": shipped(), "awkward": awkward}[which].as_of(day).within(**filters)
    table = measure.coverage(selection, by=by)
    codes = list(table["code"])
    if by == "municipality":
        codes = codes[::9]
    values = ["own", "partnership", "covered", "of", "projects", "province"]
    counts = table[values].astype(object).where(table[values].notna(), None).values.tolist()
    shown = dict(zip(table["code"], counts, strict=True))
    assert {code: shown[code] for code in codes} == {code: row_of(selection.within(**{by: code})) for code in codes}
    if by == "theme":
        missing = set(BOOK.columns()) - set(codes)
        for code in missing if "theme" not in filters else ():
            assert row_of(selection.within(theme=code))[4:] == [0, 0]


def test_a_source_row_counts_whole_projects_that_one_of_its_rows_tells():
    made = monitor(
        {
            "2007-10-01_a/een.csv": ([HEAD, ["1", "Een", "Baarn", "P2"]], START | {"source": "S4"}),
            "2007-10-01_a/twee.csv": (
                [
                    [*HEAD, "merges_with"],
                    ["1", "Een", "Baarn en Soest", "P2", "S4-1"],
                    ["2", "Twee", "Zeist", "P2", ""],
                ],
                START | {"source": "S6"},
            ),
        }
    )
    shown = measure.coverage(made, by="source")
    assert shown[["code", "own", "covered", "of", "projects"]].values.tolist() == [
        ["S4", 1, 1, 29, 1],
        ["S6", 2, 2, 29, 2],
    ]
    assert covered(measure.coverage(made)) == (2, 29)


# ---------------------------------------------------------------- rounds

STEPS = ["municipality", "round", "talk", "quotation", "approval_1", "approval_2", "approval_3", "second_contact"]
STEPS += ["start", "end"]


def talks(*rows, **lists):
    listed = [row + [""] * (len(STEPS) - len(row)) for row in rows]
    card = {"source": "S2", "rows": ["conversations"], "date": "2006-07-01"}
    return monitor({"2006-07-01_a/gesprekken.csv": ([STEPS, *listed], card), **lists})


def states(made, day):
    table = made.as_of(day).states
    names = [BOOK.label("municipality", code) for code in table["gm_code"]]
    return dict(zip(names, zip(table["round"], table["state"], table["reached"], strict=True), strict=True))


@pytest.mark.parametrize(
    "day, expected",
    [
        ("2006-08-31", (1, "planned", "planned")),
        ("2006-09-01", (1, "talk", "talk")),
        ("2006-10-01", (1, "quotation", "quotation")),
        ("2006-11-01", (1, "second_contact", "quotation")),
        ("2006-12-02", (1, "second_contact", "quotation")),
        ("2006-12-03", (1, "agreed", "agreed")),
        ("2007-01-01", (1, "running", "running")),
        ("2007-12-31", (1, "running", "running")),
        ("2008-01-01", (1, "completed", "completed")),
    ],
)
def test_the_state_is_the_furthest_step_begun(day, expected):
    made = talks("Baarn 1 01-09-2006 01-10-2006 01-12-2006 03-12-2006 02-12-2006 01-11-2006 01-01-2007 12-2007".split())
    assert states(made, day) == {"Baarn": expected}


def test_the_state_is_never_the_newest_step():
    made = talks(["Baarn", "1", "01-10-2007", "01-09-2007"], ["Soest", "1", "01-09-2007", "", "", "", "", "01-10-2007"])
    assert states(made, "2007-10-09") == {
        "Baarn": (1, "quotation", "quotation"),
        "Soest": (1, "second_contact", "talk"),
    }


def test_two_of_three_approvals_are_no_agreement():
    made = talks(["Baarn", "1", "01-09-2006", "01-10-2006", "01-11-2006", "", "01-11-2006"])
    assert states(made, "2007-10-09") == {"Baarn": (1, "quotation", "quotation")}


def test_a_second_contact_counts_as_a_talk_at_least():
    made = talks(["Baarn", "1", "", "", "", "", "", "01-09-2006"])
    assert states(made, "2007-10-09") == {"Baarn": (1, "second_contact", "talk")}


def test_a_municipality_is_in_the_round_of_its_newest_step_and_in_the_higher_one_when_equal():
    made = talks(
        ["Baarn", "1", "01-09-2006"],
        ["Baarn", "2", "01-02-2007"],
        ["Soest", "1", "01-09-2006"],
        ["Soest", "2", "01-09-2006"],
        ["Zeist", "2", ""],
        ["Zeist", "3", ""],
        ["Houten", "1", "01-09-2006"],
        ["Houten", "3", ""],
    )
    assert {name: state[0] for name, state in states(made, "2006-10-01").items()} == {
        "Baarn": 1,
        "Houten": 1,
        "Soest": 2,
        "Zeist": 3,
    }
    assert states(made, "2007-02-01")["Baarn"] == (2, "talk", "talk")


def test_a_partnership_in_a_list_stands_for_its_members():
    made = talks(["Utrecht-West", "1", "01-09-2006"])
    assert sorted(states(made, "2007-10-09")) == sorted(WEST)


def counted(made, day, number):
    table = measure.rounds(made.as_of(day))
    mine = table[table["round"] == number]
    return {
        row.state: tuple(
            None if pd.isna(n) else int(n) for n in (row.municipalities, row.reached, row.late, row.stated)
        )
        for row in mine.itertuples()
    }


def test_a_round_counts_now_reached_and_late_and_is_empty_not_zero_without_names():
    made = talks(
        ["Baarn", "2", "01-09-2006"],
        ["Soest", "2", "01-09-2006", "01-10-2006", "01-05-2007", "01-05-2007", "01-05-2007"],
        ["Zeist", "2", "01-09-2006", "", "", "", "", "01-04-2007"],
    )
    before = {"planned": (0, 3, 0), "talk": (2, 3, 0), "quotation": (1, 1, 0), "agreed": (0, 0, 0)}
    before |= {"running": (0, 0, 0), "completed": (0, 0, 0), "second_contact": (0, 0, 0), "not_stated": (None,) * 3}
    assert counted(made, "2007-03-31", 2) == {state: (*values, None) for state, values in before.items()}
    after = before | {"talk": (1, 3, 1), "quotation": (0, 1, 0), "agreed": (1, 1, 0), "second_contact": (1, 1, 1)}
    assert counted(made, "2007-06-01", 2) == {state: (*values, None) for state, values in after.items()}
    assert set(counted(made, "2007-06-01", 1).values()) == {(None,) * 4}
    assert counted(made, "2007-06-01", 0)["talk"] == (1, 3, 1, None)


def test_a_round_without_a_deadline_is_never_late():
    made = talks(["Baarn", "1", "01-09-2006"])
    assert counted(made, "2020-01-01", 1)["talk"] == (1, 1, 0, None)


def stated(day, **filters):
    table = measure.rounds(shipped().within(**filters).as_of(day))
    said = table[table["stated"].notna()]
    return said[["round", "size", "state", "stated", "stated_as", "fact_id"]].values.tolist()


FIRST = [
    [1, 12, "quotation", 2, "now", "L1-030"],
    [1, 12, "agreed", 8, "reached", "L1-029"],
    [1, 12, "not_stated", 2, "now", ""],
    [2, 7, "talk", 7, "now", "L1-032"],
    [2, 7, "not_stated", 0, "now", ""],
    [3, 10, "planned", 10, "now", "L1-035"],
    [3, 10, "not_stated", 0, "now", ""],
]
SECOND = [
    [0, 29, "agreed", 22, "reached", "L2-016"],
    [0, 29, "second_contact", 3, "now", "L2-019"],
    [0, 29, "not_stated", 4, "now", ""],
]


@pytest.mark.parametrize(
    "day, said",
    [("2006-11-29", []), ("2006-11-30", FIRST), ("2007-10-08", FIRST), ("2007-10-09", SECOND), ("2008-01-01", SECOND)],
)
def test_the_newest_letter_at_or_before_the_date_is_the_one_that_states(day, said):
    assert stated(day) == said


def test_without_a_named_row_the_letters_are_all_there_is():
    published = shipped().within(basis="published").as_of("2007-10-09")
    table = measure.rounds(published)
    assert table[["municipalities", "reached", "late"]].notna().sum().sum() == 0
    assert set(table["names"]) == {""}
    assert stated("2007-10-09", basis="published") == SECOND


def test_the_shipped_rounds_agree_with_both_letters():
    def now(day, number):
        return {state: values[0] for state, values in counted(shipped(), day, number).items() if values[0]}

    assert [now("2006-11-30", number) for number in (1, 2, 3)] == [
        {"agreed": 8, "quotation": 2, "talk": 2},
        {"talk": 7},
        {"planned": 10},
    ]
    assert now("2007-10-09", 0) == {"running": 22, "second_contact": 3, "talk": 4}
    table = measure.rounds(shipped()).set_index(["round", "state"])
    assert table.loc[(0, "second_contact"), "names"] == "Bunnik, Rhenen en Wijk bij Duurstede"
    assert table.loc[(0, "talk"), "names"] == "Bunschoten, Eemnes, Renswoude en Vianen"


def test_a_claim_with_a_word_for_a_number_does_not_break_the_rounds():
    made = talks(
        ["Baarn", "1", "01-09-2006"],
        **{
            "2006-07-01_a/beweringen.csv": (
                CLAIMS_HEAD_AND(["C1", "01-07-2006", "Enkele gemeenten", "enkele", "gemeenten", "rounds.now:1:talk"]),
                {"source": "S6", "rows": ["claims"], "basis": "letter", "date": "2006-07-01"},
            )
        },
    )
    assert counted(made, "2006-10-01", 1)["talk"] == (1, 1, 0, None)


# ---------------------------------------------------------------- claims


def CLAIMS_HEAD_AND(*rows):
    return [["fact_id", "as_of", "statement", "stated", "unit", "measure"], *rows]


def test_on_all_rows_every_claim_holds_or_holds_approximately():
    table = measure.claims(shipped())
    assert table[["fact_id", "as_of", "stated", "verdict"]].values.tolist() == [
        ["L1-026", "2006-11-30", "3", "holds"],
        ["L1-027", "2006-11-30", "12", "holds"],
        ["L1-029", "2006-11-30", "8", "holds"],
        ["L1-030", "2006-11-30", "2", "holds"],
        ["L1-031", "2006-11-30", "7", "holds"],
        ["L1-032", "2006-11-30", "7", "holds"],
        ["L1-034", "2006-11-30", "10", "holds"],
        ["L1-035", "2006-11-30", "10", "holds"],
        ["L1-066", "2006-11-30", "3", "holds"],
        ["L1-072", "2006-11-30", "5", "holds"],
        ["L2-016", "2007-10-09", "22", "holds"],
        ["L2-017", "2007-10-09", "ca. 75", "approximately"],
        ["L2-019", "2007-10-09", "3", "holds"],
    ]
    assert round(float(table.set_index("fact_id").at["L2-017", "computed"]), 1) == 75.9


def test_on_published_rows_none_differs_and_most_are_not_computable():
    table = measure.claims(shipped().within(basis="published")).set_index("fact_id")
    assert dict(table.loc[table["verdict"] != "not_computable", "verdict"]) == {"L1-066": "holds", "L1-072": "holds"}
    assert table.loc[table["verdict"] == "not_computable", "computed"].isna().all()
    assert len(table) == 13


def test_each_claim_is_computed_at_its_own_date_whatever_the_date_of_the_monitor():
    one, other = measure.claims(shipped().as_of("2010-01-01")), measure.claims(shipped())
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("day, known, letters", [
    ("2006-11-29", "", []),
    ("2006-11-30", "", ["2006-11-30"]),
    ("2007-10-09", "2007-10-08", ["2006-11-30"]),
    ("2007-10-09", "2007-10-09", ["2006-11-30", "2007-10-09"]),
])  # fmt: skip
def test_a_claim_is_shown_from_the_day_and_the_knowledge_of_its_letter(day, known, letters):
    table = measure.claims(shipped().as_of(day).known_on(known))
    assert sorted(set(table["as_of"])) == letters


def test_a_verdict_that_leans_on_examples_says_so_in_its_cell():
    table = measure.claims(shipped()).set_index("fact_id")
    assert table.loc["L2-016", ["verdict", "verdict_label"]].tolist() == [
        "holds",
        "klopt, met voorbeelden die daarop zijn gemaakt",
    ]
    assert table.loc["L1-066", ["verdict_label", "examples"]].tolist() == ["klopt", 0]
    about = table.attrs["wmo"]
    assert (about["made_of"], about["made"], about["made_up"]) == ("claims", 13, 11)


def test_a_fact_that_stands_twice_is_stated_by_its_first_row():
    """In one list, in another of that day, with another date (no repeat), and in a newer list, which takes its place."""
    letter = {"source": "S6", "rows": ["claims"], "basis": "letter", "date": "2006-11-30"}
    rows = [[fact, day, "x", stated, "", "rounds.count"] for fact, day, stated in (
        ("C1", "30-11-2006", "3"), ("C1", "30-11-2006", "4"), ("C1", "1-11-2006", "5"), ("C2", "30-11-2006", "6"),
    )]  # fmt: skip
    made = talks(
        ["Baarn", "1", "01-09-2006"],
        **{
            "2006-11-30_b/a.csv": (CLAIMS_HEAD_AND(*rows), letter),
            "2006-11-30_b/b.csv": (CLAIMS_HEAD_AND([*rows[0][:3], "7", *rows[0][4:]]), letter),
            "2006-12-01_c/c.csv": (CLAIMS_HEAD_AND([*rows[3][:3], "8", *rows[3][4:]]), letter | {"date": "2006-12-01"}),
        },
    )
    stated = measure.claims(made)[["fact_id", "as_of", "stated"]].values.tolist()
    assert stated == [["C1", "2006-11-01", "5"], ["C1", "2006-11-30", "3"], ["C2", "2006-11-30", "8"]]
    told = made.tables["findings"].query("code == 'J18'")[["file", "row", "listed"]].values.tolist()
    assert sorted(told) == [["2006-11-30_b/a.csv", 3, "C1"], ["2006-11-30_b/b.csv", 2, "C1"]]


def test_a_claim_is_never_computed_from_what_is_stated_or_from_the_codebook():
    made = talks(
        ["Baarn", "1", "01-09-2006"],
        ["Soest", "1", "01-09-2006"],
        **{
            "2006-11-30_b/beweringen.csv": (
                CLAIMS_HEAD_AND(
                    ["C1", "30-11-2006", "Ronde 1", "12", "gemeenten", "rounds.size:1"],
                    ["C2", "30-11-2006", "Gesprek", "2", "gemeenten", "rounds.now:1:talk"],
                    ["C3", "30-11-2006", "Aandeel", "6,9", "%", "rounds.share::talk"],
                    ["C4", "30-11-2006", "Aandeel", "ca. 7", "%", "rounds.share::talk"],
                    ["C5", "30-11-2006", "Aandeel", "ca. 6,8", "%", "rounds.share::talk"],
                    ["C6", "30-11-2006", "Aandeel", "6,8", "%", "rounds.share::talk"],
                    ["C7", "30-11-2006", "Aandeel", "ca. 6,7", "%", "rounds.share::talk"],
                    ["C8", "30-11-2006", "Pilots", "3", "projecten", "projects.source:S7"],
                    ["C9", "30-11-2006", "Onleesbaar", "3", "projecten", "iets.anders:1"],
                    ["D1", "31-02-2006", "Zonder datum", "3", "gemeenten", "rounds.size:1"],
                    ["D2", "30-11-2006", "Woord", "enkele", "gemeenten", "rounds.size:1"],
                ),
                {"source": "S6", "rows": ["claims"], "basis": "letter", "date": "2006-11-30"},
            )
        },
    )
    table = measure.claims(made).set_index("fact_id")
    assert dict(table["verdict"]) == {
        "D1": "not_computable",
        "C1": "differs",
        "C2": "holds",
        "C3": "holds",
        "C4": "holds",
        "C5": "approximately",
        "C6": "differs",
        "C7": "differs",
        "C8": "not_computable",
        "C9": "not_computable",
        "D2": "not_computable",
    }
    assert float(table.at["C1", "computed"]) == 2


# ---------------------------------------------------------------- the shipped totals


def test_the_shipped_lists_hold_57_projects():
    whole = shipped()
    assert whole.date == "2007-10-09"
    assert len(whole.projects) == 57
    assert dict(whole.projects["basis"].value_counts()) == {"example": 41, "letter": 10, "documented": 6}
    # the letter's agreement with Utrecht-West counts as an example too: one of its rows is BB-01
    assert whole.projects.index[whole.projects["example"] & (whole.projects["basis"] != "example")].tolist() == [
        "S2-L1-029"
    ]


@pytest.mark.parametrize(
    "day, number, without",
    [
        ("2007-10-09", 26, ["Renswoude", "Vianen", "Wijk bij Duurstede"]),
        (
            "2006-11-30",
            15,  # with the Eemland pilot and what we know now of that day: the agreement of Utrecht-West began in December
            [
                "Abcoude",
                "Breukelen",
                "Bunnik",
                "Houten",
                "IJsselstein",
                "Loenen",
                "Lopik",
                "Maarssen",
                "Montfoort",
                "Oudewater",
                "Renswoude",
                "Rhenen",
                "De Ronde Venen",
                "Vianen",
            ],
        ),
    ],
)
def test_the_shipped_coverage_at_the_date_of_either_letter(day, number, without):
    table = measure.coverage(shipped().as_of(day))
    totals = table[(table["theme"] == "") & (table["gm_code"] != "")]
    assert list(totals.loc[totals["number"] == 0, "municipality"]) == without
    assert covered(table) == (number, 29)


def test_the_shipped_credit_figures_stand_in_the_amounts():
    amounts = shipped().tables["amounts"].query("credit_id == 'FPK2006'")
    sums = amounts.groupby("kind")["cents"].sum()
    assert dict(sums) == {"asked": 24_600_000, "granted": 21_650_000, "settled": 6_800_000}
    settled = set(amounts.loc[amounts["kind"] == "settled", "project_id"])
    granted = amounts[(amounts["kind"] == "granted") & ~amounts["project_id"].isin(settled)]
    assert granted["cents"].sum() + sums["settled"] == 21_450_000
    assert amounts["date_from"].min() >= "2007-01-01"


def test_every_measure_carries_its_citation_and_the_digest_of_its_table():
    whole = shipped()
    for table, name in (
        (measure.coverage(whole), "coverage"),
        (measure.coverage(whole, by="theme"), "coverage"),
        (measure.rounds(whole), "rounds"),
        (measure.claims(whole), "claims"),
    ):
        about = schema.checked(table)
        assert about["measure"] == name
        assert (about["as_of"], about["projects"], about["examples"], about["build"]) == (
            "2007-10-09",
            57,
            42,
            whole.build,
        )
        with pytest.raises(wmo.WmoError):
            schema.checked(table.iloc[1:])


# ---------------------------------------------------------------- the digest


def test_the_digest_is_over_what_to_csv_writes():
    table = pd.DataFrame(
        {
            "a,b": ["x", "y,z", 'say "q"', "l\nm", ""],
            "n": pd.array([1, None, 3, -4, 0], dtype="Int64"),
            "f": pd.array([1.5, None, 1 / 3, 1e-7, 1e16], dtype="Float64"),
            "t": [True, False, True, True, False],
            "o": [None, 1, "x", 2.5, pd.NA],
            "s": pd.array(["ĳ", None, "é", "—", "€"], dtype="str"),
        }
    )
    table.attrs["wmo"] = {"measure": "x", "digest": "not part of it"}
    text = table.to_csv(index=False, lineterminator="\n", na_rep="") + repr([("measure", "x")])
    assert schema.digest(table) == hashlib.sha256(text.encode()).hexdigest()[:12]


# ---------------------------------------------------------------- the citation and the shape of a table


def test_a_citation_reads_as_a_dict_and_signs_as_one():
    cited = schema.Citation("x", as_of="2007-10-09", extra={"of": 29})
    assert (cited["measure"], cited["of"], cited.get("by", "-"), "by" in cited, "of" in cited) == (
        "x",
        29,
        "-",
        False,
        True,
    )
    with pytest.raises(KeyError):
        cited["by"]
    one, other = pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]})
    one.attrs["wmo"], other.attrs["wmo"] = cited, dict(cited)
    assert schema.digest(one) == schema.digest(other)
    by_theme = cited.replaced(by="theme", of=3)
    assert (by_theme["by"], {**by_theme}["of"], cited["of"]) == ("theme", 3, 29)


def test_a_citation_cannot_be_changed_and_pandas_does_not_copy_it():
    cited = schema.Citation("x", extra={"of": 29})
    with pytest.raises(dataclasses.FrozenInstanceError):
        cited.measure = "y"
    with pytest.raises(TypeError):
        cited.extra["of"] = 3
    table = schema.cited(pd.DataFrame({"a": [1, 2]}), cited)
    assert table.copy().iloc[:1].attrs["wmo"] is table.attrs["wmo"]


VIEWS = {
    "budget": ["", "theme", "region", "source", "municipality", "time", "listed"],
    "changes": ["rows", "theme", "region", "source"],
    "compare": ["municipality", "region", "date"],
    "coverage": ["matrix", "theme", "region", "source", "municipality", "white"],
    "projects": ["", "theme", "region", "municipality", "source"],
    "quality": ["source", "finding"],
    "rounds": ["round", "time"],
}
EMPTY = {"source": "X0"}  # five projects without a place


def made(name, by, selection):
    given = {"since": "2006-11-30"} if name == "changes" else {}
    given |= {"municipality": "Soest"} if name == "profile" else {}
    given |= SIDES["compare" if by == "municipality" else f"compare_{by}"] if name == "compare" else {}
    return getattr(measure, name)(selection, **given | ({"by": by} if by else {}))


@pytest.mark.parametrize("filters", [{}, EMPTY, {"municipality": "Soest", "source": "S1"}], ids=str)
def test_every_measure_has_the_columns_and_the_keys_that_it_names(filters):
    selection = shipped().within(**filters)
    tables = [*VIEWS, *(set(measure.__all__) - set(VIEWS) - {"BEHIND", "SHAPES", "figure"})]
    shaped = set()
    for name, by in itertools.chain(*(itertools.product([each], VIEWS.get(each, [""])) for each in tables)):
        view = name if by in ("", "matrix") else f"{name}.{by}"
        table, shape = made(name, by, selection), measure.SHAPES[view]
        shaped.add(view)
        assert list(table) == list(shape.columns), view
        assert not table.duplicated(list(shape.keys)).any(), view
        assert table.attrs["wmo"].get("by", "matrix") in (by, "matrix"), view
        assert schema.checked(table)["measure"] == name
    assert shaped == set(measure.SHAPES)


def test_projects_without_any_place_are_a_list_too():
    table = measure.projects(shipped().within(source="X0"))
    assert list(table["project"]) == ["X0-L1-076", "X0-L1-073", "X0-L1-078", "X0-L1-079", "X0-L1-077"]
    assert set(table["via_label"]) == {""}
    assert table.attrs["wmo"]["reached"] == 0


# ---------------------------------------------------------------- assumptions


def test_a_finding_is_told_and_never_computed_with():
    whole = shipped()
    untold = dataclasses.replace(whole, tables=whole.tables | {"findings": whole.tables["findings"].iloc[:0]})
    assert len(whole.tables["findings"].query("code == 'J11'")) == 8
    pd.testing.assert_frame_equal(measure.assumptions(untold), measure.assumptions(whole))
    for chosen in ({}, {"theme": "P5"}, {"source": "S3", "region": "EEM"}):
        assert untold.within(**chosen).citation["assumptions"] == whole.within(**chosen).citation["assumptions"]


def test_a_theme_is_assumed_where_its_own_cell_says_so():
    rows = [
        ["1", "Met aanname", "Baarn", "sociale samenhang"],
        ["2", "Zonder", "Soest", "P4"],
        ["3", "Ernaast", "Zeist", "P4; levensloopbestendige wijk"],
    ]
    taken = few(*rows)
    assert taken.within(municipality="Soest").citation["assumptions"] == []
    assert taken.within(municipality="Baarn").citation["assumptions"] == [
        "toewijzing aan thema Sociale cohesie: aanname"
    ]
    table = measure.assumptions(taken)
    assert table[["code", "with_it", "without_it"]].astype(object).where(table.notna(), None).values.tolist() == [
        ["P4", 3, 2],
        ["P5", 1, None],
    ]
