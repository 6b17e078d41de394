"""What a workbook holds that the reading of its cells does not show: error cells, formulas without an outcome, hidden rows
and columns, rows that stand for a million, and the currency or unit that the format of a number shows.

Sheets are looked through as bytes, some at a time: taking them apart as XML would take longer than reading the list.
"""

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

BLOCK = 16_000_000  # bytes of a sheet that are looked through at a time
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\shidden=["\'](?:1|true)["\'][^>]*>')
_COLUMN = re.compile(rb'<(?:\w+:)?col\b[^>]*?\shidden=["\'](?:1|true)["\'][^>]*>')
_ERROR = re.compile(rb'<(?:\w+:)?c\b([^>]*?\st=["\']e["\'][^>]*)(?<!/)>.*?<(?:\w+:)?v>([^<]*)<', re.DOTALL)
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)(?<!/)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)(?!\s*<(?:\w+:)?v>[^<])(?!\s*<(?:\w+:)?is>)"
)
_TEXT = re.compile(rb'\st=["\'](?:str|s|inlineStr|e)["\']')  # an outcome that is an empty text is an outcome
_PLACE = re.compile(rb'\sr=["\']([A-Z]{1,3})(\d{1,7})["\']')
_OPENED = re.compile(rb"<table:(table-row|table-column|table-cell|covered-table-cell|table)(?![-\w])([^>]*)>")
_ASIDE = re.compile(rb'\stable:visibility=["\'](?:collapse|filter)["\']')
_NAME = re.compile(rb'\stable:name=["\']([^"\']*)["\']')
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated=["\'](\d+)["\']')
_UNCOUNTED = re.compile(rb'<table:table-cell\b(?=[^>]*\stable:formula=["\'])(?![^>]*\soffice:value-type=)[^>]*>')
_FAILED = b'calcext:value-type="error"'
_SHOWN = re.compile(rb"\s*<text:p>([^<]*)")
_SPAN = re.compile(rb'<w:gridSpan\b[^>]*\sw:val=["\'](\d+)')
_FORMAT = re.compile(rb'<(?:\w+:)?numFmt\b(?=[^>]*?\snumFmtId="(\d+)")[^>]*?\sformatCode="([^"]*)"')
_STYLE = re.compile(rb'<(?:\w+:)?xf\b[^>]*?numFmtId="(\d+)"')
_CURRENCY = re.compile(r"(?:US)?\$|£|¥|ƒ|(?!EUR)(?-i:[A-Z]{3})|h?fl\.?|kr\.?", re.IGNORECASE)
_UNIT = re.compile(r"k|[x*] ?1[. ]?000|mio\.?|mln\.?|miljoen|duizend", re.IGNORECASE)
_OTHER = re.compile(rb'\soffice:currency="(?!EUR)([A-Z]{3})"')
_HOLDS = re.compile(rb"\soffice:value-type=|<text:")


@dataclass
class Aside:
    """What the cells of a sheet do not show: (row, column, text) of cells that come out empty, (row, column, before, behind)
    of numbers that are shown with a currency or unit beside them, columns of numbers that are shown in thousands or
    millions, and hidden rows and columns, all from 0."""

    cells: list[tuple[int, int, str]] = field(default_factory=list)
    beside: list[tuple[int, int, str, str]] = field(default_factory=list)
    scaled: set[int] = field(default_factory=set)
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)

    def hidden(self, cells: list[list]) -> str:
        """'rijen 5-8, 12 (5), kolommen C (1)': which of the rows and columns of these cells that hold anything are hidden,
        as a spreadsheet numbers them."""
        width = len(cells[0]) if cells else 0
        rows = [row for row in set(self.rows) if row < len(cells) and any(map(_filled, cells[row]))]
        columns = [at for at in set(self.columns) if at < width and any(map(_filled, map(itemgetter(at), cells)))]
        said = []
        if rows:
            said.append(f"rijen {_runs(rows, lambda row: str(row + 1))} ({len(rows)})")
        if columns:
            said.append(f"kolommen {_runs(columns, letter)} ({len(columns)})")
        return ", ".join(said)


