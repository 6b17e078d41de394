"""A file that nobody described yet -> its table, and for each column what it could be, with the reason."""

from pathlib import Path

from wmo_analysis.add._amounts import rows_of
from wmo_analysis.add._columns import Column, columns_of
from wmo_analysis.add._seen import Other, Seen
from wmo_analysis.add._settle import kinds_of, settle
from wmo_analysis.add._shape import Table, table_in
from wmo_analysis.add._sheet import ABSENT, opened
from wmo_analysis.add._units import sections_of, written
from wmo_analysis.add._vocabulary import CENTURY, short
from wmo_analysis.codebook import Codebook
from wmo_analysis.errors import ListUnreadable
from wmo_analysis.pipeline.private import Contacts, holds
from wmo_analysis.words import say

SOME = 0.1  # share of the cells of a column that are days with short years


def look(path: Path | str, codebook: Codebook | None = None) -> Seen:
    """What a list seems to hold: the best table in it, and a proposal for every column.

    Raises ListUnreadable, with a sentence that names the list, why, and what to do.
    """
    path, codebook = Path(path), codebook or Codebook.open()
    try:
        sheets, notes = opened(path)
    except ListUnreadable as error:
        raise _told(error, path, codebook) from error
    tables = list(filter(None, map(table_in, sheets)))
    if not tables:
        raise ListUnreadable("R05", f"{path.name}: {say('add.no_table')}")
    best = max(tables, key=_fit)
    columns = columns_of(best, codebook)
    settle(columns)
    written(best, columns, any(code == "R31" for code, _ in notes))  # this may ask a column that was settled
    century = CENTURY if any(column.share(short) >= SOME for column in columns) else 0
    sections, kinds = sections_of(best, columns), kinds_of(columns)
    proposed = tuple(map(Column.proposed, columns))
    rows = rows_of(best, proposed, kinds, sections, century)
    alike = [table.sheet.name for table in tables if table.header == best.header]
    others = [Other(table.sheet.name, table.at + 1, table.body) for table in tables if table is not best]
    return Seen(
        file=path.name, sheet=best.sheet.name, header_row=best.at + 1, header_rows=best.height,
        century=century, sections=sections, kinds=kinds,
        sheets=alike, notes=notes, columns=proposed, rows=rows.count,
        set_aside=rows.set_aside, first=_first(rows.first, columns), tables=tuple(others), table=best,
    )  # fmt: skip


def _told(error: ListUnreadable, path: Path, codebook: Codebook) -> ListUnreadable:
    """The error as a whole sentence for who brings the list."""
    remedies = dict(zip(codebook.findings["code"], codebook.findings["what_to_do"], strict=True))
    remedy = say("add.where") if error.text in ABSENT else remedies[error.code]
    text = say("add.unreadable", file=path.name, why=error.text, remedy=remedy)
    return ListUnreadable(error.code, text, error.listed)


def _fit(table: Table) -> tuple[int, ...]:
    """How much a table looks like the list: three names of ours and twenty rows are enough, then the more the better."""
    return min(table.hits, 3), min(table.body, 20), table.hits, table.body


def _first(data: list[dict[str, str]], columns: list[Column]) -> list[dict[str, str]]:
    """The first rows, without contact data and without what stands in contact columns."""
    private: set[str] = set()
    for column in columns:
        if column.name == "contact":
            private.update(column.counts)
    contacts = Contacts(private)
    rows = []
    for row in data:
        rows.append({name: contacts.masked(text, holds(name)) for name, text in row.items()})
    return rows
