"""Hiding all purchases of some items: what is left to learn from, and one case for each purchase hidden.

What a shopper who is asked about bought with or after a hidden purchase is hidden with it: else the model would have
counted what this very shopper bought next. Asking about one fold of the shoppers at a time, all others are learned
from whole (spec, section 2: counters from other users, out of fold).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training.evaluation.histories import Histories, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Hidden:
    """`train`: the histories without the hidden items, and without what an actor asked about bought from the first of
    these on. `contexts` [n]: what was bought before each purchase asked for, hidden items left out. `answers` [n]: the
    items that were hidden."""

    train: Histories
    contexts: Histories
    answers: Ints


def hide(histories: Histories, items: NDArray[np.bool_], asked: NDArray[np.bool_] | None = None) -> Hidden:
    """Hides the items of a mask and asks actors of a mask for them, all without one.

    A purchase before which nothing visible was bought gives no case.
    """
    asked = np.ones(len(histories.actors), dtype=np.bool_) if asked is None else asked
    hidden = items[histories.item]
    mine = asked[histories.actor]
    known = histories.moment < _first_hidden(histories, hidden)[histories.actor]
    train = _kept(histories, np.where(mine, known, ~hidden))
    purchases = np.flatnonzero(hidden & mine)
    earlier = [_earlier(histories, int(purchase), hidden) for purchase in purchases]
    cases = np.flatnonzero([len(each) > 0 for each in earlier])
    return Hidden(
        train,
        _contexts(histories, purchases[cases], [earlier[case] for case in cases]),
        histories.item[purchases[cases]],
    )


def folds(actors: int, count: int, seed: int) -> Ints:
    """The fold, from 0 to count - 1, of each actor: drawn at random, of sizes that differ by one at most."""
    return np.asarray(np.random.default_rng([seed, count]).permutation(actors) % count, dtype=np.int64)


def drawn(histories: Histories, items: int, least: int, seed: int) -> NDArray[np.bool_]:
    """A mask of so many items drawn among those bought `least` times and more, or of all of them if there are fewer."""
    counts = np.bincount(histories.item, minlength=histories.shape[1])
    enough = np.flatnonzero(counts >= least)
    mask = np.zeros(histories.shape[1], dtype=np.bool_)
    mask[np.random.default_rng(seed).choice(enough, min(items, len(enough)), replace=False)] = True
    return mask


def _earlier(histories: Histories, purchase: int, hidden: NDArray[np.bool_]) -> Ints:
    """The visible purchases of the actor at moments before this one's."""
    places = np.arange(histories.starts[histories.actor[purchase]], purchase)
    return np.asarray(places[(histories.moment[places] < histories.moment[purchase]) & ~hidden[places]], dtype=np.int64)


def _first_hidden(histories: Histories, hidden: NDArray[np.bool_]) -> Ints:
    """The moment of each actor's first hidden purchase, beyond all moments where none is hidden."""
    first = np.full(len(histories.actors), np.iinfo(np.int64).max)
    np.minimum.at(first, histories.actor[hidden], histories.moment[hidden])
    return first


def _kept(histories: Histories, mask: NDArray[np.bool_]) -> Histories:
    sizes = np.bincount(histories.actor[mask], minlength=len(histories.actors))
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return _recounted(replace(histories, starts=starts, item=histories.item[mask], moment=histories.moment[mask]))


def _contexts(histories: Histories, purchases: Ints, earlier: list[Ints]) -> Histories:
    places = np.concatenate([np.empty(0, np.int64), *earlier])
    starts = np.cumsum([0, *(len(each) for each in earlier)], dtype=np.int64)
    actors = tuple(histories.actors[histories.actor[purchase]] for purchase in purchases)
    found = Histories(histories.items, actors, starts, histories.item[places], histories.moment[places])
    return _recounted(found)


def _recounted(histories: Histories) -> Histories:
    """With moments counted from 0 without gaps: what is hidden must not show as a gap."""
    if not len(histories.item):
        return histories
    new = (np.diff(histories.moment, prepend=0) != 0) & (np.diff(histories.actor, prepend=-1) == 0)
    total = np.cumsum(new)
    first = np.maximum(histories.starts[:-1][histories.actor], 0)
    return replace(histories, moment=(total - total[first]).astype(np.int64))
