"""Second stage: what a column of amounts is worth, cell by cell: the grammar, the unit, the currency, the cent."""

import functools
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wmo_analysis.codebook import key
from wmo_analysis.pipeline import units
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.stage import Column, Rows, by_way
from wmo_analysis.schema import CURRENCIES, DECIMALS, EUR

MOST_CENTS = 10**12  # EUR 10 billion: more is no amount of a project, and millions of them must not overflow a sum
MOST_DIGITS = 15
LONGEST = 500  # characters of a cell that may be an amount, a date or a number of hours
KEPT = 1 << 17  # texts of which the reading is kept

NO_VALUE = {"", *"- – ? pm nvt nb onbekend geen".split(), "p m", "n v t", "n b", "n n b", "nog niet bekend"}
_NUMBER = re.compile(r"([1-9]\d{0,2}([. ])\d{3}(?:\2\d{3})*|\d+)(?:,(\d{1,2})|,[-–]{1,2})?")
_PLAIN = re.compile(  # in words that arrow knows too
    "(?P<about>ca\\. ?)?(?:(?:€|EUR)[\u00a0 ]?)?" r"(?P<whole>[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(?P<cents>\d{1,2})|,-)?"
)
NOT_PLAIN = -1  # cents of a text that arrow does not read: a plain amount is never negative
_NEGATIVE = re.compile(r"\(([^()]*)\)|[-−–]\s?([^-−–].*)|(.*\d)\s?-")
_POINTED = re.compile(r"[^\d]*(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?[^\d.,]*")
SCALED = r"\s?(k|duizend|mln|mio|miljoen|x ?1[. ]?000)\.?$"
LETTERS = r"[A-Za-zƒ$£¥]"  # of an amount that states a currency or a unit
_MILLIONS = ("mln", "mio", "miljoen")


# ---------------------------------------------------------------- one cell


@functools.lru_cache(maxsize=KEPT)  # columns of one list share most of their spellings
def amount(text: str) -> tuple[int | None, bool, str]:
    """(cents, approximate, reason) of one cell: '€ 12.500,00', '12,5 k', '500,-', '(500)', 'ca. € 1,2 mln'.

    '12.5', '12,500', '0.500' and '1,234.56' are ambiguous: a factor 10, 100 or 1000 hangs on the reading.
    """
    match = _PLAIN.fullmatch(text) if len(text) <= MOST_DIGITS else None
    if match:  # nearly every cell; the rest of the grammar is for the others
        cents = int(match["whole"].replace(".", "")) * 100 + int((match["cents"] or "0").ljust(2, "0"))
        return (cents, bool(match["about"]), "") if cents <= MOST_CENTS else (None, False, "ambiguous")
    bare = spaced(text)
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
    if match := re.search(SCALED, body, flags=re.I):
        scale, body = 1_000_000 if match[1].lower() in _MILLIONS else 1000, body[: match.start()]
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


def spaced(text: str) -> str:
    """The text with one space for white space of any kind and length, and none around it."""
    return re.sub(r"\s+", " ", text).strip()


def pointed_amount(text: str) -> tuple[int | None, bool, str]:
    """`amount` of a list whose card says that it writes '1,234.56'; '12.500' stays ambiguous there."""
    if not _POINTED.fullmatch(text):
        return amount(text.replace(".", ".?"))  # no grammar reads this one
    return amount(text.translate(str.maketrans(",.", ".,")))


GRAMMARS = {",": amount, ".": pointed_amount}


# ---------------------------------------------------------------- columns

REASONS = ("", "empty", "no value", "ambiguous", "currency", "unit")


@dataclass(frozen=True)
class Way:
    """How amounts are written: what 1 stands for (0: nobody knows), the sign before the cents, the currency."""

    unit: int = 1
    decimal: str = DECIMALS[0]
    currency: str = EUR


@dataclass(frozen=True)
class Amounts:
    """What the grammar made of a column, per row or spelling: cents [of its currency], whether they count as euros,
    approximate, reason (in REASONS), currency (in CURRENCIES), whether a number was rounded to the cent."""

    cents: np.ndarray
    read: np.ndarray
    approximate: np.ndarray
    reasons: np.ndarray
    currency: np.ndarray
    rounded: np.ndarray


def amounts(rows: Rows, cards: list[Card], name: str) -> Amounts:
    """The amounts of a column by the notation and unit of their lists."""
    stated = [Way(card.unit[name], card.decimal[name], card.currency[name]) for card in cards]
    ways = list(dict.fromkeys(stated))
    which = np.array(list(map(ways.index, stated)))[rows.list]
    column, unit = rows.text(name), rows.text("unit")
    own = np.flatnonzero(unit.filled & column.filled)
    if len(own):
        pairs, codes = np.unique(which[own] * len(unit.spellings) + unit.codes[own], return_inverse=True)
        which[own] = len(ways) + codes
        for place, text in (divmod(pair, len(unit.spellings)) for pair in pairs.tolist()):
            ways.append(_said(unit.spellings[text].as_py(), ways[place]))
    return Amounts(*by_way(column, ways, which, _in_one_way))


