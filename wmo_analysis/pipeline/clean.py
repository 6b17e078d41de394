"""Second stage: text -> amounts, dates, hours and statuses, by strict Dutch grammars.

A grammar returns a value or a reason, never a guess: what can be read in two ways is a finding. Each reads one text; the
columns ask it once per spelling.
"""

import calendar
import datetime
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from wmo_analysis.codebook import Codebook, key
from wmo_analysis.days import day
from wmo_analysis.errors import NotBuilt
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.stage import ODD, ROW, TOTAL, Column, Findings, Rows
from wmo_analysis.schema import AMOUNTS, KINDS, PERIODS, PRECISIONS
from wmo_analysis.words import MONTHS, euro

MOST_CENTS = 10**12  # EUR 10 billion: more is no amount of a project, and millions of them must not overflow a sum
MOST_DIGITS = 15
LONGEST = 500  # characters of a cell that may be an amount, a date or a number of hours
KEPT = 1 << 17  # texts of which the reading is kept

YEARS = range(1990, 2031)  # a year outside is taken for a slip of the pen, see docs/rules.md
NO_VALUE = {
    "",
    "-",
    "–",
    "?",
    "pm",
    "p m",
    "nvt",
    "n v t",
    "nb",
    "n b",
    "n n b",
    "onbekend",
    "nog niet bekend",
    "geen",
}
_NUMBER = re.compile(r"([1-9]\d{0,2}([. ])\d{3}(?:\2\d{3})*|\d+)(?:,(\d{1,2})|,[-–]{1,2})?")
_PLAIN = re.compile(r"(?:€[\u00a0 ]?)?([1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(\d{1,2}))?")
_NEGATIVE = re.compile(r"\(([^()]*)\)|[-−–]\s?([^-−–].*)|(.*\d)\s?-")
_POINTED = re.compile(r"[^\d]*(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?[^\d.,]*")
_SCALE = {"k": 1000, "duizend": 1000, "mln": 1_000_000, "miljoen": 1_000_000}


# ---------------------------------------------------------------- amounts


@functools.lru_cache(maxsize=KEPT)  # columns of one list share most of their spellings
def amount(text: str) -> tuple[int | None, bool, str]:
    """(cents, approximate, reason) of one cell: '€ 12.500,00', '12,5 k', '500,-', '(500)', 'ca. € 1,2 mln'.

    '12.5', '12,500', '0.500' and '1,234.56' are ambiguous: a factor 10, 100 or 1000 hangs on the reading.
    """
    match = _PLAIN.fullmatch(text) if len(text) <= MOST_DIGITS else None
    if match:  # nearly every cell; the rest of the grammar is for the others
        cents = int(match[1].replace(".", "")) * 100 + int((match[2] or "0").ljust(2, "0"))
        return (cents, False, "") if cents <= MOST_CENTS else (None, False, "ambiguous")
    bare = _bare(text)
    if not bare:
        return None, False, "empty"
    if len(bare) > LONGEST:
        return None, False, "ambiguous"
    body, approximate = re.subn(r"^(ca\.?|circa|maximaal|max\.?|±)\s*", "", bare, flags=re.I)
    body = re.sub(r"^([(\-−–]?)\s?(?:€|euro?)\s*|\s?(?:€|euro?)(\)?)$", r"\1\2", body, flags=re.I)
    if key(body) in NO_VALUE:
        return None, False, "no value"
    if negative := _NEGATIVE.fullmatch(body):
        body = next(filter(None, negative.groups()), "").strip()
    scale = 1
    if match := re.search(r"\s?(k|duizend|mln|miljoen)\.?$", body, flags=re.I):
        scale, body = _SCALE[match[1].lower()], body[: match.start()]
        if not re.fullmatch(r"\d+(,\d{1,2})?", body):
            return None, False, "ambiguous"
    match = _NUMBER.fullmatch(body)
    if not match:
        return None, False, "ambiguous"
    whole = re.sub(r"\D", "", match[1])
    cents = int(Decimal(f"{whole}.{match[3] or 0}") * scale * 100)
    if cents > MOST_CENTS:
        return None, False, "ambiguous"
    return (-cents if negative else cents), bool(approximate), ""


