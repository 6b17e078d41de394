"""Is the outcome of two builds the same? Tables by raw row number, without project ids, in an order of their own."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

TABLES = {
    "projects": (
        "row title status status_listed start_from start_to start_precision end_from end_to end_precision placement "
        "theme_part hours"
    ),
    "placements": "row gm_code via",
    "project_themes": "row theme",
    "amounts": "row kind cents approximate date_from date_to",
    "findings": "row code column listed",
    "ledger": (
        "rows_in rows_used rows_merged rows_set_aside cents_in cents_used cents_merged cents_set_aside cells_unread"
    ),
}
NOT_COMPARED = (
    "Not compared: project_id, partnership_id, finding_id, severity, kept, did_you_mean; R15, which is about a column; J08, "
    "which the build tells once for all projects of a name and the peers at each. "
    "Every other code is, with its row, column and listed text."
)


@dataclass(frozen=True)
class Difference:
    """What two outcomes differ in: the table, and the first rows that only one of them has."""

    table: str
    ours: list[dict]
    theirs: list[dict]


def outcome(folder: Path) -> dict[str, pa.Table]:
    """The compared columns of every table, as text without gaps, sorted by row and then by all that a row says."""
    tables = {name: _table(folder / f"{name}.csv", columns.split()) for name, columns in TABLES.items()}
    if (folder / "project_sources.csv").exists():
        tables["findings"] = _at_its_project(tables["findings"], folder)
    return tables


def _at_its_project(findings: pa.Table, folder: Path) -> pa.Table:
    """Findings on places and themes at the first row of their project. A project of several rows has its place from one of
    them, where we tell of it; the peers tell of it at the first."""
    sources = _table(folder / "project_sources.csv", ["row", "project_id"])
    projects = _table(folder / "projects.csv", ["row", "project_id"]).rename_columns(["first", "project_id"])
    first = sources.join(projects, "project_id").select(["row", "first"])
    moved = findings.join(first, "row")
    place = pc.is_in(moved["code"], pa.array(["J01", "J02", "J03", "J04", "J05", "J11"]))
    row = pc.if_else(pc.and_(place, pc.is_valid(moved["first"])), moved["first"], moved["row"])
    moved = moved.set_column(0, "row", row).select(findings.column_names)
    moved = moved.group_by(findings.column_names, use_threads=False).aggregate([]).select(findings.column_names)
    return moved.sort_by([(column, "ascending") for column in findings.column_names]).combine_chunks()


def _table(path: Path, columns: list[str]) -> pa.Table:
    options = pa.csv.ConvertOptions(
        include_columns=columns, column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
    )
    table = pa.csv.read_csv(
        path,
        read_options=pa.csv.ReadOptions(block_size=1 << 24),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=options,
    )
    if "hours" in columns:
        at = columns.index("hours")
        table = table.set_column(at, "hours", _number(table["hours"]))
    if "code" in columns:  # of R15 the row is the header; a finding about a whole list has none
        other = pc.is_in(table["code"], pa.array(["R15", "J08"]))
        table = table.filter(pc.and_(pc.not_equal(table["row"], ""), pc.invert(other)))
        table = table.group_by(columns, use_threads=False).aggregate([]).select(columns)
    if "row" in columns:
        table = table.set_column(0, "row", pc.cast(table["row"], pa.int64()))
    return table.sort_by([(column, "ascending") for column in columns]).combine_chunks()


def _number(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """'62.50', '62.5' -> '62.5'; '120.0' -> '120'."""
    filled = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    return pc.fill_null(pc.cast(pc.cast(filled, pa.float64()), pa.string()), "")


def digest(tables: dict[str, pa.Table]) -> str:
    """12 hex digits over all tables."""
    sha = hashlib.sha256()
    for name, table in tables.items():
        sink = pa.BufferOutputStream()
        pa.csv.write_csv(table, sink)
        sha.update(name.encode())
        sha.update(sink.getvalue())
    return sha.hexdigest()[:12]


def differences(ours: dict[str, pa.Table], theirs: dict[str, pa.Table], most: int = 3) -> list[Difference]:
    """The tables that are not equal, each with the first rows on either side."""
    wrong = []
    for name, mine in ours.items():
        if mine.equals(theirs[name]):
            continue
        only = [_only(*pair)[:most] for pair in ((mine, theirs[name]), (theirs[name], mine))]
        wrong.append(Difference(name, *only))
    return wrong


def _only(one: pa.Table, other: pa.Table) -> list[dict]:
    """Rows of the one that the other lacks; all that stand once too often when none is lacking altogether."""
    keys = one.column_names
    lacking = one.join(other, keys=keys, join_type="left anti", use_threads=False)
    if not lacking.num_rows and one.num_rows > other.num_rows:
        counts = one.group_by(keys).aggregate([([], "count_all")])
        lacking = counts.filter(pc.greater(counts["count_all"], 1))
    return lacking.sort_by(keys[0]).to_pylist()
