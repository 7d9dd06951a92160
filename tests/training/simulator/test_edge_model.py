"""The edge-weight model as a scorer of exposures, on a world in which it can be right."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from graph.records import EVENT_SCHEMA
from tests.training.simulator.worlds import NEEDS, FixedFront, small_world
from training.simulator.drift import Drift
from training.simulator.edge_model import EdgeModel, exposure_scores
from training.simulator.experiment import Plan, Simulation
from training.simulator.port import Shown
from training.simulator.samples import complementary_samples, feedback
from training.simulator.shoppers import gather
from training.weights.eei.coding import Coding
from training.weights.eei.dataset import build
from training.weights.eei.evidence import FEATURES, Triples, features
from training.weights.eei.hyperparameters import Hyperparameters
from training.weights.eei.knowledge import Knowledge
from training.weights.eei.model import Sizes, TwoViewModel
from training.weights.eei.release import all_views
from training.weights.eei.text import word_vectors

WORLD = small_world()
QUICK = Hyperparameters(dimensions=8, hidden=8, items=2, complements=2, batch=256, epochs=4, learning_rate=0.02)
EDGES = pl.DataFrame([(*edge, 0.8) for edge in NEEDS], schema=["head", "tail", "probability"], orient="row")
MAIN = pl.DataFrame({"item": WORLD.items, "entity": [WORLD.entities[code] for code in WORLD.entity]})


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    entities, items = Coding.of(WORLD.entities), Coding.of(WORLD.items)
    text = word_vectors([*entities.ids, *items.ids], 6)
    standing = np.zeros(len(entities), np.int64)
    price, there, kin = np.ones(len(items), np.int64), np.ones(len(items), np.bool_), np.zeros((0, 2), np.int64)
    return Knowledge(
        entities, items, EDGES, MAIN, text[: len(entities)], text[len(entities) :], standing, price, there, kin
    )


@pytest.fixture(scope="module")
def events() -> pl.DataFrame:
    plan = Plan(weeks=3, warm_up=4, k=5, seed=5)
    simulation = Simulation(WORLD, Drift(0.0, 0.0), plan)
    people = gather(WORLD, 400, 5)
    before = simulation.warm_up(people)
    useful = [Shown(f"{entity}0", "complementary") for entity in ("mat", "gas", "bag", "mug", "pot")]
    log = simulation.run(FixedFront(useful), deepcopy(people), "B", lambda *_: None)
    return pl.concat([before.events, log.events]).sort("at", maintain_order=True)


def test_scores_are_those_of_a_slow_bag(knowledge: Knowledge, events: pl.DataFrame) -> None:
    samples = complementary_samples(events, MAIN, EDGES).head(40)
    evidence = build(knowledge, feedback(events)).evidence
    torch.manual_seed(0)
    sizes = Sizes(len(knowledge.entities), len(knowledge.items), 6, len(FEATURES), 1)
    model = TwoViewModel(sizes, QUICK).eval()
    views = all_views(model, knowledge)
    expected = []
    for number in samples["sample"].unique(maintain_order=True):
        total = 0.0
        for row in samples.filter(pl.col("sample") == number).iter_rows(named=True):
            head, tail = (knowledge.entities.ids.index(row[end]) for end in ("head", "tail"))
            item = knowledge.items.ids.index(row["item"])
            one = [np.array([code]) for code in (head, tail, item)]
            told = [np.array([value]) for value in (np.log(0.8), row["age"], 1.0)]
            known = torch.from_numpy(features(evidence, Triples(*one, *told, None)))
            with torch.no_grad():
                score = model.scorer(views.second[[head]], views.first[[tail]], views.items[[item]], known)
            total += float(np.exp(QUICK.sharpness * float(score)))
        expected.append(np.log(total) / QUICK.sharpness)
    assert exposure_scores(model, knowledge, evidence, samples) == pytest.approx(np.array(expected), abs=1e-4)


def test_the_model_scores_what_comes_after_its_training(
    knowledge: Knowledge, events: pl.DataFrame, tmp_path: Path
) -> None:
    cut = int(events["at"].quantile(0.8) or 0)
    samples = complementary_samples(events, MAIN, EDGES).filter(pl.col("when") >= cut)
    train = events.filter(pl.col("at") < cut)
    assert train.schema == EVENT_SCHEMA
    found = EdgeModel(knowledge, QUICK, tmp_path / "run")(train, samples)
    again = EdgeModel(knowledge, QUICK, tmp_path / "other")(train, samples)
    assert found is not None
    assert again is not None
    assert found.scores.shape == (samples["sample"].n_unique(),)
    assert np.isfinite(found.scores).all()
    assert found.scores == pytest.approx(again.scores)
    assert found.scores.std() > 0
    assert found.weights.select("head", "tail").rows() == EDGES.select("head", "tail").rows()
    assert found.worth
    assert (tmp_path / "run" / "log.jsonl").is_file()


def test_nothing_is_learned_where_nobody_clicked(knowledge: Knowledge, events: pl.DataFrame, tmp_path: Path) -> None:
    samples = complementary_samples(events, MAIN, EDGES)
    idle = events.filter(pl.col("type") == "exposure")
    assert not idle.is_empty()
    assert EdgeModel(knowledge, QUICK, tmp_path)(idle, samples) is None
