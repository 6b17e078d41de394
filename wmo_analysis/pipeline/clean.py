"""Second stage: text -> amounts, dates, hours and statuses, by strict Dutch grammars.

A grammar returns a value or a reason, never a guess: what can be read in two ways is a finding. Each works on the
distinct values of a column, so that 100,000 rows cost as much as the few thousand spellings in them.
"""

import calendar
import functools
import re
from decimal import Decimal

import pandas as pd

from wmo_analysis.codebook import key
from wmo_analysis.errors import NotBuilt
from wmo_analysis.schema import AMOUNTS, PERIODS, distinct, found
from wmo_analysis.words import MONTHS, euro

YEARS = range(1990, 2031)  # a year outside is taken for a slip of the pen, see docs/rules.md
NO_VALUE = {
    "",
    "-",
    "–",
    "?",
    "pm",
    "p m",
    "nvt",
    "n v t",
    "nb",
    "n b",
    "n n b",
    "onbekend",
    "nog niet bekend",
    "geen",
}
_NUMBER = re.compile(r"([1-9]\d{0,2}([. ])\d{3}(?:\2\d{3})*|\d+)(?:,(\d{1,2})|,[-–]{1,2})?")
_PLAIN = re.compile(r"(?:€[\u00a0 ]?)?([1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(\d{1,2}))?")
_NEGATIVE = re.compile(r"\(([^()]*)\)|[-−–]\s?([^-−–].*)|(.*\d)\s?-")
_SCALE = {"k": 1000, "duizend": 1000, "mln": 1_000_000, "miljoen": 1_000_000}


# ---------------------------------------------------------------- amounts


def amounts(values: pd.Series) -> pd.DataFrame:
    """cents [EUR cent, Int64], approximate, reason ('' read, 'empty', 'no value', 'ambiguous') per value."""
    parsed = distinct(values, amount, ["cents", "approximate", "reason"])
    return parsed.astype({"cents": "Int64", "approximate": "boolean"})


def amount(text: str) -> tuple[int | None, bool, str]:
    """(cents, approximate, reason) of one cell: '€ 12.500,00', '12,5 k', '500,-', '(500)', 'ca. € 1,2 mln'.

    '12.5', '12,500', '0.500' and '1,234.56' are ambiguous: a factor 10, 100 or 1000 hangs on the reading.
    """
    if match := _PLAIN.fullmatch(text):  # nearly every cell; the rest of the grammar is for the others
        return int(match[1].replace(".", "")) * 100 + int((match[2] or "0").ljust(2, "0")), False, ""
    bare = re.sub(r"[\u00a0\s]+", " ", text).strip()
    if not bare:
        return None, False, "empty"
    body, approximate = re.subn(r"^(ca\.?|circa|maximaal|max\.?|±)\s*", "", bare, flags=re.I)
    body = re.sub(r"^([(\-−–]?)\s?(?:€|euro?)\s*|\s?(?:€|euro?)(\)?)$", r"\1\2", body, flags=re.I)
    if key(body) in NO_VALUE:
        return None, False, "no value"
    if negative := _NEGATIVE.fullmatch(body):
        body = next(filter(None, negative.groups()), "").strip()
    scale = 1
    if match := re.search(r"\s?(k|duizend|mln|miljoen)\.?$", body, flags=re.I):
        scale, body = _SCALE[match[1].lower()], body[: match.start()]
        if not re.fullmatch(r"\d+(,\d{1,2})?", body):
            return None, False, "ambiguous"
    match = _NUMBER.fullmatch(body)
    if not match:
        return None, False, "ambiguous"
    whole = re.sub(r"\D", "", match[1])
    cents = int(Decimal(f"{whole}.{match[3] or 0}") * scale * 100)
    return (-cents if negative else cents), bool(approximate), ""


def _in_dutch(values: pd.Series, decimal: pd.Series) -> pd.Series:
    """The amounts of a list whose card says that it writes '1,234.56', as '1.234,56'; '12.500' stays ambiguous there."""
    if (decimal == ",").all():
        return values
    pointed = values.str.fullmatch(r"[^\d]*(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?[^\d.,]*")
    swapped = values.str.translate(str.maketrans(",.", ".,")).mask(~pointed, values.str.replace(".", ".?", regex=False))
    return values.mask(decimal == ".", swapped)


# ---------------------------------------------------------------- dates

