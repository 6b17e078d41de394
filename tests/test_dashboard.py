"""The dashboard without a browser: what the page tells it, and what it then shows."""

import csv
import datetime
import itertools
import json
import re
import traceback
from pathlib import Path

import clicks
import pandas as pd
import pytest
from monitors import monitor, shipped
from python_calamine import CalamineWorkbook

from wmo_analysis import measure, style, tables, words
from wmo_analysis.dashboard import Dashboard, files, payload, sift
from wmo_analysis.dashboard import board as board_of
from wmo_analysis.monitor import Monitor
from wmo_analysis.selection import Selection
from wmo_analysis.views import TABS

FAILED = "Er ging iets mis in het programma zelf; het laatste beeld blijft staan. De bijzonderheden staan in "
NARROWED = [
    {"regions": ["EEM"], "statuses": ["running", "planned"]},
    {"themes": ["P3", "P4", "P5"], "as_of": "2007-03-01", "basis": "without_examples"},
    {"sources": ["S2", "S4", "S3"], "rounds": ["2", "3"]},
]
EMPTY = {"themes": ["P8"], "regions": ["SUW"], "municipalities": ["GM0308"], "sources": ["S2"]}


def tell(board, what, buffers=(), **content):
    """Does what the page does on a click; returns the message that is shown after it."""
    board.hear(None, {"do": what, **content}, list(buffers))
    return board.message.get("text", "")


@pytest.fixture
def board(tmp_path):
    board = Dashboard(shipped(), tmp_path / "outputs")
    tell(board, "open", width=1000)
    return board


def settings(board, view, most=8):
    """Every combination of the settings of a view, of each its first codes; what it divides by decides on the others."""
    tell(board, "view", view=view)
    found = []
    for by in next(([*setting.options] for setting in board.screen.settings if setting.name == "by"), [None]):
        if by is not None:
            tell(board, "setting", name="by", value=by)
        combinations = [{} if by is None else {"by": by}]
        for setting in board.screen.settings:
            if setting.name != "by":
                codes = [*setting.options][: 2 if setting.name in payload.SIDES else most]
                combinations = [{**chosen, setting.name: code} for chosen in combinations for code in codes]
        found += combinations
    return found


def set_to(board, view, chosen):
    told = [tell(board, "view", view=view)]
    return told + [tell(board, "setting", name=name, value=code) for name, code in chosen.items()]


def pages(board):
    """The texts of every row that the table pages through, its zeros unfolded and every column shown."""
    rows = []
    tell(board, "rows", values={"zeros": True, "hidden": []})
    for page in range(board.table["pages"]):
        assert tell(board, "rows", values={"page": page}) == ""
        rows += [row["cells"] for row in board.table["rows"] if "fold" not in row]
    return rows


def screen(board):
    return json.dumps([board.texts, board.shell, board.figure, board.table, board.trace])


def marks(board):
    """(codes, name of the trace) of the marks of the chart, as the page tells them when clicked; one of each trace."""
    found = []
    for trace in json.loads(board.figure)["data"] if board.figure else []:
        for mark in (trace.get("customdata") or ())[:1]:
            found.append((mark if isinstance(mark, list) else [mark], trace["name"]))
    return found


# ---------------------------------------------------------------- views, settings, filters


@pytest.mark.parametrize("view", TABS)
@pytest.mark.parametrize("chosen", [{}, *NARROWED, EMPTY], ids=["all", "a", "b", "c", "empty"])
def test_every_view_shows_its_measure_for_every_setting(board, view, chosen):
    tell(board, "choose", values=chosen)
    for picked in settings(board, view):
        assert set(set_to(board, view, picked)) == {""}
        setting = {setting["name"]: setting["value"] for setting in board.shell["settings"]}
        assert (board.shell["view"], setting) == (view, picked)
        if (table := board.screen.measured) is None:
            assert board.shell["sentence"] == "Geen gemeente over in deze selectie; verruim een filter."
            continue
        if view == "changes":  # its chart counts what the table names
            table = measure.changes(board.screen.shown, picked["since"])
        shown = tables.table(payload.for_reader(table)).astype("str")
        assert pages(board) == shown.to_numpy().tolist()
        assert [column["label"] for column in board.table["columns"]] == list(shown)
        if board.figure:
            meta = json.loads(board.figure)["layout"]["meta"]
            assert (board.shell["sentence"], board.shell["alt"]) == (meta["sentence"], meta["alt"])


def test_a_setting_that_is_not_there_any_more_gives_way_to_the_first(board):
    tell(board, "view", view="profile")
    tell(board, "setting", name="municipality", value="GM0355")
    tell(board, "choose", values={"municipalities": ["GM0308", "GM0310"]})
    assert board.screen.chosen == {"municipality": "GM0308"}
    tell(board, "undo")
    assert board.screen.chosen == {"municipality": "GM0355"}


@pytest.mark.parametrize("chosen", [{}, *NARROWED, EMPTY], ids=["all", "a", "b", "c", "empty"])
def test_each_option_tells_how_many_projects_it_would_leave(board, chosen):
    tell(board, "choose", values=chosen)
    shown = {filter_["name"]: filter_["options"] for filter_ in board.shell["filters"]} | {
        "basis": board.shell["basis"]
    }
    told = {(name, option["code"]): option["count"] for name, options in shown.items() for option in options}
    kept = {}
    for name, code in told:
        option = {name: code if name == "basis" else (code,)}
        narrowed = Selection(**{n: tuple(v) if isinstance(v, list) else v for n, v in chosen.items()} | option)
        kept[name, code] = words.number(len(narrowed.applied(board.monitor).projects))
    assert told == kept


def test_the_filters_tell_what_is_chosen(board):
    tell(board, "choose", values={"regions": ["EEM", "SUW"], "themes": ["P3"]})
    filters = {filter_["name"]: filter_ for filter_ in board.shell["filters"]}
    assert [name for name in filters if filters[name]["summary"] == "alle"] == [
        "municipalities",
        "sources",
        "rounds",
        "statuses",
    ]
    assert filters["themes"]["summary"] == "Vrijwilligers- en mantelzorg"
    assert filters["regions"]["summary"] == "2 van 4"
    assert [option["code"] for option in filters["regions"]["options"] if option["on"]] == ["SUW", "EEM"]
    assert (board.shell["active"], board.shell["undo"], board.shell["redo"]) == ("2 filters actief", True, False)


