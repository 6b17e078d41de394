"""What a number of a list is worth: its unit, decimal sign and currency, read from header, titles and cells, or asked."""

import pytest
from conftest import as_csv, as_docx, as_ods, as_xlsx, built, make_list
from monitors import read_here
from typer.testing import CliRunner

from wmo_analysis import add
from wmo_analysis.cli import app
from wmo_analysis.errors import WmoError

ASKED = "asked"
OTHER = None  # another currency, or a cell that cannot be read: not counted as euro
DAY = "2007-10-01"

# title above, header, unit below the header, cells -> EUR cent of each, or ASKED. A float is a number of a spreadsheet.
CASES = {
    "plain": ("", "Toegekend", "", ["12.500", "7,50"], [1_250_000, 750]),
    "x": ("", "Toegekend (x € 1.000)", "", ["12,5"], [1_250_000]),
    "star": ("", "Toegekend (* Eu 1000)", "", ["12"], [1_200_000]),
    "euro first": ("", "Toegekend (€ 1.000)", "", ["12"], [1_200_000]),
    "euro last": ("", "Toegekend (1.000 €)", "", ["12"], [1_200_000]),
    "millions": ("", "Toegekend (in mln. €)", "", ["1,5"], [150_000_000]),
    "k": ("", "Toegekend (k EUR)", "", ["12"], [1_200_000]),
    "thousands": ("Bedragen in duizenden euro's", "Toegekend", "", ["12"], [1_200_000]),
    "mio": ("", "Toegekend Mio. EUR", "", ["2"], [200_000_000]),
    "title": ("Overzicht, bedragen x 1.000 euro", "Toegekend", "", ["12"], [1_200_000]),
    "unit row": ("", "Toegekend", "(x € 1.000)", ["12"], [1_200_000]),
    "bare unit row": ("", "Toegekend", "k EUR", ["12"], [1_200_000]),
    "number": ("", "Toegekend", "", [1.234, 1234.567], [123, 123_457]),
    "number in thousands": ("", "Toegekend (x € 1.000)", "", [12.3456, 7.0], [1_234_560, 700_000]),
    "points": ("", "Toegekend", "", ["1,234.56", "99.95"], [123_456, 9_995]),
    "one comma decides": ("", "Toegekend", "", ["1.234", "1.234,56"], [123_400, 123_456]),
    "one point decides": ("", "Toegekend", "", ["1,234", "1,234.56"], [123_400, 123_456]),
    "header dollar": ("", "Toegekend (USD)", "", ["1.000"], [OTHER]),
    "cell dollar": ("", "Toegekend", "", ["$ 1.000", "2.000"], [OTHER, 200_000]),
    "crown": ("", "Toegekend in SEK", "", ["1.000"], [OTHER]),
    "k in the cell": ("", "Toegekend (x € 1.000)", "", ["12,5 k", "7"], [1_250_000, 700_000]),
    "hundreds": ("", "Toegekend (in honderden euro's)", "", ["12"], ASKED),
    "threshold": ("Subsidies boven € 1.000", "Toegekend", "", ["12"], ASKED),
    "contradiction": ("Bedragen x € 1.000", "Toegekend (in euro)", "", ["12"], ASKED),
}  # fmt: skip
# Written with the others and not looked at until these went right.
CLOSED = {
    "TEUR": ("", "Toegekend TEUR", "", ["12"], [1_200_000]),
    "T€": ("", "Toegekend in T€", "", ["12"], [1_200_000]),
    "euro millions": ("", "Toegekend (€ mln)", "", ["2"], [200_000_000]),
    "three zeros": ("", "Toegekend (€ '000)", "", ["12"], [1_200_000]),
    "x1000": ("", "Toegekend x1000", "", ["12"], [1_200_000]),
    "German": ("", "Bewilligt (in Tsd. Euro)", "", ["12"], [1_200_000]),
    "French": ("", "Montant accordé (en milliers d'euros)", "", ["12"], [1_200_000]),
    "English": ("", "Granted (EUR thousands)", "", ["12"], [1_200_000]),
    "guilders": ("", "Toegekend (NLG)", "", ["1.000"], [OTHER]),
    "guilders in the cell": ("", "Toegekend", "", ["fl. 1.000,-", "500,-"], [OTHER, 50_000]),
    "pounds": ("", "Toegekend £", "", ["500"], [OTHER]),
    "francs": ("", "Toegekend", "", ["CHF 1.000", "10"], [OTHER, 1_000]),
    "code behind": ("", "Toegekend", "", ["1.000 USD", "1.000 EUR"], [OTHER, 100_000]),
    "billions": ("", "Toegekend (miljard €)", "", ["2"], ASKED),
    "title millions": ("Alle bedragen in miljoenen euro's", "Toegekend", "", ["2"], [200_000_000]),
    "one million": ("", "Toegekend (x 1 mln)", "", ["2"], [200_000_000]),
    "abbreviated": ("", "Toegekend (in dzd. €)", "", ["12"], [1_200_000]),
    "brackets": ("", "Toegekend [€ x 1.000]", "", ["12"], [1_200_000]),
    "written million": ("", "Toegekend (x € 1.000.000)", "", ["2"], [200_000_000]),
    "power": ("", "Toegekend (10³ €)", "", ["12"], ASKED),
    "unit row euro": ("", "Toegekend", "EUR", ["12"], [1_200]),
    "noise": ("", "Toegekend", "", [0.1 + 0.2, 1e-7], [30, 0]),
    "million of a number": ("", "Toegekend (in mln. €)", "", [1.2345678], [123_456_780]),
    "lakh": ("", "Toegekend (x 100.000)", "", ["12"], ASKED),
    "cents under thousands": ("", "Toegekend (x € 1.000)", "", ["€ 12.500,00", "12"], ASKED),
    "a dash under thousands": ("Bedragen x € 1.000", "Toegekend", "", ["12.500,-"], ASKED),
    "a sign and decimals under thousands": ("", "Toegekend (x € 1.000)", "", ["€ 12,50"], ASKED),
    "decimals under thousands": ("", "Toegekend (x € 1.000)", "", ["12,5", "0,75"], [1_250_000, 75_000]),
}  # fmt: skip
FORMATS = {".csv": as_csv, ".xlsx": as_xlsx, ".ods": as_ods, ".docx": as_docx}


