"""What was shown or bought when an edge might explain it: the samples that edges are weighed by, as frames."""

from __future__ import annotations

import polars as pl

from training.weights.batches import batches
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
ROWS = 2_000_000  # of a join


def explained(candidates: pl.DataFrame, purchases: pl.DataFrame, edges: pl.DataFrame, most: int = 4) -> pl.DataFrame:
    """The triples [TRIPLES] of the candidates that an edge may explain, at most `most` newest triggers each.

    A candidate counts iff an entity bought before has an edge to its own, and its own was not bought before: a repeat
    purchase is no complement. `purchases` has actor, entity and when, `edges` head and tail; age is in the unit of
    when, to the newest purchase of the head.
    """
    wanted = candidates.select("sample", "actor", "when", tail="entity").sort("sample")
    bought = purchases.select("actor", then="when", head="entity")
    joined = edges.select("head", "tail")
    parts = [_explained(part, bought, joined, most) for part in batches(wanted, _repeats(wanted, bought), ROWS)]
    return pl.concat([pl.DataFrame(schema=TRIPLES), *parts])


def _explained(wanted: pl.DataFrame, bought: pl.DataFrame, edges: pl.DataFrame, most: int) -> pl.DataFrame:
    before = wanted.join(bought, on="actor").filter(pl.col("then") < pl.col("when"))
    repeated = before.filter(pl.col("head") == pl.col("tail")).select("sample")
    active = before.join(edges, on=["head", "tail"], how="semi").join(repeated, on="sample", how="anti")
    found = active.group_by("sample", "tail", "head").agg(
        age=(pl.col("when") - pl.col("then")).min(), count=pl.len().cast(pl.Int64)
    )
    newest = found.sort("sample", "age", "head").group_by("sample", maintain_order=True).head(most)
    return newest.select(TRIPLES.names()).cast(TRIPLES)


def owners(candidates: pl.DataFrame, purchases: pl.DataFrame) -> pl.DataFrame:
    """Columns head, block and count: before how many candidates of a block their actor had bought of an entity.

    `candidates` has actor, when and block, `purchases` actor, entity and when.
    """
    first = first_purchases(purchases)
    wanted = candidates.select("actor", "when", "block")
    counts = [
        part.join(first, on="actor").filter(pl.col("first") < pl.col("when")).group_by("head", "block").len("count")
        for part in batches(wanted, _repeats(wanted, first), ROWS)
    ]
    empty = pl.DataFrame(schema={"head": pl.String, "block": pl.Int64, "count": pl.UInt32})
    return pl.concat([empty, *counts]).group_by("head", "block").agg(pl.col("count").cast(pl.Int64).sum())


def first_purchases(purchases: pl.DataFrame) -> pl.DataFrame:
    """Columns actor, head (an entity) and first, when the actor bought of it first; of purchases with a moment."""
    return purchases.group_by("actor", head="entity").agg(first=pl.col("when").min())


def _repeats(wanted: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
    """How many of `rows` are of each wanted row's actor, shape [wanted]."""
    counts = rows.group_by("actor").agg(rows=pl.len())
    return wanted.join(counts, on="actor", how="left", maintain_order="left")["rows"].fill_null(0)


def purchases_as_positives(bought: pl.DataFrame) -> pl.DataFrame:
    """Every purchase as a candidate [CANDIDATES] with label 1; `bought` has actor, when, item and entity."""
    rows = bought.with_row_index("sample").with_columns(label=pl.lit(1))
    return rows.select(CANDIDATES.names()).cast(CANDIDATES)


def exposures(shown: pl.DataFrame, clicked: pl.DataFrame, main: pl.DataFrame) -> pl.DataFrame:
    """Every exposure of a linked item as a candidate, label 1 where the actor clicked the item at the time or later.

    `shown` and `clicked` have actor, item, when and request. A click belongs to the actor's last exposure of the item
    before it; where its request shows the item, to the last one in that.
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
    seen = linked.select("actor", "item", "when", "request", "sample").sort("when")
    clicks = clicked.select("actor", "item", "when", "request").with_row_index("click").sort("when")
    named = _last_before(clicks.drop_nulls("request"), seen.drop_nulls("request"), ["actor", "item", "request"])
    others = _last_before(clicks.join(named, on="click", how="anti"), seen.drop("request"), ["actor", "item"])
    hits = pl.concat([named, others])["sample"]
    return linked.with_columns(label=pl.col("sample").is_in(hits.implode()).cast(pl.Int8))


def _last_before(clicks: pl.DataFrame, seen: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Columns click and sample: the last exposure before each click that has one."""
    found = clicks.sort("when").join_asof(seen, on="when", by=by, check_sortedness=False)
    return found.select("click", "sample").drop_nulls()
