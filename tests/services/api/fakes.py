"""A shop small enough to know by heart, behind every port that the API is given."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from graph.errors import KerecError, NotFoundError
from graph.records import Event
from services.api.ports import ApiParts
from services.recall.port import Because, Concept, Explanation, Recommendation, Recommendations

RELEASE = "r-1"
TENT, MAT = Concept("tent", "Tent"), Concept("sleeping-mat", "Sleeping mat")
BECAUSE = Because("i3", TENT, MAT, 0.81, "Whoever sleeps in a tent lies on something.")
EDGE = Explanation(TENT, MAT, "COMPLEMENTS", 0.81, 0.9, BECAUSE.reason, "recorded", RELEASE)
ITEMS = tuple(f"i{number}" for number in range(120))
ODD_IDS = (
    "a/b",
    "a/recommendations",
    "..",
    ".",
    "%",
    "%2F",
    "/",
    "//",
    "/a/",
    " ",
    "ä ö",
    "日本",
    "a?b#c",
    "a+b;c",
    "\x00",
)


def ranked(names: Sequence[str], k: int) -> tuple[Recommendation, ...]:
    """Items in the given order; every second one has an edge behind it."""
    return tuple(
        Recommendation(
            rank=rank,
            item_id=name,
            title=f"Title of {name} – “é”",
            score=round(1 / rank, 6),
            channel="complementary" if rank % 2 else "popularity",
            because=BECAUSE if rank % 2 else Because(),
        )
        for rank, name in enumerate(names[:k], start=1)
    )


@dataclass
class Shop:
    """Recommender, event sink, forgetter and health in one; `down` is raised by whatever needs the graph."""

    users: set[str] = field(default_factory=lambda: {"u1", *ODD_IDS})
    items: set[str] = field(default_factory=lambda: {*ITEMS, *ODD_IDS})
    journal: dict[str, Event] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    down: Exception | None = None
    disk: KerecError | None = None
    seconds: float = 0.0

    def _graph(self) -> None:
        time.sleep(self.seconds)
        if self.down is not None:
            raise self.down

    def for_user(self, user: str, k: int) -> Recommendations:
        self._graph()
        return Recommendations(ranked(ITEMS, k), user in self.users, RELEASE, user_id=user)

    def for_basket(self, items: Sequence[str], k: int, exclude: Sequence[str] = ()) -> Recommendations:
        self._graph()
        unknown = tuple(item for item in items if item not in self.items)
        left = [item for item in ITEMS if item not in {*items, *exclude}]
        return Recommendations(ranked(left, k), len(unknown) < len(items), RELEASE, unknown_items=unknown)

    def _beside(self, item: str, k: int) -> Recommendations:
        self._graph()
        if item not in self.items:
            raise NotFoundError(f"No item has the id {item!r}.")
        return Recommendations(ranked([other for other in ITEMS if other != item], k), True, RELEASE)

    complements = substitutes = _beside

    def explain(self, source: str, target: str) -> tuple[Explanation, ...]:
        self._graph()
        for end in (source, target):
            if end not in {*self.items, "entity:tent", "entity:sleeping-mat"}:
                raise NotFoundError(f"Nothing has the id {end!r}.")
        return (EDGE,) if source != target else ()

    def known_items(self, ids: Collection[str]) -> set[str]:
        return self.items & set(ids)

    def accept(self, events: Sequence[Event]) -> Written:
        if self.disk is not None:
            raise self.disk
        before = len(self.journal)
        clashes = tuple(n for n, event in enumerate(events) if self.journal.setdefault(event.id, event) != event)
        fresh = len(self.journal) - before
        return Written(fresh, len(events) - fresh - len(clashes), clashes)

    def forget(self, user: str) -> None:
        self._graph()
        self.forgotten.append(user)

    def check(self) -> None:
        self._graph()


@dataclass(frozen=True, slots=True)
class Written:
    """What the journal answers."""

    accepted: int
    duplicate: int
    conflicts: tuple[int, ...] = ()


def parts(shop: Shop) -> ApiParts:
    """The shop behind every port."""
    return ApiParts(recommender=shop, events=shop, forgetter=shop, health=shop)
