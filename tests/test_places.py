"""wmo.places: a name means what the codebook says, and nothing else."""

import shutil
import time

import pandas as pd
import pytest

import wmo_analysis as wmo
from wmo_analysis.codebook import PACKAGED
from wmo_analysis.pipeline.places import Places, Themes

BOOK = wmo.Codebook.open()
LOOKUP = Places(BOOK)

ALL = (
    "Abcoude,Amersfoort,Baarn,De Bilt,Breukelen,Bunnik,Bunschoten,Eemnes,Houten,IJsselstein,Leusden,Loenen,Lopik,Maarssen,"
    "Montfoort,Nieuwegein,Oudewater,Renswoude,Rhenen,De Ronde Venen,Soest,Utrecht,Utrechtse Heuvelrug,Veenendaal,Vianen,"
    "Wijk bij Duurstede,Woerden,Woudenberg,Zeist"
).split(",")
WEST = ["Abcoude", "Breukelen", "Loenen", "Lopik", "Montfoort", "Oudewater", "De Ronde Venen", "Woerden"]
NAMES = dict(BOOK.municipalities[["gm_code", "name"]].values)


def answer(*values, on=None):
    """(part, name of the municipality, how, did_you_mean) per row."""
    table = wmo.places(list(values), on)
    return [
        (part, NAMES.get(code, code), how, hints)
        for part, code, how, hints in table[["part", "gm_code", "how", "did_you_mean"]].values
    ]


def test_the_whole_answer_of_a_column_stands_in_the_order_of_the_input():
    shown = wmo.places(["Soest", "Bilthoven", "Amersvoort", "Baarn en Ede", "Veenendal", "", "Doorn"])
    expected = pd.DataFrame(
        [
            ("Soest", "Soest", "GM0342", "municipality", []),
            ("Bilthoven", "Bilthoven", "GM0310", "place", []),
            ("Amersvoort", "Amersvoort", "GM0307", "alias", []),
            ("Baarn en Ede", "Baarn", "GM0308", "municipality", []),
            ("Baarn en Ede", "Ede", "", "outside", []),
            ("Veenendal", "Veenendal", "", "unknown", ["Veenendaal"]),
            ("Doorn", "Doorn", "GM1581", "former", []),
        ],
        columns=["value", "part", "gm_code", "how", "did_you_mean"],
    )
    pd.testing.assert_frame_equal(shown, expected, check_dtype=False)


def test_a_column_without_a_name_gives_an_empty_table():
    for nothing in ([], [""], ["  ", "\u00a0"], [None, float("nan")]):
        shown = wmo.places(nothing)
        assert list(shown.columns) == ["value", "part", "gm_code", "how", "did_you_mean"]
        assert len(shown) == 0


def test_utrecht_is_the_municipality():
    assert answer("Utrecht") == [("Utrecht", "Utrecht", "municipality", [])]
    assert answer("gemeente Utrecht") == [("gemeente Utrecht", "Utrecht", "municipality", [])]


@pytest.mark.parametrize("text", ["provincie Utrecht", "alle gemeenten", "Alle Gemeenten", "Utrechtse gemeenten"])
def test_the_province_is_all_29_in_dutch_order(text):
    assert answer(text) == [(text, name, "province", []) for name in ALL]


@pytest.mark.parametrize("day", ["2006-11-30", "2007-10-09", "2010-11-29"])
def test_utrecht_west_is_eight_at_the_date_of_either_letter(day):
    assert answer("Utrecht-West", on=day) == [("Utrecht-West", name, "partnership", []) for name in WEST]


def test_utrecht_west_is_nine_when_maarssen_has_joined_and_nothing_after_its_end():
    nine = [name for name in ALL if name in [*WEST, "Maarssen"]]
    assert answer("Utrecht-West", on="2010-11-30") == [("Utrecht-West", name, "partnership", []) for name in nine]
    assert answer("Utrecht-West", on="2010-12-01") == answer("Utrecht-West", on="2010-12-31")
    assert [row[1] for row in answer("Utrecht-West", on="2010-12-01")] == nine
    assert answer("Utrecht-West", on="2011-01-01") == [("Utrecht-West", "", "partnership", [])]


def test_each_value_has_a_date_of_its_own():
    shown = wmo.places(["Utrecht-West", "Utrecht-West"], on=["2006-11-30", "2010-12-01"])
    assert list(shown.groupby((shown["gm_code"] == "GM0305").cumsum()).size()) == [8, 9]


