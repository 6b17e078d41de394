"""Reading a memo back: which figures are still right, which changed, which were retyped, and which nobody bound."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from zipfile import BadZipFile

import docx
import pandas as pd
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from wmo_analysis import words
from wmo_analysis.errors import WmoError
from wmo_analysis.monitor import Monitor
from wmo_analysis.report._bound import EARLIER, Book, Moment, reopened, same
from wmo_analysis.schema import MISSING

TAG = re.compile(r"c\d+\|[^|]*\|[^|]+\|[0-9a-f]{6}")
MONTHS = "|".join(name for names in words.MONTHS.values() for name in names)
DATES = re.compile(
    rf"\b\d{{1,2}}[- ](?:\d{{1,2}}|{MONTHS})[- ]\d{{4}}\b|\b(?:{MONTHS}) \d{{4}}\b|\b(?:19|20)\d\d\b", re.I
)
NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
VERDICTS = ("changed", "retyped", "unbound", "right")


@dataclass(frozen=True)
class Judgement:
    """What the check says of one figure; a row of its table."""

    verdict: str
    where: str
    text: str
    now: str = ""
    citation: str = ""


@dataclass(frozen=True)
class Piece:
    """A bound figure with its tag, or text of ours between two of them with tag ''."""

    tag: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph in a style of ours, and the heading above it."""

    heading: str
    pieces: tuple[Piece, ...]


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
    book = reopened(monitor, _bindings(path, document))
    found = []
    for paragraph in _paragraphs(document):
        for piece in paragraph.pieces:
            if piece.tag:
                found.append(_judged(book, piece, paragraph.heading))
            else:
                # a date is no figure; what is left of digits somebody typed, and nobody can ask it again
                loose = NUMBER.findall(DATES.sub(" ", piece.text))
                found += [Judgement("unbound", paragraph.heading, number) for number in loose]
    return pd.DataFrame(found, columns=[each.name for each in fields(Judgement)], dtype="str")


def moment(path: Path | str, monitor: Monitor) -> Moment:
    """The day that a memo tells of, and up to which day lists took part in it. Raises WmoError."""
    about = json.loads(_bindings(path, _open(path))["wmo"])
    # a memo of all that was known knew the lists up to the newest one of its day; those of before say nothing of it
    known = about.get("known_on") or about.get("newest_list") or about["as_of"]
    return Moment(about["as_of"], known if known < max(monitor.deliveries["date"]) else "")


def _bindings(path: Path | str, document: Document) -> dict[str, str]:
    """The properties in which a memo of ours keeps its selection and citations. Raises WmoError."""
    properties = _properties(document)
    if '"as_of": ' not in properties.get("wmo", ""):
        raise WmoError(f"{Path(path).name} is geen memo van de WMO-monitor: de bronvermelding ontbreekt.")
    return properties


def _open(path: Path | str) -> Document:
    try:
        return docx.Document(str(path))
    except (OpcError, BadZipFile, OSError, ValueError, KeyError, SyntaxError) as error:  # missing, foreign or torn
        raise WmoError(f"{Path(path).name} is niet te lezen als Word-document.") from error


def _properties(document: Document) -> dict[str, str]:
    for part in document.part.package.iter_parts():
        if part.partname == "/docProps/custom.xml":
            return {item.get("name"): "".join(item.itertext()) for item in parse_xml(part.blob)}
    return {}


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    """Every paragraph in a style of ours, also in tables, and last of all the headers."""
    names = {style.style_id: style.name for style in document.styles}
    heading = ""
    for element in document.element.body.iter(qn("w:p")):
        name = names.get(_value(element, "w:pPr", "w:pStyle"), "")
        if name.lower().startswith(("heading", "title")):
            heading = _text(element).strip()
        elif name.startswith("WMO "):
            yield Paragraph(heading, tuple(_pieces(element, names)))
    told = set()  # LibreOffice gives every section a header of its own
    for section in document.sections:
        for element in section.header._element.iter(qn("w:p")):
            paragraph = Paragraph("", tuple(_pieces(element, names)))
            if paragraph not in told:
                told.add(paragraph)
                yield paragraph


def _pieces(paragraph: BaseOxmlElement, names: dict[str, str]) -> Iterator[Piece]:
    """Every bound figure, and the text of ours between them."""
    loose = ""
    for run in paragraph.iter(qn("w:sdt"), qn("w:r")):
        if run.tag == qn("w:r"):
            if not any(map(_tag, run.iterancestors(qn("w:sdt")))):
                # text of the data may hold digits that are no figures of ours: a title, a number of a file
                from_data = names.get(_value(run, "w:rPr", "w:rStyle")) == "WMO bron"
                loose += "\n" if from_data else _text(run)
        elif tag := _tag(run):
            yield Piece("", loose)
            yield Piece(tag, _text(run))
            loose = ""
    yield Piece("", loose)


def _value(element: BaseOxmlElement, *path: str) -> str:
    """The w:val of the element below at that path, '' where there is none."""
    found = element.find("/".join(map(qn, path)))
    return "" if found is None else found.get(qn("w:val"), "")


def _tag(control: BaseOxmlElement) -> str:
    """The binding of a content control; LibreOffice keeps it in the title alone."""
    values = [_value(control, "w:sdtPr", name) for name in ("w:tag", "w:alias")]
    return next(filter(TAG.fullmatch, values), "")


def _text(element: BaseOxmlElement) -> str:
    return "".join(part.text or "" for part in element.iter(qn("w:t")))


def _judged(book: Book, piece: Piece, heading: str) -> Judgement:
    citation, row, column, _ = piece.tag.split("|")
    measure = next((asked.measure for asked, cited in book.asked.items() if cited == citation), "")
    try:
        now = book.text(citation, row, column)
    except KeyError:  # the row, the column or the whole citation is no longer there
        now = words.say("check.gone", book.monitor.language)
    verdict = "changed" if same(piece.tag, piece.text) else "retyped"
    missing = words.say_each("missing", MISSING, book.monitor.language)
    if _plainly(piece.text) == _plainly(now) or (piece.text.strip() == EARLIER and now in missing):
        verdict = "right"
    return Judgement(verdict, heading, piece.text, now, " ".join(filter(None, [measure, row, column])))


def _plainly(text: str) -> str:
    """The figure without what only its neighbours decide: '5,0' in a column of halves is 5."""
    return re.sub(r",0+(?!\d)", "", text).replace("\u00a0", " ").strip()
