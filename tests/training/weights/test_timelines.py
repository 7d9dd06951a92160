import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graph.records import EVENT_SCHEMA
from training.weights.timelines import TIMELINE, parted, timelines

# (user, basket, item, order, at): who bought is a user, a basket, or both; the names of the two may be equal.
Purchase = tuple[str | None, str | None, str, int | None, int | None]
WHO = st.one_of(
    st.tuples(st.sampled_from("ab"), st.none()),
    st.tuples(st.none(), st.sampled_from("ab")),
    st.tuples(st.sampled_from("ab"), st.sampled_from("ab")),
)
WHEN = st.none() | st.integers(-3, 3)
PURCHASES = st.lists(st.tuples(WHO, st.sampled_from("xyz"), WHEN, WHEN).map(lambda row: (*row[0], *row[1:])))


def frame(rows: list[Purchase]) -> pl.DataFrame:
    columns = ("user", "basket", "item", "order", "at")
    empty = dict.fromkeys(EVENT_SCHEMA)
    return pl.DataFrame([empty | dict(zip(columns, row, strict=True)) for row in rows], schema=EVENT_SCHEMA)


def slow_timelines(rows: list[Purchase], steps: bool) -> list[tuple[str, str, int | None]]:
    by_actor: dict[str, list[tuple[str, int | None]]] = {}
    for user, basket, item, order, at in rows:
        actor = f"u:{user}" if user is not None else f"b:{basket}"
        by_actor.setdefault(actor, []).append((item, order if at is None else at))
    lines = []
    for actor, bought in sorted(by_actor.items()):
        moments = sorted({when for _, when in bought if when is not None})
        for item, when in bought:
            step = moments.index(when) + 1 if when is not None else None
            lines.append((actor, item, step if steps else when))
    return lines


@given(PURCHASES, st.booleans())
def test_timelines_agree_with_a_slow_grouping(rows: list[Purchase], steps: bool) -> None:
    found = timelines(frame(rows), steps=steps)
    assert found.schema == TIMELINE
    assert found.rows() == slow_timelines(rows, steps)


def test_a_user_and_a_basket_of_one_name_are_two_actors() -> None:
    rows: list[Purchase] = [("a", None, "x", 1, None), (None, "a", "y", 1, None), ("a", "a", "z", 2, None)]
    assert timelines(frame(rows), steps=False).rows() == [("b:a", "y", 1), ("u:a", "x", 1), ("u:a", "z", 2)]


def test_a_purchase_by_http_is_the_last_step_where_the_file_has_an_order() -> None:
    rows: list[Purchase] = [("a", None, "x", 7, None), ("a", None, "y", 9, None), ("a", None, "z", None, 1_700_000_000)]
    assert timelines(frame(rows), steps=True)["when"].to_list() == [1, 2, 3]


def test_events_are_parted_by_type_on_one_timeline() -> None:
    kinds = [("purchase", 5, None), ("exposure", 7, 3), ("click", 9, 3), ("exposure", 4, None)]
    rows = [
        dict.fromkeys(EVENT_SCHEMA) | {"user": "a", "type": t, "item": "x", "at": w, "position": p, "request": f"r{w}"}
        for t, w, p in kinds
    ]
    dated, steps = (parted(pl.DataFrame(rows, schema=EVENT_SCHEMA), clock=clock) for clock in (True, False))
    assert dated.bought.rows() == [("u:a", "x", 5)]
    assert dated.shown.rows() == [("u:a", "x", 7, 3, "r7"), ("u:a", "x", 4, None, "r4")]
    assert dated.clicked.rows() == [("u:a", "x", 9, "r9")]
    assert [*steps.bought["when"], *steps.shown["when"], *steps.clicked["when"]] == [2, 3, 1, 4]
    assert (dated.clock, steps.clock) == (True, False)
