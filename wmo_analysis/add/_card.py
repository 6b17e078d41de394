"""The card of a list: what was proposed and chosen, as a commented toml that a person can change by hand."""

import dataclasses
import datetime
import functools
import hashlib
import json
import re
from pathlib import Path

from wmo_analysis import machine
from wmo_analysis.add._seen import UNCLEAR, Proposed, Seen
from wmo_analysis.add._sheet import fold
from wmo_analysis.codebook import NOT_STATED, key
from wmo_analysis.errors import WmoError
from wmo_analysis.office import letter
from wmo_analysis.schema import AMOUNTS, CHOICES, CURRENCIES, DECIMALS, REPEATABLE, UNITS, UNUSED
from wmo_analysis.words import heading, keys, say
from wmo_analysis.workspace import Workspace

PARTICULARS = {  # lines of a card that a person states, and what stands there when nobody did
    "source": NOT_STATED, "basis": "received", "owner": "", "licence": "", "complete": False,
}  # fmt: skip
ASSUMED = {"sheets": [""], "header_rows": 1, "century": 0, "sections": ""}  # how a card is read without these
# what a card can say of amounts, the usual first
WRITTEN = {"unit": UNITS, "decimal": DECIMALS, "currency": CURRENCIES}
# a column, by its header, letter or number, or its position from 0 -> what a person chose for it
Chosen = dict[str | int, str]


def choose(
    about: Seen,
    chosen: Chosen,
    unit: dict[str | int, str | int] | None = None,
    decimal: Chosen | None = None,
    currency: Chosen | None = None,
) -> Seen:
    """What `look` saw, with columns chosen to be something else, by our name or the word for it, and the unit, decimal sign
    and currency of amounts; what was chosen is not asked again, but an amount of which the unit or sign is not clear is,
    until that is chosen too.

    Raises WmoError for a header that is not there and for what a card cannot say.
    """
    columns = list(about.columns)
    for which, said in chosen.items():
        at, name = _place(columns, which), name_of(said)
        if name is None:
            raise WmoError(say("add.no_such_name", name=said, names=", ".join(sorted(filter(None, CHOICES)))))
        column = columns[at]
        # a title that a person adds comes after the proposed one: the first filled one counts
        rank = (column.rank or 0) if column.proposed == name else len(columns)
        columns[at] = _asked(dataclasses.replace(column, proposed=name, reason=say("add.reason.chosen"), rank=rank))
    for part, given in (("unit", unit), ("decimal", decimal), ("currency", currency)):
        for which, value in (given or {}).items():
            at = _place(columns, which)
            columns[at] = _settled(columns[at], part, value)
    return dataclasses.replace(about, columns=tuple(columns))


def unclear(about: Seen) -> list[tuple[Proposed, str]]:
    """The amounts of which something is not clear, each with what a person must say: unit, decimal or currency."""
    return [(column, part) for column in about.amounts for part in column.money.unsettled]


def _place(columns: list[Proposed], which: str | int) -> int:
    """The place in `columns` of the one that is meant: by its header, else by its letter or number."""
    for at, column in enumerate(columns):
        if which in (column.column, column.named, column.header):
            return at
    for at, column in enumerate(columns):
        shown = letter(column.column), str(column.column + 1), fold(column.named)
        if str(which).strip().upper() in shown or fold(str(which)) in shown:
            return at
    raise WmoError(say("add.no_such_column", header=which))


@functools.cache
def _names() -> dict[str, str]:
    """key of a word -> the name of ours that it stands for: the name, in Dutch, in English, as a table shows it."""
    words = {}
    for language in ("en", "nl"):
        for name in CHOICES:
            word = say(f"add.proposed.{name}", language) if name in UNUSED else heading(name, language)
            words |= {key(word): name, key(f"{name} ({word})"): name}
    return words | {key(name): name for name in CHOICES}


def name_of(said: str) -> str | None:
    """What a person says that a column is, as a name of ours; "" is not used, None is none that we know."""
    return "" if said.strip() == "-" else _names().get(key(said))


def _asked(column: Proposed) -> Proposed:
    """A chosen column, asked again only for what is not clear of its amounts."""
    unclear = column.money.unclear if column.proposed in AMOUNTS else ()
    reason = " ".join([column.reason, *(say(f"add.{why}") for why in unclear)])
    return dataclasses.replace(column, asked=bool(unclear), reason=reason)


def _settled(column: Proposed, part: str, value: str | int) -> Proposed:
    """The column with the unit, decimal sign or currency that a person chose for its amounts."""
    allowed = {str(each): each for each in WRITTEN[part]}
    if str(value) not in allowed:
        raise WmoError(say("add.no_such_part", part=heading(part), value=value, allowed=", ".join(allowed)))
    unclear = tuple(why for why in column.money.unclear if UNCLEAR[why] != part)
    money = dataclasses.replace(column.money, unclear=unclear, **{part: allowed[str(value)]})
    return _asked(dataclasses.replace(column, money=money, reason=say("add.reason.chosen")))


