"""What the memo and the page say: headings, sentences, tables and charts, before anyone asks in which format.

Every sentence is made from the data; its figures are bound (see _bound). One content, two writers.
"""

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from wmo_analysis import style, words
from wmo_analysis.monitor import Monitor
from wmo_analysis.report._blocks import (
    Grid,
    Heading,
    Text,
    Turn,
    capital,
    chart_of,
    day_of,
    grid_of,
    names_of,
    saying,
    text_of,
)
from wmo_analysis.report._bound import UNKNOWN, Book, Data, sentence
from wmo_analysis.report._lists import RULES

MOST_NAMES = 12  # municipalities named in a sentence; more are a number


def memo(book: Book, since: str, charts: dict[str, go.Figure]) -> list:
    """The monitor in the structure of the first letter; `since` is the day to compare with, '' for none."""
    say = saying(book)
    return [
        *_head(book, say("title"), say("subject")),
        Heading(say("intro")),
        *_state(book),
        _credit(book)[0],
        *_examples(book),
        Heading(say("coverage")),
        *_covered(book),
        _regions(book),
        *(chart_of(book, name, charts) for name in ("theme", "matrix", "map")),
        Heading(say("rounds")),
        *_rounds(book),
        chart_of(book, "rounds", charts),
        Heading(say("credit")),
        *_credit(book),
        chart_of(book, "credit", charts),
        chart_of(book, "budget", charts),
        grid_of(
            book, "budget", ["label", "projects", "asked", "committed", "share"], [5.6, 2, 2.8, 2.8, 2.3], by="theme"
        ),
        Heading(say("hours")),
        *_hours(book),
        chart_of(book, "hours", charts),
        Turn(True),
        Heading(say("schema")),
        *_schema(book),
        Turn(False),
        Heading(say("others")),
        *_others(book),
        Heading(say("changes")),
        *_changes(book, since, charts),
        *_annex(book),
    ]


def interim(book: Book, since: str, charts: dict[str, go.Figure]) -> list:
    """The interim report of one programme, in the structure of the second letter."""
    say = saying(book)
    sources = [value for values in book.monitor.chosen("source") for value in sorted(values)]
    name = words.listing([book.monitor.codebook.label("source", code, book.monitor.language) for code in sources])
    return [
        *_head(book, say("interim.title", name=name), say("interim.subject")),
        Heading(say("intro")),
        *_plans(book),
        *_examples(book),
        Heading(say("rounds")),
        *_rounds(book),
        chart_of(book, "rounds", charts),
        chart_of(book, "time", charts),
        Heading(say("hours")),
        *_hours(book),
        chart_of(book, "hours", charts),
        Heading(say("overview")),
        _overview(book),
        Heading(say("next")),
        *_next(book),
        *_annex(book),
    ]


# ---------------------------------------------------------------- parts of sentences


def _head(book: Book, title: str, subject: str) -> list:
    about = book.table("coverage").attrs["wmo"]
    values = dict(selection=Data(style.selection(about)), date=day_of(book))
    return [
        Heading(title, 0),
        text_of(book, "subtitle", "subtitle", **values),
        text_of(book, "head.to", "head"),
        text_of(book, "head.from", "head"),
        text_of(book, "head.date", "head", date=day_of(book)),
        Text([*sentence("memo.head.subject", book.monitor.language), Data(subject)], "head"),
    ]


def example_parts(book: Book) -> list:
    """The line about example data as parts with bound figures, [] when no example takes part."""
    if not book.table("coverage").attrs["wmo"]["examples"]:
        return []
    counts = {name: book.figure("coverage", "", name) for name in ("examples", "projects")}
    return sentence("chart.example", book.monitor.language, **counts)


def _examples(book: Book) -> list:
    parts = example_parts(book)
    return [Text([*parts, *sentence("memo.examples", book.monitor.language)], "note")] if parts else []


