"""Write the example deliveries: one list per programme, in the format and mess such an office would send.

python tests/make_example_lists.py [TARGET_DIR]      (default: data/raw of this clone)

Everything here is invented; names and addresses of contacts are visibly so (example.org). The bytes are the
same on any machine: zip members are stored, not compressed, with fixed times. docs/example_lists.md tells the
story of each list and where its faults are planted. In xlsx and ods an ISO date becomes a real date cell.
"""

import csv
import datetime as dt
import hashlib
import io
import json
import random
import re
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import xlsxwriter

ROOT = Path(__file__).resolve().parent.parent
AUTUMN_2006, AUTUMN_2007 = "2006-11-01", "2007-10-01"
SEED = 20071001
NOW = dt.datetime(2007, 10, 1, 9, 0, 0)
OWNER = "voorbeeld, verzonnen"
ISO = re.compile(r"\d{4}-\d\d-\d\d")
PEOPLE = ["A. Voorbeeld", "B. Verzonnen", "C. Proef", "D. Fictief", "E. Bedacht"]


def contact(rng):
    """An invented person: name, phone, mail."""
    name = rng.choice(PEOPLE)
    return [name, "000-0000000", name.lower().replace(". ", ".") + "@example.org"]


# ------------------------------------------------------------------ Burgers Betrekken
# round, municipality, talk, quotation, approvals (province, municipality, Alleato), second contact,
# plan, theme, start, end, hours (a number, "" = not listed, None = drawn from the seed)
NO = ["", "", ""]
BB = [
    (1, "Utrecht-West", "2006-07-04", "2006-08-29", ["2006-09-26", "2006-10-10", "17 okt. 2006"], "",
     "Ondersteuning invoering WMO Utrecht-West", "Algemeen: ondersteuning invoering WMO", "1 dec. 2006",
     "eind 2007", 150),
    (1, "Amersfoort", "2006-07-11", "2006-10-20", ["2006-12-05", "2006-12-12", "2006-12-14"], "",
     "Mantelzorgers in beeld", "Mantelzorg", "2 jan. 2007", "eind 2007", 150),
    (1, "Bunnik", "2006-08-29", "", NO, "2007-09-24", "", "", "", "", ""),
    (1, "Nieuwegein", "2006-07-18", "27 okt. 2006", ["2006-12-12", "2006-12-19", "2006-12-20"], "",
     "Wijkgericht werken aan de Wmo", "Sociale cohesie; Burgerparticipatie en sociale cohesie", "15-01-2007",
     "31-12-2007", None),
    (1, "Zeist", "2006-08-22", "2007-01-30", ["2007-03-13", "2007-03-20", "2007-03-22"], "",
     "Vrijwilligers vinden en binden", "Vrijwilligers", "Q2 2007", "eind 2007", None),
    (2, "Baarn", "2006-09-19", "2006-12-12", ["2007-01-16", "2007-01-23", "2007-01-25"], "",
     "Zelf doen, samen doen", "Zelfredzaamheid", "1 feb. 2007", "31-12-2007", None),
    (2, "Bunschoten", "2006-10-03", "", NO, "", "", "", "", "", ""),
    (2, "De Bilt", "2006-09-26", "2006-12-19", ["2007-01-30", "2007-02-06", "2007-02-08"], "",
     "Eén loket, veel gezichten", "Zelfredzaamheid; Informatie-/zorgloket", "12-02-2007", "Q4 2007", None),
    (2, "Houten", "12-10-2006", "2007-02-13", ["2007-04-10", "2007-04-17", "2007-04-20"], "",
     "Vrijwillig dichtbij", "Vrijwilligers- en mantelzorg", "1 mei 2007", "eind 2007", None),
    (2, "Leusden", "2006-10-10", "2007-01-09", ["2007-02-13", "2007-02-20", "2007-02-22"], "",
     "Buurt aan zet", "Sociale cohesie", "maart 2007", "dec. 2007", None),
    (2, "Soest", "2006-10-17", "2007-01-16", ["2007-02-20", "2007-02-27", "1 mrt. 2007"], "",
     "Wmo-werkplaats", "Algemeen", "05-03-2007", "eind 2007", None),
    (2, "Veenendaal", "2006-10-24", "2007-01-23", ["2007-03-06", "2007-03-13", "2007-03-15"], "",
     "Samen sterk in de straat", "Sociale cohesie", "tweede kwartaal 2007", "eind 2007", 150),
    (3, "Eemnes", "2007-02-13", "", NO, "", "", "", "", "", ""),
    (3, "IJsselstein", "2007-01-23", "2007-03-27", ["2007-05-15", "2007-05-22", "2007-05-24"], "",
     "Beleidsplan Wmo samen met burgers", "Algemeen; Beleidsplan WMO", "1 juni 2007", "31-12-2007", ""),
    (3, "Maarssen", "2007-01-30", "2007-04-03", ["2007-05-22", "2007-05-29", "2007-05-31"], "",
     "Ouderen doen mee", "Zelfredzaamheid", "11-06-2007", "eind 2007", None),
    (3, "Renswoude", "2007-03-06", "", NO, "", "", "", "", "", ""),
    (3, "Rhenen", "2007-02-20", "2007-05-24", ["2007-06-12", "", "2007-06-15"], "2007-09-26", "", "", "", "",
     ""),
    (3, "Utrecht", "2007-01-16", "2007-03-20", ["2007-05-08", "2007-05-15", "2007-05-16"], "",
     "Mantelzorg in de grote stad", "Mantelzorg; Vrijwilligers", "01-06-2007", "eind 2007", 162),
    (3, "Utrechtse Heuvelrug", "2007-01-09", "2007-02-27", ["2007-04-03", "2007-04-10", "2007-04-12"], "",
     "Zeven dorpen, één Wmo", "Algemeen", "medio 2007", "eind 2007", None),
    (3, "Vianen", "2007-03-13", "", NO, "", "", "", "", "", ""),
    (3, "Wijk bij Duurstede", "2007-03-20", "", NO, "28 sept. 2007", "", "", "", "", ""),
    (3, "Woudenberg", "2007-02-06", "2007-04-17", ["2007-06-05", "2007-06-12", "2007-06-14"], "",
     "Dorpsgesprekken", "Sociale cohesie", "derde kwartaal 2007", "vierde kwartaal 2007", None),
]  # fmt: skip
BB_HEADER = [  # upper text, lower texts
    ("Nr.", []),
    ("Gemeente", []),
    ("Ronde", []),
    ("Gesprek", []),
    ("Offerte", []),
    ("Akkoord", ["Provincie", "Gemeente", "Alleato"]),
    ("Tweede contact", []),
    ("Plan van Aanpak", ["Naam plan", "Thema", "Start", "Einde", "Uren"]),
    ("Contactpersoon gemeente", ["Naam", "Telefoon", "E-mail"]),
    ("Opmerkingen", []),
]


