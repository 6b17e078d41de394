"""First stage: a file as somebody sent it -> grids, columns of text.

Files are opened in a child process with a limit of time and memory for each list (`Limits`), so that a damaged or
hostile file can end the child but never the build. One child reads all lists; another takes over when it has died. Every
cell comes out as text in Dutch notation (12500.5 -> '12500,5', a date -> '30-11-2006'), so that one strict grammar serves
every format and the same list in another format gives the same table.

A file is read as a series of parts, (kind, content), in the child as in this process; `_assembled` makes grids of them:

    sheet   name       a sheet begins
    block   batch      its next records: per column the texts, or a dictionary of those of the block
    again   None       the blocks so far do not count, the sheet is read in another way
    mended  count      cells of the sheet of which a wrong encoding was undone (told in the notes, not sent)
    stray   count      quotes that were no pair (as well)
    merged  list       the sheet's merged cells; it is complete
    notes   list       the file is complete
    error   list       it cannot be read: the arguments of ListUnreadable
    full    text       there is no memory for it
"""

import codecs
import contextlib
import csv
import datetime
import io
import itertools
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from pyarrow.lib import StringBuilder

from wmo_analysis import machine
from wmo_analysis.errors import ListUnreadable
from wmo_analysis.office import Aside, of_ods, of_xlsx, repeats, widest

SECONDS = 30  # for one list; $WMO_LIST_SECONDS says otherwise
MEGABYTES = (
    1500  # for the child; the largest honest list (1M rows as xlsx) needs half of it; $WMO_LIST_MB says otherwise
)
MOST_COLUMNS = 16_384  # as a spreadsheet has them; more is no list
MOST_SHEETS = 1_000  # sheets of a workbook, tables of a document, lists of json
MOST_EXTRA = 200  # columns of a text file beyond those that most of its records have
MOST_CELLS = 50_000_000  # of a sheet that Python must lay out cell by cell
MOST_SPAN = 500  # columns of a cell of a document; Word has 63
MOST_COVERED = 200_000  # merged cells of a sheet, each with the cell that it takes its text from
MOST_NUMBER = 18  # digits of a whole number in json; a longer one stays text
UNPACKED = 600_000_000  # bytes that an office file may unpack to
BLOCK = 16_000_000  # bytes of a text file that are read at a time: about 100,000 records
RECORDS = 50_000  # the same where Python reads them, in records
FIRST = 60  # records that tell how many columns a text file has
ODD = 100_000  # odd records that may wait for a place; a file with more of them is not what its first records say
END = b"\0\n"  # told to arrow after the last record
DAMAGED = "beschadigd of niet volledig gedownload"
BROKEN_OFF = "te groot of beschadigd: het lezen is afgebroken, de grens is {mb} MB geheugen voor een lijst"
TOO_LARGE = "te groot om te lezen: de grens is {mb} MB geheugen voor een lijst"
TOO_SLOW = "te groot om te lezen: na {seconds:g} seconden afgebroken, de grens voor een lijst"
TOO_DEEP = "te diep genest om te lezen"
TOO_WIDE = f"te breed om te lezen: meer dan {MOST_COLUMNS} kolommen of {MOST_CELLS // 1_000_000} miljoen cellen"
MOST_REPEATED = 10_000  # times that a row or cell of an ods can stand for the same; empty ones as often as they like
TOO_MANY = f"te groot om te lezen: meer dan {MOST_SHEETS} bladen of tabellen"
TOO_OFTEN = f"te groot om te lezen: een rij of cel die meer dan {MOST_REPEATED} keer wordt herhaald"
TOO_MERGED = f"te groot om te lezen: meer dan {MOST_COVERED} samengevoegde cellen"
NO_FILE = "het bestand is er niet, of is geen gewoon bestand"
CLOSED = "het bestand mag niet worden gelezen"
SAME_KIND = {".xlsx": (".xlsb",), ".csv": (".txt", ".tsv", ".tab"), ".html": (".htm", ".xhtml"), ".json": (".geojson",)}
DUTCH = ("Windows-1252", "ISO-8859-1", "ISO-8859-15", "cp850", "cp437", "MacRoman", "UTF-16")  # what offices here send
EURO = re.compile(
    rb"\xa4[ \xa0]?[\d-]|\d[ \xa0]?\xa4"
)  # the euro sign of ISO-8859-15; elsewhere a sign that nobody types
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
LIVE = {  # what an office file holds beside its cells, and the parts by which it is known
    "macro's": r"vbaProject\.bin|\nBasic/|\nScripts/|macrosheets/",
    "koppelingen": r"\n\w+/externalLinks/|\nxl/connections|\nxl/queryTables/",
}
TOLD = {"mended": "R20", "stray": "R26"}  # parts that are counted, and the finding that tells how many there are
CODED = pa.dictionary(pa.int32(), pa.string())

