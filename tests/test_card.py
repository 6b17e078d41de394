"""Cards: whatever stands on one, it is a card with values of the right kind or a finding that names the line."""

import dataclasses
import datetime
import os
import re
import tomllib
from pathlib import Path

import pytest
from conftest import as_xlsx, built, make_list
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wmo_analysis.codebook import Codebook
from wmo_analysis.pipeline import card
from wmo_analysis.schema import AMOUNTS, Finding
from wmo_analysis.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
EVERYTHING = card.Card(
    file="lijst.xlsx",
    sha256="...",
    rows=("projects",),
    basis="received",
    date="2026-03-02",
    columns={
        "key": ("Nr",),
        "title": ("Project", "Aanvrager"),
        "municipality": ("(kolom C)",),
        "asked": ("Bedrag [1]",),
        "granted": ("Bedrag [2]",),
        "approval": ("Akkoord provincie", "Akkoord gemeente", "Akkoord uitvoerder"),
    },
    source="S3",
    owner="Wel Thuis!, secretariat",
    received="2026-03-02",
    licence="not for publication",
    complete=True,
    part="2026",
    credit="FPK2006",
    sheets=("Blad1",),
    header_rows=2,
    unit=dict.fromkeys(AMOUNTS, 1000),
    decimal=dict.fromkeys(AMOUNTS, "."),
    currency=dict.fromkeys(AMOUNTS, "USD"),
    century=1950,
    sections="municipality",
    whole_country=True,
    contact=("Telefoon", "E-mail"),
    ignored=("Opmerkingen",),
    constants={"theme": "P4"},
    same_as=(card.Link("BB-01", "S2-L1-029", "..."),),
    continues=(card.Link("Samen sterk in de wijken", "S1-2bd6b676", "...", "2026-03-02", "beleidsmedewerker"),),
)


def test_the_page_on_cards_shows_every_field_with_its_help():
    page = (ROOT / "docs" / "cards.md").read_text(encoding="utf-8")
    assert f"```toml\n# Kaart van lijst.xlsx\n{card.toml(EVERYTHING, explained=True)}```" in page
    assert f"Names for columns: {', '.join(card.COLUMNS)}." in " ".join(page.split())
    unstated = [part.name for part in card.STATED if getattr(EVERYTHING, part.name) == getattr(part, "default", None)]
    assert unstated == []


def test_a_card_comes_back_from_the_toml_that_is_written_of_it(tmp_path):
    path = make_list(tmp_path, "2026-03-02_a", "lijst.xlsx", [["Nr"], ["1"]])
    sums = tomllib.loads(path.with_name("lijst.card.toml").read_text(encoding="utf-8"))["sha256"]
    unit = {"asked": 1, "granted": 1000, "settled": 1, "amount": 1}
    apart = {"unit": unit, "currency": dict.fromkeys(AMOUNTS, "EUR") | {"settled": "SEK"}}
    whole = dataclasses.replace(EVERYTHING, sha256=sums, path=path, list="2026-03-02_a/lijst.xlsx", **apart)
    path.with_name("lijst.card.toml").write_text(card.toml(whole), encoding="utf-8")
    assert card.cards(Workspace(tmp_path)) == ([whole], [])


def test_what_a_card_does_not_say_has_its_default(tmp_path):
    make_list(tmp_path, "a", "a.csv", [["title"], ["Samen"]], {"source": None, "complete": None})
    ((found,), findings) = card.cards(tmp_path / "data" / "raw")
    assert findings == []
    assert (found.source, found.complete, found.header_rows, found.contact) == ("", False, 1, ())
    assert found.unit == {"asked": 1, "granted": 1, "settled": 1, "amount": 1}
    assert (found.columns, found.list) == ({"title": ("title",)}, "a/a.csv")


