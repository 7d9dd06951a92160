"""Purchases, clicks and exposures from a shop's files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from graph.records import EVENT_SCHEMA, EventType
from services.catalog.fields import blank, number, unread, whole, with_fields
from services.catalog.identity import HASHED, event_hashes
from services.catalog.reading import Reading
from services.catalog.rejects import Reject
from services.catalog.sieve import Check, distinct, sift
from services.catalog.table import LINE
from services.catalog.tables import read_table
from services.catalog.times import check_unit, milliseconds, unreadable
from services.settings import EventTable

FIELDS = ("id", "type", "item", "user", "basket", "time", "order", "price", "position", "request")
_FILE = "file"
_OTHER_CONTENT = Check(pl.lit(True), "the event's id stands before with other content", "id")


def read_events(tables: Sequence[EventTable], known_items: Iterable[str]) -> Reading[pl.DataFrame]:
    """Read all event files into one frame of EVENT_SCHEMA, in the order of files and rows.

    An event without an id takes a hash of its fields, so that equal rows are one event. `known_items` are the ids that
    events may name. Raises DataError where a file cannot be used at all.
    """
    items = pl.Series("item", list(known_items), dtype=pl.String).unique()
    readings = [_read_file(table, items) for table in tables]
    every = pl.concat([_empty(), *(reading.content for reading in readings)])
    found = distinct(every, ["id"], HASHED)
    return Reading(
        content=found.rows.select(EVENT_SCHEMA.names()),
        rejects=[*(reject for reading in readings for reject in reading.rejects), *_conflicts(found.conflicts)],
        totals=_sum(reading.totals for reading in readings),
        duplicates=found.duplicates,
    )


def _read_file(table: EventTable, items: pl.Series) -> Reading[pl.DataFrame]:
    source = read_table(table.path, table.columns.mapping())
    texts = with_fields(source.frame, FIELDS)
    check_unit(table.path, str(table.columns.time), texts["time"], table.time_unit)
    good, rejects = sift(_parsed(texts, table), source.file, _checks(table, items))
    events = good.select(_content()).with_columns(pl.lit(source.file).alias(_FILE), good[LINE])
    events = events.with_columns(id=_ids(events))
    in_order = sorted([*source.rejects, *rejects], key=lambda reject: reject.line)
    return Reading(events, in_order, {source.file: source.total})


def _parsed(texts: pl.DataFrame, table: EventTable) -> pl.DataFrame:
    kind = pl.lit(table.type.value) if table.type else pl.col("type").str.strip_chars().str.to_lowercase()
    return texts.with_columns(
        type_read=kind,
        at=milliseconds(texts["time"], table.time_unit),
        order_read=whole("order"),
        price_read=number("price"),
        position_read=whole("position"),
    )


def _checks(table: EventTable, items: pl.Series) -> list[Check]:
    price, position = pl.col("price_read"), pl.col("position_read")
    return [
        Check(blank("user") & blank("basket"), _nobody(table)),
        Check(blank("item"), "no item"),
        Check(~pl.col("item").is_in(items.implode()), "the item is not in the catalogue", "item"),
        Check(pl.lit(table.clock == "time") & blank("time"), "no time"),
        Check(unread("time", pl.col("at")), unreadable(table.time_unit), "time"),
        Check(pl.lit(table.clock == "order") & blank("order"), "no order"),
        Check(unread("order", pl.col("order_read")), "the order is not a whole number", "order"),
        Check(~pl.col("type_read").is_in(list(EventType)).fill_null(False), _unknown_type(), "type"),
        Check(unread("price", price) | ~price.is_finite(), "the price is not a number", "price"),
        Check(unread("position", position) | (position < 0), "the position is not a whole number from 0", "position"),
    ]


def _nobody(table: EventTable) -> str:
    named = [f"no {name}" for name in ("user", "basket") if getattr(table.columns, name)]
    return " and ".join(named)


def _unknown_type() -> str:
    return f"the type is none of {', '.join(EventType)}"


def _content() -> list[pl.Expr]:
    return [
        pl.when(~blank("id")).then("id").alias("id"),
        pl.col("type_read").alias("type"),
        pl.col("item"),
        *(pl.when(~blank(name)).then(name).alias(name) for name in ("user", "basket")),
        pl.col("at"),
        pl.col("order_read").alias("order"),
        pl.col("price_read").alias("price"),
        pl.col("position_read").alias("position"),
        pl.col("request"),
    ]


def _ids(events: pl.DataFrame) -> pl.Series:
    nameless = events["id"].is_null()
    if not nameless.any():
        return events["id"]
    return events["id"].zip_with(~nameless, event_hashes(events))


def _conflicts(conflicts: pl.DataFrame) -> list[Reject]:
    return [
        reject
        for (file,), rows in conflicts.group_by(_FILE, maintain_order=True)
        for reject in sift(rows, str(file), [_OTHER_CONTENT])[1]
    ]


def _empty() -> pl.DataFrame:
    return pl.DataFrame(schema={**EVENT_SCHEMA, _FILE: pl.String, LINE: pl.Int64})


def _sum(totals: Iterable[dict[str, int]]) -> dict[str, int]:
    summed: dict[str, int] = {}
    for counts in totals:
        for file, rows in counts.items():
            summed[file] = summed.get(file, 0) + rows
    return summed
