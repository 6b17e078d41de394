"""Reports: the memo, its check, the workbook and the page; one content, several formats."""

import csv
import io
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import export, machine, pictures, style, words
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
from wmo_analysis.report import _blocks, _content, _lists, _page, _word
from wmo_analysis.report._bound import Book, Data, Moment, compares
from wmo_analysis.report._check import VERDICTS, check_memo, moment

SIZES = {"half": _word.WIDE, "full": 1022}  # px of a chart for half a page and a whole one
INDEX = ["file", "form", "as_of", "selection", "language", "build", "known_on"]  # a column is added at the end


def memo(
    monitor: Monitor,
    path: Path | str,
    since: str | Path | None = None,
    programme: str = "",
    index: Path | str | None = None,
) -> Path:
    """Writes the memo to the committee as a Word document; returns the path written (the next free name if it exists).

    Parameters
    ----------
    monitor : the selection and the date; as it comes from `wmo.open()` the whole province on the latest date
    since : the day, or the published memo (.docx) with what it knew, to compare with; else the letter before the date
    programme : a source ("Burgers Betrekken"): the interim report of that programme in place of the monitor
    index : the csv in which the memo is noted; without it index.csv beside the memo

    Without a Chrome the charts are tables and the memo says why. Raises WmoError for an unknown programme or date.
    """
    if programme:
        monitor = monitor.within(source=_source(monitor, programme))
    book = Book(monitor, _since(monitor, since))
    form = _content.INTERIM if programme else _content.MEMO
    figures = _blocks.figures_of(book, _content.pictures(book, form), _word.WIDE)
    with ThreadPoolExecutor(1) as pool:  # Chrome draws while the rest is counted
        drawing = pool.submit(_drawn, figures)
        blocks = form.content(book, figures)
        drawings, missing = drawing.result()
    if missing:
        told = words.say("memo.no_picture", monitor.language, reason=missing)
        blocks.insert(2, _blocks.Text([Data(told)], "note"))  # below title and subtitle
    word = _word.Word(book, _content.title_of(book, blocks), drawings)
    word.surround(_content.head_line(book, form.first), style.citation(book.about(_content.COVERAGE)))
    for block in blocks:
        word.add(block)
    with export.writing(path) as (part, path):
        word.save(part)
    _note(Path(index or path.parent / "index.csv"), path, monitor, programme)
    return path


def _since(monitor: Monitor, since: str | Path | None) -> Moment:
    """What to compare with: the day given as it was known then, that of a published memo, or the letter before the date."""
    if since is None:
        return _content.previous(monitor)
    if str(since).lower().endswith(".docx"):
        return moment(since, monitor)
    day = monitor.as_of(str(since)).date
    return Moment(day, day)


def _source(monitor: Monitor, programme: str) -> str:
    """The source that is meant, also as 'burgers-betrekken'; else what was typed, and within() lists what there is."""
    sources = monitor.codebook.sources
    slugs = {export.slug(name): code for code, name in zip(sources["source_id"], sources["name"], strict=True)}
    return slugs.get(export.slug(programme), programme)


def _drawn(figures: dict[str, go.Figure]) -> tuple[dict[str, bytes], str]:
    """The figures as PNG for paper, or none and the sentence that says why."""
    try:
        made = pictures.drawn(list(figures.values()), ["png"] * len(figures), _word.SCALE)
    except WmoError as error:
        return {}, str(error)
    return dict(zip(figures, made, strict=True)), ""


def _note(index: Path, path: Path, monitor: Monitor, programme: str) -> None:
    """One line in the index of what we published, whole or not at all. Raises WmoError when it cannot be written."""
    index.parent.mkdir(parents=True, exist_ok=True)
    name, home = path.resolve(), index.parent.resolve()
    if name.is_relative_to(home):
        name = name.relative_to(home)
    selection = json.dumps([[name, sorted(values)] for name, values in monitor.filters], ensure_ascii=False)
    told = [name.as_posix(), programme or "monitor", monitor.date, selection, monitor.language, monitor.build]
    try:
        columns = _columns(index)
        text = io.StringIO(newline="")
        line = csv.DictWriter(text, columns, lineterminator="\n")
        if not index.exists() or not index.stat().st_size:
            line.writeheader()
        line.writerow(dict(zip(INDEX, [*told, monitor.known], strict=True)))
        machine.append(index, text.getvalue())
    except (OSError, UnicodeError) as error:
        raise WmoError(words.say("memo.not_noted", memo=path.name, index=index.name)) from error


