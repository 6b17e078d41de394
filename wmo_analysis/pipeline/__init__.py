"""data/raw -> data/clean. The stages read top to bottom in `_built`; the result moves into place as the last act."""

import contextlib
import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wmo_analysis.codebook import Codebook
from wmo_analysis.errors import ListUnreadable, NotBuilt
from wmo_analysis.pipeline import card as cards_of
from wmo_analysis.pipeline import check, clean, formats, header, join, places, tables, write
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.stage import ROW, Column, Findings, Rows, keys, stacked
from wmo_analysis.pipeline.write import UNTOUCHED
from wmo_analysis.schema import Finding
from wmo_analysis.workspace import Workspace

UNREAD = ("R01", "R02", "R03", "R04", "R05", "R17", "R18")  # findings on a list of which no row is in the monitor
FEW = 5  # lists that are named when none could be read

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Built:
    """What a build made: the account and the findings, how many projects, and messages on what it cleaned up."""

    ledger: pd.DataFrame
    findings: pd.DataFrame
    projects: int
    messages: list[str]


def build(workspace: Path | str = ".", progress: Progress = lambda done, total, name: None) -> Built:
    """Builds data/clean of a workspace.

    `progress(done, total, name)` is called for each list. A list that cannot be read becomes a finding, the others still
    build. Raises NotBuilt, with the promise that nothing was changed, when there is no list, another build is busy, or a
    correction no longer fits; LawBroken when a law does not hold.
    """
    here = Workspace(Path(workspace))
    if not here.raw.is_dir():
        raise NotBuilt(f"Er is geen map data/raw in {here.root.resolve().name}. {UNTOUCHED}")
    codebook = Codebook.open(here.reference)
    with write.lock(here.data) as messages:
        messages += write.recover(here.clean)
        made_from = here.fingerprint()
        with _uncollected():
            made, cards = clean_tables(here.raw, codebook, progress)
            write.clean(made, cards, made_from, here.clean)
    ids, same = made["projects"]["project_id"], made["projects"]["same_as"]
    return Built(made["ledger"], made["findings"], _things(ids, same), messages)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: a build makes none, and with a million texts alive each search costs a tenth of it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def clean_tables(raw: Path, codebook: Codebook, progress: Progress) -> tuple[dict, list[Card]]:
    """(every clean table, the cards of the lists that were read), checked against the laws but not written."""
    read = _read(raw, codebook, progress)
    lists = join.Lists(read.cards, codebook)
    rows = stacked(read.rows)
    findings = Findings(rows, lists.files)
    cleaned = clean.cleaned(rows, read.cards, codebook, findings)
    talks = _talks(rows, cleaned, lists)
    members = join.members(cleaned, lists, findings)
    projects = join.projects(cleaned, lists, members, findings)
    join.placed(projects, cleaned, lists, findings)
    join.themed(projects, cleaned, lists, findings)
    steps = join.conversations(cleaned, lists, talks, findings)
    project_of, fate = join.settled(cleaned.money, cleaned, lists, members)
    check.doubts(cleaned, lists, projects, project_of, findings)
    fates = _fates(rows, lists, members, talks)
    made = tables.made(tables.Joined(cleaned, lists, members, projects, steps, project_of, fate), findings)
    lost = np.flatnonzero((rows.kind == ROW) & (fates == join.SET_ASIDE))
    findings.add("C07", lost)
    made["ledger"] = check.ledger(cleaned, lists, fates, fate, read.unread)
    check.laws(made, made["ledger"], codebook)
    made["findings"] = check.findings([*read.parts, *findings.parts], read.told, codebook)
    return made, read.cards


# ---------------------------------------------------------------- reading


@dataclass
class _Read:
    """What reading gave: the cards of the lists that were read and their rows, what was found, and what could not be
    read, as (file, basis)."""

    cards: list[Card]
    rows: list[Rows]
    told: list[Finding]
    parts: list[pd.DataFrame]
    unread: list[tuple[str, str]]