def burgers_betrekken(delivery):
    """xlsx: title rows, a two-row header with merged cells, Utrecht-West as one row for eight."""
    early = delivery == AUTUMN_2006
    rng = random.Random(SEED)
    buffer, book, style = _workbook("Burgers Betrekken")
    sheet = book.add_worksheet("Overzicht")
    sheet.merge_range(0, 0, 0, 8, "Project Burgers Betrekken: overzicht per gemeente", style["title"])
    seen = "1 november 2006" if early else "1 oktober 2007"
    sheet.write_string(1, 0, f"Stand per {seen}. Ondersteuning: maximaal 150 uur adviseur Alleato per project.")
    column = 0
    for upper, lower in BB_HEADER:
        if lower:
            sheet.merge_range(3, column, 3, column + len(lower) - 1, upper, style["head"])
            for offset, text in enumerate(lower):
                sheet.write_string(4, column + offset, text, style["head"])
        else:
            sheet.merge_range(3, column, 4, column, upper, style["head"])
        column += len(lower) or 1
    for number, listed in enumerate(BB, 1):
        round_, place, talk, quotation, approvals, second, plan, theme, start, end, hours = listed
        hours = rng.randrange(60, 146, 5) if hours is None else hours
        note = "Eén project, namens acht gemeenten" if place == "Utrecht-West" else ""
        if early:
            talk, quotation = (
                (talk if round_ < 3 else ""),
                (quotation if place in {"Utrecht-West", "Amersfoort", "Nieuwegein"} else ""),
            )
            second, start, end = "", "", ""
            if place != "Utrecht-West":
                approvals, plan, theme, hours = NO, "", "", ""
        row = [
            f"BB-{number:02}",
            place,
            round_,
            talk,
            quotation,
            *approvals,
            second,
            plan,
            theme,
            start,
            end,
            hours,
        ]
        _write_row(sheet, style, 4 + number, [*row, *contact(rng), note])
    sheet.write_string(6 + len(BB), 0, "Toelichting: het plan gaat van start na akkoord van alle drie de partijen.")
    sheet.set_column(1, 1, 22)
    sheet.set_column(3, 8, 13)
    sheet.set_column(9, 10, 38)
    book.close()
    return _stored(buffer.getvalue())


