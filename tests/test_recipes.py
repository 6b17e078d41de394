"""The card of a list on its next delivery: each decision is applied or reported, however the list has changed."""

import html
import random
import re
import shutil

import pytest
from conftest import as_xlsx
from monitors import read_here
from typer.testing import CliRunner

from wmo_analysis import add
from wmo_analysis.cli import app, show
from wmo_analysis.pipeline import card as cards_of
from wmo_analysis.pipeline.card import Link
from wmo_analysis.pipeline.header import fold
from wmo_analysis.schema import CARRIED
from wmo_analysis.words import day, say

ON = "2007-06-01"
HEAD = ["Zaaknr.", "Projectnaam", "Gemeente", "Thema", "Status", "Startdatum", "Bedrag gevraagd x € 1.000",
        "Bedrag toegekend x € 1.000", "Regeling", "Contactpersoon", "Toelichting", "Kwartaal"]  # fmt: skip
CHOSEN = {"Regeling": "scheme", "Startdatum": "start", "Kwartaal": "", "Status": "status"}
STATED = {
    "source": "S4", "owner": "gemeente Proef", "licence": "intern", "complete": True, "credit": "FPK2006",
    "whole_country": True, "constants": {"theme": "P4"},
    "same_as": (Link("Z1", "S7-L1-1", "zelfde plan"),),
    "continues": (Link("Plan 2", "S4-Z9", "hernoemd", "2007-01-01", "beleidsmedewerker"),),
}  # fmt: skip


def rows(units=1):
    found = []
    for n in range(1, 13):
        place, theme = ("Baarn", "Soest", "Zeist")[n % 3], ("P1", "P2")[n % 2]
        found.append([f"Z{n}", f"Plan {n}", place, theme, "loopt", f"{n:02}-01-2007", str(n * units), str(n * units), "Zorg",
                      f"A. Proef{n}", f"vrije tekst {n}", "Q1"])  # fmt: skip
    return found


def mutated(chance):
    """The next delivery: some of its columns renamed, moved, missing or split, on another sheet, in another unit."""
    columns = [list(column) for column in zip(HEAD, *rows(), strict=True)]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(columns))
        header, *cells = columns[at]
        kind = chance.choice(["rename", "reword", "move", "drop", "split", "unit", "double"])
        if kind == "rename":
            columns[at][0] = f"{header} {chance.choice(['2007', '(oud)', 'nw'])}"
        elif kind == "reword":
            columns[at][0] = chance.choice(["Omschrijving", "Plaats", "Onderwerp", "Toekenning", "Kolom X", "Fonds"])
        elif kind == "move":
            columns.insert(chance.randrange(len(columns)), columns.pop(at))
        elif kind == "drop" and len(columns) > 4:
            del columns[at]
        elif kind == "split":
            columns[at : at + 1] = [[f"{header} deel 1", *cells], [f"{header} deel 2", *[""] * len(cells)]]
        elif kind == "unit":
            columns[at][0] = header.replace(" x € 1.000", "")
        else:
            columns.insert(at, [header, *cells])
    return [list(row) for row in zip(*columns, strict=True)], chance.choice(["Blad1", "Blad1", "2007"])


def decisions(card):
    """Every (line, value) that a person confirmed on a card."""
    found = {("column", ours, fold(text)) for ours, texts in card.columns.items() for text in texts}
    found |= {("column", "contact", fold(text)) for text in card.contact}
    found |= {("column", "", fold(text)) for text in card.ignored}
    found |= {("unit", name, card.unit[name]) for name in card.columns if name in card.unit}
    found |= {("line", name, str(getattr(card, name))) for name in CARRIED}
    return found | {("sheets", card.sheets), ("rows", card.rows), ("sections", card.sections)}


def reported(differences):
    """What the differences say that is not as it was on the card."""
    found = set()
    for each in differences.to_dict("records"):
        if each["change"] in ("renamed", "gone"):
            found.add(("column", fold(each["was"])))
        elif each["change"] in ("unit", "sheet"):
            found.add((each["change"], each["proposed"]))
    return found


