"""The body that every recommendation list has."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.recall.port import Recommendation, Recommendations

_EXAMPLE: dict[str, Any] = {
    "known": True,
    "release": "3f9a1c20",
    "items": [
        {
            "rank": 1,
            "item_id": "i7",
            "title": "Trailside sleeping mat, 5 cm",
            "score": 0.42,
            "channel": "complementary",
            "because": {
                "bought": "i3",
                "source": {"id": "tent", "name": "Tent"},
                "target": {"id": "sleeping-mat", "name": "Sleeping mat"},
                "weight": 0.18,
                "reason": "Whoever sleeps in a tent needs something to lie on.",
            },
        }
    ],
}


class ItemList(BaseModel):
    """Items beside an item, best first; every `because` has the same keys, null where they do not apply."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    known: bool = Field(description="False where nothing was known and popularity served.")
    release: str | None = Field(description="The release of the graph that answered.")
    items: tuple[Recommendation, ...]


class UserList(BaseModel):
    """Items for a user, best first."""

    model_config = ConfigDict(json_schema_extra={"example": {"user_id": "u1", **_EXAMPLE}})

    user_id: str
    known: bool = Field(description="False for an unknown user, served by popularity.")
    release: str | None
    items: tuple[Recommendation, ...]


class BasketList(ItemList):
    """Items beside a basket, best first."""

    model_config = ConfigDict(json_schema_extra={"example": {**_EXAMPLE, "unknown_items": ["i99"]}})

    unknown_items: tuple[str, ...] = Field(description="Items of the basket that the catalogue does not hold.")


def item_list(found: Recommendations) -> ItemList:
    """The answer about an item."""
    return ItemList.model_construct(known=found.known, release=found.release, items=found.items)


def user_list(user: str, found: Recommendations) -> UserList:
    """The answer about a user."""
    return UserList.model_construct(user_id=user, known=found.known, release=found.release, items=found.items)


def basket_list(found: Recommendations) -> BasketList:
    """The answer about a basket."""
    return BasketList.model_construct(
        known=found.known, release=found.release, items=found.items, unknown_items=found.unknown_items
    )
