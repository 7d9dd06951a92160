import polars as pl
import pytest

from tests.training.simulator.worlds import NEEDS, small_world
from training.simulator.truth import agreement, needs_of


def test_needs_come_back() -> None:
    found = {(head, tail): rate for head, tail, rate in needs_of(small_world()).iter_rows()}
    assert found == pytest.approx(NEEDS)


def test_right_false_and_missing_edges_are_counted() -> None:
    edges = [("tent", "mat", 0.95), ("stove", "pot", 0.85), ("mug", "gas", 0.75)]
    found = agreement(small_world(), pl.DataFrame(edges, schema=["head", "tail", "probability"], orient="row"))
    assert (found.right, found.false, found.missing) == (2, 1, 3)
    assert found.correlation == pytest.approx(1.0)
