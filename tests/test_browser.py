"""The dashboard in the real thing: JupyterLab, a kernel and Chromium; one session for all scenarios, in this order."""

import csv
import re
from pathlib import Path

import browser
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import idle, settled, spot

import wmo_analysis as wmo
from wmo_analysis import words
from wmo_analysis.views import TABS

pytestmark = pytest.mark.skipif(not browser.chromium(), reason="Chromium is missing: sudo apt-get install chromium")


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """(page, address, folder, strangers) of a notebook that was opened and not yet run."""
    folder = tmp_path_factory.mktemp("lab")
    with browser.lab(folder) as address, browser.window() as (page, strangers):
        browser.open_notebook(page, address, "00_start.ipynb")
        yield page, address, folder, strangers


@pytest.fixture
def page(session):
    """The page with the dashboard as it was when it opened: no filter, the matrix, in Dutch."""
    page = session[0]
    if not page.locator(".wmo").count():
        browser.run(page)
    for key in ("language nl", "reset", "view matrix"):
        button = page.locator(f'.wmo [data-key="{key}"]')
        if button.is_enabled():
            button.click()
            idle(page)
    return page


def key(page, name):
    return page.locator(f'.wmo [data-key="{name}"]')


def tiles(page):
    return page.locator(".wmo .tiles strong").all_inner_texts()


def rows(page):
    return [row.locator("td").all_inner_texts() for row in page.locator(".wmo tbody tr").all()]


def choose(page, trait, code):
    key(page, f"filter {trait}").click()
    settled(page, lambda: key(page, f"{trait} {code}").click())
    page.keyboard.press("Escape")


def test_an_opened_notebook_shows_picture_and_table_before_anything_is_run(session):
    page = session[0]
    page.wait_for_selector(".jp-Notebook .js-plotly-plot .main-svg", state="attached")
    assert page.locator(".wmo").count() == 0
    assert "26 van 29 gemeenten gedekt" in page.locator(".jp-OutputArea").first.inner_text()
    assert page.locator(".jp-Notebook table").first.locator("tr").count() == 30
    assert page.get_by_text("model not found").count() == 0


def test_the_page_shows_the_figures_of_the_monitor(page):
    summary = wmo.measure.summary(wmo.open(browser.ROOT)).set_index("name")
    covered, committed, agreed = summary.loc[["covered", "committed", "agreed"], "value"]
    assert tiles(page) == [str(covered), str(summary.at["projects", "of"]), words.euro(committed), str(agreed)]
    assert page.locator(".wmo .banner .example").inner_text().startswith("Bevat voorbeeldgegevens: 42 van 57 projecten")


def test_the_number_behind_an_option_is_the_number_of_projects_that_it_leaves(page):
    key(page, "filter regions").click()
    option = page.locator('.wmo label:has([data-key="regions EEM"])')
    promised = option.locator(".count").inner_text()
    settled(page, lambda: key(page, "regions EEM").check())
    assert page.evaluate("document.activeElement.dataset.key") == "regions EEM"  # the list stays open, focus in it
    page.keyboard.press("Escape")
    assert tiles(page)[1] == promised
    assert page.locator(".wmo .tiles dd").first.inner_text().endswith("van 7")
    assert "1 filter actief" in page.locator(".wmo .steps").inner_text()
    settled(page, lambda: key(page, "undo").click())
    assert tiles(page)[1] == "57"
    settled(page, lambda: key(page, "redo").click())
    assert tiles(page)[1] == promised


