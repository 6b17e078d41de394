"""Files as columns of text: what arrow reads is what Python's csv reads, and the child hands over what is in the file."""

import csv
import datetime
import io
import json
import os
import subprocess
import sys

import pytest
from conftest import as_csv, as_docx, as_ods, as_xlsx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wmo_analysis.errors import ListUnreadable
from wmo_analysis.pipeline import formats
from wmo_analysis.readers import delimited
from wmo_analysis.readers.limits import DAMAGED, MOST_CHARACTERS, NO_FILE, Limits


def written(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


def read(path):
    """The records of a file of one sheet, as the child hands them over, and the notes."""
    (answer,) = formats.opened_all([path])
    (grid,) = answer.grids
    return grid.rows(0, len(grid)), answer.notes


# ---------------------------------------------------------------- text files


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman", "utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_dutch_letters_survive_every_encoding(encoding, tmp_path):
    for text in ("Eén loket", "Coördinatie", "ideeën"):
        listed = f"title;municipality\r\n{text};Baarn\r\nSamen;Soest\r\n"
        answer = formats.opened(written(tmp_path, "a.csv", listed.encode(encoding)))
        assert answer.grids[0].rows(1, 2) == [[text, "Baarn"]]
        assert [code for code, _ in answer.notes] == ([] if encoding in ("utf-8", "utf-16") else ["R07"])


def test_curly_quotes_of_windows_are_no_letters(tmp_path):
    text = "title;municipality\r\nProject ‘Samen’;IJsselstein\r\n"
    assert read(written(tmp_path, "a.csv", text.encode("cp1252")))[0][1] == ["Project ‘Samen’", "IJsselstein"]


def test_an_odd_record_keeps_its_place_and_says_how_many_fields_it_had(tmp_path):
    text = 'a;b;c\n1;2;3\n4\n\n5;6;7;8;9\n;;\n"x\ny";2;3\n'
    (grid,) = formats.opened(written(tmp_path, "a.csv", text.encode())).grids
    assert grid.fields.tolist() == [3, 3, 1, 5, 5, 5, 3]
    assert grid.rows(0, 9) == [
        ["a", "b", "c"],
        ["1", "2", "3"],
        ["4"],
        ["", "", "", "", ""],
        ["5", "6", "7", "8", "9"],
        ["", "", "", "", ""],
        ["x\ny", "2", "3"],
    ]


@pytest.mark.parametrize("text", [
    'nr;naam;euro\nA1;"De \\"Brug\\"; deel 2";12,50\nA2;b;3\n',
    '"nr";"naam";"euro"\n"A1";"De \\"Brug\\"; deel 2";"12,50"\n"A2";"b";"3"\n',
    '"nr;naam;euro"\n"A1;""De """"Brug""""; deel 2"";12,50"\n"A2;b;3"\n',
    'nr;naam;euro\r\n"A1;""De """"Brug""""; deel 2"";12,50"\r\n"A2;b;3"\r\n',
])  # fmt: skip
def test_quotes_of_other_programs_give_the_cells_that_were_meant(text, tmp_path):
    rows = read(written(tmp_path, "a.csv", text.encode()))[0]
    assert rows == [["nr", "naam", "euro"], ["A1", 'De "Brug"; deel 2', "12,50"], ["A2", "b", "3"]]


@pytest.mark.parametrize("cell", ["C:\\map\\", '\\"', 'a\\"b'])
def test_a_backslash_of_a_common_csv_stays(cell, tmp_path):
    rows = [["nr", "map"], ["1", cell], ["2", "b"]]
    assert read(written(tmp_path, "a.csv", text_of(rows[1:], "\n", "").replace("a;b;c", "nr;map").encode()))[0] == rows


PIECES = ["a", "é", "word and word ", '"', '""', ",", ";", ";", "\n", "\n", "\r\n", "\r", " ", "\t", '"a;b"', '"a\nb"',
          '"\r\n"', ";;", ';"', '";', "\n\n", "\ufeff", "\x0b", "\x85", "\u2028", "🎉"]  # fmt: skip
CELLS = st.lists(st.sampled_from(["a", "é", '"', "\n", ";", "\r\n", "\r", "word and word "]), max_size=3).map("".join)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3) | st.lists(CELLS, max_size=5), max_size=20)


def text_of(rows, line_end, tail):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator=line_end).writerows([["a", "b", "c"], *rows])
    return buffer.getvalue() + tail


TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map(lambda pieces: "a;b\n" + "".join(pieces)) | st.builds(
    text_of, ROWS, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", ";", '"x;', 'x;"y'])
)