# ------------------------------------------------------------------ Lokaal Centraal
LC = {  # sheet: municipality, project, begin, end, state, client organisation
    "Utrecht-West": [
        ("Woerden", "Wmo-raad: cliënten aan tafel", "medio 2006", "eind 2008", "loopt", "Cliëntenraad"),
        ("Abcoude en De Ronde Venen", "Cliëntenplatform in twee gemeenten", "2007-02-01", "eind 2007",
         "loopt", "Platform gehandicapten"),
    ],
    "Eemland": [
        ("Amersvoort", "Seniorenraad in gesprek met de gemeente", "2006-09-01", "2008-12-31", "loopt",
         "Seniorenraad"),
    ],
    "BRU": [
        ("Bilthoven", "Gebruikerspanel Wmo-loket", "1 jan. 2007", "Q4 2007", "loopt", "Gebruikersraad"),
        ("Houten, Nieuwegein en IJsselstein", "Scholing cliëntvertegenwoordigers", "31-02-2007", "eind 2007",
         "loopt", "Regionaal cliëntenplatform"),
    ],
    "Overig": [
        ("Wijk bij Duurstede", "Wmo-platform: opstart", "medio 2006", "30-06-2007", "afgerond",
         "Wmo-platform"),
    ],
}  # fmt: skip


def lokaal_centraal():
    """xlsx: a sheet per region, no key column, no theme column."""
    rng = random.Random(SEED + 1)
    buffer, book, style = _workbook("Lokaal Centraal")
    for region, rows in LC.items():
        sheet = book.add_worksheet(region)
        sheet.write_string(0, 0, f"Lokaal Centraal 2006 t/m 2008, {region}", style["title"])
        header = ["Gemeente", "Project", "Begin", "Eind", "Stand", "Cliëntenorganisatie"]
        for column, text in enumerate([*header, "Contactpersoon", "Telefoon", "E-mail"]):
            sheet.write_string(2, column, text, style["head"])
        for number, row in enumerate(rows, 3):
            _write_row(sheet, style, number, [*row, *contact(rng)])
        sheet.set_column(0, 5, 24)
    book.close()
    return _stored(buffer.getvalue())


