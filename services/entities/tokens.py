"""Words of a title as they are compared, each with where it stands in the original text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = f"[^\\W_{_CJK}]"
_WORD = re.compile(f"[wW]/[oO]\\b|[wW]/|[&+]|[{_CJK}]|{_LETTER}+(?:['’]{_LETTER}+)*")
_SYMBOLS = {"&": "and", "+": "and", "w/": "with", "w/o": "without"}
_SIBILANT_PLURALS = ("sses", "shes", "ches", "xes", "zes")
_SINGULAR_ENDINGS = ("ss", "us", "is")


class Token(NamedTuple):
    """A normalised word and its code points in the text, end exclusive."""

    word: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Split `text` into words; Chinese and Japanese characters are words of their own.

    Hyphens and other marks separate words. `&` and `+` read "and", `w/` reads "with".
    """
    spans = (match.span() for match in _WORD.finditer(_shape(text)))
    tokens = (Token(_fold(text[start:end]), start, end) for start, end in spans)
    return [token for token in tokens if token.word]


def words(text: str) -> tuple[str, ...]:
    """The normalised words of `text`: no case, no accents, no possessive, singular."""
    return tuple(token.word for token in tokenise(text))


def _shape(text: str) -> str:
    """The text with combining marks as letters, so that they stay in their word and offsets stay the same."""
    if text.isascii():
        return text
    return "".join("a" if unicodedata.category(char).startswith("M") else char for char in text)


@lru_cache(maxsize=65536)
def _fold(word: str) -> str:
    if word.lower() in _SYMBOLS:
        return _SYMBOLS[word.lower()]
    folded = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(char for char in folded if char.isalnum() or char in "'’" or _is_vowel_sign(char))
    owner = re.sub("['’]s$", "", plain)
    return _singular(re.sub("['’]", "", owner))


def _is_vowel_sign(char: str) -> bool:
    """Whether a mark is part of the spelling (Indic scripts), not an accent or an emoji's variation selector."""
    is_mark = unicodedata.category(char).startswith("M") and unicodedata.combining(char) == 0
    return is_mark and not "\ufe00" <= char <= "\ufe0f"


def _singular(word: str) -> str:
    """The word without a regular English plural ending; both sides of a comparison go through it."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(_SIBILANT_PLURALS):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(_SINGULAR_ENDINGS):
        return word[:-1]
    return word
