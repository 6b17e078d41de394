"""Third stage: names -> codes of the codebook.

A name resolves exactly, then normalised, then by alias and place. rapidfuzz only fills `did_you_mean`: it never decides.
"""

import re

import pandas as pd

from wmo_analysis.codebook import Codebook, key
from wmo_analysis.schema import NO_PLACE, distinct, found

SEPARATOR = re.compile(r"(\s*(?:[;/\n+&]|,|\ben\b)\s*)", re.IGNORECASE)


def spans(text: str, known, like=lambda part: False) -> list[str]:
    """The parts of a cell: the longest run of pieces that is one known name, else the piece itself.

    'Baarn, Soest en Tull en 't Waal' -> ['Baarn', 'Soest', "Tull en 't Waal"].
    """
    if department := re.match(r"gemeente ([^,;/\n]+?)\s*[,/]\s*(.+)", text.strip(), re.IGNORECASE):
        rest = spans(department[2], known)
        if known(department[1]) and not any(known(part) for part in rest) and not any(like(part) for part in rest):
            return [f"gemeente {department[1]}"]  # 'Gemeente Utrecht, Werk en Inkomen' is a department, not two places
    pieces = SEPARATOR.split(text.strip())
    parts, at = [], 0
    while at < len(pieces):
        for end in range(len(pieces), at, -2):
            part = "".join(pieces[at:end]).strip()
            if end == at + 1 or known(part):
                break
        if part:
            parts.append(part)
        at = end + 1
    return parts


def _theme_parts(text: str, known) -> list[str]:
    """As `_spans`, but a comma or 'en' separates only known themes: 'Sport en bewegen' is one unknown theme."""
    parts = []
    for piece in re.split(r"\s*[;\n+|]\s*", text.strip()):
        named = spans(piece, known)
        parts += named if all(known(part) for part in named) else [piece]
    return [part for part in parts if part]


def _bare(text: str) -> str:
    return re.sub(r"^(gemeenten?|gem) ", "", key(text))


class Places:
    """Look-up of place names: `known(part)` and `resolve(part, on)` -> (how, gm_codes, partnership_id, did_you_mean)."""

    def __init__(self, codebook: Codebook):
        self.codebook, self.names = codebook, {}
        for row in codebook.municipalities.to_dict("records"):
            self.names[key(row["name"])] = ("municipality", row["gm_code"])
        aliases = codebook.aliases
        for row in aliases[aliases["domain"] == "municipality"].to_dict("records"):
            no_place = row["code"] in NO_PLACE
            self.names.setdefault(key(row["text"]), (row["code"], "") if no_place else ("alias", row["code"]))
        for row in codebook.partnerships.to_dict("records"):
            for text in (row["name"], row["full_name"]):
                self.names.setdefault(key(text), ("partnership", row["partnership_id"]))
        for row in aliases[aliases["domain"] == "partnership"].to_dict("records"):
            self.names.setdefault(key(row["text"]), ("partnership", row["code"]))
        self.successors: dict[str, list[str]] = {}
        for row in codebook.places.to_dict("records"):
            if row["how"] == "successor":
                self.successors.setdefault(key(row["text"]), []).append(row["gm_code"])
            else:
                self.names.setdefault(key(row["text"]), (row["how"], row["gm_code"]))

    def known(self, part: str) -> bool:
        return key(part) in self.names or _bare(part) in self.names

    def resolve(self, part: str, on: str) -> tuple[str, list[str], str, list[str]]:
        how, code = self.names.get(key(part)) or self.names.get(_bare(part)) or ("unknown", "")
        if how == "partnership":
            return how, self.codebook.members(on)[code], code, []
        if how == "province":
            return how, self.codebook.gm_codes, "", []
        if how == "unknown":
            return how, [], "", self._did_you_mean(part)
        if how in NO_PLACE:
            return how, [], "", []
        return how, [code] if code else [], "", []

    def _did_you_mean(self, part: str) -> list[str]:
        label = self.codebook.label
        if codes := self.successors.get(_bare(part)):
            return [label("municipality", code) for code in codes]
        names = {name: code for name, (how, code) in self.names.items() if how in ("municipality", "place", "former")}
        return [label("municipality", names[name]) for name in _near(_bare(part), names)]


def names_of_places(codebook: Codebook) -> set[str]:
    """key() of every spelling that resolves as a place."""
    return set(Places(codebook).names)


