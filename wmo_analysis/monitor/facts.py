"""What all selections of one workspace share: its clean tables as whole numbers, so that a filter is a look-up.

Places and themes of projects are few combinations of many projects. Each combination has a number here; what a
combination touches is known once, and counting projects is counting combinations.
"""

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

import numpy as np
import pandas as pd

from wmo_analysis.codebook import Codebook, key
from wmo_analysis.days import NEVER, day, days, later, newest
from wmo_analysis.monitor.pool import Pool
from wmo_analysis.pipeline.places import Themes
from wmo_analysis.schema import (
    APPROVALS,
    BASES,
    FIELDS,
    KINDS,
    NO_MUNICIPALITY,
    PLACE,
    PLACEMENTS,
    STATES,
    STATUSES,
    TEXTS,
    VIA,
)


@dataclass(frozen=True)
class Delivery:
    """A list as far as it is of one source and one kind of rows."""

    file: str
    source_id: str
    kind: str  # projects, conversations or claims
    basis: str
    date: str  # ISO day
    complete: bool  # it holds all that its source has, or its part of that
    part: str = ""  # the year, action or region of its source that it is about; '' is the whole

    @property
    def whole(self) -> bool:
        """Whether it holds all that its source has."""
        return self.complete and not self.part


class Columns:
    """A table as one array per field."""

    def take(self, at: np.ndarray) -> "Columns":
        """The same columns of the rows `at`."""
        return type(self)(**{each.name: getattr(self, each.name)[at] for each in fields(self)})


@dataclass(frozen=True, eq=False)
class Money(Columns):
    """Amounts."""

    place: np.ndarray  # in the table of amounts
    at: np.ndarray  # project row
    kind: np.ndarray  # its place in KINDS
    cents: np.ndarray  # [EUR cent]
    day: np.ndarray
    project: np.ndarray  # in a pool; in all amounts nothing yet


@dataclass(frozen=True, eq=False)
class Talks(Columns):
    """Steps of conversations; an approval of one party is none, as it changes no state."""

    at: np.ndarray  # its place in the table of conversations
    delivery: np.ndarray  # the place of its list in Facts.lists
    gm: np.ndarray  # municipality, its place in the codebook
    round: np.ndarray
    rank: np.ndarray  # the furthest state that it proves, its place in STATES
    second: np.ndarray  # whether it is a second contact
    planned: np.ndarray
    day: np.ndarray

    def begun(self, day: int) -> np.ndarray:
        """Whether each step had begun on a day; a planned one is there with its list."""
        return self.planned | (self.day <= day)


@dataclass(frozen=True)
class Stated:
    """What a letter states of a round and a state."""

    number: int | None
    way: str  # now or reached
    fact_id: str


@dataclass(frozen=True)
class Placing:
    """A municipality of a project, and how it is reached."""

    gm_code: str
    via: str
    partnership: str
    weight: str  # decimal text; '' where no shares are stated


def cells(tables: dict[str, pd.DataFrame], column: str = "", places: pd.DataFrame | None = None) -> pd.DataFrame:
    """file, sheet, row, column, listed of the filled cells of one column, or of these places with what stands beside
    them: the only door to the texts of the lists."""
    table, names = tables["listed"], sorted(TEXTS)
    if places is not None:
        table = places.merge(table, on=list(PLACE))
    if column:
        names = [column]
    beside = list(table.columns.difference(TEXTS, sort=False))
    long = table[[*beside, *names]].melt(beside, var_name="column", value_name="listed", ignore_index=False)
    return long[long["listed"].str.strip() != ""].sort_index(kind="stable").reset_index(drop=True)


def coded(texts: pd.Series, known: Sequence[str]) -> np.ndarray:
    """The place of each text in `known`; -1 for another text."""
    codes, spellings = pd.factorize(texts)
    order = {text: at for at, text in enumerate(known)}
    return np.array([order.get(text, -1) for text in spellings], dtype=np.int64)[codes]


