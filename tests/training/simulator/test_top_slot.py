import numpy as np
import polars as pl
import pytest

from training.simulator.log import SHOWN_SCHEMA
from training.simulator.top_slot import TopSlot, policies, top_slot

K = 3


def lists(n: int, shuffled: bool, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(n):
        order = rng.permutation(K) if shuffled else np.arange(K)
        for position, rank in enumerate(order):
            chance = (0.6, 0.3, 0.1)[rank]
            rows.append(
                {
                    "request": f"{shuffled}{number:05d}",
                    "position": position,
                    "rank": int(rank),
                    "channel": "complementary",
                    "shuffled": shuffled,
                    "chance": chance,
                    "clicked": bool(rng.random() < chance / (1 + position)),
                }
            )
    return pl.DataFrame(rows, schema=SHOWN_SCHEMA)


SHOWN = pl.concat(
    [lists(3_000, True, 0), lists(3_000, False, 1), lists(1, True, 2).head(2).with_columns(request=pl.lit("cut off"))]
)


def test_decisions_are_the_full_lists_in_random_order() -> None:
    slot = top_slot(SHOWN, K)
    assert slot.chance.shape == (3_000, K)
    assert (slot.chance == [0.6, 0.3, 0.1]).all()
    tops = SHOWN.filter((pl.col("position") == 0) & pl.col("shuffled")).sort("request").head(3_000)
    assert slot.taken.tolist() == tops["rank"].to_list()
    assert slot.clicked.tolist() == tops["clicked"].to_list()


def test_the_model_knows_rates_free_of_places() -> None:
    assert top_slot(SHOWN, K).modelled[0] == pytest.approx([0.6, 0.3, 0.1], abs=0.05)


def test_policies_are_distributions_whose_truth_is_known() -> None:
    slot = top_slot(SHOWN, K)
    truths = {}
    for name, policy in policies(3_000, K).items():
        assert policy.sum(axis=1) == pytest.approx(1.0)
        truths[name] = slot.truth(policy)
        for estimator, estimate in slot.estimates(policy).items():
            if estimator != "model alone":
                assert estimate.low - 0.02 < truths[name] < estimate.high + 0.02
    assert truths["first"] == pytest.approx(0.6)
    assert truths["last"] == pytest.approx(0.1)
    assert truths["first"] > truths["mostly the first"] > truths["last"]


def test_replays_draw_from_the_truth() -> None:
    n = 20_000
    slot = TopSlot(np.tile([0.9, 0.1], (n, 1)), np.zeros((n, 2)), np.zeros(n, np.int64), np.zeros(n, np.bool_))
    again = slot.replayed(np.random.default_rng(0))
    assert np.mean(again.taken) == pytest.approx(0.5, abs=0.02)
    assert again.clicked[again.taken == 0].mean() == pytest.approx(0.9, abs=0.02)
    assert again.clicked[again.taken == 1].mean() == pytest.approx(0.1, abs=0.02)
