"""What complementary edges say of a candidate: one definition, for training from frames and for serving from the
graph's rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Of each candidate that an edge leads to, and last f_base.
KNOWLEDGE = (
    "strength",
    "logit_max",
    "logit_mean",
    "logit_sum",
    "edges",
    "attention",
    "prior",
    "age",
    "share",
    "appeal",
    "base",
)
_TEMPERATURE = 0.2  # of the contrast that taught the views
_LEAST = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Triples:
    """P triples (e, f, i): the active edges that lead to N candidates i, each of which has at least one.

    `row` [P]: the candidate, ascending. `interest` [P]: a(u, e) in (0, 1]. `weight` [P]: w(e, f, i) in [0, 1).
    `prior` [P]: the verdict's, in [0, 1]. `affinity` [P]: cosine of z2 of e and z1 of f, 0 where there are no views.
    `age` [P]: purchases since the last one of e, 0 for the newest. `share`, `appeal` [N]: of the candidate, in [0, 1].
    """

    row: NDArray[np.int64]
    interest: Floats
    weight: Floats
    prior: Floats
    affinity: Floats
    age: Floats
    share: Floats
    appeal: Floats


def knowledge_features(triples: Triples) -> Floats:
    """Shape [N, KNOWLEDGE - 1] (spec, section 8): R(u, i); logits of the triples' weights, greatest, mean and summed;
    how many there are; target attention, greatest prior, youngest age; the candidate's share and appeal.

    Attention is the mean of the affinities by softmax(affinity / 0.2) over the user's entities: f asks, z2 answers.
    """
    found = np.zeros((len(triples.appeal), len(KNOWLEDGE) - 1), dtype=np.float32)
    found[:, -2], found[:, -1] = triples.share, triples.appeal
    if not len(triples.row):
        return found
    first = np.flatnonzero(np.diff(triples.row, prepend=-1))
    edges = np.diff(np.append(first, len(triples.row)))
    weight = np.clip(triples.weight.astype(np.float64), _LEAST, 1 - _LEAST)
    logit = np.log(weight) - np.log1p(-weight)
    total = np.add.reduceat(logit, first)
    attended = np.exp(triples.affinity.astype(np.float64) / _TEMPERATURE)
    answer = np.add.reduceat(attended * triples.affinity, first) / np.add.reduceat(attended, first)
    columns = (
        1.0 - np.multiply.reduceat(1.0 - triples.interest.astype(np.float64) * triples.weight, first),
        np.maximum.reduceat(logit, first),
        total / edges,
        total,
        edges,
        answer,
        np.maximum.reduceat(triples.prior, first),
        np.minimum.reduceat(triples.age, first),
    )
    found[:, : len(columns)] = np.stack(columns, axis=1)
    return found
