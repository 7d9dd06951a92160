"""Drift: how needs and fashions move from week to week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Drift:
    """A seeded Gaussian random walk, `needs` and `fashion` being its standard deviation a week (log-odds, log)."""

    needs: float = 0.1
    fashion: float = 0.1
    seed: int = 0

    def strength(self, first: Floats, week: int) -> Floats:
        """The needs of a week from those of week 0, in [0, 1), any shape; what is no need stays none."""
        moved = first / np.maximum(
            first + (1.0 - first) * np.exp(-self.needs * self._walk(first.shape, week, 1)), 1e-12
        )
        return np.asarray(np.where(first > 0, moved, 0.0))

    def popularity(self, first: Floats, department: NDArray[np.int64], week: int) -> Floats:
        """The popularity [E] of concepts that week, each department's sum 1 again."""
        moved = first * np.exp(self.fashion * self._walk(first.shape, week, 2))
        total = np.zeros(int(department.max()) + 1)
        np.add.at(total, department, moved)
        return np.asarray(moved / total[department])

    def _walk(self, shape: tuple[int, ...], week: int, stream: int) -> Floats:
        """The sum of `week` steps of standard normals: a later week goes on from an earlier one."""
        steps = [np.random.default_rng([self.seed, stream, number]).standard_normal(shape) for number in range(week)]
        return np.asarray(np.sum(steps, axis=0)) if steps else np.zeros(shape)
