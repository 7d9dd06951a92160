import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.pairs.segments import Segment, pair_counts, popularity, segment_pair, segment_sizes, segments


def test_counts_are_those_of_the_specification() -> None:
    assert pair_counts(20_000) == {
        "HH": 1_999_000,
        "HM": 12_000_000,
        "HL": 24_000_000,
        "MM": 17_997_000,
        "ML": 72_000_000,
        "LL": 71_994_000,
        "all": 199_990_000,
    }


@given(st.integers(0, 5_000))
def test_sizes_and_counts_add_up(n: int) -> None:
    sizes = segment_sizes(n)
    assert sum(sizes) == n
    assert min(sizes) >= 0
    counts = pair_counts(n)
    assert sum(counts.values()) == 2 * counts["all"]


def test_counts_agree_with_enumeration() -> None:
    ids = [f"e{index:02}" for index in range(37)]
    assigned = segments(ids, np.arange(37))
    seen = dict.fromkeys(pair_counts(37), 0)
    for first in range(37):
        for second in range(first):
            seen[segment_pair(assigned[first], assigned[second])] += 1
            seen["all"] += 1
    assert seen == pair_counts(37)


def test_popularity_sums_three_logarithms() -> None:
    values = popularity([0, 9], [0, 99], [0, 999])
    assert values == pytest.approx([0.0, np.log(10) + np.log(100) + np.log(1000)])


def test_ties_go_to_the_smaller_id_whatever_the_order() -> None:
    ids = ["d", "b", "a", "c", "e", "f", "g", "h", "i", "j"]
    assigned = dict(zip(ids, segments(ids, [1.0] * 10), strict=True))
    assert [key for key, value in assigned.items() if value is Segment.HEAD] == ["a"]
    assert sorted(key for key, value in assigned.items() if value is Segment.MIDDLE) == ["b", "c", "d"]


def test_the_most_popular_is_the_head() -> None:
    assert segments(["a", "b", "c"], [1.0, 5.0, 2.0]) == (Segment.TAIL, Segment.HEAD, Segment.MIDDLE)
