"""The order of one actor's events: time, then the file's own order, then arrival."""

from __future__ import annotations

import polars as pl

from graph.records import EVENT_SCHEMA

TIMELINE_SCHEMA = pl.Schema({**EVENT_SCHEMA, "seq": pl.Int64()})


def in_timeline_order(events: pl.DataFrame) -> pl.DataFrame:
    """Sort rows of TIMELINE_SCHEMA by actor (users before baskets without a user), then each actor's own timeline.

    Within an actor: `at` with nulls first, so that what arrives dated comes after a file that is only ordered; then
    `order` with nulls last; then `seq`.
    """
    basket = pl.when(pl.col("user").is_null()).then(pl.col("basket"))
    return events.sort(
        "user", basket, "at", "order", "seq", nulls_last=[True, True, False, True, False], maintain_order=True
    )
