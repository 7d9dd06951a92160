"""What lists and cases are in terms of entities: substitute leak, diversity, and the complementary slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from training.evaluation.histories import Floats, Histories, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Concepts:
    """`main` [items]: code of each item's main entity, -1 where it has none. `complements` [entities, entities]: 1
    where a complementary edge leads from the row to the column."""

    main: Ints
    complements: sparse.csr_array

    @classmethod
    def of(cls, items: Sequence[str], main_entity: pl.DataFrame, complements: pl.DataFrame) -> Concepts:
        """From items in the order of a task's, a frame with item and entity, and one with head and tail."""
        entity = {item: name for item, name in main_entity.select("item", "entity").iter_rows() if name is not None}
        pairs = complements.select("head", "tail").rows()
        names = sorted({*entity.values(), *(name for pair in pairs for name in pair)})
        codes = {name: code for code, name in enumerate(names)}
        edges = np.array([(codes[head], codes[tail]) for head, tail in pairs], dtype=np.int64).reshape(-1, 2)
        size = max(len(names), 1)  # a shop without entities has one that nothing is of
        main = [codes[entity[item]] if item in entity else -1 for item in items]
        return cls(
            np.array(main, dtype=np.int64),
            sparse.csr_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(size, size)),
        )

    def owned(self, contexts: Histories) -> sparse.csr_array:
        """True where a context holds an item of an entity, by main entity, shape [n, entities]."""
        entity = self.main[contexts.item]
        actor, entity = contexts.actor[entity >= 0], entity[entity >= 0]
        shape = (len(contexts.actors), self.complements.shape[0])
        return sparse.csr_array((np.ones(len(actor), dtype=np.bool_), (actor, entity)), shape=shape)

    def leak(self, lists: NDArray[np.int32], contexts: Histories) -> Floats:
        """The share of each list whose main entity is that of something bought, in [0, 1], shape [n]; nan if empty."""
        rows, entity = self._entities(lists)
        repeated = _among(self.owned(contexts), rows, entity)
        size = (lists >= 0).sum(axis=1)
        return np.where(size > 0, repeated.sum(axis=1) / np.maximum(size, 1), np.nan)

    def diversity(self, lists: NDArray[np.int32]) -> Floats:
        """How many different main entities each list holds, shape [n]; nan where it is empty."""
        _, entity = self._entities(lists)
        ordered = np.sort(entity, axis=1)
        first = np.concatenate([np.ones((len(ordered), 1), np.bool_), ordered[:, 1:] != ordered[:, :-1]], axis=1)
        return np.where((lists >= 0).any(axis=1), (first & (ordered >= 0)).sum(axis=1), np.nan)

    def complementary(self, contexts: Histories, answers: Ints) -> NDArray[np.bool_]:
        """The complementary slice: cases whose answer is of an entity that is new in its context, and to which a
        complementary edge leads from one that is not; shape [n]."""
        owned, entity = self.owned(contexts), self.main[answers]
        rows = np.arange(len(answers))
        case, head = owned.nonzero()
        leads = _among(self.complements, head.astype(np.int64), entity[case])
        reached = np.bincount(case[leads], minlength=len(answers)) > 0
        return reached & ~_among(owned, rows, entity)

    def _entities(self, lists: NDArray[np.int32]) -> tuple[Ints, Ints]:
        """Rows to broadcast, and the main entity of every place, -1 where there is none."""
        return np.arange(len(lists))[:, None], np.where(lists >= 0, self.main[lists], -1)


def _among(matrix: sparse.csr_array, rows: Ints, columns: Ints) -> NDArray[np.bool_]:
    """Whether the matrix has an entry at each place, in the shape of rows and columns together; none where below 0."""
    width = matrix.shape[1]
    there, across = matrix.nonzero()
    return (columns >= 0) & np.isin(rows * width + columns, there.astype(np.int64) * width + across)
