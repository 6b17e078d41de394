"""What each column of a table could be: its header claims, its values on all rows confirm or refute that."""

import functools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from pandas import DataFrame

from wmo_analysis.add._seen import Counted, Money, Proposed
from wmo_analysis.add._shape import Table
from wmo_analysis.add._sheet import fold, opens_total
from wmo_analysis.add._vocabulary import (
    currency,
    day,
    looks_like_money,
    meanings,
    money,
    number_or_day,
    perhaps_money,
    plain,
    said,
    says_unit,
)
from wmo_analysis.codebook import Codebook, key
from wmo_analysis.pipeline import clean, places, private, units
from wmo_analysis.pipeline.money import NO_VALUE
from wmo_analysis.schema import AMOUNTS, CODED, PERIODS, UNUSED
from wmo_analysis.words import say

# The shares and scores here and below are estimates: tried on tests/layouts.py and registers.py, derived from nothing.
READABLE = 0.6  # share of the cells that must be what the header says
MOST_PLACES = 2000  # texts of which is looked whether they are places, the most frequent first: places repeat
UNITS = 100  # texts that a column of units has at most: with more of them looking takes most of the time of all
MUNICIPALITIES = 20  # names from which a column is as good as any other for them
SHOWN = 80  # characters of a sample
SURE, WEAK, VALUES = 4.0, 3.0, 2.75  # the score of a claim: by a header that is sure or weak, by the values alone
NEXT = 0.9  # of a next meaning of a header: less than between sure and weak, so that a weak one drives out no sure one


class Column:
    """One column: its header, its filled values, what it may be (`claims`: name -> score), and the proposal in the making."""

    def __init__(
        self, at: int, header: str, values: list[str], codebook: Codebook, numbers: frozenset[str] = frozenset()
    ):
        self.at, self.header, self.named, self.codebook = at, header, header, codebook
        self.numbers = numbers  # texts of the cells that are numbers of the file
        self.money = Money()  # how its amounts are written, were it chosen as one
        self.meanings = meanings(header)
        self.says = said(header)
        self.rows = len(values)
        self.filled = [value.strip() for value in values if value.strip()]
        self.counts = Counter(self.filled)
        self.claims: dict[str, float] = {}
        self.name, self.asked, self.reason = "", False, ""

    def propose(self, name: str, reason: str, asked: bool = False, header: str = "", **values: str) -> None:
        self.name, self.asked = name, asked
        self.reason = say(f"add.reason.{reason}", header=header or self.header, **values)

    def ask(self, why: str, **values: str) -> None:
        """The proposal stays, but a person must confirm it."""
        self.asked, self.reason = True, f"{self.reason} {say(why, **values)}"

    def share(self, fits: Callable[[str], bool]) -> float:
        """The share of the filled cells whose text fits."""
        fitting = sum(count for text, count in self.counts.items() if fits(text))
        return fitting / max(1, len(self.filled))

    @property
    def fill(self) -> float:
        """The share of the rows in which this column is filled."""
        return len(self.filled) / max(1, self.rows)

    @property
    def distinct(self) -> float:
        return len(self.counts) / max(1, len(self.filled))

    def amounts(self, looks: Callable[[str], bool] = money) -> float:
        """The share of the cells that are amounts, or look like them; a number of the file is never in doubt."""
        return self.share(lambda text: text in self.numbers or looks(text))

    @functools.cached_property
    def days(self) -> float:
        return self.share(day)

    @functools.cached_property
    def _parts(self) -> DataFrame:
        """What the texts name, were they places; see `places.places`."""
        most = [text for text, _ in self.counts.most_common(MOST_PLACES)]
        texts = [text for text in most if len(text) < places.LONGEST_NAME and re.search(r"[^\W\d]", text)]
        return places.places(texts, None, self.codebook)

    @functools.cached_property
    def named_places(self) -> int:
        """The number of cells in which a place of the codebook is named."""
        parts = self._parts
        return sum(self.counts[text] for text in set(parts.loc[parts["how"] != "unknown", "value"]))

    @property
    def vintage(self) -> tuple[places.Vintage, places.Vintage]:
        """The municipalities of another day that the texts name, see `places.vintage`."""
        return places.vintage(set(map(places.bare_key, self._parts["part"])), self.codebook)

    @property
    def placed(self) -> float:
        return self.named_places / max(1, len(self.filled))

    @functools.cached_property
    def numeric(self) -> bool:
        """Whether this may be an amount by its values: numbers, not days or years, and no percentages."""
        return self.amounts() >= READABLE and self.days < 0.9 and not self.percentages

    @property
    def percentages(self) -> bool:
        # a percentage is a number too: "45 %" beside amounts is a share of them
        return self.share(lambda text: "%" in text) > 0.1

    def proposed(self) -> Proposed:
        most = [text for text, _ in self.counts.most_common(3)]
        samples = [private.Contacts().masked(text, private.holds(self.name)) for text in most]
        if self.name == "contact":  # a name of a person is no pattern: the mask does not see it
            samples = [private.MASK]
        three = tuple([*(text[:SHOWN] for text in samples), "", "", ""][:3])
        counted = Counted(len(self.filled), len(self.counts), round(self.days * len(self.filled)))
        if self.name == "municipality":
            counted = replace(counted, places=self.named_places, vintage=self.vintage)
        seen = self.at, self.header, self.named, self.name, self.asked, self.reason, three
        return Proposed(*seen, money=self.money, counted=counted)


