"""Smoothed counters of purchases for the edges of the graph: how often the second entity followed the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

CHUNK = 20_000

Floats = NDArray[np.float64]
Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EdgeCounters:
    """What purchases say about n edges e → f; each array has the shape [n], prior probabilities in (0, 1).

    `buyers`: actors who bought e. `followed`: those who bought f after e. `expected`: how many of them would by chance.
    """

    prior: Floats
    buyers: Floats
    followed: Floats
    expected: Floats


def count_edges(purchases: pl.DataFrame, edges: Sequence[Edge], priors: Sequence[float]) -> EdgeCounters:
    """Counters of every edge from purchases with the columns actor, entity and when (null: no order).

    An actor follows e → f whose first e lies before some f; at one moment, as in a basket without order, both orders
    hold. By chance as many would as bought e, times the share of all actors who bought f, times the rate at which the
    order holds among actors who bought both, over all edges and their reverses: a half if everything is bought once
    and in order, 1 in baskets. Purchases that are being predicted must not be in the frame.
    """
    spans = _spans(purchases)
    actors = spans["actor"].n_unique()
    wanted = _wanted(edges)
    found = _followed(spans, wanted)
    bought = dict(spans.group_by("entity").len().iter_rows())
    counted = wanted.join(found, on=("head", "tail"), how="left", maintain_order="left").fill_null(0)
    buyers = np.array([bought.get(head, 0) for head, _ in edges], dtype=np.float64)
    tails = np.array([bought.get(tail, 0) for _, tail in edges], dtype=np.float64)
    expected = buyers * tails / max(actors, 1) * _order_rate(found)
    followed = counted["followed"].to_numpy().astype(np.float64)
    return EdgeCounters(np.asarray(priors, dtype=np.float64), buyers, followed, expected)


def _spans(purchases: pl.DataFrame) -> pl.DataFrame:
    """The first and the last purchase of every entity by every actor."""
    when = pl.col("when").cast(pl.Int64).fill_null(0)
    return purchases.group_by("actor", "entity").agg(when.min().alias("first"), when.max().alias("last"))


def _wanted(edges: Sequence[Edge]) -> pl.DataFrame:
    schema = {"head": pl.String, "tail": pl.String}
    return pl.DataFrame(list(edges), schema=schema, orient="row")


def _followed(spans: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Per edge or reversed edge with buyers of both: `both`, and `followed` of them in the edge's order."""
    reverse = wanted.select(head="tail", tail="head")
    pairs = pl.concat([wanted, reverse]).unique()
    counts = [
        part.join(pairs, left_on="entity", right_on="head")
        .join(part, left_on=("actor", "tail"), right_on=("actor", "entity"), suffix="_tail")
        .group_by(pl.col("entity").alias("head"), "tail")
        .agg(both=pl.len(), followed=(pl.col("first") <= pl.col("last_tail")).sum())
        for part in _chunks(spans)
    ]
    empty = pl.DataFrame(schema={"head": pl.String, "tail": pl.String, "both": pl.UInt32, "followed": pl.UInt32})
    return pl.concat([empty, *counts], how="vertical_relaxed").group_by("head", "tail").sum()


def _chunks(spans: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows of CHUNK actors at a time: joins grow with the square of what an actor bought."""
    ranked = spans.with_columns(part=pl.col("actor").rank("dense") // CHUNK)
    yield from ranked.partition_by("part", include_key=False)


def _order_rate(found: pl.DataFrame) -> float:
    both = int(found["both"].sum())
    return float(found["followed"].sum()) / both if both else 0.5
