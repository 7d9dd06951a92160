"""The order of one actor's events: the file's own order first, then time, then arrival."""

from __future__ import annotations

import polars as pl

from graph.records import EVENT_SCHEMA

TIMELINE_SCHEMA = pl.Schema({**EVENT_SCHEMA, "seq": pl.Int64()})


def in_timeline_order(events: pl.DataFrame) -> pl.DataFrame:
    """Sort rows of TIMELINE_SCHEMA by actor (users before baskets without a user), then each actor's own timeline.

    Within an actor: `order` with nulls last, so that what arrives without one comes after the file; then `at` with
    nulls first; then `seq`.
    """
    basket = pl.when(pl.col("user").is_null()).then(pl.col("basket"))
    return events.sort(
        "user", basket, "order", "at", "seq", nulls_last=[True, True, True, False, False], maintain_order=True
    )
