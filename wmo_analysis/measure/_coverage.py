"""Coverage: which municipality is supported on which theme, and through which kind of placement."""

import numpy as np
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
    if by == "matrix":
        return _matrix(monitor, theme_set)
    if by == "white":
        return _white(monitor, theme_set)
    return _by(monitor, by, theme_set)


def _touching(monitor: Monitor, theme_set: str) -> dict[str, np.ndarray]:
    """column -> the counting projects that touch it in a municipality left or province-wide, and '' -> any column; as
    their places in the pool, in the order of their titles."""
    pool, facts, columns = monitor.pool, monitor.facts, monitor.codebook.columns(theme_set)
    here = pool.by_title[(monitor.counting & facts.reached(monitor.municipalities)[pool.place])[pool.by_title]]
    wanted = {code: frozenset([code]) for code in columns} | {"": frozenset(columns)}
    return {code: here[facts.touching(themes)[pool.theme[here]]] for code, themes in wanted.items()}


def _columns(monitor: Monitor, touch: dict[str, np.ndarray], theme_set: str) -> list[str]:
    """The columns shown: those a theme filter leaves; the unknown theme only when used."""
    book = monitor.codebook
    columns = book.columns(theme_set)
    for values in monitor.chosen("theme"):
        rolled = {book.column_of[value] for value in values}
        columns = [code for code in columns if code in rolled]
    unknown = book.theme_with("unknown")
    return [code for code in columns if code != unknown or len(touch[unknown])]


def _matrix(monitor: Monitor, theme_set: str) -> pd.DataFrame:
    book, language, pool, facts = monitor.codebook, monitor.language, monitor.pool, monitor.facts
    touch, municipalities = _touching(monitor, theme_set), monitor.municipalities
    empty = "none" if monitor.known_complete else "unknown"
    themes, left = [*_columns(monitor, touch, theme_set), ""], facts.numbers(municipalities)
    cells, wide = {}, []
    for theme in themes:
        place, titles = pool.place[touch[theme]], pool.titles[touch[theme]]
        where, which = np.nonzero(facts.reach[place][:, left].T)  # by municipality, then by title
        ends = np.searchsorted(where, range(len(left)), side="right").tolist()
        own = (np.bincount(place, minlength=len(facts.places)) @ facts.own[:, left]).tolist()
        names = titles[which].tolist()
        for gm_code, count, start, end in zip(municipalities, own, [0, *ends], ends, strict=False):
            state = "own" if count else "partnership" if end > start else empty
            cells[gm_code, theme] = (state, end - start, count, end - start - count, "; ".join(names[start:end]))
        names = titles[facts.province[place] > 0].tolist()
        wide.append(("", theme, "province", len(names), 0, 0, "; ".join(names)))
    rows = [(gm_code, theme, *cells[gm_code, theme]) for gm_code in municipalities for theme in themes]
    table = pd.DataFrame(rows + wide, columns=["gm_code", "theme", "state", "number", "own", "partnership", "projects"])
    label, region_of = book.label, _first_region(monitor)
    gm_codes, columns = table["gm_code"].tolist(), table["theme"].tolist()
    names = [label("municipality", code) if code else say("cell.province", language) for code in gm_codes]
    regions = [region_of.get(code, "") for code in gm_codes]
    table.insert(1, "municipality", names)
    table.insert(2, "region_id", regions)
    table.insert(3, "region", [label("region", code, language) if code else "" for code in regions])
    table.insert(5, "theme_label", [label("theme", code, language) if code else "" for code in columns])
    table.insert(6, "theme_short", [label("theme", code, language, short=True) if code else "" for code in columns])
    covered = sum(cells[gm_code, ""][1] > 0 for gm_code in municipalities)
    about = {"covered": covered, "of": len(municipalities), "counting": int(monitor.counting.sum())}
    about["theme_set"] = theme_set
    return monitor.cite(table, "coverage", **about)


