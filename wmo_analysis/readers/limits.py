"""What the reading of one list may take, and what is said of a list that takes more or cannot be opened."""

import os
import re
from dataclasses import dataclass

from wmo_analysis.errors import ListUnreadable

SECONDS = 30  # for one list; $WMO_LIST_SECONDS says otherwise
MEGABYTES = (
    1500  # for the child; the largest honest list (1M rows as xlsx) needs half of it; $WMO_LIST_MB says otherwise
)
MOST_COLUMNS = 16_384  # as a spreadsheet has them; more is no list
MOST_SHEETS = 1_000  # sheets of a workbook, tables of a document, lists of json
MOST_EXTRA = 200  # columns of a text file beyond those that most of its records have
MOST_CELLS = 50_000_000  # of a sheet that Python must lay out cell by cell
MOST_CHARACTERS = 32_767  # of a cell, as a spreadsheet has them; what follows is cut off and told
MOST_SPAN = 500  # columns of a cell of a document; Word has 63
MOST_COVERED = 200_000  # merged cells of a sheet, each with the cell that it takes its text from
MOST_NUMBER = 18  # digits of a whole number in json; a longer one stays text
MOST_REPEATED = 10_000  # times that a row or cell of an ods can stand for the same; empty ones as often as they like
UNPACKED = 600_000_000  # bytes that an office file may unpack to
DAMAGED = "beschadigd of niet volledig gedownload"
NO_FILE = "het bestand is er niet, of is geen gewoon bestand"
CLOSED = "het bestand mag niet worden gelezen"
BROKEN_OFF = "te groot of beschadigd: het lezen is afgebroken, de grens is {mb} MB geheugen voor een lijst"
TOO_LARGE = "te groot om te lezen: de grens is {mb} MB geheugen voor een lijst"
TOO_SLOW = "te groot om te lezen: na {seconds:g} seconden afgebroken, de grens voor een lijst"
TOO_DEEP = "te diep genest om te lezen"
TOO_WIDE = f"te breed om te lezen: meer dan {MOST_COLUMNS} kolommen of {MOST_CELLS // 1_000_000} miljoen cellen"
TOO_MANY = f"te groot om te lezen: meer dan {MOST_SHEETS} bladen of tabellen"
TOO_OFTEN = f"te groot om te lezen: een rij of cel die meer dan {MOST_REPEATED} keer wordt herhaald"
TOO_MERGED = f"te groot om te lezen: meer dan {MOST_COVERED} samengevoegde cellen"


@dataclass(frozen=True)
class Limits:
    """What the reading of one list may take: wall time [s] and the memory of the child [MB]."""

    seconds: float = SECONDS
    megabytes: int = MEGABYTES

    @classmethod
    def stated(cls) -> "Limits":
        """Those of the environment: WMO_LIST_SECONDS and WMO_LIST_MB, whole numbers of 1 at least, else the usual ones."""
        stated = {}
        for part, name in (("seconds", "WMO_LIST_SECONDS"), ("megabytes", "WMO_LIST_MB")):
            text = os.environ.get(name, "")
            if re.fullmatch("[1-9][0-9]{0,8}", text):
                stated[part] = int(text)
        return cls(**stated)

    def told(self, text: str) -> str:
        """A sentence of a list that could not be read, with the limit that it ran into."""
        return text.format(mb=self.megabytes, seconds=self.seconds)


def fits(rows: int, width: int) -> None:
    """Raises ListUnreadable for a sheet that is larger than a list can be."""
    if width > MOST_COLUMNS or rows * width > MOST_CELLS:
        raise ListUnreadable("R03", TOO_WIDE)
