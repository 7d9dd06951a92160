from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Entity, Link
from services.entities.confidence import Source
from services.entities.linker import Linker
from services.entities.tokens import words

ENTITIES = (
    Entity("tent", "tent", ("camping tent", "dome tent"), ("Outdoor > Camping > Tents",)),
    Entity("tent-peg", "tent peg", ("peg",), ("Outdoor > Camping > Spares",)),
    Entity("mallet", "mallet", ("tent peg mallet", "rubber mallet")),
    Entity("phone-case", "phone case", ("slim phone case", "phone case with stand"), ("Phones > Cases",)),
    Entity("phone", "phone", ("smartphone",), ("Phones > Handsets",)),
    Entity("screen-protector", "screen protector", (), ("Phones > Screens",)),
    Entity("cover-book", "book cover", ("cover",), ("Desk > Books",)),
    Entity("cover-grill", "grill cover", ("cover",), ("Garden > Grills",)),
    Entity("mug", "mug", ("tin mug",), ("Kitchen > Cups",)),
    Entity("mug-tree", "mug tree"),
    Entity("mug-and-bowl", "mug and bowl set", ("mug & bowl",)),
    Entity("bowl", "bowl", ("creme bowl",)),
    Entity("stew-pot", "stew pot", ("cast iron pot",)),
    Entity("tea", "tea", ("crème tea",)),
    Entity("kettle-oil", "kettle oil", ("pan oil", "wok oil")),
)
LINKER = Linker(ENTITIES)
BY_ID = {entity.id: entity for entity in ENTITIES}


def named(title: str, link: Link) -> str:
    return title[link.start : link.end] if link.start >= 0 else ""


@pytest.mark.parametrize(
    ("title", "entity", "mention", "secondary"),
    [
        ("Tent Peg Mallet for Camping Tent", "mallet", "Mallet", ("tent",)),
        ("Phone Case with Screen Protector", "phone-case", "Phone Case", ("screen-protector",)),
        ("Phone Case w/ Screen Protector", "phone-case", "Phone Case", ("screen-protector",)),
        ("Phone Case + Screen Protector", "phone-case", "Phone Case", ("screen-protector",)),
        ("Phone Case & Screen Protectors", "phone-case", "Phone Case", ("screen-protector",)),
        ("Phone Case, includes Screen Protector", "phone-case", "Phone Case", ("screen-protector",)),
        ("Phone Case (Screen Protector Included)", "phone-case", "Phone Case", ("screen-protector",)),
        ("Camping Tent Red Mug", "mug", "Mug", ()),
        ("Mug Trees - 12 oz, Black (Pack of 2)", "mug-tree", "Mug Trees", ()),
        ("Set of 6 Mugs", "mug", "Mugs", ()),
        ("2-in-1 Smartphone Case for Phones", "phone", "Smartphone", ()),
        ("Tents' Pegs", "tent-peg", "Tents' Pegs", ()),
        ("Rubber   MALLETS 500g", "mallet", "MALLETS", ()),
        ("Mug 12 oz & Bowl 20 oz", "mug-and-bowl", "Mug 12 oz & Bowl", ()),
        ("Cast Heavy Iron Pot", "stew-pot", "Cast Heavy Iron Pot", ()),
        ("Slim Phone Case with Stand", "phone-case", "Phone Case", ()),
        ("Tin Mug for Tea. This mug holds tea", "mug", "Mug", ("tea",)),
        ("Phonecase 5 in", "phone-case", "Phonecase", ()),
    ],
)
def test_the_head_of_the_title_is_the_main_entity(
    title: str, entity: str, mention: str, secondary: tuple[str, ...]
) -> None:
    link = LINKER.link(title)
    assert (link.entity, named(title, link), link.secondary) == (entity, mention, secondary)
    assert link.source == Source.TITLE


def test_offsets_count_code_points_of_the_title_as_given() -> None:
    title = "👩‍🍳🇫🇷 Cre\u0300me Teas ❤️"
    link = LINKER.link(title)
    assert (link.entity, named(title, link)) == ("tea", "Teas")
    assert (link.start, link.end) == (title.index("Teas"), title.index("Teas") + 4)
    accented = "Cre\u0300me Bowl ☕"
    assert named(accented, LINKER.link(accented)) == "Bowl"


def test_an_alias_of_two_entities_goes_to_the_one_of_the_category() -> None:
    assert LINKER.link("Red Cover", category="Garden > Grills").entity == "cover-grill"
    assert LINKER.link("Red Cover", category="Desk > Books").entity == "cover-book"
    assert LINKER.link("Red Cover").entity == "cover-book"
    assert LINKER.link("Red Cover", category="Garden > Grills").source == Source.BOTH


