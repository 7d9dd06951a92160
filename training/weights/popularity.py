"""How popular items are, and the shortlists by which an entity offers its items."""

from __future__ import annotations

import polars as pl

from graph.ordering import natural_order

SHORTLIST = 20  # more than any list takes of one entity, with room for excluded items


def popularity(items: pl.DataFrame, timelines: pl.DataFrame) -> pl.DataFrame:
    """Columns id, popularity (purchases), popularity_rank (from 1; null where not available) and appeal in (0, 1].

    `items` needs id and available. appeal = (1 + log(1 + purchases)) / (1 + log(1 + most purchases)): a log scale on
    which an item that nobody bought yet still has some.
    """
    counts = timelines.group_by("item").len("popularity")
    counted = items.select("id", "available").join(counts, left_on="id", right_on="item", how="left")
    counted = counted.with_columns(pl.col("popularity").fill_null(0).cast(pl.Int64))
    scale = 1 + pl.col("popularity").log1p()
    ordered = counted.sort(~pl.col("available"), -pl.col("popularity"), *natural_order("id"))
    return ordered.select(
        "id",
        "popularity",
        popularity_rank=pl.when("available").then(pl.int_range(1, pl.len() + 1)).cast(pl.Int64),
        appeal=scale / scale.max(),
    )


def with_shares(main_entity: pl.DataFrame, popular: pl.DataFrame) -> pl.DataFrame:
    """The rows of `popular` with share in (0, 1]: how likely it is, of those who buy of an entity, that they take this
    item; null where it is of none, or not available.

    share = (1 + purchases) / (the same summed over the entity's available items).
    """
    mass = 1.0 + pl.col("popularity")
    shares = _available(main_entity, popular).select(id="item", share=mass / mass.sum().over("entity"))
    return popular.join(shares, on="id", how="left", maintain_order="left")


def shortlists(main_entity: pl.DataFrame, popular: pl.DataFrame, keep: int = SHORTLIST) -> pl.DataFrame:
    """Columns entity, item, rank (from 1): each entity's most popular available items.

    `main_entity` has item and entity, `popular` is what `popularity` gives.
    """
    ordered = _available(main_entity, popular).sort("entity", "popularity_rank")
    ranked = ordered.select("entity", "item", rank=pl.int_range(1, pl.len() + 1).over("entity").cast(pl.Int64))
    return ranked.filter(pl.col("rank") <= keep)


def _available(main_entity: pl.DataFrame, popular: pl.DataFrame) -> pl.DataFrame:
    return main_entity.join(popular, left_on="item", right_on="id").filter(pl.col("popularity_rank").is_not_null())
