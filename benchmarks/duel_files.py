"""Small lists with one trouble each, and the truth about them: made anew in every run, from a seed.

    for case in cases(200):
        (folder / case.file).write_bytes(case.data)
        case.trouble, case.keys, case.cents

Everything in them is invented. A trouble is what a person or a program does to a list; what it holds stays the same.
"""

import csv
import datetime
import io
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import xlsxwriter

HEADER = ["Dossiernummer", "Projectnaam", "Gemeente", "Verleend bedrag", "Startdatum"]
PLACES = ["Amersfoort", "Baarn", "Bunnik", "Houten", "Leusden", "Lopik", "Nieuwegein", "Rhenen", "Soest", "Zeist"]
TITLES = [
    "Buurt aan zet",
    "Samen eten",
    "Maatjesproject",
    "Coördinatie mantelzorg",
    "Eén loket",
    "Open eettafel",
    "Ruilbeurs",
]
EPOCH = datetime.date(1899, 12, 30)  # day 0 of a spreadsheet
MONEY = 3  # the column of the amount

Row = list[object]


@dataclass(frozen=True)
class Case:
    """A file, and what it truly holds: how often each key, and the cents of all its amounts."""

    file: str
    trouble: str
    data: bytes
    keys: Counter
    cents: int


@dataclass(frozen=True)
class List:
    """The rows of a list before its trouble: key, title, municipality, amount [EUR cent] and first day."""

    rows: list[Row]
    rng: random.Random

    @property
    def total(self) -> int:
        return sum(row[MONEY] for row in self.rows)

    def written(self, money: Callable[[int], object], day: Callable = "{:%d-%m-%Y}".format) -> list[Row]:
        """The rows with amounts and days as a file has them."""
        return [[*row[:MONEY], money(row[MONEY]), day(row[-1])] for row in self.rows]


def listed(seed: int, round_to: int = 50) -> List:
    """Between 8 and 20 projects, the same for the same seed; amounts are multiples of `round_to` cents."""
    rng, rows = random.Random(seed), []
    for number in range(rng.randint(8, 20)):
        cents = rng.randint(500_00 // round_to, 60_000_00 // round_to) * round_to
        day = datetime.date(2006, 1, 1) + datetime.timedelta(rng.randint(0, 600))
        rows.append([f"D{seed}-{100 + number}", f"{rng.choice(TITLES)} {number}", rng.choice(PLACES), cents, day])
    return List(rows, rng)


# ---------------------------------------------------------------- how an amount stands in a file


def comma(cents: int) -> str:  # 12500,50
    return f"{cents / 100:.2f}".replace(".", ",")


def dotted(cents: int) -> str:  # 12.500,50
    return f"{cents / 100:,.2f}".translate(str.maketrans(",.", ".,"))


def pointed(cents: int) -> str:  # 12500.50
    return f"{cents / 100:.2f}"


def euros(cents: int) -> str:  # € 12.500,50
    return f"€ {dotted(cents)}"


def number(cents: int) -> float:
    return cents / 100


# ---------------------------------------------------------------- text files


def text(rows: list[Row], delimiter: str = ";", encoding: str = "utf-8", end: str = "\r\n", **more: object) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=end, **more).writerows(rows)
    return buffer.getvalue().encode(encoding)


def table(of: List, money: Callable[[int], object] = comma) -> list[Row]:
    return [HEADER, *of.written(money)]


def amounts_as(pattern: str, money: Callable[[int], str] = dotted) -> Callable:
    return lambda of: text(table(of, lambda cents: pattern.format(money(cents))))


def with_rows(place: Callable[[list[Row]], list[Row]]) -> Callable:
    return lambda of: text(place(table(of)))


def quoted_whole(of: List) -> bytes:
    """Every line is one quoted cell, as a program does that takes the file for a column of texts."""
    return "".join(f'"{line}"\n' for line in text(table(of)).decode().splitlines()).encode()


def total(rows: list[Row]) -> Row:
    cents = sum(round(float(row[MONEY].replace(",", ".")) * 100) for row in rows)
    return ["", "Totaal", "", comma(cents), ""]


