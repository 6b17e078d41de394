"""What the texts of a list mean, written again from docs/rules.md: every peer resolves its cells through these functions.

Nothing here comes from the library, so that a mistake in either shows when the results are compared. Left out is what
the seeded list cannot hold: departments ("Gemeente Utrecht, Werk en Inkomen"), weights, sources by row, links on cards.
"""

import calendar
import csv
import functools
import hashlib
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

COLUMNS = ["key", "title", "municipality", "theme", "start", "end", "status", "asked", "granted", "hours", "contact"]
TEXTS = ["key", "title", "municipality", "theme", "start", "end", "status", "asked", "granted", "hours"]
FAR = {"outside", "unassigned"}
YEARS = range(1990, 2031)
SILENT = {"", "-", "–", "?", "pm", "p m", "nvt", "n v t", "nb", "n b", "n n b", "onbekend", "nog niet bekend", "geen"}
MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()
MONTH = {name: i for i, name in enumerate(MONTHS, 1)} | {name[:3]: i for i, name in enumerate(MONTHS, 1)}
MONTH |= {"mrt": 3, "sept": 9}
ORDINAL = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4}
ORDINAL |= {f"{i}{ending}": i for i in range(1, 5) for ending in ("", "e", "ste", "de")}
PARTS = {"begin": (1, 3, "begin"), "medio": (5, 8, "middle"), "eind": (10, 12, "end"), "einde": (10, 12, "end")}
TOTAL = r"^((sub|eind|tussen|generaal|algemeen)?[ -]?totaal|totalen)\b"
SUSPECT = r"@|\d(\D{0,5}\d){8}|[bB][sS][nN]"  # a cell without any of these holds no contact data of its own
WHOLE_CONTACT = (  # a cell that is a mail address or a telephone number and no more, without what only Python's re knows
    r"^([\w.+-]+@[\w-]+(\.[\w-]+)+|(\+31|0031|\(?0)[\s().-]{0,3}(0\))?\s?[1-9]([\s()./-]{0,3}\d){8})$"
)
CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<!\d)(?<!\d[-/.,])(?!\d\d?[-/.]\d\d?[-/.]\d{4})"
    r"(?:\+31|0031|\(?0)[\s().-]{0,3}(?:0\))?\s?[1-9](?:[\s()./-]{0,3}\d){8}(?!\d)"
    r"|\b[A-Z]{2}\d{2}[\s]?[A-Z]{4}[\s]?(?:\d[\s]?){10}\b|\bbsn\D{0,3}\d{9}\b",
    re.IGNORECASE,
)
MASK = "[weggelaten]"


@functools.lru_cache(maxsize=1 << 17)
def key(text: str) -> str:
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in parts if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
        text = re.sub("[‘’´`]", "'", text)
    return re.sub(r"[\s\-‐‑–_.]+", " ", text.casefold()).strip()


# ---------------------------------------------------------------- amounts, dates, hours


def amount(text: str) -> tuple[int | None, bool, str]:
    """Cents, approximate, and the code of the finding; an empty cell has none of them."""
    body = re.sub(r"\s+", " ", text).strip()
    if not body:
        return None, False, ""
    body, approximate = re.subn(r"^(ca\.?|circa|maximaal|max\.?|±)\s*", "", body, flags=re.I)
    body = re.sub(r"^([(\-−–]?)\s?(?:€|euro?)\s*|\s?(?:€|euro?)(\)?)$", r"\1\2", body, flags=re.I)
    if key(body) in SILENT:
        return None, False, "C02"
    sign = 1
    if negative := re.fullmatch(r"\(([^()]*)\)|[-−–]\s?([^-−–].*)|(.*\d)\s?-", body):
        sign, body = -1, next(part for part in negative.groups() if part).strip()
    if scaled := re.fullmatch(r"(\d+)(?:,(\d{1,2}))?\s?(k|duizend|mln|miljoen)\.?", body, flags=re.I):
        scale = 1000 if scaled[3].lower() in ("k", "duizend") else 1_000_000
        return sign * int(Decimal(f"{scaled[1]}.{scaled[2] or 0}") * scale * 100), bool(approximate), ""
    plain = re.fullmatch(r"([1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+|\d+)(?:,(\d{1,2})|,[-–]{1,2})?", body)
    if not plain:
        return None, False, "C01"
    cents = int(re.sub(r"\D", "", plain[1])) * 100 + int((plain[2] or "0").ljust(2, "0"))
    return sign * cents, bool(approximate), ""


