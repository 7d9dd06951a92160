"""Ordered pairs of entities that no judge is ever asked about."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from graph.records import Entity


class Exclusions:
    """What is never asked: an entity with itself, an alias, its parent or child, blocked kinds, judged pairs."""

    def __init__(
        self,
        entities: Sequence[Entity],
        judged: Collection[tuple[str, str]] = frozenset(),
        blocked_kinds: Collection[str] = frozenset(),
    ) -> None:
        self._codes = {entity.id: code for code, entity in enumerate(entities)}
        self._blocked = np.array([entity.kind in blocked_kinds for entity in entities], dtype=np.bool_)
        self._rows: dict[int, set[int]] = {}
        for code, entity in enumerate(entities):
            self._exclude_both(code, self._codes.get(entity.parent or ""))
        self._exclude_shared_names(entities)
        for head, tail in judged:
            self._exclude(self._codes.get(head), self._codes.get(tail))

    def allowed(self, head: int) -> NDArray[np.bool_]:
        """True for every tail that may be asked with this head; codes are positions in `entities`, shape [E]."""
        if self._blocked[head]:
            return np.zeros_like(self._blocked)
        allowed = ~self._blocked
        allowed[[head, *self._rows.get(head, ())]] = False
        return allowed

    def allows(self, head: int, tail: int) -> bool:
        """Whether this one ordered pair may be asked."""
        blocked = self._blocked[head] or self._blocked[tail]
        return not (head == tail or blocked or tail in self._rows.get(head, ()))

    def _exclude_shared_names(self, entities: Sequence[Entity]) -> None:
        owners: dict[str, list[int]] = {}
        for code, entity in enumerate(entities):
            for name in {text.casefold().strip() for text in (entity.name, *entity.aliases)} - {""}:
                owners.setdefault(name, []).append(code)
        for codes in owners.values():
            for first in codes:
                for second in codes:
                    self._exclude(first, second)

    def _exclude_both(self, first: int | None, second: int | None) -> None:
        self._exclude(first, second)
        self._exclude(second, first)

    def _exclude(self, head: int | None, tail: int | None) -> None:
        if head is not None and tail is not None:
            self._rows.setdefault(head, set()).add(tail)
