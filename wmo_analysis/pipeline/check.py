"""Fourth stage: doubts across rows become findings, and the accounts are closed: every row and every cent.

A broken law is our mistake, not the list's: it raises LawBroken and nothing is written.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wmo_analysis.codebook import Codebook, key
from wmo_analysis.errors import LawBroken
from wmo_analysis.pipeline.clean import Cleaned, Money
from wmo_analysis.pipeline.join import MERGED, SET_ASIDE, USED, Lists, Projects
from wmo_analysis.pipeline.stage import Column, Findings, coarse, groups, hashes, repeated, several
from wmo_analysis.pipeline.tables import Table
from wmo_analysis.schema import AMOUNTS, KINDS, PLACED, Finding, typed
from wmo_analysis.words import say, some

MOST_ALIKE = 5  # projects of one name that a finding names
MORE = "..."
NAMED = 3  # projects that a finding on a whole list names
MIXED = np.uint64(0x9E3779B97F4A7C15)  # an odd number with mixed bits, so that two hashes make one


# ---------------------------------------------------------------- doubts


def doubts(clean: Cleaned, lists: Lists, projects: Projects, project_of: np.ndarray, findings: Findings) -> None:
    """Findings that need more than one cell: C11 hours above the maximum of the source, C13 settled above granted,
    C16 negative amount, J08 the same name and place in two projects, J13 bookings, J14 perhaps one amount repeated."""
    _hours(clean, lists, projects, findings)
    here = np.flatnonzero(project_of >= 0)
    money, project = clean.money.take(here), project_of[here]
    negative = np.flatnonzero(money.read & (money.cents < 0))
    _tell_money(clean, money, "C16", negative, [str(cents) for cents in money.cents[negative].tolist()], findings)
    above = _settled_above_granted(clean, lists, money, project)
    _tell_money(clean, money, "C13", above, None, findings)
    _same_names(clean, projects, findings)
    _bookings(clean, lists, projects, money, project, findings)


def _hours(clean: Cleaned, lists: Lists, projects: Projects, findings: Findings) -> None:
    sources = lists.codebook.sources
    limits = dict(zip(sources["source_id"], pd.to_numeric(sources["max_hours"]), strict=True))
    limit = np.array([limits.get(code, np.nan) for code in lists.sources])
    row = projects.row("hours")
    over = clean.hours[row] > limit[projects.members.source[projects.lead]]
    hours = clean.rows.text("hours")
    findings.add("C11", projects.row()[over], "hours", hours, hours)


def _tell_money(
    clean: Cleaned, money: Money, code: str, which: np.ndarray, kept: list | None, findings: Findings
) -> None:
    """A finding on each of these amounts, in the column that it stands in; `kept` is the text as listed unless given."""
    for number, name in enumerate(AMOUNTS):
        mine = np.flatnonzero(money.column[which] == number)
        texts = [kept[each] for each in mine] if kept is not None else clean.rows.text(name)
        findings.add(code, money.at[which[mine]], name, clean.rows.text(name), texts)


def _settled_above_granted(clean: Cleaned, lists: Lists, money: Money, project: np.ndarray) -> np.ndarray:
    """The first settled amount of each project of which, in one list, more is settled than granted."""
    number = clean.rows.list[money.at]
    # in one list: two lists tell of two moments, and more may have been granted in between
    group, count = groups([project, lists.credit[number], number])
    sums, there = {}, {}
    for kind in ("granted", "settled"):
        here = (money.kind == KINDS.index(kind)) & money.read
        sums[kind] = np.zeros(count, dtype=np.int64)
        np.add.at(sums[kind], group[here], money.cents[here])
        there[kind] = np.bincount(group[here], minlength=count) > 0
    above = there["granted"] & there["settled"] & (sums["settled"] > sums["granted"])
    settled = np.flatnonzero((money.kind == KINDS.index("settled")) & above[group])
    _, first = np.unique(project[settled], return_index=True)
    return settled[first]


def _bookings(
    clean: Cleaned, lists: Lists, projects: Projects, money: Money, project: np.ndarray, findings: Findings
) -> None:
    """One finding per list on amounts of one project that only their rows tell apart, not a kind or a day; they are added
    up: J13 where they differ, J14 where they are equal, as of an amount that is repeated for each participant."""
    number = clean.rows.list[money.at]
    group, count = groups([project, number, money.kind, money.first, money.last])
    lowest, highest = np.full(count, np.iinfo(np.int64).max), np.full(count, np.iinfo(np.int64).min)
    np.minimum.at(lowest, group, money.cents)
    np.maximum.at(highest, group, money.cents)
    together = several(group, count) & money.read & (money.cents != 0)
    equal = (lowest == highest)[group]
    for code, rows in (("J13", together & ~equal), ("J14", together & equal)):
        for each in np.unique(number[rows]).tolist():
            found = np.unique(project[rows & (number == each)])
            ids = projects.members.ids.spellings.take(pa.array(found[:NAMED])).to_pylist()
            findings.of_list(code, each, "key", some(ids, len(found)))


def _same_names(clean: Cleaned, projects: Projects, findings: Findings) -> None:
    """J08, once for all projects of one name and place: candidates have equal 64-bit hashes of both; the real texts
    decide."""
    title = clean.rows.text("title").take(projects.row("title"))
    place = clean.rows.text("municipality").take(projects.row("municipality"))
    numbers = [hashes(column.spellings, coarse)[column.codes] for column in (title, place)]
    maybe = repeated(numbers[0] * MIXED + numbers[1])
    texts = zip(title.texts(maybe).to_pylist(), place.texts(maybe).to_pylist(), strict=True)
    names = pd.Series([f"{key(a)}|{key(b)}" for a, b in texts], dtype="str")
    ids = projects.members.ids.take(projects.lead[maybe]).pandas()
    same = projects.members.same_as.take(projects.by["same_as"][maybe]).pandas()
    table = pd.DataFrame({"name": names, "id": ids, "one": same.where(same != "", ids)})
    alike = table[table.groupby("name")["one"].transform("nunique") > 1].sort_values(["name", "id"])
    if alike.empty:
        return
    first = maybe[alike.drop_duplicates("name").index]
    told = alike.groupby("name")["id"].agg(_few).tolist()
    findings.add("J08", projects.row()[first], "title", title.texts(first).to_pandas(), told)


def _few(ids: pd.Series) -> str:
    """How many projects have one name, and the first of their ids."""
    names = ids.unique()
    shown = list(names[:MOST_ALIKE])
    if len(names) > MOST_ALIKE:
        shown.append(MORE)
    return f"{say('check.alike', count=len(names))}: {' | '.join(shown)}"


# ---------------------------------------------------------------- findings and ledger


def findings(parts: list[pd.DataFrame], told: Iterable[Finding], codebook: Codebook) -> pd.DataFrame:
    """The findings table: severity from the catalogue, and an id from code, place and text.

    Raises KeyError for a code that the catalogue lacks.
    """
    frames = [*parts, pd.DataFrame([vars(each) for each in told])]
    table = typed("findings", pd.concat(frames, ignore_index=True)).drop_duplicates(ignore_index=True)
    severity = dict(zip(codebook.findings["code"], codebook.findings["severity"], strict=True))
    table["severity"] = table["code"].map(severity)
    if table["severity"].isna().any():
        raise KeyError(f"not in the catalogue: {sorted(set(table['code']) - set(severity))}")
    told = ("code", "file", "sheet", "column", "listed", "kept")
    texts = zip(*(table[column].to_numpy(dtype=object) for column in told), strict=True)
    hashes = [hashlib.sha256("\x1f".join(text).encode()).hexdigest()[:8] for text in texts]
    table["finding_id"] = table["code"] + "-" + pd.Series(hashes, index=table.index, dtype="str")
    # one text on two rows is found twice: the row is not in the id, or it would change with every row put above it
    repeat = table.sort_values("row").groupby("finding_id").cumcount().reindex(table.index) + 1
    again = repeat > 1
    table.loc[again, "finding_id"] += "-" + repeat[again].astype("str")
    return table


def ledger(
    clean: Cleaned, lists: Lists, fates: np.ndarray, money_fate: np.ndarray, unread: list[tuple]
) -> pd.DataFrame:
    """One row per list: rows and cents in, and what became of them.

    `fates` are those of the rows, `money_fate` of the amounts; `cents_in` is what the grammar accepted, before the join.
    `unread` are (file, basis, rows) of lists that could not be read: what rows could be counted are set aside.
    """
    count, number = len(lists.cards), clean.rows.list
    table = pd.DataFrame({"file": lists.files.pandas(), "basis": lists.bases.pandas()})
    table["rows_in"] = np.bincount(number, minlength=count)
    money, mine = clean.money, number[clean.money.at]
    table["cents_in"] = _sums(mine, money.cents, money.read, count)
    table["cells_unread"] = np.bincount(mine[~money.read], minlength=count)
    for fate, name in ((USED, "used"), (MERGED, "merged"), (SET_ASIDE, "set_aside")):
        table[f"rows_{name}"] = np.bincount(number[fates == fate], minlength=count)
        table[f"cents_{name}"] = _sums(mine, money.cents, money.read & (money_fate == fate), count)
    nothing = pd.DataFrame(unread, columns=["file", "basis", "rows_in"])
    nothing["rows_set_aside"] = nothing["rows_in"]  # and no cents: what was not read is in no sum
    counts = table.columns.difference(["file", "basis"])
    return typed("ledger", pd.concat([table, nothing], ignore_index=True).fillna(dict.fromkeys(counts, 0)))


def _sums(group: np.ndarray, cents: np.ndarray, which: np.ndarray, count: int) -> np.ndarray:
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, group[which], cents[which])
    return sums


# ---------------------------------------------------------------- laws


def laws(tables: dict[str, Table], account: pd.DataFrame, codebook: Codebook) -> None:
    """Raises LawBroken when rows or cents do not foot, a key repeats, or a code is not in the codebook."""
    for unit in ("rows", "cents"):
        parts = account[[f"{unit}_used", f"{unit}_merged", f"{unit}_set_aside"]].sum(axis=1)
        _hold((account[f"{unit}_in"] == parts).all(), f"{unit}: in is not used + merged + set aside")
    counted = account["cents_used"].sum() + account["cents_merged"].sum()
    _hold((pc.sum(tables["amounts"]["cents"]).as_py() or 0) == counted, "cents lost")
    projects, sources = tables["projects"], tables["project_sources"]
    known: dict[int, np.ndarray] = {}
    where = _numbers(sources, "file", "sheet", known) + sources["row"].to_numpy().astype(np.uint64)
    _hold(len(pd.unique(where)) == len(where), "a row of a list stands twice")
    entries = _numbers(projects, "project_id", "file", known)
    _hold(len(pd.unique(entries)) == len(entries), "project_id and file repeat")
    for name in ("placements", "conversations"):
        codes = pc.unique(tables[name]["gm_code"].texts()).to_pylist()
        _hold(set(codes) <= set(codebook.gm_codes), f"{name}: gm_code outside the codebook")
    placed = projects["placement"].each(PLACED.__contains__, bool)
    _hold(_within(entries[placed], tables["placements"], known), "a placed project lost its place")
    _hold(_within(entries, tables["project_themes"], known), "a project lost its theme")


def _hold(holds: bool, text: str) -> None:
    if not holds:
        raise LawBroken(text)


def _numbers(table: Table, first: str, second: str, known: dict[int, np.ndarray]) -> np.ndarray:
    """64 bits for the texts of two columns of each row."""
    return _hashed(table[first], known) * MIXED + _hashed(table[second], known)


def _hashed(column: Column, known: dict[int, np.ndarray]) -> np.ndarray:
    """The hashes of a column. All tables share their ids, which are a million: each array of texts is hashed once."""
    name = id(column.spellings)
    if name not in known:
        known[name] = hashes(column.spellings)
    return known[name][column.codes]


def _within(entries: np.ndarray, table: Table, known: dict[int, np.ndarray]) -> bool:
    """Whether the table has a row of every entry."""
    there = pa.array(_numbers(table, "project_id", "file", known))
    return bool(pc.all(pc.is_in(pa.array(entries), value_set=there), min_count=0).as_py())
