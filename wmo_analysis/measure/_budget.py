"""Budget: what is asked, committed, settled and free of the credit, and adviser hours against their maximum."""

import numpy as np
import pandas as pd

from wmo_analysis.errors import WmoError
from wmo_analysis.measure._coverage import tiles
from wmo_analysis.measure._parts import footing
from wmo_analysis.monitor import Monitor
from wmo_analysis.monitor.facts import day, iso
from wmo_analysis.schema import KINDS, NEVER_COUNTS, PLACEMENTS, STATUSES
from wmo_analysis.words import say

VIEWS = ("", "theme", "region", "source", "municipality", "time", "listed")


def budget(monitor: Monitor, by: str = "", credit: str = "") -> pd.DataFrame:
    """The credit: asked, committed (settled, else granted), free and over; also over time, divided, or off the credit.

    Kinds are never added; asked stands apart. A rejected, withdrawn or preselected project commits only what is settled.
    Free is the allocation less everything committed under the basis filter alone, negative is `over`; other filters narrow
    only what is shown as committed. Where no list that the basis filter leaves states an amount on the credit, all but the
    allocation is missing, never 0. Per project all kinds come from the strongest row in force with an amount on the
    credit; an amount counts from its first day. The allocation is approximate, and so is what is free.

    Returns
    -------
    by="": item (asked, granted, settled, committed, free, over, allocation), label, cents [EUR cent], approximate; granted
    and settled are the two parts of committed.
    by="theme" | "region" | "source" | "municipality": code, label, part (part, undivided, outside, total), projects, asked,
    granted, settled, committed [EUR cent], share [% of committed]; the parts and the undivided rows foot to the total.
    by="time": date, asked, granted, settled, committed, free [EUR cent, cumulative].
    by="listed": source_id, label, projects, asked, granted, settled [EUR cent] of amounts that are on no credit.

    Raises
    ------
    WmoError for another `by` or an unknown credit.

    Source: L1-037, L1-038; docs/rules.md, The credit.
    """
    if by not in VIEWS:
        raise WmoError(f"Onbekende waarde voor by: {by}. Mogelijk zijn: {', '.join(VIEWS[1:])}.")
    credits = monitor.codebook.credits.set_index("credit_id")
    credit = credit or credits.index[0]
    if credit not in credits.index:
        raise WmoError(f"Onbekende waarde voor credit: {credit}. Mogelijk zijn: {', '.join(credits.index)}.")
    more = {"by": by, "credit": monitor.codebook.label("credit", credit, monitor.language)}
    if by == "listed":
        return monitor.cite(_listed(monitor), "budget", **more)
    allocation = int(credits.at[credit, "allocation_cents"])
    if by == "time":
        return monitor.cite(_over_time(monitor, credit, allocation), "budget", allocation=allocation, **more)
    projects, money = per_project(monitor, credit)
    known = stated(monitor, credit)
    if by:
        more |= {"tiles": tiles(monitor)} if by == "municipality" else {}
        table = footing(monitor, projects, money, by, "committed")
        table = table if known else table.assign(**dict.fromkeys(money, pd.array([pd.NA] * len(table), dtype="Int64")))
        return monitor.cite(table, "budget", **more)
    free = allocation - int(per_project(_basis_only(monitor), credit)[1]["committed"].sum())
    approximate = credits.at[credit, "approximate"] == "yes"
    rows = [(item, int(money[item].sum()), False) for item in ("asked", "granted", "settled", "committed")]
    rows += [
        ("free", max(free, 0), approximate),
        ("over", max(-free, 0), approximate),
        ("allocation", allocation, approximate),
    ]
    table = pd.DataFrame(rows, columns=["item", "cents", "approximate"]).astype({"cents": "Int64"})
    if not known:
        table.loc[table["item"] != "allocation", "cents"] = pd.NA
    table.insert(1, "label", [say(f"budget.{item}", monitor.language) for item in table["item"]])
    return monitor.cite(table, "budget", **more)


