"""The tables of `kerec.toml` that name files: items, events, dictionary, relations."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from graph.records import EventType
from services.settings.paths import InputFile
from services.settings.section import Columns, Name, Section

TimeUnit = Literal["s", "ms"]
Clock = Literal["time", "order", "none"]


class ItemColumns(Columns):
    """Columns of the catalogue; without `available` every item is."""

    id: Name
    title: Name
    brand: Name | None = None
    category: Name | None = None
    price: Name | None = None
    created_at: Name | None = None
    available: Name | None = None


class ItemTable(Section):
    """The catalogue; `time_unit` is needed where `created_at` is an epoch."""

    path: InputFile
    columns: ItemColumns
    time_unit: TimeUnit | None = None


class EventColumns(Columns):
    """Columns of an event file: at least one of user and basket."""

    user: Name | None = None
    basket: Name | None = None
    item: Name
    time: Name | None = None
    order: Name | None = None
    id: Name | None = None
    price: Name | None = None
    position: Name | None = None
    request: Name | None = None
    type: Name | None = None

    @model_validator(mode="after")
    def _who_and_when(self) -> Self:
        if self.user is None and self.basket is None:
            raise ValueError("map at least one of 'user' and 'basket'")
        if self.time is None and self.order is None and self.basket is None:
            raise ValueError("map 'time' or 'order'; only baskets can do without")
        return self


class EventTable(Section):
    """One file of purchases, clicks or exposures; `time_unit` is needed where its times are epochs."""

    path: InputFile
    columns: EventColumns
    type: EventType | None = None
    time_unit: TimeUnit | None = None

    @property
    def clock(self) -> Clock:
        """What orders the events of this file: a time, a position, or nothing (unordered baskets)."""
        if self.columns.time:
            return "time"
        return "order" if self.columns.order else "none"

    @model_validator(mode="after")
    def _one_type(self) -> Self:
        if (self.type is None) == (self.columns.type is None):
            raise ValueError('say either type = "purchase" (or click, exposure) or columns.type, one of them')
        if self.time_unit and not self.columns.time:
            raise ValueError("time_unit needs columns.time")
        return self


class DictionaryColumns(Columns):
    """Columns of the entity dictionary; aliases and categories are lists joined by `|`."""

    id: Name
    name: Name
    aliases: Name | None = None
    categories: Name | None = None
    definition: Name | None = None
    kind: Name | None = None
    durable: Name | None = None
    parent: Name | None = None


class DictionaryTable(Section):
    """The entity dictionary."""

    path: InputFile
    columns: DictionaryColumns


class RelationColumns(Columns):
    """Columns of known item-item relations; ranks count from 0."""

    src: Name
    dst: Name
    also_bought: Name | None = None
    also_viewed: Name | None = None
    bought_together: Name | None = None


class RelationTable(Section):
    """Known item-item relations, evidence beside the purchases."""

    path: InputFile
    columns: RelationColumns
