"""The instruments of the notebooks in JupyterLab: filter, compare, export, keep, come back; and a list that is uploaded."""

import csv
import json

import browser
import pytest
from browser import idle, settled

import wmo_analysis as wmo

pytestmark = pytest.mark.skipif(not browser.chromium(), reason="Chromium is missing: sudo apt-get install chromium")


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """(page, address, folder, strangers) of a JupyterLab without an open notebook."""
    folder = tmp_path_factory.mktemp("lab")
    with browser.lab(folder) as address, browser.window() as (page, strangers):
        yield page, address, folder, strangers


def key(page, name, instrument=0):
    return page.locator(".wmo").nth(instrument).locator(f'[data-key="{name}"]')


def opened(page, address, name):
    """Opens a notebook in a workspace of JupyterLab of its own: no other notebook stands behind it."""
    browser.open_notebook(page, f"{address}/lab/workspaces/{name[:2]}", name)


def run_all(page, address, name):
    """Opens a notebook and runs all of it, so that JupyterLab trusts its outputs."""
    opened(page, address, name)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    page.wait_for_selector(".wmo[data-wmo-state] .chart .main-svg", state="attached")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    idle(page)


def sentence(page, instrument=0):
    return page.locator(".wmo").nth(instrument).locator(".sentence").inner_text()


def saved(folder, name, instrument=0):
    """The outputs that stand in the saved notebook for its first instrument."""
    notebook = json.loads((folder / "notebooks" / name).read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    return [output["data"] for output in cell["outputs"]]


def test_an_instrument_filters_exports_keeps_its_picture_and_comes_back(session):
    page, address, folder, strangers = session
    run_all(page, address, "03_budget.ipynb")
    assert page.locator(".jp-Cell:has(.wmo) .wmo-still:visible").count() == 0  # the live one stands in its place
    monitor = wmo.open(browser.ROOT)
    key(page, "filter regions").click()
    settled(page, lambda: key(page, "regions EEM").click())
    page.keyboard.press("Escape")
    settled(page, lambda: key(page, "setting by").select_option("theme"))
    shown = wmo.show(monitor.within(region="EEM"), "budget", by="theme")
    assert sentence(page) == shown.sentence
    settled(page, lambda: key(page, "file .csv").click())
    (path,) = (folder / "outputs").glob("*.csv")
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert [row[0] for row in rows[1 : 1 + len(shown.table)]] == list(shown.table["label"])
    # the page sends its picture when the reader rests; then it is saved
    page.wait_for_function(
        "() => document.querySelector('.wmo').dataset.wmoKept === document.querySelector('.wmo').dataset.wmoState"
    )
    page.locator(".jp-Notebook .jp-MarkdownOutput").first.click()
    page.keyboard.press("Control+s")
    page.wait_for_selector(".jp-NotebookPanel:not(.jp-mod-dirty), .lm-TabBar-tab:not(.jp-mod-dirty)")
    page.wait_for_function("() => !document.querySelector('.lm-TabBar-tab.lm-mod-current.jp-mod-dirty')")
    kept = saved(folder, "03_budget.ipynb")
    assert shown.sentence in "".join(kept[1]["text/plain"]) and "".join(kept[2]["image/svg+xml"]).startswith("<svg")
    page.reload()
    page.wait_for_selector(".wmo[data-wmo-state] .chart .main-svg", state="attached")
    idle(page)
    assert sentence(page) == shown.sentence
    key(page, "door").click()
    page.locator(".wmo .tabs").wait_for()
    assert page.locator(".wmo .tiles").is_visible() and sentence(page) == shown.sentence
    assert page.get_by_text("model not found").count() == 0 and strangers == []


def test_two_municipalities_are_chosen_and_compared(session):
    page, address, _, _ = session
    run_all(page, address, "08_gemeente.ipynb")
    compare = page.locator(".wmo").nth(1)
    compare.scroll_into_view_if_needed()
    before = compare.get_attribute("data-wmo-state")
    key(page, "setting other", 1).select_option("GM0355")
    page.wait_for_function("before => document.querySelectorAll('.wmo')[1].dataset.wmoState !== before", arg=before)
    table = wmo.measure.compare(wmo.open(browser.ROOT), "Soest", "Zeist")
    heads = compare.locator("thead th").all_inner_texts()
    assert heads[2:5] == ["Soest", "Zeist", "verschil"]
    last = compare.locator("tbody tr").last.locator("td").all_inner_texts()
    assert last[2:5] == [str(table[name].iloc[-1]) for name in ("one", "other", "difference")]


def test_a_list_is_uploaded_written_built_and_accounted_for(session):
    page, address, _, _ = session
    opened(page, address, "09_lijst_toevoegen.ipynb")
    page.locator(".jp-Notebook .jp-MarkdownOutput").first.click()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    page.get_by_role("button", name="Keuzes vastleggen").wait_for()
    with page.expect_file_chooser() as chooser:
        page.locator("button.widget-upload").click()
    chooser.value.set_files(browser.ROOT / "data" / "raw" / "2007-10-01_example" / "wel_thuis.csv")
    page.get_by_text("kop op rij 1, 6 rijen").wait_for()
    page.get_by_role("button", name="Keuzes vastleggen").click()
    page.get_by_text("De lijst is bewaard als").wait_for()
    page.get_by_role("button", name="In de monitor zetten").click()
    page.get_by_text("De rekening van deze lijst").wait_for()
    account = page.locator("table:near(:text('De rekening van deze lijst'))").first.locator("tr").all_inner_texts()
    assert [row.split()[:2] for row in account[1:3]] == [["in", "6"], ["gebruikt", "6"]]
