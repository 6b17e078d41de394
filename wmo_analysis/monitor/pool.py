"""The projects of the deliveries in force, in arrays: what hangs on no date and on no filter but basis and source."""

import functools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wmo_analysis.days import NEVER, day
from wmo_analysis.schema import BASES, FIELDS, NEVER_COUNTS, STATUSES

if TYPE_CHECKING:
    from wmo_analysis.monitor.facts import Facts


def stated(name: str, field: str) -> functools.cached_property:
    """An array of the Facts, for each project from the row that states the field."""
    return functools.cached_property(lambda pool: getattr(pool.facts, name)[pool.row[field]])


class Pool:
    """The projects of the deliveries in force, the strongest row first.

    `at` are the project rows in force, `of` the number of the project of each, `lead` the first row of each project. All
    other arrays have a value per project, each field from the strongest row that states it. With `of_source` what two
    sources list of a project are two: each is then the project as its source alone tells it.
    """

    def __init__(self, facts: "Facts", force: frozenset[int], delivered: frozenset[int], of_source: bool = False):
        self.facts = facts
        every = facts.group_of_source if of_source else facts.group
        held = np.zeros(len(facts.lists) + 1, dtype=bool)
        held[list(force)] = True
        self.at = np.flatnonzero(held[facts.delivery])
        group = every[self.at]
        first = np.full(every.max(initial=-1) + 1, len(self.at))
        np.minimum.at(first, group, np.arange(len(self.at)))
        # rows stand the strongest first, so the lowest place is the row that leads, and leads stay in that order
        lead = np.sort(first[first < len(self.at)])
        number = np.full(len(first), -1)
        number[group[lead]] = np.arange(len(lead))
        self.of, self.lead = number[group], self.at[lead]
        self.arrived = self._arrived(number[every], delivered)
        self.derived = functools.lru_cache(maxsize=8)(self._derived)

    def _arrived(self, project: np.ndarray, delivered: frozenset[int]) -> np.ndarray:
        """The first day that a list told of each project, in force or not; `project` is that of every row, or -1."""
        facts, arrived = self.facts, np.full(len(self), NEVER)
        known = np.zeros(len(facts.lists) + 1, dtype=bool)
        known[list(delivered)] = True
        ever = np.flatnonzero(known[facts.delivery] & (project >= 0))
        np.minimum.at(arrived, project[ever], facts.arrived[ever])
        return arrived

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
            best = np.full(len(self), len(stated))
            np.minimum.at(best, self.of[there], self.at[there])
            rows[field] = np.where(best < len(stated), best, self.lead)
        return rows

    def column(self, name: str, at: np.ndarray | slice = slice(None)) -> pd.api.extensions.ExtensionArray:
        """The values of a column of the projects table, or of `group`, for the projects `at`."""
        field = next((field for field, columns in FIELDS.items() if name in columns), "")
        return self.facts.rows[name].array.take((self.row[field] if field else self.lead)[at])

    start, end, status = stated("start", "start"), stated("end", "end"), stated("status", "status")
    place, placement = stated("place", "placement"), stated("placement", "placement")
    theme, titles, title_rank = stated("theme", "themes"), stated("titles", "title"), stated("title_rank", "title")

    @functools.cached_property
    def never(self) -> np.ndarray:
        """Whether a project never counts, whatever its dates."""
        return np.isin(self.status, [STATUSES.index(name) for name in NEVER_COUNTS])

    @functools.cached_property
    def outside(self) -> np.ndarray:
        """Whether a project has the excluded theme only."""
        return np.asarray(self.column("theme_part") == "outside", dtype=bool)

    @functools.cached_property
    def example(self) -> np.ndarray:
        example = np.zeros(len(self), dtype=bool)
        example[self.of[self.facts.basis[self.at] == BASES.index("example")]] = True
        return example

    @functools.cached_property
    def by_title(self) -> np.ndarray:
        """The projects in the order of their titles."""
        return np.argsort(self.title_rank, kind="stable")

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
        listed status."""
        today, status = day(date), self.status
        planned, running, completed, *_, unknown = range(len(STATUSES))
        started, ended = self.start > 0, self.end > 0
        begun = np.where(started, self.start <= today, (self.arrived <= today) & (status != planned))
        over = np.where(ended, self.end < today, status == completed)
        silent = ~started & ~ended & (status == unknown)
        derived = np.where(begun, np.where(silent, unknown, running), planned)
        derived = np.where(self.never, status, np.where(over, completed, derived))
        return derived, begun & ~over & ~self.never