Parts = Iterator[tuple[str, object]]
Notes = list[tuple[str, str]]


@dataclass(frozen=True)
class Grid:
    """One sheet of a list as columns of text; every column has a text for every record, '' where there is none."""

    name: str  # of the sheet, '' for text files
    columns: list[pa.ChunkedArray]  # each pa.string() or pa.dictionary(pa.int32(), pa.string()); no nulls
    fields: np.ndarray | None  # of a text file: how many fields each record has; None where all have len(columns)
    merged: tuple[tuple[int, int, int, int], ...]  # row, column of a cell and of the one it takes its text from

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
    return _assembled(_parts(path))


@dataclass(frozen=True)
class Limits:
    """What the reading of one list may take: wall time [s] and the memory of the child [MB]."""

    seconds: float = SECONDS
    megabytes: int = MEGABYTES

    @classmethod
    def stated(cls) -> "Limits":
        """Those of the environment: WMO_LIST_SECONDS and WMO_LIST_MB, whole numbers of 1 at least, else the usual ones."""
        stated = {}
        for part, name in (("seconds", "WMO_LIST_SECONDS"), ("megabytes", "WMO_LIST_MB")):
            text = os.environ.get(name, "")
            if re.fullmatch("[1-9][0-9]{0,8}", text):
                stated[part] = int(text)
        return cls(**stated)

    def told(self, text: str) -> str:
        """A sentence of a list that could not be read, with the limit that it ran into."""
        return text.format(mb=self.megabytes, seconds=self.seconds)


class _Broken(ListUnreadable):
    """A list over which the child died, or that it had no room for; it may have had room in a new child, if not `late`."""

    def __init__(self, text: str, late: bool = False):
        super().__init__("R03", text)
        self.late = late


def opened_all(paths: list[Path], limits: Limits | None = None) -> Iterator[Opened | ListUnreadable]:
    """For each path in turn its sheets, or the ListUnreadable that reading it ended with; the child may die over one."""
    limits = limits or Limits.stated()
    left = list(paths)
    while left:
        first = True
        with _started(left, limits) as child:
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


def _started(paths: list[Path], limits: Limits) -> subprocess.Popen:
    """A child that reads these files one after the other."""
    home = str(Path(__file__).resolve().parents[2])
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")])),
        "MALLOC_ARENA_MAX": "2",  # both reserve more than the limit allows when nobody says less
        "MIMALLOC_ARENA_RESERVE": "65536",
        "WMO_LIST_MB": str(limits.megabytes),
    }
    # by its file and with -P: our package's other rooms need not load, and no csv.py in the folder we are in does
    command = [sys.executable, "-P", __file__, *map(str, paths)]
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
    grids = []
    name, blocks = "", []
    for kind, content in parts:
        if kind == "sheet":
            name, blocks = content, []
        elif kind == "again":
            blocks = []
        elif kind == "block":
            blocks.append(content)
        elif kind == "merged":
            grids.append(_grid(name, blocks, tuple(map(tuple, content))))
        elif kind == "notes":
            return Opened(grids, [tuple(note) for note in content])
        elif kind == "full":
            raise _Broken(content)
        else:
            raise ListUnreadable(*content)
    raise EOFError("the parts end before their end")


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
    """The parts of one file, as `_child` sends them."""
    while line := pipe.readline():
        kind, content = json.loads(line)
        if kind == "block":
            (content,) = pa.ipc.open_stream(pipe)
        yield kind, content


