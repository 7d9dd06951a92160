"""Baselines in closed form beside slow loops over the purchases."""

from collections import defaultdict
from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.evaluation.toy import PURCHASES, SORTED, Purchase, ages, histories, lives
from training.evaluation.baselines.cosine import ItemKnn
from training.evaluation.baselines.directed import Directed, DirectedCosine
from training.evaluation.baselines.ease import Ease
from training.evaluation.baselines.popularity import Popularity
from training.evaluation.fitted import Fitter

TAU = st.none() | st.sampled_from([0.5, 2.0])
Weights = dict[tuple[str, str], float]


def scores(model: Fitter, rows: list[Purchase]) -> np.ndarray:
    known = histories(rows)
    return np.asarray(model.fit(known)(known), dtype=np.float64)


def slow_scores(weights: Weights, rows: list[Purchase], tau: float | None) -> list[list[float]]:
    return [
        [
            sum(
                (exp(-age / tau) if tau else 1.0) * weights.get((own, item), 0.0)
                for own, age in (zip((i for i, _ in life), ages(life), strict=True) if tau else once(life))
            )
            for item in SORTED
        ]
        for life in lives(rows).values()
    ]


def once(life: list[tuple[str, int | None]]) -> list[tuple[str, int]]:
    return [(item, 0) for item in {item for item, _ in life}]


def slow_followed(rows: list[Purchase]) -> Weights:
    after: Weights = defaultdict(float)
    for life in lives(rows).values():
        aged = [(item, age) for (item, _), age in zip(life, ages(life), strict=True)]
        for at, (item, age) in enumerate(aged):
            for distance, (later, then) in enumerate(aged[at + 1 : at + 6], 1):
                after[item, later] += 1 / distance
                if age == then:
                    after[later, item] += 1 / distance
    return {
        (item, later): strength / (sum(s for (a, _), s in after.items() if a == item) + 3)
        for (item, later), strength in after.items()
    }


def slow_cosine(rows: list[Purchase]) -> Weights:
    buyers = {item: {actor for actor, bought, _ in rows if bought == item} for item in SORTED}
    return {
        (one, other): len(buyers[one] & buyers[other]) / sqrt(len(buyers[one]) * len(buyers[other]))
        for one in SORTED
        for other in SORTED
        if one != other and buyers[one] and buyers[other]
    }


def slow_ease(rows: list[Purchase], penalty: float) -> Weights:
    bought = np.array([[float(item in dict(life)) for item in SORTED] for life in lives(rows).values()])
    inverse = np.linalg.inv(bought.T @ bought + penalty * np.eye(len(SORTED)))
    return {
        (SORTED[a], SORTED[b]): -inverse[a, b] / inverse[b, b]
        for a in range(len(SORTED))
        for b in range(len(SORTED))
        if a != b
    }


@given(rows=PURCHASES)
def test_popularity(rows: list[Purchase]) -> None:
    counts = [float(sum(bought == item for _, bought, _ in rows)) for item in SORTED]
    assert scores(Popularity(), rows).tolist() == [counts] * len(lives(rows))


@given(rows=PURCHASES)
def test_directed_copurchase(rows: list[Purchase]) -> None:
    assert scores(Directed(), rows) == pytest.approx(np.array(slow_scores(slow_followed(rows), rows, 1.0)))


@given(rows=PURCHASES, tau=TAU)
def test_cosine(rows: list[Purchase], tau: float | None) -> None:
    assert scores(ItemKnn(tau), rows) == pytest.approx(np.array(slow_scores(slow_cosine(rows), rows, tau)))


@given(rows=PURCHASES, share=st.sampled_from([0.25, 1.0]))
def test_directed_and_cosine(rows: list[Purchase], share: float) -> None:
    followed, alike = slow_followed(rows), slow_cosine(rows)
    both = {pair: followed.get(pair, 0.0) + share * alike.get(pair, 0.0) for pair in {*followed, *alike}}
    found = scores(DirectedCosine(2.0, share), rows)
    assert found == pytest.approx(np.array(slow_scores(both, rows, 2.0)))


@given(rows=PURCHASES, tau=TAU, penalty=st.sampled_from([0.5, 20.0]))
def test_ease(rows: list[Purchase], tau: float | None, penalty: float) -> None:
    wanted = np.array(slow_scores(slow_ease(rows, penalty), rows, tau))
    assert scores(Ease(penalty, tau), rows) == pytest.approx(wanted, rel=1e-4, abs=1e-5)


def test_ease_leaves_out_what_is_bought_least() -> None:
    rows: list[Purchase] = [("u", "a", 1), ("u", "2", 2), ("u", "9", 3), ("v", "a", 1), ("v", "2", 2)]
    found = scores(Ease(1.0, most=2), rows)
    assert np.count_nonzero(found, axis=0).astype(bool).tolist() == [True, False, False, False, True]
