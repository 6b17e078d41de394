"""Nothing lost, nothing let in: killed, refused, at once, by whoever: data/clean and every file is whole or not there."""

import contextlib
import errno
import hashlib
import io
import json
import multiprocessing
import os
import random
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import disk
import pandas as pd
import pytest
from conftest import make_list

from wmo_analysis import cli, machine, pipeline
from wmo_analysis.errors import NotBuilt, WmoError
from wmo_analysis.monitor import open as opening
from wmo_analysis.monitor import open_monitor
from wmo_analysis.pipeline import whole
from wmo_analysis.schema import TABLES, read_options
from wmo_analysis.words import say
from wmo_analysis.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
OLD = [["title", "municipality", "granted"], ["Samen", "Baarn", "€ 1.000"]]
NEW = [*OLD, ["Thuis", "Soest", "500,-"]]


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def beside(root):
    """What stands in data/ beside raw and clean, without the lock that stays."""
    return sorted({path.name for path in (root / "data").iterdir()} - {"raw", "clean", whole.LOCK})


class Twice:
    """A workspace of which data/clean is of before (`old`) and a build makes another (`new`); `again()` puts it back."""

    def __init__(self, root, patch):
        self.root, self.here, self.made, self.tables = root, Workspace(root), {}, {}
        book = pipeline.Codebook.open(self.here.reference)
        patch.setattr(pipeline.Codebook, "open", lambda folder: book)
        reading = pipeline.clean_tables
        for name, rows in (("old", OLD), ("new", NEW)):
            make_list(root, "2007-10-01_a", "lijst.csv", rows)
            made = self.tables[name] = reading(self.here.raw, book, lambda *given: None)
            patch.setattr(
                pipeline, "clean_tables", lambda *given, made=made: made
            )  # reading writes nothing: once will do
            pipeline.build(root)
            shutil.copytree(self.here.clean, root / name)
            self.made[name] = contents(root / name)
        self.names = {json.loads(files[whole.PACKAGE])["build"]: name for name, files in self.made.items()}

    def again(self):
        for name in (*beside(self.root), "clean"):
            machine.remove(self.root / "data" / name)
        shutil.copytree(self.root / "old", self.here.clean)

    def build(self, number=None, then=None, onwards=False):
        """Builds on a disk that does `then` at act `number`; returns the names of the acts."""
        with disk.at(number, then, str(self.root), onwards) as acts:
            pipeline.build(self.root)
        return acts

    def stands(self):
        """Whether the old or the new build stands, as every reader sees it: each table by its hash."""
        return self.names[opening._whole(self.here)[0]["build"]]


@pytest.fixture(scope="module")
def built_twice(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)  # no test pulls the plug
        yield Twice(tmp_path_factory.mktemp("twice"), patch)


@pytest.fixture
def twice(built_twice):
    built_twice.again()
    return built_twice


@pytest.mark.parametrize("exchanging", [True, False], ids=["exchange", "two renames"])
def test_a_build_killed_at_any_act_leaves_the_old_or_the_new(twice, monkeypatch, exchanging):
    if not exchanging:
        monkeypatch.setattr(machine, "_swap", lambda: None)
    acts = twice.build()
    assert {"write", "fsync", "mkdir", "exchange", "unlink"} <= set(acts)
    first = 0 if exchanging else acts.index("exchange")  # up to there all is as with one
    seen = []
    for number in range(first, len(acts)):
        twice.again()
        assert disk.killed(lambda number=number: twice.build(number, disk.kill)), acts[number]
        seen.append(twice.stands())  # also between the two renames
        left = [name for name in beside(twice.root) if name.startswith("clean.")]
        assert bool(pipeline.build(twice.root).messages) == bool(left), acts[number]
        assert (contents(twice.here.clean), beside(twice.root)) == (twice.made["new"], []), acts[number]
    moved = max(number for number, act in enumerate(acts) if act in ("exchange", "replace"))
    assert seen == ["old"] * (moved + 1 - first) + ["new"] * (len(acts) - moved - 1)


