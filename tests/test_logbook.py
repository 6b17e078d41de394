"""The logbook of a municipality: its steps with their days, its days before or after the deadline, and where that stands."""

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from monitors import monitor, shipped, tables
from test_options import CHOICES, DAYS

import wmo_analysis as wmo
from wmo_analysis import measure
from wmo_analysis.dashboard.board import begun

APPROVALS = ["approval_1", "approval_2", "approval_3"]
HEAD = ["municipality", "round", "talk", "quotation", *APPROVALS, "second_contact", "start"]
CARD = {"source": "S2", "rows": ["conversations"], "date": "2006-07-01"}
FILE = "2006-07-01_a/gesprekken.csv"
STEPS = ["talk", "quotation", *APPROVALS, "agreed", "start", "second_contact"]  # as the logbook has them


def listed(*rows):
    """Rows of a list of conversations: municipality, round, and the days of its steps by the name of their column."""
    return [
        HEAD,
        *([municipality, number, *(days.get(name, "") for name in HEAD[2:])] for municipality, number, days in rows),
    ]


def talks(*rows, **lists):
    return monitor({FILE: (listed(*rows), CARD), **lists})


def agreed(day):
    return dict.fromkeys(APPROVALS, day)


def shown(table, *columns):
    """municipality -> the values of these columns, None where nothing is known."""
    values = table[list(columns)].astype(object).where(table[list(columns)].notna(), None).to_numpy().tolist()
    return dict(zip(table["municipality"], map(tuple, values), strict=True))


# ---------------------------------------------------------------- approvals


def test_each_approval_is_a_step_of_its_own_beside_the_agreement():
    rows = listed(
        ["Baarn", "2", {"approval_1": "01-03-2007", "approval_2": "maart 2007", "approval_3": "15-03-2007"}],
        ["Soest", "2", {"approval_2": "02-03-2007"}],
    )
    steps = tables({FILE: (rows, CARD)})["conversations"]
    assert steps[["gm_code", "step", "date_from", "date_to", "precision", "row"]].to_numpy().tolist() == [
        ["GM0308", "agreed", "2007-03-15", "2007-03-15", "day", 2],
        ["GM0308", "approval_1", "2007-03-01", "2007-03-01", "day", 2],
        ["GM0308", "approval_2", "2007-03-01", "2007-03-31", "month", 2],
        ["GM0308", "approval_3", "2007-03-15", "2007-03-15", "day", 2],
        ["GM0308", "planned", "", "", "", 2],
        ["GM0342", "approval_2", "2007-03-02", "2007-03-02", "day", 3],
        ["GM0342", "planned", "", "", "", 3],
    ]


def test_an_approval_of_one_party_changes_no_state_and_no_count():
    """Nor the round, nor the days of the slider: Baarn has its newest step in round 1, but an approval in round 2."""
    bare = [["Baarn", "1", {"talk": "01-02-2007"}], ["Baarn", "2", {}], ["Soest", "2", {}]]
    approved = [bare[0], ["Baarn", "2", {"approval_1": "01-03-2007"}], ["Soest", "2", {"approval_3": "05-03-2007"}]]
    newest = {"2007-10-09_b/leeg.csv": ([["title"], ["Samen"]], {"source": "S4", "date": "2007-10-09"})}
    without, with_them = talks(*bare, **newest), talks(*approved, **newest)
    assert begun(with_them) == begun(without)
    for day in DAYS:
        one, other = without.as_of(day), with_them.as_of(day)
        pd.testing.assert_frame_equal(other.states, one.states)
        for by in ("round", "time"):
            assert measure.rounds(other, by=by).to_csv() == measure.rounds(one, by=by).to_csv()


# ---------------------------------------------------------------- days


WAY = ["Baarn", "2", {"talk": "01-02-2007", "quotation": "20-02-2007", "approval_1": "10-03-2007", "approval_2": "20-03-2007",
       "approval_3": "12-04-2007", "start": "01-05-2007"}]  # fmt: skip