# ------------------------------------------------------------------ Wel Thuis!
WT = [  # number, project, municipality, theme, status, start, end, asked, granted, remark
    ("WT-01", "Wonen met zorg in de dorpskern", "Doorn", "Wonen, welzijn en zorg", "loopt", "01-09-2006",
     "eind 2007", "€ 15.000,00", "€ 12.500,00", "coöperatie van bewoners"),
    ("WT-02", "Zelfstandig thuis met domotica", "Zeist", "Zelfredzaamheid", "loopt", "eerste kwartaal 2007",
     "30-06-2008", "12,5 k", "€ 10.000,00", ""),
    ("WT-03", "Boodschappendienst aan huis", "Baarn, Soest en Leusden", "Wonen, welzijn en zorg", "loopt",
     "1 jan. 2007", "31-12-2008", "€ 25.000,00", "PM", "cofinanciering volgt"),
    ("WT-04", "Welzijn op recept", "Nieuwegein", "Wonen, welzijn en zorg", "loopt", "01-03-2070", "eind 2008",
     "€ 750,00", "500,-", ""),
    ("WT-05", "Woonservicezone: verkenning", "Veenendal", "Wonen, welzijn en zorg", "loopt", "30-11-2006",
     "eind 2007", "12.5", "€ 9.000,00", "bedrag navragen"),
    ("WT-06", "Klussendienst voor ouderen", "Bunnik", "Zelfredzaamheid", "afgewezen", "", "", "€ 8.000,00",
     "", "past niet in de regeling"),
]  # fmt: skip


def wel_thuis():
    """csv in cp1252 with semicolons; amounts in every notation that an office uses."""
    rng = random.Random(SEED + 2)
    header = [
        "Nr.",
        "Project",
        "Gemeente",
        "Thema",
        "Status",
        "Startdatum",
        "Einddatum",
        "Gevraagd",
        "Toegekend",
    ]
    rows = [[*header, "Opmerking", "Contactpersoon", "Telefoon", "E-mail"]]
    return _csv(rows + [[*row, *contact(rng)] for row in WT], ";").encode("cp1252")


# ------------------------------------------------------------------ Sociale Agenda
SA = [  # number, project, municipality, themes, state, begin, end, good example
    ("SA-01", "Buren voor buren", "Amersfoort", "Sociale cohesie; Mantelzorg", "afgerond", "2006-09-01",
     "2007-06-30", ""),
    ("SA-02", "Respijtzorg dichtbij", "Utrecht", "Mantelzorg; Zelfredzaamheid van burgers", "loopt",
     "medio 2006", "eind 2007", "Mantelzorgers beslissen mee; de aanpak is elders zo over te nemen"),
    ("SA-03", "Ontmoeting in de wijk", "Rhenen", "Sociale cohesie", "loopt", "2007-02-01", "2007-12-31", ""),
    ("SA-04", "Eén gezin, één plan", "IJsselstein", "Samenhang jeugdbeleid - jeugdzorg", "loopt", "Q4 2006",
     "eind 2008", ""),
    ("SA-05", "Waardering voor vrijwilligers", "alle gemeenten",
     "Vrijwilligers- en mantelzorg; Maatschappelijk betrokken ondernemen", "loopt", "2007-01-01", 2008, ""),
    ("SA-06", "Uitwisseling buurtbemiddeling", "Baarn en Ede", "Sociale cohesie", "loopt", "maart 2007",
     "eind 2007", ""),
]  # fmt: skip


def sociale_agenda():
    """ods, written by hand: several themes in a cell, real date cells, a year as a number."""
    rng = random.Random(SEED + 3)
    header = [
        "Nummer",
        "Project",
        "Gemeente(n)",
        "Thema('s)",
        "Stand",
        "Begin",
        "Einde",
        "Goed voorbeeld, omdat",
    ]
    rows = [[*header, "Projectleider", "Telefoon", "E-mail"]] + [[*row, *contact(rng)] for row in SA]
    office = "urn:oasis:names:tc:opendocument:xmlns"

    def cell(value):
        if value == "":
            return "<table:table-cell/>"
        kind = 'office:value-type="string"'
        if isinstance(value, int):
            kind = f'office:value-type="float" office:value="{value}"'
        elif ISO.fullmatch(value):
            kind = f'office:value-type="date" office:date-value="{value}"'
            value = "-".join(reversed(value.split("-")))
        return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"

    width = len(rows[0])
    title = f'<table:table-cell office:value-type="string" table:number-columns-spanned="{width}">'
    title += "<text:p>Sociale Agenda: projecten thema WMO</text:p></table:table-cell>"
    title += f'<table:covered-table-cell table:number-columns-repeated="{width - 1}"/>'
    lines = [title] + ["".join(cell(value) for value in row) for row in rows]
    body = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Projecten">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return _zip([("mimetype", mimetype), ("content.xml", content), ("META-INF/manifest.xml", manifest)])


