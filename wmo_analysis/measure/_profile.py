"""Profile: one municipality on one page; the timeline of projects; the good examples."""

import numpy as np
import pandas as pd

from wmo_analysis.measure._budget import committed_of
from wmo_analysis.measure._coverage import coverage, empty_states, peers
from wmo_analysis.measure._logbook import way_of
from wmo_analysis.measure._projects import ways
from wmo_analysis.measure._shape import shape
from wmo_analysis.measure._texts import listed
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import VIA, WAYS
from wmo_analysis.words import listing, say, say_each

HERE = "project, title, theme_labels, source, via, via_label, derived, status"
DATED = "project, title, source_id, source, basis, start_from, start_to, end_from, end_to"
SHAPES = {
    "profile": shape("project", f"{HERE}, hours [h], committed [EUR cent], good_example, invented"),
    "timeline": shape("project", f"{DATED}, derived, status, place, example, invented"),
    "good_examples": shape("project", "project, title, source, place, reason"),
}


def profile(monitor: Monitor, municipality: str) -> pd.DataFrame:
    """The projects of one municipality: what does the province do in Soest?

    Counting projects that touch it, also through a partnership, and province-wide ones, which cover nothing.

    Returns
    -------
    project, title, theme_labels, source, via (own, partnership, province; outside: only the excluded theme, in no number),
    via_label, derived, status, hours [h; missing when not stated], committed [EUR cent of the whole project; missing
    without an amount], good_example, invented; own projects first. attrs: municipality, region, round, state_label
    ('' when no list names it), own, partnership, province [projects], region_mean [projects per municipality of its
    region, province-wide ones aside], themes_covered, themes [without the unknown one], empty (the state of a cell of it
    without a project), complete (whether a list claims to be complete), logbook (label and day in words of each step),
    late_label (see measure.logbook).

    Raises
    ------
    WmoError for an unknown municipality.

    Source: docs/rules.md, Coverage and Rounds.
    """
    pool, gm_code = monitor.pool, monitor.codebook.find("municipality", municipality)
    way = ways(monitor, [gm_code])
    at = np.flatnonzero(monitor.counting & (way < WAYS.index("")))
    told = np.where(pool.outside[at], len(VIA), way[at])  # the excluded theme is told last, and is in no number
    order = np.lexsort((pool.title_rank[at], told))
    at, via = at[order], np.array([*VIA, "outside"], dtype=object)[told[order]]
    labels, committed = say_each("via", via, monitor.language), committed_of(monitor, at)
    table = listed(monitor, at, SHAPES["profile"], via=via, via_label=labels, committed=committed)
    here = monitor.within(municipality=gm_code)
    about = {name: int((via == name).sum()) for name in VIA} | _about(monitor, here, gm_code)
    return here.cite(table, "profile", **about, selection_text=monitor.told())


def _about(monitor: Monitor, here: Monitor, gm_code: str) -> dict[str, object]:
    """What a profile says above its projects; `here` is the monitor narrowed to the municipality."""
    book, states = monitor.codebook, monitor.states.set_index("gm_code")
    themes = coverage(here, by="theme")
    themes = themes[themes["code"] != book.theme_with("unknown")]
    regions = [region for region, gm_codes in book.regions_on(monitor.date).items() if gm_code in gm_codes]
    counts = coverage(monitor, by="municipality").set_index("code")["projects"]
    counts = counts.reindex(peers(monitor, gm_code)).dropna()
    about: dict[str, object] = {"round": 0, "state_label": ""}
    if gm_code in states.index:
        about = {"round": int(states.at[gm_code, "round"])}
        about["state_label"] = say(f"state.{states.at[gm_code, 'state']}", monitor.language)
    steps, late = way_of(monitor, gm_code)
    return about | {
        "municipality": book.label("municipality", gm_code),
        "gm_code": gm_code,
        "region": listing(monitor.labels("region", regions), monitor.language),
        "region_mean": float(counts.sum() / max(len(counts), 1)),
        "themes_covered": int((themes["covered"] > 0).sum()),
        "themes": len(themes),
        "empty": next(iter(empty_states(here).values()), "unknown"),
        "complete": monitor.known_complete,
        "logbook": steps,
        "late_label": late,
    }


def timeline(monitor: Monitor) -> pd.DataFrame:
    """The projects of the selection in time, also those that do not count, by source and then by start.

    Returns
    -------
    project, title, source_id, source, basis, start_from, start_to, end_from, end_to [ISO day or '' when unknown], derived
    (status code), status (label), place, example (bool: a row of it is made up), invented (bool: all of them are, or
    its start or end is).
    """
    pool = monitor.pool
    at = pool.by_title[monitor.keep[pool.by_title]]
    at = at[np.lexsort((pool.start[at], pool.start[at] == 0, pool.source[at]))]
    invented = _dated_by_examples(monitor, at)
    table = listed(monitor, at, SHAPES["timeline"], example=pool.example[at], invented=invented)
    # a bar is drawn by its days alone: it leans on no membership and no mapping
    return monitor.cite(table, "timeline", assumptions=[], counting=int(monitor.counting.sum()))


def _dated_by_examples(monitor: Monitor, at: np.ndarray) -> np.ndarray:
    """Whether each project has a start or an end that an example states, or is made up altogether."""
    pool, example = monitor.pool, monitor.facts.example
    start = (pool.start > 0) & example[pool.row["start"]]
    end = (pool.end > 0) & example[pool.row["end"]]
    return (pool.invented | start | end)[at]


def good_examples(monitor: Monitor) -> pd.DataFrame:
    """project, title, source, place, reason of what is marked as a good example, for the best-practice meeting (L1-048)."""
    pool = monitor.pool
    at = np.flatnonzero(monitor.keep & (pool.column("good_example") != ""))
    table = listed(monitor, at, SHAPES["good_examples"], reason=pool.column("good_example", at))
    made = monitor.made_of_projects(np.isin(np.arange(len(pool)), at), leans=("members",))
    return monitor.cite(table, "good_examples", **made)