def counted(monitor: Monitor, credit: str) -> dict[str, np.ndarray]:
    """project (its place in the pool), kind (in KINDS), cents and day of the amounts that count: of each project those of
    its strongest row with an amount on that credit ('' = off the credit), booked at or before the date."""
    pool, money = monitor.pool, monitor.facts.amounts[credit]
    project = pool.home[money["at"]]
    here = np.flatnonzero(
        (project >= 0) & np.append(monitor.keep, False)[project] & (money["day"] <= day(monitor.date))
    )
    money = {name: values[here] for name, values in money.items()} | {"project": project[here]}
    strongest = np.full(len(pool), len(pool.home))
    np.minimum.at(strongest, money["project"], money["at"])
    counts = money["at"] == strongest[money["project"]]
    return {name: values[counts] for name, values in money.items()}


def stated(monitor: Monitor, credit: str) -> bool:
    """Whether a list in force that the basis filter leaves states any amount on the credit, begun or not: else the
    amounts are unknown, not 0."""
    whole = _basis_only(monitor)
    project = whole.pool.home[monitor.facts.amounts[credit]["at"]]
    return bool((np.append(whole.keep, False)[project]).any())


def committing(monitor: Monitor, credit: str) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """`counted`; the day of each amount on which its project was first settled; and which of the amounts are of a
    project that commits nothing but what is settled."""
    money = counted(monitor, credit)
    settled, since = money["kind"] == KINDS.index("settled"), np.full(len(monitor.pool), 99999999)
    np.minimum.at(since, money["project"][settled], money["day"][settled])
    never = np.isin(monitor.pool.status, [STATUSES.index(name) for name in NEVER_COUNTS])
    return money, since[money["project"]], never[money["project"]]


def per_project(monitor: Monitor, credit: str) -> tuple[np.ndarray, pd.DataFrame]:
    """Projects with an amount on the credit (their places in the pool), and their asked, granted, settled, committed [EUR
    cent].

    granted and settled are the parts of committed: granted is 0 once something is settled.
    """
    money, since, never = committing(monitor, credit)
    projects, at = np.unique(money["project"], return_inverse=True)
    void = (money["kind"] == KINDS.index("granted")) & ((since < 99999999) | never)
    sums = np.zeros(len(projects) * len(KINDS), dtype=np.int64)
    np.add.at(sums, at * len(KINDS) + money["kind"], np.where(void, 0, money["cents"]))
    cents = pd.DataFrame(sums.reshape(-1, len(KINDS)), columns=list(KINDS))
    return projects, cents.assign(committed=cents["granted"] + cents["settled"])


def committed_of(monitor: Monitor) -> pd.Series:
    """What each project commits of the first credit [EUR cent; missing without an amount], index = project."""
    projects, money = per_project(monitor, monitor.codebook.credits["credit_id"].iloc[0])
    committed = pd.Series(pd.NA, index=monitor.pool.frame.index, dtype="Int64")
    committed.iloc[projects] = money["committed"].array
    return committed[monitor.keep]


def _over_time(monitor: Monitor, credit: str, allocation: int) -> pd.DataFrame:
    days = np.unique(counted(monitor, credit)["day"])
    money, whole = (_cumulative(m, credit, days) for m in (monitor, _basis_only(monitor)))
    table = pd.DataFrame(money, columns=list(KINDS)).assign(committed=money[:, 1:].sum(axis=1))
    table = table.assign(free=allocation - whole[:, 1:].sum(axis=1)).astype("Int64")
    table.insert(0, "date", pd.array([iso(int(date)) for date in days], dtype="str"))
    return table


