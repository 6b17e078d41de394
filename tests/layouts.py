"""Twenty layouts of project and subsidy lists as Dutch authorities publish them, each with the truth about its columns.

    for layout in LAYOUTS:
        path = layout.write(folder)
        layout.sheets, layout.header_row, layout.columns

Everything here is invented: projects, amounts and contacts. The headers, formats and mess are those of real registers.
A header 'Bedrag | gevraagd' stands in two rows, 'Bedrag' above 'gevraagd'; its text is 'Bedrag gevraagd'. The roles
are the column names of a card, 'contact' (dropped) and '' (not used). Where more than one answer is defensible, each of
them is right.
"""

import csv
import datetime as dt
import io
import json
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

import docx
import xlsxwriter
from conftest import as_ods, text_of

GUARDED = {"asked", "granted", "settled", "amount", "municipality"}  # never silently wrong


@dataclass(frozen=True)
class Column:
    """A column of a layout: `position` from 0, and the roles that are right for it."""

    position: int
    header: str
    roles: frozenset

    @property
    def guarded(self) -> bool:
        """Whether this is an amount or the municipality, under every right answer."""
        return self.roles <= GUARDED


@dataclass(frozen=True)
class Layout:
    """A list: `write(folder)` makes the file and returns its path; the rest is the truth about it.

    `sheets` are the right names of the sheet (that of a file of text or a web page may go by several);
    `header_row` is the first row of the header from 1, in csv and tsv the record, in json 1.
    """

    name: str
    story: str
    format: str
    data: Callable[[], bytes]
    sheets: frozenset
    header_row: int
    columns: tuple

    def write(self, folder) -> Path:
        path = Path(folder) / f"{self.name}.{self.format}"
        path.write_bytes(self.data())
        return path


# ---------------------------------------------------------------- what the lists are about

MUNICIPALITIES = {  # and a village in it
    "Amersfoort": "Hooglanderveen",
    "Baarn": "Lage Vuursche",
    "De Bilt": "Bilthoven",
    "Breukelen": "Nieuwer Ter Aa",
    "Bunnik": "Odijk",
    "Bunschoten": "Spakenburg",
    "De Ronde Venen": "Mijdrecht",
    "Houten": "Schalkwijk",
    "IJsselstein": "IJsselstein",
    "Leusden": "Achterveld",
    "Lopik": "Benschop",
    "Maarssen": "Maarssenbroek",
    "Nieuwegein": "Nieuwegein",
    "Renswoude": "Renswoude",
    "Rhenen": "Elst",
    "Soest": "Soesterberg",
    "Utrecht": "Vleuten",
    "Utrechtse Heuvelrug": "Doorn",
    "Veenendaal": "Veenendaal",
    "Wijk bij Duurstede": "Cothen",
    "Woerden": "Kamerik",
    "Woudenberg": "Woudenberg",
    "Zeist": "Den Dolder",
}
ELSEWHERE = {
    "Amsterdam": "Amsterdam",
    "Apeldoorn": "Beekbergen",
    "Ede": "Lunteren",
    "Gouda": "Gouda",
    "Rotterdam": "Hoogvliet",
    "'s-Hertogenbosch": "Rosmalen",
    "Súdwest-Fryslân": "Sneek",
}
TITLES = [
    "Mantelzorg in beeld",
    "Eén loket voor wonen, welzijn en zorg",
    "Buurt aan zet",
    "Samen eten, samen doen",
    "Vrijwilligers vinden en binden",
    "Ouderen doen mee",
    "Cliëntenraad Wmo: van papier naar praktijk",
    "Maatjesproject 'Naast elkaar'",
    "Dorpsplan met bewoners",
    "Respijtzorg op zaterdag",
    "Steunpunt mantelzorg, fase 2",
    "De Zelfregiekrant",
    "Beursvloer maatschappelijk ondernemen",
    "Kleinschalig wonen met dementie",
    "Thuisadministratie",
    "Ontmoetingsplek De Brink",
    "Taalcoaches voor nieuwkomers",
    "Jongeren in de wijk; coachingstraject",
    "Valpreventie 65+",
    "Informatiepunt Wmo in de bibliotheek",
    "Open eettafel",
    "Burenhulp 2.0",
    "Buurtbus en belbus",
    "Beleidsplan Wmo samen met burgers",
    "Sport voor iedereen",
]
THEMES = [
    "Mantelzorg",
    "Vrijwilligers- en mantelzorg",
    "Sociale cohesie",
    "Zelfredzaamheid van burgers",
    "Wonen, welzijn en zorg",
    "Lokale cliëntenparticipatie",
    "Maatschappelijk betrokken ondernemen",
]
FIELDS = ["Welzijn", "Zorg en gezondheid", "Jeugd", "Sport en recreatie", "Cultuur", "Leefbaarheid kleine kernen"]
FIELDS_PV = ["1", "3", "4", "5", "1 en 4"]
ACTS = [
    "Algemene subsidieverordening",
    "Subsidieregeling vrijwillige inzet",
    "Nadere regel informele zorg",
    "Regeling leefbaarheid kleine kernen",
    "Beleidsregel Wmo 2006-2008",
]
PROGRAMMES = ["Wel Thuis!", "Sociale Agenda", "Nieuw Wonen", "Lokaal Centraal"]
BODIES = [
    "Stichting Welzijn {}",
    "Vrijwilligerscentrale {}",
    "Stichting Ouderenwerk {}",
    "Bewonersvereniging {} Noord",
    "Bibliotheek {}",
    "Gemeente {}",
    "Woningstichting {}",
    "Speeltuinvereniging {}",
]
STATES = ["loopt", "afgerond", "in voorbereiding", "aangevraagd", "ingetrokken"]
REMARKS = [
    "",
    "",
    "",
    "Wacht op akkoord van de raad.",
    "Deels uit eigen middelen",
    "Verlengd t/m zomer",
    "zie nota 2006-114",
]
PEOPLE = ["A. Voorbeeld", "B. Verzonnen", "C. Proef", "D. Fictief", "E. Bedacht"]


