"""Cases beside slow loops over lives."""

from __future__ import annotations

from collections import defaultdict

import polars as pl
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


def test_what_stands_on_one_invoice_was_not_owned_before() -> None:
    """u buys two items at one moment after an earlier one; a basket has no moments but that of its lines."""
    line = {"actor": pl.String, "item": pl.String, "when": pl.Int64}
    one, two, three, *_ = items()["id"]
    rows = [("u:u", one, 1), ("u:u", two, 5), ("u:u", three, 5), ("b:1", one, 5), ("b:1", two, 5), ("u:v", one, 5)]
    bought = pl.DataFrame([*rows, ("u:v", two, 5)], schema=line, orient="row")
    catalogue = Catalogue.of(items())
    found = before_targets(bought, catalogue, 2)
    owned, targets = ([catalogue.ids[code] for code in found[name]] for name in ("item", "target"))
    assert sorted(zip(found["basket"], owned, targets, strict=True)) == sorted(
        [(False, one, two), (False, one, three), (True, one, two)]
    )


def test_no_purchases_no_cases() -> None:
    every = cases(before_targets(timelines().clear(), Catalogue.of(items()), 2))
    assert every.target.tolist() == []
    assert every.starts.tolist() == [0]
