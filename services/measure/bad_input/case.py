"""A case of bad input, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.measure.bad_input.bench import Bench


class Lane(Enum):
    """What may happen meanwhile: commands run side by side, requests in turn beside them, the rest alone at last."""

    COMMAND = "command"
    REQUEST = "request"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the user saw: `answer` is the exit code or HTTP status, `text` the line, `kept` how nothing was lost.

    `faults` are the checks that failed; `skipped` says why the case could not be tried here.
    """

    answer: str
    text: str
    kept: str
    faults: tuple[str, ...] = ()
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that goes wrong: `done` is what was done, `play` does it on a bench.

    A case that changes what others look at, or stops what they need, has the lane ALONE.
    """

    group: str
    name: str
    done: str
    play: Callable[[Bench], Seen]
    lane: Lane = Lane.COMMAND


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with what was seen."""

    case: Case
    seen: Seen


class CannotTryError(Exception):
    """The machine does not allow what a case needs; the text says what."""
