"""One list from the learned ranker: the candidates of all channels, scored together, each with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.ordering import natural
from services.ranking.fusion import Scored
from services.recall.candidates import Led, Target
from services.recall.channels import COMPLEMENTARY, CONTENT, COPURCHASE
from services.recall.port import Because
from services.recall.profile import Profile
from training.ranker.evidence import COLUMNS
from training.ranker.features import Block, base_features
from training.ranker.model import RankerModel
from training.ranker.triples import Triples, knowledge_features

_BOUGHT = tuple(COLUMNS.index(name) for name in ("followed", "preceded", "cosine"))
_TITLE = COLUMNS.index("title")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item before it is scored; `target` is the entity over which an active edge leads to it."""

    item: str
    title: str
    appeal: float
    share: float
    evidence: list[list[float]]
    target: Target | None


@dataclass(frozen=True, slots=True, eq=False)
class LearnedRanking:
    """A trained ranker with the caps of the complementary channel: `cap` items of one entity.

    Without `knowledge` the list is the base list alone, as it is for whoever no edge leads anywhere.
    """

    model: RankerModel
    cap: int = 5
    knowledge: bool = True

    def rank(self, known: Profile, led: Sequence[Led], targets: Sequence[Target], k: int) -> list[Scored]:
        """The k best candidates, best first; `score` is the probability of being bought next.

        Beyond its entity's cap an item stands by its other evidence, or not at all.
        """
        found = candidates(led, targets, self.cap) if self.knowledge else candidates(led, (), self.cap)
        if not found:
            return []
        features = base_features(block(known, found))
        active, facts = active_facts(known, found)
        scores = self.model.score(features, active, facts)
        chances = self.model.calibrated.probability(scores.logit)
        shown: Counter[str] = Counter()
        kept: list[Scored] = []
        for place in _order(scores.logit, found):
            row = found[place]
            lift = float(scores.known[place])
            channel = _channel(row, lift)
            if channel == COMPLEMENTARY and row.target is not None:
                shown[row.target.entity.id] += 1
                if shown[row.target.entity.id] > self.cap:
                    channel = _own_channel(row)
            if channel is not None:
                because = _because(row, known, edge=channel == COMPLEMENTARY or lift > 0)
                kept.append(Scored(row.item, row.title, float(chances[place]), channel, because))
                if len(kept) == k:
                    break
        return kept


def candidates(led: Sequence[Led], targets: Sequence[Target], cap: int) -> list[Candidate]:
    """The items of both channels, each once."""
    by_entity = {target.entity.id: target for target in targets}
    found = {
        row.item: Candidate(
            row.item, row.title, row.appeal, row.share, row.evidence, by_entity.get(row.entity) if row.entity else None
        )
        for row in led
    }
    for target in targets:
        for item in target.shortlist[:cap]:
            if item.item not in found:
                found[item.item] = Candidate(item.item, item.title, item.appeal, item.share, [], target)
    return list(found.values())


def block(known: Profile, found: Sequence[Candidate]) -> Block:
    """The candidates as the ranker's features read them."""
    sizes = [len(row.evidence) for row in found]
    pieces = [piece for row in found for piece in row.evidence]
    read = np.array(pieces, dtype=np.float32).reshape(-1, 1 + len(COLUMNS))
    newest = known.rows[0].position
    ages = np.array([newest - row.position for row in known.rows], dtype=np.float32)
    place = read[:, 0].astype(np.int64)
    return Block(
        np.repeat(np.arange(len(found)), sizes),
        read[:, 1:],
        ages[place],
        place == 0,
        np.array([row.appeal for row in found], dtype=np.float32),
        np.full(len(found), len(known.rows), dtype=np.float32),
    )


def active_facts(known: Profile, found: Sequence[Candidate]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The numbers of the candidates that an active edge leads to, and what training.ranker.triples says of them."""
    active = [(number, row, row.target.edges) for number, row in enumerate(found) if row.target is not None]
    ages = known.ages()
    read = [
        (place, edge.interest, edge.item_weight(row.item, row.share), edge.prior, edge.affinity, ages[edge.head])
        for place, (_, row, edges) in enumerate(active)
        for edge in edges
    ]
    columns = np.array(read, dtype=np.float32).reshape(-1, 6).T
    own = np.array([(row.share, row.appeal) for _, row, _ in active], dtype=np.float32).reshape(-1, 2).T
    triples = Triples(columns[0].astype(np.int64), *columns[1:], *own)
    return np.array([number for number, _, _ in active], dtype=np.int64), knowledge_features(triples)


def _order(logit: NDArray[np.float64], found: Sequence[Candidate]) -> list[int]:
    return sorted(range(len(found)), key=lambda place: (-logit[place], natural(found[place].item)))


def _channel(row: Candidate, known: float) -> str | None:
    """Complementary is what only an edge leads to, or what an edge lifts."""
    own = _own_channel(row)
    return COMPLEMENTARY if row.target is not None and (own is None or known > 0) else own


def _own_channel(row: Candidate) -> str | None:
    """What stands for the item beside edges between entities, None where nothing does."""
    if any(piece[1 + column] > 0 for piece in row.evidence for column in _BOUGHT):
        return COPURCHASE
    return CONTENT if row.evidence else None


def _because(row: Candidate, known: Profile, *, edge: bool) -> Because:
    """The edge where it says for the item, else the purchase that leads to it."""
    if edge and row.target is not None:
        return row.target.because
    strongest = max(row.evidence, key=lambda piece: (max(piece[1 + _BOUGHT[0]], piece[1 + _TITLE] / 10), -piece[0]))
    return Because(bought=known.rows[int(strongest[0])].item)
