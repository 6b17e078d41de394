"""Options: how many projects each choice of each filter would leave, and the figures that stand beside every view."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wmo_analysis.measure import _budget
from wmo_analysis.measure._coverage import reached
from wmo_analysis.measure._rounds import counted_as_agreed, where_stated
from wmo_analysis.measure._shape import shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import FILTERS, PLACE_FILTERS, STATES, STATUSES, THEME_SETS

SHAPES = {
    "options": shape("filter code", "filter, code, label, theme_set, projects [projects]"),
    "summary": shape("name", "name, value [of the name], of [of the name], stated [municipalities], "
                     "stated_of [municipalities], approximate, made, made_up"),
}  # fmt: skip
BASES_OFFERED = ("all", "without_examples", "published")
AGREED = STATES.index("agreed")


def options(monitor: Monitor) -> pd.DataFrame:
    """What each filter offers: the number of projects that the selection would have with that one choice in it.

    Every other filter stays as it is; all filters of the same name give way to the one option.

    Returns
    -------
    filter (theme, region, municipality, source, scheme, round, status, basis), code, label, theme_set (provincial or
    municipal; '' unless a theme), projects [`len(monitor.without(filter).within(filter=code).projects)`]; all in codebook
    order, schemes in that of their names.

    Source: docs/rules.md, As of a date; the order of filters never matters.
    """
    sets = {theme: name for theme, name in monitor.codebook.theme_sets.items() if name in THEME_SETS}
    counts = _places(monitor) | {
        "theme": _themes(monitor, list(sets)),
        "source": _sources(monitor),
        "scheme": _schemes(monitor),
        "status": _statuses(monitor),
        "basis": _bases(monitor),
    }
    rows = []
    for name in FILTERS:
        for code, count in counts[name].items():
            rows.append((name, code, monitor.label(name, code), sets[code] if name == "theme" else "", int(count)))
    return monitor.cite(SHAPES["options"].table(rows), "options")


def _themes(monitor: Monitor, themes: list[str]) -> dict[str, int]:
    facts, kept = monitor.facts, monitor.mask(without=["theme"])
    projects = np.bincount(monitor.pool.theme[kept], minlength=len(facts.themes))
    return {code: projects[facts.touching(frozenset([code]))].sum() for code in themes}


def _places(monitor: Monitor) -> dict[str, dict[str, int]]:
    """Of regions, municipalities and rounds at once: a project is of those that it reaches, or province-wide."""
    facts, kept = monitor.facts, monitor.mask(without=PLACE_FILTERS)
    projects = np.bincount(monitor.pool.place[kept], minlength=len(facts.places))
    counts: dict[str, dict[str, int]] = {}
    for name in PLACE_FILTERS:
        # an option takes the place of the filter of its own name; what the two others leave it can only narrow
        left = monitor.left(set(PLACE_FILTERS) - {name})
        counts[name] = {}
        for code, gm_codes in monitor.places_of(name).items():
            here = facts.reached(gm for gm in gm_codes if gm in left)
            counts[name][code] = projects[here].sum()
    return counts


def _sources(monitor: Monitor) -> dict[str, int]:
    pool, kept = monitor.pool, monitor.mask(without=["source"])
    rows = pool.at[kept[pool.of]]
    # of each project, each source once
    pairs = np.unique(monitor.facts.source[rows] * max(len(pool), 1) + pool.home[rows])
    codes = monitor.codebook.source_ids
    return dict(zip(codes, np.bincount(pairs // max(len(pool), 1), minlength=len(codes)), strict=True))


def _schemes(monitor: Monitor) -> dict[str, int]:
    kept = monitor.mask(without=["scheme"])
    return {name: (kept & monitor.pool.of_schemes([name])).sum() for name in monitor.facts.schemes}


def _statuses(monitor: Monitor) -> dict[str, int]:
    kept = monitor.mask(without=["status"])
    return dict(zip(STATUSES, np.bincount(monitor.derived[kept], minlength=len(STATUSES)), strict=True))


def _bases(monitor: Monitor) -> dict[str, int]:
    """The only filter that takes a Monitor for an option: another basis has other lists in force, and other rounds."""
    free, chosen, counts = monitor.without("basis"), monitor.chosen("basis"), {}
    for code in BASES_OFFERED:
        here = free
        if chosen == [frozenset([code])]:  # the Monitor that is there has its masks already
            here = monitor
        elif code != "all":
            here = free.within(basis=code)
        counts[code] = here.keep.sum()
    return counts


def summary(monitor: Monitor) -> pd.DataFrame:
    """The four figures beside every view: municipalities covered, projects, what is committed, and agreements.

    Returns
    -------
    name, value, of, stated, stated_of, approximate, made, made_up [of what the figure is made of: projects, projects with
    an amount, municipalities with a conversation; and how many of these are examples]; missing where it is unknown, never 0:
    covered: municipalities covered, of those left (missing when none is found and no list claims to be complete, or none
    is left);
    projects: projects of the selection that count on the date, of all its projects;
    committed: cents committed [EUR cent; missing where no list states an amount], of the allocation of the first credit
    (approximate says whether that is ca.);
    agreed: municipalities with an agreement reached or further by named rows, of those left; `stated` by the newest
    letter at or before the date, of `stated_of` [municipalities of the rounds that it tells of], whatever the selection.
    The same figures as coverage, budget and rounds give for the selection.

    Source: docs/rules.md, Coverage, The credit and Rounds.
    """
    credit = monitor.codebook.credit
    covered, of = reached(monitor), len(monitor.municipalities)
    account = _budget.account(monitor, credit["credit_id"])
    _, sums = _budget.commitments(account)
    committed = int(sums[:, -1].sum()) if _budget.stated(monitor, credit["credit_id"]) else None
    furthest = monitor.stood.reached
    shown = covered if of and (covered or monitor.known_complete) else None
    agreed = int((furthest >= AGREED).sum()) if (furthest >= 0).any() else None
    projects, amounts = _made(monitor.citation), _made(monitor.made_of_amounts(account.money))
    talks = _made(monitor.made_of_talks(monitor.named))
    ca = credit["approximate"] == "yes"
    rows = [
        ("covered", shown, of, None, None, False, *projects),
        ("projects", int(monitor.counting.sum()), int(monitor.keep.sum()), None, None, False, *projects),
        ("committed", committed, int(credit["allocation_cents"]), None, None, ca, *amounts),
        ("agreed", agreed, of, *_said(monitor), False, *talks),
    ]
    return monitor.cite(
        SHAPES["summary"].table(rows), "summary", letter=where_stated(monitor, counted_as_agreed(monitor).values())
    )


def _made(about: Mapping) -> tuple[int, int]:
    """Of what a figure is made: how many, and how many of them are examples."""
    return about["made"], about["made_up"]


def _said(monitor: Monitor) -> tuple[int | None, int | None]:
    """The agreements that the newest letter states, and of how many municipalities: of all rounds if it says so, else of
    the rounds that it tells of."""
    said = counted_as_agreed(monitor)
    if not said:
        return None, None
    sizes = {0: len(monitor.codebook.gm_codes)} | monitor.codebook.round_sizes
    return sum(each.number for each in said.values()), sum(map(sizes.get, said))
