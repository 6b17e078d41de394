"""Decide names once: what the lists call municipalities, themes, statuses, sources and kinds, and the codebook does not.

A decision is a dated line with the role of who decided, in reference/ of the workspace.
"""

import contextlib
import re
import shutil
from pathlib import Path

import pandas as pd

from wmo_analysis import machine
from wmo_analysis.codebook import PACKAGED, Codebook, key
from wmo_analysis.errors import WmoError
from wmo_analysis.pipeline import whole
from wmo_analysis.pipeline.places import SEPARATOR
from wmo_analysis.schema import DOMAINS, KINDS, NO_PLACE, STATUSES, read_options
from wmo_analysis.words import heading, say
from wmo_analysis.workspace import Workspace


def _clean(workspace: Path | str, name: str) -> pd.DataFrame:
    clean = Workspace(Path(workspace)).clean
    if not clean.is_dir():
        raise WmoError(say("data.missing"))
    with machine.told(clean.parent):
        return pd.read_csv(clean / f"{name}.csv", **read_options(name))


def _book(workspace: Path | str) -> Codebook:
    """The codebook in force in the workspace."""
    return Codebook.open(Workspace(Path(workspace)).reference)


def unknown(workspace: Path | str = ".") -> pd.DataFrame:
    """Names that no codebook line explains, after a build: domain, text, rows [count], lists [count], suggestions (labels,
    joined by |); the most frequent first. Spellings with one key are one line."""
    found = _clean(workspace, "findings")
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
        backwards = codebook.themes[::-1]  # of two themes with one label the first counts
        return dict(zip(backwards["label_nl"], backwards["theme"]))
    if domain == "source":
        return dict(zip(codebook.sources["name"], codebook.sources["source_id"]))
    if domain == "status":
        return {say(f"status.{code}"): code for code in STATUSES}
    return {heading(code): code for code in KINDS}


def decide(workspace: Path | str, domain: str, text: str, choice: str, role: str, on: str, reason: str = "") -> str:
    """Writes in reference/aliases.csv that `text` means `choice` (a label or a code); returns the code.

    The first decision copies the package's reference/ to the workspace. Raises WmoError for a choice that the codebook does
    not have, a name that it knows already or that was decided otherwise, and when nobody's role is stated.
    """
    book = _book(workspace)
    if not role.strip():
        raise WmoError(say("add.no_role"))
    there = choices(book, domain)
    by_key = {key(label): code for label, code in there.items()}
    # a code wins from a label that is spelled like it
    by_key |= {key(code): code for code in there.values()}
    code = by_key.get(key(choice))
    if code is None:
        raise WmoError(say("add.no_such_choice", choice=choice, choices=", ".join(there)))
    means = _known(book, domain).get(key(text))
    if means is not None:
        raise WmoError(say("add.known_already", text=text, code=means))
    shared = domain == "municipality" and code in set(book.partnerships["partnership_id"])
    line = {"domain": "partnership" if shared else domain, "text": text.strip(), "code": code, "assumption": "no",
            "decided_on": on, "decided_by": role, "reason": reason}  # fmt: skip
    _append(workspace, "aliases", line)
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
    if not role.strip() or not reason.strip():
        raise WmoError(say("add.no_role"))
    listed = _clean(workspace, "listed")
    rows = listed[(listed["file"] == file) & listed[["key", "title"]].eq(row_key).any(axis=1)]
    if not was or column not in rows or was not in set(rows[column]):
        raise WmoError(say("add.was_not_there", was=was, file=file, row=row_key))
    line = {"file": file, "row_key": row_key, "column": column, "was": was, "now": now, "reason": reason,
            "decided_on": on, "decided_by": role}  # fmt: skip
    _append(workspace, "corrections", line)


def _append(workspace: Path | str, table: str, line: dict[str, str]) -> None:
    folder = Workspace(Path(workspace)).own_reference
    text = pd.DataFrame([line]).to_csv(index=False, header=False, lineterminator="\n")
    with machine.told(folder, len(text)):
        if not any(folder.glob("*.csv")):
            _own(folder)
        path = folder / f"{table}.csv"
        machine.append(path, text if path.read_bytes().endswith(b"\n") else f"\n{text}")


