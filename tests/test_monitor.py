"""The Monitor: opening, choosing, what counts on a date, and tracing back."""

import shutil

import pytest
from monitors import BOOK, monitor, read_here, shipped, tables, written

import wmo_analysis as wmo
from wmo_analysis import measure, pipeline

HEAD = ["key", "title", "municipality", "theme", "status", "start", "end"]
LETTER = [
    "S2-L1-029",
    "S7-L1-067",
    "S7-L1-068",
    "S7-L1-069",
    "X0-L1-073",
    "X0-L1-076",
    "X0-L1-077",
    "X0-L1-078",
    "X0-L1-079",
    "X1-L1-070",
]


# ---------------------------------------------------------------- opening


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    root = tmp_path_factory.mktemp("good")
    written(root, {"2007-10-01_a/een.csv": [HEAD, ["1", "Samen", "Baarn", "P2", "loopt", "", ""]]})
    with read_here():
        pipeline.build(root)
    return root


def refusal(root):
    with pytest.raises(wmo.WmoError) as refused:
        wmo.open(root)
    return str(refused.value)


def test_a_workspace_opens_on_the_date_of_its_newest_card(good):
    opened = wmo.open(good)
    assert (opened.date, opened.language, list(opened.projects.index)) == ("2007-10-01", "nl", ["S1-1"])


def test_opening_finds_the_workspace_upwards_and_by_its_variable(good, monkeypatch, tmp_path):
    monkeypatch.chdir(good / "data" / "raw")
    assert wmo.open().build == wmo.open(good).build
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WMO_HOME", str(good))
    assert wmo.open().build == wmo.open(good).build
    monkeypatch.delenv("WMO_HOME")
    with pytest.raises(wmo.WmoError, match="wmo build"):
        wmo.open()


def damage_nothing_built(root):
    shutil.rmtree(root / "data" / "clean")


def damage_a_table_is_gone(root):
    (root / "data" / "clean" / "placements.csv").unlink()


def damage_a_table_was_edited(root):
    path = root / "data" / "clean" / "projects.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Samen", "Alleen"), encoding="utf-8")


def damage_the_descriptor_is_gone(root):
    (root / "data" / "clean" / "datapackage.json").unlink()


def damage_the_descriptor_is_cut_off(root):
    path = root / "data" / "clean" / "datapackage.json"
    path.write_bytes(path.read_bytes()[:200])


def damage_the_descriptor_is_empty(root):
    (root / "data" / "clean" / "datapackage.json").write_text("{}", encoding="utf-8")


def damage_the_descriptor_is_no_text(root):
    (root / "data" / "clean" / "datapackage.json").write_bytes(b"\xff\xfe\x00\xd8")


def damage_the_descriptor_is_another_json(root):
    (root / "data" / "clean" / "datapackage.json").write_text("[1]", encoding="utf-8")


@pytest.mark.parametrize(
    "harm", [harm for name, harm in globals().items() if name.startswith("damage_")], ids=lambda harm: harm.__name__
)
def test_missing_or_damaged_data_are_one_sentence_that_names_the_command(good, tmp_path, harm):
    root = tmp_path / "copy"
    shutil.copytree(good, root)
    harm(root)
    assert refusal(root) == "De gegevens in data/clean ontbreken of zijn beschadigd; bouw ze opnieuw met: wmo build"


def stale_a_list_changed(root):
    path = root / "data" / "raw" / "2007-10-01_a" / "een.csv"
    path.write_text(path.read_text(encoding="utf-8") + "2,Nog een,,,,,\n", encoding="utf-8")
    return "2007-10-01_a/een.csv"


def stale_a_list_came(root):
    (root / "data" / "raw" / "nieuw.csv").write_text("a\n", encoding="utf-8")
    return "nieuw.csv"


def stale_a_list_went(root):
    (root / "data" / "raw" / "2007-10-01_a" / "een.card.toml").unlink()
    return "2007-10-01_a/een.card.toml"


