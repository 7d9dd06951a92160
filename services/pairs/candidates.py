"""Segmented combination: the few ordered pairs of entities worth asking a judge that costs money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from services.pairs.combination import Combination
from services.pairs.exclusion import Exclusions
from services.pairs.exploration import explore
from services.pairs.segments import Segment, segment_pair
from services.pairs.similarity import Band, TextSimilarity

TEXT_WEIGHT = 6.0  # chosen on Beauty's purchases and verdicts: 65 % of the complements in the top 60, 52 % without
SCORE_DIGITS = 9  # sums in another order differ in the last bits, and would break ties differently


class Why(StrEnum):
    """What speaks for asking about a pair."""

    BOUGHT = "bought in this order"
    TEXT = "related text"
    EXPLORATION = "exploration"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An ordered pair to ask: `segment_pair` such as HM, `score` >= 0 (0 for exploration)."""

    head: str
    tail: str
    segment_pair: str
    why: Why
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about E entities; every sequence and matrix follows the order of `ids`."""

    ids: Sequence[str]
    segments: Sequence[Segment]
    domains: Sequence[frozenset[str]]
    ppmi: sparse.csr_array  # [E, E], row before column
    similarity: TextSimilarity


@dataclass(frozen=True, slots=True)
class Selection:
    """How many pairs are kept: top K tails per head's segment, the text band, the share left to chance."""

    top: MappingProxyType[Segment, int] = field(
        default_factory=lambda: MappingProxyType({Segment.HEAD: 200, Segment.MIDDLE: 60, Segment.TAIL: 20})
    )
    band: Band = field(default_factory=Band)
    exploration: float = 0.05
    limit: int | None = None  # pairs in all, exploration included
    seed: int = 0


def candidates(evidence: Evidence, exclusions: Exclusions, selection: Selection | None = None) -> tuple[Candidate, ...]:
    """The pairs to ask, best first, exploration evenly spread among them (spec, section 5).

    Per head the top K tails by discounted positive PMI plus TEXT_WEIGHT times a text similarity inside the band. Text
    above the band (substitutes) is never kept, text below it only where purchases speak for the pair. The result
    depends on the evidence and the seed, not on the order of `ids`.
    """
    chosen = selection or Selection()
    ranked = sorted(_ranked(evidence, exclusions, chosen), key=lambda pair: (-pair.score, pair.head, pair.tail))
    kept = ranked if chosen.limit is None else ranked[: chosen.limit - round(chosen.limit * chosen.exploration)]
    quota = round(len(kept) * chosen.exploration / (1 - chosen.exploration))
    explored = _explored(evidence, exclusions, quota, chosen.seed)
    return _spread(kept, explored)


def _ranked(evidence: Evidence, exclusions: Exclusions, selection: Selection) -> list[Candidate]:
    combination = Combination(evidence.segments, evidence.domains)
    id_ranks = np.argsort(np.argsort(np.array(evidence.ids, dtype=np.str_)))
    found: list[Candidate] = []
    for head in range(len(evidence.ids)):
        allowed = exclusions.allowed(head) & combination.tails(head)
        found.extend(_top(evidence, head, allowed, id_ranks, selection))
    return found


def _top(
    evidence: Evidence, head: int, allowed: NDArray[np.bool_], id_ranks: NDArray[np.int64], selection: Selection
) -> list[Candidate]:
    ppmi = evidence.ppmi[[head]].toarray()[0]
    similarity = evidence.similarity.rows(np.array([head]))[0]
    inside = selection.band.contains(similarity)
    scores = np.round(ppmi + TEXT_WEIGHT * np.where(inside, similarity, 0.0), SCORE_DIGITS)
    kept = np.flatnonzero(allowed & (similarity <= selection.band.high) & (inside | (ppmi > 0)))
    best = kept[np.lexsort((id_ranks[kept], -scores[kept]))]
    return [
        _candidate(evidence, head, tail, Why.BOUGHT if ppmi[tail] > 0 else Why.TEXT, float(scores[tail]))
        for tail in best[: selection.top[evidence.segments[head]]].tolist()
    ]


def _candidate(evidence: Evidence, head: int, tail: int, why: Why, score: float) -> Candidate:
    combination = segment_pair(evidence.segments[head], evidence.segments[tail])
    return Candidate(evidence.ids[head], evidence.ids[tail], combination, why, score)


def _explored(evidence: Evidence, exclusions: Exclusions, quota: int, seed: int) -> list[Candidate]:
    by_id = sorted(range(len(evidence.ids)), key=lambda code: evidence.ids[code])
    middle = [code for code in by_id if evidence.segments[code] is Segment.MIDDLE]
    tail = [code for code in by_id if evidence.segments[code] is Segment.TAIL]
    drawn = explore(middle, tail, quota, seed, exclusions.allows)
    return [_candidate(evidence, head, other, Why.EXPLORATION, 0.0) for head, other in drawn]


def _spread(ranked: Sequence[Candidate], explored: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Both lists as one, in which a budget that runs out early has met its share of exploration."""
    places = [(index + 1) / (len(ranked) + 1) for index in range(len(ranked))]
    others = [(index + 1) / (len(explored) + 1) for index in range(len(explored))]
    merged = sorted([*zip(places, ranked, strict=True), *zip(others, explored, strict=True)], key=lambda pair: pair[0])
    return tuple(candidate for _, candidate in merged)
