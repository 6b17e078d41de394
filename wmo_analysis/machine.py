"""What differs between systems and disks: the only room that asks on which system we run.

Files and folders that are whole or not there, and one sentence for what a disk refuses.
"""

import contextlib
import ctypes
import datetime
import errno
import functools
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from wmo_analysis.errors import WmoError, where
from wmo_analysis.words import number, say

WINDOWS = sys.platform == "win32"
MISSING, SWAP = -100, 2  # AT_FDCWD: paths as we see them; RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS
DAY = 24 * 3600  # seconds after which what a killed program left is nobody's any more
# what Windows keeps for itself, whatever the suffix
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}

# ---------------------------------------------------------------- what a disk refuses

_REFUSED = {
    "full": ("ENOSPC", "EDQUOT", "EFBIG"),
    "rights": ("EACCES", "EPERM"),
    "read_only": ("EROFS",),
    "file": ("ENOTDIR", "EEXIST"),
    "folder": ("EISDIR", "ENOTEMPTY"),
    "link": ("ELOOP",),
    "long": ("ENAMETOOLONG", "EINVAL"),
    "busy": ("EBUSY", "ETXTBSY"),
    "broken": ("EIO", "ESTALE", "ENXIO", "ENODEV"),
    "gone": ("ENOENT",),
}
_KINDS = {getattr(errno, name, None): kind for kind, names in _REFUSED.items() for name in names}
_LOCKED, _TOO_LONG = (32, 33), (206,)  # winerror: another program has the file open; the path is over 260 characters


def refusal(error: OSError, folder: Path, needed: int = 0) -> str:
    """The sentence on what a disk refused: which folder, which file, and for a full disk how much; '' for another error.

    `needed`: bytes, as far as the caller knows.
    """
    kind = _KINDS.get(error.errno, "")
    windows = getattr(error, "winerror", None)
    if windows in _LOCKED:
        kind = "busy"
    elif windows in _TOO_LONG:
        kind = "long"
    if not kind:
        return ""
    told = {"folder": short(folder), "name": _named(error, folder)}
    if kind == "full":
        told |= {"needed": size(needed), "free": size(free_space(folder))}
    return say(f"disk.{kind}", **told)


def refused(error: Exception) -> str:
    """The sentence on what a disk refused of a file that the error names; '' for another error."""
    if not isinstance(error, OSError) or not isinstance(error.filename, (str, os.PathLike)):
        return ""
    return refusal(error, Path(error.filename).parent)


@contextlib.contextmanager
def told(folder: Path, needed: int = 0) -> Iterator[None]:
    """What the disk refuses in this folder becomes a WmoError of one sentence."""
    try:
        yield
    except OSError as error:
        reason = refusal(error, folder, needed)
        if not reason:
            raise
        raise WmoError(reason) from error


def _named(error: OSError, folder: Path) -> str:
    """The file or folder that the error is about, as somebody knows it who knows the folder."""
    if not isinstance(error.filename, (str, os.PathLike)):
        return Path(folder).name
    path = Path(error.filename)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def short(path: Path | str) -> str:
    """The last two parts of a path, 'monitor/data': enough to find it, and no name of a user."""
    return "/".join(Path(path).absolute().parts[-2:])


