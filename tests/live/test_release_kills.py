"""Publishing and rolling back, killed with SIGKILL at every call that stores and repeated, end as if undisturbed."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import pytest

from graph.client import GraphClient
from services.pipeline.release import served
from services.workspace import Workspace
from tests.live.runs import Export, differences, export, opened, ran
from tests.live.shops import SmallShop

KILLED = -signal.SIGKILL
Work = Callable[..., int]


@pytest.fixture
def workspace(client: GraphClient, tmp_path: Path) -> Workspace:
    workspace = opened(client, SmallShop(tmp_path / "shop"))
    ran(workspace)
    return workspace


@pytest.fixture
def work(process: subprocess.Popen[str], workspace: Workspace, tmp_path: Path) -> Work:
    """Publishes or rolls back in a process that dies inside or after its n-th storing call; how it ended."""

    def ask(what: str, fatal: int = 0, *, inside: bool = True) -> int:
        assert process.stdin is not None
        assert process.stdout is not None
        request = {
            "config": str(workspace.shop.folder / "kerec.toml"),
            "address": astuple(workspace.client.address),
            "fatal": fatal,
            "inside": inside,
            "log": str(tmp_path / "log"),
            "work": what,
        }
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    return ask


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
