"""The entity dictionary from a shop's file."""

from __future__ import annotations

import polars as pl

from graph.records import Entity
from services.catalog.fields import blank, truth, unread, with_fields
from services.catalog.reading import Reading
from services.catalog.sieve import Check, sift
from services.catalog.table import check_rows
from services.catalog.tables import read_table
from services.catalog.text import LIST_SEPARATOR
from services.settings import DictionaryTable
from services.settings.tables import DictionaryColumns


def read_dictionary(table: DictionaryTable) -> Reading[tuple[Entity, ...]]:
    """Read the dictionary in the file's order; of two rows with one id the later is refused.

    Raises DataError where the file cannot be used at all.
    """
    source = read_table(table.path, table.columns.mapping())
    check_rows(source, "entity")
    texts = with_fields(source.frame, DictionaryColumns.model_fields).with_columns(durable_read=truth("durable"))
    good, rejects = sift(
        texts,
        source.file,
        [
            Check(blank("id"), "no id"),
            Check(blank("name"), "no name"),
            Check(unread("durable", pl.col("durable_read")), "durable is neither true nor false", "durable"),
            Check(pl.col("parent") == pl.col("id"), "the entity is its own parent", "id"),
        ],
    )
    good, repeated = sift(good, source.file, [Check(~pl.col("id").is_first_distinct(), "the id stands before", "id")])
    return Reading(
        content=tuple(_entity(row) for row in good.iter_rows(named=True)),
        rejects=sorted([*source.rejects, *rejects, *repeated], key=lambda reject: reject.line),
        totals={source.file: source.total},
    )


def _entity(row: dict[str, str | bool | None]) -> Entity:
    durable = row["durable_read"]
    return Entity(
        id=str(row["id"]),
        name=str(row["name"]).strip(),
        aliases=_parts(row["aliases"]),
        categories=_parts(row["categories"]),
        definition=str(row["definition"] or ""),
        kind=_optional(row["kind"]),
        durable=None if durable is None else bool(durable),
        parent=_optional(row["parent"]),
    )


def _parts(cell: str | bool | None) -> tuple[str, ...]:
    parts = (part.strip() for part in str(cell or "").split(LIST_SEPARATOR))
    return tuple(dict.fromkeys(part for part in parts if part))


def _optional(cell: str | bool | None) -> str | None:
    return None if cell is None else str(cell)
