"""The channels: each runs one staged statement of `cypher/recall/` inside the caller's read transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.client import Transaction
from services.recall.candidates import Copurchased, Edge, Led, Popular, Shortlisted, Target
from services.recall.port import Because, Concept
from services.recall.profile import Profile, profile
from training.ranker.reach import TRIGGERS, cap

COMPLEMENTARY, COPURCHASE, CONTENT, POPULARITY = "complementary", "copurchase", "content", "popularity"
EVIDENCE = "evidence"  # what co-purchase and content lead to, before a learned ranker names the channel of each
# Read for every trigger: its first followers, and all whose part of a score is not faint. On Beauty this is a third of
# what there is, with R@10 and NDCG@10 the same to the fourth decimal.
_FIRST = 10
_FAINT = 0.0005
_TARGETS = 20  # complementary entities kept: at 5 items each, enough for the longest list of 100


def history(tx: Transaction, user: str) -> Profile:
    """What a user bought; empty for an unknown user."""
    return profile(tx.packed("recall/history", user=user))


def basket(tx: Transaction, items: Sequence[str]) -> Profile:
    """The known items of a basket, given oldest first; unknown ones age no other, a repeated one stands last."""
    once = list(dict.fromkeys(reversed(items)))[::-1]
    rows = tx.packed("recall/basket", items=once) if once else []
    return profile((item, len(rows) - age, *rest) for age, (item, _, *rest) in enumerate(rows, 1))


def complementary(tx: Transaction, known: Profile, exclude: Sequence[str], per_entity: int) -> tuple[Target, ...]:
    """Entities that complement what is owned, strongest first, each with its shortlist.

    Entities owned already are left out, and with them every item whose main entity was bought.
    """
    interests = known.interests()
    if not interests:
        return ()
    latest = known.latest_of()
    rows = tx.packed(
        "recall/complementary",
        interests=interests,
        owned=known.entities,
        exclude=list(exclude),
        targets=_TARGETS,
        items=per_entity,
    )
    return tuple(
        Target(
            concept := Concept(target, name),
            tuple(map(_edge, edges)),
            Because(latest.get(source), Concept(source, source_name), concept, weight, reason),
            tuple(Shortlisted(*row) for row in shortlist[:per_entity] if row[0] is not None),
        )
        for target, name, edges, source, source_name, weight, reason, shortlist in rows
    )


def _edge(row: Sequence[Any]) -> Edge:
    head, interest, weight, prior, affinity, items, pulls = row
    # A reader on Neo4j meets an edge that is being deleted with one of the two gone already.
    return Edge(head, interest, weight, prior, affinity, dict(zip(items or (), pulls or (), strict=False)))


def copurchase(tx: Transaction, known: Profile, exclude: Sequence[str], limit: int) -> tuple[Copurchased, ...]:
    """Items that others bought soon after the newest items owned, best first, none owned, dropped or excluded."""
    triggers = known.triggers()
    if not triggers:
        return ()
    rows = tx.packed(
        "recall/copurchase",
        triggers=triggers,
        exclude=[*known.items, *exclude],
        dropped=known.dropped,
        first=_FIRST,
        faint=_FAINT,
        limit=limit,
    )
    return tuple(Copurchased(*row) for row in rows)


def evidence(tx: Transaction, known: Profile, exclude: Sequence[str]) -> tuple[Led, ...]:
    """Items that the newest items owned lead to, with the evidence for each, none owned, dropped or excluded."""
    sources = [{"item": row.item, "place": place, "cap": cap(place)} for place, row in enumerate(known.rows[:TRIGGERS])]
    if not sources:
        return ()
    rows = tx.packed("recall/evidence", triggers=sources, exclude=[*known.items, *exclude], dropped=known.dropped)
    return tuple(Led(*row) for row in rows)


def popularity(tx: Transaction, known: Profile, exclude: Sequence[str], limit: int) -> tuple[Popular, ...]:
    """The most bought items, none owned, dropped or excluded."""
    rows = tx.packed("recall/popularity", exclude=[*known.items, *exclude], dropped=known.dropped, limit=limit)
    return tuple(Popular(*row) for row in rows)
