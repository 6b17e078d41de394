"""What becomes of amounts and periods of rows: kind, unit, notation and day of the list; totals that do not add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wmo_analysis.codebook import Codebook
from wmo_analysis.pipeline import clean
from wmo_analysis.pipeline.card import Card
from wmo_analysis.pipeline.money import amount, pointed_amount
from wmo_analysis.pipeline.stage import HEADER, NOTE, ODD, ROW, TOTAL, Column, Findings, Rows
from wmo_analysis.schema import AMOUNTS, KINDS, PRECISIONS

BOOK = Codebook.open()


def card(date="2007-10-01", **more):
    return Card("a.csv", "", ("projects",), "example", date, {}, **more)


def cleaned(texts, kinds=None, cards=None, lists=None, sheets=None, sub=None):
    """(what the grammars read of rows with these texts by column, the findings as code, row, column, listed, kept)."""
    length = len(next(iter(texts.values())))
    columns = {name: Column.of(list(column)) for name, column in texts.items()}
    rows = Rows(
        np.array(lists or [0] * length),
        Column(np.array(sheets or [0] * length), Column.of(["Blad1", "Blad2"]).spellings),
        np.arange(2, length + 2),
        np.array(kinds or [ROW] * length, dtype=np.uint8),
        np.array(sub or [False] * length),
        columns,
    )
    findings = Findings(rows, Column.of(["a.csv", "b.csv"]))
    made = clean.cleaned(rows, cards or [card()], BOOK, findings)
    told = []
    for part in findings.parts:
        told += part[["code", "row", "column", "listed", "kept"]].to_numpy().tolist()
    return made, told


def money(texts, **more):
    """Of each amount: row, column, kind ('' for none), cents, read, approximate, first and last day; and the findings."""
    made, told = cleaned(texts, **more)
    each = made.money
    columns = [each.at.tolist(), [AMOUNTS[n] for n in each.column], ["" if n == -1 else KINDS[n] for n in each.kind]]
    rest = [each.cents, each.read, each.approximate, each.first, each.last]
    return [list(row) for row in zip(*columns, *(values.tolist() for values in rest), strict=True)], told


DAY = 20071001


def test_each_column_of_amounts_is_of_its_kind_and_undated_on_the_day_of_the_list():
    rows, told = money({"asked": ["100", ""], "granted": ["", "7"], "settled": ["2,50", "ca. 3"]})
    assert rows == [
        [0, "asked", "asked", 10_000, True, False, DAY, DAY],
        [1, "granted", "granted", 700, True, False, DAY, DAY],
        [0, "settled", "settled", 250, True, False, DAY, DAY],
        [1, "settled", "settled", 300, True, True, DAY, DAY],
    ]
    assert told == []


def test_a_row_that_says_its_kind_gives_the_amount_that_kind_and_no_kind_is_told():
    kinds = ["afgerekend", "toegekend", "iets", "iets", "gevraagd"]
    rows, told = money({"amount": ["1", "2", "3", "", "5"], "kind": kinds})
    assert [row[:4] for row in rows] == [
        [0, "amount", "settled", 100],
        [1, "amount", "granted", 200],
        [2, "amount", "", 300],
        [4, "amount", "asked", 500],
    ]
    assert told == [["C09", 4, "kind", "iets", ""]]


def test_an_amount_with_a_period_is_of_that_period():
    rows, _ = money({"granted": ["1", "2", "3"], "amount_date": ["maart 2007", "1-2-2006", "ooit"]})
    assert [row[-2:] for row in rows] == [[20070301, 20070331], [20060201, 20060201], [DAY, DAY]]


def test_an_amount_in_a_note_or_header_or_total_is_none_and_one_in_an_odd_row_is():
    rows, told = money({"granted": ["1", "2", "3", "4"]}, kinds=[NOTE, HEADER, TOTAL, ODD])
    assert [row[:4] for row in rows] == [[3, "granted", "granted", 400]]
    assert [row[0] for row in told] == ["R14"]


def test_what_cannot_be_read_and_what_is_not_known_yet_is_told_and_counts_nothing():
    rows, told = money({"granted": ["12.5", "PM", "  "]})
    assert rows == [
        [0, "granted", "granted", 0, False, False, DAY, DAY],
        [1, "granted", "granted", 0, False, False, DAY, DAY],
    ]
    assert told == [["C01", 2, "granted", "12.5", ""], ["C02", 3, "granted", "PM", ""]]


WRITTEN = st.tuples(
    st.sampled_from(
        ["", "", "€", "€ ", "€\u00a0", "EUR ", "EUR", "eur ", "ca. ", "ca. € ", "ca.EUR", "circa ", "-", "- ", "("]
    ),
    st.from_regex(r"(?:[1-9][0-9]{0,2}(?:[.][0-9]{3}){0,4}|[0-9]{0,13}|[.]{0,2}[0-9]{1,4})", fullmatch=True),
    st.sampled_from(["", "", ",00", ",5", ",-", ",--", ".5", " ", "\n", ")", " k", ",", "-", ",123"]),
).map("".join)


@given(st.lists(WRITTEN, min_size=1, max_size=30))
def test_an_amount_in_a_column_is_read_as_the_amount_of_one_cell(texts):
    known = {at: amount(text)[:2] for at, text in enumerate(texts) if amount(text)[0] is not None}
    assert {row[0]: (row[3], row[5]) for row in money({"asked": texts})[0] if row[4]} == known


def test_the_unit_of_a_card_holds_for_its_own_list_and_column():
    thousands = card("2006-01-01", unit=dict.fromkeys(AMOUNTS, 1) | {"granted": 1000})
    rows, told = money({"granted": ["1", "1"], "asked": ["1", "1"]}, cards=[card(), thousands], lists=[0, 1])
    assert [(row[0], row[1], row[3], row[-1]) for row in rows] == [
        (0, "asked", 100, DAY),
        (1, "asked", 100, 20060101),
        (0, "granted", 100, DAY),
        (1, "granted", 100_000, 20060101),
    ]
    assert told == []


def test_an_amount_beyond_ten_billion_euro_in_its_unit_is_set_aside_and_never_wraps():
    millions = card(unit=dict.fromkeys(AMOUNTS, 1_000_000))
    texts = ["10.000", "10.000,01", "-10.001", "9.999.999.999"]
    rows, told = money({"granted": texts}, cards=[millions])
    assert [row[3:5] for row in rows] == [[10**12, True], [0, False], [0, False], [0, False]]
    assert [row[:2] for row in told] == [["C01", 3], ["C01", 4], ["C01", 5]]


def test_a_million_of_the_largest_amounts_add_up():
    made, _ = cleaned({"granted": ["10.000.000.000"] * 4})
    many = made.money.cents.repeat(500_000)
    assert many.sum() == 2_000_000 * 10**12


def test_a_list_that_writes_a_point_before_its_cents_is_read_so_and_the_others_not():
    lists = {"granted": ["1,234.56", "1,234.56", "12.500", "12500"]}
    rows, told = money(lists, cards=[card(), card(decimal=dict.fromkeys(AMOUNTS, "."))], lists=[0, 1, 1, 1])
    assert [row[3:5] for row in rows] == [[0, False], [123_456, True], [0, False], [1_250_000, True]]
    assert [row[:2] for row in told] == [["C01", 2], ["C01", 4]]


@pytest.mark.parametrize(
    "text, cents, reason",
    [
        ("1,234.56", 123_456, ""),
        ("1234.5", 123_450, ""),
        ("€ 1,234,567.89", 123_456_789, ""),
        ("1,234", 123_400, ""),
        ("12.500", None, "ambiguous"),
        ("1.234.567", None, "ambiguous"),
        ("1.234,56", None, "ambiguous"),
        ("500", 50_000, ""),
        ("", None, "empty"),
        ("PM", None, "no value"),
    ],
)
def test_an_amount_with_a_point_before_its_cents(text, cents, reason):
    assert pointed_amount(text) == (cents, False, reason)


# ---------------------------------------------------------------- totals


def totals(granted, kinds, **more):
    """The findings on totals of a column: row, what it says, what it should be."""
    _, told = money({"granted": granted}, kinds=kinds, **more)
    return [[row, listed, kept.replace("\u00a0", " ")] for code, row, _, listed, kept in told if code == "R14"]


def test_a_total_is_compared_with_all_rows_above_it_and_told_when_it_differs():
    assert totals(["1", "2", "3"], [ROW, ROW, TOTAL]) == []
    assert totals(["1", "2", "4"], [ROW, ROW, TOTAL]) == [[4, "4", "€ 3"]]
    assert totals(["1", "2", "4"], [ROW, ROW, ROW]) == []


def test_a_row_with_too_many_fields_counts_towards_a_total_and_a_note_or_header_does_not():
    assert totals(["1", "2", "3"], [ROW, ODD, TOTAL]) == []
    assert totals(["1", "2", "3"], [ROW, NOTE, TOTAL]) == [[4, "3", "€ 1"]]
    assert totals(["1", "2", "3"], [ROW, HEADER, TOTAL]) == [[4, "3", "€ 1"]]


def test_what_could_not_be_read_counts_for_nothing_and_a_blank_or_unread_total_says_nothing():
    assert totals(["1", "12.5", "1"], [ROW, ROW, TOTAL]) == []
    assert totals(["1", "", "12.5"], [ROW, TOTAL, TOTAL]) == []


def test_a_subtotal_covers_the_rows_since_the_last_total_and_a_total_all():
    texts = ["1", "1", "2", "2", "3"]
    kinds, sub = [ROW, TOTAL, ROW, TOTAL, TOTAL], [False, True, False, True, False]
    assert totals(texts, kinds, sub=sub) == []
    assert totals(texts, kinds, sub=[False] * 5) == []  # a total may also be that of a part
    assert totals([*texts[:4], "4"], kinds, sub=[False] * 5) == [[6, "4", "€ 3"]]
    assert totals(["1", "2", "3"], [ROW, ROW, TOTAL], sub=[False, False, True]) == []


def test_a_total_covers_the_rows_of_its_own_sheet():
    kinds, sheets = [ROW, TOTAL, ROW, TOTAL], [0, 0, 1, 1]
    assert totals(["1", "1", "2", "2"], kinds, sheets=sheets) == []
    assert totals(["1", "1", "2", "2"], kinds, sheets=sheets, sub=[False, True, False, True]) == []
    assert totals(["1", "5", "2", "2"], [ROW, ROW, ROW, TOTAL], sheets=sheets) == []
    assert totals(["1", "1", "2", "3"], kinds, sheets=sheets) == [[5, "3", "€ 2"]]


# ---------------------------------------------------------------- periods, hours, numbers of rows


def test_a_period_of_a_row_has_its_days_and_precision_and_what_is_unread_is_told():
    made, told = cleaned({"start": ["1-2-2007", "maart 2007", "", "31-2-2007", "ooit", "n.v.t."]})
    period = made.periods["start"]
    assert period.first.tolist() == [20070201, 20070301, 0, 0, 0, 0]
    assert period.last.tolist() == [20070201, 20070331, 0, 0, 0, 0]
    assert [PRECISIONS[n] for n in period.precision] == ["day", "month", "", "", "", ""]
    assert told == [
        ["C03", 5, "start", "31-2-2007", ""],
        ["C03", 6, "start", "ooit", ""],
        ["C03", 7, "start", "n.v.t.", ""],
    ]


def test_of_a_row_that_is_no_row_no_date_is_told():
    assert cleaned({"start": ["ooit"]}, kinds=[NOTE])[1] == []


def test_an_end_before_its_start_is_told_and_one_on_the_same_day_is_not():
    _, told = cleaned(
        {"start": ["2-1-2007", "1-1-2007", "", "2-1-2007"], "end": ["1-1-2007", "1-1-2007", "1-1-2007", ""]}
    )
    assert told == [["C06", 2, "end", "1-1-2007", "1-1-2007"]]


def test_hours_rounds_and_targets_of_rows_are_read_or_told():
    made, told = cleaned(
        {"hours": ["150", "veel", ""], "round": ["ronde 2", "9", ""], "target": ["minimaal 0", "1 of 2", "3"]}
    )
    assert made.hours.astype(str).tolist() == ["150.0", "nan", "nan"]
    assert (made.round.tolist(), made.target.tolist()) == ([2, -1, -1], [0, -1, 3])
    assert told == [
        ["C04", 3, "hours", "veel", ""],
        ["C08", 3, "round", "9", ""],
        ["C10", 3, "target", "1 of 2", ""],
    ]
