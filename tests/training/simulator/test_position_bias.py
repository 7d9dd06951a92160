import numpy as np
import pytest

from training.simulator.position_bias import PositionBias, estimated_examination


def test_looks_fall_with_the_place() -> None:
    examined = PositionBias(0.5).examined(np.arange(4))
    assert examined == pytest.approx([1.0, 2**-0.5, 3**-0.5, 0.5])


def test_clicks_are_looks_times_attraction() -> None:
    bias, rng = PositionBias(0.7), np.random.default_rng(0)
    attraction = np.array([0.9, 0.1, 0.5, 0.5])
    rates = np.mean([bias.clicks(attraction, rng) for _ in range(20_000)], axis=0)
    assert rates == pytest.approx(bias.examined(np.arange(4)) * attraction, abs=0.01)


def test_lists_in_random_order_give_the_places_back() -> None:
    bias, rng = PositionBias(0.8), np.random.default_rng(1)
    attraction = np.array([0.9, 0.6, 0.3, 0.05, 0.02])
    orders = [rng.permutation(attraction) for _ in range(20_000)]
    clicked = np.concatenate([bias.clicks(order, rng) for order in orders])
    positions = np.tile(np.arange(5), len(orders))
    assert estimated_examination(positions, clicked, 5) == pytest.approx(bias.examined(np.arange(5)), abs=0.03)


def test_without_clicks_every_place_is_as_good() -> None:
    positions = np.tile(np.arange(3), 4)
    assert estimated_examination(positions, np.zeros(12, dtype=bool), 3) == pytest.approx([1.0, 1.0, 1.0])