_MONTH = {name[:3]: i for i, name in enumerate(MONTHS["nl"], 1)} | {n: i for i, n in enumerate(MONTHS["nl"], 1)}
_MONTH |= {"mrt": 3, "sept": 9, "okt": 10}
_ORDINAL = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4} | {
    f"{i}{e}": i for i in (1, 2, 3, 4) for e in ("", "e", "ste", "de")
}
_PART = {
    "begin": (1, 3, "begin"),
    "medio": (5, 8, "middle"),
    "eind": (10, 12, "end"),
    "einde": (10, 12, "end"),
}


def dates(values: pd.Series) -> pd.DataFrame:
    """from, to (ISO days), precision, reason ('' read, 'empty', 'no value', 'impossible', 'unread') per value."""
    return distinct(values, period, ["from", "to", "precision", "reason"]).astype("str")


def period(text: str) -> tuple[str, str, str, str]:
    """First day, last day, precision and reason of one cell.

    '30-11-2006', '1 jan. 2007', 'maart 2007', 'Q1 2007', 'eerste kwartaal 2007', '2e helft 2007', '2007', 'medio 2006'
    (May to August), 'begin 2008' (January to March), 'eind 2007' (October to December), spreadsheet serials.
    Nothing depends on today. A year of two digits is not read.
    """
    bare = re.sub(r"[\u00a0\s]+", " ", text).strip().casefold()
    if not bare:
        return "", "", "", "empty"
    if key(bare) in NO_VALUE:
        return "", "", "", "no value"
    year = month = day = None
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: \d\d:\d\d(?::\d\d)?)?", bare):
        day, month, year = map(int, match.groups())
    elif match := re.fullmatch(
        r"(\d{4})-(\d{2})-(\d{2})(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?", bare
    ):
        year, month, day = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})", bare):
        day, month, year = int(match[1]), _MONTH.get(match[2]), int(match[3])
    elif match := re.fullmatch(r"([a-z]+)\.? (\d{4})", bare):
        year = int(match[2])
        if match[1] in _PART:
            return _span(year, *_PART[match[1]])
        month = _MONTH.get(match[1])
    elif match := re.fullmatch(r"(\d{4})-(\d{1,2})", bare):
        year, month = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{1,2})[-/](\d{4})", bare):
        month, year = map(int, match.groups())
    elif match := re.fullmatch(r"(?:q|k|kw)([1-4])[ -]?(\d{4})|(\d{4})[ -]?(?:q|k|kw)([1-4])", bare):
        quarter = int(match[1] or match[4])
        return _span(int(match[2] or match[3]), 3 * quarter - 2, 3 * quarter, "quarter")
    elif match := re.fullmatch(r"(\w+) kwartaal(?: van)? (\d{4})", bare):
        if quarter := _ORDINAL.get(match[1]):
            return _span(int(match[2]), 3 * quarter - 2, 3 * quarter, "quarter")
    elif match := re.fullmatch(r"(\w+) (?:helft|halfjaar|half jaar)(?: van)? (\d{4})", bare):
        if (half := _ORDINAL.get(match[1])) in (1, 2):
            return _span(int(match[2]), 6 * half - 5, 6 * half, "half")
    elif re.fullmatch(r"\d{4}", bare):
        return _span(int(bare), 1, 12, "year")
    elif match := re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)", bare):
        year, month, day = map(int, match.groups())
    elif re.fullmatch(r"[2-5]\d{4}", bare):
        serial = pd.Timestamp(1899, 12, 30) + pd.Timedelta(days=int(bare))
        year, month, day = serial.year, serial.month, serial.day
    if year is None or month is None:
        return "", "", "", "unread"
    if day is None:
        return _span(year, month, month, "month") if 1 <= month <= 12 else ("", "", "", "impossible")
    if year not in YEARS or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return "", "", "", "impossible"
    iso = f"{year:04}-{month:02}-{day:02}"
    return iso, iso, "day", ""


def _span(year: int, first: int, last: int, precision: str) -> tuple[str, str, str, str]:
    if year not in YEARS:
        return "", "", "", "impossible"
    return f"{year}-{first:02}-01", f"{year}-{last:02}-{calendar.monthrange(year, last)[1]}", precision, ""


# ---------------------------------------------------------------- hours, statuses, whole numbers, contact data


def hours(values: pd.Series) -> pd.DataFrame:
    """hours [h, Float64] and reason ('' read, 'empty', 'no value', 'unread') per value: '150', '62,5 uur'."""

    def parse(text: str):
        bare = text.strip().casefold()
        if not bare or key(bare) in NO_VALUE:
            return None, "empty" if not bare else "no value"
        match = re.fullmatch(r"(\d{1,5}(?:,\d{1,2})?)(?: ?(?:uur|uren|u\.?))?", bare)
        return (float(match[1].replace(",", ".")), "") if match else (None, "unread")

    return distinct(values, parse, ["hours", "reason"]).astype({"hours": "Float64"})


