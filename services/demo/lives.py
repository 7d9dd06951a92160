"""What one shopper of the demo shop wants and buys: missions first, then what the bought things call for."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from services.demo.shelves import Shelves

HORIZON = 30.0  # days within which a need shows
REPEAT = 0.06  # share of purchases that are bought again later
Needs = Mapping[str, Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True, order=True)
class Want:
    """A concept wanted from day `since` and bought on day `due`."""

    due: float
    concept: str
    since: float
    again: bool = False


@dataclass(frozen=True, slots=True)
class Purchase:
    """One item (a row of the item table) bought on a day."""

    day: float
    row: int
    concept: str


@dataclass(frozen=True, slots=True)
class Life:
    """A shopper's purchases in time order, and the wants behind them."""

    purchases: list[Purchase] = field(default_factory=list)
    wants: list[Want] = field(default_factory=list)

    def open_wants(self, day: float) -> list[str]:
        """Concepts wanted that day and not bought yet."""
        return [want.concept for want in self.wants if want.since < day <= want.due]

    def bought_before(self, day: float) -> list[str]:
        """Concepts bought before that day, oldest first."""
        return [purchase.concept for purchase in self.purchases if purchase.day < day]


def live(rng: np.random.Generator, shelves: Shelves, needs: Needs, days: float) -> Life:
    """One shopper's life in the shop over `days` days; a concept is bought once unless it is a repeat."""
    life, owned = Life(), set[str]()
    favourites = {name: str(rng.choice(dept.brands)) for name, dept in shelves.departments.items() if dept.brands}
    agenda = list(_missions(rng, shelves, days))
    heapq.heapify(agenda)
    while agenda:
        want = heapq.heappop(agenda)
        if want.due >= days or (want.concept in owned and not want.again):
            continue
        shelf = shelves.concepts[want.concept]
        row = shelf.pick(rng, want.due, favourites.get(shelf.department, ""))
        if row is None:
            continue
        owned.add(want.concept)
        life.wants.append(want)
        life.purchases.append(Purchase(want.due, row, want.concept))
        for follower in _followers(rng, want, needs):
            heapq.heappush(agenda, follower)
    return life


def _missions(rng: np.random.Generator, shelves: Shelves, days: float) -> Iterator[Want]:
    names = sorted(shelves.departments)
    visited = rng.choice(names, size=min(len(names), 1 + int(rng.random() < 0.4)), replace=False)
    for _ in range(1 + int(rng.poisson(0.45))):
        department = shelves.departments[str(rng.choice(visited))]
        start = float(rng.uniform(0.0, 0.95 * days))
        for _ in range(1 + int(rng.poisson(0.35))):
            yield Want(start + float(rng.uniform(0.0, 0.2)), department.pick(rng), start)


def _followers(rng: np.random.Generator, want: Want, needs: Needs) -> Iterator[Want]:
    for tail, rate in needs.get(want.concept, ()):
        if rng.random() < rate:
            yield Want(want.due + HORIZON * float(rng.beta(1.0, 3.0)), tail, want.due)
    if rng.random() < REPEAT:
        yield Want(want.due + float(rng.uniform(20.0, 45.0)), want.concept, want.due, again=True)
