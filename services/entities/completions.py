"""Names that a title gives only by their head word and the category completes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from graph.records import Entity
from services.entities.categories import CategoryIndex, category_path, vocabulary
from services.entities.mentions import Form
from services.entities.outline import AND, BUNDLES
from services.entities.tokens import words

HEAD_SHARE = 0.5  # a head word ends at least this share of the forms that it is in,
HEAD_FORMS = 3  # and at least so many of them
LONGEST = 3  # words of a form that can be completed

Option = tuple[frozenset[str], int]  # the words before the head, and the entity


class Completions:
    """Which head words, alone in a title of a category, name which entity ("Cream" under "Hand Care": hand cream)."""

    def __init__(self, entities: Sequence[Entity], forms: Sequence[Sequence[Form]], categories: CategoryIndex) -> None:
        self._categories = categories
        self._options = _options(forms)
        self._own = [_own_heads(entity, own) for entity, own in zip(entities, forms, strict=True)]
        self._found: dict[str, Mapping[str, int]] = {}

    def of(self, category: str) -> Mapping[str, int]:
        """Head word → entity (index) in `category`; its default entity's own heads come first."""
        if category not in self._found:
            self._found[category] = self._find(category)
        return self._found[category]

    def _find(self, category: str) -> Mapping[str, int]:
        path = category_path(category)
        depths = vocabulary(path[1:] or path)
        chosen = {head: _choose(options, depths) for head, options in self._options.items()}
        found = {head: entity for head, entity in chosen.items() if entity is not None}
        leaf = vocabulary(path[-1:]).keys()
        for entity in reversed(self._categories.defaults(category).entities):
            found |= dict.fromkeys(self._own[entity] | (leaf & found.keys()), entity)
        return found


def _options(forms: Sequence[Sequence[Form]]) -> dict[str, list[Option]]:
    known = [(form, entity) for entity, own in enumerate(forms) for form in own]
    last = Counter(form[-1] for form, _ in known)
    total = Counter(word for form, _ in known for word in form)
    options: dict[str, list[Option]] = defaultdict(list)
    for form, entity in known:
        head, rest = form[-1], frozenset(form[:-1]) - {AND}
        is_head = last[head] >= HEAD_FORMS and last[head] >= HEAD_SHARE * total[head] and head not in BUNDLES
        if is_head and rest and len(form) <= LONGEST:
            options[head].append((rest, entity))
    return options


def _choose(options: Sequence[Option], depths: Mapping[str, int]) -> int | None:
    """The entity whose other words all stand in the category, as deep as possible, the most of them."""
    known = [
        (min(depths[word] for word in rest), len(rest), -entity) for rest, entity in options if rest <= depths.keys()
    ]
    return -max(known)[2] if known else None


def _own_heads(entity: Entity, forms: Sequence[Form]) -> frozenset[str]:
    return frozenset(words(entity.name)) & frozenset(form[-1] for form in forms)
