"""The page, the workbook and the charts of a selection say the same as its memo."""

import contextlib
import html
import itertools
import os
import random
import re
import shutil

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from docx.oxml.ns import qn
from monitors import ROOT, monitor, shipped
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

import wmo_analysis as wmo
from wmo_analysis import cli, report
from wmo_analysis.cli import show
from wmo_analysis.dashboard import payload
from wmo_analysis.selection import TRAITS as FILTERS

EVIL = '</script><img src=x onerror=alert(1)> {{ 7*7 }} R&D "<5" jaar'
HEAD = ["key", "title", "municipality", "theme", "granted", "amount_date", "hours"]


@pytest.fixture
def no_chrome(monkeypatch, tmp_path):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))


def small():
    row = [EVIL, EVIL, "Baarn", "Mantelzorg", "5000", "1-2-2007", "10"]
    return monitor({"2007-10-01_a/lijst.csv": ([HEAD, row], {"credit": "FPK2006", "complete": True})})


def in_memo(path):
    found = {}
    for control in docx.Document(str(path)).element.body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val"))
        found[tag] = "".join(part.text for part in control.iter(qn("w:t")))
    return found


def in_page(path):
    text = path.read_text(encoding="utf-8")
    return {tag: html.unescape(said) for tag, said in re.findall(r'<data value="([^"]*)"[^>]*>([^<]*)</data>', text)}


def in_workbook(path, name):
    lines = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [dict(zip(lines[4], line, strict=True)) for line in lines[5:]]


def selections():
    """Ten random ones, always the same."""
    dice, book = random.Random(5), shipped().codebook
    filters = {
        "region": list(book.regions_on("2007-10-09")),
        "theme": book.columns(),
        "municipality": book.gm_codes,
        "basis": ["all", "without_examples", "published"],
    }
    for _ in range(10):
        names = dice.sample(sorted(filters), dice.choice([0, 1, 1, 2]))
        yield dice.choice(["2006-11-30", "2007-10-09"]), {name: dice.choice(filters[name]) for name in names}


@pytest.mark.slow  # three exports of ten selections of the shipped lists
@pytest.mark.parametrize("day, chosen", list(selections()))
def test_memo_page_workbook_and_dashboard_of_a_selection_say_the_same(no_chrome, tmp_path, day, chosen):
    here = shipped().within(**chosen).as_of(day)
    memo = in_memo(wmo.memo(here, tmp_path / "a.docx"))
    page = in_page(report.page(here, tmp_path / "a.html"))
    assert {tag: page[tag] for tag in memo} == memo
    book = report.workbook(here, tmp_path / "a.xlsx")
    told = {tag.rsplit("|", 2)[0].split("|", 1)[1] + " " + tag.split("|")[2]: text for tag, text in memo.items()}
    credit = {row["post"]: row["bedrag"] for row in in_workbook(book, "Krediet")}
    for item, name in (("committed", "vastgelegd"), ("free", "vrij"), ("asked", "gevraagd")):
        if f"{item} cents" in told:
            assert told[f"{item} cents"] == wmo_euro(credit[name])
    totals = {row["gemeente"]: row["totaal"] for row in in_workbook(book, "Schema")}
    label = shipped().codebook.label
    schema = {key.split()[0]: text for key, text in told.items() if re.fullmatch(r"GM\d+ total", key)}
    assert {code: float(text) for code, text in schema.items()} == {
        code: totals[label("municipality", code)] for code in schema
    }
    assert len(schema) == len(here.municipalities)
    board = wmo.explore(shipped(), tmp_path)
    board.selection.choose(
        as_of=day, **{trait(n): v if n == "basis" else (v,) for n, values in here.filters for v in values}
    )
    shown = payload.sifted(board.screen).query("theme == '' and gm_code != ''").set_index("gm_code")["number"]
    assert shown.to_dict() == {code: int(text) for code, text in schema.items()}
    if "committed cents" in told:
        assert board.shell["tiles"][2]["value"] == told["committed cents"]


def trait(name):
    return name if name == "basis" else FILTERS[name]


def wmo_euro(amount):
    return f"€\u00a0{amount:,.0f}".replace(",", ".")


# ---------------------------------------------------------------- the page


