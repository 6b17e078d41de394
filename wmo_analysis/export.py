"""Files for others: csv, workbook and pictures, each with its citation and the line about example data.

A file never replaces another one: every function takes the next free name and returns the path that it wrote.
"""

import asyncio
import contextlib
import csv as csv_module
import datetime
import hashlib
import os
import re
import threading
import unicodedata
from decimal import Decimal
from pathlib import Path

import pandas as pd

from wmo_analysis import schema, style, tables, words
from wmo_analysis.errors import WmoError

DEADLINE = 60  # s for all pictures of one call; a killed or hanging Chrome never answers
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")  # no file format of ours may hold these


# ---------------------------------------------------------------- names


def file_name(about: dict, suffix: str) -> str:
    """'wmo_dekking_regio-utrecht-west_2007-10-09.csv' for the `attrs["wmo"]` of a table: measure, selection, date.

    Letters, digits and hyphens only, at most 120 characters: safe on every system, whatever stands in the data.
    """
    language, by = about["language"], about.get("by", "")
    measure = words.say(f"measure.{about['measure']}", language)
    view = words.say(f"view.{by}", language) if by not in ("", "rows", "round") else ""
    about_it = slug(" ".join([measure, view, about.get("municipality", "")]))
    parts = ["wmo", about_it, slug(about["selection_text"]), about["as_of"]]
    return "_".join(filter(None, parts)) + suffix


def selection_name(monitor, kind: str, suffix: str) -> str:
    """'wmo_memo_regio-utrecht-west_2007-10-09.docx' for a file about a whole selection: kind, selection, date."""
    return "_".join(filter(None, ["wmo", slug(kind), slug(monitor.told()), monitor.date])) + suffix


