"""data/raw -> data/clean. The stages read top to bottom in `_tables`; the result moves into place as the last act."""

import contextlib
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wmo_analysis.areas import Areas
from wmo_analysis.codebook import Codebook
from wmo_analysis.errors import ListUnreadable
from wmo_analysis.pipeline import card as cards_of
from wmo_analysis.pipeline import check, clean, formats, header, join, places, private, tables, whole, write
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.stage import ROW, Column, Findings, Rows, stacked
from wmo_analysis.schema import CODED, Finding
from wmo_analysis.words import say
from wmo_analysis.workspace import Workspace, unnamed

UNREAD = "R01 R02 R03 R04 R05 R17 R18 R27 R28 R33".split()  # findings on a list of which no row is in the monitor
NOBODY = private.Contacts()
NONE_ASIDE: Mapping[str, int] = {}
FEW = 5  # lists that are named when none could be read

Progress = Callable[[int, int, str], None]
Begin = Callable[[str, tables.Table], None]


def silent(done: int, total: int, name: str) -> None:
    """Tells nobody how far a build is."""


@dataclass(frozen=True)
class Built:
    """What a build made: the account and the findings, how many projects, the day of the newest list, whether a source has
    several lists, so that one may end what another told, and messages on what it cleaned up."""

    ledger: pd.DataFrame
    findings: pd.DataFrame
    projects: int
    date: str
    several: bool
    messages: list[str]


def build(workspace: Path | str = ".", progress: Progress = silent, aside: Mapping[str, int] = NONE_ASIDE) -> Built:
    """Builds data/clean of a workspace.

    `progress(done, total, name)` is called for each list. A list that cannot be read becomes a finding, the others still
    build. `aside` are lists that are left out (R28), each with its number of rows: whoever builds goes through the door in
    bulkhead.py, which finds them. Raises NotBuilt, with the promise that nothing was changed, when there is no list, another
    build is busy, a correction no longer fits, or the disk refuses; LawBroken when a law does not hold; and, as law 10 has
    it, whatever the program does wrong.
    """
    here = Workspace(Path(workspace))
    if not here.raw.is_dir():
        raise whole.stopped(say("build.no_raw", folder=here.root.resolve().name))
    codebook = Codebook.open(here.reference)
    with whole.told(here.data, here.weight), whole.lock(here.data) as messages:
        messages += whole.recover(here.clean)
        made_from = here.fingerprint()
        with _uncollected(), whole.replaced(here.clean) as part, write.Writer(part) as writer:
            odd = _map(here, codebook)
            made, read = clean_tables(here.raw, codebook, progress, aside, writer.begin, odd)
            things = _things(made["projects"]["project_id"], made["projects"]["same_as"])
            named = {read.shown(name): sha for name, sha in made_from.items()}
            writer.finish(made, read.cards, named)  # the folder moves as the last act: Ctrl-C before it changed nothing
    several = _several(made["projects"]["source_id"], made["projects"]["file"], read.cards)
    date = max(card.date for card in read.cards)
    return Built(made["ledger"], made["findings"], things, date, several, messages)


def rehearsal(workspace: Path | str, name: str) -> Iterator[int]:
    """Builds the tables of one list and writes nothing: yields the number of its rows as soon as they are read. Raises
    whatever a build raises."""
    here = Workspace(Path(workspace))
    codebook = Codebook.open(here.reference)
    others = dict.fromkeys(lists(here.root), 0)
    del others[name]
    read = _read(here.raw, codebook, silent, others)
    yield len(read.rows[0])
    _tables(read, codebook)


def lists(workspace: Path | str) -> list[str]:
    """The names of the lists of a workspace that have a card which can be used."""
    here = Workspace(Path(workspace))
    return [card.list for card in cards_of.cards(here.raw, Codebook.open(here.reference))[0]]


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


def _map(here: Workspace, codebook: Codebook) -> list[Finding]:
    """What is odd in the boundaries that the analyst added, if any."""
    areas = Areas.open(here.areas, codebook.municipality_names)
    if not areas:
        return []
    file = here.areas.relative_to(here.root).as_posix()
    return [Finding(doubt.code, file, listed=doubt.listed, kept=doubt.kept) for doubt in areas.doubts]


def _nothing(name: str, table: tables.Table) -> None:
    """Nobody waits for a table."""