def _cumulative(monitor: Monitor, credit: str, days: np.ndarray) -> np.ndarray:
    """[day, kind] cents up to each of the days; what is granted ends on the day that its project is first settled."""
    money, since, never = committing(monitor, credit)
    granted = money["kind"] == KINDS.index("granted")
    sums = np.zeros((len(days) + 1, len(KINDS)), dtype=np.int64)
    counts = ~granted | ((money["day"] < since) & ~never)
    kind, cents, ends = money["kind"][counts], money["cents"][counts], (granted & (since < 99999999))[counts]
    np.add.at(sums, (np.searchsorted(days, money["day"][counts]), kind), cents)
    np.add.at(sums, (np.searchsorted(days, since[counts][ends]), kind[ends]), -cents[ends])
    return sums[:-1].cumsum(axis=0)


def _basis_only(monitor: Monitor) -> Monitor:
    """The monitor under its basis filter alone: what is free does not depend on the others."""
    return monitor.without("theme", "region", "municipality", "source", "round", "status")


def _listed(monitor: Monitor) -> pd.DataFrame:
    money, book = counted(monitor, ""), monitor.codebook
    source, kinds = monitor.pool.source[money["project"]], range(len(KINDS))
    rows = []
    for at in np.unique(source):
        here = source == at
        sums = [money["cents"][here & (money["kind"] == n)] for n in kinds]
        sums = [int(cents.sum()) if len(cents) else None for cents in sums]
        code, projects = book.source_ids[at], len(np.unique(money["project"][here]))
        rows.append((code, book.label("source", code, monitor.language), projects, *sums))
    table = pd.DataFrame(rows, columns=["source_id", "label", "projects", *KINDS])
    return table.astype(
        dict.fromkeys(("source_id", "label"), "str") | dict.fromkeys(KINDS, "Int64") | {"projects": "int64"}
    )


def hours(monitor: Monitor) -> pd.DataFrame:
    """Adviser hours per project against the maximum of its source (150 per project for Burgers Betrekken, L1-018).

    Projects that state hours, or whose source has a maximum; the maximum is per project, not per municipality.

    Returns
    -------
    project, title, source_id, source, place, hours [h; missing when not stated], limit [h; missing without a maximum], over
    [h above the limit, 0 within it; missing when unknown]; most hours first, not stated last.

    Source: L1-018; docs/rules.md, Odds and ends.
    """
    book, pool = monitor.codebook, monitor.pool
    limits = pd.to_numeric(book.sources["max_hours"]).astype("Float64").array
    limit, hours = limits.take(pool.source), pool.column("hours")
    never = np.isin(pool.status, [STATUSES.index(name) for name in NEVER_COUNTS])
    at = np.flatnonzero(monitor.keep & (~hours.isna() | (~limit.isna() & ~never)))
    table = pd.DataFrame({"project": pool.column("group", at), "title": pool.column("title", at)})
    table["source_id"] = pool.column("source_id", at)
    table["source"] = labels(monitor, pool.source[at])
    table["place"] = place_texts(monitor, at)
    table["hours"], table["limit"] = hours.take(at), limit.take(at)
    table["over"] = (table["hours"] - table["limit"]).clip(lower=0)
    table = table.sort_values(["hours", "title"], ascending=[False, True], na_position="last", ignore_index=True)
    return monitor.cite(table.astype({"over": "Float64"}), "hours")


def labels(monitor: Monitor, sources: np.ndarray):
    """The label of each source, given as its place in the codebook."""
    book = monitor.codebook
    return pd.array([book.label("source", code, monitor.language) for code in book.source_ids], dtype="str").take(
        sources
    )


def place_texts(monitor: Monitor, at: np.ndarray):
    """Where each of the projects `at` is, in words: municipalities, a partnership, 'provinciebreed', 'nog niet toegewezen',
    'onbekend'."""
    pool, texts = monitor.pool, monitor.facts.place_texts
    told = {
        name: say(f"placement.{name}", monitor.language) for name in ("province", "unassigned", "outside", "unknown")
    }
    told = [told.get(name, "") for name in PLACEMENTS]
    places = zip(pool.placement[at].tolist(), pool.place[at].tolist(), strict=True)
    return pd.array([told[placement] or texts[place] or told[-1] for placement, place in places], dtype="str")
