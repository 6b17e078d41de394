"""The build by the book in pandas: a function per row, and groupby where rows meet. python pandas_build.py WORKSPACE OUT."""

import sys
from pathlib import Path

import pandas as pd
from grammar import (
    COLUMNS,
    TEXTS,
    TOTAL,
    Book,
    Contacts,
    amount,
    hours,
    key,
    keyless_id,
    merge_repeats,
    period,
    read_card,
)


def read(card: dict) -> pd.DataFrame:
    """Every row with its kind; the thirteenth column only catches the field too many."""
    names = [*COLUMNS, "extra"]
    rows = pd.read_csv(card["raw"], sep=";", names=names, dtype="str", keep_default_na=False, index_col=False)
    rows = rows.fillna("")
    header = rows.iloc[0][COLUMNS]
    rows["row"] = rows.index + 1
    rows = rows.iloc[1:].copy()
    filled = rows[[*COLUMNS, "extra"]].apply(lambda column: column.str.strip() != "")
    opening = rows["title"].where(rows["key"] == "", rows["key"]).str.strip().str.casefold()
    texts = filled[["key", "title", "municipality", "theme", "start", "end", "status", "hours"]].sum(axis=1)
    rows["kind"] = "row"
    rows.loc[rows["extra"] != "", "kind"] = "odd"
    rows.loc[opening.str.match(TOTAL) & (texts <= 1), "kind"] = "total"
    rows.loc[(rows[COLUMNS] == header).all(axis=1), "kind"] = "header"
    rows.loc[filled.sum(axis=1) == 1, "kind"] = "note"
    return rows


def findings_of(rows: pd.DataFrame, code: str, column: str, listed: pd.Series | None = None) -> pd.DataFrame:
    listed = rows[column] if listed is None else listed
    return pd.DataFrame({"row": rows["row"], "code": code, "column": column, "listed": listed})


def mask(rows: pd.DataFrame, book: Book) -> list[pd.DataFrame]:
    contacts = Contacts(rows.loc[rows["kind"] == "row", "contact"].str.strip(), book)
    found = []
    for column in TEXTS:
        masked = rows[column].map(contacts.mask)
        changed = masked != rows[column]
        rows[column] = masked if column != "key" else rows["key"].mask(changed, "")
        found.append(findings_of(rows[changed], "C15", column, masked[changed]))
    return found


def totals(rows: pd.DataFrame, money: pd.DataFrame) -> list[pd.DataFrame]:
    """R14: a subtotal covers what stands below the total before it, any other total all above it."""
    found = []
    for column in ("asked", "granted"):
        since = 0
        here = money[money["kind"] == column]
        for _, total in rows[(rows["kind"] == "total") & (rows[column].str.strip() != "")].iterrows():
            start = since if total["title"].casefold().startswith("sub") else 0
            above = here.loc[(here["row"] > start) & (here["row"] < total["row"]), "cents"].sum()
            since = total["row"]
            if amount(total[column])[0] not in (None, above):
                found.append(findings_of(rows.loc[[total.name]], "R14", column))
    return found


def amounts(rows: pd.DataFrame, found: list[pd.DataFrame]) -> pd.DataFrame:
    """Every filled amount cell, also of rows that are set aside."""
    parts = []
    for column in ("asked", "granted"):
        mine = rows[rows["kind"].isin(["row", "odd"]) & (rows[column].str.strip() != "")]
        read_so = mine[column].map(amount)
        part = mine[["row", "kind"]].rename(columns={"kind": "kind_of_row"})
        part["cents"] = read_so.map(lambda answer: answer[0]).astype("Int64")
        part["approximate"] = read_so.map(lambda answer: answer[1])
        parts.append(part.assign(kind=column, listed=mine[column]))
        for code in ("C01", "C02"):
            bad = mine[read_so.map(lambda answer, code=code: answer[2] == code) & (mine["kind"] == "row")]
            found.append(findings_of(bad, code, column))
    return pd.concat(parts)


def cleaned(rows: pd.DataFrame, book: Book, found: list[pd.DataFrame]) -> pd.DataFrame:
    real = rows[rows["kind"] == "row"].copy()
    for column in ("start", "end"):
        answers = real[column].map(period)
        for at, part in enumerate(("from", "to", "precision")):
            real[f"{column}_{part}"] = answers.map(lambda answer, at=at: answer[at])
        found.append(findings_of(real[answers.map(lambda answer: answer[3])], "C03", column))
    late = (real["start_from"] != "") & (real["end_to"] != "") & (real["end_to"] < real["start_from"])
    found.append(findings_of(real[late], "C06", "end"))
    answers = real["hours"].map(hours)
    real["hours_value"] = (
        answers.map(lambda answer: answer[0]).astype("object").where(answers.map(lambda a: a[0] is not None), None)
    )
    found.append(findings_of(real[answers.map(lambda answer: answer[1])], "C04", "hours"))
    answers = real["status"].map(book.status)
    real["status_code"] = answers.map(lambda answer: answer[0])
    found.append(findings_of(real[answers.map(lambda answer: answer[1])], "C05", "status"))
    titled = real["title"].str.strip() != ""
    lost = real[~titled]
    found.append(findings_of(lost, "C07", "title").assign(column="", listed=""))
    return real[titled].copy()


