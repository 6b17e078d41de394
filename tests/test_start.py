"""`wmo lab` starts safely and ends without a question; `wmo doctor` tells a helpdesk what is wrong."""

import contextlib
import errno
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import disk
import psutil
import pytest
from conftest import make_list

from wmo_analysis import cli, machine
from wmo_analysis.cli import start

ROOT = Path(__file__).resolve().parent.parent
WMO = Path(sys.executable).with_name("wmo")
SETTINGS = {"ServerApp": {"default_url": "/lab", "open_browser": True}, "NotebookApp": {}}


@pytest.fixture
def quiet(monkeypatch):
    """A computer on which all is well, without asking JupyterLab for its settings."""
    monkeypatch.setattr(start, "settings", lambda: SETTINGS)
    monkeypatch.setattr(start, "_version", lambda name: "99.0")
    monkeypatch.setattr(start, "_browser", lambda: "chromium")
    monkeypatch.setattr(machine, "free_space", lambda folder: start.SPACE)


def wrong(workspace):
    return [line.text for line in start.lines(workspace) if line.state == start.WRONG]


# ---------------------------------------------------------------- what is looked at


def test_a_computer_on_which_all_is_well_has_a_good_line_for_each_thing(tmp_path, quiet, monkeypatch):
    monkeypatch.setattr(start, "port", lambda: (8888, start.Line(start.GOOD, "Poort 8888 is vrij.")))
    (tmp_path / "data").mkdir()
    states = [line.state for line in start.lines(tmp_path)]
    assert states == [start.GOOD] * 8  # python, versions, address, port, browser, two folders, space


@pytest.mark.parametrize(
    "part, name, value",
    [
        ("ServerApp", "ip", "0.0.0.0"),
        ("ServerApp", "ip", "*"),
        ("ServerApp", "ip", "192.168.1.20"),
        ("LabApp", "ip", "::"),
        ("NotebookApp", "token", ""),
        ("IdentityProvider", "token", ""),
        ("ServerApp", "allow_remote_access", True),
        ("ServerApp", "allow_origin", "*"),
        ("ServerApp", "disable_check_xsrf", True),
    ],
)
def test_a_setting_that_opens_jupyterlab_to_others_is_wrong_and_named(part, name, value):
    line = start.address({**SETTINGS, part: {name: value}})
    assert line.state == start.WRONG and f"{part}.{name} = {value!r}" in line.text


@pytest.mark.parametrize("value", ["127.0.0.1", "localhost", "::1", ""])
def test_an_address_of_this_computer_alone_is_good(value):
    assert start.address({"ServerApp": {"ip": value}, "IdentityProvider": {"token": "geheim"}}).state == start.GOOD


def test_an_open_address_in_a_setting_is_read_as_jupyterlab_reads_it(tmp_path, monkeypatch):
    (tmp_path / "jupyter_server_config.py").write_text('print("hallo")\nc.ServerApp.ip = "0.0.0.0"\n')
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert start.address(start.settings()).text == (
        "De instellingen van Jupyter op deze computer zetten JupyterLab open voor anderen: ServerApp.ip = '0.0.0.0'. "
        "Haal dat weg uit de instellingen."
    )


def test_each_package_below_its_floor_is_wrong_with_the_leak():
    lines = list(start.versions({"tornado": "6.5.4", "jupyterlab": "4.6.2", "Jinja2": "3.1.10"}))
    assert [line.text for line in lines] == [
        "tornado 6.5.4 is ouder dan 6.5.5, waarin een lek is gedicht (CVE-2026-31958); maak de omgeving opnieuw."
    ]
    assert [line.state for line in start.versions({"tornado": "6.5.5", "jupyterlab": "5.0"})] == [start.GOOD]


def test_the_environment_that_is_tested_is_above_every_floor():
    assert [line.state for line in start.versions({name: start._version(name) for name in start.FLOORS})] == [
        start.GOOD
    ]
    assert start._version("not-there") == "0"


def test_a_taken_port_is_said_and_the_next_free_one_named():
    with socket.create_server((start.HOME, 0)) as taken:
        number = taken.getsockname()[1]
        chosen, line = start.port(number)
    assert line == start.Line(start.NOTE, f"Poort {number} is bezet; de monitor opent op poort {chosen}.")
    assert number < chosen < number + start.PORTS


def test_a_folder_that_cannot_be_written_in_and_a_full_disk_are_wrong(tmp_path, quiet, monkeypatch):
    monkeypatch.setattr(machine, "free_space", lambda folder: 1_000_000)
    monkeypatch.setattr(start.tempfile, "TemporaryFile", disk.refuse(errno.EROFS))
    monkeypatch.setattr(start.tempfile, "TemporaryFile", lambda dir: disk.refuse(errno.EROFS)("open", dir))
    said = wrong(tmp_path)
    assert [text.split(" ")[0:2] for text in said] == [["De", "map"], ["Op", "de"]]
    assert said[1] == f"Op de schijf met de map {tmp_path.name} is 1 MB vrij; er is 200 MB nodig."


def test_without_a_browser_the_monitor_starts_and_says_so(tmp_path, quiet, monkeypatch):
    monkeypatch.setattr(start, "_browser", lambda: "")
    assert wrong(tmp_path) == []
    assert any(line.state == start.NOTE and "Chrome" in line.text for line in start.lines(tmp_path))


# ---------------------------------------------------------------- doctor


