"""Files that are whole or not there, sentences for what a disk refuses, and what Windows and macOS do otherwise."""

import ast
import contextlib
import copy
import dataclasses
import errno
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import disk
import pytest
import typer
from conftest import make_list
from measured import measured
from monitors import monitor

from wmo_analysis import add, cli, export, machine, pictures, pipeline, report
from wmo_analysis.codebook import PACKAGED, Codebook
from wmo_analysis.dashboard import files
from wmo_analysis.errors import NotBuilt, WmoError
from wmo_analysis.monitor import open_monitor

ROOT = Path(__file__).resolve().parent.parent
LIST = [["title", "municipality", "granted"], ["Samen ĳ ≥ 😀", "Nergenshuizen \u0133\U0001f600", "€ 1.000"]]
ROWS = [{"code": "P1", "label": "Wonen", "part": "part", "projects": 2, "committed": 123456, "share": 33.25}]


def table():
    return measured("budget", ROWS, by="theme")


def visible(folder):
    """Every file that an analyst sees, with its bytes; a program's own are hidden."""
    found = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in found.items()
        if not any(part.startswith(".") for part in name.parts)
    }


# ---------------------------------------------------------------- whole or not at all


def view(folder, text="{}"):
    files.save(files.place(folder, "mijn weergave"), text)


def decision(folder, text="Nergenshuizen"):
    add.decide(folder, "municipality", text, "Soest", "beleidsmedewerker", "2007-10-09")


@functools.cache
def seen(content):
    """What is in that list, wherever it stands: looking writes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lijst.csv"
        path.write_bytes(content)
        return add.look(path, Codebook.open(PACKAGED))


def list_to_add(folder):
    path = folder / "lijst.csv"
    path.write_text("title,municipality\nSamen,Baarn\n", encoding="utf-8")
    seen(path.read_bytes())


def delivery(folder):
    path = folder / "lijst.csv"
    add.write(path, seen(path.read_bytes()), folder, "2007-10-09", "2007-10-09", source="S1")


def own_codebook(folder):
    decision(folder, "Dorp")


WRITERS = {  # what is written -> (what stands there before, how it is written)
    "a table": (lambda folder: None, lambda folder: export.csv(table(), folder / "tabel.csv")),
    "a table beside another": (
        lambda folder: (folder / "tabel.csv").write_text("van mij"),
        lambda folder: export.csv(table(), folder / "tabel.csv"),
    ),
    "a view": (lambda folder: None, view),
    "a view over another": (view, lambda folder: view(folder, "[]")),
    "the first decision": (lambda folder: None, decision),
    "a decision": (own_codebook, decision),
    "a delivery": (list_to_add, delivery),
}


def tries(tmp_path, what, act):
    """(name of the act, visible files, what was said) for `act` at every act of a writer; before and after go first."""
    (tmp_path / "here").mkdir()
    prepare, write = WRITERS[what]
    prepare(tmp_path / "here")
    before = visible(tmp_path / "here")
    shutil.copytree(tmp_path / "here", tmp_path / "model")
    with disk.at(None, below=str(tmp_path / "here")) as acts:
        write(tmp_path / "here")
    yield "", before, visible(tmp_path / "here")
    for number, name in enumerate(acts):
        shutil.rmtree(tmp_path / "here")
        shutil.copytree(tmp_path / "model", tmp_path / "here")
        said = act(number, write, tmp_path / "here")
        yield name, visible(tmp_path / "here"), said


def acted(number, then, write, folder):
    with disk.at(number, then, str(folder)):
        write(folder)


def allowed(before, after):
    """Before, after, and for a first decision the workspace's own codebook in which it does not stand yet."""
    yield from (before, after)
    if "reference/aliases.csv" in after:
        yield after | {"reference/aliases.csv": (PACKAGED / "aliases.csv").read_bytes()}


@pytest.mark.parametrize("what", WRITERS)
def test_a_file_killed_at_any_act_is_there_whole_or_not_at_all(tmp_path, what):
    def act(number, write, folder):
        return disk.killed(lambda: acted(number, disk.kill, write, folder))

    (_, before, after), *seen = tries(tmp_path, what, act)
    assert all(files in allowed(before, after) for _, files, _ in seen), [name for name, *_ in seen]
    assert all(killed for _, _, killed in seen) and seen[0][1] == before != after


