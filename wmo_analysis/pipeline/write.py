"""Last stage: the clean tables -> data/clean; whole.py sees to it that they stand there whole or not at all."""

import hashlib
import json
import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from wmo_analysis import schema
from wmo_analysis.pipeline import whole
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.stage import Column, in_order
from wmo_analysis.pipeline.tables import Table
from wmo_analysis.workspace import build_digest

AT_ONCE = 1 << 18  # rows that are written at one time
# of them, rows that arrow lays out at one time: more no longer fit the cache, and take thrice as long
IN_CACHE = 1 << 12
THREADS = 2


@dataclass(frozen=True)
class Written:
    """A file of the package: its size in bytes and the sha256 of its content."""

    size: int
    sha256: str


class Writer:
    """The tables of a build on their way into a folder; each can begin as soon as it is made."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.pool = ThreadPoolExecutor(THREADS)  # arrow writes and hashes without the interpreter
        self.jobs: dict[str, Future[Written]] = {}

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *error: object) -> None:
        self.pool.shutdown(cancel_futures=True)  # waits for what is being written: then the folder can go

    def begin(self, name: str, table: Table | pd.DataFrame) -> None:
        """Begins to write a table; what goes wrong is told by `finish`."""
        self.jobs[name] = self.pool.submit(_table, name, table, self.folder / f"{name}.csv")

    def finish(self, tables: dict[str, Table | pd.DataFrame], cards: list[Card], made_from: dict[str, str]) -> None:
        """Writes the tables that have not begun, and the descriptor of all.

        Raises NotBuilt when the disk refuses, and says for a full one how much the tables need.
        """
        with whole.told(self.folder.parent, lambda: _weight(tables)):
            for name in schema.TABLES:
                if name not in self.jobs:
                    self.begin(name, tables[name])
            files = {name: self.jobs[name].result() for name in schema.TABLES}
            text = json.dumps(package(cards, made_from, files), ensure_ascii=False, indent=1) + "\n"
            (self.folder / whole.PACKAGE).write_text(text, encoding="utf-8", newline="\n")


def _weight(tables: dict[str, Table | pd.DataFrame]) -> int:
    """How many bytes the tables are; nothing is written."""
    return sum(_table(name, tables[name], Path(os.devnull)).size for name in schema.TABLES)


def _table(name: str, table: Table | pd.DataFrame, path: Path) -> Written:
    """Writes a table in its one order, whatever the order of files and rows, some rows at a time."""
    made = columns(name, table)
    length = len(next(iter(made.values())))
    order = in_order([made[key] for key in schema.sort_keys(name)], length)
    hashed, size = hashlib.sha256(), 0
    with open(path, "wb") as file:
        for first in range(0, max(length, 1), AT_ONCE):
            rows = order[first : first + AT_ONCE]
            data = _csv(pa.table({key: _taken(column, rows) for key, column in made.items()}), first == 0)
            hashed.update(data)
            size += file.write(data)
    return Written(size, hashed.hexdigest())


def _csv(block: pa.Table, header: bool) -> pa.Buffer:
    """The rows as csv, in one piece: hashing and writing a large piece leave the interpreter to the other thread."""
    options = pa.csv.WriteOptions(include_header=header, quoting_style="needed", batch_size=IN_CACHE)
    stream = pa.BufferOutputStream()
    pa.csv.write_csv(block, stream, options)
    return stream.getvalue()


def columns(name: str, table: Table | pd.DataFrame) -> Table:
    """Every column of a clean table, in the order of the schema, from columns or from a frame."""
    if not isinstance(table, pd.DataFrame):
        return {key: table[key] for key in schema.TABLES[name]}
    typed, made = schema.typed(name, table), {}
    for key, (kind, _) in schema.TABLES[name].items():
        if kind in ("string", "date"):
            made[key] = Column.of(pa.array(typed[key], pa.large_string()))
        else:
            made[key] = pa.array(typed[key])
    return made


def _taken(column: Column | pa.Array, rows: np.ndarray) -> pa.Array:
    if isinstance(column, Column):
        return column.arrow(rows)
    return column.take(pa.array(rows))


# ---------------------------------------------------------------- the descriptor


def package(cards: list[Card], made_from: dict[str, str], files: dict[str, Written]) -> dict[str, object]:
    """The Frictionless descriptor of the tables written: schema from schema.py, hashes, and the deliveries.

    `sources` holds what the cards say of each list that was read, `made_from` the hash of every file below data/raw and of
    the codebook, so that a reader sees when data/clean is stale.
    """
    resources = []
    for name, about in schema.TABLES.items():
        fields = [{"name": c, "type": k, "description": text} for c, (k, text) in about.items()]
        resources.append(
            {
                "profile": "tabular-data-resource", "name": name.replace("_", "-"), "path": f"{name}.csv",
                "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
                "bytes": files[name].size, "hash": f"sha256:{files[name].sha256}",
                "schema": {"fields": fields, "missingValues": [""]},
            }
        )  # fmt: skip
    sources = [
        {
            "title": card.list, "path": card.list, "hash": f"sha256:{card.sha256}",
            "date": card.date, "basis": card.basis, "source_id": card.source, "rows": list(card.rows),
            "complete": card.complete, "owner": card.owner, "licence": card.licence,
            **({"part": card.part} if card.part else {}),
        }
        for card in sorted(cards, key=lambda card: card.list)
    ]  # fmt: skip
    build = build_digest(each["hash"] for each in resources)
    return {
        "profile": "tabular-data-package", "name": "wmo-monitor", "title": "WMO-monitor provincie Utrecht",
        "build": build, "resources": resources, "sources": sources, "made_from": made_from,
    }  # fmt: skip