def _state(book: Book) -> list:
    about = book.table("coverage").attrs["wmo"]
    counts = {name: book.figure("coverage", "", name) for name in ("covered", "of", "projects", "counting")}
    if not about["of"]:
        return [text_of(book, "state.no_place")]
    if not about["projects"]:
        return [text_of(book, "state.empty", date=day_of(book), of=counts["of"])]
    province = book.figure("coverage", ".", "number")
    return [text_of(book, "state.projects", date=day_of(book), province=province, **counts), _covered_line(book)]


def _covered_line(book: Book) -> Text:
    covered = book.figure("coverage", "", "covered")
    return text_of(book, "state.covered", date=day_of(book), covered=covered, of=book.figure("coverage", "", "of"))


def _covered(book: Book) -> list:
    matrix = book.table("coverage")
    totals = matrix[(matrix["theme"] == "") & (matrix["gm_code"] != "")]
    lines = []
    for state in ("none", "unknown"):
        here = list(totals.loc[totals["state"] == state, "gm_code"])
        if here and len(here) <= MOST_NAMES:
            lines.append(text_of(book, f"covered.{state}", names=names_of(book, here)))
        elif here:
            lines.append(text_of(book, f"covered.{state}_{'all' if len(here) == len(totals) else 'many'}"))
    return [*lines, text_of(book, "covered.means")]


def _regions(book: Book) -> Grid:
    """Coverage of the regions in which the selection has a municipality."""
    columns = ["label", "covered", "of", "own", "partnership", "projects"]
    grid = grid_of(book, "coverage", columns, [5, 2, 2, 2, 3, 2], by="region")
    here = book.table("coverage", by="region")["of"] > 0
    return replace(grid, rows=[row for row, kept in zip(grid.rows, here, strict=True) if kept])


def _rounds(book: Book) -> list:
    table, made = book.table("rounds"), []
    for number, here in table.groupby("round"):
        if not number:
            continue

        def figure(state, column, number=number):
            return book.figure("rounds", f"{number}.{state}", column)

        values = dict(label=capital(here["label"].iloc[0]), size=figure("agreed", "size"))
        if figure("agreed", "reached").text == UNKNOWN:
            made.append(text_of(book, "rounds.unknown", "bullet", **values))
        else:
            values |= dict(agreed=figure("agreed", "reached"), late=book.figure("rounds", f"round={number}", "late"))
            made.append(text_of(book, "rounds.known", "bullet", **values))
    deadlines = table[table["deadline"] != ""].drop_duplicates("round")
    for row in deadlines.to_dict("records"):
        made.append(
            text_of(book, "rounds.deadline", "bullet", label=capital(row["label"]), date=day_of(book, row["deadline"]))
        )
    return [text_of(book, "rounds.intro"), *made, *_stated(book, table)]


def _stated(book: Book, table) -> list:
    """What the newest letter states, beside what is counted."""
    said = table[table["stated"].notna() & (table["state"] != "not_stated")]
    lines = [
        [
            Data(f"{capital(row['label'])}, {row['state_label']}: "),
            book.figure("rounds", f"{row['round']}.{row['state']}", "stated"),
        ]
        for row in said.to_dict("records")
    ]
    return [text_of(book, "rounds.stated"), *(Text(parts, "bullet") for parts in lines)] if lines else []


def _credit(book: Book) -> list:
    money = {item: book.figure("budget", item, "cents") for item in book.table("budget")["item"]}
    over = book.table("budget").set_index("item").at["over", "cents"]
    found = "unknown" if pd.isna(over) else "over" if over else "free"
    values = money | dict(credit=Data(book.table("budget").attrs["wmo"]["credit"]))
    narrowed = any(name != "basis" for name, _ in book.monitor.filters)
    more = [text_of(book, "credit.narrowed")] if narrowed else []
    return [text_of(book, f"credit.{found}", **values), text_of(book, "credit.rule"), *more]


