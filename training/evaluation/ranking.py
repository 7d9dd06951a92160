"""From scores to places and lists, the same for every method: ties by ascending item id, nothing bought is listed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.evaluation.histories import Histories, Ints

_FINITE = float(np.finfo(np.float32).min)
MISS = 1_000_000  # the rank of an answer that is not in a list


def masked(scores: NDArray[Any], contexts: Histories, candidates: NDArray[np.bool_]) -> NDArray[Any]:
    """The scores [n, items] with -inf for what is bought or no candidate; changes them in place.

    Raises ValueError for a score that is no number: compared with others it would stand anywhere.
    """
    if np.isnan(scores).any():
        raise ValueError("a score is no number")
    scores[:, ~candidates] = -np.inf
    scores[contexts.actor, contexts.item] = -np.inf
    return scores


def answer_ranks(scores: NDArray[Any], answers: Ints) -> Ints:
    """0-based rank of each row's answer among masked scores [n, items]; MISS for one that is masked itself."""
    own = scores[np.arange(len(answers)), answers][:, None]
    ties = (scores == own) & (np.arange(scores.shape[1]) < answers[:, None])
    ranks = (scores > own).sum(axis=1) + ties.sum(axis=1)
    return np.where(np.isneginf(own[:, 0]), MISS, ranks).astype(np.int64)


def top_items(scores: NDArray[Any], depth: int) -> NDArray[np.int32]:
    """Codes of each row's best items, best first, shape [n, depth]; -1 where masked scores leave a place empty."""
    places = min(depth, scores.shape[1])
    lists = np.full((len(scores), depth), -1, dtype=np.int32)
    if places:
        least = np.partition(scores, scores.shape[1] - places, axis=1)[:, -places]
        for row, (values, bound) in enumerate(zip(scores, least, strict=True)):
            best = _best(values, bound, places)
            lists[row, : len(best)] = best
    return lists


def _best(values: NDArray[Any], bound: float, places: int) -> Ints:
    """Columns of the best finite scores; of those that equal the bound the first as far as there is room."""
    found = np.flatnonzero(values >= max(bound, _FINITE))
    if len(found) > places:
        above = values[found] > bound
        found = np.concatenate([found[above], found[~above][: places - int(above.sum())]])
        found.sort()
    return found[np.argsort(-values[found], kind="stable")]
