"""The look of all that is shown: colours, sizes, measured text, the plotly template and what is cited below a chart.

Colours stand here alone; css takes them as variables. Text from data reaches plotly and HTML through :func:`escape`.
"""

import functools
import html
import re
import unicodedata
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
import plotly.io

from wmo_analysis import schema, words
from wmo_analysis.errors import WmoError

plotly.io.renderers.default = "plotly_mimetype"  # drawn by JupyterLab itself: no network, and it survives reopening

FONT = 'Arial, "Liberation Sans", "Helvetica Neue", Helvetica, sans-serif'
# fmt: off
LIGHT = SimpleNamespace(
    paper="#FFFFFF", ink="#1A1D21", muted="#5A626C", axis="#8A929C", grid="#E3E6EA", track="#F1F3F5",
    blue="#12436D", teal="#28A197", orange="#F46A25", pink="#801650", grey="#3D3D3D", lilac="#A285D1",
    teal_text="#1B7A72", orange_text="#B8430C", lilac_text="#6F4FA8", on_blue="#FFFFFF", on_mid="#1A1D20", hatch="#CBD8E4",
    ramp=("#C9D8E6", "#6E9BC4", "#12436D"), classes=("#FFFFFF", "#DFE8F0", "#B3CAE0", "#6E9BC4", "#12436D"))
DARK = {  # light colour -> its twin in the dark theme: the page of the dashboard swaps them, files stay light
    "#FFFFFF": "#14181D", "#1A1D21": "#E8EBEE", "#5A626C": "#A3ACB6", "#8A929C": "#66707B", "#E3E6EA": "#2B323A",
    "#F1F3F5": "#1E242B", "#12436D": "#7FB2E5", "#28A197": "#3FBFB3", "#F46A25": "#FF8A4C", "#801650": "#E58BB8",
    "#3D3D3D": "#C3C9D0", "#A285D1": "#BCA6EA", "#1B7A72": "#5ED0C5", "#B8430C": "#FF9F6B", "#6F4FA8": "#CDBDF2",
    "#CBD8E4": "#2E4761", "#C9D8E6": "#26405A", "#6E9BC4": "#4F86B8", "#DFE8F0": "#1F3347", "#B3CAE0": "#325878",
    "#1A1D20": "#0B1A29"}  # on_mid: ink on fills that stay bright, so its own colour
MARKS = (LIGHT.blue, LIGHT.teal, LIGHT.orange, LIGHT.pink, LIGHT.grey, LIGHT.lilac)  # at most these six fills

# Width of characters in Arial and Liberation Sans, in thousandths of the font size: regular, bold.
_NORMAL = {
    191: "'", 222: "ijlł‘’‚", 260: "|", 278: " !,./:;I[\\]ft·ı\u00a0", 333: "()-`r“”„²³¡{}", 355: '"•',
    400: "*°", 444: "ĳ", 469: "^", 500: "Jcksvxyz", 556: "#$0123456789?L_abdeghnopqu€£þðŁ–§¶«»±≥≤≈",
    584: "+<=>~×−", 611: "FTZßø¿", 667: "&ABEKPSVXY", 722: "CDHNRUw", 737: "©®Ĳ", 778: "GOQØ", 833: "Mm½¼¾",
    889: "%æ", 944: "Wœ", 1000: "ŒÆ—…→←", 1015: "@"}
_BOLD = {
    238: "'", 278: " ,./I\\ijl·ıł‘’‚|\u00a0",
    333: "!()-:;[]`ft²³¡", 389: "*r{}•", 400: "°", 474: '"', 500: "z“”„",
    556: "#$0123456789J_aceksvxy€£–ĳ§¶«»±≥≤≈", 584: "+<=>^~×−", 611: "?FLTZbdghnopqußøþðŁ¿", 667: "EPSVXY",
    722: "&ABCDHKNRU", 778: "GOQwØ©®", 833: "M½¼¾Ĳ", 889: "%mæ", 944: "Wœ", 1000: "@ŒÆ—…→←"}