def size(count: int) -> str:
    """1234567 -> '1,3 MB', 73941800000 -> '74 GB': rounded up, at least 0,1 MB."""
    tenths = max(1, -(-count // 100_000))
    return f"{number(tenths / 10, 1)} MB" if tenths < 10_000 else f"{number(-(-tenths // 10_000))} GB"


def free_space(folder: Path | str) -> int:
    """Bytes that are free on the disk of a folder, also of one that is yet to be made."""
    folder = Path(folder).absolute()
    there = next(path for path in (folder, *folder.parents) if path.is_dir())
    return shutil.disk_usage(there).free


# ---------------------------------------------------------------- whole or not at all


def sync(path: Path | str) -> None:
    """Waits until the disk has the file, or the names in the folder."""
    folder = os.path.isdir(path)
    if folder and WINDOWS:  # which opens no folder and keeps its names by itself
        return
    handle = os.open(path, os.O_RDWR if WINDOWS else os.O_RDONLY)
    try:
        with contextlib.suppress(OSError) if folder else contextlib.nullcontext():  # some disks sync no folder
            os.fsync(handle)
    finally:
        os.close(handle)


def exchange(one: Path, other: Path) -> bool:
    """Gives two folders each other's name in one step; False where system or disk cannot, and then nothing happened."""
    swap = _swap()
    return swap is not None and swap(os.fsencode(one), os.fsencode(other)) == 0


@functools.cache
def _swap() -> Callable[[bytes, bytes], int] | None:
    """The call of the system that exchanges two names: 0 when it did."""
    if WINDOWS:
        return None
    system = ctypes.CDLL(None, use_errno=True)
    if hasattr(system, "renameat2"):
        return lambda one, other: system.renameat2(MISSING, one, MISSING, other, SWAP)
    if hasattr(system, "renamex_np"):
        return lambda one, other: system.renamex_np(one, other, SWAP)
    return None


def settle(part: Path, path: Path) -> None:
    """Gives a finished file or folder its name. Raises FileExistsError where that is taken: nothing is overwritten."""
    sync(part)
    try:
        if part.is_dir():
            raise OSError(errno.EPERM, "a folder has one name")
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a folder, or a disk on which a file has one name
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "taken", str(path)) from None
        os.rename(part, path)
    remove(part)
    sync(path.parent)


def replace(path: Path, text: str) -> None:
    """Writes a text file over the one that stands there: readers see the old or the new one."""
    with beside(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
        sync(part)
        os.replace(part, path)
        sync(path.parent)


@contextlib.contextmanager
def beside(path: Path, within: Path | None = None) -> Iterator[Path]:
    """A hidden name beside `path` (or in the folder `within`) to write to; whatever still has it at the end is removed."""
    folder = within or path.parent
    _sweep(folder)
    part = folder / f".{path.name[:80]}.wmo-{os.getpid()}-{threading.get_ident()}.part"
    try:
        yield part
    finally:
        remove(part)


def _sweep(folder: Path) -> None:
    """Removes what a killed program left in a folder; what is younger than a day may still be written."""
    for left in folder.glob(".*.wmo-*.part"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > DAY:
                remove(left)


def remove(path: Path) -> None:
    """Removes a file, a link or a whole folder as far as the system lets us."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def append(path: Path, text: str) -> None:
    """Adds text at the end of a file, all of it or nothing."""
    data = text.encode()
    with open(path, "ab", buffering=0) as file:
        before = file.seek(0, os.SEEK_END)
        try:
            if file.write(data) != len(data):
                raise OSError(errno.ENOSPC, "cut off", str(path))
            os.fsync(file.fileno())
        except OSError:
            file.truncate(before)
            raise


def log(path: Path, text: str) -> bool:
    """Adds to a log, whose folder is made; False when that is not possible: what it is about must be told all the same."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        append(path, text.encode(errors="backslashreplace").decode())
    except OSError:
        return False
    return True


def note(path: Path, did: str, error: BaseException) -> bool:
    """Writes when, what was done and where in the program it went wrong into a log; whether that could be written."""
    return log(path, f"{datetime.datetime.now():%Y-%m-%d %H:%M} {did}\n{where(error)}\n")


def fault(path: Path, did: str, error: Exception) -> str:
    """What a door of law 10 says of an error that nobody named: what the disk refused, else that details are in the log."""
    kept = note(path, did, error)
    return refused(error) or say("cli.fault" if kept else "cli.fault.no_log", log="/".join(path.parts[-2:]))


# ---------------------------------------------------------------- processes and screens


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C is not heard for the moment that this takes."""
    if threading.current_thread() is not threading.main_thread():  # where it is never heard
        yield
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


def limit_memory(most: int) -> None:
    """This process gets no more than so many bytes of memory; Windows has no such limit."""
    if not WINDOWS:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def is_root() -> bool:
    """True for the root of a Unix machine, as in a container."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def run(command: list[str], environment: dict[str, str], patience: float = 10) -> int:
    """Runs a server until it ends or Ctrl-C ends it: then it is asked, and made to after so many seconds. Its status; 0
    after Ctrl-C."""
    process = subprocess.Popen(command, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        with undisturbed():
            if not WINDOWS:  # there the console asks all its programs, and terminating is killing
                process.terminate()
            for stop in (process.terminate, process.kill, None):
                try:
                    process.wait(patience)
                    break
                except subprocess.TimeoutExpired:
                    if stop:
                        stop()
        return 0


def speaks_unicode() -> bool:
    """Whether what is printed comes out as it is, whatever it holds."""
    return "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()


def patient_screen() -> None:
    """A character that the console does not have is shown as '?', and never ends the program (cp1252, cp850)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
