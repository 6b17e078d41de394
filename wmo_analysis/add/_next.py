"""The next delivery of a list: its card on the new file, what differs, and projects that go on under another name."""

import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from wmo_analysis import machine
from wmo_analysis.add._card import toml, write
from wmo_analysis.add._look import look
from wmo_analysis.add._seen import Money, Proposed, Seen
from wmo_analysis.add._sheet import fold
from wmo_analysis.codebook import Codebook, key
from wmo_analysis.days import NEVER, day
from wmo_analysis.errors import ListUnreadable, WmoError
from wmo_analysis.monitor import open_monitor
from wmo_analysis.office import letter
from wmo_analysis.pipeline import card as cards_of
from wmo_analysis.pipeline import clean_tables
from wmo_analysis.pipeline.card import Card
from wmo_analysis.schema import AMOUNTS, CARRIED, EUR, UNUSED
from wmo_analysis.words import say
from wmo_analysis.workspace import Workspace

# share of all columns that two deliveries have in common, of one source and else
SAME_SOURCE, ALIKE_ENOUGH = 1 / 3, 0.6
ALIKE = 75  # of 100: from here a name is suggested, never taken


def previous(workspace: Path | str, about: Seen, source: str = "") -> Card | None:
    """The card of the delivery before this one, None when there is none: the card with most columns in common, then the
    newest. Of a stated source a third of all columns must be the same, else 60 %: lists of other sources look alike too."""
    return _closest(workspace, about, source, SAME_SOURCE if source else ALIKE_ENOUGH)


def nearly(workspace: Path | str, about: Seen) -> Card | None:
    """The card that would be followed were its source stated, where none is followed by itself."""
    return None if previous(workspace, about) else _closest(workspace, about, "", SAME_SOURCE)


def _closest(workspace: Path | str, about: Seen, source: str, least: float) -> Card | None:
    """The card, of that source if any, with the largest share of columns in common, `least` at least, then the newest."""
    raw = Workspace(Path(workspace)).raw
    there = {fold(column.named) for column in about.columns}
    best, chosen = (), None  # shares are rounded: of cards that fit alike the newest says most about the next
    for card in cards_of.cards(raw)[0] if raw.is_dir() else []:
        known = set(_named_on(card))
        share = len(known & there) / len(known | there)
        score = round(share, 1), card.date, card.list
        if share >= least and source in ("", card.source) and score > best:
            best, chosen = score, card
    return chosen


def _named_on(card: Card) -> dict[str, tuple[str, str]]:
    """A header as it is compared -> what the card says that it is, and the header as it stands there."""
    named = {}
    for ours, headers in {**card.columns, "contact": card.contact, "": card.ignored}.items():
        for header in headers:
            named[fold(header)] = ours, header
    return named


def carried(card: Card) -> dict[str, object]:
    """What a person stated on the card and holds for the next delivery too. After a part comes another part: which one,
    and whether it is complete, nobody has said yet."""
    stated = {name: getattr(card, name) for name in CARRIED if getattr(card, name)}
    return {name: value for name, value in stated.items() if name != "complete" or not card.part}


@dataclasses.dataclass(frozen=True)
class Arrival:
    """What a delivery would do to the projects of its source, or part, that are in force: how many are new, how many it
    tells again, and how many it ends because it is complete and no longer lists them."""

    new: int
    again: int
    ended: int