def doctor(folder, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["wmo", "doctor", str(folder)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code, capsys.readouterr().out


def test_doctor_works_without_data_and_names_no_path_and_no_user(tmp_path, quiet, monkeypatch, capsys):
    status, said = doctor(tmp_path, monkeypatch, capsys)
    assert (status, said.splitlines()[-1]) == (0, "let op  Er zijn hier nog geen gegevens; bouw ze met: wmo build")
    assert str(tmp_path.parent) not in said and str(Path.home()) not in said


def test_doctor_has_status_1_when_something_is_wrong(tmp_path, quiet, monkeypatch, capsys):
    monkeypatch.setattr(start, "settings", lambda: {"ServerApp": {"ip": "0.0.0.0"}})
    assert doctor(tmp_path, monkeypatch, capsys)[0] == 1


def test_doctor_sees_data_that_are_not_whole(tmp_path, quiet, monkeypatch, capsys):
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", [["title", "municipality"], ["Samen", "Baarn"]])
    cli.app(["build", str(tmp_path)], standalone_mode=False)
    assert doctor(tmp_path, monkeypatch, capsys)[0] == 0
    (tmp_path / "data" / "clean" / "projects.csv").write_bytes(b"")
    status, said = doctor(tmp_path, monkeypatch, capsys)
    assert (status, said.splitlines()[-1][:5]) == (1, "fout ")


# ---------------------------------------------------------------- lab


def test_lab_refuses_to_start_where_it_would_be_open(tmp_path, quiet, monkeypatch, capsys):
    monkeypatch.setattr(start, "settings", lambda: {"ServerApp": {"ip": "0.0.0.0"}})
    monkeypatch.setattr(machine, "run", lambda *given: pytest.fail("started"))
    monkeypatch.setattr(sys, "argv", ["wmo", "lab", str(tmp_path)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    said = capsys.readouterr().out
    assert stop.value.code == 1 and said.splitlines()[-1].startswith("De monitor is niet gestart")


def test_lab_refuses_to_start_on_a_version_below_its_floor_and_names_it(tmp_path, quiet, monkeypatch, capsys):
    monkeypatch.setattr(start, "_version", lambda name: "6.5.4" if name == "tornado" else "99.0")
    monkeypatch.setattr(machine, "run", lambda *given: pytest.fail("started"))
    monkeypatch.setattr(sys, "argv", ["wmo", "lab", str(tmp_path)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    said = capsys.readouterr().out.splitlines()
    assert stop.value.code == 1 and said[-1].startswith("De monitor is niet gestart")
    assert (
        "fout    tornado 6.5.4 is ouder dan 6.5.5, waarin een lek is gedicht (CVE-2026-31958); maak de omgeving opnieuw."
        in said
    )


@pytest.mark.skipif(machine.WINDOWS, reason="a terminal of Unix")
def test_ctrl_c_ends_lab_and_all_it_started_without_a_question(tmp_path):
    """The real thing, in a terminal: over ten seconds, since JupyterLab starts and ends in it."""
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", [["title", "municipality"], ["Samen", "Baarn"]])
    terminal, inside = pty.openpty()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "JUPYTER_CONFIG_DIR": str(tmp_path / "c"), "COLUMNS": "200"}
    environment |= {"JUPYTER_RUNTIME_DIR": str(tmp_path / "r"), "IPYTHONDIR": str(tmp_path / "i")}
    lab = subprocess.Popen([WMO, "lab", tmp_path, "--no-browser"], stdin=inside, stdout=inside, stderr=inside,
                           env=environment, start_new_session=True)  # fmt: skip
    os.close(inside)
    said, address = [], None
    with killed_in_the_end(lab), os.fdopen(terminal, "rb", buffering=0) as screen:
        for line in lines_of(screen):
            said.append(line)
            found = [word for word in line.split() if word.startswith("http://127.0.0.1:") and "token=" in word]
            if found and not address:
                address = found[0]
                started = psutil.Process(lab.pid).children(recursive=True)
                ask = address.split("/lab")[0] + "/api/contents"
                listening(ask)
                with pytest.raises(urllib.error.HTTPError, match="403"):
                    urllib.request.urlopen(ask, timeout=20)
                with urllib.request.urlopen(f"{ask}?token={address.split('token=')[1]}", timeout=20) as answer:
                    assert json.load(answer)["type"] == "directory"
                os.killpg(lab.pid, signal.SIGINT)
        assert lab.wait(30) == 0, said
    assert address and started and not any(process.is_running() for process in started)
    assert said[-1] == "De monitor is gestopt." and not any("y/[n]" in line for line in said), said


@contextlib.contextmanager
def killed_in_the_end(process):
    """After 90 seconds, or as soon as a check fails, nothing of the process and its group is left."""
    guard = threading.Timer(90, process.kill)
    guard.start()
    try:
        yield
    finally:
        guard.cancel()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def listening(address):
    """Waits until a server answers there: JupyterLab writes its address a moment before it listens."""
    host, port = address.split("//")[1].split("/")[0].split(":")
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection((host, int(port)), 1):
            return
        time.sleep(0.05)


def lines_of(screen):
    """The lines that come to a terminal, until the last program that writes to it has ended."""
    text = b""
    with contextlib.suppress(OSError):
        while more := screen.read(4096):
            *whole, text = (text + more).split(b"\n")
            yield from (line.decode(errors="replace").strip() for line in whole)


def test_a_server_that_does_not_listen_is_ended_all_the_same():
    code = "import signal, os\nfor s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)\n"
    code += "os.kill(os.getppid(), signal.SIGINT)\nsignal.pause()"
    before = {child.pid for child in psutil.Process().children()}
    assert machine.run([sys.executable, "-c", code], dict(os.environ), patience=0.2) == 0
    assert {child.pid for child in psutil.Process().children()} == before
