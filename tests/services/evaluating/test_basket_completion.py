"""How a shop's events become baskets."""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.records import EVENT_SCHEMA
from services.evaluating.basket_completion import read_baskets, split

ITEMS = ["a", "b", "c"]


def events(rows: list[tuple[str, str, str | None, int | None, int | None]]) -> pl.DataFrame:
    """basket, item, user, at, order."""
    named = [
        {"id": str(place), "type": "purchase", "basket": basket, "item": item, "user": user, "at": at, "order": order}
        for place, (basket, item, user, at, order) in enumerate(rows)
    ]
    return pl.DataFrame(named, schema=EVENT_SCHEMA)


def test_times_order_baskets_and_name_their_customers() -> None:
    rows = [("late", "a", "u1", 9, None), ("late", "b", "u1", 9, None), ("early", "c", None, 1, None)]
    found = read_baskets(events([*rows, ("late", "a", "u1", 9, None)]), ITEMS, seed=0)
    assert found.names == ("early", "late")
    assert found.customers == {found.histories.actors[1]: "u1"}
    assert np.diff(found.histories.starts).tolist() == [1, 2]
    assert not found.histories.moment.any()


def test_customers_are_not_known_where_no_time_orders_their_baskets() -> None:
    rows = [("b1", "a", "u1", None, 1), ("b2", "b", "u1", None, 1)]
    assert read_baskets(events(rows), ITEMS, seed=0).customers == {}


def test_without_time_lines_keep_their_order_and_baskets_are_drawn() -> None:
    rows = [(f"b{number}", item, None, None, 3 - place) for number in range(20) for place, item in enumerate("abc")]
    first, again, other = (read_baskets(events(rows), ITEMS, seed=seed) for seed in (0, 0, 1))
    assert first.names == again.names != other.names
    assert [first.histories.items[code] for code in first.histories.item[:3]] == ["c", "b", "a"]
    assert first.histories.moment[:3].tolist() == [0, 1, 2]
    train, cases = split(first.histories, seed=0)
    assert (len(train.actors), len(cases.answers)) == (16, 4)
    assert {first.histories.items[code] for code in cases.answers} == {"a"}
