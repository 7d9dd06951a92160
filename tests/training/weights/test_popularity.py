from math import log

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ordering import natural
from training.weights.popularity import SHORTLIST, popularity, shortlists, with_shares
from training.weights.timelines import TIMELINE

IDS = ["2", "10", "007", "a", "B", "1000000000000000000000"]
ITEMS = st.dictionaries(st.sampled_from(IDS), st.booleans())  # id → available
ENTITIES = st.dictionaries(st.sampled_from(IDS), st.sampled_from("ef"))
BOUGHT = st.lists(st.sampled_from(IDS))


def catalogue(items: dict[str, bool]) -> pl.DataFrame:
    return pl.DataFrame(list(items.items()), schema={"id": pl.String, "available": pl.Boolean}, orient="row")


def purchases(bought: list[str]) -> pl.DataFrame:
    return pl.DataFrame([("u:1", item, None) for item in bought], schema=TIMELINE, orient="row")


def mains(entities: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(entities.items()), schema={"item": pl.String, "entity": pl.String}, orient="row")


def slow_order(items: dict[str, bool], bought: list[str]) -> list[str]:
    """Available items, the most bought first."""
    return sorted((item for item in items if items[item]), key=lambda item: (-bought.count(item), natural(item)))


@given(ITEMS, BOUGHT)
def test_popularity_agrees_with_a_slow_count(items: dict[str, bool], bought: list[str]) -> None:
    found = {row["id"]: row for row in popularity(catalogue(items), purchases(bought)).to_dicts()}
    most = max((bought.count(item) for item in items), default=0)
    order = slow_order(items, bought)
    assert set(found) == set(items)
    for item, available in items.items():
        assert found[item]["popularity"] == bought.count(item)
        assert found[item]["popularity_rank"] == (order.index(item) + 1 if available else None)
        assert found[item]["appeal"] == pytest.approx((1 + log(1 + bought.count(item))) / (1 + log(1 + most)))
        assert 0 < found[item]["appeal"] <= 1


@given(ITEMS, BOUGHT, ENTITIES, st.integers(1, 3))
def test_shortlists_agree_with_a_slow_cut(
    items: dict[str, bool], bought: list[str], entities: dict[str, str], keep: int
) -> None:
    found = shortlists(mains(entities), popularity(catalogue(items), purchases(bought)), keep)
    wanted = [
        (entity, item, rank)
        for entity in "ef"
        for rank, item in enumerate(
            [item for item in slow_order(items, bought) if entities.get(item) == entity][:keep], 1
        )
    ]
    assert found.rows() == wanted


@given(ITEMS, BOUGHT, ENTITIES)
def test_shares_agree_with_slow_sums(items: dict[str, bool], bought: list[str], entities: dict[str, str]) -> None:
    popular = popularity(catalogue(items), purchases(bought))
    shared = with_shares(mains(entities), popular)
    assert shared.drop("share").equals(popular)
    found = dict(shared.drop_nulls("share").select("id", "share").iter_rows())
    offered = {entity: [i for i in items if items[i] and entities.get(i) == entity] for entity in "ef"}
    for same in offered.values():
        total = sum(1 + bought.count(item) for item in same)
        assert [found[item] for item in same] == pytest.approx([(1 + bought.count(item)) / total for item in same])
    assert found.keys() == {item for same in offered.values() for item in same}


def test_an_item_that_nobody_bought_still_appeals() -> None:
    found = popularity(catalogue({"new": True, "old": True}), purchases(["old"] * 9))
    assert found["id"].to_list() == ["old", "new"]
    assert found["appeal"].to_list() == pytest.approx([1.0, 1 / (1 + log(10))])


def test_a_withdrawn_item_keeps_its_count_and_has_no_rank() -> None:
    found = popularity(catalogue({"gone": False, "sold": True}), purchases(["gone", "gone", "sold"]))
    assert found.select("id", "popularity", "popularity_rank").rows() == [("sold", 1, 1), ("gone", 2, None)]


def test_a_shortlist_holds_twenty() -> None:
    items = dict.fromkeys(map(str, range(30)), True)
    found = shortlists(mains(dict.fromkeys(items, "e")), popularity(catalogue(items), purchases([])))
    assert found["item"].to_list() == [str(number) for number in range(SHORTLIST)]
    assert found["rank"].to_list() == list(range(1, SHORTLIST + 1))
