"""Why a cell is empty: which complete lists were searched, and which projects come nearest."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wmo_analysis import words
from wmo_analysis.schema import NEVER_COUNTS, NO_THEME, STATUSES, VIA

if TYPE_CHECKING:
    from wmo_analysis.monitor.monitor import Monitor

COLUMNS = ("kind", "reason", "label", "what", "project", "file", "date", "example")


def why(monitor: "Monitor", gm_code: str, theme: str = "") -> pd.DataFrame:
    """See Monitor.why."""
    theme = theme and monitor.codebook.find("theme", theme)
    gm_code = monitor.codebook.find("municipality", gm_code)
    rows = [*_there(monitor, gm_code, theme), *_searched(monitor), *_nearest(monitor, gm_code, theme)]
    if gm_code not in monitor.existing:  # then nothing was searched: that stands above all else
        here = monitor.codebook.municipalities.set_index("gm_code").loc[gm_code]
        told = "not_yet", here["name"], "", "", "", here["start_date"]
        if here["start_date"] <= monitor.date:
            told = "absent", here["name"], here["successor"], "", "", here["end_date"]
        rows.insert(0, ("absent", *told, False))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(COLUMNS, "str") | {"example": "bool"})
    return monitor.cite(table, "why", sentence=_sentence(monitor, table, gm_code, theme), gm_code=gm_code)


def _there(monitor: "Monitor", gm_code: str, theme: str) -> Iterator[tuple]:
    """The projects that stand in the cell: then it is not empty."""
    pool, at = monitor.pool, np.flatnonzero(monitor.in_cell(gm_code, theme))
    told = pool.titles[at], pool.column("group", at), pool.column("file", at), pool.invented[at].tolist()
    for title, group, file, made_up in zip(*told, strict=True):
        yield "there", "there", title, "", group, file, "", made_up


def _searched(monitor: "Monitor") -> Iterator[tuple]:
    """The newest complete list of each source, one row each; without one, a row that says so."""
    lists = [monitor.facts.lists[at] for at in monitor.chosen_lists("projects")]
    # only a list that claims to hold all of its source says something by what it does not list
    complete = {each.source_id: each for each in sorted(lists, key=lambda each: each.date) if each.whole}
    for code, each in sorted(complete.items()):
        label, example = monitor.label("source", code), each.basis == "example"
        yield "searched", "complete", label, words.day(each.date), "", each.file, each.date, example
    if not complete:
        yield "searched", "nothing", words.say("why.nothing", monitor.language), "", "", "", "", False


def _nearest(monitor: "Monitor", gm_code: str, theme: str) -> Iterator[tuple]:
    """The projects that would stand in the cell but for one reason, each once, under the first reason."""
    pool, told = monitor.pool, np.zeros(len(monitor.pool), dtype=bool)
    for reason, mask in _reasons(monitor, gm_code, theme).items():
        at = np.flatnonzero(mask & ~told)
        told[at] = True
        groups, files = pool.column("group", at), pool.column("file", at)
        made_up = pool.invented[at].tolist()
        texts = zip(pool.titles[at], _when(monitor, reason, at), groups, files, made_up, strict=True)
        for *texts_of, example in texts:
            yield "nearest", reason, *texts_of, "", example


def _reasons(monitor: "Monitor", gm_code: str, theme: str) -> dict[str, np.ndarray]:
    """Each reason not to stand in the cell -> the projects (a mask) for which it is the one."""
    pool, facts = monitor.pool, monitor.facts
    (number,) = facts.numbers([gm_code])
    here = (facts.reach[:, number] > 0)[pool.place]
    wide = (facts.province > 0)[pool.place]
    derived, counts = pool.derived(monitor.date)
    status = {name: derived == at for at, name in enumerate(STATUSES)}
    themes = frozenset(filter(None, [theme])) or frozenset(monitor.codebook.columns())
    of_theme = facts.touching(themes)[pool.theme]
    untold = facts.touching(frozenset([monitor.codebook.theme_with("unknown")]))[pool.theme]
    above = facts.stating(frozenset([monitor.codebook.column_of.get(theme, theme)]))[pool.theme]
    # the order decides: who is left out for two reasons is told under the first of them
    reasons = {"theme_above": here & counts & monitor.half_told}
    reasons |= {"completed": here & of_theme & status["completed"], "planned": here & of_theme & status["planned"]}
    reasons |= {name: here & of_theme & status[name] for name in NEVER_COUNTS}
    reasons["filtered"] = here & of_theme & counts & ~monitor.keep
    reasons["theme_above"] |= here & counts & above & ~of_theme
    reasons[NO_THEME] = here & counts & untold & ~of_theme
    reasons["outside"] = here & counts & pool.outside
    reasons[VIA[-1]] = wide & counts & of_theme & ~here
    return reasons


def _when(monitor: "Monitor", reason: str, at: np.ndarray) -> list[str]:
    """Why each of these projects is not in the cell, in words: 'geëindigd op 31-12-2006'."""
    days = [""] * len(at)
    column = {"completed": "end_to", "planned": "start_from"}.get(reason)
    if column:
        days = map(words.day, monitor.pool.column(column, at))
    return [words.say(f"why.{reason}{'.day' * bool(day)}", monitor.language, day=day) for day in days]


def _sentence(monitor: "Monitor", table: pd.DataFrame, gm_code: str, theme: str) -> str:
    """What is known of the cell, in one sentence."""
    language, found = monitor.language, table[(table["kind"] == "searched") & (table["reason"] == "complete")]
    where = ", ".join(filter(None, [monitor.label("municipality", gm_code), theme and monitor.label("theme", theme)]))
    nearest = words.number(int((table["kind"] == "nearest").sum()))
    if (table["kind"] == "absent").any():
        first = table.iloc[0]
        return words.say(
            f"why.sentence.{first['reason']}", language, where=where, day=words.date(first["date"], language)
        )
    if (table["kind"] == "there").any():
        names = words.listing(list(table.loc[table["kind"] == "there", "label"]), language)
        return words.say("why.sentence.there", language, where=where, names=names)
    if (table["reason"] == "theme_above").any():
        return words.say("why.sentence.above", language, where=where, nearest=nearest)
    if found.empty:
        return words.say("why.sentence.nothing", language, where=where, nearest=nearest)
    names = words.listing(list(dict.fromkeys(found["label"])), language)
    lists = words.say("why.lists_one" if len(found) == 1 else "why.lists", language, count=len(found))
    if found["example"].all():
        lists = words.say("why.lists_made_up", language, lists=lists)
    return words.say("why.sentence.none", language, where=where, lists=lists, names=names, nearest=nearest)
