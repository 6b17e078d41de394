"""Third stage: names -> codes of the codebook.

A name resolves exactly, then normalised, then by alias and place. rapidfuzz only fills `did_you_mean`: it never decides.
Each distinct cell is resolved once.
"""

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from wmo_analysis.codebook import Codebook, key
from wmo_analysis.schema import NO_PLACE, PROVINCES

SEPARATOR = re.compile(r"(\s*(?:[;/\n+&]|,|\ben\b)\s*)", re.IGNORECASE)
WIDE = re.compile(r"[^\S\n]{3,}")  # white space over which the patterns would go again and again
DEPARTMENT = re.compile(r"gemeente ([^,;/\n]+?)\s*[,/]\s*(.+)", re.IGNORECASE)
SHORTENED = re.compile(r"\b([aiv])\s*/\s*([dh])\b\.?", re.IGNORECASE)  # a/d Vecht: this stroke is no separator
STROKE = "\ue000"  # stands for it while the cell is split
IN_BRACKETS = re.compile(r"(.+?),? ?\(([^()]+)\)")
ARTICLES = ("de", "den", "'t")
OF_ITSELF = ("gemeente", "gem", "stad", "dorp", "plaats", "kern")  # what in brackets says nothing new of a place
WRITTEN_OUT = (  # in a key: abbreviations and old spellings -> one spelling that both the list and the codebook get
    (r"\ba ?/? ?d\b", "aan de"), (r"\bv ?/? ?d\b", "van de"), (r"\bi ?/? ?d\b", "in de"), (r"\ba ?/? ?h\b", "aan het"),
    (r"\b(aan|van|in) den\b", r"\1 de"), (r"(?<=. )b(?= .)", "bij"), (r"^st(?= )", "sint"),
    (r"(?<!\w)(?:'?t|het)(?!\w)", "'t"), ("ij", "y"),
)  # fmt: skip
ALMOST = 1  # letters: a village elsewhere that differs no more from a name of ours is asked, never taken
_MUNICIPALITY = re.compile(r"^(gemeenten?|gem) ")
UNASSIGNED = {"nog niet toegewezen", "niet toegewezen"}
MOST_CHARACTERS = 10_000  # of a cell of names; all municipalities of the country take half of it
MOST_PIECES = 1_000  # of a cell, separators among them
LONGEST = 40  # pieces of one name
EARLIEST = "1990-01-01"  # no list is of municipalities that were gone by then: their names are those of villages
LONGEST_NAME = 200  # characters of one name
ALIKE = 75  # of 100: from here a name is suggested, never taken


# ---------------------------------------------------------------- parts of a cell


def _any(part: str) -> bool:
    return True


def _none(part: str) -> bool:
    return False


def spans(
    text: str,
    known: Callable[[str], bool],
    like: Callable[[str], object] = _none,
    opens: Callable[[str], bool] = _any,
) -> list[str]:
    """The parts of a cell: the longest run of pieces that is one known name, else the piece itself.

    `like` says whether a part resembles a name, `opens` whether a name of several pieces can begin with a piece.

    'Baarn, Soest en Tull en 't Waal' -> ['Baarn', 'Soest', "Tull en 't Waal"]. A cell that is longer than any list of
    names is one part, which nothing knows.
    """
    bare = SHORTENED.sub(rf"\1{STROKE}\2", WIDE.sub("  ", text)).strip()
    pieces = [piece.replace(STROKE, "/") for piece in _pieces(bare)]
    if len(pieces) == 1:
        return pieces if bare else []
    if department := DEPARTMENT.match(bare):
        rest = spans(department[2], known)
        if known(department[1]) and not any(known(part) or like(part) for part in rest):
            return [f"gemeente {department[1]}"]  # 'Gemeente Utrecht, Werk en Inkomen' is a department, not two places
    parts, at = [], 0
    while at < len(pieces):
        last = min(len(pieces), at + LONGEST - 1) if opens(pieces[at]) else at + 1
        for end in range(last, at, -2):
            part = "".join(pieces[at:end]).strip()
            if end == at + 1 or known(part):
                break
        if part:
            parts.append(part)
        at = end + 1
    return parts


