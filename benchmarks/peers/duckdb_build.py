"""The build in DuckDB: SQL over tables, each distinct text resolved once in Python. python duckdb_build.py WORKSPACE OUT."""

import itertools
import re
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
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

FOLD = "trim(regexp_replace(lower(strip_accents({})), '[\\s\\-‐‑–_.]+', ' ', 'g'))"  # as grammar.key
FILLED = "(trim({}) <> '')"
FINDING = pa.schema(
    [("row", pa.int64()), ("code", pa.string()), ("column", pa.string()), ("listed", pa.string())]
)  # in SQL always by position, `column` being a word of its own


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def resolve(con, name: str, query: str, parse, *columns: str) -> list:
    """`parse` of every distinct row of the query, as a table `name` to join with; returns the answers."""
    texts = con.execute(f"SELECT DISTINCT {query}").fetchall()
    answers = [parse(*row) for row in texts]
    width = len(texts[0])
    inputs = {f"text{at or ''}": [row[at] for row in texts] for at in range(width)}
    outputs = {column: [answer[at] for answer in answers] for at, column in enumerate(columns)}
    con.register(f"{name}_arrow", pa.table({**inputs, **outputs}))
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_arrow")
    return answers


def read(con, card: dict) -> None:
    """Table raw: every row with its kind; the column `extra` only catches the field too many."""
    types = dict.fromkeys([*COLUMNS, "extra"], "VARCHAR")
    # null_padding allows the field too many, and asks for one thread where a cell may hold a line break
    source = (
        f"read_csv({quoted(str(card['raw']))}, delim=';', quote='\"', escape='\"', header=false, auto_detect=false, "
        f"null_padding=true, parallel=false, columns={types})"
    )
    cells = ", ".join(f'coalesce("{column}", \'\') AS "{column}"' for column in [*COLUMNS, "extra"])
    con.execute(f"CREATE TABLE file AS SELECT row_number() OVER () AS row, {cells} FROM {source}")
    header = con.execute(f"SELECT {', '.join(map(_name, COLUMNS))} FROM file WHERE row = 1").fetchone()
    filled = [f"{FILLED.format(_name(column))}::INT" for column in [*COLUMNS, "extra"]]
    texts = [f"{FILLED.format(_name(c))}::INT" for c in TEXTS if c not in ("asked", "granted")]
    same = " AND ".join(f"{_name(column)} = {quoted(text)}" for column, text in zip(COLUMNS, header, strict=True))
    con.execute(
        f"""CREATE TABLE raw AS SELECT *, CASE
            WHEN contact = '' AND {" + ".join(filled)} = 1 THEN 'note'
            WHEN {same} THEN 'header'
            WHEN regexp_matches(lower(trim(if({FILLED.format("key")}, key, title))), {quoted(TOTAL)})
                 AND {" + ".join(texts)} <= 1 THEN 'total'
            WHEN extra <> '' THEN 'odd' ELSE 'row' END AS kind
        FROM file WHERE row > 1"""
    )
    con.execute("DROP TABLE file")


def _name(column: str) -> str:
    return f'"{column}"'


def mask(con, book: Book) -> None:
    """Table rows: raw without contact data; C15."""
    contents = con.execute(
        "SELECT DISTINCT trim(contact) FROM raw "
        f"WHERE kind = 'row' AND NOT regexp_matches(trim(contact), {quoted(WHOLE_CONTACT)})"
    ).fetchall()
    contacts = Contacts([text for (text,) in contents], book)
    words = "|".join(map(re.escape, contacts.names)) or "$^"
    joins, cells = [], []
    for column in TEXTS:
        name = _name(column)
        texts = "raw" if column in ("key", "title") else f"(SELECT DISTINCT {name} FROM raw)"
        suspects = con.execute(
            f"SELECT DISTINCT {name} FROM {texts} "
            f"WHERE regexp_matches({name}, {quoted(SUSPECT)}) OR regexp_matches({name}, {quoted(words)}, 'i')"
        ).fetchall()
        changed = {before: after for (before,) in suspects if (after := contacts.mask(before)) != before}
        if not changed:
            cells.append(name)
            continue
        con.register(f"mask_{column}", pa.table({"before": list(changed), "after": list(changed.values())}))
        joins.append(f"LEFT JOIN mask_{column} ON raw.{name} = mask_{column}.before")
        kept = f"mask_{column}.after" if column != "key" else f"if(mask_{column}.before IS NULL, NULL, '')"
        cells.append(f"coalesce({kept}, raw.{name}) AS {name}")
        con.execute(
            f"INSERT INTO findings SELECT row, 'C15', '{column}', after FROM raw JOIN mask_{column} ON {name} = before"
        )
    con.execute(f"CREATE TABLE rows AS SELECT row, kind, {', '.join(cells)} FROM raw {' '.join(joins)}")


