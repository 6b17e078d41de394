"""Quality: how complete the lists are, what was wrong with them, and which figures lean on an assumption."""

import numpy as np
import pandas as pd

from wmo_analysis.errors import must_be_one
from wmo_analysis.measure._coverage import coverage, covered_unmapped, covered_without, reached
from wmo_analysis.measure._shape import shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import COMPLETENESS, PLACED, PLACEMENTS, SEVERITIES, USEFULNESS, made_of
from wmo_analysis.words import say

WITH = ", ".join(f"with_{what} [projects]" for what in COMPLETENESS)
SHARE = ", ".join(f"share_{what} [%]" for what in COMPLETENESS)
SHAPES = {
    "quality.source": shape("source_id", f"source_id, source, projects [projects], {WITH}, {SHARE}, invented, partly"),
    "quality.finding": shape("code", "code, severity, side, text, count [findings], why, what_to_do, invented, partly"),
    "assumptions": shape(
        "kind code", "kind, code, label, figure, with_it [municipalities], without_it [municipalities], evidence"
    ),
}
VIEWS = ("source", "finding")


def quality(monitor: Monitor, by: str = "source") -> pd.DataFrame:
    """How far the lists in force can answer, per source; or findings by code.

    Returns
    -------
    by="source": source_id, source, projects, with_theme, with_municipality, with_dates, with_amount [projects], and
    share_theme, share_municipality, share_dates, share_amount [% of projects; missing without projects], invented, partly. A
    theme or municipality counts when known, dates when a start is known, an amount when any is read (on or off the credit).
    by="finding": code, severity, side (accuracy, usefulness), text, count, why, what_to_do; most severe first.

    Raises
    ------
    WmoError for another `by`.

    Source: the split is 360Giving's data quality; docs/rules.md.
    """
    must_be_one("by", by, VIEWS)
    if by == "source":
        return monitor.cite(_sources(monitor), "quality", by=by, assumptions=[])
    return monitor.cite(_findings(monitor), "quality", by=by, **made_of_findings(monitor))


def made_of_findings(monitor: Monitor) -> dict[str, object]:
    """Findings are made of findings: of all lists known by then, whatever the selection."""
    return _of_files(monitor, "findings", monitor.told_then("findings")["file"])


def made_of_lists(monitor: Monitor) -> dict[str, object]:
    """The account of the lists is made of the lists known by then, whatever the selection."""
    return _of_files(monitor, "lists", monitor.told_then("ledger")["file"])


def _of_files(monitor: Monitor, what: str, files: pd.Series) -> dict[str, object]:
    lists = monitor.deliveries[monitor.deliveries["file"].isin(files)]
    counts = made_of(what, len(files), int(_invented(monitor, files).sum()))
    return counts | monitor.told_by(set(lists["source_id"]), set(lists["basis"]))


def _invented(monitor: Monitor, files: pd.Series) -> pd.Series:
    """Whether each of these lists holds examples."""
    return files.isin(monitor.deliveries.loc[monitor.deliveries["basis"] == "example", "file"])


