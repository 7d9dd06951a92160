"""Texts as short vectors."""

from __future__ import annotations

import numpy as np
import pytest

from training.weights.eei.text import principal_vectors, word_vectors


def test_texts_without_words_have_vectors_of_zeros() -> None:
    assert not word_vectors(["", "!?", "-"], 4).any()
    assert word_vectors([], 4).shape == (0, 4)


def test_equal_texts_are_equal_and_like_texts_are_nearer_than_others() -> None:
    found = word_vectors(["red tent", "red tent", "blue tent", "gas stove"], 3)
    assert found[0] == pytest.approx(found[1])
    assert found[0] @ found[2] > abs(found[0] @ found[3]) + 0.1


def test_principal_vectors_keep_what_varies_most_at_variance_1() -> None:
    rng = np.random.default_rng(0)
    wide = rng.normal(0, [5.0, 2.0, 0.01], (500, 3))
    found = principal_vectors(wide, 2)
    assert np.mean(found**2) == pytest.approx(1.0, abs=1e-5)
    assert abs(np.corrcoef(found[:, 0], wide[:, 0])[0, 1]) > 0.99
