"""What a command says: sentences and tables on the screen. The only place that loads rich, which is slow to load."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from wmo_analysis.days import day
from wmo_analysis.office import letter
from wmo_analysis.schema import SEVERITIES, UNUSED
from wmo_analysis.words import date, euro, heading, number, plain, say

if TYPE_CHECKING:  # the sentence for a fault must not wait for the room that has it
    from wmo_analysis.add import Seen
    from wmo_analysis.cli.start import Line
    from wmo_analysis.codebook import Codebook
    from wmo_analysis.monitor import Monitor
    from wmo_analysis.pipeline import Built
    from wmo_analysis.pipeline.card import Card

MOST = 300  # characters of a cell that are shown
MOST_FINDINGS = 10  # of a kind that are shown unless all are asked


class Screen(Console):
    """The screen; what is shown on it comes by here, and nothing that a list says can move its cursor or hide a line."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(plain(segment.text), segment.style)


console = Screen()


def text(said: str, **how) -> None:
    """A sentence as it stands: what a list says is never taken for markup."""
    console.print(said, markup=False, highlight=False, **how)


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in headings:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*map(Text, map(str, row)))
    console.print(shown)


# ---------------------------------------------------------------- build


@contextlib.contextmanager
def progress() -> Iterator[Callable[[int, int, str], None]]:
    """A bar that goes on with each list; nothing when the output is no screen."""
    columns = TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(say("cli.build.reading"))
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=name)


def built(ledger: pd.DataFrame, findings: pd.DataFrame, projects: int) -> None:
    """The account of all rows and amounts, and how many projects and findings there are."""
    console.print(_account(ledger, "rows", number))
    console.print(_account(ledger, "cents", euro, unread=("cells_unread",)))
    counts = findings["severity"].value_counts()
    said = ", ".join(f"{say(f'severity.{level}')}: {counts.get(level, 0)}" for level in SEVERITIES)
    console.print(say("cli.build.done", projects=projects, findings=said))


def in_force(result: "Built", monitor: "Monitor | None") -> None:
    """How many of the projects that were read are in force on the date, all without a monitor: the others are told by no
    list any more, or are examples that give way to a received list."""
    read = there = result.projects
    if monitor:
        there = int((monitor.pool.dropped >= day(monitor.date)).sum())
    said = {"there": number(there), "read": number(read), "gone": number(read - there)}
    text(say("cli.build.in_force", date=date(result.date), **said))


def _account(ledger: pd.DataFrame, unit: str, written: Callable, unread: tuple[str, ...] = ()) -> Table:
    """Rows or cents per list: in = used + merged + set aside."""
    account = Table(title=say(f"cli.build.{unit}"), box=box.SIMPLE_HEAD, pad_edge=False)
    account.add_column(heading("file"), overflow="fold")
    counts = []
    for what in ("in", "used", "merged", "set_aside", *unread):
        account.add_column(say(f"cli.build.{what}"), justify="right", no_wrap=True)
        counts.append(what if what in unread else f"{unit}_{what}")
    lists = ledger[ledger[counts].any(axis=1) | (unit == "rows")]
    for row in (*lists.to_dict("records"), lists[counts].sum()):
        whole = "file" not in row  # the last one, all lists together
        cells = [number(row[name]) if name in unread else written(row[name]) for name in counts]
        name = Text(say("cli.build.all") if whole else row["file"])
        account.add_row(name, *cells, style="bold" if whole else "")
        if len(account.rows) == len(lists):
            account.add_section()
    return account


# ---------------------------------------------------------------- lab, doctor


def looked_at(lines: Iterable["Line"]) -> bool:
    """Each line as it is found; whether one of them is wrong."""
    wrong = False
    for line in lines:
        text(f"{say(f'start.{line.state}'):<7} {line.text}", soft_wrap=True)
        wrong |= line.state == "wrong"
    return wrong


# ---------------------------------------------------------------- check


def findings(found: pd.DataFrame, codebook: "Codebook", every: bool = False) -> None:
    """The findings below their kind, the gravest first: of each kind the first ones, and how many more, or every one."""
    catalogue = codebook.findings.set_index("code")
    for level in SEVERITIES:
        these = found[found["severity"] == level]
        console.print(f"\n[bold]{say(f'severity.{level}')}: {len(these)}[/bold]")
        for code, rows in these.groupby("code"):
            about = catalogue.loc[code]
            said = say(
                "cli.check.finding", code=code, what=about["nl"], why=about["why"], what_to_do=about["what_to_do"]
            )
            console.print(f"\n{said}", highlight=False)
            shown = rows
            if not every:
                shown = rows.head(MOST_FINDINGS)
            for row in shown.to_dict("records"):
                text(f"   {_finding(row)}")
            if len(shown) < len(rows):
                text(f"   {say('cli.check.more', count=number(len(rows) - len(shown)))}")