def identified(rows: pd.DataFrame, source: str, found: list[pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """project_id of every row, and one row per project."""
    own = rows["key"].str.strip()
    hashed = rows.apply(
        lambda row: keyless_id(row["title"], row["municipality"]) if not row["key"].strip() else "", axis=1
    )
    keyless = own == ""
    own = own.mask(keyless, hashed)
    repeat = rows[keyless].assign(own=own).groupby("own").cumcount() + 1
    again = repeat[repeat > 1]
    own.loc[again.index] = own.loc[again.index] + "-" + again.astype("str")
    rows["project_id"] = source + "-" + own
    twice = rows.duplicated("project_id", keep=False)
    merged = []
    for _, group in rows[twice].groupby("project_id"):
        one, contradictions = merge_repeats(group.to_dict("records"))
        merged.append(one)
        found.append(pd.DataFrame(contradictions, columns=["row", "code", "column", "listed"]))
    projects = pd.concat([rows[~twice], pd.DataFrame(merged, columns=rows.columns)], ignore_index=True)
    return rows, projects


def doubts(projects: pd.DataFrame, money: pd.DataFrame, most: str, found: list[pd.DataFrame]) -> None:
    if most:
        over = projects[projects["hours_value"].map(lambda value: value is not None and value > float(most))]
        found.append(findings_of(over, "C11", "hours"))
    negative = money[(money["project_id"] != "") & (money["cents"] < 0).fillna(False)]
    found.append(
        pd.DataFrame({"row": negative["row"], "code": "C16", "column": negative["kind"], "listed": negative["listed"]})
    )
    name = projects["title"].map(key) + "|" + projects["municipality"].map(key)
    same = projects[projects.groupby(name)["project_id"].transform("nunique") > 1]
    found.append(findings_of(same, "J08", "title"))


def resolved(
    projects: pd.DataFrame, day: str, book: Book, found: list[pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    placements, themes, odd = [], [], []
    on = projects["start_from"].mask(projects["start_from"] == "", day)
    placement, theme_part = [], []
    texts = projects["municipality"], projects["theme"], on, projects["project_id"], projects["row"]
    for municipality, theme, start, project, row in zip(*texts, strict=True):
        place, about = book.place(municipality, book.epoch(start)), book.theme(theme)
        placement.append(place.placement)
        theme_part.append(about.theme_part)
        placements += [(project, *reached, row) for reached in place.reached]
        themes += [(project, code, row) for code in about.themes]
        odd += [(row, code, "municipality", part) for code, part in place.findings]
        odd += [(row, code, "theme", part) for code, part in about.findings]
    projects["placement"], projects["theme_part"] = placement, theme_part
    found.append(pd.DataFrame(odd, columns=["row", "code", "column", "listed"]))
    return (
        pd.DataFrame(placements, columns=["project_id", "gm_code", "via", "partnership_id", "row"]),
        pd.DataFrame(themes, columns=["project_id", "theme", "row"]),
    )


def ledger(rows: pd.DataFrame, used: int, money: pd.DataFrame) -> pd.DataFrame:
    counts = money["project_id"] != ""
    account = {
        "rows_in": len(rows), "rows_used": used, "rows_merged": 0, "rows_set_aside": len(rows) - used,
        "cents_in": money["cents"].sum(), "cents_used": money.loc[counts, "cents"].sum(), "cents_merged": 0,
        "cents_set_aside": money.loc[~counts, "cents"].sum(), "cells_unread": money["cents"].isna().sum(),
    }  # fmt: skip
    return pd.DataFrame([account])


def main(workspace: Path, out: Path) -> None:
    card, book = read_card(workspace), Book(workspace / "reference")
    rows = read(card)
    set_aside = {"note": "R12", "header": "R13", "total": "R11", "odd": "R10"}
    found = [
        findings_of(rows[rows["kind"] == kind], code, "key").assign(column="", listed="")
        for kind, code in set_aside.items()
    ]
    found += mask(rows, book)
    money = amounts(rows, found)
    found += totals(rows, money)
    project_rows = cleaned(rows, book, found)
    project_rows, projects = identified(project_rows, card["source"], found)
    money["project_id"] = money["row"].map(project_rows.set_index("row")["project_id"]).fillna("")
    doubts(projects, money, book.max_hours[card["source"]], found)
    placements, themes = resolved(projects, str(card["date"]), book, found)
    counted = money[(money["project_id"] != "") & money["cents"].notna()]
    day = str(card["date"])
    where = {"file": card["list"], "sheet": ""}
    projects = projects.assign(source_id=card["source"], basis=card["basis"], status_listed=projects["status"], **where)
    projects["status"], projects["hours"] = projects["status_code"], projects["hours_value"]
    shown = "project_id title source_id basis status status_listed start_from start_to start_precision end_from end_to"
    shown = f"{shown} end_precision placement theme_part hours file sheet row".split()
    out.mkdir(parents=True, exist_ok=True)
    projects[shown].to_csv(out / "projects.csv", index=False)
    placements.assign(**where).to_csv(out / "placements.csv", index=False)
    themes.assign(**where).to_csv(out / "project_themes.csv", index=False)
    counted = counted.assign(date_from=day, date_to=day, **where)
    counted["approximate"] = counted["approximate"].map({True: "true", False: "false"})
    shown = "project_id kind date_from date_to cents approximate file sheet row".split()
    counted[shown].to_csv(out / "amounts.csv", index=False)
    findings = pd.concat(found).drop_duplicates().assign(**where)
    findings.sort_values(["row", "code", "column"]).to_csv(out / "findings.csv", index=False)
    ledger(rows, len(project_rows), money).assign(file=card["list"]).to_csv(out / "ledger.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
