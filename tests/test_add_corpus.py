"""Lists as they really are, made at run time with a fixed seed: each story tells one trouble, in every format that can hold
it, and what must come out. The list is added as an analyst would: look, choose what is asked, write, build."""

import datetime
import random

import pytest
from conftest import WRITERS, as_csv, built, text_of
from monitors import read_here
from test_add_formats import as_html, as_json

from wmo_analysis import add
from wmo_analysis.codebook import Codebook

BOOK = Codebook.open()
PLACES = dict(zip(BOOK.municipalities["name"], BOOK.municipalities["gm_code"], strict=True))
STATES = {"loopt": "running", "gepland": "planned", "afgerond": "completed", "Afgewezen": "rejected",
          "ingetrokken": "withdrawn"}  # fmt: skip
HEADER = ["Zaaknummer", "Project", "Gemeente", "Startdatum", "Verleend bedrag", "Status"]
ON = "2026-11-22"


def records(seed, count=12):
    """Clean records: key, title, place (name), day, cents, status (text)."""
    chance = random.Random(seed)
    return [
        {"key": f"Z-{100 + n}", "title": f"Plan {chance.choice(['wonen', 'zorg', 'buurt', 'één loket'])} {n}",
         "place": chance.choice(sorted(PLACES)), "day": datetime.date(2006, 1, 1) + datetime.timedelta(chance.randrange(700)),
         "cents": chance.randrange(1, 9_999) * 100 + chance.choice([0, 50, 5]), "status": chance.choice(sorted(STATES))}
        for n in range(count)
    ]  # fmt: skip


def euro(cents):
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}€ {whole:,}".replace(",", ".") + f",{rest:02}"


def cells(record, **other):
    """The cells of a record, in the order of HEADER."""
    plain = {"key": record["key"], "title": record["title"], "place": record["place"], "day": record["day"],
             "cents": euro(record["cents"]), "status": record["status"]}  # fmt: skip
    return list((plain | other).values())


def wanted(listed, **other):
    """What must come out: title -> (gm_codes, start, cents, status); `other` replaces a column by a function of a record."""
    make = {"codes": lambda r: PLACES[r["place"]], "day": lambda r: r["day"].isoformat(), "cents": lambda r: r["cents"],
            "status": lambda r: STATES[r["status"]]} | other  # fmt: skip
    return sorted((r["title"], *(make[name](r) for name in ("codes", "day", "cents", "status"))) for r in listed)


def outcome(tables):
    places = tables["placements"].groupby("project_id")["gm_code"].agg(lambda codes: "|".join(sorted(set(codes))))
    cents = tables["amounts"].query("kind == 'granted'").groupby("project_id")["cents"].sum()
    return sorted(
        (p["title"], places.get(p["project_id"], p["placement"]), p["start_from"], int(cents.get(p["project_id"], -1)),
         p["status"]) for p in tables["projects"].to_dict("records")
    )  # fmt: skip


# ---------------------------------------------------------------- stories: rows, merged cells, what must come out, choices

ALL = ("a.csv", "c.xlsx", "e.docx", "f.html")
STORIES = {}


def story(formats=ALL, **choices):
    def note(make):
        STORIES[make.__name__] = (make, formats, choices)
        return make

    return note


@story((*ALL, "g.json"))
def a_plain_list():
    listed = records(1)
    return [HEADER, *map(cells, listed)], [], wanted(listed)


@story()
def title_rows_totals_a_repeated_header_and_notes():
    listed = records(2)
    half = [cells(r) for r in listed[:6]], [cells(r) for r in listed[6:]]
    sums = [sum(r["cents"] for r in listed[:6]), sum(r["cents"] for r in listed)]
    blank = [""] * 5
    rows = [["Overzicht verleende subsidies", *blank], ["stand", "1 oktober 2007", *blank[1:]], ["", *blank],
            HEADER, *half[0],
            ["Subtotaal", "", "", "", euro(sums[0]), ""], HEADER, *half[1], ["Totaal", "", "", "", euro(sums[1]), ""],
            ["Bron: eigen administratie", *blank]]  # fmt: skip
    return rows, [], wanted(listed)


