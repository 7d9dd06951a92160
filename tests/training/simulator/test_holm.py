from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.simulator.holm import holm


@given(st.lists(st.floats(0, 1), max_size=6))
def test_it_is_the_closed_test_of_bonferroni(family: list[float]) -> None:
    places = range(len(family))
    subsets = [subset for size in range(1, len(family) + 1) for subset in combinations(places, size)]
    for place, adjusted in zip(places, holm(family), strict=True):
        every = (min(1.0, len(one) * min(family[each] for each in one)) for one in subsets if place in one)
        assert adjusted == pytest.approx(max(every))


def test_a_known_family() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
