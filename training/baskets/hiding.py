"""Baskets with one line hidden: the last where lines have an order, else a random one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.evaluation.histories import Histories, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Incomplete:
    """`contexts` [n]: what is left of each basket; `answers` [n]: code of the item hidden."""

    contexts: Histories
    answers: Ints


def ordered(baskets: Histories) -> bool:
    """Whether lines have an order: some basket has more than one moment."""
    return bool((baskets.moment > 0).any())


def hide_line(baskets: Histories, rows: Ints, generator: np.random.Generator) -> Incomplete:
    """Hides one line of each of these baskets; of lines with an order what comes after it as well.

    A basket of a single line gives no case; nor does one whose last line stands at its first moment.
    """
    last = ordered(baskets)
    sizes = np.diff(baskets.starts)[rows]
    offsets = sizes - 1 if last else (generator.random(len(rows)) * sizes).astype(np.int64)
    hidden = baskets.starts[rows] + offsets
    kept = np.flatnonzero((sizes > 1) & ((baskets.moment[hidden] > 0) | (not last)))
    contexts = _without(baskets.take(rows[kept]), offsets[kept])
    return Incomplete(contexts, baskets.item[hidden[kept]])


def _without(baskets: Histories, offsets: Ints) -> Histories:
    mask = np.ones(len(baskets.item), dtype=np.bool_)
    mask[baskets.starts[:-1] + offsets] = False
    starts = baskets.starts - np.arange(len(baskets.starts))
    return Histories(baskets.items, baskets.actors, starts, baskets.item[mask], baskets.moment[mask])
