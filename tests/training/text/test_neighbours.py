"""The nearest of each row, against a loop over all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training.text import neighbours
from training.text.neighbours import nearest


def unit(rows: int, dimensions: int = 8, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimensions))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def slow(vectors: NDArray[np.float32], k: int) -> list[list[tuple[int, float]]]:
    found = []
    for row, mine in enumerate(vectors):
        pairs = [(round(float(mine @ other), 6), place) for place, other in enumerate(vectors) if place != row]
        found.append([(place, cosine) for cosine, place in sorted(pairs, key=lambda pair: (-pair[0], pair[1]))[:k]])
    return found


def fast(vectors: NDArray[np.float32], k: int) -> list[list[tuple[int, float]]]:
    places, cosines = nearest(vectors, k)
    return [list(zip(row.tolist(), near.tolist(), strict=True)) for row, near in zip(places, cosines, strict=True)]


@pytest.mark.parametrize("cells", [1, 100, 1 << 20], ids=["a row at a time", "a few", "all at once"])
def test_as_a_loop_over_all_pairs(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_CELLS", cells)
    vectors = unit(37)
    vectors[5] = vectors[30] = vectors[12]  # equal titles
    expected = slow(vectors, 6)
    found = fast(vectors, 6)
    assert [[place for place, _ in row] for row in found] == [[place for place, _ in row] for row in expected]
    assert [near for row in found for _, near in row] == pytest.approx(
        [near for row in expected for _, near in row], abs=2e-6
    )


def test_ties_go_to_the_lower_row_and_nothing_is_near_itself() -> None:
    places, cosines = nearest(np.repeat(unit(1), 4, axis=0), 2)
    assert places.tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]
    assert cosines.tolist() == [[1.0, 1.0]] * 4


@pytest.mark.parametrize(("rows", "k", "shape"), [(0, 3, (0, 0)), (1, 3, (1, 0)), (3, 5, (3, 2)), (4, 3, (4, 3))])
def test_a_small_shop_has_as_many_as_there_are(rows: int, k: int, shape: tuple[int, int]) -> None:
    places, cosines = nearest(unit(rows), k)
    assert (places.shape, cosines.shape) == (shape, shape)
    assert places.tolist() == [[place for place, _ in row] for row in slow(unit(rows), k)]
