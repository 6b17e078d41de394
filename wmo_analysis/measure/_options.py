"""Options: how many projects each choice of each filter would leave, and the figures that stand beside every view."""

import dataclasses

import numpy as np
import pandas as pd

from wmo_analysis.measure import _budget
from wmo_analysis.measure._coverage import reached
from wmo_analysis.measure._rounds import stated
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import PLACE_FILTERS, STATES, STATUSES
from wmo_analysis.words import say

BASES_OFFERED = ("all", "without_examples", "published")
AGREED = STATES.index("agreed")


def options(monitor: Monitor) -> pd.DataFrame:
    """What each filter offers: the number of projects that the selection would have with that one choice in it.

    Every other filter stays as it is; all filters of the same name give way to the one option.

    Returns
    -------
    filter (theme, region, municipality, source, round, status, basis), code, label, theme_set (provincial or municipal;
    '' unless a theme), projects [`len(monitor.without(filter).within(filter=code).projects)`]; all in codebook order.

    Source: docs/rules.md, As of a date; the order of filters never matters.
    """
    book, facts = monitor.codebook, monitor.facts
    themes = book.themes[book.themes["theme_set"].isin(["provincial", "municipal"])]
    sets = dict(zip(themes["theme"], themes["theme_set"], strict=True))
    themes = _held(monitor.pool.theme[monitor.mask("place", "status")], len(facts.themes))
    counts = {("theme", code): themes[facts.touching(frozenset([code]))].sum() for code in sets}
    places = _held(monitor.pool.place[monitor.mask("theme", "status")], len(facts.places))
    offered = {"region": dict.fromkeys(book.regions["region_id"]), "municipality": book.gm_codes}
    for name in PLACE_FILTERS:
        alone = monitor.without(name)
        for code in offered.get(name, dict.fromkeys(book.rounds["round"])):
            left = _with(alone, name, code).municipalities
            counts[name, code] = places[facts.reached(left)].sum()
    counts |= {
        ("source", code): _with(monitor.without("source"), "source", code).keep.sum() for code in book.source_ids
    }
    statuses = _held(monitor.derived[monitor.mask("theme", "place")], len(STATUSES))
    counts |= {("status", code): statuses[at] for at, code in enumerate(STATUSES)}
    counts |= {("basis", code): _with(monitor.without("basis"), "basis", code).keep.sum() for code in BASES_OFFERED}
    order = ("theme", "region", "municipality", "source", "round", "status", "basis")
    keys = sorted(counts, key=lambda key: order.index(key[0]))
    table = pd.DataFrame(keys, columns=["filter", "code"], dtype="str")
    table["label"] = [_label(monitor, name, code) for name, code in keys]
    table["theme_set"] = [sets[code] if name == "theme" else "" for name, code in keys]
    table["projects"] = pd.array([int(counts[key]) for key in keys], dtype="Int64")
    return monitor.cite(table, "options")


def _held(combinations: np.ndarray, length: int) -> np.ndarray:
    return np.bincount(combinations, minlength=length)


def _with(monitor: Monitor, name: str, code: str) -> Monitor:
    """`within` of a code that needs no looking up."""
    return dataclasses.replace(monitor, filters=(*monitor.filters, (name, frozenset([code]))))


def _label(monitor: Monitor, name: str, code: str) -> str:
    if name in ("status", "basis"):
        return say(f"{name}.{code}", monitor.language)
    return code if name == "round" else monitor.codebook.label(name, code, monitor.language)


def summary(monitor: Monitor) -> pd.DataFrame:
    """The four figures beside every view: municipalities covered, projects, what is committed, and agreements.

    Returns
    -------
    name, value, of, stated, stated_of, approximate; missing where it is unknown, never 0:
    covered: municipalities covered, of those left (missing when none is found and no list claims to be complete);
    projects: projects of the selection that count on the date, of all its projects;
    committed: cents committed [EUR cent; missing where no list states an amount], of the allocation of the first credit
    (approximate says whether that is ca.);
    agreed: municipalities with an agreement reached or further by named rows, of those left; `stated` by the newest
    letter at or before the date, of `stated_of` [municipalities of the rounds that it tells of], whatever the selection.
    The same figures as coverage, budget and rounds give for the selection.

    Source: docs/rules.md, Coverage, The credit and Rounds.
    """
    credit = monitor.codebook.credits.iloc[0]
    covered, of = reached(monitor), len(monitor.municipalities)
    _, money = _budget.per_project(monitor, credit["credit_id"])
    committed = int(money["committed"].sum()) if _budget.stated(monitor, credit["credit_id"]) else None
    here = monitor.states[monitor.states["gm_code"].isin(monitor.municipalities)]
    agreed = sum(STATES.index(state) >= AGREED for state in here["reached"])
    letter = {number: value for (number, state), (value, *_) in stated(monitor).items() if state == "agreed"}
    sizes = {0: len(monitor.codebook.gm_codes)} | monitor.codebook.round_sizes
    letter = {0: letter[0]} if 0 in letter else letter  # of all rounds, else of those that the letter tells of
    rows = [
        ("covered", covered if covered or monitor.known_complete else None, of, None, None, False),
        ("projects", int(monitor.counting.sum()), int(monitor.keep.sum()), None, None, False),
        ("committed", committed, int(credit["allocation_cents"]), None, None,
         credit["approximate"] == "yes"),
        ("agreed", agreed if len(here) else None, of, sum(letter.values()) if letter else None,
         sum(sizes[number] for number in letter) if letter else None, False),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["name", "value", "of", "stated", "stated_of", "approximate"])
    return monitor.cite(table.astype(dict.fromkeys(("value", "of", "stated", "stated_of"), "Int64")), "summary")
