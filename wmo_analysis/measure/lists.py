"""Lists beside the measures: what stands in the workbook and the memo and is no count. Each is cited like a measure."""

import pandas as pd

from wmo_analysis.measure._coverage import coverage
from wmo_analysis.measure._projects import projects as counted
from wmo_analysis.measure._quality import made_of_findings, made_of_lists
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import made_of
from wmo_analysis.words import say, say_each

EMPTY = ("none", "unknown")  # states of a municipality without a project


def schema(monitor: Monitor) -> pd.DataFrame:
    """The schema of letter 1: municipality down, in alphabetical order, a column per theme with project names, total.

    Columns: gm_code, municipality, one per theme (its label), total [projects]; the last row is province-wide.
    """
    matrix = coverage(monitor)
    cells = matrix[matrix["theme"] != ""]
    text = cells["projects"].where(cells["number"] > 0, say_each("schema", cells["state"], monitor.language))
    wide = cells.assign(text=text).pivot(index="gm_code", columns="theme", values="text")
    themes = cells.drop_duplicates("theme").set_index("theme")["theme_label"]
    totals = matrix[matrix["theme"] == ""].set_index("gm_code")
    wide = wide.reindex(index=totals.index, columns=themes.index).rename(columns=themes)
    wide.insert(0, "municipality", totals["municipality"])
    wide["total"] = totals["number"]
    return monitor.cite(wide.rename_axis(columns=None).reset_index(), "schema")


def projects(monitor: Monitor) -> pd.DataFrame:
    """The table of measure.projects with, of each project, hours [h], example and good_example besides."""
    table = counted(monitor)
    about = table.attrs["wmo"]
    more = monitor.projects.loc[table["project"], ["hours", "example", "good_example"]].reset_index(drop=True)
    table = pd.concat([table.rename(columns={"project": "project_key"}), more], axis=1)
    return monitor.cite(table, "projects", reached=about["reached"])


def placements(monitor: Monitor) -> pd.DataFrame:
    """Where the projects of the selection are: project, title, municipality, via, partnership, weight."""
    here, book = monitor.placements, monitor.codebook
    here = here[here["group"].isin(monitor.projects.index)].reset_index(drop=True)
    names = book.partnerships.drop_duplicates("partnership_id").set_index("partnership_id")["name"]
    table = pd.DataFrame({"project_key": here["group"]})
    table["title"] = monitor.projects["title"].reindex(here["group"]).to_numpy()
    table["gm_code"] = here["gm_code"]
    table["municipality"] = monitor.labels("municipality", here["gm_code"])
    table["via"] = here["via"]
    table["partnership_name"] = here["partnership_id"].map(names).fillna("").astype("str")
    table["weights"] = here["weight"]
    return monitor.cite(table, "placements")


def findings(monitor: Monitor) -> pd.DataFrame:
    """Every finding of the build, of all lists known by then, with what it means and what to do."""
    about = monitor.codebook.findings.set_index("code")
    table = monitor.told_then("findings").reset_index(drop=True)
    table.insert(2, "text", about[monitor.language].reindex(table["code"]).to_numpy())
    table["what_to_do"] = about["what_to_do"].reindex(table["code"]).to_numpy()
    return monitor.cite(table.drop(columns="finding_id"), "findings", **made_of_findings(monitor))


def ledger(monitor: Monitor) -> pd.DataFrame:
    """The account of every list known by then: rows and cents in, used, merged, set aside."""
    return monitor.cite(monitor.told_then("ledger").reset_index(drop=True), "ledger", **made_of_lists(monitor))


def lists(monitor: Monitor) -> pd.DataFrame:
    """The lists that the monitor was built from, as far as they are known: file, source, basis, date, complete, and their
    rows in the ledger."""
    about = monitor.by_file.reset_index().sort_values(["date", "file"])
    ledger = monitor.told_then("ledger")
    table = pd.DataFrame(
        {
            "file": about["file"],
            "source": monitor.labels("source", about["source_id"]),
            "basis": about["basis"],
            "as_of": about["date"],
            "complete": about["complete"].astype(bool) & (about["part"] == ""),  # all of a part is not all of a source
        }
    ).merge(ledger[["file", "rows_in", "rows_used", "rows_merged", "rows_set_aside"]], on="file")
    return monitor.cite(table, "lists", **made_of_lists(monitor))


