"""The graph's knowledge as frames: what training reads, without users and events."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graph.client import GraphClient
from graph.reconcile import current
from graph.tables import COMPLEMENTS, ENTITY, IS_A, ITEM, SUBSTITUTES


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Items, entities and what was judged of them, each frame sorted by its key.

    `items`: the columns of ITEM and `entity`, the main entity (null where unlinked). `entities`: those of ENTITY.
    `links`: those of IS_A, secondary entities included. `complements`, `substitutes`: head, tail, probability (of a
    substitute null), strength.
    """

    items: pl.DataFrame
    entities: pl.DataFrame
    links: pl.DataFrame
    complements: pl.DataFrame
    substitutes: pl.DataFrame


def read_snapshot(client: GraphClient) -> Snapshot:
    """The graph's knowledge as it is now."""
    links = current(client, IS_A).sort("item", "entity")
    main = links.filter("main").select("item", "entity")
    columns = ("head", "tail", "probability", "strength")
    substitutes = current(client, SUBSTITUTES).with_columns(probability=pl.lit(None, pl.Float64))
    return Snapshot(
        items=current(client, ITEM).join(main, left_on="id", right_on="item", how="left").sort("id"),
        entities=current(client, ENTITY).sort("id"),
        links=links,
        complements=current(client, COMPLEMENTS).select(columns).sort("head", "tail"),
        substitutes=substitutes.select(columns).sort("head", "tail"),
    )
