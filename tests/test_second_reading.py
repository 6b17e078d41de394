"""Two people who read the rules publish the same figures: the library beside tests/second_reading.py.

Random selections with fixed seeds over the lists that are shipped and over small lists with the cases that those lack;
a few in every run, two thousand with `make fuzz`.
"""

import random
import shutil

import many_cases
import pandas as pd
import pytest
import second_reading as second
from monitors import ROOT, read_here, written

import wmo_analysis as wmo
from wmo_analysis import measure, pipeline

SHORT, LONG = range(25), range(25, 2000)
KINDS = ["asked", "granted", "settled"]
VOID = ["asked_void", "granted_void"]
VALUES = {
    "theme": [theme for theme, kind in second.SET.items() if kind != "law"],
    "region": second.REGIONS,
    "municipality": second.GM,
    "source": second.SOURCES,
    "round": ["1", "2", "3"],
    "status": ["planned", "running", "completed", *second.NEVER, "unknown"],
    "basis": list(second.CHOICES),
}
DAYS = ["2003-06-01", "2006-11-30", "2007-04-01", "2007-10-09", "2007-12-31", "2009-06-01", "2010-12-15", "2012-01-01"]
KNOWN = ["", "", "", "2005-01-01", "2006-10-31", "2006-11-01", "2006-11-30", "2007-01-31", "2007-10-01", "2007-10-08"]


def edges(tables):
    """The days on which something begins, ends or arrives in these tables, and the days beside them."""
    names = ("start_from", "end_to", "date_from", "as_of")
    days = {card["date"] for card in tables["deliveries"].values()}
    for rows in (tables["projects"], tables["amounts"], tables["conversations"], tables["claims"]):
        days |= {row[name] for row in rows for name in names if row.get(name)}
    return sorted(days | {beside(day) for day in days for beside in (second.before, second.after)})


def selection(seed, days):
    """Filters, day, known and an earlier moment of one seed."""
    pick = random.Random(seed)
    filters = []
    for name in pick.choices(list(VALUES), k=pick.choice([0, 1, 1, 2, 2, 3])):
        filters.append((name, pick.sample(VALUES[name], min(pick.choice([1, 1, 2, 3, 5]), len(VALUES[name])))))
    day, since = pick.choice(pick.choice([DAYS, days])), pick.choice(pick.choice([DAYS, days]))
    return filters, day, pick.choice(KNOWN), since, pick.choice([since, *KNOWN])


def narrowed(monitor, filters):
    for name, values in filters:
        monitor = monitor.within(**{name: values})
    return monitor


# ---------------------------------------------------------------- the library's figures, as the second reading has them


