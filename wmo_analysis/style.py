"""The look of every chart: colours, sizes, measured text, the plotly template and the frame around a plot.

A chart draws its marks and hands the figure to :func:`frame`, which places title, subtitle, key and footer
and computes the margins from the measured texts. Text from data reaches plotly through :func:`escape` alone.
"""

import functools
import html
import re
import unicodedata
from types import SimpleNamespace

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
_WIDTHS = [{c: width / 1000 for width, chars in table.items() for c in chars} for table in (_NORMAL, _BOLD)]

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


def sizes(width):
    """Font sizes, padding and line width in px for a chart of `width` px: memo, dashboard or screen."""
    names = "title subtitle label footer pad hairline"
    steps = (
        (700, "14.7 11.3 10.7 9.3 2 .75"),
        (1100, "18 13 12 11 2 1"),
        (1250, "21 15 14 12 2 1"),
        (1600, "24 16 14 12.5 24 1"),
        (float("inf"), "28 19 17 15 32 1"),
    )
    found = next(values for limit, values in steps if width < limit)
    return SimpleNamespace(**dict(zip(names.split(), map(float, found.split()), strict=True)))


def escape(text):
    """Text that plotly and HTML show as it stands: no tag, entity or maths. The one place that escapes."""
    text = re.sub(r"[\x00-\x1f\x7f]+", " ", str(text))
    return html.escape(text, quote=False).replace("$", "&#36;")


def measure(text, px, bold=False):
    """Width in px of a raw (not escaped) text; a character that is not in the table counts as a full em."""
    return px * _ems(str(text), bold)


@functools.lru_cache(maxsize=1 << 14)  # the same labels come back in every chart
def _ems(text, bold):
    table = _WIDTHS[bold]
    letters = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return sum(table.get(c, 1.0) for c in letters)


def fit(text, px, width, bold=False):
    """The raw text, with an ellipsis in place of what does not fit into `width` px."""
    text = str(text)
    if measure(text, px, bold) <= width:
        return text
    while text and measure(text + "…", px, bold) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(text, px, width, bold=False):
    """Lines no wider than `width` px, broken at plain spaces only; a longer word is cut with an ellipsis."""
    lines = [""]
    for word in str(text).split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if not lines[-1] or measure(longer, px, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [fit(line, px, width, bold) for line in lines]


def checked(table, name):
    """The `attrs["wmo"]` of a table that measure.`name` returned and nobody changed since; else WmoError.

    A view of a measure is named with it: "coverage(by='theme')".
    """
    about = schema.checked(table)
    found = about["measure"] + (f"(by={about['by']!r})" if "by" in about else "")
    if found != name:
        raise WmoError(words.say("chart.error.measure", about["language"], found=found, wanted=name))
    return about


def selection(about):
    """The selection in words, raw: 'thema Sociale cohesie, regio Utrecht-West', or 'alle bronnen'."""
    return about["selection_text"] or words.say("chart.filter.nothing", about["language"])


def citation(about):
    """'WMO-monitor, coverage, regio Utrecht-West, stand per 9 oktober 2007, build 0123456789ab'."""
    cited = dict(measure=about["measure"], selection=selection(about), build=about["build"])
    date = words.date(about["as_of"], about["language"])
    return words.say("chart.citation", about["language"], date=date, **cited)


def example_line(about):
    """'Bevat voorbeeldgegevens: 41 van 57 projecten', or '' when no example takes part."""
    counts = {name: words.number(about[name]) for name in ("examples", "projects")}
    return words.say("chart.example", about["language"], **counts) if about["examples"] else ""


def footer(about, rule):
    """Raw footer lines, the example line first whenever an example takes part; no parameter removes it."""
    language = about["language"]
    sources = about["source_names"] or [words.say("chart.no_source", language)]
    assumed = "; ".join(about["assumptions"])
    source = words.say("chart.source", language, sources=words.listing(sources, language))
    source = f"{source} {assumed[:1].upper()}{assumed[1:]}." if assumed else source
    return [line for line in (example_line(about), source, rule) if line]