def _child() -> None:
    machine.limit_memory(Limits.stated().megabytes * 1_000_000)
    pa.set_io_thread_count(2)
    for name in sys.argv[1:]:
        for kind, content in _told(Path(name)):
            batch = isinstance(content, pa.RecordBatch)
            sys.stdout.buffer.write(json.dumps([kind, None if batch else content]).encode() + b"\n")
            if batch:
                with pa.ipc.new_stream(sys.stdout.buffer, content.schema) as stream:
                    stream.write_batch(content)
            sys.stdout.buffer.flush()


def _told(path: Path) -> Parts:
    """The parts of a file; what it cannot be read for is one of them."""
    try:
        yield from _parts(path)
    except ListUnreadable as error:
        yield "error", [error.code, error.text, error.listed]
    except (MemoryError, pa.ArrowMemoryError):
        yield "full", Limits.stated().told(TOO_LARGE)


# ---------------------------------------------------------------- a file -> parts


def _parts(path: Path) -> Parts:
    if not path.is_file():  # a pipe or a device would keep us waiting
        raise ListUnreadable("R01", NO_FILE)
    if not os.access(path, os.R_OK):
        raise ListUnreadable("R01", CLOSED)
    notes: Notes = []
    kind = _kind(path)
    suffix = path.suffix.lower()
    if suffix != kind and suffix not in SAME_KIND.get(kind, ()):
        if kind == ".csv" and suffix in (".xlsx", ".xls", ".ods", ".docx") and _has(path, b"\0"):
            raise ListUnreadable("R01", DAMAGED)
        notes.append(("R06", kind))
    if live := _live(path):
        notes.append(("R30", live))
    readers = {".csv": _text_file, ".docx": _word, ".json": _json_file, ".html": _web_page}
    told, sheets = Counter(), 0
    try:
        for part, content in readers.get(kind, _workbook)(path, notes):
            sheets += part == "sheet"
            if sheets > MOST_SHEETS:
                raise ListUnreadable("R03", TOO_MANY)
            if part in TOLD:
                told[part] += content
            else:
                yield part, content
    except RecursionError as error:
        raise ListUnreadable("R03", TOO_DEEP) from error
    notes += [(TOLD[part], str(count)) for part, count in told.items() if count]
    yield "notes", notes


def _kind(path: Path) -> str:
    with open(path, "rb") as file:
        start = file.read(8)
    if start.startswith(b"PK"):
        return _zip_kind(path)
    if not start.startswith(b"\xd0\xcf\x11\xe0"):
        return _text_kind(path)
    if path.suffix.lower() != ".xls" and _has(path, b"E\0n\0c\0r\0y\0p\0t\0e\0d"):
        raise ListUnreadable("R02", "met een wachtwoord beveiligd")
    return ".xls"


def _live(path: Path) -> str:
    """ "macro's, koppelingen": what an office file holds that a program would run or follow, and we never do."""
    if not zipfile.is_zipfile(path):
        return ""
    with contextlib.suppress(zipfile.BadZipFile, OSError, ValueError), zipfile.ZipFile(path) as archive:
        names = "\n".join(["", *archive.namelist()])
        return ", ".join(word for word, part in LIVE.items() if re.search(part, names))
    return ""


def _has(path: Path, what: bytes) -> bool:
    """Whether bytes occur in a file, which may be larger than memory."""
    rest = b""
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            if what in block or what in rest + block[: len(what)]:
                return True
            rest = block[-len(what) :]
    return False