TEMPLATE = go.layout.Template(layout=dict(
    font=dict(family=FONT, size=14, color=LIGHT.ink), colorway=MARKS, separators=",.", showlegend=False,
    paper_bgcolor=LIGHT.paper, plot_bgcolor=LIGHT.paper, barmode="overlay", dragmode=False,
    hovermode="closest",
    hoverlabel=dict(bgcolor=LIGHT.paper, bordercolor=LIGHT.axis, align="left", namelength=-1,
                    font=dict(family=FONT, color=LIGHT.ink)),
    modebar=dict(remove=["sendChartToCloud", "sendDataToCloud", "editInChartStudio", "select2d", "lasso2d",
                         "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"]),
    annotationdefaults=dict(showarrow=False, borderpad=0, borderwidth=0, align="left"),
    **{axis: dict(automargin=False, fixedrange=True, showgrid=False, zeroline=False, ticks="",
                  gridcolor=LIGHT.grid, linecolor=LIGHT.axis) for axis in ("xaxis", "yaxis")}))
# fmt: on


NOTEBOOK = 800  # px: what a notebook leaves beside the file list in a window of 1280


class Sizes(NamedTuple):
    """Font sizes, the padding around a chart and the thinnest line [px]."""

    title: float
    subtitle: float
    label: float
    footer: float
    pad: float
    hairline: float


STEPS = {  # widths below [px] -> sizes: memo, notebook, dashboard, screen
    700: Sizes(14.7, 11.3, 10.7, 9.3, 2.0, 0.75),
    1100: Sizes(18.0, 13.0, 12.0, 11.0, 2.0, 1.0),
    1250: Sizes(21.0, 15.0, 14.0, 12.0, 2.0, 1.0),
    1600: Sizes(24.0, 16.0, 14.0, 12.5, 24.0, 1.0),
}
LARGE = Sizes(28.0, 19.0, 17.0, 15.0, 32.0, 1.0)


def sizes(width: float) -> Sizes:
    """The sizes for a chart of `width` px."""
    return next((found for limit, found in STEPS.items() if width < limit), LARGE)


def variables() -> str:
    """The colours as css variables, `--orange-text` for orange_text, for the light and the dark theme of JupyterLab."""
    light = {name.replace("_", "-"): value for name, value in vars(LIGHT).items() if isinstance(value, str)}
    dark = {name: DARK[value] for name, value in light.items()}
    dark["on-blue"] = dark["on-mid"]  # blue is bright in the dark theme
    blocks = []
    for where, colours in ((".wmo", light), ('body[data-jp-theme-light="false"] .wmo', dark)):
        lines = "; ".join(f"--{name}: {value}" for name, value in colours.items())
        blocks.append(f"{where} {{ {lines}; }}\n")
    return "".join(blocks)


def escape(text: object) -> str:
    """Text that plotly and HTML show as it stands: no tag, entity, maths or template. The one place that escapes."""
    text = re.sub(r"[\x00-\x1f\x7f]+", " ", str(text))
    # plotly fills in "%{x}" of a note from the meta of the figure, with nothing where it has no x
    return html.escape(text, quote=False).replace("$", "&#36;").replace("%{", "&#37;{")


def measure(text: object, px: float, bold: bool = False) -> float:
    """Width in px of a raw (not escaped) text; a character that is not in the table counts as a full em."""
    return px * _ems(str(text), bold)


@functools.cache
def _widths(bold: bool) -> dict[str, float]:
    """Width of each character, in font sizes."""
    table = _BOLD if bold else _NORMAL
    return {char: width / 1000 for width, chars in table.items() for char in chars}


