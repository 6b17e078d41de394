"""A workspace with a codebook of its own: three islands, one partnership, two themes of their own, one round, one credit."""

import re
import shutil

import docx
import pytest
from conftest import built, make_list
from docx.oxml.ns import qn

import wmo_analysis as wmo
from wmo_analysis import add, report
from wmo_analysis.codebook import PACKAGED, Codebook
from wmo_analysis.errors import WmoError

TABLES = {
    "municipalities": """gm_code,name,sort_key_nl,stated_at,end_date,successor_code,successor,tile_row,tile_col,evidence,note
E1,Noordeiland,Noordeiland,2020-01-01,,,,0,0,test,
E2,Het Wad,"Wad, Het",2020-01-01,,,,1,0,test,
E3,Zuideiland,Zuideiland,2020-01-01,,,,2,0,test,
""",
    "places": """text,how,gm_code,until,evidence
Vuurtoren,place,E1,,test
Vasteland,outside,,,test
alle eilanden,province,,,test
""",
    "partnerships": """partnership_id,name,full_name,gm_code,valid_from,valid_to,assumption,confidence,evidence
WAD,Waddenbond,Bond van Waddeneilanden,E1,2010-01-01,,no,high,test
WAD,Waddenbond,Bond van Waddeneilanden,E2,2010-01-01,,no,high,test
""",
    "regions": """region_id,name,name_en,gm_code,valid_from,valid_to,assumption,evidence
N,Noord,North,E1,,,no,test
N,Noord,North,E2,,,no,test
Z,Zuid,South,E3,,,no,test
""",
    "themes": """theme,theme_set,parent,role,is_column,label_nl,short_nl,label_en,short_en,prestatieveld,assumption,evidence
T1,provincial,,,yes,Water,Water,Water,Water,,no,test
T2,provincial,,,yes,Wind,Wind,Wind,Wind,,no,test
T8,provincial,,excluded,no,Vis,Vis,Fish,Fish,,no,test
T9,provincial,,unknown,yes,Thema onbekend,Onbekend,Unknown,Unknown,,no,test
""",
    "sources": """source_id,name,name_en,kind,owner,executor,max_hours,monitor_source,evidence
D1,Dijkfonds,Dike fund,fund,waterschap,,20,yes,test
X0,niet vermeld,not stated,,,,,no,test
""",
    "rounds": """round,size,activity_from,activity_to,deadline,evidence,note
7,3,2020-01-01,2020-06-30,2020-06-30,test,
""",
    "credits": """credit_id,name,name_en,allocation_cents,approximate,stated_at,evidence
ZEE,Zeekrediet,Sea credit,100000,no,2020-01-01,test
""",
    "aliases": """domain,text,code,assumption,decided_on,decided_by,reason
status,vlot,running,no,2020-01-01,codebook,test
theme,nat,T1,no,2020-01-01,codebook,test
""",
    "corrections": "file,row_key,column,was,now,reason,decided_on,decided_by\n",
}
ROWS = [
    ["key", "title", "municipality", "theme", "status", "hours", "asked", "granted", "good_example"],
    ["1", "Dijk", "NOORDEILAND", "nat", "vlot", "25", "€ 600", "€ 500", "mooi"],
    ["2", "Molen", "Waddenbond", "Wind", "vlot", "", "€ 100", "€ 90", ""],
    ["3", "Haring", "Vuurtoren en Zuideiland", "Vis", "", "", "", "€ 10", ""],
    ["4", "Boei", "alle eilanden", "Water", "", "", "", "€ 20", ""],
    ["5", "Kade", "Vasteland", "Iets", "", "", "", "€ 30", ""],
]
TALKS = [
    ["municipality", "round", "talk", "approval_1", "approval_2", "approval_3"],
    ["Het Wad", "7", "01-02-2020", "01-03-2020", "01-03-2020", "02-03-2020"],
    ["Zuideiland", "7", "01-02-2020", "", "", ""],
]


def codebook_in(root):
    folder = root / "reference"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    shutil.copyfile(PACKAGED / "findings.csv", folder / "findings.csv")


@pytest.fixture(scope="module")
def islands(tmp_path_factory):
    root = tmp_path_factory.mktemp("islands")
    codebook_in(root)
    card = {"source": "D1", "date": "2020-05-01", "complete": True, "basis": "received", "credit": "ZEE"}
    make_list(root, "2020-05-01_a", "a.csv", ROWS, card)
    make_list(root, "2020-05-01_a", "talks.csv", TALKS, card | {"rows": ["conversations"], "credit": None})
    built(root)
    return root