def columns_of(table: Table, codebook: Codebook) -> list[Column]:
    """Every column with what its header claims and its values allow."""
    rows = [row for row, count in zip(table.below, table.filled, strict=True) if count > 1]
    # a total has a label and a sum: neither is a value of its column. "Totaal" may stand in the second cell
    rows = [row for row in rows if not any(map(opens_total, row[:2]))]
    columns, alike = [], {}
    for at, header in table.header.items():
        values = [row[at] if at < len(row) else "" for row in rows]
        column = Column(at, header, values, codebook, table.sheet.numbers(at))
        _propose(column)
        columns.append(column)
        alike.setdefault(fold(header), []).append(column)
    for same in alike.values():
        if len(same) > 1:
            for number, column in enumerate(same, 1):
                column.named = f"{column.header} [{number}]"
    return columns


def _propose(column: Column) -> None:
    """The header claims; what its values refute falls back to its next meaning, or to what the values say themselves."""
    name, how = column.says
    few = 0 < len(column.counts) <= UNITS
    if name not in AMOUNTS and few and column.share(says_unit) >= READABLE:
        column.propose("unit", "says_unit")
        column.claims = {"unit": SURE}
    elif name == "recipient":
        column.propose("", "recipient")
    elif name in UNUSED:
        column.propose(name, name or "not_ours")
        if how == "weak" and column.numeric:
            column.propose("", "perhaps_money", True)
    elif name is not None:
        _claim(column)
        if not column.claims:
            column.propose("", "no_amounts" if name in AMOUNTS else "values_differ", name in AMOUNTS)
    # an amount, a municipality or a title that is refuted is not guessed again: it would be silently wrong
    never = (*UNUSED, *AMOUNTS, "municipality", "title", "recipient")
    refuted = bool(column.claims) or name in never
    if not refuted and column.filled:
        _by_values(column)
    if column.name == "contact" and column.placed > 0.5:  # 'Adres' that holds places
        column.propose("municipality", "values", True)
        column.claims = {"municipality": VALUES}


def _claim(column: Column) -> None:
    """The meanings of the header that the values allow, and how well they fit: the first proposes, others wait."""
    for name, how in column.meanings:
        if name in (*UNUSED, "recipient"):  # what follows is not ours: no next meaning
            break
        if _fits(column, name) and column.claims:
            column.claims[name] = NEXT - len(column.claims) / 10
        elif _fits(column, name):
            column.claims[name] = _score(column, name, how)
            column.propose(name, how if column.filled else "empty")


