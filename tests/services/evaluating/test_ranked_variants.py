"""What is taken out of the served lists is gone from them, from what they were trained on, and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.address import GraphAddress
from graph.client import GraphClient
from graph.reconcile import current
from graph.tables import COMPLEMENTS_WEIGHT
from services.evaluating.ours import OURS, ranked
from services.evaluating.ranked_variants import RANKED_WITHOUT, counted, unrecalled, without_knowledge
from services.evaluating.variants import GROUPS, VARIANTS
from services.pipeline import learned
from services.ranking.building import build_fusion, build_rankers
from services.ranking.learned import LearnedRanking
from services.ranking.recommender import GraphRecommender
from services.workspace import Workspace
from tests.live.ranked import shop
from tests.live.runs import opened, ran
from training.ranker.held_out import HeldOut

K = 20


@pytest.fixture
def workspace(embedded_address: GraphAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    # So small a shop's ranker is seldom better than its evidence; here it is served all the same.
    monkeypatch.setattr(HeldOut, "better", property(lambda _self: True))
    with GraphClient(embedded_address) as client:
        workspace = opened(client, shop(tmp_path / "shop"), empty=True)
        ran(workspace)
        yield workspace


class Trained:
    """Trains as told and keeps the ranker that is served then."""

    def __init__(self, train) -> None:  # type: ignore[no-untyped-def]
        self._train = train
        self.seeds: list[int] = []
        self.ranking: LearnedRanking | None = None

    def __call__(self, workspace: Workspace, seed: int) -> None:
        self._train(workspace, seed)
        self.seeds.append(seed)
        release = GraphRecommender(workspace.client, build_fusion(workspace)).for_user("u001", 1).release
        self.ranking = build_rankers(workspace, build_fusion(workspace)).of(release)


def channels(recommender: GraphRecommender, users: list[str]) -> set[str]:
    return {item.channel for user in users for item in recommender.for_user(user, K).items}


def test_without_weights_the_ranker_stands_on_counted_edges(workspace: Workspace) -> None:
    users = workspace.journal.users()
    plain = list(OURS["fused"].lists(workspace, users, K, 0))
    weights = current(workspace.client, COMPLEMENTS_WEIGHT).select("head", "tail", "weight")
    train = Trained(counted)
    lists = list(ranked(train)(workspace, users, K, 3))
    assert train.seeds == [3]
    assert train.ranking is not None
    assert learned.used(workspace.shop) is None
    assert current(workspace.client, COMPLEMENTS_WEIGHT).select("head", "tail", "weight").equals(weights)
    assert lists != plain
    assert list(OURS["fused"].lists(workspace, users, K, 0)) == plain  # nothing of it is left for the next line


def test_without_recall_no_edge_is_trained_on_nor_served(workspace: Workspace) -> None:
    users = workspace.journal.users()
    train = Trained(unrecalled)
    lists = list(ranked(train, without_knowledge)(workspace, users, K, 0))
    assert train.ranking is not None
    assert train.ranking.model.knowledge is None
    assert "complementary" not in channels(without_knowledge(workspace), users)
    assert [item.item_id for item in without_knowledge(workspace).for_user(users[0], K).items] == lists[0]
    assert current(workspace.client, COMPLEMENTS_WEIGHT).height > 0


def test_every_variant_is_compared_with_the_whole_once() -> None:
    assert sorted(key for group in GROUPS.values() for key in group) == sorted(VARIANTS)
    assert all(whole in group for whole, group in GROUPS.items())
    assert set(RANKED_WITHOUT) < set(VARIANTS)
