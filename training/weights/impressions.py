"""Counters of impressions and clicks for edges, freed of the places at which items stood."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.weights.counters import Edge, EdgeCounters
from training.weights.sharing import shares

Floats = NDArray[np.float64]
FEWEST = 50  # clicks below which they say nothing of single edges
EDGE, EDGE_AND_ITEM = ("head", "tail"), ("head", "tail", "item")


def count_impressions(
    samples: pl.DataFrame, examined: Floats, timescale: float, by: Sequence[str] = EDGE
) -> pl.DataFrame:
    """Columns `by`, impressions, examined and clicks, sorted by `by`.

    `samples` has a row for each exposure and trigger: sample, head, tail, item, position (from 0), age (in the unit of
    `timescale`), clicked. An exposure and its click are shared among its triggers by `training.weights.sharing.shares`.
    `examined` [places] in (0, 1] says how likely each place is looked at; further ones count as the last: an exposure
    is worth that share of a look. clicks / examined is then the rate of clicks that does not depend on where items
    stood (position-based model).
    """
    places = samples["position"].to_numpy().clip(0, len(examined) - 1)
    shared = samples.with_columns(share=shares(timescale), look=pl.Series(examined[places], dtype=pl.Float64))
    counted = shared.group_by(*by).agg(
        impressions=pl.col("share").sort().sum(),
        examined=(pl.col("share") * pl.col("look")).sort().sum(),
        clicks=pl.col("share").filter("clicked").sort().sum(),
    )
    return counted.sort(*by)


def click_counters(impressions: pl.DataFrame, edges: Sequence[Edge], priors: Sequence[float]) -> EdgeCounters:
    """The counters of edges from `count_impressions` by EDGE, in the form in which purchases are counted.

    `buyers` are looks, `followed` clicks, and `expected` the clicks that so many looks give at the mean rate.
    """
    wanted = pl.DataFrame(list(edges), schema={"head": pl.String, "tail": pl.String}, orient="row")
    found = wanted.join(impressions, on=EDGE, how="left", maintain_order="left").fill_null(0.0)
    looks, clicks = found["examined"].to_numpy(), found["clicks"].to_numpy()
    total = float(impressions["examined"].sum())
    rate = float(impressions["clicks"].sum()) / total if total > 0 else 0.0
    return EdgeCounters(np.asarray(priors, dtype=np.float64), looks, clicks, looks * rate)
