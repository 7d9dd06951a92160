import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from training.evaluation.bootstrap import interval, resampled_means

GAINS = hnp.arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 3)), elements=st.floats(0, 1))


@given(gains=GAINS, seed=st.integers(0, 3), samples=st.sampled_from([1, 50, 70]))
def test_resampling_agrees_with_slow_loops(gains: np.ndarray, seed: int, samples: int) -> None:
    generator = np.random.default_rng(seed)
    wanted = []
    for start in range(0, samples, 50):
        for cases in generator.integers(0, len(gains), (min(50, samples - start), len(gains))):
            means = [sum(gains[case, column] for case in cases) / len(cases) for column in range(gains.shape[1])]
            wanted.append(means)
    assert resampled_means(gains, seed, samples) == pytest.approx(np.array(wanted))


@given(gains=GAINS, seed=st.integers(0, 3), data=st.data())
def test_whole_clusters_are_drawn(gains: np.ndarray, seed: int, data: st.DataObject) -> None:
    clusters = np.array([data.draw(st.integers(0, 2)) for _ in gains])
    names = sorted(set(clusters.tolist()))
    wanted = []
    for drawn in np.random.default_rng(seed).integers(0, len(names), (20, len(names))):
        cases = [case for name in drawn for case in np.flatnonzero(clusters == names[name])]
        wanted.append([sum(gains[case, column] for case in cases) / len(cases) for column in range(gains.shape[1])])
    assert resampled_means(gains, seed, 20, clusters) == pytest.approx(np.array(wanted))


def test_an_interval_holds_the_middle() -> None:
    found = interval(np.arange(1001.0))
    assert (found.low, found.high) == (pytest.approx(25), pytest.approx(975))


def test_intervals_are_those_of_the_binomial() -> None:
    hits = (np.arange(10_000) < 1000).astype(np.float64)[:, None]
    found = interval(resampled_means(hits)[:, 0])
    error = 1.96 * (0.1 * 0.9 / 10_000) ** 0.5
    assert found.low == pytest.approx(0.1 - error, abs=0.001)
    assert found.high == pytest.approx(0.1 + error, abs=0.001)


def test_two_columns_are_resampled_together() -> None:
    gains = np.random.default_rng(0).random((200, 1))
    means = resampled_means(np.concatenate([gains, gains + 0.1], axis=1))
    found = interval(means[:, 1] - means[:, 0])
    assert (found.low, found.high) == (pytest.approx(0.1), pytest.approx(0.1))
