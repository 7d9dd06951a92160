from dataclasses import replace
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.recall.profile import profile

# What the graph answers, newest first: item, position, main entity, interest, release, durable.
Row = tuple[str, int, str | None, float | None, str | None, bool]
ENTITY = st.none() | st.sampled_from("efgh")


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """A user's rows: positions fall, each entity has one stored interest; e and f are durable."""
    positions = sorted(draw(st.sets(st.integers(0, 60), max_size=30)), reverse=True)
    stored = {entity: draw(st.sampled_from([0.0, 0.25, 0.5, 0.5, 1.0])) for entity in "efgh"}
    rows: list[Row] = []
    for place, position in enumerate(positions):
        entity = draw(ENTITY)
        rows.append((f"i{place}", position, entity, stored[entity] if entity else 0.0, "r1", entity in ("e", "f")))
    return rows


@given(histories())
def test_a_history_agrees_with_slow_loops(rows: list[Row]) -> None:
    known = profile(rows)
    assert known.items == [row[0] for row in rows]
    assert known.release == ("r1" if rows else None)
    entities: list[str] = []
    latest: dict[str, str] = {}
    stored: dict[str, float] = {}
    for item, _, entity, interest, _, _ in rows:
        if entity is not None:
            if entity not in entities:
                entities.append(entity)
                latest[entity] = item
            if interest:
                stored[entity] = interest
    assert known.entities == entities
    assert known.dropped == [entity for entity in entities if entity in "ef"]
    assert replace(known, drop_durables=False).dropped == []
    assert known.latest_of() == latest
    strongest = sorted(stored, key=lambda entity: (-stored[entity], entity))
    assert known.interests() == [{"entity": entity, "weight": stored[entity]} for entity in strongest]
    for trigger, (item, position, *_) in zip(known.triggers(), rows[:20], strict=True):
        assert trigger == {"item": item, "weight": pytest.approx(exp(-(rows[0][1] - position)))}


def test_a_faded_history_gives_no_interest() -> None:
    assert profile([("i", 0, "tent", 0.0, "r1", False)]).interests() == []


def test_a_basket_gives_interest_as_of_this_moment() -> None:
    rows: list[Row] = [
        ("mat", 3, "mat", None, None, False),
        ("tent2", 2, "tent", None, None, True),
        ("tent1", 1, "tent", None, None, True),
        ("odd", 0, None, None, None, False),
    ]
    assert profile(rows).interests() == [
        {"entity": "tent", "weight": pytest.approx(1 - 0.1 * 0.1)},
        {"entity": "mat", "weight": pytest.approx(0.9)},
    ]


def test_a_repeated_item_counts_once_where_it_is_newest() -> None:
    unstored = (None, None, False)
    known = profile([("a", 2, "e", *unstored), ("b", 1, None, *unstored), ("a", 0, "e", *unstored)])
    assert known.items == ["a", "b"]
    assert known.triggers()[0] == {"item": "a", "weight": 1.0}


def test_twenty_interests_and_triggers_are_kept() -> None:
    rows: list[Row] = [(f"i{n}", 50 - n, f"e{n:02}", (n + 1) / 50, None, False) for n in range(50)]
    known = profile(rows)
    assert [trigger["item"] for trigger in known.triggers()] == [f"i{n}" for n in range(20)]
    assert [interest["entity"] for interest in known.interests()] == [f"e{n}" for n in range(49, 29, -1)]


def test_nothing_owned() -> None:
    known = profile([])
    assert (known.items, known.entities, known.triggers(), known.interests(), known.latest_of()) == ([], [], [], [], {})
    assert known.dropped == []
    assert known.release is None
