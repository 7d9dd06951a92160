"""From a verdict to an edge: is it accepted, and how probable is it before any purchase is seen?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from graph.errors import SettingsError
from graph.records import Label, Verdict

ACCEPT = 0.7
REJECT = 0.3


class Decision(StrEnum):
    """What becomes of a judged pair: an edge, no edge, or a question for later."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class StrengthPriors:
    """A monotone map of reported strength to a prior in [0.7, 1); it stands in until weights are learned."""

    unstated: float = 0.70  # also strength 0
    weak: float = 0.75
    clear: float = 0.85
    strong: float = 0.95

    def __post_init__(self) -> None:
        """Raises SettingsError where the map is not monotone or leaves [0.7, 1)."""
        values = (ACCEPT, self.unstated, self.weak, self.clear, self.strong)
        if list(values) != sorted(values) or self.strong >= 1.0:
            given = ", ".join(map(str, values[1:]))
            raise SettingsError(f"the priors of strength ({given}) must not decrease and must lie in [{ACCEPT}, 1)")

    def of(self, strength: int | None) -> float:
        """The prior of a strength from 0 to 3, or None."""
        return (self.unstated, self.weak, self.clear, self.strong)[strength or 0]


def decide(verdict: Verdict) -> Decision:
    """Accepted, rejected or unsure as a complement (spec, section 6).

    A probability decides where the judge gave one: accepted from 0.7, rejected to 0.3. Else the label decides.
    """
    if verdict.probability is not None:
        if verdict.probability >= ACCEPT:
            return Decision.ACCEPTED
        return Decision.REJECTED if verdict.probability <= REJECT else Decision.UNSURE
    if verdict.label is Label.UNSURE:
        return Decision.UNSURE
    return Decision.ACCEPTED if verdict.label is Label.COMPLEMENT else Decision.REJECTED


def prior(verdict: Verdict, priors: StrengthPriors | None = None) -> float:
    """The prior probability of an accepted edge: the judge's own, else by its strength."""
    if verdict.probability is not None:
        return verdict.probability
    return (priors or StrengthPriors()).of(verdict.strength)


def probability(verdict: Verdict) -> float:
    """How probable it is that the tail complements the head: the judge's own word, the prior of an accepted edge, the
    greatest probability that is rejected for a label that rejects, and the middle where the judge is unsure."""
    if decide(verdict) is Decision.ACCEPTED or verdict.probability is not None:
        return prior(verdict)
    return REJECT if decide(verdict) is Decision.REJECTED else (ACCEPT + REJECT) / 2
