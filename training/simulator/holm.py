"""Several tests read at once."""

from __future__ import annotations

from collections.abc import Sequence


def holm(p: Sequence[float]) -> list[float]:
    """Each p adjusted for the family by Holm's step-down procedure (Holm 1979), in the order given.

    That any of a family of true null hypotheses has an adjusted p below 0.05 happens in 5 % of experiments at most.
    """
    order = sorted(range(len(p)), key=p.__getitem__)
    adjusted, highest = [1.0] * len(p), 0.0
    for step, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p) - step) * p[place]))
        adjusted[place] = highest
    return adjusted