def listed(title, header, unit, cells):
    rows = [["Project", "Gemeente", header], *([["", "", unit]] if unit else [])]
    rows += [[f"P{at}", "Baarn", cell] for at, cell in enumerate(cells)]
    return [[title, "", ""], ["", "", ""], *rows] if title else rows


def money(about):
    return next(column for column in about.columns if column.column == 2)


def read(tmp_path, suffix, title, header, unit, cells):
    """EUR cent of each cell as a build counts it (None: not counted), or ASKED; the column is chosen as granted."""
    path = tmp_path / f"a{suffix}"
    path.write_bytes(FORMATS[suffix](listed(title, header, unit, cells)))
    about = add.choose(add.look(path), {2: "granted", 0: "title", 1: "municipality"})
    if money(about).asked:
        return ASKED
    add.write(path, about, tmp_path / "w", DAY, DAY)
    amounts = built(tmp_path / "w")["amounts"]
    found = dict(zip(amounts["row"], amounts["cents"], strict=True))
    first = about.header_row + about.header_rows
    return [found.get(first + at) for at in range(len(cells))]


def both(name):
    case = {**CASES, **CLOSED}[name]
    typed = any(isinstance(cell, float) for cell in case[3])
    return (".xlsx", ".ods") if typed else tuple(FORMATS)


@pytest.mark.parametrize("name", [*CASES, *CLOSED])
def test_an_amount_is_read_with_its_unit_and_sign_or_asked(name, tmp_path):
    *case, wanted = {**CASES, **CLOSED}[name]
    answers = {}
    for suffix in both(name):
        (tmp_path / suffix).mkdir()
        with read_here():
            answers[suffix] = read(tmp_path / suffix, suffix, *case)
    assert answers == dict.fromkeys(answers, wanted)


# ---------------------------------------------------------------- numbers, rows with a unit, short years


