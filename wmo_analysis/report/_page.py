"""Blocks to one HTML file: the charts with their tables and sentences, nothing fetched from anywhere."""

import json
from importlib.resources import files

from wmo_analysis import style, words
from wmo_analysis.report._blocks import Chart, Grid, Heading, Text
from wmo_analysis.report._bound import Book, Data, Figure
from wmo_analysis.report._content import example_parts

CONFIG = {"displayModeBar": False, "responsive": False}
CSS = f"""
body {{ font: 16px/1.5 {style.FONT}; color: {style.LIGHT.ink}; max-width: 832px; margin: 0 auto; padding: 16px; }}
h1, h2 {{ color: {style.LIGHT.blue}; line-height: 1.2; margin: 1.6em 0 .5em; }}
.note, .subtitle, figcaption, footer {{ color: {style.LIGHT.muted}; font-size: 14px; }}
.example {{ color: {style.LIGHT.orange_text}; font-weight: bold; position: sticky; top: 0; background: #fff; z-index: 2; }}
.scroll {{ overflow-x: auto; }}
figure {{ margin: 1.5em 0; break-inside: avoid; }}
table {{ border-collapse: collapse; width: 100%; font-size: 13px; margin: .5em 0 1.5em; }}
caption {{ text-align: left; color: {style.LIGHT.muted}; font-size: 14px; padding: 4px 0; }}
th {{ print-color-adjust: exact; background: {style.LIGHT.blue}; color: #fff; text-align: left; vertical-align: bottom; }}
th, td {{ padding: 4px 6px; }}
td {{ border-bottom: 1px solid {style.LIGHT.grid}; vertical-align: top; white-space: pre-line; }}
.right {{ text-align: right; }}
summary {{ cursor: pointer; color: {style.LIGHT.blue}; font-size: 14px; }}
@page {{ size: A4; margin: 18mm 14mm; }}
@media print {{
  body {{ font-size: 10pt; max-width: none; padding: 0; }} .chart {{ zoom: .84; }} .scroll {{ overflow: visible; }}
  tr {{ break-inside: avoid; }} thead {{ display: table-header-group; }} h1, h2 {{ break-after: avoid; }}
  .example {{ position: static; }} table {{ font-size: 8pt; }} summary {{ display: none; }}
}}
"""


def html(book: Book, blocks: list) -> str:
    """The page as text: the blocks in order, every figure with its citation as its title."""
    language, about = book.monitor.language, book.table("coverage").attrs["wmo"]
    body, listed, number = [], False, {"figure": 0, "table": 0}
    told = {block.grid.caption for block in blocks if isinstance(block, Chart)}  # that table stands below its chart
    for block in blocks:
        if (isinstance(block, Grid) and block.caption in told) or (isinstance(block, Text) and block.look == "head"):
            continue
        bullet = isinstance(block, Text) and block.look == "bullet"
        if bullet != listed:
            body.append("<ul>" if bullet else "</ul>")
            listed = bullet
        body.append(_block(book, block, number))
    example = f'<p class="example">{_parts(book, parts)}</p>' if (parts := example_parts(book)) else ""
    script = files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")
    title = f"{blocks[0].text}, {style.selection(about)}, {words.date(about['as_of'], language)}"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{style.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{CSS}</style></head><body>{example}<main>{''.join(body)}</main>"
        f"<footer>{style.escape(style.citation(about))}</footer>"
        f"<script>{script}</script><script>{DRAW}</script></body></html>\n"
    )


DRAW = f"""
for (const box of document.querySelectorAll('.chart')) {{
  const figure = JSON.parse(box.nextElementSibling.textContent);
  Plotly.newPlot(box, figure.data, figure.layout, {json.dumps(CONFIG)});
}}
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(part => part.open = true));
"""


def _block(book: Book, block, number: dict) -> str:
    if isinstance(block, Heading):
        level = block.level + 1
        return f"<h{level}>{style.escape(block.text)}</h{level}>"
    if isinstance(block, Text):
        tag = "li" if block.look == "bullet" else "p"
        return f'<{tag} class="{block.look}">{_parts(book, block.parts)}</{tag}>'
    if isinstance(block, Grid):
        return _table(book, block, number)
    return _chart(book, block, number) if isinstance(block, Chart) else ""


def _chart(book: Book, block: Chart, number: dict) -> str:
    number["figure"] += 1
    name = words.say("memo.caption.figure", book.monitor.language)
    figure = block.figure.to_json()  # plotly writes < as \u003c: no text ends the script early
    about = block.figure.layout.meta
    size = f"width:{block.figure.layout.width}px;height:{block.figure.layout.height}px"
    shown = words.say("page.table", book.monitor.language)
    return (
        f'<figure><div class="scroll" tabindex="0" role="img" aria-label="{_quoted(about["alt"])}">'
        f'<div class="chart" style="{size}"></div>'
        f'<script type="application/json">{figure}</script></div>'
        f"<figcaption>{name} {number['figure']}. {style.escape(block.caption)}. {style.escape(about['sentence'])}"
        f"</figcaption><details><summary>{shown}</summary>{_table(book, block.grid, number)}</details></figure>"
    )


def _table(book: Book, grid: Grid, number: dict) -> str:
    number["table"] += 1
    name = words.say("memo.caption.table", book.monitor.language)

    def line(cells, tag):
        scope = ' scope="col"' if tag == "th" else ""
        sides = [' class="right"' if at in grid.right else "" for at in range(len(cells))]
        return "".join(
            f"<{tag}{scope}{side}>{_parts(book, cell)}</{tag}>" for cell, side in zip(cells, sides, strict=True)
        )

    rows = "".join(f"<tr>{line(row, 'td')}</tr>" for row in grid.rows)
    head = line([[Data(text)] for text in grid.head], "th")
    caption = f"<caption>{name} {number['table']}. {style.escape(grid.caption)}</caption>"
    table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll" tabindex="0">{table}</div>'


def _parts(book: Book, parts: list) -> str:
    return "".join(_figure(book, part) if isinstance(part, Figure) else _lines(part) for part in parts)


def _lines(text: str) -> str:
    return "\n".join(style.escape(line) for line in str(text).split("\n"))


def _figure(book: Book, figure: Figure) -> str:
    source = _quoted(style.citation(book.tables[figure.citation].attrs["wmo"]))
    return f'<data value="{figure.tag}" title="{source}">{style.escape(figure.text)}</data>'


def _quoted(text: str) -> str:
    """Text for between the quotes of an attribute."""
    return style.escape(text).replace('"', "&quot;")