def _bare(text: str) -> str:
    """The text with one space for white space of any kind and length, and none around it."""
    return re.sub(r"\s+", " ", text).strip()


def pointed_amount(text: str) -> tuple[int | None, bool, str]:
    """`amount` of a list whose card says that it writes '1,234.56'; '12.500' stays ambiguous there."""
    swapped = text.translate(str.maketrans(",.", ".,"))
    return amount(swapped if _POINTED.fullmatch(text) else text.replace(".", ".?"))


# ---------------------------------------------------------------- dates

_MONTH = {name: number for number, name in enumerate(MONTHS["nl"], 1)}
_MONTH |= {name[:3]: number for name, number in _MONTH.items()} | {"mrt": 3, "sept": 9, "okt": 10}
_ORDINAL = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4} | {
    f"{i}{e}": i for i in (1, 2, 3, 4) for e in ("", "e", "ste", "de")
}
_PART = {
    "begin": (1, 3, "begin"),
    "medio": (5, 8, "middle"),
    "eind": (10, 12, "end"),
    "einde": (10, 12, "end"),
}


@functools.lru_cache(maxsize=KEPT)
def period(text: str) -> tuple[str, str, str, str]:
    """First day, last day, precision and reason of one cell.

    '30-11-2006', '1 jan. 2007', 'maart 2007', 'Q1 2007', 'eerste kwartaal 2007', '2e helft 2007', '2007', 'medio 2006'
    (May to August), 'begin 2008' (January to March), 'eind 2007' (October to December), spreadsheet serials.
    Nothing depends on today. A year of two digits is not read.
    """
    bare = _bare(text).casefold()
    if not bare:
        return "", "", "", "empty"
    if len(bare) > LONGEST:
        return "", "", "", "unread"
    if key(bare) in NO_VALUE:
        return "", "", "", "no value"
    year = month = day = None
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: \d\d:\d\d(?::\d\d)?)?", bare):
        day, month, year = map(int, match.groups())
    elif match := re.fullmatch(
        r"(\d{4})-(\d{2})-(\d{2})(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?", bare
    ):
        year, month, day = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})", bare):
        day, month, year = int(match[1]), _MONTH.get(match[2]), int(match[3])
    elif match := re.fullmatch(r"([a-z]+)\.? (\d{4})", bare):
        year = int(match[2])
        if match[1] in _PART:
            return _span(year, *_PART[match[1]])
        month = _MONTH.get(match[1])
    elif match := re.fullmatch(r"(\d{4})-(\d{1,2})", bare):
        year, month = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{1,2})[-/](\d{4})", bare):
        month, year = map(int, match.groups())
    elif match := re.fullmatch(r"(?:q|k|kw)([1-4])[ -]?(\d{4})|(\d{4})[ -]?(?:q|k|kw)([1-4])", bare):
        quarter = int(match[1] or match[4])
        return _span(int(match[2] or match[3]), 3 * quarter - 2, 3 * quarter, "quarter")
    elif match := re.fullmatch(r"(\w+) kwartaal(?: van)? (\d{4})", bare):
        if quarter := _ORDINAL.get(match[1]):
            return _span(int(match[2]), 3 * quarter - 2, 3 * quarter, "quarter")
    elif match := re.fullmatch(r"(\w+) (?:helft|halfjaar|half jaar)(?: van)? (\d{4})", bare):
        if (half := _ORDINAL.get(match[1])) in (1, 2):
            return _span(int(match[2]), 6 * half - 5, 6 * half, "half")
    elif re.fullmatch(r"\d{4}", bare):
        return _span(int(bare), 1, 12, "year")
    elif match := re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)", bare):
        year, month, day = map(int, match.groups())
    elif re.fullmatch(r"[2-5]\d{4}", bare):
        serial = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(bare))
        year, month, day = serial.year, serial.month, serial.day
    if year is None or month is None:
        return "", "", "", "unread"
    if day is None:
        return _span(year, month, month, "month") if 1 <= month <= 12 else ("", "", "", "impossible")
    if year not in YEARS or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return "", "", "", "impossible"
    iso = f"{year:04}-{month:02}-{day:02}"
    return iso, iso, "day", ""


