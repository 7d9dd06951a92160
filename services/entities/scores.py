"""How likely each mention of a title is its main one."""

from __future__ import annotations

from dataclasses import dataclass

from services.entities.categories import Kinship
from services.entities.mentions import HEAD_ONLY, Kind
from services.entities.outline import Outline
from services.entities.places import Place


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign adds to a mention's score; chosen by hand on half of a labelled set, all on wide plateaus."""

    owner: float = 1.5  # the item's category is one of the entity's own
    depth: float = 0.8  # times the share of the category path that an entity of another category shares
    words: float = 0.8  # times the share of the entity's name that stands in the category
    length: float = 0.8  # times sqrt(words) - 1, up to four words
    closing: float = 0.5  # nothing but sizes, numbers or a new phrase follows
    later: float = -0.5  # per further mention behind it in the same noun phrase, up to two
    overlapped: float = -0.5  # its last words are the first ones of the next mention
    described: float = -1.8  # behind "for", "with", ... and an earlier mention
    phrase: float = -0.9  # per phrase with mentions before its own, up to three
    coordinated: float = -1.0  # the second of "A and B", "A & B"
    bracketed: float = -0.3
    repeated: float = -2.0  # only repeats the end of a longer mention ("..., a clay mug. This mug ...")
    gapped: float = -0.4  # a word stands inside the form
    head_only: float = -0.3  # only the head word is there


WEIGHTS = Weights()
_LENGTH = (0.0, 0.0, 0.414, 0.732, 1.0)


def score(title: Outline, place: Place, kinship: Kinship | None, weights: Weights = WEIGHTS) -> float:
    """The sum of the signs for one entity of a mention; `kinship` is None where no category is known."""
    mention = place.mention
    total = weights.length * _LENGTH[min(len(mention), 4)]
    total += weights.closing * title.ends_phrase(mention.last)
    total += weights.later * min(place.later, 2) + weights.phrase * min(place.phrase, 3)
    total += weights.described * place.described + weights.coordinated * place.coordinated
    total += weights.overlapped * place.overlapped
    total += weights.bracketed * title.bracketed[mention.first] + weights.repeated * place.repeated
    if mention.kind in HEAD_ONLY:
        return total + weights.head_only
    total += weights.gapped * (mention.kind is Kind.GAPPED)
    return total + _agreement(kinship, weights)


def _agreement(kinship: Kinship | None, weights: Weights) -> float:
    if kinship is None:
        return 0.0
    if kinship.owner:
        return weights.owner
    return weights.depth * kinship.depth + weights.words * kinship.words
