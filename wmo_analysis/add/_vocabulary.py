"""What a header says, by the vocabulary of headers.csv, and what kind of value a cell holds."""

import csv
import functools
import re
from pathlib import Path
from typing import NamedTuple

from wmo_analysis.codebook import key
from wmo_analysis.pipeline import clean
from wmo_analysis.schema import AMOUNTS

UNIT = re.compile(
    r"(?:[x×*]|in|per)\s*(?:€|eur\w*)?\s*(1[. ]?000[. ]?000|mln|miljoen\w*|1[. ]?000|duizend\w*|k)(?![\d.])"
    r"|€\s?(mln|k)\b|\b(k)€",
    re.IGNORECASE,
)
UNACCENTED = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d"})  # letters that have no accent to lose
_CURRENCY = r"(?:[£$]|zł|pln|kč|czk|kr\.?|sek|dkk|nok|chf|gbp|usd)"  # other currencies than the euro
FOREIGN = re.compile(rf"^{_CURRENCY} ?(?=\d)|(?<=\d)\s?{_CURRENCY}$", re.IGNORECASE)


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
        text = UNIT.sub(" ", plain(part))
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
    return bool(re.fullmatch(r"[€\s\d.,:;/+\-–()%]+", text.strip())) or clean.period(text)[3] == ""


def day(text: str) -> bool:
    return clean.period(text)[3] in ("", "no value")


def foreign(text: str) -> bool:
    """An amount in another currency than the euro."""
    return bool(FOREIGN.search(text)) and money(FOREIGN.sub("", text).strip())


def money(text: str) -> bool:
    cents, _, reason = clean.amount(text)
    return cents is not None or reason == "no value" or pointed(text)


def pointed(text: str) -> bool:
    """An amount with a decimal point: '99.95', '1,250.50'."""
    return bool(re.fullmatch(r"[€\s-]*(\d+|\d{1,3}(,\d{3})+)\.\d{1,2}", text))


def sums(text: str) -> bool:
    """Money of any currency."""
    return money(text) or foreign(text)


def looks_like_money(text: str) -> bool:
    """An amount that is not just a number: it has a sign, a separator, cents, or is long and round."""
    marked = re.search(r"€|\d[.,]\d{3}\b|,\d\d\b|,-|^\d{4,}00$|\.\d\d$", text)
    return bool(marked) and money(text) or foreign(text)
