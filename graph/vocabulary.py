"""The graph's labels and relationship types, each named once."""

from __future__ import annotations

from enum import StrEnum


class NodeLabel(StrEnum):
    """Labels of nodes."""

    SHOP = "Shop"
    ITEM = "Item"
    ENTITY = "Entity"
    USER = "User"
    RELEASE = "Release"
    STEP = "Step"
    MIGRATION = "Migration"


class EdgeType(StrEnum):
    """Types of relationships."""

    IS_A = "IS_A"
    BOUGHT = "BOUGHT"
    CLICKED = "CLICKED"
    SAW = "SAW"
    INTERESTED_IN = "INTERESTED_IN"
    COMPLEMENTS = "COMPLEMENTS"
    SUBSTITUTES = "SUBSTITUTES"
    REJECTED = "REJECTED"
    BOUGHT_BEFORE = "BOUGHT_BEFORE"
    OFFERS = "OFFERS"