def targets(monitor: Monitor) -> pd.DataFrame:
    """project_id, title, placement, value, unit, at_least of the targets of the selection; they belong to no municipality."""
    # each list that tells of a project may state its targets: the same one is told once
    here = monitor.rows[monitor.rows["group"].isin(monitor.projects.index)]
    table = monitor.tables["targets"].merge(here[["project_id", "file", "group"]], on=["project_id", "file"])
    table["title"] = monitor.projects["title"].reindex(table["group"]).to_numpy()
    table = (
        table[["group", "title", "value", "unit", "at_least"]]
        .drop_duplicates()
        .rename(columns={"group": "project_key"})
    )
    return monitor.cite(table.reset_index(drop=True), "targets")


def overview(monitor: Monitor) -> pd.DataFrame:
    """Per municipality of the selection: gm_code, municipality, round, state, projects (titles); round missing and state
    unknown where no list of conversations names it."""
    codes = monitor.municipalities
    states = monitor.states.set_index("gm_code").reindex(codes)
    keys = ("state." + states["state"]).fillna("cell.unknown")  # no list names it, which is not `planned`
    table = pd.DataFrame({"gm_code": codes, "municipality": monitor.labels("municipality", codes)})
    table["round"] = states["round"].astype("Int64").array
    table["status"] = [say(key, monitor.language) for key in keys]
    table["projects"] = _titles(monitor).reindex(codes, fill_value="").array
    return monitor.cite(table, "overview")


def empty(monitor: Monitor) -> pd.DataFrame:
    """Municipalities of the selection without a counting project, and why: gm_code, municipality, state (none, unknown),
    sentence, nearest (the projects that come near, each with the reason)."""
    matrix, rows = coverage(monitor), []
    totals = matrix[(matrix["theme"] == "") & matrix["state"].isin(EMPTY)]
    for cell in totals.itertuples():
        found = monitor.why(cell.gm_code)
        near = found[found["kind"] == "nearest"]
        told = "; ".join(near["label"] + ": " + near["what"])
        rows.append((cell.gm_code, cell.municipality, cell.state, found.attrs["wmo"]["sentence"], told))
    columns = ["gm_code", "municipality", "state", "sentence", "nearest"]
    return monitor.cite(pd.DataFrame(rows, columns=columns, dtype="str"), "empty")


def _titles(monitor: Monitor) -> pd.Series:
    """Municipality -> titles of what counts there, in order; what is made for the whole province is no news there."""
    counting, here = monitor.projects[monitor.projects["counts"]], monitor.placements
    here = here[here["group"].isin(counting.index) & (here["via"] != "province")].drop_duplicates(["group", "gm_code"])
    titles = counting["title"].reindex(here["group"]).set_axis(here["gm_code"])
    return titles.groupby(level=0).agg(lambda here: "; ".join(sorted(here)))


def codebook(monitor: Monitor) -> pd.DataFrame:
    """The agreed names: kind, code, name, evidence of municipalities, themes, sources and partnerships."""
    book, language = monitor.codebook, monitor.language
    kinds = {
        "municipality": book.municipalities.set_index("gm_code"),
        "theme": book.themes.set_index("theme"),
        "source": book.sources.set_index("source_id"),
    }
    rows = []
    for kind, table in kinds.items():
        name = say(f"filter.{kind}", language)
        for code, evidence in table["evidence"].items():
            rows.append((name, code, book.label(kind, code, language), evidence))
    name = say("cell.member", language)
    for row in book.partnerships.itertuples():
        label = book.label("municipality", row.gm_code)
        rows.append((f"{name} {row.full_name}", row.gm_code, label, row.evidence))
    about = made_of("lists", 0, 0) | monitor.told_by((), ())  # what we agreed ourselves is told by no list
    return monitor.cite(pd.DataFrame(rows, columns=["list_kind", "code", "label", "evidence"]), "codebook", **about)
