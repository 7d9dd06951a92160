"""Learned weights on the edges of today, and rivals of the judged edges."""

from __future__ import annotations

from math import nan

import polars as pl
import pytest

from training.weights.learned import WEIGHED, blended, for_edges, worth_releasing
from training.weights.rival_edges import copurchase_edges


def weighed(*rows: tuple[str, str, float]) -> pl.DataFrame:
    """Learned edges by which an item i takes twice its share."""
    return pl.DataFrame([(*row, ["i"], [2.0], 0.25) for row in rows], schema=WEIGHED, orient="row")


def counted(*rows: tuple[str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["head", "tail", "weight"], orient="row")


def test_an_edge_that_was_not_learned_keeps_its_counted_weight() -> None:
    edges = counted(("b", "c", 0.9), ("a", "c", 0.6), ("a", "b", 0.8))
    found = for_edges(weighed(("a", "c", 0.2), ("a", "b", 0.15), ("gone", "b", 0.9)), edges)
    assert found.rows() == [
        ("b", "c", 0.9, None, None, None),
        ("a", "c", 0.2, ["i"], [2.0], 0.25),
        ("a", "b", 0.15, ["i"], [2.0], 0.25),
    ]
    assert for_edges(WEIGHED.to_frame(), edges)["weight"].to_list() == edges["weight"].to_list()


def test_weights_move_slowly() -> None:
    new, old = weighed(("a", "b", 0.5), ("a", "c", 0.9)), weighed(("a", "b", 0.1))
    assert blended(new, None) is new
    mixed = blended(new, old)
    assert mixed["weight"].to_list() == pytest.approx([0.7 * 0.1 + 0.3 * 0.5, 0.9])
    assert mixed.drop("weight").equals(new.drop("weight"))


def test_only_the_better_is_worth_it() -> None:
    assert worth_releasing(0.7, 0.6, 0.69)
    assert not worth_releasing(0.7, 0.6, 0.7)
    assert worth_releasing(nan, nan, nan)


def test_copurchase_edges_are_what_followed_most_beyond_chance() -> None:
    rows = [
        (f"u{n}", entity, when) for n in range(30) for when, entity in enumerate(("a", "b", "c" if n % 6 == 0 else "d"))
    ]
    rows += [(f"v{n}", "c", 1) for n in range(40)]
    bought = pl.DataFrame(rows, schema=["actor", "entity", "when"], orient="row")
    assert copurchase_edges(bought, 3).rows() == [("a", "b"), ("a", "d"), ("b", "d")]
    everything = copurchase_edges(bought, 99)
    assert everything.height == 10  # every ordered pair that anyone bought both of
    assert ("d", "a") in everything.rows()
