from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.simulating.catalogue import demo_edges
from training.random_graph import random_graph

EDGES = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=20, unique=True)


@given(EDGES, EDGES, st.integers(0, 5))
def test_every_degree_is_kept(edges: list[tuple[str, str]], avoid: list[tuple[str, str]], seed: int) -> None:
    edges = [(head, tail) for head, tail in edges if head != tail]
    mixed = random_graph(edges, seed, avoid)
    assert [head for head, _ in mixed] == [head for head, _ in edges]
    assert Counter(tail for _, tail in mixed) == Counter(tail for _, tail in edges)
    assert len(set(mixed)) == len(mixed)
    assert all(head != tail for head, tail in mixed)
    assert not (set(mixed) - set(edges)) & set(avoid)


def test_the_demo_shop_keeps_none_of_its_edges() -> None:
    edges = list(demo_edges().select("head", "tail").iter_rows())
    mixed = random_graph(edges, 7)
    assert not set(mixed) & set(edges)
    assert mixed == random_graph(edges, 7)
    assert mixed != random_graph(edges, 8)


@pytest.mark.parametrize("edges", [[], [("a", "b")], [("a", "b"), ("b", "a")]])
def test_what_cannot_be_mixed_stays(edges: list[tuple[str, str]]) -> None:
    assert random_graph(edges, 0) == edges
