"""The dashboard: a widget that keeps what was chosen, hears what is clicked, and sends what payload.py makes of it."""

import copy
import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import anywidget
import pandas as pd
import plotly.io
from traitlets import Dict, Unicode

from wmo_analysis import export, measure, style, words
from wmo_analysis.dashboard import files, payload
from wmo_analysis.dashboard.payload import Asked, Behind, Screen
from wmo_analysis.dashboard.sift import Rows
from wmo_analysis.days import later
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor, open_monitor
from wmo_analysis.schema import APPROVALS
from wmo_analysis.selection import TRAITS, Selection
from wmo_analysis.views import TABS, VIEWS, View
from wmo_analysis.workspace import Workspace

BUNDLE = Path(plotly.io.__file__).parents[1] / "package_data" / "plotly.min.js"
NARROWEST, WIDEST = 560, 1600  # px of a chart, whatever the page says
STATE = ("tab", "kind", "project", "asked", "rows", "wanted")  # what a click may change beside the selection


def explore(monitor: Monitor | None = None, outputs: Path | str | None = None) -> "Dashboard":
    """The dashboard of a monitor (without one: of `wmo.open()`), to show as the last line of a cell.

    Exports and saved views go to `outputs` (the workspace's outputs/). `selection` and the tables stand in the widget:
    `board.selection.regions = ("SUW",)` changes what is shown; `board.screen` holds the tables behind it.
    """
    return Dashboard(monitor or open_monitor(), Path(outputs or Workspace.nearest().outputs))


