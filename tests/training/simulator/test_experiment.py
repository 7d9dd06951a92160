from copy import deepcopy

import numpy as np
import polars as pl
import pytest

from graph.records import EVENT_SCHEMA
from tests.training.simulator.worlds import FixedFront, small_world
from training.simulator.drift import Drift
from training.simulator.experiment import Plan, Simulation
from training.simulator.log import ORDER_SCHEMA, SHOWN_SCHEMA, VISIT_SCHEMA, Log
from training.simulator.port import Shown
from training.simulator.shoppers import gather
from training.simulator.storage import load_log, save_log

PLAN = Plan(weeks=3, warm_up=2, k=4, seed=5)
WORLD = small_world()
SIMULATION = Simulation(WORLD, Drift(seed=5), PLAN)
LISTED = [Shown(item, "complementary", "tent", "mat", 0.9) for item in ("mat0", "bag0", "gas3", "gas0", "mug0", "tea0")]


def run() -> tuple[FixedFront, Log, Log]:
    people = gather(WORLD, 60, 5)
    before = SIMULATION.warm_up(people)
    front = FixedFront(LISTED)
    return front, before, SIMULATION.run(front, deepcopy(people), "B", lambda *_: None)


def test_a_run_is_the_same_every_time() -> None:
    _, one_before, one = run()
    _, two_before, two = run()
    for first, second in ((one_before, two_before), (one, two)):
        assert first.events.equals(second.events)
        assert first.shown.equals(second.shown)
        assert first.orders.equals(second.orders)


def test_the_log_is_what_was_sent() -> None:
    front, before, log = run()
    sent = [event for day in front.posted for event in day]
    assert log.events["id"].to_list() == [event.id for event in sent]
    assert log.events["id"].n_unique() == log.events.height
    counts = dict(log.events.group_by("type").len().iter_rows())
    assert counts["exposure"] == log.shown.height
    assert counts["click"] == log.shown["clicked"].sum()
    assert counts["purchase"] == log.orders.height
    assert log.shown["ordered"].sum() == log.orders["shown"].sum()
    assert before.shown.is_empty()
    assert not before.orders.is_empty()
    assert (log.events.schema, log.shown.schema) == (EVENT_SCHEMA, SHOWN_SCHEMA)
    assert (log.orders.schema, log.visits.schema) == (ORDER_SCHEMA, VISIT_SCHEMA)


def test_weeks_open_with_what_has_arrived_and_days_are_asked_in_turn() -> None:
    front, _, log = run()
    assert front.on_sale == [WORLD.on_sale(PLAN.first_day(week)) for week in range(3)]
    assert "gas3" not in front.on_sale[0]
    assert len(front.asked) == len(front.posted) == 21
    assert sum(map(len, front.asked)) == log.visits.height
    assert log.visits["week"].to_list() == ((log.visits["day"] // 7).cast(pl.Int64) - 2).to_list()
    shown = log.shown.group_by("request").len()["len"]
    assert shown.max() == PLAN.k


def test_nobody_buys_a_concept_twice() -> None:
    _, before, log = run()
    both = pl.concat([before.orders, log.orders])
    assert not both.select("user", "entity").is_duplicated().any()
    assert both["price"].to_list() == [WORLD.price[WORLD.codes()[item]] for item in both["item"]]


def test_needs_show_in_what_is_bought_after_a_list_of_them() -> None:
    """Who bought a tent before clicks on mats more often than who did not."""
    _, before, log = run()
    buyers = set(before.orders.filter(pl.col("entity") == "tent")["user"])
    mats = log.shown.filter(pl.col("item") == "mat0").with_columns(tent=pl.col("user").is_in(list(buyers)))
    rates = dict(mats.group_by("tent").agg(pl.col("chance").mean()).iter_rows())
    assert rates[True] > rates[False]


def test_a_log_is_kept_whole(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("logs") / "B"
    assert load_log(folder) is None
    _, _, log = run()
    save_log(log, folder)
    again = load_log(folder)
    assert again is not None
    assert again.shown.equals(log.shown)
    assert again.events.equals(log.events)
    assert np.isfinite(again.orders["price"].to_numpy()).all()
