"""The learned list: channels, caps, order and reasons, with a ranker whose scores are known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ordering import natural
from services.ranking.learned import LearnedRanking, active_facts, block, candidates
from services.recall.candidates import Edge, Led, Shortlisted, Target
from services.recall.port import Because, Concept
from services.recall.profile import Profile, profile
from training.ranker.calibration import Platt
from training.ranker.evidence import COLUMNS
from training.ranker.features import BASE, base_features
from training.ranker.model import Scores
from training.ranker.triples import KNOWLEDGE

KNOWN = profile([("new", 5, "e0", 0.9, "r1", False), ("old", 2, "e1", 0.4, "r1", False)])
ENTITIES = ("e2", "e3", "e4")
VALUES = st.sampled_from([0.0, 0.1, 0.5])


def edge(weight: float, head: str = "e0") -> Edge:
    """One from an entity of `KNOWN`, by which i1 takes twice its share."""
    return Edge(head, 0.9, weight, 0.75, 0.5, {"i1": 2.0})


@dataclass(frozen=True)
class Plain:
    """f_base is what the newest item's followers give; an active edge adds `known`."""

    known: float = 1.0
    calibrated: Platt = field(default=Platt(2.0, -1.0))

    def score(self, features, active, facts) -> Scores:  # type: ignore[no-untyped-def]
        known = np.zeros(len(features))
        known[active] = self.known * facts[:, 0]
        base = features[:, BASE.index("followed_soon")].astype(np.float64)
        return Scores(base + known, known)


@st.composite
def leads(draw: st.DrawFn) -> tuple[Led, ...]:
    items = draw(st.sets(st.integers(0, 20)))
    return tuple(
        Led(
            f"i{item}",
            f"Title {item}",
            (*ENTITIES, None)[item % 4],
            0.5,
            0.1,
            [
                [place, *draw(st.lists(VALUES, min_size=len(COLUMNS), max_size=len(COLUMNS)))]
                for place in draw(st.sampled_from([(0,), (1,), (0, 1)]))
            ],
        )
        for item in sorted(items)
    )


@st.composite
def targets(draw: st.DrawFn) -> tuple[Target, ...]:
    return tuple(
        Target(
            Concept(entity, entity.upper()),
            tuple(edge(active) for active in draw(st.lists(st.sampled_from([0.25, 0.5]), min_size=1, max_size=3))),
            Because("old", Concept("e1", "E1"), Concept(entity, entity.upper()), 0.5, "why"),
            tuple(Shortlisted(f"i{item}", f"Title {item}", 0.5, 0.1) for item in range(24) if item % 4 == place),
        )
        for place, entity in enumerate(ENTITIES)
        if draw(st.booleans())
    )


def ranking(known: float = 1.0, cap: int = 2) -> LearnedRanking:
    return LearnedRanking(Plain(known), cap)  # type: ignore[arg-type]


@given(leads(), targets(), st.sampled_from([1, 5, 20, 100]), st.sampled_from([-0.5, 0.0, 1.0]))
def test_a_list_falls_holds_the_caps_and_says_honestly_why(
    led: tuple[Led, ...], known: tuple[Target, ...], k: int, adds: float
) -> None:
    listed = ranking(adds).rank(KNOWN, led, known, k)
    entities = {target.entity.id: target for target in known}
    own = {row.item: row for row in led}
    shown: Counter[str] = Counter()
    assert len(listed) <= k
    assert len({row.item for row in listed}) == len(listed)
    for above, below in pairwise(listed):
        assert above.score > below.score or natural(above.item) < natural(below.item)
    for row in listed:
        entity = (*ENTITIES, None)[int(row.item[1:]) % 4]
        target = entities.get(entity) if entity else None
        assert 0 < row.score < 1
        if row.channel == "complementary":
            assert target is not None
            shown[target.entity.id] += 1
            assert adds > 0 or row.item not in own
        else:
            bought = any(value > 0 for piece in own[row.item].evidence for value in piece[1:4])
            assert row.channel == ("copurchase" if bought else "content")
        edge = target if row.channel == "complementary" or adds > 0 else None
        assert row.because == (edge.because if edge else Because(bought=row.because.bought))
        assert row.because.bought in ("new", "old")
    assert max(shown.values(), default=0) <= 2