# ------------------------------------------------------------------ Nieuw Wonen
NW = [  # project, municipality, theme, state, start, end, good example, explanation
    ("Thuis in de wijk:\nlevensloopbestendig verbouwen", "Nieuwegein", "levensloopbestendige wijk", "loopt",
     "01-10-2006", "2008", "Bewoners, corporatie en zorg tekenden samen,\nvoor het eerst",
     "Fase 1: ontwerp;\nfase 2: bouw"),
    ("Woonzorgzone in twee kernen", "Bunnik en\nHouten", "Wonen, welzijn en zorg", "loopt", "Q2 2007",
     "eind 2008", "", "Zie \"plan van eisen\",\nbijlage 2"),
    ("Ontmoetingshuis aan het plein", "Eemnes", "levensloopbestendige wijk", "gepland", "begin 2008",
     "eind 2008", "", ""),
]  # fmt: skip


def nieuw_wonen():
    """csv in utf-8 with a BOM, commas, line breaks inside quoted cells."""
    rng = random.Random(SEED + 4)
    header = ["Project", "Gemeente", "Thema", "Stand", "Start", "Oplevering", "Goed voorbeeld", "Toelichting"]
    rows = [[*header, "Contactpersoon", "Telefoon", "E-mail"]]
    return _csv(rows + [[*row, *contact(rng)] for row in NW], ",").encode("utf-8-sig")


# ------------------------------------------------------------------ Alleato
AL = [  # number, project, municipality, theme, begin, end, state, contribution, see also
    ("AL-01", "Vrijwilligerspunt nieuwe stijl", "Bunschoten en Eemnes", "Vrijwilligerswerk", "oktober 2006",
     "eind 2007", "loopt", "€ 7.500,00", ""),
    ("AL-02", "Maatschappelijke stage op maat", "Zeist en De Bilt", "Maatschappelijk betrokken ondernemen",
     "medio 2006", "30-06-2007", "afgerond", None, ""),
    ("Nieuw in 2007",),
    ("AL-03", "Ontmoeting in de wijk", "Rhenen", "Sociale cohesie", "1 februari 2007", "30-06-2008", "loopt",
     "n.v.t.", "S4-SA-03"),
    ("AL-04", "Sport verbindt", "Soest", "Sport en bewegen", "2007", None, "loopt", "€ 2.500,00", ""),
    ("AL-05", "Digitaal prikbord voor mantelzorgers", "Utrechtse Heuvelrug", "Mantelzorg", "januari 2007", "",
     "ingetrokken", "", ""),
]  # fmt: skip


def alleato():
    """docx: a table with merged cells in header and body (None: merged with the cell above or left of it)."""
    rng = random.Random(SEED + 5)
    document = docx.Document()
    _slim(document)
    about = document.core_properties
    about.author = about.last_modified_by = OWNER
    about.title, about.language, about.comments = "Alleato", "nl-NL", ""
    about.created = about.modified = NOW
    document.add_heading("Projecten met ondersteuning van Alleato", level=1)
    document.add_paragraph("Stand per 1 oktober 2007. De bijdrage is de provinciale bijdrage.")
    header = ["Nr.", "Project", "Gemeente", "Thema", "Periode", None, "Stand", "Bijdrage", "Zie ook"]
    header += ["Contactpersoon", "E-mail"]
    table = document.add_table(rows=2 + len(AL), cols=len(header))
    table.style = "Table Grid"
    for column, text in enumerate(header):
        if text == "Periode":
            table.cell(0, column).merge(table.cell(0, column + 1)).text = text
            table.cell(1, column).text, table.cell(1, column + 1).text = "Begin", "Einde"
        elif text:
            table.cell(0, column).merge(table.cell(1, column)).text = text
    for number, row in enumerate(AL, 2):
        if len(row) == 1:
            table.cell(number, 0).merge(table.cell(number, len(header) - 1)).text = row[0]
            continue
        name, _, mail = contact(rng)
        for column, text in enumerate([*row, name, mail]):
            if text is None and column == 7:
                table.cell(number - 1, column).merge(table.cell(number, column)).text = AL[number - 3][column]
            elif text is None:
                table.cell(number, column - 1).merge(table.cell(number, column)).text = row[column - 1]
            else:
                table.cell(number, column).text = text
    document.add_paragraph("De lijst wordt elk half jaar bijgewerkt.")
    buffer = io.BytesIO()
    document.save(buffer)
    return _stored(buffer.getvalue())


