"""Claims: what the letters state as a number, against what the rows give at that date."""

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wmo_analysis.measure._shape import shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import PLACEMENTS, STANDINGS, STATES, made_of
from wmo_analysis.words import say

SAID = ("fact_id", "as_of", "statement", "stated", "unit", "found_in")
FOUND = "computed [of the claim], computed_from, verdict, verdict_label, examples [rows]"
SHAPES = {"claims": shape("fact_id as_of", f"{', '.join(SAID)}, {FOUND}")}
MEASURES = re.compile(
    r"projects\.(source|placement):\w+|rounds\.(count|size:\d+|now:\d*:\w+)"
    rf"|rounds\.(reached|share):\d*:({'|'.join(STATES)})"
)


def claims(monitor: Monitor) -> pd.DataFrame:
    """One row per number that a letter had stated by then, computed from the rows of the selection at the letter's own date.

    Never computed from the stated value, the sizes of rounds or the credit. `holds` = equal at the stated decimals,
    `approximately` = stated as ca. and within 2 %, `not_computable` = the selection has no row of that kind.

    Returns
    -------
    fact_id, as_of, statement, stated (text as stated), unit, found_in (the letter and its section), computed [unit; missing
    when not computable], computed_from (which rows), verdict, verdict_label (which says so where the verdict leans on
    examples: then it is no evidence), examples [rows that are made up, of those that it is computed from].

    Source: domain of letters 1 and 2; 22 of 29 is 75.9 % where the letter says ca. 75 % (D-002).
    """
    rows, days, leaning = [], {"": None}, 0
    for claim in monitor.claims.to_dict("records"):
        if claim["as_of"] not in days:  # a letter makes many claims of one day
            days[claim["as_of"]] = monitor.as_of(claim["as_of"])
        then, said = days[claim["as_of"]], [claim[name] for name in SAID]
        found = computed(then, claim["measure"]) if then else NOTHING
        verdict = _verdict(claim["stated"], found.value)
        examples = 0 if verdict == "not_computable" else found.examples
        leaning += examples > 0
        label = say(f"verdict.{verdict}{'.examples' * (examples > 0)}", monitor.language)
        rows.append((*said, found.value, found.computed_from, verdict, label, examples))
    table = pd.DataFrame(rows, columns=list(SHAPES["claims"].columns))
    made = made_of("claims", len(rows), leaning)
    return monitor.cite(table.astype({"computed": "Float64", "examples": "Int64"}), "claims", **made)


@dataclass(frozen=True, eq=False)
class Computed:
    """What the rows give for a claim: the number, None without a row of that kind; the projects of the pool (a mask) or the
    municipalities (a mask over the codebook) that it counts or leans on."""

    value: float | None = None
    computed_from: str = ""
    at: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))  # what is counted
    examples: int = 0  # rows of what it leans on that are made up


NOTHING = Computed()


def computed(monitor: Monitor, measure: str) -> Computed:
    """The number for `family.name:argument:argument`, and from which rows."""
    if not MEASURES.fullmatch(measure):
        return NOTHING
    name, first, second = [*measure.split(":"), "", ""][:3]
    # never from the stated value, the size of a round or the credit: a claim would prove itself
    if name.startswith("projects."):
        return _projects(monitor, name, first)
    return _municipalities(monitor, name, first, second)


def _projects(monitor: Monitor, name: str, code: str) -> Computed:
    """Counting projects of a source, or of a placement."""
    pool = monitor.pool
    if name == "projects.placement":
        kind = monitor.keep & (np.array(PLACEMENTS)[pool.placement] == code)
    else:
        kind = monitor.keep & pool.of_sources([code])
    if not kind.any():  # no row of that kind: not computable, which is not 0
        return Computed(computed_from="projects")
    counted = kind & monitor.counting
    return Computed(float(counted.sum()), "projects", counted, int((kind & pool.example).sum()))


def _municipalities(monitor: Monitor, name: str, number: str, state: str) -> Computed:
    """Rounds, or municipalities of a round ('' = of all) that are or have been in a state."""
    stood = monitor.stood
    named = stood.reached >= 0
    if not named.any():
        return Computed(computed_from="conversations")
    mine = named.copy()
    if number:
        mine &= stood.round == int(number)
    if name == "rounds.now":
        mine &= np.array(STANDINGS)[stood.now] == state
    elif name in ("rounds.reached", "rounds.share"):
        mine &= stood.reached >= STATES.index(state)
    value = float(mine.sum())
    if name == "rounds.count":
        value = float(len(np.unique(stood.round[named])))
    elif name == "rounds.share":
        value = 100 * value / len(monitor.municipalities)
    return Computed(value, "conversations", mine, monitor.made_of_talks(monitor.named)["made_up"])


def _verdict(stated: str, computed: float | None) -> str:
    match = re.search(r"\d[\d.]*(?:,\d+)?", stated)
    if computed is None or not match:
        return "not_computable"
    number = match[0].replace(".", "").replace(",", ".")
    decimals = len(number.partition(".")[2])
    if round(computed, decimals) == float(number):
        return "holds"
    # 2 %: the letter calls 22 of 29, which is 75.9 %, "ca. 75%"
    if stated.startswith("ca.") and abs(computed - float(number)) <= 0.02 * float(number):
        return "approximately"
    return "differs"