def slug(text: str, most: int = 60) -> str:
    """Lower-case ascii with hyphens, for names of files; a longer text is cut and ends in a digest of the whole."""
    plain_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    whole = "-".join(re.findall("[a-z0-9]+", plain_text))
    return whole if len(whole) <= most else f"{whole[: most - 9]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def free(path: Path | str) -> Path:
    """The path, or the next free name 'naam (2).csv' where a file stands already; its folder is made.

    Raises WmoError when the folder cannot be made or written in.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WmoError(f"De map {path.parent} kan niet worden gemaakt; kies een andere map.") from error
    if not os.access(path.parent, os.W_OK):
        raise WmoError(f"In de map {path.parent} mag niet worden geschreven; kies een andere map.")
    number, found = 2, path
    while found.exists():
        number, found = number + 1, path.with_name(f"{path.stem} ({number}){path.suffix}")
    return found


@contextlib.contextmanager
def writing(path: Path | str):
    """(part, path): write to `part`, it gets the free name `path` when all went well; a half file never has the name."""
    path = free(path)
    part = path.with_name(f".{path.name}.part")
    try:
        yield part, path
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def plain(text) -> str:
    """Text without the control characters that a file may not hold."""
    return _UNWRITABLE.sub(" ", str(text))


# ---------------------------------------------------------------- tables


def typed(table: pd.DataFrame, language: str = "nl") -> pd.DataFrame:
    """The table as `wmo.table` shows it, same headings and words, with its figures as figures.

    Money in euro (Float64), numbers (Int64 or Float64), truths (boolean) and days (datetime.date, else None); the rest is
    text as it stands. `attrs["kinds"]`: heading -> money, number, truth, day or text.
    """
    found, kinds = {}, {}
    for name, (kind, values) in tables.readable(table, language).items():
        if kind == "money":
            series = pd.Series([None if v is None else float(Decimal(int(v)) / 100) for v in values], dtype="Float64")
        elif kind == "number":
            series = pd.Series(values, dtype="Float64")
            series = series.astype("Int64") if series.dropna().mod(1).eq(0).all() else series
        elif kind == "truth":
            series = pd.Series(values, dtype="boolean")
        elif kind == "day":
            series = pd.Series([datetime.date.fromisoformat(v) if v else None for v in values], dtype="object")
        else:
            series = pd.Series(["" if value is None else str(value) for value in values], dtype="str")
        found[name], kinds[name] = series, kind
    made = pd.DataFrame(found)
    made.attrs["kinds"] = kinds
    return made


def notes(about: dict) -> list[str]:
    """What every file says of itself: example data first, then sources, assumptions and notes, and the citation."""
    return [*style.footer(about, ""), *about["subtitle_notes"], style.citation(about)]


def csv(table: pd.DataFrame, path: Path | str) -> Path:
    """Writes the table for a Dutch spreadsheet: utf-8 with BOM, ';', decimal comma, days as 30-11-2006.

    Below the data, after an empty line: example data, sources and citation. Text that would start a formula gets an
    apostrophe before it. Raises WmoError for a table that no measure made or that was changed since.
    """
    about = schema.checked(table)
    made = typed(table, about["language"])
    with writing(path) as (part, path), open(part, "w", encoding="utf-8-sig", newline="") as file:
        lines = csv_module.writer(file, delimiter=";", lineterminator="\r\n")
        lines.writerow([_guarded(name) for name in made.columns])
        cells = [_texts(made[name], kind, about["language"]) for name, kind in made.attrs["kinds"].items()]
        lines.writerows(zip(*cells, strict=True))
        lines.writerow([])
        lines.writerows([_guarded(note)] for note in notes(about))
    return path


def _texts(values: pd.Series, kind: str, language: str) -> list[str]:
    known = values.astype(object).where(values.notna(), None)
    if kind == "money":
        return ["" if value is None else f"{value:.2f}".replace(".", ",") for value in known]
    if kind == "number":
        return ["" if value is None else f"{Decimal(str(round(value, 6))):f}".replace(".", ",") for value in known]
    if kind == "truth":
        return ["" if value is None else words.say(f"truth.{value}".lower(), language) for value in known]
    if kind == "day":
        return ["" if value is None else f"{value:%d-%m-%Y}" for value in known]
    return [_guarded(value) for value in known]


def _guarded(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    text = plain(text)
    return "'" + text if text.lstrip()[:1] in tuple("=+-@＝＋－＠") else text


# ---------------------------------------------------------------- workbook

_WIDEST, _MOST_TEXT, _MOST_ROWS = 60, 32_767, 1_048_570  # characters of a column and a cell, rows of a sheet


def workbook(sheets: dict[str, pd.DataFrame], path: Path | str) -> Path:
    """Writes one sheet per table, `{name: table}`: typed columns in Dutch formats, filters, a header that stays in view.

    Above the header: name, citation and the line about example data. Nothing from the data is a formula or a link.
    Raises WmoError for a table that no measure made or that was changed since, or that is too long for a sheet.
    """
    import xlsxwriter

    told = {name: schema.checked(table) for name, table in sheets.items()}
    too_long = [name for name, table in sheets.items() if len(table) > _MOST_ROWS]
    if too_long:
        raise WmoError(f"De tabel {too_long[0]} is te lang voor een werkblad van Excel; exporteer die als csv.")
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with writing(path) as (part, path):
        book = xlsxwriter.Workbook(part, safe | {"constant_memory": False})
        book.set_properties({"title": "WMO-monitor", "author": ""})
        looks = _looks(book)
        for name, table in sheets.items():
            _sheet(book.add_worksheet(_sheet_name(name, book)), name, table, told[name], looks)
        book.close()
    return path


def _looks(book) -> dict:
    base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    kinds = {
        "money": {"num_format": '"€" #,##0.00'},
        "whole": {"num_format": "#,##0"},
        "number": {"num_format": "#,##0.0"},
        "day": {"num_format": "[$-413]d mmmm yyyy", "align": "left"},
        "truth": {"align": "left"},
        "text": {"text_wrap": True},
        "title": {"bold": True, "font_size": 14},
        "note": {"font_color": style.LIGHT.muted},
        "example": {"bold": True, "font_color": style.LIGHT.orange_text},
        "header": {
            "bold": True,
            "font_color": style.LIGHT.on_blue,
            "bg_color": style.LIGHT.blue,
            "text_wrap": True,
            "valign": "vcenter",
        },
    }
    return {name: book.add_format(base | look) for name, look in kinds.items()}


def _sheet_name(name: str, book) -> str:
    """At most 31 characters that Excel takes for a name, unlike the others in any case."""
    base = re.sub(r"[\[\]:*?/\\']", " ", plain(name)).strip()[:31] or "blad"
    taken, found, number = {sheet.get_name().casefold() for sheet in book.worksheets()}, base, 2
    while found.casefold() in taken:
        number, found = number + 1, f"{base[:26]} ({number})"
    return found


def _sheet(sheet, title: str, table: pd.DataFrame, about: dict, looks: dict) -> None:
    language = about["language"]
    made = typed(table, language)
    sheet.write_string(0, 0, plain(title), looks["title"])
    sheet.write_string(1, 0, plain(style.citation(about)), looks["note"])
    sheet.write_string(2, 0, style.example_line(about), looks["example"])
    top = 4
    for column, (name, kind) in enumerate(made.attrs["kinds"].items()):
        whole = kind == "number" and made[name].dtype == "Int64"
        look = looks["whole" if whole else kind]
        write = {"money": sheet.write_number, "number": sheet.write_number, "truth": sheet.write_boolean}
        write = write.get(kind, sheet.write_datetime if kind == "day" else sheet.write_string)
        sheet.write_string(top, column, plain(name), looks["header"])
        for row, value in enumerate(made[name], top + 1):
            if value is None or value is pd.NA:
                sheet.write_blank(row, column, None, look)
            else:
                write(row, column, _cell(value, language) if kind == "text" else value, look)
        longest = (
            made[name].astype(object).head(1000).map(lambda v: max(map(len, str(v).split("\n"))), na_action="ignore")
        )
        least = 18 if kind == "day" else 14 if kind == "money" else 8
        sheet.set_column(column, column, min(max([least, len(name) + 4, *longest.dropna()]), _WIDEST) + 1)
    sheet.set_row(top, 30)
    sheet.freeze_panes(top + 1, 1)
    if len(made.columns):
        sheet.autofilter(top, 0, top + len(made), len(made.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.set_footer(f"&L{style.example_line(about)}&R&P / &N")


def _cell(text: str, language: str) -> str:
    text, more = plain(text), words.say("export.long", language)
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - len(more)] + more


# ---------------------------------------------------------------- pictures


def pictures(figures: list, paths: list[Path | str], scale: float = 2) -> list[Path]:
    """Draws each figure to its path, PNG or SVG by suffix, at its own width times `scale`; returns the paths written.

    One Chrome draws them all, within a deadline and with one restart. Raises WmoError without a Chrome that answers, and
    for a figure that no chart of ours made.
    """
    if any("citation" not in (figure.layout.meta or {}) for figure in figures):
        raise WmoError("Deze figuur komt niet uit een grafiek van de monitor; teken hem met wmo.chart.")
    written = []
    for picture, wanted in zip(drawn(figures, [Path(path).suffix[1:] for path in paths], scale), paths, strict=True):
        with writing(wanted) as (part, path):
            part.write_bytes(picture)
        written.append(path)
    return written


def drawn(figures: list, formats: list[str], scale: float = 2) -> list[bytes]:
    """The figures as bytes of 'png' or 'svg'. Raises WmoError without a Chrome that answers."""
    import logging

    import kaleido
    from choreographer.errors import ChromeNotFoundError

    for noisy in ("kaleido", "choreographer"):  # what they tell of a page that closes is no matter of an analyst
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    jobs = [(figure, {"format": kind, "scale": scale}) for figure, kind in zip(figures, formats, strict=True)]
    for _ in range(2):  # one restart
        try:
            chrome = kaleido.Kaleido(n=1, page_generator=kaleido.PageGenerator(mathjax=False))
        except ChromeNotFoundError as error:
            raise WmoError(
                "Chrome of Chromium is niet gevonden; zonder kunnen grafieken niet als plaatje worden bewaard."
            ) from error
        made: list[bytes] = []

        async def draw(chrome=chrome, made=made):
            async with chrome:
                for figure, opts in jobs:
                    made.append(await chrome.calc_fig(figure, opts))

        _within(DEADLINE, draw)
        if len(made) == len(jobs):
            return made
        if process := getattr(chrome, "subprocess", None):
            process.kill()
    raise WmoError("Chrome geeft geen antwoord; grafieken konden niet als plaatje worden bewaard. Probeer het opnieuw.")


def _within(seconds: float, work) -> None:
    """Runs the coroutine function in a thread of its own, also below a running loop, and waits no longer than that."""

    def run():
        with contextlib.suppress(Exception):  # whatever goes wrong between us and Chrome: what was drawn tells
            asyncio.run(work())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
