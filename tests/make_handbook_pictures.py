"""The pictures of docs/handboek, from the real thing: JupyterLab, a kernel and Chromium. `make handbook`.

    .venv/bin/python tests/make_handbook_pictures.py

Each picture is what somebody sees who does what its page of the handbook says.
"""

import contextlib
import tempfile
from pathlib import Path

import browser
from browser import idle, settled, spot

FOLDER = browser.ROOT / "docs" / "handboek"
WIDE, HIGH = 1500, 3000  # px; no part of the dashboard is out of sight
VIEWS = {"map": "kaart", "budget": "budget", "rounds": "rondes", "changes": "veranderingen"}


def key(page, name):
    return page.locator(f'.wmo [data-key="{name}"]')


def picture(page, name, first, last):
    """Writes what stands between the top of one part and the foot of another, without a pointer over it."""
    page.mouse.move(0, 0)
    parts = [page.locator(f".wmo {part}").bounding_box() for part in (first, last)]
    left, top = min(part["x"] for part in parts), parts[0]["y"]
    right = max(part["x"] + part["width"] for part in parts)
    clip = dict(x=left, y=top, width=right - left, height=parts[1]["y"] + parts[1]["height"] - top)
    page.screenshot(path=FOLDER / f"{name}.png", clip=clip, animations="disabled", caret="hide")


def dashboard(page):
    """The dashboard as it opens, a filter, a cell with what is behind it, a project with its rows, and the views."""
    picture(page, "dashboard", "header", ".told")
    picture(page, "matrix", ".panel", ".told")
    key(page, "filter themes").click()
    picture(page, "filter", "header", ".filter[open] .options")
    page.keyboard.press("Escape")
    x, y = spot(page, ["GM0308", "P4"])
    settled(page, lambda: page.mouse.click(x, y))
    picture(page, "cel", ".panel", "div.below")
    settled(page, lambda: key(page, "thing 1").click())
    picture(page, "herkomst", "div.below", "div.below")
    settled(page, lambda: key(page, "reset").click())
    for view, name in VIEWS.items():
        settled(page, lambda view=view: key(page, f"view {view}").click())
        picture(page, name, ".panel", ".told")


def form(page):
    """The form of notebook 09 with the example list chosen in it."""
    page.locator(".jp-Notebook .jp-MarkdownOutput").first.click()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    place = page.locator(".jp-OutputArea-output .widget-vbox").first
    place.wait_for()
    place.screenshot(path=FOLDER / "lijst.png", animations="disabled", caret="hide")


@contextlib.contextmanager
def opened(notebook):
    """The page of a notebook in a JupyterLab of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.lab(Path(folder)) as address,
        browser.window(WIDE, HIGH) as (page, _),
    ):
        browser.open_notebook(page, address, notebook)
        yield page


def main():
    with opened("00_start.ipynb") as page:
        browser.run(page)
        idle(page)
        dashboard(page)
    with opened("09_lijst_toevoegen.ipynb") as page:
        form(page)


if __name__ == "__main__":
    main()
