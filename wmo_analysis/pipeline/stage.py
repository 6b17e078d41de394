"""What flows between the stages: rows of lists as columns, each distinct text once.

A column is a list of texts and, per row, the place of its text. What is done to a text is done once per text and looked up
per row, so that a million rows cost as much as the few thousand spellings in them. Nothing here walks over rows in Python.
"""

import functools
import string
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from operator import attrgetter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wmo_analysis.codebook import key
from wmo_analysis.readers.cells import NUMBER, TRUTH
from wmo_analysis.schema import TEXTS

TYPE_COUNT = TRUTH + 1  # types of cells
AT_ONCE = 1 << 16  # texts that something is made of at one time
TOGETHER = ThreadPoolExecutor(2)  # arrow looks at texts without the interpreter
# Texts of these characters are folded by arrow as `codebook.key` does it; a text with any other goes to `key` itself.
# Left out: ß, ŉ and ſ (casefold is not lower case), the soft hyphen, control characters.
PLAIN = "^[\t\n\f\r -~\u00a0-\u00ac\u00ae-\u00de\u00e0-\u0148\u014a-\u017e‐‑–‘’]*$"
MARKS = "[\u0300-\u036f]+"  # the accents that NFKD takes apart from these letters
_LETTERS = {ord(c): ord(c.lower()) for c in string.ascii_letters + string.digits}
LOWER = np.array(
    [_LETTERS.get(byte, 0) for byte in range(256)], dtype=np.uint8
)  # 0 for what is no ascii letter or digit
SPACED = np.array([_LETTERS.get(b, b if b > 127 or b == ord("_") else 32) for b in range(256)], dtype=np.uint8)
QUOTES = "[‘’`]"  # as Word types an apostrophe
BLANKS = "[\\s\\-_.‐‑–]+"


