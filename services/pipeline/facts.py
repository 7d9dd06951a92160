"""What the steps after the load read from the graph and the journal."""

from __future__ import annotations

import polars as pl

from graph.reconcile import current
from graph.records import Entity, EventType
from graph.tables import ENTITY
from services.feedback.projection import MAIN_ENTITY_SCHEMA
from services.workspace import Workspace
from training.weights.timelines import Events, parted, timelines


def entities(workspace: Workspace) -> tuple[Entity, ...]:
    """The dictionary as the graph holds it, by id."""
    rows = current(workspace.client, ENTITY).sort("id").to_dicts()
    return tuple(
        Entity(**{**row, "aliases": tuple(row["aliases"]), "categories": tuple(row["categories"])}) for row in rows
    )


def main_entities(workspace: Workspace) -> pl.DataFrame:
    """Each linked item with its main entity [MAIN_ENTITY_SCHEMA], by item."""
    rows = workspace.client.read(lambda tx: tx.tuples("load/main_entities"))
    return pl.DataFrame(rows, schema=MAIN_ENTITY_SCHEMA, orient="row").sort("item")


def purchases(workspace: Workspace) -> pl.DataFrame:
    """All purchases as timelines [training.weights.timelines]."""
    steps = workspace.shop.settings.clock != "time"
    return timelines(workspace.journal.frame(type=EventType.PURCHASE), steps=steps)


def events(workspace: Workspace, until: int | None = None) -> Events:
    """What shoppers did, as timelines; `until` as `Journal.frame` takes it."""
    return parted(workspace.journal.frame(until=until), clock=workspace.shop.settings.clock == "time")


def entity_purchases(bought: pl.DataFrame, main: pl.DataFrame) -> pl.DataFrame:
    """Columns actor, entity, when: the purchases of linked items, in the order of `bought`."""
    return bought.join(main, on="item", how="inner", maintain_order="left").select("actor", "entity", "when")
