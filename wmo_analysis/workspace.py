"""A workspace: the folder with data/ and optionally reference/. The only place that knows a path in it."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wmo_analysis.codebook import PACKAGED
from wmo_analysis.errors import WmoError


def _below(*parts: str) -> property:
    """A path below the root of a workspace."""
    return property(lambda here: here.root.joinpath(*parts))


@dataclass(frozen=True)
class Workspace:
    """The folders of one workspace. `Workspace.nearest()` finds it from where we stand."""

    root: Path

    @classmethod
    def nearest(cls, path: Path | str | None = None) -> "Workspace":
        """The argument, else $WMO_HOME, else the nearest folder upwards with data/clean. Raises WmoError."""
        given = path or os.environ.get("WMO_HOME")
        if given:
            return cls(Path(given))
        here = Path.cwd()
        for folder in (here, *here.parents):
            if cls(folder).clean.is_dir() or cls(folder).clean_before.is_dir():
                return cls(folder)
        raise WmoError("Er is hier geen map met data/clean; bouw de gegevens eerst met: wmo build")

    data = _below("data")
    raw = _below("data", "raw")  # as received, never edited: one folder per delivery, a card beside each list
    clean = _below("data", "clean")  # written only by the build
    # where data/clean stands while a build moves, on a system that cannot exchange two names in one step
    clean_before = _below("data", "clean.old")
    own_reference = _below("reference")  # the analyst's own codebook and decisions, if there are any
    areas = _below("reference", "areas.geojson")  # boundaries of municipalities that the analyst may add, for the map
    outputs = _below("outputs")  # what analysts export
    views = _below("outputs", "weergaven")  # saved views of the dashboard
    memos = _below("outputs", "index.csv")  # the index of published memos
    log = _below("outputs", "wmo.log")  # technical details of what went wrong

    @property
    def reference(self) -> Path:
        """The codebook in force: the workspace's own, else the package's."""
        return self.own_reference if any(self.own_reference.glob("*.csv")) else PACKAGED

    def weight(self) -> int:
        """About how many bytes a build writes: as data/clean has, or the lists when nothing was built."""
        found = [*self.clean.glob("*.*")] or [*self.raw.rglob("*.*")]
        return sum(path.stat().st_size for path in found if path.is_file())

    def lists(self) -> list[Path]:
        """Every list and card below data/raw, in order of name; lock files and hidden files of programs are none, and
        neither is what lies elsewhere or is no plain file."""
        return [path for path in entries(self.raw) if path.is_file() and lies_in(path, self.raw)]

    def fingerprint(self) -> dict[str, str]:
        """sha256 of every list and card (path below data/raw), of the codebook as a whole (`codebook`) and of the
        boundaries (`areas`) where there are any."""
        hashes = {named(path, self.raw): sha256(path) for path in self.lists() if os.access(path, os.R_OK)}
        tables = b"".join(path.read_bytes() for path in sorted(self.reference.glob("*.csv")))
        areas = {"areas": sha256(self.areas)} if self.areas.is_file() else {}
        return hashes | {"codebook": hashlib.sha256(tables).hexdigest()} | areas


def entries(raw: Path) -> list[Path]:
    """Whatever lies below data/raw, folders too, in order of name; without lock files and hidden files of programs."""
    return sorted(path for path in raw.rglob("*") if not path.name.startswith((".", "~$")))


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a path, with all links followed, is below a folder."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def named(path: Path, raw: Path) -> str:
    """The path below data/raw, with slashes; bytes of a name that are no utf-8 show as a question mark in a diamond."""
    return os.fsencode(path.relative_to(raw).as_posix()).decode("utf-8", "replace")


def unnamed(name: str) -> str:
    """What stands for the name of a file that must not be told: one that holds contact data."""
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


def sha256(path: Path) -> str:
    """The sha256 of a file, in hex; a file larger than memory is no trouble."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def build_digest(hashes: Iterable[str]) -> str:
    """What a build is known by: twelve characters for the hashes of its tables, in the order of datapackage.json."""
    return hashlib.sha256("".join(hashes).encode()).hexdigest()[:12]
