from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.rejects import Reject
from services.catalog.sieve import Check, distinct, sift

ROWS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", None])), max_size=10)


def test_a_row_is_refused_for_the_first_check_that_it_fails() -> None:
    frame = pl.DataFrame({"line": [2, 3, 4, 5], "n": [1, -1, -20, None]})
    checks = [Check(pl.col("n").is_null(), "none"), Check(pl.col("n") < -9, "low", "n"), Check(pl.col("n") < 0, "neg")]
    good, rejects = sift(frame, "f", checks)
    assert good.rows() == [(2, 1)]
    assert rejects == [Reject("f", 3, "neg", ""), Reject("f", 4, "low", "-20"), Reject("f", 5, "none", "")]


@given(ROWS)
def test_repeated_keys_against_a_loop(rows: list[tuple[str, str | None]]) -> None:
    first: dict[str, str | None] = {}
    kept, conflicts, duplicates = [], [], 0
    for number, (key, value) in enumerate(rows):
        if key not in first:
            first[key] = value
            kept.append(number)
        elif first[key] == value:
            duplicates += 1
        else:
            conflicts.append(number)
    schema = {"line": pl.Int64, "key": pl.String, "value": pl.String}
    frame = pl.DataFrame([(number, *row) for number, row in enumerate(rows)], schema=schema, orient="row")
    found = distinct(frame, ["key"], ["value"])
    assert found.rows["line"].to_list() == kept
    assert found.conflicts["line"].to_list() == conflicts
    assert found.conflicts.columns == frame.columns
    assert found.duplicates == duplicates