def arrival(path: Path | str, about: Seen, workspace: Path | str, date: str, **stated: object) -> Arrival:
    """What the list would do once it is written and built with these answers, see `write`; nothing is written here.

    Raises WmoError when the data were not built since a list came, or the list cannot be read with these answers.
    """
    monitor = open_monitor(workspace)
    with tempfile.TemporaryDirectory() as folder:
        card = cards_of.cards(Workspace(write(path, about, folder, date, date, **stated).parents[3]))[0][0]
        told, _ = clean_tables(Workspace(Path(folder)).raw, monitor.codebook, lambda *_: None)
    ids, sources = (set(told["projects"][name].texts().to_pylist()) for name in ("project_id", "source_id"))
    facts = monitor.facts
    here = [
        each.basis == card.basis
        and each.source_id in {*sources, card.source}
        and (each.part == card.part or not card.part)
        for each in facts.lists
    ]
    lists = frozenset(np.flatnonzero(here))
    rows, taking = facts.rows, facts.pool(lists).at
    kept = taking[facts.last_days(lists)[facts.delivery[taking]] == NEVER]
    there = set(rows["project_id"].iloc[kept])
    older = set(rows["project_id"].iloc[kept[facts.arrived[kept] < day(date)]])
    return Arrival(len(ids - there), len(ids & there), len(older - ids) if card.complete else 0)


def follow(about: Seen, card: Card, codebook: Codebook | None = None) -> tuple[Seen, pd.DataFrame]:
    """What `look` saw with the choices of the previous card, and what differs: change (moved, renamed, new, gone), header,
    was, now, proposed. Every line of the card that is not applied as it stands is a difference too (unit, decimal,
    sheet).

    A column that may have been renamed is asked, never taken: the new header resembles the old one, or says the same. So is
    an amount with another unit or decimal sign than on the card.
    """
    named = _named_on(card)
    order = list(named)
    there = {fold(column.named) for column in about.columns}
    gone = {header: ours for header, (ours, _) in named.items() if header not in there}
    taken = {ours for ours, _ in named.values()} - {*UNUSED, "approval"}
    before = _before(card, codebook)
    columns, differences = [], []
    for column in about.columns:
        header = fold(column.named)  # spaces, case and stars change between deliveries and mean nothing
        was = header if header in named else _renamed(column, gone)
        if was is None and column.proposed in taken:
            # the card has a column for this, which may still come: two of one would be refused when it is written
            column = _as_before(column, "", True, column.rank, "taken")
        elif header in named:
            column = _as_before(column, named[was][0], False, order.index(was), "as_before", date=card.date)
        elif was:
            column = _as_before(column, gone.pop(was), True, order.index(was), "renamed", header=named[was][1])
        columns.append(_written_as_before(column, card, before.get(was)) if was else column)
        if was is None:
            differences.append(("new", column.named, "", column.named, column.proposed))
        elif was != header:
            differences.append(("renamed", column.named, named[was][1], column.named, column.proposed))
        elif before.get(header, column).column != column.column:
            moved = letter(before[header].column), letter(column.column)
            differences.append(("moved", column.named, *moved, column.proposed))
    for header, ours in gone.items():
        differences.append(("gone", named[header][1], named[header][1], "", ours))
    differences += _read_otherwise(about, columns, card)
    sections = card.sections or about.sections
    followed = dataclasses.replace(about, columns=tuple(columns), kinds=list(card.rows), sections=sections)
    return followed, pd.DataFrame(differences, columns=["change", "header", "was", "now", "proposed"], dtype="str")


def _read_otherwise(about: Seen, columns: list[Proposed], card: Card) -> Iterator[tuple[str, str, str, str, str]]:
    """How the new list is read otherwise than the card says: the sheets, and unit and decimal sign of each of its amounts."""
    if card.sheets and list(card.sheets) != list(about.sheets):
        yield "sheet", "", ", ".join(card.sheets), ", ".join(about.sheets), ""
    for column in columns:
        name, money = column.proposed, column.money
        if name in AMOUNTS and name in card.columns:
            if money.unit != card.unit[name]:
                yield "unit", column.named, str(card.unit[name]), str(money.unit), name
            if money.decimal != card.decimal[name]:
                yield "decimal", column.named, card.decimal[name], money.decimal, name


def _before(card: Card, codebook: Codebook | None) -> dict[str, Proposed]:
    """Each header of the previous delivery, as it is seen there; none when it is damaged: its card still tells them."""
    try:
        return {fold(column.named): column for column in look(card.path, codebook).columns}
    except ListUnreadable:
        return {}


