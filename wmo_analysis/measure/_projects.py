"""Projects: the list behind every figure."""

import numpy as np
import pandas as pd

from wmo_analysis.measure._budget import committed_of, place_texts
from wmo_analysis.measure._profile import theme_texts
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import VIA
from wmo_analysis.words import say

WAYS = (*VIA, "")  # the last one: not placed


def projects(monitor: Monitor) -> pd.DataFrame:
    """The projects of the selection, those that count first: what a figure of coverage, or a cell, is made of.

    Returns
    -------
    project, title, source, place, theme_labels, via_label (own, partnership or province-wide as seen from the
    municipalities left; '' without a municipality), status (label, on the date), counts (bool), start, end (ISO day,
    period or ''), committed [EUR cent of the whole project; missing without an amount], basis; sorted by counts, via,
    title. attrs: reached [counting projects with an own placement or through a partnership], which is the number of a
    matrix cell.

    Source: docs/rules.md, Coverage.
    """
    book, language, here = monitor.codebook, monitor.language, monitor.projects
    placed = monitor.placements[monitor.placements["gm_code"].isin(monitor.municipalities)]
    rank = placed["via"].map(WAYS.index).groupby(placed["group"]).min()
    via = pd.Series(
        [WAYS[n] for n in rank.reindex(here.index, fill_value=WAYS.index(""))], index=here.index, dtype="str"
    )
    counts, at = here["counts"], np.flatnonzero(monitor.keep)
    table = pd.DataFrame(
        {
            "project": here.index,
            "title": here["title"].array,
            "source": [book.label("source", code, language) for code in here["source_id"]],
            "place": place_texts(monitor, at),
            "theme_labels": theme_texts(monitor, at),
            "via_label": [say(f"via.{code}", language) if code else "" for code in via],
            "status": [say(f"status.{code}", language) for code in here["derived"]],
            "counts": counts.array,
            "start": here["start_from"].array,
            "end": here["end_to"].array,
            "committed": committed_of(monitor).array,
            "basis": here["basis"].array,
        }
    )
    order = pd.DataFrame({"late": ~counts.to_numpy(), "via": via.map(WAYS.index).to_numpy(), "title": table["title"]})
    table = table.iloc[order.sort_values(["late", "via", "title"], kind="stable").index].reset_index(drop=True)
    reached = int((counts & via.isin(WAYS[:2]) & (here["theme_part"] != "outside")).sum())
    return monitor.cite(table, "projects", reached=reached)
