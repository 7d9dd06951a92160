"""What the catalogue alone says of a pair: titles, categories, brands, concepts."""

from __future__ import annotations

import numpy as np

from training.pairs.features import Columns, Ints
from training.pairs.shelf import BRAND, GROUPS, Shelf


class CatalogueFeatures:
    """Cosine of the titles' vectors in [-1, 1], whether groups are the same (1, 0), and how many brands are known."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """Features of the pairs."""
        shelf = self._shelf
        same = {
            f"same {name}": ((codes[src] == codes[dst]) & shelf.known(name)[src]).astype(np.float32)
            for name, codes in ((name, shelf.groups[name]) for name in GROUPS)
        }
        branded = shelf.known(BRAND).astype(np.float32)
        cosine = np.einsum("ij,ij->i", shelf.text[src], shelf.text[dst])
        return {"title cosine": cosine, **same, "brands known": branded[src] + branded[dst]}
