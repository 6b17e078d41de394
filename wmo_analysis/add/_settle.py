"""The columns of a table together: one column for each name, what nobody took, and what a person must be asked."""

import re
from collections import defaultdict

from wmo_analysis.add._columns import READABLE, Column, in_another_currency
from wmo_analysis.add._vocabulary import looks_like_money, number_or_day, plain
from wmo_analysis.pipeline import private
from wmo_analysis.schema import AMOUNTS, ASKED, IMPORTANT, STEPS
from wmo_analysis.words import number

REPEATS = 0.98  # a key of which fewer values differ is one that several rows share
FULL = 0.95  # a title that fewer rows have is asked
MANY = 0.3  # share of the cells from which a title seems to hold addresses, and a key postcodes or telephones
MOST = 0.5  # share from which it seems to hold persons: two words with capitals may be a title too
STEP = 0.00001  # of a bid: far below every difference between scores
ADDRESS = re.compile(
    r"(?i)(?:straat|laan|weg|plein|kade|gracht|dijk|singel|stra(?:ss|ß)e|street|road|avenue)\s+\d+\s?\w?\b"
    r"|\b(?:rue|via|calle|avenue|ulica)\b.*\d"
)
POSTCODE = re.compile(r"(?:[A-Z]{1,2}-?)?\d{4,5}(?:\s?[A-Z]{2})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
TELEPHONE = re.compile(r"(?:\+\d{2}|00\d{2}|0)[\d\s-]{8,12}")


def settle(columns: list[Column]) -> None:
    """Names go to columns so that they fit best together; rivals, gaps and doubts are asked."""
    bookings = any("kind" in column.claims for column in columns)
    if bookings:
        _bookings(columns)
    _assign(columns)
    taken = {column.name for column in columns}  # not made again below: a title that turns out to be places stays gone
    if "municipality" not in taken:
        _from_recipient(columns)
    if not taken & {"title", "round", "talk"}:  # a list of conversations has no projects and needs no title
        _some_title(columns)
    if not taken & {*AMOUNTS}:
        for column in columns:
            if column.name == "amount_date":
                column.propose("", "no_amount_to_date")
    for column in columns:
        _doubt(column, bookings)


# ---------------------------------------------------------------- one column for each name


def assigned(claims: list[dict[str, float]]) -> list[str]:
    """The name for each column, "" for none, that makes the sum of the scores highest, each name once.

    An auction: a column without a name bids what its best name is worth more than its second best, and the one that had
    that name looks for another. Source: D. Bertsekas, The auction algorithm (1988).
    """
    prices: dict[str, float] = defaultdict(float)
    holders: dict[str, int] = {}
    waiting = list(reversed(range(len(claims))))
    while waiting:
        at = waiting.pop()
        worth = sorted(((score - prices[name], name) for name, score in claims[at].items()), reverse=True)
        if not worth or worth[0][0] <= 0:
            continue  # every name is worth more to another column
        (best, name), second = worth[0], max(0, worth[1][0] if len(worth) > 1 else 0)
        prices[name] += best - second + STEP
        waiting += [holders[name]] if name in holders else []
        holders[name] = at
    names = {at: name for name, at in holders.items()}
    return [names.get(at, "") for at in range(len(claims))]


def _assign(columns: list[Column]) -> None:
    """One column for each name; of those that lose, the next thing that they may be, or nothing, and why."""
    single = [column for column in columns if column.name != "approval"]  # of approvals there are three
    names = assigned([column.claims for column in single])
    holders = {name: column for name, column in zip(names, single, strict=True) if name}
    for column, name in zip(single, names, strict=True):
        if column.claims and name != column.name:
            _lose(column, holders[column.name], name)


def _lose(column: Column, holder: Column, name: str) -> None:
    """Another column holds what this one claimed first: it is `name` now, or not used."""
    wanted = column.name
    clear = _strength(holder, wanted) > _strength(column, wanted)
    free_text = wanted == "title" and re.search(r"omschr|beschr|toelicht|desc|text", plain(column.header))
    if wanted in IMPORTANT and not clear and not free_text:
        fill = {"one": _percent(holder.fill), "other": _percent(column.fill)}
        holder.ask("add.rivals", header=column.named, **fill)
    doubtful = wanted in AMOUNTS or (wanted == "municipality" and not clear)
    if name:
        column.propose(name, "second", name in IMPORTANT or doubtful, other=holder.named)
    else:
        column.propose("remarks" if free_text else "", "rival", doubtful and not free_text, holder.named)


def _strength(column: Column, name: str) -> tuple[bool, bool]:
    """How plainly a header says a name: as its first meaning, and surely."""
    return column.says.name == name, column.says.how == "sure"


def _percent(share: float) -> str:
    return number(int(100 * share), 0)


def _bookings(columns: list[Column]) -> None:
    """Beside a column that says which kind of amount it is, a plain amount is of that kind."""
    for column in columns:
        if "granted" in column.claims and column.says.how == "weak":
            column.claims = {"amount": column.claims["granted"]}
            column.propose("amount", "with_kind")


# ---------------------------------------------------------------- what no header said


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
    return column.distinct * min(60, length)


# ---------------------------------------------------------------- what a person must be asked


def _doubt(column: Column, bookings: bool) -> None:
    """A proposal on which a figure hangs, and that may be wrong, is asked."""
    weak = column.says.how == "weak" and column.says.name == column.name
    if weak and column.name in (*AMOUNTS, *ASKED) and not (bookings and column.name == "amount"):
        column.asked = True  # the only amount is taken for granted, but its header does not say so
    if not column.filled:
        return
    if column.name in AMOUNTS and in_another_currency(column):
        column.ask("add.other_currency")
    elif column.name == "title":
        _doubt_title(column)
    elif column.name == "key":
        _doubt_key(column, bookings)
    elif column.name == "source":
        column.ask("add.source_of_rows")
    elif column.name == "municipality" and not column.asked and column.placed < 0.1:
        column.propose("municipality", "no_place_known", column.says.how != "sure")
    elif column.name == "" and column.numeric and not column.asked and not _no_money(column):
        column.ask("add.number_unused")


def _no_money(column: Column) -> bool:
    """Whether the header says surely that a number is none of ours (a percentage, a count, a number of a company), and the
    values do not look like money all the same."""
    return column.says == ("", "sure") and column.amounts(looks_like_money) < READABLE


def _doubt_title(column: Column) -> None:
    if len(column.filled) < FULL * column.rows:
        column.ask("add.title_gaps", percent=_percent(column.fill))
    if len(column.counts) == 1 and len(column.filled) > 1:
        column.ask("add.title_constant")
    if column.share(private.seems_personal) > MOST or column.share(lambda text: bool(ADDRESS.search(text))) > MANY:
        column.ask("add.title_persons")


def _doubt_key(column: Column, several: bool) -> None:
    """A key that rows share, that only numbers them, or that is something else may not hold for the next delivery."""
    if len(column.counts) < REPEATS * len(column.filled):
        column.propose("key", "key_repeats", not several)
    elif column.filled == [str(number) for number in range(1, len(column.filled) + 1)]:
        column.propose("key", "running_number", True)
    if column.share(lambda text: bool(POSTCODE.fullmatch(text) or TELEPHONE.fullmatch(text))) > MANY:
        column.ask("add.key_postcode")


def kinds_of(columns: list[Column]) -> list[str]:
    """The kinds of rows on the card."""
    names = {column.name for column in columns}
    talks = {"municipality", "round"} <= names and not names.isdisjoint(STEPS)
    if not talks:
        return ["projects"]
    return ["conversations", "projects"] if "title" in names else ["conversations"]
