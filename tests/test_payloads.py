"""Texts of tests/payloads.py through every output, in a real browser where it is a page: all of them are shown as text."""

import ast
import base64
import csv
import html
import json
import re
import unicodedata
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import browser
import docx
import nbformat
import pytest
from browser import ROOT
from conftest import make_list
from lxml import etree
from monitors import SIDES
from payloads import MATHS, PAYLOADS, STEERING
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

import wmo_analysis as wmo
from wmo_analysis import add, cli, export, measure, report, style, tables
from wmo_analysis.cli import show
from wmo_analysis.dashboard import files
from wmo_analysis.dashboard.board import BUNDLE
from wmo_analysis.report import _content
from wmo_analysis.views import TABS, VIEWS

CHROMIUM = pytest.mark.skipif(not browser.chromium(), reason="Chromium is missing: sudo apt-get install chromium")
HEAD = ["key", "title", "municipality", "theme", "status", "granted", "amount_date", "start", "hours", "good_example"]
ESM = ROOT / "wmo_analysis" / "dashboard" / "board.js"
LIST = "<b>x & $y$ =1+1 {{ 7*7 }}.csv"
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A workspace of a real build, in which every payload is a title, a place, a theme, a status and a good example."""
    root = tmp_path_factory.mktemp("payloads")
    rows = []
    for number, text in enumerate(PAYLOADS):
        here = ["Baarn", "Soest", "Zeist"][number % 3]
        rows.append([f"A{number}", text, here, "Mantelzorg", "lopend", "5000", "1-2-2007", "1-1-2007", "10", text])
        rows.append([f"B{number}", f"Plaats {number}", text, text, text, text, text, text, text, ""])
    card = {"credit": "FPK2006", "complete": True, "basis": "received"}
    make_list(root, "2007-10-01_a", LIST, [HEAD, *rows], card)
    wmo.build(root)
    return root


@pytest.fixture(scope="module")
def monitor(home):
    return wmo.open(home)


@pytest.fixture
def no_chrome(monkeypatch, tmp_path):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))


@pytest.fixture
def many(monkeypatch, monitor):
    """A document tells every title, though there are more of them than it tells otherwise."""
    for most in ("MOST_IN_SCHEMA", "MOST_LISTED"):
        monkeypatch.setattr(_content, most, len(monitor.projects))


def told(text):
    """A text by its visible letters: no output of ours keeps spaces or what a screen obeys as it was."""
    return "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in ("Cc", "Cf"))


def titles(monitor):
    """The names of the projects as the build kept them."""
    return list(monitor.projects["title"])


def test_the_build_takes_every_payload_as_a_title(monitor):
    kept = set(map(told, titles(monitor)))
    assert [text for text in PAYLOADS if told(text) not in kept] == []


# ---------------------------------------------------------------- tables


class Page(HTMLParser):
    """The elements, attributes and texts of some HTML."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.said = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(attrs)
        self.said.append("")

    def handle_data(self, data):
        self.said[-1:] = [self.said[-1] + data] if self.said else [data]


@pytest.mark.parametrize("name", ["projects", "good_examples", "findings", "project_list", "lists", "ledger"])
def test_a_table_holds_no_element_and_no_attribute_but_ours(monitor, name):
    shown = wmo.table(VIEWS[name].table(monitor))
    page = Page(shown._repr_html_())
    assert page.tags == {"table", "thead", "tbody", "tr", "th", "td"}
    sides = {("style", "text-align:left"), ("style", "text-align:right"), (tables.WHOLE.strip(), None)}
    assert page.attributes - sides == {("class", tables.NO_MATHS)}
    cells = {told(str(cell)) for row in shown.itertuples(index=False) for cell in row}
    assert cells - set(map(told, page.said)) <= {""}


def test_a_printed_table_holds_nothing_that_a_screen_obeys(monitor):
    assert OBEYED.findall(repr(wmo.table(measure.projects(monitor)))) == []


def test_the_forms_of_a_new_list_show_its_headers_as_text(tmp_path):
    rows = [["Projectnaam", "Gemeente", *MATHS, "<img src=x>"], *[["Samen", "Baarn", *["x"] * (len(MATHS) + 1)]] * 3]
    path = make_list(tmp_path, "a", "lijst.csv", rows, {})
    seen = add.look(path)
    for form in add.Columns(seen).lists.values():
        page = Page(form.description)
        assert (page.tags, page.attributes) == ({"span"}, {("class", tables.NO_MATHS)})
        assert form.description_allow_html
    assert Page(add.shown(seen)._repr_html_()).tags == {"table", "thead", "tbody", "tr", "th", "td"}


# ---------------------------------------------------------------- pages

