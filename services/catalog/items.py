"""The catalogue: the items that a shop sells."""

from __future__ import annotations

import polars as pl

from graph.records import ITEM_SCHEMA
from services.catalog.fields import blank, number, truth, unread, with_fields
from services.catalog.reading import Reading
from services.catalog.sieve import Check, distinct, sift
from services.catalog.table import check_rows
from services.catalog.tables import read_table
from services.catalog.times import check_unit, milliseconds, unreadable
from services.settings import ItemTable

_OTHER_CONTENT = "the id stands before with other content"


def read_items(table: ItemTable) -> Reading[pl.DataFrame]:
    """Read the catalogue into a frame of ITEM_SCHEMA, in the file's order; repeated equal rows are one item.

    Raises DataError where the file cannot be used at all.
    """
    source = read_table(table.path, table.columns.mapping())
    check_rows(source, "item")
    texts = with_fields(source.frame, ITEM_SCHEMA)
    check_unit(table.path, str(table.columns.created_at), texts["created_at"], table.time_unit)
    good, rejects = sift(_parsed(texts, table), source.file, _checks(table))
    found = distinct(good.select("line", *_content()), ["id"], list(ITEM_SCHEMA))
    _, conflicts = sift(found.conflicts, source.file, [Check(pl.lit(True), _OTHER_CONTENT, "id")])
    return Reading(
        content=found.rows.select(ITEM_SCHEMA.names()),
        rejects=sorted([*source.rejects, *rejects, *conflicts], key=lambda reject: reject.line),
        totals={source.file: source.total},
        duplicates=found.duplicates,
    )


def _parsed(texts: pl.DataFrame, table: ItemTable) -> pl.DataFrame:
    return texts.with_columns(
        price_read=number("price"),
        available_read=truth("available"),
        created_at_read=milliseconds(texts["created_at"], table.time_unit),
    )


def _checks(table: ItemTable) -> list[Check]:
    price = pl.col("price_read")
    return [
        Check(blank("id"), "no id"),
        Check(blank("title"), "no title"),
        Check(unread("price", price) | ~price.is_finite(), "the price is not a number", "price"),
        Check(unread("created_at", pl.col("created_at_read")), unreadable(table.time_unit), "created_at"),
        Check(unread("available", pl.col("available_read")), "available is neither true nor false", "available"),
    ]


def _content() -> list[pl.Expr]:
    return [
        *(pl.col(name) for name in ("id", "title", "brand", "category")),
        pl.col("price_read").alias("price"),
        pl.col("created_at_read").alias("created_at"),
        pl.col("available_read").fill_null(True).alias("available"),
    ]
