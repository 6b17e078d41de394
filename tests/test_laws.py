"""Laws 1 to 8 of docs/rules.md, on small lists of which this file knows the answer."""

import os
import random
import shutil
import subprocess
import sys
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from monitors import BOOK, ROOT, hold, monitor, read_here, shipped, tables, written

import wmo_analysis as wmo
from wmo_analysis import measure, pipeline
from wmo_analysis.codebook import key
from wmo_analysis.errors import LawBroken

SLOW = dict(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
HEAD = ["key", "title", "municipality", "theme", "granted"]
AMOUNTS = {  # as typed: cents, None where no value can be read
    "€ 12.500,00": 1_250_000,
    "500,-": 50_000,
    "12,5 k": 1_250_000,
    "(500)": -50_000,
    "0": 0,
    "0,05": 5,
    "12.5": None,
    "PM": None,
}
PLACES = ["Baarn", "Utrecht-West", "alle gemeenten", "Baarn en Ede", "nog niet toegewezen", "Foobar", ""]
THEMES = ["P2", "P2; P4", "P3a; P3b", "P8", "Sport en bewegen", "M2", "P2; Sport", ""]


# ---------------------------------------------------------------- 1 and 2: every row, every cent

project = st.tuples(st.sampled_from(PLACES), st.sampled_from(THEMES), st.sampled_from([*AMOUNTS, ""]))
other = st.sampled_from(["blank", "note", "header", "total", "untitled", "too long"])


def row_of(number, kind, amount):
    return {
        "blank": [""] * 5,
        "note": ["Toelichting: stand van zaken", "", "", "", ""],
        "header": HEAD,
        "total": ["", "Totaal", "", "", "999.999,00"],
        "untitled": [f"{number}", "", "Baarn", "", amount],
        "too long": [f"{number}", "Te lang", "Baarn", "P2", amount, "nog iets"],
    }[kind]


def account(file, basis="example", **counts):
    names = ("rows_in", "rows_used", "rows_merged", "rows_set_aside")
    names += ("cents_in", "cents_used", "cents_merged", "cents_set_aside", "cells_unread")
    return {"file": file, "basis": basis, **{name: counts.get(name, 0) for name in names}}


@given(
    first=st.lists(st.one_of(project, other), min_size=1, max_size=7),
    second=st.lists(st.tuples(project, st.integers(0, 8)), max_size=4),
    amount=st.sampled_from([*AMOUNTS, ""]),
)
@settings(max_examples=25, **SLOW)
def test_every_row_and_every_cent_is_used_merged_or_set_aside(first, second, amount):
    """The second list names projects of the first with `merges_with`; what is said of it here is the rule, not the code."""
    one, two = account("2007-10-01_a/een.csv"), account("2007-10-01_a/twee.csv")
    rows, titled, states = [HEAD, ["0", "Altijd", "Soest", "P4", ""]], {"S1-0": False}, {}
    one["rows_in"], one["rows_used"] = 1, 1

    def put(where, fate, text):
        where["rows_in"] += 1
        where[f"rows_{fate}"] += 1
        if text and AMOUNTS[text] is None:
            where["cells_unread"] += 1
        return AMOUNTS.get(text) or 0

    for number, item in enumerate(first, 1):
        if isinstance(item, tuple):
            rows.append([f"{number}", f"Project {number}", *item])
            cents = put(one, "used", item[2])
            titled[f"S1-{number}"] = AMOUNTS.get(item[2]) is not None
            one["cents_in"] += cents
            one["cents_used"] += cents
        else:
            rows.append(row_of(number, item, amount))
            if item != "blank":
                cents = put(one, "set_aside", amount if item in ("untitled", "too long") else "")
                one["cents_in"] += cents
                one["cents_set_aside"] += cents
    more = [[*HEAD, "merges_with"]]
    for number, (item, target) in enumerate(second):
        more.append([f"B{number}", f"Ander {number}", *item, f"S1-{target}"])
        merges = f"S1-{target}" in titled
        cents = put(two, "merged" if merges else "used", item[2])
        two["cents_in"] += cents
        two["cents_merged" if titled.get(f"S1-{target}") else "cents_used"] += cents
        states[number] = merges
    lists = {one["file"]: rows}
    if second:
        lists[two["file"]] = (more, {"source": "S6"})
    made = tables(lists)
    expected = [one, two] if second else [one]
    assert made["ledger"].to_dict("records") == expected
    hold(made)


def test_a_row_that_feeds_several_tables_counts_once():
    head = ["key", "title", "municipality", "theme", "granted", "round", "talk"]
    made = tables(
        {
            "2007-10-01_a/gesprekken.csv": (
                [
                    head,
                    ["1", "Samen", "Baarn", "P2", "10", "1", "01-09-2006"],
                    ["2", "", "Soest", "", "", "1", ""],
                    ["3", "", "", "", "7", "", ""],
                ],
                {"source": "S2", "rows": ["conversations", "projects"]},
            )
        }
    )
    assert made["ledger"].to_dict("records") == [
        account(
            "2007-10-01_a/gesprekken.csv",
            rows_in=3,
            rows_used=2,
            rows_set_aside=1,
            cents_in=1700,
            cents_used=1000,
            cents_set_aside=700,
        )
    ]
    assert list(zip(made["conversations"]["gm_code"], made["conversations"]["step"], strict=True)) == [
        ("GM0308", "planned"),
        ("GM0308", "talk"),
        ("GM0342", "planned"),
    ]
    aside = made["findings"][made["findings"]["code"] == "C07"]
    assert list(aside["row"]) == [4]


def test_a_list_that_cannot_be_read_stands_in_the_ledger_with_nothing_in():
    made = tables(
        {
            "2007-10-01_a/goed.csv": [HEAD, ["1", "Samen", "Baarn", "P2", "10"]],
            "2007-10-01_a/leeg.csv": (
                [["naam"], ["Samen"]],
                {"columns": {"title": "title"}, "source": "S6"},
            ),
        }
    )
    assert made["ledger"].to_dict("records") == [
        account("2007-10-01_a/goed.csv", rows_in=1, rows_used=1, cents_in=1000, cents_used=1000),
        account("2007-10-01_a/leeg.csv"),
    ]


def test_the_laws_are_checked_before_anything_is_written():
    made = tables({"2007-10-01_a/een.csv": [HEAD, ["1", "Samen", "Baarn", "P2", "10"]]})
    hold(made)
    for table, column in (("ledger", "rows_used"), ("ledger", "cents_set_aside"), ("amounts", "cents")):
        wrong = {name: rows.copy() for name, rows in made.items()}
        wrong[table][column] += 1
        with pytest.raises(LawBroken):
            hold(wrong)
    for table, column, value in (("placements", "gm_code", "GM9999"), ("project_themes", "project_id", "S1-9")):
        wrong = {name: rows.copy() for name, rows in made.items()}
        wrong[table][column] = value
        wrong[table] = wrong[table].iloc[:0] if table == "project_themes" else wrong[table]
        with pytest.raises(LawBroken):
            hold(wrong)


# ---------------------------------------------------------------- 3: the parts foot


def test_every_project_has_one_placement():
    places = {
        "Baarn": "one",
        "Bilthoven": "one",
        "Baarn; Baarn": "one",
        "Baarn en Soest": "several",
        "Baarn en Utrecht-West": "several",
        "Utrecht-West": "partnership",
        "alle gemeenten": "province",
        "nog niet toegewezen": "unassigned",
        "Foobar": "unknown",
        "Ede": "outside",
        "Ede en Foobar": "unknown",
        "Baarn en Ede": "several",
        "": "unknown",
    }
    rows = [[f"{n}", f"Project {n}", place, "P2", ""] for n, place in enumerate(places)]
    made = tables({"2007-10-01_a/een.csv": [HEAD, *rows]})["projects"]
    shown = dict(zip(made["project_id"], made["placement"], strict=True))
    assert shown == {f"S1-{n}": placement for n, placement in enumerate(places.values())}


def test_every_project_has_one_theme_part_on_the_columns_of_the_matrix():
    themes = {
        "P2": "one",
        "P3a; P3b": "one",
        "P3; P3a": "one",
        "P2; P4": "several",
        "P2; P8": "one",
        "P2; M2": "one",
        "P2; Sport en bewegen": "one",
        "P8": "outside",
        "P8; Sport en bewegen": "unknown",
        "M2": "unknown",
        "Sport en bewegen": "unknown",
        "": "unknown",
    }
    rows = [[f"{n}", f"Project {n}", "Baarn", theme, ""] for n, theme in enumerate(themes)]
    made = tables({"2007-10-01_a/een.csv": [HEAD, *rows]})["projects"]
    shown = dict(zip(made["project_id"], made["theme_part"], strict=True))
    assert shown == {f"S1-{n}": part for n, part in enumerate(themes.values())}


@given(st.lists(st.lists(st.sampled_from(["0.5", "0.50", "0.25", "0.2", "1", "0", "-0.5"]), min_size=1, max_size=4)))
@settings(max_examples=15, **SLOW)
def test_weights_stand_only_where_they_sum_to_exactly_1(rows):
    names = ["Baarn", "Soest", "Zeist", "Bunnik"]
    listed = [[f"{n}", f"Nr. {n}", "; ".join(names[: len(row)]), "; ".join(row)] for n, row in enumerate(rows)]
    head = ["key", "title", "municipality", "weights"]
    made = tables({"2007-10-01_a/een.csv": [head, *listed, ["x", "Slot", "Baarn", "1.0"]]})
    expected = {("S1-x", "GM0308"): "1.0"}
    for number, row in enumerate(rows):
        fits = sum(map(Decimal, row)) == 1 and "-0.5" not in row
        for name, share in zip(names, row, strict=False):
            expected[f"S1-{number}", BOOK.find("municipality", name)] = share if fits else ""
    placements = made["placements"]
    shown = dict(
        zip(zip(placements["project_id"], placements["gm_code"], strict=True), placements["weight"], strict=True)
    )
    assert shown == expected
    refused = [text for _, _, _, text in listed if sum(map(Decimal, text.split("; "))) != 1 or "-" in text]
    assert sorted(made["findings"].loc[made["findings"]["code"] == "J09", "listed"]) == sorted(refused)


@pytest.mark.parametrize("text", ["0,5; 0,5", "1", "0.3333; 0.3333; 0.3333", "1/3; 1/3; 1/3", "half; half", "0.1;0.9;"])
def test_weights_that_are_no_exact_split_of_the_named_places_are_a_finding(text):
    made = tables(
        {
            "2007-10-01_a/een.csv": [
                ["key", "title", "municipality", "weights"],
                ["1", "Samen", "Baarn, Soest en Zeist", text],
            ]
        }
    )
    assert list(made["placements"]["weight"]) == ["", "", ""]
    assert list(made["findings"]["code"]) == ["J09"]


def test_ten_tenths_are_one_and_binary_fractions_play_no_part():
    shares = ["0.1"] * 2 + ["0.8"]
    made = tables(
        {
            "2007-10-01_a/een.csv": [
                ["key", "title", "municipality", "weights"],
                ["1", "Samen", "Zeist, Baarn, Soest", "; ".join(shares)],
            ]
        }
    )
    weights = dict(zip(made["placements"]["gm_code"], map(Decimal, made["placements"]["weight"]), strict=True))
    assert weights == {"GM0355": Decimal("0.1"), "GM0308": Decimal("0.1"), "GM0342": Decimal("0.8")}


# ---------------------------------------------------------------- 4: denominators come from the codebook

LITTLE = {
    "2007-10-01_a/een.csv": (
        [
            ["key", "title", "municipality", "theme", "start", "end"],
            ["1", "In Baarn", "Baarn", "P2", "01-01-2007", ""],
            ["2", "In het westen", "Utrecht-West", "P4", "01-01-2007", ""],
            ["3", "Overal", "alle gemeenten", "P2", "01-01-2007", ""],
            ["4", "Nergens", "nog niet toegewezen", "P2", "01-01-2007", ""],
        ],
        {"complete": True},
    ),
    "2007-10-01_a/twee.csv": (
        [["municipality", "round", "talk"], ["Baarn", "1", "01-09-2006"], ["Zeist", "1", ""], ["Soest", "2", ""]],
        {"source": "S2", "rows": ["conversations"]},
    ),
}


@pytest.fixture(scope="module")
def little():
    return monitor(LITTLE)


def test_a_municipality_without_a_project_is_a_row_with_zero(little):
    shown = measure.coverage(little, by="municipality")
    assert list(shown["code"]) == BOOK.gm_codes
    west = set(BOOK.members("2007-10-01")["SUW"])
    assert dict(zip(shown["code"], shown["covered"], strict=True)) == {
        code: int(code == "GM0308" or code in west) for code in BOOK.gm_codes
    }
    assert set(shown["of"]) == {1}
    for nothing in (little.within(theme="P9"), little.within(source="S6"), little.within(theme="P4")):
        shown = measure.coverage(nothing, by="municipality")
        assert list(shown["code"]) == BOOK.gm_codes
        assert set(shown["projects"]) == {0} | ({1} if len(nothing.projects) else set())
    assert set(measure.coverage(little.within(theme="P9"), by="municipality")["covered"]) == {0}
    matrix = measure.coverage(little)
    totals = matrix[(matrix["theme"] == "") & (matrix["gm_code"] != "")]
    assert list(totals["gm_code"]) == BOOK.gm_codes


@pytest.mark.parametrize(
    "filters, left, kept",
    [
        ({}, 29, [1, 2, 3, 4]),
        ({"region": "Eemland"}, 7, [1, 3]),
        ({"region": ["Utrecht-West", "Eemland"]}, 15, [1, 2, 3]),
        ({"municipality": "Woerden"}, 1, [2, 3]),
        ({"municipality": "Zeist"}, 1, [3]),
        ({"round": 1}, 2, [1, 3]),
        ({"round": 3}, 0, [3]),
        ({"theme": "P2"}, 29, [1, 3, 4]),
        ({"source": "S6"}, 29, []),
        ({"status": "afgerond"}, 29, []),
        ({"basis": "published"}, 29, []),
        ({"round": 1, "source": "S1"}, 2, [1, 3]),
        ({"round": 1, "source": "S6"}, 2, []),
        ({"region": "Eemland", "theme": "P4"}, 7, []),
    ],
    ids=str,
)
def test_region_municipality_and_round_narrow_the_denominator_and_the_others_projects_only(little, filters, left, kept):
    chosen = little.within(**filters)
    assert measure.coverage(chosen).attrs["wmo"]["of"] == left
    assert sorted(chosen.projects.index) == [f"S1-{number}" for number in kept]


def test_a_denominator_uses_the_members_of_the_date(little):
    west = little.within(region="Utrecht-West")
    shown = [measure.coverage(west.as_of(day)).attrs["wmo"]["of"] for day in ("2006-11-30", "2007-10-09", "2010-12-01")]
    assert shown == [8, 8, 9]


def test_a_placement_uses_the_members_at_the_start_else_at_the_first_delivery():
    made = tables(
        {
            "2010-11-01_a/een.csv": (
                [
                    ["key", "title", "municipality", "start"],
                    ["1", "Nu", "Utrecht-West", ""],
                    ["2", "Straks", "Utrecht-West", "01-12-2010"],
                ],
                {"date": "2010-11-01"},
            ),
            "2010-12-01_a/een.csv": (
                [["key", "title", "municipality", "start"], ["1", "Nu", "Utrecht-West", ""]],
                {"date": "2010-12-01"},
            ),
        }
    )["placements"]
    assert made.groupby(["file", "project_id"]).size().to_dict() == {
        ("2010-11-01_a/een.csv", "S1-1"): 8,
        ("2010-11-01_a/een.csv", "S1-2"): 9,
        ("2010-12-01_a/een.csv", "S1-1"): 8,
    }


# ---------------------------------------------------------------- 5: order does not matter

MIXED_HEAD = ["key", "title", "source", "municipality", "theme", "status", "start", "granted", "merges_with"]
MIXED = [
    ["1", "Samen", "S4", "Baarn en Soest", "P2; P4", "loopt", "01-01-2007", "100", ""],
    ["1", "Samen", "S4", "Soest", "P4", "", "01-02-2007", "250", ""],
    ["2", "Samen", "S6", "Zeist", "", "afgerond", "01-03-2007", "300", "S4-1"],
    ["3", "Wijk", "S6", "Utrecht-West", "Sport", "bezig?", "ooit", "12.5", "S4-99"],
    ["4", "Samen", "S4", "Baarn", "P8", "", "", "", ""],
]
AS_LISTED = {}
UNKEYED = [
    ["Samen", "Baarn", "P2", "01-01-2007", "10"],
    ["Samen", "Baarn", "P2", "01-01-2007", "10"],
    ["samen ", "BAARN", "P4", "01-06-2007", "20"],
    ["Samen", "Soest", "P4", "", "30"],
]


def without_places(made):
    """Every table without row numbers, in the order in which it is written; only `listed` stands in the order of rows."""
    shown = {}
    for name, table in made.items():
        columns = [column for column in table if column not in ("row", "finding_id")]
        lines = table[columns].astype(str).values.tolist()
        shown[name] = sorted(lines) if name == "listed" else lines
    return shown


@given(st.permutations(MIXED), st.permutations(UNKEYED), st.randoms(use_true_random=False))
@settings(max_examples=12, **SLOW)
def test_shuffled_rows_and_files_give_the_same_tables_but_for_row_numbers(mixed, unkeyed, chance):
    head = ["title", "municipality", "theme", "start", "granted"]

    def made(first, second, order):
        whole = pipeline.card.cards

        def in_order(raw, codebook):
            cards, findings = whole(raw, codebook)
            return order(cards), findings

        pipeline.card.cards = in_order
        try:
            return tables(
                {
                    "2007-10-01_a/bestand.csv": (
                        [MIXED_HEAD, *first],
                        {"same_as": [{"row": "3", "project": "S7-1", "reason": "x"}]},
                    ),
                    "2007-10-01_a/lijst.csv": ([head, *second], {"source": "S1"}),
                    "2006-11-30_b/brief.csv": (
                        [["key", "title", "municipality"], ["1", "Wijk", "Utrecht-West"]],
                        {"source": "S7", "basis": "letter", "date": "2006-11-30"},
                    ),
                }
            )
        finally:
            pipeline.card.cards = whole

    if not AS_LISTED:
        AS_LISTED.update(without_places(made(MIXED, UNKEYED, list)))
    shuffled = made(mixed, unkeyed, lambda cards: chance.sample(cards, len(cards)))
    assert without_places(shuffled) == AS_LISTED


def test_a_conflict_goes_by_the_order_of_sources_then_by_value_and_both_values_are_reported():
    for rows in (MIXED[:3], MIXED[2::-1]):
        made = tables({"2007-10-01_a/een.csv": [MIXED_HEAD, *rows]})
        (project,) = made["projects"].to_dict("records")
        assert (project["project_id"], project["source_id"], project["status"]) == ("S4-1", "S4", "running")
        assert project["start_from"] == "2007-01-01"
        told = made["findings"].query("code == 'J07'")
        assert set(zip(told["column"], told["listed"], told["kept"], strict=True)) == {
            ("municipality", "Zeist", "Baarn en Soest"),
            ("theme", "P4", "P2; P4"),
            ("status", "afgerond", "loopt"),
            ("start", "01-02-2007", "01-01-2007"),
            ("start", "01-03-2007", "01-01-2007"),
        }


def test_between_two_lists_the_first_source_of_the_codebook_decides():
    made = monitor(
        {
            "2007-10-01_a/a.csv": (
                [["key", "title", "municipality", "end", "merges_with"], ["9", "Samen", "Zeist", "30-06-2008", "S4-1"]],
                {"source": "S6"},
            ),
            "2007-10-01_a/z.csv": (
                [["key", "title", "municipality", "end"], ["1", "Samen", "Zeist", "31-12-2007"]],
                {"source": "S4"},
            ),
        }
    )
    assert list(made.projects["end_to"]) == ["2007-12-31"]
    assert made.tables["findings"].query("code == 'J07'")[["listed", "kept"]].values.tolist() == [
        ["30-06-2008", "31-12-2007"]
    ]


# ---------------------------------------------------------------- 6: the same input, the same bytes


def test_the_same_input_gives_the_same_bytes_in_any_locale_time_zone_and_hash_order(tmp_path):
    digests = []
    for place, surroundings in enumerate(
        (
            {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "0", "PYTHONUTF8": "0"},
            {"LC_ALL": "nl_NL.UTF-8", "TZ": "America/Adak", "PYTHONHASHSEED": "4242", "LANG": "tr_TR.UTF-8"},
        )
    ):
        root = tmp_path / str(place)
        shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
        alike = [[f"{number}", "Samen", "Baarn", "Sport", "10", f"{number}@example.org"] for number in range(9)]
        card = {"contact": ["mail"], "source": "S4"}
        written(root, {"2007-10-02_a/gelijk.csv": ([[*HEAD, "mail"], *alike], card)})
        environment = os.environ | surroundings | {"PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
        command = "import sys; from wmo_analysis import pipeline; pipeline.build(sys.argv[1])"
        subprocess.run([sys.executable, "-c", command, str(root)], env=environment, check=True, cwd=tmp_path)
        digests.append({path.name: path.read_bytes() for path in (root / "data" / "clean").iterdir()})
    assert sorted(digests[0]) == sorted([f"{name}.csv" for name in wmo.schema.TABLES] + ["datapackage.json"])
    assert [name for name in digests[0] if digests[0][name] != digests[1][name]] == []
    assert all(b"\r" not in digests[0][f"{name}.csv"] for name in ("projects", "findings", "ledger"))


def test_building_twice_leaves_the_same_bytes(tmp_path):
    written(tmp_path, LITTLE)
    with read_here():
        pipeline.build(tmp_path)
        first = {path.name: path.read_bytes() for path in (tmp_path / "data" / "clean").iterdir()}
        pipeline.build(tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "data" / "clean").iterdir()} == first


# ---------------------------------------------------------------- 7: resemblance does not decide

ACCEPTED = {
    key(text)
    for table, columns in (
        (BOOK.municipalities, ["name"]),
        (BOOK.places, ["text"]),
        (BOOK.partnerships, ["name", "full_name"]),
        (BOOK.aliases, ["text"]),
    )
    for column in columns
    for text in table[column]
}


@given(st.sampled_from(list(BOOK.municipalities["name"])), st.integers(0, 30), st.sampled_from(["drop", "double", "x"]))
@settings(max_examples=100, **SLOW)
def test_a_misspelt_name_never_becomes_a_municipality_unless_a_person_accepted_it(name, at, how):
    at %= len(name)
    text = name[:at] + {"drop": "", "double": name[at] * 2, "x": "x" + name[at]}[how] + name[at + 1 :]
    shown = wmo.places([text])
    if key(text) not in ACCEPTED:
        assert set(shown["gm_code"]) == {""}
        assert set(shown["how"]) == {"unknown"}


def test_without_any_resemblance_everything_but_the_suggestions_is_the_same(monkeypatch):
    lists = {
        "2007-10-01_a/een.csv": (
            [
                ["key", "title", "source", "municipality", "theme", "status", "granted", "kind"],
                ["1", "Samen", "Sociale Agend", "Veenendal", "Mantelzorgg", "lopt", "10", ""],
                ["2", "Samn", "S4", "Zeis en Baarn", "Sociale cohesi", "loopt", "10", ""],
            ],
            None,
        )
    }
    suggested = tables(lists)
    monkeypatch.setattr(pipeline.places, "near", lambda text, names: [])
    plain = tables(lists)
    told = suggested["findings"]
    assert sorted(told.loc[told["did_you_mean"] != "", "code"]) == ["J01", "J01", "J04", "J04"]
    plain["findings"] = plain["findings"].assign(did_you_mean=told["did_you_mean"])
    for name, table in suggested.items():
        pd.testing.assert_frame_equal(table, plain[name], obj=name)
    assert list(suggested["projects"]["source_id"]) == ["S4", "X0"]
    assert list(suggested["projects"]["placement"]) == ["several", "unknown"]


# ---------------------------------------------------------------- 8: merging stays within a basis

CHAIN_HEAD = ["key", "title", "municipality", "theme", "status", "start", "end", "hours"]
CHAIN = {
    "2006-11-30_brief/l.csv": (
        [CHAIN_HEAD, ["L", "Volgens de brief", "Baarn", "", "", "", "", ""]],
        {"source": "S7", "basis": "letter", "date": "2006-11-30"},
    ),
    "documented/d.csv": (
        [CHAIN_HEAD, ["D", "Volgens een bron", "Soest", "P4", "", "01-02-2006", "", ""]],
        {
            "source": "S3",
            "basis": "documented",
            "date": "2006-12-21",
            "same_as": [{"row": "D", "project": "S7-L", "reason": "zelfde"}],
        },
    ),
    "2007-10-01_voorbeeld/e.csv": (
        [CHAIN_HEAD, ["E", "Volgens een voorbeeld", "Zeist", "P2", "loopt", "01-03-2007", "31-12-2007", "80"]],
        {"source": "S4", "same_as": [{"row": "E", "project": "S3-D", "reason": "zelfde"}]},
    ),
}


@pytest.fixture(scope="module")
def chain():
    return monitor(CHAIN)


def test_a_chain_of_same_as_ends_at_the_strongest_row(chain):
    rows = chain.tables["projects"]
    assert dict(zip(rows["project_id"], rows["same_as"], strict=True)) == {"S7-L": "", "S3-D": "S7-L", "S4-E": "S7-L"}
    assert list(chain.tables["project_sources"]["role"]) == ["used", "used", "used"]


def project_of(made):
    (one,) = made.projects.reset_index().to_dict("records")
    places = [BOOK.label("municipality", code) for code in made.placements["gm_code"]]
    names = (
        "group",
        "title",
        "status",
        "start_from",
        "end_to",
        "placement",
        "theme_part",
        "hours",
        "example",
        "counts",
    )
    hours = None if pd.isna(one["hours"]) else one["hours"]
    return [*({**one, "hours": hours}[name] for name in names), places, list(made.themes["theme"])]


@pytest.mark.parametrize(
    "filters, expected",
    [
        (
            {},
            [
                "Volgens de brief",
                "running",
                "2006-02-01",
                "2007-12-31",
                "one",
                "one",
                80.0,
                True,
                True,
                ["Baarn"],
                ["P4"],
            ],
        ),
        (
            {"basis": "published"},
            ["Volgens de brief", "unknown", "2006-02-01", "", "one", "one", None, False, True, ["Baarn"], ["P4"]],
        ),
        (
            {"basis": "letter"},
            ["Volgens de brief", "unknown", "", "", "one", "unknown", None, False, True, ["Baarn"], ["P9"]],
        ),
        (
            {"basis": "example"},
            [
                "Volgens een voorbeeld",
                "running",
                "2007-03-01",
                "2007-12-31",
                "one",
                "one",
                80.0,
                True,
                True,
                ["Zeist"],
                ["P2"],
            ],
        ),
        (
            {"source": ["S3", "S4"]},  # a source filter keeps whole projects: the letter's row stays
            [
                "Volgens de brief",
                "running",
                "2006-02-01",
                "2007-12-31",
                "one",
                "one",
                80.0,
                True,
                True,
                ["Baarn"],
                ["P4"],
            ],
        ),
    ],
    ids=str,
)
def test_the_rows_left_are_one_project_with_each_field_from_the_strongest_that_states_it(chain, filters, expected):
    assert project_of(chain.within(**filters)) == ["S7-L", *expected]


def test_a_key_of_another_basis_never_merges_two_rows():
    made = tables(
        {
            "2006-11-30_brief/l.csv": (
                [["key", "title"], ["1", "Samen"]],
                {"source": "S4", "basis": "letter", "date": "2006-11-30"},
            ),
            "2007-10-01_voorbeeld/e.csv": (
                [["key", "title", "merges_with"], ["9", "Samen", "S4-1"]],
                {"source": "S6"},
            ),
        }
    )
    assert sorted(made["projects"]["project_id"]) == ["S4-1", "S6-9"]
    assert list(made["project_sources"]["role"]) == ["used", "used"]
    assert made["findings"].query("code == 'J06'")[["listed", "kept"]].values.tolist() == [["S4-1", "S6-9"]]


def test_resemblance_between_lists_never_merges_two_rows():
    made = tables(
        {
            "2007-10-01_a/een.csv": ([["key", "title", "municipality"], ["1", "Samen", "Baarn"]], {"source": "S4"}),
            "2007-10-01_a/twee.csv": ([["key", "title", "municipality"], ["1", "Samen", "Baarn"]], {"source": "S6"}),
        }
    )
    assert sorted(made["projects"]["project_id"]) == ["S4-1", "S6-1"]
    assert made["findings"][["code", "kept"]].values.tolist() == [["J08", "2 projecten: S4-1 | S6-1"]]


@pytest.mark.parametrize("project", ["S9-9", "S4-E"])
def test_same_as_that_names_nothing_or_nothing_stronger_is_a_finding_and_no_link(project):
    lists = CHAIN | {
        "2007-10-01_voorbeeld/f.csv": (
            [["key", "title"], ["F", "Anders"]],
            {"source": "S6", "same_as": [{"row": "F", "project": project, "reason": "zelfde"}]},
        )
    }
    made = tables(lists)
    assert made["projects"].set_index("project_id").at["S6-F", "same_as"] == ""
    assert list(made["findings"].query("code == 'J12'")["listed"]) == [f"F = {project}"]


def test_cards_that_point_at_each_other_do_not_hang_the_build():
    head = ["key", "title"]

    def card(basis, row, project):
        return {"source": "S4", "basis": basis, "same_as": [{"row": row, "project": project, "reason": "x"}]}

    made = tables(
        {
            "2007-10-01_a/brief.csv": (
                [head, ["A", "Een"], ["B", "Twee"]],
                {"source": "S4", "basis": "letter"},
            ),
            "2007-10-01_a/een.csv": ([head, ["A", "Een"]], card("example", "A", "S4-B")),
            "2007-10-01_a/twee.csv": ([head, ["B", "Twee"]], card("received", "B", "S4-A")),
        }
    )
    assert len(made["projects"]) == 4


FILTERS = st.lists(
    st.sampled_from(
        [
            ("region", "Eemland"),
            ("region", "Utrecht-West"),
            ("municipality", ["Zeist", "Baarn", "Bunnik"]),
            ("theme", "P3"),
            ("theme", ["P4", "P9"]),
            ("source", "S4"),
            ("source", ["S2", "X2"]),
            ("round", 1),
            ("status", "running"),
            ("basis", "without_examples"),
        ]
    ),
    max_size=3,
)


@given(FILTERS, st.sampled_from(["2005-01-01", "2006-11-30", "2007-06-30", "2007-10-09", "2010-12-01"]))
@settings(max_examples=15, **SLOW)
def test_within_and_as_of_commute(filters, day):
    first = last = shipped()
    last = last.as_of(day)
    for name, value in filters:
        first, last = first.within(**{name: value}), last.within(**{name: value})
    first = first.as_of(day)
    pd.testing.assert_frame_equal(measure.coverage(first), measure.coverage(last))
    pd.testing.assert_frame_equal(first.projects, last.projects)


@given(FILTERS, st.randoms(use_true_random=False))
@settings(max_examples=25, **SLOW)
def test_filters_mean_all_in_any_order_and_a_repeated_filter_narrows(filters, chance):
    shuffled = random.Random(chance.random()).sample(filters, len(filters))
    one = other = alone = shipped()
    for (name, value), (name_2, value_2) in zip(filters, shuffled, strict=True):
        one, other = one.within(**{name: value}), other.within(**{name_2: value_2})
    assert list(one.projects.index) == list(other.projects.index)
    assert one.municipalities == other.municipalities
    for name, value in filters:
        if name not in ("basis", "source"):  # these choose rows, and a project is what its rows say
            apart = alone.within(**{name: value})
            assert set(one.municipalities) <= set(apart.municipalities)


def test_a_repeated_filter_means_both():
    monitor = shipped()
    both = monitor.within(theme="P4").within(theme="P3b").projects.index
    assert list(both) == ["S4-SA-01"]
    assert set(both) == set(monitor.within(theme="P4").projects.index) & set(
        monitor.within(theme="Mantelzorg").projects.index
    )
    assert len(monitor.within(theme=["P4", "P3b"]).projects) > len(both)
    assert monitor.within(region="BRU").within(municipality=["Zeist", "Baarn"]).municipalities == ["GM0355"]
