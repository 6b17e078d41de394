"""Blocks to one HTML file: the charts with their tables and sentences, nothing fetched from anywhere."""

from collections.abc import Callable
from functools import partial
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wmo_analysis import style, words
from wmo_analysis.report._blocks import Block, Chart, Grid, Heading, Text
from wmo_analysis.report._bound import Book, Figure
from wmo_analysis.report._content import COVERAGE, MEMO, head_line, title_of


def html(book: Book, blocks: list[Block]) -> str:
    """The page as text: the blocks in order, every figure with its citation as its title."""
    language = book.monitor.language
    # a page has a table below each chart: the same one in the text would stand there twice
    captions = {block.grid.caption for block in blocks if isinstance(block, Chart)}
    page = _environment().get_template("page.html.j2")
    return page.render(
        language=language,
        title=title_of(book, blocks),
        font=style.FONT,
        colour=style.LIGHT,
        example=head_line(book, MEMO.first),
        blocks=[block for block in blocks if not _elsewhere(block, captions)],
        citation=style.citation(book.about(COVERAGE)),
        plotly=files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8"),
        say=partial(words.say, language=language),
        source=lambda figure: style.citation(book.tables[figure.citation].attrs["wmo"]),
    )


def _elsewhere(block: Block, captions: set[str]) -> bool:
    """Whether a page does without it: the head of a letter, and a table that stands below its chart already."""
    if isinstance(block, Text):
        return block.look == "head"
    return isinstance(block, Grid) and block.caption in captions


def _environment() -> Environment:
    """Jinja with our one door for text, and the kinds of blocks as its tests."""
    made = Environment(
        loader=PackageLoader("wmo_analysis", "template"),
        autoescape=True,
        finalize=_escaped,  # `autoescape` alone leaves $x$, which a notebook takes for mathematics
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    kinds = {"heading": Heading, "text": Text, "grid": Grid, "chart": Chart, "figure": Figure}
    made.tests |= {name: _is(kind) for name, kind in kinds.items()}
    made.filters["quoted"] = _quoted
    made.tests["bullet"] = lambda block: isinstance(block, Text) and block.look == "bullet"
    return made


def _is(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kind)


def _escaped(value: object) -> Markup:
    """Any value as HTML; line breaks stay, which cells of a table show."""
    if isinstance(value, Markup):
        return value
    return Markup("\n".join(map(style.escape, str(value).split("\n"))))


def _quoted(value: object) -> Markup:
    """Any value for between the quotes of an attribute."""
    return Markup(str(_escaped(value)).replace('"', "&quot;"))
