"""The recommender as a shop's settings ask for it."""

from __future__ import annotations

from services.ranking.fusion import Fusion
from services.ranking.rankers import Rankers
from services.ranking.recommender import GraphRecommender, Observer, unobserved
from services.workspace import Workspace


def build_fusion(workspace: Workspace) -> Fusion:
    """The ranker with the caps of `[recall]`."""
    tuned = workspace.shop.settings.recall
    strength = Fusion().strength if tuned.kg_strength is None else tuned.kg_strength
    return Fusion(strength, tuned.per_entity, tuned.min_entities)


def build_recommender(workspace: Workspace, observe: Observer = unobserved) -> GraphRecommender:
    """A recommender on the workspace's graph."""
    fusion = build_fusion(workspace)
    rankers = Rankers(workspace.shop, fusion.cap, workspace.shop.settings.recall.kg_strength != 0)
    return GraphRecommender(workspace.client, fusion, observe, rankers)
