from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.text import float_text, floats_text, json_text, series_text


@given(st.lists(st.none() | st.floats(), max_size=20))
def test_a_float_column_is_written_as_each_float(numbers: list[float | None]) -> None:
    expected = [None if number is None else float_text(number) for number in numbers]
    assert floats_text(pl.Series(numbers, dtype=pl.Float64)).to_list() == expected


@given(st.floats(allow_nan=False))
def test_the_text_of_a_float_reads_back_as_it(number: float) -> None:
    text = float_text(number)
    assert text is not None
    assert float(text) == number


def test_whole_floats_are_integers_and_nothing_else_is() -> None:
    assert [float_text(number) for number in (17850.0, -0.0, 2.5, 1e300, math.inf)] == [
        "17850",
        "0",
        "2.5",
        "1e+300",
        "inf",
    ]
    assert float_text(math.nan) is None


@given(st.lists(st.lists(st.none() | st.text("ab|", max_size=2), max_size=4) | st.none(), max_size=8))
def test_lists_are_joined_alike_in_json_and_parquet(cells: list[list[str | None] | None]) -> None:
    series = pl.Series(cells, dtype=pl.List(pl.String))
    assert series_text(series).to_list() == [json_text(cell) for cell in cells]


def test_what_has_no_text() -> None:
    with pytest.raises(TypeError, match="object"):
        json_text({"a": 1})
    with pytest.raises(TypeError, match="its type is Binary"):
        series_text(pl.Series([b"a"]))
