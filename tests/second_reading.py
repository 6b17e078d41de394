"""A second reading of the rules of counting, in plain Python, beside the library that it is compared with.

Written from the rules and the columns of the clean tables alone: lists, dicts and loops, nothing of the library but
its reference csv. `Reading(data(root), filters, day, known)` is a selection; its methods are the figures.
"""

import csv
import datetime
import json
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent / "wmo_analysis" / "reference"
BASES = ["letter", "documented", "received", "example"]
CHOICES = {
    "all": BASES,
    "without_examples": ["letter", "documented", "received"],
    "published": ["letter", "documented"],
    **{basis: [basis] for basis in BASES},
}
STATES = ["planned", "talk", "quotation", "agreed", "running", "completed"]
AGREED = STATES.index("agreed")
NEVER = ["rejected", "withdrawn", "preselected"]
CREDIT = "FPK2006"


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


BOOK = {path.stem: read(path) for path in REFERENCE.glob("*.csv")}
GM = [row["gm_code"] for row in sorted(BOOK["municipalities"], key=lambda row: row["sort_key_nl"].casefold())]
SOURCES = [row["source_id"] for row in BOOK["sources"]]
PARENT = {row["theme"]: row["parent"] or row["theme"] for row in BOOK["themes"]}
ROLE = {row["theme"]: row["role"] for row in BOOK["themes"]}
SET = {row["theme"]: row["theme_set"] for row in BOOK["themes"]}
SHOWN = [theme for theme in BOOK["themes"] if theme["is_column"] == "yes"]
COLUMNS = {kind: [t["theme"] for t in SHOWN if t["theme_set"] == kind] for kind in ("provincial", "municipal")}
DEADLINE = {int(row["round"]): row["deadline"] for row in BOOK["rounds"]}
SIZE = {int(row["round"]): int(row["size"]) for row in BOOK["rounds"]}
REGIONS = list(dict.fromkeys(row["region_id"] for row in BOOK["regions"]))
STARTS = {row["gm_code"]: row["start_date"] for row in BOOK["municipalities"]}
ENDS = {row["gm_code"]: row["end_date"] for row in BOOK["municipalities"]}
ALLOCATION = {row["credit_id"]: int(row["allocation_cents"]) for row in BOOK["credits"]}


def data(root):
    """The clean tables of a workspace and the deliveries of its data package."""
    clean = Path(root) / "data" / "clean"
    package = json.loads((clean / "datapackage.json").read_text(encoding="utf-8"))
    tables = {path.stem: read(path) for path in clean.glob("*.csv")}
    deliveries = {source["path"]: source for source in package["sources"]}
    for path, card in deliveries.items():  # a list is of the source of its card, and of those that its rows name
        card["sources"] = {card["source_id"]} | {r["source_id"] for r in tables["projects"] if r["file"] == path}
    return tables | {"deliveries": deliveries}


def after(day, count=1):
    return str(datetime.date.fromisoformat(day) + datetime.timedelta(count))


def before(day):
    return after(day, -1)