def test_the_pilot_region_is_seven_municipalities():
    seven = ["Amersfoort", "Baarn", "Bunschoten", "Eemnes", "Leusden", "Soest", "Woudenberg"]
    assert answer("gewest Eemland") == [("gewest Eemland", name, "partnership", []) for name in seven]


@pytest.mark.parametrize("text", ["regio Utrecht", "Montfort", "Elst"])
def test_a_name_that_only_looks_like_one_of_ours_is_unknown(text):
    assert [(part, name, how) for part, name, how, _ in answer(text)] == [(text, "", "unknown")]


@pytest.mark.parametrize(
    "text, name, how",
    [
        ("Bilthoven", "De Bilt", "place"),
        ("Tull en 't Waal", "Houten", "place"),
        ("Elst (Utr)", "Rhenen", "place"),
        ("Doorn", "Utrechtse Heuvelrug", "former"),
        ("Vinkeveen en Waverveen", "De Ronde Venen", "former"),
        ("Vleuten-De Meern", "Utrecht", "former"),
        ("Bilt, De", "De Bilt", "alias"),
        ("Ronde Venen (De)", "De Ronde Venen", "alias"),
        ("Loenen (Utr)", "Loenen", "alias"),
        ("Bunschoten-Spakenburg", "Bunschoten", "alias"),
    ],
)
def test_a_village_a_former_municipality_and_an_accepted_spelling_lead_to_the_municipality(text, name, how):
    assert answer(text) == [(text, name, how, [])]


@pytest.mark.parametrize(
    "text",
    [
        "IJsselstein",
        "ijsselstein",
        "IJSSELSTEIN",
        "Ĳsselstein",
        "ĳsselstein",
        "  IJsselstein ",
        "IJssel\u200bstein",
        "\ufeffIJsselstein",
        "IJssel\u00adstein",
    ],
)
def test_case_the_ij_letter_and_invisible_marks_make_no_difference(text):
    assert [(name, how) for _, name, how, _ in answer(text)] == [("IJsselstein", "municipality")]


@pytest.mark.parametrize("text", ["wijk bij duurstede", "Wijk\u00a0bij  Duurstede", "WIJK-BIJ-DUURSTEDE"])
def test_spaces_hyphens_and_case_make_no_difference(text):
    assert [(name, how) for _, name, how, _ in answer(text)] == [("Wijk bij Duurstede", "municipality")]


@pytest.mark.parametrize(
    "text",
    [
        "Zeist, Baarn en Soest",
        "Zeist; Baarn; Soest",
        "Zeist/Baarn/Soest",
        "Zeist\nBaarn\nSoest",
        "Zeist + Baarn & Soest",
        "gemeente Zeist, gemeente Baarn en gemeente Soest",
        "ZEIST, BAARN EN SOEST",
    ],
)
def test_several_names_in_a_cell_come_out_in_the_order_of_the_codebook(text):
    assert [(name, how) for _, name, how, _ in answer(text)] == [
        ("Baarn", "municipality"),
        ("Soest", "municipality"),
        ("Zeist", "municipality"),
    ]


def test_a_separator_inside_a_name_does_not_divide_it():
    assert answer("Soest, Tull en 't Waal en Bilt, De") == [
        ("Bilt, De", "De Bilt", "alias", []),
        ("Tull en 't Waal", "Houten", "place", []),
        ("Soest", "Soest", "municipality", []),
    ]


def test_unknown_and_outside_parts_stand_after_the_known_ones_and_have_no_code():
    assert answer("Ede, Foobar en Baarn") == [
        ("Baarn", "Baarn", "municipality", []),
        ("Ede", "", "outside", []),
        ("Foobar", "", "unknown", []),
    ]


def test_a_suggestion_is_made_and_never_taken():
    assert answer("Veenendal") == [("Veenendal", "", "unknown", ["Veenendaal"])]
    assert answer("Zeis") == [("Zeis", "", "unknown", ["Zeist"])]


def test_a_successor_is_unknown_and_suggests_the_municipalities_it_was_made_of():
    assert answer("Stichtse Vecht") == [("Stichtse Vecht", "", "unknown", ["Breukelen", "Loenen", "Maarssen"])]
    assert answer("Vijfheerenlanden") == [("Vijfheerenlanden", "", "unknown", ["Vianen"])]


def test_an_apostrophe_as_word_types_it_and_gemeenten_before_two_names_are_read():
    assert codes("Tull en ’t Waal") == ["GM0321"]
    assert codes("gemeenten Baarn en Soest") == ["GM0308", "GM0342"]


