"""data/raw -> data/clean, in one function. The result moves into place as the last act; until then nothing changes."""

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.csv

from wmo_analysis import check, clean, columns, join, read
from wmo_analysis.codebook import Codebook, key
from wmo_analysis.errors import ListUnreadable, NotBuilt
from wmo_analysis.monitor import fingerprint, reference
from wmo_analysis.read import TEXTS

UNTOUCHED = "Er is niets gewijzigd; de laatste goede gegevens blijven in gebruik."


def build(workspace: Path | str = ".", progress=lambda done, total, name: None) -> dict:
    """Builds data/clean of a workspace and returns {"ledger", "findings", "projects", "messages"}.

    `progress(done, total, name)` is called for each list. A list that cannot be read becomes a finding, the others still
    build. Raises NotBuilt, with the promise that nothing was changed, when there is no list, another build is busy, or a
    correction no longer fits; AssertionError when a law is broken.
    """
    root = Path(workspace)
    raw, target = root / "data" / "raw", root / "data" / "clean"
    if not raw.is_dir():
        raise NotBuilt(f"Er is geen map data/raw in {root.resolve().name}. {UNTOUCHED}")
    codebook = Codebook.open(reference(root))
    with _lock(root / "data") as messages:
        messages += recover(target)
        made_from = fingerprint(root)
        tables, cards = _tables(raw, codebook, progress)
        check.laws(tables, codebook)
        _write(tables, cards, made_from, target)
    return {
        "ledger": tables["ledger"],
        "findings": tables["findings"],
        "projects": tables["projects"],
        "messages": messages,
    }


def _tables(raw: Path, codebook: Codebook, progress) -> tuple[dict[str, pd.DataFrame], list[dict]]:
    cards, early = read.cards(raw)
    if not cards:
        raise NotBuilt(f"Er is geen enkele leesbare lijst met een kaart in data/raw. {UNTOUCHED}")
    rows, found_by_reading, contacts, unread = _read(cards, progress)
    refused = [{"file": f["file"], "basis": ""} for f in early if not f["file"].endswith(".card.toml")]
    unread = pd.concat([unread, pd.DataFrame(refused, columns=["file", "basis"])])  # no card, or another hash
    places = join.names_of_places(codebook)  # a contact "Baarn" must not make the municipality vanish
    contacts = {name: {text for text in texts if key(text) not in places} for name, texts in contacts.items()}
    blank = {"sheet": "", "row": None, "column": "", "listed": "", "kept": "", "did_you_mean": ""}
    findings = [
        pd.DataFrame([blank | f | {"listed": clean.masked(pd.Series([f.get("listed", "")]))[0]}])
        for f in early + found_by_reading
    ]
    rows, noted = clean.corrected(rows, codebook.corrections)
    findings.append(noted)
    for column in TEXTS:  # contact data can stand in any cell
        filled = rows[rows[column] != ""]
        if filled.empty:
            continue
        masked = [clean.masked(group[column], contacts[name]) for name, group in filled.groupby("file")]
        masked = pd.concat([rows.loc[rows[column] == "", column], *masked]).reindex(rows.index)
        changed = masked != rows[column]
        findings.append(columns.found("C15", rows[changed], column, masked[changed], masked[changed]))
        rows[column] = masked.mask(changed, "") if column in ("key", "merges_with") else masked
    rows, money, noted = clean.rows(rows, codebook)
    findings.append(noted)

    real = rows["kind_of_row"] == "row"
    titled = rows["title"].str.strip() != ""
    talks = real & rows["has_conversations"] & rows["round_value"].notna() & (rows["municipality"].str.strip() != "")
    talk = [
        c
        for c in rows
        if c.startswith(("talk", "quotation", "approval", "second_contact", "amount_date", "as_of", "has_"))
    ]
    project_rows = rows.drop(columns=talk)[real & rows["has_projects"] & titled]
    lost = real & ~talks & ~(rows["has_projects"] & titled) & ~rows["has_claims"]
    findings.append(columns.found("C07", rows[lost]))

    project_rows, noted = join.identities(project_rows, cards, codebook)
    findings.append(noted)
    projects, noted = join.one_per_list(project_rows)
    findings.append(noted)
    first_delivery = (
        project_rows.groupby("project_id")["date"].min().reindex(projects["project_id"]).set_axis(projects.index)
    )
    projects["placement"], placements, noted = join.placed(projects, first_delivery, codebook)
    findings.append(noted)
    project_themes, noted = join.themed(projects, codebook)
    findings.append(noted)
    pairs = pd.MultiIndex.from_frame(project_themes[["project_id", "file"]])
    part = join.theme_part(project_themes.set_index(pairs)["theme"], codebook)
    projects["theme_part"] = part.reindex(pd.MultiIndex.from_frame(projects[["project_id", "file"]])).to_numpy()
    steps, noted = join.conversations(rows[talks], codebook)
    findings.append(noted)

    fates = pd.Series("set_aside", index=rows.index).mask(talks | (real & rows["has_claims"]), "used")
    fates.update(project_rows["role"])
    money = _settle(money, rows, project_rows)
    findings.append(check.doubts(projects, money[money["project_id"] != ""], codebook))
    counted = money[(money["fate"] != "set_aside") & money["cents"].notna()]
    filled = [column for column in TEXTS if (rows[column] != "").any()]
    cells = rows.loc[real, ["file", "sheet", "row", *filled]]
    cells = cells.melt(["file", "sheet", "row"], var_name="column", value_name="listed")
    tables = {
        "projects": projects.assign(
            status=projects["status_code"], status_listed=projects["status"], hours=projects["hours_value"]
        ),
        "project_sources": project_rows,
        "placements": placements,
        "project_themes": project_themes,
        "amounts": counted,
        "targets": project_rows.assign(  # choose after assigning: pandas fills an empty table with blank rows
            value=project_rows["target_value"],
            unit=project_rows["target_unit"],
            at_least=project_rows["target_at_least"].str.strip().str.casefold() == "ja",
        )[project_rows["target_value"].notna()],
        "conversations": steps,
        "claims": rows.assign(as_of=rows["as_of_from"])[real & rows["has_claims"]],
        "cells": cells[cells["listed"].str.strip() != ""],
        "ledger": check.ledger(rows.assign(fate=fates), money, unread),
    }
    tables["findings"] = check.findings([f for f in findings if len(f)] or [pd.DataFrame(columns=["code"])], codebook)
    return {name: columns.sort(name, columns.typed(name, tables[name])) for name in columns.TABLES}, [
        card for card in cards if card["list"] not in set(unread["file"])
    ]


