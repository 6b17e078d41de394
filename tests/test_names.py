"""The parts of a cell of names, the names that the codebook knows, and what themes become of them."""

import pytest
from rapidfuzz import fuzz, process  # noqa: F401  what suggestions are made with

from wmo_analysis.codebook import Codebook, key
from wmo_analysis.pipeline import places
from wmo_analysis.pipeline.places import Places, Theme, Themes

BOOK = Codebook.open()
KNOWN = {"a", "b", "c en d", "e, f en g", "utrecht"}.__contains__


@pytest.mark.parametrize(
    "text, parts",
    [
        ("", []),
        ("  ", []),
        ("a", ["a"]),
        ("x", ["x"]),
        ("a, b", ["a", "b"]),
        ("a;b / x", ["a", "b", "x"]),
        ("c en d", ["c en d"]),
        ("a, c en d, b", ["a", "c en d", "b"]),
        ("e, f en g en a", ["e, f en g", "a"]),
        ("a en c", ["a", "c"]),
        (", a", ["a"]),
        ("a   en     b", ["a", "b"]),
    ],
)
def test_the_parts_of_a_cell_are_its_longest_known_names(text, parts):
    assert places.spans(text, KNOWN) == parts


@pytest.mark.parametrize(
    "text, parts",
    [
        ("Gemeente utrecht, Werk en Inkomen", ["gemeente utrecht"]),
        ("gemeente utrecht / Sociale zaken", ["gemeente utrecht"]),
        ("Gemeente utrecht, a", ["Gemeente utrecht", "a"]),
        ("Gemeente utrecht, Werk en a", ["Gemeente utrecht", "Werk", "a"]),
        ("Gemeente utrecht, zoals", ["Gemeente utrecht", "zoals"]),  # which resembles a name
        ("Gemeente nergens, Werk", ["Gemeente nergens", "Werk"]),
    ],
)
def test_a_department_of_a_municipality_is_that_municipality(text, parts):
    assert places.spans(text, KNOWN, like=lambda part: part == "zoals") == parts


def test_only_what_may_open_a_name_of_several_pieces_is_tried_as_one():
    assert places.spans("c en d", KNOWN, opens=lambda piece: piece == "c") == ["c en d"]
    assert places.spans("c en d", KNOWN, opens=lambda piece: piece == "a") == ["c", "d"]


def test_a_name_has_at_most_twenty_names_and_the_separators_between_them():
    twenty, more = (", ".join(["n"] * count) for count in (20, 21))
    assert places.spans(f"a, {twenty}", {twenty, "a"}.__contains__) == ["a", twenty]
    assert places.spans(f"a, {more}", {more, "a"}.__contains__) == ["a", *["n"] * 21]
    assert places.spans(twenty, {twenty}.__contains__) == [twenty]


def test_a_cell_longer_than_any_list_of_names_is_one_part():
    assert len(places.spans(", ".join(["a"] * 500), KNOWN)) == 500  # 999 pieces
    assert len(places.spans(f"{'x' * 9_997},a", KNOWN)) == 2
    assert len(places.spans(f"{'x' * 9_998},a", KNOWN)) == 2  # ten thousand characters
    for text in (", ".join(["a"] * 501), f"{'x' * 9_999},a", ",a" * 8_000):
        assert places.spans(text, KNOWN) == [text]


def test_a_comma_or_and_separates_themes_only_when_all_are_known():
    assert places.theme_parts("a, b", KNOWN) == ["a", "b"]
    assert places.theme_parts("a en x", KNOWN) == ["a en x"]
    assert places.theme_parts("a en x; b|a + x\nb", KNOWN) == ["a en x", "b", "a", "x", "b"]
    assert places.theme_parts(" ; a", KNOWN) == ["a"]
    assert places.theme_parts("", KNOWN) == []
    long, longest = "x" * 10_001, f"{'x' * 9_998};a"
    assert (places.theme_parts(f"{long};a", KNOWN), places.theme_parts(longest, KNOWN)) == (
        [f"{long};a"],
        ["x" * 9_998, "a"],
    )


def test_the_three_names_most_alike_are_suggested_from_three_quarters():
    assert places.near("baarn", ["baarn", "baard", "baars", "baark", "zeist"]) == ["baarn", "baard", "baars"]
    assert places.near("abcd", ["abcx", "abxx"]) == ["abcx"]  # 75 of 100, and 50


# ---------------------------------------------------------------- what the codebook knows


def test_every_name_of_a_municipality_partnership_and_place_is_known():
    names = Places(BOOK).names
    for row in BOOK.municipalities.to_dict("records"):
        assert names[key(row["name"])] == ("municipality", row["gm_code"])
    for row in BOOK.partnerships.to_dict("records"):
        for text in (row["name"], row["full_name"]):
            assert names[key(text)] == ("partnership", row["partnership_id"])
    aliases = BOOK.aliases[BOOK.aliases["domain"] == "partnership"]
    assert {names[key(row["text"])] for row in aliases.to_dict("records")} == {
        ("partnership", code) for code in aliases["code"]
    }


def test_an_alias_of_a_theme_or_status_is_no_name_of_a_place():
    others = BOOK.aliases[~BOOK.aliases["domain"].isin(["municipality", "partnership"])]
    here = set(map(key, BOOK.aliases[BOOK.aliases["domain"].isin(["municipality", "partnership"])]["text"]))
    towns = {*map(key, BOOK.places["text"]), *map(key, BOOK.municipalities["name"]), *here}
    assert [text for text in map(key, others["text"]) if text not in towns and text in Places(BOOK).names] == []


def test_a_name_with_and_without_the_word_municipality_is_known():
    lookup = Places(BOOK)
    assert [lookup.known(text) for text in ("Baarn", "gemeente Baarn", "gem. Baarn", "Baarm")] == [True] * 3 + [False]


def test_as_many_dates_as_values_are_asked():
    with pytest.raises(ValueError, match="zip"):
        places.places(["Baarn", "Soest"], ["2007-10-01"])


# ---------------------------------------------------------------- themes


def test_each_part_of_a_theme_cell_is_known_or_has_a_hint():
    themes = Themes(BOOK)
    unknown = BOOK.theme_with("unknown")
    (carers,) = themes.names[key("Mantelzorg")]
    assert themes.cell("Mantelzorg; Sport en bewegen; Mantelzorgg") == [
        Theme("Mantelzorg", carers, True),
        Theme("Sport en bewegen", unknown, False),
        Theme("Mantelzorgg", unknown, False, "Mantelzorg"),
    ]
    assert themes.cell(" ") == []


def test_a_name_of_two_themes_is_neither_and_both_are_the_hint():
    themes = Themes(BOOK)
    two = themes.names[key("organisatie")]
    hint = "|".join(dict.fromkeys(BOOK.label("theme", code) for code in two))
    assert len(two) == 2
    assert themes.cell("Organisatie") == [Theme("Organisatie", BOOK.theme_with("unknown"), False, hint)]
    assert [themes.known(text) for text in ("organisatie", "Mantelzorg", "iets")] == [False, True, False]
