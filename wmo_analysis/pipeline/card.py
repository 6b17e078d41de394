"""First stage: the cards of the lists below data/raw: what each list is, and which column holds what.

What a card can say stands once, in the fields of `Card`: each carries the check that turns a value of the toml into
ours, and its help. `cards` checks with them, `toml` writes with them, and docs/cards.md is what `toml` writes.
"""

import datetime
import json
import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from functools import partial
from pathlib import Path

from wmo_analysis.codebook import Codebook
from wmo_analysis.schema import AMOUNTS, BASES, CURRENCIES, DECIMALS, MUST_HAVE, TEXTS, UNITS, Finding
from wmo_analysis.words import listing, say
from wmo_analysis.workspace import Workspace, entries, lies_in, named, sha256

COLUMNS = list(dict.fromkeys(re.sub(r"_\d$", "", name) for name in TEXTS))  # what [columns] can name; approval once
MOST_HEADER_ROWS = 20
MOST_CENTURY = 1999  # the last year that two digits can begin with
SUFFIX = ".card.toml"
LARGEST = 1_000_000  # bytes of a card
YEARS = ("1990-01-01", "2099-12-31")  # of a delivery; as a spreadsheet slips: 0207, 20007
PARTIAL = ("letter", "documented")  # bases of lists that are never complete


class _Wrong(Exception):
    """What a card cannot say; the arguments are what to tell of it."""


# ---------------------------------------------------------------- checks: a value of the toml -> ours


def _shown(value: object) -> str:
    try:
        return str(value)[:100]
    except (ValueError, RecursionError):  # Python refuses to write a number of thousands of digits
        return "?"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong(_shown(value))
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise _Wrong(_shown(value))
    return tuple(value)


def _file(value: object) -> str:
    """A file beside the card: a path would lead out of the folder."""
    if _text(value) in ("", ".", "..") or re.search(r"[/\\\0]", value):
        raise _Wrong(_shown(value))
    return value


def _day(value: object) -> str:
    text = value.isoformat() if type(value) is datetime.date else value  # a moment is a date to isinstance
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise _Wrong(_shown(value))
    try:
        day = datetime.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise _Wrong(text) from error
    if not YEARS[0] <= day <= YEARS[1]:
        raise _Wrong(text)
    return day


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(_shown(value))
    return value


def _header_rows(value: object) -> int:
    if type(value) is not int or not 1 <= value <= MOST_HEADER_ROWS:  # True is an int to isinstance
        raise _Wrong(_shown(value))
    return value


