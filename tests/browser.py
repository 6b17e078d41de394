"""The real thing to test and to measure in: JupyterLab on loopback, and Debian's Chromium driven by Playwright."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from wmo_analysis.cli.start import command as lab_command

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "test"
STATE = "document.querySelector('.wmo')?.dataset.wmoState"
PATIENCE = 30_000  # ms: for what takes seconds, on a busy machine


def chromium():
    """The path of Chromium or Chrome, None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextlib.contextmanager
def lab(folder, data=ROOT / "data"):
    """The address of a JupyterLab that serves a copy of the notebooks and of `data` in `folder`."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", dirs_exist_ok=True)
    if data != folder / "data":
        shutil.copytree(data, folder / "data", dirs_exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: str(folder / ".jupyter" / name) for name in (
        "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR",
    )}  # fmt: skip
    command = [*lab_command(folder), "--no-browser", f"--port={port}", "--ServerApp.port_retries=0"]
    with open(folder / "lab.log", "wb") as log:
        server = subprocess.Popen(
            [*command, f"--IdentityProvider.token={TOKEN}"],
            env=os.environ | own | {"WMO_HOME": str(folder)},
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/api?token={TOKEN}", server)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _wait(url, server):
    while server.poll() is None:
        try:
            return urllib.request.urlopen(url, timeout=5).read()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError("JupyterLab did not start")


@contextlib.contextmanager
def window(width=1280, height=900):
    """(page, strangers): a page of that size; what it asks of other hosts is blocked and listed in `strangers`."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE)
        strangers = []

        def judge(route):
            if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
                return route.continue_()
            strangers.append(route.request.url)
            return route.abort()

        page.context.route("**/*", judge)
        page.on("websocket", lambda ws: ws.url.startswith("ws://127.0.0.1:") or strangers.append(ws.url))
        yield page, strangers
        browser.close()


def open_notebook(page, address, name):
    """Opens a notebook and waits until its cells and an idle kernel are there."""
    lab = address if "/lab" in address else f"{address}/lab"
    page.goto(f"{lab}/tree/notebooks/{name}?token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()


def run(page):
    """Runs the first two cells, as the notebook asks, and waits for the dashboard with its chart."""
    page.locator(".jp-Notebook .jp-MarkdownOutput").first.click()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".wmo[data-wmo-state] .chart .main-svg", state="attached")
    idle(page)


def idle(page):
    """Waits until nothing is on its way between page and kernel."""
    page.wait_for_function("document.querySelector('.wmo').dataset.wmoIdle === 'true'")


def settled(page, act):
    """Does something and waits until the page shows the next state."""
    before = page.evaluate(STATE)
    act()
    page.wait_for_function(f"before => {STATE} !== before", arg=before)
    idle(page)


def spot(page, codes):
    """Where the mark with these codes stands on the screen, scrolled into view: (x, y)."""
    return page.evaluate(
        """codes => {
            const chart = document.querySelector('.wmo .chart'), same = JSON.stringify(codes);
            for (const trace of chart._fullData) for (let i = 0; i < (trace.customdata ?? []).length; i++) {
                if (JSON.stringify([trace.customdata[i]].flat()) !== same) continue;
                chart.scrollIntoView({ block: 'center' });
                const { xaxis, yaxis } = chart._fullLayout, at = chart.getBoundingClientRect();
                const middle = Number(trace.base?.[i] ?? trace.base ?? 0) + trace.x[i] / 2;
                return [
                    at.left + xaxis._offset + xaxis.l2p(middle),
                    at.top + yaxis._offset + yaxis.l2p(trace.y[i]),
                ];
            }
        }""",
        codes,
    )
