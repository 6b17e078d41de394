"""Which rows of a table are shown, in which order, and which columns: searched, filtered, sorted by meaning, folded.

Pure functions of a table and `Rows`. Screen and file ask the same ones, so that they hold the same rows.
"""

import dataclasses
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wmo_analysis import schema, tables, words

SIGNS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}
SIGN = "|".join(SIGNS)
CONDITION = re.compile(rf"(.*?)\s*({SIGN})\s*(.*)")  # 'uren > 100'; below a heading without the first part
NUMBER = re.compile(r"(?:€\s*)?(-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?)(?:\s*%)?")
DAY = re.compile(r"(?:(?:(\d{1,2})-)?(\d{1,2})-)?(\d{4})")  # 30-11-2006, 11-2006 or 2006
# columns of a number that no row has of its own: a denominator, a round
GIVEN = {"of", "size", "limit", "round", "row"}
# what a table shows only when asked: where a row of a list stands, the parts of an agreement
ASIDE = {*schema.APPROVALS, "file", "sheet", "row"}
FEWEST = 2  # rows of zeros that are worth a fold
ORDERS = {  # column -> its codes in their order, and what their words begin with
    "status": (("status", schema.STATUSES),),
    "state": (("cell", schema.CELL_STATES), ("state", (*schema.STANDINGS, "not_stated"))),
    "via": (("via", schema.VIA),),
    "basis": (("basis", schema.BASES),),
    "severity": (("severity", schema.SEVERITIES),),
}


@dataclass(frozen=True)
class Rows:
    """How the table is searched, filtered, sorted and paged, and what of it is shown."""

    query: str = ""
    filters: tuple[tuple[str, str], ...] = ()  # (column, what it must be), all of them
    sort: str = ""
    descending: bool = False
    page: int = 0
    hidden: tuple[str, ...] | None = None  # columns that are left out; None as the table starts
    zeros: bool = False  # whether the rows of only zeros are unfolded

    def changed(self, told: Mapping[str, object]) -> "Rows":
        """With what the page tells: fields by name, and `filter` for one column."""
        told = dict(told)
        filters = dict(self.filters)
        if "filter" in told:
            column, text = map(str, told.pop("filter"))
            filters[column] = text.strip()
        if "filters" in told:
            filters = {str(column): str(text) for column, text in told.pop("filters")}
        if told.get("hidden") is not None:
            told["hidden"] = tuple(map(str, told["hidden"]))
        kept = tuple((column, text) for column, text in filters.items() if text)
        return dataclasses.replace(self, **{"page": 0} | told, filters=kept)

    def saved(self) -> dict[str, object]:
        """As a saved view holds it."""
        return dataclasses.asdict(dataclasses.replace(self, page=0))

    @classmethod
    def read(cls, saved: object) -> "Rows":
        """What a saved view holds; whatever has another type than it should have is as at the start."""
        found = cls()
        for name, value in saved.items() if isinstance(saved, dict) else ():
            was = getattr(found, name, None)
            several = name in ("filters", "hidden") and isinstance(value, list)
            if name != "page" and (several or (was is not None and type(value) is type(was))):
                found = found.changed({name: value})
        return found

    @property
    def sifts(self) -> bool:
        """Whether it leaves out rows."""
        return bool(self.query.strip() or self.filters)


@dataclass(frozen=True)
class Condition:
    """What the cells of a column must be: they hold `text`, or compare by `sign` with it."""

    column: str
    sign: str
    text: str


def left_out(frame: pd.DataFrame, rows: Rows) -> list[str]:
    """The columns of a table that are not shown; the first one always is."""
    hidden = ASIDE if rows.hidden is None else rows.hidden
    return [name for name in frame.columns[1:] if name in hidden]


# ---------------------------------------------------------------- which rows


