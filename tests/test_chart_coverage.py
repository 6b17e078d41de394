"""The matrix of municipalities and themes says what its table says, and nothing else."""

import copy
import math
import re

import pandas as pd
import pytest

from wmo_analysis import chart, schema, style
from wmo_analysis.errors import WmoError

COLUMNS = [
    "gm_code",
    "municipality",
    "region_id",
    "region",
    "theme",
    "theme_label",
    "theme_short",
    "state",
    "number",
    "own",
    "partnership",
    "projects",
]
THEMES = {"P0": "Invoering WMO", "P5": "Wonen, welzijn, zorg"}
CELLS = {  # municipality: region, P0 (own, partnership), P5 (own, partnership), total (own, partnership)
    "Baarn": ("Eemland", (0, 0), (2, 1), (2, 1)),
    "Loenen": ("Utrecht-West", (0, 1), (0, 1), (0, 2)),
    "Vianen": ("BRU", (0, 0), (0, 0), (0, 0)),
}


def coverage(cells=CELLS, empty="none", examples=4, names=None, themes=THEMES, **about):
    """A table as measure.coverage returns it."""
    rows = []
    for number, (place, (region, *counts)) in enumerate(cells.items()):
        for theme, (own, partnership) in zip([*themes, ""], counts, strict=True):
            state = "own" if own else "partnership" if partnership else empty
            titles = "; ".join(f"Project {n}" for n in range(own + partnership))
            rows.append(
                (
                    f"GM{number}",
                    (names or {}).get(place, place),
                    region[:3],
                    region,
                    theme,
                    theme,
                    themes.get(theme, ""),
                    state,
                    own + partnership,
                    own,
                    partnership,
                    titles,
                )
            )
    rows += [
        ("", "provinciebreed", "", "", theme, theme, themes.get(theme, ""), "province", count, 0, 0, "")
        for theme, count in (*zip(themes, (3, 0), strict=False), ("", 3))
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    covered = sum(own + partnership > 0 for *_, (own, partnership) in cells.values())
    table.attrs["wmo"] = {
        "measure": "coverage",
        "selection_text": "",
        "as_of": "2007-10-09",
        "source_names": ["Wel Thuis!"],
        "projects": 9,
        "examples": examples,
        "language": "nl",
        "build": "0123456789ab",
        "assumptions": [],
        "subtitle_notes": [],
        "covered": covered,
        "of": len(cells),
        **about,
    }
    table.attrs["wmo"]["digest"] = schema.digest(table)
    return table


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


def drawn(figure):
    """Every text that plotly draws."""
    texts = [text or "" for a in figure.layout.annotations for text in (a.text, a.hovertext)]
    for t in figure.data:
        texts += [*(t.text or ()), *(t.hovertext or () if t.hoverinfo != "skip" else ())]
    return texts


def contrast(one, other):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05

    return max(light(one), light(other)) / min(light(one), light(other))


def test_every_cell_shows_its_number_in_the_trace_of_its_state():
    figure = chart.coverage(coverage())
    assert list(trace(figure, "own").text) == ["3"]
    assert [list(c) for c in trace(figure, "own").customdata] == [["GM0", "P5"]]
    assert list(trace(figure, "partnership").text) == ["1", "1"]
    empty = [["GM0", "P0"], ["GM2", "P0"], ["GM2", "P5"]]
    assert [list(c) for c in trace(figure, "none").customdata] == empty
    assert list(trace(figure, "none").text) == ["", "", ""]
    assert list(trace(figure, "province").text) == ["3", "0"]
    assert list(trace(figure, "totals").text) == ["totaal", "3", "2", "<b>0</b>", "3"]


def test_unknown_is_a_question_mark_and_never_a_zero():
    figure = chart.coverage(coverage(empty="unknown"))
    assert list(trace(figure, "unknown").text) == ["?", "?", "?"]
    assert list(trace(figure, "totals").text) == ["totaal", "3", "2", "?", "3"]
    assert "Vianen onbekend" in figure.layout.meta["title"]
    assert "zonder bekend project" not in " ".join(drawn(figure))


def test_the_four_states_differ_without_colour():
    figure = chart.coverage(coverage())
    assert trace(figure, "own").marker.color == style.LIGHT.blue
    assert trace(figure, "partnership").marker.pattern.shape == "/"
    assert trace(figure, "none").marker.pattern.shape is None


@pytest.mark.parametrize(
    "missing, title",
    [
        (0, "Alle 6 gemeenten gedekt"),
        (1, "5 van 6 gemeenten gedekt; Gemeente a zonder bekend project"),
        (3, "3 van 6 gemeenten gedekt; 3 gemeenten zonder bekend project"),
        (6, "0 van 6 gemeenten gedekt; alle zonder bekend project"),
    ],
)
def test_the_title_states_the_finding_with_its_figure_in_at_most_12_words(missing, title):
    counts = [(int(n >= missing), 0) for n in range(6)]
    cells = {f"Gemeente {name}": ("BRU", (0, 0), count, count) for name, count in zip("abcdef", counts, strict=True)}
    shown = chart.coverage(coverage(cells)).layout.meta["title"]
    assert shown == title
    assert len(shown.split()) <= 12


def test_a_single_municipality_and_an_empty_selection_are_drawn():
    one = chart.coverage(coverage({"Baarn": CELLS["Baarn"]}))
    assert one.layout.meta["title"] == "Baarn gedekt; aantal projecten: 3"
    none = chart.coverage(coverage({}))
    assert none.layout.meta["title"] == "Geen gemeente in deze selectie (0 gevonden)"


def test_names_from_the_data_are_shown_as_text():
    names = {"Baarn": "<b>Baarn</b> & $x$", "Vianen": "$a$ <i>Vianen</i>"}
    for by in ("region", "alphabet"):
        texts = drawn(chart.coverage(coverage(names=names), by))
        assert "&lt;b&gt;Baarn&lt;/b&gt; &amp; &#36;x&#36;" in texts
        assert not any("$" in text or "<i>" in text or "<b>Baarn</b> &" in text for text in texts)


def test_nothing_removes_the_example_line():
    for width in (605, 1022, 1280, 1920):
        for by in ("region", "alphabet"):
            notes = chart.coverage(coverage(), by=by, width=width).layout.annotations
            footer = [a.text for a in notes if a.name in ("example", "footer")]
            assert footer[0] == "<b>Bevat voorbeeldgegevens: 4 van 9 projecten</b>"
    assert "voorbeeld" not in " ".join(drawn(chart.coverage(coverage(examples=0))))


def test_a_changed_table_and_a_table_of_another_measure_are_refused():
    table = coverage()
    changed = table[table["municipality"] != "Vianen"]
    unmeasured = copy.deepcopy(table)
    unmeasured.attrs = {}
    unsaid = coverage()
    unsaid.attrs["wmo"]["examples"] = 0
    for wrong in (changed, unmeasured, unsaid, coverage(measure="budget"), coverage(by="white")):
        with pytest.raises(WmoError, match=re.escape("monitor.within()")):
            chart.coverage(wrong)


def test_no_button_sends_the_chart_away():
    assert "sendChartToCloud" in chart.coverage(coverage()).layout.template.layout.modebar.remove
    assert chart.coverage(coverage()).layout.template.layout.separators == ",."


def test_marks_and_texts_of_the_template_have_contrast():
    look = style.LIGHT
    assert all(contrast(colour, look.paper) >= 3 for colour in style.MARKS)
    texts = (look.ink, look.muted, look.teal_text, look.orange_text, look.lilac_text)
    assert all(contrast(colour, look.paper) >= 4.6 for colour in texts)
    assert contrast(look.on_blue, look.blue) >= 4.6
    assert contrast(look.blue, look.hatch) >= 4.6


@pytest.mark.parametrize("width", [605, 1022, 1188, 1280, 1920])
def test_every_text_lies_within_the_figure(width):
    themes = {f"P{n}": "Vrijwilligers, mantelzorg" for n in range(8)}
    cells = {f"Utrechtse Heuvelrug {n}": ("BRU", *[(n % 2, 0)] * 9) for n in range(20)}
    figure, px = chart.coverage(coverage(cells, themes=themes), width=width), style.sizes(width)
    room = width - 2 * px.pad
    names = {a.name: a for a in figure.layout.annotations}
    for name, bold in (("title", True), ("subtitle", False), ("example", True), ("footer", False)):
        for line in re.sub("</?b>", "", names[name].text).split("<br>"):
            assert style.measure(line, names[name].font.size, bold) <= room + 1
    for head in (a for a in figure.layout.annotations if a.name == "head"):
        slant = math.cos(math.radians(head.textangle))
        assert head.x + style.measure(head.text, head.font.size) * slant < room + px.pad
    labels = trace(figure, "labels")
    first_cell = min(trace(figure, "none").base)
    assert all(
        style.measure(text, px.label) < first_cell
        for text in labels.text
        if "<" not in text and not text.startswith("Dekt")
    )


def test_alt_text_sentence_and_citation_are_made_from_the_data():
    meta = chart.coverage(coverage()).layout.meta
    assert meta["sentence"] == ("Stand per 9 oktober 2007: 2 van 3 gemeenten gedekt; Vianen zonder bekend project.")
    assert meta["alt"].startswith("Matrix van 3 gemeenten tegen 2 thema’s")
    assert meta["alt"].endswith("Bevat voorbeeldgegevens: 4 van 9 projecten.")
    assert meta["citation"] == ("WMO-monitor, dekking, alle bronnen, stand per 9 oktober 2007, kenmerk 0123456789ab")


def test_the_figure_speaks_english_when_the_table_does():
    figure = chart.coverage(coverage(language="en"))
    assert figure.layout.meta["title"] == "2 of 3 municipalities covered; Vianen without a known project"
    assert not re.search("gemeente|voorbeeld|totaal", " ".join(drawn(figure)))


def test_rows_fill_two_panels_evenly_and_keep_regions_whole():
    def panels(**sizes):
        sections = [(name, f"{size} gemeenten", [None] * size) for name, size in sizes.items()]
        parts = chart._coverage._panels(sections, "vervolg")
        return [[(name, count, len(rows)) for name, count, rows in part] for part in parts]

    shown = panels(a=8, b=7, c=9, d=5)
    assert [[name for name, _, _ in part] for part in shown] == [["a", "b"], ["c", "d"]]
    assert panels(a=12) == [[("a", "12 gemeenten", 12)]]
    assert panels(a=29) == [[("a", "29 gemeenten", 15)], [("a", "vervolg", 14)]]
    assert panels() == [[]]
