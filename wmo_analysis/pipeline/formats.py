"""First stage: a file as somebody sent it -> grids, columns of text.

Files are opened in a child process with a limit of time and memory for each list (`Limits`), so that a damaged or
hostile file can end the child but never the build. One child reads all lists; another takes over when it has died.
A file is read as a series of parts (see `readers`), in the child as in this process; `_assembled` makes grids of them.
"""

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wmo_analysis import readers, words
from wmo_analysis.errors import ListUnreadable
from wmo_analysis.office import letter
from wmo_analysis.readers.cells import Notes, Parts
from wmo_analysis.readers.limits import BROKEN_OFF, MOST_CHARACTERS, TOO_SLOW, Limits

NAMED = 5  # cut cells of a sheet that are named
HALF_WORD = r"\s\S{0,200}$"
CHILD = Path(readers.__file__).with_name("child.py")


@dataclass(frozen=True)
class Grid:
    """One sheet of a list as columns of text; every column has a text for every record, '' where there is none."""

    name: str  # of the sheet, '' for text files
    columns: list[pa.ChunkedArray]  # each pa.string() or pa.dictionary(pa.int32(), pa.string()); no nulls
    fields: np.ndarray | None  # of a text file: how many fields each record has; None where all have len(columns)
    merged: tuple[tuple[int, int, int, int], ...]  # row, column of a cell and of the one it takes its text from
    types: dict[int, np.ndarray] = field(default_factory=dict)  # of each cell of a column that holds more than texts

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def rows(self, first: int, last: int) -> list[list[str]]:
        """Records `first` up to `last` (from 0) as lists of text, for looking at a few; an odd one has its own length."""
        columns = [column.slice(first, last - first).to_pylist() for column in self.columns]
        records = [list(record) for record in zip(*columns, strict=True)]
        if self.fields is None:
            return records
        return [record[:count] for record, count in zip(records, self.fields[first:last], strict=True)]


@dataclass(frozen=True)
class Opened:
    """What a file holds: its sheets, and notes on how it was read (finding code, text)."""

    grids: list[Grid]
    notes: Notes


def opened(path: Path) -> Opened:
    """The sheets of a file, read in this process; the format is found by content.

    Raises ListUnreadable (R01 damaged, R02 password, R03 too large).
    """
    return _assembled(readers.parts(path))


class _Broken(ListUnreadable):
    """A list over which the child died, or that it had no room for; it may have had room in a new child, if not `late`."""

    def __init__(self, text: str, late: bool = False):
        super().__init__("R03", text)
        self.late = late


def opened_all(paths: list[Path], limits: Limits | None = None) -> Iterator[Opened | ListUnreadable]:
    """For each path in turn its sheets, or the ListUnreadable that reading it ended with; the child may die over one.

    The child begins at once, and reads ahead of who asks for the sheets."""
    limits = limits or Limits.stated()
    return _answers(paths, _started(paths, limits), limits)


def _answers(paths: list[Path], child: subprocess.Popen, limits: Limits) -> Iterator[Opened | ListUnreadable]:
    left = list(paths)
    while True:
        first = True
        with child:
            while left:
                answer = _answer(child, limits)
                broken = isinstance(answer, _Broken)
                if broken and not (first or answer.late):
                    break  # other lists may have taken the room: again, in a child of its own
                left.pop(0)
                yield answer
                if broken:
                    break
                first = False
        if not left:
            return
        child = _started(left, limits)


