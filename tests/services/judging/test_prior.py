from dataclasses import replace

import pytest

from graph.errors import SettingsError
from graph.records import Label, Verdict
from services.judging.prior import Decision, StrengthPriors, decide, prior

VERDICT = Verdict("a", "b", Label.COMPLEMENT, "because", "judge", "prompt")


@pytest.mark.parametrize(
    ("label", "decision"),
    [
        (Label.COMPLEMENT, Decision.ACCEPTED),
        (Label.SUBSTITUTE, Decision.REJECTED),
        (Label.SAME_OR_PARENT, Decision.REJECTED),
        (Label.UNRELATED, Decision.REJECTED),
        (Label.UNSURE, Decision.UNSURE),
    ],
)
def test_without_a_probability_the_label_decides(label: Label, decision: Decision) -> None:
    assert decide(replace(VERDICT, label=label)) is decision


@pytest.mark.parametrize(
    ("probability", "decision"),
    [
        (1.0, Decision.ACCEPTED),
        (0.7, Decision.ACCEPTED),
        (0.69, Decision.UNSURE),
        (0.31, Decision.UNSURE),
        (0.3, Decision.REJECTED),
        (0.0, Decision.REJECTED),
    ],
)
def test_a_probability_decides_by_the_thresholds(probability: float, decision: Decision) -> None:
    assert decide(replace(VERDICT, probability=probability)) is decision


def test_the_prior_grows_with_strength_and_never_falls_below_acceptance() -> None:
    values = [prior(replace(VERDICT, strength=strength)) for strength in (None, 0, 1, 2, 3)]
    assert values == [0.70, 0.70, 0.75, 0.85, 0.95]


def test_a_probability_is_its_own_prior() -> None:
    assert prior(replace(VERDICT, strength=3, probability=0.72)) == 0.72


def test_another_map_can_be_configured() -> None:
    assert prior(replace(VERDICT, strength=2), StrengthPriors(clear=0.9)) == 0.9


@pytest.mark.parametrize("wrong", [{"unstated": 0.6}, {"weak": 0.9, "clear": 0.8}, {"strong": 1.0}, {"strong": 0.5}])
def test_a_map_that_is_not_monotone_is_one_line(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match=r"must not decrease and must lie in \[0\.7, 1\)$"):
        StrengthPriors(**wrong)
