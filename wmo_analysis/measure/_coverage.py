"""Coverage: which municipality is supported on which theme, and through which kind of placement."""

import pandas as pd

from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
from wmo_analysis.words import say

VIEWS = ("matrix", "theme", "region", "source", "municipality", "white")


def coverage(monitor: Monitor, by: str = "matrix", theme_set: str = "provincial") -> pd.DataFrame:
    """Cells of the matrix (municipality x theme), or covered municipalities by theme, region, source or municipality.

    A municipality is covered when at least one counting project reaches it through `own` (it or a place in it is named)
    or `partnership`. Province-wide projects never cover: they are rows of their own (gm_code ''). Cells without a project
    are `none` where a list in the selection claims to be complete, else `unknown`. Cells count the projects that touch
    them and do not add up; the total (theme '') counts each project once. Themes are the columns of the codebook: second
    levels roll up, the unknown theme is a column when used, an excluded theme never is. `theme_set="municipal"` takes the
    themes of the municipalities (M1 to M5) as columns and only the projects that state one.

    Returns
    -------
    by="matrix": gm_code, municipality, region_id, region, theme, theme_label, theme_short, state (own, partnership, none,
    unknown, province), number [projects], own [projects], partnership [projects only through one], projects (titles).
    by="white": gm_code, municipality, region, number [projects], missing [themes without a project], themes (their names),
    state (none or unknown; '' where nothing is missing): every municipality, most missing first.
    Otherwise: code, label, own [municipalities], partnership [municipalities only through one], covered
    [municipalities], of [municipalities], projects [projects], province [projects]; every row is the coverage of the
    selection narrowed by that value. Rows overlap and are not added.
    own, partnership and covered are missing where nothing is found and
    no list claims to be complete. A row of by="municipality" has of = 1, and attrs hold the tiles of the map.

    Raises
    ------
    WmoError for another `by`.

    Source: rules of counting in docs/rules.md; the schema of letter 1 (L1-050, L1-051, L1-056, L1-057; D-022).
    """
    if by not in VIEWS:
        raise WmoError(f"Onbekende waarde voor by: {by}. Mogelijk zijn: {', '.join(VIEWS)}.")
    if theme_set not in ("provincial", "municipal"):
        raise WmoError(f"Onbekende waarde voor theme_set: {theme_set}. Mogelijk zijn: provincial, municipal.")
    touch = _touching(monitor, theme_set)
    if by in ("matrix", "white"):
        matrix = _matrix(monitor, touch, theme_set)
        return matrix if by == "matrix" else _white(monitor, matrix)
    return _by(monitor, touch, by, theme_set)


def _touching(monitor: Monitor, theme_set: str) -> pd.DataFrame:
    """One row per counting project, municipality left, way (own before partnership) and column theme it touches."""
    book, counting = monitor.codebook, monitor.projects[monitor.projects["counts"]]
    themes = monitor.themes.assign(theme=monitor.themes["theme"].map(book.column_of))
    themes = themes[themes["theme"].isin(book.columns(theme_set))].drop_duplicates()
    here = monitor.placements
    here = here[here["gm_code"].isin(monitor.municipalities) | (here["via"] == "province")]
    here = here[here["group"].isin(counting.index)]
    rank = {"own": 0, "partnership": 1, "province": 2}
    here = here.assign(rank=here["via"].map(rank)).sort_values("rank", kind="stable")
    here = here.drop_duplicates(["group", "gm_code"])[["group", "gm_code", "via"]]
    return here.merge(themes, on="group").merge(counting["title"], left_on="group", right_index=True)


def _columns(monitor: Monitor, touch: pd.DataFrame, theme_set: str) -> list[str]:
    """The columns shown: those a theme filter leaves; the unknown theme only when used."""
    book = monitor.codebook
    columns = book.columns(theme_set)
    for values in monitor.chosen("theme"):
        rolled = {book.column_of[value] for value in values}
        columns = [code for code in columns if code in rolled]
    unknown = book.theme_with("unknown")
    return [code for code in columns if code != unknown or (touch["theme"] == unknown).any()]


