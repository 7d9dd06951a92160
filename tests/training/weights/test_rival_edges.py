"""Random edges: as many from every head and to every tail as the judged ones have."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.simulating.catalogue import demo_edges
from training.weights.rival_edges import random_edges

ENDS = st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"))
EDGES = st.lists(ENDS.filter(lambda ends: ends[0] != ends[1]), max_size=20, unique=True)


def framed(edges: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(edges, schema={"head": pl.String, "tail": pl.String}, orient="row")


@given(EDGES, st.integers(0, 5))
def test_both_degrees_of_every_entity_are_kept(edges: list[tuple[str, str]], seed: int) -> None:
    got = random_edges(framed(edges), seed)
    for end in ("head", "tail"):
        assert got[end].sort().to_list() == sorted(framed(edges)[end])
    assert got.filter(pl.col("head") == pl.col("tail")).is_empty()
    assert got.is_duplicated().sum() == 0
    assert got.equals(random_edges(framed(edges[::-1]), seed))


def test_another_seed_gives_other_edges_and_none_is_a_judged_one() -> None:
    judged = demo_edges()
    one, other = (random_edges(judged, seed) for seed in (1, 2))
    assert not one.equals(other)
    assert one.join(judged, on=["head", "tail"], how="semi").is_empty()
