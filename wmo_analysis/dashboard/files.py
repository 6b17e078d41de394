"""The files of the dashboard in outputs/: saved views, and the log of what went wrong in the program itself."""

import datetime
import json
from pathlib import Path

from wmo_analysis import export
from wmo_analysis.errors import where

FOLDER, LOG = "weergaven", "wmo.log"


def saved(outputs: Path) -> dict[str, Path]:
    """name -> file of the saved views; one that cannot be read goes by the name of its file."""
    found = {}
    for path in sorted((outputs / FOLDER).glob("*.json")):
        try:
            name = json.loads(path.read_text(encoding="utf-8"))["name"]
        except (ValueError, TypeError, KeyError):
            name = path.stem
        found[str(name)] = path
    return found


def place(outputs: Path, name: str) -> Path:
    """Where a view of that name goes: over the one that has it, else in a new file."""
    known = saved(outputs).get(name)
    return known or export.free(outputs / FOLDER / f"{export.slug(name) or 'weergave'}.json")


def note(outputs: Path, clicked: dict[str, object], error: Exception) -> str:
    """Writes where the error came up in the log, without any text of a cell; returns where the log is, as the analyst knows it."""
    outputs.mkdir(exist_ok=True, parents=True)
    when = datetime.datetime.now()
    with open(outputs / LOG, "a", encoding="utf-8") as log:
        log.write(f"{when:%Y-%m-%d %H:%M} dashboard {clicked}\n{where(error)}\n")
    return f"{outputs.name}/{LOG}"
