"""Likeness of titles beside slow counts."""

from __future__ import annotations

import numpy as np
import pytest

from training.ranker.titles import likeness, nearest, title_vectors

TITLES = ["red tent", "red tent pegs", "blue mug", "blue mug", "lamp", "", "tent pegs"]


def test_equal_titles_are_alike_and_others_less() -> None:
    vectors = title_vectors(TITLES)
    left, right = np.array([2, 0, 0, 4, 5]), np.array([3, 1, 2, 0, 0])
    found = likeness(vectors, left.astype(np.int32), right.astype(np.int32))
    assert found[0] == pytest.approx(1.0, abs=1e-6)
    assert 0 < found[1] < 1
    assert found[2:] == pytest.approx([0.0, 0.0, 0.0])


def test_the_nearest_are_those_of_a_full_sort() -> None:
    rng = np.random.default_rng(0)
    words = [" ".join(f"w{word}" for word in rng.integers(0, 30, 4)) for _ in range(80)]
    vectors = title_vectors(words)
    alike = (vectors @ vectors.T).toarray()
    np.fill_diagonal(alike, 0)
    found = nearest(vectors, 5)
    for item, rows in found.group_by("item"):
        best = sorted(alike[item[0]], reverse=True)[:5]
        assert sorted(alike[item[0], rows["next"].to_numpy()], reverse=True) == pytest.approx(
            [each for each in best if each > 1e-3], abs=1e-4
        )


@pytest.mark.parametrize("titles", [[], ["one"], ["", ""], ["one two", "three four"]])
def test_nothing_in_common_leads_nowhere(titles: list[str]) -> None:
    assert nearest(title_vectors(titles), 5).is_empty()
