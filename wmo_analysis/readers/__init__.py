"""A file as somebody sent it -> the parts that it is read as.

Every cell comes out as text in Dutch notation (12500.5 -> '12500,5', a date -> '30-11-2006'), so that one strict grammar
serves every format and the same list in another format gives the same table. A part is (kind, content):

    sheet   name       a sheet begins
    block   batch      its next records: per column the texts, or a dictionary of those of the block
    again   None       the blocks so far do not count, the sheet is read in another way
    types   batch      what the cells of its columns are (TEXT, NUMBER, DATE, TRUTH), of those that hold more than texts
    mended  count      cells of the sheet of which a wrong encoding was undone (told in the notes, not sent)
    stray   count      quotes that were no pair (as well)
    merged  list       the sheet's merged cells; it is complete
    notes   list       the file is complete
    error   list       it cannot be read: the arguments of ListUnreadable
    full    text       there is no memory for it

Nothing here imports another room that is slow to load: `child` must begin quickly.
"""

import os
from collections import Counter
from pathlib import Path

from wmo_analysis.errors import ListUnreadable
from wmo_analysis.readers.cells import Notes, Parts
from wmo_analysis.readers.delimited import text_file
from wmo_analysis.readers.documents import json_file, web_page, word_file
from wmo_analysis.readers.kinds import SAME_KIND, has, kind_of, live
from wmo_analysis.readers.limits import CLOSED, DAMAGED, MOST_SHEETS, NO_FILE, TOO_DEEP, TOO_MANY
from wmo_analysis.readers.workbook import book_file

TOLD = {"mended": "R20", "stray": "R26"}  # parts that are counted, and the finding that tells how many there are


def parts(path: Path) -> Parts:
    """The parts of a file, read in this process. Raises ListUnreadable for what it cannot be read for."""
    if not path.is_file():  # a pipe or a device would keep us waiting
        raise ListUnreadable("R01", NO_FILE)
    if not os.access(path, os.R_OK):
        raise ListUnreadable("R01", CLOSED)
    notes: Notes = []
    kind = kind_of(path)
    suffix = path.suffix.lower()
    if suffix != kind and suffix not in SAME_KIND.get(kind, ()):
        if kind == ".csv" and suffix in (".xlsx", ".xls", ".ods", ".docx") and has(path, b"\0"):
            raise ListUnreadable("R01", DAMAGED)
        notes.append(("R06", kind))
    if followed := live(path):
        notes.append(("R30", followed))
    readers = {".csv": text_file, ".docx": word_file, ".json": json_file, ".html": web_page}
    told, sheets = Counter(), 0
    try:
        for part, content in readers.get(kind, book_file)(path, notes):
            sheets += part == "sheet"
            if sheets > MOST_SHEETS:
                raise ListUnreadable("R03", TOO_MANY)
            if part in TOLD:
                told[part] += content
            else:
                yield part, content
    except RecursionError as error:
        raise ListUnreadable("R03", TOO_DEEP) from error
    notes += [(TOLD[part], str(count)) for part, count in told.items() if count]
    yield "notes", notes