@story(formats=("c.xlsx", "d.ods", "e.docx"))
def a_header_of_two_rows_with_merged_groups():
    listed = records(3)
    rows = [
        ["Zaaknummer", "Project", "", "Verlening", "", "Status"],
        ["", "Naam", "Gemeente", "Startdatum", "Bedrag", ""],
    ]
    merged = [(0, 1, 0, 2), (0, 3, 0, 4), (0, 0, 1, 0), (0, 5, 1, 5)]
    return rows + [cells(r) for r in listed], merged, wanted(listed)


@story()
def a_bilingual_header_padded_with_blanks():
    listed = records(4)
    english = ["File number", "Project title", "Municipality", "Start date", "Amount granted", "State"]
    header = [f"{dutch:<30}{text}" for dutch, text in zip(HEADER, english, strict=True)]
    return [header, *map(cells, listed)], [], wanted(listed)


@story()
def section_rows_name_the_municipality():
    listed = sorted(records(5), key=lambda r: r["place"])
    rows = [[name for name in HEADER if name != "Gemeente"]]
    for at, record in enumerate(listed):
        if not at or record["place"] != listed[at - 1]["place"]:
            rows.append([f"Gemeente {record['place']}", "", "", "", ""])
        rows.append([cell for at, cell in enumerate(cells(record)) if at != 2])
    return rows, [], wanted(listed)


@story((*ALL, "g.json"))
def amounts_as_text_and_as_numbers_negative_and_not_known():
    listed = records(6)
    listed[0]["cents"], listed[1]["cents"] = -12_550, 0
    ways = [euro, lambda c: c / 100, lambda c: euro(c)[2:], lambda c: f"{euro(c)[2:-3]},-" if c % 100 == 0 else euro(c)]
    rows = [cells(r, cents=ways[n % 4](r["cents"]) if n > 1 else euro(r["cents"])) for n, r in enumerate(listed)]
    rows[11][4] = "PM"
    listed[11]["cents"] = -1
    return [HEADER, *rows], [], wanted(listed)


@story((*ALL, "g.json"))
def amounts_in_thousands_of_euros():
    listed = records(7)
    for record in listed:
        record["cents"] = record["cents"] // 100 * 1000
    header = [f"{name} (x € 1.000)" if "bedrag" in name else name for name in HEADER]
    return (
        [header, *(cells(r, cents=f"{r['cents'] / 100_000:.2f}".replace(".", ",")) for r in listed)],
        [],
        wanted(listed),
    )


@story((*ALL, "g.json"))
def amounts_with_a_decimal_point():
    listed = records(8)
    return [HEADER, *(cells(r, cents=f"{r['cents'] / 100:,.2f}") for r in listed)], [], wanted(listed)


@story((*ALL, "g.json"))
def dates_as_text_serials_years_and_iso():
    listed = records(9)
    ways = [lambda d: f"{d.day}-{d.month}-{d.year}", lambda d: str((d - datetime.date(1899, 12, 30)).days),
            lambda d: f"{d}T00:00:00.000", lambda d: f"{d:%Y%m%d}", lambda d: d]  # fmt: skip
    rows = [cells(r, day=ways[n % 5](r["day"])) for n, r in enumerate(listed)]
    rows[10][3], listed[10]["day"] = "2007", datetime.date(2007, 1, 1)
    return [HEADER, *rows], [], wanted(listed)


@story()
def places_in_capitals_with_blanks_departments_and_damaged_letters():
    listed = records(10)
    ways = [str.upper, lambda p: f" {p}  ", lambda p: f"Gemeente {p}, Werk en Inkomen", lambda p: f"gemeente {p}"]
    rows = [cells(r, place=ways[n % 4](r["place"])) for n, r in enumerate(listed)]
    rows[0][2], listed[0]["place"] = "Tull en â€™t Waal", "Houten"
    return [HEADER, *rows], [], wanted(listed)