@pytest.mark.parametrize(
    "code, onwards",
    [(errno.ENOSPC, False), (errno.EACCES, False), (errno.EROFS, True)],
    ids=["full", "rights", "read-only"],
)
def test_a_disk_that_refuses_at_any_act_changes_nothing(twice, code, onwards):
    acts = twice.build()
    moves, said = acts.index("exchange"), set()
    for number in range(moves + 1):
        twice.again()
        try:
            twice.build(number, disk.refuse(code), onwards)
            # that data/ is there already, who is busy, and the syncing of a folder: a build can do without
            assert number in (0, 1, moves - 1)
        except NotBuilt as error:
            said.add(str(error))
            assert contents(twice.here.clean) == twice.made["old"], acts[number]
            assert onwards or beside(twice.root) == [], acts[number]
    assert said and all(f"{twice.root.name}/data" in sentence for sentence in said), said
    assert all(sentence.endswith(say("build.untouched")) for sentence in said)
    assert code != errno.ENOSPC or all("0,1 MB nodig" in sentence and "vrij" in sentence for sentence in said)


def test_ctrl_c_at_any_act_leaves_the_old_data_or_a_finished_build(twice):
    acts = twice.build()
    ended = []
    for number in range(len(acts)):
        twice.again()
        try:
            twice.build(number, disk.interrupt)
            ended.append("new")
        except KeyboardInterrupt:
            ended.append("old")
        assert (contents(twice.here.clean), beside(twice.root)) == (twice.made[ended[-1]], []), acts[number]
    moves = acts.index("exchange")
    assert ended == ["old"] * moves + ["new"] * (len(acts) - moves)


def test_ctrl_c_in_a_build_is_one_sentence_and_status_130(twice, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["wmo", "build", str(twice.root)])
    monkeypatch.setattr(pipeline, "clean_tables", lambda *given: disk.interrupt())
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 130
    assert " ".join(capsys.readouterr().out.split()) == f"De bouw is afgebroken. {say('build.untouched')}"
    assert (twice.stands(), beside(twice.root)) == ("old", [])


# ---------------------------------------------------------------- what stands in the way


JUNK = {
    "nothing": lambda path: path.write_bytes(b""),
    "another process": lambda path: path.write_text("1 0 elders"),
    "an odd number": lambda path: path.write_text("-99999999999999999999 99999999999999999999 x"),
    "binary": lambda path: path.write_bytes(bytes(range(256))),
    "a folder": lambda path: (path / "in").mkdir(parents=True),
    "a dead link": lambda path: path.symlink_to("nowhere"),
}


@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_the_place_of_who_is_busy_stops_no_build(twice, junk):
    JUNK[junk](twice.here.data / whole.BUSY)
    pipeline.build(twice.root)
    assert twice.stands() == "new"


@pytest.mark.parametrize("junk", ["nothing", "another process", "binary"])
def test_junk_in_the_lock_stops_no_build(twice, junk):
    (twice.here.data / whole.LOCK).unlink()
    JUNK[junk](twice.here.data / whole.LOCK)
    pipeline.build(twice.root)
    assert twice.stands() == "new"


@pytest.mark.parametrize("junk", JUNK)
def test_a_busy_build_is_said_whatever_stands_beside_its_lock(twice, junk):
    with whole.lock(twice.here.data):
        machine.remove(twice.here.data / whole.BUSY)
        JUNK[junk](twice.here.data / whole.BUSY)
        with pytest.raises(NotBuilt, match="Er loopt al een bouw"):
            pipeline.build(twice.root)
    assert twice.stands() == "old"