def projects(name: str, count: int, elsewhere: bool = False) -> list[dict]:
    """`count` invented projects, the same for the same name."""
    rng, chosen = random.Random(name), []
    places = list((MUNICIPALITIES | (ELSEWHERE if elsewhere else {})).items())
    for number in range(1, count + 1):
        municipality, village = rng.choice(places)
        start = dt.date(rng.choice([2005, 2006, 2007]), rng.randint(1, 12), rng.choice([1, 1, 1, 15]))
        asked = rng.choice([2, 3, 5, 8, 12, 20, 35, 60, 120]) * 1000 + rng.choice([0, 0, 250, 500, 735])
        granted = rng.choice([asked, asked, round(asked * 0.8), round(asked / 2, -2)])
        status = rng.choice(STATES)
        chosen.append(
            {
                "number": number,
                "dossier": f"{start.year}-{rng.randint(10000, 99999)}",
                "municipality": municipality,
                "code": f"GM{rng.randint(300, 1999):04}",
                "village": rng.choice([village, municipality]),
                "title": rng.choice(TITLES) + rng.choice(["", "", f" {municipality}", f" {start.year}"]),
                "theme": rng.choice(THEMES),
                "field": rng.choice(FIELDS),
                "pv": rng.choice(FIELDS_PV),
                "act": rng.choice(ACTS),
                "programme": rng.choice(PROGRAMMES),
                "body": rng.choice(BODIES).format(municipality),
                "legal": rng.choice(["stichting", "vereniging", "gemeente", "bv"]),
                "address": f"Voorbeeldstraat {rng.randint(1, 99)}",
                "postcode": f"{rng.randint(3400, 3999)} XX",
                "kvk": f"{rng.randint(0, 99999):08}",
                "asked": asked,
                "granted": granted if status != "aangevraagd" else 0,
                "settled": round(granted * rng.choice([1, 1, 0.93]), 2) if status == "afgerond" else "",
                "cost": asked * rng.choice([2, 3]) + rng.choice([0, 1350]),
                "own": round(asked / 4),
                "advance": round(granted * 0.8),
                "share": rng.choice([40, 50, 75, 100]),
                "start": start,
                "end": start + dt.timedelta(days=rng.choice([180, 364, 364, 729])),
                "decided": start - dt.timedelta(days=rng.randint(10, 90)),
                "received": start - dt.timedelta(days=rng.randint(91, 180)),
                "year": start.year,
                "round": rng.randint(1, 3),
                "status": status,
                "hours": rng.choice([40, 80, 120, 150, 62.5]),
                "aim": rng.choice([10, 25, 40, 100]),
                "unit": rng.choice(["deelnemers", "vrijwilligers", "woningen"]),
                "remark": rng.choice(REMARKS),
                "person": rng.choice(PEOPLE),
                "mail": "info@voorbeeld.nl",
                "phone": "030-0000000",
                "score": rng.randint(40, 98),
            }
        )
    return chosen


# How an amount or a date stands in a list; each takes the name of a value and gives what makes the cell.


def _value(name):
    return (lambda p: p[name]) if isinstance(name, str) else name


def euro(name):  # € 12.500,00
    return lambda p: _dutch(_value(name)(p), "€ {}", 2)


def dashed(name):  # € 12.500,-
    return lambda p: _dutch(_value(name)(p), "€ {},-", 0)


def dotted(name):  # 12.500
    return lambda p: _dutch(_value(name)(p), "{}", 0)


def comma(name):  # 12500,00
    return lambda p: _dutch(_value(name)(p), "{}", 2).replace(".", "")


def thousands(name):  # 12.5, a number, under a header 'x € 1.000'
    return lambda p: "" if _value(name)(p) == "" else round(_value(name)(p) / 1000, 1)


def day(name):  # 30-11-2006
    return lambda p: f"{p[name]:%d-%m-%Y}"


def iso(name):  # 2006-11-30T00:00:00
    return lambda p: f"{p[name]}T00:00:00"


def _dutch(value, pattern, digits):
    if value == "":
        return ""
    return pattern.format(f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,")))


# ---------------------------------------------------------------- writers: rows -> bytes


def as_csv(rows, delimiter=";", encoding="utf-8", before="", quoting=csv.QUOTE_MINIMAL):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting)
    writer.writerows([[text_of(value) for value in row] for row in rows])
    return (before + buffer.getvalue()).encode(encoding)


