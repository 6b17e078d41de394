"""The codebook: agreed names, accepted spellings, and every denominator.

Its tables are the csv files of reference/ (the package's own, or those of a workspace). They are judgements with
evidence; the library looks them up and never guesses beyond them.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd

from wmo_analysis import days, words
from wmo_analysis.errors import WmoError, unknown
from wmo_analysis.schema import LANGUAGES

PACKAGED = Path(__file__).with_name("reference")
TABLES = (
    "municipalities places partnerships regions themes sources rounds credits aliases corrections findings"
).split()
SPLITS = ["name", "gm_code", "share", "decided_on", "decided_by", "reason"]  # of splits.csv, which need not be there
ELSEWHERE = "elsewhere"  # places outside the area: a workspace without this table has the package's
WHOLE = {"allocation_cents", "max_hours", "tile_row", "tile_col", "size"}  # columns of numbers, or of nothing
MAY_LACK = {"start_date"}  # a codebook of before this column was known says: always there
NOT_STATED = "X0"  # the source of a row that states none; every codebook has it


@functools.lru_cache(maxsize=1 << 17)
def key(text: str) -> str:
    """One key for all spellings that differ only in case, accents, spaces, hyphens, invisible marks or ĳ/ij.

    'Ĳsselstein ' -> 'ijsselstein', 'Wijk-bij-Duurstede' -> 'wijk bij duurstede'. The display is never changed by it.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
        text = re.sub("[‘’´`]", "'", text)  # as Word types it: Tull en ’t Waal
    text = text.casefold()
    return re.sub(r"[\s\-‐‑–_.]+", " ", text).strip()


def _read(path: Path, needed: Sequence[str] = ()) -> pd.DataFrame:
    """A table of the codebook, with every column `needed`, or that the package's own has. Raises WmoError that names the
    file, and what to mend, for one that is damaged, lacks a column, or has a number that is none."""
    as_text = {"dtype": "str", "keep_default_na": False, "index_col": False, "encoding": "utf-8"}
    try:
        table = pd.read_csv(path, **as_text)
    except ValueError as error:  # empty, no utf-8, a quote that stays open, a line with a field too many
        raise WmoError(words.say("codebook.damaged", file=path.name)) from error
    if not needed and path.parent != PACKAGED:  # the package's own lacks nothing
        needed = set(pd.read_csv(PACKAGED / path.name, nrows=0)) - MAY_LACK
    if lacking := sorted(set(needed) - set(table)):
        raise WmoError(words.say("codebook.columns", file=path.name, columns=", ".join(lacking)))
    for column in WHOLE & set(table):
        wrong = table[column][~table[column].str.fullmatch("[0-9]{0,15}")]
        if len(wrong):
            raise WmoError(words.say("codebook.number", file=path.name, column=column, text=wrong.iloc[0]))
    return table


