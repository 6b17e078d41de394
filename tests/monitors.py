"""Monitors for the tests: of a few literal lists, and of the lists that are shipped."""

import contextlib
import functools
import shutil
import tempfile
from pathlib import Path

from conftest import make_list

import wmo_analysis as wmo
from wmo_analysis import pipeline
from wmo_analysis.codebook import Codebook

ROOT = Path(__file__).resolve().parent.parent
BOOK = Codebook.open()


@contextlib.contextmanager
def read_here():
    """Lists are read in this process: a child for each build costs more than the build of three rows."""
    whole = pipeline.formats.grids
    pipeline.formats.grids = lambda paths: [pipeline.formats.grid(path) for path in paths]
    try:
        yield
    finally:
        pipeline.formats.grids = whole


def written(root, lists):
    """Writes lists given as {"folder/name.csv": rows} or {"folder/name.csv": (rows, card)}."""
    for path, given in lists.items():
        rows, card = given if isinstance(given, tuple) else (given, None)
        folder, name = path.split("/")
        make_list(root, folder, name, rows, card)


def tables(lists):
    """The clean tables of such lists, without writing them."""
    with tempfile.TemporaryDirectory() as root, read_here():
        written(root, lists)
        made, _ = pipeline._tables(Path(root) / "data" / "raw", BOOK, lambda done, total, name: None)
    return made


def monitor(lists):
    """The Monitor of such lists."""
    with tempfile.TemporaryDirectory() as root, read_here():
        written(root, lists)
        pipeline.build(root)
        return wmo.open(root)


@functools.cache
def shipped():
    """The Monitor of data/raw as it is shipped."""
    with tempfile.TemporaryDirectory() as root:
        shutil.copytree(ROOT / "data" / "raw", Path(root) / "data" / "raw")
        pipeline.build(root)
        return wmo.open(root)