def as_xlsx(sheets, hidden=()):
    """`sheets` are (name, rows, merged), merged as [row, column, last row, last column] from 0."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "dd-mm-yyyy"})
    for name, rows, merged in sheets:
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, str) and value:
                    sheet.write_string(r, c, value)
                elif value != "":
                    sheet.write(r, c, value)
        for r, c, last_r, last_c in merged:
            sheet.merge_range(r, c, last_r, last_c, rows[r][c])
        if name in hidden:
            sheet.hide()
    book.worksheets()[0].activate()
    book.close()
    return buffer.getvalue()


def as_xls(name, rows):
    """The smallest workbook of Excel 97: BIFF8 records in a compound file of one stream."""

    def record(kind, data):
        return struct.pack("<HH", kind, len(data)) + data

    def wide(text, size):
        return struct.pack(size, len(text)) + b"\1" + text.encode("utf-16-le")

    cells = b""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, int | float):
                cells += record(0x0203, struct.pack("<HHHd", r, c, 0, value))
            elif value != "":
                cells += record(0x0204, struct.pack("<HHH", r, c, 0) + wide(text_of(value), "<H"))
    size = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6)) + size + cells + record(0x0A, b"")
    opening = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    at = len(opening) + 4 + 6 + len(wide(name, "<B")) + 4  # where the sheet begins: after its own address and an end
    book = opening + record(0x0085, struct.pack("<IH", at, 0) + wide(name, "<B")) + record(0x0A, b"") + sheet
    book = book.ljust(max(4096, -(-len(book) // 512) * 512), b"\0")  # a stream below 4096 bytes is stored otherwise
    last = len(book) // 512 + 1  # sector 0 is the allocation table, 1 the directory, then the stream

    def entry(text, kind, child, first, length):
        key = text.encode("utf-16-le") + b"\0\0" if text else b""
        where = struct.pack("<HBBiii", len(key), kind, 1, -1, -1, child)
        return key.ljust(64, b"\0") + where + bytes(36) + struct.pack("<iQ", first, length)

    directory = entry("Root Entry", 5, 1, -2, 0) + entry("Workbook", 2, -1, 2, len(book)) + entry("", 0, -1, 0, 0) * 2
    table = struct.pack("<128i", *([-3, -2, *range(3, last + 1), -2] + [-1] * (127 - last)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIiIIiIiI", 0, 1, 1, 0, 4096, -2, 0, -2, 0) + struct.pack("<109i", 0, *[-1] * 108)
    return head + table + directory + book


def as_docx(paragraphs, tables):
    """`tables` are (rows, merged)."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    for rows, merged in tables:
        table = document.add_table(len(rows), max(map(len, rows)))
        for r, row in enumerate(rows):
            for cell, value in zip(table.rows[r].cells, row, strict=False):
                cell.text = text_of(value)
        for r, c, last_r, last_c in merged:
            table.cell(r, c).merge(table.cell(last_r, last_c)).text = rows[r][c]
        document.add_paragraph("")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_html(title, tables, encoding="utf-8"):
    """`tables` are (rows, merged, heads): the first `heads` rows are the header."""
    parts = []
    for rows, merged, heads in tables:
        span = {(r, c): (to_r - r + 1, to_c - c + 1) for r, c, to_r, to_c in merged}
        covered = {(i, j) for r, c, y, x in merged for i in range(r, y + 1) for j in range(c, x + 1)} - set(span)
        lines = []
        for r, row in enumerate(rows):
            tag, cells = "th" if r < heads else "td", ""
            for c, value in enumerate(row):
                if (r, c) not in covered:
                    down, across = span.get((r, c), (1, 1))
                    about = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
                    cells += f"<{tag}{about}>{escape(text_of(value)) or '&nbsp;'}</{tag}>"
            lines.append(f"<tr>{cells}</tr>")
        head, body = "\n".join(lines[:heads]), "\n".join(lines[heads:])
        thead = f"<thead>{head}</thead>\n" if heads else ""
        parts.append(f"<table>\n{thead}<tbody>\n{body}\n</tbody></table>")
    page = f'<!DOCTYPE html>\n<html lang="nl"><head><meta charset="{encoding}"><title>{escape(title)}</title></head>\n'
    return f"{page}<body><h1>{escape(title)}</h1>\n{'<p>&nbsp;</p>'.join(parts)}\n</body></html>\n".encode(encoding)


def two_rows(headers, at=0):
    """Two header rows of 'above | below' and their merged cells, the first row at `at`: groups across, others down."""
    above, below, merged = [], [], []
    for (first, grouped), group in groupby(headers, lambda header: (header.split(" | ")[0], " | " in header)):
        names, c = [header.partition(" | ")[2] for header in group], len(above)
        if len(names) > 1 or not grouped:
            merged.append([at, c, at, c + len(names) - 1] if grouped else [at, c, at + 1, c])
        above += [first, *[""] * (len(names) - 1)]
        below += names
    return [above, below], merged


# ---------------------------------------------------------------- the layouts

LAYOUTS: list[Layout] = []
TEXT = ["", "tabel 1", "results"]  # a file of one table has no sheet


