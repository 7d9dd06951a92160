"""Random small graphs: the recommender on both servers against the documented formulas in slow plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.client import GraphClient
from services.ranking.fusion import Fusion
from services.ranking.recommender import GraphRecommender
from tests.live.brute_force import BruteForce, differences
from tests.live.recalls import RELEASE, Thing, Toy, store

ITEMS = ["1", "2", "10", "11", "20", "a", "b", "B", "c/d", "é"]
ENTITIES = ["e", "f", "g", "h"]
# A smaller counterexample is not worth minutes of server time.
ON_SERVERS = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PULLS = st.sampled_from([0.25, 0.75, 1.5, 8.0])
WEIGHTS = st.sampled_from([0.125, 0.25, 0.5, 0.75, 1.0])
FUSIONS = [Fusion(0.0, 2), Fusion(0.001, 5), Fusion(0.5, 1), Fusion(4.0, 2)]


@dataclass(frozen=True)
class Asked:
    """A graph and what is asked of it."""

    toy: Toy
    fusion: Fusion
    k: int
    basket: list[str]
    exclude: list[str]


def pairs(names: Sequence[str]) -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] != pair[1])


@st.composite
def stocked(draw: st.DrawFn) -> Thing:
    """An item; what is bought more appeals more."""
    entities = draw(st.lists(st.sampled_from(ENTITIES), unique=True, max_size=2))
    popularity = draw(st.integers(0, 3))
    appeal = (popularity + 1) / 4
    return Thing(tuple(entities), appeal, popularity, draw(st.integers(0, 4)) > 0, appeal / 2)


@st.composite
def toys(draw: st.DrawFn) -> Toy:
    things = draw(st.fixed_dictionaries(dict.fromkeys(ITEMS, stocked())))
    bought = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=6))
    owned = sorted({entity for item in bought for entity in things[item].entities[:1]})
    interests = {("u", entity): draw(WEIGHTS) for entity in owned if draw(st.integers(0, 3))}
    return Toy(
        things,
        ENTITIES,
        {"u": bought},
        interests,
        draw(st.dictionaries(pairs(ENTITIES), WEIGHTS, max_size=10)),
        draw(st.dictionaries(pairs(ENTITIES), st.sampled_from([None, 1, 2, 3]), max_size=4)),
        draw(st.dictionaries(pairs(ITEMS), WEIGHTS, max_size=30)),
        draw(st.sets(st.sampled_from(ENTITIES), max_size=2)),
        draw(st.dictionaries(pairs(ENTITIES), st.dictionaries(st.sampled_from(ITEMS), PULLS), max_size=8)),
    )


ASKED = st.builds(
    Asked,
    toys(),
    st.sampled_from(FUSIONS),
    st.sampled_from([1, 3, 20, 100]),
    st.lists(st.sampled_from([*ITEMS, "unknown", "?"]), max_size=6),
    st.lists(st.sampled_from(ITEMS), max_size=3),
)


@ON_SERVERS
@given(ASKED)
def test_every_list_is_what_the_formulas_give(client: GraphClient, asked: Asked) -> None:
    toy, fusion, k = asked.toy, asked.fusion, asked.k
    store(client, toy)
    found, wanted = GraphRecommender(client, fusion), BruteForce(toy, fusion)
    whole = GraphRecommender(client, fusion, drop_durables=False), BruteForce(replace(toy, durable=()), fusion)
    assert differences(whole[0].for_user("u", k).items, whole[1].for_user("u"), k) == []

    user = found.for_user("u", k)
    assert differences(user.items, wanted.for_user("u"), k) == []
    assert (user.known, user.release) == (True, RELEASE)
    stranger = found.for_user("v", k)
    assert differences(stranger.items, wanted.for_user("v"), k) == []
    assert not stranger.known

    basket = found.for_basket(asked.basket, k, asked.exclude)
    assert differences(basket.items, wanted.for_basket(asked.basket, asked.exclude), k) == []
    assert basket.known == any(item in toy.things for item in asked.basket)
    assert basket.unknown_items == tuple(dict.fromkeys(item for item in asked.basket if item not in toy.things))

    for item in ITEMS[::5]:
        assert differences(found.complements(item, k).items, wanted.complements(item, k), k) == []
        assert differences(found.substitutes(item, k).items, wanted.substitutes(item), k) == []
        other = ITEMS[-1]
        edges = found.explain(item, other)
        sources, targets = toy.things[item].entities, toy.things[other].entities
        assert len(edges) == len({(edge.relation, edge.source.id, edge.target.id) for edge in edges})
        assert {(edge.relation, edge.source.id, edge.target.id) for edge in edges} == wanted.explain(sources, targets)
        assert edges == found.explain(other, item)


@ON_SERVERS
@given(ASKED)
def test_no_list_breaks_a_promise(client: GraphClient, asked: Asked) -> None:
    toy = asked.toy
    store(client, toy)
    recommender = GraphRecommender(client, asked.fusion)
    for given_list, owned, exclude in (
        (recommender.for_user("u", asked.k), toy.bought["u"], ()),
        (recommender.for_basket(asked.basket, asked.k, asked.exclude), asked.basket, asked.exclude),
    ):
        entities = {toy.things[item].main for item in owned if item in toy.things}
        rows = given_list.items
        assert {row.item_id for row in rows}.isdisjoint({*owned, *exclude})
        assert all(toy.things[row.item_id].available for row in rows)
        assert all(toy.things[row.item_id].main not in entities for row in rows if row.channel == "complementary")
        assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
        dropped = entities & set(toy.durable)
        assert all(toy.things[row.item_id].main not in dropped for row in rows)
        left = [i for i in toy.ranked() if i not in {*owned, *exclude} and toy.things[i].main not in dropped]
        assert len(rows) == min(asked.k, len(left))
