"""The demo shop's tables as a simulated world: its items, its hidden needs, and what its judge says of them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from services.demo.shop import demo_table
from services.judging.prior import StrengthPriors
from training.simulator.log import START
from training.simulator.world import World, build_world


def demo_world(seed: int) -> World:
    """The demo shop's catalogue with its hidden needs; days count from `training.simulator.log.START`."""
    gold = demo_table("item_entities").rename({"item_id": "id", "entity_id": "entity"})
    created = pl.col("created_at").str.to_datetime(time_zone="UTC")
    items = demo_table("items").join(gold, on="id", how="inner", maintain_order="left")
    dated = items.with_columns(pl.col("price").cast(pl.Float64), day=(created - START) / timedelta(days=1))
    return build_world(dated, demo_table("needs").with_columns(pl.col("rate").cast(pl.Float64)), seed)


def demo_edges() -> pl.DataFrame:
    """Columns head, tail, probability: what the demo shop's judge takes for complementary, with its priors."""
    priors = StrengthPriors()
    verdicts = demo_table("verdicts").filter(pl.col("label") == "complement").sort("head", "tail")
    probability = [priors.of(int(strength)) for strength in verdicts["strength"]]
    return verdicts.select("head", "tail", probability=pl.Series(probability, dtype=pl.Float64))
