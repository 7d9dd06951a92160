from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.feedback.timeline import TIMELINE_SCHEMA, in_timeline_order

_rows = st.lists(
    st.fixed_dictionaries(
        {
            "user": st.sampled_from(["a", "b", None]),
            "basket": st.sampled_from(["a", "b", None]),
            "order": st.sampled_from([0, 1, None]),
            "at": st.sampled_from([5, 6, None]),
        }
    ),
    max_size=30,
)


@given(_rows)
def test_it_equals_a_sort_by_written_out_keys(rows: list[dict[str, str | int | None]]) -> None:
    numbered = [{**row, "seq": seq} for seq, row in enumerate(rows)]

    def key(row: dict[str, str | int | None]) -> tuple[object, ...]:
        user, basket, order, at = (row[name] for name in ("user", "basket", "order", "at"))
        actor = (0, user, 0, "") if user is not None else (1, "", *((1, "") if basket is None else (0, basket)))
        return (*actor, at is not None, at or 0, order is None, order or 0, row["seq"])

    found = in_timeline_order(pl.DataFrame(numbered[::-1], schema=TIMELINE_SCHEMA))

    assert found["seq"].to_list() == [row["seq"] for row in sorted(numbered, key=key)]
