"""Finding the header of a sheet: its row, the text above each column, and which column is ours."""

from pathlib import Path

import pyarrow as pa
import pytest

from wmo_analysis.pipeline import header
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.formats import Grid


def grid(*rows, merged=()):
    columns = [pa.chunked_array([pa.array(texts, pa.string())]) for texts in zip(*rows, strict=True)]
    return Grid("Blad1", columns, None, tuple(merged))


def card(columns, rows=("projects",), **more):
    """A card with these columns; one text stands for one header."""
    texts = {name: (text,) if isinstance(text, str) else text for name, text in columns.items()}
    return Card("a.csv", "", rows, "example", "2007-10-01", texts, path=Path("a.csv"), list="a/a.csv", **more)


def found(cells, columns, merged=(), **more):
    """Where the header is found: its first row and the first below it, our columns, and what is missing."""
    made = header.find(grid(*cells, merged=merged), card(columns, **more))
    return made.at, made.first, made.places, made.missing


PLAIN = {"title": "Project", "municipality": "Gemeente"}


@pytest.mark.parametrize("text", ["Naam van het project", " naam\nvan  het PROJECT * ", "Naam van het project:"])
def test_space_case_stars_and_colons_do_not_matter_in_a_header(text):
    assert header.fold(text) == "naam van het project"


def test_the_header_is_the_row_with_most_headers_of_the_card():
    rows = [["Lijst", "", ""], ["Project", "2007", ""], ["Project", "Gemeente", "Bedrag"], ["Samen", "Baarn", "1"]]
    assert found(rows, PLAIN) == (2, 3, {"title": 0, "municipality": 1}, [])


def test_of_two_rows_with_as_many_headers_the_first_is_the_header():
    rows = [["Project", "Gemeente"], ["Samen", "Baarn"], ["Project", "Gemeente"], ["Thuis", "Soest"]]
    assert found(rows, PLAIN) == (0, 1, {"title": 0, "municipality": 1}, [])


def test_the_header_may_be_the_last_row_of_a_sheet():
    assert found([["x", "y"], ["Project", "Gemeente"]], PLAIN) == (1, 2, {"title": 0, "municipality": 1}, [])


def test_a_header_is_looked_for_in_sixty_rows():
    blank = [["", ""]]
    head = [["Project", "Gemeente"]]
    assert found(blank * 59 + head, PLAIN)[0] == 59
    assert found(blank * 60 + head, PLAIN) == (0, 1, {}, ["Project"])


def test_sixty_rows_below_the_last_row_in_which_a_header_may_be_are_looked_at():
    rows = [*[["", ""]] * 59, ["Project", ""], ["naam", ""], *[["Samen", ""]] * 59, ["Thuis", "x"]]
    made = header.find(grid(*rows), card({"title": "Project naam"}, header_rows=2))
    assert (made.at, made.texts) == (59, {"project naam": [0], "(kolom b)": [1]})


def test_without_any_header_the_first_row_is_it_and_what_must_be_there_is_missing():
    rows = [["Samen", "Baarn"], ["Thuis", "Soest"]]
    assert found(rows, {"title": "Project", "municipality": "Gemeente", "theme": "Thema"}) == (0, 1, {}, ["Project"])


def test_what_the_card_says_for_every_row_or_of_sections_is_not_missing():
    assert found([["Gemeente"], ["Baarn"]], PLAIN, constants={"title": "Samen"})[3] == []
    assert found([["Gemeente"], ["Baarn"]], PLAIN, sections="title")[3] == []


def test_of_conversations_round_and_municipality_must_be_there():
    columns = {"municipality": "Gemeente", "round": "Ronde"}
    assert found([["Gemeente"], ["Baarn"]], columns, rows=("conversations",))[3] == ["Ronde"]


def test_a_header_of_two_rows_is_read_downwards_and_must_fit_in_the_sheet():
    rows = [["", "Bedrag"], ["Project", "gevraagd"], ["Samen", "1"]]
    columns = {"title": "Project", "asked": "Bedrag gevraagd"}
    assert found(rows, columns, header_rows=2) == (0, 2, {"title": 0, "asked": 1}, [])
    assert found(rows[:2], columns, header_rows=2) == (0, 2, {"title": 0, "asked": 1}, [])
    assert found(rows[:1], columns, header_rows=2) == (0, 2, {}, ["Project"])


def test_of_two_columns_with_one_header_the_first_is_ours_and_each_goes_by_a_number():
    rows = [["Project", "Bedrag", "Bedrag", "Eén"], ["Samen", "1", "2", "3"]]
    made = header.find(grid(*rows), card({"title": "Project", "asked": "Bedrag", "granted": "Bedrag [2]"}))
    assert made.places == {"title": 0, "asked": 1, "granted": 2}
    assert made.texts == {"project": [0], "bedrag": [1, 2], "eén": [3], "bedrag [1]": [1], "bedrag [2]": [2]}


def test_where_the_card_names_two_headers_the_second_fills_what_the_first_leaves_empty():
    made = header.find(
        grid(["Project", "Plaats", "Gemeente"], ["Samen", "", "Baarn"]),
        card({"title": "Project", "municipality": ("Gemeente", "Plaats", "Regio")}),
    )
    twice = header.find(
        grid(["Project", "Gemeente", "Plaats", "Plaats"], ["Samen", "", "Baarn", ""]),
        card({"title": "Project", "municipality": ("Gemeente", "Plaats")}),
    )
    assert twice.others == {"municipality": [2]}
    assert (made.places, made.others) == ({"title": 0, "municipality": 2}, {"municipality": [1]})


