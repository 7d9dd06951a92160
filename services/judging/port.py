"""What judges: the port behind which recorded verdicts and language models answer alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph.records import Entity, Verdict

PairKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EntityPair:
    """An ordered pair to judge: is `tail` wanted after `head` was bought?"""

    head: Entity
    tail: Entity

    @property
    def key(self) -> PairKey:
        """The ids of head and tail."""
        return self.head.id, self.tail.id


class Judge(Protocol):
    """Verdicts about ordered pairs, one by one, so that each is stored before the next is paid."""

    @property
    def name(self) -> str:
        """Who judges, as stored with every verdict."""

    @property
    def prompt(self) -> str:
        """The version of what is asked; a pair is never asked twice under one version."""

    def judge(self, pairs: Sequence[EntityPair]) -> Iterator[Verdict]:
        """At most one verdict per pair, in any order; raises KerecError after all verdicts that were paid."""