def _text_kind(path: Path) -> str:
    """What a text file holds: json records, a web page with a table (also when a program calls it .xls), or csv."""
    with open(path, "rb") as file:
        start = file.read(200_000).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start[:1] in (b"[", b"{") and re.match(rb'[\[{]\s*["{\[\]}]', start):
        return ".json"
    return ".html" if start[:1] == b"<" and b"<t" in start.lower() else ".csv"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
            names = set(archive.namelist())
            encrypted = any(info.flag_bits & 1 for info in archive.infolist())
            manifest = b""
            if "META-INF/manifest.xml" in names and size < UNPACKED:
                manifest = archive.read("META-INF/manifest.xml")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise ListUnreadable("R01", DAMAGED) from error
    if size > UNPACKED:
        raise ListUnreadable("R03", f"te groot: uitgepakt {size // 1_000_000} MB")
    if encrypted or b"encryption-data" in manifest:
        raise ListUnreadable("R02", "met een wachtwoord beveiligd")
    if "word/document.xml" in names:
        return ".docx"
    return ".ods" if "content.xml" in names else ".xlsx"


# ---------------------------------------------------------------- records -> blocks


@dataclass(frozen=True)
class _Odd:
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


class _Columns:
    """The columns of one sheet while its blocks pass by."""

    def __init__(self):
        self.mended = 0  # cells of which a wrong encoding was undone

    def block(
        self, columns: list[pa.Array], fields: np.ndarray | None = None, odd: _Odd | None = None
    ) -> tuple[str, pa.RecordBatch]:
        """The part for these records; each column goes as the texts or the dictionary that it is."""
        sent = {str(at): self._sent(at, column, odd) for at, column in enumerate(columns)}
        if fields is not None:
            sent["fields"] = _integers(fields)
        return "block", pa.record_batch(sent)

    def _sent(self, at: int, column: pa.Array, odd: _Odd | None) -> pa.Array:
        """What goes for a column of the records and of the odd ones."""
        coded = pa.types.is_dictionary(column.type)
        more = _strings([record[at] for record in odd.records] if odd else [])
        texts, changed = _mended(pa.concat_arrays([column.dictionary if coded else column, more]))
        size = len(texts) - len(more)
        if changed is not None:
            self.mended += pc.sum(changed.take(column.indices) if coded else changed[:size]).as_py() or 0
            self.mended += pc.sum(changed[size:]).as_py() or 0
        usual = column.indices if coded else texts[:size]
        unusual = _integers(np.arange(size, len(texts))) if coded else texts[size:]
        sent = odd.put_back(usual, unusual) if odd else usual
        return pa.DictionaryArray.from_arrays(sent, texts) if coded else sent

    def end(self, merged: list) -> Parts:
        """The parts that close the sheet."""
        yield "mended", self.mended
        yield "merged", merged


def _pays(column: pa.Array) -> bool:
    """Whether the records of a column repeat their values enough to send each value once."""
    return pc.count_distinct(column).as_py() * 2 < len(column)


def _sheet(name: str, columns: list[list], merged: list) -> Parts:
    """The parts of a sheet whose columns, of cells of any type, are in memory."""
    yield "sheet", _written(name)
    whole = _Columns()
    if columns:
        texts = [_texts(column) for column in columns]
        yield whole.block([column.dictionary_encode() if _pays(column) else column for column in texts])
    yield from whole.end(merged)


def _texts(cells: list) -> pa.Array:
    """Cells of any type as texts; each distinct value is written once."""
    if not set(map(type, cells)) <= {str}:
        keys = list(zip(map(type, cells), cells, strict=True))  # 1, 1.0 and True are equal but not written alike
        texts = {key: _text(key[1]) for key in dict.fromkeys(keys)}
        cells = [texts[key] for key in keys]
    try:
        return _strings(cells)
    except UnicodeEncodeError:  # half of a surrogate pair, which json can hold and no file can
        return _strings(map(_written, cells))


