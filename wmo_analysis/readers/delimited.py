"""Text files of any delimiter and encoding, read by arrow and, where that cannot be trusted, by Python's csv."""

import codecs
import csv
import io
import itertools
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from wmo_analysis.errors import ListUnreadable
from wmo_analysis.readers.cells import Columns, Notes, Odd, Parts, as_numpy, integers, pays, strings
from wmo_analysis.readers.kinds import has
from wmo_analysis.readers.limits import DAMAGED, MOST_EXTRA, fits

BLOCK = 16_000_000  # bytes of a text file that are read at a time: about 100,000 records
RECORDS = 50_000  # the same where Python reads them, in records
BEGINNING = 200_000  # bytes that tell how a text file is written
FIRST = 60  # records that tell how many columns a text file has
ODD = 100_000  # odd records that may wait for a place; a file with more of them is not what its first records say
END = b"\0\n"  # told to arrow after the last record
DUTCH = ("Windows-1252", "ISO-8859-1", "ISO-8859-15", "cp850", "cp437", "MacRoman", "UTF-16")  # what offices here send
EURO = re.compile(
    rb"\xa4[ \xa0]?[\d-]|\d[ \xa0]?\xa4"
)  # the euro sign of ISO-8859-15; elsewhere a sign that nobody types
ESCAPED = re.compile(rb'\\"[^";,\t|\r\n]')  # no quote that closes a cell: a program wrote \" for a quote within it
WRAPPED = re.compile(rb'"(?:[^"]|"")*[;,\t|](?:[^"]|"")*"')  # a whole line in quotes
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
CODED = pa.dictionary(pa.int32(), pa.string())


def text_file(path: Path, notes: Notes) -> Parts:
    yield "sheet", ""
    if not has(path, b"\0"):
        try:
            yield from _delimited(lambda: _after_mark(path))
            return
        except UnicodeError:
            yield "again", None
    data = decode(path.read_bytes(), notes).encode("utf-8")
    yield from _delimited(lambda: io.BytesIO(data))


def _after_mark(path: Path) -> BinaryIO:
    file = open(path, "rb")  # noqa: SIM115 - who asked for it closes it
    file.seek(3 if file.read(3) == b"\xef\xbb\xbf" else 0)
    return file


@dataclass(frozen=True)
class _Shape:
    """What the first records of a text file tell."""

    delimiter: str
    width: int  # the largest number of fields: our columns
    common: int  # the number that most of them have


def _delimited(source: Callable[[], BinaryIO]) -> Parts:
    """The blocks of a text file in utf-8, by arrow and, where that cannot be trusted to see what Python's csv sees, by
    Python's csv. `source` opens it anew: arrow may still be reading ahead when it has failed.

    Raises UnicodeError where it is no utf-8.
    """
    source = _usual(source)
    shape = _shape(source)
    readers = [_by_arrow, _by_python] if shape.common > 1 else [_by_python]  # of one column a blank line is a record
    while True:
        with source() as file:
            try:
                yield from readers[0](file, shape)
                return
            except pa.ArrowInvalid as error:
                if "UTF8" in str(error):
                    raise UnicodeError from error
                readers = readers[1:]
        yield "again", None


def _usual(source: Callable[[], BinaryIO]) -> Callable[[], BinaryIO]:
    """The file with the quotes of RFC 4180, where its beginning is sure to have others: \\" for a quote within a cell, or
    quotes around whole lines, as a program puts that takes each line for one cell."""
    with source() as file:
        start = file.read(BEGINNING)
    escaped, lines = ESCAPED.search(start), start.splitlines()[:FIRST]
    wrapped = sum(map(bool, map(WRAPPED.fullmatch, lines))) * 2 > len(lines)
    if not escaped and not wrapped:
        return source
    with source() as file:
        data = file.read()
    if escaped:
        data = re.sub(rb'\\([\\"])', lambda sign: b'""' if sign[1] == b'"' else sign[1], data)
    if wrapped:
        lines = (line.rstrip(b"\r\n") for line in data.splitlines(keepends=True))
        data = b"\n".join(line[1:-1].replace(b'""', b'"') if WRAPPED.fullmatch(line) else line for line in lines)
    return lambda: io.BytesIO(data)


def _shape(source: Callable[[], BinaryIO]) -> _Shape:
    with source() as file:
        start = codecs.getincrementaldecoder("utf-8")().decode(file.read(BEGINNING))  # may end within a letter
    delimiter = _delimiter(start)
    with source() as file:
        widths = Counter(map(len, itertools.islice(_Records(file, delimiter), FIRST)))
    widths.pop(0, None)
    common = max(widths, key=lambda width: (widths[width], width), default=0)
    fits(1, common)
    return _Shape(delimiter, min(max(widths, default=0), common + MOST_EXTRA), common)


