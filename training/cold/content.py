"""What is known of items besides their purchases: words, vectors, brand, category, main entity, complementary edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from training.evaluation.histories import Floats, Ints
from training.text.port import Vectors

GROUPS = ("brand", "category", "entity", "shelf")
_LATENT = 200  # dimensions of the vectors that stand in where there is no text encoder


@dataclass(frozen=True, eq=False)
class Content:
    """n items. `titles` [n]; `vectors` [n, d] of their titles, unit length; `groups`: by name codes [n], -1 unknown;
    `edges` [entities, entities]: the prior that head → tail is complementary, 0 where no edge says so."""

    titles: tuple[str, ...]
    vectors: Vectors
    groups: dict[str, Ints]
    edges: Floats

    @classmethod
    def of(cls, items: pl.DataFrame, complements: pl.DataFrame, vectors: Vectors | None = None) -> Content:
        """From items (title, brand, category, entity) and edges (head, tail, probability).

        Without `vectors` the titles' words give them. A shelf is a category of a brand.
        """
        brand, category = items["brand"].fill_null(""), items["category"].fill_null("")
        shelf = pl.select(pl.when((brand != "") & (category != "")).then(brand + "\0" + category)).to_series()
        entities = sorted({*items["entity"].drop_nulls(), *complements["head"], *complements["tail"]})
        codes = {entity: code for code, entity in enumerate(entities)}
        edges = np.zeros((len(codes), len(codes)))
        for head, tail, prior in complements.select("head", "tail", "probability").iter_rows():
            edges[codes[head], codes[tail]] = prior
        entity = np.array([codes.get(each, -1) for each in items["entity"]], dtype=np.int64)
        groups = {"brand": _codes(brand), "category": _codes(category), "entity": entity, "shelf": _codes(shelf)}
        titles = tuple(f"{title} {name}" for title, name in zip(items["title"].fill_null(""), brand, strict=True))
        return cls(titles, _latent(words(titles)) if vectors is None else vectors, groups, edges)


def words(titles: tuple[str, ...]) -> sparse.csr_array:
    """TF-IDF of single words and pairs of neighbours, rows of unit length, float32 [n, words]; rare ones left out."""
    vectorizer = TfidfVectorizer(
        sublinear_tf=True,
        min_df=min(2, len(titles)),
        ngram_range=(1, 2),
        dtype=np.float32,
        token_pattern=r"(?u)\b\w+\b",
    )
    try:
        return sparse.csr_array(vectorizer.fit_transform(titles))
    except ValueError:  # no word stands in two titles
        return sparse.csr_array((len(titles), 1), dtype=np.float32)


def members(codes: Ints) -> sparse.csr_array:
    """1 where an item is of a group, shape [n, groups], float32."""
    known = np.flatnonzero(codes >= 0)
    ones = np.ones(len(known), dtype=np.float32)
    return sparse.csr_array((ones, (known, codes[known])), shape=(len(codes), int(codes.max(initial=0)) + 1))


def _codes(names: pl.Series) -> Ints:
    known = names.replace({"": None})
    return (known.rank("dense").cast(pl.Int64) - 1).fill_null(-1).to_numpy().copy()


def _latent(counts: sparse.csr_array) -> NDArray[np.float32]:
    size = min(_LATENT, *(length - 1 for length in counts.shape))
    if size < 1:
        return np.zeros((counts.shape[0], 1), dtype=np.float32)
    found = TruncatedSVD(size, random_state=0, n_iter=3).fit_transform(counts)
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6), dtype=np.float32)