@given(leads(), targets())
def test_without_knowledge_the_list_is_the_base_list(led: tuple[Led, ...], known: tuple[Target, ...]) -> None:
    plain = LearnedRanking(Plain(), 2, knowledge=False)  # type: ignore[arg-type]
    assert plain.rank(KNOWN, led, known, 20) == ranking().rank(KNOWN, led, (), 20)


@given(leads(), targets())
def test_the_longest_list_begins_with_the_shorter_one(led: tuple[Led, ...], known: tuple[Target, ...]) -> None:
    assert ranking().rank(KNOWN, led, known, 3) == ranking().rank(KNOWN, led, known, 100)[:3]


def test_nothing_recalled_nothing_listed() -> None:
    assert ranking().rank(KNOWN, (), (), 20) == []


def test_candidates_are_read_as_the_features_ask() -> None:
    evidence = [[0, 0.5, 0, 0, 0.25, 0, 0, 0], [1, 0.25, 0, 0, 0.5, 0, 0, 0]]
    target = Target(
        Concept("e2", "E2"), (edge(0.5, "e1"), edge(0.25)), Because(), (Shortlisted("i9", "Nine", 0.75, 0.2),)
    )
    found = candidates([Led("i1", "One", "e2", 0.5, 0.4, evidence)], [target], 2)
    features = dict(zip(BASE, base_features(block(KNOWN, found)).T.tolist(), strict=True))
    assert features["followed_soon"] == pytest.approx([0.5 + np.exp(-3) * 0.25, 0])
    assert features["followed_newest"] == [0.5, 0]
    assert features["title_best"] == [0.5, 0]
    assert features["sources"] == [2, 0]
    assert features["youngest"] == [0, 99]
    assert features["appeal"] == [0.5, 0.75]
    assert features["owned"] == [2, 2]
    active, facts = active_facts(KNOWN, found)
    assert active.tolist() == [0, 1]
    known = dict(zip(KNOWLEDGE, facts.T.tolist(), strict=False))
    # The pull of i1 is 2 by either edge; i9 takes its share.
    assert known["strength"] == pytest.approx([1 - (1 - 0.9 * 0.5 * 0.8) * (1 - 0.9 * 0.25 * 0.8), 1 - 0.91 * 0.955])
    assert known["logit_max"] == pytest.approx([log(0.4 / 0.6), log(0.1 / 0.9)])
    assert known["edges"] == [2, 2]
    assert known["attention"] == pytest.approx([0.5, 0.5])
    assert known["prior"] == [0.75, 0.75]
    assert known["age"] == [0, 0]
    assert known["share"] == pytest.approx([0.4, 0.2])
    assert known["appeal"] == [0.5, 0.75]


@pytest.mark.parametrize(("adds", "channel", "told"), [(1.0, "complementary", True), (-1.0, "copurchase", False)])
def test_an_edge_that_adds_nothing_is_no_reason(adds: float, channel: str, told: bool) -> None:
    because = Because("old", Concept("e1", "E1"), Concept("e2", "E2"), 0.5, "why")
    target = Target(Concept("e2", "E2"), (edge(0.5),), because, ())
    led = Led("i1", "One", "e2", 0.5, 0.1, [[0, 0.5, 0, 0, 0, 0, 0, 0]])
    [row] = ranking(adds).rank(KNOWN, [led], [target], 20)
    assert (row.channel, row.because) == (channel, because if told else Because(bought="new"))


def test_a_user_of_one_item() -> None:
    known: Profile = profile([("only", 0, None, 0.0, "r1", False)])
    led = [Led("i1", "One", None, 0.5, 0.1, [[0, 0, 0, 0, 0.25, 0, 0, 0]])]
    [row] = ranking().rank(known, led, (), 20)
    assert (row.channel, row.because) == ("content", Because(bought="only"))
