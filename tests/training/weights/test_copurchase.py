from collections import defaultdict
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ordering import natural
from training.weights.copurchase import FOLLOWERS, followers
from training.weights.timelines import TIMELINE

Purchase = tuple[str, str, int | None]
IDS = ["2", "10", "007", "a", "B"]  # in the order of numbers 2, 10; as text 10 comes before 2
PURCHASES = st.lists(
    st.tuples(st.sampled_from(["u:1", "b:1", "u:2"]), st.sampled_from(IDS), st.none() | st.integers(0, 4)), max_size=30
).map(lambda rows: sorted(rows, key=lambda row: row[0]))


def frame(rows: list[Purchase]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TIMELINE, orient="row")


def bought(text: str, actor: str = "u:1") -> list[Purchase]:
    """A timeline from ids apart by spaces; one moment each."""
    return [(actor, item, step) for step, item in enumerate(text.split())]


def slow_weights(rows: list[Purchase]) -> dict[tuple[str, str], Fraction]:
    after: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for at, (actor, item, when) in enumerate(rows):
        for distance in range(1, 6):
            if at + distance >= len(rows):
                continue
            other, later, then = rows[at + distance]
            if other == actor and later != item:
                after[item, later] += Fraction(1, distance)
                if then == when:
                    after[later, item] += Fraction(1, distance)
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for (item, _), part in after.items():
        sums[item] += part
    return {(item, later): part / (sums[item] + 3) for (item, later), part in after.items()}


def slow_lists(rows: list[Purchase], keep: int) -> dict[str, list[str]]:
    weights = slow_weights(rows)
    lists: dict[str, list[str]] = defaultdict(list)
    for item, later in sorted(weights, key=lambda pair: (-weights[pair], natural(pair[1]))):
        if len(lists[item]) < keep:
            lists[item].append(later)
    return dict(lists)


def listed(found: pl.DataFrame) -> dict[str, list[str]]:
    return {str(item): part["next"].to_list() for (item,), part in found.group_by("item", maintain_order=True)}


@given(PURCHASES, st.integers(1, 4))
def test_followers_agree_with_slow_loops(rows: list[Purchase], keep: int) -> None:
    found = followers(frame(rows), keep)
    weights = slow_weights(rows)
    assert found.schema == FOLLOWERS
    assert listed(found) == slow_lists(rows, keep)
    for item, later, weight, rank in found.iter_rows():
        assert weight == pytest.approx(float(weights[item, later]))
        assert rank == slow_lists(rows, keep)[item].index(later) + 1


def test_the_nearer_follower_weighs_more_and_the_sixth_nothing() -> None:
    found = followers(frame(bought("a b c d e f g"))).filter(pl.col("item") == "a")
    row_sum = 1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5
    assert found["next"].to_list() == ["b", "c", "d", "e", "f"]
    assert found["weight"].to_list() == pytest.approx([1 / d / (row_sum + 3) for d in range(1, 6)])


def test_what_is_bought_at_one_moment_follows_both_ways() -> None:
    together: list[Purchase] = [("b:1", "x", 5), ("b:1", "y", 5), ("b:1", "z", 6)]
    assert listed(followers(frame(together))) == {"x": ["y", "z"], "y": ["x", "z"]}


def test_a_basket_without_time_or_order_follows_both_ways() -> None:
    assert listed(followers(frame([("b:1", "x", None), ("b:1", "y", None)]))) == {"x": ["y"], "y": ["x"]}


def test_an_item_bought_again_does_not_follow_itself_but_keeps_its_place() -> None:
    found = followers(frame(bought("x x y")))
    assert found.select("item", "next").rows() == [("x", "y")]
    assert found["weight"].to_list() == pytest.approx([1.5 / 4.5])


def test_nobody_follows_across_actors() -> None:
    assert followers(frame(bought("x", "u:1") + bought("y", "u:2"))).is_empty()


def test_equal_followers_are_cut_in_natural_order() -> None:
    rows = [row for number, item in enumerate(["10", "9", "b", "2"]) for row in bought(f"x {item}", f"u:{number}")]
    assert listed(followers(frame(rows), 3)) == {"x": ["2", "9", "10"]}


def test_nothing_bought_no_followers() -> None:
    found = followers(frame([]))
    assert found.is_empty()
    assert found.schema == FOLLOWERS