def _columns(index: Path) -> list[str]:
    """The columns of an index; one of before gets those that it lacks, and keeps its lines as they are."""
    text = index.read_text(encoding="utf-8-sig") if index.exists() else ""
    head, _, rest = text.partition("\n")
    there = head.split(",")
    if "file" not in there:
        return INDEX
    columns = there + [name for name in INDEX if name not in there]
    whole = "\n".join([",".join(columns), *([rest.rstrip("\n")] if rest else []), ""])
    if whole != text:
        machine.replace(index, whole)
    return columns


def check_all(index: Path | str, monitor: Monitor) -> pd.DataFrame:
    """The published memos of an index and what a correction does to them: file, form, as_of, known_on, right, changed,
    retyped, unbound [figures; missing when the file is gone]."""
    if not Path(index).exists():
        raise WmoError(f"Er is nog geen memo gepubliceerd: {Path(index).name} bestaat niet.")
    # a memo that was made again stands there twice: the last line is about the file that is there
    listed = pd.read_csv(index, dtype="str", keep_default_na=False).drop_duplicates("file", keep="last")
    listed = listed.reindex(columns=INDEX, fill_value="").fillna("")  # an index of before has no known_on
    counts = [_counted(Path(index).parent / name, monitor) for name in listed["file"]]
    found = pd.DataFrame(counts, columns=VERDICTS, dtype="Int64")
    return pd.concat([listed[["file", "form", "as_of", "known_on"]].reset_index(drop=True), found], axis=1)


def _counted(memo: Path, monitor: Monitor) -> list[int | None]:
    """The figures of a memo by verdict; None where the file is gone."""
    if not memo.exists():
        return [None] * len(VERDICTS)
    verdicts = list(check_memo(memo, monitor)["verdict"])
    return [verdicts.count(verdict) for verdict in VERDICTS]


def page(monitor: Monitor, path: Path | str, since: str | None = None) -> Path:
    """Writes one self-contained HTML file to send: the memo's sentences, charts and tables; returns the path written."""
    book, form = Book(monitor, _since(monitor, since)), _content.MEMO
    figures = _blocks.figures_of(book, _content.pictures(book, form), style.NOTEBOOK)
    text = _page.html(book, form.content(book, figures))
    with export.writing(path) as (part, path):
        part.write_text(text, encoding="utf-8", newline="\n")
    return path


def workbook(monitor: Monitor, path: Path | str, since: str | None = None) -> Path:
    """Writes the workbook: an explanation, the schema, every measure, projects, placements, findings, ledger, codebook."""
    return export.workbook(_lists.sheets(monitor, _since(monitor, since)), path)


def charts(monitor: Monitor, folder: Path | str, names: Sequence[str] = (), since: str | None = None) -> list[Path]:
    """Draws charts of the memo (all, or those of `names`) in `folder`, as PNG and SVG, for half a page and a whole one.

    Raises WmoError for an unknown name, which lists those there are, for changes without a moment to compare with, and
    without a Chrome.
    """
    book, known, language = Book(monitor, _since(monitor, since)), _blocks.PICTURES, monitor.language
    unknown = set(names) - set(known)
    if unknown:
        raise WmoError(f"Onbekende grafiek: {min(unknown)}. Mogelijk zijn: {', '.join(known)}.")
    if not book.since.day and any(compares(known[name]) for name in names):
        raise WmoError("Er is geen eerdere monitor om mee te vergelijken; noem een dag of een memo met since.")
    about = book.about(_content.COVERAGE)
    selection = style.selection(about)
    drawings, paths = [], []
    for size, width in SIZES.items():
        for name, figure in _blocks.figures_of(book, names or known, width).items():
            told = export.slug(book.say(f"chart.{name}")), export.slug(selection), export.clocks(about)
            stem = "_".join(["wmo", *told, words.say(f"page.{size}", language)])
            for suffix in (".png", ".svg"):
                drawings.append(figure)
                paths.append(Path(folder) / f"{stem}{suffix}")
    return pictures.save(drawings, paths)
