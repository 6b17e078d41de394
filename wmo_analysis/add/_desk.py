"""A list added without programming: choose or upload it, say what its columns are, write its card, build, read on."""

import datetime
import tempfile
from collections.abc import Callable
from pathlib import Path

import ipywidgets
import pandas as pd

from wmo_analysis import machine
from wmo_analysis.add._card import write
from wmo_analysis.add._look import look
from wmo_analysis.add._names import unknown
from wmo_analysis.add._next import arrival, carried, follow, nearly, previous
from wmo_analysis.add._seen import Seen
from wmo_analysis.add._widgets import Columns, Names, changed, counted, shown
from wmo_analysis.codebook import NOT_STATED, Codebook
from wmo_analysis.errors import WmoError
from wmo_analysis.pipeline import Built, bulkhead
from wmo_analysis.pipeline.card import Card
from wmo_analysis.style import escape
from wmo_analysis.tables import Table
from wmo_analysis.words import count, euro, heading, number, say
from wmo_analysis.words import date as in_words
from wmo_analysis.words import day as in_figures
from wmo_analysis.workspace import Workspace

PARTS = ("in", "used", "merged", "set_aside")
KINDS = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".json", ".docx", ".html")
WIDE = ipywidgets.Layout(width="100%")
SIDE = {"description_width": "40%"}


def account(result: Built, file: str) -> Table:
    """What a build did with one list, in Dutch: a row for in, used, merged and set aside, in rows and in euro.

    `file` is the list as the ledger names it, 'FOLDER/NAME'. Raises WmoError for a list that the build does not know.
    """
    row = result.ledger[result.ledger["file"] == file]
    if not len(row):
        raise WmoError(say("add.no_such_list", file=file))
    row, rows = row.iloc[0], []
    for part in PARTS:
        rows.append([say(f"cli.build.{part}"), number(row[f"rows_{part}"]), euro(row[f"cents_{part}"])])
    rows.append([heading("cells_unread"), number(row["cells_unread"]), ""])
    made = Table(rows, columns=["", heading("rows"), heading("cents")])
    made.numeric = list(made.columns[1:])
    return made


def noticed(result: Built, file: str, codebook: Codebook) -> Table:
    """The kinds of findings of a build on one list, in Dutch: what it is, what to do, and how often."""
    counts = result.findings[result.findings["file"] == file]["code"].value_counts().rename("count")
    told = codebook.findings.set_index("code")[["nl", "what_to_do"]].join(counts, how="inner")
    made = Table(told.astype({"count": "int64"}).map(str).rename(columns=heading).reset_index(drop=True))
    made.numeric = [heading("count")]
    return made


