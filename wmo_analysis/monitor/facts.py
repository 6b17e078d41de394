"""What all selections of one workspace share: its clean tables as whole numbers, so that a filter is a look-up.

Places and themes of projects are few combinations of many projects. Each combination has a number here; what a
combination touches is known once, and counting projects is counting combinations.
"""

import functools
import re

import numpy as np
import pandas as pd

from wmo_analysis.codebook import Codebook
from wmo_analysis.schema import BASES, FIELDS, KINDS, NEVER_COUNTS, PLACEMENTS, STATES, STATUSES, VIA


def day(iso: str) -> int:
    """'2007-10-09' -> 20071009, and '' -> 0: days compare as their ISO texts do."""
    return int(iso.replace("-", "") or 0)


def iso(day: int) -> str:
    """20071009 -> '2007-10-09'."""
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}" if day else ""


def days(texts: pd.Series) -> np.ndarray:
    """`day` of each ISO text."""
    codes, spellings = pd.factorize(texts)
    return np.array([day(text) for text in spellings], dtype=np.int64)[codes]


def coded(texts: pd.Series, known) -> np.ndarray:
    """The place of each text in `known`; -1 for another text."""
    codes, spellings = pd.factorize(texts)
    order = {text: at for at, text in enumerate(known)}
    return np.array([order.get(text, -1) for text in spellings], dtype=np.int64)[codes]


