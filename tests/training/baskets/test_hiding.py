"""A line of each basket hidden, beside slow loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from tests.training.evaluation.toy import PURCHASES, SORTED, Purchase, histories, lives
from training.baskets.hiding import hide_line, ordered


@given(rows=PURCHASES)
def test_what_is_left_and_what_is_hidden_make_the_basket(rows: list[Purchase]) -> None:
    known = histories(rows)
    found = hide_line(known, np.arange(len(known.actors)), np.random.default_rng(0))
    baskets = {actor: [item for item, _ in life] for actor, life in lives(rows).items()}
    for case, actor in enumerate(found.contexts.actors):
        start, end = found.contexts.starts[case : case + 2]
        left = [SORTED[code] for code in found.contexts.item[start:end]]
        answer = SORTED[found.answers[case]]
        assert sorted([*left, answer]) == sorted(baskets[actor])
        if ordered(known):
            assert [*left, answer] == baskets[actor]
    if not ordered(known):
        assert list(found.contexts.actors) == [actor for actor in known.actors if len(baskets[actor]) > 1]


def test_without_order_every_line_is_hidden_at_some_time() -> None:
    known = histories([("b", item, None) for item in ("10", "9", "2")])
    generator = np.random.default_rng(0)
    seen = {int(hide_line(known, np.array([0]), generator).answers[0]) for _ in range(40)}
    assert seen == set(known.item.tolist())
