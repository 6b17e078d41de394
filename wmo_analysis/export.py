"""Files for others: csv and workbook, each with its citation and the line about example data.

A file never replaces another one: every function takes the next free name and returns the path that it wrote.
"""

import contextlib
import csv as csv_module
import datetime
import hashlib
import os
import re
import unicodedata
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from wmo_analysis import machine, schema, style, tables, words
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import Citation

_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")  # no file format of ours may hold these


# ---------------------------------------------------------------- names


def file_name(about: Citation, suffix: str) -> str:
    """'wmo_dekking_regio-utrecht-west_2007-10-09.csv' for the `attrs["wmo"]` of a table: measure, selection, date; and what
    was known where that was chosen: '..._2007-10-09_bekend-2006-11-30.csv'.

    Letters, digits and hyphens only, and short enough for every system, whatever stands in the data.
    """
    by, told = about.get("by", ""), [f"measure.{about['measure']}"]
    if by not in ("", "rows", "round"):  # the own way of a measure goes without saying
        told.append(f"view.{by}")
    told = [*(words.say(key, about["language"]) for key in told), about.get("municipality", "")]
    parts = ["wmo", slug(" ".join(told)), slug(about["selection_text"]), clocks(about)]
    return "_".join(filter(None, parts)) + suffix


def clocks(about: Citation) -> str:
    """'2007-10-09', or '2007-10-09_bekend-2006-11-30': the dates of a table in the name of a file."""
    dates = [about["as_of"]]
    if about["known_on"]:
        dates.append(words.say("export.known", about["language"], date=about["known_on"]))
    return "_".join(dates)


def selection_name(monitor: Monitor, kind: str, suffix: str) -> str:
    """'wmo_memo_regio-utrecht-west_2007-10-09.docx' for a file about a whole selection: kind, selection, dates."""
    return "_".join(filter(None, ["wmo", slug(kind), slug(monitor.told()), clocks(monitor.citation)])) + suffix


def slug(text: str, most: int = 60) -> str:
    """Lower-case ascii with hyphens, for names of files; a longer text is cut and ends in a digest of the whole. What Windows
    keeps for itself, 'con', is 'naam-con'."""
    plain_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    whole = "-".join(re.findall("[a-z0-9]+", plain_text))
    if whole in machine.RESERVED:
        return f"naam-{whole}"
    if len(whole) > most:
        return f"{whole[: most - 9]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return whole


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
    while os.path.lexists(found):  # a link that leads nowhere has the name too
        number, found = number + 1, path.with_name(f"{path.stem} ({number}){path.suffix}")
    return found


@contextlib.contextmanager
def writing(path: Path | str) -> Iterator[tuple[Path, Path]]:
    """(part, path): write to `part`, it gets the free name `path` when all went well; a half file never has the name, and
    no other file loses it.

    Raises WmoError for what the disk refuses, and when another program took the name meanwhile.
    """
    path = free(path)
    with machine.beside(path) as part:
        try:
            yield part, path
            machine.settle(part, path)
        except FileExistsError as error:
            raise WmoError(words.say("export.taken", name=path.name)) from error
        except (OSError, FileCreateError) as error:
            cause = error if isinstance(error, OSError) else error.args[0]
            reason = machine.refusal(cause, path.parent, part.stat().st_size if part.exists() else 0)
            if not reason:
                raise
            raise WmoError(reason) from error


def plain(text: object) -> str:
    """Text without the control characters that a file may not hold."""
    return _UNWRITABLE.sub(" ", str(text))


# ---------------------------------------------------------------- tables


def typed(table: pd.DataFrame, language: str = "nl", hidden: Collection[str] = ()) -> pd.DataFrame:
    """The table as `wmo.table` shows it, same headings and words, with its figures as figures.

    Money in euro (Float64), numbers (Int64 or Float64), truths (boolean) and days (datetime.date, else None); the rest is
    text as it stands. `attrs["kinds"]`: heading -> money, number, truth, day or text; `attrs["missing"]`: heading -> the word
    for each value that is missing, '' for the others.
    Headings in `hidden` are left out.
    """
    found, kinds, missing = {}, {}, {}
    for name, (kind, values) in tables.readable(table, language).items():
        if name in hidden:
            continue
        missing[name] = [value if isinstance(value, tables.Missing) else "" for value in values]
        known = [None if word else value for value, word in zip(values, missing[name], strict=True)]
        found[name], kinds[name] = _TYPED[kind](known), kind
    made = pd.DataFrame(found)
    made.attrs |= {"kinds": kinds, "missing": missing}
    return made


