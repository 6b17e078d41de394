"""A seeded messy list of any length in a workspace of its own: python benchmarks/make_messy_list.py FOLDER ROWS [--seed N].

The workspace gets a codebook of 342 invented municipalities, so that a place is found among some 2,000 spellings and
not among 29. Cells are drawn as numbers and become text column by column, block by block: a million rows cost seconds.
"""

import argparse
import csv
import datetime
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PACKAGED = Path(__file__).resolve().parent.parent / "wmo_analysis" / "reference"
DELIVERY = "2007-10-01_messy"
BLOCK = 200_000  # rows drawn at a time; part of the seed: another size gives another list
SUBTOTALS = 40  # in a list of any length, and one total at its end
HEADERS = (
    "Nummer Project Gemeente Thema Start Einde Status Gevraagd Toegekend Uren Contactpersoon".split()
)  # the last one is never empty, so that a field too many shows beside it
CARD = """# seeded messy list for measuring the build
file = "list.csv"
sha256 = "{sha}"
source = "S2"
rows = ["projects"]
basis = "example"
date = 2007-10-01
owner = "benchmark"
received = 2007-10-01
licence = "CC0-1.0"
complete = true
contact = ["Contactpersoon"]
[columns]
key = "Nummer"
title = "Project"
municipality = "Gemeente"
theme = "Thema"
start = "Start"
end = "Einde"
status = "Status"
asked = "Gevraagd"
granted = "Toegekend"
hours = "Uren"
"""
SHARE = {  # of all rows; together the troubled rows are about 15 %
    "several": 0.12,  # places in one cell: no trouble
    "bad_place": 0.018,
    "bad_theme": 0.018,
    "bad_status": 0.013,
    "ambiguous": 0.02,
    "no_value": 0.022,
    "negative": 0.006,
    "bad_date": 0.02,
    "backwards": 0.008,
    "contact": 0.01,
    "bad_hours": 0.005,
    "too_many_hours": 0.004,
    "repeat": 0.004,  # the key of an earlier row
    "twice": 0.004,  # name and municipality of an earlier row, another key
    "ragged": 0.002,
    "untitled": 0.001,
    "keyless": 0.005,
    "note": 0.0002,
    "header": 0.00002,
}

# ---------------------------------------------------------------- the codebook

PREFIXES = (
    "Aal Amer Barn Berk Bever Bos Brak Dal Delf Diep Doorn Eer Elm Gaas Gein Groen Haar Heems Hoog Kamp Kerk Lange Leer "
    "Linde Maas Meer Molen Noor Oude Raven Roos Schoon Ster Tiel Vaart Waal Wester Zand"
).split()
SUFFIXES = "burg dijk drecht horst hoven lo meer veen wijk".split()
OUTSIDE = "Antwerpen,Gent,Brugge,Keulen,Aken,Emden,Leuven,Luik,Bocholt,Kleef".split(",")
PARTNERSHIPS = 20
OPENED = "2004-01-01"


def _names() -> list[str]:
    """342 names, some with an article, a hyphen, an accent or 'en' in them."""
    names = []
    for number, base in enumerate(prefix + suffix for prefix in PREFIXES for suffix in SUFFIXES):
        if number % 19 == 7:
            base = f"{base} aan de Vliet"
        elif number % 23 == 5:
            base = f"De {base}"
        elif number % 29 == 3:
            base = f"Sint-{base}"
        elif number % 31 == 2:
            base = f"{base} en Wold"
        elif number % 37 == 1:
            base = base[:2] + base[2:].replace("e", "é", 1)
        names.append(base)
    return names


NAMES = _names()
CODES = [f"GM{number:04}" for number in range(1, len(NAMES) + 1)]
VILLAGES = [(f"{name.replace(' ', '')}erbroek", code) for name, code in zip(NAMES, CODES, strict=True)]
MISSPELT = [(name + name[-1], code) for name, code in zip(NAMES, CODES, strict=True)][::2]
REGIONS = [f"Streek {prefix}ingen" for prefix in PREFIXES[:PARTNERSHIPS]]


def _write(path: Path, header: str, rows: list) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header.split(","), *rows])


