"""The next-purchase split: each actor's last purchase held out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Split:
    """`train`: the events that may be seen; `cases`: columns user, item, the purchase to find, one a user."""

    train: pl.DataFrame
    cases: pl.DataFrame


def next_purchase_split(events: pl.DataFrame, back: int = 0) -> Split:
    """Holds out each user's last purchase, or with `back` the one so many before it and drops what came after.

    `events` are in timeline order (columns user, item, type, at, order and more). Clicks and exposures of a user from
    the held-out purchase on are dropped too, and whatever else has its very moment: what is known is strictly earlier.
    Users without an earlier purchase give no case, and stay whole but for the last `back` purchases, which a smaller
    `back` may ask for.
    """
    purchase = pl.col("type") == "purchase"
    numbered = events.with_columns(
        moment=pl.coalesce("at", "order"),
        place=purchase.cum_sum().over("user"),  # purchases so far, this one included
        bought=purchase.sum().over("user"),
    )
    place, moment = pl.col("place"), pl.col("moment")
    last = pl.col("bought") - back
    asked = purchase & (place == last)
    then = moment.filter(asked).first().over("user")
    same = (moment == then).fill_null(value=False)
    known = (purchase & (place < last) & ~same).any().over("user")
    held = pl.col("user").is_not_null() & (last >= 2) & known
    # An event that is no purchase belongs to the time after the purchase it follows.
    after = held & ((place >= last) | same)
    later = pl.col("user").is_not_null() & ~held & (pl.col("bought") >= 2) & (place > last)
    cases = numbered.filter(held & asked).select("user", "item")
    return Split(numbered.filter(~after & ~later).drop("moment", "place", "bought"), cases)
