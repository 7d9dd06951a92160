"""From the journal's events to what the graph holds of a user: edges to items, and interests in entities."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graph.records import EventType
from services.feedback.interest import DEFAULTS, Fading, interests

MAIN_ENTITY_SCHEMA = pl.Schema(
    {
        "item": pl.String,  # each item at most once
        "entity": pl.String,
        "durable": pl.Boolean,  # null where the dictionary does not say
        "kind": pl.String,
    }
)
_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Clock:
    """The t of interests: `now` is the time of the shop's latest event (epoch ms), never the wall clock.

    None where the shop's data are ordered but not dated: then t is each user's next position and ages are steps.
    """

    now: int | None


@dataclass(frozen=True, slots=True)
class Projection:
    """What the graph holds of some users.

    `bought`, `clicked`, `saw`: user, item, at (epoch ms of the last one, null if undated), count, position (0-based
    index of the last one among the user's events of that type); sorted by user and item.
    `interests`: user, entity, weight, last_at (epoch ms or null); sorted by user, then strongest first.
    """

    bought: pl.DataFrame
    clicked: pl.DataFrame
    saw: pl.DataFrame
    interests: pl.DataFrame


def project(events: pl.DataFrame, main_entity: pl.DataFrame, clock: Clock, settings: Fading = DEFAULTS) -> Projection:
    """Project all events of some users, in timeline order as Journal.frame gives them; baskets without a user do not.

    `main_entity` has MAIN_ENTITY_SCHEMA; purchases of items that it does not name give no interest, nor do undated ones
    where there is a clock.
    """
    bought = _timelines(events, EventType.PURCHASE)
    owned = bought.with_columns(age=_age(clock)).join(main_entity, on="item", how="inner")
    return Projection(
        bought=_edges(bought),
        clicked=_edges(_timelines(events, EventType.CLICK)),
        saw=_edges(_timelines(events, EventType.EXPOSURE)),
        interests=interests(owned, settings),
    )


def _timelines(events: pl.DataFrame, type_: EventType) -> pl.DataFrame:
    return events.filter(pl.col("user").is_not_null() & (pl.col("type") == type_.value)).select(
        "user", "item", "at", position=pl.int_range(pl.len()).over("user")
    )


def _age(clock: Clock) -> pl.Expr:
    if clock.now is None:
        return (pl.len().over("user") - pl.col("position")).cast(pl.Float64)
    return (clock.now - pl.col("at")) / _DAY


def _edges(timelines: pl.DataFrame) -> pl.DataFrame:
    return (
        timelines.group_by("user", "item")
        .agg(pl.col("at").last(), count=pl.len().cast(pl.Int64), position=pl.col("position").last())
        .sort("user", "item")
        .select("user", "item", "at", "count", "position")
    )