def test_a_click_on_a_cell_shows_its_projects_and_the_rows_they_come_from(page):
    monitor = wmo.open(browser.ROOT)
    matrix = wmo.measure.coverage(monitor)
    cell = matrix[(matrix["gm_code"] != "") & (matrix["theme"] != "") & (matrix["number"] == 2)].iloc[0]
    x, y = spot(page, [cell["gm_code"], cell["theme"]])
    settled(page, lambda: page.mouse.click(x, y))
    heading = page.locator(".wmo .heading").inner_text()
    assert heading.startswith(f"{cell['municipality']}, {cell['theme_label']}: 2 projecten")
    assert sorted(row[0] for row in rows(page)[:2]) == sorted(cell["projects"].split("; "))
    settled(page, lambda: page.locator(".wmo tbody button").nth(1).click())
    title = rows(page)[1][0]
    source = monitor.projects[monitor.projects["title"] == title].iloc[0]
    trace = page.locator(".wmo .origin").inner_text()
    assert f"Herkomst: {title}" in trace and source["file"] in trace and f"rij {source['row']}" in trace
    for listed in monitor.trace(project_id=source.name)["listed"]:
        assert listed in trace
    assert (
        page.evaluate("document.querySelector('.wmo .chart').layout.shapes.filter(s => s.name === 'ring').length") == 1
    )
    settled(page, lambda: key(page, "unpick").click())
    assert page.locator(".wmo .picked.on").count() == 0


def in_sight(page):
    """Waits until the rows behind a number stand whole in the window, or from its top on."""
    page.wait_for_function("""() => {
        const at = document.querySelector('.wmo .origin').getBoundingClientRect();
        return at.top >= 0 && (at.bottom <= innerHeight || at.top < innerHeight / 3);
    }""")


def test_a_number_written_in_a_chart_opens_its_rows_in_sight(page):
    settled(page, lambda: key(page, "view budget").click())
    note = page.locator(".wmo .chart .annotation.opens").first
    settled(page, note.click)
    assert "Herkomst:" in page.locator(".wmo .origin").inner_text()
    assert page.locator(".wmo .origin li").count() > 0
    in_sight(page)


def test_a_total_of_the_matrix_opens_the_projects_of_its_municipality(page):
    x, y = page.evaluate("""() => {
        const chart = document.querySelector('.wmo .chart'), trace = chart._fullData.find((t) => t.name === 'totals');
        chart.scrollIntoView({ block: 'center' });
        const i = trace.customdata.findIndex((codes) => codes?.[0] === 'GM0342');
        const { xaxis, yaxis } = chart._fullLayout, at = chart.getBoundingClientRect();
        return [at.left + xaxis._offset + xaxis.l2p(trace.x[i]) - 4, at.top + yaxis._offset + yaxis.l2p(trace.y[i])];
    }""")
    settled(page, lambda: page.mouse.click(x, y))
    assert page.locator(".wmo .heading").inner_text().startswith("Soest: ")
    assert "Herkomst: Soest" in page.locator(".wmo .origin").inner_text()
    in_sight(page)


def test_every_tab_draws_its_view_and_says_its_sentence(page):
    for view in TABS:
        if view != "matrix":
            settled(page, lambda view=view: key(page, f"view {view}").click())
        assert key(page, f"view {view}").get_attribute("aria-selected") == "true"
        assert len(page.locator(".wmo .sentence").inner_text()) > 20, view
        assert rows(page), view
        assert page.locator(".wmo .chart:visible").count() == (view != "projects"), view
        assert not page.locator(".wmo .message").inner_text(), view


def test_a_sign_shows_that_the_kernel_is_still_at_work(page):
    kernels = [p for p in psutil.Process().children(recursive=True) if "ipykernel_launcher" in " ".join(p.cmdline())]
    assert page.locator(".wmo .progress:visible").count() == 0
    for kernel in kernels:
        kernel.suspend()
    key(page, "view map").click()
    page.wait_for_selector(".wmo.busy .progress")
    for kernel in kernels:
        kernel.resume()
    idle(page)
    assert page.locator(".wmo.busy").count() == 0


def test_a_saved_view_brings_back_filters_and_tab(page):
    choose(page, "themes", "P3")
    settled(page, lambda: key(page, "view map").click())
    seen = page.locator(".wmo .sentence").inner_text()
    key(page, "views").click()
    key(page, "name").fill("Mantelzorg op de kaart")
    settled(page, lambda: key(page, "save").click())
    settled(page, lambda: key(page, "reset").click())
    settled(page, lambda: key(page, "view budget").click())
    key(page, "views").click()
    settled(page, lambda: key(page, "load Mantelzorg op de kaart").click())
    assert page.locator(".wmo .sentence").inner_text() == seen
    settled(page, lambda: key(page, "delete Mantelzorg op de kaart").click())
    assert key(page, "load Mantelzorg op de kaart").count() == 0
    key(page, "views").click()