def test_the_logbook_tells_the_day_of_each_step_and_the_row_that_says_so():
    contact = ["Soest", "3", {"talk": "01-03-2007", "second_contact": "01-06-2007"}]
    table = measure.logbook(talks(contact, WAY, ["Zeist", "1", {}]).as_of("2007-10-09"))
    assert shown(table, "gm_code", "round", "state", "state_label") == {
        "Baarn": ("GM0308", 2, "running", "in uitvoering"),
        "Soest": ("GM0342", 3, "second_contact", "tweede contact"),
        "Zeist": ("GM0355", 1, "planned", "gesprek gepland"),
    }
    approvals = "2007-03-10", "2007-03-20", "2007-04-12"
    assert shown(table, *STEPS) == {
        "Baarn": ("2007-02-01", "2007-02-20", *approvals, "2007-04-12", "2007-05-01", ""),
        "Soest": ("2007-03-01", *[""] * 6, "2007-06-01"),
        "Zeist": ("",) * 8,
    }
    assert shown(table, "deadline", "late", "late_label", "file", "sheet", "row") == {
        "Baarn": ("2007-03-31", 12, "12 dagen te laat", FILE, "", "3"),
        "Soest": ("2007-06-30", 101, "101 dagen te laat, nog geen akkoord", FILE, "", "2"),
        "Zeist": ("", None, "", FILE, "", "4"),
    }


@pytest.mark.parametrize(
    "day, days, late",
    [
        ("2007-02-19", "talk", (None, "")),
        ("2007-03-31", "talk quotation approval_1 approval_2", (None, "")),
        ("2007-04-01", "talk quotation approval_1 approval_2", (1, "1 dag te laat, nog geen akkoord")),
        ("2007-04-11", "talk quotation approval_1 approval_2", (11, "11 dagen te laat, nog geen akkoord")),
        ("2007-04-12", "talk quotation approval_1 approval_2 approval_3 agreed", (12, "12 dagen te laat")),
        ("2009-01-01", "talk quotation approval_1 approval_2 approval_3 agreed start", (12, "12 dagen te laat")),
    ],
)
def test_a_step_has_no_day_before_it_begins(day, days, late):
    table = measure.logbook(talks(WAY).as_of(day))
    assert [name for name in STEPS if table.at[0, name]] == days.split()
    assert shown(table, "late", "late_label") == {"Baarn": late}


def test_days_late_are_counted_from_the_deadline_in_both_languages():
    made = talks(
        ["Baarn", "2", agreed("26-03-2007")],
        ["Bunnik", "2", agreed("30-03-2007")],
        ["De Bilt", "2", agreed("31-03-2007")],
        ["Houten", "2", agreed("01-04-2007")],
        ["Leusden", "1", agreed("01-04-2007")],
        ["Soest", "2", {}],
    ).as_of("2007-04-01")
    assert shown(measure.logbook(made), "late", "late_label") == {
        "Baarn": (-5, "5 dagen voor de termijn"),
        "De Bilt": (0, "op de laatste dag"),
        "Bunnik": (-1, "1 dag voor de termijn"),
        "Houten": (1, "1 dag te laat"),
        "Leusden": (None, ""),
        "Soest": (1, "1 dag te laat, nog geen akkoord"),
    }
    labels = list(measure.logbook(made.in_language("en"))["late_label"])
    assert labels[:3] == ["5 days before the deadline", "on the last day", "1 day before the deadline"]
    assert labels[3:] == ["1 day late", "", "1 day late, not agreed yet"]
    about = measure.logbook(made).attrs["wmo"]
    assert about["late"] == {"agreed": ["GM0321"], "open": ["GM0342"], "unknown": []}
    said = "Na de termijn akkoord: Houten (1 dag). Na de termijn nog geen akkoord: Soest (1 dag)."
    assert about["sentence"] == f"{said} De grafiek van de rondes noemt alleen te laat wie nog niet akkoord is."


def test_what_is_agreed_without_a_day_in_this_round_is_late_by_an_unknown_number():
    made = talks(
        ["Baarn", "1", agreed("01-12-2006")],
        ["Baarn", "2", {"talk": "01-02-2007"}],
        ["Soest", "2", {"approval_1": "01-02-2007", "start": "01-05-2007"}],
    ).as_of("2007-10-09")
    label = "akkoord, dag in deze ronde niet vermeld"
    assert shown(measure.logbook(made), "state", "agreed", "late", "late_label") == {
        "Baarn": ("agreed", "", None, label),
        "Soest": ("running", "", None, label),
    }
    about = measure.logbook(made).attrs["wmo"]
    assert (about["late"]["unknown"], about["late_unknown"]) == (["GM0308", "GM0342"], 2)
    assert about["sentence"] == "Akkoord, maar zonder dag in deze ronde: Baarn en Soest."


