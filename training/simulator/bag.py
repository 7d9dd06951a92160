"""From weights of edges to the score of an exposure: the bag over its triggers, as recall does it."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.weights.sharing import TIMESCALE

RHO = 0.9


def bagged(samples: pl.DataFrame, weights: pl.DataFrame) -> NDArray[np.float64]:
    """The score of every exposure of `samples` [training.simulator.samples.SAMPLE_SCHEMA], in the order of samples.

    1 - prod(1 - a w) over triggers with a = rho exp(-age / T) (spec, sections 4 and 8). `weights` has weight and the
    columns head and tail, and may have item: a weight for each (edge, item). Without a weight an edge counts 0.
    """
    keys = [name for name in ("head", "tail", "item") if name in weights.columns]
    weighed = samples.join(weights, on=keys, how="left", maintain_order="left")
    active = RHO * (-pl.col("age") / TIMESCALE).exp() * pl.col("weight").fill_null(0.0)
    missed = weighed.group_by("sample", maintain_order=True).agg(miss=(1.0 - active).product())
    return np.asarray(1.0 - missed.sort("sample")["miss"].to_numpy())
