"""What known relations say of a pair that is not among them: common neighbours, degrees, and what neighbours look like.

Pairs that are scored must not be in the relations these are made of (training.pairs.folds sees to it).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.pairs.features import Columns, FeatureBlock, Ints
from training.pairs.lookup import Sparse, at, paths, scaled_columns, sums
from training.pairs.relations import BOTH, COMPLEMENT, SUBSTITUTE, Relations
from training.pairs.shelf import GROUPS, Shelf
from training.pairs.tallies import TallyFeatures

_NAMES = {COMPLEMENT: "bought", SUBSTITUTE: "viewed", BOTH: "bought and viewed"}


class NeighbourFeatures:
    """Two-hop features: Adamic-Adar sums over common neighbours, by the labels of both hops, and degrees.

    A common neighbour c counts 1 / log(2 + degree of c). Relations count in both directions, those named by arrows as
    they are directed. Shares divide by the degrees of one end, or of both (as Jaccard does).
    """

    def __init__(self, known: Relations) -> None:
        each = {name: known.matrix(label, directed=False) for label, name in _NAMES.items()}
        every = known.matrix(*_NAMES, directed=False)
        self._degree = sums(every, 1)
        self._rows, weight = each, 1.0 / np.log(2.0 + self._degree)
        self._left = {name: scaled_columns(matrix, weight) for name, matrix in each.items()}
        bought, viewed = known.matrix(COMPLEMENT, BOTH), known.matrix(SUBSTITUTE, BOTH)
        self._arrows = _arrows("bought", bought) | _arrows("viewed", viewed)
        self._degrees = {name: sums(matrix, 1) for name, matrix in each.items()}
        self._lists = {"bought": (sums(bought, 1), sums(bought, 0)), "viewed": (sums(viewed, 1), sums(viewed, 0))}

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """Features of the pairs."""
        hops = {
            f"{one}, then {other}": paths(self._left[one], self._rows[other], src, dst)
            for one in self._rows
            for other in self._rows
        }
        hops |= {name: paths(left, right, src, dst) for name, (left, right) in self._arrows.items()}
        total = np.sum([hops[f"{one}, then {other}"] for one in self._rows for other in self._rows], axis=0)
        return hops | self._shares(hops, total, src, dst) | self._sizes(src, dst)

    def _shares(
        self, hops: dict[str, NDArray[np.float32]], total: NDArray[np.float32], src: Ints, dst: Ints
    ) -> Columns:
        one, other = self._degree[src] + 1.0, self._degree[dst] + 1.0
        shares = {
            "common": total,
            "common of the source's": total / one,
            "common of the target's": total / other,
            "common of both": total / (one + other),
            "common cosine": total / np.sqrt(one * other),
            "of common, bought": hops["bought, then bought"] / (total + 0.1),
            "of common, viewed": hops["viewed, then viewed"] / (total + 0.1),
        }
        return {name: np.asarray(values, dtype=np.float32) for name, values in shares.items()}

    def _sizes(self, src: Ints, dst: Ints) -> Columns:
        sizes = {f"{name}, degree": degree[dst] for name, degree in self._degrees.items()}
        sizes |= {f"{name}, degree of the source": degree[src] for name, degree in self._degrees.items()}
        for name, (listed, lists) in self._lists.items():
            sizes |= {f"{name} lists with the target": lists[dst], f"{name} list of the source": listed[src]}
            sizes |= {f"{name} lists with the source": lists[src], f"{name} list of the target": listed[dst]}
        return {name: values.astype(np.float32) for name, values in sizes.items()}


class NeighbourTitles:
    """Cosine of one item's title with the mean title of the other's neighbours, by label, both ways."""

    def __init__(self, known: Relations, text: NDArray[np.float32]) -> None:
        self._text = text
        labels = {"bought": (COMPLEMENT,), "viewed": (SUBSTITUTE,), "bought at all": (COMPLEMENT, BOTH)}
        self._means = {name: _unit(known.matrix(*each, directed=False) @ text) for name, each in labels.items()}

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """Features of the pairs."""
        found = {}
        for name, mean in self._means.items():
            found[f"titles {name} with the source"] = np.einsum("ij,ij->i", mean[src], self._text[dst])
            found[f"titles {name} with the target"] = np.einsum("ij,ij->i", mean[dst], self._text[src])
        return found


class RelationRatios:
    """log((N_gh of complements + 1) / (N_gh of substitutes + 1)) of the groups of both ends, both directions summed."""

    def __init__(self, shelf: Shelf, known: Relations) -> None:
        self._codes = shelf.groups
        both = known.matrix(COMPLEMENT, directed=False), known.matrix(SUBSTITUTE, directed=False)
        self._counts = {
            group: tuple(Sparse(shelf.members(group).T @ each @ shelf.members(group)) for each in both)
            for group in GROUPS
        }

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """Features of the pairs."""
        found = {}
        for group, (complements, substitutes) in self._counts.items():
            g, h = self._codes[group][src], self._codes[group][dst]
            ratio = (at(complements, g, h) + 1.0) / (at(substitutes, g, h) + 1.0)
            found[f"complements to substitutes, {group}"] = np.log(ratio).astype(np.float32)
        return found


def relation_blocks(shelf: Shelf, known: Relations) -> list[FeatureBlock]:
    """All blocks that rest on relations."""
    labels = {"complement": COMPLEMENT, "substitute": SUBSTITUTE}
    tallies = [
        TallyFeatures(shelf, group, known.matrix(label), f"{name}s by")
        for name, label in labels.items()
        for group in GROUPS
    ]
    return [NeighbourFeatures(known), NeighbourTitles(known, shelf.text), RelationRatios(shelf, known), *tallies]


def _arrows(name: str, lists: Sparse) -> dict[str, tuple[Sparse, Sparse]]:
    weight = 1.0 / np.log(2.0 + sums(lists, 0) + sums(lists, 1))
    back = Sparse(lists.T)
    return {
        f"{name}: in both lists": (scaled_columns(lists, weight), lists),
        f"{name}: both in the list of": (scaled_columns(back, weight), back),
        f"{name}: from list to list": (scaled_columns(lists, weight), back),
    }


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6), dtype=np.float32)
