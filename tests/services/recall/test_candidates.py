from collections.abc import Sequence
from itertools import starmap
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.client import Transaction
from services.recall.candidates import Edge, Shortlisted, Target
from services.recall.channels import complementary
from services.recall.port import Because, Concept
from services.recall.profile import profile

UNIT = st.floats(0, 1)
EDGES = st.lists(st.tuples(UNIT, st.floats(0, 9)), max_size=5)


def edge(active: float, pull: float) -> Edge:
    """One that nothing but recall reads."""
    return Edge("h", active, 1.0, 0.75, 0.0, {"i": pull})


def target(edges: Sequence[tuple[float, float]], *shortlist: Shortlisted) -> Target:
    """A target of edges (active, pull of item i)."""
    return Target(Concept("e", "E"), tuple(starmap(edge, edges)), Because(), shortlist)


@given(EDGES, UNIT)
def test_strength_agrees_with_the_formula(edges: list[tuple[float, float]], share: float) -> None:
    missed = {"i": 1.0, "j": 1.0, "entity": 1.0}
    for active, pull in edges:
        missed["i"] *= 1 - active * min(1, share * pull)
        missed["j"] *= 1 - active * share
        missed["entity"] *= 1 - active
    found = target(edges)
    assert found.item_strength("i", share) == pytest.approx(1 - missed["i"])
    assert found.item_strength("j", share) == pytest.approx(1 - missed["j"])
    assert found.strength() == pytest.approx(1 - missed["entity"])
    assert 0 <= found.item_strength("i", share) <= found.strength() + 1e-12


@given(EDGES, st.tuples(UNIT, st.floats(0, 9)), UNIT, UNIT)
def test_another_edge_or_a_greater_share_never_weakens(
    edges: list[tuple[float, float]], more: tuple[float, float], first: float, second: float
) -> None:
    low, high = sorted((first, second))
    assert target(edges).item_strength("i", low) <= target(edges).item_strength("i", high) + 1e-12
    assert target(edges).item_strength("i", low) <= target([*edges, more]).item_strength("i", low) + 1e-12


def test_a_known_answer() -> None:
    found = target([(0.5, 1.0), (0.25, 2.0)])
    assert found.strength() == 0.625
    assert found.item_strength("i", 0.5) == 1 - 0.75 * 0.75
    assert found.item_strength("j", 0.5) == 1 - 0.75 * 0.875
    assert target([]).strength() == 0.0


@pytest.mark.parametrize(("items", "pulls"), [(None, None), (["i"], None), (None, [2.0]), (["i", "j"], [2.0])])
def test_an_edge_that_is_being_deleted_can_be_read(items: list[str] | None, pulls: list[float] | None) -> None:
    row = ["f", "F", [["h", 0.5, 0.5, 0.75, 0.0, items, pulls]], "h", "H", 0.5, "why", [["i", "I", 1.0, 0.25]]]
    tx = cast("Transaction", SimpleNamespace(packed=lambda *_, **__: [row]))
    known = profile([("o", 0, "h", 0.5, "r", False)])
    [found] = complementary(tx, known, (), 5)
    taken = 2.0 if items and pulls else 1.0
    assert found.item_strength("i", 0.25) == 0.25 * 0.25 * taken


def test_what_takes_most_by_the_edges_comes_first() -> None:
    rows = [Shortlisted("j", "J", 1.0, 0.5), Shortlisted("k", "K", 0.9, 0.4), Shortlisted("i", "I", 0.8, 0.3)]
    found = target([(0.5, 2.0)], *rows)
    assert [(row.item, strength) for strength, row in found.best(2)] == [("i", pytest.approx(0.3)), ("j", 0.25)]
