"""Fourth stage: what was joined -> the clean tables, as columns. What no projects state is empty, never left out."""

import itertools
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter, itemgetter

import numpy as np
import pyarrow as pa

from wmo_analysis.days import iso
from wmo_analysis.pipeline.clean import Cleaned, Money, Period
from wmo_analysis.pipeline.join import ROLES, SET_ASIDE, Lists, Members, Projects, Steps
from wmo_analysis.pipeline.places import Places, spans
from wmo_analysis.pipeline.stage import ROW, Column, Findings, Rows, expanded
from wmo_analysis.schema import KINDS, PLACEMENTS, PRECISIONS, TEXTS

_SHARE = re.compile(r"[0-9]{0,3}(?:\.[0-9]{1,30}|(?<=[0-9])\.?)")  # of a project in a municipality
Table = dict[str, Column | pa.Array]  # column of a clean table -> its values


@dataclass
class Joined:
    """All that the tables are made from."""

    clean: Cleaned
    lists: Lists
    members: Members
    projects: Projects
    steps: Steps
    facts: np.ndarray  # the rows that state a fact of a letter
    project_of: np.ndarray  # of each amount; -1 for none
    fate: np.ndarray  # of each amount


def codes(values: np.ndarray, labels: tuple | list) -> Column:
    """A column of the labels of codes."""
    return Column(values.astype(np.int32), pa.array(labels, pa.large_string()))


def days(values: np.ndarray) -> Column:
    """A column of ISO texts of days."""
    return Column.coded(values, lambda each: list(map(iso, each)))