def _pieces(bare: str) -> list[str]:
    """The names of a cell and the separators between them; the cell itself where it is longer than any list of names."""
    if len(bare) > MOST_CHARACTERS:
        return [bare]
    pieces = SEPARATOR.split(bare)
    if len(pieces) > MOST_PIECES:
        return [bare]
    return pieces


def theme_parts(text: str, known: Callable[[str], bool]) -> list[str]:
    """As `spans`, but a comma or 'en' separates only known themes: 'Sport en bewegen' is one unknown theme."""
    parts = []
    bare = WIDE.sub("  ", text).strip()
    if len(bare) > MOST_CHARACTERS:
        return [bare]
    for piece in re.split(r"\s*[;\n+|]\s*", bare):
        named = spans(piece, known)
        if not all(map(known, named)):
            named = [piece]
        parts += named
    return list(filter(None, parts))


def bare_key(text: str) -> str:
    """The key of a name of a place, without the word 'gemeente' before it."""
    return _MUNICIPALITY.sub("", key(text))


def written_out(name: str) -> str:
    """The key of a name as names are compared whose spelling the codebook does not have: 'wyk by duurstede'."""
    for short, long in WRITTEN_OUT:
        name = re.sub(short, long, name)
    return name


def near(text: str, names: Iterable[str]) -> list[str]:
    """The three names that are most alike, for a suggestion."""
    from rapidfuzz import fuzz, process

    hits = process.extract(text, list(names), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=3)
    return list(dict.fromkeys(name for name, _, _ in hits))


# ---------------------------------------------------------------- places


Vintage = tuple[str, str] | tuple[()]  # names of municipalities of another day than ours, and that day


@dataclass(frozen=True)
class Part:
    """What one part of a cell stands for. `how` is municipality, alias, place, former, split, partnership, province, outside,
    unassigned or unknown; the last three have no municipality."""

    text: str
    how: str
    gm_codes: tuple[str, ...] = ()
    partnership: str = ""
    hints: tuple[str, ...] = ()
    divided: str = ""  # the name of which the codebook states the shares


@dataclass(frozen=True)
class Cell:
    """What a cell names: its placement, and the municipalities it reaches (gm_code, via, partnership, part of the cell),
    own ones first, each in Dutch alphabetical order."""

    placement: str
    reached: tuple[tuple[str, str, str, str], ...]
    parts: tuple[Part, ...]


