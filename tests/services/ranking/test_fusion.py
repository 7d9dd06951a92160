from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.ordering import natural
from services.ranking.fusion import Fusion, Scored, number
from services.recall.candidates import Copurchased, Edge, Popular, Recalled, Shortlisted, Target
from services.recall.port import Because, Concept

ENTITIES = [f"e{number}" for number in range(6)]
ITEMS = [*map(str, range(1, 40)), *"abcdefgh"]
ENTITY_OF = {item: [*ENTITIES, None][place % 7] for place, item in enumerate(ITEMS)}
APPEAL = {item: (1 + place % 4) / 4 for place, item in enumerate(ITEMS)}
# Few different values, so that many candidates tie.
SCORES = st.sampled_from([0.5, 0.25, 0.125, 0.001, 0.0005, 1e-9])


def edge(active: float, pulls: Mapping[str, float]) -> Edge:
    """One of weight 0.5 that nothing but fusion reads."""
    return Edge("h", active * 2, 0.5, 0.75, 0.0, pulls)


PULLS = st.dictionaries(st.sampled_from(ITEMS), st.sampled_from([0.25, 0.5, 2.0, 8.0]))
EDGES = st.lists(st.builds(edge, st.sampled_from([0.25, 0.5, 0.75]), PULLS), min_size=1, max_size=3).map(tuple)
STRENGTHS = st.sampled_from([0.0, 0.001, 0.25, 4.0])
K = st.sampled_from([1, 2, 5, 20, 100])


def shortlisted(item: str) -> Shortlisted:
    return Shortlisted(item, item.upper(), 1.0, APPEAL[item])


@st.composite
def targets(draw: st.DrawFn) -> tuple[Target, ...]:
    chosen = draw(st.lists(st.sampled_from(ENTITIES), unique=True))
    found = []
    for entity in chosen:
        own = [item for item in ITEMS if ENTITY_OF[item] == entity]
        offered = sorted(draw(st.sets(st.sampled_from(own))), key=lambda item: (-APPEAL[item], natural(item)))
        because = Because(f"owned for {entity}", Concept("s", "S"), Concept(entity, entity.upper()), 0.5, "why")
        found.append(Target(Concept(entity, entity.upper()), draw(EDGES), because, tuple(map(shortlisted, offered))))
    return tuple(found)


@st.composite
def copurchases(draw: st.DrawFn) -> tuple[Copurchased, ...]:
    items = draw(st.sets(st.sampled_from(ITEMS)))
    rows = [Copurchased(item, item.upper(), draw(SCORES), "owned", ENTITY_OF[item], APPEAL[item]) for item in items]
    return tuple(sorted(rows, key=lambda row: (-row.score, row.item)))


@st.composite
def popular(draw: st.DrawFn) -> tuple[Popular, ...]:
    items = draw(st.sets(st.sampled_from(ITEMS)))
    rows = [Popular(item, item.upper(), draw(st.integers(0, 9))) for item in items]
    return tuple(sorted(rows, key=lambda row: (-row.popularity, natural(row.item))))


RECALLED = st.builds(Recalled, targets(), copurchases(), popular())
FUSIONS = st.builds(Fusion, STRENGTHS, st.integers(1, 7), st.integers(1, 25))


def slow_strength(target: Target, item: str) -> float:
    missed = 1.0
    for edge in target.edges:
        missed *= 1 - edge.active * min(1, APPEAL[item] * edge.pulls.get(item, 1))
    return 1 - missed


def slow_cap(fusion: Fusion) -> int:
    """The greatest cap that leaves room for min_entities in 20 places."""
    return max(n for n in range(1, fusion.per_entity + 1) if n == 1 or n * fusion.min_entities <= 20)


def slow_offer(fusion: Fusion, target: Target) -> list[str]:
    """The items that take most by the edges; of equal ones those listed first."""
    items = [row.item for row in target.shortlist]
    return sorted(items, key=lambda item: -slow_strength(target, item))[: slow_cap(fusion)]