@pytest.mark.parametrize("chosen", [{}, *NARROWED, EMPTY], ids=["all", "a", "b", "c", "empty"])
def test_the_tiles_say_what_the_measures_say(board, chosen):
    tell(board, "choose", values=chosen)
    m = board.screen.shown
    reach = measure.coverage(m).attrs["wmo"]
    money = measure.budget(m).set_index("item")["cents"]
    agreed = measure.rounds(m).query("round == 0 and state == 'agreed'").iloc[0]
    known = reach["covered"] or m.known_complete
    letter = {
        "text": "brief 30-11-2006: 8 van 12" if chosen.get("as_of") else "brief 9-10-2007: 22 van 29",
        "column": "stated",
    }
    of = [{"text": f"van {reach['of']}", "column": "of"}]
    counting = {"text": f"{m.projects['counts'].sum()} tellen mee", "column": "value"}
    ca = {"text": f"van ca. {words.euro(money['allocation'])}", "column": "of"}
    shown = [(tile["value"], tile["parts"], tile["label"]) for tile in board.shell["tiles"]]
    covered = words.number(reach["covered"]) if known else "onbekend"
    reached = "onbekend" if pd.isna(agreed["reached"]) else words.number(agreed["reached"])
    spent = "onbekend" if pd.isna(money["committed"]) else words.euro(money["committed"])
    nowhere = ("geen gemeente", [])
    assert shown == [
        (*((covered, of) if reach["of"] else nowhere), "gemeenten gedekt"),
        (words.number(len(m.projects)), [counting], "projecten"),
        (spent, [ca], "vastgelegd van het krediet"),
        (*((reached, [*of, letter]) if reach["of"] else nowhere), "akkoorden"),
    ]


def test_each_tile_tells_how_many_examples_it_is_made_of(board):
    assert [tile["example"] for tile in board.shell["tiles"]] == [
        "voorbeelden: 42 van 57",
        "voorbeelden: 42 van 57",
        "voorbeelden: 7 van 7",
        "voorbeelden: 29 van 29",
    ]
    tell(board, "choose", values={"basis": "published"})
    assert {tile["example"] for tile in board.shell["tiles"]} == {""}


def test_the_logbook_stands_among_the_rounds_without_a_chart(board):
    set_to(board, "rounds", {"by": "logbook"})
    assert (board.figure, board.table["kind"], board.table["pages"]) == ("", "measure", 2)
    assert board.shell["sentence"].startswith(
        "Na de termijn akkoord: Houten (20 dagen). Na de termijn nog geen akkoord: "
    )
    heads = [column["label"] for column in board.table["columns"]]
    houten = next(
        dict(zip(heads, row["cells"], strict=True)) for row in board.table["rows"] if row["cells"][0] == "Houten"
    )
    assert (houten["akkoord"], houten["te laat"], houten["op tijd?"]) == ("20-4-2007", "20", "20 dagen te laat")
    tell(board, "pick", codes=next(row["codes"] for row in board.table["rows"] if row["cells"][0] == "Houten"))
    assert (board.shell["picked"], board.table["kind"]) == ("Houten", "projects")


# ---------------------------------------------------------------- the day


def test_between_two_days_of_the_slider_nothing_changes(board):
    def shown(day):
        m = board.monitor.as_of(day)
        tables = [measure.summary(m), measure.projects(m), measure.coverage(m), measure.budget(m), measure.rounds(m)]
        return [table.to_csv() for table in tables]

    days = [day["code"] for day in board.shell["dates"]]
    assert (days[0], days[-1], len(days)) == ("2006-11-01", "2007-10-09", 58)
    for day, following in itertools.pairwise(days):
        before = (datetime.date.fromisoformat(following) - datetime.timedelta(days=1)).isoformat()
        assert before == day or shown(before) == shown(day), (day, before)


def test_the_slider_moves_the_day_and_nothing_else(board):
    tell(board, "choose", values={"as_of": "2006-11-30"})
    assert (board.shell["date"], board.shell["any"]) == ("2006-11-30", True)  # it can be reset
    assert (board.screen.shown.date, board.screen.shown.filters) == ("2006-11-30", board.monitor.filters)
    assert board.shell["sentence"].startswith("Stand per 30 november 2006: ")


@pytest.mark.parametrize("day", ["2007-05-05", "2001-01-01", "2008-12-31"])
def test_a_day_that_is_no_step_of_the_slider_stands_on_it(board, day):
    board.selection.as_of = day
    assert {"code": board.shell["date"], "label": words.date(day)} in board.shell["dates"]
    assert [d["code"] for d in board.shell["dates"]] == sorted({day, *board.days})


# ---------------------------------------------------------------- picking


@pytest.mark.parametrize("chosen", [{}, *NARROWED], ids=["all", "a", "b", "c"])
@pytest.mark.parametrize("theme_set", ["provincial", "municipal"])
def test_behind_each_cell_are_as_many_projects_as_it_says_and_the_others_apart(board, chosen, theme_set):
    tell(board, "choose", values=chosen)
    cells = measure.coverage(board.screen.shown, theme_set=theme_set).query("gm_code != '' and theme != ''")
    for cell in cells.to_dict("records"):
        behind = measure.projects(board.screen.shown.within(municipality=cell["gm_code"], theme=cell["theme"]))
        number, titles = cell["number"], cell["projects"].split("; ") if cell["projects"] else []
        assert behind.attrs["wmo"]["reached"] == number
        assert sorted(behind["title"][:number]) == sorted(titles)
        ours = behind["counts"] & (behind["via_label"] != words.say("via.province"))
        assert ours.tolist() == [True] * number + [False] * (len(behind) - number)


@pytest.mark.parametrize("chosen", [{}, *NARROWED], ids=["all", "a", "b", "c"])
def test_a_click_on_a_cell_is_told_with_the_number_of_the_cell(board, chosen):
    tell(board, "choose", values=chosen)
    cells = (
        board.screen.measured.query("gm_code != '' and theme != ''").groupby(["theme", "number"]).first().reset_index()
    )
    for cell in cells.to_dict("records"):
        assert tell(board, "pick", codes=[cell["gm_code"], cell["theme"]]) == ""
        number = "1 project" if cell["number"] == 1 else f"{cell['number']} projecten"
        rest = len(payload.sifted(board.screen)) - cell["number"]
        apart = f"; daarnaast {rest} die in dit getal niet {'meetelt' if rest == 1 else 'meetellen'}" if rest else ""
        apart += " (provinciebreed, of niet op deze datum)" if rest else ""
        assert board.table["heading"] == f"{cell['municipality']}, {cell['theme_label']}: {number}{apart}"


