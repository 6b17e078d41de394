"""Bring your own list: look at a file, propose what each column is, write its card, settle the names in it.

    about = add.look("lijst.xlsx")                       # what is seen, and why
    add.write("lijst.xlsx", add.choose(about, {"Bedrag": "granted"}), ".", date="2007-10-01", received="2007-10-02")

A proposal is never silent: each has a reason, and what could be read in two ways is asked.
"""

import importlib

from wmo_analysis.add._amounts import amounts
from wmo_analysis.add._card import card, choose, unclear, write
from wmo_analysis.add._compared import compared
from wmo_analysis.add._consequences import consequences, unanswered
from wmo_analysis.add._look import look
from wmo_analysis.add._names import alarms, choices, correct, decide, unknown
from wmo_analysis.add._next import Arrival, arrival, carried, confirm, follow, matches, nearly, previous
from wmo_analysis.add._seen import Proposed, Seen


def __getattr__(name: str):
    """The forms of a notebook, loaded when they are first used: `Desk`, `account`, `noticed`, `Columns`, `Names`, `changed`,
    `counted`, `shown`."""
    if name in ("Columns", "Names", "changed", "counted", "shown"):
        return getattr(importlib.import_module("wmo_analysis.add._widgets"), name)
    if name in ("Desk", "account", "noticed"):
        return getattr(importlib.import_module("wmo_analysis.add._desk"), name)
    raise AttributeError(f"module 'wmo_analysis.add' has no attribute {name!r}")
