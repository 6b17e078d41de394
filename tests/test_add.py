"""A new list: its card, the names in it, corrections, and the delivery after it."""

import json
import subprocess
import sys
import tomllib

import pytest
from conftest import as_csv, as_xlsx, built, make_list
from typer.testing import CliRunner

from wmo_analysis import add, pipeline, places
from wmo_analysis.cli import app
from wmo_analysis.errors import ListUnreadable, NotBuilt, WmoError

ROWS = [
    ["Subsidies 2007", "", "", "", "", "", ""],
    ["Zaaknr.", "Activiteit", "Plaats", "Onderwerp", "Bedrag", "Stand", "Contactpersoon"],
    ["Z1", "Samen", "BAARN ", "P1", "1.000", "loopt", "A. Proef"],
    ["Z2", "Ook", "Nergenshuizen", "Sport", "2.500,50", "loopt", "B. Proef"],
    ["Z3", "Weer", "nergenshuizen", "Sport", "PM", "stilgelegd", ""],
    ["Totaal", "", "", "", "3.500,50", "", ""],
]
ON = "2026-11-22"


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "Subsidies 2007.csv"
    path.write_bytes(as_csv(ROWS, delimiter=";"))
    return path


def written(listed, root, date="2007-10-01", **stated):
    about = add.choose(add.look(listed), {"Bedrag": "granted", "Onderwerp": "theme"})
    return add.write(listed, about, root, date, ON, **({"source": "S4", "owner": "gemeente Proef"} | stated))


def test_the_card_says_what_was_chosen_and_the_list_builds(listed, tmp_path):
    root = tmp_path / "w"
    path = written(listed, root)
    assert path.relative_to(root).as_posix() == "data/raw/2007-10-01_subsidies_2007/Subsidies 2007.card.toml"
    card = tomllib.loads(path.read_text(encoding="utf-8"))
    assert len(card.pop("sha256")) == 64
    assert {name: str(value) if name in ("date", "received") else value for name, value in card.items()} == {
        "file": "Subsidies 2007.csv", "source": "S4", "rows": ["projects"], "basis": "received", "date": "2007-10-01",
        "owner": "gemeente Proef", "received": ON, "licence": "", "complete": False, "contact": ["Contactpersoon"],
        "columns": {"key": "Zaaknr.", "title": "Activiteit", "municipality": "Plaats", "theme": "Onderwerp",
                    "granted": "Bedrag", "status": "Stand"},
    }  # fmt: skip
    tables = built(root)
    assert tables["projects"][["project_id", "title", "placement"]].values.tolist() == [
        ["S4-Z1", "Samen", "one"], ["S4-Z2", "Ook", "unknown"], ["S4-Z3", "Weer", "unknown"]]  # fmt: skip
    assert tables["ledger"].iloc[0][["rows_in", "rows_used", "rows_set_aside", "cents_in", "cells_unread"]].tolist() == [
        4, 3, 1, 350_050, 1]  # fmt: skip
    assert "Proef" not in tables["listed"].to_csv()
    assert [len(tables[name]) for name in ("claims", "targets", "conversations")] == [0, 0, 0]


def test_a_second_title_column_comes_last_now_and_in_the_next_delivery(tmp_path):
    rows = [["Ontvanger", "Project", "Gemeente"], ["Stichting Proef", "Samen", "Baarn"], ["Stichting Zo", "", "Soest"]]
    listed = tmp_path / "a.csv"
    listed.write_bytes(as_csv(rows))
    about = add.choose(add.look(listed), {"Ontvanger": "title"})
    card = add.write(listed, about, tmp_path / "w", "2007-10-01", ON, source="S4")
    assert tomllib.loads(card.read_text(encoding="utf-8"))["columns"]["title"] == ["Project", "Ontvanger"]
    assert built(tmp_path / "w")["projects"]["title"].tolist() == ["Samen", "Stichting Zo"]
    followed, _ = add.follow(add.look(listed), add.previous(tmp_path / "w", about))
    again = add.write(listed, followed, tmp_path / "w", "2008-10-01", ON, source="S4")
    assert tomllib.loads(again.read_text(encoding="utf-8"))["columns"]["title"] == ["Project", "Ontvanger"]


