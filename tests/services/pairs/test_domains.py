from graph.records import Entity
from services.pairs.domains import domains


def entity(name: str, *categories: str) -> Entity:
    return Entity(name, name, categories=categories)


def test_first_levels_are_the_domains() -> None:
    found = domains([entity("a", "Kitchen > Pots"), entity("b", "Kitchen > Pans", "Camping > Stoves"), entity("c")])
    assert found == (frozenset({"Kitchen"}), frozenset({"Kitchen", "Camping"}), frozenset())


def test_levels_that_all_categories_share_are_skipped() -> None:
    found = domains(
        [entity("a", "Beauty > Hair > Gel"), entity("b", "Beauty > Makeup > Lips"), entity("c", "Beauty > Hair")]
    )
    assert found == (frozenset({"Hair"}), frozenset({"Makeup"}), frozenset({"Hair"}))


def test_single_levels_are_domains_themselves() -> None:
    assert domains([entity("a", "fresh fruits"), entity("b", "fresh fruits")]) == (frozenset({"fresh fruits"}),) * 2


def test_a_category_that_is_only_the_shared_level_keeps_it() -> None:
    found = domains([entity("a", "Beauty > Hair"), entity("b", "Beauty"), entity("c", "Beauty > Nails")])
    assert found == (frozenset({"Hair"}), frozenset({"Beauty"}), frozenset({"Nails"}))


def test_the_items_category_serves_where_the_dictionary_has_none() -> None:
    found = domains([entity("a", "Kitchen > Pots"), entity("b")], {"b": "Camping > Tents", "a": "ignored"})
    assert found == (frozenset({"Kitchen"}), frozenset({"Camping"}))