def _written(text: str) -> str:
    """The text without halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _strings(texts: Iterable[str]) -> pa.StringArray:
    """As pa.array would, which loads all of pandas first: that takes longer than reading most lists."""
    builder = StringBuilder()
    builder.append_values(texts)
    return builder.finish()


def _integers(numbers: np.ndarray) -> pa.Int32Array:
    return pa.Array.from_buffers(pa.int32(), len(numbers), [None, pa.py_buffer(numbers.astype(np.int32))])


def _numpy(numbers: pa.Int32Array) -> np.ndarray:
    return np.frombuffer(numbers.buffers()[1], np.int32)[numbers.offset : numbers.offset + len(numbers)]


def _text(cell: object) -> str:
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
    mended = _strings(mended)
    return mended, pc.not_equal(mended, texts)


def _undoubled(cell: str) -> str:
    """The text as it was before its utf-8 bytes were taken for Windows-1252; as it stands when they were not."""
    try:
        return b"".join(bytes([ord(c)]) if 0x80 <= ord(c) < 0xA0 else c.encode("cp1252") for c in cell).decode("utf-8")
    except UnicodeError:
        return cell


# ---------------------------------------------------------------- text files


def _text_file(path: Path, notes: Notes) -> Parts:
    yield "sheet", ""
    if not _has(path, b"\0"):
        try:
            yield from _delimited(lambda: _after_mark(path))
            return
        except UnicodeError:
            yield "again", None
    data = _decode(path.read_bytes(), notes).encode("utf-8")
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


def _shape(source: Callable[[], BinaryIO]) -> _Shape:
    with source() as file:
        start = codecs.getincrementaldecoder("utf-8")().decode(file.read(200_000))  # may end within a letter
    delimiter = _delimiter(start)
    with source() as file:
        widths = Counter(map(len, itertools.islice(_Records(file, delimiter), FIRST)))
    widths.pop(0, None)
    common = max(widths, key=lambda width: (widths[width], width), default=0)
    _fits(1, common)
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
    records, whole, coded = iter(source), _Columns(), None
    while rows := list(itertools.islice(records, RECORDS)):
        columns = [_strings(column) for column in zip(*_padded(rows, shape.width), strict=True)]
        if coded is None:
            coded = [_pays(column) for column in columns]
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
    types |= {name: CODED for name in types if _pays(sample.column(name))}
    del sample
    whole = _Columns()
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
    breaks = pc.multiply(pc.count_substring(texts, "\n"), shape.common - 1)
    return pc.any(pc.equal(breaks, pc.count_substring(texts, shape.delimiter))).as_py()


def _whole(
    columns: list[pa.Array], shape: _Shape, odd: list[list[str]], offsets: list[int]
) -> tuple[list[pa.Array], np.ndarray, _Odd | None]:
    """All columns of these records, the fields of every one, and the odd ones for `_Columns.block` to put back."""
    count = len(columns[0])
    fields = np.full(count, shape.common)
    if shape.common < shape.width:
        filled = [_numpy(pc.binary_length(column.cast(pa.string()))) > 0 for column in columns]
        fields[~np.logical_or.reduce(filled)] = shape.width
        nothing = pa.DictionaryArray.from_arrays(_integers(np.zeros(count)), _strings([""]))
        columns = columns + [nothing] * (shape.width - shape.common)
    if not odd:
        return columns, fields, None
    fields = np.insert(fields, offsets, [_fields(record, shape.width) for record in odd])
    return columns, fields, _Odd(_padded(odd, shape.width), offsets)


def _ahead(blocks: Iterator) -> Iterator:
    """The same blocks; the next one is made while the caller works on this one."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block


def _decode(data: bytes, notes: Notes) -> str:
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


# ---------------------------------------------------------------- workbooks, documents, records, web pages


