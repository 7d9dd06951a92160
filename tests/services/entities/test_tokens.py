from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.entities.tokens import tokenise, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Roll-On BODY Lotions", ("roll", "on", "body", "lotion")),
        ("Goat's Milk", ("goat", "milk")),
        ("Men’s socks", ("men", "sock")),
        ("Glasses, brushes, boxes & berries", ("glass", "brush", "box", "and", "berry")),
        ("bus gas iris glass", ("bus", "gas", "iris", "glass")),
        ("Crème brûlée", ("creme", "brulee")),
        ("Cre\u0300me", ("creme",)),
        ("Mug w/ Lid w/o Handle", ("mug", "with", "lid", "without", "handle")),
        ("0.5 oz + 30ml", ("0", "5", "oz", "and", "30ml")),
        ("Straße ﬁne", ("strasse", "fine")),
        ("帐篷 tent", ("帐", "篷", "tent")),
        ("⛺️ 🏕 Tent™", ("tent",)),
        ("", ()),
        ("  -- !! ", ()),
    ],
)
def test_words_are_compared_without_case_accents_plural_and_possessive(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


def test_offsets_are_code_points_of_the_original_text() -> None:
    text = "🏕️ Cre\u0300me Ağaç-Mugs"
    assert [text[token.start : token.end] for token in tokenise(text)] == ["Cre\u0300me", "Ağaç", "Mugs"]


def test_the_same_word_reads_the_same_whether_or_not_others_around_it_are_ascii() -> None:
    assert words("Tents for é") == (*words("Tents for"), "e")


@given(st.text(max_size=60))
def test_any_text_gives_ordered_disjoint_tokens_that_read_the_same_alone(text: str) -> None:
    end = 0
    for token in tokenise(text):
        assert end <= token.start < token.end <= len(text)
        assert token.word
        end = token.end
    assert words(text) == tuple(token.word for token in tokenise(text))


@given(st.lists(st.sampled_from(["Tents", "crème", "boy's", "glasses", "B12"]), max_size=6))
def test_spaces_and_dashes_separate_alike(parts: list[str]) -> None:
    assert words(" ".join(parts)) == words("-".join(parts)) == tuple(word for part in parts for word in words(part))
