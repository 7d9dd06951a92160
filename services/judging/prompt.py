"""What a language model is asked about pairs of entities, and how its answer is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from graph.records import Entity, Label, Verdict
from services.judging.port import EntityPair, PairKey

MAX_REASON_WORDS = 15
MAX_ALIASES = 8
MAX_TEXT = 300

SYSTEM = """\
You judge pairs of product concepts from one shop's catalogue. Every pair is ordered: A → B.

A → B is complementary if someone who just bought A is, within 30 days, clearly more likely than an average shopper to \
want B, and B does a different job than A.

Labels, for A → B as ordered:
- complement: as defined above. Bought together only because both are popular is not enough.
- substitute: B does the same job as A; who has A needs B less.
- same_or_parent: two names of one concept, or one is a kind of the other.
- unrelated: none of these.
- unsure: the concepts are too vague to tell.

direction says which way the need runs: forward if buying A creates the need of B, backward if buying B creates the \
need of A but not the reverse, both, or none. Of a durable and its consumable, the durable usually comes first.

strength says how many buyers of A come to want B: 3 most of them, 2 many, 1 some, 0 hardly any.

reason: at most 15 words on what B does for someone who has A. No names of brands.

Judge each pair by itself: the pairs come in random order, some are nonsense, and most pairs of any shop are unrelated.
Answer every pair exactly once, by its number.
"""
QUESTION = "Pairs, one JSON object per line:"


class PairAnswer(BaseModel):
    """A model's answer about the pair of this number."""

    model_config = ConfigDict(extra="forbid")

    pair: int
    label: Literal["complement", "substitute", "same_or_parent", "unrelated", "unsure"]
    direction: Literal["forward", "backward", "both", "none"]
    strength: Literal[0, 1, 2, 3]
    reason: str

    def verdict(self, key: PairKey, judge: str, at: int) -> Verdict:
        """The verdict on head → tail: a need that runs only backward is no complement of this direction."""
        label = Label(self.label)
        if label is Label.COMPLEMENT and self.direction in ("backward", "none"):
            label = Label.UNRELATED if self.direction == "backward" else Label.UNSURE
        reason = " ".join(self.reason.split()[:MAX_REASON_WORDS])
        return Verdict(*key, label, reason, judge, PROMPT, strength=self.strength, judged_at=at)


class Answers(BaseModel):
    """A model's answers about one batch of pairs."""

    model_config = ConfigDict(extra="forbid")

    answers: list[PairAnswer]


class _Loose(BaseModel):
    """As `Answers`, before each answer is checked by itself: one bad answer must not cost the others."""

    answers: list[Any]


SCHEMA: dict[str, Any] = Answers.model_json_schema()


def _version() -> str:
    content = json.dumps([SYSTEM, QUESTION, SCHEMA, MAX_REASON_WORDS, MAX_ALIASES, MAX_TEXT], sort_keys=True)
    return f"pairs-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


PROMPT = _version()


def question(pairs: Sequence[EntityPair]) -> str:
    """The user's turn: the pairs numbered from 1, as JSON lines."""
    lines = (
        json.dumps({"pair": number, "A": _described(pair.head), "B": _described(pair.tail)}, ensure_ascii=False)
        for number, pair in enumerate(pairs, start=1)
    )
    return "\n".join([QUESTION, *lines])


def shuffled(pairs: Iterable[EntityPair]) -> list[EntityPair]:
    """The pairs in an order that is random to the model, and the same whatever order they come in."""
    return sorted(pairs, key=lambda pair: hashlib.sha256("\0".join((PROMPT, *pair.key)).encode()).digest())


def read_answers(text: str, keys: Sequence[PairKey]) -> dict[PairKey, PairAnswer]:
    """The usable answers in a model's text; pairs that are missing, invalid or answered twice are left out."""
    try:
        loose = _Loose.model_validate_json(text).answers
    except ValidationError:
        return {}
    found: dict[int, list[PairAnswer]] = {}
    for answer in filter(None, map(_checked, loose)):
        found.setdefault(answer.pair, []).append(answer)
    return {key: found[number][0] for number, key in enumerate(keys, start=1) if len(found.get(number, ())) == 1}


def _checked(answer: object) -> PairAnswer | None:
    try:
        return PairAnswer.model_validate(answer, strict=True)
    except ValidationError:
        return None


def _described(entity: Entity) -> dict[str, object]:
    aliases = [alias for alias in entity.aliases if alias and alias.casefold() != entity.name.casefold()]
    described = {
        "name": entity.name[:MAX_TEXT],
        "aliases": [alias[:MAX_TEXT] for alias in aliases[:MAX_ALIASES]],
        "definition": entity.definition[:MAX_TEXT],
    }
    return {key: value for key, value in described.items() if value}
