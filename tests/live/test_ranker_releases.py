"""Ranker and evidence belong together: whatever is served, and however the graph came to be, on both servers."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from graph.client import GraphClient, Transaction
from graph.errors import StorageError
from graph.reconcile import current
from graph.tables import LEADS_TO
from services.pipeline.archive import RANKER, read_release
from services.pipeline.release import ranker_of, served
from services.pipeline.rollback import roll_back
from services.pipeline.step import stamp_of
from services.ranking.building import build_recommender
from services.recall.port import Recommendations
from services.shop import Shop
from services.workspace import Workspace, claim, wipe
from tests.live.conftest import KILLED, Work
from tests.live.ranked import rank, shop, train
from tests.live.runs import opened, ran
from training.ranker.shelf import evidence_of

USERS = ("u001", "u002", "u003", "u004")


@pytest.fixture
def workspace(client: GraphClient, tmp_path: Path) -> Workspace:
    workspace = opened(client, shop(tmp_path / "shop"))
    ran(workspace)
    return workspace


def evidence(workspace: Workspace) -> pl.DataFrame:
    return current(workspace.client, LEADS_TO).sort(LEADS_TO.key)


def saved(workspace: Workspace, ranker: str) -> pl.DataFrame:
    return evidence_of(workspace.shop.rankers_dir, ranker).sort(LEADS_TO.key)


def lists(workspace: Workspace) -> list[Recommendations]:
    recommender = build_recommender(workspace)
    return [recommender.for_user(user, 20) for user in USERS]


def more(workspace: Workspace) -> Workspace:
    """The same shop after some more shoppers have come, not weighed yet."""
    return opened(workspace.client, shop(workspace.shop.folder, users=200))


def trained_twice(workspace: Workspace) -> tuple[Workspace, tuple[str, str], tuple[str, str]]:
    """The rankers and the releases of both trainings, with other purchases and another seed."""
    train(workspace)
    first = ranker_of(workspace.shop), str(served(workspace))
    workspace = more(workspace)
    ran(workspace)
    train(workspace, seed=1)
    return workspace, (first[0], ranker_of(workspace.shop)), (first[1], str(served(workspace)))


def test_the_evidence_is_that_of_the_release_served(workspace: Workspace) -> None:
    unlearned = str(served(workspace))
    workspace, rankers, releases = trained_twice(workspace)
    first, second = (saved(workspace, ranker) for ranker in rankers)
    assert not first.equals(second)
    assert evidence(workspace).equals(second)

    roll_back(workspace, releases[0])
    assert evidence(workspace).equals(first)
    assert roll_back(workspace, releases[1]).change.written > 0
    assert evidence(workspace).equals(second)
    # The fixed fusion reads none: what is there is for going back.
    roll_back(workspace, unlearned)
    assert evidence(workspace).equals(second)
    assert roll_back(workspace, releases[1]).change.deleted == 0


def test_learning_alone_changes_nothing_that_is_read(workspace: Workspace) -> None:
    train(workspace)
    before = evidence(workspace)
    workspace = more(workspace)
    ran(workspace)
    given = lists(workspace)
    assert rank(workspace, seed=1).summary["ranker"] == ranker_of(workspace.shop)
    assert evidence(workspace).equals(before)
    assert lists(workspace) == given


def test_a_graph_made_anew_serves_the_same_lists(workspace: Workspace) -> None:
    train(workspace)
    before, given = evidence(workspace), lists(workspace)
    assert any(item.channel != "popularity" for listed in given for item in listed.items)
    wipe(workspace.client)
    claim(workspace.client, workspace.shop.id, replace=False)
    ran(workspace)
    assert evidence(workspace).equals(before)
    assert lists(workspace) == given


def test_a_change_of_evidence_that_was_broken_off_is_made_good(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, rankers, releases = trained_twice(workspace)
    rows = Transaction.rows

    def broken(tx: Transaction, name: str, /, **params: object) -> object:
        if name == "load/leads_to/write":
            raise StorageError("the power went")
        return rows(tx, name, **params)

    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "rows", broken)
        with pytest.raises(StorageError):
            roll_back(workspace, releases[0])
    assert served(workspace) == releases[1]
    assert stamp_of(workspace, "evidence") is None
    ran(workspace)
    assert evidence(workspace).equals(saved(workspace, rankers[1]))
    assert all(outcome.unchanged for outcome in ran(workspace))


def test_a_rollback_killed_at_any_call_is_made_good(workspace: Workspace, work: Work) -> None:
    workspace, rankers, releases = trained_twice(workspace)
    ends = []
    for fatal in range(1, 12):
        for inside in (True, False):
            ends.append(work("rollback", fatal, inside=inside))
            ran(workspace)
            named = read_release(workspace.shop, str(served(workspace))).manifest.versions.ranker
            assert named in rankers
            assert evidence(workspace).equals(saved(workspace, named))
            roll_back(workspace, releases[1])
    assert ends.count(KILLED) >= 10
    assert ends[-2:] == [0, 0]


def test_a_ranker_without_its_evidence_is_none(workspace: Workspace) -> None:
    unlearned = str(served(workspace))
    train(workspace)
    given = lists(workspace)
    place = workspace.shop.rankers_dir / ranker_of(workspace.shop)
    (place / "evidence.parquet").unlink()
    assert ranker_of(workspace.shop) == RANKER
    ran(workspace)
    assert served(workspace) == unlearned

    assert [outcome.unchanged for outcome in train(workspace)] == [False, False]
    assert lists(workspace) == given
    shutil.rmtree(place)
    assert [outcome.unchanged for outcome in train(workspace)] == [False, True]
    assert lists(workspace) == given


def test_what_the_ranker_learned_from_is_what_is_served(workspace: Workspace) -> None:
    train(workspace)
    assert [outcome.unchanged for outcome in train(workspace)] == [True, True]
    toml = workspace.shop.folder / "kerec.toml"
    toml.write_text(f"{toml.read_text()}[weights]\nshrinkage = 3\n")
    changed = Workspace(Shop.open(toml, environ={}), workspace.client)
    ran(changed)
    assert not train(changed)[0].unchanged
