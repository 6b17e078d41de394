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
    day_of,
    grid_of,
    names_of,
    text_of,
)
from wmo_analysis.report._bound import Book, Data, Part, Question, sentence
from wmo_analysis.schema import EMPTY_STATES

RULES = "coverage cells province credit rounds basis dates".split()  # of counting, as the annex tells them

# What is asked of the measures. A document numbers its citations in the order in which they are first asked: to move a
# line up in a memo gives its figures other tags, which a memo of before does not mind.
COVERAGE, REGIONS = Question("coverage"), Question("coverage", by="region")
ROUNDS, OVERVIEW, HOURS = Question("rounds"), Question("overview"), Question("hours")
LOGBOOK = Question("logbook")
CREDIT, THEMES = Question("budget"), Question("budget", by="theme")
SCHEMA, TARGETS, LISTS = Question("schema"), Question("targets"), Question("lists")
ASSUMPTIONS, CLAIMS = Question("assumptions"), Question("claims")
QUALITY, FINDINGS = Question("quality"), Question("quality", by="finding")

Figures = Mapping[str, go.Figure]  # the pictures of a document by the name of their view


def memo(book: Book, figures: Figures) -> list[Block]:
    """The monitor in the structure of the first letter."""
    return [
        *_head(book, book.say("title"), book.say("subject")),
        Heading(book.say("intro")),
        *_state(book),
        _spent(book),
        *_examples(book),
        Heading(book.say("coverage")),
        *_covered(book),
        _regions(book),
        chart_of(book, "theme", figures),
        chart_of(book, "matrix", figures),
        chart_of(book, "map", figures),
        Heading(book.say("rounds")),
        *_rounds(book),
        chart_of(book, "rounds", figures),
        Heading(book.say("credit")),
        *_credit(book),
        chart_of(book, "credit", figures),
        chart_of(book, "budget", figures),
        grid_of(book, THEMES, ["label", "projects", "asked", "committed", "share"], [5.6, 2, 2.8, 2.8, 2.3]),
        Heading(book.say("hours")),
        *_hours(book),
        chart_of(book, "hours", figures),
        Turn(True),
        Heading(book.say("schema")),
        *_schema(book),
        Turn(False),
        Heading(book.say("others")),
        *_others(book),
        Heading(book.say("changes")),
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
        *_examples(book),
        Heading(book.say("rounds")),
        *_rounds(book),
        chart_of(book, "rounds", figures),
        chart_of(book, "time", figures),
        Heading(book.say("hours")),
        *_hours(book),
        chart_of(book, "hours", figures),
        Heading(book.say("overview")),
        grid_of(book, OVERVIEW, ["municipality", "round", "status", "projects"], [3.2, 1.6, 3.6, 7.6]),
        Heading(book.say("next")),
        *_next(book),
        *_annex(book),
    ]


@dataclass(frozen=True)
class Form:
    """A kind of document: what it says, and the views that it draws."""

    content: Callable[[Book, Figures], list[Block]]
    pictures: tuple[str, ...]


MEMO = Form(memo, ("theme", "matrix", "map", "rounds", "credit", "budget", "hours", "changes"))
INTERIM = Form(interim, ("rounds", "time", "hours"))


def title_of(book: Book, blocks: list[Block]) -> str:
    """What a document is called: its heading, the selection and the date."""
    about = book.about(COVERAGE)
    return f"{blocks[0].text}, {style.selection(about)}, {words.date(about['as_of'], about['language'])}"


# ---------------------------------------------------------------- parts of sentences


def _head(book: Book, title: str, subject: str) -> list[Block]:
    selection = Data(style.selection(book.about(COVERAGE)))
    return [
        Heading(title, 0),
        text_of(book, "subtitle", "subtitle", selection=selection, date=day_of(book)),
        text_of(book, "head.to", "head"),
        text_of(book, "head.from", "head"),
        text_of(book, "head.date", "head", date=day_of(book)),
        Text([*sentence("memo.head.subject", book.monitor.language), Data(subject)], "head"),
    ]


def example_parts(book: Book) -> list[Part]:
    """The line about example data as parts with bound figures, [] when no example takes part."""
    if not book.about(COVERAGE)["examples"]:
        return []
    examples, projects = (book.figure(COVERAGE, "", name) for name in ("examples", "projects"))
    return sentence("chart.example", book.monitor.language, examples=examples, projects=projects)


def _examples(book: Book) -> list[Block]:
    parts = example_parts(book)
    return [Text([*parts, *sentence("memo.examples", book.monitor.language)], "note")] if parts else []