def _workbook(path: Path, notes: Notes) -> Parts:
    import python_calamine as calamine

    asides = _asides(path)
    if asides is None:
        notes.append(("R29", path.suffix.lower()))
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))  # from_path trusts the extension
        for number, about in enumerate(book.sheets_metadata):
            if about.visible != calamine.SheetVisibleEnum.Visible:
                notes.append(("R19", about.name))
                continue
            sheet = book.get_sheet_by_name(about.name)
            rows = sheet.to_python(skip_empty_area=False)
            aside = (asides or {}).get(about.name) or (asides or {}).get(number) or Aside()
            _put_back(rows, aside.cells)
            if hidden := aside.hidden(rows):
                notes.append(("R24", f"{about.name}: {hidden}"))
            width = len(rows[0]) if rows else 0
            _fits(1, width)
            merged = []
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
                merged += _covered(top, left, min(bottom + 1, len(rows)), min(right + 1, width), len(merged))
            yield from _sheet(about.name, list(zip(*rows, strict=True)), merged)
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise ListUnreadable("R01", DAMAGED) from error


def _asides(path: Path) -> dict[str | int, Aside] | None:
    """What the cells of the sheets do not show, by name or number of the sheet; None where the format does not tell (xls,
    xlsb). Raises ListUnreadable for an ods of which a row stands for more rows than a list has."""
    if not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "xl/workbook.bin" in names:
                return None
            if "content.xml" not in names:
                return dict(enumerate(of_xlsx(archive)))
            content = archive.read("content.xml")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise ListUnreadable("R01", DAMAGED) from error
    if repeats(content, MOST_REPEATED):
        raise ListUnreadable("R03", TOO_OFTEN)
    return of_ods(content)


def _put_back(rows: list[list], cells: list[tuple[int, int, str]]) -> None:
    """Puts texts into the cells that came out empty: what was not counted must be seen."""
    width = len(rows[0]) if rows else 0
    for row, column, text in cells:
        if row < len(rows) and column < width and rows[row][column] == "":
            rows[row][column] = text


def _covered(top: int, left: int, below: int, beyond: int, count: int = 0) -> Iterator[tuple[int, int, int, int]]:
    """row, column of each cell that takes its text from (top, left): up to, not with, row `below` and column `beyond`.

    Raises ListUnreadable where there are more than a list can have, with the `count` of those that there are already.
    """
    if count + (below - top) * (beyond - left) > MOST_COVERED:
        raise ListUnreadable("R03", TOO_MERGED)
    for cell in itertools.product(range(top, below), range(left, beyond)):
        if cell != (top, left):
            yield *cell, top, left


def _word(path: Path, notes: Notes) -> Parts:
    import docx

    try:
        with zipfile.ZipFile(path) as archive:
            if widest(archive.read("word/document.xml")) > MOST_SPAN:
                raise ListUnreadable("R03", TOO_WIDE)
        document = docx.Document(str(path))
    except (KeyError, ValueError, zipfile.BadZipFile, zlib.error, SyntaxError) as error:  # lxml raises a SyntaxError
        raise ListUnreadable("R01", DAMAGED) from error
    for number, table in enumerate(document.tables, 1):
        origin, rows, merged = {}, [], []
        for r, row in enumerate(table.rows):
            texts = []
            for c, cell in enumerate(row.cells):
                at = origin.setdefault(cell._tc, (r, c))  # a merged cell is one and the same _tc
                texts.append(cell.text if at == (r, c) else "")
                if at != (r, c):
                    merged.append((r, c, *at))
            rows.append(texts)
            if len(merged) > MOST_COVERED:
                raise ListUnreadable("R03", TOO_MERGED)
        yield from _sheet(f"tabel {number}", list(itertools.zip_longest(*rows, fillvalue="")), merged)


def _json_file(path: Path, notes: Notes) -> Parts:
    """Every list of records in a json file as a sheet, named by the names that lead to it; a record within a record
    becomes columns "outer inner"."""
    try:
        content = json.loads(_decode(path.read_bytes(), notes), parse_int=_whole_number)
    except json.JSONDecodeError as error:
        raise ListUnreadable("R01", DAMAGED) from error
    for name, records in _record_lists(content, []):
        flat = [_flat(record) for record in records]
        names = dict.fromkeys(itertools.chain.from_iterable(flat))
        _fits(len(flat) + 1, len(names))
        columns = []
        for column in names:
            columns.append([column, *(record.get(column, "") for record in flat)])
        yield from _sheet(name, columns, [])


