"""The matrix of municipalities against themes, drawn in pixels so that every text can be measured."""

import math
from types import SimpleNamespace

from wmo_analysis import words
from wmo_analysis.chart._bars import VIEWS, bars, of_set
from wmo_analysis.style import (
    BAR,
    LIGHT,
    NOTEBOOK,
    TEXT,
    checked,
    escape,
    example_line,
    fit,
    frame,
    measure,
    selection,
    sizes,
)

STATES = ("own", "partnership", "none", "unknown", "province")
LOOK = {  # fill, outline, hatch, text: told apart by fill, hatch, outline and glyph, never by colour alone
    "own": (LIGHT.blue, LIGHT.blue, None, LIGHT.on_blue),
    "partnership": (LIGHT.paper, LIGHT.blue, LIGHT.hatch, LIGHT.blue),
    "none": (LIGHT.paper, LIGHT.grid, None, LIGHT.muted),
    "unknown": (LIGHT.paper, LIGHT.grid, None, LIGHT.muted),
    "province": (LIGHT.paper, LIGHT.grey, None, LIGHT.ink),
}

HEAD = dict(name="head", xref="x", yref="y", yanchor="bottom", showarrow=False)


def coverage(table, by="region", width=NOTEBOOK):
    """Figure of measure.coverage: a row per municipality, a column per theme, four cell states; of a view, bars.

    An own project, one only through a partnership, none known (empty) and unknown ("?") differ in fill,
    hatch, outline and glyph. The province-wide row stands apart below; totals count each project once.

    Parameters
    ----------
    table : DataFrame of measure.coverage, unchanged; else WmoError
    by : "region" or "alphabet" (the order of the table); bars have their own order, by number
    width : int, px; 800 fits a notebook, 605 a memo, 1022 and 1188 the dashboard, 1280 and 1920 a screen
    """
    if table.attrs.get("wmo", {}).get("by") in VIEWS:
        return bars(table, width)
    about = checked(table, "coverage")
    if by not in ("region", "alphabet"):
        raise ValueError(f"by is 'region' or 'alphabet', not {by!r}")

    def say(name, /, **values):
        return words.say(f"chart.coverage.{name}", about["language"], **values)

    px, cells = sizes(width), table.to_dict("records")
    themes = {cell["theme"]: cell for cell in cells if cell["theme"]}
    province, sections = {}, {}
    for cell in cells:
        region = (cell["region_id"], cell["region"]) if by == "region" else ("", "")
        place = province if cell["state"] == "province" else sections.setdefault(region, {})
        (place if place is province else place.setdefault(cell["gm_code"], {}))[cell["theme"]] = cell
    sections = [(region, _count(len(rows), say), list(rows.values())) for (_, region), rows in sections.items()]
    panels = _panels(sections, say("continued"))
    grid = _grid(cells, themes, len(panels), width, say)
    if len(panels) > 1 and grid.cell < 1.2 * px.label:
        panels, grid = [sections], _grid(cells, themes, 1, width, say)

    at = SimpleNamespace(marks={state: [] for state in STATES}, labels=[], totals=[])  # what is to be drawn
    bottom = 0
    for number, panel in enumerate(panels):
        left, y = number * grid.step, grid.head
        at.totals.append((left + grid.right, y + grid.row / 2, escape(say("total")), LIGHT.muted))
        for position, (region, count, rows) in enumerate(panel):
            y += grid.row * 0.65 if position else 0
            if by == "region":
                _heading(region, count, left, y + grid.row / 2, grid, at)
            y += grid.row
            for row in rows:
                _row(row, themes, left, y + grid.row / 2, grid, at)
                y += grid.row
        bottom = max(bottom, y)
    rule, shapes = [say("rule")], []
    if province:
        y = bottom + 0.3 * grid.row
        end = grid.width if len(panels) > 1 else grid.right
        shapes = [dict(type="line", x0=0, x1=end, y0=y, y1=y, line=dict(color=LIGHT.axis, width=px.hairline))]
        bottom = y + 1.3 * grid.row
        _row(province, themes, 0, y + 0.8 * grid.row, grid, at)
        if len(panels) > 1 and measure(say("province_note"), px.label) < grid.width - grid.step:
            at.labels.append((grid.step, y + 0.8 * grid.row, escape(say("province_note")), LIGHT.muted))
        else:
            rule.append(say("province_rule"))
    present = {cell["state"] for cell in cells}
    rule += [say(f"rule_{state}") for state in ("none", "unknown") if state in present]

    traces = [_bars(state, at.marks[state], grid, say) for state in STATES]
    for name, texts, side in (("labels", at.labels, "middle right"), ("totals", at.totals, "middle left")):
        x, y, text, color = zip(*texts, strict=True) if texts else ((), (), (), ())
        y = [middle + 0.09 * grid.text for middle in y]
        traces.append(dict(name=name, x=x, y=y, text=text, textposition=side, textfont=dict(color=color), **TEXT))
    layout = dict(
        xaxis=dict(range=[0, grid.width], visible=False),
        yaxis=dict(range=[bottom, 0], visible=False),
        annotations=_heads(themes, len(panels), grid),
        shapes=shapes,
    )
    totals = {cell["gm_code"]: cell for cell in cells if not cell["theme"] and cell["gm_code"]}.values()
    date = words.date(about["as_of"], about["language"])
    subtitle = "; ".join(
        [say("subtitle" + of_set(about), selection=selection(about), date=date), *about["subtitle_notes"]]
    )
    finding = _finding(about, totals, 99, say)
    regions = [region for region, _, _ in sections if region]
    texts = dict(
        title=_finding(about, totals, 12, say),
        subtitle=subtitle,
        rule=" ".join(rule),
        sentence=say("sentence", date=date, finding=finding),
        alt=_alt(about, finding, regions, themes, cells, date, say),
    )
    key = [_key(state, say) for state in STATES[:4] if state in present]
    return frame(traces, layout, about, width=width, height=bottom, key=key, **texts)


