"""Logbook: the way of each municipality through its round, and how many days it was late."""

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wmo_analysis.days import between
from wmo_analysis.measure._shape import shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import LOGGED, PLACE, PLACE_FILTERS, STANDINGS, STATES
from wmo_analysis.words import MOST_NAMES, date, heading, listing, number, say

ABOUT = "gm_code, municipality, round [round], state, state_label"
DAYS = "talk, quotation, approval_1, approval_2, approval_3, agreed, start, second_contact"  # in the order of LOGGED
SHAPES = {"logbook": shape("gm_code", f"{ABOUT}, {DAYS}, deadline, late [d], late_label, file, sheet, row")}
ROW = ["gm_code", "round", *PLACE]  # what tells the rows of a list apart, as each municipality has them
AGREED = STATES.index("agreed")


@dataclass(frozen=True)
class Term:
    """The deadline of a municipality and what came of it; days are ISO texts."""

    deadline: str  # '' without one
    agreed: str  # the day of the agreement in this round, '' without one
    settled: bool  # whether something is agreed, be it in another round or on a day that nobody states
    today: str

    @property
    def late(self) -> int | None:
        """The days from the deadline to the agreement, else to today once it is past; None where there are none to count."""
        if not self.deadline:
            return None
        if self.agreed:
            return between(self.deadline, self.agreed)
        if self.settled or self.today <= self.deadline:
            return None
        return between(self.deadline, self.today)

    def told(self, language: str) -> str:
        """'12 dagen te laat', '40 dagen te laat, nog geen akkoord', '5 dagen voor de termijn', 'op de laatste dag'."""
        late = self.late
        if late is None and self.deadline and self.settled:
            return say("logbook.no_day", language)
        if late is None:
            return ""
        if late == 0:
            return say("logbook.on_the_day", language)
        key = "open"
        if self.agreed:
            key = "after" if late > 0 else "before"
        return say(f"logbook.{key}", language, days=_counted(abs(late), language))


def logbook(monitor: Monitor) -> pd.DataFrame:
    """Per municipality named in a list of conversations: the day of each step, and the days before or after its deadline.

    It tells of the round of the newest step. Late is who agreed after the deadline of that round, or has not agreed and
    the deadline is past; the latter are those that measure.rounds counts as late.

    Returns
    -------
    gm_code, municipality, round, state (code), state_label, talk, quotation, approval_1, approval_2, approval_3, agreed
    (all three), start, second_contact [ISO day on which the step begins; '' when this round has none, and when that day is
    after the as-of date], deadline [ISO day; '' without one], late [d from the deadline to the agreement, below 0 when it
    came before; without an agreement to the as-of date, once the deadline is past; else missing], late_label (the same in
    words), file, sheet, row (of the rows in force that tell of this round, the newest list first; several joined by '; ').
    In Dutch alphabetical order. attrs: late (agreed: after the deadline, open: not agreed after it, unknown: see below ->
    gm_codes), late_agreed, late_open, late_unknown [municipalities], sentence (who they are).

    Where something is agreed but this round states no day of it (a start without all approvals, an agreement in another
    round) late is missing, and the label says so. Of a step that is stated as a period the first day counts.

    Source: L1-022 to L1-036; docs/rules.md, Rounds.
    """
    steps, language, rows = _told(monitor), monitor.language, []
    days, places = _days(steps), _places(monitor, steps)
    for at in np.flatnonzero(monitor.stood.reached >= 0).tolist():
        about = _about(monitor, at)
        way, place = days.loc[about[0]], places.loc[about[0]]
        term = _term(monitor, at, way["agreed"])
        rows.append((*about, *way, term.deadline, term.late, term.told(language), *place))
    table = SHAPES["logbook"].table(rows)
    late = _late(table)
    counts = {f"late_{how}": len(here) for how, here in late.items()}
    who = {how: list(here["gm_code"]) for how, here in late.items()}
    told = {"late": who, **counts, "sentence": _sentence(table, late, language)}
    return monitor.cite(table, "logbook", **told, **monitor.made_of_talks(monitor.named))


