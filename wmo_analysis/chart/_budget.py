"""The budget: the credit, the committed amounts divided, and the amounts off the credit."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import schema, words
from wmo_analysis.chart._credit import LOOK, credit
from wmo_analysis.chart._look import Look
from wmo_analysis.chart._rows import known, records, where
from wmo_analysis.chart._sheet import Say, Sheet, capital, heading, in_one, lines, percent, short, strong
from wmo_analysis.chart._spending import spending
from wmo_analysis.style import LIGHT, NOTEBOOK, checked, escape, measure

FOOTING = {"part": Look(LIGHT.blue), "undivided": Look(edge=LIGHT.grey, pattern=".", lines=LIGHT.grey)}
RIGHT = 16  # px beside an amount at the end of a bar
STRENGTH = ("granted", "settled", "asked")  # the strongest commitment that any list states comes first


def budget(table: pd.DataFrame, width: int = NOTEBOOK) -> go.Figure:
    """Figure of measure.budget: the credit, or what its `by` divides; amounts in euro, kinds never added.

    by="": asked, committed (settled, then granted) and free against the approximate credit; what goes beyond is hatched.
    by="theme", "region", "source" or "municipality": committed, descending; undivided rows dotted; they foot to the total.
    by="time": committed and asked through time under the line of the credit. by="listed": per source what its lists state
    off the credit, never against it; a kind that no list states is a word, not 0.
    """
    by = table.attrs.get("wmo", {}).get("by", "")
    about = checked(table, f"budget(by={by!r})")
    draw = {"": credit, "time": spending, "listed": _listed}.get(by, _footing)
    return draw(table, about, width)


def _footing(table: pd.DataFrame, about: dict[str, Any], width: float) -> go.Figure:
    sheet, unknown = Sheet("budget", about, width), len(table) > 0 and table["committed"].isna().all()
    say = sheet.say
    rows = _rows(table, sheet) if about["projects"] else []
    high = sheet.lay(rows)
    ends = [measure(row["euro"], sheet.text, True) + measure(row["share_text"], sheet.text) for row in rows]
    sheet.right = max(ends, default=0) + 2 * sheet.text
    sheet.labels(rows)
    for row in rows:
        end = f"{strong([row['euro']], row['committed'])}\u00a0 {row['share_text']}"
        x = max(row["committed"], 0) * (row["part"] != "total")  # the total has no bar
        sheet.end(end, x, row["y"], row["ink"], opens=(row.get("several", row["code"]), "committed"))
    sheet.foot(rows)
    if not rows:
        high = sheet.nothing(say("unknown_all" if unknown else "nothing"))

    def hover(row: dict) -> str:
        kinds = {kind: words.euro(row[kind]) for kind in schema.KINDS}
        return f"{heading(row['label'])}<br>{escape(say('hover', projects=words.number(row['projects']), **kinds))}"

    for drawn, look in FOOTING.items():
        sheet.bars(drawn, where(rows, "drawn", drawn), "committed", hover, look)
    sheet.tell(
        say("unknown_all") if unknown else _finding(rows, say),
        ["rule", "rule.foot"],
        [in_one(f"{row['label']}: {row['euro']}" for row in rows)],
        credit=f"{say('by.' + about['by'])}, {about['credit']}",
    )
    sheet.above, sheet.below = 0.9 * sheet.text, 0.3 * sheet.text
    return sheet.figure(high, _range([row["committed"] for row in rows if row["part"] != "total"]))


def _rows(table: pd.DataFrame, sheet: Sheet) -> list[dict]:
    """The parts descending, those without an amount as one row, what is not divided, and the total."""
    parts, zeros, apart, total = [], [], [], []
    for row in records(table[table["committed"].notna()]):
        row |= dict(gap=0, drawn=row["part"])  # the total is laid as the others, but has no bar
        if row["part"] == "total":
            total.append(row | dict(bold=True, gap=0.8))
        elif row["part"] != "part":
            apart.append(row | dict(gap=0 if apart else 0.9, drawn="undivided"))
        elif row["committed"]:
            parts.append(row)
        else:
            zeros.append(row)
    parts.sort(key=lambda row: -row["committed"])
    if len(zeros) > 1:  # 29 municipalities, most without an amount, would bury the others
        label = sheet.say(f"zeros.{sheet.about['by']}", count=words.number(len(zeros)))
        zeros = [zeros[0] | dict(code="", label=label, several="zeros", opens=("zeros", "count"))]
    rows = [*parts, *zeros, *apart, *total]
    for row in rows:
        row |= dict(label=capital(row["label"]), euro=words.euro(row["committed"]), ink=LIGHT.muted, share_text="")
        if row["committed"]:
            row["ink"] = LIGHT.ink
        if row["committed"] and row["share"] is not None:
            row["share_text"] = percent(row["share"], sheet.language)
    return rows


def _range(amounts: list[int]) -> list[int]:
    """Of the axis: from zero, or below it, and never empty."""
    return [min([0, *amounts]), max([1, *amounts])]


def _finding(rows: list[dict], say: Say) -> str:
    """The largest part with its amount and share, in at most 12 words."""
    if not rows:
        return say("empty_parts")
    first = next((row for row in rows if row["part"] == "part" and row["committed"]), None)
    if not first:
        divided = any(row["committed"] for row in rows if row["part"] != "total")
        return say("undivided" if divided else "zero", euro=rows[-1]["euro"])
    values = dict(name=first["label"], euro=first["euro"], share=first["share_text"])
    return short([say(form, **values) for form in ("most", "most_short", "most_only")])


def _listed(table: pd.DataFrame, about: dict[str, Any], width: float) -> go.Figure:
    sheet = Sheet("budget", about, width)
    say, text, rows = sheet.say, sheet.text, []
    for source in records(table):
        rows += _kinds(source, 0.9 if rows else 0, sheet)
    high = sheet.lay(rows, pitch=1.75 * text)
    heads = sheet.widest((line for row in rows for line in row["head"]), bold=True)
    counts = sheet.widest(row["projects"] for row in rows)
    sheet.left = sheet.left + max(heads, counts) + 1.2 * text
    sheet.right = sheet.widest((row["end"] for row in rows), bold=True) + RIGHT
    sheet.labels(rows)
    for row in rows:
        _write(row, sheet)
    sheet.zero(high)
    if not rows:
        high = sheet.nothing(say("nothing_listed"))
    stated = known(rows, "value")
    for kind in schema.KINDS:
        sheet.bars(kind, where(stated, "kind", kind), "value", lambda row: escape(row["told"]), LOOK[kind])
    told = in_one(row["told"] for row in rows)
    sheet.tell(_finding_listed(stated, say), ["rule.listed"], [told], credit=say("by.listed"))
    sheet.above = 0.9 * text
    return sheet.figure(high, _range([row["value"] for row in stated]))


def _write(row: dict, sheet: Sheet) -> None:
    """An amount at the end of its bar, and left of the first of a source its name."""
    if row["value"] is None:
        sheet.end(strong([row["end"]], bold=False), 0, row["y"], LIGHT.muted)
    else:
        sheet.end(strong([row["end"]]), row["value"], row["y"], opens=(row["code"], row["kind"]))
    if row["head"]:
        name = f"{strong(row['head'])}<br>{escape(row['projects'])}"
        place = dict(xref="paper", xshift=-sheet.left, yanchor="top", yshift=0.65 * sheet.text, name="source")
        sheet.put(name, 0, row["y"], opens=(row["code"], "projects"), **place)


def _kinds(source: dict, gap: float, sheet: Sheet) -> list[dict]:
    """The rows of one source, one for each kind of amount; the first names the source."""
    rows, base = [], dict(code=source["source_id"], name=source["label"], head=[], projects="", gap=0)
    base |= dict(invented=source.get("invented"), partly=source.get("partly"))
    for kind in schema.KINDS:
        label, end = sheet.say(f"kind.{kind}"), sheet.say("not_stated")
        if source[kind] is not None:
            end = words.euro(source[kind])
        told = f"{source['label']}, {label}: {end}"
        rows.append(base | dict(kind=kind, label=label, value=source[kind], end=end, told=told))
    projects = sheet.say("projects", count=words.number(source["projects"]))
    rows[0] |= dict(head=lines(source["label"], sheet.text, 0.26 * sheet.room, bold=True), projects=projects, gap=gap)
    return rows


def _finding_listed(stated: list[dict], say: Say) -> str:
    if not stated:
        return say("empty_listed")
    best = min(stated, key=lambda row: (STRENGTH.index(row["kind"]), -row["value"]))
    values = dict(name=best["name"], euro=best["end"], kind=best["label"])
    return short([say(form, **values) for form in ("listed", "listed_only")])
