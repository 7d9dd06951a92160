"""Who bought what and in which order, as arrays: what every method learns from and is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from graph.ordering import natural

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Histories:
    """n actors' purchases, actor after actor and each in order; items are coded in the order in which ties are broken.

    `items`: ids, by ascending id. `actors`: ids [n], which may repeat. `starts` [n + 1]: the purchases of actor a are
    those from starts[a] to starts[a + 1]. `item` [m]: code of what was bought. `moment` [m]: counts an actor's moments
    from 0; purchases of one moment (a basket, equal times) have no order among themselves.
    """

    items: tuple[str, ...]
    actors: tuple[str, ...]
    starts: Ints
    item: Ints
    moment: Ints

    @classmethod
    def of(cls, timelines: pl.DataFrame, items: Sequence[str]) -> Histories:
        """From timelines [training.weights.timelines] and all items that there are; raises KeyError for another one."""
        names = tuple(sorted(items, key=natural))
        codes = {name: code for code, name in enumerate(names)}
        rows = timelines.sort("actor", maintain_order=True)
        changed = pl.col("when").ne_missing(pl.col("when").shift(1)).cum_sum()
        # Polars counts the first row as changed where it has a time, and as unchanged where it has none.
        moment = rows.select((changed - changed.first()).over("actor").alias("moment"))["moment"]
        sizes = rows.group_by("actor", maintain_order=True).len()
        return cls(
            names,
            tuple(sizes["actor"]),
            np.concatenate([[0], np.cumsum(sizes["len"].to_numpy())]).astype(np.int64),
            np.array([codes[item] for item in rows["item"]], dtype=np.int64),
            moment.to_numpy().astype(np.int64),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Actors and items."""
        return (len(self.actors), len(self.items))

    @cached_property
    def codes(self) -> dict[str, int]:
        """The code of every item."""
        return {item: code for code, item in enumerate(self.items)}

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of every actor, the last one of a repeated."""
        return {actor: row for row, actor in enumerate(self.actors)}

    @cached_property
    def actor(self) -> Ints:
        """Row of each purchase's actor, shape [m]."""
        return np.repeat(np.arange(len(self.actors)), np.diff(self.starts))

    @cached_property
    def age(self) -> Floats:
        """How many moments of the actor's came after a purchase, 0 for the latest, shape [m]."""
        if not len(self.item):
            return np.empty(0)
        latest = self.moment[self.starts[1:][self.actor] - 1]
        return (latest - self.moment).astype(np.float64)

    def take(self, rows: Ints) -> Histories:
        """The histories of some actors, in the order of `rows`."""
        sizes = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        places = np.repeat(self.starts[:-1][rows] - starts[:-1], sizes) + np.arange(starts[-1])
        actors = tuple(self.actors[row] for row in rows)
        return Histories(self.items, actors, starts, self.item[places], self.moment[places])

    def owned(self) -> sparse.csr_array:
        """1 where an actor has bought an item, shape [actors, items]."""
        matrix = self._matrix(np.ones(len(self.item)))
        matrix.data[:] = 1.0
        return matrix

    def recency(self, tau: float | None) -> sparse.csr_array:
        """The sum of exp(-age / tau) over an actor's purchases of an item, shape [actors, items]; `owned` without."""
        return self.owned() if tau is None else self._matrix(np.exp(-self.age / tau))

    def _matrix(self, values: Floats) -> sparse.csr_array:
        return sparse.csr_array((values, (self.actor, self.item)), shape=self.shape)