class Places:
    """Look-up of the names of places in a codebook."""

    def __init__(self, codebook: Codebook):
        self.codebook, found = codebook, _names(codebook)
        self.names, self.written_out, self.elsewhere = found.names, found.written_out, found.elsewhere
        self.order = {code: at for at, code in enumerate(codebook.gm_codes)}
        self.successors: dict[str, list[str]] = {}
        for row in codebook.places[codebook.places["how"] == "successor"].to_dict("records"):
            self.successors.setdefault(key(row["text"]), []).append(row["gm_code"])
        # "Tull en 't Waal": only what begins as a name of several pieces is tried as one
        self.openings = {SEPARATOR.split(name)[0].strip() for name in self.names if SEPARATOR.search(name)}
        self._shown = dict(zip(codebook.places["text"].map(key), codebook.places["text"], strict=True))
        self._known: dict[str, bool] = {}
        self._opens: dict[str, bool] = {}
        self._parts: dict[tuple[str, str], Part] = {}

    def known(self, part: str) -> bool:
        if part not in self._known:
            self._known[part] = self._found(part) is not None
        return self._known[part]

    def _found(self, part: str) -> tuple[str, str] | None:
        """How a part is known, and its code: as it is spelled, written out, or by what stands in brackets behind it."""
        return self.names.get(key(part)) or self._named(bare_key(part))

    def _named(self, name: str) -> tuple[str, str] | None:
        if found := self.names.get(name) or self.written_out.get(written_out(name)):
            return found
        if match := IN_BRACKETS.fullmatch(name):
            return self._in_brackets(match[1], match[2])
        return None

    def _in_brackets(self, outer: str, inner: str) -> tuple[str, str] | None:
        """'Breukelen (Ut)', 'Utrecht (stad)', 'Zeist (Den Dolder)', 'Hoef (De)': only what agrees with the place before."""
        inner = _MUNICIPALITY.sub("", inner)
        if inner in ARTICLES:
            return self._named(f"{inner} {outer}")
        found, province = self._named(outer), _PROVINCE.get(inner, "")
        if self.names.get(f"provincie {key(province)}") == ("province", ""):
            for short in PROVINCES[province]:
                if spelled := self.names.get(f"{outer} ({short})"):
                    return spelled
            if found and found[0] == "outside":  # 'Elst (Utr)' is not the Elst of Gelderland
                return None
            return found
        if province and (outer, province) in self.elsewhere:
            return "outside", ""
        if province or not found:
            return None
        other = self._named(inner)
        if inner in OF_ITSELF or found == other:
            return found
        if other and found[1] and other[1] == found[1]:  # two names of one municipality
            return found
        return None

    def opens(self, piece: str) -> bool:
        """Whether a name of several pieces can begin with this one."""
        if piece not in self._opens:
            self._opens[piece] = not {key(piece), bare_key(piece)}.isdisjoint(self.openings)
        return self._opens[piece]

    def part(self, text: str, on: str) -> Part:
        """What a part of a cell stands for on a date."""
        if (text, on) not in self._parts:
            self._parts[text, on] = self._resolved(text, on)
        return self._parts[text, on]

    def _resolved(self, text: str, on: str) -> Part:
        how, code = self._found(text) or ("unknown", "")
        if how == "partnership":
            return Part(text, how, tuple(self.codebook.members(on)[code]), code)
        if how == "province":
            return Part(text, how, tuple(self.codebook.gm_codes))
        if how == "split":
            return Part(text, how, tuple(self.codebook.divided[code]), divided=code)
        if how == "unknown":
            return Part(text, how, hints=tuple(self.did_you_mean(text)))
        return Part(text, how, (code,) if code else ())

    def did_you_mean(self, part: str) -> list[str]:
        """Names of municipalities that may be meant: successors of a former one, else those that look alike, of a village
        its own name with the municipality in brackets."""
        label = functools.partial(self.codebook.label, "municipality")
        if codes := self.successors.get(bare_key(part), []):
            return [label(code) for code in codes]
        names = {n: code for n, (how, code) in self.names.items() if how in ("municipality", "place", "former")}
        alike, hints = near(bare_key(part), names), []
        for name in alike:
            hint = label(names[name])
            if place := self._shown.get(name):
                hint = f"{place} ({hint})"
            hints.append(hint)
        return list(dict.fromkeys(hints))

    def parts(self, text: str, on: str) -> list[Part]:
        """The parts of a cell on a date."""
        return [self.part(part, on) for part in spans(text, self.known, self.did_you_mean, self.opens)]

    def cell(self, text: str, on: str, whole_country: bool = False) -> Cell:
        """What a cell names on a date. `whole_country`: the card says that what the codebook does not know, and resembles
        none of its names, lies outside."""
        if key(text) in UNASSIGNED:
            return Cell("unassigned", (), ())
        parts = []
        for part in self.parts(text, on):
            name = len(part.text) <= LONGEST_NAME  # a longer one is a cell that could not be read
            if whole_country and part.how == "unknown" and not part.hints and name:
                part = Part(part.text, "outside")
            parts.append(part)
        return Cell(_placement(parts), self._reached(parts), tuple(parts))

    def _reached(self, parts: list[Part]) -> tuple[tuple[str, str, str, str], ...]:
        """Each municipality once per way; province-wide only where it is not reached otherwise."""
        found: dict[tuple[str, str], tuple[str, str, str, str]] = {}
        rows = [(code, part) for part in parts for code in part.gm_codes]
        rows.sort(key=lambda row: self.order[row[0]])
        for way in ("own", "partnership", "province"):
            for code, part in rows:
                via = part.how if part.how in ("partnership", "province") else "own"
                otherwise = (code, "own") in found or (code, "partnership") in found
                if via == way and not (way == "province" and otherwise):
                    found.setdefault((code, via), (code, via, part.partnership, part.text))
        return tuple(found.values())


