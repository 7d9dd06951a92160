import numpy as np
import pytest

from tests.training.simulator.worlds import small_world
from training.simulator.appeal import Appeal, median_prices

WORLD = small_world()
CODES = WORLD.codes()
ITEMS = np.array([CODES["tent0"], CODES["mat0"], CODES["tea0"]])
TENT = WORLD.entities.index("tent")
OUTDOOR = int(WORLD.department[TENT])


def test_what_is_wanted_attracts_most_and_what_is_strange_least() -> None:
    appeal = Appeal(wanted=0.5, familiar=0.1, other=0.01)
    found = appeal.attraction(WORLD, ITEMS, frozenset({TENT}), frozenset({OUTDOOR}))
    assert found == pytest.approx(np.minimum(np.array([0.5, 0.1, 0.01]) * WORLD.quality[ITEMS], 0.9))
    nobody = appeal.attraction(WORLD, ITEMS, frozenset(), frozenset())
    assert nobody == pytest.approx(0.01 * WORLD.quality[ITEMS])


def test_a_dear_item_is_ordered_less_than_a_cheap_one() -> None:
    medians = median_prices(WORLD)
    assert medians == pytest.approx(25.0)  # of 10, 20, 30 and 40
    items = np.array([CODES["tent0"], CODES["tent3"], CODES["mat0"]])
    found = Appeal(ordered_wanted=0.4, ordered_other=0.1, elasticity=0.5).ordering(
        WORLD, medians, items, frozenset({TENT})
    )
    assert found == pytest.approx([0.4 * (10 / 25) ** -0.5, 0.4 * (40 / 25) ** -0.5, 0.1 * (10 / 25) ** -0.5])


def test_nothing_is_certain() -> None:
    appeal = Appeal(wanted=5.0, ordered_wanted=5.0)
    assert appeal.attraction(WORLD, ITEMS, frozenset({TENT}), frozenset()).max() == appeal.most
    assert appeal.ordering(WORLD, median_prices(WORLD), ITEMS, frozenset({TENT})).max() == appeal.most
