"""What is taken out of the served lists is gone from them, and nothing else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.evaluating.ranked_variants import WithoutRecall, without_weights
from services.evaluating.variants import GROUPS, VARIANTS
from services.ranking.learned import LearnedRanking
from services.recall.candidates import Led, Target
from tests.services.ranking.test_learned import KNOWN, leads, ranking, targets
from training.ranker.model import RankerModel


@given(leads(), targets(), st.integers(1, 30))
def test_without_recall_only_other_channels_bring_candidates(
    led: tuple[Led, ...], recalled: tuple[Target, ...], k: int
) -> None:
    whole = ranking(cap=30).rank(KNOWN, led, recalled, 100)
    found = WithoutRecall(ranking(cap=30)).rank(KNOWN, led, recalled, 100)
    brought = {row.item for row in led}
    assert found == [row for row in whole if row.item in brought]
    assert WithoutRecall(ranking(cap=30)).rank(KNOWN, led, recalled, k) == found[:k]


def test_without_weights_the_booster_of_the_base_stays_and_that_of_knowledge_goes() -> None:
    base, knowledge = object(), object()
    learned = LearnedRanking(RankerModel(base, knowledge=knowledge), 3)  # type: ignore[arg-type]
    found = without_weights(learned)
    assert isinstance(found, LearnedRanking)
    assert (found.model.base, found.model.knowledge, found.cap) == (base, None, 3)


def test_every_variant_is_compared_with_the_whole_once() -> None:
    assert sorted(key for group in GROUPS.values() for key in group) == sorted(VARIANTS)
    assert all(whole in group for whole, group in GROUPS.items())
