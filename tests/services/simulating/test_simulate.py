"""The staging of the experiment, its shop for training, and further weights, without any server."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graph.errors import DataError
from services.simulating.arms import SHARES, TREATED
from services.simulating.catalogue import demo_edges, demo_world
from services.simulating.reporting import read_weights
from services.simulating.simulate import Staging, stage, write_training_shop
from training.simulator.analysis import Evidence
from training.simulator.experiment import Plan
from training.simulator.port import Shown
from training.simulator.position_bias import PositionBias
from training.simulator.truth import agreement

PLAN = Plan(weeks=4, warm_up=1, k=3, seed=3)


class SameList:
    """Shows everybody the first items on sale."""

    def __init__(self) -> None:
        self.items: list[str] = []

    def open_week(self, items: list[str]) -> None:
        self.items = items[:3]

    def lists(self, users: list[str], k: int) -> list[list[Shown]]:
        return [[Shown(item, "popularity") for item in self.items[:k]] for _ in users]

    def post(self, events: object) -> None:
        return None


@pytest.fixture(scope="module")
def staging() -> Staging:
    return stage(PLAN, 100)


def test_everybody_is_in_one_arm(staging: Staging) -> None:
    everybody = [user for users in staging.users.values() for user in users]
    assert sorted(everybody) == sorted(person.name for person in staging.shoppers)
    assert set(staging.users) == set(SHARES)
    assert len(staging.users["B"]) > len(staging.users["A"])


def test_the_demo_shop_knows_a_part_of_its_truth() -> None:
    known = agreement(demo_world(7), demo_edges())
    assert (known.right, known.false, known.missing) == (613, 113, 215)
    assert 0.1 < known.correlation < 0.6
    assert demo_edges()["probability"].unique().sort().to_list() == [0.75, 0.85, 0.95]


def test_the_shop_to_train_on_ends_before_the_weeks_that_test(staging: Staging, tmp_path: Path) -> None:
    simulation = staging.simulation
    people = [person for person in staging.shoppers if person.name in staging.users["B"]]
    log = simulation.run(SameList(), people, "B", lambda *_: None)
    bias = PositionBias()
    evidence = Evidence(simulation.world, PLAN, bias, demo_edges(), staging.before, {"B": log}, staging.users)
    config = write_training_shop(evidence, TREATED, tmp_path / "shop")
    events = pl.read_parquet(config.parent / "events.parquet")
    assert evidence.held_out_week() == 3
    assert evidence.week_start(2) < events["at"].max() < evidence.week_start(3)
    assert set(events["type"]) == {"purchase", "exposure", "click"} & set(log.events["type"])
    assert set(events["item"]) <= set(pl.read_csv(config.parent / "items.csv")["id"])
    assert pl.read_csv(config.parent / "examination.csv").shape == (3, 2)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_weights_are_read_from_either_kind_of_file(tmp_path: Path, suffix: str) -> None:
    frame = pl.DataFrame({"tail": ["2"], "item": ["007"], "head": ["1"], "weight": [1], "more": [0]})
    path = tmp_path / f"weights.{suffix}"
    frame.write_csv(path) if suffix == "csv" else frame.write_parquet(path)
    found = read_weights(path)
    assert found.columns == ["head", "tail", "item", "weight"]
    assert found.schema["head"] == pl.String
    assert found["weight"].to_list() == [1.0]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.csv"
    path.write_text("head,tail\na,b\n")
    with pytest.raises(DataError, match="has no column 'weight'"):
        read_weights(path)
