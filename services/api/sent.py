"""The events that clients send, and the answer they get."""

from __future__ import annotations

import time
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SkipValidation, StrictInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from graph.records import EventType
from services.api.models import Body, Id
from services.catalog.times import iso_milliseconds

MAX_EVENTS = 1_000
MAX_POSITION = 1_000_000
DAY_MS = 86_400_000
_EVENT: dict[str, Any] = {
    "event_id": "e1",
    "user_id": "u1",
    "item_id": "i1",
    "type": "click",
    "at": "2026-01-01T00:00:00Z",
    "position": 3,
    "request_id": "r1",
}


def _epoch_ms(sent: Any) -> int:
    """Epoch milliseconds of an ISO 8601 time; one without an offset is UTC."""
    at = iso_milliseconds(sent) if isinstance(sent, str) else None
    if at is None:
        raise PydanticCustomError("not_a_time", "Input should be an ISO 8601 time such as 2026-01-01T00:00:00Z")
    # One event from the far future would be the shop's clock, and fade everybody's interests.
    if at > time.time() * 1000 + DAY_MS:
        raise PydanticCustomError("future", "Input should not lie more than a day ahead")
    return at


Time = Annotated[int, BeforeValidator(_epoch_ms), WithJsonSchema({"type": "string", "format": "date-time"})]


class SentEvent(Body):
    """One event as a client sends it."""

    model_config = ConfigDict(json_schema_extra={"example": _EVENT})

    event_id: Id | None = Field(None, description="Yours; without it, `at` is required and makes the id.")
    user_id: Id
    item_id: Id
    type: EventType
    at: Time | None = Field(None, description="ISO 8601; UTC where it has no offset.")
    position: StrictInt | None = Field(None, ge=0, le=MAX_POSITION, description="From 0, the place in the list shown.")
    request_id: Id | None = Field(None, description="The request that showed the item.")


class SentEvents(Body):
    """Up to 1,000 events; a bad one is rejected by itself."""

    model_config = ConfigDict(json_schema_extra={"example": {"events": [_EVENT]}})

    events: list[SkipValidation[SentEvent]] = Field(max_length=MAX_EVENTS)


class Rejected(BaseModel):
    """An event that was not taken, and why."""

    index: int = Field(ge=0, description="Its place in the call, from 0.")
    reason: str


class Accepted(BaseModel):
    """What became of the events of one call; accepted ones are on disk."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "accepted": 1,
                "duplicate": 0,
                "rejected": [{"index": 2, "reason": "item_id: Unknown item 'i9'"}],
            }
        }
    )

    accepted: int = Field(ge=0)
    duplicate: int = Field(ge=0, description="Known already, with the same content.")
    rejected: list[Rejected]
