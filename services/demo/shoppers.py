"""Seeded shoppers of the demo shop, whose hidden needs make their later purchases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from services.demo.lives import Needs, live
from services.demo.shelves import Shelves
from services.demo.visits import Touch, Visitor

START = datetime(2025, 6, 1, tzinfo=UTC)
EVENT_COLUMNS = {
    "event_id": pl.String,
    "user_id": pl.String,
    "item_id": pl.String,
    "type": pl.String,
    "time": pl.String,  # ISO 8601, UTC
    "position": pl.Int64,  # from 0, null outside a shown list
    "request_id": pl.String,
}


def generate(
    items: pl.DataFrame, needs: pl.DataFrame, *, shoppers: int = 1500, days: int = 120, seed: int = 7
) -> pl.DataFrame:
    """The events of `shoppers` people over `days` days from 1 June 2025, in time order; equal seeds give equal frames.

    items: id, brand, category, created_at (ISO 8601 UTC) and entity, the item's main concept.
    needs: head, tail (concepts on sale) and rate, the probability in (0, 1] that a buyer of head wants tail within
    30 days. A shopper buys no item before it was created.
    """
    dated = items.with_columns(day=(pl.col("created_at").str.to_datetime(time_zone="UTC") - START) / timedelta(days=1))
    shelves = Shelves.stock(dated, np.random.default_rng([seed, 0]))
    hidden = _by_head(needs)
    touches = [
        (touch, user)
        for number in range(1, shoppers + 1)
        for user in [f"u{number:05d}"]
        for touch in _shopper(user, np.random.default_rng([seed, number]), shelves, hidden, days)
    ]
    return _frame(touches, items["id"].to_list())


def _by_head(needs: pl.DataFrame) -> Needs:
    hidden: dict[str, list[tuple[str, float]]] = {}
    for head, tail, rate in needs.select("head", "tail", "rate").iter_rows():
        hidden.setdefault(head, []).append((tail, float(rate)))
    return hidden


def _shopper(user: str, rng: np.random.Generator, shelves: Shelves, needs: Needs, days: int) -> Iterator[Touch]:
    return Visitor(user, rng, shelves, needs, live(rng, shelves, needs, days)).touches()


def _frame(touches: list[tuple[Touch, str]], ids: list[str]) -> pl.DataFrame:
    # Sorting is stable: of two events at one instant the one that was made first stays first.
    ordered = sorted(touches, key=lambda pair: pair[0].day)
    rows = [
        (f"e{n:06d}", user, ids[touch.row], touch.type.value, _time(touch.day), touch.position, touch.request)
        for n, (touch, user) in enumerate(ordered, start=1)
    ]
    return pl.DataFrame(rows, schema=EVENT_COLUMNS, orient="row")


def _time(day: float) -> str:
    return (START + timedelta(seconds=int(day * 86_400))).strftime("%Y-%m-%dT%H:%M:%SZ")
