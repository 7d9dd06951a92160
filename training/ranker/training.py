"""Learning the ranker: pull, base booster, knowledge booster and calibration, from purchases alone."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graph.reconcile import Progress, silent
from training.ranker.boosting import base_booster, knowledge_booster
from training.ranker.calibration import calibration_error, platt
from training.ranker.cases import Cases, before_targets, cases
from training.ranker.catalogue import Catalogue
from training.ranker.evidence import Evidence, Titles, gather
from training.ranker.gain import surely_worse
from training.ranker.held_out import HeldOut, held_out
from training.ranker.knowledge import Interests, activate
from training.ranker.model import RankerModel, Scores
from training.ranker.ordered import runs
from training.ranker.pull import Pull, learn
from training.ranker.sampling import Rows, Shelves, joined, rows

_NEGATIVES = 50  # candidates not bought that are kept of a case
_KNOWN = 4_000.0  # cases whose candidates with an active edge the knowledge booster reads, in the mean
_PAIRS = 0.2  # share of the pairs not bought that the pull is learned from
_MAX_CASES = 60_000
_CHECKED = 1_500  # cases whose candidates, all of them, calibrate; and as many that check
_TEACH, _STOP, _SCALE, _CHECK, _KNOW = "teach", "stop", "scale", "check", "know"
_ROLES = (*[_TEACH] * 16, *[_STOP] * 2, _SCALE, _CHECK)  # of the actors


@dataclass(frozen=True, slots=True)
class Options:
    """`targets` of an actor's last purchases are cases; `folds` of the actors take turns to give no evidence."""

    seed: int = 0
    folds: int = 5
    targets: int = 2
    rounds: int = 200
    patience: int = 20


DEFAULTS = Options()


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What a ranker is learned from.

    `items`: id, title, brand, category, available, entity. `timelines`: training.weights.timelines; `dated`: their
    `when` is epoch ms. `edges`: training.ranker.knowledge. `kinds`: entity, durable, kind. `shortlists` and
    `popular` (with shares): training.weights.popularity. `per_entity`: items that recall takes of an entity.
    """

    items: pl.DataFrame
    timelines: pl.DataFrame
    dated: bool
    edges: pl.DataFrame
    kinds: pl.DataFrame
    shortlists: pl.DataFrame
    popular: pl.DataFrame
    interests: Interests
    per_entity: int = 5


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The ranker, the evidence to publish [training.ranker.evidence.EVIDENCE], and what is known of them.

    `held_out`: what it is worth on actors that neither taught nor stopped a booster. Edge weights, shelves and half of
    the pull have seen their purchases. `rounds`: NDCG@10 on the actors that stop, after each round of boosting.
    """

    model: RankerModel
    pull: Pull
    evidence: pl.DataFrame
    options: Options
    rounds: tuple[float, ...]
    held_out: HeldOut
    facts: Mapping[str, float]


def learn_ranker(material: Material, options: Options = DEFAULTS, progress: Progress = silent) -> Learned | None:
    """The ranker of a shop's purchases, None where they hold too little to learn from.

    Evidence and cases never come from the same actor: each fold's cases are read beside the others' evidence. Edge
    weights, popularity and shortlists are those of all actors, as they are when the ranker serves.
    """
    if material.timelines.is_empty():
        return None
    lesson = _Lesson(material, options)
    if not len(lesson.cases.target):
        return None
    found: defaultdict[str, list[Rows]] = defaultdict(list)
    for fold in range(options.folds):
        for role, part in lesson.rows(fold):
            found[role].append(part)
        progress("ranker: evidence out of fold", fold + 1, options.folds)
    groups = {role: joined(parts) for role, parts in found.items()}
    if any(role not in groups or not groups[role].bought.any() for role in (_TEACH, _STOP, _SCALE, _CHECK)):
        return None
    model, rounds, checked = _fitted(groups, options)
    facts = {
        "cases": float(len(lesson.cases.target)),
        "candidates": float(groups[_CHECK].sizes.mean()),
        "found": float(groups[_CHECK].bought.sum() / len(groups[_CHECK].sizes)),
        "trees": float(model.base.num_trees()),
        "knowledge": float(model.knowledge is not None),
        "calibration_error": calibration_error(checked.bins),
    }
    worth = {"ndcg": checked.ndcg, "evidence_ndcg": checked.evidence_ndcg}
    facts |= {name: value for name, value in worth.items() if not math.isnan(value)}
    evidence = lesson.evidence.frame(lesson.catalogue)
    return Learned(model, lesson.pull, evidence, options, rounds, checked, facts)


