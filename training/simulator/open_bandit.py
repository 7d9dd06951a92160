"""Off-policy estimates on real logs: the Open Bandit data (Saito, Aihara, Matsutani and Narita 2021).

Two policies, uniformly random and Bernoulli Thompson sampling ("bts"), were run side by side with their propensities,
so that what one log says of the other policy can be held against that policy's own log.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.simulator.intervals import Estimate, mean, normal
from training.simulator.off_policy import Decisions, doubly_robust, ips, snips

Floats = NDArray[np.float64]
_KEYS = ("campaign", "position", "item_id")
_PSEUDO = 100.0  # impressions for which the overall rate counts in the reward model


@dataclass(frozen=True, slots=True)
class Replay:
    """What a log of `logged` says of the policy `target`, beside the latter's own rate of clicks."""

    logged: str
    target: str
    impressions: int
    clicks: int
    effective: float
    estimates: dict[str, Estimate]
    own: Estimate


def replays(folder: Path) -> list[Replay]:
    """Both directions on `impressions.parquet` of a folder; with few clicks the intervals are wide.

    The random policy's probabilities are known: one over the campaign's items. Those of bts are its shares of
    impressions by campaign, place and item, for it does not look at the user.
    """
    rows = pl.read_parquet(folder / "impressions.parquet")
    parts = {name: rows.filter(pl.col("policy") == name) for name in ("random", "bts")}
    size = rows.group_by("campaign").agg(items=pl.col("item_id").n_unique())
    uniform = rows.select(_KEYS).unique().join(size, on="campaign").with_columns(target=1.0 / pl.col("items"))
    return [
        _replay("bts", "random", parts, uniform.select(*_KEYS, "target")),
        _replay("random", "bts", parts, _shares(parts["bts"])),
    ]


def _shares(rows: pl.DataFrame) -> pl.DataFrame:
    counted = rows.group_by(_KEYS).len("n")
    return counted.with_columns(target=pl.col("n") / pl.col("n").sum().over("campaign", "position")).drop("n")


def _replay(logged: str, target: str, parts: dict[str, pl.DataFrame], policy: pl.DataFrame) -> Replay:
    log = (
        parts[logged]
        .join(policy, on=_KEYS, how="left", maintain_order="left")
        .with_columns(pl.col("target").fill_null(0.0))
    )
    decisions = Decisions(
        log["click"].to_numpy().astype(np.float64), log["propensity_score"].to_numpy(), log["target"].to_numpy()
    )
    modelled, expected = _model(log, policy)
    estimates = {
        "IPS": ips(decisions),
        "SNIPS": snips(decisions),
        "doubly robust": doubly_robust(decisions, modelled, expected),
    }
    own = mean(parts[target]["click"].to_numpy().astype(np.float64))
    clicks = int(log["click"].sum())
    return Replay(logged, target, log.height, clicks, decisions.effective, estimates, normal(own.value, own.variance))


def _model(log: pl.DataFrame, policy: pl.DataFrame) -> tuple[Floats, Floats]:
    """The rate of clicks of the item shown and the policy's mean rate, [n] each, from the other half of the log."""
    numbered = log.with_row_index("row").with_columns(half=pl.col("row") % 2)
    parts = [_half(numbered, half, policy) for half in (0, 1)]
    rows = pl.concat(parts).sort("row")
    return rows["modelled"].to_numpy(), rows["expected"].to_numpy()


def _half(numbered: pl.DataFrame, half: int, policy: pl.DataFrame) -> pl.DataFrame:
    other, mine = numbered.filter(pl.col("half") != half), numbered.filter(pl.col("half") == half)
    overall = float(other["click"].mean() or 0.0)  # type: ignore[arg-type]
    counted = other.group_by("campaign", "item_id").agg(clicks=pl.col("click").sum(), seen=pl.len())
    rates = policy.join(counted, on=["campaign", "item_id"], how="left").with_columns(
        modelled=(pl.col("clicks").fill_null(0) + _PSEUDO * overall) / (pl.col("seen").fill_null(0) + _PSEUDO)
    )
    expected = rates.group_by("campaign", "position").agg(expected=(pl.col("target") * pl.col("modelled")).sum())
    joined = mine.join(rates.select(*_KEYS, "modelled"), on=_KEYS, how="left")
    return joined.join(expected, on=["campaign", "position"], how="left").select(
        "row", pl.col("modelled").fill_null(overall), pl.col("expected").fill_null(overall)
    )