def _panels(sections, continued):
    """The sections in one or two panels of about equal length; a region is cut only to save many rows."""
    owner = [number for number, (_, _, rows) in enumerate(sections) for _ in rows]
    if len(owner) <= 12:
        return [sections]

    def cost(cut):
        inside = len(sections) > 1 and owner[cut - 1] == owner[cut]
        return max(cut, len(owner) - cut) + inside * len(owner) / 5, -cut

    cut, left, right = min(range(1, len(owner)), key=cost), [], []
    for number, (region, count, rows) in enumerate(sections):
        here = max(cut - owner.index(number), 0)  # rows of this section that stand in the left panel
        left += [(region, count, rows[:here])] if here else []
        right += [(region, continued if here else count, rows[here:])] if rows[here:] else []
    return [left, right]


def _grid(cells, themes, panels, width, say):
    """Pixels of the panels, from the measured labels: where columns and totals stand, how heads slant."""
    px = sizes(width)
    text, room = px.label, width - 2 * px.pad
    gutter = 3.9 * text if width >= 1100 else 1.8 * text
    panel = (room - gutter * (panels - 1)) / panels
    names = [measure(_capital(c["municipality"]), text, c["state"] == "province") for c in cells]
    label = min(max(names, default=0) + (0.9 if width >= 1100 else 0.6) * text, 0.42 * panel)
    totals = [measure(words.number(c["number"]), text, True) for c in cells if not c["theme"]]
    total = max([measure(say("total"), text), *totals]) + (0.8 if width >= 1100 else 0.5) * text
    count, heads = len(themes), [fit(t["theme_short"], text, 18 * text) for t in themes.values()]
    wide = [measure(head, text) for head in heads]
    space, flat = (panel - label - total) / max(count, 1), max(wide, default=0) + 0.6 * text
    cell, angle = (min(space, max(6 * text, flat)), 0) if flat <= space else (min(space, 6 * text), 50)
    right = label + cell * count + total
    if angle:
        over = [w * math.cos(math.radians(50)) + 0.5 * text for w in wide]  # right of the column
        slanted = min((panel - label - o) / (j + 0.5) for j, o in enumerate(over))
        angle = 50 if min(cell, slanted) >= 1.45 * text else 90
        cell = min(cell, slanted) if angle == 50 else cell
    headings = [measure(f"{c['region']}  {_count(99, say)}", text, True) for c in cells if c["region"]]
    right = min(panel, max(right, max(headings, default=0) + 1.5 * total))
    size = min(text, cell / 1.25) if angle == 90 else text
    high = max([w * math.sin(math.radians(angle)) for w in wide], default=0)
    row = text * (1.3 if width < 1100 else 1.72)
    head = high + (text if angle else 1.7 * text) * bool(count)
    number, gap, step = min(0.93 * text, cell * 0.7), 0.2 * text, panel + gutter
    names = dict(width=room, step=step, label=label, total=total, cell=cell, right=right, angle=angle, heads=heads)
    return SimpleNamespace(**names, size=size, head=head, row=row, text=text, number=number, gap=gap)


