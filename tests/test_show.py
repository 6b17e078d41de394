"""`wmo.show`: a view in one line, as a still and as an instrument; and the notebooks without a kernel."""

import json
import random
import re

import browser
import pytest
import run_notebooks
from clicks import selection
from monitors import SIDES, monitor, shipped

import wmo_analysis as wmo
from wmo_analysis import measure, style, tables
from wmo_analysis.dashboard import Dashboard, payload
from wmo_analysis.views import TABS, VIEWS

DRAWN = """all => all.map(one => {
    const box = one.getBoundingClientRect();
    return [[box.width > 300, box.height > 100 && (one.complete ?? true)], one.tagName !== 'IMG' || one.alt.length > 20];
})"""
ENDS = "all => all.map(one => one.getBoundingClientRect().right)"
NOTEBOOKS = run_notebooks.shipped()
FILTERS = ("theme", "region", "municipality", "source", "round", "status", "basis", "as_of")
HEAD = ["key", "title", "municipality", "theme", "granted"]


@pytest.fixture
def instrument(tmp_path, monkeypatch):
    monkeypatch.setenv("WMO_HOME", str(tmp_path))
    return wmo.show(shipped(), "budget", by="theme", filters=("theme", "region", "as_of", "basis"))


def tell(board, what, buffers=(), **content):
    board.hear(None, {"do": what, **content}, list(buffers))
    return board.message.get("text", "")


# ---------------------------------------------------------------- one line


def test_one_line_gives_the_sentence_the_chart_and_the_table():
    still = wmo.show(shipped(), "budget", by="theme")
    table = measure.budget(shipped(), by="theme")
    said, chart, shown = still.bundles()
    assert said["text/plain"] == still.figure.layout.meta["sentence"]
    assert chart["application/vnd.plotly.v1+json"]["layout"]["meta"]["sentence"] == said["text/plain"]
    assert shown["text/html"] == tables.table(payload.for_reader(table))._repr_html_()


@pytest.mark.parametrize("view", [*TABS, *VIEWS])
def test_every_view_and_every_table_of_the_workbook_is_one_line(view):
    settings = {"since": "2006-11-30"} if view == "changes_rows" else SIDES.get(view, {})
    still = wmo.show(shipped(), view, **settings)
    assert still.sentence.endswith(".") and len(still.bundles()) == 2 + (still.figure is not None)


@pytest.mark.parametrize(
    "asked, said",
    [
        (dict(view="geld"), "Onbekend beeld: geld. Mogelijk zijn: matrix, map,"),
        (dict(view="budget", by="ronde"), "Onbekende verdeling: ronde. Mogelijk zijn: theme,"),
        (dict(view="budget", filters=["jaar"]), "Onbekend filter: jaar. Mogelijk zijn: theme,"),
        (dict(view="profile", gemeente="Soest"), "Onbekende keuze: gemeente. Mogelijk zijn: municipality."),
        (dict(view="white", filters=["theme"]), "Onbekend beeld: white. Mogelijk zijn: matrix,"),
        (dict(view="profile", municipality="Atlantis"), "Onbekende waarde voor gemeente: Atlantis."),
    ],
    ids=lambda asked: str(asked)[:40],
)
def test_what_is_not_there_is_said_with_what_is(asked, said):
    with pytest.raises(wmo.WmoError, match=f"^{re.escape(said)}"):
        wmo.show(shipped(), **asked)


# ---------------------------------------------------------------- the instrument


def test_an_instrument_shows_its_own_filters_and_its_door_the_rest(instrument):
    tell(instrument, "choose", values={"regions": ["EEM"]})
    seen = (instrument.only, instrument.tab, instrument.figure, instrument.shell["sentence"])
    tell(instrument, "door")
    assert (instrument.only, instrument.tab, instrument.figure) == ([], *seen[1:3])
    tell(instrument, "view", view="map")
    tell(instrument, "door")
    assert (instrument.only, instrument.tab, instrument.figure, instrument.shell["sentence"]) == seen
    assert seen[0] == ["themes", "regions", "as_of", "basis"]


def answers(board):
    return json.dumps([board.shell["sentence"], board.shell["citation"], board.figure, board.table])


FEW, MANY = range(6), range(100, 200)


@pytest.mark.parametrize("seed", [*FEW, *(pytest.param(seed, marks=pytest.mark.fuzz) for seed in MANY)])
def test_an_instrument_answers_what_the_dashboard_answers_for_any_selection(seed, tmp_path, monkeypatch):
    monkeypatch.setenv("WMO_HOME", str(tmp_path))
    chance = random.Random(seed)
    tab, values = chance.choice([*TABS]), selection(chance, shipped())
    by = chance.choice([*TABS[tab]])
    one, whole = wmo.show(shipped(), tab, by=by, filters=FILTERS), Dashboard(shipped(), tmp_path)
    tell(whole, "view", view=tab)
    if by:
        tell(whole, "setting", name="by", value=by)
    for board in (one, whole):
        tell(board, "choose", values=dict(values))
    assert answers(one) == answers(whole)


def test_a_cell_keeps_what_was_shown_last_with_the_picture_of_the_page(instrument):
    kept = []

    class Handle:
        def update(self, bundle, raw):
            kept.append(bundle)

    instrument._kept = [Handle(), Handle(), Handle()]
    tell(instrument, "choose", values={"themes": ["P3"]})
    tell(instrument, "keep", [b"<svg/>"])
    said, chart, table = kept
    assert instrument.shell["sentence"] in said["text/plain"] and "Shift + Enter" in said["text/html"]
    assert chart["image/svg+xml"] == "<svg/>"
    assert table["text/html"] == tables.table(payload.for_reader(instrument.screen.under))._repr_html_()


