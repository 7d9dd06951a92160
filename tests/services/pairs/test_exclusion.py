import pytest

from graph.records import Entity
from services.pairs.exclusion import Exclusions

ENTITIES = (
    Entity("polish", "Nail Polish", ("lacquer",)),
    Entity("lacquer", "Lacquer"),
    Entity("gel-polish", "gel polish", parent="polish"),
    Entity("brand", "Acme", kind="brand"),
    Entity("file", "nail file", parent="unheard-of"),
)
FORBIDDEN = {
    ("polish", "lacquer"),
    ("lacquer", "polish"),
    ("polish", "gel-polish"),
    ("gel-polish", "polish"),
    ("file", "polish"),
}


@pytest.fixture
def exclusions() -> Exclusions:
    return Exclusions(ENTITIES, judged={("file", "polish"), ("file", "withdrawn")}, blocked_kinds={"brand"})


@pytest.mark.parametrize("head", range(5))
@pytest.mark.parametrize("tail", range(5))
def test_only_the_named_pairs_are_never_asked(exclusions: Exclusions, head: int, tail: int) -> None:
    pair = ENTITIES[head].id, ENTITIES[tail].id
    expected = head != tail and "brand" not in pair and pair not in FORBIDDEN
    assert exclusions.allows(head, tail) is expected
    assert bool(exclusions.allowed(head)[tail]) is expected


def test_empty_names_are_no_shared_alias() -> None:
    assert Exclusions([Entity("a", "", ("",)), Entity("b", "", ("",))]).allows(0, 1)
