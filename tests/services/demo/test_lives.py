"""Lives follow missions and needs."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from services.demo.lives import HORIZON, Life, Purchase, Want, live
from services.demo.shelves import Shelves

RNG_SEEDS = range(300)


def shelves(tail_since: float = 0.0) -> Shelves:
    items = pl.DataFrame(
        {
            "brand": ["A", "B"],
            "category": ["Camping > Tents", "Desk > Mats"],
            "entity": ["tent", "mat"],
            "day": [0.0, tail_since],
        }
    )
    return Shelves.stock(items, np.random.default_rng(0))


def lives(rate: float, tail_since: float = 0.0) -> list[Life]:
    stock = shelves(tail_since)
    return [live(np.random.default_rng(seed), stock, {"tent": [("mat", rate)]}, 400.0) for seed in RNG_SEEDS]


def gaps(sample: list[Life]) -> list[float]:
    """Days from the first tent to the first mat, for the lives in which the tent called for the mat."""
    firsts = [
        {want.concept: want for want in reversed(life.wants)}
        for life in sample
        if {"tent", "mat"} <= {want.concept for want in life.wants}
    ]
    return [found["mat"].due - found["mat"].since for found in firsts if found["mat"].since == found["tent"].due]


def test_purchases_are_in_time_order_inside_the_days() -> None:
    for life in lives(0.5):
        days = [purchase.day for purchase in life.purchases]
        assert days == sorted(days)
        assert all(0 <= day < 400 for day in days)
        assert [purchase.concept for purchase in life.purchases] == [want.concept for want in life.wants]


def test_a_certain_need_is_met_within_the_horizon_and_an_absent_one_never() -> None:
    met = gaps(lives(1.0))
    assert len(met) > 50
    assert all(0 <= gap <= HORIZON for gap in met)
    assert gaps(lives(0.0)) == []


def test_the_rate_is_the_share_of_buyers_who_come_back() -> None:
    certain, half = len(gaps(lives(1.0))), len(gaps(lives(0.5)))
    assert half / certain == pytest.approx(0.5, abs=0.15)


def test_nothing_is_bought_before_it_is_on_sale() -> None:
    mats = [p.day for life in lives(1.0, tail_since=200.0) for p in life.purchases if p.concept == "mat"]
    assert mats
    assert min(mats) >= 200.0


def test_open_wants_and_what_was_bought_are_those_of_the_day() -> None:
    life = Life([Purchase(1.0, 0, "tent"), Purchase(4.0, 1, "mat")], [Want(1.0, "tent", 0.5), Want(4.0, "mat", 1.0)])
    assert life.open_wants(0.7) == ["tent"]
    assert life.open_wants(2.0) == ["mat"]
    assert life.open_wants(4.5) == []
    assert life.bought_before(4.0) == ["tent"]
