"""`wmo build`, `wmo check` and `wmo lab`. Here, and in the dashboard, are the doors that keep tracebacks from analysts."""

import datetime
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from wmo_analysis.errors import WmoError
from wmo_analysis.words import euro, number, say

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
    from wmo_analysis.build import build as make

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
    for heading in ("in", "gebruikt", "samengevoegd", "apart", *(heading for heading, _ in more)):
        table.add_column(heading, justify="right", no_wrap=True)
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
