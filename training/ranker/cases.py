"""Cases to learn from: what an actor owned at some moment, and what was bought next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.ranker.catalogue import Catalogue, Codes
from training.ranker.ordered import runs


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """What is owned in R cases, each item once, newest first: case c owns rows `starts[c]` to `starts[c + 1]`.

    `items` codes and `ages` (purchases since, 0 for the newest), shape [rows]; `target` [R] codes of what came next;
    `actor` [R]: whose it is, numbered in the order of the timelines.
    """

    starts: NDArray[np.int64]
    items: Codes
    ages: NDArray[np.float32]
    target: Codes
    actor: NDArray[np.int64]

    @property
    def case(self) -> NDArray[np.int64]:
        """The case of every row."""
        return np.repeat(np.arange(len(self.target)), np.diff(self.starts))

    def part(self, chosen: NDArray[np.int64]) -> Cases:
        """Only the cases of these numbers, in their order."""
        sizes = np.diff(self.starts)[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        rows = runs(self.starts[chosen], sizes)
        return Cases(starts, self.items[rows], self.ages[rows], self.target[chosen], self.actor[chosen])


def before_targets(timelines: pl.DataFrame, catalogue: Catalogue, back: int) -> pl.DataFrame:
    """Every purchase strictly before each of an actor's last `back` ones, the targets; by case, oldest first.

    Columns case, actor (number), basket (whether the actor is one), target, item (codes), ago (purchases before the
    target, from 1), when, moment (the target's `when`). A purchase of what is owned already is no target.
    """
    bought = timelines.select(
        basket=pl.col("actor").str.starts_with("b:"),
        actor=pl.col("actor").rank("dense").cast(pl.Int64) - 1,
        item=pl.Series(catalogue.coded(timelines["item"])),
        place=pl.int_range(pl.len()).over("actor"),
        left=pl.len().over("actor").cast(pl.Int64) - pl.int_range(pl.len()).over("actor"),
        when="when",
    )
    targets = (
        bought.filter((pl.col("left") <= back) & (pl.col("place") > 0))
        .sort("actor", "left")
        .select("actor", target="item", cut="place", moment="when")
        .with_row_index("case")
    )
    found = targets.join(bought.drop("left"), on="actor").filter(pl.col("place") < pl.col("cut"))
    # The lines of one invoice have no order: what stands beside the target in it was not owned before it.
    found = found.filter(pl.col("basket") | pl.col("when").is_null() | (pl.col("when") != pl.col("moment")))
    repeated = (pl.col("item") == pl.col("target")).any().over("case")
    return (
        found.filter(~repeated)
        .with_columns(case=pl.col("case").rank("dense").cast(pl.Int64) - 1, ago=pl.col("cut") - pl.col("place"))
        .sort("case", "place")
        .select("case", "actor", "basket", "target", "item", "ago", "when", "moment")
    )


def cases(before: pl.DataFrame) -> Cases:
    """The cases of what `before_targets` gives."""
    owned = before.group_by("case", "actor", "target", "item").agg(pl.col("ago").min()).sort("case", "ago")
    _, starts = np.unique(owned["case"].to_numpy(), return_index=True)
    ages = owned.select((pl.col("ago") - pl.col("ago").min().over("case")).cast(pl.Float32)).to_series()
    return Cases(
        np.append(starts, owned.height).astype(np.int64),
        owned["item"].to_numpy(),
        ages.to_numpy(),
        owned["target"].to_numpy()[starts],
        owned["actor"].to_numpy()[starts],
    )
