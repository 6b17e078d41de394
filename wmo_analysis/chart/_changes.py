"""What is new, gone and changed between two dates, by theme, region or source."""

import itertools
from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import words
from wmo_analysis.chart._look import Look
from wmo_analysis.chart._rows import numbers, records
from wmo_analysis.chart._sheet import END_GAP, LABEL_GAP, Sheet, capital, heading, in_one, short, strong
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, measure

VIEWS = ("theme", "region", "source")
KINDS = ("new", "gone", "changed")
TOLD = ("learned", "corrected")  # of the earlier day, by a later list or a correction; columns only where there are any
SIDES = {  # the kinds that are bars: their side of zero, where their figure stands, and the ink of that
    "gone": (-1, "right", Look(edge=LIGHT.pink, pattern="\\", lines=LIGHT.pink, ink=LIGHT.pink)),
    "new": (1, "left", Look(LIGHT.blue, ink=LIGHT.blue)),
}


def changes(table: pd.DataFrame, width: int = NOTEBOOK) -> go.Figure:
    """Figure of measure.changes(since, by="theme" | "region" | "source"): gone to the left, new to the right of zero.

    Gone is hatched; how many changed, were learned or corrected are columns. Most new first; rows that are not divided
    stand below; all foot.
    """
    by = table.attrs.get("wmo", {}).get("by", "")
    if by not in VIEWS:
        by = VIEWS[0]  # a wrong table is refused by the name of a right one
    sheet, rows = Sheet("changes", checked(table, f"changes(by={by!r})"), width), _rows(table)
    body, total = rows[:-1], rows[-1]
    if not sheet.about["projects"] and not _any(total):
        rows = body = []
    high = sheet.lay(rows, 0.34)
    columns, sheet.right = _columns(total, sheet)
    across = _across(body, total, sheet.room - sheet.left - sheet.right, sheet)
    sheet.labels(rows)
    for row in rows:
        _write(row, columns, sheet)
    _write_heads(columns, sheet)
    sheet.foot(rows)
    if not rows:
        high, sheet.right = sheet.nothing(sheet.say("nothing")), 0
    for kind, (sign, _, look) in SIDES.items():
        drawn = [row | dict(length=sign * row[kind]) for row in body]
        sheet.bars(kind, drawn, "length", _hover(sheet), look)
    _tell(rows, total, by, sheet)
    sheet.above = 2 * sheet.text
    return sheet.figure(high, across)


def _tell(rows: list[dict], total: dict, by: str, sheet: Sheet) -> None:
    counts = {kind: words.count(kind, total[kind], sheet.language) for kind in KINDS}
    finding = sheet.say("finding" if rows else "empty", **counts)
    later = [sheet.say(f"told.{kind}", count=words.number(total[kind])) for kind in TOLD if total.get(kind)]
    rules = ["rule", "rule.told"] if later else ["rule"]
    told = in_one(f"{row['label']}: {_counts(row, sheet)}" for row in rows)
    long = ", ".join([finding, *later])
    known = dict(since=sheet.about["since_text"], by=sheet.say(f"by.{by}"))
    sheet.tell(short([long, finding]), rules, [told], long=long, **known)


def _rows(table: pd.DataFrame) -> list[dict]:
    """Most new first, then those without a change, then what is not divided, and the total."""
    body = []
    for row in records(table):
        row |= dict(gap=0, label=capital(row["label"]))
        if row["part"] == "total":
            total = row | dict(bold=True, gap=0.8)
        else:
            body.append(row)
    body.sort(key=lambda row: (row["part"] != "part", not _any(row), -row["new"], -row["gone"]))
    for before, row in itertools.pairwise(body):
        if before["part"] == "part" != row["part"]:
            row["gap"] = 0.9
    return [*body, total]


def _any(row: dict) -> bool:
    return any(row.get(kind) for kind in (*KINDS, *TOLD))


def _columns(total: dict, sheet: Sheet) -> tuple[dict[str, float], float]:
    """(the columns right of the plot: kind -> px of its middle from the plot, the px that all of them need)."""
    columns, right = {}, LABEL_GAP
    for kind in ("changed", *TOLD):
        if kind == "changed" or total.get(kind):
            wide = measure(sheet.say(kind), sheet.text)
            columns[kind] = right + wide / 2
            right += wide + LABEL_GAP
    return columns, right


def _counts(row: dict, sheet: Sheet) -> str:
    return sheet.say("hover", **numbers(row, KINDS))


def _hover(sheet: Sheet) -> Callable[[dict], str]:
    return lambda row: f"{heading(row['label'])}<br>{escape(_counts(row, sheet))}"


def _end(kind: str, row: dict, sheet: Sheet) -> str:
    """'+3' or '−3', and 0 without a sign."""
    if not row[kind]:
        return words.number(0)
    return sheet.say(f"end.{kind}", count=words.number(row[kind]))


def _across(body: list[dict], total: dict, plot: float, sheet: Sheet) -> list[float]:
    """The range of the axis: room for the longest bar with its figure, or for the head above it."""
    ends, heads, most = {}, {}, {}
    for kind in SIDES:
        most[kind] = max([row[kind] for row in body], default=0)
        ends[kind] = measure(_end(kind, total, sheet), sheet.text, True) + 2 * END_GAP
        heads[kind] = measure(sheet.say(kind), sheet.text) + 2 * END_GAP
    last = max(ends["new"], heads["new"])
    unit = (plot - ends["gone"] - last) / max(most["gone"] + most["new"], 1)
    if most["gone"] * unit + ends["gone"] < heads["gone"]:
        unit = (plot - heads["gone"] - last) / max(most["new"], 1)
    before_zero = max(heads["gone"], most["gone"] * unit + ends["gone"])
    return [-before_zero / unit, (plot - before_zero) / unit]


def _write(row: dict, columns: dict[str, float], sheet: Sheet) -> None:
    """The figures of one row: beside its bars, of the total at zero; the columns right of the plot."""
    total, y = row["part"] == "total", row["y"]
    for kind, (sign, anchor, look) in SIDES.items():
        if row[kind] or total:
            place = dict(xanchor=anchor, xshift=END_GAP * sign, name="end")
            x = sign * row[kind] * (not total)  # the total has no bar
            sheet.put(strong([_end(kind, row, sheet)]), x, y, color=look.ink, opens=(row["code"], kind), **place)
    if not total and not _any(row):
        sheet.end(escape(sheet.say("same")), 0, y, LIGHT.muted, sheet.px.footer)
    for kind, shift in columns.items():
        count = strong([words.number(row[kind])], total)
        place = dict(xref="paper", xanchor="center", xshift=shift, name=kind)
        sheet.put(count, 1, y, opens=(row["code"], kind), **place)


def _write_heads(columns: dict[str, float], sheet: Sheet) -> None:
    above = dict(yshift=0.7 * sheet.text, name="head")
    for kind, (sign, anchor, look) in SIDES.items():
        place = dict(xanchor=anchor, xshift=END_GAP * sign)
        sheet.put(escape(sheet.say(kind)), 0, 0, color=look.ink, **place, **above)
    for kind, shift in columns.items():
        sheet.put(escape(sheet.say(kind)), 1, 0, xref="paper", xanchor="center", xshift=shift, **above)
