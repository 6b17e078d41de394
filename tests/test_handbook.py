"""The handbook for analysts: its links lead somewhere, its pictures are there, its sentences are short."""

import re

import pytest
from browser import ROOT

FOLDER = ROOT / "docs" / "handboek"
PAGES = sorted(FOLDER.glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)")
MOST = 20  # words of a sentence that reads in one breath


def prose(text):
    """The sentences of a page; a heading, a cell of a table and a point of a list end one."""
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    blocks = re.split(r"\n\s*\n|\n(?=[-#|\d])|\|", plain)
    return [s for block in blocks for s in re.split(r"(?<=[.!?:;])\s+", " ".join(block.split())) if s]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_of_the_handbook_leads_somewhere(page):
    assert [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (FOLDER / link).exists()] == []


def test_every_picture_of_the_handbook_is_shown():
    shown = {link for page in PAGES for link in LINK.findall(page.read_text(encoding="utf-8")) if link.endswith(".png")}
    assert shown == {path.name for path in FOLDER.glob("*.png")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_sentence_of_the_handbook_is_over_twenty_words(page):
    assert [said for said in prose(page.read_text(encoding="utf-8")) if len(said.split()) > MOST] == []