def card(about: Seen, sha256: str, date: str, received: str, **stated) -> str:
    """The text of the card: lines that a person `stated` (PARTICULARS, and constants, credit, whole_country), then what
    was seen and why.

    Raises WmoError when a column that may hold one thing only is there twice, what the rows need is not there, or an
    amount is not clear.
    """
    stated = PARTICULARS | stated
    constants = stated.pop("constants", {})
    links = {name: stated.pop(name, ()) for name in ("same_as", "continues")}
    named: dict[str, list[Proposed]] = {}
    for column in sorted(about.columns, key=lambda column: column.rank or 0):
        named.setdefault(column.proposed, []).append(column)
    _refuse(about, named, constants)
    lines = {
        "file": about.file, "sha256": sha256, "source": stated.pop("source"), "rows": about.kinds,
        "basis": stated.pop("basis"), "date": datetime.date.fromisoformat(date), "owner": stated.pop("owner"),
        "received": datetime.date.fromisoformat(received), "licence": stated.pop("licence"),
        "complete": stated.pop("complete"), **_read_so(about),
    }  # fmt: skip
    lines |= {name: value for name, value in stated.items() if value not in (None, "", False)}
    lines["contact"] = _headers(named, "contact")
    lines["ignored"] = [*_headers(named, ""), *_headers(named, "remarks")]
    text = [f"# {say('add.card', file=about.file)}"]
    text += [f"{name} = {toml(value)}{_remark(name)}" for name, value in lines.items() if value not in ([], None)]
    text += ["", "[columns]"]
    for name, columns in named.items():
        if name not in UNUSED:
            headers, reason = _headers(named, name), " ".join(columns[0].reason.split())
            text.append(f"# {heading(name)}: {reason}")
            text.append(f"{name} = {toml(headers if len(headers) > 1 else headers[0])}")
    if constants:
        text += ["", "[constants]", *(f"{name} = {toml(value)}" for name, value in constants.items())]
    for name, each in ((name, link) for name, stated_links in links.items() for link in stated_links):
        lines = {part: value for part, value in dataclasses.asdict(each).items() if value}
        text += ["", f"[[{name}]]", *(f"{part} = {toml(value)}" for part, value in lines.items())]
    return "\n".join(text) + "\n"


def _headers(named: dict[str, list[Proposed]], name: str) -> list[str]:
    return [column.named for column in named.get(name, [])]


def _refuse(about: Seen, named: dict[str, list[Proposed]], constants: dict) -> None:
    """Raises WmoError when two columns are what only one can be, when projects have no title, and when the unit or decimal
    sign of an amount is not clear: a factor 1,000 hangs on it."""
    for column, part in unclear(about):
        raise WmoError(say("add.unclear", header=column.named, reason=column.reason, part=part))
    for name in named:
        if len(named[name]) > 1 and name not in REPEATABLE:
            headers = " en ".join(f"„{header}”" for header in _headers(named, name))
            raise WmoError(say("add.twice", name=heading(name), headers=headers))
    if "projects" in about.kinds and "title" not in {*named, *constants, about.sections}:
        raise WmoError(say("add.no_title"))


def _read_so(about: Seen) -> dict:
    """The lines that say how the list is read, where that is not as a card without them assumes."""
    lines = {name: getattr(about, name) for name in ASSUMED}
    lines = {name: value for name, value in lines.items() if value != ASSUMED[name]}
    for part, (usual, *_) in WRITTEN.items():
        stated = about.written(part)
        unusual = {name: value for name, value in stated.items() if value != usual}
        if unusual:
            alike = len(set(stated.values())) == 1
            lines[part] = next(iter(unusual.values())) if alike else unusual
    return lines


def toml(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {toml(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # what toml refuses and json does not


def _remark(name: str) -> str:
    """What a line of the card means, where its name does not say so."""
    key = f"add.card.{name}"
    return f"  # {say(key)}" if key in keys("add.card.") else ""


def write(path: Path, about: Seen, workspace: Path | str, date: str, received: str, **stated) -> Path:
    """Copies the list to data/raw/DATE_NAME/ of the workspace, writes its card beside it, and returns the card's path.

    Raises WmoError when that delivery is there already, the card cannot be made or the disk refuses; then nothing was.
    """
    path = Path(path)
    data = path.read_bytes()
    # the card first: when it cannot be made, nothing may be written
    text = card(about, hashlib.sha256(data).hexdigest(), date, received, **stated)
    slug = re.sub(r"[^a-z0-9]+", "_", path.stem.casefold()).strip("_") or "lijst"
    folder = Workspace(Path(workspace)).raw / f"{date}_{slug}"
    card_name = f"{path.stem}.card.toml"
    if folder.exists():
        raise WmoError(say("add.there_already", folder=folder.name))
    with machine.told(folder.parent, len(data)):
        folder.parent.mkdir(parents=True, exist_ok=True)
        _deliver(folder, {path.name: data, card_name: text.encode()})
    return folder / card_name


def _deliver(folder: Path, files: dict[str, bytes]) -> None:
    """Makes the folder of a delivery with its list and card, at once: a build sees both or none."""
    with machine.beside(folder, within=folder.parents[1]) as part:
        part.mkdir()
        for name, data in files.items():
            (part / name).write_bytes(data)
            machine.sync(part / name)
        try:
            machine.settle(part, folder)
        except FileExistsError as error:
            raise WmoError(say("add.there_already", folder=folder.name)) from error