def test_a_delivery_that_is_there_is_not_overwritten(listed, tmp_path):
    written(listed, tmp_path)
    with pytest.raises(WmoError, match="al een levering 2007-10-01_subsidies_2007"):
        written(listed, tmp_path)


def test_a_choice_that_cannot_be_is_refused_before_anything_is_written(listed, tmp_path):
    about = add.choose(add.look(listed), {"Bedrag": "granted", "Stand": "granted"})
    with pytest.raises(WmoError, match="Er kan maar één kolom toegekend zijn: kies tussen „Bedrag” en „Stand”"):
        add.write(listed, about, tmp_path, "2007-10-01", ON)
    assert list(tmp_path.iterdir()) == [listed]
    with pytest.raises(WmoError, match="geen kolom „Nergens”"):
        add.choose(about, {"Nergens": "granted"})
    with pytest.raises(WmoError, match="geen „geld” zijn"):
        add.choose(about, {"Bedrag": "geld"})


@pytest.mark.parametrize("unit, decimal, texts, cents", [
    (1000, ",", ["12,5", "1.000", "-2"], [1_250_000, 100_000_000, -200_000]),
    (1_000_000, ",", ["1,25"], [125_000_000]),
    (1, ".", ["1,250.50", "99.95", "7", "12.500", "1250,50"], [125_050, 9_995, 700, None, 125_050]),
])  # fmt: skip
def test_the_unit_and_the_decimal_sign_are_part_of_the_card(unit, decimal, texts, cents, tmp_path):
    rows = [["title", "municipality", "granted"], *[[f"P{i}", "Baarn", text] for i, text in enumerate(texts)]]
    readable = [c for c in cents if c is not None]
    total = [["Totaal", "", str(sum(readable) / 100 / unit).replace(".", decimal)]]
    make_list(tmp_path, "2007-10-01_a", "a.csv", rows + total, {"unit": unit, "decimal": decimal})
    tables = built(tmp_path)
    assert sorted(tables["amounts"]["cents"]) == sorted(readable)
    assert tables["findings"]["code"].tolist().count("C01") == cents.count(None)
    assert "R14" not in set(tables["findings"]["code"])


def test_each_amount_can_have_a_unit_of_its_own(tmp_path):
    rows = [["title", "asked", "granted"], ["Samen", "12,5", "12.500"]]
    make_list(tmp_path, "2007-10-01_a", "a.csv", rows, {"unit": {"asked": 1000}})
    assert built(tmp_path)["amounts"].set_index("kind")["cents"].to_dict() == {"asked": 1_250_000, "granted": 1_250_000}


@pytest.mark.parametrize("line", [{"unit": 10}, {"unit": {"hours": 1000}}, {"decimal": ";"}, {"sections": "colour"}])
def test_a_card_with_an_impossible_unit_or_sign_cannot_be_used(line, tmp_path):
    make_list(tmp_path, "2007-10-01_a", "a.csv", [["title"], ["Samen"]])
    make_list(tmp_path, "2007-10-01_b", "b.csv", [["title"], ["Samen"]], line)
    findings = built(tmp_path)["findings"]
    assert findings[findings["code"] == "R18"]["file"].tolist() == ["2007-10-01_b/b.card.toml"]


# ---------------------------------------------------------------- the command


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_help_waits_for_no_tables():
    code = "import sys, wmo_analysis.cli; print({'numpy', 'pandas', 'plotly', 'rich.table'} & sys.modules.keys())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"


def test_dry_run_prints_the_proposal_as_json_and_writes_nothing(listed, tmp_path):
    said = run("add", listed, "--workspace", tmp_path, "--dry-run", "--json")
    about = json.loads(said.stdout)
    (amount,) = about.pop("amounts")
    assert about == add.look(listed).as_dict()
    assert {name: amount[name] for name in ("header", "filled", "read", "cents")} == {
        "header": "Bedrag", "filled": 3, "read": 2, "cents": 350_050}  # fmt: skip
    assert list(tmp_path.iterdir()) == [listed]


def test_accept_writes_the_card_unasked_and_choices_can_be_given(listed, tmp_path):
    said = run("add", listed, "--workspace", tmp_path, "--accept", "--date", "2007-10-01", "--source", "Sociale Agenda",
               "--column", "Onderwerp=theme", "--column", "Bedrag=toegekend", "--column", "C=gemeente",
               "--constant", "round=2")  # fmt: skip
    assert said.exit_code == 0, said.output
    card = tomllib.loads(next(tmp_path.rglob("*.toml")).read_text(encoding="utf-8"))
    assert (card["source"], card["columns"]["theme"], card["columns"]["granted"], card["constants"]) == (
        "S4", "Onderwerp", "Bedrag", {"round": "2"})  # fmt: skip


