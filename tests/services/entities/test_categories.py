from __future__ import annotations

import pytest

from graph.records import Entity
from services.entities.categories import CategoryIndex, Defaults, Kinship

ENTITIES = [
    Entity("tent", "tent", categories=("Shop > Camping > Tents",)),
    Entity("tent-peg", "tent peg", categories=("Shop > Camping > Tents > Pegs", "Camping > Spares")),
    Entity("mug", "mug", categories=("mugs",)),
    Entity("cup", "cup", categories=("mugs",)),
    Entity("camping-chair", "camping chair"),
]
INDEX = CategoryIndex(ENTITIES)


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("Shop > Camping > Tents", Defaults((0,), exact=True)),
        ("shop > camping > TENTS", Defaults((0,), exact=True)),
        ("Tents", Defaults((0,), exact=True)),
        ("Shop > Camping > Spares", Defaults((1,), exact=True)),
        ("Kitchen > Mugs", Defaults((2, 3), exact=True)),
        ("Shop > Camping > Tents > Family", Defaults((0,), exact=False)),
        ("Shop > Camping", Defaults()),
        ("", Defaults()),
    ],
)
def test_defaults_come_from_the_path_its_end_or_a_parent(category: str, expected: Defaults) -> None:
    assert INDEX.defaults(category) == expected


def test_kinship() -> None:
    assert INDEX.kinship(0, "Shop > Camping > Tents") == Kinship(owner=True, depth=1.0, words=1.0)
    assert INDEX.kinship(1, "Shop > Camping > Tents") == Kinship(owner=False, depth=1.0, words=0.5)
    assert INDEX.kinship(0, "Shop > Camping > Chairs") == Kinship(owner=False, depth=0.5, words=0.0)
    assert INDEX.kinship(4, "Shop > Camping > Chairs") == Kinship(owner=False, depth=0.0, words=1.0)
    assert not INDEX.kinship(0, "Shop > Camping > Tents > Family").owner