@pytest.mark.parametrize(
    "line, listed",
    [
        ({"complete": "nee"}, "complete: nee"),
        ({"contact": "Naam"}, "contact: Naam"),
        ({"contact": ["Naam", 1]}, "contact: ['Naam', 1]"),
        ({"header_rows": 0}, "header_rows: 0"),
        ({"header_rows": True}, "header_rows: True"),
        ({"owner": 7}, "owner: 7"),
        ({"file": "../b/b.csv"}, "file: ../b/b.csv"),
        ({"file": "/etc/hosts"}, "file: /etc/hosts"),
        ({"file": "..\\b.csv"}, "file: ..\\b.csv"),
        ({"date": "2007-02-30"}, "date: 2007-02-30"),
        ({"received": "gisteren"}, "received: gisteren"),
        ({"columns": {"title": 3}}, "columns: title = 3"),
        ({"columns": ["title"]}, "columns: ['title']"),
        ({"columns": {"title": "title", "approval": ["a", "b", "c", "d"]}}, "columns: approval = ['a', 'b', 'c', 'd']"),
        ({"unit": {"granted": True}}, "unit: granted = True"),
        ({"constants": {"theme": ["P1"]}}, "constants: theme = ['P1']"),
        ({"same_as": [{"row": 1, "project": "S1-1"}]}, "same_as: row = 1"),
        ({"continues": "S1-1"}, "continues: S1-1"),
        ({"decimal": 1, "sections": []}, "decimal: 1; sections: []"),
        ({"date": "9999-12-31"}, "date: 9999-12-31"),
        ({"received": "0207-10-01"}, "received: 0207-10-01"),
    ],
)
def test_a_value_of_another_kind_is_a_finding_that_names_field_and_value(line, listed, tmp_path):
    make_list(tmp_path, "a", "a.csv", [["title"], ["Samen"]])
    make_list(tmp_path, "b", "b.csv", [["title"], ["Samen"]], line)
    found, findings = card.cards(tmp_path / "data" / "raw")
    assert [one.list for one in found] == ["a/a.csv"]
    bare = re.sub(r" \(moet zijn: [^()]+\)", "", findings[0].listed)
    assert (bare, bare == findings[0].listed) == (listed, False)
    assert findings == [Finding("R18", "b/b.card.toml", listed=findings[0].listed)]


@pytest.mark.parametrize(
    "line, listed",
    [
        ({"header_rows": 0}, "header_rows: 0 (moet zijn: een getal van 1 tot en met 20)"),
        ({"date": None}, "date: ontbreekt (moet zijn: een dag tussen 1990 en 2099, zoals 2007-10-01)"),
        ({"units": 1000}, "units: deze regel kent een kaart niet; zie docs/cards.md"),
        ({"source": "S99"}, "source: S99 (moet zijn: een code uit sources.csv)"),
        ({"credit": "FPK"}, "credit: FPK (moet zijn: een code uit credits.csv)"),
        (
            {"columns": {"title": "title", "asked": "Bedrag", "granted": "Bedrag"}},
            "columns: asked en granted lezen dezelfde kolom „Bedrag”; een bedrag telt dan dubbel",
        ),
    ],
)
def test_what_fits_neither_card_nor_codebook_is_told_with_its_remedy(line, listed, tmp_path):
    make_list(tmp_path, "a", "a.csv", [["title"], ["Samen"]])
    make_list(tmp_path, "b", "b.csv", [["title"], ["Samen"]], line)
    found, findings = card.cards(tmp_path / "data" / "raw", Codebook.open())
    assert [one.list for one in found] == ["a/a.csv"]
    assert findings == [Finding("R18", "b/b.card.toml", listed=listed)]


@pytest.mark.parametrize("basis, complete", [("letter", False), ("documented", False), ("received", True)])
def test_a_letter_or_another_public_source_is_never_complete(basis, complete, tmp_path):
    make_list(tmp_path, "a", "a.csv", [["title"], ["Samen"]], {"basis": basis, "complete": True})
    ((found,), findings) = card.cards(tmp_path / "data" / "raw")
    assert found.complete is complete
    assert findings == ([] if complete else [Finding("R21", "a/a.csv", listed=f"basis: {basis}")])


def no_list(name, path):
    """Puts something at the place of a list or folder that is none, and returns where it is told."""
    path.unlink()
    other = path.parents[4] / "elders"
    if name == "pipe":
        os.mkfifo(path)
    elif name == "folder":
        path.mkdir()
    elif name == "loop":
        path.symlink_to(path)
    elif name == "device":
        path.symlink_to("/dev/zero")
    elif name == "link out":
        other.write_text("title\nSamen\n")
        path.symlink_to(other)
    elif name == "folder of links":
        path.write_text("title\nSamen\n")
        os.rename(path.parent, other)
        path.parent.symlink_to(other)
        return ["b"]
    elif name == "card is a pipe":
        path.write_text("title\nSamen\n")
        path.with_name("b.card.toml").unlink()
        os.mkfifo(path.with_name("b.card.toml"))
    elif name == "bytes in a name":
        path.write_text("title\nSamen\n")
        os.rename(path, os.path.join(os.fsencode(path.parent), b"b\xff.csv"))
        return ["b/b.card.toml", "b/b\ufffd.csv"]
    elif name == "bytes in a folder":
        path.write_text("title\nSamen\n")
        os.rename(path.parent, os.path.join(os.fsencode(path.parents[1]), b"b\xff"))
        return ["b\ufffd", "b\ufffd/b.card.toml", "b\ufffd/b.csv"]
    return ["b/b.card.toml"] if name == "folder" else ["b/b.card.toml", "b/b.csv"]


