"""How alike the texts of two entities are: very alike means substitutes, not at all alike means unrelated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from graph.records import Entity

NGRAMS = (2, 5)


class TextSimilarity(Protocol):
    """Similarity of the texts of a fixed sequence of entities."""

    def rows(self, indices: NDArray[np.int64]) -> NDArray[np.float64]:
        """Similarities in [0, 1] of the entities at `indices` to all entities, shape [len(indices), E]."""


@dataclass(frozen=True, slots=True)
class Band:
    """Middling similarities: from `low` to `high`, both included."""

    low: float = 0.02
    high: float = 0.55

    def contains(self, similarities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """True where a similarity lies inside the band; same shape."""
        return (similarities >= self.low) & (similarities <= self.high)


class TfidfSimilarity:
    """Cosine of TF-IDF weighted character n-grams (inside word borders) of name, aliases and definition."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=NGRAMS, sublinear_tf=True, dtype=np.float64)
        self._vectors = vectorizer.fit_transform([entity_text(entity) for entity in entities])

    def rows(self, indices: NDArray[np.int64]) -> NDArray[np.float64]:
        """Similarities in [0, 1] of the entities at `indices` to all entities, shape [len(indices), E]."""
        product = self._vectors[indices] @ self._vectors.T
        return np.asarray(np.clip(product.toarray(), 0.0, 1.0), dtype=np.float64)


def entity_text(entity: Entity) -> str:
    """What an entity is called and means, as one text that is never empty."""
    return " ; ".join(part for part in (entity.name, *entity.aliases, entity.definition) if part) or entity.id
