"""Small histories and tasks for tests of evaluations."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import strategies as st

from training.evaluation.histories import Histories
from training.evaluation.task import Task
from training.weights.timelines import TIMELINE

Purchase = tuple[str, str, int | None]  # actor, item, when; in the order of the timeline
ITEMS = ["10", "9", "2", "a", "B"]
SORTED = ["2", "9", "10", "B", "a"]
PURCHASES = st.lists(
    st.tuples(st.sampled_from("uvw"), st.sampled_from(ITEMS), st.none() | st.integers(0, 3)), min_size=1, max_size=20
).map(lambda rows: sorted(rows, key=lambda row: (row[0], row[2] is not None, row[2] or 0)))


def histories(rows: list[Purchase], items: list[str] = ITEMS) -> Histories:
    return Histories.of(pl.DataFrame(rows, schema=TIMELINE, orient="row"), items)


def lives(rows: list[Purchase]) -> dict[str, list[tuple[str, int | None]]]:
    """Each actor's purchases in order, actors in ascending order."""
    return {actor: [(item, when) for who, item, when in rows if who == actor] for actor in sorted({r[0] for r in rows})}


def ages(life: list[tuple[str, int | None]]) -> list[int]:
    """How many moments came after each purchase."""
    moments: list[int | None] = []
    places = []
    for _, when in life:
        if not moments or moments[-1] != when:
            moments.append(when)
        places.append(len(moments))
    return [len(moments) - place for place in places]


def task(rows: list[Purchase], answers: dict[str, str], depth: int = 20, items: list[str] = ITEMS) -> Task:
    """Cases of some actors, with what they bought as contexts; all items may be listed."""
    known = histories(rows, items)
    contexts = known.take(np.array([known.rows[actor] for actor in answers], dtype=np.int64))
    codes = np.array([known.codes[item] for item in answers.values()], dtype=np.int64)
    return Task("toy", known, contexts, codes, np.ones(len(items), np.bool_), depth)
