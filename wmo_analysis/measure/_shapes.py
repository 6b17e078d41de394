"""The shape of the table of every measure and view, by name."""

from collections.abc import Mapping

from wmo_analysis.measure import (
    _budget,
    _changes,
    _claims,
    _compare,
    _coverage,
    _logbook,
    _options,
    _profile,
    _projects,
    _quality,
    _rounds,
)
from wmo_analysis.measure._shape import Shape

FILES = (_budget, _changes, _claims, _compare, _coverage, _logbook, _options, _profile, _projects, _quality, _rounds)
SHAPES = {name: shape for file in FILES for name, shape in file.SHAPES.items()}  # "budget", "budget.theme" -> Shape


def shape_of(about: Mapping) -> Shape | None:
    """The shape of the table that says of itself `measure` and perhaps `by`; None for a list beside the measures."""
    name = about["measure"]
    return SHAPES.get(f"{name}.{about.get('by')}", SHAPES.get(name))
