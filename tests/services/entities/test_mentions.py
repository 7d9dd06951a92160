"""The finder against a slow search through all stretches of a title."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.entities.mentions import AliasTrie, Kind, Mention
from services.entities.outline import AND, PREPOSITIONS, Break, Outline, outline
from services.entities.tokens import tokenise

WORDS = ["tent", "peg", "mallet", "and", "for", "7", "camp"]
FORMS = st.lists(st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(tuple), st.integers(0, 4)))
TITLES = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", ", ", " - "])), max_size=9).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


def lay_out(title: str) -> Outline:
    return outline(title, tokenise(title))


def slow_index(forms: list[tuple[tuple[str, ...], int]]) -> dict[tuple[str, ...], set[int]]:
    index: dict[tuple[str, ...], set[int]] = {}
    for form, entity in forms:
        index.setdefault(form, set()).add(entity)
    explicit = set(index)
    for form, entity in forms:
        one_word = ("".join(form),)
        if len(form) == 2 and AND not in form and one_word not in explicit:
            index.setdefault(one_word, set()).add(entity)
    return index


def slow_mentions(title: Outline, index: dict[tuple[str, ...], set[int]]) -> list[tuple[int, int, bool]]:
    """(first, last, gapped) of all mentions that lie in no other."""
    size = len(title)
    stretches = [(a, b) for a in range(size) for b in range(a + 1, size + 1)]
    whole = [s for s in stretches if Break.HARD not in title.breaks[s[0] + 1 : s[1]]]
    exact = [s for s in whole if title.words[s[0] : s[1]] in index]
    longest = {a: max(b for first, b in exact if first == a) for a, _ in exact}
    named = {k for a, b in longest.items() for k in range(a, b)}
    gapped: dict[int, list[tuple[int, int]]] = {}
    for a, b in whole:
        for k in range(a + 1, b - 1):
            word = title.words[k]
            skippable = not title.breaks[k] and not title.breaks[k + 1] and word not in {AND, "7", *PREPOSITIONS}
            form = title.words[a:k] + title.words[k + 1 : b]
            if skippable and len(form) >= 3 and form in index:
                gapped.setdefault(a, []).append((b, k))
    spans = {(a, b, False) for a, b in longest.items()}
    for a, options in gapped.items():
        b = max(last for last, _ in options)
        first_skip = min(k for last, k in options if last == b)
        if first_skip not in named:
            spans.add((a, b, True))
    return sorted(s for s in spans if not any(covers(other, s) for other in spans))


def covers(other: tuple[int, int, bool], span: tuple[int, int, bool]) -> bool:
    if other[:2] == span[:2]:
        return span[2] and not other[2]
    return other[0] <= span[0] and span[1] <= other[1]


@given(FORMS, TITLES)
def test_the_finder_agrees_with_a_search_of_all_stretches(forms: list[tuple[tuple[str, ...], int]], title: str) -> None:
    laid_out = lay_out(title)
    index = slow_index(forms)
    found = AliasTrie(forms).maximal(laid_out)
    assert [(m.first, m.last, m.kind is Kind.GAPPED) for m in found] == slow_mentions(laid_out, index)
    for mention in found:
        if mention.kind is Kind.EXACT:
            assert set(mention.entities) == index[laid_out.words[mention.first : mention.last]]


def test_the_longest_form_wins_and_neighbours_may_overlap() -> None:
    trie = AliasTrie([(("tent",), 0), (("tent", "peg"), 1), (("peg", "mallet"), 2)])
    assert trie.maximal(lay_out("Tent Peg Mallet")) == [Mention(0, 2, (1,)), Mention(1, 3, (2,))]


def test_two_words_match_as_one_unless_that_is_a_form_of_its_own() -> None:
    trie = AliasTrie([(("eye", "glass"), 0), (("tea", "pot"), 1), (("teapot",), 2)])
    assert trie.entities(("eyeglass",)) == (0,)
    assert trie.entities(("teapot",)) == (2,)


def test_no_form_runs_across_a_comma_but_one_may_run_across_a_dash() -> None:
    trie = AliasTrie([(("tent", "peg"), 0)])
    assert trie.maximal(lay_out("Tent, Peg")) == []
    assert trie.maximal(lay_out("Tent - Peg")) == [Mention(0, 2, (0,))]


def test_joined_mentions_become_one_where_the_joined_form_is_known() -> None:
    trie = AliasTrie([(("tent",), 0), (("mat",), 1), (("tent", "and", "mat"), 2), (("mug",), 3)])
    laid_out = lay_out("Tent 2 kg and thick Mat and Mug")
    joined = trie.joint(laid_out, trie.maximal(laid_out))
    assert joined == [Mention(0, 6, (2,), Kind.JOINT), Mention(7, 8, (3,))]
