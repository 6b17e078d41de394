"""Opening a workspace: data/clean -> Monitor. Reads and never writes."""

import hashlib
import json
from pathlib import Path

import pandas as pd

from wmo_analysis.codebook import Codebook
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor.monitor import Monitor
from wmo_analysis.schema import TABLES, read_options
from wmo_analysis.workspace import Workspace, unnamed


def open_monitor(path: Path | str | None = None, language: str = "nl") -> Monitor:
    """The Monitor of a workspace, on the date of its newest card. Reads and never writes.

    Raises WmoError that names `wmo build` when data/clean is missing, damaged, or older than data/raw.
    """
    workspace = Workspace.nearest(path)
    clean = workspace.clean
    for attempt in (1, 2):  # a build may move the folder while we read: then once more
        try:
            package = json.loads((clean / "datapackage.json").read_text(encoding="utf-8"))
            if not isinstance(package, dict) or not {"resources", "sources", "made_from", "build"} <= set(package):
                raise _Damaged("datapackage.json")
            tables = {name: _table(clean, name, package) for name in TABLES}
            break
        except (FileNotFoundError, UnicodeDecodeError, json.JSONDecodeError, _Damaged) as error:
            if attempt == 2:
                raise WmoError(
                    "De gegevens in data/clean ontbreken of zijn beschadigd; bouw ze opnieuw met: wmo build"
                ) from error
    made_from = package["made_from"]
    there = workspace.fingerprint() if workspace.raw.is_dir() else made_from
    there = {unnamed(name) if unnamed(name) in made_from else name: sha for name, sha in there.items()}
    changed = sorted(name for name, _ in made_from.items() ^ there.items())
    if changed:
        raise WmoError(
            f"Sinds de laatste bouw is data/raw of het codeboek veranderd ({changed[0]}); bouw opnieuw met: wmo build"
        )
    codebook = Codebook.open(workspace.reference)
    about = pd.DataFrame(package["sources"]).rename(columns={"path": "file"})
    return Monitor(
        tables, codebook, _deliveries(about, tables), package["build"], date=about["date"].max(), language=language
    )


class _Damaged(Exception):
    """A clean table that is not the one in datapackage.json."""


def _table(clean: Path, name: str, package: dict) -> pd.DataFrame:
    path = clean / f"{name}.csv"
    known = {resource["path"]: resource["hash"] for resource in package["resources"]}
    if known.get(path.name) != f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}":
        raise _Damaged(name)
    return pd.read_csv(path, **read_options(name))


def _deliveries(about: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """file, source_id, kind, basis, date, complete: one row per list, source that it states, and kind of rows."""
    listed = tables["projects"][["file", "source_id"]].drop_duplicates().assign(kind="projects")
    own = about[["file", "source_id", "rows"]].explode("rows").rename(columns={"rows": "kind"})
    several = own["file"].isin(listed.groupby("file").size().loc[lambda n: n > 1].index) & (own["kind"] == "projects")
    both = pd.concat([listed, own[~several & (own["source_id"] != "")]]).drop_duplicates()
    return both.merge(about[["file", "basis", "date", "complete"]], on="file").reset_index(drop=True)
