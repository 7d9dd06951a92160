"""What each user did, as one row: the unit of every comparison of arms."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from training.simulator.log import Log

USER_SCHEMA = pl.Schema(
    {
        "user": pl.String,
        "visits": pl.Float64,
        "exposures": pl.Float64,
        "clicks": pl.Float64,
        "conversions": pl.Float64,  # orders from a list
        "orders": pl.Float64,  # all orders
        "shown gmv": pl.Float64,  # what the conversions were worth
        "gmv": pl.Float64,  # what all orders were worth
        "orders before": pl.Float64,
        "gmv before": pl.Float64,
        "visits before": pl.Float64,
    }
)


def user_table(users: Sequence[str], log: Log, before: Log) -> pl.DataFrame:
    """A row for every user [USER_SCHEMA], zeros included, by user; `before` is the log of the warm-up."""
    shown = log.shown.group_by("user").agg(exposures=pl.len(), clicks=pl.col("clicked").sum())
    listed = pl.col("price").filter(pl.col("shown"))
    orders = log.orders.group_by("user").agg(
        pl.len().alias("orders"),
        pl.col("price").sum().alias("gmv"),
        pl.col("shown").sum().alias("conversions"),
        listed.sum().alias("shown gmv"),
    )
    earlier = before.orders.group_by("user").agg(
        pl.len().alias("orders before"), pl.col("price").sum().alias("gmv before")
    )
    visits = log.visits.group_by("user").agg(visits=pl.len())
    came = before.visits.group_by("user").agg(pl.len().alias("visits before"))
    table = pl.DataFrame({"user": sorted(users)}, schema={"user": pl.String})
    for part in (visits, shown, orders, earlier, came):
        table = table.join(part, on="user", how="left")
    return table.select(USER_SCHEMA.names()).fill_null(0).cast(USER_SCHEMA)