def _finding(row: dict) -> str:
    """Where it is, what stood there, what was kept, what may be meant."""
    where = [row["file"]]
    if row["sheet"]:
        where.append(say("cli.sheet", sheet=row["sheet"]))
    if not pd.isna(row["row"]):
        where.append(say("cli.check.row", row=row["row"]))
    listed = _cut(row["listed"])
    said = [listed]
    if row["column"]:
        said = [f"{heading(row['column'])} '{listed}'"]
    if row["kept"]:
        said.append(say("cli.check.kept", kept=_cut(row["kept"])))
    if row["did_you_mean"]:
        said.append(say("cli.check.did_you_mean", names=_either(row["did_you_mean"])))
    return ": ".join(filter(None, [", ".join(where), "; ".join(filter(None, said))]))


def _cut(said: str) -> str:
    return said[:MOST] + "..." * (len(said) > MOST)


def _either(names: str) -> str:
    return names.replace("|", f" {say('cli.or')} ")


# ---------------------------------------------------------------- add, decide


def proposal(seen: "Seen", amounts: pd.DataFrame) -> None:
    """What was seen in a list, what each column could be, and what its amounts add up to."""
    said = say("cli.add.seen", header_row=seen.header_row, rows=number(seen.rows), set_aside=number(seen.set_aside))
    sheet = seen.sheet and say("cli.sheet", sheet=seen.sheet)
    century = seen.century and say("cli.add.century", first=seen.century, last=seen.century + 99)
    text(f"{seen.file}: {', '.join(filter(None, [sheet, said, century]))}")
    for other in seen.tables:
        text(f"   {say('cli.add.other', sheet=other.sheet, rows=number(other.rows))}")
    rows = []
    for column in seen.columns:
        name = f"{'? ' * column.asked}{proposed(column.proposed)}"
        samples = " | ".join(filter(None, column.samples))
        rows.append([letter(column.column), column.named, name, column.reason, samples])
    table(map(heading, ("column", "header", "proposed", "reason", "samples")), rows)
    added(amounts)


def added(amounts: pd.DataFrame) -> None:
    """How the amounts of a list are read and what they add up to, a line for each column."""
    for each in amounts.itertuples():
        said = say("cli.add.amounts", header=each.header, name=heading(each.proposed), unit=number(each.unit),
                   decimal=each.decimal, currency=each.currency, read=number(each.read), filled=number(each.filled),
                   sum=euro(each.cents))  # fmt: skip
        text(f"   {said}")
        for currency, cells, cents in each.others:
            text(f"      {say('cli.add.apart', currency=currency, cells=number(cells), sum=number(cents / 100, 2))}")


def proposed(name: str) -> str:
    """What a column is proposed to be, as `add.name_of` understands it."""
    if name in UNUSED:
        return say(f"add.proposed.{name}")
    return f"{name} ({heading(name)})"


def consequences(sentences: list[str]) -> None:
    """What follows from what was chosen, before it is written."""
    text(say("cli.add.follows"))
    for sentence in sentences:
        text(f"   {sentence}")


def differences(changes: pd.DataFrame, card: "Card") -> None:
    """What the list has otherwise than the card of the delivery before."""
    text(say("cli.add.followed", list=card.list, source=card.source, count=len(changes)))
    for each in changes.itertuples():
        text(f"   {say('add.change.' + each.change)}: {each.header} ({each.was} -> {each.now})")


def compared(changes: pd.DataFrame) -> None:
    """What two deliveries say otherwise: how many lines of each kind, and every line."""
    counts = changes["change"].value_counts()
    text("; ".join(f"{say(f'compare.{kind}')}: {number(counts.get(kind, 0))}" for kind in ("new", "gone", "changed")))
    shown = changes.assign(header=changes["header"].map(heading), change=("compare." + changes["change"]).map(say))
    table(map(heading, ("key", "header", "change", "was", "now")), shown.itertuples(index=False))


def names(alarms: pd.DataFrame, unknown: pd.DataFrame) -> None:
    """The names that ask for a decision, with what may be meant."""
    hints = unknown.set_index(["domain", "text"])["suggestions"]
    rows = []
    for alarm, domain, name, code, count in alarms.itertuples(index=False):
        hint = _either(hints.get((domain, name), ""))
        rows.append([say(f"add.alarm.{alarm}"), heading(domain), name, code, number(count), hint])
    table(map(heading, ("alarm", "domain", "spelling", "code", "rows", "suggestions")), rows)


# ---------------------------------------------------------------- exports


def written(path: Path, wanted: Path | None = None) -> None:
    """Where the file is, and that a file of the wanted name was left alone."""
    said = say("cli.written", path=path)
    if wanted not in (None, path):
        said += f" ({say('cli.taken', name=wanted.name)})"
    text(said, soft_wrap=True)


def verdicts(checked: pd.DataFrame, language: str) -> None:
    """What became of the figures of a memo."""
    from wmo_analysis import tables

    shown = tables.table(checked.rename(columns={"verdict": "check"}), language)
    table(shown.columns, shown.itertuples(index=False))