def combined(owner: np.ndarray, code: np.ndarray, owners: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """(number of the combination of each owner, the codes of each combination); rows of an owner stand together."""
    ends = np.searchsorted(owner, np.arange(owners), side="right")
    parts = [code[start:end].tobytes() for start, end in zip([0, *ends[:-1]], ends, strict=False)]
    numbers: dict[bytes, int] = {b"": 0}
    which = np.array([numbers.setdefault(part, len(numbers)) for part in parts], dtype=np.int64)
    return which, [np.frombuffer(part, dtype=code.dtype) for part in numbers]


class Facts:
    """The tables of a workspace as whole numbers, each part made when it is first asked for; see Monitor.facts."""

    def __init__(self, tables: dict[str, pd.DataFrame], codebook: Codebook, deliveries: pd.DataFrame):
        self.tables, self.codebook, self.deliveries = tables, codebook, deliveries
        self.lists = deliveries.to_dict("records")
        self.pool = functools.lru_cache(maxsize=128)(functools.partial(Pool, self))
        self.touching = functools.lru_cache(maxsize=512)(self._touching)

    def same(self, tables, codebook, deliveries) -> bool:
        """Whether these are the facts of that workspace."""
        return self.tables is tables and self.codebook is codebook and self.deliveries is deliveries

    # ------------------------------------------------------------ project rows, the strongest first

    @functools.cached_property
    def rows(self) -> pd.DataFrame:
        """Every project row with `group` (the one project that rows are of), the strongest row first."""
        rows = self.tables["projects"]
        order = {code: i for i, code in enumerate(self.codebook.sources["source_id"])}
        rows = rows.assign(
            group=rows["same_as"].where(rows["same_as"] != "", rows["project_id"]),
            basis_rank=rows["basis"].map(BASES.index).astype("int64"),
            source_rank=rows["source_id"].map(order).astype("int64"),
        )
        return rows.sort_values(["basis_rank", "source_rank", "project_id", "file"], ignore_index=True)

    @functools.cached_property
    def group(self) -> np.ndarray:
        return pd.factorize(self.rows["group"])[0]

    @functools.cached_property
    def delivery(self) -> np.ndarray:
        """The place in `deliveries` of the delivery that each row came in."""
        at = {(d["file"], d["source_id"]): n for n, d in enumerate(self.lists) if d["kind"] == "projects"}
        return np.array([at[pair] for pair in self._pairs(self.rows, "source_id")], dtype=np.int64)

    @functools.cached_property
    def arrived(self) -> np.ndarray:
        return days(self.deliveries["date"])[self.delivery]

    @functools.cached_property
    def source(self) -> np.ndarray:
        return self.rows["source_rank"].to_numpy()

    @functools.cached_property
    def basis(self) -> np.ndarray:
        return self.rows["basis_rank"].to_numpy()

    @functools.cached_property
    def status(self) -> np.ndarray:
        return coded(self.rows["status"], STATUSES)

    @functools.cached_property
    def start(self) -> np.ndarray:
        return days(self.rows["start_from"])

    @functools.cached_property
    def end(self) -> np.ndarray:
        return days(self.rows["end_to"])

    @functools.cached_property
    def placement(self) -> np.ndarray:
        return coded(self.rows["placement"], PLACEMENTS)

    @functools.cached_property
    def stated(self) -> dict[str, np.ndarray]:
        """Whether each row states a field."""
        leads = {name: self.rows[columns[0]] for name, columns in FIELDS.items()}
        return {
            name: (lead.notna() & ~lead.astype("str").isin(["", "unknown"])).to_numpy() for name, lead in leads.items()
        }

    @functools.cached_property
    def titles(self) -> np.ndarray:
        return self.rows["title"].to_numpy(dtype=object)

    @functools.cached_property
    def title_rank(self) -> np.ndarray:
        return pd.factorize(self.rows["title"], sort=True)[0]

    @staticmethod
    def _pairs(table: pd.DataFrame, other: str):
        return zip(table["file"].tolist(), table[other].tolist(), strict=True)

    @functools.cached_property
    def _at(self) -> dict[tuple[str, str], int]:
        return {pair: at for at, pair in enumerate(self._pairs(self.rows, "project_id"))}

    def owner(self, table: pd.DataFrame) -> np.ndarray:
        """The project row that each row of another table belongs to; -1 without one."""
        return np.array([self._at.get(pair, -1) for pair in self._pairs(table, "project_id")], dtype=np.int64)

    # ------------------------------------------------------------ places

    @functools.cached_property
    def _placed(self) -> tuple[np.ndarray, list[list[tuple]]]:
        """The combination of placements of each project row, and its rows in Dutch alphabetical order.

        A row whose placement is unknown has none.
        """
        table = self.tables["placements"]
        owner, rank = self.owner(table), coded(table["gm_code"], self.codebook.gm_codes)
        unknown = self.rows["placement"].eq("unknown").to_numpy()
        order = np.lexsort((rank, owner))
        order = order[(owner[order] >= 0) & ~unknown[owner[order]]]
        code, kinds = pd.MultiIndex.from_frame(table[["gm_code", "via", "partnership_id", "weight"]]).factorize()
        which, parts = combined(owner[order], code[order], len(self.rows))
        kinds = kinds.tolist()
        return which, [[kinds[at] for at in part] for part in parts]

    @property
    def place(self) -> np.ndarray:
        return self._placed[0]

    @property
    def places(self) -> list[list[tuple]]:
        """(gm_code, via, partnership_id, weight) of each row of each combination of placements."""
        return self._placed[1]

    @functools.cached_property
    def weighted(self) -> np.ndarray:
        """[combination]: whether shares are stated."""
        return np.array([any(weight for *_, weight in rows) for rows in self.places])

    @functools.cached_property
    def _vias(self) -> np.ndarray:
        """[combination, municipality, VIA]: whether it is placed there that way."""
        vias = np.zeros((len(self.places), len(self.codebook.gm_codes), len(VIA)), dtype=bool)
        at = {code: n for n, code in enumerate(self.codebook.gm_codes)}
        for number, rows in enumerate(self.places):
            for gm_code, via, *_ in rows:
                vias[number, at[gm_code], VIA.index(via)] = True
        return vias

    @functools.cached_property
    def own(self) -> np.ndarray:
        """[combination, municipality]: 1 where it, or a place in it, is named."""
        return self._vias[:, :, 0].astype(np.int64)

    @functools.cached_property
    def reach(self) -> np.ndarray:
        """[combination, municipality]: 1 where it is named or reached through a partnership."""
        return self._vias[:, :, :2].any(axis=2).astype(np.int64)

    @functools.cached_property
    def province(self) -> np.ndarray:
        """[combination]: 1 when province-wide."""
        return self._vias[:, :, 2].any(axis=1).astype(np.int64)

    @functools.cached_property
    def through(self) -> list[set[str]]:
        """The partnerships of each combination of placements."""
        return [{partnership for _, _, partnership, _ in rows} for rows in self.places]

    @functools.cached_property
    def assumed(self) -> dict[str, str]:
        """partnership_id -> name of the partnerships whose membership is assumed."""
        table = self.codebook.partnerships.query("assumption == 'yes'").drop_duplicates("partnership_id")
        return dict(zip(table["partnership_id"], table["name"], strict=True))

    def reached(self, gm_codes) -> np.ndarray:
        """[combination of placements]: whether it reaches one of these municipalities or is province-wide."""
        return (self.reach[:, self.numbers(gm_codes)].any(axis=1)) | (self.province > 0)

    @functools.cached_property
    def place_texts(self) -> list[str]:
        """Each combination in words: its partnerships, then the municipalities that are named."""
        names = dict(zip(self.codebook.partnerships["partnership_id"], self.codebook.partnerships["name"], strict=True))
        texts = []
        for rows in self.places:
            partners = dict.fromkeys(partnership for _, via, partnership, _ in rows if via == "partnership")
            own = [self.codebook.label("municipality", gm_code) for gm_code, via, *_ in rows if via == "own"]
            texts.append(", ".join([*[names[code] for code in partners], *own]))
        return texts

    def numbers(self, gm_codes) -> np.ndarray:
        """The columns of `own` and `reach` of these municipalities."""
        order = {code: at for at, code in enumerate(self.codebook.gm_codes)}
        return np.array([order[code] for code in gm_codes], dtype=np.int64)

    # ------------------------------------------------------------ themes

    @functools.cached_property
    def _themed(self) -> tuple[np.ndarray, list[list[str]]]:
        """The combination of themes of each project row, and the themes of each.

        The unknown theme is that of a project which touches no other column; beside another one it is left out.
        """
        table, book = self.tables["project_themes"], self.codebook
        owner, (code, spellings) = self.owner(table), pd.factorize(table["theme"])
        order = np.argsort(owner, kind="stable")
        order = order[owner[order] >= 0]
        which, parts = combined(owner[order], code[order], len(self.rows))
        unknown, excluded = book.theme_with("unknown"), book.theme_with("excluded")
        columns = set(book.columns()) - {unknown}
        themes = []
        for part in parts:
            named = list(dict.fromkeys(spellings[part]))
            placed = any(book.column_of.get(theme) in columns for theme in named)
            is_open = not placed and any(theme != excluded for theme in named)
            themes.append([theme for theme in named if theme != unknown] + [unknown] * is_open)
        return which, themes

    @property
    def theme(self) -> np.ndarray:
        return self._themed[0]

    @property
    def themes(self) -> list[list[str]]:
        """The themes of each combination of themes."""
        return self._themed[1]

    def _touching(self, wanted: frozenset[str]) -> np.ndarray:
        """[combination of themes]: whether it holds one of the `wanted` themes or one below them."""
        column_of = self.codebook.column_of
        return np.array([any(t in wanted or column_of.get(t) in wanted for t in here) for here in self.themes])

    # ------------------------------------------------------------ amounts, mappings, conversations

    @functools.cached_property
    def paid(self) -> np.ndarray:
        """Whether an amount of each project row is read, on a credit or off it."""
        paid, owner = np.zeros(len(self.rows), dtype=bool), self.owner(self.tables["amounts"])
        paid[owner[owner >= 0]] = True
        return paid

    @functools.cached_property
    def amounts(self) -> dict[str, dict[str, np.ndarray]]:
        """credit_id -> at (project row), kind (in KINDS), cents [EUR cent] and day of its amounts."""
        table, owner = self.tables["amounts"], self.owner(self.tables["amounts"])
        kind, cents = coded(table["kind"], KINDS), table["cents"].to_numpy(dtype=np.int64)
        every = {"at": owner, "kind": kind, "cents": cents, "day": days(table["date_from"])}
        credit, credits = pd.factorize(table["credit_id"])
        here = {code: (credit == at) & (owner >= 0) for at, code in enumerate(credits)}
        none = np.zeros(len(table), dtype=bool)
        return {
            code: {name: values[here.get(code, none)] for name, values in every.items()}
            for code in ["", *self.codebook.credits["credit_id"]]
        }

    @functools.cached_property
    def mapped(self) -> tuple[np.ndarray, np.ndarray]:
        """Project rows of which a theme was mapped by assumption, and that theme."""
        found = self.tables["findings"].query("code == 'J11'")[["file", "row", "kept"]]
        hits = self.rows[["file", "row"]].reset_index(names="at").merge(found, on=["file", "row"])
        return hits["at"].to_numpy(dtype=np.int64), hits["kept"].to_numpy(dtype=object)

    @functools.cached_property
    def letters(self) -> dict[str, dict[tuple[int, str], tuple[int, str, str]]]:
        """as_of -> (round, state) -> number, now or reached, fact_id: what the letter of that day states of the rounds."""
        table = self.tables["claims"]
        letters: dict = {as_of: {} for as_of in table["as_of"].unique()}
        for claim in table[table["measure"].str.startswith(("rounds.now:", "rounds.reached:"))].to_dict("records"):
            name, number, state = [*claim["measure"].split(":"), "", ""][:3]
            value = re.fullmatch(r"(?:ca\. ?)?(\d+)", claim["stated"])
            if value and number in ("", *"123456789"):
                key = int(number or 0), state
                letters[claim["as_of"]][key] = int(value[1]), name.removeprefix("rounds."), claim["fact_id"]
        return letters

    @functools.cached_property
    def talks(self) -> dict[str, np.ndarray]:
        """The columns of the conversations as numbers: gm, round, rank (in STATES), second, planned, day, and file (its
        place in `files`)."""
        table = self.tables["conversations"]
        rank, (file, files) = coded(table["step"], STATES), pd.factorize(table["file"])
        return {
            "files": files,
            "file": file,
            "gm": coded(table["gm_code"], self.codebook.gm_codes),
            "round": table["round"].to_numpy(dtype=np.int64),
            "rank": np.where(rank < 0, STATES.index("talk"), rank),
            "second": table["step"].eq("second_contact").to_numpy(),
            "planned": table["step"].eq("planned").to_numpy(),
            "day": days(table["date_from"]),
        }


class Pool:
    """The projects of the deliveries in force, the strongest row first: what hangs on no date and no other filter.

    `at` are the project rows in force, `of` the number of the project of each, `lead` the first row of each project. All
    other arrays have a value per project, each field from the strongest row that states it.
    """

    def __init__(self, facts: Facts, force: frozenset[int], delivered: frozenset[int]):
        self.facts = facts
        held = np.zeros(len(facts.lists) + 1, dtype=bool)
        held[list(force)] = True
        self.at = np.flatnonzero(held[facts.delivery])
        group = facts.group[self.at]
        first = np.full(facts.group.max(initial=-1) + 1, len(self.at))
        np.minimum.at(first, group, np.arange(len(self.at)))
        lead = np.sort(first[first < len(self.at)])
        number = np.full(len(first), -1)
        number[group[lead]] = np.arange(len(lead))
        self.of, self.lead = number[group], self.at[lead]
        self.home = np.full(len(facts.group), -1)  # project row -> its project, -1 when not in force
        self.home[self.at] = self.of
        known = np.zeros_like(held)
        known[list(delivered)] = True
        ever = np.flatnonzero(known[facts.delivery])
        ever = ever[number[facts.group[ever]] >= 0]
        self.arrived = np.full(len(lead), 99999999)  # the first day that a list told of it
        np.minimum.at(self.arrived, number[facts.group[ever]], facts.arrived[ever])

    def __len__(self) -> int:
        return len(self.lead)

    @functools.cached_property
    def row(self) -> dict[str, np.ndarray]:
        """The project row that states each field of FIELDS: the strongest that does, else the strongest."""
        if len(self.at) == len(self.lead):
            return dict.fromkeys(FIELDS, self.lead)
        rows = {}
        for field, stated in self.facts.stated.items():
            there = np.flatnonzero(stated[self.at])
            best = np.full(len(self), len(stated))
            np.minimum.at(best, self.of[there], self.at[there])
            rows[field] = np.where(best < len(stated), best, self.lead)
        return rows

    def column(self, name: str, at=slice(None)):
        """The values of a column of the projects table, or of `group`, for the projects `at`."""
        field = next((field for field, columns in FIELDS.items() if name in columns), "")
        return self.facts.rows[name].array.take((self.row[field] if field else self.lead)[at])

    @functools.cached_property
    def start(self) -> np.ndarray:
        return self.facts.start[self.row["start"]]

    @functools.cached_property
    def end(self) -> np.ndarray:
        return self.facts.end[self.row["end"]]

    @functools.cached_property
    def status(self) -> np.ndarray:
        return self.facts.status[self.row["status"]]

    @functools.cached_property
    def place(self) -> np.ndarray:
        return self.facts.place[self.row["placement"]]

    @functools.cached_property
    def placement(self) -> np.ndarray:
        return self.facts.placement[self.row["placement"]]

    @functools.cached_property
    def theme(self) -> np.ndarray:
        return self.facts.theme[self.row["themes"]]

    @functools.cached_property
    def example(self) -> np.ndarray:
        example = np.zeros(len(self), dtype=bool)
        example[self.of[self.facts.basis[self.at] == BASES.index("example")]] = True
        return example

    @functools.cached_property
    def by_title(self) -> np.ndarray:
        """The projects in the order of their titles."""
        return np.argsort(self.facts.title_rank[self.row["title"]], kind="stable")

    @functools.cached_property
    def titles(self) -> np.ndarray:
        return self.facts.titles[self.row["title"]]

    @functools.cached_property
    def source(self) -> np.ndarray:
        """The source of the strongest row, as its place in the codebook."""
        return self.facts.source[self.lead]

    @functools.cached_property
    def rows(self) -> pd.DataFrame:
        return self.facts.rows.take(self.at).reset_index(drop=True)

    @functools.cached_property
    def frame(self) -> pd.DataFrame:
        """One row per project: the columns of the projects table and `example`; index = group."""
        one = self.facts.rows.take(self.lead).set_index("group")
        for column in (column for columns in FIELDS.values() for column in columns):
            one[column] = self.column(column)
        return one.assign(example=self.example)

    def derived(self, date: str) -> tuple[np.ndarray, np.ndarray]:
        """Status on the date (in STATUSES), and whether the project counts. Dates decide; where they are silent, the
        listed status."""
        today, status = day(date), self.status
        planned, running, completed, *_, unknown = range(len(STATUSES))
        started, ended = self.start > 0, self.end > 0
        begun = np.where(started, self.start <= today, (self.arrived <= today) & (status != planned))
        over = np.where(ended, self.end < today, status == completed)
        never = np.isin(status, [STATUSES.index(name) for name in NEVER_COUNTS])
        derived = np.where(begun, np.where(~started & ~ended & (status == unknown), unknown, running), planned)
        derived = np.where(never, status, np.where(over, completed, derived))
        return derived, begun & ~over & ~never