def slow_fuse(fusion: Fusion, recalled: Recalled, k: int) -> list[tuple[str, float, str]]:
    """Item, score and channel of each place."""
    target_of = {target.entity.id: target for target in recalled.complementary}
    base = {row.item: row.score for row in recalled.copurchase}
    offered = {item for target in recalled.complementary for item in slow_offer(fusion, target)}
    if fusion.strength == 0:
        offered = set()
    scores = {}
    for item in base.keys() | offered:
        target = target_of.get(ENTITY_OF[item] or "")
        known = fusion.strength * slow_strength(target, item) if target else 0.0
        lifted = item not in base or known > base[item]
        scores[item] = (base.get(item, 0.0) + known, "complementary" if lifted else "copurchase")
    rows: list[tuple[str, float, str]] = []
    shown: Counter[str | None] = Counter()
    for item in sorted(scores, key=lambda item: (-scores[item][0], natural(item))):
        score, channel = scores[item]
        if channel == "complementary":
            shown[ENTITY_OF[item]] += 1
            if shown[ENTITY_OF[item]] > slow_cap(fusion):
                if item not in base:
                    continue
                channel = "copurchase"
        rows.append((item, score, channel))
    rows = rows[:k]
    fill = [row for row in recalled.popularity if row.item not in {item for item, _, _ in rows}][: k - len(rows)]
    floor, top = (rows[-1][1] if rows else 1.0), (fill[0].popularity if fill else 0) + 1
    return [*rows, *((row.item, floor * row.popularity / top, "popularity") for row in fill)]


def items(scored: list[Scored]) -> list[str]:
    return [row.item for row in scored]


@given(FUSIONS, RECALLED, K)
def test_fusion_agrees_with_slow_loops(fusion: Fusion, recalled: Recalled, k: int) -> None:
    found = fusion.fuse(recalled, k)
    wanted = slow_fuse(fusion, recalled, k)
    assert [(row.item, row.channel) for row in found] == [(item, channel) for item, _, channel in wanted]
    assert [row.score for row in found] == pytest.approx([score for _, score, _ in wanted])


@given(FUSIONS, RECALLED, K)
def test_a_list_is_short_falls_and_repeats_nothing(fusion: Fusion, recalled: Recalled, k: int) -> None:
    listed = number(fusion.fuse(recalled, k))
    assert len(listed) <= k
    assert [row.rank for row in listed] == list(range(1, len(listed) + 1))
    assert len({row.item_id for row in listed}) == len(listed)
    assert all(row.title == row.item_id.upper() for row in listed)
    for above, below in pairwise(listed):
        assert above.score >= below.score >= 0
        if above.score == below.score and {above.channel, below.channel} & {"complementary", "copurchase"}:
            assert below.channel == "popularity" or natural(above.item_id) < natural(below.item_id)


@given(FUSIONS, RECALLED, K)
def test_only_the_length_of_a_list_depends_on_k(fusion: Fusion, recalled: Recalled, k: int) -> None:
    personal = replace(recalled, popularity=())
    assert fusion.fuse(personal, k) == fusion.fuse(personal, 1000)[:k]


@given(FUSIONS, copurchases(), popular(), K)
def test_without_edges_the_order_is_the_base_order(
    fusion: Fusion, base: tuple[Copurchased, ...], best: tuple[Popular, ...], k: int
) -> None:
    found = fusion.fuse(Recalled((), base, best), k)
    ordered = [row.item for row in sorted(base, key=lambda row: (-row.score, natural(row.item)))]
    rest = [row.item for row in best if row.item not in ordered[:k]]
    assert items(found) == [*ordered, *rest][:k]
    assert [row.score for row in found[: len(base)]] == sorted((row.score for row in base), reverse=True)[:k]
    assert all(row.because == Because(bought="owned") for row in found if row.channel == "copurchase")


