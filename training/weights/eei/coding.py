"""Entities, items and edges as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coding:
    """Ids in the order of their characters, as the graph servers sort; the code of an id is its place."""

    ids: tuple[str, ...]

    @classmethod
    def of(cls, ids: Iterable[str]) -> Coding:
        """A coding of the distinct ids."""
        return cls(tuple(sorted(set(ids))))

    def __len__(self) -> int:
        return len(self.ids)

    def codes(self, ids: pl.Series) -> Codes:
        """The codes of known ids, shape [n]."""
        known = pl.DataFrame(
            {"id": self.ids, "code": np.arange(len(self.ids))}, schema={"id": pl.String, "code": pl.Int64}
        )
        found = ids.rename("id").to_frame().join(known, on="id", how="left", maintain_order="left")["code"]
        if found.null_count():
            raise KeyError(f"{found.null_count()} ids are not coded")
        return found.to_numpy()
