"""Third stage: rows of all lists -> projects, and what is told of them: placements, themes, amounts, conversations.

Rows of one list that share an id are one project; each of its fields comes from the row that states it best, never from
the position.
"""

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wmo_analysis.codebook import NOT_STATED, Codebook, key
from wmo_analysis.days import NEVER, day, iso, later
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.clean import Cleaned, Money
from wmo_analysis.pipeline.places import Cell, Places, Theme, Themes, bare_key, vintage
from wmo_analysis.pipeline.stage import ROW, Column, Findings, expanded, first_of, groups, in_order, several
from wmo_analysis.schema import APPROVALS, BASES, PRECISIONS, STATED, TEXTS

USED, MERGED, SET_ASIDE = range(3)  # what became of a row or an amount
ROLES = ("used", "merged")


@dataclass
class Lists:
    """What the cards say, as arrays with a value per list."""

    cards: list[Card]
    codebook: Codebook

    def __post_init__(self):
        self.files = Column.of(self.said("list"))
        self.bases = Column.of(self.said("basis"))
        self.credits = Column.of(self.said("credit"))
        self.basis = np.array(list(map(BASES.index, self.said("basis"))))
        self.date = np.array(list(map(day, self.said("date"))), dtype=np.int32)
        self.whole_country = np.array(self.said("whole_country"))
        self.rank = np.argsort(np.argsort(self.said("list")))  # by name, never by position
        stated = [code or NOT_STATED for code in self.said("source")]
        self.sources = list(dict.fromkeys([*self.codebook.source_ids, *stated]))
        self.source = np.array(list(map(self.sources.index, stated)))
        self.credit = self.credits.ranks(np.arange(len(self.cards)))

    def said(self, name: str) -> list:
        """What each card says under that name."""
        return [getattr(card, name) for card in self.cards]

    def have(self, kind: str) -> np.ndarray:
        """Whether each list has rows of that kind."""
        return np.array([kind in rows for rows in self.said("rows")])


@dataclass
class Members:
    """The rows that belong to projects: `at` is the row, `project` the number of its id in `ids` (in their order), `source`
    and `basis` as ranks, `role` used or merged."""

    at: np.ndarray
    ids: Column
    project: np.ndarray
    list: np.ndarray
    source: np.ndarray
    basis: np.ndarray
    role: np.ndarray
    same_as: Column


@dataclass
class Projects:
    """One entry per project and list. `lead` is the member that it stands for, `by[field]` the member that states a field;
    `places` and `shares` are its place text and weights, of all rows that name its places together; `cells` are what the
    distinct place texts name, `cell` the place of each project's in them; the same for themes."""

    members: Members
    lead: np.ndarray
    by: dict[str, np.ndarray]
    places: Column
    shares: Column
    cell: np.ndarray = field(default=None)
    cells: list[Cell] = field(default_factory=list)
    theme: np.ndarray = field(default=None)
    themes: list[list[Theme]] = field(default_factory=list)
    theme_codes: list[list[str]] = field(default_factory=list)  # of each distinct theme text, each once
    theme_parts: list[str] = field(default_factory=list)  # one, several, unknown or outside

    def __len__(self) -> int:
        return len(self.lead)

    @property
    def project(self) -> np.ndarray:
        return self.members.project[self.lead]

    @property
    def list(self) -> np.ndarray:
        return self.members.list[self.lead]

    def row(self, name: str = "lead") -> np.ndarray:
        """The row that states a field of each project, or that it stands for."""
        return self.members.at[self.lead if name == "lead" else self.by[name]]


# ---------------------------------------------------------------- letters


def facts(clean: Cleaned, lists: Lists, findings: Findings) -> np.ndarray:
    """The rows that state a fact of a letter, each fact once for the lists of a day. Finding: J18 a row that repeats one."""
    rows = clean.rows
    at = np.flatnonzero((rows.kind == ROW) & lists.have("claims")[rows.list])
    number = rows.list[at]
    stated = [lists.date[number], clean.periods["as_of"].first[at], rows.text("fact_id").ranks(at)]
    first = at[first_of(*groups(stated), [lists.rank[number], at])]
    findings.add("J18", np.setdiff1d(at, first), "fact_id", rows.text("fact_id"))
    return np.sort(first)


# ---------------------------------------------------------------- identity