def _read(raw: Path, codebook: Codebook, progress: Progress) -> _Read:
    """The rows of all lists, corrected and without contact data; a list that cannot be read leaves the others alone."""
    cards, told = cards_of.cards(raw, codebook)
    if not cards:
        raise NotBuilt(f"Er is geen enkele leesbare lijst met een kaart in data/raw{_why(told)}. {UNTOUCHED}")
    known = places.names_of_places(codebook)
    lists = {finding.file for finding in told if not finding.file.endswith(cards_of.SUFFIX)}
    refused = sorted(lists - {card.list for card in cards})
    found = _Read([], [], told, [], [(file, "") for file in refused])
    for done, (card, opened) in enumerate(
        zip(cards, formats.opened_all([card.path for card in cards]), strict=True), 1
    ):
        progress(done, len(cards), card.list)
        try:
            if isinstance(opened, ListUnreadable):
                raise opened
            answer = header.read(opened, card, len(found.cards))
        except ListUnreadable as error:
            found.told.append(Finding(error.code, card.list, listed=error.listed, kept=error.text))
            found.unread.append((card.list, card.basis))
            continue
        private = clean.Contacts(_no_places(answer.contacts, known))
        found.cards.append(card)
        found.rows.append(answer.rows)
        found.told += answer.findings
        found.parts += _prepared(answer.rows, card, private, codebook, found)
    if not found.rows:
        raise NotBuilt(f"Geen van de lijsten in data/raw kon worden gelezen{_why(found.told)}. {UNTOUCHED}")
    found.told = [_masked(finding) for finding in found.told]
    return found


def _why(told: list[Finding]) -> str:
    """The first lists that could not be read, each with its reason, for the end of a sentence."""
    said = [f"{finding.file} ({finding.kept or finding.listed})" for finding in told if finding.code in UNREAD]
    if len(said) > FEW:
        said[FEW:] = ["..."]
    return f": {'; '.join(said)}" if said else ""


def _prepared(rows: Rows, card: Card, private: clean.Contacts, codebook: Codebook, found: _Read) -> list[pd.DataFrame]:
    """Findings on the rows of a list, after corrections and without contact data."""
    findings = Findings(rows, Column.of([each.list for each in found.cards]))
    for kind, code in header.SET_ASIDE.items():
        findings.add(code, np.flatnonzero(rows.kind == kind))
    clean.corrected(rows, card, codebook.corrections, findings)
    clean.without_contacts(rows, private, findings)
    return findings.parts


def _no_places(contacts: set[str], known: set[str]) -> list[str]:
    """The contacts that are no name of a place: a contact "Baarn" must not make the municipality vanish."""
    texts = pa.array(sorted(contacts), pa.large_string())
    places_too = pc.is_in(keys(texts), pa.array(sorted(known), pa.large_string()))
    return texts.filter(pc.invert(places_too)).to_pylist()


def _masked(finding: Finding) -> Finding:
    """The finding without contact data in the text that it quotes."""
    return replace(finding, listed=clean.Contacts().masked(finding.listed))


# ---------------------------------------------------------------- what becomes of rows


def _talks(rows: Rows, cleaned: clean.Cleaned, lists: join.Lists) -> np.ndarray:
    """The rows that tell of a conversation: a round of the codebook and a place."""
    of_list = lists.have("conversations")[rows.list]
    return np.flatnonzero((rows.kind == ROW) & of_list & (cleaned.round >= 0) & rows.text("municipality").filled)


def _fates(rows: Rows, lists: join.Lists, members: join.Members, talks: np.ndarray) -> np.ndarray:
    """What became of each row: used, merged or set aside."""
    fates = np.full(len(rows), join.SET_ASIDE)
    fates[(rows.kind == ROW) & lists.have("claims")[rows.list]] = join.USED
    fates[talks] = join.USED
    fates[members.at] = members.role
    return fates


def _things(ids: Column, same_as: Column) -> int:
    """How many projects there are when those that are the same thing count once."""
    linked = np.flatnonzero(same_as.filled)
    one = ids.put(linked, same_as.take(linked))
    return len(pc.unique(one.texts()))
