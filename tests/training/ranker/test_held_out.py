"""The gate of rankers, on orders that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training.ranker.features import BASE
from training.ranker.held_out import HeldOut, held_out

CASES, EACH = 60, 4


def checked(place: int, evidence_place: int, column: str = "followed", cases: int = CASES) -> HeldOut:
    """A ranker, and a column of evidence, that put what is bought in each case at these places, 0 for the first."""
    order, other = (np.roll(np.linspace(0.9, 0.1, EACH), -at) for at in (place, evidence_place))
    features = np.zeros((cases * EACH, len(BASE)), dtype=np.float32)
    features[:, BASE.index(f"{column}_soon")] = np.tile(other, cases)
    bought = np.tile(np.arange(EACH) == 0, cases)
    return held_out(np.tile(order, cases), features, bought, np.repeat(np.arange(cases), EACH))


def gain(place: int) -> float:
    return 1 / math.log2(place + 2)


@pytest.mark.parametrize("column", ["followed", "title"])
@pytest.mark.parametrize(("place", "evidence_place", "better"), [(0, 1, True), (1, 1, False), (2, 1, False)])
def test_a_ranker_must_order_better_than_each_column_alone(
    place: int, evidence_place: int, better: bool, column: str
) -> None:
    found = checked(place, evidence_place, column)
    assert (found.ndcg, found.evidence_ndcg) == pytest.approx((gain(place), gain(evidence_place)))
    assert (found.bought, found.better) == (CASES, better)
    assert sum(each.size for each in found.bins) == CASES * EACH


def test_too_few_purchases_tell_nothing() -> None:
    assert checked(2, 1, cases=49).better
    assert not checked(2, 1, cases=50).better


def test_nothing_held_out_tells_nothing() -> None:
    found = held_out(np.empty(0), np.empty((0, len(BASE)), np.float32), np.empty(0, bool), np.empty(0, int))
    assert found.bins == ()
    assert math.isnan(found.ndcg)
    assert math.isnan(found.evidence_ndcg)
    assert found.better
