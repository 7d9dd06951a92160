"""Which concept comes next in a basket: counts of earlier baskets and verdicts, weighed by what baskets show.

A conditional logit over all concepts that a basket does not hold yet: the probability of f is the softmax of a linear
score of a few features of (basket, f), learned from the last concepts of earlier baskets, whose counts come from the
other folds. Coefficients are drawn towards a start that holds without any basket, so that verdicts and the catalogue
carry the model while there are few. This is the project's own formulation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FOLDS = 5
_SHRINK = (3.0, 30.0)  # pseudo-observations of the prior for the pair counts: a light and a heavy one
_VERDICT_LIFT = 1.0  # log lift of a certain edge in the heavier prior
_PULL = 20.0  # how many baskets the start counts for, per coefficient
_ROUNDS = 100
_FITTED = 4000  # baskets that the few coefficients are learned from; counts come from all
_POPULAR = 30.0  # observations that a concept's items count for


@dataclass(frozen=True, slots=True)
class Baskets:
    """Baskets over c concepts: 1 where a concept is in it [b, c], its latest concept [b], and the one to find [b]."""

    held: NDArray[np.float32]
    latest: Ints
    target: Ints

    def where(self, rows: Ints | NDArray[np.bool_]) -> Baskets:
        """Some of the baskets."""
        return Baskets(self.held[rows], self.latest[rows], self.target[rows])

    def whole(self) -> NDArray[np.float32]:
        """1 where a concept is in the basket, the one to find included, shape [b, c]."""
        full = self.held.copy()
        full[np.arange(len(full)), self.target] = 1.0
        return full


@dataclass(frozen=True, slots=True)
class Counts:
    """Of n baskets: how many hold each concept [c], each two concepts [c, c], and one right after the other [c, c]."""

    baskets: int
    single: Floats
    pair: Floats
    following: Floats


def count(baskets: Baskets, concepts: int) -> Counts:
    """Counts over the whole baskets."""
    full = baskets.whole()
    pair = (full.T @ full).astype(np.float64) if len(full) else np.zeros((concepts, concepts))
    np.fill_diagonal(pair, 0.0)
    following = np.zeros((concepts, concepts))
    np.add.at(following, (baskets.latest, baskets.target), 1.0)
    return Counts(len(full), full.sum(axis=0, dtype=np.float64), pair, following)


@dataclass(frozen=True, slots=True)
class ConceptKnowledge:
    """Of c concepts: how many items each has [c], priors of complementary edges and 1 for substitutes, [c, c]."""

    items: Floats
    complement: Floats
    substitute: Floats

    def without_verdicts(self) -> ConceptKnowledge:
        """The same, nothing judged."""
        return ConceptKnowledge(self.items, np.zeros_like(self.complement), np.zeros_like(self.substitute))


NAMES = (
    "popularity",
    "lift",
    "lift, heavily shrunk towards the verdicts",
    "share of conditional counts",
    "lift after the latest",
    "lift after the latest, shrunk towards the verdicts",
    "complementary edge of the latest",
    "substitute edge of the latest",
    "complementary edges",
    "any complementary edge",
    "substitute edges",
    "edges to it",
)
START = np.array(
    [1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.5, 0.0, 0.0, 0.1]
)  # without a basket: verdicts, and what many items are


def features(baskets: Baskets, counts: Counts, known: ConceptKnowledge) -> Floats:
    """The features NAMES of every basket and concept, shape [b, c, 12]."""
    held = baskets.held.astype(np.float64)
    inside = held / np.maximum(held.sum(axis=1, keepdims=True), 1.0)
    share = popularity(counts, known)
    light = _log_lift(counts.pair, counts.single, share, np.zeros_like(known.complement), _SHRINK[0])
    heavy = _log_lift(counts.pair, counts.single, share, _VERDICT_LIFT * known.complement, _SHRINK[1])
    after = counts.following.sum(axis=1)
    following, judged = (
        _log_lift(counts.following, after, share, weight * known.complement, _SHRINK[1])
        for weight in (0.0, _VERDICT_LIFT)
    )
    conditional = counts.pair / np.maximum(counts.single, 1.0)[:, None]
    wide = np.ones((len(baskets.held), 1))
    parts = (
        wide * np.log(share),
        inside @ light,
        inside @ heavy,
        np.log(inside @ conditional + share),
        following[baskets.latest],
        judged[baskets.latest],
        known.complement[baskets.latest],
        known.substitute[baskets.latest],
        inside @ known.complement,
        1.0 - np.exp(held @ np.log1p(-np.minimum(known.complement, 0.99))),
        inside @ known.substitute,
        wide * np.log1p(known.complement.sum(axis=0)),
    )
    return np.stack(parts, axis=2)


def popularity(counts: Counts, known: ConceptKnowledge) -> Floats:
    """The share of each concept among all that baskets hold [c], shrunk towards the roots of its items."""
    roots = np.sqrt(known.items + 1.0)
    base = roots / roots.sum()
    return np.asarray((counts.single + _POPULAR * base) / (counts.single.sum() + _POPULAR))


class NextConcept:
    """Learned coefficients with the counts of all baskets."""

    def __init__(self, baskets: Baskets, known: ConceptKnowledge, seed: int = 0) -> None:
        self._known, self._counts = known, count(baskets, len(known.items))
        self.coefficients = _fit(baskets, known, seed)

    def scores(self, baskets: Baskets) -> Floats:
        """The score of every concept, shape [b, c]; -inf for those that the basket holds."""
        found = features(baskets, self._counts, self._known) @ self.coefficients
        return np.where(baskets.held > 0, -np.inf, found)


def _log_lift(pair: Floats, single: Floats, share: Floats, prior: Floats, shrink: float) -> Floats:
    """log of P(f | e) / P(f), P(f | e) = (N_ef + k share_f exp(prior_ef)) / (N_e + k) up to a factor of e."""
    rate = pair.sum(axis=1) / np.maximum(single, 1.0)  # other concepts in a basket with e
    expected = np.maximum(rate * single, 0.0)[:, None] * share[None]
    return np.asarray(np.log((pair + shrink * share[None] * np.exp(prior)) / (expected + shrink * share[None])))


def _fit(baskets: Baskets, known: ConceptKnowledge, seed: int) -> Floats:
    if not len(baskets.target):
        return START
    fold = np.random.default_rng(seed).integers(0, FOLDS, len(baskets.target))
    parts = []
    for number in range(FOLDS):
        rest = count(baskets.where(fold != number), len(known.items))
        own = baskets.where(np.flatnonzero(fold == number)[: _FITTED // FOLDS])
        parts.append((features(own, rest, known), own))
    found = minimize(_loss, START, args=(parts,), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return np.asarray(found.x)


def _loss(coefficients: Floats, parts: list[tuple[Floats, Baskets]]) -> tuple[float, Floats]:
    """Minus the log likelihood of the targets plus the pull towards START, and its gradient."""
    away = coefficients - START
    loss, gradient = 0.5 * _PULL * float(away @ away), _PULL * away
    for values, baskets in parts:
        scores = np.where(baskets.held > 0, -np.inf, values @ coefficients)
        scores -= scores.max(axis=1, keepdims=True)
        weights = np.exp(scores)
        weights /= weights.sum(axis=1, keepdims=True)
        rows = np.arange(len(weights))
        loss -= float(np.log(weights[rows, baskets.target] + 1e-300).sum())
        gradient = gradient + np.einsum("bc,bcf->f", weights, values) - values[rows, baskets.target].sum(axis=0)
    return loss, gradient
