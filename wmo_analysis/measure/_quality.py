"""Quality: how complete the lists are, what was wrong with them, and which figures lean on an assumption."""

import dataclasses

import numpy as np
import pandas as pd

from wmo_analysis.errors import WmoError
from wmo_analysis.measure._coverage import coverage
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import PLACEMENTS
from wmo_analysis.words import say

ASKED = ("theme", "municipality", "dates", "amount")
# 360Giving splits checks in accuracy (is it right) and usefulness (can one work with it): what is merely absent or
# carried out is the latter.
USEFULNESS = ("C02", "R06", "R07", "R08", "R09", "R11", "R12", "R13", "R15", "R19", "J02", "J03", "J05", "J11", "K01")


def quality(monitor: Monitor, by: str = "source") -> pd.DataFrame:
    """How far the lists in force can answer, per source; or findings by code.

    Returns
    -------
    by="source": source_id, source, projects, with_theme, with_municipality, with_dates, with_amount [projects], and
    share_theme, share_municipality, share_dates, share_amount [% of projects; missing without projects]. A theme or
    municipality counts when it is known, dates when a start is known, an amount when any is read (on or off the credit).
    by="finding": code, severity, side (accuracy, usefulness), text, count, why, what_to_do; most severe first.

    Raises
    ------
    WmoError for another `by`.

    Source: the split is 360Giving's data quality; docs/rules.md.
    """
    if by == "finding":
        return monitor.cite(_findings(monitor), "quality", by=by)
    if by != "source":
        raise WmoError(f"Onbekende waarde voor by: {by}. Mogelijk zijn: source, finding.")
    facts, pool, rows = monitor.facts, monitor.pool, monitor.kept_rows
    placed = ~np.isin(facts.placement[rows], [PLACEMENTS.index(name) for name in ("unknown", "unassigned", "outside")])
    has = [facts.stated["themes"][rows], placed, facts.start[rows] > 0, facts.paid[rows]]
    pairs, of = np.unique(facts.source[rows] * max(len(pool), 1) + pool.home[rows], return_inverse=True)
    source = pairs // max(len(pool), 1)  # of each project as that source lists it
    sums = pd.DataFrame({"projects": np.bincount(source)})
    for what, here in zip(ASKED, has, strict=True):
        sums[f"with_{what}"] = np.bincount(source[np.unique(of[here])], minlength=len(sums))
    sums = sums[sums["projects"] > 0].astype("Int64")
    sums.index = pd.Index([monitor.codebook.source_ids[at] for at in sums.index], dtype="str")
    for what in ASKED:
        sums[f"share_{what}"] = (sums[f"with_{what}"] * 100 / sums["projects"]).astype("Float64")
    table = sums.reset_index(names="source_id")
    table.insert(1, "source", [monitor.codebook.label("source", c, monitor.language) for c in table["source_id"]])
    return monitor.cite(table.astype({"source": "str"}), "quality", by=by)


def _findings(monitor: Monitor) -> pd.DataFrame:
    counts = monitor.tables["findings"].groupby("code").size()
    catalogue = monitor.codebook.findings
    table = catalogue[catalogue["code"].isin(counts.index)].copy()
    table["count"] = table["code"].map(counts).astype("Int64")
    table["side"] = ["usefulness" if code in USEFULNESS else "accuracy" for code in table["code"]]
    table["text"] = table[monitor.language]
    order = table["severity"].map(["error", "warning", "note"].index)
    table = table.assign(order=order).sort_values(["order", "code"], ignore_index=True)
    return table[["code", "severity", "side", "text", "count", "why", "what_to_do"]]


def assumptions(monitor: Monitor) -> pd.DataFrame:
    """Every assumed membership and theme mapping, with the figures that would change without it.

    Returns
    -------
    kind (membership, theme), code, label, figure (covered, or theme covered), with_it, without_it [municipalities], evidence.
    One row per assumption that the selection leans on; a membership is left out by taking the partnership's placements
    away, a mapping by counting the mapped projects under the unknown theme.

    Source: confidence of reference/partnerships.csv and aliases.csv.
    """
    book, language = monitor.codebook, monitor.language
    rows = []
    now = coverage(monitor).attrs["wmo"]["covered"]
    assumed = book.partnerships[book.partnerships["assumption"] == "yes"].drop_duplicates("partnership_id")
    for row in assumed.to_dict("records"):
        placements = monitor.tables["placements"]
        kept = placements[placements["partnership_id"] != row["partnership_id"]]
        if len(kept) < len(placements):
            without = _with_table(monitor, "placements", kept)
            text = say("assumption.covered", language)
            covered = coverage(without).attrs["wmo"]["covered"]
            rows.append(("membership", row["partnership_id"], row["full_name"], text, now, covered, row["evidence"]))
    by_theme = coverage(monitor, by="theme").set_index("code")["covered"]
    mapped = monitor.tables["findings"].query("code == 'J11'")[["file", "row", "kept"]]
    themes = monitor.tables["project_themes"]
    for theme in sorted(mapped["kept"].unique()):
        here = mapped[mapped["kept"] == theme]
        hit = themes.merge(here, left_on=["file", "row", "theme"], right_on=["file", "row", "kept"], how="left")[
            "kept"
        ].notna()
        column = book.column_of[theme]
        if not hit.any() or column not in by_theme.index:
            continue
        changed = themes.assign(theme=themes["theme"].mask(hit.to_numpy(), book.theme_with("unknown")))
        without = coverage(_with_table(monitor, "project_themes", changed), by="theme").set_index("code")["covered"]
        label = book.label("theme", theme, language)
        text = say("assumption.theme_covered", language)
        evidence = "; ".join(
            book.aliases.query("domain == 'theme' and code == @theme and assumption == 'yes'")["reason"]
        )
        rows.append(("theme", theme, label, text, by_theme[column], without.get(column, 0), evidence))
    columns = ["kind", "code", "label", "figure", "with_it", "without_it", "evidence"]
    table = pd.DataFrame(rows, columns=columns).astype({"with_it": "Int64", "without_it": "Int64"})
    return monitor.cite(table, "assumptions")


def _with_table(monitor: Monitor, name: str, table: pd.DataFrame) -> Monitor:
    return dataclasses.replace(monitor, tables=monitor.tables | {name: table})
