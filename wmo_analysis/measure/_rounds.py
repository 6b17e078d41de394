"""Rounds: how far the municipalities are in the conversations of Burgers Betrekken."""

import datetime
import re

import pandas as pd

from wmo_analysis.codebook import STATES
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
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
    book, language = monitor.codebook, monitor.language
    here = monitor.states[monitor.states["gm_code"].isin(monitor.municipalities)]
    stated = _stated(monitor)
    rank = {state: i for i, state in enumerate(STATES)}
    rows = []
    sizes = {int(r): int(n) for r, n in zip(book.rounds["round"], book.rounds["size"], strict=True)}
    deadlines = dict(zip(book.rounds["round"].astype(int), book.rounds["deadline"], strict=True))
    for number in (*sizes, 0):
        mine = here[here["round"] == number] if number else here
        size = sizes[number] if number else len(book.gm_codes)
        due = here["round"].map(deadlines).fillna("")
        late = here[(due != "") & (due < monitor.date) & (here["reached"].map(rank) < rank["agreed"])]
        late = late[late["round"] == number] if number else late
        said = {state: values for (r, state), values in stated.items() if r == number}
        if said:
            said["not_stated"] = (size - sum(value for value, _, _ in said.values()), "now", "")
        label = say("rounds.all", language) if not number else f"{say('filter.round', language)} {number}"
        for state in ORDER:
            now = mine[mine["state"] == state]
            reached = (mine["reached"].map(rank) >= rank[state]).sum() if state in rank else len(now)
            known = len(mine) > 0 and state != "not_stated"
            value, stated_as, fact = said.get(state, (None, "", ""))
            names = listing([book.label("municipality", code) for code in now["gm_code"]], language)
            rows.append(
                {
                    "round": number,
                    "label": label,
                    "size": size,
                    "deadline": deadlines.get(number, ""),
                    "state": state,
                    "state_label": say(f"state.{state}", language),
                    "municipalities": len(now) if known else None,
                    "reached": int(reached) if known else None,
                    "late": int((late["state"] == state).sum()) if known else None,
                    "stated": value,
                    "stated_as": stated_as,
                    "fact_id": fact,
                    "names": names,
                }
            )
    table = pd.DataFrame(rows)
    counts = ["round", "size", "municipalities", "reached", "late", "stated"]
    return monitor.cite(table.astype(dict.fromkeys(counts, "Int64")), "rounds", by="round", named=len(here))


def _stated(monitor: Monitor) -> dict[tuple[int, str], tuple[int, str, str]]:
    """(round, state) -> number, now or reached, fact_id, from the newest letter at or before the date."""
    claims = monitor.tables["claims"]
    claims = claims[claims["as_of"] <= monitor.date]
    claims = claims[claims["as_of"] == claims["as_of"].max()]
    stated = {}
    for claim in claims.to_dict("records"):
        name, number, state = [*claim["measure"].split(":"), "", ""][:3]
        value = re.fullmatch(r"(?:ca\. ?)?(\d+)", claim["stated"])
        if name in ("rounds.now", "rounds.reached") and value and number in ("", *"123456789"):
            key = int(number or 0), state
            stated[key] = int(value[1]), name.removeprefix("rounds."), claim["fact_id"]
    return stated


def _through_time(monitor: Monitor) -> pd.DataFrame:
    """What the lists in force on the as-of date tell of every day before it."""
    claims = monitor.tables["claims"]
    agreed = claims[claims["measure"].str.startswith("rounds.reached") & claims["measure"].str.endswith(":agreed")]
    agreed = agreed[agreed["as_of"] <= monitor.date]
    stated = {claim["as_of"]: int(claim["stated"]) for claim in agreed.to_dict("records")}
    steps = monitor.steps[monitor.steps["gm_code"].isin(monitor.municipalities)]
    ranks = steps["step"].map({state: i for i, state in enumerate(STATES)}).fillna(STATES.index("talk"))
    first = {i: steps[ranks >= i].groupby("gm_code")["date_from"].min() for i in range(len(STATES))}
    due = dict(zip(monitor.codebook.rounds["round"].astype(int), monitor.codebook.rounds["deadline"], strict=True))
    here = monitor.states[monitor.states["gm_code"].isin(monitor.municipalities)]
    deadline = here.set_index("gm_code")["round"].map(due).fillna("")
    agreed_on = first[STATES.index("agreed")].reindex(deadline.index).fillna("9999")
    after = {_next(day) for day in due.values() if day}
    days = sorted(
        {day for day in steps["date_from"] if day} | {day for day in after if day <= monitor.date} | set(stated)
    )
    rows: list[tuple] = []
    for day in days:
        counts = [int((first[i] <= day).sum()) if len(steps) else None for i in range(len(STATES))]
        late = (deadline != "") & (deadline < day) & (agreed_on > day)
        counts.append(int(late.sum()) if len(steps) else None)
        if day in stated or not rows or list(rows[-1][2:-1]) != counts:
            rows.append((day, "letter" if day in stated else "step", *counts, stated.get(day)))
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