def _money(cents: list) -> pd.Series:
    return pd.Series(cents, dtype="Float64") / 100


def _number(values: list) -> pd.Series:
    series = pd.Series(values, dtype="Float64")
    if series.dropna().mod(1).eq(0).all():
        return series.astype("Int64")
    return series


def _day(values: list) -> pd.Series:
    return pd.Series([datetime.date.fromisoformat(value) if value else None for value in values], dtype="object")


def _text(values: list) -> pd.Series:
    return pd.Series(["" if value is None else str(value) for value in values], dtype="str")


_TYPED = {"money": _money, "number": _number, "truth": partial(pd.Series, dtype="boolean"), "day": _day, "text": _text}


def notes(about: Citation) -> list[str]:
    """What every file says of itself: example data first, then sources, assumptions and notes, and the citation."""
    return [*style.footer(about, ""), *about["subtitle_notes"], style.citation(about)]


def csv(table: pd.DataFrame, path: Path | str, hidden: Collection[str] = ()) -> Path:
    """Writes the table for a Dutch spreadsheet: utf-8 with BOM, ';', decimal comma, days as 30-11-2006.

    Below the data, after an empty line: example data, sources and citation. Text that would start a formula gets an
    apostrophe before it. A missing figure is a word, which the sum of a spreadsheet leaves out. Headings in `hidden` are left
    out. Raises WmoError for a table that no measure made or that was changed since.
    """
    about = schema.checked(table)
    made = typed(table, about["language"], hidden)
    # without the mark of utf-8-sig Excel takes "é" for two letters
    with writing(path) as (part, path), open(part, "w", encoding="utf-8-sig", newline="") as file:
        lines = csv_module.writer(file, delimiter=";", lineterminator="\r\n")
        lines.writerow(map(_guarded, made.columns))
        cells = [_texts(made, name, about["language"]) for name in made.columns]
        lines.writerows(zip(*cells, strict=True))
        lines.writerow([])
        lines.writerows([_guarded(note)] for note in notes(about))
    return path


def _texts(made: pd.DataFrame, name: str, language: str) -> list[str]:
    """The cells below a heading of what `typed` made."""
    kind, missing = made.attrs["kinds"][name], made.attrs["missing"][name]
    return [word or _written(value, kind, language) for value, word in zip(made[name], missing, strict=True)]


def _written(value: object, kind: str, language: str) -> str:
    """A known value as a Dutch spreadsheet reads it from a csv; '' for a step without a day."""
    if value is None:
        return ""
    if kind == "money":
        return f"{value:.2f}".replace(".", ",")
    if kind == "number":
        # a share has noise in its last digits; :f keeps 0.000001 from being written as 1e-06
        return f"{Decimal(str(round(value, 6))):f}".replace(".", ",")
    if kind == "truth":
        return words.say(f"truth.{value}".lower(), language)
    if kind == "day":
        return f"{value:%d-%m-%Y}"
    return _guarded(value)


def _guarded(text: object) -> str:
    """Text that a spreadsheet does not take for a formula."""
    text = plain(text)
    if text.lstrip().startswith(tuple("=+-@＝＋－＠")):  # the wide ones are taken for the others
        return "'" + text
    return text


# ---------------------------------------------------------------- workbook

