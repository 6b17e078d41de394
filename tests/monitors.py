"""Monitors for the tests: of a few literal lists, and of the lists that are shipped."""

import contextlib
import functools
import shutil
import tempfile
from pathlib import Path

from conftest import built, make_list

import wmo_analysis as wmo
from wmo_analysis import pipeline
from wmo_analysis.codebook import Codebook
from wmo_analysis.errors import ListUnreadable

ROOT = Path(__file__).resolve().parent.parent
BOOK = Codebook.open()
SIDES = {  # view -> what stands beside what in it
    "compare": {"one": "GM0342", "other": "GM0308"},
    "compare_region": {"one": "EEM", "other": "SUW"},
    "compare_date": {"one": "2007-10-09", "other": "2006-11-30"},
}


@contextlib.contextmanager
def read_here():
    """Lists are read in this process: a child for each build costs more than the build of three rows."""
    whole = pipeline.formats.opened_all
    pipeline.formats.opened_all = lambda paths: map(_opened, paths)
    try:
        yield
    finally:
        pipeline.formats.opened_all = whole


def _opened(path):
    try:
        return pipeline.formats.opened(path)
    except ListUnreadable as error:
        return error


def written(root, lists):
    """Writes lists given as {"folder/name.csv": rows} or {"folder/name.csv": (rows, card)}."""
    for path, given in lists.items():
        rows, card = given if isinstance(given, tuple) else (given, None)
        folder, name = path.split("/")
        make_list(root, folder, name, rows, card)


def tables(lists):
    """The clean tables of such lists."""
    with tempfile.TemporaryDirectory() as root, read_here():
        written(root, lists)
        return built(root)


def hold(made):
    """Whether the laws hold for clean tables; raises LawBroken."""
    columns = {name: pipeline.write.columns(name, table) for name, table in made.items()}
    pipeline.check.laws(columns, made["ledger"], BOOK)


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