def _hours(book: Book) -> list:
    if not len(book.table("hours")):
        return [text_of(book, "hours.none")]
    figures = {name: book.figure("hours", name, "hours") for name in ("sum", "some", "count")}
    over = book.figure("hours", "some", "over")
    return [text_of(book, "hours.all", **figures, over=over), text_of(book, "hours.rule")]


def _schema(book: Book) -> list:
    table, language = book.table("schema"), book.monitor.language
    if len(table) < 2:
        return [text_of(book, "state.no_place")]
    themes = [name for name in table.columns if name not in ("gm_code", "municipality", "total")]
    rows = []
    for key, row in zip(book.rows("schema"), table.to_dict("records"), strict=True):
        cells = [[Data("\n".join(_each(row[theme])))] for theme in themes]
        rows.append([[Data(row["municipality"])], *cells, [book.figure("schema", key, "total")]])
    heads = [words.heading("municipality", language), *themes, words.heading("total", language)]
    widths = [2.2, *[round(23.4 / max(len(themes), 1), 2)] * len(themes), 1.1]
    caption = saying(book)("schema.caption")
    grid = Grid(caption, list(map(capital, heads)), rows, widths, {len(heads) - 1}, "small")
    return [text_of(book, "schema.intro"), text_of(book, "schema.note", "note"), grid]


def _each(titles: str) -> list[str]:
    """The titles of a cell, each with a sign before it when there are several."""
    found = titles.split("; ")
    return [f"· {title}" for title in found] if len(found) > 1 else found


def _others(book: Book) -> list:
    here = book.monitor.projects
    here = here[here["counts"] & here["placement"].isin(["unassigned", "unknown"])].sort_values("title")
    if here.empty:
        return [text_of(book, "others.none")]
    targets = book.table("targets")
    ids = dict(zip(targets.index, book.rows("targets"), strict=True))
    lines = []
    for project, row in here.iterrows():
        parts = [Data(row["title"])]
        for number, at in enumerate(targets.index[targets["project_key"] == project]):
            least = "others.least" if targets.at[at, "at_least"] else "others.target"
            value = book.figure("targets", ids[at], "value")
            unit = Data(targets.at[at, "unit"])
            parts += [
                ", " if number else ": ",
                *sentence(f"memo.{least}", book.monitor.language, value=value, unit=unit),
            ]
        lines.append(Text(parts, "bullet"))
    return [text_of(book, "others.intro"), *lines, text_of(book, "others.note")]


def _changes(book: Book, since: str, charts: dict) -> list:
    if not since:
        return [text_of(book, "changes.first")]
    rows = book.rows("changes", since=since, by="theme")
    total = {n: book.figure("changes", rows[-1], n, since=since, by="theme") for n in ("new", "gone", "changed")}
    lines = [text_of(book, "changes.line", since=day_of(book, since), date=day_of(book), **total)]
    if not len(book.table("changes", since=since)):
        return [*lines, chart_of(book, "changes", charts, since=since)]
    names = ["change", "title", "source", "field", "before", "after"]
    grid = grid_of(book, "changes", names, [2, 4.6, 2.6, 1.8, 2.5, 2.5], bound={"before", "after"}, since=since)
    return [*lines, chart_of(book, "changes", charts, since=since), grid]


def _plans(book: Book) -> list:
    """How many municipalities have an agreed plan, second contacts, and what is not known."""
    figures = {
        "agreed": book.figure("rounds", "0.agreed", "reached"),
        "share": book.figure("rounds", "0.agreed", "reached/size"),
        "of": book.figure("rounds", "0.agreed", "size"),
        "second": book.figure("rounds", "0.second_contact", "municipalities"),
    }
    table = book.table("overview")
    silent = list(table.loc[table["round"].isna(), "gm_code"])
    if figures["agreed"].text == UNKNOWN:
        return [text_of(book, "plans.unknown", date=day_of(book)), *_stated(book, book.table("rounds"))]
    second = book.table("rounds").query("round == 0 and state == 'second_contact'")["names"].iloc[0]
    lines = [
        text_of(book, "plans.agreed", date=day_of(book), **{k: figures[k] for k in ("agreed", "of", "share")}),
        text_of(book, "plans.second" if second else "plans.no_second", second=figures["second"], names=Data(second)),
    ]
    lines.append(text_of(book, "plans.silent" if silent else "plans.all_named", names=names_of(book, silent)))
    return lines


