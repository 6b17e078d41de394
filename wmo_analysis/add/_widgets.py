"""The choices of `wmo add` and `wmo decide` as forms in a notebook: drop-downs that hold what was proposed."""

from pathlib import Path

import ipywidgets
import pandas as pd

from wmo_analysis.add._card import NAMES, choose
from wmo_analysis.add._names import choices, decide, unknown
from wmo_analysis.codebook import Codebook
from wmo_analysis.words import heading, say
from wmo_analysis.workspace import Workspace

WIDE = ipywidgets.Layout(width="100%")


def in_words(name: str) -> str:
    """What a column is proposed to be, in Dutch: 'toegekend', 'niet gebruikt'."""
    return say(f"add.proposed.{name}") if name in ("", "contact", "remarks") else heading(name)


def shown(about: dict) -> pd.DataFrame:
    """What `look` saw, a row for each column: header, proposal, whether a choice is needed, reason and samples, in Dutch."""
    rows = [
        [
            c["named"],
            in_words(c["proposed"]),
            "?" if c["asked"] else "",
            c["reason"],
            " | ".join(filter(None, c["samples"])),
        ]
        for c in about["columns"]
    ]
    headings = [heading(name) for name in ("header", "proposed", "asked_for", "reason", "samples")]
    return pd.DataFrame(rows, columns=headings)


def changed(differences: pd.DataFrame) -> pd.DataFrame:
    """What `follow` found to differ from the delivery before, in Dutch: change, header, was, now, proposal."""
    table = differences.assign(
        change=[say(f"add.change.{change}") for change in differences["change"]],
        proposed=[in_words(name) for name in differences["proposed"]],
    )
    return table.rename(columns=heading)


class Columns(ipywidgets.VBox):
    """A drop-down for each column of a list, the doubtful ones first; `chosen` is what `look` saw with what stands there."""

    def __init__(self, about: dict):
        self.about = about
        options = sorted(((in_words(name), name) for name in NAMES if name), key=lambda pair: pair[0].casefold())
        self.lists = {
            c["column"]: ipywidgets.Dropdown(
                options=[(in_words(""), ""), *options], value=c["proposed"], layout=WIDE,
                description=f"{'? ' if c['asked'] else ''}{c['named']}", style={"description_width": "40%"},
            )
            for c in sorted(about["columns"], key=lambda c: (not c["asked"], c["column"]))
        }  # fmt: skip
        super().__init__(list(self.lists.values()))

    @property
    def chosen(self) -> dict:
        proposed = {c["column"]: None if c["asked"] else c["proposed"] for c in self.about["columns"]}
        made = {column: drop_down.value for column, drop_down in self.lists.items()}
        return choose(self.about, {column: name for column, name in made.items() if name != proposed[column]})


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
            self.lists[each["domain"], each["text"]] = ipywidgets.Dropdown(
                options=[(say("add.later"), ""), *((label, there[label]) for label in [*near, *rest])], value="",
                description=f"{heading(each['domain'])}: {each['text']} ({each['rows']}x)", layout=WIDE,
                style={"description_width": "50%"},
            )  # fmt: skip
        super().__init__(list(self.lists.values()))

    def save(self, role: str, on: str, reason: str = "") -> int:
        """Writes a decision for each name of which a choice was made; returns how many."""
        made = {name: drop_down.value for name, drop_down in self.lists.items() if drop_down.value}
        for (domain, text), code in made.items():
            decide(self.workspace, domain, text, code, role, on, reason)
        return len(made)