def _as_before(column: Proposed, ours: str, asked: bool, rank: int | None, reason: str, **values: str) -> Proposed:
    reason = say(f"add.reason.{reason}", **values)
    return dataclasses.replace(column, proposed=ours, asked=asked, rank=rank, reason=reason)


def _written_as_before(column: Proposed, card: Card, before: Proposed | None) -> Proposed:
    """The column with the unit, sign and currency of the card where neither this list nor the one before says them; an
    amount that is written otherwise is asked. The unit must be chosen then: a factor 1,000 hangs on it."""
    ours, money = column.proposed, column.money
    if ours not in AMOUNTS:
        return column
    by_list = before is None or _says_unit(before.money)  # else a person said it for the card
    open_sign = {"decimal_differs", "decimal_unknown"} & {*money.unclear}
    decimal = card.decimal[ours] if open_sign else money.decimal
    currency = card.currency[ours] if money.currency == EUR else money.currency
    changed = (_says_unit(money) or by_list) and money.unit != card.unit[ours]
    changed |= _open(money) and not (before and _open(before.money))  # what was open then, a person settled
    unit, unclear = (money.unit, ("unit_changed",)) if changed else (card.unit[ours], ())
    money = dataclasses.replace(money, unit=unit, decimal=decimal, currency=currency, unclear=unclear)
    if not changed and decimal == card.decimal[ours]:
        return dataclasses.replace(column, money=money)
    reason = f"{column.reason} {say('add.reason.read_otherwise')}"
    return dataclasses.replace(column, money=money, asked=True, reason=reason)


def _says_unit(money: Money) -> bool:
    """Whether the list itself says the unit, and clearly."""
    return money.said and not _open(money)


def _open(money: Money) -> bool:
    return "unit" in money.unsettled


def _renamed(column: Proposed, gone: dict[str, str]) -> str | None:
    """The header that this column probably had: the one most alike, else one that says the same thing."""
    alike = {header: fuzz.ratio(header, fold(column.named)) for header in gone}
    best = max(alike, key=alike.get, default=None)
    if best is not None and alike[best] >= ALIKE:
        return best
    if column.proposed in ("", "remarks"):
        return None
    return next((header for header, ours in gone.items() if ours == column.proposed), None)


def matches(tables: dict[str, pd.DataFrame], card: Card, before: Card) -> pd.DataFrame:
    """Projects of a delivery that may go on from the delivery before it under another name: row, title, project (the
    earlier id), before (its title), alike [0-100]; most alike first. A person confirms them, see `confirm`."""
    projects = tables["projects"]
    new = projects[projects["file"] == card.list]
    old = projects[projects["file"] == before.list]
    fresh = new.loc[~new["project_id"].isin(old["project_id"]), "title"]
    lost = old.loc[~old["project_id"].isin(new["project_id"]), ["project_id", "title"]]
    found = []
    for title in fresh:
        for project, earlier in lost.itertuples(index=False):
            alike = round(fuzz.token_sort_ratio(key(title), key(earlier)))
            if alike >= ALIKE:
                found.append((title, project, earlier, alike))
    table = pd.DataFrame(found, columns=["row", "project", "before", "alike"])
    return table.sort_values(["alike", "row"], ascending=[False, True], ignore_index=True)


def confirm(card: Path, row: str, project: str, role: str, on: str, reason: str) -> None:
    """Writes on the card that a row (its key or title) is the earlier project with that id: dated, with who decided."""
    if not role.strip() or not reason.strip():
        raise WmoError(say("add.no_role"))
    link = {"row": row, "project": project, "reason": reason, "decided_on": on, "decided_by": role}
    text = "".join(f"{name} = {toml(value)}\n" for name, value in link.items())
    with machine.told(card.parent, len(text)):
        machine.append(card, f"\n[[continues]]\n{text}")
