"""Coverage: which municipality is supported on which theme, and through which kind of placement."""

import numpy as np
import pandas as pd

from wmo_analysis.areas import Areas
from wmo_analysis.errors import must_be_one
from wmo_analysis.measure._shape import flags, shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import LEANS, THEME_SETS, VIA
from wmo_analysis.words import say

REACHED = "own [municipalities], partnership [municipalities], covered [municipalities], of [municipalities]"
COUNTS = f"{REACHED}, projects [projects], province [projects], invented, partly"
COUNTED = shape("code", f"code, label, {COUNTS}")
MISSING = "number [projects], missing [themes], themes, state, invented"
COUNTED_IN = "number [projects], own [projects], partnership [projects], projects, invented, partly"
CELL = f"theme, theme_label, theme_short, state, {COUNTED_IN}"
SHAPES = {
    "coverage": shape("gm_code theme", f"gm_code, municipality, region_id, region, {CELL}"),
    **dict.fromkeys(("coverage.theme", "coverage.region", "coverage.source"), COUNTED),
    "coverage.municipality": shape("code", f"code, label, state, {COUNTS}"),
    "coverage.white": shape("gm_code", f"gm_code, municipality, region, {MISSING}"),
}
VIEWS = ("matrix", "theme", "region", "source", "municipality", "white")


def coverage(monitor: Monitor, by: str = "matrix", theme_set: str = "provincial") -> pd.DataFrame:
    """Cells of the matrix (municipality x theme), or covered municipalities by theme, region, source or municipality.

    A municipality is covered when at least one counting project reaches it through `own` (it or a place in it is named)
    or `partnership`. Province-wide projects never cover: they are rows of their own (gm_code ''). Cells without a project
    are `none` where a list in the selection claims to be complete, else `unknown`; `absent` where the municipality did not
    exist on the date, but stays in the denominator. Cells count the projects that touch
    them and do not add up; the total (theme '') counts each project once. Themes are the columns of the codebook: second
    levels roll up, the unknown theme is a column when used, an excluded theme never is. `theme_set="municipal"` takes the
    themes of the municipalities (M1 to M5) as columns and only the projects that state one.

    Returns
    -------
    by="matrix": gm_code, municipality, region_id, region, theme, theme_label, theme_short, state (own, partnership, none,
    unknown, absent, province), number [projects], own [projects], partnership [projects only through one], projects (titles),
    invented.
    by="white": gm_code, municipality, region, number [projects], missing [themes without a project], themes (their names),
    state (none, or unknown where one of them is; absent; '' where nothing is missing), invented: every municipality, most
    missing first.
    Otherwise: code, label, own [municipalities], partnership [municipalities only through one], covered
    [municipalities], of [municipalities], projects [projects], province [projects], invented; every row is the coverage of
    the selection narrowed by that value. Rows overlap and are not added.
    invented (bool): there are projects, and every one of them is made up; partly (bool, beside it but for by="white"): some
    of them are. A cell is unknown too where a project reaches it
    that a filter on a lower theme leaves out for stating only the theme above.
    own, partnership and covered are missing where nothing is found and
    no list claims to be complete. A row of by="municipality" has of = 1 and the state of its total in the matrix, and attrs
    hold the tiles of the map.

    Raises
    ------
    WmoError for another `by`.

    Source: rules of counting in docs/rules.md; the schema of letter 1 (L1-050, L1-051, L1-056, L1-057; D-022).
    """
    must_be_one("by", by, VIEWS)
    must_be_one("theme_set", theme_set, THEME_SETS)
    if by == "matrix":
        return _matrix(monitor, theme_set)
    if by == "white":
        return _white(monitor, theme_set)
    return _by(monitor, by, theme_set)


def touching(monitor: Monitor, theme_set: str) -> dict[str, np.ndarray]:
    """column -> the counting projects that touch it in a municipality left or province-wide, and '' -> any column; as
    their places in the pool, in the order of their titles."""
    pool, facts, columns = monitor.pool, monitor.facts, monitor.codebook.columns(theme_set)
    # what is province-wide stays in: it covers nothing, and stands in a row of its own
    inside = monitor.counting & ~pool.outside  # the excluded theme is outside, also beside a municipal one
    here = pool.by_title[(inside & facts.reached(monitor.municipalities)[pool.place])[pool.by_title]]
    touch = {}
    for code in (*columns, ""):
        themes = frozenset([code] if code else columns)
        touch[code] = here[facts.touching(themes)[pool.theme[here]]]
    return touch


