"""The commands of `wmo`. Here, and in the dashboard, are the doors that keep tracebacks from analysts."""

import datetime
import functools
import inspect
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from wmo_analysis.errors import WmoError
from wmo_analysis.schema import FILTERS
from wmo_analysis.words import euro, heading, number, say

app = typer.Typer(
    help="De WMO-monitor: van projectlijsten naar cijfers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()
Workspace = Annotated[Path, typer.Argument(help="de map met data/", show_default="deze map")]


@app.command()
def build(workspace: Workspace = Path(".")) -> None:
    """Leest data/raw en schrijft data/clean; toont de rekening van alle rijen en bedragen."""
    from wmo_analysis.pipeline import build as make

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("lijsten lezen")

        def progress(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name)

        result = make(workspace, progress)
    for message in result["messages"]:
        console.print(message)
    unread = (("ongelezen", "cells_unread"),)
    console.print(_account(result["ledger"], "rows", "Rijen: in = gebruikt + samengevoegd + apart gezet", number))
    console.print(
        _account(
            result["ledger"],
            "cents",
            "Bedragcellen van alle soorten: in = gebruikt + samengevoegd + apart gezet",
            euro,
            unread,
        )
    )
    counts = result["findings"]["severity"].value_counts()
    said = [f"{say(f'severity.{level}')}: {counts.get(level, 0)}" for level in ("error", "warning", "note")]
    projects = result["projects"]
    one = projects["same_as"].where(projects["same_as"] != "", projects["project_id"]).nunique()
    console.print(f"{one} projecten. Bevindingen: {', '.join(said)} (lees ze met: wmo check)")


def _account(ledger, unit: str, title: str, show, more: tuple = ()) -> Table:
    """Rows or cents per list: in = used + merged + set aside."""
    table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("lijst", overflow="fold")
    counts = [f"{unit}_{what}" for what in ("in", "used", "merged", "set_aside")]
    for title in ("in", "gebruikt", "samengevoegd", "apart", *(title for title, _ in more)):
        table.add_column(title, justify="right", no_wrap=True)
    extra = [column for _, column in more]
    lists = ledger[ledger[[*counts, *extra]].any(axis=1) | (unit == "rows")]
    rows = [*zip(lists["file"], lists.to_dict("records"), strict=True), ("samen", lists[[*counts, *extra]].sum())]
    for name, row in rows:
        cells = [show(row[column]) for column in counts] + [number(row[column]) for column in extra]
        last = len(lists) and name == lists["file"].iloc[-1]
        table.add_row(name, *cells, style="bold" if name == "samen" else "", end_section=last)
    return table


@app.command()
def check(workspace: Workspace = Path(".")) -> None:
    """Toont de bevindingen: wat, waar, wat is gehouden, wat te doen."""
    from wmo_analysis.monitor import open_monitor

    monitor = open_monitor(workspace)
    catalogue = monitor.codebook.findings.set_index("code")
    for level in ("error", "warning", "note"):
        found = monitor.tables["findings"].query("severity == @level")
        console.print(f"\n[bold]{say(f'severity.{level}')}: {len(found)}[/bold]")
        for code, rows in found.groupby("code"):
            about = catalogue.loc[code]
            console.print(
                f"\n{code} {about['nl']}. {about['why']}. Wat te doen: {about['what_to_do']}.", highlight=False
            )
            for row in rows.to_dict("records"):
                console.print("   " + _place(row), markup=False, highlight=False)


def _place(row: dict) -> str:
    where = [
        row["file"],
        f"blad {row['sheet']}" if row["sheet"] else "",
        f"rij {row['row']}" if row["row"] == row["row"] else "",
    ]
    said = [
        f"{say('column.' + row['column'])} '{row['listed']}'" if row["column"] else row["listed"],
        f"gehouden: {row['kept']}" if row["kept"] else "",
        f"bedoelt u {row['did_you_mean'].replace('|', ' of ')}?" if row["did_you_mean"] else "",
    ]
    return ": ".join(filter(None, [", ".join(filter(None, where)), "; ".join(filter(None, said))]))


def lab_command(workspace: Path) -> list[str]:
    """How JupyterLab is started: on this computer only, with a token, at the first notebook, without news or updates."""
    command = [
        *(sys.executable, "-m", "jupyterlab", "--ip=127.0.0.1", f"--ServerApp.root_dir={workspace}"),
        f"--LabApp.app_settings_dir={Path(__file__).with_name('lab')}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--LabApp.default_url=/lab/tree/notebooks/00_start.ipynb",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


@app.command()
def lab(
    workspace: Workspace = Path("."), browser: Annotated[bool, typer.Option(help="open de browser")] = True
) -> None:
    """Bouwt de gegevens en opent de monitor in JupyterLab, alleen op deze computer."""
    build(workspace)
    command = lab_command(workspace.resolve())
    if not browser:
        command.append("--no-browser")
    raise SystemExit(subprocess.call(command, env=os.environ | {"WMO_HOME": str(workspace.resolve())}))


# ---------------------------------------------------------------- bring your own list

Date = Annotated[str, typer.Option(help="datum van de levering, als 2007-10-09", show_default="vandaag")]
Role = Annotated[str, typer.Option(help="functie van wie besluit, geen naam")]
Json = Annotated[bool, typer.Option("--json", help="druk af als JSON")]


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="de lijst zoals die is ontvangen")],
    workspace: Annotated[Path, typer.Option(help="de map met data/", show_default="deze map")] = Path("."),
    source: Annotated[str, typer.Option(help="bron van de hele lijst, bijvoorbeeld S3")] = "",
    date: Date = "",
    owner: Annotated[str, typer.Option(help="organisatie die de lijst stuurde")] = "",
    complete: Annotated[bool, typer.Option(help="de lijst bevat alle projecten van de bron")] = False,
    whole_country: Annotated[bool, typer.Option(help="plaatsen die het codeboek niet kent liggen erbuiten")] = False,
    column: Annotated[list[str], typer.Option(help="keuze per kolom, bijvoorbeeld 'Bedrag=granted'")] = [],  # noqa: B006
    constant: Annotated[list[str], typer.Option(help="voor de hele lijst, bijvoorbeeld 'theme=P4'")] = [],  # noqa: B006
    accept: Annotated[bool, typer.Option(help="neem het voorstel zonder te vragen")] = False,
    dry_run: Annotated[bool, typer.Option(help="toon het voorstel, schrijf niets")] = False,
    as_json: Json = False,
) -> None:
    """Bekijkt een nieuwe lijst, stelt voor wat elke kolom is, en legt dat na bevestiging vast op een kaart."""
    from wmo_analysis import add as adding
    from wmo_analysis.codebook import Codebook
    from wmo_analysis.workspace import Workspace

    book = Codebook.open(Workspace(workspace).reference)
    about = adding.look(file, book)
    source = book.find("source", source) if source else ""
    earlier = adding.previous(workspace, about, source)
    stated = adding.carried(earlier) if earlier else {}
    if earlier:
        about, differences = adding.follow(about, earlier, book)
        about["differences"] = differences.to_dict("records")
    about = adding.choose(about, dict(text.rsplit("=", 1) for text in column))
    if as_json:
        print(json.dumps(about, ensure_ascii=False, indent=1))
    else:
        _show_proposal(about, earlier)
    if dry_run:
        return
    if not accept:
        about = adding.choose(about, _ask(about, adding.NAMES))
        if not typer.confirm("Kaart schrijven?", default=True):
            return
    today = datetime.date.today().isoformat()
    given = {"source": source, "owner": owner, "complete": complete, "whole_country": whole_country}
    stated |= {name: value for name, value in given.items() if value}
    stated["constants"] = stated.get("constants", {}) | dict(text.split("=", 1) for text in constant)
    card = adding.write(file, about, workspace, date or today, today, **stated)
    console.print(
        f"Geschreven: {card.relative_to(workspace)}. Zet de lijst in de monitor met: wmo build", highlight=False
    )


