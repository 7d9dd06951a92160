"""Judges sent events one by one and hands the good ones to the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError

from graph.records import Event
from services.api.ports import EventSink
from services.api.problems import field_errors
from services.api.sent import Accepted, Rejected, SentEvent
from services.catalog.identity import event_hash

CONFLICT = "event_id: The same event_id was sent before with other content"


class UnusableError(Exception):
    """One event cannot be taken; the text is its reason."""


def take(sent: Sequence[object], sink: EventSink) -> Accepted:
    """Write the good events and say what became of each; raises StorageError with nothing acknowledged."""
    events: dict[int, Event] = {}
    reasons: dict[int, str] = {}
    for index, each in enumerate(sent):
        try:
            events[index] = _identified(_event(each))
        except UnusableError as error:
            reasons[index] = str(error)
    reasons |= _drop_unknown_items(events, sink)
    return _write(events, reasons, sink)


def _event(sent: object) -> Event:
    try:
        given = SentEvent.model_validate(sent)
    except ValidationError as error:
        raise UnusableError("; ".join(f"{each.field}: {each.detail}" for each in field_errors(error))) from None
    return Event(
        id=given.event_id or "",
        type=given.type,
        item=given.item_id,
        user=given.user_id,
        at=given.at,
        position=given.position,
        request=given.request_id,
    )


def _identified(event: Event) -> Event:
    if event.id:
        return event
    if event.at is None:
        raise UnusableError("at: Required where there is no event_id")
    return replace(event, id=event_hash(event))


def _drop_unknown_items(events: dict[int, Event], sink: EventSink) -> dict[int, str]:
    known = sink.known_items({event.item for event in events.values()})
    unknown = [index for index, event in events.items() if event.item not in known]
    return {index: f"item_id: Unknown item {events.pop(index).item!r}" for index in unknown}


def _write(events: dict[int, Event], reasons: dict[int, str], sink: EventSink) -> Accepted:
    receipt = sink.accept(list(events.values()))
    places = list(events)
    reasons |= {places[conflict]: CONFLICT for conflict in receipt.conflicts}
    rejected = [Rejected(index=index, reason=reasons[index]) for index in sorted(reasons)]
    return Accepted(accepted=receipt.accepted, duplicate=receipt.duplicate, rejected=rejected)