def subtotals(rows: list[Row]) -> list[Row]:
    header, *rest = rows
    half = len(rest) // 2
    one, other = total(rest[:half]), total(rest[half:])
    return [header, *rest[:half], ["", "Subtotaal", *one[2:]], *rest[half:], ["", "Subtotaal", *other[2:]], total(rest)]


def in_thousands(header: str, digits: int, behind: str = "") -> Callable:
    """The column in thousands of euros: its header says so, or what stands behind every amount."""

    def made(of: List) -> bytes:
        for row in of.rows:
            row[MONEY] = row[MONEY] // 10_000 * 10_000  # what the file cannot hold is not its truth
        rows = of.written(lambda cents: f"{cents / 100_000:.{digits}f}".replace(".", ",") + behind)
        return text([[*HEADER[:MONEY], header, HEADER[-1]], *rows])

    return made


def whole_euros(of: List) -> List:
    for row in of.rows:
        row[MONEY] = row[MONEY] // 100 * 100
    return of


def keyed(key: Callable[[int], str]) -> Callable:
    """The list with other keys."""

    def made(of: List) -> bytes:
        of.rows[:] = [[key(at), *row[1:]] for at, row in enumerate(of.rows)]
        return text(table(of))

    return made


def titled(change: Callable[[str], str]) -> Callable:
    """The list with other titles."""
    return with_rows(lambda rows: [rows[0], *([key, change(title), *rest] for key, title, *rest in rows[1:])])


def dropped(of: List, cells: dict[int, object]) -> list[Row]:
    """The rows with these cells in place of some amounts, which are none then."""
    rows = of.written(comma)
    for at, cell in cells.items():
        rows[at][MONEY] = cell
        of.rows[at][MONEY] = 0
    return [HEADER, *rows]


def negative(mark: str) -> Callable:
    """Every third amount is negative, and written so."""

    def made(of: List) -> bytes:
        for row in of.rows[::3]:
            row[MONEY] = -row[MONEY]
        return text(table(of, lambda cents: mark.format(dotted(-cents)) if cents < 0 else dotted(cents)))

    return made


def backslashed(of: List) -> bytes:
    """Quotes within quotes, written as C does."""
    rows = [";".join(f'"{cell}"' for cell in HEADER)]
    for key, title, *rest in of.written(comma):
        rows.append(";".join(f'"{cell}"' for cell in (key, rf"\"{title}\"; deel 2", *rest)))
    return ("\n".join(rows) + "\n").encode()


def ragged(of: List) -> bytes:
    """One row has a delimiter in its title that nobody quoted."""
    rows = table(of)
    broken = ";".join(map(str, rows[4])).replace(rows[4][1], f"{rows[4][1]}; vervolg")
    return text(rows[:4]) + broken.encode() + b"\r\n" + text(rows[5:])


def short(of: List) -> bytes:
    """Some rows end after their amount."""
    return text([row[: MONEY + 1] if at % 4 == 3 else row for at, row in enumerate(table(of))])


