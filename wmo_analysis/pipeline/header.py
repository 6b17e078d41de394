"""First stage: the columns of a sheet -> rows under our column names. Nothing is repaired: odd rows are set aside, each with
a finding."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wmo_analysis.errors import ListUnreadable
from wmo_analysis.office import letter
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.formats import Grid, Opened
from wmo_analysis.pipeline.private import names_persons, seems_personal
from wmo_analysis.pipeline.stage import HEADER, NOTE, ODD, ROW, SECOND, TOTAL, Column, Rows, stacked
from wmo_analysis.schema import AMOUNTS, MUST_HAVE, Finding

LOOKED_AT = 60  # rows in which a header is looked for
BARE = 20  # columns without a header beyond the last one with a header that are looked at
_PART = "sub|eind|tussen|deel|generaal|algemeen|alg|grand|grote?|sous|gesamt|zwischen"
TOTAL_WORD = re.compile(  # Dutch, English, German and French, as a row of a list begins with it
    r"[^\w∑]*(?:"
    rf"(?:(?:{_PART})[. -]*)?(?:totaal|totaalbedrag\w*|totaalsom|totalen|total|totals|totaux)\b"
    r"|totale (?:kosten|lasten|baten|bedrag\w*|subsidies?|bijdragen?|uitgaven|som|budget|begroting|toekenning\w*)\b"
    r"|tot\. |(?:som|saldo|sum|somme|summe|σ|∑) (?:van|over|per|of|=) "
    r"|(?:gesamt|zwischen|end|teil)(?:summe|betrag)\b|somme (?:totale|des|du|de la)\b|suma\b|totale\b$"
    r"|summe (?:titel|los|kapitel|einzelplan|gesamt|der|aller|programm)\b"
    r"|(?:tot|som|saldo|sum|somme|summe|σ|∑|gesamt(?:summe|betrag)?|insgesamt|zwischensumme|endsumme|opgeteld|te?zamen"
    r"|alle projecten(?: samen| te?zamen| bij elkaar)?|alles (?:samen|bij elkaar|opgeteld))[^\w]*[\d\W]*$"
    r")"
)
LONGEST = 200  # characters of a formula that are told
UNCOUNTED = (  # what stands in a cell when a spreadsheet could not count, in Dutch and in English
    r"^\s*(#(REF!|VERW!|N/A|N/B|DIV/0!|DEEL/0!|VALUE!|WAARDE!|NAME\?|NAAM\?|NUM!|GETAL!|NULL!|LEEG!|SPILL!|OVERLOOP!|CALC!)"
    r"|(Err|Fout):\d{3}|=\s*[-+]?[A-Za-z(\[.$]+[^ ]*[(\d].*)\s*$"
)
NUMBERED = re.compile(r" \[\d+\]$")  # "Bedrag [2]": the second of two headers that are the same
SUB_WORD = re.compile(r"[^\w∑]*(?:sub|tussen|deel|sous|zwischen)")
OPENING = (  # all that the two may match, as arrow can ask it of a million texts
    rf"^[^\p{{L}}\p{{N}}∑]*(?:{_PART}|to|som|sum|saldo|σ|∑|insgesamt|end(?:summe|betrag)|teilsumme|opgeteld|te?zamen|alle)"
)
OF_A_PROJECT = tuple("key municipality status start end round merges_with".split())  # what a total has not
SET_ASIDE = {NOTE: "R12", HEADER: "R13", TOTAL: "R11", ODD: "R10", SECOND: "R34"}


@dataclass
class Read:
    """What reading a list gave: its rows, findings, and the contents of its contact columns."""

    rows: Rows
    findings: list[Finding]
    contacts: set[str] = field(default_factory=set)


def read(opened: Opened, card: Card, number: int) -> Read:
    """The rows of a list under our column names; `number` is its place among the cards.

    An amount in a merged cell stands once, other merged cells are filled. Raises ListUnreadable (R04 a must-have column or
    a sheet of the card is missing, R05 no rows).
    """
    findings = [Finding(code, card.list, listed=text) for code, text in opened.notes]
    absent = sorted(set(card.sheets) - {grid.name for grid in opened.grids})
    if absent:
        raise ListUnreadable("R04", f"blad ontbreekt of is verborgen: {', '.join(absent)}", ", ".join(absent))
    parts, contacts, lacking, blank = [], set(), [], True
    for grid in opened.grids:
        header = find(grid, card)
        sheet = Sheet.of(grid)
        blank &= not sheet.count.any()
        if card.sheets and grid.name not in card.sheets:
            continue
        if header.missing:
            lacking.append(header.missing)
            continue
        findings += _told(grid.name, card, header)
        part, doubtful = _rows(sheet, card, header, number)
        findings += [Finding("R25", card.list, grid.name, row) for row in doubtful]
        findings += _uncounted(part, card, header)
        contacts |= _contacts(sheet, card, header, part)
        parts.append(part)
    if blank:
        raise ListUnreadable("R05", "het bestand is leeg")
    rows = stacked(parts) if parts else None
    if lacking and (card.sheets or not rows):
        raise ListUnreadable("R04", f"kolom ontbreekt: {', '.join(lacking[0])}", ", ".join(lacking[0]))
    if not rows:
        raise ListUnreadable("R05", "geen rijen gevonden onder de kop")
    return Read(rows, findings, contacts)


@dataclass
class Sheet:
    """A sheet on its way to rows: its columns, which cells of each are filled, and how many of each row."""

    name: str
    columns: list[Column]
    own: list[np.ndarray]
    count: np.ndarray
    fields: np.ndarray | None
    merged: tuple

    @classmethod
    def of(cls, grid: Grid) -> "Sheet":
        """Takes the columns over from the grid, one by one: a long list never stands in memory twice."""
        columns, own, count = [], [], np.zeros(len(grid), dtype=np.int32)
        while grid.columns:
            column = Column.of(grid.columns.pop(0)).typed(grid.types.get(len(columns)))
            columns.append(column)
            own.append(column.filled)
            count += own[-1]
        if grid.fields is not None:  # a record that only holds something beyond our columns is a row too
            count[(count == 0) & (grid.fields > len(columns))] = 2
        return cls(grid.name, columns, own, count, grid.fields, grid.merged)


# ---------------------------------------------------------------- the header


@dataclass
class Header:
    """Where the header of a sheet is: its first row and height, the columns of each text, and which column is ours."""

    at: int
    height: int
    texts: dict[str, list[int]]
    asked: list[tuple[str, str]]
    missing: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    others: dict[str, list[int]] = field(default_factory=dict)  # where to look when the first one is empty

    @property
    def first(self) -> int:
        """The first row below it."""
        return self.at + self.height


def fold(text: str) -> str:
    """A header as it is compared: spaces, case, stars and colons do not matter."""
    return re.sub(r"[\s*:]+", " ", text).strip().casefold()


def asked(card: Card) -> list[tuple[str, str]]:
    """(ours, header) of every mapped column; `approval` stands for several, of another one the first filled counts."""
    pairs = []
    for ours, headers in card.columns.items():
        numbered = ours == "approval" and len(headers) > 1
        pairs += [(f"{ours}_{i}" if numbered else ours, text) for i, text in enumerate(headers, 1)]
    return pairs


def find(grid: Grid, card: Card) -> Header:
    """The row in which most headers of the card stand, and which must-have columns are missing there."""
    height, wanted = card.header_rows, asked(card)
    top = grid.rows(0, LOOKED_AT + height + LOOKED_AT)
    best = Header(0, height, {}, wanted)
    most = -1
    for at in range(min(len(top) - height + 1, LOOKED_AT)):
        texts = _numbered(header_texts(top, grid.merged, at, height))
        hits = sum(fold(text) in texts for _, text in wanted)
        if hits > most:  # of equals the first one: a header that is repeated stands below
            most, best = hits, Header(at, height, texts, wanted)
    for ours, text in wanted:
        columns = best.texts.get(fold(text), [])[:1]
        if columns and ours in best.places:
            best.others.setdefault(ours, []).extend(columns)
        elif columns:
            best.places[ours] = columns[0]
    must = {name for kind in card.rows for name in MUST_HAVE[kind]} - {*card.constants, card.sections}
    best.missing = [text for ours, text in wanted if ours in must and ours not in best.places]
    return best


def _numbered(headers: dict[int, str]) -> dict[str, list[int]]:
    """folded header -> its columns; each of several that are the same also goes by a number: 'bedrag [2]'."""
    texts: dict[str, list[int]] = {}
    for column, text in headers.items():
        texts.setdefault(fold(text), []).append(column)
    for text, columns in list(texts.items()):
        if len(columns) > 1:
            texts |= {f"{text} [{i}]": [column] for i, column in enumerate(columns, 1)}
    return texts


def header_texts(rows: list[list[str]], merged: tuple, at: int, height: int) -> dict[int, str]:
    """column -> the text of its header: that of the rows from `at`, joined, a merged cell for all that it covers.

    A column without a header within the table is "(kolom C)". `rows` are the first rows of the sheet.
    """
    filled = {(r, c): (top, left) for r, c, top, left in merged if at <= r < at + height}
    grouped = _groups(rows[at : at + height], at, filled)
    texts = {}
    for column in range(max(len(row) for row in rows[at : at + height])):
        parts = []
        for r in range(at, at + height):
            top, left = filled.get((r, column), (r, grouped.get((r, column), column)))
            text = rows[top][left].strip() if left < len(rows[top]) else ""
            if text and text not in parts:
                parts.append(text)
        if parts:
            texts[column] = " ".join(parts)
    below = rows[at + height : at + height + LOOKED_AT]
    for column in range(min(len(rows[at + height - 1]), max(texts, default=-1) + BARE)):
        if column not in texts and any(column < len(row) and row[column].strip() for row in below):
            texts[column] = f"(kolom {letter(column)})"
    return texts


def _groups(rows: list[list[str]], at: int, filled: dict) -> dict[tuple[int, int], int]:
    """(row, column) of a blank cell above a name -> the column of its group, where cells are not merged."""
    found = {}
    for r, (upper, lower) in enumerate(itertools.pairwise(rows), at):
        group = None
        for column, cell in enumerate(lower):
            above = column < len(upper) and upper[column].strip()
            if (r, column) in filled or not cell.strip():
                group = None
            elif above:
                group = column
            elif group is not None:
                found[r, column] = group
    return found


def _told(sheet: str, card: Card, header: Header) -> list[Finding]:
    """What differs between the header and the card: R08 missing, R09 not on the card, R15 contact (not on the card: with
    the line of the card where it belongs), R16 twice."""
    where = {"file": card.list, "sheet": sheet, "row": header.at + 1}
    found = []
    for ours, text in header.asked:
        if fold(text) not in header.texts:
            found.append(Finding("R08", **where, column=ours, listed=text))
    known = {fold(text) for _, text in header.asked} | set(map(fold, card.ignored))
    private = {fold(text) for text in card.contact}
    numbered = [text for text in known | private if NUMBERED.search(text)]
    for text, columns in header.texts.items():
        by_number = NUMBERED.search(text) or any(name.startswith(f"{text} [") for name in numbered)
        if text in private:
            found.append(Finding("R15", **where, listed=text))
        elif text not in known and names_persons(text):
            found.append(Finding("R15", **where, listed=text, did_you_mean="contact"))
        elif by_number:
            continue
        elif text not in known:
            found.append(Finding("R09", **where, listed=text))
        elif len(columns) > 1:
            found.append(Finding("R16", **where, listed=text))
    return found


# ---------------------------------------------------------------- the rows


def _rows(sheet: Sheet, card: Card, header: Header, number: int) -> tuple[Rows, list[int]]:
    """The rows below the header that hold anything, under our names, and the numbers of those that open as a total does
    and are counted all the same."""
    columns, continued = _filled_in(sheet, header)
    ours = {name: _ours(columns, header, name) for name in header.places}
    kind, sub, total = _kinds(sheet, header, continued, ours)
    if card.sections:
        ours[card.sections] = _with_sections(sheet, kind, ours.get(card.sections), header.first)
    for name, text in card.constants.items():
        there = ours.get(name, Column.constant("", len(kind)))
        ours[name] = there.put(there.judged(lambda texts: pc.equal(texts, "")), Column.constant(text, 1))
    rows = np.flatnonzero(sheet.count > 0)
    rows = rows[rows >= header.first]
    texts = {name: column.take(rows) for name, column in ours.items()}
    numbers = np.full(len(rows), number, dtype=np.int32)
    doubtful = (rows[total[rows] & (kind[rows] == ROW)] + 1).tolist()
    return Rows(numbers, Column.constant(sheet.name, len(rows)), rows + 1, kind[rows], sub[rows], texts), doubtful


def _uncounted(rows: Rows, card: Card, header: Header) -> list[Finding]:
    """R22 for each cell of our columns that holds an error of a spreadsheet, R23 for a formula without an outcome."""
    found = []
    for name, column in rows.texts.items():
        at = np.flatnonzero(column.judged(lambda texts: pc.match_substring_regex(texts, UNCOUNTED)))
        where = f"cel {letter(header.places[name])}" if name in header.places else ""
        sheets = rows.sheet.texts(at).to_pylist()
        for sheet, row, text in zip(sheets, rows.row[at].tolist(), column.texts(at).to_pylist(), strict=True):
            code = "R23" if text.lstrip().startswith("=") else "R22"
            found.append(Finding(code, card.list, sheet, row, name, text[:LONGEST], f"{where}{row}" if where else ""))
    return found


def _filled_in(sheet: Sheet, header: Header) -> tuple[list[Column], np.ndarray]:
    """The columns with merged cells filled, amounts aside (they count once), and the rows that a filled cell of a row
    above reaches into."""
    amounts = {header.places.get(name) for name in AMOUNTS}
    columns, puts = list(sheet.columns), {}
    continued = np.zeros(len(sheet.count), dtype=bool)
    for r, c, top, left in sheet.merged:
        if r >= header.first and top >= header.first and c not in amounts and c < len(columns):
            puts.setdefault((c, left), []).append((r, top))
    for (c, left), pairs in puts.items():
        rows, tops = np.array(pairs).T
        texts = sheet.columns[left].take(tops)
        columns[c] = columns[c].put(rows, texts)
        continued[rows[(rows > tops) & texts.filled]] = True
    return columns, continued


def _ours(columns: list[Column], header: Header, name: str) -> Column:
    """The column of that name; where it is empty, the first of the others that is filled."""
    found = columns[header.places[name]]
    for other in header.others.get(name, ()):
        rows = ~found.filled & columns[other].filled
        found = found.put(rows, columns[other].take(rows))
    return found


def _kinds(sheet: Sheet, header: Header, continued: np.ndarray, ours: dict[str, Column]) -> tuple:
    """What each row is (note, repeated header, total, odd or row), and whether it opens as a subtotal and as a total."""
    length, count = len(sheet.count), sheet.count
    heads = {column: text for text, columns in header.texts.items() for column in columns}
    width = max(heads, default=-1) + 1
    repeats = np.zeros(length, dtype=np.int32)
    for at, (column, filled) in enumerate(zip(sheet.columns, sheet.own)):
        repeats += filled & _is_head(column, heads.get(at, ""))
    first, word, sub = _words(sheet)
    total, project = _totals(ours, first, word)
    kind = np.full(length, ROW, dtype=np.uint8)  # what comes later is stronger
    if sheet.name == "" and sheet.fields is not None:
        kind[_odd(sheet, header, width)] = ODD
    kind[total & ~project] = TOTAL
    again = (repeats == count) & (count > 0)
    kind[_second(sheet, header, (kind == ROW) & (np.arange(length) >= header.first), again, width)] = SECOND
    kind[again] = HEADER
    kind[(count == 1) & (width > 2) & ~continued] = NOTE
    return kind, sub, total


def _odd(sheet: Sheet, header: Header, width: int) -> np.ndarray:
    """Whether each row has another number of fields than the header. Where most rows only have empty ones beyond the
    named columns, as with a delimiter at the end of every line, those are not odd."""
    odd = sheet.fields != sheet.fields[header.at]
    beyond = np.zeros(len(odd), dtype=bool)
    for filled in sheet.own[width:]:
        beyond |= filled
    ended = (sheet.fields >= width) & (sheet.fields <= len(sheet.columns)) & ~beyond
    below = (sheet.count > 0) & (np.arange(len(odd)) >= header.first)
    if 2 * (odd & ended & below).sum() > below.sum():
        return odd & ~ended
    return odd


def _second(sheet: Sheet, header: Header, real: np.ndarray, again: np.ndarray, width: int) -> np.ndarray:
    """Whether each row is of a second table below the list: below an empty row (and its title) stands a row of words, and
    in one of its columns are numbers below it and none in the list. It ends where the header is repeated (`again`)."""
    found, columns = np.zeros(len(real), dtype=bool), list(zip(sheet.columns[:width], sheet.own))
    gap = (sheet.count == 0) & (np.arange(len(real)) >= header.first)
    digits = [_matches(column, r"\d") for column, _ in columns]
    heads = _first_since(gap, sheet.count > 1) & ~again & ~np.any(digits, axis=0)
    ends = np.append(np.flatnonzero(again), len(real))
    for column, filled in columns:
        first = np.flatnonzero(heads & filled)
        end = ends[np.searchsorted(ends, first)]
        clash = _clash(column, filled, real, first, end)
        for start, stop in zip(first[clash], end[clash]):
            found[start:stop] = True
    return found


def _clash(column: Column, filled: np.ndarray, real: np.ndarray, first: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Whether a column has numbers alone below each row of `first`, up to `end`, and none in the `real` rows above it."""
    numbers = _matches(column, r"^[^\p{L}]*\d[^\p{L}]*$")
    number, full = _up_to(numbers), _up_to(filled)
    below = number[end] - number[first + 1]
    clash = (below > 0) & (below == full[end] - full[first + 1])
    return clash & (_up_to(numbers & real)[first] == 0) & (_up_to(filled & real)[first] > 0)