UNREAD = ("", "", "", True)


def _span(year: int, first: int, last: int, precision: str) -> tuple[str, str, str, bool]:
    if year not in YEARS or not 1 <= first <= 12:
        return UNREAD
    return f"{year}-{first:02}-01", f"{year}-{last:02}-{calendar.monthrange(year, last)[1]}", precision, False


def _day(year: int, month: int, day: int) -> tuple[str, str, str, bool]:
    if year not in YEARS or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return UNREAD
    iso = f"{year}-{month:02}-{day:02}"
    return iso, iso, "day", False


def period(text: str) -> tuple[str, str, str, bool]:
    """First day, last day, precision, and whether the cell is filled but not read."""
    bare = re.sub(r"\s+", " ", text).strip().casefold()
    if not bare:
        return "", "", "", False
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: \d\d:\d\d(?::\d\d)?)?", bare):
        return _day(int(match[3]), int(match[2]), int(match[1]))
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", bare):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})", bare):
        return _day(int(match[3]), MONTH.get(match[2], 0), int(match[1]))
    if match := re.fullmatch(r"([a-z]+)\.? (\d{4})", bare):
        if match[1] in PARTS:
            return _span(int(match[2]), *PARTS[match[1]])
        month = MONTH.get(match[1], 0)
        return _span(int(match[2]), month, month, "month")
    if match := re.fullmatch(r"(?:q|k|kw)([1-4])[ -]?(\d{4})", bare):
        return _span(int(match[2]), 3 * int(match[1]) - 2, 3 * int(match[1]), "quarter")
    if match := re.fullmatch(r"(\w+) (kwartaal|helft|halfjaar|half jaar)(?: van)? (\d{4})", bare):
        length = 3 if match[2] == "kwartaal" else 6
        part = ORDINAL.get(match[1], 99)
        if part * length > 12:
            return UNREAD
        precision = "quarter" if length == 3 else "half"
        return _span(int(match[3]), length * (part - 1) + 1, length * part, precision)
    if re.fullmatch(r"\d{4}", bare):
        return _span(int(bare), 1, 12, "year")
    return UNREAD


def hours(text: str) -> tuple[float | None, bool]:
    """Hours, and whether the cell is filled but not read."""
    bare = text.strip().casefold()
    match = re.fullmatch(r"(\d{1,5}(?:,\d{1,2})?)(?: ?(?:uur|uren|u\.?))?", bare)
    return (float(match[1].replace(",", ".")), False) if match else (None, bare != "")


# ---------------------------------------------------------------- names


@dataclass(frozen=True)
class Place:
    placement: str
    reached: list[tuple[str, str, str]]  # gm_code, via, partnership_id
    findings: list[tuple[str, str]]  # code, part


@dataclass(frozen=True)
class Theme:
    theme_part: str
    themes: list[str]
    findings: list[tuple[str, str]]


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _spans(text: str, known) -> list[str]:
    """The longest run of pieces that is one known name, else the piece itself."""
    pieces = re.split(r"(\s*(?:[;/\n+&]|,|\ben\b)\s*)", text.strip(), flags=re.I)
    parts, at = [], 0
    while at < len(pieces):
        end = next(end for end in range(len(pieces), at, -2) if end == at + 1 or known("".join(pieces[at:end]).strip()))
        parts.append("".join(pieces[at:end]).strip())
        at = end + 1
    return [part for part in parts if part]


