import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.simulator.auc import Exposures, stratified_auc

ROWS = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 2)), min_size=1, max_size=30)


def slow(rows: list[tuple[int, bool, int]]) -> float:
    won, pairs = 0.0, 0
    for score, clicked, place in rows:
        for other, seen, there in rows:
            if clicked and not seen and place == there:
                pairs += 1
                won += 1.0 if score > other else 0.5 if score == other else 0.0
    return won / pairs if pairs else 0.5


@settings(max_examples=60)
@given(ROWS)
def test_it_is_the_share_of_pairs_won(rows: list[tuple[int, bool, int]]) -> None:
    scores, clicked, places = (np.array(column) for column in zip(*rows, strict=True))
    assert stratified_auc(scores.astype(float), clicked, places) == pytest.approx(slow(rows))


def biased(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Attraction, clicks and places where a bad score that only follows the place would look good."""
    attraction, places = rng.random(n), rng.integers(4, size=n)
    clicked = rng.random(n) < attraction * 0.5**places
    return attraction, clicked, places


def test_following_the_place_is_worth_nothing() -> None:
    attraction, clicked, places = biased(np.random.default_rng(0), 20_000)
    assert stratified_auc(-places.astype(float), clicked, places) == 0.5
    assert stratified_auc(-places.astype(float), clicked, np.zeros_like(places)) > 0.65
    assert stratified_auc(attraction, clicked, places) > 0.7


def test_a_board_holds_the_differences_with_intervals() -> None:
    rng = np.random.default_rng(1)
    attraction, clicked, places = biased(rng, 4_000)
    exposures = Exposures(clicked, places, rng.integers(400, size=4_000))
    scores = {"noise": rng.random(4_000), "truth": attraction, "again": attraction * 2}
    board = exposures.board(scores, "noise", rng)
    assert board["truth"].gain.above
    assert board["noise"].gain.value == board["noise"].gain.low == board["noise"].gain.high == 0.0
    assert board["truth"] == board["again"]
    line = board["truth"].auc
    assert line.low < line.value < line.high
    assert line.high - line.low == pytest.approx(0.04, abs=0.02)
