"""Selection: what the reader chose. Traits and no widgets; snapshots give undo, redo and reset.

A saved view is a small JSON text: name, schema version, the view that was open, and a selection.
"""

import json

from traitlets import Dict, Enum, HasTraits, Tuple, Unicode

from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import BASIS_FILTERS, LANGUAGES
from wmo_analysis.words import date, number, say

SCHEMA = 1
TRAITS = {  # filter of the Monitor -> trait with the codes chosen, in the order in which they are told
    "theme": "themes",
    "region": "regions",
    "municipality": "municipalities",
    "source": "sources",
    "round": "rounds",
    "status": "statuses",
}


class Selection(HasTraits):
    """Filters (tuples of codes, () = everything), basis, as-of date (ISO, '' = the newest list) and language.

    `picked` is a mark that was clicked: {"view": where, "where": {filter: code}}; it narrows all but the view it came from.
    Every change of a trait is a step back in `undo`; several in `choose` are one step.
    """

    themes, regions, municipalities, sources, rounds, statuses = (Tuple() for _ in range(6))
    theme_set = Enum(("provincial", "municipal"), "provincial")
    basis = Enum(tuple(BASIS_FILTERS), "all")
    as_of = Unicode()
    language = Enum(LANGUAGES, "nl")
    picked = Dict()

    def __init__(self, **chosen):
        super().__init__(**chosen)
        self._past, self._future, self._now = [], [], self.snapshot()
        self.observe(self._note, self.trait_names())

    def snapshot(self) -> dict:
        """The value of every trait, as JSON can hold it."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in sorted(self.trait_values().items())
        }

    def choose(self, **values) -> None:
        """Sets several traits as one step. Raises TraitError for an impossible value, and then changes nothing."""
        with self.hold_trait_notifications():
            for name, value in values.items():
                self.set_trait(name, tuple(value) if isinstance(value, list) else value)

    def _note(self, _change) -> None:
        now = self.snapshot()
        if now != self._now:
            self._past.append(self._now)
            self._future.clear()
            self._now = now

    def undo(self) -> None:
        """One step back; at the first step nothing happens."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """The step that `undo` took back."""
        self._step(self._future, self._past)

    def _step(self, source: list, target: list) -> None:
        if source:
            target.append(self._now)
            self._now = source.pop()
            self.choose(**self._now)

    def steps(self) -> tuple:
        """The steps so far and where it stands, for `back`."""
        return [*self._past], [*self._future], self._now

    def back(self, steps: tuple) -> None:
        """As it was when `steps` was called, as if nothing happened since."""
        self._past, self._future, self._now = steps
        self.choose(**self._now)

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def reset(self) -> None:
        """Everything again, in the language that was chosen: a step that can be undone."""
        self.choose(**Selection(language=self.language).snapshot())

    @property
    def active(self) -> int:
        """How many filters narrow the projects; the as-of date and the language do not."""
        return sum(bool(getattr(self, trait)) for trait in TRAITS.values()) + (self.basis != "all") + bool(self.picked)

    def applied(self, monitor: Monitor, view: str = "") -> Monitor:
        """The Monitor narrowed to this selection; what was picked in that very `view` does not narrow it."""
        chosen = {name: getattr(self, trait) for name, trait in TRAITS.items() if getattr(self, trait)}
        if self.basis != "all":
            chosen["basis"] = self.basis
        monitor = monitor.in_language(self.language).as_of(self.as_of or monitor.date).within(**chosen)
        if self.picked and self.picked["view"] != view:
            monitor = monitor.within(**self.picked["where"])
        return monitor

    def told(self, monitor: Monitor, projects: int, of: int) -> str:
        """'Thema Mantelzorg, regio Utrecht-West, stand 9 oktober 2007: 12 van 57 projecten'; the counts are passed in."""
        narrowed = self.applied(monitor)
        chosen = [narrowed.told()] if narrowed.filters else []
        stand = say("selection.as_of", self.language, date=date(narrowed.date, self.language))
        text = ", ".join([*chosen, stand])
        counts = say("selection.counts", self.language, projects=number(projects), of=number(of))
        return f"{text[:1].upper()}{text[1:]}: {counts}"

    # ------------------------------------------------------------ saved views

    def write(self, name: str, as_of: str = "", **more) -> str:
        """The JSON text of a saved view, with the date that it is to show and what the reader of it stores `more`."""
        chosen = self.snapshot() | ({"as_of": as_of} if as_of else {})
        saved = {"schema": SCHEMA, "name": name, "selection": chosen, **more}
        return json.dumps(saved, ensure_ascii=False, indent=1) + "\n"

    def read(self, text: str, monitor: Monitor) -> tuple[dict, list[str]]:
        """Takes over a saved view as one step; returns the view as stored and what had to be dropped.

        Dropped are names, codes and dates that the monitor lacks. Raises WmoError when the text is no saved view; then
        nothing has changed.
        """
        try:
            saved = json.loads(text)
            told = dict(saved["selection"])
        except (ValueError, TypeError, KeyError) as error:
            raise WmoError(say("selection.broken", self.language)) from error
        dropped = (
            [] if saved.get("schema") == SCHEMA else [f"{say('selection.schema', self.language)} {saved.get('schema')}"]
        )
        values = Selection().snapshot() | {"language": self.language}
        for name, value in told.items():
            left = self._possible(name, value, monitor)
            if left != value:
                gone = [v for v in value if v not in left] if isinstance(value, list) and left is not None else [value]
                dropped += [f"{name}: {v}" for v in gone]
            if left is not None:
                values[name] = left
        self.choose(**values)
        return saved, dropped

    def _possible(self, name: str, value, monitor: Monitor):
        """What is left of a stored value: the codes that there are, the value itself, or None."""
        if name in TRAITS.values():
            domain = next(filter_ for filter_, trait in TRAITS.items() if trait == name)
            return [code for code in value if there(monitor, domain, code)] if isinstance(value, list) else None
        if name == "picked":
            where = value.get("where", {}) if isinstance(value, dict) else None
            known = isinstance(where, dict) and all(n in TRAITS and there(monitor, n, c) for n, c in where.items())
            return value if known and (not value or "view" in value) else None
        if name == "as_of":
            return value if value == "" or there(monitor, "as_of", value) else None
        trait = self.traits().get(name)
        return value if isinstance(trait, Enum) and value in trait.values else None


def there(monitor: Monitor, name: str, code) -> bool:
    """Whether the monitor knows the code, or label, of a filter; with name 'as_of' whether it is a date."""
    if not isinstance(code, str):
        return False
    try:
        monitor.as_of(code) if name == "as_of" else monitor.within(**{name: code})
    except WmoError:
        return False
    return True
