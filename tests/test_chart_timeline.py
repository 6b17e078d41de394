"""A bar in the timeline stands where its dates stand, and a date that is not known gets a word."""

import pandas as pd
import pytest
from test_chart_rounds import cited, notes, trace

from wmo_analysis import chart, style
from wmo_analysis.errors import WmoError

DAY = 86400000  # milliseconds: the width of a bar on an axis of dates
NAMES = "project title source_id source basis start_from start_to end_from end_to derived status place example".split()


def timeline(*rows, **about):
    """rows: (project, start_from, start_to, end_from, end_to, derived)"""
    filled = [
        (name, f"<b>{name}</b> $x$", "S1", "Wel Thuis!", "example", *dates, derived, derived.upper(), "Soest", True)
        for name, *dates, derived in rows
    ]
    return cited(pd.DataFrame(filled, columns=NAMES), "timeline", **about)


KNOWN = ("a", "2007-01-01", "2007-01-01", "2007-10-01", "2007-12-31", "running")
OPEN = ("b", "2006-12-21", "2006-12-21", "", "", "running")
SILENT = ("c", "", "", "", "", "unknown")


def bar(figure, kind):
    t = trace(figure, kind)
    return list(zip(t.customdata, t.base, [x / DAY for x in t.x], strict=True))


def test_a_bar_runs_from_the_first_day_up_to_and_with_the_last():
    assert bar(chart.timeline(timeline(KNOWN)), "running") == [("a", "2007-01-01", 365)]


def test_an_end_not_known_is_dotted_from_the_as_of_date():
    figure = chart.timeline(timeline(OPEN))
    assert bar(figure, "running") == [("b", "2006-12-21", 292)]
    assert trace(figure, "open").x[0] == "2007-10-09"
    assert trace(figure, "open").line.dash == "dot"
    assert not trace(chart.timeline(timeline(KNOWN)), "open").x


def test_dates_not_known_are_a_word_and_no_bar():
    figure = chart.timeline(timeline(SILENT, ("d", "", "", "", "", "rejected")))
    assert notes(figure, "word") == ["begin en einde onbekend", "REJECTED; begin en einde onbekend"]
    assert not any(len(t.x or ()) for t in figure.data)
    ends = chart.timeline(timeline(("e", "", "", "2007-10-01", "2007-12-31", "running")))
    assert bar(ends, "running") == [("e", "2007-10-01", 92)]
    assert notes(ends, "word") == ["begin onbekend"]
    starts = chart.timeline(timeline(("f", "2007-01-01", "2007-01-31", "", "", "withdrawn")))
    assert bar(starts, "outside") == [("f", "2007-01-01", 31)]
    assert notes(starts, "word") == ["einde onbekend"]


def test_a_bar_that_the_axis_cuts_has_a_pointer():
    figure = chart.timeline(timeline(KNOWN, ("g", "2001-01-01", "2001-01-01", "2012-01-01", "2012-01-31", "running")))
    assert notes(figure, "cut") == ["◂", "▸"]
    assert figure.layout.xaxis.range == ("2007-01-01", "2008-07-01")


def test_status_differs_without_colour_and_the_key_counts():
    figure = chart.timeline(timeline(KNOWN, ("h", *KNOWN[1:5], "planned"), ("i", *KNOWN[1:5], "preselected")))
    assert [trace(figure, kind).marker.pattern.shape for kind in ("running", "planned", "outside")] == [None, None, "/"]
    assert notes(figure, "key") == ["loopt (1)", "gepland (1)", "voorgeselecteerd (1)"]
    assert trace(figure, "planned").marker.color == style.LIGHT.paper


@pytest.mark.parametrize(
    "rows, title",
    [
        ((), "Geen project in deze selectie (0 gevonden)"),
        ((KNOWN,), "1 project in deze selectie, op 9 oktober 2007: RUNNING"),
        ((KNOWN, OPEN), "2 van 2 projecten lopen op 9 oktober 2007"),
        ((KNOWN, SILENT), "1 van 2 projecten loopt op 9 oktober 2007; 1 onbekend"),
    ],
)
def test_the_title_states_how_many_run(rows, title):
    for width in (605, 800, 1022, 1280, 1920):
        figure = chart.timeline(timeline(*rows), width=width)
        assert figure.layout.meta["title"] == title
        assert len(title.split()) <= 12
        assert notes(figure, "example") == ["<b>Bevat voorbeeldgegevens: 4 van 9 projecten</b>"]


def test_long_titles_wrap_and_nothing_from_the_data_is_markup():
    table = timeline(KNOWN)
    table["title"] = "<b>WMO</b> $x$ " + "signalering door huishoudelijk werkers " * 4
    figure = chart.timeline(cited(table, "timeline"), width=605)
    (label,) = notes(figure, "project")
    assert label.count("<br>") >= 3 and "…" not in label
    drawn = notes(figure, "project") + list(trace(figure, "running").hovertext)
    assert not any("$" in text or "<b>WMO" in text for text in drawn)


def test_a_changed_table_is_refused():
    with pytest.raises(WmoError):
        chart.timeline(timeline(KNOWN, OPEN).iloc[1:])


def test_beyond_eighty_projects_a_bar_stands_for_those_of_a_source_in_one_status():
    many = [(f"p{n}", f"2007-01-{n % 28 + 1:02}", f"2007-01-{n % 28 + 1:02}", "", "", "running") for n in range(79)]
    one = chart.timeline(timeline(*many, KNOWN))
    assert len(notes(one, "project")) == 80
    assert not any("Bij meer dan 80" in text for text in notes(one, "footer"))
    short = ("d", "2007-02-01", "2007-02-01", "2007-06-01", "2007-06-30", "running")
    figure = chart.timeline(timeline(*many, KNOWN, short, SILENT))
    assert notes(figure, "project") == ["RUNNING: 81", "UNKNOWN: 1"]
    assert bar(figure, "running") == [("", "2007-01-01", 365)]
    assert any("Bij meer dan 80 projecten" in text for text in notes(figure, "footer"))
    assert figure.layout.meta["title"] == "81 van 82 projecten lopen op 9 oktober 2007; 1 onbekend"
