"""What was not bought when something else was: negatives where a shop has no exposures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.weights.batches import batches
from training.weights.candidates import CANDIDATES, first_purchases

ROWS = 2_000_000  # of a join
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GroupedChoice:
    """Draws rows within groups, with probabilities proportional to their masses.

    `sums` [n + 1] are the running sums of the masses of rows sorted by group, from the mass before the first of them;
    group g is rows first[g] to last[g].
    """

    sums: NDArray[np.float64]
    first: Codes
    last: Codes

    @classmethod
    def of(cls, groups: Codes, masses: NDArray[np.float64], before: float = 0.0) -> GroupedChoice:
        """From the ascending group numbers 0, 1, … and the positive masses of all rows, both [n].

        Where they are a part of more, with the mass `before` them, the draws are those from the whole.
        """
        first = np.searchsorted(groups, np.arange(groups[-1] + 1 if len(groups) else 0))
        return cls(np.cumsum(np.append(before, masses)), first, np.append(first[1:], len(groups)) - 1)

    def draw(self, groups: Codes, rng: np.random.Generator) -> Codes:
        """A row of each of the groups [m], with replacement, shape [m]."""
        first, last = self.first[groups], self.last[groups]
        below = self.sums[first]
        point = below + rng.random(len(groups)) * (self.sums[last + 1] - below)
        # Rounding may put the point a hair outside its group.
        return np.clip(np.searchsorted(self.sums[1:], point, side="right"), first, last)


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
    drawn = _drawn(positives.select("sample", "actor", "when").sort("sample"), purchases, edges, offers, each, rng)
    chosen = drawn.with_columns(item=_items(drawn["entity"], offers, rng))
    beside = chosen.join(positives, on="sample", suffix="_bought", maintain_order="left")
    kept = beside.filter(pl.col("item") != pl.col("item_bought"))
    after = (positives["sample"].max() or 0) + 1  # type: ignore[operator]
    numbered = kept.with_columns(sample=after + pl.int_range(pl.len()), label=pl.lit(0))
    return numbered.select(CANDIDATES.names()).cast(CANDIDATES)


def _drawn(
    positives: pl.DataFrame,
    purchases: pl.DataFrame,
    edges: pl.DataFrame,
    offers: pl.DataFrame,
    each: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Columns sample and entity: `each` complements of every positive that has choices, whatever the batches are."""
    names = pl.Enum(pl.concat([edges["head"], edges["tail"]]).unique().sort())
    first = first_purchases(purchases).with_columns(pl.col("head").cast(names, strict=False)).drop_nulls()
    joined = edges.select(pl.col("head", "tail").cast(names))
    mass = offers.group_by(tail=pl.col("entity").cast(names, strict=False)).agg(
        mass=pl.col("popularity").sum().cast(pl.Float64)
    )
    parts = [pl.DataFrame(schema={"sample": positives.schema["sample"], "entity": pl.String})]
    before = 0.0
    for part in batches(positives, _reach(positives, first, joined), ROWS):
        choices = _choices(part, first, joined, mass)
        groups = choices["sample"].rle_id().to_numpy().astype(np.int64)
        by_sample = GroupedChoice.of(groups, choices["mass"].to_numpy(), before)
        rows = by_sample.draw(np.repeat(np.arange(len(by_sample.first)), each), rng)
        parts.append(choices[rows].select("sample", entity=pl.col("tail").cast(pl.String)))
        before = float(by_sample.sums[-1])
    return pl.concat(parts)


def _reach(positives: pl.DataFrame, first: pl.DataFrame, edges: pl.DataFrame) -> pl.Series:
    """How many entities and edges from them a positive's actor has at most, shape [positives]."""
    degrees = edges.group_by("head").agg(degree=pl.len().cast(pl.Int64))
    rows = first.join(degrees, on="head", how="left").with_columns(rows=1 + pl.col("degree").fill_null(0))
    reach = rows.group_by("actor").agg(pl.col("rows").sum())
    return positives.join(reach, on="actor", how="left", maintain_order="left")["rows"].fill_null(0)


def _choices(positives: pl.DataFrame, first: pl.DataFrame, edges: pl.DataFrame, mass: pl.DataFrame) -> pl.DataFrame:
    """Columns sample, tail, mass: the entities that complement what a positive's actor owned, and were new then.

    By sample, as the positives are, and tail.
    """
    owned = first.join(positives, on="actor", how="semi")
    reached = owned.join(edges, on="head").group_by("actor", "tail").agg(since=pl.col("first").min())
    known = reached.join(owned, left_on=("actor", "tail"), right_on=("actor", "head"), how="left")
    offered = known.join(mass, on="tail").sort("tail")
    new = pl.col("first").is_null() | (pl.col("first") >= pl.col("when"))
    rows = positives.join(offered, on="actor", maintain_order="left_right")
    return rows.filter(pl.col("since") < pl.col("when"), new).select("sample", "tail", "mass")


def _items(entities: pl.Series, offers: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    ordered = offers.sort("entity", "item")
    names = ordered["entity"].unique(maintain_order=True)
    codes = {name: code for code, name in enumerate(names)}
    by_entity = GroupedChoice.of(
        np.array([codes[name] for name in ordered["entity"]], dtype=np.int64),
        ordered["popularity"].to_numpy().astype(np.float64),
    )
    return ordered["item"].gather(by_entity.draw(np.array([codes[name] for name in entities], dtype=np.int64), rng))
