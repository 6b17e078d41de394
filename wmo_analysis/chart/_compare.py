"""Two sides of a comparison: a bar for each in every theme, and the difference in words."""

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import words
from wmo_analysis.chart._look import Look
from wmo_analysis.chart._marks import Bar, invented
from wmo_analysis.chart._rows import numbers, records
from wmo_analysis.chart._sheet import END_GAP, Sheet, heading, in_one, short, strong
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, measure

LOOKS = {"one": Look(LIGHT.blue, ink=LIGHT.on_blue), "other": Look(LIGHT.teal, ink=LIGHT.on_mid)}
PITCH = 3.0  # heights of a text
THICK = 0.34  # of the pitch, each of the two bars


def compare(table: pd.DataFrame, width: float = NOTEBOOK) -> go.Figure:
    """Figure of measure.compare: per theme the projects of both sides, and how many more or fewer the one has."""
    by = table.attrs["wmo"].get("by")
    sheet = Sheet("compare", checked(table, f"compare(by={by!r})"), width)
    rows, heads = [], sheet.about["heads"]
    for row in records(table):
        if row["part"] == "part" or row["one"] or row["other"]:
            rows.append(row | dict(bold=row["part"] == "total", gap=0.5 * (row["part"] == "total")))
    high = sheet.lay(rows, pitch=PITCH * sheet.text)
    ends = {row["code"]: _difference(row, sheet) for row in rows}
    sheet.right = max([0, *(measure(end, sheet.text, True) for end in ends.values())]) + 2 * END_GAP
    top = max([1, *(row[side] for row in rows for side in LOOKS)])
    sheet.labels(rows)
    for row in rows:
        shown = strong([ends[row["code"]]], row["bold"])
        place = dict(xref="paper", xshift=END_GAP, name="difference")
        if row["difference"]:
            place["opens"] = (row["code"], "difference")
        sheet.put(shown, 1, row["y"], 0, LIGHT.ink if row["difference"] else LIGHT.muted, **place)
    for number, side in enumerate(LOOKS):
        _draw(sheet, side, rows, (number - 0.5) * THICK * PITCH * sheet.text)
        sheet.key(heads[side], LOOKS[side])
    sheet.zero(high)
    _tell(sheet, rows, heads)
    return sheet.figure(high, [0, 1.1 * top])


def _difference(row: dict, sheet: Sheet) -> str:
    if not row["difference"]:
        return sheet.say("same")
    more = "more" if row["difference"] > 0 else "fewer"
    return sheet.say(more, count=words.number(abs(row["difference"])))


def _draw(sheet: Sheet, side: str, rows: list[dict], shift: float) -> None:
    """The bars of one side, each with its number at the end."""
    drawn, thick = [], THICK * PITCH * sheet.text
    for row in rows:
        told = sheet.say("hover", name=sheet.about["heads"][side], count=words.number(row[side]))
        hover = f"{heading(row['label'])}<br>{escape(told)}"
        drawn.append(Bar(0, row[side], row["y"] + shift, thick, row["code"], hover, invented=invented(row)))
        place = dict(size=sheet.px.footer, opens=(row["code"], side))
        sheet.end(escape(words.number(row[side])), row[side], row["y"] + shift, **place)
    sheet.draw(side, drawn, LOOKS[side], edge=None)


def _tell(sheet: Sheet, rows: list[dict], heads: dict[str, str]) -> None:
    say, total = sheet.say, rows[-1] if rows else dict.fromkeys(LOOKS, 0)
    values = dict(one=heads["one"], other=heads["other"])
    counts = {f"{side}_count": words.count("projects", total[side], sheet.language) for side in LOOKS}
    finding = short([say("finding", **values, **counts), say("finding_short", **counts)])
    each = in_one(say("alt.row", name=row["label"], **numbers(row, LOOKS)) for row in rows)
    sheet.tell(finding, ["rule"], [each], long=say("finding", **values, **counts), **values)
