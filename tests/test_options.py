"""What each filter offers, and the figures beside every view: equal to the slow way to say them."""

import dataclasses

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitors import BOOK, monitor, shipped

from wmo_analysis import measure
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import STATUSES

OFFERED = {
    "theme": list(BOOK.themes["theme"]),
    "region": list(dict.fromkeys(BOOK.regions["region_id"])),
    "municipality": BOOK.gm_codes,
    "source": BOOK.source_ids,
    "round": ["1", "2", "3"],
    "status": list(STATUSES),
    "basis": ["all", "without_examples", "published"],
}
DAYS = ["2006-06-01", "2006-11-30", "2007-04-01", "2007-09-30", "2007-10-09", "2009-01-01"]
HEAD = ["key", "title", "municipality", "theme", "start", "end", "granted"]
CREDIT = {"constants": {"credit": "FPK2006"}, "date": "2007-10-01"}


def chosen_of(name):
    return st.tuples(st.just(name), st.lists(st.sampled_from(OFFERED[name]), min_size=1, max_size=3, unique=True))


CHOICES = st.lists(st.one_of(*map(chosen_of, OFFERED)), max_size=4)


def selected(choices, day):
    here = shipped().as_of(day)
    for name, values in choices:  # the same filter may come twice
        here = here.within(**{name: values})
    return here


@settings(max_examples=6, deadline=None)
@given(choices=CHOICES, day=st.sampled_from(DAYS))
def test_an_option_counts_what_the_selection_with_that_option_alone_has(choices, day):
    here = selected(choices, day)
    table = measure.options(here)
    slow = [
        len(here.without(name).within(**{name: code}).projects)
        for name, code in zip(table["filter"], table["code"], strict=True)
    ]
    assert table["projects"].tolist() == slow


def test_options_stand_in_the_order_of_the_codebook_and_in_the_language():
    table = measure.options(shipped().in_language("en"))
    assert list(dict.fromkeys(table["filter"])) == list(OFFERED)
    themes = table[table["filter"] == "theme"]
    assert list(zip(themes["code"], themes["theme_set"], strict=True)) == [
        (row["theme"], row["theme_set"]) for row in BOOK.themes.to_dict("records") if row["theme_set"] != "law"
    ]
    for name in ("region", "municipality", "source", "round", "status", "basis"):
        assert list(table.loc[table["filter"] == name, "code"]) == OFFERED[name]
    labels = table.set_index(["filter", "code"])["label"]
    assert labels["status", "running"] == "running" and labels["basis", "published"] == "published only"
    assert labels["municipality", "GM0310"] == "De Bilt" and labels["round", "2"] == "2"
    assert table.dtypes["projects"] == "Int64" and table.attrs["wmo"]["measure"] == "options"


def test_without_takes_every_filter_of_that_name_away():
    here = shipped().within(theme="P3", region="BRU").within(theme="P2")
    assert here.without("theme").filters == shipped().within(region="BRU").filters
    assert here.without("theme", "region").filters == ()
    assert here.without("source") is here


@pytest.mark.parametrize("basis", [None, "all", "published", "letter"])
def test_a_click_makes_no_monitor_per_option(monkeypatch, basis):
    here = shipped().within(theme="P3", region="SUW", **({"basis": basis} if basis else {}))
    made, init = [], Monitor.__post_init__
    monkeypatch.setattr(Monitor, "__post_init__", lambda self: (made.append(self), init(self)))
    for work in (measure.coverage, measure.options, measure.summary, measure.projects):
        work(here)
    measure.coverage(here, by="source")
    measure.budget(here)
    assert len(made) <= 3


# ---------------------------------------------------------------- the four figures


def known(value):
    return None if pd.isna(value) else value


def figures(table):
    return {row.pop("name"): {name: known(value) for name, value in row.items()} for row in table.to_dict("records")}


@settings(max_examples=15, deadline=None)
@given(choices=CHOICES, day=st.sampled_from(DAYS))
def test_the_figures_are_those_of_the_views(choices, day):
    here = selected(choices, day)
    made = figures(measure.summary(here))
    about = measure.coverage(here).attrs["wmo"]
    assert (made["projects"]["value"], made["projects"]["of"]) == (about["counting"], about["projects"])
    assert made["covered"]["of"] == made["agreed"]["of"] == about["of"]
    covered = about["covered"] if about["of"] and (about["covered"] or here.known_complete) else None
    assert made["covered"]["value"] == covered
    money = measure.budget(here).set_index("item")
    assert made["committed"]["value"] == known(money.at["committed", "cents"])
    assert (made["committed"]["of"], made["committed"]["approximate"]) == (
        money.at["allocation", "cents"],
        money.at["allocation", "approximate"],
    )
    rounds = measure.rounds(here).query("state == 'agreed'").set_index("round")
    assert made["agreed"]["value"] == known(rounds.at[0, "reached"])
    whole = rounds[rounds["stated"].notna() & (rounds["stated_as"] == "reached")]
    whole = whole.loc[[0]] if 0 in whole.index else whole
    said = (whole["stated"].sum(), whole["size"].sum()) if len(whole) else (None, None)
    assert (made["agreed"]["stated"], made["agreed"]["stated_of"]) == said


def test_the_figures_of_the_lists_that_are_shipped():
    names = ["value", "of", "stated", "stated_of", "approximate", "made", "made_up"]
    assert {name: [row[key] for key in names] for name, row in figures(measure.summary(shipped())).items()} == {
        "covered": [26, 29, None, None, False, 57, 42],
        "projects": [47, 57, None, None, False, 57, 42],
        "committed": [21450000, 33300000, None, None, True, 7, 7],
        "agreed": [22, 29, 22, 29, False, 29, 29],
    }


@pytest.mark.parametrize(("complete", "covered"), [(True, 0), (False, None)])
def test_what_is_not_known_is_not_zero(complete, covered):
    made = monitor({"2007-10-01_a/een.csv": ([["key", "title"], ["1", "Een"]], {"complete": complete})})
    found = figures(measure.summary(made))
    assert found["covered"]["value"] == covered
    assert (found["agreed"]["value"], found["agreed"]["stated"]) == (None, None)


def test_a_letter_that_tells_of_one_round_is_of_that_round():
    found = figures(measure.summary(shipped().as_of("2006-11-30").within(basis="published")))["agreed"]
    assert (found["value"], found["of"], found["stated"], found["stated_of"]) == (None, 29, 8, 12)


def test_a_letter_that_tells_of_all_rounds_is_not_added_to_what_it_tells_of_one():
    claims = shipped().tables["claims"]
    again = claims[claims["measure"] == "rounds.reached:1:agreed"].assign(as_of="2007-10-09")
    both = dataclasses.replace(shipped(), tables=shipped().tables | {"claims": pd.concat([claims, again])})
    found = figures(measure.summary(both))["agreed"]
    assert (found["stated"], found["stated_of"]) == (22, 29)
