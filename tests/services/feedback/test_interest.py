from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.feedback.interest import PURCHASE_SCHEMA, Fading, interests

Row = dict[str, Any]


def _frame(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=PURCHASE_SCHEMA)


def _bought(entity: str, age: float, user: str = "u", **more: object) -> Row:
    return {"user": user, "entity": entity, "age": age, **more}


def test_one_purchase_fades_from_rho_by_the_timescale() -> None:
    found = interests(_frame(_bought("new", 0.0), _bought("week", 7.0), _bought("edge", 30.0), _bought("gone", 30.5)))

    assert found["entity"].to_list() == ["new", "week", "edge"]
    assert found["weight"].to_list() == pytest.approx([0.9, 0.9 / math.e, 0.9 * math.exp(-30 / 7)])


def test_purchases_add_up_like_chances() -> None:
    found = interests(_frame(_bought("e", 0.0, at=50), _bought("e", 7.0, at=10)))

    assert found["weight"].to_list() == pytest.approx([1 - 0.1 * (1 - 0.9 / math.e)])
    assert found["last_at"].to_list() == [50]


def test_what_is_yet_to_come_and_what_has_no_time_do_not_count() -> None:
    assert interests(_frame(_bought("future", -0.1), {"user": "u", "entity": "undated"})).is_empty()


def test_marked_entities_fade_slower_or_faster_and_unmarked_alike() -> None:
    found = interests(
        _frame(
            _bought("tent", 7.0, durable=True),
            _bought("soap", 7.0, kind="consumable"),
            _bought("plain", 7.0),
            _bought("other", 7.0, durable=False, kind="brand"),
        )
    )

    weights = dict(zip(found["entity"], found["weight"], strict=True))
    assert weights == pytest.approx(
        {
            "tent": 0.9 * math.exp(-7 / 42),
            "soap": 0.9 * math.exp(-7 / 3.5),
            "plain": 0.9 / math.e,
            "other": 0.9 / math.e,
        }
    )


def test_the_strongest_twenty_are_kept_and_ties_go_by_id() -> None:
    found = interests(_frame(*[_bought(f"e{n:02}", 1.0) for n in reversed(range(30))], _bought("z", 0.5)))

    assert found["entity"].to_list() == ["z", *(f"e{n:02}" for n in range(19))]


_purchases = st.lists(
    st.fixed_dictionaries(
        {
            "user": st.sampled_from("uvw"),
            "entity": st.sampled_from("abcde"),
            "age": st.one_of(st.none(), st.floats(-2, 40), st.integers(0, 31).map(float)),
            "durable": st.sampled_from([True, False, None]),
            "kind": st.none(),
            "at": st.one_of(st.none(), st.integers(0, 100)),
        }
    ),
    max_size=40,
)


@given(_purchases, st.integers(1, 4))
def test_it_equals_the_formula_written_as_loops(rows: list[Row], keep: int) -> None:
    marked = [{**row, "durable": row["entity"] in "ab" or None} for row in rows]
    settings = Fading(rho=0.8, window=20, timescale=3, durable_factor=4, keep=keep)

    found = interests(_frame(*marked), settings)

    expected = _by_loops(marked, settings)
    keys = [(row["user"], row["entity"]) for row in found.to_dicts()]
    assert sorted(keys) == sorted(expected) or _only_ties_differ(keys, expected)
    for row in found.to_dicts():
        assert row["weight"] == pytest.approx(_all_by_loops(marked, settings)[row["user"], row["entity"]])
    for user, own in found.group_by("user"):
        order = list(zip(-own["weight"], own["entity"], strict=True))
        assert order == sorted(order), user


def _all_by_loops(rows: list[Row], settings: Fading) -> dict[tuple[str, str], float]:
    missed: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for row in rows:
        if row["age"] is not None and 0 <= row["age"] <= settings.window:
            timescale = settings.timescale * (settings.durable_factor if row["durable"] else 1)
            missed[row["user"], row["entity"]] *= 1 - settings.rho * math.exp(-row["age"] / timescale)
    return {key: 1 - value for key, value in missed.items()}


def _by_loops(rows: list[Row], settings: Fading) -> set[tuple[str, str]]:
    weights = _all_by_loops(rows, settings)
    kept: set[tuple[str, str]] = set()
    for user in {user for user, _ in weights}:
        own = sorted((-weight, entity) for (owner, entity), weight in weights.items() if owner == user)
        kept |= {(user, entity) for _, entity in own[: settings.keep]}
    return kept


def _only_ties_differ(keys: list[tuple[str, str]], expected: set[tuple[str, str]]) -> bool:
    # Weights that are equal but for rounding may be cut in another order.
    return len(keys) == len(expected) and {user for user, _ in keys} == {user for user, _ in expected}


@given(st.permutations([_bought("a", age, at=int(age)) for age in (0.1, 0.2, 0.3, 5.0, 7.7)]))
def test_the_order_of_the_rows_does_not_matter_to_the_last_bit(rows: list[Row]) -> None:
    assert interests(_frame(*rows)).to_dicts() == [
        {"user": "u", "entity": "a", "weight": interests(_frame(*rows[::-1]))["weight"][0], "last_at": 0}
    ]
