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


def build_recommender(
    workspace: Workspace, observe: Observer = unobserved, *, drop_durables: bool = True
) -> GraphRecommender:
    """A recommender on the workspace's graph, as it serves unless `drop_durables` is off."""
    fusion = build_fusion(workspace)
    return GraphRecommender(workspace.client, fusion, observe, build_rankers(workspace, fusion), drop_durables)


def build_rankers(workspace: Workspace, fusion: Fusion) -> Rankers:
    """The learned rankers of the shop's releases, without what edges say where `kg_strength` is 0."""
    return Rankers(workspace.shop, fusion.cap, workspace.shop.settings.recall.kg_strength != 0)
