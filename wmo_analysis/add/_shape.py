"""Where the table of a sheet is: its header row, or two rows that are one header, and how well its headers are ours."""

import functools
import re
from dataclasses import dataclass

from wmo_analysis.add._sheet import Sheet, header_texts
from wmo_analysis.add._vocabulary import number_or_day, said, says_unit

TOP = 60  # rows of a sheet among which the header is looked for
LONGEST = 120  # characters of a header; a longer cell is a sentence
YEAR = re.compile(r"(19|20)\d\d")
UNIT_CELL = re.compile(r"\(.*\)|\W*(x|in)?\W*(€|eur\w*)\W*[\d.]*\W*", re.IGNORECASE)  # below a header


@dataclass
class Table:
    """A table in a sheet: its first header row, how many, the texts of its columns and how many of them are ours."""

    sheet: Sheet
    at: int
    height: int
    header: dict[int, str]
    hits: int

    @property
    def below(self) -> list[list[str]]:
        return self.sheet.rows[self.at + self.height :]

    @functools.cached_property
    def filled(self) -> list[int]:
        """How many cells of each row below the header are filled."""
        return [len(filled(row)) for row in self.below]

    @property
    def body(self) -> int:
        return sum(map(bool, self.filled))


def filled(row: list[str]) -> list[int]:
    """The columns of a row that are not blank."""
    return [column for column, cell in enumerate(row) if cell and not cell.isspace()]


def table_in(sheet: Sheet) -> Table | None:
    """The table of a sheet, None when there is none: two filled columns and a row below them at least."""
    scores = []
    for at, row in enumerate(sheet.rows[:TOP]):
        if len(filled(row)) > 1 and any(map(filled, sheet.rows[at + 1 : at + 30])):
            scores.append((_headed(row)[1], -at))
    if not scores:
        return None
    first, height = _height(sheet, -max(scores)[1])
    texts = header_texts(sheet, first, height)
    return Table(sheet, first, height, texts, _headed(list(texts.values()))[0])


def _headed(texts: list[str]) -> tuple[int, float]:
    """How many different names a row of texts says, and how much it looks like a header."""
    there = [texts[column] for column in filled(texts)]
    names, wordy = set(), 0
    for text in there:
        if len(text) > LONGEST:
            continue
        wordy += not number_or_day(text)
        name = said(text).name
        if name is not None:
            names.add(name or text)
    # A name of ours weighs twice a word; a number or a sentence pulls down more than a word lifts. Estimates: see READABLE.
    repeated = len(there) - len(set(there))
    return len(names), 2 * len(names) + wordy - 1.5 * (len(there) - wordy) - repeated


def _height(sheet: Sheet, at: int) -> tuple[int, int]:
    """First row and number of rows of the header that has its best row at `at`: one, or two that belong together."""
    for top in (at - 1, at):
        if 0 <= top < len(sheet.rows) - 2 and _belongs(sheet, top, best=at):
            return top, 2
    return at, 1


def _belongs(sheet: Sheet, top: int, best: int) -> bool:
    """Whether the rows `top` and `top` + 1 are one header: groups above names, or a second language or units below."""
    upper, lower = sheet.rows[top], sheet.rows[top + 1]
    up, low = filled(upper), filled(lower)
    if len(up) < 2 or not low or any(number_or_day(upper[c]) and not YEAR.fullmatch(upper[c]) for c in up):
        return False
    if all(UNIT_CELL.fullmatch(lower[c].strip()) or says_unit(lower[c]) for c in low):
        return True
    if any(number_or_day(lower[c]) for c in low):
        return False
    if _merged_groups(sheet, top, len(up)):
        return True
    # Not merged, so only the texts can tell; csv has no merged cells, and a group stands above its first column there.
    names_up, names_low = _headed(upper)[0], _headed(lower)[0]
    if best == top + 1:  # is there a row of groups above the names?
        repeats = len({lower[c] for c in low}) < len(low)
        return repeats or (names_up > 0 and not set(up) <= set(low))
    more = len(set(low) - set(up))  # columns that only the second row names
    return (more > 1 and names_low > 1) or (names_low > 2 and names_low >= names_up - 1 and len(low) <= len(up))


def _merged_groups(sheet: Sheet, top: int, count: int) -> bool:
    """Whether merged cells join the row `top`, of `count` filled cells, to the one below, or make groups of its columns."""
    groups = set()
    for row, column, origin, left in sheet.merged:
        if origin == top and row == top + 1:
            return True
        if origin == row == top and column != left:
            groups.add(left)
    return len(groups) > 1 or 0 < len(groups) < count
