"""The stock of the demo shop by concept, with how likely each concept and item is to be picked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

LOYALTY = 4.0  # how much likelier a favourite brand is than another at equal popularity


@dataclass(frozen=True, slots=True)
class Shelf:
    """The n items of one concept: rows of the item table, pick weights (n,), days on which they appeared (n,)."""

    department: str
    rows: NDArray[np.int64]
    weights: NDArray[np.float64]
    since: NDArray[np.float64]
    brands: NDArray[np.str_]

    def on_sale(self, row: int, day: float) -> bool:
        """Whether this shelf holds the item that day."""
        return bool(np.any((self.rows == row) & (self.since <= day)))

    def pick(self, rng: np.random.Generator, day: float, favourite: str = "") -> int | None:
        """The row of one item on sale that day, None where there is none yet."""
        weights = self.weights * (self.since <= day)
        if favourite:
            weights = np.where(self.brands == favourite, LOYALTY * weights, weights)
        total = float(weights.sum())
        return int(rng.choice(self.rows, p=weights / total)) if total > 0 else None


@dataclass(frozen=True, slots=True)
class Department:
    """Concepts that are shopped together, their pick weights (sum 1), and the brands sold."""

    concepts: tuple[str, ...]
    weights: NDArray[np.float64]
    brands: tuple[str, ...]

    def pick(self, rng: np.random.Generator) -> str:
        """One concept, popular ones more often."""
        return self.concepts[int(rng.choice(len(self.concepts), p=self.weights))]


@dataclass(frozen=True, slots=True)
class Shelves:
    """The whole stock."""

    concepts: Mapping[str, Shelf]
    departments: Mapping[str, Department]

    @classmethod
    def stock(cls, items: pl.DataFrame, rng: np.random.Generator) -> Shelves:
        """Shelve items (columns brand, category, entity, day); popularity is a random zipf order per shelf."""
        rows = items.with_columns(
            row=pl.int_range(pl.len(), dtype=pl.Int64), department=pl.col("category").str.split(" > ").list.first()
        )
        groups = rows.partition_by("entity", maintain_order=True)
        shelves = {str(group["entity"][0]): _shelf(group, rng) for group in groups}
        names = dict.fromkeys(shelf.department for shelf in shelves.values())
        return cls(shelves, {name: _department(name, shelves, rng) for name in names})


def _zipf(n: int, exponent: float, rng: np.random.Generator) -> NDArray[np.float64]:
    weights = 1.0 / (1.0 + rng.permutation(n)) ** exponent
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _shelf(group: pl.DataFrame, rng: np.random.Generator) -> Shelf:
    return Shelf(
        department=str(group["department"][0]),
        rows=group["row"].to_numpy(),
        weights=_zipf(group.height, 1.0, rng),
        since=group["day"].to_numpy(),
        brands=np.asarray(group["brand"].fill_null("").to_list(), dtype=np.str_),
    )


def _department(name: str, shelves: Mapping[str, Shelf], rng: np.random.Generator) -> Department:
    concepts = tuple(concept for concept, shelf in shelves.items() if shelf.department == name)
    brands = sorted({str(brand) for concept in concepts for brand in shelves[concept].brands} - {""})
    return Department(concepts, _zipf(len(concepts), 0.7, rng), tuple(brands))
