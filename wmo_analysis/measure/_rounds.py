"""Rounds: how far the municipalities are in the conversations of Burgers Betrekken."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wmo_analysis.days import NEVER, day, iso, later
from wmo_analysis.errors import must_be_one
from wmo_analysis.measure._shape import flags_of, shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.monitor.facts import Stated, Talks
from wmo_analysis.schema import STANDINGS, STATES
from wmo_analysis.words import listing, say

COUNTS = "municipalities [municipalities], reached [municipalities], late [municipalities], stated [municipalities]"
REACHED = ", ".join(f"{state} [municipalities]" for state in STATES)
ABOUT = "round [round], label, size [municipalities], deadline, state, state_label"
SHAPES = {
    "rounds.round": shape("round state", f"{ABOUT}, {COUNTS}, stated_as, fact_id, names, invented, partly"),
    "rounds.time": shape(
        "date", f"date, kind, {REACHED}, late [municipalities], stated [municipalities], invented, partly"
    ),
}
VIEWS = ("round", "time")
ORDER = (*STANDINGS, "not_stated")
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
    in force states it], stated_as (now or reached), fact_id, names (of `municipalities`), invented (bool: those are all
    made up; what a letter states never is), partly (bool: some are). The newest letter at or before
    the date is the one that states.
    by="time": date, kind (step, letter), planned, talk, quotation, agreed, running, completed [municipalities that reached
    it; missing without any list], late [municipalities past the deadline of their round and not agreed; missing likewise],
    stated [municipalities with an agreement; missing but on the date of a letter], invented and partly (of the
    municipalities that agreed up to that day, else of all): one row per date at or before the as-of date on which something
    happened, as the lists in force on the as-of date tell it.
    attrs: letter (fact_id -> where in which letter), named; by="time": letter, of, first, deadlines.

    Raises
    ------
    WmoError for another `by`.

    Source: L1-022 to L1-036, L2-016 to L2-019; D-003, D-004, D-010; docs/rules.md, Rounds.
    """
    must_be_one("by", by, VIEWS)
    if by == "time":
        return _through_time(monitor)
    rows = []
    for number in (*monitor.codebook.round_sizes, 0):
        about, said = _round(monitor, number), _said(monitor, number)
        for state in ORDER:
            here = said.get(state, NOTHING)
            counts, *told = _counts(monitor, number, state)
            state_label = say(f"state.{state}", monitor.language)
            rows.append((*about, state, state_label, *counts, here.number, here.way, here.fact_id, *told))
    table, named = SHAPES["rounds.round"].table(rows), int((monitor.stood.reached >= 0).sum())
    letter = where_stated(monitor, stated(monitor).values())
    return monitor.cite(table, "rounds", by="round", named=named, letter=letter, **monitor.made_of_talks(monitor.named))


def _round(monitor: Monitor, number: int) -> tuple[int, str, int, str]:
    """A round (0 is all of them), its name, its size by the codebook [municipalities] and its deadline."""
    book = monitor.codebook
    if not number:
        return 0, say("rounds.all", monitor.language), len(book.gm_codes), ""
    return number, label_of(monitor, number), book.round_sizes[number], book.deadlines.get(number, "")


def label_of(monitor: Monitor, number: int) -> str:
    return f"{say('filter.round', monitor.language)} {number}"


def _said(monitor: Monitor, number: int) -> dict[str, Stated]:
    """state -> what the letter states of a round, with what it leaves open."""
    said = groups(monitor, number)
    if said:
        *_, size, _ = _round(monitor, number)
        said["not_stated"] = Stated(size - sum(each.number for each in said.values()), "now", "")
    return said


Counts = tuple[int | None, int | None, int | None]


def _counts(monitor: Monitor, number: int, state: str) -> tuple[Counts, str, bool, bool]:
    """municipalities, reached and late of a state, None where no municipality is named or none can be; the names; and
    whether those are made up, and whether only some are."""
    if not _named(monitor, number).any() or state not in STANDINGS:
        return (None, None, None), "", False, False
    now, reached, late = standings(monitor, number, state)
    names = monitor.labels("municipality", monitor.codebook.marked(now))
    counts = int(now.sum()), int(reached.sum()), int(late.sum())
    return counts, listing(names, monitor.language), *flags_of(monitor.told_up[now])


def _named(monitor: Monitor, number: int) -> np.ndarray:
    """[municipality of the codebook]: whether a list names it in the round; 0 is all of them."""
    stood = monitor.stood
    return (stood.reached >= 0) & ((stood.round == number) | (number == 0))


