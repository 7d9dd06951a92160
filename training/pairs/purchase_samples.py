"""Samples from purchases and verdicts alone, for shops that know no relations.

Nobody says there which items complement each other. What is bought soon after an item by people of one fold stands for
its complements, what is of the same kind for its substitutes (people compare these before they buy one), and what is
drawn by chance for neither; features come from the purchases of the other folds. A few complements are drawn along
judged edges, half of them with the edge itself hidden: they carry the model while there are no purchases, and make
room for what was bought. This is the project's own formulation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.pairs.draws import Alikes, Known, WeightedMembers, as_popular, at_random
from training.pairs.evidence import Recipe, recipe_blocks
from training.pairs.features import matrix, names
from training.pairs.lookup import Sparse
from training.pairs.purchases import Purchases, successions
from training.pairs.samples import COMPLEMENT, NEITHER, SUBSTITUTE, Pairs, Samples, joined, labelled, stacked
from training.pairs.shelf import ENTITY, Shelf
from training.pairs.verdict_features import UnjudgedEdges, VerdictFeatures

Ints = NDArray[np.int64]

FOLDS = 4
JUDGED, FEWEST_JUDGED = 2000, 400  # complements drawn along verdicts: without a purchase, and beside many
ROOM = 4  # complements from purchases that take the place of one along a verdict
FULL = Recipe()
ALIKE = 0.4  # substitutes to a complement: more of them tell substitutes better and chance worse
_HIDDEN = 0.5


def purchase_samples(shelf: Shelf, bought: Purchases, size: int, seed: int = 0, recipe: Recipe = FULL) -> Samples:
    """About 3.4 `size` samples, fewer where there are fewer purchases: `size` complements with 0.4 substitutes and two
    unrelated pairs each, and complements along verdicts: JUDGED less one for each ROOM of the others, at least
    FEWEST_JUDGED."""
    rng = np.random.default_rng(seed)
    actors = np.unique(bought.actor)
    fold = rng.integers(0, FOLDS, len(actors))
    verdicts = VerdictFeatures(shelf)
    parts = []
    for number in range(FOLDS):
        own, rest = bought.of(actors[fold == number]), bought.of(actors[fold != number])
        # Only the fold's own purchases say what is unrelated: its features come from the others'.
        found = successions(own)
        known = Known(found.before, found.after, shelf.items)
        positive, judged = _positives(shelf, own, rest.popularity(), size // FOLDS, rng)
        pairs = joined([positive, *_negatives(shelf, positive, rest.popularity(), known, recipe, rng)])
        hidden = np.zeros(len(pairs.src), bool)
        hidden[: len(judged)] = judged & (rng.random(len(judged)) < _HIDDEN)
        blocks = recipe_blocks(recipe, shelf, rest, UnjudgedEdges(verdicts, hidden))
        parts.append(Samples(matrix(blocks, pairs.src, pairs.dst), pairs.label, tuple(names(blocks))))
    return stacked(parts)


def _positives(
    shelf: Shelf, own: Purchases, popularity: NDArray[np.float64], size: int, rng: np.random.Generator
) -> tuple[Pairs, NDArray[np.bool_]]:
    """What followed in a fold's purchases and what verdicts say, and which of them are the latter."""
    followed = _followed(own, size, rng)
    wanted = max(FEWEST_JUDGED // FOLDS, JUDGED // FOLDS - len(followed.src) // ROOM)
    judged = _judged(shelf, popularity, wanted, rng)
    return joined([followed, judged]), np.repeat([False, True], [len(followed.src), len(judged.src)])


def _followed(own: Purchases, size: int, rng: np.random.Generator) -> Pairs:
    """Pairs of purchases, those at distance d with probability 1 / d."""
    found = successions(own)
    kept = np.flatnonzero(rng.random(len(found.part)) < found.part)
    kept = rng.permutation(kept)[:size]
    return labelled(found.before[kept], found.after[kept], COMPLEMENT)


def _judged(shelf: Shelf, popularity: NDArray[np.float64], size: int, rng: np.random.Generator) -> Pairs:
    """Items of the two ends of judged edges: the source evenly, the edge by its prior, the target by popularity."""
    edges = Sparse(shelf.complement)
    entity = shelf.groups[ENTITY]
    sources = np.flatnonzero(np.diff(edges.indptr)[entity] > 0)
    if not len(sources):
        return labelled(sources, sources, COMPLEMENT)
    src = rng.choice(sources, size)
    starts = np.concatenate([[0.0], np.cumsum(edges.data, dtype=np.float64)])
    low, high = starts[edges.indptr[entity[src]]], starts[edges.indptr[entity[src] + 1]]
    chosen = np.searchsorted(starts, low + rng.random(size) * (high - low), side="right") - 1
    tails = edges.indices[np.minimum(chosen, len(edges.indices) - 1)].astype(np.int64)
    dst = WeightedMembers(entity, np.sqrt(popularity + 1.0), shelf.sizes[ENTITY]).draw(tails, rng)
    return labelled(src, dst, COMPLEMENT).where(dst >= 0)


def _negatives(
    shelf: Shelf,
    positive: Pairs,
    popularity: NDArray[np.float64],
    known: Known,
    recipe: Recipe,
    rng: np.random.Generator,
) -> list[Pairs]:
    src = positive.src
    some = rng.permutation(src)[: round(ALIKE * len(src)) if recipe.alikes else 0]
    alike = Alikes(shelf, popularity).draw(some, rng)
    chance = at_random(src, known, shelf.items, rng)
    popular = as_popular(src, positive.dst, popularity, known, rng)
    return [
        labelled(some, alike, SUBSTITUTE).where(alike != some),
        labelled(src, chance, NEITHER),
        labelled(src, popular, NEITHER),
    ]
