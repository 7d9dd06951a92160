"""Hidden purchases beside slow loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.training.evaluation.toy import ITEMS, PURCHASES, SORTED, Purchase, ages, histories, lives
from training.cold.hiding import drawn, folds, hide
from training.evaluation.histories import Histories

COLD = st.sets(st.sampled_from(ITEMS))


def mask(cold: set[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([item in cold for item in SORTED])


def shown(known: Histories) -> list[tuple[str, list[str], list[float]]]:
    return [
        (actor, [known.items[code] for code in known.item[start:end]], known.age[start:end].tolist())
        for actor, start, end in zip(known.actors, known.starts[:-1], known.starts[1:], strict=True)
    ]


@given(rows=PURCHASES, cold=COLD)
def test_nothing_is_left_from_an_actors_first_hidden_purchase_on(rows: list[Purchase], cold: set[str]) -> None:
    kept = {}
    for actor, life in lives(rows).items():
        known = histories([(actor, *each) for each in life])
        first = min((known.moment[at] for at, each in enumerate(life) if each[0] in cold), default=np.inf)
        kept[actor] = [each for at, each in enumerate(life) if known.moment[at] < first]
    wanted = [(actor, [item for item, _ in life], ages(life)) for actor, life in kept.items()]
    assert shown(hide(histories(rows), mask(cold)).train) == wanted


@given(rows=PURCHASES, cold=COLD)
def test_a_case_is_a_hidden_purchase_with_what_was_visible_at_earlier_moments(
    rows: list[Purchase], cold: set[str]
) -> None:
    wanted = []
    for actor, life in lives(rows).items():
        known = histories([(actor, *each) for each in life])
        for place, (item, _) in enumerate(life):
            before = [
                life[at] for at in range(place) if known.moment[at] < known.moment[place] and life[at][0] not in cold
            ]
            if item in cold and before:
                wanted.append((actor, [each for each, _ in before], ages(before), item))
    found = hide(histories(rows), mask(cold))
    answers = [SORTED[code] for code in found.answers]
    assert [(*case, answer) for case, answer in zip(shown(found.contexts), answers, strict=True)] == wanted


@given(rows=PURCHASES, cold=COLD, count=st.integers(1, 4), seed=st.integers(0, 9))
def test_by_folds_every_case_is_asked_once_and_all_others_are_learned_from_whole(
    rows: list[Purchase], cold: set[str], count: int, seed: int
) -> None:
    known = histories(rows)
    part = folds(len(known.actors), count, seed)
    assert np.ptp(np.bincount(part, minlength=count)) <= 1
    whole, cases = hide(known, mask(cold)), []
    for number in range(count):
        asked = {actor for actor, fold in zip(known.actors, part, strict=True) if fold == number}
        found = hide(known, mask(cold), part == number)
        for (actor, held, _), mine in zip(shown(found.train), shown(whole.train), strict=True):
            visible = [item for item, _ in lives(rows)[actor] if item not in cold]
            assert held == (mine[1] if actor in asked else visible)
        assert set(found.contexts.actors) <= asked
        cases += [*zip(shown(found.contexts), found.answers.tolist(), strict=True)]
    assert sorted(cases) == sorted(zip(shown(whole.contexts), whole.answers.tolist(), strict=True))


def test_drawn_items_were_bought_often_enough_and_depend_on_the_seed() -> None:
    rows = [(f"u{number}", item, None) for item in ITEMS[:4] for number in range(5)] + [("u0", "B", None)]
    known = histories(sorted(rows))
    first = drawn(known, 2, 5, seed=0)
    assert first.sum() == 2
    assert not first[SORTED.index("B")]
    assert (first == drawn(known, 2, 5, seed=0)).all()
    assert any((first != drawn(known, 2, 5, seed=seed)).any() for seed in range(1, 9))
    assert drawn(known, 9, 5, seed=0).sum() == 4
