"""Hostile and messy lists of any kind, made with a fixed seed, of which the maker knows the rows and the cents.

Each maker of `KINDS` takes a `random.Random` and returns a `Case`. Nothing here reads a list back: what the build makes of it
is compared with what was written.
"""

import dataclasses
import functools
import io
import json
import os
import random
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import xlsxwriter
from conftest import as_csv, as_docx, as_ods, as_xlsx, as_zip

HEAD = ["nr", "title", "municipality", "granted"]
PLACES = ["Baarn", "Soest", "De Bilt en Zeist", "Utrecht-West", "Nergenshuizen", "alle gemeenten", ""]
TOTALS = "TOTAAL,Som,Saldo,Totale kosten,Alle projecten samen,Grand total,Tot.,Σ,Summe,Gesamt,Total général".split(",")
ERRORS = ["#REF!", "#N/A", "#DIV/0!", "#WAARDE!", "Err:502"]
STEERING = ["\x1b[2J", "\x1b]0;x\x07", "\u202e", "\u2066", "\x9b31m", "\x08\x08"]


@dataclasses.dataclass(frozen=True)
class Case:
    """A list: its bytes, the `rows` below its header (-1: it must be refused, -2: refused or not), the `cents` of every
    amount that can be read, and how many cells have none. `after` does something to the files when they stand there."""

    name: str
    data: bytes
    rows: int = -2
    cents: tuple[int, ...] = ()
    unread: int = 0
    card: dict = dataclasses.field(default_factory=dict)
    after: Callable[[Path], None] | None = None


@dataclasses.dataclass
class Listed:
    """Rows as they are written, with the cents of each amount."""

    rows: list[list[str]]
    cents: list[int]

    def case(self, name: str, data: bytes, more: int = 0, **about) -> Case:
        return Case(name, data, len(self.rows) + more, tuple(self.cents), **about)

    @property
    def table(self) -> list[list[str]]:
        return [HEAD, *self.rows]

    def text(self, delimiter: str = ";") -> str:
        return as_csv(self.table, delimiter=delimiter).decode()


def dutch(cents: int, chance: random.Random) -> str:
    """An amount as somebody would type it."""
    whole, part = divmod(abs(cents), 100)
    dotted = f"{whole:,}".replace(",", ".")
    texts = [
        f"{whole},{part:02}",
        f"{dotted},{part:02}",
        f"€ {dotted},{part:02}",
        f"€{whole},{part:02}",
        f"EUR {whole},{part:02}",
    ]
    if part == 0:
        texts += [str(whole), f"€ {dotted},-", dotted]
    text = chance.choice(texts)
    return f"-{text}" if cents < 0 else text


def listed(chance: random.Random, least: int = 4) -> Listed:
    """Some projects, of which each has a name of its own and an amount."""
    count = chance.randint(least, 14)
    cents = [chance.choice([1, 100]) * chance.randint(1, 10_000_000) for _ in range(count)]
    rows = []
    for number, each in enumerate(cents, 1):
        title = f"Project {number} {chance.choice(['één', 'zorg', 'ideeën', 'thuis'])}"
        rows.append([str(number), title, chance.choice(PLACES), dutch(each, chance)])
    return Listed(rows, cents)


# ---------------------------------------------------------------- text files


def any_delimiter(chance):
    made = listed(chance)
    return made.case("a.csv", made.text(chance.choice(";,\t|")).encode())


def any_encoding(chance):
    made = listed(chance)
    encoding = chance.choice(["cp1252", "utf-8-sig", "utf-16", "utf-16-le", "iso-8859-15"])
    return made.case("a.csv", made.text().encode(encoding))


def odd_rows(chance):
    """Two rows with a field too many beside decimal commas."""
    made = listed(chance, 6)
    lines = made.text().splitlines()
    for at in chance.sample(range(1, len(lines)), 2):
        lines[at] += ";x" * chance.randint(1, 3)
    return made.case("a.csv", "\r\n".join(lines).encode())