def _span(year: int, first: int, last: int, precision: str) -> tuple[str, str, str, str]:
    if year not in YEARS:
        return "", "", "", "impossible"
    return f"{year}-{first:02}-01", f"{year}-{last:02}-{calendar.monthrange(year, last)[1]}", precision, ""


# ---------------------------------------------------------------- hours, statuses, whole numbers


def hours(text: str) -> tuple[float | None, str]:
    """hours [h] and reason ('' read, 'empty', 'no value', 'unread'): '150', '62,5 uur'."""
    bare = text.strip().casefold()
    if not bare:
        return None, "empty"
    if len(bare) > LONGEST:
        return None, "unread"
    if key(bare) in NO_VALUE:
        return None, "no value"
    match = re.fullmatch(r"(\d{1,5}(?:,\d{1,2})?)(?: ?(?:uur|uren|u\.?))?", bare)
    return (float(match[1].replace(",", ".")), "") if match else (None, "unread")


def whole(text: str) -> int | None:
    """The whole number of a text such as '1.200', 'minimaal 3', 'ronde 2'; None where there is no one number."""
    found = re.findall(r"\d+(?:\.\d{3})*", text) if len(text) <= LONGEST else []
    return int(found[0].replace(".", "")) if len(found) == 1 and len(found[0]) <= MOST_DIGITS else None


def word(text: str, names: dict[str, list[str]]) -> tuple[str, str]:
    """code and reason ('' read, 'empty', 'unknown'), by the accepted spellings `names` of the codebook."""
    if not text.strip():
        return "", "empty"
    codes = names.get(key(text), [])
    return (codes[0], "") if len(codes) == 1 else ("", "unknown")


# ---------------------------------------------------------------- all rows of all lists at once


@dataclass(frozen=True)
class Period:
    """First and last day of a period per row, as 20071009, 0 where nothing is stated, and its precision (in PRECISIONS)."""

    first: np.ndarray
    last: np.ndarray
    precision: np.ndarray

    def take(self, rows: np.ndarray) -> "Period":
        return Period(self.first[rows], self.last[rows], self.precision[rows])


@dataclass
class Money:
    """Amount cells of all rows that have one, of `KINDS`; -1 is a kind that nobody stated.

    `at` is the row, `column` the place in AMOUNTS, `cents` [EUR cent] counts where `read`, `first` and `last` are the days
    of the booking, else that of the delivery.
    """

    at: np.ndarray
    column: np.ndarray
    kind: np.ndarray
    cents: np.ndarray
    read: np.ndarray
    approximate: np.ndarray
    first: np.ndarray
    last: np.ndarray

    def take(self, rows: np.ndarray) -> "Money":
        return Money(*(getattr(self, each.name)[rows] for each in fields(self)))


@dataclass
class Cleaned:
    """What the grammars read, per row of `rows`: periods by list column, hours [h, nan], status (code), round and target
    (-1 where none), and the money."""

    rows: Rows
    periods: dict[str, Period]
    hours: np.ndarray
    status: Column
    round: np.ndarray
    target: np.ndarray
    money: Money


def corrected(
    rows: Rows, card: Card, corrections: pd.DataFrame, hidden: Callable[[str], str], findings: Findings
) -> None:
    """Carries out every correction of the codebook in the rows of a list, with a note (K01) on each; `hidden` gives a text
    without contact data.

    A correction names file, row_key (the list's key, else its title), column, was, now and reason. One about a list
    that is not there waits; one whose `was` is no longer found raises NotBuilt: the list has changed under it.
    """
    for each in corrections[corrections["file"] == card.list].to_dict("records"):
        named = rows.text("key").equals(each["row_key"]) | rows.text("title").equals(each["row_key"])
        column = rows.text(each["column"])
        hit = np.flatnonzero(named & column.equals(each["was"]))
        if not len(hit):
            was, row = hidden(each["was"]), hidden(each["row_key"])
            raise NotBuilt(f"De correctie op {each['file']}, {row} past niet meer: '{was}' staat er niet.")
        findings.add("K01", hit, each["column"], hidden(each["was"]), hidden(each["now"]))
        rows.texts[each["column"]] = column.put(hit, Column.constant(each["now"], 1))


