"""The stores that batches are made from."""

from __future__ import annotations

import torch

from graph.client import GraphClient
from training.weights.eei.database_store import DatabaseGraphStore
from training.weights.eei.features_store import MemoryFeatureStore
from training.weights.eei.knowledge import Knowledge
from training.weights.eei.memory_store import MemoryGraphStore
from training.weights.eei.relations import COMPLETES, IS_A
from training.weights.eei.samples import Samples
from training.weights.eei.training import Graph


def in_memory(knowledge: Knowledge, samples: Samples) -> Graph:
    """All edges as arrays."""
    store = MemoryGraphStore({IS_A: knowledge.items_of(), COMPLETES: knowledge.complements_of()})
    return Graph(_features(knowledge, samples), store, store)


def in_database(knowledge: Knowledge, samples: Samples, client: GraphClient) -> Graph:
    """Edges stay in the graph and are read by Cypher as batches need them."""
    store = DatabaseGraphStore(client, knowledge.entities, knowledge.items)
    return Graph(_features(knowledge, samples), store, store)


def _features(knowledge: Knowledge, samples: Samples) -> MemoryFeatureStore:
    return MemoryFeatureStore(
        {
            ("entity", "text"): torch.from_numpy(knowledge.entity_text),
            ("entity", "standing"): torch.from_numpy(knowledge.standing),
            ("item", "text"): torch.from_numpy(knowledge.item_text),
            ("item", "price"): torch.from_numpy(knowledge.price),
            ("triple", "features"): torch.from_numpy(samples.features),
            ("sample", "label"): torch.from_numpy(samples.label),
        }
    )
