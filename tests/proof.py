"""Digests of all that is made from the lists: the proof that a change of the house changed no figure.

    python tests/proof.py before.json [selections]      # on the old code
    python tests/proof.py after.json [selections]       # on the new code
    python tests/proof.py --compare before.json after.json

One digest each for the clean tables of the shipped lists and of every story of the corpus, for the table of every measure
and the figure of every chart under random selections, and for memos, workbooks and pages. Only public names are used, so
that the same script runs on both sides of a change.
"""

import hashlib
import json
import random
import re
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import pandas as pd

import wmo_analysis as wmo
from wmo_analysis import report

ROOT = Path(__file__).resolve().parent.parent
SEED = 333
DATES = ["2006-01-15", "2006-11-30", "2007-01-15", "2007-04-01", "2007-06-30", "2007-10-09", "2008-06-01"]
STATUSES = ["planned", "running", "completed", "rejected", "withdrawn", "preselected", "unknown"]
BASES = ["all", "without_examples", "published", "letter", "documented", "example"]
WIDTHS = [605, 800, 1280]
BY = {
    "coverage": ["matrix", "municipality", "theme", "region", "source", "white"],
    "budget": ["", "theme", "region", "source", "municipality", "time", "listed"],
    "rounds": ["round", "time"],
    "changes": ["rows", "theme", "region", "source"],
    "quality": ["source", "finding"],
}
PLAIN = ["hours", "timeline", "good_examples", "projects", "claims", "options", "summary", "assumptions"]
DRAWN = ["coverage", "budget", "rounds", "changes", "quality", "hours", "timeline"]


BUILD = []  # the digest of the clean tables that is cited everywhere: one other column changes it, and it is no figure


def short(content):
    data = content if isinstance(content, bytes) else str(content).encode()
    for build in BUILD:
        data = data.replace(build.encode(), b"0" * 12)
    return hashlib.sha256(data).hexdigest()[:16]


def plain(value):
    """A value of `attrs` as JSON holds it, whatever type carries it."""
    if hasattr(value, "items"):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [plain(item) for item in value]
        return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def table_text(table):
    about = dict(table.attrs.get("wmo", {}))
    about.pop("digest", None)
    text = table.to_csv(index=not isinstance(table.index, pd.RangeIndex))
    return text + json.dumps(plain(about), sort_keys=True)


# ---------------------------------------------------------------- what is made


def selections(monitor, count):
    """Random selections with a fixed seed, the first one everything."""
    chance, book = random.Random(SEED), monitor.codebook
    codes = {
        "theme": list(book.themes["theme"]),
        "region": sorted(book.regions["region_id"].unique()),
        "municipality": list(book.municipalities["gm_code"]),
        "source": list(book.sources["source_id"]),
        "round": list(book.rounds["round"]),
        "status": STATUSES,
        "basis": BASES,
    }
    yield "everything", monitor
    for number in range(1, count):
        chosen = {}
        for name in chance.sample(sorted(codes), chance.choice([0, 1, 1, 2, 2, 3])):
            chosen[name] = chance.sample(codes[name], chance.choice([1, 1, 2]) if name != "basis" else 1)
        date = chance.choice(DATES)
        language = chance.choice(["nl", "nl", "en"])
        yield f"{number}", monitor.within(**chosen).as_of(date).in_language(language)


def measured(name, monitor):
    """The table of a measure; a measure that fails on a selection gives the error, so that a mended one shows."""
    try:
        return getattr(wmo.measure, name)(monitor)
    except TypeError as error:
        return pd.DataFrame({"error": [str(error)]})


def measures(monitor, chance):
    """(name, table, figures) of every measure."""
    chart, measure = wmo.chart, wmo.measure
    since = chance.choice([day for day in DATES if day < monitor.date] or [monitor.date])
    for name, ways in BY.items():
        for by in ways:
            given = {"by": by} if by else {}
            table = (
                measure.changes(monitor, since, **given)
                if name == "changes"
                else getattr(measure, name)(monitor, **given)
            )
            yield f"{name} {by}", table, name if by not in ("white", "rows") or name == "changes" else ""
    yield "coverage municipal", measure.coverage(monitor, theme_set="municipal"), "coverage"
    for name in PLAIN:
        yield name, measured(name, monitor), name if name in DRAWN else ""
    for gm_code in chance.sample(monitor.municipalities, min(2, len(monitor.municipalities))):
        yield f"profile {gm_code}", measure.profile(monitor, gm_code), "profile"
    table = measure.coverage(monitor, by="municipality")
    figure = chart.tilemap(table, "projects", width=800)
    yield "tilemap", table, figure