class Book:
    """The codebook of the workspace as look-ups."""

    def __init__(self, folder: Path):
        municipalities = sorted(_table(folder, "municipalities"), key=lambda row: row["sort_key_nl"].casefold())
        aliases = _table(folder, "aliases")
        self.order = {row["gm_code"]: i for i, row in enumerate(municipalities)}
        self.partnerships = _table(folder, "partnerships")
        self.places = {key(row["name"]): ("municipality", row["gm_code"]) for row in municipalities}
        for row in aliases:
            if row["domain"] == "municipality":
                found = (row["code"], "") if row["code"] in FAR else ("alias", row["code"])
                self.places.setdefault(key(row["text"]), found)
        for row in self.partnerships:
            for text in (row["name"], row["full_name"]):
                self.places.setdefault(key(text), ("partnership", row["partnership_id"]))
        for row in aliases:
            if row["domain"] == "partnership":
                self.places.setdefault(key(row["text"]), ("partnership", row["code"]))
        for row in _table(folder, "places"):
            if row["how"] != "successor":
                self.places.setdefault(key(row["text"]), (row["how"], row["gm_code"]))
        days = {row["valid_from"] for row in self.partnerships}
        days |= {
            str(date.fromisoformat(row["valid_to"]) + timedelta(1)) for row in self.partnerships if row["valid_to"]
        }
        self.epochs = sorted({"", *days})
        self._themes(_table(folder, "themes"), [row for row in aliases if row["domain"] == "theme"])
        self.statuses = {key(row["text"]): row["code"] for row in aliases if row["domain"] == "status"}
        self.max_hours = {row["source_id"]: row["max_hours"] for row in _table(folder, "sources")}

    def _themes(self, themes: list[dict[str, str]], aliases: list[dict[str, str]]) -> None:
        by_set: dict[str, dict[str, list[str]]] = {}
        for row in themes:
            here = by_set.setdefault(row["theme_set"], {})
            for text in {key(row["theme"]), key(row["label_nl"]), key(row["label_en"])}:
                here.setdefault(text, []).append(row["theme"])
        self.themes: dict[str, list[str]] = {}
        for here in by_set.values():
            self.themes = here | self.themes
        for row in aliases:
            self.themes.setdefault(key(row["text"]), [row["code"]])
        self.assumed = {key(row["text"]) for row in aliases if row["assumption"] == "yes"}
        self.excluded, self.unknown = (
            next(r["theme"] for r in themes if r["role"] == role) for role in ("excluded", "unknown")
        )
        self._undated: dict[str, Place] = {}
        self.parent = {row["theme"]: row["parent"] or row["theme"] for row in themes}
        shown = {row["theme"] for row in themes if row["theme_set"] == "provincial" and row["is_column"] == "yes"}
        self.columns = shown - {self.unknown}

    def epoch(self, day: str) -> str:
        return max(since for since in self.epochs if since <= day)

    def _place(self, part: str) -> tuple[str, str]:
        bare = re.sub(r"^(gemeenten?|gem) ", "", key(part))
        return self.places.get(key(part)) or self.places.get(bare) or ("unknown", "")

    def _codes(self, how: str, code: str, epoch: str) -> list[str]:
        if how == "province":
            return list(self.order)
        if how == "partnership":
            mine = [row for row in self.partnerships if row["partnership_id"] == code]
            return [
                r["gm_code"] for r in mine if r["valid_from"] <= epoch and (not r["valid_to"] or r["valid_to"] >= epoch)
            ]
        return [code] if code else []

    def place(self, text: str, epoch: str) -> Place:
        """Where a cell lies, with partnerships as they were since `epoch`; without any it is the same at every epoch."""
        if text in self._undated:
            return self._undated[text]
        if key(text) in ("nog niet toegewezen", "niet toegewezen"):
            return Place("unassigned", [], [])
        found, reached, names, ways = [], {}, set(), []
        for part in _spans(text, lambda part: self._place(part)[0] != "unknown"):
            how, code = self._place(part)
            ways.append(how)
            group = how in ("partnership", "province")
            names.add(code if code and not group else part)
            finding = {"unknown": "J01", "place": "J02", "former": "J02", "outside": "J03"}.get(how)
            found += [(finding, part)] if finding else []
            via = how if group else "own"
            for gm_code in self._codes(how, code, epoch):
                reached.setdefault((gm_code, via), code if how == "partnership" else "")
        own = {gm_code for gm_code, via in reached if via != "province"}
        rows = [(gm, via, by) for (gm, via), by in reached.items() if via != "province" or gm not in own]
        rows.sort(key=lambda row: self.order[row[0]])
        place = Place(self._placement(ways, len(names), bool(rows)), rows, list(dict.fromkeys(found)))
        if "partnership" not in ways:
            self._undated[text] = place
        return place

    @staticmethod
    def _placement(ways: list[str], names: int, placed: bool) -> str:
        for far in ("outside", "unassigned"):
            if ways and set(ways) == {far}:
                return far
        if "province" in ways:
            return "province"
        if "partnership" in ways and names == 1:
            return "partnership"
        if not placed:
            return "unknown"
        return "one" if names == 1 else "several"

    def theme(self, text: str) -> Theme:
        def known(part: str) -> bool:
            return len(self.themes.get(key(part), [])) == 1

        parts = []
        for piece in re.split(r"\s*[;\n+|]\s*", text.strip()):
            spans = _spans(piece, known)
            parts += spans if all(map(known, spans)) else [piece]
        codes, found = [], []
        for part in filter(None, parts):
            code = self.themes[key(part)][0] if known(part) else self.unknown
            codes.append(code)
            found += [("J04", part)] if not known(part) else []
            found += [("J05", part)] if code == self.excluded else []
            found += [("J11", part)] if key(part) in self.assumed else []
        codes = list(dict.fromkeys(codes)) or [self.unknown]
        columns = {self.parent[code] for code in codes} & self.columns
        if codes == [self.excluded]:
            part = "outside"
        else:
            part = ("unknown", "one", "several")[min(len(columns), 2)]
        return Theme(part, codes, list(dict.fromkeys(found)))

    def status(self, text: str) -> tuple[str, bool]:
        """The code, and whether the cell is filled but not known."""
        code = self.statuses.get(key(text), "unknown")
        return code, code == "unknown" and text.strip() != ""


