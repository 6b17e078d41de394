"""Budget: what is asked, committed, settled and free of the credit, and adviser hours against their maximum."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wmo_analysis.days import NEVER, day, iso
from wmo_analysis.errors import must_be_one
from wmo_analysis.measure._coverage import tiles
from wmo_analysis.measure._figure import COMMITTED, kinds_of
from wmo_analysis.measure._shape import flags, flags_of, shape
from wmo_analysis.measure._texts import listed as listed_of
from wmo_analysis.measure.parts import LEANS_ON, footing
from wmo_analysis.monitor import Monitor
from wmo_analysis.monitor.facts import Money
from wmo_analysis.monitor.pool import Pool
from wmo_analysis.schema import KINDS, STATUSES, VOID
from wmo_analysis.words import say

ASKED = "asked [EUR cent], granted [EUR cent], settled [EUR cent]"
APART = "asked_void [EUR cent], granted_void [EUR cent]"
PARTS = shape(
    "code", f"code, label, part, projects [projects], {ASKED}, committed [EUR cent], share [%], invented, partly"
)
SHAPES = {
    "budget": shape("item", "item, label, cents [EUR cent], approximate, invented, partly"),
    **dict.fromkeys(("budget.theme", "budget.region", "budget.source", "budget.municipality"), PARTS),
    "budget.time": shape("date", f"date, {ASKED}, committed [EUR cent], free [EUR cent], invented, partly"),
    "budget.listed": shape("source_id", f"source_id, label, projects [projects], {ASKED}, {APART}, invented, partly"),
    "hours": shape("project", "project, title, source_id, source, place, hours [h], limit [h], over [h], invented"),
}
VIEWS = ("", "theme", "region", "source", "municipality", "time", "listed")
MONEY = (*KINDS, COMMITTED)
GRANTED, SETTLED = KINDS.index("granted"), KINDS.index("settled")


def budget(monitor: Monitor, by: str = "", credit: str = "") -> pd.DataFrame:
    """The credit: asked, committed (settled, else granted), free and over; also over time, divided, or off the credit.

    Kinds are never added; asked stands apart. A rejected, withdrawn or preselected project commits only what is settled.
    Free is the allocation less everything committed under the basis filter alone, negative when over; other filters narrow
    only what is shown as committed. Where no list that the basis filter leaves states an amount on the credit, all but the
    allocation is missing, never 0. Per project all kinds come from the strongest row in force with an amount on the
    credit; an amount counts from its first day. The allocation is approximate, and so is what is free.

    Returns
    -------
    by="": item (asked, granted, settled, committed, free, over, allocation), label, cents [EUR cent], approximate, invented
    (bool: every amount behind it is made up); granted and settled are the two parts of committed.
    by="theme" | "region" | "source" | "municipality": code, label, part (part, undivided, outside, total), projects, asked,
    granted, settled, committed [EUR cent], share [% of committed], invented; parts and undivided rows foot to the total.
    by="time": date, asked, granted, settled, committed, free [EUR cent, cumulative], invented (up to that day).
    by="listed": source_id, label, projects, asked, granted, settled, asked_void, granted_void [EUR cent] of amounts that are
    on no credit, invented; what a rejected or withdrawn project asked or was granted is void, and stands apart.
    Beside invented (bool: all of it) stands partly (bool: a part of it is made up).

    Raises
    ------
    WmoError for another `by` or an unknown credit.

    Source: L1-037, L1-038; docs/rules.md, The credit.
    """
    must_be_one("by", by, VIEWS)
    credits = monitor.codebook.credits.set_index("credit_id")
    credit = credit or credits.index[0]
    must_be_one("credit", credit, credits.index)
    more = {"by": by, "credit": monitor.codebook.label("credit", credit, monitor.language)}
    allocation = int(credits.at[credit, "allocation_cents"])
    money = account(monitor, credit).money
    if by == "listed":
        table, money = _listed(monitor), account(monitor, "").money
    elif by == "time":
        table, more = _over_time(monitor, credit, allocation), more | {"allocation": allocation}
    elif by:
        table, more = _divided(monitor, credit, by), more | tiles(monitor, by)
    else:  # what is free is made of every amount that the basis filter leaves
        table = _whole(monitor, credit, allocation, credits.at[credit, "approximate"] == "yes")
        money = of_basis(monitor, credit).money
    made = monitor.made_of_amounts(money, LEANS_ON.get(by, ()))
    return monitor.cite(table, "budget", **more, **made)


CA = ("free", "over", "allocation")  # as approximate as the allocation is


def _whole(monitor: Monitor, credit: str, allocation: int, approximate: bool) -> pd.DataFrame:
    mine, basis = account(monitor, credit), of_basis(monitor, credit)
    _, sums = commitments(mine)
    _, whole = commitments(basis)
    free = allocation - int(whole[:, -1].sum())
    items = dict(zip(MONEY, sums.sum(axis=0).tolist(), strict=True)) | {"free": free, "over": max(-free, 0)}
    if not stated(monitor, credit):
        items = dict.fromkeys(items)
    behind = dict.fromkeys(MONEY, mine.money) | {"free": basis.money, "over": basis.money}
    rows = []
    for item, cents in items.items():
        made_up = False, False
        if cents:  # nothing is made up about a figure of 0
            made_up = flags_of(monitor.facts.example[behind[item].at])
        rows.append((item, say(f"budget.{item}", monitor.language), cents, approximate and item in CA, *made_up))
    rows.append(("allocation", say("budget.allocation", monitor.language), allocation, approximate, False, False))
    return SHAPES["budget"].table(rows)


def _divided(monitor: Monitor, credit: str, by: str) -> pd.DataFrame:
    mine = account(monitor, credit)
    projects, sums = commitments(mine)
    money, example = pd.DataFrame(sums, columns=list(MONEY)), monitor.facts.example[mine.money.at]
    real = np.isin(projects, mine.money.project[~example]).astype(int)
    made_up = np.isin(projects, mine.money.project[example]).astype(int)
    table = footing(monitor, projects, money.assign(real=real, made_up=made_up), by, COMMITTED)
    # a project with shares stands in rows where it counts as none, so its cents tell too
    filled = (table["projects"] > 0) | table[list(MONEY)].ne(0).any(axis=1)
    real, made_up = table.pop("real") > 0, table.pop("made_up") > 0
    table["invented"], table["partly"] = (filled & ~real).astype(bool), (filled & real & made_up).astype(bool)
    if not stated(monitor, credit):
        table[list(money)] = pd.DataFrame(pd.NA, index=table.index, columns=list(money), dtype="Int64")
    return table


@dataclass(frozen=True, eq=False)
class Account:
    """The amounts of a credit that count on a date, and the projects that they are of."""

    pool: Pool
    money: Money

    @property
    def settled_since(self) -> np.ndarray:
        """Of each amount the day on which its project was first settled, else NEVER."""
        settled, since = self.money.kind == SETTLED, np.full(len(self.pool), NEVER)
        np.minimum.at(since, self.money.project[settled], self.money.day[settled])
        return since[self.money.project]

    @property
    def never(self) -> np.ndarray:
        """Whether each amount is of a project that commits nothing but what is settled."""
        return self.pool.never[self.money.project]


def account(monitor: Monitor, credit: str) -> Account:
    """What the projects of the selection have on that credit ('' = off the credit)."""
    return _account(monitor, credit, monitor.keep)


def of_basis(monitor: Monitor, credit: str) -> Account:
    """The same under the basis filter alone: what is free does not depend on the other filters."""
    return _account(monitor, credit, np.ones(len(monitor.pool), dtype=bool))


def _account(monitor: Monitor, credit: str, keep: np.ndarray) -> Account:
    """Of each project kept the amounts of its strongest row with one on that credit, and of that row in the other parts
    of its source, booked at or before the date."""
    every, pool = monitor.facts.amounts[credit], monitor.pool
    every = dataclasses.replace(every, project=pool.home[every.at])
    # what is not in force has -1 for its project, and finds the False at the end
    money = every.take(np.append(keep, False)[every.project] & (every.day <= day(monitor.date)))
    # two lists may state the amounts of one project: of both together it would be paid twice
    strongest = np.full(len(pool), len(pool.home))
    np.minimum.at(strongest, money.project, money.at)
    # what parts of one source state is not the same money
    thing, apart = monitor.facts.thing[money.at], monitor.facts.told_apart[money.at]
    first = np.full(monitor.facts.told_apart.max(initial=-1) + 1, len(pool.home))
    np.minimum.at(first, apart, money.at)
    same = thing == monitor.facts.thing[strongest[money.project]]
    return Account(pool, money.take(same & (money.at == first[apart])))


def stated(monitor: Monitor, credit: str) -> bool:
    """Whether a list in force that the basis filter leaves states any amount on the credit, begun or not: else the
    amounts are unknown, not 0."""
    return bool((monitor.pool.home[monitor.facts.amounts[credit].at] >= 0).any())


def commitments(account: Account) -> tuple[np.ndarray, np.ndarray]:
    """Projects with an amount (their places in the pool), and [project, MONEY]: asked, granted, settled, committed [EUR
    cent].

    granted and settled are the parts of committed: granted is 0 once something is settled.
    """
    money = account.money
    projects, at = np.unique(money.project, return_inverse=True)
    sums = np.zeros((len(projects), len(MONEY)), dtype=np.int64)
    np.add.at(sums, (at, money.kind), np.where(void(account), 0, money.cents))
    sums[:, -1] = sums[:, GRANTED] + sums[:, SETTLED]
    return projects, sums


def void(account: Account) -> np.ndarray:
    """Whether each amount is a grant that commits nothing: what is settled takes its place, or nobody promised it."""
    return (account.money.kind == GRANTED) & ((account.settled_since < NEVER) | account.never)


def committed_of(monitor: Monitor, at: np.ndarray) -> pd.arrays.IntegerArray:
    """What each of the projects `at` commits of the first credit [EUR cent; missing without an amount]."""
    projects, sums = commitments(account(monitor, monitor.codebook.credit["credit_id"]))
    cents, missing = np.zeros(len(monitor.pool), dtype=np.int64), np.ones(len(monitor.pool), dtype=bool)
    cents[projects], missing[projects] = sums[:, -1], False
    return pd.arrays.IntegerArray(cents[at], missing[at])


def _over_time(monitor: Monitor, credit: str, allocation: int) -> pd.DataFrame:
    mine, whole = account(monitor, credit), of_basis(monitor, credit)
    days = np.unique(mine.money.day)
    money = _cumulative(mine, days)
    table = pd.DataFrame(money, columns=list(KINDS)).assign(committed=money[:, 1:].sum(axis=1))
    table = table.assign(free=allocation - _cumulative(whole, days)[:, 1:].sum(axis=1)).astype("Int64")
    table.insert(0, "date", pd.array(list(map(iso, days.tolist())), dtype="str"))
    made_up = monitor.facts.example[mine.money.at]
    real, example = (np.searchsorted(np.sort(mine.money.day[of]), days, side="right") for of in (~made_up, made_up))
    told = np.array([flags(*counts) for counts in zip(real, example, strict=True)], dtype=bool).reshape(-1, 2)
    return table.assign(invented=told[:, 0], partly=told[:, 1])


def _cumulative(account: Account, days: np.ndarray) -> np.ndarray:
    """[day, kind] cents up to each of the days; what is granted ends on the day that its project is first settled."""
    money, (counts, until) = account.money, spans(account)
    ends = counts & (until < NEVER)
    sums = np.zeros((len(days) + 1, len(KINDS)), dtype=np.int64)  # the last row is for what ends after all days
    np.add.at(sums, (np.searchsorted(days, money.day[counts]), money.kind[counts]), money.cents[counts])
    np.add.at(sums, (np.searchsorted(days, until[ends]), money.kind[ends]), -money.cents[ends])
    return sums[:-1].cumsum(axis=0)


def spans(account: Account) -> tuple[np.ndarray, np.ndarray]:
    """(whether each amount counts on any day, the first day on which it counts no more, NEVER for most)."""
    money, since = account.money, account.settled_since
    granted = money.kind == GRANTED
    counts = ~granted | ((money.day < since) & ~account.never)
    # a grant falls away on the day that its project is first settled, else the two would stand beside each other
    return counts, np.where(granted, since, NEVER)


LISTED = {  # column of by="listed" -> (kind, whether of projects of which the amounts are void; None = of all)
    "asked": ("asked", False),
    "granted": ("granted", False),
    "settled": ("settled", None),
    "asked_void": ("asked", True),
    "granted_void": ("granted", True),
}


def listed(account: Account, column: str) -> np.ndarray:
    """Whether each amount stands in that column of by="listed"."""
    kind, void_too = LISTED[column]
    mine = kinds_of(account.money, kind)
    if void_too is None:
        return mine
    return mine & (np.isin(STATUSES, VOID)[account.pool.status[account.money.project]] == void_too)


def _listed(monitor: Monitor) -> pd.DataFrame:
    mine = account(monitor, "")
    money, rows = mine.money, []
    source = monitor.pool.source[money.project]
    for at in np.unique(source):
        here, sums = source == at, dict.fromkeys(LISTED)  # no amount of a kind is not an amount of 0
        for column, (kind, _) in LISTED.items():
            if (here & kinds_of(money, kind)).any():
                sums[column] = int(money.cents[here & listed(mine, column)].sum())
        code, projects = monitor.codebook.source_ids[at], len(np.unique(money.project[here]))
        made_up = flags_of(monitor.facts.example[money.at[here]])
        rows.append((code, monitor.label("source", code), projects, *sums.values(), *made_up))
    kinds = {"source_id": "str", "label": "str", "invented": "bool", "partly": "bool"}
    return SHAPES["budget.listed"].table(rows).astype(kinds)


def hours(monitor: Monitor) -> pd.DataFrame:
    """Adviser hours per project against the maximum of its source (150 per project for Burgers Betrekken, L1-018).

    Projects that state hours, or whose source has a maximum; the maximum is per project, not per municipality.

    Returns
    -------
    project, title, source_id, source, place, hours [h; missing when not stated], limit [h; missing without a maximum], over
    [h above the limit, 0 within it; missing when unknown], invented (bool); most hours first, not stated last.

    Source: L1-018; docs/rules.md, Odds and ends.
    """
    pool = monitor.pool
    limits = pd.to_numeric(monitor.codebook.sources["max_hours"]).astype("Float64").array
    limit, hours = limits.take(pool.source), pool.column("hours")
    at = np.flatnonzero(monitor.keep & (~hours.isna() | (~limit.isna() & ~pool.never)))
    over = pd.Series(hours.take(at) - limit.take(at)).clip(lower=0)
    # the row that states the hours may be another one than the row that leads
    invented = monitor.facts.example[pool.row["hours"][at]] & ~hours.take(at).isna()
    table = listed_of(monitor, at, SHAPES["hours"], limit=limit.take(at), over=over, invented=invented)
    table = table.sort_values(["hours", "title"], ascending=[False, True], na_position="last", ignore_index=True)
    made = monitor.made_of_projects(np.isin(np.arange(len(pool)), at), "hours", leans=())
    return monitor.cite(table.astype({"over": "Float64"}), "hours", **made)