def _first_since(event: np.ndarray, what: np.ndarray) -> np.ndarray:
    """Whether each place is the first with `what` since an `event`."""
    places = np.arange(len(event))
    last = np.maximum.accumulate(np.where(event, places, -1))
    count = _up_to(what)
    return what & (last >= 0) & (count[places] == count[last])


def _up_to(flags: np.ndarray) -> np.ndarray:
    """How many flags are set before each place, and in all."""
    return np.concatenate([[0], np.cumsum(flags)])


def _matches(column: Column, pattern: str) -> np.ndarray:
    return column.judged(lambda texts: pc.match_substring_regex(texts, pattern))


def _words(sheet: Sheet) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether the first filled cell of each row begins as a total does, whether any cell does, and as a subtotal."""
    first, word, sub, seen = (np.zeros(len(sheet.count), dtype=bool) for _ in range(4))
    for column, filled in zip(sheet.columns, sheet.own):
        says = filled & _opens(column, TOTAL_WORD)
        if says.any():
            first |= says & ~seen
            word |= says
            sub |= says & _opens(column, SUB_WORD)
        seen |= filled
    return first, word, sub


def _totals(ours: dict[str, Column], first: np.ndarray, word: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether each row opens as a total does, and whether it has something that only a project has.

    The word stands in the `first` filled cell, in the name, key or place of a project, or, in a row without a name of its
    own, anywhere: a remark that begins with "totaal" says nothing of a row that has a name.
    """
    named, project, total = np.zeros_like(first), np.zeros_like(first), first.copy()
    for name in ("title", *OF_A_PROJECT):
        if name not in ours:
            continue
        says = _opens(ours[name], TOTAL_WORD)
        own = ours[name].filled & ~says
        if name == "title":
            named = own
        else:
            project |= own
        if name in ("title", "key", "municipality"):  # in a status or a date the word is a remark
            total |= says
    return total | (word & ~named), project


