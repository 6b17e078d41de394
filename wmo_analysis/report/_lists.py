"""The workbook: every view that has a sheet, after an explanation of them and of the counting rules."""

import pandas as pd

from wmo_analysis.monitor import Monitor
from wmo_analysis.report._bound import Moment, compares, settings
from wmo_analysis.report._content import rules
from wmo_analysis.views import VIEWS
from wmo_analysis.words import say


def explanation(monitor: Monitor, names: dict[str, str]) -> pd.DataFrame:
    """What every sheet holds (view -> name of its sheet), and the counting rules: label, explanation."""
    language = monitor.language
    rows = [(name, say(f"sheet.{view}", language)) for view, name in names.items()]
    rows += [(say("memo.annex.rules", language), say(f"memo.rule.{key}", language)) for key in rules(monitor)]
    rows += [(say("memo.annex.assumptions", language), text) for text in monitor.citation["assumptions"]]
    return monitor.cite(pd.DataFrame(rows, columns=["label", "explanation"]), "explanation")


def sheets(monitor: Monitor, since: Moment) -> dict[str, pd.DataFrame]:
    """The tables of the workbook by the name of their sheet; without a moment to compare with nothing changed."""
    named, tables = {}, {}
    for view in VIEWS.values():
        if view.sheet and (since.day or not compares(view)):
            named[view.name] = say(f"sheet.name.{view.name}", monitor.language)
            tables[named[view.name]] = view.table(monitor, **settings(view, since))
    return {say("sheet.name.explanation", monitor.language): explanation(monitor, named)} | tables