def test_a_folder_in_the_place_of_the_lock_is_said_with_its_name(twice):
    (twice.here.data / whole.LOCK).unlink()
    JUNK["a folder"](twice.here.data / whole.LOCK)
    with pytest.raises(NotBuilt, match=r"In de map .*/data staat een map met de naam \.build\.lock"):
        pipeline.build(twice.root)
    (twice.here.data / whole.LOCK / "in").rmdir()
    pipeline.build(twice.root)  # an empty one is nobody's
    assert twice.stands() == "new"


@pytest.mark.parametrize("code, said", [(errno.EACCES, "geen rechten op .build.lock"), (errno.EROFS, "alleen te lezen"),
                                        (errno.ENOSPC, "is vol: er is minstens 0,1 MB nodig")])  # fmt: skip
def test_a_lock_that_cannot_be_made_is_said_and_lets_nobody_build(twice, monkeypatch, code, said):
    opened = os.open

    def refuse(path, *more, **how):
        return disk.refuse(code)("open", path) if str(path).endswith(whole.LOCK) else opened(path, *more, **how)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(NotBuilt, match=re.escape(said)):
        pipeline.build(twice.root)
    assert (twice.stands(), beside(twice.root)) == ("old", [])


@pytest.mark.parametrize("put", [lambda path: path.write_text("mine"), lambda path: path.symlink_to("raw")])
def test_a_file_or_link_in_the_place_of_data_clean_is_said_and_kept(twice, put):
    machine.remove(twice.here.clean)
    put(twice.here.clean)
    with pytest.raises(NotBuilt, match=r"Op de plaats van de map clean in .*/data staat een bestand of een verwijzing"):
        pipeline.build(twice.root)
    assert os.path.lexists(twice.here.clean) and beside(twice.root) == []


def test_a_build_whose_lock_was_removed_does_not_move_its_result(twice, monkeypatch):
    made = pipeline.write.package

    def package(*given):
        (twice.here.data / whole.LOCK).unlink()
        (twice.here.data / whole.LOCK).touch()
        return made(*given)

    monkeypatch.setattr(pipeline.write, "package", package)
    with pytest.raises(NotBuilt, match="lock verwijderd"):
        pipeline.build(twice.root)
    assert (twice.stands(), beside(twice.root)) == ("old", [])


def test_what_somebody_put_in_data_clean_stays_there(twice):
    (twice.here.clean / "mijn aantekeningen.txt").write_text("van mij")
    pipeline.build(twice.root)
    assert contents(twice.here.clean) == twice.made["new"] | {"mijn aantekeningen.txt": b"van mij"}


def test_a_table_that_a_build_no_longer_makes_goes(twice):
    path = twice.here.clean / whole.PACKAGE
    about = json.loads(path.read_text(encoding="utf-8"))
    about["resources"].append({"path": "vroeger.csv"})
    path.write_text(json.dumps(about), encoding="utf-8")
    (twice.here.clean / "vroeger.csv").write_text("a\n1\n")
    pipeline.build(twice.root)
    assert contents(twice.here.clean) == twice.made["new"]


# ---------------------------------------------------------------- readers


def test_a_reader_never_gets_a_table_of_one_build_under_the_hashes_of_another(twice, monkeypatch):
    reading, moved = opening._table, []

    def table(path, name, hashes):
        if name == "placements" and not moved:  # a build comes in between two tables
            moved.append(pipeline.build(twice.root))
        return reading(path, name, hashes)

    monkeypatch.setattr(opening, "_table", table)
    package, tables = opening._whole(twice.here)
    assert (twice.names[package["build"]], len(tables["projects"]), len(tables["listed"])) == ("new", 2, 2)