def layout(format, columns, header_row=1, sheets=TEXT, count=20, elsewhere=False):
    """Adds a layout: the function under it turns the header and the rows of `columns` into the file; its story is its text.

    `columns` are (header, roles, value): roles as 'granted amount', '-' for not used; value the name of a value of a
    project or what makes the cell of one.
    """

    def add(function):
        headers = [header for header, _, _ in columns]
        truth = tuple(
            Column(at, " ".join(header.replace(" | ", " ").split()), frozenset(roles.replace("-", "").split(" ")))
            for at, (header, roles, _) in enumerate(columns)
        )

        def data():
            listed = projects(function.__name__, count, elsewhere)
            return function(headers, [[_value(value)(p) for _, _, value in columns] for p in listed])

        story = " ".join(function.__doc__.split())
        LAYOUTS.append(Layout(function.__name__, story, format, data, frozenset(sheets), header_row, truth))
        return function

    return add


def blank(width):
    return [""] * width


@layout(
    "xlsx",
    [
        ("Zaaknummer", "key", "dossier"),
        ("Ontvanger", "-", "body"),
        ("Vestigingsplaats", "municipality -", "village"),
        ("Projectnaam", "title", "title"),
        ("Beleidsterrein", "theme", "field"),
        ("Regeling", "scheme -", "act"),
        ("Verleend bedrag", "granted", "granted"),
        ("Vastgesteld bedrag", "settled", "settled"),
        ("Datum besluit", "amount_date -", "decided"),
        ("Startdatum", "start", "start"),
        ("Einddatum", "end", "end"),
        ("Status", "status", "status"),
    ],
    header_row=5,
    sheets=["Subsidieregister"],
    count=35,
)
def provincial_register(headers, rows):
    """A province's register of grants: a title of three rows merged over the sheet, a total and two notes below."""
    width = len(headers)
    total = blank(width)
    total[0], total[6] = "Totaal", sum(row[6] for row in rows)
    grid = [
        ["Subsidieregister provincie Utrecht", *blank(width - 1)],
        ["Peildatum: 1 oktober 2007", *blank(width - 1)],
        ["Aan dit overzicht kunnen geen rechten worden ontleend", *blank(width - 1)],
        blank(width),
        headers,
        *rows,
        total,
        blank(width),
        ["* Bedragen zijn inclusief btw."],
        ["Bron: afdeling Subsidies"],
    ]
    return as_xlsx([("Subsidieregister", grid, [[r, 0, r, width - 1] for r in (0, 1, 2)])])


@layout(
    "xlsx",
    [
        ("Nr.", "key", "number"),
        ("Project", "title", "title"),
        ("Gemeente", "municipality", "municipality"),
        ("Thema", "theme", "theme"),
        ("Bedrag (x € 1.000) | gevraagd", "asked", thousands("asked")),
        ("Bedrag (x € 1.000) | verleend", "granted", thousands("granted")),
        ("Bedrag (x € 1.000) | vastgesteld", "settled", thousands("settled")),
        ("Periode | van", "start", lambda p: f"{p['start'].month}-{p['start'].year}"),
        ("Periode | t/m", "end", lambda p: f"eind {p['end'].year}"),
        ("Contactpersoon", "contact", "person"),
        ("Opmerkingen", "- remarks", "remark"),
    ],
    header_row=4,
    sheets=["Overzicht"],
    count=30,
)
def policy_officer(headers, rows):
    """A policy officer's own list: header in two rows, merged section rows and subtotals, the header again halfway."""
    width = len(headers)
    head, merged = two_rows(headers, at=3)
    grid = [["Projecten welzijn 2006-2007", *blank(width - 1)], ["versie 3 (concept)", *blank(width - 1)], blank(width)]
    grid += head
    for region, part in (("Eemland", rows[:10]), ("Utrecht-West", rows[10:20]), ("Utrecht-Zuidoost", rows[20:])):
        if region == "Utrecht-Zuidoost":
            again, more = two_rows(headers, at=len(grid))
            grid += again
            merged += more
        merged.append([len(grid), 0, len(grid), width - 1])
        grid.append([f"Regio {region}", *blank(width - 1)])
        grid += part
        grid.append(["", "Subtotaal", "", "", *[sum(row[c] or 0 for row in part) for c in (4, 5, 6)], *blank(4)])
    grid += [["", "Totaal", "", "", *[sum(row[c] or 0 for row in rows) for c in (4, 5, 6)], *blank(4)], blank(width)]
    grid.append(["NB: projecten zonder bedrag zijn nog niet beschikt", *blank(width - 1)])
    return as_xlsx([("Overzicht", grid, merged), ("Blad2", [["kladblok"], ["nog bellen"]], [])])


