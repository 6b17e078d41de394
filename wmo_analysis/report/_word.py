"""Blocks to Word: real styles from the template, a content control around every figure, alt text on every picture."""

import datetime
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import docx
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as PackagePart
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Emu

from wmo_analysis import words
from wmo_analysis.export import plain
from wmo_analysis.report._blocks import NO_BREAK, Block, Chart, Grid, Heading, Text, Turn
from wmo_analysis.report._bound import Book, Data, Figure, Part
from wmo_analysis.style import measure

TEMPLATE = Path(__file__).parent.parent / "template" / "memo.docx"
WIDE, SCALE = 605, 3.125  # px of a chart, and its enlargement: about 300 dpi on paper
LOOKS = {"text": "WMO tekst", "bullet": "WMO opsomming", "note": "WMO noot", "head": "WMO kop", "subtitle": "Subtitle"}
CELLS = {"cell": "WMOcel", "small": "WMOcelklein"}  # style ids
POINTS, HEAD = {"cell": 8.5, "small": 7.5}, 8  # of the letters in a cell and in a head, see the template
TWIPS, MARGINS = 20, 130  # twips in a point, and beside the text of a cell
SHORT = 12  # rows of a table that stays on one page
LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
PAGES = {  # of A4, on its side and standing: orientation, width, height, margin
    True: (WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21), Cm(1.5)),
    False: (WD_ORIENT.PORTRAIT, Cm(21), Cm(29.7), Cm(2.9)),
}
PROPERTIES = "application/vnd.openxmlformats-officedocument.custom-properties+xml"


class Word:
    """A document in the making: `add` its blocks one by one, then `save`."""

    def __init__(self, book: Book, title: str, drawings: Mapping[str, bytes]):
        self.book, self.language, self.drawings = book, book.monitor.language, drawings
        self.document = docx.Document(str(TEMPLATE))
        self.numbers = {"figure": 0, "table": 0}
        about = self.document.core_properties
        # no author: Word shows it to whoever gets the memo, and it would be a person
        about.title, about.author, about.language = plain(title), "", LANGUAGES[self.language]
        about.created = about.modified = datetime.datetime.now(datetime.UTC)
        for lang in self.document.styles.element.iter(qn("w:lang")):
            lang.set(qn("w:val"), LANGUAGES[self.language])

    def surround(self, example: list, footer: str) -> None:
        """The example-data line above every page, and below it the citation and the number of the page."""
        section = self.document.sections[0]
        head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
        head.style, foot.style = self.document.styles["WMO voorbeeld"], self.document.styles["WMO noot"]
        head._p.extend(self._runs(example))
        foot._p.extend([_field("PAGE", "1"), *self._runs([Data(" – " + footer)])])

    def add(self, block: Block) -> None:
        """Adds a block; a Chart without a drawing becomes its table."""
        if isinstance(block, Heading):
            self.document.add_heading(plain(block.text), block.level)
        elif isinstance(block, Text):
            self.document.add_paragraph(style=LOOKS[block.look])._p.extend(self._runs(block.parts))
        elif isinstance(block, Turn):
            self._turn(block.landscape)
        elif isinstance(block, Grid):
            self._grid(block)
        elif block.name in self.drawings:
            self._picture(block, self.drawings[block.name])
        else:
            self._grid(block.grid)

    def save(self, path: Path) -> None:
        package = self.document.part.package
        written = _properties(self.book.properties())
        part = PackagePart(PackURI("/docProps/custom.xml"), PROPERTIES, written, package)
        package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
        self.document.save(str(path))

    # ------------------------------------------------------------ blocks

    def _picture(self, block: Chart, picture: bytes) -> None:
        paragraph = self.document.add_paragraph(style="WMO figuur")
        shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=self._room())
        about, inline = block.figure.layout.meta, shape._inline
        inline.docPr.set("descr", plain(about["alt"]))
        inline.docPr.set("title", plain(about["title"]))
        # without these Word moves a picture as wide as the page by 3 mm
        inline.set("distL", "0")
        inline.set("distR", "0")
        self._caption("figure", block.caption, bool(block.grid.note))
        self._note(block.grid.note)

    def _caption(self, kind: str, text: str, kept: bool = True) -> None:
        """The number and the title of a figure or table, `kept` on the page of what follows."""
        self.numbers[kind] += 1
        name = words.say(f"memo.caption.{kind}", self.language)
        paragraph = self.document.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = kept
        number = _field(f"SEQ {name} \\* ARABIC", str(self.numbers[kind]))
        paragraph._p.extend([_run(name + " "), number, _run(f". {text}")])

    def _grid(self, grid: Grid) -> None:
        self._caption("table", grid.caption)
        self._note(grid.note, above=True)  # below its table it could stand alone on the next page
        widths = [str(round(wide)) for wide in fitted(grid, self._room().twips)]
        table = w("tbl", _about(grid, widths), w("tblGrid", *[w("gridCol", w=width) for width in widths]))
        # the headings stand again on every page that the table runs on to
        table.append(self._row(grid, widths, [[text] for text in grid.head], "WMOcelkop", w("tblHeader")))
        table.extend(self._row(grid, widths, cells, CELLS[grid.look]) for cells in grid.rows)
        if len(grid.rows) <= SHORT:
            for row in table[:-1]:
                _keep(row)
        self.document.element.body.insert(-1, table)  # before the properties of the last section

    def _row(
        self, grid: Grid, widths: list[str], cells: list[list[Part]], look: str, *about: BaseOxmlElement
    ) -> BaseOxmlElement:
        row = w("tr", w("trPr", w("cantSplit"), *about))
        for column, parts in enumerate(cells):
            said = w("pPr", w("pStyle", val=look))
            if column in grid.right:
                said.append(w("jc", val="right"))
            size = w("tcPr", w("tcW", w=widths[column], type="dxa"))
            row.append(w("tc", size, w("p", said, *self._runs(parts))))
        return row

    def _note(self, parts: Sequence[Part], above: bool = False) -> None:
        if parts:
            paragraph = self.document.add_paragraph(style="WMO noot")
            paragraph.paragraph_format.keep_with_next = above
            paragraph._p.extend(self._runs(parts))

    def _room(self) -> Emu:
        """The width of the text on the page."""
        section = self.document.sections[-1]
        return Emu(section.page_width - section.left_margin - section.right_margin)

    def _turn(self, landscape: bool) -> None:
        section = self.document.add_section()
        end = self.document.element.body.findall(qn("w:p"))[-1]  # as high as a line it would make a page of its own
        end.get_or_add_pPr().insert(0, w("spacing", before="0", after="0", line="20", lineRule="exact"))
        section.orientation, section.page_width, section.page_height, margin = PAGES[landscape]
        section.left_margin = section.right_margin = margin

    # ------------------------------------------------------------ runs

    def _runs(self, parts: Sequence[Part]) -> list[BaseOxmlElement]:
        return [
            _control(part) if isinstance(part, Figure) else _run(part, isinstance(part, Data)) for part in parts if part
        ]


