"""Two clocks: the day that a figure tells of, and the day up to which lists took part."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitors import SIDES, monitor, shipped

from wmo_analysis import measure, tables
from wmo_analysis.measure import lists as measure_lists
from wmo_analysis.views import VIEWS

HEAD = ["key", "title", "municipality", "theme", "start", "granted"]
TALKS = ["municipality", "round", "talk", "quotation", "approval_1", "approval_2", "approval_3"]


def agreed(made):
    table = measure.rounds(made).set_index(["round", "state"])
    return int(table.at[(0, "agreed"), "reached"]), int(table.at[(2, "agreed"), "reached"])


# ---------------------------------------------------------------- as they were seen wrong


@pytest.mark.parametrize("known, expected", [("", (16, 5)), ("2007-04-01", (8, 0))])
def test_between_two_lists_the_rounds_tell_what_the_newer_knows(known, expected):
    assert agreed(shipped().as_of("2007-04-01").known_on(known)) == expected


def test_rounds_and_credit_of_one_day_come_from_the_same_knowledge():
    then = shipped().as_of("2007-04-01").known_on("2007-04-01")
    shown = measure.summary(then).set_index("name")["value"]
    assert (shown["agreed"], shown["committed"] is measure.summary(then)["value"].array.dtype.na_value) == (8, True)


@pytest.mark.parametrize("day, number", [("2006-11-30", 8), ("2007-10-09", 22)])
@pytest.mark.parametrize("clock", [False, True])
def test_the_letters_agreements_come_out_at_their_day_under_both_clocks(day, number, clock):
    then = shipped().as_of(day).known_on(day if clock else "")
    assert agreed(then)[0] == number
    assert set(measure.claims(then).query("unit == 'gemeenten'")["verdict"]) == {"holds"}


def test_a_region_has_the_same_credit_by_filter_and_by_footing():
    parts = measure.budget(shipped(), by="region").set_index("code")["committed"]
    narrowed = measure.budget(shipped().within(region="EEM")).set_index("item")["cents"]
    assert (parts["EEM"], narrowed["committed"]) == (8_600_000, 8_600_000)


# ---------------------------------------------------------------- the rule


def test_conversations_that_a_complete_list_forgets_ended_the_day_before():
    card = {"source": "S2", "rows": ["conversations"], "complete": True}
    made = monitor(
        {
            "2006-11-01_a/gesprek.csv": (
                [TALKS, ["Baarn", "1", "01-09-2006", *[""] * 4], ["Soest", "1", "01-10-2006", *[""] * 4]],
                card | {"date": "2006-11-01"},
            ),
            "2007-10-01_a/gesprek.csv": (
                [TALKS, ["Soest", "1", "01-10-2006", *[""] * 4]],
                card | {"date": "2007-10-01"},
            ),
        }
    )
    named = {day: made.as_of(day).states["gm_code"].tolist() for day in ("2006-12-01", "2007-09-30", "2007-10-01")}
    assert named == {"2006-12-01": ["GM0308", "GM0342"], "2007-09-30": ["GM0308", "GM0342"], "2007-10-01": ["GM0342"]}
    time = measure.rounds(made, by="time").set_index("date")["talk"]
    assert dict(time) == {"2006-09-01": 1, "2006-10-01": 2, "2007-10-01": 1}


def test_a_complete_list_without_a_row_of_its_own_source_ends_what_it_drops():
    head, card = ["key", "title", "source", "municipality"], {"source": "S4", "complete": True}
    first = [["1", "Van de agenda", "", "Soest"], ["2", "Van nieuw wonen", "S5", "Baarn"]]
    last = [["2", "Van nieuw wonen", "S5", "Baarn"], ["3", "Van Alleato", "S6", "Zeist"]]
    made = monitor(
        {
            "2006-11-01_a/lijst.csv": ([head, *first], card | {"date": "2006-11-01"}),
            "2007-10-01_a/lijst.csv": ([head, *last], card | {"date": "2007-10-01"}),
        }
    )
    counts = {day: made.as_of(day).projects["counts"].to_dict() for day in ("2007-09-30", "2007-10-01")}
    assert counts == {
        "2007-09-30": {"S4-1": True, "S5-2": True, "S6-3": False},
        "2007-10-01": {"S4-1": False, "S5-2": True, "S6-3": True},
    }


def test_a_claim_stated_twice_is_told_by_the_newest_letter():
    head = ["fact_id", "as_of", "statement", "stated", "unit", "measure"]
    card = {"source": "S2", "rows": ["claims"], "basis": "letter"}
    claim = ["30-11-2006", "Akkoord"], ["gemeenten", "rounds.reached::agreed"]
    lists = {}
    for date, stated in (("2006-11-30", "8"), ("2007-10-09", "9")):
        lists[f"{date}_a/c.csv"] = [head, ["C1", *claim[0], stated, *claim[1]]], card | {"date": date}
    made = monitor(lists)
    assert list(measure.claims(made)["stated"]) == ["9"]
    assert list(measure.claims(made.known_on("2007-01-01"))["stated"]) == ["8"]
    assert measure.rounds(made.known_on("2007-01-01")).query("state == 'agreed' and round == 0")["stated"].tolist() == [
        8
    ]


def test_findings_and_account_are_those_of_the_lists_known_by_then():
    head = ["key", "title", "municipality"]
    lists = {
        f"{date}_a/l.csv": ([head, ["1", "Een", place]], {"date": date})
        for date, place in (("2006-11-01", "Baern"), ("2007-10-01", "Soust"))
    }
    made = monitor(lists)
    for known, files in (("2006-11-30", 1), ("", 2)):
        then = made.known_on(known)
        assert measure.quality(then, by="finding").query("code == 'J01'")["count"].tolist() == [files]
        assert measure.quality(then, by="finding").attrs["wmo"]["made"] == files
        assert sorted(lists)[:files] == table_files(then, "ledger") == table_files(then, "lists")
        assert set(table_files(then, "findings")) == set(sorted(lists)[:files])


def table_files(made, name):
    return list(getattr(measure_lists, name)(made)["file"])


def test_an_assumption_of_which_nothing_was_known_is_none():
    then = shipped().as_of("2006-11-30").known_on("2006-11-30")
    assert measure.assumptions(then)["label"].tolist() == ["Gewest Eemland"]
    labels = ["Gewest Eemland", "Vrijwilligers- en mantelzorg", "Sociale cohesie", "Wonen, welzijn en zorg"]
    assert measure.assumptions(shipped())["label"].tolist() == labels


DAYS = st.dates(datetime.date(2006, 1, 1), datetime.date(2008, 6, 1)).map(str)


@settings(max_examples=25, deadline=None)
@given(DAYS, DAYS, st.sampled_from([{"theme": "P3"}, {"source": "X2"}, {"region": "EEM"}, {"basis": "published"}]))
def test_filters_and_both_clocks_commute(day, known, chosen):
    one = shipped().as_of(day).known_on(known).within(**chosen)
    other = shipped().within(**chosen).known_on(known).as_of(day)
    assert measure.summary(one).equals(measure.summary(other))
    assert measure.coverage(one).equals(measure.coverage(other))


@settings(max_examples=25, deadline=None)
@given(DAYS)
def test_knowledge_of_after_the_last_list_is_all_knowledge(day):
    last = shipped().deliveries["date"].max()
    for table in (measure.coverage, measure.rounds, measure.budget):
        assert table(shipped().as_of(day).known_on(last)).equals(table(shipped().as_of(day)))


# ---------------------------------------------------------------- a theme and the one above it


def lower():
    """Two lists: one is complete. A project of P3 itself and one of P3b."""
    head = ["key", "title", "municipality", "theme"]
    rows = [["1", "Boven", "Baarn", "P3"], ["2", "Onder", "Soest", "P3b"], ["3", "Elders", "Zeist", "P2"]]
    return monitor({"2007-10-01_a/lijst.csv": ([head, *rows], {"complete": True})})


def test_under_a_lower_theme_a_project_of_the_theme_above_makes_its_cell_unknown():
    table = measure.coverage(lower().within(theme="P3b"))
    states = table[table["theme"] == "P3"].set_index("municipality")["state"]
    assert states[["Baarn", "Soest", "Zeist"]].tolist() == ["unknown", "own", "none"]
    note = "projecten die alleen het bovenliggende thema noemen en hier niet meetellen: 1"
    assert table.attrs["wmo"]["subtitle_notes"] == [note]


def test_a_project_of_the_theme_above_leaves_the_cells_of_other_themes_as_they_are():
    rows = [["1", "Zorg", "Zeist", "P3", "2006", ""], ["2", "Raad", "Baarn", "P1", "2006", ""]]
    made = monitor({"2007-10-01_a/lijst.csv": ([HEAD, *rows], {"complete": True})}).within(theme=["P1", "P3b"])
    cells = measure.coverage(made).set_index(["gm_code", "theme"])["state"]["GM0355"]
    assert cells.to_dict() == {"P1": "none", "P3": "unknown", "": "unknown"}


def test_an_excluded_project_of_the_theme_above_makes_no_cell_unknown():
    rows = [["1", "Jeugd en zorg", "Zeist", "P8; M3", "2006", ""]]
    made = monitor({"2007-10-01_a/lijst.csv": ([HEAD, *rows], {"complete": True})}).within(theme="M3a")
    cells = measure.coverage(made, theme_set="municipal").set_index(["gm_code", "theme"])["state"]["GM0355"]
    assert cells.to_dict() == {"M3": "none", "": "none"}


def test_a_filter_on_the_theme_above_keeps_both_and_notes_nothing():
    table = measure.coverage(lower().within(theme="P3"))
    assert table.attrs["wmo"]["subtitle_notes"] == []
    assert table.query("theme == 'P3' and number > 0")["municipality"].tolist() == ["Baarn", "Soest"]


# ---------------------------------------------------------------- what a figure is made of


@pytest.mark.parametrize("made_by, expected", [
    (measure.coverage, ("projects", 57, 42, 1)),
    (measure.budget, ("amounts", 7, 7, 0)),
    (measure.rounds, ("conversations", 29, 29, 0)),
])  # fmt: skip
def test_a_figure_counts_what_it_is_made_of(made_by, expected):
    about = made_by(shipped()).attrs["wmo"]
    assert tuple(about[name] for name in ("made_of", "made", "made_up", "known_too")) == expected


def test_a_figure_names_the_sources_and_assumptions_that_take_part_in_it():
    whole = shipped()
    told = {name: made(whole).attrs["wmo"] for name, made in (("credit", measure.budget), ("rounds", measure.rounds))}
    assert {name: (about["sources"], about["assumptions"]) for name, about in told.items()} == {
        "credit": (["X2"], []),
        "rounds": (["S2"], []),
    }


@pytest.mark.parametrize("by", ["theme", "region", "municipality", "source"])
def test_counting_projects_foot_in_every_division(by):
    table = measure.projects(shipped(), by=by)
    assert table.loc[table["part"] != "total", "projects"].sum() == table["projects"].iloc[-1] == 47


def test_a_project_with_shares_counts_once_and_its_cents_where_they_belong():
    head = [*HEAD, "weights"]
    rows = [
        ["1", "Gedeeld", "Baarn; Zeist", "P2", "2006", "1000", "0,5; 0,5"],
        ["2", "Heel", "Soest", "P2", "2006", "500", ""],
    ]
    made = monitor({"2007-10-01_a/lijst.csv": ([head, *rows], {"credit": "FPK2006"})})
    table = measure.budget(made, by="municipality").query("projects > 0 or committed > 0")
    assert table[["label", "projects", "committed"]].to_numpy().tolist() == [
        ["Baarn", 0, 50_000],
        ["Soest", 1, 50_000],
        ["Zeist", 0, 50_000],
        ["waarvan gedeeld over gemeenten", 1, 0],
        ["Samen", 2, 150_000],
    ]


def test_a_project_over_one_region_stands_in_its_row_unless_a_place_lies_outside():
    rows = [
        ["1", "Drie in een regio", "Baarn, Soest en Eemnes", "P2", "2006", "1000"],
        ["2", "Twee regio's", "Baarn en Zeist", "P2", "2006", "100"],
        ["3", "Met Ede", "Baarn en Ede", "P2", "2006", "10"],
        ["4", "Gewest", "gewest Eemland", "P2", "2006", "1"],
        ["5", "Twee met Ede", "Baarn, Soest en Ede", "P2", "2006", "0,10"],
        ["6", "Twee met wat niemand kent", "Baarn, Soest en Verweggistan", "P2", "2006", "0,01"],
    ]
    made = monitor({"2007-10-01_a/lijst.csv": ([HEAD, *rows], {"credit": "FPK2006"})})
    table = measure.budget(made, by="region").query("projects > 0")
    assert table[["label", "projects", "committed"]].to_numpy().tolist() == [
        ["Eemland", 2, 100_100],
        ["regionaal, niet verdeeld", 4, 11_011],
        ["Samen", 6, 111_111],
    ]


def test_a_project_stands_in_the_region_that_its_places_had_at_its_start():
    rows = [
        ["1", "Voor de toetreding", "Maarssen", "P2", "01-01-2007", "1000"],
        ["2", "Alle negen leden", "Utrecht-West", "P2", "15-12-2010", "100"],
        ["3", "In twee regio's", "Maarssen", "P2", "15-12-2010", "10"],
    ]
    made = monitor({"2007-10-01_a/lijst.csv": ([HEAD, *rows], {"credit": "FPK2006"})}).as_of("2010-12-20")
    whole = measure.budget(made, by="region")
    table = whole.query("projects > 0")
    assert table[["label", "projects", "committed"]].to_numpy().tolist() == [
        ["Utrecht-West", 1, 10_000],
        ["BRU", 1, 100_000],
        ["regionaal, niet verdeeld", 1, 1_000],
        ["Samen", 3, 111_000],
    ]
    behind = {code: made.trace(measure.figure(whole, code, "committed"))["value"].sum() for code in ("SUW", "BRU")}
    assert behind == {"SUW": 10_000, "BRU": 100_000}


# ---------------------------------------------------------------- seen wrong once


def test_tables_of_municipalities_and_of_projects_have_headings_of_their_own():
    matrix, regions = (tables.table(measure.coverage(shipped(), by=by)) for by in ("matrix", "region"))
    assert {"eigen projecten", "projecten"} <= set(matrix.columns)
    assert {"gemeenten met eigen project", "gemeenten alleen via samenwerking"} <= set(regions.columns)
    assert "eigen projecten" not in regions.columns


def test_claims_of_projects_are_not_computable_alike_where_no_such_project_is_left():
    table = measure.claims(shipped().within(source="S3")).set_index("fact_id")
    assert table.loc[["L1-066", "L1-072"], "verdict"].tolist() == ["not_computable", "not_computable"]


@pytest.mark.parametrize("chosen", [{"theme": "P9"}, {"basis": "published"}, {"status": "completed"}])
def test_every_source_with_a_project_has_its_row_of_coverage(chosen):
    here = shipped().within(**chosen)
    table = measure.coverage(here, by="source").set_index("code")
    assert list(table.index) == here.sources
    for code in here.sources:
        narrowed = measure.coverage(here.within(source=code)).attrs["wmo"]
        assert table["covered"].fillna(0)[code] == narrowed["covered"], code


def test_the_theme_part_of_a_project_is_that_of_the_rows_of_the_moment():
    head, rows = ["key", "title", "municipality", "theme"], {"2006-11-01": "P8", "2007-10-01": "P1"}
    lists = {
        f"{date}_a/l.csv": ([head, ["1", "Samen", "Baarn", theme]], {"date": date}) for date, theme in rows.items()
    }
    made = monitor(lists)
    told = {k: made.known_on(k).projects["theme_part"].tolist() for k in ("2006-11-01", "2007-10-01")}
    assert told == {"2006-11-01": ["outside"], "2007-10-01": ["one"]}


@pytest.mark.parametrize("themes, part", [("P8; M1", "outside"), ("P8; onbekend thema", "unknown"), ("M1", "unknown")])
def test_a_municipal_theme_beside_the_excluded_one_stays_outside(themes, part):
    made = monitor({"2007-10-01_a/l.csv": [["key", "title", "municipality", "theme"], ["1", "Samen", "Baarn", themes]]})
    assert made.projects["theme_part"].tolist() == [part]
    footing = measure.projects(made, by="theme").set_index("code")["projects"]
    assert footing[part] == 1


@pytest.mark.parametrize("view", [view for view in VIEWS.values() if view.chart], ids=lambda view: view.name)
def test_no_headline_counts_nothing_out_of_nothing(view):
    nowhere = shipped().within(region="EEM", municipality="Zeist")
    asked = {"since": "2006-11-30", "municipality": "Soest"}
    asked |= SIDES.get(view.name, {})
    given = {name: asked[name] for name in view.settings if name in asked}
    meta = view.figure(view.table(nowhere, **given), 800, **given).layout.meta
    assert "0 van 0" not in meta["sentence"] + meta["alt"]
