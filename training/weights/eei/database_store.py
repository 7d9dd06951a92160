"""The training graph where it is: neighbours are read from the graph server, for graphs larger than memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch_geometric.data import EdgeAttr, GraphStore

from graph.client import GraphClient
from training.weights.eei.coding import Coding
from training.weights.eei.neighbours import Codes, Found
from training.weights.eei.relations import COMPLETES, IS_A, Relation, edge_attributes

_DEGREES = {IS_A: "train/item_degrees", COMPLETES: "train/complement_degrees"}
_AT = {IS_A: "train/items_at", COMPLETES: "train/complements_at"}
_ROWS = 2_000


class DatabaseGraphStore(GraphStore):
    """Edges by Cypher; also the sampler's `Neighbours`. Only ids and the degrees seen so far are kept in memory.

    Raises GraphError where the graph has changed since the degrees were read, GraphUnavailableError while it is away.
    """

    def __init__(self, client: GraphClient, entities: Coding, items: Coding) -> None:
        super().__init__()
        self._client = client
        self._entities = entities
        self._targets = {IS_A: items, COMPLETES: entities}
        self._known = {relation: np.full(len(entities), -1, dtype=np.int64) for relation in _DEGREES}
        self._places = {
            relation: {id_: code for code, id_ in enumerate(c.ids)} for relation, c in self._targets.items()
        }

    def degrees(self, relation: Relation, entities: Codes) -> Codes:
        known = self._known[relation]
        missing = np.unique(entities[known[entities] < 0])
        for part in _slices(missing):
            ids = [self._entities.ids[code] for code in part]
            found = dict(self._read(_DEGREES[relation], entities=ids))
            known[part] = [found.get(id_, 0) for id_ in ids]
        return known[entities]

    def at(self, relation: Relation, entities: Codes, owner: Codes, place: Codes) -> Found:
        rows = [
            {"entity": self._entities.ids[entities[node]], "places": [int(p) for _, p in group]}
            for node, group in groupby(zip(owner, place, strict=True), key=lambda pair: pair[0])
        ]
        found: dict[str, list[Any]] = {}
        for start in range(0, len(rows), _ROWS):
            found.update(self._read(_AT[relation], rows=rows[start : start + _ROWS]))
        flat = [each for row in rows for each in found[str(row["entity"])]]
        codes = self._places[relation]
        if relation == IS_A:
            neighbour = np.array([codes[item] for item in flat], dtype=np.int64)
            return Found(owner, neighbour, np.zeros(len(owner), dtype=np.float32))
        neighbour = np.array([codes[entity] for entity, _ in flat], dtype=np.int64)
        return Found(
            owner, neighbour, np.log(np.array([prior for _, prior in flat], dtype=np.float64)).astype(np.float32)
        )

    def get_all_edge_attrs(self) -> list[EdgeAttr]:
        """All relations of a batch, as source and target indices."""
        return edge_attributes()

    def _get_edge_index(self, edge_attr: EdgeAttr) -> tuple[Tensor, Tensor] | None:
        if edge_attr.edge_type not in _DEGREES:
            return None
        everyone = np.arange(len(self._entities))
        degrees = self.degrees(edge_attr.edge_type, everyone)
        owner = np.repeat(everyone, degrees)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(degrees) - degrees, degrees)
        found = self.at(edge_attr.edge_type, everyone, owner, place)
        return torch.from_numpy(found.neighbour), torch.from_numpy(owner)

    def _put_edge_index(self, edge_index: tuple[Tensor, Tensor], edge_attr: EdgeAttr) -> bool:
        return False  # the graph is written by the pipeline alone

    def _remove_edge_index(self, edge_attr: EdgeAttr) -> bool:
        return False

    def _read(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        return self._client.read(lambda tx: tx.tuples(statement, **parameters))


def _slices(codes: Codes) -> Iterator[Codes]:
    return (codes[start : start + _ROWS] for start in range(0, len(codes), _ROWS))