def told(decision, said):
    if decision[0] == "column":
        return ("column", decision[2]) in said
    return (
        ("unit", decision[1]) in said
        if decision[0] == "unit"
        else (decision[0], ("sheet", "") in said) == ("sheets", True)
    )


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A workspace with the first delivery, and its card."""
    root = tmp_path_factory.mktemp("recept")
    path = root / "lijst.xlsx"
    path.write_bytes(as_xlsx([HEAD, *rows()]))
    with read_here():
        add.write(path, add.choose(add.look(path), CHOSEN), root, "2007-01-01", ON, **STATED)
        return root, cards_of.cards(root / "data" / "raw")[0][0]


@pytest.mark.parametrize("seed", range(50))
def test_each_decision_of_a_card_is_applied_to_the_next_delivery_or_reported(seed, before, tmp_path):
    card = before[1]
    table, sheet = mutated(random.Random(seed))
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(as_xlsx([["leeg"]], more_sheets=[(sheet, table)]) if sheet != "Blad1" else as_xlsx(table))
    with read_here():
        followed, differences = add.follow(add.look(path), card)
        lacking = not any(column.proposed == "title" for column in followed.columns)
        if lacking:  # asked for: without a title no card is written
            free = next(column for column in followed.columns if column.proposed in ("", "remarks"))
            followed = add.choose(followed, {free.column: "title"})
        units = {each.column: str(each.money.unit) for each, part in add.unclear(followed) if part == "unit"}
        followed = add.choose(followed, {}, unit=units)  # what is asked is answered: as the list says now
        add.write(path, followed, tmp_path, ON, ON, **add.carried(card))
        after = cards_of.cards(tmp_path / "data" / "raw")[0][0]
    said = reported(differences)
    lost = decisions(card) - decisions(after)
    if lacking:
        lost.discard(("column", "", fold(free.named)))
    # a unit is of an amount: without its column it has none, and the column is told
    gone = {ours for ours in card.columns if ours not in after.columns}
    assert [each for each in lost if not told(each, said) and not (each[0] == "unit" and each[1] in gone)] == []


def by_prompts(path, root, said, monkeypatch):
    """The list added by `wmo add` in that workspace, `said` at every question; what was printed."""
    monkeypatch.setattr(show, "console", show.Screen(width=400, force_terminal=False))
    command = ["add", str(path), "--workspace", str(root), "--date", ON]
    done = CliRunner().invoke(
        app, command, input=f"{said}\n" * 12 + "\n" * 20
    )  # columns; then units, the part, the card
    return f"{done.output}\n{done.exception}"


WAYS = ["continue", "skip", "form"]
SEEDS = [*range(2), *(pytest.param(seed, marks=pytest.mark.fuzz) for seed in range(2, 50))]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("way", WAYS)
def test_prompts_and_form_apply_or_report_each_decision_too(way, seed, before, tmp_path, monkeypatch):
    shutil.copytree(before[0] / "data", tmp_path / "data")
    table, sheet = mutated(random.Random(seed))
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(as_xlsx([["leeg"]], more_sheets=[(sheet, table)]) if sheet != "Blad1" else as_xlsx(table))
    card = before[1]
    with read_here():
        _, differences = add.follow(add.look(path), card)
        if way == "form":
            desk = add.Desk(tmp_path, path)
            desk.date.value = day(ON)
            desk.writes.click()
            printed = "".join(
                child.value for child in (*desk.told.children, *desk.written.children) if hasattr(child, "value")
            )
        else:
            printed = by_prompts(path, tmp_path, "" if way == "continue" else "-", monkeypatch)
    if "noem dan eerst die bron" in printed:  # too much has changed: nothing is followed, and it is told of which card
        assert "2007-01-01_lijst/lijst.xlsx" in printed
        return
    for each in differences.to_dict("records"):  # one by one, whatever becomes of it
        assert say(f"add.change.{each['change']}") in printed and each["header"] in html.unescape(printed)
    cards = [each for each in cards_of.cards(tmp_path / "data" / "raw")[0] if each.date == ON]
    if not cards:  # not written without a title: said
        assert say("add.no_title") in html.unescape(printed), printed
        return
    lost = decisions(card) - decisions(cards[0])
    gone = {ours for ours in card.columns if ours not in cards[0].columns}
    said = reported(differences) | {("column", fold(each)) for each in asked(printed)}
    assert [each for each in lost if not told(each, said) and not (each[0] == "unit" and each[1] in gone)] == []


def test_a_source_chosen_in_the_form_brings_the_card_of_its_delivery_before(before, tmp_path):
    """Of a list that has changed too much it is told; once its source is stated the choices hold."""
    shutil.copytree(before[0] / "data", tmp_path / "data")
    path = tmp_path / "lijst.xlsx"
    kept = [
        at for at, text in enumerate(HEAD) if text not in ("Thema", "Status", "Regeling", "Kwartaal", "Toelichting")
    ]
    path.write_bytes(as_xlsx([[row[at] for at in kept] for row in [HEAD, *rows()]]))
    with read_here():
        desk = add.Desk(tmp_path, path)
        assert (desk.earlier, "noem dan eerst die bron" in desk.told.children[1].value) == (None, True)
        desk.source.value = "S4"
    assert (desk.earlier.list, desk.owner.value) == ("2007-01-01_lijst/lijst.xlsx", "gemeente Proef")


def asked(printed):
    """The headers of the columns that `wmo add` asked about."""
    return re.findall(r"„([^”]+)”: [^\n]*Wat is het\?", printed)


def test_links_of_a_card_hold_for_the_next_delivery(before, tmp_path):
    card = before[1]
    assert add.carried(card)["same_as"] == STATED["same_as"]
    assert add.carried(card)["continues"] == STATED["continues"]


def test_an_amount_in_another_unit_than_on_the_card_is_asked(before, tmp_path):
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(as_xlsx([[text.replace(" x € 1.000", "") for text in HEAD], *rows(1000)]))
    with read_here():
        followed, differences = add.follow(add.look(path), before[1])
    told_of = differences[differences["change"] == "unit"][["was", "now", "proposed"]].values.tolist()
    assert told_of == [["1000", "1", "asked"], ["1000", "1", "granted"]]
    assert {column.proposed for column in followed.columns if column.asked} >= {"asked", "granted"}
