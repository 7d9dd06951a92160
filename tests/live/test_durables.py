"""Whoever owns a durable is offered no second one, on a graph made by hand and on both servers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl
import pytest

from graph import tables
from graph.client import GraphClient
from graph.reconcile import write
from services.ranking.fusion import Fusion, Scored
from services.ranking.recommender import GraphRecommender, Ranking
from services.recall.candidates import Led, Target
from services.recall.port import Because, Recommendations
from services.recall.profile import Profile
from tests.live.brute_force import BruteForce, differences
from tests.live.recalls import Thing, Toy, store
from training.ranker.evidence import COLUMNS

K = 20
TENTS = [f"t{number}" for number in range(90)]  # more than any channel reads for a list of 20
GAS = [f"g{number}" for number in range(30)]
ODD = ["x1", "x2"]  # of no entity
# Tents are what is bought most, and what is bought most after a tent; gas comes next.
TOY = Toy(
    {
        **{item: Thing(("tent", "gas"), 0.5, 900 - place) for place, item in enumerate(TENTS)},
        **{item: Thing(("gas", "tent"), 0.5, 300 - place) for place, item in enumerate(GAS)},
        **{item: Thing((), 0.5, 100 - place) for place, item in enumerate(ODD)},
    },
    ("tent", "gas"),
    {"ann": ("g0", "t0"), "bob": ("t89",), "eve": ("g0",)},
    before={
        **{("t0", item): 0.9 - place / 1000 for place, item in enumerate(TENTS[1:])},
        **{("t0", item): 0.5 - place / 1000 for place, item in enumerate(GAS[1:])},
        ("g0", "t1"): 0.9,
        ("g0", "g1"): 0.4,
    },
)
DURABLE = replace(TOY, durable=("tent",))


def listed(given: Recommendations) -> list[str]:
    return [row.item_id for row in given.items]


@pytest.fixture
def recommender(client: GraphClient) -> GraphRecommender:
    store(client, DURABLE)
    return GraphRecommender(client, Fusion())


def test_what_others_bought_next_holds_no_second_tent_and_the_list_is_full(recommender: GraphRecommender) -> None:
    given = recommender.for_user("ann", K)
    assert listed(given) == GAS[1 : K + 1]  # gas is bought again
    assert {row.channel for row in given.items} == {"copurchase"}


def test_what_is_popular_holds_none_either(recommender: GraphRecommender) -> None:
    given = recommender.for_user("bob", K)
    assert listed(given) == GAS[:K]
    assert {row.channel for row in given.items} == {"popularity"}
    assert listed(recommender.for_user("bob", 100)) == [*GAS, *ODD]


def test_a_basket_is_asked_like_a_user(recommender: GraphRecommender) -> None:
    assert listed(recommender.for_basket(["g0", "t0"], K)) == GAS[1 : K + 1]
    assert listed(recommender.for_basket(["t89"], K, ["g0", "g2"])) == [GAS[1], *GAS[3 : K + 2]]


def test_whoever_owns_no_tent_is_offered_one(recommender: GraphRecommender) -> None:
    assert listed(recommender.for_user("eve", 3)) == ["t1", "g1", "t0"]
    assert listed(recommender.for_user("nobody", 3)) == TENTS[:3]
    assert listed(recommender.for_basket(["g0"], 2)) == ["t1", "g1"]


def test_what_goes_with_a_tent_is_not_crowded_out_by_tents(recommender: GraphRecommender) -> None:
    assert listed(recommender.complements("t0", K)) == GAS[1 : K + 1]


def test_substitutes_of_a_tent_are_tents(recommender: GraphRecommender) -> None:
    assert listed(recommender.substitutes("t0", 3)) == ["t1", "t2", "t3"]


@pytest.mark.parametrize(("toy", "drop_durables"), [(TOY, True), (DURABLE, False)], ids=["unmarked", "off"])
def test_else_a_second_tent_is_a_recommendation_like_another(
    client: GraphClient, toy: Toy, drop_durables: bool
) -> None:
    store(client, toy)
    recommender = GraphRecommender(client, Fusion(), drop_durables=drop_durables)
    expected = BruteForce(TOY, Fusion())
    assert listed(recommender.for_user("ann", 2)) == ["t1", "t2"]
    for user in ("ann", "bob", "eve", "nobody"):
        assert differences(recommender.for_user(user, K).items, expected.for_user(user), K) == []
    assert differences(recommender.for_basket(["t0"], K).items, expected.for_basket(["t0"]), K) == []


@dataclass(frozen=True)
class Alphabetic:
    """Ranks what evidence leads to by its id, for every release."""

    def of(self, _release: str | None) -> Ranking:
        return self

    def rank(self, _known: Profile, led: Sequence[Led], _targets: Sequence[Target], k: int) -> list[Scored]:
        rows = sorted(led, key=lambda row: row.item)[:k]
        return [Scored(row.item, row.title, 1 / place, "content", Because()) for place, row in enumerate(rows, 1)]


def test_the_learned_ranker_is_given_none(client: GraphClient) -> None:
    store(client, DURABLE)
    _lead(client, "t0", ["g3", "t1", "t2", "x1"])
    ranked, whole = (
        GraphRecommender(client, Fusion(), rankings=Alphabetic(), drop_durables=drop) for drop in (True, False)
    )
    assert listed(ranked.for_user("ann", K))[:3] == ["g3", "x1", "g1"]  # the last by popularity
    assert len(ranked.for_user("ann", K).items) == K
    assert listed(ranked.for_basket(["t0"], 2)) == ["g3", "x1"]
    assert listed(whole.for_user("ann", 4)) == ["g3", "t1", "t2", "x1"]


def _lead(client: GraphClient, item: str, others: Sequence[str]) -> None:
    known = dict.fromkeys(("pull", *COLUMNS), 0.5)
    rows = [{"item": item, "next": other, **known, "rank": place} for place, other in enumerate(others, 1)]
    write(client, tables.LEADS_TO, pl.DataFrame(rows, schema=tables.LEADS_TO.schema))
