"""The demo shop's knowledge as the edge-weight model reads it, without a graph."""

from __future__ import annotations

import numpy as np
import polars as pl

from services.demo.shop import demo_table
from training.simulator.world import World
from training.weights.eei.coding import Coding
from training.weights.eei.knowledge import Knowledge, kin_pairs, price_buckets
from training.weights.eei.text import word_vectors


def demo_knowledge(world: World, edges: pl.DataFrame) -> Knowledge:
    """Concepts and items of the world with the demo shop's texts; `edges` has head, tail and probability."""
    entities, items = Coding.of(world.entities), Coding.of(world.items)
    concepts = demo_table("entities").filter(pl.col("id").is_in(list(entities.ids))).sort("id")
    titles = demo_table("items").filter(pl.col("id").is_in(list(items.ids))).sort("id")
    described = concepts.select(pl.concat_str("name", pl.col("definition").fill_null(""), separator=". "))
    text = word_vectors([*described.to_series(), *titles["title"].fill_null("")])
    main = pl.DataFrame({"item": world.items, "entity": [world.entities[code] for code in world.entity]})
    named = concepts.select(
        "id", "name", pl.col("aliases").fill_null("").str.split("|"), parent=pl.lit(None, pl.String)
    )
    return Knowledge(
        entities,
        items,
        edges.select("head", "tail", "probability"),
        main,
        text[: len(entities)],
        text[len(entities) :],
        np.zeros(len(entities), dtype=np.int64),
        price_buckets(titles["price"].cast(pl.Float64)),
        np.ones(len(items), dtype=np.bool_),
        kin_pairs(named, entities),
    )
