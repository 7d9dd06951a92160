"""What a misspelt name probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

SHOWN = 12


def suggestion(word: str, known: Iterable[str], shown: int = SHOWN) -> str:
    """Name the known word nearest to `word`, or list the known ones, the first `shown`, where none is near."""
    names = list(known)
    folded = {name.casefold(): name for name in reversed(names)}
    near = difflib.get_close_matches(word.strip().casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{folded[near[0]]}'?"
    listed = ", ".join(f"'{name}'" for name in names[:shown])
    return f"known: {listed}{', …' if len(names) > shown else ''}" if names else "none is known here"
