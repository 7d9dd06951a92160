"""Cases beside slow loops over lives."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.training.ranker.shops import items, timelines
from training.ranker.cases import before_targets, cases
from training.ranker.catalogue import Catalogue


def slow_cases(back: int) -> list[tuple[int, str, list[tuple[str, float]]]]:
    """Actor number, target, and what was owned with its age, newest first."""
    lives: dict[str, list[str]] = defaultdict(list)
    for actor, item, _ in timelines().iter_rows():
        lives[actor].append(item)
    found = []
    for number, actor in enumerate(sorted(lives)):
        life = lives[actor]
        for left in range(1, back + 1):
            before, target = life[:-left], life[len(life) - left] if left <= len(life) else ""
            if before and target not in before:
                seen: dict[str, float] = {}
                for age, item in enumerate(reversed(before)):
                    seen.setdefault(item, float(age))
                found.append((number, target, list(seen.items())))
    return found


@pytest.mark.parametrize("back", [1, 3])
def test_cases_agree_with_slow_loops(back: int) -> None:
    catalogue = Catalogue.of(items())
    every = cases(before_targets(timelines(), catalogue, back))
    ids = catalogue.ids
    found = [
        (
            int(every.actor[case]),
            ids[every.target[case]],
            [(ids[item], float(age)) for item, age in zip(every.items[start:end], every.ages[start:end], strict=True)],
        )
        for case, (start, end) in enumerate(zip(every.starts[:-1], every.starts[1:], strict=True))
    ]
    assert found == slow_cases(back)


def test_a_part_holds_the_chosen_cases() -> None:
    catalogue = Catalogue.of(items())
    every = cases(before_targets(timelines(), catalogue, 2))
    import numpy as np

    chosen = np.array([5, 2, 9])
    part = every.part(chosen)
    for place, case in enumerate(chosen):
        mine = slice(part.starts[place], part.starts[place + 1])
        theirs = slice(every.starts[case], every.starts[case + 1])
        assert part.items[mine].tolist() == every.items[theirs].tolist()
        assert part.ages[mine].tolist() == every.ages[theirs].tolist()
    assert part.target.tolist() == every.target[chosen].tolist()


def test_no_purchases_no_cases() -> None:
    every = cases(before_targets(timelines().clear(), Catalogue.of(items()), 2))
    assert every.target.tolist() == []
    assert every.starts.tolist() == [0]
