"""The ranker for items that nobody bought: its weights come from bought items hidden the same way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from training.choice import Block, ConditionalLogit, fit_choices, unlearned
from training.cold.content import Content
from training.cold.evidence import NAMES, NEEDS, PATHS, Evidence
from training.cold.hiding import folds, hide
from training.cold.likeness import likeness_of
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories, Ints

LOGARITHMS = tuple(name in PATHS or name == NEEDS[0] for name in NAMES)
_LEAST = 5  # purchases of an item that plays a cold one
FOLDS = 5  # of the actors, one of which is asked about hidden items, while the others are learned from whole
_ROWS = 100  # contexts scored at a time


@dataclass(frozen=True, slots=True)
class ColdRanker:
    """Scores any item by its content and the purchases of others.

    To learn, `groups` of `size` bought items are hidden one after another, with `cases` purchases of each group;
    of these the ranker learns to tell the item bought from the rest of its group. `candidates` are codes of the items
    that are scored, all without them; the others score -inf.
    """

    content: Content
    candidates: Ints | None = None
    groups: int = 16
    size: int = 600
    cases: int = 200
    seed: int = 0

    def fit(self, histories: Histories) -> Scorer:
        """Learns the weights; without enough bought items to hide, items are scored by nothing but their order."""
        likeness = likeness_of(self.content)
        model = _model(self.content, histories, self.groups, self.size, self.cases, self.seed)
        evidence = Evidence(histories, self.content, likeness)
        columns = np.arange(histories.shape[1]) if self.candidates is None else self.candidates

        def scores(contexts: Histories) -> Block:
            found = np.full(contexts.shape, -np.inf, dtype=np.float32)
            for rows in _parts(len(contexts.actors)):
                found[rows[:, None], columns] = model.score(evidence.features(contexts.take(rows), columns))
            return found

        return scores


@lru_cache(maxsize=20 * FOLDS)  # the models of all seeds, which rank among a few candidates and then among all items
def _model(content: Content, histories: Histories, groups: int, size: int, cases: int, seed: int) -> ConditionalLogit:
    generator = np.random.default_rng(seed)
    samples = [
        _sample(content, histories, group, cases, generator) for group in _groups(histories, groups, size, generator)
    ]
    full = [sample for sample in samples if len(sample[1])]
    if not full:
        return unlearned(len(NAMES))
    features = [np.concatenate(blocks) for blocks in zip(*(blocks for blocks, _ in full), strict=True)]
    return fit_choices(features, np.concatenate([chosen for _, chosen in full]), LOGARITHMS)


def _groups(histories: Histories, count: int, size: int, generator: np.random.Generator) -> Iterator[Ints]:
    """Codes of the items of each group, ascending; groups are equally large and have no item in common."""
    counts = np.bincount(histories.item, minlength=histories.shape[1])
    enough = generator.permutation(np.flatnonzero(counts >= _LEAST))
    least = max(2, min(size, len(enough) // count))
    for group in range(min(count, len(enough) // least)):
        yield np.sort(enough[group * least : (group + 1) * least])


def _sample(
    content: Content, histories: Histories, group: Ints, cases: int, generator: np.random.Generator
) -> tuple[list[Block], Ints]:
    """The features [cases, items of the group] of some purchases of the group, and which of its items was bought."""
    mask = np.zeros(histories.shape[1], dtype=np.bool_)
    mask[group] = True
    asked = folds(len(histories.actors), FOLDS, int(generator.integers(2**31))) == 0
    hidden = hide(histories, mask, asked)
    rows = np.sort(generator.permutation(len(hidden.answers))[:cases])
    evidence = Evidence(hidden.train, content, likeness_of(content))
    blocks = list(evidence.features(hidden.contexts.take(rows), group))
    return blocks, np.searchsorted(group, hidden.answers[rows])


def _parts(length: int) -> Iterator[Ints]:
    return (np.arange(start, min(start + _ROWS, length)) for start in range(0, length, _ROWS))
