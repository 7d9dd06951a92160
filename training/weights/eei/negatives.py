"""What was not bought when something else was: negatives where a shop has no exposures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.weights.candidates import CANDIDATES, owned_before

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GroupedChoice:
    """Draws rows within groups, with probabilities proportional to their masses.

    `sums` [n] are the running sums of the masses of rows sorted by group; group g is rows first[g] to last[g].
    """

    sums: NDArray[np.float64]
    first: Codes
    last: Codes

    @classmethod
    def of(cls, groups: Codes, masses: NDArray[np.float64]) -> GroupedChoice:
        """From the ascending group numbers 0, 1, … and the positive masses of all rows, both [n]."""
        first = np.searchsorted(groups, np.arange(groups[-1] + 1 if len(groups) else 0))
        return cls(np.cumsum(masses), first, np.append(first[1:], len(groups)) - 1)

    def draw(self, groups: Codes, rng: np.random.Generator) -> Codes:
        """A row of each of the groups [m], with replacement, shape [m]."""
        first, last = self.first[groups], self.last[groups]
        below = np.where(first > 0, self.sums[first - 1], 0.0)
        point = below + rng.random(len(groups)) * (self.sums[last] - below)
        # Rounding may put the point a hair outside its group.
        return np.clip(np.searchsorted(self.sums, point, side="right"), first, last)


def negatives(
    positives: pl.DataFrame,
    purchases: pl.DataFrame,
    edges: pl.DataFrame,
    offers: pl.DataFrame,
    each: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """At most `each` candidates [CANDIDATES] with label 0 beside every positive, numbered on from theirs.

    They are drawn by popularity from the items of the entities that complement what the actor owned and were new to
    them (spec, section 7). `offers` has entity, item and popularity (> 0). What equals the positive's item is left out.
    """
    choices = _choices(positives, purchases, edges, offers)
    groups = choices["sample"].rank("dense").to_numpy().astype(np.int64) - 1
    by_sample = GroupedChoice.of(groups, choices["mass"].to_numpy())
    rows = by_sample.draw(np.repeat(np.arange(groups[-1] + 1 if len(groups) else 0), each), rng)
    drawn = choices[rows].select("sample", entity="tail")
    chosen = drawn.with_columns(item=_items(drawn["entity"], offers, rng))
    beside = chosen.join(positives, on="sample", suffix="_bought", maintain_order="left")
    kept = beside.filter(pl.col("item") != pl.col("item_bought"))
    after = (positives["sample"].max() or 0) + 1  # type: ignore[operator]
    numbered = kept.with_columns(sample=after + pl.int_range(pl.len()), label=pl.lit(0))
    return numbered.select(CANDIDATES.names()).cast(CANDIDATES)


def _choices(
    positives: pl.DataFrame, purchases: pl.DataFrame, edges: pl.DataFrame, offers: pl.DataFrame
) -> pl.DataFrame:
    """Columns sample, tail, mass: the entities that complement what a positive's actor owned, and were new then."""
    owned = owned_before(positives, purchases).select("sample", "head")
    complements = owned.join(edges.select("head", "tail"), on="head").select("sample", "tail").unique()
    new = complements.join(owned, left_on=["sample", "tail"], right_on=["sample", "head"], how="anti")
    mass = offers.group_by(tail="entity").agg(mass=pl.col("popularity").sum().cast(pl.Float64))
    return new.join(mass, on="tail").sort("sample", "tail")


def _items(entities: pl.Series, offers: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    ordered = offers.sort("entity", "item")
    names = ordered["entity"].unique(maintain_order=True)
    codes = {name: code for code, name in enumerate(names)}
    by_entity = GroupedChoice.of(
        np.array([codes[name] for name in ordered["entity"]], dtype=np.int64),
        ordered["popularity"].to_numpy().astype(np.float64),
    )
    return ordered["item"].gather(by_entity.draw(np.array([codes[name] for name in entities], dtype=np.int64), rng))
