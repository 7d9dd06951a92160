from copy import deepcopy
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.training.simulator.worlds import NEEDS, FixedFront, small_world
from training.simulator.analysis import LEARNED, MODEL, PUBLISHED, Evidence, Findings, analyse
from training.simulator.drift import Drift
from training.simulator.experiment import Plan, Simulation
from training.simulator.learned import Learned
from training.simulator.plots import PLOTS, draw
from training.simulator.port import Shown
from training.simulator.report import UNTAUGHT, report
from training.simulator.shoppers import gather
from training.simulator.weighing import COUNTERS, PRIOR

WORLD = small_world()
PLAN = Plan(weeks=4, warm_up=4, k=5, seed=5)
USEFUL = [Shown(f"{entity}0", "complementary", "x", entity, 0.9) for entity in ("mat", "gas", "bag", "mug", "pot")]
USELESS = [Shown(f"{entity}0", "popularity") for entity in ("tent", "tea", "stove", "tent", "tea")]


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """What half of the shoppers need shown in B, what they rather own already in A."""
    simulation = Simulation(WORLD, Drift(0.0, 0.0), PLAN)
    people = gather(WORLD, 400, PLAN.seed)
    before = simulation.warm_up(people)
    users = {"A": [each.name for each in people[::2]], "B": [each.name for each in people[1::2]]}
    logs = {
        "A": simulation.run(FixedFront(USELESS), deepcopy(people[::2]), "A", lambda *_: None),
        "B": simulation.run(FixedFront(USEFUL), deepcopy(people[1::2]), "B", lambda *_: None),
    }
    judged = [(head, tail, 0.8) for head, tail in [*NEEDS, ("tea", "pot"), ("tent", "mug")]]
    edges = pl.DataFrame(judged, schema=["head", "tail", "probability"], orient="row")
    return Evidence(WORLD, PLAN, simulation.behaviour.bias, edges, before, logs, users)


@pytest.fixture(scope="module")
def findings(evidence: Evidence) -> Findings:
    rates = [(*edge, rate) for edge, rate in NEEDS.items()]
    oracle = pl.DataFrame(rates, schema=["head", "tail", "weight"], orient="row")
    edges = evidence.edges.select("head", "tail")
    told = oracle.rename({"weight": "rate"})

    def model(train: pl.DataFrame, test: pl.DataFrame) -> Learned:
        assert train["at"].max() < test["when"].min()
        weights = edges.join(told, on=["head", "tail"], how="left").with_columns(weight=pl.col("rate").fill_null(0.0))
        return Learned(weights, np.zeros(test["sample"].n_unique()), worth=True)

    return analyse(evidence, "A", "B", {"the truth": oracle}, model, 0)


def test_showing_what_is_needed_is_found_to_help(findings: Findings) -> None:
    found = {each.metric: each for each in findings.comparisons}
    assert found["conversions"].plain.above
    assert found["clicks"].adjusted.above
    assert findings.agreement.false == 2


def test_a_model_that_is_not_worth_releasing_changes_nothing(evidence: Evidence) -> None:
    def model(_: pl.DataFrame, test: pl.DataFrame) -> Learned:
        return Learned(evidence.edges.clear(), np.ones(test["sample"].n_unique()), worth=False)

    board = analyse(evidence, "A", "B", {}, model, 0).board
    assert board[LEARNED] == board[PUBLISHED]


def test_where_too_few_clicked_the_report_says_what_stands_for_the_model(evidence: Evidence, tmp_path: Path) -> None:
    found = analyse(evidence, "A", "B", {}, lambda _, __: None, 0)
    assert found.board[LEARNED] == found.board[PUBLISHED]
    assert MODEL not in found.board
    sizes = {arm: len(users) for arm, users in evidence.users.items()}
    draw(found, evidence.logs, sizes, tmp_path)
    assert UNTAUGHT in report(found, {"A": "base", "B": "useful"}, sizes, [], "kerec simulate")


def test_true_weights_are_found_to_be_better_than_equal_ones(findings: Findings) -> None:
    assert set(findings.board) == {PRIOR, COUNTERS, PUBLISHED, LEARNED, MODEL, "the truth"}
    assert findings.board["the truth"].gain.above
    assert findings.board[LEARNED] == findings.board["the truth"]
    assert findings.board[MODEL].auc.value == 0.5
    assert findings.board[PUBLISHED].gain.value > 0
    assert sorted(findings.weekly) == [1, 2, 3]


def test_estimates_off_policy_hold_the_truth(findings: Findings) -> None:
    for each in findings.replays:
        if each.estimator in ("IPS", "doubly robust"):
            assert each.average == pytest.approx(each.truth, abs=0.02)
            assert each.coverage > 0.7  # clicks are so few here that normal intervals are too narrow


def test_pairs_that_are_shown_convert_more(findings: Findings) -> None:
    changes = {(row["head"], row["tail"]): row["change"] for row in findings.pairs.iter_rows(named=True)}
    assert changes["tent", "mat"] > 0.1


def test_the_report_names_every_arm_and_plot(evidence: Evidence, findings: Findings, tmp_path: Path) -> None:
    sizes = {arm: len(users) for arm, users in evidence.users.items()}
    paths = draw(findings, evidence.logs, sizes, tmp_path)
    assert [path.stem for path in paths] == list(PLOTS)
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)
    text = report(findings, {"A": "base", "B": "useful"}, sizes, [], "kerec simulate")
    assert all(f"({name}.png)" in text for name in PLOTS)
    assert "| B | useful | 200 |" in text
    assert "- B gains: clicks " in text
    assert UNTAUGHT not in text
    assert "The judge names 5 of 5 hidden needs and 2 pairs that are none" in text