@pytest.mark.parametrize(
    "name",
    "pipe,folder,loop,device,link out,folder of links,card is a pipe,bytes in a name,bytes in a folder".split(","),
)
def test_what_is_no_file_of_its_folder_is_told_and_never_opened(name, tmp_path):
    root = tmp_path / "root"
    make_list(root, "a", "a.csv", [["title"], ["Samen"]])
    path = make_list(root, "b", "b.csv", [["title"], ["Samen"]])
    told = no_list(name, path)
    found, findings = card.cards(root / "data" / "raw")
    assert [one.list for one in found] == ["a/a.csv"]
    assert [(finding.code, finding.file) for finding in findings] == [("R18", file) for file in told]
    assert all(finding.listed for finding in findings)
    assert list(built(root)["projects"]["title"]) == ["Samen"]


def test_a_number_of_thousands_of_digits_or_a_deep_card_is_a_finding(tmp_path):
    path = make_list(tmp_path, "a", "a.csv", [["title"], ["Samen"]])
    for line in ("header_rows = 0x" + "f" * 9000, "unit = " + "9" * 9000, "contact = " + "[" * 9000):
        path.with_name("a.card.toml").write_text(
            card.toml(EVERYTHING).replace("header_rows = 2", line), encoding="utf-8"
        )
        found, (finding,) = card.cards(tmp_path / "data" / "raw")
        assert found == [] and finding.code == "R18"


SIMPLE = st.booleans() | st.integers(-3, 10**25) | st.floats() | st.text(max_size=8) | st.dates()
LIKELY = st.sampled_from(["a.csv", "projects", "2007-10-01", "title", ".", "S1"])
NAMED = st.sampled_from(["title", "row", "project", "unit", "x"])
VALUES = st.recursive(
    SIMPLE | LIKELY, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMED, inner, max_size=3), max_leaves=6
)


def as_toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {as_toml(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08X}" for letter in value) + '"'
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, (bool, float)) else str(value)


@pytest.fixture(scope="module")
def two_lists(tmp_path_factory):
    root = tmp_path_factory.mktemp("cards")
    make_list(root, "a", "a.csv", [["title"], ["Samen"]])
    return make_list(root, "b", "b.csv", [["title"], ["Samen"]]).with_name("b.card.toml")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.sampled_from([part.name for part in card.STATED]), VALUES)
def test_any_value_in_any_field_is_a_card_or_a_finding(two_lists, name, value):
    stated = {"file": "b.csv", "sha256": "", "rows": ["projects"], "basis": "received", "date": "2007-10-01"}
    lines = stated | {"columns": {"title": "title"}} | {name: value}
    text = "".join(f"{name} = {as_toml(item)}\n" for name, item in lines.items())
    assert tomllib.loads(text).keys() == lines.keys()
    two_lists.write_text(text, encoding="utf-8", newline="\n")
    found, (finding,) = card.cards(two_lists.parent.parent)
    assert [one.list for one in found] == ["a/a.csv"]
    assert finding.file in ("b/b.card.toml", "b/b.csv")  # of a good card only the sum is wrong


def test_a_list_is_described_by_the_card_that_names_it_and_by_no_other(tmp_path):
    path = make_list(tmp_path, "a", "a.csv", [["title"], ["Samen"]])
    path.with_name("a.xlsx").write_bytes(as_xlsx([["title"], ["Samen"]]))
    other = make_list(tmp_path, "b", "b.csv", [["title"], ["Samen"]])
    os.rename(other.with_name("b.card.toml"), other.with_name("anders.card.toml"))
    found, findings = card.cards(tmp_path / "data" / "raw")
    assert [one.list for one in found] == ["a/a.csv", "b/b.csv"]
    assert findings == [Finding("R18", "a/a.xlsx", listed="card.toml")]


def test_a_second_card_of_a_list_is_told_and_the_list_counts_once(tmp_path):
    path = make_list(tmp_path, "a", "a.csv", [["title", "municipality"], ["Samen", "Baarn"]])
    first = path.with_name("a.card.toml")
    path.with_name("b.card.toml").write_bytes(first.read_bytes())
    tables = built(tmp_path)
    told = "a.csv heeft al een kaart en die geldt; haal een van de twee weg"
    assert tables["ledger"][["file", "rows_in", "rows_used"]].to_numpy().tolist() == [["a/a.csv", 1, 1]]
    assert tables["findings"][["code", "file", "listed"]].to_numpy().tolist() == [["R18", "a/b.card.toml", told]]