def _heading(region, count, x, y, grid, at):
    room = grid.right - measure(f"\u00a0 {count}", grid.text) - grid.total
    region = escape(fit(region, grid.text, room, True))
    at.labels.append((x, y, f"<b>{region}</b>\u00a0 {escape(count)}", LIGHT.muted))


def _row(row, themes, x, y, grid, at):
    """Puts the label, the cells and the total of one municipality, or of the province, at height `y`."""
    total = row.get("") or next(iter(row.values()))
    province = total["state"] == "province"
    name = escape(fit(_capital(total["municipality"]), grid.text, grid.label - 0.4 * grid.text, province))
    at.labels.append((x, y, f"<b>{name}</b>" if province else name, LIGHT.ink))
    for number, theme in enumerate(themes):
        if theme in row:
            at.marks[row[theme]["state"]].append((x + grid.label + number * grid.cell, y, row[theme]))
    if total["state"] == "unknown":
        shown, color = "?", LIGHT.muted
    elif total["state"] == "none":
        shown, color = f"<b>{words.number(total['number'])}</b>", LIGHT.orange_text
    else:
        shown, color = words.number(total["number"]), LIGHT.ink
    at.totals.append((x + grid.right, y, shown, color))


def _bars(state, marks, grid, say):
    """One trace per state: a bar per cell with its number, hatch and hover."""
    fill, line, hatch, ink = LOOK[state]
    shown = {"none": "", "unknown": "?"}.get(state)
    cells = [cell for _, _, cell in marks]
    outline = [line if cell["number"] else LIGHT.grid for cell in cells]
    pattern = dict(shape="/", fillmode="replace", fgcolor=hatch, bgcolor=fill, solidity=0.3)
    pattern["size"] = 6 if grid.text > 11 else 4.5
    width = 1 if state in ("none", "unknown") else 1.25
    return dict(
        name=state,
        base=[x + grid.gap / 2 for x, _, _ in marks],
        x=[grid.cell - grid.gap] * len(marks),
        y=[y for _, y, _ in marks],
        width=[grid.row - grid.gap] * len(marks),
        text=[(words.number(c["number"]) if c["number"] else "") if shown is None else shown for c in cells],
        textfont=dict(color=ink, size=grid.number, weight=700 if state == "own" else 400),
        marker=dict(color=fill, line=dict(width=width, color=outline), pattern=pattern if hatch else None),
        customdata=[[cell["gm_code"], cell["theme"]] for cell in cells],
        hovertext=[_hover(cell, say) for cell in cells],
        **BAR,
    )


