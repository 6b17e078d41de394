"""What the reader chose: steps back and forth, what it narrows, and saved views."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from monitors import BOOK, shipped
from traitlets import TraitError

import wmo_analysis as wmo
from wmo_analysis.schema import BASIS_FILTERS, STATUSES
from wmo_analysis.selection import Selection

EVERYTHING = Selection().snapshot()
FILLED = {
    "themes": ("P3",),
    "regions": ("SUW", "EEM"),
    "municipalities": ("GM0308",),
    "sources": ("S2",),
    "rounds": ("3",),
    "statuses": ("running",),
    "basis": "without_examples",
    "as_of": "2007-01-15",
    "language": "en",
    "picked": {"view": "matrix", "where": {"municipality": "GM0308", "theme": "P3"}},
}


def some(codes):
    return st.lists(st.sampled_from(list(codes)), unique=True, max_size=3).map(tuple)


TRAITS = {
    "themes": some(BOOK.column_of),
    "regions": some(BOOK.regions["region_id"].unique()),
    "municipalities": some(BOOK.gm_codes),
    "sources": some(BOOK.source_ids),
    "schemes": st.just(()),
    "rounds": some(BOOK.rounds["round"]),
    "statuses": some(STATUSES),
    "theme_set": st.sampled_from(["provincial", "municipal"]),
    "basis": st.sampled_from(list(BASIS_FILTERS)),
    "as_of": st.one_of(st.just(""), st.dates().map(str)),
    "language": st.sampled_from(["nl", "en"]),
    "picked": st.one_of(
        st.just({}),
        st.builds(
            lambda place, theme: {"view": "matrix", "where": {"municipality": place, "theme": theme}},
            st.sampled_from(BOOK.gm_codes),
            st.sampled_from(BOOK.columns()),
        ),
    ),
}
CHOICES = st.fixed_dictionaries({}, optional=TRAITS)


# ---------------------------------------------------------------- traits


def test_a_selection_needs_no_widgets():
    code = "import sys, wmo_analysis.selection; print(sorted({'ipywidgets', 'anywidget', 'plotly'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


@pytest.mark.parametrize("wrong", [{"basis": "guessed"}, {"regions": "SUW"}, {"region": ("SUW",)}, {"as_of": 2007}])
def test_an_impossible_choice_raises_and_changes_nothing(wrong):
    selection = Selection(themes=("P3",))
    before = selection.snapshot()
    with pytest.raises(TraitError):
        selection.choose(themes=("P4",), **wrong)
    assert (selection.snapshot(), selection.can_undo) == (before, False)


def test_an_observer_hears_of_a_change_and_not_of_the_same_value_again():
    heard, selection = [], Selection()
    selection.observe(lambda change: heard.append((change.name, change.new)))
    selection.choose(themes=["P3"], basis="published")
    selection.choose(themes=["P3"], basis="published")
    assert sorted(heard) == [("basis", "published"), ("themes", ("P3",))]


@pytest.mark.parametrize(
    "chosen, active",
    [({}, 0), ({"as_of": "2007-01-15", "language": "en"}, 0), ({"themes": ("P3", "P4")}, 1), (FILLED, 8)],
)
def test_active_counts_what_narrows_the_projects(chosen, active):
    assert Selection(**chosen).active == active


# ---------------------------------------------------------------- undo, redo, reset


def test_several_values_chosen_at_once_are_one_step():
    selection = Selection()
    selection.choose(**FILLED)
    selection.undo()
    assert (told(selection), selection.can_undo, selection.can_redo) == (told(Selection()), False, True)


def test_a_new_choice_after_undo_forgets_what_was_undone():
    selection = Selection()
    selection.themes = ("P3",)
    selection.undo()
    selection.themes = ("P4",)
    selection.redo()
    assert (selection.themes, selection.can_redo) == (("P4",), False)


def test_undo_and_redo_at_the_ends_do_nothing():
    selection = Selection(themes=("P3",))
    selection.undo()
    selection.redo()
    assert (selection.themes, selection.can_undo, selection.can_redo) == (("P3",), False, False)


def test_reset_keeps_the_language_and_can_be_undone():
    selection = Selection()
    selection.choose(**FILLED)
    before = selection.snapshot()
    selection.reset()
    assert selection.snapshot() == EVERYTHING | {"language": "en"}
    selection.undo()
    assert selection.snapshot() == before


def told(selection):
    """What undo takes back: all but the language."""
    return {name: value for name, value in selection.snapshot().items() if name != "language"}


@given(st.lists(CHOICES, max_size=6), st.integers(0, 8))
def test_undo_n_then_redo_n_is_where_it_was(choices, n):
    selection, seen = Selection(), [told(Selection())]
    for chosen in choices:
        selection.choose(**chosen)
        if told(selection) != seen[-1]:
            seen.append(told(selection))
    for _ in range(n):
        selection.undo()
    assert told(selection) == seen[max(0, len(seen) - 1 - n)]
    for _ in range(n):
        selection.redo()
    assert (told(selection), selection.can_redo) == (seen[-1], False)


@given(st.lists(st.one_of(CHOICES, st.sampled_from(["undo", "redo", "reset"])), max_size=12))
def test_every_walk_of_choose_undo_redo_and_reset_keeps_one_line_of_steps(walk):
    selection, line, at = Selection(), [told(Selection())], 0
    for step in walk:
        if step in ("undo", "redo"):
            at = max(at - 1, 0) if step == "undo" else min(at + 1, len(line) - 1)
        selection.choose(**step) if isinstance(step, dict) else getattr(selection, step)()
        if step not in ("undo", "redo") and told(selection) != line[at]:
            line, at = [*line[: at + 1], told(selection)], at + 1
        assert told(selection) == line[at]
        assert (selection.can_undo, selection.can_redo) == (at > 0, at < len(line) - 1)


def test_back_is_as_if_nothing_happened_since():
    selection = Selection()
    selection.themes = ("P3",)
    selection.themes = ("P4",)
    selection.undo()
    steps, before = selection.steps(), selection.snapshot()
    selection.choose(**FILLED)
    selection.back(steps)
    assert (selection.snapshot(), selection.can_undo) == (before, True)
    selection.redo()
    assert selection.themes == ("P4",)


# ---------------------------------------------------------------- what it narrows


def test_a_selection_narrows_as_within_does():
    monitor, given = shipped(), dict(theme="P3", region=["SUW", "EEM"], municipality="GM0308", source="S2", round="3")
    narrowed = monitor.in_language("en").as_of("2007-01-15").within(**given, status="running", basis="without_examples")
    narrowed = narrowed.within(municipality="GM0308", theme="P3")
    made = Selection(**FILLED).applied(monitor)
    assert (made.filters, made.date, made.language) == (narrowed.filters, narrowed.date, narrowed.language)


def test_what_was_picked_does_not_narrow_the_view_it_was_picked_in():
    monitor, picked = shipped(), {"view": "matrix", "where": {"municipality": "GM0308"}}
    selection = Selection(regions=("EEM",), picked=picked)
    assert selection.applied(monitor, "matrix").filters == (("region", frozenset(["EEM"])),)
    assert selection.applied(monitor, "map").municipalities == ["GM0308"]


# ---------------------------------------------------------------- saved views


def test_a_saved_view_is_small_json_of_a_name_a_version_and_a_selection():
    saved = json.loads(Selection(themes=("P3",), as_of="2007-01-15").write("Mantelzorg", view="budget"))
    chosen = EVERYTHING | {"themes": ["P3"], "as_of": "2007-01-15"}
    assert saved == {"schema": 1, "name": "Mantelzorg", "view": "budget", "selection": chosen}


@given(CHOICES, st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_every_selection_comes_back_as_it_was_written(chosen, name):
    written, read = Selection(**chosen), Selection()
    saved, dropped = read.read(written.write(name, view="map"), shipped())
    assert (read.snapshot(), saved["name"], saved["view"], dropped) == (written.snapshot(), name, "map", [])


def test_a_view_opens_with_what_it_can_and_says_what_it_dropped():
    selection, chosen = Selection(regions=("EEM",), language="en"), {
        "themes": ["P3", "P77"],
        "rounds": "3",
        "colours": ["red"],
        "basis": "guessed",
        "as_of": "30 november",
        "picked": {"view": "matrix", "where": {"municipality": "GM9999"}},
        "statuses": [["running"], {}, None, "completed"],
    }  # fmt: skip
    saved, dropped = selection.read(json.dumps({"schema": 7, "name": "a", "selection": chosen}), shipped())
    assert dropped == [
        "version 7",
        "themes: P77",
        "rounds: 3",
        "colours: ['red']",
        "basis: guessed",
        "as_of: 30 november",
        "picked: {'view': 'matrix', 'where': {'municipality': 'GM9999'}}",
        "statuses: ['running']",
        "statuses: {}",
        "statuses: None",
    ]
    left = {"themes": ["P3"], "statuses": ["completed"], "language": "en"}
    assert (selection.snapshot(), saved["name"]) == (EVERYTHING | left, "a")


def test_opening_a_view_is_one_step_back():
    selection = Selection(regions=("EEM",))
    before = selection.snapshot()
    selection.read(Selection(**FILLED).write("a"), shipped())
    selection.undo()
    assert (selection.snapshot(), selection.can_undo) == (before | {"language": "en"}, False)


BROKEN = ["", "{", "[]", "3", "null", '"text"', "{}", '{"selection": 3}', '{"selection": null}', '{"selection": ["a"]}']


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_view_leaves_everything_as_it_was(text):
    selection = Selection(regions=("EEM",))
    with pytest.raises(wmo.WmoError, match="Deze weergave is beschadigd en niet geopend"):
        selection.read(text, shipped())
    assert (selection.snapshot(), selection.can_undo) == (EVERYTHING | {"regions": ["EEM"]}, False)


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.sampled_from(["P3", "SUW", "2007-01-15"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(list(EVERYTHING)), JSON))
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_a_view_it_opens_with_values_that_can_be_shown(chosen):
    selection = Selection()
    selection.read(json.dumps({"schema": 1, "name": "a", "selection": chosen}), shipped())
    assert selection.applied(shipped()).told() is not None
