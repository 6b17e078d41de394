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
from wmo_analysis.pipeline.money import KEPT, LONGEST, MOST_DIGITS, NO_VALUE, REASONS, Amounts, amounts, spaced
from wmo_analysis.pipeline.stage import ODD, ROW, TOTAL, Column, Findings, Rows, by_way
from wmo_analysis.schema import AMOUNTS, CURRENCIES, KINDS, PERIODS, PRECISIONS
from wmo_analysis.words import MONTHS, euro, number, say

YEARS = range(1990, 2031)  # a year outside is taken for a slip of the pen, see docs/rules.md


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


_SHORT_YEAR = re.compile(r"^(\d{1,2}[-/.]\d{1,2}[-/.]|(?:\d{1,2}[ -])?[a-z]+\.?[ -])'?(\d\d)$")


def _whole_year(text: str, century: int) -> str:
    """The text with a year of four digits for one of two, where a century is stated."""
    if not century:
        return text
    return _SHORT_YEAR.sub(lambda found: f"{found[1]}{century + (int(found[2]) - century) % 100}", text)


@functools.lru_cache(maxsize=KEPT)
def period(text: str, century: int = 0) -> tuple[str, str, str, str]:
    """First day, last day, precision and reason of one cell.

    '30-11-2006', '1 jan. 2007', 'maart 2007', 'Q1 2007', 'eerste kwartaal 2007', '2e helft 2007', '2007', 'medio 2006'
    (May to August), 'begin 2008' (January to March), 'eind 2007' (October to December), spreadsheet serials.
    Nothing depends on today. A year of two digits ('30-11-06', "jan. '07") is one of the hundred from `century`, else
    not read.
    """
    bare = _whole_year(spaced(text).casefold(), century)
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
    elif match := re.fullmatch(r"([a-z]+)\.?[ -](\d{4})", bare):
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
    """The rows with what the grammars read of them. Findings: C01 to C06, C08 to C10, C18 to C20, R14."""
    real = rows.kind == ROW
    periods = {name: _periods(rows, cards, name, real, findings) for name in PERIODS}
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


def _periods(rows: Rows, cards: list[Card], name: str, real: np.ndarray, findings: Findings) -> Period:
    column = rows.text(name)
    centuries, which = np.unique([card.century for card in cards], return_inverse=True)
    first, last, precision, unread = by_way(column, centuries.tolist(), which[rows.list], _days)
    findings.add("C03", np.flatnonzero(unread & real), name, column)
    return Period(first, last, precision)


def _days(column: Column, century: int) -> list[np.ndarray]:
    """First day, last day and precision of each spelling, and whether it is none."""
    parsed = [period(text, century) for text in column.spellings.to_pylist()]
    first = np.array([day(each[0]) for each in parsed], dtype=np.int32)
    last = np.array([day(each[1]) for each in parsed], dtype=np.int32)
    precision = np.array([PRECISIONS.index(each[2]) for each in parsed], dtype=np.uint8)
    unread = np.array([each[3] in ("unread", "impossible", "no value") for each in parsed], dtype=bool)
    return [first, last, precision, unread]


def _hours(rows: Rows, real: np.ndarray, findings: Findings) -> np.ndarray:
    column = rows.text("hours")
    parsed = [hours(text) for text in column.spellings.to_pylist()]
    unread = np.array([reason in ("unread", "no value") for _, reason in parsed], dtype=bool) & np.isnan(column.numbers)
    findings.add("C04", np.flatnonzero(unread[column.codes] & real), "hours", column)
    values = np.array([value for value, _ in parsed], dtype=float)
    return np.where(np.isnan(values), column.numbers, values)[column.codes]


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
    for place, name in enumerate(AMOUNTS):
        read = amounts(rows, cards, name)
        _tell(rows, name, read, kinds, findings)
        at = np.flatnonzero(counted & (read.reasons != REASONS.index("empty")))
        kind = kinds[at] if name == "amount" else np.full(len(at), place, dtype=np.int8)
        first = np.where(booked.first > 0, booked.first, delivered)[at]
        last = np.where(booked.last > 0, booked.last, delivered)[at]
        column = np.full(len(at), place)
        cents = np.where(read.read, read.cents, 0)[at]
        parts.append(Money(at, column, kind, cents, read.read[at], read.approximate[at], first, last))
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


def _tell(rows: Rows, name: str, read: Amounts, kinds: np.ndarray, findings: Findings) -> None:
    """C01 ambiguous, C02 no value yet, C09 an amount of no known kind, R14 a total that does not add up."""
    column = rows.text(name)
    real = column.filled & (rows.kind == ROW)
    for code, reason in (("C01", "ambiguous"), ("C02", "no value")):
        findings.add(code, np.flatnonzero(real & (read.reasons == REASONS.index(reason))), name, column)
    unknown = np.flatnonzero(real & (read.reasons == REASONS.index("unit")))
    findings.add("C19", unknown, name, column, hints=rows.text("unit"))
    _apart(rows, name, read, findings)
    if name == "amount":
        findings.add("C09", np.flatnonzero(real & (kinds < 0)), "kind", rows.text("kind"))
    _totals(rows, column, read, name, findings)


def _apart(rows: Rows, name: str, read: Amounts, findings: Findings) -> None:
    """C20 how many numbers of a list were rounded to the cent, C18 what it has in each other currency."""
    counted = (rows.kind == ROW) | (rows.kind == ODD)
    for code, there in (
        ("C20", counted & read.rounded),
        ("C18", counted & (read.reasons == REASONS.index("currency"))),
    ):
        at = np.flatnonzero(there)
        pairs = rows.list[at] * len(CURRENCIES) + read.currency[at]
        for pair in np.unique(pairs).tolist():
            here = at[pairs == pair]
            currency = CURRENCIES[pair % len(CURRENCIES)]
            sum_of = number(Decimal(int(read.cents[here].sum())) / 100, 2)
            said = say(f"clean.{code}", count=number(len(here)), sum=f"{currency} {sum_of}")
            findings.of_list(code, pair // len(CURRENCIES), name, said)


def _totals(rows: Rows, column: Column, amounts: Amounts, name: str, findings: Findings) -> None:
    """R14 where a total row does not say what the rows above it add up to: all of them, or those since an earlier total; a
    subtotal covers those since the last."""
    totals = np.flatnonzero((rows.kind == TOTAL) & column.filled)
    counted = (rows.kind == ROW) | (rows.kind == ODD)
    summed = np.append(np.cumsum(np.where(counted & amounts.read, amounts.cents, 0)), 0)  # [-1]: above the first row
    sheet = rows.sheet_starts()
    wrong, sums, since, last = [], [], {0}, -1
    for at in totals.tolist():
        start = int(summed[sheet[at] - 1])
        if last < sheet[at]:
            since, last = {start}, sheet[at] - 1
        whole = int(summed[at])
        from_ = int(summed[last]) if rows.sub[at] else start
        starts = {from_} if rows.sub[at] else since
        if amounts.read[at] and whole - int(amounts.cents[at]) not in starts:
            wrong.append(at)
            sums.append(euro(whole - from_))
        since.add(whole)
        last = at
    findings.add("R14", np.array(wrong, dtype=np.int64), name, column, sums)
