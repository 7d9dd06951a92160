"""The whole round trip on the demo shop, on both servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.client import GraphClient
from services.demo.shop import write_shop
from services.pipeline.run import run_steps
from services.ranking.building import build_recommender
from services.shop import Shop
from services.workspace import Workspace, claim


@pytest.fixture
def workspace(client: GraphClient, tmp_path: Path) -> Workspace:
    shop = Shop.open(write_shop(tmp_path), environ={})
    claim(client, shop.id, replace=False)
    return Workspace(shop, client)


def test_a_second_run_does_nothing(workspace: Workspace) -> None:
    first = list(run_steps(workspace))
    second = list(run_steps(workspace))

    assert not any(outcome.unchanged for outcome in first)
    assert all(outcome.unchanged for outcome in second)
    given = build_recommender(workspace).for_user("u00927", 10)
    assert given.known
    assert len(given.items) == 10
