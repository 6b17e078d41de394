"""The bars of coverage and of the rounds, and the agreements through time, say what their table says."""

import pandas as pd
import pytest

from wmo_analysis import chart, schema, style
from wmo_analysis.errors import WmoError

STATES = "planned talk quotation agreed running completed second_contact not_stated".split()
ABOUT = {
    "selection": [],
    "selection_text": "",
    "as_of": "2007-10-09",
    "source_names": ["Burgers Betrekken"],
    "projects": 9,
    "examples": 4,
    "language": "nl",
    "build": "0123456789ab",
    "assumptions": [],
    "subtitle_notes": [],
}


def cited(table, measure, **about):
    table.attrs["wmo"] = ABOUT | {"measure": measure, **about}
    table.attrs["wmo"]["digest"] = schema.digest(table)
    return table


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


def notes(figure, name=None):
    return [a.text for a in figure.layout.annotations if name in (None, a.name)]


# ---------------------------------------------------------------- coverage by theme, region, source, municipality


def coverage(rows, by="theme", **about):
    names = "code label own partnership covered of projects province".split()
    table = pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[2:], "Int64"))
    return cited(table, "coverage", by=by, **about)


THEMES = [
    ("P1", "Participatie", 6, 0, 6, 29, 6, 1),
    ("P9", "Onbekend thema", 1, 20, 21, 29, 9, 0),
    ("P6", "Betrokken ondernemen", None, None, None, 29, 0, 1),
    ("P5", "Wonen", 3, 13, 16, 29, 8, 0),
]


def test_coverage_bars_start_at_zero_and_partnership_starts_where_own_ends():
    figure = chart.coverage(coverage(THEMES))
    own, partnership = trace(figure, "own"), trace(figure, "partnership")
    assert list(own.customdata) == ["P5", "P1", "P9"]
    assert (list(own.base), list(own.x)) == ([0, 0, 0], [3, 6, 1])
    assert (list(partnership.base), list(partnership.x)) == ([3, 6, 1], [13, 0, 20])
    assert partnership.marker.pattern.shape == "/"
    assert list(figure.layout.xaxis.range) == [0, 29]


def test_unknown_coverage_is_a_word_and_never_a_bar_or_a_zero():
    figure = chart.coverage(coverage(THEMES))
    assert "P6" not in [code for t in figure.data for code in t.customdata]
    assert "onbekend" in notes(figure)
    assert "<b>0</b> van 29" not in notes(figure)
    every = chart.coverage(coverage([THEMES[2]]))
    assert every.layout.meta["title"] == "Dekking onbekend (noemer 29): deze selectie bevat geen volledige lijst"


def test_the_unknown_theme_is_never_the_finding():
    assert (
        chart.coverage(coverage(THEMES)).layout.meta["title"]
        == "Wonen wordt in 16 van de 29 gemeenten gesteund; Participatie in 6"
    )


def test_by_municipality_the_bar_is_the_number_of_projects():
    rows = [
        ("GM1", "Baarn", 1, 0, 1, 1, 5, 1),
        ("GM2", "Loenen", 0, 1, 1, 1, 2, 1),
        ("GM3", "Vianen", 0, 0, 0, 1, 0, 1),
    ]
    figure = chart.coverage(coverage(rows, by="municipality"))
    assert list(trace(figure, "own").x) == [5, 0]
    assert list(trace(figure, "partnership").x) == [0, 2]
    assert figure.layout.meta["title"] == "2 van 3 gemeenten gedekt; de meeste projecten: 5"
    assert notes(figure, "unit") == ["projecten"]


def test_regions_keep_their_own_denominators():
    rows = [("A", "Eemland", 7, 0, 7, 7, 9, 0), ("B", "BRU", 2, 0, 2, 9, 3, 0)]
    figure = chart.coverage(coverage(rows, by="region"))
    assert figure.layout.meta["title"] == "Eemland: 7 van 7 gemeenten gedekt; BRU 2 van 9"
    assert [s.x1 for s in figure.layout.shapes if s.layer == "below"] == [7, 9]


# ---------------------------------------------------------------- rounds


