"""What a command shows: nothing that a list says can steer the screen, and every refusal names its list."""

import json
import sys

import pandas as pd
import pytest
from conftest import as_xlsx, make_list

from wmo_analysis import pipeline, words
from wmo_analysis.cli import main, show
from wmo_analysis.errors import NotBuilt
from wmo_analysis.words import say

STEERING = "\x1b[2J\x1b]0;weg\x07\r\x08\x9b31m\u202e\u2066"
HEAD = ["title", "municipality", "granted"]


def said(capsys, monkeypatch, *words):
    """What a command writes, on its screen and on its error stream."""
    monkeypatch.setattr(sys, "argv", ["wmo", *map(str, words)])
    with pytest.raises(SystemExit):
        main()
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.parametrize("command", ["build", "check", "add", "decide"])
def test_no_control_character_of_a_list_reaches_the_screen(command, capsys, monkeypatch, tmp_path):
    rows = [[*HEAD, f"kop{STEERING}"], [f"Samen{STEERING}", f"Nergens{STEERING}huizen", "12.5", "x"]]
    data = json.dumps([dict(zip(rows[0], row, strict=True)) for row in rows[1:]]).encode()
    card = {"columns": {text: text for text in HEAD}}
    path = make_list(tmp_path, "plain", "a.json", data, card)
    make_list(tmp_path, "b[red]c", "a.json", data, card)
    make_list(tmp_path, "c\x1b[31m\u202e", "a.json", data, card)
    pipeline.build(tmp_path)
    monkeypatch.setattr(show, "console", show.Screen(width=500, force_terminal=False))
    more = {"add": [path, "--dry-run"], "decide": [tmp_path]}.get(command, [tmp_path])
    shown = said(capsys, monkeypatch, command, *more)
    assert "[red]" in shown or command in ("add", "decide")
    assert set(shown) & set(map(chr, words.OBEYED)) == set()
    assert "Samen" in shown or "huizen" in shown or "red" in shown


def test_a_long_cell_is_cut_on_the_screen_only():
    row = {"file": "a.csv", "sheet": "", "row": 2, "column": "title", "kept": "", "did_you_mean": ""}
    assert len(show._finding(pd.Series(row | {"listed": "x" * 9000}).to_dict())) < 400


@pytest.mark.parametrize("more, shown", [((), 10), (("--all",), 12)])
def test_check_shows_ten_findings_of_a_kind_and_how_to_see_all(more, shown, capsys, monkeypatch, tmp_path):
    make_list(tmp_path, "a", "a.csv", [HEAD, *[[f"Project {number}", "Baarn", "PM"] for number in range(12)]])
    pipeline.build(tmp_path)
    monkeypatch.setattr(show, "console", show.Screen(width=200, force_terminal=False))
    found = said(capsys, monkeypatch, "check", tmp_path, *more)
    assert found.count("'PM'") == shown
    assert ("en nog 2; toon ze met: wmo check --all" in found) == (not more)


def test_when_no_list_can_be_read_each_is_named_with_its_reason(tmp_path):
    make_list(tmp_path, "a", "a.xlsx", as_xlsx([HEAD])[:-300], {"columns": {"title": "title"}})
    make_list(tmp_path, "b", "b.csv", [HEAD, ["Samen", "Baarn", "5"]], {"header_rows": 0})
    with pytest.raises(NotBuilt) as caught:
        pipeline.build(tmp_path)
    assert str(caught.value) == (
        "Geen van de lijsten in data/raw kon worden gelezen: b/b.card.toml (header_rows: 0 (moet zijn: een getal van 1 tot "
        f"en met 20)); a/a.xlsx (beschadigd of niet volledig gedownload). {say('build.untouched')}"
    )


def test_a_sheet_of_the_card_that_is_gone_is_told_with_its_name(workspace):
    rows = [HEAD, ["Samen", "Baarn", "5"]]
    card = {"columns": {text: text for text in HEAD}, "sheets": ["Blad1", "Oud"]}
    data = as_xlsx(rows, more_sheets=[("Oud", rows)], hidden=["Oud"])
    tables = workspace({"a.xlsx": (data, card), "b.csv": [HEAD, ["Ook", "Soest", "5"]]})
    told = tables["findings"].query("code == 'R04'")[["file", "listed", "kept"]].values.tolist()
    assert told == [["2007-10-01_lists/a.xlsx", "Oud", "blad ontbreekt of is verborgen: Oud"]]
    assert tables["projects"]["title"].tolist() == ["Ook"]
