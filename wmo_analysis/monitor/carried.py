"""A Monitor on the municipalities of a later day: mergers that the codebook states are followed, nothing is split."""

import dataclasses
from decimal import Decimal

import pandas as pd

from wmo_analysis import words
from wmo_analysis.codebook import Codebook
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor.monitor import Monitor
from wmo_analysis.schema import PLACE


def carried(monitor: Monitor, day: str) -> Monitor:
    """The Monitor whose municipalities are those of that ISO day: what was placed in a municipality that ended by then stands
    in its successor, so counts and cents of every division are those of the later municipalities and still foot.

    Filters are kept, but one on a municipality that is gone. Raises WmoError for a day before that of the codebook: of a
    municipality that is still one nobody states how it was divided.

    Source: end_date and successor in municipalities.csv; docs/rules.md, Municipalities formed later.
    """
    book = monitor.codebook
    if day < book.stated_at:
        raise WmoError(words.say("carried.split", date=words.date(book.stated_at), language=monitor.language))
    table = book.municipalities
    ended = table[(table["end_date"] != "") & (table["end_date"] <= day)]
    into = dict(zip(ended["gm_code"], ended["successor_code"], strict=True))
    tables = dict(monitor.tables)
    tables["conversations"] = tables["conversations"].replace({"gm_code": into})
    placed = tables["placements"].replace({"gm_code": into})
    tables["projects"] = _one_now(monitor, placed)
    tables["placements"] = _together(placed)
    # a municipality that is gone would be found nowhere, and that 0 would seem to be a figure
    gone = [(name, values) for name, values in monitor.filters if not (name == "municipality" and values & set(into))]
    return dataclasses.replace(
        monitor, tables=tables, codebook=_codebook(book, ended, into, day), filters=tuple(gone), facts=None
    )


def _one_now(monitor: Monitor, placed: pd.DataFrame) -> pd.DataFrame:
    """The projects; those that named several municipalities which are one by now are placed in one."""
    projects, facts = monitor.tables["projects"], monitor.facts
    ways = placed.groupby(["project_id", "file"])[["gm_code", "via"]].nunique()
    own = placed[placed["via"] == "own"].groupby(["project_id", "file"]).size()
    # one municipality through one way: a partnership beside it keeps a project `several`, as on any day
    single = set(ways.index[(ways["gm_code"] == 1) & (ways["via"] == 1)]) & set(own.index)
    # a place that the codebook does not know still stands beside the one that is left
    beside = set(zip(facts.rows["project_id"][facts.beside], facts.rows["file"][facts.beside], strict=True))
    names = zip(projects["project_id"], projects["file"], strict=True)
    one = pd.Series([name in single and name not in beside for name in names], index=projects.index, dtype=bool)
    placement = projects["placement"].mask(one & (projects["placement"] == "several"), "one")
    return projects.assign(placement=placement)


def _together(placed: pd.DataFrame) -> pd.DataFrame:
    """Each municipality of a project once per way; shares of those that merged are added up."""
    keys = ["project_id", "gm_code", "via", "partnership_id", *PLACE]
    return placed.groupby(keys, sort=False, dropna=False, as_index=False)["weight"].agg(_sum)[list(placed)]


def _sum(weights: pd.Series) -> str:
    if not any(weights):
        return ""
    return str(sum(map(Decimal, filter(None, weights))))


def _codebook(book: Codebook, ended: pd.DataFrame, into: dict[str, str], day: str) -> Codebook:
    """The codebook with the municipalities of the day; memberships are those of what merged."""
    formed = ended[~ended["successor_code"].isin(book.gm_codes)].drop_duplicates("successor_code")
    formed = formed.assign(gm_code=formed["successor_code"], name=formed["successor"], sort_key_nl=formed["successor"])
    formed = formed.assign(start_date="", end_date="", successor_code="", successor="")
    left = book.municipalities[~book.municipalities["gm_code"].isin(set(into))]
    both = pd.concat([left, formed]).assign(stated_at=day)
    members, columns = {}, {"partnerships": "gm_code", "regions": "gm_code", "places": "gm_code", "aliases": "code"}
    for name, column in columns.items():
        members[name] = getattr(book, name).replace({column: into}).drop_duplicates().reset_index(drop=True)
    both = both.sort_values("sort_key_nl", key=lambda names: names.str.casefold(), kind="stable", ignore_index=True)
    return dataclasses.replace(book, municipalities=both, carried_to=day, **members)