def _slim(document):
    """Drop the styles and parts of python-docx's template that the list does not use: 800 kB of them."""
    used = {"Normal", "Heading 1", "Default Paragraph Font", "Normal Table", "No List", "Table Grid"}
    for style in list(document.styles):
        if style.name not in used:
            style.element.getparent().remove(style.element)
    for rels in (document.part.rels, document.part.package.rels):
        for number in [n for n, rel in rels.items() if rel.reltype.endswith(("/stylesWithEffects", "/thumbnail"))]:
            del rels[number]


# ------------------------------------------------------------------ the flexible credit
KR = [  # number, project, municipality, theme, status, start, end, belongs to, bookings (kind, euro, date)
    ("KR-01", "Mantelzorgmakelaar op het platteland", "Lopik, Montfoort en Oudewater", "Mantelzorg", "loopt",
     "1 mei 2007", "30-04-2008", "", [("gevraagd", 27000, "2007-01-22"), ("toegekend", 26000, "2007-04-03")]),
    ("KR-02", "Buurtkracht", "Maarssen", "Sociale cohesie", "afgerond", "2007-04-02", "2007-08-31", "",
     [("gevraagd", 32000, "2007-01-24"), ("toegekend", 30000, "2007-03-20"), ("afgerekend", 30000,
      "2007-09-20")]),
    ("KR-03", "Buren voor buren", "Amersfoort", "", "", "", "", "S4-SA-01",
     [("gevraagd", 42000, "2007-01-29"), ("toegekend", 40000, "2007-03-20"), ("afgerekend", 38000,
      "2007-09-14")]),
    ("KR-04", "Ontmoeting in de wijk", "Rhenen", "", "", "", "", "S4-SA-03",
     [("gevraagd", 32000, "2007-01-30"), ("toegekend", 28500, "2007-03-20")]),
    ("KR-05", "Zelfstandig thuis met domotica", "Zeist", "", "", "", "", "S3-WT-02",
     [("gevraagd", 48000, "2007-02-01"), ("toegekend", 44000, "2007-04-03")]),
    ("KR-06", "Boodschappendienst aan huis", "Baarn, Soest en Leusden", "", "", "", "", "S3-WT-03",
     [("gevraagd", 50000, "2007-02-05"), ("toegekend", 48000, "april 2007")]),
    ("KR-07", "Klussendienst voor ouderen", "Bunnik", "", "", "", "", "S3-WT-06",
     [("gevraagd", 15000, "2007-02-06")]),
]  # fmt: skip


def flexibel_krediet():
    """xlsx: one booking per row (asked, granted, settled) and a total row with a formula."""
    rng = random.Random(SEED + 6)
    buffer, book, style = _workbook("Flexibel projectenkrediet")
    sheet = book.add_worksheet("Boekingen")
    sheet.write_string(0, 0, "Flexibel projectenkrediet Sociale Agenda 2006, thema WMO: boekingen", style["title"])
    header = [
        "Nr.",
        "Project",
        "Gemeente",
        "Thema",
        "Status",
        "Start",
        "Einde",
        "Hoort bij",
        "Soort",
        "Bedrag",
    ]
    for column, text in enumerate([*header, "Datum", "Behandelaar", "E-mail"]):
        sheet.write_string(2, column, text, style["head"])
    number, total = 3, 0
    for *project, bookings in KR:
        for kind, euro, date in bookings:
            name, _, mail = contact(rng)
            _write_row(sheet, style, number, [*project, kind, "", date, name, mail])
            sheet.write_number(number, 9, euro, style["euro"])
            number, total = number + 1, total + euro
    sheet.write_string(number, 1, "Totaal", style["head"])
    sheet.write_formula(number, 9, f"=SUM(J4:J{number})", style["euro"], total)
    sheet.set_column(1, 2, 32)
    sheet.set_column(5, 10, 13)
    book.close()
    return _stored(buffer.getvalue())


