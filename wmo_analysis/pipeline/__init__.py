"""data/raw -> data/clean, in one function. The result moves into place as the last act; until then nothing changes."""

from pathlib import Path

import pandas as pd

from wmo_analysis import schema
from wmo_analysis.codebook import Codebook, key
from wmo_analysis.errors import ListUnreadable, NotBuilt
from wmo_analysis.pipeline import card as cards_of
from wmo_analysis.pipeline import check, clean, formats, header, join, places, write
from wmo_analysis.pipeline.write import UNTOUCHED
from wmo_analysis.schema import TEXTS
from wmo_analysis.workspace import Workspace


def build(workspace: Path | str = ".", progress=lambda done, total, name: None) -> dict:
    """Builds data/clean of a workspace and returns {"ledger", "findings", "projects", "messages"}.

    `progress(done, total, name)` is called for each list. A list that cannot be read becomes a finding, the others still
    build. Raises NotBuilt, with the promise that nothing was changed, when there is no list, another build is busy, or a
    correction no longer fits; AssertionError when a law is broken.
    """
    here = Workspace(Path(workspace))
    if not here.raw.is_dir():
        raise NotBuilt(f"Er is geen map data/raw in {here.root.resolve().name}. {UNTOUCHED}")
    codebook = Codebook.open(here.reference)
    with write.lock(here.data) as messages:
        messages += write.recover(here.clean)
        made_from = here.fingerprint()
        tables, cards = _tables(here.raw, codebook, progress)
        check.laws(tables, codebook)
        write.tables(tables, cards, made_from, here.clean)
    return {
        "ledger": tables["ledger"],
        "findings": tables["findings"],
        "projects": tables["projects"],
        "messages": messages,
    }


def _tables(raw: Path, codebook: Codebook, progress) -> tuple[dict[str, pd.DataFrame], list[dict]]:
    cards, early = cards_of.as_it_was(raw)
    if not cards:
        raise NotBuilt(f"Er is geen enkele leesbare lijst met een kaart in data/raw. {UNTOUCHED}")
    rows, found_by_reading, contacts, unread = _read(cards, progress)
    refused = [{"file": f["file"], "basis": ""} for f in early if not f["file"].endswith(".card.toml")]
    unread = pd.concat([unread, pd.DataFrame(refused, columns=["file", "basis"])])  # no card, or another hash
    known = places.names_of_places(codebook)  # a contact "Baarn" must not make the municipality vanish
    contacts = {name: {text for text in texts if key(text) not in known} for name, texts in contacts.items()}
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
        findings.append(schema.found("C15", rows[changed], column, masked[changed], masked[changed]))
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
    findings.append(schema.found("C07", rows[lost]))

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
    return {name: schema.sort(name, schema.typed(name, tables[name])) for name in schema.TABLES}, [
        card for card in cards if card["list"] not in set(unread["file"])
    ]


def _read(cards: list[dict], progress) -> tuple[pd.DataFrame, list[dict], dict[str, set], pd.DataFrame]:
    """Rows of all lists with the card's particulars beside them; a list that cannot be read is in the last table."""
    frames, findings, contacts, unread = [], [], {}, []
    for done, (card, answer) in enumerate(zip(cards, formats.grids([c["path"] for c in cards]), strict=True), 1):
        progress(done, len(cards), card["list"])
        try:
            if isinstance(answer, ListUnreadable):
                raise answer
            rows, noted, contacts[card["list"]] = header.table(answer, card)
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
        for ours in schema.AMOUNTS:
            frame[f"{ours}_unit"] = units.get(ours, 1) if isinstance(units, dict) else units
        kinds = {f"has_{kind}": kind in card["rows"] for kind in schema.MUST_HAVE}
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