def stale_the_codebook_changed(root):
    shutil.copytree(wmo.codebook.PACKAGED, root / "reference")
    with open(root / "reference" / "aliases.csv", "a", encoding="utf-8") as file:
        file.write("municipality,Sust,GM0342,no,2007-10-10,analyst,typed so\n")
    return "codebook"


@pytest.mark.parametrize(
    "change", [change for name, change in globals().items() if name.startswith("stale_")], ids=lambda f: f.__name__
)
def test_data_older_than_the_lists_are_one_sentence_that_names_the_file_and_the_command(good, tmp_path, change):
    root = tmp_path / "copy"
    shutil.copytree(good, root)
    name = change(root)
    assert refusal(root) == (
        f"Sinds de laatste bouw is data/raw of het codeboek veranderd ({name}); bouw opnieuw met: wmo build"
    )


def test_opening_writes_nothing(good):
    before = sorted((path, path.stat().st_mtime_ns) for path in good.rglob("*"))
    measure.coverage(wmo.open(good))
    assert sorted((path, path.stat().st_mtime_ns) for path in good.rglob("*")) == before


# ---------------------------------------------------------------- choosing


@pytest.mark.parametrize(
    "name, spellings",
    [
        ("theme", ["P3b", "p3B", "Mantelzorg", "mantelzorg", "INFORMAL CARE"]),
        ("theme", ["P5", "Wonen, welzijn en zorg", "wonen, welzijn, zorg", "Housing, welfare and care"]),
        ("region", ["OVG", "ovg", "Overige gemeenten", "other municipalities"]),
        ("municipality", ["GM0310", "gm0310", "De Bilt", "de bilt", "DE BILT"]),
        ("source", ["S7", "s7", "WMO-proeftuinen VWS", "wmo proeftuinen vws", "VWS WMO pilots"]),
        ("round", ["1", 1]),
        ("status", ["running", "Loopt", "RUNNING"]),
        ("basis", ["published", "alleen gepubliceerd", "Published only"]),
        ("basis", ["without_examples", "Zonder voorbeelden", "without examples"]),
        ("basis", ["letter", "brief", "Letter"]),
        ("basis", ["all", "alles", "everything"]),
    ],
)
def test_a_filter_takes_an_id_or_a_label_in_either_language_in_any_case(name, spellings):
    chosen = [shipped().within(**{name: spelling}).filters for spelling in spellings]
    assert [filters == chosen[0] for filters in chosen] == [True] * len(spellings)


@pytest.mark.parametrize(
    "filters, sentence",
    [
        (
            {"region": "Gooi"},
            "Onbekende waarde voor regio: Gooi. Mogelijk zijn: Utrecht-West, Eemland, BRU, Overige gemeenten.",
        ),
        ({"round": 4}, "Onbekende waarde voor ronde: 4. Mogelijk zijn: 1, 2, 3."),
        (
            {"source": "S8"},
            "Onbekende waarde voor bron: S8. Mogelijk zijn: Lokaal Centraal, Burgers Betrekken, Wel Thuis!, "
            "Sociale Agenda, Nieuw Wonen (Agenda 2010), Alleato, WMO-proeftuinen VWS, niet vermeld, Taskforce MBO, "
            "Flexibel projectenkrediet.",
        ),
        (
            {"status": "bezig"},
            "Onbekende waarde voor status: bezig. Mogelijk zijn: gepland, loopt, afgerond, afgewezen, ingetrokken, "
            "voorgeselecteerd, onbekend.",
        ),
        (
            {"basis": "echt"},
            "Onbekende waarde voor basis: echt. Mogelijk zijn: alles, zonder voorbeelden, alleen gepubliceerd, brief, "
            "gedocumenteerd, ontvangen, voorbeeld.",
        ),
        (
            {"gemeente": "Zeist"},
            "Onbekend filter: gemeente. Mogelijk zijn: theme, region, municipality, source, scheme, round, status, basis.",
        ),
    ],
    ids=str,
)
def test_an_unknown_value_is_one_sentence_that_lists_the_values_there_are(filters, sentence):
    with pytest.raises(wmo.WmoError) as refused:
        shipped().within(**filters)
    assert str(refused.value) == sentence


