"""The domain of an entity: the part of the catalogue that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.records import Entity

LEVELS = " > "


def domains(entities: Sequence[Entity], item_categories: Mapping[str, str] | None = None) -> tuple[frozenset[str], ...]:
    """The first category levels of every entity, in order; empty where nothing is known.

    Levels that all categories of the dictionary begin with ("Beauty" in a shop for beauty) say nothing and are
    skipped. `item_categories` gives the most frequent category of an entity's items, for entities without any.
    """
    fallback = item_categories or {}
    paths = [_paths(entity, fallback) for entity in entities]
    depth = _shared_depth([path for each in paths for path in each])
    return tuple(frozenset(path[min(depth, len(path) - 1)] for path in each) for each in paths)


def _paths(entity: Entity, fallback: Mapping[str, str]) -> list[list[str]]:
    categories = entity.categories or ((fallback[entity.id],) if entity.id in fallback else ())
    return [path.split(LEVELS) for path in categories if path]


def _shared_depth(paths: Sequence[Sequence[str]]) -> int:
    """How many leading levels all paths share, keeping one level of the longest."""
    longest = max(paths, key=len, default=[])
    depth = 0
    while depth < len(longest) - 1 and all(path[depth : depth + 1] in ([], [longest[depth]]) for path in paths):
        depth += 1
    return depth
