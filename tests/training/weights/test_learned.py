"""Learned weights on the edges of today, and rivals of the judged edges."""

from __future__ import annotations

from math import nan

import numpy as np
import polars as pl
import pytest

from training.weights.learned import blended, for_edges, worth_releasing
from training.weights.rival_edges import copurchase_edges, random_edges


def weighed(*rows: tuple[str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["head", "tail", "weight"], orient="row")


def test_a_new_edge_is_weighed_on_the_scale_of_the_learned_ones() -> None:
    edges = pl.DataFrame({"head": ["a", "a", "b", "b"], "tail": ["b", "c", "c", "a"]})
    counted = np.array([0.8, 0.6, 0.9, 0.05])
    got = for_edges(weighed(("a", "c", 0.2), ("a", "b", 0.15), ("gone", "b", 0.9)), edges, counted)
    assert got.tolist() == pytest.approx([0.15, 0.2, 0.9 * 0.175 / 0.7, 0.05 * 0.175 / 0.7])


def test_without_a_learned_edge_counters_stand() -> None:
    edges = pl.DataFrame({"head": ["a"], "tail": ["b"]})
    assert for_edges(weighed(("x", "y", 0.2)), edges, np.array([0.7])).tolist() == [0.7]


def test_weights_move_slowly() -> None:
    new, old = weighed(("a", "b", 0.5), ("a", "c", 0.9)), weighed(("a", "b", 0.1))
    assert blended(new, None) is new
    assert blended(new, old)["weight"].to_list() == pytest.approx([0.7 * 0.1 + 0.3 * 0.5, 0.9])


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


def test_random_edges_keep_each_heads_degree() -> None:
    edges = pl.DataFrame({"head": ["a", "a", "b"], "tail": ["b", "c", "c"]})
    got = random_edges(edges, list("abcdef"), np.random.default_rng(1))
    assert got["head"].to_list() == ["a", "a", "b"]
    assert got.unique().height == 3
    assert got.filter(pl.col("head") == pl.col("tail")).is_empty()
    again = random_edges(edges, list("abcdef"), np.random.default_rng(1))
    assert got.equals(again)
    assert not all(got.equals(random_edges(edges, list("abcdef"), np.random.default_rng(n))) for n in range(2, 6))