def by_python(text, delimiter):
    """The records of Python's csv, as long as the widest of the first 60 at most; a blank one is as long as that."""
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    width = max(len(record) for record in records[:60])
    return [record[:width] if any(record) else [""] * width for record in records]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(TEXTS, st.sampled_from([16, 64, 200, 16_000_000]), st.sampled_from([3, 50_000]))
def test_any_text_file_of_paired_quotes_gives_the_records_of_pythons_csv(tmp_path, text, block, records):
    path = written(tmp_path, "a.csv", text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "BLOCK", block)  # so that borders of blocks fall everywhere
        patch.setattr(delimited, "RECORDS", records)
        (grid,) = formats.opened(path).grids
    wrapped = any(map(delimited.WRAPPED.fullmatch, text.encode().splitlines()))
    if not wrapped and all(paired(text, delimiter) for delimiter in ";,\t|"):
        assert grid.rows(0, len(grid)) in [by_python(text, delimiter) for delimiter in ";,\t|"]


def paired(text, delimiter):
    """Whether every quote has a second one; see test_a_stray_quote_takes_no_row_with_it for the others."""
    try:
        return bool(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
    except csv.Error:
        return False


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(ROWS, st.sampled_from(";,\t"))
def test_any_cells_come_back_from_a_csv_as_they_were_written(tmp_path, rows, delimiter):
    rows = [["kop een", "kop twee", "kop drie"]] * 3 + [row for row in rows if len(row) == 3 and any(row)]
    assert read(written(tmp_path, "a.csv", as_csv(rows, delimiter=delimiter)))[0] == rows


def test_a_text_file_of_many_blocks_passes_python_by(tmp_path, monkeypatch):
    lines = [f'{number};{"één" if number % 2 else "twee"};"a\n{number % 7}"\n' for number in range(5000)]
    path = written(tmp_path, "a.csv", "".join(["nr;naam;soort\n", *lines, "te;weinig\n"]).encode())
    monkeypatch.setattr(delimited, "BLOCK", 4000)
    seen = []
    real = csv.reader
    monkeypatch.setattr(csv, "reader", lambda *a, **k: (seen.append(1) or row for row in real(*a, **k)))
    (grid,) = formats.opened(path).grids
    assert len(seen) < 600  # the first records and the odd one
    assert len(grid) == 5002 and grid.columns[0].to_pylist()[1:-1] == [str(number) for number in range(5000)]
    assert [str(column.type)[:4] for column in grid.columns] == ["stri", "dict", "dict"]
    assert len(grid.columns[2].chunk(0).dictionary) == 9
    assert grid.rows(5000, 5002) == [["4999", "één", "a\n1"], ["te", "weinig"]]


def test_the_child_is_ready_before_pandas_would_be(tmp_path):
    lines = written(tmp_path, "a.csv", b'nr;naam;soort\n1;"a\nb";x\n2;c;y\n')
    book = written(tmp_path, "a.xlsx", as_xlsx([["nr", "naam"], [1, "a"], [2.5, "b"]]))
    command = [sys.executable, "-X", "importtime", "-P", formats.CHILD, lines, book]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(formats.CHILD.parents[2])}, capture_output=True)
    assert done.stdout.count(b'["notes"') == 2 and b"pyarrow" in done.stderr and b"pandas" not in done.stderr


