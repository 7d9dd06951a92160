"""The table that `kerec link` writes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.errors import DataError
from graph.records import Link
from services.entities.linker import Linker

LINK_SCHEMA = pl.Schema(
    {
        "id": pl.String,
        "entity_id": pl.String,  # empty if unlinked
        "name": pl.String,
        "start": pl.Int64,  # code points of the title, -1 where the entity is not named there
        "end": pl.Int64,  # exclusive
        "confidence": pl.Float64,  # in [0, 1], 0 if unlinked
        "source": pl.String,
        "secondary": pl.String,  # ids joined by "|"
    }
)


def link_table(frame: pl.DataFrame, linker: Linker, names: Mapping[str, str]) -> pl.DataFrame:
    """One link (LINK_SCHEMA) per row of `frame`, in its order.

    `frame` has id and title and may have brand and category (null: not known; a null title links by category alone).
    `names` are the entities' names by id. Raises DataError where id or title is missing.
    """
    missing = [name for name in ("id", "title") if name not in frame.columns]
    if missing:
        raise DataError(
            f"the table to link has no column {' and no column '.join(missing)}: it has {', '.join(frame.columns)};"
            " name the right ones with --columns id=…,title=…"
        )
    links = linker.link_all(zip(*(_texts(frame, name) for name in ("title", "brand", "category")), strict=True))
    rows = [_row(item, link, names) for item, link in zip(_texts(frame, "id"), links, strict=True)]
    return pl.DataFrame(rows, schema=LINK_SCHEMA, orient="row")


def _texts(frame: pl.DataFrame, name: str) -> list[str]:
    """A column as text, empty where it is null or absent."""
    if name not in frame.columns:
        return [""] * frame.height
    return frame[name].cast(pl.String).fill_null("").to_list()


def _row(item: str, link: Link, names: Mapping[str, str]) -> tuple[str, str, str, int, int, float, str, str]:
    entity = link.entity or ""
    name = names.get(entity, entity)
    return item, entity, name, link.start, link.end, link.confidence, str(link.source), "|".join(link.secondary)
