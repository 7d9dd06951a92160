"""Weights and views as a model might learn them, for the small shop: always the same, and easy to search slowly."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.vocabulary import VIEW_DIMENSIONS
from tests.live.shops import ENTITIES, VERDICTS

EDGES = [pair for pair, (label, _, _) in VERDICTS.items() if label == "complement"]


def weights(seed: int = 0) -> pl.DataFrame:
    """head, tail, weight of every complementary edge."""
    drawn = np.random.default_rng(seed).uniform(0.1, 0.9, size=len(EDGES))
    rows = [(head, tail, weight) for (head, tail), weight in zip(EDGES, drawn, strict=True)]
    return pl.DataFrame(rows, schema=["head", "tail", "weight"], orient="row")


def views(seed: int = 0) -> pl.DataFrame:
    """id, substitutable, complementary of every entity but the lantern."""
    ids = [name for name in ENTITIES if name != "lantern"]
    random = np.random.default_rng(seed)
    columns = {
        name: random.normal(loc=0.2, size=(len(ids), VIEW_DIMENSIONS)).tolist()
        for name in ("substitutable", "complementary")
    }
    return pl.DataFrame({"id": ids, **columns})


def nearest(frame: pl.DataFrame, view: str, entity: str) -> list[tuple[str, float]]:
    """Entities by the cosine of their first view with a view of the entity, nearest first."""
    ids = frame["id"].to_list()
    first = np.array(frame["substitutable"].to_list())
    asked = np.array(frame.filter(id=entity)[view].item().to_list())
    cosines = first @ asked / np.linalg.norm(first, axis=1) / np.linalg.norm(asked)
    return sorted(zip(ids, cosines.tolist(), strict=True), key=lambda pair: -pair[1])
