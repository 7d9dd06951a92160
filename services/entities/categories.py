"""What an item's category says about its entity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.records import Entity
from services.entities.outline import AND
from services.entities.tokens import words

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kinship:
    """How well an entity fits a category: its own (`owner`), near it in the tree, or sharing its words; in [0, 1]."""

    owner: bool
    depth: float
    words: float


@dataclass(frozen=True, slots=True)
class Defaults:
    """The entities that a category stands for; `exact` where the category itself is listed, not a parent of it."""

    entities: tuple[int, ...] = ()
    exact: bool = False


class CategoryIndex:
    """The categories of a dictionary's entities; item categories are paths with levels joined by " > "."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._paths = [tuple(category_path(category) for category in entity.categories) for entity in entities]
        self._names = [frozenset(words(entity.name)) - {AND} for entity in entities]
        self._whole: dict[Path, list[int]] = defaultdict(list)
        self._endings: dict[Path, list[int]] = defaultdict(list)
        for index, paths in enumerate(self._paths):
            for path in paths:
                _append(self._whole, path, index)
                for start in range(len(path)):
                    _append(self._endings, path[start:], index)
        self._kinships: dict[tuple[str, int], Kinship] = {}
        self._defaults: dict[str, Defaults] = {}

    def defaults(self, category: str) -> Defaults:
        """The entities of `category`: listed whole, by its last levels, else those of the nearest parent."""
        if category not in self._defaults:
            self._defaults[category] = self._find_defaults(category_path(category))
        return self._defaults[category]

    def kinship(self, entity: int, category: str) -> Kinship:
        """How well the entity fits `category`."""
        key = (category, entity)
        if key not in self._kinships:
            self._kinships[key] = self._find_kinship(entity, category)
        return self._kinships[key]

    def _find_defaults(self, path: Path) -> Defaults:
        if found := self._endings.get(path):
            return Defaults(tuple(self._whole.get(path, found)), exact=True)
        endings = (self._whole.get(path[start:]) for start in range(1, len(path)))
        if found := next(filter(None, endings), None):
            return Defaults(tuple(found), exact=True)
        parents = (self._whole.get(path[:stop]) for stop in range(len(path) - 1, 0, -1))
        return Defaults(tuple(next(filter(None, parents), ())))

    def _find_kinship(self, entity: int, category: str) -> Kinship:
        defaults = self.defaults(category)
        if defaults.exact and entity in defaults.entities:
            return Kinship(owner=True, depth=1.0, words=1.0)
        path = category_path(category)
        depth = max((_shared(path, own) for own in self._paths[entity]), default=0.0)
        name = self._names[entity]
        levels = vocabulary(path[1:] or path)
        return Kinship(owner=False, depth=depth, words=len(name & levels.keys()) / max(1, len(name)))


def category_path(category: str) -> Path:
    """The levels of a category, compared without case."""
    return tuple(level.strip().casefold() for level in category.split(">") if level.strip())


def vocabulary(path: Path) -> dict[str, int]:
    """The words of a path, and its neighbouring words as one, with the deepest level each is in."""
    depths: dict[str, int] = {}
    for depth, level in enumerate(path):
        found = words(level)
        depths |= dict.fromkeys([*found, *map("".join, pairwise(found))], depth)
    return depths


def _append(index: dict[Path, list[int]], path: Path, entity: int) -> None:
    if path and entity not in index[path]:
        index[path].append(entity)


def _shared(one: Path, other: Path) -> float:
    """The share of `one`'s levels below the root that `other` has too."""
    common = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        common += 1
    return max(0, common - 1) / max(1, len(one) - 1)