HEAD = ["key", "title", "municipality", "granted"]


def findings(tables, *codes):
    there = tables["findings"]["code"].isin(codes)
    return tables["findings"].loc[there, ["code", "column", "listed"]].values.tolist()


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods"])
def test_a_number_is_rounded_to_the_cent_and_counted(name, tmp_path):
    rows = [HEAD, ["A", "Een", "Baarn", 1.234], ["B", "Twee", "Soest", 1.005], ["C", "Drie", "Zeist", -2.5]]
    make_list(tmp_path, f"{DAY}_a", name, rows)
    tables = built(tmp_path)
    assert sorted(tables["amounts"]["cents"]) == [-250, 101, 123]
    assert findings(tables, "C01", "C20") == [["C20", "granted", "aantal: 2"]]


@pytest.mark.parametrize("name, key", [("a.xlsx", 612345678.0), ("a.xlsx", "0344123410"), ("a.csv", "0344123410")])
def test_a_key_of_digits_is_no_telephone_number(name, key, tmp_path):
    make_list(tmp_path, f"{DAY}_a", name, [HEAD, [key, "Een", "Baarn", 612345678.0]])
    tables = built(tmp_path)
    assert tables["projects"]["project_id"].tolist() == [f"S1-{str(key).removesuffix('.0')}"]
    assert tables["amounts"]["cents"].tolist() == [61_234_567_800]
    assert findings(tables, "C15") == []


def test_numbers_of_a_workbook_are_never_proposed_as_telephone_numbers(tmp_path):
    rows = [["Project", "Vreemd"], *[[f"P{at}", 612345678.0 + at] for at in range(5)]]
    path = tmp_path / "a.xlsx"
    path.write_bytes(as_xlsx(rows))
    assert [(column.proposed, column.asked) for column in add.look(path).columns] == [("title", False), ("", True)]


def test_digits_below_an_unknown_header_are_dropped_as_telephone_only_when_confirmed(tmp_path):
    rows = [["Project", "Vreemd"], *[[f"P{at}", f"034412341{at}"] for at in range(5)]]
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(rows))
    assert [(column.proposed, column.asked) for column in add.look(path).columns] == [
        ("title", False),
        ("contact", True),
    ]


def test_whole_euros_below_an_unknown_header_are_asked(tmp_path):
    rows = [["Project", "Vreemd"], ["Een", "1234"], ["Twee", "817"], ["Drie", "45671"]]
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(rows))
    assert [(column.proposed, column.asked) for column in add.look(path).columns] == [("title", False), ("", True)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_row_can_say_its_own_unit_and_currency(suffix, tmp_path):
    rows = [["Project", "Toegekend", "Eenheid"], ["Een", "12", "k EUR"], ["Twee", "500", "EUR"], ["Drie", "3", "SEK"]]
    path = tmp_path / f"a{suffix}"
    path.write_bytes(FORMATS[suffix](rows))
    about = add.look(path)
    assert [(column.proposed, column.asked) for column in about.columns] == [
        ("title", False), ("granted", False), ("unit", False)]  # fmt: skip
    add.write(path, about, tmp_path / "w", DAY, DAY)
    tables = built(tmp_path / "w")
    assert sorted(tables["amounts"]["cents"]) == [50_000, 1_200_000]
    assert findings(tables, "C18") == [["C18", "granted", "SEK 3,00, aantal: 1"]]
    assert add.amounts(about).to_dict("records") == [
        {"header": "Toegekend", "proposed": "granted", "unit": 1, "decimal": ",", "currency": "EUR", "filled": 3, "read": 2,
         "cents": 1_250_000, "others": (("SEK", 1, 300),)}]  # fmt: skip


def test_an_amount_in_a_unit_that_nobody_understands_does_not_count(workspace):
    rows = [["title", "granted", "unit"], ["Een", "12", "k EUR"], ["Twee", "5", "schepels"]]
    tables = workspace({"a.csv": (rows, {"columns": {name: name for name in rows[0]}})})
    assert tables["amounts"]["cents"].tolist() == [1_200_000]
    assert findings(tables, "C19") == [["C19", "granted", "5"]]
    assert tables["ledger"]["cells_unread"].tolist() == [1]


def test_amounts_on_a_card_of_another_currency_are_told_and_not_counted(workspace):
    rows = [["title", "asked", "granted"], ["Een", "1.000", "10"], ["Twee", "250,50", "€ 20"]]
    tables = workspace({"a.csv": (rows, {"currency": {"asked": "USD", "granted": "NLG"}})})
    assert tables["amounts"][["kind", "cents"]].values.tolist() == [["granted", 2_000]]
    assert findings(tables, "C18") == [
        ["C18", "asked", "USD 1.250,50, aantal: 2"], ["C18", "granted", "NLG 10,00, aantal: 1"]]  # fmt: skip


SHORT = {"30-11-06": "2006-11-30", "1/2/07": "2007-02-01", "jan. '07": "2007-01-01", "mrt-07": "2007-03-01",
         "1 mei 98": "1998-05-01", "30-11-2006": "2006-11-30", "31-02-07": ""}  # fmt: skip


def test_years_of_two_digits_are_read_in_the_hundred_years_of_the_card(tmp_path):
    rows = [["Project", "Begindatum"], *[[f"P{at}", text] for at, text in enumerate(SHORT)]]
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(rows))
    about = add.look(path)
    card = add.write(path, about, tmp_path / "w", DAY, DAY)
    assert "century = 1990" in card.read_text(encoding="utf-8")
    projects = built(tmp_path / "w")["projects"]
    assert dict(zip(projects.sort_values("title")["title"], projects.sort_values("title")["start_from"], strict=True)) == {
        f"P{at}": day for at, day in enumerate(SHORT.values())}  # fmt: skip