def _columns(monitor: Monitor, touch: dict[str, np.ndarray], theme_set: str) -> list[str]:
    """The columns shown: those a theme filter leaves; the unknown theme only when used."""
    book = monitor.codebook
    columns = book.columns(theme_set)
    for values in monitor.chosen("theme"):
        rolled = {book.column_of[value] for value in values}
        columns = [code for code in columns if code in rolled]
    unknown = book.theme_with("unknown")
    return [code for code in columns if code != unknown or len(touch[unknown])]


# ---------------------------------------------------------------- the matrix


def _matrix(monitor: Monitor, theme_set: str) -> pd.DataFrame:
    touch, municipalities = touching(monitor, theme_set), monitor.municipalities
    themes, cells = [*_columns(monitor, touch, theme_set), ""], {}
    for theme in themes:
        for gm_code, cell in zip([*municipalities, ""], _cells(monitor, touch[theme], theme), strict=True):
            cells[gm_code, theme] = cell
    rows, region_of = [], first_region(monitor)
    named = [_theme(monitor, theme) for theme in themes]
    for gm_code in [*municipalities, ""]:
        place = _place(monitor, gm_code, region_of.get(gm_code, ""))
        for theme, *labels in named:
            rows.append((gm_code, *place, theme, *labels, *cells[gm_code, theme]))
    # cells do not add up, so what is covered is counted from the totals: a project over two themes covers once
    about = {"covered": sum(cells[gm_code, ""][1] > 0 for gm_code in municipalities), "of": len(municipalities)}
    about |= {"counting": int(monitor.counting.sum()), "theme_set": theme_set, "complete": monitor.known_complete}
    return monitor.cite(pd.DataFrame(rows, columns=list(SHAPES["coverage"].columns)), "coverage", **about)


Cell = tuple[str, int, int, int, str, bool, bool]


def _cells(monitor: Monitor, projects: np.ndarray, theme: str) -> list[Cell]:
    """(state, number, own, partnership, titles, invented, partly) of the municipalities left, and last of what is
    province-wide, for the projects that touch one column, or any ('')."""
    cells = []
    told, wide = _titles(monitor, projects)
    owned = places_of(monitor, projects) @ monitor.facts.own[:, monitor.facts.numbers(monitor.municipalities)]
    real, made_up = _apart(monitor, projects)
    (real, real_wide), (made, made_wide) = _reaching(monitor, real), _reaching(monitor, made_up)
    states = empty_states(monitor, theme).values()
    for titles, own, made_up, empty in zip(told, owned.tolist(), map(flags, real, made), states, strict=True):
        number, state = len(titles), empty
        if number:
            state = "own" if own else "partnership"
        cells.append((state, number, own, number - own, "; ".join(titles), *made_up))
    return [*cells, ("province", len(wide), 0, 0, "; ".join(wide), *flags(real_wide, made_wide))]


