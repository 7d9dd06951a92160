"""The served lists with a part of knowledge taken out of the learned ranker, for ablations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.evaluating.ours import Lists, ranked
from services.ranking.building import build_fusion, build_rankers
from services.ranking.fusion import Scored
from services.ranking.rankers import Rankers
from services.ranking.recommender import GraphRecommender, Ranking
from services.recall.candidates import Led, Target
from services.recall.profile import Profile
from services.workspace import Workspace

if TYPE_CHECKING:
    from services.ranking.learned import LearnedRanking

Change = Callable[["LearnedRanking"], Ranking]


@dataclass(frozen=True, slots=True)
class WithoutRecall:
    """Ranks what the other channels found alone; edges that lead to it still count."""

    inner: Ranking

    def rank(self, known: Profile, led: Sequence[Led], targets: Sequence[Target], k: int) -> list[Scored]:
        """The k best candidates, best first."""
        return self.inner.rank(known, led, [replace(target, shortlist=()) for target in targets], k)


def without_weights(ranking: LearnedRanking) -> Ranking:
    """The same candidates by the base score alone."""
    return replace(ranking, model=replace(ranking.model, knowledge=None))


def altered(change: Change) -> Lists:
    """The lists of the trained recommender with its ranker changed."""

    def build(workspace: Workspace) -> GraphRecommender:
        fusion = build_fusion(workspace)
        rankings = _Altered(build_rankers(workspace, fusion), change)
        return GraphRecommender(workspace.client, fusion, rankings=rankings)

    return ranked(build)


@dataclass(frozen=True, slots=True)
class _Altered:
    rankers: Rankers
    change: Change

    def of(self, release: str | None) -> Ranking | None:
        ranking = self.rankers.of(release)
        return self.change(ranking) if ranking is not None else None