def _matrix(monitor: Monitor, touch: pd.DataFrame, theme_set: str) -> pd.DataFrame:
    book, language = monitor.codebook, monitor.language
    empty = "none" if monitor.known_complete else "unknown"
    region_of = _first_region(monitor)
    themes = [*_columns(monitor, touch, theme_set), ""]
    columns = touch[touch["theme"].isin(themes)]
    total = touch.drop_duplicates(["group", "gm_code"]).assign(theme="")
    cells = dict(iter(pd.concat([columns, total]).groupby(["gm_code", "theme"])))
    province = touch[touch["via"] == "province"].drop_duplicates(["group", "theme"])
    rows = []
    for gm_code in monitor.municipalities:
        for theme in themes:
            here = cells.get((gm_code, theme))
            here = here[here["via"] != "province"] if here is not None else touch.iloc[:0]
            own = int((here["via"] == "own").sum())
            state = "own" if own else "partnership" if len(here) else empty
            rows.append((gm_code, theme, state, len(here), own, len(here) - own, "; ".join(sorted(here["title"]))))
    for theme in themes:
        here = province[province["theme"] == theme] if theme else province.drop_duplicates("group")
        rows.append(("", theme, "province", len(here), 0, 0, "; ".join(sorted(here["title"]))))
    table = pd.DataFrame(rows, columns=["gm_code", "theme", "state", "number", "own", "partnership", "projects"])
    regions = table["gm_code"].map(region_of).fillna("")
    names = [book.label("municipality", code) if code else say("cell.province", language) for code in table["gm_code"]]
    table.insert(1, "municipality", pd.Series(names, index=table.index, dtype="str"))
    table.insert(2, "region_id", regions)
    table.insert(3, "region", [book.label("region", code, language) if code else "" for code in regions])
    table.insert(5, "theme_label", [book.label("theme", t, language) if t else "" for t in table["theme"]])
    table.insert(6, "theme_short", [book.label("theme", t, language, short=True) if t else "" for t in table["theme"]])
    totals = table[(table["theme"] == "") & (table["gm_code"] != "")]
    covered = int((totals["number"] > 0).sum())
    counting = int(monitor.projects["counts"].sum())
    return monitor.cite(table, "coverage", covered=covered, of=len(totals), counting=counting)


def _by(monitor: Monitor, touch: pd.DataFrame, by: str, theme_set: str) -> pd.DataFrame:
    book, language = monitor.codebook, monitor.language
    if by == "theme":
        codes = _columns(monitor, touch, theme_set)
        narrowed = {code: (touch[touch["theme"] == code], monitor.municipalities) for code in codes}
    elif by == "region":
        members = book.regions_on(monitor.date)
        narrowed = {}
        for code, gm_codes in members.items():
            left = [gm for gm in monitor.municipalities if gm in gm_codes]
            narrowed[code] = (touch[touch["gm_code"].isin(left) | (touch["via"] == "province")], left)
    elif by == "municipality":
        narrowed = {
            code: (touch[(touch["gm_code"] == code) | (touch["via"] == "province")], [code])
            for code in monitor.municipalities
        }
    else:
        narrowed = {}
        for code in book.sources["source_id"]:
            there = set(monitor.rows.loc[monitor.rows["source_id"] == code, "group"])
            if there & set(monitor.projects.index):
                alone = monitor.within(source=code)
                narrowed[code] = (_touching(alone, theme_set), monitor.municipalities)
    rows = []
    for code, (here, left) in narrowed.items():
        reached = here[here["via"] != "province"]
        own = reached.loc[reached["via"] == "own", "gm_code"].nunique()
        covered = reached["gm_code"].nunique()
        province = here.loc[here["via"] == "province", "group"].nunique()
        complete = (monitor.within(source=code) if by == "source" else monitor).known_complete
        found = (own, covered - own, covered) if covered or complete else (pd.NA,) * 3  # not found is not: not there
        rows.append((code, book.label(by, code, language), *found, len(left), reached["group"].nunique(), province))
    columns = ["code", "label", "own", "partnership", "covered", "of", "projects", "province"]
    table = pd.DataFrame(rows, columns=columns).astype({"code": "str", "label": "str"})
    counts = ["own", "partnership", "covered", "of", "projects", "province"]
    table = table.astype(dict.fromkeys(counts, "Int64"))
    more = {"tiles": _tiles(monitor)} if by == "municipality" else {}
    return monitor.cite(table, "coverage", by=by, **more)


def _first_region(monitor: Monitor) -> dict[str, str]:
    """gm_code -> the first region of the codebook that it lies in on the date; regions may overlap."""
    regions = monitor.codebook.regions_on(monitor.date)
    return {gm_code: region for region in reversed(regions) for gm_code in regions[region]}


def _tiles(monitor: Monitor) -> dict[str, list]:
    """gm_code -> [row, column, name, region] on the tile map; every municipality of the codebook."""
    book = monitor.codebook
    region_of = {gm: book.label("region", code, monitor.language) for gm, code in _first_region(monitor).items()}
    about = book.municipalities.to_dict("records")
    return {
        m["gm_code"]: [int(m["tile_row"]), int(m["tile_col"]), m["name"], region_of.get(m["gm_code"], "")]
        for m in about
    }


def _white(monitor: Monitor, matrix: pd.DataFrame) -> pd.DataFrame:
    cells = matrix[matrix["gm_code"] != ""]
    table = cells[cells["theme"] == ""][["gm_code", "municipality", "region", "number"]].reset_index(drop=True)
    unknown = monitor.codebook.theme_with("unknown")  # to have no project of an unknown theme is no white spot
    empty = cells[~cells["theme"].isin(["", unknown]) & (cells["number"] == 0)]
    names = empty.groupby("gm_code")["theme_short"].agg("; ".join)
    counts, states = empty.groupby("gm_code").size(), empty.groupby("gm_code")["state"].first()
    table["missing"] = table["gm_code"].map(counts).fillna(0).astype("Int64")
    table["themes"] = [names.get(code, "") for code in table["gm_code"]]
    table["state"] = [states.get(code, "") for code in table["gm_code"]]
    table = table.sort_values("missing", ascending=False, kind="stable", ignore_index=True)
    return monitor.cite(table, "coverage", by="white")
