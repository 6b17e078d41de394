"""The build in polars: expressions over columns, each distinct text resolved once. python polars_build.py WORKSPACE OUT."""

import itertools
import sys
from pathlib import Path

import polars as pl
from grammar import (
    COLUMNS,
    SUSPECT,
    TEXTS,
    TOTAL,
    WHOLE_CONTACT,
    Book,
    Contacts,
    amount,
    hours,
    keyless_id,
    merge_repeats,
    period,
    read_card,
)

FINDING = ["row", "code", "column", "listed"]
SCHEMA = {"row": pl.Int64, "code": pl.String, "column": pl.String, "listed": pl.String}
KIND = pl.col("kind")


def read(card: dict) -> pl.DataFrame:
    """Every row with its kind; the column `extra` only catches the field too many."""
    schema = dict.fromkeys([*COLUMNS, "extra"], pl.String)
    rows = pl.scan_csv(
        card["raw"],
        separator=";",
        has_header=False,
        schema=schema,
        missing_columns="insert",
        empty_string_is_null=False,
        row_index_name="row",
        row_index_offset=1,
    ).with_columns(pl.col("row").cast(pl.Int64))
    header = rows.head(1).collect().row(0, named=True)
    filled = [pl.col(column).str.contains(r"\S") for column in [*COLUMNS, "extra"]]
    texts = [c for c in filled if c.meta.root_names()[0] not in ("asked", "granted", "contact", "extra")]
    opening = pl.when(filled[0]).then(pl.col("key")).otherwise(pl.col("title")).str.strip_chars().str.to_lowercase()
    kind = (
        pl.when(pl.sum_horizontal(filled) == 1)
        .then(pl.lit("note"))
        .when(pl.all_horizontal(pl.col(column) == header[column] for column in COLUMNS))
        .then(pl.lit("header"))
        .when(opening.str.contains(TOTAL) & (pl.sum_horizontal(texts) <= 1))
        .then(pl.lit("total"))
        .when(pl.col("extra") != "")
        .then(pl.lit("odd"))
        .otherwise(pl.lit("row"))
    )
    return rows.filter(pl.col("row") > 1).with_columns(kind=kind).drop("extra").collect(engine="streaming")


def mask(rows: pl.DataFrame, book: Book) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    contents = rows.lazy().filter(KIND == "row").select(pl.col("contact").str.strip_chars()).unique().collect()
    contents = contents.filter(~pl.col("contact").str.contains(WHOLE_CONTACT))["contact"]
    contacts, found = Contacts(contents.to_list(), book), []
    rows = rows.drop("contact")
    for column in TEXTS:
        text = pl.col(column)
        suspect = text.str.contains(SUSPECT) | text.str.contains_any(list(contacts.names), ascii_case_insensitive=True)
        suspects = rows.lazy().select(text).filter(suspect).unique().collect()[column].to_list()
        changed = {before: after for before in suspects if (after := contacts.mask(before)) != before}
        if not changed:
            continue
        here = rows.filter(text.is_in(list(changed))).select(
            "row", code=pl.lit("C15"), column=pl.lit(column), listed=text.replace(changed)
        )
        found.append(here)
        rows = rows.with_columns(text.replace(dict.fromkeys(changed, "") if column == "key" else changed))
    return rows, found


def resolve(rows: pl.DataFrame, columns: list[str], parse, names: dict[str, pl.DataType]) -> pl.DataFrame:
    """`parse` of every distinct text in the columns, as a table to join with on `text`."""
    texts = pl.concat([rows[column].unique().rename("text") for column in columns]).unique(maintain_order=True)
    answers = [parse(text) for text in texts.to_list()]
    return pl.DataFrame(answers, schema=names, orient="row").insert_column(0, texts)


