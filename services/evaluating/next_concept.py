"""What verdicts are worth in baskets: the next concept of a basket, from a part of the earlier baskets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graph.errors import DataError
from graph.reconcile import Progress, silent
from services.evaluating.knowledge_worth import ALONE, BOTH, VERDICTS, WorthBoard
from services.item_pairs.knowledge import Knowledge, file_knowledge
from services.shop import Shop
from training.evaluation.pair_metrics import hit_rate, ranks_among
from training.evaluation.savings import Curve, saved
from training.pairs.next_concept import (
    Baskets,
    ConceptKnowledge,
    Counts,
    NextConcept,
    count,
    popularity,
)

Floats = NDArray[np.float64]

SHARES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
POPULARITY, COUNTS, SUM = "popularity", "conditional counts", "conditional counts + verdicts"
_LEVEL = "next concept"
_CUT = 10
_ROWS_AT_ONCE = 1000
_VERDICT = 0.1  # of the bare sum: a certain edge counts as a tenth of the baskets


@dataclass(frozen=True, slots=True)
class BasketRows:
    """Concepts of baskets in the order in which each first came in: basket and concept code of each row [m]."""

    basket: NDArray[np.int64]
    concept: NDArray[np.int64]
    concepts: int

    def ends(self) -> NDArray[np.int64]:
        """The last row of each basket with two concepts or more."""
        last = np.flatnonzero(np.append(self.basket[1:] != self.basket[:-1], True))
        return last[np.diff(np.append(-1, last)) > 1]

    def baskets(self, ends: NDArray[np.int64]) -> Baskets:
        """The baskets that end in these rows, their last concept to be found."""
        starts = np.searchsorted(self.basket, self.basket[ends])
        held = np.zeros((len(ends), self.concepts), dtype=np.float32)
        for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
            held[row, self.concept[start:end]] = 1.0
        return Baskets(held, self.concept[ends - 1], self.concept[ends])


def evaluate_next_concept(
    shop: Shop,
    *,
    seeds: int = 3,
    cases: int = 10_000,
    shares: Sequence[float] = SHARES,
    progress: Progress = silent,
) -> WorthBoard:
    """HR@10 of the last concept of a basket that is not yet in it, all concepts ranked but those in the basket.

    A fifth of the baskets, at most `cases`, is held out. Raises DataError where no basket has two concepts.
    """
    knowledge = file_knowledge(shop)
    rows, known = basket_rows(knowledge), concept_knowledge(knowledge)
    ends = rows.ends()
    if len(ends) < 10:
        raise DataError("knowledge-worth needs [relations] beside purchases, or else baskets of two concepts or more")
    drawn = np.random.default_rng(0).permutation(ends)
    size = min(cases, len(ends) // 5)
    test, rest = rows.baskets(drawn[:size]), drawn[size:]
    figures: dict[str, list[list[float]]] = {}
    for number, share in enumerate(shares):
        for seed in range(seeds):
            some = np.random.default_rng(seed).permutation(rest)[: round(share * len(rest))]
            for method, value in _figures(rows.baskets(some), known, test, seed).items():
                figures.setdefault(method, [[] for _ in shares])[number].append(value)
            progress("knowledge worth", number * seeds + seed + 1, len(shares) * seeds)
    curves = tuple(
        Curve(method, _LEVEL, tuple(float(np.mean(each)) for each in values)) for method, values in figures.items()
    )
    by_name = {curve.method: curve.values for curve in curves}
    needed = saved([share * len(rest) for share in shares], by_name[BOTH], by_name[ALONE])
    return WorthBoard("HR@10", "baskets", len(rest), tuple(shares), curves, {_LEVEL: needed})


def basket_rows(knowledge: Knowledge) -> BasketRows:
    """Each actor's concepts in order, repeated ones left out; those of one moment in an order drawn by chance."""
    codes = _codes(knowledge)
    linked = knowledge.timelines.join(
        knowledge.items.select(item="id", entity="entity").drop_nulls(), on="item", maintain_order="left"
    )
    chance = pl.Series("chance", np.random.default_rng(0).permutation(linked.height))
    drawn = linked.with_columns(chance).sort("actor", "when", "chance", maintain_order=True)
    first = drawn.unique(["actor", "entity"], keep="first", maintain_order=True)
    basket = first["actor"].rle_id().cast(pl.Int64).to_numpy()
    concept = first["entity"].replace_strict(codes, return_dtype=pl.Int64).to_numpy()
    return BasketRows(basket, concept, len(codes))


def concept_knowledge(knowledge: Knowledge) -> ConceptKnowledge:
    """Items by concept and the verdicts between concepts, in the order of their ids."""
    codes = _codes(knowledge)
    items = np.zeros(len(codes))
    for entity, size in knowledge.items.drop_nulls("entity").group_by("entity").len().iter_rows():
        items[codes[entity]] = size
    complement, substitute = np.zeros((len(codes), len(codes))), np.zeros((len(codes), len(codes)))
    for head, tail, probability in knowledge.complements.select("head", "tail", "probability").iter_rows():
        complement[codes[head], codes[tail]] = probability
    for head, tail in knowledge.substitutes.select("head", "tail").iter_rows():
        substitute[codes[head], codes[tail]] = 1.0
    return ConceptKnowledge(items, complement, substitute)


def _codes(knowledge: Knowledge) -> dict[str, int]:
    edges = [frame[end] for frame in (knowledge.complements, knowledge.substitutes) for end in ("head", "tail")]
    names = {name for column in (knowledge.items["entity"].drop_nulls(), *edges) for name in column}
    return {name: code for code, name in enumerate(sorted(names))}


def _figures(train: Baskets, known: ConceptKnowledge, test: Baskets, seed: int) -> dict[str, float]:
    counts = count(train, len(known.items))
    learned = NextConcept(train, known, seed)
    alone = NextConcept(train, known.without_verdicts(), seed)
    found: dict[str, list[Floats]] = {}
    for start in range(0, len(test.target), _ROWS_AT_ONCE):
        part = test.where(np.arange(start, min(start + _ROWS_AT_ONCE, len(test.target))))
        scores = _plain(part, counts, known) | {BOTH: learned.scores(part), ALONE: alone.scores(part)}
        for method, values in scores.items():
            found.setdefault(method, []).append(_ranks(values, part))
    return {method: hit_rate(np.concatenate(ranks), _CUT) for method, ranks in found.items()}


def _plain(baskets: Baskets, counts: Counts, known: ConceptKnowledge) -> dict[str, Floats]:
    share = baskets.held / np.maximum(baskets.held.sum(axis=1, keepdims=True), 1.0)
    conditional = share @ (counts.pair / np.maximum(counts.single, 1.0)[:, None])
    verdicts = share @ known.complement
    popular = np.repeat(popularity(counts, known)[None], len(baskets.held), axis=0)
    plain = {POPULARITY: popular, COUNTS: conditional, VERDICTS: verdicts, SUM: conditional + _VERDICT * verdicts}
    return {method: np.where(baskets.held > 0, -np.inf, values) for method, values in plain.items()}


def _ranks(scores: Floats, baskets: Baskets) -> Floats:
    own = scores[np.arange(len(scores)), baskets.target]
    others = scores.copy()
    others[np.arange(len(scores)), baskets.target] = -np.inf
    return ranks_among(own, others)
