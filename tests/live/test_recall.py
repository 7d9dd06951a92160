"""Every method of the recommender on a graph made by hand, against answers worked out by hand, on both servers."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp

import pytest

from graph.address import GraphAddress, ServerKind
from graph.client import GraphClient
from graph.errors import NotFoundError
from services.ranking.batch import recommend_all
from services.ranking.fusion import Fusion
from services.ranking.recommender import GraphRecommender
from services.recall.port import Because, Concept, Recommendations
from services.workspace import claim, wipe
from tests.live.brute_force import BruteForce, differences
from tests.live.recalls import RELEASE, Thing, Toy, store

CAMPING = Toy(
    things={
        "t1": Thing(("tent",), 0.75, 8),
        "t2": Thing(("tent",), 0.5, 6),
        "m1": Thing(("mat", "tent"), 1.0, 9),
        "m2": Thing(("mat",), 0.5, 5),
        "m3": Thing(("mat",), 0.5, 5, available=False),
        "s1": Thing(("stove",), 0.5, 4),
        "g1": Thing(("gas",), 0.5, 3),
        "g2": Thing(("gas",), 0.25, 2),
        "l1": Thing(("lamp",), 0.5, 3),
        "x1": Thing((), 0.5, 1),
        "x2": Thing((), 0.25, 1),
    },
    entities=("tent", "mat", "stove", "gas", "lamp", "rope"),
    bought={"ann": ("t1", "s1"), "bob": ("g1", "x1"), "old": ("t1",), "shy": ()},
    interests={("ann", "tent"): 0.5, ("ann", "stove"): 1.0, ("bob", "gas"): 0.5},
    complements={
        ("tent", "mat"): 0.5,
        ("tent", "stove"): 0.25,
        ("stove", "gas"): 0.75,
        ("stove", "mat"): 0.125,
        ("stove", "rope"): 1.0,
        ("mat", "tent"): 0.5,
        ("gas", "lamp"): 0.5,
    },
    substitutes={("lamp", "gas"): 1, ("lamp", "stove"): 3, ("gas", "rope"): 2, ("stove", "tent"): None},
    before={
        ("t1", "m2"): 0.5,
        ("t1", "x1"): 0.25,
        ("t1", "s1"): 0.5,
        ("s1", "g1"): 0.25,
        ("s1", "t2"): 0.5,
        ("s1", "m3"): 0.5,
        ("s1", "t1"): 0.125,
        ("t1", "t2"): 0.25,
    },
)
TENT_MAT = Because("t1", Concept("tent", "Tent"), Concept("mat", "Mat"), 0.5, "tent mat")
STOVE_GAS = Because("s1", Concept("stove", "Stove"), Concept("gas", "Gas"), 0.75, "stove gas")
AGED = exp(-1)


@pytest.fixture(scope="module", params=list(ServerKind), ids=[kind.value for kind in ServerKind])
def camping(request: pytest.FixtureRequest) -> Iterator[GraphClient]:
    """The graph made by hand, on each of the two servers in turn."""
    address: GraphAddress = request.getfixturevalue(f"{request.param.value}_address")
    with GraphClient(address, retry_seconds=5) as client:
        store(client, CAMPING)
        yield client
        wipe(client)


@pytest.fixture
def recommender(camping: GraphClient) -> GraphRecommender:
    return GraphRecommender(camping, Fusion(strength=0.5))


def listed(given: Recommendations) -> list[str]:
    return [row.item_id for row in given.items]


def scores(given: Recommendations) -> dict[str, float]:
    return {row.item_id: row.score for row in given.items}


def because(given: Recommendations) -> dict[str, Because]:
    return {row.item_id: row.because for row in given.items}


def test_a_user_gets_every_channel_in_order(recommender: GraphRecommender) -> None:
    given = recommender.for_user("ann", 20)
    assert (given.user_id, given.known, given.release, given.unknown_items) == ("ann", True, RELEASE, ())
    assert [(row.item_id, row.channel) for row in given.items] == [
        ("t2", "copurchase"),
        ("g1", "copurchase"),
        ("m2", "copurchase"),
        ("m1", "complementary"),
        ("g2", "complementary"),
        ("x1", "copurchase"),
        ("l1", "popularity"),
        ("x2", "popularity"),
    ]
    base = 0.25 * AGED
    assert [row.score for row in given.items] == pytest.approx(
        [
            0.5 + 0.25 * AGED,
            0.25 + 0.5 * 0.75 * 0.5,
            0.5 * AGED + 0.5 * (1 - (1 - 0.25 * 0.5) * (1 - 0.125 * 0.5)),
            0.5 * (1 - (1 - 0.25) * (1 - 0.125)),
            0.5 * 0.75 * 0.25,
            base,
            base * 3 / 4,
            base * 1 / 4,
        ]
    )


def test_every_item_says_why(recommender: GraphRecommender) -> None:
    assert because(recommender.for_user("ann", 20)) == {
        "t2": Because(bought="s1"),  # 0.5 after the stove, 0.25 / e after the tent
        "g1": STOVE_GAS,
        "m2": TENT_MAT,
        "m1": TENT_MAT,  # 0.5 × 0.5 from the tent, 1 × 0.125 from the stove
        "g2": STOVE_GAS,
        "x1": Because(bought="t1"),
        "l1": Because(),
        "x2": Because(),
    }


def test_an_item_without_an_entity_explains_nothing(recommender: GraphRecommender) -> None:
    first = recommender.for_user("bob", 20).items[0]
    assert (first.item_id, first.channel, first.score) == ("l1", "complementary", 0.5 * 0.25 * 0.5)
    assert first.because == Because("g1", Concept("gas", "Gas"), Concept("lamp", "Lamp"), 0.5, "gas lamp")


@pytest.mark.parametrize("k", range(1, 10))
def test_a_shorter_list_is_the_beginning_of_the_longer(recommender: GraphRecommender, k: int) -> None:
    assert listed(recommender.for_user("ann", k)) == listed(recommender.for_user("ann", 20))[:k]


def test_an_unknown_user_gets_what_is_popular(recommender: GraphRecommender) -> None:
    given = recommender.for_user("nobody", 5)
    assert (given.user_id, given.known, given.release) == ("nobody", False, RELEASE)
    assert listed(given) == ["m1", "t1", "t2", "m2", "s1"]
    assert {row.channel for row in given.items} == {"popularity"}
    assert [row.score for row in given.items] == pytest.approx([0.9, 0.8, 0.6, 0.5, 0.4])


def test_a_user_who_bought_nothing_is_not_known(recommender: GraphRecommender) -> None:
    given = recommender.for_user("shy", 3)
    assert (given.known, listed(given)) == (False, ["m1", "t1", "t2"])


def test_faded_interest_leaves_the_other_channels(recommender: GraphRecommender) -> None:
    given = recommender.for_user("old", 4)
    assert given.known
    assert [(row.item_id, row.channel) for row in given.items] == [
        ("m2", "copurchase"),
        ("s1", "copurchase"),
        ("t2", "copurchase"),
        ("x1", "copurchase"),
    ]
    assert [row.score for row in given.items] == [0.5, 0.5, 0.25, 0.25]


def test_many_users_get_the_lists_of_one(recommender: GraphRecommender) -> None:
    users = ["ann", "nobody", "old", "ann"]
    assert list(recommend_all(recommender, users, 5)) == [recommender.for_user(user, 5) for user in users]


def test_a_basket_is_bought_at_this_moment(recommender: GraphRecommender) -> None:
    given = recommender.for_basket(["t1", "s1"], 20)
    assert (given.user_id, given.known, given.unknown_items) == (None, True, ())
    found = scores(given)
    assert found["g2"] == pytest.approx(0.5 * 0.9 * 0.75 * 0.25)
    assert found["m1"] == pytest.approx(0.5 * (1 - (1 - 0.45) * (1 - 0.9 * 0.125)))
    assert found["t2"] == pytest.approx(0.5 + 0.25 * AGED)
    assert because(given)["g1"] == STOVE_GAS


def test_the_last_item_of_a_basket_is_the_newest(recommender: GraphRecommender) -> None:
    found = scores(recommender.for_basket(["s1", "t1"], 20))
    assert found["t2"] == pytest.approx(0.25 + 0.5 * AGED)
    assert found["x1"] == pytest.approx(0.25)


def test_unknown_and_repeated_items_of_a_basket_change_nothing(recommender: GraphRecommender) -> None:
    given = recommender.for_basket(["?", "s1", "t1", "nope", "?", "s1"], 20)
    assert given.unknown_items == ("?", "nope")
    assert given.known
    assert given.items == recommender.for_basket(["t1", "s1"], 20).items


@pytest.mark.parametrize("basket", [[], ["?"]])
def test_a_basket_of_nothing_known_gets_what_is_popular(recommender: GraphRecommender, basket: list[str]) -> None:
    given = recommender.for_basket(basket, 3, ["m1"])
    assert (given.known, given.unknown_items, given.release) == (False, tuple(basket), RELEASE)
    assert listed(given) == ["t1", "t2", "m2"]


def test_what_is_excluded_makes_room(recommender: GraphRecommender) -> None:
    given = recommender.for_basket(["t1", "s1"], 20, ["t2", "m1", "g1", "unknown"])
    assert listed(given) == ["m2", "x1", "g2", "l1", "x2"]


def test_a_withdrawn_item_may_be_in_a_basket(recommender: GraphRecommender) -> None:
    given = recommender.for_basket(["m3"], 20)
    assert given.known
    assert listed(given)[:2] == ["t1", "t2"]
    assert because(given)["t1"] == Because("m3", Concept("mat", "Mat"), Concept("tent", "Tent"), 0.5, "mat tent")
    assert {"m1", "m2"} & {row.item_id for row in given.items if row.channel == "complementary"} == set()


def test_complements_of_an_item(recommender: GraphRecommender) -> None:
    given = recommender.complements("t1", 20)
    assert (given.user_id, given.known, given.release) == (None, True, RELEASE)
    # What an edge supports comes first, by R plus the co-purchase score. t2 was bought after t1 too, but is another
    # tent; nothing is filled up with what is popular.
    supported = [0.5 + 0.45 * 0.5, 0.5 + 0.225 * 0.5, 0.45]
    assert [(row.item_id, row.channel) for row in given.items] == [
        ("m2", "copurchase"),
        ("s1", "copurchase"),
        ("m1", "complementary"),
        ("x1", "copurchase"),
    ]
    assert [row.score for row in given.items] == pytest.approx([*supported, 0.45 * 0.25 / 1.25])
    assert because(given)["m1"] == TENT_MAT
    assert listed(recommender.complements("t1", 2)) == ["m2", "s1"]


def test_an_item_without_an_entity_has_only_its_copurchases(recommender: GraphRecommender) -> None:
    assert recommender.complements("x1", 20).items == ()


def test_substitutes_are_of_the_same_entity_first(recommender: GraphRecommender) -> None:
    given = recommender.substitutes("l1", 20)
    assert listed(given) == ["s1", "g1", "g2"]
    assert [row.score for row in given.items] == pytest.approx([3.5 / 5, 1.5 / 5, 1.25 / 5])
    assert because(given)["g1"] == Because("l1", Concept("lamp", "Lamp"), Concept("gas", "Gas"), None, "lamp gas")
    assert listed(recommender.substitutes("g1", 20)) == ["g2"]
    same = recommender.substitutes("t2", 20)
    assert (listed(same), same.known, same.release, same.items[0].channel) == (["t1"], True, RELEASE, "substitutes")
    assert same.items[0].because == Because("t2", Concept("tent", "Tent"), Concept("tent", "Tent"), None, None)


def test_a_substitute_without_strength_comes_last(recommender: GraphRecommender) -> None:
    assert [(row.item_id, row.score) for row in recommender.substitutes("s1", 20).items] == [("t1", 0.15), ("t2", 0.1)]


def test_substitutes_are_cut_and_leave_out_what_is_withdrawn(recommender: GraphRecommender) -> None:
    assert listed(recommender.substitutes("m3", 20)) == ["m1", "m2"]
    assert listed(recommender.substitutes("m3", 1)) == ["m1"]


def test_an_item_without_an_entity_has_no_substitutes(recommender: GraphRecommender) -> None:
    assert recommender.substitutes("x1", 20).items == ()


@pytest.mark.parametrize(
    ("source", "target", "edges"),
    [
        ("t1", "s1", [("complements", "tent", "stove"), ("substitutes", "stove", "tent")]),
        ("s1", "t1", [("complements", "tent", "stove"), ("substitutes", "stove", "tent")]),
        ("entity:mat", "entity:tent", [("complements", "mat", "tent"), ("complements", "tent", "mat")]),
        ("t1", "entity:mat", [("complements", "mat", "tent"), ("complements", "tent", "mat")]),
        ("m1", "s1", [  # m1 is a mat and, besides, a tent
            ("complements", "stove", "mat"),
            ("complements", "tent", "stove"),
            ("substitutes", "stove", "tent"),
        ]),
        ("t1", "t2", []),
        ("x1", "t1", []),
        ("entity:tent", "entity:tent", []),
    ],
)  # fmt: skip
def test_edges_between_two_in_both_directions(
    recommender: GraphRecommender, source: str, target: str, edges: list[tuple[str, str, str]]
) -> None:
    found = recommender.explain(source, target)
    assert [(edge.relation, edge.source.id, edge.target.id) for edge in found] == edges


def test_an_edge_says_who_judged_it(recommender: GraphRecommender) -> None:
    (edge, other) = recommender.explain("t1", "m2")
    assert (edge.source, edge.target) == (Concept("mat", "Mat"), Concept("tent", "Tent"))
    assert (other.source, other.target) == (Concept("tent", "Tent"), Concept("mat", "Mat"))
    assert (other.weight, other.probability, other.reason, other.judge, other.release) == (
        (0.5, 0.75, "tent mat", "judge", RELEASE)
    )
    (substitute,) = recommender.explain("l1", "g1")[1:]
    assert (substitute.weight, substitute.probability, substitute.reason) == (None, None, "lamp gas")


def test_an_unknown_id_is_named(recommender: GraphRecommender) -> None:
    with pytest.raises(NotFoundError, match="there is no item 'nope'"):
        recommender.complements("nope", 5)
    with pytest.raises(NotFoundError, match="there is no item 'nope'"):
        recommender.substitutes("nope", 5)
    with pytest.raises(NotFoundError, match="there is no item 'nope'"):
        recommender.explain("t1", "nope")
    with pytest.raises(NotFoundError, match="there is no item 'tent'"):
        recommender.explain("tent", "t1")
    with pytest.raises(NotFoundError, match="there is no entity 'nope'"):
        recommender.explain("entity:nope", "t1")


def test_what_is_withdrawn_after_the_last_weighing_is_nowhere(client: GraphClient) -> None:
    store(client, CAMPING)
    client.run("load/item/write", rows=[_withdrawn(item) for item in ("m1", "g1", "g2", "l1", "s1")])
    recommender = GraphRecommender(client, Fusion(strength=0.5))
    assert listed(recommender.for_user("ann", 20)) == ["t2", "m2", "x1", "x2"]
    assert listed(recommender.for_user("nobody", 20)) == ["t1", "t2", "m2", "x1", "x2"]
    assert listed(recommender.complements("t1", 20)) == ["m2", "x1"]
    assert listed(recommender.substitutes("l1", 20)) == []


def test_entities_without_items_take_no_places(client: GraphClient) -> None:
    bare = [f"bare{number:03}" for number in range(100)]
    toy = Toy(
        {"t1": Thing(("tent",)), "m1": Thing(("mat",))},
        ["tent", "mat", *bare],
        complements={**{("tent", entity): 0.75 for entity in bare}, ("tent", "mat"): 0.5},
    )
    store(client, toy)
    given = GraphRecommender(client, Fusion()).complements("t1", 20)
    assert [(row.item_id, row.channel) for row in given.items] == [("m1", "complementary")]


def test_a_long_history_and_a_long_list(client: GraphClient) -> None:
    items = [str(number) for number in range(2_600)]
    entities = [f"e{number:02}" for number in range(60)]
    toy = Toy(
        {item: Thing((entities[int(item) % 60],), 0.5, taken=0.01) for item in items},
        entities,
        {"u": [item for item in items[:2_500] if int(item) % 60 < 30] * 4},  # 5,000 purchases
        {("u", entity): 1 - 2.0**-place for place, entity in enumerate(entities[:20], 1)},
        {(head, tail): 0.5 for head in entities[:20] for tail in entities[20:50]},
        before={(item, str(int(item) + 40)): 0.25 for item in items[2_470:2_490]},  # the newest 20
    )
    store(client, toy)
    fusion = Fusion()
    given = GraphRecommender(client, fusion).for_user("u", 100)
    assert differences(given.items, BruteForce(toy, fusion).for_user("u"), 100) == []
    assert len(given.items) == 100
    assert {"complementary", "copurchase"} <= {row.channel for row in given.items}


def test_an_empty_graph_has_empty_lists(client: GraphClient) -> None:
    recommender = GraphRecommender(client, Fusion())
    for _ in range(2):
        for given in (recommender.for_user("ann", 20), recommender.for_basket(["t1"], 20)):
            assert (given.items, given.known, given.release) == ((), False, None)
        with pytest.raises(NotFoundError):
            recommender.complements("t1", 20)
        claim(client, "test", replace=False)  # and one that was made but never loaded


def _withdrawn(item: str) -> dict[str, object]:
    gone = dict.fromkeys(("brand", "category", "price", "created_at"))
    return {"id": item, "title": item, **gone, "available": False}