def test_names_resolve_by_the_codebook_of_the_workspace(islands):
    monitor = wmo.open(islands)
    projects = monitor.tables["projects"].set_index("title")
    assert projects["placement"].to_dict() == {
        "Dijk": "one", "Molen": "partnership", "Haring": "several", "Boei": "province", "Kade": "outside"}  # fmt: skip
    assert projects["theme_part"].to_dict() == {
        "Dijk": "one", "Molen": "one", "Haring": "outside", "Boei": "one", "Kade": "unknown"}  # fmt: skip
    assert monitor.municipalities == ["E1", "E2", "E3"]  # Noordeiland, Wad (Het), Zuideiland
    assert sorted(monitor.tables["findings"]["code"]) == ["C11", "J02", "J03", "J04", "J05"]


MEASURES = {
    "coverage": lambda m: m.coverage, "budget": lambda m: m.budget, "rounds": lambda m: m.rounds,
    "logbook": lambda m: m.logbook,
    "claims": lambda m: m.claims, "quality": lambda m: m.quality, "assumptions": lambda m: m.assumptions,
    "hours": lambda m: m.hours, "timeline": lambda m: m.timeline, "good_examples": lambda m: m.good_examples,
    "profile": lambda m: lambda monitor: m.profile(monitor, "Het Wad"),
    "changes": lambda m: lambda monitor: m.changes(monitor, "2019-01-01"),
}  # fmt: skip
OWN = {"E1", "E2", "E3", "WAD", "N", "Z", "T1", "T2", "T8", "T9", "D1", "X0", "ZEE"}


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_measure_speaks_of_the_other_codebook_only(name, language, islands):
    table = MEASURES[name](wmo.measure)(wmo.open(islands).as_of("2020-05-01").in_language(language))
    texts = table.to_csv() + str(table.attrs["wmo"])
    for text in ("GM0", "Amersfoort", "Utrecht", "Mantelzorg", "Lokaal Centraal", "Sociale cohesie", "€ 333"):
        assert text not in texts, text


def test_the_credit_and_the_rounds_are_those_of_the_other_codebook(islands):
    monitor = wmo.open(islands).as_of("2020-05-01")
    budget = wmo.measure.budget(monitor, by="region").set_index("code")
    assert budget["committed"].to_dict() == {"N": 59_000, "Z": 0, "undivided": 3_000, "unassigned": 0,
                                             "outside": 3_000, "unknown": 0, "": 65_000}  # fmt: skip
    states = monitor.states.set_index("gm_code")["state"].to_dict()
    assert states == {"E2": "agreed", "E3": "talk"}


def test_a_list_is_looked_at_with_the_other_codebook(islands, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "Naam;Waar;Soort\nDijk;Zuideiland;Wind\nMolen;Vuurtoren;Water\nKade;Het Wad;Wind\n", encoding="utf-8"
    )
    book = Codebook.open(islands / "reference")
    proposed = {c.header: c.proposed for c in add.look(path, book).columns}
    assert proposed == {"Naam": "title", "Waar": "municipality", "Soort": "theme"}


def test_a_codebook_without_the_source_not_stated_is_refused(islands, tmp_path):
    shutil.copytree(islands / "reference", tmp_path / "reference")
    path = tmp_path / "reference" / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("X0,", "Y0,"), encoding="utf-8")
    with pytest.raises(WmoError, match=r"sources\.csv heeft geen bron X0"):
        Codebook.open(tmp_path / "reference")


@pytest.mark.parametrize("language, listed", [("nl", "Bedragen in de lijsten"), ("en", "Amounts in the lists")])
def test_a_memo_of_another_codebook_says_nothing_of_the_wmo(language, listed, tmp_path, monkeypatch):
    """Nor of conversations, letters or a credit, of which its lists tell nothing; amounts off the credit have a table."""
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    codebook_in(tmp_path)
    card = {"source": "D1", "date": "2020-05-01", "complete": True, "basis": "received"}
    make_list(tmp_path, "2020-05-01_a", "a.csv", ROWS, card)
    built(tmp_path)
    monitor = wmo.open(tmp_path).in_language(language)
    page = report.page(monitor, tmp_path / "page.html").read_text(encoding="utf-8")
    document = docx.Document(str(wmo.memo(monitor, tmp_path / "memo.docx")))
    said = " ".join(each.text or "" for each in document.element.iter(qn("w:t"))) + page[page.index("<body") :]
    assert not re.search(
        r"WMO[- ](?:thema|theme|intro)|invoering|introduction|Statencommissie|Zeekrediet|Sea credit", said
    )
    heads = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert listed in heads and not {"Gesprekken met gemeenten in rondes", "Het krediet", "The credit"} & set(heads)
    cells = re.findall(r"€\u00a0\d+", "".join(each.text or "" for each in _table(document, listed).iter(qn("w:t"))))
    assert cells == ["€\u00a0700", "€\u00a0650"]