def conditions(frame: pd.DataFrame, rows: Rows) -> tuple[list[Condition], list[str]]:
    """What is asked of columns, and the words that a row must hold somewhere."""
    found = [_condition(column, text) for column, text in rows.filters if column in frame]
    asked = CONDITION.fullmatch(rows.query.strip())
    column = asked and _named(frame, asked[1])
    if not column:
        return found, rows.query.casefold().split()
    if asked[3]:  # else the value is still to be typed
        found.append(Condition(column, asked[2], asked[3].strip()))
    return found, []


def _condition(column: str, text: str) -> Condition:
    asked = CONDITION.fullmatch(text)
    if asked and not asked[1]:
        return Condition(column, asked[2], asked[3].strip())
    return Condition(column, "", text)


def _named(frame: pd.DataFrame, heading: str) -> str:
    """The column with that heading in any language, or the only one that begins so; '' for none."""
    heads: dict[str, str] = {}
    for language in schema.LANGUAGES:
        heads |= {tables.heading(frame, name, language).casefold(): name for name in frame.columns}
    asked = heading.strip().casefold()
    begun = {name for head, name in heads.items() if asked and head.startswith(asked)}
    return heads.get(asked) or (begun.pop() if len(begun) == 1 else "")


def kept(frame: pd.DataFrame, rows: Rows, language: str) -> np.ndarray:
    """Whether each row of a table is left by its search and its filters. What cannot be read leaves none: see `wrong`."""
    left, (asked, sought) = np.ones(len(frame), dtype=bool), conditions(frame, rows)
    for condition in asked:
        left &= _holds(frame, condition, language)
    if sought:
        told = tables.table(frame, language).itertuples(index=False)
        lines = (" ".join(map(str, cells)).casefold() for cells in told)
        left &= np.array([_all_in(sought, line) for line in lines], dtype=bool)
    return left


def _all_in(sought: list[str], line: str) -> bool:
    return all(word in line for word in sought)


def _holds(frame: pd.DataFrame, condition: Condition, language: str) -> np.ndarray:
    kind, values = _values(frame, condition.column, language)
    bounds = _bounds(kind, condition.text)
    if kind in ("number", "money") and bounds and not condition.sign:
        condition = dataclasses.replace(condition, sign="=")
    if not condition.sign or (condition.sign == "=" and not bounds):
        return _told(frame, condition, language)
    if bounds is None:
        return np.zeros(len(frame), dtype=bool)
    return np.array([_compared(value, condition.sign, *bounds) for value in values], dtype=bool)


def _told(frame: pd.DataFrame, condition: Condition, language: str) -> np.ndarray:
    """Whether each cell holds the text, or with '=' is it."""
    sought = condition.text.casefold()
    cells = [str(cell).casefold() for cell in tables.column(frame, condition.column, language)]
    return np.array([sought == cell if condition.sign else sought in cell for cell in cells], dtype=bool)


def _compared(value: object, sign: str, first: object, last: object) -> bool:
    """Whether a value stands so to the span from first to last; one that is missing never does."""
    if value is None or value == "" or isinstance(value, tables.Missing):
        return False
    if sign == "=":
        return first <= value <= last
    return SIGNS[sign](value, last if sign in (">", "<=") else first)


def _values(frame: pd.DataFrame, column: str, language: str) -> tuple[str, list]:
    """Kind and values of one column, see tables.readable."""
    found = tables.readable(frame, language)
    return found.get(tables.heading(frame, column, language)) or ("text", list(frame[column]))


def _bounds(kind: str, text: str) -> tuple | None:
    """The first and the last value that a text stands for: 2006 is a whole year; None for one that cannot be read."""
    if kind in ("number", "money"):
        found = NUMBER.fullmatch(text)
        value = float(found[1].replace(".", "").replace(",", ".")) if found else None
        value = round(value * 100) if found and kind == "money" else value
        return (value, value) if found else None
    if kind == "day" and (found := DAY.fullmatch(text)):
        day, month, year = found.groups()
        least = f"{year}-{int(month or 1):02}-{int(day or 1):02}"
        return least, f"{year}-{int(month or 12):02}-{int(day or 31):02}"
    return None


