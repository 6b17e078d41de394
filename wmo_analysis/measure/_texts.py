"""Lists of projects: what each column of them holds, in words where an analyst reads it."""

import numpy as np
import pandas as pd

from wmo_analysis.measure._shape import Shape
from wmo_analysis.monitor import Monitor
from wmo_analysis.schema import PLACEMENTS, STATUSES
from wmo_analysis.words import say_each

Texts = pd.api.extensions.ExtensionArray
IN_WORDS = ("province", "unassigned", "outside", "unknown")  # placements that have a text of their own


def source_texts(monitor: Monitor, at: np.ndarray) -> Texts:
    """The label of the source of each of the projects `at`."""
    labels = monitor.labels("source", monitor.codebook.source_ids)
    return pd.array(labels, dtype="str").take(monitor.pool.source[at])


def status_texts(monitor: Monitor, at: np.ndarray) -> Texts:
    """The label of the status on the date of each of the projects `at`."""
    return pd.array(monitor.labels("status", STATUSES), dtype="str").take(monitor.derived[at])


def place_texts(monitor: Monitor, at: np.ndarray) -> Texts:
    """Where each of the projects `at` is: municipalities, a partnership, 'provinciebreed', 'nog niet toegewezen',
    'onbekend'."""
    pool, in_words = monitor.pool, dict(zip(IN_WORDS, say_each("placement", IN_WORDS, monitor.language), strict=True))
    told = np.array([in_words.get(name, "") for name in PLACEMENTS], dtype=object)[pool.placement[at]]
    places = np.array(monitor.facts.place_texts, dtype=object)[pool.place[at]]
    # who names no place that we know, is nowhere that we know
    return pd.array(np.where(told != "", told, np.where(places != "", places, in_words["unknown"])), dtype="str")


def theme_texts(monitor: Monitor, at: np.ndarray) -> Texts:
    """The themes of each of the projects `at`, in codebook order."""
    return monitor.facts.theme_texts(monitor.language).take(monitor.pool.theme[at])


MADE = {  # column of a list -> what makes it for the projects `at`
    "source": source_texts,
    "place": place_texts,
    "theme_labels": theme_texts,
    "status": status_texts,
    "derived": lambda monitor, at: pd.array(STATUSES, dtype="str").take(monitor.derived[at]),
    "invented": lambda monitor, at: monitor.pool.invented[at],
}
STORED = {"project": "group", "start": "start_from", "end": "end_to"}  # column of a list -> its name in the pool


def listed(monitor: Monitor, at: np.ndarray, shape: Shape, **given: np.ndarray | list) -> pd.DataFrame:
    """The projects `at` (places in the pool) as a table of that shape; `given` are the columns that its measure makes."""
    table = {}
    for name in shape.columns:
        if name in given:
            table[name] = given[name]
        elif name in MADE:
            table[name] = MADE[name](monitor, at)
        else:
            table[name] = monitor.pool.column(STORED.get(name, name), at)
    return pd.DataFrame(table)