def codes(value):
    return list(wmo.places([value])["gm_code"])


@pytest.mark.parametrize("cell", ["Baarn, " * 4_681, "Baarn " * 5_000, "gemeente " + "x " * 16_000, "en " * 16_000])
def test_a_cell_longer_than_any_list_of_names_is_one_unknown_part(cell):
    begun = time.process_time()
    found = LOOKUP.cell(cell, "2007-10-01", True)
    assert time.process_time() - begun < 1
    assert (found.placement, found.reached) == ("unknown", ())
    assert len(found.parts) == 1
    assert [theme.known for theme in Themes(BOOK).cell(cell)] == [False]


def test_all_municipalities_of_the_country_fit_in_a_cell():
    names = ["Baarn", "Soest", *(f"Gemeente nummer {number}" for number in range(340))]
    found = LOOKUP.cell(", ".join(names), "2007-10-01")
    assert [part.text for part in found.parts] == names
    assert [row[0] for row in found.reached] == ["GM0308", "GM0342"]


# ---------------------------------------------------------------- general rules of spelling, and places elsewhere


@pytest.mark.parametrize("text, name", [
    ("Breukelen (Ut)", "Breukelen"),
    ("Baarn (provincie Utrecht)", "Baarn"),
    ("Elst (Ut)", "Rhenen"),
    ("Utrecht (stad)", "Utrecht"),
    ("Zeist (Den Dolder)", "Zeist"),
    ("Den Dolder (gemeente Zeist)", "Zeist"),
    ("Hoef (De)", "De Ronde Venen"),
    ("Loenen a/d Vecht", "Loenen"),
    ("Loenen a.d. Vecht", "Loenen"),
    ("Wyk by Duurstede", "Wijk bij Duurstede"),
    ("Wijk b. Duurstede", "Wijk bij Duurstede"),
    ("Het Goy", "Houten"),
    ("'t Goij", "Houten"),
    ("Mydrecht", "De Ronde Venen"),
])  # fmt: skip
def test_brackets_abbreviations_and_y_for_ij_lead_to_the_municipality(text, name):
    assert {found for _, found, _, _ in answer(text)} == {name}


@pytest.mark.parametrize("text", ["Baarn (Soest)", "Zeist (Vlietpark)", "Breukelen (Overvecht)", "Elst", "Nieuwland"])
def test_what_brackets_say_otherwise_is_asked(text):
    assert [(found, how) for _, found, how, _ in answer(text)] == [("", "unknown")]


@pytest.mark.parametrize("text", [
    "Eindhoven", "'s-Gravenhage", "St. Maartensdijk", "Loenen (Gld)", "Hengelo (O)", "Elst (Gelderland)", "Bennekom",
    "Nuenen, Gerwen en Nederwetten", "gemeente Skarsterlân", "Capelle a/d IJssel", "Hoorn",
])  # fmt: skip
def test_a_place_elsewhere_is_known_to_lie_outside(text):
    assert {(found, how) for _, found, how, _ in answer(text)} == {("", "outside")}


def test_a_part_with_a_stroke_in_it_stands_as_it_was_listed():
    assert [part for part, *_ in answer("Baarn/Loenen a/d Vecht")] == ["Baarn", "Loenen a/d Vecht"]


def test_a_village_elsewhere_that_is_almost_one_of_ours_is_asked():
    assert answer("Montfort") == [("Montfort", "", "unknown", ["Montfoort"])]


def test_a_suggestion_shows_the_place_that_matched():
    assert answer("Tienhofen") == [("Tienhofen", "", "unknown", ["Tienhoven (Maarssen)"])]


def test_the_municipalities_elsewhere_are_those_of_2007():
    table = BOOK.elsewhere
    names = table[table["evidence"] == "gemeente in 2007"]
    other_names = {"Den Haag", "Den Bosch", "Nuenen"}
    assert len(names[~names["text"].isin(other_names)]) + len(BOOK.municipalities) == 443
    assert not set(BOOK.municipalities["name"]) & set(names["text"])


def test_a_codebook_of_another_area_calls_its_own_places_not_outside(tmp_path):
    shutil.copytree(PACKAGED, tmp_path, dirs_exist_ok=True)
    with open(tmp_path / "municipalities.csv", "a", encoding="utf-8") as file:
        file.write("GM0228,Ede,Ede,2006-11-30,,,,,9,9,proef,\n")
    own = wmo.places(["Ede", "Bennekom", "Arnhem"], codebook=wmo.Codebook.open(tmp_path))
    assert own[["gm_code", "how"]].values.tolist() == [["GM0228", "municipality"], ["", "unknown"], ["", "outside"]]


