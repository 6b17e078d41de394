"""What a header, a title or a cell says that amounts are in: '(x € 1.000)', 'k EUR', 'in mln. SEK', '$ 5'.

A text that sounds like a unit and is none of these is `unclear`: a person is asked, for a factor of 1,000 hangs on it.
"""

import functools
import re
from dataclasses import dataclass

from wmo_analysis.schema import CURRENCIES, EUR

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "ƒ": "NLG"}
_SPELT = dict(zip(CURRENCIES, (
    r"eur(?:o?'?s?)?|eu", "usd|(?:us )?dollars?", "gbp|pond(?:en)?|pounds?", "chf|sfr|zwitserse frank(?:en)?", "sek", "nok",
    "dkk", "nlg|[dh]?fl|guldens?|guilders?", "bef|bfr", "dem", "frf", "pln|zł", "czk|kč", "huf", "jpy",
), strict=True))  # fmt: skip
_EDGE, _SHUT = r"(?<![^\W\d_])", r"(?![^\W\d_])"  # no letter before, none behind
_ANY = rf"(?:(?:us|u\.s\.)?\s?[€$£¥ƒ]|{_EDGE}(?:{'|'.join(_SPELT.values())})\.?{_SHUT})"
_ZEROS = r"(?<![\d.,])1[. '’,]?000(?:[. '’,]?000)?(?![.,]?\d)"
_WORD = (
    r"duizend(?:en|tallen)?|d(?:ui)?zd|tsd|tausend|thousands?|milliers?|tusen|['’]?000['’]?s?|k"
    r"|(?:1 )?(?:mln|mio|mill|miljoen(?:en)?|millions?|millionen|miljoner)"
)
_OF, _GAP = r"(?:\s*(?:d['’]|de |of |van |in ))?", r"[\s.]*"
_FACTOR = rf"(?P<factor>{_ZEROS}|{_EDGE}(?:{_WORD})\.?{_SHUT})"
_WORDED = rf"(?P<factor>{_EDGE}(?:{_WORD})\.?{_SHUT})"
_BODY = rf"(?:{_ANY}{_GAP}(?:[x×*]\s*|in )?)?{_FACTOR}{_OF}{_GAP}(?:{_ANY})?"
_END = r"(?=\s*(?:$|[)\]/,;:*]))"
_JOINED = (  # a letter that means a number beside a currency only: TEUR, T€, k€, M€, €m
    r"(?<!\w)(?P<factor>[tkm])(?:€|eur(?:o|os)?|sek|usd|gbp|chf|nok|dkk|nlg)(?!\w)|€\s?(?P<behind>[tkm])(?!\w)"
)
_UNDERSTOOD = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[(\[]\s*(?:in |x\s*|[×*]\s*)?{_BODY}\s*[)\]]",
        rf"(?:(?<!\w)x|[×*])\s*{_BODY}",
        rf"(?<!\w)(?:in|en|per)\s+{_BODY}{_END}",
        rf"(?<!\w)(?:in|en)\s+{_WORDED}{_OF}{_GAP}{_ANY}",
        _JOINED,
        rf"{_ANY}{_GAP}{_WORDED}|{_WORDED.replace('factor', 'before')}{_OF}{_GAP}{_ANY}",
    )
]
_WHOLE = re.compile(rf"\s*{_BODY}\s*", re.IGNORECASE)
_ALONE = re.compile(
    rf"(?!\W*eu\b)(?:[(\[]\s*(?:in )?{_ANY}\s*[)\]]|(?<!\w)in\s+{_ANY}|^\s*{_ANY}\s*$|{_ANY}\s*$)", re.IGNORECASE
)
_HINT = re.compile(  # what sounds like a unit
    r"(?<!\w)[x×*]\s*(?:€\s*|eur\w*\s*)?\d|(?<![\d.,])10+(?:[. ]000)*(?![\d.,]*\d|\s?%)|(?<![\d.,])1[. ]000|10\s?[²³⁶^]"
    r"|duizend|honderd|mil(?:j|li)|\b(?:mld|mrd|mln|mio|mill|bn|tsd|dzd|[tkm]kr|kr)\b|(?:b|tr)illion|hundred|thousand|tausend|tusen",
    re.IGNORECASE,
)
_SIGN = re.compile(rf"[€$£¥ƒ]|(?<!\w)(?:{'|'.join(CURRENCIES)})(?!\w)")
_PRICED = re.compile(
    rf"(?P<sign>[(\-−–]?)\s?(?P<first>{_ANY}|f(?=[.\s]*\d))\s*(?P<rest>[\d(\-−–].*)"
    rf"|(?P<before>.*[\d\-)])\s?(?P<last>{_ANY})(?P<end>\)?)",
    re.IGNORECASE,
)
LONGEST = 500  # characters of a text that are looked at