def test_a_reader_gets_what_it_hashed_when_a_build_comes_in_between(twice, monkeypatch):
    parsing, parsed = opening.pd.read_csv, []

    def read_csv(*given, **how):
        parsed.append(1)
        if len(parsed) == len(TABLES):  # all tables but the last are read: nothing after it can tell
            pipeline.build(twice.root)
        return parsing(*given, **how)

    monkeypatch.setattr(opening.pd, "read_csv", read_csv)
    package, tables = opening._whole(twice.here)
    last = list(TABLES)[-1]
    made = {name: files[f"{last}.csv"] for name, files in twice.made.items()}
    assert made["old"] != made["new"]
    wanted = parsing(io.BytesIO(made[twice.names[package["build"]]]), **read_options(last))
    pd.testing.assert_frame_equal(tables[last], wanted)


def test_damaged_data_are_said_at_once_and_not_waited_for(twice, monkeypatch):
    (twice.here.clean / "projects.csv").write_bytes(b"")
    monkeypatch.setattr(opening.time, "sleep", lambda seconds: pytest.fail("waited"))
    with pytest.raises(WmoError, match="ontbreken of zijn beschadigd; bouw ze opnieuw"):
        opening._whole(twice.here)


@pytest.mark.parametrize(
    "text", ["[]", "{}", "[" * 100_000, '{"resources": 3}', '{"resources": [], "build": 1}', "\xff"]
)
def test_a_descriptor_that_is_none_is_said(twice, text):
    (twice.here.clean / whole.PACKAGE).write_bytes(text.encode("latin-1"))
    with pytest.raises(WmoError, match="ontbreken of zijn beschadigd; bouw ze opnieuw"):
        opening._whole(twice.here)


def test_a_table_and_its_hash_that_were_both_edited_are_noticed(twice):
    path, table = twice.here.clean / whole.PACKAGE, twice.here.clean / "amounts.csv"
    was = hashlib.sha256(table.read_bytes()).hexdigest()
    table.write_bytes(table.read_bytes().replace(b"100000", b"100001"))
    now = hashlib.sha256(table.read_bytes()).hexdigest()
    path.write_text(path.read_text(encoding="utf-8").replace(was, now), encoding="utf-8")
    assert was != now
    with pytest.raises(WmoError, match="beschadigd"):
        opening._whole(twice.here)


# ---------------------------------------------------------------- many at once


def build_in_turn(twice, rounds):
    """Builds the old and the new in turn; another build that is busy is no trouble."""
    for number in range(rounds):
        made = twice.tables[("old", "new")[number % 2]]
        pipeline.clean_tables = lambda *given, made=made: made
        with contextlib.suppress(NotBuilt):
            pipeline.build(twice.root)


def read_until(twice, done):
    """Reads until somebody closes the pipe; every time one whole build, and each table is that one's."""
    read = 0
    while not read or not select.select([done], [], [], 0)[0]:
        package, tables = opening._whole(twice.here)
        rows = {"old": 1, "new": 2}[twice.names[package["build"]]]
        assert [len(tables["projects"]), len(tables["listed"])] == [rows, rows]
        read += 1
    return read


def at_once(twice, builders, readers, rounds):
    """So many processes that build and read at once; what the readers said that went wrong."""
    done, open_end = os.pipe()
    fork = multiprocessing.get_context("fork")
    wrong = fork.SimpleQueue()

    def reads():
        os.close(open_end)
        try:
            read_until(twice, done)
        except BaseException as error:
            wrong.put(repr(error))

    reading = [fork.Process(target=reads) for _ in range(readers)]
    building = [fork.Process(target=build_in_turn, args=(twice, rounds)) for _ in range(builders)]
    for process in (*reading, *building):
        process.start()
    for process in building:
        process.join()
    os.close(open_end)
    for process in reading:
        process.join()
    os.close(done)
    said = [] if wrong.empty() else [wrong.get()]
    return said + [f"builder {process.exitcode}" for process in building if process.exitcode]


@pytest.mark.parametrize("exchanging", [True, False], ids=["exchange", "two renames"])
def test_readers_see_a_whole_build_while_two_processes_build(twice, monkeypatch, exchanging):
    if not exchanging:
        monkeypatch.setattr(machine, "_swap", lambda: None)
    assert at_once(twice, builders=2, readers=2, rounds=6) == []
    assert (twice.stands() in twice.made, beside(twice.root)) == (True, [])