def wrong(frame: pd.DataFrame, rows: Rows, language: str) -> str:
    """A sentence about the first condition that cannot be read, or asks a column that is not there; '' for none."""
    for condition in conditions(frame, rows)[0]:
        kind, _ = _values(frame, condition.column, language)
        if condition.sign in ("", "=") or _bounds(kind, condition.text):
            continue
        told = {"text": condition.text, "column": tables.heading(frame, condition.column, language)}
        form = {"number": "number", "money": "number", "day": "day"}.get(kind, "text")
        return words.say(f"board.wrong.{form}", language, **told)
    named = CONDITION.fullmatch(rows.query.strip())
    if named and named[1] and not _named(frame, named[1]) and not kept(frame, rows, language).any():
        return words.say("board.wrong.column", language, column=named[1])  # else no row would look like an answer
    return ""


def asked(frame: pd.DataFrame, rows: Rows, language: str) -> str:
    """The search and the filters in words: "gezocht op 'baarn', uren > 100"."""
    found, sought = conditions(frame, rows)
    told = [words.say("board.sought", language, query=rows.query.strip())] if sought else []
    for condition in found:
        column = tables.heading(frame, condition.column, language)
        form = "compared" if condition.sign else "holds"
        told.append(words.say(f"board.{form}", language, column=column, sign=condition.sign, text=condition.text))
    return ", ".join(told)


# ---------------------------------------------------------------- in which order


def sorted_by(values: pd.Series, descending: bool, language: str, places: Mapping[str, str]) -> list[int]:
    """The positions of a column by what it means; what is unknown comes last, up and down.

    Numbers, money and days go by value, states in the order of their steps, `places` (name -> sort key) as in the codebook.
    """
    name = str(values.name).removesuffix("_label")
    ranks: dict[str, int] = {}
    for prefix, codes in ORDERS.get(name, ()):
        for at, code in enumerate(codes, len(ranks)):
            ranks |= {code: at, words.say(f"{prefix}.{code}", language): at}
    unknown = {"", "unknown", words.say("status.unknown", language)}
    known = [at for at, value in enumerate(values) if not pd.isna(value) and value not in unknown]
    keys = {at: _key(values.iloc[at], ranks, places) for at in known}
    order = sorted(known, key=keys.get, reverse=descending)
    return [*order, *sorted({*range(len(values))} - {*known})]


def _key(value: object, ranks: Mapping[str, int], places: Mapping[str, str]) -> tuple[float, str]:
    if not isinstance(value, str):
        return float(value), ""
    if value in ranks or value.isdecimal():
        return float(ranks.get(value, value)), ""
    return float("inf"), places.get(value, value).casefold()


# ---------------------------------------------------------------- zeros


def zeros(table: pd.DataFrame, rows: Rows) -> np.ndarray:
    """Whether each row may be folded: its figures are all 0, known, and no total. None of a table that is filtered."""
    counted = [name for name in table if table[name].dtype.kind in "iuf" and name not in GIVEN]
    none = np.zeros(len(table), dtype=bool)
    if rows.sifts or not counted:
        return none
    found = table[counted].eq(0).fillna(False).to_numpy(dtype=bool).all(axis=1)
    if "state" in table:  # a 0 that nobody knows is no 0
        found &= table["state"].ne("unknown").to_numpy(dtype=bool)
    for column, code in (("part", "part"), ("theme", None), ("code", None)):  # a sum, or what is not divided, stays
        if column in table:
            found &= (table[column].eq(code) if code else table[column].ne("")).to_numpy(dtype=bool)
    return found if found.sum() >= FEWEST else none


def folded(found: np.ndarray, rows: Rows) -> list[int | None]:
    """The positions of the rows that are shown, None where the line stands that folds the zeros and unfolds them."""
    shown = [at for at, zero in enumerate(found) if rows.zeros or not zero]
    if not found.any():
        return shown
    first = int(found.argmax())
    before = sum(at < first for at in shown)
    return [*shown[:before], None, *shown[before:]]
