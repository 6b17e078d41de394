"""The form of notebook 09 without a browser: choose or upload a list, keep the choices, build, read the account."""

import datetime

import pytest
from conftest import make_list

from wmo_analysis import add, pipeline
from wmo_analysis.errors import WmoError

LIST = b"Project;Gemeente;Thema;Toegekend\nSamen;Baarn;Sociale cohesie;1000\nThuis;Utopia;Zelfredzaamheid;250\n"


@pytest.fixture
def desk(tmp_path):
    return add.Desk(tmp_path)


def upload(desk, name="lijst.csv", content=LIST):
    about = {"type": "", "size": len(content), "last_modified": datetime.datetime(2007, 10, 1)}
    desk.upload.value = ({"name": name, "content": content, **about},)


def texts(place):
    return [child.value for child in place.children if hasattr(child, "value")]


def test_a_button_too_early_says_what_comes_first(desk):
    desk.writes.click()
    desk.builds.click()
    assert ["Kies eerst een lijst." in texts(desk.written)[0], "Leg eerst de keuzes vast." in texts(desk.built)[0]] == [
        True,
        True,
    ]


def test_an_uploaded_list_is_written_built_and_accounted_for(desk, tmp_path):
    upload(desk)
    assert desk.columns.lists[3].value == "granted"
    desk.source.value, desk.date.value = "S3", "1-10-2007"
    desk.writes.click()
    assert desk.card == tmp_path / "data/raw/2007-10-01_lijst/lijst.card.toml"
    desk.builds.click()
    account = add.account(desk.result, desk.file)
    assert account.to_numpy().tolist() == [
        ["in", "2", "€\xa01.250"],
        ["gebruikt", "2", "€\xa01.250"],
        ["samengevoegd", "0", "€\xa00"],
        ["apart", "0", "€\xa00"],
        ["cellen niet gelezen", "0", ""],
    ]
    assert account._repr_html_() in "".join(texts(desk.built))


def test_a_name_of_a_file_is_no_way_to_another_folder(desk, tmp_path):
    upload(desk, "../../elders.csv")
    assert desk.path.name == "elders.csv" and not (tmp_path.parent / "elders.csv").exists()


def test_what_stands_in_no_column_holds_for_every_row(desk):
    upload(desk, content=b"Project;Toegekend\nSamen;1000\nThuis;250\n")
    desk.constants["municipality"].value, desk.constants["theme"].value = "GM0308", "P4"
    desk.writes.click()
    text = desk.card.read_text("utf-8")
    assert 'municipality = "GM0308"' in text and 'theme = "P4"' in text


def test_practice_changes_nothing_in_the_monitor(tmp_path, monkeypatch):
    monkeypatch.setenv("WMO_HOME", str(tmp_path))
    desk = add.Desk()
    upload(desk)
    desk.writes.click()
    assert desk.card.is_file() and not list(tmp_path.iterdir())


def test_a_card_that_cannot_be_made_is_told_in_one_sentence(desk):
    upload(desk, content=b"Gemeente;Toegekend\nBaarn;1000\nSoest;250\n")
    desk.columns.lists[0].value = "municipality"
    desk.writes.click()
    assert "Geen kolom noemt het project; kies er een." in texts(desk.written)[0]


def test_a_mistake_of_the_program_is_a_sentence_in_the_form_and_a_log(desk, tmp_path, monkeypatch):
    upload(desk)
    monkeypatch.setattr("wmo_analysis.add._desk.write", lambda *given, **named: 1 / 0)
    desk.writes.click()
    assert texts(desk.written) == [
        '<p role="alert"><strong>Er ging iets mis in het programma zelf. Er is niets gewijzigd. '
        "De bijzonderheden staan in outputs/wmo.log.</strong></p>"
    ]
    assert "ZeroDivisionError" in (tmp_path / "outputs" / "wmo.log").read_text(encoding="utf-8")


def test_an_account_of_a_list_that_is_not_there_is_refused(tmp_path):
    make_list(tmp_path, "2007-10-01_a", "l.csv", [["title", "municipality"], ["Samen", "Baarn"]])
    with pytest.raises(WmoError, match=r"De rekening kent geen lijst x\.csv"):
        add.account(pipeline.build(tmp_path), "x.csv")


def test_the_days_are_written_and_read_in_dutch_notation(desk):
    upload(desk)
    desk.date.value, desk.received.value = "9-10-2007", "01-11-2007"
    desk.writes.click()
    text = desk.card.read_text("utf-8")
    assert "date = 2007-10-09" in text and "received = 2007-11-01" in text


@pytest.mark.parametrize("said", ["", "2007-10-09", "31-2-2007", "10/9/2007"])
def test_what_is_no_dutch_day_is_told_in_one_sentence(desk, said):
    upload(desk)
    desk.date.value = said
    desk.writes.click()
    assert f"Stand van de lijst: „{said}” is geen dag." in texts(desk.written)[0] and desk.card is None
