"""A long list with many genuine repeats, from the file to the memo: what is made of it stays short, and takes little time."""

import resource
import time

import docx
import pytest
from make_long_list import written

from wmo_analysis import add, report
from wmo_analysis.cli import show
from wmo_analysis.codebook import Codebook
from wmo_analysis.monitor import open_monitor
from wmo_analysis.pipeline import build


def spent():
    """Seconds of processor time of this process and of those that it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@pytest.mark.parametrize("rows, most", [(2_500, 15), pytest.param(25_000, 30, marks=pytest.mark.fuzz)])
def test_a_long_list_is_added_built_checked_and_told_in_short(rows, most, tmp_path, monkeypatch, capsys):
    """A fifth of the rows are genuine repeats: grants of one name in one municipality."""
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    path, begun = written(tmp_path / "lijst.csv", rows), spent()
    seen = add.look(path, Codebook.open())
    add.write(path, seen, tmp_path, "2008-01-01", "2008-01-01", source="S1")
    made = build(tmp_path)
    monitor = open_monitor(tmp_path)
    monkeypatch.setattr(show, "console", show.Screen(width=200, force_terminal=False))
    show.findings(monitor.tables["findings"], monitor.codebook)
    said = capsys.readouterr().out
    memo = report.memo(monitor, tmp_path / "memo.docx")
    assert spent() - begun < most

    assert (made.projects, made.ledger["rows_used"].tolist()) == (rows, [rows])
    groups = made.findings.query("code == 'J08'")["kept"]
    assert sum(int(text.split()[0]) for text in groups) == rows // 5
    assert (len(groups), groups.str.len().max() < 200) == (8, True)
    clean = sum(each.stat().st_size for each in (tmp_path / "data" / "clean").iterdir())
    assert clean < 2 * path.stat().st_size
    assert len(said) < 10_000
    document = docx.Document(str(memo))
    lines = len(document.paragraphs) + sum(len(table.rows) for table in document.tables)
    assert lines < 400
