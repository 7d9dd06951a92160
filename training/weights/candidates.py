"""What was shown or bought when an edge might explain it: the samples that edges are weighed by, as frames."""

from __future__ import annotations

import polars as pl

from training.weights.timelines import Events

# sample: a number; when: epoch ms or a step of the actor's; entity: the item's main one; label: 1 bought or clicked
CANDIDATES = pl.Schema(
    {"sample": pl.Int64, "actor": pl.String, "when": pl.Int64, "item": pl.String, "entity": pl.String, "label": pl.Int8}
)
# position: from 0, where it stood; 0 where that is not known; age: in the unit of when
EXPOSED = pl.Schema(
    {
        "sample": pl.Int64,
        "actor": pl.String,
        "when": pl.Int64,
        "position": pl.Int64,
        "item": pl.String,
        "head": pl.String,
        "tail": pl.String,
        "age": pl.Int64,
        "clicked": pl.Boolean,
    }
)
TRIPLES = pl.Schema({"sample": pl.Int64, "head": pl.String, "tail": pl.String, "age": pl.Int64, "count": pl.Int64})
_ACTORS_AT_ONCE = 2_000


def owned_before(candidates: pl.DataFrame, purchases: pl.DataFrame) -> pl.DataFrame:
    """Columns sample, tail (the candidate's entity), head (an entity bought strictly before), age, count.

    `purchases` has actor, entity and when; age is in the unit of when, to the newest purchase of the head.
    """
    wanted = candidates.select("sample", "actor", "when", tail="entity")
    parts = [_owned(part, purchases) for part in _by_actors(wanted)]
    schema = {"sample": pl.Int64, "tail": pl.String, "head": pl.String, "age": pl.Int64, "count": pl.Int64}
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _owned(wanted: pl.DataFrame, purchases: pl.DataFrame) -> pl.DataFrame:
    bought = purchases.select("actor", pl.col("when").alias("then"), head="entity")
    return (
        wanted.join(bought, on="actor")
        .filter(pl.col("then") < pl.col("when"))
        .group_by("sample", "tail", "head")
        .agg(age=(pl.col("when") - pl.col("then")).min(), count=pl.len().cast(pl.Int64))
    )


def _by_actors(wanted: pl.DataFrame) -> list[pl.DataFrame]:
    part = wanted["actor"].rank("dense") // _ACTORS_AT_ONCE
    return wanted.with_columns(part=part).partition_by("part", include_key=False)


def explained(candidates: pl.DataFrame, purchases: pl.DataFrame, edges: pl.DataFrame, most: int = 4) -> pl.DataFrame:
    """The triples [TRIPLES] of the candidates that an edge may explain, at most `most` newest triggers each.

    A candidate counts iff an entity bought before has an edge to its own, and its own was not bought before: a repeat
    purchase is no complement. `edges` has head and tail.
    """
    owned = owned_before(candidates, purchases)
    repeated = owned.filter(pl.col("head") == pl.col("tail")).select("sample").unique()
    active = owned.join(repeated, on="sample", how="anti").join(edges.select("head", "tail"), on=["head", "tail"])
    newest = active.sort("sample", "age", "head").group_by("sample", maintain_order=True).head(most)
    return newest.select(TRIPLES.names()).cast(TRIPLES)


def purchases_as_positives(bought: pl.DataFrame) -> pl.DataFrame:
    """Every purchase as a candidate [CANDIDATES] with label 1; `bought` has actor, when, item and entity."""
    rows = bought.with_row_index("sample").with_columns(label=pl.lit(1))
    return rows.select(CANDIDATES.names()).cast(CANDIDATES)


def exposures(shown: pl.DataFrame, clicked: pl.DataFrame, main: pl.DataFrame) -> pl.DataFrame:
    """Every exposure of a linked item as a candidate, label 1 where the actor clicked the item at the time or later.

    `shown` and `clicked` have actor, item and when; a click belongs to the actor's last exposure of the item before it.
    """
    return _labelled(shown, clicked, main).select(CANDIDATES.names()).cast(CANDIDATES)


def exposed(events: Events, main: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """The exposures that an edge may explain, a row for each of their triggers [EXPOSED], newest trigger first.

    `main` has item and entity, `edges` head and tail; samples are numbered in the order of `events.shown`.
    """
    shown = _labelled(events.shown, events.clicked, main)
    bought = events.bought.filter(pl.col("when").is_not_null()).join(main, on="item", maintain_order="left")
    triples = explained(shown, bought.select("actor", "entity", "when"), edges)
    rows = triples.join(shown.drop("entity"), on="sample", maintain_order="left")
    known = rows.with_columns(pl.col("position").fill_null(0), clicked=pl.col("label") == 1)
    return known.select(EXPOSED.names()).cast(EXPOSED)


def _labelled(shown: pl.DataFrame, clicked: pl.DataFrame, main: pl.DataFrame) -> pl.DataFrame:
    linked = shown.join(main, on="item", maintain_order="left").with_columns(
        sample=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    ordered = linked.sort("when")
    hits = clicked.sort("when").join_asof(ordered, on="when", by=["actor", "item"], check_sortedness=False)
    return linked.with_columns(label=pl.col("sample").is_in(hits["sample"].drop_nulls().implode()).cast(pl.Int8))
