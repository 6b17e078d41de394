"""Two deliveries beside each other: what changed on every column, also on those that the monitor does not use."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from wmo_analysis.add._sheet import opened
from wmo_analysis.codebook import Codebook, key
from wmo_analysis.errors import WmoError
from wmo_analysis.pipeline import card as cards_of
from wmo_analysis.pipeline import formats, header, names_of_no_person, private
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.stage import ROW
from wmo_analysis.words import say
from wmo_analysis.workspace import Workspace

TOGETHER = "; "  # between the texts of several rows of one key
Texts = dict[str, dict[str, list[str]]]  # key of a project -> column -> its texts


def compared(workspace: Path | str, before: str, now: str) -> pd.DataFrame:
    """What two lists (paths below data/raw) say otherwise of one key: key, header, change (new, gone, changed), was, now.

    Without a key the title and municipality stand for it. A column that a card names has our name in both, another one
    its header; contact columns are left out and what is left is masked. Rows of one key are compared together. A project
    that only one list has is one line without a header. Raises WmoError for a list without a card that can be used.
    """
    here = Workspace(Path(workspace))
    cards = {card.list: card for card in cards_of.cards(here)[0]}
    missing = [name for name in (before, now) if name not in cards]
    if missing:
        raise WmoError(say("compare.no_list", name=missing[0], names=", ".join(cards) or "-"))
    known = names_of_no_person(Codebook.open(here.reference))
    was, is_now = (_texts(cards[name], known) for name in (before, now))
    lines = []
    for name in sorted({*was, *is_now}):
        if name in was and name in is_now:
            lines += [(name, *line) for line in _changed(was[name], is_now[name])]
        else:
            lines.append((name, "", "new" if name in is_now else "gone", "", ""))
    return pd.DataFrame(lines, columns=["key", "header", "change", "was", "now"], dtype="str")


def _changed(was: dict[str, list[str]], now: dict[str, list[str]]) -> Iterator[tuple[str, str, str, str]]:
    for column in dict.fromkeys([*was, *now]):
        texts = [TOGETHER.join(sorted(each.get(column, ()))) for each in (was, now)]
        if texts[0] != texts[1]:
            yield column, "changed", *texts


def _texts(card: Card, known: set[str]) -> Texts:
    """What a list says of each key, on every column but those about persons."""
    found: Texts = {}
    for sheet in opened(card.path)[0]:
        if card.sheets and sheet.name not in card.sheets:
            continue
        # reading takes the columns over, and looks for no other sheet
        grid = replace(sheet.grid, columns=list(sheet.grid.columns))
        read = header.read(formats.Opened([grid], []), replace(card, sheets=()), 0)
        contacts, columns = private.Contacts(read.contacts, known), _columns(sheet.grid, card)
        for row, kind in zip((read.rows.row - 1).tolist(), read.rows.kind.tolist(), strict=True):
            if kind == ROW:
                cells = {name: _cell(sheet.rows[row], places) for name, places in columns.items()}
                shown = {name: contacts.masked(text, private.holds(name)) for name, text in cells.items()}
                mine = found.setdefault(_key(shown), {})
                for name in filter(shown.get, shown):
                    mine.setdefault(name, []).append(shown[name])
    return found


def _columns(grid: formats.Grid, card: Card) -> dict[str, list[int]]:
    """Our name of each column that the card names, else its header -> where it stands."""
    ours = {header.fold(text): name for name, text in header.asked(card)}
    private_ones = set(map(header.fold, card.contact))
    columns: dict[str, list[int]] = {}
    for text, places in header.find(grid, card).texts.items():
        twice = len(places) > 1 and text not in ours  # its columns stand under their numbers
        if not (twice or text in private_ones or private.names_persons(text)):
            columns.setdefault(ours.get(text, text), []).extend(places)
    return columns


def _cell(row: list[str], places: list[int]) -> str:
    """The first filled cell of these columns."""
    filled = (row[at].strip() for at in places if at < len(row))
    return next(filter(None, filled), "")


def _key(shown: dict[str, str]) -> str:
    """What a row goes by: its key, else its title and municipality."""
    return shown.get("key") or " | ".join(key(shown.get(name, "")) for name in ("title", "municipality"))
