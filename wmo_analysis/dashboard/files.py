"""The files of the dashboard in outputs/: saved views, and the log of what went wrong in the program itself."""

import datetime
import json
import traceback
from pathlib import Path

from wmo_analysis import export

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


def note(outputs: Path, clicked: dict[str, object]) -> str:
    """Writes the error at hand in the log; returns where the log is, as the analyst knows it."""
    outputs.mkdir(exist_ok=True, parents=True)
    when = datetime.datetime.now()
    with open(outputs / LOG, "a", encoding="utf-8") as log:
        log.write(f"{when:%Y-%m-%d %H:%M} dashboard {clicked}\n{traceback.format_exc()}\n")
    return f"{outputs.name}/{LOG}"
