"""What a file is, by its content: its name decides nothing."""

import contextlib
import re
import zipfile
import zlib
from pathlib import Path

from wmo_analysis.errors import ListUnreadable
from wmo_analysis.readers.limits import DAMAGED, UNPACKED

NO_LISTS = {  # how a file begins that is no list, and what it is
    b"%PDF": "een pdf",
    b"\x89PNG\r\n": "een afbeelding (png)",
    b"\xff\xd8\xff": "een afbeelding (jpg)",
    b"GIF8": "een afbeelding (gif)",
    b"II*\0": "een afbeelding (tiff)",
    b"MM\0*": "een afbeelding (tiff)",
    b"{\\rtf": "een tekst (rtf)",
    b"L\0\0\0\x01\x14\x02\0": "een snelkoppeling",
    b"[InternetShortcut]": "een snelkoppeling",
    b"bplist00": "een snelkoppeling",
    b"\x1f\x8b": "een ingepakt bestand (gz)",
    b"7z\xbc\xaf\x27\x1c": "een ingepakt bestand (7z)",
    b"Rar!\x1a": "een ingepakt bestand (rar)",
    b"PAR1": "een databestand (parquet)",
    b"SQLite format 3\0": "een database (sqlite)",
}
ZIP = "een ingepakt bestand (zip)"
SAME_KIND = {".xlsx": (".xlsb",), ".csv": (".txt", ".tsv", ".tab"), ".html": (".htm", ".xhtml"), ".json": (".geojson",)}
LIVE = {  # what an office file holds beside its cells, and the parts by which it is known
    "macro's": r"vbaProject\.bin|\nBasic/|\nScripts/|macrosheets/",
    "koppelingen": r"\n\w+/externalLinks/|\nxl/connections|\nxl/queryTables/",
}


def kind_of(path: Path) -> str:
    with open(path, "rb") as file:
        start = file.read(max(map(len, NO_LISTS)))
    for begins, what in NO_LISTS.items():
        if start.startswith(begins):
            raise ListUnreadable("R33", f"dit is {what}, geen lijst", what)
    if start.startswith(b"PK"):
        return _zip_kind(path)
    if not start.startswith(b"\xd0\xcf\x11\xe0"):
        return _text_kind(path)
    if path.suffix.lower() != ".xls" and has(path, b"E\0n\0c\0r\0y\0p\0t\0e\0d"):
        raise ListUnreadable("R02", "met een wachtwoord beveiligd")
    return ".xls"


def live(path: Path) -> str:
    """ "macro's, koppelingen": what an office file holds that a program would run or follow, and we never do."""
    if not zipfile.is_zipfile(path):
        return ""
    with contextlib.suppress(zipfile.BadZipFile, OSError, ValueError), zipfile.ZipFile(path) as archive:
        names = "\n".join(["", *archive.namelist()])
        return ", ".join(word for word, part in LIVE.items() if re.search(part, names))
    return ""


def has(path: Path, what: bytes) -> bool:
    """Whether bytes occur in a file, which may be larger than memory."""
    rest = b""
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            if what in block or what in rest + block[: len(what)]:
                return True
            rest = block[-len(what) :]
    return False


def _text_kind(path: Path) -> str:
    """What a text file holds: json records, a web page with a table (also when a program calls it .xls), or csv."""
    with open(path, "rb") as file:
        start = file.read(200_000).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start[:1] in (b"[", b"{") and re.match(rb'[\[{]\s*["{\[\]}]', start):
        return ".json"
    return ".html" if start[:1] == b"<" and b"<t" in start.lower() else ".csv"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
            names = set(archive.namelist())
            encrypted = any(info.flag_bits & 1 for info in archive.infolist())
            manifest = b""
            if "META-INF/manifest.xml" in names and size < UNPACKED:
                manifest = archive.read("META-INF/manifest.xml")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise ListUnreadable("R01", DAMAGED) from error
    if size > UNPACKED:
        raise ListUnreadable("R03", f"te groot: uitgepakt {size // 1_000_000} MB")
    if encrypted or b"encryption-data" in manifest:
        raise ListUnreadable("R02", "met een wachtwoord beveiligd")
    if "word/document.xml" in names:
        return ".docx"
    if not any(name.startswith(("xl/", "[Content_Types]", "content.xml", "mimetype")) for name in names):
        raise ListUnreadable("R33", f"dit is {ZIP}, geen lijst", ZIP)
    return ".ods" if "content.xml" in names else ".xlsx"