def _by(monitor: Monitor, by: str, theme_set: str) -> pd.DataFrame:
    book, left = monitor.codebook, monitor.municipalities
    touch = _touching(monitor, theme_set)
    if by == "theme":
        narrowed = {code: (monitor, touch[code], left) for code in _columns(monitor, touch, theme_set)}
    elif by == "region":
        regions = book.regions_on(monitor.date).items()
        narrowed = {code: (monitor, touch[""], [gm for gm in left if gm in codes]) for code, codes in regions}
    elif by == "municipality":
        narrowed = {code: (monitor, touch[""], [code]) for code in left}
    else:
        alone = {code: monitor.within(source=code) for code in monitor.sources}
        narrowed = {code: (m, _touching(m, theme_set)[""], left) for code, m in alone.items()}
    rows = []
    for code, (m, projects, gm_codes) in narrowed.items():
        found, places = _reach(m, projects, gm_codes)
        found = found if found[-1] or m.known_complete else (pd.NA,) * 3  # not found is not: not there
        rows.append((code, book.label(by, code, monitor.language), *found, len(gm_codes), *places))
    columns = ["code", "label", "own", "partnership", "covered", "of", "projects", "province"]
    table = pd.DataFrame(rows, columns=columns).astype({"code": "str", "label": "str"})
    counts = ["own", "partnership", "covered", "of", "projects", "province"]
    table = table.astype(dict.fromkeys(counts, "Int64"))
    more = {"tiles": tiles(monitor)} if by == "municipality" else {}
    return monitor.cite(table, "coverage", by=by, theme_set=theme_set, **more)


def _reach(monitor: Monitor, projects: np.ndarray, gm_codes: list[str]) -> tuple[tuple, tuple]:
    """(municipalities through own, only through a partnership, either) and (projects that reach one, province-wide)."""
    facts, left = monitor.facts, monitor.facts.numbers(gm_codes)
    places = np.bincount(monitor.pool.place[projects], minlength=len(facts.places))
    reach = facts.reach[:, left]
    own, covered = (int(((places @ touches) > 0).sum()) for touches in (facts.own[:, left], reach))
    return (own, covered - own, covered), (int(places @ reach.any(axis=1)), int(places @ facts.province))


def reached(monitor: Monitor) -> int:
    """Municipalities covered: those left that a counting project reaches through own or partnership."""
    *_, covered = _reach(monitor, _touching(monitor, "provincial")[""], monitor.municipalities)[0]
    return covered


def _first_region(monitor: Monitor) -> dict[str, str]:
    """gm_code -> the first region of the codebook that it lies in on the date; regions may overlap."""
    regions = monitor.codebook.regions_on(monitor.date)
    return {gm_code: region for region in reversed(regions) for gm_code in regions[region]}


def tiles(monitor: Monitor) -> dict[str, list]:
    """gm_code -> [row, column, name, region] on the tile map; every municipality of the codebook."""
    book = monitor.codebook
    region_of = {gm: book.label("region", code, monitor.language) for gm, code in _first_region(monitor).items()}
    about = book.municipalities.to_dict("records")
    return {
        m["gm_code"]: [int(m["tile_row"]), int(m["tile_col"]), m["name"], region_of.get(m["gm_code"], "")]
        for m in about
    }


def _white(monitor: Monitor, theme_set: str) -> pd.DataFrame:
    cells = _matrix(monitor, theme_set).query("gm_code != ''")
    table = cells[cells["theme"] == ""][["gm_code", "municipality", "region", "number"]].reset_index(drop=True)
    unknown = monitor.codebook.theme_with("unknown")  # to have no project of an unknown theme is no white spot
    empty = cells[~cells["theme"].isin(["", unknown]) & (cells["number"] == 0)]
    names = {code: here.tolist() for code, here in empty.groupby("gm_code")["theme_short"]}
    state = empty["state"].iloc[0] if len(empty) else ""
    table["missing"] = [len(names.get(code, ())) for code in table["gm_code"]]
    table["themes"] = ["; ".join(names.get(code, ())) for code in table["gm_code"]]
    table["state"] = [state if code in names else "" for code in table["gm_code"]]
    table = table.astype({"missing": "Int64"})
    table = table.sort_values("missing", ascending=False, kind="stable", ignore_index=True)
    return monitor.cite(table, "coverage", by="white", tiles=tiles(monitor))