WRONG = """() => [...document.querySelectorAll(
    'a[href],area,img,iframe,object,embed,form,link,base,math,foreignObject,animate,[class*=MathJax],mjx-container'
)].filter(one => !one.closest('.modebar')).map(one => one.outerHTML.slice(0, 200))"""
TRAPS = """() => [...document.querySelectorAll('*')].filter(
    one => [...one.attributes].some(held => held.name.startsWith('on'))
).map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def window():
    """(page, what went wrong in it): dialogs, errors, and requests to others, which are blocked."""
    with browser.window() as (page, strangers):
        wrong = strangers
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield page, wrong


def opened(page, body):
    """Shows a page of plotly and that body."""
    page.goto("about:blank")
    page.set_content(f"<!DOCTYPE html><meta charset=utf-8><body data-jp-theme-light=true>{body}")
    page.add_script_tag(path=str(BUNDLE))


def innocent(page, wrong):
    assert page.evaluate(WRONG) == []
    assert page.evaluate(TRAPS) == []
    assert wrong == []


@CHROMIUM
def test_plotly_draws_every_payload_as_it_stands(window):
    page, wrong = window
    opened(page, "<div id=chart></div>")
    texts = [style.escape(text) for text in PAYLOADS]
    drawn = page.evaluate(
        """async texts => {
            const y = texts.map((_, i) => i), x = y.map(() => 0), box = document.querySelector('#chart');
            const annotations = texts.map((text, i) => ({ x: 1, y: i, text, showarrow: false, hovertext: text }));
            const look = { type: 'scatter', mode: 'markers+text', hoverinfo: 'text', text: texts, hovertext: texts };
            const layout = { annotations, width: 900, height: 4000 };
            await Plotly.newPlot(box, [{ ...look, x, y }], layout);
            const all = name => [...box.querySelectorAll(name)].map(one => one.textContent), hover = [];
            for (const i of y) {
                box._fullLayout._uid = `hover ${i}`;  // else plotly waits between two of them
                Plotly.Fx.hover(box, [{ curveNumber: 0, pointNumber: i }]);
                hover.push(all('.hoverlayer text.nums').join(''));
            }
            return [all('.textpoint text'), all('.annotation-text'), hover];
        }""",
        texts,
    )
    for found in drawn:
        assert list(map(told, found)) == list(map(told, PAYLOADS))
    innocent(page, wrong)


@CHROMIUM
def test_every_chart_is_drawn_without_an_element_of_a_payload(monitor, window):
    page, wrong = window
    figures = []
    for view in VIEWS.values():
        if view.chart:
            chosen = {"municipality": {"municipality": "GM0308"}, "since": {"since": "2007-01-01"}}
            settings = {key: value for name in view.settings for key, value in chosen.get(name, {}).items()}
            settings |= SIDES.get(view.name, {})
            figures.append(view.figure(view.table(monitor, **settings), style.NOTEBOOK, **settings).to_json())
    opened(page, "")
    page.evaluate(
        """async figures => { for (const figure of figures) {
            const box = document.body.appendChild(document.createElement('div')), made = JSON.parse(figure);
            await Plotly.newPlot(box, made.data, made.layout, { displayModeBar: false });
        } }""",
        figures,
    )
    drawn = page.evaluate("() => [...document.querySelectorAll('.annotation-text')].map(one => one.textContent)")
    meant = [note["text"] for figure in figures for note in json.loads(figure)["layout"]["annotations"]]
    said = [told(html.unescape(re.sub("</?b>|<br>", "", text))) for text in meant]
    assert sorted(filter(None, map(told, drawn))) == sorted(filter(None, said))
    innocent(page, wrong)


@CHROMIUM
def test_the_page_shows_every_payload_and_asks_for_nothing(monitor, many, window, tmp_path):
    page, wrong = window
    path = report.page(monitor, tmp_path / "a.html")
    page.goto("about:blank")
    page.set_content(path.read_text(encoding="utf-8"))
    page.wait_for_selector(".chart svg.main-svg")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    ours = set("html head meta title style body main footer p span data h1 h2 h3 ul li div figure figcaption".split())
    ours |= set("table caption thead tbody tr th td details summary script br section".split())
    tags = page.evaluate(
        "[...new Set([...document.querySelectorAll('*')].filter(one => !one.closest('svg, .js-plotly-plot'))"
        ".map(one => one.tagName.toLowerCase()))]"
    )
    assert set(tags) <= ours
    said = told(page.evaluate("document.body.textContent"))
    assert [title for title in titles(monitor) if told(title) not in said] == []
    innocent(page, wrong)


DASHBOARD = """async ([code, traits]) => {
    const { default: widget } = await import(`data:text/javascript;base64,${code}`);
    const model = { get: name => traits[name], on() {}, off() {}, send() {} };
    widget.render({ model, el: document.querySelector('#el') });
}"""


@CHROMIUM
@pytest.mark.parametrize("tab", ["timeline"])
def test_the_dashboard_shows_payloads_as_text(monitor, window, tmp_path, tab):
    page, wrong = window
    board = wmo.explore(monitor, tmp_path)
    said, shown = "", set()
    for project in monitor.projects.index[:: len(monitor.projects) // 2]:
        for content in ({"do": "view", "view": tab}, {"do": "rows", "values": {"kind": "projects", "query": ""}}):
            board.hear(board, content, [])
        board.hear(board, {"do": "project", "project": project}, [])
        traits = {name: getattr(board, name) for name in "texts shell figure table trace state".split()}
        opened(page, "<div id=el></div>")
        code = base64.b64encode(ESM.read_bytes()).decode()
        page.evaluate(DASHBOARD, [code, traits])
        page.wait_for_selector(".wmo[data-wmo-state]")
        said += told(page.evaluate("document.body.textContent"))
        shown |= {told(row["cells"][0]) for row in board.table["rows"]} | {told(board.trace["title"])}
        innocent(page, wrong)
    assert {text for text in shown if text not in said} == set()


@pytest.mark.fuzz
@CHROMIUM
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_shows_payloads_as_text(monitor, window, tmp_path, tab):
    test_the_dashboard_shows_payloads_as_text(monitor, window, tmp_path, tab)


@pytest.mark.fuzz
@CHROMIUM
def test_jupyterlab_sets_no_payload_as_mathematics(monitor, window, tmp_path):
    page, wrong = window
    shown = wmo.table(measure.projects(monitor))
    plain = "<table><tr><td>&#36;x^2&#36;</td></tr></table>"
    outputs = [nbformat.v4.new_output("display_data", {"text/html": text}) for text in (shown._repr_html_(), plain)]
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    cell = nbformat.v4.new_code_cell("1", outputs=outputs, execution_count=1)
    with browser.lab(tmp_path, ROOT / "data") as address:
        nbformat.write(
            nbformat.v4.new_notebook(cells=[cell], metadata=about), tmp_path / "notebooks" / "payloads.ipynb"
        )
        browser.open_notebook(page, address, "payloads.ipynb")
        page.wait_for_selector("mjx-container")  # of the table that is not ours: the mathematics is at work
        assert page.locator(f"table.{tables.NO_MATHS.split()[0]}").locator("mjx-container, img, script, a").count() == 0
        assert page.locator("mjx-container").count() == 1
        assert wrong == []


# ---------------------------------------------------------------- files


def test_no_cell_of_a_csv_begins_a_formula(monitor, tmp_path):
    for name in ("projects", "good_examples", "findings", "project_list"):
        path = export.csv(VIEWS[name].table(monitor), tmp_path / f"{name}.csv")
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
        numbers = re.compile(r"-?\d+(,\d+)?")
        cells = [cell for row in rows for cell in row if not numbers.fullmatch(cell)]
        assert [cell for cell in cells if unicodedata.normalize("NFKC", cell).strip()[:1] in tuple("=+-@")] == []
        assert [cell for cell in cells if OBEYED.search(cell.translate({0x202E: "", 0x2066: "", 0x2069: ""}))] == []
    said = {told(cell).lstrip("'") for cell in cells}
    assert [title for title in titles(monitor) if told(title).lstrip("'") not in said] == []


def parts_of(path):
    """name -> text of the parts of an Office file."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def outward(parts):
    """What an Office file fetches or follows."""
    found = []
    for name, text in parts.items():
        if name.endswith(".rels"):
            found += re.findall(r'TargetMode="External"|Type="[^"]*(?:hyperlink|attachedTemplate|oleObject)"', text)
        found += re.findall(r"<(?:f|hyperlink|w:hyperlink|w:instrText|w:object|w:altChunk)[ >][^>]*", text)
    return found


