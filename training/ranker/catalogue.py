"""The catalogue as arrays: items coded 0…, in the order by which ties are broken, with their attributes as codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graph.ordering import natural_order

Codes = NDArray[np.int32]
UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """`ids` and `titles` by code; `available` and the codes of main entity, brand and category leaf (-1 unknown),
    each shape [n]. `entities` are the ids of the main entities, by code."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    available: NDArray[np.bool_]
    entity: Codes
    brand: Codes
    category: Codes
    entities: tuple[str, ...]

    @classmethod
    def of(cls, items: pl.DataFrame) -> Catalogue:
        """From the columns id, title, brand, category, available and entity (null: unknown)."""
        ordered = items.sort(natural_order("id"))
        leaf = ordered["category"].cast(pl.String).str.split(" > ").list.last()
        entities = tuple(ordered["entity"].drop_nulls().unique().sort())
        return cls(
            tuple(ordered["id"]),
            tuple(ordered["title"].fill_null("")),
            ordered["available"].to_numpy(),
            _codes(ordered["entity"]),
            _codes(ordered["brand"].cast(pl.String)),
            _codes(leaf),
            entities,
        )

    def coded(self, items: pl.Series) -> Codes:
        """The codes of item ids that are all known, shape [n]."""
        numbers = pl.Series(np.arange(len(self.ids), dtype=np.int32))
        return items.replace_strict(pl.Series(self.ids), numbers, return_dtype=pl.Int32).to_numpy()


def _codes(values: pl.Series) -> Codes:
    """Codes 0… of the values in sorted order, -1 for null and empty ones."""
    filled = values.replace({"": None})
    ranked = filled.rank("dense").cast(pl.Int32) - 1
    return ranked.fill_null(UNKNOWN).to_numpy().copy()