@pytest.mark.parametrize("what", WRITERS)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES], ids=errno.errorcode.get)
def test_a_disk_that_refuses_a_file_is_one_sentence_and_leaves_nothing(tmp_path, what, code):
    def act(number, write, folder):
        try:
            acted(number, disk.refuse(code), write, folder)
        except WmoError as error:
            return str(error)

    (_, before, after), *seen = tries(tmp_path, what, act)
    assert all(files == after for _, files, said in seen if not said)
    assert all(files in allowed(before, after) and files != after for _, files, said in seen if said)
    told = "vol: er is minstens" if code == errno.ENOSPC else "geen rechten"
    said = [said for _, _, said in seen if said]
    assert len(said) >= 2 and all(told in text or "kan niet worden gemaakt" in text for text in said)


# ---------------------------------------------------------------- memo and workbook


@pytest.fixture(scope="module")
def few():
    """A monitor of one row, of which memo and workbook are counted once: what is tried is how they are written."""
    made, patch = monitor({"2007-10-01_a/lijst.csv": LIST}), pytest.MonkeyPatch()
    with patch.context() as here:
        here.setattr(pictures, "drawn", no_chrome)
        for room, name in ((report._lists, "sheets"), (report._blocks, "figures_of")):
            here.setattr(room, name, once(getattr(room, name)))
        form = report._content.MEMO
        here.setattr(report._content, "MEMO", dataclasses.replace(form, content=once(form.content)))
        yield made


REPORTS = {
    "memo.docx": lambda few, folder: report.memo(few, folder / "memo.docx"),
    "werkmap.xlsx": lambda few, folder: report.workbook(few, folder / "werkmap.xlsx"),
}


def once(function):
    """The function, which answers what it did at first."""
    made = []

    def call(*given):
        made[:] = made or [function(*given)]
        return copy.copy(made[0])

    return call


def no_chrome(*given):
    raise WmoError("Chrome is er niet.")


def moments(acts):
    """The acts of writing a report that are tried: all but the writes within one file, of which the first and the last."""
    writes = [number for number, name in enumerate(acts) if name == "write"]
    inner = {number for number in writes if {number - 1, number + 1} <= set(writes)}
    return [number for number in range(len(acts)) if number not in inner]


def is_whole(path):
    """Whether an office file opens, with every part as it was written."""
    return zipfile.ZipFile(path).testzip() is None


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("then", [disk.kill, disk.refuse(errno.ENOSPC)], ids=["killed", "full"])
def test_a_report_is_whole_or_not_there_and_replaces_none(tmp_path, few, name, then):
    folder, mine = tmp_path / "outputs", tmp_path / "outputs" / name
    folder.mkdir()
    mine.write_text("van mij")
    with disk.at(None, below=str(folder)) as acts:
        made = REPORTS[name](few, folder)
    tried = moments(acts)
    assert made.name == f"{mine.stem} (2){mine.suffix}" and is_whole(made) and len(tried) >= 5
    seen = []
    for number in tried:
        for path in folder.iterdir():
            if path != mine:
                path.unlink()
        if then is disk.kill:
            assert disk.killed(lambda number=number: acted(number, then, lambda here: REPORTS[name](few, here), folder))
        else:
            with contextlib.suppress(WmoError):
                acted(number, then, lambda here: REPORTS[name](few, here), folder)
            assert not list(folder.glob(".*")), acts[number]
        files = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
        assert files <= {mine.name, made.name, "index.csv"} and mine.read_text() == "van mij", acts[number]
        assert not made.exists() or is_whole(made), acts[number]
        seen.append(made.exists())
    assert {True, False} == set(seen) and (seen == sorted(seen) or then is not disk.kill)


def test_two_programs_that_want_one_name_overwrite_nothing(tmp_path):
    with (
        pytest.raises(WmoError, match="intussen door een ander programma gemaakt"),
        export.writing(tmp_path / "memo.docx") as (part, path),
    ):
        part.write_text("van mij")
        path.write_text("van een ander")
    assert visible(tmp_path) == {"memo.docx": b"van een ander"}