def clean_tables(
    raw: Path,
    codebook: Codebook,
    progress: Progress = silent,
    aside: Mapping[str, int] = NONE_ASIDE,
    begin: Begin = _nothing,
    told: Iterable[Finding] = (),
) -> tuple[dict, "_Read"]:
    """(every clean table, what reading gave), checked against the laws; for `begin` and `told` see `_tables`."""
    read = _read(raw, codebook, progress, aside)
    return _tables(read, codebook, begin, told), read


def _tables(read: "_Read", codebook: Codebook, begin: Begin = _nothing, told: Iterable[Finding] = ()) -> dict:
    """Every clean table of the lists that were read. `begin` is called with the table that is ready long before the others
    and largest, for who wants to write it meanwhile; `told` was found elsewhere."""
    lists = join.Lists(read.cards, codebook)
    rows = stacked(read.rows)
    listed = tables.listed(rows, lists)
    begin("listed", listed)
    findings = Findings(rows, lists.files)
    cleaned = clean.cleaned(rows, read.cards, codebook, findings)
    talks = _talks(rows, cleaned, lists)
    members = join.members(cleaned, lists, findings)
    projects = join.projects(cleaned, lists, members, findings)
    join.placed(projects, cleaned, lists, findings)
    join.themed(projects, cleaned, lists, findings)
    steps = join.conversations(cleaned, lists, talks, findings)
    facts = join.facts(cleaned, lists, findings)
    project_of, fate = join.settled(cleaned.money, cleaned, lists, members)
    check.doubts(cleaned, lists, projects, project_of, findings)
    fates = _fates(rows, members, talks, facts)
    made = tables.made(tables.Joined(cleaned, lists, members, projects, steps, facts, project_of, fate), findings)
    made["listed"] = listed
    # the first law: what no stage took is set aside, and says so; a fact that is stated again did
    lost = np.flatnonzero((rows.kind == ROW) & (fates == join.SET_ASIDE) & ~lists.have("claims")[rows.list])
    findings.add("C07", lost)
    made["ledger"] = check.ledger(cleaned, lists, fates, fate, read.unread)
    check.laws(made, made["ledger"], codebook)
    made["findings"] = check.findings([*read.parts, *findings.parts], [*read.told, *told], codebook)
    return made


# ---------------------------------------------------------------- reading


@dataclass
class _Read:
    """What reading gave: the cards of the lists that were read and their rows, what was found, what could not be read, as
    (file, basis, rows), and the contacts of each list."""

    cards: list[Card] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)
    told: list[Finding] = field(default_factory=list)
    parts: list[pd.DataFrame] = field(default_factory=list)
    unread: list[tuple[str, str, int]] = field(default_factory=list)
    contacts: dict[str, private.Contacts] = field(default_factory=dict)

    def refuse(self, finding: Finding, basis: str, rows: int = 0) -> None:
        """Leaves the list of the finding out; its `rows`, as far as they were counted, are set aside."""
        self.told.append(finding)
        self.unread.append((finding.file, basis, rows))

    def shown(self, name: str) -> str:
        """The name of a file below data/raw as others may see it: one that holds contact data as its hash, so that a
        changed file is still noticed."""
        beside = [each for file, each in self.contacts.items() if Path(file).parent == Path(name).parent]
        if any(each.file(name) != name for each in (NOBODY, *beside)):
            return unnamed(name)
        return name


def _read(raw: Path, codebook: Codebook, progress: Progress, aside: Mapping[str, int]) -> _Read:
    """The rows of all lists, corrected and without contact data; a list that cannot be read leaves the others alone."""
    cards, told = cards_of.cards(raw, codebook)
    lists = {finding.file for finding in told if not finding.file.endswith(cards_of.SUFFIX)}
    told = [_masked(finding, NOBODY) for finding in told]
    if not cards:
        raise whole.stopped(say("build.no_list", why=_why(told)))
    # a list without a card that can be used stands in the ledger all the same, with no rows
    refused = sorted(lists - {card.list for card in cards})
    found = _Read(told=told, unread=[(NOBODY.file(file), "", 0) for file in refused])
    for card in cards:
        if card.list in aside:
            found.refuse(_masked(Finding("R28", card.list), NOBODY), card.basis, aside[card.list])
    cards = [card for card in cards if card.list not in aside]
    sheets = formats.opened_all([card.path for card in cards])
    known = names_of_no_person(codebook)  # made while the first list is read
    for done, (card, opened) in enumerate(zip(cards, sheets, strict=True), 1):
        progress(done, len(cards), NOBODY.file(card.list))
        try:
            _take(found, card, opened, known, codebook)
        except ListUnreadable as error:
            told = Finding(error.code, card.list, listed=error.listed, kept=error.text)
            found.refuse(_masked(told, NOBODY), card.basis)
    if not found.rows:
        raise whole.stopped(say("build.none_read", why=_why(found.told)))
    return found


