"""The relations of a training graph, as PyG edge types: source, name, target."""

from __future__ import annotations

from torch_geometric.data import EdgeAttr
from torch_geometric.data.graph_store import EdgeLayout

Relation = tuple[str, str, str]

IS_A: Relation = ("item", "is_a", "entity")
COMPLETES: Relation = ("entity", "completes", "entity")
PART_OF: Relation = ("triple", "part_of", "sample")
HEAD_OF: Relation = ("entity", "head_of", "triple")
TAIL_OF: Relation = ("entity", "tail_of", "triple")


def edge_attributes() -> list[EdgeAttr]:
    """What a graph store declares, so that a loader puts the sampled edges of each relation into its batches."""
    return [EdgeAttr(name, EdgeLayout.COO) for name in (IS_A, COMPLETES, PART_OF, HEAD_OF, TAIL_OF)]