def test_several_approvals_are_columns_of_their_own_and_one_is_not_numbered():
    three = card({"approval": ("Eerste", "Tweede", "Derde"), "title": ("Project", "Naam")})
    assert header.asked(three) == [
        ("approval_1", "Eerste"),
        ("approval_2", "Tweede"),
        ("approval_3", "Derde"),
        ("title", "Project"),
        ("title", "Naam"),
    ]
    assert header.asked(card({"approval": "Akkoord"})) == [("approval", "Akkoord")]


# ---------------------------------------------------------------- the text above a column


def texts(*rows, at=0, height=1, merged=()):
    return header.header_texts(list(map(list, rows)), tuple(merged), at, height)


def test_a_merged_cell_stands_above_all_columns_that_it_covers():
    rows = ["Bedrag", "", "Project"], ["gevraagd", "toegekend", ""]
    assert texts(*rows, height=2, merged=[(0, 1, 0, 0)]) == {
        0: "Bedrag gevraagd",
        1: "Bedrag toegekend",
        2: "Project",
    }


def test_a_merged_cell_of_a_header_of_one_row_names_each_of_its_columns():
    assert texts(["Bedrag", ""], ["1", "2"], merged=[(0, 1, 0, 0)]) == {0: "Bedrag", 1: "Bedrag"}
    assert texts(["x", "y"], ["Bedrag", ""], ["1", "2"], at=1, merged=[(1, 1, 1, 0)]) == {0: "Bedrag", 1: "Bedrag"}


def test_a_cell_that_is_merged_downwards_is_named_once():
    rows = ["Project", "Bedrag"], ["", "gevraagd"]
    assert texts(*rows, height=2, merged=[(1, 0, 0, 0)]) == {0: "Project", 1: "Bedrag gevraagd"}


def test_a_cell_that_is_merged_above_or_below_the_header_plays_no_part():
    rows = ["Lijst", ""], ["Project", "Gemeente"], ["Samen", ""]
    assert texts(*rows, at=1, merged=[(0, 1, 0, 0), (2, 1, 2, 0)]) == {0: "Project", 1: "Gemeente"}


def test_a_blank_above_a_name_belongs_to_the_group_on_its_left_until_a_blank_below():
    rows = ["Project", "Bedrag", "", "", ""], ["", "gevraagd", "toegekend", "", "los"]
    assert texts(*rows, height=2) == {0: "Project", 1: "Bedrag gevraagd", 2: "Bedrag toegekend", 4: "los"}


def test_a_merged_cell_ends_a_group():
    rows = ["Bedrag", "Plan", "", "x"], ["gevraagd", "begin", "eind", "y"]
    assert texts(*rows, height=2, merged=[(0, 2, 0, 1)]) == {
        0: "Bedrag gevraagd",
        1: "Plan begin",
        2: "Plan eind",
        3: "x y",
    }
    rows = ["Bedrag", "", ""], ["gevraagd", "", "toegekend"]
    assert texts(*rows, height=2, merged=[(1, 1, 1, 0)]) == {0: "Bedrag gevraagd", 1: "gevraagd", 2: "toegekend"}


def test_a_group_reaches_into_the_third_row_of_a_header():
    rows = ["A", ""], ["B", ""], ["c", "d"]
    assert texts(*rows, height=3) == {0: "A B c", 1: "B d"}


def test_rows_of_other_lengths_are_read_as_far_as_they_go():
    assert texts(["Bedrag"], ["gevraagd", "toegekend"], height=2) == {0: "Bedrag gevraagd", 1: "Bedrag toegekend"}
    assert texts(["Bedrag", "Plan", "Nog"], ["a"], height=2) == {0: "Bedrag a", 1: "Plan", 2: "Nog"}


def test_a_column_without_a_header_that_holds_anything_goes_by_its_letter():
    rows = ["Project", "", "Bedrag", " ", ""], ["Samen", "x", "1", "", "y"]
    assert texts(*rows) == {0: "Project", 1: "(kolom B)", 2: "Bedrag", 4: "(kolom E)"}


def test_columns_beyond_the_table_without_a_header_are_looked_at_up_to_twenty():
    head, row = ["Project", *[""] * 25], ["Samen", *["x"] * 25]
    assert list(texts(head, row)) == list(range(20))
    assert texts([""] * 25, ["x"] * 25) == {n: f"(kolom {chr(65 + n)})" for n in range(19)}


def test_only_the_sixty_rows_below_a_header_tell_that_a_column_holds_anything():
    blank = [["Samen", ""]]
    assert texts(["Project", ""], *blank * 59, ["Thuis", "x"]) == {0: "Project", 1: "(kolom B)"}
    assert texts(["Project", ""], *blank * 60, ["Thuis", "x"]) == {0: "Project"}
    assert texts(["x", "y"], ["Project", ""], ["Samen", ""], at=1) == {0: "Project"}


def test_the_rows_below_a_header_of_two_rows_begin_after_it():
    assert texts(["Project", ""], ["naam", ""], ["Samen", "x"], height=2) == {0: "Project naam", 1: "(kolom B)"}
    shorter = ["x", "y", "z"], ["Project", "", ""], ["naam", ""], ["Samen", "a", "b"]
    assert texts(*shorter, at=1, height=2) == {0: "Project naam", 1: "(kolom B)"}
    assert texts(["Project", ""], ["naam", ""], ["Samen", ""], height=2) == {0: "Project naam"}


def test_header_cells_that_say_the_same_are_told_once():
    assert texts(["Bedrag "], ["Bedrag"], height=2) == {0: "Bedrag"}
