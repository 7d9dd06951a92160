"""Known item-item relations from a shop's file."""

from __future__ import annotations

import polars as pl

from services.catalog.fields import blank, unread, whole, with_fields
from services.catalog.reading import Reading
from services.catalog.sieve import Check, distinct, sift
from services.catalog.tables import read_table
from services.settings import RelationTable

RANKS = ("also_bought", "also_viewed", "bought_together")
_OTHER_CONTENT = Check(pl.lit(True), "the pair stands before with other ranks", "src")


def read_relations(table: RelationTable) -> Reading[pl.DataFrame]:
    """Read the relations into a frame of src, dst (String) and the three ranks (Int64 from 0, null where absent).

    Raises DataError where the file cannot be used at all.
    """
    source = read_table(table.path, table.columns.mapping())
    texts = with_fields(source.frame, RANKS).with_columns(whole(name).alias(f"{name}_read") for name in RANKS)
    good, rejects = sift(texts, source.file, _checks())
    ranks = good.select("line", "src", "dst", *(pl.col(f"{name}_read").alias(name) for name in RANKS))
    found = distinct(ranks, ["src", "dst"], RANKS)
    _, conflicts = sift(found.conflicts, source.file, [_OTHER_CONTENT])
    return Reading(
        content=found.rows.drop("line"),
        rejects=sorted([*source.rejects, *rejects, *conflicts], key=lambda reject: reject.line),
        totals={source.file: source.total},
        duplicates=found.duplicates,
    )


def _checks() -> list[Check]:
    return [
        Check(blank("src") | blank("dst"), "no src or no dst"),
        *(
            Check(
                unread(name, pl.col(f"{name}_read")) | (pl.col(f"{name}_read") < 0),
                f"the {name} rank is not a whole number from 0",
                name,
            )
            for name in RANKS
        ),
    ]
