"""Training samples as arrays: exposures, or purchases and drawn negatives, with the edges that may explain each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Reals = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Samples:
    """n samples with m triples (trigger e, complement f) of theirs; items and entities by code.

    `item`, `label` (0 or 1) and `actor` [n]; the triples of sample s are `head`, `tail` [m] and `features` [m, k] at
    starts[s] to starts[s + 1] - 1, one at least, the newest trigger first. `block` [n] is the day of each exposure, or
    its actor's fold where there is no clock; None says that the samples are no exposures but purchases.
    """

    item: Codes
    label: Reals
    actor: Codes
    starts: Codes
    head: Codes
    tail: Codes
    features: Reals
    block: Codes | None = None

    def __len__(self) -> int:
        return len(self.item)

    def triples_of(self, samples: Codes) -> tuple[Codes, Codes]:
        """The triples of some samples, and for each the place of its sample among them; shape [t]."""
        counts = self.starts[samples + 1] - self.starts[samples]
        owner = np.repeat(np.arange(len(samples)), counts)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self.starts[samples][owner] + within, owner