def whole(values: pd.Series) -> pd.Series:
    """Whole numbers [Int64] of texts such as '1.200', 'minimaal 3', 'ronde 2'; missing where there is no one number."""

    def parse(text: str):
        found = re.findall(r"\d+(?:\.\d{3})*", text)
        return [int(found[0].replace(".", "")) if len(found) == 1 else None]

    return distinct(values, parse, ["value"])["value"].astype("Int64")


def words(values: pd.Series, names: dict[str, list[str]]) -> pd.DataFrame:
    """code and reason ('' read, 'empty', 'unknown') per value, by the accepted spellings `names` of the codebook."""

    def parse(text: str):
        if not text.strip():
            return "", "empty"
        codes = names.get(key(text), [])
        return (codes[0], "") if len(codes) == 1 else ("", "unknown")

    return distinct(values, parse, ["code", "reason"]).astype("str")


MASK = "[weggelaten]"
_WORD = re.compile(r"\w+")
_CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # mail
    r"|(?<!\d)(?<!\d[-/.,])(?!\d\d?[-/.]\d\d?[-/.]\d{4})"  # telephone, in any grouping; not a date
    r"(?:\+31|0031|\(?0)[\s().-]{0,3}(?:0\))?\s?[1-9](?:[\s()./-]{0,3}\d){8}(?!\d)"
    r"|\b[A-Z]{2}\d{2}[\s]?[A-Z]{4}[\s]?(?:\d[\s]?){10}\b"  # IBAN
    r"|\bbsn\D{0,3}\d{9}\b",
    re.IGNORECASE,
)


def has_contact(text: str) -> bool:
    """Whether a mail address, telephone number, IBAN or BSN stands in the text."""
    return bool(_CONTACT.search(text))


@functools.lru_cache(maxsize=32)  # the same contacts serve every column of a list
def _by_longest_word(contacts: frozenset[str]) -> dict[str, list[str]]:
    """The longest word of a contact -> contacts, so that any number of them costs little; no short or empty ones."""
    names: dict[str, list[str]] = {}
    for text in sorted(contacts, key=lambda text: (-len(text), text)):
        if key(text) not in NO_VALUE and re.search(r"[^\W\d].*\w.*\w|(\d\D*){6}", text):
            names.setdefault(max(_WORD.findall(text.casefold()), key=len), []).append(text)
    return names


def masked(values: pd.Series, contacts: set[str] = frozenset()) -> pd.Series:
    """The texts without mail addresses, telephone numbers, IBAN, BSN, and without the `contacts` (contents of the
    contact columns of the same list)."""
    names = _by_longest_word(frozenset(contacts))
    suspect = re.compile(r"@|\d.{0,4}\d|bsn", re.IGNORECASE)

    def parse(text: str):
        if suspect.search(text):
            text = _CONTACT.sub(MASK, text)
        words = _WORD.findall(text.casefold()) if names else []
        for name in [name for word in dict.fromkeys(words) for name in names.get(word, ())]:
            if " ".join(_WORD.findall(name.casefold())) in " ".join(words):
                name = r"\W+".join(map(re.escape, _WORD.findall(name)))
                text = re.sub(rf"(?<!\w){name}(?!\w)", MASK, text, flags=re.IGNORECASE)
        return [text]

    return distinct(values, parse, ["text"])["text"].astype("str")


# ---------------------------------------------------------------- all rows of all lists at once