def test_the_page_speaks_english_after_one_click(page):
    settled(page, lambda: key(page, "language en").click())
    assert "municipalities covered" in page.locator(".wmo .tiles").inner_text()
    assert page.locator(".wmo").get_attribute("lang") == "en"
    assert "Contains example data: 42 of 57 projects" in page.locator(".wmo .banner .example").inner_text()


def test_what_is_on_the_screen_is_what_is_in_the_file(page, session):
    outputs = session[2] / "outputs"
    choose(page, "regions", "SUW")
    settled(page, lambda: key(page, "view coverage").click())
    settled(page, lambda: key(page, "sort covered").click())
    settled(page, lambda: key(page, "fold").click())  # a file holds the rows of zeros too
    seen = [page.locator(".wmo thead th").all_inner_texts(), *(row for row in rows(page) if len(row) > 1)]
    settled(page, lambda: key(page, "file .csv").click())
    with page.expect_download() as download:
        key(page, "download").click()
    (path,) = outputs.glob("*.csv")
    assert path.name == "wmo_dekking-per-thema_regio-utrecht-west_2007-10-09.csv" == download.value.suggested_filename
    assert Path(download.value.path()).read_bytes() == path.read_bytes()
    with open(path, encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file, delimiter=";"))
    clean = [[re.sub(" [▲▼]$", "", cell) for cell in row] for row in seen]
    assert found[: len(clean)] == clean
    assert any("Bevat voorbeeldgegevens" in cell for row in found for cell in row)
    for kind, start in ((".png", b"\x89PNG"), (".svg", b"<svg"), (".xlsx", b"PK"), (".docx", b"PK")):
        settled(page, lambda kind=kind: key(page, f"file {kind}").click())
        (path,) = outputs.glob(f"*{kind}")
        assert path.read_bytes().startswith(start)
    drawn = page.locator(".wmo .sentence").inner_text().split(": ", 1)[1].split(";")[0].rstrip(".")
    assert drawn in re.sub("<[^>]+>", "", next(outputs.glob("*.svg")).read_text(encoding="utf-8"))


CUT = """() => {
    const root = document.querySelector('.wmo'), seen = [];
    for (const part of root.querySelectorAll('.tiles, .tiles *, .main, .under, .heads, .tools, .filters, .banner, .told')) {
        if (part.clientWidth && part.scrollWidth > part.clientWidth + 1) seen.push(part.className || part.tagName);
        if (part.getBoundingClientRect().right > root.getBoundingClientRect().right + 1) seen.push(`out: ${part.className}`);
    }
    const table = root.querySelector('.table');
    const body = document.documentElement.scrollWidth > innerWidth;
    return { seen, table: table.scrollWidth > table.clientWidth + 1, body };
}"""


@pytest.mark.parametrize("width", [853, 1280, 1920])
def test_nothing_is_cut_at_any_width_and_the_first_column_stays(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(500)
    idle(page)
    for view in TABS:
        if view != "matrix":
            settled(page, lambda view=view: key(page, f"view {view}").click())
        found = page.evaluate(CUT)
        assert (view, found["seen"], found["body"]) == (view, [], False)
        assert not found["table"] or width < 1280, view
        first = page.evaluate("""() => {
            const table = document.querySelector('.wmo .table'), cell = table.querySelector('tbody td');
            table.scrollLeft = 60;
            const gap = cell.getBoundingClientRect().left - table.getBoundingClientRect().left;
            table.scrollLeft = 0;
            return Math.round(gap);
        }""")
        assert first == 0, view
    page.set_viewport_size({"width": 1280, "height": 900})


def test_uren_above_100_leaves_the_right_rows_on_screen_and_in_the_csv(page, session):
    settled(page, lambda: key(page, "view budget").click())
    settled(page, lambda: key(page, "setting by").select_option("theme"))
    folded = key(page, "fold")
    assert (folded.inner_text(), folded.get_attribute("aria-expanded")) == ("en 3 thema's met 0", "false")
    folded.focus()
    settled(page, lambda: page.keyboard.press("Enter"))
    assert page.evaluate("document.activeElement.dataset.key") == "fold"
    assert folded.get_attribute("aria-expanded") == "true" and len(rows(page)) == 12
    settled(page, lambda: key(page, "setting by").select_option("hours"))
    settled(page, lambda: key(page, "search").fill("uren > 100"))
    hours = wmo.measure.hours(wmo.open(browser.ROOT)).query("hours > 100")
    seen = rows(page)
    assert sorted(row[0] for row in seen) == sorted(hours["title"])
    settled(page, lambda: key(page, "file .csv").click())
    (path,) = (session[2] / "outputs").glob("wmo_uren_*.csv")
    with open(path, encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file, delimiter=";"))
    assert found[1 : len(seen) + 2] == [*seen, []]
    assert f"uren > 100: {len(seen)} van 15 rijen" in found[-1][0]


