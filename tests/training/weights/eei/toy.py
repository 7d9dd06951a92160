"""A toy shop on which the model can be trained in a second: whoever bought e1 soon buys of e2 or e4, more of e2."""

from __future__ import annotations

import numpy as np
import polars as pl

from training.weights.eei.coding import Coding
from training.weights.eei.hyperparameters import Hyperparameters
from training.weights.eei.knowledge import Knowledge
from training.weights.eei.text import word_vectors
from training.weights.timelines import Events

ENTITIES = ("e1", "e2", "e3", "e4")
EDGES = pl.DataFrame(
    [("e1", "e2", 0.75), ("e1", "e4", 0.95), ("e2", "e3", 0.85), ("e3", "e2", 0.85)],
    schema=["head", "tail", "probability"],
    orient="row",
)
MAIN = pl.DataFrame(
    {"item": [f"{e}-{n}" for e in ENTITIES for n in range(3)], "entity": [e for e in ENTITIES for _ in range(3)]}
)
QUICK = Hyperparameters(
    dimensions=8, hidden=8, items=2, complements=2, batch=32, epochs=3, learning_rate=0.02, validation=0.2
)


def knowledge() -> Knowledge:
    entities, items = Coding.of(ENTITIES), Coding.of([*MAIN["item"], "loose"])
    text = word_vectors([*entities.ids, *items.ids], 6)
    price, there = np.zeros(len(items), np.int64), np.ones(len(items), np.bool_)
    return Knowledge(
        entities, items, EDGES, MAIN, text[:4], text[4:], np.array([0, 1, 1, 2]), price, there, np.array([[0, 2]])
    )


def timelines(rows: list[tuple[str, str, int | None]]) -> pl.DataFrame:
    """Rows of what was bought, shown or clicked, in lists without an id."""
    line = {"actor": pl.String, "item": pl.String, "when": pl.Int64}
    return pl.DataFrame(rows, schema=line, orient="row").with_columns(request=pl.lit(None, pl.String))


def purchases(actors: int = 120, seed: int = 5) -> Events:
    """Everyone buys of e1 first, then of e2 with probability 0.8, else of e4; then anything."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[str, str, int | None]] = []
    for actor in range(actors):
        entities = ["e1", "e2" if rng.random() < 0.8 else "e4", str(rng.choice(ENTITIES))]
        rows += [(f"u{actor}", f"{e}-{min(rng.geometric(0.6) - 1, 2)}", n) for n, e in enumerate(entities, 1)]
    frame = timelines(rows)
    return Events(frame, frame.clear(), frame.clear(), clock=False)