class _Lesson:
    """The cases of a shop, who teaches, and the evidence with and without a fold."""

    def __init__(self, material: Material, options: Options) -> None:
        self._material = material
        self._rng = np.random.default_rng(options.seed)
        self.catalogue = Catalogue.of(material.items)
        self._titles = Titles.of(self.catalogue)
        self._actor = material.timelines["actor"].rank("dense").cast(pl.Int64).to_numpy() - 1
        before = before_targets(material.timelines, self.catalogue, options.targets)
        self.cases = cases(before)
        self._active = activate(
            before, self.catalogue, material.edges, material.kinds, material.interests, dated=material.dated
        )
        self._shelves = Shelves.of(material.shortlists, material.popular, self.catalogue, material.per_entity)
        actors = int(self._actor.max()) + 1
        self._fold = self._rng.integers(0, options.folds, actors)
        self._role = np.array(_ROLES)[self._rng.integers(0, len(_ROLES), actors)]
        self.pull = self._pull()
        self.evidence = self._gathered(np.ones(actors, dtype=bool))

    def rows(self, fold: int) -> Iterator[tuple[str, Rows]]:
        """The rows of the fold's cases, by what they are for."""
        evidence = self._gathered(self._fold != fold)
        inside = self._fold[self.cases.actor] == fold
        role = self._role[self.cases.actor]
        for name, size in ((_TEACH, _MAX_CASES), (_STOP, _MAX_CASES), (_SCALE, _CHECKED), (_CHECK, _CHECKED)):
            share = size / max(int((role == name).sum()), 1)
            numbers = self._drawn(np.flatnonzero(inside & (role == name)), share)
            for part in rows(self.cases, numbers, evidence, self.catalogue, self._active, self._shelves):
                yield from self._split(name, part)

    def _split(self, role: str, part: Rows) -> Iterator[tuple[str, Rows]]:
        if role in (_SCALE, _CHECK):
            yield role, part
            return
        case = part.case
        bought = np.bincount(case[part.bought], minlength=len(part.sizes)) > 0
        share = 1.0 if role == _STOP else np.minimum(1.0, _NEGATIVES / np.maximum(part.sizes, 1))[case]
        yield role, self._sampled(part, bought[case], np.broadcast_to(share, case.shape))
        if role == _TEACH and len(part.active):
            active = np.zeros(len(case), dtype=bool)
            active[part.active] = True
            yield _KNOW, self._sampled(part, active, np.full(len(case), min(1.0, _KNOWN / len(self.cases.target))))

    def _sampled(self, part: Rows, among: NDArray[np.bool_], share: NDArray[np.float64]) -> Rows:
        """The bought rows and this share of the others, each of which stands for those left out."""
        drawn = part.bought | (self._rng.random(len(share)) < share)
        weight = np.where(part.bought, 1.0, 1.0 / share).astype(np.float32)
        return part.chosen(among & drawn, weight)

    def _drawn(self, numbers: NDArray[np.int64], share: float) -> NDArray[np.int64]:
        return numbers if share >= 1 else numbers[self._rng.random(len(numbers)) < share]

    def _gathered(self, actors: NDArray[np.bool_], keep: bool = True) -> Evidence:
        timelines = self._material.timelines.filter(pl.Series(actors[self._actor]))
        if keep:
            return gather(timelines, self.catalogue, self._titles, self.pull)
        return gather(timelines, self.catalogue, self._titles, keep=None)

    def _pull(self) -> Pull:
        """From half of the actors, beside the evidence of the others."""
        # The same for every seed: what is published as evidence does not depend on chance.
        rng = np.random.default_rng(0)
        half = rng.random(len(self._fold)) < 0.5
        evidence = self._gathered(~half, keep=False)
        numbers = np.flatnonzero(half[self.cases.actor])
        some = rng.permutation(numbers)[:_MAX_CASES]
        return _pull(self.cases.part(np.sort(some)), evidence, rng)


def _pull(some: Cases, evidence: Evidence, rng: np.random.Generator) -> Pull:
    """Learned from the pairs that leave the newest item owned."""
    newest = some.items[some.starts[:-1]]
    counts = np.diff(evidence.starts)[newest]
    case = np.repeat(np.arange(len(newest)), counts)
    pair = runs(evidence.starts[newest], counts)
    bought = evidence.next[pair] == some.target[case]
    kept = bought | (rng.random(len(pair)) < _PAIRS)
    return learn(evidence.values[pair[kept]], evidence.popularity[evidence.next[pair[kept]]], bought[kept])


def _fitted(groups: Mapping[str, Rows], options: Options) -> tuple[RankerModel, tuple[float, ...], HeldOut]:
    """Some actors' cases scale and calibrate; those of others say how well, and what the order is worth."""
    scale, check = groups[_SCALE], groups[_CHECK]
    base, rounds = base_booster(groups[_TEACH], groups[_STOP], options.seed, options.rounds, options.patience)
    scaled = platt(RankerModel(base).f_base(scale.features), scale.bought)
    plain = RankerModel(base, scaled)
    knowledge = None
    if _KNOW in groups:
        known = groups[_KNOW]
        knowledge = knowledge_booster(known, plain.f_base(known.features), options.seed)
    if knowledge is not None:
        # Only harm that shows leaves edges out: a few hundred purchases seldom tell the two orders apart, and what is
        # lost by chance is what edges add to the purchases that they lead to.
        scores = _scores(RankerModel(base, scaled, knowledge), scale)
        if surely_worse(scores.logit, scores.logit - scores.known, scale.bought, scale.case):
            knowledge = None
    fused = RankerModel(base, scaled, knowledge)
    calibrated = platt(_scores(fused, scale).logit, scale.bought)
    chances = calibrated.probability(_scores(fused, check).logit)
    checked = held_out(chances, check.features, check.bought, check.case)
    return RankerModel(base, scaled, knowledge, calibrated), rounds, checked


def _scores(model: RankerModel, rows: Rows) -> Scores:
    return model.score(rows.features, rows.active, rows.facts)
