"""The graph's labels, relationship types and vectors, each named once."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class NodeLabel(StrEnum):
    """Labels of nodes."""

    SHOP = "Shop"
    ITEM = "Item"
    ENTITY = "Entity"
    USER = "User"
    RELEASE = "Release"
    STEP = "Step"
    TRAINING_RUN = "TrainingRun"
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
    LEADS_TO = "LEADS_TO"
    OFFERS = "OFFERS"
    RESEMBLES = "RESEMBLES"


VIEW_DIMENSIONS = 64
TEXT_DIMENSIONS = 384
# Property of an Entity → dimensions. Its vector index, by cosine, is entity_PROPERTY on either server.
ENTITY_VECTORS = MappingProxyType(
    {"substitutable": VIEW_DIMENSIONS, "complementary": VIEW_DIMENSIONS, "text": TEXT_DIMENSIONS}
)