def members(clean: Cleaned, lists: Lists, findings: Findings) -> Members:
    """The project rows with their ids: the source and the list's own key, else 8 hex digits of title and municipality;
    exact repeats without a key get -2, -3. A row merges into the project that `merges_with` names.

    Findings: J06 a link that leads nowhere, J10 an unknown source, J12 a `same_as` that names nothing stronger.
    """
    rows = clean.rows
    at = np.flatnonzero((rows.kind == ROW) & lists.have("projects")[rows.list] & rows.text("title").filled)
    number, basis = rows.list[at], lists.basis[rows.list[at]]
    source = _sources(clean, lists, at, findings)
    own = _own_ids(clean, lists, at, source)
    ids = _continued(clean, lists, at, _merged(clean, basis, at, own, findings), findings)
    same_as = _same_as(clean, lists, at, ids, findings)
    # numbers in the order of the ids, never of the rows: shuffled lists give the same tables (the fifth law)
    project = pc.rank(ids, tiebreaker="dense").to_numpy().astype(np.int64) - 1 if len(at) else np.zeros(0, np.int64)
    count = int(project.max(initial=-1)) + 1
    lead = np.empty(count, dtype=np.int64)
    lead[project] = np.arange(len(at))
    # sources stand in the order in which they decide, so that of a project the lowest one is used and the others merge
    strongest = np.full(count * len(BASES), len(lists.sources))
    np.minimum.at(strongest, project * len(BASES) + basis, source)
    role = np.where(source == strongest[project * len(BASES) + basis], USED, MERGED)
    return Members(at, Column(project, ids.take(pa.array(lead)), True), project, number, source, basis, role, same_as)


def _sources(clean: Cleaned, lists: Lists, at: np.ndarray, findings: Findings) -> np.ndarray:
    """The source of each row, as its rank: what the row states, else the card, else not stated."""
    column, names = clean.rows.text("source"), lists.codebook.names("source")
    order = {code: rank for rank, code in enumerate(lists.sources)}
    listed = column.each(lambda text: order.get(names.get(key(text), [""])[0], -1), np.int64)[at]
    unknown = (listed < 0) & column.filled[at]
    findings.add("J10", at[unknown], "source", column, NOT_STATED)
    stated = np.where(unknown, order[NOT_STATED], lists.source[clean.rows.list[at]])
    return np.where(listed >= 0, listed, stated)


def _own_ids(clean: Cleaned, lists: Lists, at: np.ndarray, source: np.ndarray) -> pa.Array:
    keys = clean.rows.text("key").take(at).stripped()
    keyed = keys.filled
    sources = pa.array(lists.sources, pa.large_string()).take(pa.array(source))
    if not keyed.all():
        bare = np.flatnonzero(~keyed)
        keys = keys.put(bare, Column.of(_hashed(clean, at[bare])))
        repeat = _repeats(clean, at, keys, source, bare)
        again = np.flatnonzero(repeat > 1)
        texts = [f"{text}-{n}" for text, n in zip(keys.texts(again).to_pylist(), repeat[again], strict=True)]
        keys = keys.put(again, Column.of(texts))
    return pc.binary_join_element_wise(sources, keys.texts(), pa.scalar("-", pa.large_string()))


def _hashed(clean: Cleaned, at: np.ndarray) -> list[str]:
    """8 hex digits of the normalised title and municipality of each row."""
    titles = clean.rows.text("title").texts(at).to_pylist()
    places = clean.rows.text("municipality").each(key)[at]
    texts = (f"{key(title)}|{place}" for title, place in zip(titles, places, strict=True))
    return [hashlib.sha256(text.encode()).hexdigest()[:8] for text in texts]


def _repeats(clean: Cleaned, at: np.ndarray, keys: Column, source: np.ndarray, bare: np.ndarray) -> np.ndarray:
    """1 for the first row of a list with its id, 2 for the next: exact repeats of rows without a key, in the order of
    their texts."""
    repeat = np.ones(len(at), dtype=np.int64)
    number = clean.rows.list[at]
    group, count = groups([source, keys.ranks(np.arange(len(at))), number])
    twice = bare[several(group, count)[bare]]
    if not len(twice):
        return repeat
    here = at[twice]
    columns = [group[twice], clean.rows.sheet.take(here), *(clean.rows.text(name).take(here) for name in TEXTS)]
    order = twice[in_order(columns, len(twice))]
    new = np.ones(len(order), dtype=bool)
    new[1:] = group[order][1:] != group[order][:-1]
    place = np.arange(len(order))
    repeat[order] = place - np.maximum.accumulate(np.where(new, place, 0)) + 1
    return repeat