@functools.lru_cache(maxsize=1 << 14)  # the same labels come back in every chart
def _ems(text: str, bold: bool) -> float:
    letters = (char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return sum(_widths(bold).get(char, 1.0) for char in letters)


def fit(text: object, px: float, width: float, bold: bool = False) -> str:
    """The raw text, with an ellipsis in place of what does not fit into `width` px."""
    text = str(text)
    if measure(text, px, bold) <= width:
        return text
    while text and measure(text + "…", px, bold) > width:  # letter by letter: widths differ too much to divide
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(text: object, px: float, width: float, bold: bool = False) -> list[str]:
    """Lines no wider than `width` px, broken at plain spaces only; a longer word is cut with an ellipsis."""
    lines = [""]
    for word in str(text).split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if not lines[-1] or measure(longer, px, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [fit(line, px, width, bold) for line in lines]


def checked(table: pd.DataFrame, name: str) -> Mapping[str, Any]:
    """The `attrs["wmo"]` of a table that measure.`name` returned and nobody changed since; else WmoError.

    A view of a measure is named with it: "coverage(by='theme')".
    """
    about = schema.checked(table)
    found = about["measure"] + (f"(by={about['by']!r})" if "by" in about else "")
    if found != name:
        raise WmoError(words.say("chart.error.measure", about["language"], found=found, wanted=name))
    return about


def selection(about: Mapping[str, Any]) -> str:
    """The selection in words, raw: 'thema Sociale cohesie, regio Utrecht-West', or 'alle bronnen'."""
    return about["selection_text"] or words.say("chart.filter.nothing", about["language"])


def citation(about: Mapping[str, Any]) -> str:
    """'WMO-monitor, dekking, regio Utrecht-West, stand per 9 oktober 2007, kenmerk 0123456789ab', and its letters."""
    language, date = about["language"], clocks(about)
    if places := "; ".join(dict.fromkeys(about.get("letter", {}).values())):
        date += f" ({words.say('chart.citation.letter', language, places=places)})"
    cited = dict(measure=words.say(f"measure.{about['measure']}", language), build=about["build"])
    return words.say("chart.citation", language, date=date, selection=selection(about), **cited)


def clocks(about: Mapping[str, Any]) -> str:
    """'9 oktober 2007', and what was known where that was chosen: '9 oktober 2007, zoals bekend op 30 november 2006'."""
    language, date = about["language"], words.date(about["as_of"], about["language"])
    if not about.get("known_on"):
        return date
    return f"{date}, {words.say('note.known', language, date=words.date(about['known_on'], language))}"


EXAMPLES = {"made": "made", "made_up": "made_up", "known": "known_too"}  # {names} of the example line -> of a citation


def example_line(about: Mapping[str, Any]) -> str:
    """'Bevat voorbeeldgegevens: 41 van 57 projecten', of what the figure is made of, or '' when no example takes part."""
    counts = {name: words.number(count) for name, count in _counts(about).items()}
    return " ".join(words.say(key, about["language"], **counts) for key in example_keys(about))


def example_keys(about: Mapping[str, Any]) -> list[str]:
    """The texts that make the example line, with the {names} of EXAMPLES; [] when no example takes part."""
    of, (made, made_up, known) = about.get("made_of") or "projects", _counts(about).values()
    if not made_up:
        return []
    if made == known == 1:
        return ["chart.example.known.only"]
    if known:
        return [f"chart.example.{of}.some", f"chart.example.known.{'one' if known == 1 else 'more'}"]
    if made_up < made:
        return [f"chart.example.{of}.some"]
    return [f"chart.example.{of}.{'one' if made == 1 else 'all'}"]


def _counts(about: Mapping[str, Any]) -> dict[str, int]:
    """made, made_up, known of what the figure is made of; a citation that does not say so counts its projects."""
    if not about.get("made_of"):
        return dict(made=about["projects"], made_up=about["examples"], known=0)
    return {name: int(about[cited]) for name, cited in EXAMPLES.items()}


def footer(about: Mapping[str, Any], rule: str) -> list[str]:
    """Raw footer lines, the example line first whenever an example takes part; no parameter removes it."""
    language = about["language"]
    sources = about["source_names"] or [words.say("chart.no_source", language)]
    assumed = "; ".join(about["assumptions"])
    source = words.say("chart.source", language, sources=words.listing(sources, language))
    if assumed:
        source += f" {assumed[:1].upper()}{assumed[1:]}."
    return list(filter(None, [example_line(about), source, rule]))