def test_what_is_doubtful_is_asked_and_a_refusal_writes_nothing(listed, tmp_path):
    said = CliRunner().invoke(app, ["add", str(listed), "--workspace", str(tmp_path)], input="asked\nmunicipality\nn\n")
    assert "„Bedrag”" in said.output or "„Plaats”" in said.output
    assert list(tmp_path.iterdir()) == [listed]


# ---------------------------------------------------------------- names


def test_unknown_names_stand_in_one_list_the_most_frequent_first(listed, tmp_path):
    written(listed, tmp_path)
    built(tmp_path)
    assert add.unknown(tmp_path).values.tolist() == [
        ["municipality", "Nergenshuizen", 2, 1, ""], ["theme", "Sport", 2, 1, ""],
        ["status", "stilgelegd", 1, 1, ""]]  # fmt: skip


def test_a_decision_is_a_dated_line_that_holds_after_the_next_build(listed, tmp_path):
    written(listed, tmp_path)
    built(tmp_path)
    role = "beleidsmedewerker"
    assert add.decide(tmp_path, "municipality", "Nergenshuizen", "Soest", role, ON, "kern") == "GM0342"
    assert add.decide(tmp_path, "theme", "Sport", "Onbekend thema", role, ON) == "P9"
    assert add.decide(tmp_path, "status", "stilgelegd", "ingetrokken", role, ON) == "withdrawn"
    lines = (tmp_path / "reference" / "aliases.csv").read_text(encoding="utf-8").splitlines()[-3:]
    assert lines == [
        f"municipality,Nergenshuizen,GM0342,no,{ON},beleidsmedewerker,kern",
        f"theme,Sport,P9,no,{ON},beleidsmedewerker,",
        f"status,stilgelegd,withdrawn,no,{ON},beleidsmedewerker,",
    ]
    tables = built(tmp_path)
    assert sorted(tables["placements"]["gm_code"]) == ["GM0308", "GM0342", "GM0342"]
    assert tables["projects"].set_index("project_id").at["S4-Z3", "status"] == "withdrawn"
    assert len(add.unknown(tmp_path)) == 0
    with pytest.raises(WmoError, match="al bekend"):
        add.decide(tmp_path, "municipality", "NERGENSHUIZEN", "Zeist", role, ON)
    with pytest.raises(WmoError, match="functie"):
        add.decide(tmp_path, "theme", "Dans", "P1", "", ON)
    with pytest.raises(WmoError, match="niet in het codeboek"):
        add.decide(tmp_path, "theme", "Dans", "P77", role, ON)


@pytest.mark.parametrize(
    "choice, placement", [("outside", "outside"), ("unassigned", "unassigned"), ("EEM", "partnership")]
)
def test_a_name_can_belong_to_no_municipality_or_to_a_partnership(choice, placement, listed, tmp_path):
    written(listed, tmp_path)
    add.decide(tmp_path, "municipality", "Nergenshuizen", choice, "beleidsmedewerker", ON)
    assert built(tmp_path)["projects"]["placement"].tolist() == ["one", placement, placement]


def test_the_three_alarms(listed, tmp_path):
    written(listed, tmp_path)
    add.decide(tmp_path, "theme", "Sport", "P4", "beleidsmedewerker", ON)
    add.decide(tmp_path, "theme", "Dans", "P4", "beleidsmedewerker", ON)
    with open(tmp_path / "reference" / "aliases.csv", "a", encoding="utf-8") as file:
        file.write(f"theme,sport,P2,no,{ON},beleidsmedewerker,\nmunicipality,Soest,GM0308,no,{ON},beleidsmedewerker,\n")
    built(tmp_path)
    assert add.alarms(tmp_path).values.tolist() == [
        ["unmapped", "municipality", "Nergenshuizen", "", 2], ["unmapped", "status", "stilgelegd", "", 1],
        ["unused", "theme", "Dans", "P4", 0], ["unused", "municipality", "Soest", "GM0308", 0],
        ["contradicting", "theme", "Sport", "P4", 0], ["contradicting", "theme", "sport", "P2", 0],
        ["contradicting", "municipality", "Soest", "GM0308", 0],
    ]  # fmt: skip


