"""The clean tables with every column's type and meaning, every list of codes, and the digest of a table.

`TABLES` is the one place that names them: the build writes these columns, datapackage.json is generated from them,
the Monitor reads them back with these types. Dates are ISO text, money is integer cents, weights are decimal text.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd

from wmo_analysis.errors import WmoError

# ---------------------------------------------------------------- codes: each list has its home here

BASES = ("letter", "documented", "received", "example")  # strongest first
BASIS_FILTERS = {  # choice of the basis filter -> the bases that it leaves
    "all": set(BASES),
    "without_examples": {"letter", "documented", "received"},
    "published": {"letter", "documented"},
    **{basis: {basis} for basis in BASES},
}
FILTERS = (
    "theme",
    "region",
    "municipality",
    "source",
    "round",
    "status",
    "basis",
)  # in the order in which they are told
PLACE_FILTERS = ("region", "municipality", "round")  # these narrow the denominator too
STATUSES = ("planned", "running", "completed", "rejected", "withdrawn", "preselected", "unknown")
CODED = {"status": STATUSES, "basis": tuple(BASIS_FILTERS)}  # filters whose codes stand here, labels in words.csv
NEVER_COUNTS = ("rejected", "withdrawn", "preselected")
STATES = (
    "planned",
    "talk",
    "quotation",
    "agreed",
    "running",
    "completed",
)  # of a municipality's conversation, in order
PLACEMENTS = ("one", "several", "partnership", "province", "unassigned", "outside", "unknown")
PLACED = ("one", "several", "partnership", "province")  # placements that name a place of the codebook
NO_PLACE = ("outside", "unassigned")  # what an alias can say of a name that is no place of the codebook
VIA = ("own", "partnership", "province")  # how a project reaches a municipality
CELL_STATES = ("own", "partnership", "none", "unknown", "province")  # of a cell of the matrix
WAYS = (*VIA, "")  # the last one: not at all
KINDS = ("asked", "granted", "settled")  # of amounts; kinds are never added
AMOUNTS = (*KINDS, "amount")  # list columns with money; the kind of `amount` stands in a column `kind`
UNITS = (1, 1000, 1_000_000)  # what an amount of 1 on a list may stand for [EUR]
THEME_SETS = ("provincial", "municipal")
LANGUAGES = ("nl", "en")
MUST_HAVE = {  # kinds of rows -> the list columns that they cannot do without
    "projects": ["title"],
    "conversations": ["municipality", "round"],
    "claims": ["fact_id", "as_of", "stated", "measure"],
}
TEXTS = (  # every column name of ours, as rows of a list have them
    "key title source municipality weights theme status start end hours round talk quotation approval_1 approval_2 "
    "approval_3 second_contact asked granted settled amount_date kind amount merges_with good_example target target_unit "
    "target_at_least fact_id as_of statement stated unit measure"
).split()
PERIODS = "start end talk quotation approval_1 approval_2 approval_3 second_contact amount_date as_of".split()
# 360Giving splits checks in accuracy (is it right) and usefulness (can one work with it): what is merely absent or
# carried out is the latter.
USEFULNESS = tuple("C02 R06 R07 R08 R09 R11 R12 R13 R15 R19 J02 J03 J05 J11 K01".split())
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

# ---------------------------------------------------------------- the clean tables

PLACE = {
    "file": ("string", "list the row came from, relative to data/raw"),
    "sheet": ("string", "sheet or table in that list, empty in text files"),
    "row": ("integer", "row number that a spreadsheet shows; record number in csv, header = 1"),
}
PERIOD = "first day, last day and precision (day, month, quarter, half, year, begin, middle, end)"
TABLES = {
    "projects": {
        "project_id": (
            "string",
            "source_id, a hyphen and the list's own key, or 8 hex digits of title and municipality",
        ),
        "title": ("string", "name of the project as listed"),
        "source_id": ("string", "source that lists it (sources.csv)"),
        "basis": ("string", "letter, documented, received or example"),
        "status": (
            "string",
            "listed status in our words, unknown when silent; see Monitor.projects for the derived one",
        ),
        "status_listed": ("string", "status as it stood in the list"),
        "start_from": ("date", "first day of the period in which it starts"),
        "start_to": ("date", "last day of that period"),
        "start_precision": ("string", PERIOD),
        "end_from": ("date", "first day of the period in which it ends"),
        "end_to": ("date", "last day of that period"),
        "end_precision": ("string", PERIOD),
        "placement": (
            "string",
            "one, several, partnership, province, outside (only places outside the codebook), unassigned or unknown",
        ),
        "theme_part": ("string", "one, several, unknown or outside (only the excluded theme)"),
        "hours": ("number", "adviser hours [h]; empty when not stated"),
        "same_as": ("string", "project_id of the strongest row about the same thing, of another basis"),
        "good_example": ("string", "why it is marked as a good example; empty when not marked"),
        **PLACE,
    },
    "project_sources": {
        "project_id": ("string", "project"),
        "role": ("string", "used, or merged into a row of a stronger list"),
        "basis": ("string", "basis of the row"),
        **PLACE,
    },
    "placements": {
        "project_id": ("string", "project"),
        "gm_code": ("string", "municipality (municipalities.csv)"),
        "via": ("string", "own, partnership or province"),
        "partnership_id": ("string", "partnership through which it is reached"),
        "weight": ("string", "stated share as decimal text; the shares of a project sum to exactly 1"),
        **PLACE,
    },
    "project_themes": {
        "project_id": ("string", "project"),
        "theme": ("string", "theme (themes.csv); P9 = unknown"),
        **PLACE,
    },
    "amounts": {
        "project_id": ("string", "project"),
        "credit_id": ("string", "credit (credits.csv); empty when off the credit"),
        "kind": ("string", "asked, granted or settled; kinds are never added"),
        "date_from": ("date", "first day of the booking's period, else the date of the delivery"),
        "date_to": ("date", "last day of that period"),
        "cents": ("integer", "amount [EUR cent], may be negative"),
        "approximate": ("boolean", "stated as ca. or max."),
        **PLACE,
    },
    "targets": {
        "project_id": ("string", "project"),
        "value": ("integer", "target; it belongs to no municipality"),
        "unit": ("string", "what is counted, in Dutch"),
        "at_least": ("boolean", "stated as a minimum"),
        **PLACE,
    },
    "conversations": {
        "gm_code": ("string", "municipality"),
        "round": ("integer", "conversation round"),
        "step": ("string", "planned, talk, quotation, agreed, running, completed or second_contact"),
        "date_from": ("date", "first day of the step; empty for planned"),
        "date_to": ("date", "last day of that period"),
        "precision": ("string", PERIOD),
        "basis": ("string", "basis of the row"),
        **PLACE,
    },
    "claims": {
        "fact_id": ("string", "id of the statement in the letters"),
        "as_of": ("date", "date of the letter"),
        "statement": ("string", "what is stated, in Dutch"),
        "stated": ("string", "the number as stated, with its ca."),
        "unit": ("string", "unit in Dutch"),
        "measure": ("string", "how it is computed from rows, see measure.claims"),
        **PLACE,
    },
    "cells": {
        **PLACE,
        "column": ("string", "our name of the column"),
        "listed": ("string", "the allow-listed text as it stood in the list"),
    },
    "findings": {
        "finding_id": ("string", "code and 8 hex digits of place and text"),
        "code": ("string", "kind of finding (reference/findings.csv)"),
        "severity": ("string", "error, warning or note"),
        **PLACE,
        "column": ("string", "our name of the column, empty for the whole row or list"),
        "listed": ("string", "text of that cell, contact data masked"),
        "kept": ("string", "what the build kept"),
        "did_you_mean": ("string", "suggestions, joined by |; a person decides"),
    },
    "ledger": {
        "file": ("string", "list"),
        "basis": ("string", "basis of the list"),
        "rows_in": ("integer", "non-empty rows below the header"),
        "rows_used": ("integer", "rows that stand in the monitor"),
        "rows_merged": ("integer", "rows merged into a row of a stronger list"),
        "rows_set_aside": ("integer", "rows set aside, each with a finding"),
        "cents_in": ("integer", "sum of every amount cell that was accepted [EUR cent]"),
        "cents_used": ("integer", "cents that count [EUR cent]"),
        "cents_merged": ("integer", "cents of which a stronger list states the amount [EUR cent]"),
        "cents_set_aside": ("integer", "cents in rows set aside [EUR cent]"),
        "cells_unread": ("integer", "filled amount cells without a readable value"),
    },
}
DAYS = {"date", "deadline", "start", "end"} | {  # columns of ISO days in the tables of a measure
    name for table in TABLES.values() for name, (kind, _) in table.items() if kind == "date"
}
_DTYPES = {"string": "str", "date": "str", "integer": "Int64", "number": "Float64", "boolean": "boolean"}


def typed(name: str, rows: pd.DataFrame | list[dict]) -> pd.DataFrame:
    """The table `name` with exactly its columns and types, from a DataFrame or a list of dicts.

    A column that is absent comes out empty. Raises KeyError for an unknown table.
    """
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    columns = {}
    for column, (kind, _) in TABLES[name].items():
        dtype = _DTYPES[kind]
        values = frame[column] if column in frame else pd.Series([None] * len(frame), index=frame.index, dtype=object)
        if dtype == "str":
            values = values.astype("str") if values.dtype == "str" else values.astype(object).where(values.notna(), "")
        columns[column] = values.astype(dtype)
    table = pd.DataFrame(columns, index=frame.index)
    return table.fillna({c: "" for c, (k, _) in TABLES[name].items() if _DTYPES[k] == "str"})


def read_options(name: str) -> dict:
    """Arguments for pandas.read_csv that bring the table `name` back as `typed` made it."""
    kinds = {column: _DTYPES[kind] for column, (kind, _) in TABLES[name].items()}
    filled = {column: [""] for column, dtype in kinds.items() if dtype != "str"}
    return {
        "dtype": kinds,
        "keep_default_na": False,
        "na_values": filled,
        "index_col": False,
        "encoding": "utf-8",
    }


def sort(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The table in the one order in which it is written, whatever the order of files and rows."""
    keys = [column for column in TABLES[name] if (name, column) != ("cells", "listed")]  # place and column are enough
    return table.sort_values(keys, kind="stable", na_position="first").reset_index(drop=True)


