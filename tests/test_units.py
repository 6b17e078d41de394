"""What a number of a list is worth: its unit, decimal sign and currency, read from header, titles and cells, or asked."""

import pytest
from conftest import as_csv, as_docx, as_ods, as_xlsx, built

from wmo_analysis import add

ASKED = "asked"
OTHER = None  # another currency, or a cell that cannot be read: not counted as euro
DAY = "2007-10-01"

# title above, header, unit below the header, cells -> EUR cent of each, or ASKED. A float is a number of a spreadsheet.
CASES = {
    "plain": ("", "Toegekend", "", ["12.500", "7,50"], [1_250_000, 750]),
    "x": ("", "Toegekend (x € 1.000)", "", ["12,5"], [1_250_000]),
    "star": ("", "Toegekend (* Eu 1000)", "", ["12"], [1_200_000]),
    "euro first": ("", "Toegekend (€ 1.000)", "", ["12"], [1_200_000]),
    "euro last": ("", "Toegekend (1.000 €)", "", ["12"], [1_200_000]),
    "millions": ("", "Toegekend (in mln. €)", "", ["1,5"], [150_000_000]),
    "k": ("", "Toegekend (k EUR)", "", ["12"], [1_200_000]),
    "thousands": ("Bedragen in duizenden euro's", "Toegekend", "", ["12"], [1_200_000]),
    "mio": ("", "Toegekend Mio. EUR", "", ["2"], [200_000_000]),
    "title": ("Overzicht, bedragen x 1.000 euro", "Toegekend", "", ["12"], [1_200_000]),
    "unit row": ("", "Toegekend", "(x € 1.000)", ["12"], [1_200_000]),
    "bare unit row": ("", "Toegekend", "k EUR", ["12"], [1_200_000]),
    "number": ("", "Toegekend", "", [1.234, 1234.567], [123, 123_457]),
    "number in thousands": ("", "Toegekend (x € 1.000)", "", [12.3456, 7.0], [1_234_560, 700_000]),
    "points": ("", "Toegekend", "", ["1,234.56", "99.95"], [123_456, 9_995]),
    "one comma decides": ("", "Toegekend", "", ["1.234", "1.234,56"], [123_400, 123_456]),
    "one point decides": ("", "Toegekend", "", ["1,234", "1,234.56"], [123_400, 123_456]),
    "header dollar": ("", "Toegekend (USD)", "", ["1.000"], [OTHER]),
    "cell dollar": ("", "Toegekend", "", ["$ 1.000", "2.000"], [OTHER, 200_000]),
    "crown": ("", "Toegekend in SEK", "", ["1.000"], [OTHER]),
    "k in the cell": ("", "Toegekend (x € 1.000)", "", ["12,5 k", "7"], [1_250_000, 700_000]),
    "hundreds": ("", "Toegekend (in honderden euro's)", "", ["12"], ASKED),
    "threshold": ("Subsidies boven € 1.000", "Toegekend", "", ["12"], ASKED),
    "contradiction": ("Bedragen x € 1.000", "Toegekend (in euro)", "", ["12"], ASKED),
}  # fmt: skip
# Written with the others and not looked at until these went right.
CLOSED = {
    "TEUR": ("", "Toegekend TEUR", "", ["12"], [1_200_000]),
    "T€": ("", "Toegekend in T€", "", ["12"], [1_200_000]),
    "euro millions": ("", "Toegekend (€ mln)", "", ["2"], [200_000_000]),
    "three zeros": ("", "Toegekend (€ '000)", "", ["12"], [1_200_000]),
    "x1000": ("", "Toegekend x1000", "", ["12"], [1_200_000]),
    "German": ("", "Bewilligt (in Tsd. Euro)", "", ["12"], [1_200_000]),
    "French": ("", "Montant accordé (en milliers d'euros)", "", ["12"], [1_200_000]),
    "English": ("", "Granted (EUR thousands)", "", ["12"], [1_200_000]),
    "guilders": ("", "Toegekend (NLG)", "", ["1.000"], [OTHER]),
    "guilders in the cell": ("", "Toegekend", "", ["fl. 1.000,-", "500,-"], [OTHER, 50_000]),
    "pounds": ("", "Toegekend £", "", ["500"], [OTHER]),
    "francs": ("", "Toegekend", "", ["CHF 1.000", "10"], [OTHER, 1_000]),
    "code behind": ("", "Toegekend", "", ["1.000 USD", "1.000 EUR"], [OTHER, 100_000]),
    "billions": ("", "Toegekend (miljard €)", "", ["2"], ASKED),
    "title millions": ("Alle bedragen in miljoenen euro's", "Toegekend", "", ["2"], [200_000_000]),
    "one million": ("", "Toegekend (x 1 mln)", "", ["2"], [200_000_000]),
    "abbreviated": ("", "Toegekend (in dzd. €)", "", ["12"], [1_200_000]),
    "brackets": ("", "Toegekend [€ x 1.000]", "", ["12"], [1_200_000]),
    "written million": ("", "Toegekend (x € 1.000.000)", "", ["2"], [200_000_000]),
    "power": ("", "Toegekend (10³ €)", "", ["12"], ASKED),
    "unit row euro": ("", "Toegekend", "EUR", ["12"], [1_200]),
    "noise": ("", "Toegekend", "", [0.1 + 0.2, 1e-7], [30, 0]),
    "million of a number": ("", "Toegekend (in mln. €)", "", [1.2345678], [123_456_780]),
    "lakh": ("", "Toegekend (x 100.000)", "", ["12"], ASKED),
}  # fmt: skip
FORMATS = {".csv": as_csv, ".xlsx": as_xlsx, ".ods": as_ods, ".docx": as_docx}


def listed(title, header, unit, cells):
    rows = [["Project", "Gemeente", header], *([["", "", unit]] if unit else [])]
    rows += [[f"P{at}", "Baarn", cell] for at, cell in enumerate(cells)]
    return [[title, "", ""], ["", "", ""], *rows] if title else rows


def money(about):
    return next(column for column in about.columns if column.column == 2)


def read(tmp_path, suffix, title, header, unit, cells):
    """EUR cent of each cell as a build counts it (None: not counted), or ASKED; the column is chosen as granted."""
    path = tmp_path / f"a{suffix}"
    path.write_bytes(FORMATS[suffix](listed(title, header, unit, cells)))
    about = add.choose(add.look(path), {2: "granted", 0: "title", 1: "municipality"})
    if money(about).asked:
        return ASKED
    add.write(path, about, tmp_path / "w", DAY, DAY)
    amounts = built(tmp_path / "w")["amounts"]
    found = dict(zip(amounts["row"], amounts["cents"], strict=True))
    first = about.header_row + about.header_rows
    return [found.get(first + at) for at in range(len(cells))]


def both(name):
    case = {**CASES, **CLOSED}[name]
    typed = any(isinstance(cell, float) for cell in case[3])
    return (".xlsx", ".ods") if typed else tuple(FORMATS)


@pytest.mark.parametrize("name", [*CASES, *CLOSED])
def test_an_amount_is_read_with_its_unit_and_sign_or_asked(name, tmp_path):
    *case, wanted = {**CASES, **CLOSED}[name]
    answers = {}
    for suffix in both(name):
        (tmp_path / suffix).mkdir()
        answers[suffix] = read(tmp_path / suffix, suffix, *case)
    assert answers == dict.fromkeys(answers, wanted)