def test_the_packaged_codebook_contradicts_nothing(listed, tmp_path):
    written(listed, tmp_path)
    built(tmp_path)
    assert set(add.alarms(tmp_path)["alarm"]) == {"unmapped"}


def test_a_correction_says_was_and_now_and_stops_when_it_is_stale(listed, tmp_path):
    path = written(listed, tmp_path)
    built(tmp_path)
    name = "2007-10-01_subsidies_2007/Subsidies 2007.csv"
    with pytest.raises(WmoError, match=r"geen „3[.]000”"):
        add.correct(tmp_path, name, "Z2", "granted", "3.000", "2.500", "beleidsmedewerker", ON, "nagevraagd")
    add.correct(tmp_path, name, "Z2", "granted", "2.500,50", "2.600", "beleidsmedewerker", ON, "nagevraagd")
    assert sorted(built(tmp_path)["amounts"]["cents"]) == [100_000, 260_000]
    later = [*ROWS[:3], [*ROWS[3][:4], "2.600", *ROWS[3][5:]], *ROWS[4:]]
    listed.write_bytes(as_csv(later, delimiter=";"))
    for old in path.parent.iterdir():
        old.unlink()
    path.parent.rmdir()
    written(listed, tmp_path)
    with pytest.raises(NotBuilt, match=r"Z2 past niet meer: '2[.]500,50' staat er niet"):
        built(tmp_path)


# ---------------------------------------------------------------- the next delivery

NEXT = [
    ["Zaaknr.", "Omschrijving activiteit", "Stand", "Plaats", "Toegekend bedrag", "Onderwerp", "Wijk"],
    ["Z1", "Samen", "afgerond", "Baarn", "1.000", "P1", "Noord"],
    ["Z4", "Nieuw", "loopt", "Soest", "300", "P4", "Zuid"],
]


def test_the_same_layout_goes_through_by_itself(listed, tmp_path):
    written(listed, tmp_path)
    about = add.look(listed)
    followed, differences = add.follow(about, add.previous(tmp_path, about))
    assert differences.empty and not any(column.asked for column in followed.columns)
    said = run("add", listed, "--workspace", tmp_path, "--accept", "--date", "2008-01-01")
    assert said.exit_code == 0, said.output
    first, second = (tomllib.loads(p.read_text(encoding="utf-8")) for p in sorted(tmp_path.rglob("*.toml")))
    assert {**first, "date": 0} == {**second, "date": 0, "received": first["received"]}


def test_header_drift_is_a_difference_and_a_renamed_column_is_asked(listed, tmp_path):
    written(listed, tmp_path)
    path = tmp_path / "next.xlsx"
    path.write_bytes(as_xlsx(NEXT))
    about = add.look(path)
    followed, differences = add.follow(about, add.previous(tmp_path, about, "S4"))
    assert add.previous(tmp_path, about) is None and add.previous(tmp_path, about, "S3") is None
    assert differences.values.tolist() == [
        ["renamed", "Omschrijving activiteit", "Activiteit", "Omschrijving activiteit", "title"],
        ["moved", "Stand", "F", "C", "status"],
        ["moved", "Plaats", "C", "D", "municipality"],
        ["renamed", "Toegekend bedrag", "Bedrag", "Toegekend bedrag", "granted"],
        ["moved", "Onderwerp", "D", "F", "theme"],
        ["new", "Wijk", "", "Wijk", ""],
        ["gone", "Contactpersoon", "Contactpersoon", "", "contact"],
    ]  # fmt: skip
    assert add.changed(differences).iloc[[0, -1]].to_dict("records") == [
        {"verandering": "hernoemd", "kop": "Omschrijving activiteit", "was": "Activiteit",
         "nu": "Omschrijving activiteit", "voorstel": "project"},
        {"verandering": "verdwenen", "kop": "Contactpersoon", "was": "Contactpersoon", "nu": "",
         "voorstel": "contactgegevens, weggelaten"},
    ]  # fmt: skip
    assert [c.named for c in followed.columns if c.asked] == [
        "Omschrijving activiteit",
        "Toegekend bedrag",
        "Wijk",
    ]


