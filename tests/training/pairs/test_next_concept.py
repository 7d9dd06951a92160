"""The next concept of a basket: features by hand, the gradient, and planted baskets."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from scipy.optimize import check_grad

from training.pairs import next_concept
from training.pairs.next_concept import (
    NAMES,
    START,
    Baskets,
    ConceptKnowledge,
    NextConcept,
    count,
    features,
    popularity,
)

CONCEPTS = 8


def drawn(number: int, seed: int = 0) -> Baskets:
    """Baskets of two to four concepts, the one to find with its partner c ^ 1 more often than not."""
    rng = np.random.default_rng(seed)
    held, latest, target = np.zeros((number, CONCEPTS), np.float32), [], []
    for row in range(number):
        first = int(rng.integers(0, CONCEPTS))
        wanted = first ^ 1 if rng.random() < 0.7 else int(rng.integers(0, CONCEPTS))
        others = [c for c in rng.permutation(CONCEPTS).tolist() if c not in (first, wanted)][: int(rng.integers(0, 3))]
        held[row, [first, *others]] = 1.0
        latest.append(others[-1] if others else first)
        target.append(wanted if wanted != first else first ^ 1)
    held[np.arange(number), target] = 0.0
    return Baskets(held, np.array(latest, dtype=np.int64), np.array(target, dtype=np.int64))


def knowledge() -> ConceptKnowledge:
    rng = np.random.default_rng(3)
    complement = np.where(rng.random((CONCEPTS, CONCEPTS)) < 0.3, 0.85, 0.0)
    substitute = np.where(rng.random((CONCEPTS, CONCEPTS)) < 0.2, 1.0, 0.0)
    return ConceptKnowledge(rng.integers(1, 9, CONCEPTS).astype(float), complement, substitute)


def test_counts() -> None:
    baskets = drawn(30)
    found = count(baskets, CONCEPTS)
    whole = [{*np.flatnonzero(h).tolist(), int(t)} for h, t in zip(baskets.held, baskets.target, strict=True)]
    for e in range(CONCEPTS):
        assert found.single[e] == sum(e in basket for basket in whole)
        for f in range(CONCEPTS):
            assert found.pair[e, f] == (sum({e, f} <= basket for basket in whole) if e != f else 0)
            steps = zip(baskets.latest, baskets.target, strict=True)
            assert found.following[e, f] == sum((a, b) == (e, f) for a, b in steps)
    assert count(baskets.where(np.zeros(30, bool)), CONCEPTS).pair.sum() == 0


def test_features_by_hand() -> None:
    baskets, known = drawn(5, seed=1), knowledge()
    counts = count(drawn(40), CONCEPTS)
    found = features(baskets, counts, known)
    share = popularity(counts, known)
    assert found.shape == (5, CONCEPTS, len(NAMES))
    assert share.sum() == pytest.approx(1.0)

    def lift(pair: np.ndarray, e: int, f: int, prior: float, shrink: float) -> float:
        expected = pair[e].sum() * share[f]
        return log((pair[e, f] + shrink * share[f] * exp(prior)) / (expected + shrink * share[f]))

    for row in range(5):
        inside, latest = np.flatnonzero(baskets.held[row]), int(baskets.latest[row])
        for f in range(CONCEPTS):
            edges = [known.complement[e, f] for e in inside]
            expected = (
                log(share[f]),
                np.mean([lift(counts.pair, e, f, 0.0, 3.0) for e in inside]),
                np.mean([lift(counts.pair, e, f, known.complement[e, f], 30.0) for e in inside]),
                log(np.mean([counts.pair[e, f] / max(counts.single[e], 1) for e in inside]) + share[f]),
                lift(counts.following, latest, f, 0.0, 30.0),
                lift(counts.following, latest, f, known.complement[latest, f], 30.0),
                known.complement[latest, f],
                known.substitute[latest, f],
                np.mean(edges),
                1 - np.prod([1 - edge for edge in edges]),
                np.mean([known.substitute[e, f] for e in inside]),
                log(1 + known.complement[:, f].sum()),
            )
            assert np.allclose(found[row, f], expected, atol=1e-6)


def test_the_gradient_of_the_loss() -> None:
    baskets, known = drawn(20), knowledge()
    parts = [(features(baskets, count(drawn(40, seed=2), CONCEPTS), known), baskets)]
    point = START + 0.1
    off = check_grad(
        lambda x: next_concept._loss(x, parts)[0], lambda x: next_concept._loss(x, parts)[1], point, epsilon=1e-6
    )
    assert off < 1e-3


def test_planted_baskets_are_learned_and_verdicts_stand_in_for_them() -> None:
    test, known = drawn(300, seed=9), knowledge()
    partners = ConceptKnowledge(known.items, 0.9 * np.eye(CONCEPTS)[np.arange(CONCEPTS) ^ 1], known.substitute)

    def hits(model: NextConcept) -> float:
        scores = model.scores(test)
        assert np.isneginf(scores[test.held > 0]).all()
        return float(np.mean(scores.argmax(axis=1) == test.target))

    nothing = drawn(0)
    assert hits(NextConcept(drawn(400), known.without_verdicts())) > 0.5
    assert hits(NextConcept(nothing, partners)) > 2 * hits(NextConcept(nothing, known.without_verdicts()))
    assert NextConcept(nothing, partners).coefficients.tolist() == START.tolist()
