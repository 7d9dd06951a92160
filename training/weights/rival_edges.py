"""Edges that stand in for judged ones in ablations: what purchases alone say, and nothing at all."""

from __future__ import annotations

import polars as pl

from training.random_graph import random_graph
from training.weights.counters import count_edges

_SHRINKAGE = 10.0


def copurchase_edges(purchases: pl.DataFrame, count: int) -> pl.DataFrame:
    """The `count` ordered pairs (head, tail) whose second entity followed the first most often beyond chance.

    `purchases` has actor, entity and when. Pairs are ranked by (followed + k) / (expected + k) with k = 10, ties by
    head and tail, among those that anyone bought both of.
    """
    pairs = _bought_both(purchases)
    counted = count_edges(purchases, list(pairs.iter_rows()), [0.5] * pairs.height)
    lift = (counted.followed + _SHRINKAGE) / (counted.expected + _SHRINKAGE)
    ranked = pairs.with_columns(lift=pl.Series(lift)).sort(-pl.col("lift"), "head", "tail")
    return ranked.head(count).select("head", "tail").sort("head", "tail")


def random_edges(edges: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The edges (head, tail) with their ends shuffled: as many from every head and to every tail as in `edges`."""
    given = list(edges.select("head", "tail").sort("head", "tail").iter_rows())
    rows = random_graph(given, seed)
    return pl.DataFrame(rows, schema={"head": pl.String, "tail": pl.String}, orient="row").sort("head", "tail")


def _bought_both(purchases: pl.DataFrame) -> pl.DataFrame:
    owned = purchases.select("actor", "entity").unique()
    both = owned.join(owned, on="actor", suffix="_other").select(head="entity", tail="entity_other").unique()
    return both.filter(pl.col("head") != pl.col("tail")).sort("head", "tail")