class Dashboard(anywidget.AnyWidget):
    """The widget: traits that the page draws, and `hear` that takes what was clicked."""

    _esm = Path(__file__).with_suffix(".js")
    _css = style.variables() + Path(__file__).with_suffix(".css").read_text("utf-8")
    texts = Dict().tag(sync=True)  # what changes with the language only
    shell = Dict().tag(sync=True)  # filters, tiles, tabs, settings, sentence
    figure = Unicode().tag(sync=True)  # plotly JSON, '' for a view without a chart
    table = Dict().tag(sync=True)  # one page of rows
    trace = Dict().tag(sync=True)  # what is behind a number, or the source rows of one project
    state = Unicode().tag(sync=True)  # digest of all that is shown

    def __init__(
        self, monitor: Monitor, outputs: Path, tab: str = "", wanted: dict[tuple[str, str], str] | None = None
    ):
        self.monitor, self.outputs = monitor, outputs
        self.selection = Selection(language=monitor.language)
        self.tab, self.kind, self.project, self.width = tab or next(iter(TABS)), "measure", "", style.NOTEBOOK
        self.wanted: dict[tuple[str, str], str] = wanted or {}  # (tab, setting) -> the code that was chosen
        self.asked: Asked | None = None  # the number that was opened
        self.rows, self.message = Rows(), {}
        self._made, self._screen, self._hearing = {}, None, False
        self.selection.begin(self._opened())
        super().__init__()
        self.days = begun(monitor)
        self.on_msg(self.hear)
        self.selection.observe(lambda _: self._hearing or self.refresh(), self.selection.trait_names())

    def __repr__(self) -> str:
        about = measure.coverage(self.monitor).attrs["wmo"]
        counts = {name: words.number(about[name]) for name in ("covered", "of", "projects")}
        return words.say("board.repr", self.selection.language, digest=about["digest"], **counts)

    def say(self, key: str, /, **values: str | int) -> str:
        return words.say(f"board.{key}", self.selection.language, **values)

    # ------------------------------------------------------------ what is shown

    def _once(self, name: str, key: tuple, make: Callable[[], object]) -> object:
        """What `make` gives, or gave the last time when the key is the same: a click computes what it changes."""
        if name not in self._made or self._made[name][0] != key:
            self._made[name] = key, make()
        return self._made[name][1]

    def _dated(self) -> Monitor:
        chosen = self.selection
        key = (chosen.language, chosen.as_of, chosen.known_on)
        return self._once("dated", key, lambda: chosen.dated(self.monitor))

    def _narrowed(self) -> Monitor:
        """The Monitor narrowed to the filters alone: a click on a mark does not make it again."""
        filters = json.dumps(self.selection.snapshot() | {"picked": {}})
        return self._once("narrowed", (filters,), lambda: self.selection.narrowed(self._dated()))

    def _around(self) -> Monitor:
        """The Monitor narrowed to all that is chosen and picked."""
        picked, narrowed = self.selection.picked, self._narrowed()
        if not picked:
            return narrowed
        return self._once("around", self._key(), lambda: narrowed.within(**picked["where"]))

    def _shown(self) -> Monitor:
        """The Monitor behind the chart: what was picked in it does not narrow it."""
        return self._narrowed() if self.selection.picked.get("view") == self.tab else self._around()

    def _free(self) -> Monitor:
        """The Monitor behind the trace: a project is traced whatever the filters."""
        basis, dated = self.selection.basis, self._dated()
        if basis == "all":
            return dated
        key = (dated.language, dated.date, dated.known, basis)
        return self._once("free", key, lambda: dated.within(basis=basis))

    def _projects(self) -> pd.DataFrame:
        return self._once("projects", self._key(), lambda: measure.projects(self._around()))

    def _key(self) -> tuple:
        return (json.dumps(self.selection.snapshot()),)

    @property
    def screen(self) -> Screen:
        """All that is shown now; before the page opened, what it will show."""
        return self._screen or self.look()

    def look(self) -> Screen:
        """All that the choices so far show."""
        everything, around, shown = self._key(), self._around(), self._shown()
        wanted = {name: code for (tab, name), code in self.wanted.items() if tab == self.tab}
        wanted["theme_set"] = self.selection.theme_set
        view, settings = payload.open_view(TABS[self.tab], wanted, shown)
        chosen = {setting.name: setting.value for setting in settings if setting.name != "by"}
        asked = (*everything, view.name, json.dumps(chosen))
        measured = figure = None
        if "" not in chosen.values():  # no municipality is left to tell of
            measured = self._once("measured", asked, lambda: view.table(shown, **chosen))
        if measured is not None and view.chart:
            figure = self._once("figure", (*asked, self.width), lambda: view.figure(measured, self.width, **chosen))
        under = measured
        if self.kind == "projects" or measured is None:
            under = self._projects()
        elif view.rows:
            under = self._once("under", asked, lambda: VIEWS[view.rows].table(around, **chosen))
        return Screen(
            selection=self.selection,
            newest=self.monitor.date,
            dated=self._dated(),
            around=around,
            shown=shown,
            free=self._free(),
            tab=self.tab,
            view=view,
            settings=settings,
            kind=self.kind,
            rows=self.rows,
            project=self.project,
            measured=measured,
            figure=figure,
            under=under,
            options=self._once("options", everything, lambda: list(measure.options(around).itertuples(index=False))),
            summary=self._summary(),
            behind=self._behind(measured, under, asked),
        )

    def _summary(self) -> pd.DataFrame:
        return self._once("summary", self._key(), lambda: measure.summary(self._around()))

    def _behind(self, measured: pd.DataFrame | None, under: pd.DataFrame, asked: tuple) -> Behind | None:
        """What is behind the number that was opened; None where it is there no more."""
        wanted = self.asked
        if wanted is None:
            return None
        table = {"tile": self._summary(), "chart": measured, "row": under}[wanted.where]
        monitor = self._shown() if table is measured else self._around()
        if table is None:
            return None
        try:
            return self._once("behind", (*asked, wanted, self.kind), lambda: payload.behind(table, wanted, monitor))
        except WmoError:  # the row is gone with what was chosen since
            return None

    def refresh(self) -> None:
        """Computes what changed and sends it in one message; `state` is the digest of what the page then shows."""
        screen = self.look()
        shell = payload.shell(screen, self.days, sorted(files.saved(self.outputs)), self.message)
        figure, table, trace = payload.drawn(screen), payload.page(screen), payload.trace(screen)
        # only now that nothing can fail any more: the page never gets one half of a click
        self._screen = screen
        self._turn(table["page"])
        with self.hold_sync():
            if self.texts.get("language") != self.selection.language:  # not at every click
                self.texts = payload.texts(self.selection.language)
            self.shell, self.figure, self.table, self.trace = shell, figure, table, trace
            self._sign()

    def _sign(self) -> None:
        parts = json.dumps([self.shell, self.table, self.trace], sort_keys=True)
        self.state = hashlib.sha256((parts + self.figure).encode()).hexdigest()[:12]

    # ------------------------------------------------------------ what was clicked

    def hear(self, _widget: object, content: dict, buffers: list) -> None:
        """The door of the dashboard: whatever goes wrong is logged, told in one sentence, and the last picture stays."""
        self.message, self._hearing = {}, True
        steps, here = self.selection.steps(), {name: copy.copy(getattr(self, name)) for name in STATE}
        try:
            with self.selection.hold_trait_notifications():  # one click is one step
                getattr(self, f"_on_{content['do']}")(content, buffers)
                self.selection.opened = self._opened()
            self.selection.open(self._opened())
            self.refresh()
        except WmoError as error:
            self._back(steps, here)
            self._tell(str(error))
        except Exception as error:
            self._back(steps, here)
            log = files.note(self.outputs, content, error)
            self._tell(self.say("failed" if log else "failed.no_log", log=log))
        self._hearing = False
        self.send({"do": "done", "number": content.get("number")})

    def _opened(self) -> tuple:
        """What undo brings back beside the selection: the tab, its settings, and which rows of the table."""
        return self.tab, self.kind, dict(self.wanted), dataclasses.replace(self.rows, page=0)

    def _reopen(self) -> None:
        self.tab, self.kind, wanted, self.rows = self.selection.opened
        self.wanted, self.asked = dict(wanted), None

    def _back(self, steps: tuple, here: dict[str, object]) -> None:
        """Everything as before the click that failed: the picture on the screen is what the next click starts from."""
        self.selection.back(steps)
        for name, value in here.items():
            setattr(self, name, value)
        self._made.clear()

    def _tell(self, text: str) -> None:
        self.message = {"text": text, "wrong": True}
        with self.hold_sync():
            self.shell = self.shell | {"message": self.message}
            self._sign()

    def _on_open(self, content: dict, _buffers: list) -> None:
        self.width = max(NARROWEST, min(WIDEST, int(content["width"])))

    def _on_bundle(self, _content: dict, _buffers: list) -> None:
        """A page in which no chart loaded plotly yet asks for it."""
        self.send({"do": "bundle"}, buffers=[BUNDLE.read_bytes()])

    def _on_choose(self, content: dict, _buffers: list) -> None:
        """Filters, dates or language; a filter of what was clicked takes the place of the click in it."""
        self._turn(0)
        self.asked = None  # it was a number of another selection
        values, picked = self._clocks(content["values"]), self.selection.picked
        left = {name: code for name, code in picked.get("where", {}).items() if TRAITS[name] not in values}
        kept = picked | {"where": left} if left else {}
        self.selection.choose(**{"picked": kept} | values)

    def _clocks(self, values: dict[str, object]) -> dict[str, object]:
        """The values with `clock` (now, then) as a day of knowledge: what was known then moves with the date."""
        clock = values.pop("clock", "then" if self.selection.known_on else "now")
        day = values.get("as_of", self.selection.as_of) or self.monitor.date
        return values | {"known_on": day if clock == "then" else ""}

    def _on_undo(self, _content: dict, _buffers: list) -> None:
        self.selection.undo()
        self._reopen()

    def _on_redo(self, _content: dict, _buffers: list) -> None:
        self.selection.redo()
        self._reopen()

    def _on_reset(self, _content: dict, _buffers: list) -> None:
        self.selection.reset()
        self.project, self.asked, self.rows = "", None, Rows()

    def _on_view(self, content: dict, _buffers: list) -> None:
        self.tab, self.kind, self.rows, self.asked = content["view"], "measure", Rows(), None

    def _on_setting(self, content: dict, _buffers: list) -> None:
        self._turn(0)
        if content["name"] == "theme_set":  # the themes chosen so far are not of this set
            self.selection.choose(theme_set=content["value"], themes=(), picked={})
        else:
            self.wanted[self.tab, content["name"]] = content["value"]

    def _on_rows(self, content: dict, _buffers: list) -> None:
        """The kind of the rows, or a field of `Rows`: search, filter, order, page, columns."""
        kind = content["values"].pop("kind", self.kind)
        if kind != self.kind:
            self.kind, self.asked, self.rows = kind, None, Rows()
        self.rows = self.rows.changed(content["values"])

    def _turn(self, page: int) -> None:
        self.rows = dataclasses.replace(self.rows, page=page)

    def _on_project(self, content: dict, _buffers: list) -> None:
        self.project, self.asked = content["project"], None

    def _on_figure(self, content: dict, _buffers: list) -> None:
        """A number was clicked, in a tile or in the table: the rows behind it are shown."""
        self.asked = Asked(content["where"], tuple(map(str, content["row"])), content["column"])

    def _on_pick(self, content: dict, _buffers: list) -> None:
        """A mark, or a row of the table, was clicked: it shows the rows behind it, and a mark that is one value of its
        filters narrows everything but the chart it stands in."""
        view, codes = self.screen.view, tuple(map(str, content["codes"]))
        where = self._filters_of(view, codes)
        if "project" in where:
            self.project, self.asked = where["project"], None
            return
        mark, whole = content.get("mark"), len(view.picks) >= len(view.keys)
        self.asked = payload.mark(view, codes, mark) if mark is not None or whole or not where else None
        if not where or (mark is not None and not whole):  # 'talk in round 2' is no filter
            return
        picked, self.rows, self.project = {"view": self.tab, "where": where}, Rows(), ""
        if picked == self.selection.picked:  # a second click lifts it
            self.kind, picked, self.asked = "measure", {}, None
        else:
            self.kind = "projects"
        self.selection.choose(picked=picked)

    def _filters_of(self, view: View, codes: tuple[str, ...]) -> dict[str, str]:
        """filter -> code of what a mark or a row stands for; {} for one that is no value of a filter."""
        where = {name: code for name, code in zip(view.picks, codes, strict=False) if code}
        if "project" in where:
            return where if where["project"] in self._shown().projects.index else {}
        offered = {(option.filter, option.code) for option in self.screen.options}
        where = {name: code for name, code in where.items() if (name, code) in offered}
        if view.picks[:1] == ("municipality",) and "municipality" not in where:  # the province-wide row is none
            return {}
        return where

    # ------------------------------------------------------------ files

    def _on_save(self, content: dict, _buffers: list) -> None:
        name = content["name"].strip()
        if not name:
            raise WmoError(self.say("no_name"))
        path = files.place(self.outputs, name)
        told = "replaced" if path.exists() else "saved"
        opened = {"view": self.tab, "kind": self.kind, "rows": self.rows.saved()}
        settings = {setting: code for setting, code in self.screen.chosen.items() if setting != "theme_set"}
        date = self.selection.as_of or self.monitor.date  # next week it shows the same day
        files.save(path, self.selection.write(name, date, settings=settings, **opened))
        self.message = {"text": self.say(told, name=name)}

    def _on_load(self, content: dict, buffers: list) -> None:
        name = content["name"]
        text = files.saved(self.outputs)[name].read_text("utf-8", "replace")
        saved, dropped = self.selection.read(text, self.monitor)
        if str(saved.get("view")) in TABS:
            self._on_view(saved, buffers)
            settings = saved.get("settings")
            for setting, code in settings.items() if isinstance(settings, dict) else ():
                self.wanted[self.tab, setting] = code
            self._read_rows(saved, dropped)
        told = "dropped" if dropped else "loaded"
        self.message = {"text": self.say(told, name=name, what=", ".join(dropped))}

    def _read_rows(self, saved: dict, dropped: list[str]) -> None:
        """Takes over which rows a saved view showed; what its table lacks, or cannot be read, is added to `dropped`."""
        self.kind = "projects" if saved.get("kind") == "projects" else "measure"
        self.rows = Rows.read(saved.get("rows", {}))
        table = payload.for_reader(self.look().under)
        gone = [column for column, _ in self.rows.filters if column not in table]
        for column in gone:
            self.rows = self.rows.changed({"filter": (column, "")})
        dropped += gone

    def _on_delete(self, content: dict, _buffers: list) -> None:
        files.saved(self.outputs)[content["name"]].unlink()
        self.message = {"text": self.say("deleted", name=content["name"])}

    def _on_picture(self, content: dict, buffers: list) -> None:
        """The chart as the page drew it, in its light colours: what is on the screen is what is in the file."""
        about = self.screen.measured.attrs["wmo"]
        with export.writing(self.outputs / export.file_name(about, content["suffix"])) as (part, path):
            part.write_bytes(buffers[0])
        self._hand(path)

    def _on_table(self, content: dict, _buffers: list) -> None:
        table, hidden = payload.listed(self.screen), payload.hidden_heads(self.screen)
        path = self.outputs / export.file_name(table.attrs["wmo"], content["suffix"])
        if content["suffix"] == ".csv":
            self._hand(export.csv(table, path, hidden))
        else:
            self._hand(export.workbook({"tabel": table}, path, hidden))

    def _on_copy(self, _content: dict, _buffers: list) -> None:
        """The sentence, the whole table and what is cited below it, for a document or a mail."""
        self.send({"do": "copy", **payload.copied(self.screen)})
        self.message = {"text": self.say("copied")}

    def _on_memo(self, _content: dict, _buffers: list) -> None:
        """The memo of the selection, as `wmo memo` makes it: also what was clicked narrows it."""
        from wmo_analysis import report  # half a second that only this button needs

        around = self._around()
        self._hand(report.memo(around, self.outputs / export.selection_name(around, "memo", ".docx")))

    def _hand(self, path: Path) -> None:
        """Says where a file is, and sends it along for the link that downloads it."""
        self.message = {"text": self.say("written", file=f"{self.outputs.name}/{path.name}"), "file": path.name}
        self.send({"do": "file", "name": path.name}, buffers=[path.read_bytes()])


def begun(monitor: Monitor) -> list[str]:
    """The days from the first to the newest list on which a list came in, or something began, ended or was booked."""
    tables, listed = monitor.tables, monitor.deliveries["date"]
    ended = filter(None, tables["projects"]["end_to"].unique())
    days = {*listed, *map(later, ended)}
    talks = tables["conversations"]
    days.update(talks.loc[~talks["step"].isin(APPROVALS), "date_from"])  # one approval changes no figure
    for name, column in (("projects", "start_from"), ("amounts", "date_from")):
        days.update(tables[name][column])
    return sorted(day for day in days if listed.min() <= day <= listed.max())