def test_a_wrong_byte_or_a_nul_far_in_the_file_begins_it_again(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK", 4000)
    lines = b"a;b\n" + b"1;x\n" * 3000
    answer = formats.opened(written(tmp_path, "a.csv", lines + "één;y\n".encode("cp1252")))
    assert answer.grids[0].rows(3001, 3002) == [["één", "y"]] and answer.notes == [("R07", "Windows-1252")]
    answer = formats.opened(written(tmp_path, "a.csv", lines + b"a\0b;y\n"))
    assert answer.grids[0].rows(3001, 3002) == [["ab", "y"]] and answer.notes == [("R07", "NUL")]
    assert len(answer.grids[0]) == 3002


def test_mojibake_counts_every_cell_that_was_mended(tmp_path):
    rows = [["naam", "soort"], *([[f"cafÃ© {number}", "cafÃ©"] for number in range(4)] * 2), ["café", "één", "Ã¶"]]
    records, notes = read(written(tmp_path, "a.csv", as_csv(rows, delimiter=";")))
    assert notes == [("R20", "17")]
    assert records[1:3] == [["café 0", "café"], ["café 1", "café"]]


# ---------------------------------------------------------------- other formats


def test_cells_of_a_workbook_become_text_in_dutch_notation(tmp_path):
    rows = [["a", "b"], [12500.5, datetime.date(2006, 11, 30)], [1, "1"], [1.0, ""], [-0.0, "x"]]
    records, _ = read(written(tmp_path, "a.xlsx", as_xlsx(rows)))
    assert records == [["a", "b"], ["12500,5", "30-11-2006"], ["1", "1"], ["1", ""], ["0", "x"]]


@pytest.mark.parametrize("name, write, sheet", [("a.csv", as_csv, ""), ("a.ods", as_ods, "Blad1 ")])
def test_a_cell_longer_than_a_spreadsheet_holds_is_cut_and_told_with_its_address(name, write, sheet, tmp_path):
    """At a word: half of a telephone number would be no number, and nobody would mask it."""
    full, long = "x" * MOST_CHARACTERS, "é-" * 50_000
    rows = [["title", "municipality"], ["Samen", full], [f"{full[4:]} 06-12345678", "Baarn"], [long, "Baarn " + long]]
    answer, notes = read(written(tmp_path, name, write(rows)))
    cut = [long[:MOST_CHARACTERS], ("Baarn " + long)[:MOST_CHARACTERS]]
    assert answer == [rows[0], rows[1], [full[4:], "Baarn"], cut]
    assert [text for code, text in notes if code == "R35"] == [f"{sheet}A3, A4, B4"]


def test_half_a_surrogate_pair_in_json_is_no_reason_to_stop(tmp_path):
    records, _ = read(written(tmp_path, "a.json", b'[{"a": "x\\ud800", "b": true}, {"a": 1, "b": null}]'))
    assert records == [["a", "b"], ["x?", "ja"], ["1", ""]]


def test_merged_cells_are_told_and_hold_nothing(tmp_path):
    rows = [["a", "b"], ["x", "y"], ["", "z"]]
    (grid,) = formats.opened(written(tmp_path, "a.docx", as_docx(rows, [(1, 0, 2, 0)]))).grids
    assert (grid.name, grid.fields, grid.merged) == ("tabel 1", None, ((2, 0, 1, 0),))
    assert grid.rows(0, 3) == rows


# ---------------------------------------------------------------- the child


def test_every_list_has_its_own_answer_whatever_the_others_are(tmp_path):
    good = as_csv([["a", "b"], ["1", "2"]])
    paths = [written(tmp_path, "1.csv", good), written(tmp_path, "2.xlsx", b"PK\x03\x04 kapot"), tmp_path / "gone.csv",
             written(tmp_path, "4.csv", good), written(tmp_path, "5.csv", b"")]  # fmt: skip
    answers = [
        (answer.code, answer.text) if isinstance(answer, ListUnreadable) else [len(grid) for grid in answer.grids]
        for answer in formats.opened_all(paths)
    ]
    assert answers == [[2], ("R01", DAMAGED), ("R01", NO_FILE), [2], [0]]


def test_a_list_over_a_limit_is_told_with_it_and_the_next_one_is_read(tmp_path):
    records = [{"a": f"{number}" + "x" * 1_000_000, "b": "2"} for number in range(80)]
    large = written(tmp_path, "1.json", json.dumps(records).encode())
    paths = [written(tmp_path, "0.csv", b"a,b\n1,2\n"), large, written(tmp_path, "2.csv", b"a,b\n1,2\n")]
    for limits, text in (
        (Limits(megabytes=480), "te groot om te lezen: de grens is 480 MB geheugen voor een lijst"),
        (Limits(seconds=0.01), "te groot om te lezen: na 0.01 seconden afgebroken, de grens voor een lijst"),
    ):
        answers = list(formats.opened_all([large], limits))
        assert [(answer.code, answer.text) for answer in answers] == [("R03", text)]
    answers = list(formats.opened_all(paths, Limits(megabytes=480)))
    assert [isinstance(answer, ListUnreadable) for answer in answers] == [False, True, False]


def test_the_limits_are_those_of_the_environment(monkeypatch):
    assert Limits.stated() == Limits(30, 1500)
    monkeypatch.setenv("WMO_LIST_SECONDS", "5")
    monkeypatch.setenv("WMO_LIST_MB", "veel")
    assert Limits.stated() == Limits(5, 1500)


@pytest.mark.parametrize("name", ["pipe.csv", "folder.csv", "device.csv"])
def test_what_is_no_plain_file_is_never_opened(name, tmp_path):
    path = tmp_path / name
    make = {"pipe.csv": os.mkfifo, "folder.csv": os.mkdir, "device.csv": lambda path: path.symlink_to("/dev/zero")}
    make[name](path)
    (answer,) = formats.opened_all([path])
    assert (answer.code, answer.text) == ("R01", NO_FILE)