def _table(document, heading):
    """The table that follows a heading."""
    body = list(document.element.body)
    at = next(n for n, each in enumerate(body) if "".join(t.text or "" for t in each.iter(qn("w:t"))) == heading)
    return next(each for each in body[at:] if each.tag == qn("w:tbl"))


# ---------------------------------------------------------------- a municipality made by a merger

MERGED = """gm_code,name,sort_key_nl,stated_at,start_date,end_date,successor_code,successor,tile_row,tile_col,evidence,note
E1,Noordeiland,Noordeiland,2020-01-01,,2020-03-01,E3,Zuideiland,0,0,test,
E2,Het Wad,"Wad, Het",2020-01-01,,,,,1,0,test,
E3,Zuideiland,Zuideiland,2020-01-01,2020-03-01,,,,2,0,test,
"""


def written(root, municipalities):
    (root / "reference").mkdir()
    for name, text in (TABLES | {"municipalities": municipalities}).items():
        (root / "reference" / f"{name}.csv").write_text(text, encoding="utf-8")
    shutil.copyfile(PACKAGED / "findings.csv", root / "reference" / "findings.csv")


def test_a_municipality_did_not_exist_before_its_start_nor_after_its_end(tmp_path):
    written(tmp_path, MERGED)
    card = {"source": "D1", "date": "2020-05-01", "complete": True, "basis": "received"}
    rows = [["title", "municipality", "theme", "start"], ["Molen", "Het Wad", "Wind", "2019"]]
    make_list(tmp_path, "2020-05-01_a", "a.csv", rows, card)
    built(tmp_path)
    states, told = {}, {}
    for day in ("2020-02-29", "2020-03-01"):
        then = wmo.open(tmp_path).as_of(day)
        table = wmo.measure.coverage(then, by="municipality").set_index("code")
        states[day] = table["state"].to_dict()
        told[day] = then.why("E3").attrs["wmo"]["sentence"]
        assert wmo.measure.coverage(then).attrs["wmo"]["of"] == 3
    assert states == {
        "2020-02-29": {"E1": "none", "E2": "own", "E3": "absent"},
        "2020-03-01": {"E1": "absent", "E2": "own", "E3": "none"},
    }
    assert told["2020-02-29"] == "Zuideiland: deze gemeente bestond toen nog niet; zij bestaat sinds 1 maart 2020."
    assert "bestond" not in told["2020-03-01"]


@pytest.mark.parametrize(
    "start, end", [("01-03-2020", ""), ("2020-02-31", ""), ("2020-03-01", "2020-03-01"), ("2021-01-01", "2020-01-01")]
)
def test_days_of_a_municipality_that_are_none_or_out_of_order_are_refused(start, end, tmp_path):
    written(tmp_path, MERGED.replace(",2020-03-01,,,,2,0", f",{start},{end},,,2,0"))
    with pytest.raises(WmoError, match="begin en einde van Zuideiland zijn geen dagen in volgorde"):
        Codebook.open(tmp_path / "reference")


def test_without_a_first_day_a_municipality_was_always_there(islands):
    assert set(Codebook.open(islands / "reference").municipalities["start_date"]) == {""}
    assert wmo.open(islands).as_of("1900-01-01").existing == {"E1", "E2", "E3"}


@pytest.mark.parametrize("table, damage, told", [
    ("aliases", lambda text: b"", "aliases.csv van het codeboek is niet te lezen"),
    ("aliases", lambda text: text + "Caf\xe9".encode("cp1252"), "aliases.csv van het codeboek is niet te lezen"),
    ("aliases", lambda text: text + b"a,b,c,d,e,f,g,h,i,j\n" + b'"', "aliases.csv van het codeboek is niet te lezen"),
    ("aliases", lambda text: text.replace(b",", b";"), "aliases.csv van het codeboek mist kolommen: "),
    ("sources", lambda text: text.replace(b",150,", b",veel,"), "sources.csv .* in de kolom max_hours is geen heel getal"),
    ("credits", lambda text: text.replace(b"33300000", b"3 ton"), "credits.csv .* in de kolom allocation_cents is geen"),
    ("municipalities", lambda text: text + text.splitlines()[1] + b"\n", "noemt GM0305 twee keer; haal een van de twee"),
])  # fmt: skip
def test_a_damaged_codebook_is_one_sentence_with_its_file_and_a_remedy(tmp_path, table, damage, told):
    shutil.copytree(PACKAGED, tmp_path, dirs_exist_ok=True)
    path = tmp_path / f"{table}.csv"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(WmoError, match=told):
        Codebook.open(tmp_path)
