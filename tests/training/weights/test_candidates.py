"""Samples and their triggers against the definition, sample by sample."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.weights.eei.toy import EDGES, MAIN, timelines
from training.weights.candidates import explained, exposures, purchases_as_positives
from training.weights.eei.negatives import GroupedChoice, negatives

ITEMS = MAIN["item"].to_list()
ENTITY = dict(MAIN.iter_rows())
EDGE = set(EDGES.select("head", "tail").iter_rows())
BOUGHT = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(ITEMS), st.integers(1, 6)), max_size=14)


def linked(rows: list[tuple[str, str, int]]) -> pl.DataFrame:
    return timelines(list(rows)).join(MAIN, on="item", maintain_order="left")


@settings(max_examples=60)
@given(BOUGHT, st.integers(1, 3))
def test_triples_of_purchases(rows: list[tuple[str, str, int]], most: int) -> None:
    bought = linked(rows)
    candidates = purchases_as_positives(bought)
    found = explained(candidates, bought, EDGES, most)
    expected = []
    for sample, (actor, item, when) in enumerate(rows):
        before = [(ENTITY[i], w) for a, i, w in rows if a == actor and w < when]
        owned, tail = {e for e, _ in before}, ENTITY[item]
        heads = [e for e in owned if (e, tail) in EDGE] if tail not in owned else []
        ages = sorted((min(when - w for e, w in before if e == head), head) for head in heads)
        expected += [(sample, h, tail, age, sum(e == h for e, _ in before)) for age, h in ages[:most]]
    assert found.rows() == expected


def test_a_click_belongs_to_the_last_exposure_before_it() -> None:
    shown = timelines([("a", "e1-0", 1), ("a", "e1-0", 5), ("a", "e2-0", 5), ("b", "e1-0", 2), ("a", "loose", 3)])
    clicked = timelines([("a", "e1-0", 7), ("b", "e2-0", 9), ("b", "e1-0", 1)])
    found = exposures(shown, clicked, MAIN)
    assert found.select("actor", "item", "when", "label").rows() == [
        ("a", "e1-0", 1, 0),
        ("a", "e1-0", 5, 1),
        ("a", "e2-0", 5, 0),
        ("b", "e1-0", 2, 0),
    ]
    assert found["sample"].is_unique().all()


def test_rows_are_drawn_in_proportion_to_their_mass() -> None:
    groups, masses = np.array([0, 0, 0, 1, 2, 2]), np.array([1.0, 2.0, 5.0, 3.0, 1.0, 1.0])
    drawn = GroupedChoice.of(groups, masses).draw(np.repeat([0, 1, 2], 30_000), np.random.default_rng(2))
    share = Counter(drawn.tolist())
    for row, expected in enumerate([0.125, 0.25, 0.625, 1.0, 0.5, 0.5]):
        assert abs(share[row] / 30_000 - expected) < 0.012


def test_negatives_are_items_of_new_complements_by_popularity() -> None:
    bought = linked([("a", "e1-0", 1), ("a", "e2-0", 2), ("b", "e3-1", 1), ("b", "e2-1", 2)])
    positives = purchases_as_positives(bought).filter(pl.col("sample").is_in([1, 3]))
    offers = MAIN.with_columns(popularity=pl.when(pl.col("item").str.ends_with("0")).then(8).otherwise(1))
    found = negatives(positives, bought, EDGES, offers, 3_000, np.random.default_rng(3))
    assert found["label"].unique().to_list() == [0]
    assert found["sample"].to_list() == list(range(4, 4 + found.height))
    of_a = found.filter(pl.col("actor") == "a")
    assert of_a["when"].unique().to_list() == [2]
    assert set(of_a["entity"]) == {"e2", "e4"}  # both complement e1 and were new to a
    assert "e2-0" not in set(of_a["item"])  # what was bought
    e4 = Counter(of_a.filter(pl.col("entity") == "e4")["item"].to_list())
    assert abs(e4["e4-0"] / e4.total() - 0.8) < 0.03
    assert set(found.filter(pl.col("actor") == "b")["entity"]) == {"e2"}


def test_no_positives_no_negatives() -> None:
    none = purchases_as_positives(linked([]))
    found = negatives(none, linked([]), EDGES, MAIN.with_columns(popularity=pl.lit(1)), 4, np.random.default_rng(0))
    assert found.is_empty()
