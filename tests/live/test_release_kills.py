"""Publishing and rolling back, killed with SIGKILL at every call that stores and repeated, end as if undisturbed."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.client import GraphClient
from services.pipeline.release import served
from services.workspace import Workspace
from tests.live.conftest import KILLED, Work
from tests.live.runs import Export, differences, export, opened, ran
from tests.live.shops import SmallShop


@pytest.fixture
def workspace(client: GraphClient, tmp_path: Path) -> Workspace:
    workspace = opened(client, SmallShop(tmp_path / "shop"))
    ran(workspace)
    return workspace


def test_killed_at_every_call_it_ends_in_the_same_graph(workspace: Workspace, work: Work) -> None:
    first, before = served(workspace), export(workspace.client)
    assert work("publish") == 0
    learned, after = served(workspace), export(workspace.client)
    assert work("rollback") == 0

    kills = 0
    for fatal in range(1, 20):
        for inside in (True, False):
            ends = []
            for what, release, wanted in (("publish", learned, after), ("rollback", first, before)):
                ends.append(work(what, fatal, inside=inside))
                if ends[-1] == KILLED and (what == "publish" or served(workspace) != release):
                    assert no_edge_is_without_weight(workspace)
                    assert work(what) == 0
                assert served(workspace) == release
                assert set(differences(export(workspace.client), wanted)) <= {"Release"}
            kills += ends.count(KILLED)
        if ends == [0, 0]:
            break
    assert kills >= 10
    assert all(outcome.unchanged for outcome in ran(workspace))


def test_a_killed_rollback_that_nobody_repeats_is_mended_by_the_next_weigh(workspace: Workspace, work: Work) -> None:
    assert work("publish") == 0
    learned = export(workspace.client)
    assert work("rollback", 3, inside=False) == KILLED
    assert differences(export(workspace.client), learned) != []
    outcomes = {outcome.step: outcome for outcome in ran(workspace)}
    assert [name for name, outcome in outcomes.items() if not outcome.unchanged] == ["weigh"]
    assert differences(export(workspace.client), learned) == []


def edges_of(exported: Export) -> list[dict[str, object]]:
    return exported["COMPLEMENTS"].to_dicts()


def no_edge_is_without_weight(workspace: Workspace) -> bool:
    rows = edges_of(export(workspace.client))
    return bool(rows) and all(row["weight"] is not None and row["release"] is not None for row in rows)
