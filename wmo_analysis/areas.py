"""Boundaries of municipalities, as a statistical office publishes them: a GeoJSON file that the analyst may add.

They are drawn and never counted with. What does not fit the codebook is a doubt, which the build tells as a finding.
"""

import itertools
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wmo_analysis.codebook import key

CODE_FIELDS = ("statcode", "gm_code", "gemeentecode", "code")  # as published by CBS and on the national geoportal
NAME_FIELDS = ("statnaam", "gm_naam", "gemeentenaam", "naam", "name")
YEAR_FIELDS = ("jrstatcode", "jaar", "year")
DEGREES = 181  # a larger coordinate is one in metres
METRES = 111_320  # of a degree of latitude
FINE = 24  # heights at which a place for a text is sought
MOST_BYTES = 200_000_000  # of a file; the finest boundaries of the Netherlands are a quarter of that

# what a file of another form raises where it is looked into
NO_SHAPE = ValueError, TypeError, KeyError, AttributeError

Ring = np.ndarray  # (points, 2): x to the east, y to the north [m], the last point as the first


@dataclass(frozen=True)
class Doubt:
    """What is odd in the file: the code of a finding, and the names that it is about."""

    code: str
    listed: str
    kept: str = ""


@dataclass(frozen=True, eq=False)
class Areas:
    """The rings of each municipality, the year of the boundaries ('' where the file does not tell), and what is odd."""

    rings: Mapping[str, tuple[Ring, ...]]
    year: str = ""
    doubts: tuple[Doubt, ...] = ()

    @classmethod
    def open(cls, path: Path, names: Mapping[str, str]) -> "Areas | None":
        """The areas of the municipalities `names` (gm_code -> name) in a GeoJSON file; None where there is no such file.

        A municipality is found by its code, else by its name. Coordinates in degrees become metres. A file that is no
        GeoJSON of polygons gives no rings and one doubt.
        """
        if not path.is_file():
            return None
        try:
            return _areas(_features(path), names)
        except (*NO_SHAPE, RecursionError):
            return cls({}, doubts=(Doubt("G03", path.name),))


def _features(path: Path) -> list[dict]:
    """The features of the file. Raises ValueError for what is too large or holds none."""
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(path.name)
    features = json.loads(path.read_bytes())["features"]
    if not features:
        raise ValueError(path.name)
    return features


def _areas(features: list[dict], names: Mapping[str, str]) -> Areas:
    by_name = {key(name): gm_code for gm_code, name in names.items()}
    rings: dict[str, tuple[Ring, ...]] = {}
    doubts, years = [], set()
    for feature in features:
        about = {str(field).casefold(): str(value) for field, value in feature["properties"].items()}
        code, name = _first(about, CODE_FIELDS), _first(about, NAME_FIELDS)
        gm_code = next((each for each in (code, f"GM{code}") if each in names), by_name.get(key(name), ""))
        if not gm_code:
            continue  # a municipality elsewhere
        if name and key(name) != key(names[gm_code]):
            doubts.append(Doubt("G02", f"{code} {name}".strip(), names[gm_code]))
        try:
            rings[gm_code] = (*rings.get(gm_code, ()), *_rings(feature["geometry"]))
        except (*NO_SHAPE, IndexError):
            doubts.append(Doubt("G03", names[gm_code]))
        years |= set(re.findall(r"(?:19|20)\d\d", _first(about, YEAR_FIELDS))[:1])
    missing = [name for gm_code, name in names.items() if gm_code not in rings]
    doubts += [Doubt("G01", name) for name in missing]
    return Areas(_in_metres(rings), "/".join(sorted(years)), tuple(doubts))


def _first(about: Mapping[str, str], fields: tuple[str, ...]) -> str:
    return next((about[field] for field in fields if field in about), "")


def _rings(geometry: Mapping[str, list]) -> Iterator[Ring]:
    """The rings of a polygon or of several; a hole is a ring too, and is drawn as the line that it is."""
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}[geometry["type"]]
    for polygon in polygons:
        for ring in polygon:
            points = np.asarray(ring, dtype=float)[:, :2]
            if len(points) < 4 or not np.isfinite(points).all():
                raise ValueError("ring")
            yield points


def _in_metres(rings: Mapping[str, tuple[Ring, ...]]) -> dict[str, tuple[Ring, ...]]:
    """The rings with degrees as metres; one scale for all, which is right to a part in a thousand in one province."""
    points = list(itertools.chain.from_iterable(rings.values()))
    if not points or max(np.abs(ring).max() for ring in points) > DEGREES:
        return dict(rings)
    middle = np.concatenate(points)[:, 1].mean()
    scale, scaled = np.array([METRES * math.cos(math.radians(middle)), METRES]), {}
    for gm_code, parts in rings.items():
        scaled[gm_code] = tuple(ring * scale for ring in parts)
    return scaled


def area(ring: Ring) -> float:
    """The area within a ring, in the square of its unit (the shoelace formula)."""
    x, y = ring[:, 0], ring[:, 1]
    return abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


def spot(ring: Ring) -> tuple[float, float, float]:
    """(x, y, width) of where a text fits best within a ring: of the middles of its widest stretches the one that is
    farthest from the edge. Near enough to the pole of inaccessibility for a text."""
    low, high = ring[:, 1].min(), ring[:, 1].max()
    found = []
    for level in low + (high - low) * (np.arange(FINE) + 0.5) / FINE:
        edges = _crossed(ring, level)
        starts, ends = edges[::2], edges[1::2]
        widest = np.argmax(ends - starts)
        found.append(((starts[widest] + ends[widest]) / 2, level, ends[widest] - starts[widest]))
    middles = np.array(found)
    x, y, wide = middles[np.argmax(_clear(middles[:, :2], ring))].tolist()
    return x, y, wide


def _crossed(ring: Ring, level: float) -> np.ndarray:
    """Where a ring crosses a height, from the left: between an odd and an even one lies its inside."""
    x, y = ring[:, 0], ring[:, 1]
    above = y > level
    at = np.flatnonzero(above[:-1] != above[1:])
    return np.sort(x[at] + (level - y[at]) * (x[at + 1] - x[at]) / (y[at + 1] - y[at]))


def _clear(points: np.ndarray, ring: Ring) -> np.ndarray:
    """How far each point is from the edge of a ring."""
    start, along = ring[:-1], ring[1:] - ring[:-1]
    far = points[:, None] - start
    share = np.clip((far * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1e-12), 0, 1)
    return np.hypot(*np.moveaxis(far - share[..., None] * along, 2, 0)).min(axis=1)