_MOST_TEXT, _MOST_ROWS = 32_767, 1_048_570  # characters of a cell, rows of a sheet: Excel refuses more
_WIDEST, _SEEN = 60, 1000  # characters of a column at most, judged by its first rows
_NARROWEST = {"day": 18, "money": 14}  # characters, where a number would show as ####
_HEADER, _HEADER_HEIGHT, _A4 = 4, 30, 9  # row of the headings, their height [pt], the paper by its number
_BASE = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_FORMATS = {  # of the cells, by what they hold
    "money": {"num_format": '"€" #,##0.00'},
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.0"},
    "day": {"num_format": "[$-413]d mmmm yyyy", "align": "left"},
    "truth": {"align": "left"},
    "missing": {"align": "right", "font_color": style.LIGHT.muted},
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


def workbook(sheets: dict[str, pd.DataFrame], path: Path | str, hidden: Collection[str] = ()) -> Path:
    """Writes one sheet per table, `{name: table}`: typed columns in Dutch formats, filters, a header that stays in view.

    Above the header: name, citation, the line about example data and the notes. Nothing from the data is a formula or a
    link. A missing figure is a word, which SUM leaves out. Headings in `hidden` are left out.
    Raises WmoError for a table that no measure made or that was changed since, or that is too long for a sheet.
    """
    told = {name: schema.checked(table) for name, table in sheets.items()}
    too_long = [name for name, table in sheets.items() if len(table) > _MOST_ROWS]
    if too_long:
        raise WmoError(f"De tabel {too_long[0]} is te lang voor een werkblad van Excel; exporteer die als csv.")
    # nothing from a list may become live in the hands of who opens it
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with writing(path) as (part, path):
        book = xlsxwriter.Workbook(part, safe | {"in_memory": True})  # no file of it elsewhere
        book.set_properties({"title": "WMO-monitor", "author": ""})  # else Excel names a person
        formats = {name: book.add_format(_BASE | look) for name, look in _FORMATS.items()}
        for name, table in sheets.items():
            sheet = book.add_worksheet(_sheet_name(name, book))
            _head(sheet, name, told[name], formats)
            made = typed(table, told[name]["language"], hidden)
            for number, heading in enumerate(made.columns):
                sheet.write_string(_HEADER, number, plain(heading), formats["header"])
                _column(sheet, number, made, formats, told[name]["language"])
            _set_up(sheet, made.shape)
        book.close()
    return path


def _sheet_name(name: str, book: xlsxwriter.Workbook) -> str:
    """At most 31 characters that Excel takes for a name, unlike the others in any case."""
    base = re.sub(r"[\[\]:*?/\\']", " ", plain(name)).strip()[:31] or "blad"
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()}
    found, number = base, 2
    while found.casefold() in taken:
        number, found = number + 1, f"{base[:26]} ({number})"
    return found


def _head(sheet: Worksheet, title: str, about: Citation, formats: dict[str, Format]) -> None:
    """What stands above the headings, and below every page."""
    example = style.example_line(about)
    sheet.write_string(0, 0, plain(title), formats["title"])
    sheet.write_string(1, 0, plain(style.citation(about)), formats["note"])
    sheet.write_string(2, 0, example, formats["example"])
    sheet.write_string(3, 0, plain("; ".join(about["subtitle_notes"])), formats["note"])
    sheet.set_footer(f"&L{example}&R&P / &N")


def _column(sheet: Worksheet, number: int, made: pd.DataFrame, formats: dict[str, Format], language: str) -> None:
    """The cells below a heading of what `typed` made, and a width that fits them."""
    values = made.iloc[:, number]
    kind, missing = made.attrs["kinds"][values.name], made.attrs["missing"][values.name]
    look = formats["whole" if values.dtype == "Int64" else kind]
    writers = {"text": sheet.write_string, "day": sheet.write_datetime, "truth": sheet.write_boolean}
    write = writers.get(kind, sheet.write_number)
    for row, (value, word) in enumerate(zip(values, missing, strict=True), _HEADER + 1):
        if word:
            sheet.write_string(row, number, word, formats["missing"])
        elif value is None:  # a step without a day
            sheet.write_blank(row, number, None, look)
        else:
            write(row, number, _cell(value, language) if kind == "text" else value, look)
    texts = values.dropna().head(_SEEN).astype(str)
    lines = texts.str.split("\n").explode().str.len()
    widest = max(_NARROWEST.get(kind, 8), len(str(values.name)) + 4, *lines)
    sheet.set_column(number, number, min(widest, _WIDEST) + 1)


def _set_up(sheet: Worksheet, shape: tuple[int, int]) -> None:
    """Headings that stay in view and on paper, filters, and pages as wide as the table."""
    rows, columns = shape
    sheet.set_row(_HEADER, _HEADER_HEIGHT)
    sheet.freeze_panes(_HEADER + 1, 1)
    if columns:
        sheet.autofilter(_HEADER, 0, _HEADER + rows, columns - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER)


def _cell(text: str, language: str) -> str:
    text, more = plain(text), words.say("export.long", language)
    if len(text) <= _MOST_TEXT:
        return text
    return text[: _MOST_TEXT - len(more)] + more