def _read(cards: list[dict], progress) -> tuple[pd.DataFrame, list[dict], dict[str, set], pd.DataFrame]:
    """Rows of all lists with the card's particulars beside them; a list that cannot be read is in the last table."""
    frames, findings, contacts, unread = [], [], {}, []
    for done, (card, answer) in enumerate(zip(cards, read.grids([c["path"] for c in cards]), strict=True), 1):
        progress(done, len(cards), card["list"])
        try:
            if isinstance(answer, ListUnreadable):
                raise answer
            rows, noted, contacts[card["list"]] = read.table(answer, card)
        except ListUnreadable as error:
            findings.append({"code": error.code, "file": card["list"], "listed": error.listed, "kept": error.text})
            unread.append({"file": card["list"], "basis": card["basis"]})
            continue
        findings += [{"file": card["list"]} | finding for finding in noted]
        frame = pd.DataFrame(rows).reindex(columns=["sheet", "row", "kind_of_row", "opening", *TEXTS], fill_value="")
        frame[TEXTS] = frame[TEXTS].fillna("")
        for ours, value in card.get("constants", {}).items():
            frame[ours] = frame[ours].where(frame[ours] != "", str(value))
        units = card.get("unit", 1)
        for ours in read.AMOUNTS:
            frame[f"{ours}_unit"] = units.get(ours, 1) if isinstance(units, dict) else units
        kinds = {f"has_{kind}": kind in card["rows"] for kind in read.MUST_HAVE}
        frames.append(
            frame.assign(
                file=card["list"],
                basis=card["basis"],
                date=card["date"],
                card_source=card.get("source", ""),
                credit_id=card.get("credit", ""),
                decimal=card.get("decimal", ","),
                whole_country=bool(card.get("whole_country", False)),
                **kinds,
            )
        )
    if not frames:
        raise NotBuilt(f"Geen van de lijsten in data/raw kon worden gelezen. {UNTOUCHED}")
    rows = pd.concat(frames, ignore_index=True)
    rows = rows.astype(
        dict.fromkeys(
            [*TEXTS, "file", "sheet", "basis", "date", "card_source", "credit_id", "kind_of_row", "opening"],
            "str",
        )
    )
    return rows, findings, contacts, pd.DataFrame(unread, columns=["file", "basis"])


