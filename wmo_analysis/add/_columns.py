"""What each column of a table could be: its header proposes, its values confirm or refute that."""

import functools
import re
from collections import Counter
from collections.abc import Callable

from wmo_analysis.add._seen import Money, Proposed
from wmo_analysis.add._shape import Table
from wmo_analysis.add._sheet import fold, opens_total
from wmo_analysis.add._vocabulary import day, looks_like_money, money, number_or_day, perhaps_money, said, says_unit
from wmo_analysis.codebook import Codebook, key
from wmo_analysis.pipeline import clean, places, private
from wmo_analysis.pipeline.money import NO_VALUE
from wmo_analysis.schema import AMOUNTS, ASKED, CODED, IMPORTANT, PERIODS, UNUSED
from wmo_analysis.words import say

# The shares here and below are estimates: tried on the layouts of tests/layouts.py, derived from nothing.
SAMPLE = 300  # distinct values of a column that are looked at, the most frequent first
READABLE = 0.6  # share of the values that must be what the header says
SHOWN = 80  # characters of a sample


class Column:
    """One column: its header, its filled values, and the proposal in the making."""

    def __init__(
        self, at: int, header: str, values: list[str], codebook: Codebook, numbers: frozenset[str] = frozenset()
    ):
        self.at, self.header, self.named, self.codebook = at, header, header, codebook
        self.numbers = numbers  # texts of the cells that are numbers of the file
        self.money = Money()  # how its amounts are written, were it chosen as one
        self.says = said(header)
        self.filled = [value.strip() for value in values if value.strip()]
        self.counts = Counter(self.filled)
        self.sample = dict(self.counts.most_common(SAMPLE))
        self.name, self.asked, self.reason = "", False, ""

    def propose(self, name: str, reason: str, asked: bool = False, header: str = "") -> None:
        self.name, self.asked = name, asked
        self.reason = say(f"add.reason.{reason}", header=header or self.header)

    def ask(self, why: str) -> None:
        """The proposal stays, but a person must confirm it."""
        self.asked, self.reason = True, f"{self.reason} {say(why)}"

    def share(self, fits: Callable[[str], bool]) -> float:
        """The share of the cells whose text fits, by the most frequent texts."""
        fitting = sum(count for text, count in self.sample.items() if fits(text))
        return fitting / max(1, sum(self.sample.values()))

    def amounts(self, looks: Callable[[str], bool] = money) -> float:
        """The share of the cells that are amounts, or look like them; a number of the file is never in doubt."""
        return self.share(lambda text: text in self.numbers or looks(text))

    @functools.cached_property
    def placed(self) -> float:
        """The share of the cells in which a place of the codebook is named."""
        texts = [text for text in self.sample if len(text) < 200 and re.search(r"[^\W\d]", text)]
        parts = places.places(texts, None, self.codebook)
        named = set(parts.loc[parts["how"] != "unknown", "value"])
        return self.share(named.__contains__)

    def proposed(self) -> Proposed:
        samples = [private.Contacts().masked(text, private.holds(self.name)) for text in list(self.sample)[:3]]
        if self.name == "contact":  # a name of a person is no pattern: the mask does not see it
            samples = [private.MASK]
        three = tuple([*(text[:SHOWN] for text in samples), "", "", ""][:3])
        return Proposed(self.at, self.header, self.named, self.name, self.asked, self.reason, three, money=self.money)


def columns_of(table: Table, codebook: Codebook) -> list[Column]:
    """Every column with what its header says and its values allow."""
    rows = [row for row, count in zip(table.below, table.filled, strict=True) if count > 1]
    # a total has a label and a sum: neither is a value of its column. "Totaal" may stand in the second cell
    rows = [row for row in rows if not any(map(opens_total, row[:2]))]
    columns, alike = [], {}
    for at, header in table.header.items():
        values = [row[at] for row in rows if at < len(row)]
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
    """The header proposes; what its values do not allow falls back to what they say themselves."""
    name, how = column.says
    if name not in AMOUNTS and column.filled and column.share(says_unit) >= READABLE:
        column.propose("unit", "says_unit")
    elif name == "recipient":
        column.propose("", "recipient")
    elif name in UNUSED:
        column.propose(name, name or "not_ours")
        if how == "weak" and column.amounts() >= READABLE and column.share(day) < READABLE:
            column.propose("", "perhaps_money", True)
    elif name is not None and _fits(column, name):
        column.propose(name, how if column.filled else "empty", asked=how == "weak" and name in ASKED)
    elif name in AMOUNTS and column.filled:
        column.propose("", "no_amounts", True)
    elif name is not None:
        column.propose("", "values_differ")
    # an amount, a municipality or a title that is refuted is not guessed again: it would be silently wrong
    silent = name is None or (column.name == "" and name not in ("", *IMPORTANT))
    if silent and column.filled:
        _by_values(column)
    if column.name == "contact" and column.placed > 0.5:  # 'Adres' that holds places
        column.propose("municipality", "values", True)


def _fits(column: Column, name: str) -> bool:
    """Whether the values allow what the header says; an empty column allows everything."""
    if not column.filled:
        return True
    if name in AMOUNTS:
        # a percentage is a number too: "45 %" beside amounts is a share of them
        return column.amounts() >= READABLE and column.share(lambda text: "%" in text) <= 0.1
    if name in PERIODS or name == "approval":
        return column.share(day) >= READABLE
    different = len(column.counts)
    if name == "key":
        # keys repeat where a case has several bookings; a column of whole amounts differs as much as keys do
        return different >= 0.3 * len(column.filled) and column.share(looks_like_money) <= 0.9
    if name in CODED and name != "kind" and different > max(25, 0.5 * len(column.filled)):
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
        **dict.fromkeys(("theme", "status", "source"), _name),
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
    elif column.amounts(perhaps_money) >= READABLE and column.share(day) < 0.9:
        column.propose("", "money_values", True)
    elif column.placed >= READABLE:
        column.propose("municipality", "values", True)
    elif name := _coded(column):
        column.propose(name, "values", True)
    elif not column.reason:
        column.propose("", "unknown")


def _coded(column: Column) -> str:
    """The first kind of names of the codebook that most values are, "" when they are none or all the same."""
    for name in CODED:
        known = column.codebook.names(name)
        # one and the same name in all rows is more often a remark than a theme
        if len(column.counts) > 1 and column.share(lambda text, known=known: key(text) in known) >= READABLE:
            return name
    return ""
