"""A file that nobody described yet -> its table, and for each column what it could be, with the reason.

The vocabulary of headers is data (headers.csv); the values of a column confirm or refute what its header says.
"""

import csv
import functools
import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wmo_analysis.codebook import Codebook, key
from wmo_analysis.errors import ListUnreadable
from wmo_analysis.pipeline import clean, formats, places
from wmo_analysis.pipeline import header as headers
from wmo_analysis.schema import AMOUNTS, TEXTS
from wmo_analysis.words import say

MONEY = AMOUNTS
PERIODS = ("start", "end", "amount_date", "talk", "quotation", "approval", "second_contact")
IMPORTANT = (*MONEY, "municipality", "title")  # never silently wrong: asked when in doubt
CODED = {"theme": "theme", "status": "status", "source": "source", "kind": "kind"}  # column -> domain of the codebook
ASKED = ("municipality", "start")  # a header that may mean it is not enough; of amounts see _weak_amounts
LABEL = r"^(?:[^\W\d]+\s*:|(?:[A-Z]|\d{1,2}|[IVX]+)[.)])\s*"  # before the name in a section row: "Thema: ", "A. "
SAMPLE = 300  # distinct values of a column that are looked at, the most frequent first
READABLE = 0.6  # share of the values that must be what the header says
UNIT = re.compile(
    r"(?:[x×*]|in|per)\s*(?:€|eur\w*)?\s*(1[. ]?000[. ]?000|mln|miljoen\w*|1[. ]?000|duizend\w*|k)(?![\d.])"
    r"|€\s?(mln|k)\b|\b(k)€",
    re.IGNORECASE,
)


def look(path, codebook: Codebook | None = None) -> dict:
    """What a list seems to hold: the best table in it, and a proposal for every column. Can be written as JSON.

    {"file", "sheet", "header_row" (as a spreadsheet numbers it), "header_rows" (their number), "rows" (data rows),
    "set_aside" (totals, notes, repeated headers), "unit" (1, 1000 or 1000000 [EUR]), "units" (of amounts that have another),
    "decimal" ("," or "."), "sections" (what the section rows between the data name, or ""), "kinds" (kinds of rows on the
    card), "sheets" (those with the same header), "notes", "columns": [{"column" (from 0), "header", "header", "named" (on
    the card), "proposed",, "reason" (Dutch), "samples" (three)}],
    "first" (the first rows as they would come out), "tables": [{"sheet", "header_row", "rows"}] (the others)}.

    `proposed` is a column name of a card: key, title, source, municipality, weights, theme, status, start, end, hours,
    round, talk, quotation, approval, second_contact, asked, granted, settled, amount_date, kind, amount, merges_with,
    good_example, target, target_unit or target_at_least; or "contact" (dropped), "remarks" (recognised, not used: free
    text may name persons) or "" (not used). `asked` is True where a person must choose. Raises ListUnreadable.
    """
    codebook = codebook or Codebook.open()
    (answer,) = formats.grids([Path(path)])
    if isinstance(answer, ListUnreadable):
        raise answer
    return looked(Path(path).name, answer, codebook)


def looked(name: str, answer: dict, codebook: Codebook) -> dict:
    """As `look`, of a grid that was read already."""
    shapes = [shape for sheet in answer["sheets"] if (shape := _shape(sheet))]
    if not shapes:
        raise ListUnreadable("R05", say("add.no_table"))
    best = max(shapes, key=lambda shape: (min(shape.hits, 3), min(shape.body, 20), shape.hits, shape.body))
    columns = _columns(best, codebook)
    _settle(columns, best, codebook)
    unit, units = _unit(best, columns)
    about = {
        "file": name, "sheet": best.sheet["name"], "header_row": best.at + 1, "header_rows": best.height,
        "unit": unit, "units": units, "decimal": _decimal(columns), "sections": _sections(best, columns, codebook),
        "kinds": _kinds(columns),
        "sheets": [s.sheet["name"] for s in shapes if s.header == best.header],
        "notes": answer["notes"],
        "columns": [c.about() for c in columns],
    }  # fmt: skip
    rows = _read_rows(best, about)
    data = [row for row in rows if row["kind_of_row"] == "row"]
    shown = [name for name in TEXTS if any(name in row for row in data[:1])]
    about["rows"], about["set_aside"] = len(data), len(rows) - len(data)
    private = {text for c in columns if c.name == "contact" for text in c.counts.index}
    first = pd.DataFrame(data[:5], columns=shown, dtype="str").apply(lambda texts: clean.masked(texts, private))
    about["first"] = first.to_dict("records")
    others = [s for s in shapes if s is not best]
    about["tables"] = [{"sheet": s.sheet["name"], "header_row": s.at + 1, "rows": s.body} for s in others]
    return about


