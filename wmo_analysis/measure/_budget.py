"""Budget: what is asked, committed, settled and free of the credit, and adviser hours against their maximum."""

import dataclasses

import pandas as pd

from wmo_analysis.errors import WmoError
from wmo_analysis.measure._parts import footing
from wmo_analysis.monitor import NEVER_COUNTS, Monitor
from wmo_analysis.words import say

KINDS = ["asked", "granted", "settled"]
VIEWS = ("", "theme", "region", "source", "municipality", "time", "listed")


def budget(monitor: Monitor, by: str = "", credit: str = "") -> pd.DataFrame:
    """The credit: asked, committed (settled, else granted), free and over; also over time, divided, or off the credit.

    Kinds are never added; asked stands apart. A rejected, withdrawn or preselected project commits only what is settled.
    Free is the allocation less everything committed under the basis filter alone, negative is `over`; other filters narrow
    only what is shown as committed. Per project all kinds come from the strongest row in force with an amount on the
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
    money = per_project(monitor, credit)
    if by:
        columns = ["asked", "granted", "settled", "committed"]
        return monitor.cite(footing(monitor, money[columns], by, "committed"), "budget", **more)
    free = allocation - int(per_project(_basis_only(monitor), credit)["committed"].sum())
    approximate = credits.at[credit, "approximate"] == "yes"
    rows = [(item, int(money[item].sum()), False) for item in ("asked", "granted", "settled", "committed")]
    rows += [
        ("free", max(free, 0), approximate),
        ("over", max(-free, 0), approximate),
        ("allocation", allocation, approximate),
    ]
    table = pd.DataFrame(rows, columns=["item", "cents", "approximate"]).astype({"cents": "Int64"})
    table.insert(1, "label", [say(f"budget.{item}", monitor.language) for item in table["item"]])
    return monitor.cite(table, "budget", **more)


def counted_amounts(monitor: Monitor, credit: str) -> pd.DataFrame:
    """group, kind, cents and date_from of the amounts that count: of each project those of its strongest row with an
    amount on that credit ('' = off the credit), booked at or before the date."""
    rows = monitor.rows[monitor.rows["group"].isin(monitor.projects.index)]
    rows = rows.assign(strength=range(len(rows)))[["project_id", "file", "group", "strength"]]
    money = monitor.tables["amounts"]
    money = money[(money["credit_id"] == credit) & (money["date_from"] <= monitor.date)]
    money = money[["project_id", "file", "kind", "cents", "date_from"]].merge(rows, on=["project_id", "file"])
    return money[money["strength"] == money.groupby("group")["strength"].transform("min")]


def per_project(monitor: Monitor, credit: str, until: str = "") -> pd.DataFrame:
    """asked, granted, settled, committed [EUR cent] per project with an amount on the credit, index = project.

    granted and settled are the parts of committed: granted is 0 once something is settled.
    """
    money = counted_amounts(monitor, credit)
    if until:
        money = money[money["date_from"] <= until]
    sums = money.groupby(["group", "kind"])["cents"].sum().unstack("kind").reindex(columns=KINDS)
    settled = sums["settled"].notna()
    never = monitor.projects["status"].isin(NEVER_COUNTS).reindex(sums.index)
    sums["granted"] = sums["granted"].where(~settled & ~never, 0)
    sums = sums.fillna(0).astype("Int64")
    return sums.assign(committed=sums["granted"] + sums["settled"])


def _basis_only(monitor: Monitor) -> Monitor:
    """The monitor under its basis filter alone: what is free does not depend on the others."""
    return dataclasses.replace(monitor, filters=tuple(f for f in monitor.filters if f[0] == "basis"))


def _over_time(monitor: Monitor, credit: str, allocation: int) -> pd.DataFrame:
    rows, whole = [], _basis_only(monitor)
    for date in sorted(counted_amounts(monitor, credit)["date_from"].unique()):
        money = per_project(monitor, credit, until=date).sum()
        free = allocation - int(per_project(whole, credit, until=date)["committed"].sum())
        rows.append({"date": date} | money.to_dict() | {"free": free})
    table = pd.DataFrame(rows, columns=["date", *KINDS, "committed", "free"])
    return table.astype(dict.fromkeys([*KINDS, "committed", "free"], "Int64"))


def _listed(monitor: Monitor) -> pd.DataFrame:
    money = counted_amounts(monitor, "").join(monitor.projects["source_id"], on="group")
    sums = money.groupby(["source_id", "kind"])["cents"].sum().unstack("kind").reindex(columns=KINDS)
    codes = [code for code in monitor.codebook.sources["source_id"] if code in sums.index]
    table = sums.reindex(codes).astype("Int64").reset_index()
    table.insert(1, "label", [monitor.codebook.label("source", code, monitor.language) for code in codes])
    table.insert(2, "projects", [money.loc[money["source_id"] == code, "group"].nunique() for code in codes])
    return table.rename_axis(columns=None)


def hours(monitor: Monitor) -> pd.DataFrame:
    """Adviser hours per project against the maximum of its source (150 per project for Burgers Betrekken, L1-018).

    Projects that state hours, or whose source has a maximum; the maximum is per project, not per municipality.

    Returns
    -------
    project, title, source_id, source, place, hours [h; missing when not stated], limit [h; missing without a maximum], over
    [h above the limit, 0 within it; missing when unknown]; most hours first, not stated last.

    Source: L1-018; docs/rules.md, Odds and ends.
    """
    book, here = monitor.codebook, monitor.projects
    limits = pd.to_numeric(book.sources.set_index("source_id")["max_hours"]).astype("Float64")
    limit = here["source_id"].map(limits).astype("Float64")
    keep = here["hours"].notna() | (limit.notna() & ~here["status"].isin(NEVER_COUNTS))
    table = here[keep].reset_index(names="project")[["project", "title", "source_id", "hours"]]
    table["limit"] = limit[keep].to_numpy()
    table["over"] = (table["hours"] - table["limit"]).clip(lower=0)
    table.insert(3, "source", [book.label("source", code, monitor.language) for code in table["source_id"]])
    table.insert(4, "place", place_texts(monitor)[keep].array)
    table = table.sort_values(["hours", "title"], ascending=[False, True], na_position="last", ignore_index=True)
    return monitor.cite(table.astype({"over": "Float64", "place": "str", "source": "str"}), "hours")


def place_texts(monitor: Monitor) -> pd.Series:
    """Where each project is, in words: municipalities, a partnership, 'provinciebreed', 'nog niet toegewezen', 'onbekend'."""
    pool, texts = monitor.pool, monitor.facts.place_texts
    told = {name: say(f"placement.{name}", monitor.language) for name in ("province", "unassigned", "unknown")}
    places = zip(pool.placement[monitor.keep].tolist(), pool.place[monitor.keep].tolist(), strict=True)
    words = [told.get(placement) or texts[place] or told["unknown"] for placement, place in places]
    return pd.Series(words, index=monitor.projects.index, dtype="str")
