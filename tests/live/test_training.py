"""A model is trained on the graph, released where it is worth it, and told to analysts, on both servers."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from graph.client import GraphClient
from graph.errors import GraphError, StorageError
from graph.records import Event, EventType
from services.pipeline import learned, training
from services.pipeline.run import run_steps
from services.pipeline.step import Outcome
from services.pipeline.training import train_step
from services.pipeline.weigh import WEIGH
from services.workspace import Workspace
from tests.live.runs import edges, export, opened, ran
from tests.live.shops import SmallShop
from training.weights.eei.hyperparameters import Hyperparameters

CHOSEN = Hyperparameters(epochs=4, batch=64, learning_rate=0.01, validation=0.3)


@pytest.fixture
def workspace(client: GraphClient, tmp_path: Path) -> Workspace:
    """Whoever bought a stove buys a pot next, hardly ever gas, although the judge holds gas for the stronger one."""
    small = SmallShop(tmp_path, "order")
    small.bought |= {
        f"s{n}": (f"stove{1 + n % 2}", "gas1" if n % 8 == 0 else f"pot{1 + n % 3 % 2}") for n in range(160)
    }
    workspace = opened(client, small)
    ran(workspace)
    return workspace


def train(workspace: Workspace, *, from_database: bool = False) -> tuple[Outcome, Outcome]:
    step = train_step(CHOSEN, resume=False, from_database=from_database)
    trained, weighed = run_steps(workspace, (step, WEIGH))
    return trained, weighed


def test_learned_weights_are_released(workspace: Workspace) -> None:
    before = edges(export(workspace.client), "COMPLEMENTS")
    assert before["stove", "gas"]["probability"] > before["stove", "pot"]["probability"]  # type: ignore[operator]

    trained, weighed = train(workspace)
    assert (trained.unchanged, weighed.unchanged, trained.summary["released"]) == (False, False, "yes")
    after = edges(export(workspace.client), "COMPLEMENTS")
    assert after["stove", "pot"]["weight"] > after["stove", "gas"]["weight"]  # type: ignore[operator]
    run = str(trained.summary["run"])
    kept = learned.read(workspace.shop, run).weights
    assert {pair: row["weight"] for pair, row in after.items()} == {
        (head, tail): pytest.approx(weight) for head, tail, weight in kept.select("head", "tail", "weight").rows()
    }
    assert all(row["substitutable"] for row in export(workspace.client)["Entity"].to_dicts())

    assert [outcome.unchanged for outcome in train(workspace)] == [True, True]
    assert all(outcome.unchanged for outcome in ran(workspace))
    folder = learned.folder(workspace.shop, run)
    assert {"loss.png", "weights.png", "calibration.png", "log.jsonl"} <= {path.name for path in folder.iterdir()}
    [row] = workspace.client.rows("analyst/training_runs", limit=5)
    assert (row["run"], row["model"], row["samples"]) == (run, "edges", trained.summary["samples"])
    shutil.rmtree(folder)
    assert not train(workspace)[0].unchanged  # what was deleted is learned again
    assert learned.read(workspace.shop, run).weights.equals(kept)
    assert json.loads(row["settings"])["epochs"] == 4


def test_neighbours_from_the_database_give_the_same_run(workspace: Workspace) -> None:
    run = str(train(workspace)[0].summary["run"])
    folder = learned.folder(workspace.shop, run)
    kept, log = learned.read(workspace.shop, run), (folder / "log.jsonl").read_text()
    assert train(workspace, from_database=True)[0].unchanged
    shutil.rmtree(folder)
    again, weighed = train(workspace, from_database=True)
    assert (again.unchanged, again.summary["run"], weighed.unchanged) == (False, run, True)
    found = learned.read(workspace.shop, run)
    assert found.weights.equals(kept.weights)
    assert found.views.equals(kept.views)
    assert (folder / "log.jsonl").read_text() == log


def test_a_finished_model_is_neither_trained_again_nor_lost(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = str(train(workspace)[0].summary["run"])
    kept = learned.read(workspace.shop, run).weights
    other = replace(CHOSEN, seed=1)
    for _ in run_steps(workspace, (train_step(other, resume=False),)):
        pass
    monkeypatch.setattr(training, "_fitted", None)  # whoever trains now is broken off
    [again] = run_steps(workspace, (train_step(CHOSEN, resume=False),))
    assert (again.unchanged, again.summary["run"]) == (False, run)
    assert learned.read(workspace.shop, run).weights.equals(kept)


def broken_off(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A training killed when its model is about to be written."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(learned, "keep", killed)
        with pytest.raises(KeyboardInterrupt):
            train(workspace)


def test_what_was_broken_off_goes_on_with_the_events_that_it_began_with(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = str(train(workspace)[0].summary["run"])
    kept = learned.read(workspace.shop, run).weights
    shutil.rmtree(learned.folder(workspace.shop, run))
    broken_off(workspace, monkeypatch)
    assert learned.broken_off(workspace.shop) == [run]
    workspace.journal.append([Event(f"new{n}", EventType.PURCHASE, "gas1", "late", order=n) for n in range(3)])

    [again] = run_steps(workspace, (train_step(CHOSEN, resume=True),))
    assert (again.unchanged, again.summary["run"], again.summary["resumed"]) == (False, run, "yes")
    assert learned.read(workspace.shop, run).weights.equals(kept)
    assert not learned.broken_off(workspace.shop)
    [later] = run_steps(workspace, (train_step(CHOSEN, resume=True),))
    assert later.summary["resumed"] == "no: no run of these options was broken off"
    assert later.summary["run"] != run  # the events that came since are learned from by the next training


def test_nothing_goes_on_without_being_asked_or_with_somebody_forgotten(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(workspace, monkeypatch)
    [run] = learned.broken_off(workspace.shop)
    workspace.journal.append([Event("new", EventType.PURCHASE, "gas1", "late", order=1)])
    assert train(workspace)[0].summary["run"] != run
    assert not learned.folder(workspace.shop, run).exists()

    workspace.journal.append([Event("newer", EventType.PURCHASE, "gas1", "late", order=2)])
    broken_off(workspace, monkeypatch)
    [run] = learned.broken_off(workspace.shop)
    workspace.journal.forget("s1", 0)
    [anew] = run_steps(workspace, (train_step(CHOSEN, resume=True),))
    assert anew.summary["run"] != run


def test_a_damaged_note_of_a_run_is_one_line_and_stops_no_plain_training(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(workspace, monkeypatch)
    [run] = learned.broken_off(workspace.shop)
    path = learned.folder(workspace.shop, run) / "begun.json"
    path.write_text("{")
    with pytest.raises(StorageError, match=r"begun\.json .*run kerec train again"):
        list(run_steps(workspace, (train_step(CHOSEN, resume=True),)))
    assert path.read_text() == "{"
    assert train(workspace)[0].summary["run"] == run
    assert not learned.broken_off(workspace.shop)


def test_what_is_in_use_stays_unless_it_knows_somebody_forgotten_or_is_damaged(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_worth", lambda _: True)
    run = str(train(workspace)[0].summary["run"])
    monkeypatch.setattr(training, "_worth", lambda _: False)
    workspace.journal.append([Event("new", EventType.PURCHASE, "gas1", "late", order=1)])
    train(workspace)
    assert learned.used(workspace.shop) == run

    (learned.folder(workspace.shop, run) / "model" / "weights.parquet").unlink()
    train(workspace)
    assert learned.used(workspace.shop) == run  # nothing to do, and so nothing looked at
    workspace.journal.append([Event("newer", EventType.PURCHASE, "gas1", "late", order=2)])
    assert train(workspace)[1].summary["edges"]
    assert learned.used(workspace.shop) is None

    monkeypatch.setattr(training, "_worth", lambda _: True)
    workspace.journal.append([Event("newest", EventType.PURCHASE, "gas1", "late", order=3)])
    train(workspace)
    monkeypatch.setattr(training, "_worth", lambda _: False)
    workspace.journal.forget("s1", 0)
    train(workspace)
    assert learned.used(workspace.shop) is None


def test_a_damaged_model_is_made_again_by_resuming_too(workspace: Workspace) -> None:
    run = str(train(workspace)[0].summary["run"])
    kept = learned.read(workspace.shop, run).weights
    (learned.folder(workspace.shop, run) / "model" / "weights.parquet").unlink()
    [again] = run_steps(workspace, (train_step(CHOSEN, resume=True),))
    assert again.summary["run"] == run
    assert learned.read(workspace.shop, run).weights.equals(kept)


def test_a_graph_without_items_is_one_line(client: GraphClient, tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="the graph holds no items: run kerec run first"):
        train(opened(client, SmallShop(tmp_path)))


def test_too_few_events_are_one_line_and_no_error(client: GraphClient, tmp_path: Path) -> None:
    workspace = opened(client, SmallShop(tmp_path))
    ran(workspace)
    trained, weighed = train(workspace)
    told = str(trained.summary["released"])
    assert re.match(r"no: only \d+ purchases or clicks follow a complementary edge, 50 are needed", told)
    assert learned.used(workspace.shop) is None
    assert not learned.broken_off(workspace.shop)
    assert weighed.summary["edges"]