def test_without_a_century_on_the_card_a_short_year_is_not_read(workspace):
    tables = workspace({"a.csv": [["title", "start"], ["Een", "30-11-06"]]})
    assert tables["projects"]["start_from"].tolist() == [""]
    assert findings(tables, "C03") == [["C03", "start", "30-11-06"]]


# ---------------------------------------------------------------- choices


def money_list(tmp_path, header="Bedrag", title="", cells=("1.234", "2.000,50")):
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(listed(title, header, "", cells)))
    return path


def test_what_is_said_with_options_stands_on_the_card(tmp_path):
    path, root = money_list(tmp_path), tmp_path / "w"
    chosen = [
        "--column",
        "Bedrag=granted",
        "--unit",
        "Bedrag=1000",
        "--decimal",
        "Bedrag=.",
        "--currency",
        "Bedrag=SEK",
    ]
    done = CliRunner().invoke(app, ["add", str(path), "--workspace", str(root), "--accept", *chosen])
    assert done.exit_code == 0, done.output
    card = next((root / "data" / "raw").rglob("*.card.toml")).read_text(encoding="utf-8")
    said = [line.split("  #")[0] for line in card.splitlines() if line.startswith(("unit", "decimal", "currency"))]
    assert said == ["unit = 1000", 'decimal = "."', 'currency = "SEK"']


def test_a_unit_that_is_not_clear_is_asked_until_it_is_chosen(tmp_path):
    about = add.choose(add.look(money_list(tmp_path, "Bedrag (in honderden euro's)")), {2: "granted"})
    assert money(about).asked
    with pytest.raises(WmoError, match=r"„Bedrag \(in honderden euro's\)”: Zo gekozen. .* --unit"):
        add.card(about, "", DAY, DAY)
    about = add.choose(about, {}, unit={2: 1000})
    assert (money(about).asked, money(about).money.unit, add.unclear(about)) == (False, 1000, [])
    with pytest.raises(WmoError, match="eenheid kan geen „10” zijn"):
        add.choose(about, {}, unit={2: 10})


def test_a_unit_that_cannot_be_is_asked_again(tmp_path):
    path, root = money_list(tmp_path, "Toegekend (in honderden euro's)"), tmp_path / "w"
    command = ["add", str(path), "--workspace", str(root), "--column", "Toegekend (in honderden euro's)=granted"]
    done = CliRunner().invoke(app, command, input="\nhonderd\n1000\n\n\n\n")
    assert (done.exit_code, done.output.count("Hoeveel is een bedrag van 1")) == (0, 2)
    assert "kan geen „honderd” zijn" in done.output
    assert "unit = 1000" in next((root / "data" / "raw").rglob("*.card.toml")).read_text(encoding="utf-8")


