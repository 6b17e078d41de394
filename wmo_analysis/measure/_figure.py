"""A figure and the rows that it is made of: projects, amounts, conversations, findings, the sentence of a letter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wmo_analysis import words
from wmo_analysis.errors import WmoError
from wmo_analysis.measure._shape import shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.monitor.facts import Money, Talks
from wmo_analysis.schema import KINDS, PLACE

SHAPE = shape("thing file sheet row what", "thing, label, what, value, example, project_id, gm_code, file, sheet, row")
NOT_OF_A_LIST = -1  # in place of a row number: the codebook states it
COMMITTED = "committed"  # what is granted, or settled instead


@dataclass(frozen=True)
class Figure:
    """One number of a measure's table: `row` are the codes that name its row, () a number of the citation.

    `monitor.trace(figure)` gives the rows behind it.
    """

    measure: str
    row: tuple[str, ...]
    column: str
    by: str = ""
    unit: str = ""  # in which its column is counted
    settings: Mapping[str, str] = field(default_factory=dict)  # what the measure was asked besides
    find: Callable[[Monitor, "Figure"], pd.DataFrame] = field(default=None, repr=False, compare=False)

    @property
    def worth(self) -> str:
        """In which its rows are counted: those of a share of money are worth cents."""
        return "EUR cent" if self.unit == "%" and self.measure == "budget" else self.unit

    def rows(self, monitor: Monitor) -> pd.DataFrame:
        """The rows behind it, as `monitor.trace` tells them."""
        return self.find(monitor, self)


def unknown(figure: Figure) -> WmoError:
    """What is said of a figure that stands in no table."""
    return WmoError(words.say("figure.unknown", "nl", row=".".join(figure.row), column=figure.column))


# ---------------------------------------------------------------- rows of each kind


def told(monitor: Monitor, table: pd.DataFrame) -> pd.DataFrame:
    """The rows with all their columns; the value of a thing that is counted stands at its first row only."""
    found = table.reindex(columns=list(SHAPE.columns), fill_value="").reset_index(drop=True)
    kinds = {"value": "Float64", "example": "bool", "row": "Int64"}
    found["row"] = pd.to_numeric(found["row"], errors="coerce").fillna(NOT_OF_A_LIST)
    found = found.fillna(dict.fromkeys(SHAPE.columns.keys() - kinds, ""))
    return monitor.cite(found.astype(dict.fromkeys(SHAPE.columns, "str") | kinds), "trace")


def once(table: pd.DataFrame, value: float | np.ndarray = 1) -> pd.DataFrame:
    """The table with `value` at the first row of each thing and 0 at the others, so that the column adds up."""
    return table.assign(value=np.where(table["thing"].duplicated(), 0, value))


def of_projects(monitor: Monitor, projects: np.ndarray, values: np.ndarray | None = None) -> pd.DataFrame:
    """The rows of projects (places in the pool), the strongest first; each project is 1, or has its value."""
    rows = _rows_of(monitor, projects)
    rows["thing"], rows["label"] = rows["group"], rows["title"]
    if values is None:
        return once(rows)
    return once(rows, np.repeat(values, np.bincount(rows["number"], minlength=len(projects))))


def of_places(monitor: Monitor, projects: np.ndarray, gm_codes: list[str], vias: np.ndarray) -> pd.DataFrame:
    """The rows of projects that reach municipalities: each municipality is 1. `vias` [combination, municipality of the
    codebook] says whether a combination of places reaches one in the way that is asked."""
    left = monitor.facts.numbers(gm_codes)
    where, which = np.nonzero(vias[:, left][monitor.pool.place[projects]].T)
    rows = _rows_of(monitor, projects[which])
    rows["gm_code"] = rows["thing"] = np.array(gm_codes, dtype=object)[where[rows["number"]]]
    rows["what"] = rows["title"]
    rows["label"] = monitor.labels("municipality", rows["gm_code"])
    return once(rows)


def _rows_of(monitor: Monitor, projects: np.ndarray) -> pd.DataFrame:
    """Every source row of some projects, in their order: `number` (their place in `projects`), group, title, what (their
    source), example and the place in the lists."""
    pool = monitor.pool
    asked = pd.DataFrame({"project": projects, "number": np.arange(len(projects))}, dtype=np.int64)
    # a merge keeps the order of what is asked, and below it that of the rows: the strongest first
    found = asked.merge(pd.DataFrame({"project": pool.of, "at": pool.at}), on="project")
    columns = ["project_id", "file", "source_id", "basis", "group"]
    rows = monitor.facts.rows.iloc[found["at"]][columns].reset_index(drop=True)
    rows["number"] = found["number"]
    rows["title"] = pool.column("title", found["project"].to_numpy())
    rows["what"] = monitor.labels("source", rows["source_id"])
    rows["example"] = rows["basis"] == "example"
    return rows.merge(monitor.tables["project_sources"][["project_id", *PLACE]], on=["project_id", "file"])


def of_amounts(monitor: Monitor, money: Money) -> pd.DataFrame:
    """The bookings: each is worth its cents."""
    table = monitor.tables["amounts"].iloc[money.place].reset_index(drop=True)
    # one cell may hold amounts of two kinds, and a row several cells: what is counted is the booking
    table["thing"] = table["file"] + "/" + table["sheet"] + "/" + table["row"].astype("str") + "/" + table["kind"]
    table["label"] = monitor.pool.column("title", money.project)
    kinds = words.say_each("column", table["kind"], monitor.language)
    table["what"] = list(map("{}, {}".format, kinds, map(words.day, table["date_from"])))
    table["example"] = monitor.facts.example[money.at]
    return table.assign(value=money.cents)


def of_talks(monitor: Monitor, talks: Talks, gm_codes: list[str]) -> pd.DataFrame:
    """The steps of the conversations of municipalities: each municipality is 1."""
    talks = talks.take(np.isin(talks.gm, monitor.facts.numbers(gm_codes)))
    talks = talks.take(np.lexsort((talks.day, talks.gm)))
    table = monitor.tables["conversations"].iloc[talks.at].reset_index(drop=True)
    table["thing"] = table["gm_code"]
    table["label"] = monitor.labels("municipality", table["gm_code"])
    steps, days = words.say_each("state", table["step"], monitor.language), map(words.day, table["date_from"])
    # a planned step has no day
    table["what"] = [", ".join(filter(None, parts)) for parts in zip(steps, days, strict=True)]
    table["example"] = table["basis"] == "example"
    return once(table)


def of_letter(monitor: Monitor, fact_ids: list[str]) -> pd.DataFrame:
    """The sentences of the letters that state facts, each worth its number."""
    table = monitor.claims[monitor.claims["fact_id"].isin(fact_ids)].reset_index(drop=True)
    numbers = table["stated"].str.extract(r"(\d[\d.]*(?:,\d+)?)")[0].str.replace(".", "").str.replace(",", ".")
    table["value"] = pd.to_numeric(numbers)
    what = table["found_in"] + ": " + table["stated"] + " " + table["unit"] + " (" + table["fact_id"] + ")"
    return table.assign(thing=table["fact_id"], label=table["statement"], what=what, example=False)


def of_findings(monitor: Monitor, found: pd.DataFrame) -> pd.DataFrame:
    """Findings: each is 1."""
    bases = monitor.by_file["basis"]
    texts = monitor.codebook.findings.set_index("code")[monitor.language]
    heads = found["column"].map(lambda column: words.heading(column, monitor.language))
    what = found["listed"].where(found["column"] == "", heads + ": " + found["listed"])
    sources = monitor.tables["project_sources"].drop_duplicates(list(PLACE))[["project_id", *PLACE]]
    # a finding on a header, or on a whole list, is of no project
    found = found.merge(sources, on=list(PLACE), how="left").fillna({"project_id": ""})
    what = what.set_axis(found.index)
    made_up = found["file"].map(bases).eq("example")
    return found.assign(thing=found["finding_id"], label=found["code"].map(texts), what=what, value=1, example=made_up)


def of_codebook(table: str, things: list[tuple[str, str, str]], values: list[float]) -> pd.DataFrame:
    """What the codebook states: (code, label, evidence) of each thing, and what it is worth."""
    columns = pd.DataFrame(things, columns=["thing", "label", "what"])
    return columns.assign(value=values, example=False, file=f"reference/{table}.csv")


def municipalities(monitor: Monitor, gm_codes: list[str]) -> pd.DataFrame:
    """Municipalities as the codebook states them: each is 1."""
    book = monitor.codebook.municipalities.set_index("gm_code").loc[gm_codes]
    things = list(book[["name", "evidence"]].itertuples(name=None))
    return of_codebook("municipalities", things, [1] * len(things)).assign(gm_code=gm_codes)


def less(rows: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """The rows of a figure from which others are taken off: those are worth what they take."""
    return pd.concat([rows, taken.assign(value=-taken["value"])])


def kinds_of(money: Money, column: str) -> np.ndarray:
    """Whether each amount stands in a column of money: that of its kind, or committed."""
    kinds = ("granted", "settled") if column == COMMITTED else (column,)
    return np.isin(money.kind, list(map(KINDS.index, kinds)))