def _merged(clean: Cleaned, basis: np.ndarray, at: np.ndarray, own: pa.Array, findings: Findings) -> pa.Array:
    """The ids after `merges_with`, where another row of the same basis has the id that it names; else J06."""
    column = clean.rows.text("merges_with").take(at).stripped()
    wanted = np.flatnonzero(column.filled)
    if not len(wanted):
        return own
    targets = column.texts(wanted)
    hits = np.flatnonzero(pc.is_in(own, targets).to_numpy(zero_copy_only=False))
    there = set(zip(own.take(pa.array(hits)).to_pylist(), basis[hits].tolist(), strict=True))
    pairs = list(zip(targets.to_pylist(), basis[wanted].tolist(), strict=True))
    fits = np.array([pair in there for pair in pairs], dtype=bool)
    lost = wanted[~fits]
    kept = own.take(pa.array(lost)).to_pandas()
    findings.add("J06", at[lost], "merges_with", column.texts(lost).to_pandas(), kept)
    return Column.of(own).put(wanted[fits], Column.of(targets.filter(pa.array(fits)))).texts()


def _named(clean: Cleaned, at: np.ndarray, number: int, name: str) -> np.ndarray:
    """The members of a list that go by that name: its key or its title."""
    rows = clean.rows
    here = np.flatnonzero(rows.list[at] == number)
    hit = rows.text("key").take(at[here]).equals(name) | rows.text("title").take(at[here]).equals(name)
    return here[hit]


def _continued(clean: Cleaned, lists: Lists, at: np.ndarray, ids: pa.Array, findings: Findings) -> pa.Array:
    """The ids where a person confirmed on the card that a row goes on, under another name, as an earlier project; J06
    where the card names no one row, or no project of another list of that basis."""
    made, texts = ids, None
    for number, card in enumerate(lists.cards):
        for link in card.continues:
            texts = texts or ids.to_pylist()
            hit = _named(clean, at, number, link.row)
            of_basis = lists.basis[clean.rows.list[at]] == lists.basis[number]
            others = np.flatnonzero(of_basis & (clean.rows.list[at] != number))
            if len(hit) == 1 and any(texts[each] == link.project for each in others):
                made = Column.of(made).put(hit, Column.constant(link.project, 1)).texts()
            else:
                findings.of_list("J06", number, "continues", f"{link.row} = {link.project}")
    return made


def _same_as(clean: Cleaned, lists: Lists, at: np.ndarray, ids: pa.Array, findings: Findings) -> Column:
    """same_as of each member as its card states it, chains resolved to the strongest; J12 where it names nothing."""
    same = Column.constant("", len(at))
    links = [(number, link) for number, card in enumerate(lists.cards) for link in card.same_as]
    if not links:
        return same
    basis = lists.basis[clean.rows.list[at]]
    targets = np.flatnonzero(pc.is_in(ids, pa.array([link.project for _, link in links], ids.type)).to_numpy(False))
    strength: dict[str, int] = {}
    for text, rank in zip(ids.take(pa.array(targets)).to_pylist(), basis[targets].tolist(), strict=True):
        strength[text] = min(rank, strength.get(text, rank))
    chain = {}
    for number, link in links:
        hit = _named(clean, at, number, link.row)
        if len(hit) and strength.get(link.project, len(BASES)) < lists.basis[number]:
            same = same.put(hit, Column.constant(link.project, 1))
            chain |= dict.fromkeys(ids.take(pa.array(hit)).to_pylist(), link.project)
        else:
            findings.of_list("J12", number, "same_as", f"{link.row} = {link.project}")
    ends = []
    for text in same.spellings.to_pylist():
        for _ in BASES:  # no chain is longer: every link leads to a stronger basis
            text = chain.get(text, text)
        ends.append(text)
    return Column(same.codes, pa.array(ends, pa.large_string()))


# ---------------------------------------------------------------- one entry per project and list


