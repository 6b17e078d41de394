"""Claims: what the letters state as a number, against what the rows give at that date."""

import re

import numpy as np
import pandas as pd

from wmo_analysis.measure._shape import shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import PLACEMENTS, STANDINGS, STATES

SAID = ("fact_id", "as_of", "statement", "stated", "unit")
SHAPES = {"claims": shape("fact_id as_of", f"{', '.join(SAID)}, computed [of the claim], computed_from, verdict")}
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
    rows, days = [], {"": None}
    for claim in monitor.tables["claims"].sort_values(["as_of", "fact_id"]).to_dict("records"):
        if claim["as_of"] not in days:  # a letter makes many claims of one day
            days[claim["as_of"]] = monitor.as_of(claim["as_of"])
        then = days[claim["as_of"]]
        value, computed_from = _computed(then, claim["measure"]) if then else (None, "")
        said = (claim[name] for name in SAID)
        rows.append((*said, value, computed_from, _verdict(claim["stated"], value)))
    table = pd.DataFrame(rows, columns=list(SHAPES["claims"].columns))
    return monitor.cite(table.astype({"computed": "Float64"}), "claims")


def _computed(monitor: Monitor, measure: str) -> tuple[float | None, str]:
    """The number for `family.name:argument:argument`, and from which rows; None without a row of that kind."""
    if not MEASURES.fullmatch(measure):
        return None, ""
    name, first, second = [*measure.split(":"), "", ""][:3]
    if name.startswith("projects."):
        return _projects(monitor, name, first), "projects"
    return _municipalities(monitor, name, first, second), "conversations"


def _projects(monitor: Monitor, name: str, code: str) -> float | None:
    """Counting projects of a source, or of a placement."""
    pool = monitor.pool
    if name == "projects.placement":
        wanted = PLACEMENTS.index(code) if code in PLACEMENTS else -1
        hits = monitor.counting & (pool.placement == wanted)
        return float(hits.sum()) if hits.any() else None
    listed = pool.of[monitor.facts.rows["source_id"].to_numpy()[pool.at] == code]
    return float(monitor.counting[np.unique(listed)].sum()) if len(listed) else None


def _municipalities(monitor: Monitor, name: str, number: str, state: str) -> float | None:
    """Rounds, or municipalities of a round ('' = of all) that are or have been in a state."""
    stood = monitor.stood
    named = stood.reached >= 0
    if not named.any():  # no row of that kind: not computable, which is not 0
        return None
    mine = named & (stood.round == int(number)) if number else named
    if name == "rounds.count":
        return float(len(np.unique(stood.round[named])))
    if name == "rounds.size":
        return float(mine.sum())
    if name == "rounds.now":
        return float((mine & (stood.now == (STANDINGS.index(state) if state in STANDINGS else -1))).sum())
    reached = float((mine & (stood.reached >= STATES.index(state))).sum())
    return 100 * reached / len(monitor.municipalities) if name == "rounds.share" else reached


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
