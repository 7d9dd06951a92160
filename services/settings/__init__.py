"""A shop's settings: `kerec.toml` as frozen models."""

from services.settings.graph import GraphSettings
from services.settings.judge import JudgeName, JudgeSettings
from services.settings.loading import load_settings
from services.settings.shop import ShopSettings
from services.settings.tables import DictionaryTable, EventTable, ItemTable, RelationTable, TimeUnit

__all__ = [
    "DictionaryTable",
    "EventTable",
    "GraphSettings",
    "ItemTable",
    "JudgeName",
    "JudgeSettings",
    "RelationTable",
    "ShopSettings",
    "TimeUnit",
    "load_settings",
]
