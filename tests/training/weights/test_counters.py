import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.weights import counters
from training.weights.counters import count_edges

EDGES = [("a", "b"), ("b", "a"), ("a", "c"), ("c", "d"), ("x", "a"), ("a", "x")]
ROWS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abcd"), st.integers(0, 6)), max_size=40)


def frame(rows: list[tuple[int, str, int | None]]) -> pl.DataFrame:
    schema = {"actor": pl.String, "entity": pl.String, "when": pl.Int64}
    return pl.DataFrame([(str(actor), entity, when) for actor, entity, when in rows], schema=schema, orient="row")


def slow_follows(rows: list[tuple[int, str, int]], head: str, tail: str) -> set[int]:
    """Actors with some purchase of the tail at or after one of the head."""
    return {a for a, e, s in rows for b, f, t in rows if a == b and e == head and f == tail and s <= t}


def slow_counts(rows: list[tuple[int, str, int]]) -> list[tuple[float, float, float]]:
    actors = {actor for actor, _, _ in rows}
    who = {name: {actor for actor, entity, _ in rows if entity == name} for name in "abcdx"}
    both_ways = {*EDGES, *(edge[::-1] for edge in EDGES)}
    together = sum(len(who[head] & who[tail]) for head, tail in both_ways)
    ordered = sum(len(slow_follows(rows, head, tail)) for head, tail in both_ways)
    rate = ordered / together if together else 0.5
    return [
        (
            len(who[head]),
            len(slow_follows(rows, head, tail)),
            len(who[head]) * len(who[tail]) / max(len(actors), 1) * rate,
        )
        for head, tail in EDGES
    ]


@settings(max_examples=100)
@given(ROWS, st.sampled_from([1, 2, 1_000]))
def test_counters_agree_with_a_slow_count(rows: list[tuple[int, str, int]], chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counters, "CHUNK", chunk)
        counted = count_edges(frame(rows), EDGES, [0.8] * len(EDGES))
    found = np.stack([counted.buyers, counted.followed, counted.expected], axis=1)
    assert found == pytest.approx(np.array(slow_counts(rows)))


@pytest.mark.parametrize("chunk", [1, 50, 10**9])
def test_hubs_and_who_buys_all_are_counted_in_any_chunks(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    """One actor owns more than an entity has edges, and others less than a hub has: each is joined its shorter way."""
    names, rng = [f"n{n}" for n in range(30)], np.random.default_rng(4)
    edges = [("n0", name) for name in names] + [(names[n], names[(n + 1) % 30]) for n in range(1, 30)]
    some = [(actor, names[int(rng.integers(30))], int(rng.integers(5))) for actor in range(1, 40) for _ in range(6)]
    rows = [(0, name, int(rng.integers(5))) for name in names] + some
    monkeypatch.setattr(counters, "CHUNK", chunk)
    counted = count_edges(frame(rows), edges, [0.8] * len(edges))
    assert counted.followed.tolist() == [len(slow_follows(rows, *edge)) for edge in edges]
    assert counted.followed.sum() > 50


def test_order_halves_what_is_expected_and_baskets_do_not() -> None:
    ordered = [(actor, entity, step) for actor in range(10) for step, entity in enumerate("ab")]
    baskets = [(actor, entity, None) for actor, entity, _ in ordered]
    in_order, together = (count_edges(frame(rows), EDGES[:2], [0.8, 0.8]) for rows in (ordered, baskets))
    assert in_order.followed.tolist() == [10, 0]
    assert in_order.expected.tolist() == [5.0, 5.0]
    assert together.followed.tolist() == [10, 10]
    assert together.expected.tolist() == [10.0, 10.0]


def test_independent_purchases_are_as_frequent_as_expected() -> None:
    rng = np.random.default_rng(0)
    wanted = [(user, entity) for user in range(20_000) for entity in "abcdz" if entity == "z" or rng.random() < 0.3]
    rows = [(user, entity, int(rng.integers(1_000_000))) for user, entity in wanted]
    counted = count_edges(frame(rows), EDGES[:4], [0.8] * 4)
    assert counted.followed == pytest.approx(counted.expected, rel=0.1)


def test_edges_keep_their_order_and_may_repeat() -> None:
    rows = [(1, "a", 0), (1, "b", 1), (2, "b", 0)]
    counted = count_edges(frame(rows), [("b", "a"), ("a", "b"), ("b", "a")], [0.7, 0.8, 0.9])
    assert counted.prior.tolist() == [0.7, 0.8, 0.9]
    assert counted.followed.tolist() == [0, 1, 0]
    assert counted.buyers.tolist() == [2, 1, 2]


@pytest.mark.parametrize("edges", [[], EDGES])
def test_nothing_bought_counts_nothing(edges: list[tuple[str, str]]) -> None:
    counted = count_edges(frame([]), edges, [0.8] * len(edges))
    assert counted.followed.tolist() == counted.expected.tolist() == counted.buyers.tolist() == [0.0] * len(edges)