def projects(clean: Cleaned, lists: Lists, found: Members, findings: Findings) -> Projects:
    """One entry per id and list, and J07 where the rows of one project contradict each other.

    Each group of fields comes from the smallest value stated; the municipalities are those of all its rows together, as of a
    partnership and its participants. Between lists of one basis the entries stay apart
    (Monitor.as_of takes each field from the strongest that states it), the contradiction is told.
    """
    entry, count = groups([found.project, found.list])
    sheet = clean.rows.sheet.take(found.at).ranks(np.arange(len(found.at)))
    lead = first_of(entry, count, [found.source, sheet, clean.rows.row[found.at]])
    shared = np.flatnonzero(several(entry, count))  # members of entries with more than one row
    by, values, together = {}, _Values(clean, found), np.zeros(0, dtype=np.int64)
    for name in STATED:
        by[name] = lead.copy()
        if not len(shared):
            continue
        stated = shared[values.stated(name)[shared]]
        keys = [found.source[stated], *values.keys(name, stated)]
        best = first_of(entry[stated], count, keys)
        by[name][best >= 0] = stated[best[best >= 0]]
        other = stated[values.differ(name, stated, by[name][entry[stated]])]
        if name == "municipality":  # rows of the source that decides name the places together
            same = found.source == found.source[by[name][entry]]
            together = stated[same[stated] & np.isin(entry[stated], entry[other[same[other]]])]
            other = other[~same[other]]
        values.tell(findings, name, other, by[name][entry[other]])
    made = Projects(found, lead, by, *_places(clean, found.at, by["municipality"], entry, together))
    _contradictions(made, values, lists, findings)
    return made


def _places(
    clean: Cleaned, at: np.ndarray, best: np.ndarray, entry: np.ndarray, together: np.ndarray
) -> tuple[Column, Column]:
    """(place text, weights) of each entry: of its best row, or of those members that name its places together."""
    texts = [clean.rows.text(name).take(at) for name in ("municipality", "weights")]
    named: dict[int, dict[str, str]] = {}
    for number, place, share in sorted(
        zip(entry[together].tolist(), *(each.texts(together).to_pylist() for each in texts), strict=True)
    ):
        named.setdefault(number, {}).setdefault(place, share)
    rows, made = np.array(list(named), dtype=np.int64), [each.take(best) for each in texts]
    if len(rows):
        shares = [";".join(each.values()).strip(";") for each in named.values()]
        made[0] = made[0].put(rows, Column.of(list(map("\n".join, named.values()))))
        made[1] = made[1].put(rows, Column.of(shares))
    return made[0], made[1]


_BY_NAME = np.argsort(np.argsort(PRECISIONS))  # place in PRECISIONS -> place in the order of their names


class _Values:
    """What members state of each group of fields: the first column says whether it is stated."""

    def __init__(self, clean: Cleaned, found: Members):
        self.clean, self.found = clean, found

    def columns(self, name: str) -> list[Column | np.ndarray]:
        """The fields of a group for all members."""
        at, rows = self.found.at, self.clean.rows
        if name in ("start", "end"):
            period = self.clean.periods[name].take(at)
            return [period.first, period.last, _BY_NAME[period.precision]]
        if name == "same_as":
            return [self.found.same_as]
        if name == "hours":
            return [self.clean.hours[at]]
        if name == "status":
            return [self.clean.status.take(at), rows.text("status").take(at)]
        if name == "municipality":
            return [rows.text("municipality").take(at), rows.text("weights").take(at)]
        return [rows.text(name).take(at)]

    def stated(self, name: str) -> np.ndarray:
        lead = self.columns(name)[0]
        if isinstance(lead, Column):
            return lead.filled & ~lead.equals("unknown")
        if lead.dtype.kind == "f":
            return ~np.isnan(lead)
        return lead > 0

    def keys(self, name: str, of: np.ndarray) -> list[np.ndarray]:
        """The fields of these members as numbers that order as their values do."""
        return [each.ranks(of) if isinstance(each, Column) else each[of] for each in self.columns(name)]

    def differ(self, name: str, of: np.ndarray, from_: np.ndarray) -> np.ndarray:
        """Whether the lead fields of these members differ from those of others, pair by pair."""
        both = self.keys(name, np.concatenate([of, from_]))[0]
        return both[: len(of)] != both[len(of) :]

    def tell(self, findings: Findings, name: str, other: np.ndarray, best: np.ndarray) -> None:
        """J07 on each of the members `other`: what it says, and what was kept."""
        if len(other):
            column = self.clean.rows.text(name).take(self.found.at)
            if name == "same_as":  # a card states it, no column
                column = self.found.same_as
            listed, kept = column.texts(other).to_pandas(), column.texts(best).to_pandas()
            findings.add("J07", self.found.at[other], name, listed, kept)