def test_an_unknown_municipality_or_theme_lists_all_there_are():
    with pytest.raises(wmo.WmoError) as refused:
        shipped().within(municipality="Ede")
    assert str(refused.value) == (
        f"Onbekende waarde voor gemeente: Ede. Mogelijk zijn: {', '.join(BOOK.municipalities['name'])}."
    )
    with pytest.raises(wmo.WmoError, match=r"^Onbekende waarde voor thema: P7\. Mogelijk zijn: .*Onbekend thema"):
        shipped().within(theme="P7")


@pytest.mark.parametrize("day", ["gisteren", "", "09-10-2007", "2007-02-30", "10/09/2007", "2007", None, 20071301])
def test_a_date_is_written_in_one_way_only(day):
    with pytest.raises(wmo.WmoError) as refused:
        shipped().as_of(day)
    assert str(refused.value) == f"'{day}' is geen datum; schrijf die als 2007-10-09."


def test_an_unknown_language_is_refused():
    with pytest.raises(wmo.WmoError, match="Mogelijk zijn: nl, en"):
        shipped().in_language("de")


def test_a_monitor_never_changes():
    whole = shipped()
    before = (whole.filters, whole.date, whole.language)
    whole.within(theme="P3").as_of("2006-11-30").in_language("en")
    assert (whole.filters, whole.date, whole.language) == before


def test_a_choice_that_changes_nothing_gives_the_same_monitor():
    whole = shipped()
    assert whole.within() is whole.as_of(whole.date) is whole.in_language("nl") is whole.without("theme") is whole


def test_monitors_and_codebooks_are_equal_when_they_are_one():
    whole, other = shipped(), shipped().within(theme="P3")
    assert len({whole, other, whole}) == 2 and len({BOOK, wmo.Codebook.open()}) == 2
    assert (whole == other, whole == whole.within()) == (False, True)


def test_with_basis_letter_there_are_exactly_the_ten_letter_projects():
    letter = shipped().within(basis="letter")
    assert sorted(letter.projects.index) == LETTER
    assert sorted(letter.projects["project_id"]) == LETTER
    assert dict(letter.projects["placement"].value_counts()) == {
        "unassigned": 5,
        "one": 2,
        "partnership": 2,
        "unknown": 1,
    }
    themes = letter.themes.set_index("group")["theme"]
    assert themes["S2-L1-029"] == "P0"
    assert set(themes.drop("S2-L1-029")) == {"P9"}


def test_published_is_letter_and_documented_and_no_example():
    published = shipped().within(basis="published")
    assert sorted(published.projects.index) == sorted([*LETTER, "S3-R1", "S3-R2", "S3-R3", "S5-R4", "S5-R5", "S5-R6"])
    assert not published.projects["example"].any()
    assert measure.coverage(published).attrs["wmo"]["examples"] == 0


def test_every_filter_is_told_in_the_language():
    chosen = shipped().within(round=[2, 1], theme="P3b", status="running", basis="published")
    assert chosen.told() == "ronde 1 en 2, thema Mantelzorg, status loopt, gegevens alleen gepubliceerd"
    assert chosen.in_language("en").told() == (
        "round 1 and 2, theme Informal care, status running, data published only"
    )


def test_a_theme_filter_takes_those_below_it_and_keeps_whole_projects():
    listed = [
        ["1", "Vrijwilligers", "Baarn", "P3a", "", "", ""],
        ["2", "Meer", "Baarn", "P2; P3b", "", "", ""],
        ["3", "Onbekend", "Baarn", "Sport", "", "", ""],
        ["4", "Onbekend ernaast", "Baarn", "P2; Sport", "", "", ""],
        ["5", "Gemeentelijk", "Baarn", "M2", "", "", ""],
        ["6", "Jeugd", "Baarn", "P8", "", "", ""],
    ]
    made = monitor({"2007-10-01_a/een.csv": [HEAD, *listed]})
    kept = {code: "".join(sorted(i[-1] for i in made.within(theme=code).projects.index)) for code in BOOK.columns()}
    assert {code: ids for code, ids in kept.items() if ids} == {"P2": "24", "P3": "12", "P9": "35"}
    assert [i[-1] for i in made.within(theme="P3a").projects.index] == ["1"]
    assert [i[-1] for i in made.within(theme="M2").projects.index] == ["5"]
    assert [i[-1] for i in made.within(theme="P8").projects.index] == ["6"]
    assert sorted(made.within(theme="P3").themes["theme"]) == sorted(["P3a", "P2", "P3b", "P9", "P2", "M2", "P9", "P8"])


