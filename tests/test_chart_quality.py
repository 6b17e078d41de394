"""The chart of quality draws the shares and the counts of its table."""

import pytest
from measured import blots, drawn, measured, notes, trace

from wmo_analysis import chart
from wmo_analysis.errors import WmoError

HOSTILE = "<b>Bouwen</b> & $x$ aan een buitengewoon lange naam voor een bron in de Utrechtse Heuvelrug en omstreken"
ASKED = ("theme", "municipality", "dates", "amount")
NAMES = ["source_id", "source", "projects", *(f"{kind}_{what}" for kind in ("with", "share") for what in ASKED)]
SOURCES = [("Wel Thuis!", 4, 4, 1, 2, 0), ("Alleato", 2, 2, 2, 2, 1), ("leeg", 0, None, None, None, None)]


def sources(rows=SOURCES, **about):
    table = []
    for number, (label, projects, *counts) in enumerate(rows):
        row = dict(source_id=f"S{number}", source=label, projects=projects)
        row |= {f"with_{what}": count for what, count in zip(ASKED, counts)}
        row |= {f"share_{what}": count * 100 / projects if projects else None for what, count in zip(ASKED, counts)}
        table.append(row)
    return measured("quality", table, NAMES, by="source", **about)


def findings(*rows, **about):
    names = ["code", "severity", "side", "text", "count", "why", "what_to_do"]
    table = [
        dict(zip(names, (code, severity, "accuracy", text, count, "w", "d"))) for code, severity, text, count in rows
    ]
    return measured("quality", table, names, by="finding", **about)


FINDINGS = [("C01", "error", "Bedrag", 2), ("J01", "warning", "Gebied", 12), ("R15", "note", HOSTILE, 31)]


def test_the_bars_are_in_proportion_to_the_shares():
    figure = chart.quality(sources())
    full, empty = trace(figure, "theme").x
    quarter, whole = trace(figure, "municipality").x
    assert full == empty == whole == pytest.approx(4 * quarter) and full > 20
    track = figure.layout.shapes[0]
    assert full == pytest.approx(track.x1 - track.x0)  # 100 % is the whole track
    assert list(trace(figure, "amount").x) == [0, pytest.approx(whole / 2)]
    assert len(set(trace(figure, "dates").base)) == 1
    shown = ["100\u00a0%", "100\u00a0%", "onbekend", "25\u00a0%", "100\u00a0%", "onbekend"]
    assert notes(figure, "end")[:6] == shown
    assert notes(figure, "projects") == ["4", "2", "0"]


def test_unknown_is_a_word_without_a_bar():
    figure = chart.quality(sources([("leeg", 0, None, None, None, None)]))
    assert notes(figure, "end") == ["onbekend"] * 4 and not any(t.x for t in figure.data)
    assert figure.layout.meta["title"].startswith("Volledigheid onbekend")


@pytest.mark.parametrize(
    "rows, title",
    [
        (SOURCES, "Bedrag ontbreekt geheel bij 1 van 3 bronnen"),
        ([("Alleato", 2, 2, 2, 2, 1)], "Bedrag minst bekend bij Alleato: 50\u00a0%"),
        ([], "Geen bron in deze selectie (0 gevonden)"),
    ],
)
def test_the_title_states_what_is_missing(rows, title):
    assert chart.quality(sources(rows)).layout.meta["title"] == title


def test_findings_are_counted_per_code_and_hatched_by_severity():
    figure = chart.quality(findings(*FINDINGS))
    assert [(t.name, list(t.x), t.marker.pattern.shape) for t in figure.data] == [
        ("error", [2], None),
        ("warning", [12], "/"),
        ("note", [31], "."),
    ]
    assert notes(figure, "severity") == ["Fout", "Let op", "Ter informatie"]
    assert notes(figure, "end") == ["2", "12", "31"] and figure.layout.xaxis.range[0] == 0
    assert figure.layout.meta["title"] == "Soorten bevindingen: 1 fout, 1 aandachtspunt en 1 melding"
    assert chart.quality(findings()).layout.meta["title"] == "Geen bevindingen (0)"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", ["sources", "findings", "one"])
def test_no_text_is_cut_or_lies_upon_another_at_any_width(name, language):
    for width in (605, 800, 1022, 1280, 1920):
        about = dict(language=language)
        table = {
            "sources": sources([*SOURCES, (HOSTILE, 1, 1, 1, 1, 1)], **about),
            "findings": findings(*FINDINGS, **about),
            "one": sources([(HOSTILE, 3, 1, 1, 1, 2)], **about),
        }[name]
        figure = chart.quality(table, width)
        assert blots(figure) == []
        assert len(figure.layout.meta["title"].split()) <= 12
        assert not any("$" in text or "<b>Bouwen" in text for text in drawn(figure))


def test_another_measure_is_refused():
    with pytest.raises(WmoError):
        chart.quality(measured("budget", [dict(a=1)]))
