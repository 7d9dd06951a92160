"""A toy shop: brushes of a brand are followed by paints of the same brand."""

from __future__ import annotations

import numpy as np
import polars as pl

from training.cold.content import Content
from training.evaluation.histories import Histories
from training.weights.timelines import TIMELINE

BRANDS = ("Alba", "Brix", "Coro")
SIZES = 8


def catalogue() -> pl.DataFrame:
    rows = [
        (f"{kind}-{brand}-{size}", f"{brand} {kind} number {size}", brand, kind.title(), kind)
        for kind in ("brush", "paint")
        for brand in BRANDS
        for size in range(SIZES)
    ]
    return pl.DataFrame(rows, schema=["id", "title", "brand", "category", "entity"], orient="row").sort("id")


def content() -> Content:
    edges = pl.DataFrame({"head": ["brush"], "tail": ["paint"], "probability": [0.8]})
    return Content.of(catalogue(), edges)


def histories(users: int = 400) -> Histories:
    generator = np.random.default_rng(0)
    rows = []
    for user in range(users):
        brand = BRANDS[user % len(BRANDS)]
        for place, kind in enumerate(("brush", "paint", "paint")):
            rows.append((f"u:{user:04d}", f"{kind}-{brand}-{generator.integers(SIZES)}", place))
    return Histories.of(pl.DataFrame(rows, schema=TIMELINE, orient="row"), catalogue()["id"].to_list())