@story(whole_country=True)
def a_list_of_the_whole_country_with_amounts_that_belong_to_nobody():
    listed = records(11)
    rows = [cells(r) for r in listed]
    for n, (place, placement) in enumerate(
        {"Groningen": "outside", "DEN HAAG ": "outside", "Overig": "unassigned"}.items()
    ):
        rows[n][2], listed[n]["place"] = place, placement
    return [HEADER, *rows], [], wanted(listed, codes=lambda r: PLACES.get(r["place"], r["place"]))


@story((*ALL, "g.json"))
def participants_a_partnership_and_a_dissolved_municipality():
    listed = records(12)
    rows = [cells(r) for r in listed]
    eemland = "|".join(sorted(BOOK.members("2006-11-30")["EEM"]))
    shared = {
        "Baarn; Soest": "GM0308|GM0342",
        "Maartensdijk en De Bilt": "GM0310",
        "gewest Eemland": eemland,
    }
    for n, (text, codes) in enumerate(shared.items()):
        rows[n][2], listed[n]["place"] = text, codes
    return [HEADER, *rows], [], wanted(listed, codes=lambda r: PLACES.get(r["place"], r["place"]))


@story((*ALL, "g.json"))
def rows_that_are_exact_repeats_and_genuine():
    listed = records(13)
    listed = [*listed, listed[0], listed[0]]
    rows = [[cell for at, cell in enumerate(cells(r)) if at] for r in listed]
    return [HEADER[1:], *rows], [], wanted(listed)


@story((*ALL, "g.json"))
def several_bookings_on_one_case():
    listed = records(14)
    more = [listed[0] | {"cents": 12_300}, listed[0] | {"cents": -2_300}]
    out = [listed[0] | {"cents": listed[0]["cents"] + 10_000}, *listed[1:]]
    return [HEADER, *map(cells, [*listed, *more])], [], wanted(out)


def write(path, rows, merged):
    if path.suffix == ".json":
        path.write_bytes(as_json(rows))
    elif path.suffix == ".html":
        path.write_bytes(as_html(rows))
    elif path.suffix == ".tsv":
        path.write_bytes(as_csv(rows, encoding="cp1252", delimiter="\t"))
    else:
        path.write_bytes(WRITERS[path.suffix](rows, merged))


CASES = [(name, file) for name, (_, formats, _) in STORIES.items() for file in formats]


@pytest.mark.parametrize("name, file", CASES, ids=[f"{name}-{file[2:]}" for name, file in CASES])
def test_a_messy_list_comes_out_as_its_story_says(name, file, tmp_path):
    make, _, stated = STORIES[name]
    rows, merged, expected = make()
    path = tmp_path / file
    write(path, rows, merged)
    root = tmp_path / "w"
    with read_here():
        about = add.look(path)
    granted = [c.column for c in about.columns if c.proposed == "granted"]
    add.write(path, add.choose(about, dict.fromkeys(granted, "granted")), root, "2007-10-01", ON, source="S4", **stated)
    if "Overig" in str(rows):
        add.decide(root, "municipality", "Overig", "unassigned", "beleidsmedewerker", ON)
    with read_here():
        tables = built(root)
    assert outcome(tables) == expected
    account = tables["ledger"].iloc[0]
    assert account["rows_in"] == account["rows_used"] + account["rows_merged"] + account["rows_set_aside"]
    assert (
        account["cents_in"]
        == account["cents_used"]
        == sum(max(row[3], 0) if row[3] == -1 else row[3] for row in expected)
    )
    assert not {"R14", "C01", "C03"} & set(tables["findings"]["code"])


def test_every_text_of_a_story_differs_from_the_next():
    assert len({text_of(make()[0]) for make, _, _ in STORIES.values()}) == len(STORIES)
