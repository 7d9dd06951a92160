"""Weights by counting, against counting by loops."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from training.weights.counted import CountedWeights
from training.weights.impressions import FEWEST
from training.weights.rates import BELIEF, ClickRates
from training.weights.timelines import DAY, Events

MAIN = pl.DataFrame({"item": ["a0", "x0", "y0", "z0"], "entity": ["a", "x", "y", "z"]})
EDGES = pl.DataFrame([("a", "x", 0.75), ("a", "y", 0.95)], schema=["head", "tail", "probability"], orient="row")
LINE = {"actor": pl.String, "item": pl.String, "when": pl.Int64}
NO_REQUEST = pl.lit(None, pl.String).alias("request")
K = 5.0
WEIGHER = CountedWeights(clicks=ClickRates(K))


def events(clicks: int, actors: int = 200) -> Events:
    """Everybody buys of a and is shown x0, y0 and z0, to which nothing leads; a tenth buy x0 later."""
    bought = [(f"u{n}", "a0", 1) for n in range(actors)] + [(f"u{n}", "x0", 9) for n in range(0, actors, 10)]
    shown = [(f"u{n}", item, 2, None) for n in range(actors) for item in ("x0", "y0", "z0")]
    clicked = [(f"u{n}", "x0" if n % 4 else "y0", 3) for n in range(clicks)]
    clicked += [(f"u{n}", "z0", 3) for n in range(actors)]
    frames = [pl.DataFrame(rows, schema=LINE, orient="row") for rows in (bought, clicked)]
    seen = pl.DataFrame(shown, schema={**LINE, "position": pl.Int64}, orient="row")
    return Events(frames[0], seen.with_columns(NO_REQUEST), frames[1].with_columns(NO_REQUEST), clock=True)


def test_clicks_correct_what_purchases_let_expect() -> None:
    clicks = {"x": 75, "y": 25}
    took = {"x": 20, "y": 0}
    prior = {"x": 0.75, "y": 0.95}
    usual = (20 + K * 0.85) / (200 * 0.75 + 200 * 0.95 + K * 0.85)  # each prior has one edge
    bought = {each: (took[each] + K * usual * prior[each]) / (200 + K) for each in took}
    share = 100 / sum(200 * rate for rate in bought.values())
    rate = [(clicks[each] + K * share * bought[each]) / (200 + K) for each in ("x", "y")]
    factor = (20 + BELIEF * 0.85) / (200 * sum(rate) + BELIEF * sum(rate) / 2)
    expected = np.array(rate) * factor
    assert WEIGHER.weigh(EDGES, events(100), MAIN) == pytest.approx(expected)


@pytest.mark.parametrize("clock", [True, False])
def test_a_click_is_put_down_to_what_was_bought_last(clock: bool) -> None:
    """All buy a; a hundred buy b a week later and click x0 a day after that, a hundred do neither."""
    unit, both = DAY if clock else 1, [f"u{n}" for n in range(100)]
    everybody = [*both, *(f"v{n}" for n in range(100))]
    bought = [(actor, "a0", 0) for actor in everybody] + [(actor, "b0", 7 * unit) for actor in both]
    shown = pl.DataFrame([(actor, "x0", 8 * unit) for actor in everybody], schema=LINE, orient="row")
    shown = shown.with_columns(NO_REQUEST)
    clicked = shown.filter(pl.col("actor").is_in(both))
    main = pl.DataFrame({"item": ["a0", "b0", "x0"], "entity": ["a", "b", "x"]})
    edges = pl.DataFrame([("a", "x", 0.75), ("b", "x", 0.75)], schema=["head", "tail", "probability"], orient="row")
    there = Events(
        pl.DataFrame(bought, schema=LINE, orient="row"),
        shown.with_columns(position=pl.lit(None, pl.Int64)),
        clicked,
        clock=clock,
    )
    of_a = 100 * math.exp(-8 / 3.5) / (math.exp(-8 / 3.5) + math.exp(-1 / 3.5))
    of_b = 100 - of_a
    clicked, looks = np.array([of_a, of_b]), np.array([100 + of_a, of_b])
    # Of x nothing was bought: the belief alone says how many purchases follow.
    usual = K * 0.75 / (300 * 0.75 + K * 0.75)
    others = K * usual * 0.75 / (np.array([100, 200]) + K)
    bought = K * others / (np.array([200, 100]) + K)
    rates = (clicked + K * bought * 100 / (looks * bought).sum()) / (looks + K)
    expected = rates * BELIEF * 0.75 / (200 * rates[0] + 100 * rates[1] + BELIEF * rates.mean())
    found = CountedWeights(clicks=ClickRates(K), timescale=3.5).weigh(edges, there, main)
    assert found == pytest.approx(expected)


def test_purchases_weigh_where_too_little_was_clicked() -> None:
    few, none = (WEIGHER.weigh(EDGES, events(clicks), MAIN) for clicks in (FEWEST - 1, 0))
    assert few.tolist() == none.tolist()
    usual = (20 + 10 * 0.85) / (200 * 0.75 + 200 * 0.95 + 10 * 0.85)
    assert few == pytest.approx([(20 + 10 * usual * 0.75) / 210, 10 * usual * 0.95 / 210])
    assert WEIGHER.weigh(EDGES, events(FEWEST), MAIN).tolist() != few.tolist()


def test_without_purchases_or_edges_there_are_weights_still() -> None:
    there = events(100)
    assert WEIGHER.weigh(EDGES.clear(), there, MAIN).shape == (0,)
    nothing = Events(there.bought.clear(), there.shown.clear(), there.clicked.clear(), clock=True)
    assert WEIGHER.weigh(EDGES, nothing, MAIN).tolist() == [0.75, 0.95]
    assert WEIGHER.version == "prior-rates-10+click-rates-5-7"
