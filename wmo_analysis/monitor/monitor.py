"""The Monitor: clean tables, the codebook and a selection. Frozen: `within`, `as_of` and `known_on` return a new one.

They only note what was chosen; rows are chosen when a table is asked for, so their order never matters.
"""

import dataclasses
import datetime
import functools
import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd

from wmo_analysis import words
from wmo_analysis.areas import Areas
from wmo_analysis.codebook import Codebook, key
from wmo_analysis.days import day
from wmo_analysis.errors import WmoError, must_be_one, unknown
from wmo_analysis.monitor.facts import Facts, Money, Stated, Talks, cells
from wmo_analysis.monitor.pool import Pool
from wmo_analysis.monitor.why import why
from wmo_analysis.schema import (
    BASES,
    BASIS_FILTERS,
    FILTER_CODES,
    FILTERS,
    LANGUAGES,
    LEANS,
    PLACE,
    PLACE_FILTERS,
    STANDINGS,
    STATES,
    STATUSES,
    Citation,
    cited,
    made_of,
)


@dataclass(frozen=True, eq=False)
class Standing:
    """How far each municipality of the codebook is in its conversations."""

    round: np.ndarray  # 0 without a step
    reached: np.ndarray  # the furthest state, its place in STATES; -1 without a step
    now: np.ndarray  # what it stands at, its place in STANDINGS; -1 without a step


def _day(date: str) -> str:
    """The ISO day that was given; raises WmoError."""
    try:
        return datetime.date.fromisoformat(str(date)).isoformat()
    except ValueError as error:
        raise WmoError(f"'{date}' is geen datum; schrijf die als 2007-10-09.") from error


class Traced(Protocol):
    """A figure of a measure, which knows how to find its rows; see measure.figure."""

    def rows(self, monitor: "Monitor") -> pd.DataFrame: ...


