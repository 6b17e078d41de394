"""Fifty small faults, and the first cell of a notebook that turns red for each: 40 in the lists, 10 in the code.

python tests/mutations.py [number of faults]       (without a number: all; it prints the table)

The digest of a build stands below every figure and would give every change of the data away: it is left out here.
"""

import contextlib
import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from conftest import as_zip

ROOT = Path(__file__).resolve().parent.parent
EX, BB, KR = (
    "2007-10-01_example/",
    "2007-10-01_example/burgers_betrekken.xlsx",
    "2007-10-01_example/flexibel_krediet.xlsx",
)
WT, NW, SA, AL = EX + "wel_thuis.csv", EX + "nieuw_wonen.csv", EX + "sociale_agenda.ods", EX + "alleato.docx"
LC, DOC, LETTER = EX + "lokaal_centraal.xlsx", "documented/projecten.csv", "2007-10-09_letters/claims.csv"
FIRST = "2006-11-30_letters/"
DATA = [
    (WT, "Wonen met zorg in de dorpskern", "Wonen met zorg in het dorp"),
    (WT, "Doorn", "Zeist"),
    (WT, "01-09-2006", "01-12-2006"),
    (WT, "12.500,00", "12.600,00"),
    (WT, "Zelfredzaamheid;loopt", "Mantelzorg;loopt"),
    (WT, "30-06-2008", "30-06-2007"),
    (WT, "10.000,00", "11.000,00"),
    (WT, "Baarn, Soest en Leusden", "Baarn en Soest"),
    (WT, "31-12-2008", "31-12-2006"),
    (WT, "750,00;500", "750,00;600"),
    (WT, "Welzijn op recept", "Welzijn op maat"),
    (WT, "Veenendal", "Renswoude"),
    (WT, "afgewezen", "loopt"),
    (WT, "8.000,00", "8.100,00"),
    (NW, "levensloopbestendig verbouwen", "levensloopbestendig bouwen"),
    (NW, "Nieuwegein", "IJsselstein"),
    (NW, "Houten", "Vianen"),
    (NW, "eind 2008", "eind 2006"),
    (NW, "corporatie en zorg", "corporatie"),
    (BB, "Mantelzorgers in beeld", "Mantelzorgers gezien"),
    (BB, "28 sept. 2007", "28 sept. 2008"),
    (BB, "<v>135</v>", "<v>155</v>"),
    (BB, "<v>39349</v>", "<v>39449</v>"),
    (BB, "<v>39112</v>", "<v>39212</v>"),
    (BB, "2 jan. 2007", "2 jan. 2008"),
    (BB, "Vrijwillig dichtbij", "Vrijwillig veraf"),
    (KR, "<v>28500</v>", "<v>28400</v>"),
    (KR, "<v>27000</v>", "<v>27100</v>"),
    (KR, "<v>42000</v>", "<v>43000</v>"),
    (KR, ">Buurtkracht<", ">Buurtmacht<"),
    (LC, ">Amersvoort<", ">Amersfoort<"),
    (LC, ">Woerden<", ">Lopik<"),
    (LC, "Wmo-platform: opstart", "Wmo-platform: begin"),
    (SA, "Respijtzorg dichtbij", "Respijtzorg verderop"),
    (SA, "30-06-2007", "31-12-2008"),
    (AL, "Stand", "Toestand"),
    (LETTER, "overeengekomen met 22 gemeenten,22", "overeengekomen met 23 gemeenten,23"),
    (FIRST + "claims.csv", "Tweede ronde: 7 gemeenten,7", "Tweede ronde: 8 gemeenten,8"),
    (DOC, "30-11-2005,,max. € 15.000", "30-11-2006,,max. € 15.000"),
    (FIRST + "projecten.csv", "gemeente Veenendaal", "gemeente Zeist"),
]
CODE = [
    ("measure/_options.py", "(furthest >= AGREED)", "(furthest > AGREED)"),
    ("measure/_budget.py", "free = allocation - int(", "free = allocation + int("),
    ("measure/_quality.py", "* 100 / table", "* 10 / table"),
    ("measure/_logbook.py", "abs(late)", "abs(late + 1)"),
    ("measure/_texts.py", '"status": status_texts', '"status": place_texts'),
    ("words.py", 'str.maketrans(",.", ".,")', 'str.maketrans(",.", ",.")'),
    ("chart/_bars.py", "THICK = 0.58", "THICK = 0.48"),
    ("dashboard/payload.py", "figure = None if screen.selection.picked else screen.figure", "figure = None"),
    ("dashboard/show.py", "for bundle in self.bundles():", "for bundle in self.bundles()[1:]:"),
    ("add/_desk.py", 'PARTS = ("in", "used", "merged", "set_aside")', 'PARTS = ("in", "used", "merged")'),
]
MUTATIONS = [*DATA, *CODE]