def _settle(money: pd.DataFrame, rows: pd.DataFrame, project_rows: pd.DataFrame) -> pd.DataFrame:
    """Amounts with project_id and fate; of a project in two lists, those of the strongest list with an amount on that
    credit are used, the others merged. Amounts of rows that are no project are set aside."""
    about = project_rows[["project_id", "basis_rank", "source_rank"]].reindex(money["at"]).set_axis(money.index)
    money = money.join(about).join(rows[["file", "sheet", "row", "basis", "credit_id"]], on="at")
    money["project_id"] = money["project_id"].fillna("")
    counts = (money["project_id"] != "") & (money["kind"] != "") & money["cents"].notna()
    strongest = money[counts].groupby(["project_id", "basis", "credit_id"])["source_rank"].transform("min")
    money["fate"] = "set_aside"
    money.loc[counts, "fate"] = (money.loc[counts, "source_rank"] == strongest).map({True: "used", False: "merged"})
    return money[money["reason"] != "empty"]


# ---------------------------------------------------------------- writing


def package(cards: list[dict], made_from: dict[str, str], folder: Path) -> dict:
    """The Frictionless descriptor of the tables written in `folder`: schema from columns.py, hashes, and the deliveries.

    `sources` holds what the cards say of each list that was read, `made_from` the hash of every file below data/raw and of
    the codebook, so that a reader sees when data/clean is stale.
    """
    kinds = {
        "string": "string",
        "date": "date",
        "integer": "integer",
        "number": "number",
        "boolean": "boolean",
    }
    resources = []
    for name, about in columns.TABLES.items():
        data = (folder / f"{name}.csv").read_bytes()
        fields = [{"name": c, "type": kinds[k], "description": text} for c, (k, text) in about.items()]
        resources.append(
            {
                "name": name.replace("_", "-"), "path": f"{name}.csv", "format": "csv", "mediatype": "text/csv",
                "encoding": "utf-8", "bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
                "schema": {"fields": fields, "missingValues": [""]},
            }
        )  # fmt: skip
    sources = [
        {
            "title": card["list"], "path": card["list"], "hash": f"sha256:{card['sha256']}",
            "date": card["date"], "basis": card["basis"], "source_id": card.get("source", ""), "rows": card["rows"],
            "complete": bool(card.get("complete", False)), "owner": card.get("owner", ""), "licence": card.get("licence", ""),
        }
        for card in sorted(cards, key=lambda card: card["list"])
    ]  # fmt: skip
    build_digest = hashlib.sha256("".join(r["hash"] for r in resources).encode()).hexdigest()[:12]
    return {
        "profile": "tabular-data-package", "name": "wmo-monitor", "title": "WMO-monitor provincie Utrecht",
        "build": build_digest, "resources": [{"profile": "tabular-data-resource"} | r for r in resources], "sources": sources,
        "made_from": made_from,
    }  # fmt: skip


def _write(tables: dict[str, pd.DataFrame], cards: list[dict], made_from: dict[str, str], target: Path) -> None:
    part = target.with_name("clean.part")
    part.mkdir()
    for name, table in tables.items():
        plain = pyarrow.Table.from_pandas(table, preserve_index=False)
        pyarrow.csv.write_csv(plain, part / f"{name}.csv", pyarrow.csv.WriteOptions(quoting_style="needed"))
    text = json.dumps(package(cards, made_from, part), ensure_ascii=False, indent=1) + "\n"
    (part / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")
    for path in part.iterdir():
        with open(path, "rb+") as file:
            os.fsync(file.fileno())
    old = target.with_name("clean.old")
    if target.exists():
        os.replace(target, old)
    os.replace(part, target)
    shutil.rmtree(old, ignore_errors=True)


def recover(target: Path) -> list[str]:
    """Puts data/clean right after a build that was killed, and says so; [] when there was nothing to do."""
    part, old = target.with_name("clean.part"), target.with_name("clean.old")
    messages = []
    if old.exists() and not target.exists():
        os.replace(old, target)
        messages.append("Een eerdere bouw is afgebroken; de laatste goede gegevens zijn teruggezet.")
    for left in (part, old):
        if left.exists():
            shutil.rmtree(left)
            messages.append("Resten van een afgebroken bouw zijn opgeruimd.")
    return messages


@contextlib.contextmanager
def _lock(folder: Path):
    """One build at a time: a file with the process number; one left by a process that is gone is taken over."""
    path, messages = folder / ".build.lock", []
    for _ in range(2):
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            owner = path.read_text().strip()
            if owner.isdigit() and _alive(int(owner)):
                raise NotBuilt(f"Er loopt al een bouw (proces {owner}); wacht tot die klaar is. {UNTOUCHED}") from None
            path.unlink(missing_ok=True)
            messages.append("Resten van een afgebroken bouw zijn opgeruimd.")
    else:
        raise NotBuilt(f"Er loopt al een bouw. {UNTOUCHED}")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(str(os.getpid()))
        yield messages
    finally:
        path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
