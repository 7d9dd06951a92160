from __future__ import annotations

import pytest

from services.entities.outline import Break, Outline, outline
from services.entities.tokens import tokenise


def lay_out(title: str) -> Outline:
    return outline(title, tokenise(title))


@pytest.mark.parametrize(
    ("title", "breaks"),
    [
        ("Tent Peg", [Break.NONE, Break.NONE]),
        ("Tent, Peg", [Break.NONE, Break.HARD]),
        ("Tent - Peg", [Break.NONE, Break.SOFT]),
        ("Tent-Peg", [Break.NONE, Break.NONE]),
        ("Tent (Peg)", [Break.NONE, Break.HARD]),
        ("Tents. Peg", [Break.NONE, Break.HARD]),
        ("oz. Peg", [Break.NONE, Break.NONE]),
        ("Dr. Peg", [Break.NONE, Break.NONE]),
        ("Tent + Peg", [Break.NONE, Break.SOFT, Break.NONE]),
        ("30+ Peg", [Break.NONE, Break.NONE, Break.NONE]),
        ("Tent w/ Peg", [Break.NONE, Break.NONE, Break.NONE]),
    ],
)
def test_breaks(title: str, breaks: list[Break]) -> None:
    assert list(lay_out(title).breaks) == breaks


def test_phrases_and_brackets() -> None:
    laid_out = lay_out("Red Mug (Pack of 2), Blue) Lid")
    assert laid_out.words == ("red", "mug", "pack", "of", "2", "blue", "lid")
    assert laid_out.phrases == (0, 0, 1, 1, 1, 2, 3)
    assert laid_out.bracketed == (False, False, True, True, True, False, False)


@pytest.mark.parametrize(
    ("title", "ends"),
    [
        ("Mug", True),
        ("Mug, Blue", True),
        ("Mug for Tea", True),
        ("Mug & Lid", True),
        ("Mug 12 oz", True),
        ("Mug Pack", True),
        ("Mug Tree", False),
    ],
)
def test_a_phrase_ends_where_no_head_can_follow(title: str, ends: bool) -> None:
    assert lay_out(title).ends_phrase(1) is ends


def test_of_before_a_number_is_no_preposition() -> None:
    laid_out = lay_out("Set of 6 Mugs of Tin")
    assert [laid_out.is_preposition(index) for index in range(len(laid_out))] == [False] * 4 + [True, False]