def _keep(row: BaseOxmlElement) -> None:
    """Keeps a row of a table on the page of the next."""
    for look in list(row.iter(qn("w:pStyle"))):
        look.addnext(w("keepNext"))


def fitted(grid: Grid, room: float) -> list[float]:
    """The widths of the columns of a table [as room]: as asked, but none narrower than its longest word while another
    can give; a word that is broken in a cell is hard to read."""
    asked = [part * room / sum(grid.widths) for part in grid.widths]
    needs = [_need(grid, number) for number in range(len(asked))]
    spare = [max(0, wide - need) for wide, need in zip(asked, needs, strict=True)]
    lacking = room - sum(needs)
    if lacking < 0 or not sum(spare):
        return [need * room / sum(needs) for need in needs]
    return [need + more * lacking / sum(spare) for need, more in zip(needs, spare, strict=True)]


def _need(grid: Grid, column: int) -> float:
    """The width of the longest word of a column [twips]."""
    letters = POINTS[grid.look] * TWIPS
    wide = [measure(word, HEAD * TWIPS, bold=True) for word in _words(grid.head[column])]
    for row in grid.rows:
        said = "".join(getattr(part, "text", part) for part in row[column])
        wide += [measure(word, letters) for word in _words(said)]
    return max(wide) + MARGINS


def _words(text: str) -> list[str]:
    """The pieces between which a line had better break: not at a no-break space, which is as wide as a space."""
    return [word.replace(NO_BREAK, " ") for word in re.split(r"[ \n\t/]", text)]


def w(tag: str, *children: BaseOxmlElement, **values: str) -> BaseOxmlElement:
    """An element of WordprocessingML."""
    element = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    element.extend(children)
    return element


def _about(grid: Grid, widths: list[str]) -> BaseOxmlElement:
    """The properties of a table: its style, its width, and what a screen reader says of it."""
    ends = {"firstRow": "1", "lastRow": "0", "firstColumn": "1", "lastColumn": "0", "noHBand": "1", "noVBand": "1"}
    return w(
        "tblPr",
        w("tblStyle", val="WMOtabel"),
        w("tblW", w=str(sum(map(int, widths))), type="dxa"),
        w("tblLayout", type="fixed"),
        w("tblLook", **ends, val="06A0"),
        w("tblCaption", val=plain(grid.caption)),
    )


def _control(figure: Figure) -> BaseOxmlElement:
    """The figure in a content control: its tag is the binding, also as the title, which LibreOffice keeps."""
    about = w("sdtPr", w("alias", val=figure.tag), w("tag", val=figure.tag), w("text"))
    return w("sdt", about, w("sdtContent", _run(figure.text)))


def _run(text: str, data: bool = False) -> BaseOxmlElement:
    """A run of text as it stands: line breaks and tabs become Word's own, control characters a space."""
    run = w("r")
    if data:
        run.append(w("rPr", w("rStyle", val="WMObron")))
    for number, line in enumerate(str(text).split("\n")):
        if number:
            run.append(w("br"))
        for at, piece in enumerate(line.split("\t")):
            if at:
                run.append(w("tab"))
            if piece:
                letters = w("t")
                letters.text = plain(piece)
                letters.set(qn("xml:space"), "preserve")
                run.append(letters)
    return run


def _field(instruction: str, shown: str) -> BaseOxmlElement:
    return w("fldSimple", _run(shown), instr=instruction)


def _properties(texts: dict[str, str]) -> bytes:
    office = "http://schemas.openxmlformats.org/officeDocument/2006"
    kind = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
    rows = [
        f'<property fmtid="{kind}" pid="{number}" name={quoteattr(name)}><vt:lpwstr>{_escaped(text)}</vt:lpwstr></property>'
        for number, (name, text) in enumerate(texts.items(), 2)
    ]
    spaces = f'xmlns="{office}/custom-properties" xmlns:vt="{office}/docPropsVTypes"'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<Properties {spaces}>{''.join(rows)}</Properties>".encode()


def _escaped(text: str) -> str:
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
