"""The dashboard: links a Selection to measures, charts and tables, and draws them in one widget (board.js).

Everything that the page shows is computed here and sent as a whole; the page only draws, and tells what was clicked.
"""

import copy
import datetime
import hashlib
import json
import traceback
from dataclasses import dataclass
from pathlib import Path

import anywidget
import pandas as pd
import plotly.io
from traitlets import Dict, Unicode

from wmo_analysis import chart, export, measure, style, tables, words
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor, open_monitor
from wmo_analysis.schema import digest
from wmo_analysis.selection import TRAITS, Selection
from wmo_analysis.workspace import Workspace

PAGE = 25  # rows of a table on one page; the pager says how many there are
BUNDLE = Path(plotly.io.__file__).parents[1] / "package_data" / "plotly.min.js"
ALL_ROWS = {"query": "", "sort": "", "descending": False, "page": 0}  # of a table that was not searched or sorted
# columns that nobody reads, and codes that give way to the label beside them
CODES = "gm_code region_id theme theme_short project source_id derived example via digest fact_id".split()
TWINS = {"code": "label", "item": "label", "round": "label", "state": "state_label"}
DOMAINS = ("theme", "region", "source", "municipality")
PLACE = ("view", "kind", "project", "rows", "settings")  # what a click may change beside the selection


@dataclass(frozen=True)
class View:
    """How one tab is made: its settings (name -> codes), the table, its figure, and what a click on a mark picks."""

    settings: dict
    table: object  # (monitor, chosen settings) -> table
    figure: object  # (table, chosen settings, width) -> figure
    picks: object = lambda chosen: ()  # chosen settings -> filters, in the order of the mark's codes
    rows: object = None  # (monitor, chosen settings) -> the table under the chart, where it is not the chart's own


def _by(chosen: dict) -> tuple:
    return (chosen["by"],) if chosen["by"] in DOMAINS else ()


def _budget(monitor: Monitor, chosen: dict) -> pd.DataFrame:
    return measure.hours(monitor) if chosen["by"] == "hours" else measure.budget(monitor, by=chosen["by"])


VIEWS = {
    "matrix": View(
        {"theme_set": ("provincial", "municipal"), "order": ("region", "alphabet")},
        lambda monitor, chosen: measure.coverage(monitor, theme_set=chosen["theme_set"]),
        lambda table, chosen, width: chart.coverage(table, by=chosen["order"], width=width),
        lambda chosen: ("municipality", "theme"),
    ),
    "map": View(
        {},
        lambda monitor, chosen: measure.coverage(monitor, by="municipality"),
        lambda table, chosen, width: chart.tilemap(table, "projects", width=width),
        lambda chosen: ("municipality",),
    ),
    "coverage": View(
        {"by": ("theme", "region", "source", "municipality")},
        lambda monitor, chosen: measure.coverage(monitor, by=chosen["by"]),
        lambda table, chosen, width: chart.coverage(table, width=width),
        _by,
    ),
    "budget": View(
        {"by": ("", "theme", "region", "source", "municipality", "time", "listed", "hours")},
        _budget,
        lambda table, chosen, width: (chart.hours if chosen["by"] == "hours" else chart.budget)(table, width=width),
        lambda chosen: ("project",) if chosen["by"] == "hours" else _by(chosen),
    ),
    "rounds": View(
        {"by": ("round", "time")},
        lambda monitor, chosen: measure.rounds(monitor, by=chosen["by"]),
        lambda table, chosen, width: chart.rounds(table, width=width),
        lambda chosen: ("round",) if chosen["by"] == "round" else (),
    ),
    "timeline": View(
        {},
        lambda monitor, chosen: measure.timeline(monitor),
        lambda table, chosen, width: chart.timeline(table, width=width),
        lambda chosen: ("project",),
    ),
    "changes": View(
        {"since": None, "by": ("theme", "region", "source")},
        lambda monitor, chosen: measure.changes(monitor, chosen["since"], by=chosen["by"]),
        lambda table, chosen, width: chart.changes(table, width=width),
        _by,
        lambda monitor, chosen: measure.changes(monitor, chosen["since"]),
    ),
    "profile": View(
        {"municipality": None},
        lambda monitor, chosen: measure.profile(monitor, chosen["municipality"]),
        lambda table, chosen, width: chart.profile(table, width=width),
        lambda chosen: ("project",),
    ),
    "projects": View({}, lambda monitor, chosen: measure.projects(monitor), None, lambda chosen: ("project",)),
    "quality": View(
        {"by": ("source", "finding")},
        lambda monitor, chosen: measure.quality(monitor, by=chosen["by"]),
        lambda table, chosen, width: chart.quality(table, width=width),
        _by,
    ),
}