def test_the_newest_round_is_told_with_all_its_rows_the_newest_list_first():
    later = {
        "2007-01-01_b/later.csv": (
            listed(["Baarn", "2", {"quotation": "01-03-2007"}]),
            CARD | {"source": "S4", "date": "2007-01-01"},
        )
    }
    made = talks(
        ["Baarn", "1", {"talk": "01-09-2006"} | agreed("01-12-2006")],
        ["Baarn", "2", {"talk": "01-02-2007"}],
        ["Baarn", "2", {"talk": "15-01-2007"}],
        **later,
    )
    columns = ["round", "talk", "quotation", "agreed", "file", "sheet", "row"]
    told = {day: shown(measure.logbook(made.as_of(day)), *columns) for day in ("2006-12-31", "2007-10-09")}
    files = f"2007-01-01_b/later.csv; {FILE}; {FILE}"
    assert told["2006-12-31"] == {"Baarn": (1, "2006-09-01", "", "2006-12-01", FILE, "", "2")}
    assert told["2007-10-09"] == {"Baarn": (2, "2007-01-15", "2007-03-01", "", files, "", "2; 3; 4")}


def test_another_source_that_was_not_chosen_tells_nothing_of_the_way():
    other = {"2006-07-01_b/ander.csv": (listed(["Baarn", "2", {"quotation": "01-03-2007"}]), CARD | {"source": "S4"})}
    made = talks(["Baarn", "2", {"talk": "01-02-2007"}], **other).as_of("2007-10-09")
    told = {source: shown(measure.logbook(made.within(source=source)), "talk", "quotation") for source in ("S2", "S4")}
    assert told == {"S2": {"Baarn": ("2007-02-01", "")}, "S4": {"Baarn": ("", "2007-03-01")}}


def test_a_list_that_is_not_in_force_and_a_source_left_out_tell_nothing():
    newer = {"2007-09-01_b/nieuw.csv": (listed(["Baarn", "2", {"talk": "03-02-2007"}]), CARD | {"date": "2007-09-01"})}
    made = talks(["Baarn", "2", {"talk": "01-02-2007", "quotation": "01-03-2007"}], **newer).as_of("2007-10-09")
    assert shown(measure.logbook(made), "talk", "quotation", "row") == {"Baarn": ("2007-02-03", "", "2")}
    for nobody in (made.within(source="S4"), made.within(municipality="Soest"), made.within(basis="published")):
        table = measure.logbook(nobody)
        assert (len(table), table.attrs["wmo"]["sentence"][:15]) == (0, "Geen gemeente v")
        assert list(wmo.table(table)) == list(wmo.table(measure.logbook(made)))


def test_a_table_to_read_has_days_and_the_number_beside_its_words():
    table = wmo.table(measure.logbook(talks(WAY).as_of("2007-10-09")))
    assert list(table.iloc[0].items()) == [
        *[
            ("code", "GM0308"),
            ("gemeente", "Baarn"),
            ("ronde", "2"),
            ("stand", "in uitvoering"),
            ("gesprek", "1-2-2007"),
        ],
        *[("offerte", "20-2-2007"), ("akkoord 1", "10-3-2007"), ("akkoord 2", "20-3-2007"), ("akkoord 3", "12-4-2007")],
        *[("akkoord", "12-4-2007"), ("start", "1-5-2007"), ("tweede contact", ""), ("termijn", "31-3-2007")],
        *[("te laat", "12"), ("op tijd?", "12 dagen te laat"), ("lijst", FILE), ("blad", ""), ("rij", "2")],
    ]


# ---------------------------------------------------------------- the law


def as_the_chart_counts(here):
    """Asserts that the late of the rounds are the rows of the logbook that are late and not agreed, round by round."""
    table, counted = measure.logbook(here), measure.rounds(here)
    late = table[(table["late"] > 0) & (table["agreed"] == "")]
    for number in (0, *here.codebook.round_sizes):
        mine = late if number == 0 else late[late["round"] == number]
        column = counted.loc[counted["round"] == number, "late"].dropna()
        assert column.sum() == len(mine), number
    assert table["gm_code"].tolist() == [here.codebook.gm_codes[at] for at in (here.stood.reached >= 0).nonzero()[0]]
    assert len(late) == table.attrs["wmo"]["late_open"]


@settings(max_examples=60, deadline=None)
@given(choices=CHOICES, day=st.sampled_from(DAYS))
def test_the_late_of_the_chart_are_the_rows_late_and_not_agreed(choices, day):
    here = shipped().as_of(day)
    for name, values in choices:
        here = here.within(**{name: values})
    as_the_chart_counts(here)


