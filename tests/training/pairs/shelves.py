"""A small shelf, purchases and relations, drawn by chance and known in full."""

from __future__ import annotations

import numpy as np
import polars as pl

from training.pairs.purchases import Purchases
from training.pairs.relations import Relations
from training.pairs.shelf import Shelf, shelf

ENTITIES = ("bag", "gas", "mat", "pot", "stove")
COMPLEMENTS = {("stove", "gas"): 0.95, ("stove", "pot"): 0.85, ("mat", "bag"): 0.75, ("bag", "mat"): 0.85}
SUBSTITUTES = {("pot", "stove"): 1, ("bag", "mat"): 2}


def small_shelf(items: int = 40, seed: int = 0) -> Shelf:
    """Items of five entities (every seventh of none), two categories, three brands, and title vectors."""
    rng = np.random.default_rng(seed)
    frame = pl.DataFrame(
        {
            "id": [str(item) for item in range(items)],
            "entity": [None if item % 7 == 6 else ENTITIES[item % 5] for item in range(items)],
            "category": [("A > B > C > D", "A > B > E")[item % 2] for item in range(items)],
            "brand": [None if item % 4 == 3 else f"brand {item % 3}" for item in range(items)],
        },
        schema_overrides={"entity": pl.String},
    )
    complements = pl.DataFrame(
        [(head, tail, prior) for (head, tail), prior in COMPLEMENTS.items()],
        schema=["head", "tail", "probability"],
        orient="row",
    )
    substitutes = pl.DataFrame(
        [(head, tail, strength) for (head, tail), strength in SUBSTITUTES.items()],
        schema=["head", "tail", "strength"],
        orient="row",
    )
    text = rng.standard_normal((items, 6)).astype(np.float32)
    return shelf(frame, complements, substitutes, text / np.linalg.norm(text, axis=1, keepdims=True))


def small_purchases(items: int = 40, actors: int = 30, seed: int = 1) -> Purchases:
    """Up to eight purchases an actor, some at one moment."""
    rng = np.random.default_rng(seed)
    rows = [
        (actor, int(rng.integers(0, items)), place // 2 if actor % 3 == 0 else place)
        for actor in range(actors)
        for place in range(int(rng.integers(1, 9)))
    ]
    actor, item, when = np.array(rows, dtype=np.int64).T
    return Purchases(actor, item, when, items)


def small_relations(items: int = 40, number: int = 150, seed: int = 2) -> Relations:
    """Different directed pairs with labels."""
    rng = np.random.default_rng(seed)
    keys = rng.permutation(items * items)
    keys = keys[keys // items != keys % items][:number]
    return Relations(keys // items, keys % items, rng.integers(0, 3, number), items)


def all_pairs(items: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Every ordered pair."""
    rows, columns = np.meshgrid(np.arange(items), np.arange(items), indexing="ij")
    return rows.ravel(), columns.ravel()