def _delimiter(text: str) -> str:
    """The delimiter under which most of the first records have one and the same number of fields, two at least.

    Of several: the one that leaves fewest records whole, since decimal commas split the rows but not their header; then
    the one that gives most fields. A few records with a field too many, or a stray quote, change nothing.
    """

    def score(delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> tuple[bool, float, int, float]:
        reader = csv.reader(io.StringIO(text[:50_000], newline=""), delimiter=delimiter, quoting=quoting)
        widths = Counter(len(record) for record, _ in zip(reader, range(50), strict=False) if record)
        count, split = widths.total(), widths.total() - widths[1]
        most, width = max(((widths[width], width) for width in widths if width > 1), default=(0, 0))
        return most * 2 > count, split / max(count, 1), width, most / max(count, 1)

    # with quotes as letters too: a stray one in the first row takes all others into its cell
    return max((";", ",", "\t", "|"), key=lambda each: max(score(each), score(each, csv.QUOTE_NONE)))


class _Records:
    """The records of a text file as Python's csv sees them, but for a quote that is no pair: it opens a cell that holds the
    rows below it, up to the next stray quote or the end. The first of these lines is read again with its quotes as letters
    (`stray` counts them), the others as the rows that they are. Not where a file of `common` columns has two at most."""

    def __init__(self, file: BinaryIO, delimiter: str, common: int = 0):
        csv.field_size_limit(100_000_000)
        self.lines = io.TextIOWrapper(file, encoding="utf-8", newline="")
        self.delimiter, self.common, self.stray = delimiter, common, 0
        self.back: deque[str] = deque()  # lines to read again
        self.taken: list[str] = []  # lines of the record that is being read

    def _source(self) -> Iterator[str]:
        while line := self.back.popleft() if self.back else self.lines.readline():
            self.taken.append(line)
            yield line

    def __iter__(self) -> Iterator[list[str]]:
        try:
            again = True
            while again:
                again = False
                for record in csv.reader(self._source(), delimiter=self.delimiter):
                    if self._swallowed(record):
                        self.back.extendleft(reversed(self.taken[1:]))
                        (record,) = csv.reader(self.taken[:1], delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
                        self.stray += 1
                        again = True
                    self.taken.clear()
                    yield record
        except csv.Error as error:
            raise ListUnreadable("R01", DAMAGED) from error

    def _swallowed(self, record: list[str]) -> bool:
        """Whether the lines of a record are rows of their own: a quote stands within a cell or is never closed, or a cell
        holds the delimiters of so many rows."""
        (*more, last), ends = self.taken, ("\n", "\r")
        open_end = '"' in last and not last.endswith(ends)
        if self.common < 3 or not (more or open_end or (record[-1:] and record[-1].endswith(ends))):
            return False
        try:
            list(csv.reader(self.taken, delimiter=self.delimiter, strict=True))
        except csv.Error:
            return True
        breaks = [(len(cell.splitlines()) - 1, cell.count(self.delimiter)) for cell in record]
        return self.common > 3 and any(lines > 1 and lines * (self.common - 1) == signs for lines, signs in breaks)


def _by_python(file: BinaryIO, shape: _Shape) -> Parts:
    source = _Records(file, shape.delimiter, shape.common)
    records, whole, coded = iter(source), Columns(), None
    while rows := list(itertools.islice(records, RECORDS)):
        columns = [strings(column) for column in zip(*_padded(rows, shape.width), strict=True)]
        if coded is None:
            coded = [pays(column) for column in columns]
        columns = [column.dictionary_encode() if code else column for column, code in zip(columns, coded, strict=True)]
        yield whole.block(columns, np.array([_fields(row, shape.width) for row in rows]))
    yield "stray", source.stray
    yield from whole.end([])


def _padded(rows: list[list[str]], width: int) -> list[list[str]]:
    """Records of any length with `width` fields; what stands beyond is dropped."""
    blank = [""] * width
    return [(row + blank)[:width] for row in rows]


def _fields(row: list[str], width: int) -> int:
    """How many fields a record has; one without any text, as a blank line, is never odd."""
    return len(row) if any(row) else width


def _by_arrow(file: BinaryIO, shape: _Shape) -> Parts:
    """Python never sees a record, but for the odd ones: those with another number of fields than most."""
    start = file.tell()
    types = dict.fromkeys(map(str, range(shape.common)), pa.string())
    sample = _arrow(io.BytesIO(_Lines(file).read(BLOCK)), shape.delimiter, types, lambda row: "skip").read_all()
    file.seek(start)
    types |= {name: CODED for name in types if pays(sample.column(name))}
    del sample
    whole = Columns()
    for block in _ahead(_arrow_blocks(_Lines(file), shape, types)):
        yield whole.block(*block)
    yield from whole.end([])


def _arrow(file: BinaryIO, delimiter: str, types: dict[str, pa.DataType], odd: Callable) -> pa.csv.CSVStreamingReader:
    """Arrow's reader, told to see what Python's csv sees: texts, blank lines, line breaks within quotes."""
    return pa.csv.open_csv(
        pa.PythonFile(file, mode="r"),
        pa.csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=list(types)),  # threads lose the numbers
        pa.csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=odd
        ),
        pa.csv.ConvertOptions(column_types=types, null_values=[], strings_can_be_null=False),
    )


