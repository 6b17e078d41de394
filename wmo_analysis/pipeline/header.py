"""First stage: a grid of text -> rows under our column names. Nothing is repaired: odd rows are set aside, each with a
finding."""

import itertools
import re

from wmo_analysis.errors import ListUnreadable
from wmo_analysis.schema import AMOUNTS, MUST_HAVE

TOTAL = re.compile(r"((sub|eind|tussen|generaal|algemeen)?[ -]?totaal|totalen)\b")


def table(sheets: dict, card: dict) -> tuple[list[dict], list[dict], set[str]]:
    """Rows under our column names, findings, and the contents of the contact columns.

    Each row is a dict: `sheet`, `row` (as a spreadsheet shows it), `kind_of_row` (row, total, note, header, odd),
    `opening` (its first filled cell, folded) and our columns, as text; an amount in a merged cell stands once, other
    merged cells are filled.
    Raises ListUnreadable (R04 a must-have column is missing, R05 no rows).
    """
    findings = [{"code": code, "listed": text} for code, text in sheets["notes"]]
    wanted = card.get("sheets")
    rows: list[dict] = []
    contacts: set[str] = set()
    lacking: dict[str, list[str]] = {}
    if not any(cell.strip() for sheet in sheets["sheets"] for row in sheet["rows"] for cell in row):
        raise ListUnreadable("R05", "het bestand is leeg")
    for sheet in sheets["sheets"]:
        if wanted and sheet["name"] not in wanted:
            continue
        header = _header(sheet, card)
        if header["missing"]:
            lacking[sheet["name"]] = header["missing"]
            continue
        rows += _rows(sheet, card, header, findings, contacts)
    if lacking and (wanted or not rows):
        missing = next(iter(lacking.values()))
        raise ListUnreadable("R04", f"kolom ontbreekt: {', '.join(missing)}", ", ".join(missing))
    if not rows:
        raise ListUnreadable("R05", "geen rijen gevonden onder de kop")
    return rows, findings, contacts


def fold(text: str) -> str:
    """A header as it is compared: spaces, case, stars and colons do not matter."""
    return re.sub(r"[\s*:]+", " ", text).strip().casefold()


def _asked(card: dict) -> list[tuple[str, str]]:
    """(ours, header) of every mapped column; `approval` stands for several, of another one the first filled counts."""
    pairs = []
    for ours, headers in card["columns"].items():
        several = headers if isinstance(headers, list) else [headers]
        numbered = ours == "approval" and len(several) > 1
        pairs += [(f"{ours}_{i}" if numbered else ours, header) for i, header in enumerate(several, 1)]
    return pairs


def header_texts(sheet: dict, at: int, height: int) -> dict[int, str]:
    """column -> the text of its header: that of the rows from `at`, joined, a merged cell for all that it covers.

    A column without a header within the table is "(kolom C)".
    """
    filled = {(r, c): (top, left) for r, c, top, left in sheet["merged"] if at <= r < at + height}
    groups = _groups(sheet["rows"][at : at + height], at, filled)
    texts = {}
    for column in range(max(len(row) for row in sheet["rows"][at : at + height])):
        parts = []
        for r in range(at, at + height):
            top, left = filled.get((r, column), (r, groups.get((r, column), column)))
            text = sheet["rows"][top][left].strip() if left < len(sheet["rows"][top]) else ""
            if text and text not in parts:
                parts.append(text)
        if parts:
            texts[column] = " ".join(parts)
    below = range(min(len(sheet["rows"][at + height - 1]), max(texts, default=-1) + 20))
    bare = [c for c in below if c not in texts]
    for column in bare:
        if any(column < len(row) and row[column].strip() for row in sheet["rows"][at + height : at + height + 60]):
            texts[column] = f"(kolom {letter(column)})"
    return texts


def _groups(rows: list[list[str]], at: int, filled: dict) -> dict[tuple[int, int], int]:
    """(row, column) of a blank cell above a name -> the column of its group, where cells are not merged."""
    groups = {}
    for r, (upper, lower) in enumerate(itertools.pairwise(rows), at):
        group = None
        for column, cell in enumerate(lower):
            above = column < len(upper) and upper[column].strip()
            if (r, column) in filled or not cell.strip():
                group = None
            elif above:
                group = column
            elif group is not None:
                groups[r, column] = group
    return groups