def cleaned(rows: Rows, cards: list[Card], codebook: Codebook, findings: Findings) -> Cleaned:
    """The rows with what the grammars read of them. Findings: C01 to C06, C08 to C10, R14."""
    real = rows.kind == ROW
    periods = {name: _periods(rows, name, real, findings) for name in PERIODS}
    start, end = periods["start"].first, periods["end"].last
    late = np.flatnonzero(real & (start > 0) & (end > 0) & (end < start))
    findings.add("C06", late, "end", rows.text("end"), rows.text("end"))
    return Cleaned(
        rows,
        periods,
        _hours(rows, real, findings),
        _statuses(rows, real, codebook, findings),
        _rounds(rows, real, codebook, findings),
        _targets(rows, real, findings),
        _money(rows, cards, codebook, periods["amount_date"], findings),
    )


def _periods(rows: Rows, name: str, real: np.ndarray, findings: Findings) -> Period:
    column = rows.text(name)
    parsed = [period(text) for text in column.spellings.to_pylist()]
    first = np.array([day(each[0]) for each in parsed], dtype=np.int32)
    last = np.array([day(each[1]) for each in parsed], dtype=np.int32)
    precision = np.array([PRECISIONS.index(each[2]) for each in parsed], dtype=np.uint8)
    unread = np.array([each[3] in ("unread", "impossible", "no value") for each in parsed], dtype=bool)
    findings.add("C03", np.flatnonzero(unread[column.codes] & real), name, column)
    return Period(first, last, precision).take(column.codes)


def _hours(rows: Rows, real: np.ndarray, findings: Findings) -> np.ndarray:
    column = rows.text("hours")
    parsed = [hours(text) for text in column.spellings.to_pylist()]
    unread = np.array([reason in ("unread", "no value") for _, reason in parsed], dtype=bool)
    findings.add("C04", np.flatnonzero(unread[column.codes] & real), "hours", column)
    return np.array([value for value, _ in parsed], dtype=float)[column.codes]


def _statuses(rows: Rows, real: np.ndarray, codebook: Codebook, findings: Findings) -> Column:
    column, names = rows.text("status"), codebook.names("status")
    parsed = [word(text, names) for text in column.spellings.to_pylist()]
    unknown = np.array([reason == "unknown" for _, reason in parsed], dtype=bool)
    findings.add("C05", np.flatnonzero(unknown[column.codes] & real), "status", column, "unknown")
    return Column(column.codes, pa.array([code or "unknown" for code, _ in parsed], pa.large_string()))


def _rounds(rows: Rows, real: np.ndarray, codebook: Codebook, findings: Findings) -> np.ndarray:
    column, known = rows.text("round"), set(codebook.rounds["round"].astype(int))
    numbers = [whole(text) for text in column.spellings.to_pylist()]
    rounds = np.array([number if number in known else -1 for number in numbers], dtype=np.int64)[column.codes]
    findings.add("C08", np.flatnonzero(column.filled & (rounds < 0) & real), "round", column)
    return rounds


def _targets(rows: Rows, real: np.ndarray, findings: Findings) -> np.ndarray:
    column = rows.text("target")
    numbers = [whole(text) for text in column.spellings.to_pylist()]
    targets = np.array([-1 if number is None else number for number in numbers], dtype=np.int64)[column.codes]
    findings.add("C10", np.flatnonzero(column.filled & (targets < 0) & real), "target", column)
    return targets


# ---------------------------------------------------------------- money


def _money(rows: Rows, cards: list[Card], codebook: Codebook, booked: Period, findings: Findings) -> Money:
    kinds = _kinds(rows, codebook)
    delivered = np.array([day(card.date) for card in cards], dtype=np.int32)[rows.list]
    counted = (rows.kind == ROW) | (rows.kind == ODD)
    parts = []
    for number, name in enumerate(AMOUNTS):
        read = _amounts(rows.text(name), rows, cards, name)
        _tell(rows, name, read, kinds, findings)
        at = np.flatnonzero(counted & (read.reasons != REASONS.index("empty")))
        kind = kinds[at] if name == "amount" else np.full(len(at), number, dtype=np.int8)
        first = np.where(booked.first > 0, booked.first, delivered)[at]
        last = np.where(booked.last > 0, booked.last, delivered)[at]
        column = np.full(len(at), number)
        parts.append(Money(at, column, kind, read.cents[at], read.read[at], read.approximate[at], first, last))
    return _together(parts)


