"""Who is in which arm: by a hash of the user and the experiment, so that nobody ever changes arms."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

_SCALE = 1 << 64


def unit(user: str, salt: str) -> float:
    """A number in [0, 1) that looks drawn at random, equal for equal users and salts on every machine."""
    digest = hashlib.sha256(f"{salt}\x00{user}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / _SCALE


def assign(user: str, arms: Sequence[str], salt: str) -> str:
    """The arm of a user, one of equal shares of which an arm may have several; other salts assign independently."""
    return arms[min(int(unit(user, salt) * len(arms)), len(arms) - 1)]
