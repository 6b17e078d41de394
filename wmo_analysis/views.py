"""Views: every table that is shown, how it is drawn, and where. Dashboard, memo, page, workbook and tests loop over VIEWS.

A new view is a measure, a chart and one entry here (and its words). Its name is its place in words.csv: `sheet.name.NAME`
and `sheet.NAME` for a sheet of the workbook, `memo.chart.NAME` for a picture of the memo.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import chart, measure
from wmo_analysis.measure import lists
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import THEME_SETS


@dataclass(frozen=True)
class View:
    """One table with what may be done with it."""

    name: str
    measure: Callable[..., pd.DataFrame]  # (monitor, by=..., **settings) -> table
    chart: Callable[..., go.Figure] | None = None  # (table, width=..., **looks) -> figure
    by: str | None = None  # what the measure divides by; None for a measure that does not divide
    settings: Mapping[str, tuple] = field(default_factory=dict)  # of the measure -> codes, () = the data tell
    looks: Mapping[str, tuple] = field(default_factory=dict)  # of the chart; the first code is what is shown
    picks: tuple[str, ...] = ()  # filters (or project) that a click chooses, in the order of the codes of a mark
    keys: tuple[str, ...] = ("code",)  # columns that name a row, in the table and in a document that cites it
    columns: tuple[str, ...] = ()  # what a document prints below the picture; () for a view that is no picture
    printed: str = ""  # the view whose table it prints there, where its own is too wide
    rows: str = ""  # the view with the rows that this one counts: the dashboard shows those below the chart
    number: str = "projects"  # the column that a mark stands for, where its trace is not named after a column
    # the numbers of its sentence in order: 'codes column'; codes: * the row it names, _ the total, . the citation
    said: str = ""
    tab: str = ""  # tab of the dashboard; views of one tab are choices in it
    choice: str = ""  # its code among those choices, where that is not `by`
    sheet: bool = False  # whether it is a sheet of the workbook

    def table(self, monitor: Monitor, **settings: str) -> pd.DataFrame:
        """The table of the view; `settings` may hold its looks too, which are left to the chart."""
        given = {name: value for name, value in settings.items() if name not in self.looks}
        if self.by is not None:
            given["by"] = self.by
        return self.measure(monitor, **given)

    def figure(self, table: pd.DataFrame, width: int, **settings: str) -> go.Figure:
        """The figure of that table, `width` px wide; `settings` may hold those of the measure too."""
        looks = {name: value for name, value in settings.items() if name not in self.settings}
        return self.chart(table, width=width, **looks)


def _matrix(table: pd.DataFrame, width: int, order: str = "region") -> go.Figure:
    return chart.coverage(table, by=order, width=width)


def _map(table: pd.DataFrame, width: int, drawing: str = "tiles") -> go.Figure:
    return chart.tilemap(table, "projects", width=width, drawing=drawing)


REACHED, SPENT = "* covered;* of", "* committed;* share"
TURNED = "_ new;_ gone;_ changed;_ learned;_ corrected"
PLACES = ("label", "state", "own", "partnership", "projects", "province")
PARTS = ("label", "own", "partnership", "covered", "of", "projects", "province")
MONEY = ("label", "projects", "asked", "committed", "share")
STEPS = ("date", "talk", "quotation", "agreed", "running", "completed", "stated")
STANDS = ("label", "state_label", "municipalities", "reached", "late", "stated")
HOURS = ("title", "place", "hours", "limit", "over")
CHANGED = ("label", "new", "gone", "changed", "learned", "corrected")
SETS, SINCE, SIDES = {"theme_set": THEME_SETS}, {"since": ()}, {"one": (), "other": ()}
FINDING = ("code", "file", "sheet", "row", "column", "listed")  # one cell may hold two names that nobody knows

# fmt: off
VIEWS = {view.name: view for view in (  # in the order of the sheets; of one measure its own way (no `by`) comes first
    View("matrix", measure.coverage, _matrix, "matrix", SETS, {"order": ("region", "alphabet")},
         ("municipality", "theme"), ("gm_code", "theme"), PLACES, "map", number="number", said=". covered;. of",
         tab="matrix"),
    View("schema", lists.schema, keys=("gm_code",), sheet=True),
    View("map", measure.coverage, _map, "municipality", {}, {"drawing": ("tiles", "areas")}, ("municipality",),
         columns=PLACES, tab="map", sheet=True),
    View("theme", measure.coverage, chart.coverage, "theme", picks=("theme",), columns=PARTS, said=REACHED,
         tab="coverage", sheet=True),
    View("region", measure.coverage, chart.coverage, "region", picks=("region",), said=REACHED, tab="coverage", sheet=True),
    View("source", measure.coverage, chart.coverage, "source", picks=("source",), said=REACHED, tab="coverage"),
    View("municipality", measure.coverage, chart.coverage, "municipality", picks=("municipality",), tab="coverage"),
    View("white", measure.coverage, by="white", keys=("gm_code",), sheet=True),
    View("empty", lists.empty, keys=("gm_code",), sheet=True),
    View("rounds", measure.rounds, chart.rounds, "round", picks=("round",), keys=("round", "state"), columns=STANDS,
         number="municipalities", said="0 agreed reached;0 agreed size", tab="rounds", sheet=True),
    View("time", measure.rounds, chart.rounds, "time", keys=("date",), columns=STEPS, number="stated",
         tab="rounds", sheet=True),
    View("logbook", measure.logbook, picks=("municipality",), keys=("gm_code",), tab="rounds", choice="logbook", sheet=True),
    View("credit", measure.budget, chart.budget, "", keys=("item",), columns=("label", "cents"), number="cents",
         said="committed cents;free cents", tab="budget", sheet=True),
    View("budget", measure.budget, chart.budget, "theme", picks=("theme",), columns=MONEY, number="committed",
         said=SPENT, tab="budget", sheet=True),
    View("budget_region", measure.budget, chart.budget, "region", picks=("region",), number="committed", said=SPENT,
         tab="budget"),
    View("budget_source", measure.budget, chart.budget, "source", picks=("source",), number="committed", said=SPENT,
         tab="budget",
         sheet=True),
    View("budget_municipality", measure.budget, chart.budget, "municipality", picks=("municipality",), number="committed",
         said=SPENT, tab="budget"),
    View("budget_time", measure.budget, chart.budget, "time", keys=("date",), tab="budget"),
    View("listed", measure.budget, chart.budget, "listed", keys=("source_id",), tab="budget", sheet=True),
    View("hours", measure.hours, chart.hours, picks=("project",), keys=("project",), columns=HOURS, tab="budget",
         choice="hours", sheet=True),
    View("timeline", measure.timeline, chart.timeline, picks=("project",), keys=("project",),
         said=". counting;. projects", tab="timeline"),
    View("changes_rows", measure.changes, by="rows", settings=SINCE, keys=("how", "change", "project", "field"), sheet=True),
    View("changes", measure.changes, chart.changes, "theme", SINCE, picks=("theme",), columns=CHANGED,
         rows="changes_rows", said=TURNED, tab="changes"),
    View("changes_region", measure.changes, chart.changes, "region", SINCE, picks=("region",), rows="changes_rows",
         said=TURNED, tab="changes"),
    View("changes_source", measure.changes, chart.changes, "source", SINCE, picks=("source",), rows="changes_rows",
         said=TURNED, tab="changes"),
    View("profile", measure.profile, chart.profile, settings={"municipality": ()}, picks=("project",), keys=("project",),
         said=". own;. partnership", tab="profile"),
    View("compare", measure.compare, chart.compare, "municipality", SIDES, picks=("theme",), number="one", tab="compare"),
    View("compare_region", measure.compare, chart.compare, "region", SIDES, picks=("theme",), number="one", tab="compare"),
    View("compare_date", measure.compare, chart.compare, "date", SIDES, picks=("theme",), number="one", tab="compare"),
    View("quality", measure.quality, chart.quality, "source", picks=("source",), keys=("source_id",), tab="quality",
         sheet=True),
    View("quality_finding", measure.quality, chart.quality, "finding", number="count", tab="quality"),
    View("assumptions", measure.assumptions, sheet=True),
    View("claims", measure.claims, keys=("fact_id",), sheet=True),
    View("good_examples", measure.good_examples, keys=("project",), sheet=True),
    View("projects", measure.projects, by="", picks=("project",), keys=("project",), tab="projects"),
    View("project_list", lists.projects, keys=("project_key",), sheet=True),
    View("placements", lists.placements, keys=("project_key", "gm_code", "via"), sheet=True),
    View("targets", lists.targets, keys=("project_key", "unit"), sheet=True),
    View("findings", lists.findings, keys=FINDING, sheet=True),
    View("lists", lists.lists, keys=("file",), sheet=True),
    View("ledger", lists.ledger, keys=("file",), sheet=True),
    View("codebook", lists.codebook, keys=("list_kind", "code"), sheet=True),
    View("overview", lists.overview, keys=("gm_code",)),
)}
# fmt: on
# the tabs of the dashboard in their order: tab -> code -> view, the first one shown first; a new tab comes last
TABS: dict[str, dict[str, View]] = {
    tab: {} for tab in "matrix map coverage budget rounds timeline changes profile compare projects quality".split()
}
for _view in VIEWS.values():
    if _view.tab:
        TABS.setdefault(_view.tab, {})[_view.choice or _view.by or ""] = _view


def cited(name: str, by: str = "") -> View:
    """The view whose table the measure `name` makes, as a citation tells them. Raises KeyError for another measure."""
    made = {(view.measure.__name__, view.by or ""): view for view in reversed(VIEWS.values())}
    first = {view.measure.__name__: view for view in reversed(VIEWS.values())}
    return made.get((name, by), first[name])
