import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluation.split import next_purchase_split

Event = tuple[str | None, str, str, int | None]  # user, item, type, moment
EVENTS = st.lists(
    st.tuples(
        st.none() | st.sampled_from("uvw"),
        st.sampled_from("xyz"),
        st.sampled_from(["purchase", "purchase", "click", "exposure"]),
        st.integers(0, 4),
    )
).flatmap(lambda rows: st.sampled_from([_in_order(rows), [(*row[:3], None) for row in rows]]))


def _in_order(rows: list[Event]) -> list[Event]:
    return sorted(rows, key=lambda row: row[3] or 0)


def frame(rows: list[Event], moment: str = "at") -> pl.DataFrame:
    columns = {"user": pl.String, "item": pl.String, "type": pl.String, moment: pl.Int64}
    other = "order" if moment == "at" else "at"
    made = pl.DataFrame(rows, schema=columns, orient="row").with_row_index("line")
    return made.with_columns(pl.lit(None, pl.Int64).alias(other))


def slow_split(rows: list[Event], back: int) -> tuple[list[int], set[tuple[str, str]]]:
    """Lines kept, and the cases."""
    kept, cases = list(range(len(rows))), set()
    for user in {row[0] for row in rows if row[0] is not None}:
        bought = [line for line, row in enumerate(rows) if row[0] == user and row[2] == "purchase"]
        if len(bought) >= back + 2:
            held = bought[-1 - back]
            moment = rows[held][3]
            mine = [
                line for line in range(held) if rows[line][0] == user and (moment is None or rows[line][3] < moment)
            ]
            if any(line in mine for line in bought):
                cases.add((user, rows[held][1]))
                kept = [line for line in kept if rows[line][0] != user or line in mine]
                continue
        if len(bought) >= 2 and back > 0:
            # A smaller `back` asks for the last purchases.
            asked = bought[len(bought) - back] if back < len(bought) else bought[0]
            kept = [line for line in kept if rows[line][0] != user or line < asked]
    return kept, cases


@given(EVENTS, st.integers(0, 2), st.sampled_from(["at", "order"]))
def test_the_split_agrees_with_slow_loops(rows: list[Event], back: int, moment: str) -> None:
    split = next_purchase_split(frame(rows, moment), back)
    kept, cases = slow_split(rows, back)
    assert split.train["line"].to_list() == kept
    assert split.train.columns[:4] == ["line", "user", "item", "type"]
    assert split.cases.columns == ["user", "item"]
    assert len(split.cases) == len(cases)
    assert set(split.cases.rows()) == cases


LIFE: list[Event] = [
    ("u", "a", "purchase", None),
    ("u", "b", "click", None),
    ("u", "b", "purchase", None),
    ("u", "c", "exposure", None),
    ("u", "c", "click", None),
    ("u", "c", "purchase", None),
    ("u", "d", "click", None),
]


@pytest.mark.parametrize(("back", "case", "kept"), [(0, "c", 5), (1, "b", 2)])
def test_clicks_before_the_held_out_purchase_stay_and_those_after_go(back: int, case: str, kept: int) -> None:
    split = next_purchase_split(frame(LIFE), back)
    assert split.cases.rows() == [("u", case)]
    assert split.train["line"].to_list() == list(range(kept))


def test_too_short_a_history_gives_no_case_and_keeps_what_nothing_asks_for() -> None:
    split = next_purchase_split(frame(LIFE), 2)
    assert split.cases.is_empty()
    assert split.train.height == 2


def test_baskets_without_a_user_stay() -> None:
    split = next_purchase_split(frame([(None, "a", "purchase", None), (None, "b", "purchase", None), *LIFE]))
    assert split.train["line"].to_list() == list(range(7))
    assert split.cases.rows() == [("u", "c")]


def test_what_was_bought_at_the_very_moment_is_not_known() -> None:
    rows: list[Event] = [("u", "a", "purchase", 1), ("u", "b", "purchase", 2), ("u", "c", "purchase", 2)]
    split = next_purchase_split(frame(rows))
    assert split.cases.rows() == [("u", "c")]
    assert split.train["line"].to_list() == [0]
    whole = next_purchase_split(frame(rows[1:]))
    assert whole.cases.is_empty()
    assert whole.train.height == 2  # nobody asks for it
