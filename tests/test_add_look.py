"""What is seen in a file that nobody described: the shipped lists are proposed as their cards, by hand, say."""

import json
import tomllib
from pathlib import Path

import pytest
from conftest import as_csv, as_docx, as_xlsx

from wmo_analysis.add import look
from wmo_analysis.add._settle import assigned
from wmo_analysis.pipeline import units

RAW = Path(__file__).resolve().parent.parent / "data" / "raw"
CARDS = sorted(RAW.glob("*example/*.card.toml"))


def seen(tmp_path, rows, name="a.csv"):
    """What is seen in these rows, written as csv, xlsx or docx."""
    path = tmp_path / name
    path.write_bytes({".csv": as_csv, ".xlsx": as_xlsx, ".docx": as_docx}[path.suffix](rows))
    return look(path)


def proposed(about):
    """(proposed, asked) of each column."""
    return [(column.proposed, column.asked) for column in about.columns]


@pytest.mark.parametrize("path", CARDS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_column_of_an_example_list_is_proposed_as_its_card_says(path):
    card = tomllib.loads(path.read_text(encoding="utf-8"))
    wanted = {}
    for ours, headers in card["columns"].items():
        wanted |= dict.fromkeys(headers if isinstance(headers, list) else [headers], ours)
    wanted |= dict.fromkeys(card.get("contact", []), "contact")
    wanted |= {text: "" if text == "Cliëntenorganisatie" else "remarks" for text in card.get("ignored", [])}
    about = look(path.with_name(card["file"]))
    assert {column.named: column.proposed for column in about.columns} == wanted
    assert (about.header_rows, about.kinds) == (card.get("header_rows", 1), card["rows"])
    assert set(about.written("unit").values()) <= {1}


def test_what_is_seen_is_json_and_shows_the_first_rows(tmp_path):
    rows = [["Overzicht 2007", "", ""], ["", "", ""], ["Project", "Gemeente", "Toegekend (x € 1.000)"],
            ["Samen", "Baarn", "12,5"], ["Ook", "Soest", "7"], ["Totaal", "", "19,5"]]  # fmt: skip
    about = seen(tmp_path, rows, "a.xlsx").as_dict()
    assert json.loads(json.dumps(about)) == about
    columns = about.pop("columns")
    assert about == {
        "file": "a.xlsx", "sheet": "Blad1", "header_row": 3, "header_rows": 1, "rows": 2, "set_aside": 1,
        "century": 0, "sections": "", "kinds": ["projects"], "sheets": ["Blad1"], "notes": [], "tables": [],
        "first": [{"title": "Samen", "municipality": "Baarn", "granted": "12,5"},
                  {"title": "Ook", "municipality": "Soest", "granted": "7"}],
    }  # fmt: skip
    assert columns[2] == {
        "column": 2, "header": "Toegekend (x € 1.000)", "named": "Toegekend (x € 1.000)", "proposed": "granted",
        "asked": False, "reason": "De kop zegt dit: „Toegekend (x € 1.000)”.", "samples": ["12,5", "7", ""],
        "counted": {"filled": 2, "different": 2, "days": 0, "places": None, "vintage": [[], []]},
        "money": {"unit": 1000, "decimal": ",", "currency": "EUR", "said": True, "unclear": []},
    }  # fmt: skip


BODY = [["A-1", "Samen", "Baarn", "1.000,00", "900,00"], ["A-2", "Ook", "Soest", "2.000,00", "0,00"]]
TOTAL_COSTS = "Totale kosten bij verlening"
DOUBTS = {  # header -> (proposed, asked) of the fourth and fifth column
    ("Gevraagd", "Toegekend"): [("asked", False), ("granted", False)],
    ("Bedrag", "Totaal budget"): [("granted", True), ("", True)],
    ("Subsidie toegekend verlening   approved on request Union cofinancing", "Subsidie toegekend vaststelling"): [
        ("granted", False), ("settled", False)],
    (TOTAL_COSTS, "Verleend bedrag"): [("", True), ("granted", False)],
    ("Kolom X", "Verleend"): [("", True), ("granted", False)],
    ("Verleend", "Verleend"): [("granted", True), ("", True)],
    ("Bijdrage", "Eigen bijdrage"): [("granted", True), ("", True)],
    ("Eigen bijdrage", "Voorschot"): [("", True), ("", True)],
}  # fmt: skip


@pytest.mark.parametrize("headers", DOUBTS, ids=lambda headers: headers[0][:20])
def test_an_amount_is_never_proposed_on_a_doubtful_header_unasked(headers, tmp_path):
    about = seen(tmp_path, [["Nr", "Project", "Gemeente", *headers], *BODY])
    assert proposed(about)[3:] == DOUBTS[headers]


def test_a_column_that_sounds_like_an_amount_and_holds_none_is_asked(tmp_path):
    rows = [["Project", "Gemeente", "Toegekend"], ["Samen", "Baarn", "ja"], ["Ook", "Soest", "nee"]]
    assert proposed(seen(tmp_path, rows))[2] == ("", True)


def test_municipalities_are_found_by_their_values_and_then_asked(tmp_path):
    rows = [["Project", "Waar"], ["Samen", "BAARN "], ["Ook", "Soest; Zeist"], ["Verder", "de bilt"]]
    assert proposed(seen(tmp_path, rows)) == [("title", False), ("municipality", True)]
    rows = [
        ["Activiteit", "Aanvrager"],
        ["Samen", "Gemeente Baarn"],
        ["Ook", "Gemeente Soest"],
        ["Weer", "Stichting X"],
    ]
    assert proposed(seen(tmp_path, rows)) == [("title", False), ("municipality", True)]


GROUPS = [
    ["", "", "Periode", "", "2006", "", "2007", ""],
    ["Project", "Gemeente", "begin", "eind", "gevraagd", "verleend", "gevraagd", "verleend"],
    ["Samen", "Baarn", "1-2-2006", "1-3-2007", "€ 10", "€ 8", "€ 5", "€ 4"],
    ["Ook", "Soest", "1-2-2006", "1-3-2007", "€ 10", "€ 8", "€ 5", "€ 4"],
]


@pytest.mark.parametrize("name, merged", [("a.csv", ()), ("a.xlsx", [(0, 2, 0, 3), (0, 4, 0, 5), (0, 6, 0, 7)])])
def test_groups_above_the_names_make_one_header_of_two_rows(name, merged, tmp_path):
    path = tmp_path / name
    path.write_bytes(as_xlsx(GROUPS, merged) if merged else as_csv(GROUPS))
    about = look(path)
    assert (about.header_row, about.header_rows, about.rows) == (1, 2, 2)
    assert [c.named for c in about.columns] == [
        "Project", "Gemeente", "Periode begin", "Periode eind", "2006 gevraagd", "2006 verleend", "2007 gevraagd",
        "2007 verleend",
    ]  # fmt: skip
    assert [c.asked for c in about.columns] == [False] * 4 + [True] * 4


def test_numbered_section_rows_that_name_themes_are_proposed_as_such(tmp_path):
    rows = [["Project", "Gemeente", "Toegekend"], ["A. Mantelzorg", "", ""], ["Samen", "Baarn", "€ 1"],
            ["2. Vrijwilligers", "", ""], ["Ook", "Soest", "€ 2"], ["III. Eigen", "", ""], ["Dan", "Soest", "€ 2"],
            ]  # fmt: skip
    about = seen(tmp_path, rows)
    assert about.sections == "theme" and about.rows == 3


def test_section_rows_that_name_municipalities_are_proposed_as_such(tmp_path):
    rows = [["Project", "Thema", "Toegekend"], ["Baarn", "", ""], ["Samen", "P1", "€ 1"], ["Soest", "", ""],
            ["Ook", "P4", "€ 2"]]  # fmt: skip
    about = seen(tmp_path, rows)
    assert about.sections == "municipality" and about.rows == 2
    assert [row["municipality"] for row in about.first] == ["Baarn", "Soest"]


def test_decimal_points_are_seen_and_a_mixture_is_asked(tmp_path):
    rows = [["Project", "Gemeente", "Toegekend"], ["Samen", "Baarn", "1,250.50"], ["Ook", "Soest", "99.95"]]
    assert (seen(tmp_path, rows).written("decimal"), seen(tmp_path, rows).columns[2].asked) == ({"granted": "."}, False)
    rows.append(["Weer", "Zeist", "12,50"])
    assert (seen(tmp_path, rows).written("decimal"), seen(tmp_path, rows).columns[2].asked) == ({"granted": ","}, True)


def test_a_header_that_may_mean_a_municipality_or_start_is_asked(tmp_path):
    rows = [["Project", "Vestigingsplaats", "Subsidiejaar"], ["Samen", "Baarn", "2006"], ["Ook", "Soest", "2007"]]
    assert proposed(seen(tmp_path, rows)) == [("title", False), ("municipality", True), ("start", True)]


def test_a_unit_that_only_one_amount_states_is_its_own_and_asked(tmp_path):
    rows = [["Project", "Gevraagd (x € 1.000)", "Toegekend"], ["Samen", "12", "12.000,00"], ["Ook", "7", "7.000,00"]]
    about = seen(tmp_path, rows)
    assert about.written("unit") == {"asked": 1000, "granted": 1}
    assert proposed(about)[1:] == [("asked", True), ("granted", True)]


def test_contact_data_are_dropped_under_any_header(tmp_path):
    rows = [["Project", "Bijzonder"], ["Samen", "a.proef@example.org"], ["Ook", "030 123 45 67"], ["Dan", "geen"]]
    assert proposed(seen(tmp_path, rows)) == [("title", False), ("contact", False)]


def test_contact_data_are_not_shown_in_what_is_seen(tmp_path):
    rows = [["Project", "Gemeente", "Contactpersoon"], ["Bel A. Proef", "Baarn", "A. Proef"],
            ["Mail a.proef@example.org", "Soest", "B. Proef"]]  # fmt: skip
    text = json.dumps(seen(tmp_path, rows).as_dict(), ensure_ascii=False)
    assert "example.org" not in text and "B. Proef" not in text
    assert [row["title"] for row in seen(tmp_path, rows).first] == ["Bel [weggelaten]", "Mail [weggelaten]"]


# ---------------------------------------------------------------- what is asked


def asked(about):
    """(proposed, asked) by header."""
    return {column.named: (column.proposed, column.asked) for column in about.columns}


def test_numbers_without_a_use_are_asked_and_percentages_are_not(tmp_path):
    rows = [["Project", "Inzet", "Voorschot", "Percentage", "Aantal deelnemers"], ["Samen", "12345", "8000", "50", "3"],
            ["Ook", "678", "901", "75", "12"]]  # fmt: skip
    assert asked(seen(tmp_path, rows)) == {"Project": ("title", False), "Inzet": ("", True), "Voorschot": ("", True),
                                           "Percentage": ("", False), "Aantal deelnemers": ("", False)}  # fmt: skip


@pytest.mark.parametrize("titles, why", [
    (["Samen", "", "Ook"], "Maar 66% van de rijen"), (["Samen"] * 3, "Alle rijen hebben dezelfde naam"),
    (["A. de Proef", "mw. B. Test", "C. van Fictie"], "personen of adressen"),
    (["Dorpsstraat 1", "Kerkweg 22", "Laan 3"], "personen of adressen"),
])  # fmt: skip
def test_a_title_that_may_be_none_is_asked(titles, why, tmp_path):
    rows = [["Project", "Gemeente", "Toegekend"], *[[title, "Baarn", f"{n}"] for n, title in enumerate(titles)]]
    title = seen(tmp_path, rows).columns[0]
    assert (title.proposed, title.asked) == ("title", True) and why in title.reason


@pytest.mark.parametrize(
    "keys", [["3511 AB", "3512 CD", "3513 EF"], ["0344123410", "0344123411", "0344123412"], ["Z1", "Z1", "Z2"]]
)
def test_a_key_that_repeats_or_looks_like_something_else_is_asked(keys, tmp_path):
    rows = [
        ["Zaaknummer", "Project", "Gemeente"],
        *[[each, f"Plan {each} {n}", "Baarn"] for n, each in enumerate(keys)],
    ]
    assert proposed(seen(tmp_path, rows))[0] == ("key", True)


def test_a_column_of_sources_is_asked_as_it_overrides_a_stated_one(tmp_path):
    rows = [["Project", "Herkomst"], ["Samen", "Asv"], ["Ook", "Asv"], ["Dan", "Nadere regels"]]
    assert proposed(seen(tmp_path, rows)) == [("title", False), ("source", True)]


def test_money_is_asked_whatever_its_header_says(tmp_path):
    rows = [["Project", "Gemeente", "Paid to date"], ["Samen", "Baarn", "€ 1.250,50"], ["Ook", "Soest", "€ 800,00"]]
    assert proposed(seen(tmp_path, rows))[2][1]


def test_of_two_titles_the_fuller_wins_and_it_is_said(tmp_path):
    rows = [["Title (English)", "Title (original)", "Amount granted"], *[["", f"Plan {n}", "1"] for n in range(8)],
            ["Together", "Plan 8", "1"]]  # fmt: skip
    about = seen(tmp_path, rows)
    assert proposed(about)[:2] == [("", False), ("title", True)]
    assert "„Title (English)” past: deze kolom is voor 100% gevuld, die voor 11%" in about.columns[1].reason


def test_an_amount_in_another_currency_is_asked(tmp_path):
    rows = [["Project", "Beviljat belopp"], ["Samen", "12 000 kr"], ["Ook", "8 500 kr"], ["Dan", "900 kr"]]
    assert proposed(seen(tmp_path, rows))[1] == ("granted", True)


def test_a_next_meaning_of_a_header_is_taken_where_the_first_is_held(tmp_path):
    rows = [
        ["Project", "Programme title", "Programme"],
        ["Samen", "Jong", "Asv"],
        ["Ook", "Oud", "Asv"],
        ["Dan", "Oud", "B"],
    ]
    assert [name for name, _ in proposed(seen(tmp_path, rows))] == ["title", "", "scheme"]
    rows = [[title, first] for title, first, _ in rows]
    assert [name for name, _ in proposed(seen(tmp_path, rows))] == ["title", "scheme"]


def test_names_go_to_columns_so_that_all_fit_best():
    claims = [{"title": 2.0, "source": 1.9}, {"title": 1.8}, {"source": 0.2, "status": 0.1}, {}]
    assert assigned(claims) == ["source", "title", "status", ""]


def test_many_titles_and_descriptions_are_not_each_searched_for_units(tmp_path, monkeypatch):
    taken, searched = units._taken, []
    monkeypatch.setattr(units, "_taken", lambda text: searched.append(text) or taken(text))
    rows = [
        [f"Project {number}", "Baarn", f"{number},50", f"{number} keer " + "samen " * 30] for number in range(100, 500)
    ]
    about = seen(tmp_path, [["Project", "Gemeente", "Toegekend", "Toelichting"], *rows])
    assert [name for name, _ in proposed(about)] == ["title", "municipality", "granted", "remarks"]
    assert len(searched) < 200


def test_hours_that_were_spent_are_no_money(tmp_path):
    rows = [["Project", "Uren gepland", "Uren besteed"], ["Samen", "40", "35"], ["Ook", "62,5", "60"]]
    assert proposed(seen(tmp_path, rows)) == [("title", False), ("hours", False), ("", True)]