# ---------------------------------------------------------------- where the table is


@dataclass
class _Shape:
    """A table in a sheet: its first header row, how many, the texts of its columns and how well they fit."""

    sheet: dict
    at: int
    height: int
    header: dict[int, str]
    hits: int

    @property
    def below(self) -> list[list[str]]:
        return self.sheet["rows"][self.at + self.height :]

    @functools.cached_property
    def filled(self) -> list[int]:
        """How many cells of each row below the header are filled."""
        return [sum(1 for cell in row if cell and not cell.isspace()) for row in self.below]

    @property
    def body(self) -> int:
        return sum(1 for count in self.filled if count)


def _plain(header: str) -> str:
    """A header for comparing: 'BedragVerleend_(x € 1.000)*' -> 'bedrag verleend x € 1 000'."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", header)
    return re.sub(r"[^a-z0-9%€#]+", " ", key(apart)).strip()


@functools.cache
def _vocabulary() -> list[tuple[str, str, re.Pattern]]:
    with open(Path(__file__).with_name("headers.csv"), encoding="utf-8", newline="") as file:
        rules = [(row["name"], row["how"], row["pattern"]) for row in csv.DictReader(file)]
    return [(name, how, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")) for name, how, pattern in rules]


@functools.lru_cache(maxsize=4096)
def _said(header: str) -> tuple[str | None, str]:
    """(name, sure or weak) that a header says, by the first rule of headers.csv that fits; (None, '') when none does.

    Of a header in two languages, padded with blanks, the first part that says something counts.
    """
    for part in re.split(r"\s{3,}", header.strip()):
        plain = UNIT.sub(" ", _plain(part))
        hits = [(name, how) for name, how, pattern in _vocabulary() if pattern.search(plain)]
        if hits:
            doubtful = hits[0][0] == "" and any(name in MONEY and how == "sure" for name, how in hits)
            return hits[0][0], "weak" if doubtful else hits[0][1]
    return None, ""


def _number_or_day(text: str) -> bool:
    return bool(re.fullmatch(r"[€\s\d.,:;/+\-–()%]+", text.strip())) or clean.period(text)[3] == ""


def _headed(texts: list[str]) -> tuple[int, float]:
    """How many different names a row of texts says, and how much it looks like a header."""
    filled = [text for text in texts if text.strip()]
    names = {_said(text)[0] or text for text in filled if len(text) <= 120 and _said(text)[0] is not None}
    wordy = sum(len(text) <= 120 and not _number_or_day(text) for text in filled)
    repeated = len(filled) - len(set(filled))
    return len(names), 2 * len(names) + wordy - 1.5 * (len(filled) - wordy) - repeated


def _shape(sheet: dict) -> _Shape | None:
    """The table of a sheet, None when there is none: two filled columns and a row below them at least."""
    rows = sheet["rows"]
    scores = []
    for at, row in enumerate(rows[:60]):
        filled = sum(bool(cell.strip()) for cell in row)
        if filled > 1 and any(any(cell.strip() for cell in below) for below in rows[at + 1 : at + 30]):
            hits, score = _headed(row)
            scores.append((score, -at, hits))
    if not scores:
        return None
    _, at, _ = max(scores)
    first, height = _height(sheet, -at)
    header = headers.header_texts(sheet, first, height)
    return _Shape(sheet, first, height, header, _headed(list(header.values()))[0])


def _height(sheet: dict, at: int) -> tuple[int, int]:
    """First row and number of rows of the header that has its best row at `at`: one, or two that belong together."""
    for top in (at - 1, at):
        if top < 0 or top + 1 >= len(sheet["rows"]) - 1:
            continue
        if _belongs(sheet, top, best=at):
            return top, 2
    return at, 1


def _belongs(sheet: dict, top: int, best: int) -> bool:
    """Whether the rows `top` and `top` + 1 are one header: groups above names, or a second language or units below."""
    upper, lower = sheet["rows"][top], sheet["rows"][top + 1]
    up, low = ([c for c, cell in enumerate(row) if cell.strip()] for row in (upper, lower))
    if (
        len(up) < 2
        or len(low) < 1
        or any(_number_or_day(upper[c]) and not re.fullmatch(r"(19|20)\d\d", upper[c]) for c in up)
    ):
        return False
    if all(re.fullmatch(r"\(.*\)|\W*(x|in)?\W*(€|eur\w*)\W*[\d.]*\W*", lower[c].strip(), re.I) for c in low):
        return True  # units: (x € 1.000)
    if any(_number_or_day(lower[c]) for c in low):
        return False
    across = {(r, left, c) for r, c, r0, left in sheet["merged"] if r == r0 == top and c != left}
    down = {c for r, c, r0, left in sheet["merged"] if r == top + 1 and r0 == top}
    groups = {left for _, left, _ in across}
    if down or (len(groups) > 1 or (groups and len(groups) < len(up))):
        return True
    names_up, names_low = _headed(upper)[0], _headed(lower)[0]
    if best == top + 1:  # is there a row of groups above the names?
        holes = any(c not in low for c in up)
        doubles = len({lower[c] for c in low}) < len(low)
        return (holes and names_up > 0) or doubles
    holes = [c for c in low if c not in up]
    return (len(holes) > 1 and names_low > 1) or (names_low > 2 and names_low >= names_up - 1 and len(low) <= len(up))


# ---------------------------------------------------------------- what the columns are


class _Column:
    """One column: its header, its filled values, and the proposal in the making."""

    def __init__(self, at: int, header: str, values: pd.Series):
        self.at, self.header, self.named = at, header, header
        self.filled = values[values.str.strip() != ""].str.strip()
        self.counts = self.filled.value_counts(sort=True)
        self.distinct = list(self.counts.index[:SAMPLE])
        self.name, self.asked, self.reason = "", False, ""

    def propose(self, name: str, reason: str, asked: bool = False, **values) -> None:
        self.name, self.asked, self.reason = name, asked, say(f"add.reason.{reason}", **values)

    def share(self, fits) -> float:
        """The share of the cells whose text fits, by the most frequent texts."""
        weights = self.counts.iloc[:SAMPLE]
        return float(sum(n for text, n in weights.items() if fits(text)) / max(1, weights.sum()))

    def about(self) -> dict:
        texts = [clean.MASK] if self.name == "contact" else clean.masked(pd.Series(self.distinct[:3], dtype="str"))
        samples = [text[:80] for text in texts]
        return {"column": self.at, "header": self.header, "named": self.named, "proposed": self.name, "asked": self.asked,
                "reason": self.reason, "samples": [*samples, "", "", ""][:3]}  # fmt: skip


def _columns(shape: _Shape, codebook: Codebook) -> list[_Column]:
    """Every column with what its header says and its values allow."""
    whole = [row for row, count in zip(shape.below, shape.filled) if count > 1]
    whole = [row for row in whole if not any(headers.TOTAL.match(cell.strip().casefold()) for cell in row[:2])]
    grid = pd.DataFrame(whole, dtype="str").fillna("")
    columns = [
        _Column(at, text, grid[at] if at in grid else pd.Series(dtype="str")) for at, text in shape.header.items()
    ]
    alike: dict[str, list[_Column]] = {}
    for column in columns:
        alike.setdefault(headers.fold(column.header), []).append(column)
        _propose(column, codebook)
    for twice in (same for same in alike.values() if len(same) > 1):
        for number, column in enumerate(twice, 1):
            column.named = f"{column.header} [{number}]"
    return columns


def _money(text: str) -> bool:
    cents, _, reason = clean.amount(text)
    return cents is not None or reason == "no value" or _pointed(text)


def _pointed(text: str) -> bool:
    return bool(re.fullmatch(r"[€\s-]*(\d+|\d{1,3}(,\d{3})+)\.\d{1,2}", text))


def _looks_like_money(text: str) -> bool:
    return bool(re.search(r"€|\d[.,]\d{3}\b|,\d\d\b|,-|^\d{4,}00$|\.\d\d$", text)) and _money(text)


def _day(text: str) -> bool:
    return clean.period(text)[3] in ("", "no value")


def _places(column: _Column, codebook: Codebook) -> float:
    """The share of the cells in which a place of the codebook is named."""
    if not column.distinct:
        return 0.0
    texts = [text for text in column.distinct if len(text) < 200 and re.search(r"[^\W\d]", text)]
    parts = places.places(texts, None, codebook)
    named = set(parts.loc[parts["how"] != "unknown", "value"])
    return column.share(lambda text: text in named)


def _fits(column: _Column, name: str, codebook: Codebook) -> bool:
    """Whether the values allow what the header says; an empty column allows everything."""
    if not len(column.filled):
        return True
    if name in MONEY:
        return column.share(_money) >= READABLE and not column.share(lambda t: "%" in t) > 0.1
    if name in PERIODS:
        return column.share(_day) >= READABLE
    if name == "hours":
        return column.share(lambda text: clean.hours(pd.Series([text]))["reason"][0] in ("", "no value")) >= READABLE
    if name == "round":
        known = set(codebook.rounds["round"].astype(int))
        return column.share(lambda text: clean.whole(pd.Series([text]))[0] in known) >= READABLE
    if name == "kind":
        return column.share(lambda text: key(text) in codebook.names("kind")) >= READABLE
    if name == "key":
        return len(column.counts) >= 0.3 * len(column.filled) and not column.share(_looks_like_money) > 0.9
    if name in ("theme", "status", "source"):
        wordy = column.share(
            lambda text: key(text) not in clean.NO_VALUE and (not _number_or_day(text) or len(text) < 4)
        )
        return wordy >= READABLE and (len(column.counts) <= max(25, 0.5 * len(column.filled)))
    if name in ("title", "municipality"):
        return column.share(lambda text: not _number_or_day(text)) >= READABLE
    return True


def _propose(column: _Column, codebook: Codebook) -> None:
    name, how = _said(column.header)
    if name == "recipient":
        column.propose("", "recipient")
    elif name in ("", "contact", "remarks"):
        column.propose(name, name or "not_ours")
        if how == "weak" and column.share(_money) >= READABLE and column.share(_day) < READABLE:
            column.propose("", "perhaps_money", True)
    elif name is not None and _fits(column, name, codebook):
        weak = how == "weak" and name in ASKED
        column.propose(name, how if len(column.filled) else "empty", weak, header=column.header)
    elif name in MONEY and len(column.filled):
        column.propose("", "no_amounts", True, header=column.header)
    elif name is not None:
        column.propose("", "values_differ", False, header=column.header)
    if (name is None or (name not in ("", *IMPORTANT) and column.name == "")) and len(column.filled):
        _by_values(column, codebook)
    if column.name == "contact" and _places(column, codebook) > 0.5:  # 'Adres' that holds places
        column.propose("municipality", "values", True)


def _by_values(column: _Column, codebook: Codebook) -> None:
    """What the values of a column say when its header does not: always asked."""
    if column.share(lambda text: bool(clean._CONTACT.search(text))) > 0.3:
        column.propose("contact", "contact_values")
    elif column.share(_looks_like_money) >= READABLE and column.share(_day) < 0.9:
        column.propose("", "money_values", True)
    elif _places(column, codebook) >= READABLE:
        column.propose("municipality", "values", True)
    else:
        for name in ("theme", "status", "source", "kind"):
            names = codebook.names(name)
            if len(column.counts) > 1 and column.share(lambda text, names=names: key(text) in names) >= READABLE:
                column.propose(name, "values", True)
                return
        if not column.reason:
            column.propose("", "unknown")


# ---------------------------------------------------------------- the columns together


def _settle(columns: list[_Column], shape: _Shape, codebook: Codebook) -> None:
    """One column for each name: the surest stays, a rival is asked or not used; then what nobody took."""
    if any(c.name == "kind" for c in columns):
        for column in columns:
            if column.name == "granted" and _said(column.header)[1] == "weak":
                column.propose("amount", "with_kind", header=column.header)
    for name in dict.fromkeys(c.name for c in columns if c.name not in ("", "contact", "remarks", "approval")):
        rivals = [c for c in columns if c.name == name]
        if len(rivals) > 1:
            _choose(name, rivals, codebook)
    taken = {c.name for c in columns}
    if "municipality" not in taken:
        _from_recipient(columns, codebook)
    _weak_amounts(columns)
    if "title" not in taken and not {"round", "talk"} & taken:
        _some_title(columns)
    if not any(c.name in MONEY for c in columns):
        for column in (c for c in columns if c.name == "amount_date"):
            column.propose("", "no_amount_to_date")
    for column in (c for c in columns if c.name == "key" and len(c.filled)):
        if len(column.counts) < 0.98 * len(column.filled):
            column.propose("key", "key_repeats", "kind" not in taken)
        elif list(column.filled) == [str(i) for i in range(1, len(column.filled) + 1)]:
            column.propose("key", "running_number", True)
    for column in (c for c in columns if c.name == "municipality"):
        if len(column.filled) and not column.asked and _places(column, codebook) < 0.1:
            column.propose("municipality", "no_place_known", _said(column.header)[1] != "sure", header=column.header)


def _choose(name: str, rivals: list[_Column], codebook: Codebook) -> None:
    def strength(column: _Column) -> tuple:
        said, how = _said(column.header)
        places = _places(column, codebook) if name == "municipality" else 0
        return said == name, how == "sure", len(column.filled) > 0, round(places, 1), -len(_plain(column.header))

    rivals.sort(key=strength, reverse=True)
    best, *others = rivals
    clear = strength(best)[:2] > strength(others[0])[:2]
    if name in IMPORTANT and name != "title":
        best.asked = best.asked or not clear
    for column in others:
        doubtful = name in IMPORTANT and name != "title" and (not clear or _said(column.header)[0] != name)
        free_text = name == "title" and re.search(r"omschr|beschr|toelicht|descr", _plain(column.header))
        column.propose("remarks" if free_text else "", "rival", doubtful, header=best.header)


def _from_recipient(columns: list[_Column], codebook: Codebook) -> None:
    """A column of recipients such as 'Gemeente Utrecht' names the municipality when no other column does."""
    there = [c for c in columns if _said(c.header)[0] in ("recipient", "title") and c.name in ("", "title")]
    scored = [(_places(c, codebook), -c.at, c) for c in there]
    share, _, column = max(scored, default=(0, 0, None), key=lambda s: s[:2])
    if share >= 0.5:
        column.propose("municipality", "recipient_place", True, header=column.header)


def _weak_amounts(columns: list[_Column]) -> None:
    """An amount of which the header does not say which kind it is: the only one is taken for granted, and asked."""
    for column in columns:
        if column.name in MONEY and _said(column.header)[1] == "weak":
            column.asked = True


def _some_title(columns: list[_Column]) -> None:
    """No column says that it names the project: a recipient, else the longest texts that differ most, and asked."""
    recipients = [c for c in columns if _said(c.header)[0] == "recipient" and c.name == "" and len(c.filled)]
    unused = [c for c in columns if c.name in ("", "remarks") and len(c.filled) and not c.share(_number_or_day) > 0.3]
    unused.sort(key=lambda c: -len(c.counts) / len(c.filled) * min(60, c.filled.str.len().mean()))
    for column in (recipients or unused)[:1]:
        column.propose("title", "some_title", True)


def _kinds(columns: list[_Column]) -> list[str]:
    names = {c.name for c in columns}
    talks = {"municipality", "round"} <= names and bool(names & {"talk", "quotation", "approval", "second_contact"})
    return [*(["conversations"] if talks else []), *(["projects"] if "title" in names or not talks else [])]


# ---------------------------------------------------------------- units, notation, section rows


def _unit(shape: _Shape, columns: list[_Column]) -> tuple[int, dict[str, int]]:
    """The unit of all amounts, and of those that have another one. One that only some headers state is asked."""
    above = " ".join(cell for row in shape.sheet["rows"][: shape.at] for cell in row) + f" {shape.sheet['name']}"
    general = _stated_unit(above)
    money = [c for c in columns if c.name in MONEY]
    own = {c.name: _stated_unit(c.header) for c in money}
    stated = {unit for unit in own.values() if unit}
    if not general and len(stated) == 1 and all(own.values()):
        return stated.pop(), {}
    units = {name: unit for name, unit in own.items() if unit and unit != general}
    for column in money:
        if units:
            column.asked, column.reason = True, f"{column.reason} {say('add.unit_differs')}"
    return general or 1, units


def _stated_unit(text: str) -> int:
    match = UNIT.search(text)
    said = re.sub(r"[. ]", "", next(filter(None, match.groups()), "")).casefold() if match else ""
    if said.startswith(("mln", "miljoen", "1000000")):
        return 1_000_000
    return 1000 if said.startswith(("1000", "duizend", "k")) else 0


def _decimal(columns: list[_Column]) -> str:
    """'.' when amounts have a decimal point and none a comma; a list that has both is asked."""
    money = [c for c in columns if c.name in MONEY]
    points = [c for c in money if c.share(_pointed) > 0]
    commas = [c for c in money if c.share(lambda text: bool(re.search(r"\d,\d\d?(?!\d)", text))) > 0]
    if points and commas:
        for column in points:
            column.asked, column.reason = True, f"{column.reason} {say('add.decimal_differs')}"
    return "." if points and not commas else ","


def _sections(shape: _Shape, columns: list[_Column], codebook: Codebook) -> str:
    """What the rows of one cell between the data name: municipality or theme, when no column does, else ''."""
    if len(shape.header) < 3:
        return ""
    single = [at for at, (own, below) in enumerate(itertools.pairwise(shape.filled)) if own == 1 and below > 1]
    texts = [next(cell.strip() for cell in shape.below[at] if cell.strip()) for at in single]
    texts = [re.sub(LABEL, "", text) for text in texts]
    taken = {c.name for c in columns if len(c.filled)}
    if len(texts) < 2:
        return ""
    section = _Column(-1, "", pd.Series(texts, dtype="str"))
    if "municipality" not in taken and _places(section, codebook) >= READABLE:
        return "municipality"
    known = codebook.names("theme")
    return "theme" if "theme" not in taken and section.share(lambda t: key(t) in known) >= READABLE else ""


def _read_rows(shape: _Shape, about: dict) -> list[dict]:
    """The rows of the table as the proposal would read them."""
    columns: dict[str, list[str]] = {}
    for column in about["columns"]:
        if column["proposed"] not in ("", "contact", "remarks"):
            columns.setdefault(column["proposed"], []).append(column["named"])
    card = {"columns": columns, "rows": about["kinds"], "header_rows": shape.height, "constants": {"title": ""}}
    card |= {"sections": about["sections"]} if about["sections"] else {}
    return headers.table({"sheets": [shape.sheet], "notes": []}, card)[0]