TEXTS = {
    "decimal comma": lambda of: text(table(of)),
    "comma between columns, point in amounts": lambda of: text(table(of, pointed), ","),
    "tabs": lambda of: text(table(of), "\t"),
    "upright bars": lambda of: text(table(of), "|"),
    "comma between columns and in quoted amounts": lambda of: text(table(of, dotted), ","),
    "thousand dots": lambda of: text(table(of, dotted)),
    "thousand dots without cents": lambda of: text(table(whole_euros(of), lambda cents: dotted(cents)[:-3])),
    "euro sign": lambda of: text(table(of, euros)),
    "EUR before": amounts_as("EUR {}"),
    "euro behind": amounts_as("{} euro"),
    "comma dash": lambda of: text(table(whole_euros(of), lambda cents: f"{dotted(cents)[:-3]},-")),
    "header x € 1.000": in_thousands("Verleend bedrag (x € 1.000)", 1),
    "header in duizenden euro": in_thousands("Verleend bedrag (in duizenden euro)", 1),
    "k behind": in_thousands(HEADER[MONEY], 1, " k"),
    "Windows-1252": lambda of: text(table(of, euros), encoding="cp1252"),
    "byte order mark": lambda of: text(table(of), encoding="utf-8-sig"),
    "utf-16": lambda of: text(table(of), encoding="utf-16"),
    "DOS code page": lambda of: text(table(of), encoding="cp850"),
    "title rows above": with_rows(lambda rows: [["Overzicht subsidies 2007"], ["Peildatum 1 oktober 2007"], [], *rows]),
    "notes below": with_rows(lambda rows: [*rows, [], ["Bron: eigen administratie"]]),
    "total below": with_rows(lambda rows: [*rows, total(rows[1:])]),
    "subtotals and a total": with_rows(subtotals),
    "header repeated": with_rows(lambda rows: [*rows[:6], HEADER, *rows[6:]]),
    "delimiter behind every row": with_rows(lambda rows: [[*row, ""] for row in rows]),
    "delimiter behind rows, not the header": with_rows(lambda rows: [rows[0], *([*row, ""] for row in rows[1:])]),
    "empty rows between": with_rows(lambda rows: [*rows[:4], [""] * 5, *rows[4:], [""] * 5, [""] * 5]),
    "line break in a cell": titled(lambda title: f"{title}\nvervolg"),
    "delimiter in a cell": titled(lambda title: f"{title}; vervolg"),
    "quote that is no pair": lambda of: text(table(of)).replace(of.rows[2][1].encode(), b'"t Gooi', 1),
    "lines quoted whole": quoted_whole,
    "backslash before quotes": backslashed,
    "leading zeros in keys": keyed(lambda at: f"{at + 17:05}"),
    "keys of twenty digits": keyed(lambda at: f"{20070000000000000000 + at}"),
    "keys like 1E5": keyed(lambda at: f"{at + 1}E5"),
    "a key NA": keyed(lambda at: "NA" if at == 2 else f"N{at}"),
    "negative in brackets": negative("({})"),
    "minus behind": negative("{}-"),
    "no-break space in amounts": lambda of: text(table(of, lambda cents: "€\xa0" + dotted(cents).replace(".", "\xa0"))),
    "amounts PM and n.v.t.": lambda of: text(dropped(of, {1: "PM", 4: "n.v.t."})),
    "header of two rows": with_rows(lambda rows: [["", "", "", "Subsidie", "Looptijd"], *rows]),
    "a delimiter too many": ragged,
    "rows that end early": short,
    "short years": lambda of: text([HEADER, *of.written(comma, "{:%d-%m-%y}".format)]),
    "line ends of an old Mac": lambda of: text(table(of), end="\r"),
    "sep= above": lambda of: b"sep=;\r\n" + text(table(of)),
    "empty column before": with_rows(lambda rows: [["", *row] for row in rows]),
    "spaces around cells": with_rows(lambda rows: [[f"  {cell} " for cell in row] for row in rows]),
    "second table below": with_rows(
        lambda rows: [*rows, [""] * 5, ["Gemeente", "Aantal"], ["Baarn", 3], ["Zeist", 9], ["Soest", 12]]
    ),
    "NUL bytes": lambda of: text(table(of)).replace(b"Projectnaam", b"Project\0naam"),
}


# ---------------------------------------------------------------- workbooks


@dataclass
class Book:
    """A sheet that is being written: `put` writes rows from a cell on, numbers and days as such."""

    book: xlsxwriter.Workbook
    sheet: xlsxwriter.worksheet.Worksheet

    def put(self, rows: list[Row], down: int = 0, across: int = 0, money: str = "", day: str = "dd-mm-yyyy") -> None:
        looks = {MONEY: self.book.add_format({"num_format": money}) if money else None}
        looks[len(HEADER) - 1] = self.book.add_format({"num_format": day}) if day else None
        for r, row in enumerate(rows, down):
            for c, cell in enumerate(row):
                if isinstance(cell, str):
                    self.sheet.write_string(r, c + across, cell)
                elif cell is not None:
                    self.sheet.write_number(r, c + across, cell, looks.get(c))


def workbook(fill: Callable[[Book, List], None]) -> Callable:
    """A workbook of one sheet, which `fill` writes."""

    def made(of: List) -> bytes:
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True})
        book.set_properties({"created": datetime.datetime(2007, 10, 1)})
        fill(Book(book, book.add_worksheet("Lijst")), of)
        book.close()
        return buffer.getvalue()

    return made