def _whole_number(digits: str) -> int | str:
    """A whole number of json; one that is longer than any amount stays as it is written."""
    return int(digits) if len(digits) <= MOST_NUMBER else digits


def _fits(rows: int, width: int) -> None:
    """Raises ListUnreadable for a sheet that is larger than a list can be."""
    if width > MOST_COLUMNS or rows * width > MOST_CELLS:
        raise ListUnreadable("R03", TOO_WIDE)


def _record_lists(content: object, names: list[str]) -> Iterator[tuple[str, list[dict]]]:
    if isinstance(content, list) and content and all(isinstance(item, dict) for item in content):
        yield " ".join(names), content
    elif isinstance(content, dict):
        for name, inner in content.items():
            yield from _record_lists(inner, [*names, name])


def _flat(record: dict, outer: str = "") -> dict[str, object]:
    cells = {}
    for name, value in record.items():
        if isinstance(value, dict):
            cells |= _flat(value, f"{outer}{name} ")
        elif isinstance(value, list):
            cells[outer + name] = "; ".join(map(_text, value))
        else:
            cells[outer + name] = value
    return cells


def _web_page(path: Path, notes: Notes) -> Parts:
    """Every table of a web page; a table that only lays out other tables is left out."""
    import lxml.etree
    import lxml.html

    try:
        page = lxml.html.document_fromstring(_decode_page(path.read_bytes(), notes))
    except lxml.etree.ParserError as error:
        raise ListUnreadable("R01", DAMAGED) from error
    tables = [table for table in page.iter("table") if not list(table.iterdescendants("table"))]
    for number, table in enumerate(tables, 1):
        rows = list(table.iter("tr"))
        cells, merged = _page_cells(rows)
        width = max((c + 1 for _, c in cells), default=0)
        _fits(len(rows), width)
        columns = []
        for c in range(width):
            columns.append([cells.get((r, c), "") for r in range(len(rows))])
        yield from _sheet(f"tabel {number}", columns, merged)


def _page_cells(rows: list) -> tuple[dict[tuple[int, int], str], list[tuple[int, int, int, int]]]:
    """The texts of a table by (row, column), and its merged cells."""
    cells, merged = {}, []
    for r, row in enumerate(rows):
        c = 0
        for cell in row.iter("td", "th"):
            while (r, c) in cells:
                c += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            for place in _covered(r, c, min(r + down, len(rows)), c + across, len(merged)):
                cells[place[:2]] = ""
                merged.append(place)
            cells[r, c] = _cell_text(cell)
            c += across
    return cells, merged


def _span(cell: object, name: str) -> int:
    """How many rows or columns a cell of a web page takes, at most 1000."""
    digits = re.sub(r"\D", "", cell.get(name, ""))
    return max(min(int(digits or 1), 1000), 1)


def _cell_text(cell: object) -> str:
    """The text of a cell of a web page: a line break stays one, other white space is one space."""
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "").lstrip()
    lines = [re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in cell.text_content().strip().split("\n")]
    return "\n".join(lines).replace("\xa0", " ").strip()


def _decode_page(data: bytes, notes: Notes) -> str:
    stated = re.search(rb"charset=[\"']?([\w-]+)", data[:5000])
    name = stated[1].decode("ascii").lower() if stated else ""
    latin = {"iso-8859-1": "cp1252", "windows-1252": "cp1252", "iso-8859-15": "iso-8859-15"}
    text = data.decode(latin[name], errors="replace") if name in latin else _decode(data, notes)
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # lxml takes no text that states an encoding of its own


if __name__ == "__main__":
    _child()
