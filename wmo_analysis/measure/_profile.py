"""Profile: one municipality on one page; the timeline of projects; the good examples."""

import numpy as np
import pandas as pd

from wmo_analysis.measure._budget import committed_of, labels, place_texts
from wmo_analysis.measure._coverage import coverage
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import STATUSES
from wmo_analysis.words import listing, say


def profile(monitor: Monitor, municipality: str) -> pd.DataFrame:
    """The projects of one municipality: what does the province do in Soest?

    Counting projects that touch it, also through a partnership, and province-wide ones, which cover nothing.

    Returns
    -------
    project, title, theme_labels, source, via (own, partnership, province; outside: only the excluded theme, in no number),
    via_label, derived, status, hours [h; missing when not stated], committed [EUR cent of the whole project; missing
    without an amount], good_example; own projects first. attrs: municipality, region, round, state_label
    ('' when no list names it), own, partnership, province [projects], region_mean [projects per municipality of its
    region, province-wide ones aside], themes_covered, themes [without the unknown one].

    Raises
    ------
    WmoError for an unknown municipality.

    Source: docs/rules.md, Coverage and Rounds.
    """
    book, pool, language = monitor.codebook, monitor.pool, monitor.language
    gm_code = book.find("municipality", municipality)
    here = monitor.placements[monitor.placements["gm_code"] == gm_code]
    rank = {"own": 0, "partnership": 1, "province": 2}
    here = here.assign(rank=here["via"].map(rank)).sort_values("rank", kind="stable").drop_duplicates("group")
    table = monitor.projects[monitor.projects["counts"]].join(here.set_index("group")[["via", "rank"]], how="inner")
    outside = table["theme_part"] == "outside"
    table = table.assign(via=table["via"].mask(outside, "outside"), rank=table["rank"].mask(outside, len(rank)))
    table = table.sort_values(["rank", "title"], kind="stable")
    committed = committed_of(monitor)
    out = pd.DataFrame(
        {
            "project": table.index,
            "title": table["title"].to_numpy(),
            "theme_labels": theme_texts(monitor, pool.frame.index.get_indexer(table.index)),
            "source": [book.label("source", code, language) for code in table["source_id"]],
            "via": table["via"].to_numpy(),
            "via_label": [say(f"via.{via}", language) for via in table["via"]],
            "derived": table["derived"].to_numpy(),
            "status": [say(f"status.{status}", language) for status in table["derived"]],
            "hours": table["hours"].array,
            "committed": committed[table.index].array,
            "good_example": table["good_example"].to_numpy(),
        }
    )
    state = monitor.states.set_index("gm_code")
    known = gm_code in state.index
    by_theme = coverage(monitor.within(municipality=gm_code), by="theme")
    by_theme = by_theme[by_theme["code"] != book.theme_with("unknown")]
    regions = [region for region, codes in book.regions_on(monitor.date).items() if gm_code in codes]
    peers = book.regions_on(monitor.date)[regions[0]] if regions else [gm_code]
    counts = coverage(monitor, by="municipality").set_index("code")["projects"].reindex(peers).dropna()
    attrs = {
        "municipality": book.label("municipality", gm_code),
        "gm_code": gm_code,
        "region": listing([book.label("region", region, language) for region in regions], language),
        "round": int(state.at[gm_code, "round"]) if known else 0,
        "state_label": say(f"state.{state.at[gm_code, 'state']}", language) if known else "",
        **{via: int((out["via"] == via).sum()) for via in rank},
        "region_mean": float(counts.mean()) if len(counts) else 0.0,
        "themes_covered": int((by_theme["covered"] > 0).sum()),
        "themes": len(by_theme),
    }
    return monitor.within(municipality=gm_code).cite(out, "profile", **attrs, selection_text=monitor.told())


def theme_texts(monitor: Monitor, at: np.ndarray):
    """The themes of each of the projects `at` in words, in codebook order."""
    book, order = monitor.codebook, monitor.codebook.themes["theme"]
    texts = [
        ", ".join(book.label("theme", code, monitor.language, short=True) for code in order if code in here)
        for here in monitor.facts.themes
    ]
    return pd.array([texts[n] for n in monitor.pool.theme[at].tolist()], dtype="str")


def timeline(monitor: Monitor) -> pd.DataFrame:
    """The projects of the selection in time, also those that do not count, by source and then by start.

    Returns
    -------
    project, title, source_id, source, basis, start_from, start_to, end_from, end_to [ISO day or '' when unknown], derived
    (status code), status (label), place, example (bool).
    """
    pool, derived = monitor.pool, monitor.derived
    at = pool.by_title[monitor.keep[pool.by_title]]
    at = at[np.lexsort((pool.start[at], pool.start[at] == 0, pool.source[at]))]
    statuses = pd.array([say(f"status.{status}", monitor.language) for status in STATUSES], dtype="str")
    table = {
        "project": pool.column("group", at),
        "title": pool.column("title", at),
        "source_id": pool.column("source_id", at),
        "source": labels(monitor, pool.source[at]),
        **{name: pool.column(name, at) for name in ("basis", "start_from", "start_to", "end_from", "end_to")},
        "derived": pd.array(STATUSES, dtype="str").take(derived[at]),
        "status": statuses.take(derived[at]),
        "place": place_texts(monitor, at),
        "example": pool.example[at],
    }
    return monitor.cite(pd.DataFrame(table), "timeline")


def good_examples(monitor: Monitor) -> pd.DataFrame:
    """project, title, source, place, reason of what is marked as a good example, for the best-practice meeting (L1-048)."""
    pool = monitor.pool
    at = np.flatnonzero(monitor.keep & (pool.column("good_example") != ""))
    table = {
        "project": pool.column("group", at),
        "title": pool.column("title", at),
        "source": labels(monitor, pool.source[at]),
        "place": place_texts(monitor, at),
        "reason": pool.column("good_example", at),
    }
    return monitor.cite(pd.DataFrame(table), "good_examples")
