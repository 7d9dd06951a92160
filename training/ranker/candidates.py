"""The candidates of many cases at once, from the same evidence that recall reads from the graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.ranker.cases import Cases
from training.ranker.catalogue import Catalogue
from training.ranker.evidence import Evidence
from training.ranker.features import Block
from training.ranker.ordered import find, runs
from training.ranker.reach import TRIGGERS, cap

CASES_AT_ONCE = 1000
_LIMITS = np.array([cap(place) for place in range(TRIGGERS)])


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """N candidates, by case and item: their numbers, shape [N], and what speaks for each."""

    case: NDArray[np.int64]
    item: NDArray[np.int64]
    block: Block


def recall(cases: Cases, evidence: Evidence, catalogue: Catalogue, further: NDArray[np.int64]) -> Candidates:
    """What the evidence of the newest items owned leads to, and `further` (case × items + item), none owned.

    Only available items; a further candidate that no evidence speaks for has none.
    """
    size = len(catalogue.ids)
    place = np.arange(len(cases.items)) - np.repeat(cases.starts[:-1], np.diff(cases.starts))
    sources = np.flatnonzero(place < TRIGGERS)
    items = cases.items[sources]
    counts = np.minimum(np.diff(evidence.starts)[items], _LIMITS[place[sources]])
    source = np.repeat(sources, counts)
    pair = runs(evidence.starts[items], counts)
    key = cases.case[source] * size + evidence.next[pair]
    own = np.sort(cases.case * size + cases.items)
    kept = np.flatnonzero((find(key, own) < 0) & catalogue.available[evidence.next[pair]])
    kept = kept[np.argsort(key[kept], kind="stable")]
    further = further[(find(further, own) < 0) & catalogue.available[further % size]]
    found = np.union1d(key[kept], further)
    case, item = found // size, found % size
    block = Block(
        np.searchsorted(found, key[kept]),
        evidence.values[pair[kept]],
        cases.ages[source[kept]],
        place[source[kept]] == 0,
        evidence.appeal[item],
        np.diff(cases.starts)[case].astype(np.float32),
    )
    return Candidates(case, item, block)