def stray_quotes(chance):
    made = listed(chance)
    lines = made.text().splitlines()
    for at in chance.sample(range(1, len(lines)), chance.randint(1, 3)):
        lines[at] = lines[at].replace(";Project", ';"t Project')
    return made.case("a.csv", "\n".join(lines).encode() + chance.choice([b"", b"\n"]))


def nul_bytes(chance):
    made = listed(chance)
    return made.case("a.csv", made.text().replace("Project", "Pro\0ject", chance.randint(1, 4)).encode())


def cut_off(chance):
    """The end is missing, within the name of the last project."""
    made = listed(chance)
    text = made.text()
    text = text[: text.rindex("Project") + 5]
    return Case("a.csv", text.encode(), len(made.rows), tuple(made.cents[:-1]))


def titles_and_notes(chance):
    made = listed(chance)
    above = [["Overzicht"], ["stand oktober", "", "concept", ""], [""]][: chance.randint(1, 3)]
    below = [["Bron: eigen opgave", "", "", ""]] * chance.randint(1, 2)
    rows = [row + [""] * (4 - len(row)) for row in above] + made.table + below
    make, name = chance.choice([(as_csv, "a.csv"), (as_xlsx, "a.xlsx"), (as_ods, "a.ods")])
    return made.case(name, make(rows), more=len(below))


def blank_rows(chance):
    made = listed(chance)
    rows = list(made.table)
    for _ in range(chance.randint(1, 30)):
        rows.insert(chance.randint(1, len(rows)), [chance.choice(["", " ", "\t"])] * 4)
    return made.case("a.csv", as_csv(rows, delimiter=";"))


def repeated_headers(chance):
    made = listed(chance)
    rows, more = list(made.table), chance.randint(1, 4)
    for _ in range(more):
        rows.insert(chance.randint(2, len(rows)), HEAD)
    return made.case("a.csv", as_csv(rows), more=more)


def total_rows(chance):
    """Totals of any name in any text cell: right ones, and wrong ones."""
    made = listed(chance)
    rows, more = list(made.table), chance.randint(1, 4)
    for _ in range(more):
        row = ["", "", "", dutch(sum(made.cents) + chance.choice([0, 0, 1]), chance)]
        row[chance.randint(0, 2)] = chance.choice(TOTALS)
        rows.insert(chance.randint(2, len(rows)), row)
    make, name = chance.choice([(as_csv, "a.csv"), (as_xlsx, "a.xlsx"), (as_docx, "a.docx")])
    return made.case(name, make(rows), more=more)


def long_cells(chance):
    made = listed(chance)
    made.rows[0][1] = chance.choice(["a", "a@", "9", "( ", "06 ", "\u0661"]) * 30_000 + " einde"
    return made.case("a.csv", as_csv(made.table, delimiter=";"))


def many_places(chance):
    made = listed(chance)
    made.rows[0][2] = chance.choice(
        ["Baarn, ", "Baarn en ", "Baarn/\n", "gemeente Baarn; ", "x & y, "]
    ) * chance.randint(400, 6000)
    return made.case("a.csv", as_csv(made.table, delimiter=";"))


def long_numbers(chance):
    made = listed(chance)
    number = "9" * chance.choice([16, 21, 400, 5000, 200_000])
    made.rows[0][3] = chance.choice(["", "€ ", "-"]) + number + chance.choice(["", ",00", " mln"])
    made.cents.pop(0)
    return made.case("a.csv", as_csv(made.table, delimiter=";"), unread=1)


def error_cells(chance):
    made = listed(chance)
    made.rows[1][3] = chance.choice([*ERRORS, "=SOM(D1:D4)"])
    made.cents.pop(1)
    make, name = chance.choice([(as_csv, "a.csv"), (as_ods, "a.ods"), (as_xlsx, "a.xlsx")])
    return made.case(name, make(made.table), unread=1)


def steering_signs(chance):
    made = listed(chance)
    for row in made.rows:
        row[1] += chance.choice(STEERING)
        row[2] = chance.choice(STEERING) + row[2]
    return made.case("a.csv", as_csv(made.table, delimiter=";"))


def wide_rows(chance):
    made = listed(chance)
    lines = made.text().splitlines()
    lines[2] += ";" * chance.choice([500, 5_000, 100_000]) + "x"
    return made.case("a.csv", "\n".join(lines).encode())


