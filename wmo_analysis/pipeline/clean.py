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
_PART = {"begin": (1, 3, "begin"), "medio": (5, 8, "middle"), "eind": (10, 12, "end"), "einde": (10, 12, "end")}
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
    for form, read in _FORMS.items():
        if match := form.fullmatch(bare):
            return read(*match.groups())
    return UNREAD


UNREAD, IMPOSSIBLE = ("", "", "", "unread"), ("", "", "", "impossible")


def _day(year: str | int, month: str | int, day: str | int) -> tuple[str, str, str, str]:
    year, month, day = int(year), int(month), int(day)
    if year not in YEARS or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return IMPOSSIBLE
    iso = f"{year:04}-{month:02}-{day:02}"
    return iso, iso, "day", ""


def _span(year: str, first: int, last: int, precision: str) -> tuple[str, str, str, str]:
    """From the first day of one month to the last day of another."""
    number = int(year)  # digits of any script are digits
    if number not in YEARS or not 1 <= first <= 12:
        return IMPOSSIBLE
    return f"{number}-{first:02}-01", f"{number}-{last:02}-{calendar.monthrange(number, last)[1]}", precision, ""


def _named_day(day: str, name: str, year: str) -> tuple[str, str, str, str]:
    """'1 jan. 2007'."""
    if name not in _MONTH:
        return UNREAD
    return _day(year, _MONTH[name], day)


def _named_months(name: str, year: str) -> tuple[str, str, str, str]:
    """'maart 2007', 'medio 2006'."""
    if name in _PART:
        return _span(year, *_PART[name])
    if name not in _MONTH:
        return UNREAD
    return _span(year, _MONTH[name], _MONTH[name], "month")


def _month(year: str, month: str) -> tuple[str, str, str, str]:
    return _span(year, int(month), int(month), "month")


def _quarter(year: str, number: int | None) -> tuple[str, str, str, str]:
    """None is a word that is no number."""
    if number is None:
        return UNREAD
    return _span(year, 3 * number - 2, 3 * number, "quarter")


def _half(word: str, year: str) -> tuple[str, str, str, str]:
    if _ORDINAL.get(word) not in (1, 2):
        return UNREAD
    return _span(year, 6 * _ORDINAL[word] - 5, 6 * _ORDINAL[word], "half")


def _serial(number: str) -> tuple[str, str, str, str]:
    """The days since the end of 1899, as a spreadsheet counts them."""
    there = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(number))
    return _day(there.year, there.month, there.day)


_READERS = {  # how a period is written -> what reads its parts; the first form that fits decides
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: \d\d:\d\d(?::\d\d)?)?": lambda day, month, year: _day(year, month, day),
    r"(\d{4})-(\d{2})-(\d{2})(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?": _day,
    r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})": _named_day,
    r"([a-z]+)\.?[ -](\d{4})": _named_months,
    r"(\d{4})-(\d{1,2})": _month,
    r"(\d{1,2})[-/](\d{4})": lambda month, year: _month(year, month),
    r"(?:q|k|kw)([1-4])[ -]?(\d{4})": lambda number, year: _quarter(year, int(number)),
    r"(\d{4})[ -]?(?:q|k|kw)([1-4])": lambda year, number: _quarter(year, int(number)),
    r"(\w+) kwartaal(?: van)? (\d{4})": lambda word, year: _quarter(year, _ORDINAL.get(word)),
    r"(\w+) (?:helft|halfjaar|half jaar)(?: van)? (\d{4})": _half,
    r"(\d{4})": lambda year: _span(year, 1, 12, "year"),
    r"((?:19|20)\d\d)(\d\d)(\d\d)": _day,
    r"([2-5]\d{4})": _serial,
}
_FORMS = {re.compile(form): read for form, read in _READERS.items()}


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
    if not match:
        return None, "unread"
    return float(match[1].replace(",", ".")), ""


def whole(text: str) -> int | None:
    """The whole number of a text such as '1.200', 'minimaal 3', 'ronde 2'; None where there is no one number."""
    if len(text) > LONGEST:
        return None
    found = re.findall(r"\d+(?:\.\d{3})*", text)
    if len(found) != 1 or len(found[0]) > MOST_DIGITS:
        return None
    return int(found[0].replace(".", ""))


def word(text: str, names: dict[str, list[str]]) -> tuple[str, str]:
    """code and reason ('' read, 'empty', 'unknown'), by the accepted spellings `names` of the codebook."""
    if not text.strip():
        return "", "empty"
    codes = names.get(key(text), [])
    if len(codes) != 1:  # a name that two codes share decides nothing
        return "", "unknown"
    return codes[0], ""


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
        if not len(hit):  # the list was mended at its source: a correction that no longer fits would go unnoticed
            was, row = hidden(each["was"]), hidden(each["row_key"])
            raise NotBuilt(f"De correctie op {each['file']}, {row} past niet meer: '{was}' staat er niet.")
        findings.add("K01", hit, each["column"], hidden(each["was"]), hidden(each["now"]))
        rows.texts[each["column"]] = column.put(hit, Column.constant(each["now"], 1))


def cleaned(rows: Rows, cards: list[Card], codebook: Codebook, findings: Findings) -> Cleaned:
    """The rows with what the grammars read of them. Findings: C01 to C06, C08 to C10, C18 to C20, R14."""
    real = rows.kind == ROW
    periods = {name: _periods(rows, cards, name, real, findings) for name in PERIODS}
    start, end = periods["start"].first, periods["end"].last  # a project may end within the quarter in which it starts
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
    # an odd row is set aside, but its cents came in: the second law accounts for them
    counted = (rows.kind == ROW) | (rows.kind == ODD)
    parts = []
    for place, name in enumerate(AMOUNTS):
        read = amounts(rows, cards, name)
        _tell(rows, name, read, kinds, findings)
        at = np.flatnonzero(counted & (read.reasons != REASONS.index("empty")))
        kind = kinds[at] if name == "amount" else np.full(len(at), place, dtype=np.int8)
        # an amount without a day counts from its delivery: earlier nobody knew of it
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
        from_, starts = start, since
        if rows.sub[at]:
            from_ = int(summed[last])
            starts = {from_}
        if amounts.read[at] and whole - int(amounts.cents[at]) not in starts:
            wrong.append(at)
            sums.append(euro(whole - from_))
        since.add(whole)
        last = at
    findings.add("R14", np.array(wrong, dtype=np.int64), name, column, sums)
