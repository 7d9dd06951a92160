"""`kerec evaluate knowledge-worth`: what verdicts are worth beside the purchases of a part of the users."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.errors import DataError
from graph.reconcile import Progress, silent
from services.evaluating.complement_pairs import Cases, draw_cases
from services.item_pairs.evidence import build_evidence
from services.item_pairs.knowledge import file_knowledge, needed_relations
from services.shop import Shop
from training.evaluation.pair_metrics import auc
from training.evaluation.savings import Curve, saved
from training.pairs.evidence import Evidence, Recipe
from training.pairs.lookup import at
from training.pairs.model import Boosting, learn
from training.pairs.plain import pmi
from training.pairs.purchase_samples import purchase_samples
from training.pairs.purchases import Purchases
from training.pairs.samples import COMPLEMENT
from training.pairs.scorer import PairScorer
from training.pairs.shelf import ENTITY, Shelf

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Score = Callable[[Ints, Ints], Floats]

SHARES = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0)
BOTH, ALONE, VERDICTS, PMI, SUM = "both, learned", "purchases, learned", "verdicts", "PMI", "PMI + verdict"
LEVELS = ("concepts", "items")

_SIZE = 8000
_SHORT = Boosting(rounds=150, rate=0.08, leaves=15)


@dataclass(frozen=True, slots=True)
class WorthBoard:
    """Mean figures over the seeds: one curve a method and level, and the users that verdicts save at each share.

    `measure` says what the figures are, `unit` whose purchases shares are of: of `users` users or baskets. `saved` has
    one row a level: how many users' purchases more the learned purchases alone need for the figure of both; None beyond
    the largest share.
    """

    measure: str
    unit: str
    users: int
    shares: tuple[float, ...]
    curves: tuple[Curve, ...]
    saved: dict[str, tuple[float | None, ...]]


def evaluate_knowledge_worth(
    shop: Shop,
    *,
    seeds: int = 3,
    cases: int = 4000,
    shares: Sequence[float] = SHARES,
    levels: Sequence[str] = LEVELS,
    progress: Progress = silent,
) -> WorthBoard:
    """AUC of real complements against random items, from the purchases of a share of the users and the verdicts.

    No relation is learned from. At the level of concepts only the two items' main concepts are known of a pair.
    Raises SettingsError without relations, DataError without purchases.
    """
    knowledge = file_knowledge(shop)
    needed_relations(knowledge)
    evidence = build_evidence(shop, knowledge, progress=progress).evidence
    if evidence.relations is None or not len(evidence.bought.actor):
        raise DataError("knowledge-worth needs relations between items of the catalogue, and purchases")
    drawn = draw_cases(evidence, evidence.relations, cases, 0, 0)
    curves: list[Curve] = []
    steps = len(levels) * len(shares) * seeds
    for place, level in enumerate(levels):
        figures: dict[str, list[list[float]]] = {}
        for number, share in enumerate(shares):
            for seed in range(seeds):
                found = _figures(evidence, level, share, seed, drawn)
                for method, value in found.items():
                    figures.setdefault(method, [[] for _ in shares])[number].append(value)
                progress("knowledge worth", (place * len(shares) + number) * seeds + seed + 1, steps)
        curves += [
            Curve(method, level, tuple(float(np.mean(each)) for each in rows)) for method, rows in figures.items()
        ]
    users = evidence.bought.actors
    saving = _saved(curves, shares, users)
    return WorthBoard("AUC against random items", "users", users, tuple(shares), tuple(curves), saving)


def some_actors(bought: Purchases, share: float, seed: int) -> Purchases:
    """The purchases of a share of the actors; those of a smaller share are among those of a larger one."""
    actors = np.random.default_rng(seed).permutation(np.unique(bought.actor))
    return bought.of(np.sort(actors[: round(share * len(actors))]))


def _figures(evidence: Evidence, level: str, share: float, seed: int, cases: Cases) -> dict[str, float]:
    shelf, bought = evidence.shelf, some_actors(evidence.bought, share, seed)
    recipe = Recipe(concepts=level == LEVELS[0], alikes=False)
    plain = pmi(shelf, bought, concepts=recipe.concepts)
    entity = shelf.groups[ENTITY]

    def verdict(src: Ints, dst: Ints) -> Floats:
        return at(shelf.complement, entity[src], entity[dst]).astype(np.float64)

    scores: dict[str, Score] = {
        BOTH: _learned(shelf, bought, recipe, seed),
        ALONE: _learned(shelf.without_verdicts(), bought, recipe, seed),
        VERDICTS: verdict,
        PMI: plain,
        SUM: lambda src, dst: plain(src, dst) + verdict(src, dst),
    }
    return {name: auc(score(cases.src, cases.dst), score(cases.src, cases.random)) for name, score in scores.items()}


def _learned(shelf: Shelf, bought: Purchases, recipe: Recipe, seed: int) -> Score:
    samples = purchase_samples(shelf, bought, _SIZE, seed, recipe)
    if not (samples.label == COMPLEMENT).any():
        return lambda src, _: np.zeros(len(src))
    model = learn(samples, _SHORT)
    scorer = PairScorer(Evidence(shelf, bought), model, recipe)
    return lambda src, dst: scorer.score(src, dst).complement


def _saved(curves: Sequence[Curve], shares: Sequence[float], users: int) -> dict[str, tuple[float | None, ...]]:
    by_name = {(curve.level, curve.method): curve.values for curve in curves}
    sizes = [share * users for share in shares]
    return {
        level: saved(sizes, by_name[level, BOTH], by_name[level, ALONE])
        for level in dict.fromkeys(curve.level for curve in curves)
    }
