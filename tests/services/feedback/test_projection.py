from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Event, EventType
from services.feedback.interest import Fading
from services.feedback.journal import Journal
from services.feedback.projection import MAIN_ENTITY_SCHEMA, Clock, project
from services.feedback.timeline import TIMELINE_SCHEMA, in_timeline_order

DAY = 86_400_000
NOW = 1_700_000_000_000
ENTITIES = {"i0": "tent", "i1": "tent", "i2": "lamp", "i3": "soap"}
MAIN = pl.DataFrame(
    [{"item": item, "entity": entity, "durable": entity == "tent" or None} for item, entity in ENTITIES.items()],
    schema=MAIN_ENTITY_SCHEMA,
)
ALL = Fading(keep=1_000)


def _events(*rows: dict[str, Any]) -> pl.DataFrame:
    filled = [{"id": str(seq), "type": "purchase", "seq": seq, **row} for seq, row in enumerate(rows)]
    return in_timeline_order(pl.DataFrame(filled, schema=TIMELINE_SCHEMA))


def test_a_dated_history() -> None:
    events = _events(
        {"user": "u", "item": "i0", "at": NOW - 7 * DAY},
        {"user": "u", "item": "i2", "at": NOW - 40 * DAY},
        {"user": "u", "item": "i2", "at": NOW},
        {"user": "u", "item": "unlinked", "at": NOW - DAY},
        {"user": "u", "item": "i2", "at": NOW - DAY, "type": "click"},
        {"basket": "b", "item": "i3", "at": NOW},
    )

    found = project(events, MAIN, Clock(NOW))

    assert found.bought.rows() == [
        ("u", "i0", NOW - 7 * DAY, 1, 1),
        ("u", "i2", NOW, 2, 3),
        ("u", "unlinked", NOW - DAY, 1, 2),
    ]
    assert found.clicked.rows() == [("u", "i2", NOW - DAY, 1, 0)]
    assert found.saw.is_empty()
    assert found.interests.rows() == [
        ("u", "lamp", pytest.approx(0.9), NOW),
        ("u", "tent", pytest.approx(0.9 * math.exp(-7 / 42)), NOW - 7 * DAY),
    ]


def test_an_ordered_history_goes_on_with_events_from_the_shop() -> None:
    events = _events(
        {"user": "u", "item": "i3", "at": NOW},
        {"user": "u", "item": "i2", "order": 1},
        {"user": "u", "item": "i0", "order": 0},
        {"user": "u", "item": "unlinked", "at": NOW + 1},
    )

    found = project(events, MAIN, Clock(None))

    assert [(item, position) for _, item, _, _, position in found.bought.rows()] == [
        ("i0", 0),
        ("i2", 1),
        ("i3", 2),
        ("unlinked", 3),
    ]
    assert {entity: weight for _, entity, weight, _ in found.interests.rows()} == pytest.approx(
        {"soap": 0.9 * math.exp(-2 / 7), "lamp": 0.9 * math.exp(-3 / 7), "tent": 0.9 * math.exp(-4 / 42)}
    )
    assert dict(zip(found.interests["entity"], found.interests["last_at"], strict=True)) == {
        "soap": NOW,
        "lamp": None,
        "tent": None,
    }


def test_no_events_give_empty_frames_with_columns() -> None:
    found = project(_events(), MAIN, Clock(None))

    for edges in (found.bought, found.clicked, found.saw):
        assert edges.schema == {
            "user": pl.String, "item": pl.String, "at": pl.Int64, "count": pl.Int64, "position": pl.Int64,
        }  # fmt: skip
        assert edges.is_empty()
    assert found.interests.schema == {
        "user": pl.String, "entity": pl.String, "weight": pl.Float64, "last_at": pl.Int64,
    }  # fmt: skip
    assert found.interests.is_empty()


def test_a_user_projects_alone_as_among_all(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    journal.append(
        [
            Event(
                f"{n}", EventType.PURCHASE, f"i{n % 5}", f"u{n % 7}", at=NOW - n * DAY // 3, order=n if n % 2 else None
            )
            for n in range(200)
        ]
    )
    for clock in (Clock(journal.latest_at()), Clock(None)):
        together = asdict(project(journal.frame(), MAIN, clock))
        alone = [asdict(project(journal.frame(users=[user]), MAIN, clock)) for user in journal.users()]
        for name, frame in together.items():
            assert pl.concat([each[name] for each in alone]).equals(frame)
    journal.close()


_rows = st.lists(
    st.fixed_dictionaries(
        {
            "user": st.sampled_from(["u", "v", None]),
            "basket": st.sampled_from(["b", None]),
            "item": st.sampled_from(["i0", "i1", "i2", "i3", "unlinked"]),
            "type": st.sampled_from([str(type_) for type_ in EventType]),
            "at": st.one_of(st.none(), st.integers(NOW - 40 * DAY, NOW)),
            "order": st.one_of(st.none(), st.integers(0, 20)),
        }
    ),
    max_size=60,
)


@given(_rows, st.sampled_from([Clock(None), Clock(NOW), Clock(NOW - DAY)]))
def test_it_equals_slow_loops(rows: list[dict[str, Any]], clock: Clock) -> None:
    events = _events(*rows)

    found = project(events, MAIN, clock, ALL)

    for type_, edges in (("purchase", found.bought), ("click", found.clicked), ("exposure", found.saw)):
        assert edges.rows() == _edges_by_loops(_timelines_by_loops(events, type_))
    expected = _interests_by_loops(_timelines_by_loops(events, "purchase"), clock)
    assert {(user, entity): weight for user, entity, weight, _ in found.interests.rows()} == pytest.approx(expected)


def _timelines_by_loops(events: pl.DataFrame, type_: str) -> dict[str, list[dict[str, Any]]]:
    timelines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in events.to_dicts():
        if row["user"] is not None and row["type"] == type_:
            timelines[row["user"]].append(row)
    return timelines


def _edges_by_loops(timelines: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    edges: dict[tuple[str, str], tuple[Any, ...]] = {}
    for user, timeline in timelines.items():
        for position, row in enumerate(timeline):
            count = edges.get((user, row["item"]), (None, 0))[1] + 1
            edges[user, row["item"]] = (row["at"], count, position)
    return [(*key, *edges[key]) for key in sorted(edges)]


def _interests_by_loops(timelines: dict[str, list[dict[str, Any]]], clock: Clock) -> dict[tuple[str, str], float]:
    missed: dict[tuple[str, str], float] = {}
    for user, timeline in timelines.items():
        for position, row in enumerate(timeline):
            entity = ENTITIES.get(row["item"])
            if entity is None or (clock.now is not None and row["at"] is None):
                continue
            age = len(timeline) - position if clock.now is None else (clock.now - row["at"]) / DAY
            if 0 <= age <= 30:
                timescale = 42 if entity == "tent" else 7
                missed[user, entity] = missed.get((user, entity), 1) * (1 - 0.9 * math.exp(-age / timescale))
    return {key: 1 - value for key, value in missed.items()}