# ---------------------------------------------------------------- contact data


class Contacts:
    """Masks mail, telephone, IBAN, BSN, and the contents of the contact column wherever else they stand."""

    def __init__(self, contents, book: Book):
        self.names: dict[str, list[str]] = {}
        for text in sorted(set(contents), key=lambda text: (-len(text), text)):
            holds_more = re.search(r"[^\W\d].*\w.*\w|(\d\D*){6}", text)
            if CONTACT.fullmatch(text) or key(text) in SILENT or key(text) in book.places or not holds_more:
                continue  # a mail address or telephone number is masked wherever it stands
            self.names.setdefault(max(self._words(text), key=len), []).append(text)

    @staticmethod
    def _words(text: str) -> list[str]:
        return re.findall(r"\w+", text.casefold())

    def mask(self, text: str) -> str:
        text = CONTACT.sub(MASK, text)
        words = self._words(text)
        for word in dict.fromkeys(words):
            for name in self.names.get(word, ()):
                if " ".join(self._words(name)) in " ".join(words):
                    pattern = r"\W+".join(map(re.escape, self._words(name)))
                    text = re.sub(rf"(?<!\w){pattern}(?!\w)", MASK, text, flags=re.I)
        return text


# ---------------------------------------------------------------- rows


def keyless_id(title: str, municipality: str) -> str:
    return hashlib.sha256(f"{key(title)}|{key(municipality)}".encode()).hexdigest()[:8]


GROUPS = {  # what is stated together comes from one row of a project that stands in several
    "title": ["title"],
    "municipality": ["municipality"],
    "theme": ["theme"],
    "start": ["start_from", "start_to", "start_precision"],
    "end": ["end_from", "end_to", "end_precision"],
    "status": ["status_code", "status"],
    "hours": ["hours_value"],
}


def merge_repeats(rows: list[dict]) -> tuple[dict, list[tuple[int, str, str, str]]]:
    """One row for those that share a key, each group of fields the smallest stated; and J07 where rows say otherwise."""
    rows = sorted(rows, key=lambda row: row["row"])
    merged, findings = dict(rows[0]), []
    for column, fields in GROUPS.items():
        stated = [
            row for row in rows if row[fields[0]] is not None and str(row[fields[0]]).strip() not in ("", "unknown")
        ]
        if stated:
            best = min(stated, key=lambda row: [row[field] for field in fields])
            merged |= {field: best[field] for field in fields}
            others = (row for row in stated if row[fields[0]] != best[fields[0]])
            findings += [(row["row"], "J07", column, row[column]) for row in others]
    return merged, findings


def read_card(workspace: Path) -> dict:
    """The one card of the workspace, with the paths of list and codebook."""
    path = next((workspace / "data" / "raw").rglob("*.card.toml"))
    card = tomllib.loads(path.read_text(encoding="utf-8"))
    raw = path.parent / card["file"]
    with open(raw, "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != card["sha256"]:
            raise SystemExit("the list is not the one of its card")
    return card | {"raw": raw, "list": raw.relative_to(workspace / "data" / "raw").as_posix()}