def combined(owner: np.ndarray, code: np.ndarray, owners: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """(number of the combination of each owner, the codes of each combination); rows of an owner stand together."""
    ends = np.searchsorted(owner, np.arange(owners), side="right")
    # the bytes of its codes are the key of a combination; this loop is the one that grows with the projects
    parts = [code[start:end].tobytes() for start, end in zip([0, *ends[:-1]], ends, strict=False)]
    numbers: dict[bytes, int] = {b"": 0}
    which = np.array([numbers.setdefault(part, len(numbers)) for part in parts], dtype=np.int64)
    return which, [np.frombuffer(part, dtype=code.dtype) for part in numbers]


def of_rows(make: Callable[[pd.DataFrame], np.ndarray]) -> functools.cached_property:
    """An array with a value per project row, made when it is first asked for."""
    return functools.cached_property(lambda facts: make(facts.rows))


class Facts:
    """The tables of a workspace as whole numbers, each part made when it is first asked for; see Monitor.facts."""

    def __init__(self, tables: dict[str, pd.DataFrame], codebook: Codebook, deliveries: pd.DataFrame):
        self.tables, self.codebook, self.deliveries = tables, codebook, deliveries
        self.lists = [Delivery(**row) for row in deliveries.to_dict("records")]
        self.number = {code: at for at, code in enumerate(codebook.gm_codes)}
        # another theme, place or status asks for no new pool: what 128 hold is some MB with thousands of projects, and
        # some GB with millions, where we have not measured whether fewer would do
        self.pool = functools.lru_cache(maxsize=128)(functools.partial(Pool, self))
        self.last_days = functools.lru_cache(maxsize=128)(self._last_days)
        self.told = functools.lru_cache(maxsize=128)(self._told)
        self.letters = functools.lru_cache(maxsize=128)(self._letters)
        self.theme_texts = functools.lru_cache(maxsize=2)(self._theme_texts)
        self.touching = functools.lru_cache(maxsize=512)(self._touching)

    def same(self, tables: dict[str, pd.DataFrame], codebook: Codebook, deliveries: pd.DataFrame) -> bool:
        """Whether these are the facts of that workspace."""
        return self.tables is tables and self.codebook is codebook and self.deliveries is deliveries

    # ------------------------------------------------------------ project rows, the strongest first

    @functools.cached_property
    def rows(self) -> pd.DataFrame:
        """Every project row with `group` (the one project that rows are of), the strongest row first."""
        rows = self.tables["projects"]
        rows = rows.assign(
            group=rows["same_as"].where(rows["same_as"] != "", rows["project_id"]),
            basis_rank=coded(rows["basis"], BASES),
            source_rank=coded(rows["source_id"], self.codebook.source_ids),
        )
        return rows.sort_values(["basis_rank", "source_rank", "project_id", "file"], ignore_index=True)

    group = of_rows(lambda rows: pd.factorize(rows["group"])[0])
    source = of_rows(lambda rows: rows["source_rank"].to_numpy())  # its place in the codebook
    basis = of_rows(lambda rows: rows["basis_rank"].to_numpy())  # in BASES
    example = of_rows(lambda rows: (rows["basis"] == "example").to_numpy())
    status = of_rows(lambda rows: coded(rows["status"], STATUSES))
    placement = of_rows(lambda rows: coded(rows["placement"], PLACEMENTS))
    start = of_rows(lambda rows: days(rows["start_from"]))
    end = of_rows(lambda rows: days(rows["end_to"]))
    titles = of_rows(lambda rows: rows["title"].to_numpy(dtype=object))
    title_rank = of_rows(lambda rows: pd.factorize(rows["title"], sort=True)[0])

    @functools.cached_property
    def thing(self) -> np.ndarray:
        """The number of what each row tells of: a project as one source tells it in one basis."""
        project = pd.factorize(self.rows["project_id"])[0]
        return pd.factorize((project * len(self.codebook.source_ids) + self.source) * len(BASES) + self.basis)[0]

    @functools.cached_property
    def part(self) -> np.ndarray:
        """The number of the part of its source that the list of each row is about; 0 is the whole."""
        names = pd.factorize(np.array(["", *self.deliveries["part"]], dtype=object))[0]
        return names[1:][self.delivery]

    @functools.cached_property
    def told_apart(self) -> np.ndarray:
        """The number of the thing and part of each row: parts stand beside each other."""
        return pd.factorize(self.thing * (len(self.lists) + 1) + self.part)[0]

    def in_force(self, taking: np.ndarray) -> np.ndarray:
        """Those of the rows `taking` that tell their thing: of each part, and of the whole, the newest; between the whole
        and its parts the newest too, or an amount would count twice."""
        at = taking[newest(self.told_apart[taking], self.arrived[taking])]
        of_part = self.part[at] > 0
        if not of_part.any():
            return at
        newest_day = np.zeros((2, self.thing.max() + 1), dtype=np.int64)
        np.maximum.at(newest_day, (of_part.astype(int), self.thing[at]), self.arrived[at])
        whole, part = newest_day[:, self.thing[at]]
        return at[np.where(of_part, self.arrived[at] > whole, whole >= part)]

    @functools.cached_property
    def delivery(self) -> np.ndarray:
        """The place in `lists` of the delivery that each row came in."""
        at = {(each.file, each.source_id): n for n, each in enumerate(self.lists) if each.kind == "projects"}
        pairs = zip(self.rows["file"].tolist(), self.rows["source_id"].tolist(), strict=True)
        return np.array(list(map(at.__getitem__, pairs)), dtype=np.int64)

    @functools.cached_property
    def list_days(self) -> np.ndarray:
        """The day of each of `lists`."""
        return days(self.deliveries["date"])

    @functools.cached_property
    def made_up(self) -> np.ndarray:
        """[list]: whether it holds examples."""
        return self.deliveries["basis"].eq("example").to_numpy()

    @functools.cached_property
    def silenced(self) -> np.ndarray:
        """[list]: whether it holds examples of a source that has sent a list of its own."""
        sources = self.deliveries["source_id"]
        received = sources[self.deliveries["basis"] == "received"]
        return self.made_up & sources.isin(received).to_numpy()

    @functools.cached_property
    def arrived(self) -> np.ndarray:
        return self.list_days[self.delivery]

    def held(self, delivered: frozenset[int]) -> np.ndarray:
        """[list]: whether it is one of these; the last value is for rows of no list."""
        held = np.zeros(len(self.lists) + 1, dtype=bool)
        held[list(delivered)] = True
        return held

    def _last_days(self, delivered: frozenset[int]) -> np.ndarray:
        """[list]: the last day of what it lists and no newer one does: the day before the first newer list of its source,
        basis and kind that is complete, for its part or for the whole; NEVER without one."""
        complete: dict[tuple, list[str]] = {}
        for each in map(self.lists.__getitem__, sorted(delivered)):
            if each.complete:
                complete.setdefault((each.source_id, each.basis, each.kind, each.part), []).append(each.date)
        last = np.full(len(self.lists) + 1, NEVER)
        for at, each in enumerate(self.lists):
            dates = [complete.get((each.source_id, each.basis, each.kind, part), ()) for part in {"", each.part}]
            newer = [date for date in itertools.chain(*dates) if date > each.date]
            if newer:
                last[at] = day(later(min(newer), -1))
        return last

    @functools.cached_property
    def stated(self) -> dict[str, np.ndarray]:
        """Whether each row states a field."""
        stated = {}
        for name, columns in FIELDS.items():
            lead = self.rows[columns[0]]
            stated[name] = (lead.notna() & ~lead.astype("str").isin(["", "unknown"])).to_numpy()
        return stated

    @functools.cached_property
    def _entries(self) -> pd.MultiIndex:
        return pd.MultiIndex.from_frame(self.rows[["project_id", "file"]])

    def owner(self, table: pd.DataFrame) -> np.ndarray:
        """The project row that each row of another table belongs to; -1 without one."""
        return self._entries.get_indexer(pd.MultiIndex.from_frame(table[["project_id", "file"]]))

    # ------------------------------------------------------------ places

    @functools.cached_property
    def _placed(self) -> tuple[np.ndarray, list[list[Placing]]]:
        """The combination of placements of each project row, and its rows in Dutch alphabetical order.

        A row whose placement is unknown has none.
        """
        table = self.tables["placements"]
        owner, rank = self.owner(table), coded(table["gm_code"], self.codebook.gm_codes)
        order = np.lexsort((rank, owner))
        known = (self.placement != PLACEMENTS.index("unknown"))[owner[order]]
        order = order[(owner[order] >= 0) & known]  # Monitor.as_of takes the place from a row that states one
        code, kinds = pd.MultiIndex.from_frame(table[["gm_code", "via", "partnership_id", "weight"]]).factorize()
        which, parts = combined(owner[order], code[order], len(self.rows))
        placings = np.array(list(itertools.starmap(Placing, kinds)), dtype=object)
        return which, [placings[part].tolist() for part in parts]

    @functools.cached_property
    def beside(self) -> np.ndarray:
        """Whether each project row names a place beside those of the codebook: its money is not put down to them alone."""
        found, beside = self.tables["findings"], np.zeros(len(self.rows), dtype=bool)
        found = found.loc[found["code"].isin(NO_MUNICIPALITY), list(PLACE)]
        owner = self.owner(self.tables["project_sources"].merge(found, on=list(PLACE)))
        beside[owner[owner >= 0]] = True
        alone = (self.reach.sum(axis=1) == 1)[self.place]  # 'Baarn, nog niet toegewezen' is no finding
        return (beside | alone) & (self.placement == PLACEMENTS.index("several"))

    place = property(lambda facts: facts._placed[0])  # the number of the combination of each project row
    places = property(lambda facts: facts._placed[1])  # the placements of each combination

    @functools.cached_property
    def weighted(self) -> np.ndarray:
        """[combination]: whether shares are stated."""
        weighted = np.zeros(len(self.places), dtype=bool)
        for number, placed in enumerate(self.places):
            weighted[number] = any(each.weight for each in placed)
        return weighted

    def vias_without(self, partnership: str | None) -> np.ndarray:
        """[combination, municipality, VIA]: whether it is placed there that way, were it not for one partnership."""
        vias = np.zeros((len(self.places), len(self.number), len(VIA)), dtype=bool)
        for number, placed in enumerate(self.places):
            for each in placed:
                if each.partnership != partnership:
                    vias[number, self.number[each.gm_code], VIA.index(each.via)] = True
        return vias

    @functools.cached_property
    def vias(self) -> np.ndarray:
        """[combination, municipality, VIA]: whether it is placed there that way."""
        return self.vias_without(None)

    @functools.cached_property
    def own(self) -> np.ndarray:
        """[combination, municipality]: 1 where it, or a place in it, is named."""
        return self.vias[:, :, VIA.index("own")].astype(np.int64)

    @functools.cached_property
    def reach(self) -> np.ndarray:
        """[combination, municipality]: 1 where it is named or reached through a partnership."""
        return self.vias[:, :, : VIA.index("province")].any(axis=2).astype(np.int64)

    @functools.cached_property
    def province(self) -> np.ndarray:
        """[combination]: 1 when province-wide."""
        return self.vias[:, :, VIA.index("province")].any(axis=1).astype(np.int64)

    @functools.cached_property
    def through(self) -> list[set[str]]:
        """The partnerships of each combination of placements."""
        return [set(map(attrgetter("partnership"), placed)) for placed in self.places]

    @functools.cached_property
    def assumed(self) -> dict[str, str]:
        """partnership_id -> name of the partnerships whose membership is assumed."""
        table = self.codebook.partnerships.query("assumption == 'yes'").drop_duplicates("partnership_id")
        return dict(zip(table["partnership_id"], table["name"], strict=True))

    def reached(self, gm_codes: Iterable[str]) -> np.ndarray:
        """[combination of placements]: whether it reaches one of these municipalities or is province-wide."""
        return self.reach[:, self.numbers(gm_codes)].any(axis=1) | (self.province > 0)

    @functools.cached_property
    def place_texts(self) -> list[str]:
        """Each combination in words: its partnerships, then the municipalities that are named."""
        names = dict(zip(self.codebook.partnerships["partnership_id"], self.codebook.partnerships["name"], strict=True))
        texts = []
        for placed in self.places:
            partners = dict.fromkeys(names[each.partnership] for each in placed if each.via == "partnership")
            own = [self.codebook.label("municipality", each.gm_code) for each in placed if each.via == "own"]
            texts.append(", ".join([*partners, *own]))
        return texts

    def numbers(self, gm_codes: Iterable[str]) -> np.ndarray:
        """The columns of `own` and `reach` of these municipalities."""
        return np.array([self.number[code] for code in gm_codes], dtype=np.int64)

    # ------------------------------------------------------------ themes

    @functools.cached_property
    def _lookup(self) -> Themes:
        return Themes(self.codebook)

    @functools.cached_property
    def _themed(self) -> tuple[np.ndarray, list[list[str]]]:
        """The combination of themes of each project row, and the themes of each.

        The unknown theme is that of a project which touches no other column; beside another one it is left out.
        """
        table = self.tables["project_themes"]
        owner, (code, spellings) = self.owner(table), pd.factorize(table["theme"])
        order = np.argsort(owner, kind="stable")
        order = order[owner[order] >= 0]
        which, parts = combined(owner[order], code[order], len(self.rows))
        return which, [self._themes_of(spellings[part]) for part in parts]

    def _themes_of(self, named: Iterable[str]) -> list[str]:
        """The themes that these together tell of a project: the unknown one only where no other column is touched."""
        themes, unknown = dict.fromkeys(named), self.codebook.theme_with("unknown")
        untold = themes and self._lookup.part(set(themes)) == "unknown"
        themes.pop(unknown, None)
        if untold:
            themes[unknown] = None  # it comes last
        return list(themes)

    theme = property(lambda facts: facts._themed[0])  # the number of the combination of themes of each project row
    themes = property(lambda facts: facts._themed[1])  # the themes of each combination

    def stating(self, wanted: frozenset[str]) -> np.ndarray:
        """[combination of themes]: whether it holds one of these themes itself, not only one below it."""
        return np.array([not wanted.isdisjoint(themes) for themes in self.themes], dtype=bool)

    @functools.cached_property
    def theme_parts(self) -> list[str]:
        """one, several, unknown or outside of each combination of themes."""
        return [self._lookup.part(set(themes)) for themes in self.themes]

    @functools.cached_property
    def outside(self) -> np.ndarray:
        """[combination of themes]: whether it is the excluded theme only."""
        return np.array(self.theme_parts, dtype=object) == "outside"

    def _touching(self, wanted: frozenset[str], besides: str = "") -> np.ndarray:
        """[combination of themes]: whether it holds one of the `wanted` themes or one below them, `besides` one theme."""
        column_of, touching = self.codebook.column_of, np.zeros(len(self.themes), dtype=bool)
        for number, themes in enumerate(self.themes):
            here = {theme for theme in themes if theme != besides}
            touching[number] = not wanted.isdisjoint(here | {column_of.get(theme) for theme in here})
        return touching

    def _theme_texts(self, language: str) -> pd.api.extensions.ExtensionArray:
        """Each combination of themes in words, in codebook order."""
        book, texts = self.codebook, []
        for themes in self.themes:
            codes = [code for code in book.column_of if code in themes]
            texts.append(", ".join(book.label("theme", code, language, short=True) for code in codes))
        return pd.array(texts, dtype="str")

    @functools.cached_property
    def mapped(self) -> tuple[np.ndarray, np.ndarray]:
        """Project rows of which a theme was mapped by assumption, and that theme.

        A theme of a project is assumed where a cell of its rows holds a spelling that aliases.csv calls an assumption.
        Where two rows of one list spell one theme, and one of them so, we cannot tell which of the two was taken.
        """
        aliases, listed = self.codebook.aliases, cells(self.tables, "theme")
        assumed = aliases[(aliases["domain"] == "theme") & (aliases["assumption"] == "yes")]
        spellings, hits = set(assumed["text"].map(key)), []
        for text in listed["listed"].unique():  # distinct texts: a list has few, however long it is
            hits += [(text, part.theme) for part in self._lookup.cell(text) if key(part.text) in spellings]
        found = pd.DataFrame(hits, columns=["listed", "theme"], dtype="str").drop_duplicates()
        found = listed[listed["listed"].isin(found["listed"])].merge(found, on="listed")
        found = self.tables["project_sources"][["project_id", *PLACE]].merge(found, on=list(PLACE))
        at, theme = self.owner(found), found["theme"].to_numpy(dtype=object)
        taken = [row >= 0 and name in self.themes[self.theme[row]] for row, name in zip(at, theme, strict=True)]
        return at[taken], theme[taken]

    # ------------------------------------------------------------ schemes

    @functools.cached_property
    def _schemed(self) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """Project rows, the number of a scheme that one of their list rows names, and the schemes by number."""
        listed = cells(self.tables, "scheme")
        first: dict[str, str] = {}
        for text in sorted(listed["listed"].str.strip().unique()):
            first.setdefault(key(text), text)
        found = self.tables["project_sources"][["project_id", *PLACE]].merge(listed, on=list(PLACE))
        owner, codes = self.owner(found), coded(found["listed"].map(key), list(first))
        return owner[owner >= 0], codes[owner >= 0], list(first.values())

    @property
    def schemes(self) -> list[str]:
        """The schemes, funds and programmes that the lists name, each in its first spelling."""
        return self._schemed[2]

    def of_schemes(self, names: Iterable[str]) -> np.ndarray:
        """Whether each project row is of one of these schemes."""
        at, number, every = self._schemed
        found = np.zeros(len(self.rows), dtype=bool)
        found[at[np.isin(number, list(map(every.index, names)))]] = True
        return found

    # ------------------------------------------------------------ amounts, letters, conversations

    @functools.cached_property
    def paid(self) -> np.ndarray:
        """Whether an amount of each project row is read, on a credit or off it."""
        paid, owner = np.zeros(len(self.rows), dtype=bool), self.owner(self.tables["amounts"])
        paid[owner[owner >= 0]] = True
        return paid

    @functools.cached_property
    def amounts(self) -> dict[str, Money]:
        """credit_id -> its amounts of projects; '' is off any credit."""
        table, owner = self.tables["amounts"], self.owner(self.tables["amounts"])
        kind, cents = coded(table["kind"], KINDS), table["cents"].to_numpy(dtype=np.int64)
        every = Money(np.arange(len(table)), owner, kind, cents, days(table["date_from"]), np.full(len(table), -1))
        credits = ["", *self.codebook.credits["credit_id"]]
        credit = coded(table["credit_id"], credits)
        return {code: every.take((credit == at) & (owner >= 0)) for at, code in enumerate(credits)}

    def claims(self, known: str) -> pd.DataFrame:
        """The claims of the lists dated at or before a day ('' = of every list), each from the newest that states it."""
        lists = self.deliveries[self.deliveries["kind"] == "claims"].drop_duplicates("file").set_index("file")
        table = self.tables["claims"].assign(date=self.tables["claims"]["file"].map(lists["date"]))
        if known:
            table = table[table["date"] <= known]
        newest = table["date"] == table.groupby("fact_id")["date"].transform("max")
        return table[newest].drop(columns="date").sort_values(["as_of", "fact_id"], ignore_index=True)

    def _letters(self, known: str) -> dict[str, dict[tuple[int, str], Stated]]:
        """as_of -> (round, state) -> what the letter of that day states, of those known on a day; round 0 is all rounds."""
        table = self.claims(known)
        letters: dict = {as_of: {} for as_of in table["as_of"].unique()}
        for claim in table[table["measure"].str.startswith(("rounds.now:", "rounds.reached:"))].to_dict("records"):
            name, number, state = [*claim["measure"].split(":"), "", ""][:3]
            value = re.fullmatch(r"(?:ca\. ?)?(\d+)", claim["stated"])
            if value and number in ("", *"123456789"):  # 'enkele' and a round in words are claims, but no number
                said = Stated(int(value[1]), name.removeprefix("rounds."), claim["fact_id"])
                letters[claim["as_of"]][int(number or 0), state] = said
        return letters

    @functools.cached_property
    def talks(self) -> Talks:
        """Every step of a conversation that changes a state."""
        steps = self.tables["conversations"]
        at = np.flatnonzero(~steps["step"].isin(APPROVALS))
        table = steps.iloc[at]
        rank = coded(table["step"], STATES)
        lists = self.deliveries["file"].where(self.deliveries["kind"] == "conversations")
        return Talks(
            at=at,
            delivery=coded(table["file"], list(lists)),
            gm=coded(table["gm_code"], self.codebook.gm_codes),
            round=table["round"].to_numpy(dtype=np.int64),
            rank=np.where(rank < 0, STATES.index("talk"), rank),  # a second contact proves a talk
            second=table["step"].eq("second_contact").to_numpy(),
            planned=table["step"].eq("planned").to_numpy(),
            day=days(table["date_from"]),
        )

    def _told(self, delivered: frozenset[int]) -> Talks:
        """The steps of conversations that these lists tell: of each municipality, per source, basis and
        part, those of the newest list that names it."""
        talks = self.talks
        talks = talks.take(self.held(delivered)[talks.delivery])
        teller = self.deliveries["source_id"] + " " + self.deliveries["basis"] + " " + self.deliveries["part"]
        thing = talks.gm * (len(teller) + 1) + pd.factorize(np.array([*teller, ""], dtype=object))[0][talks.delivery]
        return talks.take(newest(pd.factorize(thing)[0], np.append(self.list_days, 0)[talks.delivery]))