def codebook(folder: Path) -> None:
    """The package's reference with municipalities, places, partnerships and regions of the benchmark's own."""
    shutil.copytree(PACKAGED, folder, dirs_exist_ok=True)
    here = list(zip(CODES, NAMES, strict=True))
    tiles = [(c, n, n, "2006-11-30", "", "", "", i // 19, i % 19, "benchmark", "") for i, (c, n) in enumerate(here)]
    _write(
        folder / "municipalities.csv",
        "gm_code,name,sort_key_nl,stated_at,end_date,successor_code,successor,tile_row,tile_col,evidence,note",
        tiles,
    )
    villages = [
        (text, "former" if i % 5 == 0 else "place", code, "", "benchmark") for i, (text, code) in enumerate(VILLAGES)
    ]
    others = [("alle gemeenten", "province", "", "", "benchmark")]
    others += [(text, "outside", "", "", "benchmark") for text in OUTSIDE]
    _write(folder / "places.csv", "text,how,gm_code,until,evidence", [*villages, *others])
    members = []
    for i, code in enumerate(CODES):
        first = "2007-01-01" if i % 11 == 0 else OPENED
        last = "2006-12-31" if i % 13 == 0 and i % 11 else ""
        group = i * PARTNERSHIPS // len(CODES)
        members.append((f"SV{group:02}", REGIONS[group], f"{REGIONS[group]} in het groot", code, first, last))
    _write(
        folder / "partnerships.csv",
        "partnership_id,name,full_name,gm_code,valid_from,valid_to,assumption,confidence,evidence",
        [(*row, "no", "high", "benchmark") for row in members],
    )
    _write(
        folder / "regions.csv",
        "region_id,name,name_en,gm_code,valid_from,valid_to,assumption,evidence",
        [(*row[:2], row[1], row[3], "", "", "no", "benchmark") for row in members],
    )
    with open(PACKAGED / "aliases.csv", encoding="utf-8", newline="") as file:
        header, *packaged = csv.reader(file)
    kept = [row for row in packaged if row[0] not in ("municipality", "partnership")]
    own = [("municipality", text, code, "no", "2007-10-01", "benchmark", "misspelt") for text, code in MISSPELT]
    _write(folder / "aliases.csv", ",".join(header), [*own, *kept])
    corrections = (PACKAGED / "corrections.csv").read_text(encoding="utf-8").partition("\n")[0]
    (folder / "corrections.csv").write_text(corrections + "\n", encoding="utf-8")


# ---------------------------------------------------------------- the spellings


@dataclass(frozen=True)
class Pool:
    """Texts to draw from; `slots` holds an index as often as its text is likely, `cents` what an amount is worth."""

    texts: pa.Array
    slots: np.ndarray
    cents: np.ndarray | None = None


def _pool(texts: list[str], weights=1, cents=None) -> Pool:
    slots = np.repeat(np.arange(len(texts), dtype=np.int32), weights)
    return Pool(pa.array(texts), slots, None if cents is None else np.array(cents, dtype=np.int64))


def _variants(name: str, number: int) -> list[str]:
    plain = (name.lower(), name.replace(" ", "-"), f"{name} ", name.replace("oo", "óó"), name.replace(" ", "\u00a0"))
    return [
        name.upper(),
        f"{('gemeente', 'Gemeente', 'gem.')[number % 3]} {name}",
        plain[number % 5],
        plain[(number + 2) % 5],
    ]


def _places() -> tuple[list[str], list[int]]:
    """About 2,000 spellings of one place each, and how likely each is."""
    texts, weights = [], []
    for number, name in enumerate(NAMES):
        spelt = dict.fromkeys([name, *_variants(name, number)])
        texts += spelt
        weights += [40, *[6] * (len(spelt) - 1)]
    texts += [text for text, _ in VILLAGES] + [text for text, _ in MISSPELT] + REGIONS + OUTSIDE
    weights += [1] * len(VILLAGES) + [6] * len(MISSPELT) + [6] * len(REGIONS) + [3] * len(OUTSIDE)
    texts += ["alle gemeenten", "Nog niet toegewezen", ""]
    return texts, [*weights, 4, 60, 100]


def _cells_of_several(chance: np.random.Generator, count: int = 20_000) -> list[str]:
    """Cells that name two to four neighbours, with every separator that lists have."""
    marks = (", ", " en ", "; ", "/", "\n", " + ", " & ", ",")
    cells = []
    for first, size, mark, other in chance.integers((0, 2, 0, 0), (len(NAMES), 5, len(marks), 100), (count, 4)):
        names = [NAMES[(first + step) % len(NAMES)] for step in chance.permutation(8)[:size]]
        if other < 10:
            names[-1] = names[-1].upper()
        elif other < 12:
            names[-1] = VILLAGES[first][0]
        elif other == 12:
            names[-1] = OUTSIDE[first % len(OUTSIDE)]
        elif other == 13:
            names[-1] = REGIONS[first % PARTNERSHIPS]
        cells.append(marks[mark].join(names))
    return list(dict.fromkeys(cells))


DAYS = [datetime.date(2004, 1, 1) + datetime.timedelta(days=i) for i in range(2192)]
MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()
BAD_DATES = "31-02-2007,ooit,32-13-2006,1-1-07,30-11-1066,PM,n.v.t.,zodra het kan,2007/13/01,volgend jaar".split(",")


def _dates() -> pa.Array:
    """About 8,000 spellings: seven ways of writing, each with every day."""
    ways = [
        [f"{day:%d-%m-%Y}" for day in DAYS],
        [f"{day.day}-{day.month}-{day.year}" for day in DAYS],
        [f"{day:%Y-%m-%d}" for day in DAYS],
        [f"{day.day} {MONTHS[day.month - 1][:3]}. {day.year}" for day in DAYS],
        [f"{MONTHS[day.month - 1]} {day.year}" for day in DAYS],
        [
            f"Q{(day.month + 2) // 3} {day.year}" if day.day % 2 else f"{(day.month + 2) // 3}e kwartaal {day.year}"
            for day in DAYS
        ],
        [f"{('', 'medio ', 'eind ', '2e helft ', 'begin ')[day.day % 5]}{day.year}" for day in DAYS],
    ]
    return pa.array([text for way in ways for text in way] + [""] + BAD_DATES)


WAYS = np.repeat(np.arange(7), (60, 10, 10, 8, 5, 4, 3))  # how likely each way of writing a date is
EMPTY_DATE = 7 * len(DAYS)


def _dutch(cents: int) -> str:
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02}"


def _amounts(chance: np.random.Generator) -> Pool:
    """About 45,000 spellings with their worth."""
    texts, cents = [""], [0]
    for number, euros in enumerate(chance.integers(500, 90_000, 51_000)):
        worth = int(euros) * 100
        way = number % 16
        if way < 6:
            text = f"€ {_dutch(worth)}"
        elif way < 9:
            text = str(euros)
        elif way < 11:
            text = _dutch(worth)
        elif way < 12:
            text = f"{_dutch(worth)[:-3]},-"
        elif way < 13:
            text = f"ca. € {_dutch(worth)[:-3]}"
        elif way < 14:
            text, worth = f"{euros // 1000},{number % 10} k", int(euros) // 1000 * 100_000 + number % 10 * 10_000
        elif way < 15:
            text = f"EUR {euros}"
        else:
            worth += number % 100
            text = _dutch(worth)
        texts.append(text)
        cents.append(worth)
    return _pool(texts, [len(texts) // 8, *[1] * (len(texts) - 1)], cents)


def _negatives() -> Pool:
    worth = [-25_000 * number for number in range(1, 41)]
    shapes = ("-{}", "({})", "{}-", "€ -{}")
    return _pool([shapes[i % 4].format(_dutch(-cents)) for i, cents in enumerate(worth)], 1, worth)


AMBIGUOUS = "12.5;12,500;0.500;1,234.56;7.25;3.5 ton;vijfduizend;2500 of 3000;12.50.00;10%".split(";")
NO_VALUE = "PM;p.m.;n.v.t.;nog niet bekend;?;-;onbekend".split(";")
STATUSES = "loopt lopend gestart gepland afgerond gereed voltooid afgewezen ingetrokken voorgeselecteerd".split()
BAD_STATUSES = "in de wacht;geparkeerd;zie brief;???;bijna klaar".split(";")
THEMES = (
    "P1;P4;Lokale cliëntenparticipatie;Zelfredzaamheid van burgers;Vrijwilligers- en mantelzorg;Mantelzorg;Sociale cohesie;"
    "Wonen, welzijn en zorg;Maatschappelijk betrokken ondernemen;vrijwilligerswerk;mantelzorgondersteuning;zorgloket;"
    "algemeen;Beleidsplan WMO;Huishoudelijke hulp;invoering WMO;cliëntenparticipatie;zelfredzaamheid;wonen-welzijn-zorg"
).split(";")
RARE_THEMES = ["", "Samenhang jeugdbeleid - jeugdzorg", "informele zorg", "Sociale cohesie en P8"]
BAD_THEMES = "Sport en bewegen;Organisatie;Vervoer;Duurzaam en groen;Mantelzorg, sport;Overig|zorgloket".split(";")
BAD_PLACES = ["Nergenshuizen", "Onbekendbroek", "hele regio", "diverse", "Utopia", "zie bijlage", "n.n.b."]
BAD_PLACES += [name[1:].capitalize() for name in NAMES[::9]] + [f"{name} en Nergenshuizen" for name in NAMES[4::60]]
HOURS = ["", "120", "62,5", "80 uur", "40", "150", "7,25", "16 u.", "100 uren"]
ACTIVITIES = (
    "Ontmoeting Buurtkamer Maatjesproject Wijkloket Huiskamer Eettafel Klussendienst Respijtzorg Belcirkel Cursus Café "
    "Inloop Vervoersdienst Themadag Steunpunt Werkplaats Spreekuur Wandelgroep Tuin Boodschappendienst Zangkoor Oppashulp "
    "Mantelzorgsalon Vrijwilligersbank Adviesraad Gebruikerspanel Buurtbemiddeling Taalcoach Leesclub Repaircafé"
).split()
GROUPS = (
    "ouderen;jonge mantelzorgers;cliënten;nieuwkomers;mensen met een beperking;alleenstaanden;gezinnen;senioren;"
    "vrijwilligers;chronisch zieken;buren;jongeren;weduwnaars;dorpsbewoners;huurders;patiënten;zorgvragers;blinden en "
    "slechtzienden;mensen met dementie;ex-patiënten"
).split(";")
LINKS = ["voor", "met", "door en voor", "van", "rond"]
STREETS = [
    f"{a}{b}"
    for a in "Linden Eiken Beuken Kastanje Dorps Molen Kerk Haven Stations School Nieuw Oever".split()
    for b in "buurt wijk hoek park veld burgt oord erf".split()  # no streets: with a number they are an address
]
FIRST = (
    "Anna Bram Cees Daan Els Femke Gijs Hanna Ilse Joost Karin Lotte Mees Nora Otto Pieter Quirine Ruud Sanne Teun Ursula "
    "Vera Wim Xander Yvonne Zeger Aaltje Berend Corrie Dirk Evert Fleur Greet Hugo Ina Jelle Klaas Lies Marga Niek"
).split()
LINKS_OF_NAMES = ["de ", "van ", "van der ", ""]
LAST = "Vriesema Bakkering Smitstra Meijerink Bosgraaf Vissering Kuipstra Dekkering Muldersma Hoekstein".split()
# A last name is of one person: the peers know a contact only as the list writes it, the build also in other ways
PEOPLE = [
    f"{first} {link}{last}{link.replace(' ', '')}{first[::-1].lower()}"
    for first in FIRST
    for link in LINKS_OF_NAMES
    for last in LAST
]


@dataclass(frozen=True)
class Pools:
    places: Pool
    several: Pool
    bad_places: Pool
    themes: Pool
    bad_themes: Pool
    dates: pa.Array
    amounts: Pool
    negatives: Pool
    statuses: Pool


def _pools(seed: int) -> Pools:
    chance = np.random.default_rng(seed)
    themes = [*THEMES, *(text.upper() for text in THEMES)]
    several = [f"{a}{mark}{b}" for a, b in zip(THEMES[2:9], THEMES[4:11], strict=True) for mark in ("; ", " + ", "\n")]
    statuses = [*STATUSES, *(text.capitalize() for text in STATUSES), "in uitvoering", "in voorbereiding", ""]
    likely = [*[8] * len(themes), *[2] * len(several), *[1] * len(RARE_THEMES)]
    return Pools(
        _pool(*_places()),
        _pool(_cells_of_several(chance)),
        _pool(BAD_PLACES),
        _pool([*themes, *several, *RARE_THEMES], likely),
        _pool(BAD_THEMES),
        _dates(),
        _amounts(chance),
        _negatives(),
        _pool(statuses),
    )


# ---------------------------------------------------------------- rows


class Block:
    """Rows first to first + count of the list, as columns; the sums carried on from the block before for its totals."""

    def __init__(self, pools: Pools, seed: int, first: int, count: int, rows: int, sums: np.ndarray):
        self.pools, self.first, self.count, self.rows = pools, first, count, rows
        self.chance = np.random.default_rng([seed, first])
        self.sums = sums  # cents asked and granted since the last total row, and in all
        self.fate = {name: self.chance.random(count) < share for name, share in SHARE.items()}
        self.number = np.arange(first, first + count)
        self.source = np.arange(count)  # the row that a repeat takes its title from
        back = self.chance.integers(1, 400, count)
        again = (self.fate["repeat"] | self.fate["twice"]) & (self.source >= back)
        self.source[again] -= back[again]
        self.fate["repeat"] &= again
        self._special_rows()

    def _special_rows(self) -> None:
        """Rows that are no project: totals, notes, repeated headers. Nothing else happens to them."""
        every = max(self.rows // SUBTOTALS, 250)
        last = self.number == self.rows - 1
        self.fate["total"] = (self.number % every == every - 1) | last
        self.last = last
        for name in ("note", "header"):
            self.fate[name] &= ~self.fate["total"]
        self.fate["note"] &= ~self.fate["header"]
        self.special = self.fate["total"] | self.fate["note"] | self.fate["header"]
        for name in ("ragged", "untitled", "contact"):
            self.fate[name] &= ~self.special
        self.fate["untitled"] &= ~self.fate["ragged"]
        self.fate["contact"] &= ~self.fate["ragged"]

    def draw(self, pool: Pool) -> np.ndarray:
        return pool.slots[self.chance.integers(0, len(pool.slots), self.count)]

    def some(self, texts: list[str]) -> pa.Array:
        return pa.array(texts).take(pa.array(self.chance.integers(0, len(texts), self.count)))

    def keys(self) -> pa.Array:
        number = np.where(self.fate["repeat"], self.number[self.source], self.number)
        digits = pc.utf8_lpad(pc.cast(pa.array(number + 1), pa.string()), 7, padding="0")
        return pc.if_else(pa.array(self.fate["keyless"]), "", pc.binary_join_element_wise("Z-", digits, ""))

    def titles(self) -> pa.Array:
        """Nearly all different; a few hold contact data, a line break, quotes or a delimiter."""
        parts = [self.chance.integers(0, len(texts), self.count) for texts in (ACTIVITIES, LINKS, GROUPS, STREETS)]
        texts = (pa.array(t) for t in (ACTIVITIES, LINKS, GROUPS, STREETS))
        words = [text.take(pa.array(part[self.source])) for text, part in zip(texts, parts, strict=True)]
        number = self.chance.integers(1, 2000, self.count)[self.source]
        which = self.chance.random(self.count)[self.source]
        tail = pc.if_else(
            pa.array(which < 0.9), pc.binary_join_element_wise(" ", pc.cast(pa.array(number), pa.string()), ""), ""
        )
        title = pc.binary_join_element_wise(pc.binary_join_element_wise(*words, " "), tail, "")
        for low, text in ((0.97, "\nfase 2"), (0.94, "; vervolg"), (0.91, ' "Samen"')):
            extra = pc.if_else(pa.array((which > low) & (which <= low + 0.02)), text, "")
            title = pc.binary_join_element_wise(title, extra, "")
        hidden = pc.if_else(pa.array(self.fate["contact"]), self._contact_in_title(), "")
        return pc.binary_join_element_wise(title, hidden, "")

    def _contact_in_title(self) -> pa.Array:
        way = self.chance.integers(0, 3, self.count)
        mail, phone = self._mails(), self._phones()
        mail = pc.binary_join_element_wise(", aanmelden bij ", mail, "")
        phone = pc.binary_join_element_wise(" (bel ", phone, ")", "")
        name = pc.binary_join_element_wise(" met ", self.some(PEOPLE), "")
        return pc.choose(pa.array(way), mail, phone, name)

    def _mails(self) -> pa.Array:
        number = pc.cast(pa.array(self.chance.integers(1, 99_999, self.count)), pa.string())
        return pc.binary_join_element_wise("contact", number, "@lijst.example", "")

    def _phones(self) -> pa.Array:
        number = pc.cast(pa.array(self.chance.integers(2_000_000, 9_999_999, self.count)), pa.string())
        return pc.binary_join_element_wise(self.some(["030-", "033 ", "(035) ", "+31 30 "]), number, "")

    def contacts(self) -> pa.Array:
        way = self.chance.choice(3, self.count, p=(0.6, 0.25, 0.15))
        return pc.choose(pa.array(way), self.some(PEOPLE), self._mails(), self._phones())

    def municipalities(self) -> pa.Array:
        one = self.draw(self.pools.places)
        several = self.draw(self.pools.several) + len(self.pools.places.texts)
        bad = self.draw(self.pools.bad_places) + len(self.pools.places.texts) + len(self.pools.several.texts)
        index = np.where(self.fate["several"], several, one)
        index = np.where(self.fate["bad_place"], bad, index)[self.source]
        texts = pa.concat_arrays([self.pools.places.texts, self.pools.several.texts, self.pools.bad_places.texts])
        return texts.take(pa.array(index))

    def themes(self) -> pa.Array:
        bad = self.draw(self.pools.bad_themes) + len(self.pools.themes.texts)
        index = np.where(self.fate["bad_theme"], bad, self.draw(self.pools.themes))
        return pa.concat_arrays([self.pools.themes.texts, self.pools.bad_themes.texts]).take(pa.array(index))

    def periods(self) -> tuple[pa.Array, pa.Array]:
        """Start and end; the end comes later, but for the rows that say otherwise."""
        chance, days = self.chance, len(DAYS)
        start = chance.integers(0, days - 800, self.count)
        end = start + chance.integers(30, 800, self.count)
        start, end = np.where(self.fate["backwards"], end, start), np.where(self.fate["backwards"], start, end)
        columns = []
        for day, silent in ((start, 0.06), (end, 0.2)):
            index = WAYS[chance.integers(0, len(WAYS), self.count)] * days + day
            index = np.where(chance.random(self.count) < silent, EMPTY_DATE, index)
            bad = self.fate["bad_date"] & (chance.random(self.count) < 0.5)
            index = np.where(bad, EMPTY_DATE + 1 + chance.integers(0, len(BAD_DATES), self.count), index)
            columns.append(self.pools.dates.take(pa.array(index)))
        return tuple(columns)

    def statuses(self) -> pa.Array:
        known = self.pools.statuses.texts.take(pa.array(self.draw(self.pools.statuses)))
        return pc.if_else(pa.array(self.fate["bad_status"]), self.some(BAD_STATUSES), known)

    def amounts(self) -> tuple[pa.Array, np.ndarray]:
        """An amount column and its cents (0 where a text is not worth anything)."""
        pools, half = self.pools, self.chance.random(self.count) < 0.5
        index = self.draw(pools.amounts)
        texts, cents = pools.amounts.texts.take(pa.array(index)), pools.amounts.cents[index]
        minus = self.draw(pools.negatives)
        negative = self.fate["negative"] & half
        texts = pc.if_else(pa.array(negative), pools.negatives.texts.take(pa.array(minus)), texts)
        cents = np.where(negative, pools.negatives.cents[minus], cents)
        for name, bad in (("ambiguous", AMBIGUOUS), ("no_value", NO_VALUE)):
            here = self.fate[name] & half
            texts, cents = pc.if_else(pa.array(here), self.some(bad), texts), np.where(here, 0, cents)
        return texts, cents

    def hours(self) -> pa.Array:
        hours = self.some(HOURS)
        hours = pc.if_else(pa.array(self.fate["bad_hours"]), self.some(["veel", "1-2", "PM", "8 dagen"]), hours)
        return pc.if_else(pa.array(self.fate["too_many_hours"]), self.some(["200", "160,5 uur", "1000"]), hours)

    def text(self) -> memoryview:
        """The rows as they stand in the file."""
        title, (start, end) = self.titles(), self.periods()
        (asked, cents_asked), (granted, cents_granted) = self.amounts(), self.amounts()
        columns = [
            self.keys(),
            title,
            self.municipalities(),
            self.themes(),
            start,
            end,
            self.statuses(),
            asked,
            granted,
        ]
        columns += [self.hours(), self.contacts()]
        untitled, ragged = (pa.array(self.fate[name]) for name in ("untitled", "ragged"))
        columns[1] = pc.if_else(untitled, "", columns[1])
        for at in (1, 2, 3):
            columns[at] = _quoted(columns[at])
        # one delimiter too many, unquoted, as a title typed by hand has it: every later cell moves on by one column
        columns[1] = pc.if_else(ragged, pc.binary_join_element_wise("Inloop", self.some(STREETS), ";"), columns[1])
        shifted = self.fate["ragged"]
        worth = np.stack([np.where(shifted, 0, cents_asked), np.where(shifted, cents_asked, cents_granted)])
        columns = self._with_special_rows(columns, np.where(self.special, 0, worth))
        columns[-1] = pc.binary_join_element_wise(columns[-1], "\n", "")
        lines = pc.binary_join_element_wise(*columns, ";")
        offsets = np.frombuffer(lines.buffers()[1], dtype=np.int32)
        return memoryview(lines.buffers()[2])[offsets[0] : offsets[self.count]]

    def _with_special_rows(self, columns: list[pa.Array], worth: np.ndarray) -> list[pa.Array]:
        """Notes have one cell, repeated headers every header, totals the sum of what stands above them; every third not."""
        where = np.flatnonzero(self.special)
        cells = [[""] * len(where) for _ in HEADERS]
        at = 0
        for i, row in enumerate(where):
            if self.fate["note"][row]:
                cells[1][i] = "Hieronder de aanvragen van later"
            elif self.fate["header"][row]:
                for column, text in enumerate(HEADERS):
                    cells[column][i] = text
            else:
                self.sums += worth[:, at:row].sum(axis=1)
                at = row
                sums = self.sums[1] if self.last[row] else self.sums[0]
                off = 12_345 if row % 3 == 0 else 0
                cells[1][i] = "Totaal" if self.last[row] else "Subtotaal"
                cells[7][i], cells[8][i] = (f"€ {_dutch(int(cents) + off)}" for cents in sums)
                self.sums[0] = 0
        self.sums += worth[:, at:].sum(axis=1)
        mask = pa.array(self.special)
        return [pc.replace_with_mask(c, mask, pa.array(t, pa.string())) for c, t in zip(columns, cells, strict=True)]


def _quoted(column: pa.Array) -> pa.Array:
    special = pc.match_substring_regex(column, '[;"\n]')
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(column, '"', '""'), '"', "")
    return pc.if_else(special, quoted, column)


def make(folder: Path, rows: int, seed: int = 333) -> Path:
    """Writes the list, its card and the codebook of a workspace; returns the path of the list."""
    codebook(folder / "reference")
    target = folder / "data" / "raw" / DELIVERY
    target.mkdir(parents=True, exist_ok=True)
    pools, sha, sums = _pools(seed), hashlib.sha256(), np.zeros((2, 2), dtype=np.int64)
    with open(target / "list.csv", "wb") as file:
        parts = [";".join(HEADERS).encode() + b"\n"]
        for first in range(0, rows, BLOCK):
            parts.append(Block(pools, seed, first, min(BLOCK, rows - first), rows, sums).text())
            while parts:
                part = parts.pop(0)
                sha.update(part)
                file.write(part)
    (target / "list.card.toml").write_text(CARD.format(sha=sha.hexdigest()), encoding="utf-8")
    return target / "list.csv"


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("rows", type=int)
    asked.add_argument("--seed", type=int, default=333)
    chosen = asked.parse_args()
    print(make(chosen.folder, chosen.rows, chosen.seed))
