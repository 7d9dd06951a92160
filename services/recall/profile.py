"""What is known of a user or basket when recall begins: items owned, entities owned, and interests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# A basket is bought at one moment, so each of its items counts as a purchase of age 0 (spec, section 4, rho).
_FRESH_INTEREST = 0.9
_MAX_INTERESTS = 20
_MAX_TRIGGERS = 20  # beyond it exp(-age) is below 1e-8


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One item owned: its place in the timeline (0 the oldest), main entity and the stored interest in that.

    `interest` is 0 where it has faded, and None in a basket, of which nothing is stored. `durable` as the dictionary
    marks the entity.
    """

    item: str
    position: int
    entity: str | None
    interest: float | None
    durable: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """A history, newest item first, and the release that served it (None where nothing is known).

    Without `drop_durables` a durable that is owned may be offered again.
    """

    rows: tuple[HistoryRow, ...]
    release: str | None = None
    drop_durables: bool = True

    @property
    def items(self) -> list[str]:
        """The ids of the items owned, newest first."""
        return [row.item for row in self.rows]

    @property
    def entities(self) -> list[str]:
        """The main entities owned, newest first, each once."""
        return list(dict.fromkeys(row.entity for row in self.rows if row.entity is not None))

    @property
    def dropped(self) -> list[str]:
        """The durable main entities owned, newest first: no channel offers a second item of these."""
        kinds = (row.entity for row in self.rows if row.durable and row.entity is not None)
        return list(dict.fromkeys(kinds)) if self.drop_durables else []

    def triggers(self) -> list[dict[str, object]]:
        """The newest items with their recency weight exp(-age) in (0, 1], age 0 for the newest purchase."""
        if not self.rows:
            return []
        newest = self.rows[0].position
        return [{"item": row.item, "weight": math.exp(row.position - newest)} for row in self.rows[:_MAX_TRIGGERS]]

    def interests(self) -> list[dict[str, object]]:
        """The strongest interests in (0, 1]: those stored, or what the purchases of a basket give."""
        stored = {row.entity: row.interest for row in self.rows if row.entity and row.interest is not None}
        weights = stored or self._fresh()
        strongest = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:_MAX_INTERESTS]
        return [{"entity": entity, "weight": weight} for entity, weight in strongest if weight > 0]

    def latest_of(self) -> dict[str, str]:
        """The newest item owned of each entity."""
        latest: dict[str, str] = {}
        for row in self.rows:
            if row.entity is not None:
                latest.setdefault(row.entity, row.item)
        return latest

    def ages(self) -> dict[str, int]:
        """Purchases since the newest one of each entity, 0 for the newest of all."""
        ages: dict[str, int] = {}
        for row in self.rows:
            if row.entity is not None:
                ages.setdefault(row.entity, self.rows[0].position - row.position)
        return ages

    def _fresh(self) -> dict[str, float]:
        missed: dict[str, float] = {}
        for row in self.rows:
            if row.entity is not None:
                missed[row.entity] = missed.get(row.entity, 1.0) * (1.0 - _FRESH_INTEREST)
        return {entity: 1.0 - miss for entity, miss in missed.items()}


def profile(rows: Iterable[Sequence[Any]]) -> Profile:
    """A profile from rows (item, position, entity, interest, release, durable), newest first; a repeated item counts
    once."""
    unique: dict[str, HistoryRow] = {}
    served = None
    for item, position, entity, interest, release, durable in rows:
        unique.setdefault(item, HistoryRow(item, position, entity, interest, durable))
        served = release
    return Profile(tuple(unique.values()), served)