def test_the_page_is_one_small_file_in_which_text_stays_text(tmp_path):
    path = report.page(small(), tmp_path / "a.html")
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 6_000_000
    assert "<img" not in text and html.escape(EVIL, quote=False) in text
    assert not re.search(r'<(script|link|img|iframe)[^>]+(src|href)=', text)  # fmt: skip
    assert '<html lang="nl">' in text
    alt = re.search(r'aria-label="([^"]*&lt;5[^"]*)">', text)
    assert EVIL in html.unescape(alt[1])


def test_the_page_opens_from_disk_with_all_charts_and_without_a_request(tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    path = report.page(shipped(), tmp_path / "a.html")
    asked, wrong = [], []
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with contextlib.closing(browser):
            tab = browser.new_page()
            tab.on("request", lambda request: asked.append(request.url))
            tab.on("pageerror", lambda error: wrong.append(str(error)))
            tab.goto(path.as_uri())
            tab.wait_for_selector(".chart >> nth=7 >> svg.main-svg >> nth=0")
            cut = tab.eval_on_selector_all(
                ".scroll", "all => all.filter(one => one.checkVisibility() && one.scrollWidth > one.clientWidth).length"
            )
            heads = tab.eval_on_selector_all("h1, h2, h3", "all => all.map(one => +one.tagName[1])")
            unnamed = tab.eval_on_selector_all("[role=img]:not([aria-label])", "all => all.length")
            bare = tab.eval_on_selector_all("table:not(:has(caption)), table:not(:has(th[scope]))", "all => all.length")
            found = Axe().run(tab).response["violations"]
    assert (asked, wrong) == ([path.as_uri()], [])
    assert heads[0] == 1 and all(after <= before + 1 for before, after in itertools.pairwise(heads))
    assert (unnamed, bare, cut) == (0, 0, 0)
    assert [violation["id"] for violation in found if violation["impact"] in ("serious", "critical")] == []


# ---------------------------------------------------------------- workbook and charts


def test_the_workbook_begins_with_an_explanation_and_holds_text_as_text(tmp_path):
    path = report.workbook(small(), tmp_path / "a.xlsx")
    names = CalamineWorkbook.from_path(path).sheet_names
    assert names[:3] == ["Uitleg", "Schema", "Dekking per gemeente"]
    assert names[-6:] == ["Plaatsen", "Streefgetallen", "Bevindingen", "Lijsten", "Rekening", "Codeboek"]
    explained = [row["naam"] for row in in_workbook(path, "Uitleg")]
    assert explained[: len(names) - 1] == names[1:]
    [project] = in_workbook(path, "Projecten")
    assert (project["project"], project["vastgelegd"], project["telt mee"]) == (EVIL, 5000.0, True)


def test_the_workbook_tells_verdicts_that_lean_on_examples_and_why_places_are_empty(tmp_path):
    then = shipped().as_of("2006-11-30").known_on("2006-11-30")
    path = report.workbook(then, tmp_path / "a.xlsx")
    verdicts = [row["oordeel"] for row in in_workbook(path, "Uitspraken")]
    assert verdicts == ["klopt, met voorbeelden die daarop zijn gemaakt"] * 8 + ["klopt"] * 2
    empty = in_workbook(path, "Waarom leeg")
    assert len(empty) == 12 and empty[-1] == {
        "code": "GM0355",
        "gemeente": "Zeist",
        "stand": "geen bekend",
        "uitleg": "Zeist: geen door de provincie ondersteund project bekend. Doorzocht: 1 volledige lijst, "
        "alle verzonnen (Burgers Betrekken). Projecten die er dicht bij komen: 0.",
        "wat er dicht bij komt": "",
    }
    rules = [row["uitleg"] for row in in_workbook(path, "Uitleg") if row["naam"] == "Telregels"]
    assert rules[-1].endswith("Alleen lijsten die op de genoemde dag bekend waren, tellen mee.")
    assert "Veranderingen" not in CalamineWorkbook.from_path(path).sheet_names


def test_charts_come_as_png_and_svg_in_two_sizes(tmp_path):
    paths = report.charts(small(), tmp_path, ["hours"])
    stem = "wmo_adviesuren-per-project_alle-bronnen_2007-10-01"
    assert [path.name for path in paths] == [
        f"{stem}_halve-pagina.png",
        f"{stem}_halve-pagina.svg",
        f"{stem}_hele-pagina.png",
        f"{stem}_hele-pagina.svg",
    ]
    with pytest.raises(wmo.WmoError, match=r"Onbekende grafiek: taart\. Mogelijk zijn: matrix, map,"):
        report.charts(small(), tmp_path, ["taart"])
    with pytest.raises(
        wmo.WmoError, match=r"Er is geen eerdere monitor om mee te vergelijken; noem een dag of een memo"
    ):
        report.charts(small(), tmp_path, ["changes"])


# ---------------------------------------------------------------- the commands


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A workspace with the shipped clean tables, to write in."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("WMO_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(show.console, "width", 200)
    return tmp_path


def run(*words):
    said = CliRunner().invoke(cli.app, list(words), catch_exceptions=False)
    return said.output


def test_memo_and_its_check_are_one_command_each(home, no_chrome, capsys):
    path = home / "outputs" / "wmo_memo_regio-utrecht-west_2006-11-30.docx"
    run("memo", "--as-of", "2006-11-30", "--region", "Utrecht-West")
    assert path.exists()
    run("memo", "--as-of", "2006-11-30", "--region", "Utrecht-West", "-o", str(path))
    assert path.with_name("wmo_memo_regio-utrecht-west_2006-11-30 (2).docx").exists()
    run("check-memo", str(path))
    run("check-memo", "--all")
    assert (home / "outputs" / "index.csv").read_text(encoding="utf-8").count("\n") == 3


def test_a_command_takes_what_was_known_and_says_so_in_the_name(home, no_chrome):
    both = ("--as-of", "2006-11-30", "--known-on", "2006-11-30")
    run("memo", *both)
    run("export", *both)
    run("html", *both)
    stem = "2006-11-30_bekend-2006-11-30"
    assert sorted(path.name for path in (home / "outputs").glob("wmo_*")) == [
        f"wmo_memo_{stem}.docx",
        f"wmo_pagina_{stem}.html",
        f"wmo_werkmap_{stem}.xlsx",
    ]
    assert "zoals bekend op 30 november 2006" in (home / "outputs" / f"wmo_pagina_{stem}.html").read_text(
        encoding="utf-8"
    )
    lists = in_workbook(home / "outputs" / f"wmo_werkmap_{stem}.xlsx", "Lijsten")
    assert {row["peildatum"].isoformat() for row in lists} == {"2006-11-01", "2006-11-30"}


def test_a_command_compares_with_both_dates_of_a_memo(home, no_chrome):
    run("memo", "--as-of", "2006-11-30", "--known-on", "2006-11-15", "-o", "a.docx")
    run("memo", "--since", "a.docx", "-o", "b.docx")
    said = " ".join(p.text for p in docx.Document("b.docx").paragraphs)
    assert "vergeleken met die van 30 november 2006, zoals bekend op 15 november 2006." in said


@pytest.mark.parametrize("command", ["memo", "export", "html", "charts"])
@pytest.mark.parametrize("option", ["--as-of", "--known-on", "--since"])
def test_a_wrong_date_is_one_sentence_and_no_traceback(command, option, home, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["wmo", command, option, "30-11-2006"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr()
    assert (end.value.code, said.out.strip(), said.err) == (
        1,
        "'30-11-2006' is geen datum; schrijf die als 2007-10-09.",
        "",
    )
    assert list((home / "outputs").glob("*")) == []


@pytest.mark.parametrize("command", ["memo", "export", "html", "charts"])
def test_the_help_of_a_command_tells_both_clocks_in_dutch(command):
    said = " ".join(re.sub("[│|]", " ", run(command, "--help")).split())
    assert re.search(
        r"--as-of \S+ de peildatum, als 2006-11-30 --known-on \S+ alleen lijsten van op of voor deze dag", said
    )
    assert "tellen mee; zonder keuze alles wat wij nu weten" in said


def test_a_command_needs_a_memo_or_all_of_them(home):
    for words in (["check-memo"], ["check-memo", "a.docx", "--all"]):
        with pytest.raises(wmo.WmoError, match="Noem een memo, of kies --all"):
            run(*words)


def test_a_workbook_and_a_page_get_a_safe_name_in_outputs(home):
    run("export", "--theme", "P3", "--basis", "published")
    run("html", "--language", "en", "-o", os.path.join("elders", "page.html"))
    [book] = (home / "outputs").glob("*.xlsx")
    assert re.fullmatch(r"wmo_werkmap_thema-vrijwilligers-en-mantelzorg-[a-z0-9-]+_2007-10-09\.xlsx", book.name)
    assert '<html lang="en">' in (home / "elders" / "page.html").read_text(encoding="utf-8")
