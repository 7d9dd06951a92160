"""How often pairs of groups (concepts, categories, brands) go together, relative to chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.pairs.features import Columns, Ints
from training.pairs.lookup import Sparse, at, sums
from training.pairs.shelf import Shelf

_SMOOTHING = 2.0  # pseudo-counts: a pair of rare groups stays near its chance level
_SHARE_SMOOTHING = 20.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of group pairs [g, g] with their row and column sums."""

    counts: Sparse
    before: np.ndarray[tuple[int], np.dtype[np.float64]]
    after: np.ndarray[tuple[int], np.dtype[np.float64]]
    total: float


def tally(shelf: Shelf, group: str, pairs: Sparse) -> Tally:
    """The item pairs [n, n] summed over the groups of both ends."""
    members = shelf.members(group)
    counts = Sparse(members.T @ pairs @ members)
    return Tally(counts, sums(counts, 1), sums(counts, 0), float(counts.sum()))


class TallyFeatures:
    """Smoothed logarithms of counts of group pairs: against chance, both ways, and as a share of the first group's.

    Against chance: log((N_gh + 2) / (N_g. N_.h / N + 2)); share: log((N_gh + 1) / (N_g. + 20)).
    """

    def __init__(self, shelf: Shelf, group: str, pairs: Sparse, name: str) -> None:
        self._codes, self._name, self._tally = shelf.groups[group], f"{name} {group}", tally(shelf, group, pairs)

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """Features of the pairs."""
        found, g, h = self._tally, self._codes[src], self._codes[dst]
        forward, backward = at(found.counts, g, h), at(found.counts, h, g)
        total = max(found.total, 1.0)
        chance = found.before[g] * found.after[h] / total
        chance_back = found.before[h] * found.after[g] / total
        both = (forward + backward + _SMOOTHING) / (chance + chance_back + _SMOOTHING)
        share = (forward + 1.0) / (found.before[g] + _SHARE_SMOOTHING)
        lift = (forward + _SMOOTHING) / (chance + _SMOOTHING)
        return {
            f"{self._name} lift": np.log(lift).astype(np.float32),
            f"{self._name} lift both ways": np.log(both).astype(np.float32),
            f"{self._name} share": np.log(share).astype(np.float32),
        }
