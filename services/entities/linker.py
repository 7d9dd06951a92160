"""Finding the one entity that a title is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from graph.records import Entity, Link
from services.entities.categories import CategoryIndex, Defaults
from services.entities.completions import Completions
from services.entities.confidence import Source, confidence
from services.entities.mentions import HEAD_ONLY, AliasTrie, Form, Kind, Mention
from services.entities.outline import BUNDLES, MEASURES, Outline, outline
from services.entities.places import Place, head_end, places
from services.entities.scores import score
from services.entities.tokens import tokenise, words

MINIMUM_SCORE = -0.5  # below it the category's own entity, where there is one, is the better guess


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entity of one mention with its score; the highest is the main one."""

    score: float
    named: bool  # by its name, not an alias
    entity: int
    place: Place

    @property
    def rank(self) -> tuple[float, bool, int, int]:
        """Sorts ascending; ties go to a name before an alias, the earlier mention, the dictionary's order."""
        return (self.score, self.named, -self.place.mention.first, -self.entity)


class Linker:
    """Links titles to the entities of a dictionary by its names, aliases and categories."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._entities = tuple(entities)
        self._forms = [_forms(entity) for entity in self._entities]
        self._names = [words(entity.name) for entity in self._entities]
        self._trie = AliasTrie((form, index) for index, own in enumerate(self._forms) for form in own)
        self._categories = CategoryIndex(self._entities)
        self._completions = Completions(self._entities, self._forms, self._categories)

    def link(self, title: str, brand: str | None = None, category: str | None = None) -> Link:
        """The main entity of an item, where its title names it, and further entities that the title names.

        `category` is a path with levels joined by " > ". Offsets are code points of `title`. Never raises.
        """
        laid_out = outline(title, tokenise(title))
        candidates = self._candidates(laid_out, brand, category)
        best = max(candidates, key=lambda candidate: candidate.rank, default=None)
        defaults = self._categories.defaults(category or "")
        if defaults.entities and (best is None or best.score < MINIMUM_SCORE):
            return self._by_category(defaults, candidates)
        return self._by_title(laid_out, candidates, best, defaults) if best else Link(None)

    def link_all(self, rows: Iterable[tuple[str, str | None, str | None]]) -> list[Link]:
        """The links of (title, brand, category) rows, in their order."""
        return [self.link(*row) for row in rows]

    def _by_category(self, defaults: Defaults, candidates: Sequence[Candidate]) -> Link:
        main = defaults.entities[0]
        source = Source.CATEGORY if defaults.exact else Source.PARENT
        sure = confidence(source, rivals=len(defaults.entities) - 1)
        return Link(self._entities[main].id, -1, -1, sure, source, self._secondary(candidates, main))

    def _by_title(self, title: Outline, candidates: Sequence[Candidate], best: Candidate, defaults: Defaults) -> Link:
        mention = best.place.mention
        first, last = self._kernel(title, best)
        start, end = title.tokens[first].start, title.tokens[last - 1].end
        rival = max((other.score for other in candidates if other.entity != best.entity), default=-inf)
        if mention.kind in HEAD_ONLY:
            source = Source.HEAD
        else:
            source = Source.BOTH if defaults.exact and best.entity in defaults.entities else Source.TITLE
        sure = confidence(source, best.score - rival)
        return Link(self._entities[best.entity].id, start, end, sure, source, self._secondary(candidates, best.entity))

    def _candidates(self, title: Outline, brand: str | None, category: str | None) -> list[Candidate]:
        found = self._mentions(title, brand, category)
        return [
            Candidate(score(title, place, kinship), self._is_name(title, place.mention, entity), entity, place)
            for place in places(title, found)
            for entity in place.mention.entities
            for kinship in (self._categories.kinship(entity, category) if category else None,)
        ]

    def _mentions(self, title: Outline, brand: str | None, category: str | None) -> list[Mention]:
        found = self._trie.joint(title, self._trie.maximal(title))
        if brand:
            found = _outside_brand(title, found, words(brand)) or found
        if not category:
            return found
        named = {index for mention in found for index in range(mention.first, mention.last)}
        heads = self._completions.of(category)
        completed = [
            Mention(index, index + 1, (heads[word],), self._head_kind(word, heads[word], category))
            for index, word in enumerate(title.words)
            if word in heads and index not in named and word not in MEASURES
        ]
        return sorted([*found, *completed], key=lambda mention: (mention.first, mention.last))

    def _head_kind(self, word: str, entity: int, category: str) -> Kind:
        own = self._categories.kinship(entity, category).owner
        return Kind.OWN_HEAD if own and word in self._names[entity] and word not in BUNDLES else Kind.COMPLETED

    def _is_name(self, title: Outline, mention: Mention, entity: int) -> bool:
        return title.words[mention.first : mention.last] == self._names[entity]

    def _kernel(self, title: Outline, best: Candidate) -> tuple[int, int]:
        """The mention without what a longer alias adds to a shorter one of the same entity.

        What goes: words from a preposition on ("Mug with Lid"), and leading words that are not in the entity's name.
        """
        first, last = best.place.mention.first, best.place.mention.last
        head = head_end(title, best.place.mention)
        if self._names_it(title, first, head, best.entity):
            last = head
        kept = first
        for index in range(first + 1, last):
            if title.words[index - 1] in self._names[best.entity]:
                break
            if self._names_it(title, index, last, best.entity):
                kept = index
        return kept, last

    def _names_it(self, title: Outline, first: int, last: int, entity: int) -> bool:
        return entity in self._trie.entities(title.words[first:last])

    def _secondary(self, candidates: Sequence[Candidate], main: int) -> tuple[str, ...]:
        """The best entity of each further mention, in title order: no mere modifiers, no repetitions."""
        best: dict[Mention, Candidate] = {}
        for candidate in candidates:
            mention = candidate.place.mention
            if candidate.place.stands_alone and (mention not in best or candidate.rank > best[mention].rank):
                best[mention] = candidate
        further = (candidate.entity for candidate in best.values() if candidate.entity != main)
        return tuple(dict.fromkeys(self._entities[entity].id for entity in further))


def _forms(entity: Entity) -> tuple[Form, ...]:
    found = (words(text) for text in (entity.name, *entity.aliases))
    return tuple(dict.fromkeys(form for form in found if form))


def _outside_brand(title: Outline, found: Sequence[Mention], brand: Form) -> list[Mention]:
    """The mentions that are not just words of the brand's name ("Teapot & Co")."""
    size = len(brand)
    starts = [index for index in range(len(title) - size + 1) if size and title.words[index : index + size] == brand]
    return [m for m in found if not any(start <= m.first and m.last <= start + size for start in starts)]
