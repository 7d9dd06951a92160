"""Learned weights for the edges that there are now, those judged since among them."""

from __future__ import annotations

import polars as pl

_EDGE = ["head", "tail"]
WEIGHED = pl.Schema(
    [
        ("head", pl.String()),
        ("tail", pl.String()),
        ("weight", pl.Float64()),
        ("items", pl.List(pl.String())),
        ("pulls", pl.List(pl.Float64())),
        ("affinity", pl.Float64()),
    ]
)


def for_edges(learned: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """[WEIGHED] of each edge of `counted` (head, tail, weight), in its order, from `learned` [WEIGHED].

    An edge that the model has not seen keeps its counted weight, which has the same scale, and null for all else.
    """
    joined = counted.rename({"weight": "counted"}).join(learned, on=_EDGE, how="left", maintain_order="left")
    return joined.with_columns(weight=pl.coalesce("weight", "counted")).select(WEIGHED.names())


def blended(learned: pl.DataFrame, before: pl.DataFrame | None, eta: float = 0.3) -> pl.DataFrame:
    """[WEIGHED] with weight = (1 - eta) before + eta learned for edges that the previous model knew (spec, section 7).

    An edge that it did not know has its learned weight; so has every edge where there was none before. What items take
    by an edge is that of the new model.
    """
    if before is None:
        return learned
    old = before.select(*_EDGE, old="weight")
    joined = learned.join(old, on=_EDGE, how="left", maintain_order="left")
    mixed = (1 - eta) * pl.coalesce("old", "weight") + eta * pl.col("weight")
    return joined.with_columns(weight=mixed).select(learned.columns)


def worth_releasing(auc: float, *others: float) -> bool:
    """Whether a model ranks held-out samples better than all of what it would replace; nan, for none held out, is."""
    return not any(auc <= other for other in others)
