"""`kerec evaluate complement-pairs`: relations held out, scored beside random, popular and substitute items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graph.errors import DataError
from graph.reconcile import Progress, silent
from services.item_pairs.evidence import build_evidence
from services.item_pairs.knowledge import file_knowledge, needed_relations
from services.shop import Shop
from training.evaluation.bootstrap import Interval, interval, resampled_means
from training.evaluation.pair_metrics import (
    auc,
    calibration_error,
    hit_rate,
    mean_reciprocal_rank,
    ranks_among,
    resampled_auc,
)
from training.pairs.draws import Known, as_popular, at_random
from training.pairs.evidence import Evidence, lasting_blocks, purchase_blocks
from training.pairs.features import FeatureBlock, names
from training.pairs.relation_features import relation_blocks
from training.pairs.relations import COMPLEMENT, SUBSTITUTE, Relations, folds
from training.pairs.scorer import PairScorer, learn_pairs

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Score = Callable[[Ints, Ints], Floats]

_SHARE = 5  # a fifth of the unordered pairs is held out
_SOURCES = 10  # or the pairs of a tenth of the items
_SPLIT = 1000  # apart from the seeds of the scorer's own folds
_NEGATIVES = 1000
_CUT = 10
_AT_ONCE = 50_000

# Single features as baselines, by the names that their blocks give them.
_BASELINES = {
    "title cosine": "title similarity",
    "popularity": "popularity (purchases)",
    "bought together pmi": "purchases: PMI of items",
    "bought by entity lift both ways": "purchases: PMI of concepts",
    "complement": "verdicts: prior of the edge",
    "complements by category lift": "relations: category pair, against chance",
    "complements to substitutes, category": "relations: category pair, complements to substitutes",
    "bought lists with the target": "relations: popularity (lists that name the item)",
    "common": "relations: common neighbours (Adamic-Adar)",
}


@dataclass(frozen=True, slots=True)
class PairLine:
    """One scorer's figures, all in [0, 1]: three AUCs, and MRR and HR@10 among 1,000 random items.

    `intervals` has the 95 % interval of each by its name; source items, with all their pairs, are drawn again.
    """

    scorer: str
    random: float
    popular: float
    substitutes: float
    mrr: float
    hits: float
    intervals: dict[str, Interval] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PairBoard:
    """Lines over `complements` and `substitutes` held-out pairs; `sources` are the pairs of the third line."""

    complements: int
    substitutes: int
    ranked: int
    sources: int
    calibration: float
    lines: tuple[PairLine, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """Held-out pairs: complements with a negative of each kind, substitutes, and [q, 1000] negatives of the first q."""

    src: Ints
    dst: Ints
    random: Ints
    popular: Ints
    substitutes: Relations
    among: Ints


def evaluate_complement_pairs(
    shop: Shop, *, cases: int = 10_000, ranked: int = 500, seed: int = 0, progress: Progress = silent
) -> PairBoard:
    """Holds out a fifth of the unordered pairs of `[relations]`, both directions of each, and scores them.

    Complements: also bought or bought together, not also viewed; substitutes: also viewed only. Random negatives are
    drawn from all items, popularity-matched ones within 100 places of the complement by purchases; none is a known
    relation of the source. Raises SettingsError without relations, DataError where there are too few.
    """
    knowledge = file_knowledge(shop)
    needed_relations(knowledge)
    coded = build_evidence(shop, knowledge, progress=progress)
    evidence, known = coded.evidence, coded.evidence.relations
    if known is None:
        raise DataError("no relation names two items of the catalogue: correct [relations]")
    held = folds(known.keys(), _SHARE, _SPLIT + seed) == 0
    drawn = draw_cases(evidence, known.where(held), cases, ranked, seed)
    rest = known.where(~held)
    lines: list[PairLine] = []
    scorers: dict[str, Score] = {}
    for step, (name, part) in enumerate((("with relations", rest), ("without relations", None))):
        progress("complement pairs", step, 4)
        scorers[name] = _learned(Evidence(evidence.shelf, evidence.bought, part), seed)
        lines.append(measure(name, scorers[name], drawn))
    progress("complement pairs", 2, 4)
    sources, line = _whole_sources(evidence, known, cases, ranked, seed)
    lines.append(line)
    progress("complement pairs", 3, 4)
    lines += _baselines(Evidence(evidence.shelf, evidence.bought, rest), drawn)
    progress("complement pairs", 4, 4)
    error = _calibration(scorers["with relations"], drawn)
    return PairBoard(len(drawn.src), len(drawn.substitutes.src), len(drawn.among), sources, error, tuple(lines))


def draw_cases(evidence: Evidence, held: Relations, cases: int, ranked: int, seed: int) -> Cases:
    """Up to `cases` held-out pairs of either label and their negatives; raises DataError where one has none."""
    rng = np.random.default_rng(seed)
    every = evidence.relations or held
    complements, substitutes = (_some(held, label, cases, rng) for label in (COMPLEMENT, SUBSTITUTE))
    if not len(complements.src) or not len(substitutes.src):
        raise DataError("a fifth of the relations holds no complement or no substitute: there are too few to measure")
    related = Known(every.src, every.dst, every.items)
    src, dst = complements.src, complements.dst
    sources = np.repeat(src[:ranked], _NEGATIVES)
    return Cases(
        src,
        dst,
        at_random(src, related, every.items, rng),
        as_popular(src, dst, evidence.bought.popularity(), related, rng),
        substitutes,
        at_random(sources, related, every.items, rng).reshape(-1, _NEGATIVES),
    )


def measure(name: str, score: Score, cases: Cases) -> PairLine:
    """All figures of one scorer."""
    own = score(cases.src, cases.dst)
    ranked = len(cases.among)
    among = score(np.repeat(cases.src[:ranked], _NEGATIVES), cases.among.ravel()).reshape(ranked, -1)
    places = ranks_among(own[:ranked], among)
    others = {
        "random": (cases.src, cases.random),
        "popular": (cases.src, cases.popular),
        "substitutes": (cases.substitutes.src, cases.substitutes.dst),
    }
    aucs, intervals = {}, {}
    for kind, (src, dst) in others.items():
        scores = score(src, dst)
        aucs[kind] = auc(own, scores)
        drawn = resampled_auc(own, scores, (cases.src, src))
        intervals[kind] = interval(drawn[np.isfinite(drawn)])
    gains = np.stack([1.0 / places, places <= _CUT], axis=1)
    means = resampled_means(gains, clusters=cases.src[:ranked])
    intervals |= {"mrr": interval(means[:, 0]), "hits": interval(means[:, 1])}
    return PairLine(name, **aucs, mrr=mean_reciprocal_rank(places), hits=hit_rate(places, _CUT), intervals=intervals)


def _learned(evidence: Evidence, seed: int) -> Score:
    scorer = PairScorer(evidence, learn_pairs(evidence, seed=seed))
    return lambda src, dst: scorer.score(src, dst).complement


def _whole_sources(evidence: Evidence, known: Relations, cases: int, ranked: int, seed: int) -> tuple[int, PairLine]:
    """Every pair of a tenth of the items held out; the cases are the relations that start at one of them."""
    apart = np.random.default_rng(_SPLIT + seed).random(known.items) < 1.0 / _SOURCES
    drawn = draw_cases(evidence, known.where(apart[known.src]), cases, ranked, seed)
    rest = known.where(~(apart[known.src] | apart[known.dst]))
    score = _learned(Evidence(evidence.shelf, evidence.bought, rest), seed)
    return len(drawn.src), measure("with relations, none of the source's", score, drawn)


def _baselines(evidence: Evidence, cases: Cases) -> list[PairLine]:
    known = evidence.relations
    blocks = [*lasting_blocks(evidence.shelf), *purchase_blocks(evidence.shelf, evidence.bought)]
    if known is not None:
        blocks += relation_blocks(evidence.shelf, known)
    found = {}
    for block in blocks:
        for name in names([block]):
            if name in _BASELINES:
                found[name] = measure(_BASELINES[name], _single(block, name), cases)
    return [found[name] for name in _BASELINES if name in found]


def _single(block: FeatureBlock, name: str) -> Score:
    def score(src: Ints, dst: Ints) -> Floats:
        parts = [slice(start, start + _AT_ONCE) for start in range(0, len(src), _AT_ONCE)]
        return np.concatenate([block.columns(src[part], dst[part])[name] for part in parts]).astype(np.float64)

    return score


def _some(held: Relations, label: int, size: int, rng: np.random.Generator) -> Relations:
    """Drawn and in the order of the draw: the first ones of them, which alone are ranked, are a sample too."""
    return held.where(rng.permutation(np.flatnonzero(held.label == label))[:size])


def _calibration(score: Score, cases: Cases) -> float:
    """Of the held-out complements, half as many substitutes and the unrelated pairs of both kinds, as in training."""
    half = len(cases.src) // 2
    negatives = [
        score(cases.substitutes.src[:half], cases.substitutes.dst[:half]),
        score(cases.src, cases.random),
        score(cases.src, cases.popular),
    ]
    own = score(cases.src, cases.dst)
    truths = np.zeros(len(own) + sum(map(len, negatives)), bool)
    truths[: len(own)] = True
    return calibration_error(np.concatenate([own, *negatives]), truths)
