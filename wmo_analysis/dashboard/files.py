"""The files of the dashboard in outputs/: saved views, and the log of what went wrong in the program itself."""

import json
from pathlib import Path

from wmo_analysis import export, machine

FOLDER, LOG = "weergaven", "wmo.log"


def saved(outputs: Path) -> dict[str, Path]:
    """name -> file of the saved views; one that cannot be read goes by the name of its file."""
    files = filter(Path.is_file, sorted((outputs / FOLDER).glob("*.json")))  # no folder, no link to nowhere
    return {_name(path) or path.stem: path for path in files}


def _name(path: Path) -> str:
    """The name that the analyst gave; '' for a file that is no saved view."""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ""


def place(outputs: Path, name: str) -> Path:
    """Where a view of that name goes: over the one that has it, else in a new file. What cannot be read is left alone."""
    known = saved(outputs).get(name)
    if known and _name(known) == name:
        return known
    return export.free(outputs / FOLDER / f"{export.slug(name) or 'weergave'}.json")


def save(path: Path, text: str) -> None:
    """Writes a view over the one that stands there, whole or not at all. Raises WmoError for what the disk refuses."""
    with machine.told(path.parent, len(text)):
        machine.replace(path, text)


def note(outputs: Path, clicked: dict[str, object], error: Exception) -> str:
    """Writes where an error came up in the log, and what was clicked, without the text of a cell or what was typed; returns
    where the log is, as the analyst knows it, '' when none could be written."""
    did = " ".join(["dashboard", str(clicked.get("do", "")), *sorted(map(str, clicked))])
    kept = machine.note(outputs / LOG, did, error)
    return f"{outputs.name}/{LOG}" if kept else ""
