"""Makes wmo_analysis/template/memo.docx: the styles of a memo, and nothing in it. Run it after a change here.

The memo asks for styles by name; a house style of your own is this file, opened in Word and changed there.
"""

from pathlib import Path

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

PATH = Path(__file__).resolve().parent.parent / "wmo_analysis" / "template" / "memo.docx"
INK, MUTED, BLUE, ORANGE, WHITE = map(RGBColor.from_string, "1A1D21 5A626C 12436D B8430C FFFFFF".split())
# name: based on, points, bold, colour, before and after [pt], keep with next
STYLES = {
    "Title": ("Normal", 20, True, BLUE, 0, 2, True),
    "Subtitle": ("Normal", 11, False, MUTED, 0, 14, False),
    "Heading 1": ("Normal", 14, True, BLUE, 18, 6, True),
    "Heading 2": ("Normal", 11, True, INK, 12, 4, True),
    "Caption": ("Normal", 8.5, False, MUTED, 3, 12, False),
    "WMO tekst": ("Normal", 10, False, INK, 0, 6, False),
    "WMO opsomming": ("List Bullet", 10, False, INK, 0, 3, False),
    "WMO kop": ("Normal", 10, False, INK, 0, 2, False),
    "WMO noot": ("Normal", 8.5, False, MUTED, 4, 8, False),
    "WMO figuur": ("Normal", 10, False, INK, 8, 0, True),
    "WMO cel": ("Normal", 8.5, False, INK, 1.5, 1.5, False),
    "WMO cel klein": ("Normal", 7.5, False, INK, 1, 1, False),
    "WMO celkop": ("Normal", 8, True, WHITE, 2, 2, True),
    "WMO voorbeeld": ("Normal", 8.5, True, ORANGE, 0, 6, False),
}
TABLE = f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="WMOtabel"><w:name w:val="WMO tabel"/>
<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblBorders>
<w:top w:val="single" w:sz="8" w:space="0" w:color="12436D"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="12436D"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="E3E6EA"/></w:tblBorders>
<w:tblCellMar><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow">
<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="12436D"/>
<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>"""


def main():
    document = docx.Document()
    body = document.element.body
    for paragraph in list(document.paragraphs):
        body.remove(paragraph._p)
    normal = document.styles["Normal"]
    _font(normal, 10, False, INK)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    normal.paragraph_format.line_spacing = 1.15
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.widow_control = True
    for name, (base, points, bold, color, before, after, keep) in STYLES.items():
        known = [style.name for style in document.styles]
        style = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = document.styles[base], True
        _font(style, points, bold, color)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = keep
        for border in style.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)
    for name in ("WMO cel", "WMO cel klein", "WMO celkop"):
        document.styles[name].paragraph_format.line_spacing = 1.0
    document.styles["WMO kop"].paragraph_format.tab_stops.add_tab_stop(Cm(2.5))
    data = document.styles.add_style("WMO bron", WD_STYLE_TYPE.CHARACTER)
    data.quick_style = True
    document.styles.element.append(parse_xml(TABLE))
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    defaults.find(qn("w:lang")).set(qn("w:val"), "nl-NL")
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        for number in old.findall(qn("w:compatSetting")):
            old.remove(number)
        uri = "http://schemas.microsoft.com/office/word"
        old.append(parse_xml(f'<w:compatSetting {nsdecls("w")} w:name="compatibilityMode" w:uri="{uri}" w:val="15"/>'))
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.9)
    section.top_margin, section.bottom_margin = Cm(2), Cm(1.8)
    section.header_distance = section.footer_distance = Cm(1)
    about = document.core_properties
    about.author = about.comments = about.last_modified_by = about.keywords = ""
    about.title = "WMO-monitor"
    PATH.parent.mkdir(exist_ok=True)
    document.save(PATH)


def _font(style, points, bold, color):
    font = style.font
    font.name, font.size, font.bold, font.italic = "Arial", Pt(points), bold, False
    font.color.rgb = color
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        if "Theme" in name or "theme" in name:
            del fonts.attrib[name]
    for name in ("w:eastAsia", "w:cs", "w:hAnsi", "w:ascii"):
        fonts.set(qn(name), "Arial")
    for spacing in style.element.rPr.findall(qn("w:spacing")) + style.element.rPr.findall(qn("w:kern")):
        style.element.rPr.remove(spacing)


if __name__ == "__main__":
    main()