def test_a_workbook_holds_no_formula_and_no_link_and_every_text(monitor, tmp_path):
    path = report.workbook(monitor, tmp_path / "a.xlsx")
    assert outward(parts_of(path)) == []
    book = CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_name("Projecten").to_python()
    said = {told(str(cell)) for row in rows for cell in row}
    assert [title for title in titles(monitor) if told(title) not in said] == []


def test_a_memo_holds_payloads_as_text_and_no_field_of_them(no_chrome, many, monitor, tmp_path):
    path = wmo.memo(monitor, tmp_path / "a.docx")
    parts = parts_of(path)
    assert outward(parts) == []
    body = etree.fromstring(parts["word/document.xml"].encode())
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    fields = {field.get(f"{w}instr").split()[0] for field in body.iter(f"{w}fldSimple")}
    assert fields <= {"SEQ", "PAGE", "NUMPAGES"}
    said = told("".join(text.text or "" for text in body.iter(f"{w}t")))
    assert [title for title in titles(monitor) if told(title) not in said] == []
    docx.Document(str(path))  # whole


def test_a_name_of_a_file_is_safe_and_stays_in_its_folder(monitor, tmp_path):
    about = measure.projects(monitor).attrs["wmo"]
    for text in PAYLOADS:
        for name in (
            export.file_name(dict(about) | {"selection_text": text}, ".csv"),
            f"{export.slug(text) or 'x'}.csv",
        ):
            assert re.fullmatch(r"[a-z0-9_-]+\.csv", name) and len(name) < 200
            assert not name.startswith("-") and Path(name).stem not in ("con", "nul", "aux", "prn")
        view = files.place(tmp_path, text)
        assert view.parent == tmp_path / files.FOLDER and re.fullmatch(r"[a-z0-9-]+\.json", view.name)