def days_between(first, last):
    return (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days


def members(region, day):
    """The municipalities of a region on a day; an empty from or to is open."""
    found = set()
    for row in BOOK["regions"]:
        open_from, open_to = row["valid_from"] or "0", row["valid_to"] or "9"
        if row["region_id"] == region and open_from <= day <= open_to:
            found.add(row["gm_code"])
    return found


def split(cents, weights):
    """Cents per municipality by largest remainder, ties in Dutch order, a negative amount as its mirror image."""
    if cents < 0:
        return {gm: -part for gm, part in split(-cents, weights).items()}
    exact = {gm: cents * weight for gm, weight in weights.items()}
    parts = {gm: int(value) for gm, value in exact.items()}
    order = sorted(parts, key=lambda gm: (parts[gm] - exact[gm], GM.index(gm)))
    for gm in order[: cents - sum(parts.values())]:
        parts[gm] += 1
    return parts


def theme_part(themes):
    """one, several, unknown or outside, of themes rolled up to columns; and the columns that are touched."""
    rolled = {PARENT[theme] for theme in themes}
    columns = {theme for theme in rolled if SET[theme] == "provincial" and not ROLE[theme]}
    if columns:
        return ("one" if len(columns) == 1 else "several"), columns
    excluded = {theme for theme in rolled if ROLE[theme] == "excluded"}
    if excluded and "P9" not in rolled:
        return "outside", set()
    return "unknown", {"P9"}


class Project:
    """One project: rows left with one same_as or project_id, the strongest first; each field of the strongest that
    states it."""

    def __init__(self, key, rows, first):
        self.key, self.rows, self.first = key, rows, first
        self.start = self.field("start_from")
        ends = [self.field("end_to"), rows[0]["_gone"]]  # a list that drops it ends it when it is the strongest
        self.end = min((end for end in ends if end), default="")
        self.listed = self.field("status", "unknown") or "unknown"
        self.source = rows[0]["source_id"]
        self.example = any(row["basis"] == "example" for row in rows)
        placed = [row for row in rows if row["placement"] != "unknown"]
        self.placement = placed[0]["placement"] if placed else "unknown"
        self.places = placed[0]["_places"] if placed else []
        self.partly_outside = bool(placed) and placed[0]["_outside"]
        themed = [row for row in rows if row["theme_part"] != "unknown"]
        self.themes = (themed or rows)[0]["_themes"]
        self.part, self.columns = theme_part(self.themes)
        self.municipal = {PARENT[theme] for theme in self.themes if SET[theme] == "municipal"}

    def field(self, name, silent=""):
        for row in self.rows:
            if row[name] not in ("", silent):
                return row[name]
        return ""

    def status(self, day):
        if self.listed in NEVER:
            return self.listed
        if self.end and day > self.end:
            return "completed"
        if self.start:
            if day < self.start:
                return "planned"
            return "completed" if self.listed == "completed" and not self.end else "running"
        if self.listed == "planned":
            return "planned"
        if self.listed == "completed" and not self.end:
            return "completed"
        return "planned" if day < self.first else "running"

    def via(self, gm):
        ways = {place["via"] for place in self.places if place["gm_code"] == gm}
        return next((way for way in ("own", "partnership") if way in ways), "")

    @property
    def province(self):
        return any(place["via"] == "province" for place in self.places)

    def weights(self):
        """Stated shares that sum to 1, else nothing."""
        shares = defaultdict(Fraction)
        if self.placement != "several" or not all(place["weight"] for place in self.places):
            return {}
        for place in self.places:
            shares[place["gm_code"]] += Fraction(place["weight"])
        return dict(shares) if sum(shares.values()) == 1 else {}

    def touched(self, theme_set):
        """The columns of a set that it touches; what is outside touches none."""
        if theme_set == "provincial":
            return self.columns
        return set() if self.part == "outside" else self.municipal

    def states_theme(self, theme):
        """Whether a theme filter on it keeps the project: it touches the theme or one below it."""
        if ROLE[theme] == "unknown":
            return "P9" in self.columns
        return any(theme in (stated, PARENT[stated]) for stated in self.themes)

    def states_only_above(self, theme):
        """Whether it states the theme above a lower theme, and neither that theme nor another one below it."""
        return PARENT[theme] != theme and PARENT[theme] in self.themes and theme not in self.themes


class Reading:
    """A selection: filters as a list of (name, values), the day that it tells of, and the day up to which we know."""

    def __init__(self, tables, filters=(), day="2007-10-09", known=""):
        self.tables, self.filters, self.day, self.known = tables, list(filters), day, known
        self.deliveries = {path: card for path, card in tables["deliveries"].items() if self.takes_part(card)}
        self.bases = set(BASES)
        for values in self.values("basis"):
            self.bases &= {basis for value in values for basis in CHOICES[value]}
        self.pool = self.made_projects()
        self.steps = self.begun(sources=False)
        self.left = self.municipalities()
        self.projects = [project for project in self.pool if self.keeps(project)]
        self.counting = [project for project in self.projects if project.status(day) == "running"]

    def values(self, name):
        return [values for given, values in self.filters if given == name]

    def narrowed(self, name, value):
        return Reading(self.tables, [*self.filters, (name, [value])], self.day, self.known)

    def at(self, day, known):
        return Reading(self.tables, self.filters, day, known)

    # ------------------------------------------------------------ which rows take part

    def takes_part(self, card):
        if self.known and card["date"] > self.known:
            return False
        if card["basis"] != "example":
            return True
        return not any(
            other["basis"] == "received" and other["sources"] & card["sources"]
            for other in self.tables["deliveries"].values()
        )

    def told(self, rows, kind, thing):
        """The rows of the newest delivery of each source and basis that lists a thing, with the day on which it
        ended for us: the day before a newer complete delivery that no longer lists it."""
        lists = defaultdict(set)
        rows = [row for row in rows if self.counts_on(row["file"])]
        for row in rows:
            lists[row[thing], self.teller(row)].add((self.deliveries[row["file"]]["date"], row["file"]))
        newest = {key: max(files) for key, files in lists.items()}
        for row in rows:
            source, basis = self.teller(row)
            date, file = newest[row[thing], (source, basis)]
            if row["file"] != file:
                continue
            later = [
                other["date"]
                for other in self.deliveries.values()
                if (kind in other["rows"] and other["complete"])
                and (source in other["sources"] and other["basis"] == basis and other["date"] > date)
            ]
            yield row, before(min(later)) if later else ""

    def counts_on(self, file):
        return file in self.deliveries and self.deliveries[file]["basis"] in self.bases

    def teller(self, row):
        """(source, basis) that tells a row: the source that it names, else that of its card."""
        card = self.deliveries[row["file"]]
        return row.get("source_id") or card["source_id"], card["basis"]

    def made_projects(self):
        """The projects that the rows left by basis and the two clocks make."""
        first = {}
        groups = defaultdict(list)
        for row in self.tables["projects"]:
            if self.counts_on(row["file"]):
                key = row["same_as"] or row["project_id"]
                first[key] = min(first.get(key, "9"), self.deliveries[row["file"]]["date"])
        for row, gone in self.told(self.tables["projects"], "projects", "project_id"):
            groups[row["same_as"] or row["project_id"]].append((row, gone))
        return [self.made_project(key, found, first[key]) for key, found in sorted(groups.items())]

    def made_project(self, key, found, first):
        rows = []
        for row, gone in found:
            of_row = (row["project_id"], row["file"])
            made = {"_places": self.of("placements", of_row), "_themes": self.themes_of(of_row)}
            rows.append(row | made | {"_outside": self.names_outside(row), "_gone": gone})
        rows.sort(key=lambda r: (BASES.index(r["basis"]), SOURCES.index(r["source_id"]), r["project_id"]))
        return Project(key, rows, first)

    def of(self, table, of_row):
        if ("by", table) not in self.tables:
            index = defaultdict(list)
            for row in self.tables[table]:
                index[row["project_id"], row["file"]].append(row)
            self.tables["by", table] = index
        return self.tables["by", table][of_row]

    def themes_of(self, of_row):
        return {row["theme"] for row in self.of("project_themes", of_row)}

    def names_outside(self, row):
        """Whether a place that is none of the codebook stands beside the municipalities of a row (findings J01, J03)."""
        found = [(f["file"], f["row"]) for f in self.tables["findings"] if f["code"] in ("J01", "J03")]
        return (row["file"], row["row"]) in found

    # ------------------------------------------------------------ conversations

    def begun(self, sources=True):
        """gm_code -> the steps in force that have begun."""
        steps = defaultdict(list)
        for row, gone in self.told(self.tables["conversations"], "conversations", "gm_code"):
            card = self.deliveries[row["file"]]
            if sources and not all(card["source_id"] in values for values in self.values("source")):
                continue
            if gone and self.day > gone:
                continue
            if row["step"] == "planned" or row["date_from"] <= self.day:
                steps[row["gm_code"]].append(row)
        return steps

    def stands(self, steps):
        """gm_code -> (round, state, furthest step as its place in STATES)."""
        found = {}
        for gm, rows in steps.items():
            rounds = [(row["date_from"] if row["step"] != "planned" else "", int(row["round"])) for row in rows]
            reached = max((STATES.index(row["step"]) for row in rows if row["step"] in STATES), default=-1)
            second = any(row["step"] == "second_contact" for row in rows)
            if second:
                reached = max(reached, STATES.index("talk"))
            state = "second_contact" if second and reached < AGREED else STATES[reached] if reached >= 0 else ""
            found[gm] = (max(rounds)[1], state, reached)
        return found

    def named(self):
        """The standing of the municipalities left, as the sources left tell it."""
        return {gm: stands for gm, stands in self.stands(self.begun()).items() if gm in self.left}

    def late(self, stands):
        deadline = DEADLINE.get(stands[0], "")
        return bool(deadline) and self.day > deadline and stands[2] < AGREED

    # ------------------------------------------------------------ filters

    def municipalities(self):
        left = set(GM)
        for values in self.values("municipality"):
            left &= set(values)
        for values in self.values("region"):
            left &= set().union(*(members(region, self.day) for region in values))
        stands = self.stands(self.steps)
        for values in self.values("round"):
            left &= {gm for gm, (number, _, _) in stands.items() if number in [int(value) for value in values]}
        return [gm for gm in GM if gm in left]

    def keeps(self, project, themes=True):
        for name, values in self.filters:
            if name == "source" and not any(row["source_id"] in values for row in project.rows):
                return False
            if name == "status" and project.status(self.day) not in values:
                return False
            if name == "theme" and themes and not any(project.states_theme(theme) for theme in values):
                return False
        placed = any(name in ("region", "municipality", "round") for name, _ in self.filters)
        return not placed or project.province or any(project.via(gm) for gm in self.left)

    def half_told(self):
        """Projects that a filter on a lower theme leaves out for stating only the theme above it."""
        found = []
        for project in self.pool:
            if project in self.projects or not self.keeps(project, themes=False):
                continue
            if project.status(self.day) != "running":
                continue
            for values in self.values("theme"):
                if any(project.states_theme(theme) for theme in values):
                    continue
                if not any(project.states_only_above(theme) for theme in values):
                    break
            else:
                found.append(project)
        return found

    def complete(self):
        """Whether a source that every source filter leaves has a delivery that its card calls complete."""
        left = set(SOURCES).intersection(*self.values("source"))
        for card in self.deliveries.values():
            of_projects = card["complete"] and "projects" in card["rows"]
            if of_projects and card["basis"] in self.bases and card["sources"] & left:
                return True
        return False

    # ------------------------------------------------------------ coverage

    def reaches(self, projects, gm):
        """Projects that reach a municipality: (own, only through a partnership)."""
        ways = [project.via(gm) for project in projects]
        return ways.count("own"), ways.count("partnership")

    def columns(self, theme_set="provincial"):
        chosen = set(COLUMNS[theme_set])
        for values in self.values("theme"):
            chosen &= {PARENT[theme] for theme in values}
        touching = [p for p in self.counting if p.province or any(p.via(gm) for gm in self.left)]
        if not any("P9" in project.columns for project in touching):
            chosen -= {"P9"}
        return [theme for theme in COLUMNS[theme_set] if theme in chosen]

    def matrix(self, theme_set="provincial"):
        """(gm_code, theme) -> (state, number, own, partnership); theme '' = total, gm_code '' = province-wide."""
        half, empty = self.half_told(), "none" if self.complete() else "unknown"
        cells = {}
        for theme in [*self.columns(theme_set), ""]:
            touching = [p for p in self.counting if (theme in p.touched(theme_set) if theme else p.touched(theme_set))]
            half_here = [p for p in half if p.part != "outside" and (not theme or theme in p.touched(theme_set))]
            province = sum(project.province for project in touching)
            cells["", theme] = ("province", province, 0, 0)
            for gm in self.left:
                own, through = self.reaches(touching, gm)
                there = STARTS[gm] <= self.day and (not ENDS[gm] or self.day < ENDS[gm])
                if not there and not own + through:
                    cells[gm, theme] = ("absent", 0, 0, 0)
                    continue
                state = "unknown" if any(project.via(gm) for project in half_here) else empty
                state = "own" if own else "partnership" if through else state
                cells[gm, theme] = (state, own + through, own, through)
        return cells

    def covered(self):
        """own, partnership, covered, of, projects that cover, province-wide ones; None = not known."""
        inside = [project for project in self.counting if project.columns]
        reached = [self.reaches(inside, gm) for gm in self.left]
        own = sum(1 for mine, _ in reached if mine)
        through = sum(1 for mine, others in reached if others and not mine)
        covering = [project for project in inside if any(project.via(gm) for gm in self.left)]
        province = sum(project.province for project in inside)
        found = (own, through, own + through)
        if not own + through and not self.complete():
            found = (None, None, None)
        return (*found, len(self.left), len(covering), province)

    # ------------------------------------------------------------ footings

    def regions_of(self, project):
        """gm_code -> its regions at the start of the project, else at its first delivery."""
        day = project.start or project.first
        codes = {place["gm_code"] for place in project.places}
        return {gm: [region for region in REGIONS if gm in members(region, day)] for gm in codes}

    def foot(self, project, by):
        """The row of a footing in which a project counts."""
        if by == "source":
            return project.source
        if by == "theme":
            return next(iter(project.columns)) if project.part == "one" else project.part
        if project.placement == "unassigned":
            return "unassigned"
        if project.placement == "province":
            return "undivided"
        if not project.places:
            return project.placement
        if by == "region":
            within = self.regions_of(project).values()
            common = set(REGIONS).intersection(*within)
            partly = project.placement == "several" and (project.partly_outside or len(within) == 1)
            if len(common) == 1 and not partly:
                return common.pop()
        elif project.placement == "one":
            return project.places[0]["gm_code"]
        return "shared" if project.weights() else "undivided"

    def footing(self, by):
        counts = defaultdict(int)
        for project in self.counting:
            counts[self.foot(project, by)] += 1
        return dict(counts) | {"": len(self.counting)}

    # ------------------------------------------------------------ money

    def amounts(self, project, credit=CREDIT):
        """kind -> cents of the strongest row in force with an amount on that credit that has begun."""
        for row in project.rows:
            kinds = defaultdict(int)
            for amount in self.of("amounts", (row["project_id"], row["file"])):
                if amount["credit_id"] == credit and amount["date_from"] <= self.day:
                    kinds[amount["kind"]] += int(amount["cents"])
            if kinds:
                return dict(kinds)
        return {}

    def shown(self, project):
        """(asked, granted, settled) as far as they are shown: granted and settled are the parts of committed."""
        kinds = self.amounts(project)
        asked = kinds.get("asked", 0)
        if "settled" in kinds:
            return asked, 0, kinds["settled"]
        return asked, 0 if project.status(self.day) in NEVER else kinds.get("granted", 0), 0

    def states_money(self):
        """Whether a list that the basis filter leaves states an amount on the credit."""
        for row in self.tables["amounts"]:
            card = self.deliveries.get(row["file"])
            if card and card["basis"] in self.bases and row["credit_id"] == CREDIT:
                return True
        return False

    def budget(self):
        """item -> cents; None = not known."""
        found = {"allocation": ALLOCATION[CREDIT]}
        if not self.states_money():
            return found | dict.fromkeys(("asked", "granted", "settled", "committed", "free", "over"))
        asked, granted, settled = (sum(self.shown(p)[i] for p in self.projects) for i in range(3))
        free = ALLOCATION[CREDIT] - sum(sum(self.shown(project)[1:]) for project in self.pool)
        return found | {
            "asked": asked,
            "granted": granted,
            "settled": settled,
            "committed": granted + settled,
            "free": free,
            "over": max(0, -free),
        }

    def budget_by(self, by):
        """code -> [projects, asked, granted, settled]."""
        if not self.states_money():
            return {"": [0, None, None, None]}
        rows = defaultdict(lambda: [0, 0, 0, 0])
        for project in self.projects:
            if not self.amounts(project):
                continue
            code, cents = self.foot(project, by), self.shown(project)
            rows[code][0] += 1
            rows[""][0] += 1
            for i, value in enumerate(cents, 1):
                rows[""][i] += value
                for place, part in self.parts(project, code, by, value).items():
                    rows[place][i] += part
        return dict(rows)

    def parts(self, project, code, by, cents):
        """Where the cents of a project stand: in its own row, or over the rows of its stated shares."""
        if code != "shared":
            return {code: cents}
        parts = defaultdict(int)
        regions = self.regions_of(project)
        for gm, part in split(cents, project.weights()).items():
            where = gm if by == "municipality" else regions[gm][0] if len(regions[gm]) == 1 else "undivided"
            parts[where if gm in self.left else "outside_selection"] += part
        return parts

    def listed(self):
        """source -> (projects, {kind: cents}) of amounts on no credit."""
        rows = defaultdict(lambda: [0, defaultdict(int)])
        for project in self.projects:
            kinds = self.amounts(project, credit="")
            rows[project.source][0] += bool(kinds)
            for kind, cents in kinds.items():
                rows[project.source][1][kind] += cents
        return {source: (number, dict(kinds)) for source, (number, kinds) in rows.items() if number}

    # ------------------------------------------------------------ rounds, claims

    def claims(self):
        """The newest delivery of each fact that was stated by then."""
        newest = {}
        for row in self.tables["claims"]:
            card = self.deliveries.get(row["file"])
            if card and row["as_of"] <= self.day:
                newest[row["fact_id"]] = max(
                    newest.get(row["fact_id"], ("", {})), (card["date"], row), key=lambda f: f[0]
                )
        return [row for _, row in newest.values()]

    def stated(self):
        """(round, state) -> (number, now or reached) that the newest letter states; round 0 = all rounds."""
        claims = [row for row in self.claims() if row["measure"].startswith(("rounds.now:", "rounds.reached:"))]
        newest = max((row["as_of"] for row in claims), default="")
        found, groups = {}, defaultdict(int)
        for row in claims:
            if row["as_of"] == newest:
                way, number, state = row["measure"].removeprefix("rounds.").split(":")
                found[int(number or 0), state] = (int(row["stated"]), way)
                groups[int(number or 0)] += int(row["stated"])
        for number, stated in groups.items():
            size = SIZE.get(number, sum(SIZE.values()))
            if size >= stated:
                found[number, "not_stated"] = (size - stated, "now")
        return found

    def rounds(self):
        """(round, state) -> (municipalities, reached, late) of named rows; None where no row names the round."""
        named, rows = self.named(), {}
        for number in [*SIZE, 0]:
            here = [stands for stands in named.values() if number in (0, stands[0])]
            for state in [*STATES, "second_contact"]:
                now = [stands for stands in here if stands[1] == state]
                if state == "second_contact":
                    reached = len(now)
                else:
                    reached = sum(stands[2] >= STATES.index(state) for stands in here)
                late = sum(self.late(stands) for stands in now)
                rows[number, state] = (len(now), reached, late) if here else (None, None, None)
            rows[number, "not_stated"] = (None, None, None)
        return rows

    def claim(self, row):
        """(computed, verdict) of a claim at its own date."""
        then = self.at(row["as_of"], self.known)
        computed = then.computed(row["measure"])
        if computed is None:
            return None, "not_computable"
        about = row["stated"].startswith("ca.")
        text = row["stated"].removeprefix("ca.").strip().replace(".", "").replace(",", ".")
        decimals = len(text.partition(".")[2])
        stated = Fraction(text)
        if round(computed, decimals) == stated:
            return computed, "holds"
        if about and abs(computed - stated) <= stated * Fraction(2, 100):
            return computed, "approximately"
        return computed, "differs"

    def computed(self, measure):
        name, _, rest = measure.partition(":")
        if name == "projects.source":
            of_kind = [project for project in self.projects if project.source == rest]
        if name == "projects.placement":
            of_kind = [project for project in self.projects if project.placement == rest]
        if name.startswith("projects"):
            return sum(project in self.counting for project in of_kind) if of_kind else None
        named = self.named()
        if not named:
            return None
        if name == "rounds.count":
            return len({stands[0] for stands in named.values()})
        number, _, state = rest.partition(":")
        here = [stands for stands in named.values() if not number or stands[0] == int(number)]
        if name == "rounds.size":
            return len(here)
        if name == "rounds.now":
            return sum(stands[1] == state for stands in here)
        reached = sum(stands[2] >= STATES.index(state) for stands in here)
        return Fraction(100 * reached, len(self.left)) if name == "rounds.share" else reached

    def days_late(self):
        """gm_code -> days from the deadline of its round to the agreement, or to the day; None = not late or unknown."""
        found, steps = {}, self.begun()
        for gm, stands in self.named().items():
            deadline = DEADLINE.get(stands[0], "")
            days = [r["date_from"] for r in steps[gm] if r["step"] == "agreed" and int(r["round"]) == stands[0]]
            late = None
            if deadline and days:
                late = days_between(deadline, min(days))
            elif deadline and stands[2] < AGREED and self.day > deadline:
                late = days_between(deadline, self.day)
            found[gm] = late
        return found

    # ------------------------------------------------------------ summary, changes

    def summary(self):
        """name -> (value, of, made, made_up)."""
        covered, of = self.covered()[2:4]
        made = (len(self.projects), sum(project.example for project in self.projects))
        named = self.named()
        money = [project for project in self.projects if self.amounts(project)]
        steps = self.begun()
        invented = sum(any(self.deliveries[r["file"]]["basis"] == "example" for r in steps[gm]) for gm in named)
        agreed = sum(stands[2] >= AGREED for stands in named.values()) if named else None
        return {
            "covered": (covered if of else None, of, *made),
            "projects": (len(self.counting), len(self.projects), *made),
            "committed": (
                self.budget()["committed"],
                ALLOCATION[CREDIT],
                len(money),
                sum(project.example for project in money),
            ),
            "agreed": (agreed, of, len(named), invented),
        }

    def changes(self, since, since_known):
        """Sorted (kind, new or gone, project): what happened, what we learned, what was corrected.

        What a later list brings into the selection (another theme or place of a project that was known) is learned.
        """
        then, earlier = self.at(since, self.known), self.at(since, since_known)
        now, was, as_told = ({p.key for p in moment.counting} for moment in (self, then, earlier))
        told = {project.key for project in earlier.projects}  # of the selection: see the docstring
        found = [("happened", "new", key) for key in now - was] + [("happened", "gone", key) for key in was - now]
        found += [("corrected" if key in told else "learned", "new", key) for key in was - as_told]
        found += [("corrected", "gone", key) for key in as_told - was]
        return sorted(found)
