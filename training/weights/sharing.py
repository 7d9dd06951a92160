"""Which of the triggers of an exposure it is put down to."""

from __future__ import annotations

import polars as pl

TIMESCALE = 7.0  # that of interests, in days, or in steps where there is no clock


def shares(timescale: float) -> pl.Expr:
    """Each trigger's share of its `sample`, in proportion to exp(-age / timescale), as interest fades; they sum to 1.

    `age` is in the unit of `timescale`. The paper does not share (ours): a list is recalled from what a shopper is
    still interested in, and that is also what it is clicked for.
    """
    # Beside the newest trigger, so that the shares of old ones do not vanish together.
    left = (-(pl.col("age") - pl.col("age").min().over("sample")) / timescale).exp()
    return left / left.sum().over("sample")