@pytest.mark.parametrize("said, kind", [
    ("requested", "asked"), ("Granted", "granted"), ("PAID", "settled"), ("awarded", "granted"), ("settled", "settled"),
])  # fmt: skip
def test_english_words_for_a_kind_of_amount_are_known(said, kind, workspace):
    tables = workspace({"a.csv": [["title", "amount", "kind"], ["Een", "12", said], ["Twee", "5", "gevraagd"]]})
    assert tables["amounts"][["kind", "cents"]].values.tolist() == [[kind, 1200], ["asked", 500]]


def test_the_account_follows_every_choice(tmp_path):
    about = add.look(money_list(tmp_path, title="Bedragen x € 1.000"))
    sums = []
    for unit in (1000, 1):
        about = add.choose(about, {2: "granted"}, unit={2: unit})
        sums += add.amounts(about)[["unit", "read", "cents"]].values.tolist()
    assert sums == [[1000, 2, 323_450_000], [1, 2, 323_450]]


def test_a_notebook_shows_what_the_amounts_add_up_to(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(listed("", "Toegekend (x € 1.000)", "", ["12,5", "PM", "$ 3"])))
    header, *told = add.counted(add.look(path)).values.tolist()[0]
    assert header == "Toegekend (x € 1.000)"
    assert told == ["toegekend", "1.000", ",", "EUR", "1 / 3", "€\u00a012.500", "USD 3.000,00 (1)"]


def test_the_forms_of_a_notebook_offer_unit_sign_and_currency(tmp_path):
    form = add.Columns(add.look(money_list(tmp_path, "Toegekend (in honderden euro's)")))
    assert [list(answers) for answers in form.written.values()] == [[2], [2], [2]]
    form.written["unit"][2].value = 1000
    assert (money(form.chosen).money.unit, money(form.chosen).asked) == (1000, False)


@pytest.mark.parametrize("before, now, unit, asked", [
    ("", "", 1000, False),
    ("", "Bedragen x € 1.000", 1000, False),
    ("Bedragen x € 1.000", "Bedragen in mln. €", 1_000_000, True),
])  # fmt: skip
def test_the_next_delivery_keeps_the_unit_or_asks(before, now, unit, asked, tmp_path):
    first = money_list(tmp_path, title=before)
    about = add.choose(add.look(first), {2: "granted"}, unit={2: 1000})
    card_of = add.write(first, about, tmp_path / "w", DAY, DAY)
    assert "unit = 1000" in card_of.read_text(encoding="utf-8")
    second = add.look(money_list(tmp_path, title=now, cells=["1.234", "2.000,5"]))
    followed, _ = add.follow(second, add.previous(tmp_path / "w", second))
    assert (money(followed).money.unit, money(followed).asked) == (unit, asked)


@pytest.mark.parametrize("unit, title, header, texts", [
    (1000, "Bedragen in mln. €", "Bedrag", ["1,234", "2,345"]),  # an open sign hides no other unit
    (1, "", "Bedrag (honderden)", ["12,50", "8,00"]),
    (1, "Bedragen in honderden euro's", "Bedrag", ["12,50", "8,00"]),
])  # fmt: skip
def test_a_unit_that_became_doubtful_is_asked_in_the_next_delivery(unit, title, header, texts, tmp_path):
    first = money_list(tmp_path)
    about = add.choose(add.look(first), {2: "granted"}, unit={2: unit})
    add.write(first, about, tmp_path / "w", DAY, DAY, source="S4")
    path = tmp_path / "b.csv"
    path.write_bytes(as_csv(listed(title, header, "", texts)))
    second = add.look(path)
    followed, _ = add.follow(second, add.previous(tmp_path / "w", second, "S4"))
    assert (money(followed).money.unclear, money(followed).asked) == (("unit_changed",), True)