def _take(
    found: _Read, card: Card, opened: formats.Opened | ListUnreadable, known: set[str], codebook: Codebook
) -> None:
    """Adds a list to what was found. Raises ListUnreadable."""
    if isinstance(opened, ListUnreadable):
        raise opened
    answer = header.read(opened, card, len(found.cards))
    contacts = found.contacts[card.list] = private.Contacts(answer.contacts, known)
    if contacts.file(card.list) != card.list:  # its path stands in every table, where nothing can mask it
        found.refuse(_masked(Finding("R27", card.list), contacts), card.basis)
        return
    found.cards.append(_public(card, contacts))
    found.rows.append(answer.rows)
    found.told += [_masked(finding, contacts) for finding in answer.findings]
    found.parts += _prepared(answer.rows, card, contacts, codebook, found)


def _why(told: list[Finding]) -> str:
    """The first lists that could not be read, each with its reason, for the end of a sentence."""
    said = [f"{finding.file} ({finding.kept or finding.listed})" for finding in told if finding.code in UNREAD]
    if len(said) > FEW:
        said[FEW:] = ["..."]
    return f": {'; '.join(said)}" * bool(said)


def _prepared(
    rows: Rows, card: Card, contacts: private.Contacts, codebook: Codebook, found: _Read
) -> list[pd.DataFrame]:
    """Findings on the rows of a list, after corrections and without contact data."""
    rows.sheet = private.sheets_without_contacts(rows.sheet, contacts)
    findings = Findings(rows, Column.of([each.list for each in found.cards]))
    for kind, code in header.SET_ASIDE.items():
        findings.add(code, np.flatnonzero(rows.kind == kind))
    clean.corrected(rows, card, codebook.corrections, contacts.masked, findings)
    private.without_contacts(rows, contacts, findings)
    return findings.parts


def names_of_no_person(codebook: Codebook) -> set[str]:
    """Names that are no contact, whoever is called so: a contact "Baarn" must not make the municipality vanish."""
    return places.names_of_places(codebook).union(*map(codebook.names, CODED))


def _public(card: Card, contacts: private.Contacts) -> Card:
    """The card without contact data in what is told of it."""
    return replace(card, owner=contacts.masked(card.owner), licence=contacts.masked(card.licence))


def _masked(finding: Finding, contacts: private.Contacts) -> Finding:
    """The finding without contact data in the texts that it quotes."""
    texts = {name: contacts.masked(getattr(finding, name)) for name in ("sheet", "listed", "kept")}
    return replace(finding, file=contacts.file(finding.file), **texts)


# ---------------------------------------------------------------- what becomes of rows


def _talks(rows: Rows, cleaned: clean.Cleaned, lists: join.Lists) -> np.ndarray:
    """The rows that tell of a conversation: a round of the codebook and a place."""
    of_list = lists.have("conversations")[rows.list]
    return np.flatnonzero((rows.kind == ROW) & of_list & (cleaned.round >= 0) & rows.text("municipality").filled)


def _fates(rows: Rows, members: join.Members, talks: np.ndarray, facts: np.ndarray) -> np.ndarray:
    """What became of each row: used, merged or set aside."""
    fates = np.full(len(rows), join.SET_ASIDE)  # a row that feeds several tables has one fate, the last below
    fates[facts] = join.USED
    fates[talks] = join.USED
    fates[members.at] = members.role
    return fates


def _several(sources: Column, files: Column, cards: list[Card]) -> bool:
    """Whether a source has several lists, by the cards or by the rows."""
    pairs = pa.table({"source": sources.arrow(), "file": files.arrow()}).group_by(["source", "file"]).aggregate([])
    told = set(zip(pairs["source"].to_pylist(), pairs["file"].to_pylist(), strict=True))
    told |= {(card.source, card.list) for card in cards}
    return len(told) > len(dict(told))


def _things(ids: Column, same_as: Column) -> int:
    """How many projects there are when those that are the same thing count once."""
    linked = np.flatnonzero(same_as.filled)
    one = ids.put(linked, same_as.take(linked))
    return len(pc.unique(one.texts()))
