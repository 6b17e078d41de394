"""Third stage: names -> codes of the codebook, and rows of all lists -> projects, placements, themes, conversations.

A name resolves exactly, then normalised, then by alias and place. rapidfuzz only fills `did_you_mean`: it never decides.
"""

import datetime
import hashlib
import itertools
from decimal import Decimal, InvalidOperation

import pandas as pd

from wmo_analysis.codebook import NOT_STATED, Codebook, key
from wmo_analysis.pipeline.places import Places, place_findings, placed_parts, spans, themes
from wmo_analysis.schema import BASES, NO_PLACE, VIA, distinct, found

# ---------------------------------------------------------------- identity


def identities(rows: pd.DataFrame, cards: list[dict], codebook: Codebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The project rows with source_id, project_id, same_as, role and rank, and findings.

    project_id is the source and the list's own key, else 8 hex digits of title and municipality; exact repeats without a
    key get -2, -3. A row merges into the project that `merges_with` names, if another row of its basis has that id.
    `rank` orders rows of one project: basis, then source as in the codebook, then project_id and file. `role` is merged
    where a stronger list of the same basis has the project.
    """
    rows, findings = rows.copy(), []
    names = codebook.names("source")
    listed = distinct(rows["source"], lambda t: [names.get(key(t), [""])[0]], ["code"])["code"]
    unknown = (listed == "") & (rows["source"].str.strip() != "")
    findings.append(found("J10", rows[unknown], "source", rows["source"][unknown], NOT_STATED))
    rows["source_id"] = listed.where(
        listed != "", rows["card_source"].where(~unknown & (rows["card_source"] != ""), NOT_STATED)
    )
    text = distinct(rows["title"], lambda t: [key(t)], ["k"])["k"] + "|"
    text += distinct(rows["municipality"], lambda t: [key(t)], ["k"])["k"]
    keyed = rows["key"].str.strip() != ""
    own = rows["source_id"] + "-" + rows["key"].str.strip()
    hashed = text.map(lambda t: hashlib.sha256(t.encode()).hexdigest()[:8])
    own = own.where(keyed, rows["source_id"] + "-" + hashed)
    twice = rows.assign(own=own)[~keyed & own.duplicated(keep=False)]
    texts = [column for column in twice if twice[column].dtype == "str"]
    repeat = twice.sort_values(texts).groupby(["file", "own"]).cumcount() + 1
    own = own.where(
        ~own.index.isin(repeat[repeat > 1].index),
        own + "-" + repeat.reindex(own.index).astype("Int64").astype(str),
    )

    target = rows["merges_with"].str.strip()
    there = set(zip(own, rows["basis"], strict=True))
    fits = pd.Series([pair in there for pair in zip(target, rows["basis"], strict=True)], index=rows.index)
    lost = (target != "") & ~fits
    findings.append(found("J06", rows[lost], "merges_with", target[lost], own[lost]))
    rows["project_id"] = target.where(fits, own)
    rows["project_id"], continued = _continues(rows, cards)
    findings.append(continued)
    rows["same_as"], same_findings = _same_as(rows, cards)
    findings.append(same_findings)

    source_order = {code: i for i, code in enumerate(codebook.sources["source_id"])}
    rows["basis_rank"] = rows["basis"].map(BASES.index)
    rows["source_rank"] = rows["source_id"].map(source_order)
    strongest = rows.groupby(["project_id", "basis"])["source_rank"].transform("min")
    rows["role"] = pd.Series("used", index=rows.index).where(rows["source_rank"] == strongest, "merged")
    return rows, pd.concat(findings)


def _continues(rows: pd.DataFrame, cards: list[dict]) -> tuple[pd.Series, pd.DataFrame]:
    """project_id of each row, where a person confirmed on the card that it goes on under another name the earlier one; J06
    where the card names no one row, or no project of an other list of that basis."""
    ids, wrong = rows["project_id"].copy(), []
    for card in cards:
        there = set(rows.loc[(rows["file"] != card["list"]) & (rows["basis"] == card["basis"]), "project_id"])
        for link in card.get("continues", []):
            hit = (rows["file"] == card["list"]) & (rows[["key", "title"]] == link["row"]).any(axis=1)
            if hit.sum() == 1 and link["project"] in there:
                ids[hit] = link["project"]
            else:
                where = pd.DataFrame([{"file": card["list"], "sheet": "", "row": None}])
                wrong.append(found("J06", where, "continues", f"{link['row']} = {link['project']}"))
    return ids, pd.concat(wrong) if wrong else pd.DataFrame()


def _same_as(rows: pd.DataFrame, cards: list[dict]) -> tuple[pd.Series, pd.DataFrame]:
    """same_as of each row as its card states it, chains resolved to the strongest; J12 where it names nothing."""
    same, wrong = pd.Series("", index=rows.index), []
    if not any(card.get("same_as") for card in cards):
        return same, pd.DataFrame()
    strength = rows["basis"].map(BASES.index).groupby(rows["project_id"]).min()
    for card in cards:
        for link in card.get("same_as", []):
            hit = (rows["file"] == card["list"]) & (rows[["key", "title"]] == link["row"]).any(axis=1)
            weaker = strength.get(link["project"], len(BASES)) < BASES.index(card["basis"])
            if hit.any() and weaker:
                same[hit] = link["project"]
            else:
                where = pd.DataFrame([{"file": card["list"], "sheet": "", "row": None}])
                wrong.append(found("J12", where, "same_as", f"{link['row']} = {link['project']}"))
    chain = {a: b for a, b in zip(rows["project_id"], same, strict=True) if b}
    for _ in BASES:  # no chain is longer: every link leads to a stronger basis
        same = same.map(lambda name: chain.get(name, name))
    return same, pd.concat(wrong) if wrong else pd.DataFrame()


# ---------------------------------------------------------------- tables

GROUPS = {  # what is stated together comes from one row
    "title": ["title"],
    "municipality": ["municipality", "weights"],
    "theme": ["theme"],
    "start": ["start_from", "start_to", "start_precision"],
    "end": ["end_from", "end_to", "end_precision"],
    "status": ["status_code", "status"],
    "hours": ["hours_value"],
    "good_example": ["good_example"],
    "same_as": ["same_as"],
}


def one_per_list(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per project_id and file, and J07 where the rows of one project contradict each other.

    Rows of one list that share a stated key are one project; each group of fields comes from the smallest value stated,
    never from the position. Between lists of one basis the rows stay apart (Monitor.as_of takes each field from the
    strongest that states it), the contradiction is reported.
    """
    single = rows[~rows.duplicated(["project_id", "file"], keep=False)]
    merged, findings = [], []
    for _, group in rows[rows.duplicated(["project_id", "file"], keep=False)].groupby(["project_id", "file"]):
        first = group.sort_values(["source_rank", "sheet", "row"]).iloc[[0]].copy()
        for column, fields in GROUPS.items():
            stated = group[_states(group, column)]
            if len(stated):
                best = stated.sort_values(["source_rank", *fields]).iloc[0]
                first[fields] = pd.DataFrame([best[fields]], index=first.index).astype(first[fields].dtypes)
                other = stated[(stated[fields[0]] != best[fields[0]])]
                findings.append(_contradiction(other, column, best))
        merged.append(first)
    one = pd.concat([single, *merged]) if merged else single
    several = one[one.duplicated(["project_id", "basis"], keep=False)].sort_values(["source_rank", "file"])
    for _, group in several.groupby(["project_id", "basis"]):
        for column, fields in GROUPS.items():
            stated = group[_states(group, column)]
            if column in ("title", "good_example", "same_as") or stated["source_id"].nunique() < 2:
                continue
            best = stated.iloc[0]
            other = stated[(stated[fields[0]] != best[fields[0]]) & (stated["source_id"] != best["source_id"])]
            findings.append(_contradiction(other, column, best))
    return one, pd.concat(findings) if findings else pd.DataFrame()


def _states(rows: pd.DataFrame, column: str) -> pd.Series:
    lead = rows[GROUPS[column][0]]
    return lead.notna() & (lead.astype("str").str.strip() != "") & (lead.astype("str") != "unknown")


def _contradiction(other: pd.DataFrame, column: str, best: pd.Series) -> pd.DataFrame:
    return found("J07", other, column, other[column], best[column])


def placed(projects: pd.DataFrame, first_delivery: pd.Series, codebook: Codebook):
    """placement per project row, the placements table (weight as decimal text), and findings.

    A partnership stands for its members at the start of the project, else at its first delivery.
    """
    on = projects["start_from"].where(projects["start_from"] != "", first_delivery)
    free = projects["municipality"].map(key).isin(UNASSIGNED)
    parts = placed_parts(projects["municipality"].where(~free, ""), on, codebook)
    parts = parts.join(projects[["project_id", "file", "sheet", "row", "weights", "whole_country"]])
    elsewhere = (parts["how"] == "unknown") & parts["whole_country"] & (parts["did_you_mean"].str.len() == 0)
    parts["how"] = parts["how"].mask(
        elsewhere, "outside"
    )  # the card says so; what resembles a name of ours stays a question
    findings = place_findings(parts)
    # two places in one municipality are one; each partnership, unknown or outside part is one of its own
    one_place = (parts["gm_code"] != "") & ~parts["how"].isin(["partnership", "province"])
    names = parts["part"].mask(one_place, parts["gm_code"])
    named = names.groupby(level=0).nunique().reindex(projects.index, fill_value=0)
    ways = {
        way: parts["how"].eq(way).groupby(level=0).any().reindex(projects.index, fill_value=False)
        for way in parts["how"].unique()
    }
    any_code = parts["gm_code"].ne("").groupby(level=0).any().reindex(projects.index, fill_value=False)
    placement = pd.Series("unknown", index=projects.index)
    placement = placement.mask(any_code, "several").mask(any_code & (named == 1), "one")
    for way in ("partnership", "province"):
        if way in ways:
            placement = placement.mask(ways[way] & ((named == 1) | (way == "province")), way)
    for way in NO_PLACE:
        placement = placement.mask(
            parts["how"].eq(way).groupby(level=0).all().reindex(projects.index, fill_value=False), way
        )
    placement = placement.mask(free, "unassigned")
    table = parts[parts["gm_code"] != ""].copy()
    table["via"] = table["how"].where(table["how"].isin(["partnership", "province"]), "own")
    table["via_rank"] = table["via"].map(VIA.index)
    table = table.sort_values("via_rank", kind="stable")
    table = table[
        ~table.set_index([table["project_id"], table["file"], table["gm_code"], table["via"]]).index.duplicated()
    ]
    table = table[~((table["via"] == "province") & table.duplicated(["project_id", "file", "gm_code"]))]
    table["weight"], weight_findings = _weights(projects, table, codebook)
    return placement, table, pd.concat([findings, weight_findings])


UNASSIGNED = {"nog niet toegewezen", "niet toegewezen"}


def _weights(projects: pd.DataFrame, table: pd.DataFrame, codebook: Codebook) -> tuple[pd.Series, pd.DataFrame]:
    """Stated shares in the order of the municipalities in the cell; J09 and none where they do not sum to exactly 1."""
    weight, wrong = pd.Series("", index=table.index), []
    known = Places(codebook).known
    stated = projects["weights"].str.strip() != ""
    for at, row in projects[stated].iterrows():
        mine = table[(table.index == at) & (table["via"] == "own")]
        try:
            shares = [Decimal(text.strip().replace(",", ".")) for text in row["weights"].split(";")]
        except InvalidOperation:
            shares = []
        names = spans(row["municipality"], known) if len(mine) else []
        if sum(shares) == 1 and len(shares) == len(mine) == len(names) and min(shares) >= 0:
            by_part = dict(zip(names, shares, strict=True))
            weight[weight.index == at] = [str(by_part[part]) for part in mine["part"]]
        else:
            wrong.append(found("J09", projects.loc[[at]], "weights", row["weights"]))
    return weight, pd.concat(wrong) if wrong else pd.DataFrame()


def themed(projects: pd.DataFrame, codebook: Codebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The project_themes table and findings (J04 unknown theme, J05 excluded theme, J11 mapped by assumption)."""
    parts = themes(projects["theme"], codebook)
    parts = parts.join(projects[["project_id", "file", "sheet", "row"]])
    excluded = parts[parts["theme"] == codebook.theme_with("excluded")]
    lost = parts[~parts["known"]]
    aliases = codebook.aliases[(codebook.aliases["domain"] == "theme") & (codebook.aliases["assumption"] == "yes")]
    assumed = parts[parts["part"].map(key).isin({key(text) for text in aliases["text"]})]
    findings = [
        found("J04", lost, "theme", lost["part"], lost["theme"], lost["did_you_mean"]),
        found("J05", excluded, "theme", excluded["part"], excluded["theme"]),
        found("J11", assumed, "theme", assumed["part"], assumed["theme"]),
    ]
    silent = projects.loc[projects.index.difference(parts.index), ["project_id", "file", "sheet", "row"]]
    parts = pd.concat([parts, silent.assign(theme=codebook.theme_with("unknown"))])
    return parts.drop_duplicates(["project_id", "file", "theme"]), pd.concat(findings)


def theme_part(themes_of: pd.Series, codebook: Codebook) -> pd.Series:
    """one, several, unknown or outside per group of the index, after rolling up to columns.

    The excluded, the unknown and the municipal themes are ignored beside another one; outside = only the excluded theme.
    """
    columns = themes_of.map(codebook.column_of)
    excluded = columns == codebook.theme_with("excluded")
    real = columns[columns.isin(codebook.columns()) & (columns != codebook.theme_with("unknown"))]
    count = real.groupby(level=0).nunique().reindex(themes_of.index.unique(), fill_value=0)
    only_excluded = excluded.groupby(level=0).all().reindex(count.index)
    return count.map(lambda n: "one" if n == 1 else "several" if n else "unknown").mask(only_excluded, "outside")


STEPS = {
    "talk": "talk",
    "quotation": "quotation",
    "second_contact": "second_contact",
    "start": "running",
    "end": "completed",
}


def _day_after(day: str) -> list[str]:
    return [(datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()]


def conversations(rows: pd.DataFrame, codebook: Codebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per municipality, round and step: gm_code, round, step, date_from, date_to, precision; and findings.

    A row with a round is `planned`; each dated step adds one; the three approvals together make `agreed`, on the day of
    the last; `completed` holds from the day after the last day of the end. C14 where a step comes before the one it follows.
    """
    rows = rows[rows["round_value"].notna()]
    parts = placed_parts(rows["municipality"], rows["date"], codebook)
    findings = [place_findings(parts[parts["how"] == "unknown"].join(rows[["file", "sheet", "row"]]))]
    long = [rows.assign(step="planned", date_from="", date_to="", precision="")]
    for column, step in STEPS.items():
        here = rows[rows[f"{column}_from"] != ""]
        when = {f"date_{edge}": here[f"{column}_{edge}"] for edge in ("from", "to")}
        if step == "completed":  # a period has ended after its last day
            when = dict.fromkeys(when, distinct(here["end_to"], _day_after, ["day"])["day"])
        long.append(here.assign(step=step, **when, precision=here[f"{column}_precision"]))
    approvals = rows[[f"approval_{i}_from" for i in (1, 2, 3)]]
    all_three = rows[(approvals != "").all(axis=1)]
    last = (
        all_three[[f"approval_{i}_from" for i in (1, 2, 3)]].idxmax(axis=1) if len(all_three) else pd.Series(dtype=str)
    )
    pick = {
        edge: pd.Series(
            [all_three.at[at, column.replace("_from", f"_{edge}")] for at, column in last.items()],
            index=last.index,
        )
        for edge in ("from", "to", "precision")
    }
    agreed = all_three.assign(step="agreed", date_from=pick["from"], date_to=pick["to"], precision=pick["precision"])
    long.append(agreed)
    order = ["talk_from", "quotation_from", "approval_1_from", "start_from", "end_from"]
    for before, after in itertools.pairwise(order):
        wrong = rows[(rows[before] != "") & (rows[after] != "") & (rows[after] < rows[before])]
        findings.append(found("C14", wrong, after.removesuffix("_from"), wrong[after], wrong[after]))
    steps = pd.concat(long).drop(columns=["round"]).rename(columns={"round_value": "round"})
    gm = parts.loc[parts["gm_code"] != "", ["gm_code"]]
    return steps.join(gm, how="inner"), pd.concat(findings)
