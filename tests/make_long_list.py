"""A register of grants as a province publishes it: long descriptions, and every fifth row one of eight genuine repeats."""

import csv
import random
from pathlib import Path

PLACES = ("Amersfoort", "Baarn", "Utrecht", "Zeist", "De Bilt", "Soest", "Nieuwegein", "Houten")
HEAD = ["Project", "Gemeente", "Thema", "Toegekend", "Status", "Toelichting"]
WORDS = (
    "de subsidie is bestemd voor activiteiten van vrijwilligers in de wijk die bijdragen aan ontmoeting en zorg".split()
)


def written(path: Path, rows: int, seed: int = 13) -> Path:
    """Writes the list; returns its path."""
    chance = random.Random(seed)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEAD)
        for number in range(rows):
            again = number % 5 == 0
            title = "Mobiliteitspas" if again else f"Ontmoeting {number} in de buurt"
            place = PLACES[number // 5 % len(PLACES)] if again else chance.choice(PLACES)
            money = f"{chance.randrange(1_000, 90_000)},00"
            writer.writerow([title, place, "Mantelzorg", money, "lopend", " ".join(chance.choices(WORDS, k=90))])
    return path
