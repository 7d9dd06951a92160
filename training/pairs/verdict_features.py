"""What verdicts say of a pair: the edges between its concepts, and what they have in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.pairs.features import Columns, Ints
from training.pairs.lookup import Sparse, at, paths, scaled_rows, sums
from training.pairs.shelf import ENTITY, Shelf


class VerdictFeatures:
    """Judged edges between the main entities e and f of a pair, in both directions, and edges around them.

    "same complements" is the cosine of the rows of accepted edges, "same sources" that of the columns, "second hop"
    the number of g with e → g → f divided by the root of the product of e's and f's edges, "through substitutes" the
    share of e's substitutes (e included) times that of f's between which an edge runs.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._entity = shelf.groups[ENTITY]
        self._complement, self._substitute = shelf.complement, shelf.substitute
        edges = shelf.complement.sign().tocsr()
        self._out, self._in = _unit_rows(edges), _unit_rows(Sparse(edges.T))
        alike = shelf.substitute.sign()
        alike = Sparse((alike + alike.T + sparse.eye_array(edges.shape[0])).sign())
        alike = scaled_rows(alike, 1.0 / sums(alike, 1))
        self._spread, self._alike = Sparse(alike @ edges), alike
        self._own = alike.diagonal().astype(np.float32)  # an entity's part among its substitutes and itself

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """Features of the pairs."""
        e, f = self._entity[src], self._entity[dst]
        return {
            "complement": at(self._complement, e, f),
            "complement back": at(self._complement, f, e),
            "substitute": at(self._substitute, e, f),
            "substitute back": at(self._substitute, f, e),
            "same complements": paths(self._out, self._out, e, f),
            "same sources": paths(self._in, self._in, e, f),
            "second hop": paths(self._out, self._in, e, f),
            "through substitutes": paths(self._spread, self._alike, e, f),
            "through substitutes back": paths(self._spread, self._alike, f, e),
        }

    def direct(self, src: Ints, dst: Ints) -> Columns:
        """The part of the features that the pairs' own verdicts are."""
        e, f = self._entity[src], self._entity[dst]
        there, back = at(self._complement, e, f), at(self._complement, f, e)
        part = self._own[e] * self._own[f]
        return {
            "complement": there,
            "complement back": back,
            "substitute": at(self._substitute, e, f),
            "substitute back": at(self._substitute, f, e),
            "through substitutes": np.sign(there) * part,
            "through substitutes back": np.sign(back) * part,
        }


class UnjudgedEdges:
    """A block whose pairs' own verdicts are hidden for some of them: what a pair looks like before it is judged.

    `hidden` [n] belongs to the pairs of one call.
    """

    def __init__(self, block: VerdictFeatures, hidden: NDArray[np.bool_]) -> None:
        self._block, self._hidden = block, hidden

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """Features of the pairs, their own verdicts left out where hidden."""
        hidden = self._hidden.astype(np.float32) if len(src) else np.empty(0, np.float32)
        direct = self._block.direct(src, dst)
        return {
            name: values - hidden * direct[name] if name in direct else values
            for name, values in self._block.columns(src, dst).items()
        }


def _unit_rows(edges: Sparse) -> Sparse:
    return scaled_rows(edges, 1.0 / np.sqrt(np.maximum(sums(edges, 1), 1.0)))
