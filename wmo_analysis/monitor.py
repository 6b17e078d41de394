"""The Monitor: clean tables, the codebook and a selection. Frozen: `within` and `as_of` return a new one.

`within` and `as_of` only note what was chosen; rows are chosen when a table is asked for, so their order never matters.
"""

import dataclasses
import datetime
import functools
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from wmo_analysis import words
from wmo_analysis.codebook import BASES, PACKAGED, STATES, Codebook
from wmo_analysis.columns import TABLES, digest, read_options
from wmo_analysis.errors import WmoError

BASIS_FILTERS = {
    "all": set(BASES),
    "without_examples": {"letter", "documented", "received"},
    "published": {"letter", "documented"},
} | {basis: {basis} for basis in BASES}
STATUSES = ("planned", "running", "completed", "rejected", "withdrawn", "preselected", "unknown")
NEVER_COUNTS = ("rejected", "withdrawn", "preselected")
FIELDS = {  # what is stated together comes from one row: the first column says whether it is stated
    "title": ["title"],
    "start": ["start_from", "start_to", "start_precision"],
    "end": ["end_from", "end_to", "end_precision"],
    "status": ["status", "status_listed"],
    "hours": ["hours"],
    "placement": ["placement"],
    "themes": ["theme_part"],
    "good_example": ["good_example"],
}


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

    def as_of(self, date: str) -> "Monitor":
        """A Monitor on that day (ISO text), in valid time: what had begun and not ended. Raises WmoError."""
        try:
            day = datetime.date.fromisoformat(str(date)).isoformat()
        except ValueError as error:
            raise WmoError(f"'{date}' is geen datum; schrijf die als 2007-10-09.") from error
        return dataclasses.replace(self, date=day)

    def in_language(self, language: str) -> "Monitor":
        """The same Monitor with labels and sentences in 'nl' or 'en'. Raises WmoError."""
        if language not in ("nl", "en"):
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

    @property
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
                states = self._states(self._begun)  # a source filter narrows the projects only
                left &= set(states.loc[states["round"].astype(str).isin(values), "gm_code"])
        return [code for code in self.codebook.gm_codes if code in left]

    # ------------------------------------------------------------ rows in force

    @functools.cached_property
    def _delivered(self) -> pd.DataFrame:
        """The deliveries that the basis filter leaves, without the examples of a source that has a received one."""
        about = self.deliveries
        received = set(about.loc[about["basis"] == "received", "source_id"])
        silenced = (about["basis"] == "example") & about["source_id"].isin(received)
        return about[~silenced & about["basis"].isin(self.bases)]

    def _in_force(self, kind: str) -> pd.DataFrame:
        """file and source_id of the deliveries in force on the date for that kind of rows, after the basis filter.

        Per source and basis the newest dated at or before it, else the oldest later one (`later` is True).
        """
        about = self._delivered[self._delivered["kind"] == kind]
        later = about["date"] > self.date
        group = [about["source_id"], about["basis"]]
        newest = about["date"].where(~later).groupby(group).transform("max")
        oldest = about["date"].where(later).groupby(group).transform("min")
        pick = (about["date"] == newest) | (newest.isna() & (about["date"] == oldest))
        return about[pick].assign(later=later[pick])

    @functools.cached_property
    def later_deliveries(self) -> list[str]:
        """Source ids of which only deliveries after the date exist, in codebook order; subtitles say so."""
        force = self._of_chosen_source(self._in_force("projects"))
        later = force.groupby("source_id")["later"].all()
        return [code for code in self.codebook.sources["source_id"] if later.get(code, False)]

    def _of_chosen_source(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table whose `source_id` the source filters leave."""
        for sources in self.chosen("source"):
            table = table[table["source_id"].isin(sources)]
        return table

    @functools.cached_property
    def rows(self) -> pd.DataFrame:
        """Project rows of the lists in force, after basis and source filter, with `group` (the one project that rows
        are of) and the strongest row first."""
        force = self._in_force("projects")[["file", "source_id"]].drop_duplicates()
        rows = self._of_chosen_source(self.tables["projects"].merge(force, on=["file", "source_id"]))
        order = {code: i for i, code in enumerate(self.codebook.sources["source_id"])}
        rows = rows.assign(
            group=rows["same_as"].where(rows["same_as"] != "", rows["project_id"]),
            basis_rank=rows["basis"].map(BASES.index),
            source_rank=rows["source_id"].map(order),
        )
        return rows.sort_values(["basis_rank", "source_rank", "project_id", "file"], ignore_index=True)

    @functools.cached_property
    def _all_projects(self) -> pd.DataFrame:
        """One row per project of `rows`: each field from the strongest row that states it; index = group."""
        rows = self.rows
        one = rows.drop_duplicates("group").set_index("group")
        for columns in FIELDS.values():
            lead = rows[columns[0]]
            stated = rows[lead.notna() & ~lead.astype("str").isin(["", "unknown"])].drop_duplicates("group")
            best = stated.set_index("group")[columns].reindex(one.index)
            for column in columns:
                one[column] = best[column].fillna(one[column])
        one["example"] = rows["basis"].eq("example").groupby(rows["group"]).any()
        one["derived"], one["counts"] = self._derived(one)
        return one

    def _derived(self, one: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
        """Status on the date, and whether the project counts. Dates decide; where they are silent, the listed status."""
        delivered = self._delivered.loc[self._delivered["kind"] == "projects", ["file", "source_id", "date"]]
        listed = self.tables["projects"][["project_id", "same_as", "file", "source_id"]]
        dates = self._of_chosen_source(listed.merge(delivered, on=["file", "source_id"]))
        group = dates["same_as"].where(dates["same_as"] != "", dates["project_id"])
        first = dates.groupby(group)["date"].min().reindex(one.index)
        started, ended = one["start_from"] != "", one["end_to"] != ""
        begun = (started & (one["start_from"] <= self.date)) | (
            ~started & (first <= self.date) & (one["status"] != "planned")
        )
        over = (ended & (one["end_to"] < self.date)) | (~ended & (one["status"] == "completed"))
        silent = ~started & ~ended & (one["status"] == "unknown")
        status = pd.Series("planned", index=one.index).mask(begun, "running").mask(begun & silent, "unknown")
        status = status.mask(over, "completed")
        for listed in NEVER_COUNTS:
            status = status.mask(one["status"] == listed, listed)
        return status, begun & ~over & ~one["status"].isin(NEVER_COUNTS)

    @functools.cached_property
    def placements(self) -> pd.DataFrame:
        """group, gm_code, via, partnership_id, weight of the projects of `rows`, from the row whose placement counts."""
        rows = self.rows[self.rows["placement"] != "unknown"].drop_duplicates("group")
        return rows[["group", "project_id", "file"]].merge(self.tables["placements"], on=["project_id", "file"])

    @functools.cached_property
    def placements_of(self) -> dict[str, pd.DataFrame]:
        """project -> its rows of `placements`, in Dutch alphabetical order."""
        order = self.placements["gm_code"].map({code: i for i, code in enumerate(self.codebook.gm_codes)})
        return dict(iter(self.placements.iloc[order.argsort(kind="stable")].groupby("group")))

    @functools.cached_property
    def themes(self) -> pd.DataFrame:
        """group and theme of the projects of `rows`, from the strongest row that states a theme.

        The unknown theme is that of a project which touches no other column; beside another one it is left out.
        """
        stated = self.rows[self.rows["theme_part"] != "unknown"].drop_duplicates("group")
        silent = self.rows[~self.rows["group"].isin(stated["group"])].drop_duplicates("group")
        used = pd.concat([stated, silent])[["group", "project_id", "file"]]
        named = used.merge(self.tables["project_themes"], on=["project_id", "file"])[["group", "theme"]]
        book = self.codebook
        unknown, excluded = book.theme_with("unknown"), book.theme_with("excluded")
        placed = named["theme"].map(book.column_of).isin(set(book.columns()) - {unknown})
        open_ones = named[~named["group"].isin(named.loc[placed, "group"]) & (named["theme"] != excluded)]
        return pd.concat([named[named["theme"] != unknown], open_ones.assign(theme=unknown)]).drop_duplicates()

    @functools.cached_property
    def projects(self) -> pd.DataFrame:
        """The projects of the selection, one row each: the columns of the projects table, `derived` (status on the
        date), `counts` and `example`; the index is the project."""
        one = self._all_projects
        keep = pd.Series(True, index=one.index)
        for values in self.chosen("theme"):
            below = values | {t for t, parent in self.codebook.column_of.items() if parent in values}
            keep &= one.index.isin(self.themes.loc[self.themes["theme"].isin(below), "group"])
        if any(self.chosen(name) for name in ("region", "municipality", "round")):
            here = self.placements
            touches = here["gm_code"].isin(self.municipalities) & (here["via"] != "province")
            keep &= one.index.isin(here.loc[touches | (here["via"] == "province"), "group"])
        for values in self.chosen("status"):
            keep &= one["derived"].isin(values)
        return one[keep]

    # ------------------------------------------------------------ conversations

    @functools.cached_property
    def _begun(self) -> pd.DataFrame:
        """Conversation steps in force that have begun on the date; a planned step holds with its delivery."""
        rows = self.tables["conversations"]
        rows = rows[rows["file"].isin(self._in_force("conversations")["file"])]
        return rows[(rows["step"] == "planned") | (rows["date_from"] <= self.date)]

    @functools.cached_property
    def steps(self) -> pd.DataFrame:
        """Conversation steps in force, of the sources left, that have begun on the date."""
        force = self._of_chosen_source(self._in_force("conversations"))
        return self._begun[self._begun["file"].isin(force["file"])]

    @functools.cached_property
    def states(self) -> pd.DataFrame:
        """One row per municipality named in a conversation list: gm_code, round, state, reached.

        `reached` is the furthest step begun, in the order of codebook.STATES; `state` is that too, or second_contact
        while nothing is agreed. The round is that of the newest step, ties to the higher round.
        """
        return self._states(self.steps)

    def _states(self, steps: pd.DataFrame) -> pd.DataFrame:
        steps = steps.assign(rank=steps["step"].map({s: i for i, s in enumerate(STATES)}))
        steps["rank"] = steps["rank"].fillna(STATES.index("talk"))
        newest = steps.sort_values(["date_from", "round"]).groupby("gm_code")["round"].last()
        furthest = steps.groupby("gm_code")["rank"].max()
        second = steps["step"].eq("second_contact").groupby(steps["gm_code"]).any()
        codes = [code for code in self.codebook.gm_codes if code in newest.index]
        reached = furthest.reindex(codes).astype(int).map(STATES.__getitem__)
        state = reached.mask(
            second.reindex(codes) & (furthest.reindex(codes) < STATES.index("agreed")), "second_contact"
        )
        table = pd.DataFrame({"gm_code": codes, "round": newest.reindex(codes).to_numpy()})
        return table.assign(state=state.to_numpy(dtype=object), reached=reached.to_numpy(dtype=object))

    # ------------------------------------------------------------ knowledge, citation, trace

    @property
    def known_complete(self) -> bool:
        """Whether a source that basis and source filters leave has a delivery in force that its card calls complete:
        only then an empty cell means that no project is known."""
        return bool(self._of_chosen_source(self._in_force("projects"))["complete"].any())

    @property
    def assumptions(self) -> list[str]:
        """Short texts on the assumed memberships and theme mappings that figures of this selection lean on."""
        texts = []
        used = self.placements[self.placements["group"].isin(self.projects.index)]
        assumed = self.codebook.partnerships[self.codebook.partnerships["assumption"] == "yes"]
        for code in dict.fromkeys(assumed["partnership_id"]):
            if (used["partnership_id"] == code).any():
                name = assumed.loc[assumed["partnership_id"] == code, "name"].iloc[0]
                texts.append(words.say("assumption.members", self.language, name=name))
        files = self.rows.loc[self.rows["group"].isin(self.projects.index), ["file", "row"]]
        mapped = self.tables["findings"].query("code == 'J11'").merge(files, on=["file", "row"])
        for theme in sorted(mapped["kept"].unique()):
            label = self.codebook.label("theme", theme, self.language, short=True)
            texts.append(words.say("assumption.theme", self.language, name=label))
        return texts

    def cite(self, table: pd.DataFrame, measure: str, **more) -> pd.DataFrame:
        """The table with `attrs["wmo"]`: measure, selection, as-of date, sources, projects, examples, language, build,
        assumptions, notes for the subtitle, and a digest of the table."""
        projects = self.projects
        notes = []
        if self.later_deliveries:
            notes.append(words.say("note.later", self.language, count=len(self.later_deliveries)))
        about = self.deliveries[self.deliveries["basis"].isin(self.bases)]
        if set(about.query("basis == 'received'")["source_id"]) & set(about.query("basis == 'example'")["source_id"]):
            notes.append(words.say("note.received", self.language))
        table.attrs["wmo"] = {
            "measure": measure,
            "selection": [(name, sorted(values)) for name, values in self.filters],
            "selection_text": self.told(),
            "as_of": self.date,
            "sources": sorted(self.rows.loc[self.rows["group"].isin(projects.index), "source_id"].unique()),
            "source_names": [self.codebook.label("source", code, self.language) for code in self._source_ids()],
            "bases": sorted(self.rows.loc[self.rows["group"].isin(projects.index), "basis"].unique(), key=BASES.index),
            "projects": len(projects),
            "examples": int(projects["example"].sum()),
            "language": self.language,
            "build": self.build,
            "assumptions": self.assumptions,
            "subtitle_notes": notes,
            **more,
        }
        table.attrs["wmo"]["digest"] = digest(table)
        return table

    def _source_ids(self) -> list[str]:
        there = set(self.rows.loc[self.rows["group"].isin(self.projects.index), "source_id"])
        return [code for code in self.codebook.sources["source_id"] if code in there]

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


# ---------------------------------------------------------------- opening


def home(path: Path | str | None = None) -> Path:
    """The workspace: the argument, else $WMO_HOME, else the nearest folder upwards with data/clean. Raises WmoError."""
    if path or os.environ.get("WMO_HOME"):
        return Path(path or os.environ["WMO_HOME"])
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "data" / "clean").is_dir():
            return folder
    raise WmoError("Er is hier geen map met data/clean; bouw de gegevens eerst met: wmo build")


def open_monitor(path: Path | str | None = None, language: str = "nl") -> Monitor:
    """The Monitor of a workspace, on the date of its newest card. Reads and never writes.

    Raises WmoError that names `wmo build` when data/clean is missing, damaged, or older than data/raw.
    """
    root = home(path)
    clean, raw = root / "data" / "clean", root / "data" / "raw"
    for attempt in (1, 2):  # a build may move the folder while we read: then once more
        try:
            package = json.loads((clean / "datapackage.json").read_text(encoding="utf-8"))
            if not isinstance(package, dict) or not {"resources", "sources", "made_from", "build"} <= set(package):
                raise _Damaged("datapackage.json")
            tables = {name: _table(clean, name, package) for name in TABLES}
            break
        except (FileNotFoundError, UnicodeDecodeError, json.JSONDecodeError, _Damaged) as error:
            if attempt == 2:
                raise WmoError(
                    "De gegevens in data/clean ontbreken of zijn beschadigd; bouw ze opnieuw met: wmo build"
                ) from error
    changed = (
        sorted(name for name, _ in package["made_from"].items() ^ fingerprint(root).items()) if raw.is_dir() else []
    )
    if changed:
        raise WmoError(
            f"Sinds de laatste bouw is data/raw of het codeboek veranderd ({changed[0]}); bouw opnieuw met: wmo build"
        )
    codebook = Codebook.open(reference(root))
    about = pd.DataFrame(package["sources"]).rename(columns={"path": "file"})
    return Monitor(tables, codebook, _deliveries(about, tables), package["build"], (), about["date"].max(), language)


class _Damaged(Exception):
    """A clean table that is not the one in datapackage.json."""


def _table(clean: Path, name: str, package: dict) -> pd.DataFrame:
    path = clean / f"{name}.csv"
    known = {resource["path"]: resource["hash"] for resource in package["resources"]}
    if known.get(path.name) != f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}":
        raise _Damaged(name)
    return pd.read_csv(path, **read_options(name))


def reference(root: Path) -> Path:
    """The codebook's folder: the workspace's own reference/, else the package's."""
    return root / "reference" if (root / "reference").is_dir() else PACKAGED


def fingerprint(root: Path) -> dict[str, str]:
    """sha256 of every list and card below data/raw (relative path) and of the codebook as a whole (`codebook`)."""
    raw = root / "data" / "raw"
    lists = [p for p in raw.rglob("*") if p.is_file() and not p.name.startswith((".", "~$"))]
    hashes = {p.relative_to(raw).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(lists)}
    tables = b"".join(p.read_bytes() for p in sorted(reference(root).glob("*.csv")))
    return hashes | {"codebook": hashlib.sha256(tables).hexdigest()}


def _deliveries(about: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """file, source_id, kind, basis, date, complete: one row per list, source that it states, and kind of rows."""
    listed = tables["projects"][["file", "source_id"]].drop_duplicates().assign(kind="projects")
    own = about[["file", "source_id", "rows"]].explode("rows").rename(columns={"rows": "kind"})
    several = own["file"].isin(listed.groupby("file").size().loc[lambda n: n > 1].index) & (own["kind"] == "projects")
    both = pd.concat([listed, own[~several & (own["source_id"] != "")]]).drop_duplicates()
    return both.merge(about[["file", "basis", "date", "complete"]], on="file").reset_index(drop=True)
