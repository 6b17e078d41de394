"""How long a click takes in the browser: python benchmarks/dashboard.py [CLICKS]   (make bench runs it)

From a change of a filter to the redrawn view, in JupyterLab and Chromium, with the shipped data; also the start, and for
comparison the same chart as plotly's own FigureWidget and as a new output, which were not chosen.
"""

import json
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import browser
import numpy as np

# In the page: from the click until `data-wmo-state` tells of a new picture, drawn (two frames after it).
CLICK = """async key => {
    const root = document.querySelector('.wmo'), before = root.dataset.wmoState, start = performance.now();
    const drawn = new Promise(resolve => new MutationObserver((_, observer) => {
        if (root.dataset.wmoState === before) return;
        observer.disconnect();
        resolve(performance.now());
    }).observe(root, { attributes: true, attributeFilter: ['data-wmo-state'] }));
    root.querySelector(`[data-key="${key}"]`).click();
    return (await drawn) - start;
}"""
FLOOR = """() => new Promise(resolve => {
    const start = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
})"""
OTHERS = {
    "FigureWidget": (
        "import plotly.graph_objects as go, ipywidgets\nmonitor = wmo.open()\n"
        "def draw(theme): return wmo.chart.coverage(wmo.measure.coverage(monitor.within(theme=theme)))\n"
        "figure, pick = go.FigureWidget(draw('P0')), ipywidgets.Dropdown(options=['P0', 'P1', 'P3', 'P5'])\n"
        "def change(event):\n"
        "    new = draw(event['new'])\n"
        "    with figure.batch_update(): figure.update(data=new.to_dict()['data'], layout=new.to_dict()['layout'])\n"
        "pick.observe(change, 'value')\nipywidgets.VBox([pick, figure])"
    ),
    "new output": (
        "import ipywidgets\nmonitor = wmo.open()\n"
        "def draw(theme): return wmo.chart.coverage(wmo.measure.coverage(monitor.within(theme=theme)))\n"
        "def bundle(theme):\n"
        "    return ({'output_type': 'display_data', 'metadata': {}, 'data': draw(theme)._repr_mimebundle_()},)\n"
        "place, pick = ipywidgets.Output(), ipywidgets.Dropdown(options=['P0', 'P1', 'P3', 'P5'])\n"
        "place.outputs = bundle('P0')\n"
        "def change(event): place.outputs = bundle(event['new'])\n"
        "pick.observe(change, 'value')\nipywidgets.VBox([pick, place])"
    ),
}
CHANGE = """async value => {
    const pick = document.querySelector('.widget-dropdown select'), start = performance.now();
    const title = () => document.querySelector('.jp-OutputArea .annotation')?.textContent, before = title();
    pick.value = value;
    pick.dispatchEvent(new Event('change', { bubbles: true }));
    while (title() === before || !title()) await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""


def told(name, times, floor):
    middle, high = np.percentile(times, [50, 95])
    low, top = min(times), max(times)
    print(
        f"{name:<34} {len(times):>4} {middle:>8.0f} {high:>8.0f} {low:>8.0f} {top:>8.0f} {middle / floor:>8.1f}",
        flush=True,
    )


def clicks(page, view, count):
    """ms of `count` clicks on options of the filters and of undo, in the open view."""
    keys = page.locator(".wmo .choices input").evaluate_all("boxes => boxes.map(box => box.dataset.key)")
    page.evaluate(CLICK, f"view {view}") if view != "matrix" else None
    times, chosen = [], random.Random(view)
    for number in range(count):
        browser.idle(page)
        back = number % 3 == 2 and page.locator('.wmo [data-key="undo"]').is_enabled()
        times.append(page.evaluate(CLICK, "undo" if back else chosen.choice(keys)))
        if number % 6 == 5:
            browser.idle(page)
            page.locator('.wmo [data-key="reset"]').dispatch_event("click")
    return times


def main(count=30):
    print(f"{'':<34} {'n':>4} {'median':>8} {'p95':>8} {'min':>8} {'max':>8} {'x floor':>8}   (ms; floor = two frames)")
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.lab(Path(folder)) as address,
        browser.window() as (page, strangers),
    ):
        browser.open_notebook(page, address, "00_start.ipynb")
        start = page.evaluate("performance.now()")
        browser.run(page)
        started = page.evaluate("performance.now()") - start
        floor = float(np.median([page.evaluate(FLOOR) for _ in range(20)]))
        told("floor", [floor], floor)
        told("run the cell: live dashboard", [started], floor)
        every = []
        for view in ("matrix", "map", "coverage", "budget", "rounds", "timeline", "changes", "profile", "quality"):
            times = clicks(page, view, count)
            told(f"filter, {view}", times, floor)
            every += times
        told("filter, all views", every, floor)
        print(f"requests to other hosts: {len(strangers)}")
    for name, cell in OTHERS.items():
        with (
            tempfile.TemporaryDirectory() as folder,
            browser.lab(Path(folder)) as address,
            browser.window() as (page, _),
        ):
            path = Path(folder) / "notebooks" / "00_start.ipynb"
            notebook = json.loads(path.read_text(encoding="utf-8"))
            notebook["cells"] = notebook["cells"][:2]
            notebook["cells"][1] |= {"source": f"# {name}\nimport wmo_analysis as wmo\n{cell}", "outputs": []}
            path.write_text(json.dumps(notebook), encoding="utf-8")
            browser.open_notebook(page, address, "00_start.ipynb")
            start = page.evaluate("performance.now()")
            page.locator(".jp-Notebook .jp-MarkdownOutput").first.click()
            page.keyboard.press("Shift+Enter")
            page.keyboard.press("Shift+Enter")
            page.wait_for_selector(".jp-OutputArea .main-svg", state="attached")
            told(f"{name}: start", [page.evaluate("performance.now()") - start], floor)
            themes = ["P1", "P3", "P5", "P0"] * (count // 4)
            told(f"{name}: change", [page.evaluate(CHANGE, theme) for theme in themes], floor)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
