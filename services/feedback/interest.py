"""A user's interest in entities, from when they bought (spec, section 4)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

PURCHASE_SCHEMA = pl.Schema(
    {
        "user": pl.String,
        "entity": pl.String,
        "age": pl.Float64,  # t - t_b, in days, or in steps where there is no clock
        "durable": pl.Boolean,
        "kind": pl.String,
        "at": pl.Int64,
    }
)


@dataclass(frozen=True, slots=True)
class Fading:
    """How interest fades. `window` and `timescale` are in days, or in steps where there is no clock.

    The timescale of an entity that the dictionary marks durable is `durable_factor` times as long, that of one whose
    kind is "consumable" `consumable_factor` times; where the dictionary marks neither, all fade alike.
    """

    rho: float = 0.9
    window: float = 30.0
    timescale: float = 7.0
    durable_factor: float = 6.0
    consumable_factor: float = 0.5
    keep: int = 20


DEFAULTS = Fading()


def interests(purchases: pl.DataFrame, settings: Fading = DEFAULTS) -> pl.DataFrame:
    """Interest a = 1 - prod (1 - rho exp(-age / T)) over each user's purchases of an entity inside the window.

    Takes rows of PURCHASE_SCHEMA; returns user, entity, weight in (0, 1], last_at (`at` of the youngest purchase), for
    the `keep` strongest entities of each user (ties by entity id), sorted by user, then strongest first.
    """
    faded = 1 - settings.rho * (-pl.col("age") / _timescale(settings)).exp()
    # Multiplied in a fixed order, so that equal histories give equal bits.
    inside = purchases.filter(pl.col("age").is_between(0, settings.window)).sort("user", "entity", "age")
    return (
        inside.group_by("user", "entity", maintain_order=True)
        .agg(weight=1 - faded.product(), last_at=pl.col("at").first())
        .sort("user", "weight", "entity", descending=[False, True, False])
        .filter(pl.int_range(pl.len()).over("user") < settings.keep)
    )


def _timescale(settings: Fading) -> pl.Expr:
    factor = (
        pl.when(pl.col("durable").fill_null(False))
        .then(settings.durable_factor)
        .when((pl.col("kind") == "consumable").fill_null(False))
        .then(settings.consumable_factor)
        .otherwise(1.0)
    )
    return settings.timescale * factor