def serial(day: datetime.date) -> int:
    return (day - EPOCH).days


def typed(of: List, money: Callable[[int], object] = number) -> list[Row]:
    return [HEADER, *of.written(money, serial)]


def cells(amount: Callable[[int], object] = number, /, **more: object) -> Callable:
    return workbook(lambda book, of: book.put(typed(of, amount), **more))


def sheet_rows(place: Callable[[list[Row]], list[Row]]) -> Callable:
    return workbook(lambda book, of: book.put(place(typed(of))))


def sheet_total(rows: list[Row]) -> Row:
    return ["Totaal", None, None, sum(row[MONEY] for row in rows)]


def merged_places(book: Book, of: List) -> None:
    """Projects of one municipality, whose name stands in one cell over all of them."""
    for row in of.rows[2:6]:
        row[2] = of.rows[2][2]
    book.put(typed(of))
    book.sheet.merge_range(3, 2, 6, 2, of.rows[2][2])


def merged_amount(book: Book, of: List) -> None:
    """One amount for two projects: it counts once."""
    of.rows[3][MONEY] = 0
    book.put(typed(of))
    book.sheet.merge_range(3, MONEY, 4, MONEY, of.rows[2][MONEY] / 100)


def two_headers(book: Book, of: List) -> None:
    book.put(typed(of), 1)
    book.sheet.merge_range(0, 0, 0, 2, "Project")
    book.sheet.merge_range(0, 3, 0, 4, "Subsidie")
    book.sheet.write_string(1, MONEY, "Verleend bedrag")


def hidden_rows(book: Book, of: List) -> None:
    book.put(typed(of))
    for row in (2, 3, 5):
        book.sheet.set_row(row, None, None, {"hidden": True})


def behind_a_cover(book: Book, of: List) -> None:
    """The first sheet explains, the second holds the list."""
    for at, said in enumerate(["Toelichting", "Deze lijst is van de afdeling.", "Peildatum 1 oktober 2007"]):
        book.sheet.write_string(at, 0, said)
    book.sheet.set_column(0, 0, 40)
    Book(book.book, book.book.add_worksheet("Overzicht")).put(typed(of))


def two_sheets(book: Book, of: List) -> None:
    """Half of the list on each of two sheets."""
    rows = typed(of)
    half = len(rows) // 2
    book.put(rows[:half])
    Book(book.book, book.book.add_worksheet("Lijst 2")).put([HEADER, *rows[half:]])


def hidden_sheet(book: Book, of: List) -> None:
    """An older state of the list on a hidden sheet."""
    book.put(typed(of))
    older = book.book.add_worksheet("Oud")
    Book(book.book, older).put(typed(of)[:5])
    older.hide()


def errors(book: Book, of: List) -> None:
    for row in (1, 4):
        of.rows[row][MONEY] = 0
    book.put(typed(of))
    for row in (2, 5):
        book.sheet.write_formula(row, MONEY, "=1/0", None, "#DIV/0!")


def uncounted(book: Book, of: List) -> None:
    """Formulas that the program that wrote them did not work out."""
    of.rows[2][MONEY] = 0
    book.put(typed(of))
    book.sheet.write_formula(3, MONEY, "=100*125", None, "")


def formulas(book: Book, of: List) -> None:
    book.put(typed(of))
    for at, row in enumerate(of.rows, 1):
        book.sheet.write_formula(at, MONEY, f"={row[MONEY]}/100", None, row[MONEY] / 100)
    last = len(of.rows) + 1
    book.sheet.write_string(last, 0, "Totaal")
    book.sheet.write_formula(last, MONEY, f"=SUM(D2:D{last})", None, of.total / 100)


def beside(book: Book, of: List) -> None:
    """A small table of other things to the right of the list."""
    book.put(typed(of))
    book.put([["Gemeente", "Aantal"], ["Baarn", 3], ["Zeist", 9]], 0, 7)


def dollars(book: Book, of: List) -> None:
    """One amount is in dollars, as its format shows: it is no euro."""
    book.put(typed(of))
    look = book.book.add_format({"num_format": "[$$-409]#,##0.00"})
    book.sheet.write_number(3, MONEY, of.rows[2][MONEY] / 100, look)
    of.rows[2][MONEY] = 0


