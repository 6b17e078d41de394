"""Rounds: how far the municipalities are in the conversations of Burgers Betrekken."""

import datetime

import numpy as np
import pandas as pd

from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
from wmo_analysis.monitor.facts import day, iso
from wmo_analysis.schema import STATES
from wmo_analysis.words import listing, say

ORDER = (*STATES, "second_contact", "not_stated")


def rounds(monitor: Monitor, by: str = "round") -> pd.DataFrame:
    """Municipalities per round and state on the date, counted from named rows and as a letter states them; or in time.

    The state of a municipality is the furthest step begun; `second_contact` stands until something is agreed, and counts
    in `reached` as its furthest step. What a letter leaves open is `not_stated`: the size minus the groups it states, never
    a state of a named municipality. Late: after the deadline of the round and not agreed.

    Returns
    -------
    round (1, 2, ...; 0 = all rounds), label, size [municipalities, codebook], deadline (ISO day or ''), state, state_label,
    municipalities [municipalities now in this state; missing without any named row], reached [municipalities in this state
    or further; missing likewise], late [municipalities; missing likewise], stated [municipalities; missing unless a letter
    in force states it], stated_as (now or reached), fact_id, names (of `municipalities`). The newest letter at or before
    the date is the one that states.
    by="time": date, kind (step, letter), planned, talk, quotation, agreed, running, completed [municipalities that reached
    it; missing without any list], late [municipalities past the deadline of their round and not agreed; missing likewise],
    stated [municipalities with an agreement; missing but on the date of a letter]: one row per date at or before the as-of
    date on which something happened, as the lists in force on the as-of date tell it.
    attrs: of, first, deadlines.

    Raises
    ------
    WmoError for another `by`.

    Source: L1-022 to L1-036, L2-016 to L2-019; D-003, D-004, D-010; docs/rules.md, Rounds.
    """
    if by == "time":
        return _through_time(monitor)
    if by != "round":
        raise WmoError(f"Onbekende waarde voor by: {by}. Mogelijk zijn: round, time.")
    book, language, left = monitor.codebook, monitor.language, set(monitor.municipalities)
    here = [row for row in monitor.states.to_dict("records") if row["gm_code"] in left]
    said_of = stated(monitor)
    rank = {state: i for i, state in enumerate(STATES)}
    rows = []
    for number in (*book.round_sizes, 0):
        mine = [row for row in here if number in (0, row["round"])]
        size = book.round_sizes[number] if number else len(book.gm_codes)
        said = {state: values for (r, state), values in said_of.items() if r == number}
        if said:
            said["not_stated"] = (size - sum(value for value, _, _ in said.values()), "now", "")
        label = say("rounds.all", language) if not number else f"{say('filter.round', language)} {number}"
        for state in ORDER:
            now = [row for row in mine if row["state"] == state]
            reached = [row for row in mine if rank[row["reached"]] >= rank[state]] if state in rank else now
            late = [row for row in now if _late(row, monitor, rank)]
            known = len(mine) > 0 and state != "not_stated"
            value, stated_as, fact = said.get(state, (None, "", ""))
            rows.append(
                {
                    "round": number,
                    "label": label,
                    "size": size,
                    "deadline": book.deadlines.get(number, ""),
                    "state": state,
                    "state_label": say(f"state.{state}", language),
                    "municipalities": len(now) if known else None,
                    "reached": len(reached) if known else None,
                    "late": len(late) if known else None,
                    "stated": value,
                    "stated_as": stated_as,
                    "fact_id": fact,
                    "names": listing([book.label("municipality", row["gm_code"]) for row in now], language),
                }
            )
    table = pd.DataFrame(rows)
    counts = ["round", "size", "municipalities", "reached", "late", "stated"]
    return monitor.cite(table.astype(dict.fromkeys(counts, "Int64")), "rounds", by="round", named=len(here))


def _late(row: dict, monitor: Monitor, rank: dict[str, int]) -> bool:
    due = monitor.codebook.deadlines.get(row["round"], "")
    return "" != due < monitor.date and rank[row["reached"]] < rank["agreed"]


def stated(monitor: Monitor) -> dict[tuple[int, str], tuple[int, str, str]]:
    """(round, state) -> number, now or reached, fact_id, from the newest letter at or before the date."""
    letters = monitor.facts.letters
    return letters.get(max((as_of for as_of in letters if as_of <= monitor.date), default=""), {})


def _through_time(monitor: Monitor) -> pd.DataFrame:
    """What the lists in force on the as-of date tell of every day before it."""
    facts, due = monitor.facts, monitor.codebook.deadlines
    stated = {
        as_of: value
        for as_of, said in facts.letters.items()
        for (_, state), (value, kind, _) in said.items()
        if as_of <= monitor.date and (state, kind) == ("agreed", "reached")
    }
    begun = monitor.begun(of_source=True)
    left = facts.numbers(monitor.municipalities)
    begun = begun[np.isin(facts.talks["gm"][begun], left)]
    gm, rank, when = (facts.talks[name][begun] for name in ("gm", "rank", "day"))
    first = np.full((len(STATES), len(monitor.codebook.gm_codes)), 99999999)  # the day on which each state was reached
    for state in range(len(STATES)):
        np.minimum.at(first[state], gm[rank >= state], when[rank >= state])
    named = monitor.states[monitor.states["gm_code"].isin(monitor.municipalities)]
    deadline = np.array([day(due.get(number, "")) for number in named["round"]], dtype=np.int64)
    agreed = first[STATES.index("agreed")][facts.numbers(named["gm_code"])]
    after = {_next(date) for date in due.values() if date}
    steps = {iso(date) for date in set(when.tolist()) if date}
    rows: list[tuple] = []
    for date in sorted(steps | {date for date in after if date <= monitor.date} | set(stated)):
        today = day(date)
        late = (deadline > 0) & (deadline < today) & (agreed > today)
        counts = [*(first <= today).sum(axis=1).tolist(), int(late.sum())] if len(begun) else [None] * (len(STATES) + 1)
        if date in stated or not rows or list(rows[-1][2:-1]) != counts:
            rows.append((date, "letter" if date in stated else "step", *counts, stated.get(date)))
    table = pd.DataFrame(rows, columns=["date", "kind", *STATES, "late", "stated"])
    table = table.astype(dict.fromkeys([*STATES, "late", "stated"], "Int64") | {"date": "str", "kind": "str"})
    known = table.loc[table["agreed"].notna(), "date"]
    deadlines = monitor.codebook.rounds[monitor.codebook.rounds["deadline"] != ""]
    labels = [f"{say('filter.round', monitor.language)} {number}" for number in deadlines["round"]]
    return monitor.cite(
        table,
        "rounds",
        by="time",
        of=len(monitor.municipalities),
        first=known.min() if len(known) else "",
        deadlines=list(zip(deadlines["deadline"], labels, strict=True)),
    )


def _next(day: str) -> str:
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()