def _is_head(column: Column, head: str) -> np.ndarray:
    """Whether each text is the header of its column."""
    if not head:
        return np.zeros(len(column), dtype=bool)
    return _confirmed(column, re.escape(head.split(" ")[0]), lambda text: fold(text) == head)


def _opens(column: Column, word: re.Pattern) -> np.ndarray:
    """Whether each text, folded, begins with the word."""
    return _confirmed(column, OPENING, lambda text: bool(word.match(fold(text))))


def _confirmed(column: Column, maybe: str, sure: Callable[[str], bool]) -> np.ndarray:
    """Whether `sure` holds for each text; it is asked for the few in which arrow finds the pattern `maybe`."""
    answer = column.spelt(lambda texts: pc.match_substring_regex(texts, f"(?i){maybe}"))
    for at in np.flatnonzero(answer):
        answer[at] = sure(column.spellings[int(at)].as_py())
    return answer[column.codes]


def _with_sections(sheet: Sheet, kind: np.ndarray, there: Column | None, first: int) -> Column:
    """The column of what section rows name: the text of the last note above, where the row itself states none."""
    names, at = [""], np.zeros(len(kind), dtype=np.int32)
    for r in first + np.flatnonzero(kind[first:] == NOTE):
        column = next(c for c, filled in enumerate(sheet.own) if filled[r])
        text = sheet.columns[column].texts(slice(r, r + 1))[0].as_py().strip()
        names.append(re.sub(r"^[^\W\d]+\s*:\s*", "", text))  # "Gemeente: Baarn"
        at[r] = len(names) - 1
    section = Column(np.maximum.accumulate(at), pa.array(names, pa.large_string()))
    there = there or Column.constant("", len(kind))
    rows = ~there.filled & (kind == ROW)
    return there.put(rows, section.take(rows))


def _contacts(sheet: Sheet, card: Card, header: Header, rows: Rows) -> set[str]:
    """The contents of the contact columns of the list's rows, and of columns that we do not use and that seem to name
    persons: of those what looks like a name or a number of one."""
    found, here = set(), rows.row[rows.kind == ROW] - 1
    private, ours = set(map(fold, card.contact)), {fold(text) for _, text in header.asked}
    for text, columns in header.texts.items():
        if text not in private and (text in ours or not names_persons(text)):
            continue
        for at in columns:
            texts = pc.unique(sheet.columns[at].take(here).stripped().texts()).to_pylist()
            if text not in private:  # nobody said that it names persons, so a word like 'ja' must not be masked
                texts = filter(seems_personal, texts)
            found.update(texts)
    return found