@layout(
    "csv",
    [
        ("DOSSIERNUMMER", "key", lambda p: f"SBA-{p['number']:06}"),
        ("AANVRAGER", "- contact", lambda p: p["body"] if p["number"] % 4 else "particulier"),
        ("PROJECT_NAAM", "title", "title"),
        ("REGELINGNAAM", "scheme -", "act"),
        ("ORGANISATIEONDERDEEL", "-", lambda p: "Stadsdeel " + "Noord Zuid West Oost".split()[p["number"] % 4]),
        ("BELEIDSTERREIN", "theme", "field"),
        ("SUBSIDIEJAAR", "- start", "year"),
        ("TYPE_PERIODICITEIT", "-", lambda p: "Eenmalig" if p["number"] % 3 else "Periodiek"),
        ("BEDRAG_AANGEVRAAGD", "asked", comma("asked")),
        ("BEDRAG_VERLEEND", "granted", comma("granted")),
        ("BEDRAG_VASTGESTELD", "settled", comma("settled")),
        ("DATUM_OVERZICHT", "- as_of amount_date", lambda p: "01-10-2007"),
    ],
    count=40,
)
def city_export(headers, rows):
    """A large city's open register as csv with semicolons in cp1252: headers in capitals, and no municipality at all."""
    return as_csv([headers, *rows], encoding="cp1252")


def _records(headers, rows):
    return [{header: (None if value == "" else value) for header, value in zip(headers, row)} for row in rows]


@layout(
    "json",
    [
        ("ID", "key", "number"),
        ("SUBSIDIENAAM", "title", "title"),
        ("SUBSIDIEONTVANGER", "-", "body"),
        ("CLUSTER", "- theme", lambda p: "Maatschappelijke Ontwikkeling"),
        ("PROGRAMMA", "scheme theme", "programme"),
        ("BEDRAG_AANVRAAG", "asked", "asked"),
        ("BEDRAG_BESCHIKT", "granted", "granted"),
        ("BEDRAG_VASTSTELLING", "settled", "settled"),
        ("STARTDATUM", "start", iso("start")),
        ("EINDDATUM", "end", iso("end")),
        ("STATUS_AANVRAAG", "status", "status"),
        ("GEBIED", "-", lambda p: "Feijenoord Delfshaven Kralingen".split()[p["number"] % 3]),
    ],
    count=25,
)
def city_records(headers, rows):
    """A large city's open register as a plain list of json records: amounts as numbers, nulls where nothing is settled."""
    return json.dumps(_records(headers, rows), ensure_ascii=False, indent=1).encode("utf-8")


@layout(
    "json",
    [
        ("zaakId", "key", "dossier"),
        ("aanvrager", "-", "body"),
        ("omschrijving", "title", "title"),
        ("gemeentenaam", "municipality", "municipality"),
        ("gemeentecode", "-", "code"),
        ("provincie", "-", lambda p: "Utrecht"),
        ("beleidsveld", "theme", "field"),
        ("bedragAangevraagd", "asked", "asked"),
        ("bedragVerleend", "granted", lambda p: p["granted"] if p["number"] % 4 else ""),
        ("subsidiabeleKosten", "-", "cost"),
        ("datumVan", "start", lambda p: str(p["start"])),
        ("datumTot", "end", lambda p: str(p["end"])),
        ("laatstGewijzigd", "- as_of", iso("received")),
    ],
    count=22,
)
def portal_results(headers, rows):
    """A data portal's json: the records under 'results', keys in camelCase, empty keys left out of a record."""
    kept = [{key: value for key, value in record.items() if value is not None} for record in _records(headers, rows)]
    return json.dumps({"total_count": len(kept), "results": kept}, ensure_ascii=False).encode("utf-8")


@layout(
    "xlsx",
    [
        ("  Naam begunstigde /\nBeneficiary name  ", "-", "body"),
        ("  Naam project /\nOperation name  ", "title", "title"),
        (
            "Samenvatting /\nOperation summary",
            "- remarks",
            lambda p: f"Het project richt zich op {p['theme'].lower()} in {p['municipality']} en omgeving.",
        ),
        ("Startdatum /\nOperation start date ", "start", "start"),
        ("Einddatum /\nOperation end date ", "end", "end"),
        ("Totale subsidiabele uitgaven /\nTotal eligible expenditure", "-", "cost"),
        ("EU-bijdrage /\nUnion contribution", "granted", "granted"),
        ("Medefinancieringspercentage /\nUnion co-financing rate", "-", "share"),
        ("Postcode /\nOperation postcode", "- contact", "postcode"),
        ("Gemeente /\nMunicipality", "municipality", "municipality"),
        ("Land /\nCountry", "-", lambda p: "Nederland"),
        ("Steunverleningscategorie /\nCategory of intervention", "theme -", lambda p: f"{p['score']:03}. {p['field']}"),
        ("Laatste bijwerking /\nLast update", "- as_of", lambda p: dt.date(2007, 10, 1)),
    ],
    header_row=3,
    sheets=["Begunstigden"],
    elsewhere=True,
    count=28,
)
def efro_beneficiaries(headers, rows):
    """The list of beneficiaries that the EU asks for: every header in two languages, padded, costs next to the grant."""
    title = ["Lijst van concrete acties / List of operations EFRO Kansen voor West"]
    return as_xlsx([("Begunstigden", [title, [], headers, *rows], [])])


