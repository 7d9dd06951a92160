"""Samples and their triggers against the definition, sample by sample."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.weights.eei.toy import EDGES, MAIN, timelines
from training.weights import candidates as samples
from training.weights.candidates import explained, exposures, owners, purchases_as_positives
from training.weights.eei import negatives as drawing
from training.weights.eei.negatives import GroupedChoice, negatives

ROWS = st.sampled_from([1, 3, 1_000])
ITEMS = MAIN["item"].to_list()
ENTITY = dict(MAIN.iter_rows())
EDGE = set(EDGES.select("head", "tail").iter_rows())
BOUGHT = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(ITEMS), st.integers(1, 6)), max_size=14)


def linked(rows: list[tuple[str, str, int]]) -> pl.DataFrame:
    return timelines(list(rows)).join(MAIN, on="item", maintain_order="left")


@settings(max_examples=60)
@given(BOUGHT, st.integers(1, 3), ROWS)
def test_triples_of_purchases(rows: list[tuple[str, str, int]], most: int, chunk: int) -> None:
    bought = linked(rows)
    candidates = purchases_as_positives(bought)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(samples, "ROWS", chunk)
        found = explained(candidates, bought, EDGES, most)
    expected = []
    for sample, (actor, item, when) in enumerate(rows):
        before = [(ENTITY[i], w) for a, i, w in rows if a == actor and w < when]
        owned, tail = {e for e, _ in before}, ENTITY[item]
        heads = [e for e in owned if (e, tail) in EDGE] if tail not in owned else []
        ages = sorted((min(when - w for e, w in before if e == head), head) for head in heads)
        expected += [(sample, h, tail, age, sum(e == h for e, _ in before)) for age, h in ages[:most]]
    assert found.rows() == expected


@settings(max_examples=60)
@given(BOUGHT, ROWS)
def test_owners_before_candidates(rows: list[tuple[str, str, int]], chunk: int) -> None:
    bought = linked(rows)
    candidates = purchases_as_positives(bought).with_columns(block=pl.col("when") // 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(samples, "ROWS", chunk)
        found = owners(candidates, bought)
    owned = [(when // 2, {ENTITY[i] for a, i, w in rows if a == actor and w < when}) for actor, _, when in rows]
    expected = Counter((head, block) for block, heads in owned for head in heads)
    assert sorted(found.rows()) == sorted((*key, count) for key, count in expected.items())


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


def test_a_click_belongs_to_the_list_that_it_names() -> None:
    rows = [("a", "e1-0", 1, "r1"), ("a", "e1-0", 3, "r2"), ("a", "e1-0", 5, None), ("a", "e2-0", 2, "r1")]
    shown = timelines([row[:3] for row in rows]).with_columns(request=pl.Series([row[3] for row in rows]))

    def labels(*clicks: tuple[str, str, int, str | None]) -> list[int]:
        clicked = timelines([row[:3] for row in clicks]).with_columns(
            request=pl.Series([row[3] for row in clicks], dtype=pl.String)
        )
        return exposures(shown, clicked, MAIN)["label"].to_list()

    assert labels(("a", "e1-0", 7, "r1")) == [1, 0, 0, 0]
    assert labels(("a", "e1-0", 7, None)) == [0, 0, 1, 0]
    assert labels(("a", "e1-0", 7, "elsewhere"), ("a", "e2-0", 7, "r2")) == [0, 0, 1, 1]
    assert labels(("a", "e1-0", 2, "r2"), ("b", "e1-0", 7, "r1")) == [1, 0, 0, 0]  # not shown in r2 by then


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


def plain_negatives(rows: list[tuple[str, str, int]], popularity: dict[str, int], each: int) -> list[tuple[int, str]]:
    """All choices of all positives in one table, then all draws from it: the positive's sample, and the item."""
    rng, masses = np.random.default_rng(7), Counter[str]()
    for item, entity in ENTITY.items():
        masses[entity] += popularity[item]
    choices = []
    for sample, (actor, _, when) in enumerate(rows):
        owned = {ENTITY[i] for a, i, w in rows if a == actor and w < when}
        choices += [(sample, tail) for tail in sorted({t for h, t in EDGE if h in owned} - owned)]
    groups = np.unique([sample for sample, _ in choices], return_inverse=True)[1]
    every = GroupedChoice.of(groups, np.array([float(masses[tail]) for _, tail in choices]))
    drawn = [choices[row] for row in every.draw(np.repeat(np.arange(len(every.first)), each), rng)]
    offered = sorted((entity, item) for item, entity in ENTITY.items())
    names = sorted(masses)
    entities = np.array([names.index(entity) for entity, _ in offered])
    of = GroupedChoice.of(entities, np.array([float(popularity[item]) for _, item in offered]))
    items = of.draw(np.array([names.index(tail) for _, tail in drawn], dtype=np.int64), rng)
    beside = [(sample, offered[row][1]) for (sample, _), row in zip(drawn, items, strict=True)]
    return [(sample, item) for sample, item in beside if item != rows[sample][1]]


@settings(max_examples=60)
@given(BOUGHT, st.lists(st.integers(1, 9), min_size=len(ITEMS), max_size=len(ITEMS)), ROWS)
def test_draws_are_those_from_one_table(rows: list[tuple[str, str, int]], popularity: list[int], chunk: int) -> None:
    bought, offers = linked(rows), MAIN.with_columns(popularity=pl.Series(popularity, dtype=pl.Int64))
    positives = purchases_as_positives(bought)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "ROWS", chunk)
        found = negatives(positives, bought, EDGES, offers, 3, np.random.default_rng(7))
    expected = plain_negatives(rows, dict(zip(ITEMS, popularity, strict=True)), 3)
    moments = [(rows[sample][0], rows[sample][2], item) for sample, item in expected]
    assert found.select("actor", "when", "item").rows() == moments


def test_no_positives_no_negatives() -> None:
    none = purchases_as_positives(linked([]))
    found = negatives(none, linked([]), EDGES, MAIN.with_columns(popularity=pl.lit(1)), 4, np.random.default_rng(0))
    assert found.is_empty()


def test_no_edges_no_negatives() -> None:
    bought = linked([("a", "e1-0", 1), ("a", "e2-0", 2)])
    offers, rng = MAIN.with_columns(popularity=pl.lit(1)), np.random.default_rng(0)
    assert negatives(purchases_as_positives(bought), bought, EDGES.clear(), offers, 4, rng).is_empty()
    assert explained(purchases_as_positives(bought), bought, EDGES.clear()).is_empty()
