"""What can go wrong in a way that the reader can mend: one Dutch sentence each."""

import traceback
from collections.abc import Iterable


class WmoError(Exception):
    """Something the analyst can mend; the text is a whole Dutch sentence and is shown as it is."""


def unknown(name: str, value: object, there: Iterable[str]) -> WmoError:
    """What is said of a value that is none of those `there`."""
    return WmoError(f"Onbekende waarde voor {name}: {value}. Mogelijk zijn: {', '.join(there)}.")


def must_be_one(name: str, value: str, there: Iterable[str]) -> None:
    """Raises WmoError that lists the values `there` unless `value` is one of them; '' is one without a name."""
    if value not in there:
        raise unknown(name, value, filter(None, there))


class ListUnreadable(WmoError):
    """A list that cannot be read; `code` is the finding it becomes, the other lists still build."""

    def __init__(self, code: str, text: str, listed: str = ""):
        super().__init__(text)
        self.code, self.text, self.listed = code, text, listed


class NotBuilt(WmoError):
    """A build that stopped; nothing in data/clean was changed."""


class LawBroken(Exception):
    """A law of docs/rules.md does not hold for what the build made: our mistake, not the list's. Nothing is written."""


def where(error: BaseException) -> str:
    """Where in the program an error came up, and of what type it is, for the log: its message may quote a cell."""
    lines = [f"Traceback\n{''.join(traceback.format_tb(error.__traceback__))}{type(error).__name__}\n"]
    before = error.__cause__ or error.__context__
    return "".join([where(before) if before else "", *lines])