@layout(
    "csv",
    [
        ("Projectnummer  ", "key", lambda p: f"2007ESFN{p['number']:03}"),
        ("Naam aanvrager  ", "-", "body"),
        ("Plaats  ", "municipality", "municipality"),
        ("Titel project  ", "title", "title"),
        ("Tijdvak  ", "round -", "round"),
        ("Actie  ", "theme -", lambda p: "Actie " + "ABCD"[p["number"] % 4]),
        ("Begindatum project", "start", day("start")),
        ("Einddatum project", "end", day("end")),
        ("Aangevraagde ESF-subsidie", "asked", euro("asked")),
        ("Verleende ESF-subsidie", "granted", euro("granted")),
        ("Totale projectkosten", "-", euro("cost")),
        ("Aantal deelnemers", "target -", "aim"),
    ],
    elsewhere=True,
    count=30,
)
def esf_projects(headers, rows):
    """A ministry agency's list of ESF projects: csv with commas, every cell quoted, a byte order mark, padded headers."""
    return as_csv([headers, *rows], delimiter=",", encoding="utf-8-sig", quoting=csv.QUOTE_ALL)


@layout(
    "ods",
    [
        ("Nr", "key", lambda p: f"W{p['number']:02}"),
        ("Gemeente(n)", "municipality", lambda p: p["municipality"] + (" / Zeist" if p["number"] % 5 == 0 else "")),
        ("Naam project", "title", "title"),
        ("Prestatieveld", "theme", "pv"),
        ("Trekker", "contact", "person"),
        ("Begin", "start", "start"),
        ("Eind", "end", "end"),
        ("Stand van zaken", "status", "status"),
        ("Streefgetal", "target", "aim"),
        ("Eenheid", "target_unit", "unit"),
        ("Uren", "hours", "hours"),
        ("Bijdrage provincie", "granted", "granted"),
        ("Bijdrage gemeente", "-", "own"),
        ("Goed voorbeeld, omdat", "good_example", lambda p: "breed draagvlak" if p["number"] % 6 == 0 else ""),
    ],
    header_row=2,
    sheets=["Projecten Wmo"],
    count=18,
)
def wmo_programme(headers, rows):
    """A programme's project list in ods: several municipalities in a cell, and one column 'Bijdrage gemeente' of money."""
    title = ["Programma Wmo - projecten per 1-10-2007", *blank(len(headers) - 1)]
    return as_ods([title, headers, *rows], name="Projecten Wmo")


@layout(
    "docx",
    [
        ("Code", "key", lambda p: f"PT-{p['number']}"),
        ("Projectnaam", "title", "title"),
        ("Organisatie", "-", "body"),
        ("Werkgebied (gemeente)", "municipality", "municipality"),
        ("Looptijd | van", "start", day("start")),
        ("Looptijd | tot", "end", day("end")),
        ("Subsidie | gevraagd", "asked", dashed("asked")),
        ("Subsidie | verleend", "granted", dashed("granted")),
        ("Fase", "status", "status"),
        ("E-mail", "contact", "mail"),
    ],
    sheets=["tabel 2"],
    count=12,
)
def pilots_letter(headers, rows):
    """An annex of a letter to parliament in Word: a small legend table first, then the pilots under a two-row header."""
    head, merged = two_rows(headers)
    legend = [["Code", "Betekenis"], ["PT", "proeftuin"], ["SP", "startproject"]]
    return as_docx(["Bijlage 2: overzicht van de proeftuinen"], [(legend, []), ([*head, *rows], merged)])


@layout(
    "html",
    [
        ("Kenmerk", "key", "dossier"),
        ("Aanvrager", "-", "body"),
        ("Naam activiteit", "title", "title"),
        ("Gemeente", "municipality", "municipality"),
        ("Bedrag in euro's | Aangevraagd", "asked", dotted("asked")),
        ("Bedrag in euro's | Geadviseerd", "-", dotted("advance")),
        ("Bedrag in euro's | Beschikt", "granted", dotted("granted")),
        ("Besluit", "status", lambda p: "toegekend" if p["granted"] else "afgewezen"),
    ],
    count=16,
)
def council_page(headers, rows):
    """A page for the council: a header in two rows with cells across and down, an advised amount between the others."""
    head, merged = two_rows(headers)
    total = ["Totaal", "", "", "", *blank(2), dotted("sum")({"sum": sum(int(r[6].replace(".", "")) for r in rows)}), ""]
    return as_html("Subsidies sociaal domein", [([*head, *rows, total], merged, 2)])


@layout(
    "html",
    [
        ("Project", "title", "title"),
        ("Organisatie", "-", "body"),
        ("Plaats", "municipality", "village"),
        ("Thema", "theme", "theme"),
        ("Toegekende bijdrage", "granted", euro("granted")),
        ("Jaar", "- start", "year"),
        ("Meer informatie", "- contact remarks", lambda p: "www.voorbeeld.nl"),
    ],
    sheets=["", "tabel 2"],
    count=15,
)
def fund_page(headers, rows):
    """A fund's web page in windows-1252: the menu is a table too, the place is a village and not a municipality."""
    menu = [["Home", "Aanvragen", "Projecten", "Contact"]]
    return as_html("Gehonoreerde projecten", [(menu, [], 0), ([headers, *rows], [], 1)], encoding="windows-1252")


