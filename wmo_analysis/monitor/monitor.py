"""The Monitor: clean tables, the codebook and a selection. Frozen: `within` and `as_of` return a new one.

`within` and `as_of` only note what was chosen; rows are chosen when a table is asked for, so their order never matters.
"""

import dataclasses
import datetime
import functools
import itertools
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wmo_analysis import words
from wmo_analysis.codebook import Codebook
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor.facts import Facts, Pool, day
from wmo_analysis.schema import (
    BASES,
    BASIS_FILTERS,
    LANGUAGES,
    PLACE_FILTERS,
    STATES,
    STATUSES,
    digest,
)


@dataclass(frozen=True)
class Monitor:
    """Clean `tables` of a workspace, `codebook`, the `deliveries` (one row per list), filters, date and language."""

    tables: dict[str, pd.DataFrame] = field(repr=False)
    codebook: Codebook = field(repr=False)
    deliveries: pd.DataFrame = field(repr=False)
    build: str
    filters: tuple[tuple[str, frozenset], ...] = ()
    date: str = ""
    language: str = "nl"
    facts: Facts = field(default=None, repr=False, compare=False)  # shared by every Monitor made from this one

    def __post_init__(self):
        if not self.facts or not self.facts.same(self.tables, self.codebook, self.deliveries):
            object.__setattr__(self, "facts", Facts(self.tables, self.codebook, self.deliveries))

    # ------------------------------------------------------------ choosing

    def within(self, **chosen) -> "Monitor":
        """A Monitor narrowed to `theme`, `region`, `municipality`, `source`, `round`, `status` or `basis`.

        A value is an id or a label in Dutch or English, in any case; several values in one filter mean any, several
        filters (also repeated) mean all. Raises WmoError that lists the values there are.
        """
        filters = list(self.filters)
        for name, values in chosen.items():
            listed = [values] if isinstance(values, (str, int)) else list(values)
            filters.append((name, frozenset(self._code(name, value) for value in listed)))
        return dataclasses.replace(self, filters=tuple(filters))

    def without(self, *names: str) -> "Monitor":
        """A Monitor without the filters of these names."""
        return dataclasses.replace(self, filters=tuple(f for f in self.filters if f[0] not in names))

    def as_of(self, date: str) -> "Monitor":
        """A Monitor on that day (ISO text), in valid time: what had begun and not ended. Raises WmoError."""
        try:
            day = datetime.date.fromisoformat(str(date)).isoformat()
        except ValueError as error:
            raise WmoError(f"'{date}' is geen datum; schrijf die als 2007-10-09.") from error
        return dataclasses.replace(self, date=day)

    def in_language(self, language: str) -> "Monitor":
        """The same Monitor with labels and sentences in 'nl' or 'en'. Raises WmoError."""
        if language not in LANGUAGES:
            raise WmoError(f"Onbekende waarde voor taal: {language}. Mogelijk zijn: nl, en.")
        return dataclasses.replace(self, language=language)

    def _code(self, name: str, value) -> str:
        options = {"status": STATUSES, "basis": tuple(BASIS_FILTERS)}
        if name in options:
            by_label = {
                words.say(f"{name}.{code}", lang).casefold(): code for code in options[name] for lang in ("nl", "en")
            }
            code = by_label.get(str(value).casefold(), str(value).casefold())
            if code not in options[name]:
                there = ", ".join(words.say(f"{name}.{code}", self.language) for code in options[name])
                raise WmoError(f"Onbekende waarde voor {name}: {value}. Mogelijk zijn: {there}.")
            return code
        if name not in ("municipality", "region", "theme", "source", "round"):
            raise WmoError(
                f"Onbekend filter: {name}. Mogelijk zijn: theme, region, municipality, source, round, status, basis."
            )
        return self.codebook.find(name, value)

    # ------------------------------------------------------------ what was chosen

    @property
    def bases(self) -> set[str]:
        """The bases that the basis filters leave."""
        left = set(BASES)
        for name, values in self.filters:
            if name == "basis":
                left &= set().union(*(BASIS_FILTERS[value] for value in values))
        return left

    def chosen(self, name: str) -> list[frozenset]:
        """The values of each filter of that name, in the order given."""
        return [values for other, values in self.filters if other == name]

    @functools.cached_property
    def municipalities(self) -> list[str]:
        """gm_codes that region, municipality and round leave, in Dutch alphabetical order: the denominator."""
        left = set(self.codebook.gm_codes)
        regions = self.codebook.regions_on(self.date)
        for name, values in self.filters:
            if name == "municipality":
                left &= values
            elif name == "region":
                left &= {code for region in values for code in regions[region]}
            elif name == "round":
                newest, *_ = self._reached(self.begun())  # a source filter narrows the projects only
                left &= {code for code, number in newest.items() if str(number) in values}
        return [code for code in self.codebook.gm_codes if code in left]

    # ------------------------------------------------------------ rows in force

    @functools.cached_property
    def _delivered(self) -> list[int]:
        """The deliveries that the basis filter leaves, without the examples of a source that has a received one."""
        bases, lists = self.bases, self.facts.lists
        received = {about["source_id"] for about in lists if about["basis"] == "received"}
        return [
            at
            for at, about in enumerate(lists)
            if about["basis"] in bases and not (about["basis"] == "example" and about["source_id"] in received)
        ]

    def _in_force(self, kind: str) -> dict[int, bool]:
        """The deliveries in force on the date for that kind of rows, after the basis filter -> whether they are later.

        Per source and basis the newest dated at or before it, else the oldest later one.
        """
        groups: dict[tuple, list[int]] = {}
        lists, force = self.facts.lists, {}
        for at in self._delivered:
            if lists[at]["kind"] == kind:
                groups.setdefault((lists[at]["source_id"], lists[at]["basis"]), []).append(at)
        for group in groups.values():
            dates = [lists[at]["date"] for at in group]
            newest = max((date for date in dates if date <= self.date), default="")
            chosen = newest or min(dates)
            force |= {at: not newest for at, date in zip(group, dates, strict=True) if date == chosen}
        return force

    def _of_chosen_source(self, deliveries) -> list[int]:
        """The deliveries of which the source filters leave the source."""
        lists, chosen = self.facts.lists, self.chosen("source")
        return [at for at in deliveries if all(lists[at]["source_id"] in sources for sources in chosen)]

    @functools.cached_property
    def later_deliveries(self) -> list[str]:
        """Source ids of which only deliveries after the date exist, in codebook order; subtitles say so."""
        force = self._in_force("projects")
        later: dict[str, bool] = {}
        for at in self._of_chosen_source(force):
            source = self.facts.lists[at]["source_id"]
            later[source] = later.get(source, True) and force[at]
        return [code for code in self.codebook.sources["source_id"] if later.get(code)]

    # ------------------------------------------------------------ projects

    @functools.cached_property
    def pool(self) -> Pool:
        """The projects after basis and source filter, in arrays: what `keep`, `derived` and `counts` are about."""
        force = self._of_chosen_source(self._in_force("projects"))
        return self.facts.pool(frozenset(force), frozenset(self._of_chosen_source(self._delivered)))

    @functools.cached_property
    def _on_date(self) -> tuple[np.ndarray, np.ndarray]:
        return self.pool.derived(self.date)

    @property
    def derived(self) -> np.ndarray:
        """The status on the date of each project of `pool`, as its place in STATUSES."""
        return self._on_date[0]

    def mask(self, *names: str) -> np.ndarray:
        """Whether the filters of these names (theme, place, status) keep each project of `pool`."""
        pool, facts = self.pool, self.facts
        keep = np.ones(len(pool), dtype=bool)
        for values in self.chosen("theme") if "theme" in names else ():
            keep &= facts.touching(values)[pool.theme]
        if "place" in names and any(self.chosen(name) for name in PLACE_FILTERS):
            keep &= facts.reached(self.municipalities)[pool.place]
        for values in self.chosen("status") if "status" in names else ():
            keep &= np.array([status in values for status in STATUSES])[self.derived]
        return keep

    @functools.cached_property
    def keep(self) -> np.ndarray:
        """Whether each project of `pool` is one of `projects`."""
        return self.mask("theme", "place", "status")

    @functools.cached_property
    def counting(self) -> np.ndarray:
        """Whether each project of `pool` is one of `projects` and counts on the date."""
        return self.keep & self._on_date[1]

    @functools.cached_property
    def kept_rows(self) -> np.ndarray:
        """The rows of `projects`, as their places in `facts.rows`."""
        return self.pool.at[self.keep[self.pool.of]]

    @functools.cached_property
    def sources(self) -> list[str]:
        """The sources that the rows of `projects` are from, in codebook order."""
        return [self.codebook.source_ids[at] for at in np.flatnonzero(np.bincount(self.facts.source[self.kept_rows]))]

    @property
    def rows(self) -> pd.DataFrame:
        """Project rows of the lists in force, after basis and source filter, with `group` (the one project that rows
        are of) and the strongest row first."""
        return self.pool.rows

    @functools.cached_property
    def projects(self) -> pd.DataFrame:
        """The projects of the selection, one row each: the columns of the projects table, `derived` (status on the
        date), `counts` and `example`; the index is the project."""
        derived, counts = self._on_date
        statuses = pd.Series(STATUSES, dtype="str").array.take(derived[self.keep])
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

    def begun(self, of_source: bool = False) -> np.ndarray:
        """Conversation rows in force, optionally of the sources left, that have begun on the date; a planned step holds
        with its delivery."""
        force, talks = self._in_force("conversations"), self.facts.talks
        files = {self.facts.lists[at]["file"] for at in (self._of_chosen_source(force) if of_source else force)}
        there = np.array([file in files for file in talks["files"]], dtype=bool)[talks["file"]]
        return np.flatnonzero(there & (talks["planned"] | (talks["day"] <= day(self.date))))

    @functools.cached_property
    def steps(self) -> pd.DataFrame:
        """Conversation steps in force, of the sources left, that have begun on the date."""
        return self.tables["conversations"].iloc[self.begun(of_source=True)]

    @functools.cached_property
    def states(self) -> pd.DataFrame:
        """One row per municipality named in a conversation list: gm_code, round, state, reached.

        `reached` is the furthest step begun, in the order of codebook.STATES; `state` is that too, or second_contact
        while nothing is agreed. The round is that of the newest step, ties to the higher round.
        """
        newest, furthest, second = self._reached(self.begun(of_source=True))
        codes = [code for code in self.codebook.gm_codes if code in newest]
        agreed = STATES.index("agreed")
        state = ["second_contact" if c in second and furthest[c] < agreed else STATES[furthest[c]] for c in codes]
        table = pd.DataFrame({"gm_code": codes, "round": np.array([newest[code] for code in codes], dtype=np.int64)})
        reached = [STATES[furthest[code]] for code in codes]
        return table.assign(state=np.array(state, dtype=object), reached=np.array(reached, dtype=object))

    def _reached(self, begun: np.ndarray) -> tuple[dict[str, int], dict[str, int], set[str]]:
        """gm_code -> round of its newest step, gm_code -> its furthest step, and the gm_codes with a second contact."""
        talks = {name: self.facts.talks[name][begun] for name in ("gm", "round", "rank", "second", "day")}
        code = self.codebook.gm_codes.__getitem__
        order = np.lexsort((talks["round"], talks["day"]))
        newest = {
            code(gm): n for gm, n in zip(talks["gm"][order].tolist(), talks["round"][order].tolist(), strict=True)
        }
        order = np.argsort(talks["rank"])
        furthest = {
            code(gm): n for gm, n in zip(talks["gm"][order].tolist(), talks["rank"][order].tolist(), strict=True)
        }
        return newest, furthest, {code(gm) for gm in talks["gm"][talks["second"]].tolist()}

    # ------------------------------------------------------------ knowledge, citation, trace

    @functools.cached_property
    def known_complete(self) -> bool:
        """Whether a source that basis and source filters leave has a delivery in force that its card calls complete:
        only then an empty cell means that no project is known."""
        return any(self.facts.lists[at]["complete"] for at in self._of_chosen_source(self._in_force("projects")))

    @functools.cached_property
    def assumptions(self) -> list[str]:
        """Short texts on the assumed memberships and theme mappings that figures of this selection lean on."""
        pool, facts, texts = self.pool, self.facts, []
        used = set().union(*(facts.through[number] for number in np.unique(pool.place[self.keep])))
        for code, name in facts.assumed.items():
            if code in used:
                texts.append(words.say("assumption.members", self.language, name=name))
        at, themes = facts.mapped
        for theme in sorted(set(themes[np.append(self.keep, False)[pool.home[at]]])):
            label = self.codebook.label("theme", theme, self.language, short=True)
            texts.append(words.say("assumption.theme", self.language, name=label))
        return texts

    def cite(self, table: pd.DataFrame, measure: str, **more) -> pd.DataFrame:
        """The table with `attrs["wmo"]`: measure, selection, as-of date, sources, projects, examples, language, build,
        assumptions, notes for the subtitle, and a digest of the table."""
        notes = []
        if self.later_deliveries:
            notes.append(words.say("note.later", self.language, count=len(self.later_deliveries)))
        of_basis = {basis: {a["source_id"] for a in self.facts.lists if a["basis"] == basis} for basis in self.bases}
        if of_basis.get("received", set()) & of_basis.get("example", set()):
            notes.append(words.say("note.received", self.language))
        table.attrs["wmo"] = {
            "measure": measure,
            "selection": [(name, sorted(values)) for name, values in self.filters],
            "selection_text": self.told(),
            "as_of": self.date,
            "sources": sorted(self.sources),
            "source_names": [self.codebook.label("source", code, self.language) for code in self.sources],
            "bases": [BASES[at] for at in np.flatnonzero(np.bincount(self.facts.basis[self.kept_rows]))],
            "projects": int(self.keep.sum()),
            "examples": int(self.pool.example[self.keep].sum()),
            "language": self.language,
            "build": self.build,
            "assumptions": self.assumptions,
            "subtitle_notes": notes,
            **more,
        }
        table.attrs["wmo"]["digest"] = digest(table)
        return table

    def told(self) -> str:
        """The filters in one phrase of the language: 'thema Mantelzorg, regio Utrecht-West'; '' without filters."""
        parts = []
        for name, values in self.filters:
            if name in ("status", "basis"):
                labels = [words.say(f"{name}.{code}", self.language) for code in sorted(values)]
            elif name == "round":
                labels = sorted(values)
            else:
                labels = [self.codebook.label(name, code, self.language) for code in sorted(values)]
            parts.append(f"{words.say(f'filter.{name}', self.language)} {words.listing(labels, self.language)}")
        return ", ".join(parts)

    def trace(self, gm_code: str = "", theme: str = "", project_id: str = "") -> pd.DataFrame:
        """Where projects come from, one row per cell of their source rows: project_id, file, sheet, row, column, listed,
        kept, code.

        `listed` is the text as it stood in the list, `kept` and `code` tell of a finding on that cell, else are empty.
        """
        chosen = self.projects[self.projects["counts"]] if gm_code or theme else self.projects
        groups = set(chosen.index)
        if gm_code:
            here = self.placements[self.placements["via"] != "province"]  # province-wide is no part of a cell
            groups &= set(here.loc[here["gm_code"] == self.codebook.find("municipality", gm_code), "group"])
            groups &= set(chosen.index[chosen["theme_part"] != "outside"])
        if theme:
            code = self.codebook.find("theme", theme)
            below = {code} | {t for t, parent in self.codebook.column_of.items() if parent == code}
            groups &= set(self.themes.loc[self.themes["theme"].isin(below), "group"])
        rows = self.rows[self.rows["group"].isin(groups)]
        if project_id:
            rows = rows[(rows["group"] == project_id) | (rows["project_id"] == project_id)]
        place = ["file", "sheet", "row"]
        source = rows[["project_id", "file"]].merge(self.tables["project_sources"], on=["project_id", "file"])
        cells = source[["project_id", *place]].merge(self.tables["cells"], on=place)
        doubts = self.tables["findings"][[*place, "column", "kept", "code"]]
        doubts = doubts.groupby([*place, "column"], as_index=False).agg({"kept": "; ".join, "code": ", ".join})
        traced = cells.merge(doubts, on=[*place, "column"], how="left").fillna({"kept": "", "code": ""})
        return traced[["project_id", *place, "column", "listed", "kept", "code"]]
