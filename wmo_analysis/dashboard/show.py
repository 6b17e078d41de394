"""One view in one cell: the answer in a sentence, its chart and its table, and with `filters` the instrument to choose in.

What is shown stands in the outputs of the cell too, so that a notebook without a kernel, on paper or in the mail shows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import plotly.io
from IPython.display import display
from traitlets import List

from wmo_analysis import tables, words
from wmo_analysis.dashboard import payload
from wmo_analysis.dashboard.board import Dashboard
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import FILTERS, PLACE_FILTERS
from wmo_analysis.selection import DATES, TRAITS
from wmo_analysis.style import NOTEBOOK, escape
from wmo_analysis.views import TABS, VIEWS, View
from wmo_analysis.workspace import Workspace

PLOTLY = "application/vnd.plotly.v1+json"
LIVE = "application/vnd.jupyter.widget-view+json"
OFFERED = (*FILTERS, DATES[0])
# a widget whose kernel is gone leaves an error in English in its place; the picture below it stays
GONE = ".jp-OutputArea:has(.wmo-still) .jupyter-widgets:not(:has(*)) { display: none }"
# an exported notebook cuts what is wider than the window or the paper: pictures shrink, and paper has no room for prompts
FITTING = (
    ".jp-RenderedSVG :is(svg, img) { max-width: 100%; height: auto }"
    " @media print { .jp-InputPrompt, .jp-OutputPrompt { display: none } .jp-OutputArea-output table { font-size: 8px } }"
)


def show(monitor: Monitor, view: str, by: str = "", filters: Sequence[str] = (), **settings: str) -> object:
    """One view of a monitor, to show as the last line of a cell: its answer in one sentence, its chart and its table.

    `view` is a tab of the dashboard ("budget") or a table of the workbook ("white"); `by` is what a tab divides by, and
    `settings` are the other choices above its chart, as code or label (since, municipality, order). With `filters` (of
    theme, region, municipality, source, round, status, basis, as_of) it is live: a bar with these filters, the buttons
    that take it along, and the door to the whole dashboard with the same selection.
    Raises WmoError for a view, a division, a setting or a filter that is not there.
    """
    views = TABS.get(view) or ({"": VIEWS[view]} if view in VIEWS else {})
    _known("view", view, views, [*TABS, *VIEWS])
    found = views.get(by) or (None if by else next(iter(views.values())))
    _known("by", by, found, views)
    for name in filters:
        _known("filter", name, name in OFFERED, OFFERED)
    wanted = {"by": by} if by else {}
    for name, value in settings.items():
        _known("setting", name, name in {*found.settings, *found.looks}, [*found.settings, *found.looks])
        place = by or found.by if name in payload.SIDES else name
        wanted[name] = monitor.codebook.find(place, value) if place in PLACE_FILTERS else value
    if filters:
        _known("view", view, view in TABS, TABS)
        return Instrument(monitor, Workspace.nearest().outputs, view, wanted, filters)
    return Still.of(monitor, views, wanted)


def _known(what: str, name: str, found: object, there: Sequence[str] | Mapping) -> None:
    if not found:
        names = words.listing(dict.fromkeys(filter(None, there)))
        raise WmoError(words.say(f"show.unknown.{what}", name=name, names=names))


@dataclass(frozen=True)
class Still:
    """What a cell shows without a kernel: a sentence, a figure (None without a chart) and a table."""

    sentence: str
    figure: go.Figure | None
    table: pd.DataFrame
    language: str
    press: str = ""  # what to press for the instrument, '' where there is none

    @classmethod
    def of(cls, monitor: Monitor, views: Mapping[str, View], wanted: Mapping[str, str]) -> "Still":
        """What a view of a monitor shows; without a choice the first one that is offered holds."""
        view, settings = payload.open_view(views, wanted, monitor)
        chosen = {setting.name: setting.value for setting in settings if setting.name != "by"}
        table = view.table(monitor, **chosen)
        figure = view.figure(table, NOTEBOOK, **chosen) if view.chart else None
        sentence = payload.answer(table, figure) or payload.counted(monitor, monitor.without(*FILTERS))
        printed = VIEWS[view.printed].table(monitor) if view.printed else table
        return cls(sentence, figure, printed, monitor.language)

    def bundles(self) -> list[dict[str, object]]:
        """The outputs of the cell, in their order: what each says to JupyterLab, and in plain text to others."""
        said = f'<style>{FITTING}</style><p class="wmo-still"><strong>{escape(self.sentence)}</strong></p>'
        if self.press:
            said = f'<style>{GONE}</style>{said}<p class="wmo-still">{escape(self.press)}</p>'
        made = [{"text/html": said, "text/plain": "\n".join(filter(None, [self.sentence, self.press]))}]
        if self.figure is not None:
            drawing = plotly.io.renderers["plotly_mimetype"].to_mimebundle(self.figure.to_plotly_json())
            made.append(drawing | {"text/plain": self.figure.layout.meta["alt"]})
        readable = tables.table(payload.for_reader(self.table), self.language)
        return [*made, {"text/html": readable._repr_html_()}]

    def _ipython_display_(self) -> None:
        for bundle in self.bundles():
            display(bundle, raw=True)


class Instrument(Dashboard):
    """A dashboard of one view and some filters, with a door to all of it. Its cell keeps what it last showed."""

    only = List().tag(sync=True)  # the parts that the page shows; [] behind the door

    def __init__(self, monitor: Monitor, outputs: Path, tab: str, wanted: dict[str, str], filters: Sequence[str]):
        super().__init__(monitor, outputs, tab, {(tab, name): code for name, code in wanted.items()})
        self.home = tab
        self.parts = [TRAITS.get(name, name) for name in filters]
        self.only, self._kept = self.parts, []

    @property
    def still(self) -> Still:
        """What the cell keeps of what is shown now."""
        shown, press = self.screen, self.say("press")
        return Still(payload.sentence(shown), shown.figure, shown.under, shown.language, press)

    def _ipython_display_(self) -> None:
        display({LIVE: self._repr_mimebundle_()[0][LIVE]}, raw=True)
        self._kept = [display(bundle, raw=True, display_id=True) for bundle in self.still.bundles()]

    def hear(self, widget: object, content: dict, buffers: list) -> None:
        if content["do"] == "keep":
            return self._keep(buffers[0])
        return super().hear(widget, content, buffers)

    def _keep(self, picture: memoryview) -> None:
        """The cell shows, once the kernel is gone, what the page showed last, with the picture that the page drew."""
        bundles = self.still.bundles()
        for bundle in bundles:
            if PLOTLY in bundle:
                bundle["image/svg+xml"] = bytes(picture).decode()
        if len(bundles) == len(self._kept):  # a view without a chart has one output less
            for kept, bundle in zip(self._kept, bundles, strict=True):
                kept.update(bundle, raw=True)

    def _on_door(self, _content: dict, buffers: list) -> None:
        """To the whole dashboard with the same selection, and back to the view that the cell is about."""
        self.only = [] if self.only else self.parts
        if self.only and self.tab != self.home:
            self._on_view({"view": self.home}, buffers)