@layout(
    "tsv",
    [
        ("ZAAKNR", "key", "dossier"),
        ("OMSCHR", "title", "title"),
        ("NAAM_RELATIE", "-", "body"),
        ("GEMEENTE", "municipality", lambda p: p["municipality"].upper()),
        ("PROGR", "scheme theme", "programme"),
        ("BEDR_AANGEVR", "asked", comma("asked")),
        ("BEDR_TOEGEK", "granted", comma("granted")),
        ("BEDR_UITBET", "-", comma("advance")),
        ("DAT_BESCHIKKING", "amount_date -", day("decided")),
        ("BEGINDAT", "start", day("start")),
        ("EINDDAT", "end", day("end")),
        ("BEHANDELAAR", "contact", "person"),
        ("STATUS", "status", lambda p: p["status"].upper()),
    ],
    count=33,
)
def ledger_export(headers, rows):
    """An export of a financial system, saved as 'Unicode text' (UTF-16 with tabs): names cut short, all in capitals."""
    return as_csv([headers, *rows], delimiter="\t", encoding="utf-16")


@layout(
    "xls",
    [
        ("Instelling", "-", "body"),
        ("Activiteit", "title", "title"),
        ("Wijk / kern", "- municipality", "village"),
        ("Beleidsveld", "theme", "field"),
        ("Vastgesteld 2006", "settled -", "settled"),
        ("Aangevraagd 2007", "asked", "asked"),
        ("Toegekend 2007", "granted", "granted"),
        ("Verschil", "-", lambda p: p["granted"] - p["asked"]),
        ("Toelichting", "- remarks", "remark"),
    ],
    header_row=3,
    sheets=["Welzijn 2007"],
    count=24,
)
def subsidy_plan(headers, rows):
    """A municipal subsidy plan in old Excel: a year in every header of an amount, a column of differences, negative too."""
    total = ["Totaal welzijn", "", "", "", "", sum(row[5] for row in rows), sum(row[6] for row in rows), "", ""]
    title = ["Subsidieplan 2007 - bijlage A", *blank(8)]
    return as_xls("Welzijn 2007", [title, blank(9), headers, *rows, total])


@layout(
    "xlsx",
    [
        ("Dossiernr.", "key", "dossier"),
        ("Datum ontvangst", "- amount_date", "received"),
        ("Aanvrager", "-", "body"),
        ("Rechtsvorm", "-", "legal"),
        ("Adres", "- contact", "address"),
        ("Postcode", "- contact", "postcode"),
        ("Vestigingsplaats", "-", "village"),
        ("KvK-nummer", "-", "kvk"),
        ("Projecttitel", "title", "title"),
        ("Gemeente", "municipality", "municipality"),
        ("Thema", "theme", "theme"),
        ("Programma", "scheme", "programme"),
        ("Ronde", "round", "round"),
        ("", "-", lambda p: ""),
        ("Totale kosten", "-", "cost"),
        ("Aangevraagd bedrag", "asked", "asked"),
        ("Cofinanciering", "-", "own"),
        ("Beschikt", "granted", "granted"),
        ("Voorschot", "-", "advance"),
        ("Vastgesteld", "settled", "settled"),
        ("Status", "status", "status"),
        ("Contactpersoon", "contact", "person"),
        ("Telefoon", "contact", "phone"),
        ("E-mail", "contact", "mail"),
        ("Opmerkingen", "- remarks", "remark"),
    ],
    sheets=["Gegevens"],
    count=40,
)
def grants_desk(headers, rows):
    """A grants desk's workbook: a pivot table first, the data of 25 columns on the second, a hidden third sheet."""
    sums = {}
    for row in rows:
        sums[row[9]] = sums.get(row[9], 0) + row[17]
    pivot = [["Som van Beschikt", ""], ["Gemeente", "Totaal"], *map(list, sorted(sums.items()))]
    pivot.append(["Eindtotaal", sum(sums.values())])
    choices = [["Thema", "Status"], *map(list, zip(THEMES, STATES))]
    sheets = [("Draaitabel", pivot, []), ("Gegevens", [headers, *rows], []), ("Keuzelijsten", choices, [])]
    return as_xlsx(sheets, hidden=["Keuzelijsten"])


@layout(
    "csv",
    [
        ("Project ID", "key", lambda p: f"NWE-{p['number']:03}"),
        ("Project title", "title", "title"),
        ("Lead partner", "-", "body"),
        ("Municipality", "municipality", "municipality"),
        ("Priority / theme", "theme", "theme"),
        ("Total budget (EUR)", "-", "cost"),
        ("Grant requested (EUR)", "asked", "asked"),
        ("Grant awarded (EUR)", "granted", "granted"),
        ("Start date", "start", lambda p: str(p["start"])),
        ("End date", "end", lambda p: str(p["end"])),
        ("Project status", "status", lambda p: {"loopt": "ongoing", "afgerond": "closed"}.get(p["status"], "approved")),
        ("Contact person", "contact", "person"),
        ("E-mail address", "contact", "mail"),
    ],
    elsewhere=True,
    count=26,
)
def european_list(headers, rows):
    """A European programme's list in English: csv with commas, ISO dates, the whole budget before the grant."""
    return as_csv([headers, *rows], delimiter=",")