def _apart(monitor: Monitor, projects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The projects that are real, and those that are made up."""
    made_up = monitor.pool.invented[projects]
    return projects[~made_up], projects[made_up]


def _titles(monitor: Monitor, projects: np.ndarray) -> tuple[list[list[str]], list[str]]:
    """The titles of these projects in each municipality left, and of those that are province-wide."""
    facts, left = monitor.facts, monitor.facts.numbers(monitor.municipalities)
    place, titles = monitor.pool.place[projects], monitor.pool.titles[projects]
    where, which = np.nonzero(facts.reach[place][:, left].T)  # by municipality, then by title
    ends = np.searchsorted(where, range(len(left)), side="right").tolist()
    names = titles[which].tolist()
    told = [names[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return told, titles[facts.province[place] > 0].tolist()


def _reaching(monitor: Monitor, projects: np.ndarray) -> tuple[list[int], int]:
    """How many of these projects reach each municipality left, and how many are province-wide."""
    places, left = places_of(monitor, projects), monitor.facts.numbers(monitor.municipalities)
    return (places @ monitor.facts.reach[:, left]).tolist(), int(places @ monitor.facts.province)


def empty_states(monitor: Monitor, theme: str = "") -> dict[str, str]:
    """Each municipality left -> the state of an empty cell of it in a column, or of its total (''): one that did not exist
    is absent; of the others it says nothing where no list claims to be complete, nor where a project may be of the theme."""
    left, states = monitor.municipalities, {}
    maybe = [1] * len(left)
    if monitor.known_complete:
        half = monitor.half_told & monitor.pool.derived(monitor.date)[1] & ~monitor.pool.outside
        if theme:
            half &= monitor.facts.touching(frozenset([theme]))[monitor.pool.theme]
        maybe, _ = _reaching(monitor, np.flatnonzero(half))
    for gm_code, count in zip(left, maybe, strict=True):
        states[gm_code] = "unknown" if count else "none"
        if gm_code not in monitor.existing:
            states[gm_code] = "absent"
    return states


def _place(monitor: Monitor, gm_code: str, region: str) -> tuple[str, str, str]:
    """The name of a municipality, its region and the name of that; '' is province-wide."""
    name = monitor.label("municipality", gm_code) or say("cell.province", monitor.language)
    return name, region, monitor.label("region", region)


def _theme(monitor: Monitor, theme: str) -> tuple[str, str, str]:
    """A column, its label and its short label; '' is all of them."""
    return theme, monitor.column_label(theme), monitor.column_label(theme, short=True)


def first_region(monitor: Monitor) -> dict[str, str]:
    """gm_code -> the first region of the codebook that it lies in on the date; regions may overlap."""
    regions = monitor.codebook.regions_on(monitor.date)
    return {gm_code: region for region in reversed(regions) for gm_code in regions[region]}


def peers(monitor: Monitor, gm_code: str) -> list[str]:
    """The municipalities of the first region that one lies in, itself among them; it alone where it lies in none."""
    region = first_region(monitor).get(gm_code, "")
    return monitor.codebook.regions_on(monitor.date).get(region, [gm_code])


def tiles(monitor: Monitor, by: str = "municipality") -> dict[str, dict[str, list] | Areas | None]:
    """tiles: gm_code -> [row, column, name, region] on the tile map, for every municipality of the codebook; areas: their
    boundaries, where the analyst added them. Nothing for a table by something else."""
    if by != "municipality":
        return {}
    region_of, tiles = first_region(monitor), {}
    for m in monitor.codebook.municipalities.to_dict("records"):
        region = monitor.label("region", region_of.get(m["gm_code"], ""))
        tiles[m["gm_code"]] = [int(m["tile_row"]), int(m["tile_col"]), m["name"], region]
    return {"tiles": tiles, "areas": monitor.areas}


def _white(monitor: Monitor, theme_set: str) -> pd.DataFrame:
    cells = _matrix(monitor, theme_set).query("gm_code != ''")
    table = cells[cells["theme"] == ""][["gm_code", "municipality", "region", "number"]].reset_index(drop=True)
    unknown = monitor.codebook.theme_with("unknown")  # to have no project of an unknown theme is no white spot
    empty = cells[~cells["theme"].isin(["", unknown]) & (cells["number"] == 0)].groupby("gm_code")
    names = {"missing": empty.size(), "themes": empty["theme_short"].agg("; ".join), "state": empty["state"].max()}
    # of the states of an empty cell 'unknown' is the last in the alphabet: it stands where one of them is
    table = table.join(pd.DataFrame(names), on="gm_code").fillna({"missing": 0, "themes": "", "state": ""})
    table = table.astype({"missing": "Int64", "themes": "str", "state": "str"})
    table["invented"] = cells.loc[cells["theme"] == "", "invented"].to_numpy()
    table = table.sort_values("missing", ascending=False, kind="stable", ignore_index=True)
    return monitor.cite(table, "coverage", by="white", **tiles(monitor))


# ---------------------------------------------------------------- municipalities covered


def _by(monitor: Monitor, by: str, theme_set: str) -> pd.DataFrame:
    rows = []
    for code, (projects, gm_codes, complete) in narrowed(monitor, by, theme_set).items():
        own, covered = _covered(monitor, places_of(monitor, projects), gm_codes)
        counts = own, covered - own, covered
        if not covered and not complete:  # not found is not: not there
            counts = None, None, None
        label = monitor.column_label(code) if by == "theme" else monitor.label(by, code)
        rows.append((code, label, *counts, len(gm_codes), *_reached(monitor, projects, gm_codes)))
    table = COUNTED.table(rows).astype({"code": "str", "label": "str", "invented": "bool", "partly": "bool"})
    if by == "municipality":
        table.insert(2, "state", _states(monitor, table))
    made = monitor.made_of_projects(monitor.keep, leans=LEANS if by == "theme" else ("members",))
    made |= {"theme_set": theme_set, "complete": monitor.known_complete}
    return monitor.cite(table, "coverage", by=by, **made, **tiles(monitor, by))


def _states(monitor: Monitor, table: pd.DataFrame) -> pd.Series:
    """The state of each row of by="municipality", as that of its total in the matrix."""
    empty = table["code"].map(empty_states(monitor))
    found = np.where(table["own"].fillna(0) > 0, "own", "partnership")
    return empty.where(table["covered"].fillna(0) == 0, found)


def _reached(monitor: Monitor, projects: np.ndarray, gm_codes: list[str]) -> tuple[int, int, bool]:
    """How many of these projects reach one of the municipalities, how many are province-wide, and whether all of those are
    made up."""
    facts = monitor.facts
    touched = facts.reach[:, facts.numbers(gm_codes)].any(axis=1)
    real, made_up = _apart(monitor, projects)
    real, made_up = places_of(monitor, real), places_of(monitor, made_up)
    number, wide = int((real + made_up) @ touched), int((real + made_up) @ facts.province)
    anywhere = touched | (facts.province > 0)
    return number, wide, *flags(int(real @ anywhere), int(made_up @ anywhere))


Narrowed = tuple[np.ndarray, list[str], bool]


def narrowed(monitor: Monitor, by: str, theme_set: str) -> dict[str, Narrowed]:
    """Each row -> the projects of that part of the selection (as their places in the pool), its municipalities, and whether
    a list of it claims to be complete."""
    left, complete = monitor.municipalities, monitor.known_complete
    touch = touching(monitor, theme_set)
    here, found = touch[""], {}
    if by == "source":
        for code in monitor.sources:
            listed = here[monitor.pool.of_sources([code])[here]]
            found[code] = (listed, left, code in monitor.complete_sources)
        return found
    if by == "theme":
        return {code: (touch[code], left, complete) for code in _columns(monitor, touch, theme_set)}
    for code, gm_codes in monitor.places_of(by).items():
        if by == "region" or code in left:
            found[code] = (here, [gm for gm in left if gm in gm_codes], complete)
    return found


def places_of(monitor: Monitor, projects: np.ndarray) -> np.ndarray:
    """[combination of placements]: how many of these projects of the pool have it."""
    return np.bincount(monitor.pool.place[projects], minlength=len(monitor.facts.places))


def _covered(monitor: Monitor, places: np.ndarray, gm_codes: list[str]) -> tuple[int, int]:
    """Municipalities reached through own, and through own or a partnership."""
    facts, left = monitor.facts, monitor.facts.numbers(gm_codes)
    return int(((places @ facts.own[:, left]) > 0).sum()), int(((places @ facts.reach[:, left]) > 0).sum())


def reached(monitor: Monitor) -> int:
    """Municipalities covered: those left that a counting project reaches through own or partnership."""
    return _covered(monitor, places_of(monitor, _any_column(monitor)), monitor.municipalities)[1]


def _any_column(monitor: Monitor) -> np.ndarray:
    """Whether each project of the pool counts and touches a column of the monitor."""
    touches = monitor.facts.touching(frozenset(monitor.codebook.columns()))
    return monitor.counting & touches[monitor.pool.theme]


# ---------------------------------------------------------------- without an assumption


def covered_without(monitor: Monitor, partnership: str) -> int:
    """Municipalities that would be covered, had the partnership no members."""
    facts, places = monitor.facts, places_of(monitor, _any_column(monitor))
    reach = facts.vias_without(partnership)[:, facts.numbers(monitor.municipalities), : VIA.index("province")]
    return int(((places @ reach.any(axis=2)) > 0).sum())


def covered_unmapped(monitor: Monitor, theme: str) -> int | None:
    """Municipalities that would be covered on the column of a theme, were no project mapped to that theme by assumption;
    None where that is not known."""
    pool, facts, column = monitor.pool, monitor.facts, frozenset([monitor.codebook.column_of[theme]])
    at, themes = facts.mapped
    row = pool.row["themes"]
    besides = facts.touching(column, theme)[facts.theme[row]]
    # a project keeps the column where another of its themes, or another row, brings it there without the assumption
    touches = np.where(np.isin(row, at[themes == theme]), besides, facts.touching(column)[facts.theme[row]])
    places = places_of(monitor, monitor.counting & touches)
    covered = _covered(monitor, places, monitor.municipalities)[1]
    return covered if covered or monitor.known_complete else None
