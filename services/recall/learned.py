"""Neighbours by the learned views of entities: nothing until a model's views are published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.client import Transaction
from services.recall.candidates import Shortlisted
from services.recall.port import Concept

LEARNED = "learned"  # the channel
_ENTITIES = 10  # neighbours read: at a few items each, enough to fill a list


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entity near another by a cosine in (0, 1], with its shortlist."""

    source: Concept
    target: Concept
    similarity: float
    shortlist: tuple[Shortlisted, ...]


def similar(tx: Transaction, entity: str, exclude: Sequence[str], items: int) -> tuple[Neighbour, ...]:
    """What may replace the entity: the first views nearest to its own, nearest first."""
    return _near(tx, "recall/similar_entities", entity, exclude, items)


def matching(tx: Transaction, entity: str, exclude: Sequence[str], items: int) -> tuple[Neighbour, ...]:
    """What goes with the entity: the first views nearest to its second one, without it and its substitutes."""
    return _near(tx, "recall/matching_entities", entity, exclude, items)


def _near(tx: Transaction, statement: str, entity: str, exclude: Sequence[str], items: int) -> tuple[Neighbour, ...]:
    rows = tx.packed(statement, entity=entity, exclude=list(exclude), limit=_ENTITIES, items=items)
    return tuple(
        Neighbour(
            Concept(source, source_name),
            Concept(target, target_name),
            similarity,
            tuple(Shortlisted(*row) for row in shortlist if row[0] is not None),
        )
        for source, source_name, target, target_name, similarity, shortlist in rows
    )
