from __future__ import annotations

from graph.records import Entity
from services.entities.categories import CategoryIndex
from services.entities.completions import Completions
from services.entities.tokens import words

ENTITIES = [
    Entity("hand-cream", "hand cream"),
    Entity("foot-cream", "foot cream"),
    Entity("sun-cream", "sun cream", categories=("Shop > Care > Sun",)),
    Entity("hand-set", "hand set", ("foot set", "sun set")),
    Entity("hand-bag", "hand bag"),
]


def completions() -> Completions:
    forms = [[words(text) for text in (entity.name, *entity.aliases)] for entity in ENTITIES]
    return Completions(ENTITIES, forms, CategoryIndex(ENTITIES))


def test_the_category_says_the_words_before_the_head() -> None:
    assert completions().of("Shop > Care > Hands")["cream"] == 0
    assert completions().of("Shop > Care > Feet, Foot Care")["cream"] == 1


def test_the_default_entitys_own_head_comes_first() -> None:
    assert completions().of("Shop > Care > Sun")["cream"] == 2


def test_the_root_bundles_and_rare_heads_say_nothing() -> None:
    assert completions().of("Hand > Care") == {}
    assert completions().of("Shop > Hands").keys() == {"cream"}
