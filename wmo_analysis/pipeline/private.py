"""Contact data of persons: found in any text, and taken out of it.

A text is searched by its letters (`_plain`: wide and accented letters, dashes and spaces of any kind as ascii), so that a
pattern needs to know one spelling. What is found is cut out of the text as it stood.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wmo_analysis.codebook import key
from wmo_analysis.pipeline.money import NO_VALUE
from wmo_analysis.pipeline.stage import Column, Findings, Rows, keys, words
from wmo_analysis.readers.cells import NUMBER
from wmo_analysis.schema import AMOUNTS, PERIODS

MASK = "[weggelaten]"
# what a column holds: texts, what a grammar reads as a number or a day, keys
EVERYWHERE = FREE, NUMBERS, KEYS = range(3)
_NUMBERS = {*AMOUNTS, *PERIODS, "hours", "round", "weights", "target", "stated"}
_KEYS = {"key", "merges_with", "fact_id"}
_NEAR = 40  # characters before a number in which a word says what it is


def holds(column: str) -> int:
    """FREE, NUMBERS or KEYS: what a column of ours holds."""
    if column in _KEYS:
        return KEYS
    return NUMBERS if column in _NUMBERS else FREE


# ---------------------------------------------------------------- letters


def _plain(text: str) -> str:
    """The text as ascii where it can be, letter for letter: what is found in it stands at the same place in the text."""
    return text if text.isascii() else "".join(map(_letter, text))


@functools.lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter.isascii() or kind == "No":
        return letter
    if kind == "Pd" or letter == "−":
        return "-"
    if kind in ("Zs", "Cf", "Mn"):
        return " "
    if kind == "Nd":
        return str(unicodedata.digit(letter))
    if kind in ("Pi", "Pf"):
        return "'" if letter in "‘’‚‛" else '"'
    return unicodedata.normalize("NFKD", letter)[0]


# ---------------------------------------------------------------- guards: is a number what it looks like

_KEYED = re.compile(  # a word before a number that makes it one of a project
    r"(?:project|actie|zaak|dossier|kenmerk|aanvra|beschikking|besluit|referentie|\bref\b|kvk|rsin|btw|\bgm|registratie|volg)"
    r"[\w.-]*[\s:.#-]{0,3}(?:(?:nr|nummer|no|code|id|kenmerk)\b[\s:.#-]{0,3})?$",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:€|\beuro?|\bbedrag|\bfl?)[\s.:]{0,3}[+-]?$", re.IGNORECASE)
_MONEY_AFTER = re.compile(r"\s?(?:€|euro?\b|,[\d-]|\.\d|%|mln|miljoen)", re.IGNORECASE)


def _always(found: re.Match) -> bool:
    return True


def _digits(found: re.Match) -> str:
    return re.sub(r"\D", "", found[0])


def _before(found: re.Match) -> str:
    return found.string[max(0, found.start() - _NEAR) : found.start()]


def _no_key(found: re.Match) -> bool:
    """A number that is only digits is a key where a word before it says so."""
    return not (found[0].isdigit() and _KEYED.search(_before(found)))


def _neither_key_nor_money(found: re.Match) -> bool:
    before, after = _before(found), found.string[found.end() : found.end() + _NEAR]
    return not (_KEYED.search(before) or _MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after))


def eleven(digits: str) -> bool:
    """Whether nine digits pass the test of the BSN: 9 times the first, 8 times the second, ..., minus the last."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total % 11 == 0 and int(digits) > 0


def _bsn(found: re.Match) -> bool:
    return eleven(_digits(found)) and _neither_key_nor_money(found)


def _iban(found: re.Match) -> bool:
    """The check of an IBAN: the country and its digits last, letters as 10 to 35, leave 1 of 97."""
    text = re.sub(r"\W", "", found[0]).upper()
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1


# ---------------------------------------------------------------- what contact data look like


class Kind(NamedTuple):
    """What one kind of contact data looks like, whether a match is one, and in what columns it is looked for."""

    pattern: re.Pattern
    sure: Callable[[re.Match], bool] = _always
    where: tuple[int, ...] = (FREE,)


