"""Pictures of charts: drawn at their size, within a deadline, or one sentence and no file."""

import os
import shutil
import time

import plotly.graph_objects as go
import pytest
from monitors import shipped

import wmo_analysis as wmo
from wmo_analysis import pictures


def chart():
    return wmo.chart.hours(wmo.measure.hours(shipped()), width=605)


def test_pictures_have_twice_the_width_of_the_figure_and_svg_stays_text(tmp_path):
    png, svg = pictures.save([chart(), chart()], [tmp_path / "a.png", tmp_path / "a.svg"])
    assert int.from_bytes(png.read_bytes()[16:20], "big") == 1210
    assert "Bevat voorbeeldgegevens" in svg.read_text(encoding="utf-8")


def test_without_chrome_there_is_one_sentence_and_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    with pytest.raises(wmo.WmoError, match=r"^Chrome of Chromium is niet gevonden; [^.]*[.]$"):
        pictures.save([chart()], [tmp_path / "a.png"])
    assert list(tmp_path.iterdir()) == []


def fake_chrome(path, lines):
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for Chrome")
def test_a_chrome_that_dies_is_started_once_more(tmp_path, monkeypatch):
    first = tmp_path / "was-here"
    dies = f"[ -e '{first}' ] || {{ touch '{first}'; exit 1; }}"
    chrome = fake_chrome(tmp_path / "chrome", [dies, f'exec "{shutil.which("chromium")}" "$@"'])
    monkeypatch.setenv("BROWSER_PATH", chrome)
    monkeypatch.setattr(pictures, "DEADLINE", 25)
    [path] = pictures.save([chart()], [tmp_path / "a.png"])
    assert path.read_bytes()[:4] == b"\x89PNG"


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for Chrome")
def test_a_chrome_that_hangs_is_left_after_the_deadline(tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", fake_chrome(tmp_path / "chrome", ["exec sleep 60"]))
    monkeypatch.setattr(pictures, "DEADLINE", 1)
    figure, start = chart(), time.monotonic()
    with pytest.raises(wmo.WmoError, match=r"^Chrome geeft geen antwoord"):
        pictures.save([figure], [tmp_path / "a.png"])
    assert time.monotonic() - start < 20


def test_a_figure_that_no_chart_made_is_refused(tmp_path):
    with pytest.raises(wmo.WmoError, match=r"wmo\.chart"):
        pictures.save([go.Figure()], [tmp_path / "a.png"])