class _Lines:
    """A file that is read in blocks of whole lines, for arrow errs where a border falls within "" or a line end. Its
    end is a record of its own: a quote that is never closed swallows it, which arrow would not tell."""

    closed = False

    def __init__(self, file: BinaryIO):
        self.file, self.ended = file, False
        self.quoted = False  # whether a quote was seen
        self.room = threading.Semaphore(3)  # blocks; by itself arrow reads 32 ahead, which is half a gigabyte

    def read(self, size: int) -> bytes:
        self.room.acquire(timeout=1)  # a block without any whole record makes no room
        wanted = size - len(END) - 1
        data = self.file.read(wanted)
        self.quoted |= b'"' in data
        if self.ended:
            return b""
        if len(data) < wanted:
            self.ended = True
            return data + (b"" if data.endswith((b"\n", b"\r")) or not data else b"\n") + END
        whole = data.rfind(b"\n") + 1
        if not whole:
            raise pa.ArrowInvalid("a line longer than a block")
        self.file.seek(whole - wanted, io.SEEK_CUR)
        return data[:whole]

    def close(self) -> None:
        """Whoever opened the file closes it."""


def _arrow_blocks(lines: _Lines, shape: _Shape, types: dict[str, pa.DataType]) -> Iterator:
    """(columns, fields of each record) block by block, with the odd records put back at their places."""
    waiting: deque[tuple[int, list[str]]] = deque()  # odd records that no block has reached: number from 0, fields

    def odd(row: pa.csv.InvalidRow) -> str:
        records = list(csv.reader(io.StringIO(row.text, newline=""), delimiter=shape.delimiter))
        waiting.append((row.number - 1, records[0]))
        return "skip" if len(records) == 1 and len(waiting) < ODD else "error"

    passed = 0
    for batch in _arrow(lines, shape.delimiter, types, odd):
        lines.room.release()
        offsets, here = [], []
        while waiting and waiting[0][0] < passed + batch.num_rows + len(here):
            number, record = waiting.popleft()
            offsets.append(number - passed - len(here))
            here.append(record)
        passed += batch.num_rows + len(here)
        if lines.quoted and any(_holds_rows(column, shape) for column in batch.columns):
            raise pa.ArrowInvalid("a quote that is no pair")
        yield _whole(batch.columns, shape, here, offsets)
    if not waiting or waiting.pop()[1] != [END.decode()[0]]:
        raise pa.ArrowInvalid("a quote that is never closed")
    if waiting:
        none = [pa.nulls(0, kind) for kind in types.values()]
        yield _whole(none, shape, [record for _, record in waiting], [0] * len(waiting))


def _holds_rows(column: pa.Array, shape: _Shape) -> bool:
    """Whether a cell has as many delimiters as the rows between its line breaks: only Python's csv can tell what they are."""
    texts = column.dictionary if pa.types.is_dictionary(column.type) else column
    texts = texts.filter(pc.match_substring(texts, "\n"))
    if shape.common < 3 or not len(texts):
        return False
    # counted by numpy: a bare number makes arrow load all of pandas, a third of the child's time to get ready
    breaks = as_numpy(pc.count_substring(texts, "\n")) * (shape.common - 1)
    return bool((breaks == as_numpy(pc.count_substring(texts, shape.delimiter))).any())


def _whole(
    columns: list[pa.Array], shape: _Shape, odd: list[list[str]], offsets: list[int]
) -> tuple[list[pa.Array], np.ndarray, Odd | None]:
    """All columns of these records, the fields of every one, and the odd ones for `Columns.block` to put back."""
    count = len(columns[0])
    fields = np.full(count, shape.common)
    if shape.common < shape.width:
        filled = [as_numpy(pc.binary_length(column.cast(pa.string()))) > 0 for column in columns]
        fields[~np.logical_or.reduce(filled)] = shape.width
        nothing = pa.DictionaryArray.from_arrays(integers(np.zeros(count)), strings([""]))
        columns = columns + [nothing] * (shape.width - shape.common)
    if not odd:
        return columns, fields, None
    fields = np.insert(fields, offsets, [_fields(record, shape.width) for record in odd])
    return columns, fields, Odd(_padded(odd, shape.width), offsets)


def _ahead(blocks: Iterator) -> Iterator:
    """The same blocks; the next one is made while the caller works on this one."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block


def decode(data: bytes, notes: Notes) -> str:
    for mark, name in MARKS.items():
        if data.startswith(mark):
            try:
                return data.decode(name)
            except UnicodeDecodeError as error:
                raise ListUnreadable("R01", DAMAGED) from error
    if b"\0" in data:
        name = ""
        if data[1::2].count(0) > len(data) / 4:
            name = "utf-16-le"
        elif data[::2].count(0) > len(data) / 4:
            name = "utf-16-be"
        notes.append(("R07", name or "NUL"))
        if name:
            return data.decode(name, errors="replace")
        data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        import chardet

        name = chardet.detect(data)["encoding"]
        name = name if name in DUTCH else "Windows-1252"
        if name in ("Windows-1252", "ISO-8859-1") and b"\x80" not in data and EURO.search(data):
            name = "ISO-8859-15"
        notes.append(("R07", name))
        return data.decode(name, errors="replace")