def _kind(pattern: str, sure: Callable[[re.Match], bool] = _always, where: tuple[int, ...] = (FREE,)) -> Kind:
    return Kind(re.compile(pattern, re.IGNORECASE), sure, where)


_AT = r"(?:\s?(?:%40|&#0?64;|[(\[{<]\s?(?:at?|@|apen?staart(?:je)?)\s?[)\]}>])\s?|\s?@\s?)"
_DOT = r"(?:\.|\s?[(\[{<]\s?(?:dot|punt|\.)\s?[)\]}>]\s?)"
_GAP = r"[\s()./_-]{0,3}"
_SHORT_DAY, _TIME = r"\d\d?[-/.]\d\d?[-/.]\d\d", r"[0-2]?\d[.:][0-5]\d"
_TO = r"\s?(?:-|/|tot|t/m|en)?\s?"
_OPEN = (  # no part of a longer number, no date, and neither two dates of short years nor two times
    r"(?<!\d)(?<!\d[-/.,])(?!\d\d?[-/.]\d\d?[-/.]\d{4})"
    rf"(?!{_SHORT_DAY}{_TO}{_SHORT_DAY}(?!\d))(?!{_TIME}{_TO}{_TIME}(?!\d|[-. ]\d\d(?!\d|[.:])))"
)
_SHUT = r"(?!\d)(?![.,]\d)"
_AREA = r"(?:1[035]|2[0346]|3[03568]|4[0356]|5[0358]|7\d)"  # telephone areas of two digits, without their 0
_HOUSE = r"(?!(?:19|20)\d\d\b)\d{1,4}(?:\s?[a-z]\b|\s?-\s?\d{1,4}\b|[\s-]?bis\b)?(?!\w)(?![.,]\d)"
# "2007 EN 12" is no postcode: with a space between, a year is none (they are those of Haarlem and Velserbroek)
_POSTCODE = r"(?:(?!(?:199|20[0-3])\d\s)[1-9]\d{3}\s(?-i:[A-Z]{2})|[1-9]\d{3}[a-z]{2})\b"
_CAPITALS = r"(?!(?:199|20[0-3])\d\s)[1-9]\d{3}\s?(?-i:[A-Z]{2})\b"
_UNITS = (
    r"(?!\s?(?:%|uur|uren|u\b|euro?\b|jaar|keer|maal|x\b|gemeenten|wijken|kernen|projecten|mensen|personen|deelnemers))"
)
_STREET = (
    r"(?:\w{2,}?(?:straat|straatweg|laan|gracht|kade|singel|steeg|plantsoen|dreef|str\.)"
    r"|(?!onderweg|halverweg)(?-i:[A-Z])\w+?(?:weg|dijk|plein)"
    r"|(?-i:Laan|Weg|Plein|Singel|Gracht|Kade|Straat|Dijk)(?:\s(?:van|naar|der?)(?:\sde[nr]?)?\s\w+(?:\s(?-i:[A-Z])\w+)?)?)"
)
# What a text must hold to be looked at -> the kinds of contact data that it may hold then. Arrow asks the same of a million
# texts: no classes of Unicode, which cost it twenty times more, so a letter with an accent is a gap.
KINDS: dict[str, tuple[Kind, ...]] = {
    r"@|%40|&#0?64;|[(\[{<][^a-z]?(?:a[^a-z]|at|ape)|[^a-z](?:at|apen?staart(?:je)?)[^a-z]": (
        _kind(  # jan@example.org, "jan jansen"@example.org, jan (at) example [dot] org
            rf'(?:"[^"\n@]{{1,64}}"|(?<![\w.+-])[\w.+-]++(?:{_DOT}[\w+-]++)*+){_AT}[\w-]++(?:{_DOT}[\w-]++)++',
            where=EVERYWHERE,
        ),
        _kind(r"(?<![\w.+-])(?=[\w.+-]*[a-z])[\w.+-]++@(?=[\w-]*[a-z])[\w-]{2,}+", where=EVERYWHERE),
        _kind(r"(?<![\w.+-])[\w.+-]++ (?:at|apen?staart(?:je)?) [\w-]++(?:(?:\.| (?:dot|punt) )[\w-]++)++"),
        _kind(r"(?<![\w.+-])[\w.+-]+?_at_[a-z\d][\w-]*\.[a-z]{2,}"),
    ),
    r"(?:\d[^\da-z]{0,5}){10}": (
        _kind(  # +31 (0)30 1234567
            rf"{_OPEN}\(?(?:\+\s?31|00\s?31)[\s().-]{{0,3}}(?:0\)?)?\s?[1-9](?:{_GAP}\d){{8}}(?!\d)", where=EVERYWHERE
        ),
        _kind(  # 030 - 123 45 67
            rf"{_OPEN}\(?0[\s().-]{{0,3}}[1-9](?:{_GAP}\d){{8}}(?!\d)", _no_key, (FREE, NUMBERS)
        ),
        _kind(r"(?<!\d)06[:=]\s?[1-9]\d{7}(?!\d)"),
        _kind(rf"{_OPEN}\(?06\)?[\s.-]{{1,3}}\d(?:{_GAP}\d){{7}}(?!\d)", where=(KEYS,)),
        _kind(rf"{_OPEN}31[ -]?6[ -]?\d(?:[ -]?\d){{7}}{_SHUT}|{_OPEN}31[1-9]\d{{8}}{_SHUT}", _neither_key_nor_money),
        _kind(  # an IBAN of our shape is masked whatever its check says
            r"(?<!\w)[A-Z]{2}\d{2}[\s.-]?[A-Z]{4}(?:[\s.-]?\d){10,16}(?!\w)", where=EVERYWHERE
        ),
        _kind(r"(?<!\w)(?-i:[A-Z]{2})\d{2}(?:[\s.-]?\d){11,26}(?!\w)", _iban),
    ),
    r"(?:\d[^\da-z]{0,5}){7}": (
        _kind(  # 6-12345678, 612345678, 30 1234567: the 0 was lost
            rf"{_OPEN}(?:6[ -]\d{{4}} ?\d{{4}}|6(?:[ -]\d\d){{4}}|6[1-9]\d{{7}}|{_AREA}[ -]\d{{3}} ?\d\d ?\d\d"
            rf"|[1-5]\d\d-\d{{6}}){_SHUT}",
            _neither_key_nor_money,
        ),
        _kind(rf"(?<![\w€])\+[1-9](?:[\s()-]{{0,2}}\d){{8,13}}{_SHUT}", _neither_key_nor_money),  # of another country
        _kind(  # tel. 1234567
            r"(?<!\w)(?:tel|telefoon\w*|telnr|mobiel\w*|mob|gsm|fax\w*|phone|whatsapp|doorkies\w*|toestel|[tm](?=:))(?!\w)"
            rf"[\s.:]{{0,3}}(?:(?:nr|nummer|no)(?!\w)[\s.:]{{0,3}})?\(?\+?\d(?:{_GAP}\d){{6,12}}(?!\d)",
        ),
        _kind(
            rf"{_OPEN}(?<![\w.])(?:\d{{9}}|\d{{4}}[. -]\d\d[. -]\d{{3}}|\d{{3}}([. -])\d{{3}}\1\d{{3}}){_SHUT}(?![\w-])",
            _bsn,
        ),
        _kind(
            r"\b\w{0,5}(?:rekening\w{0,8}|rek|bank|banknr|banknummer)\b[\s.:]{0,3}(?:(?:nr|nummer|no)\b[\s.:]{0,3})?"
            r"\d(?:[. -]?\d){8,9}(?!\d)"
        ),
        _kind(r"(?<![\d.])\d\d\.\d\d\.\d\d\.\d{3}(?!\.?\d)"),  # an old account: 12.34.56.789
    ),
    "bsn|sofi|burger|persoons|pgn|onderwijsnummer": (
        _kind(
            r"(?<!\w)(?:bsn|sofi|burger\s?service|persoonsnummer|persoonsgebonden|pgn|onderwijsnummer)[\w-]{0,12}\D{0,12}"
            r"\d(?:[\s.-]?\d){7,8}(?!\d)",
            where=EVERYWHERE,
        ),
    ),
    "giro|postbank": (
        _kind(
            r"\b(?:\w{0,5}giro\w{0,10}|postbank)\b[\s.:]{0,3}(?:(?:nr|nummer|no)\b[\s.:]{0,3})?p?\d(?:[. ]?\d){4,8}(?!\d)"
        ),
    ),
    r"[1-9]\d{3}[^a-z\d]?[a-z]{2}[^a-z\d]": (
        _kind(rf"(?<![\w.,]){_POSTCODE}(?:[\s,]{{1,3}}|-)(?:(?:huis)?(?:nr|nummer|no)\b\.?\s?)?{_HOUSE}{_UNITS}"),
    ),
    r"(?:straat|str|weg|laan|gracht|kade|singel|steeg|plantsoen|dreef|dijk|plein|postbus)[^a-z\d]{1,3}(?:nr[^a-z\d]+)?\d"
    r"|(?:laan|weg|plein|singel|gracht|kade|straat|dijk)[^a-z\d](?:van|naar|de|der)[^a-z\d]": (
        _kind(rf"(?<!\w){_STREET}\s{{1,2}}(?:nr\b\.?\s?)?{_HOUSE}{_UNITS}(?:[\s,]{{1,3}}{_POSTCODE})?"),
        _kind(rf"\bpostbus\s\d{{1,5}}\b(?:[\s,]{{1,3}}{_POSTCODE})?"),
    ),
    r"\d[^\d]{1,9}[1-9]\d{3}[^a-z\d]?[a-z]{2}(?:[^a-z\d]|$)": (
        # Brink 4, 3741 AB: with a number before its postcode any word is a street
        _kind(rf"(?<![\w.'-])[a-z'][\w.'-]{{0,40}}\s{{1,2}}(?:nr\b\.?\s?)?{_HOUSE}[\s,]{{1,3}}{_CAPITALS}"),
    ),
}
# Python folds wide letters and the digits of other scripts, arrow does not: texts in these scripts go to Python.
_SCRIPTS = r"[\x{660}-\x{1FFF}\x{A620}-\x{ABFF}\x{FE50}-\x{FE6F}\x{FF00}-\x{FFEF}\x{10000}-\x{1FFFF}]"


