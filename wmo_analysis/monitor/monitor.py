"""The Monitor: clean tables, the codebook and a selection. Frozen: `within` and `as_of` return a new one.

`within` and `as_of` only note what was chosen; rows are chosen when a table is asked for, so their order never matters.
"""

import bisect
import dataclasses
import datetime
import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wmo_analysis import words
from wmo_analysis.codebook import Codebook
from wmo_analysis.days import day
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor.facts import Facts, Talks, cells
from wmo_analysis.monitor.pool import Pool
from wmo_analysis.schema import (
    BASES,
    BASIS_FILTERS,
    FILTER_CODES,
    FILTERS,
    LANGUAGES,
    PLACE,
    PLACE_FILTERS,
    STANDINGS,
    STATES,
    STATUSES,
    Citation,
    cited,
)


@dataclass(frozen=True, eq=False)
class Standing:
    """How far each municipality of the codebook is in its conversations."""

    round: np.ndarray  # 0 without a step
    reached: np.ndarray  # the furthest state, its place in STATES; -1 without a step
    now: np.ndarray  # what it stands at, its place in STANDINGS; -1 without a step


@dataclass(frozen=True, eq=False)
class Monitor:
    """Clean `tables` of a workspace, `codebook`, the `deliveries` (one row per list), filters, date and language.

    Two Monitors are equal when they are one; `filters`, `date` and `language` tell what was chosen.
    """

    tables: dict[str, pd.DataFrame] = field(repr=False)
    codebook: Codebook = field(repr=False)
    deliveries: pd.DataFrame = field(repr=False)
    build: str
    filters: tuple[tuple[str, frozenset], ...] = ()
    date: str = ""
    language: str = "nl"
    facts: Facts = field(default=None, repr=False)  # shared by every Monitor made from this one

    def __post_init__(self):
        if not self.facts or not self.facts.same(self.tables, self.codebook, self.deliveries):
            object.__setattr__(self, "facts", Facts(self.tables, self.codebook, self.deliveries))

    # ------------------------------------------------------------ choosing

    def within(self, **chosen: str | int | Iterable[str | int]) -> "Monitor":
        """A Monitor narrowed to `theme`, `region`, `municipality`, `source`, `round`, `status` or `basis`.

        A value is an id or a label in Dutch or English, in any case; several values in one filter mean any, several
        filters (also repeated) mean all. Raises WmoError that lists the values there are.
        """
        filters = list(self.filters)
        for name, values in chosen.items():
            listed = [values] if isinstance(values, (str, int)) else list(values)
            filters.append((name, frozenset(self._code(name, value) for value in listed)))
        return self._with(filters=tuple(filters))

    def without(self, *names: str) -> "Monitor":
        """A Monitor without the filters of these names."""
        return self._with(filters=tuple(f for f in self.filters if f[0] not in names))

    def as_of(self, date: str) -> "Monitor":
        """A Monitor on that day (ISO text), in valid time: what had begun and not ended. Raises WmoError."""
        try:
            day = datetime.date.fromisoformat(str(date)).isoformat()
        except ValueError as error:
            raise WmoError(f"'{date}' is geen datum; schrijf die als 2007-10-09.") from error
        return self._with(date=day)

    def in_language(self, language: str) -> "Monitor":
        """The same Monitor with labels and sentences in 'nl' or 'en'. Raises WmoError."""
        if language not in LANGUAGES:
            raise WmoError(f"Onbekende waarde voor taal: {language}. Mogelijk zijn: {', '.join(LANGUAGES)}.")
        return self._with(language=language)

    def _with(self, **changed: str | tuple) -> "Monitor":
        """A Monitor with something else chosen; this one, and all that it has computed, where that is no change."""
        # a Monitor is where its masks live: to hand out the same one again is to compute nothing again
        same = all(getattr(self, name) == value for name, value in changed.items())
        return self if same else dataclasses.replace(self, **changed)

    def _code(self, name: str, value: str | int) -> str:
        if name not in FILTERS:
            raise WmoError(f"Onbekend filter: {name}. Mogelijk zijn: {', '.join(FILTERS)}.")
        if name not in FILTER_CODES:  # its codes and labels are judgements, in the codebook
            return self.codebook.find(name, value)
        wanted = str(value).casefold()
        if wanted in FILTER_CODES[name]:
            return wanted
        for language in LANGUAGES:
            for code in FILTER_CODES[name]:
                if words.say(f"{name}.{code}", language).casefold() == wanted:
                    return code
        there = ", ".join(self.label(name, code) for code in FILTER_CODES[name])
        raise WmoError(f"Onbekende waarde voor {name}: {value}. Mogelijk zijn: {there}.")

    # ------------------------------------------------------------ what was chosen

    @property
    def bases(self) -> set[str]:
        """The bases that the basis filters leave."""
        left = set(BASES)
        for values in self.chosen("basis"):
            left &= set().union(*(BASIS_FILTERS[value] for value in values))
        return left

    def chosen(self, name: str) -> list[frozenset]:
        """The values of each filter of that name, in the order given."""
        return [values for other, values in self.filters if other == name]

    @functools.cached_property
    def municipalities(self) -> list[str]:
        """gm_codes that region, municipality and round leave, in Dutch alphabetical order: the denominator."""
        return self.left(PLACE_FILTERS)

    def left(self, names: Iterable[str]) -> list[str]:
        """gm_codes that the filters of these names leave, in Dutch alphabetical order."""
        left = set(self.codebook.gm_codes)  # of the filters each narrows what the others leave, in any order
        for name in names:
            for values in self.chosen(name):
                left &= set().union(*(self.places_of(name).get(value, ()) for value in values))
        return [code for code in self.codebook.gm_codes if code in left]

    def places_of(self, name: str) -> dict[str, list[str]]:
        """Each code of a filter in PLACE_FILTERS -> the gm_codes that it stands for on the date."""
        if name == "municipality":
            return {code: [code] for code in self.codebook.gm_codes}
        return self.codebook.regions_on(self.date) if name == "region" else self._rounds

    @functools.cached_property
    def _rounds(self) -> dict[str, list[str]]:
        """round -> the municipalities in it; a source filter narrows the projects only."""
        rounds: dict[str, list[str]] = {code: [] for code in self.codebook.rounds["round"]}
        for gm_code, number in zip(self.codebook.gm_codes, self.standing(self.begun()).round.tolist(), strict=True):
            if str(number) in rounds:
                rounds[str(number)].append(gm_code)
        return rounds

    # ------------------------------------------------------------ deliveries in force

    @functools.cached_property
    def _delivered(self) -> list[int]:
        """The deliveries that the basis filter leaves, without the examples of a source that has a received one."""
        bases, lists = self.bases, self.facts.lists
        received = {each.source_id for each in lists if each.basis == "received"}
        # under every filter and on every date: an invented row beside a real one would be counted as a second project
        silenced = {at for at, each in enumerate(lists) if each.basis == "example" and each.source_id in received}
        return [at for at, each in enumerate(lists) if each.basis in bases and at not in silenced]

    def _in_force(self, kind: str) -> dict[int, bool]:
        """The deliveries in force on the date for that kind of rows, after the basis filter -> whether they are later.

        Per source and basis the newest dated at or before it, else the oldest later one.
        """
        groups: dict[tuple[str, str], list[int]] = {}
        lists, force = self.facts.lists, {}
        for at in self._delivered:
            if lists[at].kind == kind:
                groups.setdefault((lists[at].source_id, lists[at].basis), []).append(at)
        for group in groups.values():
            dates = sorted(lists[at].date for at in group)
            past = bisect.bisect_right(dates, self.date)  # the lists at or before the date
            chosen = dates[max(past - 1, 0)]
            force |= {at: not past for at in group if lists[at].date == chosen}
        return force

    def _of_chosen_source(self, deliveries: Iterable[int]) -> list[int]:
        """The deliveries of which the source filters leave the source."""
        chosen = self.chosen("source")
        if not chosen:
            return list(deliveries)
        left = frozenset.intersection(*chosen)
        return [at for at in deliveries if self.facts.lists[at].source_id in left]

    @functools.cached_property
    def _telling(self) -> dict[int, bool]:
        """The deliveries in force that tell of projects, of any source -> whether they are later than the date."""
        return self._in_force("projects")

    @functools.cached_property
    def later_deliveries(self) -> list[str]:
        """Source ids of which only deliveries after the date exist, in codebook order; subtitles say so."""
        later: dict[str, bool] = {}
        for at in self._of_chosen_source(self._telling):
            source = self.facts.lists[at].source_id
            later[source] = later.get(source, True) and self._telling[at]
        return [code for code in self.codebook.source_ids if later.get(code)]

    @functools.cached_property
    def complete_sources(self) -> set[str]:
        """The sources left that have a delivery in force which its card calls complete."""
        here = [self.facts.lists[at] for at in self._of_chosen_source(self._telling)]
        return {each.source_id for each in here if each.complete}

    @property
    def known_complete(self) -> bool:
        """Whether a source left has a complete delivery in force: only then an empty cell means that no project is known."""
        return bool(self.complete_sources)

    # ------------------------------------------------------------ projects, in arrays

    @functools.cached_property
    def pool(self) -> Pool:
        """The projects after basis and source filter, in arrays: what `keep`, `derived` and `counts` are about."""
        force, delivered = self._of_chosen_source(self._telling), self._of_chosen_source(self._delivered)
        return self.facts.pool(frozenset(force), frozenset(delivered))

    @property
    def whole(self) -> Pool:
        """The projects after the basis filter alone."""
        return self.facts.pool(frozenset(self._telling), frozenset(self._delivered))

    @functools.cached_property
    def pool_of_sources(self) -> Pool:
        """As `pool`, of every source: each project stands in it once for each source that lists it, as that source alone
        tells it. What a source filter leaves is a part of it."""
        return self.facts.pool(frozenset(self._telling), frozenset(self._delivered), True)

    @property
    def derived(self) -> np.ndarray:
        """The status on the date of each project of `pool`, as its place in STATUSES."""
        return self.pool.derived(self.date)[0]

    def mask(self, pool: Pool, names: Iterable[str] = FILTERS) -> np.ndarray:
        """Whether the filters of these names keep each project of a pool; basis and source have made the pool."""
        facts, keep = self.facts, np.ones(len(pool), dtype=bool)
        for values in self.chosen("theme") if "theme" in names else ():
            keep &= facts.touching(values)[pool.theme]
        # without a place filter nothing is asked of the place: projects that are nowhere, or outside, stay
        places = [name for name in PLACE_FILTERS if name in names and self.chosen(name)]
        if places:
            keep &= facts.reached(self.left(places))[pool.place]
        for values in self.chosen("status") if "status" in names else ():
            keep &= np.array([status in values for status in STATUSES])[pool.derived(self.date)[0]]
        return keep

    @functools.cached_property
    def keep(self) -> np.ndarray:
        """Whether each project of `pool` is one of `projects`."""
        return self.mask(self.pool)

    @functools.cached_property
    def counting(self) -> np.ndarray:
        """Whether each project of `pool` is one of `projects` and counts on the date."""
        return self.keep & self.pool.derived(self.date)[1]

    @functools.cached_property
    def kept_rows(self) -> np.ndarray:
        """The rows of `projects`, as their places in `facts.rows`."""
        return self.pool.at[self.keep[self.pool.of]]

    @functools.cached_property
    def sources(self) -> list[str]:
        """The sources that the rows of `projects` are from, in codebook order."""
        return [self.codebook.source_ids[at] for at in np.flatnonzero(np.bincount(self.facts.source[self.kept_rows]))]

    # ------------------------------------------------------------ projects, in frames: for lists and trace

    @property
    def rows(self) -> pd.DataFrame:
        """Project rows of the lists in force, after basis and source filter, with `group` (the one project that rows
        are of) and the strongest row first."""
        return self.pool.rows

    @functools.cached_property
    def projects(self) -> pd.DataFrame:
        """The projects of the selection, one row each: the columns of the projects table, `derived` (status on the
        date), `counts` and `example`; the index is the project."""
        derived, counts = self.pool.derived(self.date)
        statuses = pd.array(STATUSES, dtype="str").take(derived[self.keep])
        return self.pool.frame[self.keep].assign(derived=statuses, counts=counts[self.keep])

    @functools.cached_property
    def placements(self) -> pd.DataFrame:
        """group, gm_code, via, partnership_id, weight of the projects of `rows`, from the row whose placement counts."""
        rows = self.rows[self.rows["placement"] != "unknown"].drop_duplicates("group")
        return rows[["group", "project_id", "file"]].merge(self.tables["placements"], on=["project_id", "file"])

    @functools.cached_property
    def themes(self) -> pd.DataFrame:
        """group and theme of the projects of `rows`, from the strongest row that states a theme.

        The unknown theme is that of a project which touches no other column; beside another one it is left out.
        """
        themes = [self.facts.themes[number] for number in self.pool.theme]
        groups = np.repeat(self.pool.frame.index.to_numpy(dtype=object), [len(here) for here in themes])
        return pd.DataFrame({"group": groups, "theme": list(itertools.chain(*themes))}, dtype="str")

    # ------------------------------------------------------------ conversations

    def begun(self, of_source: bool = False) -> Talks:
        """Steps of conversations in force, optionally of the sources left, that have begun on the date; a planned step
        holds with its delivery."""
        force, talks = self._in_force("conversations"), self.facts.talks
        files = {self.facts.lists[at].file for at in (self._of_chosen_source(force) if of_source else force)}
        there = np.array([file in files for file in self.facts.talk_files], dtype=bool)[talks.file]
        return talks.take(np.flatnonzero(there & (talks.planned | (talks.day <= day(self.date)))))

    def standing(self, talks: Talks) -> Standing:
        """How far these steps have brought the municipalities. The round is that of the newest step, ties to the higher
        round."""
        number, reached = np.zeros(len(self.facts.number), dtype=np.int64), np.full(len(self.facts.number), -1)
        order = np.lexsort((talks.round, talks.day))
        number[talks.gm[order]] = talks.round[order]  # of several values the last one stands
        np.maximum.at(reached, talks.gm, talks.rank)
        second = np.isin(np.arange(len(number)), talks.gm[talks.second]) & (reached < STATES.index("agreed"))
        return Standing(number, reached, np.where(second, STANDINGS.index("second_contact"), reached))

    @functools.cached_property
    def stood(self) -> Standing:
        """How far the municipalities left are on the date, as the lists of the sources left tell it; of the others as if
        nobody had named them."""
        talks = self.begun(of_source=True)
        return self.standing(talks.take(np.isin(talks.gm, self.facts.numbers(self.municipalities))))

    @functools.cached_property
    def states(self) -> pd.DataFrame:
        """One row per municipality named in a conversation list: gm_code, round, state, reached.

        `reached` is the furthest step begun, in the order of schema.STATES; `state` is that too, or second_contact
        while nothing is agreed. The round is that of the newest step, ties to the higher round.
        """
        all_of_them, standings = self.standing(self.begun(of_source=True)), np.array(STANDINGS, dtype=object)
        named = np.flatnonzero(all_of_them.reached >= 0)
        table = pd.DataFrame({"gm_code": [self.codebook.gm_codes[at] for at in named]})
        table["round"] = all_of_them.round[named]
        return table.assign(state=standings[all_of_them.now[named]], reached=standings[all_of_them.reached[named]])

    # ------------------------------------------------------------ citation

    @functools.cached_property
    def assumptions(self) -> list[str]:
        """Short texts on the assumed memberships and theme mappings that figures of this selection lean on."""
        pool, facts = self.pool, self.facts
        used: set[str] = set()
        for number in np.unique(pool.place[self.keep]):
            used |= facts.through[number]
        partners = [name for code, name in facts.assumed.items() if code in used]
        at, themes = facts.mapped
        labels = []
        for theme in sorted(set(themes[np.append(self.keep, False)[pool.home[at]]])):
            labels.append(self.codebook.label("theme", theme, self.language, short=True))
        told = [words.say("assumption.members", self.language, name=name) for name in partners]
        told += [words.say("assumption.theme", self.language, name=label) for label in labels]
        return told

    @functools.cached_property
    def notes(self) -> list[str]:
        """What a subtitle says of the lists: that some are later than the date, that examples are silenced."""
        notes, lists = [], self.facts.lists
        if self.later_deliveries:
            notes.append(words.say("note.later", self.language, count=len(self.later_deliveries)))
        received = {each.source_id for each in lists if each.basis == "received"}
        if {"received", "example"} <= self.bases and any(
            e.source_id in received for e in lists if e.basis == "example"
        ):
            notes.append(words.say("note.received", self.language))
        return notes

    @functools.cached_property
    def citation(self) -> Citation:
        """What every table of this selection says of itself; a measure adds its name and what it knows besides."""
        names = [self.label("source", code) for code in self.sources]
        bases = [BASES[at] for at in np.flatnonzero(np.bincount(self.facts.basis[self.kept_rows]))]
        return Citation(
            selection=[(name, sorted(values)) for name, values in self.filters],
            selection_text=self.told(),
            as_of=self.date,
            sources=sorted(self.sources),
            source_names=names,
            bases=bases,
            projects=int(self.keep.sum()),
            examples=int(self.pool.example[self.keep].sum()),
            language=self.language,
            build=self.build,
            assumptions=self.assumptions,
            subtitle_notes=self.notes,
        )

    def cite(self, table: pd.DataFrame, measure: str, **more: object) -> pd.DataFrame:
        """The table of a measure with its Citation in `attrs["wmo"]`, and with `more` that only this one knows."""
        return cited(table, self.citation.replaced(measure=measure, **more))

    def label(self, name: str, code: str) -> str:
        """The label of a code of a filter, in the language."""
        if name in FILTER_CODES:
            return words.say(f"{name}.{code}", self.language)
        return code if name == "round" else self.codebook.label(name, code, self.language)

    def told(self) -> str:
        """The filters in one phrase of the language: 'thema Mantelzorg, regio Utrecht-West'; '' without filters."""
        parts = []
        for name, values in self.filters:
            labels = [self.label(name, code) for code in sorted(values)]
            parts.append(f"{words.say(f'filter.{name}', self.language)} {words.listing(labels, self.language)}")
        return ", ".join(parts)

    # ------------------------------------------------------------ trace

    def trace(self, gm_code: str = "", theme: str = "", project_id: str = "") -> pd.DataFrame:
        """Where projects come from, one row per cell of their source rows: project_id, file, sheet, row, column, listed,
        kept, code.

        `listed` is the text as it stood in the list, `kept` and `code` tell of a finding on that cell, else are empty.
        """
        rows = self.facts.rows.take(self.pool.at[self._behind(gm_code, theme)[self.pool.of]])
        if project_id:
            rows = rows[(rows["group"] == project_id) | (rows["project_id"] == project_id)]
        source = rows[["project_id", "file"]].merge(self.tables["project_sources"], on=["project_id", "file"])
        listed = cells(self.tables, places=source[["project_id", *PLACE]])
        doubts = self.tables["findings"][[*PLACE, "column", "kept", "code"]]
        # two findings on one cell stand in one row, or the cell would be there twice
        doubts = doubts.groupby([*PLACE, "column"], as_index=False).agg({"kept": "; ".join, "code": ", ".join})
        traced = listed.merge(doubts, on=[*PLACE, "column"], how="left").fillna({"kept": "", "code": ""})
        return traced[["project_id", *PLACE, "column", "listed", "kept", "code"]]

    def _behind(self, gm_code: str, theme: str) -> np.ndarray:
        """Whether each project of `pool` is part of a cell of the matrix; without a cell, of the selection."""
        pool, behind = self.pool, self.counting if gm_code or theme else self.keep
        if gm_code:  # province-wide is no part of a cell
            (number,) = self.facts.numbers([self.codebook.find("municipality", gm_code)])
            behind = behind & (self.facts.reach[:, number] > 0)[pool.place] & ~pool.outside
        if theme:
            behind = behind & self.facts.touching(frozenset([self.codebook.find("theme", theme)]))[pool.theme]
        return behind