def plain(value):
    """A cell of a table as plain Python: None where it is missing."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def cells(table, keys, columns):
    """key -> the values of some columns; one key and one column stand alone."""
    found = {}
    for row in table.to_dict("records"):
        key, values = [tuple(plain(row[name]) for name in names) for names in (keys, columns)]
        found[key if len(key) > 1 else key[0]] = values if len(values) > 1 else values[0]
    return found


def rounded(computed, verdict):
    return (None if computed is None else round(float(computed), 9), verdict)


def filled(rows):
    """The rows of a footing in which anything stands, and its total."""
    return {code: row for code, row in rows.items() if code == "" or any(row if isinstance(row, tuple) else (row,))}


def of_library(monitor, since, since_known):
    """name of a figure -> what the library says."""
    claims = cells(measure.claims(monitor), ["fact_id"], ["computed", "verdict"])
    found = {
        "projects": {
            key: (
                row.start_from,
                row.end_to,
                row.placement,
                row.source_id,
                row.hours if pd.notna(row.hours) else None,
                row.derived,
                bool(row.counts),
                bool(row.example),
            )
            for key, row in monitor.projects.iterrows()
        },
        "summary": cells(measure.summary(monitor), ["name"], ["value", "of", "made", "made_up"]),
        "budget": cells(measure.budget(monitor), ["item"], ["cents"]),
        "rounds": cells(measure.rounds(monitor), ["round", "state"], ["municipalities", "reached", "late"]),
        "stated": cells(measure.rounds(monitor), ["round", "state"], ["stated", "stated_as"]),
        "claims": {key: rounded(*row) for key, row in claims.items()},
        "late": cells(measure.logbook(monitor), ["gm_code"], ["late"]),
        "listed": cells(measure.budget(monitor, by="listed"), ["source_id"], ["projects", *KINDS, *VOID]),
    }
    columns = ["state", "number", "own", "partnership"]
    for kind in second.COLUMNS:
        found[f"{kind} matrix"] = cells(measure.coverage(monitor, theme_set=kind), ["gm_code", "theme"], columns)
    columns = ["own", "partnership", "covered", "of", "projects", "province"]
    for by in ("theme", "region", "source"):
        found[f"coverage by {by}"] = cells(measure.coverage(monitor, by=by), ["code"], columns)
    for by in ("theme", "region", "municipality", "source"):
        found[f"projects by {by}"] = filled(cells(measure.projects(monitor, by=by), ["code"], ["projects"]))
        rows = cells(measure.budget(monitor, by=by), ["code"], ["projects", *KINDS])
        found[f"budget by {by}"] = filled(rows)
    changes = measure.changes(monitor, since, since_known=since_known)
    kinds = changes[changes.change.isin(["new", "gone"])]
    found["changes"] = sorted(zip(kinds.how, kinds.change, kinds.project))
    return found


# ---------------------------------------------------------------- the second reading's figures


def of_reading(reading, since, since_known):
    """name of a figure -> what the second reading says."""
    found = {
        "projects": {
            project.key: (
                project.start,
                project.end,
                project.placement,
                project.source,
                float(project.field("hours")) if project.field("hours") else None,
                project.status(reading.day),
                project in reading.counting,
                project.example,
            )
            for project in reading.projects
        },
        **{f"{kind} matrix": reading.matrix(kind) for kind in second.COLUMNS},
        "summary": reading.summary(),
        "budget": reading.budget(),
        "rounds": reading.rounds(),
        "stated": {row: reading.stated().get(row, (None, "")) for row in reading.rounds()},
        "claims": {row["fact_id"]: rounded(*reading.claim(row)) for row in reading.claims()},
        "late": reading.days_late(),
        "listed": {
            source: (number, *(kinds.get(kind) for kind in (*KINDS, *VOID)))
            for source, (number, kinds) in reading.listed().items()
        },
    }
    of_rows = {row["source_id"] for project in reading.projects for row in project.rows}
    sources = [source for source in second.SOURCES if source in of_rows]
    for by, codes in (("theme", reading.columns()), ("region", second.REGIONS), ("source", sources)):
        found[f"coverage by {by}"] = {code: reading.narrowed(by, code).covered() for code in codes}
    for by in ("theme", "region", "municipality", "source"):
        found[f"projects by {by}"] = filled(reading.footing(by))
        rows = {code: tuple(row) for code, row in reading.budget_by(by).items()}
        found[f"budget by {by}"] = filled(rows | {"": rows.get("", (0, 0, 0, 0))})
    found["changes"] = reading.changes(since, since_known)
    return found


# ---------------------------------------------------------------- the two beside each other


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory):
    """The Monitor and the tables of the lists that are shipped, and of the many cases."""
    shipped, cases = tmp_path_factory.mktemp("shipped"), tmp_path_factory.mktemp("cases")
    shutil.copytree(ROOT / "data" / "raw", shipped / "data" / "raw")
    with read_here():
        written(cases, many_cases.LISTS)
        for root in (shipped, cases):
            pipeline.build(root)
    return [(wmo.open(root), second.data(root)) for root in (shipped, cases)]


@pytest.mark.parametrize("seed", [*SHORT, *(pytest.param(seed, marks=pytest.mark.fuzz) for seed in LONG)])
def test_a_second_reading_of_the_rules_publishes_the_same_figures(workspaces, seed):
    monitor, tables = workspaces[seed % 2]
    filters, day, known, since, since_known = selection(seed, edges(tables))
    told = of_library(narrowed(monitor, filters).as_of(day).known_on(known), since, since_known)
    read = of_reading(second.Reading(tables, filters, day, known), since, since_known)
    assert told == read
