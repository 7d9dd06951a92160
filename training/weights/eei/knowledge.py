"""What the model knows of a shop before it sees an event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.weights.eei.coding import Coding
from training.weights.eei.inputs import PRICE_BUCKETS
from training.weights.eei.memory_store import Adjacency, adjacency

Codes = NDArray[np.int64]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Entities and items by code, and what joins them.

    `edges` has head, tail and probability; `main` has item and entity; `text` vectors are [entities, t] and [items, t].
    `standing` [entities] numbers what `standings` tells apart, from 0; `price` buckets [items] lie below PRICE_BUCKETS,
    0 for none; `available` [items] says what can be had; `kin` [k, 2] are pairs of entities that are aliases or parent
    and child.
    """

    entities: Coding
    items: Coding
    edges: pl.DataFrame
    main: pl.DataFrame
    entity_text: Vectors
    item_text: Vectors
    standing: Codes
    price: Codes
    available: NDArray[np.bool_]
    kin: Codes

    def items_of(self) -> Adjacency:
        """Each entity's items, N1."""
        owner, items = self.entities.codes(self.main["entity"]), self.items.codes(self.main["item"])
        return adjacency(len(self.entities), owner, items)

    def complements_of(self) -> Adjacency:
        """The entities that complement each entity, Nc, with log p(e→f)."""
        heads, tails = self.entities.codes(self.edges["head"]), self.entities.codes(self.edges["tail"])
        return adjacency(len(self.entities), heads, tails, log_prior(self.edges).astype(np.float32))

    def kin_among(self, entities: Codes) -> NDArray[np.bool_]:
        """Which pairs of the distinct entities [n] are kin, shape [n, n]."""
        order = np.argsort(entities)
        place = np.searchsorted(entities, self.kin, sorter=order)
        there = order[np.minimum(place, len(entities) - 1)]
        both = (entities[there] == self.kin).all(axis=1)
        marks = np.zeros((len(entities), len(entities)), dtype=np.bool_)
        one, two = there[both].T
        marks[one, two] = marks[two, one] = True
        return marks


def log_prior(edges: pl.DataFrame) -> NDArray[np.float64]:
    """log p(e→f) of edges with a probability in (0, 1], shape [n]."""
    return np.log(edges["probability"].to_numpy())


def standings(segments: pl.Series, kinds: pl.Series) -> Codes:
    """Entities of one segment (head, middle, tail) and one kind have one number, from 0; either may be null; [n]."""
    pairs = pl.DataFrame({"segment": segments, "kind": kinds}).select(pl.struct(pl.all().fill_null("")))
    return pairs.to_series().rank("dense").to_numpy().astype(np.int64) - 1


def price_buckets(prices: pl.Series) -> Codes:
    """Deciles of the shop's prices from 1, 0 where an item has none; shape [items]."""
    known = prices.drop_nulls()
    if known.is_empty():
        return np.zeros(len(prices), dtype=np.int64)
    bounds = np.quantile(known.to_numpy(), np.arange(1, PRICE_BUCKETS - 1) / (PRICE_BUCKETS - 1))
    bucket = 1 + np.searchsorted(bounds, prices.fill_null(0.0).to_numpy(), side="right")
    return np.where(prices.is_null().to_numpy(), 0, bucket).astype(np.int64)


def kin_pairs(entities: pl.DataFrame, coding: Coding) -> Codes:
    """Pairs of entities of which one is the other's parent, or which share a name or alias; shape [k, 2]."""
    parents = entities.select(one="id", two="parent").filter(pl.col("two").is_in(list(coding.ids)))
    names = entities.select("id", name=pl.concat_list(pl.col("name"), pl.col("aliases"))).explode("name")
    called = names.with_columns(pl.col("name").str.to_lowercase()).unique()
    shared = called.join(called, on="name", suffix="_other").filter(pl.col("id") < pl.col("id_other"))
    pairs = pl.concat([parents, shared.select(one="id", two="id_other")]).unique().sort("one", "two")
    return np.stack([coding.codes(pairs["one"]), coding.codes(pairs["two"])], axis=1)
