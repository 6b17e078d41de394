"""The projects of the deliveries in force, in arrays: what hangs on no date and on no filter but basis and source."""

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wmo_analysis.days import NEVER, day, iso
from wmo_analysis.schema import FIELDS, NEVER_COUNTS, STATUSES

if TYPE_CHECKING:
    from wmo_analysis.monitor.facts import Facts


def stated(name: str, field: str) -> functools.cached_property:
    """An array of the Facts, for each project from the row that states the field."""
    return functools.cached_property(lambda pool: getattr(pool.facts, name)[pool.row[field]])


class Pool:
    """The projects that some deliveries tell, the strongest row first.

    `at` are the project rows in force: of each project, per source, part of it and basis, those of the newest delivery that
    lists it. `of` is the number of the project of each, `lead` the first row of each project. All other arrays have a value
    per project, each field from the strongest row that states it.
    """

    def __init__(self, facts: "Facts", delivered: frozenset[int]):
        self.facts, self.delivered = facts, delivered
        taking = np.flatnonzero(facts.held(delivered)[facts.delivery])
        self.at = facts.in_force(taking)
        group = facts.group[self.at]
        first = np.full(facts.group.max(initial=-1) + 1, len(self.at))
        np.minimum.at(first, group, np.arange(len(self.at)))
        # rows stand the strongest first, so the lowest place is the row that leads, and leads stay in that order
        lead = np.sort(first[first < len(self.at)])
        number = np.full(len(first), -1)
        number[group[lead]] = np.arange(len(lead))
        self.of, self.lead = number[group], self.at[lead]
        self.arrived = np.full(len(self), NEVER)  # the first day that a list told of it, in force or not
        np.minimum.at(self.arrived, number[facts.group[taking]], facts.arrived[taking])
        self.derived = functools.lru_cache(maxsize=8)(self._derived)

    def __len__(self) -> int:
        return len(self.lead)

    @functools.cached_property
    def home(self) -> np.ndarray:
        """The project of each project row, -1 when the row is not in force."""
        home = np.full(len(self.facts.group), -1)
        home[self.at] = self.of
        return home

    @functools.cached_property
    def row(self) -> dict[str, np.ndarray]:
        """The project row that states each field of FIELDS: the strongest that does, else the strongest."""
        if len(self.at) == len(self.lead):  # no project has two rows: each states what it states
            return dict.fromkeys(FIELDS, self.lead)
        rows = {}
        for field, stated in self.facts.stated.items():
            there = np.flatnonzero(stated[self.at])
            best = np.full(len(self), len(stated))  # rows stand the strongest first: the lowest that states it
            np.minimum.at(best, self.of[there], self.at[there])
            rows[field] = np.where(best < len(stated), best, self.lead)
        return rows

    def column(self, name: str, at: np.ndarray | slice = slice(None)) -> pd.api.extensions.ExtensionArray:
        """The values of a column of the projects table, or of `group`, for the projects `at`."""
        field = next((field for field, columns in FIELDS.items() if name in columns), "")
        values = self.facts.rows[name].array.take((self.row[field] if field else self.lead)[at])
        if field == "end":  # what a complete list dropped has no stated end: its day is ours
            cut = (self.dropped < NEVER)[at] & (self.dropped == self.end)[at]
            values[cut] = list(map(iso, self.dropped[at][cut].tolist()))
            if name == "end_precision":
                values[cut] = "day"
        return values

    @functools.cached_property
    def dropped(self) -> np.ndarray:
        """The last day of each project of which a newer complete list no longer has the strongest row, else NEVER."""
        # a weaker list that forgets a project ends nothing while the stronger one, or a part of it, still has it
        thing, last = self.facts.thing, self.facts.last_days(self.delivered)[self.facts.delivery[self.at]]
        strongest = thing[self.at] == thing[self.lead][self.of]
        dropped = np.zeros(len(self), dtype=np.int64)
        np.maximum.at(dropped, self.of[strongest], last[strongest])
        return dropped

    @functools.cached_property
    def end(self) -> np.ndarray:
        """The last day of each project, 0 when unknown: as stated, or the day before a complete list dropped it."""
        stated = self.facts.end[self.row["end"]]
        end = np.minimum(np.where(stated > 0, stated, NEVER), self.dropped)
        return np.where(end < NEVER, end, 0)

    start, status = stated("start", "start"), stated("status", "status")
    place, placement = stated("place", "placement"), stated("placement", "placement")
    beside = stated("beside", "placement")
    theme, titles, title_rank = stated("theme", "themes"), stated("titles", "title"), stated("title_rank", "title")

    @property
    def since(self) -> np.ndarray:
        """The day whose memberships hold for each project: of its start, else of its first delivery."""
        return np.where(self.start > 0, self.start, self.arrived)

    @functools.cached_property
    def never(self) -> np.ndarray:
        """Whether a project never counts, whatever its dates."""
        return np.isin(STATUSES, NEVER_COUNTS)[self.status]

    @functools.cached_property
    def outside(self) -> np.ndarray:
        """Whether a project has the excluded theme only."""
        return self.facts.outside[self.theme]

    @functools.cached_property
    def example(self) -> np.ndarray:
        """Whether a row of each project is made up."""
        return self._any_row(self.facts.example)

    @functools.cached_property
    def known_too(self) -> np.ndarray:
        """Whether a row of each project is not made up."""
        return self._any_row(~self.facts.example)

    @property
    def invented(self) -> np.ndarray:
        """Whether each project is made up altogether."""
        return self.example & ~self.known_too

    def _any_row(self, which: np.ndarray) -> np.ndarray:
        """Whether one of the project rows `which` is a row of each project."""
        found = np.zeros(len(self), dtype=bool)
        found[self.of[which[self.at]]] = True
        return found

    @functools.cached_property
    def by_title(self) -> np.ndarray:
        """The projects in the order of their titles."""
        return np.argsort(self.title_rank, kind="stable")

    def of_sources(self, codes: Iterable[str]) -> np.ndarray:
        """Whether a row of each project is from one of these sources."""
        return self._any_row(np.isin(self.facts.codebook.source_ids, list(codes))[self.facts.source])

    def numbers(self, groups: Iterable[str]) -> np.ndarray:
        """The places of these projects; -1 for one that is not in the pool."""
        return self.frame.index.get_indexer(list(groups))

    def of_schemes(self, names: Iterable[str]) -> np.ndarray:
        """Whether a row of each project is of one of these schemes."""
        return self._any_row(self.facts.of_schemes(names))

    def group_of(self, project_id: str) -> str:
        """The project that a row of that id is of, '' when no row is in force."""
        return self._groups.get(project_id, "")

    @functools.cached_property
    def _groups(self) -> dict[str, str]:
        rows = self.facts.rows
        return dict(zip(rows["project_id"].iloc[self.at], rows["group"].iloc[self.at], strict=True))

    @functools.cached_property
    def source(self) -> np.ndarray:
        """The source of the strongest row, as its place in the codebook."""
        return self.facts.source[self.lead]

    @functools.cached_property
    def rows(self) -> pd.DataFrame:
        """Every row, for lists and trace."""
        return self.facts.rows.take(self.at).reset_index(drop=True)

    @functools.cached_property
    def frame(self) -> pd.DataFrame:
        """One row per project, for lists: the columns of the projects table and `example`; index = group."""
        one = self.facts.rows.take(self.lead).set_index("group")
        for columns in FIELDS.values():
            for column in columns:
                one[column] = self.column(column)
        return one.assign(example=self.example)

    def _derived(self, date: str) -> tuple[np.ndarray, np.ndarray]:
        """Status on the date (in STATUSES), and whether the project counts. Dates decide; where they are silent, the
        listed status. Without a start a project runs from the first list that tells it."""
        today, status = day(date), self.status
        planned, running, completed, *_ = range(len(STATUSES))
        started, ended = self.start > 0, self.end > 0
        begun = np.where(started, self.start <= today, (self.arrived <= today) & (status != planned))
        # a date beats a listed status: what has still to start is not completed
        over = np.where(ended, self.end < today, (status == completed) & ~(self.start > today))
        derived = np.where(begun, running, planned)
        derived = np.where(self.never, status, np.where(over, completed, derived))
        return derived, begun & ~over & ~self.never