# ---------------------------------------------------------------- deliveries in force


def deliveries():
    def given(date, title, basis="example", **more):
        return ([HEAD, ["1", title, "Baarn", "P2", "", "", ""]], {"source": "S4", "date": date, "basis": basis, **more})

    return {
        "2006-06-01_a/een.csv": given("2006-06-01", "Eerste"),
        "2007-03-01_a/een.csv": given("2007-03-01", "Tweede"),
        "2007-10-01_a/een.csv": given("2007-10-01", "Derde"),
    }


@pytest.mark.parametrize("known, title", [
    ("", "Derde"),
    ("2008-01-01", "Derde"),
    ("2007-03-01", "Tweede"),
    ("2007-02-28", "Eerste"),
    ("2006-06-01", "Eerste"),
])  # fmt: skip
def test_the_newest_delivery_that_was_known_tells_on_any_day(known, title):
    for day in ("2006-05-31", "2007-03-01", "2008-06-01"):
        assert list(THREE.known_on(known).as_of(day).projects["title"]) == [title]


def test_before_the_first_list_a_source_says_nothing_and_is_named():
    made = THREE.known_on("2006-05-31")
    assert made.silent_sources == ["S4"]
    assert len(made.projects) == 0
    assert set(measure.coverage(made)["state"]) == {"unknown", "province"}
    notes = measure.coverage(made).attrs["wmo"]["subtitle_notes"]
    assert notes == ["zoals bekend op 31 mei 2006", "nog geen lijst van: Sociale Agenda"]
    assert THREE.silent_sources == [] == THREE.notes


def dropped(complete):
    """A project of 2006 that the list of October 2007 no longer has."""
    return monitor(
        {
            "2006-06-01_a/lijst.csv": ([HEAD, ["1", "Weg", "Baarn", "P2", "", "", ""]], {"date": "2006-06-01"}),
            "2007-10-01_a/lijst.csv": (
                [HEAD, ["2", "Nieuw", "Soest", "P2", "", "", ""]],
                {"date": "2007-10-01", "complete": complete},
            ),
        }
    )


@pytest.mark.parametrize("complete, day, expected", [
    (True, "2007-09-30", {"Weg": "running", "Nieuw": "(planned)"}),
    (True, "2007-10-01", {"Weg": "(completed)", "Nieuw": "running"}),
    (False, "2007-10-01", {"Weg": "running", "Nieuw": "running"}),
])  # fmt: skip
def test_what_a_newer_complete_list_no_longer_lists_ended_the_day_before(complete, day, expected):
    here = dropped(complete).as_of(day).projects
    told = here["derived"].where(here["counts"], "(" + here["derived"] + ")")
    assert dict(zip(here["title"], told, strict=True)) == expected
    ends = dict(zip(here["title"], here["end_to"], strict=True))
    assert ends == {"Weg": "2007-09-30" if complete else "", "Nieuw": ""}


def test_a_weaker_list_that_forgets_a_project_does_not_end_it():
    made = monitor(
        {
            "2006-06-01_a/lijst.csv": (
                [HEAD, ["1", "Blijft", "Baarn", "P2", "", "", ""]],
                {"source": "S3", "date": "2006-06-01"},
            ),
            "2006-06-01_b/krediet.csv": (
                [[*HEAD, "merges_with"], ["1", "Blijft", "Baarn", "P2", "", "", "", "S3-1"]],
                {"source": "X2", "date": "2006-06-01"},
            ),
            "2007-10-01_b/krediet.csv": (
                [HEAD, ["2", "Ander", "Soest", "P2", "", "", ""]],
                {"source": "X2", "date": "2007-10-01", "complete": True},
            ),
        }
    )
    assert sorted(made.projects.loc[made.projects["counts"], "title"]) == ["Ander", "Blijft"]