# ------------------------------------------------------------------ writing
def _workbook(title):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "author": OWNER, "created": NOW})
    style = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "border": 1, "valign": "top"}),
        "date": book.add_format({"num_format": "dd-mm-yyyy"}),
        "euro": book.add_format({"num_format": "€ #,##0.00"}),
    }
    return buffer, book, style


def _write_row(sheet, style, number, values):
    for column, value in enumerate(values):
        if isinstance(value, int):
            sheet.write_number(number, column, value)
        elif ISO.fullmatch(value):
            sheet.write_datetime(number, column, dt.datetime.fromisoformat(value), style["date"])
        elif value:
            sheet.write_string(number, column, value)


def _csv(rows, delimiter):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def _stored(data):
    """The same zip with its members stored, so that its bytes depend on no clock and no zlib."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _zip([(name, archive.read(name)) for name in archive.namelist()])


def _zip(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


# ------------------------------------------------------------------ cards
PLAN = "Plan van Aanpak "
CONTACT = ["Contactpersoon", "Telefoon", "E-mail"]
BB_CARD = {
    "source": "S2",
    "rows": ["conversations", "projects"],
    "sheets": ["Overzicht"],
    "header_rows": 2,
    "contact": [f"Contactpersoon gemeente {text}" for text in ("Naam", "Telefoon", "E-mail")],
    "ignored": ["Opmerkingen"],
    "columns": {
        "key": "Nr.", "municipality": "Gemeente", "round": "Ronde", "talk": "Gesprek", "quotation": "Offerte",
        "approval": ["Akkoord Provincie", "Akkoord Gemeente", "Akkoord Alleato"],
        "second_contact": "Tweede contact",
        "title": PLAN + "Naam plan", "theme": PLAN + "Thema", "start": PLAN + "Start", "end": PLAN + "Einde",
        "hours": PLAN + "Uren",
    },
    "same_as": [{"row": "BB-01", "project": "S2-L1-029",
    "reason": "het ondersteuningsproject Utrecht-West uit de brief"}],
}  # fmt: skip
LISTS = [  # delivery, file, bytes, what it is, the rest of the card
    (AUTUMN_2006, "burgers_betrekken.xlsx", lambda: burgers_betrekken(AUTUMN_2006),
     "Burgers Betrekken in november 2006: drie rondes, één akkoord. Verzonnen.", BB_CARD),
    (AUTUMN_2007, "burgers_betrekken.xlsx", lambda: burgers_betrekken(AUTUMN_2007),
     "Burgers Betrekken in oktober 2007: 22 gemeenten met een plan. Verzonnen.", BB_CARD),
    (AUTUMN_2007, "lokaal_centraal.xlsx", lokaal_centraal,
     "Lokaal Centraal: cliëntenparticipatie, een blad per regio. Verzonnen.", {
         "source": "S1", "rows": ["projects"], "contact": CONTACT, "ignored": ["Cliëntenorganisatie"],
         "columns": {"title": "Project", "municipality": "Gemeente", "status": "Stand", "start": "Begin",
         "end": "Eind"}, "constants": {"theme": "P1"}}),
    (AUTUMN_2007, "wel_thuis.csv", wel_thuis,
     "Wel Thuis!: uitvoer van een oud programma, cp1252. Verzonnen.", {
         "source": "S3", "rows": ["projects"], "contact": CONTACT, "ignored": ["Opmerking"],
         "columns": {"key": "Nr.", "title": "Project", "municipality": "Gemeente", "theme": "Thema",
                     "status": "Status", "start": "Startdatum", "end": "Einddatum", "asked": "Gevraagd",
                     "granted": "Toegekend"}}),
    (AUTUMN_2007, "sociale_agenda.ods", sociale_agenda, "Sociale Agenda: meer thema's per cel. Verzonnen.", {
         "source": "S4", "rows": ["projects"], "contact": ["Projectleider", "Telefoon", "E-mail"],
         "columns": {"key": "Nummer", "title": "Project", "municipality": "Gemeente(n)", "theme": "Thema('s)",
                     "status": "Stand", "start": "Begin", "end": "Einde",
                     "good_example": "Goed voorbeeld, omdat"}}),
    (AUTUMN_2007, "nieuw_wonen.csv", nieuw_wonen, "Nieuw Wonen: regeleinden in de cellen. Verzonnen.", {
         "source": "S5", "rows": ["projects"], "contact": CONTACT, "ignored": ["Toelichting"],
         "columns": {"title": "Project", "municipality": "Gemeente", "theme": "Thema", "status": "Stand",
                     "start": "Start", "end": "Oplevering", "good_example": "Goed voorbeeld"}}),
    (AUTUMN_2007, "alleato.docx", alleato, "Alleato: tabel met samengevoegde cellen in Word. Verzonnen.", {
         "source": "S6", "rows": ["projects"], "sheets": ["tabel 1"], "header_rows": 2,
         "contact": ["Contactpersoon", "E-mail"],
         "columns": {"key": "Nr.", "title": "Project", "municipality": "Gemeente", "theme": "Thema",
                     "start": "Periode Begin", "end": "Periode Einde", "status": "Stand",
                     "granted": "Bijdrage", "merges_with": "Zie ook"}}),
    (AUTUMN_2007, "flexibel_krediet.xlsx", flexibel_krediet,
     "Boekingen op het flexibel projectenkrediet: gevraagd, toegekend, afgerekend. Verzonnen.", {
         "source": "X2", "rows": ["projects"], "credit": "FPK2006", "contact": ["Behandelaar", "E-mail"],
         "columns": {"key": "Nr.", "title": "Project", "municipality": "Gemeente", "theme": "Thema",
                     "status": "Status", "start": "Start", "end": "Einde", "merges_with": "Hoort bij",
                     "kind": "Soort", "amount": "Bedrag", "amount_date": "Datum"}}),
]  # fmt: skip


def card(delivery, name, data, about, rest):
    """The text of FILE.card.toml."""
    head = {
        "file": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "source": rest["source"],
        "rows": rest["rows"],
    }
    head |= {"basis": "example", "date": delivery, "owner": OWNER, "received": delivery, "licence": "CC0-1.0"}
    head |= {"complete": True}
    head |= {key: rest[key] for key in ("sheets", "header_rows", "credit", "contact", "ignored") if key in rest}
    lines = [f"# {about}", *_toml(head, dates=("date", "received"))]
    lines += ["", "[columns]", *_toml(rest["columns"])]
    if "constants" in rest:
        lines += ["", "[constants]", *_toml(rest["constants"])]
    for entry in rest.get("same_as", []):
        lines += ["", "[[same_as]]", *_toml(entry)]
    return "\n".join(lines) + "\n"


def _toml(table, dates=()):
    return [f"{k} = {v if k in dates else json.dumps(v, ensure_ascii=False)}" for k, v in table.items()]


def make(target=ROOT / "data" / "raw"):
    """Write both example deliveries below target; returns the paths of the lists."""
    paths = []
    for delivery, name, write, about, rest in LISTS:
        data = write()
        path = Path(target) / f"{delivery}_example" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        text = card(delivery, name, data, about, rest)
        path.with_name(path.stem + ".card.toml").write_bytes(text.encode("utf-8"))
        paths.append(path)
    return paths


if __name__ == "__main__":
    for written in make(*sys.argv[1:2]):
        print(written)
