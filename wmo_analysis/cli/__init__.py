"""The commands of `wmo`. Here, and in the dashboard, are the doors that keep tracebacks from analysts.

A command loads what it needs when it is called: `wmo --help` waits for no tables.
"""

import datetime
import functools
import inspect
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from wmo_analysis.errors import WmoError
from wmo_analysis.schema import FILTERS, VERDICTS
from wmo_analysis.words import say

if TYPE_CHECKING:
    from pandas import DataFrame

    from wmo_analysis.add import Seen
    from wmo_analysis.monitor import Monitor
    from wmo_analysis.pipeline import Built
    from wmo_analysis.pipeline.card import Card
    from wmo_analysis.workspace import Workspace

app = typer.Typer(help=say("cli.help"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
HERE, LOG = Path("."), Path("outputs") / "wmo.log"
INTERRUPTED = 130  # the exit status of what Ctrl-C ended


def command(function: Callable) -> Callable:
    """Makes a command of a function; what it says in `--help` stands in words.csv. Ctrl-C ends it with a sentence."""

    @functools.wraps(function)
    def stoppable(*given, **named) -> None:
        try:
            function(*given, **named)
        except (KeyboardInterrupt, typer.Abort):  # the latter at a question
            _stop(say("cli.stopped"), INTERRUPTED)

    return app.command(help=say(f"cli.help.{function.__name__}"))(stoppable)


def _told(kind: Callable, name: str, *flags: str, default: str = "", **more):
    """An option or argument; its help stands in words.csv, and so do the words for what holds without it."""
    if default:
        more["show_default"] = say(f"cli.default.{default}")
    return kind(*flags, help=say(f"cli.option.{name}"), **more)


option, argument = functools.partial(_told, typer.Option), functools.partial(_told, typer.Argument)
Folder = Annotated[Path, argument("workspace", default="here")]


@command
def build(workspace: Folder = HERE) -> None:
    """Reads data/raw and writes data/clean; shows the account of all rows and amounts."""
    from wmo_analysis.cli import show
    from wmo_analysis.monitor import open_monitor
    from wmo_analysis.pipeline import bulkhead

    try:
        with show.progress() as progress:
            result = bulkhead.build(workspace, progress)
    except KeyboardInterrupt:
        _stop(f"{say('cli.build.stopped')} {say('build.untouched')}", INTERRUPTED)
    for message in result.messages:
        show.console.print(message)
    show.built(result.ledger, result.findings, result.projects)
    # where each source has one list all is in force: nothing need be read back, which is a third of the time of a build
    show.in_force(result, open_monitor(workspace) if result.several else None)


@command
def check(workspace: Folder = HERE, every: Annotated[bool, option("every_finding", "--all")] = False) -> None:
    """Shows the findings, the first of each kind or all: what, where, what was kept, what to do."""
    from wmo_analysis.cli import show
    from wmo_analysis.monitor import open_monitor

    monitor = open_monitor(workspace)
    show.findings(monitor.tables["findings"], monitor.codebook, every)


@command
def lab(workspace: Folder = HERE, browser: Annotated[bool, option("browser")] = True) -> None:
    """Builds the data and opens the monitor in JupyterLab, on this computer only; refuses to when that would be open."""
    from wmo_analysis import machine
    from wmo_analysis.cli import show, start

    if show.looked_at(start.lines(workspace)):
        raise WmoError(say("start.refused"))
    build(workspace)
    number, _ = start.port()
    arguments = [*start.command(workspace.resolve()), f"--port={number}", "--ServerApp.port_retries=0"]
    if not browser:
        arguments.append("--no-browser")
    status = machine.run(arguments, os.environ | {"WMO_HOME": str(workspace.resolve())})
    show.text(say("start.stopped"))
    raise SystemExit(status)


@command
def doctor(workspace: Folder = HERE) -> None:
    """Looks whether this computer can run the monitor, one line each, for a helpdesk; exit status 1 when it cannot."""
    from wmo_analysis.cli import show, start

    wrong = show.looked_at(start.lines(workspace))
    raise SystemExit(int(show.looked_at([start.data(workspace)]) or wrong))


# ---------------------------------------------------------------- bring your own list


@command
def add(
    file: Annotated[Path, argument("file")],
    workspace: Annotated[Path, option("workspace", default="here")] = HERE,
    source: Annotated[str, option("source")] = "",
    date: Annotated[str, option("date", default="today")] = "",
    owner: Annotated[str, option("owner")] = "",
    complete: Annotated[bool, option("complete")] = False,
    part: Annotated[str, option("part")] = "",
    whole_country: Annotated[bool, option("whole_country")] = False,
    column: Annotated[list[str], option("column")] = [],  # noqa: B006
    constant: Annotated[list[str], option("constant")] = [],  # noqa: B006
    unit: Annotated[list[str], option("unit")] = [],  # noqa: B006
    decimal: Annotated[list[str], option("decimal")] = [],  # noqa: B006
    currency: Annotated[list[str], option("currency")] = [],  # noqa: B006
    accept: Annotated[bool, option("accept")] = False,
    dry_run: Annotated[bool, option("dry_run")] = False,
    as_json: Annotated[bool, option("json", "--json")] = False,
) -> None:
    """Looks at a new list, proposes what each column is, and writes that on a card when confirmed."""
    from wmo_analysis import add as adding
    from wmo_analysis.cli import show
    from wmo_analysis.codebook import Codebook
    from wmo_analysis.workspace import Workspace

    book = Codebook.open(Workspace(workspace).reference)
    source = book.find("source", source) if source else ""
    seen, differences, stated = adding.look(file, book), None, {}
    earlier = adding.previous(workspace, seen, source)
    if earlier:
        seen, differences = adding.follow(seen, earlier, book)
        stated = adding.carried(earlier)
    elif like := adding.nearly(workspace, seen):
        show.text(say("add.nearly", list=like.list, source=like.source), style="bold")
    seen = adding.choose(seen, *map(_pairs, (column, unit, decimal, currency)))
    _proposed(seen, differences, earlier, as_json)
    if dry_run:
        return
    whole_country = whole_country or bool(stated.get("whole_country"))
    seen = _answered(seen, whole_country, accept)
    given = {"source": source, "owner": owner, "complete": complete, "part": part, "whole_country": whole_country}
    stated |= {name: value for name, value in given.items() if value}
    stated["constants"] = stated.get("constants", {}) | _pairs(constant, str.split)
    today = datetime.date.today().isoformat()  # the day of receipt; the delivery itself may be older
    if _replaces(file, seen, workspace, date or today, stated) and not accept:
        stated["part"] = typer.prompt(say("cli.add.part"), default="", show_default=False)
    if not (accept or typer.confirm(say("cli.add.write"), default=True)):
        return
    card = adding.write(file, seen, workspace, date or today, today, **stated)
    show.text(say("cli.add.written", card=card.relative_to(workspace)))


def _proposed(seen: "Seen", differences: "DataFrame | None", earlier: "Card | None", as_json: bool) -> None:
    """Shows what was seen, and what differs from the card of the delivery before; or prints it as JSON."""
    from wmo_analysis import add as adding
    from wmo_analysis import machine
    from wmo_analysis.cli import show

    if as_json:
        more = {} if differences is None else {"differences": differences.to_dict("records")}
        more |= {"amounts": adding.amounts(seen).to_dict("records")}
        print(json.dumps(seen.as_dict() | more, ensure_ascii=not machine.speaks_unicode(), indent=1))
        return
    show.proposal(seen, adding.amounts(seen))
    if earlier:
        show.differences(differences, earlier)


def _replaces(file: Path, seen: "Seen", workspace: Path, date: str, stated: dict[str, object]) -> bool:
    """Says what the delivery does to what is there; whether it ends projects and is not said to be a part."""
    from wmo_analysis import add as adding
    from wmo_analysis import words
    from wmo_analysis.cli import show

    try:
        found = adding.arrival(file, seen, workspace, date, **stated)
    except WmoError as error:
        show.text(say("cli.add.arrival.unknown", why=error))
        return False
    show.text(say("cli.add.arrival", new=words.number(found.new), again=words.number(found.again)))
    if found.ended:
        ended = words.count("projects", found.ended)
        show.text(say("cli.add.arrival.ends", date=words.date(date), ended=ended), style="bold")
    return found.ended > 0 and not stated.get("part")


def _answered(seen: "Seen", whole_country: bool, accept: bool) -> "Seen":
    """What was seen with an answer to each question; shows what follows. Raises WmoError for what is open and not asked."""
    from wmo_analysis import add as adding
    from wmo_analysis.cli import show

    if not accept:
        seen = _ask_amounts(_ask(seen))
    elif questions := adding.unanswered(seen):
        raise questions
    show.consequences(adding.consequences(seen, whole_country))
    return seen


def _pairs(given: list[str], split: Callable = str.rsplit) -> dict[str, str]:
    """'Bedrag=granted' -> Bedrag: granted; at the last = unless `split` says so. Raises WmoError without one."""
    for text in given:
        if "=" not in text:
            raise WmoError(say("cli.no_pair", text=text))
    return dict(split(text, "=", 1) for text in given)


def _ask(seen: "Seen") -> "Seen":
    """What was seen, with an answer to each question in the words of the table; Enter takes the proposal, - is not used.

    Raises WmoError with all questions when nobody is there to answer.
    """
    from wmo_analysis import add as adding
    from wmo_analysis.cli import show

    for each in filter(lambda column: column.asked, seen.columns):
        what, answered = show.plain(say("cli.add.what", header=each.named, reason=each.reason)), False
        while not answered:
            try:
                said = typer.prompt(what, default=show.proposed(each.proposed))
                seen, answered = adding.choose(seen, {each.column: said}), True
            except WmoError as error:
                show.text(str(error))
            except typer.Abort:
                if sys.stdin.isatty():
                    raise
                raise adding.unanswered(seen) from None
    return seen


def _ask_amounts(seen: "Seen") -> "Seen":
    """What was seen, with what a person says of amounts of which the unit or sign is not clear; shows what they add up to."""
    from wmo_analysis import add as adding
    from wmo_analysis.cli import show

    while open_ := adding.unclear(seen):  # what no amount can be is asked again
        each, part = open_[0]
        what = show.plain(say(f"cli.add.{part}_of", header=each.named, reason=each.reason))
        said = typer.prompt(what, default=str(getattr(each.money, part)))
        try:
            seen = adding.choose(seen, {}, **{part: {each.column: said}})
        except WmoError as error:
            show.text(str(error))
    show.added(adding.amounts(seen))
    return seen


@command
def compare(
    before: Annotated[str, argument("before")],
    now: Annotated[str, argument("now")],
    workspace: Annotated[Path, option("workspace", default="here")] = HERE,
) -> None:
    """Shows what two deliveries say otherwise of the same key, on every column."""
    from wmo_analysis import add as adding
    from wmo_analysis.cli import show

    show.compared(adding.compared(workspace, before, now))


@command
def decide(
    workspace: Folder = HERE,
    role: Annotated[str, option("role")] = "",
    text: Annotated[str, option("text")] = "",
    means: Annotated[str, option("means")] = "",
    domain: Annotated[str, option("domain")] = "municipality",
    reason: Annotated[str, option("reason")] = "",
) -> None:
    """Shows the names that the codebook does not know, the most frequent first, or writes a decision."""
    from wmo_analysis import add as adding
    from wmo_analysis.cli import show

    if text:
        code = adding.decide(workspace, domain, text, means, role, datetime.date.today().isoformat(), reason)
        show.text(say("cli.decide.done", text=text, code=code))
    else:
        show.names(adding.alarms(workspace), adding.unknown(workspace))


# ---------------------------------------------------------------- exports

Several = Annotated[list[str] | None, typer.Option(show_default=False)]
Output = Annotated[Path | None, option("output", "--output", "-o", default="in_outputs")]
Since = Annotated[str, option("since", show_default=False)]


def choosing(function: Callable) -> Callable:
    """The command with the options of a selection before its own; it gets the Monitor of that selection first."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [p.replace(kind=keyword) for p in list(inspect.signature(function).parameters.values())[1:]]
    options = [
        inspect.Parameter("as_of", keyword, default="", annotation=Annotated[str, option("as_of")]),
        inspect.Parameter("known_on", keyword, default="", annotation=Annotated[str, option("known_on")]),
        inspect.Parameter(
            "municipalities_of", keyword, default="", annotation=Annotated[str, option("municipalities_of")]
        ),
        *(inspect.Parameter(name, keyword, default=None, annotation=Several) for name in FILTERS),
        inspect.Parameter("language", keyword, default="nl", annotation=Annotated[str, option("language")]),
    ]

    @functools.wraps(function)
    def chosen(*, as_of: str, known_on: str, municipalities_of: str, language: str, **given) -> None:
        from wmo_analysis.monitor import carried, open_monitor

        filters = {name: given.pop(name) for name in FILTERS}
        monitor = open_monitor().in_language(language)
        monitor = carried(monitor, municipalities_of) if municipalities_of else monitor
        monitor = monitor.within(**{name: value for name, value in filters.items() if value}).known_on(known_on)
        function(monitor.as_of(as_of) if as_of else monitor, **given)

    # typer reads both: the signature for the order, the annotations for the types
    chosen.__signature__ = inspect.Signature([*options, *own])
    chosen.__annotations__ = {parameter.name: parameter.annotation for parameter in (*options, *own)}
    return chosen


def _workspace() -> "Workspace":
    from wmo_analysis.workspace import Workspace

    return Workspace.nearest()


def _export(make: str, monitor: "Monitor", output: Path | None, suffix: str, since: str, kind: str, **more) -> None:
    """Makes a file with `report.make`; one that is not named tells the selection in its name."""
    from wmo_analysis import report
    from wmo_analysis.cli import show
    from wmo_analysis.export import selection_name

    wanted = output or _workspace().outputs / selection_name(monitor, kind, suffix)
    show.written(getattr(report, make)(monitor, wanted, since=since or None, **more), wanted)


@command
@choosing
def memo(
    monitor: "Monitor",
    output: Output = None,
    programme: Annotated[str, option("programme", show_default=False)] = "",
    since: Since = "",
) -> None:
    """Makes the memo to the committee, or the interim report of a programme, as a Word document."""
    more = {"programme": programme, "index": _workspace().memos}
    _export("memo", monitor, output, ".docx", since, f"memo {programme}", **more)


@command
def check_memo(
    path: Annotated[Path | None, argument("path", show_default=False)] = None,
    every: Annotated[bool, option("every", "--all")] = False,
) -> None:
    """Reads a memo back: what is still right, what has changed, was retyped or has no source."""
    from wmo_analysis import report
    from wmo_analysis.cli import show
    from wmo_analysis.monitor import open_monitor

    if every == bool(path):
        raise WmoError(say("cli.check_memo.which"))
    monitor = open_monitor()
    if every:
        show.verdicts(report.check_all(_workspace().memos, monitor), monitor.language)
        return
    table = report.check_memo(path, monitor)
    counts = table["verdict"].value_counts()
    show.console.print("; ".join(f"{say(f'check.{v}')}: {counts.get(v, 0)}" for v in VERDICTS))
    wrong = table[table["verdict"] != "right"]
    if len(wrong):
        show.verdicts(wrong.assign(verdict=[say(f"check.{v}") for v in wrong["verdict"]]), monitor.language)


@command
@choosing
def export(monitor: "Monitor", output: Output = None, since: Since = "") -> None:
    """Writes the workbook: schema, all measures, projects, places, findings, account and codebook."""
    _export("workbook", monitor, output, ".xlsx", since, "werkmap")


@command
@choosing
def html(monitor: "Monitor", output: Output = None, since: Since = "") -> None:
    """Writes a page to send: one file that opens without a network."""
    _export("page", monitor, output, ".html", since, "pagina")


@command
@choosing
def charts(
    monitor: "Monitor",
    folder: Annotated[Path | None, option("folder", "--output", "-o", default="outputs")] = None,
    name: Annotated[list[str] | None, option("name")] = None,
    since: Since = "",
) -> None:
    """Draws the charts as PNG and SVG, for half a page and a whole one."""
    from wmo_analysis import report
    from wmo_analysis.cli import show

    for path in report.charts(monitor, folder or _workspace().outputs, name or [], since=since or None):
        show.written(path)


# ---------------------------------------------------------------- the door


def main() -> None:
    """The console script: exit status 0 when it worked, 1 with one sentence when it did not, 130 after Ctrl-C."""
    from wmo_analysis import machine

    machine.patient_screen()
    try:
        app()
    except WmoError as error:
        _stop(str(error))
    except Exception as error:  # the door of law 10: log, one sentence
        options = [text.partition("=")[0] for text in sys.argv[2:] if text.startswith("--")]
        typed = " ".join(["wmo", *sys.argv[1:2], *options])  # not what the options say
        _stop(machine.fault(LOG, typed, error))


def _stop(sentence: str, status: int = 1) -> NoReturn:
    from wmo_analysis.cli import show

    show.text(sentence, style="bold")
    raise SystemExit(status)
