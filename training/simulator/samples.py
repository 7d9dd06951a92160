"""Complementary exposures: those that a complementary edge from something bought earlier can explain."""

from __future__ import annotations

import polars as pl

from graph.records import EventType

TRIGGERS = 4
_DAY = 86_400_000.0
SAMPLE_SCHEMA = pl.Schema(
    {
        "sample": pl.Int64,  # one exposure; a row for each of its triggers
        "user": pl.String,
        "at": pl.Int64,
        "request": pl.String,
        "position": pl.Int64,
        "item": pl.String,
        "head": pl.String,
        "tail": pl.String,
        "age": pl.Float64,  # days since the trigger was last bought
        "clicked": pl.Boolean,
    }
)


def complementary_samples(events: pl.DataFrame, main_entity: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """The complementary exposures of a log of events [EVENT_SCHEMA, with users, times and requests] as SAMPLE_SCHEMA.

    An exposure at t counts iff some concept that the user bought before t has an edge (head, tail) to the item's main
    concept, which the user has not bought before t; triggers are the latest 4 by purchase (spec, section 7).
    `main_entity` has item and entity. Sorted by sample, which numbers all exposures in the order of the log, and by
    the trigger's age.
    """
    shown = _exposures(events).join(main_entity, on="item").rename({"entity": "tail"})
    bought = _of(events, EventType.PURCHASE).join(main_entity, on="item").select("user", "entity", bought="at")
    earlier = shown.join(bought, on="user").filter(pl.col("bought") < pl.col("at"))
    owned = earlier.filter(pl.col("entity") == pl.col("tail")).select("sample").unique()
    latest = earlier.group_by("sample", head="entity").agg(pl.col("bought").max())
    triggers = (
        shown.join(owned, on="sample", how="anti")
        .join(latest, on="sample")
        .join(edges.select("head", "tail"), on=["head", "tail"], how="semi")
        .with_columns(age=(pl.col("at") - pl.col("bought")) / _DAY)
        .sort("sample", "age", "head")
        .filter(pl.int_range(pl.len()).over("sample") < TRIGGERS)
    )
    return triggers.select(SAMPLE_SCHEMA.names()).cast(SAMPLE_SCHEMA)


def _exposures(events: pl.DataFrame) -> pl.DataFrame:
    clicks = _of(events, EventType.CLICK).select("request", "item").unique().with_columns(clicked=pl.lit(True))
    exposures = _of(events, EventType.EXPOSURE).with_row_index("sample")
    joined = exposures.join(clicks, on=["request", "item"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("clicked").fill_null(False), pl.col("sample").cast(pl.Int64))


def _of(events: pl.DataFrame, kind: EventType) -> pl.DataFrame:
    return events.filter(pl.col("type") == kind.value).select("user", "at", "item", "position", "request")
