"""What the simulator records: what was shown, what was ordered, and the events that a service is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from graph.records import EVENT_SCHEMA, EventType

START = datetime(2025, 6, 1, tzinfo=UTC)  # day 0
SHOWN_SCHEMA = pl.Schema(
    {
        "user": pl.String,
        "week": pl.Int64,
        "day": pl.Float64,
        "request": pl.String,
        "position": pl.Int64,  # from 0, where it stood
        "rank": pl.Int64,  # from 0, where the service had put it
        "shuffled": pl.Boolean,
        "item": pl.String,
        "channel": pl.String,
        "head": pl.String,
        "tail": pl.String,
        "weight": pl.Float64,
        "clicked": pl.Boolean,
        "ordered": pl.Boolean,
        "price": pl.Float64,
        "chance": pl.Float64,  # true, hidden from every estimate: of a click once looked at
    }
)
ORDER_SCHEMA = pl.Schema(
    {
        "user": pl.String,
        "week": pl.Int64,
        "day": pl.Float64,
        "item": pl.String,
        "entity": pl.String,
        "price": pl.Float64,
        "shown": pl.Boolean,  # ordered from a list
    }
)
VISIT_SCHEMA = pl.Schema({"user": pl.String, "week": pl.Int64, "day": pl.Float64})


@dataclass(frozen=True, slots=True)
class Sent:
    """One event as it is posted: `at` in days from START, `position` from 0."""

    id: str
    user: str
    item: str
    type: EventType
    at: float
    position: int | None = None
    request: str | None = None

    def time(self) -> datetime:
        """When it happened, to the second."""
        return START + timedelta(seconds=int(self.at * 86_400))


@dataclass(frozen=True, slots=True)
class Order:
    """One item bought, and whether it was ordered from a list; the fields are those of ORDER_SCHEMA."""

    user: str
    week: int
    day: float
    item: str
    entity: str
    price: float
    shown: bool


@dataclass(frozen=True, slots=True)
class Log:
    """What happened in one arm: SHOWN_SCHEMA, ORDER_SCHEMA, VISIT_SCHEMA, and the events [EVENT_SCHEMA]."""

    shown: pl.DataFrame
    orders: pl.DataFrame
    visits: pl.DataFrame
    events: pl.DataFrame


def order_frame(orders: Sequence[Order]) -> pl.DataFrame:
    """Orders as a frame [ORDER_SCHEMA]."""
    return pl.DataFrame([asdict(order) for order in orders], schema=ORDER_SCHEMA)


def event_frame(events: Sequence[Sent]) -> pl.DataFrame:
    """Events as a frame [EVENT_SCHEMA], in the order given."""
    rows = [
        {
            "id": event.id,
            "type": event.type.value,
            "item": event.item,
            "user": event.user,
            "at": int(event.time().timestamp() * 1000),
            "position": event.position,
            "request": event.request,
        }
        for event in events
    ]
    return pl.DataFrame(rows, schema=EVENT_SCHEMA)
