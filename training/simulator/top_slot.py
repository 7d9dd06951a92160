"""Off-policy estimates inside the simulation, where the truth is known: which item should stand at the top?

Lists that were shown in random order are decisions of a logging policy that is known exactly: of a list of k items each
stood at the top with probability 1/k.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.simulator.intervals import Estimate
from training.simulator.off_policy import Decisions, direct, doubly_robust, ips, snips

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TopSlot:
    """n decisions over k items: `chance` [n, k] is the true rate of clicks at the top, `taken` [n] what stood there.

    `clicked` [n] is whether that was clicked; `modelled` [n, k] what a model fitted to other rows expects.
    """

    chance: Floats
    modelled: Floats
    taken: NDArray[np.int64]
    clicked: NDArray[np.bool_]

    def truth(self, policy: Floats) -> float:
        """The rate of clicks that a policy, probabilities [n, k], really has in these n situations."""
        return float((policy * self.chance).sum(axis=1).mean())

    def estimates(self, policy: Floats) -> dict[str, Estimate]:
        """What each estimator makes of the log."""
        rows = np.arange(len(self.taken))
        log = Decisions(
            self.clicked.astype(np.float64), np.full(len(rows), 1.0 / self.chance.shape[1]), policy[rows, self.taken]
        )
        expected = (policy * self.modelled).sum(axis=1)
        return {
            "IPS": ips(log),
            "SNIPS": snips(log),
            "doubly robust": doubly_robust(log, self.modelled[rows, self.taken], expected),
            "model alone": direct(expected),
        }

    def replayed(self, rng: np.random.Generator) -> TopSlot:
        """The same situations with other items at the top and other clicks, drawn from the truth."""
        taken = rng.integers(self.chance.shape[1], size=len(self.taken))
        clicked = rng.random(len(taken)) < self.chance[np.arange(len(taken)), taken]
        return TopSlot(self.chance, self.modelled, taken, clicked)


def top_slot(shown: pl.DataFrame, k: int) -> TopSlot:
    """The decisions in a log [training.simulator.log.SHOWN_SCHEMA]: its lists of k items in random order.

    Items are ordered by the rank that the service gave them. The model is the rate of clicks by rank and channel of
    the lists that were not shuffled.
    """
    full = shown.with_columns(pl.len().over("request").alias("length")).filter(pl.col("length") == k)
    model = _model(full.filter(~pl.col("shuffled")), shown)
    lists = full.filter("shuffled").join(model, on=["rank", "channel"], how="left").sort("request", "rank")
    taken = lists.filter(pl.col("position") == 0).sort("request")
    shape = (len(taken), k)
    return TopSlot(
        lists["chance"].to_numpy().reshape(shape),
        lists["modelled"].fill_null(0.0).to_numpy().reshape(shape),
        taken["rank"].to_numpy().astype(np.int64),
        taken["clicked"].to_numpy(),
    )


def policies(n: int, k: int) -> Mapping[str, Floats]:
    """Policies over items ordered by rank, probabilities [n, k]: the service's first item, a soft one, the last."""
    soft = np.exp(-np.arange(k) / 2.0)
    return {
        "first": np.tile(np.eye(k)[0], (n, 1)),
        "mostly the first": np.tile(soft / soft.sum(), (n, 1)),
        "last": np.tile(np.eye(k)[-1], (n, 1)),
    }


def _model(seen: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Columns rank, channel, modelled: clicks per look, looks by the click rates of shuffled lists' places."""
    shuffled = shown.filter("shuffled").group_by("position").agg(rate=pl.col("clicked").mean())
    top = shuffled.filter(pl.col("position") == 0)["rate"]
    look = shuffled.with_columns(look=(pl.col("rate") / (top[0] if len(top) and top[0] else 1.0)).clip(0.05, 1.0))
    joined = seen.join(look.select("position", "look"), on="position", how="left")
    rates = joined.group_by("rank", "channel").agg(
        modelled=pl.col("clicked").sum() / (pl.col("look").fill_null(1.0).sum() + 1.0)
    )
    return rates.with_columns(pl.col("modelled").clip(0.0, 1.0))
