"""Segments of entities by popularity: head, middle and tail (spec, section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

HEAD_PERCENT = 10
MIDDLE_PERCENT = 30


class Segment(StrEnum):
    """How popular an entity is: the top 10 %, the next 30 %, or the rest."""

    HEAD = "head"
    MIDDLE = "middle"
    TAIL = "tail"

    @property
    def letter(self) -> str:
        """H, M or L (long tail), as segment pairs are written: HM, LL."""
        return {Segment.HEAD: "H", Segment.MIDDLE: "M", Segment.TAIL: "L"}[self]


SEGMENT_PAIRS = ("HH", "HM", "HL", "MM", "ML", "LL")


def popularity(bills: ArrayLike, items: ArrayLike, clicks: ArrayLike) -> NDArray[np.float64]:
    """pi(e) = log(1+bills) + log(1+items) + log(1+clicks) per entity; counts >= 0, shape [n] each."""
    counts = (np.asarray(part, dtype=np.float64) for part in (bills, items, clicks))
    return np.asarray(sum(np.log1p(part) for part in counts), dtype=np.float64)


def segment_sizes(n: int) -> tuple[int, int, int]:
    """Sizes of head, middle and tail among n entities, each border rounded up."""
    head = -(-n * HEAD_PERCENT // 100)
    upper = -(-n * (HEAD_PERCENT + MIDDLE_PERCENT) // 100)
    return head, upper - head, n - upper


def segments(ids: Sequence[str], scores: ArrayLike) -> tuple[Segment, ...]:
    """The segment of every entity, in the order of `ids`; equal popularity is ordered by id."""
    values = np.asarray(scores, dtype=np.float64)
    ranking = sorted(range(len(ids)), key=lambda index: (-values[index], ids[index]))
    head, middle, tail = segment_sizes(len(ids))
    ranked = [Segment.HEAD] * head + [Segment.MIDDLE] * middle + [Segment.TAIL] * tail
    assigned = dict(zip(ranking, ranked, strict=True))
    return tuple(assigned[index] for index in range(len(ids)))


def segment_pair(first: Segment, second: Segment) -> str:
    """The unordered combination of two segments, such as HM for either order of head and middle."""
    return "".join(sorted(first.letter + second.letter, key="HML".index))


def pair_counts(n: int) -> dict[str, int]:
    """Unordered entity pairs by segment combination among n entities, with their sum under "all"."""
    head, middle, tail = segment_sizes(n)
    counts = (comb(head, 2), head * middle, head * tail, comb(middle, 2), middle * tail, comb(tail, 2))
    return {**dict(zip(SEGMENT_PAIRS, counts, strict=True)), "all": comb(n, 2)}
