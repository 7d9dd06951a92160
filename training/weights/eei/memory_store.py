"""The training graph in memory, behind PyG's graph store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch_geometric.data import EdgeAttr, GraphStore

from training.weights.eei.neighbours import Codes, Found
from training.weights.eei.relations import Relation, edge_attributes


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Neighbours of n entities in rows: those of entity e are neighbour[starts[e] : starts[e + 1]]."""

    starts: Codes
    neighbour: Codes
    log_prior: NDArray[np.float32]


def adjacency(entities: int, owner: Codes, neighbour: Codes, log_prior: NDArray[np.float32] | None = None) -> Adjacency:
    """Rows from edges in any order; a row's neighbours ascend by code, which is the order of their ids."""
    order = np.lexsort((neighbour, owner))
    starts = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=entities))]).astype(np.int64)
    prior = np.zeros(len(owner), dtype=np.float32) if log_prior is None else log_prior
    return Adjacency(starts, neighbour[order], prior[order])


class MemoryGraphStore(GraphStore):
    """All edges as arrays; also the sampler's `Neighbours`."""

    def __init__(self, relations: Mapping[Relation, Adjacency]) -> None:
        super().__init__()
        self._relations = relations

    def degrees(self, relation: Relation, entities: Codes) -> Codes:
        starts = self._relations[relation].starts
        return starts[entities + 1] - starts[entities]

    def at(self, relation: Relation, entities: Codes, owner: Codes, place: Codes) -> Found:
        rows = self._relations[relation]
        edge = rows.starts[entities[owner]] + place
        return Found(owner, rows.neighbour[edge], rows.log_prior[edge])

    def get_all_edge_attrs(self) -> list[EdgeAttr]:
        """All relations of a batch, as source and target indices."""
        return edge_attributes()

    def _get_edge_index(self, edge_attr: EdgeAttr) -> tuple[Tensor, Tensor] | None:
        rows = self._relations.get(edge_attr.edge_type)
        if rows is None:
            return None
        target = np.repeat(np.arange(len(rows.starts) - 1), np.diff(rows.starts))
        return torch.from_numpy(rows.neighbour), torch.from_numpy(target)

    def _put_edge_index(self, edge_index: tuple[Tensor, Tensor], edge_attr: EdgeAttr) -> bool:
        return False  # what is trained on does not change

    def _remove_edge_index(self, edge_attr: EdgeAttr) -> bool:
        return False