def corrected(rows: pd.DataFrame, corrections: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with every correction of the codebook carried out, and a note (K01) on each.

    A correction names file, row_key (the list's key, else its title), column, was, now and reason. One about a list
    that is not there waits; one whose `was` is no longer found raises NotBuilt: the list has changed under it.
    """
    rows, notes = rows.copy(), []
    for each in corrections.to_dict("records"):
        listed = rows["file"] == each["file"]
        if not listed.any():
            continue
        hit = listed & (rows[["key", "title"]] == each["row_key"]).any(axis=1) & (rows[each["column"]] == each["was"])
        if not hit.any():
            raise NotBuilt(
                f"De correctie op {each['file']}, {each['row_key']} past niet meer: '{each['was']}' staat er niet."
            )
        notes.append(found("K01", rows[hit], each["column"], each["was"], each["now"]))
        rows.loc[hit, each["column"]] = each["now"]
    return rows, pd.concat(notes) if notes else pd.DataFrame()


def rows(rows: pd.DataFrame, codebook) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Rows with their readable values beside the text, amounts (one row each), and findings.

    Adds `<period>_from`, `_to`, `_precision` for each of PERIODS, `hours_value` [h], `round_value`, `target_value`,
    `status_code`. Amounts: `at` (index of the row), kind, cents [EUR cent, missing when unread], approximate, date_from,
    date_to, column, listed, reason. An amount without a date of its own takes the date of the delivery.
    """
    rows, findings = rows.copy(), []
    mine = rows["kind_of_row"].isin(["row", "odd"])
    real = rows["kind_of_row"] == "row"

    def report(code, bad, column, kept="", **more):
        if (bad := bad & real).any():
            listed = masked(rows.loc[bad, column.removesuffix("_value")])
            findings.append(found(code, rows[bad], column, listed, kept, **more))

    for column in PERIODS:
        parsed = dates(rows[column])
        for part in ("from", "to", "precision"):
            rows[f"{column}_{part}"] = parsed[part]
        report("C03", parsed["reason"].isin(["unread", "impossible", "no value"]), column)
    late = (rows["start_from"] != "") & (rows["end_to"] != "") & (rows["end_to"] < rows["start_from"])
    report("C06", late, "end", rows["end"][late & real])
    parsed = hours(rows["hours"])
    rows["hours_value"] = parsed["hours"]
    report("C04", parsed["reason"].isin(["unread", "no value"]), "hours")
    parsed = words(rows["status"], codebook.names("status"))
    rows["status_code"] = parsed["code"].where(parsed["code"] != "", "unknown")
    report("C05", parsed["reason"] == "unknown", "status", "unknown")
    rows["round_value"] = whole(rows["round"])
    known = rows["round_value"].isin(codebook.rounds["round"].astype(int))
    rows["round_value"] = rows["round_value"].where(known)
    report("C08", (rows["round"].str.strip() != "") & ~known, "round")
    rows["target_value"] = whole(rows["target"])
    report("C10", (rows["target"].str.strip() != "") & rows["target_value"].isna(), "target")

    kinds = words(rows["kind"], codebook.names("kind"))["code"]
    parts = []
    for column in AMOUNTS:
        filled = rows[column].str.strip() != ""
        here = rows[mine & filled]
        parsed = amounts(_in_dutch(here[column], here["decimal"]))
        parsed["cents"] *= here[f"{column}_unit"].astype("Int64")
        day = here["amount_date_from"].where(here["amount_date_from"] != "", here["date"])
        last = here["amount_date_to"].where(here["amount_date_to"] != "", here["date"])
        kind = kinds[here.index] if column == "amount" else column
        parts.append(
            parsed.assign(at=here.index, kind=kind, date_from=day, date_to=last, column=column, listed=here[column])
        )
        reason = parsed["reason"].reindex(rows.index)
        report("C01", reason == "ambiguous", column)
        report("C02", reason == "no value", column)
        if column == "amount":
            report("C09", filled & (kinds == ""), "kind")
    money = pd.concat(parts, ignore_index=True)
    findings.append(_totals(rows, money))
    return rows, money, pd.concat(findings)


def _totals(rows: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """R14 where a total row does not say what the rows above it add up to; a subtotal covers those since the last."""
    totals = rows[rows["kind_of_row"] == "total"]
    wrong = []
    money = money.assign(file=rows.loc[money["at"], "file"].to_numpy(), sheet=rows.loc[money["at"], "sheet"].to_numpy())
    money = money.assign(row=rows.loc[money["at"], "row"].to_numpy())
    for column in AMOUNTS:
        since: dict = {}
        for at, total in totals[totals[column].str.strip() != ""].iterrows():
            stated = amount(_in_dutch(pd.Series([total[column]]), pd.Series([total["decimal"]]))[0])[0]
            stated = stated if stated is None else stated * int(total[f"{column}_unit"])
            here = money[
                (money["column"] == column) & (money["file"] == total["file"]) & (money["sheet"] == total["sheet"])
            ]
            start = since.get((total["file"], total["sheet"]), 0) if total["opening"].startswith("sub") else 0
            summed = here.loc[(here["row"] < total["row"]) & (here["row"] > start), "cents"].sum()
            since[total["file"], total["sheet"]] = total["row"]
            if stated is not None and stated != summed:
                wrong.append(found("R14", totals.loc[[at]], column, total[column], euro(summed)))
    return pd.concat(wrong) if wrong else pd.DataFrame()