def test_what_is_copied_is_the_sentence_all_rows_and_the_citation(instrument, monkeypatch):
    sent = []
    monkeypatch.setattr(instrument, "send", lambda content, buffers=None: sent.append(content))
    assert (
        tell(instrument, "copy", number=1) == "De tekst en de tabel zijn gekopieerd; plak ze in een document of mail."
    )
    first, head, *rows = sent[0]["text"].splitlines()
    assert first == instrument.shell["sentence"]
    assert head.split("\t") == [column["label"] for column in instrument.table["columns"]]
    assert (
        rows[-2:] == ["Alle 7 projecten met een bedrag zijn voorbeelden.", instrument.shell["citation"]]
        or len(rows) > 10
    )
    assert "<table" in sent[0]["html"] and sent[0]["do"] == "copy"


# ---------------------------------------------------------------- two sides


def test_two_municipalities_stand_side_by_side_with_their_difference():
    rows = [
        HEAD,
        ["1", "Samen", "Baarn", "P4", 100],
        ["2", "Thuis", "Soest", "P4", 250],
        ["3", "Zorg", "Soest", "P5", ""],
    ]
    made = monitor({"2007-10-01_a/l.csv": rows})
    table = measure.compare(made, "Soest", "Baarn").set_index("label")
    counted = table.loc[table["one"].add(table["other"]) > 0, ["one", "other", "difference"]]
    assert counted.T.to_dict("list") == {
        "Sociale cohesie": [1, 1, 0],
        "Wonen, welzijn, zorg": [1, 0, 1],
        "Samen": [2, 1, 1],
    }
    assert list(tables.table(table.reset_index()))[3:6] == ["Soest", "Baarn", "verschil"]


def test_two_dates_differ_by_what_began_and_ended_between_them():
    table = measure.compare(shipped(), "2007-10-09", "2006-11-30", by="date")
    then, now = shipped().as_of("2006-11-30"), shipped().as_of("2007-10-09")
    total = table.iloc[-1]
    assert [total["one"], total["other"]] == [int(now.counting.sum()), int(then.counting.sum())]
    assert table["difference"].iloc[:-1].sum() == total["difference"] == total["one"] - total["other"]


# ---------------------------------------------------------------- the notebooks, as they are committed


def cells(path, kind):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_code_of_a_notebook_is_folded_and_the_answer_comes_at_once(path):
    code = cells(path, "code")
    assert {cell["metadata"].get("jupyter", {}).get("source_hidden") for cell in code} == {True}
    assert any(cell["outputs"] for cell in code[:2])


SAID = re.compile(r"\[[^\]]*\]\([^)]*\)|Shift \+ Enter|## \d\.")  # links, notebooks, steps


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_no_text_cell_holds_a_number_that_the_data_know(path):
    texts = [SAID.sub("", "".join(cell["source"])) for cell in cells(path, "markdown")]
    assert [text for text in texts if re.search(r"\d", text)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_chart_carries_its_picture(path):
    for cell in cells(path, "code"):
        for out in cell["outputs"]:
            data = out.get("data", {})
            if run_notebooks.PLOTLY in data:
                assert "".join(data[run_notebooks.PICTURE]).startswith("<svg")


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Every notebook as nbconvert exports it."""
    from nbconvert import HTMLExporter

    folder = tmp_path_factory.mktemp("html")
    for path in NOTEBOOKS:
        text, _ = HTMLExporter(exclude_input=True).from_filename(str(path))
        (folder / f"{path.stem}.html").write_text(text, encoding="utf-8")
    return folder


def titles(path):
    """The title of every chart of a notebook."""
    found = []
    for cell in cells(path, "code"):
        charts = [
            out["data"][run_notebooks.PLOTLY] for out in cell["outputs"] if run_notebooks.PLOTLY in out.get("data", {})
        ]
        notes = [note for chart in charts for note in chart["layout"]["annotations"] if note.get("name") == "title"]
        found += [re.sub("<[^>]+>", " ", note["text"]).split() for note in notes]
    return found


@pytest.mark.skipif(not browser.chromium(), reason="Chromium is missing: sudo apt-get install chromium")
def test_every_chart_of_an_exported_notebook_is_seen_in_the_browser(exported):
    with browser.window(853, 1000) as (page, _):
        page.context.unroute("**/*")
        page.context.route("http*://**", lambda route: route.abort())
        for path in NOTEBOOKS:
            page.goto(f"file://{exported / path.stem}.html", wait_until="domcontentloaded")
            drawn = page.locator(".jp-RenderedSVG :is(svg, img)").evaluate_all(DRAWN)
            assert [seen for seen, _ in drawn] == [[True, True]] * len(titles(path)), path.name
            assert [alt for _, alt in drawn] == [True] * len(drawn), path.name
            ends = page.locator(".jp-RenderedSVG :is(svg, img)").evaluate_all(ENDS)
            assert max(ends, default=0) <= 853, path.name  # no chart is cut, however narrow the page


def test_cells_in_another_order_or_run_twice_show_the_same_picture():
    """A kernel that was just started, then the same cells from the last to the first, in the kernel that has run them."""

    def shown(monitor, names):
        made = {}
        for name in names:
            table = VIEWS[name].table(monitor)
            made[name] = (table.attrs["wmo"]["digest"], VIEWS[name].figure(table, style.NOTEBOOK).to_json())
        return made

    names = ["matrix", "budget", "timeline", "rounds", "map"]
    first = shown(shipped.__wrapped__(), names)  # a kernel that has run nothing
    assert shown(shipped(), names[::-1]) == first
    assert shown(shipped(), names) == first