def test_without_a_key_a_match_that_a_person_confirmed_keeps_the_id(tmp_path):
    header = ["title", "municipality", "granted"]
    make_list(tmp_path, "2007-01-01_a", "a.csv", [header, ["Samen sterk in de wijk", "Baarn", "1"], ["Ook", "Soest", "2"]],
              {"date": "2007-01-01"})  # fmt: skip
    make_list(
        tmp_path,
        "2007-10-01_a",
        "a.csv",
        [header, ["Samen sterk in de wijken", "Baarn", "1"], ["Anders", "Soest", "2"]],
    )
    tables = built(tmp_path)
    before, now = pipeline.card.cards(tmp_path / "data" / "raw")[0]
    old = tables["projects"].query("title == 'Samen sterk in de wijk'")["project_id"].item()
    assert add.matches(tables, now, before).values.tolist() == [
        ["Samen sterk in de wijken", old, "Samen sterk in de wijk", 96]
    ]
    card = tmp_path / "data" / "raw" / "2007-10-01_a" / "a.card.toml"
    add.confirm(card, "Samen sterk in de wijken", old, "beleidsmedewerker", ON, "zelfde plan")
    projects = built(tmp_path)["projects"]
    assert projects[projects["project_id"] == old]["title"].tolist() == [
        "Samen sterk in de wijk",
        "Samen sterk in de wijken",
    ]
    add.confirm(card, "Anders", "S1-00000000", "beleidsmedewerker", ON, "zelfde plan")
    findings = built(tmp_path)["findings"].query("code == 'J06'")
    assert findings[["column", "listed"]].values.tolist() == [["continues", "Anders = S1-00000000"]]


# ---------------------------------------------------------------- places as they really are


def test_a_national_list_has_outsiders_and_asks_for_places_that_resemble_ours(tmp_path):
    rows = [["title", "municipality", "granted"], ["A", "Zoetermeer", "1"], ["B", "BAARN", "2"], ["C", "Amersfort", "4"],
            ["D", "Baarn en Zoetermeer", "8"]]  # fmt: skip
    make_list(tmp_path, "2007-10-01_a", "a.csv", rows, {"whole_country": True})
    tables = built(tmp_path)
    assert tables["projects"].set_index("title")["placement"].to_dict() == {
        "A": "outside", "B": "one", "C": "unknown", "D": "several"}  # fmt: skip
    found = tables["findings"][["code", "row", "listed"]].sort_values(["row", "code"])
    assert found.values.tolist() == [["J03", 2, "Zoetermeer"], ["J01", 4, "Amersfort"], ["J03", 5, "Zoetermeer"]]
    assert tables["ledger"]["cents_used"].tolist() == [1500]


@pytest.mark.parametrize("text, gm_codes", [
    ("Gemeente Utrecht, Werk en Inkomen", ["GM0344"]),
    ("gemeente De Bilt / Sociale Zaken", ["GM0310"]),
    ("Gemeente Utrecht, Amersfort", ["GM0344", ""]),
    ("Gemeente Utrecht, Soest", ["GM0342", "GM0344"]),
])  # fmt: skip
def test_a_department_of_a_municipality_is_that_municipality(text, gm_codes):
    assert sorted(places([text])["gm_code"], key=lambda code: (not code, code)) == gm_codes


def test_a_damaged_delivery_before_does_not_refuse_the_next_one(tmp_path):
    rows = [["Projectnaam", "Gemeente", "Toegekend"], ["Samen", "Baarn", "€ 5,-"], ["Ook", "Soest", "€ 6,-"]]
    columns = {"title": "Projectnaam", "municipality": "Gemeente", "granted": "Toegekend"}
    before = make_list(tmp_path, "2007-01-01_a", "a.xlsx", as_xlsx(rows)[:-300], {"columns": columns})
    new = tmp_path / "b.csv"
    new.write_bytes(as_csv(rows))
    about = add.look(new)
    earlier = add.previous(tmp_path, about)
    assert earlier.path == before
    followed, differences = add.follow(about, earlier)
    assert [column.proposed for column in followed.columns] == ["title", "municipality", "granted"]
    assert differences.empty