@dataclass(frozen=True)
class Unit:
    """A factor (0: not stated) and a currency ("": not stated) that a text gives, and what in it is not understood."""

    factor: int = 0
    currency: str = ""
    unclear: str = ""


@functools.lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """What a text says that amounts are in; two factors or two currencies in one text are unclear."""
    found, rest = _taken(text[:LONGEST])
    factors = {_factor(match) for match in found}
    currencies = set(filter(None, (_currency(match[0]) for match in found)))
    currencies |= {_currency(match[0]) for match in _ALONE.finditer(rest)}
    currencies |= {_currency(sign) for sign in _SIGN.findall(rest)}
    hint = _HINT.search(rest)
    if hint or len(factors) > 1 or len(currencies) > 1:
        return Unit(unclear=" ".join(text.split()))
    factor = max(factors, default=int(bool(currencies)))  # a currency alone says that 1 is 1
    return Unit(factor, max(currencies, default=""))


def bare(text: str) -> str:
    """The text without the units in it."""
    return _taken(text)[1]


def only(text: str) -> bool:
    """Whether a text says a unit and nothing else."""
    return bool(unit(text).factor) and not re.search(r"[^\W\d_]", _ALONE.sub("", bare(text)))


def priced(text: str) -> tuple[str, str]:
    """The currency that a cell states, "" for none, and the cell without it: '$ 1.000' -> ('USD', '1.000')."""
    match = _PRICED.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if not match:
        return "", text
    said = match["first"] or match["last"]
    currency = "NLG" if said.casefold() == "f" else _currency(said)
    return currency, f"{match['sign'] or ''}{match['rest'] or match['before']}{match['end'] or ''}"


def _taken(text: str) -> tuple[list[re.Match], str]:
    """The units in a text, and the text without them."""
    if whole := _WHOLE.fullmatch(text):
        return [whole], ""
    found = []
    for pattern in _UNDERSTOOD:
        hits = list(pattern.finditer(text))
        found += hits
        for hit in reversed(hits):
            text = f"{text[: hit.start()]} {text[hit.end() :]}"
    return found, text


def _factor(match: re.Match) -> int:
    said = next(filter(None, match.groupdict().values())).casefold()
    digits = re.sub(r"\D", "", said)
    million = said.startswith("m") and not said.startswith("millier")
    if digits:
        million = len(digits) > 4 or said.startswith("1 m")
    return 1_000_000 if million else 1000


def _currency(text: str) -> str:
    """The currency of which a text holds a sign or name; "" for none."""
    for sign in filter(text.__contains__, _SIGNS):
        return _SIGNS[sign]
    for code, spelt in _SPELT.items():
        if re.search(rf"(?<![^\W\d_])[tkm]?(?:{spelt}){_SHUT}", text, re.IGNORECASE):
            return code
    return ""


def plain(currency: str) -> bool:
    """Whether amounts of that currency count: "" is the euro too."""
    return currency in ("", EUR)
