"""Where the names and aliases of a dictionary occur in a title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from services.entities.outline import AND, PREPOSITIONS, Break, Outline

Form = tuple[str, ...]


class Kind(Enum):
    """How a mention was read from the title."""

    EXACT = "exact"  # the words of a form, one after another
    GAPPED = "gapped"  # a form of three words or more with one further word inside
    JOINT = "joint"  # "A and B" is a form; A and B stand there joined, with other words between
    OWN_HEAD = "own head"  # only the head word of the name of the category's own entity
    COMPLETED = "completed"  # only the head word of a form whose other words stand in the category


HEAD_ONLY = frozenset({Kind.OWN_HEAD, Kind.COMPLETED})


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `first` to `last` (exclusive) name one of `entities` (indexes into the dictionary)."""

    first: int
    last: int
    entities: tuple[int, ...]
    kind: Kind = Kind.EXACT
    skipped: int = -1  # the further word of a gapped mention

    def __len__(self) -> int:
        return self.last - self.first


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    entities: tuple[int, ...] = ()


class AliasTrie:
    """All forms of a dictionary, for longest-match lookup.

    A form of two words also matches as one ("eye shadow", "eyeshadow") unless that one word is itself a form.
    """

    def __init__(self, forms: Iterable[tuple[Form, int]]) -> None:
        self._root = _Node()
        joined: list[tuple[Form, int]] = []
        for form, entity in forms:
            self._add(form, entity)
            if len(form) == 2 and AND not in form:
                joined.append((("".join(form),), entity))
        explicit = {form for form, _ in joined if self.entities(form)}
        for form, entity in joined:
            if form not in explicit:
                self._add(form, entity)

    def entities(self, form: Sequence[str]) -> tuple[int, ...]:
        """The entities that `form` names, in dictionary order."""
        node: _Node | None = self._root
        for word in form:
            node = node.children.get(word) if node else None
        return node.entities if node else ()

    def maximal(self, title: Outline) -> list[Mention]:
        """The mentions that lie in no longer one, by position; neighbours may overlap.

        A word that is part of an exact mention is not skipped by a gapped one.
        """
        pairs = [self._from(title, first) for first in range(len(title))]
        exact = [mention for mention, _ in pairs if mention]
        named = {index for mention in exact for index in range(mention.first, mention.last)}
        gapped = [mention for _, mention in pairs if mention and mention.skipped not in named]
        return _outermost(sorted([*exact, *gapped], key=lambda mention: (mention.first, -mention.last)))

    def joint(self, title: Outline, mentions: Sequence[Mention]) -> list[Mention]:
        """`mentions` with neighbours joined by "and" as one where their forms so joined are a form."""
        joined: list[Mention] = []
        for mention in mentions:
            before = joined[-1] if joined else None
            whole = self._join(title, before, mention) if before else None
            joined[-1 if whole else len(joined) :] = [whole or mention]
        return joined

    def _join(self, title: Outline, one: Mention, two: Mention) -> Mention | None:
        between = range(one.last, two.first)
        same_phrase = title.phrases[one.first] == title.phrases[two.first]
        if not same_phrase or not any(title.words[index] == AND for index in between):
            return None
        form = (*title.words[one.first : one.last], AND, *title.words[two.first : two.last])
        entities = self.entities(form)
        return Mention(one.first, two.last, entities, Kind.JOINT) if entities else None

    def _add(self, form: Form, entity: int) -> None:
        node = self._root
        for word in form:
            node = node.children.setdefault(word, _Node())
        if form and entity not in node.entities:
            node.entities = (*node.entities, entity)

    def _from(self, title: Outline, first: int) -> tuple[Mention | None, Mention | None]:
        """The longest exact and the longest gapped mention that begin at `first`."""
        exact = gapped = None
        node: _Node | None = self._root
        index = first
        while node and index < len(title):
            node = node.children.get(title.words[index])
            index += 1
            if node and node.entities:
                exact = Mention(first, index, node.entities)
            if index < len(title) and title.breaks[index] is Break.HARD:
                break
            if node and (found := self._past_gap(title, first, index, node)):
                gapped = found if gapped is None or found.last > gapped.last else gapped
        return exact, gapped

    def _past_gap(self, title: Outline, first: int, skipped: int, start: _Node) -> Mention | None:
        """The longest form that begins at `first` and goes on behind the word at `skipped`."""
        if not start.children or not _may_skip(title, skipped):
            return None
        found = None
        node: _Node | None = start
        index = skipped + 1
        while node and index < len(title) and title.breaks[index] is not Break.HARD:
            node = node.children.get(title.words[index])
            index += 1
            if node and node.entities and index - first > 3:
                found = Mention(first, index, node.entities, Kind.GAPPED, skipped)
        return found


def _outermost(mentions: Iterable[Mention]) -> list[Mention]:
    """Those that lie in no other; sorted by start, the longer first."""
    reach = 0
    kept: list[Mention] = []
    for mention in mentions:
        if mention.last > reach:
            kept.append(mention)
            reach = mention.last
    return kept


def _may_skip(title: Outline, index: int) -> bool:
    if index + 1 >= len(title) or title.breaks[index] or title.breaks[index + 1]:
        return False
    word = title.words[index]
    return word != AND and word not in PREPOSITIONS and not word[0].isdigit()