# ---------------------------------------------------------------- what a table says of itself


@dataclass(frozen=True, eq=False)
class Citation(Mapping):
    """What a table of a measure says of itself, in `attrs["wmo"]`: read it by name, as a dict is read.

    Its names are these fields and those of `extra`; `by` is none of them for a measure with one view.
    """

    measure: str = ""  # name of the measure
    by: str | None = None  # the view of the measure
    selection: list[tuple[str, list[str]]] = field(default_factory=list)  # filters and their codes, in the order given
    selection_text: str = ""  # the filters in words, '' for everything
    as_of: str = ""  # ISO day
    sources: list[str] = field(default_factory=list)  # codes of the sources whose rows take part, sorted
    source_names: list[str] = field(default_factory=list)  # their names, in the order of the codebook
    bases: list[str] = field(default_factory=list)  # of the rows that take part, the strongest first
    projects: int = 0  # of the selection [projects]
    examples: int = 0  # of these with a row that is made up [projects]
    language: str = "nl"
    build: str = ""  # digest of the clean tables
    assumptions: list[str] = field(default_factory=list)  # sentences
    subtitle_notes: list[str] = field(default_factory=list)  # sentences
    digest: str = ""  # of the table, see `digest`
    extra: Mapping = field(default_factory=dict)  # what this one measure adds; cannot be changed

    def __post_init__(self):
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))

    def __getitem__(self, name: str):
        if name in self.extra:
            return self.extra[name]
        if name not in _CITED or (name == "by" and self.by is None):
            raise KeyError(name)
        return getattr(self, name)

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in _CITED if name != "by" or self.by is not None)
        yield from self.extra

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __deepcopy__(self, memo: dict) -> "Citation":
        return self  # pandas copies attrs at every step; nothing in here is ever changed

    def replaced(self, **values) -> "Citation":
        """The citation with other values; a name that is no field goes to `extra`."""
        fields = {name: value for name, value in values.items() if name in _CITED}
        more = {name: value for name, value in values.items() if name not in _CITED}
        return dataclasses.replace(self, **fields, extra={**self.extra, **more})


