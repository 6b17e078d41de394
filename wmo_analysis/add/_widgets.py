"""The choices of `wmo add` and `wmo decide` as forms in a notebook: drop-downs that hold what was proposed."""

from pathlib import Path

import ipywidgets
import pandas as pd

from wmo_analysis.add._card import choose
from wmo_analysis.add._consequences import consequences
from wmo_analysis.add._names import choices, decide, unknown
from wmo_analysis.add._seen import Seen
from wmo_analysis.codebook import Codebook
from wmo_analysis.schema import CHOICES, UNUSED
from wmo_analysis.style import escape
from wmo_analysis.tables import NO_MATHS, Table
from wmo_analysis.words import heading, say
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


def changed(differences: pd.DataFrame) -> Table:
    """What `follow` found to differ from the delivery before, in Dutch: change, header, was, now, proposal."""
    proposed, change = differences["proposed"].map(in_words), "add.change." + differences["change"]
    table = differences.assign(change=change.map(say), proposed=proposed)
    return Table(table.rename(columns=heading))


class Columns(ipywidgets.VBox):
    """A drop-down for each column of a list, the doubtful ones first, and below them what follows from what stands there;
    `chosen` is what `look` saw with those choices."""

    def __init__(self, about: Seen):
        self.about = about
        options = sorted(((in_words(name), name) for name in CHOICES if name), key=lambda pair: pair[0].casefold())
        self.lists = {}
        for column in sorted(about.columns, key=lambda column: (not column.asked, column.column)):
            name = f"? {column.named}" if column.asked else column.named
            self.lists[column.column] = _drop_down(name, [(in_words(""), ""), *options], column.proposed, "40%")
        self.follows = ipywidgets.HTML()
        super().__init__([*self.lists.values(), self.follows])
        for drop_down in self.lists.values():
            drop_down.observe(self._follow, "value")
        self._follow()

    def _follow(self, change: object = None) -> None:
        self.follows.value = "<br>".join(map(escape, consequences(self.chosen)))

    @property
    def chosen(self) -> Seen:
        made = {}
        for column in self.about.columns:
            name = self.lists[column.column].value
            if column.asked or name != column.proposed:  # what stands at a question is an answer
                made[column.column] = name
        return choose(self.about, made)


class Names(ipywidgets.VBox):
    """A drop-down for each name that the codebook does not know, the most frequent first. `save` writes what was chosen."""

    def __init__(self, workspace: Path | str, most: int = 25):
        self.workspace = workspace
        book = Codebook.open(Workspace(Path(workspace)).reference)
        self.lists = {}
        for each in unknown(workspace).head(most).to_dict("records"):
            there = choices(book, each["domain"])
            near = [label for label in each["suggestions"].split("|") if label in there]
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