def test_a_disk_without_second_names_overwrites_nothing_either(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", disk.refuse(errno.EPERM))
    with export.writing(tmp_path / "a.csv") as (part, _):
        part.write_text("eerst")
    with export.writing(tmp_path / "a.csv") as (part, path):
        part.write_text("dan")
    assert visible(tmp_path) == {"a.csv": b"eerst", "a (2).csv": b"dan"}
    (tmp_path / "part").write_text("x")
    with pytest.raises(FileExistsError):
        machine.settle(tmp_path / "part", path)


def test_what_a_killed_program_left_goes_after_a_day(tmp_path):
    for age, name in ((2 * machine.DAY, "old"), (60, "young")):
        path = tmp_path / f".{name}.csv.wmo-1-1.part"
        path.write_text("half")
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    export.csv(table(), tmp_path / "tabel.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".young.csv.wmo-1-1.part", "tabel.csv"]


@pytest.mark.parametrize("text", ["", "{", '{"name": 3', "[" * 100_000, '{"name": "later", "schema"'])
def test_a_view_that_cannot_be_read_is_kept_when_its_name_is_given_again(tmp_path, text):
    folder = tmp_path / files.FOLDER
    folder.mkdir()
    (folder / "mijn-weergave.json").write_text(text)
    (folder / "map.json").mkdir()
    assert set(files.saved(tmp_path)) == {"mijn-weergave"}  # a folder is no view, and stays
    files.save(files.place(tmp_path, "mijn-weergave"), '{"name": "mijn-weergave"}')
    assert (folder / "mijn-weergave.json").read_text() == text
    assert (folder / "mijn-weergave (2).json").read_text() == '{"name": "mijn-weergave"}'
    assert (folder / "map.json").is_dir()


# ---------------------------------------------------------------- the doors


def fault(monkeypatch, capsys):
    """What `wmo check` says when something goes wrong in the program itself."""
    monkeypatch.setattr(sys, "argv", ["wmo", "build"])
    monkeypatch.setattr(pipeline, "build", lambda *given: 1 / 0)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 1
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("way", ["a file", "a folder", "refused"])
def test_the_sentence_comes_also_when_the_log_cannot_be_written(tmp_path, monkeypatch, capsys, way):
    monkeypatch.chdir(tmp_path)
    if way == "a file":
        (tmp_path / "outputs").write_text("")
    elif way == "a folder":
        (tmp_path / "outputs" / "wmo.log").mkdir(parents=True)
    else:
        monkeypatch.setattr(machine, "append", disk.refuse(errno.EROFS))
    said = (
        "Er ging iets mis in het programma zelf. Er is niets gewijzigd. De bijzonderheden konden niet worden bewaard."
    )
    assert fault(monkeypatch, capsys) == said


@pytest.mark.parametrize("way", ["a file", "a folder"])
def test_the_dashboard_tells_a_fault_also_without_a_log(tmp_path, way):
    outputs = tmp_path / "outputs"
    outputs.write_text("") if way == "a file" else (outputs / files.LOG).mkdir(parents=True)
    assert files.note(outputs, {"do": "nonsense"}, ValueError("x")) == ""


def test_a_log_takes_whatever_was_typed(tmp_path):
    assert machine.log(tmp_path / "a" / "wmo.log", "lijst \udcff \U0001f600\n")
    assert (tmp_path / "a" / "wmo.log").read_text(encoding="utf-8") == "lijst \\udcff \U0001f600\n"


def test_what_a_disk_refuses_any_command_is_told_and_logged(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["wmo", "decide", str(tmp_path)])
    with pytest.raises(SystemExit):
        cli.main()
    assert " ".join(capsys.readouterr().out.split()).endswith("bouw ze opnieuw met: wmo build")
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", LIST)
    pipeline.build(tmp_path)
    monkeypatch.setattr("wmo_analysis.workspace.sha256", lambda path: disk.refuse(errno.EACCES)("open", path))
    with pytest.raises(WmoError, match=r"U hebt geen rechten op raw/2007-10-01_a/.* in de map .*/data"):
        open_monitor(tmp_path)
    monkeypatch.setattr("wmo_analysis.add.alarms", lambda folder: disk.refuse(errno.EROFS)("open", folder / "a.csv"))
    with pytest.raises(SystemExit):
        cli.main()
    assert " ".join(capsys.readouterr().out.split()).startswith("De map")
    assert "OSError" in (tmp_path / "outputs" / "wmo.log").read_text(encoding="utf-8")


def ask(*given):
    raise typer.Abort


@pytest.mark.parametrize("act", [disk.interrupt, ask], ids=["at work", "at a question"])
def test_ctrl_c_in_any_command_is_one_sentence_and_status_130(monkeypatch, capsys, act):
    monkeypatch.setattr(sys, "argv", ["wmo", "check"])
    monkeypatch.setattr("wmo_analysis.monitor.open_monitor", act)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert (stop.value.code, capsys.readouterr().out) == (130, "Afgebroken; er is niets half geschreven.\n")


# ---------------------------------------------------------------- sentences


def refused(code, name="/huis/iemand/monitor/data/clean/a.csv", winerror=None):
    error = OSError(code, "text of the system", name)
    error.winerror = winerror
    return machine.refusal(error, Path("/huis/iemand/monitor/data"), 12_345_678)


def test_every_refusal_names_file_and_folder_and_never_the_user(monkeypatch):
    monkeypatch.setattr(machine, "free_space", lambda folder: 3_000_000)
    known = ("EACCES EPERM EROFS ENOTDIR EEXIST EISDIR ENOTEMPTY ELOOP ENAMETOOLONG EINVAL EBUSY EIO ENOENT").split()
    said = {name: refused(getattr(errno, name)) for name in known}
    assert all("monitor/data" in text for text in said.values())
    assert all("clean/a.csv" in text for name, text in said.items() if name != "EROFS")
    assert not any("iemand" in text or "system" in text for text in said.values())
    assert refused(errno.ENOSPC) == (
        "De schijf met de map monitor/data is vol: er is minstens 12,4 MB nodig en er is 3 MB vrij."
    )
    assert refused(errno.ECHILD) == ""


@pytest.mark.parametrize(
    "code, winerror, said",
    [
        (errno.EACCES, 32, "is in gebruik door een ander programma; sluit dat"),
        (errno.EACCES, 33, "is in gebruik door een ander programma; sluit dat"),
        (errno.EACCES, 5, "U hebt geen rechten op"),
        (errno.ENOENT, 206, "is te lang of kan niet op deze computer"),
        (errno.EINVAL, 123, "is te lang of kan niet op deze computer"),
        (errno.ENOSPC, 112, "is vol"),
    ],
)
def test_what_windows_refuses_has_a_sentence_of_its_own(code, winerror, said):
    assert said in refused(code, str(ROOT), winerror)


# ---------------------------------------------------------------- Windows and macOS, as far as Linux can tell

ROOM = "machine.py"
POSIX = {"fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "msvcrt", "winreg", "ctypes", "signal"}
OF_OS = {"fork", "geteuid", "getuid", "kill", "killpg", "setsid", "chown", "chmod", "mkfifo", "statvfs", "uname", "name",
         "link", "symlink", "fsync", "O_RDONLY", "startfile"}  # fmt: skip


def of_one_system(source):
    """What a file asks of the system that is not the same everywhere."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
            yield from POSIX & set(names)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            named = node.value.id, node.attr
            yield from {".".join(named)} & {"sys.platform", *(f"os.{name}" for name in OF_OS)}


def library():
    return {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "wmo_analysis").rglob("*.py"))}


def test_only_one_room_asks_on_which_system_we_run():
    found = {path.name: sorted(of_one_system(text)) for path, text in library().items() if path.name != ROOM}
    assert {name: calls for name, calls in found.items() if calls} == {}
    assert len(set(of_one_system((ROOT / "wmo_analysis" / ROOM).read_text(encoding="utf-8")))) > 5


def unstated(source):
    """Texts that are read or written without saying in which encoding, and written without saying how lines end."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = {keyword.arg for keyword in node.keywords}
        modes = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if name == "read_text" and not given & {"encoding"} and not modes:
            yield f"line {node.lineno}: read_text"
        if name == "write_text" and not {"encoding", "newline"} <= given:
            yield f"line {node.lineno}: write_text"
        wanted = {"encoding", "newline"} if modes else {"encoding"}
        if (
            name == "open"
            and isinstance(node.func, ast.Name)
            and not any("b" in mode for mode in modes)
            and wanted - given
        ):
            yield f"line {node.lineno}: open"


def test_no_text_depends_on_the_encoding_or_line_ends_of_a_system():
    found = {path.name: list(unstated(text)) for path, text in library().items()}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert len(list(unstated("p.read_text()\np.write_text('')\nopen(p, 'w', encoding='utf-8')\nopen(p)"))) == 4


def windows_refuses(name):
    """Why Windows would not take a name of a file or folder, '' when it would."""
    if re.search(r'[<>:"|?*\\\x00-\x1f]', name):
        return "a character"
    if name[-1] in ". ":
        return "its end"
    return "a device" if name.split(".")[0].lower() in machine.RESERVED else ""


def test_windows_takes_every_name_in_the_clone():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    names = listed.strip("\0").split("\0")
    parts = {part for name in names for part in name.split("/")}
    assert {part: windows_refuses(part) for part in parts if windows_refuses(part)} == {}
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) < 120  # of the 260 that a whole path may have


@pytest.mark.parametrize("name", ["con", "NUL", "Com1", "lpt9", "aux.", "prn "])
def test_a_view_never_gets_a_name_that_windows_keeps_for_itself(tmp_path, name):
    path = files.place(tmp_path, name)
    assert windows_refuses(path.name) == ""
    assert windows_refuses(f"{name.strip(' .').lower()}.json") == "a device"


@pytest.mark.parametrize("moves", [1, 2])
def test_without_an_exchange_a_locked_file_in_data_clean_stops_the_build_only(tmp_path, monkeypatch, moves):
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", LIST)
    pipeline.build(tmp_path)
    before, moving, calls = visible(tmp_path / "data" / "clean"), os.replace, []

    def replace(one, other):
        calls.append(one)
        if len(calls) == moves:
            error = PermissionError(errno.EACCES, "in use", str(one))
            error.winerror = 32
            raise error
        moving(one, other)

    monkeypatch.setattr(machine, "_swap", lambda: None)
    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(NotBuilt, match="is in gebruik door een ander programma; sluit dat en probeer het opnieuw"):
        pipeline.build(tmp_path)
    assert visible(tmp_path / "data" / "clean") == before
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == [".build.lock", "clean", "raw"]


def test_a_codebook_with_line_ends_of_windows_keeps_its_decisions(tmp_path):
    shutil.copytree(PACKAGED, tmp_path / "reference", ignore=shutil.ignore_patterns("__pycache__"))
    aliases = tmp_path / "reference" / "aliases.csv"
    aliases.write_bytes(aliases.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    rows = len(Codebook.open(tmp_path / "reference").aliases)
    decision(tmp_path)
    last = Codebook.open(tmp_path / "reference").aliases
    assert (len(last), last.iloc[-1]["text"], last.iloc[-1]["code"]) == (rows + 1, "Nergenshuizen", "GM0342")
    assert not last.apply(lambda column: column.str.contains("\r")).any().any()


@pytest.mark.parametrize("console", ["cp1252", "cp850"])
def test_a_console_without_a_character_shows_the_rest(tmp_path, console):
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", LIST)
    pipeline.build(tmp_path)
    run = wmo(tmp_path, console, "check", tmp_path)
    assert (run.returncode, run.stderr) == (0, b""), run.stdout
    assert b"gemeente 'Nergenshuizen ??'" in run.stdout
    assert not (tmp_path / "outputs").exists()  # where a fault would have been logged


def wmo(folder, console, *arguments):
    """A command on a console with those characters."""
    environment = os.environ | {"PYTHONIOENCODING": console, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    command = [Path(sys.executable).with_name("wmo"), *arguments]
    return subprocess.run(command, capture_output=True, env=environment, cwd=folder)


def test_on_windows_no_folder_is_synced_and_no_names_exchanged(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "WINDOWS", True)
    machine._swap.cache_clear()
    (tmp_path / "a.csv").write_text("a")
    monkeypatch.setattr(
        os, "open", lambda path, *more, opened=os.open: pytest.fail() if path == tmp_path else opened(path, *more)
    )
    machine.sync(tmp_path)
    machine.sync(tmp_path / "a.csv")
    assert machine.exchange(tmp_path, tmp_path) is False
    machine.limit_memory(1)  # which would end this process
    machine._swap.cache_clear()


def test_json_loses_no_character_on_any_console(tmp_path):
    path = tmp_path / "lijst.csv"
    path.write_text("title,municipality\nSamen \U0001f600 ĳ,Baarn\n", encoding="utf-8")
    run = wmo(tmp_path, "cp1252", "add", path, "--json", "--dry-run", "--workspace", tmp_path)
    columns = json.loads(run.stdout.decode("cp1252"))["columns"]
    assert [column["samples"][0] for column in columns] == ["Samen \U0001f600 ĳ", "Baarn"]