def test_all_of_it_works_with_the_keyboard_in_reading_order(page):
    key(page, "date").focus()
    order = [page.evaluate("document.activeElement.dataset.key")]
    while len(order) < 60:
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.dataset.key ?? document.activeElement.className"))
        if order[-1] == "rows measure":
            break
    wanted = [
        "date",
        "day",
        "clock now",
        "clock then",
        "language nl",
        "language en",
        "help",
        "basis all",
        "basis without_examples",
        "basis published",
    ]
    filters = [f"filter {name}" for name in ("themes", "regions", "municipalities", "sources", "rounds", "statuses")]
    assert order[:10] == wanted and order[10:16] == filters
    assert order[-11:] == [
        "setting theme_set",
        "setting order",
        "said 2",
        "said 4",
        "file .png",
        "file .svg",
        "file .csv",
        "file .xlsx",
        "file .docx",
        "copy",
        "rows measure",
    ]
    key(page, "filter themes").focus()
    page.keyboard.press("Enter")
    for _ in range(3):  # past the search in the list
        page.keyboard.press("Tab")
    settled(page, lambda: page.keyboard.press("Space"))
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.key") == "filter themes"
    assert "1 filter actief" in page.locator(".wmo .steps").inner_text()
    key(page, "view matrix").focus()
    settled(page, lambda: page.keyboard.press("ArrowRight"))
    assert key(page, "view map").get_attribute("aria-selected") == "true"
    page.locator(".wmo tbody button").first.focus()
    settled(page, lambda: page.keyboard.press("Enter"))  # what a click on the map does
    assert page.locator(".wmo .picked.on").inner_text().startswith("Abcoude")
    page.keyboard.press("d")  # a letter is no command of the notebook here
    page.keyboard.press("d")
    assert page.locator(".wmo").count() == 1


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_serious_in_both_themes(page, theme):
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Theme$")).hover()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^JupyterLab {theme}$")).click()
    page.wait_for_function(f"document.body.dataset.jpThemeLight === '{str(theme == 'Light').lower()}'")
    paper = {"Light": "#FFFFFF", "Dark": "#14181D"}[theme]
    page.wait_for_function(
        f"document.querySelector('.wmo .chart')._fullLayout.paper_bgcolor.toUpperCase() === '{paper}'"
    )
    if key(page, "help").get_attribute("aria-expanded") != "true":
        key(page, "help").click()
    found = Axe().run(page, context=".wmo").response["violations"]
    key(page, "help").click()
    for violation in found:
        print(theme, violation["id"], violation["impact"], len(violation["nodes"]), violation["nodes"][0]["html"][:200])
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def test_no_chart_offers_to_share_and_no_other_host_is_asked(page, session):
    assert page.get_by_text("Share chart").count() == 0
    assert page.locator('[data-title*="hare"], [data-title*="loud"]').count() == 0
    assert session[3] == []


def test_a_reopened_notebook_shows_its_picture_without_running(page, session):
    page.keyboard.press("Control+s")
    page.reload()
    page.wait_for_selector(".jp-Notebook .js-plotly-plot .main-svg", state="attached")
    assert page.locator(".jp-Notebook .js-plotly-plot").first.bounding_box()["height"] > 300
    assert session[3] == []
