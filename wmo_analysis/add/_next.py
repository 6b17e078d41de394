"""The next delivery of a list: its card on the new file, what differs, and projects that go on under another name."""

from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz

from wmo_analysis.add._card import UNUSED, _toml
from wmo_analysis.add._look import look
from wmo_analysis.codebook import Codebook, key
from wmo_analysis.errors import WmoError
from wmo_analysis.pipeline import card as cards_of
from wmo_analysis.pipeline import header as headers
from wmo_analysis.words import say

ALIKE = 75  # of 100: from here a name is suggested, never taken
CARRIED = ("source", "basis", "owner", "licence", "complete", "credit", "whole_country", "constants")


def previous(workspace: Path | str, about: dict, source: str = "") -> dict | None:
    """The card of the delivery before this one, None when there is none: the card with most columns in common, then the
    newest. Of a stated source a third of all columns must be the same, else 60 %: lists of other sources look alike too."""
    raw = Path(workspace) / "data" / "raw"
    there = {headers.fold(column["named"]) for column in about["columns"]}
    scored = []
    for card in cards_of.as_it_was(raw)[0] if raw.is_dir() else []:
        known = {headers.fold(header) for header in _names_on(card)}
        share = len(known & there) / len(known | there)
        if share >= (1 / 3 if source and card.get("source") == source else 0.6) and source in ("", card.get("source")):
            scored.append((round(share, 1), card["date"], card["list"], card))
    return max(scored, key=lambda s: s[:3])[3] if scored else None


def _names_on(card: dict) -> dict[str, str]:
    """header -> what the card says that it is."""
    headers = {
        h: ours for ours, listed in card["columns"].items() for h in (listed if isinstance(listed, list) else [listed])
    }
    return headers | dict.fromkeys(card.get("contact", []), "contact") | dict.fromkeys(card.get("ignored", []), "")


def carried(card: dict) -> dict:
    """What a person stated on the card and holds for the next delivery too."""
    return {name: card[name] for name in CARRIED if name in card}


def follow(about: dict, card: dict, codebook: Codebook | None = None) -> tuple[dict, pd.DataFrame]:
    """What `look` saw with the choices of the previous card, and what differs: change (moved, renamed, new, gone), header,
    was, proposed.

    A column that may have been renamed is asked, never taken: the new header resembles the old one, or says the same.
    """
    names = {headers.fold(header): (ours, header) for header, ours in _names_on(card).items()}
    old = {headers.fold(c["named"]): c for c in look(card["path"], codebook)["columns"]}
    there = {headers.fold(c["named"]) for c in about["columns"]}
    gone = {header: ours for header, (ours, _) in names.items() if header not in there}
    columns, differences = [], []
    for column in about["columns"]:
        header, column = headers.fold(column["named"]), dict(column)
        if header in names:
            ours = names[header][0]
            column.update(proposed=ours, asked=False, reason=say("add.reason.as_before", date=card["date"]))
            column["rank"] = list(names).index(header)
            if header in old and old[header]["column"] != column["column"]:
                places = [headers.letter(c["column"]) for c in (old[header], column)]
                differences.append(("moved", column["named"], *places, ours))
        elif was := _renamed(column, gone, old):
            ours = gone.pop(was)
            column.update(proposed=ours, asked=True, reason=say("add.reason.renamed", header=names[was][1]))
            column["rank"] = list(names).index(was)
            differences.append(("renamed", column["named"], names[was][1], column["named"], ours))
        else:
            taken = {ours for ours, _ in names.values()} - {*UNUSED, "approval"}
            if column["proposed"] in taken:
                column.update(proposed="", asked=True, reason=say("add.reason.taken"))
            differences.append(("new", column["named"], "", column["named"], column["proposed"]))
        columns.append(column)
    differences += [("gone", names[header][1], names[header][1], "", ours) for header, ours in gone.items()]
    followed = about | {"columns": columns, "kinds": card["rows"], "sections": card.get("sections", about["sections"])}
    return followed, pd.DataFrame(differences, columns=["change", "header", "was", "now", "proposed"], dtype="str")


def _renamed(column: dict, gone: dict[str, str], old: dict[str, dict]) -> str | None:
    """The header that this column probably had: the one most alike, else one that says the same thing."""
    alike = {header: fuzz.ratio(header, headers.fold(column["named"])) for header in gone}
    best = max(alike, key=alike.get, default=None)
    if best is not None and alike[best] >= ALIKE:
        return best
    return next((h for h, ours in gone.items() if ours == column["proposed"] and ours not in ("", "remarks")), None)


def matches(tables: dict[str, pd.DataFrame], card: dict, before: dict) -> pd.DataFrame:
    """Projects of a delivery that may go on from the delivery before it under another name: row, title, project (the
    earlier id), before (its title), alike [0-100]; most alike first. A person confirms them, see `confirm`."""
    projects = tables["projects"]
    new = projects[projects["file"] == card["list"]]
    old = projects[projects["file"] == before["list"]]
    lost = old[~old["project_id"].isin(new["project_id"])]
    fresh = new[~new["project_id"].isin(old["project_id"])]
    rows = [
        (a["title"], b["project_id"], b["title"], round(fuzz.token_sort_ratio(key(a["title"]), key(b["title"]))))
        for a in fresh.to_dict("records")
        for b in lost.to_dict("records")
    ]
    found = pd.DataFrame(rows, columns=["row", "project", "before", "alike"])
    return found[found["alike"] >= ALIKE].sort_values(["alike", "row"], ascending=[False, True], ignore_index=True)


def confirm(card: Path, row: str, project: str, role: str, on: str, reason: str) -> None:
    """Writes on the card that a row (its key or title) is the earlier project with that id: dated, with who decided."""
    if not role.strip() or not reason.strip():
        raise WmoError(say("add.no_role"))
    link = {"row": row, "project": project, "reason": reason, "decided_on": on, "decided_by": role}
    text = "".join(f"{name} = {_toml(value)}\n" for name, value in link.items())
    with open(card, "a", encoding="utf-8", newline="\n") as file:
        file.write(f"\n[[continues]]\n{text}")
