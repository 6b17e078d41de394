"""The choices of `wmo add` and `wmo decide` as forms in a notebook: drop-downs that hold what was proposed."""

import re
from pathlib import Path

import ipywidgets
import pandas as pd

from wmo_analysis.add._amounts import amounts
from wmo_analysis.add._card import WRITTEN, choose
from wmo_analysis.add._consequences import consequences
from wmo_analysis.add._names import choices, decide, unknown
from wmo_analysis.add._seen import Proposed, Seen
from wmo_analysis.codebook import Codebook
from wmo_analysis.schema import AMOUNTS, CHOICES, UNUSED
from wmo_analysis.style import escape
from wmo_analysis.tables import NO_MATHS, Table
from wmo_analysis.words import euro, heading, number, say
from wmo_analysis.workspace import Workspace

WIDE = ipywidgets.Layout(width="100%")


def _drop_down(name: str, options: list[tuple[str, str]], value: str, share: str) -> ipywidgets.Dropdown:
    """A drop-down as wide as the notebook, of which its name takes a share."""
    named = f'<span class="{NO_MATHS}">{escape(name)}</span>'  # else a notebook sets "$x$" as mathematics
    about = dict(description=named, description_allow_html=True, style={"description_width": share})
    return ipywidgets.Dropdown(options=options, value=value, layout=WIDE, **about)


def in_words(name: str) -> str:
    """What a column is proposed to be, in Dutch: 'toegekend', 'niet gebruikt'."""
    return say(f"add.proposed.{name}") if name in UNUSED else heading(name)


def shown(about: Seen) -> Table:
    """What `look` saw, a row for each column: header, proposal, whether a choice is needed, reason and samples, in Dutch."""
    rows = []
    for column in about.columns:
        samples = " | ".join(filter(None, column.samples))
        rows.append([column.named, in_words(column.proposed), "?" * column.asked, column.reason, samples])
    return Table(rows, columns=[*map(heading, ("header", "proposed", "asked_for", "reason", "samples"))])


def counted(about: Seen) -> Table:
    """What a build would read of the amounts of a list, a row for each column, in Dutch; other currencies stand apart."""
    rows = []
    for each in amounts(about).itertuples():
        apart = "; ".join(f"{currency} {number(cents / 100, 2)} ({cells})" for currency, cells, cents in each.others)
        read = f"{number(each.read)} / {number(each.filled)}"
        way = number(each.unit), each.decimal, each.currency
        rows.append([each.header, heading(each.proposed), *way, read, euro(each.cents), apart])
    names = ("header", "proposed", "unit", "decimal", "currency", "cells_read", "cents", "apart")
    return Table(rows, columns=[*map(heading, names)])


def changed(differences: pd.DataFrame) -> Table:
    """What `follow` found to differ from the delivery before, in Dutch: change, header, was, now, proposal."""
    proposed, change = differences["proposed"].map(in_words), "add.change." + differences["change"]
    table = differences.assign(change=change.map(say), proposed=proposed)
    return Table(table.rename(columns=heading))


def holds_amounts(column: Proposed) -> bool:
    """Whether a column is an amount, or has a unit or sign of its own, were it chosen as one."""
    return column.proposed in AMOUNTS or column.money.said or bool(column.money.unclear)


class Columns(ipywidgets.VBox):
    """A drop-down for each column of a list, the doubtful ones first, then the unit, decimal sign and currency of amounts,
    and what follows; `chosen` is what `look` saw with what stands there."""

    def __init__(self, about: Seen):
        self.about = about
        options = sorted(((in_words(name), name) for name in CHOICES if name), key=lambda pair: pair[0].casefold())
        self.lists, self.written = {}, {"unit": {}, "decimal": {}, "currency": {}}
        for column in sorted(about.columns, key=lambda column: (not column.asked, column.column)):
            name = f"? {column.named}" if column.asked else column.named
            self.lists[column.column] = _drop_down(name, [(in_words(""), ""), *options], column.proposed, "40%")
        shown = list(self.lists.values())
        for column in filter(holds_amounts, about.columns):
            for part, answers in self.written.items():
                doubt = "? " * (part in column.money.unsettled)
                options = [(str(value), value) for value in WRITTEN[part]]
                name = f"{doubt}{column.named}, {heading(part)}"
                answers[column.column] = _drop_down(name, options, getattr(column.money, part), "40%")
                shown.append(answers[column.column])
        self.follows = ipywidgets.Textarea(disabled=True, rows=len(about.columns), layout=WIDE)
        super().__init__([*shown, self.follows])
        for drop_down in shown:
            drop_down.observe(self._follow, "value")
        self._follow()

    def _follow(self, change: object = None) -> None:
        self.follows.value = "\n".join(consequences(self.chosen))

    @property
    def chosen(self) -> Seen:
        made = {}
        for column in self.about.columns:
            name = self.lists[column.column].value
            if column.asked or name != column.proposed:  # what stands at a question is an answer
                made[column.column] = name
        about = choose(self.about, made)
        return choose(about, {}, **{part: self._answers(about, part) for part in self.written})

    def _answers(self, about: Seen, part: str) -> dict[int, str | int]:
        """The units, decimal signs or currencies of amounts that were chosen, or were not clear."""
        made = {}
        for column in about.columns:
            form = self.written[part].get(column.column)
            unclear = part in column.money.unsettled
            if form and column.proposed in AMOUNTS and (unclear or form.value != getattr(column.money, part)):
                made[column.column] = form.value
        return made


class Names(ipywidgets.VBox):
    """A drop-down for each name that the codebook does not know, the most frequent first. `save` writes what was chosen."""

    def __init__(self, workspace: Path | str, most: int = 25):
        self.workspace = workspace
        book = Codebook.open(Workspace(Path(workspace)).reference)
        self.lists = {}
        for each in unknown(workspace).head(most).to_dict("records"):
            there = choices(book, each["domain"])
            # "Tienhoven (Maarssen)" is a village and its municipality
            meant = [re.sub(r".+ \((.+)\)$", r"\1", label) for label in each["suggestions"].split("|")]
            near = list(dict.fromkeys(label for label in meant if label in there))
            rest = sorted(set(there) - set(near), key=str.casefold)
            options = [(say("add.later"), ""), *((label, there[label]) for label in [*near, *rest])]
            name = f"{heading(each['domain'])}: {each['text']} ({each['rows']}x)"
            self.lists[each["domain"], each["text"]] = _drop_down(name, options, "", "50%")
        super().__init__(list(self.lists.values()))

    def save(self, role: str, on: str, reason: str = "") -> int:
        """Writes a decision for each name of which a choice was made; returns how many."""
        made = {name: drop_down.value for name, drop_down in self.lists.items() if drop_down.value}
        for (domain, text), code in made.items():
            decide(self.workspace, domain, text, code, role, on, reason)
        return len(made)
