"""A build: what it promises when it works, when it is killed, and when it stops."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import frictionless
import pytest
from conftest import as_zip, make_list
from make_example_lists import make

import wmo_analysis
from wmo_analysis import add, cli, pipeline, schema
from wmo_analysis.errors import NotBuilt, WmoError
from wmo_analysis.monitor import open_monitor

ROOT = Path(__file__).resolve().parent.parent
WMO = Path(sys.executable).with_name("wmo")
LIST = [["title", "municipality", "granted"], ["Samen", "Baarn", "€ 1.000"], ["Thuis", "Soest", "500,-"]]


def hashes(folder):
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files(folder)}


def files(folder):
    return sorted(p for p in Path(folder).rglob("*") if p.is_file())


def wmo(*arguments):
    return subprocess.run(
        [WMO, *map(str, arguments)], capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"}
    )


@pytest.fixture
def clone(tmp_path):
    """A workspace with the shipped lists."""
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    return tmp_path


@pytest.fixture
def small(tmp_path):
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", LIST)
    pipeline.build(tmp_path)
    return tmp_path


def test_the_shipped_clean_tables_are_what_the_build_makes_of_the_shipped_lists(clone):
    pipeline.build(clone)
    assert hashes(clone / "data" / "clean") == hashes(ROOT / "data" / "clean")


def test_the_build_never_writes_in_data_raw(clone):
    before = hashes(clone / "data" / "raw")
    pipeline.build(clone)
    assert hashes(clone / "data" / "raw") == before


def test_the_shipped_example_lists_are_what_the_seeded_script_makes(tmp_path):
    make(tmp_path)
    made = hashes(tmp_path)
    assert len(made) == 16
    assert made == {name: digest for name, digest in hashes(ROOT / "data" / "raw").items() if "_example/" in name}


def test_data_clean_is_a_valid_frictionless_data_package():
    report = frictionless.validate(str(ROOT / "data" / "clean" / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]
    assert len(report.tasks) == len(schema.TABLES)


def test_a_frictionless_reader_notices_a_changed_figure(clone):
    pipeline.build(clone)
    path = clone / "data" / "clean" / "amounts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1250000", "1250001", 1), encoding="utf-8")
    assert not frictionless.validate(str(clone / "data" / "clean" / "datapackage.json")).valid


def test_wmo_build_ends_with_the_ledger_and_status_0(clone):
    run = wmo("build", clone)
    assert run.returncode == 0
    assert [line.split() for line in run.stdout.splitlines() if line.strip().startswith("samen")] == [
        ["samen", "124", "109", "11", "4"],
        ["samen", *"€ 678.750 € 678.750 € 0 € 0 3".split()],
    ]
    assert "57 projecten. Bevindingen: fout: 0, let op: 6" in run.stdout


def test_wmo_check_says_what_where_and_what_to_do(clone):
    wmo("build", clone)
    said = wmo("check", clone).stdout
    assert "J01 Gemeente of gebied is onbekend." in said
    assert "Kies in notebook 09 welke gemeente is bedoeld (of met wmo decide)." in said
    assert "2007-10-01_example/wel_thuis.csv, rij 6: gemeente 'Veenendal'; bedoelt u Veenendaal?" in said


def test_a_build_that_cannot_be_made_is_one_sentence_and_status_1(tmp_path):
    run = wmo("build", tmp_path)
    assert (run.returncode, run.stderr) == (1, "")
    assert (
        run.stdout.split()
        == (
            f"Er is geen map data/raw in {tmp_path.name}. "
            "Er is niets gewijzigd; de laatste goede gegevens blijven in gebruik."
        ).split()
    )


def test_a_mistake_of_the_program_is_one_sentence_and_a_log(tmp_path, monkeypatch, capsys):
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", LIST)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["wmo", "build", str(tmp_path)])
    monkeypatch.setattr(pipeline, "clean_tables", lambda *given: 1 / 0)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 1
    assert "Er is niets gewijzigd." in capsys.readouterr().out
    assert "ZeroDivisionError" in (tmp_path / "outputs" / "wmo.log").read_text(encoding="utf-8")


def stumbling(monkeypatch, over):
    """Puts a fault into the program that only a list with this title meets, after reading."""
    join = pipeline.join.members

    def members(cleaned, lists, findings):
        assert over not in cleaned.rows.text("title").texts().to_pylist()
        return join(cleaned, lists, findings)

    monkeypatch.setattr(pipeline.join, "members", members)


def by_command(folder):
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 0


def by_form(folder):
    desk = add.Desk(folder)
    desk.card = next(folder.rglob("lijst.card.toml"))
    desk.path = desk.card.with_name("lijst.csv")
    desk.builds.click()
    assert "2007-10-01_b/fout.csv" in set(desk.result.ledger["file"])


@pytest.mark.parametrize("door", [by_command, wmo_analysis.build, by_form])
def test_over_whichever_list_the_program_stumbles_the_others_build(tmp_path, monkeypatch, door):
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", LIST)
    make_list(tmp_path, "2007-10-01_b", "fout.csv", [LIST[0], ["Stuk", "Baarn", "7,-"], ["Heel", "Baarn", "8,-"]])
    make_list(tmp_path, "2007-10-01_c", "leeg.csv", LIST[:1])
    stumbling(monkeypatch, "Stuk")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["wmo", "build", str(tmp_path)])
    door(tmp_path)
    tables = open_monitor(tmp_path).tables
    counts = ["file", "rows_in", "rows_used", "rows_set_aside", "cents_in"]
    assert tables["ledger"][counts].to_numpy().tolist() == [
        ["2007-10-01_a/lijst.csv", 2, 2, 0, 150_000],
        ["2007-10-01_b/fout.csv", 2, 0, 2, 0],
        ["2007-10-01_c/leeg.csv", 0, 0, 0, 0],
    ]
    told = tables["findings"]
    assert told[told["code"] == "R28"][["file", "severity"]].to_numpy().tolist() == [["2007-10-01_b/fout.csv", "error"]]
    log = (tmp_path / "outputs" / "wmo.log").read_text(encoding="utf-8")
    assert "AssertionError" in log and "Stuk" not in log


def test_a_program_that_stumbles_over_every_list_is_wrong_and_builds_none(tmp_path, monkeypatch, capsys):
    for name in ("a", "b"):
        make_list(tmp_path, f"2007-10-01_{name}", "lijst.csv", LIST)
    stumbling(monkeypatch, "Samen")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["wmo", "build", str(tmp_path)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 1 and not (tmp_path / "data" / "clean").exists()
    for build in (pipeline.build, wmo_analysis.build):  # law 10: the library itself raises
        with pytest.raises(AssertionError):
            build(tmp_path)


def test_over_a_list_alone_the_library_itself_raises(tmp_path, monkeypatch):
    make_list(tmp_path, "2007-10-01_a", "lijst.csv", LIST)
    make_list(tmp_path, "2007-10-01_b", "fout.csv", [LIST[0], ["Stuk", "Baarn", "7,-"]])
    stumbling(monkeypatch, "Stuk")
    with pytest.raises(AssertionError):
        pipeline.build(tmp_path)


@pytest.mark.parametrize("left", ["clean.part", "clean.old"])
def test_the_remains_of_a_killed_build_are_cleaned_up_and_said(small, left):
    (small / "data" / left).mkdir()
    (small / "data" / left / "projects.csv").write_text("half", encoding="utf-8")
    before = hashes(small / "data" / "clean")
    assert pipeline.build(small).messages == ["Resten van een afgebroken bouw zijn opgeruimd."]
    assert hashes(small / "data" / "clean") == before
    assert [p.name for p in sorted((small / "data").iterdir()) if p.name != ".build.lock"] == ["clean", "raw"]


def test_a_build_killed_between_the_two_moves_gives_the_old_data_back(small):
    before = hashes(small / "data" / "clean")
    os.replace(small / "data" / "clean", small / "data" / "clean.old")
    assert pipeline.whole.recover(small / "data" / "clean") == [
        "Een eerdere bouw is afgebroken; de laatste goede gegevens zijn teruggezet."
    ]
    assert hashes(small / "data" / "clean") == before


def test_a_build_that_dies_while_writing_leaves_the_old_data_whole(small, monkeypatch):
    before = hashes(small / "data" / "clean")

    def full(*given):
        raise OSError("no space left on device")

    monkeypatch.setattr(pipeline.write, "package", full)
    with pytest.raises(OSError):
        pipeline.build(small)
    assert hashes(small / "data" / "clean") == before
    assert len(open_monitor(small).projects) == 2


def test_a_second_build_says_who_is_busy_and_changes_nothing(small):
    with (
        pipeline.whole.lock(small / "data"),
        pytest.raises(NotBuilt, match=rf"Er loopt al een bouw \(proces {os.getpid()}, sinds \d\d:\d\d\)"),
    ):
        pipeline.build(small)


def test_the_lock_dies_with_its_process(small):
    code = "import os, sys; from pathlib import Path; from wmo_analysis import pipeline\n"
    code += "pipeline.whole.lock(Path(sys.argv[1])).__enter__(); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, small / "data"]).returncode == 9
    assert pipeline.build(small).messages == []


def test_a_correction_whose_was_is_gone_stops_the_build_with_a_sentence(clone):
    pipeline.build(clone)
    before = hashes(clone / "data" / "clean")
    path = clone / "data" / "raw" / "2007-10-01_example" / "wel_thuis.csv"
    change(path, b"01-03-2070", b"01-03-2007")
    with pytest.raises(NotBuilt, match=r"De correctie op .*wel_thuis.csv, WT-04 past niet meer"):
        pipeline.build(clone)
    assert hashes(clone / "data" / "clean") == before


def change(path, was, now):
    """Another content for a raw file, with the hash on its card."""
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    else:
        members = {"": path.read_bytes()}
    assert sum(data.count(was) for data in members.values()) == 1
    changed = {name: data.replace(was, now) for name, data in members.items()}
    path.write_bytes(as_zip(changed) if "" not in changed else changed[""])
    card = path.with_name(f"{path.stem}.card.toml")
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    card.write_text(card.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_list_of_which_the_hash_changed_is_refused_and_the_others_build(clone):
    path = clone / "data" / "raw" / "2007-10-01_example" / "wel_thuis.csv"
    path.write_bytes(path.read_bytes() + b"\r\n")
    result = pipeline.build(clone)
    assert list(result.findings.query("code == 'R17'")["file"]) == ["2007-10-01_example/wel_thuis.csv"]
    left = open_monitor(clone).tables["projects"]
    assert not left["file"].eq("2007-10-01_example/wel_thuis.csv").any()
    assert len(left) > 40


def test_stale_data_are_refused_with_a_sentence_that_names_wmo_build(small):
    make_list(small, "2007-11-01_b", "nieuw.csv", LIST)
    with pytest.raises(WmoError, match="wmo build"):
        open_monitor(small)


def test_the_package_names_every_list_with_its_hash_and_basis():
    package = json.loads((ROOT / "data" / "clean" / "datapackage.json").read_text(encoding="utf-8"))
    lists = {source["path"]: source["hash"] for source in package["sources"]}
    raw = ROOT / "data" / "raw"
    cards = [p for p in files(raw) if not p.name.endswith(".card.toml")]
    assert lists == {
        p.relative_to(raw).as_posix(): f"sha256:{hashlib.sha256(p.read_bytes()).hexdigest()}" for p in cards
    }