def _show_proposal(about: dict, earlier: dict | None) -> None:
    where = f"blad {about['sheet']}, " if about["sheet"] else ""
    unit = f", bedragen x € {number(about['unit'])}" if about["unit"] > 1 else ""
    console.print(
        f"{about['file']}: {where}kop op rij {about['header_row']}, {number(about['rows'])} rijen, "
        f"{number(about['set_aside'])} apart gezet (totalen, tussenkoppen, noten){unit}",
        markup=False, highlight=False,
    )  # fmt: skip
    for other in about["tables"]:
        console.print(f"   ook: {other['sheet']}, {number(other['rows'])} rijen", markup=False, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("header", "proposed", "reason", "samples"):
        table.add_column(heading(name), overflow="fold")
    for each in about["columns"]:
        sure = "? " if each["asked"] else ""
        cells = [
            each["named"],
            sure + _proposed(each["proposed"]),
            each["reason"],
            " | ".join(filter(None, each["samples"])),
        ]
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    if earlier:
        count = len(about["differences"])
        said = f"Gelezen met de kaart van {earlier['list']}, bron {earlier.get('source', '')}; verschillen: {count}"
        console.print(said, markup=False, highlight=False)
        for each in about["differences"]:
            said = f"   {say('add.change.' + each['change'])}: {each['header']} ({each['was']} -> {each['now']})"
            console.print(said, markup=False, highlight=False)


def _proposed(name: str) -> str:
    return say(f"add.proposed.{name}") if name in ("", "contact", "remarks") else f"{name} ({heading(name)})"


def _ask(about: dict, names) -> dict[int, str]:
    """What a person chooses for the columns that are asked; Enter takes the proposal, - means not used."""
    answers = {}
    for each in (each for each in about["columns"] if each["asked"]):
        name = None
        while name not in names:
            said = typer.prompt(f"„{each['named']}”: {each['reason']} Wat is het?", default=each["proposed"] or "-")
            name = "" if said == "-" else said
        answers[each["column"]] = name
    return answers


@app.command()
def decide(
    workspace: Workspace = Path("."),
    role: Role = "",
    text: Annotated[str, typer.Option(help="de naam zoals die in de lijsten staat")] = "",
    means: Annotated[str, typer.Option(help="naam of code in het codeboek")] = "",
    domain: Annotated[str, typer.Option(help="municipality, theme, status, source of kind")] = "municipality",
    reason: Annotated[str, typer.Option(help="waarom")] = "",
) -> None:
    """Toont de namen die het codeboek niet kent, de vaakste eerst; legt met --text en --means een besluit vast."""
    from wmo_analysis import add as adding

    if text:
        code = adding.decide(workspace, domain, text, means, role, datetime.date.today().isoformat(), reason)
        console.print(f"Vastgelegd: {text} = {code}. Bouw opnieuw met: wmo build", markup=False, highlight=False)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("alarm", "domain", "spelling", "code", "rows", "suggestions"):
        table.add_column(heading(name), overflow="fold")
    hints = adding.unknown(workspace).set_index(["domain", "text"])["suggestions"]
    for each in adding.alarms(workspace).to_dict("records"):
        hint = hints.get((each["domain"], each["text"]), "").replace("|", " of ")
        cells = [
            say(f"add.alarm.{each['alarm']}"),
            heading(each["domain"]),
            each["text"],
            each["code"],
            number(each["rows"]),
        ]
        table.add_row(*(Text(cell) for cell in [*cells, hint]))
    console.print(table)


# ---------------------------------------------------------------- exports

Several = Annotated[list[str] | None, typer.Option(show_default=False)]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="het bestand", show_default="in outputs/")]
Since = Annotated[str, typer.Option(help="vergelijk met deze dag, of met een gepubliceerde memo", show_default=False)]