# ---------------------------------------------------------------- placement: one municipality, or which kind of more


@pytest.mark.parametrize("text, placement", [
    ("Baarn", "one"),
    ("Doorn en Maarn", "one"),  # two villages of one municipality
    ("Baarn en Soest", "several"),
    ("Baarn, Ede", "several"),
    ("Baarn, Foobar", "several"),
    ("nog niet toegewezen, Baarn", "several"),
    ("Eemland", "partnership"),
    ("Eemland, Gewest Eemland", "partnership"),
    ("Eemland en Utrecht-West", "several"),
    ("Eemland, Baarn", "several"),
    ("Eemland, Ede", "several"),
    ("alle gemeenten", "province"),
    ("alle gemeenten, Baarn, Eemland", "province"),
    ("nog niet toegewezen", "unassigned"),
    ("Ede", "outside"),
    ("Ede, Arnhem", "outside"),
    ("Ede, Foobar", "unknown"),
    ("Foobar", "unknown"),
    ("", "unknown"),
])  # fmt: skip
def test_a_cell_has_one_placement_whatever_it_names(text, placement):
    assert LOOKUP.cell(text, "2007-10-01").placement == placement


def test_a_partnership_that_has_ended_is_a_partnership_over_nobody():
    found = LOOKUP.cell("Utrecht-West", "2011-01-01")
    assert (found.placement, found.reached) == ("partnership", ())


def reached(text):
    """(municipality, way, partnership, part of the cell) of each municipality that a cell reaches."""
    return [(NAMES[code], *more) for code, *more in LOOKUP.cell(text, "2010-12-01").reached]


def test_a_municipality_is_reached_once_in_each_way_that_the_cell_names():
    members = ["Amersfoort", "Baarn", "Bunschoten", "Eemnes", "Leusden", "Soest", "Woudenberg"]
    assert reached("Eemland, Soest, Lage Vuursche en Baarn") == [
        ("Baarn", "own", "", "Lage Vuursche"),
        ("Soest", "own", "", "Soest"),
        *((name, "partnership", "EEM", "Eemland") for name in members),
    ]


def test_province_wide_reaches_only_who_is_not_reached_otherwise():
    members = ["Amersfoort", "Baarn", "Bunschoten", "Eemnes", "Leusden", "Soest", "Woudenberg"]
    others = [name for name in ALL if name not in [*members, "Zeist"]]
    assert reached("alle gemeenten, Eemland, Zeist") == [
        ("Zeist", "own", "", "Zeist"),
        *((name, "partnership", "EEM", "Eemland") for name in members),
        *((name, "province", "", "alle gemeenten") for name in others),
    ]


def test_a_member_of_two_partnerships_is_reached_through_the_one_named_first():
    both = [row for row in reached("BRU en Utrecht-West") if row[0] == "Maarssen"]
    assert both == [("Maarssen", "partnership", "BRU", "BRU")]
    assert [row[2] for row in reached("Utrecht-West en BRU") if row[0] == "Maarssen"] == ["SUW"]


@pytest.mark.parametrize("whole_country, ways", [
    (True, "outside unknown municipality outside unknown"),
    (False, "unknown unknown municipality unknown unknown"),
])  # fmt: skip
def test_in_a_list_of_the_whole_country_an_unlike_name_lies_outside(whole_country, ways):
    found = LOOKUP.cell(f"Foobar; Zeis; Baarn; {'F' * 200}; {'F' * 201}", "2007-10-01", whole_country)
    assert [part.how for part in found.parts] == ways.split()


@pytest.mark.parametrize("themes, part", [
    ("P3", "one"),
    ("P3a P3b", "one"),  # one column
    ("P3 P4", "several"),
    ("P3 P8", "one"),
    ("P3 P9", "one"),
    ("P3 M1", "one"),
    ("P8", "outside"),
    ("P8 M1", "outside"),
    ("P8 P9", "unknown"),
    ("P9", "unknown"),
    ("M1", "unknown"),
    ("", "unknown"),
])  # fmt: skip
def test_a_project_has_one_theme_part_after_rolling_up(themes, part):
    assert Themes(BOOK).part(set(themes.split())) == part
