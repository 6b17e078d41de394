"""Dutch and English: labels of codes, sentences, and the Dutch notation of numbers, money and dates.

Texts stand in words.csv (key, nl, en). Notation is Dutch in both languages, as the committee reads it.
"""

import csv
import functools
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

# What a list can hold and a screen obeys: control characters but the line end, and signs that turn the order of letters
OBEYED = dict.fromkeys((*range(32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)))
del OBEYED[ord("\n")]
MOST_NAMES = 12  # are named in a sentence; more are a number
MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}


@functools.cache
def _texts() -> dict[str, dict[str, str]]:
    with open(Path(__file__).with_name("words.csv"), encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def say(key: str, language: str = "nl", **values) -> str:
    """The text of `key` in the language, with `{names}` filled in. Raises KeyError for a key that words.csv lacks."""
    return text(key, language).format(**values)


def say_each(prefix: str, codes: Iterable[str], language: str = "nl") -> list[str]:
    """The text of `prefix.code` for each code."""
    return [say(f"{prefix}.{code}", language) for code in codes]


def text(key: str, language: str = "nl") -> str:
    """The text of `key` with its `{names}` still open."""
    return _texts()[key][language]


def keys(prefix: str) -> list[str]:
    """The keys that begin with `prefix`, in the order of words.csv."""
    return [key for key in _texts() if key.startswith(prefix)]


def count_key(name: str, one: bool) -> str:
    """The key of 'count.projects' ('3 projecten'), or of the words for one."""
    return f"count.{name}.one" if one else f"count.{name}"


def count(name: str, count: int, language: str = "nl") -> str:
    """'3 projecten', '1 project': so many of `name`, with the words for one where it is one."""
    return say(count_key(name, count == 1), language, count=number(count))


def heading(column: str, language: str = "nl") -> str:
    """The heading of a column, 'rows_in' -> 'rijen in'; a name that words.csv lacks stays as it is."""
    return _texts().get(f"column.{column}", {}).get(language, column)


def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """1234.5 -> '1.234,5'. Whole numbers without decimals unless `decimals` says more than one; '' for a missing value."""
    if value is None or value != value:  # nan is not equal to itself
        return ""
    exact = Decimal(str(value))
    text = f"{exact:,.{decimals}f}" if decimals is not None else f"{exact.normalize():,f}"
    text = text.removesuffix(".0")  # one decimal of nothing tells nothing
    return text.translate(str.maketrans(",.", ".,"))


def euro(cents: int | None, decimals: int | None = None) -> str:
    """1234500 -> '€ 12.345' (no-break space); cents are shown when there are any. '' for a missing value."""
    if cents is None or cents != cents:
        return ""
    if decimals is None:
        decimals = 0 if int(cents) % 100 == 0 else 2
    return "€\u00a0" + number(Decimal(int(cents)) / 100, decimals)


def date(iso: str, language: str = "nl") -> str:
    """'2007-10-09' -> '9 oktober 2007'; '' stays ''."""
    if not iso:
        return ""
    year, month, day = iso.split("-")
    return f"{int(day)} {MONTHS[language][int(month) - 1]} {year}"


def day(iso: str) -> str:
    """'2007-10-09' -> '9-10-2007', for tables; '' stays ''."""
    return "-".join(part.lstrip("0") for part in reversed(iso.split("-"))) if iso else ""


def plain(said: str) -> str:
    """The text without what a screen would obey."""
    return said.translate(OBEYED)


def some(named: Sequence[str], count: int) -> str:
    """Those that are named of so many: (['a', 'b'], 5) -> 'a, b (+ 3)'."""
    return ", ".join(named) + f" (+ {count - len(named)})" * (count > len(named))


def listing(items: Iterable[str], language: str = "nl") -> str:
    """['a', 'b', 'c'] -> 'a, b en c'."""
    items = list(items)
    last = {"nl": " en ", "en": " and "}[language]
    return last.join(filter(None, [", ".join(items[:-1]), *items[-1:]]))