@pytest.mark.fuzz
@pytest.mark.parametrize("exchanging", [True, False], ids=["exchange", "two renames"])
@pytest.mark.parametrize("builders", range(2, 9))
def test_readers_see_a_whole_build_while_many_build(twice, monkeypatch, builders, exchanging):
    if not exchanging:
        monkeypatch.setattr(machine, "_swap", lambda: None)
    for _ in range(8 if builders == 8 else 7):  # 50 times in all for each way
        assert at_once(twice, builders, readers=2, rounds=6) == []
        assert (twice.stands() in twice.made, beside(twice.root)) == (True, [])


@pytest.mark.fuzz
def test_two_hundred_random_kills_lose_nothing(tmp_path):
    """Whole builds, reading and all, each killed at a random moment."""
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", OLD)
    make_list(tmp_path, "2007-10-01_b", "andere.csv", NEW)
    pipeline.build(tmp_path)
    began = time.perf_counter()
    pipeline.build(tmp_path)
    takes = time.perf_counter() - began
    made, chance = contents(tmp_path / "data" / "clean"), random.Random(2007)
    fork, ended = multiprocessing.get_context("fork"), []
    for _ in range(200):
        process = fork.Process(target=pipeline.build, args=(tmp_path,))
        process.start()
        process.join(chance.uniform(0, 1.2 * takes))
        process.kill()
        process.join()
        ended.append(process.exitcode)
        open_monitor(tmp_path)
        assert contents(tmp_path / "data" / "clean") == made
        pipeline.build(tmp_path)
        assert (contents(tmp_path / "data" / "clean"), beside(tmp_path)) == (made, [])
    assert ended.count(-9) > 50  # the others were done before


# ---------------------------------------------------------------- the same bytes

PLACES = [  # what may not matter: locale, time zone, seed of hashes, threads
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "UTC", "PYTHONHASHSEED": "0",
     "OMP_NUM_THREADS": "1"},
    {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "2"},
    {"LC_ALL": "nl_NL.ISO-8859-15", "PYTHONUTF8": "0", "TZ": "America/New_York", "PYTHONHASHSEED": "4711",
     "OMP_NUM_THREADS": "2"},
]  # fmt: skip
MIXED = [["title", "municipality", "granted", "start"], ["Café ’t Öude", "De Bilt", "€ 1.000", "31-12-2006"],
         ["İstasyon ĳ", "Wijk bij Duurstede", "12,5 k", "medio 2006"]]  # fmt: skip


def elsewhere(root, place):
    """The bytes of a build in a process of its own, there."""
    code = "import sys; from wmo_analysis import pipeline\n"
    code += "pipeline.write.THREADS = int(sys.argv[2]); pipeline.build(sys.argv[1])"
    command = [sys.executable, "-c", code, root, place["OMP_NUM_THREADS"]]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)} | place)
    return contents(root / "data" / "clean")


def test_a_build_makes_the_same_bytes_in_every_locale_zone_and_seed(tmp_path):
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", MIXED)
    first, *others = [elsewhere(tmp_path, place) for place in PLACES]
    assert others == [first] * len(others)


@pytest.mark.fuzz
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/New_York"])
@pytest.mark.parametrize("locale", ["C", "tr_TR.UTF-8", "nl_NL.ISO-8859-15"])
@pytest.mark.parametrize("seed, threads", [("0", "1"), ("4711", "2"), ("99", "4")])
def test_the_shipped_lists_make_the_same_bytes_everywhere(tmp_path, zone, locale, seed, threads):
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    place = {"LC_ALL": locale, "TZ": zone, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "PYTHONUTF8": "0"}
    assert elsewhere(tmp_path, place) == contents(ROOT / "data" / "clean")