class Desk(ipywidgets.VBox):
    """The form: a list goes in at the top, and each button shows what it did below itself.

    Without `workspace` it is practice in a folder of its own; `file` is the list that stands there to begin with.
    """

    def __init__(self, workspace: Path | str = "", file: Path | str = ""):
        self.home = Workspace(Path(workspace)) if workspace else Workspace.nearest()
        self.practice = Path(tempfile.mkdtemp())
        self.where = self._choice("where", [("practice", ""), ("mine", "mine")], "mine" if workspace else "")
        self.upload = ipywidgets.FileUpload(accept=",".join(KINDS), description=say("add.desk.upload"))
        here = sorted(path for path in self.home.root.iterdir() if path.suffix.casefold() in KINDS)
        found = dict.fromkeys([*([Path(file)] if file else []), *here])
        self.files = self._field(ipywidgets.Dropdown, "file", options=[("", None), *((p.name, p) for p in found)])
        book = Codebook.open(self.home.reference)
        sources = [(book.label("source", code), code) for code in book.source_ids]
        self.source = self._field(ipywidgets.Dropdown, "source", options=sources, value=NOT_STATED)
        self.constants = {name: self._constant(book, name) for name in ("theme", "municipality")}
        self.basis = self._choice("basis", [("received", "received"), ("example", "example")], "received")
        self.owner = self._field(ipywidgets.Text, "owner")
        today = dict(value=in_figures(datetime.date.today().isoformat()), placeholder=say("add.desk.day_form"))
        self.date = self._field(ipywidgets.Text, "date", **today)  # a date picker would show days as the browser does
        self.received = self._field(ipywidgets.Text, "received", **today)
        self.complete = self._field(ipywidgets.Checkbox, "complete")
        self.part = self._field(ipywidgets.Text, "part")
        self.whole_country = self._field(ipywidgets.Checkbox, "whole_country")
        self.told, self.columns = ipywidgets.VBox(), None
        self.role, self.reason = self._field(ipywidgets.Text, "role"), self._field(ipywidgets.Text, "reason")
        self.writes, self.written = self._step("write", self._write)
        self.builds, self.built = self._step("build", self._build)
        self.seen: Seen | None = None
        self.earlier: Card | None = None
        self.stated: dict[str, object] = {}  # by a person on the card of the delivery before this one
        self.card: Path | None = None
        self.result: Built | None = None
        self.files.observe(lambda change: self._see(change["new"]), "value")
        self.source.observe(lambda change: self._of_source(change["new"]), "value")
        self.upload.observe(lambda change: self._take(change["new"]), "value")
        about = [self.source, *self.constants.values(), self.basis, self.owner, self.date, self.received]
        about += [self.complete, self.part, self.whole_country]
        first = [self.where, ipywidgets.HBox([self.upload, self.files])]
        super().__init__([*first, self.told, *about, self.writes, self.written, self.builds, self.built])
        if file:
            self.files.value = Path(file)

    def __repr__(self) -> str:
        return say("add.desk.press")

    # ------------------------------------------------------------ parts of the form

    def _field(self, kind: type, name: str, **more: object) -> ipywidgets.Widget:
        return kind(description=say(f"add.desk.{name}"), layout=WIDE, style=SIDE, **more)

    def _constant(self, book: Codebook, name: str) -> ipywidgets.Widget:
        """What holds for every row: a list of one theme, or of one municipality, has no column for it."""
        codes = book.gm_codes if name == "municipality" else book.theme_sets
        options = [(say("add.desk.in_columns"), ""), *((book.label(name, code), code) for code in codes)]
        return self._field(ipywidgets.Dropdown, name, options=options, value="")

    def _choice(self, name: str, codes: list[tuple[str, str]], value: str) -> ipywidgets.Widget:
        options = [(say(f"add.desk.{name}.{key}"), code) for key, code in codes]
        return self._field(ipywidgets.Dropdown, name, options=options, value=value)

    def _step(self, name: str, act: Callable[[], list]) -> tuple[ipywidgets.Button, ipywidgets.VBox]:
        """A button, and the place below it where it shows what it did, or in one sentence why not."""
        place = ipywidgets.VBox()
        button = ipywidgets.Button(
            description=say(f"add.desk.{name}"), layout={"width": "auto"}, button_style="primary"
        )

        def pressed(_button: ipywidgets.Button) -> None:
            place.children = self._safely(act, name)

        button.on_click(pressed)
        return button, place

    def _safely(self, act: Callable[[], list], name: str) -> list:
        """What an act shows, or the sentence that says why it could not: the form's door of law 10."""
        try:
            return act()
        except WmoError as error:
            why = str(error)
        except Exception as error:
            why = machine.fault(self.home.log, f"form {name}", error)
        return [ipywidgets.HTML(f'<p role="alert"><strong>{escape(why)}</strong></p>')]

    # ------------------------------------------------------------ what happens

    @property
    def workspace(self) -> Path:
        """Where the list goes: the workspace of the monitor, or the folder of practice."""
        return self.home.root if self.where.value else self.practice

    @property
    def file(self) -> str:
        """The list as the ledger names it."""
        return f"{self.card.parent.name}/{self.path.name}"

    def _take(self, uploaded: tuple) -> None:
        """An uploaded list is put aside under its own name, and looked at."""
        if uploaded:
            path = Path(tempfile.mkdtemp()) / Path(uploaded[0]["name"]).name
            path.write_bytes(bytes(uploaded[0]["content"]))
            self._see(path)

    def _see(self, path: Path | None) -> None:
        if path is not None:
            self.told.children = self._safely(lambda: self._look(path), "look")

    def _of_source(self, source: str) -> None:
        """A list that resembled none is looked at again where a source is stated of which it is the next delivery."""
        if self.seen is not None and self.earlier is None and previous(self.workspace, self.seen, source):
            self._see(self.path)

    def _look(self, path: Path) -> list:
        book = Codebook.open(self.home.reference)
        seen, parts = look(path, book), []
        source = self.source.value if self.source.value != NOT_STATED else ""
        earlier = self.earlier = previous(self.workspace, seen, source)
        self.stated = {}
        if earlier:  # the card of the delivery before this one holds here too
            seen, differences = follow(seen, earlier, book)
            self._as_before(carried(earlier))
            parts = [_text(say("add.desk.earlier", list=earlier.list)), _table(changed(differences))]
        elif like := nearly(self.workspace, seen):
            parts = [_text(say("add.nearly", list=like.list, source=book.label("source", like.source)))]
        counts = dict(header_row=seen.header_row, rows=seen.rows, set_aside=seen.set_aside)
        self.path, self.seen, self.columns = path, seen, Columns(seen)
        seen_so = [_text(say("cli.add.seen", **counts)), *parts, _table(shown(seen)), _table(counted(seen))]
        return [*seen_so, _text(say("add.desk.choose")), self.columns]

    def _as_before(self, stated: dict[str, object]) -> None:
        """What a person stated stands in the form, where it has a field for it, and is kept where it has none."""
        self.stated = stated
        for name in ("source", "basis", "owner", "complete", "whole_country"):
            if name in stated:
                getattr(self, name).value = stated[name]
        constants = dict(stated.get("constants", {}))
        for name, field in self.constants.items():
            if constants.get(name) in dict(field.options).values():
                field.value = constants.pop(name)
        self.stated = stated | {"constants": constants}

    def _write(self) -> list:
        if self.seen is None:
            raise WmoError(say("add.desk.no_file"))
        stated = {name: getattr(self, name).value for name in ("source", "basis", "owner", "complete", "part")}
        days = [_day(field) for field in (self.date, self.received)]
        constants = {name: field.value for name, field in self.constants.items() if field.value}
        constants = self.stated.get("constants", {}) | constants
        stated = self.stated | stated | dict(whole_country=self.whole_country.value, constants=constants)
        told = self._ends(days[0], stated)
        self.card = write(self.path, self.columns.chosen, self.workspace, *days, **stated)
        return [*told, _text(say("add.desk.written", list=self.file))]

    def _ends(self, date: str, stated: dict[str, object]) -> list:
        """What the list replaces of what is there, where that is anything and can be told."""
        try:
            found = arrival(self.path, self.columns.chosen, self.workspace, date, **stated)
        except WmoError:  # nothing was built yet
            return []
        ended = count("projects", found.ended)
        return [_text(say("cli.add.arrival.ends", date=in_words(date), ended=ended))] if found.ended else []

    def _build(self) -> list:
        if self.card is None:
            raise WmoError(say("add.desk.no_card"))
        self.result = bulkhead.build(self.workspace)
        book = Codebook.open(Workspace(self.workspace).reference)
        parts = [_text(say("add.desk.account")), _table(account(self.result, self.file))]
        found = noticed(self.result, self.file, book)
        parts += [_text(say("add.desk.noticed")), _table(found)] if len(found) else []
        return parts + self._names()

    def _names(self) -> list:
        """The names that the codebook does not know, with a button that writes what was chosen and builds again."""
        names, left = Names(self.workspace), len(unknown(self.workspace))
        if not left:
            return [_text(say("add.desk.all_known"))]

        def decide() -> list:
            today = datetime.date.today().isoformat()
            count = names.save(self.role.value, today, self.reason.value)
            return [_text(say("add.desk.decided", count=count)), *self._build()]

        button, place = self._step("decide", decide)
        told = say("add.desk.names", shown=len(names.lists), of=left)
        return [_text(told), names, self.role, self.reason, button, place]


def _day(field: ipywidgets.Text) -> str:
    """The ISO day of a field that holds it as '9-10-2007'; raises WmoError for what is no such day."""
    try:
        return datetime.datetime.strptime(field.value.strip(), "%d-%m-%Y").date().isoformat()
    except ValueError as error:
        raise WmoError(say("add.desk.no_date", field=field.description, said=field.value)) from error


def _text(said: str) -> ipywidgets.HTML:
    return ipywidgets.HTML(f"<p>{escape(said)}</p>")


def _table(made: pd.DataFrame) -> ipywidgets.HTML:
    return ipywidgets.HTML(f'<div class="jp-RenderedHTMLCommon">{made._repr_html_()}</div>')
