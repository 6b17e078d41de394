"""Projects in words: their source, where they are, and their themes."""

import numpy as np
import pandas as pd

from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import PLACEMENTS, STATUSES
from wmo_analysis.words import say

Texts = pd.api.extensions.ExtensionArray
IN_WORDS = ("province", "unassigned", "outside", "unknown")  # placements that have a text of their own


def source_texts(monitor: Monitor, at: np.ndarray) -> Texts:
    """The label of the source of each of the projects `at`."""
    labels = [monitor.label("source", code) for code in monitor.codebook.source_ids]
    return pd.array(labels, dtype="str").take(monitor.pool.source[at])


def status_texts(monitor: Monitor, at: np.ndarray) -> Texts:
    """The label of the status on the date of each of the projects `at`."""
    labels = [monitor.label("status", code) for code in STATUSES]
    return pd.array(labels, dtype="str").take(monitor.derived[at])


def place_texts(monitor: Monitor, at: np.ndarray) -> Texts:
    """Where each of the projects `at` is: municipalities, a partnership, 'provinciebreed', 'nog niet toegewezen',
    'onbekend'."""
    pool, texts = monitor.pool, monitor.facts.place_texts
    told = [say(f"placement.{name}", monitor.language) if name in IN_WORDS else "" for name in PLACEMENTS]
    places = zip(pool.placement[at].tolist(), pool.place[at].tolist(), strict=True)
    return pd.array([told[placement] or texts[place] or told[-1] for placement, place in places], dtype="str")


def theme_texts(monitor: Monitor, at: np.ndarray) -> Texts:
    """The themes of each of the projects `at`, in codebook order."""
    return monitor.facts.theme_texts(monitor.language).take(monitor.pool.theme[at])
