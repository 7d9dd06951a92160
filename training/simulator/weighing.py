"""What edge weights are worth: how well each way of weighing tells clicked complementary exposures from the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.simulator.auc import Exposures, Line
from training.simulator.bag import bagged
from training.weights.counters import EdgeCounters
from training.weights.impressions import click_counters, count_impressions
from training.weights.port import EdgeWeigher
from training.weights.rates import PriorOnly, SmoothedRates
from training.weights.sharing import TIMESCALE

Floats = NDArray[np.float64]
PRIOR, COUNTERS = "prior only", "smoothed counters"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The edges judged: columns head, tail, probability."""

    edges: pl.DataFrame

    def counted(self, samples: pl.DataFrame, examined: Floats) -> EdgeCounters:
        """The click counters of every edge from samples [SAMPLE_SCHEMA]."""
        pairs = list(self.edges.select("head", "tail").iter_rows())
        impressions = count_impressions(samples, examined, TIMESCALE)
        return click_counters(impressions, pairs, self.edges["probability"].to_list())

    def weights(self, weigher: EdgeWeigher, counters: EdgeCounters) -> pl.DataFrame:
        """Columns head, tail, weight."""
        weight = pl.Series(weigher.weigh(counters), dtype=pl.Float64)
        return self.edges.select("head", "tail", weight=weight)


def standard_weights(knowledge: Knowledge, train: pl.DataFrame, examined: Floats) -> dict[str, pl.DataFrame]:
    """The weights (head, tail, weight) of the prior only and of the counters of clicks only."""
    counters = knowledge.counted(train, examined)
    weighers: dict[str, EdgeWeigher] = {PRIOR: PriorOnly(), COUNTERS: SmoothedRates()}
    return {name: knowledge.weights(weigher, counters) for name, weigher in weighers.items()}


def weight_board(
    test: pl.DataFrame, weights: Mapping[str, pl.DataFrame], scores: Mapping[str, Floats], seed: int
) -> dict[str, Line]:
    """The AUC at equal places of every method over held-out samples [SAMPLE_SCHEMA], beside that of prior only.

    `weights` are frames for `training.simulator.bag.bagged` and name PRIOR; `scores` are of methods that score
    exposures themselves, shape [exposures], in the order of samples.
    """
    rows = test.unique("sample", keep="first", maintain_order=True).sort("sample")
    users = rows["actor"].rank("dense").to_numpy().astype(np.int64)
    exposures = Exposures(rows["clicked"].to_numpy(), rows["position"].to_numpy(), users)
    every = {name: bagged(test, frame) for name, frame in weights.items()} | dict(scores)
    return exposures.board(every, PRIOR, np.random.default_rng([seed, 4]))
