"""Claims: what the letters state as a number, against what the rows give at that date."""

import re

import pandas as pd

from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import STATES

MEASURES = re.compile(
    r"projects\.(source|placement):\w+|rounds\.(count|size:\d+|now:\d*:\w+)"
    rf"|rounds\.(reached|share):\d*:({'|'.join(STATES)})"
)


def claims(monitor: Monitor) -> pd.DataFrame:
    """One row per number that a letter states, computed from the rows of the selection at the letter's own date.

    Never computed from the stated value, the sizes of rounds or the credit. `holds` = equal at the stated decimals,
    `approximately` = stated as ca. and within 2 %, `not_computable` = the selection has no row of that kind.

    Returns
    -------
    fact_id, as_of, statement, stated (text as stated), unit, computed [unit; missing when not computable], computed_from
    (which rows), verdict.

    Source: domain of letters 1 and 2; 22 of 29 is 75.9 % where the letter says ca. 75 % (D-002).
    """
    rows = []
    for claim in monitor.tables["claims"].sort_values(["as_of", "fact_id"]).to_dict("records"):
        then = monitor.as_of(claim["as_of"]) if claim["as_of"] else None
        value, computed_from = _computed(then, claim["measure"]) if then else (None, "")
        rows.append(
            {name: claim[name] for name in ("fact_id", "as_of", "statement", "stated", "unit")}
            | {"computed": value, "computed_from": computed_from, "verdict": _verdict(claim["stated"], value)}
        )
    table = pd.DataFrame(rows, columns=[*"fact_id as_of statement stated unit computed computed_from verdict".split()])
    return monitor.cite(table.astype({"computed": "Float64"}), "claims")


def _computed(monitor: Monitor, measure: str) -> tuple[float | None, str]:
    """The number for `family.name:argument:argument`, and from which rows; None without a row of that kind."""
    if not MEASURES.fullmatch(measure):
        return None, ""
    name, first, second = [*measure.split(":"), "", ""][:3]
    if name.startswith("projects."):
        projects = monitor.projects[monitor.projects["counts"]]
        if name == "projects.source":
            there = monitor.rows[monitor.rows["source_id"] == first]
            hits = projects.index.isin(there["group"])
        else:
            there = hits = projects["placement"] == first
            there = projects[hits]
        return (float(hits.sum()), "projects") if len(there) else (None, "projects")
    here = monitor.states[monitor.states["gm_code"].isin(monitor.municipalities)]
    if not len(here):
        return None, "conversations"
    mine = here[here["round"] == int(first)] if first else here
    if name == "rounds.count":
        value = here["round"].nunique()
    elif name == "rounds.size":
        value = len(mine)
    elif name == "rounds.now":
        value = (mine["state"] == second).sum()
    else:
        rank = {state: i for i, state in enumerate(STATES)}
        value = (mine["reached"].map(rank) >= rank[second]).sum()
        if name == "rounds.share":
            value = 100 * value / len(monitor.municipalities)
    return float(value), "conversations"


def _verdict(stated: str, computed: float | None) -> str:
    match = re.search(r"\d[\d.]*(?:,\d+)?", stated)
    if computed is None or not match:
        return "not_computable"
    number = match[0].replace(".", "").replace(",", ".")
    decimals = len(number.partition(".")[2])
    if round(computed, decimals) == float(number):
        return "holds"
    near = stated.startswith("ca.") and abs(computed - float(number)) <= 0.02 * float(number)
    return "approximately" if near else "differs"
