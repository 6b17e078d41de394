"""What a header says, by the vocabulary of headers.csv, and what kind of value a cell holds."""

import csv
import functools
import re
from pathlib import Path
from typing import NamedTuple

from wmo_analysis.codebook import key
from wmo_analysis.pipeline import clean, units
from wmo_analysis.pipeline.money import amount
from wmo_analysis.schema import AMOUNTS

CENTURY = clean.YEARS.start  # a year of two digits is one of the hundred from here, which the card says
LONGEST = 100  # characters of a text that may be an amount: descriptions are longer, and there are many of them
KRONER = re.compile(r"(?<=\d)\s?kr\.?$|^kr\.?\s?(?=\d)", re.IGNORECASE)
UNACCENTED = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d"})  # letters that have no accent to lose


class Said(NamedTuple):
    """What a header says: a name of headers.csv (None when no rule fits), and whether it is "sure" or "weak"."""

    name: str | None
    how: str


@functools.cache
def _rules() -> list[tuple[Said, re.Pattern]]:
    rules = []
    with open(Path(__file__).with_name("headers.csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pattern = re.compile(rf"(?<!\w)(?:{row['pattern']})(?!\w)")
            rules.append((Said(row["name"], row["how"]), pattern))
    return rules


@functools.lru_cache(maxsize=4096)
def meanings(header: str) -> tuple[Said, ...]:
    """What a header may mean, each name once, by the rules of headers.csv that fit: the first is the likeliest.

    Of a header in two languages, padded with blanks, the first part that says something counts.
    """
    for part in re.split(r"\s{3,}", header.strip()):
        text = plain(units.bare(part))
        hits: dict[str, str] = {}
        for said, pattern in _rules():
            if pattern.search(text):
                hits.setdefault(said.name, said.how)
        if next(iter(hits), None) == "" and any(hits.get(name) == "sure" for name in AMOUNTS):
            hits[""] = "weak"  # "Totale kosten bij verlening": costs are not ours, what is granted is
        if hits:
            return tuple(Said(*hit) for hit in hits.items())
    return ()


def said(header: str) -> Said:
    """What a header says first of all."""
    return next(iter(meanings(header)), Said(None, ""))


def plain(header: str) -> str:
    """A header for comparing: 'BedragVerleend_(x € 1.000)*' -> 'bedrag verleend x € 1 000'."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", header)
    return re.sub(r"[^a-z0-9%€#]+", " ", key(apart).translate(UNACCENTED)).strip()


def number_or_day(text: str) -> bool:
    return bool(re.fullmatch(r"[€\s\d.,:;/+\-–()%]+", text.strip())) or clean.period(text, CENTURY)[3] == ""


def day(text: str) -> bool:
    return clean.period(text, CENTURY)[3] in ("", "no value")


def short(text: str) -> bool:
    """A day with a year of two digits."""
    return day(text) and clean.period(text)[3] == "unread"


def says_unit(text: str) -> bool:
    """A cell that says what the amounts of its row are in, and is no amount itself: 'k EUR', 'SEK', 'x 1.000'."""
    return units.only(text) and not re.match(r"[€$£¥ƒ]?\s?[\d.,]", text.strip())


def currency(text: str) -> str:
    """The currency of an amount, "" where it states none. Crowns are of some country that a cell does not say."""
    return "kr" if KRONER.search(text) else units.priced(text)[0]


def money(text: str) -> bool:
    """An amount, of any currency."""
    if len(text) > LONGEST:
        return False
    _, text = units.priced(KRONER.sub("", text))
    cents, _, reason = amount(text)
    return cents is not None or reason == "no value" or pointed(text)


def pointed(text: str) -> bool:
    """An amount as English is written: '99.95', '1,250.50', '1,250'."""
    return bool(re.fullmatch(r"[€\s-]*(\d+\.\d{1,2}|\d{1,3}(,\d{3})+(\.\d{1,2})?)", text))


def perhaps_money(text: str) -> bool:
    """An amount in whole euros too, where no header says what a number is: '1234'."""
    return looks_like_money(text) or bool(re.fullmatch(r"\d{3,7}", text))


def looks_like_money(text: str) -> bool:
    """An amount that is not just a number: it has a sign, a separator, cents, or is long and round."""
    return bool(re.search(r"€|\d[.,]\d{3}\b|,\d\d\b|,-|^\d{4,}00$|\.\d\d$", text)) and money(text)