def _said(text: str, way: Way) -> Way:
    """The way of a row of which a cell says the unit, in a list that is written in that way."""
    said, unit = units.unit(text), way.unit  # "EUR" says nothing of thousands
    if said.factor > 1:
        unit = said.factor
    elif not said.factor and text.strip() != "1":
        unit = 0
    return Way(unit, way.decimal, said.currency or way.currency)


class _Parsed(NamedTuple):
    """What the grammar makes of the texts of a column: cents in their own unit [of their currency], whether there are any,
    approximate, reason (in REASONS), currency (in CURRENCIES) and unit, 0 where nobody knows."""

    cents: np.ndarray
    read: np.ndarray
    approximate: np.ndarray
    reasons: np.ndarray
    currency: np.ndarray
    unit: np.ndarray


def _parsed(column: Column, way: Way) -> _Parsed:
    texts, grammar = column.spellings, GRAMMARS[way.decimal]
    if column.types is not None:
        number = ~np.isnan(column.numbers)  # NaN in a json list is none
        texts = pc.if_else(pa.array(number), "", texts)  # a number of the file needs no grammar
    if way.currency == EUR and grammar is amount:
        cents, approximate = _plain(texts)
    else:
        cents, approximate = np.full(len(texts), NOT_PLAIN), np.zeros(len(texts), dtype=bool)
    others = np.flatnonzero(cents == NOT_PLAIN)
    parsed = dict(zip(others.tolist(), map(grammar, texts.take(pa.array(others)).to_pylist()), strict=True))
    currency, unit = _stated(column, way, parsed)
    read, reasons = cents != NOT_PLAIN, np.zeros(len(cents), dtype=np.uint8)
    for at, (value, about, reason) in parsed.items():
        cents[at], read[at] = value or 0, value is not None
        approximate[at], reasons[at] = about, REASONS.index(reason)
    return _Parsed(cents, read, approximate, reasons, currency, unit)


def _plain(texts: pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """The cents of the texts that are written as nearly all amounts are, NOT_PLAIN for the others, and which of them are
    approximate: the grammar of one cell need not look at each."""
    short = pc.if_else(pc.less_equal(pc.utf8_length(texts), MOST_DIGITS), texts, "")
    about, whole, cents = pc.extract_regex(short, rf"\A(?:{_PLAIN.pattern})\z").flatten()
    euros = pc.replace_substring(whole, ".", "").cast(pa.int64())
    found = pc.add(pc.multiply(euros, pa.scalar(100)), pc.utf8_rpad(cents, 2, "0").cast(pa.int64()))
    found = pc.if_else(pc.less_equal(found, MOST_CENTS), found, NOT_PLAIN).fill_null(NOT_PLAIN)
    approximate = pc.not_equal(about, "").fill_null(False)
    return found.to_numpy().copy(), approximate.to_numpy(zero_copy_only=False)


def _stated(column: Column, way: Way, parsed: dict[int, tuple]) -> tuple[np.ndarray, np.ndarray]:
    """The currency (in CURRENCIES) and the unit of each text; what one says of another currency is `parsed` without it.
    A text that is not among the parsed says neither."""
    currency = np.full(len(column.spellings), CURRENCIES.index(way.currency), dtype=np.int8)
    unit = np.full(len(currency), way.unit)
    letters = LETTERS if way.currency == EUR else f"€|{LETTERS}"
    lettered = np.flatnonzero(column.spelt(lambda texts: pc.match_substring_regex(texts, letters)))
    for at in filter(parsed.__contains__, lettered.tolist()):
        text = column.spellings[at].as_py()
        said, rest = units.priced(text)
        if said:
            currency[at] = CURRENCIES.index(said)
        if said not in ("", EUR):
            parsed[at] = GRAMMARS[way.decimal](rest)
        if re.search(SCALED, text, flags=re.I):  # "12,5 k" says its unit itself
            unit[at] = 1
    return currency, unit


def _in_one_way(column: Column, way: Way) -> list[np.ndarray]:
    """The fields of `Amounts` of each spelling; a number of the file is no text that could be read in two ways."""
    text = _parsed(column, way)
    typed, numbers, rounded = _to_the_cent(column.numbers * (way.unit * 100))
    long = np.abs(np.where(typed, numbers, text.cents.astype(float) * text.unit)) > MOST_CENTS
    cents = np.where(long, 0, np.where(typed, numbers, text.cents * text.unit))
    reasons = np.where(typed, REASONS.index(""), text.reasons)
    for reason, here in (("currency", text.currency > 0), ("ambiguous", long), ("unit", text.unit == 0)):
        reasons = np.where(here & (text.read | typed), REASONS.index(reason), reasons)
    read = reasons == REASONS.index("")
    return [cents, read, text.approximate, reasons, text.currency, rounded & read]


def _to_the_cent(exact: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of numbers [EUR cent, nan for none] which there are, their whole cents, half a cent up, and which were not whole."""
    typed = ~np.isnan(exact)
    size = np.abs(np.where(typed, exact, 0))
    noise = np.minimum(size * 1e-14, 1e-3)  # 1.005 is 100.49999999999999 cents to a computer
    whole = np.floor(size + 0.5 + noise)
    within = np.minimum(whole, MOST_CENTS + 1)
    return typed, (np.sign(np.where(typed, exact, 0)) * within).astype(np.int64), np.abs(size - whole) > noise + 1e-9
