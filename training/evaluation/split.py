"""The next-purchase split: each actor's last purchase held out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_MOMENT = pl.coalesce("at", "order")


@dataclass(frozen=True, slots=True)
class Split:
    """`train`: the events that may be seen; `cases`: columns user, item, the purchase to find, one a user."""

    train: pl.DataFrame
    cases: pl.DataFrame


def next_purchase_split(events: pl.DataFrame, back: int = 0) -> Split:
    """Holds out each user's last purchase, or with `back` the one so many before it and drops what came after.

    `events` are in timeline order (columns user, item, type, at, order and more). Clicks and exposures of a user from
    the held-out purchase on are dropped too, and whatever else has its very moment: what is known is strictly earlier.
    Users without an earlier purchase give no case; of them too the last `back` purchases are dropped, which a smaller
    `back` asks for, and whoever bought once stays whole.
    """
    purchase = pl.col("type") == "purchase"
    numbered = events.with_columns(
        place=purchase.cum_sum().over("user"),  # purchases so far, this one included
        bought=purchase.sum().over("user"),
    )
    last = pl.col("bought") - back
    held = pl.col("user").is_not_null() & (last >= 2)
    # An event that is no purchase belongs to the time after the purchase it follows.
    after = held & (pl.col("place") >= last)
    asked = pl.col("user").is_not_null() & (last < 2) & (pl.col("bought") >= 2) & (pl.col("place") > last)
    answers = numbered.filter(held & purchase & (pl.col("place") == last)).with_columns(moment=_MOMENT)
    rest = numbered.filter(~after & ~asked).drop("place", "bought")
    train = rest.join(
        answers.select("user", moment="moment").drop_nulls(),
        left_on=["user", _MOMENT],
        right_on=["user", "moment"],
        how="anti",
        maintain_order="left",
    )
    known = train.filter(purchase).select("user").unique()
    return Split(train, answers.join(known, on="user", how="semi", maintain_order="left").select("user", "item"))