def _late(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of the late: agreed after the deadline, open (not agreed), and unknown (agreed on a day nobody states)."""
    late, dated = table[table["late"] > 0], table["late"].notna()
    agreed = late["agreed"] != ""
    return {"agreed": late[agreed], "open": late[~agreed], "unknown": table[~dated & (table["late_label"] != "")]}


def way_of(monitor: Monitor, gm_code: str) -> tuple[list[tuple[str, str]], str]:
    """(each step of a municipality with its day in words, how late it is in words), whatever places were chosen."""
    table, language = logbook(monitor.without(*PLACE_FILTERS).within(municipality=gm_code)), monitor.language
    if not len(table):
        return [], ""
    row = table.iloc[0]
    steps = [(heading(name, language), date(row[name], language)) for name in DAYS.split(", ") if row[name]]
    return steps, row["late_label"]


# ---------------------------------------------------------------- of one municipality


def _about(monitor: Monitor, at: int) -> tuple[str, str, int, str, str]:
    """gm_code, name, round, state and its label of a municipality, by its place in the codebook."""
    gm_code, state = monitor.codebook.gm_codes[at], STANDINGS[monitor.stood.now[at]]
    name, label = monitor.label("municipality", gm_code), say(f"state.{state}", monitor.language)
    return gm_code, name, int(monitor.stood.round[at]), state, label


def _term(monitor: Monitor, at: int, agreed: str) -> Term:
    deadline = monitor.codebook.deadlines.get(int(monitor.stood.round[at]), "")
    return Term(deadline, agreed, bool(monitor.stood.reached[at] >= AGREED), monitor.date)


# ---------------------------------------------------------------- days and rows


def _told(monitor: Monitor) -> pd.DataFrame:
    """The steps that the rows in force tell of the round of each municipality, up to the date, approvals too."""
    table, book = monitor.tables["conversations"], monitor.codebook
    steps = monitor.begun(of_source=True).at  # of every row in force there is one: the planned step
    in_force = table.iloc[steps][ROW].drop_duplicates()
    rounds = pd.DataFrame({"gm_code": book.gm_codes, "round": monitor.stood.round})
    told = table.merge(in_force, on=ROW).merge(rounds, on=["gm_code", "round"])
    return told[told["date_from"] <= monitor.date]


def _days(told: pd.DataFrame) -> pd.DataFrame:
    """gm_code -> the first day of each step of LOGGED, '' without one."""
    # two lists may tell one step: it was taken on the first day that either states
    first = told.pivot_table(index="gm_code", columns="step", values="date_from", aggfunc="min", fill_value="")
    return first.reindex(columns=list(LOGGED), fill_value="")


def _places(monitor: Monitor, told: pd.DataFrame) -> pd.DataFrame:
    """gm_code -> file, sheet, row of its rows, those of the newest list first."""
    rows = told[ROW].drop_duplicates()
    rows = rows.assign(date=rows["file"].map(monitor.by_file["date"])).sort_values([*PLACE])
    rows = rows.sort_values("date", ascending=False, kind="stable").astype({"row": "str"})
    return rows.groupby("gm_code")[[*PLACE]].agg(_joined)


def _joined(texts: pd.Series) -> str:
    """'a; b', in which each has its place; '' where all are empty, as the sheets of texts are."""
    return "; ".join(texts) if any(texts) else ""


# ---------------------------------------------------------------- words


def _sentence(table: pd.DataFrame, late: dict[str, pd.DataFrame], language: str) -> str:
    """'Na de termijn akkoord: Houten (20 dagen).': who is late, by name where they are few."""
    if not len(table):
        return say("logbook.nobody", language)
    said = []
    for how, here in late.items():
        names = listing(map(_named, here["municipality"], here["late"], itertools.repeat(language)), language)
        if len(here) > MOST_NAMES:
            names = say("logbook.many", language, count=len(here))
        if len(here):
            said.append(say(f"logbook.late_{how}", language, names=names))
    if len(late["agreed"]):  # the chart of the rounds has other numbers
        said.append(say("logbook.chart", language))
    return " ".join(said) or say("logbook.on_time", language)


def _named(municipality: str, late: int, language: str) -> str:
    """'Houten (20 dagen)'."""
    if pd.isna(late):
        return municipality
    return f"{municipality} ({_counted(late, language)})"


def _counted(days: int, language: str) -> str:
    """'20 dagen'."""
    return say("logbook.day" if days == 1 else "logbook.days", language, count=number(days))