def test_a_click_narrows_all_but_the_chart_it_was_in_and_a_second_click_lifts_it(board):
    whole, tiles = board.figure, board.shell["tiles"]
    tell(board, "pick", codes=["GM0308", "P3"])
    ringed = json.loads(board.figure)
    rings = [shape for shape in ringed["layout"]["shapes"] if shape.get("name") == "ring"]
    ringed["layout"]["shapes"] = [shape for shape in ringed["layout"]["shapes"] if shape.get("name") != "ring"]
    assert (len(rings), ringed) == (1, json.loads(whole))
    narrowed = board.monitor.within(municipality="GM0308", theme="P3")
    assert board.shell["tiles"][1]["value"] == words.number(len(narrowed.projects))
    assert (board.shell["picked"], board.table["kind"]) == ("Baarn, Vrijwilligers- en mantelzorg", "projects")
    tell(board, "view", view="map")
    assert (board.screen.shown.filters, board.screen.shown.date) == (narrowed.filters, narrowed.date)
    tell(board, "view", view="matrix")
    tell(board, "pick", codes=["GM0308", "P3"])
    assert (board.figure, board.shell["tiles"], board.shell["picked"]) == (whole, tiles, "")
    assert board.table["kind"] == "measure"


@pytest.mark.parametrize("view", TABS)
def test_every_kind_of_mark_opens_its_rows_and_a_filter_value_narrows(board, view):
    for chosen in settings(board, view, 2):
        set_to(board, view, chosen)
        for codes, name in marks(board):
            told, picked = tell(board, "pick", codes=codes, mark=name), board.selection.picked
            assert told == ""
            assert (
                board.shell["picked"] or board.trace.get("things") is not None or board.trace.get("project") == codes[0]
            )
            if picked:
                tell(board, "undo")


@pytest.mark.parametrize(
    "name, code, told",
    [
        ("theme", "P8", "Samenhang jeugdbeleid - jeugdzorg"),
        ("region", "EEM", "Eemland"),
        ("municipality", "GM0342", "Soest"),
        ("source", "S2", "Burgers Betrekken"),
        ("round", "2", "ronde 2"),
        ("status", "running", "loopt"),
    ],
)
def test_what_was_picked_is_told_for_every_filter(board, name, code, told):
    board.selection.picked = {"view": "another", "where": {name: code}}
    assert board.shell["picked"] == told


def test_a_round_is_told_in_words(board):
    tell(board, "view", view="rounds")
    tell(board, "pick", codes=[3, "running"])
    assert board.shell["picked"] == "ronde 3"
    assert board.table["heading"].startswith(
        "ronde 3: 13 projecten; daarnaast 8 die in dit getal niet meetellen (provinciebreed"
    )


def test_the_first_column_of_the_table_does_what_a_click_in_the_chart_does(board):
    assert board.table["rows"][0]["codes"] == ["GM0305", "P0"]
    for view, codes in {"map": ["GM0305"], "coverage": ["P0"], "rounds": ["1"], "timeline": ["S1-de2ec344"]}.items():
        tell(board, "view", view=view)
        assert board.table["rows"][0]["codes"] == codes


def test_undo_after_a_click_lifts_it(board):
    tiles = board.shell["tiles"]
    tell(board, "pick", codes=["GM0308", "P3"])
    assert board.shell["tiles"] != tiles
    tell(board, "undo")
    assert (board.shell["tiles"], board.shell["picked"], board.shell["redo"]) == (tiles, "", True)
    assert board.table["heading"] == "Tabel bij Matrix"


# ---------------------------------------------------------------- the table


def test_search_keeps_the_rows_that_hold_every_word(board):
    tell(board, "view", view="projects")
    every = pages(board)
    tell(board, "rows", values={"query": "soest  BETREKKEN"})
    kept = [row for row in every if all(word in " ".join(row).casefold() for word in ("soest", "betrekken"))]
    assert kept and pages(board) == kept
    assert board.table["count"] == f"1–{len(kept)} van {len(kept)} gevonden rijen (57 in totaal)"
    for query in ("(", "[a", "zzzz"):
        assert tell(board, "rows", values={"query": query}) == ""
    assert (board.table["rows"], board.table["count"]) == ([], "0–0 van 0 gevonden rijen (57 in totaal)")


@pytest.mark.parametrize("view", TABS)
def test_sorting_by_any_column_keeps_every_row_and_what_is_unknown_last(board, view):
    for chosen in settings(board, view, 3):
        set_to(board, view, chosen)
        rows = payload.sifted(board.screen).index.sort_values()
        for column in [column["name"] for column in board.table["columns"]]:
            for descending in (False, True):
                assert tell(board, "rows", values={"sort": column, "descending": descending}) == ""
                assert payload.sifted(board.screen).index.sort_values().equals(rows)
                values = payload.sifted(board.screen)[column].tolist()
                known = [value for value in values if not (pd.isna(value) or value in ("", "unknown", "onbekend"))]
                assert values[: len(known)] == known
                if all(not isinstance(value, str) or tables.ISO_DAY.fullmatch(value) for value in known):
                    assert known == sorted(known, reverse=descending)


ORDERED = [
    (["2007-10-09", "", "1999-01-31"], "start", [2, 0, 1]),
    ([900, None, 1000, 0], "committed", [3, 0, 2, 1]),
    (["unknown", "running", "planned"], "status", [2, 1, 0]),
    (["uitkomst niet vermeld", "akkoord", "gesprek gepland"], "state_label", [2, 1, 0]),
    (["Zeist", "De Bilt", "Baarn"], "label", [2, 1, 0]),
    (["10", "9", ""], "row", [1, 0, 2]),
]


@pytest.mark.parametrize("values, column, order", ORDERED, ids=[column for _, column, _ in ORDERED])
def test_a_column_is_sorted_by_what_it_means(values, column, order):
    assert sift.sorted_by(pd.Series(values, name=column), False, "nl", {"De Bilt": "Bilt, De"}) == order


HOURS = pd.DataFrame(
    {
        "title": ["Een", "Twee", "Drie"],
        "hours": [99.5, None, 1250.0],
        "committed": [0, 125_050, None],
        "start": ["2006-12-31", "2007-01-01", ""],
    }
)
ASKED = [
    ({"query": "uren > 100"}, ["Drie"]),
    ({"query": "hours >= 99,5"}, ["Een", "Drie"]),
    ({"query": "ur<1.000"}, ["Een"]),
    ({"query": "uren >"}, ["Een", "Twee", "Drie"]),
    ({"query": "onbekend twee"}, ["Twee"]),
    ({"filters": (("committed", "€ 1.250,50"),)}, ["Twee"]),
    ({"filters": (("committed", "0"),)}, ["Een"]),
    ({"filters": (("hours", "onbekend"),)}, ["Twee"]),
    ({"filters": (("start", "> 2006"),)}, ["Twee"]),
    ({"filters": (("start", "<= 12-2006"), ("title", "ee"))}, ["Een"]),
    ({"filters": (("title", "= een"),)}, ["Een"]),
    ({"filters": (("hours", "> 12.5"),)}, []),
]