def _filled(cell: object) -> bool:
    return cell != ""


def letter(column: int) -> str:
    """The name of a column as a spreadsheet shows it: 0 -> A, 26 -> AA."""
    last = chr(ord("A") + column % 26)
    if column < 26:
        return last
    return letter(column // 26 - 1) + last


def _runs(places: list[int], name: Callable[[int], str]) -> str:
    """'5-8, 12' of the places, at most ten runs of them."""
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    said = ["-".join(map(name, dict.fromkeys(run))) for run in runs[:10]]
    return ", ".join(said + ["..."] * (len(runs) > 10))


# ---------------------------------------------------------------- xlsx


def of_xlsx(archive: zipfile.ZipFile) -> list[Aside]:
    """For each sheet, in the order of the workbook, what its cells do not show; nothing where a sheet is not found."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return []
    targets = {}
    for relation in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", archive.read("xl/_rels/workbook.xml.rels")):
        number, target = (re.search(rb'\s%s=["\']([^"\']*)' % part, relation) for part in (b"Id", b"Target"))
        if number and target:
            path = target[1].decode("utf-8", "replace")
            if not path.startswith("/"):  # as every spreadsheet writes it: from the folder of the workbook
                path = f"/xl/{path}"
            targets[number[1]] = path[1:]
    sheets = re.findall(rb'<(?:\w+:)?sheet\b[^>]*?\s\w+:id=["\']([^"\']*)', archive.read("xl/workbook.xml"))
    paths = [targets.get(number, "") for number in sheets]
    shown = _shown_beside(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
    return [_sheet(archive, path, shown) if path in names else Aside() for path in paths]


def _shown_beside(styles: bytes) -> dict[bytes, tuple[str, str] | None]:
    """style of a cell -> what its format shows before and behind a number; None for one that shows thousands. Only formats
    that say more than a number or euros."""
    codes = {match[1]: html.unescape(match[2].decode("utf-8", "replace")) for match in _FORMAT.finditer(styles)}
    told = {number: _beside(code) for number, code in codes.items()}
    styled = styles.partition(b"<cellXfs")[2].partition(b"</cellXfs>")[0]
    shown = {}
    for at, match in enumerate(_STYLE.finditer(styled)):
        if told.get(match[1], ("", "")) != ("", ""):
            shown[str(at).encode()] = told[match[1]]
    return shown


def _beside(code: str) -> tuple[str, str] | None:
    """What a number format shows before and behind a number: '[$USD] #,##0' -> ('USD ', ''); None for '#,##0,'."""
    first = code.split(";")[0]
    if re.search(r"[0#?],+(?![0#?,])", re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", first)):
        return None
    signs = re.findall(r"\[\$([^\]-]+)[^\]]*\]|\"([^\"]+)\"|\\\\?([$£¥])", first)
    said = ["".join(each).strip() for each in signs]
    before, behind = next(filter(_CURRENCY.fullmatch, said), ""), next(filter(_UNIT.fullmatch, said), "")
    return before and f"{before} ", behind and f" {behind}"


def _sheet(archive: zipfile.ZipFile, path: str, shown: dict[bytes, tuple[str, str] | None]) -> Aside:
    found = Aside()
    styled = re.compile(rb'<(?:\w+:)?c\b([^>]*?\ss="(%s)"[^>]*)>' % b"|".join(shown)) if shown else None
    for block in _blocks(archive, path):
        for tag, style in styled.findall(block) if styled else ():
            for row, column, _ in _placed([(tag, b"")]):
                if shown[style] is None:
                    found.scaled.add(column)
                else:
                    found.beside.append((row, column, *shown[style]))
        if b"hidden=" in block:
            for tag in _ROW.findall(block):
                if place := re.search(rb'\sr=["\'](\d{1,7})["\']', tag):
                    found.rows.append(int(place[1]) - 1)
            for tag in _COLUMN.findall(block):
                first, last = (re.search(rb'\s%s=["\'](\d{1,5})["\']' % end, tag) for end in (b"min", b"max"))
                if first and last:
                    found.columns += range(int(first[1]) - 1, int(last[1]))
        if b't="e"' in block or b"t='e'" in block:
            found.cells += _placed(_ERROR.findall(block))
        if b"<f" in block or b":f" in block:
            empty = [(tag, b"=" + text) for tag, text in _FORMULA.findall(block) if not _TEXT.search(tag)]
            found.cells += _placed(empty)
    return found


def _placed(cells: list[tuple[bytes, bytes]]) -> list[tuple[int, int, str]]:
    """row, column and text of cells; one that does not say where it is cannot be told."""
    placed = []
    for tag, text in cells:
        place = _PLACE.search(tag)
        if place:
            column = 0
            for sign in place[1]:
                column = 26 * column + sign - 64
            placed.append((int(place[2]) - 1, column - 1, html.unescape(text.decode("utf-8", "replace"))))
    return placed


def _blocks(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """The bytes of a member, cut behind the end of a cell."""
    rest = b""
    with archive.open(path) as file:
        while block := file.read(BLOCK):
            block = rest + block
            end = block.rfind(b"c>") + 2
            if end > 1:
                yield block[:end]
                rest = block[end:]
            else:
                rest = block
    yield rest


# ---------------------------------------------------------------- ods


def of_ods(content: bytes) -> dict[str, Aside]:
    """For each sheet of an ods, by name, what its cells do not show."""
    if not (_FAILED in content or any(sign.search(content) for sign in (_ASIDE, _UNCOUNTED, _OTHER))):
        return {}
    sheets: dict[str, Aside] = {}
    found, row, column, heading = Aside(), -1, 0, 0
    behind = 0  # the row after this one
    for tag in _OPENED.finditer(content):
        kind, about = tag[1], tag[2]
        count = int(match[1]) if (match := _REPEATED.search(about)) else 1
        if kind == b"table":
            name = match[1].decode("utf-8", "replace") if (match := _NAME.search(about)) else ""
            found = sheets.setdefault(html.unescape(name), Aside())
            row, column, heading, behind = -1, 0, 0, 0
        elif kind == b"table-column":
            if _ASIDE.search(about):
                found.columns += range(heading, heading + min(count, 1000))
            heading += count
        elif kind == b"table-row":
            row, column, behind = behind, 0, behind + count
            if _ASIDE.search(about):
                found.rows += range(row, row + min(count, 1000))
        else:
            if text := _not_counted(content, tag):
                found.cells.append((row, column, html.unescape(text.decode("utf-8", "replace"))))
            if sign := _OTHER.search(about):
                found.beside += [
                    (row, at, f"{sign[1].decode()} ", "") for at in range(column, column + min(count, 1000))
                ]
            column += count
    return sheets


def _not_counted(content: bytes, tag: re.Match) -> bytes:
    """The error that a cell shows, or its formula where that has no outcome; nothing for other cells."""
    if tag[1] != b"table-cell":
        return b""
    if _FAILED in tag[2]:
        if shown := _SHOWN.match(content, tag.end()):
            return shown[1]
        return b""
    if not _UNCOUNTED.fullmatch(tag[0]):
        return b""
    return re.search(rb'\stable:formula=["\'](?:\w+:)?([^"\']*)', tag[2])[1]


def widest(document: bytes) -> int:
    """The most columns that a cell of a Word document spans."""
    return max((int(number[:9]) for number in _SPAN.findall(document)), default=1)


def repeats(content: bytes, most: int) -> bool:
    """Whether an ods says of a row or cell that holds something that it stands more than `most` times."""
    if not any(len(number) > 9 or int(number) > most for number in _REPEATED.findall(content)):
        return False
    for tag in _OPENED.finditer(content):
        number = _REPEATED.search(tag[2])
        if number and (len(number[1]) > 9 or int(number[1]) > most):
            end = b"</table:table-row>" if tag[1] == b"table-row" else b"</table:table-cell>"
            stop = tag.end() if tag[2].endswith(b"/") else content.find(end, tag.end())
            if tag[1] != b"table-column" and _HOLDS.search(content, tag.start(), stop if stop > 0 else len(content)):
                return True
    return False