def _together(parts: list[Money]) -> Money:
    """The amounts of all columns below each other."""
    columns = {}
    for each in fields(Money):
        columns[each.name] = np.concatenate([getattr(part, each.name) for part in parts])
    return Money(**columns)


def _kinds(rows: Rows, codebook: Codebook) -> np.ndarray:
    """The kind that a row states for its `amount`, as its place in KINDS; -1 for none."""
    names = codebook.names("kind")
    places = {code: at for at, code in enumerate(KINDS)}
    return rows.text("kind").each(lambda text: places.get(word(text, names)[0], -1), np.int8)


REASONS = ("", "empty", "no value", "ambiguous")


@dataclass(frozen=True)
class Amounts:
    """What the grammar made of a column per row: cents [EUR cent], whether it was read, approximate, reason (in REASONS)."""

    cents: np.ndarray
    read: np.ndarray
    approximate: np.ndarray
    reasons: np.ndarray


def _tell(rows: Rows, name: str, read: Amounts, kinds: np.ndarray, findings: Findings) -> None:
    """C01 ambiguous, C02 no value yet, C09 an amount of no known kind, R14 a total that does not add up."""
    column = rows.text(name)
    real = column.filled & (rows.kind == ROW)
    for code, reason in (("C01", "ambiguous"), ("C02", "no value")):
        findings.add(code, np.flatnonzero(real & (read.reasons == REASONS.index(reason))), name, column)
    if name == "amount":
        findings.add("C09", np.flatnonzero(real & (kinds < 0)), "kind", rows.text("kind"))
    _totals(rows, column, read, name, findings)


def _amounts(column: Column, rows: Rows, cards: list[Card], name: str) -> Amounts:
    """The amounts of a column by the notation and unit of their lists."""
    units = np.array([card.unit[name] for card in cards], dtype=np.int64)
    pointed = np.array([card.decimal == "." for card in cards])
    columns = _parsed(column, amount)
    if pointed.any():
        other = _parsed(column, pointed_amount)
        columns = [np.where(pointed[rows.list], b, a) for a, b in zip(columns, other, strict=True)]
    cents, read, approximate, reasons = columns
    unit = units[rows.list]
    long = np.abs(cents.astype(float) * unit) > MOST_CENTS
    reasons = np.where(read & long, REASONS.index("ambiguous"), reasons)
    return Amounts(np.where(long, 0, cents * unit), read & ~long, approximate, reasons)


def _parsed(column: Column, grammar: Callable[[str], tuple]) -> list[np.ndarray]:
    parsed = [grammar(text) for text in column.spellings.to_pylist()]
    cents = np.array([value or 0 for value, _, _ in parsed], dtype=np.int64)
    read = np.array([value is not None for value, _, _ in parsed], dtype=bool)
    approximate = np.array([about for _, about, _ in parsed], dtype=bool)
    reasons = np.array([REASONS.index(reason) for _, _, reason in parsed], dtype=np.uint8)
    return [values[column.codes] for values in (cents, read, approximate, reasons)]


def _totals(rows: Rows, column: Column, amounts: Amounts, name: str, findings: Findings) -> None:
    """R14 where a total row does not say what the rows above it add up to; a subtotal covers those since the last."""
    totals = np.flatnonzero((rows.kind == TOTAL) & column.filled)
    counted = (rows.kind == ROW) | (rows.kind == ODD)
    summed = np.cumsum(np.where(counted & amounts.read, amounts.cents, 0))
    sheet = rows.sheet_starts()
    last, wrong, sums = -1, [], []
    for at in totals.tolist():
        since = last if rows.sub[at] and last >= sheet[at] else sheet[at] - 1
        above = int(summed[at] - (summed[since] if since >= 0 else 0))
        last = at
        if amounts.read[at] and amounts.cents[at] != above:
            wrong.append(at)
            sums.append(euro(above))
    findings.add("R14", np.array(wrong, dtype=np.int64), name, column, sums)