@pytest.mark.parametrize("asked, titles", ASKED)
def test_a_filter_of_a_column_keeps_the_rows_that_it_says(asked, titles):
    assert HOURS[sift.kept(HOURS, sift.Rows(**asked), "nl")]["title"].tolist() == titles


def test_a_filter_that_cannot_be_read_leaves_no_row_and_says_why(board):
    tell(board, "view", view="projects")
    tell(board, "rows", values={"filter": ["start", "> gisteren"]})
    assert (board.table["rows"], board.table["wrong"]) == (
        [],
        "'gisteren' bij start is geen datum; schrijf 30-11-2006, 11-2006 of 2006.",
    )


@pytest.mark.parametrize(
    "query, told", [("kosten > 5", "Deze tabel heeft geen kolom 'kosten'"), ("kosten", ""), ("> 5", "")]
)
def test_a_question_about_a_column_that_is_not_there_is_told(query, told):
    assert sift.wrong(HOURS, sift.Rows(query=query), "nl").partition(";")[0] == told


def test_a_title_with_a_sign_is_found_and_is_no_question():
    assert sift.wrong(HOURS.assign(title="loket = huis"), sift.Rows(query="loket = huis"), "nl") == ""


def test_rows_of_only_zeros_fold_to_one_line_that_opens(board):
    set_to(board, "budget", {"by": "municipality"})
    whole = measure.budget(board.screen.shown, "municipality")
    zeros = whole[(whole["part"] == "part") & (whole[["projects", "asked", "committed"]] == 0).all(axis=1)]
    lines = [line.get("fold") or line["cells"][0] for line in board.table["rows"]]
    kept = [label for label in whole["label"] if label not in set(zeros["label"])]
    assert lines == [f"en {len(zeros)} gemeenten met 0", *kept]
    tell(board, "rows", values={"zeros": True})
    assert board.table["rows"][1]["cells"][0] == "Abcoude" and board.table["pages"] == 2


def test_an_unknown_state_a_sum_and_the_undivided_are_never_folded():
    table = pd.DataFrame(
        {"state": ["none", "unknown", "none", "none"], "part": ["part", "part", "part", "total"], "projects": 0}
    )
    assert sift.zeros(table, sift.Rows()).tolist() == [True, False, True, False]


def test_the_columns_left_out_are_left_out_of_the_file_and_told(board):
    set_to(board, "rounds", {"by": "logbook"})
    assert [column["label"] for column in board.table["columns"]][-3:] == ["termijn", "te laat", "op tijd?"]
    tell(board, "rows", values={"hidden": ["round", "late", "late_label"], "filter": ["deadline", "2007"]})
    lines = file_of(board, ".csv").read_text("utf-8-sig").splitlines()
    heads = [column["label"] for column in board.table["columns"]]
    assert lines[0].split(";") == heads and "ronde" not in heads and "lijst" in heads
    assert lines[1 : lines.index("")] == [";".join(line) for line in filed(board)]
    assert "Weggelaten kolommen: ronde, te laat, op tijd?" in lines
    assert "termijn bevat '2007': " in lines[-1]


def filed(board):
    """The cells of the page as a csv holds them."""
    days = re.compile(r"(\d+)-(\d+)-(\d{4})")
    return [
        [days.sub(lambda day: f"{int(day[1]):02}-{int(day[2]):02}-{day[3]}", cell) for cell in row["cells"]]
        for row in board.table["rows"]
    ]


def test_undo_brings_back_tab_setting_and_table_filter_but_no_language(board):
    set_to(board, "budget", {"by": "hours"})
    tell(board, "rows", values={"query": "uren > 100"})
    tell(board, "choose", values={"language": "en"})
    tell(board, "view", view="map")
    seen = []
    for _ in range(4):
        tell(board, "undo")
        seen.append((board.tab, board.screen.chosen.get("by"), board.rows.query, board.selection.language))
    assert seen == [
        ("budget", "hours", "uren > 100", "en"),
        ("budget", "hours", "", "en"),
        ("budget", "", "", "en"),
        ("matrix", None, "", "en"),
    ]
    assert not board.shell["undo"]
    for _ in range(4):
        tell(board, "redo")
    assert (board.tab, board.shell["redo"]) == ("map", False)


def test_a_click_that_filters_and_opens_rows_is_one_step(board):
    tell(board, "pick", codes=["GM0342", "P3"])
    assert board.kind == "projects" and board.shell["undo"]
    tell(board, "undo")
    assert (board.kind, board.selection.picked, board.shell["undo"]) == ("measure", {}, False)


def test_one_municipality_selector_stands_on_a_screen(board):
    assert board.shell["apart"] == []
    tell(board, "view", view="profile")
    assert board.shell["apart"] == ["municipalities"]
    tell(board, "choose", values={"municipalities": ["GM0342", "GM0308"]})
    assert board.shell["apart"] == []
    set_to(board, "compare", {"by": "region"})
    tell(board, "choose", values={"municipalities": []})
    assert board.shell["apart"] == []


def test_a_saved_view_keeps_the_filter_of_its_table(board):
    set_to(board, "budget", {"by": "hours"})
    tell(board, "rows", values={"query": "uren > 100", "hidden": ["limit"], "sort": "hours"})
    rows = board.table["rows"]
    tell(board, "save", name="Veel uren")
    tell(board, "view", view="map")
    assert tell(board, "load", name="Veel uren") == "Weergave 'Veel uren' is geopend."
    assert len(rows) == 10 and board.table["rows"] == rows


def test_a_page_holds_25_rows_and_the_last_one_what_is_left(board):
    tell(board, "view", view="projects")
    assert (board.table["count"], len(board.table["rows"]), board.table["pages"]) == ("1–25 van 57 rijen", 25, 3)
    tell(board, "rows", values={"page": 2})
    assert (board.table["count"], len(board.table["rows"])) == ("51–57 van 57 rijen", 7)
    tell(board, "rows", values={"page": 9})
    assert board.table["page"] == 2
    tell(board, "choose", values={"regions": ["EEM"]})
    assert board.table["page"] == 0