days = st.sampled_from(["", "01-12-2006", "31-03-2007", "01-04-2007", "30-06-2007", "01-07-2007", "2008"])
step_days = st.dictionaries(st.sampled_from(HEAD[2:]), days, max_size=7)
told = st.tuples(st.sampled_from(["Baarn", "Soest", "Eemland"]), st.sampled_from("123"), step_days)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(rows=st.lists(told, min_size=1, max_size=6))
def test_the_law_holds_for_any_list_of_conversations(rows):
    made = talks(*rows)
    for day in ("2007-03-31", "2007-04-01", "2007-07-01", "2008-06-01"):
        as_the_chart_counts(made.as_of(day))


# ---------------------------------------------------------------- where it shows


def test_a_profile_tells_the_way_of_its_municipality_whatever_is_chosen():
    made = talks(WAY).as_of("2007-10-09")
    for here in (made, made.within(region="BRU"), made.within(round=3)):
        about = measure.profile(here, "Baarn").attrs["wmo"]
        assert about["logbook"] == [
            ("gesprek", "1 februari 2007"),
            ("offerte", "20 februari 2007"),
            ("akkoord 1", "10 maart 2007"),
            ("akkoord 2", "20 maart 2007"),
            ("akkoord 3", "12 april 2007"),
            ("akkoord", "12 april 2007"),
            ("start", "1 mei 2007"),
        ]
        assert about["late_label"] == "12 dagen te laat"
    about = measure.profile(made, "Zeist").attrs["wmo"]
    assert (about["logbook"], about["late_label"]) == ([], "")


def said(path):
    """The text of every paragraph outside tables, with what stands in controls."""
    return ["".join(t.text for t in p._p.iter(qn("w:t"))) for p in docx.Document(str(path)).paragraphs]


@pytest.fixture
def no_chrome(monkeypatch, tmp_path):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))


@pytest.mark.parametrize("programme", ["", "burgers-betrekken"])
def test_the_memo_names_who_is_late_and_by_how_many_days(no_chrome, tmp_path, programme):
    path = wmo.memo(shipped(), tmp_path / "memo.docx", programme=programme)
    assert {
        "Na de termijn akkoord: Houten (20 dagen).",
        "Na de termijn nog geen akkoord: Bunschoten (192 dagen), Eemnes (101 dagen), Renswoude (101 dagen), "
        "Rhenen (101 dagen), Vianen (101 dagen) en Wijk bij Duurstede (101 dagen).",
    } <= set(said(path))
    checked = wmo.check_memo(path, shipped())
    assert set(checked["verdict"]) == {"right"}
    days = checked[checked["citation"].str.startswith("logbook ")]
    assert list(days["text"]) == ["20", "192", *["101"] * 5]


def test_a_memo_says_that_nobody_is_late_and_nothing_where_nobody_is_named(no_chrome, tmp_path):
    early = said(wmo.memo(shipped().as_of("2006-11-30"), tmp_path / "a.docx"))
    assert "Geen gemeente is te laat." in early
    unnamed = said(wmo.memo(shipped().within(basis="published"), tmp_path / "b.docx"))
    assert not [line for line in unnamed if "te laat." in line or line.startswith("Na de termijn")]


def test_more_than_twelve_late_are_a_number_and_a_table(no_chrome, tmp_path):
    names = [shipped().codebook.label("municipality", code) for code in shipped().codebook.gm_codes[:14]]
    rows = [[names[0], "2", agreed("02-04-2007")], *([name, "3", {}] for name in names[1:])]
    made = talks(*rows).as_of("2007-07-01")
    path = wmo.memo(made, tmp_path / "memo.docx")
    assert {
        f"Na de termijn akkoord: {names[0]} (2 dagen).",
        "Na de termijn nog geen akkoord: 13 gemeenten.",
    } <= set(said(path))
    heads = ["Gemeente", "Ronde", "Termijn", "Akkoord", "Te laat"]
    table = next(t for t in docx.Document(str(path)).tables if [c.text for c in t.rows[0].cells] == heads)
    cells = [["".join(t.text for t in cell._tc.iter(qn("w:t"))) for cell in row.cells] for row in table.rows[1:]]
    assert cells == [
        [names[0], "2", "31-3-2007", "2-4-2007", "2"],
        *([name, "3", "30-6-2007", "", "1"] for name in names[1:]),
    ]
    assert set(wmo.check_memo(path, made)["verdict"]) == {"right"}
    assert "13 gemeenten" in measure.logbook(made).attrs["wmo"]["sentence"]
