"""Counters as a sample may see them: without what it is itself a part of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Reals = NDArray[np.float64]
Rule = Literal["out of fold", "earlier"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by key. Under `out of fold` a sample of block b sees all blocks but b, under `earlier` those before b.

    A block is a fold of actors where events have no common clock, and a day where they have one: then a sample sees
    only what was known before its day (spec, section 2).
    """

    rule: Rule
    _sorted: Codes
    _keys: Codes
    _span: int

    @classmethod
    def of(cls, keys: Codes, blocks: Codes, rule: Rule) -> Tally:
        """Counts how often each key stands in `keys` [n], by `blocks` [n] (>= 0)."""
        span = int(blocks.max()) + 2 if len(blocks) else 1
        return cls(rule, np.sort(keys * span + blocks), np.sort(keys), span)

    def seen(self, keys: Codes, blocks: Codes) -> Reals:
        """The counts of `keys` [m] as samples of `blocks` [m] see them, shape [m]."""
        here = np.minimum(blocks, self._span - 1)
        before = self._between(keys * self._span, keys * self._span + here)
        if self.rule == "earlier":
            return before
        own = self._between(keys * self._span + here, keys * self._span + here + 1)
        return self.total(keys) - own

    def total(self, keys: Codes) -> Reals:
        """All counts of `keys` [m], shape [m]."""
        first, after = (np.searchsorted(self._keys, keys, side=side) for side in ("left", "right"))
        return (after - first).astype(np.float64)

    def _between(self, low: Codes, high: Codes) -> Reals:
        return (np.searchsorted(self._sorted, high) - np.searchsorted(self._sorted, low)).astype(np.float64)
