"""How the served lists are trained and asked for with a part of the method taken out, for ablations."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from services.evaluating.ours import Ours, installed, ranked, with_durables
from services.pipeline.step import run_step
from services.pipeline.weigh import WEIGH
from services.ranking.recommender import GraphRecommender
from services.shop import Shop
from services.workspace import Workspace


def counted(workspace: Workspace, seed: int) -> None:
    """Trains and releases a ranker on edges whose weights are counted: there is no edge-weight model."""
    with installed():
        from services.pipeline.rank import rank_step
        from training.ranker.training import Options

    for step in (rank_step(Options(seed=seed)), WEIGH):
        run_step(step, workspace)


def unrecalled(workspace: Workspace, seed: int) -> None:
    """Trains and releases a ranker that has seen no edge: neither candidates that one leads to nor what one says."""
    with installed():
        from services.pipeline.rank import read_material
        from training.ranker.files import save
        from training.ranker.training import Options, learn_ranker

    material = read_material(workspace)
    found = learn_ranker(replace(material, edges=material.edges.clear()), Options(seed=seed), workspace.progress)
    if found is not None:
        save(found, workspace.shop.rankers_dir, {"edges": "none"})
    run_step(WEIGH, workspace)


def without_knowledge(workspace: Workspace) -> GraphRecommender:
    """The recommender of a shop that has switched the complementary channel off."""
    settings = workspace.shop.settings
    recall = settings.recall.model_copy(update={"kg_strength": 0.0})
    shop = Shop(settings.model_copy(update={"recall": recall}), workspace.shop.folder)
    return with_durables(replace(workspace, shop=shop))


RANKED_WITHOUT = MappingProxyType(
    {
        "ranked-no-recall": Ours(
            "ranked, without U2E2I recall", ranked(unrecalled, without_knowledge), stochastic=True
        ),
        "ranked-no-weights": Ours("ranked, without E-E-I", ranked(counted), stochastic=True),
    }
)
