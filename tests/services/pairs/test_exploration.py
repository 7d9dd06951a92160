from collections import Counter

import pytest

from services.pairs.exploration import explore

MIDDLE, TAIL = [0, 1, 2], [3, 4, 5, 6]
SPACE = {(a, b) for a in range(7) for b in range(7) if a != b and not (a in MIDDLE and b in MIDDLE)}


def test_a_large_quota_reaches_every_pair_once() -> None:
    drawn = explore(MIDDLE, TAIL, 1_000, 0, lambda head, tail: True)
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == SPACE


def test_refused_pairs_are_never_drawn_and_the_quota_is_still_met() -> None:
    drawn = explore(MIDDLE, TAIL, 3, 1, lambda head, tail: head == 6)
    assert len(set(drawn)) == 3
    assert {head for head, _ in drawn} == {6}


def test_draws_are_even() -> None:
    counts = Counter(explore(MIDDLE, TAIL, 1, seed, lambda head, tail: True)[0] for seed in range(3_000))
    assert set(counts) == SPACE
    assert max(counts.values()) < 2.5 * min(counts.values())


@pytest.mark.parametrize(("middle", "tail", "quota"), [([], [], 5), ([0], [], 5), ([0], [1], 0), ([], [1], 5)])
def test_nothing_to_draw(middle: list[int], tail: list[int], quota: int) -> None:
    assert explore(middle, tail, quota, 0, lambda head, tail: True) == []


def test_the_seed_decides() -> None:
    first, again, other = (explore(MIDDLE, TAIL, 5, seed, lambda head, tail: True) for seed in (7, 7, 8))
    assert first == again
    assert first != other