def money(con) -> None:
    """Table money: every filled amount cell, also of rows that are set aside; C01, C02, R14."""
    cells = " UNION ALL ".join(
        f"SELECT row, kind, title, '{column}' AS what, {column} AS listed FROM rows WHERE {FILLED.format(column)}"
        for column in ("asked", "granted")
    )
    con.execute(f"CREATE TABLE cells AS {cells}")
    resolve(
        con, "worth", "listed FROM cells WHERE kind IN ('row', 'odd', 'total')", amount, "cents", "approximate", "code"
    )
    con.execute(
        """CREATE TABLE money AS SELECT cells.*, cents, approximate, code FROM cells JOIN worth ON listed = text;
        INSERT INTO findings SELECT row, code, what, listed FROM money WHERE kind = 'row' AND code <> '';
        INSERT INTO findings WITH summed AS (
            SELECT *, sum(if(kind = 'total', 0, coalesce(cents, 0))) OVER (PARTITION BY what ORDER BY row) AS above
            FROM money WHERE kind IN ('row', 'odd', 'total')
        ), totals AS (
            SELECT *, if(lower(title) LIKE 'sub%', lag(above, 1, 0) OVER (PARTITION BY what ORDER BY row), 0) AS since
            FROM summed WHERE kind = 'total'
        ) SELECT row, 'R14', what, listed FROM totals WHERE cents <> above - since;
        DELETE FROM money WHERE kind NOT IN ('row', 'odd')"""
    )


def clean(con, book: Book) -> None:
    """Table real: the project rows with dates, hours and status; C03 to C07."""
    resolve(
        con,
        "periods",
        "unnest([start, \"end\"]) FROM rows WHERE kind = 'row'",
        period,
        "first",
        "last",
        "exact",
        "unread",
    )
    resolve(con, "hour", "hours FROM rows WHERE kind = 'row'", hours, "value", "unread")
    resolve(con, "state", "status FROM rows WHERE kind = 'row'", book.status, "status_code", "unread")
    con.execute(
        f"""CREATE TABLE real AS SELECT rows.* EXCLUDE kind,
            s.first AS start_from, s.last AS start_to, s.exact AS start_precision, s.unread AS start_unread,
            e.first AS end_from, e.last AS end_to, e.exact AS end_precision, e.unread AS end_unread,
            value AS hours_value, hour.unread AS hours_unread, status_code, state.unread AS status_unread
        FROM rows JOIN periods s ON start = s.text JOIN periods e ON "end" = e.text
        JOIN hour ON hours = hour.text JOIN state ON status = state.text WHERE kind = 'row';
        INSERT INTO findings SELECT row, 'C03', 'start', start FROM real WHERE start_unread;
        INSERT INTO findings SELECT row, 'C03', 'end', "end" FROM real WHERE end_unread;
        INSERT INTO findings SELECT row, 'C06', 'end', "end" FROM real
            WHERE start_from <> '' AND end_to <> '' AND end_to < start_from;
        INSERT INTO findings SELECT row, 'C04', 'hours', hours FROM real WHERE hours_unread;
        INSERT INTO findings SELECT row, 'C05', 'status', status FROM real WHERE status_unread;
        INSERT INTO findings SELECT row, 'C07', '', '' FROM real WHERE NOT {FILLED.format("title")};
        DELETE FROM real WHERE NOT {FILLED.format("title")}"""
    )


