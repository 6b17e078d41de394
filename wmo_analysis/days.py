"""Days: ISO texts, as tables hold them, and whole numbers, as arrays compare them; both in the order of the calendar."""

import datetime

import numpy as np
import pandas as pd

NEVER = 99999999  # a day after all others, as a number


def day(iso: str) -> int:
    """'2007-10-09' -> 20071009, and '' -> 0: days compare as their ISO texts do."""
    # 2007-02-31 never gets here: the build takes only days that exist
    return int(iso.replace("-", "") or 0)


def is_iso(text: str) -> bool:
    """Whether a text is a day that exists, written as '2007-10-09'."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def iso(day: int) -> str:
    """20071009 -> '2007-10-09', and 0 -> ''."""
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}" if day else ""


def days(texts: pd.Series) -> np.ndarray:
    """`day` of each ISO text; each distinct text is read once."""
    codes, spellings = pd.factorize(texts)
    return np.array([day(text) for text in spellings], dtype=np.int64)[codes]


def newest(thing: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Whether each row is of the last day on which its thing is told; things are whole numbers from 0."""
    latest = np.zeros(thing.max(initial=-1) + 1, dtype=np.int64)
    np.maximum.at(latest, thing, day)
    return day == latest[thing]


def later(iso: str, count: float = 1) -> str:
    """The ISO day that is `count` days after another, rounded to whole days; a negative count is before it."""
    return (datetime.date.fromisoformat(iso) + datetime.timedelta(days=round(count))).isoformat()


def between(first: str, last: str) -> int:
    """The days from one ISO day to another [d]."""
    return (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days
