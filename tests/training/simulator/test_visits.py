from collections.abc import Sequence

import numpy as np
import pytest

from graph.records import EventType
from tests.training.simulator.worlds import small_world
from training.simulator.appeal import Appeal, median_prices
from training.simulator.port import Shown
from training.simulator.position_bias import PositionBias
from training.simulator.shoppers import Shopper, gather
from training.simulator.visits import Behaviour, Season, Visit, Visitor, visitors

WORLD = small_world()
CODE = {name: code for code, name in enumerate(WORLD.entities)}
SEASON = Season(2, 30, WORLD.strength, WORLD.popularity, median_prices(WORLD))
LISTED = [Shown(item, "complementary", "tent", "mat", 0.9) for item in ("mat0", "mat1", "tea0", "gas0")]
EAGER = Appeal(wanted=9.0, familiar=9.0, other=9.0, ordered_wanted=9.0, ordered_other=9.0, most=1.0)


def come(person: Shopper, listed: Sequence[Shown], behaviour: Behaviour, seed: int = 0) -> Visit:
    visitor = Visitor(person, WORLD, SEASON, behaviour, np.random.default_rng(seed), 30.5)
    return visitor.come(listed, WORLD.codes())


def lost() -> Shopper:
    """Somebody who owns all but mats and tea, and comes for nothing but camping."""
    camping = int(WORLD.department[CODE["tent"]])
    return Shopper("u1", 1, 1.0, (camping,), owned=set(range(len(CODE))) - {CODE["mat"], CODE["tea"]})


def test_everything_shown_is_recorded_and_sent_with_its_place() -> None:
    visit = come(lost(), LISTED, Behaviour(shuffled=0.0))
    assert [(row["item"], row["position"], row["rank"]) for row in visit.shown] == [
        (shown.item, place, place) for place, shown in enumerate(LISTED)
    ]
    exposures = [event for event in visit.events if event.type is EventType.EXPOSURE]
    assert [(event.item, event.position) for event in exposures] == [
        (row["item"], row["position"]) for row in visit.shown
    ]
    assert len({event.id for event in visit.events}) == len(visit.events)
    assert len({event.request for event in exposures}) == 1


def test_a_shuffled_list_keeps_its_ranks_and_says_so() -> None:
    orders = set()
    for seed in range(20):
        visit = come(lost(), LISTED, Behaviour(shuffled=1.0), seed)
        assert all(row["shuffled"] for row in visit.shown)
        assert all(LISTED[row["rank"]].item == row["item"] for row in visit.shown)
        assert [row["position"] for row in visit.shown] == list(range(len(LISTED)))
        orders.add(tuple(row["rank"] for row in visit.shown))
    assert len(orders) > 5


def test_who_takes_everything_buys_one_of_each_concept_not_owned() -> None:
    person = lost()
    visit = come(person, LISTED, Behaviour(PositionBias(0.0), EAGER, 0.0))
    assert [row["clicked"] for row in visit.shown] == [True] * 4
    assert [row["item"] for row in visit.shown if row["ordered"]] == ["mat0", "tea0"]  # gas is owned, one mat is enough
    assert [(order.item, order.shown, order.price) for order in visit.orders] == [
        ("mat0", True, 10.0),
        ("tea0", True, 10.0),
    ]
    assert {CODE["mat"], CODE["tea"]} <= person.owned
    bought = [(event.item, event.position) for event in visit.events if event.type is EventType.PURCHASE]
    assert bought == [("mat0", 0), ("tea0", 2)]


def test_nothing_is_shown_without_a_list_and_what_is_due_is_bought_without_one() -> None:
    bought = 0
    for seed in range(300):
        person = lost()
        person.owned.add(CODE["mat"])
        person.wants = {CODE["tea"]: 30.0}
        visit = come(person, [], Behaviour(), seed)
        assert visit.shown == []
        assert person.wants == {}
        assert all(not order.shown and order.entity == "tea" for order in visit.orders)
        bought += len(visit.orders)
    assert bought / 300 == pytest.approx(0.3, abs=0.08)


def test_items_that_arrive_later_in_the_week_are_not_sold() -> None:
    for seed in range(50):
        person = lost()
        person.owned.add(CODE["mat"])
        person.wants = {CODE["tea"]: 0.0}
        assert all(order.item != "tea3" for order in come(person, [], Behaviour(), seed).orders)


def test_who_comes_does_not_depend_on_who_else_is_there() -> None:
    everybody = gather(WORLD, 50, 3)
    alone = [moment for person in everybody for _, _, moment in visitors([person], 9, 3)]
    together = [moment for _, _, moment in visitors(everybody, 9, 3)]
    assert alone == together
    assert 0 < len(together) < 50
    assert all(9.3 <= moment < 9.9 for moment in together)
