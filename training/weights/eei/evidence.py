"""Features of triples: the prior, the trigger's age and count, and counters that leave out what is being predicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from training.weights.eei.tallies import Rule, Tally

Codes = NDArray[np.int64]
Reals = NDArray[np.float64]
FEATURES = ("log prior", "trigger age", "trigger count", "pair", "item", "item of entity")
OBSERVED = 20.0  # exposures, or buyers, for which the belief in a rate counts, as in `training.weights.rates`
SHRINKAGE = 10.0  # expected successes for which the belief in chance level counts


@dataclass(frozen=True, slots=True)
class Triples:
    """m triples as codes and numbers, each [m].

    `age` and `count` are those of the trigger, `block` is the fold or day of the sample; None for what is released,
    which may see everything.
    """

    head: Codes
    tail: Codes
    item: Codes
    log_prior: Reals
    age: Reals
    count: Reals
    block: Codes | None


class Evidence(Protocol):
    """Counters of pairs and items as triples may see them; each result has the shape [m]."""

    def pair(self, triples: Triples) -> Reals:
        """log of how much better the pair e → f does than expected, smoothed."""

    def item(self, triples: Triples) -> Reals:
        """How well the item does, on a log scale."""

    def share(self, triples: Triples) -> Reals:
        """log of the item's share of its entity's successes, (n_i + 1) / (n_f + 1)."""


def features(evidence: Evidence, triples: Triples) -> NDArray[np.float32]:
    """One row of FEATURES a triple, shape [m, 6]."""
    columns = (
        triples.log_prior,
        np.log1p(triples.age),
        np.log1p(triples.count),
        evidence.pair(triples),
        evidence.item(triples),
        evidence.share(triples),
    )
    return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Counted:
    """Tallies of one kind of success, by code: pairs (head × entities + tail), items, and entities of items."""

    entities: int
    pairs: Tally
    items: Tally
    tails: Tally

    @classmethod
    def of(cls, entities: int, pairs: Shared, items: Blocked, tails: Blocked, rule: Rule) -> Counted:
        """From the codes of all successes with their blocks, and the share of each that a pair has."""
        codes, blocks, shares = pairs
        return cls(entities, Tally.of(codes, blocks, rule, shares), Tally.of(*items, rule), Tally.of(*tails, rule))

    def pair_key(self, triples: Triples) -> Codes:
        """The codes under which pairs are counted, shape [m]."""
        return triples.head * self.entities + triples.tail

    def share(self, triples: Triples) -> Reals:
        """See Evidence.share."""
        of_item, of_tail = seen(self.items, triples.item, triples), seen(self.tails, triples.tail, triples)
        return np.log((of_item + 1.0) / (of_tail + 1.0))


Blocked = tuple[Codes, Codes]  # codes and blocks, [n] each
Shared = tuple[Codes, Codes, Reals]


def seen(tally: Tally, keys: Codes, triples: Triples) -> Reals:
    """What the triples may see of the tally at `keys`, shape [m]."""
    return tally.total(keys) if triples.block is None else tally.seen(keys, triples.block)


@dataclass(frozen=True, slots=True)
class PurchaseEvidence:
    """Successes are purchases; by chance f follows e as often as it is bought at all.

    `trials` counts, by head, the purchases made by those who owned it; `all` counts all purchases under the key 0.
    """

    bought: Counted
    trials: Tally
    all: Tally

    def pair(self, triples: Triples) -> Reals:
        tried = seen(self.trials, triples.head, triples)
        total = seen(self.all, np.zeros_like(triples.head), triples)
        share = seen(self.bought.tails, triples.tail, triples) / np.maximum(total, 1.0)
        followed = seen(self.bought.pairs, self.bought.pair_key(triples), triples)
        return np.log((followed + SHRINKAGE) / (tried * share + SHRINKAGE))

    def item(self, triples: Triples) -> Reals:
        return np.log1p(seen(self.bought.items, triples.item, triples))

    def share(self, triples: Triples) -> Reals:
        return self.bought.share(triples)


@dataclass(frozen=True, slots=True)
class ClickEvidence:
    """Successes are clicks on exposures; until it was shown often enough, an item is believed to be clicked at the
    shop's own rate, and a pair at what its purchases let expect, as in `training.weights.rates.ClickRates`.

    `buyers` counts, by head, the actors who came to own it, and `followed`, by pair, those who then bought its tail;
    `taken` is the share of the ones in the others over all edges.
    """

    shown: Counted
    clicked: Counted
    rate: float
    buyers: Tally
    followed: Tally
    taken: float

    def pair(self, triples: Triples) -> Reals:
        key = self.shown.pair_key(triples)
        followed, buyers = seen(self.followed, key, triples), seen(self.buyers, triples.head, triples)
        likely = (followed / self.taken + OBSERVED) / (buyers + OBSERVED)
        return self._lift(seen(self.clicked.pairs, key, triples), seen(self.shown.pairs, key, triples), likely)

    def item(self, triples: Triples) -> Reals:
        clicked, shown = (seen(counted.items, triples.item, triples) for counted in (self.clicked, self.shown))
        return self._lift(clicked, shown, np.ones(len(triples.item)))

    def share(self, triples: Triples) -> Reals:
        return self.clicked.share(triples)

    def _lift(self, clicked: Reals, shown: Reals, likely: Reals) -> Reals:
        return np.log((clicked / self.rate + OBSERVED * likely) / (shown + OBSERVED))
