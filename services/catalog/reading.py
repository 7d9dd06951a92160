"""What reading a user's file gives: the good content, the refused rows, and the counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from services.catalog.rejects import Reject

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Reading(Generic[Content]):
    """The content of one or more files; `totals` maps each file to its rows, bad and repeated ones included."""

    content: Content
    rejects: list[Reject]
    totals: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