def test_the_list_of_projects_counts_in_its_sentence(board):
    tell(board, "view", view="projects")
    tell(board, "choose", values={"themes": ["P3"], "regions": ["SUW"]})
    told = "Thema Vrijwilligers- en mantelzorg, regio Utrecht-West, stand 9 oktober 2007"
    kept = len(board.monitor.within(theme="P3", region="SUW").projects)
    assert board.shell["sentence"] == f"{told}: {kept} van 57 projecten."


@pytest.mark.parametrize(
    "chosen, told",
    [
        (
            {"themes": ("P3",), "regions": ("SUW",)},
            "Thema Vrijwilligers- en mantelzorg, regio Utrecht-West, stand 9 oktober 2007: 12 van 57 projecten",
        ),
        ({"as_of": "2006-11-30"}, "Stand 30 november 2006: 12 van 57 projecten"),
        (
            {"themes": ("P3",), "regions": ("SUW",), "language": "en"},
            "Theme Volunteer care and informal care, region Utrecht-West, as of 9 October 2007: 12 of 57 projects",
        ),
        (
            {"picked": {"view": "map", "where": {"municipality": "GM0308"}}},
            "Gemeente Baarn, stand 9 oktober 2007: 12 van 57 projecten",
        ),
    ],
)
def test_a_selection_is_told_in_one_sentence(chosen, told):
    assert payload.told(Selection(**chosen).applied(shipped()), 12, 57) == told


# ---------------------------------------------------------------- where it comes from


def test_a_project_is_traced_to_its_row_its_texts_and_the_findings_on_them(board):
    tell(board, "project", project="S2-BB-18")
    assert board.trace["title"] == "Mantelzorg in de grote stad"
    (source,) = board.trace["sources"]
    findings = source.pop("findings")
    cells = dict(source.pop("cells"))
    assert source == {
        "list": "2007-10-01_example/burgers_betrekken.xlsx",
        "where": "blad Overzicht, rij 23",
        "delivered": "1 oktober 2007",
        "basis": "voorbeeld",
    }
    traced = board.monitor.trace(project_id="S2-BB-18")
    assert list(cells.values()) == traced["listed"].tolist()
    (finding,) = findings
    assert finding.pop("text") == board.monitor.codebook.findings.set_index("code").at["C11", "nl"]
    assert finding == {"code": "C11", "column": "uren", "kept": "162"}


def test_every_project_is_traced_to_a_row_of_its_list(board):
    for project in board.monitor.projects.index:
        tell(board, "project", project=project)
        assert board.trace["project"] == project
        assert board.trace["sources"] and all(source["cells"] for source in board.trace["sources"])


def test_the_trace_of_a_project_that_is_not_there_on_the_day_is_empty(board):
    tell(board, "project", project="S2-BB-14")
    assert board.trace["title"] == "Beleidsplan Wmo samen met burgers"
    tell(board, "choose", values={"basis": "published"})
    assert board.trace == {}


# ---------------------------------------------------------------- files


def alike(shown, filed):
    """Whether a cell of a file says what stands on the screen, in the notation of the file; no line breaks in it."""
    text = {True: "ja", False: "nee"}.get(filed) if isinstance(filed, bool) else filed
    if isinstance(filed, datetime.date):
        text = f"{filed.day}-{filed.month}-{filed.year}"
    if isinstance(filed, float) or re.fullmatch(r"-?\d+(,\d+)?", str(text)):
        figure = shown.removeprefix("€\xa0").replace(".", "").replace(",", ".").replace("€\xa0", "")
        return abs(float(figure) - float(str(text).replace(",", "."))) <= 0.051
    return " ".join(shown.split()) == re.sub(r"\b0(?=\d-)|-0(?=\d-)", lambda m: m[0][:-1], str(text)).removeprefix("'")


def file_of(board, suffix):
    message = tell(board, "table", suffix=suffix)
    assert message == f"Bewaard als outputs/{board.message['file']}."
    return board.outputs / board.message["file"]


SHOWN = [
    ("matrix", {}, {}),
    ("budget", {"by": "theme"}, {"regions": ["EEM"]}),
    ("projects", {}, {"themes": ["P3", "P4"]}),
    ("quality", {"by": "source"}, EMPTY),
]