def joined(rows: pl.DataFrame, column: str, answers: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    answers = answers.select("text", **{new: pl.col(old) for old, new in names.items()})
    return rows.join(answers, left_on=column, right_on="text", how="left", maintain_order="left")


def finding(rows: pl.LazyFrame, code: str, column: str, listed: str | None = None) -> pl.LazyFrame:
    return rows.select("row", code=pl.lit(code), column=pl.lit(column), listed=pl.col(listed or column))


def money_of(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Every filled amount cell, also of rows that are set aside; R14 where a total does not foot."""
    schema = {"cents": pl.Int64, "approximate": pl.Boolean, "code": pl.String}
    answers = resolve(rows, ["asked", "granted"], amount, schema)
    parts, found = [], []
    for column in ("asked", "granted"):
        cells = rows.select("row", "kind", "title", listed=column)
        cells = cells.join(answers, left_on="listed", right_on="text", how="left", maintain_order="left")
        cells = cells.filter(pl.col("listed").str.contains(r"\S")).with_columns(column=pl.lit(column))
        mine = cells.filter(KIND.is_in(["row", "odd"]))
        parts.append(mine.drop("title"))
        found.append(mine.lazy().filter((KIND == "row") & (pl.col("code") != "")).select(FINDING))
        found.append(totals(cells.with_columns(pl.col("cents").fill_null(0))))
    return pl.concat(parts), found


def totals(cells: pl.DataFrame) -> pl.LazyFrame:
    is_total = KIND == "total"
    running = pl.when(KIND.is_in(["row", "odd"])).then("cents").otherwise(0).cum_sum()
    rows = cells.with_columns(above=running).filter(is_total)
    sub = pl.col("title").str.to_lowercase().str.starts_with("sub")
    since = pl.when(sub).then(pl.col("above").shift(1, fill_value=0)).otherwise(0)
    wrong = rows.lazy().filter((pl.col("cents") != pl.col("above") - since) & (pl.col("code") == ""))
    return wrong.select("row", code=pl.lit("R14"), column="column", listed="listed")


def cleaned(rows: pl.DataFrame, book: Book) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    period_schema = {"from": pl.String, "to": pl.String, "precision": pl.String, "unread": pl.Boolean}
    periods = resolve(rows, ["start", "end"], period, period_schema)
    real = rows.filter(KIND == "row")
    for column in ("start", "end"):
        real = joined(real, column, periods, {part: f"{column}_{part}" for part in period_schema})
    answers = resolve(real, ["hours"], hours, {"value": pl.Float64, "unread": pl.Boolean})
    real = joined(real, "hours", answers, {"value": "hours_value", "unread": "hours_unread"})
    answers = resolve(real, ["status"], book.status, {"code": pl.String, "unread": pl.Boolean})
    real = joined(real, "status", answers, {"code": "status_code", "unread": "status_unread"})
    lazy = real.lazy()
    late = (pl.col("start_from") != "") & (pl.col("end_to") != "") & (pl.col("end_to") < pl.col("start_from"))
    titled = pl.col("title").str.contains(r"\S")
    found = [
        finding(lazy.filter("start_unread"), "C03", "start"),
        finding(lazy.filter("end_unread"), "C03", "end"),
        finding(lazy.filter(late), "C06", "end"),
        finding(lazy.filter("hours_unread"), "C04", "hours"),
        finding(lazy.filter("status_unread"), "C05", "status"),
        lazy.filter(~titled).select("row", code=pl.lit("C07"), column=pl.lit(""), listed=pl.lit("")),
    ]
    return real.filter(titled), found


def identified(rows: pl.DataFrame, source: str) -> tuple[pl.DataFrame, pl.DataFrame, list[pl.DataFrame]]:
    """project_id of every row, one row per project, and J07."""
    key = pl.col("key").str.strip_chars()
    bare = rows.filter(key == "").select("row", "title", "municipality")
    hashes = [keyless_id(title, municipality) for _, title, municipality in bare.iter_rows()]
    bare = bare.select("row", own=pl.Series(hashes, dtype=pl.String))
    again = pl.int_range(1, pl.len() + 1).over("own")
    suffix = pl.when(again > 1).then(pl.format("-{}", again)).otherwise(pl.lit(""))
    bare = bare.select("row", own=pl.col("own") + suffix)
    rows = rows.join(bare, on="row", how="left", maintain_order="left")
    rows = rows.with_columns(project_id=source + "-" + pl.coalesce("own", key)).drop("own")
    twice = rows["project_id"].is_duplicated()
    merged, contradictions = [], []
    repeats = rows.filter(twice).sort("project_id").to_dicts()
    for _, group in itertools.groupby(repeats, key=lambda row: row["project_id"]):
        one, found = merge_repeats(list(group))
        merged.append(one)
        contradictions += found
    projects = pl.concat([rows.filter(~twice), pl.DataFrame(merged, schema=rows.schema)])
    return rows, projects, [pl.DataFrame(contradictions, schema=SCHEMA, orient="row")]


def folded(column: str) -> pl.Expr:
    """As grammar.key: without case, accents, hyphens."""
    text = pl.col(column).str.normalize("NFKD").str.replace_all(r"\p{M}|\p{Cf}", "").str.replace_all("[‘’´`]", "'")
    return text.str.to_lowercase().str.replace_all(r"[\s\-‐‑–_.]+", " ").str.strip_chars()


def doubts(projects: pl.DataFrame, money: pl.DataFrame, most: str) -> list[pl.LazyFrame]:
    places = projects.lazy().select("municipality").unique().with_columns(place=folded("municipality"))
    named = projects.lazy().join(places, on="municipality", how="left").with_columns(name=folded("title"))
    same = named.filter(pl.struct("name", "place").is_duplicated())
    negative = money.lazy().filter(pl.col("project_id").is_not_null() & (pl.col("cents") < 0))
    found = [
        finding(same, "J08", "title"),
        negative.select("row", code=pl.lit("C16"), column="column", listed="listed"),
    ]
    if most:
        found.append(finding(projects.lazy().filter(pl.col("hours_value") > float(most)), "C11", "hours"))
    return found


def placed(projects: pl.DataFrame, day: str, book: Book) -> tuple[pl.DataFrame, pl.LazyFrame, pl.LazyFrame]:
    """The projects with their placement, the placements, and the findings on places."""
    on = pl.when(pl.col("start_from") == "").then(pl.lit(day)).otherwise(pl.col("start_from"))
    projects = projects.with_columns(epoch=on)
    epochs = {text: book.epoch(text) for text in projects["epoch"].unique().to_list()}
    projects = projects.with_columns(pl.col("epoch").replace(epochs))
    pairs = projects.select("municipality", "epoch").unique().with_row_index("place")
    answers = [book.place(text, epoch) for _, text, epoch in pairs.iter_rows()]
    pairs = pairs.with_columns(placement=pl.Series([answer.placement for answer in answers]))
    projects = projects.join(pairs, on=["municipality", "epoch"], how="left", maintain_order="left")
    schema = {"place": pl.UInt32, "gm_code": pl.String, "via": pl.String, "partnership_id": pl.String}
    reached = [(at, *row) for at, answer in enumerate(answers) for row in answer.reached]
    reached = pl.LazyFrame(reached, schema=schema, orient="row")
    here = projects.lazy().select("project_id", "row", "place")
    placements = here.join(reached, on="place", maintain_order="left").drop("place")
    odd = [(at, *row) for at, answer in enumerate(answers) for row in answer.findings]
    odd = pl.LazyFrame(odd, schema={"place": pl.UInt32, "code": pl.String, "listed": pl.String}, orient="row")
    findings = here.join(odd, on="place").select("row", "code", column=pl.lit("municipality"), listed="listed")
    return projects.drop("place", "epoch"), placements, findings


def themed(projects: pl.DataFrame, book: Book) -> tuple[pl.DataFrame, pl.LazyFrame, pl.LazyFrame]:
    texts = projects.select("theme").unique().with_row_index("at")
    answers = [book.theme(text) for text in texts["theme"].to_list()]
    texts = texts.with_columns(theme_part=pl.Series([answer.theme_part for answer in answers]))
    projects = projects.join(texts, on="theme", how="left", maintain_order="left")
    codes = [(at, code) for at, answer in enumerate(answers) for code in answer.themes]
    codes = pl.LazyFrame(codes, schema={"at": pl.UInt32, "theme": pl.String}, orient="row")
    here = projects.lazy().select("project_id", "row", "at")
    themes = here.join(codes, on="at", maintain_order="left").select("project_id", "theme", "row")
    odd = [(at, *row) for at, answer in enumerate(answers) for row in answer.findings]
    odd = pl.LazyFrame(odd, schema={"at": pl.UInt32, "code": pl.String, "listed": pl.String}, orient="row")
    findings = here.join(odd, on="at").select("row", "code", column=pl.lit("theme"), listed="listed")
    return projects.drop("at"), themes, findings


def ledger(rows: pl.DataFrame, used: int, money: pl.DataFrame) -> pl.DataFrame:
    counts = money["project_id"].is_not_null()
    total, counted = money["cents"].sum(), money.filter(counts)["cents"].sum()
    account = {
        "rows_in": rows.height, "rows_used": used, "rows_merged": 0, "rows_set_aside": rows.height - used,
        "cents_in": total, "cents_used": counted, "cents_merged": 0, "cents_set_aside": total - counted,
        "cells_unread": money["cents"].null_count(),
    }  # fmt: skip
    return pl.DataFrame([account])


def main(workspace: Path, out: Path) -> None:
    card, book = read_card(workspace), Book(workspace / "reference")
    rows = read(card)
    aside = rows.lazy().filter(KIND != "row")
    codes = {"note": "R12", "header": "R13", "total": "R11", "odd": "R10"}
    found = [aside.select("row", code=KIND.replace_strict(codes), column=pl.lit(""), listed=pl.lit(""))]
    rows, masked = mask(rows, book)
    money, about_money = money_of(rows)
    project_rows, about_cells = cleaned(rows, book)
    project_rows, projects, contradictions = identified(project_rows, card["source"])
    money = money.join(project_rows.select("row", "project_id"), on="row", how="left", maintain_order="left")
    found += [*about_money, *about_cells, *doubts(projects, money, book.max_hours[card["source"]])]
    found += [table.lazy() for table in (*masked, *contradictions)]
    projects, placements, about_places = placed(projects, str(card["date"]), book)
    projects, themes, about_themes = themed(projects, book)
    found += [about_places, about_themes]

    out.mkdir(parents=True, exist_ok=True)
    where = {"file": pl.lit(card["list"]), "sheet": pl.lit("")}
    day = pl.lit(str(card["date"]))
    shown = "project_id title source_id basis status status_listed start_from start_to start_precision end_from end_to"
    shown = f"{shown} end_precision placement theme_part hours file sheet row".split()
    listed = (
        projects.lazy()
        .rename({"status": "status_listed", "hours": "hours_listed"})
        .with_columns(source_id=pl.lit(card["source"]), basis=pl.lit(card["basis"]), **where)
    )
    counted = money.lazy().filter(pl.col("project_id").is_not_null() & pl.col("cents").is_not_null())
    counted = counted.rename({"kind": "kind_of_row", "column": "kind"}).with_columns(
        date_from=day, date_to=day, **where
    )
    order = "project_id kind date_from date_to cents approximate file sheet row".split()
    tables = {
        "projects": listed.rename({"status_code": "status", "hours_value": "hours"}).select(shown),
        "placements": placements.with_columns(**where),
        "project_themes": themes.with_columns(**where),
        "amounts": counted.select(order),
        "findings": pl.concat(found).unique().sort(FINDING).with_columns(**where),
        "ledger": ledger(rows, project_rows.height, money).lazy(),
    }
    for name, table in tables.items():
        table.sink_csv(out / f"{name}.csv", engine="streaming")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
