"""What the judge knows of the truth: which needs it names, which it misses, and how well it ranks them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from scipy import stats

from training.simulator.world import World


@dataclass(frozen=True, slots=True)
class Agreement:
    """Edges that are needs, edges that are none, needs without an edge, and the rank correlation of prior and rate.

    The correlation is not a number where either is constant.
    """

    right: int
    false: int
    missing: int
    correlation: float


def needs_of(world: World) -> pl.DataFrame:
    """Columns head, tail, rate: every need of the world at the beginning."""
    rows = [
        (world.entities[head], world.entities[tail], float(world.strength[head, tail]))
        for head, tail in zip(*world.strength.nonzero(), strict=True)
    ]
    return pl.DataFrame(rows, schema={"head": pl.String, "tail": pl.String, "rate": pl.Float64}, orient="row")


def agreement(world: World, edges: pl.DataFrame) -> Agreement:
    """How the judge's edges (head, tail, probability) agree with the world's needs."""
    needs = needs_of(world)
    joined = edges.join(needs, on=["head", "tail"], how="left").with_columns(pl.col("rate").fill_null(0.0))
    right = joined.filter(pl.col("rate") > 0).height
    return Agreement(right, edges.height - right, needs.height - right, _correlation(joined))


def _correlation(joined: pl.DataFrame) -> float:
    if joined["probability"].n_unique() < 2 or joined["rate"].n_unique() < 2:
        return float("nan")
    return float(stats.spearmanr(joined["probability"].to_numpy(), joined["rate"].to_numpy()).statistic)