def in_format(look: str) -> Callable:
    """Amounts in thousands: only the format of their cells says so."""

    def fill(book: Book, of: List) -> None:
        for row in of.rows:
            row[MONEY] = row[MONEY] // 10_000 * 10_000
        book.put(typed(of, lambda cents: cents / 100_000), money=look)

    return workbook(fill)


def mixed(cents: int) -> object:
    """Some amounts are numbers, others were typed as text."""
    return number(cents) if cents // 50 % 3 else dotted(cents)


def marked(of: List) -> bytes:
    """Some amounts have a footnote mark."""
    notes = iter(range(len(of.rows)))
    rows = of.written(lambda cents: f"{dotted(cents)} *" if next(notes) % 4 == 0 else dotted(cents))
    return text([HEADER, *rows, [], ["* voorlopig bedrag"]])


def zero_keys(book: Book, of: List) -> None:
    of.rows[:] = [[f"{at + 17:05}", *row[1:]] for at, row in enumerate(of.rows)]
    book.put(typed(of))


def empty_column(book: Book, of: List) -> None:
    book.put([[*row[:2], None, *row[2:]] for row in typed(of)], day="", money="")


def unit_row(rows: list[Row]) -> list[Row]:
    return [rows[0], [None, None, None, "€"], *rows[1:]]


TEXTS["footnote marks behind amounts"] = marked
BOOKS = {
    "a plain sheet": cells(),
    "float noise": cells(lambda cents: cents / 100 * 3 / 3 + 1e-9),
    "euro format": cells(money="€ #,##0.00"),
    "shown in thousands by its format": cells(money="#,##0,"),
    "k in the format": in_format('#,##0.0" k"'),
    "x 1.000 in the format": in_format('#,##0.0" x 1.000"'),
    "amounts typed as text": cells(euros),
    "amounts of which some are text": cells(mixed),
    "amounts with euro behind, as text": cells(lambda cents: f"{dotted(cents)} euro"),
    "amounts with a no-break space": cells(lambda cents: "€\xa0" + dotted(cents)),
    "days as plain numbers": cells(day=""),
    "title above": sheet_rows(lambda rows: [["Overzicht subsidies 2007"], [], *rows]),
    "header at row 15": sheet_rows(lambda rows: [["Toelichting bij de lijst"], *[[]] * 13, *rows]),
    "total at the end": sheet_rows(lambda rows: [*rows, sheet_total(rows[1:])]),
    "notes at the end": sheet_rows(lambda rows: [*rows, [], ["* voorlopige cijfers"], ["Bron: eigen administratie"]]),
    "header once more": sheet_rows(lambda rows: [*rows[:6], HEADER, *rows[6:]]),
    "an empty row": sheet_rows(lambda rows: [*rows[:5], [], *rows[5:]]),
    "a row of units": sheet_rows(unit_row),
    "an empty column": workbook(empty_column),
    "a table beside": workbook(beside),
    "merged municipalities": workbook(merged_places),
    "a merged amount": workbook(merged_amount),
    "two merged headers": workbook(two_headers),
    "hidden rows": workbook(hidden_rows),
    "a cover sheet": workbook(behind_a_cover),
    "two sheets": workbook(two_sheets),
    "a hidden sheet": workbook(hidden_sheet),
    "error cells": workbook(errors),
    "formulas never worked out": workbook(uncounted),
    "formulas and a total": workbook(formulas),
    "one amount in dollars": workbook(dollars),
    "keys with leading zeros": workbook(zero_keys),
}
TROUBLES = [("csv", trouble, make) for trouble, make in TEXTS.items()] + [("xlsx", *each) for each in BOOKS.items()]


def case(number: int) -> Case:
    """The file of this number, from 0: every trouble has its turn before the first comes again."""
    kind, trouble, make = TROUBLES[number % len(TROUBLES)]
    of = listed(number)
    data = make(of)
    return Case(f"lijst_{number:03}.{kind}", trouble, data, Counter(row[0] for row in of.rows), of.total)


def cases(count: int) -> list[Case]:
    return [case(number) for number in range(count)]
