"""What a shopper of the demo shop sees and clicks: recommended lists with position bias, and free browsing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graph.records import EventType
from services.demo.lives import Life, Needs, Purchase
from services.demo.shelves import Shelves

EXAMINED = (0.95, 0.72, 0.55, 0.43, 0.34, 0.28)  # how likely each position is looked at, top first
REQUESTED = 0.25  # share of purchases before which a list was shown
BROWSED = 0.25  # share of purchases before which rivals were looked at
MINUTE = 1.0 / 1440.0
CLICKED = {"wanted": 0.7, "familiar": 0.12, "other": 0.03}  # once examined


@dataclass(frozen=True, slots=True)
class Touch:
    """One event of a shopper on a day; `position` counts from 0 and is given with its request only."""

    day: float
    row: int
    type: EventType
    position: int | None = None
    request: str | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """A shopper with a name for requests, walking the shelves with needs in mind."""

    name: str
    rng: np.random.Generator
    shelves: Shelves
    needs: Needs
    life: Life

    def touches(self) -> Iterator[Touch]:
        """Every event of this shopper, request by request and purchase by purchase."""
        for number, purchase in enumerate(self.life.purchases):
            if self.rng.random() < BROWSED:
                yield from self._browse(purchase)
            start = purchase.day - float(self.rng.uniform(15.0, 700.0)) * MINUTE
            if self.rng.random() < REQUESTED and start > 0:
                yield from self._request(start, purchase, f"r-{self.name}-{number}")
            yield Touch(purchase.day, purchase.row, EventType.PURCHASE)

    def _browse(self, purchase: Purchase) -> Iterator[Touch]:
        for _ in range(1 + int(self.rng.random() < 0.5)):
            day = max(0.0, purchase.day - float(self.rng.uniform(2.0, 60.0)) * MINUTE)
            row = self.shelves.concepts[purchase.concept].pick(self.rng, day)
            if row is not None and row != purchase.row:
                yield Touch(day, row, EventType.CLICK)

    def _request(self, day: float, purchase: Purchase, request: str) -> Iterator[Touch]:
        familiar, wanted = self.life.bought_before(day), self.life.open_wants(day)
        for position, (row, concept) in enumerate(self._list(day, purchase)):
            yield Touch(day, row, EventType.EXPOSURE, position, request)
            taste = "wanted" if concept in wanted else "familiar" if concept in familiar else "other"
            if self.rng.random() < EXAMINED[position] * CLICKED[taste]:
                seen = day + (0.3 * (position + 1) + float(self.rng.uniform(0.1, 2.0))) * MINUTE
                yield Touch(seen, row, EventType.CLICK, position, request)

    def _list(self, day: float, purchase: Purchase) -> list[tuple[int, str]]:
        shown: dict[int, str] = {}
        if self.rng.random() < 0.5 and self.shelves.concepts[purchase.concept].on_sale(purchase.row, day):
            shown[purchase.row] = purchase.concept
        for _ in range(4 * len(EXAMINED)):
            if len(shown) == len(EXAMINED):
                break
            concept = self._candidate(day, purchase)
            row = self.shelves.concepts[concept].pick(self.rng, day)
            if row is not None:
                shown.setdefault(row, concept)
        rows = list(shown.items())
        return [rows[i] for i in self.rng.permutation(len(rows))]

    def _candidate(self, day: float, purchase: Purchase) -> str:
        """A concept to show: half the time one that a bought thing may call for, else one of the department."""
        tails = [tail for head in self.life.bought_before(day) for tail, _ in self.needs.get(head, ())]
        if tails and self.rng.random() < 0.5:
            return str(self.rng.choice(tails))
        return self.shelves.departments[self.shelves.concepts[purchase.concept].department].pick(self.rng)