def _one_of(*allowed: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if _text(value) not in allowed:
            raise _Wrong(_shown(value))
        return value

    return check


def _rows(value: object) -> tuple[str, ...]:
    unknown = [kind for kind in _texts(value) if kind not in MUST_HAVE]
    if unknown or not value:
        raise _Wrong(*unknown or [_shown(value)])
    return tuple(value)


def _of_amounts(*allowed: int | str) -> Callable[[object], dict[str, int | str]]:
    """What holds for every amount, whether the card gives one value for all or a table; the first one is the default."""

    def check(value: object) -> dict[str, int | str]:
        stated = value if isinstance(value, dict) else dict.fromkeys(AMOUNTS, value)
        for name, said in stated.items():
            if name not in AMOUNTS or type(said) is not type(allowed[0]) or said not in allowed:
                raise _Wrong(f"{_shown(name)} = {_shown(said)}" if stated is value else _shown(value))
        return dict.fromkeys(AMOUNTS, allowed[0]) | stated

    return check


_unit, _decimal, _currency = _of_amounts(*UNITS), _of_amounts(*DECIMALS), _of_amounts(*CURRENCIES)


def _century(value: object) -> int:
    if type(value) is not int or not 1900 <= value <= MOST_CENTURY:
        raise _Wrong(_shown(value))
    return value


def _named(value: object) -> dict[str, object]:
    """A table whose names are our names for columns."""
    if not isinstance(value, dict):
        raise _Wrong(_shown(value))
    unknown = [_shown(name) for name in value if name not in COLUMNS]
    if unknown:
        raise _Wrong(*unknown)
    return value


def _columns(value: object) -> dict[str, tuple[str, ...]]:
    columns = {}
    for name, headers in _named(value).items():
        if isinstance(headers, str):
            headers = [headers]
        try:
            columns[name] = _texts(headers)
        except _Wrong as error:
            raise _Wrong(f"{name} = {error}") from error
        if not headers or (name == "approval" and len(headers) > 3):
            raise _Wrong(f"{name} = {headers}")
    return columns


def _constants(value: object) -> dict[str, str]:
    for name, text in _named(value).items():
        if type(text) not in (str, int, float, datetime.date):
            raise _Wrong(f"{name} = {_shown(text)}")
    return {name: _shown(text) if not isinstance(text, str) else text for name, text in value.items()}


@dataclass(frozen=True)
class Link:
    """A row of the list that is, or is about the same thing as, a project that there is already."""

    row: str
    project: str
    reason: str = ""
    decided_on: str = ""
    decided_by: str = ""


def _links(value: object) -> tuple[Link, ...]:
    if not isinstance(value, list) or not all(isinstance(link, dict) for link in value):
        raise _Wrong(_shown(value))
    links = []
    for link in value:
        if not {"row", "project"} <= set(link):
            raise _Wrong
        said = {part.name: link[part.name] for part in fields(Link) if part.name in link}
        days = {name: text.isoformat() for name, text in said.items() if type(text) is datetime.date}
        for name, text in (said | days).items():
            if not isinstance(text, str):
                raise _Wrong(f"{name} = {_shown(text)}")
        links.append(Link(**said | days))
    return tuple(links)


# ---------------------------------------------------------------- the card


def _said(check: Callable, help: str, default: object = MISSING, **more: Callable) -> Field:
    """A line of the toml: what turns its value into ours, its help, and what holds where it is absent."""
    return field(metadata={"check": check, "help": help}, default=default, **more)


@dataclass(frozen=True)
class Card:
    """What a list is. The fields up to `continues` are those of the toml; `path` and `list` say where the list is."""

    file: str = _said(_file, "the list, in the same folder")
    sha256: str = _said(_text, "of the file as received: another file is refused")
    rows: tuple[str, ...] = _said(_rows, ", ".join(MUST_HAVE))
    basis: str = _said(_one_of(*BASES), ", ".join(BASES))
    date: str = _said(_day, "of the delivery")
    columns: dict[str, tuple[str, ...]] = _said(_columns, "our name = the header in the list")
    source: str = _said(_text, "sources.csv; X0 = not stated", "")
    owner: str = _said(_text, "an organisation or a role, never a person", "")
    received: str = _said(_day, "when it was received", "")
    licence: str = _said(_text, "who may use it", "")
    complete: bool = _said(_flag, "the list claims to hold every project of its source, or of its part", False)
    part: str = _said(
        _text, "the year, action or region of its source that the list is about; parts never replace each other", ""
    )
    credit: str = _said(_text, "the amounts are on this credit", "")
    sheets: tuple[str, ...] = _said(_texts, "the others are left out", ())
    header_rows: int = _said(_header_rows, f"1 to {MOST_HEADER_ROWS}", 1)
    unit: dict[str, int] = _said(
        _unit, "amounts x EUR 1,000; or {asked = 1000}; 1, 1000 or 1000000", default_factory=partial(_unit, {})
    )
    decimal: dict[str, str] = _said(
        _decimal, 'amounts are written 1,234.56; or {asked = "."}', default_factory=partial(_decimal, {})
    )
    currency: dict[str, str] = _said(
        _currency, 'no euros, so not counted; or {asked = "USD"}', default_factory=partial(_currency, {})
    )
    century: int = _said(_century, "a year of two digits is one of the hundred from this one: 07 is 2007", 0)
    sections: str = _said(_one_of("", *COLUMNS), "what rows with one filled cell between the data name", "")
    whole_country: bool = _said(
        _flag, "a place that the codebook does not know, and that resembles none, lies outside", False
    )
    contact: tuple[str, ...] = _said(_texts, "columns with contact data: dropped", ())
    ignored: tuple[str, ...] = _said(_texts, "columns that are known and not used", ())
    constants: dict[str, str] = _said(_constants, "for every row that states nothing itself", default_factory=dict)
    same_as: tuple[Link, ...] = _said(_links, "the row is about the same thing as a project of a stronger basis", ())
    continues: tuple[Link, ...] = _said(_links, "the row is a project of an earlier delivery, under another name", ())
    path: Path = Path()
    list: str = ""  # the path below data/raw, with slashes


STATED = [part for part in fields(Card) if part.metadata]
REQUIRED = [part.name for part in STATED if part.default is MISSING and part.default_factory is MISSING]


def cards(where: Workspace | Path, codebook: Codebook | None = None) -> tuple[list[Card], list[Finding]]:
    """Cards of every list below data/raw (of a workspace, or that folder itself), in order of file name, and findings:
    R18 (no card, one that cannot be used, a second one of a list, or what is no file of this folder), R17 (not the file
    that the card describes), R21 (a list that cannot be complete). With a codebook, what a card names must stand in it.
    """
    raw = where.raw if isinstance(where, Workspace) else where
    found, findings = [], []
    for path in entries(raw):
        name = named(path, raw)
        try:
            if _is_card(path, raw):
                card = _card(path, raw, codebook)
                if any(card.list == other.list for other in found):
                    raise _Wrong(say("card.second", list=card.path.name))
                told = _told(card)
                findings += told
                if not any(finding.code == "R17" for finding in told):  # of another file the card says nothing
                    found.append(_corrected(card))
        except _Wrong as error:
            findings.append(Finding("R18", name, listed="; ".join(error.args)))
    return found, findings


def _is_card(path: Path, raw: Path) -> bool:
    """Whether the path is a card; False for a folder, and for a list that has one. Raises _Wrong for all else."""
    if not lies_in(path, raw):
        raise _Wrong(say("card.elsewhere"))
    if "\ufffd" in named(path, raw):
        raise _Wrong(say("card.name"))
    card = path.name.endswith(SUFFIX)
    if path.is_dir() and not card:
        if path.is_symlink():
            raise _Wrong(say("card.link"))
        return False
    if not path.is_file():
        raise _Wrong(say("card.no_file"))
    if not card and not _described(path):
        raise _Wrong("card.toml")
    return card


def _described(path: Path) -> bool:
    """Whether a card in the folder of a list is about it: names it, or has its name and cannot be used, which is told."""
    beside = {each.name for each in path.parent.iterdir()}
    alike = path.with_name(f"{path.stem}{SUFFIX}")
    for card in (alike, *path.parent.glob(f"*{SUFFIX}")):  # nearly always the first
        if not card.is_file():
            continue
        try:
            file = _content(card).get("file")
        except _Wrong:
            file = None
        if file == path.name or (card == alike and _shown(file) not in beside):
            return True
    return False


def _told(card: Card) -> list[Finding]:
    """What is told of a card that can be used."""
    try:
        same = sha256(card.path) == card.sha256
    except OSError as error:
        raise _Wrong(say("card.closed")) from error
    if not same:
        return [Finding("R17", card.list)]
    if card != _corrected(card):
        return [Finding("R21", card.list, listed=f"basis: {card.basis}")]
    return []


def _corrected(card: Card) -> Card:
    """The card, not complete where its basis cannot be."""
    return replace(card, complete=card.complete and card.basis not in PARTIAL)


def _content(path: Path) -> dict[str, object]:
    """The lines of a card."""
    if path.stat().st_size > LARGEST:
        raise _Wrong(say("card.large"))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeError as error:
        raise _Wrong(say("card.no_utf8")) from error
    except (ValueError, RecursionError) as error:  # no toml, or too deep
        line, what = re.search(r"at line (\d+), column (\d+)", str(error)), say("card.no_line")
        if line:
            what = say("card.line", line=line[1], column=line[2])
        raise _Wrong(say("card.no_toml", where=what)) from error
    except OSError as error:
        raise _Wrong(say("card.closed")) from error


def _card(path: Path, raw: Path, codebook: Codebook | None) -> Card:
    """The card in a toml file. Raises _Wrong with a text for each thing that cannot be used."""
    content = _content(path)
    lacking = [name for name in REQUIRED if name not in content]
    if lacking:
        raise _Wrong(*(_must(name, say("card.absent")) for name in lacking))
    known = {part.name for part in STATED}
    wrong = [say("card.unknown", name=_shown(name)) for name in content if name not in known]
    stated = {}
    for part in STATED:
        try:
            if part.name in content:
                stated[part.name] = part.metadata["check"](content[part.name])
        except _Wrong as error:
            wrong += [_must(part.name, said) for said in error.args or ["?"]]
    if wrong:
        raise _Wrong(*wrong)
    place = path.parent / stated["file"]
    card = Card(**stated, path=place, list=named(place, raw))
    wrong = _unrelated(card, raw, codebook)
    if wrong:
        raise _Wrong(*wrong)
    return card


def _must(name: str, said: str) -> str:
    """What stands on a line of a card, and what must stand there."""
    return say("card.must", name=name, said=said, wanted=say(f"card.wanted.{name}", most=MOST_HEADER_ROWS))


def _unrelated(card: Card, raw: Path, codebook: Codebook | None) -> list[str]:
    """What on a card does not fit its other lines, the file, or the codebook."""
    must = {name for kind in card.rows for name in MUST_HAVE[kind]}
    # what the card says of every row, or what section rows name, needs no column
    wrong = [_must("columns", name) for name in sorted(must - {*card.columns, *card.constants, card.sections})]
    if not (lies_in(card.path, raw) and card.path.is_file() and os.access(card.path, os.R_OK)):
        wrong.append(_must("file", card.file))
    # one column as two kinds would count its cents twice
    amounts: dict[str, list[str]] = {}
    for name in AMOUNTS:
        for header in card.columns.get(name, ()):
            amounts.setdefault(header, []).append(name)
    wrong += [say("card.twice", names=listing(names), header=h) for h, names in amounts.items() if len(names) > 1]
    if codebook is not None:
        if card.source and card.source not in codebook.source_ids:
            wrong.append(_must("source", card.source))
        if card.credit and card.credit not in set(codebook.credits["credit_id"]):
            wrong.append(_must("credit", card.credit))
    return wrong


# ---------------------------------------------------------------- the toml of a card


def toml(card: Card, explained: bool = False) -> str:
    """The text of a card: what it states beyond the defaults; `explained` puts the help beside each line."""
    lines, tables = [], []
    for part in STATED:
        value, check = getattr(card, part.name), part.metadata["check"]
        remark = f"  # {part.metadata['help']}" * explained
        if value == _default(part):
            continue
        if check is _links:
            for link in value:
                tables += ["", f"[[{part.name}]]{remark}", *_table(vars(link))]
        elif check in (_columns, _constants):
            tables += ["", f"[{part.name}]{remark}", *_table(value)]
        else:
            lines.append(f"{part.name} = {_written(value, check)}{remark}")
    return "\n".join([*lines, *tables]) + "\n"


def _default(part: Field) -> object:
    return part.default_factory() if part.default_factory is not MISSING else part.default


def _table(named: dict[str, object]) -> list[str]:
    return [f"{name} = {_written(value[0] if len(value) == 1 else value)}" for name, value in named.items() if value]


def _written(value: object, check: Callable | None = None) -> str:
    if check is _day:
        return value
    if check in (_unit, _decimal, _currency):
        if len(set(value.values())) == 1:
            return _written(value[AMOUNTS[0]])
        usual = check({})
        said = [f"{name} = {_written(each)}" for name, each in value.items() if each != usual[name]]
        return f"{{{', '.join(said)}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # json and toml differ in this one
