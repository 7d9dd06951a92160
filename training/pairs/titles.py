"""Title vectors of the shop's own words: latent semantic analysis, quick and without any model to fetch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

DIMENSIONS = 100
OWN_WORDS = "own-words-1"  # the version of these vectors


def title_vectors(titles: Sequence[str], seed: int = 0) -> NDArray[np.float32]:
    """Vectors [n, d] of unit length (0 for a title that shares no word with another), d at most DIMENSIONS.

    TF-IDF of words that stand in at least two titles, reduced by truncated SVD (Deerwester et al., 1990).
    """
    words = TfidfVectorizer(sublinear_tf=True, min_df=2)
    try:
        weights = words.fit_transform(titles)
    except ValueError:  # no word stands in two titles
        return np.zeros((len(titles), 1), np.float32)
    size = min(DIMENSIONS, weights.shape[1] - 1, len(titles) - 1)
    if size < 1:
        return np.zeros((len(titles), 1), np.float32)
    vectors = TruncatedSVD(size, random_state=seed).fit_transform(weights)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)