def identify(con, source: str) -> None:
    """Table owned (row, project_id), and projects with one row for each; J07."""
    bare = con.execute("SELECT row, title, municipality FROM real WHERE trim(key) = '' ORDER BY row").fetchall()
    hashes = [keyless_id(title, municipality) for _, title, municipality in bare]
    con.register("bare", pa.table({"row": [row for row, *_ in bare], "own": pa.array(hashes, pa.string())}))
    con.execute(
        f"""CREATE TABLE named AS
            SELECT row, own || if(again > 1, '-' || again, '') AS own
            FROM (SELECT row, own, row_number() OVER (PARTITION BY own ORDER BY row) AS again FROM bare);
        CREATE TABLE owned AS SELECT real.row, '{source}-' || coalesce(own, trim(key)) AS project_id
            FROM real LEFT JOIN named USING (row);
        CREATE TABLE twice AS SELECT project_id FROM owned GROUP BY project_id HAVING count(*) > 1"""
    )
    table = con.sql(
        "SELECT project_id, real.* FROM real JOIN owned USING (row) JOIN twice USING (project_id) ORDER BY project_id"
    ).to_arrow_table()
    merged, contradictions = [], []
    for _, group in itertools.groupby(table.to_pylist(), key=lambda row: row["project_id"]):
        one, found = merge_repeats(list(group))
        merged.append(one)
        contradictions += found
    con.register("merged", pa.Table.from_pylist(merged, schema=table.schema))
    insert(con, contradictions)
    con.execute(
        """CREATE TABLE projects AS
            SELECT project_id, real.* FROM real JOIN owned USING (row) ANTI JOIN twice USING (project_id)
            UNION ALL BY NAME SELECT * FROM merged"""
    )


def insert(con, found: list[tuple[int, str, str, str]]) -> None:
    rows = [dict(zip(FINDING.names, each, strict=True)) for each in found]
    con.register("found", pa.Table.from_pylist(rows, schema=FINDING))
    con.execute("INSERT INTO findings SELECT * FROM found")


def doubt(con, most: str) -> None:
    if most:
        con.execute(f"INSERT INTO findings SELECT row, 'C11', 'hours', hours FROM projects WHERE hours_value > {most}")
    con.execute(
        f"""INSERT INTO findings SELECT row, 'C16', what, listed FROM money SEMI JOIN owned USING (row) WHERE cents < 0;
        CREATE TABLE folded AS SELECT municipality, {FOLD.format("municipality")} AS place
            FROM (SELECT DISTINCT municipality FROM projects);
        CREATE TABLE names AS SELECT row, title, hash({FOLD.format("title")}, place) AS name,
            {FOLD.format("title")} AS folded_title, place FROM projects JOIN folded USING (municipality);
        INSERT INTO findings WITH same AS (SELECT name FROM names GROUP BY name HAVING count(*) > 1),
            verified AS (SELECT folded_title, place FROM names SEMI JOIN same USING (name)
                GROUP BY folded_title, place HAVING count(*) > 1)
        SELECT row, 'J08', 'title', title FROM names SEMI JOIN verified USING (folded_title, place)"""
    )


def place(con, day: str, book: Book) -> None:
    """Tables pairs (placement of a text at an epoch) and reached (its municipalities); J01 to J03."""
    resolve(
        con, "since", f"if(start_from = '', '{day}', start_from) FROM projects", lambda d: (book.epoch(d),), "epoch"
    )
    con.execute(
        f"""CREATE TABLE dated AS SELECT row, project_id, municipality, epoch
            FROM projects JOIN since ON text = if(start_from = '', '{day}', start_from)"""
    )
    pairs = con.execute("SELECT DISTINCT municipality, epoch FROM dated").fetchall()
    places = [book.place(*pair) for pair in pairs]
    columns = {
        "municipality": [text for text, _ in pairs],
        "epoch": [epoch for _, epoch in pairs],
        "placement": [each.placement for each in places],
        "pair": list(range(len(pairs))),
    }
    con.register("pairs", pa.table(columns))
    _register(
        con,
        "reached",
        [(at, *row) for at, each in enumerate(places) for row in each.reached],
        "pair gm_code via partnership_id",
    )
    _register(
        con, "misplaced", [(at, *row) for at, each in enumerate(places) for row in each.findings], "pair code part"
    )
    con.execute(
        """CREATE TABLE placed AS SELECT row, project_id, pair, placement FROM dated JOIN pairs USING (municipality, epoch);
        INSERT INTO findings SELECT row, code, 'municipality', part FROM placed JOIN misplaced USING (pair)"""
    )