def choosing(command):
    """The command with the options of a selection before its own; it gets the Monitor of that selection first."""
    own = list(inspect.signature(command).parameters.values())[1:]
    keyword = inspect.Parameter.KEYWORD_ONLY
    options = [
        inspect.Parameter("as_of", keyword, default="", annotation=Annotated[str, typer.Option(help="de peildatum")]),
        *(inspect.Parameter(name, keyword, default=None, annotation=Several) for name in FILTERS),
        inspect.Parameter("language", keyword, default="nl", annotation=Annotated[str, typer.Option(help="nl of en")]),
    ]

    @functools.wraps(command)
    def chosen(*, as_of, language, **given):
        from wmo_analysis.monitor import open_monitor

        monitor = open_monitor().in_language(language)
        monitor = monitor.within(**{name: given[name] for name in FILTERS if given[name]})
        command(monitor.as_of(as_of) if as_of else monitor, **{p.name: given[p.name] for p in own})

    kept = [parameter.replace(kind=keyword) for parameter in own]
    chosen.__signature__ = inspect.Signature([*options, *kept])
    chosen.__annotations__ = {parameter.name: parameter.annotation for parameter in (*options, *kept)}
    return chosen


def _outputs() -> Path:
    from wmo_analysis.workspace import Workspace

    return Workspace.nearest().outputs


def _name(monitor, kind: str, suffix: str) -> Path:
    from wmo_analysis.export import selection_name

    return _outputs() / selection_name(monitor, kind, suffix)