def _contradictions(made: Projects, values: _Values, lists: Lists, findings: Findings) -> None:
    """J07 where lists of different sources, of one basis, state a field of a project differently."""
    found, source = made.members, made.members.source[made.lead]
    group, count = groups([made.project, found.basis[made.lead]])
    shared = np.flatnonzero(several(group, count))
    if not len(shared):
        return
    shared = shared[np.lexsort([lists.rank[made.list[shared]], source[shared]])]
    for name in STATED:
        if name in ("title", "good_example", "same_as"):  # other words for one thing contradict nothing
            continue
        stated = shared[values.stated(name)[made.by[name][shared]]]
        best = first_of(group[stated], count, [np.arange(len(stated))])[group[stated]]
        best = stated[best]
        differs = values.differ(name, made.by[name][stated], made.by[name][best])
        other = differs & (source[stated] != source[best])
        values.tell(findings, name, made.by[name][stated[other]], made.by[name][best[other]])


# ---------------------------------------------------------------- places and themes


def placed(made: Projects, clean: Cleaned, lists: Lists, findings: Findings) -> None:
    """Fills the cells of the projects: what their place texts name, a partnership for its members at the start of the
    project, else at its first delivery. Findings: J01, J02, J03."""
    at = made.row("municipality")
    first = np.full(int(made.members.project.max(initial=-1)) + 1, lists.date.max(initial=0) + 1)
    np.minimum.at(first, made.members.project, lists.date[made.members.list])
    start = clean.periods["start"].first[made.row("start")]
    on = np.where(start > 0, start, first[made.project])
    made.cell, made.cells = cells_of(made.places, on, lists.whole_country[made.list], lists.codebook)
    tell_places(findings, made.cell, made.cells, at)
    _tell_vintage(made, lists, findings)


def _tell_vintage(made: Projects, lists: Lists, findings: Findings) -> None:
    """J15 on each list that names a municipality which was formed later than those of the codebook, J16 on each that names
    some that were merged before: what they are, and since when they are there or gone."""
    named: dict[int, set[str]] = {}
    count = len(made.cells)
    for pair in pd.unique(made.list * np.int64(count) + made.cell).tolist():
        number, cell = divmod(pair, count)
        named.setdefault(number, set()).update(bare_key(part.text) for part in made.cells[cell].parts)
    for number, names in named.items():
        for code, found in zip(("J15", "J16"), vintage(names, lists.codebook), strict=True):
            if found:
                findings.of_list(code, number, "municipality", *found)


