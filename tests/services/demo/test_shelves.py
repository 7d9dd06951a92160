"""Shelves give out items that exist, popular and favourite ones more often."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest

from services.demo.shelves import LOYALTY, Shelf, Shelves


def shelf(weights: list[float], since: list[float], brands: list[str]) -> Shelf:
    rows = np.arange(10, 10 + len(weights), dtype=np.int64)
    return Shelf("Camping", rows, np.array(weights), np.array(since), np.array(brands, dtype=np.str_))


def shares(stock: Shelf, day: float, favourite: str = "") -> dict[int | None, float]:
    rng = np.random.default_rng(3)
    counts = Counter(stock.pick(rng, day, favourite) for _ in range(4000))
    return {row: count / 4000 for row, count in counts.items()}


def test_items_are_picked_by_weight_among_those_on_sale() -> None:
    stock = shelf([0.6, 0.3, 0.1], [0.0, 0.0, 9.0], ["A", "B", "A"])
    assert shares(stock, 5.0) == pytest.approx({10: 2 / 3, 11: 1 / 3}, abs=0.03)
    assert shares(stock, 9.0) == pytest.approx({10: 0.6, 11: 0.3, 12: 0.1}, abs=0.03)


def test_a_favourite_brand_is_picked_more_often() -> None:
    stock = shelf([0.5, 0.5], [0.0, 0.0], ["A", "B"])
    assert shares(stock, 0.0, "B")[11] == pytest.approx(LOYALTY / (1 + LOYALTY), abs=0.03)


def test_an_empty_shelf_gives_nothing() -> None:
    stock = shelf([1.0], [4.0], ["A"])
    assert stock.pick(np.random.default_rng(0), 3.9) is None
    assert not stock.on_sale(10, 3.9)
    assert stock.on_sale(10, 4.0)
    assert not stock.on_sale(99, 4.0)


def test_stock_groups_items_by_concept_and_concepts_by_department() -> None:
    items = pl.DataFrame(
        {
            "brand": ["A", None, "B"],
            "category": ["Camping > Tents", "Desk > Pens", "Camping"],
            "entity": ["tent", "gel-pen", "tent"],
            "day": [-3.0, 0.0, 2.0],
        }
    )
    shelves = Shelves.stock(items, np.random.default_rng(1))
    assert shelves.concepts["tent"].rows.tolist() == [0, 2]
    assert shelves.concepts["tent"].since.tolist() == [-3.0, 2.0]
    assert shelves.concepts["tent"].weights.sum() == pytest.approx(1.0)
    assert {name: (dept.concepts, dept.brands) for name, dept in shelves.departments.items()} == {
        "Camping": (("tent",), ("A", "B")),
        "Desk": (("gel-pen",), ()),
    }