class Search(NamedTuple):
    """How columns that hold one thing are searched: what arrow asks, and (what a text must hold, kinds looked for then)."""

    suspect: str
    looked_for: list[tuple[re.Pattern, list[Kind]]]


def _search(where: int) -> Search:
    hints, looked_for = [_SCRIPTS], []
    for hint, kinds in KINDS.items():
        here = [kind for kind in kinds if where in kind.where]
        if here:
            hints.append(hint)
            looked_for.append((re.compile(hint, re.IGNORECASE), here))
    return Search(f"(?is){'|'.join(hints)}", looked_for)


_SEARCH = {where: _search(where) for where in EVERYWHERE}


def _found(plain: str, where: int) -> Iterator[tuple[int, int]]:
    """Where contact data of any kind stand in the text."""
    for hint, kinds in _SEARCH[where].looked_for:
        if hint.search(plain):
            for kind in kinds:
                yield from (found.span() for found in kind.pattern.finditer(plain) if kind.sure(found))


def has_contact(text: str) -> bool:
    """Whether a mail address, telephone number, IBAN, BSN, account or address stands in the text."""
    return any(True for _ in _found(_plain(text), FREE))


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with a mask for each of these spans; those that overlap are one."""
    parts, at = [], 0
    for first, last in sorted(spans):
        if first >= at:
            parts += [text[at:first], MASK]
        at = max(at, last)
    return "".join([*parts, text[at:]])


# ---------------------------------------------------------------- persons

_WORD = re.compile(r"\w+")
_NAME = re.compile(r"[^\W\d_]+")
_ADDRESS = r"^[a-zA-Z0-9_.+-]+@[a-zA-Z0-9_-]+(?:\.[a-zA-Z0-9_-]+)+$"
_LONG_ENOUGH = re.compile(r"[^\W\d].*\w.*\w|(\d\D*){6}")  # of a name or number to look for
_TITLES = set(
    "heer dhr mevr mevrouw mw mej mejuffrouw fam familie dr drs ir ing mr prof ds bc msc collega wethouder".split()
)
_BETWEEN = set("van von v vd de der den d het t te ten ter op aan la le du el al".split())
_SPOKEN = set(  # words before or after a name that only a person has: "bel Jansen", "Jansen belt"
    "bel bellen gebeld mail mailen gemaild spreek spreken gesproken overlegd contactpersoon namens aanspreekpunt".split()
)
_SPEAKS = set(
    "belt belde mailt mailde vraagt vroeg weet zegt zei meldt meldde stuurt stuurde bellen mailen vragen telefonisch".split()
)
_OPENS = set(  # with a capital at the beginning of a title, and no name
    "aan actief actieve al alle algemene ander andere anders beste betere beter brede bij de dit door digitale een eerste"
    " eigen elke en extra gezond gezonde goed goede grote hele het hoe ieder iedere in jong jonge kleine lokaal lokale"
    " meer met mijn mooi mooie naar nieuw nieuwe of om onder ons onze oud oude op over per samen sociaal sociale sterk"
    " sterke te tegen tot tweede uit van veilig veilige vier vijf voor vrij vrije warm warme wat wij wonen zorg".split()
)
_CLOSE = re.compile(r"[\s.'/-]{1,3}")  # between two words of one name
_TURNED = re.compile(r"[\s.]{0,2},?[\s]{1,2}|\s?[,/(]\s?")  # between a last name and what belongs in front
_NO_PERSON = re.compile(  # a content that names something else: it is looked for as it stands, and in no other way
    r"stichting|gemeente|provincie|afdeling|vereniging|bureau|\bteam|dienst|centrum|school|raad\b|instituut|groep\b"
    r"|\bproject\b|steunpunt|secretariaat|loket",
    re.IGNORECASE,
)
_APART = re.compile(r"[;/\n&+|]|\ben\b|\bof\b", re.IGNORECASE)
_DOUBLE = re.compile(r"(.*[\s.])([^\W\d_]+)\s?-\s?((?:[a-z]+ ){0,3}[^\W\d_]+)")
MOST_NAMES = 8  # words of a name


class Person(NamedTuple):
    """A name: what stands in front (names and initials), between, and last; all in lower case."""

    first: tuple[str, ...]
    between: tuple[str, ...]
    last: str


def persons(text: str) -> list[Person]:
    """The persons that a cell names: 'A. de Vries', 'Vries, mw. Anna de (projectleider)', 'P. Proef / B. Test'."""
    plain = re.sub(r"\([^()]*\)", " ", _plain(text))
    if not _NAME.search(plain) or _NO_PERSON.search(plain) or "@" in plain:
        return []
    found = []
    for part in _APART.split(plain):
        before, comma, after = part.partition(",")
        if comma and len(_main(before)) == 1 and after.strip():
            found.append(_person(f"{after} {before}"))
        else:
            found += map(_person, part.split(","))
        if double := _DOUBLE.fullmatch(part.strip()):  # A. Bakker-de Vries also goes by one of the two
            found += [_person(double[1] + double[2]), _person(double[1] + double[3])]
    return [person for person in found if person]


_HEADER = re.compile(  # of a column about persons
    r"(?<!\w)(?<!tweede )(?<!2e )(?:contact\w*|tel|telnr|telefoon\w*|\w*telefoon|mobiel\w*|gsm|e ?mail\w*|mail\w*|fax\w*"
    r"|^naam$|naam (?:contact|behandel|medewerker|persoon|projectleid)\w*|voornaam|achternaam|roepnaam|voorletters"
    r"|tussenvoegsels?|(?!behandelde)behandel\w*|(?:project|programma|team)? ?leid(?:st)?er\w*|\w*coordinator"
    r"|aanspreek\w*|\w*adres\w*|straat\w*|huis ?(?:nr|num)\w*|postcode\w*|postbus\w*|iban|bank\w*|rekening\w*|giro\w*"
    r"|bsn\w*|burgerservice\w*|sofi\w*|\w*manager|\w*medewerker|relatiebeheerder|geboorte\w*|ondertekenaar|trekker"
    r"|wethouder|voorzitter|penningmeester|phone\w*|address|06 nummers?)(?!\w)"
)


def names_persons(header: str) -> bool:
    """Whether the header of a column says that it holds persons or how to reach them."""
    return bool(_HEADER.search(re.sub(r"[\W_]+", " ", key(header)).strip()))


def seems_personal(text: str) -> bool:
    """Whether the content of such a column is a name of a person or a number of one: not a remark, nor an organisation."""
    return bool(persons(text)) or bool(re.fullmatch(r"(?:[\W_]*\d){6,}\W*", text))


def _main(text: str) -> list[str]:
    return [name for name in _NAME.findall(text.casefold()) if name not in _BETWEEN | _TITLES]


def _person(text: str) -> Person | None:
    """The person of a name in the usual order; None for what is none."""
    names = [name for name in _NAME.findall(text) if name.casefold() not in _TITLES]
    if not 2 <= len(names) <= MOST_NAMES or any(len(name) > 2 and name.islower() for name in names if not _links(name)):
        return None
    *front, last = names
    first = tuple(name.casefold() for name in front if not _links(name))
    between = tuple(name.casefold() for name in front if _links(name))
    return Person(first, between, last.casefold()) if first and len(last) > 2 else None


def _links(name: str) -> bool:
    """Whether a word stands between names: "de", but not the initial D."""
    return name.casefold() in _BETWEEN and (len(name) > 1 or name.islower())


class Surname:
    """Persons with one last name, and where they stand in a text: with initials, turned round, in capitals, with a title."""

    def __init__(self, people: list[Person], known: set[str]):
        firsts = {name for person in people for name in person.first}
        self.last = people[0].last
        self.names = {name for name in firsts if len(name) > 1}
        self.initials = {name[0] for name in firsts}
        self.short = {name for name in firsts if len(name) == 1}  # of which only the initial is known
        self.between = {name for person in people for name in person.between}
        whole = {f"{' '.join(person.between)} {person.last}" for person in people}
        self.alone = bool(self.between) and not {self.last, *whole} & known  # also as "de Vries"; no place "De Bilt"

    def found(self, plain: str) -> Iterator[tuple[int, int]]:
        """Where these persons stand in the text."""
        words = list(_NAME.finditer(plain))
        for at, word in enumerate(words):
            if word[0].casefold() == self.last:
                first, before = self._before(words, at)
                last, after = self._after(words, at)
                while last + 1 < len(words) and _gap(words, last + 1) == "-":  # de Vries-Bakker
                    last += 1
                if before or after or _spoken(words, first, last):
                    yield words[first].start(), words[last].end()

    def _before(self, words: list[re.Match], at: int) -> tuple[int, bool]:
        """The first word of the name that ends at a last name, and whether what stands before makes it that of a person."""
        first = linked = self._linked(words, at)
        strange, sure = 0, False  # a second first name that no contact has: "Anna-Maria de Vries"
        for place in range(linked - 1, max(-1, linked - 1 - MOST_NAMES), -1):
            word = words[place]
            if not _CLOSE.fullmatch(_gap(words, place + 1)):
                break
            if word[0].casefold() in _TITLES or self._is_first(word, not sure) or (sure and len(word[0]) == 1):
                first, sure = place, True
            elif len(word[0]) > 1:
                strange += 1
                if strange > 1 or not word[0][0].isupper():
                    break
        links = {word[0].casefold() for word in words[linked:at]}
        return first, sure or (self.alone and bool(links & self.between) and words[at][0][0].isupper())

    def _linked(self, words: list[re.Match], at: int) -> int:
        """The first of the words such as "van der" that stand right before a last name; the last name where none do."""
        first = at
        while first and _links(words[first - 1][0]) and _CLOSE.fullmatch(_gap(words, first)):
            first -= 1
        return first

    def _after(self, words: list[re.Match], at: int) -> tuple[int, bool]:
        """The last word of a name that is turned round, as 'Vries, Anna de', and whether it is one."""
        last, sure = at, False
        while last + 1 < len(words) and last - at < MOST_NAMES:
            gap, folded = _gap(words, last + 1), words[last + 1][0].casefold()
            if not (_TURNED if last == at else _CLOSE).fullmatch(gap):
                break
            pointed = gap.strip() in (",", "/", "(") or last > at or len(folded) > 1 or _pointed(words[last + 1])
            if pointed and self._is_first(words[last + 1]):
                sure = True
            elif not (folded in _TITLES or (sure and (folded in self.between or len(folded) == 1))):
                break
            last += 1
        return (last, True) if sure else (at, False)

    def _is_first(self, word: re.Match, any_name: bool = True) -> bool:
        """Whether a word is a first name or an initial of one of these persons, or may be the name of a known initial."""
        name, folded = word[0], word[0].casefold()
        if len(name) == 1:
            return folded in self.initials and (name.isupper() or _pointed(word))
        maybe = any_name and name[0].isupper() and folded not in _OPENS
        return folded in self.names or (maybe and folded[0] in self.short)


def _spoken(words: list[re.Match], first: int, last: int) -> bool:
    """Whether a last name without any other stands where only a person can: beside "bel" or "belt", in capitals."""
    before = words[first - 1][0].casefold() if first and _gap(words, first).isspace() else ""
    if before in ("met", "naar") and first > 1:
        before = words[first - 2][0].casefold()
    after = words[last + 1][0].casefold() if last + 1 < len(words) and _gap(words, last + 1).isspace() else ""
    return words[last][0][0].isupper() and (before in _SPOKEN or after in _SPEAKS)


def _gap(words: list[re.Match], at: int) -> str:
    """What stands between a word and the one before it."""
    return words[at].string[words[at - 1].end() : words[at].start()]


def _pointed(word: re.Match) -> bool:
    return word.string[word.end() : word.end() + 1] == "."


class Contacts:
    """The contents of the contact columns of a list, by one of their words, so that any number of them costs little.

    `known` are keys of names of the codebook: a contact "Baarn" must not make the municipality vanish.
    """

    def __init__(self, contacts: Iterable[str] = (), known: Iterable[str] = ()):
        self.known = set(known)
        self.names: dict[str, dict[int, set]] = {}  # longest word -> how many words -> contents, found as they stand
        texts = pa.array(list(contacts), pa.large_string())
        folded = keys(texts)
        no_name = pc.is_in(folded, pa.array(sorted(self.known | NO_VALUE), pa.large_string()))
        mail = pc.match_substring_regex(texts, _ADDRESS)  # masked wherever it stands, without being known
        left = texts.filter(pc.invert(pc.or_(no_name, mail))).to_pylist()
        for text in filter(_LONG_ENOUGH.search, left):
            name = tuple(_WORD.findall(_plain(text).casefold()))
            self.names.setdefault(max(name, key=len), {}).setdefault(len(name), set()).add(name)
        people: dict[str, list[Person]] = {}
        for person in {person for text in left for person in persons(text)}:
            people.setdefault(person.last, []).append(person)
        self.people = {last: Surname(same, self.known) for last, same in people.items()}
        self.words = {*self.names, *self.people}

    def masked(self, text: str, where: int = FREE) -> str:
        """The text without contact data of any kind and without these contents."""
        return _cut(text, self._spans(_plain(text), where))

    def file(self, name: str) -> str:
        """The path of a file without them: each of its parts is a text, in which a low line is a space."""
        parts = name.split("/")
        return "/".join(_cut(part, self._spans(_plain(part).replace("_", " "), FREE)) for part in parts)

    def _spans(self, plain: str, where: int) -> list[tuple[int, int]]:
        spans = list(_found(plain, where))
        if self.words:
            said = list(_WORD.finditer(plain))
            folded = [word[0].casefold() for word in said]
            for word in self.words.intersection(folded):
                for first, last in self._together(folded, word):
                    if where == FREE or not "".join(folded[first:last]).isdigit():
                        spans.append((said[first].start(), said[last - 1].end()))
                if word in self.people:
                    spans += self.people[word].found(plain)
        return spans

    def _together(self, folded: list[str], word: str) -> Iterator[tuple[int, int]]:
        """Where the words of a content with that word follow each other: the first one, and the one after the last."""
        for length, names in self.names.get(word, {}).items():
            for first in range(len(folded) - length + 1):
                if tuple(folded[first : first + length]) in names:
                    yield first, first + length

    def suspects(self, texts: pa.Array, where: int = FREE) -> pa.Array:
        """Whether each text may hold something to mask: a pattern of contact data, or a word of a name."""
        suspect = pc.match_substring_regex(texts, _SEARCH[where].suspect)
        if not self.words:
            return suspect
        said = words(texts)
        tokens = said.flatten().dictionary_encode()
        hits = self._said(tokens.dictionary)[tokens.indices.to_numpy()]
        named = np.zeros(len(texts), dtype=bool)
        named[pc.list_parent_indices(said).to_numpy()[hits]] = True
        return pc.or_(suspect, pa.array(named))

    def _said(self, tokens: pa.Array) -> np.ndarray:
        """Whether each token is, or holds, a word of a name; only those beyond ascii are taken apart."""
        each = tokens.to_numpy(zero_copy_only=False)
        said = np.fromiter(map(self.words.__contains__, each), bool, len(each))
        for at in np.flatnonzero(~pc.string_is_ascii(tokens).to_numpy(zero_copy_only=False)):
            parts = _WORD.findall(_plain(each[at]).casefold())
            said[at] = any(word in self.words for word in parts)
        return said


# ---------------------------------------------------------------- columns


def masked(column: Column, contacts: Contacts, where: int = FREE) -> tuple[Column, np.ndarray]:
    """The column without contact data, and which rows that changed."""
    spellings, changed = column.spellings, column.spelt(lambda texts: contacts.suspects(texts, where))
    if where != FREE and column.types is not None:
        changed = changed & (column.types != NUMBER)  # a number in a column of numbers or keys is no telephone number
    at = np.flatnonzero(changed)
    before = spellings.take(pa.array(at)).to_pylist()
    after = [contacts.masked(text, where) for text in before]
    changed[at] = [old != new for old, new in zip(before, after, strict=True)]
    if not changed.any():
        return column, changed[column.codes]
    here = changed[at]
    texts = pa.array(after, pa.large_string()).filter(pa.array(here))
    codes = np.arange(len(spellings), dtype=np.int32)
    codes[at[here]] = len(spellings) + np.arange(len(texts))
    types = None if column.types is None else np.append(column.types, np.zeros(len(texts), np.uint8))
    made = Column(codes[column.codes], pa.concat_arrays([spellings, texts]), types=types)
    return made, changed[column.codes]


def without_contacts(rows: Rows, contacts: Contacts, findings: Findings) -> None:
    """Takes contact data out of every column of a list, told as C15; a key that held any is no key any more."""
    for name, column in rows.texts.items():
        made, changed = masked(column, contacts, holds(name))
        hit = np.flatnonzero(changed)
        findings.add("C15", hit, name, made, made)
        keyed = name in ("key", "merges_with")
        rows.texts[name] = made.put(hit, Column.constant("", 1)) if keyed else made


def sheets_without_contacts(sheets: Column, contacts: Contacts) -> Column:
    """The names of sheets without contact data; those that are the same then get a number, so that a row keeps its place."""
    made: dict[str, str] = {}
    for name in sheets.spellings.to_pylist():
        hidden = contacts.masked(name)
        alike = sum(other != name and text.startswith(hidden) for other, text in made.items())
        made.setdefault(name, f"{hidden} ({alike + 1})" if alike and hidden != name else hidden)
    return Column(sheets.codes, pa.array([made[name] for name in sheets.spellings.to_pylist()], pa.large_string()))