def filled(monitor: Monitor, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Each of COMPLETENESS -> whether each of these project rows states it."""
    facts = monitor.facts
    # a place is known when it leads to the map; 'Ede' is known too, but not ours
    placed = np.isin(PLACEMENTS, PLACED)[facts.placement[rows]]
    has = [facts.stated["themes"][rows], placed, facts.start[rows] > 0, facts.paid[rows]]
    return dict(zip(COMPLETENESS, has, strict=True))


def _sources(monitor: Monitor) -> pd.DataFrame:
    facts, pool, rows = monitor.facts, monitor.pool, monitor.kept_rows
    # a pair of source and project as one number; an empty pool has no pairs, and no number to divide by
    pairs, of = np.unique(facts.source[rows] * max(len(pool), 1) + pool.home[rows], return_inverse=True)
    source = pairs // max(len(pool), 1)  # of each project as that source lists it
    table = pd.DataFrame({"projects": np.bincount(source)})
    for what, here in filled(monitor, rows).items():
        table[f"with_{what}"] = np.bincount(source[np.unique(of[here])], minlength=len(table))
    table = table[table["projects"] > 0].astype("Int64")
    for what in COMPLETENESS:
        table[f"share_{what}"] = (table[f"with_{what}"] * 100 / table["projects"]).astype("Float64")
    table.insert(0, "source_id", pd.array(monitor.codebook.source_ids, dtype="str").take(table.index))
    table.insert(1, "source", monitor.labels("source", table["source_id"]))
    made_up = pool.invented[pairs % max(len(pool), 1)]
    real, example = np.isin(table.index, source[~made_up]), np.isin(table.index, source[made_up])
    table["invented"], table["partly"] = ~real, real & example
    return table.astype({"source": "str"}).reset_index(drop=True)


def _findings(monitor: Monitor) -> pd.DataFrame:
    found = monitor.told_then("findings")
    counts, made_up = found.groupby("code").size(), _invented(monitor, found["file"])
    catalogue = monitor.codebook.findings
    # of what was not found nothing is told: a list of zeros would hide what there is
    table = catalogue[catalogue["code"].isin(counts.index)].copy()
    table["count"] = table["code"].map(counts).astype("Int64")
    table["side"] = np.where(table["code"].isin(USEFULNESS), "usefulness", "accuracy")
    table["text"] = table[monitor.language]
    real, example = table["code"].isin(found.loc[~made_up, "code"]), table["code"].isin(found.loc[made_up, "code"])
    table["invented"], table["partly"] = ~real, real & example
    order = table["severity"].map(SEVERITIES.index)
    table = table.assign(order=order).sort_values(["order", "code"], ignore_index=True)
    return table[list(SHAPES["quality.finding"].columns)]


def assumptions(monitor: Monitor) -> pd.DataFrame:
    """Every assumed membership and theme mapping, with the figures that would change without it.

    Returns
    -------
    kind (membership, theme), code, label, figure (covered, or theme covered), with_it, without_it [municipalities], evidence.
    One row per assumption that the selection leans on; a membership is left out by taking the partnership's placements
    away, a mapping by counting the mapped projects under the unknown theme.

    Source: confidence of reference/partnerships.csv and aliases.csv.
    """
    rows = _memberships(monitor) + _mappings(monitor)
    return monitor.cite(SHAPES["assumptions"].table(rows), "assumptions")


def _memberships(monitor: Monitor) -> list[tuple]:
    book, now, rows = monitor.codebook, reached(monitor), []
    assumed = book.partnerships[book.partnerships["assumption"] == "yes"].drop_duplicates("partnership_id")
    used = assumed["partnership_id"].isin(monitor.partnerships(monitor.keep))
    for row in assumed[used].to_dict("records"):
        code, text = row["partnership_id"], say("assumption.covered", monitor.language)
        without = covered_without(monitor, code)
        rows.append(("membership", code, row["full_name"], text, now, without, row["evidence"]))
    return rows


def _mappings(monitor: Monitor) -> list[tuple]:
    book, rows = monitor.codebook, []
    now = coverage(monitor, by="theme").set_index("code")["covered"]
    aliases = book.aliases[(book.aliases["domain"] == "theme") & (book.aliases["assumption"] == "yes")]
    at, themes = monitor.facts.mapped
    kept = np.append(monitor.keep, False)[monitor.pool.home[at]]
    for theme in sorted(set(themes[kept])):
        column = book.column_of[theme]
        if column in now.index:
            label, text = monitor.label("theme", theme), say("assumption.theme_covered", monitor.language)
            evidence = "; ".join(aliases.loc[aliases["code"] == theme, "reason"])
            without = covered_unmapped(monitor, theme)
            rows.append(("theme", theme, label, text, now[column], without, evidence))
    return rows
