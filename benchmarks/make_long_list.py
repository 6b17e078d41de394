"""A seeded list of any length in a workspace of its own: python benchmarks/make_long_list.py FOLDER ROWS."""

import csv
import hashlib
import random
import sys
from pathlib import Path

from wmo_analysis.codebook import Codebook

CARD = """# seeded list for measuring speed
file = "lang.csv"
sha256 = "{sha}"
source = "S4"
rows = ["projects"]
basis = "example"
date = 2007-10-01
owner = "benchmark"
received = 2007-10-01
licence = "CC0-1.0"
complete = true
[columns]
title = "Project"
municipality = "Gemeente"
theme = "Thema"
start = "Start"
end = "Einde"
status = "Status"
asked = "Gevraagd"
granted = "Toegekend"
hours = "Uren"
"""


def make(folder: Path, rows: int, seed: int = 333) -> None:
    """Writes data/raw/2007-10-01_long/lang.csv with `rows` rows, and its card."""
    chance, book = random.Random(seed), Codebook.open()
    places = [*book.municipalities["name"], *book.places["text"][:6], "Utrecht-West", "alle gemeenten", "Nergenshuizen"]
    themes = [*book.themes["label_nl"], "Sport en bewegen"]
    target = folder / "data" / "raw" / "2007-10-01_long"
    target.mkdir(parents=True, exist_ok=True)
    with open(target / "lang.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow("Project Gemeente Thema Start Einde Status Gevraagd Toegekend Uren".split())
        for number in range(rows):
            place = ", ".join(chance.sample(places, chance.choice((1, 1, 1, 2))))
            euros = f"€ {chance.randrange(500, 90_000):,},00".replace(",", ".", 1) if chance.random() < 0.9 else "PM"
            day = f"{chance.randrange(1, 29):02}-{chance.randrange(1, 13):02}-200{chance.choice('67')}"
            status = chance.choice(("loopt", "gepland", "afgerond", ""))
            cells = (place, chance.choice(themes), day, f"eind 200{chance.choice('78')}", status, euros, euros)
            out.writerow((f"Project {number % (rows * 9 // 10)}", *cells, chance.choice(("120", "62,5", ""))))
    sha = hashlib.sha256((target / "lang.csv").read_bytes()).hexdigest()
    (target / "lang.card.toml").write_text(CARD.format(sha=sha), encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