@dataclass(frozen=True, eq=False)
class Codebook:
    """The tables of reference/, one DataFrame of text each; whoever needs a number or a date converts it.

    Two codebooks are equal when they are one: tables are not compared, and a codebook can be a key.

    `Codebook.open(folder)` reads them. `municipalities` stands in Dutch alphabetical order (De Bilt after Baarn).
    """

    municipalities: pd.DataFrame
    places: pd.DataFrame
    partnerships: pd.DataFrame
    regions: pd.DataFrame
    themes: pd.DataFrame
    sources: pd.DataFrame
    rounds: pd.DataFrame
    credits: pd.DataFrame
    aliases: pd.DataFrame
    corrections: pd.DataFrame
    findings: pd.DataFrame
    texts: pd.DataFrame
    elsewhere: pd.DataFrame
    splits: pd.DataFrame  # how an analyst says that what a later municipality holds is divided
    carried_to: str = ""  # the day whose municipalities these are, where that is not the day of the tables

    @classmethod
    def open(cls, folder: Path = PACKAGED) -> "Codebook":
        """The codebook in a folder. Raises WmoError when a table, or the source X0, is missing."""
        missing = [name for name in TABLES if not (folder / f"{name}.csv").exists()]
        if missing:
            raise WmoError(f"Het codeboek in {folder.name}/ is niet volledig: {', '.join(missing)}.csv ontbreekt.")
        tables = {name: _read(folder / f"{name}.csv") for name in TABLES}
        own = folder / f"{ELSEWHERE}.csv"
        tables[ELSEWHERE] = _read(own if own.exists() else PACKAGED / own.name)
        # a workspace that copied the table before a kind of finding was known has no line for it
        both = pd.concat([tables["findings"], _read(PACKAGED / "findings.csv")])
        tables["findings"] = both.drop_duplicates("code", ignore_index=True)
        if NOT_STATED not in set(tables["sources"]["source_id"]):
            raise WmoError(f"sources.csv heeft geen bron {NOT_STATED}: die staat voor „niet vermeld”.")
        own = folder / "texts.csv"  # what is not said here, documents say in words that hold for any list
        tables["texts"] = _read(own) if own.exists() else pd.DataFrame(columns=["key", *LANGUAGES], dtype="str")
        own = folder / "splits.csv"
        tables["splits"] = _read(own, SPLITS[:3]) if own.exists() else pd.DataFrame(columns=SPLITS, dtype="str")
        _existing(tables["municipalities"])
        _dividing(tables["splits"], tables["municipalities"])
        # De Bilt comes after Baarn and not under the D: the key is a judgement, no rule of letters gives it
        order = tables["municipalities"]["sort_key_nl"].str.casefold().sort_values(kind="stable").index
        tables["municipalities"] = tables["municipalities"].loc[order].reset_index(drop=True)
        return cls(**tables)

    def text(self, key: str, language: str) -> str:
        """What documents say under that key of words.csv, in the words of this codebook where it has its own."""
        own = self.texts.loc[self.texts["key"] == key, language]
        return own.iloc[0] if len(own) else words.text(key, language)

    @functools.cached_property
    def source_ids(self) -> list[str]:
        """Every source, in the order that decides."""
        return list(self.sources["source_id"])

    @functools.cached_property
    def gm_codes(self) -> list[str]:
        """Every municipality, in Dutch alphabetical order: the denominator."""
        return list(self.municipalities["gm_code"])

    def marked(self, mask: Iterable[bool]) -> list[str]:
        """The municipalities that a mask over `gm_codes` marks."""
        return list(itertools.compress(self.gm_codes, mask))

    @property
    def credit(self) -> pd.Series:
        """The credit that is shown where none is named: the first one."""
        return self.credits.iloc[0]

    @functools.cached_property
    def formed_later(self) -> dict[str, tuple[str, str]]:
        """key of a municipality that is a successor of ours, and none of ours -> (ISO day since which it is there, name)."""
        ended, formed = self.municipalities[self.municipalities["end_date"] != ""], {}
        for day, name in zip(ended["end_date"], ended["successor"], strict=True):
            if name not in set(self.municipalities["name"]):
                formed[key(name)] = (day, name)
        return formed

    @functools.cached_property
    def divided(self) -> dict[str, dict[str, str]]:
        """key of a name -> gm_code -> the share of it that was stated, as decimal text."""
        shares: dict[str, dict[str, str]] = {}
        for name, code, share in self.splits[SPLITS[:3]].itertuples(index=False, name=None):
            shares.setdefault(key(name), {})[code] = share
        return shares

    @functools.cached_property
    def former(self) -> dict[str, tuple[str, str, str]]:
        """key of a municipality that was merged before the day of ours -> (ISO day since which it is gone, name, gm_code)."""
        gone = self.places[self.places["how"] == "former"]
        return {key(row["text"]): (row["until"], row["text"], row["gm_code"]) for row in gone.to_dict("records")}

    @functools.cached_property
    def municipality_names(self) -> dict[str, str]:
        """gm_code -> name, in Dutch alphabetical order."""
        return dict(zip(self.municipalities["gm_code"], self.municipalities["name"], strict=True))

    @property
    def stated_at(self) -> str:
        """The date at which these municipalities are stated (2006-11-30, D-001)."""
        return self.municipalities["stated_at"].iloc[0]

    def members(self, on: str) -> dict[str, list[str]]:
        """partnership_id -> gm_codes that belong to it on that date, in codebook order; no date at an end is open."""
        return self._partnerships_since[self.epoch(on)]

    @functools.cached_property
    def _partnerships_since(self) -> dict[str, dict[str, list[str]]]:
        return _since(self.partnerships, "partnership_id", self.gm_codes)

    @functools.cached_property
    def _regions_since(self) -> dict[str, dict[str, list[str]]]:
        return _since(self.regions, "region_id", self.gm_codes)

    def epoch(self, on: str) -> str:
        """The day since which the partnerships have the members that they have on that date."""
        return max(day for day in self._partnerships_since if day <= on)

    @functools.cached_property
    def region_days(self) -> list[str]:
        """The days since which the regions have other members, the first one '' (since ever)."""
        return sorted(self._regions_since)

    def regions_on(self, on: str) -> dict[str, list[str]]:
        """region_id -> gm_codes on that date; regions cover all municipalities and may overlap."""
        return self._regions_since[max(day for day in self._regions_since if day <= on)]

    def columns(self, theme_set: str = "provincial") -> list[str]:
        """Themes that are a column of the monitor, in order; P8 never is, P9 comes last and only when used."""
        return [theme for theme in self._columns if self.theme_sets[theme] == theme_set]

    @functools.cached_property
    def _columns(self) -> list[str]:
        return list(self.themes.loc[self.themes["is_column"] == "yes", "theme"])

    @functools.cached_property
    def theme_sets(self) -> dict[str, str]:
        """theme -> the set that it is of."""
        return dict(zip(self.themes["theme"], self.themes["theme_set"], strict=True))

    def theme_with(self, role: str) -> str:
        """The theme with that role: `unknown` (P9) or `excluded` (P8)."""
        return self._roles[role]

    @functools.cached_property
    def _roles(self) -> dict[str, str]:
        return dict(zip(self.themes["role"], self.themes["theme"], strict=True))

    @functools.cached_property
    def round_sizes(self) -> dict[int, int]:
        """round -> number of its municipalities."""
        return dict(zip(self.rounds["round"].astype(int), self.rounds["size"].astype(int), strict=True))

    @functools.cached_property
    def deadlines(self) -> dict[int, str]:
        """round -> its deadline, an ISO day or ''."""
        return dict(zip(self.rounds["round"].astype(int), self.rounds["deadline"], strict=True))

    @functools.cached_property
    def column_of(self) -> dict[str, str]:
        """theme -> the theme it rolls up into (P3a and P3b into P3)."""
        return {t: p or t for t, p in zip(self.themes["theme"], self.themes["parent"], strict=True)}

    def names(self, domain: str) -> dict[str, list[str]]:
        """key(spelling) -> codes, for `theme`, `source`, `status` or `kind`: labels first, then dated aliases.

        A label that two themes share belongs to the provincial one; else both codes stand and nothing is decided.
        """
        names: dict[str, list[str]] = {}
        if domain == "theme":
            for _, themes in self.themes.groupby("theme_set", sort=False):
                # what an earlier set names stands: the later ones only add
                names = _spelled(themes, "theme", "label_nl", "label_en") | names
        if domain == "source":
            names = _spelled(self.sources, "source_id", "name", "name_en")
        for row in self.aliases[self.aliases["domain"] == domain].to_dict("records"):
            names.setdefault(key(row["text"]), [row["code"]])
        return names

    def find(self, domain: str, value: str) -> str:
        """The code of a municipality, region, theme, source or round, from an id or a Dutch or English label.

        Raises WmoError that lists the values there are.
        """
        table, code, labels = {
            "municipality": (self.municipalities, "gm_code", ["name"]),
            "region": (self.regions, "region_id", ["name", "name_en"]),
            "theme": (self.themes, "theme", ["label_nl", "label_en", "short_nl", "short_en"]),
            "source": (self.sources, "source_id", ["name", "name_en"]),
            "round": (self.rounds, "round", []),
        }[domain]
        wanted = key(str(value))
        for column in (code, *labels):  # a code is of one thing alone, so it goes before any label
            hits = table.loc[[key(text) == wanted for text in table[column]], code]
            if len(hits):
                return hits.iloc[0]
        raise unknown(words.say(f"filter.{domain}"), value, dict.fromkeys(table[[*labels, code][0]]))

    def label(self, domain: str, code: str, language: str = "nl", short: bool = False) -> str:
        """The label of a code in the language; names of municipalities and partnerships are the same in both."""
        return self._labels[domain, language, short].get(code, code)

    def in_words(self, codes: pd.Series, language: str = "nl") -> pd.Series:
        """The labels of municipality, theme and source codes; any other text stays as it is. For notebook 01."""
        labels = {}
        for domain in ("municipality", "theme", "source"):
            labels |= self._labels[domain, language, False]
        return codes.map(lambda code: labels.get(code, code))

    @functools.cached_property
    def _labels(self) -> dict[tuple[str, str, bool], dict[str, str]]:
        labels = {}
        for language, name in (("nl", "name"), ("en", "name_en")):
            for domain, table, code, long, short in (
                ("theme", self.themes, "theme", f"label_{language}", f"short_{language}"),
                ("municipality", self.municipalities, "gm_code", "name", "name"),
                ("region", self.regions, "region_id", name, name),
                ("source", self.sources, "source_id", name, name),
                ("credit", self.credits, "credit_id", name, name),
            ):
                labels[domain, language, False] = dict(zip(table[code], table[long], strict=True))
                labels[domain, language, True] = dict(zip(table[code], table[short], strict=True))
        return labels


