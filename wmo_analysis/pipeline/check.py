"""Fourth stage: doubts across rows become findings, and the accounts are closed: every row and every cent.

A broken law is our mistake, not the list's: it raises AssertionError and nothing is written.
"""

import hashlib

import pandas as pd

from wmo_analysis.codebook import Codebook, key
from wmo_analysis.schema import distinct, found, typed


def doubts(projects: pd.DataFrame, money: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Findings that need more than one cell: C11 hours above the maximum of the source, C13 settled above granted,
    C16 negative amount, J08 the same name and place in two projects."""
    findings = []
    limit = pd.to_numeric(projects["source_id"].map(codebook.sources.set_index("source_id")["max_hours"]))
    over = (projects["hours_value"] > limit).fillna(False).astype(bool)
    findings.append(found("C11", projects[over], "hours", projects["hours"][over], projects["hours"][over]))
    negative = money[(money["cents"] < 0).fillna(False)]
    findings.append(found("C16", negative, negative["column"], negative["listed"], negative["cents"].map(str)))
    sums = money.groupby(["project_id", "credit_id", "file", "kind"])["cents"].sum().unstack("kind")
    if {"granted", "settled"} <= set(sums):
        above = sums[sums["settled"] > sums["granted"]].reset_index()[["project_id", "file"]]
        rows = money[money["kind"] == "settled"].merge(above, on=["project_id", "file"]).drop_duplicates("project_id")
        findings.append(found("C13", rows, rows["column"], rows["listed"], rows["listed"]))
    title, place = (distinct(projects[c], lambda t: [key(t)], ["key"])["key"] for c in ("title", "municipality"))
    name = title + "|" + place
    same = projects.assign(name=name, one=projects["same_as"].where(projects["same_as"] != "", projects["project_id"]))
    twice = same.groupby("name")["one"].transform("nunique") > 1
    others = same[twice].groupby("name")["project_id"].transform(lambda ids: " | ".join(sorted(set(ids))))
    findings.append(found("J08", same[twice], "title", same["title"][twice], others))
    return pd.concat(findings)


def findings(parts: list[pd.DataFrame], codebook: Codebook) -> pd.DataFrame:
    """The findings table: severity from the catalogue, and an id from code, place and text.

    Raises KeyError for a code that the catalogue lacks.
    """
    table = typed("findings", pd.concat(parts, ignore_index=True)).drop_duplicates(ignore_index=True)
    severity = dict(zip(codebook.findings["code"], codebook.findings["severity"], strict=True))
    table["severity"] = [severity[code] for code in table["code"]]
    texts = zip(*(table[column] for column in ("code", "file", "sheet", "column", "listed", "kept")), strict=True)
    hashes = [hashlib.sha256("\x1f".join(text).encode()).hexdigest()[:8] for text in texts]
    table["finding_id"] = table["code"] + "-" + pd.Series(hashes, index=table.index, dtype="str")
    repeat = table.sort_values("row").groupby("finding_id").cumcount().reindex(table.index) + 1
    table["finding_id"] = table["finding_id"].where(repeat == 1, table["finding_id"] + "-" + repeat.astype(str))
    return table


def ledger(rows: pd.DataFrame, money: pd.DataFrame, unread_lists: pd.DataFrame) -> pd.DataFrame:
    """One row per list: rows and cents in, and what became of them.

    `rows` has file, basis and fate (used, merged, set_aside), `money` file, cents, fate and reason; `cents_in` is what
    the grammar accepted, before the join. A list that could not be read stands with nothing in.
    """
    table = rows.groupby(["file", "basis"]).size().to_frame("rows_in")
    for fate in ("used", "merged", "set_aside"):
        table[f"rows_{fate}"] = rows[rows["fate"] == fate].groupby(["file", "basis"]).size()
        table[f"cents_{fate}"] = money[money["fate"] == fate].groupby(["file", "basis"])["cents"].sum()
    table["cents_in"] = money.groupby(["file", "basis"])["cents"].sum()
    table["cells_unread"] = money[money["cents"].isna()].groupby(["file", "basis"]).size()
    table = pd.concat([table.reset_index(), unread_lists[["file", "basis"]]], ignore_index=True)
    counts = table.columns.difference(["file", "basis"])
    return typed("ledger", table.fillna(dict.fromkeys(counts, 0)))


def laws(tables: dict[str, pd.DataFrame], codebook: Codebook) -> None:
    """Raises AssertionError when rows or cents do not foot, a key repeats, or a code is not in the codebook."""
    account = tables["ledger"]
    for unit in ("rows", "cents"):
        parts = account[[f"{unit}_used", f"{unit}_merged", f"{unit}_set_aside"]].sum(axis=1)
        assert (account[f"{unit}_in"] == parts).all(), f"law {unit}: in is not used + merged + set aside"
    projects = tables["projects"]
    assert not projects.duplicated(["project_id", "file"]).any(), "project_id and file repeat"
    assert (
        len(tables["project_sources"]) == tables["project_sources"][["file", "sheet", "row"]].drop_duplicates().shape[0]
    )
    assert tables["amounts"]["cents"].sum() == account["cents_used"].sum() + account["cents_merged"].sum(), "cents lost"
    for name in ("placements", "conversations"):
        assert set(tables[name]["gm_code"]) <= set(codebook.gm_codes), f"{name}: gm_code outside the codebook"
    placed = tables["placements"].groupby(["project_id", "file"]).size()
    needs = projects[projects["placement"].isin(["one", "several", "partnership", "province"])]
    assert set(zip(needs["project_id"], needs["file"], strict=True)) <= set(placed.index), (
        "a placed project lost its place"
    )
    themed = tables["project_themes"].groupby(["project_id", "file"]).size()
    assert len(themed) == len(projects), "a project lost its theme"
