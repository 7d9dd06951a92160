"""Events as timelines: who bought what, in which order, without the rest of an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from graph.records import EventType

DAY = 86_400_000
TIMELINE = pl.Schema({"actor": pl.String, "item": pl.String, "when": pl.Int64})


@dataclass(frozen=True, slots=True)
class Events:
    """Timelines of what was bought, shown (with `position`, where it stood) and clicked; `clock`: when is epoch ms.

    What was shown and clicked has `request`, the id of the list it stood in, null where it is not known.
    """

    bought: pl.DataFrame
    shown: pl.DataFrame
    clicked: pl.DataFrame
    clock: bool


def parted(events: pl.DataFrame, *, clock: bool) -> Events:
    """Events [graph.records.EVENT_SCHEMA] in journal order as one timeline an actor, parted by their types."""
    rows = timelines(events, steps=not clock, keep=["type", "position", "request"])
    bought, shown, clicked = (
        rows.filter(pl.col("type") == kind.value).drop("type")
        for kind in (EventType.PURCHASE, EventType.EXPOSURE, EventType.CLICK)
    )
    return Events(bought.drop("position", "request"), shown, clicked.drop("position"), clock)


def in_units(rows: pl.DataFrame, events: Events) -> pl.DataFrame:
    """`rows` with `age` in days, or in steps where there is no clock, in place of the unit of `events`."""
    return rows.with_columns(pl.col("age") / (DAY if events.clock else 1))


def timelines(events: pl.DataFrame, *, steps: bool, keep: Sequence[str] = ()) -> pl.DataFrame:
    """One row an event [TIMELINE, then the columns of `keep`], by actor and in order, from events
    [graph.records.EVENT_SCHEMA] in journal order.

    The actor is the user, else the basket (marked, so that the two never collide). `when` is epoch ms, or with `steps`
    the place 1, 2, … in the actor's own order, equal where the data do not say which came first; null where there is
    neither time nor order.
    """
    user = pl.concat_str(pl.lit("u:"), "user")
    basket = pl.concat_str(pl.lit("b:"), "basket")
    # What arrives by HTTP in a shop without a clock has a time, which is greater than any order and so comes last.
    rows = events.select(
        pl.coalesce(user, basket).alias("actor"), "item", pl.coalesce("at", "order").alias("when"), *keep
    ).sort("actor", maintain_order=True)
    if steps:
        rows = rows.with_columns(pl.col("when").rank("dense").over("actor").cast(pl.Int64))
    return rows