def _existing(table: pd.DataFrame) -> None:
    """Checks that each municipality stands there once, and the days between which it exists; a codebook without a first
    day says: always there."""
    if (twice := table["gm_code"][table["gm_code"].duplicated()]).size:
        raise WmoError(words.say("codebook.twice", code=twice.iloc[0]))
    if "start_date" not in table:
        table.insert(table.columns.get_loc("end_date"), "start_date", "")
    for name, start, end in table[["name", "start_date", "end_date"]].itertuples(index=False, name=None):
        given = [day for day in (start, end) if day]
        if not all(map(days.is_iso, given)) or given != sorted(set(given)):
            raise WmoError(
                f"municipalities.csv: begin en einde van {name} zijn geen dagen in volgorde: {start}, {end}."
            )


def _dividing(table: pd.DataFrame, municipalities: pd.DataFrame) -> None:
    """Checks that the shares of each name, which is none of ours, are of municipalities that are there, each once, and add up
    to exactly 1."""
    known, ours = set(municipalities["gm_code"]), set(municipalities["name"].map(key))
    for name, rows in table.groupby("name", sort=False):
        codes, shares = list(rows["gm_code"]), list(rows["share"])
        if key(name) in ours:
            raise WmoError(words.say("splits.own", name=name))
        if strange := [code for code in codes if code not in known or codes.count(code) > 1]:
            raise WmoError(words.say("splits.code", name=name, code=strange[0]))
        plain = all(re.fullmatch(r"0|[01]\.\d{1,9}|1", share) for share in shares)
        if not plain or sum(map(Decimal, shares)) != 1:
            raise WmoError(words.say("splits.sum", name=name, shares=" + ".join(shares)))


def _spelled(table: pd.DataFrame, code: str, *labels: str) -> dict[str, list[str]]:
    """key(code or label) -> the codes that are called so."""
    names: dict[str, list[str]] = {}
    for called in table[[code, *labels]].itertuples(index=False, name=None):
        for text in set(map(key, called)):
            names.setdefault(text, []).append(called[0])
    return names


def _members(table: pd.DataFrame, group: str, order: list[str], on: str) -> dict[str, list[str]]:
    valid = (table["valid_from"] <= on) & ((table["valid_to"] == "") | (table["valid_to"] >= on))
    here = table[valid].sort_values("gm_code", key=lambda codes: codes.map(order.index), kind="stable")
    groups = here.groupby(group, sort=False)["gm_code"].agg(list)
    return {name: groups.get(name, []) for name in dict.fromkeys(table[group])}


def _since(table: pd.DataFrame, group: str, order: list[str]) -> dict[str, dict[str, list[str]]]:
    """The members by the day since which they hold; '' is before the first change."""
    ended = [days.later(day) for day in table["valid_to"].unique() if day]
    changed = ["", *table["valid_from"].unique(), *ended]  # a member is one on its last day too: it goes the day after
    return {day: _members(table, group, order, day) for day in changed}
