"""What the memo and the page say: headings, sentences, tables and charts, before anyone asks in which format.

Every sentence is made from the data; its figures are bound (see _bound). One content, two writers.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import style, words
from wmo_analysis.monitor import Monitor
from wmo_analysis.report._blocks import (
    Block,
    Grid,
    Heading,
    Text,
    Turn,
    capital,
    chart_of,
    count_of,
    day_of,
    example_parts,
    grid_of,
    names_of,
    note_of,
    text_of,
)
from wmo_analysis.report._bound import Book, Data, Moment, Part, Question, sentence
from wmo_analysis.schema import EMPTY_STATES, KINDS, VOID_MONEY

MOST_EMPTY, MOST_NEAR = 15, 3  # municipalities told in the annex, and projects that come near each of them
MOST_IN_SCHEMA, MOST_LISTED = 150, 50  # projects in the schema, lines of any other list: more are told by the workbook
RULES = "coverage cells province credit rounds basis".split()  # of counting, as the annex tells them
LISTED_MONEY = [*KINDS, *VOID_MONEY]  # amounts off the credit
SPENT = ["asked", "granted", "settled", "committed"]  # what can be nothing of the credit

# What is asked of the measures. A document numbers its citations in the order in which they are first asked: to move a
# line up in a memo gives its figures other tags, which a memo of before does not mind.
COVERAGE, REGIONS = Question("coverage"), Question("coverage", by="region")
PLACES = Question("coverage", by="municipality")
ROUNDS, OVERVIEW, HOURS = Question("rounds"), Question("overview"), Question("hours")
LOGBOOK = Question("logbook")
CREDIT, THEMES, LISTED = Question("budget"), Question("budget", by="theme"), Question("budget", by="listed")
SCHEMA, TARGETS, LISTS = Question("schema"), Question("targets"), Question("lists")
ASSUMPTIONS, CLAIMS = Question("assumptions"), Question("claims")
QUALITY, FINDINGS, EMPTY = Question("quality"), Question("quality", by="finding"), Question("empty")

Figures = Mapping[str, go.Figure]  # the pictures of a document by the name of their view


def memo(book: Book, figures: Figures) -> list[Block]:
    """The monitor in the structure of the first letter."""
    return [
        *_head(book, book.say("title"), book.say("subject")),
        Heading(book.say("intro")),
        *_state(book),
        *([_spent(book)] if _of_credit(book) else []),
        *_clocks(book),
        *_examples(book, COVERAGE),
        Heading(book.say("coverage")),
        *_covered(book),
        _regions(book),
        chart_of(book, "theme", figures),
        chart_of(book, "matrix", figures),
        chart_of(book, "map", figures),
        *_talks(book, figures),
        *_credit(book, figures),
        *_listed(book),
        Heading(book.say("hours")),
        *_hours(book, figures),
        Turn(True),
        Heading(book.say("schema")),
        *_schema(book),
        Turn(False),
        Heading(book.say("others")),
        *_others(book),
        *_changes(book, figures),
        *_annex(book),
    ]


def interim(book: Book, figures: Figures) -> list[Block]:
    """The interim report of one programme, in the structure of the second letter."""
    sources = [value for values in book.monitor.chosen("source") for value in sorted(values)]
    title = book.say("interim.title", name=names_of(book, "source", sources))
    return [
        *_head(book, title, book.say("interim.subject")),
        Heading(book.say("intro")),
        *_plans(book),
        *_clocks(book),
        *_examples(book, ROUNDS),
        Heading(book.say("rounds")),
        *_rounds(book),
        chart_of(book, "rounds", figures),
        chart_of(book, "time", figures),
        Heading(book.say("hours")),
        *_hours(book, figures),
        Heading(book.say("overview")),
        grid_of(book, OVERVIEW, ["municipality", "round", "status", "projects"], [3.2, 1.6, 3.6, 7.6]),
        Heading(book.say("next")),
        *_next(book),
        *_annex(book),
    ]


@dataclass(frozen=True)
class Form:
    """A kind of document: what it says, the views that it draws, and what it tells of before all else."""

    content: Callable[[Book, Figures], list[Block]]
    pictures: tuple[str, ...]
    first: Question


MEMO = Form(memo, ("theme", "matrix", "map", "rounds", "credit", "budget", "hours", "changes"), COVERAGE)
INTERIM = Form(interim, ("rounds", "time", "hours"), ROUNDS)


def pictures(book: Book, form: Form) -> list[str]:
    """The views that a document draws of this selection: a picture of nothing is none."""
    nothing: set[str] = set()
    if _unspent(book):
        nothing |= {"credit", "budget"}
    if form is MEMO and not _talked(book.monitor):  # an interim report is about the conversations
        nothing.add("rounds")
    if not 0 < len(book.table(HOURS)) <= MOST_LISTED:
        nothing.add("hours")
    return [name for name in form.pictures if name not in nothing]


def title_of(book: Book, blocks: list[Block]) -> str:
    """What a document is called: its heading, the selection and the date."""
    about = book.about(COVERAGE)
    return f"{blocks[0].text}, {style.selection(about)}, {style.clocks(about)}"


# ---------------------------------------------------------------- parts of sentences


def _head(book: Book, title: str, subject: str) -> list[Block]:
    about = book.about(COVERAGE)
    date, selection = Data(style.clocks(about)), Data(style.selection(about))
    return [
        Heading(title, 0),
        text_of(book, "subtitle", "subtitle", selection=selection, date=date),
        text_of(book, "head.to", "head"),
        text_of(book, "head.from", "head"),
        text_of(book, "head.date", "head", date=date),
        Text([*sentence("memo.head.subject", book.monitor.language), Data(subject)], "head"),
    ]


def head_line(book: Book, first: Question) -> list[Part]:
    """What a document says of its examples on every page: of what it tells first, else of what else it shows."""
    for asked in (first, COVERAGE, ROUNDS, CREDIT, HOURS):
        if parts := example_parts(book, asked):
            return parts
    return []


def _examples(book: Book, first: Question) -> list[Block]:
    parts = head_line(book, first)
    if not parts:
        return []
    return [Text([*parts, *sentence("memo.examples", book.monitor.language)], "note")]


def _clocks(book: Book) -> list[Block]:
    """Whose list was not there yet; or that lists of after the date count too."""
    monitor = book.monitor
    if silent := monitor.silent_sources:
        names, known = names_of(book, "source", silent), day_of(book, monitor.known)
        return [text_of(book, "silent", "note", known=known, names=names)]
    if _later(monitor):
        return [text_of(book, "later", "note", date=day_of(book))]
    return []


def _later(monitor: Monitor) -> bool:
    """Whether lists of after the date take part because every list does."""
    lists = [*monitor.chosen_lists("projects"), *monitor.chosen_lists("conversations")]
    return not monitor.known and any(monitor.facts.lists[at].date > monitor.date for at in lists)


def _state(book: Book) -> list[Block]:
    about, date = book.about(COVERAGE), day_of(book)
    if not about["of"]:
        return [text_of(book, "state.no_place")]
    covered, of = book.figure(COVERAGE, "", "covered"), book.figure(COVERAGE, "", "of")
    if not about["projects"]:
        return [text_of(book, "state.empty", date=date, of=of)]
    counts = {name: count_of(book, name, book.figure(COVERAGE, "", name)) for name in ("projects", "counting")}
    # the row of no municipality and no theme
    province = count_of(book, "province", book.figure(COVERAGE, ".", "number"))
    return [
        text_of(book, "state.projects", date=date, province=province, **counts),
        text_of(book, "state.covered", date=date, covered=covered, of=of),
    ]


def _covered(book: Book) -> list[Block]:
    matrix = book.table(COVERAGE)
    totals = matrix[(matrix["theme"] == "") & (matrix["gm_code"] != "")]
    lines: list[Block] = []
    for state in EMPTY_STATES:
        here = list(totals.loc[totals["state"] == state, "gm_code"])
        if not here:
            continue
        if len(here) <= words.MOST_NAMES:
            lines.append(text_of(book, f"covered.{state}", names=names_of(book, "municipality", here)))
        elif len(here) == len(totals):
            lines.append(text_of(book, f"covered.{state}_all"))
        else:
            lines.append(text_of(book, f"covered.{state}_many"))
    return [*lines, text_of(book, "covered.means")]


def _regions(book: Book) -> Grid:
    """Coverage of the regions in which the selection has a municipality."""
    columns = ["label", "covered", "of", "own", "partnership", "projects"]
    grid = grid_of(book, REGIONS, columns, [5, 2, 2, 2, 3, 2])
    return _only(grid, book.table(REGIONS)["of"] > 0)


def _only(grid: Grid, here: pd.Series) -> Grid:
    """The rows of a table that are `here`."""
    return replace(grid, rows=list(itertools.compress(grid.rows, here)))


def _talked(monitor: Monitor) -> bool:
    """Whether a list or a letter of the workspace tells of conversations: else a document has nothing to say of them."""
    return bool(len(monitor.tables["conversations"]) or len(monitor.tables["claims"]))


def _talks(book: Book, figures: Figures) -> list[Block]:
    if not _talked(book.monitor):
        return []
    return [Heading(book.say("rounds")), *_rounds(book), chart_of(book, "rounds", figures)]


def _rounds(book: Book) -> list[Block]:
    table = book.table(ROUNDS)
    agreed = table[(table["round"] != 0) & (table["state"] == "agreed")]  # round 0 is all of them together
    lines: list[Block] = []
    for number, label in zip(agreed["round"], agreed["label"], strict=True):
        size, reached = (
            book.figure(ROUNDS, f"{number}.agreed", "size"),
            book.figure(ROUNDS, f"{number}.agreed", "reached"),
        )
        late, key = book.figure(ROUNDS, f"round={number}", "late"), "rounds.known"
        if reached.text == book.unknown:  # no list names anyone in this round
            key = "rounds.unknown"
        key += ".one" * (size.text == "1")
        lines.append(text_of(book, key, "bullet", label=capital(label), size=size, agreed=reached, late=late))
    for row in _deadlines(book).itertuples():
        day = day_of(book, row.deadline)
        lines.append(text_of(book, "rounds.deadline", "bullet", label=capital(row.label), date=day))
    return [text_of(book, "rounds.intro"), *lines, *_late(book), *_stated(book)]


def _late(book: Book) -> list[Block]:
    """Who is late and by how many days, with an agreement and without one; more than a sentence names stand in a table."""
    table, late = book.table(LOGBOOK), book.about(LOGBOOK)["late"]
    if not len(table):
        return []
    if not any(late.values()):
        return [Text(sentence("logbook.on_time", book.monitor.language), "bullet")]
    lines: list[Block] = [_late_line(book, how, codes) for how, codes in late.items() if codes]
    if max(map(len, late.values())) > words.MOST_NAMES:
        columns = ["municipality", "round", "deadline", "agreed", "late"]
        grid = grid_of(book, LOGBOOK, columns, [5, 2, 3, 3, 3])
        lines.append(_only(grid, table["gm_code"].isin([*itertools.chain(*late.values())])))
    return lines


def _late_line(book: Book, how: str, codes: list[str]) -> Text:
    """'Na de termijn akkoord: Houten (20 dagen).', or how many there are."""
    language, key = book.monitor.language, f"logbook.late_{how}"
    if len(codes) > words.MOST_NAMES:
        count = sentence("logbook.many", language, count=book.figure(LOGBOOK, "", f"late_{how}"))
        return Text(sentence(key, language, names=count), "bullet")
    names = [_late_name(book, gm_code) for gm_code in codes]
    return Text(sentence(key, language, names=_series(names, language)), "bullet")


def _late_name(book: Book, gm_code: str) -> list[Part]:
    """'Houten (20 dagen)'; the name alone where nobody knows the days."""
    name, days = names_of(book, "municipality", [gm_code]), book.figure(LOGBOOK, gm_code, "late")
    if days.text == book.unknown:
        return [name]
    key = "logbook.day" if days.text == "1" else "logbook.days"
    return [name, " (", *sentence(key, book.monitor.language, count=days), ")"]


def _series(items: list[list[Part]], language: str) -> list[Part]:
    """'a, b en c' of items that hold figures."""
    between = words.listing(["|"] * len(items), language).split("|")
    parts: list[Part] = []
    for before, item in zip(between, items, strict=False):  # after the last one stands nothing
        parts += [before, *item]
    return parts


def _deadlines(book: Book) -> pd.DataFrame:
    """One row of each round that has a deadline."""
    table = book.table(ROUNDS)
    return table[table["deadline"] != ""].drop_duplicates("round")


def _stated(book: Book) -> list[Block]:
    """What the newest letter states, beside what is counted."""
    table = book.table(ROUNDS)
    lines = []
    for row in table[table["stated"].notna() & (table["state"] != "not_stated")].itertuples():
        figure = book.figure(ROUNDS, f"{row.round}.{row.state}", "stated")
        where = Data(f" ({book.about(ROUNDS)['letter'][row.fact_id]})")
        lines.append(Text([Data(f"{capital(row.label)}, {row.state_label}: "), figure, where], "bullet"))
    if lines:
        lines.insert(0, text_of(book, "rounds.stated"))
    return lines


def _spent(book: Book) -> Text:
    """What of the credit is used, in one sentence."""
    table = book.table(CREDIT).set_index("item")
    money = {item: book.figure(CREDIT, item, "cents") for item in table.index}
    over, found = table.at["over", "cents"], "free"
    if pd.isna(over):
        found = "unknown"
    elif over:
        found = "over"
    elif _unspent(book):
        found = "nothing"
    return text_of(book, f"credit.{found}", **money, credit=Data(book.about(CREDIT)["credit"]))


def _unspent(book: Book) -> bool:
    """Whether nothing of the credit is asked, granted or settled in the selection, or nobody knows."""
    cents = book.table(CREDIT).set_index("item")["cents"]
    return not cents[SPENT].fillna(0).any()


def _of_credit(book: Book) -> bool:
    """Whether the lists tell of the credit, or state no amounts off it either."""
    return not pd.isna(book.table(CREDIT).set_index("item").at["over", "cents"]) or not len(book.table(LISTED))


def _listed(book: Book) -> list[Block]:
    """The amounts that are on no credit, per source."""
    table = book.table(LISTED)
    if not len(table):
        return []
    money = [column for column in LISTED_MONEY if table[column].fillna(0).any()]
    widths = [4, 2, *[round(10 / max(len(money), 1), 2)] * len(money)]
    grid = grid_of(book, LISTED, ["label", "projects", *money], widths)
    return [Heading(book.say("listed")), text_of(book, "listed.text"), grid]


def _credit(book: Book, figures: Figures) -> list[Block]:
    if not _of_credit(book):
        return []
    # the credit is one for the whole province: of a selection the free part says nothing
    narrowed = any(name != "basis" for name, _ in book.monitor.filters)
    more = [text_of(book, "credit.narrowed")] if narrowed else []
    if _unspent(book):
        return [Heading(book.say("credit")), _spent(book), *more]
    return [
        Heading(book.say("credit")),
        _spent(book),
        text_of(book, "credit.rule"),
        *more,
        chart_of(book, "credit", figures),
        chart_of(book, "budget", figures),
        grid_of(book, THEMES, ["label", "projects", "asked", "committed", "share"], [5.6, 2, 2.8, 2.8, 2.3]),
    ]


def _hours(book: Book, figures: Figures) -> list[Block]:
    if not len(book.table(HOURS)):
        return [text_of(book, "hours.none")]
    told = {name: book.figure(HOURS, name, "hours") for name in ("sum", "some", "count")}
    over = count_of(book, "over", book.figure(HOURS, "some", "over"))
    one = told["count"].text == told["some"].text == "1"
    return [
        text_of(book, "hours.one" if one else "hours.all", **told, over=over),
        text_of(book, "hours.rule"),
        chart_of(book, "hours", figures) if "hours" in figures else text_of(book, "hours.many"),
    ]


def _schema(book: Book) -> list[Block]:
    if book.about(COVERAGE)["projects"] > MOST_IN_SCHEMA:
        return [text_of(book, "schema.many", count=book.figure(COVERAGE, "", "projects"))]
    table, language = book.table(SCHEMA), book.monitor.language
    if len(table) < 2:  # the province alone
        return [text_of(book, "state.no_place")]
    _, _, *themes, _ = table.columns  # code, municipality, ..., total
    rows = []
    for key, row in zip(book.rows(SCHEMA), table.itertuples(index=False), strict=True):
        _, municipality, *cells, _ = row
        titles = [[_titles(cell)] for cell in cells]
        rows.append([[Data(municipality)], *titles, [book.figure(SCHEMA, key, "total")]])
    heads = [words.heading("municipality", language), *themes, words.heading("total", language)]
    # in a page on its side; the titles need all the room that names and totals leave
    widths = [2.2, *[round(23.4 / max(len(themes), 1), 2)] * len(themes), 1.1]
    caption, note = book.say("schema.caption"), note_of(book, SCHEMA)
    grid = Grid(caption, list(map(capital, heads)), rows, widths, {len(heads) - 1}, "small", note)
    return [text_of(book, "schema.intro"), text_of(book, "schema.note", "note"), grid]


def _titles(text: str) -> Data:
    """The titles of a cell, each on a line of its own with a sign before it when there are several."""
    if "; " not in text:
        return Data(text)
    return Data("· " + text.replace("; ", "\n· "))


def _others(book: Book) -> list[Block]:
    projects = book.monitor.projects
    here = projects[projects["counts"] & projects["placement"].isin(["unassigned", "unknown"])].sort_values("title")
    if here.empty:
        return [text_of(book, "others.none")]
    if len(here) > MOST_LISTED:
        return [text_of(book, "others.many")]
    targets = _targets(book)
    example, lines = words.say("basis.example", book.monitor.language), []
    for project, title, basis in here[["title", "basis"]].itertuples():
        told = title + f" ({example})" * (basis == "example")
        lines.append(Text([Data(told), *targets[project]], "bullet"))
    return [text_of(book, "others.intro"), *lines, text_of(book, "others.note")]


def _targets(book: Book) -> defaultdict[str, list[Part]]:
    """Project -> ': minimaal 3 gemeenten, 100 sportverenigingen'."""
    told: defaultdict[str, list[Part]] = defaultdict(list)
    for key, row in zip(book.rows(TARGETS), book.table(TARGETS).itertuples(), strict=True):
        parts, said = told[row.project_key], "memo.others.target"
        if row.at_least:
            said = "memo.others.least"
        value = book.figure(TARGETS, key, "value")
        parts.append(", " if parts else ": ")
        parts += sentence(said, book.monitor.language, value=value, unit=Data(row.unit))
    return told


def _changes(book: Book, figures: Figures) -> list[Block]:
    """What is otherwise than at the moment to compare with: happened, learned and corrected, each apart."""
    if not book.since.day:
        return [Heading(book.say("changes")), text_of(book, "changes.first")]
    since = book.since.settings()
    counted, listed = Question("changes", "theme", **since), Question("changes", **since)
    total = book.rows(counted)[-1]
    names = ("new", "gone", "changed", "learned", "corrected")
    counts = {name: count_of(book, name, book.figure(counted, total, name)) for name in names}
    columns = ["how", "change", "title", "source", "field", "before", "after"]
    grid = grid_of(book, listed, columns, [1.6, 1.9, 4.3, 3.2, 1.6, 1.7, 1.7], bound=["before", "after"])
    return [
        Heading(book.say("changes.since", since=day_of(book, book.since.day))),
        text_of(book, "changes.line", since=_moment(book), date=day_of(book)),
        *[text_of(book, f"changes.{how}", "bullet", **counts) for how in ("happened", "learned", "corrected")],
        chart_of(book, "changes", figures),
        *_rows(book, grid),
    ]


def _rows(book: Book, grid: Grid) -> list[Block]:
    if len(grid.rows) > MOST_LISTED:
        return [text_of(book, "changes.many")]
    return _filled(grid)


def _filled(grid: Grid) -> list[Block]:
    """The table, or nothing where it has no rows."""
    if not grid.rows:
        return []
    return [grid]


def _moment(book: Book) -> Data:
    """'30 november 2006', and what was known then where that is not all."""
    day, known = book.since.day, book.since.known
    told = {"": "", day: book.say("changes.known_then")}
    if known not in told:
        told[known] = words.say("note.known", book.monitor.language, date=day_of(book, known))
    return Data(", ".join(filter(None, [day_of(book, day), told[known]])))


def _plans(book: Book) -> list[Block]:
    """How many municipalities have an agreed plan, second contacts, and what is not known."""
    agreed, share, of = (book.figure(ROUNDS, "0.agreed", name) for name in ("reached", "reached/size", "size"))
    second = book.figure(ROUNDS, "0.second_contact", "municipalities")
    overview = book.table(OVERVIEW)
    if agreed.text == book.unknown:  # no list names the conversations; what a letter states is all there is
        return [text_of(book, "plans.unknown", date=day_of(book)), *_stated(book)]
    table = book.table(ROUNDS).set_index(["round", "state"])
    names = Data(table.at[(0, "second_contact"), "names"])
    silent, told = list(overview.loc[overview["round"].isna(), "gm_code"]), dict(second=second, names=names)
    return [
        text_of(book, "plans.agreed", date=day_of(book), agreed=agreed, of=of, share=share),
        text_of(book, f"plans.second{'.one' * (second.text == '1')}" if names else "plans.no_second", **told),
        *([text_of(book, "plans.silent", names=names_of(book, "municipality", silent))] if silent else []),
    ]


def _next(book: Book) -> list[Block]:
    lines: list[Block] = []
    for row in _deadlines(book).itertuples():
        late, key = book.figure(ROUNDS, f"round={row.round}", "late"), "coming"
        if row.deadline < book.monitor.date:
            key = "silent" if late.text == book.unknown else "passed"
        day = day_of(book, row.deadline)
        lines.append(text_of(book, f"next.{key}", "bullet", label=capital(row.label), date=day, late=late))
    return [text_of(book, "next.intro"), *lines, text_of(book, "next.close")]


# ---------------------------------------------------------------- the annex


def _annex(book: Book) -> list[Block]:
    return [
        Heading(book.say("annex")),
        *_sources(book),
        Heading(book.say("annex.rules"), 2),
        *[text_of(book, f"rule.{key}", "bullet") for key in rules(book.monitor)],
        Heading(book.say("annex.assumptions"), 2),
        _assumptions(book),
        Heading(book.say("annex.quality"), 2),
        *_quality(book),
        Heading(book.say("annex.findings"), 2),
        *_findings(book),
        Heading(book.say("annex.empty"), 2),
        *_empty(book),
        *_claims(book),
        Text([Data(style.citation(book.about(COVERAGE)))], "note"),
    ]


def _sources(book: Book) -> list[Block]:
    names = words.listing(book.about(COVERAGE)["source_names"], book.monitor.language)
    known, told = day_of(book, book.monitor.known), "annex.lists"
    columns = ["file", "source", "basis", "as_of", "rows_in", "rows_used", "rows_merged", "rows_set_aside"]
    grid = grid_of(book, LISTS, columns, [3.2, 2.2, 2.5, 1.8, 1.1, 1.5, 2.4, 1.3], look="small")
    if book.monitor.known and grid.rows:
        told = "annex.lists.known"
    elif book.monitor.known:
        told = "annex.lists.none"
    elif _later(book.monitor):
        told = "annex.lists.later"
    return [
        Heading(book.say("annex.sources"), 2),
        text_of(book, "annex.sources.text", names=Data(names or book.unknown)),
        text_of(book, told, date=day_of(book), known=known),
        *_filled(grid),
    ]


def _assumptions(book: Book) -> Block:
    if not len(book.table(ASSUMPTIONS)):
        return text_of(book, "annex.no_assumptions")
    columns = ["label", "figure", "with_it", "without_it", "evidence"]
    return grid_of(book, ASSUMPTIONS, columns, [3.8, 3.8, 1.9, 1.9, 4.6])


def _quality(book: Book) -> list[Block]:
    columns = ["source", "projects", "share_theme", "share_municipality", "share_dates", "share_amount"]
    return _told(book, "annex.quality", grid_of(book, QUALITY, columns, [5, 2.2, 2.2, 2.2, 2.2, 2.2]))


def _findings(book: Book) -> list[Block]:
    return _told(book, "annex.findings", grid_of(book, FINDINGS, ["severity", "text", "count"], [3, 11, 2]))


def _told(book: Book, key: str, grid: Grid) -> list[Block]:
    """A table below its sentence, or the sentence that says that there is none."""
    if not grid.rows:
        return [text_of(book, f"{key}.none")]
    return [text_of(book, f"{key}.text"), grid]


def _empty(book: Book) -> list[Block]:
    """Of each municipality without a counting project why, and the projects that come nearest."""
    count = (book.table(PLACES)["projects"] == 0).sum()
    if not count:
        return [text_of(book, "annex.empty.none")]
    if count > MOST_EMPTY:
        return [text_of(book, "annex.empty.many", count=book.figure(PLACES, "projects=0", "of"))]
    lines = []
    for row, gm_code in zip(book.rows(EMPTY), book.table(EMPTY)["gm_code"], strict=True):
        lines.append(Text([book.figure(EMPTY, row, "sentence")]))
        near = book.monitor.why(gm_code).query("kind == 'nearest'").head(MOST_NEAR)
        lines += [Text([Data(f"{each.label}: {each.what}")], "bullet") for each in near.itertuples()]
    if note := note_of(book, EMPTY):
        lines.append(Text(note, "note"))
    return lines


def _claims(book: Book) -> list[Block]:
    if not len(book.monitor.tables["claims"]):  # no letter of this workspace says anything
        return []
    head = Heading(book.say("annex.claims"), 2)
    if not len(book.table(CLAIMS)):
        return [head, text_of(book, "annex.claims.none", date=day_of(book))]
    # stated: as the letter writes it, a text; a verdict says so itself where it leans on examples
    columns = ["found_in", "statement", "stated", "unit", "computed", "verdict_label"]
    grid = grid_of(book, CLAIMS, columns, [3.4, 3.8, 1.6, 2, 1.8, 3.4], bound=["stated"])
    return [head, text_of(book, "annex.claims.text"), grid]


def rules(monitor: Monitor) -> list[str]:
    """The rules of counting that hold here, as words.csv names them."""
    told = [*RULES, "dates" + ".known" * bool(monitor.known)]
    if not _talked(monitor):
        told.remove("rounds")
    if set(monitor.deliveries["basis"]) == {"received"}:  # it tells of the other ones
        told.remove("basis")
    if monitor.language == "en":  # who reads Dutch needs not be told
        told.append("notation")
    return told


def previous(monitor: Monitor) -> Moment:
    """The monitor before this one: the newest letter before the date, as it was known then; without a letter there is
    none."""
    letters = monitor.claims["as_of"]
    letter = max(letters[letters < monitor.date], default="")
    return Moment(letter, letter)
