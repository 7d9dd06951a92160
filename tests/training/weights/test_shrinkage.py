import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.weights.counters import EdgeCounters
from training.weights.port import EdgeWeigher
from training.weights.shrinkage import Shrinkage

PRIORS = st.floats(0.01, 0.99)
COUNTS = st.floats(0, 1e6)


def weigh(prior: float, followed: float, expected: float, weigher: EdgeWeigher | None = None) -> float:
    arrays = (np.array([value]) for value in (prior, followed, followed, expected))
    return float((weigher or Shrinkage()).weigh(EdgeCounters(*arrays))[0])


@given(PRIORS)
def test_without_purchases_the_weight_is_the_prior(prior: float) -> None:
    assert weigh(prior, 0.0, 0.0) == pytest.approx(prior)


@given(PRIORS, COUNTS)
def test_purchases_as_frequent_as_by_chance_leave_the_prior(prior: float, count: float) -> None:
    assert weigh(prior, count, count) == pytest.approx(prior)


@given(PRIORS, COUNTS, COUNTS, COUNTS)
def test_more_followers_never_weigh_less_and_more_expected_never_more(
    prior: float, followed: float, expected: float, more: float
) -> None:
    weight = weigh(prior, followed, expected)
    assert 0.01 <= weight <= 0.99
    assert weigh(prior, followed + more, expected) >= weight
    assert weigh(prior, followed, expected + more) <= weight


@given(PRIORS, PRIORS, COUNTS, COUNTS)
def test_a_higher_prior_never_weighs_less(first: float, second: float, followed: float, expected: float) -> None:
    low, high = sorted((first, second))
    assert weigh(low, followed, expected) <= weigh(high, followed, expected)


def test_a_known_answer() -> None:
    # odds 4, lift (30 + 10) / (10 + 10) = 2, odds 8
    assert weigh(0.8, 30.0, 10.0) == pytest.approx(8 / 9)


def test_more_shrinkage_stays_nearer_to_the_prior() -> None:
    weights = [weigh(0.7, 50.0, 10.0, Shrinkage(k)) for k in (1.0, 10.0, 100.0, 1e9)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] == pytest.approx(0.7)


def test_the_version_names_the_parameter() -> None:
    assert Shrinkage().version == "shrinkage-10"
    assert Shrinkage(2.5).version == "shrinkage-2.5"


def test_no_edges_no_weights() -> None:
    empty = np.empty(0)
    assert Shrinkage().weigh(EdgeCounters(empty, empty, empty, empty)).shape == (0,)