def _score(column: Column, name: str, how: str) -> float:
    """How well a column is what its header says; of equals the fuller, then the shorter header: 'Project' before
    'Project van de aanvrager'."""
    score = SURE if how == "sure" else WEAK
    score -= (1 - column.fill) * (1 if name == "title" else 0.2)
    if name == "title":
        score -= (1 - column.distinct) / 2
    elif name == "municipality":
        few = max(0, MUNICIPALITIES - len(column.counts)) / 100  # a region has fewer names
        score -= (1 - column.placed) / 2 + few
    return score - len(plain(column.header)) / 1000 - column.at / 100_000


def _fits(column: Column, name: str) -> bool:
    """Whether the values allow what the header says; an empty column allows everything."""
    if not column.filled:
        return True
    if name in AMOUNTS:
        return column.amounts() >= READABLE and not column.percentages
    if name in PERIODS or name == "approval":
        return column.days >= READABLE
    if name == "key":
        # keys repeat where a case has several bookings; a column of whole amounts differs as much as keys do
        return column.distinct >= 0.1 and column.share(looks_like_money) <= 0.9
    repeats = (*CODED, "scheme")
    if name in repeats and name != "kind" and len(column.counts) > max(25, 0.5 * len(column.filled)):
        return False  # names of a codebook repeat
    reads = _readers(column.codebook).get(name)
    return reads is None or column.share(reads) >= READABLE


def _readers(codebook: Codebook) -> dict[str, Callable[[str], bool]]:
    """name of a column -> whether a text can be one of its values."""
    rounds, kinds = set(codebook.rounds["round"].astype(int)), codebook.names("kind")
    return {
        "hours": lambda text: clean.hours(text)[1] in ("", "no value"),
        "round": lambda text: clean.whole(text) in rounds,
        "kind": lambda text: key(text) in kinds,
        **dict.fromkeys(("theme", "status", "source", "scheme"), _name),
        **dict.fromkeys(("title", "municipality"), lambda text: not number_or_day(text)),
    }


def _name(text: str) -> bool:
    """A text that may be a name of the codebook: a short number too ('3')."""
    return key(text) not in NO_VALUE and (len(text) < 4 or not number_or_day(text))


def _by_values(column: Column) -> None:
    """What the values of a column say when its header does not: always asked."""
    contacts = column.share(lambda text: text not in column.numbers and private.has_contact(text))
    if contacts > 0.3:  # before all else: better an amount lost than a telephone number kept
        column.propose("contact", "contact_values", column.share(str.isdigit) > 0.9)  # digits alone may be a key
    elif column.numeric or (column.amounts(perhaps_money) >= READABLE and column.days < 0.9):
        marked = column.amounts(perhaps_money) >= READABLE
        column.propose("", "money_values" if marked else "number_values", True)
    elif column.placed >= READABLE:
        column.propose("municipality", "values", True)
    elif name := _coded(column):
        column.propose(name, "values", True)
    elif not column.reason:
        column.propose("", "unknown")
    if column.name not in UNUSED:
        column.claims = {column.name: VALUES}


def _coded(column: Column) -> str:
    """The first kind of names of the codebook that most values are, "" when they are none or all the same."""
    for name in CODED:
        known = column.codebook.names(name)
        # one and the same name in all rows is more often a remark than a theme
        if len(column.counts) > 1 and column.share(lambda text, known=known: key(text) in known) >= READABLE:
            return name
    return ""


def in_another_currency(column: Column) -> bool:
    """Whether some amounts are not in euros, as their cells or the header say."""
    said = units.unit(column.header).currency
    return not units.plain(said) or column.share(lambda text: not units.plain(currency(text))) > 0