_CITED = tuple(each.name for each in dataclasses.fields(Citation) if each.name != "extra")


def digest(table: pd.DataFrame) -> str:
    """12 hex digits over columns, values and citation of a table; the same content gives the same digits anywhere."""
    about = {name: value for name, value in table.attrs.get("wmo", {}).items() if name != "digest"}
    columns = [_cells(name, values.array) for name, values in table.items()]
    text = "".join(f"{','.join(row)}\n" for row in zip(*columns, strict=True)) if columns else "\n"
    return hashlib.sha256((text + repr(sorted(about.items()))).encode()).hexdigest()[:12]


def _cells(name: str, values: pd.api.extensions.ExtensionArray) -> list[str]:
    """A column as to_csv writes it, in a fraction of its time: heading and values, '' for a missing one."""
    values = np.where(pd.isna(values), "", np.asarray(values, dtype=object))
    cells = [str(name), *map(str, values.tolist())]
    if _to_quote("".join(cells)):
        cells = ['"' + cell.replace('"', '""') + '"' if _to_quote(cell) else cell for cell in cells]
    return cells


def _to_quote(text: str) -> bool:
    return any(special in text for special in ',"\n')


def cited(table: pd.DataFrame, about: Citation) -> pd.DataFrame:
    """The table with its citation, signed: the digest is of what it holds now."""
    table.attrs["wmo"] = about
    table.attrs["wmo"] = about.replaced(digest=digest(table))
    return table


def checked(table: pd.DataFrame) -> Citation:
    """The `attrs["wmo"]` of a measure's table.

    Raises WmoError when the table was not made by a measure, or was changed since: a chart or an export of it would
    carry a citation that is no longer true.
    """
    about = table.attrs.get("wmo")
    if about is None or about["digest"] != digest(table):
        raise WmoError("Deze tabel komt niet (meer) uit een meting; filter met monitor.within() en meet opnieuw.")
    return about


# ---------------------------------------------------------------- findings, and values parsed once


def found(
    code: str,
    rows: pd.DataFrame,
    column: str = "",
    listed: str | pd.Series = "",
    kept: str | pd.Series = "",
    did_you_mean: str | pd.Series = "",
) -> pd.DataFrame:
    """Findings of one code, one for each of `rows` (file, sheet, row); a Series of texts stands on its index."""
    where = rows[["file", "sheet", "row"]]
    return where.assign(code=code, column=column, listed=listed, kept=kept, did_you_mean=did_you_mean)


def distinct(values: pd.Series, parse: Callable[[str], list], names: list[str]) -> pd.DataFrame:
    """`parse` of every value as columns `names`, on the index of `values`; each distinct value is parsed once."""
    codes, spellings = pd.factorize(values, sort=False)
    return pd.DataFrame([parse(text) for text in spellings], columns=names).take(codes).set_axis(values.index)