def put(path, was, now):
    """The file with the first `was` in another way, also within a workbook; raises ValueError where it is not there."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    else:
        members = {"": path.read_bytes()}
    for name, data in members.items():
        if was.encode() in data:
            members[name] = data.replace(was.encode(), now.encode(), 1)
            path.write_bytes(members[""] if "" in members else as_zip(members))
            return
    raise ValueError(f"{path.name} does not hold {was}")


@contextlib.contextmanager
def copy():
    """A clone in which a fault may be made."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for part in ("data", "notebooks", "wmo_analysis", "docs"):
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        (root / "digests.cfg").write_text("[digest]\nregex: \\b[0-9a-f]{12}\\b\nreplace: DIGEST\n")
        yield root


def caught(mutation):
    """The first cell that turns red for a fault, 'notebook cell'; '' when none does."""
    file, was, now = mutation
    with copy() as root:
        code = mutation in CODE
        path = root / ("wmo_analysis" if code else "data/raw") / file
        old = hashlib.sha256(path.read_bytes()).hexdigest()
        put(path, was, now)
        environment = {name: value for name, value in os.environ.items() if name != "WMO_HOME"}
        environment["PYTHONPATH"] = os.pathsep.join([str(root), str(ROOT / "tests")])
        if not code:
            card = path.with_name(f"{path.stem}.card.toml")
            card.write_text(
                card.read_text("utf-8").replace(old, hashlib.sha256(path.read_bytes()).hexdigest()), "utf-8"
            )
            command = [sys.executable, "-c", "import wmo_analysis; wmo_analysis.build('.')"]
            subprocess.run(command, cwd=root, env=environment, capture_output=True)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-rf", "-p", "no:cacheprovider", "-p", "leave_pictures"]
        command += ["--nbval", "--nbval-current-env", "--nbval-sanitize-with", "digests.cfg"]
        run = subprocess.run([*command, *_order(file)], cwd=root, env=environment, capture_output=True, text=True)
    found = re.search(r"^FAILED notebooks/(\S+?)::Cell (\d+)", run.stdout, re.M)
    return f"{found[1]} cell {int(found[2]) + 1}" if found else ""


def _order(file):
    """The notebooks, those that show this first: a fault is found sooner."""
    likely = {"add": "09", "dashboard": "02", "chart": "02", BB: "04", KR: "03", LETTER: "06", "measure": "03"}
    first = next((number for part, number in likely.items() if file.startswith(part)), "08")
    names = [path.name for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    return [f"notebooks/{name}" for name in sorted(names, key=lambda name: not name.startswith(first))]


def some(count):
    """A few of them, always the same ones, of lists and of code."""
    chance = random.Random(14)
    return [*chance.sample(DATA, count - count // 4), *chance.sample(CODE, count // 4)]


if __name__ == "__main__":
    chosen = some(int(sys.argv[1])) if sys.argv[1:] else MUTATIONS
    for each in chosen:
        print(" | ".join([*each, caught(each) or "-"]), flush=True)