@layout(
    "xlsx",
    [
        ("Boekdatum", "amount_date", "decided"),
        ("Volgnr.", "key", "number"),
        ("Project", "title", "title"),
        ("Gemeente", "municipality", "municipality"),
        ("Soort", "kind", lambda p: ["gevraagd", "toegekend", "afgerekend"][p["number"] % 3]),
        ("Bedrag", "amount", "asked"),
        ("Saldo", "-", lambda p: 500_000 - p["number"] * 7_500),
        ("Hoort bij", "merges_with", lambda p: p["number"] - 1 if p["number"] % 3 == 2 else ""),
        ("Geboekt door", "contact", "person"),
    ],
    header_row=3,
    sheets=["Boekingen"],
    count=30,
)
def credit_bookings(headers, rows):
    """The bookings on a credit: one column of amounts of three kinds, named in another column, and a running balance."""
    title = ["Projectenkrediet 2007", *blank(8)]
    return as_xlsx([("Boekingen", [title, blank(9), headers, *rows], [])])


@layout(
    "xlsx",
    [
        ("Nr.", "key", "number"),
        ("Gemeente", "municipality", "municipality"),
        ("Ronde", "round", "round"),
        ("Gesprek", "talk", "received"),
        ("Offerte", "quotation", "decided"),
        ("Akkoord | Provincie", "approval approval_1", "start"),
        ("Akkoord | Gemeente", "approval approval_2", lambda p: p["start"] + dt.timedelta(7) if p["round"] < 3 else ""),
        ("Plan | Naam", "title", "title"),
        ("Plan | Thema", "theme", "theme"),
        ("Plan | Uren", "hours", lambda p: f"{text_of(p['hours'])} uur"),
        ("Contact gemeente | Naam", "contact", "person"),
        ("Contact gemeente | Telefoon", "contact", "phone"),
        ("Contact gemeente | E-mail", "contact", "mail"),
    ],
    header_row=2,
    sheets=["Stand"],
    count=26,
)
def talks_with_municipalities(headers, rows):
    """Talks with municipalities per round: groups over two rows, and dates and contacts under headers with 'gemeente'."""
    head, merged = two_rows(headers, at=1)
    return as_xlsx([("Stand", [["Stand per 9 oktober"], *head, *rows], merged)])


@layout(
    "csv",
    [
        ("Jaar", "- start amount_date", "year"),
        ("Artikel", "-", lambda p: f"{p['round']}.{p['round'] + 1}"),
        ("Regeling", "scheme -", "act"),
        ("Ontvanger", "municipality", lambda p: f"Gemeente {p['municipality']}"),
        ("Omschrijving", "title", "title"),
        ("Bedrag x € 1.000", "granted amount", thousands("asked")),
        ("Instrument", "- kind", lambda p: "Subsidie"),
    ],
    header_row=2,
    elsewhere=True,
    count=32,
)
def central_government(headers, rows):
    """What a ministry paid municipalities: a line 'sep=;' first, recipients 'Gemeente Ede', one amount in thousands."""
    return as_csv([headers, *rows], encoding="cp1252", before="sep=;\r\n")


@layout(
    "ods",
    [
        ("", "-", lambda p: ""),
        ("Initiatief", "title", "title"),
        ("Dorp", "-", "village"),
        ("Gemeente", "municipality", "municipality"),
        ("Gevraagd", "asked", euro("asked")),
        ("Toegekend", "granted", euro("granted")),
        ("Uitgekeerd", "- settled", euro("advance")),
        ("Tranche", "round -", lambda p: f"tranche {p['round']}"),
        ("Website", "- contact", lambda p: "www.voorbeeld.nl"),
        ("Toelichting", "- remarks", "remark"),
    ],
    header_row=4,
    sheets=["Kleine kernen"],
    count=14,
)
def small_villages(headers, rows):
    """A fund for small villages in ods: an empty first column and first row, amounts as text, a date of its own above."""
    title = ["", "Leefbaarheidsfonds kleine kernen", *blank(8)]
    note = ["", "* onder voorbehoud", *blank(8)]
    rows = [blank(10), title, ["", "d.d. 1-10-2007", *blank(8)], headers, *rows, note]
    return as_ods(rows, name="Kleine kernen")


@layout(
    "csv",
    [
        ("Rangorde", "-", "number"),
        ("Aanvraagnr.", "key", lambda p: f"A{p['dossier'][-4:]}{p['number']:02}"),
        ("Naam\nactiviteit *", "title", "title"),
        ("Uitvoerende\norganisatie", "-", "body"),
        ("Gemeente **", "municipality", "municipality"),
        ("Subsidie-\nplafond", "-", lambda p: "€ 500.000"),
        ("Gevraagde\nsubsidie", "asked", dashed("asked")),
        ("Subsidie\ntoegekend", "granted", dashed("granted")),
        ("Uren\n(begroot)", "hours", "hours"),
        ("Score\n(max. 100)", "-", "score"),
        ("Beleidsthema", "theme", "theme"),
        ("Advies\ncommissie", "- remarks status", lambda p: "positief" if p["score"] > 55 else "negatief"),
    ],
    header_row=2,
    count=20,
)
def ranking(headers, rows):
    """A ranked tender as csv: a title line, line breaks and footnote marks in the headers, a ceiling that is no grant."""
    title = ["Rangschikking tender vrijwillige inzet 2007", *blank(11)]
    return as_csv([title, headers, *rows, ["* zoals opgegeven door de aanvrager", *blank(11)]])
