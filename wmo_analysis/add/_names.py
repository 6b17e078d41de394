"""Decide names once: what the lists call municipalities, themes, statuses, sources and kinds, and the codebook does not.

A decision is a dated line with the role of who decided, in reference/ of the workspace.
"""

import re
import shutil
from pathlib import Path

import pandas as pd

from wmo_analysis.codebook import PACKAGED, Codebook, key
from wmo_analysis.errors import WmoError
from wmo_analysis.pipeline.places import SEPARATOR
from wmo_analysis.schema import KINDS, NO_PLACE, STATUSES, read_options
from wmo_analysis.words import heading, say
from wmo_analysis.workspace import Workspace

DOMAINS = {"J01": "municipality", "J04": "theme", "C05": "status", "J10": "source", "C09": "kind"}


def _clean(workspace: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(workspace / "data" / "clean" / f"{name}.csv", **read_options(name))


def unknown(workspace: Path | str = ".") -> pd.DataFrame:
    """Names that no codebook line explains, after a build: domain, text, rows [count], lists [count], suggestions (labels,
    joined by |); the most frequent first. Spellings with one key are one line."""
    found = _clean(Path(workspace), "findings")
    found = found[found["code"].isin(list(DOMAINS)) & (found["listed"] != "")]
    found = found.assign(domain=found["code"].map(DOMAINS), spelling=found["listed"].map(key))
    groups = found.groupby(["domain", "spelling"], sort=False)
    table = groups.agg(text=("listed", "first"), rows=("listed", "size"), lists=("file", "nunique"),
                       suggestions=("did_you_mean", "first")).reset_index()  # fmt: skip
    order = table.sort_values(["rows", "domain", "spelling"], ascending=[False, True, True], ignore_index=True)
    return order[["domain", "text", "rows", "lists", "suggestions"]]


def choices(codebook: Codebook, domain: str) -> dict[str, str]:
    """label -> code that a name of this domain can be decided to be; "belongs to none" is among them."""
    if domain == "municipality":
        own = dict(zip(codebook.municipalities["name"], codebook.municipalities["gm_code"]))
        shared = dict(zip(codebook.partnerships["full_name"], codebook.partnerships["partnership_id"]))
        return own | shared | {say(f"placement.{code}"): code for code in NO_PLACE}
    if domain == "theme":
        return dict(zip(codebook.themes["label_nl"][::-1], codebook.themes["theme"][::-1]))
    if domain == "source":
        return dict(zip(codebook.sources["name"], codebook.sources["source_id"]))
    return {say(f"status.{code}"): code for code in STATUSES} if domain == "status" else {heading(c): c for c in KINDS}


def decide(workspace: Path | str, domain: str, text: str, choice: str, role: str, on: str, reason: str = "") -> str:
    """Writes in reference/aliases.csv that `text` means `choice` (a label or a code); returns the code.

    The first decision copies the package's reference/ to the workspace. Raises WmoError for a choice that the codebook does
    not have, a name that it knows already or that was decided otherwise, and when nobody's role is stated.
    """
    root = Path(workspace)
    book = Codebook.open(Workspace(root).reference)
    if not role.strip():
        raise WmoError(say("add.no_role"))
    there = choices(book, domain)
    by_key = {key(label): code for label, code in there.items()} | {key(code): code for code in there.values()}
    if key(choice) not in by_key:
        raise WmoError(say("add.no_such_choice", choice=choice, choices=", ".join(there)))
    code = by_key[key(choice)]
    means = _known(book, domain).get(key(text))
    if means is not None:
        raise WmoError(say("add.known_already", text=text, code=means))
    own = "partnership" if domain == "municipality" and code in set(book.partnerships["partnership_id"]) else domain
    line = {"domain": own, "text": text.strip(), "code": code, "assumption": "no", "decided_on": on, "decided_by": role,
            "reason": reason}  # fmt: skip
    _append(root, "aliases", line)
    return code


def _known(book: Codebook, domain: str) -> dict[str, str]:
    """key of every name that is settled -> the code that it stands for."""
    if domain != "municipality":
        return {name: codes[0] for name, codes in book.names(domain).items() if len(codes) == 1}
    aliases = book.aliases[book.aliases["domain"].isin(["municipality", "partnership"])]
    decided = dict(zip(aliases["text"].map(key), aliases["code"]))
    named = dict(zip(book.municipalities["name"].map(key), book.municipalities["gm_code"]))
    return dict(zip(book.places["text"].map(key), book.places["gm_code"])) | decided | named


def correct(workspace: Path | str, file: str, row_key: str, column: str, was: str, now: str, role: str, on: str,
            reason: str) -> None:  # fmt: skip
    """Writes in reference/corrections.csv that a cell of a list says `now` where it said `was`.

    Raises WmoError when no row of that list says `was` there, or no role or reason is stated.
    """
    root = Path(workspace)
    if not role.strip() or not reason.strip():
        raise WmoError(say("add.no_role"))
    cells = _clean(root, "cells")
    cells = cells[cells["file"] == file]
    rows = cells.loc[cells["column"].isin(["key", "title"]) & (cells["listed"] == row_key), ["sheet", "row"]]
    if not len(rows.merge(cells[(cells["column"] == column) & (cells["listed"] == was)], on=["sheet", "row"])):
        raise WmoError(say("add.was_not_there", was=was, file=file, row=row_key))
    line = {"file": file, "row_key": row_key, "column": column, "was": was, "now": now, "reason": reason,
            "decided_on": on, "decided_by": role}  # fmt: skip
    _append(root, "corrections", line)


def _append(root: Path, table: str, line: dict[str, str]) -> None:
    folder = root / "reference"
    if not folder.is_dir():
        shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / f"{table}.csv"
    text = pd.DataFrame([line]).to_csv(index=False, header=False, lineterminator="\n")
    before = path.read_text(encoding="utf-8")
    path.write_text(before + ("" if before.endswith("\n") else "\n") + text, encoding="utf-8", newline="\n")


def alarms(workspace: Path | str = ".") -> pd.DataFrame:
    """What asks for a decision, after a build: alarm (unmapped, unused, contradicting), domain, text, code, rows [count].

    Unmapped: a name in the lists that nothing explains. Unused: a decision of this workspace about a name that no list has.
    Contradicting: two decisions on one name, or a decision on a name that the codebook itself explains otherwise.
    """
    root = Path(workspace)
    book = Codebook.open(Workspace(root).reference)
    unmapped = unknown(root).assign(alarm="unmapped", code="")
    aliases = book.aliases.assign(spelling=book.aliases["text"].map(key))
    packaged = set(map(tuple, Codebook.open(PACKAGED).aliases.to_numpy()))
    own = aliases[[tuple(row) not in packaged for row in book.aliases.to_numpy()]]
    column = own["domain"].replace("partnership", "municipality")
    listed = _listed(root, set(column))
    unused = own[[name not in listed.get(c, ()) for name, c in zip(own["spelling"], column)]]
    group = aliases["domain"].replace("partnership", "municipality")
    several = aliases.groupby([group, "spelling"])["code"].transform("nunique") > 1
    against = [
        _labels(book, d).get(name, code) != code for d, name, code in zip(group, aliases["spelling"], aliases["code"])
    ]
    clash = aliases[several | pd.Series(against, index=aliases.index, dtype=bool)]
    parts = [unmapped, unused.assign(alarm="unused", rows=0), clash.assign(alarm="contradicting", rows=0)]
    return pd.concat(parts)[["alarm", "domain", "text", "code", "rows"]].reset_index(drop=True)


def _labels(book: Codebook, domain: str) -> dict[str, str]:
    """key of every label of the codebook's own tables -> its code."""
    table, code, labels = {
        "municipality": (book.municipalities, "gm_code", ["name"]),
        "theme": (book.themes[book.themes["theme_set"] == "provincial"], "theme", ["label_nl", "label_en"]),
        "source": (book.sources, "source_id", ["name", "name_en"]),
    }.get(domain, (pd.DataFrame(columns=["code"]), "code", []))
    return {key(text): c for label in labels for text, c in zip(table[label], table[code])}


def _listed(root: Path, domains: set[str]) -> dict[str, set[str]]:
    """column -> keys of the texts in its cells, whole and in parts."""
    cells = _clean(root, "cells")
    answer = {}
    for domain in domains:
        texts = cells.loc[cells["column"] == domain, "listed"].unique()
        parts = [part for text in texts for part in [text, *SEPARATOR.split(text), *re.split(r"[;\n|]", text)]]
        answer[domain] = {key(part) for part in parts} | {re.sub(r"^(gemeenten?|gem) ", "", key(p)) for p in parts}
    return answer
