"""How much evidence is read of what is owned: the same for training and for serving."""

from __future__ import annotations

TRIGGERS = 20  # newest items owned whose evidence is read
_CAPS = (60, 45, 30, 25, 20)  # pairs read of the newest item, the one before it, …
_CAP = 10  # and of those still older


def cap(place: int) -> int:
    """How many pairs are read of the item owned at this place, 0 for the newest."""
    return _CAPS[place] if place < len(_CAPS) else _CAP
