"""How a title is built: where its phrases end, and which words name no product."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from services.entities.tokens import Token, words

AND = "and"
# After one of these a noun describes the product ("case for phones", "kit with brush"), it is not the product.
PREPOSITIONS = frozenset(
    words(
        "for with without by from of in on to at as plus against that than like from contain contains containing"
        " include includes including infused use compatible fits"
    )
)
# Words of amount and packaging: they follow a product's name without being its head.
MEASURES = frozenset(
    words(
        "oz ounce fl fluid ml liter litre gallon g gram kg mg lb pound inch in cm mm ft"
        " pack pk count ct pc pcs piece pair each size"
    )
)
# Heads too general to say, with the category alone, which product it is.
BUNDLES = frozenset(words("set kit pack collection bundle box lot system duo trio"))

_HARD = re.compile(r"[,;:()\[\]{}|!?•·★☆*~]|\n")
_SOFT = re.compile(r"\s[-–—]|[-–—]\s|--|—|\s/|/\s")
_SENTENCE = re.compile(r"\.\s+$")
_OPEN = re.compile(r"[(\[]")
_CLOSE = re.compile(r"[)\]]")


class Break(IntEnum):
    """What separates a word from the one before it."""

    NONE = 0
    SOFT = 1  # a dash, a slash, a plus sign: a new phrase, though one name may run across it
    HARD = 2  # a comma, a bracket, the end of a sentence: no name runs across it


@dataclass(frozen=True, slots=True)
class Outline:
    """A title's tokens with the break before each, the phrase each is in, and whether it stands in brackets."""

    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    breaks: tuple[Break, ...]
    phrases: tuple[int, ...]
    bracketed: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.words)

    def is_preposition(self, index: int) -> bool:
        """Whether the word makes what follows describe what precedes; the "of" of "set of 6" does not."""
        if self.words[index] == "of" and index + 1 < len(self):
            return not self.words[index + 1].isdigit()
        return self.words[index] in PREPOSITIONS

    def ends_phrase(self, index: int) -> bool:
        """Whether nothing that could be a later head follows directly at `index`."""
        if index >= len(self) or self.breaks[index]:
            return True
        word = self.words[index]
        return word == AND or word in PREPOSITIONS or word in MEASURES or word[0].isdigit()


def outline(title: str, tokens: Sequence[Token]) -> Outline:
    """Lay out `tokens`, the words of `title`, in phrases."""
    breaks: list[Break] = []
    phrases: list[int] = []
    bracketed: list[bool] = []
    depth = phrase = end = 0
    for index, token in enumerate(tokens):
        between = title[end : token.start]
        if between not in ("", " "):
            depth = max(0, depth + len(_OPEN.findall(between)) - len(_CLOSE.findall(between)))
        separator = _break(title, between, token, tokens[index - 1]) if index else Break.NONE
        phrase += separator > Break.NONE
        breaks.append(separator)
        phrases.append(phrase)
        bracketed.append(depth > 0)
        end = token.end
    return Outline(tuple(tokens), tuple(t.word for t in tokens), tuple(breaks), tuple(phrases), tuple(bracketed))


def _break(title: str, between: str, token: Token, before: Token) -> Break:
    if title[token.start] == "+" and between.endswith(" "):
        return Break.SOFT
    if between in ("", " "):
        return Break.NONE
    if _HARD.search(between) or _ends_sentence(between, before):
        return Break.HARD
    return Break.SOFT if _SOFT.search(between) else Break.NONE


def _ends_sentence(between: str, before: Token) -> bool:
    """A full stop ends a sentence except after an abbreviation such as "oz." or "Dr."."""
    return bool(_SENTENCE.search(between)) and len(before.word) > 2 and before.word not in MEASURES
