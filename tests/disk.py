"""A disk that kills or refuses at a chosen moment: `at(number, act)` counts what is written, synced, renamed and removed.

with disk.at(7, disk.kill): pipeline.build(root)         # the process dies before the seventh act
with disk.at(7, disk.refuse(errno.ENOSPC)): ...          # the seventh act raises OSError
with disk.at(None) as acts: ...                          # only counts: len(acts)
"""

import builtins
import contextlib
import io
import os
import signal
import threading

from wmo_analysis import machine

ACTS = ("fsync", "replace", "rename", "link", "mkdir", "rmdir", "unlink", "remove")


def kill(name, path):
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt(name="", path=""):
    os.kill(os.getpid(), signal.SIGINT)


def refuse(code):
    def act(name, path):
        raise OSError(code, os.strerror(code), str(path))

    return act


def killed(work):
    """Runs it in a child process; True when that was killed."""
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


class _File:
    """A file of which each write is an act; a killed one has written half of what it was given, unless the system takes
    all of it at once."""

    def __init__(self, file, path, act):
        self._file, self._path, self._act = file, path, act

    def write(self, data):
        half = 0 if isinstance(self._file, io.RawIOBase) else len(data) // 2
        self._file.write(data[:half])
        self._file.flush()
        self._act("write", self._path)
        self._file.write(data[half:])
        return len(data)

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        self._file.__enter__()
        return self

    def __exit__(self, *error):
        return self._file.__exit__(*error)


@contextlib.contextmanager
def at(number, then=None, below="", onwards=False):
    """Does `then` before act `number` (from 0), or `onwards` from there; yields the names of the acts so far. Acts on paths
    that do not hold `below` are not counted."""
    acts, busy, real = [], threading.Lock(), {name: getattr(os, name) for name in ACTS}
    opened, exchanged = builtins.open, machine.exchange

    def act(name, path):
        with busy:
            acts.append(name)
            here = len(acts) - 1
        if number is not None and (here == number or (onwards and here > number)):
            then(name, path)

    def counted(name):
        def call(path, *more, **how):
            if isinstance(path, int) and name != "fsync":
                return real[name](path, *more, **how)
            if below in str(path) or isinstance(path, int) or how.get("dir_fd") is not None:
                act(name, path)
            return None if name == "fsync" else real[name](path, *more, **how)  # of a test no disk needs to be sure

        return call

    def open_(path, mode="r", *more, **how):
        file = opened(path, mode, *more, **how)
        if isinstance(path, int) or not set(mode) & set("wa+x") or below not in str(path) or str(path) == os.devnull:
            return file
        return _File(file, path, act)

    def exchange(one, other):
        act("exchange", one)
        return exchanged(one, other)

    for name in ACTS:
        setattr(os, name, counted(name))
    builtins.open = io.open = open_
    machine.exchange = exchange
    try:
        yield acts
    finally:
        for name in ACTS:
            setattr(os, name, real[name])
        builtins.open = io.open = opened
        machine.exchange = exchanged
