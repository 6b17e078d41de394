"""Starting JupyterLab safely, and what a helpdesk asks: one line for each thing that must be right.

No line holds a name of a person, or more of a path than the folder itself.
"""

import contextlib
import json
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from wmo_analysis import machine
from wmo_analysis.errors import WmoError
from wmo_analysis.words import listing, say
from wmo_analysis.workspace import Workspace

GOOD, NOTE, WRONG = "good", "note", "wrong"
HOME, PORT, PORTS = "127.0.0.1", 8888, 20  # the only address, the first port, and how many are tried
SPACE = 200_000_000  # bytes that must be free: an environment of memos and a build of a large list
LOOPBACK = ("", "localhost", "::1")  # besides 127.*; an empty one we fill in ourselves
FLOORS = {  # package: (the first version in which the leak is closed, the leak)
    "jupyterlab": ("4.6.2", "CVE-2026-73415"),  # a picture opened in a tab runs as the reader
    "jupyter-server": ("2.21.0", "CVE-2026-86049"),  # the token in the log; before 2.20 a notebook runs as its reader
    "tornado": ("6.5.5", "CVE-2026-31958"),  # one request with many parts stops the server
    "Jinja2": ("3.1.6", "CVE-2025-27516"),  # a template leaves its sandbox
    "pyarrow": ("14.0.1", "CVE-2023-47248"),  # a data file runs code when it is read
}
OPENING = {  # settings of JupyterLab that let others in -> what they may hold
    "allow_remote_access": (False, None),
    "allow_origin": ("", None),
    "allow_origin_pat": ("", None),
    "disable_check_xsrf": (False, None),
}
BROWSERS = "chromium chromium-browser google-chrome google-chrome-stable chrome msedge microsoft-edge".split()
INSTALLED = (  # where Windows and macOS put them, outside the search path
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "/Applications/Google Chrome.app",
    "/Applications/Chromium.app",
)


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: good, note or wrong, and a sentence."""

    state: str
    text: str


def command(workspace: Path) -> list[str]:
    """How JupyterLab is started: on this computer only, with a token, at the first notebook, without news, updates or
    questions when it ends."""
    arguments = [
        *(sys.executable, "-m", "jupyterlab", f"--ip={HOME}", f"--ServerApp.root_dir={workspace}"),
        "--ServerApp.allow_remote_access=False",
        "--ServerApp.answer_yes=True",
        f"--LabApp.app_settings_dir={Path(__file__).parent.with_name('lab')}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--LabApp.default_url=/lab/tree/notebooks/00_start.ipynb",
    ]
    if machine.is_root():  # as in a container: JupyterLab refuses root unless told
        arguments.append("--allow-root")
    return arguments


# ---------------------------------------------------------------- what is looked at


def lines(workspace: Path) -> Iterator[Line]:
    """Whether JupyterLab can start safely in this workspace, line by line."""
    yield Line(GOOD, say("start.python", version=platform.python_version(), system=platform.system()))
    yield from versions({name: _version(name) for name in FLOORS})
    yield address(settings())
    yield port()[1]
    browser = _browser()
    yield Line(GOOD, say("start.browser", name=browser)) if browser else Line(NOTE, say("start.no_browser"))
    yield from _rights(Workspace(workspace))
    free = machine.free_space(workspace)
    told = {"free": machine.size(free), "needed": machine.size(SPACE), "folder": workspace.absolute().name}
    yield Line(GOOD if free >= SPACE else WRONG, say("start.space" if free >= SPACE else "start.no_space", **told))


def data(workspace: Path) -> Line:
    """Whether the data can be opened."""
    from wmo_analysis.monitor import open_monitor

    if not Workspace(workspace).clean.is_dir():
        return Line(NOTE, say("start.no_data"))
    try:
        return Line(GOOD, say("start.data", build=open_monitor(workspace).build))
    except WmoError as error:
        return Line(WRONG, str(error))


def versions(installed: dict[str, str]) -> Iterator[Line]:
    """A line for each package that is older than its floor, or one for all."""
    old = [name for name, version in installed.items() if _parts(version) < _parts(FLOORS[name][0])]
    for name in old:
        floor, leak = FLOORS[name]
        yield Line(WRONG, say("start.old", name=name, version=installed[name], floor=floor, leak=leak))
    if not old:
        named = listing(f"{name} {version}" for name, version in installed.items())
        yield Line(GOOD, say("start.versions", names=named))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "0"


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


def settings() -> dict[str, dict[str, object]] | None:
    """The settings of JupyterLab on this computer, as it reads them itself; None when it does not tell."""
    with contextlib.suppress(OSError, ValueError, subprocess.TimeoutExpired):
        asked = [sys.executable, "-m", "jupyterlab", "--show-config-json"]
        said = subprocess.run(asked, capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=60)
        return json.loads(said.stdout[said.stdout.index("{\n") :])  # a setting may print first
    return None


def address(found: dict[str, dict[str, object]] | None) -> Line:
    """Whether the settings keep JupyterLab to this computer and its token; what opens it is named."""
    if found is None:
        return Line(NOTE, say("start.no_settings"))
    opened = []
    for part, values in found.items():
        opened += [f"{part}.{name} = {value!r}" for name, value in values.items() if _opens(name, value)]
    if opened:
        return Line(WRONG, say("start.open", settings=listing(opened)))
    return Line(GOOD, say("start.closed", address=HOME))


def _opens(name: str, value: object) -> bool:
    if name == "ip":
        return not str(value).startswith("127.") and value not in LOOPBACK
    if name == "token":
        return value == ""
    return name in OPENING and value not in OPENING[name]


def port(first: int = PORT) -> tuple[int, Line]:
    """The first free port, and the sentence on it. Raises WmoError when all that are tried are taken."""
    for number in range(first, first + PORTS):
        with contextlib.suppress(OSError), socket.create_server((HOME, number)):
            if number == first:
                return number, Line(GOOD, say("start.port", port=number))
            return number, Line(NOTE, say("start.port_taken", taken=first, port=number))
    raise WmoError(say("start.no_port", first=first, last=first + PORTS - 1))


def _browser() -> str:
    """The browser that draws pictures, '' when there is none."""
    found = [*filter(shutil.which, BROWSERS), *(path for path in INSTALLED if Path(path).exists())]
    return Path(found[0]).stem if found else ""


def _rights(here: Workspace) -> Iterator[Line]:
    """Whether files can be made in the workspace, data/ and outputs/, by making one: nothing else can tell."""
    for folder in (here.root, here.data, here.outputs):
        if folder.is_dir() or folder == here.root:
            try:
                with tempfile.TemporaryFile(dir=folder) as file:
                    file.write(b"1")
                yield Line(GOOD, say("start.rights", folder=folder.absolute().name))
            except OSError as error:
                yield Line(WRONG, machine.refusal(error, folder, SPACE) or say("start.no_rights", folder=folder.name))
