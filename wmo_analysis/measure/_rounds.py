"""Rounds: how far the municipalities are in the conversations of Burgers Betrekken."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wmo_analysis.days import NEVER, day, iso, later
from wmo_analysis.errors import WmoError
from wmo_analysis.measure._shape import shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.monitor.facts import Stated
from wmo_analysis.schema import STATES
from wmo_analysis.words import listing, say

REACHED = ", ".join(f"{state} [municipalities]" for state in STATES)
SHAPES = {
    "rounds.round": shape(
        "round state",
        "round [round], label, size [municipalities], deadline, state, state_label, municipalities [municipalities], "
        "reached [municipalities], late [municipalities], stated [municipalities], stated_as, fact_id, names",
    ),
    "rounds.time": shape("date", f"date, kind, {REACHED}, late [municipalities], stated [municipalities]"),
}
VIEWS = ("round", "time")
ORDER = (*STATES, "second_contact", "not_stated")
AGREED = STATES.index("agreed")
NOTHING = Stated(None, "", "")


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
    if by not in VIEWS:
        raise WmoError(f"Onbekende waarde voor by: {by}. Mogelijk zijn: {', '.join(VIEWS)}.")
    if by == "time":
        return _through_time(monitor)
    book, rows = monitor.codebook, []
    for number in (*book.round_sizes, 0):
        here = _round(monitor, number)
        label = f"{say('filter.round', monitor.language)} {number}" if number else say("rounds.all", monitor.language)
        about = (number, label, here.size, book.deadlines.get(number, ""))
        for state in ORDER:
            said = here.said.get(state, NOTHING)
            told = (said.number, said.way, said.fact_id)
            state_label = say(f"state.{state}", monitor.language)
            rows.append((*about, state, state_label, *_counts(here, state), *told, _names(monitor, here, state)))
    named = int((monitor.stood.reached >= 0).sum())
    return monitor.cite(SHAPES["rounds.round"].table(rows), "rounds", by="round", named=named)


@dataclass(frozen=True, eq=False)
class Round:
    """One round, or all of them: [municipality of the codebook] masks, and what the letter says per state."""

    size: int  # [municipalities]
    named: np.ndarray
    reached: np.ndarray  # the furthest state, in STATES
    second: np.ndarray
    late: np.ndarray
    said: dict[str, Stated]

    def now(self, state: str) -> np.ndarray:
        """The municipalities that are in this state."""
        if state == "second_contact":
            return self.named & self.second
        here = self.named & ~self.second
        return here & (self.reached == STATES.index(state)) if state in STATES else np.zeros_like(here)


def _round(monitor: Monitor, number: int) -> Round:
    """A round on the date; 0 is all of them."""
    book, stood = monitor.codebook, monitor.stood
    size = book.round_sizes[number] if number else len(book.gm_codes)
    named = (stood.reached >= 0) & (stood.round == number if number else True)
    due = {n for n, deadline in book.deadlines.items() if "" != deadline < monitor.date}
    late = np.isin(stood.round, list(due)) & (stood.reached < AGREED)
    said = {state: each for (n, state), each in stated(monitor).items() if n == number}
    if said:
        said["not_stated"] = Stated(size - sum(each.number for each in said.values()), "now", "")
    return Round(size, named, stood.reached, stood.second, late, said)


def _counts(here: Round, state: str) -> tuple[int | None, int | None, int | None]:
    """municipalities, reached and late of a state; None where no municipality is named, or none can be."""
    if not here.named.any() or state == "not_stated":
        return None, None, None
    now = here.now(state)
    reached = here.named & (here.reached >= STATES.index(state)) if state in STATES else now
    return int(now.sum()), int(reached.sum()), int((now & here.late).sum())


def _names(monitor: Monitor, here: Round, state: str) -> str:
    codes = [monitor.codebook.gm_codes[at] for at in np.flatnonzero(here.now(state))]
    return listing([monitor.label("municipality", code) for code in codes], monitor.language)


def stated(monitor: Monitor) -> dict[tuple[int, str], Stated]:
    """(round, state) -> what the newest letter at or before the date states."""
    letters = monitor.facts.letters
    return letters.get(max((as_of for as_of in letters if as_of <= monitor.date), default=""), {})


# ---------------------------------------------------------------- through time


def _through_time(monitor: Monitor) -> pd.DataFrame:
    """What the lists in force on the as-of date tell of every day before it."""
    said, first, rows = _agreements_stated(monitor), _first_days(monitor), []
    agreed, due = first[AGREED], _due(monitor)
    for date in _dates(monitor, first, said):
        today = day(date)
        counts: list[int | None] = [None] * (len(STATES) + 1)
        if (first < NEVER).any():
            late = (due > 0) & (due < today) & (agreed > today)
            counts = [*(first <= today).sum(axis=1).tolist(), int(late.sum())]
        if date in said or not rows or list(rows[-1][2:-1]) != counts:
            rows.append((date, "letter" if date in said else "step", *counts, said.get(date)))
    table = SHAPES["rounds.time"].table(rows).astype({"date": "str", "kind": "str"})
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


def _agreements_stated(monitor: Monitor) -> dict[str, int]:
    """Date of a letter -> the agreements that it states."""
    stated = {}
    for as_of, said in monitor.facts.letters.items():
        for (_, state), each in said.items():
            if as_of <= monitor.date and (state, each.way) == ("agreed", "reached"):
                stated[as_of] = each.number
    return stated


def _first_days(monitor: Monitor) -> np.ndarray:
    """[state, municipality of the codebook]: the day on which it was reached, else NEVER; 0 for a plan without a day."""
    talks = monitor.begun(of_source=True)
    talks = talks.take(np.isin(talks.gm, monitor.facts.numbers(monitor.municipalities)))
    first = np.full((len(STATES), len(monitor.codebook.gm_codes)), NEVER)
    for state in range(len(STATES)):
        np.minimum.at(first[state], talks.gm[talks.rank >= state], talks.day[talks.rank >= state])
    return first


def _due(monitor: Monitor) -> np.ndarray:
    """[municipality of the codebook]: the deadline of its round, 0 without one."""
    deadlines = {number: day(date) for number, date in monitor.codebook.deadlines.items()}
    return np.array([deadlines.get(number, 0) for number in monitor.stood.round.tolist()])


def _dates(monitor: Monitor, first: np.ndarray, said: dict[str, int]) -> list[str]:
    """The days on which a state was reached, a deadline had passed or a letter was written, up to the date."""
    past = {later(date) for date in monitor.codebook.deadlines.values() if date}
    steps = {iso(int(date)) for date in np.unique(first) if 0 < date < NEVER}
    return sorted(steps | {date for date in past if date <= monitor.date} | set(said))