def letter(column: int) -> str:
    """The name of a column as a spreadsheet shows it: 0 -> A, 26 -> AA."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def _header(sheet: dict, card: dict) -> dict:
    """Where the header is, which column holds what of ours, and which must-have headers are missing."""
    height = card.get("header_rows", 1)
    asked = _asked(card)
    must = {name for kind in card["rows"] for name in MUST_HAVE[kind]} - {
        *card.get("constants", {}),
        card.get("sections", ""),
    }
    best: tuple[int, int, dict] = (-1, 0, {})
    for at in range(min(len(sheet["rows"]) - height + 1, 60)):
        texts: dict[str, list[int]] = {}
        for column, text in header_texts(sheet, at, height).items():
            texts.setdefault(fold(text), []).append(column)
        for text, columns in [item for item in texts.items() if len(item[1]) > 1]:
            texts |= {f"{text} [{i}]": [column] for i, column in enumerate(columns, 1)}
        hits = sum(fold(header) in texts for _, header in asked)
        if hits > best[0]:
            best = (hits, at, texts)
    _, at, texts = best
    places: dict[str, int] = {}
    others: dict[str, list[int]] = {}  # where to look when the first one is empty
    for ours, header in asked:
        if fold(header) in texts:
            column = texts[fold(header)][0]
            others.setdefault(ours, []).append(column) if ours in places else places.update({ours: column})
    missing = [header for ours, header in asked if ours in must and ours not in places]
    return {"at": at, "height": height, "texts": texts, "places": places, "others": others, "missing": missing,
            "asked": asked}  # fmt: skip


def _rows(sheet: dict, card: dict, header: dict, findings: list, contacts: set) -> list[dict]:
    name, places, first = sheet["name"], header["places"], header["at"] + header["height"]
    where = {"sheet": name, "row": header["at"] + 1}
    for ours, text in header["asked"]:
        if fold(text) not in header["texts"]:
            findings.append({"code": "R08", **where, "column": ours, "listed": text})
    known = {fold(text) for _, text in header["asked"]} | {fold(text) for text in card.get("ignored", [])}
    private = {fold(text) for text in card.get("contact", [])}
    numbered = {text for text in known | private if re.search(r" \[\d+\]$", text)}
    for text, columns in header["texts"].items():
        if text in private:
            findings.append({"code": "R15", **where, "listed": text})
        elif re.search(r" \[\d+\]$", text) or any(f"{text} [" in name for name in numbered):
            continue
        elif text not in known:
            findings.append({"code": "R09", **where, "listed": text})
        elif len(columns) > 1:
            findings.append({"code": "R16", **where, "listed": text})
    grid_rows = sheet["rows"]
    amounts = {column for ours, column in places.items() if ours in AMOUNTS}
    own = [[c for c, cell in enumerate(cells) if cell.strip()] for cells in grid_rows]  # before merged cells are filled
    continued = set()  # rows that a filled cell of a row above reaches into: one cell of their own is enough
    for r, c, top, left in sheet["merged"]:
        if r >= first and top >= first and c not in amounts and c < len(grid_rows[r]):
            grid_rows[r][c] = grid_rows[top][left]
            if r > top and grid_rows[r][c].strip():
                continued.add(r)
    width = max(max(columns) for columns in header["texts"].values()) + 1
    fields = len(grid_rows[header["at"]])
    heads = {column: text for text, columns in header["texts"].items() for column in columns}
    contact_columns = [c for text in private for c in header["texts"].get(text, [])]
    texts = [ours for ours in places if ours not in AMOUNTS]
    section, rows = "", []
    for r in range(first, len(grid_rows)):
        cells = grid_rows[r]
        filled = own[r]
        if not filled:
            continue
        ours = {column: cells[at] if at < len(cells) else "" for column, at in places.items()}
        for column, more in header["others"].items():
            texts_there = (cells[at] for at in more if at < len(cells) and cells[at].strip())
            ours[column] = ours[column] if ours[column].strip() else next(texts_there, "")
        opening = fold(cells[filled[0]])
        if len(filled) == 1 and width > 2 and r not in continued:
            kind = "note"
            section = re.sub(r"^[^\W\d]+\s*:\s*", "", cells[filled[0]].strip())  # "Gemeente: Baarn"
        elif opening == heads.get(filled[0]) and all(fold(cells[c]) == heads.get(c) for c in filled):
            kind = "header"
        elif TOTAL.match(opening) and sum(bool(ours[t].strip()) for t in texts) <= 1:
            kind = "total"
        elif name == "" and len(cells) != fields:
            kind = "odd"
        else:
            kind = "row"
            contacts.update(cells[c].strip() for c in contact_columns if c < len(cells))
            if "sections" in card and not ours.get(card["sections"], "").strip():
                ours[card["sections"]] = section
        rows.append({"sheet": name, "row": r + 1, "kind_of_row": kind, "opening": opening, **ours})
        if kind != "row":
            code = {"note": "R12", "header": "R13", "total": "R11", "odd": "R10"}[kind]
            findings.append({"code": code, "sheet": name, "row": r + 1})
    return rows