@dataclass(frozen=True)
class Column:
    """A text per row: the text of row `i` is `spellings[codes[i]]`. Spellings may stand twice; near-unique columns hold
    one per row. Those of an `ordered` column stand once and in order, so that its codes order as its texts do."""

    codes: np.ndarray
    spellings: pa.LargeStringArray
    ordered: bool = False
    types: np.ndarray | None = None  # of each spelling, as formats has them; None where all are texts

    @classmethod
    def of(cls, texts: list[str] | pa.Array | pa.ChunkedArray) -> "Column":
        """The column of these texts; a dictionary of arrow is taken over as it is."""
        if isinstance(texts, pa.ChunkedArray):
            texts = _one_chunk(texts)
        if isinstance(texts, pa.DictionaryArray):
            return cls(texts.indices.to_numpy(), texts.dictionary.cast(pa.large_string()))
        spellings = pa.array(texts, pa.large_string()) if isinstance(texts, list) else texts.cast(pa.large_string())
        return cls(np.arange(len(spellings), dtype=np.int32), spellings)

    @classmethod
    def constant(cls, text: str, length: int) -> "Column":
        return cls(np.zeros(length, dtype=np.int32), pa.array([text], pa.large_string()))

    @classmethod
    def coded(cls, values: np.ndarray, texts: Callable[[list], list[str]]) -> "Column":
        """The column of the texts that `texts` gives for the distinct `values`."""
        codes, distinct = pd.factorize(values)  # by hash: sorting a million days to find a few thousand takes longer
        return cls(codes.astype(np.int32), pa.array(texts(distinct.tolist()), pa.large_string()))

    def __len__(self) -> int:
        return len(self.codes)

    def typed(self, types: np.ndarray | None) -> "Column":
        """The column whose cells are of these types; a spelling that two of them have in common stands once for each."""
        if types is None or not types.any():
            return self
        codes, pairs = pd.factorize(self.codes * np.int64(TYPE_COUNT) + types)
        spellings = self.spellings.take(pa.array(pairs // TYPE_COUNT))
        return Column(codes.astype(np.int32), spellings, types=(pairs % TYPE_COUNT).astype(np.uint8))

    def compact(self) -> "Column":
        """The column without spellings that no row has."""
        used = np.zeros(len(self.spellings), dtype=bool)
        used[self.codes] = True
        codes = (np.cumsum(used) - 1).astype(np.int32)[self.codes]
        types = None if self.types is None else self.types[used]
        return Column(codes, self.spellings.filter(pa.array(used)), types=types)

    @functools.cached_property
    def numbers(self) -> np.ndarray:
        """The value of each spelling that is a number of the file; nan for the others."""
        values = np.full(len(self.spellings), np.nan)
        if self.types is not None:
            at = np.flatnonzero(self.types == NUMBER)
            values[at] = pc.replace_substring(self.spellings.take(pa.array(at)), ",", ".").cast(pa.float64())
        return values

    def take(self, rows: np.ndarray) -> "Column":
        return replace(self, codes=self.codes[rows])

    def texts(self, rows: np.ndarray | slice = slice(None)) -> pa.LargeStringArray:
        """The texts of the rows."""
        return self.spellings.take(pa.array(self.codes[rows]))

    def each(self, parse: Callable, dtype: type = object) -> np.ndarray:
        """`parse` of each row's text; it is called once per spelling."""
        return np.array([parse(text) for text in self.spellings.to_pylist()], dtype=dtype)[self.codes]

    def spelt(self, judge: Callable[[pa.Array], pa.Array]) -> np.ndarray:
        """What an arrow function says of each spelling, as numpy."""
        each = map if len(self.spellings) <= AT_ONCE else TOGETHER.map
        said = [answer.to_numpy(zero_copy_only=False) for answer in each(judge, blocks(self.spellings))]
        return np.concatenate(said) if said else np.zeros(0, dtype=bool)

    def judged(self, judge: Callable[[pa.Array], pa.Array]) -> np.ndarray:
        """What an arrow function says of each row's text."""
        return self.spelt(judge)[self.codes]

    def equals(self, text: str) -> np.ndarray:
        """Whether each row's text is that one."""
        return self.judged(lambda texts: pc.equal(texts, text))

    @property
    def filled(self) -> np.ndarray:
        """Whether each row has more than white space."""
        return self.judged(lambda texts: pc.not_equal(pc.utf8_trim_whitespace(texts), ""))

    def pandas(self) -> pd.Series:
        return self.texts().to_pandas()

    def arrow(self, rows: np.ndarray | slice = slice(None)) -> pa.DictionaryArray:
        """The texts of the rows, to write."""
        return pa.DictionaryArray.from_arrays(pa.array(self.codes[rows].astype(np.int32)), self.spellings)

    def stripped(self) -> "Column":
        return Column(self.codes, pc.utf8_trim_whitespace(self.spellings))

    def put(self, rows: np.ndarray, other: "Column") -> "Column":
        """The column with the texts of `other` (one for each of `rows`, or one for all) in these rows (a mask or places)."""
        if len(rows) == 0 or (rows.dtype == bool and not rows.any()):
            return self
        codes = self.codes.copy()
        codes[rows] = other.codes + len(self.spellings)
        return Column(codes, pa.concat_arrays([self.spellings, other.spellings]), types=_types([self, other]))

    def ranks(self, rows: np.ndarray) -> np.ndarray:
        """Numbers that order the rows as their texts do; equal texts have equal numbers."""
        codes = self.codes[rows]
        if self.ordered:
            return codes
        there = np.zeros(len(self.spellings), dtype=bool)
        there[codes] = True
        rank = np.zeros(len(self.spellings), dtype=np.int32)
        rank[there] = pc.rank(self.spellings.filter(pa.array(there)), tiebreaker="dense").to_numpy()
        return rank[codes]


def _one_chunk(texts: pa.ChunkedArray) -> pa.Array:
    """All chunks as one; plain texts become large ones first, since 2 GB of text do not fit into a small array."""
    if pa.types.is_dictionary(texts.type):
        texts = texts.unify_dictionaries()
    else:
        texts = texts.cast(pa.large_string())
    joined = texts.combine_chunks()
    if isinstance(joined, pa.ChunkedArray):  # without any text it stays chunks
        return joined.chunk(0)
    return joined


def keys(texts: pa.Array) -> pa.Array:
    """`codebook.key` of every text."""
    plain = pc.match_substring_regex(texts, PLAIN)
    accents = pc.invert(pc.string_is_ascii(texts))
    folded = texts
    if pc.any(accents).as_py():
        bare = pc.replace_substring_regex(pc.utf8_normalize(texts.filter(accents), "NFKD"), MARKS, "")
        folded = pc.replace_with_mask(texts, accents, pc.replace_substring_regex(bare, QUOTES, "'"))
    folded = pc.utf8_trim(pc.replace_substring_regex(pc.utf8_lower(folded), BLANKS, " "), " ")
    if pc.all(plain).as_py():
        return folded
    odd = [key(text) for text in texts.filter(pc.invert(plain)).to_pylist()]
    return pc.replace_with_mask(folded, pc.invert(plain), pa.array(odd, folded.type))


def squeezed(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """The ascii letters and digits of every text, in lower case: texts with equal keys have equal ones, and no text is
    asked one by one. Texts must be ascii, or folded before."""
    offsets, data = _bytes(texts)
    data = LOWER[data]
    kept = data > 0
    places = np.concatenate([[0], np.cumsum(kept)])[offsets]
    return pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(places), pa.py_buffer(data[kept]))


def words(texts: pa.LargeStringArray) -> pa.ListArray:
    """The words of every text: runs of letters, digits and low lines. Those of ascii are in lower case; one with other
    letters may hold signs that are none."""
    offsets, data = _bytes(texts)
    spaced = pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(SPACED[data]))
    return pc.ascii_split_whitespace(spaced)  # the one for utf-8 at times leaves a space at the end of the last text


def _bytes(texts: pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """(where each text begins, and the last one ends; the bytes of all texts)."""
    if len(texts) == 0:
        return np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    _, offsets, data = texts.buffers()
    places = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    all_bytes = np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, dtype=np.uint8)
    return places - places[0], all_bytes[places[0] : places[-1]]


def blocks(texts: pa.Array) -> Iterator[pa.Array]:
    """The texts, some at a time: what is made of a few stays in the cache of the processor."""
    for first in range(0, len(texts), AT_ONCE):
        yield texts[first : first + AT_ONCE]


def hashes(texts: pa.Array, made: Callable[[pa.Array], pa.Array] = lambda texts: texts) -> np.ndarray:
    """64 bits of what is `made` of each text."""

    def hashed(block: pa.Array) -> np.ndarray:
        return pd.util.hash_array(made(block).to_numpy(zero_copy_only=False), categorize=False)

    return np.concatenate([np.zeros(0, dtype=np.uint64), *TOGETHER.map(hashed, blocks(texts))])


def coarse(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """`squeezed` of every text, accents folded first: a cheap stand-in for its key where equal ones are compared again."""
    accents = pc.invert(pc.string_is_ascii(texts))
    if pc.any(accents).as_py():
        texts = pc.replace_with_mask(texts, accents, keys(texts.filter(accents)))
    return squeezed(texts)


def joined(columns: list[Column]) -> Column:
    """Columns below each other."""
    if len(columns) == 1:
        return columns[0]
    starts = np.cumsum([0, *(len(column.spellings) for column in columns[:-1])])
    codes = [column.codes + start for column, start in zip(columns, starts)]
    spellings = pa.concat_arrays([column.spellings for column in columns])
    return Column(np.concatenate(codes).astype(np.int32), spellings, types=_types(columns))


def _types(columns: list[Column]) -> np.ndarray | None:
    """The types of the spellings of columns, one after the other."""
    if all(column.types is None for column in columns):
        return None
    plain = [np.zeros(len(c.spellings), np.uint8) if c.types is None else c.types for c in columns]
    return np.concatenate(plain)


def by_way(column: Column, ways: list, which: np.ndarray, read: Callable[..., list[np.ndarray]]) -> list[np.ndarray]:
    """Per row what `read` makes of its text: it gives arrays of the spellings of a column in one of the `ways`, of which a
    row has the one at `which`."""
    if len(ways) == 1:
        return [made[column.codes] for made in read(column, ways[0])]
    whole: list[np.ndarray] = []
    for place, way in enumerate(ways):
        at = np.flatnonzero(which == place)
        part = column.take(at).compact()
        made = [each[part.codes] for each in read(part, way)]
        whole = whole or [np.zeros(len(column), each.dtype) for each in made]
        for rows, some in zip(whole, made, strict=True):
            rows[at] = some
    return whole


# ---------------------------------------------------------------- rows

ROW, NOTE, HEADER, TOTAL, ODD, SECOND = range(6)  # what a row below the header is


@dataclass
class Rows:
    """Rows of lists. `list` is the place of each row's list among the cards, `kind` what the row is, `sub` whether it
    opens as a subtotal does; `texts` holds our columns, those that no list has are empty."""

    list: np.ndarray
    sheet: Column
    row: np.ndarray
    kind: np.ndarray
    sub: np.ndarray
    texts: dict[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row)

    def text(self, name: str) -> Column:
        if name not in self.texts:
            return Column.constant("", len(self))
        return self.texts[name]

    def take(self, rows: np.ndarray) -> "Rows":
        texts = {name: column.take(rows) for name, column in self.texts.items()}
        return Rows(self.list[rows], self.sheet.take(rows), self.row[rows], self.kind[rows], self.sub[rows], texts)

    def sheet_starts(self) -> np.ndarray:
        """Per row the first row of its sheet; the rows of a sheet stand together."""
        new = np.ones(len(self), dtype=bool)
        new[1:] = (np.diff(self.list) != 0) | (np.diff(self.sheet.codes) != 0)
        return np.maximum.accumulate(np.where(new, np.arange(len(self)), 0))


def stacked(parts: list[Rows]) -> Rows:
    """The rows of all lists below each other."""
    there, texts, numbers = set().union(*map(attrgetter("texts"), parts)), {}, {}
    for name in filter(there.__contains__, TEXTS):
        texts[name] = joined([part.text(name) for part in parts])
    for name in ("list", "row", "kind", "sub"):
        numbers[name] = np.concatenate([getattr(part, name) for part in parts])
    return Rows(sheet=joined([part.sheet for part in parts]), texts=texts, **numbers)


Texts = str | Column | pd.Series | list[str]  # one text for all, a column of all rows, or a text for each


class Findings:
    """What was found in rows: `add` tells it of many rows at once, `table` gives one line each."""

    def __init__(self, rows: Rows, files: Column):
        self.rows, self.files = rows, files
        self.parts: list[pd.DataFrame] = []

    def add(
        self, code: str, at: np.ndarray, column: str = "", listed: Texts = "", kept: Texts = "", hints: Texts = ""
    ) -> None:
        """A finding of that code on each of the rows `at`. `listed`, `kept` and `hints` are one text, a Column of all rows,
        or a text for each of `at`."""
        if len(at) == 0:
            return
        texts = {"listed": listed, "kept": kept, "did_you_mean": hints}
        for name, value in texts.items():
            if isinstance(value, Column):
                texts[name] = value.texts(at).to_pandas()
        files = self.files.texts(self.rows.list[at]).to_pandas()
        sheets = self.rows.sheet.texts(at).to_pandas()
        where = pd.DataFrame({"file": files, "sheet": sheets, "row": self.rows.row[at]})
        self.parts.append(where.assign(code=code, column=column, **texts))

    def of_list(self, code: str, number: int, column: str, listed: str, kept: str = "") -> None:
        """A finding on a list as a whole."""
        file = self.files.texts(slice(number, number + 1)).to_pylist()
        self.parts.append(pd.DataFrame({"file": file, "code": code, "column": column, "listed": listed, "kept": kept}))


# ---------------------------------------------------------------- groups and order


def groups(keys: list[np.ndarray]) -> tuple[np.ndarray, int]:
    """(the group of each row, how many): rows whose keys are all equal are one group, numbered in the order of the keys."""
    if len(keys[0]) == 0:
        return np.zeros(0, dtype=np.int64), 0
    order = np.lexsort(keys[::-1])
    new = np.zeros(len(order), dtype=bool)
    for each in keys:
        ordered = each[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.cumsum(new)
    return group, int(group[order[-1]]) + 1


def several(group: np.ndarray, count: int) -> np.ndarray:
    """Whether each row shares its group with another row."""
    return np.bincount(group, minlength=count)[group] > 1


def _ranks(column: "Column | np.ndarray | pa.Array", rows: np.ndarray) -> np.ndarray:
    """Numbers that order the rows as their values do, a missing one first."""
    if isinstance(column, Column):
        return column.ranks(rows)
    if isinstance(column, np.ndarray):
        return column[rows]
    values = column.take(pa.array(rows))
    if pa.types.is_integer(values.type) and not values.null_count:
        return values.to_numpy()
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    return pc.rank(values, sort_keys=[("", "ascending", "at_start")], tiebreaker="dense").to_numpy()


def repeated(numbers: np.ndarray) -> np.ndarray:
    """The rows whose number another row has too."""
    if len(numbers) == 0:
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(numbers, kind="stable")
    same = numbers[order][1:] == numbers[order][:-1]
    return np.sort(order[np.append(same, False) | np.append(False, same)])


def in_order(columns: list["Column | np.ndarray | pa.Array"], length: int) -> np.ndarray:
    """The rows in the order of the first column, ties by the next ones; later columns are looked at for tied rows only."""
    order, run = np.arange(length), np.zeros(length, dtype=np.int64)
    tied = np.arange(length if length > 1 else 0)
    for column in columns:
        if len(tied) == 0:
            break
        rows = order[tied]
        rank = _ranks(column, rows)
        if rank.min() == rank.max():
            continue
        sub = np.lexsort((rank, run[tied]))
        order[tied], rank, before = rows[sub], rank[sub], run[tied]
        new = np.ones(len(tied), dtype=bool)
        new[1:] = (rank[1:] != rank[:-1]) | (before[1:] != before[:-1])
        run[tied] = tied[np.maximum.accumulate(np.where(new, np.arange(len(tied)), 0))]
        alone = new & np.append(new[1:], True)
        tied = tied[~alone]
    return order


def first_of(group: np.ndarray, count: int, keys: list[np.ndarray]) -> np.ndarray:
    """For each group its first row in the order of the keys; -1 for a group without rows."""
    order = np.lexsort([*keys[::-1], group])
    first = np.full(count, -1)
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    first[group[order[starts]]] = order[starts]
    return first


def expanded(cell: np.ndarray, items: list[list | tuple]) -> tuple[np.ndarray, np.ndarray]:
    """(the row of each item, the place of each item among all items), where each row has the items of its cell."""
    counts = np.array(list(map(len, items)), dtype=np.int64)
    mine = counts[cell] if len(cell) else np.zeros(0, dtype=np.int64)
    owner = np.repeat(np.arange(len(cell)), mine)
    begins = np.cumsum(mine) - mine
    starts = np.cumsum(counts) - counts
    return owner, (starts[cell][owner] + np.arange(len(owner)) - begins[owner]) if len(cell) else owner
