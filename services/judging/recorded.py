"""The recorded judge: verdicts that stand in a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from graph.records import Label, Verdict
from services.judging.port import EntityPair, PairKey

Unlisted = Literal["unknown", "unrelated"]
NAME = "recorded"
NOT_LISTED = "not listed by the recorded judge"


class RecordedJudge:
    """Answers listed pairs from its list; an unlisted pair is unrelated or, by default, left without an answer."""

    name = NAME

    def __init__(self, verdicts: Iterable[Verdict], unlisted: Unlisted = "unknown") -> None:
        self.unlisted = unlisted
        self._listed = {(verdict.head, verdict.tail): verdict for verdict in verdicts}
        content = hashlib.sha256(unlisted.encode())
        for verdict in sorted(map(repr, self._listed.values())):
            content.update(verdict.encode())
        self.prompt = f"{NAME}-{content.hexdigest()[:12]}"

    def judge(self, pairs: Sequence[EntityPair]) -> Iterator[Verdict]:
        """The listed verdicts of these pairs, and a rejection of every other one if unlisted means unrelated."""
        for pair in pairs:
            if pair.key in self._listed:
                yield self._stamped(self._listed[pair.key])
            elif self.unlisted == "unrelated":
                yield self.unlisted_verdict(pair.key)

    def all(self) -> Iterator[Verdict]:
        """Every listed verdict, in the order of the list."""
        yield from map(self._stamped, self._listed.values())

    def lists(self, pair: PairKey) -> bool:
        """Whether the list holds this ordered pair."""
        return pair in self._listed

    def unlisted_verdict(self, pair: PairKey) -> Verdict:
        """What not being listed says about a pair: unrelated, or unsure where it says nothing."""
        label = Label.UNRELATED if self.unlisted == "unrelated" else Label.UNSURE
        return Verdict(*pair, label, NOT_LISTED, self.name, self.prompt)

    def _stamped(self, verdict: Verdict) -> Verdict:
        return Verdict(
            verdict.head,
            verdict.tail,
            verdict.label,
            verdict.reason,
            self.name,
            self.prompt,
            verdict.probability,
            verdict.strength,
            verdict.votes,
        )
