import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recall.candidates import Target
from services.recall.port import Because, Concept

UNIT = st.floats(0, 1)


def target(*actives: float) -> Target:
    return Target(Concept("e", "E"), actives, Because(), ())


@given(st.lists(UNIT, max_size=5), UNIT)
def test_strength_agrees_with_the_formula(actives: list[float], appeal: float) -> None:
    missed = 1.0
    for active in actives:
        missed = missed * (1 - active * appeal)
    assert target(*actives).strength(appeal) == pytest.approx(1 - missed)
    assert 0 <= target(*actives).strength(appeal) <= 1


@given(st.lists(UNIT, max_size=5), UNIT, UNIT, UNIT)
def test_another_edge_or_more_appeal_never_weakens(
    actives: list[float], more: float, first: float, second: float
) -> None:
    low, high = sorted((first, second))
    assert target(*actives).strength(low) <= target(*actives).strength(high) + 1e-12
    assert target(*actives).strength(low) <= target(*actives, more).strength(low) + 1e-12


def test_a_known_answer() -> None:
    assert target(0.5, 0.25).strength() == 0.625
    assert target(0.5, 0.25).strength(0.5) == 1 - 0.75 * 0.875
    assert target().strength() == 0.0
