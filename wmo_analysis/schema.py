"""The clean tables with every column's type and meaning, every list of codes, and the digest of a table.

`TABLES` is the one place that names them: the build writes these columns, datapackage.json is generated from them,
the Monitor reads them back with these types. Dates are ISO text, money is integer cents, weights are decimal text.
"""

import hashlib

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
FILTERS = ("theme", "region", "municipality", "source", "round", "status", "basis")
PLACE_FILTERS = ("region", "municipality", "round")  # these narrow the denominator too
STATUSES = ("planned", "running", "completed", "rejected", "withdrawn", "preselected", "unknown")
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
NO_PLACE = ("outside", "unassigned")  # what an alias can say of a name that is no place of the codebook
VIA = ("own", "partnership", "province")  # how a project reaches a municipality
CELL_STATES = ("own", "partnership", "none", "unknown", "province")  # of a cell of the matrix
KINDS = ("asked", "granted", "settled")  # of amounts; kinds are never added
AMOUNTS = (*KINDS, "amount")  # list columns with money; the kind of `amount` stands in a column `kind`
UNITS = (1, 1000, 1_000_000)  # what an amount of 1 on a list may stand for [EUR]
THEME_SETS = ("provincial", "municipal")  # sets of themes that are columns of a matrix
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


def typed(name: str, rows) -> pd.DataFrame:
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


def digest(table: pd.DataFrame) -> str:
    """12 hex digits over columns, values and citation of a table; the same content gives the same digits anywhere."""
    about = {name: value for name, value in table.attrs.get("wmo", {}).items() if name != "digest"}
    columns = [_cells(name, values.array) for name, values in table.items()]
    text = "".join(f"{','.join(row)}\n" for row in zip(*columns, strict=True)) if columns else "\n"
    return hashlib.sha256((text + repr(sorted(about.items()))).encode()).hexdigest()[:12]


def _cells(name: str, values) -> list[str]:
    """A column as to_csv writes it, in a fraction of its time: heading and values, '' for a missing one."""
    values = np.where(pd.isna(values), "", np.asarray(values, dtype=object))
    cells = [str(name), *map(str, values.tolist())]
    if _to_quote("".join(cells)):
        cells = ['"' + cell.replace('"', '""') + '"' if _to_quote(cell) else cell for cell in cells]
    return cells


def _to_quote(text: str) -> bool:
    return any(special in text for special in ',"\n')


def checked(table: pd.DataFrame) -> dict:
    """The `attrs["wmo"]` of a measure's table.

    Raises WmoError when the table was not made by a measure, or was changed since: a chart or an export of it would
    carry a citation that is no longer true.
    """
    about = table.attrs.get("wmo")
    if about is None or about["digest"] != digest(table):
        raise WmoError("Deze tabel komt niet (meer) uit een meting; filter met monitor.within() en meet opnieuw.")
    return about


def found(code: str, rows: pd.DataFrame, column: str = "", listed="", kept="", did_you_mean="") -> pd.DataFrame:
    """Findings of one code, one for each of `rows` (file, sheet, row); the texts are a value or a Series on its index."""
    where = rows[["file", "sheet", "row"]]
    return where.assign(code=code, column=column, listed=listed, kept=kept, did_you_mean=did_you_mean)


def distinct(values: pd.Series, parse, names: list[str]) -> pd.DataFrame:
    """`parse` of every value as columns `names`, on the index of `values`; each distinct value is parsed once."""
    codes, spellings = pd.factorize(values, sort=False)
    return pd.DataFrame([parse(text) for text in spellings], columns=names).take(codes).set_axis(values.index)
