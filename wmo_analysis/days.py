"""Days as whole numbers that compare as their ISO texts do: '2007-10-09' is 20071009, no day is 0."""

import datetime

NO_DAY = 0
NEVER = 99999999  # later than every day


def day(iso: str) -> int:
    """'2007-10-09' -> 20071009, and '' -> 0."""
    return int(iso.replace("-", "") or NO_DAY)


def iso(day: int) -> str:
    """20071009 -> '2007-10-09', and 0 -> ''."""
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}" if day else ""


def later(iso: str, days: int = 1) -> str:
    """'2007-10-09' -> '2007-10-10': the day so many days later."""
    return (datetime.date.fromisoformat(iso) + datetime.timedelta(days=days)).isoformat()


def days_between(start: str, end: str) -> int:
    """How many days from one ISO day to another."""
    return (datetime.date.fromisoformat(end) - datetime.date.fromisoformat(start)).days