def figure_of(name, table, width):
    try:
        return getattr(wmo.chart, name)(table, width=width).to_plotly_json()
    except (wmo.WmoError, KeyError, ValueError) as error:  # what a chart refuses is part of what it does
        return f"{type(error).__name__}: {error}"


def of_selections(monitor, count, proof):
    chance = random.Random(SEED)
    for number, chosen in selections(monitor, count):
        for name, table, drawn in measures(chosen, chance):
            proof[f"measure {number} {name}"] = short(table_text(table))
            if isinstance(drawn, str) and drawn:
                width = chance.choice(WIDTHS)
                drawn = figure_of(drawn, table, width)
            elif not isinstance(drawn, str):
                drawn = drawn.to_plotly_json()
            if drawn:
                proof[f"figure {number} {name}"] = short(json.dumps(plain(drawn), sort_keys=True, default=str))
        traced = chosen.trace(gm_code="GM0342", theme="P3")
        proof[f"trace {number}"] = short(traced.to_csv(index=False))


def office(path):
    """The parts of an office file that hold what it says: no pictures, no times of making."""
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if n.endswith(".xml") and "docProps/core" not in n and "rels" not in n]
        texts = [re.sub(r'descr="[^"]*"', "", archive.read(name).decode("utf-8", "replace")) for name in sorted(names)]
    return "\n".join(texts)


def of_documents(monitor, folder, proof):
    west = monitor.within(region="Utrecht-West")
    for name, chosen in {
        "all": monitor,
        "2006": monitor.as_of("2006-11-30"),
        "west": west,
        "english": west.in_language("en").within(theme="P3"),
        "published": monitor.within(basis="published"),
    }.items():
        proof[f"workbook {name}"] = short(office(report.workbook(chosen, folder / f"{name}.xlsx")))
        proof[f"page {name}"] = short(report.page(chosen, folder / f"{name}.html").read_bytes())
        if name in ("all", "2006", "english"):
            proof[f"memo {name}"] = short(office(report.memo(chosen, folder / f"{name}.docx")))
    proof["memo programme"] = short(office(report.memo(monitor, folder / "p.docx", programme="Burgers Betrekken")))


def without_hash(text):
    """The text without the sha256 of a list: office files hold the time at which they were made."""
    return re.sub(r"[0-9a-f]{64}", "", text if isinstance(text, str) else text.decode("utf-8"))


def of_clean(folder, name, proof):
    for path in sorted(Path(folder).glob("*")):
        text = path.read_bytes()
        if path.name == "datapackage.json":
            text = json.dumps(json.loads(text)["sources"], sort_keys=True)
        proof[f"clean {name} {path.name}"] = short(without_hash(text))


def of_corpus(folder, proof):
    import test_add_corpus as corpus
    from conftest import built

    from wmo_analysis import add

    for name, file in corpus.CASES:
        make, _, stated = corpus.STORIES[name]
        rows, merged, _ = make()
        root = folder / f"{name}_{file}"
        root.mkdir(parents=True)
        corpus.write(root / file, rows, merged)
        about = add.look(root / file)
        seen = about if isinstance(about, dict) else about.as_dict()
        proof[f"look {name} {file}"] = short(json.dumps(seen, sort_keys=True))
        granted = [c["column"] for c in seen["columns"] if c["proposed"] == "granted"]
        chosen = add.choose(about, dict.fromkeys(granted, "granted"))
        card = add.write(root / file, chosen, root / "w", "2007-10-01", corpus.ON, source="S4", **stated)
        proof[f"card {name} {file}"] = short(without_hash(card.read_text("utf-8")))
        built(root / "w")
        of_clean(root / "w" / "data" / "clean", f"{name} {file}", proof)


def prove(count):
    proof = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
        sys.path.insert(0, str(ROOT / "tests"))
        from conftest import built

        built(folder)
        of_clean(folder / "data" / "clean", "shipped", proof)
        monitor = wmo.open(folder)
        BUILD.append(monitor.build)
        of_selections(monitor, count, proof)
        of_documents(monitor, folder / "out", proof)
        BUILD.clear()
        of_corpus(folder / "corpus", proof)
    return proof


def compare(before, after):
    """The names that differ, appeared or went, the first forty of them."""
    differ = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    print(f"{len(before)} before, {len(after)} after, {len(differ)} differ")
    for name in differ[:40]:
        print("  ", name)
    return 1 if differ else 0


if __name__ == "__main__":
    if sys.argv[1] == "--compare":
        sys.exit(compare(*(json.loads(Path(name).read_text()) for name in sys.argv[2:4])))
    made = prove(int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    Path(sys.argv[1]).write_text(json.dumps(made, indent=0, sort_keys=True), encoding="utf-8")
    print(f"{len(made)} digests")
