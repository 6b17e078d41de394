"""Last stage: the clean tables -> data/clean, whole or not at all."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import filelock
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from wmo_analysis import schema
from wmo_analysis.errors import NotBuilt
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.stage import Column, in_order
from wmo_analysis.pipeline.tables import Table

UNTOUCHED = "Er is niets gewijzigd; de laatste goede gegevens blijven in gebruik."
AT_ONCE = 1 << 18  # rows that are written at one time
THREADS = 2


@dataclass(frozen=True)
class Written:
    """A file of the package: its size in bytes and the sha256 of its content."""

    size: int
    sha256: str


def clean(tables: dict[str, Table | pd.DataFrame], cards: list[Card], made_from: dict[str, str], target: Path) -> None:
    """Writes data/clean: into a side folder first, then in place of the old one as the last act."""
    part = target.with_name("clean.part")
    part.mkdir()
    with ThreadPoolExecutor(THREADS) as pool:  # arrow writes and hashes without the interpreter
        jobs = {name: pool.submit(_table, name, tables[name], part / f"{name}.csv") for name in schema.TABLES}
        files = {name: job.result() for name, job in jobs.items()}
    text = json.dumps(package(cards, made_from, files), ensure_ascii=False, indent=1) + "\n"
    (part / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")
    for path in part.iterdir():
        with open(path, "rb+") as file:
            os.fsync(file.fileno())
    old = target.with_name("clean.old")
    if target.exists():
        os.replace(target, old)
    os.replace(part, target)
    shutil.rmtree(old, ignore_errors=True)


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
    options = pa.csv.WriteOptions(include_header=header, quoting_style="needed", batch_size=AT_ONCE)
    stream = pa.BufferOutputStream()
    pa.csv.write_csv(block, stream, options)
    return stream.getvalue()


def columns(name: str, table: Table | pd.DataFrame) -> Table:
    """Every column of a clean table, in the order of the schema, from columns or from a frame."""
    if isinstance(table, pd.DataFrame):
        typed = schema.typed(name, table)
        kinds = {key: kind for key, (kind, _) in schema.TABLES[name].items()}
        return {
            key: Column.of(pa.array(typed[key], pa.large_string()))
            if kind in ("string", "date")
            else pa.array(typed[key])
            for key, kind in kinds.items()
        }
    return {key: table[key] for key in schema.TABLES[name]}


def _taken(column: Column | pa.Array, rows: np.ndarray) -> pa.Array:
    return column.arrow(rows) if isinstance(column, Column) else column.take(pa.array(rows))


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
                "name": name.replace("_", "-"), "path": f"{name}.csv", "format": "csv", "mediatype": "text/csv",
                "encoding": "utf-8", "bytes": files[name].size, "hash": f"sha256:{files[name].sha256}",
                "schema": {"fields": fields, "missingValues": [""]},
            }
        )  # fmt: skip
    sources = [
        {
            "title": card.list, "path": card.list, "hash": f"sha256:{card.sha256}",
            "date": card.date, "basis": card.basis, "source_id": card.source, "rows": list(card.rows),
            "complete": card.complete, "owner": card.owner, "licence": card.licence,
        }
        for card in sorted(cards, key=lambda card: card.list)
    ]  # fmt: skip
    build_digest = hashlib.sha256("".join(r["hash"] for r in resources).encode()).hexdigest()[:12]
    return {
        "profile": "tabular-data-package", "name": "wmo-monitor", "title": "WMO-monitor provincie Utrecht",
        "build": build_digest, "resources": [{"profile": "tabular-data-resource"} | r for r in resources], "sources": sources,
        "made_from": made_from,
    }  # fmt: skip


def recover(target: Path) -> list[str]:
    """Puts data/clean right after a build that was killed, and says so; [] when there was nothing to do."""
    part, old = target.with_name("clean.part"), target.with_name("clean.old")
    messages = []
    if old.exists() and not target.exists():
        os.replace(old, target)
        messages.append("Een eerdere bouw is afgebroken; de laatste goede gegevens zijn teruggezet.")
    for left in (part, old):
        if left.exists():
            shutil.rmtree(left)
            messages.append("Resten van een afgebroken bouw zijn opgeruimd.")
    return messages


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[list[str]]:
    """One build at a time; the lock dies with the process that holds it. Yields the messages to add to."""
    held, told = filelock.FileLock(folder / ".build.lock"), folder / ".build.busy"
    try:
        held.acquire(timeout=0)
    except filelock.Timeout:
        who = f" (proces {told.read_text().strip()})" if told.exists() else ""
        raise NotBuilt(f"Er loopt al een bouw{who}; wacht tot die klaar is. {UNTOUCHED}") from None
    try:
        told.write_text(str(os.getpid()))
        yield []
    finally:
        told.unlink(missing_ok=True)
        held.release()
