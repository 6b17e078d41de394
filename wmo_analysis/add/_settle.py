"""The columns of a table together: one column for each name, then what nobody took."""

import re

from wmo_analysis.add._columns import Column
from wmo_analysis.add._vocabulary import number_or_day, plain
from wmo_analysis.schema import AMOUNTS, IMPORTANT, REPEATABLE, STEPS, UNUSED

REPEATS = 0.98  # a key of which fewer values differ is one that several rows share


def settle(columns: list[Column]) -> None:
    """Of rivals the surest stays, the others are asked or not used; what the table needs and no header said is asked."""
    if any(column.name == "kind" for column in columns):
        _bookings(columns)
    for name in dict.fromkeys(column.name for column in columns):
        rivals = [column for column in columns if column.name == name]
        if len(rivals) > 1 and name not in (*UNUSED, "approval"):
            _choose(name, rivals)
    taken = {
        column.name for column in columns
    }  # not made again below: a title that turns out to be places is not guessed anew
    if "municipality" not in taken:
        _from_recipient(columns)
    for column in columns:
        if column.name in AMOUNTS and column.says.how == "weak":
            column.asked = True  # the only amount is taken for granted, but its header does not say so
    if not taken & {"title", "round", "talk"}:  # a list of conversations has no projects and needs no title
        _some_title(columns)
    if not any(column.name in AMOUNTS for column in columns):
        for column in columns:
            if column.name == "amount_date":
                column.propose("", "no_amount_to_date")
    for column in columns:
        if column.filled and column.name == "key":
            _doubt_key(column, several="kind" in taken)
        elif column.filled and column.name == "municipality" and not column.asked and column.placed < 0.1:
            column.propose("municipality", "no_place_known", column.says.how != "sure")


def _bookings(columns: list[Column]) -> None:
    """Beside a column that says which kind of amount it is, a plain amount is of that kind."""
    for column in columns:
        if column.name == "granted" and column.says.how == "weak":
            column.propose("amount", "with_kind")


def _choose(name: str, rivals: list[Column]) -> None:
    def strength(column: Column) -> tuple:
        said, how = column.says
        placed = round(column.placed, 1) if name == "municipality" else 0
        # the shortest header last of all: "Project" rather than "Project van de aanvrager"
        return said == name, how == "sure", bool(column.filled), placed, -len(plain(column.header))

    best, *others = sorted(rivals, key=strength, reverse=True)
    clear = strength(best)[:2] > strength(others[0])[:2]
    guarded = name in IMPORTANT and name not in REPEATABLE  # of titles the first filled one counts
    if guarded and not clear:
        best.asked = True
    for column in others:
        free_text = name == "title" and re.search(r"omschr|beschr|toelicht|descr", plain(column.header))
        doubtful = guarded and (not clear or column.says.name != name)
        column.propose("remarks" if free_text else "", "rival", doubtful, best.header)


def _from_recipient(columns: list[Column]) -> None:
    """A column of recipients such as 'Gemeente Utrecht' names the municipality when no other column does."""
    there = [c for c in columns if c.says.name in ("recipient", "title") and c.name in ("", "title")]
    best = max(there, key=lambda column: column.placed, default=None)
    if best and best.placed >= 0.5:
        best.propose("municipality", "recipient_place", True)


def _some_title(columns: list[Column]) -> None:
    """No column says that it names the project: a recipient, else the longest texts that differ most, and asked."""
    there = [column for column in columns if column.filled and column.name in ("", "remarks")]
    recipients = [column for column in there if column.says.name == "recipient" and column.name == ""]
    wordy = [column for column in there if column.share(number_or_day) <= 0.3]
    best = next(iter(recipients), None) or max(wordy, key=_wordy, default=None)
    if best:
        best.propose("title", "some_title", True)


def _wordy(column: Column) -> float:
    """How long and how different the texts of a column are."""
    length = sum(map(len, column.filled)) / len(column.filled)
    return len(column.counts) / len(column.filled) * min(60, length)


def _doubt_key(column: Column, several: bool) -> None:
    """A key that rows share, or that only numbers them, may not hold for the next delivery."""
    if len(column.counts) < REPEATS * len(column.filled):
        column.propose("key", "key_repeats", not several)
    elif column.filled == [str(number) for number in range(1, len(column.filled) + 1)]:
        column.propose("key", "running_number", True)


def kinds_of(columns: list[Column]) -> list[str]:
    """The kinds of rows on the card."""
    names = {column.name for column in columns}
    talks = {"municipality", "round"} <= names and not names.isdisjoint(STEPS)
    if not talks:
        return ["projects"]
    return ["conversations", "projects"] if "title" in names else ["conversations"]
