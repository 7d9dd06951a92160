from __future__ import annotations

from dataclasses import astuple, fields, replace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graph.records import EVENT_SCHEMA, Event, EventType
from services.catalog.identity import HASHED, event_hash, event_hashes

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.sampled_from(["1:a", "-", "2", "é"])
WHOLE = st.integers(-(2**62), 2**62)
EVENTS = st.builds(
    Event,
    id=TEXTS,
    type=st.sampled_from(EventType),
    item=TEXTS,
    user=st.none() | TEXTS,
    basket=st.none() | TEXTS,
    at=st.none() | WHOLE,
    order=st.none() | WHOLE,
    price=st.none() | st.floats(allow_nan=False),
    position=st.none() | WHOLE,
    request=st.none() | TEXTS,
)
PURCHASE = Event("", EventType.PURCHASE, "i1", user="u1", at=1_700_000_000_000, price=2.5)


@given(st.lists(EVENTS, max_size=10))
def test_a_frame_and_single_events_have_the_same_hashes(events: list[Event]) -> None:
    frame = pl.DataFrame([astuple(event) for event in events], schema=EVENT_SCHEMA, orient="row")
    assert event_hashes(frame).to_list() == [event_hash(event) for event in events]


@given(EVENTS, EVENTS)
def test_only_equal_events_share_a_hash(one: Event, other: Event) -> None:
    same = replace(one, id="") == replace(other, id="")
    assert (event_hash(one) == event_hash(other)) == same


def test_stored_hashes_stay_valid() -> None:
    # printf '8:purchase2:i12:u1-13:1700000000000-3:2.5--' | b2sum -l 128
    assert event_hash(PURCHASE) == "h:6e436be5800e0c47e6e5a660317cc7e9"


def test_the_id_itself_does_not_count_and_every_other_field_does() -> None:
    assert set(HASHED) == {field.name for field in fields(Event)} - {"id"}
    assert event_hash(replace(PURCHASE, id="e1")) == event_hash(PURCHASE)
    others = [
        replace(PURCHASE, type=EventType.CLICK),
        replace(PURCHASE, user=None, basket="u1"),
        replace(PURCHASE, at=None, order=PURCHASE.at),
        replace(PURCHASE, price=None),
        replace(PURCHASE, position=0),
        replace(PURCHASE, request="r"),
    ]
    assert len({event_hash(event) for event in [PURCHASE, *others]}) == 7


def test_whole_prices_are_the_same_however_they_are_typed() -> None:
    assert event_hash(replace(PURCHASE, price=3)) == event_hash(replace(PURCHASE, price=3.0))