def _state(book: Book) -> list[Block]:
    about, date = book.about(COVERAGE), day_of(book)
    if not about["of"]:
        return [text_of(book, "state.no_place")]
    counts = {name: book.figure(COVERAGE, "", name) for name in ("covered", "of", "projects", "counting")}
    if not about["projects"]:
        return [text_of(book, "state.empty", date=date, of=counts["of"])]
    province = book.figure(COVERAGE, ".", "number")  # the row of no municipality and no theme
    return [
        text_of(book, "state.projects", date=date, province=province, **counts),
        text_of(book, "state.covered", date=date, covered=counts["covered"], of=counts["of"]),
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
    return replace(grid, rows=[row for row, kept in zip(grid.rows, here, strict=True) if kept])


def _rounds(book: Book) -> list[Block]:
    table = book.table(ROUNDS)
    agreed = table[(table["round"] != 0) & (table["state"] == "agreed")]  # round 0 is all of them together
    lines: list[Block] = []
    for number, label in zip(agreed["round"], agreed["label"], strict=True):
        size, reached = (book.figure(ROUNDS, f"{number}.agreed", name) for name in ("size", "reached"))
        late = book.figure(ROUNDS, f"round={number}", "late")
        key = "rounds.unknown" if reached.text == book.unknown else "rounds.known"
        lines.append(text_of(book, key, "bullet", label=capital(label), size=size, agreed=reached, late=late))
    for row in _deadlines(book).itertuples():
        day = day_of(book, row.deadline)
        lines.append(text_of(book, "rounds.deadline", "bullet", label=capital(row.label), date=day))
    return [text_of(book, "rounds.intro"), *lines, *_late(book), *_stated(book)]


def _late(book: Book) -> list[Block]:
    """Who is late and by how many days, with an agreement and without one; more than a sentence names stand in a table."""
    table, late = book.table(LOGBOOK), book.about(LOGBOOK)["late"]
    if not any(late.values()):
        return [Text(sentence("logbook.on_time", book.monitor.language), "bullet")] if len(table) else []
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
        lines.append(Text([Data(f"{capital(row.label)}, {row.state_label}: "), figure], "bullet"))
    return [text_of(book, "rounds.stated"), *lines] if lines else []


def _spent(book: Book) -> Text:
    """What of the credit is used, in one sentence."""
    table = book.table(CREDIT).set_index("item")
    money = {item: book.figure(CREDIT, item, "cents") for item in table.index}
    over, found = table.at["over", "cents"], "free"
    if pd.isna(over):
        found = "unknown"
    elif over:
        found = "over"
    return text_of(book, f"credit.{found}", **money, credit=Data(book.about(CREDIT)["credit"]))


def _credit(book: Book) -> list[Block]:
    # the credit is one for the whole province: of a selection the free part says nothing
    narrowed = any(name != "basis" for name, _ in book.monitor.filters)
    more = [text_of(book, "credit.narrowed")] if narrowed else []
    return [_spent(book), text_of(book, "credit.rule"), *more]


def _hours(book: Book) -> list[Block]:
    if not len(book.table(HOURS)):
        return [text_of(book, "hours.none")]
    figures = {name: book.figure(HOURS, name, "hours") for name in ("sum", "some", "count")}
    over = book.figure(HOURS, "some", "over")
    return [text_of(book, "hours.all", **figures, over=over), text_of(book, "hours.rule")]


def _schema(book: Book) -> list[Block]:
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
    grid = Grid(book.say("schema.caption"), list(map(capital, heads)), rows, widths, {len(heads) - 1}, "small")
    return [text_of(book, "schema.intro"), text_of(book, "schema.note", "note"), grid]


def _titles(text: str) -> Data:
    """The titles of a cell, each on a line of its own with a sign before it when there are several."""
    titles = text.split("; ")
    return Data("\n".join(f"· {title}" for title in titles) if len(titles) > 1 else text)


def _others(book: Book) -> list[Block]:
    projects = book.monitor.projects
    here = projects[projects["counts"] & projects["placement"].isin(["unassigned", "unknown"])].sort_values("title")
    if here.empty:
        return [text_of(book, "others.none")]
    targets = _targets(book)
    lines = [Text([Data(title), *targets[project]], "bullet") for project, title in here["title"].items()]
    return [text_of(book, "others.intro"), *lines, text_of(book, "others.note")]


def _targets(book: Book) -> defaultdict[str, list[Part]]:
    """Project -> ': minimaal 3 gemeenten, 100 sportverenigingen'."""
    told: defaultdict[str, list[Part]] = defaultdict(list)
    for key, row in zip(book.rows(TARGETS), book.table(TARGETS).itertuples(), strict=True):
        parts, said = told[row.project_key], "memo.others.least" if row.at_least else "memo.others.target"
        value = book.figure(TARGETS, key, "value")
        parts += [", " if parts else ": "]
        parts += sentence(said, book.monitor.language, value=value, unit=Data(row.unit))
    return told


def _changes(book: Book, figures: Figures) -> list[Block]:
    if not book.since:
        return [text_of(book, "changes.first")]
    counted, listed = Question("changes", "theme", book.since), Question("changes", since=book.since)
    total = book.rows(counted)[-1]
    counts = {name: book.figure(counted, total, name) for name in ("new", "gone", "changed")}
    columns = ["change", "title", "source", "field", "before", "after"]
    grid = grid_of(book, listed, columns, [2, 4.6, 2.6, 1.8, 2.5, 2.5], bound=["before", "after"])
    return [
        text_of(book, "changes.line", since=day_of(book, book.since), date=day_of(book), **counts),
        chart_of(book, "changes", figures),
        *([grid] if grid.rows else []),
    ]


def _plans(book: Book) -> list[Block]:
    """How many municipalities have an agreed plan, second contacts, and what is not known."""
    agreed, share, of = (book.figure(ROUNDS, "0.agreed", name) for name in ("reached", "reached/size", "size"))
    second = book.figure(ROUNDS, "0.second_contact", "municipalities")
    overview = book.table(OVERVIEW)
    if agreed.text == book.unknown:  # no list names the conversations; what a letter states is all there is
        return [text_of(book, "plans.unknown", date=day_of(book)), *_stated(book)]
    table = book.table(ROUNDS).set_index(["round", "state"])
    names = Data(table.at[(0, "second_contact"), "names"])
    silent = list(overview.loc[overview["round"].isna(), "gm_code"])
    return [
        text_of(book, "plans.agreed", date=day_of(book), agreed=agreed, of=of, share=share),
        text_of(book, "plans.second" if names else "plans.no_second", second=second, names=names),
        text_of(book, "plans.silent" if silent else "plans.all_named", names=names_of(book, "municipality", silent)),
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
        *[text_of(book, f"rule.{key}", "bullet") for key in RULES],
        Heading(book.say("annex.assumptions"), 2),
        _assumptions(book),
        Heading(book.say("annex.quality"), 2),
        text_of(book, "annex.quality.text"),
        *_quality(book),
        Heading(book.say("annex.findings"), 2),
        text_of(book, "annex.findings.text"),
        grid_of(book, FINDINGS, ["severity", "text", "count", "what_to_do"], [2.3, 5.9, 1.5, 6.3]),
        Heading(book.say("annex.claims"), 2),
        text_of(book, "annex.claims.text"),
        _claims(book),
        Text([Data(style.citation(book.about(COVERAGE)))], "note"),
    ]


def _sources(book: Book) -> list[Block]:
    names = words.listing(book.about(COVERAGE)["source_names"], book.monitor.language)
    later = names_of(book, "source", book.monitor.later_deliveries)
    columns = ["file", "source", "basis", "as_of", "rows_in", "rows_used", "rows_merged", "rows_set_aside"]
    return [
        Heading(book.say("annex.sources"), 2),
        text_of(book, "annex.sources.text", names=Data(names or book.unknown)),
        *([text_of(book, "annex.later", names=later)] if later else []),
        grid_of(book, LISTS, columns, [3.2, 2.2, 2.5, 1.8, 1.1, 1.5, 2.4, 1.3], look="small"),
    ]


def _assumptions(book: Book) -> Block:
    if not len(book.table(ASSUMPTIONS)):
        return text_of(book, "annex.no_assumptions")
    columns = ["label", "figure", "with_it", "without_it", "evidence"]
    return grid_of(book, ASSUMPTIONS, columns, [3.8, 3.8, 1.9, 1.9, 4.6])


def _quality(book: Book) -> list[Block]:
    columns = ["source", "projects", "share_theme", "share_municipality", "share_dates", "share_amount"]
    grid = grid_of(book, QUALITY, columns, [5, 2.2, 2.2, 2.2, 2.2, 2.2])
    return [grid] if grid.rows else []


def _claims(book: Book) -> Grid:
    columns = ["as_of", "statement", "stated", "unit", "computed", "verdict"]  # stated: as the letter writes it, a text
    return grid_of(book, CLAIMS, columns, [2.2, 5.6, 2, 2, 1.8, 2.4], bound=["stated"])


def previous(monitor: Monitor) -> str:
    """The day to compare with: the newest letter before the date, else the oldest list before it, else ''."""
    letters = [day for day in monitor.tables["claims"]["as_of"] if day and day < monitor.date]
    older = [day for day in monitor.deliveries["date"] if day < monitor.date]
    return max(letters, default=min(older, default=""))
