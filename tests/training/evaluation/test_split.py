import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluation.split import next_purchase_split

Event = tuple[str | None, str, str]  # user, item, type
EVENTS = st.lists(
    st.tuples(
        st.none() | st.sampled_from("uvw"),
        st.sampled_from("xyz"),
        st.sampled_from(["purchase", "purchase", "click", "exposure"]),
    )
)


def frame(rows: list[Event]) -> pl.DataFrame:
    columns = {"user": pl.String, "item": pl.String, "type": pl.String}
    return pl.DataFrame(rows, schema=columns, orient="row").with_row_index("line")


def slow_split(rows: list[Event], back: int) -> tuple[list[int], set[tuple[str, str]]]:
    """Lines kept, and the cases."""
    kept, cases = list(range(len(rows))), set()
    for user in {row[0] for row in rows if row[0] is not None}:
        bought = [line for line, row in enumerate(rows) if row[0] == user and row[2] == "purchase"]
        if len(bought) >= back + 2:
            held = bought[-1 - back]
            cases.add((user, rows[held][1]))
            kept = [line for line in kept if rows[line][0] != user or line < held]
        elif len(bought) >= 2:
            # A smaller `back` asks for the last purchases.
            asked = bought[len(bought) - back] if back < len(bought) else bought[0]
            kept = [line for line in kept if rows[line][0] != user or line < asked]
    return kept, cases


@given(EVENTS, st.integers(0, 2))
def test_the_split_agrees_with_slow_loops(rows: list[Event], back: int) -> None:
    split = next_purchase_split(frame(rows), back)
    kept, cases = slow_split(rows, back)
    assert split.train["line"].to_list() == kept
    assert split.train.columns == ["line", "user", "item", "type"]
    assert split.cases.columns == ["user", "item"]
    assert len(split.cases) == len(cases)
    assert set(split.cases.rows()) == cases


LIFE: list[Event] = [
    ("u", "a", "purchase"),
    ("u", "b", "click"),
    ("u", "b", "purchase"),
    ("u", "c", "exposure"),
    ("u", "c", "click"),
    ("u", "c", "purchase"),
    ("u", "d", "click"),
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
    split = next_purchase_split(frame([(None, "a", "purchase"), (None, "b", "purchase"), *LIFE]))
    assert split.train["line"].to_list() == list(range(7))
    assert split.cases.rows() == [("u", "c")]
