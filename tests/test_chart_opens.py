"""Every number that a chart writes as a text opens the rows that it is made of."""

import random
import re

import pytest
from clicks import selection
from invented import SETTINGS
from monitors import SIDES, shipped

from wmo_analysis import measure, style
from wmo_analysis.dashboard.payload import Asked, mark
from wmo_analysis.errors import WmoError
from wmo_analysis.views import VIEWS

CHARTS = [view for view in VIEWS.values() if view.chart]
NUMBER = re.compile(r"[-−+]?\d[\d.]*(?:,\d+)?")
# no number of the table: names, days, the lines of an axis, and the title, which says what the sentence beside it opens
NAMES = "title subtitle footer example head year as_of deadline label project class source unit gap after".split()
STEPS = re.compile(
    r"(akkoord|ronde|approval|round) \d|\d+ [A-Za-z]+ \d{4}", re.IGNORECASE
)  # names of steps, rounds and days
FILTERS = {"themes": "theme", "regions": "region", "municipalities": "municipality", "sources": "source"}
FILTERS |= {"rounds": "round", "statuses": "status"}
WIDTHS = (style.NOTEBOOK, 1188)


def drawn(view, width, here=None):
    given = {name: code for name, code in SETTINGS.items() if name in view.settings}
    table = view.table(here or shipped(), **given, **SIDES.get(view.name, {}))
    return table, view.figure(table, width)


def plain(text):
    return re.sub("<[^>]*>", " ", text).replace("\u00a0", " ")


def said(text):
    """The first number of a text: '€ 95.500  45 %' says 95500, '−3' says 3."""
    found = (NUMBER.search(plain(text)) or ["0"])[0].replace(".", "").replace(",", ".")
    return abs(float(found.replace("−", "-")))


def chosen(seed):
    """The shipped lists under the random selection of a seed, 0 for everything."""
    here = shipped()
    if not seed:
        return here
    values = selection(random.Random(seed), here)
    day = values["as_of"] or here.date
    here = here.within(**{FILTERS[name]: codes for name, codes in values.items() if name in FILTERS})
    return here.within(basis=values["basis"]).as_of(day).known_on(day if values["clock"] == "then" else "")


def notes_and_marks(view, table, figure):
    """(text, what it opens or None) of every number that a chart writes: as a note, in a bar, as a text that is clicked."""
    opens = {note["note"]: Asked("chart", tuple(note["row"]), note["column"]) for note in figure.layout.meta["opens"]}
    for number, note in enumerate(figure.layout.annotations):
        named = note.name in NAMES or (note.name == "key" and number not in opens and "(" not in note.text)
        if number in opens or not named:
            yield note.text, opens.get(number)
    for trace in figure.data:
        if trace.name in ("labels", "names", "numbers") or isinstance(trace.text, str):
            continue  # names, and the numbers of the map, which lie on the tiles that are clicked
        for text, codes in zip(trace.text or (), trace.customdata or (), strict=False):
            asked = codes and mark(view, tuple(map(str, [codes] if isinstance(codes, str) else codes)), trace.name)
            yield text, asked or None


def wrong(view, here, width):
    """The numbers of a chart that open nothing, or rows that do not add up to them."""
    try:
        table, figure = drawn(view, width, here)
    except WmoError:  # a municipality of the comparison is not left
        return []
    missed = []
    for text, asked in notes_and_marks(view, table, figure):
        if asked is None:
            missed += [(view.name, text)] if NUMBER.search(STEPS.sub("", plain(text))) else []
            continue
        if not NUMBER.search(plain(text)):
            continue
        found = measure.figure(table, asked.row, asked.column)
        total = abs(float(here.trace(found)["value"].sum())) / (100 if found.worth == "EUR cent" else 1)
        if "%" in text and found.worth != "EUR cent":  # a share opens what it is a share of
            continue
        if abs(round(total, 1) - said(text)) > 0.51:
            missed.append((view.name, text, asked, total))
    return missed


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("view", CHARTS, ids=lambda view: view.name)
def test_every_number_that_a_chart_writes_opens_rows_that_add_up_to_it(view, width):
    assert wrong(view, shipped(), width) == []


SHORT, LONG = range(1, 6), range(6, 200)


@pytest.mark.parametrize("seed", [*SHORT, *(pytest.param(seed, marks=pytest.mark.fuzz) for seed in LONG)])
def test_every_written_number_opens_under_random_selections(seed):
    here, missed = chosen(seed), []
    for view in random.Random(seed).sample(CHARTS, 8):
        missed += wrong(view, here, WIDTHS[seed % 2])
    assert missed == []


@pytest.mark.parametrize("view", CHARTS, ids=lambda view: view.name)
def test_what_opens_is_what_can_be_clicked(view):
    _, figure = drawn(view, style.NOTEBOOK)
    opens = {note["note"] for note in figure.layout.meta["opens"]}
    assert [number for number, note in enumerate(figure.layout.annotations) if note.captureevents] == sorted(opens)


def test_a_total_of_the_matrix_opens_its_municipality():
    table, figure = drawn(VIEWS["matrix"], style.NOTEBOOK)
    (totals,) = [trace for trace in figure.data if trace.name == "totals"]
    shown = {code[0]: plain(text).strip() for code, text in zip(totals.customdata, totals.text, strict=True) if code}
    counted = table[table["theme"] == ""].set_index("gm_code")["number"]
    assert {code: int(text) for code, text in shown.items() if text.isdigit()} == {
        code: number for code, number in counted.items() if shown[code].isdigit()
    }
    assert set(shown) == set(counted.index) and totals.hoverinfo == "none"
