"""First stage: the cards of the lists below data/raw: what each list is, and which column holds what."""

import hashlib
import re
import tomllib
from pathlib import Path

from wmo_analysis.schema import AMOUNTS, BASES, MUST_HAVE, TEXTS, UNITS


def cards(raw: Path) -> tuple[list[dict], list[dict]]:
    """Cards of every list below data/raw, in order of file name, and findings on lists without a usable card.

    A card is its toml plus `path` and `list` (the file relative to data/raw). Findings: R18 (no card, or one that
    cannot be used), R17 (the file is not the one that the card describes).
    """
    found, findings = [], []
    for path in sorted(p for p in raw.rglob("*") if p.is_file() and not p.name.startswith((".", "~$"))):
        name = path.relative_to(raw).as_posix()
        if path.name.endswith(".card.toml"):
            try:
                card = tomllib.loads(path.read_text(encoding="utf-8"))
                lacking = _wrong_with(card)
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                findings.append({"code": "R18", "file": name, "listed": str(error)})
                continue
            if not lacking and not (path.parent / card["file"]).is_file():
                lacking = [card["file"]]
            if lacking:
                findings.append({"code": "R18", "file": name, "listed": ", ".join(lacking)})
                continue
            card = card | {"path": path.parent / card["file"], "date": str(card["date"])}
            card["list"] = card["path"].relative_to(raw).as_posix()
            if hashlib.sha256(card["path"].read_bytes()).hexdigest() != card["sha256"]:
                findings.append({"code": "R17", "file": card["list"]})
            else:
                found.append(card)
        elif not any(path.name == c.name.removesuffix(".card.toml") + path.suffix for c in _cards_beside(path)):
            findings.append({"code": "R18", "file": name, "listed": "card.toml"})
    return found, findings


def _wrong_with(card: dict) -> list[str]:
    """The lines of a card that are missing or cannot be used."""
    lacking = [name for name in ("file", "sha256", "rows", "basis", "date", "columns") if name not in card]
    if lacking:
        return lacking
    ours = {*TEXTS, "approval"} - {"approval_1", "approval_2", "approval_3"}
    named = {"columns": card["columns"], "constants": card.get("constants", {})}
    wrong = [f"{part}: {name}" for part, names in named.items() for name in names if name not in ours]
    wrong += [f"{name}: {card[name]}" for name in ("rows", "sheets") if not isinstance(card.get(name, []), list)]
    wrong += ["rows: []"] if card["rows"] == [] else []
    units = card.get("unit", 1)
    by_column = units if isinstance(units, dict) else dict.fromkeys(AMOUNTS, units)
    wrong += [f"unit: {name} = {unit}" for name, unit in by_column.items() if name not in AMOUNTS or unit not in UNITS]
    wrong += [f"decimal: {card['decimal']}"] if card.get("decimal", ",") not in (",", ".") else []
    wrong += [f"sections: {card['sections']}"] if card.get("sections", "theme") not in ours else []
    if not wrong:
        wrong += [f"rows: {kind}" for kind in card["rows"] if kind not in MUST_HAVE]
        must = {name for kind in card["rows"] for name in MUST_HAVE.get(kind, [])}
        stated = {*card["columns"], *card.get("constants", {}), card.get("sections", "")}
        wrong += sorted(f"columns: {name}" for name in must - stated)
    if card["basis"] not in BASES:
        wrong.append(f"basis: {card['basis']}")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(card["date"])):
        wrong.append(f"date: {card['date']}")
    links = [(name, link) for name in ("same_as", "continues") for link in card.get(name, [])]
    return wrong + [name for name, link in links if not {"row", "project"} <= set(link)]


def _cards_beside(path: Path):
    return path.parent.glob("*.card.toml")
