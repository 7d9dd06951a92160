"""The order of ids, the same for Python and for frames."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ordering import natural, natural_order

IDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.integers(0, 10**20).map(str),
    st.text("0123456789", min_size=15, max_size=22),
    st.text("01٣²½-+. \n", max_size=4),
)


@settings(max_examples=300)
@given(st.lists(IDS, max_size=12))
def test_frames_and_keys_agree(ids: list[str]) -> None:
    frame = pl.DataFrame({"id": ids}, schema={"id": pl.String})
    assert frame.sort(natural_order("id"))["id"].to_list() == sorted(ids, key=natural)


def test_numbers_come_first_in_the_order_of_their_values() -> None:
    ids = ["b", "10", "9", "a10", "a9", "", "007", "7", "-1", "1" * 18, "2" * 19, "1" * 19]
    assert sorted(ids, key=natural) == ["007", "7", "9", "10", "1" * 18, "", "-1", "1" * 19, "2" * 19, "a10", "a9", "b"]


@given(IDS, IDS)
def test_different_ids_never_tie(one: str, other: str) -> None:
    assert (natural(one) == natural(other)) == (one == other)
