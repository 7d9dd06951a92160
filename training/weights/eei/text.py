"""Texts as short vectors: a language model's where there is one, else from the words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

DIMENSIONS = 64
_WORD = re.compile(r"(?u)\b\w+\b")
Vectors = NDArray[np.float32]


def word_vectors(texts: Sequence[str], dimensions: int = DIMENSIONS, seed: int = 0) -> Vectors:
    """Latent semantic vectors [n, d] from the TF-IDF of words (Deerwester et al. 1990), scaled to variance 1.

    Columns beyond what the texts can give are 0.
    """
    if not any(_WORD.search(text or "") for text in texts):
        return np.zeros((len(texts), dimensions), dtype=np.float32)
    found = TfidfVectorizer(sublinear_tf=True, token_pattern=_WORD.pattern).fit_transform(
        [text or "" for text in texts]
    )
    rank = min(dimensions, found.shape[1] - 1)
    if rank < 1:
        return np.zeros((len(texts), dimensions), dtype=np.float32)
    return _scaled(TruncatedSVD(rank, random_state=seed).fit_transform(found), dimensions)


def principal_vectors(vectors: Vectors, dimensions: int = DIMENSIONS, seed: int = 0) -> Vectors:
    """The first principal components [n, d] of an encoder's vectors [n, t], scaled to variance 1: training reads these
    at a sixth of the price."""
    rank = min(dimensions, *vectors.shape)
    return _scaled(PCA(rank, random_state=seed).fit_transform(vectors), dimensions)


def _scaled(found: NDArray[np.floating], dimensions: int) -> Vectors:
    padded = np.zeros((len(found), dimensions), dtype=np.float32)
    padded[:, : found.shape[1]] = found
    scale = np.sqrt(np.mean(padded[:, : found.shape[1]] ** 2))
    return padded / scale if scale > 0 else padded