@pytest.mark.parametrize(
    "name, why",
    [
        ("kapot.xlsx", "beschadigd of niet volledig gedownload. Wat te doen: Vraag de lijst opnieuw op en bouw opnieuw."),
        ("weg.xlsx", "het bestand is er niet, of is geen gewoon bestand. Wat te doen: kijk of de naam en de map kloppen, "
                     "en of u het bestand kunt openen."),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_named_with_reason_and_remedy(name, why, tmp_path):
    (tmp_path / "kapot.xlsx").write_bytes(b"PK\x03\x04 kapot")
    with pytest.raises(ListUnreadable) as caught:
        add.look(tmp_path / name)
    assert str(caught.value) == f"De lijst {name} is niet te lezen: {why}"


# ---------------------------------------------------------------- questions, answers and what follows from them


def test_an_open_question_refuses_an_unattended_add_and_says_how_to_answer(listed, tmp_path):
    for arguments in (["--accept"], []):
        said = run("add", listed, "--workspace", tmp_path, *arguments)
        assert said.exit_code == 1
        first, *questions = str(said.exception).splitlines()
        assert first == "Er is niets geschreven: open vragen: 2. Geef de antwoorden mee:"
        assert [text[text.index("--") :] for text in questions] == [
            '--column "Plaats=municipality"',
            '--column "Bedrag=granted"',
        ]
        assert list(tmp_path.iterdir()) == [listed]


@pytest.mark.parametrize("column, name", [
    ("Bedrag", "granted"), ("E", "toegekend"), ("e", "Toegekend"), ("5", "granted (toegekend)"), ("BEDRAG ", "granted"),
    (4, "toegekend"),
])  # fmt: skip
def test_a_choice_takes_the_words_that_the_table_shows(column, name, listed):
    about = add.choose(add.look(listed), {column: name})
    assert [(c.proposed, c.asked) for c in about.columns][4] == ("granted", False)
    unused = add.choose(about, {column: "niet gebruikt"})
    assert unused == add.choose(about, {column: "-"}) and unused.columns[4].proposed == ""


def test_the_prompt_asks_again_after_a_word_that_it_does_not_know(listed, tmp_path):
    said = CliRunner().invoke(
        app, ["add", str(listed), "--workspace", str(tmp_path)], input="gemeente\ngeld\ntoegekend\ny\n"
    )
    assert "geen „geld” zijn" in said.output and said.exit_code == 0
    card = tomllib.loads(next(tmp_path.rglob("*.toml")).read_text(encoding="utf-8"))
    assert (card["columns"]["municipality"], card["columns"]["granted"]) == ("Plaats", "Bedrag")


def test_what_follows_is_told_before_anything_is_written(listed, tmp_path):
    wanted = [
        "sleutel („Zaaknr.”): 3 verschillende op 3 rijen; rijen per sleutel: 1.",
        "project („Activiteit”): 3 verschillende; 0 van 3 rijen zonder, die tellen niet mee (100% wel).",
        "gemeente („Plaats”): 1 rijen met een bekende plaats, 2 met een onbekende, 0 leeg.",
    ]
    found = [text.replace("\xa0", " ") for text in add.consequences(add.look(listed))]
    assert [text for text in found if "Stand" not in text] == wanted
    said = CliRunner().invoke(app, ["add", str(listed), "--workspace", str(tmp_path)], input="\n\nn\n")
    shown = " ".join(said.output.split())
    assert "2 van 3 cellen gelezen, samen € 3.500,50" in shown and wanted[2] in shown
    assert list(tmp_path.iterdir()) == [listed]


def test_the_form_of_a_notebook_tells_what_follows_as_choices_change(listed):
    form = add.Columns(add.look(listed))
    assert "gemeente („Plaats”): 1 rijen met een bekende plaats" in form.follows.value
    form.lists[2].value = ""
    assert "Plaats" not in form.follows.value and "sleutel" in form.follows.value


@pytest.mark.parametrize("option", ["--column", "--unit", "--decimal", "--currency", "--constant"])
def test_an_option_without_a_value_says_how_it_is_written(tmp_path, option):
    (tmp_path / "l.csv").write_text("Project;Gemeente\nSamen;Baarn\n", encoding="utf-8")
    given = ["--workspace", tmp_path, option, "Bedrag", "--accept", "--date", "2007-10-01"]
    said = CliRunner().invoke(app, list(map(str, ["add", tmp_path / "l.csv", *given])))
    assert str(said.exception) == "„Bedrag” mist een =; schrijf NAAM=WAARDE, zoals Bedrag=granted."