THREE = None


@pytest.fixture(scope="module", autouse=True)
def three():
    global THREE
    THREE = monitor(deliveries())


def test_two_lists_of_one_source_and_date_are_both_in_force():
    made = monitor(
        {
            "2007-10-01_a/noord.csv": [HEAD, ["1", "Noord", "Baarn", "P2", "", "", ""]],
            "2007-10-01_a/zuid.csv": [HEAD, ["2", "Zuid", "Lopik", "P2", "", "", ""]],
        }
    )
    assert list(made.projects["title"]) == ["Noord", "Zuid"]


def test_conversations_and_projects_of_a_source_have_deliveries_of_their_own():
    talks = ["municipality", "round", "talk"]
    made = monitor(
        {
            "2006-11-01_a/gesprek.csv": (
                [talks, ["Baarn", "1", ""]],
                {"source": "S2", "date": "2006-11-01", "rows": ["conversations"]},
            ),
            "2007-10-01_a/plan.csv": ([HEAD, ["1", "Plan", "Baarn", "P2", "", "", ""]], {"source": "S2"}),
        }
    )
    assert list(made.states["state"]) == ["planned"]
    assert list(made.projects["title"]) == ["Plan"]


def test_a_received_delivery_silences_the_examples_of_its_source_at_every_date_and_under_every_filter():
    made = monitor(
        {
            "2006-06-01_a/een.csv": (
                [HEAD, ["1", "Verzonnen", "Baarn", "P2", "", "", ""]],
                {"source": "S4", "date": "2006-06-01"},
            ),
            "2006-06-01_a/bron.csv": (
                [HEAD, ["9", "Andere bron", "Zeist", "P2", "", "", ""]],
                {"source": "S6", "date": "2006-06-01"},
            ),
            "2007-10-01_a/echt.csv": (
                [HEAD, ["2", "Ontvangen", "Soest", "P2", "", "", ""]],
                {"source": "S4", "basis": "received"},
            ),
        }
    )
    for day in ("2006-01-01", "2006-07-01", "2007-10-01"):
        then = made.as_of(day)
        assert sorted(then.projects["title"]) == ["Andere bron", "Ontvangen"]
        assert list(then.within(basis="example").projects["title"]) == ["Andere bron"]
        assert list(then.within(source="S4").projects["title"]) == ["Ontvangen"]
        assert list(then.within(source="S4", basis="example").projects["title"]) == []


def test_a_silenced_example_does_not_date_a_project():
    made = monitor(
        {
            "2006-06-01_a/een.csv": (
                [["key", "title"], ["1", "Samen"]],
                {
                    "source": "S4",
                    "date": "2006-06-01",
                    "same_as": [{"row": "1", "project": "S7-L", "reason": "zelfde"}],
                },
            ),
            "2006-11-30_b/brief.csv": (
                [["key", "title"], ["L", "Samen"]],
                {"source": "S7", "basis": "letter", "date": "2006-11-30"},
            ),
            "2007-10-01_a/echt.csv": ([["key", "title"], ["2", "Echt"]], {"source": "S4", "basis": "received"}),
        }
    )
    shown = {day: bool(made.as_of(day).projects.at["S7-L", "counts"]) for day in ("2006-07-01", "2006-11-30")}
    assert shown == {"2006-07-01": False, "2006-11-30": True}


# ---------------------------------------------------------------- what counts on a date

