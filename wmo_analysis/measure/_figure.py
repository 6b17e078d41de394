"""A figure and the rows that it is made of: projects, amounts, conversations, findings, the sentence of a letter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wmo_analysis import words
from wmo_analysis.days import day
from wmo_analysis.errors import WmoError
from wmo_analysis.measure._shape import shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.monitor.facts import Money, Talks
from wmo_analysis.schema import KINDS, PLACE

SHAPE = shape("thing file sheet row what", "thing, label, what, value, example, project_id, gm_code, file, sheet, row")
NOT_OF_A_LIST = -1  # in place of a row number: the codebook states it


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
    made = {}
    for name in SHAPE.columns:
        made[name] = table.get(name, "")
    found = pd.DataFrame(made, index=table.index).reset_index(drop=True)
    found = found.fillna({name: "" for name in SHAPE.columns if name not in ("value", "example", "row")})
    kinds = dict.fromkeys(SHAPE.columns, "str") | {"value": "Float64", "example": "bool", "row": "Int64"}
    found["row"] = pd.to_numeric(found["row"], errors="coerce").fillna(NOT_OF_A_LIST)
    return monitor.cite(found.astype(kinds), "trace")


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
    facts, label = monitor.facts, monitor.codebook.label
    left = facts.numbers(gm_codes)
    where, which = np.nonzero(vias[:, left][monitor.pool.place[projects]].T)
    rows = _rows_of(monitor, projects[which])
    at = where[rows["number"].to_numpy(dtype=np.int64)]
    rows["gm_code"] = rows["thing"] = [gm_codes[n] for n in at]
    rows["what"] = rows["title"]
    rows["label"] = [label("municipality", code) for code in rows["gm_code"]]
    return once(rows)


def _rows_of(monitor: Monitor, projects: np.ndarray) -> pd.DataFrame:
    """Every source row of some projects, in their order: `number` (their place in `projects`), group, title, what (their
    source), example and the place in the lists."""
    pool, facts = monitor.pool, monitor.facts
    order = np.argsort(pool.of, kind="stable")
    ends = np.searchsorted(pool.of[order], projects, side="right")
    starts = np.searchsorted(pool.of[order], projects, side="left")
    number = np.repeat(np.arange(len(projects)), ends - starts)
    spans = [order[start:end] for start, end in zip(starts, ends, strict=True)]
    at = pool.at[np.concatenate(spans)] if spans else np.zeros(0, dtype=np.int64)
    rows = facts.rows.iloc[at][["project_id", "file", "source_id", "basis", "group"]].reset_index(drop=True)
    rows["number"] = number
    rows["title"] = pool.column("title", projects[number]) if len(number) else []
    rows["what"] = [monitor.label("source", code) for code in rows["source_id"]]
    rows["example"] = rows["basis"] == "example"
    return rows.merge(monitor.tables["project_sources"][["project_id", *PLACE]], on=["project_id", "file"])


def of_amounts(monitor: Monitor, money: Money, values: np.ndarray | None = None) -> pd.DataFrame:
    """The bookings: each is worth its cents, or its value."""
    table = monitor.tables["amounts"].iloc[money.place].reset_index(drop=True)
    table["thing"] = [f"{file}/{sheet}/{row}/{kind}" for file, sheet, row, kind in table[[*PLACE, "kind"]].to_numpy()]
    table["label"] = monitor.pool.column("title", money.project)
    days = [words.day(text) for text in table["date_from"]]
    kinds = [words.say(f"column.{kind}", monitor.language) for kind in table["kind"]]
    table["what"] = [f"{kind}, {date}" for kind, date in zip(kinds, days, strict=True)]
    table["example"] = monitor.facts.example[money.at]
    return table.assign(value=money.cents if values is None else values)


def of_talks(monitor: Monitor, talks: Talks, gm_codes: list[str]) -> pd.DataFrame:
    """The steps of the conversations of municipalities: each municipality is 1."""
    codes = np.array(monitor.codebook.gm_codes, dtype=object)
    talks = talks.take(np.isin(talks.gm, monitor.facts.numbers(gm_codes)))
    talks = talks.take(np.lexsort((talks.day, talks.gm)))
    table = monitor.tables["conversations"].iloc[talks.at].reset_index(drop=True)
    table["thing"] = table["gm_code"] = codes[talks.gm]
    table["label"] = [monitor.label("municipality", code) for code in table["gm_code"]]
    steps = [words.say(f"state.{step}", monitor.language) for step in table["step"]]
    days = [words.day(text) for text in table["date_from"]]
    table["what"] = [", ".join(filter(None, parts)) for parts in zip(steps, days, strict=True)]
    table["example"] = table["basis"] == "example"
    return once(table)


def of_letter(monitor: Monitor, fact_ids: list[str]) -> pd.DataFrame:
    """The sentences of the letters that state facts, each worth its number."""
    table = monitor.claims[monitor.claims["fact_id"].isin(fact_ids)].reset_index(drop=True)
    numbers = table["stated"].str.extract(r"(\d[\d.]*(?:,\d+)?)")[0].str.replace(".", "").str.replace(",", ".")
    what = table["fact_id"] + ", " + table["stated"] + " " + table["unit"]
    return table.assign(thing=table["fact_id"], label=table["statement"], what=what, value=numbers, example=False)


def of_findings(monitor: Monitor, found: pd.DataFrame) -> pd.DataFrame:
    """Findings: each is 1."""
    bases = monitor.deliveries.drop_duplicates("file").set_index("file")["basis"]
    texts = monitor.codebook.findings.set_index("code")[monitor.language]
    heads = found["column"].map(lambda column: words.heading(column, monitor.language))
    what = found["listed"].where(found["column"] == "", heads + ": " + found["listed"])
    sources = monitor.tables["project_sources"].drop_duplicates(list(PLACE))[["project_id", *PLACE]]
    found = found.merge(sources, on=list(PLACE), how="left").fillna({"project_id": ""})
    what = what.set_axis(found.index)
    made_up = found["file"].map(bases).eq("example")
    return found.assign(thing=found["finding_id"], label=found["code"].map(texts), what=what, value=1, example=made_up)


def of_codebook(monitor: Monitor, table: str, things: list[tuple[str, str, str]], values: list[float]) -> pd.DataFrame:
    """What the codebook states: (code, label, evidence) of each thing, and what it is worth."""
    columns = pd.DataFrame(things, columns=["thing", "label", "what"])
    return columns.assign(value=values, example=False, file=f"reference/{table}.csv")


def municipalities(monitor: Monitor, gm_codes: list[str]) -> pd.DataFrame:
    """Municipalities as the codebook states them: each is 1."""
    book = monitor.codebook.municipalities.set_index("gm_code")
    things = [(code, book.at[code, "name"], book.at[code, "evidence"]) for code in gm_codes]
    return of_codebook(monitor, "municipalities", things, [1] * len(things)).assign(gm_code=gm_codes)


def until(talks: Talks, date: str) -> Talks:
    """The steps that had begun on a day."""
    return talks.take(talks.planned | (talks.day <= day(date)))


def kinds_of(money: Money, *kinds: str) -> np.ndarray:
    """Whether each amount is of one of these kinds."""
    return np.isin(money.kind, [KINDS.index(kind) for kind in kinds])
