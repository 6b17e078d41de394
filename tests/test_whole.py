"""Nothing lost, nothing let in: killed, refused, at once, by whoever: data/clean and every file is whole or not there."""

import contextlib
import errno
import json
import os
import shutil
from pathlib import Path

import disk
import pytest
from conftest import make_list

from wmo_analysis import machine, pipeline
from wmo_analysis.errors import NotBuilt
from wmo_analysis.monitor import open as opening
from wmo_analysis.pipeline import whole
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
        self.root, self.here, self.made = root, Workspace(root), {}
        book = pipeline.Codebook.open(self.here.reference)
        patch.setattr(pipeline.Codebook, "open", lambda folder: book)
        reading = pipeline.clean_tables
        for name, rows in (("old", OLD), ("new", NEW)):
            make_list(root, "2007-10-01_a", "lijst.csv", rows)
            made = reading(self.here.raw, book, lambda *given: None)
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


@pytest.fixture
def twice(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # no test pulls the plug
    return Twice(tmp_path, monkeypatch)


def killed(work):
    """Runs it in a child process; True when that was killed."""
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("exchanging", [True, False], ids=["exchange", "two renames"])
def test_a_build_killed_at_any_act_leaves_the_old_or_the_new(twice, monkeypatch, exchanging):
    if not exchanging:
        monkeypatch.setattr(machine, "_swap", lambda: None)
    twice.again()
    acts = twice.build()
    assert {"write", "fsync", "mkdir", "exchange", "unlink"} <= set(acts)
    first = 0 if exchanging else acts.index("exchange")  # up to there all is as with one
    seen = []
    for number in range(first, len(acts)):
        twice.again()
        assert killed(lambda number=number: twice.build(number, disk.kill)), acts[number]
        seen.append(twice.stands())  # also between the two renames
        left = [name for name in beside(twice.root) if name.startswith("clean.")]
        assert bool(pipeline.build(twice.root).messages) == bool(left), acts[number]
        assert (contents(twice.here.clean), beside(twice.root)) == (twice.made["new"], []), acts[number]
    moved = max(number for number, act in enumerate(acts) if act in ("exchange", "replace"))
    assert seen == ["old"] * (moved + 1 - first) + ["new"] * (len(acts) - moved - 1)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS], ids=errno.errorcode.get)
@pytest.mark.parametrize("onwards", [False, True], ids=["once", "from then on"])
def test_a_disk_that_refuses_at_any_act_changes_nothing(twice, code, onwards):
    twice.again()
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
