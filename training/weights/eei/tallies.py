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
    """Counts by key, each of what is counted having a mass. Under `out of fold` a sample of block b sees all blocks but
    b, under `earlier` those before b.

    A block is a fold of actors where events have no common clock, and a day where they have one: then a sample sees
    only what was known before its day (spec, section 2).
    """

    rule: Rule
    _sorted: Codes
    _below: Reals
    _span: int

    @classmethod
    def of(cls, keys: Codes, blocks: Codes, rule: Rule, masses: Reals | None = None) -> Tally:
        """Sums the `masses` [n] of each key of `keys` [n], by `blocks` [n] (>= 0); without masses each counts 1."""
        span = int(blocks.max()) + 2 if len(blocks) else 1
        places = keys * span + blocks
        order = np.argsort(places, kind="stable")
        each = np.ones(len(keys)) if masses is None else masses[order]
        return cls(rule, places[order], np.concatenate([[0.0], np.cumsum(each)]), span)

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
        return self._between(keys * self._span, (keys + 1) * self._span)

    def _between(self, low: Codes, high: Codes) -> Reals:
        first, after = (np.searchsorted(self._sorted, edge) for edge in (low, high))
        return np.asarray(self._below[after] - self._below[first], dtype=np.float64)
