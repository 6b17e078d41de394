"""The handbook for analysts: its links lead somewhere, its pictures are there, its sentences are short."""

import re

import pytest
from browser import ROOT
from test_words import MOST, sentences

FOLDER = ROOT / "docs" / "handboek"
PAGES = sorted(FOLDER.glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)")


def prose(text):
    """The sentences of a page; a cell of a table and a point of a list end one."""
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    plain = re.sub(r"^#.*$", "", plain, flags=re.M).replace("**", "")
    blocks = re.split(r"\n\s*\n|\n(?=[-\d])|\|", plain)
    return [said for block in blocks for said in sentences(" ".join(block.split())) if said]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_of_the_handbook_leads_somewhere(page):
    assert [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (FOLDER / link).exists()] == []


def test_every_picture_of_the_handbook_is_shown():
    shown = {link for page in PAGES for link in LINK.findall(page.read_text(encoding="utf-8")) if link.endswith(".png")}
    assert shown == {path.name for path in FOLDER.glob("*.png")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_sentence_of_the_handbook_is_over_twenty_words(page):
    assert [said for said in prose(page.read_text(encoding="utf-8")) if len(said.split()) > MOST] == []


# ---------------------------------------------------------------- the rules in two languages

RULES, TELREGELS = ROOT / "docs" / "rules.md", FOLDER / "5_telregels.md"
FOR_PROGRAMMERS = {"2", "5"}  # the clean tables, and where a word is explained: the glossary is Dutch already
HEADING = re.compile(r"^##+ (?:Law |Wet )?(\d+(?:\.\d+)?)\b.*$", re.M)
ITEM = re.compile(r"^(?:- |\d+\. |\| )", re.M)


def sections(path):
    """{number of a section: its items, each as the numbers in it}; '3' is the section, '3/1' its law 1."""
    text, found, part = path.read_text(encoding="utf-8"), {}, ""
    places = list(HEADING.finditer(text))
    for place, after in zip(places, [*places[1:], None], strict=True):
        number = place[1]
        if place[0].startswith("## "):
            part = number
        name = number if number.startswith(part) and place[0].startswith("## ") else f"{part}/{number}"
        body = text[place.end() : after.start() if after else len(text)]
        if part not in FOR_PROGRAMMERS:
            found[name] = [figures(item) for item in ITEM.split(body)]
    return found


def figures(text):
    """The numbers of a text in any notation, in order of size, each once: '333,000' and '333.000' are one."""
    return sorted({re.sub(r"[.,]", "", number) for number in re.findall(r"\d[\d.,]*\d|\d", text)})


def test_the_dutch_rules_say_the_same_numbers_item_by_item():
    english, dutch = sections(RULES), sections(TELREGELS)
    assert list(dutch) == list(english)
    for name, items in english.items():
        assert dutch[name] == items, name