def same_headers(chance):
    made = listed(chance)
    rows = [
        [*row, *more]
        for row, more in zip(made.table, [["title", "", "granted"], *[["x", "y", "€ 1,-"]] * 99], strict=False)
    ]
    return made.case("a.csv", as_csv(rows, delimiter=";"))


def no_list(chance):
    data = [b"", b"\r\n;;;\r\n", as_csv([HEAD]), chance.randbytes(2000), b"\0" * 500, "één brief, geen lijst".encode()]
    return Case(chance.choice(["a.csv", "a.xlsx", "a.ods", "a.json"]), chance.choice(data), -1)


def flipped_bytes(chance):
    """Anything may come of it, but no traceback: nobody knows what was written."""
    made = listed(chance)
    make, name = chance.choice([(as_csv, "a.csv"), (as_xlsx, "a.xlsx"), (as_ods, "a.ods"), (as_docx, "a.docx")])
    data = bytearray(make(made.table))
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return Case(name, bytes(data))


# ---------------------------------------------------------------- workbooks and documents


def members(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


def changed(data: bytes, name: str, was: bytes, now: bytes) -> bytes:
    """The office file with bytes of one of its parts replaced, once."""
    parts = members(data)
    assert was in parts[name]
    return as_zip(parts | {name: parts[name].replace(was, now, 1)})


def cut_workbook(chance):
    make, name = chance.choice([(as_xlsx, "a.xlsx"), (as_ods, "a.ods"), (as_docx, "a.docx")])
    data = make(listed(chance).table)
    return Case(name, data[: chance.randint(4, len(data) - 60)], -1)


def book_of(made: Listed, change: Callable) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Blad1")
    for number, row in enumerate(made.table):
        sheet.write_row(number, 0, row)
    change(sheet)
    book.close()
    return buffer.getvalue()


def uncounted_cells(chance):
    """Errors and formulas without an outcome, which a reader of cells shows as blank."""
    made = listed(chance)
    value = chance.choice(["#DIV/0!", ""])
    data = book_of(made, lambda sheet: sheet.write_formula(1, 3, "=SUM(D3:D4)", None, value))
    made.cents.pop(0)
    return made.case("a.xlsx", data, unread=1)


def numbers_of_a_workbook(chance):
    made = listed(chance)
    made.rows = [[*row[:3], cents / 100] for row, cents in zip(made.rows, made.cents, strict=True)]
    make, name = chance.choice([(as_xlsx, "a.xlsx"), (as_ods, "a.ods")])
    return made.case(name, make(made.table))


def hidden_rows(chance):
    made = listed(chance)

    def hide(sheet):
        for at in chance.sample(range(1, len(made.rows)), 2):
            sheet.set_row(at, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": chance.random() < 0.5})
        sheet.set_column(20, 16_383, None, None, {"hidden": True})

    return made.case("a.xlsx", book_of(made, hide))


def merged_cells(chance):
    made = listed(chance)
    for at in (1, 2):
        made.rows[at][1] = made.rows[at][2] = made.rows[at][3] = ""
    del made.cents[1:3]
    make, name = chance.choice([(as_xlsx, "a.xlsx"), (as_docx, "a.docx"), (as_ods, "a.ods")])
    return made.case(name, make(made.table, [(1, column, 3, column) for column in (1, 2, 3)]))


def many_merged(chance):
    made = listed(chance)
    reference = chance.choice([b"A1:XFD1048576", b"E1:XFD1048576", b"F9:G1000000"])
    merged = b'<mergeCells count="1"><mergeCell ref="' + reference + b'"/></mergeCells><pageMargins'
    data = changed(as_xlsx(made.table), "xl/worksheets/sheet1.xml", b"<pageMargins", merged)
    return Case("a.xlsx", data)


def far_cells(chance):
    """One cell far outside of the table makes a sheet of milliards of cells."""
    column, row = chance.choice([("XFD", 1_048_576), ("ZZ", 1_048_576), ("XFD", 90_000)])
    cell = f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row></sheetData>'.encode()
    return Case("a.xlsx", changed(as_xlsx(listed(chance).table), "xl/worksheets/sheet1.xml", b"</sheetData>", cell), -1)


def entities(chance):
    """Milliards of laughs, or a file of the machine, as an entity of the XML."""
    bombs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "ha">{bombs}<!ENTITY l10 SYSTEM "file:///etc/hostname">]>'.encode()
    make, name, member = chance.choice([(as_xlsx, "a.xlsx", "xl/sharedStrings.xml"), (as_ods, "a.ods", "content.xml"),
                                        (as_docx, "a.docx", "word/document.xml")])  # fmt: skip
    parts = members(make(listed(chance).table))
    head, mark, rest = parts[member].partition(b"?>")
    named = rest.replace(b"Project 1 ", chance.choice([b"&l9; ", b"&l10; "]), 1)
    return Case(name, as_zip(parts | {member: head + mark + doctype + named}))


def deep_markup(chance):
    """Elements within elements, tens of thousands deep, within a cell."""
    make, name, member, tag = chance.choice(
        [
            (as_xlsx, "a.xlsx", "xl/sharedStrings.xml", b"r"),
            (as_ods, "a.ods", "content.xml", b"text:span"),
            (as_docx, "a.docx", "word/document.xml", b"w:r"),
        ]
    )
    depth = chance.choice([300, 50_000])
    deep = b"<%s>" % tag * depth + b"</%s>" % tag * depth
    parts = members(make(listed(chance).table))
    return Case(name, as_zip(parts | {member: parts[member].replace(b"Project 1 ", deep + b"Project 1 ", 1)}))


def wide_spans(chance):
    """A cell of a document that spans more columns than anybody has."""
    span = b'<w:tcPr><w:gridSpan w:val="%d"/>' % chance.choice([1000, 10**6, 10**9])
    return Case("a.docx", changed(as_docx(listed(chance).table), "word/document.xml", b"<w:tcPr>", span))


def many_sheets(chance):
    made = listed(chance)
    more = [
        (f"Blad {number}", [["Uitleg"], ["Lees mij"]] * chance.randint(0, 3))
        for number in range(2, chance.randint(3, 120))
    ]
    hidden = [name for name, _ in more if chance.random() < 0.5]
    return made.case("a.xlsx", as_xlsx(made.table, more_sheets=more, hidden=hidden))


def strange_archives(chance):
    return Case(
        chance.choice(["a.xlsx", "a.ods", "a.docx"]),
        as_zip(
            {
                chance.choice(
                    ["../../x", "/etc/passwd", "x" * 5000, "xl/workbook.xml", "content.xml", "word/document.xml"]
                ): b"<x/>"
            }
        ),
        -1,
    )


def repeated_rows(chance):
    """An ods says once what stands there a number of times: some are rows, milliards are none."""
    made = listed(chance)
    count = chance.choice([2, 30, 10**6, 10**9])
    first = b'<table:table-row><table:table-cell office:value-type="string"><text:p>1<'
    many = first.replace(b"row>", b'row table:number-rows-repeated="%d">' % count, 1)
    data = changed(as_ods(made.table), "content.xml", first, many)
    if count > 30:
        return Case("a.ods", data, -1)
    made.cents += [made.cents[0]] * (count - 1)
    return made.case("a.ods", data, more=count - 1)


def repeated_cells(chance):
    made = listed(chance)
    count = chance.choice([10**5, 10**6, 10**9])
    place = chance.choice([b"number-columns-repeated", b"number-columns-spanned"])
    data = changed(
        as_ods(made.table), "content.xml", b"<table:table-cell", b'<table:table-cell table:%s="%d"' % (place, count)
    )
    return Case("a.ods", data)


def blank_repeats(chance):
    made = listed(chance)
    blank = (
        b'<table:table-row table:number-rows-repeated="%d"><table:table-cell table:number-columns-repeated="16384"/>'
    )
    tail = blank % chance.choice([100, 1_048_000]) + b"</table:table-row></table:table>"
    return made.case("a.ods", changed(as_ods(made.table), "content.xml", b"</table:table>", tail))


# ---------------------------------------------------------------- records and web pages


def records_of(made: Listed) -> list[dict]:
    return [dict(zip(HEAD, row, strict=True)) for row in made.rows]


def plain_records(chance):
    made = listed(chance)
    records = records_of(made)
    for record, cents in zip(records, made.cents, strict=True):
        record["granted"] = chance.choice([record["granted"], cents / 100])
        record.update({f"soort {chance.randint(1, 5)}": None})
    return made.case("a.json", json.dumps({"x": {"y": records}}).encode())


def long_numbers_in_records(chance):
    made = listed(chance)
    text = json.dumps(records_of(made)).replace(
        json.dumps(made.rows[0][3]), chance.choice(["9" * 5000, "1e999", "NaN", "9" * 21]), 1
    )
    made.cents.pop(0)
    return made.case("a.json", text.encode(), unread=1)


def half_letters(chance):
    """Halves of surrogate pairs in names, in cells and in the name of the list."""
    made = listed(chance)
    text = json.dumps({"x": records_of(made)}).replace("Project", "Pro\\ud800ject", 2).replace('"x"', '"x\\udfff"')
    return made.case("a.json", text.encode())


def deep_records(chance):
    depth = chance.choice([100, 900, 100_000])
    opening, closing = chance.choice([("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
    return Case("a.json", (opening * depth + "1" + closing * depth).encode(), -1)


def cut_records(chance):
    text = json.dumps(records_of(listed(chance)))
    return Case("a.json", text[: chance.randint(30, len(text) - 1)].encode(), -1)


def page_of(made: Listed, cell: str = "td") -> str:
    rows = ["".join(f"<{cell}>{escape(text)}</{cell}>" for text in row) for row in made.table]
    return f"<table><tr>{'</tr><tr>'.join(rows)}</tr></table>"


def sloppy_pages(chance):
    """Web pages as programs write them: without ends, in other tables, called .xls."""
    made = listed(chance)
    page = page_of(made)
    for end in chance.sample(["</td>", "</tr>", "</table>"], chance.randint(0, 2)):
        page = page.replace(end, "")
    page = chance.choice(
        ["<html><body>{}", "<div><table><tr><td>{}</td></tr></table>", "<script>1<2</script>{}"]
    ).format(page)
    return made.case(chance.choice(["a.html", "a.xls", "a.htm"]), f'<meta charset="utf-8">{page}'.encode())


def spanning_pages(chance):
    span = chance.choice(['rowspan="1000" colspan="1000"', 'colspan="99999999999"', 'rowspan="1000"'])
    row = f"<tr><td {span}>x</td></tr>"
    page = page_of(listed(chance)).replace("</table>", row * chance.choice([300, 4000]) + "</table>")
    return Case("a.html", page.encode())


def deep_pages(chance):
    tag = chance.choice(["div", "table><tr><td", "b", "ul"])
    return Case("a.html", (f"<{tag}>" * chance.choice([200, 3000, 20_000]) + page_of(listed(chance))).encode())


def many_tables(chance):
    """More tables than any list has: each is looked through for a header."""
    count = chance.choice([1_001, 20_000])
    if chance.random() < 0.5:
        return Case("a.json", json.dumps({f"l{n}": [{"title": "Samen"}] for n in range(count)}).encode(), -1)
    table = "<table><tr><td>title</td><td>municipality</td></tr><tr><td>Samen</td><td>Baarn</td></tr></table>"
    return Case("a.html", (f'<meta charset="utf-8">{table * count}').encode(), -1)


def odd_shares(chance):
    """Shares of municipalities that are numbers to Python and to nobody else."""
    made = listed(chance)
    odd = ["sNaN; 1", "NaN; 1", "Infinity; -Infinity", "1e999999999999; 1", "1e-999999; 1", "-1; 2", "½; ½", ";;"]
    rows = [[row[0], row[1], "Baarn; Soest", row[3], chance.choice(odd)] for row in made.rows]
    card = {"columns": {name: name for name in (*HEAD[1:], "weights")}}
    return made.case("a.csv", as_csv([[*HEAD, "weights"], *rows], delimiter=";"), card=card)


def largest_amounts(chance):
    """Amounts that a sum of many must hold."""
    count = chance.randint(1_000, 5_000)
    rows = [
        [str(n), f"Project {n}", "Baarn", chance.choice(["9.999.999.999,99", "9999999999,99"])] for n in range(count)
    ]
    return Case("a.csv", as_csv([HEAD, *rows], delimiter=";"), count, (999_999_999_999,) * count)


# ---------------------------------------------------------------- cards and files


def wrong_card(chance):
    """A line of another kind, out of its range, or that no card knows."""
    made = listed(chance)
    lines = {
        "header_rows": [0, -1, 21, True, "1", 10**30], "complete": ["nee", 1, []], "contact": ["Naam", 7, [1]],
        "sheets": ["Blad1"], "unit": [7, "1000", {"granted": 12}, {"bedrag": 1}], "source": ["S99", 5, ["S1"]],
        "date": ["gisteren", "9999-12-31", 20071001], "basis": ["gerucht", None], "rows": [[], ["project"], "projects"],
        "columns": [{}, {"title": 3}, {"naam": "title"}, "title"], "file": ["../a.csv", "/etc/passwd", "", "weg.csv", 3],
        "decimal": [1, ";"], "units": [1000], "credit": ["GEEN"], "constants": [{"theme": ["P1"]}, {"thema": "P1"}],
        "same_as": [[{"row": "x"}], "x"], "sha256": [None, 5],
    }  # fmt: skip
    name = chance.choice(list(lines))
    return Case("a.csv", as_csv(made.table), -1, card={name: chance.choice(lines[name])})


def no_card(chance):
    text = chance.choice(
        [b"", b"file = ", chance.randbytes(300), b"[" * 9000, b"x = " + b"9" * 9000, b"\xff\xfe", b'file = "a.csv"']
    )
    return Case("a.csv", as_csv(listed(chance).table), -1, after=lambda path: card_of(path).write_bytes(text))


def card_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}.card.toml")


def no_plain_file(chance):
    """Something else stands where the list should: opened, some of these would keep the build waiting for ever."""

    def after(path: Path) -> None:
        path.unlink()
        makes = [
            os.mkfifo,
            Path.mkdir,
            lambda p: p.symlink_to(p),
            lambda p: p.symlink_to("/dev/zero"),
            lambda p: p.symlink_to("/etc/hosts"),
        ]
        chance.choice(makes)(path)

    return Case("a.csv", as_csv(listed(chance).table), -1, after=after)


def strange_names(chance):
    made = listed(chance)
    name = chance.choice(["[red]a[b]", "a\nb", "a\x1b[2J", "-rf", "a;b,c", "å\u202e", "'; drop", "%s{0}", "x" * 200])
    return made.case(f"{name}.csv", as_csv(made.table, delimiter=";"))


def complete_letter(chance):
    made = listed(chance)
    return made.case(
        "a.csv", as_csv(made.table), card={"basis": chance.choice(["letter", "documented"]), "complete": True}
    )


KINDS = [
    any_delimiter, any_encoding, odd_rows, stray_quotes, nul_bytes, cut_off, titles_and_notes, blank_rows, repeated_headers,
    total_rows, long_cells, many_places, long_numbers, error_cells, steering_signs, wide_rows, same_headers, no_list,
    flipped_bytes, cut_workbook, uncounted_cells, numbers_of_a_workbook, hidden_rows, merged_cells, many_merged, far_cells,
    entities, deep_markup, wide_spans, many_sheets, strange_archives, repeated_rows, repeated_cells, blank_repeats,
    plain_records, long_numbers_in_records,
    half_letters, deep_records, cut_records, sloppy_pages, spanning_pages, deep_pages, wrong_card, no_card, no_plain_file,
    strange_names, complete_letter, many_tables, odd_shares, largest_amounts,
]  # fmt: skip


@functools.cache
def cases(kind: Callable, count: int) -> list[Case]:
    """The first cases of a kind: always the same ones."""
    return [kind(random.Random(f"{kind.__name__} {number}")) for number in range(count)]