def _started(paths: list[Path], limits: Limits) -> subprocess.Popen:
    """A child that reads these files one after the other."""
    home = str(CHILD.resolve().parents[2])
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")])),
        "MALLOC_ARENA_MAX": "2",  # both reserve more than the limit allows when nobody says less
        "MIMALLOC_ARENA_RESERVE": "65536",
        "WMO_LIST_MB": str(limits.megabytes),
    }
    # by its file and with -P: our package's other rooms need not load, and no csv.py in the folder we are in does
    command = [sys.executable, "-P", str(CHILD), *map(str, paths)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _answer(child: subprocess.Popen, limits: Limits) -> Opened | ListUnreadable:
    """What the child says of its next file; it is ended when that takes too long."""
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()

    clock = threading.Timer(limits.seconds, end)
    clock.start()
    try:
        return _assembled(_received(child.stdout))
    except ListUnreadable as error:
        return error
    except (EOFError, pa.ArrowException, OSError, ValueError):  # it died, between two parts or within one
        return _Broken(limits.told(TOO_SLOW if late.is_set() else BROKEN_OFF), late.is_set())
    finally:
        clock.cancel()


# ---------------------------------------------------------------- parts -> grids


def _assembled(parts: Parts) -> Opened:
    grids, cuts = [], []
    name, blocks, types = "", [], {}
    for kind, content in parts:
        if kind == "sheet":
            name, blocks, types = content, [], {}
        elif kind == "again":
            blocks = []
        elif kind == "block":
            blocks.append(content)
        elif kind == "types":
            types = {int(at): np.asarray(content.column(at)) for at in content.schema.names}
        elif kind == "merged":
            blocks, cut = _bounded(blocks)
            cuts += [("R35", " ".join(filter(None, [name, cut])))] * bool(cut)
            grids.append(replace(_grid(name, blocks, tuple(map(tuple, content))), types=types))
        elif kind == "notes":
            return Opened(grids, [*map(tuple, content), *cuts])
        elif kind == "full":
            raise _Broken(content)
        else:
            raise ListUnreadable(*content)
    raise EOFError("the parts end before their end")


def _bounded(blocks: list[pa.RecordBatch]) -> tuple[list[pa.RecordBatch], str]:
    """The blocks of a sheet with no cell longer than a spreadsheet holds, and the addresses of those that were cut."""
    bounded, cells, first = [], [], 1
    for block in blocks:
        columns = []
        for place, column in enumerate(block.columns):
            column, at = (column, ()) if block.schema.names[place] == "fields" else _cut(column)
            cells += [f"{letter(place)}{row + first}" for row in at]
            columns.append(column)
        bounded.append(pa.record_batch(columns, names=block.schema.names))
        first += len(block)
    return bounded, words.some(cells[:NAMED], len(cells))


def _cut(column: pa.Array) -> tuple[pa.Array, Sequence[int]]:
    """A column with no text longer than a spreadsheet holds, and which of its cells were cut."""
    coded = pa.types.is_dictionary(column.type)
    texts = column.dictionary if coded else column
    if (pc.max(pc.binary_length(texts)).as_py() or 0) <= MOST_CHARACTERS:  # bytes: of nearly all lists this is enough
        return column, ()
    long = pc.greater(pc.utf8_length(texts), MOST_CHARACTERS)
    # up to a word: half an address of mail or half a telephone number is none, and nobody would mask it
    short = pc.replace_substring_regex(pc.utf8_slice_codeunits(texts.filter(long), 0, MOST_CHARACTERS), HALF_WORD, "")
    texts = pc.replace_with_mask(texts, long, short)
    cells = pc.indices_nonzero(long.take(column.indices) if coded else long).to_pylist()
    return (pa.DictionaryArray.from_arrays(column.indices, texts) if coded else texts), cells


def _grid(name: str, blocks: list[pa.RecordBatch], merged: tuple) -> Grid:
    columns, fields = [], None
    for text in blocks[0].schema.names if blocks else []:
        chunks = [block.column(text) for block in blocks]
        if text == "fields":
            fields = np.concatenate([np.asarray(chunk) for chunk in chunks])
        else:
            columns.append(pa.chunked_array(chunks).unify_dictionaries())
    if fields is not None and (fields == len(columns)).all():
        fields = None
    return Grid(name, columns, fields, merged)


def _received(pipe: io.BufferedReader) -> Parts:
    """The parts of one file, as the child sends them."""
    while line := pipe.readline():
        kind, content = json.loads(line)
        if kind in ("block", "types"):
            (content,) = pa.ipc.open_stream(pipe)
        yield kind, content
