"""Records of any reader -> blocks: every cell as text in Dutch notation, what it was in the file kept beside it, and a wrong
encoding undone."""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.lib import StringBuilder

TEXT, NUMBER, DATE, TRUTH = range(4)  # what a cell is in the file; those of a text file are all texts
TYPES = {int: NUMBER, float: NUMBER, bool: TRUTH, datetime.date: DATE, datetime.datetime: DATE}

Parts = Iterator[tuple[str, object]]
Notes = list[tuple[str, str]]


@dataclass(frozen=True)
class Odd:
    """Records of a block with another number of fields than the others."""

    records: list[list[str]]  # as long as there are columns
    offsets: list[int]  # before which of the other records each stands

    def put_back(self, usual: pa.Array, unusual: pa.Array) -> pa.Array:
        """A column of all records, of those of the others and of these."""
        pieces, last = [], 0
        for at, offset in enumerate(self.offsets):
            pieces += [usual[last:offset], unusual[at : at + 1]]
            last = offset
        return pa.concat_arrays([*pieces, usual[last:]])


class Columns:
    """The columns of one sheet while its blocks pass by."""

    def __init__(self):
        self.mended = 0  # cells of which a wrong encoding was undone

    def block(
        self, columns: list[pa.Array], fields: np.ndarray | None = None, odd: Odd | None = None
    ) -> tuple[str, pa.RecordBatch]:
        """The part for these records; each column goes as the texts or the dictionary that it is."""
        sent = {str(at): self._sent(at, column, odd) for at, column in enumerate(columns)}
        if fields is not None:
            sent["fields"] = integers(fields)
        return "block", pa.record_batch(sent)

    def _sent(self, at: int, column: pa.Array, odd: Odd | None) -> pa.Array:
        """What goes for a column of the records and of the odd ones."""
        coded = pa.types.is_dictionary(column.type)
        more = strings([record[at] for record in odd.records] if odd else [])
        texts, changed = _mended(pa.concat_arrays([column.dictionary if coded else column, more]))
        size = len(texts) - len(more)
        if changed is not None:
            self.mended += pc.sum(changed.take(column.indices) if coded else changed[:size]).as_py() or 0
            self.mended += pc.sum(changed[size:]).as_py() or 0
        usual = column.indices if coded else texts[:size]
        unusual = integers(np.arange(size, len(texts))) if coded else texts[size:]
        sent = odd.put_back(usual, unusual) if odd else usual
        return pa.DictionaryArray.from_arrays(sent, texts) if coded else sent

    def end(self, merged: list) -> Parts:
        """The parts that close the sheet."""
        yield "mended", self.mended
        yield "merged", merged


def pays(column: pa.Array) -> bool:
    """Whether the records of a column repeat their values enough to send each value once."""
    return pc.count_distinct(column).as_py() * 2 < len(column)


def sheet_parts(name: str, columns: list[list], merged: list) -> Parts:
    """The parts of a sheet whose columns, of cells of any type, are in memory."""
    yield "sheet", _written(name)
    whole = Columns()
    if columns:
        texts = [_texts(column) for column in columns]
        yield whole.block([column.dictionary_encode() if pays(column) else column for column in texts])
        if types := {str(at): _types(column) for at, column in enumerate(columns) if set(map(type, column)) != {str}}:
            yield "types", pa.record_batch(types)
    yield from whole.end(merged)


def _types(cells: list) -> pa.Array:
    """What each cell is."""
    known = {kind: TYPES.get(kind, TEXT) for kind in set(map(type, cells))}
    kinds = np.fromiter(map(known.get, map(type, cells)), np.uint8, len(cells))
    return pa.Array.from_buffers(pa.uint8(), len(cells), [None, pa.py_buffer(kinds)])  # as `strings`: without pandas


def _texts(cells: list) -> pa.Array:
    """Cells of any type as texts; each distinct value is written once."""
    if not set(map(type, cells)) <= {str}:
        keys = list(zip(map(type, cells), cells, strict=True))  # 1, 1.0 and True are equal but not written alike
        texts = {key: as_text(key[1]) for key in dict.fromkeys(keys)}
        cells = [texts[key] for key in keys]
    try:
        return strings(cells)
    except UnicodeEncodeError:  # half of a surrogate pair, which json can hold and no file can
        return strings(map(_written, cells))


def _written(text: str) -> str:
    """The text without halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode("utf-8")


def strings(texts: Iterable[str]) -> pa.StringArray:
    """As pa.array would, which loads all of pandas first: that takes longer than reading most lists."""
    builder = StringBuilder()
    builder.append_values(texts)
    return builder.finish()


def integers(numbers: np.ndarray) -> pa.Int32Array:
    return pa.Array.from_buffers(pa.int32(), len(numbers), [None, pa.py_buffer(numbers.astype(np.int32))])


def as_numpy(numbers: pa.Int32Array) -> np.ndarray:
    return np.frombuffer(numbers.buffers()[1], np.int32)[numbers.offset : numbers.offset + len(numbers)]


def as_text(cell: object) -> str:
    """One cell as text in Dutch notation; numbers never get a thousands separator."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, (int, float)):
        exact = str(cell) if isinstance(cell, int) else f"{cell + 0.0:.15g}"  # 15 digits, as a spreadsheet shows them
        return f"{Decimal(exact).normalize():f}".replace(".", ",")
    if isinstance(cell, (datetime.datetime, datetime.date)):
        return f"{cell.day:02}-{cell.month:02}-{cell.year}"
    return str(cell)


# ---------------------------------------------------------------- a wrong encoding undone

DOUBLE = re.compile(r"[ÂÃÄÅâ][^\x00-\x7f]")  # what the utf-8 of a letter with an accent looks like in Windows-1252
DOUBLE_BYTES = re.compile(rb"\xc3[\x82-\x85\xa2][\x80-\xff]")


def _mended(texts: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    """Texts with 'coÃ¶rdinatie' -> 'coördinatie' where that can be undone exactly, and which of them changed (None: no
    one)."""
    data = texts.buffers()[2]
    if data is None or not DOUBLE_BYTES.search(data):  # a look at all of them at once; nearly always enough
        return texts, None
    mended = texts.to_pylist()
    hits = pc.indices_nonzero(pc.match_substring_regex(texts, DOUBLE.pattern)).to_pylist()
    for at in hits:
        mended[at] = _undoubled(mended[at])
    mended = strings(mended)
    return mended, pc.not_equal(mended, texts)


def _undoubled(cell: str) -> str:
    """The text as it was before its utf-8 bytes were taken for Windows-1252; as it stands when they were not."""
    try:
        return b"".join(bytes([ord(c)]) if 0x80 <= ord(c) < 0xA0 else c.encode("cp1252") for c in cell).decode("utf-8")
    except UnicodeError:
        return cell