@pytest.mark.parametrize("rows", [{}, {"query": "e", "sort": "projects", "descending": True}], ids=["all", "sifted"])
@pytest.mark.parametrize("view, setting, chosen", SHOWN, ids=[view for view, *_ in SHOWN])
def test_what_is_on_the_screen_is_what_is_in_the_files(board, view, setting, chosen, rows):
    tell(board, "choose", values=chosen)
    set_to(board, view, setting)
    tell(board, "rows", values=rows)
    screened, names = pages(board), [column["label"] for column in board.table["columns"]]
    with open(file_of(board, ".csv"), encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    below = lines.index([])
    sheet = CalamineWorkbook.from_path(file_of(board, ".xlsx")).get_sheet_by_name("tabel").to_python()
    at = sheet.index(next(line for line in sheet if line == names))
    for header, filed in ((lines[0], lines[1:below]), (sheet[at], sheet[at + 1 :])):
        assert (header, len(filed)) == (names, len(screened))
        for shown, row in zip(screened, filed, strict=True):
            assert all(map(alike, shown, row)), (shown, row)
    examples = style.example_line(payload.listed(board.screen).attrs["wmo"])
    assert bool(examples) == (chosen is not EMPTY) and board.shell["banner"].startswith(examples)
    if examples:
        assert [examples] in lines[below:] and examples in [line[0] for line in sheet[:at]]


def test_a_search_is_told_in_the_file_and_a_file_is_never_replaced(board):
    tell(board, "rows", values={"query": "baarn"})
    first, second = file_of(board, ".csv"), file_of(board, ".csv")
    assert (second.stem, first.exists()) == (f"{first.stem} (2)", True)
    assert "gezocht op 'baarn'" in first.read_text(encoding="utf-8-sig")


def test_a_picture_that_the_page_drew_is_kept_as_it_came(board):
    assert tell(board, "picture", [b"<svg/>"], suffix=".svg") == "Bewaard als outputs/wmo_dekking_2007-10-09.svg."
    assert (board.outputs / "wmo_dekking_2007-10-09.svg").read_bytes() == b"<svg/>"


# ---------------------------------------------------------------- saved views


def test_a_saved_view_is_listed_opens_and_can_be_deleted(board):
    tell(board, "choose", values={"themes": ["P3"], "as_of": "2006-11-30"})
    tell(board, "view", view="budget")
    kept = board.selection.snapshot()
    assert tell(board, "save", name=" Mantelzorg ") == "Weergave 'Mantelzorg' is bewaard."
    tell(board, "reset")
    tell(board, "view", view="map")
    assert tell(board, "load", name="Mantelzorg") == "Weergave 'Mantelzorg' is geopend."
    assert (board.selection.snapshot(), board.tab, board.shell["saved"]) == (kept, "budget", ["Mantelzorg"])
    replaced = "Weergave 'Mantelzorg' is bewaard; de eerdere met die naam is vervangen."
    assert tell(board, "save", name="Mantelzorg") == replaced
    assert tell(board, "delete", name="Mantelzorg") == "Weergave 'Mantelzorg' is verwijderd."
    assert (board.shell["saved"], list((board.outputs / "weergaven").iterdir())) == ([], [])


@pytest.mark.parametrize(
    "name, file", [("../../x", "x"), ("R&D <5 jaar", "r-d-5-jaar"), ("€/\\:", "weergave"), ("CON.", "naam-con")]
)
def test_whatever_a_view_is_called_its_file_stays_in_its_folder(board, name, file):
    tell(board, "save", name=name)
    tell(board, "save", name=name + "!")
    files = [path.relative_to(board.outputs.parent) for path in board.outputs.parent.rglob("*.json")]
    assert sorted(map(str, files)) == [f"outputs/weergaven/{file} (2).json", f"outputs/weergaven/{file}.json"]
    assert board.shell["saved"] == sorted([name, name + "!"])


def test_a_saved_view_keeps_its_settings_and_the_day_that_it_showed(board):
    tell(board, "view", view="budget")
    tell(board, "setting", name="by", value="hours")
    tell(board, "save", name="Uren")
    tell(board, "setting", name="by", value="theme")
    tell(board, "load", name="Uren")
    assert (board.screen.chosen, board.selection.as_of) == ({"by": "hours"}, "2007-10-09")


def test_the_theme_set_is_reset_with_the_rest_and_drops_the_themes_of_the_other_set(board):
    tell(board, "choose", values={"themes": ["P3"]})
    tell(board, "setting", name="theme_set", value="municipal")
    assert (board.selection.theme_set, board.selection.themes) == ("municipal", ())
    tell(board, "reset")
    assert board.screen.chosen["theme_set"] == "provincial"


def test_a_filter_of_what_was_clicked_takes_its_place(board):
    tell(board, "pick", codes=["GM0342", "P3"])
    promised = next(o["count"] for f in board.shell["filters"] for o in f["options"] if o["code"] == "GM0308")
    tell(board, "choose", values={"municipalities": ["GM0308"]})
    assert board.selection.picked["where"] == {"theme": "P3"}
    assert board.shell["tiles"][1]["value"] == promised


def test_the_province_wide_row_is_no_municipality_but_opens_its_projects(board):
    assert tell(board, "pick", codes=["", "P3"]) == ""
    assert (board.selection.picked, [thing["label"] for thing in board.trace["things"]]) == (
        {},
        ["Waardering voor vrijwilligers"],
    )


def test_a_segment_of_a_round_opens_its_conversations_and_narrows_nothing(board):
    tell(board, "view", view="rounds")
    tell(board, "pick", codes=[2, "talk"], mark="talk")
    assert (board.selection.picked, [thing["label"] for thing in board.trace["things"]]) == ({}, ["Bunschoten"])


def test_after_a_click_banner_sentence_and_citation_tell_of_what_was_clicked(board):
    tell(board, "pick", codes=["GM0308", "P3"], mark="own")
    assert board.shell["sentence"].startswith(
        "Gemeente Baarn, thema Vrijwilligers- en mantelzorg, stand 9 oktober 2007: "
    )
    assert "gemeente Baarn" in board.shell["citation"]
    assert (
        board.shell["banner"]
        != "Bevat voorbeeldgegevens: 42 van 57 projecten (1 daarvan is ook zonder voorbeeld bekend)"
    )


def test_a_municipality_with_a_project_is_never_called_empty(board):
    tell(board, "view", view="map")
    tell(board, "figure", where="row", row=["GM0344"], column="partnership")
    assert "geen door de provincie" not in board.trace["told"]


def test_after_a_click_the_sentence_counts_projects_whatever_table_is_open(board):
    tell(board, "pick", codes=["GM0342", "P5"], mark="own")
    tell(board, "rows", values={"kind": "measure"})
    assert board.shell["sentence"].endswith(": 2 van 57 projecten.")


def test_a_share_of_money_opens_its_bookings_with_their_amounts(board):
    set_to(board, "budget", {"by": "region"})
    tell(board, "figure", where="row", row=["EEM"], column="share")
    assert board.trace["told"].startswith("€\u00a086.000: 2 onderdelen")
    assert [thing["lines"][0]["what"].split(";")[0] for thing in board.trace["things"]] == [
        "€\u00a048.000",
        "€\u00a038.000",
    ]


def test_the_number_of_a_cell_of_the_matrix_is_the_number_that_opens(board):
    tell(board, "pick", codes=["GM0342", "P5"], mark="own")
    assert board.trace["told"].startswith("2: 2 onderdelen")


def test_an_empty_cell_opens_why_it_is_empty(board):
    tell(board, "pick", codes=["GM0333", "P3"], mark="none")
    assert board.trace["told"].startswith("Maarssen, Vrijwilligers- en mantelzorg: geen door de provincie ondersteund")
    assert [thing["label"] for thing in board.trace["things"]][-1] == "Waardering voor vrijwilligers"


@pytest.mark.parametrize("where, row, column, label", [
    ("tile", ["agreed"], "stated", "Plannen van Aanpak overeengekomen met 22 gemeenten"),
    ("tile", ["agreed"], "value", "Abcoude"),
    ("tile", ["committed"], "value", "Buurtkracht"),
    ("row", ["GM0305", "P0"], "number", "Ondersteuningsproject Utrecht-West (Burgers Betrekken)"),
])  # fmt: skip
def test_a_number_opens_the_rows_behind_it(board, where, row, column, label):
    tell(board, "figure", where=where, row=row, column=column)
    assert label in [thing["label"] for thing in board.trace["things"]]
    assert board.trace["things"][0]["lines"][0]["where"]


@pytest.mark.parametrize("view, setting, said", [
    ("matrix", "", ["26", "29"]),
    ("coverage", "theme", ["19", "29"]),
    ("rounds", "round", ["22", "29"]),
    ("budget", "", ["€\u00a0214.500", "€\u00a0118.500"]),
    ("budget", "theme", ["€\u00a058.500", "27\u00a0%"]),
    ("timeline", "", ["47", "57"]),
])  # fmt: skip
def test_the_numbers_of_the_sentence_open_their_rows(board, view, setting, said):
    set_to(board, view, {"by": setting} if setting else {})
    parts = board.shell["opens"]
    assert "".join(part["text"] for part in parts) == board.shell["sentence"]
    links = [part for part in parts if "column" in part]
    assert [part["text"] for part in links] == said
    for part in links:
        tell(board, "figure", where="chart", row=part["row"], column=part["column"])
        assert board.trace["things"]


@pytest.mark.parametrize("view", [tab for tab in TABS if tab != "projects"])
def test_every_number_that_a_chart_writes_opens_its_rows(board, view):
    shut, opened = [], 0
    for chosen in settings(board, view, most=6):
        set_to(board, view, chosen)
        if not board.figure:  # the logbook is a table alone
            continue
        figure = json.loads(board.figure)
        for note in figure["layout"]["meta"]["opens"][:12]:
            opened += 1
            text = re.sub("<[^>]*>", "", figure["layout"]["annotations"][note["note"]]["text"])
            told = tell(board, "figure", where="chart", row=note["row"], column=note["column"])
            zero = re.match(r"[€\s]*0(?!\d)", text)
            if told or board.screen.behind is None or not (zero or board.trace["things"]):
                shut.append((chosen, text, note))
    assert shut == []
    assert opened or view in ("matrix", "map", "timeline")  # the map writes its own beside it on a wide page only


def test_where_money_is_divided_a_sentence_tells_the_tiles_from_the_bars(board):
    told = {}
    for by in ("", "theme", "region", "time"):
        set_to(board, "budget", {"by": by})
        told[by] = board.shell["beside"]
    said = "De tegels tellen hele projecten; de staven verdelen hun geld, en wat niet verdeeld is staat apart."
    assert told == {"": "", "theme": said, "region": said, "time": ""}


def test_the_switch_shows_what_was_known_then_and_moves_with_the_date(board):
    tell(board, "choose", values={"as_of": "2006-11-30"})
    assert board.shell["tiles"][3]["value"] == "8"
    tell(board, "choose", values={"clock": "then"})
    assert (board.selection.known_on, [clock["on"] for clock in board.shell["clocks"]]) == ("2006-11-30", [False, True])
    assert "zoals bekend op 30 november 2006" in board.shell["citation"] + json.dumps(board.figure)
    tell(board, "choose", values={"as_of": "2007-04-01"})
    assert board.selection.known_on == "2007-04-01"
    tell(board, "choose", values={"clock": "now"})
    assert board.selection.known_on == ""


# the two clicks that ended at the door
@pytest.mark.parametrize("values, view, setting, codes", [
    ({"rounds": ["2"]}, "rounds", "round", [1]),
    ({"regions": ["EEM"]}, "coverage", "region", ["SUW"]),
])  # fmt: skip
def test_a_row_outside_the_selection_is_no_fault_of_the_program(board, values, view, setting, codes):
    tell(board, "choose", values=values)
    set_to(board, view, {"by": setting})
    assert tell(board, "pick", codes=codes) == ""


def test_no_click_reaches_the_door(board, tmp_path):
    walked = clicks.walk(board.monitor, tmp_path, seed=2007, selections=3, clicks=3)
    assert (walked.failed, walked.answers) == ([], {})


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(20))
def test_no_click_under_200_random_selections_reaches_the_door(board, tmp_path, seed):
    walked = clicks.walk(board.monitor, tmp_path, seed=seed, selections=10, clicks=6)
    assert (walked.failed, walked.answers) == ([], {})