def _hover(cell, say):
    titles = [title for title in cell["projects"].split("; ") if title]
    more = [say("hover.more", count=words.number(len(titles) - 12))] if len(titles) > 12 else []
    numbers = {name: words.number(cell[name]) for name in ("number", "own", "partnership")}
    state = "own" if cell["state"] == "partnership" else cell["state"]
    place = f"<b>{escape(_capital(cell['municipality']))}</b>, {escape(cell['theme_label'])}"
    return "<br>".join(
        [place, say(f"hover.{state}", **numbers), *(f"– {escape(fit(title, 12, 480))}" for title in titles[:12]), *more]
    )


def _heads(themes, panels, grid):
    """The theme heads above each panel: flat when they fit, else slanted, else upright."""
    base = grid.head - 0.1 * grid.text * bool(grid.angle)
    lean = grid.text * 0.575 * math.sin(math.radians(50)) if grid.angle == 50 else 0
    side = "left" if grid.angle == 50 else "center"
    look = dict(y=base, textangle=-grid.angle, xanchor=side, font=dict(size=grid.size), **HEAD)
    notes = []
    for panel in range(panels):
        for number, (head, theme) in enumerate(zip(grid.heads, themes.values(), strict=True)):
            x = panel * grid.step + grid.label + (number + 0.5) * grid.cell - lean
            notes.append(dict(look, x=x, text=escape(head), hovertext=escape(theme["theme_label"])))
    return notes


def _key(state, say):
    fill, line, hatch, ink = LOOK[state]
    glyph = {"own": "2", "partnership": "1", "unknown": "?"}.get(state)
    line = LIGHT.axis if line == LIGHT.grid else line
    return dict(text=say(f"key.{state}"), fill=fill, hatch=hatch, ink=ink, line=line, glyph=glyph)


def _finding(about, totals, limit, say):
    """The finding with its figure, in at most `limit` words: names where they fit, else their number."""
    if len(totals) == 1:
        alone = next(iter(totals))
        name, state = alone["municipality"], alone["state"]
        if len(name.split()) > 5 and limit < 99:
            name = say("this")
        text = {"none": "one_none", "unknown": "one_unknown"}.get(state, "one_covered")
        text = "one_municipal" if of_set(about) and state != "unknown" else text
        return say(text, name=name, count=words.number(alone["number"]))
    if not about["of"]:
        return say("empty")
    numbers = {name: words.number(about[name]) for name in ("covered", "of")}
    first = ("covered_all" if about["covered"] == about["of"] else "covered") + of_set(about)
    first = say(first, **numbers)
    long, short = [first], [first]
    # without a project on a municipal theme is not without any project
    for state in ("unknown",) if of_set(about) else ("none", "unknown"):
        names = [cell["municipality"] for cell in totals if cell["state"] == state]
        if len(names) == about["of"]:
            return f"{first}; {say(state + '_all')}"
        if names:
            number = _count(len(names), say)
            short.append(say(state, names=number))
            long.append(say(state, names=words.listing(names, about["language"]) if len(names) <= 8 else number))
    return "; ".join(long if len(" ".join(long).split()) <= limit else short)


def _alt(about, finding, regions, themes, cells, date, say):
    def listing(names):
        return words.listing(names, about["language"])

    known = {cell["theme"] for cell in cells if cell["gm_code"] and cell["state"] != "unknown"}
    unknown = [theme["theme_short"] for code, theme in themes.items() if code not in known]
    extra = [say("alt.unknown", themes=listing(unknown))] if unknown else []
    for cell in cells:
        if cell["state"] == "province" and not cell["theme"]:
            extra.append(say("alt.province", count=words.number(cell["number"])))
    extra += [f"{example_line(about)}."] if about["examples"] else []
    texts = dict(of=_count(about["of"], say), extra=" ".join(extra))
    texts["themes"] = say("theme") if len(themes) == 1 else say("themes", count=words.number(len(themes)))
    texts["order"] = say("alt.region", regions=listing(regions)) if regions else say("alt.alphabet")
    return say("alt", date=date, finding=finding, **texts).strip()


def _count(number, say):
    return say("municipality") if number == 1 else say("municipalities", count=words.number(number))


def _capital(text):
    return text[:1].upper() + text[1:]
