from __future__ import annotations

import numpy as np

from training.pairs.titles import title_vectors


def test_titles_of_like_words_are_near() -> None:
    titles = [f"{kind} number {n}" for n in range(5) for kind in ("green tea", "camping stove")]
    found = title_vectors(titles)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
    assert found[0] @ found[2] > found[0] @ found[1]
    assert np.array_equal(found, title_vectors(titles))


def test_titles_that_share_nothing() -> None:
    assert title_vectors(["a tent", "one stove"]).shape == (2, 1)
    assert title_vectors(["", ""]).tolist() == [[0.0], [0.0]]
    found = title_vectors(["green tea", "black tea", "green pot", "zzz"])
    assert found[3].tolist() == [0.0] * found.shape[1]