def _written(path: Path, wanted: Path) -> None:
    taken = f" ({wanted.name} bestond al en is niet aangeraakt)" if path != wanted else ""
    console.print(f"Geschreven: {path}{taken}", markup=False, highlight=False, soft_wrap=True)


@app.command()
@choosing
def memo(
    monitor,
    output: Output = None,
    programme: Annotated[str, typer.Option(help="tussenrapportage van dit programma", show_default=False)] = "",
    since: Since = "",
) -> None:
    """Maakt de memo aan de commissie, of de tussenrapportage van een programma, als Word-document."""
    from wmo_analysis import report

    wanted = output or _name(monitor, f"memo {programme}", ".docx")
    index = _outputs() / "index.csv"
    _written(report.memo(monitor, wanted, since=since or None, programme=programme, index=index), wanted)


@app.command()
def check_memo(
    path: Annotated[Path | None, typer.Argument(help="de memo", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="alle gepubliceerde memo's")] = False,
) -> None:
    """Leest een memo terug: wat is nog juist, wat is gewijzigd, overgetypt of zonder bron."""
    from wmo_analysis import report
    from wmo_analysis.monitor import open_monitor

    if every == bool(path):
        raise WmoError("Noem een memo, of kies --all voor alle gepubliceerde memo's.")
    monitor = open_monitor()
    if every:
        _listed(report.check_all(_outputs() / "index.csv", monitor), monitor.language)
        return
    table = report.check_memo(path, monitor)
    counts = table["verdict"].value_counts()
    console.print(
        "; ".join(f"{say(f'check.{v}')}: {counts.get(v, 0)}" for v in ("right", "changed", "retyped", "unbound"))
    )
    wrong = table[table["verdict"] != "right"]
    if len(wrong):
        _listed(wrong.assign(verdict=[say(f"check.{v}") for v in wrong["verdict"]]), monitor.language)


def _listed(table, language: str) -> None:
    from wmo_analysis import tables

    shown, made = tables.table(table.rename(columns={"verdict": "check"}), language), Table(box=box.SIMPLE_HEAD)
    for name in shown.columns:
        made.add_column(name, overflow="fold")
    for row in shown.itertuples(index=False):
        made.add_row(*(escape(str(cell)) for cell in row))
    console.print(made)


@app.command()
@choosing
def export(monitor, output: Output = None, since: Since = "") -> None:
    """Schrijft de werkmap: schema, alle metingen, projecten, plaatsen, bevindingen, rekening en codeboek."""
    from wmo_analysis import report

    wanted = output or _name(monitor, "werkmap", ".xlsx")
    _written(report.workbook(monitor, wanted, since=since or None), wanted)


@app.command()
@choosing
def html(monitor, output: Output = None, since: Since = "") -> None:
    """Schrijft een pagina om te versturen: een bestand dat zonder netwerk opent."""
    from wmo_analysis import report

    wanted = output or _name(monitor, "pagina", ".html")
    _written(report.page(monitor, wanted, since=since or None), wanted)


@app.command()
@choosing
def charts(
    monitor,
    folder: Annotated[Path | None, typer.Option("--output", "-o", help="de map", show_default="outputs/")] = None,
    name: Annotated[list[str] | None, typer.Option(help="welke grafiek; zonder keuze alle")] = None,
    since: Since = "",
) -> None:
    """Tekent de grafieken als PNG en SVG, voor een halve en een hele pagina."""
    from wmo_analysis import report

    for path in report.charts(monitor, folder or _outputs(), name or [], since=since or None):
        console.print(f"Geschreven: {path}", markup=False, highlight=False, soft_wrap=True)


def main() -> None:
    """The console script: exit status 0 when it worked, 1 with one sentence when it did not."""
    try:
        app()
    except WmoError as error:
        console.print(str(error), style="bold", highlight=False, markup=False)
        raise SystemExit(1) from None
    except Exception:  # the door of law 10: log, one sentence
        log = Path("outputs") / "wmo.log"
        log.parent.mkdir(exist_ok=True)
        with open(log, "a", encoding="utf-8") as file:
            file.write(
                f"{datetime.datetime.now():%Y-%m-%d %H:%M} wmo {' '.join(sys.argv[1:])}\n{traceback.format_exc()}\n"
            )
        console.print(
            f"Er ging iets mis in het programma zelf. Er is niets gewijzigd. De bijzonderheden staan in {log}.",
            style="bold",
        )
        raise SystemExit(1) from None
