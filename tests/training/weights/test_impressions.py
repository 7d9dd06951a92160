import math

import numpy as np
import polars as pl
import pytest

from training.weights.impressions import EDGE, EDGE_AND_ITEM, click_counters, count_impressions

EXAMINED = np.array([1.0, 0.5, 0.25])
T = 7.0
SCHEMA = ["sample", "head", "tail", "item", "position", "age", "clicked"]


def samples(seed: int, n: int = 60) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for sample in range(n):
        tail, position, clicked = str(rng.choice(["x", "y"])), int(rng.integers(5)), bool(rng.random() < 0.3)
        heads = rng.choice(["a", "b", "c"], size=int(rng.integers(1, 4)), replace=False)
        ages = rng.integers(90, size=len(heads)).astype(float)
        shown = (f"{tail}{sample % 3}", position)
        rows += [(sample, str(head), tail, *shown, age, clicked) for head, age in zip(heads, ages, strict=True)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def slow(frame: pl.DataFrame, by: tuple[str, ...]) -> dict[tuple[str, ...], list[float]]:
    counts: dict[tuple[str, ...], list[float]] = {}
    rows = frame.to_dicts()
    for row in rows:
        others = sum(math.exp(-other["age"] / T) for other in rows if other["sample"] == row["sample"])
        share = math.exp(-row["age"] / T) / others
        count = counts.setdefault(tuple(row[name] for name in by), [0.0, 0.0, 0.0])
        count[0] += share
        count[1] += share * EXAMINED[min(row["position"], 2)]
        count[2] += share * row["clicked"]
    return counts


@pytest.mark.parametrize("by", [EDGE, EDGE_AND_ITEM])
@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_a_slow_count(seed: int, by: tuple[str, ...]) -> None:
    frame = samples(seed)
    counted = count_impressions(frame, EXAMINED, T, by)
    expected = slow(frame, by)
    assert [row[: len(by)] for row in counted.rows()] == sorted(expected)
    for row in counted.rows():
        assert row[len(by) :] == pytest.approx(expected[row[: len(by)]])
    assert counted["impressions"].sum() == pytest.approx(frame["sample"].n_unique())


def test_the_rate_does_not_depend_on_where_items_stood() -> None:
    rng = np.random.default_rng(0)
    rows = [
        (n, "a", tail, "i", position, 0.0, bool(rng.random() < 0.4 * EXAMINED[position]))
        for n in range(40_000)
        for tail, position in [("top", 0) if n % 2 else ("low", 2)]
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    counted = count_impressions(frame, EXAMINED, T)
    assert (counted["clicks"] / counted["examined"]).to_list() == pytest.approx([0.4, 0.4], abs=0.03)


def test_edges_take_their_counters_in_their_order() -> None:
    counted = count_impressions(samples(0), EXAMINED, T)
    edges = [("c", "y"), ("nobody", "x"), ("a", "x"), ("c", "y")]
    found = click_counters(counted, edges, [0.7, 0.8, 0.9, 0.7])
    by_edge = {(head, tail): (examined, clicks) for head, tail, _, examined, clicks in counted.rows()}
    rate = counted["clicks"].sum() / counted["examined"].sum()
    for place, edge in enumerate(edges):
        examined, clicks = by_edge.get(edge, (0.0, 0.0))
        assert found.buyers[place] == pytest.approx(examined)
        assert found.followed[place] == pytest.approx(clicks)
        assert found.expected[place] == pytest.approx(examined * rate)
    assert found.prior.tolist() == [0.7, 0.8, 0.9, 0.7]


def test_nothing_shown_counts_nothing() -> None:
    counted = count_impressions(samples(0).clear(), EXAMINED, T)
    found = click_counters(counted, [("a", "x")], [0.8])
    assert found.buyers.tolist() == found.followed.tolist() == found.expected.tolist() == [0.0]
