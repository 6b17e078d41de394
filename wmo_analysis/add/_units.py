"""What holds for a whole list: the unit and the decimal sign of its amounts, and what its section rows name."""

import itertools
import re

from wmo_analysis.add._columns import READABLE, Column
from wmo_analysis.add._seen import Money
from wmo_analysis.add._shape import Table, filled
from wmo_analysis.codebook import key
from wmo_analysis.pipeline import units
from wmo_analysis.pipeline.units import Unit
from wmo_analysis.schema import AMOUNTS, EUR

OF_MONEY = re.compile(
    r"€|eur|bedrag|amount|betr[aä]g|montant|[x×*]\s*\d|duizend|mil[jl]|mln|mio|thousand|tausend|honderd|\b[tm]?kr"
    r"|\b(?:in|per)\s+1[. ]?000",
    re.IGNORECASE,
)
# What decides the sign: "99.95", "1,250.50", "1,234,567"; "12,50", "1.234,5", "1.234.567", "500,-". Open: "1.234", "1,234".
POINT = re.compile(r"(?<![\d.,])(?:\d+|\d{1,3}(?:,\d{3})+)\.\d{1,2}(?![\d.,])|\d,\d{3},\d{3}|\d,\d{3}\.\d")
COMMA = re.compile(r"\d,\d{1,2}(?![\d.])|\d,[-–]|\d\.\d{3}\.\d{3}|\d\.\d{3},\d")
OPEN = re.compile(r"(?<![\d.,])\d{1,3}[.,]\d{3}(?![\d.,])")

# A whole amount, whatever the header says of thousands: "12.500,00", "€ 12,50", "12.500,-"
CENTS = re.compile(
    r"(?:\d{4,}|\d[. ,]\d{3})[,.]\d{2}(?!\d)|€.*\d[,.]\d{1,2}(?!\d)|\d[,.]\d{1,2}\s*(?:€|eur)|\d,[-–]", re.IGNORECASE
)
WITH_COMMA = "1,234"  # open, and not as Dutch is written
SOME = 0.3  # share of amounts from which a column has a say in the decimal sign
LABEL = re.compile(r"^(?:[^\W\d]+\s*:|(?:[A-Z]|\d{1,2}|[IVX]+)[.)])\s*")  # before a name: "Thema: ", "A. "


def written(table: Table, columns: list[Column], scaled: bool) -> None:
    """Gives each column the unit, decimal sign and currency that its amounts have, were it chosen, and what is unclear.

    `scaled`: the sheet shows numbers in thousands that are kept whole, so that a unit may be of what is shown only.
    """
    general, doubt = _general(table)
    own = {column.at: units.unit(column.header) for column in columns}
    signs = {column.at: _sign(column) for column in columns}
    for column in columns:
        beside = {own[other.at].factor for other in columns if other is column or other.name in AMOUNTS}
        said = own[column.at]
        unclear = _unclear(said, general.factor, doubt, beside)
        if scaled and max(said.factor, general.factor) > 1:
            unclear = "unit_shown"
        elif max(said.factor, general.factor) > 1 and _writes_cents(column):
            unclear = "unit_cents"
        decimal, doubtful = _decided(signs[column.at], set(signs.values()))
        column.money = Money(
            said.factor or general.factor or 1,
            decimal,
            said.currency or general.currency or EUR,
            bool(said.factor or general.factor),
            tuple(filter(None, (unclear, doubtful))),
        )
        if column.name in AMOUNTS:
            for why in column.money.unclear:
                column.ask(f"add.{why}")


def _unclear(said: Unit, general: int, doubt: bool, beside: set[int]) -> str:
    """What is not clear of the unit of a column: `beside` has the factors of all amounts, 0 where a header states none."""
    if said.unclear or (doubt and not said.factor):
        return "unit_unknown"
    if general:
        return "unit_differs" if beside - {0, general} else ""
    return "unit_differs" if 0 in beside and beside - {0, 1} else ""  # which is the exception cannot be known


def _writes_cents(column: Column) -> bool:
    """Whether a text of a column is an amount down to the cent: one is enough."""
    return any(CENTS.search(text) for text in column.counts if text not in column.numbers)


def _general(table: Table) -> tuple[Unit, bool]:
    """The unit that the rows above, the notes below or the name of the sheet give, and whether they may give another."""
    above = itertools.chain.from_iterable(table.sheet.rows[: table.at])
    notes = [" ".join(row) for row, count in zip(table.below, table.filled, strict=True) if count == 1]
    found = [units.unit(text) for text in [*above, table.sheet.name, *filter(OF_MONEY.search, notes)] if text]
    stated = {each.factor for each in found if each.factor > 1}
    currencies = {each.currency for each in found if each.currency}
    doubt = len(stated) > 1 or len(currencies) > 1 or any(OF_MONEY.search(each.unclear) for each in found)
    return Unit(stated.pop() if len(stated) == 1 else 0, currencies.pop() if len(currencies) == 1 else ""), doubt


def _sign(column: Column) -> str:
    """The decimal sign that the texts of a column decide: one is enough; "" when nothing depends on it."""
    if column.name not in AMOUNTS and column.amounts() < SOME:
        return ""
    texts = [text for text in column.counts if text not in column.numbers]
    point, comma, open_ = (any(map(pattern.search, texts)) for pattern in (POINT, COMMA, OPEN))
    if point and comma:
        return "both"
    if point or comma:
        return "." if point else ","
    with_comma = open_ and any("," in text for text in texts)
    return WITH_COMMA if with_comma else "open" * open_


def _decided(sign: str, signs: set[str]) -> tuple[str, str]:
    """The sign of a column among those of all, and what is not clear of it."""
    if sign in (",", "."):
        return sign, ""
    if sign == "both":
        return ",", "decimal_differs"
    others = signs & {",", "."}
    if sign and len(others) == 2:
        return ",", "decimal_differs"
    if others == {"."}:
        return ".", ""
    return ",", "decimal_unknown" if sign == WITH_COMMA and not others else ""


def sections_of(table: Table, columns: list[Column]) -> str:
    """What the rows of one cell between the data name: municipality or theme, when no column does, else ''."""
    if len(table.header) < 3:
        return ""
    texts = []
    for row, (own, below) in zip(table.below, itertools.pairwise(table.filled), strict=False):
        if own == 1 and below > 1:  # a note at the end has no data below it
            texts.append(LABEL.sub("", row[filled(row)[0]].strip()))
    if len(texts) < 2:
        return ""
    taken = {column.name for column in columns if column.filled}
    section = Column(-1, "", texts, columns[0].codebook)
    if "municipality" not in taken and section.placed >= READABLE:
        return "municipality"
    known = section.codebook.names("theme")
    return "theme" if "theme" not in taken and section.share(lambda text: key(text) in known) >= READABLE else ""