def rounds(now, stated=(), named=29, **about):
    """now: {round: {state: municipalities}} or None; stated: {(round, state): (number, as)}."""
    rows, stated = [], dict(stated)
    for number, size in ((1, 12), (2, 7), (0, 29)):
        here = now.get(number)
        for n, state in enumerate(STATES):
            known = here is not None and state != "not_stated"
            reached = sum(here.get(s, 0) for s in STATES[n:7]) if known else None
            value, stated_as = stated.get((number, state), (None, ""))
            rows.append(
                {
                    "round": number,
                    "label": f"ronde {number}" if number else "alle rondes",
                    "size": size,
                    "deadline": "2007-03-31" if number == 2 else "",
                    "state": state,
                    "state_label": state,
                    "municipalities": here.get(state, 0) if known else None,
                    "reached": reached - (here.get("second_contact", 0) if n in (3, 4, 5) else 0) if known else None,
                    "late": (1 if number == 2 and state == "talk" else 0) if known else None,
                    "stated": value,
                    "stated_as": stated_as,
                    "fact_id": "L2-016" if value else "",
                    "names": "Wijk bij <b>Duurstede</b> $x$",
                }
            )
    numbers = dict.fromkeys("round size municipalities reached late stated".split(), "Int64")
    return cited(pd.DataFrame(rows).astype(numbers), "rounds", by="round", named=named, **about)


NOW = {1: {"running": 11, "second_contact": 1}, 2: {"agreed": 6, "talk": 1}}
NOW[0] = {"running": 11, "agreed": 6, "talk": 1, "second_contact": 1}
SAID = {(0, "agreed"): (22, "reached"), (0, "second_contact"): (3, "now"), (0, "not_stated"): (4, "now")}


def test_segments_of_a_round_follow_each_other_from_zero():
    figure = chart.rounds(rounds(NOW, SAID))
    running, agreed, talk = (trace(figure, state) for state in ("running", "agreed", "talk"))
    assert [list(c) for c in agreed.customdata] == [[2, "agreed"], [0, "agreed"]]
    assert (list(running.base), list(running.x)) == ([0, 0], [11, 11])
    assert (list(agreed.base), list(agreed.x)) == ([0, 11], [6, 6])
    assert (list(talk.base), list(talk.x)) == ([6, 17], [1, 1])


def test_what_the_letter_states_stands_apart_with_its_outcome_not_stated():
    figure = chart.rounds(rounds(NOW, SAID))
    shown = {t.name: (list(t.base), list(t.x)) for t in figure.data if t.name.startswith("stated") and len(t.x)}
    assert shown == {
        "stated agreed": ([0], [22]),
        "stated second_contact": ([22], [3]),
        "stated not_stated": ([25], [4]),
    }
    assert list(trace(figure, "stated agreed").text) == ["22 agreed of verder"]
    assert "not_stated" not in [t.name for t in figure.data]


def test_late_municipalities_are_marked_and_the_deadline_is_said():
    figure = chart.rounds(rounds(NOW, SAID))
    assert (list(trace(figure, "late").base), list(trace(figure, "late").x)) == ([6], [1])
    assert any("termijn 31 maart 2007" in text for text in notes(figure))


def test_without_named_rows_there_is_no_bar_but_a_word():
    figure = chart.rounds(rounds({}, SAID, named=0))
    assert not any(len(trace(figure, state).x) for state in STATES[:7])
    assert notes(figure).count("niet bekend: geen gesprekslijst") == 3
    assert figure.layout.meta["title"] == "22 van 29 gemeenten akkoord volgens de brief, namen onbekend"
    nothing = chart.rounds(rounds({}, named=0)).layout.meta["title"]
    assert nothing == "Stand van de gesprekken onbekend: 0 gemeenten in een gesprekslijst"


def test_the_rounds_of_one_municipality_name_it_and_escape_it():
    one = {2: {"talk": 1}, 0: {"talk": 1}}
    figure = chart.rounds(rounds(one, SAID, named=1, selection=[("municipality", ["GM1"])]))
    assert figure.layout.meta["title"] == "Wijk bij <b>Duurstede</b> $x$: talk, ronde 2"
    drawn = notes(figure) + [text for t in figure.data for text in t.hovertext or ()]
    assert not any("$" in text or "<b>Duurstede" in text for text in drawn)
    assert any("De brieven tellen alle gemeenten van een ronde." in text.replace("<br>", " ") for text in drawn)


# ---------------------------------------------------------------- through time


def in_time(agreed, letters=(), **about):
    rows = [(date, "step", 9, 9, 9, n, 0, 0, None) for date, n in agreed]
    rows += [(date, "letter", *[None] * 6, n) for date, n in letters]
    names = ["date", "kind", *STATES[:6], "stated"]
    table = pd.DataFrame(sorted(rows, key=lambda row: row[0]), columns=names)
    table = table.astype(dict.fromkeys(names[2:], "Int64"))
    more = dict(by="time", of=29, first="", deadlines=[("2007-03-31", "ronde 2"), ("2007-06-30", "ronde 3")])
    return cited(table, "rounds", **more | about)


LETTERS = [("2006-11-30", 8), ("2007-10-09", 22)]