def cells_of(column: Column, on: np.ndarray, whole: np.ndarray, codebook: Codebook) -> tuple[np.ndarray, list[Cell]]:
    """(the place of each row's cell, the distinct cells) of place texts on days."""
    lookup = Places(codebook)
    epochs = Column.coded(on, lambda days: [codebook.epoch(iso(each)) for each in days])
    days = list(dict.fromkeys(epochs.spellings.to_pylist()))
    keys = (column.codes.astype(np.int64) * len(days) + epochs.each(days.index, np.int64)) * 2 + whole
    cell, distinct = pd.factorize(keys)
    spellings, cells = distinct // 2 // max(len(days), 1), []
    for text, rest in zip(column.spellings.take(pa.array(spellings)).to_pylist(), distinct.tolist(), strict=True):
        cells.append(lookup.cell(text, days[rest // 2 % len(days)], bool(rest % 2)))
    return cell, cells


def tell_places(
    findings: Findings, cell: np.ndarray, cells: list[Cell], at: np.ndarray, unknown_only: bool = False
) -> None:
    """J01 unknown, J02 through the name of a place or a former municipality, J03 outside, one per row and part."""
    codes, told = {"unknown": "J01"}, {}
    if not unknown_only:
        codes |= {"place": "J02", "former": "J02", "split": "J17", "outside": "J03"}
    for number, each in enumerate(cells):
        parts = {part.text: part for part in reversed(each.parts) if part.how in codes}
        if parts:
            told[number] = list(parts.values())
    _tell_parts(findings, told, cell, at, "municipality", lambda part: (
        codes[part.how], part.text, " ".join(part.gm_codes), "|".join(part.hints)))  # fmt: skip


def _tell_parts(findings: Findings, told: dict, cell: np.ndarray, at: np.ndarray, column: str, line: Callable) -> None:
    """Findings on the parts `told` per cell, on every row that has the cell; `line` gives code, listed, kept and hints."""
    flags = np.zeros(max(told, default=-1) + 2, dtype=bool)
    flags[list(told)] = True
    rows = np.flatnonzero(flags[np.minimum(cell, len(flags) - 1)]) if told else []
    lines: dict[str, list] = {}
    for row in rows:
        for part in told[cell[row]]:
            code, *texts = line(part)
            lines.setdefault(code, []).append((at[row], *texts))
    for code, each in lines.items():
        places, listed, kept, hints = zip(*each, strict=True)
        findings.add(code, np.array(places), column, list(listed), list(kept), list(hints))


def themed(made: Projects, clean: Cleaned, lists: Lists, findings: Findings) -> None:
    """Fills the themes of the projects. Findings: J04 unknown theme, J05 excluded theme, J11 mapped by assumption."""
    book, at = lists.codebook, made.row("theme")
    column, lookup = clean.rows.text("theme").take(at), Themes(lists.codebook)
    made.theme, used = pd.factorize(column.codes)
    made.themes = [lookup.cell(text) for text in column.spellings.take(pa.array(used)).to_pylist()]
    for parts in made.themes:
        codes = [part.theme for part in parts] or [book.theme_with("unknown")]
        made.theme_codes.append(list(dict.fromkeys(codes)))
    made.theme_parts = [lookup.part(set(codes)) for codes in made.theme_codes]
    aliases = book.aliases[(book.aliases["domain"] == "theme") & (book.aliases["assumption"] == "yes")]
    assumed = set(map(key, aliases["text"]))
    excluded = book.theme_with("excluded")
    for code, told_of in {
        "J04": lambda part: not part.known,
        "J05": lambda part: part.theme == excluded,
        "J11": lambda part: key(part.text) in assumed,
    }.items():
        told = {}
        for number, parts in enumerate(made.themes):
            if hits := list(filter(told_of, parts)):
                told[number] = hits
        _tell_parts(findings, told, made.theme, at, "theme", lambda part, code=code: (
            code, part.text, part.theme, part.hint if code == "J04" else ""))  # fmt: skip


# ---------------------------------------------------------------- amounts


def settled(money: Money, clean: Cleaned, lists: Lists, found: Members) -> tuple[np.ndarray, np.ndarray]:
    """(the project of each amount, -1 for none; what became of it). Of a project in two lists, those of the strongest list
    with an amount on that credit are used, the others merged. Amounts of rows that are no project are set aside."""
    member = np.full(len(clean.rows), -1)
    member[found.at] = np.arange(len(found.at))
    mine = member[money.at]
    project = np.where(mine >= 0, found.project[mine] if len(found.at) else -1, -1)
    fate = np.full(len(mine), SET_ASIDE)
    counts = np.flatnonzero((mine >= 0) & (money.kind >= 0) & money.read)
    number = clean.rows.list[money.at[counts]]
    # per credit: a list may state what is on it, and another one what is off it
    group, count = groups([project[counts], lists.basis[number], lists.credit[number]])
    source = found.source[mine[counts]]
    strongest = np.full(count, len(lists.sources))
    np.minimum.at(strongest, group, source)
    fate[counts] = np.where(source == strongest[group], USED, MERGED)
    return project, fate


# ---------------------------------------------------------------- conversations

STEPS = {  # list column -> the step that a day in it tells of
    "talk": "talk",
    "quotation": "quotation",
    **{approval: approval for approval in APPROVALS},
    "second_contact": "second_contact",
    "start": "running",
    "end": "completed",
}
IN_ORDER = ("talk", "quotation", "approval_1", "start", "end")


@dataclass
class Steps:
    """Steps of conversations: the row, the municipality, and the days of the step, 0 for a planned one."""

    at: np.ndarray
    gm_code: Column
    step: Column
    first: np.ndarray
    last: np.ndarray
    precision: np.ndarray


def conversations(clean: Cleaned, lists: Lists, at: np.ndarray, findings: Findings) -> Steps:
    """One entry per municipality, round and step of the conversation rows `at`.

    A row with a round is `planned`; each dated step adds one, an approval of one party too; the three together make
    `agreed` besides, on the day of the last; `completed` holds from the day after the last day of the end. C14 where a
    step comes before the one it follows, C17 where it comes after its round, J01 for a name that no place has.
    """
    places, on = clean.rows.text("municipality").take(at), lists.date[clean.rows.list[at]]
    cell, cells = cells_of(places, on, np.zeros(len(at), bool), lists.codebook)
    tell_places(findings, cell, cells, at, unknown_only=True)
    _tell_order(clean, at, findings)
    _tell_closed(clean, lists.codebook, at, findings)
    return _steps(_dated(clean, at), at, cell, [_codes(each) for each in cells])


def _steps(dated: list[tuple], at: np.ndarray, cell: np.ndarray, codes: list[list[str]]) -> Steps:
    """The steps of `_dated` for each municipality (`codes` of each cell) of the conversation rows `at`."""
    owner, place = expanded(cell, codes)  # of each conversation its row, and its municipality among all
    hits, days = [], []
    for name, *period in dated:
        hits.append(np.flatnonzero((period[0][owner] > 0) | (name == "planned")))
        days.append(np.array(period)[:, owner[hits[-1]]])
    step = np.repeat(np.arange(len(dated)), list(map(len, hits)))
    steps = Column(step, pa.array([name for name, *_ in dated], pa.large_string()))
    gm_codes, hit = Column.of(list(itertools.chain.from_iterable(codes))), np.concatenate(hits)
    first, last, precision = np.concatenate(days, axis=1).astype(np.int64)
    return Steps(at[owner[hit]], gm_codes.take(place[hit]), steps, first, last, precision)


def _codes(cell: Cell) -> list[str]:
    """The municipalities of all parts of a cell."""
    return list(itertools.chain.from_iterable(part.gm_codes for part in cell.parts))


def _tell_order(clean: Cleaned, at: np.ndarray, findings: Findings) -> None:
    """C14 where a step comes before the one that it follows."""
    for before, after in itertools.pairwise(IN_ORDER):
        earlier, later_on = clean.periods[before].first[at], clean.periods[after].first[at]
        wrong = at[(earlier > 0) & (later_on > 0) & (later_on < earlier)]
        text = Column.coded(clean.periods[after].first[wrong], lambda each: list(map(iso, each))).pandas()
        findings.add("C14", wrong, after, text, text)


def _tell_closed(clean: Cleaned, codebook: Codebook, at: np.ndarray, findings: Findings) -> None:
    """C17 where a talk comes after the last day of its round; what it leads to may come later."""
    ends = dict(zip(codebook.rounds["round"].astype(int), codebook.rounds["activity_to"].map(day), strict=True))
    closed = np.array([ends[number] or NEVER for number in clean.round[at].tolist()], dtype=np.int64)
    text = clean.rows.text("talk")
    findings.add("C17", at[clean.periods["talk"].first[at] > closed], "talk", text, text)


def _dated(clean: Cleaned, at: np.ndarray) -> list[tuple]:
    """(step, first day, last day, precision) of the conversation rows; 0 where they have not come to it."""
    none = np.zeros(len(at), dtype=np.int32)
    found = [("planned", none, none, none)]
    for column, step in STEPS.items():
        period = clean.periods[column].take(at)
        first, last = period.first, period.last
        if step == "completed":  # a period has ended after its last day
            first = last = np.array([day(later(iso(each))) if each else 0 for each in last.tolist()])
        found.append((step, first, last, period.precision))
    approvals = [clean.periods[name].take(at) for name in APPROVALS]
    days = np.array([each.first for each in approvals])
    pick = days.argmax(axis=0), np.arange(len(at))
    first = np.where((days > 0).all(axis=0), days[pick], 0)
    last = np.array([each.last for each in approvals])[pick]
    precision = np.array([each.precision for each in approvals])[pick]
    found.append(("agreed", first, last, precision))
    return found