DATED = [
    ["a", "Begint op de eerste dag", "Baarn", "P2", "", "Q2 2007", ""],
    ["b", "Eindigt na de laatste dag", "Baarn", "P2", "", "2006", "maart 2007"],
    ["c", "Zonder data", "Baarn", "P2", "", "", ""],
    ["d", "Gepland zonder begin", "Baarn", "P2", "gepland", "", ""],
    ["e", "Gepland met begin", "Baarn", "P2", "gepland", "01-01-2007", ""],
    ["f", "Afgerond zonder einde", "Baarn", "P2", "afgerond", "01-01-2006", ""],
    ["g", "Afgerond met einde", "Baarn", "P2", "afgerond", "01-01-2006", "30-06-2007"],
    ["h", "Afgewezen", "Baarn", "P2", "afgewezen", "01-01-2006", ""],
    ["i", "Ingetrokken", "Baarn", "P2", "ingetrokken", "01-01-2006", ""],
    ["j", "Voorgeselecteerd", "Baarn", "P2", "voorgeselecteerd", "", ""],
    ["k", "Loopt", "Baarn", "P2", "loopt", "", "31-12-2007"],
    ["l", "Onleesbare status", "Baarn", "P2", "in beraad", "", ""],
]


@pytest.fixture(scope="module")
def dated():
    return monitor({"2007-05-01_a/een.csv": ([HEAD, *DATED], {"date": "2007-05-01"})})


def statuses(made):
    return {
        i[-1]: status if counts else f"({status})"
        for i, status, counts in zip(
            made.projects.index, made.projects["derived"], made.projects["counts"], strict=True
        )
    }


NEVER = {"h": "(rejected)", "i": "(withdrawn)", "j": "(preselected)"}


@pytest.mark.parametrize(
    "day, expected",
    [
        (
            "2005-12-31",
            dict.fromkeys("abcdefgkl", "(planned)"),
        ),
        (
            "2007-03-31",
            dict.fromkeys("acdkl", "(planned)") | {"b": "running", "e": "running", "f": "(completed)", "g": "running"},
        ),
        (
            "2007-04-01",
            dict.fromkeys("cdkl", "(planned)")
            | {"a": "running", "b": "(completed)", "e": "running", "f": "(completed)", "g": "running"},
        ),
        (
            "2007-05-01",
            {"a": "running", "b": "(completed)", "c": "running", "d": "(planned)", "e": "running", "f": "(completed)"}
            | {"g": "running", "k": "running", "l": "running"},
        ),
        (
            "2007-07-01",
            {"a": "running", "b": "(completed)", "c": "running", "d": "(planned)", "e": "running", "f": "(completed)"}
            | {"g": "(completed)", "k": "running", "l": "running"},
        ),
        (
            "2008-01-01",
            {"a": "running", "b": "(completed)", "c": "running", "d": "(planned)", "e": "running", "f": "(completed)"}
            | {"g": "(completed)", "k": "(completed)", "l": "running"},
        ),
    ],
)
def test_dates_decide_what_counts_and_where_they_are_silent_the_listed_status(dated, day, expected):
    """In brackets: does not count."""
    assert statuses(dated.as_of(day)) == expected | NEVER


def test_the_listed_status_stays_beside_the_derived_one(dated):
    shown = dated.projects.set_index(dated.projects["project_id"].str[-1])["status_listed"]
    assert dict(shown) == {row[0]: row[4] for row in DATED}


def test_a_status_filter_uses_the_derived_status_and_coverage_still_needs_a_counting_project(dated):
    planned = dated.as_of("2007-04-01").within(status="gepland")
    assert sorted(i[-1] for i in planned.projects.index) == ["c", "d", "k", "l"]
    assert measure.coverage(planned).attrs["wmo"]["covered"] == 0
    running = dated.as_of("2007-04-01").within(status="loopt")
    assert sorted(i[-1] for i in running.projects.index) == ["a", "e", "g"]
    assert measure.coverage(running).attrs["wmo"]["covered"] == 1


def test_without_a_start_the_first_delivery_decides_even_when_a_later_one_is_in_force():
    shown = {day: list(THREE.as_of(day).projects["counts"]) for day in ("2006-05-31", "2006-06-01", "2007-10-01")}
    assert shown == {"2006-05-31": [False], "2006-06-01": [True], "2007-10-01": [True]}