def test_the_line_steps_with_the_agreements_up_to_the_date():
    line = trace(chart.rounds(in_time([("2006-12-14", 9), ("2007-02-01", 15)], LETTERS)), "agreed")
    assert (list(line.x), list(line.y)) == (["2006-12-14", "2007-02-01", "2007-10-09"], [9, 15, 15])
    assert line.line.shape == "hv"


def test_no_line_is_drawn_where_nothing_is_known_but_a_word_stands_there():
    figure = chart.rounds(in_time([("2006-08-01", 2), ("2006-10-01", None), ("2007-05-01", 15)], LETTERS))
    line = trace(figure, "agreed")
    assert list(line.y) == [2, 2, None, 15, 15]
    assert list(line.x) == ["2006-08-01", "2006-10-01", None, "2007-05-01", "2007-10-09"]
    assert line.connectgaps is False
    assert notes(figure, "gap") == ["niet bekend", "niet bekend"]
    alone = chart.rounds(in_time([], LETTERS))
    assert not trace(alone, "agreed").x
    assert notes(alone, "gap") == ["niet bekend"]


def test_the_letters_are_rings_and_the_deadlines_are_marks():
    figure = chart.rounds(in_time([("2006-12-14", 9), ("2007-02-01", 22)], LETTERS))
    rings = trace(figure, "letters")
    assert (rings.mode, list(rings.x), list(rings.y)) == ("markers", ["2006-11-30", "2007-10-09"], [8, 22])
    assert [s.x0 for s in figure.layout.shapes if s.line.dash == "dash"] == ["2007-03-31", "2007-06-30"]
    assert notes(figure, "deadline")[0] == "termijn ronde 2<br>31 maart 2007"
    assert notes(figure, "block")[1] == "<b>22</b> geteld<br>en volgens de brief<br>9 oktober 2007"
    assert figure.layout.yaxis.range[0] == 0
    assert figure.layout.meta["title"] == "Akkoorden: van 8 naar 22 van 29 gemeenten sinds 30 november 2006"
    level = chart.rounds(in_time([("2006-11-01", 8)], LETTERS[:1])).layout.meta["title"]
    assert level == "8 van 29 gemeenten akkoord op 9 oktober 2007"


def test_letters_count_all_municipalities_so_a_part_of_them_is_shown_without():
    figure = chart.rounds(in_time([("2007-02-01", 1)], LETTERS, of=1, selection=[("municipality", ["GM1"])]))
    assert not trace(figure, "letters").x
    footer = " ".join(notes(figure, "footer")).replace("<br>", " ")
    assert "De brieven tellen alle gemeenten: 8 (30 november 2006) en 22 (9 oktober 2007)." in footer
    assert list(figure.layout.yaxis.range) == [0, 1]


# ---------------------------------------------------------------- all of them

FIGURES = {
    "theme": lambda **k: chart.coverage(coverage(THEMES, **k.pop("about", {})), **k),
    "none": lambda **k: chart.coverage(coverage([], **k.pop("about", {})), **k),
    "rounds": lambda **k: chart.rounds(rounds(NOW, SAID, **k.pop("about", {})), **k),
    "time": lambda **k: chart.rounds(in_time([("2007-02-01", 22)], LETTERS, **k.pop("about", {})), **k),
}


@pytest.mark.parametrize("name", FIGURES)
def test_titles_are_short_and_the_example_line_stands_first_at_every_width(name):
    for width in (605, 800, 1022, 1280, 1920):
        for language in ("nl", "en"):
            figure = FIGURES[name](width=width, about={"language": language})
            title, px = figure.layout.meta["title"], style.sizes(width)
            assert len(title.split()) <= 12 and any(sign.isdigit() for sign in title)
            assert notes(figure, "example")[0].startswith(("<b>Bevat voorbeeld", "<b>Contains example"))
            assert figure.layout.width == width
            assert figure.layout.margin.l + figure.layout.margin.r < width - 2 * px.pad
            assert figure.layout.meta["sentence"] and figure.layout.meta["alt"]


def test_a_changed_table_is_refused():
    for table in (coverage(THEMES), rounds(NOW), in_time([("2007-02-01", 22)])):
        changed = table.iloc[1:]
        with pytest.raises(WmoError):
            (chart.coverage if "covered" in table else chart.rounds)(changed)


def test_the_key_has_the_pattern_of_its_bar():
    looks = [chart._rounds.LOOK[state] for state in ("talk", "second_contact")]
    assert [look.marker(14)["pattern"]["shape"] for look in looks] == [".", "/"]
    kinds = [[shape["type"] for shape in look.swatch(0, 0, style.sizes(800).label)] for look in looks]
    assert kinds == [["rect", *["circle"] * 8, "rect"], ["rect", "path", "rect"]]
