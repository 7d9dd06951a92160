"""What the surroundings of a mention say about its part in the title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.entities.mentions import HEAD_ONLY, Kind, Mention
from services.entities.outline import AND, Outline


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mention stands among the others of its title."""

    mention: Mention
    described: bool  # it only describes what an earlier mention names: "... for phones", "... with brush"
    phrase: int  # 0 for the first phrase that has a mention
    coordinated: bool  # the second of "A and B"
    later: int  # mentions behind it in the same noun phrase; they are nearer to its head
    overlapped: bool  # its last words are the first ones of the next mention, whose head comes later
    repeated: bool  # it repeats the end of a longer, earlier mention

    @property
    def stands_alone(self) -> bool:
        """Whether it names a product rather than a part of one's description ("mug" in "mug tree")."""
        return self.mention.kind not in HEAD_ONLY and not self.later and not self.overlapped and not self.repeated


def places(title: Outline, mentions: Sequence[Mention]) -> list[Place]:
    """The mentions, sorted by position, each with its place."""
    named = {index for mention in mentions for index in range(mention.first, mention.last)}
    described = _described(title, mentions, named)
    phrases = [title.phrases[mention.first] for mention in mentions]
    order = {phrase: rank for rank, phrase in enumerate(sorted(set(phrases)))}
    joins = [_joined(title, one, two, named) for one, two in pairwise(mentions)]
    found = []
    for index, mention in enumerate(mentions):
        behind = [
            other
            for other in range(index + 1, len(mentions))
            if phrases[other] == phrases[index] and not described[other] and _can_be_head(title, mentions[other])
        ]
        place = Place(
            mention,
            described=described[index],
            phrase=order[phrases[index]],
            coordinated=index > 0 and joins[index - 1],
            later=_later(index, behind, joins),
            overlapped=bool(behind) and mentions[behind[0]].first < mention.last,
            repeated=any(_repeats(title, mention, other) for other in mentions),
        )
        found.append(place)
    return found


def _described(title: Outline, mentions: Sequence[Mention], named: set[int]) -> list[bool]:
    """Per mention, whether a preposition before it, or its overlap with another mention, makes it a description."""
    governed = _governed(title, mentions, named)
    flags = [governed[mention.first] for mention in mentions]
    for index, (one, two) in enumerate(pairwise(mentions)):
        if two.first < one.last:
            flags[index + 1] |= head_end(title, one) <= two.first or head_end(title, two) <= one.last
    return flags


def head_end(title: Outline, mention: Mention) -> int:
    """Where the words up to the mention's head end: before its first inner preposition ("serum | with lemon")."""
    inner = range(mention.first + 1, mention.last)
    return next((index for index in inner if title.is_preposition(index)), mention.last)


def _governed(title: Outline, mentions: Sequence[Mention], named: set[int]) -> list[bool]:
    """Per token, whether a preposition governs it; one that no mention precedes ("2-in-1 ...") governs nothing."""
    first = min((mention.last for mention in mentions), default=len(title))
    flags: list[bool] = []
    governed = False
    for index in range(len(title)):
        governed = governed and not title.breaks[index]
        flags.append(governed)
        governed = governed or (index >= first and index not in named and title.is_preposition(index))
    return flags


def _joined(title: Outline, one: Mention, two: Mention, named: set[int]) -> bool:
    """Whether an "and" between the two makes the second one a further product."""
    if title.phrases[one.first] != title.phrases[two.first]:
        return False
    return any(title.words[index] == AND and index not in named for index in range(one.last, two.first))


def _later(index: int, behind: Sequence[int], joins: Sequence[bool]) -> int:
    """In "A and B" nothing comes behind A; in "A and B C" the head C does, and B."""
    return 0 if len(behind) == 1 and any(joins[index : behind[0]]) else len(behind)


def _can_be_head(title: Outline, mention: Mention) -> bool:
    if mention.kind is Kind.OWN_HEAD:
        return title.ends_phrase(mention.last)
    return mention.kind is not Kind.COMPLETED


def _repeats(title: Outline, mention: Mention, other: Mention) -> bool:
    if other.kind in HEAD_ONLY or len(other) <= len(mention) or other.first > mention.first:
        return False
    return title.words[other.last - len(mention) : other.last] == title.words[mention.first : mention.last]
