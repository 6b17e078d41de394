"""The codebook: agreed names, accepted spellings, and every denominator.

Its tables are the csv files of reference/ (the package's own, or those of a workspace). They are judgements with
evidence; the library looks them up and never guesses beyond them.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wmo_analysis import days
from wmo_analysis.errors import WmoError

PACKAGED = Path(__file__).with_name("reference")
TABLES = (
    "municipalities places partnerships regions themes sources rounds credits aliases corrections findings"
).split()
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


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False, index_col=False, encoding="utf-8")


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

    @classmethod
    def open(cls, folder: Path = PACKAGED) -> "Codebook":
        """The codebook in a folder. Raises WmoError when a table, or the source X0, is missing."""
        missing = [name for name in TABLES if not (folder / f"{name}.csv").exists()]
        if missing:
            raise WmoError(f"Het codeboek in {folder.name}/ is niet volledig: {', '.join(missing)}.csv ontbreekt.")
        tables = {name: _read(folder / f"{name}.csv") for name in TABLES}
        # a copy of before a kind of finding was known has no line for it
        both = pd.concat([tables["findings"], _read(PACKAGED / "findings.csv")])
        tables["findings"] = both.drop_duplicates("code", ignore_index=True)
        if NOT_STATED not in set(tables["sources"]["source_id"]):
            raise WmoError(f"sources.csv heeft geen bron {NOT_STATED}: die staat voor „niet vermeld”.")
        _existing(tables["municipalities"])
        order = tables["municipalities"]["sort_key_nl"].str.casefold().sort_values(kind="stable").index
        tables["municipalities"] = tables["municipalities"].loc[order].reset_index(drop=True)
        return cls(**tables)

    @functools.cached_property
    def source_ids(self) -> list[str]:
        """Every source, in the order that decides."""
        return list(self.sources["source_id"])

    @functools.cached_property
    def gm_codes(self) -> list[str]:
        """Every municipality, in Dutch alphabetical order: the denominator."""
        return list(self.municipalities["gm_code"])

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
        return list(self._columns[theme_set])

    @functools.cached_property
    def _columns(self) -> dict[str, list[str]]:
        shown = self.themes[self.themes["is_column"] == "yes"]
        return {
            name: list(shown.loc[shown["theme_set"] == name, "theme"]) for name in self.themes["theme_set"].unique()
        }

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
            for set_name in dict.fromkeys(self.themes["theme_set"]):
                here: dict[str, list[str]] = {}
                for row in self.themes[self.themes["theme_set"] == set_name].to_dict("records"):
                    for text in {key(row["theme"]), key(row["label_nl"]), key(row["label_en"])}:
                        here.setdefault(text, []).append(row["theme"])
                names = here | names
        if domain == "source":
            for row in self.sources.to_dict("records"):
                for text in {key(row["source_id"]), key(row["name"]), key(row["name_en"])}:
                    names.setdefault(text, []).append(row["source_id"])
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
        for column in (code, *labels):
            hits = table.loc[[key(text) == wanted for text in table[column]], code]
            if len(hits):
                return hits.iloc[0]
        there = ", ".join(dict.fromkeys(table[labels[0] if labels else code]))
        words = {
            "municipality": "gemeente",
            "region": "regio",
            "theme": "thema",
            "source": "bron",
            "round": "ronde",
        }
        raise WmoError(f"Onbekende waarde voor {words[domain]}: {value}. Mogelijk zijn: {there}.")

    def label(self, domain: str, code: str, language: str = "nl", short: bool = False) -> str:
        """The label of a code in the language; names of municipalities and partnerships are the same in both."""
        return self._labels[domain, language, short].get(code, code)

    def in_words(self, codes: pd.Series, language: str = "nl") -> pd.Series:
        """The labels of municipality, theme and source codes; any other text stays as it is."""
        labels = {}
        for domain in ("municipality", "theme", "source"):
            labels |= self._labels[domain, language, False]
        return codes.map(lambda code: labels.get(code, code))

    @functools.cached_property
    def _labels(self) -> dict:
        labels: dict = {}
        for language in ("nl", "en"):
            english = "_en" if language == "en" else ""
            for short in (False, True):
                theme = f"{'short' if short else 'label'}_{language}"
                labels["theme", language, short] = dict(zip(self.themes["theme"], self.themes[theme], strict=True))
                for domain, table, code, column in (
                    ("municipality", self.municipalities, "gm_code", "name"),
                    ("region", self.regions, "region_id", f"name{english}"),
                    ("source", self.sources, "source_id", f"name{english}"),
                    ("credit", self.credits, "credit_id", f"name{english}"),
                ):
                    labels[domain, language, short] = dict(zip(table[code], table[column], strict=True))
        return labels


def _existing(table: pd.DataFrame) -> None:
    """Checks the days between which each municipality exists; a codebook without a first day says: always there."""
    if "start_date" not in table:
        table.insert(table.columns.get_loc("end_date"), "start_date", "")
    for name, start, end in table[["name", "start_date", "end_date"]].itertuples(index=False, name=None):
        given = [day for day in (start, end) if day]
        if not all(map(days.is_iso, given)) or given != sorted(set(given)):
            raise WmoError(
                f"municipalities.csv: begin en einde van {name} zijn geen dagen in volgorde: {start}, {end}."
            )


def _members(table: pd.DataFrame, group: str, order: list[str], on: str) -> dict[str, list[str]]:
    valid = (table["valid_from"] <= on) & ((table["valid_to"] == "") | (table["valid_to"] >= on))
    here = table[valid].sort_values("gm_code", key=lambda codes: codes.map(order.index), kind="stable")
    groups = here.groupby(group, sort=False)["gm_code"].agg(list)
    return {name: groups.get(name, []) for name in dict.fromkeys(table[group])}


def _since(table: pd.DataFrame, group: str, order: list[str]) -> dict[str, dict[str, list[str]]]:
    """The members by the day since which they hold; '' is before the first change."""
    ended = [days.later(day) for day in table["valid_to"].unique() if day]
    changed = ["", *table["valid_from"].unique(), *ended]
    return {day: _members(table, group, order, day) for day in changed}