_PROVINCE = {}
for _name, _shorts in PROVINCES.items():
    _PROVINCE |= dict.fromkeys((key(_name), f"provincie {key(_name)}", f"prov {key(_name)}", *_shorts), _name)


@dataclass(frozen=True)
class Names:
    """Spellings of places: key -> (how, code), the same written out where that is of one place only, and (key, province) of
    the places elsewhere."""

    names: dict[str, tuple[str, str]]
    written_out: dict[str, tuple[str, str]]
    elsewhere: frozenset[tuple[str, str]]


@functools.lru_cache(maxsize=4)
def _names(codebook: Codebook) -> Names:
    """The names of a codebook, and those outside its area that nothing of its own resembles."""
    ours, table = _own_names(codebook), codebook.elsewhere
    inside = set(codebook.municipalities["name"].map(key))
    table = table[~table["municipality"].map(key).isin(inside)]
    spellings = table["text"].map(key)
    taken = {IN_BRACKETS.sub(r"\1", name) for name in ours}  # 'Elst (Utr)': Elst alone is of two provinces
    # a municipality goes by its name, whatever it resembles
    known = set(spellings[table["municipality"] == table["text"]])
    villages = sorted(set(spellings) - known - taken)
    names = dict.fromkeys([*sorted(known - taken), *_unlike(villages, list(ours))], ("outside", "")) | ours
    written: dict[str, dict[str, tuple[str, str]]] = {}  # what names of one spelling stand for; outside is one thing
    for name, found in names.items():
        written.setdefault(written_out(name), {})[found[1] or found[0]] = found
    plain = {name: next(iter(means.values())) for name, means in written.items() if len(means) == 1}
    return Names(names, plain, frozenset(zip(spellings, table["province"], strict=True)))


def _unlike(names: list[str], ours: list[str]) -> list[str]:
    """The names that differ by more than a letter from every name of ours."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    if not names:
        return names
    far = cdist(names, ours, scorer=Levenshtein.distance, score_cutoff=ALMOST).min(axis=1) > ALMOST
    return [name for name, apart in zip(names, far.tolist(), strict=True) if apart]


def _own_names(codebook: Codebook) -> dict[str, tuple[str, str]]:
    """key(spelling) -> (how, code): municipalities first, then aliases, partnerships, and names of places."""
    names = {key(row["name"]): ("municipality", row["gm_code"]) for row in codebook.municipalities.to_dict("records")}
    aliases = codebook.aliases
    for row in aliases[aliases["domain"] == "municipality"].to_dict("records"):
        found = "alias", row["code"]
        if row["code"] in NO_PLACE:
            found = row["code"], ""
        names.setdefault(key(row["text"]), found)
    for row in codebook.partnerships.to_dict("records"):
        for text in (row["name"], row["full_name"]):
            names.setdefault(key(text), ("partnership", row["partnership_id"]))
    for row in aliases[aliases["domain"] == "partnership"].to_dict("records"):
        names.setdefault(key(row["text"]), ("partnership", row["code"]))
    for row in codebook.places[codebook.places["how"] != "successor"].to_dict("records"):
        names.setdefault(key(row["text"]), (row["how"], row["gm_code"]))
    return {name: ("split", name) for name in codebook.divided} | names


def _placement(parts: list[Part]) -> str:
    """one, several, partnership, province, outside, unassigned or unknown.

    Two places in one municipality are one; each partnership, unknown or outside part is one of its own.
    """
    ways = {part.how for part in parts}
    named: set[str] = set()
    for part in parts:
        if part.how in ("partnership", "province"):
            named.add(part.partnership or part.text)
        else:
            named.update(part.gm_codes or [part.text])
    for way in NO_PLACE:
        if ways == {way}:
            return way
    if "province" in ways:
        return "province"
    if "partnership" in ways and len(named) == 1:
        return "partnership"
    if not any(part.gm_codes for part in parts):
        return "unknown"
    return "one" if len(named) == 1 else "several"


def names_of_places(codebook: Codebook) -> set[str]:
    """key() of every spelling that resolves as a place of the codebook's own: elsewhere many are surnames too."""
    return set(_own_names(codebook))


