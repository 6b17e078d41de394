"""The card of a list: what was proposed and chosen, as a commented toml that a person can change by hand."""

import datetime
import hashlib
import json
import re
import shutil
from pathlib import Path

from wmo_analysis.codebook import NOT_STATED
from wmo_analysis.errors import WmoError
from wmo_analysis.schema import AMOUNTS
from wmo_analysis.words import heading, say

UNUSED = ("", "contact", "remarks")
NAMES = (  # what a column can be chosen to be
    *"key title source municipality weights theme status start end hours round talk quotation approval second_contact asked "
    "granted settled amount_date kind amount merges_with good_example target target_unit target_at_least".split(),
    *UNUSED,
)
PARTICULARS = {  # lines of a card that a person states, and what stands there when nobody did
    "source": NOT_STATED, "basis": "received", "owner": "", "licence": "", "complete": False,
}  # fmt: skip


def choose(about: dict, chosen: dict[str | int, str]) -> dict:
    """What `look` saw, with columns (header, or position from 0) chosen to be something else; those are not asked again.

    Raises WmoError for a header that is not there and a name that a card does not know.
    """
    columns = [dict(column) for column in about["columns"]]
    for which, name in chosen.items():
        hits = [c for c in columns if which in (c["column"], c["named"], c["header"])]
        if not hits:
            raise WmoError(say("add.no_such_column", header=which))
        if name not in NAMES:
            raise WmoError(say("add.no_such_name", name=name, names=", ".join(sorted(filter(None, NAMES)))))
        rank = hits[0].get("rank", 0) if hits[0]["proposed"] == name else len(columns)  # what was added comes last
        hits[0].update(proposed=name, asked=False, reason=say("add.reason.chosen"), rank=rank)
    return about | {"columns": columns}


def card(about: dict, sha256: str, date: str, received: str, **stated) -> str:
    """The text of the card: lines that a person `stated` (PARTICULARS, and constants, credit, whole_country), then what
    was seen and why.

    Raises WmoError when a column that may hold one thing only is there twice, or what the rows need is not there.
    """
    stated = PARTICULARS | stated
    constants = stated.pop("constants", {})
    named: dict[str, list[dict]] = {}
    for column in sorted(about["columns"], key=lambda column: column.get("rank", 0)):
        named.setdefault(column["proposed"], []).append(column)
    twice = [n for n, columns in named.items() if len(columns) > 1 and n not in (*UNUSED, "approval", "title")]
    if twice:
        headers = " en ".join(f"„{column['named']}”" for column in named[twice[0]])
        raise WmoError(say("add.twice", name=heading(twice[0]), headers=headers))
    must = [] if {*named, *constants, about["sections"]} >= {"title"} or "projects" not in about["kinds"] else ["title"]
    if must:
        raise WmoError(say("add.no_title"))
    lines = {
        "file": about["file"], "sha256": sha256, "source": stated.pop("source"), "rows": about["kinds"],
        "basis": stated.pop("basis"), "date": datetime.date.fromisoformat(date), "owner": stated.pop("owner"),
        "received": datetime.date.fromisoformat(received), "licence": stated.pop("licence"),
        "complete": stated.pop("complete"),
    }  # fmt: skip
    lines |= {"sheets": about["sheets"]} if any(about["sheets"]) else {}
    lines |= {"header_rows": about["header_rows"]} if about["header_rows"] > 1 else {}
    unit = dict.fromkeys(AMOUNTS, about["unit"]) | about["units"]
    lines |= {"unit": unit if about["units"] else about["unit"]} if about["units"] or about["unit"] > 1 else {}
    lines |= {"decimal": about["decimal"]} if about["decimal"] != "," else {}
    lines |= {"sections": about["sections"]} if about["sections"] else {}
    lines |= {name: value for name, value in stated.items() if value not in (None, "", False)}
    lines["contact"] = [column["named"] for column in named.get("contact", [])]
    lines["ignored"] = [column["named"] for part in ("", "remarks") for column in named.get(part, [])]
    text = [f"# {say('add.card', file=about['file'])}"]
    text += [f"{name} = {_toml(value)}{_remark(name)}" for name, value in lines.items() if value not in ([], None)]
    text += ["", "[columns]"]
    for name, columns in named.items():
        if name not in UNUSED:
            headers = [column["named"] for column in columns]
            text.append(f"# {heading(name)}: {_one_line(columns[0]['reason'])}")
            text.append(f"{name} = {_toml(headers if len(headers) > 1 else headers[0])}")
    if constants:
        text += ["", "[constants]", *(f"{name} = {_toml(value)}" for name, value in constants.items())]
    return "\n".join(text) + "\n"


def _toml(value) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _remark(name: str) -> str:
    return (
        f"  # {say(f'add.card.{name}')}" if name in ("unit", "decimal", "sections", "complete", "whole_country") else ""
    )


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def write(path: Path, about: dict, workspace: Path | str, date: str, received: str, **stated) -> Path:
    """Copies the list to data/raw/DATE_NAME/ of the workspace, writes its card beside it, and returns the card's path.

    Raises WmoError when that delivery is there already or the card cannot be made; then nothing was written.
    """
    path = Path(path)
    data = path.read_bytes()
    text = card(about, hashlib.sha256(data).hexdigest(), date, received, **stated)
    slug = re.sub(r"[^a-z0-9]+", "_", path.stem.casefold()).strip("_") or "lijst"
    folder = Path(workspace) / "data" / "raw" / f"{date}_{slug}"
    if folder.exists():
        raise WmoError(say("add.there_already", folder=folder.name))
    folder.mkdir(parents=True)
    shutil.copyfile(path, folder / path.name)
    target = folder / f"{path.stem}.card.toml"
    target.write_text(text, encoding="utf-8", newline="\n")
    return target
