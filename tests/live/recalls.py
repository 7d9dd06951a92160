"""Small graphs made by hand for recall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from graph import tables
from graph.client import GraphClient
from graph.ordering import natural
from graph.reconcile import write
from graph.tables import View
from services.workspace import claim, wipe

RELEASE = "r1"
SHORTLIST = 20


@dataclass(frozen=True)
class Thing:
    """An item; the main entity comes first in `entities`, which may be empty. `taken`: its share, None: its appeal."""

    entities: tuple[str, ...] = ()
    appeal: float = 0.5
    popularity: int = 0
    available: bool = True
    taken: float | None = None

    @property
    def share(self) -> float:
        return self.appeal if self.taken is None else self.taken

    @property
    def main(self) -> str | None:
        return self.entities[0] if self.entities else None


@dataclass(frozen=True)
class Toy:
    """All that recall reads of a graph. Names are ids with a capital first letter, reasons are "head tail"."""

    things: Mapping[str, Thing]
    entities: Sequence[str]
    bought: Mapping[str, Sequence[str]] = field(default_factory=dict)  # user → items, oldest first
    interests: Mapping[tuple[str, str], float] = field(default_factory=dict)  # user, entity
    complements: Mapping[tuple[str, str], float] = field(default_factory=dict)  # head, tail → weight
    substitutes: Mapping[tuple[str, str], int | None] = field(default_factory=dict)  # head, tail → strength
    before: Mapping[tuple[str, str], float] = field(default_factory=dict)  # item, next → weight
    durable: Collection[str] = ()  # entities
    pulls: Mapping[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)  # head, tail → item → pull

    def ranked(self) -> list[str]:
        """Available items, the most bought first."""
        stocked = [item for item, thing in self.things.items() if thing.available]
        return sorted(stocked, key=lambda item: (-self.things[item].popularity, natural(item)))

    def count(self, entity: str) -> int:
        """How many items have this main entity, available or not."""
        return sum(thing.main == entity for thing in self.things.values())

    def shelf(self, entity: str | None) -> list[str]:
        """The available items whose main entity this is, the most bought first."""
        return [item for item in self.ranked() if entity and self.things[item].main == entity]


def store(client: GraphClient, toy: Toy) -> None:
    """Makes the graph hold the toy and nothing else."""
    wipe(client)
    claim(client, "test", replace=False)
    places = {item: place for place, item in enumerate(toy.ranked(), 1)}
    judged = ("judge", "prompt", 1, 0)
    for view, rows in (
        (tables.SHOP_STATE, [("test", RELEASE, 0)]),
        (tables.ITEM, [(i, i.title(), None, None, None, None, thing.available) for i, thing in toy.things.items()]),
        (tables.ITEM_POPULARITY, [(i, t.popularity, places.get(i), t.appeal, t.share) for i, t in toy.things.items()]),
        (tables.ENTITY, [(e, e.title(), [], [], "", None, e in toy.durable or None, None) for e in toy.entities]),
        (tables.ENTITY_SEGMENT, [(entity, "head", float(toy.count(entity))) for entity in toy.entities]),
        (
            tables.IS_A,
            [(i, e, 1.0, e == t.main, "dictionary") for i, t in toy.things.items() for e in t.entities],
        ),
        (tables.OFFERS, [(e, i, rank) for e in toy.entities for rank, i in enumerate(toy.shelf(e)[:SHORTLIST], 1)]),
        (tables.USER, [(user,) for user in toy.bought]),
        (tables.BOUGHT, [(user, *row) for user, items in toy.bought.items() for row in _bought(items)]),
        (tables.INTERESTED_IN, [(*pair, weight, None) for pair, weight in toy.interests.items()]),
        (tables.COMPLEMENTS, [(*pair, 0.75, 2, " ".join(pair), *judged) for pair in toy.complements]),
        (
            tables.COMPLEMENTS_WEIGHT,
            [
                (*pair, weight, 1, *_taken(toy.pulls.get(pair)), 0.25, RELEASE)
                for pair, weight in toy.complements.items()
            ],
        ),
        (tables.SUBSTITUTES, [(*pair, how, " ".join(pair), *judged) for pair, how in toy.substitutes.items()]),
        (tables.BOUGHT_BEFORE, [(*pair, weight, 1) for pair, weight in toy.before.items()]),
    ):
        write(client, view, _frame(view, rows))


def _taken(pulls: Mapping[str, float] | None) -> tuple[list[str] | None, list[float] | None]:
    return (None, None) if pulls is None else (list(pulls), list(pulls.values()))


def _bought(items: Sequence[str]) -> list[tuple[str, None, int, int]]:
    """Item, no time, count, and the position of the last purchase."""
    counts, last = Counter(items), {item: place for place, item in enumerate(items)}
    return [(item, None, counts[item], last[item]) for item in counts]


def _frame(view: View, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=view.schema, orient="row")
