"""Reading a memo back: which figures are still right, which changed, which were retyped, and which nobody bound."""

import re
from pathlib import Path
from zipfile import BadZipFile

import docx
import pandas as pd
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from wmo_analysis import words
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
from wmo_analysis.report._bound import UNKNOWN, Book, reopened, same

TAG = re.compile(r"c\d+\|[^|]*\|[^|]+\|[0-9a-f]{6}")
MONTHS = "|".join(name for names in words.MONTHS.values() for name in names)
DATES = re.compile(
    rf"\b\d{{1,2}}[- ](?:\d{{1,2}}|{MONTHS})[- ]\d{{4}}\b|\b(?:{MONTHS}) \d{{4}}\b|\b(?:19|20)\d\d\b", re.I
)
NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
VERDICTS = ("changed", "retyped", "unbound", "right")


def check_memo(path: Path | str, monitor: Monitor) -> pd.DataFrame:
    """Every figure of a memo against the data of today, also after the memo was edited and saved by Word or LibreOffice.

    Returns
    -------
    verdict (right; changed = the data say something else now; retyped = the text is not the one we wrote; unbound = a
    number without a binding in a paragraph of ours, dates aside), where (heading above it), text (as it stands), now (what
    the data say; '' when unbound), citation (measure, row, column). In the order of the document; headers come last.

    Raises
    ------
    WmoError when the file cannot be read or is no memo of ours.
    """
    document = _open(path)
    properties = _properties(document)
    if "wmo" not in properties:
        raise WmoError(f"{Path(path).name} is geen memo van de WMO-monitor: de bronvermelding ontbreekt.")
    book = reopened(monitor, properties)
    rows = []
    for where, element, names in _paragraphs(document):
        for kind, tag, text in _pieces(element, names):
            if kind == "figure":
                rows.append(_judged(book, tag, text) | {"where": where})
            else:
                loose = NUMBER.findall(DATES.sub(" ", text))
                rows += [dict(verdict="unbound", text=n, now="", citation="", where=where) for n in loose]
    return pd.DataFrame(rows, columns=["verdict", "where", "text", "now", "citation"], dtype="str")


def as_of(path: Path | str) -> str:
    """The as-of date of a memo. Raises WmoError."""
    found = re.search(r'"as_of": "([\d-]+)"', _properties(_open(path)).get("wmo", ""))
    if not found:
        raise WmoError(f"{Path(path).name} is geen memo van de WMO-monitor: de bronvermelding ontbreekt.")
    return found[1]


def _open(path: Path | str):
    try:
        return docx.Document(str(path))
    except (OpcError, BadZipFile, OSError, ValueError, KeyError, SyntaxError) as error:  # missing, foreign or torn
        raise WmoError(f"{Path(path).name} is niet te lezen als Word-document.") from error


def _properties(document) -> dict[str, str]:
    for part in document.part.package.iter_parts():
        if part.partname == "/docProps/custom.xml":
            return {item.get("name"): "".join(item.itertext()) for item in parse_xml(part.blob)}
    return {}


def _paragraphs(document):
    """(heading above it, paragraph, names of styles) of every paragraph in a style of ours, also in tables."""
    names = {style.style_id: style.name for style in document.styles}
    heading = ""
    for element in document.element.body.iter(qn("w:p")):
        name = _style(element, names)
        if name.lower().startswith(("heading", "title")):
            heading = _text(element).strip()
        yield from [(heading, element, names)] if name.startswith("WMO ") else []
    told = set()  # LibreOffice gives every section a header of its own
    for section in document.sections:
        for element in section.header._element.iter(qn("w:p")):
            pieces = tuple(_pieces(element, names))
            if pieces not in told:
                told.add(pieces)
                yield "", element, names


def _style(element, names: dict[str, str]) -> str:
    style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return names.get(style.get(qn("w:val")), "") if style is not None else ""


def _pieces(paragraph, names: dict[str, str]):
    """('figure', tag, text) of every bound figure, and ('loose', '', text) of the text of ours between them."""
    loose = ""
    for run in paragraph.iter(qn("w:sdt"), qn("w:r")):
        tag = _tag(run) if run.tag == qn("w:sdt") else ""
        if tag:
            yield "loose", "", loose
            yield "figure", tag, _text(run)
            loose = ""
        elif run.tag == qn("w:r") and not any(_tag(above) for above in run.iterancestors(qn("w:sdt"))):
            style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
            from_data = style is not None and names.get(style.get(qn("w:val"))) == "WMO bron"
            loose += "\n" if from_data else _text(run)
    yield "loose", "", loose


def _tag(control) -> str:
    for name in ("w:tag", "w:alias"):
        found = control.find(f"{qn('w:sdtPr')}/{qn(name)}")
        if found is not None and TAG.fullmatch(found.get(qn("w:val"))):
            return found.get(qn("w:val"))
    return ""


def _text(element) -> str:
    return "".join(part.text or "" for part in element.iter(qn("w:t")))


def _judged(book: Book, tag: str, text: str) -> dict:
    citation, row, column, _ = tag.split("|")
    measure = next((name for (name, _), cited in book.asked.items() if cited == citation), "")
    try:
        now = book.text(citation, row, column) or UNKNOWN
    except KeyError:  # the row, the column or the whole citation is no longer there
        now = words.say("check.gone", book.monitor.language)
    verdict = "right" if _plainly(text) == _plainly(now) else "changed" if same(tag, text) else "retyped"
    return dict(verdict=verdict, text=text, now=now, citation=" ".join(filter(None, [measure, row, column])))


def _plainly(text: str) -> str:
    """The figure without what only its neighbours decide: '5,0' in a column of halves is 5."""
    return re.sub(r",0+(?!\d)", "", text).replace("\u00a0", " ").strip()
