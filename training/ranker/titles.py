"""How alike the titles of items are, by the words they share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

_WORD = re.compile(r"\b\w\w+\b")  # what the vectorizer takes for a word
_ROWS = 500  # rows of the dense product held at once
_WIDEST = 0.2  # a word in more titles than this share tells nothing


def title_vectors(titles: Sequence[str]) -> sparse.csr_array:
    """TF-IDF of words and of pairs of neighbouring words, rows of unit length or empty, float32 [n, words]."""
    if not any(map(_WORD.search, titles)):
        return sparse.csr_array((len(titles), 1), dtype=np.float32)
    vectorizer = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), dtype=np.float32)
    counts = sparse.csr_array(vectorizer.fit_transform([title or " " for title in titles]))
    spread = np.asarray((counts > 0).sum(axis=0)).ravel()
    telling = np.flatnonzero((spread > 1) & (spread <= max(2.0, _WIDEST * len(titles))))
    return _unit(sparse.csr_array(counts[:, telling])) if len(telling) else sparse.csr_array((len(titles), 1))


def likeness(vectors: sparse.csr_array, left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.float32]:
    """The cosine of each pair of rows, in [0, 1], shape [pairs]."""
    parts = [
        np.asarray(vectors[left[part]].multiply(vectors[right[part]]).sum(axis=1), dtype=np.float32).ravel()
        for part in _slices(len(left), 200_000)
    ]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)


def nearest(vectors: sparse.csr_array, keep: int) -> pl.DataFrame:
    """Columns item, next (row numbers): the `keep` rows most like each row, ties by row number; none without a word in
    common."""
    parts = [_nearest(vectors, part, keep) for part in _slices(vectors.shape[0], _ROWS)]
    schema = {"item": pl.Int32, "next": pl.Int32}
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _nearest(vectors: sparse.csr_array, part: slice, keep: int) -> pl.DataFrame:
    rows = np.arange(part.start, part.stop, dtype=np.int32)
    alike = np.asarray((vectors[part] @ vectors.T).toarray(), dtype=np.float32)
    alike[np.arange(len(rows)), rows] = 0.0
    keep = min(keep, alike.shape[1] - 1)
    # A stable choice of `keep` among ties costs a full sort; the row number breaks them inside one float's rounding.
    alike -= np.arange(alike.shape[1], dtype=np.float32) * np.float32(1e-9)
    chosen = np.argpartition(-alike, keep, axis=1)[:, :keep].astype(np.int32)
    kept = np.take_along_axis(alike, chosen, axis=1) > 1e-3
    items = np.repeat(rows, keep)[kept.ravel()]
    return pl.DataFrame({"item": items, "next": chosen.ravel()[kept.ravel()]})


def _unit(counts: sparse.csr_array) -> sparse.csr_array:
    length = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    scale = sparse.diags_array(1.0 / np.maximum(length, 1e-12)).astype(np.float32)
    return sparse.csr_array(scale @ counts).astype(np.float32)


def _slices(length: int, step: int) -> Iterator[slice]:
    return (slice(start, min(start + step, length)) for start in range(0, length, step))
