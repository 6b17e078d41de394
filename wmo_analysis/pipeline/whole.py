"""data/clean, whole or not at all: one build at a time, in a side folder that takes its place as the last act.

A build may be killed anywhere. Until the last act data/clean is the old one; from there on it is the new one; the folder
that is left beside it is removed by the next build.
"""

import contextlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import filelock

from wmo_analysis import machine
from wmo_analysis.errors import NotBuilt
from wmo_analysis.schema import TABLES
from wmo_analysis.words import say

PACKAGE = "datapackage.json"
LOCK, BUSY = ".build.lock", ".build.busy"


def stopped(reason: str) -> NotBuilt:
    """A build that stops for this reason, with the promise that nothing was changed."""
    return NotBuilt(f"{reason} {say('build.untouched')}")


@contextlib.contextmanager
def told(folder: Path, weigh: Callable[[], int]) -> Iterator[None]:
    """What the disk refuses to a build in this folder becomes NotBuilt; `weigh` says how many bytes the build needs."""
    try:
        yield
    except OSError as error:
        reason = machine.refusal(error, folder, weigh())
        if not reason:
            raise
        raise stopped(reason) from error


# ---------------------------------------------------------------- one at a time


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[list[str]]:
    """One build at a time in this folder; the lock is the system's and dies with the process that holds it. Yields the
    messages to add to.

    Who holds it stands in a file beside it, which decides nothing: junk there stops no build.
    """
    path, busy = folder / LOCK, folder / BUSY
    if path.is_dir():
        with contextlib.suppress(OSError):  # an empty one is nobody's
            path.rmdir()
    held = filelock.FileLock(path)
    try:
        held.acquire(timeout=0)
    except filelock.Timeout:
        raise stopped(say("build.busy", who=_holder(busy))) from None
    try:
        with contextlib.suppress(OSError):
            who = f"{os.getpid()} {time.time():.0f} {platform.node()}"
            busy.write_text(who, encoding="utf-8", newline="\n")
        yield []
    finally:
        with machine.undisturbed():
            with contextlib.suppress(OSError):
                busy.unlink()
            held.release()


def _holder(busy: Path) -> str:
    """' (proces 123, sinds 14:05)' of the build that is busy; '' when the file beside the lock does not tell."""
    try:
        process, since, computer = busy.read_text(encoding="utf-8").split(" ")
        clock = time.strftime("%H:%M", time.localtime(int(since)))
        who = {"process": int(process), "clock": clock, "computer": computer}
    except (OSError, ValueError, OverflowError):
        return ""
    return " " + say("build.holder" if computer == platform.node() else "build.holder.elsewhere", **who)


# ---------------------------------------------------------------- the side folder


def recover(target: Path) -> list[str]:
    """Puts data/clean right after a build that was killed, and says so; [] when there was nothing to do."""
    old, messages = _old(target), []
    if old.exists() and not target.exists():
        os.replace(old, target)
        messages.append(say("build.restored"))
    left = [path for path in (old, *target.parent.glob(f"{target.name}.part*")) if os.path.lexists(path)]
    for path in left:
        _clear(path, target)
    return [*messages, *(say("build.cleaned") for path in left[:1])]


def _old(target: Path) -> Path:
    """Where data/clean stands for a moment, on a system that cannot exchange two names."""
    return target.with_name(f"{target.name}.old")


@contextlib.contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """A new folder to fill; when all went well it takes the place of `target` in one step, and the old one is removed."""
    if os.path.lexists(target) and (target.is_symlink() or not target.is_dir()):
        raise stopped(say("build.no_folder", name=target.name, folder=machine.short(target.parent)))
    part, lock_of = target.with_name(f"{target.name}.part-{os.getpid()}"), _identity(target.parent / LOCK)
    part.mkdir()
    try:
        yield part
        for path in (*part.iterdir(), part):
            machine.sync(path)
        if _identity(target.parent / LOCK) != lock_of:  # somebody removed the lock: another build may be busy
            raise stopped(say("build.lost_lock"))
        with machine.undisturbed():
            move(part, target)
    except BaseException:
        machine.remove(part)
        raise


def _identity(path: Path) -> int:
    """The number of a file on its disk, 0 when there is none."""
    return path.stat().st_ino if path.exists() else 0


def move(part: Path, target: Path) -> None:
    """Gives a finished folder its name, in place of the one that has it; files that somebody put in that one stay. The last
    act: what can go wrong after it goes unsaid, since the new data stand."""
    left = part
    if not target.exists():
        os.replace(part, target)
    elif not machine.exchange(part, target):
        left = _old(target)
        os.replace(target, left)
        try:
            os.replace(part, target)
        except OSError:
            os.replace(left, target)
            raise
    with contextlib.suppress(OSError):
        machine.sync(target.parent)
        _clear(left, target)


def _clear(left: Path, target: Path) -> None:
    """Removes a folder that a build left; a file in it that no build made, somebody put in data/clean, and stays there."""
    if left.is_dir() and not left.is_symlink():
        for path in left.iterdir():
            if path.name not in _ours(left) and target.is_dir() and not os.path.lexists(target / path.name):
                with contextlib.suppress(OSError):
                    os.replace(path, target / path.name)
    machine.remove(left)


def _ours(folder: Path) -> set[str]:
    """The names of the files that a build makes, this one's and those of the build that made the folder."""
    names = {PACKAGE, *(f"{name}.csv" for name in TABLES)}
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        made = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        names |= {str(resource["path"]) for resource in made["resources"]}
    return names