def explore(monitor: Monitor | None = None, outputs: Path | str | None = None) -> "Dashboard":
    """The dashboard of a monitor (without one: of `wmo.open()`), to show as the last line of a cell.

    Exports and saved views go to `outputs` (the workspace's outputs/). `selection` and the tables stand in the widget:
    `board.selection.regions = ("SUW",)` changes what is shown.
    """
    return Dashboard(monitor or open_monitor(), Path(outputs or Workspace.nearest().outputs))


class Dashboard(anywidget.AnyWidget):
    """The widget: traits that the page draws, and `on_msg` that takes what was clicked."""

    _esm = Path(__file__).with_suffix(".js")
    _css = style.variables() + Path(__file__).with_suffix(".css").read_text("utf-8")
    texts = Dict().tag(sync=True)  # what changes with the language only
    shell = Dict().tag(sync=True)  # filters, tiles, tabs, settings, sentence
    figure = Unicode().tag(sync=True)  # plotly JSON, '' for a view without a chart
    table = Dict().tag(sync=True)  # one page of rows
    trace = Dict().tag(sync=True)  # the source rows of one project
    state = Unicode().tag(sync=True)  # digest of all that is shown

    def __init__(self, monitor: Monitor, outputs: Path):
        self.monitor, self.outputs = monitor, outputs
        self.selection = Selection(language=monitor.language)
        self.view, self.kind, self.project, self.width = "matrix", "measure", "", style.NOTEBOOK
        self.settings, self.message = {}, {}
        self.rows = dict(ALL_ROWS)
        self._figured = self._around = self._under_of = self._hearing = None
        super().__init__()
        self._days = self.dates()
        self.on_msg(self._heard)
        self.selection.observe(lambda _: self._hearing or self.refresh(), self.selection.trait_names())

    def __repr__(self) -> str:
        about = measure.coverage(self.monitor).attrs["wmo"]
        counts = {name: words.number(about[name]) for name in ("covered", "of", "projects")}
        return words.say("board.repr", self.selection.language, digest=about["digest"], **counts)

    def say(self, key: str, /, **values) -> str:
        return words.say(f"board.{key}", self.selection.language, **values)

    # ------------------------------------------------------------ what is shown

    @property
    def shown(self) -> Monitor:
        """The Monitor behind the chart."""
        return self.selection.applied(self.monitor, self.view)

    @property
    def chosen(self) -> dict:
        """The settings of the open view; where nothing was chosen, or it is not there any more, the first."""
        options = self._settings()
        picked = {name: self.settings.get((self.view, name)) for name in options}
        picked["theme_set"] = self.selection.theme_set
        return {
            name: picked[name] if picked[name] in options[name] else next(iter(options[name]), "") for name in options
        }

    def _settings(self) -> dict[str, dict[str, str]]:
        """Per setting of the open view its codes and labels."""
        monitor, language, options = self.shown, self.selection.language, {}
        for name, codes in VIEWS[self.view].settings.items():
            if name == "municipality":
                options[name] = {c: monitor.codebook.label(name, c) for c in monitor.municipalities}
            elif name == "since":
                before = sorted({d for d in self.monitor.deliveries["date"] if d < monitor.date})
                options[name] = {day: words.date(day, language) for day in before or [monitor.date]}
            else:
                options[name] = {code: self.say(f"{name}.{code or 'whole'}") for code in codes}
        return options

    def measured(self) -> pd.DataFrame | None:
        """The table behind the chart; None where no municipality is left to tell of."""
        chosen = self.chosen
        return None if chosen.get("municipality") == "" else VIEWS[self.view].table(self.shown, chosen)

    def sifted(self) -> pd.DataFrame:
        """The rows under the chart, the chart's own or the projects behind it, searched and sorted."""
        table, rows = self._under, self.rows
        if rows["query"]:
            text = tables.table(_readable(table), self.selection.language)
            lines = [" ".join(map(str, cells)).casefold() for cells in text.itertuples(index=False)]
            text = pd.Series(lines, index=table.index, dtype="str")
            for word in rows["query"].casefold().split():
                hit = text.str.contains(word, regex=False)
                table, text = table[hit], text[hit]
        if rows["sort"] in table.columns:
            column = table[rows["sort"]]
            fold = column.str.casefold() if column.dtype == "str" else column
            table = table.loc[fold.sort_values(ascending=not rows["descending"], kind="stable").index]
        return table

    def listed(self) -> pd.DataFrame:
        """What csv and xlsx hold: all that the table on the screen pages through, with its citation."""
        table = _readable(self.sifted()).reset_index(drop=True)
        about = dict(self._under.attrs["wmo"])
        if self.rows["query"]:
            searched = self.say("searched", query=self.rows["query"], found=len(table), of=len(self._under))
            about["selection_text"] = ", ".join(filter(None, [about["selection_text"], searched]))
        table.attrs["wmo"] = about
        about["digest"] = digest(table)
        return table

    def dates(self) -> list[str]:
        """The days between the first and the newest list on which a list came in, or something began, ended or was booked."""
        tables, about = self.monitor.tables, self.monitor.deliveries["date"]
        ended = pd.to_datetime(tables["projects"]["end_to"].replace("", None)) + pd.Timedelta(days=1)
        begun = {"projects": "start_from", "conversations": "date_from", "amounts": "date_from"}
        days = set(about).union(*(tables[name][column] for name, column in begun.items()))
        days |= set(ended.dropna().dt.strftime("%Y-%m-%d"))
        return sorted(day for day in days if about.min() <= day <= about.max())

    # ------------------------------------------------------------ drawing

    def refresh(self) -> None:
        """Computes what changed and sends it in one message; `state` is the digest of what the page then shows."""
        chosen, everything = self.chosen, json.dumps(self.selection.snapshot())
        figured = (everything, self.view, json.dumps(chosen), self.width)
        if figured != self._figured:
            make = VIEWS[self.view]
            self._measured = table = self.measured()
            self._chart = make.figure(table, chosen, self.width) if make.figure and table is not None else None
        around = self.selection.applied(self.monitor)
        if everything != self._around:
            self._summary = measure.summary(around)
            self._options = measure.options(around).to_dict("records")
        under = (*figured[:3], self.kind)
        if under != self._under_of:
            own = self.kind == "measure" and self._measured is not None
            rows = VIEWS[self.view].rows or (lambda monitor, chosen: self._measured)
            self._under = rows(around, chosen) if own else measure.projects(around)
        self._figured, self._around, self._under_of = figured, everything, under
        with self.hold_sync():
            if self.texts.get("language") != self.selection.language:  # not at every click
                self.texts = self._texts()
            self.shell = self._shell(chosen)
            self.figure = self._drawn(chosen)
            self.table = self._page(chosen)
            self.trace = self._traced()
            self._sign()

    def _sign(self) -> None:
        parts = json.dumps([self.shell, self.table, self.trace], sort_keys=True)
        self.state = hashlib.sha256((parts + self.figure).encode()).hexdigest()[:12]

    def _texts(self) -> dict:
        """What changes with the language only: labels, the glossary, the colours of the dark theme."""
        language = self.selection.language
        texts = {key.removeprefix("page."): words.say(key, language) for key in words.keys("page.")}
        glossary = [words.say(key, language).split(": ", 1) for key in words.keys("glossary.")]
        return {"say": texts, "glossary": glossary, "dark": style.DARK, "language": language}

    def _shell(self, chosen: dict) -> dict:
        language, selection = self.selection.language, self.selection
        meta = self._chart.layout.meta if self._chart is not None else {}
        about = self._under.attrs["wmo"] if self._measured is None else self._measured.attrs["wmo"]
        labels, date = self._settings(), selection.as_of or self.monitor.date
        return {
            "banner": style.example_line(about) or self.say("no_examples"),
            "example": bool(about["examples"]),
            "basis": self._choices("basis", [selection.basis]),
            "dates": [{"code": day, "label": words.date(day, language)} for day in sorted({*self._days, date})],
            "date": date,
            "filters": [
                {"name": trait, "label": words.say(f"filter.{name}", language).capitalize(), "options": options}
                | {"summary": self._summarised(options)}
                for name, trait in TRAITS.items()
                for options in [self._choices(name, getattr(selection, trait))]
            ],
            "active": self.say(
                ("no_filters", "active_one", "active")[min(selection.active, 2)], count=selection.active
            ),
            "any": selection.snapshot() != Selection(language=language).snapshot(),
            "undo": selection.can_undo,
            "redo": selection.can_redo,
            "tiles": self._tiles(),
            "views": [{"code": code, "label": self.say(f"view.{code}")} for code in VIEWS],
            "view": self.view,
            "settings": [
                {"name": name, "label": self.say(f"setting.{name}"), "value": chosen[name]}
                | {"options": [{"code": code, "label": label} for code, label in options.items()]}
                for name, options in labels.items()
            ],
            "alt": meta.get("alt", ""),
            "sentence": meta.get("sentence") or self._sentence(),
            "citation": meta.get("citation", ""),
            "picked": self._picked(),
            "saved": sorted(self._saved()),
            "message": self.message,
        }

    def _choices(self, name: str, on) -> list[dict]:
        """The options of a filter with the number of projects that each would leave."""
        below = self.monitor.codebook.column_of
        return [
            {"code": row["code"], "count": words.number(row["projects"]), "on": row["code"] in on}
            | {"label": row["label"], "below": below.get(row["code"], row["code"]) != row["code"]}
            for row in self._options
            if row["filter"] == name and (row["theme_set"] in ("", self.selection.theme_set) or row["code"] in on)
        ]

    def _summarised(self, options: list[dict]) -> str:
        chosen = [option["label"] for option in options if option["on"]]
        if not chosen:
            return self.say("all")
        return chosen[0] if len(chosen) == 1 else self.say("some", count=len(chosen), of=len(options))

    def _tiles(self) -> list[dict]:
        """The four figures that matter, each with its denominator."""
        tiles = []
        for row in self._summary.to_dict("records"):
            name, show = row["name"], words.euro if row["name"] == "committed" else words.number
            value, of = (None if pd.isna(row[column]) else row[column] for column in ("value", "of"))
            label = self.say(f"tile.{name}", counting=words.number(value))
            if not pd.isna(row["stated"]):
                label += self.say("tile.stated", count=words.number(row["stated"]), of=words.number(row["stated_of"]))
            if name == "projects":
                value, of = of, None
            beside = (
                self.say("tile.of_about" if row["approximate"] else "tile.of", of=show(of)) if of is not None else ""
            )
            unknown = words.say("status.unknown", self.selection.language)
            tiles.append({"value": unknown if value is None else show(value), "of": beside, "label": label})
        return tiles

    def _picked(self) -> str:
        """The labels of what was clicked: 'Soest, Vrijwilligers en mantelzorg', or 'ronde 2'; '' for nothing."""
        where, language = self.selection.picked.get("where", {}), self.selection.language
        number, label = words.say("filter.round", language), self.monitor.codebook.label
        told = (f"{number} {code}" if name == "round" else label(name, code, language) for name, code in where.items())
        return ", ".join(told)

    def _sentence(self) -> str:
        """The selection in one sentence, for a view without a chart."""
        if self.view != "projects":
            return self.say("nothing")
        of = self.monitor.as_of(self.selection.as_of or self.monitor.date).projects
        return self.selection.told(self.monitor, len(self._under), len(of)) + "."

    def _drawn(self, chosen: dict) -> str:
        """The figure as plotly JSON, with a ring around the mark that was clicked in it."""
        if self._chart is None:
            return ""
        figure, picked = self._chart.to_plotly_json(), self.selection.picked
        if picked and picked["view"] == self.view:
            codes = [picked["where"].get(name, "") for name in VIEWS[self.view].picks(chosen)]
            rings = [ring for trace in figure["data"] for ring in _rings(trace, codes)]
            figure["layout"]["shapes"] = [*figure["layout"].get("shapes", ()), *rings]
        return plotly.io.json.to_json_plotly(figure)

    def _page(self, chosen: dict) -> dict:
        """The page of the table that is open, as text."""
        table, view = self.sifted(), VIEWS[self.view]
        names = ("project",) if self.kind == "projects" or view.rows else view.picks(chosen)
        pages = max(1, -(-len(table) // PAGE))
        self.rows["page"] = page = min(self.rows["page"], pages - 1)
        here = table.iloc[page * PAGE : (page + 1) * PAGE]
        readable = _readable(here)
        text = tables.table(readable, self.selection.language)
        count = {"first": page * PAGE + bool(len(here)), "last": page * PAGE + len(here), "found": len(table)}
        return {
            "kind": self.kind,
            "does": "project" if names == ("project",) else "pick",
            "heading": self._heading(),
            "columns": [
                {"name": name, "label": label, "number": label in text.numeric}
                for name, label in zip(readable.columns, text.columns, strict=True)
            ],
            "rows": [
                {"cells": list(cells), "codes": _codes(row, names)}
                for cells, row in zip(text.itertuples(index=False), here.to_dict("records"), strict=True)
            ],
            "count": self.say("count_found" if self.rows["query"] else "count", of=len(self._under), **count),
            "page": page,
            "pages": pages,
            "project": self.project,
            **{name: self.rows[name] for name in ("query", "sort", "descending")},
        }

    def _heading(self) -> str:
        if self.kind == "measure":
            return self.say("table_of", view=self.say(f"view.{self.view}"))
        table, picked = self._under, self._picked()
        reached, rest = table.attrs["wmo"]["reached"], len(table) - table.attrs["wmo"]["reached"]
        if not picked:
            return self.say("projects_of", count=len(table), counting=int(table["counts"].sum()))
        told = self.say("projects_in_one" if reached == 1 else "projects_in", where=picked, count=reached)
        return told + (self.say("besides_one" if rest == 1 else "besides", count=rest) if rest else "")

    def _traced(self) -> dict:
        """Where a project comes from: per source row its list, the texts as they stood, and the findings on it."""
        free = Selection(**{n: getattr(self.selection, n) for n in ("basis", "as_of", "language")}).applied(
            self.monitor
        )
        if self.project not in free.projects.index:
            return {}
        language, place, book = self.selection.language, ["file", "sheet", "row"], self.monitor.codebook
        about = self.monitor.deliveries.drop_duplicates("file").set_index("file")
        told = book.findings.set_index("code")[language if language == "nl" else "en"]
        sources = []
        for (file, sheet, row), cells in free.trace(project_id=self.project).groupby(place, sort=False):
            findings = self.monitor.tables["findings"]
            findings = findings[(findings["file"] == file) & (findings["sheet"] == sheet) & (findings["row"] == row)]
            sources.append(
                {
                    "list": file,
                    "where": self.say("row", sheet=sheet, row=row) if sheet else self.say("record", row=row),
                    "delivered": words.date(about.at[file, "date"], language),
                    "basis": words.say(f"basis.{about.at[file, 'basis']}", language),
                    "cells": [
                        [words.heading(column, language), text]
                        for column, text in zip(cells["column"], cells["listed"], strict=True)
                    ],
                    "findings": [
                        {"code": f["code"], "text": told[f["code"]]}
                        | {"column": words.heading(f["column"], language) if f["column"] else "", "kept": f["kept"]}
                        for f in findings.to_dict("records")
                    ],
                }
            )
        return {"title": free.projects.at[self.project, "title"], "project": self.project, "sources": sources}

    # ------------------------------------------------------------ what was clicked

    def _heard(self, _, content: dict, buffers: list) -> None:
        """The door of the dashboard: whatever goes wrong is logged, told in one sentence, and the last picture stays."""
        self.message, self._hearing = {}, True
        steps, here = self.selection.steps(), {name: copy.copy(getattr(self, name)) for name in PLACE}
        try:
            getattr(self, f"_on_{content['do']}")(content, buffers)
            self.refresh()
        except WmoError as error:
            self._back(steps, here)
            self._tell(str(error))
        except Exception:
            self._back(steps, here)
            self.outputs.mkdir(exist_ok=True, parents=True)
            with open(self.outputs / "wmo.log", "a", encoding="utf-8") as log:
                log.write(f"{datetime.datetime.now():%Y-%m-%d %H:%M} dashboard {content}\n{traceback.format_exc()}\n")
            self._tell(self.say("failed", log=self.outputs.name + "/wmo.log"))
        self._hearing = False
        self.send({"do": "done", "number": content.get("number")})

    def _back(self, steps: tuple, here: dict) -> None:
        """Everything as before the click that failed: the picture on the screen is what the next click starts from."""
        self.selection.back(steps)
        for name, value in here.items():
            setattr(self, name, value)
        self._figured = self._around = self._under_of = None

    def _tell(self, text: str, **more) -> None:
        self.message = {"text": text, "wrong": True, **more}
        with self.hold_sync():
            self.shell = self.shell | {"message": self.message}
            self._sign()

    def _on_open(self, content, _buffers):
        self.width = max(560, min(1600, int(content["width"])))

    def _on_bundle(self, _content, _buffers):
        """A page in which no chart loaded plotly yet asks for it."""
        self.send({"do": "bundle"}, buffers=[BUNDLE.read_bytes()])

    def _on_choose(self, content, _buffers):
        """Filters, date or language; a filter of what was clicked takes the place of the click in it."""
        self.rows["page"] = 0
        values, picked = content["values"], self.selection.picked
        left = {name: code for name, code in picked.get("where", {}).items() if TRAITS[name] not in values}
        self.selection.choose(**{"picked": picked | {"where": left} if left else {}} | values)

    def _on_undo(self, _content, _buffers):
        self.selection.undo()

    def _on_redo(self, _content, _buffers):
        self.selection.redo()

    def _on_reset(self, _content, _buffers):
        self.selection.reset()
        self.project = ""

    def _on_view(self, content, _buffers):
        self.view, self.kind = content["view"], "measure"
        self.rows = dict(ALL_ROWS)

    def _on_setting(self, content, _buffers):
        self.rows["page"] = 0
        if content["name"] == "theme_set":  # the themes chosen so far are not of this set
            self.selection.choose(theme_set=content["value"], themes=(), picked={})
        else:
            self.settings[self.view, content["name"]] = content["value"]

    def _on_rows(self, content, _buffers):
        """kind, query, sort, descending or page of the table."""
        self.kind = content["values"].pop("kind", self.kind)
        self.rows |= {"page": 0} | content["values"]

    def _on_project(self, content, _buffers):
        self.project = content["project"]

    def _on_pick(self, content, _buffers):
        """A mark, or a row of the table, was clicked: it narrows everything but the chart it stands in."""
        names = VIEWS[self.view].picks(self.chosen)
        where = {name: str(code) for name, code in zip(names, content["codes"], strict=False) if code}
        if where.get("project") in self.shown.projects.index:
            self.project = where["project"]
            return
        options = {(option["filter"], option["code"]) for option in self._options}
        where = {name: code for name, code in where.items() if (name, code) in options}
        if names[:1] == ("municipality",) and "municipality" not in where:  # the province-wide row is no municipality
            where = {}
        picked = {"view": self.view, "where": where}
        if not where:
            raise WmoError(self.say("no_filter"))
        self.rows = dict(ALL_ROWS)
        self.kind, picked = ("measure", {}) if picked == self.selection.picked else ("projects", picked)
        self.selection.choose(picked=picked)
        behind = measure.projects(self.selection.applied(self.monitor))["project"]
        self.project = behind.iloc[0] if picked and len(behind) else ""

    # ------------------------------------------------------------ files

    def _saved(self) -> dict[str, Path]:
        """name -> file of the saved views; one that cannot be read goes by the name of its file."""
        found = {}
        for path in sorted((self.outputs / "weergaven").glob("*.json")):
            try:
                name = json.loads(path.read_text(encoding="utf-8"))["name"]
            except (ValueError, TypeError, KeyError):
                name = path.stem
            found[str(name)] = path
        return found

    def _on_save(self, content, _buffers):
        name = content["name"].strip()
        if not name:
            raise WmoError(self.say("no_name"))
        known = self._saved().get(name)
        path = known or export.free(self.outputs / "weergaven" / f"{export.slug(name) or 'weergave'}.json")
        settings = {setting: code for setting, code in self.chosen.items() if setting != "theme_set"}
        date = self.selection.as_of or self.monitor.date  # next week it shows the same day
        path.write_text(self.selection.write(name, date, view=self.view, settings=settings), encoding="utf-8")
        self.message = {"text": self.say("replaced" if known else "saved", name=name)}

    def _on_load(self, content, _buffers):
        name = content["name"]
        saved, dropped = self.selection.read(self._saved()[name].read_text("utf-8", "replace"), self.monitor)
        if saved.get("view") in VIEWS:
            self._on_view(saved, ())
            stored = saved.get("settings")
            self.settings |= {(self.view, n): code for n, code in (stored if isinstance(stored, dict) else {}).items()}
        self.message = {"text": self.say("dropped" if dropped else "loaded", name=name, what=", ".join(dropped))}

    def _on_delete(self, content, _buffers):
        self._saved()[content["name"]].unlink()
        self.message = {"text": self.say("deleted", name=content["name"])}

    def _on_picture(self, content, buffers):
        """The chart as the page drew it, in its light colours: what is on the screen is what is in the file."""
        path = export.free(self.outputs / export.file_name(self._measured.attrs["wmo"], content["suffix"]))
        path.write_bytes(buffers[0])
        self._hand(path)

    def _on_table(self, content, _buffers):
        table = self.listed()
        path = self.outputs / export.file_name(table.attrs["wmo"], content["suffix"])
        self._hand(export.csv(table, path) if content["suffix"] == ".csv" else export.workbook({"tabel": table}, path))

    def _on_memo(self, _content, _buffers):
        """The memo of the selection, as `wmo memo` makes it: also what was clicked narrows it."""
        from wmo_analysis import report  # half a second that only this button needs

        monitor = self.selection.applied(self.monitor)
        self._hand(report.memo(monitor, self.outputs / export.selection_name(monitor, "memo", ".docx")))

    def _hand(self, path: Path) -> None:
        """Says where a file is, and sends it along for the link that downloads it."""
        self.message = {"text": self.say("written", file=f"{self.outputs.name}/{path.name}"), "file": path.name}
        self.send({"do": "file", "name": path.name}, buffers=[path.read_bytes()])


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    """The columns that a reader reads: no codes beside their labels."""
    hidden = [*CODES, *(code for code, label in TWINS.items() if label in table)]
    return table.drop(columns=hidden, errors="ignore")


def _codes(row: dict, names: tuple) -> list:
    """The codes of a row for the filters `names`; [] where it has none."""
    places = {"municipality": "gm_code", "source": "source_id"}
    found = [row.get(places.get(name, name), row.get("code")) for name in names]
    return [str(code) for code in found] if all(code is not None for code in found) else []


def _rings(trace: dict, codes: list):
    """A rectangle around each bar of a trace whose customdata begins with these codes."""
    for n, code in enumerate(trace.get("customdata") or ()):
        mark = [code] if isinstance(code, str) else list(code)
        if [str(c) for c in mark[: len(codes)]] == codes:
            left, middle, half = (trace.get("base") or [0] * (n + 1))[n], trace["y"][n], trace["width"][n] / 2
            box = {"x0": left, "x1": left + trace["x"][n], "y0": middle - half, "y1": middle + half}
            yield {"type": "rect", "name": "ring", "line": {"color": style.LIGHT.orange, "width": 3}} | box
