"""The records that travel between the parts: entities, items, events, links and verdicts.

Small sets are dataclasses; item and event tables are polars frames with the schemas given here.
Ids are strings everywhere; times are epoch milliseconds in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class EventType(StrEnum):
    """What a user did with an item."""

    PURCHASE = "purchase"
    CLICK = "click"
    EXPOSURE = "exposure"


class Label(StrEnum):
    """A judge's answer about an ordered pair of entities (spec, section 6)."""

    COMPLEMENT = "complement"
    SUBSTITUTE = "substitute"
    SAME_OR_PARENT = "same_or_parent"
    UNRELATED = "unrelated"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Entity:
    """A concept of the dictionary, such as "nail polish"."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()  # category paths or leaves whose items this entity describes by default
    definition: str = ""
    kind: str | None = None
    durable: bool | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The entities that an item's title and category name; `entity` is None where nothing was found.

    `start` and `end` are code points of the main entity's mention in the title (end exclusive), -1 where it is not
    named there. `confidence` is in [0, 1], 0 if unlinked. `secondary` are further entities named in the title.
    """

    entity: str | None
    start: int = -1
    end: int = -1
    confidence: float = 0.0
    source: str = ""
    secondary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judge's answer about the ordered pair head → tail.

    `probability` in [0, 1] is the judge's own belief that head → tail is complementary, None where it gave none;
    `strength` is 0 to 3, None where not given.
    """

    head: str
    tail: str
    label: Label
    reason: str
    judge: str
    prompt: str
    probability: float | None = None
    strength: int | None = None
    votes: int = 1
    judged_at: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One purchase, click or exposure. Exactly one of `user` and `basket` may be None, and of `at` and `order`."""

    id: str
    type: EventType
    item: str
    user: str | None = None
    basket: str | None = None
    at: int | None = None
    order: int | None = None
    price: float | None = None
    position: int | None = None
    request: str | None = None


ITEM_SCHEMA = pl.Schema(
    {
        "id": pl.String,
        "title": pl.String,
        "brand": pl.String,
        "category": pl.String,  # levels joined by " > "
        "price": pl.Float64,
        "created_at": pl.Int64,
        "available": pl.Boolean,
    }
)
EVENT_SCHEMA = pl.Schema(
    {
        "id": pl.String,
        "type": pl.String,
        "item": pl.String,
        "user": pl.String,
        "basket": pl.String,
        "at": pl.Int64,
        "order": pl.Int64,
        "price": pl.Float64,
        "position": pl.Int64,
        "request": pl.String,
    }
)