def numbers(values: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    """A column of numbers; empty where not `known`."""
    return pa.array(values, mask=None if known is None else ~known)


def made(joined: Joined, findings: Findings) -> dict[str, Table]:
    """Every clean table but listed, findings and ledger."""
    return {
        "projects": _projects(joined),
        "project_sources": _project_sources(joined),
        "placements": _placements(joined, findings),
        "project_themes": _project_themes(joined),
        "amounts": _amounts(joined),
        "targets": _targets(joined),
        "conversations": _conversations(joined),
        "claims": _claims(joined),
    }


def _place(joined: Joined, at: np.ndarray) -> Table:
    return _stands(joined.clean.rows, joined.lists, at)


def _stands(rows: Rows, lists: Lists, at: np.ndarray) -> Table:
    """Where rows stand: file, sheet, row."""
    return {"file": lists.files.take(rows.list[at]), "sheet": rows.sheet.take(at), "row": numbers(rows.row[at])}


def _period(prefix: str, period: Period) -> Table:
    precision = codes(period.precision, PRECISIONS)
    return {f"{prefix}_from": days(period.first), f"{prefix}_to": days(period.last), f"{prefix}_precision": precision}


def _projects(joined: Joined) -> Table:
    projects, clean, lists = joined.projects, joined.clean, joined.lists
    members, rows, row = joined.members, clean.rows, projects.row
    stands = map(attrgetter("placement"), projects.cells)
    placements = np.array(list(map(PLACEMENTS.index, stands)), dtype=np.int64)
    hours = clean.hours[row("hours")]
    return {
        "project_id": members.ids.take(projects.lead),
        "title": rows.text("title").take(row("title")),
        "source_id": codes(members.source[projects.lead], lists.sources),
        "basis": lists.bases.take(projects.list),
        "status": clean.status.take(row("status")),
        "status_listed": rows.text("status").take(row("status")),
        **_period("start", clean.periods["start"].take(row("start"))),
        **_period("end", clean.periods["end"].take(row("end"))),
        "placement": codes(placements[projects.cell] if len(projects) else placements, PLACEMENTS),
        "theme_part": codes(projects.theme, projects.theme_parts),
        "hours": numbers(hours, ~np.isnan(hours)),
        "same_as": members.same_as.take(projects.by["same_as"]),
        "good_example": rows.text("good_example").take(row("good_example")),
        **_place(joined, row()),
    }


def _project_sources(joined: Joined) -> Table:
    members = joined.members
    bases = joined.lists.bases.take(members.list)
    return {"project_id": members.ids, "role": codes(members.role, ROLES), "basis": bases, **_place(joined, members.at)}


def _placements(joined: Joined, findings: Findings) -> Table:
    projects = joined.projects
    owner, item = expanded(projects.cell, [cell.reached for cell in projects.cells])
    reached = list(itertools.chain.from_iterable(cell.reached for cell in projects.cells))
    gm_codes, via, partnerships = (Column.of(list(map(itemgetter(place), reached))).take(item) for place in range(3))
    return {
        "project_id": joined.members.ids.take(projects.lead[owner]),
        "gm_code": gm_codes,
        "via": via,
        "partnership_id": partnerships,
        "weight": _weights(joined, owner, item, findings),
        **_place(joined, projects.row()[owner]),
    }


def _weights(joined: Joined, owner: np.ndarray, item: np.ndarray, findings: Findings) -> Column:
    """Stated shares in the order of the municipalities in the cell; J09 and none where they do not sum to exactly 1."""
    projects = joined.projects
    weight = Column.constant("", len(owner))
    row = projects.row("municipality")
    stated, known = projects.shares, Places(joined.lists.codebook).known
    for at in np.flatnonzero(stated.filled).tolist():
        text = stated.texts(slice(at, at + 1)).to_pylist()[0]
        cell = projects.cells[projects.cell[at]]
        own = [part for _, via, _, part in cell.reached if via == "own"]
        place = projects.places.texts(slice(at, at + 1)).to_pylist()[0]
        names = spans(place, known)
        shares = _shares(text)
        if sum(shares) == 1 and len(shares) == len(own) == len(names) and min(shares) >= 0:
            by_part = dict(zip(names, shares, strict=True))
            mine = np.flatnonzero(owner == at)[: len(own)]  # own ones come first
            weight = weight.put(mine, Column.of([str(by_part[part]) for part in own]))
        else:
            findings.add("J09", row[at : at + 1], "weights", text)
    return _divided(joined, owner, weight)


def _divided(joined: Joined, owner: np.ndarray, weight: Column) -> Column:
    """The weights, with those that the codebook states where a cell is one municipality of later, and the row states none."""
    projects, divided = joined.projects, joined.lists.codebook.divided
    silent = ~projects.shares.filled[owner]
    for number, cell in enumerate(projects.cells):
        if [part.how for part in cell.parts] == ["split"]:
            mine = np.flatnonzero((projects.cell[owner] == number) & silent)
            shares = [divided[cell.parts[0].divided][code] for code, *_ in cell.reached]
            weight = weight.put(mine, Column.of(shares * (len(mine) // len(shares))))
    return weight


def _shares(text: str) -> list[Decimal]:
    """The shares of a cell; none where one is no plain number: "sNaN" and "1e999" are Decimals too."""
    shares = [share.strip().replace(",", ".") for share in text.split(";")]
    if not all(map(_SHARE.fullmatch, shares)):
        return []
    return list(map(Decimal, shares))


def _project_themes(joined: Joined) -> Table:
    projects = joined.projects
    owner, item = expanded(projects.theme, projects.theme_codes)
    codes = list(itertools.chain.from_iterable(projects.theme_codes))
    themes = Column.of(codes).take(item)
    return {
        "project_id": joined.members.ids.take(projects.lead[owner]),
        "theme": themes,
        **_place(joined, projects.row()[owner]),
    }


def _amounts(joined: Joined) -> Table:
    clean, lists = joined.clean, joined.lists
    here = np.flatnonzero(joined.fate != SET_ASIDE)
    money: Money = clean.money.take(here)
    return {
        "project_id": replace(joined.members.ids, codes=joined.project_of[here]),
        "credit_id": lists.credits.take(clean.rows.list[money.at]),
        "kind": codes(money.kind, KINDS),
        "date_from": days(money.first),
        "date_to": days(money.last),
        "cents": numbers(money.cents),
        "approximate": numbers(money.approximate),
        **_place(joined, money.at),
    }


def _targets(joined: Joined) -> Table:
    members, clean = joined.members, joined.clean
    here = np.flatnonzero(clean.target[members.at] >= 0)
    at = members.at[here]
    at_least = clean.rows.text("target_at_least").each(lambda text: text.strip().casefold() == "ja", bool)
    return {
        "project_id": members.ids.take(here),
        "value": numbers(clean.target[at]),
        "unit": clean.rows.text("target_unit").take(at),
        "at_least": numbers(at_least[at]),
        **_place(joined, at),
    }


def _conversations(joined: Joined) -> Table:
    steps, clean = joined.steps, joined.clean
    return {
        "gm_code": steps.gm_code,
        "round": numbers(clean.round[steps.at]),
        "step": steps.step,
        "date_from": days(steps.first),
        "date_to": days(steps.last),
        "precision": codes(steps.precision, PRECISIONS),
        "basis": joined.lists.bases.take(clean.rows.list[steps.at]),
        **_place(joined, steps.at),
    }


CLAIMED = "fact_id statement stated unit measure section".split()  # texts of a claim


def _claims(joined: Joined) -> Table:
    clean, at = joined.clean, joined.facts
    texts = {name: clean.rows.text(name).take(at) for name in CLAIMED}
    return {**texts, "as_of": days(clean.periods["as_of"].first[at]), **_place(joined, at)}


def listed(rows: Rows, lists: Lists) -> Table:
    """The rows of the lists as they stand there, but for contact data."""
    at = np.flatnonzero(rows.kind == ROW)
    return {**_stands(rows, lists, at), **{name: rows.text(name).take(at) for name in TEXTS}}
