"""The records and the schemas of frames name the same fields in the same order."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import polars as pl
import pytest

from graph.records import EVENT_SCHEMA, Entity, Event, EventType, Label, Link, Verdict
from graph.tables import COMPLEMENTS, ENTITY, REJECTED


def test_an_event_is_a_row_of_the_event_schema() -> None:
    assert EVENT_SCHEMA.names() == [field.name for field in fields(Event)]
    event = Event("e1", EventType.CLICK, "i1", user="u1", at=1_767_225_600_000, position=3)
    row = tuple(getattr(event, name) for name in EVENT_SCHEMA)
    frame = pl.DataFrame([row], schema=EVENT_SCHEMA, orient="row")
    assert frame.row(0) == ("e1", "click", "i1", "u1", None, 1_767_225_600_000, None, None, 3, None)


def test_an_entity_has_the_columns_of_its_table() -> None:
    assert sorted(field.name for field in fields(Entity)) == sorted(ENTITY.columns)


def test_a_verdict_fills_the_columns_of_judged_edges() -> None:
    known = {field.name for field in fields(Verdict)}
    assert set(COMPLEMENTS.columns) | set(REJECTED.columns) == known


def test_labels_are_those_of_the_specification() -> None:
    assert {label.value for label in Label} == {"complement", "substitute", "same_or_parent", "unrelated", "unsure"}


def test_an_unlinked_item_has_no_place_and_no_confidence() -> None:
    link = Link(None)
    assert (link.start, link.end, link.confidence, link.secondary) == (-1, -1, 0.0, ())
    with pytest.raises(FrozenInstanceError):
        link.entity = "tent"  # type: ignore[misc]
