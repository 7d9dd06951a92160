"""What is known of a shop's items before anybody buys: groups, title vectors and verdicts, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.pairs.lookup import Sparse

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

CATEGORY, BRANCH, BRAND, ENTITY = "category", "branch", "brand", "entity"
GROUPS = (ENTITY, CATEGORY, BRANCH, BRAND)
_BRANCH_LEVELS = 3
_SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class Shelf:
    """Items coded 0 to n - 1 and entities 0 to e - 1.

    `groups`: per name in GROUPS the code of each item's group, shape [n]; the last code stands for "not known", so
    that a group has `sizes[name]` codes. `text`: title vectors of unit length [n, d]. `complement`: prior of judged
    edges in (0, 1], `substitute`: strength + 1 of judged substitutes, both [e + 1, e + 1], row before column, the last
    entity being "not known".
    """

    groups: Mapping[str, Ints]
    sizes: Mapping[str, int]
    text: Floats
    complement: Sparse
    substitute: Sparse

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.text)

    def known(self, group: str) -> NDArray[np.bool_]:
        """Which items have a group of that name, shape [n]."""
        return self.groups[group] < self.sizes[group] - 1

    def members(self, group: str) -> Sparse:
        """1 where an item (row) is of a group (column), shape [n, sizes]."""
        shape = (self.items, self.sizes[group])
        return Sparse((np.ones(self.items, np.float32), (np.arange(self.items), self.groups[group])), shape=shape)

    def without_verdicts(self) -> Shelf:
        """The same shelf, nothing judged."""
        shape = self.complement.shape
        return Shelf(
            self.groups, self.sizes, self.text, Sparse(shape, dtype=np.float32), Sparse(shape, dtype=np.float32)
        )


def shelf(items: pl.DataFrame, complements: pl.DataFrame, substitutes: pl.DataFrame, text: Floats) -> Shelf:
    """The shelf of items (columns entity, category, brand) in the frame's order, with their title vectors [n, d].

    `complements` and `substitutes` have head and tail; the first also probability, the second strength (or null).
    """
    category = items["category"]
    branch = category.str.split(_SEPARATOR).list.head(_BRANCH_LEVELS).list.join(_SEPARATOR)
    judged = [*complements["head"], *complements["tail"], *substitutes["head"], *substitutes["tail"]]
    entities = {name: code for code, name in enumerate(sorted({*items["entity"].drop_nulls(), *judged}))}
    coded = {
        ENTITY: (np.array([entities.get(name, len(entities)) for name in items["entity"]], dtype=np.int64), entities),
        CATEGORY: _codes(category.to_list()),
        BRANCH: _codes(branch.to_list()),
        BRAND: _codes(items["brand"].to_list()),
    }
    strength = substitutes["strength"].fill_null(0).to_numpy() + 1
    return Shelf(
        MappingProxyType({name: codes for name, (codes, _) in coded.items()}),
        MappingProxyType({name: len(values) + 1 for name, (_, values) in coded.items()}),
        text,
        _edges(complements, complements["probability"].to_numpy(), entities),
        _edges(substitutes, strength, entities),
    )


def _codes(values: Sequence[str | None]) -> tuple[Ints, dict[str, int]]:
    known = {value: code for code, value in enumerate(sorted({value for value in values if value}))}
    return np.array([known.get(value or "", len(known)) for value in values], dtype=np.int64), known


def _edges(pairs: pl.DataFrame, values: NDArray[np.float64], entities: dict[str, int]) -> Sparse:
    heads = [entities[name] for name in pairs["head"]]
    tails = [entities[name] for name in pairs["tail"]]
    size = len(entities) + 1
    return Sparse((np.asarray(values, dtype=np.float32), (heads, tails)), shape=(size, size))
