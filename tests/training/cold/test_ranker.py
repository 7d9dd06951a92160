"""The ranker of cold items on a shop whose answer is known, and its evidence beside slow loops."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.cold.shop import catalogue, content, histories
from training.cold.evidence import NAMES, Evidence
from training.cold.hiding import hide
from training.cold.likeness import Likeness
from training.cold.needs import RHO, STEPS
from training.cold.ranker import ColdRanker
from training.cold.rules import rules
from training.evaluation.baselines.directed import SMOOTHING, counted, followed
from training.evaluation.fitted import Fitted
from training.evaluation.ranking_metrics import gains
from training.evaluation.task import Task

COLD = ("paint-Alba-0", "paint-Brix-1", "paint-Coro-2", "brush-Alba-3")


@pytest.fixture(scope="module")
def cold() -> Task:
    known = histories()
    mask = np.array([item in COLD for item in known.items])
    hidden = hide(known, mask)
    return Task("cold", hidden.train, hidden.contexts, hidden.answers, mask, depth=2)


def test_it_knows_whose_brand_is_bought_next(cold: Task) -> None:
    ranker = ColdRanker(content(), groups=4, size=8, cases=100)
    ranks = Fitted("ours", ranker).answer(cold, seed=0).ranks
    best = gains(ranks)["recall", 5].mean()
    assert best == 1.0
    paints = np.array([cold.train.items[code].startswith("paint") for code in cold.answers])
    assert (ranks[paints] == 0).mean() > 0.95


def test_every_rule_beats_chance(cold: Task) -> None:
    known = content()
    for family in rules(known, Likeness.of(known)):
        ranks = Fitted(family.name, family.grid[0]).answer(cold, seed=0).ranks
        assert (ranks < 2).mean() > 0.5, family.name


def test_the_same_seed_gives_the_same_scores(cold: Task) -> None:
    first, again = (ColdRanker(content(), groups=3, size=8, cases=50).fit(cold.train)(cold.contexts) for _ in range(2))
    assert (first == again).all()


def test_only_candidates_are_scored_and_as_among_all(cold: Task) -> None:
    some = np.array([3, 7, 20])
    every, few = (
        ColdRanker(content(), columns, groups=3, size=8, cases=50).fit(cold.train)(cold.contexts)
        for columns in (None, some)
    )
    assert few[:, some] == pytest.approx(every[:, some], abs=1e-5)
    assert np.isneginf(np.delete(few, some, axis=1)).all()


def test_without_purchases_every_score_is_equal() -> None:
    nothing = histories(users=0)
    scores = ColdRanker(content()).fit(nothing)(histories(users=2))
    assert scores.shape == (2, len(catalogue()))
    assert np.ptp(scores) == 0


@pytest.fixture(scope="module")
def blocks(cold: Task) -> dict[str, np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    known = content()
    evidence = Evidence(cold.train, known, Likeness.of(known))
    columns = np.arange(len(known.titles))
    return dict(zip(NAMES, evidence.features(cold.contexts.take(np.arange(6)), columns), strict=True))


def test_a_group_carries_what_its_other_items_are_owed(cold: Task, blocks: dict[str, np.ndarray]) -> None:
    rows, items = catalogue().to_dicts(), cold.train.items
    weights = followed(cold.train).toarray()
    for case in range(6):
        start, end = cold.contexts.starts[case : case + 2]
        held, age = cold.contexts.item[start:end], cold.contexts.age[start:end]
        for column in range(len(items)):
            others = [at for at in range(len(items)) if at != column and rows[at]["brand"] == rows[column]["brand"]]
            slow = sum(np.exp(-a) * weights[item, others].sum() for item, a in zip(held, age, strict=True))
            assert blocks["item 1 > brand"][case, column] == pytest.approx(slow, abs=1e-5)


def test_a_groups_transitions_are_shares_of_what_followed_its_items(cold: Task, blocks: dict[str, np.ndarray]) -> None:
    rows = catalogue().to_dicts()
    counts = counted(cold.train).toarray()
    brand = [row["brand"] for row in rows]
    sums = {name: counts[[at for at, b in enumerate(brand) if b == name]].sum(axis=0) for name in set(brand)}
    shares = {name: values / (values.sum() + SMOOTHING) for name, values in sums.items()}
    start, end = cold.contexts.starts[:2]
    for column, row in enumerate(rows):
        others = [at for at in range(len(rows)) if at != column and brand[at] == row["brand"]]
        slow = sum(
            np.exp(-age) * shares[brand[item]][others].sum()
            for item, age in zip(cold.contexts.item[start:end], cold.contexts.age[start:end], strict=True)
        )
        assert blocks["brand 1 > brand"][0, column] == pytest.approx(slow, abs=1e-5)


def test_needs_are_those_of_the_spec(cold: Task, blocks: dict[str, np.ndarray]) -> None:
    rows = catalogue().to_dicts()
    for case in range(6):
        start, end = cold.contexts.starts[case : case + 2]
        held = [
            (rows[item]["entity"], age)
            for item, age in zip(cold.contexts.item[start:end], cold.contexts.age[start:end], strict=True)
        ]
        rest = np.prod([1 - RHO * np.exp(-age / STEPS) for entity, age in held if entity == "brush"])
        for column, row in enumerate(rows):
            slow = 0.8 * (1 - rest) if row["entity"] == "paint" else 0.0
            assert blocks["needs"][case, column] == pytest.approx(slow, abs=2e-3)
            last = 0.8 if row["entity"] == "paint" and held[-1][0] == "brush" else 0.0
            assert blocks["need of the newest"][case, column] == pytest.approx(last)


def test_an_items_own_purchases_never_speak_for_it(cold: Task) -> None:
    """What was bought is measured as if it had not been: its evidence is the same where only its purchases differ."""
    known = content()
    likeness = Likeness.of(known)
    carrier = likeness.carrier("mixed", np.ones(len(known.titles), dtype=np.bool_), 20)
    assert not carrier.diagonal().any()
    assert carrier.sum(axis=1) == pytest.approx(np.ones(len(known.titles)), abs=1e-5)