def test_a_source_filter_keeps_a_project_when_a_used_or_merged_row_is_from_that_source():
    whole = shipped()
    assert "S4-SA-03" in whole.within(source="Alleato").projects.index
    assert "S4-SA-03" in whole.within(source="S4").projects.index
    assert "S4-SA-03" in whole.within(source="X2").projects.index
    assert "S4-SA-03" not in whole.within(source="S1").projects.index


# ---------------------------------------------------------------- assumptions and trace


def test_a_figure_that_leans_on_an_assumed_membership_or_theme_says_so():
    assert measure.coverage(shipped().within(source="S7")).attrs["wmo"]["assumptions"] == [
        "leden Eemland: aanname",
        "toewijzing aan thema Vrijwilligers, mantelzorg: aanname",
        "toewijzing aan thema Sociale cohesie: aanname",
    ]
    assert measure.coverage(shipped().within(source="S6")).attrs["wmo"]["assumptions"] == []


def test_a_cell_leads_to_every_cell_of_every_row_behind_it():
    shown = shipped().trace(gm_code="GM0352")
    assert len(shown) == 0
    shown = shipped().as_of("2006-11-30").trace(gm_code="Wijk bij Duurstede", theme="Lokale cliëntenparticipatie")
    place = ["S1-de2ec344", "2007-10-01_example/lokaal_centraal.xlsx", "Overig", 4]
    assert shown.values.tolist() == [
        [*place, "end", "30-06-2007", "", ""],
        [*place, "municipality", "Wijk bij Duurstede", "", ""],
        [*place, "start", "medio 2006", "", ""],
        [*place, "status", "afgerond", "", ""],
        [*place, "theme", "P1", "", ""],
        [*place, "title", "Wmo-platform: opstart", "", ""],
    ]


def test_trace_shows_the_rows_of_all_bases_and_lists_with_their_findings():
    shown = shipped().trace(project_id="S4-SA-03")
    assert sorted(set(zip(shown["file"].str[11:], shown["row"], strict=True))) == [
        ("example/alleato.docx", 6),
        ("example/flexibel_krediet.xlsx", 12),
        ("example/flexibel_krediet.xlsx", 13),
        ("example/sociale_agenda.ods", 5),
    ]
    told = shown[shown["code"] != ""][["column", "listed", "kept", "code"]].values.tolist()
    assert told == [["end", "30-06-2008", "31-12-2007", "J07"], ["granted", "n.v.t.", "", "C02"]]
    agreement = shipped().trace(project_id="S2-L1-029")
    assert set(agreement["project_id"]) == {"S2-L1-029", "S2-BB-01"}


def test_the_trace_of_a_cell_holds_the_projects_that_the_cell_counts():
    whole = shipped()
    matrix = measure.coverage(whole)
    for cell in matrix[matrix["gm_code"] != ""].itertuples():
        if cell.theme in ("", "P3", "P9") and cell.gm_code in ("GM0308", "GM0342", "GM0353", "GM0344", "GM0339"):
            traced = whole.trace(gm_code=cell.gm_code, theme=cell.theme)
            groups = whole.rows.set_index("project_id")["group"]
            assert len({groups[[i]].iloc[0] for i in traced["project_id"]}) == cell.number, cell


def test_two_places_in_one_municipality_are_one_municipality():
    rows = [["title", "municipality"], ["Samen", "Amersfoort en Hoogland"], ["Thuis", "Baarn en Ede"]]
    projects = tables({"2007-10-01_a/lijst.csv": rows})["projects"].set_index("title")
    assert projects["placement"].to_dict() == {"Samen": "one", "Thuis": "several"}


def test_the_subtitle_says_that_a_received_list_silenced_examples():
    rows = [["title", "municipality"], ["Samen", "Baarn"]]
    lists = {"2007-10-01_a/lijst.csv": rows, "2007-10-02_b/echt.csv": (rows, {"basis": "received"})}
    notes = wmo.measure.timeline(monitor(lists)).attrs["wmo"]["subtitle_notes"]
    assert notes == ["voorbeelden van bronnen met een ontvangen lijst tellen niet mee"]