def test_the_category_decides_between_mentions_that_could_both_be_the_head() -> None:
    assert LINKER.link("Tent - Mug", category="Kitchen > Cups").entity == "mug"
    assert LINKER.link("Tent - Mug", category="Outdoor > Camping > Tents").entity == "tent"


def test_the_category_alone_links_with_low_confidence_and_no_span() -> None:
    for title in ("", "Xylo 3000", "!!!"):
        link = LINKER.link(title, category="Outdoor > Camping > Tents")
        assert link == Link("tent", -1, -1, 0.6, Source.CATEGORY, ())
    parent = LINKER.link("Xylo", category="Outdoor > Camping > Tents > Family")
    assert (parent.entity, parent.source) == ("tent", Source.PARENT)
    assert parent.confidence < 0.6


def test_a_head_word_is_completed_by_the_category() -> None:
    title = "Brand Fancy Oil"
    link = LINKER.link(title, category="Home > Wok")
    assert (link.entity, link.source, named(title, link)) == ("kettle-oil", Source.HEAD, "Oil")
    assert LINKER.link(title).entity is None


def test_no_match_is_no_link() -> None:
    assert LINKER.link("Xylo 3000") == Link(None, -1, -1, 0.0, "", ())
    assert LINKER.link("Xylo", "Brand", "Unknown > Path") == Link(None)
    assert Linker([]).link("Tent", "Tent", "Tents") == Link(None)


def test_a_product_word_in_the_brand_counts_only_where_there_is_no_other() -> None:
    assert LINKER.link("Tent & Mug Bowl", "Tent & Mug").entity == "bowl"
    assert LINKER.link("Bowl by Mug Tree", "Mug Tree").secondary == ()
    assert LINKER.link("Mug Tree", "Mug Tree").entity == "mug-tree"


def test_confidence_falls_where_two_mentions_are_close() -> None:
    clear = LINKER.link("Tent", category="Outdoor > Camping > Tents")
    close = LINKER.link("Rubber Mallet, Mug", category="Kitchen > Cups")
    assert clear.confidence == 0.95
    assert close.entity == "mug"
    assert close.confidence < 0.9


TITLES = st.lists(
    st.one_of(
        st.sampled_from(
            ["Tent", "pegs", "mallet", "phone case", "Mug", "bowl", "cover", "crème tea", "OIL", "smartphones"]
        ),
        st.sampled_from(
            ["for", "with", "&", "+", ",", " - ", "(", ")", "of 6", "12 oz", "Cre\u0300me", "👩‍🍳", "cast red iron pot"]
        ),
        st.text(max_size=4),
    ),
    max_size=10,
).map(" ".join)
CATEGORIES = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.sampled_from(["Garden > Grills", "Phones > Cases", "Kitchen > Cups > Tin", "Home > Wok", " > ", "Outdoor"]),
)


def contains(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    rest = iter(longer)
    return all(word in rest for word in shorter)


@given(TITLES, st.one_of(st.none(), st.text(max_size=5), st.just("Tent")), CATEGORIES)
def test_a_span_always_names_its_entity(title: str, brand: str | None, category: str | None) -> None:
    link = LINKER.link(title, brand, category)
    assert 0.0 <= link.confidence <= 1.0
    assert link.entity not in link.secondary
    assert len(set(link.secondary)) == len(link.secondary)
    if link.entity is None:
        assert link == Link(None)
        return
    assert link.confidence > 0
    if link.source in {Source.CATEGORY, Source.PARENT}:
        assert (link.start, link.end) == (-1, -1)
        return
    assert 0 <= link.start < link.end <= len(title)
    forms = [words(text) for text in (BY_ID[link.entity].name, *BY_ID[link.entity].aliases)]
    found = words(named(title, link))
    if link.source == Source.HEAD:
        assert any(found == form[-1:] for form in forms)
    else:
        assert any(contains(found, form) or found == ("".join(form),) for form in forms)


@given(st.text(), st.one_of(st.none(), st.text()), st.one_of(st.none(), st.text()))
def test_no_text_raises(title: str, brand: str | None, category: str | None) -> None:
    link = LINKER.link(title, brand, category)
    assert (link.start == -1) == (link.end == -1)


@given(st.lists(TITLES, max_size=6))
def test_many_titles_are_linked_as_each_alone(titles: list[str]) -> None:
    assert LINKER.link_all((title, None, None) for title in titles) == [LINKER.link(title) for title in titles]