def places(
    values: Iterable[str], on: str | Iterable[str] | None = None, codebook: Codebook | None = None
) -> pd.DataFrame:
    """One row per value, part and municipality: value, part, gm_code, how, did_you_mean (list).

    In the order of the input, then of the codebook. `how` is municipality, alias, place, former, split, partnership,
    province, outside or unknown; a part that is outside or unknown is a row with an empty gm_code, after the others.
    'Utrecht' is the municipality, 'alle gemeenten' all of them, a partnership its members on the date `on` (ISO text, or
    one for each value; None is the date at which the codebook's municipalities are stated).
    """
    codebook = codebook or Codebook.open()
    lookup, values = Places(codebook), [value if isinstance(value, str) else "" for value in values]
    dates = [on or codebook.stated_at] * len(values) if on is None or isinstance(on, str) else list(on)
    rows = []
    for value, day in zip(values, dates, strict=True):
        mine = []
        for part in lookup.parts(value, codebook.epoch(day)):
            codes = part.gm_codes or ("",)
            mine += [(value, part.text, code, part.how, list(part.hints)) for code in codes]
        rows += sorted(mine, key=lambda row: lookup.order.get(row[2], len(lookup.order)))
    return pd.DataFrame(rows, columns=["value", "part", "gm_code", "how", "did_you_mean"])


def vintage(names: set[str], codebook: Codebook) -> tuple[Vintage, Vintage]:
    """Of what a list names (as bare_key) the municipalities of a later and of an earlier day than ours: each time their names
    and the ISO day since which the newest is there, or the first is gone; () without any. The name of a merged one is of a
    village too: it says something of the list only where others stand there as well, and never what it merged into."""
    own = {key(name): code for code, name in codebook.municipality_names.items()}
    named = {own[name] for name in names if name in own}
    later = [codebook.formed_later[name] for name in names & set(codebook.formed_later) - set(codebook.divided)]
    gone = [codebook.former[name] for name in names & set(codebook.former)]
    earlier = [(day, name) for day, name, code in gone if code not in named and day >= EARLIEST]
    return _told(later, max), _told(earlier if len(earlier) > 1 else [], min)


def _told(found: list[tuple[str, str]], which: Callable) -> Vintage:
    """The names of (day, name), in that order, and one of their days."""
    return (", ".join(name for _, name in sorted(found)), which(found)[0]) if found else ()


# ---------------------------------------------------------------- themes


@dataclass(frozen=True)
class Theme:
    """What one part of a theme cell stands for; an unknown one has the unknown theme and perhaps a hint."""

    text: str
    theme: str
    known: bool
    hint: str = ""


class Themes:
    """Look-up of the names of themes in a codebook."""

    def __init__(self, codebook: Codebook):
        self.codebook, self.names = codebook, codebook.names("theme")

    def known(self, part: str) -> bool:
        return len(self.names.get(key(part), [])) == 1

    def cell(self, text: str) -> list[Theme]:
        """The themes of a cell; none for a blank one."""
        return [self._theme(part) for part in theme_parts(text, self.known)]

    def _theme(self, part: str) -> Theme:
        hits = self.names.get(key(part), [])
        if len(hits) == 1:
            return Theme(part, hits[0], True)
        alike = hits or [code for name in near(key(part), self.names) for code in self.names[name]]
        labels = [self.codebook.label("theme", code) for code in alike]
        return Theme(part, self.codebook.theme_with("unknown"), False, "|".join(dict.fromkeys(labels)))

    def part(self, themes: set[str]) -> str:
        """one, several, unknown or outside of a project with these themes, after rolling up to columns.

        The excluded, the unknown and the municipal themes are ignored beside another one; outside = only the excluded,
        a municipal one beside it or not.
        """
        book = self.codebook
        columns = {book.column_of[theme] for theme in themes if book.theme_sets[theme] != "municipal"}
        if columns == {book.theme_with("excluded")}:
            return "outside"
        real = columns & set(book.columns()) - {book.theme_with("unknown")}
        return {0: "unknown", 1: "one"}.get(len(real), "several")
