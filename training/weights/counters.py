"""Smoothed counters of purchases for the edges of the graph: how often the second entity followed the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.weights.batches import batches

CHUNK = 2_000_000  # rows of a join

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
    coded = pairs.cast(pl.Enum(pairs["head"].unique()))
    known = _priced(spans, coded)
    counts = [
        _bought_both(part, known, coded)
        .group_by(pl.col("entity").alias("head"), "tail")
        .agg(both=pl.len(), followed=(pl.col("first") <= pl.col("last_tail")).sum())
        for part in batches(known, known.select(pl.min_horizontal("held", "degree")).to_series(), CHUNK)
    ]
    schema = {"head": coded.schema["head"], "tail": coded.schema["tail"], "both": pl.UInt32(), "followed": pl.UInt32()}
    total = pl.concat([pl.DataFrame(schema=schema), *counts], how="vertical_relaxed").group_by("head", "tail").sum()
    return total.cast({"head": pl.String, "tail": pl.String})


def _priced(spans: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Spans of entities of pairs, by actor: `held` such entities has the actor, in `degree` pairs is the entity."""
    degrees = pairs.group_by(entity="head").agg(degree=pl.len())
    coded = spans.with_columns(pl.col("entity").cast(pairs.schema["head"], strict=False), pl.col("actor").rank("dense"))
    return coded.join(degrees, on="entity").with_columns(held=pl.len().over("actor")).sort("actor")


def _bought_both(part: pl.DataFrame, spans: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The part's spans beside those of their actors that a pair leads to: entity, first, tail, last_tail.

    The shorter way for each: by what the actor bought, or by the entity's pairs.
    """
    tails = spans.select("actor", tail="entity", last_tail="last").join(part, on="actor", how="semi")
    by_actor = part.filter(pl.col("held") <= pl.col("degree")).join(tails, on="actor")
    by_entity = part.filter(pl.col("held") > pl.col("degree")).join(pairs, left_on="entity", right_on="head")
    columns = ("entity", "first", "tail", "last_tail")
    return pl.concat(
        [
            by_actor.join(pairs, left_on=("entity", "tail"), right_on=("head", "tail"), how="semi").select(columns),
            by_entity.join(tails, on=("actor", "tail")).select(columns),
        ]
    )


def _order_rate(found: pl.DataFrame) -> float:
    both = int(found["both"].sum())
    return float(found["followed"].sum()) / both if both else 0.5
