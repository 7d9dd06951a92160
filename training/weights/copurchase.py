"""Directed co-purchase: which items are bought soon after which.

A[a, b] = sum of 1/d over purchases of b at distance d = 1..5 after one of a in an actor's timeline; the weight of
a → b is A[a, b] / (row sum + 3). Where two purchases stand at the same moment (a basket, equal times) neither comes
first, and the pair counts both ways.
"""

from __future__ import annotations

import polars as pl

from graph.ordering import natural_order

DISTANCE = 5
SMOOTHING = 3.0
LIST = 200  # on Beauty the 3 % of pairs beyond it change no figure in the third decimal

FOLLOWERS = pl.Schema({"item": pl.String, "next": pl.String, "weight": pl.Float64, "rank": pl.Int64})


def followers(timelines: pl.DataFrame, keep: int = LIST) -> pl.DataFrame:
    """Each item's `keep` strongest followers [FOLLOWERS], rank from 1, from timelines [training.weights.timelines]."""
    weighed = strengths(timelines).with_columns(
        weight=pl.col("part") / (pl.col("part").sort().sum().over("item") + SMOOTHING)
    )
    ordered = weighed.sort("item", -pl.col("weight"), *natural_order("next"))
    ranked = ordered.with_columns(rank=pl.int_range(1, pl.len() + 1).over("item"))
    return ranked.filter(pl.col("rank") <= keep).select(FOLLOWERS.names()).cast(FOLLOWERS)


def strengths(timelines: pl.DataFrame) -> pl.DataFrame:
    """Columns item, next, part: A[item, next] before it is divided, in no particular order."""
    pairs = [pair for distance in range(1, DISTANCE + 1) for pair in _pairs(timelines, distance)]
    # Summed in a fixed order, so that equal data give equal bits.
    return pl.concat(pairs).group_by("item", "next").agg(pl.col("part").sort().sum())


def _pairs(timelines: pl.DataFrame, distance: int) -> list[pl.DataFrame]:
    later = timelines.select(
        "item",
        next=pl.col("item").shift(-distance).over("actor"),
        tied=pl.col("when").eq_missing(pl.col("when").shift(-distance)).over("actor"),
    ).filter(pl.col("next").is_not_null() & (pl.col("next") != pl.col("item")))
    forward = later.select("item", "next", part=pl.lit(1.0 / distance))
    backward = later.filter("tied").select(item="next", next="item", part=pl.lit(1.0 / distance))
    return [forward, backward]
