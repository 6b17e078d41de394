"""Last stage: the clean tables -> data/clean, whole or not at all."""

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.csv

from wmo_analysis import schema
from wmo_analysis.errors import NotBuilt

UNTOUCHED = "Er is niets gewijzigd; de laatste goede gegevens blijven in gebruik."


def package(cards: list[dict], made_from: dict[str, str], folder: Path) -> dict:
    """The Frictionless descriptor of the tables written in `folder`: schema from schema.py, hashes, and the deliveries.

    `sources` holds what the cards say of each list that was read, `made_from` the hash of every file below data/raw and of
    the codebook, so that a reader sees when data/clean is stale.
    """
    kinds = {
        "string": "string",
        "date": "date",
        "integer": "integer",
        "number": "number",
        "boolean": "boolean",
    }
    resources = []
    for name, about in schema.TABLES.items():
        data = (folder / f"{name}.csv").read_bytes()
        fields = [{"name": c, "type": kinds[k], "description": text} for c, (k, text) in about.items()]
        resources.append(
            {
                "name": name.replace("_", "-"), "path": f"{name}.csv", "format": "csv", "mediatype": "text/csv",
                "encoding": "utf-8", "bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
                "schema": {"fields": fields, "missingValues": [""]},
            }
        )  # fmt: skip
    sources = [
        {
            "title": card["list"], "path": card["list"], "hash": f"sha256:{card['sha256']}",
            "date": card["date"], "basis": card["basis"], "source_id": card.get("source", ""), "rows": card["rows"],
            "complete": bool(card.get("complete", False)), "owner": card.get("owner", ""), "licence": card.get("licence", ""),
        }
        for card in sorted(cards, key=lambda card: card["list"])
    ]  # fmt: skip
    build_digest = hashlib.sha256("".join(r["hash"] for r in resources).encode()).hexdigest()[:12]
    return {
        "profile": "tabular-data-package", "name": "wmo-monitor", "title": "WMO-monitor provincie Utrecht",
        "build": build_digest, "resources": [{"profile": "tabular-data-resource"} | r for r in resources], "sources": sources,
        "made_from": made_from,
    }  # fmt: skip


def tables(tables: dict[str, pd.DataFrame], cards: list[dict], made_from: dict[str, str], target: Path) -> None:
    part = target.with_name("clean.part")
    part.mkdir()
    for name, table in tables.items():
        plain = pyarrow.Table.from_pandas(table, preserve_index=False)
        pyarrow.csv.write_csv(plain, part / f"{name}.csv", pyarrow.csv.WriteOptions(quoting_style="needed"))
    text = json.dumps(package(cards, made_from, part), ensure_ascii=False, indent=1) + "\n"
    (part / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")
    for path in part.iterdir():
        with open(path, "rb+") as file:
            os.fsync(file.fileno())
    old = target.with_name("clean.old")
    if target.exists():
        os.replace(target, old)
    os.replace(part, target)
    shutil.rmtree(old, ignore_errors=True)


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
def lock(folder: Path):
    """One build at a time: a file with the process number; one left by a process that is gone is taken over."""
    path, messages = folder / ".build.lock", []
    for _ in range(2):
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            owner = path.read_text().strip()
            if owner.isdigit() and _alive(int(owner)):
                raise NotBuilt(f"Er loopt al een bouw (proces {owner}); wacht tot die klaar is. {UNTOUCHED}") from None
            path.unlink(missing_ok=True)
            messages.append("Resten van een afgebroken bouw zijn opgeruimd.")
    else:
        raise NotBuilt(f"Er loopt al een bouw. {UNTOUCHED}")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(str(os.getpid()))
        yield messages
    finally:
        path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
