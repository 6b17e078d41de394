"""What follows from the choices for a list, before anything is written: rows, cells read, places; and what is open."""

from wmo_analysis.add._seen import Proposed, Seen
from wmo_analysis.errors import WmoError
from wmo_analysis.schema import AMOUNTS, PERIODS, UNUSED
from wmo_analysis.words import date, heading, number, say


def consequences(about: Seen, whole_country: bool = False) -> list[str]:
    """A sentence for each column that is used: how many rows have a title, how many rows a key has, which cells are read,
    which places are known, and of which day the municipalities are. What amounts add up to, `amounts` tells. Shares are
    rounded down: 100% is all."""
    used = [each for each in about.columns if each.proposed not in (*UNUSED, *AMOUNTS)]
    said = [_sentence(about, each, whole_country) for each in used]
    for column in used:
        for which, found in zip(("later", "earlier"), column.counted.vintage, strict=True):
            said += [say(f"add.follows.{which}", names=found[0], date=date(found[1]))] if found else []
    return said


def _sentence(about: Seen, column: Proposed, whole_country: bool) -> str:
    counted, name = column.counted, column.proposed
    told = dict(name=heading(name), header=column.named, filled=number(counted.filled), rows=number(about.rows),
                different=number(counted.different), empty=number(max(0, about.rows - counted.filled)))  # fmt: skip
    if name in PERIODS or name == "approval":
        return say(
            "add.follows.days", **told, read=number(counted.days), percent=_percent(counted.days, counted.filled)
        )
    if name == "key":
        return say("add.follows.key", **told, each=number(round(counted.filled / max(1, counted.different), 1)))
    if name == "municipality" and counted.places is not None:
        kind = "outside" if whole_country else "unknown"
        known, other = number(counted.places), number(counted.filled - counted.places)
        return say(f"add.follows.places_{kind}", **told, known=known, other=other)
    if name == "title":
        return say("add.follows.title", **told, percent=_percent(counted.filled, about.rows))
    return say("add.follows.filled", **told, percent=_percent(counted.filled, about.rows))


def _percent(part: int, whole: int) -> str:
    return number(100 * part // max(1, whole))


def unanswered(about: Seen) -> WmoError | None:
    """An error that lists the open questions, each with options of `wmo add` that answer it; None without any."""
    lines = [say("add.open", count=number(len(about.asked)))]
    for column in about.asked:
        answers = {"column": column.proposed or "-"}
        if column.proposed in AMOUNTS:
            answers |= {part: str(getattr(column.money, part)) for part in column.money.unsettled}
        options = " ".join(f'--{option} "{column.named}={answer}"' for option, answer in answers.items())
        lines.append(say("add.open.question", header=column.named, reason=column.reason, option=options))
    return WmoError("\n".join(lines)) if about.asked else None
