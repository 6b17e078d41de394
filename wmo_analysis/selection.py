"""Selection: what the reader chose. Traits and no widgets; snapshots give undo, redo and reset.

A saved view is a small JSON text: name, schema version, the view that was open, and a selection.
"""

import json

from traitlets import Dict, Enum, HasTraits, Tuple, Unicode

from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import BASIS_FILTERS, FILTERS, LANGUAGES, THEME_SETS
from wmo_analysis.words import say

SCHEMA = 1
DATES = ("as_of", "known_on")  # the two clocks
PLURALS = {"municipality": "municipalities", "status": "statuses"}
# filter of the Monitor -> trait with the codes chosen, in the order in which they are told; of bases one is chosen
TRAITS = {name: PLURALS.get(name, f"{name}s") for name in FILTERS if name != "basis"}

_Filters = type("_Filters", (HasTraits,), {trait: Tuple() for trait in TRAITS.values()})


class Selection(_Filters):
    """Filters (tuples of codes, () = everything), basis, language and two clocks: `as_of` (ISO day, '' = that of the newest
    list) and `known_on` (ISO day up to which lists take part, '' = all we know now).

    `picked` is a mark that was clicked: {"view": where, "where": {filter: code}}; it narrows all but the view it came from.
    Every change of a trait but the language is a step back in `undo`; several in `choose` are one step, and so is all that
    one click changes. `opened` is what the dashboard has open beside it: it is part of every step.
    """

    theme_set = Enum(THEME_SETS, THEME_SETS[0])
    basis = Enum(tuple(BASIS_FILTERS), "all")
    as_of = Unicode()
    known_on = Unicode()
    language = Enum(LANGUAGES, "nl")
    picked = Dict()

    def __init__(self, **chosen: object):
        super().__init__(**chosen)
        self.opened: object = None
        self._past, self._future, self._now = [], [], self._stand()
        self.observe(self._note, self.trait_names())

    def snapshot(self) -> dict:
        """The value of every trait, as JSON can hold it."""
        values = dict(sorted(self.trait_values().items()))
        return values | {trait: list(values[trait]) for trait in TRAITS.values()}

    def choose(self, **values: object) -> None:
        """Sets several traits as one step. Raises TraitError for an impossible value, and then changes nothing."""
        with self.hold_trait_notifications():
            for name, value in values.items():
                self.set_trait(name, tuple(value) if isinstance(value, list) else value)

    def _stand(self) -> tuple[dict, object]:
        return self.snapshot(), self.opened

    def _note(self, _change: dict | None = None) -> None:
        now, (was, opened) = self._stand(), self._now
        # several traits may change at once, and each of them calls us; another language is no step
        if now != (was | {"language": self.language}, opened):
            self._past.append(self._now)
            self._future.clear()
        self._now = now

    def open(self, opened: object) -> None:
        """What is open beside the selection from now on; a step where it is something else."""
        self.opened = opened
        self._note()

    def begin(self, opened: object) -> None:
        """What is open at the start: no step."""
        self.opened = opened
        self._now = self._stand()

    def undo(self) -> None:
        """One step back; at the first step nothing happens."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """The step that `undo` took back."""
        self._step(self._future, self._past)

    def _step(self, source: list, target: list) -> None:
        if source:
            target.append(self._now)
            chosen, self.opened = source.pop()
            self._now = chosen | {"language": self.language}, self.opened
            self.choose(**self._now[0])

    def steps(self) -> tuple:
        """The steps so far and where it stands, for `back`."""
        return [*self._past], [*self._future], self._now

    def back(self, steps: tuple) -> None:
        """As it was when `steps` was called, as if nothing happened since."""
        self._past, self._future, (chosen, self.opened) = steps
        self._now = chosen, self.opened
        self.choose(**chosen)

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
        """How many filters narrow the projects; dates and language do not."""
        return sum(bool(getattr(self, trait)) for trait in TRAITS.values()) + (self.basis != "all") + bool(self.picked)

    def dated(self, monitor: Monitor) -> Monitor:
        """The Monitor in the language and on the dates chosen; itself where it is so already."""
        if self.language != monitor.language:
            monitor = monitor.in_language(self.language)
        if self.as_of and self.as_of != monitor.date:
            monitor = monitor.as_of(self.as_of)
        return monitor.known_on(self.known_on)

    def narrowed(self, monitor: Monitor) -> Monitor:
        """The Monitor narrowed to the filters, without what was picked; itself where there is no filter."""
        chosen = {name: getattr(self, trait) for name, trait in TRAITS.items() if getattr(self, trait)}
        if self.basis != "all":
            chosen["basis"] = self.basis
        return self.dated(monitor).within(**chosen)

    def applied(self, monitor: Monitor, view: str = "") -> Monitor:
        """The Monitor narrowed to this selection; what was picked in that very `view` does not narrow it."""
        monitor = self.narrowed(monitor)
        if not self.picked or self.picked["view"] == view:
            return monitor
        return monitor.within(**self.picked["where"])

    # ------------------------------------------------------------ saved views

    def write(self, name: str, as_of: str = "", **more: object) -> str:
        """The JSON text of a saved view, with the date that it is to show and what the reader of it stores `more`."""
        chosen = self.snapshot()
        chosen["as_of"] = as_of or self.as_of
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
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise WmoError(say("selection.broken", self.language)) from error
        dropped = []
        if saved.get("schema") != SCHEMA:
            dropped.append(f"{say('selection.schema', self.language)} {saved.get('schema')}")
        # what a file leaves unsaid is as in a new selection, and not as it happens to be now
        values = Selection(language=self.language).snapshot()
        for name, value in told.items():
            left = self._possible(name, value, monitor)
            if left is not None:
                values[name] = left
            gone = [value]
            if isinstance(value, list) and left is not None:
                gone = [code for code in value if code not in left]
            if left != value:
                dropped += [f"{name}: {code}" for code in gone]
        self.choose(**values)
        return saved, dropped

    def _possible(self, name: str, value: object, monitor: Monitor) -> object:
        """What is left of a stored value: the codes that there are, the value itself, or None."""
        for domain, trait in TRAITS.items():
            if name == trait and isinstance(value, list):
                return [code for code in value if there(monitor, domain, code)]
        trait = self.traits().get(name)
        fits = isinstance(trait, Enum) and value in trait.values
        if name == "picked":
            fits = _was_picked(value, monitor)
        elif name in DATES:
            fits = value == "" or there(monitor, name, value)
        if not fits:
            return None
        return value


def _was_picked(value: object, monitor: Monitor) -> bool:
    """Whether a stored value is a mark of this monitor, or none."""
    if not isinstance(value, dict) or not isinstance(value.get("where", {}), dict):
        return False
    for name, code in value.get("where", {}).items():
        if name not in TRAITS or not there(monitor, name, code):
            return False
    return not value or "view" in value


def there(monitor: Monitor, name: str, code: object) -> bool:
    """Whether the monitor knows the code, or label, of a filter; with the name of a clock whether it is a date."""
    if not isinstance(code, str):
        return False
    try:
        monitor.as_of(code) if name in DATES else monitor.within(**{name: code})
    except WmoError:
        return False
    return True