def _register(con, name: str, rows: list[tuple], columns: str) -> None:
    names = columns.split()
    types = [pa.int64(), *[pa.string()] * (len(names) - 1)]
    arrays = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(types)]
    con.register(name, pa.table(arrays, names=names))


def theme(con, book: Book) -> None:
    texts = [text for (text,) in con.execute("SELECT DISTINCT theme FROM projects").fetchall()]
    answers = [book.theme(text) for text in texts]
    con.register("theme_texts", pa.table({"theme": texts, "theme_part": [a.theme_part for a in answers]}))
    _register(
        con,
        "theme_codes",
        [(i, t, c) for i, (t, a) in enumerate(zip(texts, answers, strict=True)) for c in a.themes],
        "at text code",
    )
    odd = [(i, t, *f) for i, (t, a) in enumerate(zip(texts, answers, strict=True)) for f in a.findings]
    _register(con, "misnamed", odd, "at text code part")
    con.execute("INSERT INTO findings SELECT row, code, 'theme', part FROM projects JOIN misnamed ON theme = text")


def write(con, card: dict, out: Path) -> None:
    """The tables, in the order in which DuckDB has them: sorting costs five seconds a million rows and nobody compares it."""
    where = f"{quoted(card['list'])} AS file, '' AS sheet, row"
    day = quoted(str(card["date"]))
    counts = "FROM money JOIN owned USING (row) WHERE cents IS NOT NULL"
    tables = {
        "projects": f"""SELECT project_id, title, '{card["source"]}' AS source_id, '{card["basis"]}' AS basis,
            status_code AS status, status AS status_listed, start_from, start_to, start_precision, end_from, end_to,
            end_precision, placement, theme_part, hours_value AS hours, {where}
            FROM projects JOIN placed USING (row, project_id) JOIN theme_texts USING (theme)""",
        "placements": f"""SELECT project_id, gm_code, via, partnership_id, {where}
            FROM placed JOIN reached USING (pair)""",
        "project_themes": f"""SELECT project_id, code AS theme, {where}
            FROM projects JOIN theme_codes ON theme = text""",
        "amounts": f"""SELECT project_id, what AS kind, {day} AS date_from, {day} AS date_to, cents, approximate, {where}
            {counts}""",
        "findings": f"""SELECT {where}, code, "column", listed FROM (SELECT DISTINCT * FROM findings)
            ORDER BY row, code, "column", listed""",
        "ledger": f"""WITH used AS (SELECT count(*) AS n FROM owned), listed AS (SELECT count(*) AS n FROM rows),
            counted AS (SELECT sum(cents) AS cents {counts}),
            cells AS (SELECT sum(cents) AS cents, count(*) - count(cents) AS unread FROM money)
            SELECT listed.n AS rows_in, used.n AS rows_used, 0 AS rows_merged, listed.n - used.n AS rows_set_aside,
            cells.cents AS cents_in, counted.cents AS cents_used, 0 AS cents_merged,
            cells.cents - counted.cents AS cents_set_aside, unread AS cells_unread FROM used, listed, counted, cells""",
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, query in tables.items():
        con.execute(f"COPY ({query}) TO {quoted(str(out / f'{name}.csv'))} (HEADER, DELIMITER ',')")


def main(workspace: Path, out: Path) -> None:
    card, book = read_card(workspace), Book(workspace / "reference")
    con = duckdb.connect(config={"threads": 2})
    con.execute('CREATE TABLE findings (row BIGINT, code VARCHAR, "column" VARCHAR, listed VARCHAR)')
    read(con, card)
    con.execute(
        """INSERT INTO findings SELECT row, CASE kind WHEN 'note' THEN 'R12' WHEN 'header' THEN 'R13'
            WHEN 'total' THEN 'R11' ELSE 'R10' END, '', '' FROM raw WHERE kind <> 'row'"""
    )
    mask(con, book)
    money(con)
    clean(con, book)
    identify(con, card["source"])
    doubt(con, book.max_hours[card["source"]])
    place(con, str(card["date"]), book)
    theme(con, book)
    write(con, card, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
