"""Clicks as a person makes them: everything on the dashboard that can be clicked, sent to the widget by its door."""

import json
import random

import wmo_analysis as wmo
from wmo_analysis.dashboard import Dashboard
from wmo_analysis.schema import BASIS_FILTERS, LANGUAGES, STATUSES, THEME_SETS
from wmo_analysis.views import TABS


class Walker:
    """A dashboard that notes which clicks came to its door, with the choices that led there."""

    def __init__(self, monitor, outputs):
        self.board = Dashboard(monitor, outputs)
        self.failed, self.clicks, self.trail, self.answers = [], 0, [], {}
        self.board.hear(None, {"do": "open", "width": 1000}, [])

    def click(self, do, **content):
        """One click; what it was and what led to it is kept when the door was reached."""
        self.clicks += 1
        self.trail.append({"do": do, **content})
        self.board.hear(None, json.loads(json.dumps({"do": do, **content})), [])
        offered = content.get("where") in ("tile", "chart") or any(
            row.get("key") == content.get("row") for row in self.board.table["rows"]
        )
        if do == "figure" and offered and self.board.screen.behind is None:
            self.answers.setdefault("nothing is behind it", (self.board.tab, self.trail[-1]))
        message = self.board.shell["message"].get("text", "")
        if self.board.shell["message"].get("wrong"):
            self.answers.setdefault(message, self.trail[-1])
        if message.startswith(self.board.say("failed", log="").split("{")[0][:40]):
            self.failed.append((dict(self.board.selection.snapshot()), self.board.tab, self.trail[-3:]))

    def marks(self):
        """(codes, name of the trace) of every mark of the chart that is shown."""
        figure = json.loads(self.board.figure) if self.board.figure else {"data": []}
        found = []
        for trace in figure["data"]:
            for codes in trace.get("customdata") or ():
                if codes is not None:
                    found.append((codes if isinstance(codes, list) else [codes], trace.get("name", "")))
        return found

    def notes(self):
        """What every number opens that the chart writes as a text."""
        figure = json.loads(self.board.figure) if self.board.figure else {"layout": {"meta": {"opens": ()}}}
        return [{"row": note["row"], "column": note["column"]} for note in figure["layout"]["meta"]["opens"]]

    def targets(self):
        """Every click that the page offers now, but for filters and tabs."""
        shell, table = self.board.shell, self.board.table
        found = [("pick", {"codes": codes, "mark": name}) for codes, name in self.marks()]
        found += [("figure", {"where": "chart", **note}) for note in self.notes()]
        for row in table["rows"]:
            if "fold" in row:
                continue
            if row["codes"]:
                single = table["does"] == "project"
                found.append(("project", {"project": row["codes"][0]}) if single else ("pick", {"codes": row["codes"]}))
            for column in row["opens"]:
                found.append(("figure", {"where": "row", "row": row["key"], "column": column}))
        for tile in shell["tiles"]:
            for column in filter(None, [tile["column"], *(part["column"] for part in tile["parts"])]):
                found.append(("figure", {"where": "tile", "row": [tile["name"]], "column": column}))
        for part in shell["opens"]:
            if "column" in part:
                found.append(("figure", {"where": "chart", "row": part["row"], "column": part["column"]}))
        found += [("rows", {"values": {"sort": column["name"]}}) for column in table["columns"]]
        found += [("rows", {"values": {"kind": kind}}) for kind in ("projects", "measure")]
        return found

    def settings(self):
        """Every choice above the chart."""
        found = []
        for setting in self.board.shell["settings"]:
            found += [{"name": setting["name"], "value": option["code"]} for option in setting["options"]]
        return found


def selection(chance, monitor):
    """Random filters, basis, dates and language; some leave nothing."""
    book = monitor.codebook
    codes = {
        "themes": list(book.theme_sets),
        "regions": list(book.regions["region_id"].unique()),
        "municipalities": book.gm_codes,
        "sources": book.source_ids,
        "rounds": list(book.rounds["round"]),
        "statuses": list(STATUSES),
    }
    values = {}
    for name, there in codes.items():
        if chance.random() < 0.3:
            values[name] = chance.sample(there, chance.choice([1, 1, 2]))
    values["basis"] = chance.choice(["all", "all", *list(BASIS_FILTERS)[:3]])
    values["language"] = chance.choice([LANGUAGES[0], *LANGUAGES])
    days = ["", "2006-11-30", "2007-04-01", "2005-01-01", "2012-01-01"]
    return values | {"as_of": chance.choice(days), "clock": chance.choice(["now", "now", "then"])}


def walk(monitor, outputs, seed, selections, clicks):
    """A walk over random selections: in every tab and setting some of what can be clicked, `clicks` per setting (0 = all).

    Returns the Walker, which holds how many clicks it made and those that failed.
    """
    chance, walker = random.Random(seed), Walker(monitor, outputs)
    for _ in range(selections):
        walker.click("reset")
        walker.click("setting", name="theme_set", value=chance.choice(THEME_SETS))
        walker.click("choose", values=selection(chance, monitor))
        for tab in TABS:
            walker.click("view", view=tab)
            offered = walker.settings()
            for setting in offered if not clicks else chance.sample(offered, min(len(offered), 2)):
                walker.click("setting", **setting)
                here = walker.targets()
                for do, content in here if not clicks else chance.sample(here, min(len(here), clicks)):
                    walker.click(do, **content)
                walker.click("choose", values={"picked": {}})
    return walker


if __name__ == "__main__":
    import sys
    import tempfile
    import time
    from pathlib import Path

    seed, count, some = (int(text) for text in [*sys.argv[1:], "1", "20", "6"][:3])
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        walked = walk(wmo.open(), Path(folder), seed, count, some)
        print(f"{walked.clicks} clicks in {time.monotonic() - began:.0f} s, {len(walked.failed)} reached the door")
        print(walked.answers)
        for failure in walked.failed[:20]:
            print(failure)
        log = Path(folder) / "wmo.log"
        print(log.read_text()[-6000:] if log.exists() else "")