# ---------------------------------------------------------------- screen


@pytest.mark.parametrize("command", ["build", "check"])
def test_no_control_sequence_of_a_list_reaches_the_screen(home, command, monkeypatch):
    monkeypatch.setattr(show.console, "width", 200)
    whole = ["--all"] if command == "check" else []  # every finding, not the first of each kind
    said = CliRunner().invoke(cli.app, [command, str(home), *whole], catch_exceptions=False).output
    assert len(said) > 300 and OBEYED.findall(said) == []
    assert command == "build" or "[bold]vet[/bold]" in said


@pytest.mark.parametrize("text", STEERING)
def test_a_sentence_loses_what_a_screen_obeys_and_nothing_else(text, capsys):
    with show.console.capture() as caught:
        show.text(text, soft_wrap=True)
    assert told(caught.get()) == told(text) and OBEYED.findall(caught.get()) == []


# ---------------------------------------------------------------- doors

DOORS = {  # what makes HTML, a cell, a part of Word, or a line on the screen -> the only files that may
    "escape": "chart/* dashboard/* add/_widgets add/_desk style tables report/_page pipeline/clean pipeline/header",
    "Markup": "report/_page",
    "Environment": "report/_page",
    "Workbook": "export",
    "writer": "export",
    "write_string": "export",
    "OxmlElement": "report/_word",
    "Console": "cli/show",
    "print": "cli/__init__ cli/show",
    "echo": "",
    "HTML": "add/_desk",
    "Markdown": "",
    "display": "dashboard/show",
    "write_url": "",
    "write_formula": "",
    "from_string": "",
    "add_hyperlink": "",
}


def calls(path):
    """(line, name) of what a file calls, and of what it names to call later."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, getattr(node.func, "id", getattr(node.func, "attr", ""))


def test_nothing_goes_round_the_doors_of_text():
    library, round_them = ROOT / "wmo_analysis", []
    for path in sorted(library.rglob("*.py")):
        here = str(path.relative_to(library).with_suffix("").as_posix())
        for line, name in calls(path):
            known = DOORS.get(name)
            if known is not None and here not in known.split() and f"{here.split('/')[0]}/*" not in known.split():
                round_them.append(f"{here}:{line} {name}")
    assert round_them == []


def test_a_page_takes_three_things_as_markup_all_ours():
    template = (ROOT / "wmo_analysis" / "template" / "page.html.j2").read_text(encoding="utf-8")
    found = re.findall(r"\{\{\s*(\S+?)\|safe", template)
    assert found == ["block.figure.to_json()", "font", "plotly"]


def test_the_dashboard_makes_elements_and_texts_and_no_markup():
    code = ESM.read_text(encoding="utf-8")
    assert (
        re.findall(r"(?:innerHTML|outerHTML)\s*=(?!=)|insertAdjacentHTML|document\.write|\beval\(|new Function", code)
        == []
    )


def test_every_text_of_a_chart_went_through_the_door(monitor):
    """No '<' of a figure but those of our own line breaks and bold, and no dollar at all."""
    for view in VIEWS.values():
        if view.chart:
            settings = {"municipality": "GM0308"} if "municipality" in view.settings else {}
            settings |= {"since": "2007-01-01"} if "since" in view.settings else SIDES.get(view.name, {})
            figure = view.figure(view.table(monitor, **settings), style.NOTEBOOK, **settings)
            drawn = json.loads(figure.to_json())
            drawn["layout"].pop("meta")
            drawn["layout"].pop("template", None)
            text = json.dumps(drawn)
            assert set(re.findall(r"<[^>]{0,9}>?", text)) <= {"<b>", "</b>", "<br>"}, view.name
            assert "$" not in text, view.name