@given(FUSIONS, RECALLED, K)
def test_without_strength_the_list_is_the_base_list(fusion: Fusion, recalled: Recalled, k: int) -> None:
    base = fusion.fuse(Recalled((), recalled.copurchase, recalled.popularity), k)
    assert items(replace(fusion, strength=0.0).fuse(recalled, k)) == items(base)


@given(FUSIONS, RECALLED, K)
def test_fill_never_outranks_what_is_personal(fusion: Fusion, recalled: Recalled, k: int) -> None:
    found = fusion.fuse(recalled, k)
    personal = [row for row in found if row.channel != "popularity"]
    fill = found[len(personal) :]
    assert all(row.channel == "popularity" for row in fill)
    assert all(row.because == Because() for row in fill)
    if personal and personal[-1].score > 0:
        assert all(row.score < personal[-1].score for row in fill)


@given(FUSIONS, RECALLED, K)
def test_complementary_places_hold_the_caps_in_a_fused_list(fusion: Fusion, recalled: Recalled, k: int) -> None:
    shown = [row for row in fusion.fuse(recalled, k) if row.channel == "complementary"]
    counts = Counter(ENTITY_OF[row.item] for row in shown)
    assert max(counts.values(), default=0) <= fusion.per_entity
    if len(shown) >= 20:
        assert len({ENTITY_OF[row.item] for row in shown[:20]}) >= min(fusion.min_entities, 20)


@given(FUSIONS, targets(), K)
def test_the_complementary_channel_alone_holds_the_caps(fusion: Fusion, recalled: tuple[Target, ...], k: int) -> None:
    found = fusion.complements(recalled, k)
    counts = Counter(ENTITY_OF[row.item] for row in found)
    stocked = sum(bool(target.shortlist) for target in recalled)
    assert len(found) <= k
    assert len(set(items(found))) == len(found)
    assert max(counts.values(), default=0) <= fusion.per_entity
    if k >= 20:
        assert len({ENTITY_OF[row.item] for row in found[:20]}) >= min(fusion.min_entities, stocked)
    for row in found:
        target = next(target for target in recalled if target.entity.id == ENTITY_OF[row.item])
        assert row.score == pytest.approx(slow_strength(target, row.item))
        assert row.because == target.because


def test_the_default_shows_five_items_of_four_entities_in_twenty_places() -> None:
    found = [
        Target(
            Concept(entity, entity),
            (edge(0.75 if entity == "e0" else 0.25, {}),),
            Because(),
            tuple(shortlisted(item) for item in ITEMS if ENTITY_OF[item] == entity)[:7],
        )
        for entity in ENTITIES
    ]
    shown = Counter(ENTITY_OF[row.item] for row in Fusion().complements(found, 20))
    assert shown["e0"] == 5
    assert sum(shown.values()) == 20
    assert len(shown) >= 4


def test_an_edge_lifts_a_copurchase_and_explains_it() -> None:
    because = Because("tent", Concept("t", "Tent"), Concept("e1", "Mat"), 0.5, "sleep dry")
    target = Target(Concept("e1", "Mat"), (edge(0.5, {}),), because, ())
    item = next(item for item in ITEMS if ENTITY_OF[item] == "e1")
    pair = (Copurchased("1", "one", 0.25, "tent", None, 1.0), Copurchased(item, "mat", 0.2, "tent", "e1", 0.5))
    first, second = Fusion(strength=0.5).fuse(Recalled((target,), pair), 2)
    assert (first.item, first.score, first.channel, first.because) == (item, 0.2 + 0.5 * 0.25, "copurchase", because)
    assert (second.item, second.score, second.channel) == ("1", 0.25, "copurchase")


def test_popularity_alone_falls_from_one() -> None:
    found = Fusion().fuse(Recalled((), (), (Popular("a", "A", 9), Popular("b", "B", 4), Popular("c", "C", 0))), 20)
    assert [row.score for row in found] == [0.9, 0.4, 0.0]


def test_nothing_recalled_nothing_listed() -> None:
    assert Fusion().fuse(Recalled(), 20) == []
    assert number([]) == ()
