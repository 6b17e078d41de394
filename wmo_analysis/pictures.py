"""Pictures of charts, PNG and SVG: drawn by one Chrome, within a deadline and with one restart."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import plotly.graph_objects as go

from wmo_analysis.errors import WmoError
from wmo_analysis.export import writing

DEADLINE = 60  # s for all pictures of one call; a killed or hanging Chrome never answers
NO_CHROME = "Chrome of Chromium is niet gevonden; zonder kunnen grafieken niet als plaatje worden bewaard."
NO_ANSWER = "Chrome geeft geen antwoord; grafieken konden niet als plaatje worden bewaard. Probeer het opnieuw."
NOT_OURS = "Deze figuur komt niet uit een grafiek van de monitor; teken hem met wmo.chart."


def save(figures: list[go.Figure], paths: list[Path], scale: float = 2) -> list[Path]:
    """Draws each figure to its path, PNG or SVG by suffix, at its own width times `scale`; returns the paths written.

    Raises WmoError without a Chrome that answers, and for a figure that no chart of ours made.
    """
    if any("citation" not in (figure.layout.meta or {}) for figure in figures):
        raise WmoError(NOT_OURS)
    written = []
    drawings = drawn(figures, [path.suffix[1:] for path in paths], scale)
    for drawing, wanted in zip(drawings, paths, strict=True):
        with writing(wanted) as (part, path):
            part.write_bytes(drawing)
        written.append(path)
    return written


def drawn(figures: list[go.Figure], formats: list[str], scale: float = 2) -> list[bytes]:
    """The figures as bytes of 'png' or 'svg'. Raises WmoError without a Chrome that answers."""
    jobs = [(figure, {"format": kind, "scale": scale}) for figure, kind in zip(figures, formats, strict=True)]
    for _ in range(2):  # a Chrome that dies once is the machine's mood, twice is a fault that we tell
        made = _attempt(jobs)
        if len(made) == len(jobs):
            return made
    raise WmoError(NO_ANSWER)


def _attempt(jobs: list[tuple]) -> list[bytes]:
    """What a new Chrome has drawn of (figure, options) when it was done, or when the time was up."""
    import kaleido  # half a second, that only who draws should wait for
    from kaleido.errors import ChromeNotFoundError

    for noisy in ("kaleido", "choreographer"):  # what they tell of a page that closes is no matter of an analyst
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    try:
        chrome = kaleido.Kaleido(n=1, page_generator=kaleido.PageGenerator(mathjax=False))
    except ChromeNotFoundError as error:
        raise WmoError(NO_CHROME) from error
    made: list[bytes] = []

    async def draw() -> None:
        async with chrome:
            for figure, options in jobs:
                made.append(await chrome.calc_fig(figure, options))

    _within(DEADLINE, draw)
    process = getattr(chrome, "subprocess", None)  # no public name; without it a hanging Chrome outlives us
    if process and len(made) < len(jobs):
        process.kill()
    return made


def _within(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Runs the coroutine function in a thread of its own, also below a running loop, and waits no longer than that."""

    def run() -> None:
        with contextlib.suppress(Exception):  # whatever goes wrong between us and Chrome: what was drawn tells
            asyncio.run(work())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