def standings(monitor: Monitor, number: int, state: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """[municipality of the codebook]: whether it stands in a state now, reached it, and is late in it, of one round."""
    stood, named = monitor.stood, _named(monitor, number)
    now = reached = named & (stood.now == STANDINGS.index(state))
    if state in STATES:
        reached = named & (stood.reached >= STATES.index(state))
    due = [n for n, deadline in monitor.codebook.deadlines.items() if "" != deadline < monitor.date]  # '' is none
    return now, reached, now & np.isin(stood.round, due) & (stood.reached < AGREED)


def counted_as_agreed(monitor: Monitor) -> dict[int, Stated]:
    """round -> what the newest letter states of agreements: of all rounds (0) if it says so, else of the rounds that it
    tells of."""
    said = {number: each for (number, state), each in stated(monitor).items() if state == "agreed"}
    return {0: said[0]} if 0 in said else said


def stated(monitor: Monitor) -> dict[tuple[int, str], Stated]:
    """(round, state) -> what the newest letter at or before the date states."""
    return monitor.letters.get(max(monitor.letters, default=""), {})


def groups(monitor: Monitor, number: int) -> dict[str, Stated]:
    """state -> what that letter states of a round."""
    return {state: each for (n, state), each in stated(monitor).items() if n == number}


def where_stated(monitor: Monitor, said: Iterable[Stated]) -> dict[str, str]:
    """fact_id -> the letter and the section in which it stands, of some numbers that letters state."""
    wanted, claims = {each.fact_id for each in said}, monitor.claims
    return dict(claims.loc[claims["fact_id"].isin(wanted), ["fact_id", "found_in"]].itertuples(index=False))


# ---------------------------------------------------------------- through time


def _through_time(monitor: Monitor) -> pd.DataFrame:
    """What the lists in force on the as-of date tell of every day before it."""
    said, steps, rows = agreements_stated(monitor), steps_of(monitor), []
    made = monitor.made_of_talks(monitor.named)
    for date in _dates(monitor, steps, said):
        counts: list[int | None] = [None] * (len(STATES) + 1)
        if (steps.first < NEVER).any():  # without any list nobody knows, and 0 would say that somebody does
            counts = [int(steps.reached(name, date).sum()) for name in (*STATES, "late")]
        # a day on which nothing changed would be a step that nobody took
        if date in said or not rows or list(rows[-1][2:-3]) != counts:
            kind = "letter" if date in said else "step"
            rows.append((date, kind, *counts, said.get(date, NOTHING).number, *_told_up(monitor, steps, date)))
    table = SHAPES["rounds.time"].table(rows).astype({"date": "str", "kind": "str"})
    first_known = min(table.loc[table["agreed"].notna(), "date"], default="")
    letter = where_stated(monitor, itertools.chain(*(each.values() for each in monitor.letters.values())))
    made |= {"of": len(monitor.municipalities), "deadlines": _deadlines(monitor), "letter": letter}
    return monitor.cite(table, "rounds", by="time", first=first_known, **made)


@dataclass(frozen=True, eq=False)
class Steps:
    """When each municipality of the codebook took its steps, as we know now."""

    first: np.ndarray  # [state, municipality]: the day on which it was reached, else NEVER; 0 for a plan without a day
    last: np.ndarray  # [municipality]: the last day on which a list names it
    due: np.ndarray  # [municipality]: the deadline of its round, 0 without one

    def reached(self, state: str, date: str) -> np.ndarray:
        """[municipality]: whether it had reached a state, or was `late`, on a day."""
        today = day(date)
        there = self.last >= today
        if state != "late":
            return (self.first[STATES.index(state)] <= today) & there
        return (self.due > 0) & (self.due < today) & (self.first[AGREED] > today) & there


def steps_of(monitor: Monitor) -> Steps:
    """The steps that had begun of the municipalities left, with the deadlines of their rounds."""
    talks, municipalities = told(monitor), len(monitor.codebook.gm_codes)
    first = np.full((len(STATES), municipalities), NEVER)
    for state in range(len(STATES)):
        np.minimum.at(first[state], talks.gm[talks.rank >= state], talks.day[talks.rank >= state])
    last = np.zeros(municipalities, dtype=np.int64)
    np.maximum.at(last, talks.gm, monitor.talk_ends(talks))
    deadlines = {number: day(date) for number, date in monitor.codebook.deadlines.items()}
    return Steps(first, last, np.array([deadlines.get(number, 0) for number in monitor.stood.round.tolist()]))


def _told_up(monitor: Monitor, steps: Steps, date: str) -> tuple[bool, bool]:
    """Whether the municipalities that agreed up to a day are all told by examples, and whether only some are; where none
    did, of all that are named."""
    here = steps.reached("agreed", date)
    here = here if here.any() else monitor.stood.reached >= 0
    return flags_of(monitor.told_up[here])


def _deadlines(monitor: Monitor) -> list[tuple[str, str]]:
    """(ISO day, round in words) of every round with a deadline."""
    return [(date, label_of(monitor, number)) for number, date in monitor.codebook.deadlines.items() if date]


def agreements_stated(monitor: Monitor) -> dict[str, Stated]:
    """Date of a letter -> what it states of agreements."""
    stated = {}
    for as_of, said in monitor.letters.items():
        for (_, state), each in said.items():
            if (state, each.way) == ("agreed", "reached"):
                stated[as_of] = each
    return stated


def told(monitor: Monitor) -> Talks:
    """The steps that had begun of the municipalities left, also of those that a newer list no longer names."""
    talks = monitor.talks(of_source=True)
    here = np.isin(talks.gm, monitor.facts.numbers(monitor.municipalities))
    return talks.take(here & talks.begun(day(monitor.date)))


def _dates(monitor: Monitor, steps: Steps, said: dict[str, Stated]) -> list[str]:
    """The days on which a state was reached, a deadline had passed or a letter was written, up to the date."""
    past = {later(date) for date, _ in _deadlines(monitor) if date < monitor.date}
    begun = {iso(int(date)) for date in np.unique(steps.first) if 0 < date < NEVER}
    ends = {later(iso(int(date))) for date in np.unique(steps.last) if 0 < date < day(monitor.date)}
    return sorted({*begun, *ends, *past, *said})
