"""The case study: for a pair of concepts, how many buyers of the first bought the second, with and without the arm."""

from __future__ import annotations

import polars as pl

PAIR_SCHEMA = pl.Schema(
    {
        "head": pl.String,
        "tail": pl.String,
        "buyers": pl.Int64,
        "converted": pl.Int64,
        "control_buyers": pl.Int64,
        "control_converted": pl.Int64,
        "rate": pl.Float64,
        "control_rate": pl.Float64,
        "change": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
    }
)
_Z = 1.959964


def pair_changes(arm: pl.DataFrame, control: pl.DataFrame, edges: pl.DataFrame, since: float) -> pl.DataFrame:
    """The conversion change of every edge (head, tail) between two arms, most buyers first [PAIR_SCHEMA].

    `arm` and `control` are orders (user, day, entity) from the warm-up on. A buyer of the head without the tail,
    bought at any time before the end, converts by a first purchase of the tail after that and after day `since`, when
    the experiment began; who owned the tail by then is no case. The interval is Newcombe's (1998) for a difference of
    two rates.
    """
    sides = [_rates(orders, edges, since) for orders in (arm, control)]
    both = sides[0].join(sides[1], on=["head", "tail"], how="full", coalesce=True, suffix="_control").fill_null(0)
    named = both.rename({"buyers_control": "control_buyers", "converted_control": "control_converted"})
    kept = named.filter((pl.col("buyers") > 0) & (pl.col("control_buyers") > 0))
    return (
        _with_interval(kept)
        .select(PAIR_SCHEMA.names())
        .cast(PAIR_SCHEMA)
        .sort(pl.col("buyers") + pl.col("control_buyers"), "head", "tail", descending=[True, False, False])
    )


def _rates(orders: pl.DataFrame, edges: pl.DataFrame, since: float) -> pl.DataFrame:
    first = orders.group_by("user", "entity").agg(day=pl.col("day").min())
    heads = edges.select("head", "tail").join(first, left_on="head", right_on="entity")
    cases = heads.join(
        first.rename({"day": "bought"}), left_on=["user", "tail"], right_on=["user", "entity"], how="left"
    ).filter(pl.col("bought").is_null() | (pl.col("bought") > pl.max_horizontal("day", pl.lit(since))))
    return cases.group_by("head", "tail").agg(
        buyers=pl.len().cast(pl.Int64), converted=pl.col("bought").is_not_null().sum().cast(pl.Int64)
    )


def _with_interval(pairs: pl.DataFrame) -> pl.DataFrame:
    rated = pairs.with_columns(
        rate=pl.col("converted") / pl.col("buyers"), control_rate=pl.col("control_converted") / pl.col("control_buyers")
    )
    low, high = _wilson("rate", "buyers")
    control_low, control_high = _wilson("control_rate", "control_buyers")
    change = pl.col("rate") - pl.col("control_rate")
    down = ((pl.col("rate") - low) ** 2 + (control_high - pl.col("control_rate")) ** 2).sqrt()
    up = ((high - pl.col("rate")) ** 2 + (pl.col("control_rate") - control_low) ** 2).sqrt()
    return rated.with_columns(change=change, low=change - down, high=change + up)


def _wilson(rate: str, number: str) -> tuple[pl.Expr, pl.Expr]:
    p, n = pl.col(rate), pl.col(number)
    centre, scale = p + _Z**2 / (2 * n), 1 + _Z**2 / n
    reach = _Z * (p * (1 - p) / n + _Z**2 / (4 * n**2)).sqrt()
    return (centre - reach) / scale, (centre + reach) / scale
