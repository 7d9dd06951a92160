"""The lines of a board may name what people buy next: another tent too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from graph.client import GraphClient
from services.evaluating.ours import OURS, ranked
from services.evaluating.ranked_variants import without_knowledge
from services.ranking.building import build_recommender
from services.workspace import Workspace
from tests.live.recalls import Thing, Toy, store
from tests.live.shops import SmallShop

TOY = Toy(
    {"t1": Thing(("tent",), 0.5, 5), "t2": Thing(("tent",), 0.5, 4), "g1": Thing(("gas",), 0.5, 3)},
    ("tent", "gas"),
    {"ann": ("t1",)},
    before={("t1", "t2"): 0.5, ("t1", "g1"): 0.25},
    durable=("tent",),
)


def of_ann(lists: Iterable[Sequence[str]]) -> list[str]:
    [items] = lists
    return list(items)


def untaught(_workspace: Workspace, _seed: int) -> None:
    """Nothing is trained: the lists are the fused ones."""


def test_a_second_tent_is_served_to_nobody_and_counts_on_a_board(client: GraphClient, tmp_path: Path) -> None:
    store(client, TOY)
    workspace = Workspace(SmallShop(tmp_path).open(), client)
    assert [row.item_id for row in build_recommender(workspace).for_user("ann", 2).items] == ["g1"]
    for lists in (OURS["fused"].lists, ranked(untaught), ranked(untaught, without_knowledge)):
        assert of_ann(lists(workspace, ["ann"], 2, 0)) == ["t2", "g1"]
