import numpy as np
import pytest

from tests.training.simulator.worlds import NEEDS, small_world
from training.simulator import shoppers
from training.simulator.shoppers import HORIZON, LOYAL, Shopper, gather

WORLD = small_world()
CODE = {name: code for code, name in enumerate(WORLD.entities)}


def somebody() -> Shopper:
    return Shopper("u1", 1, 0.5, (0, 1))


def test_what_is_bought_makes_wants_as_often_as_the_truth_says() -> None:
    rng, counts, many = np.random.default_rng(0), np.zeros(len(CODE)), 5_000
    for _ in range(many):
        person = somebody()
        person.buy(CODE["tent"], 3.0, WORLD.strength, rng)
        assert all(3.0 <= due <= 3.0 + HORIZON for due in person.wants.values())
        counts[list(person.wants)] += 1
    expected = np.array([NEEDS.get(("tent", name), 0.0) for name in WORLD.entities])
    assert counts / many == pytest.approx(expected, abs=0.02)


def test_what_is_owned_is_not_wanted_again() -> None:
    rng = np.random.default_rng(0)
    for _ in range(100):
        person = somebody()
        person.buy(CODE["mat"], 0.0, WORLD.strength, rng)
        person.buy(CODE["tent"], 1.0, WORLD.strength, rng)
        assert CODE["mat"] not in person.wants
        person.buy(CODE["bag"], 2.0, WORLD.strength, rng)
        assert CODE["bag"] not in person.wants


def test_wants_come_due_once_and_some_are_bought_here() -> None:
    rng, bought = np.random.default_rng(0), 0
    for _ in range(5_000):
        person = somebody()
        person.wants = {1: 5.0, 2: 9.0}
        bought += len(person.due(6.0, rng))
        assert person.wants == {2: 9.0}
    assert bought / 5_000 == pytest.approx(LOYAL, abs=0.02)


def test_missions_are_for_popular_concepts_of_liked_departments() -> None:
    rng, person = np.random.default_rng(0), somebody()
    tea = int(WORLD.department[CODE["tea"]])
    person.departments, person.owned = (tea,), {CODE["mug"]}
    found = [person.mission(WORLD, WORLD.popularity, rng) for _ in range(20_000)]
    assert set(found) == {None, CODE["tea"]}
    share = shoppers.MISSION * WORLD.popularity[CODE["tea"]]
    assert np.mean([each is not None for each in found]) == pytest.approx(share, abs=0.01)


def test_more_shoppers_are_the_same_first_ones() -> None:
    few, many = gather(WORLD, 5, 3), gather(WORLD, 200, 3)
    assert [(each.name, each.visits, each.departments) for each in few] == [
        (each.name, each.visits, each.departments) for each in many[:5]
    ]
    assert np.mean([each.visits for each in gather(WORLD, 2_000, 3)]) == pytest.approx(0.3, abs=0.02)
    assert max(each.visits for each in many) <= 1.0