@dataclass(frozen=True, eq=False)
class Monitor:
    """Clean `tables` of a workspace, `codebook`, the `deliveries` (one row per list), filters, two clocks and language.

    `date` is the day that it tells of; `known` the day up to which lists take part, '' for every list. Two Monitors are
    equal when they are one; `filters`, `date`, `known` and `language` tell what was chosen.
    """

    tables: dict[str, pd.DataFrame] = field(repr=False)
    codebook: Codebook = field(repr=False)
    deliveries: pd.DataFrame = field(repr=False)
    build: str
    filters: tuple[tuple[str, frozenset], ...] = ()
    date: str = ""
    known: str = ""
    language: str = "nl"
    areas: Areas | None = field(default=None, repr=False)  # boundaries for the map, where the analyst added them
    facts: Facts = field(default=None, repr=False)  # shared by every Monitor made from this one

    def __post_init__(self):
        if not self.facts or not self.facts.same(self.tables, self.codebook, self.deliveries):
            object.__setattr__(self, "facts", Facts(self.tables, self.codebook, self.deliveries))

    # ------------------------------------------------------------ choosing

    def within(self, **chosen: str | int | Iterable[str | int]) -> "Monitor":
        """A Monitor narrowed to `theme`, `region`, `municipality`, `source`, `scheme`, `round`, `status` or `basis`.

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
        return self._with(date=_day(date))

    def known_on(self, date: str) -> "Monitor":
        """A Monitor that knows only the lists dated at or before that day (ISO text); '' = all we know now.

        Raises WmoError for what is no date.
        """
        return self._with(known=date and _day(date))

    def in_language(self, language: str) -> "Monitor":
        """The same Monitor with labels and sentences in 'nl' or 'en'. Raises WmoError."""
        must_be_one("taal", language, LANGUAGES)
        return self._with(language=language)

    def _with(self, **changed: str | tuple) -> "Monitor":
        """A Monitor with something else chosen; this one, and all that it has computed, where that is no change."""
        # a Monitor is where its masks live: to hand out the same one again is to compute nothing again
        same = all(getattr(self, name) == value for name, value in changed.items())
        return self if same else dataclasses.replace(self, **changed)

    def _code(self, name: str, value: str | int) -> str:
        if name not in FILTERS:
            raise WmoError(f"Onbekend filter: {name}. Mogelijk zijn: {', '.join(FILTERS)}.")
        if name == "scheme":
            return self._scheme(str(value))
        if name not in FILTER_CODES:  # its codes and labels are judgements, in the codebook
            return self.codebook.find(name, value)
        wanted = str(value).casefold()
        if wanted in FILTER_CODES[name]:
            return wanted
        for language in LANGUAGES:
            for code in FILTER_CODES[name]:
                if words.say(f"{name}.{code}", language).casefold() == wanted:
                    return code
        raise unknown(name, value, self.labels(name, FILTER_CODES[name]))

    def _scheme(self, value: str) -> str:
        """The scheme that the lists name so, in its first spelling; the codebook has none of them."""
        for name in self.facts.schemes:
            if key(name) == key(value):
                return name
        raise WmoError(words.say("filter.no_scheme", name=value, names=", ".join(self.facts.schemes) or "-"))

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
    def existing(self) -> set[str]:
        """gm_codes of the municipalities that exist on the date."""
        table = self.codebook.municipalities
        ended = (table["end_date"] != "") & (table["end_date"] <= self.date)
        return set(table.loc[(table["start_date"] <= self.date) & ~ended, "gm_code"])

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
        if name == "region":
            return self.codebook.regions_on(self.date)
        return self._rounds

    @functools.cached_property
    def _rounds(self) -> dict[str, list[str]]:
        """round -> the municipalities in it; a source filter narrows the projects only."""
        # of the lists of every source: who is in a round does not hang on which projects are shown
        number, rounds = self.standing(self.begun()).round, {}
        for code in self.codebook.rounds["round"]:
            rounds[code] = self.codebook.marked(number == int(code))
        return rounds

    # ------------------------------------------------------------ deliveries in force

    @functools.cached_property
    def _possible(self) -> list[int]:
        """The deliveries that the basis filter leaves, whenever they came, without the examples of a source that has a
        received one."""
        # under every filter and on every date: an invented row beside a real one would be counted as a second project
        there = np.isin([each.basis for each in self.facts.lists], list(self.bases)) & ~self.facts.silenced
        return np.flatnonzero(there).tolist()

    def delivered(self, kind: str) -> frozenset[int]:
        """The deliveries with that kind of rows that take part, as their places in `facts.lists`, of any source."""
        lists = self.facts.lists
        known = self.known or max(each.date for each in lists)  # without a day: all that there is
        return frozenset(at for at in self._possible if lists[at].kind == kind and lists[at].date <= known)

    def _of_chosen_source(self, deliveries: Iterable[int]) -> list[int]:
        """The deliveries of which the source filters leave the source."""
        chosen = self.chosen("source")
        if not chosen:
            return list(deliveries)
        left = frozenset.intersection(*chosen)
        return [at for at in deliveries if self.facts.lists[at].source_id in left]

    def chosen_lists(self, kind: str) -> list[int]:
        """The deliveries with that kind of rows that take part, of the sources that the source filters leave."""
        return self._of_chosen_source(self.delivered(kind))

    def told_then(self, name: str) -> pd.DataFrame:
        """The rows of a clean table without those of lists dated after the day up to which we know."""
        table, dates = self.tables[name], self.deliveries["date"]
        later = self.deliveries.loc[dates > (self.known or dates.max()), "file"]
        return table[~table["file"].isin(later)]

    @functools.cached_property
    def by_file(self) -> pd.DataFrame:
        """`deliveries` by the name of their list; what is said of a list does not hang on the kind of its rows."""
        return self.deliveries.drop_duplicates("file").set_index("file")

    @functools.cached_property
    def silent_sources(self) -> list[str]:
        """Source ids left that have no list yet on the day up to which we know, in codebook order; subtitles say so."""
        lists = self.deliveries.iloc[self._of_chosen_source(self._possible)]
        told = lists.loc[lists["date"] <= (self.known or lists["date"].max()), "source_id"]
        silent = set(lists["source_id"]) - set(told)
        return [code for code in self.codebook.source_ids if code in silent]

    @functools.cached_property
    def complete_sources(self) -> set[str]:
        """The sources left of which a delivery that takes part is called complete by its card."""
        here = [self.facts.lists[at] for at in self.chosen_lists("projects")]
        return {each.source_id for each in here if each.whole}

    @property
    def known_complete(self) -> bool:
        """Whether a source left has a complete delivery: only then an empty cell means that no project is known."""
        return bool(self.complete_sources)

    # ------------------------------------------------------------ projects, in arrays

    @functools.cached_property
    def pool(self) -> Pool:
        """The projects after the basis filter, as far as we know them, in arrays: what `keep`, `derived` and `counts` are
        about."""
        return self.facts.pool(self.delivered("projects"))

    @property
    def derived(self) -> np.ndarray:
        """The status on the date of each project of `pool`, as its place in STATUSES."""
        return self.pool.derived(self.date)[0]

    def mask(self, without: Iterable[str] = ()) -> np.ndarray:
        """Whether the filters, without those of these names, keep each project of `pool`; basis and known_on have made
        the pool."""
        pool, facts, keep = self.pool, self.facts, np.ones(len(self.pool), dtype=bool)
        filters = [(name, values) for name, values in self.filters if name not in without]
        for name, values in filters:
            if name == "theme":
                keep &= facts.touching(values)[pool.theme]
            elif name == "source":
                keep &= pool.of_sources(values)
            elif name == "scheme":
                keep &= pool.of_schemes(values)
            elif name == "status":
                keep &= np.isin(STATUSES, list(values))[self.derived]
        # without a place filter nothing is asked of the place: projects that are nowhere, or outside, stay
        places = dict(filters).keys() & set(PLACE_FILTERS)
        if places:
            keep &= facts.reached(self.left(places))[pool.place]
        return keep

    @functools.cached_property
    def keep(self) -> np.ndarray:
        """Whether each project of `pool` is one of `projects`."""
        return self.mask()

    @functools.cached_property
    def half_told(self) -> np.ndarray:
        """Whether each project of `pool` is left out by a filter on a lower theme for the one reason that it states only
        the theme above it."""
        book, facts, half = self.codebook, self.facts, np.zeros(len(self.pool), dtype=bool)
        themes = self.chosen("theme")
        if not any(book.column_of[code] != code for codes in themes for code in codes):
            return half
        may_be = self.mask(without=["theme"])
        for codes in themes:
            above = frozenset(book.column_of[code] for code in codes if book.column_of[code] != code)
            may_be &= (facts.touching(codes) | facts.stating(above))[self.pool.theme]
        return may_be & ~self.keep

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
        return list(itertools.compress(self.codebook.source_ids, np.bincount(self.facts.source[self.kept_rows])))

    # ------------------------------------------------------------ projects, in frames: for lists and trace

    @property
    def rows(self) -> pd.DataFrame:
        """Project rows in force, after the basis filter, with `group` (the one project that rows are of) and the strongest
        row first."""
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
        themes = pd.Series(self.facts.themes)[self.pool.theme].set_axis(self.pool.frame.index)
        table = themes.explode().rename_axis("group").rename("theme").reset_index()
        return table.dropna(ignore_index=True).astype("str")

    # ------------------------------------------------------------ conversations

    def begun(self, of_source: bool = False) -> Talks:
        """Steps of conversations in force, optionally of the sources left, that have begun on the date; a planned step
        holds with its delivery."""
        today, talks = day(self.date), self.talks(of_source)
        return talks.take(talks.begun(today) & (self.talk_ends(talks) >= today))

    def talks(self, of_source: bool = False) -> Talks:
        """Every step of a conversation that the lists tell, whenever it begins, optionally of the sources left."""
        delivered = self.delivered("conversations")
        talks = self.facts.told(delivered)
        if not of_source:
            return talks
        left = self.facts.held(frozenset(self._of_chosen_source(delivered)))
        return talks.take(left[talks.delivery])

    def talk_ends(self, talks: Talks) -> np.ndarray:
        """The last day of each of these steps: the day before a complete list no longer names its municipality."""
        return self.facts.last_days(self.delivered("conversations"))[talks.delivery]

    def standing(self, talks: Talks) -> Standing:
        """How far these steps have brought the municipalities. The round is that of the newest step, ties to the higher
        round."""
        number, reached = np.zeros(len(self.facts.number), dtype=np.int64), np.full(len(self.facts.number), -1)
        order = np.lexsort((talks.round, talks.day))
        number[talks.gm[order]] = talks.round[order]  # of several values the last one stands
        # the furthest step and never the newest: a talk after an agreement undoes nothing
        np.maximum.at(reached, talks.gm, talks.rank)
        second = np.isin(np.arange(len(number)), talks.gm[talks.second]) & (reached < STATES.index("agreed"))
        return Standing(number, reached, np.where(second, STANDINGS.index("second_contact"), reached))

    @functools.cached_property
    def stood(self) -> Standing:
        """How far the municipalities left are on the date, as the lists of the sources left tell it; of the others as if
        nobody had named them."""
        return self.standing(self.named)

    @functools.cached_property
    def named(self) -> Talks:
        """The steps that have begun of the municipalities left, of the sources left."""
        talks = self.begun(of_source=True)
        return talks.take(np.isin(talks.gm, self.facts.numbers(self.municipalities)))

    @functools.cached_property
    def told_up(self) -> np.ndarray:
        """[municipality of the codebook]: whether every step of `named` of it is made up."""
        real = ~self.facts.made_up[self.named.delivery]
        told = np.isin(np.arange(len(self.facts.number)), self.named.gm)
        return told & ~np.isin(np.arange(len(told)), self.named.gm[real])

    @functools.cached_property
    def states(self) -> pd.DataFrame:
        """One row per municipality named in a conversation list: gm_code, round, state, reached.

        `reached` is the furthest step begun, in the order of schema.STATES; `state` is that too, or second_contact
        while nothing is agreed. The round is that of the newest step, ties to the higher round.
        """
        all_of_them, standings = self.standing(self.begun(of_source=True)), np.array(STANDINGS, dtype=object)
        named = all_of_them.reached >= 0
        table = pd.DataFrame({"gm_code": self.codebook.marked(named), "round": all_of_them.round[named]})
        return table.assign(state=standings[all_of_them.now[named]], reached=standings[all_of_them.reached[named]])

    # ------------------------------------------------------------ citation

    def partnerships(self, projects: np.ndarray) -> set[str]:
        """The partnerships through which some projects of `pool` (a mask) reach a municipality."""
        return set().union(*map(self.facts.through.__getitem__, np.unique(self.pool.place[projects])))

    def assumed(self, projects: np.ndarray, leans: Iterable[str] = LEANS) -> list[str]:
        """Short texts on the assumed memberships and theme mappings that lead to some projects of `pool` (a mask), of the
        kinds that a figure `leans` on."""
        told = []
        if "members" in leans:
            used = self.partnerships(projects)
            partners = [name for code, name in self.facts.assumed.items() if code in used]
            told += [words.say("assumption.members", self.language, name=name) for name in partners]
        if "themes" in leans:
            at, themes = self.facts.mapped
            for theme in sorted(set(themes[np.append(projects, False)[self.pool.home[at]]])):
                label = self.codebook.label("theme", theme, self.language, short=True)
                told.append(words.say("assumption.theme", self.language, name=label))
        return told

    def made_of_projects(
        self, projects: np.ndarray, what: str = "projects", leans: Iterable[str] = LEANS
    ) -> dict[str, object]:
        """What a citation says of a figure that is made of some projects of `pool` (a mask): how many, how many of them are
        examples, their sources, bases and assumptions."""
        pool, made_up = self.pool, projects & self.pool.example
        counts = int(projects.sum()), int(made_up.sum()), int((made_up & pool.known_too).sum())
        told_by = self._told_by_rows(pool.at[projects[pool.of]])
        return made_of(what, *counts, self.assumed(projects, leans)) | told_by

    def _told_by_rows(self, rows: np.ndarray) -> dict[str, object]:
        """What a citation says of the project rows that tell a figure."""
        sources = itertools.compress(self.codebook.source_ids, np.bincount(self.facts.source[rows]))
        return self.told_by(set(sources), itertools.compress(BASES, np.bincount(self.facts.basis[rows])))

    def told_by(self, sources: Collection[str], bases: Iterable[str]) -> dict[str, object]:
        """What a citation says of the lists that tell a figure: their sources and bases."""
        in_order = [code for code in self.codebook.source_ids if code in sources]
        names = self.labels("source", in_order)
        return {"sources": sorted(sources), "source_names": names, "bases": sorted(bases, key=BASES.index)}

    def made_of_amounts(self, amounts: Money, leans: Iterable[str] = ()) -> dict[str, object]:
        """The same of a figure that is made of amounts: it counts their projects."""
        projects, examples = np.unique(amounts.project), amounts.project[self.facts.example[amounts.at]]
        leaning = self.assumed(np.isin(np.arange(len(self.pool)), projects), leans)
        counts = made_of("amounts", len(projects), len(np.unique(examples)), assumptions=leaning)
        return counts | self._told_by_rows(amounts.at)

    def made_of_talks(self, talks: Talks) -> dict[str, object]:
        """The same of a figure that is made of conversations: it counts their municipalities."""
        lists = self.deliveries.iloc[np.unique(talks.delivery)]
        made_up = np.unique(talks.gm[self.facts.made_up[talks.delivery]])
        counts = made_of("conversations", len(np.unique(talks.gm)), len(made_up))
        return counts | self.told_by(set(lists["source_id"]), set(lists["basis"]))

    @functools.cached_property
    def notes(self) -> list[str]:
        """What a subtitle says of the lists: what was known when, who had sent none, that examples are silenced."""
        notes, language = [], self.language
        if self.codebook.carried_to:
            notes.append(words.say("note.carried", language, date=words.date(self.codebook.carried_to, language)))
        if self.known:
            notes.append(words.say("note.known", language, date=words.date(self.known, language)))
        if self.half_told.any():
            notes.append(words.say("note.half_told", language, count=int(self.half_told.sum())))
        if self.silent_sources:
            names = ", ".join(self.labels("source", self.silent_sources))
            notes.append(words.say("note.silent", language, names=names))
        if {"received", "example"} <= self.bases and self.facts.silenced.any():
            notes.append(words.say("note.received", self.language))
        return notes

    @functools.cached_property
    def citation(self) -> Citation:
        """What every table of this selection says of itself; a measure adds its name and what it knows besides."""
        return Citation(
            selection=[(name, sorted(values)) for name, values in self.filters],
            selection_text=self.told(),
            as_of=self.date,
            known_on=self.known,
            projects=int(self.keep.sum()),
            examples=int(self.pool.example[self.keep].sum()),
            language=self.language,
            build=self.build,
            subtitle_notes=self.notes,
            **self.made_of_projects(self.keep),
        )

    def cite(self, table: pd.DataFrame, measure: str, **more: object) -> pd.DataFrame:
        """The table of a measure with its Citation in `attrs["wmo"]`, and with `more` that only this one knows."""
        return cited(table, self.citation.replaced(measure=measure, **more))

    def label(self, name: str, code: str) -> str:
        """The label of a code of a filter, in the language."""
        if name in FILTER_CODES:
            return words.say(f"{name}.{code}", self.language)
        if name in ("round", "scheme"):  # a number, and a name as the lists spell it
            return code
        return self.codebook.label(name, code, self.language)

    def column_label(self, theme: str, short: bool = False) -> str:
        """The label of a column of themes; of one that a filter narrows to themes below it, those of what is left: its
        numbers are of them alone."""
        left = [theme]
        for values in self.chosen("theme"):
            below = [code for code, column in self.codebook.column_of.items() if column == theme and code in values]
            if below and theme not in below:
                left = below
        return words.listing([self.codebook.label("theme", code, self.language, short) for code in left], self.language)

    def labels(self, name: str, codes: Iterable[str]) -> list[str]:
        """The label of each of these codes."""
        return [self.label(name, code) for code in codes]

    def told(self) -> str:
        """The filters in one phrase of the language: 'thema Mantelzorg, regio Utrecht-West'; '' without filters."""
        parts = []
        for name, values in self.filters:
            labels = words.listing(self.labels(name, sorted(values)), self.language)
            parts.append(f"{words.say(f'filter.{name}', self.language)} {labels}")
        return ", ".join(parts)

    # ------------------------------------------------------------ claims of the letters

    @property
    def letters(self) -> dict[str, dict[tuple[int, str], Stated]]:
        """as_of -> (round, state) -> what that letter states, of the letters at or before the date."""
        return {as_of: said for as_of, said in self.facts.letters(self.known).items() if as_of <= self.date}

    @property
    def claims(self) -> pd.DataFrame:
        """The claims that the letters had stated by then: rows of the table of claims, and `found_in`, where each stands."""
        table = self.facts.claims(self.known)
        table = table[table["as_of"] <= self.date]
        letters = [words.say("claim.letter", self.language, date=words.day(day)) for day in table["as_of"]]
        found_in = [", ".join(filter(None, parts)) for parts in zip(letters, table["section"], strict=True)]
        return table.assign(found_in=pd.Series(found_in, index=table.index, dtype="str"))

    # ------------------------------------------------------------ trace

    def trace(
        self, figure: "Traced | None" = None, gm_code: str = "", theme: str = "", project_id: str = ""
    ) -> pd.DataFrame:
        """What a figure is made of, or where projects come from.

        Of a figure (measure.figure): one row per row of a list that is behind it: thing (what is counted: a project,
        municipality, booking, finding, fact), label, what (title, step and day, kind and day, sentence), value (adds up to
        the figure: 1, EUR cent or hours at the first row of each thing, else 0), example, project_id, gm_code, file, sheet,
        row. What is stated by the codebook has its table in place of a file. Raises WmoError for a figure that is in no
        table of this selection.

        Without a figure: one row per cell of the source rows of projects: project_id, file, sheet, row, column, listed,
        kept, code. `listed` is the text as it stood in the list, `kept` and `code` tell of a finding on that cell, else are
        empty.
        """
        if figure is not None:
            return figure.rows(self)
        rows = self.facts.rows.take(self.pool.at[self.in_cell(gm_code, theme)[self.pool.of]])
        if project_id:
            rows = rows[(rows["group"] == project_id) | (rows["project_id"] == project_id)]
        source = rows[["project_id", "file"]].merge(self.tables["project_sources"], on=["project_id", "file"])
        listed = cells(self.tables, places=source[["project_id", *PLACE]])
        doubts = self.tables["findings"][[*PLACE, "column", "kept", "code"]]
        # two findings on one cell stand in one row, or the cell would be there twice
        doubts = doubts.groupby([*PLACE, "column"], as_index=False).agg({"kept": "; ".join, "code": ", ".join})
        traced = listed.merge(doubts, on=[*PLACE, "column"], how="left").fillna({"kept": "", "code": ""})
        return traced[["project_id", *PLACE, "column", "listed", "kept", "code"]]

    def why(self, gm_code: str, theme: str = "") -> pd.DataFrame:
        """Why a cell of the matrix is empty ('' = of all themes): the complete lists that were searched, and the projects
        that would stand in it but for one reason.

        Returns kind (there, searched, nearest, absent), reason (there; complete, nothing; completed, planned, rejected,
        withdrawn, preselected, filtered, theme_above, unknown_theme, outside, province; absent, not_yet), label (source or
        title), what (day or reason in words), project, file, date, example (bool: it is made up). attrs: sentence. The
        filters of the selection hold, but that a project which they leave out is told as filtered. Raises WmoError for an
        unknown municipality or theme.

        Source: docs/rules.md, Coverage: `none known` only where something complete was there to search.
        """
        return why(self, gm_code, theme)

    def in_cell(self, gm_code: str, theme: str) -> np.ndarray:
        """Whether each project of `pool` is part of a cell of the matrix; without a cell, of the selection."""
        pool, behind = self.pool, self.keep
        if gm_code or theme:
            behind = self.counting
        if gm_code:  # province-wide is no part of a cell
            (number,) = self.facts.numbers([self.codebook.find("municipality", gm_code)])
            behind = behind & (self.facts.reach[:, number] > 0)[pool.place] & ~pool.outside
        if theme:
            behind = behind & self.facts.touching(frozenset([self.codebook.find("theme", theme)]))[pool.theme]
        return behind