def _own(folder: Path) -> None:
    """Gives a workspace its own copy of the package's reference/, all of it at once."""
    with machine.beside(folder) as part:
        part.mkdir()
        for path in PACKAGED.glob("*.csv"):
            shutil.copyfile(path, part / path.name)
            machine.sync(part / path.name)
        if folder.is_dir() and not any(folder.glob("*.csv")):  # boundaries alone stand there, and stay
            whole.move(part, folder)
            return
        with contextlib.suppress(FileExistsError):  # somebody else was first, with the same copy
            machine.settle(part, folder)


def alarms(workspace: Path | str = ".") -> pd.DataFrame:
    """What asks for a decision, after a build: alarm (unmapped, unused, contradicting), domain, text, code, rows [count].

    Unmapped: a name in the lists that nothing explains. Unused: a decision of this workspace about a name that no list has.
    Contradicting: two decisions on one name, or a decision on a name that the codebook itself explains otherwise.
    """
    book = _book(workspace)
    aliases = book.aliases.assign(spelling=book.aliases["text"].map(key))
    aliases["column"] = aliases["domain"].replace("partnership", "municipality")
    parts = [
        unknown(workspace).assign(alarm="unmapped", code=""),
        _unused(workspace, aliases).assign(alarm="unused", rows=0),
        _contradicting(book, aliases).assign(alarm="contradicting", rows=0),
    ]
    return pd.concat(parts)[["alarm", "domain", "text", "code", "rows"]].reset_index(drop=True)


def _unused(workspace: Path | str, aliases: pd.DataFrame) -> pd.DataFrame:
    """The decisions of this workspace, not of the package, about a name that stands in no list."""
    packaged = Codebook.open(PACKAGED).aliases
    own = ~pd.MultiIndex.from_frame(aliases[list(packaged)]).isin(pd.MultiIndex.from_frame(packaged))
    aliases = aliases[own]
    listed = _listed(workspace, set(aliases["column"]))
    return aliases[[pair not in listed for pair in zip(aliases["column"], aliases["spelling"])]]


def _contradicting(book: Codebook, aliases: pd.DataFrame) -> pd.DataFrame:
    """The decisions that say otherwise than another one, or than a label of the codebook's own tables."""
    several = aliases.groupby(["column", "spelling"])["code"].transform("nunique") > 1
    labels = _labels(book)
    pairs = zip(aliases["column"], aliases["spelling"], aliases["code"])
    against = [labels.get((column, name), code) != code for column, name, code in pairs]
    return aliases[several | pd.Series(against, index=aliases.index, dtype=bool)]


def _labels(book: Codebook) -> dict[tuple[str, str], str]:
    """(column, key of a label) of the codebook's own tables -> its code."""
    provincial = book.themes[book.themes["theme_set"] == "provincial"]
    labels = {}
    for column, table, code, name in (
        ("municipality", book.municipalities, "gm_code", "name"),
        ("theme", provincial, "theme", "label_nl"),
        ("theme", provincial, "theme", "label_en"),
        ("source", book.sources, "source_id", "name"),
        ("source", book.sources, "source_id", "name_en"),
    ):
        for text, means in zip(table[name], table[code]):
            labels[column, key(text)] = means
    return labels


def _listed(workspace: Path | str, columns: set[str]) -> set[tuple[str, str]]:
    """(column, key) of the texts in the cells of these columns, whole and in parts."""
    table = _clean(workspace, "listed")
    listed = set()
    for column in columns:
        for text in table[column].unique():
            for part in (text, *SEPARATOR.split(text), *re.split(r"[;\n|]", text)):
                # decisions are about "Baarn", lists say "gemeente Baarn"
                listed |= {(column, key(part)), (column, re.sub(r"^(gemeenten?|gem) ", "", key(part)))}
    return listed
