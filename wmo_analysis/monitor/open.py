"""Opening a workspace: data/clean -> Monitor. Reads and never writes."""

import contextlib
import hashlib
import io
import json
import time
from pathlib import Path

import pandas as pd

from wmo_analysis import machine
from wmo_analysis.areas import Areas
from wmo_analysis.codebook import Codebook
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor.monitor import Monitor
from wmo_analysis.schema import TABLES, read_options
from wmo_analysis.words import say
from wmo_analysis.workspace import Workspace, build_digest, unnamed

PATIENCE, PAUSE = 10.0, 0.01  # seconds: how long builds may get in the way of a reader, and between two tries


def open_monitor(path: Path | str | None = None, language: str = "nl") -> Monitor:
    """The Monitor of a workspace, on the date of its newest card. Reads and never writes.

    Raises WmoError that names `wmo build` when data/clean is missing, damaged, or older than data/raw.
    """
    workspace = Workspace.nearest(path)
    package, tables = _whole(workspace)
    made_from = package["made_from"]
    with machine.told(workspace.data):
        there = workspace.fingerprint() if workspace.raw.is_dir() else made_from
        codebook = Codebook.open(workspace.reference)
        areas = Areas.open(workspace.areas, codebook.municipality_names)
    # a file whose name holds contact data stands in the build under the hash of its name
    there = {unnamed(name) if unnamed(name) in made_from else name: sha for name, sha in there.items()}
    changed = sorted(name for name, _ in made_from.items() ^ there.items())
    if changed:
        raise WmoError(
            f"Sinds de laatste bouw is data/raw of het codeboek veranderd ({changed[0]}); bouw opnieuw met: wmo build"
        )
    about = pd.DataFrame(package["sources"]).rename(columns={"path": "file"})
    made = tables, codebook, _deliveries(about, tables), package["build"]
    # the newest card and never today: the same data give the same figures on any day
    if areas and not areas.rings:  # a file without boundaries draws no map
        areas = None
    return Monitor(*made, date=about["date"].max(), language=language, areas=areas)


class _Damaged(Exception):
    """A clean table that is not the one in datapackage.json."""


def _whole(workspace: Workspace) -> tuple[dict[str, object], dict[str, pd.DataFrame]]:
    """The descriptor and the tables of one build, of the old one or the new. A build may move them while we read: then
    again, for a bounded time. What nobody moved meanwhile is damaged."""
    end = time.monotonic() + PATIENCE
    while True:
        stood = _standing(workspace)
        try:
            return _read(next(iter(stood), workspace.clean))
        except (OSError, ValueError, RecursionError, _Damaged) as error:
            settled = stood == _standing(workspace) and (stood or not _building(workspace))
            if settled or time.monotonic() > end:
                raise WmoError(_reason(error, workspace)) from error
            time.sleep(PAUSE)


def _standing(workspace: Workspace) -> dict[Path, tuple[int, int]]:
    """The folders that may hold the last good data, the best first, with what tells one build's from another's."""
    found = {}
    for folder in (workspace.clean, workspace.clean_before):
        with contextlib.suppress(OSError):
            about = folder.stat()
            found[folder] = about.st_ino, about.st_mtime_ns
    return found


def _building(workspace: Workspace) -> bool:
    """Whether a build, or what a killed one left, stands beside data/clean."""
    return any(workspace.data.glob("clean.part*"))


def _reason(error: Exception, workspace: Workspace) -> str:
    """What the analyst can do about data that cannot be read."""
    if isinstance(error, PermissionError):
        return machine.refusal(error, workspace.data)
    return say("data.missing")


def _read(clean: Path) -> tuple[dict[str, object], dict[str, pd.DataFrame]]:
    package = json.loads((clean / "datapackage.json").read_text(encoding="utf-8"))
    try:
        hashes = {resource["path"]: resource["hash"] for resource in package["resources"]}
        whole = package["build"] == build_digest(hashes.values()) and {"sources", "made_from"} <= set(package)
    except (TypeError, KeyError) as error:
        raise _Damaged("datapackage.json") from error
    if not whole:
        raise _Damaged("datapackage.json")
    return package, {name: _table(clean / f"{name}.csv", name, hashes) for name in TABLES}


def _table(path: Path, name: str, hashes: dict[str, str]) -> pd.DataFrame:
    """A table as it was read once: what is hashed is what is parsed, also when a build moves the folder in between."""
    data = path.read_bytes()
    if hashes.get(path.name) != f"sha256:{hashlib.sha256(data).hexdigest()}":
        raise _Damaged(name)
    return pd.read_csv(io.BytesIO(data), **read_options(name))


def _deliveries(about: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """file, source_id, kind, basis, date, complete, part: one row per list, kind of rows, and source of its card or rows."""
    # the rows of one list may be of several sources, each of which it then tells of
    listed = tables["projects"][["file", "source_id"]].drop_duplicates().assign(kind="projects")
    own = about[["file", "source_id", "rows"]].explode("rows").rename(columns={"rows": "kind"})
    both = pd.concat([listed, own[own["source_id"] != ""]]).drop_duplicates()
    stated = about.reindex(columns=["file", "basis", "date", "complete", "part"], fill_value="").fillna({"part": ""})
    return both.merge(stated, on="file").reset_index(drop=True)
