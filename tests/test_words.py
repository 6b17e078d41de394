"""The Dutch and English texts: each key once, both with the same open names, and sentences short enough for B1."""

import collections
import csv
import re
import string
from pathlib import Path

import pytest

import wmo_analysis
from wmo_analysis import words

ROOM = Path(wmo_analysis.__file__).parent
MOST = 20  # words of a sentence that reads in one breath


def rows_of(name):
    with open(ROOM / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def open_names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def sentences(text):
    return re.split(r"(?<=[.!?;:])\s+", text)


def test_a_key_of_the_words_stands_there_once():
    counted = collections.Counter(row["key"] for row in rows_of("words.csv"))
    assert [key for key, count in counted.items() if count > 1] == []


def test_dutch_and_english_leave_the_same_names_open():
    assert [row["key"] for row in rows_of("words.csv") if open_names(row["nl"]) != open_names(row["en"])] == []


@pytest.mark.parametrize(
    "name, columns", [("words.csv", ["nl"]), ("reference/findings.csv", ["nl", "why", "what_to_do"])]
)
def test_no_dutch_sentence_is_over_twenty_words(name, columns):
    texts = [row[column] for row in rows_of(name) for column in columns]
    assert [said for text in texts for said in sentences(text) if len(said.split()) > MOST] == []


@pytest.mark.parametrize(
    "name, count, said",
    [("projects", 1, "1 project"), ("projects", 2, "2 projecten"), ("gone", 1, "1 telt niet meer mee")],
)
def test_one_of_a_kind_has_words_of_its_own(name, count, said):
    assert words.count(name, count) == said
