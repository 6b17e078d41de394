"""The clean tables with every column's type and meaning, every list of codes, and the digest of a table.

`TABLES` is the one place that names them: the build writes these columns, datapackage.json is generated from them,
the Monitor reads them back with these types. Dates are ISO text, money is integer cents, weights are decimal text.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from wmo_analysis.errors import WmoError

if TYPE_CHECKING:  # the functions below load it when they are called: `wmo --help` asks for the codes only
    import pandas as pd

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
    "scheme",
    "round",
    "status",
    "basis",
)  # in the order in which they are told
PLACE_FILTERS = ("region", "municipality", "round")  # these narrow the denominator too
STATUSES = ("planned", "running", "completed", "rejected", "withdrawn", "preselected", "unknown")
FILTER_CODES = {
    "status": STATUSES,
    "basis": tuple(BASIS_FILTERS),
}  # filters whose codes stand here, labels in words.csv
NEVER_COUNTS = ("rejected", "withdrawn", "preselected")
VOID = ("rejected", "withdrawn")  # what such a project asked or was granted came to nothing, and is told apart
VOID_MONEY = ("asked_void", "granted_void")  # the columns in which it is told
STATES = (
    "planned",
    "talk",
    "quotation",
    "agreed",
    "running",
    "completed",
)  # of a municipality's conversation, in order
STANDINGS = (*STATES, "second_contact")  # what it can stand at; a second contact waits for an agreement
APPROVALS = ("approval_1", "approval_2", "approval_3")  # steps of one party each: they change no state, all three do
LOGGED = ("talk", "quotation", *APPROVALS, "agreed", "running", "second_contact")  # steps with a day in the logbook
PLACEMENTS = ("one", "several", "partnership", "province", "unassigned", "outside", "unknown")
PLACED = ("one", "several", "partnership", "province")  # placements that name a place of the codebook
PROVINCES = {  # province -> how a list writes it in brackets behind a place
    "Groningen": ("gr", "gn"), "Fryslân": ("fr", "friesland"), "Drenthe": ("dr", "dre"), "Overijssel": ("ov", "o"),
    "Flevoland": ("fl",), "Gelderland": ("gld", "gl"), "Utrecht": ("ut", "utr", "u"), "Noord-Holland": ("nh", "n h"),
    "Zuid-Holland": ("zh", "z h"), "Zeeland": ("ze", "zl", "zld"), "Noord-Brabant": ("nb", "n br", "nbr", "brabant"),
    "Limburg": ("li", "lb", "l"),
}  # fmt: skip
NO_PLACE = ("outside", "unassigned")  # what an alias can say of a name that is no place of the codebook
NO_MUNICIPALITY = ("J01", "J03")  # findings on a part of a cell that is no municipality of the codebook
NO_THEME = "unknown_theme"  # why a project stands in no cell of a theme: its list states none
VIA = ("own", "partnership", "province")  # how a project reaches a municipality
EMPTY_STATES = ("none", "unknown", "absent")  # of a cell of the matrix: searched, not known, no municipality then
CELL_STATES = ("own", "partnership", *EMPTY_STATES, "province")  # of a cell of the matrix
MISSING = ("unknown", "not_applicable")  # what is said in place of a number, a day or a truth that is missing
WAYS = (*VIA, "")  # the last one: not at all
KINDS = ("asked", "granted", "settled")  # of amounts; kinds are never added
AMOUNTS = (*KINDS, "amount")  # list columns with money; the kind of `amount` stands in a column `kind`
UNITS = (1, 1000, 1_000_000)  # what an amount of 1 on a list may stand for [of its currency]
DECIMALS = (",", ".")  # signs before the cents of an amount, the usual one first
EUR = "EUR"  # the currency that counts
CURRENCIES = (EUR, *"USD GBP CHF SEK NOK DKK NLG BEF DEM FRF PLN CZK HUF JPY".split())  # that amounts can be in
THEME_SETS = ("provincial", "municipal")  # sets of themes that are columns of a matrix
LANGUAGES = ("nl", "en")
SEVERITIES = ("error", "warning", "note")  # of findings, the gravest first
OF_PLACES = ("theme", "region", "source", "municipality")  # divisions of coverage that count municipalities
LEANS = ("members", "themes")  # kinds of assumptions that a figure can lean on
VERDICTS = ("right", "changed", "retyped", "unbound")  # what became of a figure of a memo
MUST_HAVE = {  # kinds of rows -> the list columns that they cannot do without
    "projects": ["title"],
    "conversations": ["municipality", "round"],
    "claims": ["fact_id", "as_of", "stated", "measure"],
}
TEXTS = (  # every column name of ours, as rows of a list have them
    "key title source municipality weights theme status start end hours round talk quotation approval_1 approval_2 "
    "approval_3 second_contact asked granted settled amount_date kind amount merges_with good_example target target_unit "
    "target_at_least fact_id as_of statement stated unit measure section scheme"
).split()
PRECISIONS = ("", "day", "month", "quarter", "half", "year", "begin", "middle", "end")  # of a period
STATED = "title municipality theme start end status hours good_example same_as".split()  # what rows state of a project
PERIODS = "start end talk quotation approval_1 approval_2 approval_3 second_contact amount_date as_of".split()
# A new list: what its columns can be chosen to be, and where a guess is never enough.
UNUSED = ("", "contact", "remarks")  # free text may name persons, contact data are dropped
STEPS = ("talk", "quotation", "approval", "second_contact")  # columns that say how far a conversation is
CHOICES = (
    *"key title source scheme municipality weights theme status start end hours round".split(),
    *STEPS,
    *(*AMOUNTS, "unit", "amount_date", "kind", "merges_with", "good_example"),
    *("target", "target_unit", "target_at_least"),
    *UNUSED,
)
REPEATABLE = (*UNUSED, "approval", "title")  # several columns may be one of these
IMPORTANT = (*AMOUNTS, "municipality", "title")  # never silently wrong: asked when in doubt
ASKED = ("municipality", "start")  # a header that only may mean one of these is asked
CODED = ("theme", "status", "source", "kind")  # their texts are names that the codebook explains
DOMAINS = {"J01": "municipality", "J04": "theme", "C05": "status", "J10": "source", "C09": "kind"}  # finding -> names
# card lines of the next one too
CARRIED = "source basis owner licence complete credit whole_country constants same_as continues".split()
# 360Giving splits checks in accuracy (is it right) and usefulness (can one work with it): what is merely absent or
# carried out is the latter.
USEFULNESS = tuple("C02 C20 R06 R07 R08 R09 R11 R12 R13 R15 R19 R24 R26 R31 J02 J03 J05 J11 J13 K01".split())
COMPLETENESS = ("theme", "municipality", "dates", "amount")  # what quality asks of every project
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
class Finding:
    """Something that was seen and is told: its code (findings.csv), where, and what stood there."""

    code: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    listed: str = ""
    kept: str = ""
    did_you_mean: str = ""


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
        "step": ("string", f"{', '.join((*STANDINGS, *APPROVALS))}; an approval is of one party and no state"),
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
        "section": ("string", "section or page of the letter where it stands; empty when the list does not say"),
        **PLACE,
    },
    "listed": {
        **PLACE,
        **dict.fromkeys(TEXTS, ("string", "text of the list column as it stood there, contact data masked")),
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
DAYS = {"date", "deadline", "start", "end", "known_on", *LOGGED} | {  # columns of ISO days in the tables of a measure
    name for table in TABLES.values() for name, (kind, _) in table.items() if kind == "date"
}
# A value that is missing is unknown, but does not apply where one of these columns holds this code, '' being nothing:
NOT_APPLICABLE: dict[str, dict[str, str]] = {
    "limit": {"limit": ""},  # hours of a source without a maximum
    "over": {"limit": ""},
    "deadline": {"deadline": ""},  # a round without one
    "stated": {"stated": ""},  # a letter says nothing of this row
    "municipalities": {"state": "not_stated"},  # no named municipality stands there
    "reached": {"state": "not_stated"},
    "late": {"state": "not_stated", "late_label": ""},  # nor is it late without a deadline that is past
    "share": {"share": ""},  # there is no total to take a share of
    "own": {"state": "absent"},  # a municipality that did not exist
    "partnership": {"state": "absent"},
    "covered": {"state": "absent"},
    "row": {"row": ""},  # a finding on the whole list
    "date": {"date": ""},  # why a cell is empty: a project is no list of a day
    "known_on": {"known_on": ""},  # every list takes part
}
LOGBOOK = "second_contact"  # a table with this column tells the way of a municipality, ...
STEP_DAYS = {*LOGGED, "start"}  # ... in which a step without a day stays empty: nothing is missing, no list tells of it
_DTYPES = {"string": "str", "date": "str", "integer": "Int64", "number": "Float64", "boolean": "boolean"}


def typed(name: str, rows: pd.DataFrame | list[dict]) -> pd.DataFrame:
    """The table `name` with exactly its columns and types, from a DataFrame or a list of dicts.

    A column that is absent comes out empty. Raises KeyError for an unknown table.
    """
    import pandas as pd

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


def read_options(name: str) -> dict[str, object]:
    """Arguments for pandas.read_csv that bring the table `name` back as `typed` made it."""
    kinds = {column: _DTYPES[kind] for column, (kind, _) in TABLES[name].items()}
    filled = {column: [""] for column, dtype in kinds.items() if dtype != "str"}
    return {"dtype": kinds, "keep_default_na": False, "na_values": filled, "index_col": False, "encoding": "utf-8"}


def sort_keys(name: str) -> list[str]:
    """The columns in whose order a table is written: the place alone where that is enough, else all of them."""
    return list(PLACE) if name == "listed" else list(TABLES[name])


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
    known_on: str = ""  # ISO day up to which lists take part; '' = all we know now
    sources: list[str] = field(default_factory=list)  # codes of the sources whose rows take part, sorted
    source_names: list[str] = field(default_factory=list)  # their names, in the order of the codebook
    bases: list[str] = field(default_factory=list)  # of the rows that take part, the strongest first
    projects: int = 0  # of the selection [projects]
    examples: int = 0  # of these with a row that is made up [projects]
    made_of: str = "projects"  # what its figures are made of: or amounts, conversations, hours, claims, findings, lists
    made: int = 0  # how many of those [made_of]
    made_up: int = 0  # of these with a row that is made up [made_of]
    known_too: int = 0  # of those made up that a stronger row tells too [made_of]
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

    def __deepcopy__(self, memo: dict) -> Citation:
        # the lists in it are not frozen: who changes one changes the digest, and `checked` refuses the table
        return self  # pandas copies attrs at every step; nothing in here is ever changed

    def replaced(self, **values) -> Citation:
        """The citation with other values; a name that is no field goes to `extra`."""
        fields = {name: value for name, value in values.items() if name in _CITED}
        more = {name: value for name, value in values.items() if name not in _CITED}
        return dataclasses.replace(self, **fields, extra={**self.extra, **more})


_CITED = tuple(each.name for each in dataclasses.fields(Citation) if each.name != "extra")


def made_of(
    what: str, made: int, made_up: int, known_too: int = 0, assumptions: Iterable[str] = ()
) -> dict[str, object]:
    """What a Citation says of what its figures are made of."""
    counts = {"made_of": what, "made": made, "made_up": made_up, "known_too": known_too}
    return counts | {"assumptions": list(assumptions)}


def digest(table: pd.DataFrame) -> str:
    """12 hex digits over columns, values and citation of a table; the same content gives the same digits anywhere."""
    import numpy as np
    import pandas as pd

    about = {name: value for name, value in table.attrs.get("wmo", {}).items() if name != "digest"}
    cells = table.to_numpy(dtype=object)
    rows = [list(table), *np.where(pd.isna(cells), "", cells).tolist()]
    text = "".join(map(_line, rows))
    return hashlib.sha256((text + repr(sorted(about.items()))).encode()).hexdigest()[:12]


def _line(values: list) -> str:
    """A row as to_csv writes it, in a fraction of its time."""
    cells = list(map(str, values))
    line = ",".join(cells)
    if line.count(",") >= len(cells) or '"' in line or "\n" in line:
        cells = [f'"{cell.replace(chr(34), chr(34) * 2)}"' if _SPECIAL.search(cell) else cell for cell in cells]
        line = ",".join(cells)
    return f"{line}\n"


_SPECIAL = re.compile('[,"\n]')


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