def _near(text: str, names) -> list[str]:
    from rapidfuzz import fuzz, process

    hits = process.extract(text, list(names), scorer=fuzz.ratio, score_cutoff=75, limit=3)
    return list(dict.fromkeys(name for name, _, _ in hits))


def places(values, on=None, codebook: Codebook | None = None) -> pd.DataFrame:
    """One row per value, part and municipality: value, part, gm_code, how, did_you_mean (list).

    In the order of the input, then of the codebook. `how` is municipality, alias, place, former, partnership, province,
    outside or unknown; a part that is outside or unknown is a row with an empty gm_code, after the others. 'Utrecht' is
    the municipality, 'alle gemeenten' all of them, a partnership its members on the date `on` (ISO text, or one for
    each value; None is the date at which the codebook's municipalities are stated).
    """
    codebook = codebook or Codebook.open()
    values = pd.Series(list(values), dtype="str").fillna("")
    dates = pd.Series(on if on is not None and not isinstance(on, str) else [on or codebook.stated_at] * len(values))
    found_places = placed_parts(values, dates.set_axis(values.index), codebook)
    return found_places[["value", "part", "gm_code", "how", "did_you_mean"]].reset_index(drop=True)


def placed_parts(values: pd.Series, dates: pd.Series, codebook: Codebook) -> pd.DataFrame:
    """As `places`, with the partnership_id and on the index of `values`; a blank value gives no row."""
    lookup, order = Places(codebook), {code: i for i, code in enumerate(codebook.gm_codes)}
    epochs = distinct(dates, lambda day: [codebook.epoch(day)], ["epoch"])["epoch"]
    pairs = pd.Series(list(zip(values, epochs, strict=True)), index=values.index, dtype=object)
    codes, uniques = pd.factorize(pairs)
    answers, rows = [], []
    for value, on in uniques:
        mine = []
        for part in spans(value, lookup.known, lookup._did_you_mean):
            how, gm_codes, partnership, hints = lookup.resolve(part, on)
            mine += [(part, code, how, hints, partnership) for code in gm_codes or [""]]
        mine.sort(key=lambda row: order.get(row[1], len(order)))
        rows += [(value, *row) for row in mine]
        answers.append(range(len(rows) - len(mine), len(rows)))
    columns = ["value", "part", "gm_code", "how", "did_you_mean", "partnership_id"]
    counts = [len(answers[code]) for code in codes]
    take = [i for code in codes for i in answers[code]]
    return pd.DataFrame(rows, columns=columns).take(take).set_axis(values.index.repeat(counts))


def place_findings(parts: pd.DataFrame) -> pd.DataFrame:
    """J01 unknown, J02 through the name of a place or a former municipality, J03 outside, one per row and part."""
    once = parts[~parts.set_index([parts["file"], parts["sheet"], parts["row"], parts["part"]]).index.duplicated()]
    unknown, named, outside = (once[once["how"].isin(h)] for h in (["unknown"], ["place", "former"], ["outside"]))
    return pd.concat(
        [
            found("J01", unknown, "municipality", unknown["part"], "", unknown["did_you_mean"].map("|".join)),
            found("J02", named, "municipality", named["part"], named["gm_code"]),
            found("J03", outside, "municipality", outside["part"]),
        ]
    )


def themes(values: pd.Series, codebook: Codebook) -> pd.DataFrame:
    """theme, part, known (bool), did_you_mean per part of each value, on the index of `values`; blank gives no row."""
    names, unknown = codebook.names("theme"), codebook.theme_with("unknown")

    def parse(text: str):
        rows = []
        for part in _theme_parts(text, lambda part: len(names.get(key(part), [])) == 1):
            hits = names.get(key(part), [])
            near = hits or ([code for name in _near(key(part), names) for code in names[name]] if not hits else [])
            hint = "|".join(dict.fromkeys(codebook.label("theme", code) for code in near))
            rows.append((hits[0], part, True, "") if len(hits) == 1 else (unknown, part, False, hint))
        return [rows]

    lists = distinct(values, parse, ["rows"])["rows"].explode().dropna()
    parts = pd.DataFrame(lists.tolist(), columns=["theme", "part", "known", "did_you_mean"], index=lists.index)
    return parts.astype({"known": bool})
