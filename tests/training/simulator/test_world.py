import numpy as np
import pytest

from tests.training.simulator.worlds import ENTITIES, NEEDS, PER_ENTITY, small_world


def test_needs_are_the_truth_and_nothing_else_is() -> None:
    world = small_world()
    found = {
        (world.entities[head], world.entities[tail]): world.strength[head, tail]
        for head, tail in zip(*world.strength.nonzero(), strict=True)
    }
    assert world.entities == ENTITIES
    assert found == pytest.approx(NEEDS)


def test_noise_moves_needs_but_makes_none() -> None:
    exact, noisy = small_world(), small_world(noise=1.0)
    assert ((exact.strength > 0) == (noisy.strength > 0)).all()
    assert not np.allclose(exact.strength, noisy.strength)
    assert noisy.strength.max() < 1.0


def test_equal_seeds_give_equal_worlds() -> None:
    one, same, other = small_world(1.0), small_world(1.0), small_world(1.0, seed=2)
    assert (one.quality == same.quality).all()
    assert (one.strength == same.strength).all()
    assert (one.fame == same.fame).all()
    assert not (one.quality == other.quality).all()


def test_pick_weights_sum_to_one_in_each_group() -> None:
    world = small_world()
    assert np.bincount(world.entity, world.fame) == pytest.approx(1.0)
    assert np.bincount(world.department, world.popularity) == pytest.approx(1.0)


def test_items_are_on_sale_from_their_day_on() -> None:
    world = small_world()
    assert len(world.on_sale(39.9)) == len(ENTITIES) * (PER_ENTITY - 1)
    assert len(world.on_sale(40.0)) == len(ENTITIES) * PER_ENTITY
    tent = ENTITIES.index("tent")
    assert [world.items[code] for code in world.shelf(tent, 0.0)] == ["tent0", "tent1", "tent2"]
    assert [world.items[code] for code in world.shelf(tent, 50.0)] == ["tent0", "tent1", "tent2", "tent3"]


def test_quality_is_about_one_on_average() -> None:
    qualities = np.concatenate([small_world(seed=seed).quality for seed in range(60)])
    assert qualities.mean() == pytest.approx(1.0, abs=0.05)
