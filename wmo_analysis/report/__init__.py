"""Reports: the memo, its check, the workbook and the page; one content, several formats."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from wmo_analysis import export, pictures, style, words
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
from wmo_analysis.report import _blocks, _content, _lists, _page, _word
from wmo_analysis.report._bound import Book, Data
from wmo_analysis.report._check import VERDICTS, as_of, check_memo

INDEX = ["file", "form", "as_of", "selection", "language", "build"]


def memo(monitor: Monitor, path: Path | str, since: str | None = None, programme: str = "", index: Path | None = None):
    """Writes the memo to the committee as a Word document; returns the path written (the next free name if it exists).

    Parameters
    ----------
    monitor : the selection and the date; as it comes from `wmo.open()` the whole province on the latest date
    since : the day, or the published memo (.docx), to compare with; without it the letter before the date
    programme : a source ("Burgers Betrekken"): the interim report of that programme in place of the monitor
    index : the csv in which the memo is noted; without it index.csv beside the memo

    Without a Chrome the charts are tables and the memo says why. Raises WmoError for an unknown programme or date.
    """
    if programme:
        monitor = monitor.within(source=_source(monitor, programme))
    book, content = Book(monitor), _content.interim if programme else _content.memo
    since = _since(monitor, since)
    charts = _blocks.figures(book, _blocks.INTERIM if programme else _blocks.MEMO, since, _word.WIDE)
    with ThreadPoolExecutor(1) as pool:  # Chrome draws while the rest is counted
        drawing = pool.submit(_drawn, list(charts.values()))
        blocks = content(book, since, charts)
        drawings, missing = drawing.result()
    about = book.table("coverage").attrs["wmo"]
    title = f"{blocks[0].text}, {style.selection(about)}, {words.date(monitor.date, monitor.language)}"
    word = _word.Word(book, title)
    word.surround(_content.example_parts(book), style.citation(about))
    if missing:
        told = words.say("memo.no_picture", monitor.language, reason=missing)
        blocks.insert(2, _blocks.Text([Data(told)], "note"))
    for block in blocks:
        word.add(block, drawings.get(id(block.figure), b"") if isinstance(block, _blocks.Chart) else b"")
    with export.writing(path) as (part, path):
        word.save(part)
    _note(Path(index or path.parent / "index.csv"), path, monitor, programme)
    return path


def _since(monitor: Monitor, since: str | Path | None) -> str:
    """The day to compare with: as given, that of a published memo, or the letter before the date."""
    if since is None:
        return _content.previous(monitor)
    return as_of(since) if str(since).endswith(".docx") else str(since)


def _source(monitor: Monitor, programme: str) -> str:
    """The source that is meant, also as 'burgers-betrekken'; else what was typed, and within() lists what there is."""
    sources = monitor.codebook.sources
    slugs = {export.slug(name): code for code, name in zip(sources["source_id"], sources["name"], strict=True)}
    return slugs.get(export.slug(programme), programme)


def _drawn(figures: list) -> tuple[dict[int, bytes], str]:
    """The picture of each figure by its id(), or none and the sentence that says why."""
    try:
        made = pictures.drawn(figures, ["png"] * len(figures), _word.SCALE)
    except WmoError as error:
        return {}, str(error)
    return dict(zip(map(id, figures), made, strict=True)), ""


def _note(index: Path, path: Path, monitor: Monitor, programme: str) -> None:
    """One line in the index of what we published."""
    index.parent.mkdir(parents=True, exist_ok=True)
    new = not index.exists()
    here = path.resolve()
    name = here.relative_to(index.parent.resolve()) if here.is_relative_to(index.parent.resolve()) else here
    selection = json.dumps([[name, sorted(values)] for name, values in monitor.filters], ensure_ascii=False)
    with open(index, "a", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerows([INDEX] * new)
        lines.writerow(
            [name.as_posix(), programme or "monitor", monitor.date, selection, monitor.language, monitor.build]
        )


def check_all(index: Path | str, monitor: Monitor) -> pd.DataFrame:
    """The published memos of an index and what a correction does to them: file, form, as_of, right, changed, retyped,
    unbound [figures; missing when the file is gone]."""
    if not Path(index).exists():
        raise WmoError(f"Er is nog geen memo gepubliceerd: {Path(index).name} bestaat niet.")
    listed = pd.read_csv(index, dtype="str", keep_default_na=False).drop_duplicates("file", keep="last")
    rows = []
    for row in listed.to_dict("records"):
        path = Path(index).parent / row["file"]
        counts = check_memo(path, monitor)["verdict"].value_counts() if path.exists() else None
        found = {verdict: int(counts.get(verdict, 0)) if counts is not None else None for verdict in VERDICTS}
        rows.append({name: row[name] for name in ("file", "form", "as_of")} | found)
    return pd.DataFrame(rows, columns=["file", "form", "as_of", *VERDICTS]).astype(dict.fromkeys(VERDICTS, "Int64"))


def page(monitor: Monitor, path: Path | str, since: str | None = None) -> Path:
    """Writes one self-contained HTML file to send: the memo's sentences, charts and tables; returns the path written."""
    book, since = Book(monitor), _since(monitor, since)
    charts = _blocks.figures(book, _blocks.MEMO, since, style.NOTEBOOK)
    text = _page.html(book, _content.memo(book, since, charts))
    with export.writing(path) as (part, path):
        part.write_text(text, encoding="utf-8", newline="\n")
    return path


def workbook(monitor: Monitor, path: Path | str, since: str | None = None) -> Path:
    """Writes the workbook: an explanation, the schema, every measure, projects, placements, findings, ledger, codebook."""
    return export.workbook(_lists.sheets(monitor, _since(monitor, since)), path)


def charts(monitor: Monitor, folder: Path | str, names: list[str] = (), since: str | None = None) -> list[Path]:
    """Draws charts of the memo (all, or those of `names`) in `folder`, as PNG and SVG, for half a page and a whole one.

    Raises WmoError for an unknown name, which lists those there are, and without a Chrome.
    """
    book, since = Book(monitor), _since(monitor, since)
    unknown = set(names) - set(_blocks.CHARTS)
    if unknown:
        raise WmoError(f"Onbekende grafiek: {min(unknown)}. Mogelijk zijn: {', '.join(_blocks.CHARTS)}.")
    figures, paths = [], []
    for size, width in (("half", _word.WIDE), ("full", 1022)):
        for name, figure in _blocks.figures(book, list(names or _blocks.CHARTS), since, width).items():
            told = (
                words.say(f"memo.chart.{name}", monitor.language),
                style.selection(book.table("coverage").attrs["wmo"]),
            )
            stem = "_".join(["wmo", *map(export.slug, told), monitor.date, words.say(f"page.{size}", monitor.language)])
            figures += [figure, figure]
            paths += [Path(folder) / f"{stem}{suffix}" for suffix in (".png", ".svg")]
    return pictures.save(figures, paths)
