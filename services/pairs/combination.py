"""Which segments are combined: HxH, HxM and HxL in full, MxM inside a domain, MxL and LxL not at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.pairs.segments import Segment


class Combination:
    """The segmented combination of E entities, given their segments and domains in one order."""

    def __init__(self, segments: Sequence[Segment], domains: Sequence[frozenset[str]]) -> None:
        self._segments = segments
        self._domains = domains
        self._heads = np.array([segment is Segment.HEAD for segment in segments], dtype=np.bool_)
        self._middles: dict[str, NDArray[np.bool_]] = {}
        for code, (segment, own) in enumerate(zip(segments, domains, strict=True)):
            for domain in own if segment is Segment.MIDDLE else ():
                self._middles.setdefault(domain, np.zeros_like(self._heads))[code] = True

    def tails(self, head: int) -> NDArray[np.bool_]:
        """True for the entities that are combined with this one, itself perhaps included; shape [E]."""
        segment = self._segments[head]
        if segment is Segment.HEAD:
            return np.ones_like(self._heads)
        combined = self._heads.copy()
        for domain in self._domains[head] if segment is Segment.MIDDLE else ():
            combined |= self._middles[domain]
        return combined