def _overview(book: Book) -> Grid:
    names = ["municipality", "round", "status", "projects"]
    return grid_of(book, "overview", names, [3.2, 1.6, 3.6, 7.6])


def _next(book: Book) -> list:
    table = book.table("rounds")
    lines = []
    for row in table[table["deadline"] != ""].drop_duplicates("round").to_dict("records"):
        late = book.figure("rounds", f"round={row['round']}", "late")
        passed = row["deadline"] < book.monitor.date
        key = "next.passed" if passed and late.text != UNKNOWN else "next.silent" if passed else "next.coming"
        values = dict(label=capital(row["label"]), date=day_of(book, row["deadline"]))
        lines.append(text_of(book, key, "bullet", **values, **({"late": late} if key == "next.passed" else {})))
    return [text_of(book, "next.intro"), *lines, text_of(book, "next.close")]


# ---------------------------------------------------------------- the annex


def _annex(book: Book) -> list:
    say, about, language = saying(book), book.table("coverage").attrs["wmo"], book.monitor.language
    later = book.monitor.later_deliveries
    names = [book.monitor.codebook.label("source", code, book.monitor.language) for code in later]
    blocks = [
        Heading(say("annex")),
        Heading(say("annex.sources"), 2),
        text_of(book, "annex.sources.text", names=Data(words.listing(about["source_names"], language) or UNKNOWN)),
        *([text_of(book, "annex.later", names=Data(words.listing(names, language)))] if later else []),
        grid_of(book, "lists", ["file", "source", "basis", "as_of", "rows_in", "rows_used", "rows_merged", "rows_set_aside"],
              [3.2, 2.2, 2.5, 1.8, 1.1, 1.5, 2.4, 1.3], look="small"),
        Heading(say("annex.rules"), 2),
        *(text_of(book, f"rule.{key}", "bullet") for key in RULES),
        Heading(say("annex.assumptions"), 2),
    ]  # fmt: skip
    if len(book.table("assumptions")):
        columns = ["label", "figure", "with_it", "without_it", "evidence"]
        blocks.append(grid_of(book, "assumptions", columns, [3.8, 3.8, 1.9, 1.9, 4.6]))
    else:
        blocks.append(text_of(book, "annex.no_assumptions"))
    columns = ["source", "projects", "share_theme", "share_municipality", "share_dates", "share_amount"]
    blocks += [Heading(say("annex.quality"), 2), text_of(book, "annex.quality.text")]
    if len(book.table("quality")):
        blocks.append(grid_of(book, "quality", columns, [5, 2.2, 2.2, 2.2, 2.2, 2.2]))
    blocks += [
        Heading(say("annex.findings"), 2),
        text_of(book, "annex.findings.text"),
        grid_of(book, "quality", ["severity", "text", "count", "what_to_do"], [2.3, 5.9, 1.5, 6.3], by="finding"),
        Heading(say("annex.claims"), 2),
        text_of(book, "annex.claims.text"),
        grid_of(book, "claims", ["as_of", "statement", "stated", "unit", "computed", "verdict"],
              [2.2, 5.6, 2, 2, 1.8, 2.4], bound={"stated"}),
    ]  # fmt: skip
    return [*blocks, Text([Data(style.citation(about))], "note")]


def previous(monitor: Monitor) -> str:
    """The day to compare with: the newest letter before the date, else the oldest list before it, else ''."""
    letters = [day for day in monitor.tables["claims"]["as_of"] if day and day < monitor.date]
    older = [day for day in monitor.deliveries["date"] if day < monitor.date]
    return max(letters, default=min(older, default=""))
