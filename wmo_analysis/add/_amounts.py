"""What a build would read of a list as it is proposed or chosen: its first rows, and what its amounts add up to."""

from collections.abc import Iterable

import pandas as pd

from wmo_analysis.add._seen import Proposed, Seen
from wmo_analysis.add._shape import Table
from wmo_analysis.add._sheet import Rows, read_rows
from wmo_analysis.pipeline.card import Card
from wmo_analysis.schema import AMOUNTS, EUR, UNUSED


def rows_of(table: Table, columns: Iterable[Proposed], kinds: list[str], sections: str, century: int) -> Rows:
    """The rows of a table as a build would read them with these columns."""
    named: dict[str, list[str]] = {}
    for column in columns:
        if column.proposed not in UNUSED:
            named.setdefault(column.proposed, []).append(column.named)
    written = {
        "unit": dict.fromkeys(AMOUNTS, 1),
        "decimal": dict.fromkeys(AMOUNTS, ","),
        "currency": dict.fromkeys(AMOUNTS, EUR),
    }
    for column in columns:
        if column.proposed in AMOUNTS:
            for part, stated in written.items():
                stated[column.proposed] = getattr(column.money, part)
    # a title is no must here: a person may still choose one
    headers = {name: tuple(texts) for name, texts in named.items()}
    about = {"header_rows": table.height, "constants": {"title": ""}, "sections": sections, "century": century}
    return read_rows(table.sheet, Card("", "", tuple(kinds), "received", "", headers, **about, **written))


def amounts(about: Seen) -> pd.DataFrame:
    """What a build would read of the amounts of a list, a row for each column: header, proposed, unit, decimal, currency,
    filled and read [cells], cents [EUR cent], and (currency, cells, cents of it) of `others`, which are not counted."""
    rows = rows_of(about.table, about.columns, about.kinds, about.sections, about.century)
    sums = {each.name: each for each in rows.sums}
    told = []
    for column in about.columns:
        if column.proposed in sums:
            money, each = column.money, sums[column.proposed]
            way = column.named, column.proposed, money.unit, money.decimal, money.currency
            told.append((*way, each.filled, each.read, each.cents, each.others))
    names = ["header", "proposed", "unit", "decimal", "currency", "filled", "read", "cents", "others"]
    return pd.DataFrame(told, columns=names)