def test_a_view_without_a_name_is_not_saved(board):
    assert tell(board, "save", name="  ") == "Geef de weergave een naam."
    assert not board.outputs.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{}", b'{"name": "kapot"}', b"[1]", b"[" * 100_000])
def test_a_broken_view_says_so_and_leaves_everything_and_the_file(board, content):
    path = board.outputs / "weergaven" / "kapot.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    tell(board, "choose", values={"regions": ["EEM"]})
    before = board.selection.snapshot(), board.figure
    told = "Deze weergave is beschadigd en niet geopend; het bestand is niet veranderd."
    assert (tell(board, "load", name="kapot"), board.shell["message"]) == (told, {"text": told, "wrong": True})
    assert ((board.selection.snapshot(), board.figure), path.read_bytes()) == (before, content)


def test_a_folder_or_a_link_to_nowhere_is_no_saved_view(board):
    folder = board.outputs / "weergaven"
    (folder / "map.json").mkdir(parents=True)
    (folder / "link.json").symlink_to("weg.json")
    assert files.saved(board.outputs) == {}


def test_a_view_that_names_a_tab_in_another_way_opens_on_the_tab_that_stands(board):
    path = board.outputs / "weergaven" / "vreemd.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"name": "vreemd", "view": {}, "selection": {"themes": [1, null]}}')
    told = "Weergave 'vreemd' is geopend. Niet meer bekend en daarom weggelaten: versie None, themes: 1, themes: None."
    assert (tell(board, "load", name="vreemd"), board.tab) == (told, "matrix")


def test_a_view_of_another_version_says_what_it_dropped(board):
    path = board.outputs / "weergaven" / "oud.json"
    path.parent.mkdir(parents=True)
    chosen = {"themes": ["P3", "P77"], "colour": "red"}
    path.write_text(json.dumps({"schema": 0, "name": "oud", "view": "pie", "selection": chosen}))
    told = "Weergave 'oud' is geopend. Niet meer bekend en daarom weggelaten: versie 0, themes: P77, colour: red."
    assert tell(board, "load", name="oud") == told
    assert (board.selection.themes, board.tab) == (("P3",), "matrix")


# ---------------------------------------------------------------- what one click costs

MOST = 4  # Monitors that the dashboard makes of one click, those of its measures aside: language, day, filters, basis
CLICKS = [
    ("choose", {"values": {"regions": ["EEM"]}}),
    ("view", {"view": "changes"}),
    ("setting", {"name": "by", "value": "source"}),
    ("choose", {"values": {"as_of": "2007-03-01", "basis": "published", "themes": ["P3"], "language": "en"}}),
    ("view", {"view": "map"}),
    ("pick", {"codes": ["GM0308"]}),
    ("rows", {"values": {"query": "e"}}),
    ("undo", {}),
    ("reset", {}),
]


def test_a_click_makes_few_monitors_of_its_own(board, monkeypatch):
    made, whole = [], Monitor.__post_init__

    def counted(monitor):
        made.append(any("/measure/" in frame.filename for frame in traceback.extract_stack()))
        whole(monitor)

    monkeypatch.setattr(Monitor, "__post_init__", counted)
    for what, content in CLICKS:
        made.clear()
        assert tell(board, what, **content) == ""
        assert made.count(False) <= MOST, what
    made.clear()
    tell(board, "rows", values={"query": "a"})
    assert made == []


def test_a_click_asks_each_measure_once(board, monkeypatch):
    asked, whole = [], Monitor.cite

    def cited(monitor, table, name, **more):
        asked.append(name)
        return whole(monitor, table, name, **more)

    monkeypatch.setattr(Monitor, "cite", cited)
    tell(board, "choose", values={"regions": ["EEM"]})
    assert sorted(asked) == ["coverage", "options", "summary"]
    asked.clear()
    tell(board, "pick", codes=["GM0308", "P3"])
    assert sorted(asked) == ["coverage", "options", "projects", "summary", "trace", "why"]  # an empty cell
    asked.clear()
    tell(board, "rows", values={"query": "e"})
    tell(board, "open", width=700)
    assert asked == []


# ---------------------------------------------------------------- language, state, and what goes wrong


def test_the_language_changes_every_text_and_no_figure(board):
    tiles, numbers = board.shell["tiles"], board.table["rows"][0]["cells"][4:7]
    tell(board, "choose", values={"language": "en"})
    assert board.shell["sentence"].startswith("As of 9 October 2007: 26 of 29 municipalities covered")
    assert board.shell["banner"].startswith("Contains example data: 42 of 57 projects")
    assert [tile["value"] for tile in board.shell["tiles"]] == [tile["value"] for tile in tiles]
    assert board.table["rows"][0]["cells"][4:7] == numbers
    english = board.texts
    tell(board, "choose", values={"language": "nl"})
    assert board.shell["tiles"] == tiles
    assert {key for key, text in english["say"].items() if board.texts["say"][key] == text} <= SAME


SAME = {"page.filters", "filters"}

WALK = [
    ("choose", {"values": {"regions": ["EEM"]}}),
    ("choose", {"values": {"regions": ["EEM"]}}),
    ("view", {"view": "projects"}),
    ("rows", {"values": {"query": "e"}}),
    ("rows", {"values": {"query": "e"}}),
    ("project", {"project": "S2-BB-14"}),
    ("project", {"project": "S2-BB-14"}),
    ("save", {"name": " "}),
    ("save", {"name": " "}),
    ("nonsense", {}),
    ("undo", {}),
    ("redo", {}),
    ("choose", {"values": {"language": "en"}}),
    ("open", {"width": 1000}),
    ("view", {"view": "map"}),
    ("open", {"width": 700}),
]


def test_the_state_changes_when_and_only_when_what_is_shown_changes(board):
    seen = {board.state: screen(board)}
    for what, content in WALK:
        tell(board, what, **json.loads(json.dumps(content)))
        assert seen.setdefault(board.state, screen(board)) == screen(board), what
    assert len(set(seen.values())) == len(seen) == 11


def test_a_message_is_gone_after_the_next_click(board):
    assert tell(board, "save", name=" ") == "Geef de weergave een naam."
    assert board.shell["message"]["text"]
    tell(board, "view", view="map")
    assert board.shell["message"] == {}


def test_an_error_of_the_program_is_logged_told_in_one_sentence_and_leaves_everything(board):
    tell(board, "pick", codes=["GM0308", "P3"])
    picture = screen(board)
    before = json.loads(picture)
    for what, content in (("view", {"view": "pie"}), ("choose", {"values": {"basis": "?"}}), ("nonsense", {})):
        assert tell(board, what, **content) == f"{FAILED}outputs/wmo.log."
        after = json.loads(screen(board))
        assert after[1].pop("message") == {"text": f"{FAILED}outputs/wmo.log.", "wrong": True}
        before[1].pop("message", None)
        assert after == before
    log = (board.outputs / "wmo.log").read_text(encoding="utf-8")
    assert (log.count("Traceback"), "KeyError\n" in log, "TraitError" in log) == (3, True, True)
    assert (tell(board, "open", width=1000), screen(board)) == ("", picture)


def test_after_a_click_that_failed_the_next_one_starts_from_the_picture_on_the_screen(board):
    before = screen(board)
    told = tell(board, "choose", values={"sources": ["S99"], "themes": ["P3"]})
    assert told.startswith("Onbekende waarde voor bron: S99. Mogelijk zijn: ")
    assert (board.selection.active, board.selection.can_undo) == (0, False)
    tell(board, "open", width=1000)
    assert screen(board) == before


def test_a_failure_half_way_leaves_no_picture_of_another_selection(board, monkeypatch):
    before = screen(board)
    with monkeypatch.context() as broken:
        broken.delattr(measure, "summary")
        assert tell(board, "choose", values={"themes": ["P3"]}).startswith(FAILED)
    assert (tell(board, "open", width=1000), screen(board)) == ("", before)


def test_markup_in_the_data_stays_text(tmp_path):
    title = "<img src=x onerror=alert(1)> $\\sqrt{2}$ & <b>vet</b>"
    rows = [["title", "municipality", "theme", "start"], [title, "Baarn", "Mantelzorg", "2007-01-01"]]
    board = Dashboard(monitor({"2007-10-01_a/a.csv": rows}), tmp_path)
    for view in TABS:
        tell(board, "view", view=view)
        figure = json.loads(board.figure) if board.figure else {"data": [], "layout": {"meta": {}}}
        figure["layout"].pop("meta")  # told as text
        assert "<img" not in json.dumps(figure) and "<b>vet" not in json.dumps(figure)
    tell(board, "view", view="projects")
    assert title in board.table["rows"][0]["cells"]
    tell(board, "project", project=board.table["rows"][0]["codes"][0])
    assert (board.trace["title"], title in dict(board.trace["sources"][0]["cells"]).values()) == (title, True)


def test_css_takes_every_colour_from_style():
    css = Path(board_of.__file__).with_suffix(".css").read_text("utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", css) == []
    light, dark = style.variables().splitlines()
    for name in set(re.findall(r"var\(--([a-z-]+)\)", css)):
        assert f"--{name}: {getattr(style.LIGHT, name.replace('-', '_'))};" in light
        assert f"--{name}: #" in dark
    assert "--orange-text: #FF9F6B;" in dark and "--on-blue: #0B1A29;" in dark
    assert Dashboard._css.startswith(light)
